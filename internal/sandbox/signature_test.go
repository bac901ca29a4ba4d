package sandbox

import (
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// The signatures here were made by the vendor's own signers; the one of the older form by hand from the documents'
// description.
func TestVendorSignatures(t *testing.T) {
	t.Parallel()
	signedAt := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, form := range []struct{ name, authorization string }{
		{"current", "SDK-HMAC-SHA256 Access=AK, SignedHeaders=user-agent;x-project-id;x-sdk-date, Signature=5b5a57aea8d20aeab1677dc90e54cdc60e990eea613b174be3ee4547aa63d6de"},
		{"derived", "V11-HMAC-SHA256 Credential=AK/20260102/cn-north-4/vpc, SignedHeaders=user-agent;x-project-id;x-sdk-date, Signature=47981a5e5467368c95a51bf7216caaa3317bd35d039676895ebf1fcfc24e007c"},
		{"older", "SDK-HMAC-SHA256 Credential=AK/20260102/cn-north-4/vpc/sdk_request,SignedHeaders=user-agent;x-project-id;x-sdk-date,Signature=bc650ca5f13071faa5f5bcbb5464fe5006b94a269a5a252a989335ea654d9af6"},
	} {
		for _, change := range []struct {
			name   string
			method string
			target string
			agent  string
			body   string
			secret string
			now    time.Time
			ok     bool
		}{
			{name: "as signed", ok: true},
			{name: "14 minutes old", now: signedAt.Add(14 * time.Minute), ok: true},
			{name: "16 minutes old", now: signedAt.Add(16 * time.Minute)},
			{name: "16 minutes early", now: signedAt.Add(-16 * time.Minute)},
			{name: "another method", method: "PUT"},
			{name: "another path", target: "/v3/p1/a%20b/c?name=z&name=a%26b&name-x=1%202&name.y="},
			{name: "another query", target: "/v3/p1/a%20b/%E4%B8%AD?name=z&name=a%26b&name-x=12&name.y="},
			{name: "a query in another order", target: "/v3/p1/a%20b/%E4%B8%AD?name.y&name-x=1+2&name=a%26b&name=z", ok: true},
			{name: "another header", agent: "other agent"},
			{name: "another body", body: "{}"},
			{name: "another secret", secret: "sk"},
		} {
			t.Run(form.name+"/"+change.name, func(t *testing.T) {
				t.Parallel()
				or := func(a, b string) string {
					if a == "" {
						return b
					}
					return a
				}
				body := or(change.body, "{\"k\":\"v\"}\n")
				h := httptest.NewRequest(or(change.method, "POST"), or(change.target, "/v3/p1/a%20b/%E4%B8%AD?name=z&name=a%26b&name-x=1%202&name.y="), strings.NewReader(body))
				h.Header.Set("X-Sdk-Date", "20260102T030405Z")
				h.Header.Set("X-Project-Id", "p1")
				h.Header.Set("Content-Type", "application/json;charset=utf-8")
				h.Header.Set("User-Agent", or(change.agent, "test agent"))
				h.Header.Set("Authorization", form.authorization)
				sig, err := parseSignature(h.Header)
				if err != nil {
					t.Fatal(err)
				}
				now := change.now
				if now.IsZero() {
					now = signedAt
				}
				err = sig.verify(&request{Request: h, path: h.URL.EscapedPath(), body: []byte(body)}, or(change.secret, "SK"), now)
				if (err == nil) != change.ok {
					t.Errorf("got %v", err)
				}
			})
		}
	}
}

func TestCredentialsRefused(t *testing.T) {
	t.Parallel()
	path := "/vpc/v1/" + north + "/vpcs"
	for name, change := range map[string]func(*client) answer{
		"none": func(c *client) answer {
			c.key.ID = ""
			return c.send(c.request("GET", path, ""))
		},
		"unknown key": func(c *client) answer {
			c.key.ID = "nobody"
			return c.send(c.request("GET", path, ""))
		},
		"wrong secret": func(c *client) answer {
			c.key.Secret = "wrong"
			return c.send(c.request("GET", path, ""))
		},
		"unknown token": func(c *client) answer {
			c.token = "nothing"
			return c.send(c.request("GET", path, ""))
		},
		"a security token that is not the key's": func(c *client) answer {
			c.key.SecurityToken = "x"
			return c.send(c.request("GET", path, ""))
		},
		"signed for the path without the service": func(c *client) answer {
			h := c.request("GET", strings.TrimPrefix(path, "/vpc"), "")
			h.URL.Path = path
			return c.send(h)
		},
		"malformed": func(c *client) answer {
			h := c.request("GET", path, "")
			h.Header.Set("Authorization", "Basic c2FuZGJveDpzYW5kYm94")
			return c.send(h)
		},
		"no date": func(c *client) answer {
			h := c.request("GET", path, "")
			h.Header.Del("X-Sdk-Date")
			return c.send(h)
		},
		"a date that is not signed": func(c *client) answer {
			h := c.request("GET", path, "")
			h.Header.Set("Authorization", strings.Replace(h.Header.Get("Authorization"), "host;x-sdk-date", "host", 1))
			return c.send(h)
		},
		"a credential of another day": func(c *client) answer {
			h := c.request("GET", path, "")
			sign(c.t, h, "", signature{algorithm: algorithmV11, accessKey: "sandbox", scope: "20200101/cn-north-4/vpc"}, "sandbox", time.Now())
			return c.send(h)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := change(newClient(t, Options{}))
			if a.status != 401 || a.str("error_code") != "APIGW.0301" || a.str("request_id") == "" ||
				!strings.HasPrefix(a.str("error_msg"), "Incorrect IAM authentication information: ") {
				t.Errorf("%d %s", a.status, a.text)
			}
		})
	}
}

func TestSignedFormsAccepted(t *testing.T) {
	t.Parallel()
	today := time.Now().UTC().Format("20060102")
	for name, sig := range map[string]signature{
		"current": {algorithm: algorithmSDK, accessKey: "sandbox"},
		"older":   {algorithm: algorithmSDK, accessKey: "sandbox", scope: today + "/cn-north-4/vpc/sdk_request"},
		"derived": {algorithm: algorithmV11, accessKey: "sandbox", scope: today + "/cn-north-4/vpc"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, Options{})
			h := c.request("GET", "/vpc/v1/"+north+"/vpcs?limit=3", "")
			sign(t, h, "", sig, "sandbox", time.Now())
			if a := c.send(h); a.status != 200 {
				t.Errorf("%d %s", a.status, a.text)
			}
		})
	}
}

func TestUnsignedPayload(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	h := c.request("POST", "/vpc/v1/"+north+"/vpcs", `{"vpc":{}}`)
	h.Header.Set("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD")
	sign(t, h, "something else", signature{algorithm: algorithmSDK, accessKey: "sandbox"}, "sandbox", time.Now())
	if a := c.send(h); a.status != 200 {
		t.Errorf("%d %s", a.status, a.text)
	}
}

func TestSignatureExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{})
		h := c.request("GET", "/vpc/v1/"+north+"/vpcs", "")
		time.Sleep(15 * time.Minute)
		if a := c.send(h.Clone(t.Context())); a.status != 200 {
			t.Errorf("after 15 minutes: %d %s", a.status, a.text)
		}
		time.Sleep(time.Second)
		if a := c.send(h.Clone(t.Context())); a.status != 401 {
			t.Errorf("after more: %d %s", a.status, a.text)
		}
	})
}
