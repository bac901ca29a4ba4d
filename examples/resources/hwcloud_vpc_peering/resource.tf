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
