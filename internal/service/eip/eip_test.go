package eip_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

// ownBandwidth changes the bandwidth that an address has.
func ownBandwidth(fields map[string]any) func(*acctest.Cloud, string) {
	return func(c *acctest.Cloud, id string) {
		c.Patch("bandwidth", c.Objects("eip")[id]["bandwidth_id"].(string), fields)
	}
}

func TestEIP(t *testing.T) {
	t.Parallel()
	const (
		put3   = `^PUT /vpc/v3/\S+/eip/publicips/\S+ `
		put1   = `^PUT /vpc/v1/\S+/publicips/\S+ `
		resize = `^PUT /vpc/v1/\S+/bandwidths/\S+ `
	)
	acctest.Whole{
		Type: "hwcloud_eip",
		Given: acctest.Attributes{
			"type":                  `"5_bgp"`,
			"alias":                 `"web"`,
			"description":           `"of the shop"`,
			"ip_version":            `4`,
			"public_ip_address":     `"203.0.113.9"`,
			"bandwidth_name":        `"web"`,
			"bandwidth_size":        `5`,
			"bandwidth_charge_mode": `"traffic"`,
			"enterprise_project_id": `"0"`,
			"tags":                  `{ env = "prod", empty = "" }`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"alias": `"商店"`},
				Calls: []string{put3 + `{"publicip":{"alias":"商店"}}$`},
				Check: []string{"alias=商店", "status=DOWN"},
			},
			{
				To:    acctest.Attributes{"description": `"of the new shop"`},
				Calls: []string{put3 + `{"publicip":{"description":"of the new shop"}}$`},
			},
			{
				To:    acctest.Attributes{"alias": ``, "description": ``},
				Calls: []string{put3 + `{"publicip":{"alias":""}}$`, put3 + `{"publicip":{"description":""}}$`},
			},
			{
				To:    acctest.Attributes{"ip_version": `6`},
				Calls: []string{put1 + `{"publicip":{"ip_version":6}}$`},
				Check: []string{"ip_version=6", "public_ipv6_address=2001:db8::9"},
			},
			{
				To:    acctest.Attributes{"bandwidth_size": `350`},
				Calls: []string{resize + `{"bandwidth":{"name":"web","size":350}}$`},
				Check: []string{"bandwidth_size=350", "bandwidth_share_type=PER"},
			},
			{
				To:    acctest.Attributes{"bandwidth_charge_mode": `"bandwidth"`, "bandwidth_name": `"shop"`},
				Calls: []string{resize + `{"bandwidth":{"charge_mode":"bandwidth","name":"shop"}}$`},
				Check: []string{"bandwidth_charge_mode=bandwidth"},
			},
			{
				To: acctest.Attributes{"tags": `{ env = "test" }`},
				Calls: []string{
					`^POST /vpc/v2.0/\S+/publicips/\S+/tags/action {"action":"delete","tags":\[{"key":"empty","value":""}\]}$`,
					`^POST /vpc/v2.0/\S+/publicips/\S+/tags/action {"action":"create","tags":\[{"key":"env","value":"test"}\]}$`,
				},
				Check: []string{"tags.%=1"},
			},
			{To: acctest.Attributes{"public_ip_address": `"203.0.113.10"`}, Replaces: true, Check: []string{"public_ip_address=203.0.113.10"}},
			{To: acctest.Attributes{"type": `"5_sbgp"`, "public_ip_address": ``, "ip_version": ``, "bandwidth_charge_mode": ``, "enterprise_project_id": ``}, Replaces: true},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"alias": "other"}, Seen: "alias"},
			{Patch: map[string]any{"description": "other"}, Seen: "description"},
			{Patch: map[string]any{"ip_version": 6}, Seen: "ip_version"},
			{Do: ownBandwidth(map[string]any{"name": "other", "size": 100, "charge_mode": "bandwidth"}), Seen: "bandwidth_name"},
			{Seen: "bandwidth_size"},
			{Seen: "bandwidth_charge_mode"},
			{Patch: map[string]any{"tags": map[string]any{"env": "prod", "by": "hand"}}, Seen: "tags"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"type": ``}, At: "", Error: `argument "type" is required`},
			{Set: acctest.Attributes{"type": `"5 bgp"`}, At: "type", Error: "letters, digits"},
			{Set: acctest.Attributes{"alias": `""`}, At: "alias", Error: "between 1 and 64"},
			{Set: acctest.Attributes{"alias": `"a b"`}, At: "alias", Error: "letters, digits"},
			{Set: acctest.Attributes{"description": `"<b>"`}, At: "description", Error: "not allowed"},
			{Set: acctest.Attributes{"description": `join("", [for i in range(257) : "a"])`}, At: "description", Error: "at most 256"},
			{Set: acctest.Attributes{"ip_version": `5`}, At: "ip_version", Error: "one of"},
			{Set: acctest.Attributes{"public_ip_address": `"2001:db8::9"`}, At: "public_ip_address", Error: "no IPv4"},
			{Set: acctest.Attributes{"bandwidth_name": ``}, At: "", Error: `argument "bandwidth_name" is required`},
			{Set: acctest.Attributes{"bandwidth_name": `join("", [for i in range(65) : "a"])`}, At: "bandwidth_name", Error: "between 1 and 64"},
			{Set: acctest.Attributes{"bandwidth_size": ``}, At: "", Error: `argument "bandwidth_size" is required`},
			{Set: acctest.Attributes{"bandwidth_size": `0`}, At: "bandwidth_size", Error: "1 to 2000"},
			{Set: acctest.Attributes{"bandwidth_size": `2001`}, At: "bandwidth_size", Error: "1 to 2000"},
			{Set: acctest.Attributes{"bandwidth_size": `310`}, At: "bandwidth_size", Error: "multiple of 50"},
			{Set: acctest.Attributes{"bandwidth_size": `1050`}, At: "bandwidth_size", Error: "above 1000 of 500"},
			{Set: acctest.Attributes{"bandwidth_charge_mode": `"95peak_plus"`}, At: "bandwidth_charge_mode", Error: "one of"},
			{Set: acctest.Attributes{"enterprise_project_id": `"default"`}, At: "enterprise_project_id", Error: "UUID"},
			{Set: acctest.Attributes{"tags": `{ "a=b" = "c" }`}, At: "tags", Error: "a key may hold"},
			{Set: acctest.Attributes{"tags": `{ for i in range(11) : "k${i}" => "v" }`}, At: "tags", Error: "at most 10"},
		},
	}.Test(t)
}

// An address that others have bound is not deleted.
func TestBoundEIP(t *testing.T) {
	t.Parallel()
	box := acctest.Start(t)
	const config = `
resource "hwcloud_eip" "test" {
  type           = "5_bgp"
  bandwidth_name = "web"
  bandwidth_size = 5
}
`
	bound := map[string]any{"associate_instance_type": "ELB", "associate_instance_id": uuid, "status": "ELB"}
	free := map[string]any{"associate_instance_type": "", "associate_instance_id": "", "status": "DOWN"}
	patch := func(fields map[string]any) func() {
		return func() {
			for id := range box.Objects("eip") {
				box.Patch("eip", id, fields)
			}
		}
	}
	box.Run(
		resource.TestStep{Config: config},
		resource.TestStep{PreConfig: patch(bound), Config: config, Check: resource.ComposeTestCheckFunc(
			resource.TestCheckResourceAttr("hwcloud_eip.test", "status", "ELB"),
			resource.TestCheckResourceAttr("hwcloud_eip.test", "associate_instance_id", uuid),
		)},
		resource.TestStep{Config: "locals {}", ExpectError: wanted("VPC.0517")},
		resource.TestStep{PreConfig: patch(free), Config: config},
	)
}

// The bandwidth that an address has for itself waits while it is in a shared one, which is not its own to change.
func TestEIPInSharedBandwidth(t *testing.T) {
	t.Parallel()
	box := acctest.Start(t)
	config := func(size, member string) string {
		return `
resource "hwcloud_eip" "test" {
  type           = "5_bgp"
  bandwidth_name = "web"
  bandwidth_size = ` + size + `
}

resource "hwcloud_bandwidth" "test" {
  name = "all"
  size = 50
}
` + member
	}
	const member = `
resource "hwcloud_bandwidth_membership" "test" {
  publicip_id               = hwcloud_eip.test.id
  bandwidth_id              = hwcloud_bandwidth.test.id
  bandwidth_size_on_destroy = hwcloud_eip.test.bandwidth_size
}
`
	shares := func(yes string) resource.TestCheckFunc {
		return resource.TestCheckResourceAttr("hwcloud_eip.test", "bandwidth_share_type", yes)
	}
	size := func(of, value string) resource.TestCheckFunc {
		return resource.TestCheckResourceAttr(of, map[string]string{"hwcloud_eip.test": "bandwidth_size", "hwcloud_bandwidth.test": "size"}[of], value)
	}
	updated := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction("hwcloud_eip.test", plancheck.ResourceActionUpdate)}}
	box.Run(
		resource.TestStep{Config: config("10", member)},
		resource.TestStep{Config: config("10", member), Check: resource.ComposeTestCheckFunc(
			shares("WHOLE"), size("hwcloud_eip.test", "10"), size("hwcloud_bandwidth.test", "50"),
			resource.TestCheckResourceAttrPair("hwcloud_eip.test", "bandwidth_id", "hwcloud_bandwidth.test", "id"),
		)},
		resource.TestStep{Config: config("20", member), ConfigPlanChecks: updated, Check: resource.ComposeTestCheckFunc(size("hwcloud_eip.test", "20"), size("hwcloud_bandwidth.test", "50"))},
		resource.TestStep{ResourceName: "hwcloud_eip.test", ImportState: true}, // its own bandwidth is not known, and nothing is wrong with that
		resource.TestStep{Config: config("20", ""), ExpectNonEmptyPlan: true},  // the name of the new bandwidth is the cloud's
		resource.TestStep{Config: config("20", ""), ConfigPlanChecks: updated, Check: resource.ComposeTestCheckFunc(
			shares("PER"), size("hwcloud_eip.test", "20"), resource.TestCheckResourceAttr("hwcloud_eip.test", "bandwidth_name", "web"),
		)},
	)
}
