data "hwcloud_flavor" "example" {
  availability_zone = "cn-north-4a"
  generation        = "s6"
  vcpus             = 2
  ram               = 4096 # MB
}

output "flavor_id" {
  value = data.hwcloud_flavor.example.id
}
