package openstack

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

// tooLong is a text of more than 255 characters.
const tooLong = `join("", [for i in range(256) : "x"])`

// block is a call to block storage.
func block(do, body string) Call {
	return Call{Service: "block-storage", Do: do, Body: body}
}

// ruled is a call to block storage that takes an administrator.
func ruled(do, body string) Call {
	return Call{As: "admin", Service: "block-storage", Do: do, Body: body}
}

func TestSnapshotsAndBackups(t *testing.T) {
	const oneSnapshot, oneBackup = "/v3/{project_id}/snapshots/{id}", "/v3/{project_id}/backups/{id}"
	gone := func(path string) ([]Call, string) {
		return []Call{block("DELETE "+path, "")}, "block-storage " + path
	}
	group := Group{
		Needs: volumes("base", 1, ""),
		Objects: []Object{
			{
				Type:  "hwcloud_volume_snapshot",
				Given: Attributes{"volume_id": "hwcloud_volume.base[0].id", "name": `"before"`, "description": `"the update"`, "metadata": `{ team = "shop", "a b/c" = "" }`},
				Changes: []Change{
					{To: Attributes{"name": `"then"`, "description": ""}, Check: Attributes{"name": "then"}},
					{To: Attributes{"metadata": `{ team = "bank" }`, "force": `true`}, Check: Attributes{"metadata": "map[team:bank]"}},
					{To: Attributes{"metadata": ""}},
				},
				Drift: []Drift{
					{Do: block("PUT "+oneSnapshot, `{"snapshot": {"name": "by-hand"}}`), Seen: "name"},
					{Do: block("PUT "+oneSnapshot, `{"snapshot": {"description": "by hand"}}`), Seen: "description"},
				},
				Refused: []acctest.Refusal{
					{Set: Attributes{"volume_id": `"base"`}, At: "volume_id", Error: `UUID`},
					{Set: Attributes{"name": tooLong}, At: "name", Error: `at most 255`},
					{Set: Attributes{"description": tooLong}, At: "description", Error: `at most 255`},
					{Set: Attributes{"metadata": `{}`}, At: "metadata", Error: `at least 1`},
					{Set: Attributes{"metadata": `{ "a!" = "b" }`}, At: "metadata", Error: `1 to 255 Latin letters`},
					{Set: Attributes{"metadata": `{ a = ` + tooLong + ` }`}, At: "metadata", Error: `at most 255`},
				},
			},
			{
				Type: "hwcloud_volume_backup", Name: "full",
				Given: Attributes{"volume_id": "hwcloud_volume.base[0].id", "name": `"full"`, "description": `"of all"`, "container": `"kept"`, "metadata": `{ team = "shop" }`},
				Changes: []Change{
					{To: Attributes{"name": `"whole"`, "description": ""}, Check: Attributes{"name": "whole"}},
					{To: Attributes{"metadata": `{ tier = "db" }`, "force": `true`}, Check: Attributes{"metadata": "map[tier:db]"}},
					{To: Attributes{"metadata": ""}},
				},
				Drift: []Drift{
					{Do: Call{Service: "block-storage", Do: "PUT " + oneBackup, Body: `{"backup": {"name": "by-hand"}}`, Version: "volume 3.43"}, Seen: "name"},
				},
				Refused: []acctest.Refusal{
					{Set: Attributes{"volume_id": `"base"`}, At: "volume_id", Error: `UUID`},
					{Set: Attributes{"snapshot_id": `"before"`}, At: "snapshot_id", Error: `UUID`},
					{Set: Attributes{"name": tooLong}, At: "name", Error: `at most 255`},
					{Set: Attributes{"description": tooLong}, At: "description", Error: `at most 255`},
					{Set: Attributes{"container": `""`}, At: "container", Error: `between 1 and 255`},
					{Set: Attributes{"metadata": `{ "a!" = "b" }`}, At: "metadata", Error: `1 to 255 Latin letters`},
				},
			},
			{
				Type: "hwcloud_volume_backup", Name: "of_snapshot",
				Given: Attributes{
					"volume_id": "hwcloud_volume.base[0].id", "snapshot_id": "hwcloud_volume_snapshot.test.id", "depends_on": "[hwcloud_volume_backup.full]",
				},
			},
			{
				Type: "hwcloud_volume_backup", Name: "more",
				Given: Attributes{
					"volume_id": "hwcloud_volume.base[0].id", "incremental": `true`, "name": `"more"`, "depends_on": "[hwcloud_volume_backup.of_snapshot, hwcloud_volume_backup.full]",
				},
			},
			{
				Type: "hwcloud_volume", Name: "restored",
				Given: Attributes{"backup_id": "hwcloud_volume_backup.more.id", "name": `"restored"`},
			},
			{
				Type: "hwcloud_volume", Name: "of_snapshot",
				Given: Attributes{"snapshot_id": "hwcloud_volume_snapshot.test.id", "size": `2`, "depends_on": "[hwcloud_volume_backup.of_snapshot]"}, // which keeps the snapshot busy
			},
		},
		Lookups: []Lookup{
			{Type: "hwcloud_volume_snapshot", Given: Attributes{"name": `"before"`}, Check: Attributes{"size": "1", "status": "available"}},
			{Type: "hwcloud_volume_snapshots", Given: Attributes{"status": `"available"`}, Check: Attributes{"volume_snapshots.0.name": "before", "volume_snapshots.1.name": "<nil>"}},
			{Type: "hwcloud_volume_backup", Given: Attributes{"name": `"more"`}, Check: Attributes{"incremental": "true", "size": "1"}},
			{Type: "hwcloud_volume_backups", Given: Attributes{"incremental": `true`}, Check: Attributes{"volume_backups.0.name": "more", "volume_backups.1.name": "<nil>"}},
		},
	}
	for i, o := range group.Objects {
		switch o.Type {
		case "hwcloud_volume_snapshot":
			group.Objects[i].Vanish, group.Objects[i].Asks = gone(oneSnapshot)
		case "hwcloud_volume":
			group.Objects[i].Vanish, group.Objects[i].Asks = gone("/v3/{project_id}/volumes/{id}")
			group.Objects[i].Ignored = []string{"backup_id"}
		default:
			group.Objects[i].Vanish, group.Objects[i].Asks = gone(oneBackup)
		}
	}
	group.Test(t)
}

func TestVolumeRestore(t *testing.T) {
	c := start(t)
	cmd := acctest.Terraform(t, c.providers+volumes("orders", 1, "")+"resource \"hwcloud_volume_backup\" \"orders\" { volume_id = hwcloud_volume.orders[0].id }\n", c.env...)
	defer c.empty(cmd)
	cmd.Run("apply", "-auto-approve")
	state := cmd.State()
	volume := state["hwcloud_volume.orders[0]"]
	with := map[string]any{"backup_id": state["hwcloud_volume_backup.orders"]["id"], "volume_id": volume["id"]}
	i := acctest.NewInvoker(t, "hwcloud_volume_restore", c.member.entry.config())
	for _, said := range i.Invoke(with) {
		t.Error(said)
	}
	after := c.call(block("GET /v3/{project_id}/volumes/{id}", ""), volume)["volume"].(map[string]any)
	if after["status"] != "available" || after["updated_at"] == volume["updated_at"] {
		t.Errorf("the volume is %v since %v, and was changed at %v before", after["status"], after["updated_at"], volume["updated_at"])
	}
	for name, wrong := range map[string]string{"backup_id": "404", "volume_id": "404"} {
		bad := maps.Clone(with)
		bad[name] = "0f1e2d3c-0f1e-4d3c-8b5a-0f1e2d3c4b5a"
		if said := i.Invoke(bad); len(said) != 1 || !strings.Contains(said[0], wrong) {
			t.Errorf("with another %s: %v", name, said)
		}
		i.Refuses(acctest.RefusedAction{At: name, Value: "orders", Error: "UUID"}, with)
	}
	cmd.Run("plan", "-detailed-exitcode")
	cmd.Run("destroy", "-auto-approve")
}

// names are what types and limits are called, of which there is one in a whole cloud.
func names(c *Cloud) map[string]string {
	return map[string]string{"own": "suite-" + c.member.project[:12], "project": c.member.project}
}

func TestVolumeTypes(t *testing.T) {
	const oneType, oneQoS = "/v3/{project_id}/types/{id}", "/v3/{project_id}/qos-specs/{id}"
	const admin = "hwcloud.admin"
	Group{
		Before: names,
		Objects: []Object{
			{
				Type: "hwcloud_volume_type",
				Given: Attributes{
					"provider": admin, "name": `local.own`, "description": `"fast"`, "extra_specs": `{ volume_backend_name = "nfs-b", "a:b c" = "" }`,
					"encryption": `{ provider = "luks", control_location = "front-end", cipher = "aes-xts-plain64", key_size = 256 }`,
				},
				Changes: []Change{
					{To: Attributes{"name": `"${local.own}-2"`, "description": ""}},
					{To: Attributes{"extra_specs": `{ volume_backend_name = "nfs-a", multiattach = "<is> True" }`, "encryption": `{ provider = "luks2", control_location = "front-end" }`}, Check: Attributes{
						"extra_specs": "map[multiattach:<is> True volume_backend_name:nfs-a]", "encryption": "map[cipher:<nil> control_location:front-end key_size:<nil> provider:luks2]",
					}},
					{To: Attributes{"public": `false`, "extra_specs": "", "encryption": ""}, Check: Attributes{"public": "false"}},
					{To: Attributes{"public": `true`, "encryption": `{ provider = "plain", control_location = "back-end" }`}, Check: Attributes{"public": "true"}},
				},
				Drift: []Drift{
					{Do: ruled("PUT "+oneType, `{"volume_type": {"description": "by hand"}}`), Seen: "description"},
					{Do: ruled("POST "+oneType+"/extra_specs", `{"extra_specs": {"by": "hand"}}`), Seen: "extra_specs"},
					{Do: ruled("PUT "+oneType+"/encryption/x", `{"encryption": {"key_size": 128}}`), Seen: "encryption"},
				},
				Vanish: []Call{ruled("DELETE "+oneType, "")}, Asks: "block-storage " + oneType,
				Refused: []acctest.Refusal{
					{Set: Attributes{"name": `""`}, At: "name", Error: `between 1 and 255`},
					{Set: Attributes{"name": `"  "`}, At: "name", Error: `more than spaces`},
					{Set: Attributes{"name": tooLong}, At: "name", Error: `between 1 and 255`},
					{Set: Attributes{"description": tooLong}, At: "description", Error: `at most 255`},
					{Set: Attributes{"extra_specs": `{ "a!" = "b" }`}, At: "extra_specs", Error: `1 to 255 Latin letters`},
					{Set: Attributes{"extra_specs": `{ a = ` + tooLong + ` }`}, At: "extra_specs", Error: `at most 255`},
					{Set: Attributes{"encryption": `{ provider = "luks", control_location = "nowhere" }`}, Error: `encryption.control_location value must be one of`},
					{Set: Attributes{"encryption": `{ provider = "", control_location = "back-end" }`}, Error: `encryption.provider string length must be between 1 and 255`},
					{Set: Attributes{"encryption": `{ provider = "luks", control_location = "back-end", key_size = 0 }`}, Error: `encryption.key_size value must be between 1 and`},
				},
			},
			{
				Type: "hwcloud_volume_type", Name: "closed",
				Given:  Attributes{"provider": admin, "name": `"${local.own}-closed"`, "public": `false`},
				Vanish: []Call{ruled("DELETE "+oneType, "")}, Asks: "block-storage " + oneType,
			},
			{
				Type:    "hwcloud_volume_type_access",
				Given:   Attributes{"provider": admin, "volume_type_id": "hwcloud_volume_type.closed.id", "member_id": "local.project"},
				Changes: []Change{{To: Attributes{"member_id": `"0f1e2d3c0f1e2d3c4b5a0f1e2d3c4b5a"`}, Replaces: true}, {To: Attributes{"member_id": "local.project"}, Replaces: true}},
				Vanish:  []Call{ruled("POST /v3/{project_id}/types/{volume_type_id}/action", `{"removeProjectAccess": {"project": "{member_id}"}}`)},
				Refused: []acctest.Refusal{
					{Set: Attributes{"volume_type_id": `"fast"`}, At: "volume_type_id", Error: `UUID`},
					{Set: Attributes{"member_id": `"shop"`}, At: "member_id", Error: `32 hexadecimal digits`},
				},
			},
			{
				Type:  "hwcloud_volume_qos",
				Given: Attributes{"provider": admin, "name": `local.own`, "specs": `{ total_iops_sec = "500", "a:b" = "1" }`},
				Changes: []Change{
					{To: Attributes{"consumer": `"front-end"`, "specs": `{ total_iops_sec = "700", read_iops_sec = "600" }`}, Check: Attributes{"consumer": "front-end", "specs": "map[read_iops_sec:600 total_iops_sec:700]"}},
					{To: Attributes{"consumer": `"both"`, "specs": ""}, Check: Attributes{"consumer": "both"}},
					{To: Attributes{"specs": `{ total_iops_sec = "1" }`}},
				},
				Drift: []Drift{
					{Do: ruled("PUT "+oneQoS, `{"qos_specs": {"consumer": "back-end"}}`), Seen: "consumer"},
					{Do: ruled("PUT "+oneQoS, `{"qos_specs": {"by": "hand", "total_iops_sec": "2"}}`), Seen: "specs"},
				},
				Vanish: []Call{ruled("DELETE "+oneQoS+"?force=true", "")}, Asks: "block-storage " + oneQoS,
				Refused: []acctest.Refusal{
					{Set: Attributes{"name": `""`}, At: "name", Error: `between 1 and 255`},
					{Set: Attributes{"name": tooLong}, At: "name", Error: `between 1 and 255`},
					{Set: Attributes{"consumer": `"nobody"`}, At: "consumer", Error: `front-end`},
					{Set: Attributes{"specs": `{}`}, At: "specs", Error: `at least 1`},
					{Set: Attributes{"specs": `{ consumer = "both" }`}, At: "specs", Error: `consumer`},
					{Set: Attributes{"specs": `{ "a!" = "b" }`}, At: "specs", Error: `1 to 255 Latin letters`},
				},
			},
			{
				Type:    "hwcloud_volume_qos_association",
				Given:   Attributes{"provider": admin, "volume_qos_id": "hwcloud_volume_qos.test.id", "volume_type_id": "hwcloud_volume_type.closed.id"},
				Changes: []Change{{To: Attributes{"volume_type_id": "hwcloud_volume_type.test.id"}, Replaces: true}, {To: Attributes{"volume_type_id": "hwcloud_volume_type.closed.id"}, Replaces: true}},
				Vanish:  []Call{ruled("GET /v3/{project_id}/qos-specs/{volume_qos_id}/disassociate?vol_type_id={volume_type_id}", "")},
				Refused: []acctest.Refusal{
					{Set: Attributes{"volume_qos_id": `"slow"`}, At: "volume_qos_id", Error: `UUID`},
					{Set: Attributes{"volume_type_id": `"fast"`}, At: "volume_type_id", Error: `UUID`},
				},
			},
		},
		Lookups: []Lookup{
			{Type: "hwcloud_volume_type", Given: Attributes{"name": `local.own`}, Check: Attributes{"public": "true", "description": "fast", "encryption": "<nil>"}},
			{Type: "hwcloud_volume_type", Given: Attributes{"provider": admin, "name": `"${local.own}-closed"`}, Check: Attributes{"public": "false"}},
			{Type: "hwcloud_volume_type_access", Given: Attributes{"provider": admin, "volume_type_id": "hwcloud_volume_type.closed.id", "member_id": "local.project"}},
			{Type: "hwcloud_volume_type_accesses", Given: Attributes{"provider": admin, "volume_type_id": "hwcloud_volume_type.closed.id"}, Check: Attributes{"volume_type_accesses.1.id": "<nil>"}},
			{Type: "hwcloud_volume_qos", Given: Attributes{"provider": admin, "name": `local.own`}, Check: Attributes{"consumer": "back-end"}},
			{Type: "hwcloud_volume_qoses", Given: Attributes{"provider": admin, "name": `local.own`}, Check: Attributes{"volume_qoses.0.consumer": "back-end", "volume_qoses.1.name": "<nil>"}},
			{Type: "hwcloud_volume_qos_association", Given: Attributes{"provider": admin, "volume_qos_id": "hwcloud_volume_qos.test.id", "volume_type_id": "hwcloud_volume_type.closed.id"}},
			{Type: "hwcloud_volume_qos_associations", Given: Attributes{"provider": admin, "volume_qos_id": "hwcloud_volume_qos.test.id"}, Check: Attributes{"volume_qos_associations.1.id": "<nil>"}},
		},
	}.Test(t)
}

func TestVolumeQuotas(t *testing.T) {
	const set = "/v3/{project_id}/os-quota-sets/{member_id}"
	Group{
		Before: names,
		Objects: []Object{{
			Type: "hwcloud_volume_quota_set",
			Given: Attributes{
				"provider": "hwcloud.admin", "member_id": "local.project", "volumes": `7`, "gigabytes": `50`, "snapshots": `0`, "by_type": `{ volumes___DEFAULT__ = 3, gigabytes___DEFAULT__ = 20 }`,
			},
			Changes: []Change{
				{To: Attributes{"volumes": `8`, "per_volume_gigabytes": `10`, "backups": `4`, "backup_gigabytes": `40`}, Check: Attributes{"volumes": "8", "backups": "4"}},
				{To: Attributes{"by_type": `{ volumes___DEFAULT__ = 4 }`, "gigabytes": `-1`}, Check: Attributes{"gigabytes": "-1", "by_type": "map[volumes___DEFAULT__:4]"}},
				{To: Attributes{"by_type": "", "volumes": ""}, Check: Attributes{"volumes": "8"}},
			},
			Drift: []Drift{
				{Do: ruled("PUT "+set, `{"quota_set": {"backups": 99}}`), Seen: "backups"},
			},
			Refused: []acctest.Refusal{
				{Set: Attributes{"member_id": `"shop"`}, At: "member_id", Error: `32 hexadecimal digits`},
				{Set: Attributes{"volumes": `-2`}, At: "volumes", Error: `between -1`},
				{Set: Attributes{"gigabytes": `3000000000`}, At: "gigabytes", Error: `between -1`},
				{Set: Attributes{"per_volume_gigabytes": `-2`}, At: "per_volume_gigabytes", Error: `between -1`},
				{Set: Attributes{"snapshots": `-2`}, At: "snapshots", Error: `between -1`},
				{Set: Attributes{"backups": `-2`}, At: "backups", Error: `between -1`},
				{Set: Attributes{"backup_gigabytes": `-2`}, At: "backup_gigabytes", Error: `between -1`},
				{Set: Attributes{"groups": `-2`}, At: "groups", Error: `between -1`},
				{Set: Attributes{"by_type": `{ backups_fast = 1 }`}, At: "by_type", Error: `snapshots_ and the name`},
				{Set: Attributes{"by_type": `{ volumes_fast = -2 }`}, At: "by_type", Error: `between -1`},
			},
		}},
		Lookups: []Lookup{
			{Type: "hwcloud_volume_quota_set", Given: Attributes{"member_id": "local.project"}, Check: Attributes{"volumes": "7", "snapshots": "0"}},
		},
	}.Test(t)
}

// offered is a transfer of a volume that nobody here knows, which goes when the test ends.
func (c *Cloud) offered() (transfer, key string) {
	c.t.Helper()
	const volume = "/v3/{project_id}/volumes/{id}"
	made := c.call(block("POST /v3/{project_id}/volumes", `{"volume": {"size": 1, "name": "taken"}}`), nil)["volume"].(map[string]any)
	c.await("the volume is made", func() bool {
		return c.call(block("GET "+volume, ""), made)["volume"].(map[string]any)["status"] == "available"
	})
	offer := c.call(block("POST /v3/{project_id}/os-volume-transfer", fmt.Sprintf(`{"transfer": {"volume_id": %q}}`, made["id"])), nil)["transfer"].(map[string]any)
	c.t.Cleanup(func() {
		c.ask(block("DELETE /v3/{project_id}/os-volume-transfer/{id}", ""), offer) // 404 once it was taken
		c.ask(block("DELETE "+volume, ""), made)
		c.await("the volume is gone", func() bool { status, _ := c.ask(block("GET "+volume, ""), made); return status == 404 })
	})
	return offer["id"].(string), offer["auth_key"].(string)
}

func TestVolumeTransfers(t *testing.T) {
	const one = "/v3/{project_id}/volume-transfers/{id}"
	Group{
		Needs: volumes("offered", 2, ""),
		Before: func(c *Cloud) map[string]string {
			transfer, key := c.offered()
			return map[string]string{"transfer": transfer, "key": key}
		},
		Objects: []Object{
			{
				Type:    "hwcloud_volume_transfer",
				Given:   Attributes{"volume_id": "hwcloud_volume.offered[0].id", "name": `"to the bank"`},
				Changes: []Change{{To: Attributes{"name": "", "no_snapshots": `true`}, Replaces: true}, {To: Attributes{"volume_id": "hwcloud_volume.offered[1].id"}, Replaces: true}},
				Vanish:  []Call{{Service: "block-storage", Do: "DELETE " + one, Version: "volume 3.55"}},
				Ignored: []string{"auth_key"},
				Refused: []acctest.Refusal{
					{Set: Attributes{"volume_id": `"offered"`}, At: "volume_id", Error: `UUID`},
					{Set: Attributes{"name": tooLong}, At: "name", Error: `at most 255`},
				},
			},
			{
				Type:    "hwcloud_volume_transfer_acceptance",
				Given:   Attributes{"transfer_id": "local.transfer", "auth_key": "local.key"},
				Asks:    "block-storage /v3/{project_id}/volumes/{volume_id}",
				Remains: true, Secret: true, Ignored: []string{"transfer_id", "auth_key"},
				Refused: []acctest.Refusal{
					{Set: Attributes{"transfer_id": `"offer"`}, At: "transfer_id", Error: `UUID`},
					{Set: Attributes{"auth_key": `""`}, At: "auth_key", Error: `between 1 and 255`},
				},
			},
		},
		Lookups: []Lookup{
			{Type: "hwcloud_volume_transfer", Given: Attributes{"name": `"to the bank"`}, Check: Attributes{"no_snapshots": "false", "auth_key": "<nil>"}},
			{Type: "hwcloud_volume_transfers", Given: Attributes{"volume_id": "hwcloud_volume.offered[0].id"}, Check: Attributes{"volume_transfers.0.name": "to the bank", "volume_transfers.1.id": "<nil>"}},
			{Type: "hwcloud_volume_transfer_acceptance", Given: Attributes{"volume_id": "hwcloud_volume_transfer_acceptance.test.volume_id"}, Check: Attributes{"volume_name": "taken", "size": "1"}},
		},
	}.Test(t)
}
