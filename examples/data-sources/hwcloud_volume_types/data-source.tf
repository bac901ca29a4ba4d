data "hwcloud_volume_types" "example" {
  name_regex = "SSD"
}

output "types_in_zone" {
  value = [
    for type in data.hwcloud_volume_types.example.volume_types : type.name
    if contains(type.availability_zones, "cn-north-4a")
  ]
}
