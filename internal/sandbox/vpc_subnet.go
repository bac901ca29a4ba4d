package sandbox

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// subnet is a range of a VPC's addresses. Its id is also that of its network; the IPv4 subnet in it has another.
type subnet struct {
	meta
	Name              string            `json:"name"`
	Description       string            `json:"description"`
	Cidr              string            `json:"cidr"`
	GatewayIP         string            `json:"gateway_ip"`
	VpcID             string            `json:"vpc_id"`
	AvailabilityZone  string            `json:"availability_zone"`
	DhcpEnable        bool              `json:"dhcp_enable"`
	DNSList           []string          `json:"dnsList"` // the first two are the primary and the secondary
	ExtraDhcpOpts     []dhcpOption      `json:"extra_dhcp_opts"`
	NeutronSubnetID   string            `json:"neutron_subnet_id"`
	CidrV6            string            `json:"cidr_v6,omitempty"`
	GatewayIPV6       string            `json:"gateway_ip_v6,omitempty"`
	NeutronSubnetIDV6 string            `json:"neutron_subnet_id_v6,omitempty"`
	Status            string            `json:"status"` // ACTIVE, UNKNOWN, ERROR
	Tags              map[string]string `json:"tags"`
	UsageMetrics      bool              `json:"enable_network_address_usage_metrics"`
}

// dhcpOption is named ntp or addresstime; a request removes one with a null value.
type dhcpOption struct {
	Name  string  `json:"opt_name"`
	Value *string `json:"opt_value"`
}

func (v *vpcService) subnetRoutes() []route {
	return slices.Concat([]route{
		{"POST /v1/{project_id}/subnets", 200, v.createSubnet},
		{"GET /v1/{project_id}/subnets", 200, v.listSubnets},
		{"GET /v1/{project_id}/subnets/{id}", 200, v.showSubnet},
		{"PUT /v1/{project_id}/vpcs/{vpc_id}/subnets/{id}", 200, v.updateSubnet},
		{"DELETE /v1/{project_id}/vpcs/{vpc_id}/subnets/{id}", 204, v.deleteSubnet},
		{"GET /v3/{project_id}/vpc/virsubnets", 200, v.listSubnets3},
		{"GET /v3/{project_id}/vpc/virsubnets/{id}", 200, v.showSubnet3},
	}, tagged[subnet]{
		table:   v.subnets,
		path:    "/v2.0/{project_id}/subnets",
		tags:    func(n *subnet) *map[string]string { return &n.Tags },
		name:    func(n *subnet) string { return n.Name },
		missing: noSubnet,
		code:    "VPC.1801",
	}.routes())
}

func (n *subnet) prefix() netip.Prefix { return netip.MustParsePrefix(n.Cidr) }

// subnetsOf are the subnets of a VPC.
func (v *vpcService) subnetsOf(vpcID string) []*subnet {
	return v.subnets.where("", func(n *subnet) bool { return n.VpcID == vpcID })
}

func noSubnet(id string) error {
	return refuse(http.StatusNotFound, "VPC.0202", "Query resource by id %s fail.the subnet could not be found.", id)
}

func badSubnet(format string, args ...any) error {
	return refuse(http.StatusBadRequest, "VPC.0201", format, args...)
}

// dns is the server at a place of the list, "" if the list is shorter.
func (n *subnet) dns(place int) string {
	if place < len(n.DNSList) {
		return n.DNSList[place]
	}
	return ""
}

// view1 shows a subnet as v1 does; tags are not in it.
func (v *vpcService) subnetView1(n *subnet) map[string]any {
	out := map[string]any{
		"id":                                   n.ID,
		"name":                                 n.Name,
		"description":                          n.Description,
		"cidr":                                 n.Cidr,
		"gateway_ip":                           n.GatewayIP,
		"ipv6_enable":                          n.CidrV6 != "",
		"dhcp_enable":                          n.DhcpEnable,
		"primary_dns":                          n.dns(0),
		"secondary_dns":                        n.dns(1),
		"dnsList":                              append([]string{}, n.DNSList...),
		"availability_zone":                    n.AvailabilityZone,
		"vpc_id":                               n.VpcID,
		"status":                               n.Status,
		"neutron_network_id":                   n.ID,
		"neutron_subnet_id":                    n.NeutronSubnetID,
		"extra_dhcp_opts":                      append([]dhcpOption{}, n.ExtraDhcpOpts...),
		"scope":                                "center",
		"tenant_id":                            n.ProjectID,
		"created_at":                           n.CreatedAt.Format(vpcTime),
		"updated_at":                           n.UpdatedAt.Format(vpcTime),
		"enable_network_address_usage_metrics": n.UsageMetrics,
		"available_ip_address_count":           v.freeAddresses(n),
	}
	if n.CidrV6 != "" {
		out["cidr_v6"], out["gateway_ip_v6"], out["neutron_subnet_id_v6"] = n.CidrV6, n.GatewayIPV6, n.NeutronSubnetIDV6
	}
	return out
}

// dhcpCode are v3's names of v1's options.
var dhcpCode = map[string]string{"ntp": "42", "addresstime": "51"}

// subnetView3 shows a subnet as v3 does, where it is called a virsubnet.
func subnetView3(n *subnet) any {
	cidrs := []any{map[string]any{"id": n.NeutronSubnetID, "ip_version": "4", "cidr": n.Cidr, "gateway_ip": n.GatewayIP, "enable_dhcp": n.DhcpEnable}}
	if n.CidrV6 != "" {
		cidrs = append(cidrs, map[string]any{"id": n.NeutronSubnetIDV6, "ip_version": "6", "cidr": n.CidrV6, "gateway_ip": n.GatewayIPV6, "enable_dhcp": n.DhcpEnable})
	}
	options := []any{}
	for _, o := range n.ExtraDhcpOpts {
		options = append(options, map[string]any{"opt_name": dhcpCode[o.Name], "opt_value": o.Value, "ip_version": 4})
	}
	return map[string]any{
		"id":              n.ID,
		"name":            n.Name,
		"description":     n.Description,
		"dns_nameservers": append([]string{}, n.DNSList...),
		"zone_id":         n.AvailabilityZone,
		"vpc_id":          n.VpcID,
		"status":          n.Status,
		"project_id":      n.ProjectID,
		"scope":           "center",
		"subnet_cidrs":    cidrs,
		"tags":            tagList(n.Tags),
		"extra_dhcp_opts": options,
		"created_at":      n.CreatedAt.Format(vpcTime),
		"updated_at":      n.UpdatedAt.Format(vpcTime),
	}
}

// subnetInput is what create and update say of a subnet.
type subnetInput struct {
	Subnet struct {
		Name             string       `json:"name"`
		Description      *string      `json:"description"`
		Cidr             string       `json:"cidr"`
		GatewayIP        string       `json:"gateway_ip"`
		VpcID            string       `json:"vpc_id"`
		AvailabilityZone string       `json:"availability_zone"`
		Ipv6Enable       *bool        `json:"ipv6_enable"`
		DhcpEnable       *looseBool   `json:"dhcp_enable"`
		PrimaryDNS       *string      `json:"primary_dns"`
		SecondaryDNS     *string      `json:"secondary_dns"`
		DNSList          *[]string    `json:"dnsList"`
		ExtraDhcpOpts    []dhcpOption `json:"extra_dhcp_opts"`
		Tags             []string     `json:"tags"`
		UsageMetrics     *bool        `json:"enable_network_address_usage_metrics"`
	} `json:"subnet"`
}

// looseBool reads a boolean that may be written as a string, as the older documents do.
type looseBool bool

// UnmarshalJSON accepts true and "true".
func (b *looseBool) UnmarshalJSON(text []byte) error {
	v, err := strconv.ParseBool(strings.Trim(string(text), `"`))
	*b = looseBool(v)
	return err
}

func (v *vpcService) createSubnet(r *request) (any, error) {
	var in subnetInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	project, asked := r.project.ID, &in.Subnet
	n := &subnet{
		VpcID:            asked.VpcID,
		Cidr:             asked.Cidr,
		GatewayIP:        asked.GatewayIP,
		AvailabilityZone: asked.AvailabilityZone,
		DhcpEnable:       true,
		NeutronSubnetID:  v.ids.uuid(),
		Status:           "ACTIVE",
	}
	parent := v.vpcs.get(project, n.VpcID)
	if parent == nil {
		return nil, refuse(http.StatusNotFound, "VPC.0003", "VPC does not exist.")
	}
	if err := v.checkRange(parent, n); err != nil {
		return nil, err
	}
	if n.AvailabilityZone != "" && !slices.Contains(regions[r.project.Region].Zones, n.AvailabilityZone) {
		return nil, refuse(http.StatusBadRequest, "VPC.0002", "Available zone Name is invalid.")
	}
	if err := v.applySubnet(n, &in); err != nil {
		return nil, err
	}
	var err error
	if n.Tags, err = newTags(starTags(asked.Tags)); err != nil {
		return nil, err
	}
	if v.subnets.full(project, 1) {
		return nil, refuse(http.StatusConflict, "VPC.0202", "Quota exceeded for resources: ['subnet'].")
	}
	v.subnets.add(project, n)
	v.addServicePorts(n)
	out := v.subnetView1(n)
	out["status"] = "UNKNOWN" // the next read says ACTIVE
	return map[string]any{"subnet": out}, nil
}

// checkRange refuses a range that the VPC does not have or that another subnet has, and a gateway outside of it.
func (v *vpcService) checkRange(parent *vpc, n *subnet) error {
	p, ok := parseCidr(n.Cidr)
	if !ok {
		return refuse(http.StatusBadRequest, "VPC.0212", "The subnet cidr is not valid.")
	}
	if !parent.holds(p) {
		return refuse(http.StatusBadRequest, "VPC.0203", "Subnet is not in the range of VPC.")
	}
	for _, other := range v.subnetsOf(parent.ID) {
		if p.Overlaps(other.prefix()) {
			return refuse(http.StatusBadRequest, "VPC.0204", "The subnet has already existed in the VPC, or has been in conflict with the VPC subnet.")
		}
	}
	gateway, err := netip.ParseAddr(n.GatewayIP)
	if err != nil || !p.Contains(gateway) || gateway == p.Addr() || gateway == lastAddr(p) {
		return badSubnet("Gateway ip %s is invalid.", n.GatewayIP)
	}
	return nil
}

// applySubnet takes over what create and update have in common.
func (v *vpcService) applySubnet(n *subnet, in *subnetInput) error {
	asked := &in.Subnet
	if asked.Name == "" || !vpcName.MatchString(asked.Name) {
		return badSubnet("Subnet name is invalid.")
	}
	n.Name = asked.Name
	if asked.Description != nil {
		if !checkDescription(*asked.Description) {
			return badSubnet("Subnet description is invalid.")
		}
		n.Description = *asked.Description
	}
	if asked.DhcpEnable != nil {
		n.DhcpEnable = bool(*asked.DhcpEnable)
	}
	if asked.UsageMetrics != nil {
		n.UsageMetrics = *asked.UsageMetrics
	}
	if err := n.applyDNS(in); err != nil {
		return err
	}
	for _, o := range asked.ExtraDhcpOpts {
		if err := n.applyDHCP(o); err != nil {
			return err
		}
	}
	if asked.Ipv6Enable != nil {
		v.applyIPv6(n, *asked.Ipv6Enable)
	}
	return nil
}

// applyDNS sets the list of servers. The primary and the secondary, if given, must be in a list that is given.
func (n *subnet) applyDNS(in *subnetInput) error {
	asked := &in.Subnet
	first, second := n.dns(0), n.dns(1)
	if asked.PrimaryDNS != nil {
		first = *asked.PrimaryDNS
	}
	if asked.SecondaryDNS != nil {
		second = *asked.SecondaryDNS
	}
	switch {
	case asked.DNSList != nil:
		for _, server := range []*string{asked.PrimaryDNS, asked.SecondaryDNS} {
			if server != nil && *server != "" && !slices.Contains(*asked.DNSList, *server) {
				return badSubnet("dnsList does not contain %s.", *server)
			}
		}
		n.DNSList = slices.Clone(*asked.DNSList)
	case asked.PrimaryDNS != nil || asked.SecondaryDNS != nil:
		n.DNSList = slices.DeleteFunc([]string{first, second}, func(s string) bool { return s == "" })
	}
	for _, server := range n.DNSList {
		if a, err := netip.ParseAddr(server); err != nil || !a.Is4() {
			return badSubnet("Dns %s is invalid.", server)
		}
	}
	return nil
}

// applyDHCP sets one option, or removes it if its value is null.
func (n *subnet) applyDHCP(o dhcpOption) error {
	if dhcpCode[o.Name] == "" {
		return badSubnet("extra_dhcp_opts opt_name %s is invalid.", o.Name)
	}
	kept := slices.DeleteFunc(slices.Clone(n.ExtraDhcpOpts), func(x dhcpOption) bool { return x.Name == o.Name })
	if o.Value != nil {
		if o.Name == "ntp" && !validNTP(*o.Value) || o.Name == "addresstime" && !validLease(*o.Value) {
			return badSubnet("extra_dhcp_opts %s %q is invalid.", o.Name, *o.Value)
		}
		kept = append(kept, o)
	}
	n.ExtraDhcpOpts = kept
	return nil
}

// validNTP holds for one to four different IPv4 addresses, separated by commas.
func validNTP(text string) bool {
	servers := strings.Split(text, ",")
	for i, s := range servers {
		if a, err := netip.ParseAddr(s); err != nil || !a.Is4() || slices.Contains(servers[:i], s) {
			return false
		}
	}
	return len(servers) <= 4
}

// validLease holds for -1, which is for ever, and 1h to 30000h.
func validLease(text string) bool {
	hours, ok := strings.CutSuffix(text, "h")
	n, err := strconv.Atoi(hours)
	return text == "-1" || ok && err == nil && n >= 1 && n <= 30000
}

// applyIPv6 gives the subnet a /64, or takes it away.
func (v *vpcService) applyIPv6(n *subnet, enable bool) {
	switch {
	case enable && n.CidrV6 == "":
		for taken := true; taken; {
			n.CidrV6 = fmt.Sprintf("2407:c080:%x:%x::/64", 1+v.ids.number(0xffff), 1+v.ids.number(0xffff))
			taken = v.subnets.first("", func(x *subnet) bool { return x != n && x.CidrV6 == n.CidrV6 }) != nil
		}
		n.GatewayIPV6 = strings.TrimSuffix(n.CidrV6, "/64") + "1"
		n.NeutronSubnetIDV6 = v.ids.uuid()
	case !enable:
		n.CidrV6, n.GatewayIPV6, n.NeutronSubnetIDV6 = "", "", ""
	}
}

func (v *vpcService) showSubnet(r *request) (any, error) {
	n := v.subnets.read(r.project.ID, r.PathValue("id"))
	if n == nil {
		return nil, noSubnet(r.PathValue("id"))
	}
	return map[string]any{"subnet": v.subnetView1(n)}, nil
}

func (v *vpcService) showSubnet3(r *request) (any, error) {
	n := v.subnets.read(r.project.ID, r.PathValue("id"))
	if n == nil {
		return nil, noSubnet(r.PathValue("id"))
	}
	return map[string]any{"virsubnet": subnetView3(n), "request_id": r.id}, nil
}

func (v *vpcService) listSubnets(r *request) (any, error) {
	found := slices.DeleteFunc(v.subnets.list(r.project.ID), func(n *subnet) bool {
		return !matches(r.query.Get("vpc_id"), n.VpcID)
	})
	page, _, err := markerPage(r, found, vpcPage, vpcPage)
	if err != nil {
		return nil, err
	}
	return map[string]any{"subnets": views(page, v.subnetView1)}, nil
}

func (v *vpcService) listSubnets3(r *request) (any, error) {
	found := slices.DeleteFunc(v.subnets.list(r.project.ID), func(n *subnet) bool {
		return !among(r, "id", n.ID) || !among(r, "name", n.Name) || !among(r, "vpc_id", n.VpcID) ||
			!among(r, "zone_id", n.AvailabilityZone) || !among(r, "description", n.Description) ||
			!among(r, "scope", "center") || !matches(r.query.Get("status"), n.Status)
	})
	page, next, err := markerPage(r, found, vpcPage, vpcPage)
	if err != nil {
		return nil, err
	}
	return map[string]any{"virsubnets": views(page, subnetView3), "page_info": pageInfo(page, next), "request_id": r.id}, nil
}

// pathSubnet is the subnet of a path that names its VPC too.
func (v *vpcService) pathSubnet(r *request) (*subnet, error) {
	n := v.subnets.get(r.project.ID, r.PathValue("id"))
	if n == nil {
		return nil, noSubnet(r.PathValue("id"))
	}
	if n.VpcID != r.PathValue("vpc_id") {
		return nil, refuse(http.StatusBadRequest, "VPC.0207", "Subnet does not belong to the VPC.")
	}
	return n, nil
}

func (v *vpcService) updateSubnet(r *request) (any, error) {
	n, err := v.pathSubnet(r)
	if err != nil {
		return nil, err
	}
	var in subnetInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	changed := *n
	if err := v.applySubnet(&changed, &in); err != nil {
		return nil, err
	}
	*n = changed
	v.subnets.touch(n)
	return map[string]any{"subnet": map[string]any{"id": n.ID, "status": n.Status}}, nil
}

func (v *vpcService) deleteSubnet(r *request) (any, error) {
	n, err := v.pathSubnet(r)
	if err != nil {
		return nil, err
	}
	ports := v.portsOf(n.ID)
	for _, p := range ports {
		switch {
		case p.serves():
		case p.DeviceID != "":
			return nil, refuse(http.StatusConflict, "VPC.0209", "Subnet is still used, such as computer, LB.")
		default:
			return nil, refuse(http.StatusConflict, "VPC.0208", "Subnet is used by private IP, can not be deleted.")
		}
	}
	for _, p := range ports {
		v.ports.remove(p.ID)
	}
	v.subnets.remove(n.ID)
	return nil, nil
}

// lastAddr is the broadcast address of a range.
func lastAddr(p netip.Prefix) netip.Addr {
	b := p.Addr().As4()
	for bit := p.Bits(); bit < 32; bit++ {
		b[bit/8] |= 1 << (7 - bit%8)
	}
	return netip.AddrFrom4(b)
}
