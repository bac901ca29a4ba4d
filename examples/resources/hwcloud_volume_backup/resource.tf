resource "hwcloud_volume" "example" {
  name = "orders"
  size = 1
}

resource "hwcloud_volume_backup" "full" {
  name      = "orders-sunday"
  volume_id = hwcloud_volume.example.id
}

# What changed since Sunday. It needs the full one, which is therefore deleted after it.
resource "hwcloud_volume_backup" "example" {
  name        = "orders-monday"
  volume_id   = hwcloud_volume.example.id
  incremental = true

  depends_on = [hwcloud_volume_backup.full]
}
