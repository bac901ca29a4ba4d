data "hwcloud_port" "example" {
  name = "web-1"
}

# The address that leads to a port.
data "hwcloud_eip_association" "example" {
  associate_instance_id = data.hwcloud_port.example.id
}

output "public_ip_address" {
  value = data.hwcloud_eip_association.example.public_ip_address
}
