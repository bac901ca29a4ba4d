package vpc_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

// tableOf is the table and the destination of a route, by its id, and all routes of that table in the sandbox.
func tableOf(c *acctest.Cloud, id string) (table, destination string, routes []any) {
	table, destination, _ = strings.Cut(id, "/")
	routes, _ = c.Objects("route_table")[table]["routes"].([]any)
	return table, destination, routes
}

func TestRouteTable(t *testing.T) {
	t.Parallel()
	const (
		put    = `^PUT /vpc/v1/\S+/routetables/\S+ `
		action = `^POST /vpc/v1/\S+/routetables/\S+/action {"routetable":{"subnets":{`
	)
	acctest.Whole{
		Type: "hwcloud_route_table", Needs: place + neighbour,
		Given: acctest.Attributes{
			"vpc_id":      `hwcloud_vpc.test.id`,
			"name":        `"front"`,
			"description": `"of the shop"`,
			"subnet_ids":  `[hwcloud_subnet.front.id]`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"name": `"前"`},
				Calls: []string{put + `{"routetable":{"name":"前"}}$`},
				Check: []string{"name=前", "default=false"},
			},
			{
				To: acctest.Attributes{"name": ``, "description": ``, "subnet_ids": `[hwcloud_subnet.back.id]`},
				Calls: []string{
					put + `{"routetable":{"description":"","name":""}}$`, action + `"disassociate":\["\S+"\]}}}$`, action + `"associate":\["\S+"\]}}}$`,
				},
				Check: []string{"subnet_ids.#=1"},
			},
			{
				To:    acctest.Attributes{"subnet_ids": `[hwcloud_subnet.back.id, hwcloud_subnet.front.id]`},
				Calls: []string{action + `"associate":\["\S+"\]}}}$`},
				Check: []string{"subnet_ids.#=2"},
			},
			{To: acctest.Attributes{"subnet_ids": `[]`}, Calls: []string{action + `"dis`, action + `"dis`}, Check: []string{"subnet_ids.#=0"}},
			{To: acctest.Attributes{"vpc_id": `hwcloud_vpc.db.id`}, Replaces: true},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"name": "other"}, Seen: "name"},
			{Patch: map[string]any{"description": "other"}, Seen: "description"},
			{Patch: map[string]any{"subnets": []any{}}, Seen: "subnet_ids"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"vpc_id": `"web"`}, At: "vpc_id", Error: "UUID"},
			{Set: acctest.Attributes{"vpc_id": ``}, At: "", Error: `argument "vpc_id" is required`},
			{Set: acctest.Attributes{"name": `"a b"`}, At: "name", Error: "letters, digits"},
			{Set: acctest.Attributes{"name": `""`}, At: "name", Error: "between 1 and 64"},
			{Set: acctest.Attributes{"name": `join("", [for i in range(65) : "a"])`}, At: "name", Error: "between 1 and 64"},
			{Set: acctest.Attributes{"description": `"<b>"`}, At: "description", Error: "not allowed"},
			{Set: acctest.Attributes{"description": `join("", [for i in range(256) : "a"])`}, At: "description", Error: "at most 255"},
			{Set: acctest.Attributes{"subnet_ids": `["front"]`}, At: "subnet_ids", Error: "UUID"},
			{Set: acctest.Attributes{"subnet_ids": `"front"`}, At: "subnet_ids", Error: "set of string required"},
		},
	}.Test(t)
}

// tables are two that share the subnets of a VPC between them.
func tables(one, other string) string {
	return place + fmt.Sprintf(`
resource "hwcloud_route_table" "one" {
  vpc_id     = hwcloud_vpc.test.id
  name       = "one"
  subnet_ids = [%s]
}

resource "hwcloud_route_table" "other" {
  vpc_id     = hwcloud_vpc.test.id
  name       = "other"
  subnet_ids = [%s]
}
`, one, other)
}

// Subnets change places between tables in one apply, in whichever order the tables are changed, and whoever moved them before.
func TestRouteTablesTrade(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	const front, back = "hwcloud_subnet.front.id", "hwcloud_subnet.back.id"
	lose := func() { // the answers, not the calls
		c.Break(acctest.Fault{Method: "POST", Path: "/action$", Times: 2, Action: map[string]any{"drop_after": true}})
	}
	c.Run(
		resource.TestStep{Config: tables(front, back)},
		resource.TestStep{PreConfig: lose, Config: tables(back, front)},
		resource.TestStep{Config: tables(back, front), PlanOnly: true},
		resource.TestStep{Config: tables(front+", "+back, "")},
		resource.TestStep{Config: tables(front+", "+back, ""), PlanOnly: true},
		resource.TestStep{
			PreConfig: func() {
				c.Patch("route_table", c.ID("route_table", "one"), map[string]any{"subnets": []any{c.ID("subnet", "front")}})
				c.Patch("route_table", c.ID("route_table", "other"), map[string]any{"subnets": []any{c.ID("subnet", "back")}})
			},
			Config: tables(back, front),
		},
		resource.TestStep{Config: tables(back, front), PlanOnly: true},
		resource.TestStep{PreConfig: lose, Config: place}, // tables go before their subnets, which leave them
	)
	if left := c.Objects("route_table"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// The default table can be taken over, with the subnets that are in no other, and stays when it is to be destroyed.
func TestDefaultRouteTable(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	config := place + `
data "hwcloud_route_table" "main" {
  vpc_id     = hwcloud_vpc.test.id
  default    = true
  depends_on = [hwcloud_subnet.front, hwcloud_subnet.back]
}
`
	managed := config + `
import {
  to = hwcloud_route_table.main
  id = data.hwcloud_route_table.main.id
}

resource "hwcloud_route_table" "main" {
  vpc_id = hwcloud_vpc.test.id
  name   = "main"
}
`
	c.Run(
		resource.TestStep{Config: config, Check: resource.TestCheckResourceAttr("data.hwcloud_route_table.main", "subnet_ids.#", "2")},
		resource.TestStep{
			PreConfig: c.Forget, Config: managed,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("hwcloud_route_table.main", plancheck.ResourceActionUpdate),
			}},
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckResourceAttr("hwcloud_route_table.main", "default", "true"),
				resource.TestCheckResourceAttr("hwcloud_route_table.main", "subnet_ids.#", "2"),
				func(*terraform.State) error {
					if calls := c.Writes(); len(calls) != 1 {
						return fmt.Errorf("called: %v", calls)
					}
					return nil
				},
			),
		},
		resource.TestStep{Config: config, ExpectError: regexp.MustCompile(`(?s)Cannot delete hwcloud_route_table "main".*VPC.2801`)},
		resource.TestStep{Config: config + `
removed {
  from = hwcloud_route_table.main
  lifecycle {
    destroy = false
  }
}
`},
	)
}

const twoTables = place + `
resource "hwcloud_route_table" "front" {
  vpc_id      = hwcloud_vpc.test.id
  name        = "front"
  description = "of the shop"
  subnet_ids  = [hwcloud_subnet.front.id]
}

resource "hwcloud_route_table" "spare" {
  vpc_id = hwcloud_vpc.test.id
  name   = "spare"
}
`

func TestFindRouteTable(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_route_table", Needs: twoTables,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_route_table.front.id`}, Check: []string{"name=front", "default=false", "subnet_ids.#=1"}},
			{By: acctest.Attributes{"vpc_id": `hwcloud_vpc.test.id`, "default": `true`}, Check: []string{"name=rtb-web", "subnet_ids.#=1"}},
			{By: acctest.Attributes{"name": `"front"`}, Check: []string{"description=of the shop"}},
			{By: acctest.Attributes{"name_regex": `"^sp"`}, Check: []string{"subnet_ids.#=0"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"gone"`}, Error: "Nothing in region cn-north-4 fits name = gone"},
			{Set: acctest.Attributes{"vpc_id": `hwcloud_vpc.test.id`, "default": `false`}, Error: "Found 2 of hwcloud_route_table"},
		},
	}.Test(t)
}

func TestFindRouteTables(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_route_tables", Needs: twoTables,
		Found: []acctest.Found{
			{By: acctest.Attributes{"vpc_id": `hwcloud_vpc.test.id`}, Check: []string{"route_tables.#=3", "route_tables.0.name=front", "route_tables.1.default=true"}},
			{By: acctest.Attributes{"default": `false`}, Check: []string{"route_tables.#=2"}},
			{By: acctest.Attributes{"vpc_id": `hwcloud_subnet.front.id`}, Check: []string{"route_tables.#=0"}},
		},
	}.Test(t)
}
