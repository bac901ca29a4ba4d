data "hwcloud_vpc" "web" {
  name = "web"
}

data "hwcloud_route_table" "web" {
  vpc_id  = data.hwcloud_vpc.web.id
  default = true
}

# Where the traffic to one range goes.
data "hwcloud_route" "example" {
  route_table_id = data.hwcloud_route_table.web.id
  destination    = "10.2.0.0/16"
}

output "next_hop" {
  value = "${data.hwcloud_route.example.type} ${data.hwcloud_route.example.nexthop}"
}
