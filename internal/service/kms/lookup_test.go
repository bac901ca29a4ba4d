package kms_test

import (
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

const keys = `
resource "hwcloud_kms_key" "orders" {
  key_alias        = "orders"
  rotation_enabled = true
  tags             = { env = "prod" }
}

resource "hwcloud_kms_key" "bills" {
  key_alias = "bills"
  tags      = { env = "test" }
}

resource "hwcloud_kms_key" "sign" {
  key_alias = "sign"
  key_spec  = "RSA_2048"
  enabled   = false
}
`

func TestFindKey(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_kms_key", Needs: keys,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `hwcloud_kms_key.orders.id`}, Check: []string{"key_alias=orders", "rotation_interval=365", "tags.env=prod"}},
			{By: acctest.Attributes{"key_alias": `"sign"`}, Check: []string{"key_usage=SIGN_VERIFY", "enabled=false", "key_state=3"}},
			{By: acctest.Attributes{"rotation_enabled": `true`}, Check: []string{"key_alias=orders"}},
			{By: acctest.Attributes{"tags": `{ env = "test" }`}, Check: []string{"key_alias=bills"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"key_alias": `"gone"`}, Error: "Nothing in region cn-north-4 fits key_alias = gone"},
			{Set: acctest.Attributes{"key_spec": `"AES_256"`}, Error: "Found 2 of hwcloud_kms_key"},
		},
	}.Test(t)
}

func TestFindKeys(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_kms_keys", Needs: keys,
		Found: []acctest.Found{
			{Check: []string{"kms_keys.#=3"}},
			{By: acctest.Attributes{"enabled": `true`}, Check: []string{"kms_keys.#=2"}},
			{By: acctest.Attributes{"key_spec": `"RSA_2048"`}, Check: []string{"kms_keys.#=1", "kms_keys.0.key_alias=sign"}},
		},
	}.Test(t)
}
