data "hwcloud_volume_qos" "example" {
  name = hwcloud_volume_qos.example.name
}

output "bronze_limits" {
  value = data.hwcloud_volume_qos.example.specs
}
