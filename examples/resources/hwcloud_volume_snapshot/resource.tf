resource "hwcloud_volume" "example" {
  name              = "orders"
  availability_zone = "cn-north-4a"
  volume_type       = "SSD"
  size              = 100
}

resource "hwcloud_volume_snapshot" "example" {
  name      = "orders-before-upgrade"
  volume_id = hwcloud_volume.example.id
}
