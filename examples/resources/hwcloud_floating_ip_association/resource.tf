# The network that leads out of the cloud.
data "hwcloud_network" "public" {
  name = "public"
}

# On an OpenStack cloud: an address outside that stands for a port.
resource "hwcloud_router" "example" {
  external_network_id = data.hwcloud_network.public.id
}

resource "hwcloud_network" "example" {
  name = "web"
}

resource "hwcloud_subnet" "example" {
  network_id = hwcloud_network.example.id
  cidr       = "10.1.1.0/24"
}

resource "hwcloud_router_interface" "example" {
  router_id = hwcloud_router.example.id
  subnet_id = hwcloud_subnet.example.id
}

resource "hwcloud_port" "example" {
  network_id = hwcloud_network.example.id
  fixed_ips  = [{ subnet_id = hwcloud_subnet.example.id }]
}

resource "hwcloud_floating_ip" "example" {
  floating_network_id = data.hwcloud_network.public.id
}

resource "hwcloud_floating_ip_association" "example" {
  floating_ip_id = hwcloud_floating_ip.example.id
  port_id        = hwcloud_port.example.id

  depends_on = [hwcloud_router_interface.example] # the router has to lead there first
}
