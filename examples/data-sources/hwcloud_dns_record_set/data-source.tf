data "hwcloud_dns_record_set" "example" {
  name = "www.example.com"
  type = "A"
}

output "dns_records" {
  value = data.hwcloud_dns_record_set.example.records
}
