data "hwcloud_server_group" "example" {
  name = "orders"
}

output "servers_of_the_group" {
  value = data.hwcloud_server_group.example.members
}
