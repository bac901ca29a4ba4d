data "hwcloud_alarm_rules" "example" {
  namespace = "SYS.ECS"
}

output "alarm_rule_names" {
  value = data.hwcloud_alarm_rules.example.alarm_rules[*].name
}
