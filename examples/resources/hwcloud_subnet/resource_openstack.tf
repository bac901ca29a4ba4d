# On an OpenStack cloud: a range of a network.
resource "hwcloud_network" "example" {
  name = "web"
}

resource "hwcloud_subnet" "example" {
  name        = "web-front"
  network_id  = hwcloud_network.example.id
  cidr        = "10.1.1.0/24"
  dns_servers = ["9.9.9.9"]

  allocation_pools = [
    { start = "10.1.1.10", end = "10.1.1.199" }, # the rest is for addresses that are chosen
  ]
}

# Of IPv6, with addresses that follow from MAC addresses.
resource "hwcloud_subnet" "v6" {
  name              = "web-front-v6"
  network_id        = hwcloud_network.example.id
  cidr              = "fd00:1:1::/64"
  ipv6_ra_mode      = "slaac"
  ipv6_address_mode = "slaac"
}
