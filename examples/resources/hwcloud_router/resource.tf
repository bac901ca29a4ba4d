# The network that leads out of the cloud.
data "hwcloud_network" "public" {
  name = "public"
}

# On an OpenStack cloud: the way out.
resource "hwcloud_router" "example" {
  name                = "way-out"
  external_network_id = data.hwcloud_network.public.id
}
