data "hwcloud_volume_type_access" "example" {
  volume_type_id = hwcloud_volume_type_access.example.volume_type_id
  member_id      = "0f1e2d3c0f1e2d3c4b5a0f1e2d3c4b5a"
}

output "may_use_it" {
  value = data.hwcloud_volume_type_access.example.id
}
