data "hwcloud_bucket_notification" "example" {
  bucket = "web-files"
}

output "notified_topics" {
  value = data.hwcloud_bucket_notification.example.topics[*].topic_urn
}
