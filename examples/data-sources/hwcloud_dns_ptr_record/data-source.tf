data "hwcloud_dns_ptr_record" "example" {
  ptrdname = "mail.example.com"
}

output "address" {
  value = data.hwcloud_dns_ptr_record.example.address
}
