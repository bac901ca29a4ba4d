data "hwcloud_bandwidth" "example" {
  name = "shop"
}

output "bandwidth_id" {
  value = data.hwcloud_bandwidth.example.id
}
