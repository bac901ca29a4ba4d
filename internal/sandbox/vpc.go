package sandbox

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// vpcService is the network. Its VPCs are in this file, subnets, ports, security groups, their rules, peerings and
// route tables in those beside it.
// At its host there are the addresses of the internet, too: see eipService.
type vpcService struct {
	*Sandbox
	vpcs        *table[vpc]
	subnets     *table[subnet]
	ports       *table[port]
	groups      *table[securityGroup]
	rules       *table[groupRule]
	peerings    *table[peering]
	routeTables *table[routeTable]
}

// vpc is an isolated network; subnets divide it.
type vpc struct {
	meta
	Name                string            `json:"name"`
	Description         string            `json:"description"`
	Cidr                string            `json:"cidr"` // "" for any private range
	ExtendCidrs         []string          `json:"extend_cidrs"`
	Status              string            `json:"status"` // as v1 has it: OK, ERROR
	EnterpriseProjectID string            `json:"enterprise_project_id"`
	Tags                map[string]string `json:"tags"`
	BlockEndpoints      string            `json:"block_service_endpoint_states"`
	UsageMetrics        bool              `json:"enable_network_address_usage_metrics"`
}

const vpcTime = "2006-01-02T15:04:05" // UTC

func newVPC(s *Sandbox) *vpcService {
	v := &vpcService{
		Sandbox:     s,
		vpcs:        newTable[vpc](s, "vpc"),
		subnets:     newTable[subnet](s, "subnet"),
		ports:       newTable[port](s, "port"),
		groups:      newTable[securityGroup](s, "security_group"),
		rules:       newTable[groupRule](s, "security_group_rule"),
		peerings:    newTable[peering](s, "vpc_peering"),
		routeTables: newTable[routeTable](s, "route_table"),
	}
	v.groups.removed = func(g *securityGroup) {
		for _, rule := range v.rulesOf(g.ID) {
			v.rules.remove(rule.ID)
		}
	}
	v.subnets.removed = func(n *subnet) { v.leaveTables(n.ID) }
	v.ports.removed = func(p *port) {
		if o := s.eip.ofPort(p.ID); o != nil {
			s.eip.letGo(o)
		}
	}
	s.seeds = append(s.seeds, v.seedGroups)
	s.addService(&service{
		name:    "vpc",
		invalid: "VPC.0101",
		shape:   v.shape,
		routes:  slices.Concat(v.vpcRoutes(), v.subnetRoutes(), v.portRoutes(), v.groupRoutes(), v.groupRuleRoutes(), v.peeringRoutes(), v.routeTableRoutes(), s.eip.routes()),
	})
	return v
}

// shape is error_code and error_msg in v3, Neutron's for peerings, else code and message.
func (v *vpcService) shape(r *request, f *refusal) any {
	switch {
	case strings.HasPrefix(r.URL.Path, "/v3/"):
		return errorCodeMsg(r, f)
	case strings.HasPrefix(r.URL.Path, "/v2.0/vpc/"):
		return map[string]any{"NeutronError": map[string]any{"type": f.code, "message": f.message, "detail": ""}}
	}
	return codeMessage(r, f)
}

func (v *vpcService) vpcRoutes() []route {
	return slices.Concat([]route{
		{"POST /v1/{project_id}/vpcs", 200, v.createVPC},
		{"GET /v1/{project_id}/vpcs", 200, v.listVPCs},
		{"GET /v1/{project_id}/vpcs/{id}", 200, v.showVPC},
		{"PUT /v1/{project_id}/vpcs/{id}", 200, v.updateVPC},
		{"DELETE /v1/{project_id}/vpcs/{id}", 204, v.deleteVPC},
		{"POST /v3/{project_id}/vpc/vpcs", 201, v.createVPC3},
		{"GET /v3/{project_id}/vpc/vpcs", 200, v.listVPCs3},
		{"GET /v3/{project_id}/vpc/vpcs/{id}", 200, v.showVPC3},
		{"PUT /v3/{project_id}/vpc/vpcs/{id}", 200, v.updateVPC3},
		{"DELETE /v3/{project_id}/vpc/vpcs/{id}", 204, v.deleteVPC},
		{"PUT /v3/{project_id}/vpc/vpcs/{id}/add-extend-cidr", 200, v.addExtendCidr},
		{"PUT /v3/{project_id}/vpc/vpcs/{id}/remove-extend-cidr", 200, v.removeExtendCidr},
		{"GET /v1/{project_id}/quotas", 200, v.showQuotas},
	}, tagged[vpc]{
		table:   v.vpcs,
		path:    "/v2.0/{project_id}/vpcs",
		tags:    func(o *vpc) *map[string]string { return &o.Tags },
		name:    func(o *vpc) string { return o.Name },
		missing: noVPC,
		code:    "VPC.1801",
	}.routes())
}

// vpcInput is what requests say of a VPC. v1 writes tags as key*value, v3 as objects.
type vpcInput[T any] struct {
	VPC struct {
		Name                *string `json:"name"`
		Description         *string `json:"description"`
		Cidr                *string `json:"cidr"`
		EnterpriseProjectID string  `json:"enterprise_project_id"`
		Tags                []T     `json:"tags"`
		BlockEndpoints      *string `json:"block_service_endpoint_states"`
		UsageMetrics        *bool   `json:"enable_network_address_usage_metrics"`
	} `json:"vpc"`
	DryRun bool `json:"dry_run"`
}

// view1 shows a VPC as v1 does; tags are not in it.
func (o *vpc) view1() map[string]any {
	return map[string]any{
		"id":                                   o.ID,
		"name":                                 o.Name,
		"description":                          o.Description,
		"cidr":                                 o.Cidr,
		"status":                               o.Status,
		"enterprise_project_id":                o.EnterpriseProjectID,
		"tenant_id":                            o.ProjectID,
		"routes":                               []any{},
		"created_at":                           o.CreatedAt.Format(vpcTime),
		"updated_at":                           o.UpdatedAt.Format(vpcTime),
		"block_service_endpoint_states":        o.BlockEndpoints,
		"enable_network_address_usage_metrics": o.UsageMetrics,
	}
}

// vpcStatus3 are v3's words for v1's.
var vpcStatus3 = map[string]string{"OK": "ACTIVE", "CREATING": "PENDING"}

// view3 shows a VPC as v3 does.
func (v *vpcService) view3(o *vpc) map[string]any {
	status := o.Status
	if word, ok := vpcStatus3[status]; ok {
		status = word
	}
	resources := []any{map[string]any{
		"resource_type":  "routetable",
		"resource_count": len(v.tablesOf(o.ID)),
	}}
	if n := len(v.subnetsOf(o.ID)); n > 0 {
		resources = append(resources, map[string]any{"resource_type": "virsubnet", "resource_count": n})
	}
	return map[string]any{
		"id":                                   o.ID,
		"name":                                 o.Name,
		"description":                          o.Description,
		"cidr":                                 o.Cidr,
		"extend_cidrs":                         append([]string{}, o.ExtendCidrs...),
		"status":                               status,
		"enterprise_project_id":                o.EnterpriseProjectID,
		"project_id":                           o.ProjectID,
		"cloud_resources":                      resources,
		"tags":                                 tagList(o.Tags),
		"created_at":                           o.CreatedAt.Format(vpcTime),
		"updated_at":                           o.UpdatedAt.Format(vpcTime),
		"block_service_endpoint_states":        o.BlockEndpoints,
		"enable_network_address_usage_metrics": o.UsageMetrics,
	}
}

func noVPC(id string) error {
	return refuse(http.StatusNotFound, "VPC.0105", "Query resource by id %s fail.the router could not be found.", id)
}

func badVPC(format string, args ...any) error {
	return refuse(http.StatusBadRequest, "VPC.0101", format, args...)
}

// vpcName is what VPCs, subnets and security groups may be called: Chinese and ASCII letters, digits, _ - and dot.
var vpcName = pattern.New(`^[0-9A-Za-z\p{Han}_.-]{0,64}$`)

// checkDescription says whether a text may be a description: up to 255 characters without angle brackets.
func checkDescription(text string) bool {
	return utf8.RuneCountInString(text) <= 255 && !strings.ContainsAny(text, "<>")
}

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, 0, len(list))
	for _, p := range list {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}

var (
	// privateRanges are what a VPC's own range is taken from.
	privateRanges = prefixes("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
	// forbiddenExtensions are what a further range of a VPC must not touch.
	forbiddenExtensions = prefixes("100.64.0.0/10", "214.0.0.0/7", "198.18.0.0/15", "169.254.0.0/16", "0.0.0.0/8",
		"127.0.0.0/8", "240.0.0.0/4", "172.31.0.0/16", "192.168.0.0/16")
)

// maskMax is the longest mask of a VPC or a subnet.
const maskMax = 28

// parseCidr reads an IPv4 range that begins where its mask says and is no smaller than a /28.
func parseCidr(text string) (netip.Prefix, bool) {
	p, err := netip.ParsePrefix(text)
	return p, err == nil && p.Addr().Is4() && p.Masked() == p && p.Bits() <= maskMax
}

// contains says whether all of the inner range is in the outer one.
func contains(outer, inner netip.Prefix) bool {
	return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

func checkVPCCidr(text string) error {
	p, ok := parseCidr(text)
	if !ok || !slices.ContainsFunc(privateRanges, func(r netip.Prefix) bool { return contains(r, p) }) {
		return badVPC("Creating vpc cidr %s is invalid.", text)
	}
	return nil
}

// ranges are those that the VPC's subnets are taken from.
func (o *vpc) ranges() []netip.Prefix {
	if o.Cidr == "" {
		return append(slices.Clone(privateRanges), prefixes(o.ExtendCidrs...)...)
	}
	return prefixes(append([]string{o.Cidr}, o.ExtendCidrs...)...)
}

// holds says whether a range lies in one of the VPC's.
func (o *vpc) holds(p netip.Prefix) bool {
	return slices.ContainsFunc(o.ranges(), func(r netip.Prefix) bool { return contains(r, p) })
}

// checkVPCName refuses bad names and those that another VPC of the project has.
func (v *vpcService) checkVPCName(project, id, name string, emptyAllowed bool) error {
	if !vpcName.MatchString(name) || name == "" && !emptyAllowed {
		return badVPC("Creating vpc name is invalid.")
	}
	if name != "" && v.vpcs.first(project, func(o *vpc) bool { return o.Name == name && o.ID != id }) != nil {
		return refuse(http.StatusBadRequest, "VPC.0115", "The router name has exist.")
	}
	return nil
}

// newVPC checks what both versions of create ask for, and makes a VPC that is not yet in the table.
func (v *vpcService) newVPC(project string, name, description, cidr *string, emptyAllowed bool) (*vpc, error) {
	o := &vpc{Status: "OK", BlockEndpoints: "off", EnterpriseProjectID: "0"}
	if name != nil {
		o.Name = *name
	}
	if err := v.checkVPCName(project, "", o.Name, emptyAllowed); err != nil {
		return nil, err
	}
	if description != nil {
		o.Description = *description
	}
	if !checkDescription(o.Description) {
		return nil, badVPC("Creating vpc description is invalid.")
	}
	if cidr != nil {
		o.Cidr = *cidr
	}
	if o.Cidr != "" || !emptyAllowed {
		if err := checkVPCCidr(o.Cidr); err != nil {
			return nil, err
		}
	}
	if v.vpcs.full(project, 1) {
		return nil, refuse(http.StatusConflict, "VPC.0114", "Quota exceeded for resources: ['router'].")
	}
	return o, nil
}

func (v *vpcService) addVPC(project string, o *vpc) {
	v.vpcs.add(project, o)
	v.routeTables.add(project, &routeTable{Name: "rtb-" + o.Name, VpcID: o.ID, Default: true})
}

func (v *vpcService) createVPC(r *request) (any, error) {
	var in vpcInput[string]
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	o, err := v.newVPC(r.project.ID, in.VPC.Name, in.VPC.Description, in.VPC.Cidr, true)
	if err != nil {
		return nil, err
	}
	if o.Tags, err = newTags(starTags(in.VPC.Tags)); err != nil {
		return nil, err
	}
	if in.VPC.EnterpriseProjectID != "" {
		o.EnterpriseProjectID = in.VPC.EnterpriseProjectID
	}
	if in.VPC.UsageMetrics != nil {
		o.UsageMetrics = *in.VPC.UsageMetrics
	}
	if in.VPC.BlockEndpoints != nil {
		if o.BlockEndpoints = *in.VPC.BlockEndpoints; o.BlockEndpoints != "on" && o.BlockEndpoints != "off" {
			return nil, badVPC("block_service_endpoint_states is invalid.")
		}
	}
	v.addVPC(r.project.ID, o)
	out := o.view1()
	out["status"] = "CREATING" // the next read says OK
	return map[string]any{"vpc": out}, nil
}

func (v *vpcService) createVPC3(r *request) (any, error) {
	var in vpcInput[tag]
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	o, err := v.newVPC(r.project.ID, in.VPC.Name, in.VPC.Description, in.VPC.Cidr, false)
	if err != nil {
		return nil, err
	}
	if o.Tags, err = newTags(in.VPC.Tags); err != nil {
		return nil, err
	}
	if in.VPC.EnterpriseProjectID != "" {
		o.EnterpriseProjectID = in.VPC.EnterpriseProjectID
	}
	if in.DryRun {
		return dryRun(r), nil
	}
	v.addVPC(r.project.ID, o)
	out := v.view3(o)
	out["status"] = "PENDING" // the next read says ACTIVE
	return map[string]any{"vpc": out, "request_id": r.id}, nil
}

// dryRun is v3's answer to a request that would have been carried out.
func dryRun(r *request) any {
	return withStatus{http.StatusAccepted, map[string]any{"request_id": r.id, "error_code": "SYS.0202", "error_msg": "Request is received."}}
}

func (v *vpcService) showVPC(r *request) (any, error) {
	o := v.vpcs.read(r.project.ID, r.PathValue("id"))
	if o == nil {
		return nil, noVPC(r.PathValue("id"))
	}
	return map[string]any{"vpc": o.view1()}, nil
}

func (v *vpcService) showVPC3(r *request) (any, error) {
	o := v.vpcs.read(r.project.ID, r.PathValue("id"))
	if o == nil {
		return nil, noVPC(r.PathValue("id"))
	}
	return map[string]any{"vpc": v.view3(o), "request_id": r.id}, nil
}

// The lists' default and greatest length of a page.
const vpcPage = 2000

// ofEnterprise says whether an object's enterprise project is the one that a list is asked for.
func ofEnterprise(r *request, id string) bool {
	asked := r.query.Get("enterprise_project_id")
	return asked == "all_granted_eps" || matches(asked, id)
}

func (v *vpcService) listVPCs(r *request) (any, error) {
	found := slices.DeleteFunc(v.vpcs.list(r.project.ID), func(o *vpc) bool {
		return !matches(r.query.Get("id"), o.ID) || !ofEnterprise(r, o.EnterpriseProjectID)
	})
	page, _, err := markerPage(r, found, vpcPage, vpcPage)
	if err != nil {
		return nil, err
	}
	return map[string]any{"vpcs": views(page, (*vpc).view1)}, nil
}

// among says whether a value is one of those of a repeated query parameter; an absent parameter passes everything.
func among(r *request, name, value string) bool {
	return !r.query.Has(name) || slices.Contains(r.query[name], value)
}

func (v *vpcService) listVPCs3(r *request) (any, error) {
	found := slices.DeleteFunc(v.vpcs.list(r.project.ID), func(o *vpc) bool {
		return !among(r, "id", o.ID) || !among(r, "name", o.Name) || !among(r, "description", o.Description) ||
			!among(r, "cidr", o.Cidr) || !ofEnterprise(r, o.EnterpriseProjectID)
	})
	page, next, err := markerPage(r, found, vpcPage, vpcPage)
	if err != nil {
		return nil, err
	}
	return map[string]any{"vpcs": views(page, v.view3), "page_info": pageInfo(page, next), "request_id": r.id}, nil
}

// pageInfo is what v3's lists say of a page.
func pageInfo[T any](page []*T, next string) any {
	info := map[string]any{"current_count": len(page)}
	if len(page) > 0 {
		info["previous_marker"] = head(page[0]).ID
	}
	if next != "" {
		info["next_marker"] = next
	}
	return info
}

func (v *vpcService) updateVPC(r *request) (any, error) {
	o := v.vpcs.get(r.project.ID, r.PathValue("id"))
	if o == nil {
		return nil, noVPC(r.PathValue("id"))
	}
	var in vpcInput[string]
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	changed := *o
	if err := v.rename(&changed, in.VPC.Name, in.VPC.Description, true); err != nil {
		return nil, err
	}
	if in.VPC.Cidr != nil {
		if err := checkVPCCidr(*in.VPC.Cidr); err != nil {
			return nil, err
		}
		changed.Cidr = *in.VPC.Cidr
		for _, n := range v.subnetsOf(o.ID) {
			if !changed.holds(n.prefix()) {
				return nil, refuse(http.StatusBadRequest, "VPC.0117", "Cidr can not contain subnetList cidr.")
			}
		}
	}
	if in.VPC.UsageMetrics != nil {
		changed.UsageMetrics = *in.VPC.UsageMetrics
	}
	*o = changed
	v.vpcs.touch(o)
	return map[string]any{"vpc": o.view1()}, nil
}

func (v *vpcService) updateVPC3(r *request) (any, error) {
	o := v.vpcs.get(r.project.ID, r.PathValue("id"))
	if o == nil {
		return nil, noVPC(r.PathValue("id"))
	}
	var in vpcInput[tag]
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.VPC.Name == nil && in.VPC.Description == nil {
		return nil, badVPC("one of name and description is needed.")
	}
	changed := *o
	if err := v.rename(&changed, in.VPC.Name, in.VPC.Description, false); err != nil {
		return nil, err
	}
	if in.DryRun {
		return dryRun(r), nil
	}
	*o = changed
	v.vpcs.touch(o)
	return map[string]any{"vpc": v.view3(o), "request_id": r.id}, nil
}

// rename changes what both versions of update change.
func (v *vpcService) rename(o *vpc, name, description *string, emptyAllowed bool) error {
	if name != nil {
		if err := v.checkVPCName(o.ProjectID, o.ID, *name, emptyAllowed); err != nil {
			return err
		}
		o.Name = *name
	}
	if description != nil {
		if !checkDescription(*description) {
			return badVPC("Update router description is invalid.")
		}
		o.Description = *description
	}
	return nil
}

func (v *vpcService) deleteVPC(r *request) (any, error) {
	o := v.vpcs.get(r.project.ID, r.PathValue("id"))
	if o == nil {
		return nil, noVPC(r.PathValue("id"))
	}
	if len(v.subnetsOf(o.ID)) > 0 {
		return nil, refuse(http.StatusConflict, "VPC.0104", "Router contains subnets, please delete subnet first.")
	}
	if v.peerings.first("", func(p *peering) bool { return p.joins(o.ID) && p.Status != "REJECTED" }) != nil {
		return nil, refuse(http.StatusConflict, "VPC.0104", "Router is used by peerings, please delete them first.")
	}
	tables := v.tablesOf(o.ID)
	if len(tables) > 1 {
		return nil, refuse(http.StatusConflict, "VPC.0104", "Router contains customized routetables, please delete them first.")
	}
	for _, t := range tables {
		v.routeTables.remove(t.ID)
	}
	v.vpcs.remove(o.ID)
	return nil, nil
}

// extendInput names the one range that is added or removed.
func extendInput(r *request) (cidr string, dry bool, err error) {
	var in struct {
		VPC struct {
			ExtendCidrs []string `json:"extend_cidrs"`
		} `json:"vpc"`
		DryRun bool `json:"dry_run"`
	}
	if err := r.decode(&in); err != nil {
		return "", false, err
	}
	if len(in.VPC.ExtendCidrs) != 1 {
		return "", false, badVPC("extend_cidrs takes exactly one cidr.")
	}
	return in.VPC.ExtendCidrs[0], in.DryRun, nil
}

func (v *vpcService) addExtendCidr(r *request) (any, error) {
	o := v.vpcs.get(r.project.ID, r.PathValue("id"))
	if o == nil {
		return nil, noVPC(r.PathValue("id"))
	}
	cidr, dry, err := extendInput(r)
	if err != nil {
		return nil, err
	}
	p, ok := parseCidr(cidr)
	if !ok {
		return nil, badVPC("extend_cidrs %s is invalid.", cidr)
	}
	if slices.ContainsFunc(forbiddenExtensions, p.Overlaps) {
		return nil, badVPC("extend_cidrs %s is in a range that is not allowed.", cidr)
	}
	if slices.ContainsFunc(o.ranges(), p.Overlaps) {
		return nil, badVPC("extend_cidrs %s overlaps with another cidr of the vpc.", cidr)
	}
	if dry {
		return dryRun(r), nil
	}
	o.ExtendCidrs = append(o.ExtendCidrs, cidr)
	v.vpcs.touch(o)
	return map[string]any{"vpc": v.view3(o), "request_id": r.id}, nil
}

func (v *vpcService) removeExtendCidr(r *request) (any, error) {
	o := v.vpcs.get(r.project.ID, r.PathValue("id"))
	if o == nil {
		return nil, noVPC(r.PathValue("id"))
	}
	cidr, dry, err := extendInput(r)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(o.ExtendCidrs, cidr) {
		return nil, badVPC("extend_cidrs %s is not one of the vpc.", cidr)
	}
	p := netip.MustParsePrefix(cidr)
	for _, n := range v.subnetsOf(o.ID) {
		if p.Overlaps(n.prefix()) {
			return nil, refuse(http.StatusBadRequest, "VPC.0602", "extend_cidrs %s is used by subnet %s.", cidr, n.ID)
		}
	}
	if dry {
		return dryRun(r), nil
	}
	o.ExtendCidrs = slices.DeleteFunc(o.ExtendCidrs, func(c string) bool { return c == cidr })
	v.vpcs.touch(o)
	return map[string]any{"vpc": v.view3(o), "request_id": r.id}, nil
}

func (v *vpcService) showQuotas(r *request) (any, error) {
	resources := []any{}
	for _, q := range []struct {
		name, kind string
		used       int
	}{
		{"vpc", "vpc", v.vpcs.count(r.project.ID)},
		{"subnet", "subnet", v.subnets.count(r.project.ID)},
		{"securityGroup", "security_group", v.groups.count(r.project.ID)},
		{"publicIp", "eip", v.eip.eips.count(r.project.ID)},
		{"shareBandwidth", "shared_bandwidth", len(v.eip.sharedOf(r.project.ID))},
	} {
		if matches(r.query.Get("type"), q.name) {
			resources = append(resources, map[string]any{"type": q.name, "used": q.used, "quota": v.config.Quotas[q.kind], "min": 0})
		}
	}
	return map[string]any{"quotas": map[string]any{"resources": resources}}, nil
}
