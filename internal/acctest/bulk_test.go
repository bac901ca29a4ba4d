package acctest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
)

// Refresh in bulk: the first reads go out singly, one listing serves the rest.

// many is a configuration of objects of every Kind with all that their lists have to answer as their reads do.
const many = network + `
resource "hwcloud_vpc" "many" {
  count           = 5
  name            = "many-${count.index}"
  cidr            = "10.0.0.0/16"
  description     = "the ${count.index}th"
  secondary_cidrs = ["10.1.0.0/16", "10.2.0.0/16"]
  tags            = { index = tostring(count.index) }
}
resource "hwcloud_subnet" "many" {
  count           = 5
  name            = "many-${count.index}"
  vpc_id          = hwcloud_vpc.test.id
  cidr            = "10.0.${count.index + 1}.0/24"
  gateway_ip      = "10.0.${count.index + 1}.1"
  description     = "the ${count.index}th"
  dns_servers     = ["100.125.1.250", "100.125.129.250"]
  ntp_servers     = ["10.100.0.33"]
  dhcp_lease_time = "24h"
  tags            = { index = tostring(count.index) }
}
resource "hwcloud_volume" "many" {
  count             = 5
  availability_zone = "cn-north-4a"
  volume_type       = "GPSSD2"
  size              = 20
  iops              = 3000
  throughput        = 125
  name              = "many-${count.index}"
  description       = "the ${count.index}th"
  metadata          = { owner = "shop" }
  tags              = { index = tostring(count.index) }
}
resource "hwcloud_server" "many" {
  count       = 5
  name        = "many-${count.index}"
  description = "the ${count.index}th"
  flavor_id   = "s6.small.1"
  image_id    = "` + ubuntu + `"
  networks    = [{ subnet_id = hwcloud_subnet.test.id }, { subnet_id = hwcloud_subnet.many[0].id }]
  system_disk = { volume_type = "SSD", size = 40 }
  data_disks  = [{ volume_type = "SAS", size = 10 }]
  metadata    = { owner = "shop" }
  user_data   = "#!/bin/sh\n"
  tags        = { index = tostring(count.index) }
}
`

// The list answers the same as the read: a plan from lists is as empty as one from reads, and costs a handful of calls.
func TestBulkRefresh(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	count := func(pattern string) int { return len(cloud.Calls("^GET " + pattern)) }
	cloud.Run(
		resource.TestStep{Config: many},
		unchanged(many, cloud.Forget),
		unchanged(many, func() {
			for kind, paths := range map[string][2]string{ // single read, list
				"vpc":    {`.*/vpc/vpcs/`, `.*/vpc/vpcs$`},
				"subnet": {`.*/virsubnets/`, `.*/virsubnets$`},
				"volume": {`.*/cloudvolumes/[0-9a-f]{8}-`, `/evs/v2/\S*/cloudvolumes/detail$`},
				"server": {`.*/cloudservers/[0-9a-f]{8}-`, `/ecs/\S*/cloudservers/detail$`},
			} {
				single, lists := count(paths[0]), count(paths[1])
				if kind == "volume" {
					lists -= 3 // of the servers' disks: for each that is read by itself
				}
				if single != 3 || lists < 1 || lists > 2 {
					t.Errorf("%s: %d reads and %d lists", kind, single, lists)
				}
			}
		}),
	)
}

// A write makes what was listed worthless; what was not written to stays listed.
func TestBulkRefreshForgetsAtAWrite(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	config := func(description string) string {
		var b strings.Builder
		for i := range 6 {
			fmt.Fprintf(&b, "resource \"hwcloud_vpc\" \"v%d\" {\n  name = \"v%d\"\n  cidr = \"10.0.0.0/16\"\n  description = %q\n}\n", i, i, description)
		}
		return b.String()
	}
	cloud.Run(
		resource.TestStep{Config: config("before")},
		resource.TestStep{Config: config("after"), ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction("hwcloud_vpc.v5", plancheck.ResourceActionUpdate),
		}}},
		// A change that nobody told of is seen through the list, too.
		resource.TestStep{
			PreConfig: func() {
				cloud.Patch("vpc", cloud.ID("vpc", "v4"), map[string]any{"description": "by hand"})
				cloud.Forget()
			},
			Config: config("after"), PlanOnly: true, ExpectNonEmptyPlan: true,
			ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{
				onlyChanges{"hwcloud_vpc.v4", []string{"description"}},
				plancheck.ExpectResourceAction("hwcloud_vpc.v5", plancheck.ResourceActionNoop),
			}},
		},
	)
	if lists := len(cloud.Calls(`^GET .*/vpc/vpcs$`)); lists == 0 {
		t.Error("nothing was listed: the test proves nothing")
	}
}
