# On an OpenStack cloud: servers join it by their server_group_id.
resource "hwcloud_server_group" "example" {
  name     = "web"
  policies = ["soft-anti-affinity"] # on different hosts, as far as there are
}
