package vpc_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

// place is where the tests' ports are.
const place = `
resource "hwcloud_vpc" "test" {
  name = "web"
  cidr = "10.1.0.0/16"
}

resource "hwcloud_subnet" "front" {
  name       = "front"
  vpc_id     = hwcloud_vpc.test.id
  cidr       = "10.1.1.0/24"
  gateway_ip = "10.1.1.1"
}

resource "hwcloud_subnet" "back" {
  name       = "back"
  vpc_id     = hwcloud_vpc.test.id
  cidr       = "10.1.2.0/24"
  gateway_ip = "10.1.2.1"
}

resource "hwcloud_security_group" "web" {
  name = "web"
}

resource "hwcloud_security_group" "admin" {
  name = "admin"
}
`

func TestPort(t *testing.T) {
	t.Parallel()
	const put = `^PUT /vpc/v1/\S+/ports/\S+ `
	acctest.Whole{
		Type:  "hwcloud_port",
		Needs: place,
		Given: acctest.Attributes{
			"network_id":            `hwcloud_subnet.front.id`,
			"name":                  `"web-1"`,
			"fixed_ips":             `[{ subnet_id = hwcloud_subnet.front.ipv4_subnet_id, ip_address = "10.1.1.10" }]`,
			"security_group_ids":    `[hwcloud_security_group.web.id]`,
			"allowed_address_pairs": `[{ ip_address = "10.1.1.100" }, { ip_address = "10.9.0.0/24", mac_address = "fa:16:3e:01:02:03" }]`,
			"dhcp_lease_time":       `"24h"`,
			"tags":                  `{ env = "prod", formula = "a=b", empty = "" }`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"name": `"网卡"`},
				Calls: []string{put + `{"port":{"name":"网卡"}}$`},
				Check: []string{"name=网卡"},
			},
			{
				To: acctest.Attributes{
					"name": ``, "dhcp_lease_time": `"-1"`, "allowed_address_pairs": `[{ ip_address = "1.1.1.1/0" }]`,
					"security_group_ids": `[hwcloud_security_group.admin.id, hwcloud_security_group.web.id]`,
				},
				Calls: []string{put + `{"port":{"allowed_address_pairs":\[{"ip_address":"1.1.1.1/0"}\],"extra_dhcp_opts":\[{"opt_name":"51","opt_value":"-1"}\],"name":"","security_groups":\["\S+","\S+"\]}}$`},
				Check: []string{"allowed_address_pairs.#=1", "security_group_ids.#=2", "dhcp_lease_time=-1"},
			},
			{
				To: acctest.Attributes{"allowed_address_pairs": ``, "tags": `{ env = "test", formula = "a=b" }`},
				Calls: []string{
					put + `{"port":{"allowed_address_pairs":\[\]}}$`,
					`^POST /vpc/v3/\S+/ports/\S+/tags/delete {"tags":\[{"key":"empty","value":""}\]}$`,
					`^POST /vpc/v3/\S+/ports/\S+/tags/create {"tags":\[{"key":"env","value":"test"}\]}$`,
				},
				Check: []string{"tags.%=2"},
			},
			{To: acctest.Attributes{"fixed_ips": `[{ ip_address = "10.1.1.11" }]`}, Replaces: true, Check: []string{"fixed_ips.0.ip_address=10.1.1.11"}},
			{To: acctest.Attributes{"network_id": `hwcloud_subnet.back.id`, "fixed_ips": ``, "security_group_ids": ``, "dhcp_lease_time": ``, "tags": ``}, Replaces: true, Check: []string{"fixed_ips.#=1"}},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"name": "other"}, Seen: "name"},
			{Patch: map[string]any{"security_groups": []any{}}, Seen: "security_group_ids"},
			{Patch: map[string]any{"allowed_address_pairs": []any{map[string]any{"ip_address": "10.1.1.100"}}}, Seen: "allowed_address_pairs"},
			{Patch: map[string]any{"extra_dhcp_opts": []any{map[string]any{"opt_name": "51", "opt_value": "48h"}}}, Seen: "dhcp_lease_time"},
			{Patch: map[string]any{"tags": map[string]any{"env": "prod", "by": "hand"}}, Seen: "tags"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"network_id": `"front"`}, At: "network_id", Error: "UUID"},
			{Set: acctest.Attributes{"network_id": ``}, At: "", Error: `argument "network_id" is required`},
			{Set: acctest.Attributes{"name": `"a b"`}, At: "name", Error: "letters, digits"},
			{Set: acctest.Attributes{"name": `join("", [for i in range(256) : "a"])`}, At: "name", Error: "between 1 and 255"},
			{Set: acctest.Attributes{"fixed_ips": `[]`}, At: "fixed_ips", Error: "at least 1"},
			{Set: acctest.Attributes{"fixed_ips": `[{ ip_address = "10.1.1.0/24" }]`}, At: "", Error: "no address"},
			{Set: acctest.Attributes{"fixed_ips": `[{ subnet_id = "front" }]`}, At: "", Error: "UUID"},
			{Set: acctest.Attributes{"fixed_ips": `[{ ip_address = "10.1.1.3" }, { ip_address = "10.1.1.4" }]`}, At: "fixed_ips", Error: "one IPv4 address, and one IPv6"},
			{Set: acctest.Attributes{"fixed_ips": `[{ ip_address = "fd00::1" }, { ip_address = "10.1.1.4" }]`}, At: "fixed_ips", Error: "one IPv4 address, and one IPv6"},
			{Set: acctest.Attributes{"fixed_ips": `[{}, {}, {}]`}, At: "fixed_ips", Error: "at most 2"},
			{Set: acctest.Attributes{"security_group_ids": `[]`}, At: "security_group_ids", Error: "at least 1"},
			{Set: acctest.Attributes{"security_group_ids": `["web"]`}, At: "security_group_ids", Error: "UUID"},
			{Set: acctest.Attributes{"allowed_address_pairs": `[]`}, At: "allowed_address_pairs", Error: "at least 1"},
			{Set: acctest.Attributes{"allowed_address_pairs": `[{ ip_address = "0.0.0.0/0" }]`}, At: "allowed_address_pairs", Error: "0.0.0.0/0 is not allowed"},
			{Set: acctest.Attributes{"allowed_address_pairs": `[{ ip_address = "all" }]`}, At: "allowed_address_pairs", Error: "neither an address nor a range"},
			{Set: acctest.Attributes{"allowed_address_pairs": `[{ ip_address = "10.1.1.9", mac_address = "FA-16" }]`}, At: "allowed_address_pairs", Error: "hexadecimal"},
			{Set: acctest.Attributes{"dhcp_lease_time": `"24"`}, At: "dhcp_lease_time", Error: "1h to 30000h"},
			{Set: acctest.Attributes{"tags": `{ "a b" = "c" }`}, At: "tags", Error: "a tag may hold"},
			{Set: acctest.Attributes{"tags": `{ for i in range(21) : "k${i}" => "v" }`}, At: "tags", Error: "at most 20"},
		},
	}.Test(t)
}

// Of what is left out the cloud chooses, and what it fills in is no difference.
func TestPlainPort(t *testing.T) {
	t.Parallel()
	box, id := acctest.Start(t), ""
	config := place + `
resource "hwcloud_port" "test" {
  network_id            = hwcloud_subnet.front.id
  allowed_address_pairs = [{ ip_address = "10.1.1.100" }]
}
`
	box.Run(
		resource.TestStep{Config: config, Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttrPair("hwcloud_port.test", "vpc_id", "hwcloud_vpc.test", "id"),
			resource.TestCheckResourceAttrPair("hwcloud_port.test", "fixed_ips.0.subnet_id", "hwcloud_subnet.front", "ipv4_subnet_id"),
			resource.TestCheckResourceAttr("hwcloud_port.test", "security_group_ids.#", "1"),
			resource.TestCheckResourceAttr("hwcloud_port.test", "status", "DOWN"),
			func(s *terraform.State) error {
				id = s.RootModule().Resources["hwcloud_port.test"].Primary.ID
				return nil
			},
		)},
		resource.TestStep{
			PreConfig: func() {
				mac := box.Objects("port")[id]["mac_address"]
				box.Patch("port", id, map[string]any{"allowed_address_pairs": []any{map[string]any{"ip_address": "10.1.1.100", "mac_address": mac}}})
			},
			Config: config, PlanOnly: true,
		},
	)
}
