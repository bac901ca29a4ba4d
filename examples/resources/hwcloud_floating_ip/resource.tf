# The network that leads out of the cloud.
data "hwcloud_network" "public" {
  name = "public"
}

# On an OpenStack cloud: an address outside.
resource "hwcloud_floating_ip" "example" {
  floating_network_id = data.hwcloud_network.public.id
  description         = "Address of the shop"
}
