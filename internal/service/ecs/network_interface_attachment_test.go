package ecs_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// spares are security groups and ports that no server uses.
const spares = `
resource "hwcloud_security_group" "test" {
  count = 2
  name  = "group-${count.index}"
}

resource "hwcloud_subnet" "six" {
  name         = "six"
  vpc_id       = hwcloud_vpc.test.id
  cidr         = "10.1.6.0/24"
  gateway_ip   = "10.1.6.1"
  ipv6_enabled = true
}

resource "hwcloud_port" "test" {
  count      = 2
  network_id = hwcloud_subnet.back.id
  name       = "spare-${count.index}"
}
`

// interfaces are the sandbox's records of a server's interfaces.
func interfaces(c *acctest.Cloud, server string) (nics []any) {
	nics, _ = c.Objects("server")[server]["nics"].([]any)
	return nics
}

// without takes a port away from a server's interfaces.
func without(c *acctest.Cloud, server, port string) {
	nics := slices.DeleteFunc(interfaces(c, server), func(nic any) bool { return nic.(map[string]any)["port_id"] == port })
	c.Patch("server", server, map[string]any{"nics": nics})
}

func TestNetworkInterfaceAttachment(t *testing.T) {
	t.Parallel()
	const (
		nics = `^POST /ecs/v1/\S+/cloudservers/\S+/nics `
		gone = `^POST /ecs/v1/\S+/cloudservers/\S+/nics/delete {"nics":\[{"id":"\S+"}\]}$`
		dies = `^PUT /ecs/v1/\S+/cloudservers/\S+/os-interface/\S+ {"interface_attachment":{"delete_on_termination":`
	)
	acctest.Whole{
		Type: "hwcloud_network_interface_attachment", Needs: servers + spares,
		There: func(c *acctest.Cloud, id string) bool {
			server, port, _ := strings.Cut(id, "/")
			return slices.ContainsFunc(interfaces(c, server), func(nic any) bool { return nic.(map[string]any)["port_id"] == port })
		},
		Vanish: func(c *acctest.Cloud, id string) {
			server, port, _ := strings.Cut(id, "/")
			without(c, server, port)
			c.Delete("port", port)
		},
		Given: acctest.Attributes{
			"server_id":             `hwcloud_server.test[0].id`,
			"subnet_id":             `hwcloud_subnet.back.id`,
			"fixed_ip":              `"10.1.2.10"`,
			"security_group_ids":    `[hwcloud_security_group.test[0].id]`,
			"delete_on_termination": `true`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"security_group_ids": `hwcloud_security_group.test[*].id`},
				Calls: []string{`^PUT /vpc/v1/\S+/ports/\S+ {"port":{"security_groups":\["\S+","\S+"\]}}$`},
				Check: []string{"security_group_ids.#=2", "status=ACTIVE", "fixed_ip=10.1.2.10"},
			},
			{
				To:    acctest.Attributes{"delete_on_termination": `false`},
				Calls: []string{dies + `false}}$`},
				Check: []string{"delete_on_termination=false"},
			},
			{To: acctest.Attributes{"delete_on_termination": `true`}, Calls: []string{dies + `true}}$`}}, // else the port stays
			{
				To: acctest.Attributes{"fixed_ip": `"10.1.2.11"`, "delete_on_termination": ``, "security_group_ids": `[hwcloud_security_group.test[1].id]`}, Replaces: true,
				Calls: []string{gone, nics + `{"nics":\[{"ip_address":"10.1.2.11","security_groups":\[{"id":"\S+"}\],"subnet_id":"\S+"}\]}$`},
				Check: []string{"fixed_ip=10.1.2.11", "delete_on_termination=true", "security_group_ids.#=1"},
			},
			{
				To: acctest.Attributes{"subnet_id": `hwcloud_subnet.six.id`, "fixed_ip": ``, "ipv6_enabled": `true`, "security_group_ids": ``}, Replaces: true,
				Calls: []string{gone, nics + `{"nics":\[{"ipv6_enable":true,"subnet_id":"\S+"}\]}$`},
				Check: []string{"fixed_ip=10.1.6.2", "ipv6_enabled=true"},
			},
			{
				To: acctest.Attributes{"subnet_id": ``, "ipv6_enabled": ``, "port_id": `hwcloud_port.test[0].id`}, Replaces: true,
				Calls: []string{gone, nics + `{"nics":\[{"port_id":"\S+"}\]}$`},
				Check: []string{"delete_on_termination=false", "ipv6_enabled=false"},
			},
			{To: acctest.Attributes{"port_id": `hwcloud_port.test[1].id`}, Replaces: true},
			{To: acctest.Attributes{"server_id": `hwcloud_server.test[1].id`, "delete_on_termination": `false`}, Replaces: true},
		},
		Drift: []acctest.Drift{
			{Do: func(c *acctest.Cloud, id string) {
				server, port, _ := strings.Cut(id, "/")
				nics := interfaces(c, server)
				nics[len(nics)-1].(map[string]any)["delete_on_termination"] = false
				c.Patch("server", server, map[string]any{"nics": nics})
				c.Patch("port", port, map[string]any{"security_groups": []any{}})
			}, Seen: "delete_on_termination"},
			{Seen: "security_group_ids"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"server_id": `"web-1"`}, At: "server_id", Error: "UUID"},
			{Set: acctest.Attributes{"server_id": ``}, At: "", Error: `"server_id" is required`},
			{Set: acctest.Attributes{"subnet_id": `"back"`}, At: "subnet_id", Error: "UUID"},
			{Set: acctest.Attributes{"subnet_id": ``}, At: "", Error: "either the port_id of an existing port, or the subnet_id"},
			{Set: acctest.Attributes{"port_id": `"8a9d7b6c-0000-4000-8000-000000000001"`, "subnet_id": `"8a9d7b6c-0000-4000-8000-000000000001"`}, At: "port_id", Error: "either the port_id of an existing port, or the subnet_id"},
			{Set: acctest.Attributes{"port_id": `"eth1"`, "subnet_id": ``, "fixed_ip": ``, "security_group_ids": ``}, At: "port_id", Error: "UUID"},
			{Set: acctest.Attributes{"port_id": `"8a9d7b6c-0000-4000-8000-000000000001"`, "subnet_id": ``, "security_group_ids": ``}, At: "fixed_ip", Error: "has its own. Leave fixed_ip out"},
			{Set: acctest.Attributes{"port_id": `"8a9d7b6c-0000-4000-8000-000000000001"`, "subnet_id": ``, "fixed_ip": ``}, At: "security_group_ids", Error: "Leave security_group_ids out"},
			{Set: acctest.Attributes{"port_id": `"8a9d7b6c-0000-4000-8000-000000000001"`, "subnet_id": ``, "fixed_ip": ``, "security_group_ids": ``, "ipv6_enabled": `true`}, At: "ipv6_enabled", Error: "Leave ipv6_enabled out"},
			{Set: acctest.Attributes{"ipv6_enabled": `"perhaps"`}, At: "ipv6_enabled", Error: "bool is required"},
			{Set: acctest.Attributes{"fixed_ip": `"ten"`}, At: "fixed_ip", Error: "no IPv4 address"},
			{Set: acctest.Attributes{"security_group_ids": `[]`}, At: "security_group_ids", Error: "at least 1"},
			{Set: acctest.Attributes{"security_group_ids": `["web"]`}, At: "security_group_ids", Error: "UUID"},
			{Set: acctest.Attributes{"delete_on_termination": `"perhaps"`}, At: "delete_on_termination", Error: "bool is required"},
		},
	}.Test(t)
}

// further gives the server interfaces beside its own: two new ones in the subnets where it has its own, and a port.
const further = `
resource "hwcloud_network_interface_attachment" "test" {
  count     = 2
  server_id = hwcloud_server.test.id
  subnet_id = [hwcloud_subnet.front.id, hwcloud_subnet.back.id][count.index]
}

resource "hwcloud_port" "test" {
  network_id = hwcloud_subnet.back.id
}

resource "hwcloud_network_interface_attachment" "port" {
  server_id = hwcloud_server.test.id
  port_id   = hwcloud_port.test.id
}
`

// What is attached to a server is no drift of it, and what changes of its own interfaces leaves the others alone: neither is
// anything replaced, nor does the server take one of them for its own, wherever it lies.
func TestServerKeepsItsInterfaces(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	config := func(networks ...string) string {
		return strings.Replace(server(), "[{ subnet_id = hwcloud_subnet.front.id }]", "["+strings.Join(networks, ", ")+"]", 1)
	}
	const front, back = `{ subnet_id = hwcloud_subnet.front.id }`, `{ subnet_id = hwcloud_subnet.back.id }`
	attached := map[string]string{}
	// has checks how many interfaces the server has, how many are its own, and that the others are still the same.
	has := func(all, own int) resource.TestCheckFunc {
		return resource.ComposeTestCheckFunc(attribute("networks.#", fmt.Sprint(own)), func(s *terraform.State) error {
			if n := len(interfaces(c, c.ID("server", "web-1"))); n != all {
				return fmt.Errorf("the server has %d interfaces, not %d", n, all)
			}
			mine := s.RootModule().Resources["hwcloud_server.test"].Primary.Attributes
			for address, one := range s.RootModule().Resources {
				if one.Type != "hwcloud_network_interface_attachment" {
					continue
				}
				port := one.Primary.Attributes["port_id"]
				if before, known := attached[address]; known && before != port {
					return fmt.Errorf("%s has become port %s", address, port)
				}
				attached[address] = port
				for i := range own {
					if mine[fmt.Sprintf("networks.%d.port_id", i)] == port {
						return fmt.Errorf("the server takes %s for its own", address)
					}
				}
			}
			return nil
		})
	}
	lose := func() { // an answer, not the call
		c.Break(acctest.Fault{Method: "POST", Path: "/nics/delete$", Times: 1, Action: map[string]any{"drop_after": true}})
	}
	only := func(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{onlyChange{"hwcloud_server.test", action}}}
	}
	c.Run(
		resource.TestStep{Config: config(front, back), Check: has(2, 2)},
		resource.TestStep{Config: config(front, back) + further, Check: has(5, 2)},
		resource.TestStep{Config: config(front, back) + further, ConfigPlanChecks: nothingToDo},
		resource.TestStep{Config: config(front, back, back) + further, ConfigPlanChecks: only(plancheck.ResourceActionUpdate), Check: has(6, 3)},
		resource.TestStep{Config: config(front, back, back) + further, ConfigPlanChecks: nothingToDo},
		resource.TestStep{Config: config(front, front, back, back) + further, ConfigPlanChecks: only(plancheck.ResourceActionUpdate), Check: has(7, 4)},
		resource.TestStep{PreConfig: lose, Config: config(front) + further, ConfigPlanChecks: only(plancheck.ResourceActionUpdate), Check: has(4, 1)},
		resource.TestStep{Config: config(front) + further, ConfigPlanChecks: nothingToDo},
		resource.TestStep{ // one that is lost by hand is seen where it belongs
			PreConfig: func() {
				c.Ask(cloud.ECS, "POST", "/v1/{project_id}/cloudservers/"+c.ID("server", "web-1")+"/nics/delete", map[string]any{
					"nics": []any{map[string]any{"id": attached["hwcloud_network_interface_attachment.port"]}},
				})
			},
			Config: config(front) + further, PlanOnly: true, ExpectNonEmptyPlan: true,
		},
		resource.TestStep{PreConfig: lose, Config: config(front), Check: has(1, 1)},
	)
}

// onlyChange expects a plan to change one resource in one way, and no other.
type onlyChange struct {
	address string
	action  plancheck.ResourceActionType
}

func (o onlyChange) CheckPlan(ctx context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	plancheck.ExpectResourceAction(o.address, o.action).CheckPlan(ctx, req, resp)
	for _, rc := range req.Plan.ResourceChanges {
		if rc.Address != o.address && rc.Mode == "managed" && !rc.Change.Actions.NoOp() && resp.Error == nil {
			resp.Error = fmt.Errorf("%s is changed too: %v", rc.Address, rc.Change.Actions)
		}
	}
}

// An interface whose addition was carried out although its answer was lost, or although another failed after it, is the server's own.
func TestServerHalfNetworked(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	three := func(last string) string {
		return strings.Replace(server(), "[{ subnet_id = hwcloud_subnet.front.id }]", fmt.Sprintf(
			`[{ subnet_id = hwcloud_subnet.front.id }, { subnet_id = hwcloud_subnet.back.id }, { subnet_id = hwcloud_subnet.back.id, fixed_ip = %q }]`, last), 1)
	}
	lose := func() {
		c.Break(acctest.Fault{Method: "POST", Path: "/nics$", Times: 1, Action: map[string]any{"drop_after": true}})
	}
	c.Run(
		resource.TestStep{Config: server()},
		resource.TestStep{PreConfig: lose, Config: three("10.1.2.1"), ExpectError: regexp.MustCompile(`(?s)Cannot change hwcloud_server "web-1".*Ecs\.`)}, // the gateway's address
		resource.TestStep{RefreshState: true, ExpectNonEmptyPlan: true, Check: attribute("networks.#", "2")},
		resource.TestStep{Config: three("10.1.2.9"), Check: resource.ComposeTestCheckFunc(
			attribute("networks.#", "3"), attribute("networks.2.fixed_ip", "10.1.2.9"), func(*terraform.State) error {
				if n := len(interfaces(c, c.ID("server", "web-1"))); n != 3 {
					return fmt.Errorf("%d interfaces", n)
				}
				return nil
			},
		)},
	)
}

// A server attaches one interface at a time: the others wait. When it is gone, so are its interfaces, and when the port is in
// use, nothing is left behind.
func TestNetworkInterfaceAttachmentFails(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	twice := further + `
resource "hwcloud_network_interface_attachment" "again" {
  server_id = hwcloud_network_interface_attachment.port.server_id
  port_id   = hwcloud_network_interface_attachment.port.port_id
}
`
	c.Run(
		resource.TestStep{Config: server() + further, Check: func(*terraform.State) error {
			for _, call := range c.Calls("POST .*/nics$") {
				if call.Status == 409 {
					return nil
				}
			}
			return fmt.Errorf("nothing had to wait")
		}},
		resource.TestStep{ // one whose answer is lost is told from those that are alike, the server's own among them
			PreConfig: func() {
				c.Break(acctest.Fault{Method: "POST", Path: "/nics$", Times: 1, Action: map[string]any{"drop_after": true}})
			},
			Config: server() + further + `
resource "hwcloud_network_interface_attachment" "late" {
  server_id = hwcloud_server.test.id
  subnet_id = hwcloud_subnet.front.id
}
`,
			Check: func(s *terraform.State) error {
				all := interfaces(c, c.ID("server", "web-1"))
				late := s.RootModule().Resources["hwcloud_network_interface_attachment.late"].Primary.Attributes["port_id"]
				if last := all[len(all)-1].(map[string]any)["port_id"]; len(all) != 5 || late != last {
					return fmt.Errorf("%s is not the last of %v", late, all)
				}
				return nil
			},
		},
		resource.TestStep{Config: server() + twice, ExpectError: regexp.MustCompile(`(?s)Cannot create hwcloud_network_interface_attachment.*Ecs.0919`)},
		resource.TestStep{Config: server() + further, ConfigPlanChecks: nothingToDo},
		resource.TestStep{
			PreConfig: func() {
				c.Ask(cloud.ECS, "POST", "/v1/{project_id}/cloudservers/delete", map[string]any{"servers": []any{map[string]any{"id": c.ID("server", "web-1")}}})
			},
			Config: server() + further,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("hwcloud_server.test", plancheck.ResourceActionCreate),
				plancheck.ExpectResourceAction("hwcloud_network_interface_attachment.port", plancheck.ResourceActionCreate),
			}},
		},
	)
}

func TestFindNetworkInterfaceAttachment(t *testing.T) {
	t.Parallel()
	const port = `hwcloud_network_interface_attachment.port`
	acctest.Lookup{
		Type: "hwcloud_network_interface_attachment", Needs: server() + further,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": port + `.id`}, Check: []string{"delete_on_termination=false", "security_group_ids.#=1", "status=ACTIVE"}},
			{By: acctest.Attributes{"server_id": port + `.server_id`, "port_id": port + `.port_id`}, Check: []string{"delete_on_termination=false"}},
			{By: acctest.Attributes{"server_id": port + `.server_id`, "fixed_ip": `hwcloud_server.test.networks[0].fixed_ip`}, Check: []string{"delete_on_termination=true"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"port_id": port + `.port_id`}, Error: "without an id, server_id is needed"},
			{Set: acctest.Attributes{"id": port + `.server_id`}, Error: "is not of the form server_id/port_id"},
			{Set: acctest.Attributes{"server_id": port + `.server_id`, "fixed_ip": `"10.1.2.99"`}, Error: "Nothing .* fits"},
			{Set: acctest.Attributes{"server_id": port + `.server_id`}, Error: "Found 4 of hwcloud_network_interface_attachment"},
		},
	}.Test(t)
}

func TestFindNetworkInterfaceAttachments(t *testing.T) {
	t.Parallel()
	const owner = `hwcloud_network_interface_attachment.port.server_id`
	acctest.Lookup{
		Type: "hwcloud_network_interface_attachments", Needs: server() + further,
		Found: []acctest.Found{
			{By: acctest.Attributes{"server_id": owner}, Check: []string{"network_interface_attachments.#=4"}},
			{By: acctest.Attributes{"server_id": owner, "delete_on_termination": `false`}, Check: []string{"network_interface_attachments.#=1"}},
			{By: acctest.Attributes{"server_id": owner, "subnet_id": `hwcloud_subnet.back.id`}, Check: []string{"network_interface_attachments.#=2"}},
		},
	}.Test(t)
}
