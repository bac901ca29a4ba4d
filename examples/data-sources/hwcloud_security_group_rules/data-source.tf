data "hwcloud_security_group" "default" {
  name = "default"
}

# All rules that let something in.
data "hwcloud_security_group_rules" "example" {
  security_group_id = data.hwcloud_security_group.default.id
  direction         = "ingress"
  action            = "allow"
}

output "rules" {
  value = data.hwcloud_security_group_rules.example.security_group_rules
}
