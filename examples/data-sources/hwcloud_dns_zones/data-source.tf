# All private zones.
data "hwcloud_dns_zones" "example" {
  zone_type = "private"
}

output "dns_zone_ids" {
  value = { for zone in data.hwcloud_dns_zones.example.dns_zones : zone.name => zone.id }
}
