data "hwcloud_bucket_acl" "example" {
  bucket = "web-files"
}

output "bucket_grants" {
  value = data.hwcloud_bucket_acl.example.grants
}
