resource "hwcloud_vpc" "example" {
  name            = "web"
  cidr            = "10.1.0.0/16"
  secondary_cidrs = ["10.2.0.0/16"] # room for more subnets
  description     = "Network of the shop"

  tags = {
    env = "prod"
  }
}
