resource "hwcloud_volume" "example" {
  name = "orders"
  size = 1
}

resource "hwcloud_volume_snapshot" "example" {
  name      = "orders-before-upgrade"
  volume_id = hwcloud_volume.example.id
}
