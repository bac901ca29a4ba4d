# On an OpenStack cloud: flavors and images are looked up by their names.
data "hwcloud_flavor" "small" {
  name = "m1.small"
}

data "hwcloud_image" "cirros" {
  name = "cirros"
}

resource "hwcloud_network" "front" {
  name = "front"
}

resource "hwcloud_subnet" "front" {
  network_id = hwcloud_network.front.id
  cidr       = "10.11.0.0/24"
}

resource "hwcloud_server" "example" {
  name       = "web"
  flavor_id  = data.hwcloud_flavor.small.id
  image_id   = data.hwcloud_image.cirros.id
  user_data  = "#!/bin/sh\necho hello"
  allow_stop = true # for a change of the flavor

  networks = [{ network_id = hwcloud_subnet.front.network_id }] # by the subnet: an address needs it

  system_disk = {
    size = 2 # GiB; left out, it boots from a disk of its host
  }

  metadata = {
    team = "shop"
  }
}
