# Those that are disabled.
data "hwcloud_scaling_groups" "example" {
  enabled = false
}

output "disabled" {
  value = data.hwcloud_scaling_groups.example.scaling_groups[*].name
}
