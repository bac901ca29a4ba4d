package dns_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

const uuid = "0b4c1a52-7d9e-4f63-8a1b-2c3d4e5f6071"

// addresses are what PTR records are for.
const addresses = `
resource "hwcloud_eip" "test" {
  count             = 2
  type              = "5_bgp"
  public_ip_address = "203.0.113.${10 + count.index}"
  bandwidth_name    = "web"
  bandwidth_size    = 5
}
`

func TestPTRRecord(t *testing.T) {
	t.Parallel()
	const patch = `^PATCH /dns/v2/reverse/floatingips/cn-north-4:\S+ `
	acctest.Whole{
		Type: "hwcloud_dns_ptr_record", Needs: addresses,
		Given: acctest.Attributes{
			"publicip_id":           `hwcloud_eip.test[0].id`,
			"ptrdname":              `"www.example.com."`,
			"description":           `"of the shop"`,
			"ttl":                   `600`,
			"enterprise_project_id": `"0"`,
			"tags":                  `{ env = "prod", formula = "a=b" }`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"ptrdname": `"Mail.example.com"`},
				Calls: []string{patch + `{"ptrdname":"mail.example.com."}$`},
				Check: []string{"ptrdname=Mail.example.com", "address=203.0.113.10", "status=ACTIVE"},
			},
			{
				To:    acctest.Attributes{"description": ``, "ttl": ``},
				Calls: []string{patch + `{"description":"","ptrdname":"mail.example.com.","ttl":300}$`},
				Check: []string{"ttl=300"},
			},
			{
				To: acctest.Attributes{"tags": `{ env = "test" }`},
				Calls: []string{
					`^POST /dns/v2/\S+/DNS-ptr_record/cn-north-4:\S+/tags/action {"action":"delete","tags":\[{"key":"formula","value":"a=b"}\]}$`,
					`^POST /dns/v2/\S+/DNS-ptr_record/cn-north-4:\S+/tags/action {"action":"create","tags":\[{"key":"env","value":"test"}\]}$`,
				},
				Check: []string{"tags.%=1"},
			},
			{
				To: acctest.Attributes{"publicip_id": `hwcloud_eip.test[1].id`}, Replaces: true,
				Calls: []string{
					patch + `{"ptrdname":null}$`,
					patch + `{"enterprise_project_id":"0","ptrdname":"mail.example.com.","tags":\[{"key":"env","value":"test"}\],"ttl":300}$`,
				},
				Check: []string{"address=203.0.113.11"},
			},
			{To: acctest.Attributes{"enterprise_project_id": `"` + uuid + `"`}, Replaces: true},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"ptrdname": "other.example.com."}, Seen: "ptrdname"},
			{Patch: map[string]any{"description": "other"}, Seen: "description"},
			{Patch: map[string]any{"ttl": 1}, Seen: "ttl"},
			{Patch: map[string]any{"tags": map[string]any{"env": "prod", "by": "hand"}}, Seen: "tags"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"publicip_id": ``}, At: "", Error: `argument "publicip_id" is required`},
			{Set: acctest.Attributes{"publicip_id": `"cn-north-4:x"`}, At: "publicip_id", Error: "UUID"},
			{Set: acctest.Attributes{"ptrdname": ``}, At: "", Error: `argument "ptrdname" is required`},
			{Set: acctest.Attributes{"ptrdname": `""`}, At: "ptrdname", Error: "no label"},
			{Set: acctest.Attributes{"ptrdname": `"a..b"`}, At: "ptrdname", Error: "no label"},
			{Set: acctest.Attributes{"ptrdname": `"*.example.com"`}, At: "ptrdname", Error: "no label"},
			{Set: acctest.Attributes{"description": `join("", [for i in range(256) : "a"])`}, At: "description", Error: "at most 255"},
			{Set: acctest.Attributes{"ttl": `0`}, At: "ttl", Error: "between 1 and 2147483647"},
			{Set: acctest.Attributes{"ttl": `2147483648`}, At: "ttl", Error: "between 1 and 2147483647"},
			{Set: acctest.Attributes{"enterprise_project_id": `"default"`}, At: "enterprise_project_id", Error: "UUID"},
			{Set: acctest.Attributes{"tags": `{ " a" = "b" }`}, At: "tags", Error: "a key may hold"},
		},
	}.Test(t)
}

// The name that an address stands for already is not overwritten.
func TestPTRRecordTaken(t *testing.T) {
	t.Parallel()
	box := acctest.Start(t)
	record := func(name, ptrdname string) string {
		return `
resource "hwcloud_dns_ptr_record" "` + name + `" {
  publicip_id = hwcloud_eip.test[0].id
  ptrdname    = "` + ptrdname + `"
}
`
	}
	first := addresses + record("first", "www.example.com")
	box.Run(
		resource.TestStep{Config: first},
		resource.TestStep{
			Config:      first + record("second", "mail.example.com"),
			ExpectError: regexp.MustCompile(`(?s)exists\s+already.*terraform\s+import\s+hwcloud_dns_ptr_record.NAME\s+cn-north-4:`),
		},
		resource.TestStep{Config: first, PlanOnly: true},
	)
}

// records are to be looked up.
const records = addresses + `
resource "hwcloud_dns_ptr_record" "test" {
  count       = 2
  publicip_id = hwcloud_eip.test[count.index].id
  ptrdname    = "www${count.index}.example.com"
  tags        = { index = count.index }
}
`

func TestPTRRecordLookup(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_dns_ptr_record", Needs: records,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_dns_ptr_record.test[0].id`}, Check: []string{"ptrdname=www0.example.com.", "tags.index=0"}},
			{By: acctest.Attributes{"publicip_id": `hwcloud_eip.test[1].id`}, Check: []string{"ptrdname=www1.example.com."}},
			{By: acctest.Attributes{"ptrdname": `"WWW1.example.com"`}, Check: []string{"address=203.0.113.11"}},
			{By: acctest.Attributes{"address": `"203.0.113.10"`}, Check: []string{"tags.index=0"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"ttl": `300`}, At: "", Error: "Found 2 of hwcloud_dns_ptr_record"},
			{Set: acctest.Attributes{"ptrdname": `"none.example.com"`}, At: "", Error: "Nothing in region"},
		},
	}.Test(t)
}

func TestPTRRecordsLookup(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_dns_ptr_records", Needs: records,
		Found: []acctest.Found{
			{By: acctest.Attributes{}, Check: []string{"dns_ptr_records.#=2"}},
			{By: acctest.Attributes{"tags": `{ index = 1 }`}, Check: []string{"dns_ptr_records.#=1", "dns_ptr_records.0.address=203.0.113.11"}},
			{By: acctest.Attributes{"enterprise_project_id": `"` + uuid + `"`}, Check: []string{"dns_ptr_records.#=0"}},
		},
	}.Test(t)
}
