package smn_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

func TestTopic(t *testing.T) {
	t.Parallel()
	const put = `^PUT /smn/v2/\S+/notifications/topics/urn:smn:cn-north-4:\S+:alarms `
	acctest.Whole{
		Type: "hwcloud_topic",
		Given: acctest.Attributes{
			"name":         `"alarms"`,
			"display_name": `"值班 on call"`,
			"tags":         `{ env = "prod", formula = "a=b", empty = "" }`,
		},
		Changes: []acctest.Change{
			{To: acctest.Attributes{"display_name": `"night shift"`}, Calls: []string{put + `{"display_name":"night shift"}$`}, Check: []string{"display_name=night shift"}},
			{
				To: acctest.Attributes{"display_name": ``, "tags": `{ env = "test", formula = "a=b" }`},
				Calls: []string{
					put + `{"display_name":""}$`,
					`^POST /smn/v2/\S+/smn_topic/[0-9a-f]{32}/tags/action {"action":"delete","tags":\[{"key":"empty","value":""}\]}$`,
					`^POST /smn/v2/\S+/smn_topic/[0-9a-f]{32}/tags/action {"action":"create","tags":\[{"key":"env","value":"test"}\]}$`,
				},
				Check: []string{"tags.%=2", "push_policy=0"},
			},
			{To: acctest.Attributes{"tags": ``}, Check: []string{"tags_all.%=0"}},
			{To: acctest.Attributes{"name": `"alarms-2"`}, Replaces: true, Check: []string{"name=alarms-2"}},
			{To: acctest.Attributes{"enterprise_project_id": `"8a9d7b6c-0000-4000-8000-000000000001"`}, Replaces: true},
			{To: acctest.Attributes{"region": `"cn-east-3"`}, Replaces: true},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"display_name": "other"}, Seen: "display_name"},
			{Patch: map[string]any{"tags": map[string]any{"env": "prod", "by": "hand"}}, Seen: "tags"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"on call"`}, At: "name", Error: "1 to 255 letters"},
			{Set: acctest.Attributes{"name": `"-alarms"`}, At: "name", Error: "a letter or digit first"},
			{Set: acctest.Attributes{"name": `""`}, At: "name", Error: "1 to 255 letters"},
			{Set: acctest.Attributes{"name": `join("", [for i in range(256) : "a"])`}, At: "name", Error: "1 to 255 letters"},
			{Set: acctest.Attributes{"display_name": `join("", [for i in range(65) : "字"])`}, At: "display_name", Error: "at most 192"},
			{Set: acctest.Attributes{"enterprise_project_id": `"mine"`}, At: "enterprise_project_id", Error: "UUID"},
			{Set: acctest.Attributes{"tags": `{ "a*b" = "c" }`}, At: "tags", Error: "may not hold"},
			{Set: acctest.Attributes{"tags": `{ (join("", [for i in range(128) : "a"])) = "c" }`}, At: "tags", Error: "between 1 and 127"},
			{Set: acctest.Attributes{"tags": `{ for i in range(21) : "k${i}" => "v" }`}, At: "tags", Error: "at most 20"},
		},
	}.Test(t)
}

// What exists already is never adopted: the cloud answers success, and leaves it as it is.
func TestTopicExists(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	there := c.Ask(cloud.SMN, "POST", "/v2/{project_id}/notifications/topics", map[string]any{"name": "alarms", "display_name": "first"})
	urn := there["topic_urn"].(string)
	const config = `
resource "hwcloud_topic" "test" {
  name         = "alarms"
  display_name = "second"
}
`
	c.Run(
		resource.TestStep{
			Config:      config,
			ExpectError: regexp.MustCompile(`(?s)Cannot create hwcloud_topic "alarms".*exists already.*import\s+hwcloud_topic\.NAME\s+` + urn),
		},
	)
	if name := c.Objects("topic")[urn]["display_name"]; name != "first" {
		t.Errorf("it is now %v", name)
	}
}

// Tags travel after the topic, for its creation takes none; without them it stays, and the next plan shows them.
func TestTopicTagsFail(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Break(acctest.Fault{Method: "POST", Path: "/tags/action$", Times: 1, Action: map[string]any{"status": 403}})
	const config = `
resource "hwcloud_topic" "test" {
  name = "alarms"
  tags = { env = "prod" }
}
`
	c.Run(
		resource.TestStep{Config: config, ExpectNonEmptyPlan: true},
		resource.TestStep{Config: config, Check: resource.TestCheckResourceAttr("hwcloud_topic.test", "tags.env", "prod")},
	)
	if posts := c.Calls(`^POST /smn/\S+/topics$`); len(posts) != 1 {
		t.Errorf("created by %v", posts)
	}
}
