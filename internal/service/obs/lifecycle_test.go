package obs_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// rule is a lifecycle of one rule with further members.
func rule(members string) string { return `[{ id = "a", ` + members + ` }]` }

// rules is a lifecycle of rules that are wrong.
func rules(members string) acctest.Attributes { return acctest.Attributes{"rules": rule(members)} }

// lifecycles is a lifecycle of one rule as it is sent.
func lifecycles(members string) string {
	return `^PUT /obs/web-files\?lifecycle <LifecycleConfiguration><Rule>` + members + `</Rule></LifecycleConfiguration>$`
}

func TestBucketLifecycle(t *testing.T) {
	t.Parallel()
	const named, on = "<ID>a</ID>", "<Status>Enabled</Status>"
	ofBucket(acctest.Whole{
		Type: "hwcloud_bucket_lifecycle",
		Given: acctest.Attributes{
			"bucket": `"web-files"`,
			"rules": `[
				{
					id                                 = "logs"
					enabled                            = false
					prefix                             = "logs/"
					transitions                        = [{ days = 30, storage_class = "WARM" }, { days = 60, storage_class = "COLD" }, { days = 90, storage_class = "DEEP_ARCHIVE" }]
					expiration                         = { days = 365 }
					noncurrent_version_transitions     = [{ days = 7, storage_class = "COLD" }]
					noncurrent_version_expiration_days = 30
					abort_incomplete_upload_days       = 3
				},
				{
					id          = "drafts"
					prefix      = "drafts/"
					tags        = { stage = "draft", formula = "a+b", empty = "" }
					transitions = [{ date = "2030-01-01", storage_class = "WARM" }]
					expiration  = { date = "2030-01-31" }
				},
				{ id = "markers", prefix = "data", expiration = { expired_object_delete_marker = true } },
			]`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"rules": rule(`expiration = { days = 9 }`)},
				Calls: []string{lifecycles(`<Expiration><Days>9</Days></Expiration>` + named + `<Prefix></Prefix>` + on)},
				Check: []string{"rules.0.enabled=true", "rules.0.expiration.days=9"},
			},
			{
				To:    acctest.Attributes{"rules": rule(`enabled = false, prefix = "x/y", abort_incomplete_upload_days = 2147483647`)},
				Calls: []string{lifecycles(`<AbortIncompleteMultipartUpload><DaysAfterInitiation>2147483647</DaysAfterInitiation></AbortIncompleteMultipartUpload>` + named + `<Prefix>x/y</Prefix><Status>Disabled</Status>`)},
			},
			{
				To: acctest.Attributes{"rules": rule(`prefix = "x/", tags = { k = "v" }, transitions = [{ date = "2031-12-31", storage_class = "COLD" }]`)},
				Calls: []string{lifecycles(`<Filter><And><Prefix>x/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter>` + named + on +
					`<Transition><Date>2031-12-31T00:00:00Z</Date><StorageClass>COLD</StorageClass></Transition>`)},
			},
			{
				To: acctest.Attributes{"rules": rule(`tags = { k = "v", l = "w" }, noncurrent_version_expiration_days = 2, noncurrent_version_transitions = [{ days = 1, storage_class = "WARM" }]`)},
				Calls: []string{lifecycles(`<Filter><And><Tag><Key>k</Key><Value>v</Value></Tag><Tag><Key>l</Key><Value>w</Value></Tag></And></Filter>` + named +
					`<NoncurrentVersionExpiration><NoncurrentDays>2</NoncurrentDays></NoncurrentVersionExpiration>` +
					`<NoncurrentVersionTransition><NoncurrentDays>1</NoncurrentDays><StorageClass>WARM</StorageClass></NoncurrentVersionTransition>` + on)},
			},
			{
				To:    acctest.Attributes{"rules": rule(`expiration = { expired_object_delete_marker = true }`)},
				Calls: []string{`<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>`},
			},
			{To: acctest.Attributes{"bucket": `"web-files-2"`}, Replaces: true, Check: []string{"id=web-files-2"}},
		},
		Drift: []acctest.Drift{
			{Do: put("lifecycle", map[string]any{"LifecycleConfiguration": map[string]any{"Rule": map[string]any{
				"ID": "logs", "Prefix": "logs/", "Status": "Enabled", "Expiration": map[string]any{"Days": 1},
			}}}), Seen: "rules"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"bucket": `"Web"`}, At: "bucket", Error: "lower-case"},
			{Set: acctest.Attributes{"rules": `[]`}, At: "rules", Error: "at least 1"},
			{Set: acctest.Attributes{"rules": `[{ id = "", expiration = { days = 1 } }]`}, At: "", Error: "between 1 and 255"},
			{Set: acctest.Attributes{"rules": `[for i in range(2) : { id = "a", prefix = "p${i}", expiration = { days = 1 } }]`}, At: "rules", Error: "more than one rule a"},
			{Set: acctest.Attributes{"rules": `[for p in ["abc", "abcd/"] : { id = p, prefix = p, expiration = { days = 1 } }]`}, At: "rules", Error: `"abc" and "abcd/" overlap`},
			{Set: acctest.Attributes{"rules": `[{ id = "a", prefix = "logs/", expiration = { days = 1 } }, { id = "b", expiration = { days = 1 } }]`}, At: "rules", Error: "for the same objects"},
			{Set: rules(`prefix = "/logs", expiration = { days = 1 }`), At: "", Error: "does not begin with /"},
			{Set: rules(`prefix = "a//b", expiration = { days = 1 }`), At: "", Error: "nor does it have //"},
			{Set: rules(`prefix = "", expiration = { days = 1 }`), At: "", Error: "between 1 and 1024"},
			{Set: rules(`tags = {}, expiration = { days = 1 }`), At: "", Error: "at least 1 elements"},
			{Set: rules(`tags = { for i in range(11) : "k${i}" => "v" }, expiration = { days = 1 }`), At: "", Error: "at most 10"},
			{Set: rules(`tags = { "a=b" = "v" }, expiration = { days = 1 }`), At: "", Error: "none of"},
			{Set: rules(`tags = { " k" = "v" }, expiration = { days = 1 }`), At: "", Error: "no blank"},
			{Set: rules(`tags = { k = join("", [for i in range(44) : "v"]) }, expiration = { days = 1 }`), At: "", Error: "at most 43"},
			{Set: rules(`tags = { k = "v" }, abort_incomplete_upload_days = 1`), At: "rules", Error: "Uploads have no tags"},
			{Set: rules(`prefix = "a"`), At: "rules", Error: "The rule a: It needs one of transitions"},
			{Set: rules(`expiration = {}`), At: "rules", Error: "An expiration needs one of"},
			{Set: rules(`expiration = { days = 1, date = "2030-01-01" }`), At: "rules", Error: "An expiration needs one of"},
			{Set: rules(`expiration = { expired_object_delete_marker = false }`), At: "rules", Error: "is true, or left out"},
			{Set: rules(`expiration = { days = 0 }`), At: "", Error: "between 1 and"},
			{Set: rules(`expiration = { days = 1.5 }`), At: "rules", Error: "no whole number"},
			{Set: rules(`expiration = { date = "2030-13-01" }`), At: "", Error: "a day such as"},
			{Set: rules(`transitions = []`), At: "", Error: "at least 1 elements"},
			{Set: rules(`transitions = [{ storage_class = "WARM" }]`), At: "rules", Error: "A transition needs one of days and date"},
			{Set: rules(`transitions = [{ days = 1, date = "2030-01-01", storage_class = "WARM" }]`), At: "rules", Error: "A transition needs one of days and date"},
			{Set: rules(`transitions = [{ days = 1, storage_class = "STANDARD" }]`), At: "", Error: "value must be one of"},
			{Set: rules(`transitions = [{ days = 1, storage_class = "WARM" }, { days = 2, storage_class = "WARM" }]`), At: "rules", Error: "more than one transition to WARM"},
			{Set: rules(`transitions = [{ days = 30, storage_class = "COLD" }, { days = 30, storage_class = "WARM" }]`), At: "rules", Error: "transition to COLD is not later than that to WARM"},
			{Set: rules(`transitions = [{ date = "2030-02-01", storage_class = "WARM" }, { date = "2030-01-01", storage_class = "COLD" }]`), At: "rules", Error: "transition to COLD is not later than that to WARM"},
			{Set: rules(`transitions = [{ days = 30, storage_class = "WARM" }], expiration = { days = 30 }`), At: "rules", Error: "expiration is not later than the transition to WARM"},
			{Set: rules(`transitions = [{ date = "2030-02-01", storage_class = "WARM" }], expiration = { date = "2030-01-01" }`), At: "rules", Error: "expiration is not later than the transition to WARM"},
			{Set: rules(`noncurrent_version_transitions = [{ days = 7, storage_class = "COLD" }], noncurrent_version_expiration_days = 7`), At: "rules", Error: "expiration is not later than the transition to COLD"},
			{Set: rules(`noncurrent_version_transitions = [{ days = 0, storage_class = "COLD" }]`), At: "", Error: "between 1 and"},
			{Set: rules(`noncurrent_version_expiration_days = 0`), At: "", Error: "between 1 and"},
			{Set: rules(`abort_incomplete_upload_days = 2147483648`), At: "", Error: "between 1 and"},
		},
	}, "lifecycle").Test(t)
}

// What others have written in other ways is read as well: a filter of one thing, one with a prefix alone, and no name.
func TestBucketLifecycleImport(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Ask(cloud.OBS, "PUT", "/web-files", nil)
	days := map[string]any{"Days": 9}
	put("lifecycle", map[string]any{"LifecycleConfiguration": map[string]any{"Rule": []any{
		map[string]any{"ID": "tag", "Filter": map[string]any{"Tag": map[string]any{"Key": "k", "Value": "v"}}, "Status": "Enabled", "Expiration": days},
		map[string]any{"ID": "prefix", "Filter": map[string]any{"Prefix": "a/"}, "Status": "Enabled", "Expiration": days},
		map[string]any{"ID": "both", "Filter": map[string]any{"And": map[string]any{"Prefix": "b/", "Tag": map[string]any{"Key": "k", "Value": "v"}}}, "Status": "Enabled", "Expiration": days},
	}}})(c, "web-files")
	const config = `
import {
  to = hwcloud_bucket_lifecycle.test
  id = "web-files"
}

resource "hwcloud_bucket_lifecycle" "test" {
  bucket = "web-files"
  rules = [
    { id = "tag", tags = { k = "v" }, expiration = { days = 9 } },
    { id = "prefix", prefix = "a/", expiration = { days = 9 } },
    { id = "both", prefix = "b/", tags = { k = "v" }, expiration = { days = 9 } },
  ]
}
`
	c.Forget()
	c.Run(resource.TestStep{Config: config, Check: resource.TestCheckResourceAttr("hwcloud_bucket_lifecycle.test", "rules.#", "3")})
	if writes := c.Writes(); len(writes) != 1 || writes[0].Method != "DELETE" {
		t.Errorf("the import makes %v", writes)
	}
}

func TestFindBucketLifecycle(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_bucket_lifecycle", Needs: documented + `
resource "hwcloud_bucket_lifecycle" "web" {
  bucket = hwcloud_bucket.web.id
  rules  = ` + rule(`prefix = "logs/", expiration = { days = 30 }`) + `
}
`,
		Found: []acctest.Found{
			{By: acctest.Attributes{"bucket": `"web-files"`}, Check: []string{"id=web-files", "rules.#=1", "rules.0.id=a", "rules.0.prefix=logs/", "rules.0.enabled=true", "rules.0.expiration.days=30"}},
			{By: acctest.Attributes{"id": `hwcloud_bucket_lifecycle.web.id`}, Check: []string{"bucket=web-files"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"bucket": `"plain-files"`}, Error: "Nothing in region cn-north-4 fits bucket = plain-files"},
			{Set: acctest.Attributes{"region": `"cn-north-4"`}, Error: "bucket is needed"},
		},
	}.Test(t)
}
