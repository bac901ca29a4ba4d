package obs_test

import (
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

func TestBucketCORS(t *testing.T) {
	t.Parallel()
	rule := func(members string) string {
		return `[{ allowed_origins = ["*"], allowed_methods = ["GET"], ` + members + ` }]`
	}
	acctest.Whole{
		Type: "hwcloud_bucket_cors", Kind: "bucket", There: written("cors"), Vanish: erased("cors", ""),
		Needs: twoBuckets,
		Given: acctest.Attributes{
			"bucket": `hwcloud_bucket.web.name`,
			"rules": `[
    {
      id              = "web & more"
      allowed_origins = ["https://www.example.com", "https://*.example.org"]
      allowed_methods = ["GET", "HEAD"]
      allowed_headers = ["x-obs-*", "authorization"]
      expose_headers  = ["ETag"]
      max_age_seconds = 60
    },
    { allowed_origins = ["*"], allowed_methods = ["GET"] },
  ]`,
		},
		Changes: []acctest.Change{
			{
				To: acctest.Attributes{"rules": `[{ allowed_origins = ["*"], allowed_methods = ["PUT", "DELETE", "POST"], expose_headers = ["ETag", "x-obs-request-id"] }]`},
				Calls: []string{`^PUT /obs/web-files\?cors <CORSConfiguration><CORSRule><AllowedMethod>DELETE</AllowedMethod><AllowedMethod>POST</AllowedMethod><AllowedMethod>PUT</AllowedMethod>` +
					`<AllowedOrigin>\*</AllowedOrigin><ExposeHeader>ETag</ExposeHeader><ExposeHeader>x-obs-request-id</ExposeHeader><MaxAgeSeconds>3000</MaxAgeSeconds></CORSRule></CORSConfiguration>$`},
				Check: []string{"id=web-files", "rules.#=1", "rules.0.max_age_seconds=3000"},
			},
			{
				To:    acctest.Attributes{"rules": rule(`id = "all", max_age_seconds = 0`)},
				Calls: []string{`^PUT /obs/web-files\?cors .*<ID>all</ID><MaxAgeSeconds>0</MaxAgeSeconds></CORSRule></CORSConfiguration>$`},
			},
			{
				To:       acctest.Attributes{"bucket": `hwcloud_bucket.other.name`},
				Replaces: true, Check: []string{"id=other-files"},
				Calls: []string{`^DELETE /obs/web-files\?cors$`, `^PUT /obs/other-files\?cors `},
			},
		},
		Drift: []acctest.Drift{{
			Patch: patched("cors", `<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>`),
			Seen:  "rules",
		}},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"bucket": `"Web"`}, At: "bucket", Error: "lower-case"},
			{Set: acctest.Attributes{"rules": `[]`}, At: "rules", Error: "at least 1"},
			{Set: acctest.Attributes{"rules": `[for i in range(101) : { allowed_origins = ["*"], allowed_methods = ["GET"] }]`}, At: "rules", Error: "at most 100"},
			{Set: acctest.Attributes{"rules": `[{ allowed_methods = ["GET"] }]`}, At: "rules", Error: "allowed_origins.* is required"},
			{Set: acctest.Attributes{"rules": `[{ allowed_origins = [], allowed_methods = ["GET"] }]`}, At: "", Error: "at least 1 elements"},
			{Set: acctest.Attributes{"rules": `[{ allowed_origins = ["https://*.*.com"], allowed_methods = ["GET"] }]`}, At: "", Error: "at most one"},
			{Set: acctest.Attributes{"rules": `[{ allowed_origins = ["*"], allowed_methods = ["OPTIONS"] }]`}, At: "", Error: "value must be one of"},
			{Set: acctest.Attributes{"rules": rule(`allowed_headers = ["x-a: b"]`)}, At: "", Error: "without spaces, &, : and <"},
			{Set: acctest.Attributes{"rules": rule(`allowed_headers = ["*-*"]`)}, At: "", Error: "at most one"},
			{Set: acctest.Attributes{"rules": rule(`expose_headers = ["x-*"]`)}, At: "", Error: "no \\* is allowed"},
			{Set: acctest.Attributes{"rules": rule(`expose_headers = ["ｅ"]`)}, At: "", Error: "the name of a header"},
			{Set: acctest.Attributes{"rules": rule(`max_age_seconds = -1`)}, At: "", Error: "at least 0"},
			{Set: acctest.Attributes{"rules": rule(`id = ""`)}, At: "", Error: "between 1 and 255"},
		},
	}.Test(t)
}

func TestFindBucketCORS(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_bucket_cors", Needs: twoBuckets + `
resource "hwcloud_bucket_cors" "web" {
  bucket = hwcloud_bucket.web.name
  rules  = [{ allowed_origins = ["*"], allowed_methods = ["GET"], max_age_seconds = 5 }]
}
`,
		Found: []acctest.Found{
			{By: acctest.Attributes{"bucket": `hwcloud_bucket_cors.web.bucket`}, Check: []string{"id=web-files", "rules.0.max_age_seconds=5", "rules.0.allowed_methods.0=GET"}},
			{By: acctest.Attributes{"id": `hwcloud_bucket_cors.web.id`}, Check: []string{"bucket=web-files"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"bucket": `"other-files"`}, Error: "Nothing in region cn-north-4 fits bucket = other-files"},
			{Set: acctest.Attributes{}, Error: "bucket is needed"},
		},
	}.Test(t)
}
