data "hwcloud_router" "example" {
  name = hwcloud_router.example.name
}

output "router_addresses" {
  value = data.hwcloud_router.example.external_fixed_ips[*].ip_address
}
