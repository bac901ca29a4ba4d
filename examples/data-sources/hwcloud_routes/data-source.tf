data "hwcloud_vpc" "web" {
  name = "web"
}

data "hwcloud_route_table" "web" {
  vpc_id  = data.hwcloud_vpc.web.id
  default = true
}

# All routes of a table, the local ones among them.
data "hwcloud_routes" "example" {
  route_table_id = data.hwcloud_route_table.web.id
}

output "routes" {
  value = { for route in data.hwcloud_routes.example.routes : route.destination => route.type }
}
