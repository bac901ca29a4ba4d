data "hwcloud_volume_type" "example" {
  name = "ESSD"
}

output "zones_with_essd" {
  value = setsubtract(
    data.hwcloud_volume_type.example.availability_zones,
    data.hwcloud_volume_type.example.sold_out_availability_zones,
  )
}
