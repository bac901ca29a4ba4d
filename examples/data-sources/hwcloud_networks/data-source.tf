# All networks that lead out of the cloud.
data "hwcloud_networks" "outside" {
  external = true
}

output "outside_network_ids" {
  value = data.hwcloud_networks.outside.networks[*].id
}
