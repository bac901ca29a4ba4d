data "hwcloud_subnets" "example" {
  name_regex = "^web-"
}

output "subnet_ids" {
  value = data.hwcloud_subnets.example.subnets[*].id
}
