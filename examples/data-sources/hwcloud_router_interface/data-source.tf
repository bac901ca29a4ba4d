data "hwcloud_router_interface" "example" {
  id = hwcloud_router_interface.example.id
}

output "router_interface_address" {
  value = data.hwcloud_router_interface.example.ip_address
}
