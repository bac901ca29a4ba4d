package kms_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

func TestKey(t *testing.T) {
	t.Parallel()
	call := func(verb, more string) string {
		return `^POST /kms/v1.0/\S+/kms/` + verb + ` {` + more + `}$`
	}
	const id = `"key_id":"[0-9a-f-]{36}"`
	acctest.Whole{
		Type: "hwcloud_kms_key",
		Kind: "kms_key",
		Given: acctest.Attributes{
			"key_alias":         `"shop/orders"`,
			"key_description":   `"of the orders"`,
			"rotation_enabled":  `true`,
			"rotation_interval": `90`,
			"tags":              `{ env = "prod", empty = "" }`,
		},
		Changes: []acctest.Change{
			{
				To: acctest.Attributes{"key_alias": `"shop/bills"`, "key_description": `"of the bills"`},
				Calls: []string{
					call("update-key-alias", `"key_alias":"shop/bills",`+id), call("update-key-description", `"key_description":"of the bills",`+id),
				},
				Check: []string{"key_alias=shop/bills", "key_description=of the bills", "rotation_interval=90"},
			},
			{To: acctest.Attributes{"rotation_interval": `30`}, Calls: []string{call("update-key-rotation-interval", id+`,"rotation_interval":30`)}},
			{
				To: acctest.Attributes{"rotation_enabled": `false`, "rotation_interval": ``, "enabled": `false`, "key_description": ``},
				Calls: []string{
					call("update-key-description", `"key_description":"",`+id), call("disable-key-rotation", id), call("disable-key", id),
				},
				Check: []string{"key_state=3", "enabled=false", "rotation_interval=365"},
			},
			{
				To: acctest.Attributes{"rotation_enabled": `true`, "rotation_interval": `60`, "enabled": ``},
				Calls: []string{
					call("enable-key", id), call("enable-key-rotation", id), call("update-key-rotation-interval", id+`,"rotation_interval":60`),
				},
				Check: []string{"key_state=2", "enabled=true", "rotation_interval=60"},
			},
			{To: acctest.Attributes{"pending_days": `10`}, Calls: []string{}, Check: []string{"pending_days=10"}},
			{
				To: acctest.Attributes{"tags": `{ env = "test" }`},
				Calls: []string{
					`^POST /kms/v1.0/\S+/kms/[0-9a-f-]{36}/tags/action {"action":"delete","tags":\[{"key":"empty","value":""}\]}$`,
					`^POST /kms/v1.0/\S+/kms/[0-9a-f-]{36}/tags/action {"action":"create","tags":\[{"key":"env","value":"test"}\]}$`,
				},
			},
			{
				To:       acctest.Attributes{"key_alias": `"sign"`, "key_spec": `"EC_P256"`, "rotation_enabled": ``, "rotation_interval": ``},
				Replaces: true,
				Calls: []string{
					call("schedule-key-deletion", id+`,"pending_days":"10"`), call("create-key", `"key_alias":"sign","key_spec":"EC_P256"`), `/tags/action `,
				},
				Check: []string{"key_usage=SIGN_VERIFY", "rotation_enabled=false"},
			},
			{To: acctest.Attributes{"key_alias": `"rsa"`, "key_spec": `"RSA_2048"`, "key_usage": `"ENCRYPT_DECRYPT"`}, Replaces: true},
			{To: acctest.Attributes{"key_alias": `"rsa-2"`, "key_usage": `"SIGN_VERIFY"`}, Replaces: true},
			{To: acctest.Attributes{"key_alias": `"own"`, "key_spec": ``, "key_usage": ``, "origin": `"external"`}, Replaces: true, Check: []string{"key_state=5"}},
			{To: acctest.Attributes{"key_alias": `"shared"`, "origin": ``, "keystore_id": `"1"`}, Replaces: true},
			{To: acctest.Attributes{"key_alias": `"ep"`, "enterprise_project_id": `"8a9d7b6c-0000-4000-8000-000000000001"`}, Replaces: true},
		},
		Drift: []acctest.Drift{
			{Patch: map[string]any{"key_alias": "other"}, Seen: "key_alias"},
			{Patch: map[string]any{"key_description": "other"}, Seen: "key_description"},
			{Patch: map[string]any{"key_state": "3"}, Seen: "enabled"},
			{Patch: map[string]any{"rotation_enabled": false}, Seen: "rotation_enabled"},
			{Patch: map[string]any{"rotation_interval": 200}, Seen: "rotation_interval"},
			{Patch: map[string]any{"tags": map[string]any{"env": "prod", "by": "hand"}}, Seen: "tags"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"key_alias": `"of orders"`}, At: "key_alias", Error: "1 to 255 letters"},
			{Set: acctest.Attributes{"key_alias": `""`}, At: "key_alias", Error: "1 to 255 letters"},
			{Set: acctest.Attributes{"key_alias": `"evs/default"`}, At: "key_alias", Error: "end in /default"},
			{Set: acctest.Attributes{"key_description": `join("", [for i in range(256) : "a"])`}, At: "key_description", Error: "at most 255"},
			{Set: acctest.Attributes{"key_spec": `"DES"`}, At: "key_spec", Error: "must be one of"},
			{Set: acctest.Attributes{"key_usage": `"SIGN"`}, At: "key_usage", Error: "must be one of"},
			{Set: acctest.Attributes{"key_usage": `"SIGN_VERIFY"`}, At: "key_usage", Error: "symmetric key cannot sign"},
			{Set: acctest.Attributes{"key_spec": `"EC_P256"`, "key_usage": `"ENCRYPT_DECRYPT"`}, At: "key_usage", Error: "can only sign"},
			{Set: acctest.Attributes{"key_spec": `"RSA_2048"`}, At: "rotation_enabled", Error: "Only a symmetric key"},
			{Set: acctest.Attributes{"origin": `"external"`}, At: "rotation_enabled", Error: "Only a symmetric key"},
			{Set: acctest.Attributes{"origin": `"mine"`}, At: "origin", Error: "must be one of"},
			{Set: acctest.Attributes{"rotation_enabled": ``}, At: "rotation_interval", Error: "does not rotate"},
			{Set: acctest.Attributes{"rotation_enabled": `false`}, At: "rotation_interval", Error: "does not rotate"},
			{Set: acctest.Attributes{"rotation_interval": `29`}, At: "rotation_interval", Error: "between 30 and 365"},
			{Set: acctest.Attributes{"pending_days": `6`}, At: "pending_days", Error: "between 7 and 1096"},
			{Set: acctest.Attributes{"pending_days": `1097`}, At: "pending_days", Error: "between 7 and 1096"},
			{
				Set: acctest.Attributes{"origin": `"external"`, "rotation_enabled": ``, "rotation_interval": ``, "enabled": `false`},
				At:  "enabled", Error: "before it is imported",
			},
			{Set: acctest.Attributes{"keystore_id": `""`}, At: "keystore_id", Error: "at least 1"},
			{Set: acctest.Attributes{"enterprise_project_id": `"mine"`}, At: "enterprise_project_id", Error: "UUID"},
			{Set: acctest.Attributes{"tags": `{ "a=b" = "c" }`}, At: "tags", Error: "may not hold"},
			{Set: acctest.Attributes{"tags": `{ (join("", [for i in range(37) : "a"])) = "c" }`}, At: "tags", Error: "between 1 and 36"},
			{Set: acctest.Attributes{"tags": `{ for i in range(11) : "k${i}" => "v" }`}, At: "tags", Error: "at most 10"},
		},
	}.Test(t)
}

// A key whose deletion somebody has scheduled counts as gone, though the cloud still answers it.
func TestKeyAwaitsDeletion(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	config := func(alias string) string {
		return fmt.Sprintf("resource \"hwcloud_kms_key\" \"test\" {\n  key_alias = %q\n  pending_days = 30\n}\n", alias)
	}
	id := ""
	c.Run(
		resource.TestStep{Config: config("first"), Check: func(s *terraform.State) error {
			id = s.RootModule().Resources["hwcloud_kms_key.test"].Primary.ID
			return nil
		}},
		resource.TestStep{
			PreConfig: func() {
				c.Ask(cloud.KMS, "POST", "/v1.0/{project_id}/kms/schedule-key-deletion", map[string]any{"key_id": id, "pending_days": "7"})
				c.Forget()
			},
			Config: config("second"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("hwcloud_kms_key.test", plancheck.ResourceActionCreate),
			}},
		},
	)
	if keys := c.Objects("kms_key"); len(keys) != 2 || keys[id]["key_state"] != "4" {
		t.Errorf("destroyed are %v", keys)
	}
	if calls := c.Calls("/schedule-key-deletion$"); len(calls) != 1 {
		t.Errorf("what awaits deletion is left alone: %v", calls)
	}
}

// A key that awaits deletion is taken back when that is asked for, and only then; what cannot be changed must fit.
func TestKeyAdoptsPendingDeletion(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	config := func(more string) string {
		return "resource \"hwcloud_kms_key\" \"test\" {\n  key_alias = \"first\"\n" + more + "\n}\n"
	}
	id := ""
	c.Run(
		resource.TestStep{Config: config(`tags = { a = "1", b = "2" }`), Check: func(s *terraform.State) error {
			id = s.RootModule().Resources["hwcloud_kms_key.test"].Primary.ID
			return nil
		}},
		resource.TestStep{
			PreConfig: func() {
				c.Ask(cloud.KMS, "POST", "/v1.0/{project_id}/kms/schedule-key-deletion", map[string]any{"key_id": id, "pending_days": "7"})
				c.Forget()
			},
			Config: config(""), ExpectError: acctest.Says("The cloud answered 400", "KMS.1104"),
		},
		resource.TestStep{
			Config: config("adopt_pending_deletion = true\nkey_spec = \"SM4\""), ExpectError: acctest.Says(id, "its key_spec is AES_256", "cannot be changed"),
		},
		resource.TestStep{
			PreConfig: c.Forget,
			Config:    config("adopt_pending_deletion = true\nkey_description = \"back\"\nrotation_enabled = true\ntags = { b = \"3\" }"),
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckResourceAttrWith("hwcloud_kms_key.test", "id", func(got string) error {
					if got != id {
						return fmt.Errorf("%s is another key than %s", got, id)
					}
					return nil
				}),
				resource.TestCheckResourceAttr("hwcloud_kms_key.test", "key_state", "2"),
				resource.TestCheckResourceAttr("hwcloud_kms_key.test", "enabled", "true"),
				resource.TestCheckResourceAttr("hwcloud_kms_key.test", "rotation_interval", "365"),
				resource.TestCheckResourceAttr("hwcloud_kms_key.test", "tags.%", "1"),
			),
		},
	)
	if calls := c.Calls("/create-key$"); len(calls) != 0 {
		t.Errorf("another key was made: %v", calls)
	}
}

// A key can be disabled from the beginning.
func TestKeyDisabledFromTheBeginning(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Run(resource.TestStep{
		Config: "resource \"hwcloud_kms_key\" \"test\" {\n  key_alias = \"later\"\n  enabled = false\n  rotation_enabled = true\n}\n",
		Check: resource.ComposeTestCheckFunc(
			resource.TestCheckResourceAttr("hwcloud_kms_key.test", "key_state", "3"),
			resource.TestCheckResourceAttr("hwcloud_kms_key.test", "rotation_enabled", "true"),
			resource.TestCheckResourceAttr("hwcloud_kms_key.test", "rotation_interval", "365"),
		),
	})
}
