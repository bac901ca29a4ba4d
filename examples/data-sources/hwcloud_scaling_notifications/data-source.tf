data "hwcloud_scaling_group" "example" {
  name = "shop"
}

data "hwcloud_scaling_notifications" "example" {
  scaling_group_id = data.hwcloud_scaling_group.example.id
}

output "topics" {
  value = data.hwcloud_scaling_notifications.example.scaling_notifications[*].topic_name
}
