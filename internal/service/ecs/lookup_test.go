package ecs_test

import (
	"strings"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

var servers = strings.Replace(server(`tags = { env = "prod" }`, `metadata = { role = "front" }`), `"web-1"`, `"web-${count.index + 1}"`+"\n  count = 2", 1)

func TestFindServer(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_server", Needs: servers,
		Found: []acctest.Found{
			{
				By: acctest.Attributes{"id": `hwcloud_server.test[0].id`},
				Check: []string{
					"name=web-1", "flavor_id=s6.small.1", "networks.#=1", "networks.0.security_group_ids.#=1", "system_disk.size=40",
					"tags.env=prod", "metadata.role=front", "metadata.%=1", "power_state=running", "status=ACTIVE",
				},
			},
			{By: acctest.Attributes{"name": `"web-2"`, "flavor_id": `"s6.small.1"`, "power_state": `"running"`}, Check: []string{"system_disk.size=40", "networks.#=1"}},
			{By: acctest.Attributes{"name_regex": `"2$"`, "tags": `{ env = "prod" }`}, Check: []string{"name=web-2"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"web"`}, Error: "Nothing .* fits name = web"},
			{Set: acctest.Attributes{"tags": `{ env = "prod" }`}, Error: "Found 2 of hwcloud_server"},
			{Set: acctest.Attributes{"power_state": `"stopped"`}, Error: "Nothing .* fits power_state = stopped"},
		},
	}.Test(t)
}

func TestFindServers(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_servers", Needs: servers,
		Found: []acctest.Found{
			{Check: []string{"servers.#=2", "servers.0.name=web-1", "servers.1.name=web-2", "servers.1.networks.#=1", "servers.1.system_disk.size=40"}},
			{By: acctest.Attributes{"name": `"web-1"`}, Check: []string{"servers.#=1"}},
			{By: acctest.Attributes{"availability_zone": `"cn-north-4c"`}, Check: []string{"servers.#=0"}},
		},
	}.Test(t)
}

const groups = `
resource "hwcloud_server_group" "shop" {
  name     = "shop"
  policies = ["anti-affinity"]
}

resource "hwcloud_server_group" "bank" {
  name     = "bank"
  policies = ["anti-affinity"]
}
`

func TestFindServerGroup(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_server_group", Needs: groups,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_server_group.bank.id`}, Check: []string{"name=bank", "policies.0=anti-affinity", "members.#=0"}},
			{By: acctest.Attributes{"name": `"shop"`}, Check: []string{"name=shop"}},
			{By: acctest.Attributes{"name_regex": `"^b"`}, Check: []string{"name=bank"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"gone"`}, Error: "Nothing .* fits name = gone"},
			{Set: acctest.Attributes{"name_regex": `".*"`}, Error: "Found 2 of hwcloud_server_group"},
		},
	}.Test(t)
}

func TestFindServerGroups(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_server_groups", Needs: groups,
		Found: []acctest.Found{
			{Check: []string{"server_groups.#=2", "server_groups.0.name=bank", "server_groups.1.name=shop"}},
			{By: acctest.Attributes{"name": `"shop"`}, Check: []string{"server_groups.#=1"}},
			{By: acctest.Attributes{"name": `"gone"`}, Check: []string{"server_groups.#=0"}},
		},
	}.Test(t)
}

func TestFindFlavor(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_flavor",
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `"s6.large.2"`}, Check: []string{"name=s6.large.2", "vcpus=2", "ram=4096", "generation=s6", "performance_type=normal", "architecture=x86", "max_nics=12"}},
			{By: acctest.Attributes{"vcpus": `8`, "ram": `32768`}, Check: []string{"id=c7.2xlarge.4"}},
			{By: acctest.Attributes{"architecture": `"arm"`, "vcpus": `2`, "availability_zone": `"cn-north-4c"`}, Check: []string{"id=kc1.large.2", "availability_zone=cn-north-4c"}},
			{By: acctest.Attributes{"name_regex": `"^m7"`}, Check: []string{"performance_type=highmem"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"id": `"z9.huge"`}, Error: "Nothing .* fits id = z9.huge"},
			{Set: acctest.Attributes{"name": `"c7.2xlarge.4"`, "availability_zone": `"cn-north-4c"`}, Error: "Nothing .* fits availability_zone = cn-north-4c, name = c7.2xlarge.4"},
			{Set: acctest.Attributes{"generation": `"s6"`}, Error: "Found 4 of hwcloud_flavor"},
		},
	}.Test(t)
}

func TestFindFlavors(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_flavors",
		Found: []acctest.Found{
			{Check: []string{"flavors.#=10", "flavors.0.name=c7.2xlarge.4"}},
			{By: acctest.Attributes{"availability_zone": `"cn-north-4b"`}, Check: []string{"flavors.#=9"}}, // m7 is sold out there
			{By: acctest.Attributes{"availability_zone": `"cn-north-4c"`, "generation": `"c7"`}, Check: []string{"flavors.#=2"}},
			{By: acctest.Attributes{"vcpus": `2`, "ram": `4096`, "architecture": `"x86"`}, Check: []string{"flavors.#=2", "flavors.0.id=c7.large.2", "flavors.1.id=s6.large.2"}},
		},
	}.Test(t)
}

func TestFindAvailabilityZone(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_availability_zone",
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `"cn-north-4b"`}, Check: []string{"alias=AZ2", "type=Core", "mode=shared", "category=0"}},
			{By: acctest.Attributes{"alias": `"AZ1"`, "region": `"cn-east-3"`}, Check: []string{"id=cn-east-3a"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"id": `"cn-north-4z"`}, Error: "Nothing .* fits id = cn-north-4z"},
			{Set: acctest.Attributes{"type": `"Core"`}, Error: "Found 3 of hwcloud_availability_zone"},
		},
	}.Test(t)
}

func TestFindAvailabilityZones(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_availability_zones",
		Found: []acctest.Found{
			{Check: []string{"availability_zones.#=3", "availability_zones.0.id=cn-north-4a", "availability_zones.2.id=cn-north-4c"}},
			{By: acctest.Attributes{"mode": `"dedicated"`}, Check: []string{"availability_zones.#=0"}},
		},
	}.Test(t)
}
