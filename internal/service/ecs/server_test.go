package ecs_test

import (
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// network is where the tests' servers are.
const network = `
resource "hwcloud_vpc" "test" {
  name = "web"
  cidr = "10.1.0.0/16"
}

resource "hwcloud_subnet" "front" {
  name       = "front"
  vpc_id     = hwcloud_vpc.test.id
  cidr       = "10.1.1.0/24"
  gateway_ip = "10.1.1.1"
}

resource "hwcloud_subnet" "back" {
  name       = "back"
  vpc_id     = hwcloud_vpc.test.id
  cidr       = "10.1.2.0/24"
  gateway_ip = "10.1.2.1"
}
`

// Images of the sandbox.
const (
	ubuntu = `"5a0d80c0-1111-4111-8111-000000002204"`
	debian = `"5a0d80c0-1111-4111-8111-000000001200"`
)

// prepare makes what no resource makes yet: a key pair, a server group and two security groups.
func prepare(c *acctest.Cloud) map[string]string {
	for _, name := range []string{"deploy", "rescue"} {
		c.Ask(cloud.ECS, "POST", "/v2.1/{project_id}/os-keypairs", map[string]any{"keypair": map[string]any{
			"name": name, "public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4pYhmsLzQ4mFUzGGbNCvrc7b9ZyCm0EHqkHFVgSpUR deploy",
		}})
	}
	group := func(name string) string {
		answer := c.Ask(cloud.VPC, "POST", "/v3/{project_id}/vpc/security-groups", map[string]any{"security_group": map[string]any{"name": name}})
		return answer["security_group"].(map[string]any)["id"].(string)
	}
	apart := c.Ask(cloud.ECS, "POST", "/v1/{project_id}/cloudservers/os-server-groups", map[string]any{
		"server_group": map[string]any{"name": "apart", "policies": []string{"anti-affinity"}},
	})
	return map[string]string{
		"web": group("web"), "db": group("db"),
		"apart": apart["server_group"].(map[string]any)["id"].(string),
	}
}

func TestServer(t *testing.T) {
	t.Parallel()
	const (
		self = `/ecs/v1/\S+/cloudservers/`
		grow = `^POST /evs/v2.1/\S+/cloudvolumes/\S+/action `
	)
	acctest.Whole{
		Type:   "hwcloud_server",
		Before: prepare,
		Needs:  network,
		Given: acctest.Attributes{
			"name":              `"web-1"`,
			"description":       `"of the shop"`,
			"flavor_id":         `"s6.large.2"`,
			"image_id":          ubuntu,
			"availability_zone": `"cn-north-4a"`,
			"vpc_id":            `hwcloud_vpc.test.id`,
			"networks": `[
				{ subnet_id = hwcloud_subnet.front.id, fixed_ip = "10.1.1.10", security_group_ids = [local.web] },
				{ subnet_id = hwcloud_subnet.back.id, security_group_ids = [local.db] },
			]`,
			"system_disk":     `{ volume_type = "SSD", size = 40 }`,
			"data_disks":      `[{ volume_type = "SAS", size = 20 }, { volume_type = "GPSSD2", size = 10, iops = 3000, throughput = 125, kms_key_id = "0b1c5b3e-5f0c-4d5e-9a57-6a3c3f0f7a11" }]`,
			"key_pair":        `"deploy"`,
			"user_data":       `"#!/bin/sh\necho hello > /etc/motd\n"`,
			"metadata":        `{ role = "front", owner = "shop" }`,
			"power_state":     `"running"`,
			"server_group_id": `local.apart`,
			"agency_name":     `"backup"`,
			"tags":            `{ env = "prod", empty = "" }`,
			"region":          `"cn-north-4"`,

			"enterprise_project_id": `"8a9d7b6c-0000-4000-8000-000000000001"`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"name": `"web-2"`},
				Calls: []string{`^PUT ` + self + `\S+ {"server":{"name":"web-2"}}$`}, // and no user data
				Check: []string{"name=web-2"},
			},
			{
				To: acctest.Attributes{
					"description": ``, "metadata": `{ role = "back" }`, "agency_name": `"audit"`, "tags": `{ env = "test", more = "1.0" }`,
				},
				Calls: []string{
					`^PUT ` + self + `\S+ {"server":{"description":""}}$`,
					`^DELETE ` + self + `\S+/metadata/owner$`,
					`^POST ` + self + `\S+/metadata {"metadata":{"agency_name":"audit","role":"back"}}$`,
					self + `\S+/tags/action {"action":"delete","tags":\[{"key":"empty","value":""}\]}$`,
					self + `\S+/tags/action {"action":"create","tags":\[{"key":"env","value":"test"},{"key":"more","value":"1.0"}\]}$`,
				},
				Check: []string{"metadata.%=1", "metadata.role=back", "agency_name=audit", "tags.%=2"},
			},
			{
				To: acctest.Attributes{"networks": `[
					{ subnet_id = hwcloud_subnet.front.id, fixed_ip = "10.1.1.10", security_group_ids = [local.web, local.db] },
					{ subnet_id = hwcloud_subnet.back.id, security_group_ids = [local.db] },
					{ subnet_id = hwcloud_subnet.front.id, fixed_ip = "10.1.1.11", security_group_ids = [local.web] },
				]`},
				Calls: []string{
					`^PUT /vpc/v1/\S+/ports/\S+ {"port":{"security_groups":\["[^"]+","[^"]+"\]}}$`,
					`^POST ` + self + `\S+/nics {"nics":\[{"ip_address":"10.1.1.11","security_groups":\[{"id":"\S+"}\],"subnet_id":"\S+"}\]}$`,
				},
				Check: []string{"networks.#=3", "networks.0.security_group_ids.#=2", "networks.2.fixed_ip=10.1.1.11", "networks.2.security_group_ids.#=1"},
			},
			{
				To: acctest.Attributes{"networks": `[
					{ subnet_id = hwcloud_subnet.front.id, fixed_ip = "10.1.1.10", security_group_ids = [local.web, local.db] },
					{ subnet_id = hwcloud_subnet.front.id, fixed_ip = "10.1.1.11", security_group_ids = [local.web] },
				]`, "metadata": ``, "tags": ``},
				Calls: []string{
					`^DELETE ` + self + `\S+/metadata/role$`,
					`^POST ` + self + `\S+/nics/delete {"nics":\[{"id":"\S+"}\]}$`,
					self + `\S+/tags/action {"action":"delete",`,
				},
				Check: []string{"networks.#=2", "networks.1.fixed_ip=10.1.1.11"},
			},
			{
				To: acctest.Attributes{
					"system_disk": `{ volume_type = "SSD", size = 50 }`,
					"data_disks":  `[{ volume_type = "SAS", size = 20 }, { volume_type = "GPSSD2", size = 15, iops = 3000, throughput = 125, kms_key_id = "0b1c5b3e-5f0c-4d5e-9a57-6a3c3f0f7a11" }]`,
				},
				Calls: []string{grow + `{"os-extend":{"new_size":50}}$`, grow + `{"os-extend":{"new_size":15}}$`},
				Check: []string{"system_disk.size=50", "data_disks.0.size=20", "data_disks.1.size=15"},
			},
			{
				To:    acctest.Attributes{"flavor_id": `"c7.large.2"`, "allow_stop": `true`},
				Calls: []string{`^POST /ecs/v1.1/\S+/resize {"resize":{"flavorRef":"c7.large.2","mode":"withStopServer"}}$`},
				Check: []string{"flavor_id=c7.large.2", "power_state=running", "status=ACTIVE"},
			},
			{
				To:    acctest.Attributes{"power_state": `"stopped"`, "allow_stop": ``},
				Calls: []string{`^POST ` + self + `action {"os-stop":{"servers":\[{"id":"\S+"}\],"type":"SOFT"}}$`},
				Check: []string{"power_state=stopped", "status=SHUTOFF"},
			},
			{ // it stands still already, so nobody has to allow a stop
				To: acctest.Attributes{"flavor_id": `"c7.xlarge.2"`, "power_state": `"running"`},
				Calls: []string{
					`^POST /ecs/v1.1/\S+/resize {"resize":{"flavorRef":"c7.xlarge.2"}}$`,
					`^POST ` + self + `action {"os-start":{"servers":\[{"id":"\S+"}\]}}$`,
				},
				Check: []string{"flavor_id=c7.xlarge.2", "status=ACTIVE"},
			},
			{To: acctest.Attributes{"user_data": `"#!/bin/sh\n"`, "key_pair": `"rescue"`, "server_group_id": ``}, Replaces: true},
			{To: acctest.Attributes{"delete_eip_on_destroy": `true`, "delete_volumes_on_destroy": `true`}, Calls: []string{}},
			{To: acctest.Attributes{"image_id": debian, "enterprise_project_id": ``}, Replaces: true},
			{To: acctest.Attributes{"data_disks": `[{ volume_type = "SAS", size = 20 }]`}, Replaces: true, Check: []string{"data_disks.#=1"}},
			{To: acctest.Attributes{"networks": `[{ subnet_id = hwcloud_subnet.back.id }]`}, Replaces: true, Check: []string{"networks.0.security_group_ids.#=1"}},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"name": "other"}, Seen: "name"},
			{Patch: map[string]any{"description": "other"}, Seen: "description"},
			{Patch: map[string]any{"status": "SHUTOFF"}, Seen: "power_state"},
			{Patch: map[string]any{"flavor": map[string]any{"id": "s6.xlarge.2"}}, Seen: "flavor_id"},
			{Patch: map[string]any{"metadata": map[string]any{"role": "thief", "owner": "shop", "agency_name": "spy", "lockCheckEndpoint": "the cloud's own"}}, Seen: "metadata"},
			{Seen: "agency_name"},
			{Patch: map[string]any{"tags": map[string]any{"env": "prod", "formula": "a=b=c"}}, Seen: "tags"},
			{
				Do: func(c *acctest.Cloud, id string) {
					for port, p := range c.Objects("port") {
						if p["device_id"] == id {
							c.Patch("port", port, map[string]any{"security_groups": []string{}})
						}
					}
				},
				Seen: "networks",
			},
			{Do: func(c *acctest.Cloud, _ string) {
				c.Patch("volume", c.ID("volume", "web-1-volume-0000"), map[string]any{"size": 39})
			}, Seen: "system_disk"},
			{Do: func(c *acctest.Cloud, _ string) {
				c.Patch("volume", c.ID("volume", "web-1-volume-0001"), map[string]any{"size": 19})
			}, Seen: "data_disks"},
		},
		Refused: refusals,
		Kept: []acctest.Refusal{
			{Set: acctest.Attributes{"flavor_id": `"c7.large.2"`}, At: "flavor_id", Error: "server runs and would be stopped to change its flavor from s6.large.2 to c7.large.2. Set allow_stop = true"},
			{Set: acctest.Attributes{"system_disk": `{ volume_type = "SSD", size = 39 }`}, At: "system_disk", Error: "system_disk.size.*cannot shrink: it has 40 GB, and 39 GB"},
			{
				Set: acctest.Attributes{"data_disks": `[{ volume_type = "SAS", size = 19 }, { volume_type = "GPSSD2", size = 10, iops = 3000, throughput = 125, kms_key_id = "0b1c5b3e-5f0c-4d5e-9a57-6a3c3f0f7a11" }]`},
				At:  "data_disks", Error: "data_disks.0.size.*cannot shrink: it has 20 GB, and 19 GB",
			},
		},
	}.Test(t)
}

const uuid = `"5a0d80c0-2222-4222-8222-000000000001"`

var refusals = []acctest.Refusal{
	{Set: acctest.Attributes{"name": `"a b"`}, At: "name", Error: "letters, digits"},
	{Set: acctest.Attributes{"name": `""`}, At: "name", Error: "between 1 and 64"},
	{Set: acctest.Attributes{"description": `"<b>"`}, At: "description", Error: "not allowed"},
	{Set: acctest.Attributes{"description": `join("", [for i in range(86) : "a"])`}, At: "description", Error: "at most 85"},
	{Set: acctest.Attributes{"flavor_id": `""`}, At: "flavor_id", Error: "at least 1"},
	{Set: acctest.Attributes{"image_id": `"ubuntu"`}, At: "image_id", Error: "UUID"},
	{Set: acctest.Attributes{"availability_zone": `""`}, At: "availability_zone", Error: "at least 1"},
	{Set: acctest.Attributes{"key_pair": `""`}, At: "key_pair", Error: "at least 1"},
	{Set: acctest.Attributes{"vpc_id": `"web"`}, At: "vpc_id", Error: "UUID"},
	{Set: acctest.Attributes{"networks": `[]`}, At: "networks", Error: "at least 1 elements and at most 12"},
	{Set: acctest.Attributes{"networks": `[for i in range(13) : { subnet_id = ` + uuid + ` }]`}, At: "networks", Error: "at least 1 elements and at most 12"},
	{Set: acctest.Attributes{"networks": `[{ subnet_id = "front" }]`}, Error: `networks\[0\].*UUID`},
	{Set: acctest.Attributes{"networks": `[{ subnet_id = ` + uuid + `, fixed_ip = "ten" }]`}, Error: `Invalid networks\[0\].fixed_ip.*no IPv4 address`},
	{Set: acctest.Attributes{"networks": `[{ subnet_id = ` + uuid + `, security_group_ids = ["web"] }]`}, Error: `networks\[0\].*UUID`},
	{Set: acctest.Attributes{"networks": `[{ subnet_id = ` + uuid + `, security_group_ids = [] }]`}, Error: `networks\[0\].security_group_ids set must contain at least 1`},
	{
		Set: acctest.Attributes{"networks": `[for i in range(2) : { subnet_id = ` + uuid + `, fixed_ip = "10.1.1.10" }]`},
		At:  "networks", Error: "networks.1.fixed_ip.*10.1.1.10 is given to two interfaces",
	},
	{Set: acctest.Attributes{"system_disk": `{ volume_type = "FLOPPY" }`}, Error: "system_disk.volume_type value must be one of"},
	{Set: acctest.Attributes{"system_disk": `{ volume_type = "SSD", size = 1025 }`}, Error: "system_disk.size value must be between 1 and 1024"},
	{Set: acctest.Attributes{"system_disk": `{ volume_type = "SSD", size = 40.5 }`}, At: "system_disk", Error: "40.5 is no whole number"},
	{Set: acctest.Attributes{"system_disk": `{ volume_type = "SSD", iops = 3000 }`}, At: "system_disk", Error: "SSD takes no iops"},
	{Set: acctest.Attributes{"system_disk": `{ volume_type = "GPSSD2", iops = 3000 }`}, At: "system_disk", Error: "needs a throughput"},
	{Set: acctest.Attributes{"system_disk": `{ volume_type = "SSD", kms_key_id = "key" }`}, Error: "system_disk.kms_key_id.*UUID"},
	{Set: acctest.Attributes{"data_disks": `[]`}, At: "data_disks", Error: "at least 1 elements and at most 23"},
	{Set: acctest.Attributes{"data_disks": `[{ volume_type = "SSD", size = 9 }]`}, Error: `data_disks\[0\].size value must be between 10 and 32768`},
	{Set: acctest.Attributes{"data_disks": `[{ volume_type = "SSD", size = 10 }, { volume_type = "ESSD2", size = 10 }]`}, At: "data_disks", Error: "data_disks.1.iops.*needs iops"},
	{Set: acctest.Attributes{"data_disks": `[{ volume_type = "ESSD2", size = 10, iops = 20000 }]`}, At: "data_disks", Error: "10000 for 10 GB"},
	{Set: acctest.Attributes{"admin_password": `"Abcdef-123"`}, At: "admin_password", Error: "by key_pair or by a password, not by both"},
	{Set: acctest.Attributes{"admin_password_wo": `"Abcdef-123"`, "admin_password_wo_version": `1`}, At: "admin_password_wo", Error: "by key_pair or by a password, not by both"},
	{Set: acctest.Attributes{"key_pair": ``, "admin_password": `"Abc-123"`}, At: "admin_password", Error: "between 8 and 26"},
	{Set: acctest.Attributes{"key_pair": ``, "admin_password": `"abcdefgh"`}, At: "admin_password", Error: "characters of 1 classes"},
	{Set: acctest.Attributes{"key_pair": ``, "admin_password": `"Abcdef 123"`}, At: "admin_password", Error: "The value: it has a character that is not allowed"},
	{Set: acctest.Attributes{"key_pair": ``, "admin_password": `"Abcdef-123"`, "admin_password_wo": `"Abcdef-123"`, "admin_password_wo_version": `1`}, At: "admin_password", Error: "cannot be specified"},
	{Set: acctest.Attributes{"key_pair": ``, "admin_password_wo": `"Abcdef-123"`}, At: "admin_password_wo", Error: "admin_password_wo_version"},
	{Set: acctest.Attributes{"key_pair": ``, "admin_password_wo": `"short"`, "admin_password_wo_version": `1`}, At: "admin_password_wo", Error: "between 8 and 26"},
	{Set: acctest.Attributes{"user_data": `join("", [for i in range(33) : join("", [for j in range(1000) : "a"])])`}, At: "user_data", Error: "at most 32768"},
	{Set: acctest.Attributes{"metadata": `{ "a b" = "c" }`}, At: "metadata", Error: "1 to 255 Latin letters"},
	{Set: acctest.Attributes{"metadata": `{ vpc_id = "c" }`}, At: "metadata", Error: "none of"},
	{Set: acctest.Attributes{"metadata": `{ for i in range(11) : "k${i}" => "v" }`}, At: "metadata", Error: "at least 1 elements and at most 10"},
	{Set: acctest.Attributes{"power_state": `"asleep"`}, At: "power_state", Error: "must be one of"},
	{Set: acctest.Attributes{"server_group_id": `"apart"`}, At: "server_group_id", Error: "UUID"},
	{Set: acctest.Attributes{"agency_name": `""`}, At: "agency_name", Error: "between 1 and 64"},
	{Set: acctest.Attributes{"eip": `{}`}, At: "eip", Error: "either the id of an existing address or the type"},
	{Set: acctest.Attributes{"eip": `{ id = ` + uuid + `, type = "5_bgp" }`}, At: "eip", Error: "either the id of an existing address or the type"},
	{Set: acctest.Attributes{"eip": `{ id = ` + uuid + `, bandwidth_size = 5 }`}, At: "eip", Error: "eip.bandwidth_size.*has its bandwidth already"},
	{Set: acctest.Attributes{"eip": `{ type = "5_bgp" }`}, At: "eip", Error: "either a bandwidth_size of its own or the bandwidth_id"},
	{Set: acctest.Attributes{"eip": `{ type = "5_bgp", bandwidth_size = 2001 }`}, Error: "eip.bandwidth_size value must be between 1 and 2000"},
	{Set: acctest.Attributes{"eip": `{ type = "5_bgp", bandwidth_size = 5, bandwidth_charge_mode = "free" }`}, Error: "eip.bandwidth_charge_mode value must be one of"},
	{Set: acctest.Attributes{"tags": `{ formula = "a=b" }`}, At: "tags", Error: "letters, digits"},
	{Set: acctest.Attributes{"tags": `{ for i in range(11) : "k${i}" => "v" }`}, At: "tags", Error: "at most 10"},
	{Set: acctest.Attributes{"enterprise_project_id": `"mine"`}, At: "enterprise_project_id", Error: "UUID"},
}
