package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const kmsPath = "/kms/v1.0/" + north + "/kms/"

// key makes a key and returns its id; more are further members of the request.
func (c *client) kmsKey(alias, more string) string {
	c.t.Helper()
	return c.do(200, "POST", kmsPath+"create-key", fmt.Sprintf(`{"key_alias":%q%s}`, alias, more)).str("key_info", "key_id")
}

// kms calls an operation of a key; more are further members of the request.
func (c *client) kms(status int, verb, id, more string) answer {
	c.t.Helper()
	return c.do(status, "POST", kmsPath+verb, fmt.Sprintf(`{"key_id":%q%s}`, id, more))
}

func TestKey(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	id := c.kmsKey("orders", `,"key_description":"d"`)
	c.want(c.kms(200, "describe-key", id, ""), map[string]any{
		"key_info.key_alias": "orders", "key_info.key_description": "d", "key_info.key_state": "2", "key_info.key_spec": "AES_256",
		"key_info.key_usage": "ENCRYPT_DECRYPT", "key_info.origin": "kms", "key_info.keystore_id": "0", "key_info.default_key_flag": "0",
		"key_info.realm": "cn-north-4", "key_info.scheduled_deletion_date": "", "key_info.key_rotation_enabled": "false",
		"key_info.sys_enterprise_project_id": "0",
	})
	c.want(c.kms(200, "disable-key", id, ""), map[string]any{"key_info.key_state": "3"})
	c.want(c.kms(400, "disable-key", id, ""), map[string]any{"error.error_code": "KMS.1301"})
	c.want(c.kms(200, "enable-key", id, ""), map[string]any{"key_info.key_state": "2"})
	c.want(c.kms(400, "enable-key", id, ""), map[string]any{"error.error_code": "KMS.1201"})
	c.want(c.kms(200, "update-key-alias", id, `,"key_alias":"bills"`), map[string]any{"key_info.key_alias": "bills"})
	c.want(c.kms(200, "update-key-description", id, `,"key_description":""`), map[string]any{"key_info.key_description": ""})
	c.want(c.do(200, "GET", kmsPath+"user-instances", ""), map[string]any{"instance_num": 1})

	external := c.kmsKey("own", `,"origin":"external"`)
	c.want(c.kms(200, "describe-key", external, ""), map[string]any{"key_info.key_state": "5"})
	c.kms(400, "enable-key", external, "")
	c.kms(404, "describe-key", "5a0d80c0-0000-4000-8000-000000000000", "")
	c.kms(400, "describe-key", "none", "")
}

// A new key is not usable at once.
func TestKeyIsActivated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{JobMS: 1000})
		id := c.kmsKey("orders", "")
		c.want(c.kms(200, "describe-key", id, ""), map[string]any{"key_info.key_state": "1"})
		c.kms(400, "encrypt-data", id, `,"plain_text":"a"`)
		time.Sleep(time.Second)
		c.want(c.kms(200, "describe-key", id, ""), map[string]any{"key_info.key_state": "2"})
	})
}

// A key is answered until the day of its deletion, can be used no more, and keeps its alias.
func TestKeyDeletion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{})
		id := c.kmsKey("orders", "")
		for _, days := range []string{"6", "1097", "", "x"} {
			c.want(c.kms(400, "schedule-key-deletion", id, fmt.Sprintf(`,"pending_days":%q`, days)), map[string]any{"error.error_code": "KMS.1401"})
		}
		c.kms(400, "cancel-key-deletion", id, "")
		c.want(c.kms(200, "schedule-key-deletion", id, `,"pending_days":"7"`), map[string]any{"key_state": "4", "key_id": id})
		if date := c.kms(200, "describe-key", id, "").str("key_info", "scheduled_deletion_date"); len(date) < 12 {
			t.Errorf("deleted at %q", date)
		}
		for verb, more := range map[string]string{
			"enable-key": "", "disable-key": "", "schedule-key-deletion": `,"pending_days":"7"`, "update-key-alias": `,"key_alias":"b"`,
			"update-key-description": `,"key_description":"b"`, "enable-key-rotation": "", "encrypt-data": `,"plain_text":"a"`,
		} {
			c.want(c.kms(400, verb, id, more), map[string]any{"error.error_code": "KMS.0210"})
		}
		c.want(c.do(400, "POST", kmsPath+"create-key", `{"key_alias":"orders"}`), map[string]any{"error.error_code": "KMS.1104"})
		time.Sleep(6 * 24 * time.Hour)
		c.want(c.kms(200, "cancel-key-deletion", id, ""), map[string]any{"key_state": "3"})
		time.Sleep(2 * 24 * time.Hour)
		c.kms(200, "enable-key", id, "") // it was saved
		c.kms(200, "schedule-key-deletion", id, `,"pending_days":"7"`)
		time.Sleep(8 * 24 * time.Hour)
		c.kms(404, "describe-key", id, "")
		c.kmsKey("orders", "")
	})
}

func TestKeyRefusals(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	c.kmsKey("taken", "")
	for body, code := range map[string]string{
		`{"key_alias":"taken"}`:       "KMS.1104",
		`{"key_alias":"a b"}`:         "KMS.1101",
		`{"key_alias":"evs/default"}`: "KMS.1101",
		`{}`:                          "KMS.1101",
		fmt.Sprintf(`{"key_alias":"a","key_description":"%0256d"}`, 1):     "KMS.1103",
		`{"key_alias":"a","key_spec":"DES"}`:                               "KMS.1106",
		`{"key_alias":"a","key_usage":"SIGN_VERIFY"}`:                      "KMS.1107",
		`{"key_alias":"a","key_spec":"SM4","key_usage":"SIGN_VERIFY"}`:     "KMS.1107",
		`{"key_alias":"a","origin":"mine"}`:                                "KMS.1108",
		`{"key_alias":7}`:                                                  "KMS.0202",
		`{"key_alias":"a","key_spec":"EC_P256","key_usage":"ENCRYPT_DEC"}`: "KMS.1107",
	} {
		c.want(c.do(400, "POST", kmsPath+"create-key", body), map[string]any{"error.error_code": code})
	}
	c.control(200, "PUT", "config", `{"quotas":{"kms_key":1}}`)
	c.want(c.do(400, "POST", kmsPath+"create-key", `{"key_alias":"a"}`), map[string]any{"error.error_code": "KMS.1105"})
}

// A key that a service made for itself is not its user's to change.
func TestDefaultKey(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	id := c.kmsKey("x", "")
	c.control(200, "PATCH", "objects/kms_key/"+id, `{"key_alias":"evs/default","default_key_flag":"1"}`)
	c.want(c.kms(400, "disable-key", id, ""), map[string]any{"error.error_code": "KMS.0211"})
	c.want(c.do(200, "GET", kmsPath+"user-instances", ""), map[string]any{"instance_num": 0})
}

func TestKeyLists(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	for i := range 3 {
		c.kmsKey(fmt.Sprint("aes", i), "")
	}
	disabled := c.kmsKey("sm", `,"key_spec":"SM4"`)
	c.kms(200, "disable-key", disabled, "")
	for body, want := range map[string]int{`{}`: 3, `{"key_spec":"ALL"}`: 4, `{"key_spec":"SM4"}`: 1, `{"key_spec":"ALL","key_state":"2"}`: 3, `{"key_spec":"ALL","enterprise_project_id":"1"}`: 0} {
		if a := c.do(200, "POST", kmsPath+"list-keys", body); a.len("keys") != want || a.len("key_details") != want {
			t.Errorf("%s: %s", body, a.text)
		}
	}
	a := c.do(200, "POST", kmsPath+"list-keys", `{"key_spec":"ALL","limit":"3"}`)
	c.want(a, map[string]any{"next_marker": "3", "truncated": "true", "total": 4})
	a = c.do(200, "POST", kmsPath+"list-keys", `{"key_spec":"ALL","limit":"3","marker":"3"}`)
	c.want(a, map[string]any{"next_marker": "", "truncated": "false", "keys": []string{disabled}})
	for _, body := range []string{`{"limit":"0"}`, `{"marker":"x"}`, `{"key_spec":"DES"}`} {
		c.do(400, "POST", kmsPath+"list-keys", body)
	}
}

func TestKeyRotation(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	id := c.kmsKey("orders", "")
	c.want(c.kms(200, "get-key-rotation-status", id, ""), map[string]any{"key_rotation_enabled": false, "rotation_interval": 365, "number_of_rotations": 0})
	c.want(c.kms(400, "update-key-rotation-interval", id, `,"rotation_interval":90`), map[string]any{"error.error_code": "KMS.2604"})
	c.kms(200, "enable-key-rotation", id, "")
	c.want(c.kms(400, "update-key-rotation-interval", id, `,"rotation_interval":29`), map[string]any{"error.error_code": "KMS.2603"})
	c.kms(200, "update-key-rotation-interval", id, `,"rotation_interval":90`)
	c.kms(200, "disable-key", id, "")
	c.want(c.kms(200, "get-key-rotation-status", id, ""), map[string]any{"key_rotation_enabled": true, "rotation_interval": 90})
	c.want(c.kms(400, "disable-key-rotation", id, ""), map[string]any{"error.error_code": "KMS.0209"})
	c.kms(200, "enable-key", id, "")
	c.kms(200, "disable-key-rotation", id, "")
	c.want(c.kms(200, "describe-key", id, ""), map[string]any{"key_info.key_rotation_enabled": "false"})
	for alias, more := range map[string]string{"rsa": `,"key_spec":"RSA_2048"`, "own": `,"origin":"external"`} {
		c.want(c.kms(400, "get-key-rotation-status", c.kmsKey(alias, more), ""), map[string]any{"error.error_code": "KMS.2602"})
	}
}

func TestKeyTags(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	path := kmsPath + c.kmsKey("orders", "") + "/tags"
	c.do(204, "POST", path+"/action", `{"action":"create","tags":[{"key":"env","value":"prod"},{"key":"by"}]}`)
	c.do(204, "POST", path+"/action", `{"action":"delete","tags":[{"key":"by"}]}`)
	c.want(c.do(200, "GET", path, ""), map[string]any{"tags": []tag{{"env", "prod"}}, "existTagsNum": 1})
	ten := ""
	for i := range 10 {
		ten += fmt.Sprintf(`,{"key":"k%d"}`, i)
	}
	for _, body := range []string{
		`{"action":"replace","tags":[{"key":"a"}]}`, `{"action":"create","tags":[]}`, `{"action":"create","tags":[{"key":"a=b"}]}`,
		fmt.Sprintf(`{"action":"create","tags":[{"key":%q}]}`, strings.Repeat("k", 37)),
		fmt.Sprintf(`{"action":"create","tags":[{"key":"a","value":%q}]}`, strings.Repeat("v", 44)),
		`{"action":"create","tags":[` + ten[1:] + `]}`,
	} {
		c.do(400, "POST", path+"/action", body)
	}
	c.do(404, "GET", kmsPath+"5a0d80c0-0000-4000-8000-000000000000/tags", "")
}

func TestEncryptData(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	id, other := c.kmsKey("orders", ""), c.kmsKey("bills", "")
	a := c.kms(200, "encrypt-data", id, `,"plain_text":"订单 7","additional_authenticated_data":"shop"`)
	text := a.str("cipher_text")
	if again := c.kms(200, "encrypt-data", id, `,"plain_text":"订单 7","additional_authenticated_data":"shop"`).str("cipher_text"); again == text || len(text) < 128 {
		t.Errorf("encrypted to %s and %s", text, again)
	}
	decrypt := func(status int, text, context string) answer {
		t.Helper()
		return c.do(status, "POST", kmsPath+"decrypt-data", fmt.Sprintf(`{"cipher_text":%q,"additional_authenticated_data":%q}`, text, context))
	}
	c.want(decrypt(200, text, "shop"), map[string]any{"key_id": id, "plain_text": "订单 7"})
	altered := []byte(text)
	altered[150] ^= 1
	if altered[150] == text[150] || string(altered) == text {
		t.Fatal("nothing is altered")
	}
	for what, bad := range map[string][2]string{"altered": {string(altered), "shop"}, "another context": {text, "bank"}, "no base 64": {"%", "shop"}, "short": {"YQ==", "shop"}} {
		if a := decrypt(400, bad[0], bad[1]); a.str("error", "error_code") != "KMS.2901" {
			t.Errorf("%s: %s", what, a.text)
		}
	}
	c.kms(200, "disable-key", id, "")
	c.want(decrypt(400, text, "shop"), map[string]any{"error.error_code": "KMS.0209"})
	for _, more := range []string{`,"plain_text":""`, fmt.Sprintf(`,"plain_text":"%04097d"`, 1), fmt.Sprintf(`,"plain_text":"a","additional_authenticated_data":"%0129d"`, 1)} {
		c.kms(400, "encrypt-data", other, more)
	}
	c.want(c.kms(400, "encrypt-data", c.kmsKey("rsa", `,"key_spec":"RSA_2048"`), `,"plain_text":"a"`), map[string]any{"error.error_code": "KMS.0212"})
}

// What an asymmetric key has encrypted does not tell the key.
func TestEncryptAsymmetric(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	const oaep = `,"encryption_algorithm":"RSAES_OAEP_SHA_256"`
	id := c.kmsKey("rsa", `,"key_spec":"RSA_2048","key_usage":"ENCRYPT_DECRYPT"`)
	other := c.kmsKey("rsa-2", `,"key_spec":"RSA_2048","key_usage":"ENCRYPT_DECRYPT"`)
	text := c.kms(200, "encrypt-data", id, `,"plain_text":"hush"`+oaep).str("cipher_text")
	body := func(more string) string { return fmt.Sprintf(`{"cipher_text":%q%s}`, text, more) }
	named := func(id string) string { return fmt.Sprintf(`,"key_id":%q`, id) }
	c.want(c.do(200, "POST", kmsPath+"decrypt-data", body(named(id)+oaep)), map[string]any{"plain_text": "hush", "plain_text_base64": "aHVzaA==", "key_id": id})
	for what, code := range map[string]string{oaep: "KMS.0205", named(other) + oaep: "KMS.2901", named(id): "KMS.0212", named(id) + `,"encryption_algorithm":"SM2_ENCRYPT"`: "KMS.0212"} {
		c.want(c.do(400, "POST", kmsPath+"decrypt-data", body(what)), map[string]any{"error.error_code": code})
	}
	c.kms(400, "encrypt-data", c.kmsKey("sign", `,"key_spec":"RSA_2048"`), `,"plain_text":"a"`+oaep)
	c.kms(400, "encrypt-data", c.kmsKey("aes", ""), `,"plain_text":"a"`+oaep)
	c.kms(200, "encrypt-data", c.kmsKey("sm", `,"key_spec":"SM2","key_usage":"ENCRYPT_DECRYPT"`), `,"plain_text":"a","encryption_algorithm":"SM2_ENCRYPT"`)
}

func TestGrants(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{})
		id, other := c.kmsKey("orders", ""), c.kmsKey("bills", "")
		grant := func(status int, id, more string) answer {
			t.Helper()
			return c.kms(status, "create-grant", id, `,"grantee_principal":"u1","operations":["create-grant","describe-key"]`+more)
		}
		first := grant(200, id, `,"name":"to:shop","retiring_principal":"u2"`).str("grant_id")
		second := grant(200, id, `,"grantee_principal_type":"domain"`).str("grant_id")
		a := c.kms(200, "list-grants", id, "")
		c.want(a, map[string]any{
			"total": 2, "truncated": "false", "grants.0.grant_id": first, "grants.0.key_id": id, "grants.0.grantee_principal": "u1",
			"grants.0.grantee_principal_type": "user", "grants.0.operations": []string{"create-grant", "describe-key"}, "grants.0.name": "to:shop",
			"grants.0.retiring_principal": "u2", "grants.1.grantee_principal_type": "domain", "grants.1.name": "",
		})
		c.want(a, map[string]any{"grants.0.issuing_principal": "5a0d80c0000000000000000000000011", "grants.0.creation_date": "946684800000"})
		if len(first) != 64 {
			t.Errorf("the id is %s", first)
		}
		c.want(c.kms(200, "list-grants", id, `,"limit":"1"`), map[string]any{"next_marker": "1", "truncated": "true", "total": 2})
		c.want(c.kms(200, "list-grants", id, `,"limit":"1","marker":"1"`), map[string]any{"next_marker": "", "grants.0.grant_id": second})
		c.want(c.kms(200, "list-grants", other, ""), map[string]any{"total": 0})
		c.kms(400, "list-grants", id, `,"limit":"101"`)

		c.want(c.kms(404, "revoke-grant", other, fmt.Sprintf(`,"grant_id":%q`, first)), map[string]any{"error.error_code": "KMS.2301"})
		c.kms(200, "revoke-grant", id, fmt.Sprintf(`,"grant_id":%q`, first))
		c.kms(404, "revoke-grant", id, fmt.Sprintf(`,"grant_id":%q`, first))
		c.want(c.kms(200, "list-grants", id, ""), map[string]any{"total": 1})

		for body, code := range map[string]string{
			`,"grantee_principal":"u-1","operations":["encrypt-data"]`:                                  "KMS.2201",
			`,"operations":["encrypt-data"]`:                                                            "KMS.2201",
			`,"grantee_principal":"u1","operations":["encrypt-data"],"grantee_principal_type":"agency"`: "KMS.2202",
			`,"grantee_principal":"u1","operations":["create-grant"]`:                                   "KMS.2203",
			`,"grantee_principal":"u1","operations":["sign"]`:                                           "KMS.2203",
			`,"grantee_principal":"u1"`:                                                                 "KMS.2203",
			`,"grantee_principal":"u1","operations":["encrypt-data"],"name":"a b"`:                      "KMS.2204",
			`,"grantee_principal":"u1","operations":["encrypt-data"],"retiring_principal":"-"`:          "KMS.2205",
		} {
			c.want(c.kms(400, "create-grant", id, body), map[string]any{"error.error_code": code})
		}
		c.control(200, "PUT", "config", `{"quotas":{"grant_per_CMK":1}}`)
		c.want(grant(400, id, ""), map[string]any{"error.error_code": "KMS.2206"})
		c.kms(200, "disable-key", other, "")
		c.want(grant(400, other, ""), map[string]any{"error.error_code": "KMS.0209"})
		c.control(200, "PATCH", "objects/kms_key/"+other, `{"default_key_flag":"1"}`)
		c.want(grant(400, other, ""), map[string]any{"error.error_code": "KMS.0211"})

		// With the key its grants go.
		c.kms(200, "schedule-key-deletion", id, `,"pending_days":"7"`)
		c.want(c.kms(200, "list-grants", id, ""), map[string]any{"total": 1})
		time.Sleep(8 * 24 * time.Hour)
		c.kms(404, "list-grants", id, "")
		if a := c.control(200, "GET", "objects", ""); strings.Contains(a.text, second) {
			t.Error(a.text)
		}
	})
}

func TestDataKeys(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	id := c.kmsKey("orders", "")
	made := c.kms(200, "create-datakey", id, `,"key_spec":"AES_128"`)
	plain := made.str("plain_text")
	if len(plain) != 32 {
		t.Errorf("a key of %d digits", len(plain))
	}
	open := func(text string) answer {
		t.Helper()
		return c.kms(200, "decrypt-datakey", id, fmt.Sprintf(`,"cipher_text":%q,"datakey_cipher_length":"16"`, text))
	}
	c.want(open(made.str("cipher_text")), map[string]any{"data_key": plain, "datakey_length": "16"})
	hidden := c.kms(200, "create-datakey-without-plaintext", id, `,"datakey_length":"128"`)
	if hidden.get("plain_text") != nil || len(open(hidden.str("cipher_text")).str("data_key")) != 32 {
		t.Error(hidden.text)
	}
	raw, err := hex.DecodeString(plain)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256(raw)
	sealed := c.kms(200, "encrypt-datakey", id, fmt.Sprintf(`,"plain_text":"%s%x","datakey_plain_length":"16"`, plain, digest))
	c.want(open(sealed.str("cipher_text")), map[string]any{"data_key": plain, "datakey_dgst": hex.EncodeToString(digest[:])})
	c.want(c.kms(400, "encrypt-datakey", id, fmt.Sprintf(`,"plain_text":"%s%064d","datakey_plain_length":"16"`, plain, 1)), map[string]any{"error.error_code": "KMS.1902"})
	c.kms(400, "encrypt-datakey", id, `,"plain_text":"00","datakey_plain_length":"16"`)
	c.kms(400, "decrypt-datakey", id, `,"cipher_text":"00","datakey_cipher_length":"16"`)
	c.kms(400, "decrypt-datakey", c.kmsKey("other", ""), fmt.Sprintf(`,"cipher_text":%q,"datakey_cipher_length":"16"`, made.str("cipher_text")))
	c.kms(400, "create-datakey", id, `,"key_spec":"DES"`)
	c.kms(400, "create-datakey", id, `,"datakey_length":"9"`)
	if n := len(c.do(200, "POST", kmsPath+"gen-random", `{"random_data_length":"512"}`).str("random_data")); n != 128 {
		t.Errorf("%d digits", n)
	}
	c.do(400, "POST", kmsPath+"gen-random", `{"random_data_length":"8200"}`)
}
