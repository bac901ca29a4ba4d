data "hwcloud_image" "ubuntu" {
  name       = "Ubuntu 22.04 server 64bit"
  visibility = "public"
}

resource "hwcloud_vpc" "example" {
  name = "web"
  cidr = "10.1.0.0/16"
}

resource "hwcloud_subnet" "example" {
  name       = "web-front"
  vpc_id     = hwcloud_vpc.example.id
  cidr       = "10.1.1.0/24"
  gateway_ip = "10.1.1.1"
}

resource "hwcloud_server" "example" {
  name              = "web-1"
  flavor_id         = "s6.large.2"
  image_id          = data.hwcloud_image.ubuntu.id
  availability_zone = "cn-north-4a"
  key_pair          = "deploy" # a key pair that exists

  networks = [
    {
      subnet_id = hwcloud_subnet.example.id
      fixed_ip  = "10.1.1.10"
    },
  ]

  system_disk = {
    volume_type = "SSD"
    size        = 40
  }

  data_disks = [
    {
      volume_type = "SAS"
      size        = 100
    },
  ]

  user_data = <<-EOT
    #cloud-config
    packages: [nginx]
  EOT

  tags = {
    env = "prod"
  }
}
