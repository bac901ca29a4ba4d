data "hwcloud_bucket_object" "example" {
  bucket = "web-files"
  key    = "docs/index.html"
}

output "object_checksum" {
  value = data.hwcloud_bucket_object.example.checksum
}
