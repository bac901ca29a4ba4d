data "hwcloud_server" "example" {
  name = "orders-1"
}

# Its interface with one address.
data "hwcloud_network_interface_attachment" "example" {
  server_id = data.hwcloud_server.example.id
  fixed_ip  = "10.1.2.10"
}

output "mac_address" {
  value = data.hwcloud_network_interface_attachment.example.mac_address
}
