package provider

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/auth"
)

// ways are the ways to sign in. A way is meant as soon as something that it needs was said. The way that was said first
// counts (the provider block before HWCLOUD_*, HW_* and OS_*), among equals one that is complete, and then the upper one: forgotten variables never outvote
// the provider block.
var ways = []way{
	{on: huaweiCloud, needs: lines{{"access_key"}, {"secret_key"}}},
	{on: openStack, tells: true, needs: lines{{"os_cloud"}}},
	{on: openStack, tells: true, types: applicationCredential,
		needs: lines{{"application_credential_id"}, {"application_credential_secret"}}},
	{on: openStack, tells: true, types: applicationCredential,
		needs: lines{{"application_credential_name"}, {"application_credential_secret"}}, and: lines{{"user_name", "user_id"}}},
	{on: huaweiCloud, needs: lines{{"token"}}},
	{on: huaweiCloud, needs: lines{{"user_name", "user_id"}, {"password"}},
		and: lines{{"domain_name", "domain_id", "user_id", "user_domain_name", "user_domain_id", "project_domain_name", "project_domain_id"}}},
	{on: openStack, types: []string{"token", "v3token"}, needs: lines{{"token"}}},
	{on: openStack, types: []string{"password", "v3password"}, needs: lines{{"user_name", "user_id"}, {"password"}}},
	{on: huaweiCloud, needs: lines{{"profile", "shared_config_file"}}},
	{on: huaweiCloud, needs: lines{{"ecs_metadata"}}},
}

var applicationCredential = []string{"v3applicationcredential"}

// way is one way to sign in.
type way struct {
	on    string   // the platform that takes it
	tells bool     // it tells the platform where nobody says that
	types []string // what the OpenStack client calls it
	needs lines
	and   lines // needed too, but of other uses as well
}

// lines are things that are needed, each under any of the names on its line.
type lines [][]string

// all is everything that the way needs.
func (w *way) all() lines {
	if w == nil {
		return nil
	}
	return slices.Concat(w.needs, w.and)
}

// means tells whether a setting is part of the way.
func (w *way) means(name string) bool {
	return slices.ContainsFunc(w.all(), func(names []string) bool { return slices.Contains(names, name) })
}

// credentials finds how to sign in. When that is not said completely, one error says what was looked for and where.
func (r *reader) credentials() auth.Config {
	platform := cmp.Or(r.text("platform"), huaweiCloud)
	way, missing := r.way()
	if way.means("os_cloud") {
		if name, _ := r.one("os_cloud"); !r.find(name) {
			return auth.Config{OpenStack: true}
		}
		way, missing = r.way()
	}
	switch {
	case way != nil:
		platform = way.on
	case r.cloud != nil:
		platform = openStack
	}
	switch {
	case r.refuseOther(platform):
		return auth.Config{OpenStack: true} // nothing more to complain of
	case way == nil && r.refusedType() != "":
		r.diags.AddError("No way to sign in like that", fmt.Sprintf(
			"The provider cannot sign in by %q, but with a password (v3password), a token (v3token) or an application credential (v3applicationcredential).", r.refusedType()))
	case way == nil && r.cloud != nil:
		r.diags.AddAttributeError(path.Root("os_cloud"), "No credentials",
			"Nothing tells how to sign in to the cloud: "+r.cloud.place+" has neither a user, nor a token, nor an application credential.")
	case way == nil && (platform == openStack || !defaultProfileExists()):
		r.diags.AddError("No credentials", noCredentials(platform))
	case missing != nil:
		var begun []string
		for _, s := range r.begun(way) {
			begun = append(begun, s.place)
		}
		r.diags.AddError("Half of the credentials", fmt.Sprintf(
			"With %s, the provider also needs %s. It looked at %s.",
			strings.Join(begun, " and "), strings.Join(missing, " or "), places(missing)))
	case platform == openStack && r.text("auth_url") == "" && r.text("endpoint") == "" && r.pairs("endpoints")[cloud.Keystone.Name] == "":
		r.diags.AddAttributeError(path.Root("auth_url"), "No address of the cloud",
			"An OpenStack cloud is known by the address of its identity service. The provider looked at "+places([]string{"auth_url"})+".")
	case platform == openStack && r.cloud == nil && r.level(way) == lastLevel && strings.HasPrefix(r.getenv("OS_IDENTITY_API_VERSION"), "2"):
		r.refuseVersion("OS_IDENTITY_API_VERSION")
	}

	text := func(name string) string {
		if !way.means(name) {
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
		DomainName:  r.nearest("domain_name", "user_domain_name", "project_domain_name").text,
		DomainID:    r.nearest("domain_id", "user_domain_id", "project_domain_id").text,
		ProjectName: r.text("project_name"),
		ProjectID:   r.text("project_id"),
		Region:      r.text("region"),

		SharedConfigFile: r.text("shared_config_file"),
		Profile:          r.text("profile"),

		Metadata: way.means("ecs_metadata"),

		AssumeRole: r.roles(),
		AuthURL:    r.text("auth_url"),
	}
	if way.means("access_key") {
		c.SecurityToken = r.securityToken()
	}
	if platform == openStack {
		c.OpenStack = true
		c.DomainID, c.DomainName = r.domain("user_domain")
		c.ProjectDomainID, c.ProjectDomainName = r.domain("project_domain")
		c.ProjectID, c.ProjectName = r.idOrName("project_id", "project_name")
		c.ApplicationCredentialID, c.ApplicationCredentialName = text("application_credential_id"), text("application_credential_name")
		c.ApplicationCredentialSecret = text("application_credential_secret")
		c.SharedConfigFile, c.Profile, c.AssumeRole = "", "", nil
	}
	return c
}

// nearest is what was said first of several settings, among equals the first.
func (r *reader) nearest(names ...string) (nearest said) {
	for _, name := range names {
		if s, ok := r.one(name); ok && (nearest.text == "" || s.level < nearest.level) {
			nearest = s
			nearest.key = name
		}
	}
	return nearest
}

// idOrName is the nearest of pairs of ids and names.
func (r *reader) idOrName(pairs ...string) (id, name string) {
	s := r.nearest(pairs...)
	if strings.HasSuffix(s.key, "_id") {
		return s.text, ""
	}
	return "", s.text
}

// domain is the one of a user or a project in an OpenStack cloud.
func (r *reader) domain(of string) (id, name string) {
	if id, name = r.idOrName(of+"_id", of+"_name", "domain_id", "domain_name"); id == "" && name == "" && r.cloud == nil {
		id = r.getenv("OS_DEFAULT_DOMAIN")
	}
	return id, name
}

// way returns the way to sign in that was meant (nil: none), and the names of which one is missing from it.
func (r *reader) way() (best *way, missing []string) {
	for i := range ways {
		way := &ways[i]
		if !r.mayBe(way) {
			continue
		}
		lacks := r.lacks(way)
		fuller := missing != nil && (lacks == nil || len(r.begun(way)) > len(r.begun(best)))
		if best == nil || r.level(way) < r.level(best) || r.level(way) == r.level(best) && fuller {
			best, missing = way, lacks
		}
	}
	return best, missing
}

// mayBe tells whether a way was begun and is not excluded by what else was said.
func (r *reader) mayBe(way *way) bool {
	if len(r.begun(way)) == 0 {
		return false
	}
	if r.cloud != nil { // it tells the rest
		return way.types != nil && (r.cloud.authType == "" || slices.Contains(way.types, r.cloud.authType)) && r.level(way) <= r.cloud.level
	}
	if on := r.text("platform"); on != "" && on != way.on || on == "" && way.on == openStack && !way.tells {
		return false
	}
	authType := r.getenv("OS_AUTH_TYPE")
	return authType == "" || way.types == nil || r.level(way) != lastLevel || slices.Contains(way.types, authType)
}

// refusedType is a way to sign in that the OpenStack client has, and the provider has not; "": none is asked for.
func (r *reader) refusedType() string {
	authType := ""
	switch {
	case r.cloud != nil:
		authType = r.cloud.authType
	case r.text("platform") == openStack:
		authType = r.getenv("OS_AUTH_TYPE")
	}
	if slices.ContainsFunc(ways, func(w way) bool { return slices.Contains(w.types, authType) }) {
		return ""
	}
	return authType
}

// refuseOther refuses arguments of the provider block that are of another platform.
func (r *reader) refuseOther(platform string) (refused bool) {
	own := map[string]bool{"assume_role.agency_name": platform == huaweiCloud}
	for _, way := range ways {
		for _, name := range slices.Concat(way.needs...) {
			own[name] = own[name] || way.on == platform
		}
	}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		for _, s := range r.block[name] {
			if !own[name] {
				refused = true
				r.diags.AddAttributeError(s.path, "Not on this platform", fmt.Sprintf(
					"%s cannot be used on the platform %q, which is what platform or the other arguments say. Leave one of them away.", capital(s.place), platform))
			}
		}
	}
	return refused
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// level is where a way was said first.
func (r *reader) level(way *way) int {
	level := lastLevel + 1
	for _, s := range r.begun(way) {
		level = min(level, s.level)
	}
	return level
}

// begun returns what shows that a way is meant.
func (r *reader) begun(way *way) []said {
	var begun []said
	for _, names := range way.needs {
		for _, name := range names {
			if s, ok := r.one(name); ok && (named(name).kind != flag || r.flag(name)) {
				begun = append(begun, s)
			}
		}
	}
	return begun
}

// lacks returns the first line of a way of which nothing was said.
func (r *reader) lacks(way *way) []string {
lines:
	for _, names := range way.all() {
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

func noCredentials(platform string) string {
	var b strings.Builder
	b.WriteString("The provider found no way to sign in. In the provider block and in the environment, it looked for one of these:\n")
	for _, way := range ways {
		if way.on != platform && (!way.tells || platform != huaweiCloud) {
			continue
		}
		var needs, looked, seen []string
		for _, names := range way.all() {
			names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(seen, name) })
			seen = append(seen, names...)
			needs = append(needs, strings.Join(names, " or "))
			for _, name := range names {
				looked = append(looked, strings.Join(named(name).environment(), ", "))
			}
		}
		fmt.Fprintf(&b, "\n  - %s\n      %s\n", strings.Join(needs, ", and "), strings.Join(looked, "\n      "))
	}
	if platform == openStack {
		return b.String()
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
