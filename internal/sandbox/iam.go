package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// iamService hands out what the other services accept: tokens, temporary access keys, and the ids of projects.
type iamService struct {
	*Sandbox
	domains  *table[domain]
	projects *table[project]
	users    *table[user]
	agencies *table[agency]
	tokens   *table[token]
	keys     *table[accessKey]
}

// domain is an account.
type domain struct {
	meta
	Name string `json:"name"`
}

// project is a part of an account in one region. The one that is named as its region always exists.
type project struct {
	meta
	Name        string `json:"name"`
	DomainID    string `json:"domain_id"`
	Region      string `json:"region"`
	ParentID    string `json:"parent_id"` // the domain, or for a project of the user's own the region's project
	Description string `json:"description"`
}

// user is somebody in an account.
type user struct {
	meta
	Name     string `json:"name"`
	Password string `json:"password"`
	DomainID string `json:"domain_id"`
}

// agency lets the users of another account act in this one.
type agency struct {
	meta
	Name          string `json:"name"`
	DomainID      string `json:"domain_id"`
	TrustDomainID string `json:"trust_domain_id"`
}

// token is the id of its grant until it expires.
type token struct {
	meta
	Grant     grant     `json:"grant"`
	Methods   []string  `json:"methods"`
	ExpiresAt time.Time `json:"expires_at"`
}

// accessKey signs requests; its id is the key, and a temporary one goes with a security token.
type accessKey struct {
	meta
	Secret        string    `json:"secret"`
	SecurityToken string    `json:"security_token,omitempty"`
	Grant         grant     `json:"grant"`
	ExpiresAt     time.Time `json:"expires_at,omitzero"` // zero for a permanent key
}

// grant says in whose name and where the holder of a token or a key may act.
type grant struct {
	UserID    string `json:"user_id"`              // who logged in
	AgencyID  string `json:"agency_id,omitempty"`  // as whom the user acts, if not as himself
	DomainID  string `json:"domain_id"`            // where he acts
	ProjectID string `json:"project_id,omitempty"` // only there
	Every     bool   `json:"every,omitempty"`      // in every project of the domain
	Unscoped  bool   `json:"unscoped,omitempty"`
}

// region is a place with its own services.
type region struct {
	Zones   []string
	Chinese string
	English string
}

var regions = map[string]region{
	"cn-north-4": {[]string{"cn-north-4a", "cn-north-4b", "cn-north-4c"}, "华北-北京四", "CN North-Beijing4"},
	"cn-east-3":  {[]string{"cn-east-3a", "cn-east-3b", "cn-east-3c"}, "华东-上海一", "CN East-Shanghai1"},
}

// The accounts' ids are the same in every sandbox, so that they can be written into configurations.
const (
	domainSandbox = "5a0d80c0000000000000000000000001"
	domainPartner = "5a0d80c0000000000000000000000002"
	userSandbox   = "5a0d80c0000000000000000000000011"

	tokenLife  = 24 * time.Hour
	keyLife    = 15 * time.Minute // unless duration_seconds says otherwise
	keyLifeMax = 24 * time.Hour
	tokenTime  = "2006-01-02T15:04:05.000000Z"
)

func newIAM(s *Sandbox) *iamService {
	i := &iamService{
		Sandbox:  s,
		domains:  newTable[domain](s, "domain"),
		projects: newTable[project](s, "project"),
		users:    newTable[user](s, "user"),
		agencies: newTable[agency](s, "agency"),
		tokens:   newTable[token](s, "token"),
		keys:     newTable[accessKey](s, "access_key"),
	}
	s.seeds = append(s.seeds, i.seed)
	s.addService(&service{
		name:    "iam",
		global:  true,
		invalid: "IAM.0011",
		shape:   i.shape,
		open:    map[string]bool{"POST /v3/auth/tokens": true},
		routes: []route{
			{"POST /v3/auth/tokens", 201, i.createToken},
			{"GET /v3/auth/tokens", 200, i.showToken},
			{"GET /v3/auth/projects", 200, i.listAuthProjects},
			{"GET /v3/auth/domains", 200, i.listAuthDomains},
			{"GET /v3/projects", 200, i.listProjects},
			{"GET /v3/projects/{id}", 200, i.showProject},
			{"GET /v3/regions", 200, i.listRegions},
			{"GET /v3/regions/{id}", 200, i.showRegion},
			{"POST /v3.0/OS-CREDENTIAL/securitytokens", 201, i.createSecurityToken},
		},
	})
	return i
}

// seed makes the accounts that exist in an empty cloud.
func (i *iamService) seed() {
	i.domains.add("", &domain{meta: meta{ID: domainSandbox}, Name: "sandbox"})
	i.domains.add("", &domain{meta: meta{ID: domainPartner}, Name: "sandbox-partner"})
	for _, p := range []project{
		{meta: meta{ID: "5a0d80c0000000000000000000000101"}, Name: "cn-north-4", Region: "cn-north-4", DomainID: domainSandbox, ParentID: domainSandbox},
		{meta: meta{ID: "5a0d80c0000000000000000000000102"}, Name: "cn-east-3", Region: "cn-east-3", DomainID: domainSandbox, ParentID: domainSandbox},
		{meta: meta{ID: "5a0d80c0000000000000000000000103"}, Name: "cn-north-4_extra", Region: "cn-north-4", DomainID: domainSandbox, ParentID: "5a0d80c0000000000000000000000101"},
		{meta: meta{ID: "5a0d80c0000000000000000000000201"}, Name: "cn-north-4", Region: "cn-north-4", DomainID: domainPartner, ParentID: domainPartner},
		{meta: meta{ID: "5a0d80c0000000000000000000000202"}, Name: "cn-east-3", Region: "cn-east-3", DomainID: domainPartner, ParentID: domainPartner},
	} {
		i.projects.add("", &p)
	}
	i.users.add("", &user{meta: meta{ID: userSandbox}, Name: "sandbox", Password: "sandbox", DomainID: domainSandbox})
	i.keys.add("", &accessKey{meta: meta{ID: "sandbox"}, Secret: "sandbox", Grant: grant{UserID: userSandbox, DomainID: domainSandbox, Every: true}})
	i.agencies.add("", &agency{meta: meta{ID: "5a0d80c0000000000000000000000021"}, Name: "sandbox-agency", DomainID: domainSandbox, TrustDomainID: domainSandbox})
	i.agencies.add("", &agency{meta: meta{ID: "5a0d80c0000000000000000000000022"}, Name: "sandbox-partner-agency", DomainID: domainPartner, TrustDomainID: domainSandbox})
}

// shape is Keystone's under /v3/ and the vendor's elsewhere.
func (i *iamService) shape(r *request, f *refusal) any {
	if strings.HasPrefix(r.URL.Path, "/v3/") {
		return map[string]any{"error": map[string]any{"code": f.status, "message": f.message, "title": http.StatusText(f.status)}}
	}
	return errorCodeMsg(r, f)
}

// caller is who holds the grant, nil if the user or the agency is no more.
func (g grant) caller(i *iamService) *caller {
	c := &caller{User: i.users.get("", g.UserID), Agency: i.agencies.get("", g.AgencyID), Grant: g}
	if c.User == nil || g.AgencyID != "" && c.Agency == nil {
		return nil
	}
	return c
}

// authRequest is the body of the calls that hand out tokens and temporary keys.
type authRequest struct {
	Auth struct {
		Identity struct {
			Methods  []string `json:"methods"`
			Password struct {
				User struct {
					ID       string `json:"id"`
					Name     string `json:"name"`
					Password string `json:"password"`
					Domain   ref    `json:"domain"`
				} `json:"user"`
			} `json:"password"`
			Token struct {
				ID              string `json:"id"`
				DurationSeconds int    `json:"duration_seconds"`
			} `json:"token"`
			AssumeRole assumeRole `json:"assume_role"`
		} `json:"identity"`
		Scope json.RawMessage `json:"scope"` // absent, the text "unscoped", or a scope
	} `json:"auth"`
}

type assumeRole struct {
	AgencyName      string `json:"agency_name"`
	XRoleName       string `json:"xrole_name"` // what agency_name was called before
	DomainID        string `json:"domain_id"`
	DomainName      string `json:"domain_name"`
	DurationSeconds int    `json:"duration_seconds"`
}

type scope struct {
	Project *struct {
		ref
		Domain ref `json:"domain"`
	} `json:"project"`
	Domain *ref `json:"domain"`
}

// ref names an object by id or by name.
type ref struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

func (i *iamService) createToken(r *request) (any, error) {
	var in authRequest
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	g, err := i.identify(r, &in)
	if err != nil {
		return nil, err
	}
	if g, err = i.restrict(r, g, in.Auth.Scope); err != nil {
		return nil, err
	}
	t := i.tokens.add("", &token{
		meta:      meta{ID: "MII" + randomHex(64)},
		Grant:     g,
		Methods:   in.Auth.Identity.Methods,
		ExpiresAt: time.Now().Add(tokenLife).UTC(),
	})
	return i.answerToken(r, t), nil
}

// identify finds out who asks for a token, by the method that the request names.
func (i *iamService) identify(r *request, in *authRequest) (grant, error) {
	id := &in.Auth.Identity
	if len(id.Methods) != 1 {
		return grant{}, refuse(http.StatusBadRequest, r.service.invalid, "Expecting to find exactly one method in identity")
	}
	switch id.Methods[0] {
	case "password":
		asked := id.Password.User
		u := i.users.first("", func(u *user) bool {
			if asked.ID != "" {
				return u.ID == asked.ID
			}
			d := i.domains.get("", u.DomainID)
			return u.Name == asked.Name && d != nil && (d.Name == asked.Domain.Name || d.ID == asked.Domain.ID)
		})
		if u == nil || u.Password != asked.Password {
			return grant{}, refuse(http.StatusUnauthorized, "IAM.0101", "The username or password is wrong.")
		}
		return grant{UserID: u.ID, DomainID: u.DomainID}, nil
	case "token":
		if id.Token.ID == "" {
			id.Token.ID = r.Header.Get("X-Auth-Token")
		}
		t := i.validToken(id.Token.ID)
		if t == nil {
			return grant{}, needsAuthentication()
		}
		return t.Grant, nil
	case "assume_role":
		c, err := i.authenticate(r)
		if err != nil {
			return grant{}, needsAuthentication()
		}
		return i.assume(r, c, id.AssumeRole)
	}
	return grant{}, refuse(http.StatusBadRequest, r.service.invalid, "Attempted to authenticate with an unsupported method.")
}

// assume is what a caller may do who takes on an agency's role.
func (i *iamService) assume(r *request, c *caller, in assumeRole) (grant, error) {
	name := in.AgencyName
	if name == "" {
		name = in.XRoleName
	}
	if name == "" || in.DomainID == "" && in.DomainName == "" {
		return grant{}, refuse(http.StatusBadRequest, r.service.invalid, "assume_role needs agency_name and one of domain_id and domain_name")
	}
	a := i.agencies.first("", func(a *agency) bool {
		d := i.domains.get("", a.DomainID)
		return a.Name == name && d != nil && (d.ID == in.DomainID || d.Name == in.DomainName)
	})
	if a == nil {
		return grant{}, refuse(http.StatusNotFound, "IAM.0004", "Could not find agency: %s.", name)
	}
	if a.TrustDomainID != c.Grant.DomainID {
		return grant{}, refuse(http.StatusForbidden, "IAM.0003", "You are not authorized to perform the requested action: assume agency %s.", name)
	}
	return grant{UserID: c.User.ID, AgencyID: a.ID, DomainID: a.DomainID}, nil
}

// restrict narrows what is granted to the scope that a request for a token asks for.
func (i *iamService) restrict(r *request, g grant, asked json.RawMessage) (grant, error) {
	g.ProjectID, g.Every, g.Unscoped = "", false, false
	if len(asked) == 0 || string(asked) == "null" || string(asked) == `"unscoped"` {
		g.Unscoped = true
		return g, nil
	}
	var sc scope
	if err := json.Unmarshal(asked, &sc); err != nil {
		return g, refuse(http.StatusBadRequest, r.service.invalid, "Invalid input for field/attribute scope")
	}
	switch {
	case sc.Project != nil:
		p := i.projects.first("", func(p *project) bool {
			return p.DomainID == g.DomainID && (p.ID == sc.Project.ID || sc.Project.ID == "" && p.Name == sc.Project.Name)
		})
		if p == nil {
			return g, needsAuthentication()
		}
		g.ProjectID = p.ID
	case sc.Domain != nil:
		d := i.domains.get("", g.DomainID)
		if d == nil || sc.Domain.ID != d.ID && sc.Domain.Name != d.Name {
			return g, needsAuthentication()
		}
	default:
		g.Unscoped = true
	}
	return g, nil
}

func needsAuthentication() error {
	return refuse(http.StatusUnauthorized, "IAM.0001", "The request you have made requires authentication.")
}

// validToken is the token of an id, nil if there is none or if it has expired.
func (i *iamService) validToken(id string) *token {
	t := i.tokens.get("", id)
	if t == nil || !t.ExpiresAt.After(time.Now()) {
		return nil
	}
	return t
}

func (i *iamService) showToken(r *request) (any, error) {
	t := i.validToken(r.Header.Get("X-Subject-Token"))
	if t == nil || t.Grant.caller(i) == nil {
		return nil, refuse(http.StatusNotFound, "IAM.0004", "Could not find token.")
	}
	return i.answerToken(r, t), nil
}

// answerToken puts a token into the header and what it is good for into the body.
func (i *iamService) answerToken(r *request, t *token) any {
	r.header.Set("X-Subject-Token", t.ID)
	g, c := t.Grant, t.Grant.caller(i)
	out := map[string]any{
		"methods":    t.Methods,
		"issued_at":  t.CreatedAt.Format(tokenTime),
		"expires_at": t.ExpiresAt.Format(tokenTime),
		"roles":      []any{map[string]any{"id": "0", "name": "te_admin"}},
	}
	user := map[string]any{"id": c.User.ID, "name": c.User.Name, "domain": i.domainRef(c.User.DomainID), "password_expires_at": ""}
	if c.Agency != nil {
		out["assumed_by"] = map[string]any{"user": user}
		d := i.domainRef(c.Agency.DomainID)
		user = map[string]any{"id": c.Agency.ID, "name": d.Name + "/" + c.Agency.Name, "domain": d}
	}
	out["user"] = user
	switch p := i.projects.get("", g.ProjectID); {
	case p != nil:
		out["project"] = map[string]any{"id": p.ID, "name": p.Name, "domain": i.domainRef(p.DomainID)}
	case !g.Unscoped:
		out["domain"] = i.domainRef(g.DomainID)
	}
	if r.query.Get("nocatalog") == "" {
		out["catalog"] = i.catalog(r, g)
	}
	return map[string]any{"token": out}
}

func (i *iamService) domainRef(id string) ref {
	if d := i.domains.get("", id); d != nil {
		return ref{d.ID, d.Name}
	}
	return ref{ID: id}
}

// catalog tells where the services are, as seen by the client that asks.
func (i *iamService) catalog(r *request, g grant) []any {
	out := []any{}
	if g.Unscoped {
		return out
	}
	names := make([]string, 0, len(i.services))
	for name, v := range i.services {
		if v.native == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		endpoint := map[string]any{
			"id":        hexOf(name),
			"interface": "public",
			"region":    "*",
			"region_id": "*",
			"url":       r.url(name),
		}
		if p := i.projects.get("", g.ProjectID); p != nil && !i.services[name].global {
			endpoint["region"], endpoint["region_id"] = p.Region, p.Region
		}
		out = append(out, map[string]any{"id": hexOf(name + "/service"), "name": name, "type": name, "endpoints": []any{endpoint}})
	}
	return out
}

// hexOf is an id that follows from a name.
func hexOf(name string) string { return sha256Hex([]byte(name))[:32] }

func (i *iamService) createSecurityToken(r *request) (any, error) {
	var in authRequest
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	id := in.Auth.Identity
	if len(id.Methods) != 1 {
		return nil, refuse(http.StatusBadRequest, r.service.invalid, "Expecting to find exactly one method in identity")
	}
	var g grant
	var seconds int
	switch id.Methods[0] {
	case "token":
		if r.caller.Token == nil && id.Token.ID == "" {
			return nil, refuse(http.StatusBadRequest, r.service.invalid, "a token is required")
		}
		g, seconds = r.caller.Grant, id.Token.DurationSeconds
		if id.Token.ID != "" {
			t := i.validToken(id.Token.ID)
			if t == nil {
				return nil, needsAuthentication()
			}
			g = t.Grant
		}
	case "assume_role":
		var err error
		if g, err = i.assume(r, r.caller, id.AssumeRole); err != nil {
			return nil, err
		}
		g.Every, seconds = true, id.AssumeRole.DurationSeconds
	default:
		return nil, refuse(http.StatusBadRequest, r.service.invalid, "Attempted to authenticate with an unsupported method.")
	}
	life := keyLife
	if seconds != 0 {
		life = time.Duration(seconds) * time.Second
	}
	if life < keyLife || life > keyLifeMax {
		return nil, refuse(http.StatusBadRequest, r.service.invalid, "duration_seconds is from %d to %d", int(keyLife.Seconds()), int(keyLifeMax.Seconds()))
	}
	key := i.keys.add("", &accessKey{
		meta:          meta{ID: "HST" + strings.ToUpper(randomHex(9))[:17]},
		Secret:        randomHex(20),
		SecurityToken: "ggp" + randomHex(48),
		Grant:         g,
		ExpiresAt:     time.Now().Add(life).UTC(),
	})
	return map[string]any{"credential": map[string]any{
		"access":        key.ID,
		"secret":        key.Secret,
		"securitytoken": key.SecurityToken,
		"expires_at":    key.ExpiresAt.Format(tokenTime),
	}}, nil
}

// linked is an answer's list under a name, with the link that every Keystone list has.
func linked(r *request, name string, list any) any {
	return map[string]any{
		name:    list,
		"links": map[string]any{"self": r.url("iam") + r.URL.RequestURI(), "previous": nil, "next": nil},
	}
}

func projectView(r *request) func(*project) any {
	return func(p *project) any {
		return map[string]any{
			"id":          p.ID,
			"name":        p.Name,
			"description": p.Description,
			"domain_id":   p.DomainID,
			"parent_id":   p.ParentID,
			"enabled":     true,
			"is_domain":   false,
			"links":       map[string]any{"self": r.url("iam") + "/v3/projects/" + p.ID},
		}
	}
}

func (i *iamService) listProjects(r *request) (any, error) {
	q := r.query
	if q.Get("name") == "" && q.Get("domain_id") == "" && q.Get("parent_id") == "" && q.Get("enabled") == "" {
		return nil, refuse(http.StatusForbidden, "IAM.0003", "You are not authorized to perform the requested action: identity:list_projects")
	}
	if q.Has("page") != q.Has("per_page") {
		return nil, refuse(http.StatusBadRequest, r.service.invalid, "page and per_page must be given together")
	}
	found := i.projects.where("", func(p *project) bool {
		return p.DomainID == r.caller.Grant.DomainID &&
			matches(q.Get("name"), p.Name) && matches(q.Get("domain_id"), p.DomainID) &&
			matches(q.Get("parent_id"), p.ParentID) && matches(q.Get("enabled"), "true")
	})
	page, err := r.queryInt("page", 1, 1, 1<<20)
	if err != nil {
		return nil, err
	}
	size, err := r.queryInt("per_page", 5000, 1, 5000)
	if err != nil {
		return nil, err
	}
	begin := min((page-1)*size, len(found))
	return linked(r, "projects", views(found[begin:min(begin+size, len(found))], projectView(r))), nil
}

// matches says whether a value passes a filter; an absent filter passes everything.
func matches(filter, value string) bool { return filter == "" || filter == value }

func (i *iamService) listAuthProjects(r *request) (any, error) {
	found := i.projects.where("", func(p *project) bool { return p.DomainID == r.caller.Grant.DomainID })
	return linked(r, "projects", views(found, projectView(r))), nil
}

func (i *iamService) showProject(r *request) (any, error) {
	p := i.projects.get("", r.PathValue("id"))
	if p == nil || p.DomainID != r.caller.Grant.DomainID {
		return nil, refuse(http.StatusNotFound, "IAM.0004", "Could not find project: %s.", r.PathValue("id"))
	}
	return map[string]any{"project": projectView(r)(p)}, nil
}

func (i *iamService) listAuthDomains(r *request) (any, error) {
	d := i.domains.get("", r.caller.Grant.DomainID)
	if d == nil {
		return linked(r, "domains", []any{}), nil
	}
	return linked(r, "domains", []any{map[string]any{
		"id":          d.ID,
		"name":        d.Name,
		"enabled":     true,
		"description": "",
		"links":       map[string]any{"self": r.url("iam") + "/v3/domains/" + d.ID},
	}}), nil
}

func regionView(r *request, id string) any {
	return map[string]any{
		"id":               id,
		"type":             "public",
		"description":      "",
		"parent_region_id": nil,
		"locales":          map[string]any{"zh-cn": regions[id].Chinese, "en-us": regions[id].English},
		"links":            map[string]any{"self": r.url("iam") + "/v3/regions/" + id},
	}
}

func (i *iamService) listRegions(r *request) (any, error) {
	list := []any{}
	for _, id := range []string{"cn-north-4", "cn-east-3"} {
		list = append(list, regionView(r, id))
	}
	return linked(r, "regions", list), nil
}

func (i *iamService) showRegion(r *request) (any, error) {
	id := r.PathValue("id")
	if _, ok := regions[id]; !ok {
		return nil, refuse(http.StatusNotFound, "IAM.0004", "Could not find region: %s.", id)
	}
	return map[string]any{"region": regionView(r, id)}, nil
}
