package obs_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

const kmsKey = "0d0466b0-e727-4d9c-b35d-f84bb474a37f"

func TestBucket(t *testing.T) {
	t.Parallel()
	encrypted := func(members string) string {
		return `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>` + members +
			`</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>$`
	}
	acctest.Whole{
		Type: "hwcloud_bucket",
		Given: acctest.Attributes{
			"name":                  `"web-files"`,
			"storage_class":         `"WARM"`,
			"multi_az":              `true`,
			"versioning":            `true`,
			"quota":                 `1073741824`,
			"encryption":            `{ algorithm = "kms", kms_key_id = "` + kmsKey + `" }`,
			"enterprise_project_id": `"8a9d7b6c-0000-4000-8000-000000000001"`,
			"tags":                  `{ env = "prod", formula = "a=b", empty = "" }`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"storage_class": `"STANDARD"`},
				Calls: []string{`^PUT /obs/web-files\?storageClass <StorageClass>STANDARD</StorageClass>$`},
				Check: []string{"domain_name=web-files.obs.cn-north-4.myhuaweicloud.com", "storage_class=STANDARD"},
			},
			{
				To:    acctest.Attributes{"versioning": `false`, "quota": ``},
				Calls: []string{`^PUT /obs/web-files\?versioning .*<Status>Suspended</Status>`, `^PUT /obs/web-files\?quota <Quota><StorageQuota>0</StorageQuota></Quota>$`},
				Check: []string{"versioning=false", "quota=0"},
			},
			{
				To:    acctest.Attributes{"tags": `{ env = "test" }`},
				Calls: []string{`^PUT /obs/web-files\?tagging <Tagging><TagSet><Tag><Key>env</Key><Value>test</Value></Tag></TagSet></Tagging>$`},
			},
			{To: acctest.Attributes{"tags": ``}, Calls: []string{`^DELETE /obs/web-files\?tagging$`}, Check: []string{"tags_all.%=0"}},
			{
				To:    acctest.Attributes{"encryption": `{ algorithm = "AES256" }`},
				Calls: []string{`^PUT /obs/web-files\?encryption ` + encrypted(`<SSEAlgorithm>AES256</SSEAlgorithm>`)},
			},
			{To: acctest.Attributes{"encryption": ``}, Calls: []string{`^DELETE /obs/web-files\?encryption$`}},
			{
				To:    acctest.Attributes{"encryption": `{ algorithm = "kms", kms_key_id = "` + kmsKey + `", kms_key_project_id = "p1" }`},
				Calls: []string{encrypted(`<KMSMasterKeyID>` + kmsKey + `</KMSMasterKeyID><ProjectID>p1</ProjectID><SSEAlgorithm>kms</SSEAlgorithm>`)},
			},
			{To: acctest.Attributes{"force_destroy": `true`}, Calls: []string{}},
			{To: acctest.Attributes{"multi_az": `false`}, Replaces: true},
			{To: acctest.Attributes{"name": `"web-files-2"`}, Replaces: true, Check: []string{"id=web-files-2"}},
			{To: acctest.Attributes{"enterprise_project_id": `"0"`}, Replaces: true},
			{To: acctest.Attributes{"region": `"cn-east-3"`}, Replaces: true, Check: []string{"domain_name=web-files-2.obs.cn-east-3.myhuaweicloud.com"}},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"storage_class": "COLD"}, Seen: "storage_class"},
			{Patch: map[string]any{"versioning": "Suspended"}, Seen: "versioning"},
			{Patch: map[string]any{"quota": 5}, Seen: "quota"},
			{Patch: map[string]any{"encryption": nil}, Seen: "encryption"},
			{Patch: map[string]any{"tags": map[string]any{"env": "prod", "by": "hand"}}, Seen: "tags"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"ab"`}, At: "name", Error: "3 to 63"},
			{Set: acctest.Attributes{"name": `join("", [for i in range(64) : "a"])`}, At: "name", Error: "3 to 63"},
			{Set: acctest.Attributes{"name": `"Web"`}, At: "name", Error: "lower-case"},
			{Set: acctest.Attributes{"name": `"web-"`}, At: "name", Error: "at both ends"},
			{Set: acctest.Attributes{"name": `"web..files"`}, At: "name", Error: `may not hold ".."`},
			{Set: acctest.Attributes{"name": `"10.1.2.3"`}, At: "name", Error: "may not be an address"},
			{Set: acctest.Attributes{"storage_class": `"HOT"`}, At: "storage_class", Error: "value must be one of"},
			{Set: acctest.Attributes{"quota": `-1`}, At: "quota", Error: "at least 0"},
			{Set: acctest.Attributes{"encryption": `{ algorithm = "rot13" }`}, At: "", Error: "value must be one of"},
			{Set: acctest.Attributes{"encryption": `{ algorithm = "kms", kms_key_id = "mine" }`}, At: "", Error: "UUID"},
			{Set: acctest.Attributes{"encryption": `{ algorithm = "AES256", kms_key_id = "` + kmsKey + `" }`}, At: "encryption", Error: "Choose kms"},
			{Set: acctest.Attributes{"encryption": `{ algorithm = "kms", kms_key_project_id = "p1" }`}, At: "encryption", Error: "name the key"},
			{Set: acctest.Attributes{"enterprise_project_id": `"mine"`}, At: "enterprise_project_id", Error: "UUID"},
			{Set: acctest.Attributes{"tags": `{ for i in range(21) : "k${i}" => "v" }`}, At: "tags", Error: "at most 20"},
		},
	}.Test(t)
}

const plain = `
resource "hwcloud_bucket" "test" {
  name = "web-files"
  %s
}
`

// One's own bucket is made again without a word, so it is looked for first.
func TestBucketExists(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Ask(cloud.OBS, "PUT", "/web-files", nil)
	c.Run(resource.TestStep{
		Config:      fmt.Sprintf(plain, `storage_class = "COLD"`),
		ExpectError: regexp.MustCompile(`(?s)Cannot create hwcloud_bucket "web-files".*exists already.*import\s+hwcloud_bucket\.NAME\s+web-files`),
	})
	if class := c.Objects("bucket")["web-files"]["storage_class"]; class != "STANDARD" {
		t.Errorf("it is now %v", class)
	}
}

// A bucket without settings is created by one call, and read by four: its quota is not asked for while there is none.
func TestBucketCalls(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Run(
		resource.TestStep{Config: fmt.Sprintf(plain, "")},
		resource.TestStep{
			PreConfig: func() {
				if writes := c.Writes(); len(writes) != 1 || writes[0].String() != "PUT /obs/web-files <CreateBucketConfiguration><Location>cn-north-4</Location></CreateBucketConfiguration>" {
					t.Errorf("created by %v", writes)
				}
				c.Forget()
			},
			RefreshState: true,
		},
		resource.TestStep{
			PreConfig: func() {
				calls := c.Calls("/obs/")
				if len(calls) != 4*len(c.Calls("^HEAD ")) {
					t.Errorf("read by %v", calls)
				}
				for _, call := range c.Calls("") {
					if strings.HasPrefix(call.Query, "quota") {
						t.Errorf("the quota is asked for: %v", call)
					}
				}
			},
			Config: fmt.Sprintf(plain, ""), PlanOnly: true,
		},
	)
}

// While one part of a bucket is changed, another may have to wait.
func TestBucketBusy(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Break(acctest.Fault{Method: "PUT", Path: `web-files\?versioning`, Times: 1, Action: map[string]any{
		"status": 409, "body": "<Error><Code>OperationAborted</Code><Message>A conflicting operation is in progress.</Message></Error>",
	}})
	c.Run(resource.TestStep{Config: fmt.Sprintf(plain, "versioning = true"), Check: resource.TestCheckResourceAttr("hwcloud_bucket.test", "versioning", "true")})
	if puts := c.Calls("^PUT "); len(puts) != 3 {
		t.Errorf("called %v", puts)
	}
}

// A bucket that is not empty goes only when it is told to: with all versions, markers and uploads.
func TestBucketForceDestroy(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	fill := func() {
		for i := range 3 {
			c.Ask(cloud.OBS, "PUT", fmt.Sprintf("/web-files/a%%2F%d", i), []byte("one"))
			c.Ask(cloud.OBS, "PUT", fmt.Sprintf("/web-files/a%%2F%d", i), []byte("two"))
		}
		c.Ask(cloud.OBS, "DELETE", "/web-files/a%2F1", nil)
		for _, key := range []string{"big", "dir%2Fbig%202"} {
			c.Ask(cloud.OBS, "POST", "/web-files/"+key+"?uploads", nil)
		}
	}
	c.Run(
		resource.TestStep{Config: fmt.Sprintf(plain, "versioning = true")},
		resource.TestStep{
			PreConfig: fill, Config: fmt.Sprintf(plain, "versioning = true"), Destroy: true,
			ExpectError: regexp.MustCompile(`(?s)Cannot delete hwcloud_bucket "web-files".*409 BucketNotEmpty`),
		},
		resource.TestStep{Config: fmt.Sprintf(plain, "versioning = true\n  force_destroy = true")},
	)
	for _, kind := range []string{"bucket", "bucket_object", "upload"} {
		if left := c.Objects(kind); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	}
}
