data "hwcloud_bucket_logging" "example" {
  bucket = "web-files"
}

output "log_bucket" {
  value = data.hwcloud_bucket_logging.example.target_bucket
}
