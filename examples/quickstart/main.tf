# A network, a server with a system disk and a data disk, and a volume of its own.
#
# Region, credentials and endpoint come from the environment, so the same file serves the sandbox and the real cloud:
#
#   terraform-provider-hwcloud sandbox -- terraform apply

terraform {
  required_providers {
    hwcloud = {
      source = "hwcloud/hwcloud"
    }
  }
}

provider "hwcloud" {}

locals {
  tags = {
    env = "demo"
  }
}

data "hwcloud_availability_zones" "all" {}

data "hwcloud_image" "ubuntu" {
  name       = "Ubuntu 22.04 server 64bit"
  visibility = "public"
}

resource "hwcloud_vpc" "demo" {
  name = "demo"
  cidr = "10.1.0.0/16"
  tags = local.tags
}

resource "hwcloud_subnet" "demo" {
  name       = "demo"
  vpc_id     = hwcloud_vpc.demo.id
  cidr       = "10.1.1.0/24"
  gateway_ip = "10.1.1.1"
  tags       = local.tags
}

resource "hwcloud_server" "demo" {
  name              = "demo"
  flavor_id         = "s6.small.1"
  image_id          = data.hwcloud_image.ubuntu.id
  availability_zone = data.hwcloud_availability_zones.all.availability_zones[0].id

  networks    = [{ subnet_id = hwcloud_subnet.demo.id }]
  system_disk = { volume_type = "SSD", size = 40 }
  data_disks  = [{ volume_type = "SAS", size = 100 }] # made with the server, and dies with it

  # Nobody signs in to this server. To do so, give it a key_pair or an admin_password_wo.
  user_data = <<-EOT
    #cloud-config
    packages: [nginx]
  EOT

  tags = local.tags
}

resource "hwcloud_volume" "demo" {
  name              = "demo"
  availability_zone = hwcloud_server.demo.availability_zone
  volume_type       = "SSD"
  size              = 10
  tags              = local.tags
}

output "server_id" {
  value = hwcloud_server.demo.id
}

output "server_ip" {
  value = hwcloud_server.demo.networks[0].fixed_ip
}

output "volume_ids" {
  value = {
    system = hwcloud_server.demo.system_disk.id
    data   = hwcloud_server.demo.data_disks[0].id
    alone  = hwcloud_volume.demo.id
  }
}
