data "hwcloud_vpc" "example" {
  name = "web"
}

# All addresses that lead into a VPC.
data "hwcloud_eip_associations" "example" {
  vpc_id = data.hwcloud_vpc.example.id
}

output "addresses" {
  value = { for one in data.hwcloud_eip_associations.example.eip_associations : one.public_ip_address => one.private_ip_address }
}
