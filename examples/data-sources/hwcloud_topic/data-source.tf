data "hwcloud_topic" "example" {
  name = "alarms"
}

output "topic_urn" {
  value = data.hwcloud_topic.example.id
}
