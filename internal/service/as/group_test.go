package as_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// configured is a network with a configuration for groups.
const configured = network + `
resource "hwcloud_scaling_configuration" "test" {
  name       = "web"
  flavor_ids = ["s6.medium.2"]
  image_id   = "5a0d80c0-1111-4111-8111-000000002204"
  disks      = [{ disk_type = "SYS", size = 40, volume_type = "SSD" }, { disk_type = "DATA", size = 10, volume_type = "SAS" }]
  key_pair   = hwcloud_key_pair.test[0].name
}
`

// grouped is a group without servers, which is not enabled.
const grouped = configured + `
resource "hwcloud_scaling_group" "test" {
  name                     = "web"
  scaling_configuration_id = hwcloud_scaling_configuration.test.id
  vpc_id                   = hwcloud_vpc.test.id
  networks                 = [{ id = hwcloud_subnet.front.id }]
  max_instance_number      = 5
  enabled                  = false
}
`

// groups are two groups without servers.
const groups = grouped + `
resource "hwcloud_scaling_group" "other" {
  name                     = "other"
  scaling_configuration_id = hwcloud_scaling_configuration.test.id
  vpc_id                   = hwcloud_vpc.test.id
  networks                 = [{ id = hwcloud_subnet.front.id }]
  enabled                  = false
}
`

func TestScalingGroup(t *testing.T) {
	t.Parallel()
	const (
		put    = `^PUT /as/autoscaling-api/v1/\S+/scaling_group/\S+ `
		action = `^POST /as/autoscaling-api/v1/\S+/scaling_group/\S+/action `
		tags   = `^POST /as/autoscaling-api/v1/\S+/scaling_group_tag/\S+/tags/action `
		pool   = `{ pool_id = ` + some + `, protocol_port = 80, weight = 1 }`
	)
	changed := func(name, value, body string) acctest.Change {
		return acctest.Change{To: acctest.Attributes{name: value}, Calls: []string{put + body + `$`}}
	}
	acctest.Whole{
		Type: "hwcloud_scaling_group",
		Needs: configured + `
resource "hwcloud_scaling_configuration" "other" {
  name       = "web-2"
  flavor_ids = ["s6.small.1"]
  image_id   = "5a0d80c0-1111-4111-8111-000000002204"
  disks      = [{ disk_type = "SYS", size = 40, volume_type = "SSD" }]
  key_pair   = hwcloud_key_pair.test[0].name
}

resource "hwcloud_subnet" "back" {
  name        = "back"
  vpc_id      = hwcloud_vpc.test.id
  cidr        = "10.1.2.0/24"
  gateway_ip  = "10.1.2.1"
  ipv6_enabled = true
}

resource "hwcloud_vpc" "other" {
  name = "other"
  cidr = "10.2.0.0/16"
}

resource "hwcloud_subnet" "other" {
  name       = "other"
  vpc_id     = hwcloud_vpc.other.id
  cidr       = "10.2.1.0/24"
  gateway_ip = "10.2.1.1"
}
`,
		Given: acctest.Attributes{
			"name":                               `"web"`,
			"description":                        `"运维"`,
			"scaling_configuration_id":           `hwcloud_scaling_configuration.test.id`,
			"vpc_id":                             `hwcloud_vpc.test.id`,
			"networks":                           `[{ id = hwcloud_subnet.front.id, source_dest_check = false }]`,
			"security_group_ids":                 `[hwcloud_security_group.web.id]`,
			"available_zones":                    `["cn-north-4a", "cn-north-4b"]`,
			"multi_az_priority_policy":           `"PICK_FIRST"`,
			"desire_instance_number":             `0`,
			"min_instance_number":                `0`,
			"max_instance_number":                `3`,
			"cool_down_time":                     `900`,
			"lbaas_listeners":                    `[` + pool + `]`,
			"health_periodic_audit_method":       `"ELB_AUDIT"`,
			"health_periodic_audit_time":         `0`,
			"health_periodic_audit_grace_period": `60`,
			"instance_terminate_policy":          `"NEW_INSTANCE"`,
			"delete_publicip":                    `true`,
			"delete_volume":                      `true`,
			"agency_name":                        `"backup"`,
			"enterprise_project_id":              `"0"`,
			"tags":                               `{ env = "prod" }`,
		},
		Changes: []acctest.Change{
			{To: acctest.Attributes{"force_delete": `true`}, Calls: []string{}},
			changed("name", `"shop"`, `{"scaling_group_name":"shop"}`),
			changed("description", ``, `{"description":""}`),
			{
				To: acctest.Attributes{"desire_instance_number": `2`}, Calls: []string{put + `{"desire_instance_number":2}$`},
				Check: []string{"current_instance_number=2", "is_scaling=false", "status=INSERVICE"},
			},
			{
				To:    acctest.Attributes{"min_instance_number": `1`, "max_instance_number": `2`},
				Calls: []string{put + `{"max_instance_number":2,"min_instance_number":1}$`},
			},
			{
				To:    acctest.Attributes{"scaling_configuration_id": `hwcloud_scaling_configuration.other.id`},
				Calls: []string{put + `{"scaling_configuration_id":"\S{36}"}$`}, Check: []string{"configuration_name=web-2"},
			},
			changed("cool_down_time", ``, `{"cool_down_time":300}`),
			{
				To:    acctest.Attributes{"lbaas_listeners": `[` + pool + `, { pool_id = ` + other + `, protocol_port = 81, weight = 0, protocol_version = "IPV6" }]`},
				Calls: []string{put + `{"lbaas_listeners":\[{"pool_id":"\S{36}","protocol_port":80,"protocol_version":"IPV4","weight":1},{"pool_id":"\S{36}","protocol_port":81,"protocol_version":"IPV6","weight":0}\]}$`},
			},
			changed("health_periodic_audit_method", `"NOVA_AUDIT"`, `{"health_periodic_audit_method":"NOVA_AUDIT"}`),
			changed("health_periodic_audit_method", `"ELB_AUDIT"`, `{"health_periodic_audit_method":"ELB_AUDIT"}`),
			{
				To:    acctest.Attributes{"lbaas_listeners": ``, "health_periodic_audit_method": ``},
				Calls: []string{put + `{"lbaas_listeners":\[\]}$`}, Check: []string{"health_periodic_audit_method=NOVA_AUDIT"},
			},
			changed("health_periodic_audit_time", `180`, `{"health_periodic_audit_time":180}`),
			changed("health_periodic_audit_grace_period", `0`, `{"health_periodic_audit_grace_period":0}`),
			changed("instance_terminate_policy", ``, `{"instance_terminate_policy":"OLD_CONFIG_OLD_INSTANCE"}`),
			changed("multi_az_priority_policy", ``, `{"multi_az_priority_policy":"EQUILIBRIUM_DISTRIBUTE"}`),
			changed("delete_publicip", ``, `{"delete_publicip":false}`),
			changed("delete_volume", ``, `{"delete_volume":false}`),
			changed("agency_name", `"restore"`, `{"iam_agency_name":"restore"}`),
			changed("enterprise_project_id", some, `{"enterprise_project_id":"\S{36}"}`),
			{
				To: acctest.Attributes{"tags": `{ env = "test", by = "me" }`}, Calls: []string{tags + `{"action":"create","tags":\[{"key":"by","value":"me"},{"key":"env","value":"test"}\]}$`},
			},
			{To: acctest.Attributes{"tags": ``}, Calls: []string{tags + `{"action":"delete",`}},
			{
				To: acctest.Attributes{"security_group_ids": `[hwcloud_security_group.db.id]`}, Replaces: true, // it has servers
				Calls: []string{`^DELETE /as/\S+/scaling_group/\S+$`, `^POST /as/\S+/scaling_group `, action + `{"action":"resume"}$`},
				Check: []string{"current_instance_number=2"},
			},
			{
				To:       acctest.Attributes{"vpc_id": `hwcloud_vpc.other.id`, "networks": `[{ id = hwcloud_subnet.other.id }]`},
				Replaces: true, Check: []string{"current_instance_number=2"},
			},
			{
				To:       acctest.Attributes{"vpc_id": `hwcloud_vpc.test.id`, "networks": `[{ id = hwcloud_subnet.front.id }]`, "desire_instance_number": `0`, "min_instance_number": `0`, "enabled": `false`},
				Replaces: true, Check: []string{"status=PAUSED", "current_instance_number=0"},
				Calls: []string{`^DELETE `, `^POST /as/\S+/scaling_group `},
			},
			{
				To:    acctest.Attributes{"networks": `[{ id = hwcloud_subnet.back.id, ipv6_enabled = true, ipv6_bandwidth_id = ` + some + ` }, { id = hwcloud_subnet.front.id, source_dest_check = false }]`},
				Calls: []string{put + `{"networks":\[{"allowed_address_pairs":\[\],"id":"\S{36}","ipv6_bandwidth":{"id":"\S{36}"},"ipv6_enable":true},{"allowed_address_pairs":\[{"ip_address":"1.1.1.1/0"}\],"id":"\S{36}","ipv6_enable":false}\]}$`},
				Check: []string{"networks.0.ipv6_enabled=true", "networks.1.source_dest_check=false"},
			},
			changed("available_zones", `["cn-north-4b"]`, `{"available_zones":\["cn-north-4b"\]}`),
			changed("security_group_ids", `[hwcloud_security_group.web.id]`, `{"security_groups":\[{"id":"\S{36}"}\]}`),
			{
				To:    acctest.Attributes{"enabled": `true`, "desire_instance_number": `1`},
				Calls: []string{put + `{"desire_instance_number":1}$`, action + `{"action":"resume"}$`}, Check: []string{"current_instance_number=1", "status=INSERVICE"},
			},
			{To: acctest.Attributes{"enabled": `false`}, Calls: []string{action + `{"action":"pause"}$`}, Check: []string{"current_instance_number=1", "status=PAUSED"}},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{
				"name": "other", "description": "other", "desire_instance_number": 2, "min_instance_number": 1, "max_instance_number": 9, "cool_down_time": 1,
				"multi_az_priority_policy": "EQUILIBRIUM_DISTRIBUTE", "lbaas_listeners": []any{}, "health_periodic_audit_method": "NOVA_AUDIT",
				"health_periodic_audit_time": 5, "health_periodic_audit_grace_period": 1, "instance_terminate_policy": "OLD_INSTANCE",
				"delete_publicip": false, "delete_volume": false, "iam_agency_name": "", "tags": map[string]any{"env": "test"}, "status": "PAUSED",
			}, Seen: "name"},
			{Seen: "description"}, {Seen: "desire_instance_number"}, {Seen: "min_instance_number"}, {Seen: "max_instance_number"}, {Seen: "cool_down_time"},
			{Seen: "multi_az_priority_policy"}, {Seen: "lbaas_listeners"}, {Seen: "health_periodic_audit_method"}, {Seen: "health_periodic_audit_time"},
			{Seen: "health_periodic_audit_grace_period"}, {Seen: "instance_terminate_policy"}, {Seen: "delete_publicip"}, {Seen: "delete_volume"},
			{Seen: "agency_name"}, {Seen: "tags"}, {Seen: "enabled"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"a b"`}, At: "name", Error: "only Chinese or Latin letters"},
			{Set: acctest.Attributes{"name": `join("", [for i in range(65) : "a"])`}, At: "name", Error: "1 and 64"},
			{Set: acctest.Attributes{"description": `join("", [for i in range(257) : "字"])`}, At: "description", Error: "at most 256"},
			{Set: acctest.Attributes{"scaling_configuration_id": `"web"`}, At: "scaling_configuration_id", Error: "UUID"},
			{Set: acctest.Attributes{"vpc_id": `"web"`}, At: "vpc_id", Error: "UUID"},
			{Set: acctest.Attributes{"networks": `[]`}, At: "networks", Error: "at least 1"},
			{Set: acctest.Attributes{"networks": `[for i in range(6) : { id = ` + some + ` }]`}, At: "networks", Error: "at most 5"},
			{Set: acctest.Attributes{"networks": `[{ id = "front" }]`}, At: "", Error: "UUID"},
			{Set: acctest.Attributes{"networks": `[{ id = ` + some + `, ipv6_bandwidth_id = ` + some + ` }]`}, At: "networks", Error: "Only an interface with ipv6_enabled"},
			{Set: acctest.Attributes{"security_group_ids": `[` + some + `, ` + other + `]`}, At: "security_group_ids", Error: "at most 1"},
			{Set: acctest.Attributes{"available_zones": `["cn-north-4a", "cn-north-4a"]`}, At: "available_zones", Error: "duplicate"},
			{Set: acctest.Attributes{"multi_az_priority_policy": `"ANY"`}, At: "multi_az_priority_policy", Error: "must be one of"},
			{Set: acctest.Attributes{"min_instance_number": `4`}, At: "min_instance_number", Error: "4, is above the greatest, max_instance_number = 3"},
			{Set: acctest.Attributes{"max_instance_number": `1001`}, At: "max_instance_number", Error: "between 0 and 1000"},
			{Set: acctest.Attributes{"max_instance_number": ``, "desire_instance_number": `1`}, At: "desire_instance_number", Error: "more than max_instance_number = 0"},
			{Set: acctest.Attributes{"desire_instance_number": `4`}, At: "desire_instance_number", Error: "4 servers, more than max_instance_number = 3"},
			{Set: acctest.Attributes{"min_instance_number": `2`}, At: "desire_instance_number", Error: "0 servers, fewer than min_instance_number = 2"},
			{Set: acctest.Attributes{"desire_instance_number": `-1`}, At: "desire_instance_number", Error: "at least 0"},
			{Set: acctest.Attributes{"cool_down_time": `86401`}, At: "cool_down_time", Error: "between 0 and 86400"},
			{Set: acctest.Attributes{"lbaas_listeners": `[{ pool_id = ` + some + `, protocol_port = 0, weight = 1 }]`}, At: "", Error: "between 1 and 65535"},
			{Set: acctest.Attributes{"lbaas_listeners": `[{ pool_id = ` + some + `, protocol_port = 80, weight = 101 }]`}, At: "", Error: "between 0 and 100"},
			{Set: acctest.Attributes{"lbaas_listeners": `[for i in range(7) : ` + pool + `]`}, At: "lbaas_listeners", Error: "at most 6"},
			{Set: acctest.Attributes{"lbaas_listeners": ``}, At: "health_periodic_audit_method", Error: "ELB_AUDIT asks the load balancer"},
			{Set: acctest.Attributes{"health_periodic_audit_method": `"ASK"`}, At: "health_periodic_audit_method", Error: "must be one of"},
			{Set: acctest.Attributes{"health_periodic_audit_time": `2`}, At: "health_periodic_audit_time", Error: "must be one of"},
			{Set: acctest.Attributes{"health_periodic_audit_grace_period": `86401`}, At: "health_periodic_audit_grace_period", Error: "between 0 and 86400"},
			{Set: acctest.Attributes{"instance_terminate_policy": `"ANY"`}, At: "instance_terminate_policy", Error: "must be one of"},
			{Set: acctest.Attributes{"agency_name": `""`}, At: "agency_name", Error: "1 and 64"},
			{Set: acctest.Attributes{"enterprise_project_id": `"shop"`}, At: "enterprise_project_id", Error: "UUID"},
			{Set: acctest.Attributes{"tags": `{ "a b" = "c" }`}, At: "tags", Error: "Chinese and Latin letters"},
			{Set: acctest.Attributes{"enabled": `"perhaps"`}, At: "enabled", Error: "bool is required"},
		},
		Kept: []acctest.Refusal{
			{Set: acctest.Attributes{"desire_instance_number": ``, "min_instance_number": `2`}, At: "min_instance_number", Error: "wants 0 servers by now, fewer than 2"},
		},
	}.Test(t)
}

// What a policy has changed is no difference where the number is left open, and one where it is configured.
func TestScalingGroupFollowsPolicies(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	const open = "  max_instance_number      = 5\n  force_delete             = true\n"
	group := strings.Replace(grouped, "  max_instance_number      = 5\n  enabled                  = false\n", open, 1)
	policy := `
resource "hwcloud_scaling_policy" "test" {
  name             = "more"
  resource_id      = hwcloud_scaling_group.test.id
  type             = "SCHEDULED"
  scheduled_policy = { launch_time = "2999-01-01T00:00Z" }
  action           = { size = 2 }
}
`
	const address = "hwcloud_scaling_group.test"
	c.Run(
		resource.TestStep{Config: group + policy, Check: resource.TestCheckResourceAttr(address, "desire_instance_number", "0")},
		resource.TestStep{
			PreConfig: func() {
				c.Ask(cloud.AS, "POST", "/autoscaling-api/v1/{project_id}/scaling_policy/"+c.ID("scaling_policy", "more")+"/action", map[string]any{"action": "execute"})
			},
			Config:           group + policy,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			Check:            resource.TestCheckResourceAttr(address, "desire_instance_number", "2"),
		},
		resource.TestStep{
			Config:           strings.Replace(group, open, open+"  desire_instance_number   = 1\n", 1) + policy,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate)}},
			Check:            resource.TestCheckResourceAttr(address, "desire_instance_number", "1"),
		},
		resource.TestStep{
			Config: strings.Replace(group, open, "  max_instance_number      = 5\n", 1),
			Check:  resource.TestCheckResourceAttr(address, "force_delete", "false"),
		},
		resource.TestStep{
			Config:      configured,
			ExpectError: regexp.MustCompile(`(?s)Cannot delete hwcloud_scaling_group.*AS.2021`),
		},
		resource.TestStep{Config: group},
	)
	if left := c.Objects("server"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// A group whose servers cannot be made is kept, and says why.
func TestScalingGroupFails(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Configure(map[string]any{"quotas": map[string]int{"server": 1}})
	group := strings.Replace(grouped, "  max_instance_number      = 5\n  enabled                  = false\n",
		"  max_instance_number      = 5\n  desire_instance_number   = 2\n  force_delete             = true\n", 1)
	const address = "hwcloud_scaling_group.test"
	c.Run(
		resource.TestStep{Config: group, ExpectNonEmptyPlan: true, Check: resource.ComposeTestCheckFunc(
			resource.TestCheckResourceAttr(address, "name", "web"), resource.TestCheckResourceAttrSet(address, "id"),
		)},
		resource.TestStep{
			PreConfig:        func() { c.Configure(map[string]any{"quotas": map[string]int{"server": 9}}) },
			Config:           group,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate)}},
			Check:            resource.TestCheckResourceAttr(address, "current_instance_number", "2"),
		},
	)
	for id, server := range c.Objects("server") {
		t.Errorf("left: %s %v", id, fmt.Sprint(server["name"]))
	}
}

func TestFindScalingGroup(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_scaling_group", Needs: groups,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_scaling_group.test.id`}, Check: []string{"name=web", "enabled=false", "networks.#=1", "available_zones.#=3"}},
			{By: acctest.Attributes{"name": `"other"`}, Check: []string{"max_instance_number=0", "configuration_name=web"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"oth"`}, Error: "Nothing .* fits"},
			{Set: acctest.Attributes{"id": some}, Error: "Nothing .* fits"},
			{Set: acctest.Attributes{"vpc_id": `hwcloud_vpc.test.id`}, Error: "Found 2 of"},
		},
	}.Test(t)
}

func TestFindScalingGroups(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_scaling_groups", Needs: groups,
		Found: []acctest.Found{
			{By: acctest.Attributes{"scaling_configuration_id": `hwcloud_scaling_configuration.test.id`}, Check: []string{"scaling_groups.#=2", "scaling_groups.1.name=web"}},
			{By: acctest.Attributes{"scaling_configuration_id": some}, Check: []string{"scaling_groups.#=0"}},
		},
	}.Test(t)
}
