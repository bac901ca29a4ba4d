package acctest

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
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
					lists -= 2 // of the servers' disks: for each that is read by itself
				}
				if single != 2 || lists < 1 || lists > 2 {
					t.Errorf("%s: %d reads and %d lists", kind, single, lists)
				}
			}
		}),
	)
}

// A change that nobody told of is seen through the list as through the read.
func TestBulkRefreshSeesDrift(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	config := vpcs("a", "b", "c", "d", "e", "f")
	cloud.Run(
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
					cloud.Patch("vpc", cloud.ID("vpc", name), map[string]any{"description": "by hand"})
				}
				cloud.Forget()
			},
			Config: config, PlanOnly: true, ExpectNonEmptyPlan: true,
			ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{
				onlyChanges{"hwcloud_vpc.a", []string{"description"}}, onlyChanges{"hwcloud_vpc.d", []string{"description"}},
				onlyChanges{"hwcloud_vpc.e", []string{"description"}}, onlyChanges{"hwcloud_vpc.f", []string{"description"}},
			}},
		},
	)
	if lists, reads := len(cloud.Calls(`^GET .*/vpc/vpcs$`)), len(cloud.Calls(`^GET .*/vpc/vpcs/`)); lists == 0 || reads < 3 {
		t.Errorf("%d lists and %d reads: the test proves nothing", lists, reads)
	}
}

// Any write makes what was listed worthless.
func TestBulkRefreshForgetsAtAWrite(t *testing.T) {
	t.Parallel()
	c := Start(t)
	w := c.wire(t)
	var states []*tfprotov6.ApplyResourceChangeResponse
	for i := range 6 {
		states = append(states, w.create("hwcloud_vpc", map[string]any{"name": fmt.Sprint("v", i), "cidr": "10.0.0.0/16"}))
	}
	read := func(i int) any {
		state, _ := w.readVPC(states[i].NewState, states[i].Private, states[i].NewIdentity)
		return state["description"]
	}
	for i := range states {
		if got := read(i); got != nil {
			t.Errorf("v%d has the description %v", i, got)
		}
	}
	c.Patch("vpc", c.ID("vpc", "v5"), map[string]any{"description": "by hand"})
	if got := read(5); got != nil {
		t.Errorf("v5 was not served from a list: the test proves nothing (%v)", got)
	}
	w.create("hwcloud_vpc", map[string]any{"name": "another", "cidr": "10.0.0.0/16"})
	if got := read(5); got != "by hand" {
		t.Errorf("after a write, v5 is served as it was before: %v", got)
	}
}
