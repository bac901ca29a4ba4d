resource "hwcloud_vpc" "example" {
  name = "web"
  cidr = "10.1.0.0/16"
}

# A public zone has a name alone. This one is private: only servers in the VPC resolve it.
resource "hwcloud_dns_zone" "example" {
  name        = "internal.example.com"
  zone_type   = "private"
  description = "Names of the servers"
  ttl         = 600

  routers = [
    {
      router_id     = hwcloud_vpc.example.id
      router_region = hwcloud_vpc.example.region
    },
  ]

  tags = {
    env = "prod"
  }
}
