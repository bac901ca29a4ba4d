# On an OpenStack cloud.
resource "hwcloud_security_group" "example" {
  name        = "web"
  description = "Servers of the shop"
  tag_names   = ["shop"]
}

# Without the rules that the cloud gives a new group: nothing passes until a rule allows it.
resource "hwcloud_security_group" "closed" {
  name                 = "vault"
  delete_default_rules = true
}
