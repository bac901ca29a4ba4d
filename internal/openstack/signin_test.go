package openstack

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/applicationcredentials"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

// Each way to sign in leads to the same project; each that cannot says what is wrong with it.
func TestSignIn(t *testing.T) {
	c := start(t)
	who := c.member.entry
	keystone, err := openstack.NewIdentityV3(c.member.client, c.member.endpoint)
	if err != nil {
		t.Fatal(err)
	}
	me, err := tokens.Get(t.Context(), keystone, c.member.client.Token()).ExtractUser()
	if err != nil {
		t.Fatal(err)
	}
	credential := func(expires *time.Time) *applicationcredentials.ApplicationCredential {
		t.Helper()
		made, err := applicationcredentials.Create(t.Context(), keystone, me.ID, applicationcredentials.CreateOpts{
			Name: fmt.Sprintf("suite-%d", time.Now().UnixNano()), Secret: "hush", ExpiresAt: expires,
		}).Extract()
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	good := credential(nil)
	soon := time.Now().Add(10 * time.Second) // Keystone takes none that has passed when it gets to it
	expired := credential(&soon)

	dir := t.TempDir()
	file := filepath.Join(dir, "clouds.yaml")
	if err := os.WriteFile(file, []byte("clouds:\n"+who.yaml("mine")), 0o600); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Until(soon.Add(time.Second))) // the servers' clock cannot be faked

	type text = map[string]string
	block := func(more text) Attributes {
		all := Attributes{"platform": `"openstack"`, "auth_url": fmt.Sprintf("%q", who.at), "region": fmt.Sprintf("%q", who.region)}
		for name, value := range more {
			if all[name] = fmt.Sprintf("%q", value); value == "" {
				all[name] = "" // not at all
			}
		}
		return all
	}
	password := func(more text) Attributes {
		all := text{"user_name": who.user, "password": who.password, "domain_name": "Default", "project_name": who.project}
		maps.Copy(all, more)
		return block(all)
	}
	for name, test := range map[string]struct {
		provider Attributes
		env      []string
		says     []string // nil: it signs in
	}{
		"user, by names":   {provider: password(nil)},
		"user, by ids":     {provider: block(text{"user_id": me.ID, "password": who.password, "project_id": c.member.project})},
		"domains by id":    {provider: password(text{"domain_name": "", "user_domain_id": "default", "project_domain_id": "default"})},
		"only one region":  {provider: password(text{"region": ""})},
		"token":            {provider: block(text{"token": c.member.client.Token()})},
		"token, exchanged": {provider: block(text{"token": c.member.client.Token(), "project_id": c.member.project})},
		"application credential, by id": {provider: block(text{
			"application_credential_id": good.ID, "application_credential_secret": "hush", "platform": ""})},
		"application credential, by name": {provider: block(text{
			"application_credential_name": good.Name, "application_credential_secret": "hush", "user_name": who.user, "user_domain_name": "Default"})},
		"clouds.yaml":          {provider: Attributes{"os_cloud": `"mine"`, "clouds_file": fmt.Sprintf("%q", file)}},
		"clouds.yaml, by OS_*": {env: []string{"OS_CLOUD=mine", "OS_CLIENT_CONFIG_FILE=" + file}},
		"OS_*": {env: []string{"HWCLOUD_PLATFORM=openstack", "OS_AUTH_URL=" + who.at, "OS_USERNAME=" + who.user, "OS_PASSWORD=" + who.password,
			"OS_USER_DOMAIN_NAME=Default", "OS_PROJECT_DOMAIN_NAME=Default", "OS_PROJECT_NAME=" + who.project, "OS_REGION_NAME=" + who.region}},

		"a wrong password":             {provider: password(text{"password": "wrong"}), says: []string{"could not sign in", "password is wrong", "401"}},
		"another's project":            {provider: password(text{"project_name": "admin"}), says: []string{"not to the project admin", "has a role in " + who.project}},
		"no project":                   {provider: password(text{"project_name": ""}), says: []string{"no project is given", "has a role in " + who.project}},
		"no such region":               {provider: password(text{"region": "nowhere"}), says: []string{"nowhere", who.region}},
		"a token that is none":         {provider: block(text{"token": "nonsense"}), says: []string{"token is not valid"}},
		"an expired credential":        {provider: block(text{"application_credential_id": expired.ID, "application_credential_secret": "hush"}), says: []string{"expired"}},
		"a credential's wrong secret":  {provider: block(text{"application_credential_id": good.ID, "application_credential_secret": "hash"}), says: []string{"secret is wrong"}},
		"a cloud that is not in there": {provider: Attributes{"os_cloud": `"other"`, "clouds_file": fmt.Sprintf("%q", file)}, says: []string{"other", "mine"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := slices.Concat(c.env, test.env)
			cmd := acctest.Terraform(t, acctest.Block("provider", "hwcloud", "", test.provider)+"data \"hwcloud_images\" \"all\" {}\n", env...)
			if test.says == nil {
				cmd.Run("plan")
				return
			}
			if out := cmd.Fail("plan"); !acctest.Says(test.says...).MatchString(out) {
				t.Errorf("Terraform does not say %q:\n%s", test.says, out)
			}
		})
	}
}
