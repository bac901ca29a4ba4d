data "hwcloud_volume_transfer" "example" {
  volume_id = hwcloud_volume_transfer.example.volume_id
}

output "offered_since" {
  value = data.hwcloud_volume_transfer.example.created_at
}
