package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// eipService has the addresses of the internet. It answers at the network's host, which has its routes. What it sells beside
// them, bandwidths, is in eip_bandwidth.go, and what binds them to instances in eip_bind.go.
type eipService struct {
	*Sandbox
	eips       *table[eip]
	bandwidths *table[bandwidth]
}

// eip is an address of the internet. It has a bandwidth of its own or a part in a shared one.
type eip struct {
	meta
	Type                string            `json:"type"` // the pool that it is from: 5_bgp
	IPVersion           int               `json:"ip_version"`
	PublicIPAddress     string            `json:"public_ip_address"`
	PublicIPv6Address   string            `json:"public_ipv6_address,omitempty"`
	Status              string            `json:"status"` // DOWN, ACTIVE, ELB, VPN; PENDING_CREATE, BINDING, PENDING_UPDATE; ERROR
	Alias               string            `json:"alias"`
	Description         string            `json:"description"`
	BandwidthID         string            `json:"bandwidth_id"`
	InstanceType        string            `json:"associate_instance_type,omitempty"` // PORT, NATGW, ELB, VPN; ELBV1 for a classic ELB
	InstanceID          string            `json:"associate_instance_id,omitempty"`
	ServerID            string            `json:"ecs_id,omitempty"` // the server that it was made with
	CascadeDelete       bool              `json:"cascade_delete_by_instance"`
	EnterpriseProjectID string            `json:"enterprise_project_id"`
	Tags                map[string]string `json:"tags"`
}

// eipPools are what can be bought, with the type of the bandwidth that comes with it.
var eipPools = map[string]string{"5_bgp": "bgp", "5_sbgp": "sbgp"}

const (
	eipTime1 = "2006-01-02 15:04:05"
	eipTime3 = "2006-01-02T15:04:05Z"
	eipPage  = 2000
)

func newEIP(s *Sandbox) *eipService {
	v := &eipService{Sandbox: s, eips: newTable[eip](s, "eip"), bandwidths: newTable[bandwidth](s, "bandwidth")}
	v.eips.removed = func(o *eip) {
		v.dns.forgetAddress(o.ID)
		if b := v.bandwidths.get("", o.BandwidthID); b != nil && b.ShareType == dedicated {
			v.bandwidths.remove(b.ID)
		}
	}
	s.onJob("settlePublicip", v.settle)
	return v
}

func (v *eipService) routes() []route {
	const path1, path3 = "/v1/{project_id}/publicips", "/v3/{project_id}/eip/publicips"
	return slices.Concat([]route{
		{"POST " + path1, 200, v.create},
		{"GET " + path1, 200, v.list},
		{"GET " + path1 + "/{id}", 200, v.show},
		{"PUT " + path1 + "/{id}", 200, v.update},
		{"DELETE " + path1 + "/{id}", 204, v.remove},
		{"GET " + path3, 200, v.list3},
		{"GET " + path3 + "/{id}", 200, v.show3},
		{"PUT " + path3 + "/{id}", 200, v.update3},
		{"POST " + path3 + "/{id}/associate-instance", 200, v.associate},
		{"POST " + path3 + "/{id}/disassociate-instance", 200, v.disassociate},
		{"POST " + path3 + "/{id}/attach-share-bandwidth", 200, v.attachBandwidth},
		{"POST " + path3 + "/{id}/detach-share-bandwidth", 200, v.detachBandwidth},
	}, v.bandwidthRoutes(), tagged[eip]{
		table:   v.eips,
		path:    "/v2.0/{project_id}/publicips",
		tags:    func(o *eip) *map[string]string { return &o.Tags },
		name:    func(o *eip) string { return o.PublicIPAddress },
		missing: noEIP,
		code:    "VPC.1801",
	}.routes())
}

func noEIP(id string) error {
	return refuse(http.StatusNotFound, "VPC.0504", "Floating IP %s could not be found.", id)
}

func badEIP(format string, args ...any) error {
	return refuse(http.StatusBadRequest, "VPC.0501", format, args...)
}

// turn begins a change of an address: it is in one status until the change is done.
func (v *eipService) turn(o *eip, now, then string) {
	o.Status = now
	v.eips.touch(o)
	v.startJob(o.ProjectID, "settlePublicip", map[string]any{"id": o.ID, "status": then})
}

func (v *eipService) settle(j *job) error {
	o := v.eips.get("", j.text("id"))
	switch {
	case o == nil:
	case j.Fail != nil:
		o.Status = "ERROR"
	default:
		o.Status = j.text("status")
	}
	return nil
}

// view1 shows an address as v1 does.
func (v *eipService) view1(o *eip) map[string]any {
	b := v.bandwidthOf(o)
	out := map[string]any{
		"id":                          o.ID,
		"type":                        o.Type,
		"status":                      o.Status,
		"alias":                       o.Alias,
		"tenant_id":                   o.ProjectID,
		"ip_version":                  o.IPVersion,
		"public_ip_address":           o.PublicIPAddress,
		"bandwidth_id":                b.ID,
		"bandwidth_name":              b.Name,
		"bandwidth_size":              b.Size,
		"bandwidth_share_type":        b.ShareType,
		"enterprise_project_id":       o.EnterpriseProjectID,
		"create_time":                 o.CreatedAt.Format(eipTime1),
		"profile":                     map[string]any{},
		"tags":                        equalTags(o.Tags),
		"public_border_group":         "center",
		"allow_share_bandwidth_types": []string{"share"},
	}
	if o.PublicIPv6Address != "" {
		out["public_ipv6_address"] = o.PublicIPv6Address
	}
	if p := v.portOf(o); p != nil {
		out["port_id"], out["private_ip_address"] = p.ID, p.ip()
	}
	return out
}

// equalTags are tags as the reads of addresses have them: key=value.
func equalTags(tags map[string]string) []string {
	texts := []string{}
	for _, t := range tagList(tags) {
		texts = append(texts, t.Key+"="+t.Value)
	}
	return texts
}

// unasked are the fields that v3 shows only when they are asked for.
var unasked = []string{"network_type", "tags", "cascade_delete_by_instance"}

// view3 shows an address as v3 does, with the fields that are asked for.
func (v *eipService) view3(r *request) func(*eip) map[string]any {
	fields := r.query["fields"]
	return func(o *eip) map[string]any {
		b := v.bandwidthOf(o)
		profile := map[string]any{"standalone": o.ServerID == "", "notify_status": "NOTIFYED", "create_time": o.CreatedAt.Format(eipTime1)}
		if o.ServerID != "" {
			profile["create_source"], profile["ecs_id"] = "ecs", o.ServerID
		}
		out := map[string]any{
			"id":                  o.ID,
			"project_id":          o.ProjectID,
			"type":                "EIP",
			"ip_version":          o.IPVersion,
			"public_ip_address":   o.PublicIPAddress,
			"public_ipv6_address": orNull(o.PublicIPv6Address),
			"network_type":        o.Type,
			"status":              o.Status,
			"alias":               o.Alias,
			"description":         o.Description,
			"bandwidth": map[string]any{
				"id": b.ID, "name": b.Name, "size": b.Size, "share_type": b.ShareType, "charge_mode": b.ChargeMode, "billing_info": "",
			},
			"vnic":                        v.vnic(o),
			"associate_instance_type":     orNull(o.InstanceType),
			"associate_instance_id":       orNull(o.InstanceID),
			"lock_status":                 nil,
			"billing_info":                nil,
			"enterprise_project_id":       o.EnterpriseProjectID,
			"publicip_pool_id":            poolID(o.Type),
			"publicip_pool_name":          o.Type,
			"public_border_group":         "center",
			"allow_share_bandwidth_types": []string{"share"},
			"profile":                     profile,
			"tags":                        equalTags(o.Tags),
			"cascade_delete_by_instance":  o.CascadeDelete,
			"created_at":                  o.CreatedAt.Format(eipTime3),
			"updated_at":                  o.UpdatedAt.Format(eipTime3),
		}
		maps.DeleteFunc(out, func(name string, _ any) bool {
			if len(fields) > 0 {
				return !slices.Contains(fields, name)
			}
			return slices.Contains(unasked, name)
		})
		return out
	}
}

// answer3 shows an address as the answers to writes of v3 do.
func (v *eipService) answer3(r *request, o *eip) any {
	out := v.view3(r)(o)
	for _, name := range []string{"profile", "allow_share_bandwidth_types"} {
		delete(out, name)
	}
	return map[string]any{"publicip": out, "request_id": r.id}
}

// poolID is the network of a pool.
func poolID(pool string) string {
	return fmt.Sprintf("0e0d80c0-0000-4000-8000-%012x", 1+slices.Index(slices.Sorted(maps.Keys(eipPools)), pool))
}

// vnic is what v3 says of the port that an address is bound to; null when it is none.
func (v *eipService) vnic(o *eip) any {
	p := v.portOf(o)
	if p == nil {
		return nil
	}
	vpc := ""
	if n := v.vpc.subnets.get("", p.NetworkID); n != nil {
		vpc = n.VpcID
	}
	return map[string]any{
		"private_ip_address": p.ip(), "device_id": p.DeviceID, "device_owner": p.DeviceOwner, "vpc_id": vpc, "port_id": p.ID, "mac": p.MacAddress,
		"instance_id": "", "instance_type": "", "port_profile": "", "vtep": nil, "vni": nil,
	}
}

func (v *eipService) create(r *request) (any, error) {
	var in struct {
		PublicIP struct {
			Type      string  `json:"type"`
			IPVersion int     `json:"ip_version"`
			Alias     *string `json:"alias"`
			IPAddress string  `json:"ip_address"`
			PortID    string  `json:"port_id"`
		} `json:"publicip"`
		Bandwidth           bandwidthInput `json:"bandwidth"`
		EnterpriseProjectID string         `json:"enterprise_project_id"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	o := &eip{
		Type: in.PublicIP.Type, IPVersion: in.PublicIP.IPVersion, PublicIPAddress: in.PublicIP.IPAddress,
		EnterpriseProjectID: in.EnterpriseProjectID,
	}
	if in.PublicIP.Alias != nil {
		if err := o.rename(*in.PublicIP.Alias); err != nil {
			return nil, err
		}
	}
	var p *port
	if in.PublicIP.PortID != "" {
		var err error
		if p, err = v.freePort(r, in.PublicIP.PortID); err != nil {
			return nil, err
		}
	}
	if err := v.check(r.project.ID, o, &in.Bandwidth, 1); err != nil {
		return nil, err
	}
	v.add(r.project.ID, o, &in.Bandwidth)
	if p != nil {
		o.InstanceType, o.InstanceID = "PORT", p.ID
	}
	v.turn(o, "PENDING_CREATE", o.rest())
	out := v.view1(o)
	for _, name := range []string{
		"bandwidth_id", "bandwidth_name", "bandwidth_share_type", "port_id", "private_ip_address", "profile", "tags", "public_border_group", "allow_share_bandwidth_types",
	} {
		delete(out, name)
	}
	out["bandwidth_size"] = 0 // it is told later
	return map[string]any{"publicip": out}, nil
}

// check refuses what cannot be made, n times, and completes what can.
func (v *eipService) check(project string, o *eip, b *bandwidthInput, n int) error {
	if o.IPVersion == 0 {
		o.IPVersion = 4
	}
	if o.EnterpriseProjectID == "" {
		o.EnterpriseProjectID = "0"
	}
	switch {
	case eipPools[o.Type] == "":
		return badEIP("publicip type %s is invalid.", o.Type)
	case o.IPVersion != 4 && o.IPVersion != 6:
		return badEIP("ip_version is invalid.")
	case o.PublicIPAddress != "" && !strings.HasPrefix(o.PublicIPAddress, addressRange) || o.PublicIPAddress == addressRange:
		return badEIP("ip_address %s is not in the pool.", o.PublicIPAddress)
	case o.PublicIPAddress != "" && v.addressInUse(o.PublicIPAddress):
		return refuse(http.StatusConflict, "VPC.0519", "ip_address %s is in use.", o.PublicIPAddress)
	case v.eips.full(project, n):
		return refuse(http.StatusConflict, "VPC.0521", "Quota exceeded for resources: ['publicIp'].")
	case v.eips.count("")+n > addresses:
		return refuse(http.StatusConflict, "VPC.0532", "No more IP addresses available on network.")
	}
	return v.checkBandwidth(project, b, n)
}

// add makes what was checked.
func (v *eipService) add(project string, o *eip, b *bandwidthInput) {
	for o.PublicIPAddress == "" {
		if address := addressRange + fmt.Sprint(1+v.ids.number(addresses)); !v.addressInUse(address) {
			o.PublicIPAddress = address
		}
	}
	if o.IPVersion == 6 {
		o.PublicIPv6Address = sixOf(o.PublicIPAddress)
	}
	o.Tags = map[string]string{}
	o.BandwidthID = b.ID
	if b.ShareType == dedicated {
		o.BandwidthID = v.addBandwidth(project, o, b).ID
	}
	v.eips.add(project, o)
}

// addressRange is a range that is for documents, and how many addresses it has.
const (
	addressRange = "203.0.113."
	addresses    = 254
)

// sixOf is the address of IPv6 that stands for one of IPv4.
func sixOf(four string) string { return "2001:db8::" + strings.TrimPrefix(four, addressRange) }

func (v *eipService) addressInUse(address string) bool {
	return v.eips.first("", func(o *eip) bool { return o.PublicIPAddress == address }) != nil
}

// rename gives an address its alias; "" takes it away.
func (o *eip) rename(alias string) error {
	if !vpcName.MatchString(alias) {
		return badEIP("alias is invalid.")
	}
	o.Alias = alias
	return nil
}

func (v *eipService) show(r *request) (any, error) {
	o := v.eips.read(r.project.ID, r.PathValue("id"))
	if o == nil {
		return nil, noEIP(r.PathValue("id"))
	}
	return map[string]any{"publicip": v.view1(o)}, nil
}

func (v *eipService) show3(r *request) (any, error) {
	o := v.eips.read(r.project.ID, r.PathValue("id"))
	if o == nil {
		return nil, noEIP(r.PathValue("id"))
	}
	return map[string]any{"publicip": v.view3(r)(o), "request_id": r.id}, nil
}

func (v *eipService) list(r *request) (any, error) {
	found := slices.DeleteFunc(v.eips.list(r.project.ID), func(o *eip) bool {
		port, private := "", ""
		if p := v.portOf(o); p != nil {
			port, private = p.ID, p.ip()
		}
		return !among(r, "id", o.ID) || !among(r, "port_id", port) || !among(r, "public_ip_address", o.PublicIPAddress) ||
			!among(r, "private_ip_address", private) || !matches(r.query.Get("ip_version"), fmt.Sprint(o.IPVersion)) ||
			!ofEnterprise(r, o.EnterpriseProjectID)
	})
	page, _, err := markerPage(r, found, eipPage, eipPage)
	if err != nil {
		return nil, err
	}
	return map[string]any{"publicips": views(page, v.view1)}, nil
}

func (v *eipService) list3(r *request) (any, error) {
	found := slices.DeleteFunc(v.eips.list(r.project.ID), func(o *eip) bool {
		b, port := v.bandwidthOf(o), &port{}
		if p := v.portOf(o); p != nil {
			port = p
		}
		for name, value := range map[string]string{
			"id": o.ID, "ip_version": fmt.Sprint(o.IPVersion), "public_ip_address": o.PublicIPAddress, "public_ipv6_address": o.PublicIPv6Address,
			"type": "EIP", "network_type": o.Type, "publicip_pool_name": o.Type, "status": o.Status, "alias": o.Alias, "description": o.Description,
			"vnic.private_ip_address": port.ip(), "vnic.port_id": port.ID, "vnic.device_id": port.DeviceID, "vnic.device_owner": port.DeviceOwner,
			"bandwidth.id": b.ID, "bandwidth.name": b.Name, "bandwidth.size": fmt.Sprint(b.Size), "bandwidth.share_type": b.ShareType,
			"bandwidth.charge_mode": b.ChargeMode, "associate_instance_type": o.InstanceType, "associate_instance_id": o.InstanceID,
			"enterprise_project_id": o.EnterpriseProjectID, "public_border_group": "center",
		} {
			if !among(r, name, value) {
				return true
			}
		}
		return false
	})
	total := len(found)
	page, next, err := markerPage(r, found, eipPage, eipPage)
	if err != nil {
		return nil, err
	}
	return map[string]any{"publicips": views(page, v.view3(r)), "page_info": pageInfo(page, next), "total_count": total, "request_id": r.id}, nil
}

// update renames an address, or changes its version, or else binds or unbinds it.
func (v *eipService) update(r *request) (any, error) {
	o := v.eips.get(r.project.ID, r.PathValue("id"))
	if o == nil {
		return nil, noEIP(r.PathValue("id"))
	}
	var in struct {
		PublicIP struct {
			PortID    string  `json:"port_id"`
			IPVersion *int    `json:"ip_version"`
			Alias     *string `json:"alias"`
		} `json:"publicip"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	asked, err := in.PublicIP, error(nil)
	switch {
	case asked.Alias != nil:
		err = o.rename(*asked.Alias)
	case asked.IPVersion != nil && asked.PortID != "":
		err = badEIP("port_id and ip_version exclude each other.")
	case asked.IPVersion != nil:
		err = o.convert(*asked.IPVersion)
	case asked.PortID != "":
		err = v.bind(r, o, "PORT", asked.PortID)
	default:
		err = v.unbind(o)
	}
	if err != nil {
		return nil, err
	}
	v.eips.touch(o)
	out := v.view1(o)
	for _, name := range []string{"tags", "public_border_group", "allow_share_bandwidth_types"} {
		delete(out, name)
	}
	return map[string]any{"publicip": out}, nil
}

// convert gives an address one of IPv6, or takes it away.
func (o *eip) convert(version int) error {
	switch version {
	case 4:
		o.PublicIPv6Address = ""
	case 6:
		o.PublicIPv6Address = sixOf(o.PublicIPAddress)
	default:
		return badEIP("ip_version is invalid.")
	}
	o.IPVersion = version
	return nil
}

func (v *eipService) update3(r *request) (any, error) {
	o := v.eips.get(r.project.ID, r.PathValue("id"))
	if o == nil {
		return nil, noEIP(r.PathValue("id"))
	}
	var in struct {
		PublicIP struct {
			Alias        *string         `json:"alias"`
			Description  *string         `json:"description"`
			InstanceType json.RawMessage `json:"associate_instance_type"`
			InstanceID   string          `json:"associate_instance_id"`
		} `json:"publicip"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	asked, changed := in.PublicIP, *o
	if asked.Alias != nil {
		if err := changed.rename(*asked.Alias); err != nil {
			return nil, err
		}
	}
	if asked.Description != nil {
		if changed.Description = *asked.Description; utf8.RuneCountInString(changed.Description) > 256 || strings.ContainsAny(changed.Description, "<>") {
			return nil, refuse(http.StatusBadRequest, "EIP.7901", "description is invalid.")
		}
	}
	var err error
	switch kind := strings.Trim(string(asked.InstanceType), `"`); kind {
	case "":
	case "null":
		err = v.unbind(&changed)
	default:
		err = v.bind(r, &changed, kind, asked.InstanceID)
	}
	if err != nil {
		return nil, err
	}
	*o = changed
	v.eips.touch(o)
	return v.answer3(r, o), nil
}

func (v *eipService) remove(r *request) (any, error) {
	o := v.eips.get(r.project.ID, r.PathValue("id"))
	if o == nil {
		return nil, noEIP(r.PathValue("id"))
	}
	if o.InstanceID != "" {
		return nil, refuse(http.StatusConflict, "VPC.0517", "Floatingip has associated with port, please disassociate it firstly.")
	}
	v.eips.remove(o.ID)
	return nil, nil
}
