# All addresses that are paid for and not bound to anything.
data "hwcloud_eips" "example" {
  status = "DOWN"
}

output "unused_addresses" {
  value = { for eip in data.hwcloud_eips.example.eips : eip.id => eip.public_ip_address }
}
