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

resource "hwcloud_security_group" "example" {
  name = "web"
}

resource "hwcloud_port" "example" {
  name               = "web-1"
  network_id         = hwcloud_subnet.example.id
  fixed_ips          = [{ ip_address = "10.1.1.10" }]
  security_group_ids = [hwcloud_security_group.example.id]

  allowed_address_pairs = [
    { ip_address = "10.1.1.100" }, # a virtual address that it may take over
  ]

  tags = {
    env = "prod"
  }
}
