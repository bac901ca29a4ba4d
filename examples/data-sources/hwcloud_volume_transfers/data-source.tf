data "hwcloud_volume_transfers" "example" {
  volume_id = hwcloud_volume_transfer.example.volume_id
}

output "open_transfers" {
  value = data.hwcloud_volume_transfers.example.volume_transfers[*].name
}
