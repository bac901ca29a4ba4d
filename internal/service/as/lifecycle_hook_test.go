package as_test

import (
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

// told is two groups, with topics to tell of them.
const told = groups + `
resource "hwcloud_topic" "test" {
  count = 2
  name  = "alarms-${count.index}"
}
`

func TestScalingLifecycleHook(t *testing.T) {
	t.Parallel()
	const put = `^PUT /as/autoscaling-api/v1/\S+/scaling_lifecycle_hook/\S{36}/drain `
	acctest.Whole{
		Type: "hwcloud_scaling_lifecycle_hook", Needs: told,
		Given: acctest.Attributes{
			"scaling_group_id":       `hwcloud_scaling_group.test.id`,
			"name":                   `"drain"`,
			"type":                   `"INSTANCE_TERMINATING"`,
			"default_result":         `"CONTINUE"`,
			"default_timeout":        `60`,
			"notification_topic_urn": `hwcloud_topic.test[0].id`,
			"notification_metadata":  `"再见"`,
		},
		Changes: []acctest.Change{
			{To: acctest.Attributes{"type": `"INSTANCE_LAUNCHING"`}, Calls: []string{put + `{"lifecycle_hook_type":"INSTANCE_LAUNCHING"}$`}},
			{To: acctest.Attributes{"default_result": ``}, Calls: []string{put + `{"default_result":"ABANDON"}$`}},
			{To: acctest.Attributes{"default_timeout": ``}, Calls: []string{put + `{"default_timeout":3600}$`}},
			{
				To: acctest.Attributes{"notification_topic_urn": `hwcloud_topic.test[1].id`}, Calls: []string{put + `{"notification_topic_urn":"urn:smn:\S+:alarms-1"}$`},
				Check: []string{"notification_topic_name=alarms-1"},
			},
			{To: acctest.Attributes{"notification_metadata": ``}, Calls: []string{put + `{"notification_metadata":""}$`}},
			{
				To: acctest.Attributes{"name": `"greet"`}, Replaces: true,
				Calls: []string{`^DELETE /as/\S+/scaling_lifecycle_hook/\S{36}/drain$`, `^POST /as/\S+/scaling_lifecycle_hook/\S{36} {`},
			},
			{To: acctest.Attributes{"scaling_group_id": `hwcloud_scaling_group.other.id`}, Replaces: true},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{
				"lifecycle_hook_type": "INSTANCE_LAUNCHING", "default_result": "ABANDON", "default_timeout": 61, "notification_topic_urn": "urn:smn:a:b:gone",
				"notification_metadata": "",
			}, Seen: "type"},
			{Seen: "default_result"}, {Seen: "default_timeout"}, {Seen: "notification_topic_urn"}, {Seen: "notification_metadata"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"scaling_group_id": `"web"`}, At: "scaling_group_id", Error: "UUID"},
			{Set: acctest.Attributes{"name": `""`}, At: "name", Error: "1 to 32 letters"},
			{Set: acctest.Attributes{"name": `"a b"`}, At: "name", Error: "1 to 32 letters"},
			{Set: acctest.Attributes{"name": `join("", [for i in range(33) : "a"])`}, At: "name", Error: "1 to 32 letters"},
			{Set: acctest.Attributes{"type": `"ANY"`}, At: "type", Error: "must be one of"},
			{Set: acctest.Attributes{"default_result": `"WAIT"`}, At: "default_result", Error: "must be one of"},
			{Set: acctest.Attributes{"default_timeout": `59`}, At: "default_timeout", Error: "between 60 and 86400"},
			{Set: acctest.Attributes{"notification_topic_urn": `"alarms"`}, At: "notification_topic_urn", Error: "a topic's URN is expected"},
			{Set: acctest.Attributes{"notification_metadata": `"a & b"`}, At: "notification_metadata", Error: "is allowed"},
			{Set: acctest.Attributes{"notification_metadata": `join("", [for i in range(257) : "字"])`}, At: "notification_metadata", Error: "at most 256"},
		},
	}.Test(t)
}

// hooks are two hooks of one group.
const hooks = told + `
resource "hwcloud_scaling_lifecycle_hook" "test" {
  count                  = 2
  scaling_group_id       = hwcloud_scaling_group.test.id
  name                   = ["greet", "drain"][count.index]
  type                   = ["INSTANCE_LAUNCHING", "INSTANCE_TERMINATING"][count.index]
  notification_topic_urn = hwcloud_topic.test[0].id
}
`

func TestFindScalingLifecycleHook(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_scaling_lifecycle_hook", Needs: hooks,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_scaling_lifecycle_hook.test[0].id`}, Check: []string{"name=greet", "default_timeout=3600"}},
			{By: acctest.Attributes{"scaling_group_id": `hwcloud_scaling_group.test.id`, "type": `"INSTANCE_TERMINATING"`}, Check: []string{"name=drain"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"drain"`}, Error: "without an id, scaling_group_id is needed"},
			{Set: acctest.Attributes{"id": `"drain"`}, Error: "is not of the form scaling_group_id/name"},
			{Set: acctest.Attributes{"id": `"0b4c1a52-7d9e-4f63-8a1b-2c3d4e5f6071/drain"`}, Error: "Nothing .* fits"},
			{Set: acctest.Attributes{"scaling_group_id": `hwcloud_scaling_group.test.id`}, Error: "Found 2 of"},
		},
	}.Test(t)
}

func TestFindScalingLifecycleHooks(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_scaling_lifecycle_hooks", Needs: hooks,
		Found: []acctest.Found{
			{By: acctest.Attributes{"scaling_group_id": `hwcloud_scaling_group.test.id`}, Check: []string{"scaling_lifecycle_hooks.#=2", "scaling_lifecycle_hooks.0.name=drain"}},
			{By: acctest.Attributes{"scaling_group_id": `hwcloud_scaling_group.other.id`}, Check: []string{"scaling_lifecycle_hooks.#=0"}},
		},
	}.Test(t)
}
