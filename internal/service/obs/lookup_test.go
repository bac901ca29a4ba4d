package obs_test

import (
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

const buckets = `
resource "hwcloud_bucket" "web" {
  name          = "web-files"
  storage_class = "WARM"
  quota         = 1000
  tags          = { env = "prod" }
}

resource "hwcloud_bucket" "logs" {
  name       = "logs"
  versioning = true
}

resource "hwcloud_bucket" "east" {
  name   = "east-files"
  region = "cn-east-3"
}
`

func TestFindBucket(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_bucket", Needs: buckets,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_bucket.web.id`}, Check: []string{"name=web-files", "tags.env=prod", "quota=1000", "storage_class=WARM"}},
			{By: acctest.Attributes{"name": `"logs"`}, Check: []string{"versioning=true", "quota=0", "domain_name=logs.obs.cn-north-4.myhuaweicloud.com"}},
			{By: acctest.Attributes{"tags": `{ env = "prod" }`}, Check: []string{"id=web-files"}},
			{By: acctest.Attributes{"region": `"cn-east-3"`}, Check: []string{"id=east-files"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"gone"`}, Error: "Nothing in region cn-north-4 fits name = gone"},
			{Set: acctest.Attributes{"name_regex": `"."`}, Error: "Found 2 of hwcloud_bucket"},
		},
	}.Test(t)
}

func TestFindBuckets(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_buckets", Needs: buckets,
		Found: []acctest.Found{
			{Check: []string{"buckets.#=2", "buckets.0.name=logs", "buckets.1.name=web-files", "buckets.1.quota=1000"}},
			{By: acctest.Attributes{"storage_class": `"WARM"`}, Check: []string{"buckets.#=1"}},
			{By: acctest.Attributes{"region": `"cn-east-3"`}, Check: []string{"buckets.#=1"}},
		},
	}.Test(t)
}

const objects = buckets + `
resource "hwcloud_bucket_object" "page" {
  bucket       = hwcloud_bucket.web.name
  key          = "docs/index.html"
  content      = "<p>hello</p>"
  content_type = "text/html"
  metadata     = { owner = "me" }
}

resource "hwcloud_bucket_object" "note" {
  bucket  = hwcloud_bucket.web.name
  key     = "note"
  content = "hello"
}
`

func TestFindObject(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_bucket_object", Needs: objects,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_bucket_object.page.id`}, Check: []string{"bucket=web-files", "key=docs/index.html", "size=12", "metadata.owner=me", "storage_class=WARM"}},
			{By: acctest.Attributes{"bucket": `"web-files"`, "key": `"note"`}, Check: []string{"id=web-files/note", "checksum=" + sum("hello")}},
			{By: acctest.Attributes{"bucket": `"web-files"`, "content_type": `"text/html"`}, Check: []string{"key=docs/index.html"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"bucket": `"web-files"`, "key": `"gone"`}, Error: "fits bucket = web-files, key = gone"},
			{Set: acctest.Attributes{"bucket": `"web-files"`}, Error: "Found 2 of hwcloud_bucket_object"},
			{Set: acctest.Attributes{"key": `"note"`}, Error: "bucket is needed"},
		},
	}.Test(t)
}

func TestFindObjects(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_bucket_objects", Needs: objects,
		Found: []acctest.Found{
			{By: acctest.Attributes{"bucket": `"web-files"`}, Check: []string{"bucket_objects.#=2", "bucket_objects.0.key=docs/index.html", "bucket_objects.1.size=5"}},
			{By: acctest.Attributes{"bucket": `"web-files"`, "key": `"note"`}, Check: []string{"bucket_objects.#=1"}},
			{By: acctest.Attributes{"bucket": `"logs"`}, Check: []string{"bucket_objects.#=0"}},
		},
	}.Test(t)
}
