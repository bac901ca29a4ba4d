package vpc_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

func TestSecurityGroup(t *testing.T) {
	t.Parallel()
	const self = `/vpc/v3/\S+/vpc/security-groups/\S+ `
	acctest.Whole{
		Type: "hwcloud_security_group",
		Given: acctest.Attributes{
			"name":        `"web"`,
			"description": `"of the shop"`,
			"tags":        `{ env = "prod", formula = "a=b", empty = "" }`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"name": `"网页-2"`},
				Calls: []string{`^PUT ` + self + `{"security_group":{"name":"网页-2"}}$`},
				Check: []string{"name=网页-2"},
			},
			{
				To:    acctest.Attributes{"name": `"web"`, "description": ""},
				Calls: []string{`^PUT ` + self + `{"security_group":{"description":"","name":"web"}}$`},
			},
			{
				To: acctest.Attributes{"tags": `{ env = "test", formula = "a=b" }`},
				Calls: []string{
					`^POST /vpc/v2.0/\S+/security-groups/\S+/tags/action {"action":"delete","tags":\[{"key":"empty","value":""}\]}$`,
					`^POST /vpc/v2.0/\S+/security-groups/\S+/tags/action {"action":"create","tags":\[{"key":"env","value":"test"}\]}$`,
				},
				Check: []string{"tags.%=2", "tags.env=test"},
			},
			{To: acctest.Attributes{"delete_default_rules": `true`}, Calls: []string{}, Check: []string{"delete_default_rules=true"}},
			{To: acctest.Attributes{"enterprise_project_id": `"8a9d7b6c-0000-4000-8000-000000000001"`}, Replaces: true},
			{To: acctest.Attributes{"region": `"cn-east-3"`}, Replaces: true},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"name": "other"}, Seen: "name"},
			{Patch: map[string]any{"description": "other"}, Seen: "description"},
			{Patch: map[string]any{"tags": map[string]any{"env": "prod", "by": "hand"}}, Seen: "tags"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"a b"`}, At: "name", Error: "letters, digits"},
			{Set: acctest.Attributes{"name": `""`}, At: "name", Error: "between 1 and 64"},
			{Set: acctest.Attributes{"name": `join("", [for i in range(65) : "a"])`}, At: "name", Error: "between 1 and 64"},
			{Set: acctest.Attributes{"name": ``}, At: "", Error: `argument "name" is required`},
			{Set: acctest.Attributes{"description": `"<b>"`}, At: "description", Error: "not allowed"},
			{Set: acctest.Attributes{"description": `join("", [for i in range(256) : "a"])`}, At: "description", Error: "at most 255"},
			{Set: acctest.Attributes{"enterprise_project_id": `"mine"`}, At: "enterprise_project_id", Error: "UUID"},
			{Set: acctest.Attributes{"delete_default_rules": `"perhaps"`}, At: "delete_default_rules", Error: "bool"},
			{Set: acctest.Attributes{"tags": `{ "a*b" = "c" }`}, At: "tags", Error: "may not hold"},
			{Set: acctest.Attributes{"tags": `{ for i in range(21) : "k${i}" => "v" }`}, At: "tags", Error: "at most 20"},
		},
	}.Test(t)
}

// A new group keeps the cloud's rules unless it is told otherwise.
func TestDefaultRules(t *testing.T) {
	t.Parallel()
	box := acctest.Start(t)
	rules := func(name string, want int) resource.TestCheckFunc {
		return func(s *terraform.State) error {
			id, n := s.RootModule().Resources["hwcloud_security_group."+name].Primary.ID, 0
			for _, rule := range box.Objects("security_group_rule") {
				if rule["security_group_id"] == id {
					n++
				}
			}
			if n != want {
				return fmt.Errorf("the group %s has %d rules, want %d", name, n, want)
			}
			return nil
		}
	}
	box.Run(resource.TestStep{
		Config: `
resource "hwcloud_security_group" "open" {
  name = "web"
}

resource "hwcloud_security_group" "closed" {
  name                 = "web"
  delete_default_rules = true
}
`,
		Check: resource.ComposeTestCheckFunc(rules("open", 4), rules("closed", 0)),
	})
}

// A group in use is not deleted; it is tried again for a while, for what uses it may be on its way out.
func TestSecurityGroupInUse(t *testing.T) {
	t.Parallel()
	box := acctest.Start(t)
	box.Run(
		resource.TestStep{Config: `
resource "hwcloud_security_group" "test" {
  name = "web"
}
`},
		resource.TestStep{
			PreConfig: func() {
				box.Break(acctest.Fault{Method: "DELETE", Path: "/security-groups/", Times: 1, Action: map[string]any{
					"status": 409, "body": map[string]any{"error_code": "VPC.0602", "error_msg": "Security Group in use."},
				}})
			},
			Config: `# nothing is left`,
			Check: func(*terraform.State) error {
				if tried := box.Calls("^DELETE .*/security-groups/"); len(tried) != 2 || tried[0].Status != 409 || tried[1].Status != 204 {
					return fmt.Errorf("got %v", tried)
				}
				return nil
			},
		},
	)
}
