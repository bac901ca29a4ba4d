data "hwcloud_key_pair" "example" {
  name = "team-deploy"
}

output "fingerprint" {
  value = data.hwcloud_key_pair.example.fingerprint
}
