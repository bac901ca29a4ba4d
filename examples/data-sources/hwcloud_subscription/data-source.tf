data "hwcloud_topic" "example" {
  name = "alarms"
}

data "hwcloud_subscription" "example" {
  topic_urn = data.hwcloud_topic.example.id
  endpoint  = "ops@example.com"
}

output "confirmed" {
  value = data.hwcloud_subscription.example.status == 1
}
