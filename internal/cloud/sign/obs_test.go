package sign

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// The text that is signed is the one that the documents describe.
func TestOBS(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method, query, path string
		headers             map[string]string
		want                string
	}{
		"plain":      {"GET", "", "/bucket/", nil, "GET\n\n\nThu, 05 Mar 2026 01:02:03 GMT\n/bucket/"},
		"parameters": {"GET", "prefix=a&max-keys=5", "/bucket/", nil, "GET\n\n\nThu, 05 Mar 2026 01:02:03 GMT\n/bucket/"},
		"words": {
			"PUT", "versionId=a%20b&storageClass&prefix=x&x-obs-acl=1", "/bucket/a/b%20c",
			map[string]string{"Content-MD5": "md5==", "Content-Type": "application/xml", "X-Obs-Meta-B": " two ", "X-Obs-Acl": "private", "User-Agent": "u"},
			"PUT\nmd5==\napplication/xml\nThu, 05 Mar 2026 01:02:03 GMT\nx-obs-acl:private\nx-obs-meta-b:two\n/bucket/a/b%20c?storageClass&versionId=a b&x-obs-acl=1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := http.NewRequestWithContext(t.Context(), test.method, "https://h/?"+test.query, nil)
			if err != nil {
				t.Fatal(err)
			}
			for key, value := range test.headers {
				r.Header.Set(key, value)
			}
			if err := (OBS{AccessKey: "AK", SecretKey: "SK"}).Sign(r, test.path, time.Date(2026, 3, 5, 1, 2, 3, 0, time.UTC)); err != nil {
				t.Fatal(err)
			}
			if got := obsText(r, test.path); got != test.want {
				t.Errorf("signs %q instead of %q", got, test.want)
			}
			if got := r.Header.Get("Authorization"); !strings.HasPrefix(got, "OBS AK:") || len(got) != len("OBS AK:")+28 {
				t.Errorf("the signature is %s", got)
			}
		})
	}
}

func TestOBSToken(t *testing.T) {
	t.Parallel()
	r, err := http.NewRequestWithContext(t.Context(), "GET", "https://h/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := (OBS{AccessKey: "AK", SecretKey: "SK", SecurityToken: "T"}).Sign(r, "/", time.Now()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(obsText(r, "/"), "\nx-obs-security-token:T\n/") {
		t.Errorf("the token is not signed: %v", r.Header)
	}
	if err := (OBS{AccessKey: "AK"}).Sign(r, "/", time.Now()); err == nil {
		t.Error("signed without a secret key")
	}
}

func TestWordQuery(t *testing.T) {
	t.Parallel()
	if got := WordQuery(map[string][]string{"uploads": {""}, "prefix": {"a b="}}); got != "prefix=a%20b%3D&uploads" {
		t.Error(got)
	}
	if got := EscapeKey("a b/ü+~*"); got != "a%20b/%C3%BC%2B~%2A" {
		t.Error(got)
	}
}
