# Servers that name the group in server_group_id run on different hosts.
resource "hwcloud_server_group" "example" {
  name     = "orders"
  policies = ["anti-affinity"]
}
