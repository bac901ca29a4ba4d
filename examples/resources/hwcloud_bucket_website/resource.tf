resource "hwcloud_bucket_website" "example" {
  bucket         = hwcloud_bucket.web.name
  index_document = "index.html"
  error_document = "errors/not-found.html"

  routing_rules = [
    {
      condition = {
        key_prefix_equals = "docs/"
      }
      redirect = {
        replace_key_prefix_with = "documents/"
        http_redirect_code      = 301
      }
    },
    {
      condition = {
        http_error_code_returned_equals = 404
      }
      redirect = {
        host_name = "archive.example.com"
        protocol  = "https"
      }
    },
  ]
}

resource "hwcloud_bucket" "web" {
  name = "web-files"
}
