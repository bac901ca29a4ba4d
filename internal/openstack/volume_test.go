package openstack

import (
	"fmt"
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

// A volume gets another type, given by its name or its id, and moves to another back end for that only when it may.
func TestRetype(t *testing.T) {
	c := start(t)
	near, _ := c.volumeType(true, `{"volume_backend_name": "nfs-a"}`)
	far, made := c.volumeType(true, `{"volume_backend_name": "nfs-b"}`)
	config := func(kind any, policy string) string {
		return volumes("data", 1, fmt.Sprintf("volume_type = %q\n  migration_policy = %q", kind, policy))
	}
	cmd := acctest.Terraform(t, c.providers+config(near, "never"), c.env...)
	defer c.empty(cmd)
	cmd.Run("apply", "-auto-approve")
	id := cmd.IDs()["hwcloud_volume.data[0]"]
	has := func(kind any) {
		t.Helper()
		cmd.Run("plan", "-detailed-exitcode")
		if data := cmd.State()["hwcloud_volume.data[0]"]; data["volume_type"] != kind || data["id"] != id {
			t.Errorf("the volume %v is of the type %v, and not %v of %v", data["id"], data["volume_type"], id, kind)
		}
	}
	has(near)

	cmd.Write(c.providers + config(far, "never"))
	c.says(cmd.Fail("apply", "-auto-approve"), `Cannot change hwcloud_volume "data-0"`, "did not carry it out", "volume_type is "+near)
	cmd.Write(c.providers + config(near, "never"))
	has(near)

	cmd.Write(c.providers + config(far, "on-demand"))
	c.expect(cmd, "another type", map[string]string{"hwcloud_volume.data[0]": "update"})
	cmd.Run("apply", "-auto-approve")
	has(far)

	cmd.Write(c.providers + config(made["id"], "on-demand"))
	cmd.Run("plan", "-detailed-exitcode") // the same type by its other name
	cmd.Write(c.providers + config(near, "on-demand"))
	cmd.Run("apply", "-auto-approve")
	cmd.Write(c.providers + config(made["id"], "on-demand"))
	cmd.Run("apply", "-auto-approve")
	has(made["id"])
	c.converges(cmd, config(made["id"], "on-demand"))
}
