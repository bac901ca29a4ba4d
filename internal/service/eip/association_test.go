package eip_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

const uuid = "0b4c1a52-7d9e-4f63-8a1b-2c3d4e5f6071"

// wanted is a pattern for an error in which any white space is one blank.
func wanted(text string) *regexp.Regexp {
	return regexp.MustCompile(regexp.MustCompile(` `).ReplaceAllString(text, `\s+`))
}

// place has two addresses and two ports.
const place = `
resource "hwcloud_eip" "test" {
  count          = 2
  type           = "5_bgp"
  bandwidth_name = "web"
  bandwidth_size = 5
}

resource "hwcloud_vpc" "test" {
  name = "web"
  cidr = "10.1.0.0/16"
}

resource "hwcloud_subnet" "test" {
  name       = "web"
  vpc_id     = hwcloud_vpc.test.id
  cidr       = "10.1.1.0/24"
  gateway_ip = "10.1.1.1"
}

resource "hwcloud_port" "test" {
  count      = 2
  network_id = hwcloud_subnet.test.id
  fixed_ips  = [{ ip_address = "10.1.1.${10 + count.index}" }]
}
`

func TestAssociation(t *testing.T) {
	t.Parallel()
	const associate, disassociate = `^POST /vpc/v3/\S+/eip/publicips/\S+/associate-instance `, `^POST /vpc/v3/\S+/eip/publicips/\S+/disassociate-instance$`
	free := map[string]any{"associate_instance_type": "", "associate_instance_id": "", "status": "DOWN"}
	acctest.Whole{
		Type: "hwcloud_eip_association", Kind: "eip", Needs: place,
		There: func(c *acctest.Cloud, id string) bool {
			bound, _ := c.Objects("eip")[id]["associate_instance_id"].(string)
			return bound != ""
		},
		Vanish: func(c *acctest.Cloud, id string) { c.Patch("eip", id, free) },
		Given: acctest.Attributes{
			"publicip_id":             `hwcloud_eip.test[0].id`,
			"associate_instance_type": `"PORT"`,
			"associate_instance_id":   `hwcloud_port.test[0].id`,
		},
		Changes: []acctest.Change{
			{
				To: acctest.Attributes{"associate_instance_id": `hwcloud_port.test[1].id`}, Replaces: true,
				Calls: []string{disassociate, associate + `{"publicip":{"associate_instance_id":"\S+","associate_instance_type":"PORT"}}$`},
				Check: []string{"status=ACTIVE", "private_ip_address=10.1.1.11"},
			},
			{To: acctest.Attributes{"publicip_id": `hwcloud_eip.test[1].id`}, Replaces: true},
			{
				To: acctest.Attributes{"associate_instance_type": `"ELB"`, "associate_instance_id": `"` + uuid + `"`}, Replaces: true,
				Calls: []string{disassociate, associate + `{"publicip":{"associate_instance_id":"` + uuid + `","associate_instance_type":"ELB"}}$`},
				Check: []string{"status=ELB"},
			},
			{To: acctest.Attributes{"associate_instance_type": `"VPN"`}, Replaces: true, Check: []string{"status=VPN"}},
			{To: acctest.Attributes{"associate_instance_type": `"NATGW"`}, Replaces: true, Check: []string{"status=ACTIVE"}},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"associate_instance_type": "ELB", "associate_instance_id": uuid, "status": "ELB"}, Seen: "associate_instance_id"},
			{Seen: "associate_instance_type"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"publicip_id": ``}, At: "", Error: `argument "publicip_id" is required`},
			{Set: acctest.Attributes{"publicip_id": `"203.0.113.9"`}, At: "publicip_id", Error: "UUID"},
			{Set: acctest.Attributes{"publicip_id": `""`}, At: "publicip_id", Error: "UUID"},
			{Set: acctest.Attributes{"associate_instance_type": ``}, At: "", Error: `argument "associate_instance_type" is required`},
			{Set: acctest.Attributes{"associate_instance_type": `"SERVER"`}, At: "associate_instance_type", Error: "one of"},
			{Set: acctest.Attributes{"associate_instance_type": `"port"`}, At: "associate_instance_type", Error: "one of"},
			{Set: acctest.Attributes{"associate_instance_type": `"ELBV1"`}, At: "associate_instance_type", Error: "one of"},
			{Set: acctest.Attributes{"associate_instance_id": ``}, At: "", Error: `argument "associate_instance_id" is required`},
			{Set: acctest.Attributes{"associate_instance_id": `"web-1"`}, At: "associate_instance_id", Error: "UUID"},
		},
	}.Test(t)
}

// A classic load balancer is told apart in answers, and bound as any other.
func TestClassicBalancer(t *testing.T) {
	t.Parallel()
	box := acctest.Start(t)
	config := place + `
resource "hwcloud_eip_association" "test" {
  publicip_id             = hwcloud_eip.test[0].id
  associate_instance_type = "ELB"
  associate_instance_id   = "` + uuid + `"
}
`
	box.Run(
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				for id, eip := range box.Objects("eip") {
					if eip["associate_instance_id"] == uuid {
						box.Patch("eip", id, map[string]any{"associate_instance_type": "ELBV1"})
					}
				}
			},
			Config: config, PlanOnly: true,
		},
	)
}

// What is bound already is neither taken away nor taken over.
func TestAssociationTaken(t *testing.T) {
	t.Parallel()
	config := func(publicip string) string {
		return place + `
resource "hwcloud_eip_association" "first" {
  publicip_id             = hwcloud_eip.test[0].id
  associate_instance_type = "PORT"
  associate_instance_id   = hwcloud_port.test[0].id
}

resource "hwcloud_eip_association" "second" {
  publicip_id             = hwcloud_eip.test[` + publicip + `].id
  associate_instance_type = "PORT"
  associate_instance_id   = hwcloud_port.test[0].id
  depends_on              = [hwcloud_eip_association.first]
}
`
	}
	acctest.Start(t).Run(
		resource.TestStep{Config: config("1"), ExpectError: wanted("VPC.0511")},
		resource.TestStep{Config: config("0"), ExpectError: wanted("VPC.0510")},
	)
}

// A server comes with an address; it shows what is bound to its port, and leaves what it does not own.
func TestServerAndEIP(t *testing.T) {
	t.Parallel()
	box := acctest.Start(t)
	config := func(more string) string {
		return place + `
data "hwcloud_image" "test" {
  name = "Ubuntu 22.04 server 64bit"
}

resource "hwcloud_server" "test" {
  name           = "web"
  image_id       = data.hwcloud_image.test.id
  flavor_id      = "s6.small.1"
  vpc_id         = hwcloud_vpc.test.id
  networks       = [{ subnet_id = hwcloud_subnet.test.id }]
  admin_password = "Plain-123"
  system_disk    = { volume_type = "SAS", size = 40 }
` + more
	}
	bound := config("}\n" + `
resource "hwcloud_eip_association" "test" {
  publicip_id             = hwcloud_eip.test[0].id
  associate_instance_type = "PORT"
  associate_instance_id   = hwcloud_server.test.networks[0].port_id
}
`)
	sharing := config(`
  eip                   = { type = "5_bgp", bandwidth_id = hwcloud_bandwidth.test.id }
  delete_eip_on_destroy = true
}

resource "hwcloud_bandwidth" "test" {
  name = "all"
  size = 5
}
`)
	publicIP := resource.TestCheckResourceAttrPair("hwcloud_server.test", "public_ip", "hwcloud_eip.test.0", "public_ip_address")
	box.Run(
		resource.TestStep{Config: bound},
		resource.TestStep{Config: bound, Check: publicIP},
		resource.TestStep{Config: place},
		resource.TestStep{Config: config("  eip = { id = hwcloud_eip.test[0].id }\n}\n"), Check: publicIP},
		resource.TestStep{Config: place},
		resource.TestStep{Config: sharing, Check: resource.TestCheckResourceAttrSet("hwcloud_server.test", "public_ip")},
		resource.TestStep{Config: sharing, Check: resource.TestCheckResourceAttr("hwcloud_bandwidth.test", "addresses.#", "1")},
		resource.TestStep{Config: place}, // the bandwidth could not go before the address
	)
	if left := box.Objects("eip"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}
