resource "hwcloud_bucket_object" "example" {
  bucket        = hwcloud_bucket.files.name
  key           = "docs/index.html"
  content       = "<h1>Hello</h1>" # or source, the path of a file
  content_type  = "text/html; charset=utf-8"
  cache_control = "max-age=3600"

  metadata = {
    owner = "docs"
  }
}

resource "hwcloud_bucket" "files" {
  name = "web-files"
}
