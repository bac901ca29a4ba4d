data "hwcloud_bucket_objects" "example" {
  bucket       = "web-files"
  content_type = "text/html; charset=utf-8"
}

output "object_keys" {
  value = data.hwcloud_bucket_objects.example.bucket_objects[*].key
}
