# On an OpenStack cloud.
resource "hwcloud_network" "example" {
  name = "web"
}

resource "hwcloud_subnet" "example" {
  network_id = hwcloud_network.example.id
  cidr       = "10.1.1.0/24"
}

resource "hwcloud_security_group" "example" {
  name = "web"
}

resource "hwcloud_port" "example" {
  name               = "web-1"
  network_id         = hwcloud_network.example.id
  fixed_ips          = [{ subnet_id = hwcloud_subnet.example.id, ip_address = "10.1.1.10" }]
  security_group_ids = [hwcloud_security_group.example.id]
  tag_names          = ["shop"]

  allowed_address_pairs = [
    { ip_address = "10.1.1.100" }, # a virtual address that it may take over
  ]
}
