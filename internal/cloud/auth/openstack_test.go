package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// realKeystone answers as the real one did: the user demo of the domain Default, with the password secret, is in the projects
// demo and other and in no third one; "free" is in none. Tokens live for an hour.
type realKeystone struct {
	asked  []string       // bodies of requests for tokens
	tokens map[string]any // the id of the project that a token is of; nil: of none
}

const (
	unauthorized = `{"error":{"code":401,"message":"The request you have made requires authentication.","title":"Unauthorized"}}`
	demoUser     = `"user": {"domain": {"id": "default", "name": "Default"}, "id": "306f20f0d37c433bb7799f679b679f31", "name": "demo", "password_expires_at": null}`
)

var projectsOfDemo = map[string]string{"6fe88524c77742fd8d963ceb3541493f": "demo", "12bd30ff30234341a9c7fde6eca1dfcd": "other"}

// RoundTrip implements http.RoundTripper.
func (k *realKeystone) RoundTrip(r *http.Request) (*http.Response, error) {
	header := http.Header{"X-Openstack-Request-Id": {"req-1"}}
	answer := func(status int, body string) (*http.Response, error) { //nolint:unparam // it is returned as it is
		return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	}
	token := func(status int, id string) (*http.Response, error) {
		header.Set("X-Subject-Token", id)
		scope := ""
		if project, ok := k.tokens[id].(string); ok {
			scope = fmt.Sprintf(`, "project": {"domain": {"id": "default", "name": "Default"}, "id": %q, "name": %q}, "catalog": [{"endpoints": [{"id": "1", `+
				`"interface": "public", "region_id": "RegionOne", "url": "http://127.0.0.1:9292", "region": "RegionOne"}], "id": "8ef374c9e17841d68dcf7f89b7c556c1", "type": "image", "name": "glance"}]`,
				project, projectsOfDemo[project])
		}
		return answer(status, fmt.Sprintf(`{"token": {"methods": ["password"], %s, "expires_at": %q, "issued_at": "2026-11-22T14:15:18.000000Z"%s}}`,
			demoUser, time.Now().Add(time.Hour).UTC().Format("2006-01-02T15:04:05.000000Z"), scope))
	}
	switch r.Method + " " + r.URL.Path {
	case "GET /v3/auth/projects":
		if r.Header.Get("X-Auth-Token") == "free" {
			return answer(200, `{"projects": []}`)
		}
		return answer(200, `{"projects": [{"id": "6fe88524c77742fd8d963ceb3541493f", "name": "demo", "domain_id": "default"}, {"id": "12bd30ff30234341a9c7fde6eca1dfcd", "name": "other", "domain_id": "default"}]}`)
	case "GET /v3/auth/tokens":
		if _, known := k.tokens[r.Header.Get("X-Subject-Token")]; !known || r.Header.Get("X-Auth-Token") != r.Header.Get("X-Subject-Token") {
			return answer(401, unauthorized)
		}
		return token(200, r.Header.Get("X-Subject-Token"))
	}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	k.asked = append(k.asked, string(data))
	type ref struct {
		ID, Name string
		Domain   struct{ ID, Name string }
	}
	var body struct {
		Auth struct {
			Identity struct {
				Methods  []string
				Password struct {
					User struct {
						ref
						Password string
					}
				}
				Token struct{ ID string }
				Cred  struct {
					ID, Name, Secret string
					User             ref
				} `json:"application_credential"`
			}
			Scope any
		}
	}
	if err := json.Unmarshal(data, &body); err != nil {
		return answer(400, err.Error())
	}
	isDefault := func(r ref) bool { return r.Domain.ID == "default" || r.Domain.Name == "Default" }
	var project any
	id := "fresh"
	switch identity := body.Auth.Identity; identity.Methods[0] {
	case "password":
		switch user := identity.Password.User; {
		case user.Name == "free" && isDefault(user.ref):
			id = "free"
		case (user.ID != "306f20f0d37c433bb7799f679b679f31" && (user.Name != "demo" || !isDefault(user.ref))) || user.Password != "secret":
			return answer(401, unauthorized)
		}
	case "token":
		if _, known := k.tokens[identity.Token.ID]; !known {
			return answer(401, unauthorized)
		}
	case "application_credential":
		if identity.Cred.ID != "" && identity.Cred.ID != "4b902ca084a644c68b441fcf288640d1" {
			return answer(404, `{"error":{"code":404,"message":"Could not find Application Credential: nope.","title":"Not Found"}}`)
		}
		if identity.Cred.Secret != "acsecret" || identity.Cred.ID == "" && (identity.Cred.Name != "mine" || identity.Cred.User.Name != "demo" || !isDefault(identity.Cred.User)) {
			return answer(401, unauthorized)
		}
		project = "6fe88524c77742fd8d963ceb3541493f"
	}
	if scope, ok := body.Auth.Scope.(map[string]any); ok {
		var p ref
		said, err := json.Marshal(scope["project"])
		if err != nil || json.Unmarshal(said, &p) != nil {
			return answer(400, "")
		}
		for id, name := range projectsOfDemo {
			if p.ID == id || p.Name == name && isDefault(p) {
				project = id
			}
		}
		if project == nil || id == "free" {
			return answer(401, unauthorized)
		}
	}
	if len(k.asked) > 1 {
		id = fmt.Sprint(id, len(k.asked))
	}
	k.tokens[id] = project
	return token(201, id)
}

func TestOpenStack(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config  Config
		asked   []string
		project string
		err     []string
	}{
		"names": {
			config:  Config{UserName: "demo", Password: "secret", ProjectName: "demo"},
			asked:   []string{`{"auth":{"identity":{"methods":["password"],"password":{"user":{"domain":{"id":"default"},"name":"demo","password":"secret"}}},"scope":{"project":{"domain":{"id":"default"},"name":"demo"}}}}`},
			project: "6fe88524c77742fd8d963ceb3541493f",
		},
		"domains of each": {
			config:  Config{UserName: "demo", Password: "secret", DomainName: "Default", ProjectName: "other", ProjectDomainID: "default"},
			asked:   []string{`{"auth":{"identity":{"methods":["password"],"password":{"user":{"domain":{"name":"Default"},"name":"demo","password":"secret"}}},"scope":{"project":{"domain":{"id":"default"},"name":"other"}}}}`},
			project: "12bd30ff30234341a9c7fde6eca1dfcd",
		},
		"ids": {
			config:  Config{UserID: "306f20f0d37c433bb7799f679b679f31", Password: "secret", ProjectID: "12bd30ff30234341a9c7fde6eca1dfcd"},
			asked:   []string{`{"auth":{"identity":{"methods":["password"],"password":{"user":{"id":"306f20f0d37c433bb7799f679b679f31","password":"secret"}}},"scope":{"project":{"id":"12bd30ff30234341a9c7fde6eca1dfcd"}}}}`},
			project: "12bd30ff30234341a9c7fde6eca1dfcd",
		},
		"an application credential": {
			config:  Config{ApplicationCredentialID: "4b902ca084a644c68b441fcf288640d1", ApplicationCredentialSecret: "acsecret"},
			asked:   []string{`{"auth":{"identity":{"application_credential":{"id":"4b902ca084a644c68b441fcf288640d1","secret":"acsecret"},"methods":["application_credential"]}}}`},
			project: "6fe88524c77742fd8d963ceb3541493f",
		},
		"an application credential by name": {
			config:  Config{ApplicationCredentialName: "mine", ApplicationCredentialSecret: "acsecret", UserName: "demo", DomainName: "Default", ProjectName: "demo"},
			asked:   []string{`{"auth":{"identity":{"application_credential":{"name":"mine","secret":"acsecret","user":{"domain":{"name":"Default"},"name":"demo"}},"methods":["application_credential"]}}}`},
			project: "6fe88524c77742fd8d963ceb3541493f",
		},
		"a token": {config: Config{Token: "given"}, project: "6fe88524c77742fd8d963ceb3541493f"},
		"a token of the project": {config: Config{Token: "given", ProjectName: "demo", ProjectDomainName: "Default"},
			project: "6fe88524c77742fd8d963ceb3541493f"},
		"a token of another project": {
			config:  Config{Token: "given", ProjectName: "other"},
			asked:   []string{`{"auth":{"identity":{"methods":["token"],"token":{"id":"given"}},"scope":{"project":{"domain":{"id":"default"},"name":"other"}}}}`},
			project: "12bd30ff30234341a9c7fde6eca1dfcd",
		},

		"a wrong password": {config: Config{UserName: "demo", Password: "wrong", ProjectName: "demo"},
			err: []string{"user demo of the domain default could not sign in", "password is wrong", "401 Unauthorized: The request you have made", "req-1"}},
		"a wrong password, user by id": {config: Config{UserID: "306f20f0d37c433bb7799f679b679f31", Password: "wrong"},
			err: []string{"user 306f20f0d37c433bb7799f679b679f31 could not sign in"}},
		"a project of others": {config: Config{UserName: "demo", Password: "secret", ProjectName: "admin"},
			err: []string{"user demo signed in, but not to the project admin (domain default)", "demo (id 6fe88524c77742fd8d963ceb3541493f, domain default), other (id "}},
		"no project": {config: Config{UserName: "demo", Password: "secret"},
			err: []string{"no project is given", "project_name", "role in demo (id 6fe8"}},
		"no project at all": {config: Config{UserName: "free", Password: "secret"},
			err: []string{"no project is given", "role in no project"}},
		"an unknown token":                  {config: Config{Token: "unknown"}, err: []string{"the token is not valid", "application credential"}},
		"an unscoped token":                 {config: Config{Token: "unscoped"}, err: []string{"no project is given", "role in demo"}},
		"a token, a project of others":      {config: Config{Token: "given", ProjectName: "admin"}, err: []string{"not exchanged for one of the project admin", "role in demo"}},
		"an unknown application credential": {config: Config{ApplicationCredentialID: "nope", ApplicationCredentialSecret: "acsecret"}, err: []string{"application credential nope was not accepted", "expired", "Could not find"}},
		"its secret is wrong, or it has expired": {config: Config{ApplicationCredentialID: "4b902ca084a644c68b441fcf288640d1", ApplicationCredentialSecret: "wrong"},
			err: []string{"was not accepted", "expired", "openstack application credential list"}},
		"an application credential of another project": {config: Config{ApplicationCredentialID: "4b902ca084a644c68b441fcf288640d1", ApplicationCredentialSecret: "acsecret", ProjectName: "other"},
			err: []string{"is of the project demo (id 6fe88524c77742fd8d963ceb3541493f, domain Default)", "not in other (domain default)"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keystone := &realKeystone{tokens: map[string]any{"given": "6fe88524c77742fd8d963ceb3541493f", "unscoped": nil}}
			test.config.OpenStack, test.config.AuthURL, test.config.HTTP = true, "https://keystone.example/v3/", &http.Client{Transport: keystone}
			provider, err := New(test.config)
			if err != nil {
				t.Fatal(err)
			}
			got, err := provider.Credentials(t.Context())
			for _, part := range test.err {
				if err == nil || !strings.Contains(err.Error(), part) {
					t.Errorf("got %v, want %q in it", err, part)
				}
			}
			for _, secret := range []string{"wrong\"", "acsecret", "given"} {
				if err != nil && strings.Contains(strings.ReplaceAll(err.Error(), "is given", ""), secret) {
					t.Errorf("the error shows a secret: %v", err)
				}
			}
			if test.err != nil {
				before := len(keystone.asked)
				if _, again := provider.Credentials(t.Context()); again == nil || again.Error() != err.Error() || len(keystone.asked) > before && !strings.Contains(name, "of another project") {
					t.Errorf("asked again, %d times: %v", len(keystone.asked)-before, again)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if strings.Join(keystone.asked, "\n") != strings.Join(test.asked, "\n") {
				t.Errorf("asked\n%s\nnot\n%s", strings.Join(keystone.asked, "\n"), strings.Join(test.asked, "\n"))
			}
			if got.Token == "" || got.Catalog.Project.ID != test.project || len(got.Catalog.Services) != 1 || got.Catalog.Regions()[0] != "RegionOne" {
				t.Errorf("got %+v, %+v", got, got.Catalog)
			}
		})
	}
}

// While it is open what is wrong, because the time is up or Keystone fails, nothing is said of it, and it is asked again.
func TestOpenStackInterrupted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := 0
		keystone := &realKeystone{tokens: map[string]any{}}
		provider, err := New(Config{OpenStack: true, AuthURL: "https://keystone.example", UserName: "demo", Password: "secret", ProjectName: "admin", HTTP: &http.Client{Transport: wire(func(r *http.Request) (*http.Response, error) {
			slow++
			switch slow {
			case 2: // whether the password is right
				<-r.Context().Done()
				return nil, r.Context().Err()
			case 4:
				return &http.Response{StatusCode: http.StatusInternalServerError, Header: http.Header{}, Body: http.NoBody}, nil
			}
			return keystone.RoundTrip(r)
		})}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := provider.Credentials(ctx); !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "wrong") {
			t.Errorf("interrupted: %v", err)
		}
		if _, err := provider.Credentials(t.Context()); err == nil || !strings.Contains(err.Error(), "500 Internal Server Error") || strings.Contains(err.Error(), "wrong") {
			t.Errorf("failed: %v", err)
		}
		if _, err := provider.Credentials(t.Context()); err == nil || !strings.Contains(err.Error(), "signed in, but not to the project admin") {
			t.Errorf("at last: %v", err)
		}
	})
}

type wire func(*http.Request) (*http.Response, error)

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) { return w(r) }

// A token is replaced before it ends, with its catalog, and at once when the cloud no longer takes it.
func TestOpenStackRenews(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		keystone := &realKeystone{tokens: map[string]any{}}
		provider, err := New(Config{OpenStack: true, AuthURL: "https://keystone.example", UserName: "demo", Password: "secret", ProjectName: "demo", HTTP: &http.Client{Transport: keystone}})
		if err != nil {
			t.Fatal(err)
		}
		token := func() string {
			got, err := provider.Credentials(t.Context())
			if err != nil || got.Catalog == nil {
				t.Fatal(got, err)
			}
			return got.Token
		}
		first := token()
		time.Sleep(54 * time.Minute)
		if got := token(); got != first {
			t.Errorf("renewed too early: %s", got)
		}
		time.Sleep(2 * time.Minute)
		second := token()
		if second == first {
			t.Error("not renewed in time")
		}
		var used []string
		err = Use(t.Context(), provider, func(c Credentials) (bool, error) {
			used = append(used, c.Token)
			return c.Token == second, nil
		})
		if err != nil || len(used) != 2 || used[1] == second || token() != used[1] {
			t.Errorf("used %v, %v", used, err)
		}
	})
}

func TestOpenStackByHalf(t *testing.T) {
	t.Parallel()
	url := "https://keystone.example/v3"
	for name, test := range map[string]struct {
		config Config
		want   string
	}{
		"nothing":                 {Config{AuthURL: url}, "no credentials for the OpenStack cloud"},
		"no password":             {Config{AuthURL: url, UserName: "u"}, "without a password"},
		"no user":                 {Config{AuthURL: url, Password: "p"}, "without a user name"},
		"no secret":               {Config{AuthURL: url, ApplicationCredentialID: "a"}, "without its secret"},
		"no credential":           {Config{AuthURL: url, ApplicationCredentialSecret: "s"}, "without its id or name"},
		"no user of a credential": {Config{AuthURL: url, ApplicationCredentialName: "a", ApplicationCredentialSecret: "s"}, "name or id of its user"},
		"no address":              {Config{Token: "t"}, "identity service (Keystone) is needed"},
		"version 2":               {Config{Token: "t", AuthURL: "https://keystone.example/v2.0/"}, "version 2.0 of the identity API"},
		"access keys":             {Config{AuthURL: url, AccessKey: "a", SecretKey: "s"}, "takes no access keys"},
		"agencies":                {Config{AuthURL: url, Token: "t", AssumeRole: []AssumeRole{{AgencyName: "a", DomainName: "d"}}}, "no agencies"},
	} {
		test.config.OpenStack = true
		if _, err := New(test.config); err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
