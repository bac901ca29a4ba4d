resource "hwcloud_topic" "example" {
  name         = "alarms"
  display_name = "On call"

  tags = {
    env = "prod"
  }
}
