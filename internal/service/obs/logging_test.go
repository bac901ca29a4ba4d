package obs_test

import (
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

const account = "5a0d80c0000000000000000000000099"

func TestBucketLogging(t *testing.T) {
	t.Parallel()
	acctest.Whole{
		Type: "hwcloud_bucket_logging", Kind: "bucket", There: written("logging"), Vanish: erased("logging", "BucketLoggingStatus"),
		Needs: twoBuckets,
		Given: acctest.Attributes{
			"bucket":        `hwcloud_bucket.web.name`,
			"agency":        `"obs-logs"`,
			"target_bucket": `hwcloud_bucket.other.name`,
			"target_prefix": `"logs/web & more/"`,
			"target_grants": `[{ account_id = "` + account + `", permission = "READ" }]`,
		},
		Changes: []acctest.Change{
			{
				To: acctest.Attributes{"agency": `"obs-writes"`, "target_prefix": ``},
				Calls: []string{`^PUT /obs/web-files\?logging <BucketLoggingStatus><Agency>obs-writes</Agency><LoggingEnabled><TargetBucket>other-files</TargetBucket>` +
					`<TargetGrants><Grant><Grantee><ID>` + account + `</ID></Grantee><Permission>READ</Permission></Grant></TargetGrants></LoggingEnabled></BucketLoggingStatus>$`},
				Check: []string{"id=web-files"},
			},
			{
				To:    acctest.Attributes{"target_bucket": `hwcloud_bucket.web.name`, "target_prefix": `"own/"`},
				Calls: []string{`^PUT /obs/web-files\?logging .*<TargetBucket>web-files</TargetBucket>.*<TargetPrefix>own/</TargetPrefix>`},
			},
			{
				To:    acctest.Attributes{"target_grants": `[{ account_id = "` + account + `", permission = "WRITE" }, { account_id = "` + account + `", permission = "FULL_CONTROL" }]`},
				Calls: []string{`^PUT /obs/web-files\?logging .*<Grant>.*<Permission>FULL_CONTROL</Permission></Grant><Grant>.*<Permission>WRITE</Permission></Grant>`},
			},
			{
				To:    acctest.Attributes{"target_grants": ``},
				Calls: []string{`^PUT /obs/web-files\?logging <BucketLoggingStatus><Agency>obs-writes</Agency><LoggingEnabled><TargetBucket>web-files</TargetBucket><TargetPrefix>own/</TargetPrefix></LoggingEnabled></BucketLoggingStatus>$`},
			},
			{
				To:       acctest.Attributes{"bucket": `hwcloud_bucket.other.name`},
				Replaces: true, Check: []string{"id=other-files"},
				Calls: []string{`^PUT /obs/web-files\?logging <BucketLoggingStatus></BucketLoggingStatus>$`, `^PUT /obs/other-files\?logging `},
			},
		},
		Drift: []acctest.Drift{
			{
				Patch: patched("logging", `<BucketLoggingStatus><Agency>other</Agency><LoggingEnabled><TargetBucket>web-files</TargetBucket><TargetPrefix></TargetPrefix></LoggingEnabled></BucketLoggingStatus>`),
				Seen:  "agency",
			},
			{Seen: "target_bucket"},
			{Seen: "target_prefix"},
			{Seen: "target_grants"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"bucket": `"web_files"`}, At: "bucket", Error: "3 to 63"},
			{Set: acctest.Attributes{"agency": ``}, At: "", Error: "agency"},
			{Set: acctest.Attributes{"agency": `join("", [for i in range(65) : "a"])`}, At: "agency", Error: "between 1 and 64"},
			{Set: acctest.Attributes{"target_bucket": `"LOGS"`}, At: "target_bucket", Error: "lower-case"},
			{Set: acctest.Attributes{"target_prefix": `""`}, At: "target_prefix", Error: "between 1 and 1024"},
			{Set: acctest.Attributes{"target_prefix": `join("", [for i in range(205) : "aaaaa"])`}, At: "target_prefix", Error: "between 1 and 1024"},
			{Set: acctest.Attributes{"target_grants": `[]`}, At: "target_grants", Error: "at least 1"},
			{Set: acctest.Attributes{"target_grants": `[{ account_id = "me", permission = "READ" }]`}, At: "target_grants", Error: "32 hexadecimal"},
			{Set: acctest.Attributes{"target_grants": `[{ account_id = "` + account + `", permission = "READ_ACP" }]`}, At: "target_grants", Error: "value must be one of"},
			{Set: acctest.Attributes{"target_grants": `[{ account_id = "` + account + `" }]`}, At: "target_grants", Error: "permission.* is required"},
		},
	}.Test(t)
}

func TestFindBucketLogging(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_bucket_logging", Needs: twoBuckets + `
resource "hwcloud_bucket_logging" "web" {
  bucket        = hwcloud_bucket.web.name
  agency        = "obs-logs"
  target_bucket = hwcloud_bucket.other.name
}
`,
		Found: []acctest.Found{
			{By: acctest.Attributes{"bucket": `hwcloud_bucket_logging.web.bucket`}, Check: []string{"id=web-files", "agency=obs-logs", "target_bucket=other-files"}},
			{By: acctest.Attributes{"id": `hwcloud_bucket_logging.web.id`}, Check: []string{"bucket=web-files"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"bucket": `"other-files"`}, Error: "Nothing in region cn-north-4 fits bucket = other-files"},
			{Set: acctest.Attributes{}, Error: "bucket is needed"},
		},
	}.Test(t)
}
