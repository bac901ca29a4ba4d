# All security groups of the production environment.
data "hwcloud_security_groups" "example" {
  tags = {
    env = "prod"
  }
}

output "group_ids" {
  value = { for group in data.hwcloud_security_groups.example.security_groups : group.name => group.id }
}
