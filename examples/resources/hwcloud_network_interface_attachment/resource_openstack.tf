# On an OpenStack cloud.
data "hwcloud_image" "cirros" {
  name = "cirros"
}

resource "hwcloud_network" "back" {
  name = "back"
}

resource "hwcloud_subnet" "back" {
  network_id = hwcloud_network.back.id
  cidr       = "10.12.0.0/24"
}

resource "hwcloud_server" "example" {
  name      = "db"
  flavor_id = "1"
  image_id  = data.hwcloud_image.cirros.id
  networks  = []
}

resource "hwcloud_network_interface_attachment" "example" {
  server_id  = hwcloud_server.example.id
  network_id = hwcloud_subnet.back.network_id # by the subnet: an address needs it
  fixed_ip   = "10.12.0.20"
}
