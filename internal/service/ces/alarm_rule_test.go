package ces_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

const topics = `
resource "hwcloud_topic" "ops" {
  name = "ops"
}

resource "hwcloud_topic" "boss" {
  name = "boss"
}
`

// servers are resources by the ids of servers.
func servers(ids ...string) string {
	text := ""
	for _, id := range ids {
		text += fmt.Sprintf(`{ dimensions = [{ name = "instance_id", value = %q }] }, `, id)
	}
	return "[" + text + "]"
}

const (
	busy  = `{ metric_name = "cpu_util", period = 300, filter = "average", comparison_operator = ">=", value = 80.5, unit = "%", count = 3 }`
	idle  = `{ metric_name = "network_vm_connections", period = 1, filter = "max", comparison_operator = "=", value = 0, count = 180, level = 4, suppress_duration = 3600 }`
	steep = `{ metric_name = "disk_util", period = 3600, filter = "min", comparison_operator = "cycle_increase", count = 1, hierarchical_value = { critical = 0, major = 50 } }`
	toOps = `[{ type = "notification", notification_list = [hwcloud_topic.ops.id] }]`
)

func TestAlarmRule(t *testing.T) {
	t.Parallel()
	const (
		rule    = `/ces/v2/\S+/alarms/al[0-9a-f]{22}`
		told    = `^PUT ` + rule + `/notifications `
		ops     = `\[{"notification_list":\["urn:smn:cn-north-4:\S+:ops"\],"type":"notification"}\]`
		scaling = `[{ type = "autoscaling", notification_list = [] }]`
	)
	acctest.Whole{
		Type:  "hwcloud_alarm_rule",
		Needs: topics,
		Given: acctest.Attributes{
			"name":                    `"busy-服务器"`,
			"description":             `"CPU & network"`,
			"namespace":               `"SYS.ECS"`,
			"type":                    `"MULTI_INSTANCE"`,
			"resources":               servers("s1", "s2"),
			"policies":                `[` + busy + `, ` + idle + `, ` + steep + `]`,
			"alarm_notifications":     toOps,
			"ok_notifications":        toOps,
			"notification_begin_time": `"08:00"`,
			"notification_end_time":   `"20:30"`,
			"effective_timezone":      `"GMT+02:00"`,
			"tags":                    `{ env = "prod" }`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"name": `"busy"`, "description": ``},
				Calls: []string{`^PUT /ces/V1.0/\S+/alarms/al[0-9a-f]{22} {"alarm_description":"","alarm_name":"busy"}$`},
				Check: []string{"name=busy", "policies.#=3"},
			},
			{
				To: acctest.Attributes{"policies": `[` + idle + `, ` + busy + `]`},
				Calls: []string{`^PUT ` + rule + `/policies {"policies":\[` +
					`{"comparison_operator":"=","count":180,"filter":"max","level":4,"metric_name":"network_vm_connections","period":1,"suppress_duration":3600,"value":0},` +
					`{"comparison_operator":">=","count":3,"filter":"average","level":2,"metric_name":"cpu_util","period":300,"suppress_duration":0,"unit":"%","value":80.5}\]}$`},
				Check: []string{"policies.#=2", "policies.0.value=0", "policies.0.level=4", "policies.1.level=2", "policies.1.suppress_duration=0"},
			},
			{
				To: acctest.Attributes{"resources": servers("s2", "s3")},
				Calls: []string{
					`^POST ` + rule + `/resources/batch-create {"resources":\[\[{"name":"instance_id","value":"s3"}\]\]}$`,
					`^POST ` + rule + `/resources/batch-delete {"resources":\[\[{"name":"instance_id","value":"s1"}\]\]}$`,
				},
				Check: []string{"resources.#=2"},
			},
			{
				To: acctest.Attributes{"notification_end_time": `"23:00"`, "ok_notifications": ``},
				Calls: []string{told + `{"alarm_notifications":` + ops + `,"effective_timezone":"GMT\+02:00","notification_begin_time":"08:00",` +
					`"notification_enabled":true,"notification_end_time":"23:00","ok_notifications":\[\]}$`},
				Check: []string{"ok_notifications.#=0", "notification_begin_time=08:00"},
			},
			{
				To: acctest.Attributes{
					"notification_enabled": `false`, "alarm_notifications": `[]`, "notification_begin_time": ``, "effective_timezone": `"GMT+08:00"`,
				},
				Calls: []string{told + `{"alarm_notifications":\[\],"effective_timezone":"GMT\+08:00","notification_begin_time":"00:00",.*,"ok_notifications":\[\]}$`},
				Check: []string{"notification_begin_time=00:00"},
			},
			{
				To:    acctest.Attributes{"enabled": `false`},
				Calls: []string{`^POST /ces/v2/\S+/alarms/action {"alarm_enabled":false,"alarm_ids":\["al[0-9a-f]{22}"\]}$`},
				Check: []string{"enabled=false"},
			},
			{To: acctest.Attributes{"tags": `{ env = "test" }`}, Replaces: true, Check: []string{"tags.env=test", "enabled=false"}},
			{To: acctest.Attributes{"namespace": `"AGT.ECS"`}, Replaces: true},
			{
				To:       acctest.Attributes{"type": `"ALL_INSTANCE"`, "resources": `[{ dimensions = [{ name = "instance_id" }, { name = "disk" }] }]`},
				Replaces: true, Check: []string{"resources.#=1"},
			},
			{
				To:       acctest.Attributes{"type": `"RESOURCE_GROUP"`, "resources": ``, "resource_group_id": `"rg1606377637506DmVOENVyL"`},
				Replaces: true, Check: []string{"resources.#=1", "resource_group_id=rg1606377637506DmVOENVyL"},
			},
			{To: acctest.Attributes{"resource_group_id": `"rg1606377637506DmVOENVyM"`}, Replaces: true},
			{
				To: acctest.Attributes{
					"type": `"EVENT.SYS"`, "resource_group_id": ``,
					"policies": `[{ metric_name = "rebootServer", period = 0, filter = "sum", comparison_operator = ">=", value = 1, count = 7 }]`,
				},
				Replaces: true, Check: []string{"resources.#=0", "policies.0.period=0"},
			},
			{To: acctest.Attributes{"type": `"MULTI_INSTANCE"`, "resources": servers("s1"), "policies": ``, "alarm_template_id": `"at1628592157541dB1klWgY6"`}, Replaces: true},
			{To: acctest.Attributes{"alarm_template_id": `"at1628592157541dB1klWgY7"`}, Replaces: true},
			{
				To: acctest.Attributes{
					"alarm_template_id": ``, "resource_level": `"product"`, "product_name": `"SYS.ECS,instance_id"`,
					"policies": `[{ metric_name = "cpu_util", period = 1, filter = "max", comparison_operator = "!=", value = -1, count = 1, namespace = "SYS.ECS", dimension_name = "instance_id" }]`,
				},
				Replaces: true,
			},
			{To: acctest.Attributes{"product_name": `"SYS.ECS,disk"`}, Replaces: true},
			{
				To: acctest.Attributes{
					"resource_level": ``, "product_name": ``, "policies": `[` + idle + `]`, "namespace": `"SYS.AS"`, "notification_enabled": `true`,
					"alarm_notifications": scaling,
				},
				Replaces: true, Check: []string{"alarm_notifications.#=1"},
			},
			{To: acctest.Attributes{"enterprise_project_id": `"8a9d7b6c-0000-4000-8000-000000000001"`}, Replaces: true},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"description": "other"}, Seen: "description"},
			{Patch: map[string]any{"enabled": false}, Seen: "enabled"},
			{Patch: map[string]any{"resources": []any{[]any{map[string]any{"name": "instance_id", "value": "s9"}}}}, Seen: "resources"},
			{Do: func(c *acctest.Cloud, id string) {
				policies := c.Objects("alarm_rule")[id]["policies"].([]any)
				policies[1].(map[string]any)["value"] = 1
				c.Patch("alarm_rule", id, map[string]any{"policies": policies})
			}, Seen: "policies"},
			{Do: func(c *acctest.Cloud, id string) {
				told := c.Objects("alarm_rule")[id]["notification"].(map[string]any)
				told["notification_enabled"], told["alarm_notifications"], told["notification_begin_time"], told["effective_timezone"] = false, []any{}, "00:00", "GMT+08:00"
				c.Patch("alarm_rule", id, map[string]any{"notification": told})
			}, Seen: "notification_enabled"},
			{Seen: "alarm_notifications"},
			{Seen: "notification_begin_time"},
			{Seen: "effective_timezone"},
		},
		Refused: append([]acctest.Refusal{
			{Set: acctest.Attributes{"name": `"on call"`}, At: "name", Error: "1 to 128"},
			{Set: acctest.Attributes{"description": `join("", [for i in range(257) : "a"])`}, At: "description", Error: "at most 256"},
			{Set: acctest.Attributes{"namespace": `"ECS"`}, At: "namespace", Error: "a namespace such as"},
			{Set: acctest.Attributes{"namespace": `"SYS.A2345678901234567890123456789"`}, At: "namespace", Error: "at most 32"},
			{Set: acctest.Attributes{"type": `"SOME"`}, At: "type", Error: "must be one of"},
			{Set: acctest.Attributes{"type": `"RESOURCE_GROUP"`}, Error: "needs the group"},
			{Set: acctest.Attributes{"resource_group_id": `"rg1606377637506DmVOENVyL"`}, At: "resource_group_id", Error: "Only type RESOURCE_GROUP"},
			{Set: acctest.Attributes{"resource_group_id": `"rg1"`}, At: "resource_group_id", Error: "an id such as"},
			{Set: acctest.Attributes{"resources": ``}, Error: "needs the resources"},
			{Set: acctest.Attributes{"resources": `[]`}, At: "resources", Error: "needs the resources"},
			{Set: acctest.Attributes{"resources": `[{ dimensions = [] }]`}, At: "resources", Error: "at least 1"},
			{Set: acctest.Attributes{"resources": `[{ dimensions = [{ name = "instance_id" }] }]`}, At: "resources", Error: "needs the value"},
			{Set: acctest.Attributes{"resources": `[{ dimensions = [{ name = "1", value = "a" }] }]`}, At: "resources", Error: "a letter first"},
			{Set: acctest.Attributes{"resources": `[{ dimensions = [{ name = "a", value = "" }] }]`}, At: "resources", Error: "between 1 and 256"},
			{Set: acctest.Attributes{"type": `"ALL_INSTANCE"`}, At: "resources", Error: "names of dimensions alone"},
			{Set: acctest.Attributes{"alarm_template_id": `"at1"`}, At: "policies", Error: "Either policies or alarm_template_id"},
			{Set: acctest.Attributes{"alarm_template_id": `"1"`}, At: "alarm_template_id", Error: "begins with at"},
			{Set: acctest.Attributes{"policies": ``}, Error: "Either policies or alarm_template_id"},
			{Set: acctest.Attributes{"policies": `[]`}, At: "policies", Error: "at least 1"},
			{Set: acctest.Attributes{"policies": `[for i in range(51) : ` + busy + `]`}, At: "policies", Error: "at most 50"},
			{Set: acctest.Attributes{"alarm_notifications": ``, "ok_notifications": ``}, Error: "who is to be told"},
			{Set: acctest.Attributes{"alarm_notifications": `[{ type = "fax", notification_list = ["a"] }]`}, At: "alarm_notifications", Error: "must be one of"},
			{Set: acctest.Attributes{"alarm_notifications": `[{ type = "notification", notification_list = [] }]`}, At: "alarm_notifications", Error: "must name somebody"},
			{Set: acctest.Attributes{"alarm_notifications": scaling, "ok_notifications": ``}, At: "alarm_notifications", Error: "Only namespace SYS.AS"},
			{Set: acctest.Attributes{"alarm_notifications": `[{ type = "autoscaling", notification_list = ["a"] }]`}, At: "alarm_notifications", Error: "must be empty"},
			{Set: acctest.Attributes{"alarm_notifications": `[{ type = "contact", notification_list = [for i in range(21) : "c${i}"] }]`}, At: "alarm_notifications", Error: "at most 20"},
			{
				Set: acctest.Attributes{
					"alarm_notifications": `[{ type = "contact", notification_list = ["a"] }]`, "ok_notifications": `[{ type = "contact", notification_list = ["b"] }]`,
				},
				At: "ok_notifications", Error: "the same lists",
			},
			{Set: acctest.Attributes{"notification_begin_time": `"8:00"`}, At: "notification_begin_time", Error: "a time such as"},
			{Set: acctest.Attributes{"notification_end_time": `"24:00"`}, At: "notification_end_time", Error: "a time such as"},
			{Set: acctest.Attributes{"effective_timezone": `"CET"`}, At: "effective_timezone", Error: "a time zone such as"},
			{Set: acctest.Attributes{"resource_level": `"cloud"`}, At: "resource_level", Error: "must be one of"},
			{Set: acctest.Attributes{"resource_level": `"product"`}, Error: "needs its name"},
			{Set: acctest.Attributes{"product_name": `"SYS.ECS,instance_id"`}, At: "product_name", Error: "Only with resource_level"},
			{Set: acctest.Attributes{"product_name": `"SYS.ECS"`}, At: "product_name", Error: "a namespace, a comma and a dimension"},
			{Set: acctest.Attributes{"resource_level": `"product"`, "product_name": `"SYS.ECS,instance_id"`}, At: "policies", Error: "each policy needs its namespace"},
			{Set: acctest.Attributes{"enterprise_project_id": `"mine"`}, At: "enterprise_project_id", Error: "UUID"},
			{Set: acctest.Attributes{"tags": `{ for i in range(21) : "k${i}" => "v" }`}, At: "tags", Error: "at most 20"},
		}, badPolicies()...),
	}.Test(t)
}

// badPolicies are policies with one wrong member each.
func badPolicies() (refusals []acctest.Refusal) {
	for _, one := range []struct{ member, value, at, error string }{
		{"metric_name", `"1"`, "", "a letter first"},
		{"period", `60`, "", "must be one of"},
		{"period", `0`, "policies", "A period of 0 is for events"},
		{"filter", `"p95"`, "", "must be one of"},
		{"comparison_operator", `"=="`, "", "must be one of"},
		{"value", `null`, "policies", "Either value or hierarchical_value"},
		{"value", `pow(10, 110)`, "", "must be between"},
		{"hierarchical_value", `{ major = 1 }`, "policies", "Either value or hierarchical_value"},
		{"hierarchical_value", `{}`, "policies", "At least one threshold"},
		{"count", `6`, "policies", "one of .* times"},
		{"count", `181`, "", "between 1 and 180"},
		{"suppress_duration", `60`, "", "must be one of"},
		{"level", `5`, "", "between 1 and 4"},
		{"unit", `""`, "", "between 1 and 32"},
		{"namespace", `"ECS"`, "namespace", "a namespace such as"},
		{"namespace", `"SYS.ECS"`, "policies", "Only a rule for a whole product"},
		{"dimension_name", `"a,b,c,d,e"`, "", "1 to 4 names"},
	} {
		refusals = append(refusals, acctest.Refusal{
			Set: acctest.Attributes{"policies": fmt.Sprintf("[merge(%s, { %s = %s })]", busy, one.member, one.value)}, At: one.at, Error: one.error,
		})
	}
	return append(refusals, acctest.Refusal{
		Set: acctest.Attributes{"type": `"EVENT.SYS"`, "policies": `[` + steep + `]`}, At: "policies", Error: "An event has no cycle_increase",
	})
}

// A rule is read in two calls; of many, the list is asked once, and for the resources of each.
func TestAlarmRuleReads(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	config := topics + `
resource "hwcloud_alarm_rule" "test" {
  count               = 10
  name                = "rule-${count.index}"
  namespace           = "SYS.ECS"
  type                = count.index < 5 ? "MULTI_INSTANCE" : "ALL_INSTANCE"
  resources           = [{ dimensions = [{ name = "instance_id", value = count.index < 5 ? "s${count.index}" : null }] }]
  policies            = [` + busy + `]
  alarm_notifications = ` + toOps + `
}
`
	c.Run(
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: c.Forget, Config: config, PlanOnly: true,
		},
		resource.TestStep{RefreshState: true, Check: func(*terraform.State) error {
			if lists, resources := len(c.Calls(`^GET /ces/v2/\S+/alarms$`)), len(c.Calls(`^GET /ces/v2/\S+/resources$`)); lists > 2*4 || resources > 2*5 {
				return fmt.Errorf("10 rules are read twice by %d lists and %d lists of resources", lists, resources)
			}
			return nil
		}},
	)
}

// In which order the cloud lists policies says nothing.
func TestAlarmRuleOrder(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	config := `
resource "hwcloud_alarm_rule" "test" {
  name                 = "cpu"
  namespace            = "SYS.ECS"
  type                 = "ALL_INSTANCE"
  resources            = [{ dimensions = [{ name = "instance_id" }] }]
  policies             = [` + busy + `, ` + idle + `, ` + steep + `, merge(` + busy + `, { value = 95, level = 1 })]
  notification_enabled = false
}
`
	c.Run(
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				for id, rule := range c.Objects("alarm_rule") {
					policies := rule["policies"].([]any)
					slices.Reverse(policies)
					c.Patch("alarm_rule", id, map[string]any{"policies": policies})
				}
			},
			Config: config, PlanOnly: true,
		},
	)
}

// More resources than fit on a page are all read.
func TestAlarmRuleOfManyResources(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Run(resource.TestStep{
		Config: topics + `
resource "hwcloud_alarm_rule" "test" {
  name                = "many"
  namespace           = "SYS.ECS"
  type                = "MULTI_INSTANCE"
  resources           = [for i in range(150) : { dimensions = [{ name = "instance_id", value = "s${i}" }] }]
  policies            = [` + busy + `]
  alarm_notifications = ` + toOps + `
}
`,
		Check: resource.TestCheckResourceAttr("hwcloud_alarm_rule.test", "resources.#", "150"),
	})
}

const watched = topics + `
resource "hwcloud_alarm_rule" "cpu" {
  name                 = "cpu"
  namespace            = "SYS.ECS"
  type                 = "MULTI_INSTANCE"
  resources            = [{ dimensions = [{ name = "instance_id", value = "s1" }] }]
  policies             = [` + busy + `]
  notification_enabled = false
  tags                 = { env = "prod" }
}

resource "hwcloud_alarm_rule" "cpu_all" {
  name                 = "cpu-all"
  namespace            = "AGT.ECS"
  type                 = "ALL_INSTANCE"
  resources            = [{ dimensions = [{ name = "instance_id" }] }]
  policies             = [` + busy + `]
  notification_enabled = false
}
`

func TestFindAlarmRule(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_alarm_rule", Needs: watched,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_alarm_rule.cpu.id`}, Check: []string{"name=cpu", "policies.0.value=80.5", "resources.#=1", "tags.env=prod"}},
			{By: acctest.Attributes{"name": `"cpu"`}, Check: []string{"namespace=SYS.ECS", "type=MULTI_INSTANCE", "enabled=true"}},
			{By: acctest.Attributes{"tags": `{ env = "prod" }`}, Check: []string{"name=cpu"}},
			{By: acctest.Attributes{"type": `"ALL_INSTANCE"`}, Check: []string{"name=cpu-all"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"gone"`}, Error: "Nothing in region cn-north-4 fits name = gone"},
			{Set: acctest.Attributes{"name_regex": `"cpu"`}, Error: "Found 2 of hwcloud_alarm_rule"},
		},
	}.Test(t)
}

func TestFindAlarmRules(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_alarm_rules", Needs: watched,
		Found: []acctest.Found{
			{Check: []string{"alarm_rules.#=2", "alarm_rules.0.name=cpu", "alarm_rules.1.name=cpu-all", "alarm_rules.0.resources.#=1"}},
			{By: acctest.Attributes{"namespace": `"AGT.ECS"`}, Check: []string{"alarm_rules.#=1"}},
			{By: acctest.Attributes{"resource_level": `"product"`}, Check: []string{"alarm_rules.#=0"}},
		},
	}.Test(t)
}
