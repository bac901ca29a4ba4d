package vpc_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

func TestPrivateIP(t *testing.T) {
	t.Parallel()
	const post = `^POST /vpc/v1/\S+/privateips {"privateips":\[{`
	acctest.Whole{
		Type: "hwcloud_private_ip", Kind: "port", Needs: place,
		Given: acctest.Attributes{
			"subnet_id":  `hwcloud_subnet.front.id`,
			"ip_address": `"10.1.1.10"`,
		},
		Changes: []acctest.Change{
			{
				To: acctest.Attributes{"ip_address": `"10.1.1.11"`}, Replaces: true,
				Calls: []string{`^DELETE /vpc/v1/\S+/privateips/\S+$`, post + `"ip_address":"10.1.1.11","subnet_id":"\S+"}\]}$`},
				Check: []string{"ip_address=10.1.1.11", "status=DOWN", "device_owner="},
			},
			{
				To: acctest.Attributes{"subnet_id": `hwcloud_subnet.back.id`, "ip_address": ``}, Replaces: true,
				Calls: []string{`^DELETE `, post + `"subnet_id":"\S+"}\]}$`},
				Check: []string{"ip_address=10.1.2.2"},
			},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"fixed_ips": []any{map[string]any{"ip_address": "10.1.1.99"}}}, Seen: "ip_address"},
			{
				Do: func(c *acctest.Cloud, id string) {
					c.Patch("port", id, map[string]any{"network_id": c.ID("subnet", "back")})
				},
				Seen: "subnet_id",
			},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"subnet_id": `"front"`}, At: "subnet_id", Error: "UUID"},
			{Set: acctest.Attributes{"subnet_id": `""`}, At: "subnet_id", Error: "UUID"},
			{Set: acctest.Attributes{"subnet_id": ``}, At: "", Error: `"subnet_id" is required`},
			{Set: acctest.Attributes{"ip_address": `"ten"`}, At: "ip_address", Error: "no IPv4 address"},
			{Set: acctest.Attributes{"ip_address": `"10.1.1.0/24"`}, At: "ip_address", Error: "no IPv4 address"},
			{Set: acctest.Attributes{"ip_address": `"fd00::1"`}, At: "ip_address", Error: "no IPv4 address"},
			{Set: acctest.Attributes{"ip_address": `"10.1.1.256"`}, At: "ip_address", Error: "no IPv4 address"},
			{Set: acctest.Attributes{"ip_address": `""`}, At: "ip_address", Error: "no IPv4 address"},
		},
	}.Test(t)
}

const addresses = place + `
resource "hwcloud_private_ip" "test" {
  count      = 5
  subnet_id  = hwcloud_subnet.front.id
  ip_address = "10.1.1.${10 + count.index}"
}
`

// What is reserved is given to nothing else. One whose answer is lost is told from those that are alike.
func TestPrivateIPIsReserved(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Run(
		resource.TestStep{Config: addresses},
		resource.TestStep{Config: addresses, PlanOnly: true},
		resource.TestStep{
			PreConfig: func() {
				c.Break(acctest.Fault{Method: "POST", Path: "/privateips$", Times: 1, Action: map[string]any{"drop_after": true}})
			},
			Config: addresses + `
resource "hwcloud_private_ip" "free" {
  subnet_id = hwcloud_subnet.front.id
}
`,
			Check: resource.TestCheckResourceAttr("hwcloud_private_ip.free", "ip_address", "10.1.1.2"),
		},
		resource.TestStep{Config: addresses + `
resource "hwcloud_port" "test" {
  network_id = hwcloud_subnet.front.id
  fixed_ips  = [{ ip_address = hwcloud_private_ip.test[2].ip_address }]
}
`, ExpectError: regexp.MustCompile("10.1.1.12 is in use")},
	)
}

func TestFindPrivateIP(t *testing.T) {
	t.Parallel()
	const subnet = `hwcloud_private_ip.test[0].subnet_id`
	acctest.Lookup{
		Type: "hwcloud_private_ip", Needs: addresses,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_private_ip.test[1].id`}, Check: []string{"ip_address=10.1.1.11", "status=DOWN"}},
			{By: acctest.Attributes{"subnet_id": subnet, "ip_address": `"10.1.1.12"`}, Check: []string{"device_owner="}},
			{By: acctest.Attributes{"subnet_id": subnet, "device_owner": `"network:dhcp"`}, Check: []string{"ip_address=10.1.1.254"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"ip_address": `"10.1.1.12"`}, Error: "without an id, subnet_id is needed"},
			{Set: acctest.Attributes{"subnet_id": subnet, "ip_address": `"10.1.1.99"`}, Error: "Nothing .* fits"},
			{Set: acctest.Attributes{"subnet_id": subnet, "status": `"DOWN"`}, Error: "Found 5 of hwcloud_private_ip"},
		},
	}.Test(t)
}

func TestFindPrivateIPs(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_private_ips", Needs: addresses,
		Found: []acctest.Found{
			{By: acctest.Attributes{"subnet_id": `hwcloud_private_ip.test[0].subnet_id`}, Check: []string{"private_ips.#=7"}},
			{By: acctest.Attributes{"subnet_id": `hwcloud_private_ip.test[0].subnet_id`, "status": `"DOWN"`}, Check: []string{"private_ips.#=5"}},
			{By: acctest.Attributes{"subnet_id": `hwcloud_subnet.back.id`}, Check: []string{"private_ips.#=2"}},
		},
	}.Test(t)
}
