# All peerings that were rejected.
data "hwcloud_vpc_peering_accepters" "example" {
  status = "REJECTED"
}

output "rejected" {
  value = data.hwcloud_vpc_peering_accepters.example.vpc_peering_accepters[*].name
}
