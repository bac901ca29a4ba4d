package object

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/auth"
)

// fake is a cloud of a few lines: what it answers is a function of the test's. It ends each connection, so that time
// can be faked around it: a connection that is kept would be waited for.
type fake struct {
	answer  func(method, path, query, body string) (status int, answer string)
	retries int

	mu     sync.Mutex
	calls  []string
	tokens []string // those that came with them
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	path := strings.Replace(strings.TrimPrefix(r.URL.Path, "/evs"), fakeProject, "p", 1)
	f.mu.Lock()
	f.calls = append(f.calls, strings.TrimSpace(r.Method+" "+path+" "+string(body)))
	f.tokens = append(f.tokens, r.Header.Get("X-Client-Token"))
	f.mu.Unlock()
	status, answer := f.answer(r.Method, path, r.URL.RawQuery, string(body))
	if status == 0 {
		panic(http.ErrAbortHandler) // the connection breaks, and nobody knows what was done
	}
	w.Header().Set("Connection", "close")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, answer)
}

// count is how often something was called.
func (f *fake) count(call string) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, made := range f.calls {
		if strings.HasPrefix(made, call) {
			n++
		}
	}
	return n
}

const fakeProject = "0123456789abcdef0123456789abcdef"

// serve is a session with a fake cloud, and with a log if there is one.
func serve(t testing.TB, f *fake, log ...func(context.Context, string, map[string]any)) *Session {
	t.Helper()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	config := cloud.Config{
		Region: "r1", ProjectID: fakeProject, Endpoint: server.URL, MaxRetries: f.retries, Auth: auth.Config{AccessKey: "a", SecretKey: "s"},
	}
	for _, print := range log {
		config.Log = print
	}
	client, err := cloud.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return &Session{Client: client}
}

// disks answers the single read and the paged list of so many disks.
func disks(n int) func(method, path, query, body string) (int, string) {
	one := func(i int) string {
		return fmt.Sprintf(`{"id":"d%d","name":"disk %d","status":"ready","size":10,"tags":[]}`, i, i)
	}
	return func(_, path, query, _ string) (int, string) {
		var i int
		if _, err := fmt.Sscanf(path, "/v1/p/disks/d%d", &i); err == nil {
			if i >= n {
				return 404, `{"error_code":"D.404","error_msg":"no such disk"}`
			}
			return 200, `{"disk":` + one(i) + `}`
		}
		from := 0
		if _, marker, ok := strings.Cut(query, "marker="); ok {
			_, _ = fmt.Sscan(marker, &from)
		}
		var items []string
		for i := from; i < min(from+2, n); i++ {
			items = append(items, one(i))
		}
		next := ""
		if from+2 < n {
			next = fmt.Sprint(from + 2)
		}
		return 200, fmt.Sprintf(`{"disks":[%s],"next":%q}`, strings.Join(items, ","), next)
	}
}

func TestFakeSpeaksJSON(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/v1/p/disks", "/v1/p/disks/d1", "/v1/p/disks/d9"} {
		if _, answer := disks(3)("GET", path, "", ""); !json.Valid([]byte(answer)) {
			t.Error(answer)
		}
	}
}
