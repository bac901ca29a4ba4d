package cloud

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/auth"
)

// openStackCloud is a Keystone, and services that answer what they were asked. The catalog is that of the real one, without
// the ids of endpoints.
func openStackCloud(t *testing.T, catalog string, c Config) *Client {
	t.Helper()
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method+" "+r.URL.Path == "POST /v3/auth/tokens" {
			w.Header().Set("X-Subject-Token", "t")
			w.WriteHeader(http.StatusCreated)
			_, _ = fmt.Fprintf(w, `{"token":{"methods":["password"],"expires_at":"2126-11-22T14:59:11.000000Z","user":{"domain":{"id":"default","name":"Default"},"id":"u","name":"demo"},`+
				`"project":{"domain":{"id":"default","name":"Default"},"id":%q,"name":"demo"},"roles":[{"id":"1","name":"reader"},{"id":"2","name":"member"}],"catalog":%s}}`, project1, strings.ReplaceAll(catalog, "http://", server.URL+"/"))
			return
		}
		if r.Header.Get("X-Auth-Token") != "t" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		switch { // as Cinder and Nova tell their versions
		case strings.HasSuffix(r.URL.Path, "/v3/"):
			_, _ = w.Write([]byte(`{"versions":[{"id":"v3.0","status":"CURRENT","version":"3.9","min_version":"3.0"}]}`))
		case strings.HasSuffix(r.URL.Path, "/v2.1/"):
			_, _ = w.Write([]byte(`{"version":{"id":"v2.1","status":"CURRENT","version":"2.93","min_version":"2.1"}}`))
		default:
			_ = json.NewEncoder(w).Encode(map[string]string{"path": r.URL.Path, "version": r.Header.Get("OpenStack-API-Version")})
		}
	}))
	t.Cleanup(server.Close)
	c.OpenStack = true
	if c.Auth.Password == "" {
		c.Auth = auth.Config{AuthURL: server.URL + "/v3", UserName: "demo", Password: "secret", ProjectName: "demo"}
	}
	client, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := client.FindRegion(t.Context()); err != nil {
		t.Fatal(err)
	}
	return client
}

func endpoint(face, url string) string {
	return fmt.Sprintf(`{"interface":%q,"region":"RegionOne","region_id":"RegionOne","url":%q}`, face, url)
}

var someCatalog = `[{"type":"compute","name":"nova","endpoints":[` + endpoint("public", "http://nova/v2.1") + `]},` +
	`{"type":"volumev3","name":"cinder","endpoints":[` + endpoint("internal", "http://in/v3/"+project1) + `,` + endpoint("public", "http://cinder/volume/v3/"+project1) + `]},` +
	`{"type":"network","name":"neutron","endpoints":[` + endpoint("public", "http://neutron") + `]}]`

// Requests go where the catalog says, in the microversion that both sides know.
func TestCatalog(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config        Config
		request       Request
		path, version string
		err           string
	}{
		"another name of the type; the cloud's version": {request: Request{Service: Cinder, Path: "/v3/{project_id}/volumes"},
			path: "/cinder/volume/v3/" + project1 + "/volumes", version: "volume 3.9"},
		"an interface": {config: Config{Interface: "internal"}, request: Request{Service: Cinder, Path: "/v3/{project_id}/volumes"},
			path: "/in/v3/" + project1 + "/volumes", version: "volume 3.9"},
		"the service's version":     {request: Request{Service: Nova, Path: "/v2.1/servers"}, path: "/nova/v2.1/servers", version: "compute " + Nova.Version},
		"the request's version":     {request: Request{Service: Nova, Path: "/v2.1/servers", Version: "2.90"}, path: "/nova/v2.1/servers", version: "compute 2.90"},
		"a version beyond":          {request: Request{Service: Cinder, Path: "/v3/{project_id}/volumes", Version: "3.10"}, err: "needs microversion 3.10 of the service block-storage, and the newest that the cloud has is 3.9"},
		"no versions":               {request: Request{Service: Neutron, Path: "/v2.0/networks"}, path: "/neutron/v2.0/networks"},
		"an address that is given":  {config: Config{Endpoints: map[string]string{"network": "http://127.0.0.1:1/x"}}, request: Request{Service: Neutron, Path: "/v2.0/networks"}, err: "http://127.0.0.1:1/x/v2.0/networks"},
		"a service that is missing": {request: Request{Service: Glance, Path: "/v2/images"}, err: "no service image in its catalog, which lists compute, network, volumev3"},
		"an unknown region":         {request: Request{Service: Neutron, Region: "RegionTwo", Path: "/v2.0/networks"}, err: `no region "RegionTwo": there is RegionOne`},
		"an interface that is missing": {config: Config{Interface: "admin"}, request: Request{Service: Cinder, Path: "/v3/{project_id}/volumes"},
			err: "no admin address in the region RegionOne, but: internal, public"},
		"a project that is not allowed": {config: Config{AllowedProjectIDs: []string{"another"}}, request: Request{Service: Neutron, Path: "/v2.0/networks"}, err: "not one of the allowed"},
		"a service of the other world":  {request: Request{Service: VPC, Path: "/v1/{project_id}/vpcs"}, err: "is one of Huawei Cloud"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := openStackCloud(t, someCatalog, test.config)
			test.request.Method = http.MethodGet
			answer, err := client.Do(t.Context(), test.request)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("got %v, %v", answer, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := answer.(map[string]any); got["path"] != test.path || got["version"] != test.version {
				t.Errorf("got %v", got)
			}
		})
	}
}

// Each service is asked once for its versions; a token that is refused is replaced; and no secret is in the log.
func TestOpenStackRun(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var logged []string
	tokens, versions := 0, 0
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case r.URL.Path == "/v3/auth/tokens":
			tokens++
			w.Header().Set("X-Subject-Token", fmt.Sprint("hush-token-", tokens))
			w.WriteHeader(http.StatusCreated)
			_, _ = fmt.Fprintf(w, `{"token":{"expires_at":"2126-11-22T14:59:11.000000Z","project":{"id":%q,"name":"demo"},"catalog":%s}}`, project1, strings.ReplaceAll(someCatalog, "http://", server.URL+"/"))
		case r.Header.Get("X-Auth-Token") == "hush-token-1" && tokens == 1 && versions > 0:
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}}`))
		case strings.HasSuffix(r.URL.Path, "/v3/"):
			versions++
			_, _ = w.Write([]byte(`{"versions":[{"id":"v3.0","version":"3.70"}]}`))
		default:
			_, _ = w.Write([]byte(`{}`))
		}
	}))
	t.Cleanup(server.Close)
	client, err := New(Config{
		OpenStack: true, Region: "RegionOne", Auth: auth.Config{AuthURL: server.URL, UserName: "demo", Password: "hush-password", ProjectName: "demo"},
		Log: func(_ context.Context, message string, fields map[string]any) {
			mu.Lock()
			defer mu.Unlock()
			logged = append(logged, fmt.Sprint(message, fields))
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := client.Do(t.Context(), Request{Service: Cinder, Method: http.MethodGet, Path: "/v3/{project_id}/volumes"}); err != nil {
			t.Fatal(err)
		}
	}
	if tokens != 2 || versions != 1 {
		t.Errorf("%d tokens, asked %d times for the versions", tokens, versions)
	}
	if all := strings.Join(logged, "\n"); strings.Contains(all, "hush") || !strings.Contains(all, "/v3/auth/tokens") || !strings.Contains(all, "volume 3.70") {
		t.Errorf("logged %s", all)
	}
}

// Huawei Cloud has none of OpenStack's services.
func TestServiceOfOpenStack(t *testing.T) {
	t.Parallel()
	client := serve(t, Config{ProjectID: project1}, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	if _, err := client.Do(t.Context(), Request{Service: Cinder, Method: http.MethodGet, Path: "/v3/{project_id}/volumes"}); err == nil || !strings.Contains(err.Error(), "is one of OpenStack clouds") {
		t.Errorf("got %v", err)
	}
}

func TestUnversioned(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://h:8776/v3/" + project1:   "https://h:8776",
		"https://h/volume/v3/%(tenant)s":  "https://h/volume",
		"https://h/compute/v2.1":          "https://h/compute",
		"https://h/compute/v2.1/":         "https://h/compute",
		"https://h:9696/":                 "https://h:9696",
		"https://v2/":                     "https://v2",
		"https://h/v2x/image":             "https://h/v2x/image",
		"https://h/v1/v2.0":               "https://h",
		"https://h/v2.0.example/v3/v3/v4": "https://h/v2.0.example",
	} {
		if got := Unversioned(address); got != want {
			t.Errorf("%s: got %s", address, got)
		}
	}
}

func TestCompareVersions(t *testing.T) {
	t.Parallel()
	for i, older := range [][2]string{{"2.9", "2.10"}, {"", "2.1"}, {"2.99", "3.0"}, {"3.7", "3.70"}} {
		if CompareVersions(older[0], older[1]) >= 0 || CompareVersions(older[1], older[0]) <= 0 || CompareVersions(older[1], older[1]) != 0 {
			t.Errorf("%d: %v", i, older)
		}
	}
}
