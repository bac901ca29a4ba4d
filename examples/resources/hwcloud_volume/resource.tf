resource "hwcloud_volume" "example" {
  name              = "orders"
  availability_zone = "cn-north-4a"
  volume_type       = "SSD"
  size              = 100 # GB; it grows in place and never shrinks

  tags = {
    env = "prod"
  }
}

# A type whose performance is bought beside its size.
resource "hwcloud_volume" "fast" {
  name              = "ledger"
  availability_zone = "cn-north-4a"
  volume_type       = "GPSSD2"
  size              = 100
  iops              = 6000
  throughput        = 250 # MiB/s
}
