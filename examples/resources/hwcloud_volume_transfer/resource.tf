resource "hwcloud_volume" "example" {
  name = "orders"
  size = 1
}

resource "hwcloud_volume_transfer" "example" {
  name      = "orders-to-the-archive"
  volume_id = hwcloud_volume.example.id
}

output "transfer_id" {
  value = hwcloud_volume_transfer.example.id
}

output "transfer_key" {
  value     = hwcloud_volume_transfer.example.auth_key
  sensitive = true
}
