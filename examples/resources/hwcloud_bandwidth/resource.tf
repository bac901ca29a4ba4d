resource "hwcloud_bandwidth" "example" {
  name        = "shop"
  size        = 100 # Mbit/s
  charge_mode = "bandwidth"
}
