resource "hwcloud_eip" "example" {
  type           = "5_bgp"
  bandwidth_name = "web"
  bandwidth_size = 10
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

# A port of its own; of a server it is networks[0].port_id.
resource "hwcloud_port" "example" {
  name       = "web-1"
  network_id = hwcloud_subnet.example.id
}

resource "hwcloud_eip_association" "example" {
  publicip_id             = hwcloud_eip.example.id
  associate_instance_type = "PORT"
  associate_instance_id   = hwcloud_port.example.id
}
