data "hwcloud_scaling_group" "example" {
  name = "shop"
}

output "servers" {
  value = data.hwcloud_scaling_group.example.current_instance_number
}
