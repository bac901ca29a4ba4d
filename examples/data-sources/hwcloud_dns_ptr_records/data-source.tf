data "hwcloud_dns_ptr_records" "example" {
  tags = { env = "prod" }
}

output "names" {
  value = { for record in data.hwcloud_dns_ptr_records.example.dns_ptr_records : record.address => record.ptrdname }
}
