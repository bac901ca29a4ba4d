resource "hwcloud_bucket" "web" {
  name       = "web-files"
  versioning = true
}

resource "hwcloud_bucket_lifecycle" "example" {
  bucket = hwcloud_bucket.web.id

  rules = [
    {
      id     = "logs"
      prefix = "logs/"

      transitions = [
        { days = 30, storage_class = "WARM" },
        { days = 90, storage_class = "COLD" },
      ]
      expiration = { days = 365 }

      noncurrent_version_expiration_days = 30
      abort_incomplete_upload_days       = 7
    },
    {
      id         = "drafts"
      tags       = { stage = "draft" }
      expiration = { days = 14 }
    },
  ]
}
