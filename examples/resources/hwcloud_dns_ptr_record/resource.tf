resource "hwcloud_eip" "example" {
  type           = "5_bgp"
  bandwidth_name = "mail"
  bandwidth_size = 5
}

# Other mail servers ask what name an address stands for.
resource "hwcloud_dns_ptr_record" "example" {
  publicip_id = hwcloud_eip.example.id
  ptrdname    = "mail.example.com"
  ttl         = 600

  tags = {
    env = "prod"
  }
}
