package auth

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const cloudsYAML = `
clouds:
  base: &base
    auth: &auth
      auth_url: https://keystone.example/v3
  plain:
    <<: *base
    auth:
      <<: *auth
      username: demo
      password: 0123
      user_domain_name: Default
      project-name: demo
    verify: no
    region_name: RegionOne
  older:
    auth: {auth_url: "https://keystone.example:5000/", username: demo, tenant_name: demo, password: p}
    default_domain: corp
    endpoint_type: internal
    insecure: True
    volume_endpoint_override: https://cinder.example/v3/%(project_id)s
  vendor:
    profile: acme
    auth: {username: demo, project_id: p1}
    region_name: Two
    interface: admin
  unknown_vendor:
    profile: nobody
    auth: {username: demo}
  regions:
    auth_type: v3applicationcredential
    auth: {auth_url: "https://keystone.example", application_credential_id: a, application_credential_secret: s}
    cacert: /ca.pem
    regions:
      - One
      - name: Two
        values: {cacert: /two.pem, auth: {auth_url: "https://two.example"}}
`

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestClouds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := write(t, filepath.Join(dir, "clouds.yaml"), cloudsYAML)
	write(t, filepath.Join(dir, "secure.yaml"), `clouds: {vendor: {auth: {password: "*s: #ecret"}}}`)
	write(t, filepath.Join(dir, "clouds-public.yaml"), `public-clouds: {acme: {auth: {auth_url: "https://{region_name}.acme.example/v3", user_domain_id: d}, interface: public, identity_api_version: 3}}`)
	for name, test := range map[string]struct {
		clouds Clouds
		want   map[string]string
		err    string
	}{
		"anchors, and texts as they stand there": {clouds: Clouds{Name: "plain"}, want: map[string]string{
			"auth_url": "https://keystone.example/v3", "username": "demo", "password": "0123", "user_domain_name": "Default", "project_name": "demo",
			"region_name": "RegionOne", "verify": "false"}},
		"older keys": {clouds: Clouds{Name: "older"}, want: map[string]string{
			"auth_url": "https://keystone.example:5000/", "username": "demo", "password": "p", "project_name": "demo", "user_domain_id": "corp", "project_domain_id": "corp",
			"default_domain": "corp", "interface": "internal", "insecure": "True", "verify": "false", "volume_endpoint_override": "https://cinder.example/v3/%(project_id)s"}},
		"a profile below, secrets above": {clouds: Clouds{Name: "vendor"}, want: map[string]string{
			"auth_url": "https://Two.acme.example/v3", "username": "demo", "password": "*s: #ecret", "user_domain_id": "d", "project_id": "p1",
			"profile": "acme", "region_name": "Two", "interface": "admin", "identity_api_version": "3"}},
		"the first region": {clouds: Clouds{Name: "regions"}, want: map[string]string{
			"auth_type": "v3applicationcredential", "auth_url": "https://keystone.example", "application_credential_id": "a", "application_credential_secret": "s",
			"cacert": "/ca.pem", "region_name": "One"}},
		"another region": {clouds: Clouds{Name: "regions", Region: "Two"}, want: map[string]string{
			"auth_type": "v3applicationcredential", "auth_url": "https://two.example", "application_credential_id": "a", "application_credential_secret": "s",
			"cacert": "/two.pem", "region_name": "Two"}},
		"an unknown region":  {clouds: Clouds{Name: "regions", Region: "Three"}, err: `no region "Three", but One, Two`},
		"an unknown cloud":   {clouds: Clouds{Name: "other"}, err: `has no cloud "other", but base, older, plain, regions, unknown_vendor, vendor`},
		"an unknown profile": {clouds: Clouds{Name: "unknown_vendor"}, err: `the profile "nobody", which is not in ` + filepath.Join(dir, "clouds-public.yaml")},
		"no file":            {clouds: Clouds{Name: "plain", File: filepath.Join(dir, "missing.yaml")}, err: "missing.yaml"},
		"no secure file":     {clouds: Clouds{Name: "plain", Secure: filepath.Join(dir, "missing.yaml")}, err: "missing.yaml"},
		"not YAML":           {clouds: Clouds{Name: "plain", File: write(t, filepath.Join(dir, "a", "clouds.yaml"), "clouds:\n  plain: {auth: {password: *topsecret}}\n")}, err: "is not YAML"},
		"not YAML, by line":  {clouds: Clouds{Name: "plain", File: write(t, filepath.Join(dir, "b", "clouds.yaml"), "clouds:\n  plain:\n    auth: {password: topsecret\n")}, err: "is not YAML in line"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.clouds.File == "" {
				test.clouds.File = file
			}
			got, err := test.clouds.Find()
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) || strings.Contains(err.Error(), "topsecret") {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil || !maps.Equal(got.Values, test.want) {
				t.Errorf("got  %v, %v\nwant %v", got.Values, err, test.want)
			}
		})
	}
}

// The working directory comes first, then the user's; secrets are looked for in the same places.
func TestCloudsAreFound(t *testing.T) {
	home, work := t.TempDir(), t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	t.Setenv("XDG_CONFIG_HOME", "")
	t.Chdir(work)
	if _, err := (Clouds{Name: "c"}).Find(); err == nil || !strings.Contains(err.Error(), "/etc/openstack") {
		t.Errorf("got %v", err)
	}
	write(t, filepath.Join(home, ".config", "openstack", "clouds.yml"), `clouds: {c: {auth: {username: home}}}`)
	write(t, filepath.Join(home, ".config", "openstack", "secure.yaml"), `clouds: {c: {auth: {password: secret}}}`)
	for _, want := range []string{"home", "work"} {
		got, err := Clouds{Name: "c"}.Find()
		if err != nil || got.Values["username"] != want || got.Values["password"] != "secret" {
			t.Errorf("got %v, %v", got, err)
		}
		if got, err := (Clouds{Name: "c", File: "~/.config/openstack/clouds.yml"}).Find(); err != nil || got.Values["username"] != "home" {
			t.Errorf("got %v, %v", got, err)
		}
		write(t, filepath.Join(work, "clouds.json"), `{"clouds": {"c": {"auth": {"username": "work"}}}}`)
	}
}
