package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The projects of an empty cloud.
const (
	north   = "5a0d80c0000000000000000000000101"
	east    = "5a0d80c0000000000000000000000102"
	extra   = "5a0d80c0000000000000000000000103"
	partner = "5a0d80c0000000000000000000000201"
)

// client calls a sandbox in this process, signing as the access key's owner does.
type client struct {
	t     *testing.T
	cloud *Sandbox
	host  string
	key   accessKey // its id is the access key
	token string    // used instead of the key
}

func newClient(t *testing.T, opts Options) *client {
	t.Helper()
	s, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &client{t: t, cloud: s, host: "127.0.0.1:8750", key: accessKey{meta: meta{ID: "sandbox"}, Secret: "sandbox"}}
}

// answer is what came back, with the body as JSON values.
type answer struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

// request makes a signed request, to be changed before it is sent.
func (c *client) request(method, path, body string) *http.Request {
	h := httptest.NewRequest(method, path, strings.NewReader(body))
	h.Host = c.host
	switch {
	case c.token != "":
		h.Header.Set("X-Auth-Token", c.token)
	case c.key.ID != "":
		if c.key.SecurityToken != "" {
			h.Header.Set("X-Security-Token", c.key.SecurityToken)
		}
		sign(c.t, h, body, signature{algorithm: algorithmSDK, accessKey: c.key.ID}, c.key.Secret, time.Now())
	}
	return h
}

// sign adds the Authorization header; the form is that of sig.
func sign(t *testing.T, h *http.Request, body string, sig signature, secret string, now time.Time) {
	t.Helper()
	date := now.UTC().Format(dateFormat)
	h.Header.Set("X-Sdk-Date", date)
	sig.headers = []string{"host", "x-sdk-date"}
	r := &request{Request: h, path: h.URL.EscapedPath(), body: []byte(body)}
	value, err := sig.sign(canonicalRequest(r, sig.headers), date, secret)
	if err != nil {
		t.Fatal(err)
	}
	who := "Access=" + sig.accessKey
	if sig.scope != "" {
		who = "Credential=" + sig.accessKey + "/" + sig.scope
	}
	h.Header.Set("Authorization", fmt.Sprintf("%s %s, SignedHeaders=%s, Signature=%s", sig.algorithm, who, strings.Join(sig.headers, ";"), value))
}

func (c *client) send(h *http.Request) answer {
	c.t.Helper()
	w := httptest.NewRecorder()
	c.cloud.ServeHTTP(w, h)
	a := answer{status: w.Code, header: w.Header(), text: w.Body.String()}
	if json.Unmarshal(w.Body.Bytes(), &a.body) != nil && strings.HasPrefix(a.header.Get("Content-Type"), "application/json") && len(a.text) > 0 && a.text[0] == '{' {
		c.t.Fatalf("%s %s: not JSON: %s", h.Method, h.URL, a.text)
	}
	return a
}

// do sends a request and expects a status.
func (c *client) do(status int, method, path, body string) answer {
	c.t.Helper()
	a := c.send(c.request(method, path, body))
	if a.status != status {
		c.t.Fatalf("%s %s %s: %d instead of %d: %s", method, path, body, a.status, status, a.text)
	}
	return a
}

// control makes a control call, which takes no credentials.
func (c *client) control(status int, method, path, body string) answer {
	c.t.Helper()
	h := httptest.NewRequest(method, "/_sandbox/"+path, strings.NewReader(body))
	h.Host = c.host
	a := c.send(h)
	if a.status != status {
		c.t.Fatalf("%s %s %s: %d instead of %d: %s", method, path, body, a.status, status, a.text)
	}
	return a
}

// get is the value at a path of keys and indices in the body: get("vpcs", 0, "id").
func (a answer) get(path ...any) any {
	var v any = a.body
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			l, _ := v.([]any)
			if step >= len(l) {
				return nil
			}
			v = l[step]
		}
	}
	return v
}

func (a answer) str(path ...any) string {
	s, _ := a.get(path...).(string)
	return s
}

func (a answer) len(path ...any) int {
	l, _ := a.get(path...).([]any)
	return len(l)
}

// want compares values in the body with what is expected, path by path: {"vpc.status": "OK"}.
func (c *client) want(a answer, wants map[string]any) {
	c.t.Helper()
	for path, want := range wants {
		var steps []any
		for step := range strings.SplitSeq(path, ".") {
			if i, err := strconv.Atoi(step); err == nil {
				steps = append(steps, i)
			} else {
				steps = append(steps, step)
			}
		}
		text, err := json.Marshal(want)
		if err != nil {
			c.t.Fatal(err)
		}
		var expected any
		if err := json.Unmarshal(text, &expected); err != nil {
			c.t.Fatal(err)
		}
		if got := a.get(steps...); !reflect.DeepEqual(got, expected) {
			c.t.Errorf("%s is %v instead of %s", path, got, text)
		}
	}
}

// vpc makes a VPC and returns its id.
func (c *client) vpc(cidr string) string {
	c.t.Helper()
	return c.do(200, "POST", "/vpc/v1/"+north+"/vpcs", fmt.Sprintf(`{"vpc":{"cidr":%q}}`, cidr)).str("vpc", "id")
}

// subnet makes a subnet and returns its id.
func (c *client) subnet(vpc, cidr, gateway string) string {
	c.t.Helper()
	return c.do(200, "POST", "/vpc/v1/"+north+"/subnets",
		fmt.Sprintf(`{"subnet":{"name":"s","vpc_id":%q,"cidr":%q,"gateway_ip":%q}}`, vpc, cidr, gateway)).str("subnet", "id")
}

// serve puts the cloud on a port, for tests that need a real connection.
func (c *client) serve() *httptest.Server {
	server := httptest.NewServer(c.cloud)
	c.t.Cleanup(server.Close)
	c.host = server.Listener.Addr().String()
	return server
}

// over sends a signed request over the network.
func (c *client) over(server *httptest.Server, method, path, body string) (*http.Response, []byte, error) {
	c.t.Helper()
	signed := c.request(method, path, body)
	h, err := http.NewRequestWithContext(c.t.Context(), method, server.URL+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	h.Header = signed.Header
	resp, err := server.Client().Do(h)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	return resp, text, err
}
