data "hwcloud_alarm_rule" "example" {
  name = "web-busy"
}

output "thresholds" {
  value = data.hwcloud_alarm_rule.example.policies[*].value
}
