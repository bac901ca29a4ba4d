package kps_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4pYhmsLzQ4mFUzGGbNCvrc7b9ZyCm0EHqkHFVgSpUR deploy"

// at is the sandbox's id of a key pair, of which the cloud's is the name.
func at(c *acctest.Cloud, name string) string {
	for id := range c.Objects("key_pair") {
		if strings.HasSuffix(id, "/"+name) {
			return id
		}
	}
	return ""
}

func TestKeyPair(t *testing.T) {
	t.Parallel()
	const put = `^PUT /kms/v3/\S+/keypairs/deploy `
	acctest.Whole{
		Type:   "hwcloud_key_pair",
		There:  func(c *acctest.Cloud, id string) bool { return at(c, id) != "" },
		Vanish: func(c *acctest.Cloud, id string) { c.Delete("key_pair", at(c, id)) },
		Given: acctest.Attributes{
			"name":        `"deploy"`,
			"public_key":  fmt.Sprintf("%q", key),
			"type":        `"ssh"`,
			"scope":       `"domain"`,
			"description": `"of the shop"`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"description": `"changed"`},
				Calls: []string{put + `{"keypair":{"description":"changed"}}$`},
				Check: []string{"description=changed", "algorithm=SSH-ED25519", "key_protected=false", "frozen_state=0"},
			},
			{To: acctest.Attributes{"description": ``}, Calls: []string{put + `{"keypair":{"description":""}}$`}},
			{
				To: acctest.Attributes{"name": `"rescue"`, "description": `"made"`}, Replaces: true,
				Calls: []string{
					`^DELETE /kms/v3/\S+/keypairs/deploy$`, `^POST /kms/v3/\S+/keypairs {"keypair":{"name":"rescue","public_key":"\S+ \S+ deploy","scope":"domain","type":"ssh"}}$`,
					`^PUT /kms/v3/\S+/keypairs/rescue {"keypair":{"description":"made"}}$`,
				},
				Check: []string{"id=rescue"},
			},
			{To: acctest.Attributes{"scope": `"user"`}, Replaces: true, Check: []string{"scope=user"}},
			{To: acctest.Attributes{"type": `"x509"`}, Replaces: true, Check: []string{"type=x509"}},
			{To: acctest.Attributes{"public_key": fmt.Sprintf("%q", strings.TrimSuffix(key, " deploy"))}, Replaces: true},
		},
		Drift: []acctest.Drift{
			{Do: func(c *acctest.Cloud, id string) {
				c.Patch("key_pair", at(c, id), map[string]any{"description": "other", "scope": "user", "public_key": "ssh-rsa AAAA other"})
			}, Seen: "description"},
			{Seen: "scope"},
			{Seen: "public_key"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `""`}, At: "name", Error: "1 to 255 Latin letters"},
			{Set: acctest.Attributes{"name": `"my key"`}, At: "name", Error: "1 to 255 Latin letters"},
			{Set: acctest.Attributes{"name": `join("", [for i in range(256) : "a"])`}, At: "name", Error: "1 to 255 Latin letters"},
			{Set: acctest.Attributes{"public_key": `"-----BEGIN PUBLIC KEY-----"`}, At: "public_key", Error: "form of authorized_keys"},
			{Set: acctest.Attributes{"public_key": `"~/.ssh/id_rsa.pub"`}, At: "public_key", Error: "form of authorized_keys"},
			{Set: acctest.Attributes{"public_key": fmt.Sprintf(`"%s\n%s"`, key, key)}, At: "public_key", Error: "form of authorized_keys"},
			{Set: acctest.Attributes{"type": `"pgp"`}, At: "type", Error: "must be one of"},
			{Set: acctest.Attributes{"scope": `"world"`}, At: "scope", Error: "must be one of"},
			{Set: acctest.Attributes{"description": `join("", [for i in range(256) : "a"])`}, At: "description", Error: "at most 255"},
		},
	}.Test(t)
}

// The private key of a generated pair is told once and kept, also through changes; an imported pair has none.
func TestGeneratedKeyPair(t *testing.T) {
	t.Parallel()
	const config = `
resource "hwcloud_key_pair" "test" {
  name        = "rescue"
  description = "%s"
}
`
	private := resource.TestMatchResourceAttr("hwcloud_key_pair.test", "private_key", regexp.MustCompile("^-----BEGIN RSA PRIVATE KEY-----\n"))
	first := ""
	same := func(s *terraform.State) error {
		now := s.RootModule().Resources["hwcloud_key_pair.test"].Primary.Attributes["private_key"]
		if first == "" {
			first = now
		}
		if now != first {
			return fmt.Errorf("the private key is another")
		}
		return nil
	}
	acctest.Start(t).Run(
		resource.TestStep{Config: fmt.Sprintf(config, "one"), Check: resource.ComposeAggregateTestCheckFunc(private, same)},
		resource.TestStep{RefreshState: true, Check: same},
		resource.TestStep{Config: fmt.Sprintf(config, "two"), Check: same},
		resource.TestStep{ResourceName: "hwcloud_key_pair.test", ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"private_key"}},
	)
}

// The newline at a file's end makes no other key.
func TestKeyPairOfFile(t *testing.T) {
	t.Parallel()
	config := fmt.Sprintf("resource \"hwcloud_key_pair\" \"test\" {\n  name = \"deploy\"\n  public_key = %q\n}\n", key+"\n")
	acctest.Start(t).Run(
		resource.TestStep{Config: config},
		resource.TestStep{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
	)
}

// A name that is taken is refused, whichever API it was taken by.
func TestKeyPairExists(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Ask(cloud.ECS, "POST", "/v2.1/{project_id}/os-keypairs", map[string]any{"keypair": map[string]any{"name": "deploy"}})
	c.Run(resource.TestStep{
		Config:      `resource "hwcloud_key_pair" "test" { name = "deploy" }`,
		ExpectError: regexp.MustCompile(`(?s)Cannot create hwcloud_key_pair "deploy".*409`),
	})
}

const pairs = `
resource "hwcloud_key_pair" "deploy" {
  name        = "deploy"
  public_key  = "` + key + `"
  description = "of the shop"
}

resource "hwcloud_key_pair" "rescue" {
  name = "rescue"
}
`

func TestFindKeyPair(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_key_pair", Needs: pairs,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": `"deploy"`}, Check: []string{"description=of the shop", "type=ssh", "scope=user"}},
			{By: acctest.Attributes{"name": `"deploy"`}, Check: []string{"id=deploy", "description=of the shop", "public_key=" + key}},
			{By: acctest.Attributes{"fingerprint": `hwcloud_key_pair.rescue.fingerprint`}, Check: []string{"name=rescue"}},
			{By: acctest.Attributes{"name_regex": `"^r"`}, Check: []string{"name=rescue"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"name": `"gone"`}, Error: "Nothing .* fits name = gone"},
			{Set: acctest.Attributes{"id": `"gone"`}, Error: "Nothing .* fits id = gone"},
			{Set: acctest.Attributes{"scope": `"user"`}, Error: "Found 2 of hwcloud_key_pair"},
		},
	}.Test(t)
}

func TestFindKeyPairs(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_key_pairs", Needs: pairs,
		Found: []acctest.Found{
			{Check: []string{"key_pairs.#=2", "key_pairs.0.name=deploy", "key_pairs.0.description=of the shop", "key_pairs.1.name=rescue"}},
			{By: acctest.Attributes{"scope": `"domain"`}, Check: []string{"key_pairs.#=0"}},
		},
	}.Test(t)
}
