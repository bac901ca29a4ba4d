package provider

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/auth"
)

// ways are the ways to sign in. Each line of a way is something it needs, under any of the names on the line; the way is
// meant as soon as something of the first two lines was said. The way that was said first counts (the provider block
// before HWCLOUD_*, HW_* and OS_*), among equals the upper one: forgotten variables never outvote the provider block.
var ways = [][][]string{
	{
		{"access_key"},
		{"secret_key"},
	}, {
		{"token"},
	}, {
		{"user_name", "user_id"},
		{"password"},
		{"domain_name", "domain_id", "user_id"},
	}, {
		{"profile", "shared_config_file"},
	}, {
		{"ecs_metadata"},
	},
}

// credentials finds how to sign in. When that is not said completely, one error says what was looked for and where.
func (r *reader) credentials() auth.Config {
	way, missing := r.way()
	switch {
	case way == nil && !defaultProfileExists():
		r.diags.AddError("No credentials", noCredentials())
	case missing != nil:
		var begun []string
		for _, s := range r.begun(way) {
			begun = append(begun, s.place)
		}
		r.diags.AddError("Half of the credentials", fmt.Sprintf(
			"With %s, the provider also needs %s. It looked at %s.",
			strings.Join(begun, " and "), strings.Join(missing, " or "), places(missing)))
	}

	meant := map[string]bool{}
	for _, names := range way {
		for _, name := range names {
			meant[name] = true
		}
	}
	text := func(name string) string {
		if !meant[name] {
			return ""
		}
		return r.text(name)
	}
	c := auth.Config{
		AccessKey: text("access_key"),
		SecretKey: text("secret_key"),

		Token: text("token"),

		UserName:    text("user_name"),
		UserID:      text("user_id"),
		Password:    text("password"),
		DomainName:  r.text("domain_name"),
		DomainID:    r.text("domain_id"),
		ProjectName: r.text("project_name"),
		ProjectID:   r.text("project_id"),
		Region:      r.text("region"),

		SharedConfigFile: r.text("shared_config_file"),
		Profile:          r.text("profile"),

		Metadata: meant["ecs_metadata"],

		AssumeRole: r.roles(),
		AuthURL:    r.text("auth_url"),
	}
	if meant["access_key"] {
		c.SecurityToken = r.securityToken()
	}
	return c
}

// way returns the way to sign in that was meant (nil: none), and the names of which one is missing from it.
func (r *reader) way() (best [][]string, missing []string) {
	bestLevel := 0
	for _, way := range ways {
		begun := r.begun(way)
		if len(begun) == 0 {
			continue
		}
		at := begun[0].level
		for _, s := range begun {
			at = min(at, s.level)
		}
		lacks := r.lacks(way)
		if best == nil || at < bestLevel || at == bestLevel && missing != nil && lacks == nil {
			best, bestLevel, missing = way, at, lacks
		}
	}
	return best, missing
}

// begun returns what shows that a way is meant.
func (r *reader) begun(way [][]string) []said {
	var begun []said
	for _, names := range way[:min(2, len(way))] {
		for _, name := range names {
			if s, ok := r.one(name); ok && (named(name).kind != flag || r.flag(name)) {
				begun = append(begun, s)
			}
		}
	}
	return begun
}

// lacks returns the first line of a way of which nothing was said.
func (r *reader) lacks(way [][]string) []string {
lines:
	for _, names := range way {
		for _, name := range names {
			if _, ok := r.one(name); ok {
				continue lines
			}
		}
		return names
	}
	return nil
}

// securityToken returns the security token that was said where one of the keys was.
func (r *reader) securityToken() string {
	token, _ := r.one("security_token")
	for _, name := range []string{"access_key", "secret_key"} {
		if key, _ := r.one(name); key.level == token.level {
			return token.text
		}
	}
	return ""
}

// roles returns the agencies to assume: those of the provider block, or the one of the environment.
func (r *reader) roles() []auth.AssumeRole {
	var roles []auth.AssumeRole
	for _, agency := range r.all("assume_role.agency_name") {
		other := func(name string) string {
			for _, s := range r.all("assume_role." + name) {
				if s.key == agency.key && (s.level == 0) == (agency.level == 0) {
					return s.text
				}
			}
			return ""
		}
		role := auth.AssumeRole{AgencyName: agency.text, DomainName: other("domain_name"), DomainID: other("domain_id")}
		if role.DomainName == "" && role.DomainID == "" {
			r.diags.AddAttributeError(agency.path, "An agency without its account", fmt.Sprintf(
				"Agency %s needs the domain_name or the domain_id of the account that created it.", agency.text))
		}
		if duration := other("duration"); duration != "" {
			_, _ = fmt.Sscan(duration, &role.DurationSeconds) // a check has made sure that it is a number
		}
		roles = append(roles, role)
	}
	return roles
}

func noCredentials() string {
	var b strings.Builder
	b.WriteString("The provider found no way to sign in. In the provider block and in the environment, it looked for one of these:\n")
	for _, way := range ways {
		var needs, looked, seen []string
		for _, names := range way {
			names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(seen, name) })
			seen = append(seen, names...)
			needs = append(needs, strings.Join(names, " or "))
			for _, name := range names {
				looked = append(looked, strings.Join(named(name).environment(), ", "))
			}
		}
		fmt.Fprintf(&b, "\n  - %s\n      %s\n", strings.Join(needs, ", and "), strings.Join(looked, "\n      "))
	}
	fmt.Fprintf(&b, "\nThere is no profile of the vendor's command line either: %s does not exist.", defaultProfile())
	return b.String()
}

// places says where settings are looked for.
func places(names []string) string {
	var all []string
	for _, name := range names {
		all = append(append(all, "the argument "+name), named(name).environment()...)
	}
	return strings.Join(all, ", ")
}

// defaultProfile is the file in which the vendor's command line keeps its profiles.
func defaultProfile() string {
	home, err := os.UserHomeDir()
	if err != nil {
		home = "~"
	}
	return filepath.Join(home, ".hcloud", "config.json")
}

func defaultProfileExists() bool {
	_, err := os.Stat(defaultProfile())
	return err == nil
}
