package evs_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/sandbox"
)

func TestVolume(t *testing.T) {
	t.Parallel()
	acctest.Whole{
		Type: "hwcloud_volume",
		Given: acctest.Attributes{
			"availability_zone": `"cn-north-4a"`,
			"volume_type":       `"GPSSD2"`,
			"size":              `20`,
			"name":              `"orders"`,
			"description":       `"of the shop"`,
			"iops":              `3000`,
			"throughput":        `125`,
			"device_type":       `"SCSI"`,
			"kms_key_id":        `"0b1c5b3e-5f0c-4d5e-9a57-6a3c3f0f7a11"`,
			"metadata":          `{ owner = "shop", "cost:center" = "7" }`,
			"tags":              `{ env = "prod", empty = "" }`,
			"region":            `"cn-north-4"`,

			"enterprise_project_id": `"8a9d7b6c-0000-4000-8000-000000000001"`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"name": `"bills"`},
				Calls: []string{`^PUT /evs/v2/\S+/cloudvolumes/\S+ {"volume":{"name":"bills"}}$`},
				Check: []string{"name=bills"},
			},
			{
				To: acctest.Attributes{
					"name": ``, "description": ``,
					"metadata": `{ owner = "bank", team = "red" }`,
					"tags":     `{ env = "test" }`,
				},
				Calls: []string{
					`^PUT /evs/v2/\S+/cloudvolumes/\S+ {"volume":{"description":"","name":""}}$`,
					`^DELETE /evs/v2/\S+/volumes/\S+/metadata/cost:center$`,
					`^POST /evs/v2/\S+/volumes/\S+/metadata {"metadata":{"owner":"bank","team":"red"}}$`,
					`/tags/action {"action":"delete","tags":\[{"key":"empty","value":""}\]}$`,
					`/tags/action {"action":"create","tags":\[{"key":"env","value":"test"}\]}$`,
				},
				Check: []string{"metadata.%=2", "metadata.owner=bank", "metadata.team=red", "tags.%=1"},
			},
			{
				To: acctest.Attributes{"size": `40`, "iops": `4000`, "throughput": `250`, "metadata": ``, "tags": ``},
				Calls: []string{
					`/metadata/owner$`, `/metadata/team$`,
					`^POST /evs/v2.1/\S+/cloudvolumes/\S+/action {"os-extend":{"new_size":40}}$`,
					`^PUT /evs/v5/\S+/cloudvolumes/\S+/qos {"qos_modify":{"iops":4000,"throughput":250}}$`,
					`/tags/action {"action":"delete","tags":\[{"key":"env","value":"test"}\]}$`,
				},
				Check: []string{"size=40", "iops=4000", "throughput=250"},
			},
			{
				To:    acctest.Attributes{"volume_type": `"SSD"`, "iops": ``, "throughput": ``},
				Calls: []string{`^POST /evs/v2/\S+/volumes/\S+/retype {"os-retype":{"new_type":"SSD"}}$`},
				Check: []string{"volume_type=SSD"},
			},
			{
				To:    acctest.Attributes{"volume_type": `"GPSSD2"`, "iops": `3500`, "throughput": `200`},
				Calls: []string{`^POST /evs/v2/\S+/volumes/\S+/retype {"os-retype":{"iops":3500,"new_type":"GPSSD2","throughput":200}}$`},
				Check: []string{"iops=3500", "throughput=200"},
			},
			{To: acctest.Attributes{"device_type": ``, "kms_key_id": ``, "multiattach": `true`}, Replaces: true, Check: []string{"device_type=VBD", "multiattach=true"}},
			{To: acctest.Attributes{"availability_zone": `"cn-north-4b"`, "enterprise_project_id": `"0"`}, Replaces: true},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"name": "other"}, Seen: "name"},
			{Patch: map[string]any{"description": "other"}, Seen: "description"},
			{Patch: map[string]any{"size": 15}, Seen: "size"},
			{Patch: map[string]any{"iops": map[string]any{"total_val": 3100}}, Seen: "iops"},
			{Patch: map[string]any{"throughput": map[string]any{"total_val": 126}}, Seen: "throughput"},
			{Patch: map[string]any{"volume_type": "SSD"}, Seen: "volume_type"},
			{Patch: map[string]any{"tags": map[string]any{"env": "prod", "by": "hand"}}, Seen: "tags"},
			{
				Do: func(c *acctest.Cloud, id string) {
					metadata := c.Objects("volume")[id]["metadata"].(map[string]any)
					metadata["owner"], metadata["policy"] = "thief", "the cloud's own"
					c.Patch("volume", id, map[string]any{"metadata": metadata})
				},
				Seen: "metadata",
			},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"availability_zone": `""`}, At: "availability_zone", Error: "at least 1"},
			{Set: acctest.Attributes{"volume_type": `"FLOPPY"`}, At: "volume_type", Error: "must be one of"},
			{Set: acctest.Attributes{"size": `0`}, At: "size", Error: "between 1 and 32768"},
			{Set: acctest.Attributes{"size": `10.5`}, At: "size", Error: "10.5 is no whole number"},
			{Set: acctest.Attributes{"size": `-1`}, At: "size", Error: "between 1 and 32768"},
			{Set: acctest.Attributes{"size": `32769`}, At: "size", Error: "between 1 and 32768"},
			{Set: acctest.Attributes{"size": `9`}, At: "size", Error: "at least 10 GB"},
			{Set: acctest.Attributes{"size": ``}, At: "", Error: "size in GB is needed"},
			{Set: acctest.Attributes{"image_id": `"ubuntu"`}, At: "image_id", Error: "UUID"},
			{Set: acctest.Attributes{"image_id": uuid, "kms_key_id": ``, "device_type": ``, "size": `2000`}, At: "size", Error: "at most 1024 GB"},
			{Set: acctest.Attributes{"image_id": uuid, "snapshot_id": uuid}, At: "snapshot_id", Error: "one source.*image_id and snapshot_id"},
			{Set: acctest.Attributes{"image_id": uuid, "backup_id": uuid}, At: "backup_id", Error: "one source"},
			{Set: acctest.Attributes{"snapshot_id": uuid}, At: "kms_key_id", Error: "inherits its encryption from snapshot_id"},
			{Set: acctest.Attributes{"image_id": uuid, "kms_key_id": ``}, At: "device_type", Error: "inherits its device type from image_id"},
			{Set: acctest.Attributes{"device_type": `"IDE"`}, At: "device_type", Error: "must be one of"},
			{Set: acctest.Attributes{"kms_key_id": `"key"`}, At: "kms_key_id", Error: "UUID"},
			{Set: acctest.Attributes{"iops": ``}, At: "", Error: "GPSSD2 needs iops"},
			{Set: acctest.Attributes{"throughput": ``}, At: "", Error: "GPSSD2 needs a throughput"},
			{Set: acctest.Attributes{"iops": `200`}, At: "iops", Error: "3000 to 128000"},
			{Set: acctest.Attributes{"iops": `10001`}, At: "iops", Error: "500 iops for each GB: 10000 for 20 GB"},
			{Set: acctest.Attributes{"iops": `300000`}, At: "iops", Error: "between 100 and 256000"},
			{Set: acctest.Attributes{"throughput": `100`}, At: "throughput", Error: "between 125 and 1000"},
			{Set: acctest.Attributes{"throughput": `751`}, At: "throughput", Error: "quarter of its iops"},
			{Set: acctest.Attributes{"volume_type": `"SSD"`}, At: "iops", Error: "SSD takes no iops"},
			{Set: acctest.Attributes{"volume_type": `"SSD"`, "iops": ``}, At: "throughput", Error: "SSD takes no throughput"},
			{Set: acctest.Attributes{"volume_type": `"ESSD2"`}, At: "throughput", Error: "ESSD2 takes no throughput"},
			{Set: acctest.Attributes{"name": `join("", [for i in range(256) : "a"])`}, At: "name", Error: "at most 255"},
			{Set: acctest.Attributes{"description": `join("", [for i in range(256) : "a"])`}, At: "description", Error: "at most 255"},
			{Set: acctest.Attributes{"metadata": `{ __system__encrypted = "1" }`}, At: "metadata", Error: "begin with __"},
			{Set: acctest.Attributes{"metadata": `{ "hw:passthrough" = "true" }`}, At: "metadata", Error: "none of"},
			{Set: acctest.Attributes{"metadata": `{ "a b" = "c" }`}, At: "metadata", Error: "1 to 255 Latin letters"},
			{Set: acctest.Attributes{"metadata": `{}`}, At: "metadata", Error: "at least 1"},
			{Set: acctest.Attributes{"tags": `{ formula = "a=b" }`}, At: "tags", Error: "letters, digits"},
			{Set: acctest.Attributes{"tags": `{ (join("", [for i in range(37) : "k"])) = "v" }`}, At: "tags", Error: "between 1 and 36"},
			{Set: acctest.Attributes{"tags": `{ k = join("", [for i in range(44) : "v"]) }`}, At: "tags", Error: "at most 43"},
			{Set: acctest.Attributes{"tags": `{ for i in range(11) : "k${i}" => "v" }`}, At: "tags", Error: "at most 10"},
			{Set: acctest.Attributes{"dedicated_storage_id": `"pool"`}, At: "dedicated_storage_id", Error: "UUID"},
			{Set: acctest.Attributes{"enterprise_project_id": `"mine"`}, At: "enterprise_project_id", Error: "UUID"},
		},
		Kept: []acctest.Refusal{
			{Set: acctest.Attributes{"size": `19`}, At: "size", Error: "cannot shrink: it has 20 GB, and 19 GB are asked for"},
		},
	}.Test(t)
}

const uuid = `"5a0d80c0-1111-4111-8111-000000002204"` // an image, and in any case well-formed

// A volume from an image or snapshot inherits what it cannot be given, and is imported with an empty plan.
func TestVolumeFromSource(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t, sandbox.Options{}) // jobs that end at once
	original := c.Ask(cloud.EVS, "POST", "/v2.1/{project_id}/cloudvolumes", map[string]any{"volume": map[string]any{
		"availability_zone": "cn-north-4a", "volume_type": "SSD", "size": 10,
		"metadata": map[string]any{"create_for_volume_id": "true", "hw:passthrough": "true"},
	}})["volume_ids"].([]any)[0].(string)
	snapshot := func(volume string) string {
		return c.Ask(cloud.EVS, "POST", "/v2/{project_id}/cloudsnapshots", map[string]any{
			"snapshot": map[string]any{"volume_id": volume, "name": "before"},
		})["snapshot"].(map[string]any)["id"].(string)
	}

	bootable := c.Ask(cloud.EVS, "POST", "/v2.1/{project_id}/cloudvolumes", map[string]any{"volume": map[string]any{
		"availability_zone": "cn-north-4a", "volume_type": "SSD", "size": 40, "imageRef": strings.Trim(uuid, `"`),
		"metadata": map[string]any{"create_for_volume_id": "true"},
	}})["volume_ids"].([]any)[0].(string)

	config := fmt.Sprintf(`
data "hwcloud_image" "ubuntu" {
  name = "Ubuntu 22.04 server 64bit"
}

resource "hwcloud_volume" "image" {
  availability_zone = "cn-north-4a"
  volume_type       = "SSD"
  size              = 40
  image_id          = data.hwcloud_image.ubuntu.id
}

resource "hwcloud_volume" "snapshot" {
  availability_zone = "cn-north-4a"
  volume_type       = "SSD"
  size              = 20
  snapshot_id       = %q
}

resource "hwcloud_volume" "system" {
  availability_zone = "cn-north-4a"
  volume_type       = "SSD"
  size              = 50
  snapshot_id       = %q
}
`, snapshot(original), snapshot(bootable))
	has := func(name, attribute, value string) resource.TestCheckFunc {
		return resource.TestCheckResourceAttr("hwcloud_volume."+name, attribute, value)
	}
	imported := func(name string) resource.TestStep {
		return resource.TestStep{ResourceName: "hwcloud_volume." + name, ImportState: true, ImportStateKind: resource.ImportBlockWithID}
	}
	c.Run(
		resource.TestStep{
			Config: config,
			Check: resource.ComposeTestCheckFunc(
				has("image", "bootable", "true"), has("image", "device_type", "VBD"),
				has("snapshot", "bootable", "false"), has("snapshot", "device_type", "SCSI"),
				has("system", "bootable", "true"), has("system", "image_id", strings.Trim(uuid, `"`)),
			),
		},
		imported("image"), imported("snapshot"), imported("system"),
	)
}

const small = `
resource "hwcloud_volume" "test" {
  availability_zone = "cn-north-4a"
  volume_type       = "SSD"
  size              = 10
  name              = "orders"
}
`

// What cannot be deleted is kept, in the cloud and in the state.
func TestVolumeInUse(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Run(
		resource.TestStep{Config: small},
		resource.TestStep{
			PreConfig:   func() { c.Patch("volume", c.ID("volume", "orders"), map[string]any{"status": "in-use"}) },
			Config:      small,
			Destroy:     true,
			ExpectError: regexp.MustCompile(`(?s)Cannot delete hwcloud_volume "orders".*400 EVS.1046 volume status\s+must be`),
		},
		resource.TestStep{
			Config:           small,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			Check: func(*terraform.State) error {
				c.Patch("volume", c.ID("volume", "orders"), map[string]any{"status": "available"})
				return nil
			},
		},
	)
}

// A volume that is broken is read, and refused to be changed with its status; one whose job fails leaves nothing behind.
func TestVolumeFails(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Run(
		resource.TestStep{
			PreConfig:   func() { c.Configure(map[string]any{"fail_jobs": []string{"createVolume"}}) },
			Config:      small,
			ExpectError: regexp.MustCompile(`(?s)Cannot create hwcloud_volume "orders".*its job failed.*Nothing was\s+created`),
		},
		resource.TestStep{
			PreConfig: func() {
				if left := c.Objects("volume"); len(left) > 0 {
					t.Errorf("left behind: %v", left)
				}
				c.Configure(map[string]any{"fail_jobs": []string{}})
			},
			Config: small,
		},
		resource.TestStep{
			PreConfig:   func() { c.Configure(map[string]any{"fail_jobs": []string{"extendVolume"}}) },
			Config:      regexp.MustCompile("= 10").ReplaceAllString(small, "= 20"),
			ExpectError: regexp.MustCompile(`(?s)Cannot change hwcloud_volume "orders".*its job failed`),
		},
		resource.TestStep{ // the job left it broken
			Config:      regexp.MustCompile(`"orders"`).ReplaceAllString(small, `"bills"`),
			ExpectError: regexp.MustCompile(`(?s)Cannot change hwcloud_volume "orders".*status\s+error_extending`),
		},
	)
}
