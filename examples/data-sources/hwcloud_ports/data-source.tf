data "hwcloud_subnet" "example" {
  name = "web-front"
}

# All ports of a subnet that no server or service uses.
data "hwcloud_ports" "example" {
  network_id = data.hwcloud_subnet.example.id
  status     = "DOWN"
}

output "addresses" {
  value = { for port in data.hwcloud_ports.example.ports : port.id => port.fixed_ips[*].ip_address }
}
