package ecs_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// server is a small one, with some more lines.
func server(lines ...string) string {
	return network + fmt.Sprintf(`
resource "hwcloud_server" "test" {
  name        = "web-1"
  flavor_id   = "s6.small.1"
  image_id    = %s
  networks    = [{ subnet_id = hwcloud_subnet.front.id }]
  system_disk = { volume_type = "SSD" }
  %s
}
`, ubuntu, strings.Join(lines, "\n  "))
}

var nothingToDo = resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}

// attribute checks one of the server.
func attribute(name, value string) resource.TestCheckFunc {
	return resource.TestCheckResourceAttr("hwcloud_server.test", name, value)
}

// A password is sent at creation and when it changes; the write-only one when its version does, and it is never kept.
func TestServerPassword(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	password := func(want string) resource.TestCheckFunc {
		return func(*terraform.State) error {
			if got := c.Objects("server")[c.ID("server", "web-1")]["admin_pass"]; got != want {
				return fmt.Errorf("the server's password is %v, not %s", got, want)
			}
			return nil
		}
	}
	sent := func(want int) resource.TestCheckFunc {
		return func(*terraform.State) error {
			if calls := c.Writes(); len(calls) != want || want == 1 && !strings.HasSuffix(calls[0].Path, "/os-reset-password") {
				return fmt.Errorf("called: %v", calls)
			}
			return nil
		}
	}
	unseen := func(s *terraform.State) error {
		if text := fmt.Sprint(s); strings.Contains(text, "Secret") {
			return fmt.Errorf("the state holds a secret: %s", text)
		}
		return nil
	}
	unplanned := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{noSecret{}}}
	c.Run(
		resource.TestStep{
			Config: server(`admin_password = "Plain-123"`), Check: password("Plain-123"),
		},
		resource.TestStep{
			PreConfig: c.Forget, Config: server(`admin_password = "Plain-456"`),
			Check: resource.ComposeTestCheckFunc(password("Plain-456"), sent(1)),
		},
		resource.TestStep{
			PreConfig: c.Forget, Config: server(`admin_password_wo = "Secret-123"`, `admin_password_wo_version = 1`),
			ConfigPlanChecks: unplanned, Check: resource.ComposeTestCheckFunc(password("Secret-123"), sent(1), unseen),
		},
		resource.TestStep{ // another value alone is not seen
			PreConfig: c.Forget, Config: server(`admin_password_wo = "Secret-456"`, `admin_password_wo_version = 1`),
			ConfigPlanChecks: nothingToDo, Check: resource.ComposeTestCheckFunc(password("Secret-123"), sent(0)),
		},
		resource.TestStep{
			PreConfig: c.Forget, Config: server(`admin_password_wo = "Secret-456"`, `admin_password_wo_version = 2`),
			ConfigPlanChecks: unplanned, Check: resource.ComposeTestCheckFunc(password("Secret-456"), sent(1), unseen),
		},
		resource.TestStep{ // without one it keeps what it has
			PreConfig: c.Forget, Config: server(), Check: resource.ComposeTestCheckFunc(password("Secret-456"), sent(0)),
		},
	)
}

// noSecret expects no secret in what a plan does. (The configuration, which it holds too, is the user's own.)
type noSecret struct{}

func (noSecret) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, what := range []any{req.Plan.PlannedValues, req.Plan.ResourceChanges, req.Plan.PriorState} {
		text, err := json.Marshal(what)
		if err != nil {
			resp.Error = err
			return
		}
		if strings.Contains(string(text), "Secret-") {
			resp.Error = fmt.Errorf("the plan holds a secret: %s", text)
		}
	}
}

// A server that is created stopped has an elastic address, and dies with all that it was told to take along.
func TestServerStoppedWithAddress(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	given := []string{
		`power_state               = "stopped"`,
		`eip                       = { type = "5_bgp", bandwidth_size = 5, bandwidth_charge_mode = "traffic" }`,
		`data_disks                = [{ volume_type = "SSD", size = 10, delete_on_termination = false }]`,
		`delete_eip_on_destroy     = true`,
		`delete_volumes_on_destroy = true`,
	}
	c.Run(
		resource.TestStep{
			Config: server(given...),
			Check: resource.ComposeTestCheckFunc(
				attribute("power_state", "stopped"), attribute("status", "SHUTOFF"), attribute("data_disks.0.delete_on_termination", "false"),
				resource.TestMatchResourceAttr("hwcloud_server.test", "public_ip", regexp.MustCompile(`^203\.0\.113\.\d+$`)),
				func(*terraform.State) error {
					if calls := c.Calls("POST .*/v1.1/.*/cloudservers$"); len(calls) != 1 || !strings.Contains(calls[0].Body,
						`"publicip":{"eip":{"bandwidth":{"chargemode":"traffic","sharetype":"PER","size":5},"iptype":"5_bgp"}}`) {
						return fmt.Errorf("created by %v", calls)
					}
					return nil
				},
			),
		},
		resource.TestStep{ // given to nobody's care it stays as it is
			Config: server(append([]string{`description = "at rest"`}, given[1:]...)...), Check: attribute("power_state", "stopped"),
		},
		resource.TestStep{PreConfig: c.Forget, Config: server(given...), Destroy: true},
	)
	if calls := c.Calls("cloudservers/delete$"); len(calls) != 1 || !strings.Contains(calls[0].Body, `"delete_publicip":true,"delete_volume":true`) {
		t.Errorf("deleted by %v", calls)
	}
	for _, kind := range []string{"volume", "eip", "bandwidth"} {
		if left := c.Objects(kind); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	}
}

// What is attached by hand is nobody's data disk, and an interface that is added by hand is nobody's either.
func TestServerTouchedByHand(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	config := server(`data_disks = [{ volume_type = "SSD", size = 10 }]`, `availability_zone = "cn-north-4a"`) + `
resource "hwcloud_volume" "test" {
  availability_zone = "cn-north-4a"
  volume_type       = "SSD"
  size              = 10 # like the data disk
  name              = "by-hand"
}
`
	path := func() string { return "/v1/{project_id}/cloudservers/" + c.ID("server", "web-1") }
	c.Run(
		resource.TestStep{Config: config, Check: attribute("data_disks.#", "1")},
		resource.TestStep{
			PreConfig: func() {
				c.Ask(cloud.ECS, "POST", path()+"/attachvolume", map[string]any{"volumeAttachment": map[string]any{"volumeId": c.ID("volume", "by-hand")}})
			},
			Config: config, ConfigPlanChecks: nothingToDo,
			Check: resource.ComposeTestCheckFunc(
				attribute("data_disks.#", "1"), resource.TestCheckResourceAttr("hwcloud_volume.test", "status", "in-use"),
				resource.TestCheckResourceAttrPair("hwcloud_volume.test", "attachments.0.server_id", "hwcloud_server.test", "id"),
			),
		},
		resource.TestStep{ResourceName: "hwcloud_server.test", ImportState: true, ImportStateKind: resource.ImportBlockWithID},
		resource.TestStep{
			PreConfig: func() {
				c.Ask(cloud.ECS, "POST", path()+"/nics", map[string]any{"nics": []any{map[string]any{"subnet_id": c.ID("subnet", "back")}}})
			},
			Config: config, ConfigPlanChecks: nothingToDo, Check: attribute("networks.#", "1"),
		},
		resource.TestStep{
			PreConfig: func() {
				c.Ask(cloud.ECS, "DELETE", path()+"/detachvolume/"+c.ID("volume", "by-hand"), nil)
			},
			Config: config, Check: resource.TestCheckResourceAttr("hwcloud_volume.test", "name", "by-hand"),
		},
	)
}

// A refresh that fails in one of its reads is an error and changes nothing.
func TestServerHalfRead(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	config := server(`data_disks = [{ volume_type = "SSD", size = 10 }]`)
	steps := []resource.TestStep{{Config: config}}
	for _, part := range []string{"/vpc/v1/.*/ports", "/evs/v2/.*/cloudvolumes/detail", "/ecs/v1/.*/cloudservers/[^/]+$"} {
		steps = append(steps, resource.TestStep{
			PreConfig: func() {
				c.Break(acctest.Fault{Method: "GET", Path: part, Action: map[string]any{"status": 403, "body": map[string]any{"error_code": "X.1", "error_msg": "not today"}}})
			},
			RefreshState: true,
			ExpectError:  regexp.MustCompile(`(?s)Cannot read hwcloud_server "web-1".*403 X.1 not today`),
		})
	}
	steps = append(steps, resource.TestStep{PreConfig: c.Mend, Config: config, ConfigPlanChecks: nothingToDo})
	c.Run(steps...)
}

// A server costs three reads; many cost few more than the listings of servers, volumes and ports.
func TestServerRefreshCost(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	counted := func(n, most int) resource.TestStep {
		return resource.TestStep{
			PreConfig: c.Forget, RefreshState: true,
			Check: func(*terraform.State) error {
				if calls := c.Calls("^GET /(ecs|evs|vpc/v1/[^/]+/ports)"); len(calls) > most {
					return fmt.Errorf("%d servers cost %d calls: %v", n, len(calls), calls)
				}
				return nil
			},
		}
	}
	config := func(n int) string {
		return strings.Replace(server(), "name        = \"web-1\"", fmt.Sprintf("count = %d\n  name  = \"web-${count.index}\"", n), 1)
	}
	c.Run(
		resource.TestStep{Config: config(1)},
		counted(1, 3),
		resource.TestStep{Config: config(6)},
		counted(6, 12),
	)
}

// What is done after the creation may fail: the server stays, untainted, and the next plan shows what is missing.
func TestServerHalfMade(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	groups := prepare(c)
	config := strings.Replace(server(), "[{ subnet_id = hwcloud_subnet.front.id }]", fmt.Sprintf(
		"[{ subnet_id = hwcloud_subnet.front.id, security_group_ids = [%q] }, { subnet_id = hwcloud_subnet.back.id, security_group_ids = [%q] }]",
		groups["web"], groups["db"]), 1)
	c.Run(
		resource.TestStep{
			PreConfig: func() {
				c.Break(acctest.Fault{Method: "PUT", Path: "/vpc/v1/.*/ports/", Action: map[string]any{"status": 403, "body": map[string]any{"code": "X.1", "message": "not today"}}})
			},
			Config: config, ExpectNonEmptyPlan: true, Check: attribute("networks.#", "2"),
		},
		resource.TestStep{
			PreConfig: func() { c.Mend(); c.Forget() },
			Config:    config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("hwcloud_server.test", plancheck.ResourceActionUpdate),
			}},
			Check: func(*terraform.State) error {
				if calls := c.Writes(); len(calls) != 1 || !strings.Contains(calls[0].Body, groups["db"]) {
					return fmt.Errorf("called: %v", calls)
				}
				return nil
			},
		},
	)
}

// A server whose job fails is not there; a change whose job fails has not been made, and the next plan shows it again.
func TestServerFails(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	fail := func(jobs ...string) func() {
		return func() { c.Configure(map[string]any{"fail_jobs": append([]string{}, jobs...)}) }
	}
	c.Run(
		resource.TestStep{
			PreConfig: fail("createSingleServer"), Config: server(),
			ExpectError: regexp.MustCompile(`(?s)Cannot create hwcloud_server "web-1".*its job failed.*Nothing was\s+created`),
		},
		resource.TestStep{
			PreConfig: func() {
				fail()()
				if left := c.Objects("server"); len(left) > 0 {
					t.Errorf("left: %v", left)
				}
			},
			Config: server(),
		},
		resource.TestStep{
			PreConfig: fail("stopSingleServer"), Config: server(`description = "at rest"`, `power_state = "stopped"`),
			ExpectError: regexp.MustCompile(`(?s)Cannot change hwcloud_server "web-1".*its job failed`),
		},
		resource.TestStep{
			PreConfig: func() { fail()(); c.Forget() }, Config: server(`description = "at rest"`, `power_state = "stopped"`),
			Check: func(*terraform.State) error { // the description was changed before
				if calls := c.Writes(); len(calls) != 1 || !strings.Contains(calls[0].Body, "os-stop") {
					return fmt.Errorf("called: %v", calls)
				}
				return nil
			},
		},
	)
}

// An import cannot know a password and an elastic address: they are recorded, and nothing is asked of the cloud.
func TestServerImportWithPassword(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Run(
		resource.TestStep{Config: server()},
		resource.TestStep{Config: `
removed {
  from = hwcloud_server.test
  lifecycle {
    destroy = false
  }
}
` + strings.Split(server(), "\nresource \"hwcloud_server\"")[0]},
		resource.TestStep{
			PreConfig: c.Forget,
			Config: server(`admin_password = "Plain-123"`, `eip = { type = "5_bgp", bandwidth_size = 5 }`) + `
data "hwcloud_server" "test" {
  name = "web-1"
}

import {
  to = hwcloud_server.test
  id = data.hwcloud_server.test.id
}
`,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("hwcloud_server.test", plancheck.ResourceActionUpdate),
			}},
			Check: func(*terraform.State) error {
				if calls := c.Writes(); len(calls) > 0 {
					return fmt.Errorf("called: %v", calls)
				}
				return nil
			},
		},
	)
}

// A server joins a subnet that is made in the same apply, and leaves it, in place: the other interfaces stay what they are.
func TestServerJoinsNewSubnet(t *testing.T) {
	t.Parallel()
	config := func(subnets ...string) string {
		networks := ""
		for _, subnet := range subnets {
			networks += "{ subnet_id = hwcloud_subnet." + subnet + ".id }, "
		}
		return strings.Replace(server(), "[{ subnet_id = hwcloud_subnet.front.id }]", "["+networks+"]", 1) + `
resource "hwcloud_subnet" "new" {
  name       = "new"
  vpc_id     = hwcloud_vpc.test.id
  cidr       = "10.1.3.0/24"
  gateway_ip = "10.1.3.1"
}
`
	}
	inPlace := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectResourceAction("hwcloud_server.test", plancheck.ResourceActionUpdate),
	}}
	addresses := func(beginnings ...string) resource.TestCheckFunc {
		checks := []resource.TestCheckFunc{attribute("networks.#", fmt.Sprint(len(beginnings)))}
		for i, beginning := range beginnings {
			checks = append(checks, resource.TestMatchResourceAttr("hwcloud_server.test", fmt.Sprintf("networks.%d.fixed_ip", i), regexp.MustCompile("^"+beginning)))
		}
		return resource.ComposeTestCheckFunc(checks...)
	}
	acctest.Start(t).Run(
		resource.TestStep{Config: server()},
		resource.TestStep{Config: config("front", "new", "back"), ConfigPlanChecks: inPlace, Check: addresses("10.1.1.", "10.1.3.", "10.1.2.")},
		resource.TestStep{Config: config("front", "back"), ConfigPlanChecks: inPlace, Check: addresses("10.1.1.", "10.1.2.")},
	)
}

// An interface has an IPv6 address where it is asked for, also one that is added.
func TestServerIPv6(t *testing.T) {
	t.Parallel()
	config := func(networks string) string {
		return strings.Replace(server(), "[{ subnet_id = hwcloud_subnet.front.id }]", "["+networks+"]", 1) + `
resource "hwcloud_subnet" "six" {
  name         = "six"
  vpc_id       = hwcloud_vpc.test.id
  cidr         = "10.1.6.0/24"
  gateway_ip   = "10.1.6.1"
  ipv6_enabled = true
}
`
	}
	const four, six = "{ subnet_id = hwcloud_subnet.front.id }", "{ subnet_id = hwcloud_subnet.six.id, ipv6_enabled = true }"
	address := func(i int) resource.TestCheckFunc {
		return resource.TestMatchResourceAttr("hwcloud_server.test", fmt.Sprintf("networks.%d.ipv6_address", i), regexp.MustCompile("^2407:"))
	}
	acctest.Start(t).Run(
		resource.TestStep{Config: config(six), Check: address(0)},
		resource.TestStep{Config: config(six + ", " + four + ", " + six), Check: resource.ComposeTestCheckFunc(
			address(0), attribute("networks.1.ipv6_enabled", "false"), resource.TestCheckNoResourceAttr("hwcloud_server.test", "networks.1.ipv6_address"), address(2),
		)},
		resource.TestStep{Config: config(six + ", " + four + ", " + six), ConfigPlanChecks: nothingToDo},
	)
}
