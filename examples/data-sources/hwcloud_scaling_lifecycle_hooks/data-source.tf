data "hwcloud_scaling_group" "example" {
  name = "shop"
}

data "hwcloud_scaling_lifecycle_hooks" "example" {
  scaling_group_id = data.hwcloud_scaling_group.example.id
}

output "hooks" {
  value = data.hwcloud_scaling_lifecycle_hooks.example.scaling_lifecycle_hooks[*].name
}
