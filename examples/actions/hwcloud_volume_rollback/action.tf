resource "hwcloud_volume" "example" {
  name              = "orders"
  availability_zone = "cn-north-4a"
  volume_type       = "SSD"
  size              = 100
}

resource "hwcloud_volume_snapshot" "example" {
  name      = "orders-before-the-sale"
  volume_id = hwcloud_volume.example.id
}

# terraform apply -invoke=action.hwcloud_volume_rollback.example
action "hwcloud_volume_rollback" "example" {
  config {
    snapshot_id = hwcloud_volume_snapshot.example.id
    volume_id   = hwcloud_volume.example.id
  }
}
