data "hwcloud_volume_type_accesses" "example" {
  volume_type_id = hwcloud_volume_type_access.example.volume_type_id
}

output "members_with_access" {
  value = data.hwcloud_volume_type_accesses.example.volume_type_accesses[*].member_id
}
