resource "hwcloud_eip" "example" {
  type           = "5_bgp"
  bandwidth_name = "web"
  bandwidth_size = 5
}

resource "hwcloud_bandwidth" "example" {
  name = "shop"
  size = 100
}

# When the address leaves, it gets 5 Mbit/s of its own again, unless bandwidth_size_on_destroy says otherwise.
resource "hwcloud_bandwidth_membership" "example" {
  publicip_id  = hwcloud_eip.example.id
  bandwidth_id = hwcloud_bandwidth.example.id
}
