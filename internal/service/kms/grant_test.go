package kms_test

import (
	"strings"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

const grantKeys = `
resource "hwcloud_kms_key" "orders" {
  key_alias = "orders"
}

resource "hwcloud_kms_key" "bills" {
  key_alias = "bills"
}
`

// ofGrant is the sandbox's id of a grant: without the key's.
func ofGrant(id string) string { return id[strings.Index(id, "/")+1:] }

func TestGrant(t *testing.T) {
	t.Parallel()
	const revoke = `^POST /kms/v1.0/\S+/kms/revoke-grant {"grant_id":"[0-9a-f]{64}","key_id":"[0-9a-f-]{36}"}$`
	grant := func(body string) []string {
		return []string{revoke, `^POST /kms/v1.0/\S+/kms/create-grant {"grantee_principal":` + body + `}$`}
	}
	acctest.Whole{
		Type: "hwcloud_kms_grant", Needs: grantKeys, ID: ofGrant,
		Given: acctest.Attributes{
			"key_id":                 `hwcloud_kms_key.orders.id`,
			"grantee_principal":      `"0d0466b00d0466b00d0466b00d0466b0"`,
			"grantee_principal_type": `"domain"`,
			"operations":             `["create-grant", "describe-key"]`,
			"name":                   `"to:shop/a_b-c"`,
			"retiring_principal":     `"u2"`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"name": `"shop"`, "operations": `["describe-key"]`},
				Calls: grant(`"0d0466b00d0466b00d0466b00d0466b0","grantee_principal_type":"domain","key_id":"[0-9a-f-]{36}","name":"shop","operations":\["describe-key"\],"retiring_principal":"u2"`),
				Check: []string{"operations.#=1"}, Replaces: true,
			},
			{To: acctest.Attributes{"name": ``, "retiring_principal": ``, "grantee_principal_type": ``}, Replaces: true, Check: []string{"grantee_principal_type=user"}},
			{To: acctest.Attributes{"retiring_principal": `"u3"`}, Replaces: true},
			{To: acctest.Attributes{"name": `"again"`}, Replaces: true},
			{To: acctest.Attributes{"operations": `["encrypt-data", "decrypt-data"]`}, Replaces: true},
			{To: acctest.Attributes{"grantee_principal": `"u4"`}, Replaces: true, Calls: grant(`"u4","key_id":.*`)},
			{To: acctest.Attributes{"grantee_principal_type": `"domain"`}, Replaces: true},
			{To: acctest.Attributes{"key_id": `hwcloud_kms_key.bills.id`}, Replaces: true},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"grantee_principal": "u9"}, Seen: "grantee_principal"},
			{Patch: map[string]any{"grantee_principal_type": "user"}, Seen: "grantee_principal_type"},
			{Patch: map[string]any{"operations": []string{"describe-key", "encrypt-data"}}, Seen: "operations"},
			{Patch: map[string]any{"name": "other"}, Seen: "name"},
			{Patch: map[string]any{"retiring_principal": ""}, Seen: "retiring_principal"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"key_id": `"orders"`}, At: "key_id", Error: "UUID"},
			{Set: acctest.Attributes{"key_id": ``}, At: "", Error: `"key_id" is required`},
			{Set: acctest.Attributes{"grantee_principal": `"somebody@example.com"`}, At: "grantee_principal", Error: "1 to 64 letters and digits"},
			{Set: acctest.Attributes{"grantee_principal": `""`}, At: "grantee_principal", Error: "1 to 64 letters and digits"},
			{Set: acctest.Attributes{"grantee_principal": `join("", [for i in range(65) : "a"])`}, At: "grantee_principal", Error: "1 to 64 letters and digits"},
			{Set: acctest.Attributes{"grantee_principal": ``}, At: "", Error: `"grantee_principal" is required`},
			{Set: acctest.Attributes{"grantee_principal_type": `"agency"`}, At: "grantee_principal_type", Error: "must be one of"},
			{Set: acctest.Attributes{"operations": `[]`}, At: "operations", Error: "at least 1"},
			{Set: acctest.Attributes{"operations": `["sign"]`}, At: "operations", Error: "must be one of"},
			{Set: acctest.Attributes{"operations": `["create-grant"]`}, At: "operations", Error: "create-grant alone"},
			{Set: acctest.Attributes{"operations": ``}, At: "", Error: `"operations" is required`},
			{Set: acctest.Attributes{"name": `"of orders"`}, At: "name", Error: "1 to 255 letters"},
			{Set: acctest.Attributes{"name": `join("", [for i in range(256) : "a"])`}, At: "name", Error: "1 to 255 letters"},
			{Set: acctest.Attributes{"retiring_principal": `"u-2"`}, At: "retiring_principal", Error: "1 to 64 letters and digits"},
		},
	}.Test(t)
}

const grants = grantKeys + `
resource "hwcloud_kms_grant" "shop" {
  key_id            = hwcloud_kms_key.orders.id
  grantee_principal = "u1"
  operations        = ["encrypt-data"]
  name              = "shop"
}

resource "hwcloud_kms_grant" "bank" {
  key_id                 = hwcloud_kms_key.orders.id
  grantee_principal      = "d1"
  grantee_principal_type = "domain"
  operations             = ["decrypt-data", "describe-key"]
}

resource "hwcloud_kms_grant" "bills" {
  key_id            = hwcloud_kms_key.bills.id
  grantee_principal = "u1"
  operations        = ["encrypt-data"]
}
`

func TestFindGrant(t *testing.T) {
	t.Parallel()
	const key = `hwcloud_kms_key.orders.id`
	acctest.Lookup{
		Type: "hwcloud_kms_grant", Needs: grants,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_kms_grant.shop.id`}, Check: []string{"name=shop", "grantee_principal=u1", "operations.#=1"}},
			{By: acctest.Attributes{"key_id": key, "name": `"shop"`}, Check: []string{"grantee_principal_type=user"}},
			{By: acctest.Attributes{"key_id": key, "grantee_principal_type": `"domain"`}, Check: []string{"grantee_principal=d1", "operations.#=2"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"shop"`}, Error: "without an id, key_id is needed"},
			{Set: acctest.Attributes{"id": key}, Error: "is not of the form key_id/grant_id"},
			{Set: acctest.Attributes{"key_id": key, "name": `"gone"`}, Error: "Nothing .* fits"},
			{Set: acctest.Attributes{"key_id": key}, Error: "Found 2 of hwcloud_kms_grant"},
		},
	}.Test(t)
}

func TestFindGrants(t *testing.T) {
	t.Parallel()
	const key = `hwcloud_kms_grant.shop.key_id`
	acctest.Lookup{
		Type: "hwcloud_kms_grants", Needs: grants,
		Found: []acctest.Found{
			{By: acctest.Attributes{"key_id": key}, Check: []string{"kms_grants.#=2"}},
			{By: acctest.Attributes{"key_id": key, "grantee_principal": `"d1"`}, Check: []string{"kms_grants.#=1", "kms_grants.0.operations.#=2"}},
			{By: acctest.Attributes{"key_id": `hwcloud_kms_grant.bills.key_id`}, Check: []string{"kms_grants.#=1"}},
		},
	}.Test(t)
}
