package smn_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

const topics = `
resource "hwcloud_topic" "test" {
  name = "alarms"
}

resource "hwcloud_topic" "other" {
  name = "bills"
}
`

func TestSubscription(t *testing.T) {
	t.Parallel()
	acctest.Whole{
		Type:  "hwcloud_subscription",
		Needs: topics,
		Given: acctest.Attributes{
			"topic_urn": `hwcloud_topic.test.id`,
			"protocol":  `"email"`,
			"endpoint":  `"ops@example.com"`,
			"remark":    `"运维"`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"remark": `"by day"`},
				Calls: []string{`^PUT /smn/v2/\S+/topics/urn:smn:cn-north-4:\S+:alarms/subscriptions/urn:smn:cn-north-4:\S+:alarms:[0-9a-f]{32} {"remark":"by day"}$`},
				Check: []string{"remark=by day", "status=0"},
			},
			{To: acctest.Attributes{"remark": ``}, Calls: []string{` {"remark":""}$`}},
			{To: acctest.Attributes{"endpoint": `"night@example.com"`}, Replaces: true},
			{To: acctest.Attributes{"protocol": `"sms"`, "endpoint": `"+8613800000000"`}, Replaces: true},
			{To: acctest.Attributes{"topic_urn": `hwcloud_topic.other.id`}, Replaces: true},
			{
				To:       acctest.Attributes{"protocol": `"https"`, "endpoint": `"https://example.com/hook?a=b"`, "headers": `{ x-team = "red" }`},
				Replaces: true,
				Calls: []string{
					`^DELETE `, `^POST /smn/v2/\S+/topics/\S+:bills/subscriptions {"endpoint":"https://example.com/hook\?a=b","extension":{"header":{"x-team":"red"}},"protocol":"https"}$`,
				},
			},
			{To: acctest.Attributes{"headers": `{ x-team = "blue" }`}, Replaces: true},
			{
				To: acctest.Attributes{
					"headers": ``, "protocol": `"welink"`, "endpoint": `"group 7"`, "client_id": `"app"`, "client_secret": `"hush"`,
				},
				Replaces: true, Check: []string{"status=2"},
			},
			{To: acctest.Attributes{"client_id": `"other"`}, Replaces: true},
			{To: acctest.Attributes{"client_secret": `"hush hush"`}, Replaces: true},
			{
				To:       acctest.Attributes{"client_id": ``, "client_secret": ``, "protocol": `"feishu"`, "endpoint": `"https://open.feishu.cn/hook"`, "keyword": `"alarm"`},
				Replaces: true,
			},
			{To: acctest.Attributes{"keyword": ``, "sign_secret": `"hush"`}, Replaces: true},
			{
				To: acctest.Attributes{
					"sign_secret": ``, "protocol": `"dingTalkBot"`, "endpoint": `"user7"`, "app_key": `"key-1"`, "app_secret": `"hush"`, "robot_code": `"key-1"`,
				},
				Replaces: true,
				Calls:    []string{`^DELETE `, ` {"endpoint":"user7","extension":{"app_key":"key-1","app_secret":"hush","robot_code":"key-1"},"protocol":"dingTalkBot"}$`},
			},
			{To: acctest.Attributes{"app_key": `"key-2"`}, Replaces: true},
			{To: acctest.Attributes{"robot_code": `"key-2"`}, Replaces: true},
			{To: acctest.Attributes{"app_secret": `"sh"`}, Replaces: true},
		},
		Drift: []acctest.Drift{{Patch: map[string]any{"remark": "other"}, Seen: "remark"}},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"topic_urn": `"alarms"`}, At: "topic_urn", Error: "a topic's URN is expected"},
			{Set: acctest.Attributes{"protocol": `"fax"`}, At: "protocol", Error: "must be one of"},
			{Set: acctest.Attributes{"endpoint": `"ops"`}, At: "endpoint", Error: "must be an e-mail address"},
			{Set: acctest.Attributes{"endpoint": `""`}, At: "endpoint", Error: "at least 1"},
			{Set: acctest.Attributes{"protocol": `"sms"`}, At: "endpoint", Error: "must be a phone number"},
			{Set: acctest.Attributes{"protocol": `"callnotify"`}, At: "endpoint", Error: "must be a phone number"},
			{Set: acctest.Attributes{"protocol": `"http"`, "endpoint": `"https://example.com"`}, At: "endpoint", Error: "begins with http://"},
			{Set: acctest.Attributes{"protocol": `"https"`, "endpoint": `"https://10.1.0.1/hook"`}, At: "endpoint", Error: "public address"},
			{Set: acctest.Attributes{"protocol": `"https"`, "endpoint": `"https://localhost"`}, At: "endpoint", Error: "public address"},
			{Set: acctest.Attributes{"protocol": `"functionstage"`}, At: "endpoint", Error: "URN of a function"},
			{Set: acctest.Attributes{"protocol": `"welink"`}, At: "protocol", Error: "welink needs client_secret"},
			{Set: acctest.Attributes{"protocol": `"feishu"`, "endpoint": `"https://open.feishu.cn/hook"`}, At: "protocol", Error: "either keyword or sign_secret"},
			{
				Set: acctest.Attributes{"protocol": `"feishu"`, "endpoint": `"https://open.feishu.cn/hook"`, "keyword": `"a"`, "sign_secret": `"b"`},
				At:  "protocol", Error: "either keyword or sign_secret",
			},
			{Set: acctest.Attributes{"protocol": `"dingTalkBot"`, "app_key": `"a"`, "app_secret": `"b"`}, At: "protocol", Error: "dingTalkBot needs robot_code"},
			{Set: acctest.Attributes{"protocol": `"dingTalkBot"`, "app_key": `"a b"`, "app_secret": `"b"`, "robot_code": `"c"`}, At: "app_key", Error: "1 to 64 letters"},
			{Set: acctest.Attributes{"protocol": `"dingTalkBot"`, "app_key": `"a"`, "app_secret": `"b c"`, "robot_code": `"c"`}, At: "app_secret", Error: "The value: it has another form"},
			{Set: acctest.Attributes{"protocol": `"dingTalkBot"`, "app_key": `"a"`, "app_secret": `"b"`, "robot_code": `"c d"`}, At: "robot_code", Error: "1 to 64 letters"},
			{Set: acctest.Attributes{"protocol": `"welink"`, "client_id": `""`, "client_secret": `"a"`}, At: "client_id", Error: "at least 1"},
			{Set: acctest.Attributes{"protocol": `"welink"`, "client_id": `"a"`, "client_secret": `""`}, At: "client_secret", Error: "at least 1"},
			{Set: acctest.Attributes{"protocol": `"dingding"`, "sign_secret": `""`}, At: "sign_secret", Error: "at least 1"},
			{Set: acctest.Attributes{"headers": `{ x-a = "b" }`}, At: "headers", Error: "email has no headers"},
			{Set: acctest.Attributes{"keyword": `"a"`}, At: "keyword", Error: "email has no keyword"},
			{Set: acctest.Attributes{"client_secret_wo": `"a"`, "client_secret_wo_version": `1`}, At: "client_secret_wo", Error: "email has no client_secret"},
			{Set: hook(`{ team = "b" }`), At: "headers", Error: "begins with x-"},
			{Set: hook(`{ x-a- = "b" }`), At: "headers", Error: "begins with x-"},
			{Set: hook(`{ x-a = "字" }`), At: "headers", Error: "only ASCII"},
			{Set: hook(`{ x-smn-a = "b" }`), At: "headers", Error: "keeps for itself"},
			{Set: hook(`{ x-a = "b", X-A = "c" }`), At: "headers", Error: "given twice"},
			{Set: hook(`{ x-a = join("", [for i in range(1024) : "a"]) }`), At: "headers", Error: "have 1027 characters"},
			{Set: hook(`{ for i in range(11) : "x-${i}" => "v" }`), At: "headers", Error: "at most 10"},
			{Set: acctest.Attributes{"remark": `join("", [for i in range(43) : "字"])`}, At: "remark", Error: "at most 128"},
		},
	}.Test(t)
}

func hook(headers string) acctest.Attributes {
	return acctest.Attributes{"protocol": `"https"`, "endpoint": `"https://example.com"`, "headers": headers}
}

// What exists already is never adopted, for destroying it would end what somebody else made.
func TestSubscriptionExists(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	topic := c.Ask(cloud.SMN, "POST", "/v2/{project_id}/notifications/topics", map[string]any{"name": "alarms", "display_name": ""})["topic_urn"].(string)
	there := c.Ask(cloud.SMN, "POST", "/v2/{project_id}/notifications/topics/"+topic+"/subscriptions", map[string]any{"protocol": "email", "endpoint": "ops@example.com"})
	c.Run(resource.TestStep{
		Config: fmt.Sprintf(`
resource "hwcloud_subscription" "test" {
  topic_urn = %q
  protocol  = "email"
  endpoint  = "ops@example.com"
}
`, topic),
		ExpectError: regexp.MustCompile(`(?s)exists already.*import\s+hwcloud_subscription\.NAME\s+` + there["subscription_urn"].(string)),
	})
	if len(c.Objects("subscription")) != 1 {
		t.Error("it is gone")
	}
}

// A secret that is write-only is in no state; raising its version makes a new subscription with the new secret.
func TestSubscriptionWriteOnly(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	config := func(secret string, version int) string {
		return topics + fmt.Sprintf(`
resource "hwcloud_subscription" "test" {
  topic_urn                = hwcloud_topic.test.id
  protocol                 = "welink"
  endpoint                 = "group 7"
  client_id                = "app"
  client_secret_wo         = %q
  client_secret_wo_version = %d
}
`, secret, version)
	}
	sends := func(secret string) resource.TestCheckFunc {
		return resource.ComposeTestCheckFunc(
			resource.TestCheckNoResourceAttr("hwcloud_subscription.test", "client_secret"),
			resource.TestCheckNoResourceAttr("hwcloud_subscription.test", "client_secret_wo"),
			sent(c, `"client_secret":"`+secret+`"`),
		)
	}
	c.Run(
		resource.TestStep{Config: config("hush", 1), Check: sends("hush")},
		resource.TestStep{
			Config: config("other", 2), Check: sends("other"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("hwcloud_subscription.test", plancheck.ResourceActionReplace),
			}},
		},
	)
}
