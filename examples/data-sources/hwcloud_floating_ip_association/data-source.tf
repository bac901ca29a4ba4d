data "hwcloud_floating_ip_association" "example" {
  floating_ip_id = hwcloud_floating_ip_association.example.floating_ip_id
}

output "router_of_the_association" {
  value = data.hwcloud_floating_ip_association.example.router_id
}
