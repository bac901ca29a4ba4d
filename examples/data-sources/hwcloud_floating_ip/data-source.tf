data "hwcloud_floating_ip" "example" {
  floating_ip_address = hwcloud_floating_ip.example.floating_ip_address
}

output "floating_ip_status" {
  value = data.hwcloud_floating_ip.example.status
}
