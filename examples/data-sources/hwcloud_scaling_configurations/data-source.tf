data "hwcloud_scaling_configurations" "example" {
  name_regex = "^shop"
}

output "configurations" {
  value = data.hwcloud_scaling_configurations.example.scaling_configurations[*].name
}
