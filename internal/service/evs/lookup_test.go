package evs_test

import (
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

const volumes = `
resource "hwcloud_volume" "orders" {
  availability_zone = "cn-north-4a"
  volume_type       = "SSD"
  size              = 20
  name              = "orders"
  tags              = { env = "prod" }
}

resource "hwcloud_volume" "bills" {
  availability_zone = "cn-north-4b"
  volume_type       = "SAS"
  size              = 10
  name              = "bills"
  metadata          = { owner = "bank" }
  tags              = { env = "test" }
  depends_on        = [hwcloud_volume.orders]
}
`

func TestFindVolume(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_volume", Needs: volumes,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_volume.bills.id`}, Check: []string{"name=bills", "size=10", "metadata.owner=bank", "status=available", "bootable=false", "device_type=VBD"}},
			{By: acctest.Attributes{"name": `"orders"`}, Check: []string{"volume_type=SSD", "tags.env=prod"}},
			{By: acctest.Attributes{"availability_zone": `"cn-north-4b"`, "size": `10`, "multiattach": `false`}, Check: []string{"name=bills"}},
			{By: acctest.Attributes{"tags": `{ env = "prod" }`}, Check: []string{"name=orders"}},
			{By: acctest.Attributes{"status": `"available"`, "most_recent": `true`}, Check: []string{"name=bills"}},
			{By: acctest.Attributes{"name_regex": `"^b"`}, Check: []string{"name=bills"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"gone"`}, Error: "Nothing .* fits name = gone"},
			{Set: acctest.Attributes{"id": `"5a0d80c0-0000-4000-8000-000000000000"`}, Error: "Nothing .* fits id"},
			{Set: acctest.Attributes{"status": `"available"`}, Error: "Found 2 of hwcloud_volume"},
		},
	}.Test(t)
}

func TestFindVolumes(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_volumes", Needs: volumes,
		Found: []acctest.Found{
			{Check: []string{"volumes.#=2", "volumes.0.name=bills", "volumes.1.name=orders"}},
			{By: acctest.Attributes{"availability_zone": `"cn-north-4a"`}, Check: []string{"volumes.#=1", "volumes.0.size=20"}},
			{By: acctest.Attributes{"volume_type": `"SAS"`}, Check: []string{"volumes.#=1"}},
			{By: acctest.Attributes{"size": `11`}, Check: []string{"volumes.#=0"}},
		},
	}.Test(t)
}

const snapshots = volumes + `
resource "hwcloud_volume_snapshot" "first" {
  volume_id = hwcloud_volume.orders.id
  name      = "before"
  metadata  = { owner = "shop" }
}

resource "hwcloud_volume_snapshot" "second" {
  volume_id  = hwcloud_volume.orders.id
  name       = "after"
  depends_on = [hwcloud_volume_snapshot.first]
}
`

func TestFindVolumeSnapshot(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_volume_snapshot", Needs: snapshots,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_volume_snapshot.first.id`}, Check: []string{"name=before", "size=20", "metadata.owner=shop", "status=available"}},
			{By: acctest.Attributes{"name": `"after"`}, Check: []string{"metadata.%=0"}},
			{By: acctest.Attributes{"volume_id": `hwcloud_volume.orders.id`, "most_recent": `true`}, Check: []string{"name=after"}},
			{By: acctest.Attributes{"name_regex": `"^b"`, "size": `20`}, Check: []string{"name=before"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"gone"`}, Error: "Nothing .* fits name = gone"},
			{Set: acctest.Attributes{"volume_id": `hwcloud_volume.bills.id`}, Error: "Nothing .* fits volume_id"},
			{Set: acctest.Attributes{"status": `"available"`}, Error: "Found 2 of hwcloud_volume_snapshot"},
		},
	}.Test(t)
}

func TestFindVolumeSnapshots(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_volume_snapshots", Needs: snapshots,
		Found: []acctest.Found{
			{Check: []string{"volume_snapshots.#=2", "volume_snapshots.0.name=after", "volume_snapshots.1.name=before"}},
			{By: acctest.Attributes{"volume_id": `hwcloud_volume.bills.id`}, Check: []string{"volume_snapshots.#=0"}},
			{By: acctest.Attributes{"name": `"before"`}, Check: []string{"volume_snapshots.#=1", "volume_snapshots.0.metadata.owner=shop"}},
		},
	}.Test(t)
}

func TestFindVolumeType(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_volume_type",
		Found: []acctest.Found{
			{By: acctest.Attributes{"name": `"SSD"`}, Check: []string{"availability_zones.#=3", "sold_out_availability_zones.#=1", "sold_out_availability_zones.0=cn-north-4c"}},
			{By: acctest.Attributes{"name_regex": `"^ESSD2"`}, Check: []string{"name=ESSD2", "availability_zones.#=1", "sold_out_availability_zones.#=0"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"FLOPPY"`}, Error: "Nothing .* fits name = FLOPPY"},
			{Set: acctest.Attributes{"name_regex": `"SSD"`}, Error: "Found 5 of hwcloud_volume_type"},
		},
	}.Test(t)
}

func TestFindVolumeTypes(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_volume_types",
		Found: []acctest.Found{
			{Check: []string{"volume_types.#=7", "volume_types.0.name=ESSD"}},
			{By: acctest.Attributes{"name_regex": `"2$"`}, Check: []string{"volume_types.#=2"}},
			{By: acctest.Attributes{"region": `"cn-east-3"`, "name": `"ESSD2"`}, Check: []string{"volume_types.#=1", "volume_types.0.availability_zones.0=cn-east-3a"}},
		},
	}.Test(t)
}
