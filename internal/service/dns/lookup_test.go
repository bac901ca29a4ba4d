package dns_test

import (
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

const names = zones + `
resource "hwcloud_dns_record_set" "web" {
  zone_id = hwcloud_dns_zone.public.id
  name    = "www.example.com"
  type    = "A"
  records = ["192.0.2.1"]
  tags    = { env = "prod" }
}

resource "hwcloud_dns_record_set" "web6" {
  zone_id = hwcloud_dns_zone.public.id
  name    = "www.example.com"
  type    = "AAAA"
  records = ["2001:db8::1"]
}

resource "hwcloud_dns_record_set" "db" {
  zone_id = hwcloud_dns_zone.private.id
  name    = "db.internal"
  type    = "A"
  records = ["10.1.1.1"]
  tags    = { env = "prod" }
}
`

func TestFindZone(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_dns_zone", Needs: zones,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_dns_zone.private.id`}, Check: []string{"name=internal.", "zone_type=private", "routers.#=1", "enabled=true"}},
			{By: acctest.Attributes{"name": `"Example.com"`}, Check: []string{"name=example.com.", "zone_type=public", "ttl=300"}},
			{By: acctest.Attributes{"zone_type": `"private"`}, Check: []string{"name=internal."}},
			{By: acctest.Attributes{"name_regex": `"^int"`}, Check: []string{"proxy_pattern=AUTHORITY"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"example.com"`, "zone_type": `"private"`}, Error: "Nothing in region cn-north-4 fits name = example.com, zone_type = private"},
			{Set: acctest.Attributes{"id": `"5a0d80c00000000000000000000000ff"`}, Error: "Nothing in region cn-north-4 fits id"},
			{Set: acctest.Attributes{"ttl": `300`}, Error: "Found 2 of hwcloud_dns_zone"},
		},
	}.Test(t)
}

func TestFindZones(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_dns_zones", Needs: zones,
		Found: []acctest.Found{
			{Check: []string{"dns_zones.#=2", "dns_zones.0.name=example.com.", "dns_zones.1.name=internal."}},
			{By: acctest.Attributes{"zone_type": `"public"`}, Check: []string{"dns_zones.#=1", "dns_zones.0.name=example.com."}},
			{By: acctest.Attributes{"name": `"gone.com"`}, Check: []string{"dns_zones.#=0"}},
		},
	}.Test(t)
}

func TestFindRecordSet(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_dns_record_set", Needs: names,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_dns_record_set.db.id`}, Check: []string{"name=db.internal.", "zone_type=private", "tags.env=prod", "default=false"}},
			{By: acctest.Attributes{"name": `"www.example.com"`, "type": `"A"`}, Check: []string{"records.#=1", "line=default_view", "weight=1", "tags.env=prod"}},
			{By: acctest.Attributes{"zone_id": `hwcloud_dns_zone.private.id`, "type": `"SOA"`}, Check: []string{"default=true", "zone_name=internal."}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"www.example.com"`}, Error: "Found 2 of hwcloud_dns_record_set"},
			{Set: acctest.Attributes{"id": `"alone"`}, Error: "not of the form zone_id/record_set_id"},
			{Set: acctest.Attributes{"name": `"www.example.com"`, "zone_type": `"private"`}, Error: "Nothing in region"},
		},
	}.Test(t)
}

func TestFindRecordSets(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_dns_record_sets", Needs: names,
		Found: []acctest.Found{
			{By: acctest.Attributes{"tags": `{ env = "prod" }`}, Check: []string{"dns_record_sets.#=2", "dns_record_sets.0.name=db.internal.", "dns_record_sets.1.name=www.example.com."}},
			{By: acctest.Attributes{"zone_id": `hwcloud_dns_zone.public.id`}, Check: []string{"dns_record_sets.#=4"}},
			{By: acctest.Attributes{"zone_type": `"private"`, "type": `"A"`}, Check: []string{"dns_record_sets.#=1", "dns_record_sets.0.zone_type=private"}},
		},
	}.Test(t)
}
