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

resource "hwcloud_private_ip" "example" {
  subnet_id  = hwcloud_subnet.example.id
  ip_address = "10.1.1.100"
}
