package provider

import (
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
