data "hwcloud_bandwidths" "example" {}

output "addresses" {
  value = { for one in data.hwcloud_bandwidths.example.bandwidths : one.name => one.addresses[*].public_ip_address }
}
