# On an OpenStack cloud.
data "hwcloud_image" "cirros" {
  name = "cirros"
}

resource "hwcloud_server" "example" {
  name      = "db"
  flavor_id = "1"
  image_id  = data.hwcloud_image.cirros.id
  networks  = []
}

resource "hwcloud_volume" "example" {
  name = "orders"
  size = 1 # GiB
}

resource "hwcloud_volume_attachment" "example" {
  server_id = hwcloud_server.example.id
  volume_id = hwcloud_volume.example.id
}
