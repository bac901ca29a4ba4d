package vpc_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

// neighbour is a second VPC.
const neighbour = `
resource "hwcloud_vpc" "db" {
  name = "db"
  cidr = "10.2.0.0/16"
}
`

// routed is where the tests' routes are: two tables, and next hops of the kinds that the sandbox knows.
const routed = place + neighbour + `
resource "hwcloud_route_table" "test" {
  count  = 2
  vpc_id = hwcloud_vpc.test.id
  name   = "table-${count.index}"
}

resource "hwcloud_port" "test" {
  network_id = hwcloud_subnet.front.id
}

resource "hwcloud_vpc_peering" "test" {
  name        = "test"
  vpc_id      = hwcloud_vpc.test.id
  peer_vpc_id = hwcloud_vpc.db.id
}
`

func TestRoute(t *testing.T) {
	t.Parallel()
	const put = `^PUT /vpc/v1/\S+/routetables/\S+ {"routetable":{"routes":{`
	acctest.Whole{
		Type: "hwcloud_route", Needs: routed,
		There: func(c *acctest.Cloud, id string) bool {
			_, destination, routes := tableOf(c, id)
			return slices.ContainsFunc(routes, func(r any) bool { return r.(map[string]any)["destination"] == destination })
		},
		Vanish: func(c *acctest.Cloud, id string) {
			table, _, _ := tableOf(c, id)
			c.Patch("route_table", table, map[string]any{"routes": []any{}})
		},
		Given: acctest.Attributes{
			"route_table_id": `hwcloud_route_table.test[0].id`,
			"destination":    `"10.2.0.0/16"`,
			"type":           `"peering"`,
			"nexthop":        `hwcloud_vpc_peering.test.id`,
			"description":    `"to the database"`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"type": `"eni"`, "nexthop": `hwcloud_port.test.id`},
				Calls: []string{put + `"mod":\[{"description":"to the database","destination":"10.2.0.0/16","nexthop":"\S+","type":"eni"}\]}}}$`},
				Check: []string{"type=eni"},
			},
			{
				To:    acctest.Attributes{"description": ``},
				Calls: []string{put + `"mod":\[{"description":"","destination":"10.2.0.0/16","nexthop":"\S+","type":"eni"}\]}}}$`},
			},
			{
				To: acctest.Attributes{"destination": `"0.0.0.0/0"`, "type": `"nat"`, "nexthop": `"a41bd2bb-5c3b-4f4f-b3ad-6ad86b6a3c2a"`}, Replaces: true,
				Calls: []string{
					put + `"del":\[{"destination":"10.2.0.0/16"}\]}}}$`,
					put + `"add":\[{"destination":"0.0.0.0/0","nexthop":"\S+","type":"nat"}\]}}}$`,
				},
			},
			{To: acctest.Attributes{"route_table_id": `hwcloud_route_table.test[1].id`}, Replaces: true},
			{To: acctest.Attributes{"route_table_id": ``, "vpc_id": `hwcloud_vpc.test.id`, "destination": `"fd00::/8"`}, Replaces: true},
			{To: acctest.Attributes{"vpc_id": `hwcloud_vpc.db.id`}, Replaces: true},
		},
		Drift: []acctest.Drift{
			{
				Do: func(c *acctest.Cloud, id string) {
					table, destination, _ := tableOf(c, id)
					c.Patch("route_table", table, map[string]any{"routes": []any{map[string]any{
						"destination": destination, "type": "eni", "nexthop": "by hand", "description": "by hand",
					}}})
				},
				Seen: "type",
			},
			{Seen: "nexthop"},
			{Seen: "description"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"route_table_id": `"main"`}, At: "route_table_id", Error: "UUID"},
			{Set: acctest.Attributes{"route_table_id": ``}, At: "", Error: "either a route_table_id, or a vpc_id"},
			{Set: acctest.Attributes{"route_table_id": `"8a9d7b6c-0000-4000-8000-000000000001"`, "vpc_id": `"8a9d7b6c-0000-4000-8000-000000000001"`}, At: "route_table_id", Error: "either a route_table_id, or a vpc_id"},
			{Set: acctest.Attributes{"route_table_id": ``, "vpc_id": `"web"`}, At: "vpc_id", Error: "UUID"},
			{Set: acctest.Attributes{"destination": `"10.2.0.1/16"`}, At: "destination", Error: "host bits set; the range is 10.2.0.0/16"},
			{Set: acctest.Attributes{"destination": `"everywhere"`}, At: "destination", Error: "no address range"},
			{Set: acctest.Attributes{"destination": `"FD00::/8"`}, At: "destination", Error: "written fd00::/8"},
			{Set: acctest.Attributes{"destination": ``}, At: "", Error: `"destination" is required`},
			{Set: acctest.Attributes{"type": `"local"`}, At: "type", Error: "must be one of"},
			{Set: acctest.Attributes{"nexthop": `""`}, At: "nexthop", Error: "at least 1"},
			{Set: acctest.Attributes{"nexthop": `"10.1.1.1"`}, At: "nexthop", Error: "type peering has an id"},
			{Set: acctest.Attributes{"type": `"vip"`, "nexthop": `"a41bd2bb-5c3b-4f4f-b3ad-6ad86b6a3c2a"`}, At: "nexthop", Error: "type vip has an address"},
			{Set: acctest.Attributes{"description": `"<b>"`}, At: "description", Error: "not allowed"},
			{Set: acctest.Attributes{"description": `join("", [for i in range(256) : "a"])`}, At: "description", Error: "at most 255"},
		},
	}.Test(t)
}

// manyRoutes are some of a VPC's default table.
func manyRoutes(n int) string {
	return routed + fmt.Sprintf(`
resource "hwcloud_route" "test" {
  count       = %d
  vpc_id      = hwcloud_vpc.test.id
  destination = "10.${10 + count.index}.0.0/16"
  type        = "peering"
  nexthop     = hwcloud_vpc_peering.test.id
}
`, n)
}

// Routes of one table are written one after the other, however slow the cloud is, and one read of it is enough for many.
func TestRoutesOfOneTable(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Run(
		resource.TestStep{PreConfig: func() { c.Configure(map[string]any{"latency_ms": 20}) }, Config: manyRoutes(12), Check: func(*terraform.State) error {
			writes := c.Calls(`^PUT /vpc/v1/\S+/routetables/`)
			for i, write := range writes {
				for _, other := range writes[:i] {
					if write.Began.Before(other.Ended) && other.Began.Before(write.Ended) {
						return fmt.Errorf("side by side: %s and %s", other, write)
					}
				}
			}
			if len(writes) != 12 {
				return fmt.Errorf("%d writes", len(writes))
			}
			return nil
		}},
		resource.TestStep{PreConfig: c.Forget, RefreshState: true, Check: func(*terraform.State) error {
			if reads := c.Calls(`^GET /vpc/v1/\S+/routetables/`); len(reads) > 7 { // of the two other tables too
				return fmt.Errorf("12 routes cost %d reads of their table", len(reads))
			}
			return nil
		}},
		resource.TestStep{Config: manyRoutes(1)},
		resource.TestStep{Config: manyRoutes(1), PlanOnly: true},
	)
}

// What is refused leaves nothing behind, and what is made although its answer is lost is found.
func TestRouteFails(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	again := `
resource "hwcloud_route" "again" {
  vpc_id      = hwcloud_vpc.test.id
  destination = hwcloud_route.test[0].destination
  type        = "nat"
  nexthop     = "a41bd2bb-5c3b-4f4f-b3ad-6ad86b6a3c2a"
}
`
	c.Run(
		resource.TestStep{
			PreConfig: func() {
				c.Break(acctest.Fault{Method: "PUT", Path: "/routetables/", Times: 1, Action: map[string]any{"drop_after": true}})
			},
			Config: manyRoutes(1),
		},
		resource.TestStep{Config: manyRoutes(1) + again, ExpectError: regexp.MustCompile(`(?s)Cannot create hwcloud_route.*VPC.2812`)},
		resource.TestStep{
			Config:      manyRoutes(1) + strings.Replace(again, "hwcloud_vpc.test.id", `"a41bd2bb-5c3b-4f4f-b3ad-6ad86b6a3c2a"`, 1),
			ExpectError: regexp.MustCompile(`route_table_id is left out and cannot be found out`),
		},
		resource.TestStep{Config: manyRoutes(1), PlanOnly: true},
		resource.TestStep{
			Config: manyRoutes(1), ResourceName: "hwcloud_route.test[0]", ImportState: true, ImportStateId: "10.10.0.0",
			ExpectError: regexp.MustCompile(`is not of the form\s+route_table_id/destination`),
		},
	)
}

func TestFindRoute(t *testing.T) {
	t.Parallel()
	const table = `hwcloud_route.test[0].route_table_id`
	acctest.Lookup{
		Type: "hwcloud_route", Needs: manyRoutes(2),
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_route.test[0].id`}, Check: []string{"destination=10.10.0.0/16", "type=peering"}},
			{By: acctest.Attributes{"route_table_id": table, "destination": `"10.11.0.0/16"`}, Check: []string{"type=peering"}},
			{By: acctest.Attributes{"route_table_id": table, "destination": `"10.1.1.0/24"`}, Check: []string{"type=local"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"destination": `"10.10.0.0/16"`}, Error: "without an id, route_table_id is needed"},
			{Set: acctest.Attributes{"route_table_id": table, "destination": `"0.0.0.0/0"`}, Error: "Nothing .* fits"},
			{Set: acctest.Attributes{"route_table_id": table, "type": `"peering"`}, Error: "Found 2 of hwcloud_route"},
		},
	}.Test(t)
}

func TestFindRoutes(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_routes", Needs: manyRoutes(2),
		Found: []acctest.Found{
			{By: acctest.Attributes{"route_table_id": `hwcloud_route.test[0].route_table_id`}, Check: []string{"routes.#=6"}},
			{By: acctest.Attributes{"route_table_id": `hwcloud_route.test[0].route_table_id`, "type": `"peering"`, "vpc_id": `hwcloud_vpc.test.id`}, Check: []string{"routes.#=2"}},
			{By: acctest.Attributes{"route_table_id": `hwcloud_route_table.test[1].id`, "type": `"peering"`}, Check: []string{"routes.#=0"}},
		},
	}.Test(t)
}
