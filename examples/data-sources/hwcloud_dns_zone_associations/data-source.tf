data "hwcloud_dns_zone" "example" {
  name = "internal.example.com"
}

# All VPCs that resolve it, whoever associated them.
data "hwcloud_dns_zone_associations" "example" {
  zone_id = data.hwcloud_dns_zone.example.id
}

output "vpc_ids" {
  value = data.hwcloud_dns_zone_associations.example.dns_zone_associations[*].router_id
}
