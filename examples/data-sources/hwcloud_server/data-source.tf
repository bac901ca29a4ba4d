data "hwcloud_server" "example" {
  name = "web-1"
}

output "private_ip" {
  value = data.hwcloud_server.example.networks[0].fixed_ip
}
