data "hwcloud_scaling_group" "example" {
  name = "shop"
}

data "hwcloud_scaling_policies" "example" {
  resource_id = data.hwcloud_scaling_group.example.id
}

output "policies" {
  value = { for policy in data.hwcloud_scaling_policies.example.scaling_policies : policy.name => policy.type }
}
