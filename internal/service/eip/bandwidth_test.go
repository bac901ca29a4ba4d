package eip_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

func TestBandwidth(t *testing.T) {
	t.Parallel()
	const put = `^PUT /vpc/v1/\S+/bandwidths/\S+ `
	acctest.Whole{
		Type: "hwcloud_bandwidth",
		Given: acctest.Attributes{
			"name":                  `"all"`,
			"size":                  `5`,
			"charge_mode":           `"95peak_plus"`,
			"bandwidth_type":        `"share"`,
			"public_border_group":   `"center"`,
			"enterprise_project_id": `"0"`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"name": `"全部"`},
				Calls: []string{put + `{"bandwidth":{"name":"全部"}}$`},
				Check: []string{"name=全部", "status=NORMAL", "share_type=WHOLE"},
			},
			{
				To:    acctest.Attributes{"size": `1500`, "charge_mode": `"bandwidth"`},
				Calls: []string{put + `{"bandwidth":{"charge_mode":"bandwidth","name":"全部","size":1500}}$`},
				Check: []string{"size=1500"},
			},
			{To: acctest.Attributes{"charge_mode": ``, "name": `"some"`}, Calls: []string{put + `{"bandwidth":{"name":"some"}}$`}, Check: []string{"charge_mode=bandwidth"}},
			{To: acctest.Attributes{"enterprise_project_id": `"` + uuid + `"`, "bandwidth_type": ``, "public_border_group": ``}, Replaces: true, Check: []string{"bandwidth_type=share"}},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"name": "other"}, Seen: "name"},
			{Patch: map[string]any{"size": 10}, Seen: "size"},
			{Patch: map[string]any{"charge_mode": "bandwidth"}, Seen: "charge_mode"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": ``}, At: "", Error: `argument "name" is required`},
			{Set: acctest.Attributes{"name": `""`}, At: "name", Error: "between 1 and 64"},
			{Set: acctest.Attributes{"name": `"a b"`}, At: "name", Error: "letters, digits"},
			{Set: acctest.Attributes{"size": ``}, At: "", Error: `argument "size" is required`},
			{Set: acctest.Attributes{"size": `4`}, At: "size", Error: "5 to 2000"},
			{Set: acctest.Attributes{"size": `2500`}, At: "size", Error: "5 to 2000"},
			{Set: acctest.Attributes{"size": `301`}, At: "size", Error: "multiple of 50"},
			{Set: acctest.Attributes{"charge_mode": `"traffic"`}, At: "charge_mode", Error: "one of"},
			{Set: acctest.Attributes{"bandwidth_type": `""`}, At: "bandwidth_type", Error: "between 1 and 64"},
			{Set: acctest.Attributes{"public_border_group": `""`}, At: "public_border_group", Error: "between 1 and 64"},
			{Set: acctest.Attributes{"enterprise_project_id": `"default"`}, At: "enterprise_project_id", Error: "UUID"},
		},
	}.Test(t)
}

// A bandwidth with addresses in it is not deleted.
func TestBandwidthWithMembers(t *testing.T) {
	t.Parallel()
	box := acctest.Start(t)
	const config = `
resource "hwcloud_bandwidth" "test" {
  name = "all"
  size = 5
}
`
	member := ""
	box.Run(
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				answer := box.Ask(cloud.VPC, "POST", "/v1/{project_id}/publicips", map[string]any{
					"publicip": map[string]any{"type": "5_bgp"}, "bandwidth": map[string]any{"id": box.ID("bandwidth", "all"), "share_type": "WHOLE"},
				})
				member = answer["publicip"].(map[string]any)["id"].(string)
			},
			Config: config, Check: resource.ComposeTestCheckFunc(
				resource.TestCheckResourceAttr("hwcloud_bandwidth.test", "addresses.#", "1"),
				resource.TestCheckResourceAttr("hwcloud_bandwidth.test", "addresses.0.type", "5_bgp"),
			),
		},
		resource.TestStep{Config: "locals {}", ExpectError: wanted("VPC.0305")},
		resource.TestStep{PreConfig: func() { box.Delete("eip", member) }, Config: config},
	)
}
