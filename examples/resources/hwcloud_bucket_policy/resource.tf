resource "hwcloud_bucket" "web" {
  name = "web-files"
}

resource "hwcloud_bucket_policy" "example" {
  bucket = hwcloud_bucket.web.id

  policy = jsonencode({
    Statement = [
      {
        Sid       = "everybody-reads"
        Effect    = "Allow"
        Principal = { ID = ["*"] }
        Action    = ["GetObject"]
        Resource  = ["${hwcloud_bucket.web.id}/public/*"]
      },
      {
        Sid       = "not-from-elsewhere"
        Effect    = "Deny"
        Principal = { ID = ["*"] }
        Action    = ["PutObject", "DeleteObject"]
        Resource  = ["${hwcloud_bucket.web.id}/*"]
        Condition = { NotIpAddress = { SourceIp = ["203.0.113.0/24"] } }
      },
    ]
  })
}
