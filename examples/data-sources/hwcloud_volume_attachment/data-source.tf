data "hwcloud_server" "example" {
  name = "orders-1"
}

# Its system disk.
data "hwcloud_volume_attachment" "example" {
  server_id = data.hwcloud_server.example.id
  device    = "/dev/vda"
}

output "system_disk" {
  value = data.hwcloud_volume_attachment.example.volume_id
}
