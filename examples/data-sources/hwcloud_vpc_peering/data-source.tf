data "hwcloud_vpc_peering" "example" {
  name = "web-db"
}

output "peer" {
  value = data.hwcloud_vpc_peering.example.peer_vpc_id
}
