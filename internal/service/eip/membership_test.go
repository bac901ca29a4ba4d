package eip_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// pool has two addresses and two shared bandwidths.
const pool = `
resource "hwcloud_eip" "test" {
  count          = 2
  type           = "5_bgp"
  bandwidth_name = "web"
  bandwidth_size = 5
}

resource "hwcloud_bandwidth" "test" {
  count = 2
  name  = "all-${count.index}"
  size  = 50
}
`

// leave takes an address out of its shared bandwidth.
func leave(c *acctest.Cloud, publicip string) {
	c.Ask(cloud.VPC, "POST", "/v3/{project_id}/eip/publicips/"+publicip+"/detach-share-bandwidth",
		map[string]any{"publicip": map[string]any{"bandwidth": map[string]any{"name": "web", "size": 5, "charge_mode": "bandwidth"}}})
}

func TestMembership(t *testing.T) {
	t.Parallel()
	const attach, detach = `^POST /vpc/v3/\S+/eip/publicips/\S+/attach-share-bandwidth `, `^POST /vpc/v3/\S+/eip/publicips/\S+/detach-share-bandwidth `
	acctest.Whole{
		Type: "hwcloud_bandwidth_membership", Needs: pool,
		There: func(c *acctest.Cloud, id string) bool {
			publicip, bandwidth, _ := strings.Cut(id, "/")
			return c.Objects("eip")[publicip]["bandwidth_id"] == bandwidth
		},
		Vanish: func(c *acctest.Cloud, id string) {
			publicip, _, _ := strings.Cut(id, "/")
			leave(c, publicip)
		},
		Given: acctest.Attributes{
			"publicip_id":               `hwcloud_eip.test[0].id`,
			"bandwidth_id":              `hwcloud_bandwidth.test[0].id`,
			"bandwidth_size_on_destroy": `5`, "bandwidth_charge_mode_on_destroy": `"bandwidth"`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"bandwidth_size_on_destroy": `7`, "bandwidth_charge_mode_on_destroy": `"traffic"`, "bandwidth_name_on_destroy": `"own"`},
				Calls: []string{}, Check: []string{"bandwidth_size_on_destroy=7", "bandwidth_name=all-0", "bandwidth_size=50"},
			},
			{
				To: acctest.Attributes{"bandwidth_id": `hwcloud_bandwidth.test[1].id`}, Replaces: true,
				Calls: []string{
					detach + `{"publicip":{"bandwidth":{"charge_mode":"traffic","name":"own","size":7}}}$`,
					attach + `{"publicip":{"bandwidth_id":"\S+"}}$`,
				},
				Check: []string{"bandwidth_name=all-1"},
			},
			{To: acctest.Attributes{"bandwidth_name_on_destroy": ``, "bandwidth_size_on_destroy": ``, "bandwidth_charge_mode_on_destroy": ``}, Calls: []string{}, Check: []string{"bandwidth_size_on_destroy=5"}},
			{To: acctest.Attributes{"bandwidth_name_on_destroy": `"web"`}, Calls: []string{}, Check: []string{"bandwidth_name_on_destroy=web"}},
			{To: acctest.Attributes{"publicip_id": `hwcloud_eip.test[1].id`}, Replaces: true},
		},
		Drift: []acctest.Drift{{Do: func(c *acctest.Cloud, id string) {
			publicip, _, _ := strings.Cut(id, "/")
			c.Patch("eip", publicip, map[string]any{"bandwidth_id": c.ID("bandwidth", "all-1")})
		}, Seen: "bandwidth_id"}},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"publicip_id": ``}, At: "", Error: `argument "publicip_id" is required`},
			{Set: acctest.Attributes{"publicip_id": `"203.0.113.9"`}, At: "publicip_id", Error: "UUID"},
			{Set: acctest.Attributes{"bandwidth_id": ``}, At: "", Error: `argument "bandwidth_id" is required`},
			{Set: acctest.Attributes{"bandwidth_id": `"all"`}, At: "bandwidth_id", Error: "UUID"},
			{Set: acctest.Attributes{"bandwidth_size_on_destroy": `0`}, At: "bandwidth_size_on_destroy", Error: "1 to 2000"},
			{Set: acctest.Attributes{"bandwidth_size_on_destroy": `1200`}, At: "bandwidth_size_on_destroy", Error: "above 1000 of 500"},
			{Set: acctest.Attributes{"bandwidth_charge_mode_on_destroy": `"95peak_plus"`}, At: "bandwidth_charge_mode_on_destroy", Error: "one of"},
			{Set: acctest.Attributes{"bandwidth_name_on_destroy": `""`}, At: "bandwidth_name_on_destroy", Error: "between 1 and 64"},
			{Set: acctest.Attributes{"bandwidth_name_on_destroy": `"a b"`}, At: "bandwidth_name_on_destroy", Error: "letters, digits"},
		},
	}.Test(t)
}

// An address in another shared bandwidth is not taken out of it, and a full bandwidth takes no more.
func TestMembershipTaken(t *testing.T) {
	t.Parallel()
	box := acctest.Start(t)
	config := func(publicip, bandwidth string) string {
		return pool + `
resource "hwcloud_bandwidth_membership" "first" {
  publicip_id  = hwcloud_eip.test[0].id
  bandwidth_id = hwcloud_bandwidth.test[0].id
}

resource "hwcloud_bandwidth_membership" "second" {
  publicip_id  = hwcloud_eip.test[` + publicip + `].id
  bandwidth_id = hwcloud_bandwidth.test[` + bandwidth + `].id
  depends_on   = [hwcloud_bandwidth_membership.first]
}
`
	}
	box.Run(
		resource.TestStep{Config: config("0", "1"), ExpectError: wanted("is in shared bandwidth")},
		resource.TestStep{
			PreConfig: func() { box.Configure(map[string]any{"quotas": map[string]int{"shared_bandwidth_eip": 1}}) },
			Config:    config("1", "0"), ExpectError: wanted("NO QUOTAS"),
		},
	)
}
