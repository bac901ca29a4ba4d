resource "hwcloud_dns_zone" "example" {
  name = "example.com"
}

resource "hwcloud_dns_record_set" "example" {
  zone_id = hwcloud_dns_zone.example.id
  name    = "www.example.com"
  type    = "A"
  records = ["192.0.2.1", "192.0.2.2"]
  ttl     = 600

  tags = {
    env = "prod"
  }
}

resource "hwcloud_dns_record_set" "mail" {
  zone_id = hwcloud_dns_zone.example.id
  name    = hwcloud_dns_zone.example.name
  type    = "MX"
  records = ["10 mail1.example.com", "20 mail2.example.com"]
}

# The texts of TXT records stand in double quotes.
resource "hwcloud_dns_record_set" "spf" {
  zone_id = hwcloud_dns_zone.example.id
  name    = hwcloud_dns_zone.example.name
  type    = "TXT"
  records = ["\"v=spf1 mx -all\""]
}
