package ims_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

const (
	someID  = `"8a9d7b6c-0000-4000-8000-000000000001"`
	otherID = `"8a9d7b6c-0000-4000-8000-000000000002"`
)

const disk = `
resource "hwcloud_volume" "test" {
  availability_zone = "cn-north-4a"
  volume_type       = "SAS"
  size              = 50
}
`

func TestImage(t *testing.T) {
	t.Parallel()
	const patch = `^PATCH /ims/v2/cloudimages/\S+ `
	acctest.Whole{
		Type:  "hwcloud_image",
		Needs: disk,
		Given: acctest.Attributes{
			"name":          `"ubuntu-网站 1"`,
			"description":   `"as it was on Monday"`,
			"image_url":     `"images:ubuntu/22.04.qcow2"`,
			"min_disk":      `40`,
			"os_version":    `"Ubuntu 22.04 server 64bit"`,
			"type":          `"ECS"`,
			"architecture":  `"x86"`,
			"firmware_type": `"uefi"`,
			"min_ram":       `1024`,
			"max_ram":       `65536`,
			"tags":          `{ env = "prod", empty = "" }`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"name": `"ubuntu"`, "description": ``},
				Calls: []string{patch + `\[{"op":"replace","path":"/name","value":"ubuntu"},{"op":"remove","path":"/__description","value":""}\]$`},
				Check: []string{"name=ubuntu", "platform=Ubuntu", "visibility=private"},
			},
			{
				To: acctest.Attributes{"description": `"again"`, "min_ram": `2048`, "max_ram": `32768`, "firmware_type": `"bios"`},
				Calls: []string{
					patch + `\[{"op":"add","path":"/__description","value":"again"}\]$`,
					patch + `\[{"op":"replace","path":"/min_ram","value":2048},{"op":"replace","path":"/max_ram","value":32768},{"op":"replace","path":"/hw_firmware_type","value":"bios"}\]$`,
				},
				Check: []string{"min_ram=2048", "firmware_type=bios"},
			},
			{To: acctest.Attributes{"max_ram": `4096`}, Calls: []string{patch + `\[{"op":"replace","path":"/max_ram","value":4096}\]$`}, Check: []string{"max_ram=4096"}},
			{
				To: acctest.Attributes{"tags": `{ env = "test" }`},
				Calls: []string{
					`^POST /ims/v2/\S+/images/\S+/tags/action {"action":"delete","tags":\[{"key":"empty","value":""}\]}$`,
					`^POST /ims/v2/\S+/images/\S+/tags/action {"action":"create","tags":\[{"key":"env","value":"test"}\]}$`,
				},
				Check: []string{"tags.%=1"},
			},
			{To: acctest.Attributes{"min_disk": `50`}, Replaces: true, Check: []string{"min_disk=50"}},
			{To: acctest.Attributes{"image_url": `"images:debian.qcow2"`, "os_version": `"Debian GNU/Linux 12.0.0 64bit"`}, Replaces: true, Check: []string{"platform=Debian"}},
			{To: acctest.Attributes{"architecture": `"arm"`, "firmware_type": ``}, Replaces: true, Check: []string{"architecture=arm", "firmware_type=uefi"}},
			{To: acctest.Attributes{"architecture": ``, "type": `"BMS"`}, Replaces: true, Check: []string{"architecture=x86", "type=BMS"}},
			{To: acctest.Attributes{"kms_key_id": someID}, Replaces: true},
			{To: acctest.Attributes{"is_config": `true`, "is_quick_import": `false`}, Replaces: true},
			{To: acctest.Attributes{"is_config": ``, "is_quick_import": `true`}, Replaces: true},
			{To: acctest.Attributes{"enterprise_project_id": someID}, Replaces: true},
			{
				To:       acctest.Attributes{"is_quick_import": ``, "type": `"DataImage"`, "os_version": ``, "os_type": `"Windows"`},
				Replaces: true,
				Calls: []string{
					`^DELETE /ims/v2/images/\S+$`,
					`^POST /ims/v1/cloudimages/dataimages/action {"cmk_id":"\S+","description":"again","enterprise_project_id":"\S+","image_url":"images:debian.qcow2","min_disk":50,"name":"ubuntu","os_type":"Windows"}$`,
					patch + `\[{"op":"replace","path":"/min_ram","value":2048},{"op":"add","path":"/max_ram","value":4096}\]$`,
					`^POST /ims/v2/\S+/images/\S+/tags/action {"action":"create","tags":\[{"key":"env","value":"test"}\]}$`,
				},
				Check: []string{"os_type=Windows", "type=DataImage", "min_ram=2048", "tags.env=test"},
			},
			{
				To:       acctest.Attributes{"image_url": ``, "min_disk": ``, "kms_key_id": ``, "os_type": ``, "volume_id": `hwcloud_volume.test.id`},
				Replaces: true, Check: []string{"min_disk=50", "type=DataImage"},
			},
			{To: acctest.Attributes{"type": ``, "os_version": `"CentOS 7.9 64bit"`}, Replaces: true, Check: []string{"type=ECS", "platform=CentOS"}},
			{
				To:       acctest.Attributes{"volume_id": ``, "os_version": ``, "backup_id": someID, "delete_backup": `true`},
				Replaces: true, Check: []string{"min_ram=2048", "max_ram=4096"},
			},
			{
				To:    acctest.Attributes{"delete_backup": `false`, "name": `"backup"`},
				Calls: []string{patch}, Check: []string{"delete_backup=false"},
			},
			{
				To: acctest.Attributes{"backup_id": otherID}, Replaces: true,
				Calls: []string{
					`^DELETE /ims/v2/images/\S+ {"delete_backup":false}$`,
					`^POST /ims/v1/cloudimages/wholeimages/action {"backup_id":"\S+","description":"again","enterprise_project_id":"\S+","max_ram":4096,"min_ram":2048,"name":"backup","whole_image_type":"CBR"}$`,
					patch, `^POST /ims/v2/\S+/images/\S+/tags/action `,
				},
			},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"name": "other"}, Seen: "name"},
			{Patch: map[string]any{"__description": "other"}, Seen: "description"},
			{Patch: map[string]any{"min_ram": 4096}, Seen: "min_ram"},
			{Patch: map[string]any{"max_ram": "8192"}, Seen: "max_ram"},
			{Patch: map[string]any{"hw_firmware_type": "bios"}, Seen: "firmware_type"},
			{Patch: map[string]any{"image_tags": map[string]any{"by": "hand"}}, Seen: "tags"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `" ubuntu"`}, At: "name", Error: "no blank first or last"},
			{Set: acctest.Attributes{"name": `"a/b"`}, At: "name", Error: "are allowed"},
			{Set: acctest.Attributes{"name": `join("", [for i in range(129) : "a"])`}, At: "name", Error: "between 1 and 128"},
			{Set: acctest.Attributes{"description": `"a<b"`}, At: "description", Error: "not allowed"},
			{Set: acctest.Attributes{"description": `join("", [for i in range(1000) : "ab"])`}, At: "description", Error: "at most 1024"},
			{Set: acctest.Attributes{"image_url": `"ubuntu.qcow2"`}, At: "image_url", Error: "a bucket and a file"},
			{Set: acctest.Attributes{"instance_id": someID}, At: "image_url", Error: "instance_id is given already"},
			{Set: acctest.Attributes{"instance_id": `"web"`}, At: "instance_id", Error: "UUID"},
			{Set: acctest.Attributes{"volume_id": someID}, At: "image_url", Error: "volume_id is given already"},
			{Set: acctest.Attributes{"source_image_id": someID}, At: "source_image_id", Error: "image_url is given already"},
			{Set: acctest.Attributes{"backup_id": someID}, At: "backup_id", Error: "image_url is given already"},
			{Set: acctest.Attributes{"image_url": ``, "min_disk": ``}, At: "", Error: "One of instance_id, volume_id"},
			{Set: acctest.Attributes{"min_disk": ``}, At: "image_url", Error: "needs min_disk"},
			{Set: acctest.Attributes{"min_disk": `39`}, At: "min_disk", Error: "between 40 and 2048"},
			{Set: acctest.Attributes{"min_disk": `1025`}, At: "min_disk", Error: "at most 1024 GB"},
			{Set: acctest.Attributes{"image_url": ``, "instance_id": someID}, At: "min_disk", Error: "out of a file"},
			{Set: acctest.Attributes{"image_url": ``, "instance_id": someID, "is_config": `true`}, At: "is_config", Error: "out of a file"},
			{Set: acctest.Attributes{"image_url": ``, "min_disk": ``, "instance_id": someID}, At: "os_version", Error: "out of a volume or a file"},
			{Set: acctest.Attributes{"image_url": ``, "min_disk": ``, "instance_id": someID, "kms_key_id": someID}, At: "kms_key_id", Error: "of another image"},
			{Set: acctest.Attributes{"image_url": ``, "min_disk": ``, "volume_id": someID, "os_version": ``}, At: "volume_id", Error: "needs os_version"},
			{Set: acctest.Attributes{"is_quick_import": `true`, "os_version": ``}, At: "is_quick_import", Error: "needs os_version"},
			{Set: acctest.Attributes{"vault_id": someID}, At: "vault_id", Error: "all disks of a server"},
			{Set: acctest.Attributes{"delete_backup": `true`}, At: "delete_backup", Error: "has a backup"},
			{Set: acctest.Attributes{"type": `"VMware"`}, At: "type", Error: "must be one of"},
			{Set: acctest.Attributes{"type": `"DataImage"`}, At: "os_version", Error: "has none"},
			{Set: acctest.Attributes{"type": `"DataImage"`, "image_url": ``, "min_disk": ``, "backup_id": someID}, At: "type", Error: "of a volume or a file"},
			{Set: acctest.Attributes{"type": `"BMS"`, "image_url": ``, "min_disk": ``, "instance_id": someID}, At: "type", Error: "is made of a file"},
			{Set: acctest.Attributes{"os_type": `"Linux"`}, At: "os_type", Error: "DataImage out of a file"},
			{Set: acctest.Attributes{"architecture": `"mips"`}, At: "architecture", Error: "must be one of"},
			{Set: acctest.Attributes{"firmware_type": `"efi"`}, At: "firmware_type", Error: "must be one of"},
			{Set: acctest.Attributes{"min_ram": `-1`}, At: "min_ram", Error: "at least 0"},
			{Set: acctest.Attributes{"max_ram": `0`}, At: "max_ram", Error: "at least 1"},
			{Set: acctest.Attributes{"kms_key_id": `"key"`}, At: "kms_key_id", Error: "UUID"},
			{Set: acctest.Attributes{"enterprise_project_id": `"mine"`}, At: "enterprise_project_id", Error: "UUID"},
			{Set: acctest.Attributes{"tags": `{ for i in range(21) : "k${i}" => "v" }`}, At: "tags", Error: "at most 20"},
		},
	}.Test(t)
}

const server = `
resource "hwcloud_vpc" "test" {
  name = "test"
  cidr = "10.1.0.0/16"
}

resource "hwcloud_subnet" "test" {
  name       = "test"
  vpc_id     = hwcloud_vpc.test.id
  cidr       = "10.1.1.0/24"
  gateway_ip = "10.1.1.1"
}

resource "hwcloud_server" "test" {
  name        = "web"
  flavor_id   = "s6.large.2"
  image_id    = "5a0d80c0-1111-4111-8111-000000002204"
  networks    = [{ subnet_id = hwcloud_subnet.test.id }]
  system_disk = { volume_type = "SSD", size = 60 }
}
`

// An image of a server is what another server starts from; it can be copied, encrypted or not.
func TestImageOfServer(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	config := server + `
resource "hwcloud_image" "web" {
  name        = "web"
  instance_id = hwcloud_server.test.id
  max_ram     = 65536
  tags        = { env = "prod" }
}

resource "hwcloud_image" "whole" {
  name        = "web-whole"
  instance_id = hwcloud_server.test.id
  vault_id    = ` + someID + `
  depends_on  = [hwcloud_image.web]
}

resource "hwcloud_image" "copy" {
  name            = "web-safe"
  source_image_id = hwcloud_image.web.id
  kms_key_id      = ` + someID + `
  min_ram         = 2048
}

resource "hwcloud_server" "again" {
  name        = "web-2"
  flavor_id   = "s6.large.2"
  image_id    = hwcloud_image.copy.id
  networks    = [{ subnet_id = hwcloud_subnet.test.id }]
  system_disk = { volume_type = "SSD", size = 60 }
}
`
	is := func(name, attribute, value string) resource.TestCheckFunc {
		return resource.TestCheckResourceAttr("hwcloud_image."+name, attribute, value)
	}
	imported := func(name string) resource.TestStep {
		return resource.TestStep{ResourceName: "hwcloud_image." + name, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"vault_id"}}
	}
	c.Run(
		resource.TestStep{Config: config, Check: resource.ComposeTestCheckFunc(
			is("web", "os_version", "Ubuntu 22.04 server 64bit"), is("web", "min_disk", "60"), is("web", "status", "active"), is("web", "type", "ECS"),
			is("web", "image_type", "private"), is("whole", "min_disk", "60"),
			is("copy", "kms_key_id", strings.Trim(someID, `"`)), is("copy", "min_ram", "2048"), is("copy", "max_ram", "65536"),
		)},
		imported("web"), imported("whole"), imported("copy"),
	)
}

// When the job fails, there is no image, and nothing of it is in the state.
func TestImageFails(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	const config = `
resource "hwcloud_image" "test" {
  name      = "ubuntu"
  image_url = "images:ubuntu.qcow2"
  min_disk  = 40
}
`
	c.Configure(map[string]any{"fail_jobs": []string{"createImageByFile"}})
	c.Run(
		resource.TestStep{Config: config, ExpectError: regexp.MustCompile(`(?s)Cannot create hwcloud_image "ubuntu".*Nothing was created`)},
		resource.TestStep{
			PreConfig: func() { c.Configure(map[string]any{"fail_jobs": []string{}}) },
			Config:    config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("hwcloud_image.test", plancheck.ResourceActionCreate),
			}},
		},
	)
}

// Many images are read by one list, and their tags one by one; public ones are not asked for tags.
func TestImageReads(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	config := `
resource "hwcloud_image" "test" {
  count     = 10
  name      = "ubuntu-${count.index}"
  image_url = "images:ubuntu.qcow2"
  min_disk  = 40
  tags      = { number = "${count.index}" }
}

data "hwcloud_images" "public" {
  visibility = "public"
}
`
	c.Run(
		resource.TestStep{Config: config},
		resource.TestStep{PreConfig: c.Forget, RefreshState: true, Check: func(*terraform.State) error {
			if lists, tags := len(c.Calls(`^GET /ims/v2/cloudimages$`)), len(c.Calls(`^GET /ims/v2/\S+/tags$`)); lists > 5 || tags > 10 {
				return fmt.Errorf("10 images are read by %d lists and %d reads of tags", lists, tags)
			}
			return nil
		}},
	)
}

// Private images are found beside the public ones, by their tags too.
func TestFindPrivateImage(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_image", Needs: `
resource "hwcloud_image" "test" {
  name      = "ubuntu"
  image_url = "images:ubuntu.qcow2"
  min_disk  = 40
  tags      = { env = "prod" }
}
`,
		Found: []acctest.Found{
			{By: acctest.Attributes{"image_type": `"private"`}, Check: []string{"name=ubuntu", "image_url=images:ubuntu.qcow2", "tags.env=prod", "type=ECS"}},
			{By: acctest.Attributes{"tags": `{ env = "prod" }`}, Check: []string{"name=ubuntu"}},
			{By: acctest.Attributes{"image_url": `"images:ubuntu.qcow2"`}, Check: []string{"name=ubuntu"}},
		},
	}.Test(t)
}
