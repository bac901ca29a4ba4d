# Names of subnets are unique only within a VPC.
data "hwcloud_vpc" "example" {
  name = "web"
}

data "hwcloud_subnet" "example" {
  vpc_id = data.hwcloud_vpc.example.id
  name   = "web-front"
}

output "gateway_ip" {
  value = data.hwcloud_subnet.example.gateway_ip
}
