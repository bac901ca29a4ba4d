resource "hwcloud_vpc" "web" {
  name = "web"
  cidr = "10.1.0.0/16"
}

resource "hwcloud_vpc" "db" {
  name = "db"
  cidr = "10.2.0.0/16"
}

resource "hwcloud_vpc_peering" "example" {
  name        = "web-db"
  vpc_id      = hwcloud_vpc.web.id
  peer_vpc_id = hwcloud_vpc.db.id
}

# A peering needs routes on both sides. These are in the default tables of the two VPCs.
resource "hwcloud_route" "example" {
  vpc_id      = hwcloud_vpc.web.id
  destination = hwcloud_vpc.db.cidr
  type        = "peering"
  nexthop     = hwcloud_vpc_peering.example.id
}

resource "hwcloud_route" "back" {
  vpc_id      = hwcloud_vpc.db.id
  destination = hwcloud_vpc.web.cidr
  type        = "peering"
  nexthop     = hwcloud_vpc_peering.example.id
}
