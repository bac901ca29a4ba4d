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
  available_zones          = ["cn-north-4a", "cn-north-4b"]

  # How many of them it has is left to policies. With servers it is destroyed only with force_delete = true.
  max_instance_number = 5

  tags = {
    env = "prod"
  }
}
