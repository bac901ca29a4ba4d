package sandbox

import (
	"fmt"
	"testing"
)

// Key pairs are the same, whichever API one asks.
func TestKPS(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	const path = "/kms/v3/" + north + "/keypairs"
	made := c.do(200, "POST", path, `{"keypair":{"name":"a"}}`)
	if made.str("keypair", "private_key") == "" {
		t.Error("the private key is not told")
	}
	public := fmt.Sprintf("%q", "  ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4pYhmsLzQ4mFUzGGbNCvrc7b9ZyCm0EHqkHFVgSpUR mine\n")
	c.want(c.do(200, "POST", path, `{"keypair":{"name":"b","public_key":`+public+`,"scope":"domain"}}`), map[string]any{
		"keypair.private_key": nil, "keypair.public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4pYhmsLzQ4mFUzGGbNCvrc7b9ZyCm0EHqkHFVgSpUR mine",
	})
	c.do(200, "PUT", path+"/b", `{"keypair":{"description":"d"}}`)
	c.want(c.do(200, "GET", path+"/b", ""), map[string]any{
		"keypair.description": "d", "keypair.scope": "domain", "keypair.type": "ssh", "keypair.private_key": nil,
		"keypair.algorithm": "SSH-ED25519", "keypair.is_key_protection": false, "keypair.frozen_state": 0,
	})
	c.do(200, "POST", nova+"/os-keypairs", `{"keypair":{"name":"c"}}`)
	c.want(c.do(200, "GET", path+"?limit=2", ""), map[string]any{
		"keypairs.0.keypair.name": "a", "keypairs.1.keypair.scope": "domain", "keypairs.1.keypair.description": nil, "page_info.next_marker": "b",
	})
	c.want(c.do(200, "GET", path+"?limit=2&marker=b", ""), map[string]any{
		"keypairs.0.keypair.name": "c", "keypairs.0.keypair.scope": "user", "keypairs.1": nil, "page_info.next_marker": nil,
	})
	for _, bad := range []string{
		`{"name":""}`, `{"name":"a b"}`, `{"name":"x","type":"pgp"}`, `{"name":"x","scope":"world"}`, `{"name":"x","public_key":"ssh-rsa !"}`,
	} {
		c.want(c.do(400, "POST", path, `{"keypair":`+bad+`}`), map[string]any{"error_code": "KPS.0001"})
	}
	c.want(c.do(409, "POST", path, `{"keypair":{"name":"c"}}`), map[string]any{"error_code": "KPS.0409"})
	c.want(c.do(400, "PUT", path+"/b", `{"keypair":{}}`), map[string]any{"error_code": "KPS.0001"})
	c.want(c.do(400, "GET", path+"?marker=gone", ""), map[string]any{"error_code": "KPS.0001"})
	c.do(204, "DELETE", path+"/c", "")
	c.do(404, "GET", nova+"/os-keypairs/c", "")
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		c.want(c.do(404, method, path+"/c", `{"keypair":{"description":"d"}}`), map[string]any{"error_code": "KPS.0404"})
	}
	c.control(200, "PUT", "config", `{"quotas":{"key_pair":2}}`)
	c.want(c.do(403, "POST", path, `{"keypair":{"name":"d"}}`), map[string]any{"error_code": "KPS.0403"})
}
