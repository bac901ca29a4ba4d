data "hwcloud_bucket_website" "example" {
  bucket = "web-files"
}

output "website_host" {
  value = data.hwcloud_bucket_website.example.endpoint
}
