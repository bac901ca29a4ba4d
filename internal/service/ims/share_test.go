package ims_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

func TestImageShare(t *testing.T) {
	t.Parallel()
	image := func(c *acctest.Cloud) map[string]string {
		job := c.Ask(cloud.IMS, "POST", "/v2/cloudimages/action", map[string]any{"name": "ubuntu", "image_url": "images:ubuntu.qcow2", "min_disk": 40})
		other := c.Ask(cloud.IMS, "POST", "/v2/cloudimages/action", map[string]any{"name": "debian", "image_url": "images:debian.qcow2", "min_disk": 40})
		id := func(job map[string]any) string {
			done := c.Ask(cloud.IMS, "GET", "/v1/{project_id}/jobs/"+job["job_id"].(string), nil)
			return done["entities"].(map[string]any)["image_id"].(string)
		}
		return map[string]string{"image": id(job), "other": id(other)}
	}
	of := func(c *acctest.Cloud, id string) string {
		for key, share := range c.Objects("image_member") {
			if share["image_id"].(string)+"/"+share["member_id"].(string) == id {
				return key
			}
		}
		return ""
	}
	acctest.Whole{
		Type:   "hwcloud_image_share",
		Before: image,
		There:  func(c *acctest.Cloud, id string) bool { return of(c, id) != "" },
		Vanish: func(c *acctest.Cloud, id string) { c.Delete("image_member", of(c, id)) },
		Given: acctest.Attributes{
			"image_id":  `local.image`,
			"member_id": `"5a0d80c0000000000000000000000103"`,
		},
		Changes: []acctest.Change{
			{
				To: acctest.Attributes{"member_id": `"5a0d80c0000000000000000000000104"`}, Replaces: true, Check: []string{"status=pending", "member_type=tenant"},
				Calls: []string{
					`^DELETE /ims/v2/images/\S+/members/5a0d80c0000000000000000000000103$`,
					`^POST /ims/v2/images/\S+/members {"member":"5a0d80c0000000000000000000000104"}$`,
				},
			},
			{To: acctest.Attributes{"image_id": `local.other`}, Replaces: true},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"image_id": `"ubuntu"`}, At: "image_id", Error: "UUID"},
			{Set: acctest.Attributes{"image_id": `""`}, At: "image_id", Error: "UUID"},
			{Set: acctest.Attributes{"image_id": ``}, At: "", Error: `"image_id" is required`},
			{Set: acctest.Attributes{"member_id": ``}, At: "", Error: `"member_id" is required`},
			{Set: acctest.Attributes{"member_id": `""`}, At: "member_id", Error: "32 hexadecimal digits"},
			{Set: acctest.Attributes{"member_id": `"cn-north-4"`}, At: "member_id", Error: "32 hexadecimal digits"},
			{Set: acctest.Attributes{"member_id": someID}, At: "member_id", Error: "32 hexadecimal digits"},
			{Set: acctest.Attributes{"member_id": `"5A0D80C0000000000000000000000103"`}, At: "member_id", Error: "32 hexadecimal digits"},
		},
	}.Test(t)
}

// What the receiver says is told, and nothing is planned for it. An encrypted image is not shared at all.
func TestImageShareAnswered(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	config := func(more string) string {
		return `
resource "hwcloud_image" "test" {
  name      = "ubuntu"
  image_url = "images:ubuntu.qcow2"
  min_disk  = 40
  ` + more + `
}

resource "hwcloud_image_share" "test" {
  image_id  = hwcloud_image.test.id
  member_id = "5a0d80c0000000000000000000000103"
}
`
	}
	c.Run(
		resource.TestStep{Config: config(""), Check: resource.TestCheckResourceAttr("hwcloud_image_share.test", "status", "pending")},
		resource.TestStep{
			PreConfig: func() {
				for id := range c.Objects("image_member") {
					c.Patch("image_member", id, map[string]any{"status": "rejected"})
				}
			},
			Config: config(""), Check: resource.TestCheckResourceAttr("hwcloud_image_share.test", "status", "rejected"),
		},
		resource.TestStep{Config: config("kms_key_id = " + someID), ExpectError: regexp.MustCompile(`(?s)Cannot create hwcloud_image_share.*encrypted`)},
	)
}

const shared = `
resource "hwcloud_image" "test" {
  name      = "ubuntu"
  image_url = "images:ubuntu.qcow2"
  min_disk  = 40
  tags      = { env = "prod" }
}

resource "hwcloud_image_share" "test" {
  count     = 2
  image_id  = hwcloud_image.test.id
  member_id = "5a0d80c000000000000000000000010${count.index + 3}"
}
`

func TestFindImageShare(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_image_share", Needs: shared,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_image_share.test[0].id`}, Check: []string{"status=pending", "member_id=5a0d80c0000000000000000000000103"}},
			{
				By:    acctest.Attributes{"image_id": `hwcloud_image.test.id`, "member_id": `"5a0d80c0000000000000000000000104"`},
				Check: []string{"member_type=tenant"},
			},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"image_id": `hwcloud_image.test.id`}, Error: "Found 2 of hwcloud_image_share"},
			{Set: acctest.Attributes{"member_id": `"5a0d80c0000000000000000000000104"`}, Error: "image_id is needed"},
		},
	}.Test(t)
}

func TestFindImageShares(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_image_shares", Needs: shared,
		Found: []acctest.Found{
			{By: acctest.Attributes{"image_id": `hwcloud_image.test.id`}, Check: []string{"image_shares.#=2", "image_shares.0.status=pending"}},
			{By: acctest.Attributes{"image_id": `hwcloud_image.test.id`, "status": `"accepted"`}, Check: []string{"image_shares.#=0"}},
		},
	}.Test(t)
}
