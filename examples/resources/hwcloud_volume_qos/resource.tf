resource "hwcloud_volume_qos" "example" {
  name     = "bronze"
  consumer = "front-end"

  specs = {
    total_iops_sec  = "500"
    total_bytes_sec = "104857600"
  }
}
