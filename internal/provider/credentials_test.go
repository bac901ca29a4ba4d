package provider

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/auth"
)

func TestCredentials(t *testing.T) {
	t.Parallel()
	everywhere := map[string]string{
		"HW_ACCESS_KEY": "hw", "HW_SECRET_KEY": "hw", "HW_SECURITY_TOKEN": "hw",
		"OS_USERNAME": "os", "OS_PASSWORD": "os", "OS_DOMAIN_NAME": "os", "OS_AUTH_TOKEN": "os",
	}
	tests := map[string]struct {
		env   map[string]string
		block map[string]any
		want  auth.Config
	}{
		"the earlier variables win": {everywhere, nil,
			auth.Config{AccessKey: "hw", SecretKey: "hw", SecurityToken: "hw", DomainName: "os"}},
		"the block wins with another way": {everywhere, map[string]any{"token": "block"},
			auth.Config{Token: "block", DomainName: "os"}},
		"a forgotten security token does not spoil the keys of the block": {everywhere, map[string]any{"access_key": "block", "secret_key": "block"},
			auth.Config{AccessKey: "block", SecretKey: "block", DomainName: "os"}},
		"secrets may stand elsewhere than the key": {everywhere, map[string]any{"access_key": "block"},
			auth.Config{AccessKey: "block", SecretKey: "hw", SecurityToken: "hw", DomainName: "os"}},
		"keys before a token in the same place": {with(everywhere, "HW_AUTH_TOKEN", "hw"), nil,
			auth.Config{AccessKey: "hw", SecretKey: "hw", SecurityToken: "hw", DomainName: "os"}},
		"what is complete wins in the same place": {map[string]string{"HW_ACCESS_KEY": "hw", "HW_AUTH_TOKEN": "hw"}, nil,
			auth.Config{Token: "hw"}},
		"a user's id needs no domain": {map[string]string{"OS_USER_ID": someID, "OS_PASSWORD": "os"}, nil,
			auth.Config{UserID: someID, Password: "os"}},
		"a profile of the block wins over variables": {everywhere, map[string]any{"profile": "p"},
			auth.Config{Profile: "p", DomainName: "os"}},
		"the server's agency": {nil, map[string]any{"ecs_metadata": true},
			auth.Config{Metadata: true}},
		"not the server's agency": {everywhere, map[string]any{"ecs_metadata": false},
			auth.Config{AccessKey: "hw", SecretKey: "hw", SecurityToken: "hw", DomainName: "os"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newReader(t, test.env, test.block)
			if got := r.credentials(); !reflect.DeepEqual(got, test.want) {
				t.Errorf("%+v\n%+v", got, test.want)
			}
			for _, d := range *r.diags {
				t.Errorf("%s: %s", d.Summary(), d.Detail())
			}
		})
	}
}

// Whatever of these is said, the platform and what it takes follow from it.
func TestOpenStackCredentials(t *testing.T) {
	t.Parallel()
	const url = "https://keystone.example/v3"
	dir := t.TempDir()
	file := filepath.Join(dir, "clouds.yaml")
	clouds := `clouds:
  user: {auth: {auth_url: "` + url + `", username: file, password: file, project_name: file, user_domain_name: Default, project_domain_id: default}, region_name: Two, interface: internalURL, verify: false, cacert: /ca.pem,
    block_storage_endpoint_override: "https://cinder.example/v3/%(project_id)s", unknown_endpoint_override: "https://x.example"}
  nosecret: {auth: {auth_url: "` + url + `", username: file, project_id: ` + someID + `}}
  credential: {auth_type: v3applicationcredential, auth: {auth_url: "` + url + `", application_credential_id: file, application_credential_secret: file, username: file, password: file}}
  token: {auth: {auth_url: "` + url + `", token: file}}
`
	if err := os.WriteFile(file, []byte(clouds), 0o600); err != nil {
		t.Fatal(err)
	}
	openrc := map[string]string{"OS_AUTH_URL": url, "OS_USERNAME": "os", "OS_PASSWORD": "os", "OS_USER_DOMAIN_NAME": "Corp", "OS_PROJECT_DOMAIN_ID": "default", "OS_PROJECT_NAME": "os", "OS_REGION_NAME": "One"}
	tests := map[string]struct {
		env   map[string]string
		block map[string]any
		want  auth.Config
	}{
		"the environment of the OpenStack client": {openrc, map[string]any{"platform": "openstack"},
			auth.Config{AuthURL: url, UserName: "os", Password: "os", DomainName: "Corp", ProjectName: "os", ProjectDomainID: "default", Region: "One"}},
		"the block wins, also with one domain for both": {openrc, map[string]any{"platform": "openstack", "domain_name": "block", "project_id": someID},
			auth.Config{AuthURL: url, UserName: "os", Password: "os", DomainName: "block", ProjectID: someID, ProjectDomainName: "block", Region: "One"}},
		"a domain when none is said": {with(openrc, "OS_USER_DOMAIN_NAME", "", "OS_DEFAULT_DOMAIN", "corp"), map[string]any{"platform": "openstack"},
			auth.Config{AuthURL: url, UserName: "os", Password: "os", DomainID: "corp", ProjectName: "os", ProjectDomainID: "default", Region: "One"}},
		"access keys are of no use": {with(openrc, "HW_ACCESS_KEY", "hw", "HW_SECRET_KEY", "hw"), map[string]any{"platform": "openstack"},
			auth.Config{AuthURL: url, UserName: "os", Password: "os", DomainName: "Corp", ProjectName: "os", ProjectDomainID: "default", Region: "One"}},
		"a token before a user": {with(openrc, "OS_TOKEN", "os"), map[string]any{"platform": "openstack"},
			auth.Config{AuthURL: url, Token: "os", DomainName: "Corp", ProjectName: "os", ProjectDomainID: "default", Region: "One"}},
		"unless the client is told otherwise": {with(openrc, "OS_TOKEN", "os", "OS_AUTH_TYPE", "v3password"), map[string]any{"platform": "openstack"},
			auth.Config{AuthURL: url, UserName: "os", Password: "os", DomainName: "Corp", ProjectName: "os", ProjectDomainID: "default", Region: "One"}},
		"an application credential tells the platform": {map[string]string{"OS_AUTH_URL": url, "OS_APPLICATION_CREDENTIAL_ID": "os", "OS_APPLICATION_CREDENTIAL_SECRET": "os"}, nil,
			auth.Config{AuthURL: url, ApplicationCredentialID: "os", ApplicationCredentialSecret: "os"}},
		"an application credential by name": {openrc, map[string]any{"application_credential_name": "block", "application_credential_secret": "block"},
			auth.Config{AuthURL: url, ApplicationCredentialName: "block", ApplicationCredentialSecret: "block", UserName: "os", DomainName: "Corp", ProjectName: "os", ProjectDomainID: "default", Region: "One"}},
		"a cloud tells the platform": {map[string]string{"OS_CLOUD": "user", "OS_CLIENT_CONFIG_FILE": file}, nil,
			auth.Config{AuthURL: url, UserName: "file", Password: "file", DomainName: "Default", ProjectName: "file", ProjectDomainID: "default", Region: "Two"}},
		"variables beside that of the cloud win": {map[string]string{"OS_CLOUD": "user", "OS_CLIENT_CONFIG_FILE": file, "OS_PROJECT_NAME": "os", "OS_REGION_NAME": "One"}, nil,
			auth.Config{AuthURL: url, UserName: "file", Password: "file", DomainName: "Default", ProjectName: "os", ProjectDomainID: "default", Region: "One"}},
		"those beyond are forgotten ones": {with(openrc, "OS_PROJECT_ID", otherID), map[string]any{"os_cloud": "user", "clouds_file": file},
			auth.Config{AuthURL: url, UserName: "file", Password: "file", DomainName: "Default", ProjectName: "file", ProjectDomainID: "default", Region: "Two"}},
		"but for the secret, and what is of no sign-in": {openrc, map[string]any{"os_cloud": "nosecret", "clouds_file": file},
			auth.Config{AuthURL: url, UserName: "file", Password: "os", ProjectID: someID, Region: "One"}},
		"a cloud's application credential": {openrc, map[string]any{"os_cloud": "credential", "clouds_file": file},
			auth.Config{AuthURL: url, ApplicationCredentialID: "file", ApplicationCredentialSecret: "file", Region: "One"}},
		"a cloud's token": {with(openrc, "OS_CLIENT_CONFIG_FILE", file), map[string]any{"os_cloud": "token"},
			auth.Config{AuthURL: url, Token: "file", Region: "One"}},
		"without a platform, a user is one of Huawei Cloud": {openrc, nil,
			auth.Config{AuthURL: url, UserName: "os", Password: "os", DomainName: "Corp", DomainID: "default", ProjectName: "os", Region: "One"}},
		"access keys before a cloud in the same place": {map[string]string{"OS_CLOUD": "user", "OS_CLIENT_CONFIG_FILE": file, "OS_ACCESS_KEY": "os", "OS_SECRET_KEY": "os"}, nil,
			auth.Config{AccessKey: "os", SecretKey: "os"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newReader(t, test.env, test.block)
			test.want.OpenStack = !strings.HasPrefix(name, "without a platform") && test.want.AccessKey == ""
			if got := r.credentials(); !reflect.DeepEqual(got, test.want) {
				t.Errorf("%+v\n%+v", got, test.want)
			}
			r.complaints(t)
		})
	}

	r := newReader(t, nil, map[string]any{"os_cloud": "user", "clouds_file": file})
	r.credentials()
	r.complaints(t)
	if !r.flag("insecure") || r.text("cacert_file") != "/ca.pem" || interfaceOf(r.text("interface")) != "internal" || !maps.Equal(r.pairs("endpoints"), map[string]string{"block-storage": "https://cinder.example"}) {
		t.Errorf("insecure %t, cacert_file %q, interface %q, endpoints %v", r.flag("insecure"), r.text("cacert_file"), r.text("interface"), r.pairs("endpoints"))
	}
}

// What cannot sign in to an OpenStack cloud is one complaint, which says what to do.
func TestOpenStackComplaints(t *testing.T) {
	t.Parallel()
	const url = "https://keystone.example/v3"
	file := filepath.Join(t.TempDir(), "clouds.yaml")
	clouds := `clouds:
  oidc: {auth_type: v3oidcpassword, auth: {auth_url: "` + url + `", username: u, password: p}}
  two: {identity_api_version: "2.0", auth: {auth_url: "` + url + `", username: u, password: p}}
  nobody: {auth: {auth_url: "` + url + `"}}
  nosecret: {auth: {auth_url: "` + url + `", username: u}}
  nowhere: {auth: {username: u, password: p}}
  wrong: {auth: {auth_url: "keystone.example", username: u, password: p}}
`
	if err := os.WriteFile(file, []byte(clouds), 0o600); err != nil {
		t.Fatal(err)
	}
	openrc := map[string]string{"OS_AUTH_URL": url, "OS_USERNAME": "os", "OS_PASSWORD": "os", "OS_REGION_NAME": "One"}
	cloud := func(name string) map[string]any { return map[string]any{"os_cloud": name, "clouds_file": file} }
	for name, test := range map[string]struct {
		env   map[string]string
		block map[string]any
		words []string
	}{
		"nothing":                    {nil, map[string]any{"platform": "openstack"}, []string{"os_cloud\n", "OS_CLOUD", "application_credential_id, and application_credential_secret", "user_name or user_id, and password\n"}},
		"half":                       {map[string]string{"OS_APPLICATION_CREDENTIAL_ID": "os"}, nil, []string{"With OS_APPLICATION_CREDENTIAL_ID", "application_credential_secret"}},
		"no user of a credential":    {map[string]string{"OS_APPLICATION_CREDENTIAL_NAME": "os", "OS_APPLICATION_CREDENTIAL_SECRET": "os"}, nil, []string{"user_name or user_id"}},
		"no address":                 {with(openrc, "OS_AUTH_URL", ""), map[string]any{"platform": "openstack"}, []string{"identity service", "OS_AUTH_URL"}},
		"another type":               {with(openrc, "OS_AUTH_TYPE", "v3totp"), map[string]any{"platform": "openstack"}, []string{"v3totp", "v3applicationcredential"}},
		"an older version":           {with(openrc, "OS_IDENTITY_API_VERSION", "2"), map[string]any{"platform": "openstack"}, []string{"OS_IDENTITY_API_VERSION asks for version 2"}},
		"no such platform":           {openrc, map[string]any{"platform": "aws"}, []string{"huaweicloud, openstack"}},
		"no such interface":          {openrc, map[string]any{"platform": "openstack", "interface": "private"}, []string{"public, internal, admin"}},
		"keys of the other platform": {openrc, map[string]any{"platform": "openstack", "access_key": "a"}, []string{"The argument access_key cannot be used", `"openstack"`}},
		"an agency":                  {openrc, map[string]any{"platform": "openstack", "assume_role": []any{map[string]any{"agency_name": "a", "domain_name": "d"}}}, []string{"assume_role"}},
		"a cloud and access keys":    {nil, map[string]any{"os_cloud": "x", "access_key": "a", "secret_key": "s", "region": "x"}, []string{"The argument os_cloud cannot be used"}},
		"no such cloud":              {nil, cloud("x"), []string{`no cloud "x", but nobody, nosecret`}},
		"no such file":               {map[string]string{"OS_CLIENT_CONFIG_FILE": file + "x"}, map[string]any{"os_cloud": "x"}, []string{"clouds.yamlx"}},
		"a cloud's other type":       {nil, cloud("oidc"), []string{"v3oidcpassword"}},
		"a cloud's older version":    {nil, cloud("two"), []string{`The cloud "two" of ` + file + ` asks for version 2`}},
		"a cloud without user":       {nil, cloud("nobody"), []string{`the cloud "nobody" of ` + file + ` has neither`}},
		"a cloud without secret":     {nil, cloud("nosecret"), []string{`With the cloud "nosecret" of ` + file + ` (username)`, "needs password", "OS_PASSWORD"}},
		"a cloud without address":    {nil, cloud("nowhere"), []string{"identity service"}},
		"a cloud's wrong address":    {nil, cloud("wrong"), []string{`In the cloud "wrong" of ` + file + ` (auth_url): "keystone.example" is not an address`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := configure(t, test.env, test.block)
			if len(got) != 1 {
				t.Fatalf("not one complaint: %v", got)
			}
			for _, word := range test.words {
				if !strings.Contains(got[0].Detail, word) {
					t.Errorf("no %q in:\n%s", word, got[0].Detail)
				}
			}
		})
	}
}

// One error says what was looked for and where.
func TestMissingCredentials(t *testing.T) {
	t.Parallel()
	region := map[string]string{"HWCLOUD_REGION": "cn-north-4"}
	tests := map[string]struct {
		env   map[string]string
		words []string
	}{
		"none": {region, []string{
			"access_key, and secret_key", "HW_ACCESS_KEY", "OS_SECRET_KEY", "token", "OS_AUTH_TOKEN", "user_name or user_id, and password, and domain_name or domain_id or user_domain_name", "OS_PASSWORD",
			"profile", "HWCLOUD_ECS_METADATA", filepath.Join(".hcloud", "config.json"),
		}},
		"key without secret":     {with(region, "HW_ACCESS_KEY", "a"), []string{"With HW_ACCESS_KEY", "secret_key", "HWCLOUD_SECRET_KEY", "HW_SECRET_KEY", "OS_SECRET_KEY"}},
		"secret without key":     {with(region, "OS_SECRET_KEY", "s"), []string{"With OS_SECRET_KEY", "the argument access_key", "HW_ACCESS_KEY"}},
		"user without password":  {with(region, "OS_USERNAME", "u", "OS_DOMAIN_NAME", "d"), []string{"password", "HW_USER_PASSWORD", "OS_PASSWORD"}},
		"password without user":  {with(region, "OS_PASSWORD", "p"), []string{"user_name or user_id", "HW_USER_NAME", "OS_USER_ID"}},
		"user without domain":    {with(region, "OS_USERNAME", "u", "OS_PASSWORD", "p"), []string{"domain_name or domain_id or user_id", "OS_USER_DOMAIN_NAME"}},
		"half is not made whole": {with(region, "HW_ACCESS_KEY", "a", "OS_AUTH_TOKEN", "t"), []string{"With HW_ACCESS_KEY"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := configure(t, test.env, nil)
			if len(got) != 1 {
				t.Fatalf("not one complaint: %v", got)
			}
			for _, word := range test.words {
				if !strings.Contains(got[0].Detail, word) {
					t.Errorf("no %q in:\n%s", word, got[0].Detail)
				}
			}
		})
	}
}

// Without anything else, the current profile of the vendor's command line gives keys and region.
func TestDefaultProfile(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	file := filepath.Join(home, ".hcloud", "config.json")
	if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	profile := `{"current": "p", "profiles": [{"name": "p", "mode": "AKSK", "accessKeyId": "a", "secretAccessKey": "s", "region": "cn-north-4"}]}`
	if err := os.WriteFile(file, []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, d := range configure(t, nil, nil) {
		t.Errorf("%s: %s", d.Summary, d.Detail)
	}
	if got := configure(t, nil, map[string]any{"profile": "q"}); len(got) != 1 || !strings.Contains(got[0].Detail, `"q"`) {
		t.Errorf("%v", got)
	}
}
