resource "hwcloud_vpc" "web" {
  name = "web"
  cidr = "10.1.0.0/16"
}

resource "hwcloud_vpc" "office" {
  name = "office"
  cidr = "10.2.0.0/16"
}

resource "hwcloud_dns_zone" "internal" {
  name      = "internal.example.com"
  zone_type = "private"

  routers = [
    {
      router_id     = hwcloud_vpc.web.id
      router_region = hwcloud_vpc.web.region
    },
  ]
}

# One more VPC, which the zone's own configuration does not name.
resource "hwcloud_dns_zone_association" "example" {
  zone_id       = hwcloud_dns_zone.internal.id
  router_id     = hwcloud_vpc.office.id
  router_region = hwcloud_vpc.office.region
}
