package sign

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// at is when everything here is signed: not in UTC, though the signature is.
var at = time.Date(2024, 5, 6, 15, 8, 9, 0, time.FixedZone("CST", 8*3600))

func newRequest(method, path string, query url.Values, header map[string]string) *http.Request {
	r := &http.Request{
		Method: method, Header: http.Header{},
		URL: &url.URL{Scheme: "https", Host: "vpc.example.com", Path: path, RawQuery: query.Encode()},
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	return r
}

// The signatures wanted here were made by the vendor's SDK, v0.1.207.
func TestSign(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method, path   string
		query          url.Values
		header         map[string]string
		body           string
		headers        string // signed
		plain, derived string
	}{
		"nothing": {
			method: "GET", headers: "x-sdk-date",
			plain:   "f51d848a95a5c41390eb7e002a869c1c851575b68efae4568dc2f31910d99fa8",
			derived: "7ddc9d51343cd9e69ac1af95a82604bdbe69faf691307ee9db8e849d680c7137",
		},
		"query with odd characters and a trailing slash": {
			method: "GET", path: "/v1/p/vpcs/", headers: "x-sdk-date",
			query:   url.Values{"limit": {"10"}, "name": {"b b", "a+a", "%41", "é"}, "empty": {""}},
			plain:   "0251960275d7bde556ba8b31a822e6089b98110a055bc255d9f9547fb31af44a",
			derived: "8046039c594bf0a0cfa9b2b377ea5875accb02009e9d881cc482b06fc2f23715",
		},
		"path with odd characters, host, blanks around a value, underscore": {
			method: "GET", path: "/v1/a b/+%/日本", headers: "host;x-project-id;x-sdk-date",
			header:  map[string]string{"Host": "ignored, for the URL has one", "X-Project-Id": "  p1 ", "User_Agent": "no"},
			plain:   "9e166ae1038f1c595abf5e3782d2acc474b676538da95635028ee6a266538288",
			derived: "f4cdb15986adb8b84c30dc08c5cf07017c6938190416b40cc3560d5e1e690260",
		},
		"body and security token": {
			method: "POST", path: "/v1/p/vpcs", headers: "x-sdk-date;x-security-token", body: `{"vpc":{"name":"<ü>"}}`,
			header:  map[string]string{"Content-Type": "application/json", "X-Security-Token": "t"},
			plain:   "919f9865df074423c06763a28db22df9f03369c60b5ca7f536443f0c28e8ab0a",
			derived: "841b564a6cc60ef13ba047146f46e22e3be7cd0b5b368b8286de3dae21f63d0b",
		},
		"unsigned payload": {
			method: "PATCH", path: "/v2/images/1", headers: "x-sdk-content-sha256;x-sdk-date", body: `[]`,
			header:  map[string]string{"Content-Type": "application/openstack-images-v2.1-json-patch"},
			plain:   "6de3fae4dfb7a1eeec52b08cc1cade6cc15021184bc14ede91cd574eb461ca54",
			derived: "afb2ca0d13709168a07aaa25218921f100c39c398bb5a3681ba2f07870f76428",
		},
		"hash of the body given": {
			method: "PUT", path: "/x", headers: "x-sdk-content-sha256;x-sdk-date", body: `{}`,
			header:  map[string]string{"X-Sdk-Content-Sha256": "abc"},
			plain:   "db43821482af12c45180f32fbf6ced381becc306c962f4e02152af5c4c7862bb",
			derived: "7be3b75275da31322277f213cd24b6a5aeb4dc069e889491295f16928f921fce",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for form, want := range map[Form]string{
				Plain:   "SDK-HMAC-SHA256 Access=AK, SignedHeaders=" + test.headers + ", Signature=" + test.plain,
				Derived: "V11-HMAC-SHA256 Credential=AK/20240506/cn-north-4/vpc, SignedHeaders=" + test.headers + ", Signature=" + test.derived,
			} {
				r := newRequest(test.method, test.path, test.query, test.header)
				signer := Signer{AccessKey: "AK", SecretKey: "SK", Form: form, Region: "cn-north-4", Service: "vpc"}
				for range 2 { // signing again must not sign the signature
					if err := signer.Sign(r, []byte(test.body), at); err != nil {
						t.Fatal(err)
					}
					if got := r.Header.Get("Authorization"); got != want {
						t.Errorf("form %q:\n got %s\nwant %s", form, got, want)
					}
				}
				if got := r.Header.Get(DateHeader); got != "20240506T070809Z" {
					t.Errorf("date %s", got)
				}
			}
		})
	}
}

// The wanted signature was computed step by step with another language's HMAC.
func TestSignLegacy(t *testing.T) {
	t.Parallel()
	r := newRequest("GET", "/v1/p/vpcs", url.Values{"limit": {"10"}}, map[string]string{"Host": "vpc.example.com"})
	err := Signer{AccessKey: "AK", SecretKey: "SK", Form: Legacy, Region: "cn-north-4", Service: "vpc"}.Sign(r, nil, at)
	if err != nil {
		t.Fatal(err)
	}
	want := "SDK-HMAC-SHA256 Credential=AK/20240506/cn-north-4/vpc/sdk_request, SignedHeaders=host;x-sdk-date, Signature=2dc3ba6fa591a2fbd687b262d8d1169be364747d2a0ea820730d90e52b29c98b"
	if got := r.Header.Get("Authorization"); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestSignEscapedPath(t *testing.T) {
	t.Parallel()
	// A slash within a segment stays within it.
	u, err := url.Parse("https://x/v1/a%2Fb/%7e?")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := canonicalPath(u), "/v1/a%2Fb/~/"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSignRefuses(t *testing.T) {
	t.Parallel()
	for name, signer := range map[string]Signer{
		"no access key": {SecretKey: "SK"},
		"no secret key": {AccessKey: "AK"},
		"no region":     {AccessKey: "AK", SecretKey: "SK", Form: Derived, Service: "vpc"},
		"no service":    {AccessKey: "AK", SecretKey: "SK", Form: Legacy, Region: "r"},
		"unknown form":  {AccessKey: "AK", SecretKey: "SK", Form: "v4", Region: "r", Service: "vpc"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRequest("GET", "/", nil, nil)
			err := signer.Sign(r, nil, at)
			if err == nil {
				t.Fatal("signed")
			}
			if strings.Contains(err.Error(), "SK") {
				t.Errorf("the error tells the secret: %v", err)
			}
			if r.Header.Get("Authorization") != "" {
				t.Error("there is a signature")
			}
		})
	}
}
