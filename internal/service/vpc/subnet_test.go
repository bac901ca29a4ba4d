package vpc_test

import (
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

func TestSubnet(t *testing.T) {
	t.Parallel()
	const put = `^PUT /vpc/v1/\S+/vpcs/\S+/subnets/\S+ `
	acctest.Whole{
		Type: "hwcloud_subnet",
		Needs: `
resource "hwcloud_vpc" "test" {
  name = "web"
  cidr = "10.1.0.0/16"
}

resource "hwcloud_vpc" "other" {
  name = "other"
  cidr = "10.1.0.0/16"
}
`,
		Given: acctest.Attributes{
			"name":              `"front"`,
			"vpc_id":            `hwcloud_vpc.test.id`,
			"cidr":              `"10.1.1.0/24"`,
			"gateway_ip":        `"10.1.1.1"`,
			"description":       `"of the shop"`,
			"dhcp_enabled":      `true`,
			"ipv6_enabled":      `true`,
			"dns_servers":       `["100.125.1.250", "100.125.129.250"]`,
			"ntp_servers":       `["10.1.1.9", "10.1.1.8"]`,
			"dhcp_lease_time":   `"24h"`,
			"availability_zone": `"cn-north-4a"`,
			"tags":              `{ env = "prod", formula = "a=b", empty = "" }`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"name": `"后台"`},
				Calls: []string{put + `{"subnet":{"name":"后台"}}$`},
				Check: []string{"name=后台"},
			},
			{
				To: acctest.Attributes{
					"name": `"back"`, "description": `"changed"`, "dhcp_enabled": `false`, "ipv6_enabled": `false`,
					"dns_servers": `["100.125.129.250", "100.125.1.250", "10.1.1.7"]`,
				},
				Calls: []string{put + `{"subnet":{"description":"changed","dhcp_enable":false,"dnsList":\["100.125.129.250","100.125.1.250","10.1.1.7"\],"ipv6_enable":false,"name":"back"}}$`},
				Check: []string{"dns_servers.#=3", "dns_servers.0=100.125.129.250", "dhcp_enabled=false"},
			},
			{
				To: acctest.Attributes{"dhcp_enabled": ``, "ipv6_enabled": `true`, "description": ``, "dns_servers": ``},
				Calls: []string{
					put + `{"subnet":{"description":"","dhcp_enable":true,"dnsList":\[\],"ipv6_enable":true,"name":"back"}}$`,
				},
				Check: []string{"dhcp_enabled=true"},
			},
			{
				To: acctest.Attributes{"ntp_servers": `["10.1.1.7"]`, "dhcp_lease_time": `"-1"`, "tags": `{ env = "test", formula = "a=b" }`},
				Calls: []string{
					put + `{"subnet":{"extra_dhcp_opts":\[{"opt_name":"ntp","opt_value":"10.1.1.7"},{"opt_name":"addresstime","opt_value":"-1"}\],"name":"back"}}$`,
					`^POST /vpc/v2.0/\S+/subnets/\S+/tags/action {"action":"delete","tags":\[{"key":"empty","value":""}\]}$`,
					`^POST /vpc/v2.0/\S+/subnets/\S+/tags/action {"action":"create","tags":\[{"key":"env","value":"test"}\]}$`,
				},
				Check: []string{"ntp_servers.#=1", "dhcp_lease_time=-1"},
			},
			{
				To: acctest.Attributes{"ntp_servers": ``, "tags": ``},
				Calls: []string{
					put + `{"subnet":{"extra_dhcp_opts":\[{"opt_name":"addresstime","opt_value":"-1"},{"opt_name":"ntp","opt_value":null}\],"name":"back"}}$`,
					`^POST /vpc/v2.0/\S+/subnets/\S+/tags/action {"action":"delete",`,
				},
				Check: []string{"dhcp_lease_time=-1", "tags_all.%=0"},
			},
			{To: acctest.Attributes{"gateway_ip": `"10.1.1.254"`}, Replaces: true, Check: []string{"gateway_ip=10.1.1.254"}},
			{To: acctest.Attributes{"cidr": `"10.1.2.0/24"`, "gateway_ip": `"10.1.2.1"`}, Replaces: true},
			{To: acctest.Attributes{"availability_zone": `"cn-north-4b"`}, Replaces: true},
			{To: acctest.Attributes{"vpc_id": `hwcloud_vpc.other.id`}, Replaces: true},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"name": "other"}, Seen: "name"},
			{Patch: map[string]any{"description": "other"}, Seen: "description"},
			{Patch: map[string]any{"dhcp_enable": false}, Seen: "dhcp_enabled"},
			{Patch: map[string]any{"dnsList": []any{"100.125.129.250", "100.125.1.250"}}, Seen: "dns_servers"}, // the order counts
			{Patch: map[string]any{"cidr_v6": "", "gateway_ip_v6": "", "neutron_subnet_id_v6": ""}, Seen: "ipv6_enabled"},
			{Patch: map[string]any{"extra_dhcp_opts": []any{map[string]any{"opt_name": "addresstime", "opt_value": "48h"}}}, Seen: "dhcp_lease_time"},
			{Seen: "ntp_servers"},
			{Patch: map[string]any{"tags": map[string]any{"env": "prod", "by": "hand"}}, Seen: "tags"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"a/b"`}, At: "name", Error: "letters, digits"},
			{Set: acctest.Attributes{"name": `""`}, At: "name", Error: "between 1 and 64"},
			{Set: acctest.Attributes{"vpc_id": `"web"`}, At: "vpc_id", Error: "UUID"},
			{Set: acctest.Attributes{"cidr": `"10.1.1.1/24"`}, At: "cidr", Error: "host bits"},
			{Set: acctest.Attributes{"cidr": `"10.1.1.0/29"`}, At: "cidr", Error: "29 bits"},
			{Set: acctest.Attributes{"cidr": `"fd00::/64"`}, At: "cidr", Error: "no IPv4 range"},
			{Set: acctest.Attributes{"gateway_ip": `"10.1.2.1"`}, At: "gateway_ip", Error: "10.1.2.1 is outside the subnet's range 10.1.1.0/24"},
			{Set: acctest.Attributes{"gateway_ip": `"10.1.1.0"`}, At: "gateway_ip", Error: "first or the last"},
			{Set: acctest.Attributes{"gateway_ip": `"10.1.1.255"`}, At: "gateway_ip", Error: "first or the last"},
			{Set: acctest.Attributes{"gateway_ip": `"fd00::1"`}, At: "gateway_ip", Error: "no IPv4 address"},
			{Set: acctest.Attributes{"gateway_ip": ``}, At: "", Error: `argument "gateway_ip" is required`},
			{Set: acctest.Attributes{"description": `"a > b"`}, At: "description", Error: "not allowed"},
			{Set: acctest.Attributes{"dns_servers": `["ten"]`}, At: "dns_servers", Error: "no IPv4 address"},
			{Set: acctest.Attributes{"dns_servers": `[]`}, At: "dns_servers", Error: "at least 1"},
			{Set: acctest.Attributes{"dns_servers": `["10.1.1.7", "10.1.1.7"]`}, At: "dns_servers", Error: "duplicate"},
			{Set: acctest.Attributes{"dns_servers": `[for i in range(6) : "10.1.1.${i}"]`}, At: "dns_servers", Error: "at most 5"},
			{Set: acctest.Attributes{"ntp_servers": `["pool.ntp.org"]`}, At: "ntp_servers", Error: "no IPv4 address"},
			{Set: acctest.Attributes{"ntp_servers": `[for i in range(5) : "10.1.1.${i}"]`}, At: "ntp_servers", Error: "at most 4"},
			{Set: acctest.Attributes{"dhcp_lease_time": `"24"`}, At: "dhcp_lease_time", Error: "1h to 30000h"},
			{Set: acctest.Attributes{"dhcp_lease_time": `"30001h"`}, At: "dhcp_lease_time", Error: "1h to 30000h"},
			{Set: acctest.Attributes{"dhcp_lease_time": `"0h"`}, At: "dhcp_lease_time", Error: "1h to 30000h"},
			{Set: acctest.Attributes{"tags": `{ a = "b<c" }`}, At: "tags", Error: "may not hold"},
		},
	}.Test(t)
}
