# All record sets of a zone, those that the cloud made with it too.
data "hwcloud_dns_record_sets" "example" {
  zone_id = hwcloud_dns_zone.example.id
}

output "dns_record_set_names" {
  value = [for set in data.hwcloud_dns_record_sets.example.dns_record_sets : "${set.name} ${set.type}"]
}
