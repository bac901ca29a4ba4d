data "hwcloud_image" "ubuntu" {
  name       = "Ubuntu 22.04 server 64bit"
  visibility = "public"
}

resource "hwcloud_vpc" "example" {
  name = "shop"
  cidr = "10.1.0.0/16"
}

resource "hwcloud_subnet" "example" {
  name       = "shop-front"
  vpc_id     = hwcloud_vpc.example.id
  cidr       = "10.1.1.0/24"
  gateway_ip = "10.1.1.1"
}

resource "hwcloud_scaling_configuration" "example" {
  name       = "shop"
  flavor_ids = ["s6.large.2"]
  image_id   = data.hwcloud_image.ubuntu.id
  disks      = [{ disk_type = "SYS", size = 40, volume_type = "SSD" }]
  key_pair   = "deploy" # a key pair that exists

  lifecycle {
    create_before_destroy = true
  }
}

resource "hwcloud_scaling_group" "example" {
  name                     = "shop"
  scaling_configuration_id = hwcloud_scaling_configuration.example.id
  vpc_id                   = hwcloud_vpc.example.id
  networks                 = [{ id = hwcloud_subnet.example.id }]
  max_instance_number      = 5
}

resource "hwcloud_server" "example" {
  name        = "shop-1"
  flavor_id   = "s6.large.2"
  image_id    = data.hwcloud_image.ubuntu.id
  key_pair    = "deploy"
  networks    = [{ subnet_id = hwcloud_subnet.example.id }]
  system_disk = { volume_type = "SSD" }
}

# It stays when the group shrinks, and is left as it is when this is destroyed.
resource "hwcloud_scaling_instance_attachment" "example" {
  scaling_group_id          = hwcloud_scaling_group.example.id
  instance_id               = hwcloud_server.example.id
  protect_from_scaling_down = true
}
