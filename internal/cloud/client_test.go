package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/auth"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/sign"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/transport"
)

const project1 = "0123456789abcdef0123456789abcdef"

// keys is what most tests ask with.
var keys = auth.Config{AccessKey: "AK", SecretKey: "SK"}

// serve returns a client of a server that answers with the handler.
func serve(t *testing.T, c Config, handler http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	c.Endpoint = server.URL
	if c.Region == "" {
		c.Region = "cn-north-4"
	}
	if c.Credentials == nil && reflect.DeepEqual(c.Auth, auth.Config{}) {
		c.Auth = keys
	}
	client, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// wired returns a client over a wire that exists only in memory, where time can be faked.
func wired(t *testing.T, c Config, wire func(*http.Request) (int, string, error)) *Client {
	t.Helper()
	c.Region, c.ProjectID = "cn-north-4", project1
	if c.Credentials == nil {
		c.Auth = keys
	}
	client, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	client.send = transport.Retry{Max: c.MaxRetries, Next: transport.NewThrottle(authorize{roundTrip(wire), client}, 0)}
	return client
}

type roundTrip func(*http.Request) (int, string, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil {
		trace.GetConn(r.URL.Host)
		trace.WroteHeaders()
	}
	status, body, err := f(r)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: status, Status: fmt.Sprint(status), Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config Config
		want   []string
	}{
		"nothing":            {Config{Auth: auth.Config{AccessKey: "AK", SecretKey: "topsecret"}}, []string{"no region"}},
		"half credentials":   {Config{Region: "r", Auth: auth.Config{SecretKey: "topsecret"}}, []string{"without its access key"}},
		"unknown service":    {Config{Region: "r", Auth: keys, Endpoints: map[string]string{"vcp": "https://x"}}, []string{`"vcp"`, "vpc"}},
		"plain http":         {Config{Region: "r", Auth: keys, Endpoint: "http://cloud.example.com"}, []string{"in clear"}},
		"plain http service": {Config{Region: "r", Auth: keys, Endpoints: map[string]string{"vpc": "http://10.0.0.1"}}, []string{"endpoint of vpc", "in clear"}},
		"plain http IAM":     {Config{Region: "r", Auth: auth.Config{UserID: "u", Password: "topsecret", AuthURL: "http://iam.example.com/v3"}}, []string{"URL of IAM", "in clear"}},
		"not a URL":          {Config{Region: "r", Auth: keys, Endpoint: "cloud.example.com"}, []string{"not an http or https URL"}},
		"another scheme":     {Config{Region: "r", Auth: keys, Endpoint: "ftp://cloud.example.com"}, []string{"not an http or https URL"}},
		"user in URL":        {Config{Region: "r", Auth: keys, Endpoint: "https://u:topsecret@x"}, []string{"no user"}},
		"signature":          {Config{Region: "r", Auth: keys, Signature: "v4"}, []string{`"v4"`}},
		"negative":           {Config{Region: "r", Auth: keys, MaxRetries: -1, MaxRequestsPerSecond: -1}, []string{"retries", "per second"}},
		"CA file":            {Config{Region: "r", Auth: keys, CACertFile: "testdata/none.pem"}, []string{"none.pem"}},
		"project":            {Config{Region: "r", Auth: keys, ProjectID: "p1", AllowedProjectIDs: []string{"p2"}}, []string{"p1", "p2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := New(test.config)
			for _, want := range test.want {
				if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "topsecret") {
					t.Errorf("got %v, want %q in it", err, want)
				}
			}
		})
	}
}

func TestEndpoints(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config   Config
		vpc, iam string
	}{
		"the cloud's own": {Config{}, "https://vpc.cn-north-4.myhuaweicloud.com", "https://iam.myhuaweicloud.com"},
		"another cloud":   {Config{Cloud: "otc.t-systems.com"}, "https://vpc.cn-north-4.otc.t-systems.com", "https://iam.otc.t-systems.com"},
		"one for all":     {Config{Endpoint: "https://x/api/"}, "https://x/api/vpc", "https://x/api/iam"},
		"one of its own": {
			Config{Endpoint: "http://127.0.0.1:8750", Endpoints: map[string]string{"vpc": "https://net.example.com/v"}},
			"https://net.example.com/v", "http://127.0.0.1:8750/iam",
		},
		"loopback": {
			Config{Endpoints: map[string]string{"vpc": "http://vpc.localhost:1", "iam": "http://[::1]:2"}}, "http://vpc.localhost:1", "http://[::1]:2",
		},
		"insecure":     {Config{Insecure: true, Endpoint: "http://10.0.0.1"}, "http://10.0.0.1/vpc", "http://10.0.0.1/iam"},
		"URL of IAM":   {Config{Auth: auth.Config{Token: "T", AuthURL: "https://keystone:5000/v3/"}}, "https://vpc.cn-north-4.myhuaweicloud.com", "https://keystone:5000"},
		"IAM and URL":  {Config{Endpoints: map[string]string{"iam": "https://i"}, Auth: auth.Config{Token: "T", AuthURL: "https://k"}}, "https://vpc.cn-north-4.myhuaweicloud.com", "https://i"},
		"one, and URL": {Config{Endpoint: "https://x", Auth: auth.Config{Token: "T", AuthURL: "https://k"}}, "https://x/vpc", "https://x/iam"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.config.Region = "cn-north-4"
			if test.config.Auth.Token == "" {
				test.config.Auth = keys
			}
			c, err := New(test.config)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.base(VPC, "cn-north-4").String(); got != test.vpc {
				t.Errorf("vpc: %s", got)
			}
			if got := c.base(IAM, "cn-north-4").String(); got != test.iam {
				t.Errorf("iam: %s", got)
			}
		})
	}
}

// What arrives at the service, and whether its signature is right.
func TestDoSends(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config  Config
		request Request
		uri     string
		body    string
		header  http.Header // at least
	}{
		"a read": {
			request: Request{Service: VPC, Method: "GET", Path: "/v1/{project_id}/vpcs/a%2Fb%20c", Query: url.Values{"name": {"b b", "a+&"}, "e": {""}}},
			uri:     "/vpc/v1/" + project1 + "/vpcs/a%2Fb%20c?e=&name=a%2B%26&name=b%20b",
			header:  http.Header{"X-Project-Id": {project1}, "X-Domain-Id": nil, "Content-Type": nil, "User-Agent": {"test/1"}},
		},
		"a write": {
			request: Request{Service: VPC, Method: "POST", Path: "/v1/{project_id}/vpcs", Body: map[string]any{"vpc": map[string]any{"name": "<&ü", "n": json.Number("1")}}},
			uri:     "/vpc/v1/" + project1 + "/vpcs", body: `{"vpc":{"n":1,"name":"<&ü"}}`,
			header: http.Header{"Content-Type": {"application/json"}},
		},
		"a header and another content": {
			request: Request{Service: IMS, Method: "PATCH", Path: "/v2/images/1", Body: []any{}, Header: http.Header{"content-type": {"application/openstack-images-v2.1-json-patch"}, "X-Language": {"en-us"}}},
			uri:     "/ims/v2/images/1", body: `[]`,
			header: http.Header{"Content-Type": {"application/openstack-images-v2.1-json-patch"}, "X-Sdk-Content-Sha256": {"UNSIGNED-PAYLOAD"}, "X-Language": {"en-us"}},
		},
		"a global service": {
			request: Request{Service: IAM, Method: "GET", Path: "/v3/roles"}, config: Config{DomainID: "d1"},
			uri: "/iam/v3/roles", header: http.Header{"X-Domain-Id": {"d1"}, "X-Project-Id": nil},
		},
		"temporary keys": {
			request: Request{Service: IAM, Method: "GET", Path: "/v3/roles"}, config: Config{Auth: auth.Config{AccessKey: "AK", SecretKey: "SK", SecurityToken: "ST"}},
			uri: "/iam/v3/roles", header: http.Header{"X-Security-Token": {"ST"}},
		},
		"derived": {
			request: Request{Service: VPC, Region: "cn-north-4", Method: "DELETE", Path: "/x"}, config: Config{Signature: "derived"}, uri: "/vpc/x",
		},
		"derived, of a global service": {
			request: Request{Service: IAM, Method: "GET", Path: "/x"}, config: Config{Signature: "derived"}, uri: "/iam/x",
		},
		"legacy": {
			request: Request{Service: ECS, Method: "PUT", Path: "/x", Body: 1}, config: Config{Signature: "legacy"}, uri: "/ecs/x", body: "1",
		},
		"a token": {
			request: Request{Service: VPC, Method: "GET", Path: "/x"}, config: Config{Auth: auth.Config{Token: "T"}}, uri: "/vpc/x",
			header: http.Header{"X-Auth-Token": {"T"}, "Authorization": nil, "X-Sdk-Date": nil},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			arrived := false
			test.config.ProjectID, test.config.UserAgent = project1, "test/1"
			client := serve(t, test.config, func(_ http.ResponseWriter, r *http.Request) {
				arrived = true
				body, _ := io.ReadAll(r.Body)
				if r.RequestURI != test.uri || r.Method != test.request.Method || string(body) != test.body {
					t.Errorf("%s %s with %s", r.Method, r.RequestURI, body)
				}
				for key, values := range test.header {
					if got := r.Header[key]; !reflect.DeepEqual(got, values) {
						t.Errorf("%s: %q, want %q", key, got, values)
					}
				}
				if test.config.Auth.Token != "" {
					return
				}
				// Sign what arrived once more: only the headers that say that they are signed.
				authorization := r.Header.Get("Authorization")
				_, rest, _ := strings.Cut(authorization, "SignedHeaders=")
				names, _, _ := strings.Cut(rest, ",")
				again := &http.Request{Method: r.Method, URL: r.URL, Host: r.Host, Header: http.Header{}}
				for name := range strings.SplitSeq(names, ";") {
					again.Header[http.CanonicalHeaderKey(name)] = r.Header.Values(name)
				}
				again.Header["Content-Type"] = r.Header["Content-Type"]
				at, err := time.Parse("20060102T150405Z", r.Header.Get(sign.DateHeader))
				if err != nil || time.Since(at).Abs() > time.Minute {
					t.Errorf("date %v, %v", at, err)
				}
				service, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
				region := "cn-north-4"
				if service == "iam" && test.config.Signature == "derived" {
					region = "globe"
				}
				signer := sign.Signer{AccessKey: "AK", SecretKey: "SK", Form: sign.Form(test.config.Signature), Region: region, Service: service}
				if err := signer.Sign(again, body, at); err != nil || again.Header.Get("Authorization") != authorization {
					t.Errorf("signed\n%s, should be\n%s (%v)", authorization, again.Header.Get("Authorization"), err)
				}
				if !strings.Contains(names, "host") {
					t.Errorf("signed is only %s", names)
				}
			})
			if got, err := client.Do(t.Context(), test.request); got != nil || err != nil {
				t.Errorf("got %v, %v", got, err)
			}
			if !arrived {
				t.Error("no request")
			}
		})
	}
}

func TestDoDecodes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body string
		want any
		err  string
	}{
		"object":        {`{"n":12345678901234567890,"f":1.0}`, map[string]any{"n": json.Number("12345678901234567890"), "f": json.Number("1.0")}, ""},
		"list":          {`[1]`, []any{json.Number("1")}, ""},
		"null":          {`null`, nil, ""},
		"empty":         {"", nil, ""},
		"blank":         {" \n", nil, ""},
		"text":          {"OK", nil, "not JSON"},
		"two documents": {"{}{}", nil, "not JSON"},
		"cut off":       {`{"vpc":`, nil, "not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := wired(t, Config{}, func(*http.Request) (int, string, error) { return 200, test.body, nil })
			for method, fate := range map[string]bool{"GET": false, "POST": true} {
				got, err := client.Do(t.Context(), Request{Service: VPC, Method: method, Path: "/x"})
				if !reflect.DeepEqual(got, test.want) {
					t.Errorf("got %v", got)
				}
				if test.err == "" {
					if err != nil {
						t.Error(err)
					}
					continue
				}
				// A create that was carried out, but whose answer nobody can read, may have made something.
				e, ok := AsError(err)
				if !ok || !strings.Contains(err.Error(), test.err) || e.FateUnknown != fate {
					t.Errorf("%s: %v", method, err)
				}
			}
		})
	}
}

func TestUnfilledPath(t *testing.T) {
	t.Parallel()
	client := wired(t, Config{}, func(*http.Request) (int, string, error) {
		t.Error("sent")
		return 200, "", nil
	})
	for _, r := range []Request{{Service: VPC, Path: "/v1/{project_id}/vpcs/{id}"}, {Service: IAM, Path: "/v3/{project_id}"}, {Service: VPC, Path: "/%zz"}} {
		if _, err := client.Do(t.Context(), r); err == nil {
			t.Errorf("%s was accepted", r.Path)
		}
	}
}

// Each attempt has its own date and signature, and the same body.
func TestDoSignsEachAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		signatures := map[string]bool{}
		client := wired(t, Config{MaxRetries: 9}, func(r *http.Request) (int, string, error) {
			at, err := time.Parse("20060102T150405Z", r.Header.Get(sign.DateHeader))
			if err != nil || time.Since(at) >= time.Second {
				t.Errorf("signed as of %v at %v", at, time.Now())
			}
			signatures[r.Header.Get("Authorization")] = true
			if body, err := io.ReadAll(r.Body); string(body) != `"body"` || err != nil {
				t.Errorf("body %s, %v", body, err)
			}
			return 503, "", nil
		})
		_, err := client.Do(t.Context(), Request{Service: VPC, Method: "POST", Path: "/x", Body: "body"})
		if e, ok := AsError(err); !ok || e.Status != 503 || e.FateUnknown {
			t.Errorf("got %v", err)
		}
		if len(signatures) < 6 { // the first waits may be within one second
			t.Errorf("%d signatures", len(signatures))
		}
	})
}

// rolling gives tokens that expire, and others when they are stale.
type rolling struct {
	renewed int
	err     error
}

func (p *rolling) Credentials(context.Context) (auth.Credentials, error) {
	return auth.Credentials{Token: fmt.Sprint("T", p.renewed), Expires: time.Now().Add(time.Hour)}, p.err
}

func (p *rolling) Renew(ctx context.Context, _ auth.Credentials) (auth.Credentials, error) {
	p.renewed++
	return p.Credentials(ctx)
}

func TestDoRenewsCredentials(t *testing.T) {
	t.Parallel()
	provider := &rolling{}
	var tokens, bodies []string
	client := wired(t, Config{Credentials: provider}, func(r *http.Request) (int, string, error) {
		body, _ := io.ReadAll(r.Body)
		tokens, bodies = append(tokens, r.Header.Get("X-Auth-Token")), append(bodies, string(body))
		if r.Header.Get("X-Auth-Token") != "T1" {
			return 401, `{"error":{"code":401,"message":"expired","title":"Unauthorized"}}`, nil
		}
		return 200, "", nil
	})
	if _, err := client.Do(t.Context(), Request{Service: VPC, Method: "POST", Path: "/x", Body: 1}); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(tokens, []string{"T0", "T1"}) || !reflect.DeepEqual(bodies, []string{"1", "1"}) {
		t.Errorf("asked with %v, %v", tokens, bodies)
	}
	provider.renewed = 7 // from now on, no token is good
	_, err := client.Do(t.Context(), Request{Service: VPC, Method: "GET", Path: "/x"})
	if e, ok := AsError(err); !ok || e.Status != 401 || len(tokens) != 4 {
		t.Errorf("got %v after %v", err, tokens)
	}
}

// Without credentials nothing is sent and nothing repeated, and a POST's fate is no riddle.
func TestDoWithoutCredentials(t *testing.T) {
	t.Parallel()
	missing := errors.New("no credentials: looked everywhere")
	client := wired(t, Config{MaxRetries: 5, Credentials: &rolling{err: missing}}, func(*http.Request) (int, string, error) {
		t.Error("sent")
		return 200, "", nil
	})
	started := time.Now()
	_, err := client.Do(t.Context(), Request{Service: VPC, Method: "POST", Path: "/x"})
	if e, ok := AsError(err); !ok || !errors.Is(err, missing) || e.FateUnknown || time.Since(started) > time.Second {
		t.Errorf("got %v", err)
	}
}

func TestFate(t *testing.T) {
	t.Parallel()
	lost := errors.New("connection reset by peer")
	for name, test := range map[string]struct {
		request Request
		status  int
		err     error
		want    bool
	}{
		"POST lost":              {Request{Method: "POST"}, 0, lost, true},
		"POST through a gateway": {Request{Method: "POST"}, 504, nil, true},
		"POST bad gateway":       {Request{Method: "PATCH"}, 502, nil, true},
		"POST refused":           {Request{Method: "POST"}, 409, nil, false},
		"POST failed":            {Request{Method: "POST"}, 500, nil, false},
		"idempotent POST":        {Request{Method: "POST", Idempotent: true}, 504, nil, false},
		"POST with a token":      {Request{Method: "POST", Header: http.Header{"X-Client-Token": {"x"}}}, 0, lost, false},
		"DELETE lost":            {Request{Method: "DELETE"}, 0, lost, false},
		"PUT through a gateway":  {Request{Method: "PUT"}, 502, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := wired(t, Config{}, func(*http.Request) (int, string, error) { return test.status, "", test.err })
			test.request.Service, test.request.Path = VPC, "/x"
			_, err := client.Do(t.Context(), test.request)
			e, ok := AsError(err)
			if !ok || e.FateUnknown != test.want || e.Status != test.status || test.err != nil && !errors.Is(err, test.err) {
				t.Errorf("got %#v", err)
			}
			if told := strings.Contains(err.Error(), "not known whether"); told != test.want {
				t.Errorf("the message is: %v", err)
			}
		})
	}
}

// Ctrl-C ends a request that the cloud takes its time for, and says that its fate is unknown.
func TestCancelWhileSent(t *testing.T) {
	t.Parallel()
	for method, fate := range map[string]bool{"POST": true, "GET": false} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			client := serve(t, Config{ProjectID: project1, MaxRetries: 3}, func(_ http.ResponseWriter, r *http.Request) {
				_, _ = io.ReadAll(r.Body)
				cancel()
				<-r.Context().Done()
			})
			started := time.Now()
			_, err := client.Do(ctx, Request{Service: VPC, Method: method, Path: "/x"})
			e, ok := AsError(err)
			if !ok || !errors.Is(err, context.Canceled) || e.FateUnknown != fate || time.Since(started) > time.Second {
				t.Errorf("got %v after %v", err, time.Since(started))
			}
		})
	}
}

// The first use of a user and a password: a token, the project, the request; all of it at the one endpoint, and no secret
// in the log.
func TestFromPasswordToAnswer(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var asked, printed []string
	client := serve(t, Config{
		Auth: auth.Config{UserName: "u", Password: "topsecret1", DomainName: "d"},
		Log: func(_ context.Context, message string, fields map[string]any) {
			mu.Lock()
			defer mu.Unlock()
			printed = append(printed, fmt.Sprint(message, fields))
		},
	}, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.Method+" "+r.URL.String()+" "+r.Header.Get("X-Auth-Token"))
		switch r.URL.Path {
		case "/iam/v3/auth/tokens":
			w.Header().Set("X-Subject-Token", "topsecret2")
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, `{"token":{"expires_at":"2040-01-01T00:00:00.000000Z"}}`)
		case "/iam/v3/projects":
			_, _ = io.WriteString(w, `{"projects":[{"id":"p1","name":"cn-north-4"}]}`)
		default:
			_, _ = io.WriteString(w, `{"server":{"id":"s1","adminPass":"topsecret3","description":"topsecret4","opened":{"text":"topsecret6"}}}`)
		}
	})
	_, err := client.Do(t.Context(), Request{
		Service: ECS, Method: "POST", Path: "/v1/{project_id}/cloudservers", Secrets: []string{"topsecret4"}, SecretKeys: []string{"opened"},
		Body: map[string]any{"server": map[string]any{"name": "web", "user_data": "topsecret5", "tag": "topsecret4"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"POST /iam/v3/auth/tokens ", "GET /iam/v3/projects?name=cn-north-4 topsecret2", "POST /ecs/v1/p1/cloudservers topsecret2"}
	if !reflect.DeepEqual(asked, want) {
		t.Errorf("asked %q", asked)
	}
	all := strings.Join(printed, "\n")
	if strings.Contains(all, "topsecret") || !strings.Contains(all, `"name":"web"`) || len(printed) != 6 {
		t.Errorf("printed %s", all)
	}
}

// A token is of one project: in another region, the client asks for another one, and keeps both.
func TestTokenOfAnotherRegion(t *testing.T) {
	t.Parallel()
	var asked []string
	client := serve(t, Config{ProjectID: "p1", Auth: auth.Config{UserID: "u", Password: "p"}}, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/iam/v3/auth/tokens":
			body, _ := io.ReadAll(r.Body)
			_, scope, _ := strings.Cut(string(body), `"scope":`)
			asked = append(asked, scope)
			w.Header().Set("X-Subject-Token", fmt.Sprint("T", len(asked)))
			_, _ = io.WriteString(w, `{"token":{"expires_at":"2040-01-01T00:00:00.000000Z"}}`)
		case "/iam/v3/projects":
			_, _ = io.WriteString(w, `{"projects":[{"id":"p2","name":"cn-east-3"}]}`)
		default:
			asked = append(asked, r.URL.Path+" "+r.Header.Get("X-Auth-Token"))
		}
	})
	for _, region := range []string{"", "cn-east-3", "cn-north-4", "cn-east-3"} {
		if _, err := client.Do(t.Context(), Request{Service: VPC, Region: region, Method: "GET", Path: "/v1/{project_id}"}); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{`{"project":{"id":"p1"}}}}`, "/vpc/v1/p1 T1", `{"project":{"id":"p2"}}}}`, "/vpc/v1/p2 T3", "/vpc/v1/p1 T1", "/vpc/v1/p2 T3"}
	if !reflect.DeepEqual(asked, want) {
		t.Errorf("asked\n%q, want\n%q", asked, want)
	}
}

// The profile gives the region and the project, too.
func TestRegionOfProfile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "config.json")
	profile := `{"current":"a","profiles":[{"name":"a","mode":"AKSK","accessKeyId":"AK","secretAccessKey":"SK","region":"cn-east-3","projectId":"p9","domainId":"d9"}]}`
	if err := os.WriteFile(file, []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
	client, err := New(Config{Auth: auth.Config{SharedConfigFile: file}})
	if err != nil {
		t.Fatal(err)
	}
	if id, err := client.ProjectID(t.Context(), ""); client.Region() != "cn-east-3" || id != "p9" || err != nil || client.config.DomainID != "d9" {
		t.Errorf("region %s, project %s, %v", client.Region(), id, err)
	}
}

func TestProjectID(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	var broken atomic.Bool
	handler := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/iam/v3/auth/projects" {
			_, _ = io.WriteString(w, `{"projects":[{"id":"px","name":"other"},{"id":"p6","name":"private"}]}`)
			return
		}
		asked.Add(1)
		if broken.Load() {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		switch name := r.URL.Query().Get("name"); name {
		case "cn-north-4", "cn-east-3", "mine":
			_, _ = fmt.Fprintf(w, `{"projects":[{"id":"p-%s","name":%q},{"id":"px","name":"%s_sub"}]}`, name, name, name)
		case "twice":
			_, _ = io.WriteString(w, `{"projects":[{"id":"p1","name":"twice"},{"id":"p2","name":"twice"}]}`)
		case "private":
			w.WriteHeader(http.StatusForbidden)
		default:
			_, _ = io.WriteString(w, `{"projects":[]}`)
		}
	}
	for name, test := range map[string]struct {
		config       Config
		region, want string
		err          string
	}{
		"given":                 {Config{ProjectID: "p1"}, "", "p1", ""},
		"given, but elsewhere":  {Config{ProjectID: "p1", ProjectName: "mine"}, "cn-east-3", "p-cn-east-3", ""},
		"by region":             {Config{}, "", "p-cn-north-4", ""},
		"by name":               {Config{ProjectName: "mine"}, "cn-north-4", "p-mine", ""},
		"none":                  {Config{}, "nowhere", "", "none of that name"},
		"several":               {Config{}, "twice", "", "p1, p2"},
		"not allowed":           {Config{AllowedProjectIDs: []string{"p1", "p2"}}, "", "", "p1, p2"},
		"allowed":               {Config{AllowedProjectIDs: []string{"p-cn-north-4"}}, "", "p-cn-north-4", ""},
		"only their own listed": {Config{}, "private", "p6", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := serve(t, test.config, handler)
			got, err := client.ProjectID(t.Context(), test.region)
			if got != test.want || (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
	t.Run("once", func(t *testing.T) { // not parallel: it counts
		client := serve(t, Config{}, handler)
		asked.Store(0)
		broken.Store(true)
		if _, err := client.ProjectID(t.Context(), ""); err == nil {
			t.Error("found in spite of the failure")
		}
		broken.Store(false)
		var callers sync.WaitGroup
		for range 20 {
			callers.Go(func() {
				if id, err := client.ProjectID(t.Context(), ""); id != "p-cn-north-4" || err != nil {
					t.Errorf("got %s, %v", id, err)
				}
			})
		}
		callers.Wait()
		if n := asked.Load(); n != 2 { // the failure, and one for all
			t.Errorf("IAM was asked %d times", n)
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := client.ProjectID(ended, "cn-east-3"); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	})
}

// A project that is not allowed is not touched by any request.
func TestAllowedProjects(t *testing.T) {
	t.Parallel()
	client := serve(t, Config{AllowedProjectIDs: []string{"p1"}}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/iam/v3/projects" {
			t.Errorf("%s was sent", r.URL)
		}
		_, _ = io.WriteString(w, `{"projects":[{"id":"p2","name":"cn-north-4"}]}`)
	})
	for _, path := range []string{"/v1/{project_id}/vpcs", "/v2/images"} {
		if _, err := client.Do(t.Context(), Request{Service: VPC, Method: "GET", Path: path}); err == nil || !strings.Contains(err.Error(), "p2") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	var v any
	if err := json.Unmarshal([]byte(`{"entities":{"sub_jobs":[{"entities":{"server_id":"s1"}},null],"null":null}}`), &v); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]any{
		"entities.sub_jobs.0.entities.server_id": "s1",
		"entities.sub_jobs.1":                    nil,
		"entities.null":                          nil,
		"":                                       v,
	} {
		if got, ok := Lookup(v, path); !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, %v", path, got, ok)
		}
	}
	for _, path := range []string{"x", "entities.x", "entities.sub_jobs.2", "entities.sub_jobs.-1", "entities.sub_jobs.x", "entities.null.x", "entities.sub_jobs.0.entities.server_id.x"} {
		if got, ok := Lookup(v, path); ok || got != nil {
			t.Errorf("%s: %v, %v", path, got, ok)
		}
	}
}

// A content is opened for each attempt, and the log only tells its size.
func TestContent(t *testing.T) {
	t.Parallel()
	var got, logged []string
	c := Config{
		MaxRetries: 1, ProjectID: project1, Credentials: &rolling{},
		Log: func(_ context.Context, message string, fields map[string]any) {
			if message == "request" {
				logged = append(logged, fmt.Sprint(fields["body"]))
			}
		},
	}
	client := serve(t, c, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, fmt.Sprintf("%s %d %s", r.Header.Get("Content-Type"), r.ContentLength, body))
		if len(got) == 1 {
			w.Header().Set("Retry-After", "0.01")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	opened := 0
	content := Content{Size: 11, Open: func() (io.ReadCloser, error) {
		opened++
		return io.NopCloser(strings.NewReader("hello world")), nil
	}}
	if _, err := client.Do(t.Context(), Request{Service: VPC, Method: "PUT", Path: "/file", Body: content}); err != nil {
		t.Fatal(err)
	}
	const one = "application/octet-stream 11 hello world"
	if !reflect.DeepEqual(got, []string{one, one}) || opened < 2 || !reflect.DeepEqual(logged, []string{"(11 bytes)", "(11 bytes)"}) {
		t.Errorf("got %q, opened %d times, logged %q", got, opened, logged)
	}
	content.Open = func() (io.ReadCloser, error) { return nil, errors.New("it is gone") }
	if _, err := client.Do(t.Context(), Request{Service: VPC, Method: "PUT", Path: "/file", Body: content}); err == nil || !strings.Contains(err.Error(), "it is gone") {
		t.Errorf("got %v", err)
	}
}
