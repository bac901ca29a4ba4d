resource "hwcloud_vpc" "example" {
  name = "shop"
  cidr = "10.1.0.0/16"
}

resource "hwcloud_subnet" "example" {
  name       = "shop-back"
  vpc_id     = hwcloud_vpc.example.id
  cidr       = "10.1.1.0/24"
  gateway_ip = "10.1.1.1"
}

# A table for the subnets that reach the internet in another way than the rest of the VPC.
resource "hwcloud_route_table" "example" {
  name       = "shop-back"
  vpc_id     = hwcloud_vpc.example.id
  subnet_ids = [hwcloud_subnet.example.id]
}
