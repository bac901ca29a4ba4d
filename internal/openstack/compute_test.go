package openstack

import (
	"fmt"
	"maps"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

const (
	publicKey = `"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4pYhmsLzQ4mFUzGGbNCvrc7b9ZyCm0EHqkHFVgSpUR deploy"`
	otherKey  = `"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKUIw20f6bX6FJqJmT9yXzEiOl482QQX4Dr/cqqwUJl+ rescue"`
)

func TestAccessToServers(t *testing.T) {
	long := `join("", [for i in range(256) : "a"])`
	Group{
		Objects: []Object{
			{
				Type:  "hwcloud_key_pair",
				Given: Attributes{"name": `"deploy"`, "public_key": publicKey, "type": `"ssh"`},
				Changes: []Change{
					{To: Attributes{"name": `"rescue team"`}, Replaces: true, Check: Attributes{"id": "rescue team"}},
					{To: Attributes{"public_key": otherKey}, Replaces: true, Check: Attributes{"type": "ssh"}},
				},
				Vanish: []Call{{Service: "compute", Do: "DELETE /v2.1/os-keypairs/{id}", Version: "compute 2.46"}},
				Asks:   "compute /v2.1/os-keypairs/{id}?user_id={user_id}", Version: "compute 2.10",
				Refused: []acctest.Refusal{
					{Set: Attributes{"name": `""`}, At: "name", Error: "1 to 255 Latin letters"},
					{Set: Attributes{"name": `"a/b"`}, At: "name", Error: "1 to 255 Latin letters"},
					{Set: Attributes{"name": `" lead"`}, At: "name", Error: "1 to 255 Latin letters"},
					{Set: Attributes{"name": long}, At: "name", Error: "1 to 255 Latin letters"},
					{Set: Attributes{"public_key": `"~/.ssh/id_rsa.pub"`}, At: "public_key", Error: "form of authorized_keys"},
					{Set: Attributes{"type": `"pgp"`}, At: "type", Error: "must be one of"},
					{Set: Attributes{"scope": `"user"`}, At: "scope", Error: "Only Huawei Cloud"},
					{Set: Attributes{"description": `"d"`}, At: "description", Error: "Only Huawei Cloud"},
				},
			},
			{
				Type: "hwcloud_key_pair", Name: "made",
				Given:  Attributes{"name": `"made"`},
				Vanish: []Call{{Service: "compute", Do: "DELETE /v2.1/os-keypairs/{id}", Version: "compute 2.46"}},
				Asks:   "compute /v2.1/os-keypairs/{id}?user_id={user_id}", Version: "compute 2.10",
				Ignored: []string{"private_key"},
			},
			{
				Type:  "hwcloud_server_group",
				Given: Attributes{"name": `"apart"`, "policies": `["anti-affinity"]`},
				Changes: []Change{
					{To: Attributes{"name": `"still apart"`}, Replaces: true, Check: Attributes{"name": "still apart", "members": "[]"}},
					{To: Attributes{"policies": `["soft-affinity"]`}, Replaces: true, Check: Attributes{"policies": "[soft-affinity]"}},
				},
				Vanish: []Call{{Service: "compute", Do: "DELETE /v2.1/os-server-groups/{id}"}},
				Asks:   "compute /v2.1/os-server-groups/{id}",
				Refused: []acctest.Refusal{
					{Set: Attributes{"name": `""`}, At: "name", Error: "1 and 255"},
					{Set: Attributes{"name": long}, At: "name", Error: "1 and 255"},
					{Set: Attributes{"policies": `["apart"]`}, At: "policies", Error: "must be one of"},
					{Set: Attributes{"policies": `[]`}, At: "policies", Error: "1 element"},
					{Set: Attributes{"policies": `["affinity", "anti-affinity"]`}, At: "policies", Error: "at most 1"},
					{Set: Attributes{"members": `["0f1e2d3c-0f1e-2d3c-4b5a-0f1e2d3c4b5a"]`}, At: "members", Error: "Only Huawei Cloud"},
				},
			},
		},
	}.Test(t)
}

const (
	oneServer  = "/v2.1/servers/{id}"
	oneVolume  = "/v2.1/servers/{server_id}/os-volume_attachments/{volume_id}"
	oneNIC     = "/v2.1/servers/{server_id}/os-interface/{port_id}"
	unknownID  = `"0f1e2d3c-0f1e-2d3c-4b5a-0f1e2d3c4b5a"`
	theImage   = "data.hwcloud_image.cirros.id"
	cirros     = "data \"hwcloud_image\" \"cirros\" {\n  name = \"cirros\"\n}\n"
	firstNet   = "{ network_id = local.front }"
	anotherNet = "{ network_id = local.back, fixed_ip = \"10.12.0.9\", security_group_ids = [local.group] }"
)

// networks makes two networks of the project, a port and a security group, until the test ends.
func networks(c *Cloud) map[string]string {
	c.t.Helper()
	made := func(collection, one, body string) string {
		answer := c.call(Call{Service: "network", Do: "POST /v2.0/" + collection, Body: body}, nil)
		id := answer[one].(map[string]any)["id"].(string)
		c.t.Cleanup(func() {
			status := 0
			c.await(collection+" "+id+" is gone", func() bool { // a port may be released a moment after its server is gone
				status, _ = c.ask(Call{Service: "network", Do: "DELETE /v2.0/" + collection + "/" + id}, nil)
				return status < 300 || status == 404
			})
		})
		return id
	}
	locals := map[string]string{}
	for name, cidr := range map[string]string{"front": "10.11.0.0/24", "back": "10.12.0.0/24"} {
		id := made("networks", "network", fmt.Sprintf(`{"network": {"name": %q}}`, name))
		locals[name] = id
		made("subnets", "subnet", fmt.Sprintf(`{"subnet": {"network_id": %q, "ip_version": 4, "cidr": %q}}`, id, cidr))
	}
	locals["port"] = made("ports", "port", fmt.Sprintf(`{"port": {"network_id": %q}}`, locals["front"]))
	locals["group"] = made("security-groups", "security_group", `{"security_group": {"name": "web"}}`)
	return locals
}

func TestServers(t *testing.T) {
	long := `join("", [for i in range(256) : "a"])`
	vanish := []Call{{Service: "compute", Do: "DELETE " + oneServer}}
	Group{
		Before: func(c *Cloud) map[string]string {
			locals := networks(c)
			maps.Copy(locals, contents(c))
			return locals
		},
		Needs: cirros + "resource \"hwcloud_image\" \"other\" {\n  name        = \"other\"\n  disk_format = \"raw\"\n  source      = local.other\n}\n" +
			"resource \"hwcloud_key_pair\" \"mine\" {\n  name = \"mine\"\n  public_key = " + publicKey + "\n}\n" +
			"resource \"hwcloud_server_group\" \"apart\" {\n  name = \"apart\"\n  policies = [\"soft-anti-affinity\"]\n}\n",
		Objects: []Object{
			{
				Type: "hwcloud_server",
				Given: Attributes{
					"name": `"web"`, "description": `"of the shop"`, "flavor_id": `"1"`, "image_id": theImage, "availability_zone": `"nova"`,
					"networks": "[{ port_id = local.port }, " + firstNet + "]", "key_pair": "hwcloud_key_pair.mine.name", "user_data": `"#!/bin/sh"`,
					"metadata": `{ team = "shop", tier = "web" }`, "config_drive": `true`, "tag_names": `["b", "a"]`, "server_group_id": "hwcloud_server_group.apart.id",
					"admin_password": `"not-so-secret"`, "power_state": `"running"`,
				},
				Changes: []Change{
					{
						To:    Attributes{"name": `"web 2"`, "description": "", "metadata": `{ tier = "db" }`, "tag_names": `["c"]`, "admin_password": `"another-one"`},
						Check: Attributes{"name": "web 2", "metadata": "map[tier:db]", "tag_names": "[c]"},
					},
					{
						To:    Attributes{"flavor_id": `"2"`, "allow_stop": `true`, "networks": "[{ port_id = local.port }, " + firstNet + ", " + anotherNet + "]"},
						Check: Attributes{"flavor_id": "2", "status": "ACTIVE"},
					},
					{To: Attributes{"power_state": `"stopped"`, "metadata": "", "tag_names": ""}, Check: Attributes{"power_state": "stopped", "status": "SHUTOFF"}},
					{
						To:    Attributes{"allow_rebuild": `true`, "user_data": `"#!/bin/bash"`, "key_pair": "", "networks": "[{ port_id = local.port }]"},
						Check: Attributes{"status": "SHUTOFF", "key_pair": "<nil>"},
					},
					{To: Attributes{"power_state": `"running"`, "image_id": "hwcloud_image.other.id"}, Check: Attributes{"power_state": "running", "status": "ACTIVE"}},
					{To: Attributes{"allow_rebuild": "", "user_data": ""}, Replaces: true, Check: Attributes{"name": "web 2"}},
				},
				Drift: []Drift{
					{Do: Call{Service: "compute", Do: "PUT " + oneServer, Body: `{"server": {"name": "by-hand"}}`}, Seen: "name"},
					{Do: Call{Service: "compute", Do: "PUT " + oneServer + "/metadata", Body: `{"metadata": {"tier": "other"}}`}, Seen: "metadata"},
					{Do: Call{Service: "compute", Do: "PUT " + oneServer + "/tags", Body: `{"tags": ["by-hand"]}`, Version: "compute 2.46"}, Seen: "tag_names"},
					{Do: Call{Service: "compute", Do: "POST " + oneServer + "/action", Body: `{"os-stop": null}`}, Seen: "power_state"},
				},
				Vanish:  vanish,
				Asks:    "compute " + oneServer,
				Ignored: []string{"user_data", "admin_password", "allow_stop", "allow_rebuild"},
				Refused: []acctest.Refusal{
					{Set: Attributes{"name": `""`}, At: "name", Error: "1 to 255 characters"},
					{Set: Attributes{"name": `" lead"`}, At: "name", Error: "1 to 255 characters"},
					{Set: Attributes{"name": long}, At: "name", Error: "1 to 255 characters"},
					{Set: Attributes{"description": long}, At: "description", Error: "at most 255"},
					{Set: Attributes{"flavor_id": `""`}, At: "flavor_id", Error: "between 1 and 255"},
					{Set: Attributes{"image_id": `"cirros"`}, At: "image_id", Error: "UUID"},
					{Set: Attributes{"image_id": ""}, Error: "An image is needed"},
					{Set: Attributes{"image_id": "", "system_disk": `{ size = 1 }`}, Error: "An image is needed"},
					{Set: Attributes{"system_disk": "{ volume_id = " + unknownID + " }"}, At: "image_id", Error: "has its image already"},
					{Set: Attributes{"image_id": "", "system_disk": "{ volume_id = " + unknownID + ", size = 1 }"}, At: "system_disk", Error: "has its own size"},
					{Set: Attributes{"image_id": "", "system_disk": "{ volume_id = " + unknownID + ", snapshot_id = " + unknownID + " }"}, At: "system_disk", Error: "one source"},
					{Set: Attributes{"system_disk": "{}"}, At: "system_disk", Error: "needs a size"},
					{Set: Attributes{"system_disk": "{ size = 0 }"}, Error: "at least 1"},
					{Set: Attributes{"system_disk": "{ size = 1, iops = 3000 }"}, At: "system_disk", Error: "Only Huawei Cloud"},
					{Set: Attributes{"data_disks": "[]"}, At: "data_disks", Error: "at least 1"},
					{Set: Attributes{"data_disks": "[{ size = 0 }]"}, Error: "at least 1"},
					{Set: Attributes{"availability_zone": `"nova:host"`}, At: "availability_zone", Error: "without a host"},
					{Set: Attributes{"networks": "[{}]"}, At: "networks", Error: "Give either the port_id"},
					{Set: Attributes{"networks": "[{ network_id = local.front, port_id = local.port }]"}, At: "networks", Error: "Give only one of"},
					{Set: Attributes{"networks": `[{ port_id = local.port, fixed_ip = "10.11.0.9" }]`}, At: "networks", Error: "has its own"},
					{Set: Attributes{"networks": `[{ network_id = "front" }]`}, Error: "UUID"},
					{Set: Attributes{"networks": `[{ network_id = local.front, fixed_ip = "10.11.0" }]`}, Error: "IPv4"},
					{Set: Attributes{"networks": `[{ network_id = local.front, security_group_ids = [] }]`}, Error: "at least 1"},
					{Set: Attributes{"networks": "[{ subnet_id = local.front }]"}, At: "networks", Error: "Only Huawei Cloud"},
					{Set: Attributes{"networks": `[{ network_id = local.front, fixed_ip = "10.11.0.9" }, { network_id = local.front, fixed_ip = "10.11.0.9" }]`}, At: "networks", Error: "two interfaces"},
					{Set: Attributes{"key_pair": `""`}, At: "key_pair", Error: "at least 1"},
					{Set: Attributes{"admin_password": `""`}, At: "admin_password", Error: "between 1 and 255"},
					{Set: Attributes{"user_data": `join("", [for i in range(1024) : "1234567890123456789012345678901234567890123456789"])`}, At: "user_data", Error: "at most 49149"},
					{Set: Attributes{"metadata": `{}`}, At: "metadata", Error: "at least 1"},
					{Set: Attributes{"metadata": `{ "a/b" = "c" }`}, At: "metadata", Error: "1 to 255 Latin letters"},
					{Set: Attributes{"tag_names": `["a,b"]`}, At: "tag_names", Error: "1 to 60 characters"},
					{Set: Attributes{"tag_names": `[]`}, At: "tag_names", Error: "at least 1"},
					{Set: Attributes{"power_state": `"paused"`}, At: "power_state", Error: "must be one of"},
					{Set: Attributes{"server_group_id": `"apart"`}, At: "server_group_id", Error: "UUID"},
					{Set: Attributes{"tags": `{ a = "b" }`}, At: "tags", Error: "Only Huawei Cloud"},
					{Set: Attributes{"vpc_id": unknownID}, At: "vpc_id", Error: "Only Huawei Cloud"},
				},
				Kept: []Kept{{To: Attributes{"flavor_id": `"3"`, "allow_stop": ""}, At: "flavor_id", Error: "would be stopped"}},
			},
			{
				Type: "hwcloud_server", Name: "disks",
				Given: Attributes{
					"name": `"db"`, "flavor_id": `"1"`, "image_id": theImage, "networks": "[]",
					"system_disk": "{ size = 1 }", "data_disks": "[{ size = 1 }, { size = 2 }]",
				},
				Changes: []Change{
					{To: Attributes{"data_disks": "[{ size = 1 }, { size = 2, delete_on_termination = false }]", "system_disk": "{ size = 1, delete_on_termination = false }"}},
					{To: Attributes{"data_disks": "[{ size = 1 }, { size = 2 }]", "system_disk": "{ size = 1, delete_on_termination = true }"}},
					{To: Attributes{"data_disks": "[{ size = 1 }]"}, Replaces: true},
				},
				Vanish:  vanish,
				Asks:    "compute " + oneServer,
				Ignored: []string{"allow_stop", "allow_rebuild"},
			},
			{
				Type:  "hwcloud_volume_attachment",
				Given: Attributes{"server_id": "hwcloud_server.base.id", "volume_id": "hwcloud_volume.one.id", "device": `"/dev/sdf"`},
				Changes: []Change{
					{To: Attributes{"delete_on_termination": `true`}, Check: Attributes{"delete_on_termination": "true"}},
					{To: Attributes{"delete_on_termination": `false`}, Check: Attributes{"delete_on_termination": "false", "device": "/dev/sdf"}},
					{To: Attributes{"volume_id": "hwcloud_volume.two.id", "device": `"/dev/vdg"`, "delete_on_termination": ""}, Replaces: true, Check: Attributes{"device": "/dev/vdg"}},
				},
				Vanish: []Call{{Service: "compute", Do: "DELETE " + oneVolume}},
				Asks:   "compute " + oneVolume,
				Refused: []acctest.Refusal{
					{Set: Attributes{"server_id": `"web"`}, At: "server_id", Error: "UUID"},
					{Set: Attributes{"volume_id": `"data"`}, At: "volume_id", Error: "UUID"},
					{Set: Attributes{"device": `"vdb"`}, At: "device", Error: "such as /dev/vdb"},
				},
			},
			{
				Type:  "hwcloud_network_interface_attachment",
				Given: Attributes{"server_id": "hwcloud_server.base.id", "network_id": "local.back", "fixed_ip": `"10.12.0.20"`},
				Changes: []Change{
					{To: Attributes{"security_group_ids": "[local.group]"}},
					{To: Attributes{"fixed_ip": `"10.12.0.21"`}, Replaces: true, Check: Attributes{"fixed_ip": "10.12.0.21"}},
				},
				Vanish: []Call{{Service: "compute", Do: "DELETE " + oneNIC}},
				Asks:   "compute " + oneNIC,
				Refused: []acctest.Refusal{
					{Set: Attributes{"server_id": `"web"`}, At: "server_id", Error: "UUID"},
					{Set: Attributes{"network_id": `"front"`}, At: "network_id", Error: "UUID"},
					{Set: Attributes{"network_id": ""}, Error: "Give either the port_id"},
					{Set: Attributes{"port_id": "local.port"}, At: "port_id", Error: "Give only one of"},
					{Set: Attributes{"network_id": "", "port_id": "local.port"}, At: "fixed_ip", Error: "has its own"},
					{Set: Attributes{"fixed_ip": `"10.12.0"`}, At: "fixed_ip", Error: "IPv4"},
					{Set: Attributes{"security_group_ids": "[]"}, At: "security_group_ids", Error: "at least 1"},
					{Set: Attributes{"subnet_id": unknownID}, At: "subnet_id", Error: "Only Huawei Cloud"},
				},
			},
			{
				Type: "hwcloud_server", Name: "base",
				Given:   Attributes{"name": `"base"`, "flavor_id": `"1"`, "image_id": theImage, "networks": "[" + firstNet + "]"},
				Ignored: []string{"networks", "allow_stop", "allow_rebuild", "public_ip", "updated_at"}, // an import takes all interfaces for its own
				Asks:    "compute " + oneServer,
			},
			{Type: "hwcloud_volume", Name: "one", Given: Attributes{"name": `"one"`, "size": `1`}},
			{Type: "hwcloud_volume", Name: "two", Given: Attributes{"name": `"two"`, "size": `1`}},
		},
		Lookups: []Lookup{
			{Type: "hwcloud_flavor", Given: Attributes{"name": `"m1.small"`}, Check: Attributes{"id": "2", "vcpus": "1", "ram": "2048", "disk": "20", "swap": "0", "is_public": "true"}},
			{Type: "hwcloud_flavor", Given: Attributes{"id": `"3"`}, Check: Attributes{"name": "m1.medium", "rxtx_factor": "1", "extra_specs": "map[]"}},
			{Type: "hwcloud_flavors", Given: Attributes{"ram": `4096`}, Check: Attributes{"flavors.0.name": "m1.medium"}},
			{Type: "hwcloud_availability_zone", Given: Attributes{"id": `"nova"`}, Check: Attributes{"available": "true"}},
			{Type: "hwcloud_key_pair", Given: Attributes{"name": "hwcloud_key_pair.mine.name"}, Check: Attributes{"id": "mine", "type": "ssh"}},
			{Type: "hwcloud_server_group", Given: Attributes{"name": "hwcloud_server_group.apart.name"}, Check: Attributes{"policies": "[soft-anti-affinity]"}},
			{Type: "hwcloud_server", Given: Attributes{"name": "hwcloud_server.disks.name"}, Check: Attributes{"flavor_id": "1", "system_disk.size": "1", "data_disks.1.size": "2", "power_state": "running"}},
			{Type: "hwcloud_servers", Given: Attributes{"name": "hwcloud_server.test.name"}, Check: Attributes{"servers.0.config_drive": "true", "servers.0.metadata": "map[team:shop tier:web]"}},
			{Type: "hwcloud_volume_attachments", Given: Attributes{"server_id": "hwcloud_volume_attachment.test.server_id"}, Check: Attributes{"volume_attachments.0.device": "/dev/sdf"}},
		},
	}.Test(t)
}
