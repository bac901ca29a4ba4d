data "hwcloud_security_group" "default" {
  name = "default"
}

# The rule that lets everything out.
data "hwcloud_security_group_rule" "example" {
  security_group_id = data.hwcloud_security_group.default.id
  direction         = "egress"
  ethertype         = "IPv4"
}

output "rule_id" {
  value = data.hwcloud_security_group_rule.example.id
}
