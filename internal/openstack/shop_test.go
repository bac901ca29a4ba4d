package openstack

import (
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

// shop is what users build of these objects: each is of use to others, and some change others by that.
const shop = outside + cirros + `
data "hwcloud_flavor" "tiny" { name = "m1.tiny" }

resource "hwcloud_network" "shop" {
  name       = "shop"
  dns_domain = "shop.example."
}
resource "hwcloud_subnet" "shop" {
  network_id = hwcloud_network.shop.id
  cidr       = "10.1.0.0/24"
}
resource "hwcloud_router" "shop" {
  name                = "shop"
  external_network_id = local.outside
}
resource "hwcloud_router_interface" "shop" {
  router_id = hwcloud_router.shop.id
  subnet_id = hwcloud_subnet.shop.id
}

resource "hwcloud_security_group" "web" {
  name                 = "web"
  delete_default_rules = true
}
resource "hwcloud_security_group_rule" "http" {
  security_group_id = hwcloud_security_group.web.id
  direction         = "ingress"
  protocol          = "tcp"
  port_range_min    = 80
  port_range_max    = 80
}
resource "hwcloud_port" "web" {
  for_each           = toset(["first", "second", "third"])
  network_id         = hwcloud_network.shop.id
  name               = each.key
  security_group_ids = [hwcloud_security_group.web.id]
  fixed_ips          = [{ subnet_id = hwcloud_subnet.shop.id }]
  dns_name           = each.key == "third" ? "web" : null
}

resource "hwcloud_key_pair" "shop" {
  name       = "shop"
  public_key = ` + publicKey + `
}
resource "hwcloud_server_group" "shop" {
  name     = "shop"
  policies = ["soft-anti-affinity"]
}
resource "hwcloud_volume" "boot" {
  name     = "boot"
  size     = 1
  image_id = ` + theImage + `
}
resource "hwcloud_server" "web" {
  name            = "web"
  flavor_id       = data.hwcloud_flavor.tiny.id
  networks        = [{ port_id = hwcloud_port.web["first"].id }]
  key_pair        = hwcloud_key_pair.shop.name
  server_group_id = hwcloud_server_group.shop.id
  system_disk     = { volume_id = hwcloud_volume.boot.id }
}
resource "hwcloud_network_interface_attachment" "web" {
  for_each  = toset(["second", "third"])
  server_id = hwcloud_server.web.id
  port_id   = hwcloud_port.web[each.key].id
}
resource "hwcloud_volume" "data" {
  name = "data"
  size = 1
}
resource "hwcloud_volume_attachment" "data" {
  server_id = hwcloud_server.web.id
  volume_id = hwcloud_volume.data.id
}

resource "hwcloud_floating_ip" "web" {
  floating_network_id = local.outside
  qos_policy_id       = local.gold
}
resource "hwcloud_floating_ip_association" "web" {
  floating_ip_id = hwcloud_floating_ip.web.id
  port_id        = hwcloud_port.web["first"].id
  depends_on     = [hwcloud_router_interface.shop]
}
`

// What objects do to each other is no difference to what was planned, at no time.
func TestShop(t *testing.T) {
	c := start(t)
	config := c.providers + "locals {\n  gold = \"" + policies(c)["gold"] + "\"\n}\n" + shop
	cmd := acctest.Terraform(t, config, c.env...)
	defer c.empty(cmd)
	cmd.Run("apply", "-auto-approve")
	cmd.Run("plan", "-detailed-exitcode")

	// A server that is replaced lets go of all that it has, and the next takes it.
	cmd.Run("apply", "-auto-approve", `-replace=hwcloud_server.web`)
	cmd.Run("plan", "-detailed-exitcode")
	cmd.Run("destroy", "-auto-approve")
	if left := c.volumes(); len(left) > 0 {
		t.Errorf("volumes are left: %v", left)
	}
}
