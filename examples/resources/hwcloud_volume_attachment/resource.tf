data "hwcloud_image" "ubuntu" {
  name       = "Ubuntu 22.04 server 64bit"
  visibility = "public"
}

resource "hwcloud_vpc" "example" {
  name = "shop"
  cidr = "10.1.0.0/16"
}

resource "hwcloud_subnet" "example" {
  name       = "shop-back"
  vpc_id     = hwcloud_vpc.example.id
  cidr       = "10.1.1.0/24"
  gateway_ip = "10.1.1.1"
}

resource "hwcloud_server" "example" {
  name              = "orders-1"
  flavor_id         = "s6.large.2"
  image_id          = data.hwcloud_image.ubuntu.id
  availability_zone = "cn-north-4a"
  networks          = [{ subnet_id = hwcloud_subnet.example.id }]
  system_disk       = { volume_type = "SSD" }
}

# A volume that outlives the server.
resource "hwcloud_volume" "example" {
  name              = "orders"
  availability_zone = hwcloud_server.example.availability_zone
  volume_type       = "SSD"
  size              = 100
}

resource "hwcloud_volume_attachment" "example" {
  server_id = hwcloud_server.example.id
  volume_id = hwcloud_volume.example.id
}
