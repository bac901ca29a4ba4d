data "hwcloud_server" "example" {
  name = "orders-1"
}

data "hwcloud_network_interface_attachments" "example" {
  server_id = data.hwcloud_server.example.id
}

output "addresses" {
  value = data.hwcloud_network_interface_attachments.example.network_interface_attachments[*].fixed_ip
}
