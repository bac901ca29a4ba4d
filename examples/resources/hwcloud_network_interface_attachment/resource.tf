data "hwcloud_image" "ubuntu" {
  name       = "Ubuntu 22.04 server 64bit"
  visibility = "public"
}

resource "hwcloud_vpc" "example" {
  name = "shop"
  cidr = "10.1.0.0/16"
}

resource "hwcloud_subnet" "front" {
  name       = "shop-front"
  vpc_id     = hwcloud_vpc.example.id
  cidr       = "10.1.1.0/24"
  gateway_ip = "10.1.1.1"
}

resource "hwcloud_subnet" "back" {
  name       = "shop-back"
  vpc_id     = hwcloud_vpc.example.id
  cidr       = "10.1.2.0/24"
  gateway_ip = "10.1.2.1"
}

resource "hwcloud_server" "example" {
  name        = "orders-1"
  flavor_id   = "s6.large.2"
  image_id    = data.hwcloud_image.ubuntu.id
  networks    = [{ subnet_id = hwcloud_subnet.front.id }]
  system_disk = { volume_type = "SSD" }
}

# A port that outlives the server, with the address that its clients know.
resource "hwcloud_port" "example" {
  name       = "orders"
  network_id = hwcloud_subnet.back.id
  fixed_ips  = [{ ip_address = "10.1.2.10" }]
}

resource "hwcloud_network_interface_attachment" "example" {
  server_id = hwcloud_server.example.id
  port_id   = hwcloud_port.example.id
}
