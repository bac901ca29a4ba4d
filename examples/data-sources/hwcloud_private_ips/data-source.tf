data "hwcloud_subnet" "example" {
  name = "shop-back"
}

# All addresses of a subnet that are in use.
data "hwcloud_private_ips" "example" {
  subnet_id = data.hwcloud_subnet.example.id
}

output "addresses" {
  value = data.hwcloud_private_ips.example.private_ips[*].ip_address
}
