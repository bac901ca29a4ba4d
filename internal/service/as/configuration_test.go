package as_test

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

// Images of the sandbox, and an id of nothing.
const (
	ubuntu = `"5a0d80c0-1111-4111-8111-000000002204"`
	debian = `"5a0d80c0-1111-4111-8111-000000001200"`
	some   = `"0b4c1a52-7d9e-4f63-8a1b-2c3d4e5f6071"`
	other  = `"1b4c1a52-7d9e-4f63-8a1b-2c3d4e5f6071"`
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

resource "hwcloud_security_group" "web" {
  name = "web"
}

resource "hwcloud_security_group" "db" {
  name = "db"
}

resource "hwcloud_key_pair" "test" {
  count      = 2
  name       = "deploy-${count.index}"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4pYhmsLzQ4mFUzGGbNCvrc7b9ZyCm0EHqkHFVgSpUR deploy"
}
`

// template is what configurations are made from beside the network.
const template = network + `
resource "hwcloud_server_group" "test" {
  count    = 2
  name     = "apart-${count.index}"
  policies = ["anti-affinity"]
}

resource "hwcloud_server" "test" {
  name        = "template"
  flavor_id   = "s6.medium.2"
  image_id    = "5a0d80c0-1111-4111-8111-000000002204"
  networks    = [{ subnet_id = hwcloud_subnet.front.id, security_group_ids = [hwcloud_security_group.db.id] }]
  system_disk = { volume_type = "SSD" }
}

resource "hwcloud_volume" "test" {
  availability_zone = "cn-north-4a"
  volume_type       = "SSD"
  size              = 40
}

resource "hwcloud_volume_snapshot" "test" {
  volume_id = hwcloud_volume.test.id
}
`

// disks is a list of disks of which one has other members.
func disks(more string) string {
	return fmt.Sprintf(`[{ disk_type = "SYS", size = 40, volume_type = "SSD" }, { disk_type = "DATA", size = 100, volume_type = "SAS", %s }]`, more)
}

// without are attributes that are left out, and others.
func without(names string, others acctest.Attributes) acctest.Attributes {
	out := maps.Clone(others)
	for name := range strings.FieldsSeq(names) {
		out[name] = ""
	}
	return out
}

func TestScalingConfiguration(t *testing.T) {
	t.Parallel()
	const eip = `{ type = "5_bgp", bandwidth_size = 5, bandwidth_charging_mode = "traffic" }`
	replaced := func(change acctest.Attributes) acctest.Change {
		return acctest.Change{To: change, Replaces: true, Calls: []string{`^DELETE /as/\S+/scaling_configuration/\S+$`, `^POST /as/\S+/scaling_configuration `}}
	}
	acctest.Whole{
		Type: "hwcloud_scaling_configuration", Needs: template,
		Given: acctest.Attributes{
			"name":                         `"web-运维"`,
			"flavor_ids":                   `["s6.large.2", "s6.xlarge.2"]`,
			"multi_flavor_priority_policy": `"COST_FIRST"`,
			"image_id":                     ubuntu,
			"disks":                        disks(`kms_key_id = ` + some),
			"key_pair":                     `hwcloud_key_pair.test[0].name`,
			"user_data":                    `"#cloud-config\npackages: [nginx]\n"`,
			"metadata":                     `{ team = "red" }`,
			"personality":                  `[{ path = "/etc/motd", content = "你好" }]`,
			"security_group_ids":           `[hwcloud_security_group.web.id, hwcloud_security_group.db.id]`,
			"eip":                          eip,
			"server_group_id":              `hwcloud_server_group.test[0].id`,
			"tenancy":                      `"dedicated"`,
			"dedicated_host_id":            some,
			"market_type":                  `"spot"`,
			"cpu_threads":                  `2`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"image_id": debian},
				Calls: []string{`^PUT /as/autoscaling-api/v1/\S+/scaling_configuration/\S+ {"instance_config":{"imageRef":"5a0d80c0-1111-4111-8111-000000001200"}}$`},
			},
			replaced(acctest.Attributes{"name": `"shop"`}),
			{
				To: acctest.Attributes{"flavor_ids": `["s6.xlarge.2", "s6.large.2"]`}, Replaces: true,
				Calls: []string{`^DELETE `, `"flavorRef":"s6.xlarge.2,s6.large.2"`},
			},
			replaced(acctest.Attributes{"multi_flavor_priority_policy": ``}),
			{
				To: acctest.Attributes{"disks": disks(`data_disk_image_id = ` + ubuntu)}, Replaces: true,
				Calls: []string{`^DELETE `, `"disk":\[{"disk_type":"SYS","size":40,"volume_type":"SSD"},{"data_disk_image_id":"5a0d\S+2204","disk_type":"DATA","size":100,"volume_type":"SAS"}\]`},
				Check: []string{"disks.0.size=40", "disks.1.data_disk_image_id=5a0d80c0-1111-4111-8111-000000002204", "multi_flavor_priority_policy=PICK_FIRST"},
			},
			replaced(acctest.Attributes{"disks": `[{ disk_type = "SYS", size = 50, volume_type = "GPSSD2", iops = 3000, throughput = 150, dedicated_storage_id = ` + some + `}]`}),
			replaced(acctest.Attributes{"disks": `[{ disk_type = "SYS", size = 50, volume_type = "ESSD2", iops = 3000, snapshot_id = hwcloud_volume_snapshot.test.id }]`}),
			replaced(acctest.Attributes{"key_pair": `hwcloud_key_pair.test[1].name`}),
			{
				To: acctest.Attributes{"user_data": `"#!/bin/sh\n"`}, Replaces: true,
				Calls: []string{`^DELETE `, `"user_data":"IyEvYmluL3NoCg=="`},
			},
			{
				To: acctest.Attributes{"metadata": `{ team = "blue", tier = "1" }`}, Replaces: true,
				Calls: []string{`^DELETE `, `"metadata":{"team":"blue","tier":"1"}`}, Check: []string{"metadata.%=2"},
			},
			{
				To: acctest.Attributes{"personality": `[{ path = "/etc/issue", content = "hi" }]`}, Replaces: true,
				Calls: []string{`^DELETE `, `"personality":\[{"content":"aGk=","path":"/etc/issue"}\]`}, Check: []string{"personality.0.content=hi"},
			},
			{
				To: acctest.Attributes{"security_group_ids": `[hwcloud_security_group.db.id]`}, Replaces: true,
				Calls: []string{`^DELETE `, `"security_groups":\[{"id":"\S{36}"}\]`}, Check: []string{"security_group_ids.#=1"},
			},
			{
				To: acctest.Attributes{"eip": `{ type = "5_sbgp", bandwidth_share_type = "WHOLE", bandwidth_id = ` + some + `}`}, Replaces: true,
				Calls: []string{`^DELETE `, `"public_ip":{"eip":{"bandwidth":{"id":"\S{36}","share_type":"WHOLE"},"ip_type":"5_sbgp"}}`},
			},
			replaced(acctest.Attributes{"server_group_id": `hwcloud_server_group.test[1].id`}),
			replaced(acctest.Attributes{"dedicated_host_id": other}),
			replaced(acctest.Attributes{"dedicated_host_id": ``, "tenancy": ``}),
			replaced(acctest.Attributes{"market_type": ``}),
			{
				To: acctest.Attributes{"cpu_threads": `1`}, Replaces: true,
				Calls: []string{`^DELETE `, `"cpu_options":{"hw_cpu_threads":1}`},
			},
			{
				To: acctest.Attributes{"key_pair": ``, "admin_password": `"Passw0rd!"`}, Replaces: true,
				Calls: []string{`^DELETE `, `"metadata":{"admin_pass":"Passw0rd!","team":"blue","tier":"1"}`}, Check: []string{"metadata.%=2"},
			},
			{
				To:       without("flavor_ids image_id disks security_group_ids", acctest.Attributes{"instance_id": `hwcloud_server.test.id`}),
				Replaces: true,
				Check:    []string{"flavor_ids.0=s6.medium.2", "disks.#=1", "disks.0.disk_type=SYS", "security_group_ids.#=1"},
			},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"name": "other"}, Seen: "name"},
			{Patch: map[string]any{"instance_config": map[string]any{
				"flavorRef": "s6.large.2", "imageRef": strings.Trim(debian, `"`), "key_name": "else", "user_data": "", "metadata": map[string]string{"team": "blue"},
				"disk": []any{map[string]any{"disk_type": "SYS", "size": 41, "volume_type": "SSD"}}, "multi_flavor_priority_policy": "PICK_FIRST",
			}}, Seen: "flavor_ids"},
			{Seen: "image_id"}, {Seen: "key_pair"}, {Seen: "user_data"}, {Seen: "metadata"}, {Seen: "disks"}, {Seen: "eip"}, {Seen: "personality"},
			{Seen: "security_group_ids"}, {Seen: "multi_flavor_priority_policy"}, {Seen: "cpu_threads"}, {Seen: "market_type"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `""`}, At: "name", Error: "1 and 64"},
			{Set: acctest.Attributes{"name": `"a.b"`}, At: "name", Error: "only Chinese or Latin letters"},
			{Set: acctest.Attributes{"flavor_ids": `[]`}, At: "flavor_ids", Error: "at least 1"},
			{Set: acctest.Attributes{"flavor_ids": `["s6.large.2", "s6.large.2"]`}, At: "flavor_ids", Error: "duplicate"},
			{Set: acctest.Attributes{"flavor_ids": `["s6.large.2,s6.xlarge.2"]`}, At: "flavor_ids", Error: "a flavor such as"},
			{Set: acctest.Attributes{"flavor_ids": ``}, At: "resource", Error: "unless instance_id names a server"},
			{Set: acctest.Attributes{"multi_flavor_priority_policy": `"CHEAP"`}, At: "multi_flavor_priority_policy", Error: "must be one of"},
			{Set: acctest.Attributes{"image_id": `"ubuntu"`}, At: "image_id", Error: "UUID"},
			{Set: acctest.Attributes{"instance_id": `"web-1"`}, At: "instance_id", Error: "UUID"},
			{Set: acctest.Attributes{"instance_id": some}, At: "tenancy", Error: "taken from the server"},
			{Set: without("flavor_ids image_id security_group_ids tenancy dedicated_host_id", acctest.Attributes{"instance_id": some}), At: "disks", Error: "taken from the server"},
			{Set: without("flavor_ids disks image_id security_group_ids tenancy", acctest.Attributes{"instance_id": some}), At: "dedicated_host_id", Error: "taken from the server"},
			{Set: acctest.Attributes{"disks": `[]`}, At: "disks", Error: "at least 1"},
			{Set: acctest.Attributes{"disks": `[{ disk_type = "DATA", size = 10, volume_type = "SAS" }]`}, At: "disks", Error: "Exactly one disk is of disk_type SYS; here are 0"},
			{Set: acctest.Attributes{"disks": disks(`disk_type = "SYS"`)}, At: "disks", Error: "here are 2"},
			{Set: acctest.Attributes{"disks": disks(`size = 9`)}, At: "disks", Error: "at least 10 GB"},
			{Set: acctest.Attributes{"disks": `[{ disk_type = "SYS", size = 1025, volume_type = "SAS" }]`}, At: "disks", Error: "at most 1024 GB"},
			{Set: acctest.Attributes{"disks": `[{ disk_type = "SYS", size = 40, volume_type = "SAS", kms_key_id = ` + some + ` }]`}, At: "disks", Error: "no kms_key_id"},
			{Set: acctest.Attributes{"disks": `[{ disk_type = "SYS", size = 40, volume_type = "SAS", data_disk_image_id = ` + some + ` }]`}, At: "disks", Error: "no data_disk_image_id"},
			{Set: acctest.Attributes{"disks": disks(`volume_type = "ESSD"`)}, At: "", Error: "must be one of"},
			{Set: acctest.Attributes{"disks": disks(`volume_type = "GPSSD2"`)}, At: "disks", Error: "iops"},
			{Set: acctest.Attributes{"disks": disks(`iops = 3000`)}, At: "disks", Error: "iops"},
			{Set: acctest.Attributes{"disks": disks(`dedicated_storage_id = ` + some)}, At: "disks", Error: "Either all disks"},
			{Set: acctest.Attributes{"key_pair": `""`}, At: "key_pair", Error: "at least 1"},
			{Set: acctest.Attributes{"key_pair": `"deploy"`, "admin_password": `"Passw0rd!"`}, At: "admin_password", Error: "not by both"},
			{Set: acctest.Attributes{"key_pair": ``, "admin_password": `"password"`}, At: "admin_password", Error: "The value: it has characters of 1 classes"},
			{Set: acctest.Attributes{"key_pair": ``, "admin_password": `"P1!"`}, At: "admin_password", Error: "between 8 and 26"},
			{Set: acctest.Attributes{"key_pair": ``, "user_data": ``}, At: "resource", Error: "Nobody could sign in"},
			{Set: acctest.Attributes{"user_data": `join("", [for i in range(1000) : "0123456789012345678901234567890123456789"])`}, At: "user_data", Error: "32768"},
			{Set: acctest.Attributes{"metadata": `{ "a.b" = "c" }`}, At: "metadata", Error: "may not hold blanks"},
			{Set: acctest.Attributes{"metadata": `{ admin_pass = "c" }`}, At: "metadata", Error: "none of"},
			{Set: acctest.Attributes{"personality": `[for i in range(6) : { path = "/a${i}", content = "a" }]`}, At: "personality", Error: "at most 5"},
			{Set: acctest.Attributes{"personality": `[{ path = "/a", content = join("", [for i in range(1000) : "ab"]) }]`}, At: "", Error: "1 and 1024"},
			{Set: acctest.Attributes{"security_group_ids": `["web"]`}, At: "security_group_ids", Error: "UUID"},
			{Set: acctest.Attributes{"eip": `{ type = "6_bgp" }`}, At: "", Error: "must be one of"},
			{Set: acctest.Attributes{"eip": `{ type = "5_bgp", bandwidth_size = 5 }`}, At: "eip", Error: "PER needs bandwidth_charging_mode"},
			{Set: acctest.Attributes{"eip": `{ type = "5_bgp", bandwidth_share_type = "WHOLE" }`}, At: "eip", Error: "WHOLE needs bandwidth_id"},
			{Set: acctest.Attributes{"eip": `{ type = "5_bgp", bandwidth_size = 5, bandwidth_charging_mode = "traffic", bandwidth_id = ` + some + ` }`}, At: "eip", Error: "PER has no bandwidth_id"},
			{Set: acctest.Attributes{"eip": `{ type = "5_bgp", bandwidth_size = 301, bandwidth_charging_mode = "traffic" }`}, At: "eip", Error: "at most 300"},
			{Set: acctest.Attributes{"server_group_id": `"apart"`}, At: "server_group_id", Error: "UUID"},
			{Set: acctest.Attributes{"tenancy": `"shared"`}, At: "tenancy", Error: "must be one of"},
			{Set: acctest.Attributes{"tenancy": ``}, At: "dedicated_host_id", Error: "Only tenancy"},
			{Set: acctest.Attributes{"market_type": `"future"`}, At: "market_type", Error: "must be one of"},
			{Set: acctest.Attributes{"cpu_threads": `3`}, At: "cpu_threads", Error: "between 1 and 2"},
		},
	}.Test(t)
}

// A password that is write-only is in no state; raising its version makes a new configuration with the new one.
func TestScalingConfigurationWriteOnly(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	config := func(password string, version int) string {
		return fmt.Sprintf(`
resource "hwcloud_scaling_configuration" "test" {
  name                      = "web"
  flavor_ids                = ["s6.large.2"]
  image_id                  = %s
  disks                     = [{ disk_type = "SYS", size = 40, volume_type = "SSD" }]
  admin_password_wo         = %q
  admin_password_wo_version = %d
}
`, ubuntu, password, version)
	}
	const address = "hwcloud_scaling_configuration.test"
	c.Run(
		resource.TestStep{Config: config("Passw0rd!", 1), Check: resource.ComposeTestCheckFunc(
			resource.TestCheckNoResourceAttr(address, "admin_password"), resource.TestCheckNoResourceAttr(address, "admin_password_wo"),
		)},
		resource.TestStep{
			PreConfig: c.Forget, Config: config("An0ther!!", 2),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionReplace)}},
		},
	)
	if sent := c.Calls(`^POST `); len(sent) != 1 || !strings.Contains(sent[0].Body, `"admin_pass":"An0ther!!"`) {
		t.Errorf("sent %v", sent)
	}
}

// A configuration that a group uses is not deleted, and says why.
func TestScalingConfigurationInUse(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Run(
		resource.TestStep{Config: grouped},
		resource.TestStep{
			Config:      strings.Replace(grouped, `name       = "web"`, `name       = "shop"`, 1),
			ExpectError: regexp.MustCompile(`(?s)Cannot delete hwcloud_scaling_configuration.*AS.1006`),
		},
		resource.TestStep{
			Config: strings.Replace(grouped, `name       = "web"`, "name       = \"shop\"\n  lifecycle {\n    create_before_destroy = true\n  }", 1),
			Check:  resource.TestCheckResourceAttr("hwcloud_scaling_group.test", "configuration_name", "shop"),
		},
	)
}

// spare is a second configuration.
const spare = configured + `
resource "hwcloud_scaling_configuration" "spare" {
  name       = "spare"
  flavor_ids = ["s6.small.1"]
  image_id   = "5a0d80c0-1111-4111-8111-000000001200"
  disks      = [{ disk_type = "SYS", size = 40, volume_type = "SSD" }]
  key_pair   = hwcloud_key_pair.test[0].name
}
`

func TestFindScalingConfiguration(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_scaling_configuration", Needs: spare,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_scaling_configuration.test.id`}, Check: []string{"name=web", "disks.#=2", "flavor_ids.0=s6.medium.2"}},
			{By: acctest.Attributes{"name": `"spare"`}, Check: []string{"disks.#=1"}},
			{By: acctest.Attributes{"image_id": debian}, Check: []string{"name=spare"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"none"`}, Error: "Nothing .* fits"},
			{Set: acctest.Attributes{"id": some}, Error: "Nothing .* fits"},
			{Set: acctest.Attributes{"key_pair": `"deploy-0"`}, Error: "Found 2 of"},
		},
	}.Test(t)
}

func TestFindScalingConfigurations(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_scaling_configurations", Needs: spare,
		Found: []acctest.Found{
			{Check: []string{"scaling_configurations.#=2", "scaling_configurations.0.name=spare"}},
			{By: acctest.Attributes{"name_regex": `"^w"`}, Check: []string{"scaling_configurations.#=1"}},
		},
	}.Test(t)
}
