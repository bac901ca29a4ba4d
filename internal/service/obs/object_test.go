package obs_test

import (
	"crypto/md5" //nolint:gosec // the cloud's own sums of contents are MD5
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

const bucket = `
resource "hwcloud_bucket" "files" {
  name = "web-files"
}
`

func sum(text string) string { return fmt.Sprintf("%x", md5.Sum([]byte(text))) } //nolint:gosec // see above

func file(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "content")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestObject(t *testing.T) {
	t.Parallel()
	long := `join("", [for i in range(1024) : "ab"])`
	acctest.Whole{
		Type: "hwcloud_bucket_object", Needs: bucket,
		ID: func(id string) string { return strings.ReplaceAll(id, " ", "%20") },
		There: func(c *acctest.Cloud, id string) bool {
			return c.Objects("bucket_object")[strings.ReplaceAll(id, "%20", " ")] != nil
		},
		Vanish: func(c *acctest.Cloud, id string) { c.Delete("bucket_object", id) },
		Given: acctest.Attributes{
			"bucket":              `hwcloud_bucket.files.name`,
			"key":                 `"docs/a b.txt"`,
			"content":             `"hello world"`,
			"content_type":        `"text/plain; charset=utf-8"`,
			"cache_control":       `"max-age=60"`,
			"content_disposition": `"attachment; filename=a.txt"`,
			"content_encoding":    `"identity"`,
			"metadata":            `{ owner = "me", empty-not = "x" }`,
			"storage_class":       `"WARM"`,
			"encryption":          `"AES256"`,
		},
		Changes: []acctest.Change{
			{
				To: acctest.Attributes{"content": `"good bye"`}, Calls: []string{`^PUT /obs/web-files/docs/a b\.txt good bye$`},
				Check: []string{"checksum=" + sum("good bye"), "etag=" + sum("good bye"), "size=8", "storage_class=WARM", "metadata.owner=me"},
			},
			{
				To:    acctest.Attributes{"content": ``, "source": fmt.Sprintf("%q", file(t, "from a file"))},
				Calls: []string{` from a file$`}, Check: []string{"checksum=" + sum("from a file")},
			},
			{
				To:    acctest.Attributes{"metadata": ``, "cache_control": ``, "content_disposition": `"inline"`, "content_encoding": ``, "content_type": `"text/html"`},
				Calls: []string{` from a file$`}, Check: []string{"metadata.%=0", "content_disposition=inline", "content_type=text/html"},
			},
			{To: acctest.Attributes{"storage_class": `"STANDARD"`}, Calls: []string{` from a file$`}, Check: []string{"storage_class=STANDARD"}},
			{
				To:    acctest.Attributes{"encryption": `"kms"`, "kms_key_id": `"` + kmsKey + `"`},
				Calls: []string{` from a file$`}, Check: []string{"encryption=kms", "kms_key_id=" + kmsKey, "checksum=" + sum("from a file")},
			},
			{To: acctest.Attributes{"encryption": `"AES256"`, "kms_key_id": ``}, Calls: []string{` from a file$`}, Check: []string{"encryption=AES256"}},
			{To: acctest.Attributes{"key": `"docs/b"`}, Replaces: true, Check: []string{"id=web-files/docs/b"}},
		},
		Drift: []acctest.Drift{
			{Do: func(c *acctest.Cloud, _ string) {
				c.Ask(cloud.OBS, "PUT", "/web-files/docs%2Fa%20b.txt", []byte("by hand"))
			}, Seen: "checksum"},
			{Seen: "content_type"},
			{Seen: "metadata"},
			{Seen: "storage_class"},
			{Seen: "cache_control"},
			{Seen: "content_disposition"},
			{Seen: "content_encoding"},
			{Seen: "encryption"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"bucket": `"Web"`}, At: "bucket", Error: "lower-case"},
			{Set: acctest.Attributes{"key": `""`}, At: "key", Error: "between 1 and 1024"},
			{Set: acctest.Attributes{"key": `join("", [for i in range(1024) : "ab"])`}, At: "key", Error: "between 1 and 1024"},
			{Set: acctest.Attributes{"source": `"a.txt"`}, At: "content", Error: "one"},
			{Set: acctest.Attributes{"content": ``}, At: "", Error: "one"},
			{Set: acctest.Attributes{"content_type": `"text"`}, At: "content_type", Error: "a type such as"},
			{Set: acctest.Attributes{"content_encoding": `"höchstens"`}, At: "content_encoding", Error: "printable ASCII"},
			{Set: acctest.Attributes{"content_disposition": `"höchstens"`}, At: "content_disposition", Error: "printable ASCII"},
			{Set: acctest.Attributes{"cache_control": `"höchstens"`}, At: "cache_control", Error: "printable ASCII"},
			{Set: acctest.Attributes{"metadata": `{ Owner = "me" }`}, At: "metadata", Error: "lower-case"},
			{Set: acctest.Attributes{"metadata": `{ owner = "我" }`}, At: "metadata", Error: "printable ASCII"},
			{Set: acctest.Attributes{"metadata": `{ owner = ` + long + ` }`}, At: "metadata", Error: "At most 2048"},
			{Set: acctest.Attributes{"storage_class": `"HOT"`}, At: "storage_class", Error: "value must be one of"},
			{Set: acctest.Attributes{"encryption": `"rot13"`}, At: "encryption", Error: "value must be one of"},
			{Set: acctest.Attributes{"kms_key_id": `"` + kmsKey + `"`}, At: "kms_key_id", Error: "A key goes with"},
			{Set: acctest.Attributes{"encryption": `"kms"`, "kms_key_id": `"mine"`}, At: "kms_key_id", Error: "UUID"},
		},
		Kept: []acctest.Refusal{
			{Set: acctest.Attributes{"content": ``, "source": `"none.txt"`}, At: "source", Error: "no such file"},
		},
	}.Test(t)
}

const text = bucket + `
resource "hwcloud_bucket_object" "test" {
  bucket  = hwcloud_bucket.files.name
  key     = "a"
  content = %s
}
`

// What is under the key already is not overwritten.
func TestObjectExists(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Run(
		resource.TestStep{Config: bucket},
		resource.TestStep{
			PreConfig:   func() { c.Ask(cloud.OBS, "PUT", "/web-files/a", []byte("first")) },
			Config:      fmt.Sprintf(text, `"second"`),
			ExpectError: regexp.MustCompile(`(?s)Cannot create hwcloud_bucket_object.*exists already.*import\s+hwcloud_bucket_object\.NAME\s+web-files/a`),
		},
		resource.TestStep{PreConfig: func() { c.Ask(cloud.OBS, "DELETE", "/web-files/a", nil) }, Config: bucket},
	)
}

// A content that is not known yet is planned as such; nothing of it is in the state; and its object is read by one call.
func TestObjectContent(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	config := fmt.Sprintf(text, `"id of ${hwcloud_topic.first.id}"`) + "resource \"hwcloud_topic\" \"first\" {\n  name = %q\n}\n"
	c.Run(
		resource.TestStep{Config: fmt.Sprintf(config, "one")},
		resource.TestStep{
			PreConfig: c.Forget, Config: fmt.Sprintf(config, "two"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("hwcloud_bucket_object.test", plancheck.ResourceActionUpdate),
			}},
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckNoResourceAttr("hwcloud_bucket_object.test", "content"),
				resource.TestCheckResourceAttr("hwcloud_bucket_object.test", "content_type", "binary/octet-stream"),
			),
		},
		resource.TestStep{PreConfig: c.Forget, Config: fmt.Sprintf(config, "two"), PlanOnly: true},
	)
	if calls := c.Calls(" /obs/web-files/a$"); len(calls) == 0 || calls[0].Method != "HEAD" {
		t.Errorf("read by %v", calls)
	}
}

// A large file comes in parts, and is recognized though its ETag is no sum of it.
func TestObjectInParts(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it takes some memory")
	}
	large := file(t, "")
	if err := os.Truncate(large, 100<<20+1); err != nil {
		t.Fatal(err)
	}
	c := acctest.Start(t)
	config := bucket + fmt.Sprintf("resource \"hwcloud_bucket_object\" \"test\" {\n  bucket = hwcloud_bucket.files.name\n  key    = \"large\"\n  source = %q\n}\n", large)
	c.Run(
		resource.TestStep{Config: config, Check: resource.ComposeTestCheckFunc(
			resource.TestCheckResourceAttr("hwcloud_bucket_object.test", "size", fmt.Sprint(100<<20+1)),
			resource.TestMatchResourceAttr("hwcloud_bucket_object.test", "etag", regexp.MustCompile(`^[0-9a-f]{32}-7$`)),
			resource.TestCheckResourceAttr("hwcloud_bucket_object.test", "checksum", "25bf561e356f15310fd4a68c90cc0fcb"),
		)},
		resource.TestStep{Config: config, PlanOnly: true},
	)
	if parts := c.Calls(`^PUT /obs/web-files/large$`); len(parts) != 7 || len(parts[6].Body) != 100<<20+1-6*(16<<20) {
		t.Errorf("it came in %d parts", len(parts))
	}
}
