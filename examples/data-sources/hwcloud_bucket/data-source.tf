data "hwcloud_bucket" "example" {
  name = "web-files"
}

output "bucket_host" {
  value = data.hwcloud_bucket.example.domain_name
}
