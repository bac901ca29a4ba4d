package cloud

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/auth"
)

// A bucket is a host, except where there is one host only or a certificate would not fit.
func TestPlace(t *testing.T) {
	t.Parallel()
	own := Config{Endpoint: "https://cloud.example.com/base"}
	ofService := Config{Endpoints: map[string]string{"obs": "https://objects.example.com"}}
	for name, test := range map[string]struct {
		config            Config
		path, url, signed string
	}{
		"service":             {Config{}, "/", "https://obs.cn-north-4.myhuaweicloud.com/", "/"},
		"bucket":              {Config{}, "/web", "https://web.obs.cn-north-4.myhuaweicloud.com/", "/web/"},
		"object":              {Config{}, "/web/a%2Fb%20c%2B", "https://web.obs.cn-north-4.myhuaweicloud.com/a/b%20c%2B", "/web/a/b%20c%2B"},
		"dots":                {Config{}, "/web.site/k", "https://obs.cn-north-4.myhuaweicloud.com/web.site/k", "/web.site/k"},
		"another cloud":       {Config{Cloud: "otc.t-systems.com"}, "/web", "https://web.obs.cn-north-4.otc.t-systems.com/", "/web/"},
		"own endpoint":        {own, "/web/k", "https://cloud.example.com/base/obs/web/k", "/web/k"},
		"own endpoint of OBS": {ofService, "/web", "https://objects.example.com/web", "/web"},
		"another's endpoint":  {Config{Endpoints: map[string]string{"vpc": "https://v.example.com"}}, "/web", "https://web.obs.cn-north-4.myhuaweicloud.com/", "/web/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.config.Region, test.config.Auth = "cn-north-4", keys
			client, err := New(test.config)
			if err != nil {
				t.Fatal(err)
			}
			request, err := client.build(t.Context(), Request{Service: OBS, Method: "GET", Path: test.path, Query: url.Values{"acl": {""}, "versionId": {"v 1"}}})
			if err != nil {
				t.Fatal(err)
			}
			if got, want := request.URL.String(), test.url+"?acl&versionId=v%201"; got != want {
				t.Errorf("goes to %s instead of %s", got, want)
			}
			if got := targetOf(request).path; got != test.signed {
				t.Errorf("signs %s instead of %s", got, test.signed)
			}
		})
	}
}

// Bodies are XML, texts and bytes as they are, each with its MD5; the project is nobody's business.
func TestBucketRequests(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body             any
		sent, kind, hash string
	}{
		"none":  {nil, "", "", ""},
		"XML":   {map[string]any{"Quota": map[string]any{"StorageQuota": 5}}, "<Quota><StorageQuota>5</StorageQuota></Quota>", "application/xml", "qx4X9V3/6zFPC+WlXnkqLg=="},
		"text":  {`{"Statement":[]}`, `{"Statement":[]}`, "application/json", "23r6PbzFX4qKhmAaxjLM7w=="},
		"bytes": {[]byte("hello"), "hello", "", "XUFAKrxLKna5cZ2REBfFkg=="},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := serve(t, Config{}, func(_ http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if string(body) != test.sent || r.Header.Get("Content-Type") != test.kind || r.Header.Get("Content-Md5") != test.hash {
					t.Errorf("sent %s of type %q with MD5 %q", body, r.Header.Get("Content-Type"), r.Header.Get("Content-Md5"))
				}
				if r.URL.Path != "/obs/web" || !strings.HasPrefix(r.Header.Get("Authorization"), "OBS AK:") || r.Header.Get("X-Project-Id") != "" {
					t.Errorf("sent to %s with %v", r.URL, r.Header)
				}
			})
			if _, err := client.Do(t.Context(), Request{Service: OBS, Method: "PUT", Path: "/web", Query: url.Values{"quota": {""}}, Body: test.body}); err != nil {
				t.Error(err)
			}
		})
	}
	client := serve(t, Config{}, func(http.ResponseWriter, *http.Request) { t.Error("sent") })
	if _, err := client.Do(t.Context(), Request{Service: OBS, Method: "PUT", Path: "/web", Body: 5}); err == nil {
		t.Error("a number is a body")
	}
}

func TestBucketAnswers(t *testing.T) {
	t.Parallel()
	client := serve(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.RawQuery {
		case "policy":
			_, _ = io.WriteString(w, `{"Statement":[]}`)
		case "tagging":
			_, _ = io.WriteString(w, `<Tagging><TagSet/></Tagging>`)
		case "broken":
			_, _ = io.WriteString(w, `<Tagging>`)
		}
		w.Header().Set("X-Obs-Storage-Class", "WARM")
		w.Header().Set("X-Obs-Meta-Owner", "me")
	})
	ask := func(r Request) any {
		r.Service, r.Path = OBS, "/web"
		answer, err := client.Do(t.Context(), r)
		if err != nil {
			t.Error(err)
		}
		return answer
	}
	if got := ask(Request{Method: "GET", Query: url.Values{"policy": {""}}, Text: true}); got != `{"Statement":[]}` {
		t.Errorf("the text is %v", got)
	}
	if got, _ := Lookup(ask(Request{Method: "GET", Query: url.Values{"tagging": {""}}}), "Tagging.TagSet"); got != "" {
		t.Errorf("the set is %v", got)
	}
	headers := ask(Request{Method: "HEAD"})
	if class, _ := Lookup(headers, "x-obs-storage-class"); class != "WARM" {
		t.Errorf("the headers are %v", headers)
	}
	if owner, _ := Lookup(headers, "x-obs-meta-.owner"); owner != "me" {
		t.Errorf("the headers are %v", headers)
	}
	if _, err := client.Do(t.Context(), Request{Service: OBS, Method: "GET", Path: "/web", Query: url.Values{"broken": {""}}}); err == nil || !strings.Contains(err.Error(), "not XML") {
		t.Errorf("a broken document: %v", err)
	}
}

func TestBucketErrors(t *testing.T) {
	t.Parallel()
	client := serve(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Obs-Request-Id", "r1")
		switch r.Method {
		case "HEAD":
			w.Header().Set("X-Obs-Error-Code", "NoSuchBucket")
			w.Header().Set("X-Obs-Error-Message", "The bucket does not exist")
			w.WriteHeader(404)
		case "GET":
			w.Header().Set("X-Obs-Bucket-Location", "cn-east-3")
			w.WriteHeader(307)
			_, _ = io.WriteString(w, `<Error><Code>TemporaryRedirect</Code><Message>Go there.</Message></Error>`)
		default:
			w.WriteHeader(409)
			_, _ = io.WriteString(w, `<Error><Code>BucketNotEmpty</Code><Message>It is not empty.</Message></Error>`)
		}
	})
	for method, want := range map[string]Error{
		"HEAD":   {Status: 404, Code: "NoSuchBucket", Message: "The bucket does not exist", RequestID: "r1"},
		"GET":    {Status: 307, Code: "TemporaryRedirect", Message: "the bucket is in another region (cn-east-3): ask for it there. Go there.", RequestID: "r1"},
		"DELETE": {Status: 409, Code: "BucketNotEmpty", Message: "It is not empty.", RequestID: "r1"},
	} {
		_, err := client.Do(t.Context(), Request{Service: OBS, Method: method, Path: "/web"})
		got, ok := errors.AsType[*Error](err)
		if !ok || got.Status != want.Status || got.Code != want.Code || got.Message != want.Message || got.RequestID != want.RequestID {
			t.Errorf("%s: %v", method, err)
		}
	}
}

func TestBucketsTakeNoToken(t *testing.T) {
	t.Parallel()
	client := serve(t, Config{Auth: auth.Config{Token: "T"}}, func(http.ResponseWriter, *http.Request) { t.Error("sent") })
	_, err := client.Do(t.Context(), Request{Service: OBS, Method: "HEAD", Path: "/web"})
	if err == nil || !strings.Contains(err.Error(), "takes no token") {
		t.Error(err)
	}
}

// A list has pages, whether they hold many, one or none.
func TestBucketPages(t *testing.T) {
	t.Parallel()
	client := serve(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, map[string]string{
			"max-keys=2":          `<L><IsTruncated>true</IsTruncated><NextMarker>b</NextMarker><Bs><B><N>a</N></B><B><N>b</N></B></Bs></L>`,
			"marker=b&max-keys=2": `<L><IsTruncated>true</IsTruncated><NextMarker>c</NextMarker><Bs><B><N>c</N></B></Bs></L>`,
			"marker=c&max-keys=2": `<L><IsTruncated>false</IsTruncated><Bs/></L>`,
		}[r.URL.RawQuery])
	})
	got := ""
	for page, err := range client.Pages(t.Context(), Request{Service: OBS, Method: "GET", Path: "/"}, "L.Bs.B", MaxKeys(2, "L")) {
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page {
			got += item["N"].(string)
		}
		got += "."
	}
	if got != "ab.c.." {
		t.Errorf("the pages are %s", got)
	}
}
