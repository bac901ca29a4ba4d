package vpc_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// askedFor makes a VPC here, and peerings with it that the other project asks for.
func askedFor(names ...string) func(c *acctest.Cloud) map[string]string {
	return func(c *acctest.Cloud) map[string]string {
		own := c.Ask(cloud.VPC, "POST", "/v1/{project_id}/vpcs", map[string]any{"vpc": map[string]any{"name": "own", "cidr": "10.1.0.0/16"}})
		locals := map[string]string{"own": own["vpc"].(map[string]any)["id"].(string)}
		for i, name := range names {
			foreign := c.AskIn(otherProject, cloud.VPC, "POST", "/v1/{project_id}/vpcs", map[string]any{"vpc": map[string]any{
				"name": name, "cidr": fmt.Sprintf("10.%d.0.0/16", 20+i),
			}})
			asked := c.AskIn(otherProject, cloud.VPC, "POST", "/v2.0/vpc/peerings", map[string]any{"peering": map[string]any{
				"name": name, "description": "of " + name,
				"request_vpc_info": map[string]any{"vpc_id": foreign["vpc"].(map[string]any)["id"]},
				"accept_vpc_info":  map[string]any{"vpc_id": locals["own"], "tenant_id": "5a0d80c0000000000000000000000101"},
			}})
			locals[name] = asked["peering"].(map[string]any)["id"].(string)
		}
		return locals
	}
}

func TestPeeringAccepter(t *testing.T) {
	t.Parallel()
	acctest.Whole{
		Type: "hwcloud_vpc_peering_accepter", Kind: "vpc_peering", Before: askedFor("one", "two", "three"),
		There: func(c *acctest.Cloud, id string) bool { return c.Objects("vpc_peering")[id]["status"] == "ACTIVE" },
		Vanish: func(c *acctest.Cloud, id string) {
			c.Patch("vpc_peering", id, map[string]any{"status": "PENDING_ACCEPTANCE"})
		},
		Given: acctest.Attributes{
			"vpc_peering_id": `local.one`,
			"accept":         `true`,
		},
		Changes: []acctest.Change{
			{
				To: acctest.Attributes{"vpc_peering_id": `local.two`}, Replaces: true,
				Calls: []string{`^PUT /vpc/v2.0/vpc/peerings/\S+/accept$`},
				Check: []string{"name=two", "description=of two", "status=ACTIVE", "peer_tenant_id=" + otherProject},
			},
			{
				To: acctest.Attributes{"vpc_peering_id": `local.three`, "accept": `false`}, Replaces: true,
				Calls: []string{`^PUT /vpc/v2.0/vpc/peerings/\S+/reject$`},
				Check: []string{"name=three", "status=REJECTED"},
			},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"status": "PENDING_ACCEPTANCE"}, Seen: "accept"}, // the answer does not hold any more
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"vpc_peering_id": `"one"`}, At: "vpc_peering_id", Error: "UUID"},
			{Set: acctest.Attributes{"vpc_peering_id": `""`}, At: "vpc_peering_id", Error: "UUID"},
			{Set: acctest.Attributes{"vpc_peering_id": ``}, At: "", Error: `"vpc_peering_id" is required`},
			{Set: acctest.Attributes{"accept": ``}, At: "", Error: `"accept" is required`},
			{Set: acctest.Attributes{"accept": `"perhaps"`}, At: "accept", Error: "bool is required"},
			{Set: acctest.Attributes{"accept": `[true]`}, At: "accept", Error: "bool"},
			{Set: acctest.Attributes{"name": `"mine"`}, At: "name", Error: "read-only|not expected"},
			{Set: acctest.Attributes{"status": `"ACTIVE"`}, At: "status", Error: "read-only|not expected"},
		},
	}.Test(t)
}

// Only what waits can be answered, and what another project was asked cannot be answered here.
func TestPeeringAccepterFails(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	locals := askedFor("one")(c)
	accepter := func(id, accept string) string {
		return fmt.Sprintf(`
resource "hwcloud_vpc_peering_accepter" "test" {
  vpc_peering_id = %s
  accept         = %s
}
`, id, accept)
	}
	asked := peers + `
resource "hwcloud_vpc_peering" "test" {
  name           = "out"
  vpc_id         = hwcloud_vpc.web.id
  peer_vpc_id    = "` + foreignVPC(c)["foreign"] + `"
  peer_tenant_id = "` + otherProject + `"
}
`
	id := fmt.Sprintf("%q", locals["one"])
	c.Run(
		resource.TestStep{Config: asked},
		resource.TestStep{Config: asked + accepter("hwcloud_vpc_peering.test.id", "true"), ExpectError: regexp.MustCompile(`403.*PolicyNotAuthorized`)},
		resource.TestStep{
			PreConfig: func() {
				c.Break(acctest.Fault{Method: "PUT", Path: "/accept$", Times: 1, Action: map[string]any{"drop_after": true}})
				c.Forget()
			},
			Config: accepter(id, "true"),
			Check: func(*terraform.State) error {
				if calls := c.Calls("PUT .*/accept$"); len(calls) != 1 {
					return fmt.Errorf("accepted by %v", calls)
				}
				return nil
			},
		},
		resource.TestStep{
			PreConfig: func() { c.Patch("vpc_peering", locals["one"], map[string]any{"status": "REJECTED"}) },
			Config:    accepter(id, "true"), PlanOnly: true, ExpectNonEmptyPlan: true,
		},
		resource.TestStep{Config: accepter(id, "true"), ExpectError: regexp.MustCompile(`409.*VpcPeeringStatusConflict`)},
	)
}

// answers accept one peering and reject another. The third waits for its answer.
const answers = `
resource "hwcloud_vpc_peering_accepter" "one" {
  vpc_peering_id = local.one
  accept         = true
}

resource "hwcloud_vpc_peering_accepter" "two" {
  vpc_peering_id = local.two
  accept         = false
}
`

func TestFindPeeringAccepter(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_vpc_peering_accepter", Before: askedFor("one", "two", "three"), Needs: answers,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `local.one`}, Check: []string{"name=one", "accept=true", "status=ACTIVE"}},
			{By: acctest.Attributes{"vpc_peering_id": `local.two`}, Check: []string{"accept=false"}},
			{By: acctest.Attributes{"accept": `true`}, Check: []string{"name=one"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"three"`}, Error: "Nothing in region cn-north-4 fits name = three"},
			{Set: acctest.Attributes{"id": `local.three`}, Error: "Nothing in region cn-north-4 fits id"},
			{Set: acctest.Attributes{"vpc_id": `local.own`}, Error: "Found 2 of hwcloud_vpc_peering_accepter"},
		},
	}.Test(t)
}

func TestFindPeeringAccepters(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_vpc_peering_accepters", Before: askedFor("one", "two", "three"), Needs: answers,
		Found: []acctest.Found{
			{Check: []string{"vpc_peering_accepters.#=2", "vpc_peering_accepters.0.name=one", "vpc_peering_accepters.1.accept=false"}},
			{By: acctest.Attributes{"status": `"REJECTED"`}, Check: []string{"vpc_peering_accepters.#=1", "vpc_peering_accepters.0.name=two"}},
			{By: acctest.Attributes{"name": `"three"`}, Check: []string{"vpc_peering_accepters.#=0"}},
		},
	}.Test(t)
}
