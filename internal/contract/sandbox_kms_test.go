package contract

import (
	"testing"

	kms2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/kms/v2"
)

func TestKMS(t *testing.T) {
	t.Parallel()
	v := newVendor(t)
	c := client(v, "kms", kms2.NewKmsClient)

	id := *do(v, c.CreateKey, `{"body":{"key_alias":"orders","key_spec":"AES_256","key_usage":"ENCRYPT_DECRYPT","origin":"kms"}}`).KeyInfo.KeyId
	key := do(v, c.ListKeyDetail, `{"body":{"key_id":%q}}`, id).KeyInfo
	want(v, "state", *key.KeyState, "2")
	want(v, "alias", *key.KeyAlias, "orders")
	refused(v, 400, "KMS.1104", c.CreateKey, `{"body":{"key_alias":"orders"}}`)
	refused(v, 404, "KMS.0405", c.ListKeyDetail, `{"body":{"key_id":"5a0d80c0-0000-4000-8000-000000000000"}}`)
	want(v, "keys", *do(v, c.ListKeys, `{"body":{"key_spec":"ALL","limit":"10","marker":"0"}}`).Total, 1)
	want(v, "number of keys", *do(v, c.ShowUserInstances, `{}`).InstanceNum, 1)

	want(v, "alias", *do(v, c.UpdateKeyAlias, `{"body":{"key_id":%q,"key_alias":"bills"}}`, id).KeyInfo.KeyAlias, "bills")
	want(v, "description", *do(v, c.UpdateKeyDescription, `{"body":{"key_id":%q,"key_description":"d"}}`, id).KeyInfo.KeyDescription, "d")
	do(v, c.EnableKeyRotation, `{"body":{"key_id":%q}}`, id)
	do(v, c.UpdateKeyRotationInterval, `{"body":{"key_id":%q,"rotation_interval":90}}`, id)
	want(v, "interval", *do(v, c.ShowKeyRotationStatus, `{"body":{"key_id":%q}}`, id).RotationInterval, 90)
	do(v, c.DisableKeyRotation, `{"body":{"key_id":%q}}`, id)
	do(v, c.BatchCreateKmsTags, `{"key_id":%q,"body":{"action":"create","tags":[{"key":"env","value":"prod"}]}}`, id)
	want(v, "tags", len(*do(v, c.ShowKmsTags, `{"key_id":%q}`, id).Tags), 1)

	text := *do(v, c.EncryptData, `{"body":{"key_id":%q,"plain_text":"hush"}}`, id).CipherText
	want(v, "decrypted", *do(v, c.DecryptData, `{"body":{"cipher_text":%q}}`, text).PlainText, "hush")
	made := do(v, c.CreateDatakey, `{"body":{"key_id":%q,"key_spec":"AES_256"}}`, id)
	opened := do(v, c.DecryptDatakey, `{"body":{"key_id":%q,"cipher_text":%q,"datakey_cipher_length":"32"}}`, id, *made.CipherText)
	want(v, "data key", *opened.DataKey, *made.PlainText)
	do(v, c.EncryptDatakey, `{"body":{"key_id":%q,"plain_text":%q,"datakey_plain_length":"32"}}`, id, *opened.DataKey+*opened.DatakeyDgst)
	do(v, c.CreateDatakeyWithoutPlaintext, `{"body":{"key_id":%q}}`, id)
	want(v, "random digits", len(*do(v, c.CreateRandom, `{"body":{"random_data_length":"512"}}`).RandomData), 128)

	given := *do(v, c.CreateGrant, `{"body":{"key_id":%q,"grantee_principal":"u1","operations":["encrypt-data"],"name":"shop"}}`, id).GrantId
	grants := *do(v, c.ListGrants, `{"body":{"key_id":%q,"limit":"10"}}`, id).Grants
	want(v, "granted", *grants[0].Name+" "+*grants[0].GrantId, "shop "+given)
	do(v, c.CancelGrant, `{"body":{"key_id":%q,"grant_id":%q}}`, id, given)
	refused(v, 404, "KMS.2301", c.CancelGrant, `{"body":{"key_id":%q,"grant_id":%q}}`, id, given)

	want(v, "disabled", *do(v, c.DisableKey, `{"body":{"key_id":%q}}`, id).KeyInfo.KeyState, "3")
	refused(v, 400, "KMS.0209", c.EncryptData, `{"body":{"key_id":%q,"plain_text":"hush"}}`, id)
	want(v, "enabled", *do(v, c.EnableKey, `{"body":{"key_id":%q}}`, id).KeyInfo.KeyState, "2")
	want(v, "awaits deletion", *do(v, c.DeleteKey, `{"body":{"key_id":%q,"pending_days":"7"}}`, id).KeyState, "4")
	want(v, "saved", *do(v, c.CancelKeyDeletion, `{"body":{"key_id":%q}}`, id).KeyState, "3")
	v.covers("kms")
}
