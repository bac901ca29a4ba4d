data "hwcloud_security_group" "example" {
  name = "default" # every project has it
}

output "group_id" {
  value = data.hwcloud_security_group.example.id
}
