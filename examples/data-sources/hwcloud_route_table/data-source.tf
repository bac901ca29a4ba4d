data "hwcloud_vpc" "example" {
  name = "shop"
}

# The default table of a VPC.
data "hwcloud_route_table" "example" {
  vpc_id  = data.hwcloud_vpc.example.id
  default = true
}

output "subnets" {
  value = data.hwcloud_route_table.example.subnet_ids
}
