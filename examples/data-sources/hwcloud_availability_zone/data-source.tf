data "hwcloud_availability_zone" "example" {
  id = "cn-north-4a"
}

output "alias" {
  value = data.hwcloud_availability_zone.example.alias
}
