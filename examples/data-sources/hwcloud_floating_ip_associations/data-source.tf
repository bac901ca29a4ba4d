data "hwcloud_floating_ip_associations" "of_port" {
  port_id    = hwcloud_port.example.id
  depends_on = [hwcloud_floating_ip_association.example]
}

output "addresses_of_the_port" {
  value = data.hwcloud_floating_ip_associations.of_port.floating_ip_associations[*].floating_ip_address
}
