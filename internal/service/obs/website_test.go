package obs_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

func TestBucketWebsite(t *testing.T) {
	t.Parallel()
	rule := func(members string) string { return `[{ ` + members + ` }]` }
	acctest.Whole{
		Type: "hwcloud_bucket_website", Kind: "bucket", There: written("website"), Vanish: erased("website", ""),
		Needs: twoBuckets,
		Given: acctest.Attributes{
			"bucket":         `hwcloud_bucket.web.name`,
			"index_document": `"index.html"`,
			"error_document": `"errors/404 & more.html"`,
			"routing_rules": `[
    {
      condition = { key_prefix_equals = "docs/", http_error_code_returned_equals = 404 }
      redirect  = { protocol = "https", host_name = "www.example.com", replace_key_prefix_with = "documents/", http_redirect_code = 302 }
    },
    { redirect = { replace_key_with = "gone.html" } },
  ]`,
		},
		Changes: []acctest.Change{
			{
				To: acctest.Attributes{"index_document": `"home.html"`, "error_document": ``},
				Calls: []string{`^PUT /obs/web-files\?website <WebsiteConfiguration><IndexDocument><Suffix>home.html</Suffix></IndexDocument><RoutingRules>` +
					`<RoutingRule><Condition><HttpErrorCodeReturnedEquals>404</HttpErrorCodeReturnedEquals><KeyPrefixEquals>docs/</KeyPrefixEquals></Condition>` +
					`<Redirect><HostName>www.example.com</HostName><HttpRedirectCode>302</HttpRedirectCode><Protocol>https</Protocol><ReplaceKeyPrefixWith>documents/</ReplaceKeyPrefixWith></Redirect></RoutingRule>` +
					`<RoutingRule><Redirect><ReplaceKeyWith>gone.html</ReplaceKeyWith></Redirect></RoutingRule></RoutingRules></WebsiteConfiguration>$`},
				Check: []string{"id=web-files", "endpoint=web-files.obs-website.cn-north-4.myhuaweicloud.com"},
			},
			{
				To:    acctest.Attributes{"error_document": `"error.html"`, "routing_rules": rule(`condition = { http_error_code_returned_equals = 403 }, redirect = { protocol = "http" }`)},
				Calls: []string{`^PUT /obs/web-files\?website .*<Key>error.html</Key>.*<Condition><HttpErrorCodeReturnedEquals>403</HttpErrorCodeReturnedEquals></Condition><Redirect><Protocol>http</Protocol></Redirect>`},
			},
			{
				To:    acctest.Attributes{"index_document": ``, "error_document": ``, "routing_rules": ``, "redirect_all_requests_to": `{ host_name = "www.example.com" }`},
				Calls: []string{`^PUT /obs/web-files\?website <WebsiteConfiguration><RedirectAllRequestsTo><HostName>www.example.com</HostName><Protocol>http</Protocol></RedirectAllRequestsTo></WebsiteConfiguration>$`},
				Check: []string{"redirect_all_requests_to.protocol=http"},
			},
			{
				To:    acctest.Attributes{"redirect_all_requests_to": `{ host_name = "example.com:8443", protocol = "https" }`},
				Calls: []string{`^PUT /obs/web-files\?website .*<HostName>example.com:8443</HostName><Protocol>https</Protocol>`},
			},
			{
				To:       acctest.Attributes{"bucket": `hwcloud_bucket.other.name`},
				Replaces: true, Check: []string{"id=other-files", "endpoint=other-files.obs-website.cn-north-4.myhuaweicloud.com"},
				Calls: []string{`^DELETE /obs/web-files\?website$`, `^PUT /obs/other-files\?website `},
			},
		},
		Drift: []acctest.Drift{
			{Patch: patched("website", `<WebsiteConfiguration><RedirectAllRequestsTo><HostName>www.example.com</HostName></RedirectAllRequestsTo></WebsiteConfiguration>`), Seen: "redirect_all_requests_to"},
			{Seen: "index_document"},
			{Seen: "error_document"},
			{Seen: "routing_rules"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"bucket": `"10"`}, At: "bucket", Error: "3 to 63"},
			{Set: acctest.Attributes{"index_document": `"a/b.html"`}, At: "index_document", Error: "no / is allowed"},
			{Set: acctest.Attributes{"index_document": `""`}, At: "index_document", Error: "between 1 and 1024"},
			{Set: acctest.Attributes{"index_document": ``}, At: "", Error: "Either index_document or redirect_all_requests_to"},
			{Set: acctest.Attributes{"error_document": `""`}, At: "error_document", Error: "between 1 and 1024"},
			{Set: acctest.Attributes{"index_document": ``, "routing_rules": ``, "redirect_all_requests_to": `{ host_name = "h" }`}, At: "error_document", Error: "nothing else to be said"},
			{Set: acctest.Attributes{"redirect_all_requests_to": `{ host_name = "h" }`}, At: "index_document", Error: "nothing else to be said"},
			{Set: acctest.Attributes{"index_document": ``, "error_document": ``, "routing_rules": ``, "redirect_all_requests_to": `{ host_name = "https://h" }`}, At: "", Error: "a host is expected"},
			{Set: acctest.Attributes{"index_document": ``, "error_document": ``, "routing_rules": ``, "redirect_all_requests_to": `{ host_name = "h", protocol = "ftp" }`}, At: "", Error: "value must be one of"},
			{Set: acctest.Attributes{"routing_rules": `[]`}, At: "routing_rules", Error: "at least 1"},
			{Set: acctest.Attributes{"routing_rules": rule(`condition = { key_prefix_equals = "a" }`)}, At: "routing_rules", Error: "redirect.* is required"},
			{Set: acctest.Attributes{"routing_rules": rule(`redirect = {}`)}, At: "routing_rules", Error: "says nothing"},
			{Set: acctest.Attributes{"routing_rules": rule(`condition = {}, redirect = { protocol = "http" }`)}, At: "routing_rules", Error: "says nothing"},
			{Set: acctest.Attributes{"routing_rules": rule(`redirect = { replace_key_with = "a", replace_key_prefix_with = "b" }`)}, At: "routing_rules", Error: "choose one"},
			{Set: acctest.Attributes{"routing_rules": rule(`redirect = { http_redirect_code = 200 }`)}, At: "", Error: "between 301 and 399"},
			{Set: acctest.Attributes{"routing_rules": rule(`redirect = { host_name = "a/b" }`)}, At: "", Error: "a host is expected"},
			{Set: acctest.Attributes{"routing_rules": rule(`redirect = { protocol = "HTTP" }`)}, At: "", Error: "value must be one of"},
			{Set: acctest.Attributes{"routing_rules": rule(`condition = { http_error_code_returned_equals = 302 }, redirect = { protocol = "http" }`)}, At: "", Error: "between 400 and 599"},
		},
	}.Test(t)
}

func TestFindBucketWebsite(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_bucket_website", Needs: twoBuckets + `
resource "hwcloud_bucket_website" "web" {
  bucket         = hwcloud_bucket.web.name
  index_document = "index.html"
}
`,
		Found: []acctest.Found{
			{By: acctest.Attributes{"bucket": `hwcloud_bucket_website.web.bucket`}, Check: []string{"id=web-files", "index_document=index.html", "endpoint=web-files.obs-website.cn-north-4.myhuaweicloud.com"}},
			{By: acctest.Attributes{"id": `hwcloud_bucket_website.web.id`}, Check: []string{"bucket=web-files"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"bucket": `"other-files"`}, Error: "Nothing in region cn-north-4 fits bucket = other-files"},
			{Set: acctest.Attributes{}, Error: "bucket is needed"},
		},
	}.Test(t)
}

// A document that exists already is left as it is, and one of no bucket is not made.
func TestDocumentExists(t *testing.T) {
	t.Parallel()
	const page = "<WebsiteConfiguration><IndexDocument><Suffix>old.html</Suffix></IndexDocument></WebsiteConfiguration>"
	config := func(bucket string) string {
		return fmt.Sprintf("resource \"hwcloud_bucket_website\" \"test\" {\n  bucket         = %q\n  index_document = \"new.html\"\n}\n", bucket)
	}
	c := acctest.Start(t)
	c.Ask(cloud.OBS, "PUT", "/web-files", nil)
	c.Ask(cloud.OBS, "PUT", "/web-files?website", []byte(page))
	c.Run(
		resource.TestStep{
			Config:      config("web-files"),
			ExpectError: regexp.MustCompile(`(?s)Cannot create hwcloud_bucket_website.*exists already.*import\s+hwcloud_bucket_website\.NAME\s+web-files`),
		},
		resource.TestStep{Config: config("no-files"), ExpectError: acctest.Says("404 NoSuchBucket")},
	)
	documents, _ := c.Objects("bucket")["web-files"]["documents"].(map[string]any)
	if documents["website"] != page {
		t.Errorf("it is now %v", documents["website"])
	}
}

// While another document of the bucket is being written, it waits.
func TestDocumentWaits(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Ask(cloud.OBS, "PUT", "/web-files", nil)
	c.Break(acctest.Fault{Method: "PUT", Path: `\?website`, Times: 2, Action: map[string]any{"status": 409, "body": "<Error><Code>OperationAborted</Code></Error>"}})
	c.Run(resource.TestStep{
		Config: "resource \"hwcloud_bucket_website\" \"test\" {\n  bucket         = \"web-files\"\n  index_document = \"index.html\"\n}\n",
		Check: func(*terraform.State) error {
			if calls := c.Calls("^PUT /obs/web-files"); len(calls) != 4 { // one of them made the bucket
				return fmt.Errorf("written by %v", calls)
			}
			return nil
		},
	})
}
