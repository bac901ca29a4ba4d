data "hwcloud_volume" "example" {
  name = "orders"
}

output "attached_to" {
  value = data.hwcloud_volume.example.attachments[*].server_id
}
