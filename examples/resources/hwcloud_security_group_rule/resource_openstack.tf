# On an OpenStack cloud.
resource "hwcloud_security_group" "example" {
  name = "web"
}

resource "hwcloud_security_group_rule" "https" {
  security_group_id = hwcloud_security_group.example.id
  direction         = "ingress"
  protocol          = "tcp"
  port_range_min    = 443
  port_range_max    = 443
  remote_ip_prefix  = "0.0.0.0/0"
}

# Between the members of the group.
resource "hwcloud_security_group_rule" "members" {
  security_group_id = hwcloud_security_group.example.id
  direction         = "ingress"
  remote_group_id   = hwcloud_security_group.example.id
}

# Echo requests: type 8 of ICMP.
resource "hwcloud_security_group_rule" "ping" {
  security_group_id = hwcloud_security_group.example.id
  direction         = "ingress"
  protocol          = "icmp"
  port_range_min    = 8
}
