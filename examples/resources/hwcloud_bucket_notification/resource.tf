resource "hwcloud_bucket_notification" "example" {
  bucket = hwcloud_bucket.web.name

  topics = [
    {
      id        = "pictures"
      topic_urn = hwcloud_topic.uploads.id
      events    = ["ObjectCreated:*"]
      filter = {
        prefix = "pictures/"
        suffix = ".png"
      }
    },
    {
      id        = "deletions"
      topic_urn = hwcloud_topic.deletions.id
      events    = ["ObjectRemoved:*"]
    },
  ]
}

resource "hwcloud_bucket" "web" {
  name = "web-files"
}

resource "hwcloud_topic" "uploads" {
  name = "uploads"
}

resource "hwcloud_topic" "deletions" {
  name = "deletions"
}
