data "hwcloud_subnet" "example" {
  name = "shop-back"
}

data "hwcloud_private_ip" "example" {
  subnet_id  = data.hwcloud_subnet.example.id
  ip_address = "10.1.1.100"
}

output "id" {
  value = data.hwcloud_private_ip.example.id
}
