package contract

import (
	"strings"
	"testing"

	kps3 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/kps/v3"
)

func TestKPS(t *testing.T) {
	t.Parallel()
	v := newVendor(t)
	c := client(v, "kms", kps3.NewKpsClient)
	made := do(v, c.CreateKeypair, `{"body":{"keypair":{"name":"one"}}}`).Keypair
	want(v, "private key", strings.HasPrefix(*made.PrivateKey, "-----BEGIN RSA PRIVATE KEY-----"), true)
	do(v, c.CreateKeypair, `{"body":{"keypair":{"name":"two","public_key":%q,"type":"ssh","scope":"domain"}}}`, strings.TrimSpace(*made.PublicKey))
	do(v, c.UpdateKeypairDescription, `{"keypair_name":"two","body":{"keypair":{"description":"d"}}}`)
	read := do(v, c.ListKeypairDetail, `{"keypair_name":"two"}`).Keypair
	want(v, "description", *read.Description, "d")
	want(v, "scope", read.Scope.Value(), "domain")
	want(v, "fingerprint", *read.Fingerprint, *made.Fingerprint)
	first := do(v, c.ListKeypairs, `{"limit":"1"}`)
	second := do(v, c.ListKeypairs, `{"limit":"1","marker":%q}`, *first.PageInfo.NextMarker)
	want(v, "second page", *(*second.Keypairs)[0].Keypair.Name, "two")
	for _, name := range []string{"one", "two"} {
		do(v, c.DeleteKeypair, `{"keypair_name":%q}`, name)
	}
	refused(v, 404, "KPS.0404", c.ListKeypairDetail, `{"keypair_name":"one"}`)
	v.covers("kms")
}
