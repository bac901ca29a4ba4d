data "hwcloud_scaling_group" "example" {
  name = "shop"
}

data "hwcloud_scaling_instance_attachment" "example" {
  scaling_group_id = data.hwcloud_scaling_group.example.id
  instance_name    = "shop-1"
}

output "state" {
  value = data.hwcloud_scaling_instance_attachment.example.life_cycle_state
}
