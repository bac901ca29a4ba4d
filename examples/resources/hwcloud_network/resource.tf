# On an OpenStack cloud.
resource "hwcloud_network" "example" {
  name      = "web"
  mtu       = 1400
  tag_names = ["shop"]
}
