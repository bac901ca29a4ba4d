package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// neutronService is the OpenStack cloud's Neutron. Its objects are all handled alike, by netKind: their attributes are
// tables, as they are in Neutron, and what one kind does beside is in its own file.
// Sources: the answers of Neutron 21.0 (Zed, with the plugins ml2 and router), and
// https://docs.openstack.org/api-ref/network/v2/.
type neutronService struct {
	*Sandbox
	networks *table[netNetwork]
	subnets  *table[netSubnet]
	ports    *table[netPort]
	routers  *table[netRouter]
	groups   *table[netGroup]
	rules    *table[netRule]
	floating *table[netFloating]
	policies *table[netPolicy]
	quotas   *table[netQuota]

	kinds map[string]netAPI // by their collections: security-groups
}

// netHead is what every object of Neutron has.
type netHead struct {
	meta
	Description string   `json:"description"`
	Tags        []string `json:"tags"`
	Revision    int      `json:"revision_number"`
}

func (h *netHead) net() *netHead { return h }

func netOf[T any](o *T) *netHead { return any(o).(interface{ net() *netHead }).net() }

// netTime is how Neutron writes times.
const netTime = "2006-01-02T15:04:05Z"

// netKind is a kind of objects. o is the object that a request creates, or makes of an old one; what a function leaves
// behind is what is kept, unless it refuses.
type netKind[T any] struct {
	*neutronService
	table      *table[T]
	one, many  string // security_group, security_groups: in bodies and policies
	attributes map[string]netAttribute
	missing    func(id string) error
	sees       func(r *request, o *T) bool // who beside its project and administrators
	owns       func(r *request, o *T) bool // who beside them may change and delete it
	create     func(r *request, o *T, in given) error
	made       func(r *request, o *T, in given) error // once it has its place among the others
	update     func(r *request, old, o *T, in given) error
	remove     func(r *request, o *T) error
	view       func(r *request, o *T, out map[string]any)
	prepare    func(r *request) // before anything else
}

// netAPI is a kind to those who do not care which.
type netAPI interface {
	routes(path string) []route
	tagged(r *request) (*netHead, error)
}

// given are the attributes in a request's body, checked and converted.
type given map[string]any

// has says whether an attribute was given, be it null.
func (g given) has(name string) bool {
	_, ok := g[name]
	return ok
}

// into writes attributes into an object. Lists are emptied before, lest their items keep what they had.
func (g given) into(o any) error {
	empty := given{}
	for name, v := range g {
		if _, ok := v.([]any); ok {
			empty[name] = nil
		}
	}
	for _, values := range []given{empty, g} {
		text, err := json.Marshal(values)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(text, o); err != nil {
			return err
		}
	}
	return nil
}

func newNeutron(s *Sandbox) *neutronService {
	n := &neutronService{
		Sandbox:  s,
		networks: newTable[netNetwork](s, "os_network"),
		subnets:  newTable[netSubnet](s, "os_subnet"),
		ports:    newTable[netPort](s, "os_port"),
		routers:  newTable[netRouter](s, "os_router"),
		groups:   newTable[netGroup](s, "os_security_group"),
		rules:    newTable[netRule](s, "os_security_group_rule"),
		floating: newTable[netFloating](s, "os_floating_ip"),
		policies: newTable[netPolicy](s, "os_qos_policy"),
		quotas:   newTable[netQuota](s, "os_network_quota"),
	}
	n.kinds = map[string]netAPI{
		"networks":             n.networkKind(),
		"subnets":              n.subnetKind(),
		"ports":                n.portKind(),
		"routers":              n.routerKind(),
		"security-groups":      n.groupKind(),
		"security-group-rules": n.ruleKind(),
		"floatingips":          n.floatingKind(),
		"qos/policies":         n.policyKind(),
	}
	s.seeds = append(s.seeds, n.seed)
	s.onJob(netWired, n.wired)
	routes := []route{
		{"GET /{$}", 200, n.versions},
		{"GET /v2.0/extensions", 200, n.listExtensions},
		{"GET /v2.0/extensions/{id}", 200, n.showExtension},
		{"GET /v2.0/availability_zones", 200, func(*request) (any, error) { return map[string]any{"availability_zones": []any{}}, nil }},
		{"PUT /v2.0/routers/{id}/add_router_interface", 200, n.addInterface},
		{"PUT /v2.0/routers/{id}/remove_router_interface", 200, n.removeInterface},
		{"GET /v2.0/quotas/{project}", 200, n.showQuota},
		{"GET /v2.0/quotas/{project}/details", 200, n.showUsage},
		{"PUT /v2.0/quotas/{project}", 200, n.updateQuota},
		{"DELETE /v2.0/quotas/{project}", 204, n.deleteQuota},
	}
	for _, path := range slices.Sorted(maps.Keys(n.kinds)) {
		routes = append(routes, n.kinds[path].routes("/v2.0/"+path)...)
		if path != "security-group-rules" {
			routes = append(routes, n.tagRoutes(path)...)
		}
	}
	s.addService(&service{
		name:   "network",
		native: &native{name: "neutron", types: []string{"network"}, notFound: neutronError("HTTPNotFound", "The resource could not be found.")},
		shape:  func(_ *request, f *refusal) any { return neutronError(f.code, f.message) },
		open:   map[string]bool{"GET /{$}": true},
		routes: routes,
	})
	return n
}

func neutronError(kind, message string) any {
	return map[string]any{"NeutronError": map[string]any{"type": kind, "message": message, "detail": ""}}
}

func (n *neutronService) versions(r *request) (any, error) {
	return map[string]any{"versions": []any{map[string]any{
		"id": "v2.0", "status": "CURRENT", "links": []any{map[string]any{"rel": "self", "href": r.url("network") + "/v2.0/"}},
	}}}, nil
}

// seed makes what every member finds: a network that leads out, as administrators make it.
func (n *neutronService) seed() {
	out := n.networks.add(nativeAdmins, &netNetwork{
		netHead: netHead{meta: meta{ID: "05ac0000-0000-4000-8000-000000000201"}, Revision: 2},
		Name:    "public", AdminStateUp: true, MTU: 1500, External: true, PortSecurity: true, NetworkType: "flat", PhysicalNetwork: new("public"),
	})
	n.subnets.add(nativeAdmins, &netSubnet{
		netHead: netHead{meta: meta{ID: "05ac0000-0000-4000-8000-000000000202"}},
		Name:    "public-v4", NetworkID: out.ID, IPVersion: 4, Cidr: "203.0.113.0/24", GatewayIP: new("203.0.113.1"),
		Pools: []netPool{{"203.0.113.2", "203.0.113.199"}}, // the rest is for those who ask for an address
	})
}

func (k *netKind[T]) routes(path string) []route {
	return []route{
		{"GET " + path, 200, k.list},
		{"POST " + path, 201, k.post},
		{"GET " + path + "/{id}", 200, k.show},
		{"PUT " + path + "/{id}", 200, k.put},
		{"DELETE " + path + "/{id}", 204, k.delete},
	}
}

// visible says whether the caller may know of an object. What he may not is not there for him.
func (k *netKind[T]) visible(r *request, o *T) bool {
	return r.admin() || head(o).ProjectID == r.project.ID || k.sees != nil && k.sees(r, o)
}

// find is the object of a request's path.
func (k *netKind[T]) find(r *request, get func(project, id string) *T) (*T, error) {
	if k.prepare != nil {
		k.prepare(r)
	}
	o := get("", r.PathValue("id"))
	if o == nil || !k.visible(r, o) {
		return nil, k.missing(r.PathValue("id"))
	}
	return o, nil
}

// change is the object of a request that changes or deletes it, as its policy tells.
func (k *netKind[T]) change(r *request, verb string) (*T, error) {
	o, err := k.find(r, k.table.get)
	if err != nil {
		return nil, err
	}
	if !r.admin() && head(o).ProjectID != r.project.ID && (k.owns == nil || !k.owns(r, o)) {
		return nil, netForbidden("rule:" + verb + "_" + k.one)
	}
	if match := r.Header.Get("If-Match"); match != "" && match != fmt.Sprint("revision_number=", netOf(o).Revision) {
		return nil, refuse(http.StatusPreconditionFailed, "RevisionNumberConstraintFailed", "Constrained to %s, but current revision is %d", strings.TrimPrefix(match, "revision_number="), netOf(o).Revision)
	}
	return o, nil
}

// netForbidden is how Neutron tells what a policy does not let the caller do.
func netForbidden(rule string) error {
	return refuse(http.StatusForbidden, "PolicyNotAuthorized", "%s is disallowed by policy", rule)
}

// netForbiddenOf tells which attribute it is that the caller may not give.
func netForbiddenOf(verb, one, attribute string) error {
	rule := "rule:" + verb + "_" + one
	return netForbidden("(" + rule + " and " + rule + ":" + attribute + ")")
}

func netBad(format string, args ...any) error {
	return refuse(http.StatusBadRequest, "HTTPBadRequest", format, args...)
}

// netInvalid is how Neutron's plugins refuse values, once the API has accepted them.
func netInvalid(format string, args ...any) error {
	return refuse(http.StatusBadRequest, "InvalidInput", "Invalid input for operation: "+format+".", args...)
}

// netBadRequest is how they refuse a request.
func netBadRequest(resource, format string, args ...any) error {
	return refuse(http.StatusBadRequest, "BadRequest", "Bad "+resource+" request: "+format+".", args...)
}

// shown is an object as the caller may see it.
func (k *netKind[T]) shown(r *request, o *T) map[string]any {
	text, err := json.Marshal(o)
	if err != nil {
		panic(err) // an object is made of the package's own types
	}
	out := map[string]any{}
	if err := json.Unmarshal(text, &out); err != nil {
		panic(err)
	}
	m := netOf(o)
	out["project_id"], out["tenant_id"] = m.ProjectID, m.ProjectID
	out["created_at"], out["updated_at"] = m.CreatedAt.Format(netTime), m.UpdatedAt.Format(netTime)
	out["tags"] = append([]string{}, m.Tags...)
	if k.view != nil {
		k.view(r, o, out)
	}
	for name, a := range k.attributes {
		if a.hidden && !r.admin() {
			delete(out, name)
		}
	}
	return out
}

func (k *netKind[T]) answer(r *request, o *T) any { return map[string]any{k.one: k.shown(r, o)} }

func (k *netKind[T]) show(r *request) (any, error) {
	o, err := k.find(r, k.table.read)
	if err != nil {
		return nil, err
	}
	return map[string]any{k.one: netFields(r, k.shown(r, o))}, nil
}

func (k *netKind[T]) post(r *request) (any, error) {
	if k.prepare != nil {
		k.prepare(r)
	}
	in, err := k.input(r, "create")
	if err != nil {
		return nil, err
	}
	o := new(T)
	project := r.project.ID
	for _, name := range []string{"project_id", "tenant_id"} {
		if id, ok := in[name].(string); ok {
			project = id
		}
		delete(in, name)
	}
	if project != r.project.ID && !r.admin() {
		return nil, netBad("Specifying 'project_id' or 'tenant_id' other than the authenticated project in request requires admin or advsvc privileges")
	}
	if err := k.obeyed(r, in); err != nil {
		return nil, err
	}
	if err := in.into(o); err != nil {
		return nil, err
	}
	head(o).ID, head(o).ProjectID = k.ids.uuid(), project
	if limit := k.limit(project, k.one); limit >= 0 && k.table.count(project) >= limit {
		return nil, refuse(http.StatusConflict, "OverQuota", "Quota exceeded for resources: ['%s'].", k.one)
	}
	if err := k.create(r, o, in); err != nil {
		return nil, err
	}
	k.table.add(project, o)
	if k.made != nil {
		if err := k.made(r, o, in); err != nil {
			k.table.remove(head(o).ID)
			return nil, err
		}
	}
	return k.answer(r, o), nil
}

func (k *netKind[T]) put(r *request) (any, error) {
	o, err := k.change(r, "update")
	if err != nil {
		return nil, err
	}
	in, err := k.input(r, "update")
	if err != nil {
		return nil, err
	}
	if err := k.obeyed(r, in); err != nil {
		return nil, err
	}
	changed, err := clone(o)
	if err != nil {
		return nil, err
	}
	if err := in.into(changed); err != nil {
		return nil, err
	}
	if k.update != nil {
		if err := k.update(r, o, changed, in); err != nil {
			return nil, err
		}
	}
	*o = *changed
	if len(in) > 0 {
		k.touch(o)
	}
	return k.answer(r, o), nil
}

// clone is a copy of an object that shares nothing with it.
func clone[T any](o *T) (*T, error) {
	text, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	copied := new(T)
	return copied, json.Unmarshal(text, copied)
}

func (k *netKind[T]) touch(o *T) {
	netOf(o).Revision++
	k.table.touch(o)
}

func (k *netKind[T]) delete(r *request) (any, error) {
	o, err := k.change(r, "delete")
	if err != nil {
		return nil, err
	}
	if k.remove != nil {
		if err := k.remove(r, o); err != nil {
			return nil, err
		}
	}
	k.table.remove(head(o).ID)
	return nil, nil
}

// netReserved are the parameters of a list that filter by no attribute.
var netReserved = []string{"fields", "limit", "marker", "page_reverse", "sort_key", "sort_dir", "tags", "tags-any", "not-tags", "not-tags-any"}

// netNoFilter are attributes by which no list can be filtered.
var netNoFilter = []string{"subnets", "allocation_pools", "dns_nameservers", "host_routes", "allowed_address_pairs", "extra_dhcp_opts", "dns_assignment", "security_group_rules", "external_gateway_info", "routes", "port_details", "binding:profile", "binding:vif_details", "availability_zones", "availability_zone_hints", "service_types"}

func (k *netKind[T]) list(r *request) (any, error) {
	if k.prepare != nil {
		k.prepare(r)
	}
	unknown := []string{}
	for _, name := range slices.Sorted(maps.Keys(r.query)) {
		_, known := k.attributes[name]
		known = known || slices.Contains([]string{"id", "project_id", "tenant_id", "description", "revision_number", "created_at", "updated_at"}, name)
		if !slices.Contains(netReserved, name) && (!known || slices.Contains(netNoFilter, name)) {
			unknown = append(unknown, "'"+name+"'")
		}
	}
	if len(unknown) > 0 {
		return nil, netBad("[%s] is invalid attribute for filtering", strings.Join(unknown, ", "))
	}
	var found []map[string]any
	for _, o := range k.table.list("") {
		if k.visible(r, o) {
			if out := k.shown(r, o); passes(r, out) {
				found = append(found, out)
			}
		}
	}
	if err := k.sort(r, found); err != nil {
		return nil, err
	}
	page, links, err := k.page(r, found)
	if err != nil {
		return nil, err
	}
	out := map[string]any{}
	shown := []any{}
	for _, o := range page {
		shown = append(shown, netFields(r, o))
	}
	out[k.many] = shown
	if len(links) > 0 {
		out[k.many+"_links"] = links
	}
	return out, nil
}

// netFields is what ?fields= asks for.
func netFields(r *request, o map[string]any) map[string]any {
	asked := r.query["fields"]
	if len(asked) == 0 {
		return o
	}
	out := map[string]any{}
	for _, name := range asked {
		if v, ok := o[name]; ok {
			out[name] = v
		}
	}
	return out
}

// passes says whether an object is among those that the parameters of a list ask for: each by one of its values.
func passes(r *request, o map[string]any) bool {
	tags, _ := o["tags"].([]string)
	has := func(tag string) bool { return slices.Contains(tags, tag) }
	for name, values := range r.query {
		all := strings.Split(strings.Join(values, ","), ",")
		lacks := func(tag string) bool { return !has(tag) }
		ok := true
		switch name {
		case "tags":
			ok = !slices.ContainsFunc(all, lacks)
		case "tags-any":
			ok = slices.ContainsFunc(all, has)
		case "not-tags":
			ok = slices.ContainsFunc(all, lacks)
		case "not-tags-any":
			ok = !slices.ContainsFunc(all, has)
		case "fixed_ips":
			ok = slices.ContainsFunc(values, func(v string) bool { return hasFixedIP(o["fixed_ips"], v) })
		default:
			if !slices.Contains(netReserved, name) {
				ok = slices.ContainsFunc(values, func(v string) bool { return netEqual(o[name], v) })
			}
		}
		if !ok {
			return false
		}
	}
	return true
}

// netEqual compares a value with a parameter of a list.
func netEqual(v any, text string) bool {
	switch v := v.(type) {
	case bool:
		b, err := netBool("", text)
		return err == nil && b == v
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return netEqual(item, text) })
	case nil:
		return text == "" || text == "null"
	}
	return netText(v) == text
}

// hasFixedIP holds for ip_address=..., ip_address_substr=... and subnet_id=....
func hasFixedIP(list any, asked string) bool {
	name, value, _ := strings.Cut(asked, "=")
	items, _ := list.([]any)
	return slices.ContainsFunc(items, func(item any) bool {
		ip, _ := item.(map[string]any)
		if name == "ip_address_substr" {
			return strings.Contains(netText(ip["ip_address"]), value)
		}
		return ip[name] == value
	})
}

// sort puts a list into the order that ?sort_key= and ?sort_dir= ask for, and those that are equal into that of their ids.
func (k *netKind[T]) sort(r *request, list []map[string]any) error {
	keys, directions := r.query["sort_key"], r.query["sort_dir"]
	for _, d := range directions {
		if d != "asc" && d != "desc" {
			return netBad("['%s'] is invalid value for sort_dirs, valid value is 'asc' and 'desc'", d)
		}
	}
	if len(keys) != len(directions) {
		return netBad("The number of sort_keys and sort_dirs must be same")
	}
	for _, key := range keys {
		if _, ok := k.attributes[key]; !ok && key != "id" {
			return netBad("['%s'] is invalid attribute for sort keys", key)
		}
	}
	slices.SortFunc(list, func(a, b map[string]any) int {
		for i, key := range keys {
			if c := strings.Compare(netText(a[key]), netText(b[key])); c != 0 {
				return map[string]int{"asc": c, "desc": -c}[directions[i]]
			}
		}
		return strings.Compare(netText(a["id"]), netText(b["id"]))
	})
	return nil
}

// page is the part of a list that ?limit=, ?marker= and ?page_reverse= ask for, and the links to those beside it.
func (k *netKind[T]) page(r *request, list []map[string]any) (page []map[string]any, links []any, err error) {
	limit := 0
	if text := r.query.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 0 {
			return nil, nil, refuse(http.StatusBadRequest, "BadRequest", "Bad limit request: Limit must be an integer 0 or greater and not '%s'.", text)
		}
	}
	back, _ := strconv.ParseBool(strings.ToLower(r.query.Get("page_reverse")))
	if back {
		slices.Reverse(list)
	}
	page, ok := after(list, func(o map[string]any) string { return netText(o["id"]) }, r.query.Get("marker"))
	if !ok {
		return nil, nil, k.missing(r.query.Get("marker"))
	}
	full := limit > 0 && len(page) >= limit
	if full {
		page = page[:limit]
	}
	if back {
		slices.Reverse(page)
	}
	if limit == 0 || len(page) == 0 {
		return page, nil, nil
	}
	link := func(rel string, of map[string]any) {
		query := r.URL.Query()
		query.Set("marker", netText(of["id"]))
		query.Del("page_reverse")
		if rel == "previous" {
			query.Set("page_reverse", "True")
		}
		links = append(links, map[string]any{"rel": rel, "href": r.url("network") + r.URL.EscapedPath() + "?" + query.Encode()})
	}
	if full || back {
		link("next", page[len(page)-1])
	}
	if full || !back {
		link("previous", page[0])
	}
	return page, links, nil
}

// netWired is the type of the job that the agents on the hosts have after a change: they tell that a port is wired, and
// that a floating IP is translated.
const netWired = "osNetworkWire"

func (n *neutronService) wire() { n.startJob("", netWired, nil) }

// wired brings every status up to date.
func (n *neutronService) wired(*job) error {
	for _, p := range n.ports.all("") {
		status := "DOWN"
		if p.HostID != "" && p.AdminStateUp && p.VIFType == "ovs" {
			status = "ACTIVE"
		}
		if p.Status != status {
			p.Status = status
			p.Revision++
		}
	}
	for _, f := range n.floating.all("") {
		status := "DOWN"
		if f.PortID != nil {
			status = "ACTIVE"
		}
		if f.Status != status {
			f.Status = status
			f.Revision++
		}
	}
	return nil
}

// tagRoutes are the operations of the words that an object can be marked with.
func (n *neutronService) tagRoutes(path string) []route {
	k := n.kinds[path]
	tags := func(do func(r *request, h *netHead) (any, error)) func(*request) (any, error) {
		return func(r *request) (any, error) {
			h, err := k.tagged(r)
			if err != nil {
				return nil, err
			}
			return do(r, h)
		}
	}
	changed := func(h *netHead, tags []string) {
		h.Tags, h.UpdatedAt = tags, time.Now().UTC()
		h.Revision++
	}
	const one = "/{id}/tags/{tag}"
	unknown := func(r *request) error {
		return refuse(http.StatusNotFound, "TagNotFound", "Tag %s could not be found.", r.PathValue("tag"))
	}
	return []route{
		{"GET /v2.0/" + path + "/{id}/tags", 200, tags(func(_ *request, h *netHead) (any, error) {
			return map[string]any{"tags": append([]string{}, h.Tags...)}, nil
		})},
		{"PUT /v2.0/" + path + "/{id}/tags", 200, tags(func(r *request, h *netHead) (any, error) {
			var in map[string]any
			if json.Unmarshal(r.body, &in) != nil || !given(in).has("tags") {
				return nil, netInvalid("Invalid tags body")
			}
			list, err := netTags("tags", in["tags"])
			if err != nil {
				return nil, err
			}
			var words []string
			for _, word := range list.([]any) {
				words = append(words, word.(string))
			}
			slices.Sort(words)
			changed(h, words)
			return map[string]any{"tags": append([]string{}, words...)}, nil
		})},
		{"DELETE /v2.0/" + path + "/{id}/tags", 204, tags(func(_ *request, h *netHead) (any, error) {
			changed(h, nil)
			return nil, nil
		})},
		{"GET /v2.0/" + path + one, 204, tags(func(r *request, h *netHead) (any, error) {
			if !slices.Contains(h.Tags, r.PathValue("tag")) {
				return nil, unknown(r)
			}
			return nil, nil
		})},
		{"PUT /v2.0/" + path + one, 201, tags(func(r *request, h *netHead) (any, error) {
			if tag := r.PathValue("tag"); !slices.Contains(h.Tags, tag) {
				changed(h, append(slices.Clone(h.Tags), tag))
			}
			return json.RawMessage("null"), nil
		})},
		{"DELETE /v2.0/" + path + one, 204, tags(func(r *request, h *netHead) (any, error) {
			tag := r.PathValue("tag")
			if !slices.Contains(h.Tags, tag) {
				return nil, unknown(r)
			}
			changed(h, slices.DeleteFunc(slices.Clone(h.Tags), func(t string) bool { return t == tag }))
			return nil, nil
		})},
	}
}

// tagged is the object of a request about tags.
func (k *netKind[T]) tagged(r *request) (*netHead, error) {
	if r.Method == http.MethodGet {
		o, err := k.find(r, k.table.read)
		if err != nil {
			return nil, err
		}
		return netOf(o), nil
	}
	o, err := k.change(r, "update")
	if err != nil {
		return nil, err
	}
	return netOf(o), nil
}

// netQuota is how much of everything a project may have, where an administrator has said so. Its id is the project's.
type netQuota struct {
	meta
	Limits map[string]int `json:"limits"`
}

// netCounted are the resources that are counted, and what the configuration of the sandbox calls them.
var netCounted = map[string]string{
	"network": "os_network", "subnet": "os_subnet", "port": "os_port", "router": "os_router", "floatingip": "os_floating_ip",
	"security_group": "os_security_group", "security_group_rule": "os_security_group_rule",
}

// limit is how many of a resource a project may have, -1 for any number.
func (n *neutronService) limit(project, resource string) int {
	if q := n.quotas.get("", project); q != nil {
		if limit, ok := q.Limits[resource]; ok {
			return limit
		}
	}
	return n.quota(netCounted[resource])
}

func (n *neutronService) limits(project string) map[string]int {
	out := map[string]int{"subnetpool": -1, "rbac_policy": 10, "trunk": -1}
	for resource := range netCounted {
		out[resource] = n.limit(project, resource)
	}
	return out
}

func (n *neutronService) showQuota(r *request) (any, error) {
	if !r.admin() && r.PathValue("project") != r.project.ID {
		return nil, netForbidden("rule:get_quota")
	}
	return map[string]any{"quota": n.limits(r.PathValue("project"))}, nil
}

func (n *neutronService) showUsage(r *request) (any, error) {
	project := r.PathValue("project")
	if !r.admin() && project != r.project.ID {
		return nil, netForbidden("rule:get_quota")
	}
	used := map[string]int{
		"network": n.networks.count(project), "subnet": n.subnets.count(project), "port": n.ports.count(project), "router": n.routers.count(project),
		"floatingip": n.floating.count(project), "security_group": n.groups.count(project), "security_group_rule": n.rules.count(project),
	}
	out := map[string]any{}
	for resource, limit := range n.limits(project) {
		out[resource] = map[string]any{"limit": limit, "used": used[resource], "reserved": 0}
	}
	return map[string]any{"quota": out}, nil
}

func (n *neutronService) updateQuota(r *request) (any, error) {
	if !r.admin() {
		return nil, netForbidden("rule:update_quota")
	}
	var in struct {
		Quota map[string]any `json:"quota"`
	}
	if json.Unmarshal(r.body, &in) != nil || in.Quota == nil {
		return nil, netBad("Unable to find 'quota' in request body")
	}
	id := r.PathValue("project")
	limits := map[string]int{}
	if q := n.quotas.get("", id); q != nil {
		limits = maps.Clone(q.Limits)
	}
	for resource, v := range in.Quota {
		if netCounted[resource] == "" {
			return nil, netBad("Unrecognized attribute(s) '%s'", resource)
		}
		limit, err := netInt(resource, v)
		if err != nil || limit.(int) < -1 {
			return nil, netBad("Invalid input for %s. Reason: '%s' should be an integer that is at least -1.", resource, netText(v))
		}
		limits[resource] = limit.(int)
	}
	if q := n.quotas.get("", id); q != nil {
		q.Limits = limits
	} else {
		n.quotas.add("", &netQuota{meta: meta{ID: id}, Limits: limits})
	}
	return map[string]any{"quota": n.limits(id)}, nil
}

func (n *neutronService) deleteQuota(r *request) (any, error) {
	if !r.admin() {
		return nil, netForbidden("rule:delete_quota")
	}
	if !n.quotas.remove(r.PathValue("project")) {
		return nil, refuse(http.StatusNotFound, "TenantQuotaNotFound", "Quota for tenant %s could not be found.", r.PathValue("project"))
	}
	return nil, nil
}

// netExtensions are those of Neutron's that the sandbox has.
var netExtensions = []string{
	"allowed-address-pairs", "availability_zone", "binding", "dns-integration", "dns-domain-ports", "dvr", "empty-string-filtering", "ext-gw-mode",
	"external-net", "extra_dhcp_opt", "extraroute", "filter-validation", "fip-port-details", "ip_allocation", "ip-substring-filtering", "l3-ha",
	"net-mtu", "net-mtu-writable", "network_availability_zone", "pagination", "port-mac-override", "port-security", "port-security-groups-filtering",
	"project-id", "provider", "qos", "qos-default", "qos-fip", "qos-gateway-ip", "quotas", "quota_details", "revision-if-match", "router", "router_availability_zone", "security-group",
	"security-groups-normalized-cidr", "sorting", "standard-attr-description", "standard-attr-revisions", "standard-attr-tag",
	"standard-attr-timestamp", "stateful-security-group", "subnet-service-types",
}

func netExtension(alias string) any {
	return map[string]any{"alias": alias, "name": alias, "description": "", "updated": "2022-10-05T10:00:00-00:00", "links": []any{}}
}

func (n *neutronService) listExtensions(*request) (any, error) {
	out := []any{}
	for _, alias := range netExtensions {
		out = append(out, netExtension(alias))
	}
	return map[string]any{"extensions": out}, nil
}

func (n *neutronService) showExtension(r *request) (any, error) {
	if !slices.Contains(netExtensions, r.PathValue("id")) {
		return nil, refuse(http.StatusNotFound, "HTTPNotFound", "The resource could not be found.")
	}
	return map[string]any{"extension": netExtension(r.PathValue("id"))}, nil
}
