package as_test

import (
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

const alarm = `"al1513822380493GvlJKZwA8"`

func TestScalingPolicy(t *testing.T) {
	t.Parallel()
	const (
		put    = `^PUT /as/autoscaling-api/v2/\S+/scaling_policy/\S+ `
		action = `^POST /as/autoscaling-api/v1/\S+/scaling_policy/\S+/action `
		weekly = `{ launch_time = "08:30", recurrence_type = "Weekly", recurrence_value = "1,3,5", start_time = "2998-01-01T00:00Z", end_time = "2999-01-01T00:00Z" }`
	)
	times := func(members string) acctest.Attributes {
		return without("alarm_id", acctest.Attributes{"type": `"RECURRENCE"`, "scheduled_policy": `{ ` + members + ` }`})
	}
	intervals := func(members string) acctest.Attributes {
		return without("action", acctest.Attributes{"type": `"INTERVAL_ALARM"`, "interval_alarm_actions": `[{ ` + members + ` }]`})
	}
	acctest.Whole{
		Type: "hwcloud_scaling_policy", Needs: grouped,
		Given: acctest.Attributes{
			"name":           `"more-扩容"`,
			"description":    `"by day"`,
			"resource_id":    `hwcloud_scaling_group.test.id`,
			"resource_type":  `"SCALING_GROUP"`,
			"type":           `"ALARM"`,
			"alarm_id":       alarm,
			"action":         `{ operation = "ADD", size = 2 }`,
			"cool_down_time": `0`,
			"enabled":        `false`,
		},
		Changes: []acctest.Change{
			{To: acctest.Attributes{"name": `"more"`}, Calls: []string{put + `{"scaling_policy_name":"more","scaling_policy_type":"ALARM"}$`}},
			{To: acctest.Attributes{"description": `"by night"`}, Calls: []string{put + `{"description":"by night","scaling_policy_type":"ALARM"}$`}},
			{To: acctest.Attributes{"enabled": `true`}, Calls: []string{action + `{"action":"resume"}$`}, Check: []string{"status=INSERVICE"}},
			{To: acctest.Attributes{"enabled": `false`}, Calls: []string{action + `{"action":"pause"}$`}, Check: []string{"status=PAUSED"}},
			{To: acctest.Attributes{"cool_down_time": ``}, Calls: []string{put + `{"cool_down_time":300,"scaling_policy_type":"ALARM"}$`}},
			{To: acctest.Attributes{"alarm_id": `"al1513822380493GvlJKZwA9"`}, Calls: []string{put + `{"alarm_id":"al1513822380493GvlJKZwA9","scaling_policy_type":"ALARM"}$`}},
			{
				To:    acctest.Attributes{"action": `{ operation = "REDUCE", percentage = 50 }`},
				Calls: []string{put + `{"scaling_policy_action":{"operation":"REDUCE","percentage":50},"scaling_policy_type":"ALARM"}$`},
			},
			{
				To:    acctest.Attributes{"type": `"RECURRENCE"`, "alarm_id": ``, "scheduled_policy": `{ launch_time = "08:00", recurrence_type = "Daily", end_time = "2999-01-01T00:00Z" }`},
				Calls: []string{put + `{"alarm_id":"","scaling_policy_type":"RECURRENCE","scheduled_policy":{"end_time":"2999-01-01T00:00Z","launch_time":"08:00","recurrence_type":"Daily"}}$`},
				Check: []string{"scheduled_policy.recurrence_type=Daily"},
			},
			{To: acctest.Attributes{"scheduled_policy": weekly}, Calls: []string{put + `.*"recurrence_value":"1,3,5","start_time":"2998-01-01T00:00Z"}}$`}},
			{
				To:    acctest.Attributes{"type": `"SCHEDULED"`, "scheduled_policy": `{ launch_time = "2999-01-01T00:00Z" }`},
				Calls: []string{put + `{"scaling_policy_type":"SCHEDULED","scheduled_policy":{"launch_time":"2999-01-01T00:00Z",.*}}$`},
			},
			{
				To: acctest.Attributes{
					"type": `"INTERVAL_ALARM"`, "scheduled_policy": ``, "action": ``, "alarm_id": alarm,
					"interval_alarm_actions": `[{ size = 1, upper_bound = 10 }, { operation = "SET", size = 5, lower_bound = 10.5 }]`,
				},
				Calls: []string{put + `.*"interval_alarm_actions":\[{"operation":"ADD","size":1,"upper_bound":10},{"lower_bound":10.5,"operation":"SET","size":5}\],"scaling_policy_type":"INTERVAL_ALARM"}$`},
				Check: []string{"interval_alarm_actions.#=2", "interval_alarm_actions.1.lower_bound=10.5"},
			},
			{
				To: acctest.Attributes{
					"resource_type": `"BANDWIDTH"`, "resource_id": some, "type": `"ALARM"`, "interval_alarm_actions": ``,
					"action": `{ operation = "REDUCE", size = 5, limits = 1 }`,
				},
				Replaces: true, Check: []string{"action.limits=1"},
			},
			{To: acctest.Attributes{"resource_id": other}, Replaces: true},
			{To: acctest.Attributes{"enabled": ``}, Calls: []string{action + `{"action":"resume"}$`}},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{
				"name": "other", "description": "other", "policy_status": "INSERVICE", "alarm_id": "al0000000000000000000000", "cool_down_time": 1,
				"scaling_policy_action": map[string]any{"operation": "SET", "size": 3},
			}, Seen: "name"},
			{Seen: "description"}, {Seen: "enabled"}, {Seen: "alarm_id"}, {Seen: "cool_down_time"}, {Seen: "action"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `""`}, At: "name", Error: "1 and 64"},
			{Set: acctest.Attributes{"description": `""`}, At: "description", Error: "1 and 256"},
			{Set: acctest.Attributes{"resource_id": `"web"`}, At: "resource_id", Error: "UUID"},
			{Set: acctest.Attributes{"resource_type": `"SERVER"`}, At: "resource_type", Error: "must be one of"},
			{Set: acctest.Attributes{"type": `"MOOD"`}, At: "type", Error: "must be one of"},
			{Set: acctest.Attributes{"alarm_id": `"cpu"`}, At: "alarm_id", Error: "al and 22 letters"},
			{Set: acctest.Attributes{"alarm_id": ``}, At: "type", Error: "ALARM needs alarm_id"},
			{Set: acctest.Attributes{"action": ``}, At: "type", Error: "ALARM needs action"},
			{Set: acctest.Attributes{"scheduled_policy": weekly}, At: "scheduled_policy", Error: "ALARM has no scheduled_policy"},
			{Set: acctest.Attributes{"type": `"SCHEDULED"`}, At: "alarm_id", Error: "SCHEDULED has no alarm_id"},
			{Set: acctest.Attributes{"type": `"INTERVAL_ALARM"`}, At: "type", Error: "needs interval_alarm_actions"},
			{Set: acctest.Attributes{"cool_down_time": `-1`}, At: "cool_down_time", Error: "between 0 and 86400"},
			{Set: acctest.Attributes{"action": `{ operation = "DOUBLE", size = 1 }`}, At: "", Error: "must be one of"},
			{Set: acctest.Attributes{"action": `{ size = 301 }`}, At: "", Error: "between 0 and 300"},
			{Set: acctest.Attributes{"action": `{ percentage = 20001 }`}, At: "", Error: "between 0 and 20000"},
			{Set: acctest.Attributes{"action": `{}`}, At: "action", Error: "either size or percentage"},
			{Set: acctest.Attributes{"action": `{ size = 1, percentage = 1 }`}, At: "action", Error: "either size or percentage"},
			{Set: acctest.Attributes{"action": `{ size = 1, limits = 1 }`}, At: "action", Error: "Only adding to a bandwidth"},
			{Set: acctest.Attributes{"resource_type": `"BANDWIDTH"`, "action": `{ operation = "REMOVE", size = 1 }`}, At: "action", Error: "made smaller with REDUCE"},
			{Set: acctest.Attributes{"resource_type": `"BANDWIDTH"`, "action": `{ percentage = 1 }`}, At: "action", Error: "scaled by size"},
			{Set: acctest.Attributes{"resource_type": `"BANDWIDTH"`, "action": `{ size = 0 }`}, At: "action", Error: "at least 1 Mbit/s"},
			{Set: acctest.Attributes{"resource_type": `"BANDWIDTH"`, "action": `{ operation = "SET", size = 1, limits = 1 }`}, At: "action", Error: "Only adding to a bandwidth"},
			{Set: intervals(`size = 1, lower_bound = 2, upper_bound = 2`), At: "interval_alarm_actions", Error: "above lower_bound"},
			{Set: intervals(`lower_bound = 2`), At: "interval_alarm_actions", Error: "either size or percentage"},
			{Set: times(`launch_time = "8 o'clock"`), At: "", Error: "is expected"},
			{Set: times(`launch_time = "24:00"`), At: "", Error: "is expected"},
			{Set: times(`launch_time = "2999-01-01T00:00Z", recurrence_type = "Daily", end_time = "2999-01-01T00:00Z"`), At: "scheduled_policy", Error: "must be like 08:00"},
			{Set: times(`launch_time = "08:00"`), At: "scheduled_policy", Error: "RECURRENCE needs recurrence_type"},
			{Set: times(`launch_time = "08:00", recurrence_type = "Daily"`), At: "scheduled_policy", Error: "RECURRENCE needs end_time"},
			{Set: times(`launch_time = "08:00", recurrence_type = "Yearly"`), At: "", Error: "must be one of"},
			{Set: times(`launch_time = "08:00", recurrence_type = "Daily", recurrence_value = "1", end_time = "2999-01-01T00:00Z"`), At: "scheduled_policy", Error: "recurs daily has no days"},
			{Set: times(`launch_time = "08:00", recurrence_type = "Weekly", end_time = "2999-01-01T00:00Z"`), At: "scheduled_policy", Error: "weekly needs recurrence_value"},
			{Set: times(`launch_time = "08:00", recurrence_type = "Weekly", recurrence_value = "7,8", end_time = "2999-01-01T00:00Z"`), At: "scheduled_policy", Error: "no day 8"},
			{Set: times(`launch_time = "08:00", recurrence_type = "Monthly", recurrence_value = "32", end_time = "2999-01-01T00:00Z"`), At: "scheduled_policy", Error: "no day 32"},
			{Set: times(`launch_time = "08:00", recurrence_type = "Monthly", recurrence_value = "1;2", end_time = "2999-01-01T00:00Z"`), At: "", Error: "joined by commas"},
			{Set: times(`launch_time = "08:00", recurrence_type = "Daily", start_time = "2999-01-02T00:00Z", end_time = "2999-01-01T00:00Z"`), At: "scheduled_policy", Error: "after start_time"},
			{Set: times(`launch_time = "08:00", recurrence_type = "Daily", end_time = "2999"`), At: "", Error: "is expected"},
			{
				Set: without("alarm_id", acctest.Attributes{"type": `"SCHEDULED"`, "scheduled_policy": `{ launch_time = "08:00" }`}),
				At:  "scheduled_policy", Error: "must be like 2027-01-31T08:00Z",
			},
			{
				Set: without("alarm_id", acctest.Attributes{"type": `"SCHEDULED"`, "scheduled_policy": `{ launch_time = "2999-01-01T00:00Z", end_time = "2999-01-01T00:00Z" }`}),
				At:  "scheduled_policy", Error: "Only a policy of type RECURRENCE has end_time",
			},
		},
	}.Test(t)
}

// policies are two policies of one group.
const policies = groups + `
resource "hwcloud_scaling_policy" "more" {
  name        = "more"
  resource_id = hwcloud_scaling_group.test.id
  type        = "ALARM"
  alarm_id    = "al1513822380493GvlJKZwA8"
  action      = { size = 1 }
}

resource "hwcloud_scaling_policy" "less" {
  name             = "less"
  resource_id      = hwcloud_scaling_group.test.id
  type             = "SCHEDULED"
  scheduled_policy = { launch_time = "2999-01-01T00:00Z" }
  action           = { operation = "REDUCE", size = 1 }
}
`

func TestFindScalingPolicy(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_scaling_policy", Needs: policies,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_scaling_policy.more.id`}, Check: []string{"name=more", "action.size=1", "enabled=true", "status=INSERVICE"}},
			{By: acctest.Attributes{"type": `"SCHEDULED"`}, Check: []string{"name=less", "scheduled_policy.launch_time=2999-01-01T00:00Z"}},
			{By: acctest.Attributes{"alarm_id": alarm}, Check: []string{"name=more"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"none"`}, Error: "Nothing .* fits"},
			{Set: acctest.Attributes{"resource_id": `hwcloud_scaling_group.test.id`}, Error: "Found 2 of"},
		},
	}.Test(t)
}

func TestFindScalingPolicies(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_scaling_policies", Needs: policies,
		Found: []acctest.Found{
			{By: acctest.Attributes{"resource_id": `hwcloud_scaling_group.test.id`}, Check: []string{"scaling_policies.#=2", "scaling_policies.0.name=less"}},
			{By: acctest.Attributes{"resource_id": `hwcloud_scaling_group.other.id`}, Check: []string{"scaling_policies.#=0"}},
		},
	}.Test(t)
}
