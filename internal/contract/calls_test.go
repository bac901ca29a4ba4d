package contract

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/auth"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/provider"
)

// recorder notes the operations that requests below /{service}/ make, and passes them on.
type recorder struct {
	http.Handler
	mu   sync.Mutex
	seen []object.Operation
}

var idInPath = regexp.MustCompile(`/[0-9a-f-]{32,36}(/|$)`)

func (rec *recorder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	service, path, _ := strings.Cut(r.URL.Path[1:], "/")
	op := object.Operation{
		Method: r.Method, Path: idInPath.ReplaceAllString("/"+path, "/{id}$1"), Query: slices.Collect(maps.Keys(r.URL.Query())),
	}
	for _, s := range cloud.Services() {
		if s.Name == service {
			op.Service = s
		}
	}
	if len(body) > 0 {
		var sent any
		if err := json.Unmarshal(body, &sent); err != nil {
			panic(err)
		}
		op.Sends = leaves(sent, "")
	}
	rec.mu.Lock()
	rec.seen = append(rec.seen, op)
	rec.mu.Unlock()
	rec.Handler.ServeHTTP(w, r)
}

// leaves are the dotted paths of all values in decoded JSON; lists leave no trace.
func leaves(v any, at string) (paths []string) {
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			paths = append(paths, leaves(member, strings.TrimPrefix(at+"."+key, "."))...)
		}
	case []any:
		for _, item := range v {
			paths = append(paths, leaves(item, at)...)
		}
	default:
		paths = append(paths, at)
	}
	return paths
}

// readByClient are the fields of answers that the client reads for itself.
var readByClient = map[string][]string{
	"/v3/projects":                       {"projects.id", "projects.name"},
	"/v3/auth/projects":                  {"projects.id", "projects.name"},
	"/v3/auth/tokens":                    {"X-Subject-Token", "token.expires_at"},
	"/v3.0/OS-CREDENTIAL/securitytokens": {"credential.access", "credential.secret", "credential.securitytoken", "credential.expires_at"},
}

// clientCalls are the calls by which the client finds credentials and projects, as it makes them in all its ways, and those
// by which it waits for jobs.
func clientCalls(t *testing.T) (calls []object.Operation) {
	t.Helper()
	rec := &recorder{Handler: newSandbox(t)}
	server := httptest.NewServer(rec)
	defer server.Close()
	// Who may not list the projects of the account lists his own.
	control(t, server, "POST", "faults", `{"path":"/iam/v3/projects","times":1,"action":{"status":403}}`)

	keys := auth.Config{AccessKey: "sandbox", SecretKey: "sandbox"}
	names := auth.Config{UserName: "sandbox", Password: "sandbox", DomainName: "sandbox"}
	mixed := auth.Config{UserName: "sandbox", Password: "sandbox", DomainID: account}
	ids := auth.Config{UserID: userID, Password: "sandbox", DomainID: account, ProjectID: project}
	byName := []auth.AssumeRole{{AgencyName: "sandbox-agency", DomainName: "sandbox"}}
	byID := []auth.AssumeRole{{AgencyName: "sandbox-agency", DomainID: account, DurationSeconds: 1800}}
	for _, who := range []auth.Config{keys, names, mixed, ids} {
		for _, roles := range [][]auth.AssumeRole{nil, byName, byID} {
			who.AssumeRole = roles
			client, err := cloud.New(cloud.Config{Region: "cn-north-4", Endpoint: server.URL, Auth: who})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := client.Do(t.Context(), cloud.Request{Service: cloud.VPC, Method: "GET", Path: "/v1/{project_id}/vpcs"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, op := range rec.seen {
		if op.Service == cloud.IAM {
			op.Purpose, op.Answers = "find credentials or the project", readByClient[op.Path]
			calls = append(calls, op)
		}
	}
	for _, service := range cloud.Services() {
		if job := service.Job; job != nil {
			calls = append(calls, object.Operation{
				Purpose: "wait for a job", Service: service, Method: "GET", Path: job.Path,
				Answers: slices.Concat([]string{job.Status}, job.Code, job.Reason),
			})
		}
	}
	return calls
}

// pageCalls are the calls by which the client walks the lists of the Kinds and of their sides, two pages of each.
func pageCalls(t *testing.T) (calls []object.Operation) {
	t.Helper()
	rec := &recorder{}
	server := httptest.NewServer(rec)
	defer server.Close()
	client, err := cloud.New(cloud.Config{
		Region: "cn-north-4", Endpoint: server.URL, ProjectID: project, Auth: auth.Config{AccessKey: "sandbox", SecretKey: "sandbox"},
	})
	if err != nil {
		t.Fatal(err)
	}
	walk := func(op object.Operation, many string, paging cloud.Paging) {
		rec.Handler = twoPages(many)
		path := inBraces.ReplaceAllStringFunc(op.Path, func(name string) string {
			if name == "{project_id}" {
				return name
			}
			return userID // what a list lies in: any id will do
		})
		request := cloud.Request{Service: op.Service, Method: op.Method, Path: path}
		if op.Method != "GET" {
			body := map[string]any{}
			for _, field := range op.Sends {
				body[field] = ""
			}
			request.Body = body
		}
		for _, err := range client.Pages(t.Context(), request, many, paging) {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, kind := range provider.Public() {
		for _, op := range kind.Operations() {
			if op.Purpose == "list" {
				walk(op, kind.Many, kind.Paging)
			}
			for _, side := range kind.Sides {
				if side.From != "" || side.Many == object.Never {
					continue // no list
				}
				if op.Purpose == "list "+side.Into || op.Purpose == "read "+side.Into && side.Bulk.Path == "" {
					walk(op, side.Many, side.Paging)
				}
			}
		}
	}
	for i := range rec.seen {
		rec.seen[i].Purpose = "walk the list"
	}
	return rec.seen
}

// twoPages answers a full page with a marker of the next, and then an empty one.
func twoPages(many string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		var body map[string]string
		if json.NewDecoder(r.Body).Decode(&body) == nil {
			for name, value := range body {
				query.Set(name, value)
			}
		}
		limit, _ := strconv.Atoi(query.Get("limit") + query.Get("max-keys")) // a list that is answered whole has none
		items := []any{}
		answer := map[string]any{}
		if offset := query.Get("offset") + query.Get("start_number"); !query.Has("marker") && (offset == "" || offset == "0") {
			for i := range limit {
				items = append(items, map[string]any{"id": strconv.Itoa(i)})
			}
			answer["next_marker"] = "more"
			answer["page_info"] = map[string]any{"next_marker": "more"}
		}
		keys, holder := strings.Split(many, "."), answer
		for _, key := range keys[:len(keys)-1] {
			inner := map[string]any{}
			holder[key], holder = inner, inner
		}
		holder[keys[len(keys)-1]] = items
		if root, wrapped := answer[keys[0]].(map[string]any); wrapped && len(items) > 0 {
			root["IsTruncated"], root["NextMarker"] = "true", "more" // as the object storage tells it
		}
		_ = json.NewEncoder(w).Encode(answer)
	}
}
