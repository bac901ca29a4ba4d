data "hwcloud_bucket_cors" "example" {
  bucket = "web-files"
}

output "allowed_origins" {
  value = data.hwcloud_bucket_cors.example.rules[*].allowed_origins
}
