resource "hwcloud_bucket_cors" "example" {
  bucket = hwcloud_bucket.web.name

  rules = [
    {
      id              = "uploads"
      allowed_origins = ["https://www.example.com", "https://*.example.org"]
      allowed_methods = ["GET", "PUT"]
      allowed_headers = ["x-obs-*", "content-type"]
      expose_headers  = ["ETag"]
      max_age_seconds = 600
    },
    {
      allowed_origins = ["*"]
      allowed_methods = ["GET", "HEAD"]
    },
  ]
}

resource "hwcloud_bucket" "web" {
  name = "web-files"
}
