# A peering that another project asks for.
data "hwcloud_vpc_peering" "example" {
  name = "partner"
}

resource "hwcloud_vpc_peering_accepter" "example" {
  vpc_peering_id = data.hwcloud_vpc_peering.example.id
  accept         = true
}

# Traffic takes it once a route leads to it.
resource "hwcloud_route" "example" {
  vpc_id      = hwcloud_vpc_peering_accepter.example.vpc_id
  destination = "172.16.0.0/16"
  type        = "peering"
  nexthop     = hwcloud_vpc_peering_accepter.example.id
}
