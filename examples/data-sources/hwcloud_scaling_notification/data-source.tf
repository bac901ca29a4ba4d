data "hwcloud_scaling_group" "example" {
  name = "shop"
}

data "hwcloud_scaling_notification" "example" {
  scaling_group_id = data.hwcloud_scaling_group.example.id
  topic_name       = "scaling"
}

output "told" {
  value = data.hwcloud_scaling_notification.example.topic_scene
}
