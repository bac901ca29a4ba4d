resource "hwcloud_volume" "example" {
  name = "orders"
  size = 1
}

resource "hwcloud_volume_backup" "example" {
  name      = "orders-before-the-sale"
  volume_id = hwcloud_volume.example.id
}

# terraform apply -invoke=action.hwcloud_volume_restore.example
action "hwcloud_volume_restore" "example" {
  config {
    backup_id = hwcloud_volume_backup.example.id
    volume_id = hwcloud_volume.example.id
  }
}
