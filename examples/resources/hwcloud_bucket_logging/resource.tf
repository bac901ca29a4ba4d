resource "hwcloud_bucket_logging" "example" {
  bucket        = hwcloud_bucket.web.name
  agency        = "obs-writes-logs"
  target_bucket = hwcloud_bucket.logs.name
  target_prefix = "web-files/"
}

resource "hwcloud_bucket" "web" {
  name = "web-files"
}

resource "hwcloud_bucket" "logs" {
  name = "all-logs"
}
