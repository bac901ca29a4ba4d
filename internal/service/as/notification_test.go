package as_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

func TestScalingNotification(t *testing.T) {
	t.Parallel()
	const put = `^PUT /as/autoscaling-api/v1/\S+/scaling_notification/\S{36} `
	acctest.Whole{
		Type: "hwcloud_scaling_notification", Needs: told,
		Given: acctest.Attributes{
			"scaling_group_id": `hwcloud_scaling_group.test.id`,
			"topic_urn":        `hwcloud_topic.test[0].id`,
			"topic_scene":      `["SCALING_UP", "SCALING_DOWN"]`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"topic_scene": `["SCALING_GROUP_ABNORMAL"]`},
				Calls: []string{put + `{"topic_scene":\["SCALING_GROUP_ABNORMAL"\],"topic_urn":"urn:smn:\S+:alarms-0"}$`}, Check: []string{"topic_name=alarms-0"},
			},
			{
				To: acctest.Attributes{"topic_urn": `hwcloud_topic.test[1].id`}, Replaces: true,
				Calls: []string{`^DELETE /as/\S+/scaling_notification/\S{36}/urn:smn:\S+:alarms-0$`, put + `{"topic_scene":\["SCALING_GROUP_ABNORMAL"\],"topic_urn":"urn:smn:\S+:alarms-1"}$`},
			},
			{To: acctest.Attributes{"scaling_group_id": `hwcloud_scaling_group.other.id`}, Replaces: true},
		},
		Drift: []acctest.Drift{{Patch: map[string]any{"topic_scene": []string{"SCALING_UP"}}, Seen: "topic_scene"}},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"scaling_group_id": `"web"`}, At: "scaling_group_id", Error: "UUID"},
			{Set: acctest.Attributes{"scaling_group_id": ``}, At: "", Error: `"scaling_group_id" is required`},
			{Set: acctest.Attributes{"topic_urn": `"alarms"`}, At: "topic_urn", Error: "a topic's URN is expected"},
			{Set: acctest.Attributes{"topic_urn": `"urn:smn:cn-north-4:p:-a"`}, At: "topic_urn", Error: "a topic's URN is expected"},
			{Set: acctest.Attributes{"topic_urn": ``}, At: "", Error: `"topic_urn" is required`},
			{Set: acctest.Attributes{"topic_scene": `[]`}, At: "topic_scene", Error: "at least 1"},
			{Set: acctest.Attributes{"topic_scene": `["SCALING"]`}, At: "topic_scene", Error: "must be one of"},
			{Set: acctest.Attributes{"topic_scene": ``}, At: "", Error: `"topic_scene" is required`},
		},
	}.Test(t)
}

// A notification that somebody else has made is not taken over, for destroying it would end theirs.
func TestScalingNotificationExists(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Run(
		resource.TestStep{Config: told},
		resource.TestStep{
			PreConfig: func() {
				for urn := range c.Objects("topic") {
					c.Ask(cloud.AS, "PUT", "/autoscaling-api/v1/{project_id}/scaling_notification/"+c.ID("scaling_group", "web"), map[string]any{"topic_urn": urn, "topic_scene": []string{"SCALING_UP"}})
				}
			},
			Config: told + `
resource "hwcloud_scaling_notification" "test" {
  scaling_group_id = hwcloud_scaling_group.test.id
  topic_urn        = hwcloud_topic.test[0].id
  topic_scene      = ["SCALING_DOWN"]
}
`,
			ExpectError: regexp.MustCompile(`(?s)exists already.*import\s+hwcloud_scaling_notification\.NAME`),
		},
	)
}

// What lies in a group goes with it, and the next plan makes all of it again.
func TestScalingPolicyGoesWithItsGroup(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	config := grouped + `
resource "hwcloud_topic" "test" {
  name = "alarms"
}

resource "hwcloud_scaling_policy" "test" {
  name        = "more"
  resource_id = hwcloud_scaling_group.test.id
  type        = "ALARM"
  alarm_id    = ` + alarm + `
  action      = { size = 1 }
}

resource "hwcloud_scaling_lifecycle_hook" "test" {
  scaling_group_id       = hwcloud_scaling_group.test.id
  name                   = "drain"
  type                   = "INSTANCE_TERMINATING"
  notification_topic_urn = hwcloud_topic.test.id
}

resource "hwcloud_scaling_notification" "test" {
  scaling_group_id = hwcloud_scaling_group.test.id
  topic_urn        = hwcloud_topic.test.id
  topic_scene      = ["SCALING_UP"]
}
`
	c.Run(
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() { c.Delete("scaling_group", c.ID("scaling_group", "web")) },
			Config:    config,
			Check:     resource.TestMatchResourceAttr("hwcloud_scaling_lifecycle_hook.test", "id", regexp.MustCompile(`^\S{36}/drain$`)),
		},
	)
}

// notifications are two notifications of one group.
const notifications = told + `
resource "hwcloud_scaling_notification" "test" {
  count            = 2
  scaling_group_id = hwcloud_scaling_group.test.id
  topic_urn        = hwcloud_topic.test[count.index].id
  topic_scene      = ["SCALING_UP"]
}
`

func TestFindScalingNotification(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_scaling_notification", Needs: notifications,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_scaling_notification.test[0].id`}, Check: []string{"topic_name=alarms-0", "topic_scene.#=1"}},
			{By: acctest.Attributes{"scaling_group_id": `hwcloud_scaling_group.test.id`, "topic_name": `"alarms-1"`}, Check: []string{"topic_scene.0=SCALING_UP"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"topic_name": `"alarms-0"`}, Error: "without an id, scaling_group_id is needed"},
			{Set: acctest.Attributes{"scaling_group_id": `hwcloud_scaling_group.other.id`}, Error: "Nothing .* fits"},
			{Set: acctest.Attributes{"scaling_group_id": `hwcloud_scaling_group.test.id`}, Error: "Found 2 of"},
		},
	}.Test(t)
}

func TestFindScalingNotifications(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_scaling_notifications", Needs: notifications,
		Found: []acctest.Found{
			{By: acctest.Attributes{"scaling_group_id": `hwcloud_scaling_group.test.id`}, Check: []string{"scaling_notifications.#=2"}},
			{By: acctest.Attributes{"scaling_group_id": `hwcloud_scaling_group.other.id`}, Check: []string{"scaling_notifications.#=0"}},
		},
	}.Test(t)
}
