data "hwcloud_router_interfaces" "all" {
  router_id  = hwcloud_router.example.id
  depends_on = [hwcloud_router_interface.example, hwcloud_router_interface.side]
}

output "router_interface_addresses" {
  value = data.hwcloud_router_interfaces.all.router_interfaces[*].ip_address
}
