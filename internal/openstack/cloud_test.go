package openstack

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/config"
	"github.com/gophercloud/gophercloud/v2/openstack/config/clouds"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/projects"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/roles"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/users"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

// Cloud is what a test runs on: a sandbox of its own, or a project of its own on real servers.
type Cloud struct {
	t         *testing.T
	sandbox   *acctest.Cloud // nil on real servers
	providers string         // the provider blocks: that of a member of the project, and hwcloud.admin
	env       []string       // of Terraform
	types     int            // that were made so far
	member    *user
	admin     *user
}

// user is somebody in the test's project, and another client to act as.
type user struct {
	entry    entry
	client   *gophercloud.ProviderClient
	endpoint gophercloud.EndpointOpts
	project  string
}

const realClouds = "HWCLOUD_TEST_OPENSTACK"

// start is a cloud for one test, beside others.
func start(t *testing.T) *Cloud {
	t.Helper()
	t.Parallel()
	return alone(t)
}

// alone is a cloud for one test that all others would feel.
func alone(t *testing.T) *Cloud {
	t.Helper()
	c := &Cloud{t: t}
	var demo, admin entry
	if file := os.Getenv(realClouds); file != "" {
		demo, admin = c.ownProject(file)
	} else {
		c.sandbox = acctest.Start(t)
		at := c.sandbox.URL + "/identity/v3"
		demo, admin = entry{at, "sandbox", "sandbox", "sandbox", "RegionOne"}, entry{at, "admin", "sandbox", "sandbox", "RegionOne"}
	}
	file := filepath.Join(t.TempDir(), "clouds.yaml")
	if err := os.WriteFile(file, []byte("clouds:\n"+demo.yaml("demo")+admin.yaml("admin")), 0o600); err != nil {
		t.Fatal(err)
	}
	c.member, c.admin = signIn(t, file, "demo"), signIn(t, file, "admin")
	c.member.entry, c.admin.entry = demo, admin
	c.env = []string{"TF_CLI_ARGS=-no-color"}
	c.providers = demo.provider("") + admin.provider("alias = \"admin\"")
	return c
}

// providerOf is the only provider block of a configuration, for somebody.
func (c *Cloud) providerOf(u *user) string { return u.entry.provider("") }

// real tells that the servers are not ours.
func (c *Cloud) real() bool { return c.sandbox == nil }

// entry is how to sign in to a cloud.
type entry struct{ at, user, password, project, region string }

// provider is the provider block for it.
func (e entry) provider(more string) string {
	return fmt.Sprintf(`
provider "hwcloud" {
  platform     = "openstack"
  auth_url     = %q
  user_name    = %q
  password     = %q
  domain_name  = "Default"
  project_name = %q
  region       = %q
  %s
}
`, e.at, e.user, e.password, e.project, e.region, more)
}

// config is that of the provider block, for tests without Terraform.
func (e entry) config() map[string]any {
	return map[string]any{
		"platform": "openstack", "auth_url": e.at, "user_name": e.user, "password": e.password, "domain_name": "Default", "project_name": e.project, "region": e.region, "max_retries": 0,
	}
}

// yaml is the entry of a clouds.yaml for it.
func (e entry) yaml(name string) string {
	return fmt.Sprintf("  %s:\n    auth:\n      auth_url: %s\n      username: %s\n      password: %s\n      project_name: %s\n      user_domain_id: default\n      project_domain_id: default\n    region_name: %s\n",
		name, e.at, e.user, e.password, e.project, e.region)
}

func signIn(t *testing.T, file, name string) *user {
	t.Helper()
	options, endpoint, tls, err := clouds.Parse(clouds.WithCloudName(name), clouds.WithLocations(file))
	if err != nil {
		t.Fatal(err)
	}
	client, err := config.NewProviderClient(t.Context(), options, config.WithTLSConfig(tls))
	if err != nil {
		t.Fatalf("signing in as %s: %v", name, err)
	}
	u := &user{client: client, endpoint: endpoint}
	if result, ok := client.GetAuthResult().(tokens.CreateResult); ok {
		project, err := result.ExtractProject()
		if err != nil {
			t.Fatal(err)
		}
		if project != nil {
			u.project = project.ID
		}
	}
	return u
}

// ownProject makes a project and a member of it, until the test ends.
func (c *Cloud) ownProject(file string) (demo, admin entry) {
	t := c.t
	t.Helper()
	options, endpoint, tls, err := clouds.Parse(clouds.WithCloudName("admin"), clouds.WithLocations(file))
	if err != nil {
		t.Fatal(err)
	}
	client, err := config.NewProviderClient(t.Context(), options, config.WithTLSConfig(tls))
	if err != nil {
		t.Fatal(err)
	}
	keystone, err := openstack.NewIdentityV3(client, endpoint)
	if err != nil {
		t.Fatal(err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	name := "suite-" + strings.ToLower(rand.Text()[:8])
	project, err := projects.Create(ctx, keystone, projects.CreateOpts{Name: name, DomainID: "default"}).Extract()
	must(err)
	member, err := users.Create(ctx, keystone, users.CreateOpts{Name: name, Password: name, DomainID: "default"}).Extract()
	must(err)
	t.Cleanup(func() {
		ctx := context.WithoutCancel(ctx)
		if err := users.Delete(ctx, keystone, member.ID).ExtractErr(); err != nil {
			t.Error(err)
		}
		if err := projects.Delete(ctx, keystone, project.ID).ExtractErr(); err != nil {
			t.Error(err)
		}
	})
	pages, err := roles.List(keystone, nil).AllPages(ctx)
	must(err)
	all, err := roles.ExtractRoles(pages)
	must(err)
	own, err := tokens.Get(ctx, keystone, client.Token()).ExtractUser()
	must(err)
	for _, role := range all {
		switch role.Name {
		case "member":
			must(roles.Assign(ctx, keystone, role.ID, roles.AssignOpts{UserID: member.ID, ProjectID: project.ID}).ExtractErr())
		case "admin":
			must(roles.Assign(ctx, keystone, role.ID, roles.AssignOpts{UserID: own.ID, ProjectID: project.ID}).ExtractErr())
		}
	}
	return entry{options.IdentityEndpoint, name, name, name, endpoint.Region},
		entry{options.IdentityEndpoint, options.Username, options.Password, name, endpoint.Region}
}

var versioned = regexp.MustCompile(`/v\d[^/]*(/.*)?$`)

// ask makes a call, and returns the status and the JSON of its answer.
func (c *Cloud) ask(call Call, attributes map[string]any) (status int, answer map[string]any) {
	c.t.Helper()
	who := c.member
	if call.As == "admin" {
		who = c.admin
	}
	options := who.endpoint
	options.ApplyDefaults(call.Service)
	base, err := who.client.EndpointLocator(options)
	if err != nil {
		c.t.Fatal(err)
	}
	method, path, _ := strings.Cut(call.Do, " ")
	known := map[string]any{"project_id": who.project}
	for name, value := range attributes {
		if name != "project_id" || value != nil {
			known[name] = value
		}
	}
	url := versioned.ReplaceAllString(strings.TrimRight(base, "/"), "") + fill(path, known)
	request, err := http.NewRequestWithContext(context.WithoutCancel(c.t.Context()), method, url, bytes.NewReader([]byte(fill(call.Body, known))))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("X-Auth-Token", who.client.Token())
	request.Header.Set("Content-Type", "application/json")
	if strings.HasPrefix(call.Service, "image") && method == http.MethodPatch {
		request.Header.Set("Content-Type", "application/openstack-images-v2.1-json-patch")
	}
	if call.Version != "" {
		request.Header.Set("OpenStack-API-Version", call.Version)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if answer = decode(text); answer == nil {
		answer = map[string]any{"text": string(text)}
	}
	return response.StatusCode, answer
}
