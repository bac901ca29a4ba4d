# All peerings that another project has not accepted yet.
data "hwcloud_vpc_peerings" "example" {
  status = "PENDING_ACCEPTANCE"
}

output "waiting" {
  value = data.hwcloud_vpc_peerings.example.vpc_peerings[*].name
}
