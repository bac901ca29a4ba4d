package obs_test

import (
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

const topics = `
resource "hwcloud_topic" "uploads" {
  name = "uploads"
}

resource "hwcloud_topic" "deletions" {
  name = "deletions"
}
`

func TestBucketNotification(t *testing.T) {
	t.Parallel()
	topic := func(members string) string {
		return `{ topic_urn = hwcloud_topic.uploads.id, events = ["ObjectCreated:*"], ` + members + ` }`
	}
	const urn = `urn:smn:cn-north-4:\w+:`
	acctest.Whole{
		Type: "hwcloud_bucket_notification", Kind: "bucket", There: written("notification"), Vanish: erased("notification", "NotificationConfiguration"),
		Needs: twoBuckets + topics,
		Given: acctest.Attributes{
			"bucket": `hwcloud_bucket.web.name`,
			"topics": `[
    {
      id        = "uploads & more"
      topic_urn = hwcloud_topic.uploads.id
      events    = ["ObjectCreated:Put", "ObjectCreated:Post"]
      filter    = { prefix = "pictures/", suffix = ".png" }
    },
    { id = "deletions", topic_urn = hwcloud_topic.deletions.id, events = ["ObjectRemoved:*"] },
  ]`,
		},
		Changes: []acctest.Change{
			{
				To: acctest.Attributes{"topics": `[{ id = "all", topic_urn = hwcloud_topic.deletions.id, events = ["ObjectCreated:*", "ObjectRemoved:Delete"], filter = { suffix = ".txt" } }]`},
				Calls: []string{`^PUT /obs/web-files\?notification <NotificationConfiguration><TopicConfiguration><Event>ObjectCreated:\*</Event><Event>ObjectRemoved:Delete</Event>` +
					`<Filter><Object><FilterRule><Name>suffix</Name><Value>.txt</Value></FilterRule></Object></Filter><Id>all</Id><Topic>` + urn + `deletions</Topic></TopicConfiguration></NotificationConfiguration>$`},
				Check: []string{"id=web-files", "topics.#=1", "topics.0.filter.suffix=.txt"},
			},
			{
				To: acctest.Attributes{"topics": `[
    { id = "deletions", topic_urn = hwcloud_topic.deletions.id, events = ["ObjectRemoved:*"] },
    { id = "all", topic_urn = hwcloud_topic.uploads.id, events = ["ObjectCreated:Copy", "ObjectCreated:CompleteMultipartUpload"] },
  ]`},
				Calls: []string{`^PUT /obs/web-files\?notification <NotificationConfiguration><TopicConfiguration><Event>ObjectRemoved:\*</Event><Id>deletions</Id><Topic>` + urn + `deletions</Topic></TopicConfiguration>` +
					`<TopicConfiguration><Event>ObjectCreated:CompleteMultipartUpload</Event><Event>ObjectCreated:Copy</Event><Id>all</Id><Topic>` + urn + `uploads</Topic></TopicConfiguration></NotificationConfiguration>$`},
			},
			{
				To:       acctest.Attributes{"bucket": `hwcloud_bucket.other.name`},
				Replaces: true, Check: []string{"id=other-files"},
				Calls: []string{`^PUT /obs/web-files\?notification <NotificationConfiguration></NotificationConfiguration>$`, `^PUT /obs/other-files\?notification `},
			},
		},
		Drift: []acctest.Drift{{
			Patch: patched("notification", `<NotificationConfiguration><TopicConfiguration><Id>a</Id><Topic>urn:smn:cn-north-4:p:other</Topic><Event>ObjectCreated:*</Event></TopicConfiguration></NotificationConfiguration>`),
			Seen:  "topics",
		}},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"bucket": `"w"`}, At: "bucket", Error: "3 to 63"},
			{Set: acctest.Attributes{"topics": `[]`}, At: "topics", Error: "at least 1"},
			{Set: acctest.Attributes{"topics": `[for i in range(101) : { id = "${i}", topic_urn = "urn:smn:r:p:n", events = ["ObjectCreated:*"], filter = { prefix = "${i}/" } }]`}, At: "topics", Error: "at most 100"},
			{Set: acctest.Attributes{"topics": `[{ id = "a", topic_urn = "uploads", events = ["ObjectCreated:*"] }]`}, At: "", Error: "a topic's URN is expected"},
			{Set: acctest.Attributes{"topics": `[{ id = "a", topic_urn = hwcloud_topic.uploads.id, events = [] }]`}, At: "", Error: "at least 1"},
			{Set: acctest.Attributes{"topics": `[{ id = "a", topic_urn = hwcloud_topic.uploads.id, events = ["s3:ObjectCreated:*"] }]`}, At: "", Error: "value must be one of"},
			{Set: acctest.Attributes{"topics": `[` + topic(`id = "a", filter = {}`) + `]`}, At: "", Error: "at least 1"},
			{Set: acctest.Attributes{"topics": `[` + topic(`id = "a", filter = { infix = "a" }`) + `]`}, At: "", Error: "value must be one of"},
			{Set: acctest.Attributes{"topics": `[` + topic(`id = "a", filter = { prefix = "" }`) + `]`}, At: "", Error: "between 1 and 1024"},
			{Set: acctest.Attributes{"topics": `[` + topic(`id = "a", filter = { prefix = null }`) + `]`}, At: "", Error: "(?i)null"},
			{Set: acctest.Attributes{"topics": `[` + topic(``) + `]`}, At: "topics", Error: "id.* is required"},
			{Set: acctest.Attributes{"topics": `[` + topic(`id = ""`) + `]`}, At: "", Error: "at least 1"},
			{Set: acctest.Attributes{"topics": `[` + topic(`id = "a", filter = { prefix = "a" }`) + `, ` + topic(`id = "a", filter = { prefix = "b" }`) + `]`}, At: "topics", Error: `Two topics have the id "a"`},
			{Set: acctest.Attributes{"topics": `[` + topic(`id = "a", filter = { prefix = "a/" }`) + `, ` + topic(`id = "b", filter = { prefix = "a/b", suffix = ".txt" }`) + `]`}, At: "topics", Error: "topics.0, is told of the same events"},
			{Set: acctest.Attributes{"topics": `[` + topic(`id = "a"`) + `, { id = "b", topic_urn = "urn:smn:r:p:n", events = ["ObjectCreated:Put"], filter = { suffix = "a" } }]`}, At: "topics", Error: "the same events"},
		},
	}.Test(t)
}

func TestFindBucketNotification(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_bucket_notification", Needs: twoBuckets + topics + `
resource "hwcloud_bucket_notification" "web" {
  bucket = hwcloud_bucket.web.name
  topics = [{ id = "uploads", topic_urn = hwcloud_topic.uploads.id, events = ["ObjectCreated:*"], filter = { prefix = "a/" } }]
}
`,
		Found: []acctest.Found{
			{By: acctest.Attributes{"bucket": `hwcloud_bucket_notification.web.bucket`}, Check: []string{"id=web-files", "topics.0.id=uploads", "topics.0.filter.prefix=a/"}},
			{By: acctest.Attributes{"id": `hwcloud_bucket_notification.web.id`}, Check: []string{"bucket=web-files"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"bucket": `"other-files"`}, Error: "Nothing in region cn-north-4 fits bucket = other-files"},
			{Set: acctest.Attributes{}, Error: "bucket is needed"},
		},
	}.Test(t)
}
