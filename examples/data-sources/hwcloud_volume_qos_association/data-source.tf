data "hwcloud_volume_qos_association" "example" {
  volume_qos_id  = hwcloud_volume_qos_association.example.volume_qos_id
  volume_type_id = hwcloud_volume_type.example.id
}

output "is_limited" {
  value = data.hwcloud_volume_qos_association.example.id
}
