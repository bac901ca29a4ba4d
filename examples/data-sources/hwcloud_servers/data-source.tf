# All servers that run in one zone.
data "hwcloud_servers" "example" {
  availability_zone = "cn-north-4a"
  power_state       = "running"
}

output "private_ips" {
  value = { for server in data.hwcloud_servers.example.servers : server.name => server.networks[0].fixed_ip }
}
