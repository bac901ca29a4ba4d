# The network that leads out of the cloud.
data "hwcloud_network" "public" {
  name = "public"
}

output "public_network_id" {
  value = data.hwcloud_network.public.id
}
