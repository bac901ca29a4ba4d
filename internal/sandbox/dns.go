package sandbox

import (
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// dnsService resolves names. Its zones are in this file, record sets and PTR records in those beside it.
type dnsService struct {
	*Sandbox
	zones      *table[dnsZone]
	recordSets *table[recordSet]
	ptrs       *table[ptrRecord]
}

// dnsZone is a domain and what is below it: for everybody, or for the VPCs that it is associated with.
type dnsZone struct {
	meta
	Name                string            `json:"name"` // with the final dot
	Description         string            `json:"description"`
	Email               string            `json:"email"`
	ZoneType            string            `json:"zone_type"`
	TTL                 int               `json:"ttl"`
	Serial              int               `json:"serial"`
	Status              string            `json:"status"` // ACTIVE, DISABLE, PENDING_*, ERROR, FREEZE, ILLEGAL, POLICE
	ProxyPattern        string            `json:"proxy_pattern,omitempty"`
	Routers             []zoneRouter      `json:"routers,omitempty"`
	PoolID              string            `json:"pool_id"`
	EnterpriseProjectID string            `json:"enterprise_project_id"`
	Tags                map[string]string `json:"tags"`
}

// zoneRouter is a VPC that a private zone is resolved in.
type zoneRouter struct {
	RouterID     string `json:"router_id"`
	RouterRegion string `json:"router_region"`
	Status       string `json:"status"` // ACTIVE, PENDING_CREATE, PENDING_DELETE
}

const (
	dnsTime = "2006-01-02T15:04:05.000" // UTC
	dnsTTL  = 1<<31 - 1
	dnsPage = 500
)

func newDNS(s *Sandbox) *dnsService {
	v := &dnsService{
		Sandbox: s, zones: newTable[dnsZone](s, "dns_zone"), recordSets: newTable[recordSet](s, "dns_record_set"), ptrs: newTable[ptrRecord](s, "dns_ptr_record"),
	}
	v.zones.removed = func(z *dnsZone) {
		for _, o := range v.recordSets.where("", func(o *recordSet) bool { return o.ZoneID == z.ID }) {
			v.recordSets.remove(o.ID)
		}
	}
	s.onJob("settleZone", v.settleZone)
	s.onJob("deleteZone", v.endZone)
	s.onJob("settleRouter", v.settleRouter)
	s.onJob("settleRecordSet", v.settleRecordSet)
	s.onJob("deleteRecordSet", v.endRecordSet)
	s.onJob("settlePtr", v.settlePtr)
	s.addService(&service{
		name:    "dns",
		invalid: "DNS.0001",
		shape:   codeMessage,
		routes:  slices.Concat(v.zoneRoutes(), v.recordSetRoutes(), v.dnsTagRoutes(), v.ptrRoutes()),
	})
	return v
}

func (v *dnsService) zoneRoutes() []route {
	return []route{
		{"POST /v2/zones", 202, v.createZone},
		{"GET /v2/zones", 200, v.listZones},
		{"GET /v2/zones/{zone_id}", 200, v.showZone},
		{"PATCH /v2/zones/{zone_id}", 202, v.updateZone},
		{"DELETE /v2/zones/{zone_id}", 202, v.deleteZone},
		{"PUT /v2/zones/{zone_id}/statuses", 202, v.setZoneStatus},
		{"POST /v2/zones/{zone_id}/associaterouter", 202, v.associateRouter},
		{"POST /v2/zones/{zone_id}/disassociaterouter", 202, v.disassociateRouter},
		{"POST /v2/zones/{zone_id}/actions/set-proxy-pattern", 204, v.setProxyPattern},
	}
}

// dnsTagRoutes serve the tags of zones and record sets, each under the name of its type.
func (v *dnsService) dnsTagRoutes() (routes []route) {
	for _, zoneType := range []string{"public", "private"} {
		zones := tagged[dnsZone]{
			table: v.zones, path: "/v2/{project_id}/DNS-" + zoneType + "_zone", missing: noZone, code: dnsBadTag,
			of:   func(z *dnsZone) bool { return z.ZoneType == zoneType },
			tags: func(z *dnsZone) *map[string]string { return &z.Tags },
			name: func(z *dnsZone) string { return z.Name },
		}
		sets := tagged[recordSet]{
			table: v.recordSets, path: "/v2/{project_id}/DNS-" + zoneType + "_recordset", missing: noRecordSet, code: dnsBadTag,
			of:   func(o *recordSet) bool { return v.zoneOf(o).ZoneType == zoneType },
			tags: func(o *recordSet) *map[string]string { return &o.Tags },
			name: func(o *recordSet) string { return o.Name },
		}
		routes = slices.Concat(routes, zones.routes(), sets.routes())
	}
	return routes
}

const dnsBadTag = "DNS.1003"

func badDNS(code, format string, args ...any) error {
	return refuse(http.StatusBadRequest, code, format, args...)
}

func noZone(id string) error {
	return refuse(http.StatusNotFound, "DNS.0302", "This Zone '%s' does not exist.", id)
}

// fqdn is a name as the service keeps it.
func fqdn(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) + "." }

// dnsLabel is a label of a name: letters, digits, Chinese, and - within. Names of record sets may have _ too.
var dnsLabel = pattern.New(`^[0-9a-z_\p{Han}]([0-9a-z_\p{Han}-]{0,61}[0-9a-z_\p{Han}])?$`)

// isDomain says whether a text that ends with a dot is a domain name.
func isDomain(name string) bool {
	name, dotted := strings.CutSuffix(strings.ToLower(name), ".")
	return dotted && utf8.RuneCountInString(name) <= 253 && !slices.ContainsFunc(strings.Split(name, "."), func(label string) bool { return !dnsLabel.MatchString(label) })
}

// steady says whether an object may be changed.
func steady(status string) bool { return status == "ACTIVE" || status == "DISABLE" }

// pageLinks are the links of an object or a page.
func (r *request) pageLinks(path, next string) any {
	links := map[string]any{"self": r.url("dns") + path}
	if next != "" {
		links["next"] = r.url("dns") + path + "?marker=" + next
	}
	return links
}

// zoneView shows a zone as a single read does: without tags.
func (v *dnsService) zoneView(r *request, z *dnsZone) map[string]any {
	out := map[string]any{
		"id":                    z.ID,
		"name":                  z.Name,
		"description":           z.Description,
		"email":                 z.Email,
		"zone_type":             z.ZoneType,
		"ttl":                   z.TTL,
		"serial":                z.Serial,
		"status":                z.Status,
		"record_num":            len(v.setsOf(z.ID)),
		"pool_id":               z.PoolID,
		"project_id":            z.ProjectID,
		"enterprise_project_id": z.EnterpriseProjectID,
		"created_at":            z.CreatedAt.Format(dnsTime),
		"updated_at":            z.UpdatedAt.Format(dnsTime),
		"links":                 r.pageLinks("/v2/zones/"+z.ID, ""),
		"masters":               []string{},
	}
	if z.ZoneType == "private" {
		out["proxy_pattern"], out["routers"] = z.ProxyPattern, append([]zoneRouter{}, z.Routers...)
	}
	return out
}

// writeView shows a zone as the answers to writes do.
func (v *dnsService) writeView(r *request, z *dnsZone) map[string]any {
	out := v.zoneView(r, z)
	delete(out, "enterprise_project_id")
	delete(out, "proxy_pattern")
	return out
}

// zoneInput is what requests say of a zone; what is absent stays.
type zoneInput struct {
	Name                string      `json:"name"`
	Description         *string     `json:"description"`
	ZoneType            string      `json:"zone_type"`
	Email               string      `json:"email"`
	TTL                 *int        `json:"ttl"`
	EnterpriseProjectID string      `json:"enterprise_project_id"`
	Tags                []tag       `json:"tags"`
	Router              *zoneRouter `json:"router"`
	ProxyPattern        string      `json:"proxy_pattern"`
}

func (z *dnsZone) apply(in *zoneInput) error {
	if in.Description != nil {
		if z.Description = *in.Description; utf8.RuneCountInString(z.Description) > 255 {
			return badDNS("DNS.0206", "Invalid zone description.")
		}
	}
	if in.Email != "" {
		address, err := mail.ParseAddress(in.Email)
		if err != nil || address.Address != in.Email {
			return badDNS("DNS.0201", "The email address of the zone is invalid.")
		}
		z.Email = in.Email
	}
	if in.TTL != nil {
		if z.TTL = *in.TTL; z.TTL < 1 || z.TTL > dnsTTL {
			return badDNS("DNS.0203", "Invalid zone TTL value. The value ranges from 1 to %d.", dnsTTL)
		}
	}
	return nil
}

func (v *dnsService) createZone(r *request) (any, error) {
	var in zoneInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	z := &dnsZone{
		meta: meta{ID: v.ids.hex()}, Name: fqdn(in.Name), ZoneType: in.ZoneType, TTL: 300, Serial: 1, Status: "PENDING_CREATE",
		PoolID: "ff8080825ca865e8015ca99563af004a", EnterpriseProjectID: "0", Tags: map[string]string{},
	}
	z.Email = "hostmaster@" + z.Name[:len(z.Name)-1]
	if z.ZoneType == "" {
		z.ZoneType = "public"
	}
	if in.EnterpriseProjectID != "" {
		z.EnterpriseProjectID = in.EnterpriseProjectID
	}
	if err := z.apply(&in); err != nil {
		return nil, err
	}
	if !isDomain(z.Name) || strings.Contains(z.Name, "_") || z.ZoneType == "public" && strings.Count(z.Name, ".") < 2 {
		return nil, badDNS("DNS.0202", "Invalid zone name.")
	}
	if err := checkTags(dnsBadTag, in.Tags, tagsAtOnce); err != nil {
		return nil, err
	}
	for _, t := range in.Tags {
		z.Tags[t.Key] = t.Value
	}
	if v.zones.full(r.project.ID, 1) {
		return nil, refuse(http.StatusForbidden, "DNS.0404", "Quota exceeded for resources: zone.")
	}
	switch z.ZoneType {
	case "public":
		if other := v.zones.first("", func(o *dnsZone) bool { return o.ZoneType == "public" && o.Name == z.Name }); other != nil {
			if other.ProjectID != r.project.ID {
				return nil, badDNS("DNS.0211", "The zone name is used by another tenant.")
			}
			return nil, badDNS("DNS.0208", "This zone already exists.")
		}
	case "private":
		if z.ProxyPattern = in.ProxyPattern; z.ProxyPattern == "" {
			z.ProxyPattern = "AUTHORITY"
		}
		if !isProxyPattern(z.ProxyPattern) {
			return nil, badDNS("DNS.0603", "Invalid input: proxy_pattern.")
		}
		if in.Router == nil {
			return nil, badDNS("DNS.0603", "Invalid input: a private zone needs a router.")
		}
		if err := v.addRouter(r, z, *in.Router); err != nil {
			return nil, err
		}
	default:
		return nil, badDNS("DNS.0204", "Invalid zone type.")
	}
	v.zones.add(r.project.ID, z)
	v.addSystemSets(z)
	v.turnZone(z, "PENDING_CREATE", "ACTIVE")
	if z.ZoneType == "private" {
		v.turnRouter(z, z.Routers[0].RouterID)
	}
	out := v.zoneView(r, z)
	if z.ZoneType == "private" {
		out["router"] = z.Routers[0]
		delete(out, "routers")
		delete(out, "enterprise_project_id")
	}
	return out, nil
}

func isProxyPattern(s string) bool { return s == "AUTHORITY" || s == "RECURSIVE" }

// turnZone begins a change of a zone: it is in one status until the change is done.
func (v *dnsService) turnZone(z *dnsZone, now, then string) {
	z.Status = now
	v.zones.touch(z)
	v.startJob(z.ProjectID, "settleZone", map[string]any{"id": z.ID, "status": then})
}

func (v *dnsService) settleZone(j *job) error {
	z := v.zones.get("", j.text("id"))
	switch {
	case z == nil:
	case j.Fail != nil:
		z.Status = "ERROR"
	case z.Status != "PENDING_DELETE":
		z.Status = j.text("status")
	}
	return nil
}

func (v *dnsService) endZone(j *job) error {
	if z := v.zones.get("", j.text("id")); z != nil && j.Fail != nil {
		z.Status = "ERROR"
		return nil
	}
	v.zones.remove(j.text("id"))
	return nil
}

// changeable is the zone of a request that changes it.
func (v *dnsService) changeable(r *request) (*dnsZone, error) {
	z := v.zones.get(r.project.ID, r.PathValue("zone_id"))
	if z == nil {
		return nil, noZone(r.PathValue("zone_id"))
	}
	if !steady(z.Status) {
		return nil, refuse(http.StatusConflict, "DNS.0209", "The zone is not in the normal state.")
	}
	return z, nil
}

func (v *dnsService) showZone(r *request) (any, error) {
	z := v.zones.read(r.project.ID, r.PathValue("zone_id"))
	if z == nil {
		return nil, noZone(r.PathValue("zone_id"))
	}
	return v.zoneView(r, z), nil
}

// found says whether a text is what a query asks for: part of it, or all of it.
func found(r *request, name, text string) bool {
	asked := r.query.Get(name)
	if r.query.Get("search_mode") == "equal" {
		return asked == "" || asked == text
	}
	return strings.Contains(text, asked)
}

// zoneTags says whether tags are those that ?tags=key1,value1|key2,value2 asks for.
func zoneTags(r *request, tags map[string]string) bool {
	for pair := range strings.SplitSeq(r.query.Get("tags"), "|") {
		key, value, _ := strings.Cut(pair, ",")
		if got, ok := tags[key]; pair != "" && (!ok || got != value) {
			return false
		}
	}
	return true
}

func (v *dnsService) listZones(r *request) (any, error) {
	zoneType := r.query.Get("type")
	if zoneType == "" {
		zoneType = "public"
	}
	zones := slices.DeleteFunc(v.zones.list(r.project.ID), func(z *dnsZone) bool {
		router := r.query.Get("router_id")
		return z.ZoneType != zoneType || !found(r, "name", z.Name) || !matches(r.query.Get("id"), z.ID) || !matches(r.query.Get("status"), z.Status) ||
			!ofEnterprise(r, z.EnterpriseProjectID) || !zoneTags(r, z.Tags) ||
			router != "" && !slices.ContainsFunc(z.Routers, func(o zoneRouter) bool { return o.RouterID == router })
	})
	page, next, err := markerPage(r, zones, dnsPage, dnsPage)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"zones": views(page, func(z *dnsZone) any {
			out := v.zoneView(r, z)
			out["tags"] = tagList(z.Tags)
			return out
		}),
		"links":    r.pageLinks("/v2/zones", next),
		"metadata": map[string]any{"total_count": len(zones)},
	}, nil
}

func (v *dnsService) updateZone(r *request) (any, error) {
	z, err := v.changeable(r)
	if err != nil {
		return nil, err
	}
	var in zoneInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	changed := *z
	if err := changed.apply(&in); err != nil {
		return nil, err
	}
	changed.Serial++
	*z = changed
	v.turnZone(z, "PENDING_UPDATE", z.Status)
	return v.writeView(r, z), nil
}

func (v *dnsService) deleteZone(r *request) (any, error) {
	z := v.zones.get(r.project.ID, r.PathValue("zone_id"))
	if z == nil {
		return nil, noZone(r.PathValue("zone_id"))
	}
	if strings.HasPrefix(z.Status, "PENDING_") {
		return nil, refuse(http.StatusConflict, "DNS.0209", "The zone is not in the normal state.")
	}
	z.Status = "PENDING_DELETE"
	v.startJob(z.ProjectID, "deleteZone", map[string]any{"id": z.ID})
	out := v.writeView(r, z)
	delete(out, "routers")
	return out, nil
}

// dnsStatus is the status that ENABLE or DISABLE asks for, which must not be the present one.
func dnsStatus(asked, present string) (string, error) {
	status, ok := map[string]string{"ENABLE": "ACTIVE", "DISABLE": "DISABLE"}[asked]
	if !ok || status == present {
		return "", badDNS("DNS.0315", "Invalid status.")
	}
	return status, nil
}

// askedStatus reads a request that switches something on or off: by way of which status, and to which.
func askedStatus(r *request, present string) (pending, then string, err error) {
	var in struct {
		Status string `json:"status"`
	}
	if err := r.decode(&in); err != nil {
		return "", "", err
	}
	if then, err = dnsStatus(in.Status, present); err != nil {
		return "", "", err
	}
	if then == "DISABLE" {
		return "PENDING_DISABLE", then, nil
	}
	return "PENDING_UPDATE", then, nil
}

func (v *dnsService) setZoneStatus(r *request) (any, error) {
	z, err := v.changeable(r)
	if err != nil {
		return nil, err
	}
	pending, then, err := askedStatus(r, z.Status)
	if err != nil {
		return nil, err
	}
	v.turnZone(z, pending, then)
	out := v.writeView(r, z)
	delete(out, "routers")
	return out, nil
}

func (v *dnsService) setProxyPattern(r *request) (any, error) {
	z, err := v.changeable(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		ProxyPattern string `json:"proxy_pattern"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if z.ZoneType != "private" || !isProxyPattern(in.ProxyPattern) {
		return nil, badDNS("DNS.0603", "Invalid input: proxy_pattern.")
	}
	z.ProxyPattern = in.ProxyPattern
	v.zones.touch(z)
	return nil, nil
}

// router is a VPC of a zone, nil if it is not associated.
func (z *dnsZone) router(id string) *zoneRouter {
	for i := range z.Routers {
		if z.Routers[i].RouterID == id {
			return &z.Routers[i]
		}
	}
	return nil
}

// addRouter associates a VPC. One VPC knows a name once.
func (v *dnsService) addRouter(r *request, z *dnsZone, asked zoneRouter) error {
	if asked.RouterRegion == "" {
		asked.RouterRegion = r.project.Region
	}
	o := v.vpc.vpcs.get("", asked.RouterID)
	if o == nil || v.iam.projects.get("", o.ProjectID).Region != asked.RouterRegion {
		return refuse(http.StatusNotFound, "DNS.0711", "This VPC could not be found: %s in %s.", asked.RouterID, asked.RouterRegion)
	}
	if z.router(asked.RouterID) != nil {
		return refuse(http.StatusConflict, "DNS.0212", "This VPC has already been associated with the zone.")
	}
	if v.zones.first("", func(other *dnsZone) bool { return other.Name == z.Name && other.router(asked.RouterID) != nil }) != nil {
		return badDNS("DNS.0208", "This zone already exists in the VPC %s.", asked.RouterID)
	}
	asked.Status = "PENDING_CREATE"
	z.Routers = append(z.Routers, asked)
	return nil
}

// turnRouter begins to settle an association: what is to be created becomes active, what is to be deleted goes.
func (v *dnsService) turnRouter(z *dnsZone, id string) {
	v.startJob(z.ProjectID, "settleRouter", map[string]any{"id": z.ID, "router_id": id})
}

func (v *dnsService) settleRouter(j *job) error {
	z := v.zones.get("", j.text("id"))
	if z == nil {
		return nil
	}
	o := z.router(j.text("router_id"))
	switch {
	case o == nil:
	case j.Fail != nil:
		o.Status = "ERROR"
	case o.Status == "PENDING_CREATE":
		o.Status = "ACTIVE"
	case o.Status == "PENDING_DELETE":
		z.Routers = slices.DeleteFunc(slices.Clone(z.Routers), func(r zoneRouter) bool { return r.RouterID == o.RouterID })
	}
	return nil
}

// routerInput is the private zone that a request is about, which must be enabled, and the VPC.
func (v *dnsService) routerInput(r *request) (*dnsZone, zoneRouter, error) {
	var in struct {
		Router zoneRouter `json:"router"`
	}
	z, err := v.changeable(r)
	if err == nil {
		err = r.decode(&in)
	}
	if err == nil && z.ZoneType != "private" {
		err = badDNS("DNS.0204", "Invalid zone type.")
	}
	if err == nil && z.Status == "DISABLE" {
		err = badDNS("DNS.0213", "The zone has been disabled.")
	}
	return z, in.Router, err
}

func (v *dnsService) associateRouter(r *request) (any, error) {
	z, router, err := v.routerInput(r)
	if err != nil {
		return nil, err
	}
	if err := v.addRouter(r, z, router); err != nil {
		return nil, err
	}
	v.turnRouter(z, router.RouterID)
	v.zones.touch(z)
	return z.Routers[len(z.Routers)-1], nil
}

func (v *dnsService) disassociateRouter(r *request) (any, error) {
	z, router, err := v.routerInput(r)
	if err != nil {
		return nil, err
	}
	o := z.router(router.RouterID)
	if o == nil {
		return nil, badDNS("DNS.0707", "The VPC is not associated with the zone.")
	}
	staying := slices.DeleteFunc(slices.Clone(z.Routers), func(o zoneRouter) bool { return o.Status == "PENDING_DELETE" })
	switch {
	case o.Status == "PENDING_CREATE":
		return nil, badDNS("DNS.0708", "This VPC cannot be disassociated because it is being associated with the zone.")
	case o.Status != "ACTIVE":
		return nil, badDNS("DNS.0704", "The VPC is not in a steady state.")
	case len(staying) < 2:
		return nil, refuse(http.StatusForbidden, "DNS.0706", "You are not allowed to disassociate this VPC because it is the last one of the zone.")
	}
	o.Status = "PENDING_DELETE"
	v.turnRouter(z, o.RouterID)
	v.zones.touch(z)
	return *o, nil
}
