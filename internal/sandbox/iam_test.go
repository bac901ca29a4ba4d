package sandbox

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// login gets a token by password, with a scope as JSON: "project":{"name":"cn-north-4"}.
func (c *client) login(scope string) string {
	c.t.Helper()
	body := fmt.Sprintf(`{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"sandbox","password":"sandbox","domain":{"name":"sandbox"}}}},"scope":{%s}}}`, scope)
	return c.do(201, "POST", "/iam/v3/auth/tokens", body).header.Get("X-Subject-Token")
}

func TestTokensByPassword(t *testing.T) {
	t.Parallel()
	sandbox := `"name":"sandbox","password":"sandbox","domain":{"name":"sandbox"}`
	for _, test := range []struct {
		name, user, scope string
		status            int
		want              map[string]any
	}{
		{"a project by name", sandbox, `,"scope":{"project":{"name":"cn-north-4"}}`, 201, map[string]any{"token.project.id": north, "token.project.domain.name": "sandbox", "token.domain": nil}},
		{"a project by id", sandbox, `,"scope":{"project":{"id":"` + extra + `"}}`, 201, map[string]any{"token.project.name": "cn-north-4_extra"}},
		{"the domain by name", sandbox, `,"scope":{"domain":{"name":"sandbox"}}`, 201, map[string]any{"token.domain.id": domainSandbox, "token.project": nil}},
		{"the domain by id", sandbox, `,"scope":{"domain":{"id":"` + domainSandbox + `"}}`, 201, map[string]any{"token.domain.name": "sandbox"}},
		{"no scope", sandbox, ``, 201, map[string]any{"token.domain": nil, "token.project": nil, "token.catalog": []any{}, "token.user.name": "sandbox"}},
		{"unscoped", sandbox, `,"scope":"unscoped"`, 201, map[string]any{"token.project": nil}},
		{"user by id", `"id":"` + userSandbox + `","password":"sandbox"`, ``, 201, map[string]any{"token.user.id": userSandbox, "token.user.domain.name": "sandbox"}},
		{"user by domain id", `"name":"sandbox","password":"sandbox","domain":{"id":"` + domainSandbox + `"}`, ``, 201, nil},
		{"wrong password", `"name":"sandbox","password":"x","domain":{"name":"sandbox"}`, ``, 401, map[string]any{"error.code": 401, "error.title": "Unauthorized"}},
		{"wrong domain", `"name":"sandbox","password":"sandbox","domain":{"name":"x"}`, ``, 401, nil},
		{"no domain", `"name":"sandbox","password":"sandbox"`, ``, 401, nil},
		{"unknown project", sandbox, `,"scope":{"project":{"name":"x"}}`, 401, nil},
		{"another's project", sandbox, `,"scope":{"project":{"id":"` + partner + `"}}`, 401, nil},
		{"another domain", sandbox, `,"scope":{"domain":{"name":"sandbox-partner"}}`, 401, nil},
		{"a bad scope", sandbox, `,"scope":[]`, 400, map[string]any{"error.code": 400}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, Options{})
			c.key.ID = ""
			a := c.do(test.status, "POST", "/iam/v3/auth/tokens", fmt.Sprintf(`{"auth":{"identity":{"methods":["password"],"password":{"user":{%s}}}%s}}`, test.user, test.scope))
			c.want(a, test.want)
			if (a.header.Get("X-Subject-Token") != "") != (test.status == 201) {
				t.Errorf("X-Subject-Token is %q", a.header.Get("X-Subject-Token"))
			}
		})
	}
}

func TestBadTokenRequests(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	c.key.ID = ""
	for body, status := range map[string]int{
		`{}`: 400,
		`{"auth":{"identity":{"methods":["totp"]}}}`:                                          400,
		`{"auth":{"identity":{"methods":["password","token"]}}}`:                              400,
		`{"auth":{"identity":{"methods":["token"],"token":{"id":"x"}}}}`:                      401,
		`{"auth":{"identity":{"methods":["assume_role"],"assume_role":{"agency_name":"x"}}}}`: 401,
	} {
		c.do(status, "POST", "/iam/v3/auth/tokens", body)
	}
}

func TestWhatTokensMayUse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		scope   string
		project string
		status  int
	}{
		{`"project":{"name":"cn-north-4"}`, north, 200},
		{`"project":{"name":"cn-north-4"}`, east, 403},
		{`"project":{"name":"cn-north-4"}`, extra, 403},
		{`"domain":{"name":"sandbox"}`, north, 403},
		{``, north, 403},
	} {
		c := newClient(t, Options{})
		c.token = c.login(test.scope)
		c.do(test.status, "GET", "/vpc/v1/"+test.project+"/vpcs", "")
		c.do(200, "GET", "/iam/v3/auth/projects", "")
	}
}

func TestTokenByToken(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	unscoped := c.login("")
	body := fmt.Sprintf(`{"auth":{"identity":{"methods":["token"],"token":{"id":%q}},"scope":{"project":{"name":"cn-east-3"}}}}`, unscoped)
	a := c.do(201, "POST", "/iam/v3/auth/tokens", body)
	c.want(a, map[string]any{"token.project.id": east, "token.methods": []string{"token"}})
	c.token = a.header.Get("X-Subject-Token")
	c.do(200, "GET", "/vpc/v1/"+east+"/vpcs", "")
}

func TestTokenExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{})
		c.token = c.login(`"project":{"name":"cn-north-4"}`)
		time.Sleep(24*time.Hour - time.Second)
		c.do(200, "GET", "/vpc/v1/"+north+"/vpcs", "")
		time.Sleep(time.Second)
		c.want(c.do(401, "GET", "/vpc/v1/"+north+"/vpcs", ""), map[string]any{"error_code": "APIGW.0301"})
		c.want(c.do(401, "GET", "/iam/v3/auth/projects", ""), map[string]any{"error.code": 401})
	})
}

func TestValidateToken(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	token := c.login(`"project":{"name":"cn-north-4"}`)
	h := c.request("GET", "/iam/v3/auth/tokens?nocatalog=1", "")
	h.Header.Set("X-Subject-Token", token)
	a := c.send(h)
	c.want(a, map[string]any{"token.project.id": north, "token.catalog": nil})
	if a.status != 200 || a.header.Get("X-Subject-Token") != token {
		t.Errorf("%d %v", a.status, a.header)
	}
	h = c.request("GET", "/iam/v3/auth/tokens", "")
	h.Header.Set("X-Subject-Token", "x")
	if a := c.send(h); a.status != 404 {
		t.Errorf("%d %s", a.status, a.text)
	}
}

func TestCatalog(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"127.0.0.1:8750":                   "http://127.0.0.1:8750/vpc",
		"iam.cn-north-4.myhuaweicloud.com": "http://vpc.cn-north-4.myhuaweicloud.com",
	} {
		c := newClient(t, Options{})
		path := "/iam/v3/auth/tokens"
		if c.host = host; host[0] == 'i' {
			path = "/v3/auth/tokens"
		}
		a := c.do(201, "POST", path, `{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"sandbox","password":"sandbox","domain":{"name":"sandbox"}}}},"scope":{"project":{"name":"cn-north-4"}}}}`)
		found := false
		for i := range a.len("token", "catalog") {
			if a.str("token", "catalog", i, "name") == "vpc" {
				found = true
				c.want(a, map[string]any{
					fmt.Sprintf("token.catalog.%d.endpoints.0.url", i):    want,
					fmt.Sprintf("token.catalog.%d.endpoints.0.region", i): "cn-north-4",
				})
			}
		}
		if !found {
			t.Errorf("%s", a.text)
		}
	}
}

const assumeSandbox = `"assume_role":{"agency_name":"sandbox-agency","domain_name":"sandbox"}`

func TestAgencyToken(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	c.token = c.login(`"project":{"name":"cn-north-4"}`)
	a := c.do(201, "POST", "/iam/v3/auth/tokens", `{"auth":{"identity":{"methods":["assume_role"],`+assumeSandbox+`},"scope":{"project":{"name":"cn-east-3"}}}}`)
	c.want(a, map[string]any{
		"token.project.id":           east,
		"token.user.name":            "sandbox/sandbox-agency",
		"token.assumed_by.user.name": "sandbox",
	})
	c.token = a.header.Get("X-Subject-Token")
	c.do(200, "GET", "/vpc/v1/"+east+"/vpcs", "")
	c.do(403, "GET", "/vpc/v1/"+north+"/vpcs", "")
}

// temporary gets a key by assuming an agency, as whoever the client is.
func (c *client) temporary(status int, identity string) accessKey {
	c.t.Helper()
	a := c.do(status, "POST", "/iam/v3.0/OS-CREDENTIAL/securitytokens", `{"auth":{"identity":{`+identity+`}}}`)
	return accessKey{meta: meta{ID: a.str("credential", "access")}, Secret: a.str("credential", "secret"), SecurityToken: a.str("credential", "securitytoken")}
}

func TestTemporaryKeys(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{})
		c.key = c.temporary(201, `"methods":["assume_role"],"assume_role":{"agency_name":"sandbox-agency","domain_id":"`+domainSandbox+`","duration_seconds":3600}`)
		c.do(200, "GET", "/vpc/v1/"+north+"/vpcs", "")
		c.do(200, "GET", "/vpc/v1/"+east+"/vpcs", "")

		without := *c
		without.key.SecurityToken = ""
		without.do(401, "GET", "/vpc/v1/"+north+"/vpcs", "")

		// The agency of one account assumes one of another.
		chained := *c
		chained.key = c.temporary(201, `"methods":["assume_role"],"assume_role":{"agency_name":"sandbox-partner-agency","domain_name":"sandbox-partner"}`)
		chained.do(200, "GET", "/vpc/v1/"+partner+"/vpcs", "")
		chained.do(403, "GET", "/vpc/v1/"+north+"/vpcs", "")
		chained.temporary(403, `"methods":["assume_role"],`+assumeSandbox) // the partner is trusted by nobody

		time.Sleep(15 * time.Minute)
		chained.do(401, "GET", "/vpc/v1/"+partner+"/vpcs", "")
		time.Sleep(44 * time.Minute)
		c.do(200, "GET", "/vpc/v1/"+north+"/vpcs", "")
		time.Sleep(time.Minute)
		c.want(c.do(401, "GET", "/vpc/v1/"+north+"/vpcs", ""), map[string]any{"error_code": "APIGW.0301"})
	})
}

func TestTemporaryKeyByToken(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	token := c.login(`"project":{"name":"cn-north-4"}`)
	inHeader := *c
	inHeader.token = token
	for name, key := range map[string]accessKey{
		"in the body":   c.temporary(201, `"methods":["token"],"token":{"id":"`+token+`"}`),
		"in the header": inHeader.temporary(201, `"methods":["token"]`),
	} {
		other := *c
		other.key = key
		if a := other.send(other.request("GET", "/vpc/v1/"+north+"/vpcs", "")); a.status != 200 {
			t.Errorf("%s: %d", name, a.status)
		}
		if a := other.send(other.request("GET", "/vpc/v1/"+east+"/vpcs", "")); a.status != 403 {
			t.Errorf("%s: %d", name, a.status)
		}
	}
}

func TestBadTemporaryKeys(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	for identity, status := range map[string]int{
		`"methods":[]`:                           400,
		`"methods":["token"]`:                    400,
		`"methods":["x"]`:                        400,
		`"methods":["token"],"token":{"id":"x"}`: 401,
		`"methods":["assume_role"]`:              400,
		`"methods":["assume_role"],"assume_role":{"agency_name":"x","domain_name":"sandbox"}`:                                         404,
		`"methods":["assume_role"],"assume_role":{"agency_name":"sandbox-agency","domain_name":"sandbox","duration_seconds":60}`:      400,
		`"methods":["assume_role"],"assume_role":{"agency_name":"sandbox-agency","domain_name":"sandbox","duration_seconds":1000000}`: 400,
	} {
		a := c.do(status, "POST", "/iam/v3.0/OS-CREDENTIAL/securitytokens", `{"auth":{"identity":{`+identity+`}}}`)
		if a.str("error_code") == "" || a.str("error_msg") == "" {
			t.Errorf("%s: %s", identity, a.text)
		}
	}
}

func TestProjects(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	for _, test := range []struct {
		path   string
		status int
		count  int
		first  string
	}{
		{"projects?name=cn-north-4", 200, 1, north},
		{"projects?name=cn-south-1", 200, 0, ""},
		{"projects?domain_id=" + domainSandbox, 200, 3, north},
		{"projects?domain_id=" + domainPartner, 200, 0, ""},
		{"projects?parent_id=" + north, 200, 1, extra},
		{"projects?enabled=true&page=2&per_page=2", 200, 1, extra},
		{"projects?enabled=true&page=9&per_page=2", 200, 0, ""},
		{"projects?enabled=true&page=2", 400, 0, ""},
		{"projects", 403, 0, ""},
		{"auth/projects", 200, 3, north},
	} {
		a := c.do(test.status, "GET", "/iam/v3/"+test.path, "")
		if a.len("projects") != test.count || a.str("projects", 0, "id") != test.first {
			t.Errorf("%s: %s", test.path, a.text)
		}
	}
	c.want(c.do(200, "GET", "/iam/v3/projects/"+east, ""), map[string]any{"project.name": "cn-east-3", "project.domain_id": domainSandbox, "project.enabled": true})
	c.want(c.do(404, "GET", "/iam/v3/projects/"+partner, ""), map[string]any{"error.code": 404, "error.title": "Not Found"})
	c.want(c.do(200, "GET", "/iam/v3/auth/domains", ""), map[string]any{"domains.0.id": domainSandbox, "domains.0.name": "sandbox"})
	c.want(c.do(200, "GET", "/iam/v3/regions", ""), map[string]any{"regions.0.id": "cn-north-4", "regions.1.id": "cn-east-3"})
	c.want(c.do(200, "GET", "/iam/v3/regions/cn-east-3", ""), map[string]any{"region.locales.en-us": "CN East-Shanghai1"})
	c.do(404, "GET", "/iam/v3/regions/nowhere", "")
}

// IMS names no project in its paths; it must be found elsewhere.
func TestProjectWithoutPath(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, host, header, scope, want string
	}{
		{"by header", "x", east, "", east},
		{"by token", "x", "", `"project":{"name":"cn-east-3"}`, east},
		{"by host", "thing.cn-east-3.example.com", "", "", east},
		{"the first", "x", "", "", north},
		{"another's", "x", partner, "", ""},
		{"host and header differ", "thing.cn-east-3.example.com", north, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, Options{})
			if test.scope != "" {
				c.token = c.login(test.scope)
			}
			var got string
			c.cloud.addService(&service{name: "thing", shape: codeMessage, routes: []route{
				{"GET /v2/things", 200, func(r *request) (any, error) { got = r.project.ID; return nil, nil }},
			}})
			path := "/thing/v2/things"
			if c.host = test.host; test.host != "x" {
				path = "/v2/things"
			}
			h := c.request("GET", path, "")
			if test.header != "" {
				h.Header.Set("X-Project-Id", test.header)
			}
			a := c.send(h)
			if got != test.want || (a.status == 403) != (test.want == "") {
				t.Errorf("%d %q", a.status, got)
			}
		})
	}
}
