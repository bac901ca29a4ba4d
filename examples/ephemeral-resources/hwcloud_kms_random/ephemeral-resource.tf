ephemeral "hwcloud_kms_random" "example" {
  random_data_length = 80 # bits: 20 digits
}

data "hwcloud_image" "ubuntu" {
  name        = "Ubuntu 22.04 server 64bit"
  visibility  = "public"
  most_recent = true
}

resource "hwcloud_vpc" "example" {
  name = "shop"
  cidr = "10.1.0.0/16"
}

resource "hwcloud_subnet" "example" {
  name       = "web"
  vpc_id     = hwcloud_vpc.example.id
  cidr       = "10.1.1.0/24"
  gateway_ip = "10.1.1.1"
}

# A first password that nobody knows: it is in no state and in no plan.
resource "hwcloud_server" "example" {
  name                      = "orders-1"
  flavor_id                 = "s6.small.1"
  image_id                  = data.hwcloud_image.ubuntu.id
  networks                  = [{ subnet_id = hwcloud_subnet.example.id }]
  system_disk               = { volume_type = "SSD" }
  admin_password_wo         = "Aa-${ephemeral.hwcloud_kms_random.example.random_data}"
  admin_password_wo_version = 1 # raise it to set another one
}
