# Out of a file in a bucket.
resource "hwcloud_image" "example" {
  name       = "ubuntu-hardened"
  image_url  = "images:ubuntu-22.04-hardened.qcow2"
  min_disk   = 40
  os_version = "Ubuntu 22.04 server 64bit"

  tags = {
    env = "prod"
  }
}

# The same, encrypted.
resource "hwcloud_kms_key" "example" {
  key_alias    = "images"
  pending_days = 7
}

resource "hwcloud_image" "encrypted" {
  name            = "ubuntu-hardened-encrypted"
  source_image_id = hwcloud_image.example.id
  kms_key_id      = hwcloud_kms_key.example.id
}

# Out of a server's system disk.
data "hwcloud_image" "ubuntu" {
  name       = "Ubuntu 22.04 server 64bit"
  visibility = "public"
}

resource "hwcloud_vpc" "example" {
  name = "build"
  cidr = "10.1.0.0/16"
}

resource "hwcloud_subnet" "example" {
  name       = "build"
  vpc_id     = hwcloud_vpc.example.id
  cidr       = "10.1.1.0/24"
  gateway_ip = "10.1.1.1"
}

resource "hwcloud_server" "example" {
  name        = "build"
  flavor_id   = "s6.large.2"
  image_id    = data.hwcloud_image.ubuntu.id
  networks    = [{ subnet_id = hwcloud_subnet.example.id }]
  system_disk = { volume_type = "SSD", size = 40 }
}

resource "hwcloud_image" "built" {
  name        = "built"
  instance_id = hwcloud_server.example.id
}
