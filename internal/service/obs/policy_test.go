package obs_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// ofBucket makes the test of a document one of a bucket: it is there while the bucket has the document.
func ofBucket(w acctest.Whole, word string) acctest.Whole {
	w.Before = func(c *acctest.Cloud) map[string]string {
		for _, name := range []string{"web-files", "web-files-2"} {
			c.Ask(cloud.OBS, "PUT", "/"+name, nil)
		}
		return nil
	}
	w.There = func(c *acctest.Cloud, id string) bool {
		documents, _ := c.Objects("bucket")[id]["documents"].(map[string]any)
		return documents[word] != nil
	}
	w.Vanish = func(c *acctest.Cloud, id string) {
		c.Patch("bucket", id, map[string]any{"documents": map[string]any{}})
	}
	return w
}

// put writes a document behind Terraform's back.
func put(word string, body any) func(*acctest.Cloud, string) {
	return func(c *acctest.Cloud, id string) { c.Ask(cloud.OBS, "PUT", "/"+id+"?"+word, body) }
}

const (
	partner = "5a0d80c0000000000000000000000002"
	read    = `{ Action = ["GetObject"], Effect = "Allow", Principal = { ID = ["*"] }, Resource = ["web-files/*"] }`
	list    = `{ Action = ["ListBucket"], Effect = "Deny", Principal = { ID = ["domain/` + partner + `"] }, Resource = ["web-files"] }`
)

func policy(statements string) string { return `jsonencode({ Statement = [` + statements + `] })` }

func statement(over string) string {
	return `jsonencode({ Statement = [merge({ Effect = "Allow", Principal = { ID = "*" }, Action = "GetObject", Resource = "web-files/*" }, { ` + over + ` })] })`
}

func TestBucketPolicy(t *testing.T) {
	t.Parallel()
	ofBucket(acctest.Whole{
		Type: "hwcloud_bucket_policy",
		Given: acctest.Attributes{
			"bucket": `"web-files"`,
			"policy": policy(read + ", " + list),
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"policy": policy(list)},
				Calls: []string{`^PUT /obs/web-files\?policy {"Statement":\[{"Action":\["ListBucket"\],"Effect":"Deny","Principal":{"ID":\["domain/` + partner + `"\]},"Resource":\["web-files"\]}\]}$`},
			},
			{
				To:    acctest.Attributes{"policy": statement(`Sid = "read", Condition = { StringLike = { Referer = "https://a.com/*" } }`)},
				Calls: []string{`"Condition":{"StringLike":{"Referer":\["https://a.com/\*"\]}},"Effect":"Allow","Principal":{"ID":\["\*"\]},"Resource":\["web-files/\*"\],"Sid":"read"}\]}$`},
			},
			{
				To:    acctest.Attributes{"policy": `jsonencode({ Id = "p", Version = "2008-10-17", Statement = { Effect = "Deny", NotPrincipal = { ID = "domain/` + partner + `" }, NotAction = "GetObject", NotResource = "web-files/a*" } })`},
				Calls: []string{`"NotAction":\["GetObject"\],"NotPrincipal":`},
			},
			{To: acctest.Attributes{"bucket": `"web-files-2"`, "policy": `jsonencode({ Statement = { Effect = "Allow", Principal = "*", Action = "*", Resource = "web-files-2" } })`}, Replaces: true, Check: []string{"id=web-files-2"}},
		},
		Drift: []acctest.Drift{
			{Do: put("policy", `{"Statement":[{"Effect":"Allow","Principal":{"ID":["*"]},"Action":["GetObject"],"Resource":["web-files/*"]}]}`), Seen: "policy"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"bucket": `"Web"`}, At: "bucket", Error: "lower-case"},
			{Set: acctest.Attributes{"policy": `""`}, At: "policy", Error: "at least 1"},
			{Set: acctest.Attributes{"policy": `"{"`}, At: "policy", Error: "no JSON: unexpected end"},
			{Set: acctest.Attributes{"policy": `"[]"`}, At: "policy", Error: "it is no object"},
			{Set: acctest.Attributes{"policy": `"{}"`}, At: "policy", Error: "no Statement"},
			{Set: acctest.Attributes{"policy": `jsonencode({ Statement = ["all"] })`}, At: "policy", Error: "nor a list of objects"},
			{Set: acctest.Attributes{"policy": `jsonencode({ Statements = [], Statement = [` + read + `] })`}, At: "policy", Error: "A policy has no Statements"},
			{Set: acctest.Attributes{"policy": statement(`Effect = "allow"`)}, At: "policy", Error: "Effect must be Allow or Deny"},
			{Set: acctest.Attributes{"policy": statement(`NotPrincipal = { ID = "*" }`)}, At: "policy", Error: "one of Principal and NotPrincipal"},
			{Set: acctest.Attributes{"policy": statement(`Principal = null`)}, At: "policy", Error: "one of Principal and NotPrincipal"},
			{Set: acctest.Attributes{"policy": statement(`NotAction = "PutObject"`)}, At: "policy", Error: "one of Action and NotAction"},
			{Set: acctest.Attributes{"policy": statement(`NotResource = "web-files"`)}, At: "policy", Error: "one of Resource and NotResource"},
			{Set: acctest.Attributes{"policy": statement(`Resource = "web-files-2/*"`)}, At: "policy", Error: "web-files-2/\\* is not the bucket"},
			{Set: acctest.Attributes{"policy": statement(`Resource = ["web-files", "arn:aws:s3:::web-files/*"]`)}, At: "policy", Error: "nor does it begin with web-files/"},
			{Set: acctest.Attributes{"policy": statement(`Action = ["s3:GetObject"]`)}, At: "policy", Error: "stands without a prefix"},
			{Set: acctest.Attributes{"policy": statement(`Actions = "GetObject"`)}, At: "policy", Error: "A statement has no Actions"},
			{Set: acctest.Attributes{"policy": statement(`Sid = join("", [for i in range(1024) : "twenty characters..."])`)}, At: "policy", Error: "20480 is the most"},
		},
	}, "policy").Test(t)
}

// Another spelling of a policy is the same policy: the order of statements, members and values, one value instead of a list
// of one, and names that the cloud has given to statements.
func TestBucketPolicySpelling(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Ask(cloud.OBS, "PUT", "/web-files", nil)
	config := func(policy string) string {
		return "resource \"hwcloud_bucket_policy\" \"test\" {\n  bucket = \"web-files\"\n  policy = " + policy + "\n}\n"
	}
	first := config(policy(read + ", " + list))
	c.Run(
		resource.TestStep{Config: first},
		resource.TestStep{Config: config(`<<-EOT
			{ "Statement": [
				{ "Effect": "Deny", "Resource": "web-files", "Principal": { "ID": "domain/` + partner + `" }, "Action": "ListBucket" },
				{ "Effect": "Allow", "Resource": "web-files/*", "Principal": { "ID": "*" }, "Action": ["GetObject", "GetObject"] }
			] }
		EOT`), PlanOnly: true},
		resource.TestStep{
			PreConfig: func() {
				put("policy", `{"Statement":[{"Sid":"two","Effect":"Deny","Principal":{"ID":"domain/`+partner+`"},"Action":"ListBucket","Resource":"web-files"},`+
					`{"Sid":"one","Effect":"Allow","Principal":{"ID":"*"},"Action":"GetObject","Resource":["web-files/*"]}]}`)(c, "web-files")
			},
			Config: first, PlanOnly: true,
		},
	)
}

// A policy that the bucket has already is not overwritten, and one that the cloud refuses is told with its reason.
func TestBucketPolicyRefused(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	for _, name := range []string{"web-files", "logs"} {
		c.Ask(cloud.OBS, "PUT", "/"+name, nil)
	}
	put("policy", `{"Statement":[{"Effect":"Allow","Principal":{"ID":"*"},"Action":"GetObject","Resource":"web-files/*"}]}`)(c, "web-files")
	for bucket, test := range map[string]struct{ action, says string }{
		"web-files": {"ListBucket", "import hwcloud_bucket_policy.NAME web-files"},
		"logs":      {"GetObject", "400 MalformedPolicy"}, // of objects, and the resource is the bucket
	} {
		c.Run(resource.TestStep{
			Config: "resource \"hwcloud_bucket_policy\" \"test\" {\n  bucket = \"" + bucket + "\"\n  policy = jsonencode({ Statement = { Effect = \"Allow\", Principal = { ID = \"*\" }, Action = \"" +
				test.action + "\", Resource = \"" + bucket + "\" } })\n}\n",
			ExpectError: acctest.Says("Cannot create hwcloud_bucket_policy", test.says),
		})
	}
}

const documented = `
resource "hwcloud_bucket" "web" {
  name = "web-files"
}

resource "hwcloud_bucket" "plain" {
  name = "plain-files"
}
`

func TestFindBucketPolicy(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_bucket_policy", Needs: documented + `
resource "hwcloud_bucket_policy" "web" {
  bucket = hwcloud_bucket.web.id
  policy = ` + policy(read) + `
}
`,
		Found: []acctest.Found{
			{By: acctest.Attributes{"bucket": `"web-files"`}, Check: []string{
				"id=web-files", `policy={"Statement":[{"Action":["GetObject"],"Effect":"Allow","Principal":{"ID":["*"]},"Resource":["web-files/*"]}]}`,
			}},
			{By: acctest.Attributes{"id": `hwcloud_bucket_policy.web.id`}, Check: []string{"bucket=web-files"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"bucket": `"plain-files"`}, Error: "Nothing in region cn-north-4 fits bucket = plain-files"},
			{Set: acctest.Attributes{"bucket": `"gone"`}, Error: "Nothing in region cn-north-4 fits bucket = gone"},
			{Set: acctest.Attributes{"region": `"cn-north-4"`}, Error: "bucket is needed"},
		},
	}.Test(t)
}
