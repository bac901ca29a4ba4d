data "hwcloud_port" "example" {
  name = "web-1"
}

output "ip_address" {
  value = data.hwcloud_port.example.fixed_ips[0].ip_address
}
