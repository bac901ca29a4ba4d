data "hwcloud_availability_zones" "example" {
  mode = "shared"
}

# Spread what is counted over the zones: zones[count.index % length(zones)].
output "zones" {
  value = data.hwcloud_availability_zones.example.availability_zones[*].id
}
