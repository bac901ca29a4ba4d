package smn_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

// sent checks that the last subscription was made with some text in its request.
func sent(c *acctest.Cloud, text string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		posts := c.Calls(`^POST /smn/\S+/subscriptions$`)
		if len(posts) == 0 || !strings.Contains(posts[len(posts)-1].Body, text) {
			return fmt.Errorf("no %s in %v", text, posts)
		}
		return nil
	}
}

const subscribed = `
resource "hwcloud_topic" "alarms" {
  name = "alarms"
  tags = { env = "prod" }
}

resource "hwcloud_topic" "bills" {
  name         = "bills"
  display_name = "Bills"
  tags         = { env = "test" }
}

resource "hwcloud_subscription" "ops" {
  topic_urn = hwcloud_topic.alarms.id
  protocol  = "email"
  endpoint  = "ops@example.com"
}

resource "hwcloud_subscription" "ops_bills" {
  topic_urn = hwcloud_topic.bills.id
  protocol  = "email"
  endpoint  = "ops@example.com"
}
`

func TestFindTopic(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_topic", Needs: subscribed,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_topic.alarms.id`}, Check: []string{"name=alarms", "tags.env=prod"}},
			{By: acctest.Attributes{"name": `"bills"`}, Check: []string{"display_name=Bills", "tags.env=test"}},
			{By: acctest.Attributes{"topic_id": `hwcloud_topic.bills.topic_id`}, Check: []string{"name=bills"}},
			{By: acctest.Attributes{"tags": `{ env = "test" }`}, Check: []string{"name=bills"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"gone"`}, Error: "Nothing in region cn-north-4 fits name = gone"},
			{Set: acctest.Attributes{"name_regex": `"."`}, Error: "Found 2 of hwcloud_topic"},
		},
	}.Test(t)
}

func TestFindTopics(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_topics", Needs: subscribed,
		Found: []acctest.Found{
			{Check: []string{"topics.#=2", "topics.0.name=alarms", "topics.1.name=bills", "topics.1.tags.env=test"}},
			{By: acctest.Attributes{"name": `"alarms"`}, Check: []string{"topics.#=1"}},
		},
	}.Test(t)
}

func TestFindSubscription(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_subscription", Needs: subscribed,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_subscription.ops.id`}, Check: []string{"endpoint=ops@example.com", "protocol=email", "status=0"}},
			{By: acctest.Attributes{"endpoint": `"ops@example.com"`, "topic_urn": `hwcloud_topic.bills.id`}, Check: []string{"protocol=email"}},
		},
		Refused: []acctest.Refusal{{Set: acctest.Attributes{"endpoint": `"ops@example.com"`}, Error: "Found 2 of hwcloud_subscription"}},
	}.Test(t)
}

func TestFindSubscriptions(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_subscriptions", Needs: subscribed,
		Found: []acctest.Found{
			{By: acctest.Attributes{"protocol": `"email"`}, Check: []string{"subscriptions.#=2"}},
			{By: acctest.Attributes{"topic_urn": `hwcloud_topic.alarms.id`}, Check: []string{"subscriptions.#=1"}},
		},
	}.Test(t)
}
