data "hwcloud_vpc" "example" {
  name = "shop"
}

data "hwcloud_route_tables" "example" {
  vpc_id = data.hwcloud_vpc.example.id
}

output "tables" {
  value = { for table in data.hwcloud_route_tables.example.route_tables : table.name => table.subnet_ids }
}
