package vpc_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

func TestSecurityGroupRule(t *testing.T) {
	t.Parallel()
	again := func(request string) []string {
		return []string{`^DELETE /vpc/v3/\S+/vpc/security-group-rules/\S+$`, `^POST /vpc/v3/\S+/vpc/security-group-rules ` + request}
	}
	acctest.Whole{
		Type: "hwcloud_security_group_rule",
		Needs: `
resource "hwcloud_security_group" "web" {
  name = "web"
}

resource "hwcloud_security_group" "db" {
  name = "db"
}
`,
		Given: acctest.Attributes{
			"security_group_id": `hwcloud_security_group.web.id`,
			"direction":         `"ingress"`,
			"ethertype":         `"IPv4"`,
			"protocol":          `"tcp"`,
			"multiport":         `"22,3389,8000-8080"`,
			"remote_ip_prefix":  `"10.0.0.0/8"`,
			"action":            `"deny"`,
			"priority":          `5`,
			"enabled":           `false`,
			"description":       `"for the office"`,
		},
		Changes: []acctest.Change{
			{
				To: acctest.Attributes{"description": `""`, "priority": `1`}, Replaces: true,
				Calls: again(`{"security_group_rule":{"action":"deny","description":"","direction":"ingress","enabled":false,"ethertype":"IPv4","multiport":"22,3389,8000-8080","priority":"1","protocol":"tcp","remote_ip_prefix":"10.0.0.0/8","security_group_id":"\S+"}}$`),
				Check: []string{"priority=1"},
			},
			{To: acctest.Attributes{"multiport": `"80"`}, Replaces: true, Check: []string{"multiport=80"}},
			{To: acctest.Attributes{"action": ``, "enabled": ``, "priority": ``}, Replaces: true, Check: []string{"action=allow", "enabled=true", "priority=100"}},
			{To: acctest.Attributes{"protocol": `"6"`}, Replaces: true},
			{To: acctest.Attributes{"remote_ip_prefix": ``, "remote_group_id": `hwcloud_security_group.db.id`}, Replaces: true},
			{
				To: acctest.Attributes{"remote_group_id": ``, "remote_address_group_id": `"8a9d7b6c-0000-4000-8000-000000000001"`}, Replaces: true,
				Check: []string{"remote_address_group_id=8a9d7b6c-0000-4000-8000-000000000001"},
			},
			{To: acctest.Attributes{"remote_address_group_id": ``, "multiport": ``, "protocol": `"icmpv6"`, "ethertype": `"IPv6"`}, Replaces: true},
			{
				To: acctest.Attributes{"protocol": ``, "description": ``}, Replaces: true,
				Calls: again(`{"security_group_rule":{"action":"allow","direction":"ingress","enabled":true,"ethertype":"IPv6","priority":"100","security_group_id":"\S+"}}$`),
			},
			{To: acctest.Attributes{"direction": `"egress"`, "remote_ip_prefix": `"fd00::1"`}, Replaces: true},
			{To: acctest.Attributes{"security_group_id": `hwcloud_security_group.db.id`}, Replaces: true},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"direction": "egress"}, Seen: "direction"},
			{Patch: map[string]any{"ethertype": "IPv6"}, Seen: "ethertype"},
			{Patch: map[string]any{"protocol": ""}, Seen: "protocol"},
			{Patch: map[string]any{"multiport": "22"}, Seen: "multiport"},
			{Patch: map[string]any{"remote_ip_prefix": "", "remote_group_id": "8a9d7b6c-0000-4000-8000-000000000001"}, Seen: "remote_ip_prefix"},
			{Seen: "remote_group_id"},
			{Patch: map[string]any{"action": "allow"}, Seen: "action"},
			{Patch: map[string]any{"priority": 6}, Seen: "priority"},
			{Patch: map[string]any{"enabled": true}, Seen: "enabled"},
			{Patch: map[string]any{"description": "other"}, Seen: "description"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"security_group_id": `"web"`}, At: "security_group_id", Error: "UUID"},
			{Set: acctest.Attributes{"direction": `"in"`}, At: "direction", Error: "one of"},
			{Set: acctest.Attributes{"direction": ``}, At: "", Error: `argument "direction" is required`},
			{Set: acctest.Attributes{"ethertype": `"ipv4"`}, At: "ethertype", Error: "one of"},
			{Set: acctest.Attributes{"ethertype": `"IPv6"`}, At: "remote_ip_prefix", Error: "10.0.0.0/8 is not of ethertype IPv6"},
			{Set: acctest.Attributes{"ethertype": ``, "remote_ip_prefix": `"fd00::1"`}, At: "remote_ip_prefix", Error: "not of ethertype IPv4"},
			{Set: acctest.Attributes{"protocol": `"TCP"`}, At: "protocol", Error: "0 to 255"},
			{Set: acctest.Attributes{"protocol": `"256"`}, At: "protocol", Error: "0 to 255"},
			{Set: acctest.Attributes{"protocol": ``}, At: "multiport", Error: "Only the protocols tcp and udp"},
			{Set: acctest.Attributes{"protocol": `"icmp"`}, At: "multiport", Error: "Only the protocols tcp and udp"},
			{Set: acctest.Attributes{"protocol": `"icmpv6"`, "multiport": ``}, At: "protocol", Error: "icmpv6 needs ethertype IPv6"},
			{Set: acctest.Attributes{"protocol": `"icmp"`, "multiport": ``, "ethertype": `"IPv6"`}, At: "protocol", Error: "icmp needs ethertype IPv4"},
			{Set: acctest.Attributes{"multiport": `"0"`}, At: "multiport", Error: "neither a port"},
			{Set: acctest.Attributes{"multiport": `"22, 80"`}, At: "multiport", Error: "neither a port"},
			{Set: acctest.Attributes{"multiport": `"80-22"`}, At: "multiport", Error: "ends before it begins"},
			{Set: acctest.Attributes{"remote_ip_prefix": `"10.0.0.1/8"`}, At: "remote_ip_prefix", Error: "the range is 10.0.0.0/8"},
			{Set: acctest.Attributes{"remote_ip_prefix": `"office"`}, At: "remote_ip_prefix", Error: "neither an address"},
			{Set: acctest.Attributes{"remote_group_id": `"8a9d7b6c-0000-4000-8000-000000000001"`}, At: "remote_group_id", Error: "one remote, and remote_ip_prefix"},
			{Set: acctest.Attributes{"remote_address_group_id": `"8a9d7b6c-0000-4000-8000-000000000001"`}, At: "remote_address_group_id", Error: "one remote"},
			{Set: acctest.Attributes{"remote_ip_prefix": ``, "remote_group_id": `"db"`}, At: "remote_group_id", Error: "UUID"},
			{Set: acctest.Attributes{"action": `"drop"`}, At: "action", Error: "one of"},
			{Set: acctest.Attributes{"priority": `0`}, At: "priority", Error: "between 1 and 100"},
			{Set: acctest.Attributes{"priority": `101`}, At: "priority", Error: "between 1 and 100"},
			{Set: acctest.Attributes{"description": `"a > b"`}, At: "description", Error: "not allowed"},
		},
	}.Test(t)
}

// The cloud may answer the other side in another notation. That is no difference.
func TestRemoteNotation(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, given, answered string }{
		{"everything", `"0.0.0.0/0"`, ""},
		{"left out", `null`, "0.0.0.0/0"},
		{"an address", `"10.1.0.1"`, "10.1.0.1/32"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			box, id := acctest.Start(t), ""
			config := `
resource "hwcloud_security_group" "test" {
  name = "web"
}

resource "hwcloud_security_group_rule" "test" {
  security_group_id = hwcloud_security_group.test.id
  direction         = "ingress"
  remote_ip_prefix  = ` + test.given + `
}
`
			box.Run(
				resource.TestStep{Config: config, Check: func(s *terraform.State) error {
					id = s.RootModule().Resources["hwcloud_security_group_rule.test"].Primary.ID
					return nil
				}},
				resource.TestStep{
					PreConfig: func() { box.Patch("security_group_rule", id, map[string]any{"remote_ip_prefix": test.answered}) },
					Config:    config, PlanOnly: true,
				},
			)
		})
	}
}
