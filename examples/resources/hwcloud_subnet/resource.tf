resource "hwcloud_vpc" "example" {
  name = "web"
  cidr = "10.1.0.0/16"
}

resource "hwcloud_subnet" "example" {
  name        = "web-front"
  vpc_id      = hwcloud_vpc.example.id
  cidr        = cidrsubnet(hwcloud_vpc.example.cidr, 8, 1) # 10.1.1.0/24
  gateway_ip  = "10.1.1.1"
  dns_servers = ["100.125.1.250", "100.125.129.250"] # the cloud's own, in cn-north-4

  tags = {
    env = "prod"
  }
}
