package vpc_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

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
			"tags":            `{ env = "prod", formula = "a=b", empty = "" }`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"name": `"web-2"`},
				Calls: []string{`^PUT /vpc/v1/\S+/vpcs/\S+ {"vpc":{"name":"web-2"}}$`},
				Check: []string{"name=web-2"},
			},
			{
				To:    acctest.Attributes{"name": `"网络"`, "description": "", "cidr": `"10.0.0.0/15"`},
				Calls: []string{`^PUT /vpc/v1/\S+/vpcs/\S+ {"vpc":{"cidr":"10.0.0.0/15","description":"","name":"网络"}}$`},
				Check: []string{"cidr=10.0.0.0/15"},
			},
			{
				To: acctest.Attributes{"secondary_cidrs": `["10.3.0.0/16", "10.4.0.0/16"]`, "tags": `{ env = "test", formula = "a=b" }`},
				Calls: []string{
					`/remove-extend-cidr {"vpc":{"extend_cidrs":\["10.2.0.0/16"\]}}$`,
					`/add-extend-cidr {"vpc":{"extend_cidrs":\["10.3.0.0/16"\]}}$`,
					`/add-extend-cidr {"vpc":{"extend_cidrs":\["10.4.0.0/16"\]}}$`,
					`/tags/action {"action":"delete","tags":\[{"key":"empty","value":""}\]}$`,
					`/tags/action {"action":"create","tags":\[{"key":"env","value":"test"}\]}$`,
				},
				Check: []string{"secondary_cidrs.#=2", "tags.%=2", "tags.env=test", "tags.formula=a=b"},
			},
			{
				To: acctest.Attributes{"secondary_cidrs": "", "tags": ""},
				Calls: []string{
					`/remove-extend-cidr `, `/remove-extend-cidr `,
					`/tags/action {"action":"delete","tags":\[{"key":"env","value":"test"},{"key":"formula","value":"a=b"}\]}$`,
				},
				Check: []string{"tags_all.%=0"},
			},
			{To: acctest.Attributes{"timeouts {}": `create = "20m"`}, Calls: []string{}, Check: []string{"timeouts.create=20m"}},
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
			{Set: acctest.Attributes{"name": `"a b"`}, At: "name", Error: "letters, digits"},
			{Set: acctest.Attributes{"name": `""`}, At: "name", Error: "between 1 and 64"},
			{Set: acctest.Attributes{"name": `join("", [for i in range(65) : "a"])`}, At: "name", Error: "between 1 and 64"},
			{Set: acctest.Attributes{"cidr": `"10.1.0.1/16"`}, At: "cidr", Error: "host bits set; the range is 10.1.0.0/16"},
			{Set: acctest.Attributes{"cidr": `"8.0.0.0/16"`}, At: "cidr", Error: "outside"},
			{Set: acctest.Attributes{"cidr": `"10.1.0.0/29"`}, At: "cidr", Error: "29 bits"},
			{Set: acctest.Attributes{"cidr": `"ten"`}, At: "cidr", Error: "no address range"},
			{Set: acctest.Attributes{"cidr": `"fd00::/64"`}, At: "cidr", Error: "no IPv4 range"},
			{Set: acctest.Attributes{"description": `"<b>"`}, At: "description", Error: "not allowed"},
			{Set: acctest.Attributes{"description": `join("", [for i in range(256) : "a"])`}, At: "description", Error: "at most 255"},
			{Set: acctest.Attributes{"secondary_cidrs": `["10.1.128.0/17"]`}, At: "secondary_cidrs", Error: "overlap"},
			{Set: acctest.Attributes{"secondary_cidrs": `["10.2.0.0/16", "10.2.4.0/24"]`}, At: "secondary_cidrs", Error: "overlap"},
			{Set: acctest.Attributes{"secondary_cidrs": `[]`}, At: "secondary_cidrs", Error: "at least 1"},
			{Set: acctest.Attributes{"secondary_cidrs": `["ten"]`}, At: "secondary_cidrs", Error: "no address range"},
			{Set: acctest.Attributes{"enterprise_project_id": `"mine"`}, At: "enterprise_project_id", Error: "UUID"},
			{Set: acctest.Attributes{"timeouts {}": `create = "soon"`}, At: "create", Error: "must be a string containing"},
			{Set: acctest.Attributes{"region": `""`}, At: "region", Error: "at least 1"},
			{Set: acctest.Attributes{"tags": `{ "a*b" = "c" }`}, At: "tags", Error: "may not hold"},
			{Set: acctest.Attributes{"tags": `{ "" = "c" }`}, At: "tags", Error: "between 1 and 128"},
			{Set: acctest.Attributes{"tags": `{ for i in range(21) : "k${i}" => "v" }`}, At: "tags", Error: "at most 20"},
		},
	}.Test(t)
}

// Tags that are known only while Terraform applies still travel with the create call, and with a change.
func TestTagsKnownAfterApply(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t)
	const config = `
resource "hwcloud_vpc" "first" {
  name = %[1]q
  cidr = "10.1.0.0/16"
}

resource "hwcloud_vpc" "test" {
  name = "second"
  cidr = "10.2.0.0/16"
  tags = { first = hwcloud_vpc.first.updated_at }
}
`
	tagged := resource.TestCheckResourceAttrPair("hwcloud_vpc.test", "tags_all.first", "hwcloud_vpc.first", "updated_at")
	cloud.Run(
		resource.TestStep{Config: fmt.Sprintf(config, "one"), Check: resource.ComposeTestCheckFunc(tagged, func(*terraform.State) error {
			if calls := cloud.Calls("/tags/action$"); len(calls) > 0 {
				return fmt.Errorf("the tags did not travel with the create call: %v", calls)
			}
			return nil
		})},
		resource.TestStep{Config: fmt.Sprintf(config, "other"), Check: tagged},
	)
}
