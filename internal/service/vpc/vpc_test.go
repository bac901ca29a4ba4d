package vpc_test

import (
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

func TestVPC(t *testing.T) {
	t.Parallel()
	acctest.Whole{
		Type: "hwcloud_vpc",
		Given: acctest.Attributes{
			"name":            `"web"`,
			"cidr":            `"10.1.0.0/16"`,
			"description":     `"of the shop"`,
			"secondary_cidrs": `["10.2.0.0/16"]`,
			"tags":            `{ env = "prod", formula = "a=b" }`,
		},
		Changes: []acctest.Change{
			{To: acctest.Attributes{"name": `"web-2"`}, Calls: "^PUT .*/v1/[^/]+/vpcs/[^/]+$", Check: []string{"name=web-2"}},
			{To: acctest.Attributes{"name": `"网络"`, "description": `"no more"`}, Calls: "^PUT .*/v1/[^/]+/vpcs/[^/]+$"},
			{To: acctest.Attributes{"description": ""}, Calls: "^PUT .*/v1/[^/]+/vpcs/[^/]+$"},
			{To: acctest.Attributes{"cidr": `"10.0.0.0/15"`}, Calls: "^PUT .*/v1/[^/]+/vpcs/[^/]+$", Check: []string{"cidr=10.0.0.0/15"}},
			{To: acctest.Attributes{"secondary_cidrs": `["10.3.0.0/16", "10.4.0.0/16"]`}, Check: []string{"secondary_cidrs.#=2"}},
			{To: acctest.Attributes{"secondary_cidrs": ""}},
			{To: acctest.Attributes{"tags": `{ env = "test", formula = "a=b" }`}, Calls: "tags/action$", Check: []string{"tags.env=test", "tags.formula=a=b"}},
			{To: acctest.Attributes{"tags": ""}, Calls: "tags/action$", Check: []string{"tags_all.%=0"}},
			{To: acctest.Attributes{"enterprise_project_id": `"8a9d7b6c-0000-4000-8000-000000000001"`}, Replaces: true},
			{To: acctest.Attributes{"region": `"cn-east-3"`}, Replaces: true},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"name": "other"}, Seen: "name"},
			{Patch: map[string]any{"description": "other"}, Seen: "description"},
			{Patch: map[string]any{"cidr": "10.0.0.0/15"}, Seen: "cidr"},
			{Patch: map[string]any{"extend_cidrs": []any{}}, Seen: "secondary_cidrs"},
			{Patch: map[string]any{"tags": map[string]any{"env": "prod", "by": "hand"}}, Seen: "tags"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"a b"`}, Error: "name.*letters, digits"},
			{Set: acctest.Attributes{"name": `""`}, Error: "name"},
			{Set: acctest.Attributes{"cidr": `"10.1.0.1/16"`}, Error: "cidr.*host bits"},
			{Set: acctest.Attributes{"cidr": `"8.0.0.0/16"`}, Error: "cidr.*outside"},
			{Set: acctest.Attributes{"cidr": `"10.1.0.0/29"`}, Error: "cidr.*29 bits"},
			{Set: acctest.Attributes{"cidr": `"ten"`}, Error: "cidr.*no address range"},
			{Set: acctest.Attributes{"description": `"<b>"`}, Error: "description.*not allowed"},
			{Set: acctest.Attributes{"secondary_cidrs": `["10.1.128.0/17"]`}, Error: "secondary_cidrs.*overlap"},
			{Set: acctest.Attributes{"enterprise_project_id": `"mine"`}, Error: "enterprise_project_id.*UUID"},
			{Set: acctest.Attributes{"tags": `{ "a*b" = "c" }`}, Error: "tags.*may not hold"},
		},
	}.Test(t)
}
