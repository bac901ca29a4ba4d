package dns_test

import (
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

const vpcs = `
resource "hwcloud_vpc" "one" {
  name = "one"
  cidr = "10.1.0.0/16"
}

resource "hwcloud_vpc" "two" {
  name = "two"
  cidr = "10.2.0.0/16"
}

resource "hwcloud_vpc" "far" {
  name   = "far"
  cidr   = "10.3.0.0/16"
  region = "cn-east-3"
}

locals {
  one = { router_id = hwcloud_vpc.one.id, router_region = "cn-north-4" }
  two = { router_id = hwcloud_vpc.two.id, router_region = "cn-north-4" }
  far = { router_id = hwcloud_vpc.far.id, router_region = "cn-east-3" }
}
`

const (
	patchZone = `^PATCH /dns/v2/zones/\w+ `
	zoneState = `^PUT /dns/v2/zones/\w+/statuses `
	join      = `^POST /dns/v2/zones/\w+/associaterouter {"router":{"router_id":"[0-9a-f-]+","router_region":"`
	leave     = `^POST /dns/v2/zones/\w+/disassociaterouter {"router":{"router_id":"[0-9a-f-]+","router_region":"`
)

func TestZone(t *testing.T) {
	t.Parallel()
	acctest.Whole{
		Type: "hwcloud_dns_zone",
		Given: acctest.Attributes{
			"name":        `"example.com."`,
			"description": `"of the shop"`,
			"email":       `"dns@example.com"`,
			"ttl":         `600`,
			"tags":        `{ env = "prod", formula = "a=b", empty = "" }`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"description": `"changed"`, "email": `"admin@example.com"`, "ttl": `60`},
				Calls: []string{patchZone + `{"description":"changed","email":"admin@example.com","ttl":60}$`},
				Check: []string{"ttl=60", "status=ACTIVE"},
			},
			{
				To:    acctest.Attributes{"description": "", "ttl": ""},
				Calls: []string{patchZone + `{"description":"","ttl":300}$`},
				Check: []string{"ttl=300"},
			},
			{
				To:    acctest.Attributes{"enabled": `false`},
				Calls: []string{zoneState + `{"status":"DISABLE"}$`},
				Check: []string{"enabled=false", "status=DISABLE"},
			},
			{
				To:    acctest.Attributes{"enabled": ``, "description": `"of the shop"`},
				Calls: []string{zoneState + `{"status":"ENABLE"}$`, patchZone + `{"description":"of the shop"}$`},
				Check: []string{"enabled=true", "status=ACTIVE"},
			},
			{
				To: acctest.Attributes{"tags": `{ env = "test", formula = "a=b" }`},
				Calls: []string{
					`^POST /dns/v2/\w+/DNS-public_zone/\w+/tags/action {"action":"delete","tags":\[{"key":"empty","value":""}\]}$`,
					`^POST /dns/v2/\w+/DNS-public_zone/\w+/tags/action {"action":"create","tags":\[{"key":"env","value":"test"}\]}$`,
				},
				Check: []string{"tags.%=2"},
			},
			{To: acctest.Attributes{"name": `"example.org"`}, Replaces: true, Check: []string{"name=example.org"}},
			{To: acctest.Attributes{"enterprise_project_id": `"8a9d7b6c-0000-4000-8000-000000000001"`}, Replaces: true},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"description": "other"}, Seen: "description"},
			{Patch: map[string]any{"email": "other@example.com"}, Seen: "email"},
			{Patch: map[string]any{"ttl": 1}, Seen: "ttl"},
			{Patch: map[string]any{"status": "DISABLE"}, Seen: "enabled"},
			{Patch: map[string]any{"tags": map[string]any{"env": "prod", "by": "hand"}}, Seen: "tags"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"exa mple.com"`}, At: "name", Error: `"exa mple" is no label`},
			{Set: acctest.Attributes{"name": `"-example.com"`}, At: "name", Error: `"-example" is no label`},
			{Set: acctest.Attributes{"name": `"example..com"`}, At: "name", Error: `"" is no label`},
			{Set: acctest.Attributes{"name": `"_sip.example.com"`}, At: "name", Error: `"_sip" is no label`},
			{Set: acctest.Attributes{"name": `"${join("", [for i in range(64) : "a"])}.com"`}, At: "name", Error: "is no label"},
			{Set: acctest.Attributes{"name": `"${join(".", [for i in range(128) : "a"])}"`}, At: "name", Error: "longer than 254"},
			{Set: acctest.Attributes{"name": `"com."`}, At: "name", Error: "cannot be a top-level domain"},
			{Set: acctest.Attributes{"zone_type": `"secret"`}, At: "zone_type", Error: `must be one of: \["public" "private"\]`},
			{Set: acctest.Attributes{"zone_type": `"private"`}, At: "", Error: "needs one VPC at least"},
			{Set: acctest.Attributes{"routers": `[{ router_id = "5a0d80c0-0000-4000-8000-000000000000", router_region = "cn-north-4" }]`}, At: "routers", Error: "A public zone has no routers"},
			{Set: acctest.Attributes{"proxy_pattern": `"RECURSIVE"`}, At: "proxy_pattern", Error: "A public zone has no proxy_pattern"},
			{Set: acctest.Attributes{"description": `join("", [for i in range(256) : "a"])`}, At: "description", Error: "at most 255"},
			{Set: acctest.Attributes{"email": `"dns.example.com"`}, At: "email", Error: "mail address"},
			{Set: acctest.Attributes{"ttl": `0`}, At: "ttl", Error: "between 1 and 2147483647"},
			{Set: acctest.Attributes{"ttl": `2147483648`}, At: "ttl", Error: "between 1 and 2147483647"},
			{Set: acctest.Attributes{"enterprise_project_id": `"mine"`}, At: "enterprise_project_id", Error: "UUID"},
			{Set: acctest.Attributes{"tags": `{ " a" = "c" }`}, At: "tags", Error: "blanks within"},
			{Set: acctest.Attributes{"tags": `{ "a" = "b;c" }`}, At: "tags", Error: "a value / too"},
		},
	}.Test(t)
}

// A private zone has VPCs, which are its own kind of changes.
func TestPrivateZone(t *testing.T) {
	t.Parallel()
	acctest.Whole{
		Type:  "hwcloud_dns_zone",
		Needs: vpcs,
		Given: acctest.Attributes{
			"name":          `"internal."`,
			"zone_type":     `"private"`,
			"routers":       `[local.one, local.far]`,
			"proxy_pattern": `"RECURSIVE"`,
			"enabled":       `false`,
			"tags":          `{ env = "prod" }`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"proxy_pattern": `"AUTHORITY"`, "enabled": `true`},
				Calls: []string{`^POST /dns/v2/zones/\w+/actions/set-proxy-pattern {"proxy_pattern":"AUTHORITY"}$`, zoneState + `{"status":"ENABLE"}$`},
				Check: []string{"routers.#=2", "proxy_pattern=AUTHORITY", "enabled=true"},
			},
			{
				To:    acctest.Attributes{"routers": `[local.two]`, "ttl": `60`, "tags": `{ env = "test" }`},
				Calls: []string{join + `cn-north-4"}}$`, leave + `cn-`, leave + `cn-`, patchZone + `{"ttl":60}$`, `^POST /dns/v2/\w+/DNS-private_zone/\w+/tags/action {"action":"create",`},
				Check: []string{"routers.#=1"},
			},
			{
				To:    acctest.Attributes{"routers": `[local.two, local.far]`, "enabled": `false`},
				Calls: []string{join + `cn-east-3"}}$`, zoneState + `{"status":"DISABLE"}$`},
				Check: []string{"routers.#=2", "status=DISABLE"},
			},
			{
				To:    acctest.Attributes{"routers": `[local.far]`, "enabled": `true`},
				Calls: []string{zoneState + `{"status":"ENABLE"}$`, leave + `cn-north-4"}}$`},
				Check: []string{"routers.#=1", "status=ACTIVE"},
			},
			{To: acctest.Attributes{"zone_type": ``, "routers": ``, "proxy_pattern": ``, "name": `"example.com"`}, Replaces: true, Check: []string{"zone_type=public"}},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"proxy_pattern": "AUTHORITY", "status": "ACTIVE"}, Seen: "proxy_pattern"},
			{Seen: "enabled"},
			{
				Do: func(c *acctest.Cloud, id string) {
					c.Patch("dns_zone", id, map[string]any{"routers": []any{map[string]any{"router_id": c.ID("vpc", "two"), "router_region": "cn-north-4", "status": "ACTIVE"}}})
				},
				Seen: "routers",
			},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"routers": `[]`}, At: "routers", Error: "at least 1"},
			{Set: acctest.Attributes{"routers": ``}, At: "", Error: "needs one VPC at least"},
			{Set: acctest.Attributes{"routers": `[{ router_id = "one", router_region = "cn-north-4" }]`}, At: "routers", Error: "UUID"},
			{Set: acctest.Attributes{"routers": `[{ router_id = "5a0d80c0-0000-4000-8000-000000000000", router_region = "" }]`}, At: "routers", Error: "at least 1"},
			{Set: acctest.Attributes{"routers": `[{ router_id = "5a0d80c0-0000-4000-8000-000000000000" }]`}, At: "routers", Error: `"router_region" is required`},
			{Set: acctest.Attributes{"proxy_pattern": `"NONE"`}, At: "proxy_pattern", Error: "must be one of"},
			{Set: acctest.Attributes{"zone_type": `"public"`}, At: "routers", Error: "A public zone has no routers"},
		},
		Kept: []acctest.Refusal{
			{Set: acctest.Attributes{"routers": `[local.two]`}, At: "routers", Error: "VPCs of a disabled zone cannot be changed"},
		},
	}.Test(t)
}
