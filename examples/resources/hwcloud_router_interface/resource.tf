# On an OpenStack cloud: a subnet that is led to by the address of its gateway.
resource "hwcloud_network" "example" {
  name = "web"
}

resource "hwcloud_subnet" "example" {
  network_id = hwcloud_network.example.id
  cidr       = "10.1.1.0/24"
}

resource "hwcloud_router" "example" {
  name = "between"
}

resource "hwcloud_router_interface" "example" {
  router_id = hwcloud_router.example.id
  subnet_id = hwcloud_subnet.example.id
}

# Another, by a port with an address that is chosen.
resource "hwcloud_subnet" "side" {
  network_id      = hwcloud_network.example.id
  cidr            = "10.1.2.0/24"
  gateway_enabled = false
}

resource "hwcloud_port" "side" {
  network_id = hwcloud_network.example.id
  fixed_ips  = [{ subnet_id = hwcloud_subnet.side.id, ip_address = "10.1.2.254" }]
}

resource "hwcloud_router_interface" "side" {
  router_id = hwcloud_router.example.id
  port_id   = hwcloud_port.side.id
}
