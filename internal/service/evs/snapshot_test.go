package evs_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

const sources = `
resource "hwcloud_volume" "test" {
  availability_zone = "cn-north-4a"
  volume_type       = "SAS"
  size              = 10
}

resource "hwcloud_volume" "other" {
  availability_zone = "cn-north-4a"
  volume_type       = "SAS"
  size              = 20
}
`

func TestVolumeSnapshot(t *testing.T) {
	t.Parallel()
	const put = `^PUT /evs/v2/\S+/cloudsnapshots/\S+ `
	acctest.Whole{
		Type: "hwcloud_volume_snapshot", Kind: "snapshot", Needs: sources,
		Given: acctest.Attributes{
			"volume_id":   `hwcloud_volume.test.id`,
			"name":        `"before"`,
			"description": `"the upgrade"`,
			"metadata":    `{ owner = "shop", "cost:center" = "7" }`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"name": `"after"`},
				Calls: []string{put + `{"snapshot":{"name":"after"}}$`},
				Check: []string{"name=after", "size=10", "status=available"},
			},
			{
				To: acctest.Attributes{"name": ``, "description": ``, "metadata": `{ owner = "bank", team = "red" }`},
				Calls: []string{
					put + `{"snapshot":{"description":"","name":""}}$`,
					`^DELETE /evs/v2/\S+/snapshots/\S+/metadata/cost:center$`,
					`^POST /evs/v2/\S+/snapshots/\S+/metadata {"metadata":{"owner":"bank","team":"red"}}$`,
				},
				Check: []string{"metadata.%=2", "metadata.owner=bank"},
			},
			{
				To:    acctest.Attributes{"force": `true`, "metadata": ``},
				Calls: []string{`/metadata/owner$`, `/metadata/team$`},
				Check: []string{"force=true"},
			},
			{To: acctest.Attributes{"volume_id": `hwcloud_volume.other.id`}, Replaces: true, Check: []string{"size=20"}},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"name": "other"}, Seen: "name"},
			{Patch: map[string]any{"description": "other"}, Seen: "description"},
			{Patch: map[string]any{"metadata": map[string]any{"owner": "thief", "__backup": "the cloud's own"}}, Seen: "metadata"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"volume_id": `"orders"`}, At: "volume_id", Error: "UUID"},
			{Set: acctest.Attributes{"volume_id": ``}, At: "", Error: `"volume_id" is required`},
			{Set: acctest.Attributes{"name": `join("", [for i in range(256) : "a"])`}, At: "name", Error: "at most 255"},
			{Set: acctest.Attributes{"name": `"autobk_snapshot_1"`}, At: "name", Error: "cloud's own names begin with autobk_snapshot_"},
			{Set: acctest.Attributes{"description": `join("", [for i in range(256) : "a"])`}, At: "description", Error: "at most 255"},
			{Set: acctest.Attributes{"force": `"perhaps"`}, At: "force", Error: "bool is required"},
			{Set: acctest.Attributes{"metadata": `{ __system__encrypted = "1" }`}, At: "metadata", Error: "begin with __"},
			{Set: acctest.Attributes{"metadata": `{ "a b" = "c" }`}, At: "metadata", Error: "1 to 255 Latin letters"},
			{Set: acctest.Attributes{"metadata": `{}`}, At: "metadata", Error: "at least 1"},
			{Set: acctest.Attributes{"metadata": `{ k = join("", [for i in range(256) : "v"]) }`}, At: "metadata", Error: "at most 255"},
		},
	}.Test(t)
}

// A volume lets one snapshot be made at a time: the others wait. Each is a source of volumes.
func TestVolumeSnapshotsAtOnce(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Run(resource.TestStep{
		Config: sources + `
resource "hwcloud_volume_snapshot" "test" {
  count     = 3
  volume_id = hwcloud_volume.test.id
}

resource "hwcloud_volume" "copy" {
  availability_zone = "cn-north-4a"
  volume_type       = "SAS"
  size              = 10
  snapshot_id       = hwcloud_volume_snapshot.test[0].id
}
`,
		Check: func(*terraform.State) error {
			refused := 0
			for _, call := range c.Calls(`POST /\S+/cloudsnapshots$`) {
				if call.Status == 409 {
					refused++
				}
			}
			if refused == 0 {
				t.Error("none had to wait, so this shows nothing")
			}
			return nil
		},
	})
}

// A snapshot that cannot be deleted is reported at once, and stays.
func TestVolumeSnapshotStays(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	config := sources + `
resource "hwcloud_volume_snapshot" "test" {
  volume_id = hwcloud_volume.test.id
}
`
	c.Run(
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:   func() { c.Configure(map[string]any{"fail_jobs": []string{"deleteSnapshot"}}) },
			Config:      sources,
			ExpectError: regexp.MustCompile(`(?s)Cannot delete hwcloud_volume_snapshot.*error_deleting`),
		},
		resource.TestStep{
			PreConfig: func() {
				c.Configure(map[string]any{"fail_jobs": []string{}})
				for id := range c.Objects("snapshot") {
					c.Patch("snapshot", id, map[string]any{"status": "available"})
				}
			},
			Config: sources,
		},
	)
}
