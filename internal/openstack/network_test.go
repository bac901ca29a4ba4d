package openstack

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

// network is a call of the networking service that changes one of its objects.
func network(do, body string) Call { return Call{Service: "network", Do: do, Body: body} }

const (
	oneNetwork = "/v2.0/networks/{id}"
	oneSubnet  = "/v2.0/subnets/{id}"
	onePort    = "/v2.0/ports/{id}"
	oneRouter  = "/v2.0/routers/{id}"
	oneGroup   = "/v2.0/security-groups/{id}"
	oneRule    = "/v2.0/security-group-rules/{id}"
	oneFloat   = "/v2.0/floatingips/{id}"
)

// outside is the network that leads out of the cloud. Its subnets are shown to administrators only.
const outside = `
data "hwcloud_networks" "outside" {
  name     = "public" # other tests make such networks, too
  external = true
}
data "hwcloud_subnets" "outside" {
  provider   = hwcloud.admin
  network_id = data.hwcloud_networks.outside.networks[0].id
}
locals {
  outside = data.hwcloud_networks.outside.networks[0].id
  street  = data.hwcloud_subnets.outside.subnets[0].id
}
`

// policies makes two QoS policies that all projects may use, until the test ends.
func policies(c *Cloud) map[string]string {
	c.t.Helper()
	locals := map[string]string{}
	for _, name := range []string{"gold", "silver"} {
		answer := c.call(Call{As: "admin", Service: "network", Do: "POST /v2.0/qos/policies", Body: fmt.Sprintf(`{"policy": {"name": %q, "shared": true}}`, name)}, nil)
		policy := answer["policy"].(map[string]any)
		locals[name] = policy["id"].(string)
		c.t.Cleanup(func() { c.call(Call{As: "admin", Service: "network", Do: "DELETE /v2.0/qos/policies/{id}"}, policy) })
	}
	return locals
}

func TestNetworks(t *testing.T) {
	Group{
		Before: policies,
		Objects: []Object{
			{
				Type: "hwcloud_network",
				Given: Attributes{
					"name": `"web"`, "description": `"of the shop"`, "mtu": `1400`, "dns_domain": `"shop.example."`, "tag_names": `["a", "b c"]`,
				},
				Changes: []Change{
					{To: Attributes{"name": `"web-2"`, "description": "", "admin_state_up": `false`, "qos_policy_id": `local.gold`}, Check: Attributes{"name": "web-2", "admin_state_up": "false"}},
					{To: Attributes{"mtu": `1300`, "port_security_enabled": `false`, "dns_domain": "", "qos_policy_id": `local.silver`}, Check: Attributes{"mtu": "1300", "port_security_enabled": "false"}},
					{To: Attributes{"tag_names": `["b c", "d"]`, "admin_state_up": "", "qos_policy_id": ""}, Check: Attributes{"tag_names": "[b c d]", "admin_state_up": "true", "qos_policy_id": "<nil>"}},
					{To: Attributes{"tag_names": "", "port_security_enabled": `true`}, Check: Attributes{"port_security_enabled": "true"}},
				},
				Drift: []Drift{
					{Do: network("PUT "+oneNetwork, `{"network": {"name": "by-hand"}}`), Seen: "name"},
					{Do: network("PUT "+oneNetwork, `{"network": {"mtu": 1200}}`), Seen: "mtu"},
					{Do: network("PUT "+oneNetwork+"/tags/by-hand", ""), Seen: "tag_names"},
				},
				Asks: "network " + oneNetwork,
				Refused: []acctest.Refusal{
					{Set: Attributes{"name": `"` + long() + `"`}, At: "name", Error: `at most 255`},
					{Set: Attributes{"description": `"` + long() + `"`}, At: "description", Error: `at most 255`},
					{Set: Attributes{"mtu": `67`}, At: "mtu", Error: `between 68`},
					{Set: Attributes{"dns_domain": `"shop.example"`}, At: "dns_domain", Error: `final dot`},
					{Set: Attributes{"qos_policy_id": `"gold"`}, At: "qos_policy_id", Error: `UUID`},
					{Set: Attributes{"availability_zone_hints": `[]`}, At: "availability_zone_hints", Error: `at least 1`},
					{Set: Attributes{"tag_names": `["a,b"]`}, At: "tag_names", Error: `without commas`},
					{Set: Attributes{"tag_names": `[]`}, At: "tag_names", Error: `at least 1`},
					{Set: Attributes{"project_id": `""`}, At: "project_id", Error: `between 1`},
					{Set: Attributes{"is_default": `true`}, At: "is_default", Error: `external`},
					{Set: Attributes{"provider_network_type": `"tin"`}, At: "provider_network_type", Error: `geneve`},
					{Set: Attributes{"provider_segmentation_id": `0`}, At: "provider_segmentation_id", Error: `between 1`},
					{Set: Attributes{"provider_physical_network": `""`}, At: "provider_physical_network", Error: `between 1`},
					{Set: Attributes{"provider_segmentation_id": `7`}, At: "provider_segmentation_id", Error: `together with provider_network_type`},
					{Set: Attributes{"provider_network_type": `"flat"`}, At: "provider_network_type", Error: `needs provider_physical_network`},
					{Set: Attributes{"provider_network_type": `"vlan"`, "provider_segmentation_id": `4095`}, At: "provider_segmentation_id", Error: `more than 4094`},
					{Set: Attributes{"provider_network_type": `"vxlan"`, "provider_physical_network": `"far"`}, At: "provider_physical_network", Error: `no physical network`},
					{Set: Attributes{"provider_network_type": `"local"`, "provider_segmentation_id": `7`}, At: "provider_segmentation_id", Error: `no number`},
				},
			},
			{
				Type: "hwcloud_network", Name: "bare",
				Vanish: []Call{network("DELETE "+oneNetwork, "")},
				Asks:   "network " + oneNetwork,
			},
			{ // What administrators alone may say.
				Type: "hwcloud_network", Name: "provider",
				Given: Attributes{
					"provider": `hwcloud.admin`, "name": `"carrier"`, "shared": `true`, "provider_network_type": `"vlan"`, "provider_physical_network": `"physnet1"`,
					"project_id": `hwcloud_network.bare.project_id`,
				},
				Changes: []Change{
					{To: Attributes{"shared": "", "provider_segmentation_id": `3777`}, Check: Attributes{"shared": "false", "provider_segmentation_id": "3777"}},
					{To: Attributes{"external": `true`}, Check: Attributes{"external": "true", "is_default": "false"}},
					{To: Attributes{"is_default": `true`}, Check: Attributes{"is_default": "true"}},
					{To: Attributes{"is_default": ""}, Check: Attributes{"is_default": "false"}},
					{To: Attributes{"external": ""}, Check: Attributes{"external": "false"}},
				},
				Drift: []Drift{{Do: Call{As: "admin", Service: "network", Do: "PUT " + oneNetwork, Body: `{"network": {"shared": true}}`}, Seen: "shared"}},
				Asks:  "network " + oneNetwork,
			},
			{
				Type: "hwcloud_subnet",
				Given: Attributes{
					"network_id": `hwcloud_network.test.id`, "cidr": `"10.0.0.0/24"`, "name": `"web"`, "description": `"of the shop"`,
					"dns_servers": `["9.9.9.9", "1.1.1.1"]`, "allocation_pools": `[{ start = "10.0.0.10", end = "10.0.0.20" }, { start = "10.0.0.30", end = "10.0.0.99" }]`,
					"host_routes": `[{ destination = "10.9.0.0/16", nexthop = "10.0.0.9" }]`, "tag_names": `["a"]`, "service_types": `["compute:nova"]`,
				},
				Changes: []Change{
					{To: Attributes{"name": "", "description": "", "dns_servers": `["1.1.1.1", "9.9.9.9"]`}, Check: Attributes{"dns_servers": "[1.1.1.1 9.9.9.9]", "ip_version": "4"}},
					{To: Attributes{"service_types": `["compute:nova", "network:floatingip"]`, "gateway_ip": `"10.0.0.200"`, "allocation_pools": `[{ start = "10.0.0.1", end = "10.0.0.99" }]`}, Check: Attributes{"gateway_ip": "10.0.0.200"}},
					{To: Attributes{"service_types": "", "gateway_ip": "", "gateway_enabled": `false`, "host_routes": "", "dns_servers": "", "tag_names": ""}, Check: Attributes{"gateway_enabled": "false"}},
					{To: Attributes{"gateway_enabled": "", "allocation_pools": `[{ start = "10.0.0.10", end = "10.0.0.99" }]`, "dhcp_enabled": `false`}, Check: Attributes{"gateway_ip": "10.0.0.1", "dhcp_enabled": "false"}},
				},
				Drift: []Drift{
					{Do: network("PUT "+oneSubnet, `{"subnet": {"name": "by-hand"}}`), Seen: "name"},
					{Do: network("PUT "+oneSubnet, `{"subnet": {"gateway_ip": null}}`), Seen: "gateway_enabled"},
					{Do: network("PUT "+oneSubnet, `{"subnet": {"dns_nameservers": ["8.8.8.8"]}}`), Seen: "dns_servers"},
					{Do: network("PUT "+oneSubnet, `{"subnet": {"enable_dhcp": true}}`), Seen: "dhcp_enabled"},
				},
				Asks: "network " + oneSubnet,
				Refused: []acctest.Refusal{
					{Set: Attributes{"network_id": `"web"`}, At: "network_id", Error: `UUID`},
					{Set: Attributes{"network_id": ""}, Error: `network_id`},
					{Set: Attributes{"cidr": `"10.0.0.1/24"`}, At: "cidr", Error: `10.0.0.0/24`},
					{Set: Attributes{"cidr": ""}, Error: `cidr`},
					{Set: Attributes{"gateway_ip": `"first"`}, At: "gateway_ip", Error: `address`},
					{Set: Attributes{"gateway_ip": `"fd00::1"`}, At: "gateway_ip", Error: `family`},
					{Set: Attributes{"gateway_ip": `"10.0.0.15"`}, At: "allocation_pools", Error: `holds the gateway`},
					{Set: Attributes{"gateway_ip": `"10.0.0.200"`, "gateway_enabled": `false`}, At: "gateway_ip", Error: `Without a gateway`},
					{Set: Attributes{"allocation_pools": `[{ start = "10.0.1.1", end = "10.0.1.9" }]`}, At: "allocation_pools", Error: `not within`},
					{Set: Attributes{"allocation_pools": `[{ start = "10.0.0.9", end = "10.0.0.8" }]`}, At: "allocation_pools", Error: `comes after`},
					{Set: Attributes{"allocation_pools": `[]`}, At: "allocation_pools", Error: `at least 1`},
					{Set: Attributes{"dns_servers": `["9.9.9.9", "9.9.9.9"]`}, At: "dns_servers", Error: `uplicate`},
					{Set: Attributes{"dns_servers": `["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4", "1.1.1.5", "1.1.1.6"]`}, At: "dns_servers", Error: `at most 5`},
					{Set: Attributes{"dns_servers": `["fd00::1"]`}, At: "dns_servers", Error: `family`},
					{Set: Attributes{"host_routes": `[{ destination = "x", nexthop = "10.0.0.9" }]`}, At: "host_routes", Error: `x`},
					{Set: Attributes{"ipv6_ra_mode": `"slaac"`}, At: "ipv6_ra_mode", Error: `range of IPv4`},
					{Set: Attributes{"ipv6_address_mode": `"auto"`}, At: "ipv6_address_mode", Error: `slaac`},
					{Set: Attributes{"service_types": `[]`}, At: "service_types", Error: `at least 1`},
					{Set: Attributes{"segment_id": `"x"`}, At: "segment_id", Error: `UUID`},
					{Set: Attributes{"vpc_id": `"0f1e2d3c-0f1e-2d3c-4b5a-0f1e2d3c4b5a"`}, At: "vpc_id", Error: `Only Huawei Cloud`},
					{Set: Attributes{"tags": `{ a = "b" }`}, At: "tags", Error: `Only Huawei Cloud`},
				},
			},
			{
				Type: "hwcloud_subnet", Name: "six",
				Given:  Attributes{"network_id": `hwcloud_network.test.id`, "cidr": `"fd00:1::/64"`, "ipv6_ra_mode": `"slaac"`, "ipv6_address_mode": `"slaac"`, "service_types": `["compute:nova"]`},
				Vanish: []Call{network("DELETE "+oneSubnet, "")},
				Asks:   "network " + oneSubnet,
			},
			{
				Type: "hwcloud_subnet", Name: "closed",
				Given: Attributes{"network_id": `hwcloud_network.test.id`, "cidr": `"10.0.8.0/24"`, "gateway_enabled": `false`},
				Asks:  "network " + oneSubnet,
			},
		},
		Lookups: []Lookup{
			{Type: "hwcloud_network", Given: Attributes{"name": `"web"`}, Check: Attributes{"mtu": "1400", "description": "of the shop"}},
			{Type: "hwcloud_networks", Given: Attributes{"external": `true`}, Check: Attributes{"networks.0.external": "true", "networks.0.status": "ACTIVE"}},
			{Type: "hwcloud_subnet", Given: Attributes{"network_id": `hwcloud_network.test.id`, "cidr": `"10.0.0.0/24"`}, Check: Attributes{"name": "web", "dhcp_enabled": "true"}},
			{Type: "hwcloud_subnets", Given: Attributes{"network_id": `hwcloud_network.test.id`, "ip_version": `6`}, Check: Attributes{"subnets.0.cidr": "fd00:1::/64", "subnets.1": "<nil>"}},
		},
	}.Test(t)
}

// long is a text of 256 characters.
func long() string { return strings.Repeat("0", 256) }

func TestPorts(t *testing.T) {
	const id = `"0f1e2d3c-0f1e-2d3c-4b5a-0f1e2d3c4b5a"`
	rule := func(name string, given Attributes, refused ...acctest.Refusal) Object {
		given["security_group_id"] = `hwcloud_security_group.test.id`
		return Object{Type: "hwcloud_security_group_rule", Name: name, Given: given, Asks: "network " + oneRule, Refused: refused}
	}
	Group{
		Before: policies,
		Needs: `
resource "hwcloud_network" "near" { name = "near" }
resource "hwcloud_subnet" "near" {
  network_id       = hwcloud_network.near.id
  cidr             = "10.0.0.0/24"
  allocation_pools = [{ start = "10.0.0.50", end = "10.0.0.150" }] # the rest is for those who ask for an address
}
resource "hwcloud_subnet" "auto" {
  network_id        = hwcloud_network.near.id
  cidr              = "fd00:1::/64"
  ipv6_ra_mode      = "slaac"
  ipv6_address_mode = "slaac"
}
`,
		Objects: []Object{
			{
				Type:  "hwcloud_security_group",
				Given: Attributes{"name": `"web"`, "description": `"of the shop"`, "tag_names": `["a"]`},
				Changes: []Change{
					{To: Attributes{"name": `"web-2"`, "description": "", "tag_names": `["b"]`}, Check: Attributes{"name": "web-2", "stateful": "true"}},
					{To: Attributes{"tag_names": ""}},
				},
				Drift: []Drift{{Do: network("PUT "+oneGroup, `{"security_group": {"description": "by hand"}}`), Seen: "description"}},
				Asks:  "network " + oneGroup,
				Refused: []acctest.Refusal{
					{Set: Attributes{"name": `""`}, At: "name", Error: `between 1 and 255`},
					{Set: Attributes{"name": `"default"`}, At: "name", Error: `Every project has one`},
					{Set: Attributes{"description": `"` + long() + `"`}, At: "description", Error: `at most 255`},
					{Set: Attributes{"tag_names": `["a/b"]`}, At: "tag_names", Error: `slashes`},
					{Set: Attributes{"enterprise_project_id": `"0"`}, At: "enterprise_project_id", Error: `Only Huawei Cloud`},
				},
			},
			{
				Type: "hwcloud_security_group", Name: "closed",
				Given:   Attributes{"name": `"closed"`, "stateful": `false`, "delete_default_rules": `true`},
				Changes: []Change{{To: Attributes{"stateful": `true`}, Check: Attributes{"stateful": "true"}}},
				Vanish:  []Call{network("DELETE "+oneGroup, "")},
				Asks:    "network " + oneGroup,
				Ignored: []string{"delete_default_rules"},
			},
			{
				Type: "hwcloud_security_group_rule",
				Given: Attributes{
					"security_group_id": `hwcloud_security_group.test.id`, "direction": `"ingress"`, "protocol": `"tcp"`, "port_range_min": `443`, "port_range_max": `443`,
					"remote_ip_prefix": `"10.0.0.1"`, "description": `"https"`,
				},
				Changes: []Change{{To: Attributes{"port_range_max": `444`}, Replaces: true, Check: Attributes{"port_range_max": "444"}}},
				Vanish:  []Call{network("DELETE "+oneRule, "")},
				Asks:    "network " + oneRule,
				Refused: []acctest.Refusal{
					{Set: Attributes{"security_group_id": `"web"`}, At: "security_group_id", Error: `UUID`},
					{Set: Attributes{"direction": `"in"`}, At: "direction", Error: `egress`},
					{Set: Attributes{"ethertype": `"IPv5"`}, At: "ethertype", Error: `IPv6`},
					{Set: Attributes{"ethertype": `"IPv6"`}, At: "remote_ip_prefix", Error: `not of ethertype`},
					{Set: Attributes{"protocol": `"TCP"`}, At: "protocol", Error: `such as tcp`},
					{Set: Attributes{"protocol": `"gre"`}, At: "port_range_min", Error: `have ports`},
					{Set: Attributes{"protocol": ""}, At: "port_range_max", Error: `have ports`},
					{Set: Attributes{"protocol": `"icmpv6"`, "port_range_min": `128`, "port_range_max": ""}, At: "protocol", Error: `needs ethertype IPv6`},
					{Set: Attributes{"protocol": `"icmp"`, "port_range_min": `256`, "port_range_max": ""}, At: "port_range_min", Error: `0 to 255`},
					{Set: Attributes{"protocol": `"icmp"`, "port_range_min": "", "port_range_max": `0`}, At: "port_range_max", Error: `needs its type`},
					{Set: Attributes{"port_range_min": `65536`}, At: "port_range_min", Error: `between 0`},
					{Set: Attributes{"port_range_max": ""}, At: "port_range_min", Error: `two ends`},
					{Set: Attributes{"port_range_min": `0`}, At: "port_range_min", Error: `1 to 65535`},
					{Set: Attributes{"port_range_max": `80`}, At: "port_range_max", Error: `less than`},
					{Set: Attributes{"port_range_min": `1`, "port_range_max": `65535`}, At: "port_range_min", Error: `left out`},
					{Set: Attributes{"remote_ip_prefix": `"10.0.0.1/8"`}, At: "remote_ip_prefix", Error: `10.0.0.0/8`},
					{Set: Attributes{"remote_group_id": id}, At: "remote_group_id", Error: `one remote`},
					{Set: Attributes{"remote_ip_prefix": "", "remote_address_group_id": `"x"`}, At: "remote_address_group_id", Error: `UUID`},
					{Set: Attributes{"multiport": `"80"`}, At: "multiport", Error: `Only Huawei Cloud`},
					{Set: Attributes{"priority": `1`}, At: "priority", Error: `Only Huawei Cloud`},
				},
			},
			rule("group", Attributes{"direction": `"ingress"`, "remote_group_id": `hwcloud_security_group.closed.id`, "protocol": `"udp"`}),
			rule("ping", Attributes{"direction": `"ingress"`, "ethertype": `"IPv6"`, "protocol": `"icmpv6"`, "port_range_min": `128`, "port_range_max": `0`}),
			rule("number", Attributes{"direction": `"ingress"`, "protocol": `"112"`, "remote_ip_prefix": `"0.0.0.0/0"`}),
			{
				Type: "hwcloud_port",
				Given: Attributes{
					"network_id": `hwcloud_network.near.id`, "name": `"web"`, "description": `"of the shop"`,
					"fixed_ips":          `[{ subnet_id = hwcloud_subnet.near.id, ip_address = "10.0.0.200" }, { subnet_id = hwcloud_subnet.near.id, ip_address = "10.0.0.21" }]`,
					"security_group_ids": `[hwcloud_security_group.test.id]`, "dns_name": `"web"`, "tag_names": `["a"]`,
					"allowed_address_pairs": `[{ ip_address = "10.0.0.99" }, { ip_address = "10.7.0.0/16", mac_address = "fa:16:3e:00:00:05" }]`,
					"extra_dhcp_options":    `[{ name = "mtu", value = "1400", ip_version = 4 }, { name = "ntp-server", value = "10.0.0.5", ip_version = 4 }]`,
					"qos_policy_id":         `local.gold`,
					"depends_on":            `[hwcloud_subnet.auto]`,
				},
				Changes: []Change{
					{To: Attributes{"name": `"web-2"`, "description": "", "admin_state_up": `false`, "dns_name": `""`}, Check: Attributes{"name": "web-2", "admin_state_up": "false"}},
					{To: Attributes{
						"fixed_ips":          `[{ subnet_id = hwcloud_subnet.near.id, ip_address = "10.0.0.201" }]`,
						"extra_dhcp_options": `[{ name = "mtu", value = "1300", ip_version = 4 }]`, "admin_state_up": "", "qos_policy_id": `local.silver`,
					}},
					{To: Attributes{"allowed_address_pairs": "", "security_group_ids": `[]`, "port_security_enabled": `false`, "extra_dhcp_options": "", "qos_policy_id": ""}, Check: Attributes{"port_security_enabled": "false", "qos_policy_id": "<nil>"}},
					{To: Attributes{"security_group_ids": `[hwcloud_security_group.closed.id]`, "port_security_enabled": `true`, "tag_names": "", "device_id": `"far"`, "device_owner": `"me:own"`}, Check: Attributes{"device_id": "far"}},
				},
				Drift: []Drift{
					{Do: network("PUT "+onePort, `{"port": {"name": "by-hand"}}`), Seen: "name"},
					{Do: network("PUT "+onePort, `{"port": {"security_groups": []}}`), Seen: "security_group_ids"},
					{Do: network("PUT "+onePort, `{"port": {"fixed_ips": [{"ip_address": "10.0.0.202"}]}}`), Seen: "fixed_ips"},
					{Do: network("PUT "+onePort, `{"port": {"device_id": "near"}}`), Seen: "device_id"},
				},
				Vanish: []Call{network("DELETE "+onePort, "")},
				Asks:   "network " + onePort,
				Refused: []acctest.Refusal{
					{Set: Attributes{"network_id": `"near"`}, At: "network_id", Error: `UUID`},
					{Set: Attributes{"fixed_ips": `[{ ip_address = "10.0.0" }]`}, Error: `no address`},
					{Set: Attributes{"fixed_ips": `[{ subnet_id = "near" }]`}, Error: `UUID`},
					{Set: Attributes{"security_group_ids": `["web"]`}, At: "security_group_ids", Error: `UUID`},
					{Set: Attributes{"port_security_enabled": `false`, "security_group_ids": `[` + id + `]`, "allowed_address_pairs": ""}, At: "security_group_ids", Error: `no security groups`},
					{Set: Attributes{"port_security_enabled": `false`, "security_group_ids": ""}, At: "allowed_address_pairs", Error: `any address`},
					{Set: Attributes{"allowed_address_pairs": `[]`}, At: "allowed_address_pairs", Error: `at least 1`},
					{Set: Attributes{"allowed_address_pairs": `[{ ip_address = "all" }]`}, At: "allowed_address_pairs", Error: `neither an address`},
					{Set: Attributes{"mac_address": `"FA:16:3E:00:00:05"`}, At: "mac_address", Error: `small hexadecimal`},
					{Set: Attributes{"dns_name": `"a_b"`}, At: "dns_name", Error: `host name`},
					{Set: Attributes{"extra_dhcp_options": `[]`}, At: "extra_dhcp_options", Error: `at least 1`},
					{Set: Attributes{"extra_dhcp_options": `[{ name = "mtu", value = "1", ip_version = 5 }]`}, At: "extra_dhcp_options", Error: `6`},
					{Set: Attributes{"vnic_type": `"virtual"`}, At: "vnic_type", Error: `normal`},
					{Set: Attributes{"device_id": `"` + long() + `"`}, At: "device_id", Error: `at most 255`},
					{Set: Attributes{"host_id": `"` + long() + `"`}, At: "host_id", Error: `at most 255`},
					{Set: Attributes{"dhcp_lease_time": `"1h"`}, At: "dhcp_lease_time", Error: `Only Huawei Cloud`},
				},
			},
			{
				Type: "hwcloud_port", Name: "chosen",
				Given: Attributes{"network_id": `hwcloud_network.near.id`, "mac_address": `"fa:16:3e:00:00:17"`, "vnic_type": `"direct"`, "depends_on": `[hwcloud_subnet.near, hwcloud_subnet.auto]`},
				Changes: []Change{
					{To: Attributes{"vnic_type": `"normal"`}, Check: Attributes{"vnic_type": "normal"}},
				},
				Asks: "network " + onePort,
			},
			{ // What administrators alone may say.
				Type: "hwcloud_port", Name: "hosted",
				Given: Attributes{
					"provider": `hwcloud.admin`, "network_id": `hwcloud_network.near.id`, "host_id": `"here"`, "mac_address": `"fa:16:3e:00:00:19"`, "project_id": `hwcloud_network.near.project_id`,
					"depends_on": `[hwcloud_subnet.near, hwcloud_subnet.auto]`,
				},
				Changes: []Change{
					{To: Attributes{"host_id": `"there"`, "mac_address": `"fa:16:3e:00:00:18"`}, Check: Attributes{"host_id": "there", "mac_address": "fa:16:3e:00:00:18"}},
					{To: Attributes{"host_id": `""`}, Check: Attributes{"host_id": ""}},
				},
				Asks: "network " + onePort,
			},
			{
				Type: "hwcloud_port", Name: "none",
				Given: Attributes{"network_id": `hwcloud_network.near.id`, "fixed_ips": `[]`, "depends_on": `[hwcloud_subnet.near, hwcloud_subnet.auto]`},
				Asks:  "network " + onePort,
			},
		},
		Lookups: []Lookup{
			{Type: "hwcloud_port", Given: Attributes{"name": `"web"`}, Check: Attributes{"dns_name": "web"}},
			{Type: "hwcloud_ports", Given: Attributes{"network_id": `hwcloud_network.near.id`, "mac_address": `"fa:16:3e:00:00:17"`}, Check: Attributes{"ports.0.vnic_type": "direct", "ports.1": "<nil>"}},
			{Type: "hwcloud_security_group", Given: Attributes{"name": `"default"`}, Check: Attributes{"description": "Default security group"}},
			{Type: "hwcloud_security_group_rules", Given: Attributes{"security_group_id": `hwcloud_security_group.closed.id`}, Check: Attributes{"security_group_rules": "[]"}},
		},
	}.Test(t)
}

func TestRouters(t *testing.T) {
	Group{
		Before: policies,
		Needs: outside + `
resource "hwcloud_network" "near" { name = "near" }
resource "hwcloud_subnet" "near" {
  network_id = hwcloud_network.near.id
  cidr       = "10.0.0.0/24"
}
resource "hwcloud_subnet" "side" {
  network_id      = hwcloud_network.near.id
  cidr            = "10.0.1.0/24"
  gateway_enabled = false
}
resource "hwcloud_port" "server" {
  network_id = hwcloud_network.near.id
  fixed_ips  = [{ subnet_id = hwcloud_subnet.near.id, ip_address = "10.0.0.7" }, { subnet_id = hwcloud_subnet.near.id, ip_address = "10.0.0.8" }]
}
resource "hwcloud_port" "other" {
  network_id = hwcloud_network.near.id
  fixed_ips  = [{ subnet_id = hwcloud_subnet.near.id, ip_address = "10.0.0.9" }]
}
`,
		Objects: []Object{
			{
				Type:  "hwcloud_router",
				Given: Attributes{"name": `"way"`, "description": `"out"`, "tag_names": `["a"]`},
				Changes: []Change{
					{To: Attributes{"name": `"way-2"`, "description": "", "external_network_id": `local.outside`}, Check: Attributes{"name": "way-2", "snat_enabled": "true"}},
					{To: Attributes{"external_network_id": "", "admin_state_up": `false`, "tag_names": `["b", "c"]`}, Check: Attributes{"external_network_id": "<nil>", "admin_state_up": "false"}},
					{To: Attributes{"external_network_id": `local.outside`, "tag_names": ""}},
				},
				Drift: []Drift{
					{Do: network("PUT "+oneRouter, `{"router": {"name": "by-hand"}}`), Seen: "name"},
					{Do: network("PUT "+oneRouter, `{"router": {"external_gateway_info": null}}`), Seen: "external_network_id"},
				},
				Vanish: []Call{network("DELETE "+oneRouter, "")},
				Asks:   "network " + oneRouter,
				Refused: []acctest.Refusal{
					{Set: Attributes{"name": `"` + long() + `"`}, At: "name", Error: `at most 255`},
					{Set: Attributes{"external_network_id": `"public"`}, At: "external_network_id", Error: `UUID`},
					{Set: Attributes{"snat_enabled": `true`}, At: "snat_enabled", Error: `no gateway`},
					{Set: Attributes{"external_fixed_ips": `[{ ip_address = "203.0.113.9" }]`}, At: "external_fixed_ips", Error: `no gateway`},
					{Set: Attributes{"external_network_id": `local.outside`, "external_fixed_ips": `[{ ip_address = "out" }]`}, Error: `no address`},
					{Set: Attributes{"external_fixed_ips": `[]`}, At: "external_fixed_ips", Error: `at least 1`},
					{Set: Attributes{"availability_zone_hints": `[""]`}, At: "availability_zone_hints", Error: `between 1`},
					{Set: Attributes{"tag_names": `[""]`}, At: "tag_names", Error: `between 1`},
				},
			},
			{ // What administrators alone may say.
				Type: "hwcloud_router", Name: "straight",
				Given: Attributes{
					"provider": `hwcloud.admin`, "name": `"straight"`, "external_network_id": `local.outside`, "snat_enabled": `false`, "admin_state_up": `false`,
					"distributed": `false`, "ha": `false`,
				},
				Changes: []Change{
					{To: Attributes{"snat_enabled": `true`}, Check: Attributes{"snat_enabled": "true"}},
					{To: Attributes{"external_fixed_ips": `[{ subnet_id = local.street, ip_address = "203.0.113.231" }]`}},
					{To: Attributes{"external_fixed_ips": `[{ subnet_id = local.street, ip_address = "203.0.113.232" }]`}},
				},
				Asks: "network " + oneRouter,
			},
			{
				Type: "hwcloud_router", Name: "out",
				Given: Attributes{"external_network_id": `local.outside`},
				Asks:  "network " + oneRouter,
			},
			{
				Type:  "hwcloud_router_interface",
				Given: Attributes{"router_id": `hwcloud_router.out.id`, "subnet_id": `hwcloud_subnet.near.id`},
				Asks:  "network " + onePort,
				Refused: []acctest.Refusal{
					{Set: Attributes{"router_id": `"way"`}, At: "router_id", Error: `UUID`},
					{Set: Attributes{"router_id": ""}, Error: `router_id`},
					{Set: Attributes{"subnet_id": `"near"`}, At: "subnet_id", Error: `UUID`},
					{Set: Attributes{"subnet_id": ""}, Error: `Give one of`},
					{Set: Attributes{"subnet_id": `"0f1e2d3c-0f1e-2d3c-4b5a-0f1e2d3c4b5a"`, "port_id": `"0f1e2d3c-0f1e-2d3c-4b5a-0f1e2d3c4b5a"`}, At: "port_id", Error: `only one of`},
					{Set: Attributes{"subnet_id": "", "port_id": `"server"`}, At: "port_id", Error: `UUID`},
				},
			},
			{
				Type: "hwcloud_port", Name: "side",
				Given:   Attributes{"network_id": `hwcloud_network.near.id`, "fixed_ips": `[{ subnet_id = hwcloud_subnet.side.id, ip_address = "10.0.1.77" }]`},
				Ignored: []string{"status"},
			},
			{
				Type: "hwcloud_router_interface", Name: "side",
				Given:  Attributes{"router_id": `hwcloud_router.out.id`, "port_id": `hwcloud_port.side.id`},
				Vanish: []Call{network("PUT /v2.0/routers/{router_id}/remove_router_interface", `{"port_id": "{port_id}"}`)},
				Asks:   "network " + onePort,
			},
			{
				Type:  "hwcloud_floating_ip",
				Given: Attributes{"floating_network_id": `local.outside`, "description": `"of the shop"`, "tag_names": `["a"]`},
				Changes: []Change{
					{To: Attributes{"description": "", "tag_names": `["b"]`, "qos_policy_id": `local.gold`}},
					{To: Attributes{"description": `"again"`, "tag_names": "", "qos_policy_id": `local.silver`}, Check: Attributes{"description": "again"}},
					{To: Attributes{"qos_policy_id": ""}, Check: Attributes{"description": "again", "qos_policy_id": "<nil>"}},
				},
				// Neutron binds it anew with any change, and the port has several addresses.
				Drift: []Drift{{Do: network("PUT "+oneFloat, `{"floatingip": {"description": "by hand", "port_id": "{port_id}", "fixed_ip_address": "{fixed_ip_address}"}}`), Seen: "description"}},
				Asks:  "network " + oneFloat,
				Refused: []acctest.Refusal{
					{Set: Attributes{"floating_network_id": `"public"`}, At: "floating_network_id", Error: `UUID`},
					{Set: Attributes{"floating_network_id": ""}, Error: `floating_network_id`},
					{Set: Attributes{"subnet_id": `"public"`}, At: "subnet_id", Error: `UUID`},
					{Set: Attributes{"floating_ip_address": `"fd00::1"`}, At: "floating_ip_address", Error: `IPv4`},
					{Set: Attributes{"qos_policy_id": `"gold"`}, At: "qos_policy_id", Error: `UUID`},
				},
			},
			{
				Type: "hwcloud_floating_ip", Name: "free",
				Given:   Attributes{"floating_network_id": `local.outside`, "subnet_id": `local.street`},
				Vanish:  []Call{network("DELETE "+oneFloat, "")},
				Asks:    "network " + oneFloat,
				Ignored: []string{"subnet_id"},
			},
			{
				Type:  "hwcloud_floating_ip_association",
				Given: Attributes{"floating_ip_id": `hwcloud_floating_ip.test.id`, "port_id": `hwcloud_port.server.id`, "fixed_ip_address": `"10.0.0.7"`, "depends_on": `[hwcloud_router_interface.test]`},
				Changes: []Change{ // the floating IP has a QoS policy now, which all of this keeps
					{To: Attributes{"fixed_ip_address": `"10.0.0.8"`}, Check: Attributes{"fixed_ip_address": "10.0.0.8"}},
					{To: Attributes{"port_id": `hwcloud_port.other.id`, "fixed_ip_address": ""}, Replaces: true, Check: Attributes{"fixed_ip_address": "10.0.0.9"}},
					{To: Attributes{"port_id": `hwcloud_port.server.id`, "fixed_ip_address": `"10.0.0.8"`}, Replaces: true},
				},
				Drift:  []Drift{{Do: network("PUT "+oneFloat, `{"floatingip": {"port_id": "{port_id}", "fixed_ip_address": "10.0.0.7"}}`), Seen: "fixed_ip_address"}},
				Vanish: []Call{network("PUT "+oneFloat, `{"floatingip": {"port_id": null}}`)},
				Refused: []acctest.Refusal{
					{Set: Attributes{"floating_ip_id": `"x"`}, At: "floating_ip_id", Error: `UUID`},
					{Set: Attributes{"floating_ip_id": ""}, Error: `floating_ip_id`},
					{Set: Attributes{"port_id": `"x"`}, At: "port_id", Error: `UUID`},
					{Set: Attributes{"port_id": ""}, Error: `port_id`},
					{Set: Attributes{"fixed_ip_address": `"fd00::1"`}, At: "fixed_ip_address", Error: `IPv4`},
				},
			},
		},
		Lookups: []Lookup{
			{Type: "hwcloud_router", Given: Attributes{"name": `"way"`}, Check: Attributes{"description": "out"}},
			{Type: "hwcloud_routers", Given: Attributes{"name": `"way"`}, Check: Attributes{"routers.0.description": "out", "routers.1": "<nil>"}},
			{Type: "hwcloud_router_interfaces", Given: Attributes{"router_id": `hwcloud_router.straight.id`}, Check: Attributes{"router_interfaces": "[]"}},
			{Type: "hwcloud_floating_ips", Given: Attributes{"fixed_ip_address": `"10.0.0.7"`}, Check: Attributes{"floating_ips.0.description": "of the shop", "floating_ips.1": "<nil>"}},
			{Type: "hwcloud_floating_ip_associations", Given: Attributes{"port_id": `hwcloud_port.server.id`}, Check: Attributes{"floating_ip_associations.0.fixed_ip_address": "10.0.0.7", "floating_ip_associations.1": "<nil>"}},
		},
	}.Test(t)
}

// A port that Terraform does not know keeps its network from being deleted. Nothing is lost: without it, the destruction goes on.
func TestNetworkWithPorts(t *testing.T) {
	c := start(t)
	config := c.providers + "resource \"hwcloud_network\" \"kept\" { name = \"kept\" }\n"
	cmd := acctest.Terraform(t, config, c.env...)
	defer c.empty(cmd)
	cmd.Run("apply", "-auto-approve")
	kept := map[string]any{"id": cmd.IDs()["hwcloud_network.kept"]}
	made := c.call(network("POST /v2.0/ports", `{"port": {"network_id": "{id}"}}`), kept)
	port := map[string]any{"id": made["port"].(map[string]any)["id"]}
	out := cmd.Fail("destroy", "-auto-approve")
	c.says(out, `Cannot delete hwcloud_network "kept"`, "409", "one or more ports still in use", fmt.Sprint(port["id"]))
	if len(cmd.IDs()) != 1 {
		t.Error("the network is not in the state any more")
	}
	c.call(network("DELETE "+onePort, ""), port)
	cmd.Run("destroy", "-auto-approve")
	cmd.Run("apply", "-auto-approve")
	cmd.Run("plan", "-detailed-exitcode")
	cmd.Run("destroy", "-auto-approve")
}

// What a member of a project may not say of its objects is refused with the role that it takes, and so is what exceeds a quota
// with who sets it. What could be made is in the state, and the next apply makes the rest.
func TestNetworkRefusals(t *testing.T) {
	c := start(t)
	config := func(more string) string {
		return c.providers + "resource \"hwcloud_network\" \"first\" { name = \"first\" }\nresource \"hwcloud_network\" \"second\" {\n  name = \"second\"\n  depends_on = [hwcloud_network.first]\n  " + more + "\n}\n"
	}
	cmd := acctest.Terraform(t, config("shared = true"), c.env...)
	defer c.empty(cmd)
	out := cmd.Fail("apply", "-auto-approve")
	c.says(out, `Cannot create hwcloud_network "second"`, "403", "create_network:shared", "admin")
	if len(cmd.IDs()) != 1 {
		t.Errorf("the state has %v", cmd.IDs())
	}
	quota := func(networks int) {
		c.call(Call{As: "admin", Service: "network", Do: "PUT /v2.0/quotas/{project}", Body: fmt.Sprintf(`{"quota": {"network": %d}}`, networks)}, map[string]any{"project": c.member.project})
	}
	quota(1)
	cmd.Write(config(""))
	c.says(cmd.Fail("apply", "-auto-approve"), `Cannot create hwcloud_network "second"`, "409", "Quota exceeded for resources: ['network']")
	quota(10)
	cmd.Run("apply", "-auto-approve")
	cmd.Run("plan", "-detailed-exitcode")
	cmd.Run("destroy", "-auto-approve")
	c.ask(Call{As: "admin", Service: "network", Do: "DELETE /v2.0/quotas/{project}"}, map[string]any{"project": c.member.project})
}
