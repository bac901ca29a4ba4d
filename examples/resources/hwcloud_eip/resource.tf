resource "hwcloud_eip" "example" {
  type           = "5_bgp"
  alias          = "web"
  description    = "of the shop"
  bandwidth_name = "web"
  bandwidth_size = 10 # Mbit/s

  bandwidth_charge_mode = "traffic" # paid by what flows, not by the size

  tags = {
    env = "prod"
  }
}
