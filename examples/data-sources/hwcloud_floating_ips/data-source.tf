# Those that stand for nothing.
data "hwcloud_floating_ips" "idle" {
  status     = "DOWN"
  depends_on = [hwcloud_floating_ip.example]
}

output "idle_addresses" {
  value = data.hwcloud_floating_ips.idle.floating_ips[*].floating_ip_address
}
