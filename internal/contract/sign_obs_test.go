package contract

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/sign"
)

// Every request of the SDK for the object storage is signed here as it is signed there.
func TestSignOBS(t *testing.T) {
	t.Parallel()
	signed := 0
	for _, op := range obsOperations() {
		sent := op.sent
		r := &http.Request{Method: sent.Method, URL: sent.URL, Header: http.Header{}}
		for name, values := range sent.Header {
			r.Header[http.CanonicalHeaderKey(name)] = values
		}
		want := r.Header.Get("Authorization")
		if !strings.HasPrefix(want, "OBS AK:") {
			t.Errorf("%s is signed with %q", op.Name, want)
			continue
		}
		at, err := http.ParseTime(r.Header.Get("Date"))
		if err != nil {
			t.Fatal(err)
		}
		path := "/" + strings.TrimPrefix(sent.URL.EscapedPath(), "/")
		if bucket, _, ok := strings.Cut(sent.URL.Hostname(), ".obs.example.com"); ok {
			path = "/" + bucket + path
		}
		if err := (sign.OBS{AccessKey: "AK", SecretKey: "SK"}).Sign(r, path, at); err != nil {
			t.Fatal(err)
		}
		if got := r.Header.Get("Authorization"); got != want {
			t.Errorf("%s: %s %s is signed with %s instead of %s", op.Name, sent.Method, sent.URL, got, want)
		}
		signed++
	}
	if signed < 60 {
		t.Errorf("only %d requests are compared", signed)
	}
}
