resource "hwcloud_topic" "example" {
  name = "alarms"
}

# Whoever reads the mailbox has to confirm; Terraform does not wait for that.
resource "hwcloud_subscription" "example" {
  topic_urn = hwcloud_topic.example.id
  protocol  = "email"
  endpoint  = "ops@example.com"
  remark    = "the operators' mailbox"
}

resource "hwcloud_subscription" "hook" {
  topic_urn = hwcloud_topic.example.id
  protocol  = "https"
  endpoint  = "https://hooks.example.com/alarms"

  headers = {
    x-team = "red"
  }
}
