package ecs_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

func TestServerGroup(t *testing.T) {
	t.Parallel()
	const action = `^POST /ecs/v1/\S+/cloudservers/os-server-groups/\S+/action `
	acctest.Whole{
		Type: "hwcloud_server_group", Needs: servers,
		Given: acctest.Attributes{
			"name":     `"shop"`,
			"policies": `["anti-affinity"]`,
			"members":  `[hwcloud_server.test[0].id]`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"members": `hwcloud_server.test[*].id`},
				Calls: []string{action + `{"add_member":{"instance_uuid":"\S+"}}$`},
				Check: []string{"members.#=2"},
			},
			{
				To:    acctest.Attributes{"members": `[hwcloud_server.test[1].id]`},
				Calls: []string{action + `{"remove_member":{"instance_uuid":"\S+"}}$`},
				Check: []string{"members.#=1"},
			},
			{
				To:    acctest.Attributes{"members": `[hwcloud_server.test[0].id]`},
				Calls: []string{action + `{"remove_member":`, action + `{"add_member":`},
			},
			{To: acctest.Attributes{"members": `[]`}, Calls: []string{action + `{"remove_member":`}, Check: []string{"members.#=0"}},
			{To: acctest.Attributes{"name": `"店"`, "members": `hwcloud_server.test[*].id`}, Replaces: true, Check: []string{"members.#=2"}},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"members": []string{}}, Seen: "members"},
			{Patch: map[string]any{"name": "other"}, Seen: "name"},
			{Patch: map[string]any{"policies": []string{"soft-anti-affinity"}}, Seen: "policies"},
			{Do: func(c *acctest.Cloud, _ string) {
				for id := range c.Objects("server") {
					c.Patch("server", id, map[string]any{"os:scheduler_hints": map[string]any{}})
				}
			}, Seen: "members"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `""`}, At: "name", Error: "between 1 and 255"},
			{Set: acctest.Attributes{"name": `join("", [for i in range(256) : "a"])`}, At: "name", Error: "between 1 and 255"},
			{Set: acctest.Attributes{"name": ``}, At: "", Error: `"name" is required`},
			{Set: acctest.Attributes{"policies": `["affinity"]`}, At: "policies", Error: "must be one of"},
			{Set: acctest.Attributes{"policies": `[]`}, At: "policies", Error: "at least 1"},
			{Set: acctest.Attributes{"policies": ``}, At: "", Error: `"policies" is required`},
			{Set: acctest.Attributes{"members": `["web-1"]`}, At: "members", Error: "UUID"},
			{Set: acctest.Attributes{"members": `"web-1"`}, At: "members", Error: "set of string required"},
		},
	}.Test(t)
}

// Who is in a group is said by the group or by the servers. Either way nothing is left to do, and a member that is
// deleted leaves by itself.
func TestServerGroupMembers(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	group := `
resource "hwcloud_server_group" "test" {
  name     = "shop"
  policies = ["anti-affinity"]
  members  = hwcloud_server.test[*].id
}
`
	joins := server("server_group_id = hwcloud_server_group.test.id") + `
resource "hwcloud_server_group" "test" {
  name     = "shop"
  policies = ["anti-affinity"]
}
`
	one := strings.Replace(servers, "count = 2", "count = 1", 1)
	c.Run(
		resource.TestStep{Config: servers + group},
		resource.TestStep{Config: servers + group, ConfigPlanChecks: nothingToDo},
		resource.TestStep{Config: one + group, Check: resource.TestCheckResourceAttr("hwcloud_server_group.test", "members.#", "1")},
		resource.TestStep{Config: one + group, ConfigPlanChecks: nothingToDo},
		resource.TestStep{Config: network},
		resource.TestStep{Config: joins},
		resource.TestStep{Config: joins, ConfigPlanChecks: nothingToDo},
		resource.TestStep{RefreshState: true, Check: resource.TestCheckResourceAttr("hwcloud_server_group.test", "members.#", "1")},
	)
}
