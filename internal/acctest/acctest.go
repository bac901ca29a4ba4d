// Package acctest runs Terraform itself in tests: the provider in this process, against a sandbox of the test's own.
package acctest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/auth"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/provider"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/sandbox"
)

// Cloud is a sandbox that serves one test.
type Cloud struct {
	URL   string
	Kinds []*object.Kind // what the provider knows; default: all
	t     testing.TB
	log   *log
}

// Start serves an empty cloud until the test ends. Jobs take 100 ms unless the options say otherwise.
func Start(t testing.TB, options ...sandbox.Options) *Cloud {
	t.Helper()
	opts := sandbox.Options{JobMS: 100}
	if len(options) > 0 {
		opts = options[0]
	}
	box, err := sandbox.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	log := &log{}
	server := httptest.NewServer(log.around(box))
	t.Cleanup(func() {
		server.CloseClientConnections() // a test that failed may have left requests open
		server.Close()
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	return &Cloud{URL: server.URL, Kinds: provider.Kinds(), t: t, log: log}
}

// Provider is the provider block that reaches the cloud, with further arguments.
func (c *Cloud) Provider(more ...string) string {
	return fmt.Sprintf(`
provider "hwcloud" {
  region     = "cn-north-4"
  access_key = "sandbox"
  secret_key = "sandbox"
  endpoint   = %q
  %s
}
`, c.URL, strings.Join(more, "\n  "))
}

// Run carries out steps with Terraform. Whatever they leave is destroyed, and the test fails if something stays.
func (c *Cloud) Run(steps ...resource.TestStep) {
	c.t.Helper()
	for i := range steps {
		if steps[i].Config != "" && !strings.Contains(steps[i].Config, `provider "hwcloud"`) {
			steps[i].Config = c.Provider() + steps[i].Config
		}
	}
	resource.Test(c.t.(*testing.T), resource.TestCase{IsUnitTest: true, ProtoV6ProviderFactories: c.Factories(), Steps: steps})
}

// Factories make the provider for Terraform.
func (c *Cloud) Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"hwcloud": providerserver.NewProtocol6WithError(provider.New("test", c.Kinds, provider.Ephemerals(), provider.Actions())()),
	}
}

// Ask makes a call of an API for what no resource makes, waits for the job if it is one, and returns the answer.
func (c *Cloud) Ask(service *cloud.Service, method, path string, body any) map[string]any {
	c.t.Helper()
	return c.AskIn("", service, method, path, body)
}

// AskIn is Ask in another project of the region.
func (c *Cloud) AskIn(project string, service *cloud.Service, method, path string, body any) map[string]any {
	c.t.Helper()
	client, err := cloud.New(cloud.Config{
		Region: "cn-north-4", ProjectID: project, Endpoint: c.URL, Auth: auth.Config{AccessKey: "sandbox", SecretKey: "sandbox"},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	path, query, _ := strings.Cut(path, "?")
	parameters, err := url.ParseQuery(query)
	if err != nil {
		c.t.Fatal(err)
	}
	answer, err := client.Do(c.t.Context(), cloud.Request{Service: service, Method: method, Path: path, Query: parameters, Body: body})
	object, _ := answer.(map[string]any)
	if job, ok := object["job_id"].(string); ok {
		_, err = client.AwaitJob(c.t.Context(), service, "", job)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return object
}

// Call is one request that the cloud served. The status is 0 when the connection was cut.
type Call struct {
	Method, Path, Query, Body string
	Status                    int
	Answer                    string
	Began, Ended              time.Time
}

// String is what a call does: PUT /vpc/v1/0f1e/vpcs/5d {"vpc":{"name":"web"}}.
func (c Call) String() string {
	target := c.Path
	if c.Query != "" {
		target += "?" + c.Query
	}
	return strings.TrimSpace(c.Method + " " + target + " " + c.Body)
}

// Calls are the requests served since the log was last cleared that a pattern on "METHOD /path" matches.
func (c *Cloud) Calls(pattern string) (calls []Call) {
	matcher := regexp.MustCompile(pattern)
	c.log.mu.Lock()
	defer c.log.mu.Unlock()
	for _, call := range c.log.calls {
		if matcher.MatchString(call.Method + " " + call.Path) {
			calls = append(calls, call)
		}
	}
	return calls
}

// Writes are the requests since the log was last cleared that may have changed something. Some services read with POST:
// what the Kinds declare as a read is none.
func (c *Cloud) Writes() []Call {
	reads := []string{"^GET ", "^HEAD "}
	for _, kind := range c.Kinds {
		if kind.Service.OpenStack() {
			continue
		}
		for _, op := range kind.Operations() {
			if strings.HasPrefix(op.Purpose, "read") || strings.HasPrefix(op.Purpose, "list") {
				path := inBraces.ReplaceAllString(regexp.QuoteMeta(op.Path), "[^/]+")
				reads = append(reads, "^"+op.Method+" /"+op.Service.Name+path+"$")
			}
		}
	}
	read := regexp.MustCompile(strings.Join(reads, "|"))
	return slices.DeleteFunc(c.Calls(""), func(call Call) bool { return read.MatchString(call.Method + " " + call.Path) })
}

var inBraces = regexp.MustCompile(`\\\{[^}]*\\\}`) // of a quoted path

// Forget clears the log.
func (c *Cloud) Forget() {
	c.log.mu.Lock()
	defer c.log.mu.Unlock()
	c.log.calls = nil
}

// log remembers requests with their bodies, which the sandbox's own log does not.
type log struct {
	mu    sync.Mutex
	calls []Call
}

func (l *log) around(box http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/_sandbox/") {
			box.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the client has gone away
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		call := Call{Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Body: string(body), Began: time.Now()}
		defer func() {
			call.Ended = time.Now()
			l.mu.Lock()
			defer l.mu.Unlock()
			l.calls = append(l.calls, call)
		}()
		box.ServeHTTP(&answer{w, &call}, r)
	})
}

// answer notes itself.
type answer struct {
	http.ResponseWriter
	call *Call
}

func (a *answer) WriteHeader(status int) {
	a.call.Status = status
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(body []byte) (int, error) {
	a.call.Answer += string(body)
	return a.ResponseWriter.Write(body)
}

func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// Objects are all objects of a kind, by id.
func (c *Cloud) Objects(kind string) map[string]map[string]any {
	var all map[string]map[string]map[string]any
	c.control("GET", "/objects", nil, &all)
	return all[kind]
}

// ID is the id of the only object of a kind that has a name.
func (c *Cloud) ID(kind, name string) string {
	c.t.Helper()
	id := ""
	for candidate, object := range c.Objects(kind) {
		if object["name"] == name {
			if id != "" {
				c.t.Fatalf("several of kind %s are named %s", kind, name)
			}
			id = candidate
		}
	}
	if id == "" {
		c.t.Fatalf("no %s is named %s", kind, name)
	}
	return id
}

// Patch changes an object behind Terraform's back.
func (c *Cloud) Patch(kind, id string, fields map[string]any) {
	c.t.Helper()
	c.control("PATCH", "/objects/"+kind+"/"+id, fields, nil)
}

// Delete removes an object behind Terraform's back.
func (c *Cloud) Delete(kind, id string) {
	c.t.Helper()
	c.control("DELETE", "/objects/"+kind+"/"+id, nil, nil)
}

// Configure changes how the cloud behaves: {"latency_ms": 50}.
func (c *Cloud) Configure(settings map[string]any) {
	c.t.Helper()
	c.control("PUT", "/config", settings, nil)
}

// Fault is something that goes wrong for requests that fit.
type Fault struct {
	Method      string         `json:"method,omitempty"`
	Path        string         `json:"path"` // regular expression
	Times       int            `json:"times,omitempty"`
	Probability float64        `json:"probability,omitempty"`
	Action      map[string]any `json:"action"`
}

// Break makes something go wrong.
func (c *Cloud) Break(fault Fault) {
	c.t.Helper()
	c.control("POST", "/faults", fault, nil)
}

// Mend ends all faults.
func (c *Cloud) Mend() { c.control("DELETE", "/faults", nil, nil) }

func (c *Cloud) control(method, path string, body, into any) {
	c.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.URL+"/_sandbox"+path, bytes.NewReader(text))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= 300 {
		c.t.Fatalf("%s %s: %s %s %v", method, path, response.Status, answer, err)
	}
	if into != nil {
		if err := json.Unmarshal(answer, into); err != nil {
			c.t.Fatalf("%s %s: %v in %s", method, path, err, answer)
		}
	}
}

// Says is a pattern for words that stand in this order anywhere in Terraform's output, which wraps its lines.
func Says(words ...string) *regexp.Regexp {
	for i, word := range words {
		words[i] = strings.Join(strings.Fields(regexp.QuoteMeta(word)), `[\s│]+`)
	}
	return regexp.MustCompile(`(?s)` + strings.Join(words, `.*`))
}
