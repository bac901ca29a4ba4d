data "hwcloud_topics" "example" {
  tags = {
    env = "prod"
  }
}

output "topic_names" {
  value = data.hwcloud_topics.example.topics[*].name
}
