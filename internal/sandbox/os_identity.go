package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// identityService is the OpenStack cloud's Keystone: who there is, and the tokens that the other servers accept.
// Sources: the answers of Keystone 3.14, and https://docs.openstack.org/api-ref/identity/v3/.
type identityService struct {
	*Sandbox
	domains     *table[domain]
	projects    *table[project]
	members     *table[member]
	tokens      *table[nativeToken]
	credentials *table[applicationCredential]
}

// member is a user of the OpenStack cloud, and what he is in each project and domain.
type member struct {
	user
	DefaultProjectID string              `json:"default_project_id,omitempty"` // of a token that is asked for without a scope
	Roles            map[string][]string `json:"roles"`                        // by the id of a project or a domain
}

// nativeToken is good for one project, one domain, or none, until it expires.
type nativeToken struct {
	meta                 // its project is head's
	UserID     string    `json:"user_id"`
	DomainID   string    `json:"domain_id,omitempty"` // of a token for a domain
	Credential string    `json:"application_credential,omitempty"`
	Roles      []string  `json:"roles"`
	Methods    []string  `json:"methods"`
	AuditIDs   []string  `json:"audit_ids"`
	ExpiresAt  time.Time `json:"expires_at"`
}

// applicationCredential signs in for a user in one project, with a secret of its own.
type applicationCredential struct {
	meta
	Name         string     `json:"name"`
	Description  *string    `json:"description"`
	Secret       string     `json:"secret"`
	UserID       string     `json:"user_id"`
	Roles        []string   `json:"roles"`
	Unrestricted bool       `json:"unrestricted"`
	ExpiresAt    *time.Time `json:"expires_at"`
}

// The ids are the same in every sandbox, so that they can be written into configurations.
const (
	nativeDomain  = "default"
	nativeProject = "05ac0000000000000000000000000101" // the project sandbox, of the user sandbox
	nativeAdmins  = "05ac0000000000000000000000000102" // the project admin
	nativeMember  = "05ac0000000000000000000000000011"
	nativeAdmin   = "05ac0000000000000000000000000012"
	nativeRegion  = "RegionOne"

	nativeTokenLife = time.Hour
)

// impliedRoles are those that who has a role has as well.
var impliedRoles = map[string][]string{"admin": {"member", "reader"}, "member": {"reader"}}

func newIdentity(s *Sandbox) *identityService {
	i := &identityService{
		Sandbox:     s,
		domains:     newTable[domain](s, "os_domain"),
		projects:    newTable[project](s, "os_project"),
		members:     newTable[member](s, "os_user"),
		tokens:      newTable[nativeToken](s, "os_token"),
		credentials: newTable[applicationCredential](s, "os_application_credential"),
	}
	s.seeds = append(s.seeds, i.seed)
	const credentials = "/v3/users/{user}/application_credentials"
	s.addService(&service{
		name:   "identity",
		native: &native{name: "keystone", types: []string{"identity"}, root: "/v3"},
		shape:  i.shape,
		open: map[string]bool{
			"GET /{$}":             true,
			"GET /v3":              true,
			"GET /v3/{$}":          true,
			"POST /v3/auth/tokens": true,
		},
		routes: []route{
			{"GET /{$}", 300, i.versions},
			{"GET /v3", 200, i.version},
			{"GET /v3/{$}", 200, i.version},
			{"POST /v3/auth/tokens", 201, i.createToken},
			{"GET /v3/auth/tokens", 200, i.showToken},
			{"DELETE /v3/auth/tokens", 204, i.revokeToken},
			{"GET /v3/auth/projects", 200, i.listOwnProjects},
			{"GET /v3/auth/domains", 200, i.listOwnDomains},
			{"GET /v3/auth/catalog", 200, i.showCatalog},
			{"GET /v3/projects", 200, i.byAdmin("identity:list_projects", i.listProjects)},
			{"POST /v3/projects", 201, i.byAdmin("identity:create_project", i.createProject)},
			{"GET /v3/projects/{id}", 200, i.showProject},
			{"DELETE /v3/projects/{id}", 204, i.byAdmin("identity:delete_project", i.deleteProject)},
			{"GET /v3/users", 200, i.byAdmin("identity:list_users", i.listUsers)},
			{"GET /v3/users/{user}", 200, i.showUser},
			{"GET " + credentials, 200, i.listCredentials},
			{"POST " + credentials, 201, i.createCredential},
			{"GET " + credentials + "/{id}", 200, i.showCredential},
			{"DELETE " + credentials + "/{id}", 204, i.deleteCredential},
		},
	})
	return i
}

// seed makes the accounts of an empty cloud: a member and an administrator, each with the password sandbox.
func (i *identityService) seed() {
	i.domains.add("", &domain{meta: meta{ID: nativeDomain}, Name: "Default"})
	for _, p := range []project{{meta: meta{ID: nativeProject}, Name: "sandbox"}, {meta: meta{ID: nativeAdmins}, Name: "admin"}} {
		p.DomainID, p.ParentID = nativeDomain, nativeDomain
		i.projects.add("", &p)
	}
	for _, m := range []member{
		{user: user{meta: meta{ID: nativeMember}, Name: "sandbox"}, Roles: map[string][]string{nativeProject: {"member"}}},
		{user: user{meta: meta{ID: nativeAdmin}, Name: "admin"}, Roles: map[string][]string{nativeProject: {"admin"}, nativeAdmins: {"admin"}, nativeDomain: {"admin"}}},
	} {
		m.Password, m.DomainID = "sandbox", nativeDomain
		i.members.add("", &m)
	}
	i.credentials.add(nativeProject, &applicationCredential{meta: meta{ID: "sandbox"}, Name: "sandbox", Secret: "sandbox", UserID: nativeMember, Roles: []string{"member", "reader"}})
}

// shape is {"error":{"code","message","title"}}.
func (i *identityService) shape(_ *request, f *refusal) any {
	return map[string]any{"error": map[string]any{"code": f.status, "message": f.message, "title": http.StatusText(f.status)}}
}

// byAdmin is an operation that a policy leaves to administrators, as Keystone tells it.
func (i *identityService) byAdmin(policy string, do func(*request) (any, error)) func(*request) (any, error) {
	return func(r *request) (any, error) {
		if !r.admin() {
			return nil, i.forbidden(policy)
		}
		return do(r)
	}
}

func (i *identityService) forbidden(what string) error {
	return refuse(http.StatusForbidden, "", "You are not authorized to perform the requested action: %s.", what)
}

func (i *identityService) missing(kind, id string) error {
	return refuse(http.StatusNotFound, "", "Could not find %s: %s.", kind, id)
}

func malformed(what string) error {
	return refuse(http.StatusBadRequest, "", "Expecting to find %s. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.", what)
}

// valid is the token of an id, and whose it is; nil if there is none, if it has expired, or if the user is no more.
func (i *identityService) valid(id string) (*nativeToken, *member) {
	t := i.tokens.get("", id)
	if t == nil || !t.ExpiresAt.After(time.Now()) {
		return nil, nil
	}
	m := i.members.get("", t.UserID)
	if m == nil || t.Credential != "" && i.credentials.get("", t.Credential) == nil || t.ProjectID != "" && i.projects.get("", t.ProjectID) == nil {
		return nil, nil
	}
	return t, m
}

// caller is who sends a token to a server, and the project in which he acts; without an ID for none. It is nil for a
// token that is not valid.
func (i *identityService) caller(id string) (*caller, *project) {
	t, m := i.valid(id)
	if t == nil {
		return nil, nil
	}
	p := i.projects.get("", t.ProjectID)
	if p == nil {
		p = &project{}
	}
	return &caller{User: &m.user, Grant: grant{UserID: m.ID, DomainID: t.DomainID, ProjectID: t.ProjectID}, Roles: t.Roles}, p
}

func (i *identityService) document(r *request) any {
	return map[string]any{
		"id":          "v3.14",
		"status":      "stable",
		"updated":     "2020-04-07T00:00:00Z",
		"links":       []any{map[string]any{"rel": "self", "href": r.url("identity") + "/v3/"}},
		"media-types": []any{map[string]any{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}},
	}
}

func (i *identityService) versions(r *request) (any, error) {
	r.header.Set("Location", r.url("identity")+"/v3/")
	return map[string]any{"versions": map[string]any{"values": []any{i.document(r)}}}, nil
}

func (i *identityService) version(r *request) (any, error) {
	return map[string]any{"version": i.document(r)}, nil
}

// named is a user as a request for a token names him.
type named struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Password string `json:"password"`
	Domain   ref    `json:"domain"`
}

// tokenRequest is the body of a request for a token. A method's part is nil if the body has none.
type tokenRequest struct {
	Auth *struct {
		Identity *struct {
			Methods  []string `json:"methods"`
			Password *struct {
				User named `json:"user"`
			} `json:"password"`
			Token *struct {
				ID string `json:"id"`
			} `json:"token"`
			Credential *struct {
				ID     string `json:"id"`
				Name   string `json:"name"`
				Secret string `json:"secret"`
				User   named  `json:"user"`
			} `json:"application_credential"`
		} `json:"identity"`
		Scope json.RawMessage `json:"scope"` // absent, the text "unscoped", or a scope, which may be {"unscoped": {}}
	} `json:"auth"`
}

func (i *identityService) createToken(r *request) (any, error) {
	var in tokenRequest
	if json.Unmarshal(r.body, &in) != nil {
		return nil, malformed("valid JSON in request body")
	}
	switch {
	case in.Auth == nil:
		return nil, refuse(http.StatusBadRequest, "", "'auth' is a required property")
	case in.Auth.Identity == nil:
		return nil, refuse(http.StatusBadRequest, "", "'identity' is a required property")
	case in.Auth.Identity.Methods == nil:
		return nil, refuse(http.StatusBadRequest, "", "'methods' is a required property")
	}
	t, err := i.identify(r, &in)
	if err != nil {
		return nil, err
	}
	t.ID = "gAAAAAB" + randomHex(64)
	t.AuditIDs = append([]string{randomHex(8)}, t.AuditIDs...)
	return i.answer(r, i.tokens.add(t.ProjectID, t)), nil
}

// identify makes the token that a request asks for, or refuses it.
func (i *identityService) identify(r *request, in *tokenRequest) (*nativeToken, error) {
	id := in.Auth.Identity
	t := &nativeToken{Methods: id.Methods, ExpiresAt: time.Now().UTC().Truncate(time.Second).Add(nativeTokenLife)}
	for _, method := range id.Methods {
		switch {
		case method == "password" && id.Password != nil:
			m, err := i.named(id.Password.User)
			if err != nil {
				return nil, err
			}
			if m == nil || m.Password != id.Password.User.Password {
				return nil, unauthenticated(r)
			}
			t.UserID = m.ID
		case method == "token" && id.Token != nil:
			old, _ := i.valid(id.Token.ID)
			if old == nil {
				return nil, refuse(http.StatusNotFound, "", "Could not recognize Fernet token")
			}
			if old.Credential != "" {
				return nil, i.forbidden("Using a delegated token to create another token is not allowed.")
			}
			t.UserID, t.ExpiresAt, t.AuditIDs = old.UserID, old.ExpiresAt, old.AuditIDs[len(old.AuditIDs)-1:]
			t.Methods = slices.Compact(append(slices.Clone(old.Methods), "token"))
		case method == "application_credential" && id.Credential != nil:
			return i.byCredential(r, in, t)
		default:
			return nil, malformed(method + " in identity")
		}
	}
	if t.UserID == "" {
		return nil, unauthenticated(r)
	}
	return t, i.restrict(r, t, in.Auth.Scope)
}

// named is the user whom a request for a token names, nil if there is none.
func (i *identityService) named(u named) (*member, error) {
	switch {
	case u.ID != "":
		return i.members.get("", u.ID), nil
	case u.Name == "":
		return nil, malformed("id or name in user")
	case u.Domain == ref{}:
		return nil, malformed("domain in user")
	}
	return i.members.first("", func(m *member) bool { return m.Name == u.Name && i.in(m.DomainID, u.Domain) }), nil
}

// in says whether a domain is the one that a request names.
func (i *identityService) in(id string, named ref) bool {
	d := i.domains.get("", id)
	return d != nil && (d.ID == named.ID || named.ID == "" && d.Name == named.Name)
}

// byCredential completes the token for who signs in with an application credential: it decides project and roles.
func (i *identityService) byCredential(r *request, in *tokenRequest, t *nativeToken) (*nativeToken, error) {
	asked := in.Auth.Identity.Credential
	found := i.credentials.get("", asked.ID)
	switch {
	case asked.ID != "" && found == nil:
		return nil, i.missing("Application Credential", asked.ID)
	case asked.ID == "":
		m, err := i.named(asked.User)
		if err != nil {
			return nil, err
		}
		if m == nil {
			return nil, unauthenticated(r)
		}
		found = i.credentials.first("", func(c *applicationCredential) bool { return c.Name == asked.Name && c.UserID == m.ID })
	}
	switch {
	case found == nil, found.Secret != asked.Secret, found.ExpiresAt != nil && !found.ExpiresAt.After(time.Now()):
		return nil, unauthenticated(r)
	case len(in.Auth.Scope) > 0:
		return nil, refuse(http.StatusUnauthorized, "", "Error authenticating with application credential: Application credentials cannot request a scope.")
	}
	t.Methods = []string{"application_credential"}
	t.UserID, t.ProjectID, t.Roles, t.Credential = found.UserID, found.ProjectID, found.Roles, found.ID
	return t, nil
}

// restrict makes the token good for what the request asks, if its user has a role there.
func (i *identityService) restrict(r *request, t *nativeToken, asked json.RawMessage) error {
	m := i.members.get("", t.UserID)
	if m == nil {
		return unauthenticated(r)
	}
	if string(asked) == `"unscoped"` {
		return nil
	}
	if len(asked) == 0 || string(asked) == "null" {
		if roles := i.roles(m, m.DefaultProjectID); roles != nil {
			t.ProjectID, t.Roles = m.DefaultProjectID, roles
		}
		return nil
	}
	var sc struct {
		scope
		Unscoped json.RawMessage `json:"unscoped"` // whatever it is
	}
	if json.Unmarshal(asked, &sc) != nil {
		return refuse(http.StatusBadRequest, "", "Invalid input for field 'scope'")
	}
	switch {
	case sc.Unscoped != nil && sc.Project == nil && sc.Domain == nil:
		return nil
	case sc.Unscoped != nil:
		return malformed("system, project, domain, OS-TRUST:trust or unscoped in scope")
	case sc.Project != nil:
		if sc.Project.ID == "" && sc.Project.Domain == (ref{}) {
			return malformed("domain in project")
		}
		p := i.projects.first("", func(p *project) bool {
			return p.ID == sc.Project.ID || sc.Project.ID == "" && p.Name == sc.Project.Name && i.in(p.DomainID, sc.Project.Domain)
		})
		if p == nil || i.roles(m, p.ID) == nil {
			return unauthenticated(r)
		}
		t.ProjectID, t.Roles = p.ID, i.roles(m, p.ID)
	case sc.Domain != nil:
		d := i.domains.first("", func(d *domain) bool { return i.in(d.ID, *sc.Domain) })
		if d == nil || i.roles(m, d.ID) == nil {
			return unauthenticated(r)
		}
		t.DomainID, t.Roles = d.ID, i.roles(m, d.ID)
	default:
		return malformed("system, project, domain, OS-TRUST:trust or unscoped in scope")
	}
	return nil
}

// roles are those of a user in a project or a domain, with those that they imply; nil for none.
func (i *identityService) roles(m *member, where string) []string {
	roles := slices.Clone(m.Roles[where])
	for _, role := range m.Roles[where] {
		roles = append(roles, impliedRoles[role]...)
	}
	return roles
}

// subject is the token that a request is about. Others than one's own are the administrators'.
func (i *identityService) subject(r *request, policy string) (*nativeToken, error) {
	t, _ := i.valid(r.Header.Get("X-Subject-Token"))
	if t == nil {
		return nil, refuse(http.StatusNotFound, "", "Could not recognize Fernet token")
	}
	if t.UserID != r.caller.User.ID && !r.admin() {
		return nil, i.forbidden(policy)
	}
	return t, nil
}

func (i *identityService) showToken(r *request) (any, error) {
	t, err := i.subject(r, "identity:validate_token")
	if err != nil {
		return nil, err
	}
	return i.answer(r, t), nil
}

func (i *identityService) revokeToken(r *request) (any, error) {
	t, err := i.subject(r, "identity:revoke_token")
	if err != nil {
		return nil, err
	}
	i.tokens.remove(t.ID)
	return nil, nil
}

// answer puts a token into the header and what it is good for into the body.
func (i *identityService) answer(r *request, t *nativeToken) any {
	r.header.Set("X-Subject-Token", t.ID)
	r.header.Set("Vary", "X-Auth-Token")
	m := i.members.get("", t.UserID)
	out := map[string]any{
		"methods":    t.Methods,
		"user":       map[string]any{"id": m.ID, "name": m.Name, "domain": i.ref(m.DomainID), "password_expires_at": nil},
		"audit_ids":  t.AuditIDs,
		"issued_at":  t.CreatedAt.Truncate(time.Second).Format(tokenTime),
		"expires_at": t.ExpiresAt.Format(tokenTime),
	}
	if c := i.credentials.get("", t.Credential); c != nil {
		out["application_credential"] = map[string]any{"id": c.ID, "name": c.Name, "restricted": !c.Unrestricted}
	}
	if p := i.projects.get("", t.ProjectID); p != nil {
		out["project"] = map[string]any{"id": p.ID, "name": p.Name, "domain": i.ref(p.DomainID)}
		out["is_domain"] = false
	}
	if t.DomainID != "" {
		out["domain"] = i.ref(t.DomainID)
	}
	if t.Roles != nil {
		roles := []any{}
		for _, role := range t.Roles {
			roles = append(roles, ref{hexOf("role/" + role), role})
		}
		out["roles"] = roles
		if !r.query.Has("nocatalog") {
			out["catalog"] = i.catalog(r, t)
		}
	}
	return map[string]any{"token": out}
}

func (i *identityService) ref(domain string) ref {
	if d := i.domains.get("", domain); d != nil {
		return ref{d.ID, d.Name}
	}
	return ref{ID: domain}
}

// catalog tells where the servers are, as seen by the client that asks. A server whose address has a project in it has
// none for a token without one.
func (i *identityService) catalog(r *request, t *nativeToken) []any {
	var names []string
	for name, v := range i.services {
		if v.native != nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	out := []any{}
	for _, name := range names {
		n := i.services[name].native
		for at, kind := range n.types {
			endpoints := []any{}
			for _, side := range []string{"public", "internal", "admin"} {
				if strings.Contains(n.root, "{project_id}") && t.ProjectID == "" {
					continue
				}
				endpoints = append(endpoints, map[string]any{
					"id":        hexOf(kind + "/" + side),
					"interface": side,
					"region":    nativeRegion,
					"region_id": nativeRegion,
					"url":       r.url(name) + strings.ReplaceAll(n.root, "{project_id}", t.ProjectID),
				})
			}
			label := n.name
			if at > 0 {
				label = fmt.Sprint(n.name, strings.TrimLeft(kind, "abcdefghijklmnopqrstuvwxyz-"))
			}
			out = append(out, map[string]any{"id": hexOf("native/" + kind), "type": kind, "name": label, "endpoints": endpoints})
		}
	}
	return out
}

func (i *identityService) showCatalog(r *request) (any, error) {
	t, _ := i.valid(r.Header.Get("X-Auth-Token"))
	if t.Roles == nil {
		return nil, refuse(http.StatusForbidden, "", "You are not authorized to perform the requested action.")
	}
	return map[string]any{"catalog": i.catalog(r, t), "links": map[string]any{"self": i.self(r)}}, nil
}

func (i *identityService) self(r *request) string { return r.url("identity") + r.URL.RequestURI() }

// list is an answer's list under a name, with the links that every list of Keystone has.
func (i *identityService) list(r *request, name string, list any) any {
	return map[string]any{name: list, "links": map[string]any{"self": i.self(r), "previous": nil, "next": nil}}
}

func (i *identityService) project(r *request) func(*project) any {
	return func(p *project) any {
		return map[string]any{
			"id":          p.ID,
			"name":        p.Name,
			"description": p.Description,
			"domain_id":   p.DomainID,
			"parent_id":   p.ParentID,
			"enabled":     true,
			"is_domain":   false,
			"tags":        []any{},
			"options":     map[string]any{},
			"links":       map[string]any{"self": r.url("identity") + "/v3/projects/" + p.ID},
		}
	}
}

func (i *identityService) listOwnProjects(r *request) (any, error) {
	m := i.members.get("", r.caller.User.ID)
	found := i.projects.where("", func(p *project) bool { return m.Roles[p.ID] != nil })
	return i.list(r, "projects", views(found, i.project(r))), nil
}

func (i *identityService) listOwnDomains(r *request) (any, error) {
	m := i.members.get("", r.caller.User.ID)
	found := i.domains.where("", func(d *domain) bool { return m.Roles[d.ID] != nil })
	return i.list(r, "domains", views(found, func(d *domain) any {
		return map[string]any{
			"id":          d.ID,
			"name":        d.Name,
			"description": "",
			"enabled":     true,
			"tags":        []any{},
			"options":     map[string]any{},
			"links":       map[string]any{"self": r.url("identity") + "/v3/domains/" + d.ID},
		}
	})), nil
}

func (i *identityService) listProjects(r *request) (any, error) {
	found := i.projects.where("", func(p *project) bool {
		return matches(r.query.Get("name"), p.Name) && matches(r.query.Get("domain_id"), p.DomainID) && matches(r.query.Get("parent_id"), p.ParentID)
	})
	return i.list(r, "projects", views(found, i.project(r))), nil
}

func (i *identityService) createProject(r *request) (any, error) {
	var in struct {
		Project *struct {
			Name        string `json:"name"`
			Description string `json:"description"`
			DomainID    string `json:"domain_id"`
		} `json:"project"`
	}
	switch {
	case json.Unmarshal(r.body, &in) != nil:
		return nil, malformed("valid JSON in request body")
	case in.Project == nil || in.Project.Name == "":
		return nil, refuse(http.StatusBadRequest, "", "'name' is a required property")
	}
	p := &project{meta: meta{ID: i.ids.hex()}, Name: in.Project.Name, Description: in.Project.Description, DomainID: in.Project.DomainID}
	if p.DomainID == "" {
		p.DomainID = nativeDomain
	}
	switch {
	case i.domains.get("", p.DomainID) == nil:
		return nil, i.missing("domain", p.DomainID)
	case i.projects.first("", func(o *project) bool { return o.Name == p.Name && o.DomainID == p.DomainID }) != nil:
		return nil, refuse(http.StatusConflict, "", "Conflict occurred attempting to store project - it is not permitted to have two projects with the same name in the same domain : %s.", p.Name)
	}
	p.ParentID = p.DomainID
	return map[string]any{"project": i.project(r)(i.projects.add("", p))}, nil
}

func (i *identityService) showProject(r *request) (any, error) {
	id := r.PathValue("id")
	if !r.admin() && id != r.project.ID {
		return nil, i.forbidden("identity:get_project")
	}
	p := i.projects.get("", id)
	if p == nil {
		return nil, i.missing("project", id)
	}
	return map[string]any{"project": i.project(r)(p)}, nil
}

func (i *identityService) deleteProject(r *request) (any, error) {
	if !i.projects.remove(r.PathValue("id")) {
		return nil, i.missing("project", r.PathValue("id"))
	}
	return nil, nil
}

func (i *identityService) user(r *request) func(*member) any {
	return func(m *member) any {
		out := map[string]any{
			"id":                  m.ID,
			"name":                m.Name,
			"domain_id":           m.DomainID,
			"enabled":             true,
			"password_expires_at": nil,
			"options":             map[string]any{},
			"links":               map[string]any{"self": r.url("identity") + "/v3/users/" + m.ID},
		}
		if m.DefaultProjectID != "" {
			out["default_project_id"] = m.DefaultProjectID
		}
		return out
	}
}

func (i *identityService) listUsers(r *request) (any, error) {
	found := i.members.where("", func(m *member) bool {
		return matches(r.query.Get("name"), m.Name) && matches(r.query.Get("domain_id"), m.DomainID)
	})
	return i.list(r, "users", views(found, i.user(r))), nil
}

func (i *identityService) showUser(r *request) (any, error) {
	id := r.PathValue("user")
	if !r.admin() && id != r.caller.User.ID {
		return nil, i.forbidden("identity:get_user")
	}
	m := i.members.get("", id)
	if m == nil {
		return nil, i.missing("user", id)
	}
	return map[string]any{"user": i.user(r)(m)}, nil
}

func (i *identityService) credential(r *request) func(*applicationCredential) map[string]any {
	return func(c *applicationCredential) map[string]any {
		roles := []any{}
		for _, role := range c.Roles {
			roles = append(roles, map[string]any{"id": hexOf("role/" + role), "name": role, "domain_id": nil, "description": nil, "options": map[string]any{}})
		}
		out := map[string]any{
			"id":           c.ID,
			"name":         c.Name,
			"description":  c.Description,
			"user_id":      c.UserID,
			"project_id":   c.ProjectID,
			"system":       nil,
			"expires_at":   nil,
			"unrestricted": c.Unrestricted,
			"roles":        roles,
			"links":        map[string]any{"self": r.url("identity") + "/v3/application_credentials/" + c.ID},
		}
		if c.ExpiresAt != nil {
			out["expires_at"] = strings.TrimSuffix(c.ExpiresAt.UTC().Format(tokenTime), "Z") // as Keystone writes it here, and nowhere else
		}
		return out
	}
}

// own refuses what is about the application credentials of somebody else.
func (i *identityService) own(r *request, policy string) error {
	if r.PathValue("user") != r.caller.User.ID {
		return i.forbidden(policy)
	}
	return nil
}

// findCredential is the caller's application credential in the request's path.
func (i *identityService) findCredential(r *request, policy string) (*applicationCredential, error) {
	if err := i.own(r, policy); err != nil {
		return nil, err
	}
	c := i.credentials.get("", r.PathValue("id"))
	if c == nil || c.UserID != r.caller.User.ID {
		return nil, i.missing("Application Credential", r.PathValue("id"))
	}
	return c, nil
}

func (i *identityService) listCredentials(r *request) (any, error) {
	if err := i.own(r, "identity:list_application_credentials"); err != nil {
		return nil, err
	}
	found := i.credentials.where("", func(c *applicationCredential) bool {
		return c.UserID == r.caller.User.ID && matches(r.query.Get("name"), c.Name)
	})
	return i.list(r, "application_credentials", views(found, i.credential(r))), nil
}

func (i *identityService) createCredential(r *request) (any, error) {
	if err := i.own(r, "identity:create_application_credential"); err != nil {
		return nil, err
	}
	if t, _ := i.valid(r.Header.Get("X-Auth-Token")); t.Credential != "" && !i.credentials.get("", t.Credential).Unrestricted {
		return nil, i.forbidden("Using method 'application_credential' is not allowed for managing additional application credentials.")
	}
	var in struct {
		Credential *struct {
			Name         string  `json:"name"`
			Description  *string `json:"description"`
			Secret       string  `json:"secret"`
			Unrestricted bool    `json:"unrestricted"`
			ExpiresAt    string  `json:"expires_at"` // with a zone or without: then it is UTC
			Roles        []ref   `json:"roles"`
		} `json:"application_credential"`
	}
	switch {
	case json.Unmarshal(r.body, &in) != nil:
		return nil, malformed("valid JSON in request body")
	case in.Credential == nil || in.Credential.Name == "":
		return nil, refuse(http.StatusBadRequest, "", "'name' is a required property")
	case i.credentials.first("", func(c *applicationCredential) bool {
		return c.UserID == r.caller.User.ID && c.Name == in.Credential.Name
	}) != nil:
		return nil, refuse(http.StatusConflict, "", "Conflict occurred attempting to store application_credential - Duplicate entry found with name %s.", in.Credential.Name)
	}
	c := &applicationCredential{
		meta:         meta{ID: i.ids.hex()},
		Name:         in.Credential.Name,
		Description:  in.Credential.Description,
		Secret:       in.Credential.Secret,
		UserID:       r.caller.User.ID,
		Roles:        r.caller.Roles,
		Unrestricted: in.Credential.Unrestricted,
	}
	if text := in.Credential.ExpiresAt; text != "" {
		expires, err := time.Parse(time.RFC3339Nano, strings.TrimSuffix(text, "Z")+"Z")
		if err != nil || expires.Before(time.Now()) {
			return nil, malformed("The 'expires_at' to be a time that is not before now")
		}
		c.ExpiresAt = &expires
	}
	if c.Secret == "" {
		c.Secret = randomHex(43)
	}
	if in.Credential.Roles != nil {
		c.Roles = nil
		for _, role := range in.Credential.Roles {
			at := slices.IndexFunc(r.caller.Roles, func(name string) bool { return name == role.Name || hexOf("role/"+name) == role.ID })
			if at < 0 {
				return nil, refuse(http.StatusBadRequest, "", "Invalid application credential: Could not find role assignment with role: %s, user or group: %s, project, domain, or system: %s.", role.ID+role.Name, c.UserID, r.project.ID)
			}
			c.Roles = append(c.Roles, r.caller.Roles[at])
		}
	}
	out := i.credential(r)(i.credentials.add(r.project.ID, c))
	out["secret"] = c.Secret // told this once
	return map[string]any{"application_credential": out}, nil
}

func (i *identityService) showCredential(r *request) (any, error) {
	c, err := i.findCredential(r, "identity:get_application_credential")
	if err != nil {
		return nil, err
	}
	return map[string]any{"application_credential": i.credential(r)(c)}, nil
}

func (i *identityService) deleteCredential(r *request) (any, error) {
	c, err := i.findCredential(r, "identity:delete_application_credential")
	if err != nil {
		return nil, err
	}
	i.credentials.remove(c.ID)
	return nil, nil
}
