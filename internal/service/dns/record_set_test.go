package dns_test

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

const zones = vpcs + `
resource "hwcloud_dns_zone" "public" {
  name = "example.com"
}

resource "hwcloud_dns_zone" "private" {
  name      = "internal"
  zone_type = "private"
  routers   = [local.one]
}
`

const (
	putSet   = `^PUT /dns/v2.1/zones/\w+/recordsets/\w+ `
	setState = `^PUT /dns/v2.1/recordsets/\w+/statuses/set `
)

func TestRecordSet(t *testing.T) {
	t.Parallel()
	acctest.Whole{
		Type:  "hwcloud_dns_record_set",
		ID:    path.Base,
		Needs: zones,
		Given: acctest.Attributes{
			"zone_id":     `hwcloud_dns_zone.public.id`,
			"name":        `"www.example.com."`,
			"type":        `"A"`,
			"records":     `["192.0.2.2", "192.0.2.1"]`,
			"ttl":         `600`,
			"description": `"of the shop"`,
			"line":        `"Dianxin_Beijing"`,
			"weight":      `0`,
			"enabled":     `false`,
			"tags":        `{ env = "prod", formula = "a=b", empty = "" }`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"description": `"changed"`, "records": `["192.0.2.1", "192.0.2.3"]`, "ttl": `60`, "weight": `1000`},
				Calls: []string{putSet + `{"description":"changed","name":"www.example.com.","records":\["192.0.2.1","192.0.2.3"\],"ttl":60,"type":"A","weight":1000}$`},
				Check: []string{"records.#=2", "weight=1000", "status=DISABLE"},
			},
			{
				To:    acctest.Attributes{"name": `"*.example.com."`, "enabled": `true`},
				Calls: []string{putSet + `{"name":"\*.example.com.","type":"A"}$`, setState + `{"status":"ENABLE"}$`},
				Check: []string{"name=*.example.com.", "status=ACTIVE", "weight=1000"},
			},
			{
				To:    acctest.Attributes{"description": ``, "ttl": ``, "weight": ``, "enabled": ``},
				Calls: []string{putSet + `{"description":"","name":"\*.example.com.","ttl":300,"type":"A"}$`},
				Check: []string{"ttl=300", "weight=1000"},
			},
			{
				To: acctest.Attributes{"tags": `{ env = "test", formula = "a=b" }`},
				Calls: []string{
					`^POST /dns/v2/\w+/DNS-public_recordset/\w+/tags/action {"action":"delete","tags":\[{"key":"empty","value":""}\]}$`,
					`^POST /dns/v2/\w+/DNS-public_recordset/\w+/tags/action {"action":"create","tags":\[{"key":"env","value":"test"}\]}$`,
				},
				Check: []string{"tags.%=2", "zone_type=public", "zone_name=example.com."},
			},
			{To: acctest.Attributes{"type": `"AAAA"`, "records": `["2001:db8::1"]`}, Replaces: true},
			{To: acctest.Attributes{"line": `"Yidong"`}, Replaces: true, Check: []string{"line=Yidong"}},
			{To: acctest.Attributes{"records": ``, "alias_target": `{ resource_type = "waf", resource_domain_name = "x.waf.example.net" }`}, Replaces: true},
			{
				To:       acctest.Attributes{"zone_id": `hwcloud_dns_zone.private.id`, "name": `"www.internal."`, "alias_target": ``, "records": `["2001:db8::2"]`, "line": ``},
				Replaces: true, Check: []string{"zone_type=private", "tags.env=test"},
			},
			{
				To:    acctest.Attributes{"tags": `{ env = "last" }`},
				Calls: []string{`^POST /dns/v2/\w+/DNS-private_recordset/\w+/tags/action {"action":"delete",`, `^POST /dns/v2/\w+/DNS-private_recordset/\w+/tags/action {"action":"create",`},
			},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"description": "other"}, Seen: "description"},
			{Patch: map[string]any{"records": []any{"192.0.2.9"}}, Seen: "records"},
			{Patch: map[string]any{"ttl": 1}, Seen: "ttl"},
			{Patch: map[string]any{"weight": 7}, Seen: "weight"},
			{Patch: map[string]any{"status": "ACTIVE"}, Seen: "enabled"},
			{Patch: map[string]any{"name": "other.example.com."}, Seen: "name"},
			{Patch: map[string]any{"tags": map[string]any{"env": "prod", "by": "hand"}}, Seen: "tags"},
		},
		Refused: append(badRecords(), []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"www .example.com"`}, At: "name", Error: "is no label"},
			{Set: acctest.Attributes{"name": `"www.*.example.com"`}, At: "name", Error: `"\*" is no label`},
			{Set: acctest.Attributes{"name": `"*.example.com"`, "type": `"SRV"`, "records": `["1 2 3 sip.example.com"]`}, At: "name", Error: `no record set of type SRV`},
			{Set: acctest.Attributes{"type": `"SOA"`}, At: "type", Error: "must be one of"},
			{Set: acctest.Attributes{"zone_id": `""`}, At: "zone_id", Error: "at least 1"},
			{Set: acctest.Attributes{"records": `[]`}, At: "records", Error: "at least 1"},
			{Set: acctest.Attributes{"records": `[for i in range(51) : "192.0.2.${i}"]`}, At: "records", Error: "at most 50"},
			{Set: acctest.Attributes{"records": ``}, At: "", Error: "needs records, or an alias_target"},
			{Set: acctest.Attributes{"weight": ``, "alias_target": `{ resource_type = "waf", resource_domain_name = "x.example.net" }`}, At: "alias_target", Error: "either records or an alias_target"},
			{Set: acctest.Attributes{"weight": ``, "records": ``, "alias_target": `{ resource_type = "cdn", resource_domain_name = "x.example.net" }`}, At: "", Error: "must be one of"},
			{Set: acctest.Attributes{"weight": ``, "records": ``, "alias_target": `{ resource_type = "waf", resource_domain_name = "x y" }`}, At: "", Error: "is no label"},
			{Set: acctest.Attributes{"records": ``, "alias_target": `{ resource_type = "waf", resource_domain_name = "x.example.net" }`}, At: "weight", Error: "An alias has no weight"},
			{Set: acctest.Attributes{"type": `"MX"`, "records": `["10 mail.example.com"]`}, At: "weight", Error: "type MX has no weight"},
			{Set: acctest.Attributes{"weight": `1001`}, At: "weight", Error: "between 0 and 1000"},
			{Set: acctest.Attributes{"ttl": `0`}, At: "ttl", Error: "between 1 and 2147483647"},
			{Set: acctest.Attributes{"line": `""`}, At: "line", Error: "at least 1"},
			{Set: acctest.Attributes{"description": `join("", [for i in range(256) : "a"])`}, At: "description", Error: "at most 255"},
			{Set: acctest.Attributes{"tags": `{ "a#b" = "c" }`}, At: "tags", Error: "blanks within"},
		}...),
	}.Test(t)
}

// badRecords are records that are none of their type.
func badRecords() (refused []acctest.Refusal) {
	for _, bad := range [][2]string{
		{"A", `192.0.2.256`}, {"A", `2001:db8::1`}, {"AAAA", `192.0.2.1`}, {"AAAA", `2001:db8::1::2`}, {"AAAA", `fe80::1%eth0`},
		{"CNAME", `www example.com`}, {"CNAME", `-www.example.com`}, {"MX", `mail.example.com`}, {"MX", `65536 mail.example.com`}, {"MX", `10  mail.example.com`},
		{"TXT", `v=spf1 -all`}, {"TXT", `\"a\" b`}, {"TXT", `\"` + strings.Repeat("a", 256) + `\"`}, {"SRV", `1 10 sip.example.com`}, {"SRV", `1 10 65536 sip.example.com`},
		{"NS", `ns1..example.com`}, {"CAA", `256 issue \"ca.example.com\"`}, {"CAA", `0 sell \"ca.example.com\"`}, {"CAA", `0 issue ca.example.com`}, {"PTR", `192.0.2.1 host`},
	} {
		refused = append(refused, acctest.Refusal{
			Set: acctest.Attributes{"type": fmt.Sprintf("%q", bad[0]), "records": fmt.Sprintf("[\"%s\"]", bad[1]), "weight": ""},
			At:  "records", Error: "is no record of type " + bad[0],
		})
	}
	twice := func(recordType, one, other string) acctest.Refusal {
		return acctest.Refusal{Set: acctest.Attributes{"type": fmt.Sprintf("%q", recordType), "records": fmt.Sprintf("[%q, %q]", one, other), "weight": ""}, At: "records", Error: "stands there twice"}
	}
	return append(refused,
		twice("AAAA", "2001:DB8:0::1", "2001:db8::1"), twice("NS", "ns1.example.com", "NS1.example.com."),
		acctest.Refusal{Set: acctest.Attributes{"type": `"CNAME"`, "records": `["a.example.com", "b.example.com"]`}, At: "records", Error: "A CNAME has one record, not 2"},
	)
}

// Every type is made as it is written, and however it is spelled nothing is left to do: neither after the apply, nor when the
// spelling changes, nor after an import.
func TestSpellings(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t)
	config := func(zone string, records [][3]string) string {
		text := vpcs + fmt.Sprintf(`
resource "hwcloud_dns_zone" "public" {
  name = %q
}

resource "hwcloud_dns_zone" "private" {
  name      = "internal"
  zone_type = "private"
  routers   = [local.one]
}
`, zone)
		for _, r := range records {
			zone := "public"
			if strings.Contains(strings.ToLower(r[1]), "internal") {
				zone = "private"
			}
			text += fmt.Sprintf(`
resource "hwcloud_dns_record_set" %q {
  zone_id = hwcloud_dns_zone.%s.id
  name    = %q
  type    = %q
  records = [%s]
}
`, strings.ToLower(r[0]), zone, r[1], r[0], r[2])
		}
		return text
	}
	first := config("Example.COM", [][3]string{
		{"A", "Example.com", `"192.0.2.1"`},
		{"AAAA", "example.com", `"2001:DB8:0::1", "2001:db8::2"`},
		{"CAA", "example.com", `"0 issue \"CA.example.com\""`},
		{"CNAME", "*.example.com", `"WWW.example.net"`},
		{"MX", "example.com", `"10 mail.example.com", "20 Mail2.example.com."`},
		{"NS", "sub.example.com", `"ns1.example.net", "ns2.example.net."`},
		{"SRV", "_sip._tcp.example.com", `"1 10 5060 sip.example.com"`},
		{"TXT", "example.com", `"\"v=spf1 -all\"", "\"one\" \"Two\""`},
		{"PTR", "1.2.0.192.internal", `"host.internal"`},
	})
	second := config("example.com.", [][3]string{
		{"A", "EXAMPLE.com.", `"192.0.2.1"`},
		{"AAAA", "example.com.", `"2001:db8::1", "2001:db8::2"`},
		{"CAA", "example.com.", `"0 issue \"CA.example.com\""`},
		{"CNAME", "*.example.com.", `"www.example.net."`},
		{"MX", "example.com.", `"10 mail.example.com.", "20 mail2.example.com"`},
		{"NS", "sub.example.com.", `"ns2.example.net", "ns1.example.net."`},
		{"SRV", "_sip._tcp.example.com.", `"1 10 5060 sip.example.com."`},
		{"TXT", "example.com.", `"\"v=spf1 -all\"", "\"one\" \"Two\""`},
		{"PTR", "1.2.0.192.internal.", `"host.internal."`},
	})
	steps := []resource.TestStep{
		{Config: first, Check: resource.ComposeTestCheckFunc(
			resource.TestCheckResourceAttr("hwcloud_dns_zone.public", "name", "Example.COM"),
			resource.TestCheckTypeSetElemAttr("hwcloud_dns_record_set.mx", "records.*", "10 mail.example.com"),
			func(*terraform.State) error {
				if sent := cloud.Calls("^POST /dns/v2/zones$")[0].Body; !strings.Contains(sent, `"example.com."`) {
					return fmt.Errorf("sent as %s", sent)
				}
				return nil
			},
		)},
		{Config: second, PlanOnly: true},
	}
	for _, address := range []string{"hwcloud_dns_zone.public", "hwcloud_dns_record_set.aaaa", "hwcloud_dns_record_set.mx", "hwcloud_dns_record_set.ptr"} {
		steps = append(steps, resource.TestStep{Config: first, ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID})
	}
	cloud.Run(steps...)
}

// Many record sets are refreshed by their lists, with their tags and without a question for the zone of each.
func TestManyRecordSets(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t)
	config := zones + `
resource "hwcloud_dns_record_set" "public" {
  count   = 10
  zone_id = hwcloud_dns_zone.public.id
  name    = "h${count.index}.example.com"
  type    = "A"
  records = ["192.0.2.${count.index}"]
  tags    = { n = count.index }
}

resource "hwcloud_dns_record_set" "private" {
  count   = 10
  zone_id = hwcloud_dns_zone.private.id
  name    = "h${count.index}.internal"
  type    = "A"
  records = ["10.1.1.${count.index}"]
  tags    = { n = count.index }
}
`
	var refreshes int
	cloud.Run(
		resource.TestStep{Config: config},
		resource.TestStep{PreConfig: cloud.Forget, Config: config, PlanOnly: true},
		resource.TestStep{PreConfig: func() { refreshes = len(cloud.Calls(`^GET /dns/`)) }, Config: config, PlanOnly: true},
	)
	if refreshes == 0 || refreshes > 30 { // a plan before the test's own is the framework's; singly it were 40 each
		t.Errorf("20 record sets and 2 zones took %d requests", refreshes)
	}
}
