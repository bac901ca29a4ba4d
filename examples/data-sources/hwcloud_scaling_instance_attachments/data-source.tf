data "hwcloud_scaling_group" "example" {
  name = "shop"
}

# All servers of a group, also those that it made.
data "hwcloud_scaling_instance_attachments" "example" {
  scaling_group_id = data.hwcloud_scaling_group.example.id
}

output "servers" {
  value = data.hwcloud_scaling_instance_attachments.example.scaling_instance_attachments[*].instance_id
}
