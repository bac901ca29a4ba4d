package openstack

import (
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

const volumeAction = "POST /v3/{project_id}/volumes/{id}/action"

func TestBlockStorage(t *testing.T) {
	Group{
		Objects: []Object{
			{
				Type: "hwcloud_volume",
				Given: Attributes{
					"name": `"data"`, "description": `"of the shop"`, "size": `1`,
					"metadata": `{ team = "shop", tier = "db" }`,
				},
				Changes: []Change{
					{To: Attributes{"name": `"data-2"`, "description": ""}, Check: Attributes{"name": "data-2"}},
					{To: Attributes{"size": `2`}, Check: Attributes{"size": "2"}},
					{To: Attributes{"metadata": `{ tier = "web" }`}, Check: Attributes{"metadata": "map[tier:web]"}},
					{To: Attributes{"bootable": `true`, "read_only": `true`}, Check: Attributes{"bootable": "true", "read_only": "true"}},
					{To: Attributes{"bootable": `false`, "read_only": "", "metadata": ""}, Check: Attributes{"bootable": "false", "read_only": "false"}},
				},
				Drift: []Drift{
					{Do: Call{Service: "block-storage", Do: "PUT /v3/{project_id}/volumes/{id}", Body: `{"volume": {"name": "by-hand"}}`}, Seen: "name"},
					{Do: Call{Service: "block-storage", Do: volumeAction, Body: `{"os-update_readonly_flag": {"readonly": true}}`}, Seen: "read_only"},
					{Do: Call{Service: "block-storage", Do: volumeAction, Body: `{"os-set_bootable": {"bootable": true}}`}, Seen: "bootable"},
				},
				Vanish: []Call{{Service: "block-storage", Do: "DELETE /v3/{project_id}/volumes/{id}"}},
				Asks:   "block-storage /v3/{project_id}/volumes/{id}",
				Refused: []acctest.Refusal{
					{Set: Attributes{"size": `0`}, At: "size", Error: `at least 1`},
					{Set: Attributes{"size": ""}, Error: `A size in GiB is needed`},
					{Set: Attributes{"iops": `3000`}, At: "iops", Error: `Only Huawei Cloud`},
					{Set: Attributes{"tags": `{ a = "b" }`}, At: "tags", Error: `Only Huawei Cloud`},
					{Set: Attributes{"metadata": `{ readonly = "True" }`}, At: "metadata", Error: `readonly`},
					{Set: Attributes{"migration_policy": `"always"`}, At: "migration_policy", Error: `on-demand`},
					{Set: Attributes{"image_id": `"cirros"`}, At: "image_id", Error: `UUID`},
					{
						Set: Attributes{"snapshot_id": `"0f1e2d3c-0f1e-2d3c-4b5a-0f1e2d3c4b5a"`, "source_volume_id": `"0f1e2d3c-0f1e-2d3c-4b5a-0f1e2d3c4b5a"`},
						At:  "source_volume_id", Error: `one source`,
					},
				},
				Kept: []Kept{{To: Attributes{"size": `1`}, At: "size", Error: `cannot shrink`}},
			},
			{
				Type: "hwcloud_volume", Name: "copy",
				Given:  Attributes{"source_volume_id": "hwcloud_volume.test.id", "name": `"copy"`},
				Vanish: []Call{{Service: "block-storage", Do: "DELETE /v3/{project_id}/volumes/{id}"}},
				Asks:   "block-storage /v3/{project_id}/volumes/{id}",
			},
		},
		Lookups: []Lookup{
			{Type: "hwcloud_volume", Given: Attributes{"name": `"copy"`}, Check: Attributes{"size": "1", "status": "available"}},
			{Type: "hwcloud_volumes", Given: Attributes{"name_regex": `"^(data|copy)$"`}, Check: Attributes{"volumes.0.name": "copy", "volumes.1.name": "data", "volumes.2.name": "<nil>"}},
		},
	}.Test(t)
}
