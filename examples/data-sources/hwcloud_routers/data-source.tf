data "hwcloud_routers" "all" {
  depends_on = [hwcloud_router.example]
}

output "router_names" {
  value = data.hwcloud_routers.all.routers[*].name
}
