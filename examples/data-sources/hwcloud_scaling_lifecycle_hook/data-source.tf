data "hwcloud_scaling_group" "example" {
  name = "shop"
}

data "hwcloud_scaling_lifecycle_hook" "example" {
  scaling_group_id = data.hwcloud_scaling_group.example.id
  name             = "drain"
}

output "seconds" {
  value = data.hwcloud_scaling_lifecycle_hook.example.default_timeout
}
