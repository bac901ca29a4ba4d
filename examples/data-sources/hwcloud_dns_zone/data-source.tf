data "hwcloud_dns_zone" "example" {
  name      = "internal.example.com"
  zone_type = "private"
}

output "dns_zone_id" {
  value = data.hwcloud_dns_zone.example.id
}
