package obs_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

const owner = "5a0d80c0000000000000000000000001"

// granted is a grant as it is sent.
func granted(to, permission, delivered string) string {
	return `<Grant><Delivered>` + delivered + `</Delivered><Grantee>` + to + `</Grantee><Permission>` + permission + `</Permission></Grant>`
}

// acls is a list as it is sent.
func acls(grants string) string {
	return `^PUT /obs/web-files\?acl <AccessControlPolicy><AccessControlList>` + grants + `</AccessControlList><Owner><ID>` + owner + `</ID></Owner></AccessControlPolicy>$`
}

// grantTo is a grant by itself, for what is wrong with it.
func grantTo(members string) acctest.Attributes {
	return acctest.Attributes{"grants": `[{ ` + members + ` }]`}
}

func TestBucketACL(t *testing.T) {
	t.Parallel()
	const (
		own      = "<ID>" + owner + "</ID>"
		other    = "<ID>" + partner + "</ID>"
		everyone = "<Canned>Everyone</Canned>"
	)
	w := ofBucket(acctest.Whole{
		Type: "hwcloud_bucket_acl",
		Given: acctest.Attributes{
			"bucket":            `"web-files"`,
			"owner_permissions": `["READ", "WRITE", "READ_ACP", "WRITE_ACP"]`,
			"grants": `[
				{ account_id = "` + partner + `", permissions = ["READ", "WRITE"], delivered_permissions = ["READ"] },
				{ canned = "Everyone", permissions = ["READ"] },
			]`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"grants": `[{ account_id = "` + partner + `", permissions = ["WRITE_ACP", "READ_ACP", "READ", "WRITE"] }]`},
				Calls: []string{acls(granted(own, "FULL_CONTROL", "false") + granted(other, "FULL_CONTROL", "false"))},
				Check: []string{"grants.#=1", "grants.0.permissions.#=4", "owner_id=" + owner},
			},
			{
				To:    acctest.Attributes{"owner_permissions": `["READ_ACP", "WRITE_ACP"]`},
				Calls: []string{acls(granted(own, "READ_ACP", "false") + granted(own, "WRITE_ACP", "false") + granted(other, "FULL_CONTROL", "false"))},
			},
			{
				To:    acctest.Attributes{"owner_permissions": ``, "grants": `[{ canned = "Everyone", delivered_permissions = ["READ"] }]`},
				Calls: []string{acls(granted(own, "READ_ACP", "false") + granted(own, "WRITE_ACP", "false") + granted(everyone, "READ", "true"))},
				Check: []string{"owner_permissions.#=2"}, // what is not said any more is kept
			},
			{To: acctest.Attributes{"bucket": `"web-files-2"`}, Replaces: true, Check: []string{"id=web-files-2", "owner_permissions.#=4"}},
		},
		Drift: []acctest.Drift{
			{Do: func(c *acctest.Cloud, id string) {
				put("acl", map[string]any{"AccessControlPolicy": map[string]any{
					"Owner": map[string]any{"ID": owner},
					"AccessControlList": map[string]any{"Grant": []any{
						map[string]any{"Grantee": map[string]any{"ID": owner}, "Permission": "READ_ACP"},
						map[string]any{"Grantee": map[string]any{"ID": partner}, "Permission": "FULL_CONTROL"},
					}},
				}})(c, id)
			}, Seen: "grants"},
			{Seen: "owner_permissions"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"bucket": `"Web"`}, At: "bucket", Error: "lower-case"},
			{Set: acctest.Attributes{"owner_permissions": `[]`}, At: "owner_permissions", Error: "at least 1"},
			{Set: acctest.Attributes{"owner_permissions": `["FULL_CONTROL"]`}, At: "owner_permissions", Error: "value must be one of"},
			{Set: acctest.Attributes{"grants": `[]`}, At: "grants", Error: "at least 1"},
			{Set: grantTo(`permissions = ["READ"]`), At: "grants", Error: "either to an account_id or to a canned group"},
			{Set: grantTo(`account_id = "a", canned = "Everyone", permissions = ["READ"]`), At: "grants", Error: "either to an account_id or to a canned group"},
			{Set: grantTo(`account_id = "a"`), At: "grants", Error: "needs permissions or delivered_permissions"},
			{Set: acctest.Attributes{"grants": `[{ account_id = "", permissions = ["READ"] }]`}, At: "grants", Error: "at least 1"},
			{Set: acctest.Attributes{"grants": `[{ canned = "LogDelivery", permissions = ["READ"] }]`}, At: "grants", Error: "value must be one of"},
			{Set: acctest.Attributes{"grants": `[{ account_id = "a", permissions = [] }]`}, At: "grants", Error: "at least 1"},
			{Set: acctest.Attributes{"grants": `[{ account_id = "a", delivered_permissions = ["FLY"] }]`}, At: "grants", Error: "value must be one of"},
			{Set: acctest.Attributes{"grants": `[{ account_id = "a", permissions = ["READ"] }, { account_id = "a", permissions = ["WRITE"] }]`}, At: "grants", Error: "more than one grant to a"},
			{Set: acctest.Attributes{"grants": `[for i in range(50) : { account_id = "a${i}", permissions = ["READ", "WRITE"] }]`}, At: "grants", Error: "There are 101 permissions with the owner's; 100 is the most"},
		},
	}, "acl")
	w.There = func(c *acctest.Cloud, id string) bool {
		documents, _ := c.Objects("bucket")[id]["documents"].(map[string]any)
		text, _ := documents["acl"].(string)
		return strings.Count(text, "<Grant>") > 1 // than the owner's
	}
	w.Test(t)
}

// The default list, in which only the owner has a grant, is taken over and left behind; one with others' grants is not
// overwritten. The owner's own grant is none of the others'.
func TestBucketACLDefault(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Ask(cloud.OBS, "PUT", "/web-files", nil)
	config := func(account string) string {
		return `
resource "hwcloud_bucket_acl" "test" {
  bucket = "web-files"
  grants = [{ account_id = "` + account + `", permissions = ["READ"] }]
}
`
	}
	c.Run(
		resource.TestStep{Config: config(owner), ExpectError: acctest.Says("Cannot create hwcloud_bucket_acl", "owns the bucket")},
		resource.TestStep{Config: config(partner), Check: resource.TestCheckResourceAttr("hwcloud_bucket_acl.test", "owner_permissions.#", "4")},
		resource.TestStep{PreConfig: c.Forget, Config: config(partner), Destroy: true},
	)
	if writes := c.Writes(); len(writes) != 1 || writes[0].String() != "PUT /obs/web-files?acl <AccessControlPolicy><AccessControlList>"+
		granted("<ID>"+owner+"</ID>", "FULL_CONTROL", "false")+"</AccessControlList><Owner><ID>"+owner+"</ID></Owner></AccessControlPolicy>" {
		t.Errorf("it is destroyed by %v", writes)
	}
	put("acl", map[string]any{"AccessControlPolicy": map[string]any{
		"Owner":             map[string]any{"ID": owner},
		"AccessControlList": map[string]any{"Grant": []any{map[string]any{"Grantee": map[string]any{"ID": owner}, "Permission": "FULL_CONTROL"}, map[string]any{"Grantee": map[string]any{"Canned": "Everyone"}, "Permission": "READ"}}},
	}})(c, "web-files")
	c.Run(resource.TestStep{Config: config(partner), ExpectError: acctest.Says("Cannot create hwcloud_bucket_acl", "import hwcloud_bucket_acl.NAME web-files")})
}

func TestFindBucketACL(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_bucket_acl", Needs: documented + `
resource "hwcloud_bucket_acl" "web" {
  bucket = hwcloud_bucket.web.id
  grants = [{ canned = "Everyone", permissions = ["READ"], delivered_permissions = ["READ_ACP"] }]
}
`,
		Found: []acctest.Found{
			{By: acctest.Attributes{"bucket": `"web-files"`}, Check: []string{
				"id=web-files", "owner_id=" + owner, "owner_permissions.#=4", "grants.#=1", "grants.0.canned=Everyone", "grants.0.permissions.0=READ", "grants.0.delivered_permissions.0=READ_ACP",
			}},
			{By: acctest.Attributes{"id": `hwcloud_bucket_acl.web.id`}, Check: []string{"bucket=web-files"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"bucket": `"plain-files"`}, Error: "Nothing in region cn-north-4 fits bucket = plain-files"},
			{Set: acctest.Attributes{"region": `"cn-north-4"`}, Error: "bucket is needed"},
		},
	}.Test(t)
}
