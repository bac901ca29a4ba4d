package kms_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

const kmsCall = `^POST /kms/v1.0/\S+/kms/`

func TestRandom(t *testing.T) {
	t.Parallel()
	acctest.Ephemeral{
		Type: "hwcloud_kms_random",
		Opened: []acctest.Opened{
			{
				With:  acctest.Attributes{"random_data_length": `8`},
				Call:  kmsCall + `gen-random {"random_data_length":"8"}$`,
				Check: []string{"random_data=[0-9a-f]{2}", "region=cn-north-4"},
			},
			{
				With:  acctest.Attributes{"random_data_length": `8192`, "region": `"cn-east-3"`},
				Call:  kmsCall + `gen-random {"random_data_length":"8192"}$`,
				Check: []string{"random_data=[0-9a-f]{1000}[0-9a-f]{1000}[0-9a-f]{48}", "region=cn-east-3"},
			},
		},
		Refused: []acctest.Refusal{
			{At: "", Error: `"random_data_length" is required`},
			{Set: acctest.Attributes{"random_data_length": `0`}, At: "random_data_length", Error: "between 8 and 8192"},
			{Set: acctest.Attributes{"random_data_length": `8193`}, At: "random_data_length", Error: "between 8 and 8192"},
			{Set: acctest.Attributes{"random_data_length": `8.5`}, At: "random_data_length", Error: "8.5 is no whole number"},
			{Set: acctest.Attributes{"random_data_length": `12`}, At: "random_data_length", Error: "multiple of 8"},
			{Set: acctest.Attributes{"random_data_length": `-8`}, At: "random_data_length", Error: "between 8 and 8192"},
			{Set: acctest.Attributes{"random_data_length": `["8"]`}, At: "random_data_length", Error: "number required"},
			{Set: acctest.Attributes{"random_data_length": `"many"`}, At: "random_data_length", Error: "a number is required"},
			{Set: acctest.Attributes{"random_data_length": `8`, "region": `""`}, At: "region", Error: "at least 1"},
		},
	}.Test(t)
}

// makeKey makes a key that can be used at once, and encrypts something with it.
func makeKey(c *acctest.Cloud, more map[string]any, encrypt map[string]any) (id, text string) {
	c.Configure(map[string]any{"job_ms": 0})
	more["key_alias"] = "orders"
	id = c.Ask(cloud.KMS, "POST", "/v1.0/{project_id}/kms/create-key", more)["key_info"].(map[string]any)["key_id"].(string)
	encrypt["key_id"] = id
	return id, c.Ask(cloud.KMS, "POST", "/v1.0/{project_id}/kms/encrypt-data", encrypt)["cipher_text"].(string)
}

func TestDataKey(t *testing.T) {
	t.Parallel()
	const some = `"5a0d80c0-0000-4000-8000-000000000000"`
	acctest.Ephemeral{
		Type: "hwcloud_kms_data_key",
		Before: func(c *acctest.Cloud) map[string]string {
			id, _ := makeKey(c, map[string]any{}, map[string]any{"plain_text": "a"})
			return map[string]string{"key": id}
		},
		Opened: []acctest.Opened{
			{
				With:  acctest.Attributes{"key_id": `local.key`},
				Call:  kmsCall + `create-datakey {"key_id":"[0-9a-f-]{36}"}$`,
				Check: []string{"plain_text=[0-9a-f]{64}", "cipher_text=[0-9a-f]{200,}"},
			},
			{
				With:  acctest.Attributes{"key_id": `local.key`, "key_spec": `"AES_128"`, "additional_authenticated_data": `"shop"`},
				Call:  kmsCall + `create-datakey {"additional_authenticated_data":"shop","key_id":"[0-9a-f-]{36}","key_spec":"AES_128"}$`,
				Check: []string{"plain_text=[0-9a-f]{32}"},
			},
			{
				With:  acctest.Attributes{"key_id": `local.key`, "datakey_length": `512`},
				Call:  kmsCall + `create-datakey {"datakey_length":"512","key_id":"[0-9a-f-]{36}"}$`,
				Check: []string{"plain_text=[0-9a-f]{128}", "region=cn-north-4"},
			},
		},
		Refused: []acctest.Refusal{
			{At: "", Error: `"key_id" is required`},
			{Set: acctest.Attributes{"key_id": `"orders"`}, At: "key_id", Error: "UUID"},
			{Set: acctest.Attributes{"key_id": some, "key_spec": `"DES"`}, At: "key_spec", Error: "must be one of"},
			{Set: acctest.Attributes{"key_id": some, "key_spec": `"SM4"`, "datakey_length": `128`}, At: "key_spec", Error: "cannot be specified when"},
			{Set: acctest.Attributes{"key_id": some, "datakey_length": `7`}, At: "datakey_length", Error: "between 8 and 8192"},
			{Set: acctest.Attributes{"key_id": some, "datakey_length": `8200`}, At: "datakey_length", Error: "between 8 and 8192"},
			{Set: acctest.Attributes{"key_id": some, "datakey_length": `9`}, At: "datakey_length", Error: "multiple of 8"},
			{Set: acctest.Attributes{"key_id": some, "additional_authenticated_data": `""`}, At: "additional_authenticated_data", Error: "between 1 and 128"},
			{
				Set: acctest.Attributes{"key_id": some, "additional_authenticated_data": `join("", [for i in range(129) : "a"])`},
				At:  "additional_authenticated_data", Error: "between 1 and 128",
			},
		},
	}.Test(t)
}

func TestDecrypt(t *testing.T) {
	t.Parallel()
	some := `"` + strings.Repeat("YQ==", 40) + `"`
	acctest.Ephemeral{
		Type: "hwcloud_kms_decrypt",
		Before: func(c *acctest.Cloud) map[string]string {
			id, text := makeKey(c, map[string]any{}, map[string]any{"plain_text": "hush", "additional_authenticated_data": "shop"})
			return map[string]string{"key": id, "text": text}
		},
		Opened: []acctest.Opened{{
			With:  acctest.Attributes{"cipher_text": `local.text`, "additional_authenticated_data": `"shop"`},
			Call:  kmsCall + `decrypt-data {"additional_authenticated_data":"shop","cipher_text":"[0-9a-zA-Z+/=]+"}$`,
			Check: []string{"plain_text=hush", "plain_text_base64=aHVzaA==", "key_id=[0-9a-f-]{36}"},
		}},
		Refused: []acctest.Refusal{
			{At: "", Error: `"cipher_text" is required`},
			{Set: acctest.Attributes{"cipher_text": `"YQ=="`}, At: "cipher_text", Error: "between 128 and 5648"},
			{Set: acctest.Attributes{"cipher_text": `join("", [for i in range(1000) : "base64"])`}, At: "cipher_text", Error: "between 128 and 5648"},
			{Set: acctest.Attributes{"cipher_text": `join("", [for i in range(200) : "-"])`}, At: "cipher_text", Error: "base 64"},
			{Set: acctest.Attributes{"cipher_text": some, "key_id": `"orders"`}, At: "key_id", Error: "UUID"},
			{Set: acctest.Attributes{"cipher_text": some, "encryption_algorithm": `"RSA"`}, At: "encryption_algorithm", Error: "must be one of"},
			{Set: acctest.Attributes{"cipher_text": some, "encryption_algorithm": `"SM2_ENCRYPT"`}, At: "encryption_algorithm", Error: "key_id must name it"},
			{Set: acctest.Attributes{"cipher_text": some, "additional_authenticated_data": `""`}, At: "additional_authenticated_data", Error: "between 1 and 128"},
		},
	}.Test(t)
}

// What an asymmetric key has encrypted is decrypted by naming the key.
func TestDecryptAsymmetric(t *testing.T) {
	t.Parallel()
	acctest.Ephemeral{
		Type: "hwcloud_kms_decrypt",
		Before: func(c *acctest.Cloud) map[string]string {
			id, text := makeKey(c, map[string]any{"key_spec": "RSA_2048", "key_usage": "ENCRYPT_DECRYPT"}, map[string]any{
				"plain_text": "hush", "encryption_algorithm": "RSAES_OAEP_SHA_256",
			})
			return map[string]string{"key": id, "text": text}
		},
		Opened: []acctest.Opened{{
			With:  acctest.Attributes{"cipher_text": `local.text`, "key_id": `local.key`, "encryption_algorithm": `"RSAES_OAEP_SHA_256"`},
			Call:  kmsCall + `decrypt-data {"cipher_text":"\S+","encryption_algorithm":"RSAES_OAEP_SHA_256","key_id":"[0-9a-f-]{36}"}$`,
			Check: []string{"plain_text=hush"},
		}},
	}.Test(t)
}

// What the cloud does not open is told as every refusal is.
func TestDecryptRefused(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	_, text := makeKey(c, map[string]any{}, map[string]any{"plain_text": "hush", "additional_authenticated_data": "shop"})
	c.Run(resource.TestStep{
		Config:      fmt.Sprintf("ephemeral \"hwcloud_kms_decrypt\" \"test\" {\n  cipher_text = %q\n}\n", text),
		ExpectError: regexp.MustCompile(`(?s)Cannot open hwcloud_kms_decrypt.*400 KMS.2901.*with\s+request\s+id`),
	})
}
