package ims_test

import (
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

func TestFindImage(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_image",
		Found: []acctest.Found{
			{
				By: acctest.Attributes{"name": `"Ubuntu 22.04 server 64bit"`},
				Check: []string{
					"id=5a0d80c0-1111-4111-8111-000000002204", "os_type=Linux", "platform=Ubuntu", "architecture=x86", "min_disk=40",
					"image_type=gold", "visibility=public", "status=active", "protected=true", "image_size=1276968960", "firmware_type=bios",
				},
			},
			{By: acctest.Attributes{"id": `"5a0d80c0-1111-4111-8111-0000000a2204"`}, Check: []string{"architecture=arm", "firmware_type=uefi"}},
			{By: acctest.Attributes{"platform": `"Ubuntu"`, "name_regex": `"^Ubuntu 22"`, "architecture": `"x86"`}, Check: []string{"name=Ubuntu 22.04 server 64bit"}},
			{By: acctest.Attributes{"os_type": `"Windows"`, "visibility": `"public"`}, Check: []string{"min_ram=2048"}},
			{By: acctest.Attributes{"platform": `"Ubuntu"`, "flavor_id": `"kc1.large.2"`}, Check: []string{"architecture=arm", "flavor_id=kc1.large.2"}},
			{By: acctest.Attributes{"platform": `"Ubuntu"`, "architecture": `"x86"`, "most_recent": `true`}, Check: []string{"platform=Ubuntu"}},
		},
	}.Test(t)
}

func TestImageNotFound(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_image",
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"BeOS"`}, Error: "Nothing in region cn-north-4 fits name = BeOS"},
			{Set: acctest.Attributes{"id": `"5a0d80c0-1111-4111-8111-000000000000"`}, Error: "Nothing .* fits id = 5a0d80c0-1111-4111-8111-000000000000"},
			{Set: acctest.Attributes{"platform": `"Ubuntu"`}, Error: "Found 3 of hwcloud_image.*fit platform = Ubuntu.*data source hwcloud_images"},
			{Set: acctest.Attributes{"platform": `"Ubuntu"`, "flavor_id": `"z9.huge"`}, Error: "Nothing .* fits flavor_id = z9.huge, platform = Ubuntu"},
		},
	}.Test(t)
}

func TestImageNotAsked(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type:    "hwcloud_image",
		Refused: []acctest.Refusal{{Set: acctest.Attributes{"name_regex": `"("`}, At: "name_regex", Error: "Invalid regular expression"}},
	}.Test(t)
}

func TestFindImages(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_images",
		Found: []acctest.Found{
			{Check: []string{"images.#=8", "images.0.name=CentOS 7.9 64bit"}},
			{By: acctest.Attributes{"architecture": `"arm"`}, Check: []string{"images.#=2", "images.0.architecture=arm", "images.1.architecture=arm"}},
			{By: acctest.Attributes{"flavor_id": `"kc1.large.2"`}, Check: []string{"images.#=2"}},
			{By: acctest.Attributes{"flavor_id": `"s6.large.2"`, "os_type": `"Linux"`}, Check: []string{"images.#=5"}},
			{By: acctest.Attributes{"name_regex": `"Ubuntu"`}, Check: []string{"images.#=3"}},
			{By: acctest.Attributes{"min_disk": `40`, "platform": `"Debian"`}, Check: []string{"images.#=1"}},
			{By: acctest.Attributes{"visibility": `"private"`}, Check: []string{"images.#=0"}},
		},
	}.Test(t)
}
