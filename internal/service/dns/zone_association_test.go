package dns_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

// privateZones are of the first VPC.
const privateZones = vpcs + `
resource "hwcloud_dns_zone" "internal" {
  name      = "internal."
  zone_type = "private"
  routers   = [local.one]
}

resource "hwcloud_dns_zone" "other" {
  name      = "other."
  zone_type = "private"
  routers   = [local.one]
}
`

// routersOf are the VPCs that the sandbox's zone has, and the place among them of the one that an id names, or -1.
func routersOf(c *acctest.Cloud, id string) (zone string, routers []any, place int) {
	zone, vpc, _ := strings.Cut(id, "/")
	routers, _ = c.Objects("dns_zone")[zone]["routers"].([]any)
	return zone, routers, slices.IndexFunc(routers, func(one any) bool { return one.(map[string]any)["router_id"] == vpc })
}

func TestZoneAssociation(t *testing.T) {
	t.Parallel()
	acctest.Whole{
		Type: "hwcloud_dns_zone_association", Needs: privateZones,
		There: func(c *acctest.Cloud, id string) bool {
			_, _, place := routersOf(c, id)
			return place >= 0
		},
		Vanish: func(c *acctest.Cloud, id string) {
			zone, routers, place := routersOf(c, id)
			c.Patch("dns_zone", zone, map[string]any{"routers": slices.Delete(routers, place, place+1)})
		},
		Given: acctest.Attributes{
			"zone_id":       `hwcloud_dns_zone.internal.id`,
			"router_id":     `hwcloud_vpc.two.id`,
			"router_region": `"cn-north-4"`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"router_id": `hwcloud_vpc.far.id`, "router_region": `"cn-east-3"`},
				Calls: []string{leave + `cn-north-4"}}$`, join + `cn-east-3"}}$`}, Replaces: true,
				Check: []string{"router_region=cn-east-3", "status=ACTIVE"},
			},
			{To: acctest.Attributes{"zone_id": `hwcloud_dns_zone.other.id`}, Replaces: true, Check: []string{"status=ACTIVE"}},
			{
				To:    acctest.Attributes{"router_id": `hwcloud_vpc.two.id`, "router_region": ``},
				Calls: []string{leave + `cn-east-3"}}$`, `^POST /dns/v2/zones/\w+/associaterouter {"router":{"router_id":"[0-9a-f-]+"}}$`}, Replaces: true,
				Check: []string{"router_region=cn-north-4"},
			},
		},
		Drift: []acctest.Drift{{Do: func(c *acctest.Cloud, id string) {
			zone, routers, place := routersOf(c, id)
			routers[place].(map[string]any)["router_region"] = "cn-east-3"
			c.Patch("dns_zone", zone, map[string]any{"routers": routers})
		}, Seen: "router_region"}},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"zone_id": `"internal."`}, At: "zone_id", Error: "id of a zone"},
			{Set: acctest.Attributes{"zone_id": `""`}, At: "zone_id", Error: "id of a zone"},
			{Set: acctest.Attributes{"zone_id": `"2c9eb155587194ec01587224c9f90149/5a0d80c0-0000-4000-8000-000000000000"`}, At: "zone_id", Error: "id of a zone"},
			{Set: acctest.Attributes{"zone_id": ``}, At: "", Error: `"zone_id" is required`},
			{Set: acctest.Attributes{"router_id": `"two"`}, At: "router_id", Error: "UUID"},
			{Set: acctest.Attributes{"router_id": `""`}, At: "router_id", Error: "UUID"},
			{Set: acctest.Attributes{"router_id": ``}, At: "", Error: `"router_id" is required`},
			{Set: acctest.Attributes{"router_region": `""`}, At: "router_region", Error: "at least 1"},
			{Set: acctest.Attributes{"router_region": `["cn-north-4"]`}, At: "router_region", Error: "string required"},
		},
	}.Test(t)
}

// A zone's own list of VPCs and the associations beside it leave each other alone.
func TestZoneAndAssociations(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	zone := func(routers string) string {
		return vpcs + fmt.Sprintf(`
resource "hwcloud_dns_zone" "test" {
  name      = "internal."
  zone_type = "private"
  routers   = [%s]
}
`, routers)
	}
	association := func(name string) string {
		return fmt.Sprintf(`
resource "hwcloud_dns_zone_association" %[1]q {
  zone_id       = hwcloud_dns_zone.test.id
  router_id     = hwcloud_vpc.%[1]s.id
  router_region = hwcloud_vpc.%[1]s.region
}
`, name)
	}
	has := func(own int, names ...string) resource.TestCheckFunc {
		return resource.ComposeTestCheckFunc(
			resource.TestCheckResourceAttr("hwcloud_dns_zone.test", "routers.#", fmt.Sprint(own)),
			func(s *terraform.State) error {
				_, routers, _ := routersOf(c, s.RootModule().Resources["hwcloud_dns_zone.test"].Primary.ID)
				var there []string
				for _, one := range routers {
					there = append(there, fmt.Sprint(c.Objects("vpc")[one.(map[string]any)["router_id"].(string)]["name"]))
				}
				if slices.Sort(there); !slices.Equal(there, names) {
					return fmt.Errorf("the zone has %v and not %v", there, names)
				}
				return nil
			},
		)
	}
	both := association("two") + association("far")
	c.Run(
		resource.TestStep{Config: zone("local.one") + both, Check: has(1, "far", "one", "two")},
		resource.TestStep{Config: zone("local.one") + both, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
		// It moves from an association to the zone in two steps, or the zone would find it there.
		resource.TestStep{Config: zone("local.one") + association("far"), Check: has(1, "far", "one")},
		resource.TestStep{Config: zone("local.one, local.two") + association("far"), Check: has(2, "far", "one", "two")},
		resource.TestStep{Config: zone("local.two") + association("far"), Check: has(1, "far", "two")},
		// What somebody takes away comes back, and what somebody adds stays: it is not the zone's to end.
		resource.TestStep{
			PreConfig: func() {
				c.Patch("dns_zone", c.ID("dns_zone", "internal."), map[string]any{"routers": []any{
					map[string]any{"router_id": c.ID("vpc", "one"), "router_region": "cn-north-4", "status": "ACTIVE"},
				}})
			},
			Config: zone("local.two") + association("far"), Check: has(1, "far", "one", "two"),
		},
		// An import takes all of them for the zone's own.
		resource.TestStep{
			ResourceName: "hwcloud_dns_zone.test", ImportState: true,
			ImportStateCheck: func(states []*terraform.InstanceState) error {
				if n := states[0].Attributes["routers.#"]; n != "3" {
					return fmt.Errorf("%s VPCs were imported", n)
				}
				return nil
			},
		},
		resource.TestStep{Config: zone("local.two") + both, ExpectError: regexp.MustCompile(`(?s)Cannot create hwcloud_dns_zone_association.*409 DNS.0212`)},
	)
}

const associations = privateZones + `
resource "hwcloud_dns_zone_association" "two" {
  zone_id   = hwcloud_dns_zone.internal.id
  router_id = hwcloud_vpc.two.id
}
`

func TestFindZoneAssociation(t *testing.T) {
	t.Parallel()
	const zone = `hwcloud_dns_zone_association.two.zone_id`
	acctest.Lookup{
		Type: "hwcloud_dns_zone_association", Needs: associations,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_dns_zone_association.two.id`}, Check: []string{"router_region=cn-north-4", "status=ACTIVE"}},
			{By: acctest.Attributes{"zone_id": zone, "router_id": `hwcloud_vpc.one.id`}, Check: []string{"status=ACTIVE"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"router_id": `hwcloud_vpc.one.id`}, Error: "without an id, zone_id is needed"},
			{Set: acctest.Attributes{"id": zone}, Error: "is not of the form zone_id/router_id"},
			{Set: acctest.Attributes{"zone_id": zone, "router_id": `hwcloud_vpc.far.id`}, Error: "Nothing .* fits"},
			{Set: acctest.Attributes{"zone_id": zone}, Error: "Found 2 of hwcloud_dns_zone_association"},
		},
	}.Test(t)
}

func TestFindZoneAssociations(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_dns_zone_associations", Needs: associations,
		Found: []acctest.Found{
			{By: acctest.Attributes{"zone_id": `hwcloud_dns_zone_association.two.zone_id`}, Check: []string{"dns_zone_associations.#=2"}},
			{By: acctest.Attributes{"zone_id": `hwcloud_dns_zone.other.id`}, Check: []string{"dns_zone_associations.#=1", "dns_zone_associations.0.status=ACTIVE"}},
			{By: acctest.Attributes{"zone_id": `hwcloud_dns_zone.other.id`, "status": `"ERROR"`}, Check: []string{"dns_zone_associations.#=0"}},
		},
	}.Test(t)
}
