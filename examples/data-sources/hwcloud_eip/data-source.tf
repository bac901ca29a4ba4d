data "hwcloud_eip" "example" {
  alias = "web"
}

output "public_ip_address" {
  value = data.hwcloud_eip.example.public_ip_address
}
