package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// signIn makes a client of the OpenStack cloud, with a token of a user for a project ("" for none).
func signIn(t *testing.T, s *Sandbox, user, project string) *client {
	t.Helper()
	c := &client{t: t, cloud: s, host: "127.0.0.1:8750"}
	body := passwordRequest(user, "sandbox", "")
	if project != "" {
		body = passwordRequest(user, "sandbox", fmt.Sprintf(`,"scope":{"project":{"name":%q,"domain":{"id":"default"}}}`, project))
	}
	c.token = c.do(201, "POST", "/identity/v3/auth/tokens", body).header.Get("X-Subject-Token")
	return c
}

func passwordRequest(user, password, scope string) string {
	return fmt.Sprintf(`{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":%q,"domain":{"name":"Default"},"password":%q}}}%s}}`, user, password, scope)
}

// newNative makes a sandbox with a client for the member and one for the administrator, in the same project.
func newNative(t *testing.T, opts Options) (member, admin *client) {
	t.Helper()
	s := newClient(t, opts).cloud
	return signIn(t, s, "sandbox", "sandbox"), signIn(t, s, "admin", "sandbox")
}

const tokens = "/identity/v3/auth/tokens"

func TestNativeTokens(t *testing.T) {
	t.Parallel()
	c, admin := newNative(t, Options{})
	nobody := &client{t: t, cloud: c.cloud, host: c.host}

	scope := func(text string) string { return `,"scope":` + text }
	for name, want := range map[string]struct {
		status int
		body   string
		at     string // of the answer, that holds the value
		value  any
	}{
		"in a project by name": {201, passwordRequest("sandbox", "sandbox", scope(`{"project":{"name":"sandbox","domain":{"name":"Default"}}}`)), "token.project.id", nativeProject},
		"in a project by id":   {201, passwordRequest("sandbox", "sandbox", scope(`{"project":{"id":"`+nativeProject+`"}}`)), "token.project.name", "sandbox"},
		"in no project":        {201, passwordRequest("sandbox", "sandbox", ""), "token.catalog", nil},
		"expressly in none":    {201, passwordRequest("sandbox", "sandbox", scope(`"unscoped"`)), "token.roles", nil},
		"expressly so, again":  {201, passwordRequest("sandbox", "sandbox", scope(`{"unscoped":{}}`)), "token.roles", nil},
		"in a domain":          {201, passwordRequest("admin", "sandbox", scope(`{"domain":{"name":"Default"}}`)), "token.domain.id", "default"},
		"a user by id":         {201, `{"auth":{"identity":{"methods":["password"],"password":{"user":{"id":"` + nativeMember + `","password":"sandbox"}}}}}`, "token.user.name", "sandbox"},
		"a credential by id":   {201, `{"auth":{"identity":{"methods":["application_credential"],"application_credential":{"id":"sandbox","secret":"sandbox"}}}}`, "token.project.name", "sandbox"},
		"a credential by name": {201, `{"auth":{"identity":{"methods":["application_credential"],"application_credential":{"name":"sandbox","secret":"sandbox","user":{"name":"sandbox","domain":{"id":"default"}}}}}}`, "token.application_credential.id", "sandbox"},
		"a token":              {201, `{"auth":{"identity":{"methods":["token"],"token":{"id":"` + c.token + `"}},"scope":{"project":{"id":"` + nativeProject + `"}}}}`, "token.methods", []string{"password", "token"}},

		"a project and none": {400, passwordRequest("sandbox", "sandbox", scope(`{"unscoped":{},"project":{"id":"`+nativeProject+`"}}`)), "error.message",
			"Expecting to find system, project, domain, OS-TRUST:trust or unscoped in scope. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error."},
		"a wrong password":                  {401, passwordRequest("sandbox", "wrong", ""), "error.message", "The request you have made requires authentication."},
		"an unknown user":                   {401, passwordRequest("nobody", "sandbox", ""), "error.title", "Unauthorized"},
		"a project of others":               {401, passwordRequest("sandbox", "sandbox", scope(`{"project":{"name":"admin","domain":{"id":"default"}}}`)), "error.code", 401},
		"an unknown project":                {401, passwordRequest("sandbox", "sandbox", scope(`{"project":{"id":"none"}}`)), "error.code", 401},
		"a domain without a role":           {401, passwordRequest("sandbox", "sandbox", scope(`{"domain":{"id":"default"}}`)), "error.code", 401},
		"a user of no domain":               {400, `{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"sandbox","password":"sandbox"}}}}}`, "error.title", "Bad Request"},
		"a credential's wrong secret":       {401, `{"auth":{"identity":{"methods":["application_credential"],"application_credential":{"id":"sandbox","secret":"x"}}}}`, "error.code", 401},
		"an unknown credential":             {404, `{"auth":{"identity":{"methods":["application_credential"],"application_credential":{"id":"x","secret":"x"}}}}`, "error.message", "Could not find Application Credential: x."},
		"a credential and a scope":          {401, `{"auth":{"identity":{"methods":["application_credential"],"application_credential":{"id":"sandbox","secret":"sandbox"}},"scope":{"project":{"id":"` + nativeProject + `"}}}}`, "error.code", 401},
		"an unknown token":                  {404, `{"auth":{"identity":{"methods":["token"],"token":{"id":"x"}}}}`, "error.message", "Could not recognize Fernet token"},
		"an unknown method":                 {400, `{"auth":{"identity":{"methods":["smile"]}}}`, "error.code", 400},
		"nothing":                           {400, `{}`, "error.message", "'auth' is a required property"},
		"what is no JSON":                   {400, `xx`, "error.code", 400},
		"a public cloud's user in this one": {401, passwordRequest("sandbox", "sandbox", scope(`{"project":{"name":"cn-north-4","domain":{"name":"sandbox"}}}`)), "error.code", 401},
	} {
		t.Run(name, func(t *testing.T) {
			c := &client{t: t, cloud: c.cloud, host: c.host}
			a := c.do(want.status, "POST", tokens, want.body)
			c.want(a, map[string]any{want.at: want.value})
			if want.status == 201 && a.header.Get("X-Subject-Token") == "" {
				t.Error("no token")
			}
		})
	}

	ask := func(c *client, method, subject string) answer {
		h := c.request(method, tokens, "")
		h.Header.Set("X-Subject-Token", subject)
		return c.send(h)
	}
	if a := ask(c, "GET", c.token); a.str("token", "user", "name") != "sandbox" || a.header.Get("X-Subject-Token") != c.token {
		t.Error(a.text)
	}
	if a := ask(admin, "HEAD", c.token); a.status != 200 {
		t.Error(a.text)
	}
	if a := ask(c, "GET", admin.token); a.status != 403 || !strings.Contains(a.text, "identity:validate_token") {
		t.Error(a.text)
	}
	if a := ask(c, "GET", "x"); a.status != 404 {
		t.Error(a.text)
	}
	if a := ask(c, "DELETE", c.token); a.status != 204 {
		t.Error(a.text)
	}
	c.do(401, "GET", "/identity/v3/auth/projects", "")
	if a := nobody.do(401, "GET", "/identity/v3/auth/projects", ""); a.header.Get("Www-Authenticate") != `Keystone uri="http://127.0.0.1:8750/identity/v3"` {
		t.Error(a.header)
	}
}

func TestNativeTokensExpire(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := newNative(t, Options{})
		time.Sleep(nativeTokenLife - 2*time.Second)
		c.do(200, "GET", "/identity/v3/auth/projects", "")
		// A token that is got by a token lives no longer.
		other := &client{t: t, cloud: c.cloud, host: c.host}
		other.token = c.do(201, "POST", tokens, `{"auth":{"identity":{"methods":["token"],"token":{"id":"`+c.token+`"}}}}`).header.Get("X-Subject-Token")
		time.Sleep(2 * time.Second)
		c.do(401, "GET", "/identity/v3/auth/projects", "")
		other.do(401, "GET", "/identity/v3/auth/projects", "")
	})
}

func TestNativeAccounts(t *testing.T) {
	t.Parallel()
	c, admin := newNative(t, Options{})
	c.want(c.do(200, "GET", "/identity/v3/auth/projects", ""), map[string]any{"projects.0.name": "sandbox", "projects.1": nil, "links.next": nil})
	c.want(c.do(403, "GET", "/identity/v3/projects", ""), map[string]any{"error.message": "You are not authorized to perform the requested action: identity:list_projects."})
	c.want(admin.do(200, "GET", "/identity/v3/projects?name=admin", ""), map[string]any{"projects.0.id": nativeAdmins, "projects.1": nil})
	c.want(c.do(200, "GET", "/identity/v3/projects/"+nativeProject, ""), map[string]any{"project.name": "sandbox"})
	c.do(403, "GET", "/identity/v3/projects/"+nativeAdmins, "")
	admin.do(404, "GET", "/identity/v3/projects/none", "")
	c.do(403, "GET", "/identity/v3/users", "")
	c.do(200, "GET", "/identity/v3/users/"+nativeMember, "")
	c.want(admin.do(200, "GET", "/identity/v3/users?name=sandbox", ""), map[string]any{"users.0.id": nativeMember, "users.1": nil})
	c.want(admin.do(200, "GET", "/identity/v3/auth/domains", ""), map[string]any{"domains.0.id": "default"})

	c.do(403, "POST", "/identity/v3/projects", `{"project":{"name":"x"}}`)
	id := admin.do(201, "POST", "/identity/v3/projects", `{"project":{"name":"x"}}`).str("project", "id")
	admin.do(409, "POST", "/identity/v3/projects", `{"project":{"name":"x"}}`)
	admin.do(204, "DELETE", "/identity/v3/projects/"+id, "")
	admin.do(404, "DELETE", "/identity/v3/projects/"+id, "")

	catalog := c.do(200, "GET", "/identity/v3/auth/catalog", "")
	found := map[string]string{}
	for at := range catalog.len("catalog") {
		found[catalog.str("catalog", at, "type")] = catalog.str("catalog", at, "endpoints", 0, "url")
		if n := catalog.len("catalog", at, "endpoints"); n != 3 || catalog.str("catalog", at, "endpoints", 2, "interface") != "admin" {
			t.Errorf("%d endpoints: %s", n, catalog.text)
		}
	}
	if found["identity"] != "http://127.0.0.1:8750/identity/v3" {
		t.Error(found)
	}
	if strings.Contains(newClient(t, Options{}).do(201, "POST", "/iam/v3/auth/tokens",
		`{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"sandbox","domain":{"name":"sandbox"},"password":"sandbox"}}},"scope":{"project":{"name":"cn-north-4"}}}}`).text, "/identity") {
		t.Error("the public cloud's catalog names this cloud's services")
	}
	signIn(t, c.cloud, "sandbox", "").do(403, "GET", "/identity/v3/auth/catalog", "")
}

func TestApplicationCredentials(t *testing.T) {
	t.Parallel()
	c, admin := newNative(t, Options{})
	path := "/identity/v3/users/" + nativeMember + "/application_credentials"
	a := c.do(201, "POST", path, `{"application_credential":{"name":"x","roles":[{"name":"reader"}]}}`)
	c.do(409, "POST", path, `{"application_credential":{"name":"x"}}`)
	c.do(400, "POST", path, `{"application_credential":{"name":"y","roles":[{"name":"admin"}]}}`)
	admin.do(403, "POST", path, `{"application_credential":{"name":"y"}}`)
	id, secret := a.str("application_credential", "id"), a.str("application_credential", "secret")
	c.want(c.do(200, "GET", path+"/"+id, ""), map[string]any{"application_credential.name": "x", "application_credential.secret": nil})
	c.want(c.do(200, "GET", path+"?name=x", ""), map[string]any{"application_credentials.0.id": id, "application_credentials.1": nil})

	signed := c.do(201, "POST", tokens, fmt.Sprintf(`{"auth":{"identity":{"methods":["application_credential"],"application_credential":{"id":%q,"secret":%q}}}}`, id, secret))
	c.want(signed, map[string]any{"token.roles.0.name": "reader", "token.roles.1": nil, "token.application_credential.restricted": true})
	by := &client{t: t, cloud: c.cloud, host: c.host, token: signed.header.Get("X-Subject-Token")}
	by.do(403, "POST", path, `{"application_credential":{"name":"z"}}`)
	c.do(403, "POST", tokens, `{"auth":{"identity":{"methods":["token"],"token":{"id":"`+by.token+`"}}}}`)
	c.do(204, "DELETE", path+"/"+id, "")
	c.do(404, "DELETE", path+"/"+id, "")
	by.do(401, "GET", "/identity/v3/auth/projects", "")
}

func TestNativeVersions(t *testing.T) {
	t.Parallel()
	c := &client{t: t, cloud: newClient(t, Options{}).cloud, host: "127.0.0.1:8750"}
	for _, path := range []string{"/identity", "/identity/"} {
		a := c.do(300, "GET", path, "")
		c.want(a, map[string]any{"versions.values.0.id": "v3.14", "versions.values.0.links.0.href": "http://127.0.0.1:8750/identity/v3/"})
		if a.header.Get("Location") != "http://127.0.0.1:8750/identity/v3/" {
			t.Error(a.header)
		}
	}
	for _, path := range []string{"/identity/v3", "/identity/v3/"} {
		c.want(c.do(200, "GET", path, ""), map[string]any{"version.status": "stable"})
	}
	c.do(401, "GET", "/identity/v3/none", "")
}

// The frame by itself, with a service that has nothing but what is tested.
func TestNativeFrame(t *testing.T) {
	t.Parallel()
	c, admin := newNative(t, Options{})
	nothing := func(*request) (any, error) { return map[string]any{}, nil }
	c.cloud.addService(&service{
		name:   "thing",
		native: &native{micro: "thing", major: 3, most: 70, own: "X-Thing-Version"},
		shape:  openStack,
		routes: []route{
			{"GET /v3/{project_id}/things", 200, func(r *request) (any, error) {
				return map[string]any{"since": r.since(27), "who": r.caller.User.Name}, nil
			}},
			{"GET /v3/{project_id}/secrets", 200, byAdmin("thing:secrets", nothing)},
		},
	})
	path := "/thing/v3/" + nativeProject + "/things"
	for name, want := range map[string]struct {
		header, asked string
		status        int
		version       string
		since         any
	}{
		"none":        {"", "", 200, "3.0", false},
		"one":         {"OpenStack-API-Version", "thing 3.27", 200, "3.27", true},
		"an older":    {"OpenStack-API-Version", "thing 3.26", 200, "3.26", false},
		"the latest":  {"OpenStack-API-Version", "thing latest", 200, "3.70", true},
		"another way": {"X-Thing-Version", "3.30", 200, "3.30", true},
		"too new":     {"OpenStack-API-Version", "thing 3.71", 406, "3.71", nil},
		"too old":     {"OpenStack-API-Version", "thing 2.1", 406, "2.1", nil},
		"no version":  {"OpenStack-API-Version", "thing new", 400, "", nil},
		"another's":   {"OpenStack-API-Version", "compute 2.1", 400, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			h := c.request("GET", path, "")
			if want.header != "" {
				h.Header.Set(want.header, want.asked)
			}
			a := c.send(h)
			told := strings.TrimPrefix(a.header.Get("Openstack-Api-Version"), "thing ")
			if a.status != want.status || told != want.version || a.get("since") != want.since {
				t.Errorf("%d %q %s", a.status, told, a.text)
			}
			if want.version != "" && (a.header.Get("X-Thing-Version") != want.version || strings.Join(a.header["Vary"], ",") != "OpenStack-API-Version,X-Thing-Version") {
				t.Error(a.header)
			}
		})
	}

	c.want(c.do(403, "GET", "/thing/v3/"+nativeProject+"/secrets", ""), map[string]any{"forbidden.message": "Policy doesn't allow thing:secrets to be performed."})
	admin.do(200, "GET", "/thing/v3/"+nativeProject+"/secrets", "")
	c.want(c.do(400, "GET", "/thing/v3/"+nativeAdmins+"/things", ""), map[string]any{"badRequest.message": "Malformed request url"})
	if a := c.do(404, "GET", "/thing/v3/"+nativeProject+"/nothing", ""); a.header.Get("Content-Type") != "text/html; charset=UTF-8" {
		t.Error(a.header)
	}
	c.do(404, "DELETE", path, "")
	c.token = "x"
	c.want(c.do(401, "GET", path, ""), map[string]any{"error.title": "Unauthorized"})
}
