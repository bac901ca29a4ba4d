data "hwcloud_vpc" "example" {
  name = "web"
}

output "vpc_cidr" {
  value = data.hwcloud_vpc.example.cidr
}
