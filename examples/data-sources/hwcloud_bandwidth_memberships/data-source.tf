data "hwcloud_bandwidth" "example" {
  name = "shop"
}

# All addresses in a shared bandwidth.
data "hwcloud_bandwidth_memberships" "example" {
  bandwidth_id = data.hwcloud_bandwidth.example.id
}

output "addresses" {
  value = data.hwcloud_bandwidth_memberships.example.bandwidth_memberships[*].public_ip_address
}
