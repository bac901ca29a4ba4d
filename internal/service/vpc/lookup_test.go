package vpc_test

import (
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

const networks = `
resource "hwcloud_vpc" "web" {
  name = "web"
  cidr = "10.1.0.0/16"
  tags = { env = "prod", team = "red" }
}

resource "hwcloud_vpc" "lab" {
  name        = "lab"
  cidr        = "10.1.0.0/16"
  description = "for trying"
  tags        = { env = "test", team = "red" }
  depends_on  = [hwcloud_vpc.web] # it is the younger one
}

resource "hwcloud_subnet" "front" {
  name       = "front"
  vpc_id     = hwcloud_vpc.web.id
  cidr       = "10.1.1.0/24"
  gateway_ip = "10.1.1.1"
}

resource "hwcloud_subnet" "lab" {
  name       = "front"
  vpc_id     = hwcloud_vpc.lab.id
  cidr       = "10.1.1.0/24"
  gateway_ip = "10.1.1.254"
}
`

func TestFindVPC(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_vpc", Needs: networks,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_vpc.web.id`}, Check: []string{"name=web", "cidr=10.1.0.0/16", "tags.%=2", "status=ACTIVE"}},
			{By: acctest.Attributes{"name": `"web"`}, Check: []string{"tags.env=prod"}},
			{By: acctest.Attributes{"cidr": `"10.1.0.0/16"`, "description": `"for trying"`}, Check: []string{"name=lab"}},
			{By: acctest.Attributes{"tags": `{ team = "red", env = "test" }`}, Check: []string{"name=lab"}},
			{By: acctest.Attributes{"name_regex": `"^w"`}, Check: []string{"name=web"}},
			{By: acctest.Attributes{"cidr": `"10.1.0.0/16"`, "most_recent": `true`}, Check: []string{"name=lab"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"gone"`}, Error: "Nothing in region cn-north-4 fits name = gone"},
			{Set: acctest.Attributes{"id": `"5a0d80c0-0000-4000-8000-000000000000"`}, Error: "Nothing in region cn-north-4 fits id = 5a0d"},
			{Set: acctest.Attributes{"id": `hwcloud_vpc.web.id`, "name": `"lab"`}, Error: "Nothing .* fits id = .*, name = lab"},
			{Set: acctest.Attributes{"name": `"web"`, "region": `"cn-east-3"`}, Error: "Nothing in region cn-east-3"},
			{Set: acctest.Attributes{"tags": `{ team = "red" }`}, Error: "Found 2 of hwcloud_vpc.*data source hwcloud_vpcs"},
		},
	}.Test(t)
}

func TestFindVPCs(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_vpcs", Needs: networks,
		Found: []acctest.Found{
			{Check: []string{"vpcs.#=2", "vpcs.0.name=lab", "vpcs.1.name=web", "vpcs.1.tags.env=prod"}},
			{By: acctest.Attributes{"name": `"web"`}, Check: []string{"vpcs.#=1", "vpcs.0.cidr=10.1.0.0/16"}},
			{By: acctest.Attributes{"tags": `{ team = "red" }`, "name_regex": `"^l"`}, Check: []string{"vpcs.#=1", "vpcs.0.name=lab"}},
			{By: acctest.Attributes{"name": `"gone"`}, Check: []string{"vpcs.#=0"}},
			{By: acctest.Attributes{"region": `"cn-east-3"`}, Check: []string{"vpcs.#=0"}},
		},
	}.Test(t)
}

func TestFindSubnet(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_subnet", Needs: networks,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_subnet.front.id`}, Check: []string{"name=front", "gateway_ip=10.1.1.1", "dhcp_enabled=true"}},
			{By: acctest.Attributes{"name": `"front"`, "vpc_id": `hwcloud_vpc.lab.id`}, Check: []string{"gateway_ip=10.1.1.254"}},
			{By: acctest.Attributes{"gateway_ip": `"10.1.1.1"`, "dhcp_enabled": `true`}, Check: []string{"cidr=10.1.1.0/24"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"front"`}, Error: "Found 2 of hwcloud_subnet"},
			{Set: acctest.Attributes{"name": `"front"`, "dhcp_enabled": `false`}, Error: "Nothing .* fits dhcp_enabled = false, name = front"},
		},
	}.Test(t)
}

func TestFindSubnets(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_subnets", Needs: networks,
		Found: []acctest.Found{
			{By: acctest.Attributes{"name": `"front"`}, Check: []string{"subnets.#=2"}},
			{By: acctest.Attributes{"vpc_id": `hwcloud_vpc.web.id`}, Check: []string{"subnets.#=1", "subnets.0.gateway_ip=10.1.1.1"}},
		},
	}.Test(t)
}

const groups = `
resource "hwcloud_security_group" "web" {
  name = "web"
  tags = { env = "prod" }
}

resource "hwcloud_security_group" "db" {
  name        = "db"
  description = "for the database"
  tags        = { env = "prod" }
}
`

func TestFindSecurityGroup(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_security_group", Needs: groups,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_security_group.web.id`}, Check: []string{"name=web", "tags.env=prod"}},
			{By: acctest.Attributes{"name": `"default"`}, Check: []string{"description=Default security group"}},
			{By: acctest.Attributes{"tags": `{ env = "prod" }`, "description": `"for the database"`}, Check: []string{"name=db"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"gone"`}, Error: "Nothing in region cn-north-4 fits name = gone"},
			{Set: acctest.Attributes{"tags": `{ env = "prod" }`}, Error: "Found 2 of hwcloud_security_group"},
		},
	}.Test(t)
}

func TestFindSecurityGroups(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_security_groups", Needs: groups,
		Found: []acctest.Found{
			{Check: []string{"security_groups.#=3", "security_groups.0.name=db", "security_groups.1.name=default"}},
			{By: acctest.Attributes{"tags": `{ env = "prod" }`, "name_regex": `"^w"`}, Check: []string{"security_groups.#=1", "security_groups.0.name=web"}},
		},
	}.Test(t)
}

const rules = groups + `
resource "hwcloud_security_group_rule" "http" {
  security_group_id = hwcloud_security_group.web.id
  direction         = "ingress"
  protocol          = "tcp"
  multiport         = "80"
  priority          = 7
}
`

func TestFindSecurityGroupRule(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_security_group_rule", Needs: rules,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_security_group_rule.http.id`}, Check: []string{"multiport=80", "priority=7"}},
			{By: acctest.Attributes{"security_group_id": `hwcloud_security_group.web.id`, "protocol": `"tcp"`}, Check: []string{"multiport=80", "ethertype=IPv4"}},
			{By: acctest.Attributes{"priority": `7`}, Check: []string{"action=allow"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"protocol": `"udp"`}, Error: "Nothing .* fits protocol = udp"},
			{Set: acctest.Attributes{"security_group_id": `hwcloud_security_group.web.id`, "direction": `"egress"`}, Error: "Found 2 of hwcloud_security_group_rule"},
		},
	}.Test(t)
}

func TestFindSecurityGroupRules(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_security_group_rules", Needs: rules,
		Found: []acctest.Found{
			{By: acctest.Attributes{"security_group_id": `hwcloud_security_group.web.id`}, Check: []string{"security_group_rules.#=5"}},
			{By: acctest.Attributes{"remote_group_id": `hwcloud_security_group.db.id`, "ethertype": `"IPv6"`}, Check: []string{"security_group_rules.#=1", "security_group_rules.0.direction=ingress"}},
		},
	}.Test(t)
}

const ports = place + `
resource "hwcloud_port" "one" {
  name       = "one"
  network_id = hwcloud_subnet.front.id
  fixed_ips  = [{ ip_address = "10.1.1.10" }]
  tags       = { env = "prod" }
}

resource "hwcloud_port" "two" {
  name       = "two"
  network_id = hwcloud_subnet.front.id
  tags       = { env = "prod" }
}
`

func TestFindPort(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_port", Needs: ports,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_port.one.id`}, Check: []string{"name=one", "fixed_ips.0.ip_address=10.1.1.10", "tags.env=prod"}},
			{By: acctest.Attributes{"name": `"two"`, "network_id": `hwcloud_subnet.front.id`}, Check: []string{"status=DOWN"}},
			{By: acctest.Attributes{"device_owner": `"network:dhcp"`, "network_id": `hwcloud_subnet.front.id`}, Check: []string{"status=ACTIVE"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"gone"`}, Error: "Nothing .* fits name = gone"},
			{Set: acctest.Attributes{"tags": `{ env = "prod" }`}, Error: "Found 2 of hwcloud_port"},
		},
	}.Test(t)
}

func TestFindPorts(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_ports", Needs: ports,
		Found: []acctest.Found{
			{By: acctest.Attributes{"network_id": `hwcloud_subnet.front.id`}, Check: []string{"ports.#=4"}},
			{By: acctest.Attributes{"vpc_id": `hwcloud_vpc.test.id`, "tags": `{ env = "prod" }`}, Check: []string{"ports.#=2", "ports.0.name=one"}},
		},
	}.Test(t)
}

const peerings = peers + `
resource "hwcloud_vpc_peering" "db" {
  name        = "web-db"
  vpc_id      = hwcloud_vpc.web.id
  peer_vpc_id = hwcloud_vpc.db.id
}

resource "hwcloud_vpc_peering" "lab" {
  name        = "web-lab"
  vpc_id      = hwcloud_vpc.web.id
  peer_vpc_id = hwcloud_vpc.lab.id
}
`

func TestFindPeering(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_vpc_peering", Needs: peerings,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_vpc_peering.db.id`}, Check: []string{"name=web-db", "status=ACTIVE"}},
			{By: acctest.Attributes{"peer_vpc_id": `hwcloud_vpc.lab.id`}, Check: []string{"name=web-lab"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"gone"`}, Error: "Nothing .* fits name = gone"},
			{Set: acctest.Attributes{"status": `"ACTIVE"`}, Error: "Found 2 of hwcloud_vpc_peering"},
		},
	}.Test(t)
}

func TestFindPeerings(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_vpc_peerings", Needs: peerings,
		Found: []acctest.Found{
			{By: acctest.Attributes{"vpc_id": `hwcloud_vpc.web.id`}, Check: []string{"vpc_peerings.#=2", "vpc_peerings.0.name=web-db"}},
			{By: acctest.Attributes{"status": `"REJECTED"`}, Check: []string{"vpc_peerings.#=0"}},
		},
	}.Test(t)
}
