data "hwcloud_eip" "example" {
  bandwidth_share_type = "WHOLE"
}

# The shared bandwidth that an address is in.
data "hwcloud_bandwidth_membership" "example" {
  publicip_id = data.hwcloud_eip.example.id
}

output "bandwidth_id" {
  value = data.hwcloud_bandwidth_membership.example.bandwidth_id
}
