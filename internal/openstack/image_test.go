package openstack

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

const (
	oneImage  = "/v2/images/{id}"
	oneMember = "/v2/images/{image_id}/members/{member_id}"
)

// contents makes files to upload.
func contents(c *Cloud) map[string]string {
	dir := files(c.t, map[string]string{"disk.raw": "no disk at all", "other.raw": "another one"})
	return map[string]string{"disk": filepath.Join(dir, "disk.raw"), "other": filepath.Join(dir, "other.raw")}
}

func TestImages(t *testing.T) {
	Group{
		Before: contents,
		Lookups: []Lookup{
			{Type: "hwcloud_image", Given: Attributes{"name": `"cirros"`}, Check: map[string]string{"visibility": "public", "image_size": "61440", "disk_format": "raw"}},
			{Type: "hwcloud_image", Given: Attributes{"checksum": `hwcloud_image.test.checksum`, "visibility": `"private"`}, Check: map[string]string{"name": "base", "min_ram": "64"}},
			{Type: "hwcloud_image", Given: Attributes{"id": `hwcloud_image.later.id`}, Check: map[string]string{"status": "queued", "checksum": "<nil>"}},
			{Type: "hwcloud_images", Given: Attributes{"status": `hwcloud_image.test.status`, "protected": `true`}, Check: map[string]string{"images.0.name": "base", "images.1": "<nil>"}},
		},
		Objects: []Object{
			{
				Type: "hwcloud_image",
				Given: Attributes{
					"name": `"base"`, "source": `local.disk`, "disk_format": `"raw"`, "visibility": `"private"`, "protected": `true`, "min_disk": `1`, "min_ram": `64`,
					"tag_names": `["a", "b"]`, "properties": `{ os_distro = "none", "team/of" = "shop" }`,
				},
				Changes: []Change{
					{To: Attributes{"name": `"base-2"`, "min_disk": `2`, "min_ram": "", "protected": `false`}, Check: Attributes{"name": "base-2", "min_disk": "2", "min_ram": "0", "status": "active", "checksum": "590cd91d906a8723286b59cc7f61ba9b"}},
					{To: Attributes{"tag_names": `["b", "c d"]`, "properties": `{ os_distro = "some", hw_disk_bus = "virtio" }`}, Check: Attributes{"properties": "map[hw_disk_bus:virtio os_distro:some]"}},
					{To: Attributes{"visibility": `"community"`, "os_hidden": `true`, "tag_names": "", "properties": ""}, Check: Attributes{"visibility": "community", "os_hidden": "true"}},
					{To: Attributes{"source": `local.other`, "visibility": "", "os_hidden": ""}, Replaces: true, Check: Attributes{"image_size": "11", "visibility": "shared"}},
				},
				Drift: []Drift{
					{Do: Call{Service: "image", Do: "PATCH " + oneImage, Body: `[{"op": "replace", "path": "/name", "value": "by-hand"}]`}, Seen: "name"},
					{Do: Call{Service: "image", Do: "PATCH " + oneImage, Body: `[{"op": "replace", "path": "/os_hidden", "value": true}]`}, Seen: "os_hidden"},
					{Do: Call{Service: "image", Do: "PUT " + oneImage + "/tags/mine"}, Seen: "tag_names"},
				},
				Vanish: []Call{{Service: "image", Do: "DELETE " + oneImage}},
				Asks:   "image " + oneImage,
				Refused: []acctest.Refusal{
					{Set: Attributes{"name": `""`}, At: "name", Error: `between 1 and 255`},
					{Set: Attributes{"source": `"/nowhere/at-all.raw"`}, At: "source", Error: `no such file`},
					{Set: Attributes{"source": `""`}, At: "source", Error: `at least 1`},
					{Set: Attributes{"source": `"/"`}, At: "source", Error: `is no file`},
					{Set: Attributes{"volume_id": `"disk"`}, At: "volume_id", Error: `UUID`},
					{Set: Attributes{"volume_id": `"0f1e2d3c-0f1e-2d3c-4b5a-0f1e2d3c4b5a"`}, At: "volume_id", Error: `one content`},
					{Set: Attributes{"disk_format": `"Raw"`}, At: "disk_format", Error: `such as raw`},
					{Set: Attributes{"disk_format": ""}, At: "", Error: `"disk_format" is required`},
					{Set: Attributes{"container_format": `""`}, At: "container_format", Error: `such as bare`},
					{Set: Attributes{"visibility": `"all"`}, At: "visibility", Error: `community`},
					{Set: Attributes{"min_disk": `-1`}, At: "min_disk", Error: `between 0`},
					{Set: Attributes{"min_ram": `2147483648`}, At: "min_ram", Error: `between 0`},
					{Set: Attributes{"tag_names": `[]`}, At: "tag_names", Error: `at least 1`},
					{Set: Attributes{"tag_names": `[""]`}, At: "tag_names", Error: `between 1 and 255`},
					{Set: Attributes{"properties": `{}`}, At: "properties", Error: `at least 1`},
					{Set: Attributes{"properties": `{ os_glance_x = "y" }`}, At: "properties", Error: `os_glance`},
					{Set: Attributes{"properties": `{ min_disk = "y" }`}, At: "properties", Error: `none of`},
					{Set: Attributes{"tags": `{ a = "b" }`}, At: "tags", Error: `Only Huawei Cloud`},
					{Set: Attributes{"image_url": `"images:a.qcow2"`}, At: "image_url", Error: `Only Huawei Cloud`},
				},
			},
			{ // It gets its content later.
				Type: "hwcloud_image", Name: "later",
				Given:   Attributes{"name": `"later"`, "disk_format": `"raw"`},
				Changes: []Change{{To: Attributes{"source": `local.disk`}, Check: Attributes{"status": "active", "image_size": "14"}}},
				Vanish:  []Call{{Service: "image", Do: "DELETE " + oneImage}},
				Asks:    "image " + oneImage,
			},
			{
				Type: "hwcloud_image", Name: "public",
				Given:   Attributes{"provider": `hwcloud.admin`, "name": `"public"`, "disk_format": `"raw"`, "source": `local.disk`, "visibility": `"public"`},
				Changes: []Change{{To: Attributes{"visibility": `"shared"`}, Check: Attributes{"visibility": "shared"}}},
				Asks:    "image " + oneImage,
			},
		},
	}.Test(t)
}

// An image of a volume gets the volume's content, and what the call that makes it does not take afterwards.
func TestImageOfVolume(t *testing.T) {
	Group{
		Needs: `
resource "hwcloud_volume" "golden" {
  name = "golden"
  size = 1
}
`,
		Objects: []Object{{
			Type: "hwcloud_image",
			Given: Attributes{
				"name": `"golden"`, "volume_id": `hwcloud_volume.golden.id`, "disk_format": `"raw"`, "visibility": `"private"`, "min_disk": `1`,
				"tag_names": `["golden"]`, "properties": `{ os_distro = "none" }`,
			},
			Changes: []Change{{To: Attributes{"name": `"golden-2"`, "properties": ""}, Check: Attributes{"name": "golden-2", "status": "active"}}},
			Vanish:  []Call{{Service: "image", Do: "DELETE " + oneImage}},
			Asks:    "image " + oneImage,
			Ignored: []string{"volume_id"},
		}},
	}.Test(t)
}

func TestImageShares(t *testing.T) {
	Group{
		Needs: `
resource "hwcloud_image" "shared" {
  name        = "shared"
  disk_format = "raw"
}
`,
		Objects: []Object{
			{
				Type: "hwcloud_image_share", Name: "other",
				Given:  Attributes{"image_id": `hwcloud_image.shared.id`, "member_id": `"another-project"`},
				Vanish: []Call{{Service: "image", Do: "DELETE " + oneMember}},
				Asks:   "image " + oneMember,
				Refused: []acctest.Refusal{
					{Set: Attributes{"image_id": `"shared"`}, At: "image_id", Error: `UUID`},
					{Set: Attributes{"image_id": ""}, At: "", Error: `"image_id" is required`},
					{Set: Attributes{"member_id": `""`}, At: "member_id", Error: `between 1 and 255`},
					{Set: Attributes{"member_id": ""}, At: "", Error: `"member_id" is required`},
				},
			},
			{
				Type:  "hwcloud_image_share",
				Given: Attributes{"image_id": `hwcloud_image.shared.id`, "member_id": `hwcloud_image.shared.owner`},
				Asks:  "image " + oneMember,
			},
			{
				Type:    "hwcloud_image_share_acceptance",
				Given:   Attributes{"provider": `hwcloud.admin`, "image_id": `hwcloud_image_share.test.image_id`},
				Changes: []Change{{To: Attributes{"status": `"rejected"`}, Check: Attributes{"status": "rejected"}}},
				Drift:   []Drift{{Do: Call{As: "admin", Service: "image", Do: "PUT " + oneMember, Body: `{"status": "accepted"}`}, Seen: "status"}},
				Vanish:  []Call{{As: "admin", Service: "image", Do: "PUT " + oneMember, Body: `{"status": "pending"}`}},
				Refused: []acctest.Refusal{
					{Set: Attributes{"image_id": `"shared"`}, At: "image_id", Error: `UUID`},
					{Set: Attributes{"status": `"pending"`}, At: "status", Error: `accepted`},
					{Set: Attributes{"status": `""`}, At: "status", Error: `accepted`},
				},
			},
		},
	}.Test(t)
}

// What takes an administrator is said to who is none, and nothing is made.
func TestPublicImageByMember(t *testing.T) {
	c := start(t)
	const image = "resource \"hwcloud_image\" \"test\" {\n  name        = \"ours\"\n  disk_format = \"raw\"\n  visibility  = %q\n}\n"
	cmd := acctest.Terraform(t, c.providers+fmt.Sprintf(image, "public"), c.env...)
	defer c.empty(cmd)
	c.says(cmd.Fail("apply", "-auto-approve"), `Cannot create hwcloud_image "ours"`, "publicize_image", "It takes the role admin in the project")
	cmd.Write(c.providers + fmt.Sprintf(image, "community"))
	cmd.Run("apply", "-auto-approve")
	cmd.Write(c.providers + fmt.Sprintf(image, "public"))
	c.says(cmd.Fail("apply", "-auto-approve"), `Cannot change hwcloud_image "ours"`, "publicize_image", "It takes the role admin in the project")
	cmd.Write(c.providers + fmt.Sprintf(image, "community"))
	cmd.Run("plan", "-detailed-exitcode")
	cmd.Run("destroy", "-auto-approve")
}

// An upload that fails loses nothing: the image stays, without content, and the next apply gives it.
func TestUploadFails(t *testing.T) {
	c := start(t)
	if c.real() {
		t.Skip("real servers do not fail when they are told to")
	}
	file := filepath.Join(files(t, map[string]string{"disk.raw": "no disk at all"}), "disk.raw")
	config := c.providers + fmt.Sprintf("resource \"hwcloud_image\" \"test\" {\n  name        = \"disk\"\n  disk_format = \"raw\"\n  source      = %q\n}\n", file)
	cmd := acctest.Terraform(t, config, c.env...)
	defer c.empty(cmd)
	fails := func(action map[string]any) {
		c.sandbox.Break(acctest.Fault{Method: "PUT", Path: `^/image/v2/images/[^/]+/file$`, Times: 1, Action: action})
	}
	image := func() map[string]any {
		return c.call(Call{Service: "image", Do: "GET " + oneImage}, cmd.State()["hwcloud_image.test"])
	}
	fails(map[string]any{"status": 500})
	c.says(cmd.Run("apply", "-auto-approve"), "Warning: Cannot set", "500", "The object was created and is kept.")
	made := image()
	if made["status"] != "queued" {
		t.Errorf("the image is %v", made["status"])
	}
	fails(map[string]any{"status": 409})
	c.says(cmd.Fail("apply", "-auto-approve"), `Cannot change hwcloud_image "disk"`, "409")
	fails(map[string]any{"drop_after": true}) // it has arrived, which the sum tells
	cmd.Run("apply", "-auto-approve")
	cmd.Run("plan", "-detailed-exitcode")
	if now := image(); now["status"] != "active" || now["id"] != made["id"] || fmt.Sprint(now["size"]) != "14" {
		t.Errorf("the image %v is %v, of %v bytes", now["id"], now["status"], now["size"])
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	c.says(cmd.Fail("plan"), "Invalid source", "no such file")
	if err := os.WriteFile(file, []byte("no disk at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd.Run("plan", "-detailed-exitcode")
	cmd.Run("destroy", "-auto-approve")
}
