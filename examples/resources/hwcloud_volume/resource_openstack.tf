# On an OpenStack cloud: the type and the zone are the cloud's own choice when they are left out.
resource "hwcloud_volume" "example" {
  name        = "orders"
  description = "database of the shop"
  size        = 2 # GiB; it grows in place and never shrinks

  metadata = {
    team = "shop"
  }
}
