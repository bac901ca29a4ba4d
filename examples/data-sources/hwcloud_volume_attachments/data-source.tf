data "hwcloud_server" "example" {
  name = "orders-1"
}

data "hwcloud_volume_attachments" "example" {
  server_id = data.hwcloud_server.example.id
}

output "devices" {
  value = { for one in data.hwcloud_volume_attachments.example.volume_attachments : one.device => one.volume_id }
}
