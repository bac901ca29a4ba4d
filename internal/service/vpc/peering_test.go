package vpc_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

const peers = `
resource "hwcloud_vpc" "web" {
  name = "web"
  cidr = "10.1.0.0/16"
}

resource "hwcloud_vpc" "db" {
  name = "db"
  cidr = "10.2.0.0/16"
}

resource "hwcloud_vpc" "lab" {
  name = "lab"
  cidr = "10.3.0.0/16"
}
`

// otherProject is another project of the sandbox in the same region.
const otherProject = "5a0d80c0000000000000000000000103"

// foreignVPC makes a VPC that is in the other project.
func foreignVPC(c *acctest.Cloud) map[string]string {
	answer := c.Ask(cloud.VPC, "POST", "/v1/"+otherProject+"/vpcs", map[string]any{"vpc": map[string]any{"name": "foreign", "cidr": "10.9.0.0/16"}})
	return map[string]string{"foreign": answer["vpc"].(map[string]any)["id"].(string), "other_project": otherProject}
}

func TestPeering(t *testing.T) {
	t.Parallel()
	const put = `^PUT /vpc/v2.0/vpc/peerings/\S+ `
	acctest.Whole{
		Type: "hwcloud_vpc_peering", Before: foreignVPC, Needs: peers,
		Given: acctest.Attributes{
			"name":           `"web to db"`,
			"description":    `"of the shop"`,
			"vpc_id":         `hwcloud_vpc.web.id`,
			"peer_vpc_id":    `hwcloud_vpc.db.id`,
			"peer_tenant_id": `"5a0d80c0000000000000000000000101"`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"name": `"商店"`},
				Calls: []string{put + `{"peering":{"name":"商店"}}$`},
				Check: []string{"name=商店", "status=ACTIVE"},
			},
			{
				To:    acctest.Attributes{"name": `"web"`, "description": ``},
				Calls: []string{put + `{"peering":{"description":"","name":"web"}}$`},
			},
			{To: acctest.Attributes{"peer_vpc_id": `hwcloud_vpc.lab.id`, "peer_tenant_id": ``}, Replaces: true, Check: []string{"peer_tenant_id=5a0d80c0000000000000000000000101"}},
			{To: acctest.Attributes{"vpc_id": `hwcloud_vpc.db.id`}, Replaces: true},
			{
				To: acctest.Attributes{"peer_vpc_id": `local.foreign`, "peer_tenant_id": `local.other_project`}, Replaces: true,
				Calls: []string{
					`^DELETE /vpc/v2.0/vpc/peerings/\S+$`,
					`^POST /vpc/v2.0/vpc/peerings {"peering":{"accept_vpc_info":{"tenant_id":"` + otherProject + `","vpc_id":"\S+"},"name":"web","request_vpc_info":{"vpc_id":"\S+"}}}$`,
				},
				Check: []string{"status=PENDING_ACCEPTANCE"},
			},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"name": "other"}, Seen: "name"},
			{Patch: map[string]any{"description": "other"}, Seen: "description"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `""`}, At: "name", Error: "between 1 and 64"},
			{Set: acctest.Attributes{"name": `join("", [for i in range(65) : "a"])`}, At: "name", Error: "between 1 and 64"},
			{Set: acctest.Attributes{"description": `"<b>"`}, At: "description", Error: "not allowed"},
			{Set: acctest.Attributes{"description": `join("", [for i in range(256) : "a"])`}, At: "description", Error: "at most 255"},
			{Set: acctest.Attributes{"vpc_id": `"web"`}, At: "vpc_id", Error: "UUID"},
			{Set: acctest.Attributes{"vpc_id": ``}, At: "", Error: `argument "vpc_id" is required`},
			{Set: acctest.Attributes{"peer_vpc_id": `"db"`}, At: "peer_vpc_id", Error: "UUID"},
			{Set: acctest.Attributes{"vpc_id": `local.foreign`, "peer_vpc_id": `local.foreign`}, At: "peer_vpc_id", Error: "its own peer"},
			{Set: acctest.Attributes{"peer_tenant_id": `""`}, At: "peer_tenant_id", Error: "between 1 and 64"},
		},
	}.Test(t)
}

// Whatever the other side answers is a status, and no reason to change anything.
func TestPeeringStatus(t *testing.T) {
	t.Parallel()
	box, id := acctest.Start(t), ""
	config := func(name string) string {
		return peers + `
resource "hwcloud_vpc_peering" "test" {
  name        = "` + name + `"
  vpc_id      = hwcloud_vpc.web.id
  peer_vpc_id = hwcloud_vpc.db.id
}
`
	}
	is := func(status string) func() {
		return func() { box.Patch("vpc_peering", id, map[string]any{"status": status}) }
	}
	status := func(want string) resource.TestCheckFunc {
		return resource.TestCheckResourceAttr("hwcloud_vpc_peering.test", "status", want)
	}
	box.Run(
		resource.TestStep{Config: config("one"), Check: resource.ComposeTestCheckFunc(status("ACTIVE"), func(s *terraform.State) error {
			id = s.RootModule().Resources["hwcloud_vpc_peering.test"].Primary.ID
			return nil
		})},
		resource.TestStep{PreConfig: is("REJECTED"), Config: config("one"), PlanOnly: true},
		resource.TestStep{Config: config("two"), Check: status("REJECTED")},
		resource.TestStep{PreConfig: is("DELETED"), Config: config("two"), PlanOnly: true, ExpectNonEmptyPlan: true},
	)
}
