data "hwcloud_bucket_lifecycle" "example" {
  bucket = "web-files"
}

output "expiring_prefixes" {
  value = [for rule in data.hwcloud_bucket_lifecycle.example.rules : rule.prefix if rule.expiration != null]
}
