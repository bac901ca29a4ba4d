package eip_test

import (
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

// sought has three addresses, one of them bound and one of them in a shared bandwidth.
const sought = `
resource "hwcloud_eip" "web" {
  type              = "5_bgp"
  alias             = "web"
  public_ip_address = "203.0.113.9"
  bandwidth_name    = "web"
  bandwidth_size    = 5
  tags              = { env = "prod", role = "web" }
}

resource "hwcloud_eip" "db" {
  type                  = "5_sbgp"
  alias                 = "db"
  public_ip_address     = "203.0.113.10"
  bandwidth_name        = "db"
  bandwidth_size        = 10
  bandwidth_charge_mode = "traffic"
  tags                  = { env = "prod" }
}

resource "hwcloud_eip" "lab" {
  type           = "5_bgp"
  bandwidth_name = "lab"
  bandwidth_size = 10
}

resource "hwcloud_bandwidth" "all" {
  name = "all"
  size = 50
}

resource "hwcloud_bandwidth" "none" {
  name                  = "none"
  size                  = 5
  enterprise_project_id = "` + uuid + `"
}

resource "hwcloud_bandwidth_membership" "lab" {
  publicip_id  = hwcloud_eip.lab.id
  bandwidth_id = hwcloud_bandwidth.all.id
}

resource "hwcloud_eip_association" "web" {
  publicip_id             = hwcloud_eip.web.id
  associate_instance_type = "ELB"
  associate_instance_id   = "` + uuid + `"
}
`

func TestEIPLookup(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_eip", Needs: sought,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_eip.web.id`}, Check: []string{"alias=web", "bandwidth_size=5", "status=ELB", "tags.role=web"}},
			{By: acctest.Attributes{"alias": `"db"`}, Check: []string{"public_ip_address=203.0.113.10", "type=5_sbgp", "bandwidth_charge_mode=traffic"}},
			{By: acctest.Attributes{"public_ip_address": `"203.0.113.9"`}, Check: []string{"alias=web"}},
			{By: acctest.Attributes{"associate_instance_id": `"` + uuid + `"`}, Check: []string{"alias=web"}},
			{By: acctest.Attributes{"bandwidth_share_type": `"WHOLE"`}, Check: []string{"bandwidth_name=all", "bandwidth_size=50"}},
			{By: acctest.Attributes{"tags": `{ role = "web" }`}, Check: []string{"alias=web"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"alias": `"none"`}, At: "", Error: "Nothing in region cn-north-4 fits alias = none"},
			{Set: acctest.Attributes{"type": `"5_bgp"`}, At: "", Error: "Found 2 of hwcloud_eip"},
			{Set: acctest.Attributes{"id": `"` + uuid + `"`}, At: "", Error: "Nothing in region"},
		},
	}.Test(t)
}

func TestEIPsLookup(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_eips", Needs: sought,
		Found: []acctest.Found{
			{By: acctest.Attributes{}, Check: []string{"eips.#=3"}},
			{By: acctest.Attributes{"tags": `{ env = "prod" }`}, Check: []string{"eips.#=2"}},
			{By: acctest.Attributes{"bandwidth_size": `10`}, Check: []string{"eips.#=1", "eips.0.alias=db"}},
			{By: acctest.Attributes{"bandwidth_id": `hwcloud_bandwidth.all.id`}, Check: []string{"eips.#=1"}},
			{By: acctest.Attributes{"status": `"DOWN"`}, Check: []string{"eips.#=2"}},
			{By: acctest.Attributes{"type": `"5_union"`}, Check: []string{"eips.#=0"}},
		},
	}.Test(t)
}

func TestAssociationLookup(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_eip_association", Needs: sought,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_eip.web.id`}, Check: []string{"associate_instance_type=ELB", "public_ip_address=203.0.113.9"}},
			{By: acctest.Attributes{"associate_instance_id": `"` + uuid + `"`}, Check: []string{"public_ip_address=203.0.113.9"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"id": `hwcloud_eip.db.id`}, At: "", Error: "Nothing in region"},
			{Set: acctest.Attributes{"associate_instance_type": `"PORT"`}, At: "", Error: "Nothing in region"},
		},
	}.Test(t)
}

func TestAssociationsLookup(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_eip_associations", Needs: sought,
		Found: []acctest.Found{
			{By: acctest.Attributes{}, Check: []string{"eip_associations.#=1", "eip_associations.0.status=ELB"}},
			{By: acctest.Attributes{"publicip_id": `hwcloud_eip.db.id`}, Check: []string{"eip_associations.#=0"}},
		},
	}.Test(t)
}

func TestBandwidthLookup(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_bandwidth", Needs: sought,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_bandwidth.all.id`}, Check: []string{"name=all", "addresses.#=1"}},
			{By: acctest.Attributes{"name": `"none"`}, Check: []string{"size=5", "addresses.#=0"}},
			{By: acctest.Attributes{"enterprise_project_id": `"` + uuid + `"`}, Check: []string{"name=none"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"web"`}, At: "", Error: "Nothing in region"},
			{Set: acctest.Attributes{"share_type": `"WHOLE"`}, At: "", Error: "Found 2 of hwcloud_bandwidth"},
		},
	}.Test(t)
}

func TestBandwidthsLookup(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_bandwidths", Needs: sought,
		Found: []acctest.Found{
			{By: acctest.Attributes{}, Check: []string{"bandwidths.#=2", "bandwidths.0.name=all"}},
			{By: acctest.Attributes{"name_regex": `"^n"`}, Check: []string{"bandwidths.#=1"}},
			{By: acctest.Attributes{"size": `50`}, Check: []string{"bandwidths.#=1"}},
		},
	}.Test(t)
}

func TestMembershipLookup(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_bandwidth_membership", Needs: sought,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `"${hwcloud_eip.lab.id}/${hwcloud_bandwidth.all.id}"`}, Check: []string{"bandwidth_name=all"}},
			{By: acctest.Attributes{"publicip_id": `hwcloud_eip.lab.id`}, Check: []string{"bandwidth_size=50"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"id": `hwcloud_eip.lab.id`}, At: "", Error: "publicip_id/bandwidth_id"},
			{Set: acctest.Attributes{"publicip_id": `hwcloud_eip.web.id`}, At: "", Error: "Nothing in region"},
		},
	}.Test(t)
}

func TestMembershipsLookup(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_bandwidth_memberships", Needs: sought,
		Found: []acctest.Found{
			{By: acctest.Attributes{}, Check: []string{"bandwidth_memberships.#=1"}},
			{By: acctest.Attributes{"bandwidth_id": `hwcloud_bandwidth.none.id`}, Check: []string{"bandwidth_memberships.#=0"}},
		},
	}.Test(t)
}
