data "hwcloud_volume_qos_associations" "example" {
  volume_qos_id = hwcloud_volume_qos_association.example.volume_qos_id
}

output "limited_types" {
  value = data.hwcloud_volume_qos_associations.example.volume_qos_associations[*].volume_type_id
}
