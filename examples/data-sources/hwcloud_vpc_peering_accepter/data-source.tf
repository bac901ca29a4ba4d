data "hwcloud_vpc_peering_accepter" "example" {
  name = "partner"
}

output "accepted" {
  value = data.hwcloud_vpc_peering_accepter.example.accept
}
