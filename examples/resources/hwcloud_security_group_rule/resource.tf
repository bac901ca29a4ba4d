resource "hwcloud_security_group" "web" {
  name = "web"
}

resource "hwcloud_security_group" "db" {
  name = "db"
}

# Everybody may use the shop.
resource "hwcloud_security_group_rule" "example" {
  security_group_id = hwcloud_security_group.web.id
  direction         = "ingress"
  protocol          = "tcp"
  multiport         = "80,443"
  remote_ip_prefix  = "0.0.0.0/0"
}

# Only the shop's servers may use the database.
resource "hwcloud_security_group_rule" "db" {
  security_group_id = hwcloud_security_group.db.id
  direction         = "ingress"
  protocol          = "tcp"
  multiport         = "5432"
  remote_group_id   = hwcloud_security_group.web.id
  description       = "PostgreSQL"
}
