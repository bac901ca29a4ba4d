data "hwcloud_dns_zone" "example" {
  name = "internal.example.com"
}

data "hwcloud_vpc" "office" {
  name = "office"
}

data "hwcloud_dns_zone_association" "example" {
  zone_id   = data.hwcloud_dns_zone.example.id
  router_id = data.hwcloud_vpc.office.id
}

output "status" {
  value = data.hwcloud_dns_zone_association.example.status
}
