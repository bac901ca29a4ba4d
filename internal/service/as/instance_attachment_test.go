package as_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

// running is a group that takes servers, and some to give to it.
var running = strings.Replace(grouped, "  enabled                  = false\n", "  force_delete             = true\n", 1) + `
resource "hwcloud_server" "test" {
  count       = 2
  name        = "pet-${count.index}"
  flavor_id   = "s6.medium.2"
  image_id    = "5a0d80c0-1111-4111-8111-000000002204"
  key_pair    = hwcloud_key_pair.test[0].name
  networks    = [{ subnet_id = hwcloud_subnet.front.id }]
  system_disk = { volume_type = "SSD" }
}
`

// serverOf is the server in the id of an attachment.
func serverOf(id string) string {
	_, server, _ := strings.Cut(id, "/")
	return server
}

func TestScalingInstanceAttachment(t *testing.T) {
	t.Parallel()
	const action = `^POST /as/autoscaling-api/v1/\S+/scaling_group_instance/\S{36}/action `
	acctest.Whole{
		Type: "hwcloud_scaling_instance_attachment", Kind: "scaling_instance", ID: serverOf,
		Needs: running + strings.NewReplacer(`"hwcloud_scaling_group" "test"`, `"hwcloud_scaling_group" "other"`, `"web"`, `"other"`).Replace(running[strings.Index(running, `resource "hwcloud_scaling_group"`):strings.Index(running, `resource "hwcloud_server"`)]),
		Given: acctest.Attributes{
			"scaling_group_id":          `hwcloud_scaling_group.test.id`,
			"instance_id":               `hwcloud_server.test[0].id`,
			"protect_from_scaling_down": `true`,
		},
		Changes: []acctest.Change{
			{
				To: acctest.Attributes{"protect_from_scaling_down": ``}, Calls: []string{action + `{"action":"UNPROTECT","instances_id":\["\S{36}"\]}$`},
				Check: []string{"life_cycle_state=INSERVICE", "health_status=NORMAL", "instance_name=pet-0", "scaling_configuration_name=MANNUAL_ADD"},
			},
			{To: acctest.Attributes{"protect_from_scaling_down": `true`}, Calls: []string{action + `{"action":"PROTECT","instances_id":\["\S{36}"\]}$`}},
			{
				To: acctest.Attributes{"standby": `true`}, Calls: []string{action + `{"action":"ENTER_STANDBY","instances_id":\["\S{36}"\]}$`},
				Check: []string{"life_cycle_state=STANDBY"},
			},
			{
				To: acctest.Attributes{"standby": ``}, Calls: []string{action + `{"action":"EXIT_STANDBY","instances_id":\["\S{36}"\]}$`},
				Check: []string{"life_cycle_state=INSERVICE"},
			},
			{
				To: acctest.Attributes{"instance_id": `hwcloud_server.test[1].id`}, Replaces: true,
				Calls: []string{
					action + `{"action":"REMOVE","instance_delete":"no","instances_id":\["\S{36}"\]}$`, action + `{"action":"ADD","instances_id":\["\S{36}"\]}$`,
					action + `{"action":"PROTECT",`,
				},
			},
			{To: acctest.Attributes{"scaling_group_id": `hwcloud_scaling_group.other.id`, "standby": `true`}, Replaces: true, Check: []string{"life_cycle_state=STANDBY"}},
		},
		Drift: []acctest.Drift{{Patch: map[string]any{"protect_from_scaling_down": false}, Seen: "protect_from_scaling_down"}},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"scaling_group_id": `"web"`}, At: "scaling_group_id", Error: "UUID"},
			{Set: acctest.Attributes{"scaling_group_id": ``}, At: "", Error: `"scaling_group_id" is required`},
			{Set: acctest.Attributes{"instance_id": `"pet-0"`}, At: "instance_id", Error: "UUID"},
			{Set: acctest.Attributes{"instance_id": `""`}, At: "instance_id", Error: "UUID"},
			{Set: acctest.Attributes{"instance_id": ``}, At: "", Error: `"instance_id" is required`},
			{Set: acctest.Attributes{"protect_from_scaling_down": `"perhaps"`}, At: "protect_from_scaling_down", Error: "bool is required"},
			{Set: acctest.Attributes{"standby": `"perhaps"`}, At: "standby", Error: "bool is required"},
			{Set: acctest.Attributes{"standby": `[]`}, At: "standby", Error: "bool required"},
		},
	}.Test(t)
}

// A group takes one server at a time: the other waits. Both are left as they are when they are taken out.
func TestScalingInstanceAttachmentsAtOnce(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	attached := running + `
resource "hwcloud_scaling_instance_attachment" "test" {
  count            = 2
  scaling_group_id = hwcloud_scaling_group.test.id
  instance_id      = hwcloud_server.test[count.index].id
}
`
	c.Run(
		resource.TestStep{Config: attached},
		resource.TestStep{
			Config:           attached,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			Check:            resource.TestCheckResourceAttr("hwcloud_scaling_group.test", "current_instance_number", "2"),
		},
		resource.TestStep{
			PreConfig: func() {
				c.Patch("scaling_instance", c.ID("server", "pet-1"), map[string]any{"life_cycle_state": "STANDBY"})
			},
			Config: attached,
			Check:  resource.TestCheckResourceAttr("hwcloud_scaling_instance_attachment.test.1", "life_cycle_state", "INSERVICE"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("hwcloud_scaling_instance_attachment.test[1]", plancheck.ResourceActionUpdate),
			}},
		},
		resource.TestStep{Config: running, Check: resource.TestCheckResourceAttr("hwcloud_server.test.1", "status", "ACTIVE")},
		resource.TestStep{
			Config: running + fmt.Sprintf(`
resource "hwcloud_scaling_instance_attachment" "test" {
  scaling_group_id = hwcloud_scaling_group.test.id
  instance_id      = %s
}
`, some),
			ExpectError: regexp.MustCompile(`(?s)Cannot create hwcloud_scaling_instance_attachment.*AS.4029.*does\s+not exist`),
		},
	)
}

// manned is a group with a server that it made and one that was given to it.
var manned = running + `
resource "hwcloud_scaling_instance_attachment" "test" {
  scaling_group_id          = hwcloud_scaling_group.test.id
  instance_id               = hwcloud_server.test[0].id
  protect_from_scaling_down = true
}

resource "hwcloud_scaling_group" "made" {
  name                     = "made"
  scaling_configuration_id = hwcloud_scaling_configuration.test.id
  vpc_id                   = hwcloud_vpc.test.id
  networks                 = [{ id = hwcloud_subnet.front.id }]
  max_instance_number      = 2
  desire_instance_number   = 2
  force_delete             = true
}
`

func TestFindScalingInstanceAttachment(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_scaling_instance_attachment", Needs: manned,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_scaling_instance_attachment.test.id`}, Check: []string{"instance_name=pet-0", "protect_from_scaling_down=true", "standby=false"}},
			{By: acctest.Attributes{"scaling_group_id": `hwcloud_scaling_group.test.id`, "instance_name": `"pet-0"`}, Check: []string{"life_cycle_state=INSERVICE"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"instance_name": `"pet-0"`}, Error: "without an id, scaling_group_id is needed"},
			{Set: acctest.Attributes{"scaling_group_id": `hwcloud_scaling_group.test.id`, "life_cycle_state": `"PENDING"`}, Error: "Nothing .* fits"},
			{Set: acctest.Attributes{"scaling_group_id": `hwcloud_scaling_group.made.id`}, Error: "Found 2 of"},
		},
	}.Test(t)
}

func TestFindScalingInstanceAttachments(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_scaling_instance_attachments", Needs: manned,
		Found: []acctest.Found{
			{By: acctest.Attributes{"scaling_group_id": `hwcloud_scaling_group.made.id`}, Check: []string{"scaling_instance_attachments.#=2", "scaling_instance_attachments.0.scaling_configuration_name=web"}},
			{By: acctest.Attributes{"scaling_group_id": `hwcloud_scaling_group.test.id`, "health_status": `"NORMAL"`}, Check: []string{"scaling_instance_attachments.#=1"}},
		},
	}.Test(t)
}
