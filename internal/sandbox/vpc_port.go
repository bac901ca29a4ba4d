package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// port is an address of a subnet in use, or kept for use. A private IP is a port seen through another API.
type port struct {
	meta
	Name                string            `json:"name"`
	NetworkID           string            `json:"network_id"` // the subnet's id
	FixedIPs            []fixedIP         `json:"fixed_ips"`
	MacAddress          string            `json:"mac_address"`
	DeviceID            string            `json:"device_id"`    // the server, "" if it is not attached
	DeviceOwner         string            `json:"device_owner"` // compute:cn-north-4a, network:dhcp, neutron:VIP_PORT, ""
	Status              string            `json:"status"`       // ACTIVE, DOWN
	SecurityGroups      []string          `json:"security_groups"`
	AllowedAddressPairs []addressPair     `json:"allowed_address_pairs"`
	ExtraDhcpOpts       []dhcpOption      `json:"extra_dhcp_opts"`
	Tags                map[string]string `json:"tags"`
}

type fixedIP struct {
	SubnetID  string `json:"subnet_id,omitempty"` // the neutron_subnet_id
	IPAddress string `json:"ip_address,omitempty"`
}

type addressPair struct {
	IPAddress  string `json:"ip_address"`
	MacAddress string `json:"mac_address,omitempty"`
}

const (
	ownerDHCP    = "network:dhcp"
	ownerGateway = "network:router_interface_distributed"
	ownerVIP     = "neutron:VIP_PORT"
)

// serves holds for the ports that a subnet itself needs.
func (p *port) serves() bool { return p.DeviceOwner == ownerDHCP || p.DeviceOwner == ownerGateway }

// ip is the port's IPv4 address.
func (p *port) ip() string {
	if len(p.FixedIPs) == 0 {
		return ""
	}
	return p.FixedIPs[0].IPAddress
}

func (v *vpcService) portRoutes() []route {
	return []route{
		{"POST /v1/{project_id}/ports", 201, v.createPort},
		{"GET /v1/{project_id}/ports", 200, v.listPorts},
		{"GET /v1/{project_id}/ports/{id}", 200, v.showPort},
		{"PUT /v1/{project_id}/ports/{id}", 200, v.updatePort},
		{"DELETE /v1/{project_id}/ports/{id}", 204, v.deletePort},
		{"GET /v3/{project_id}/ports", 200, v.listPorts3},
		{"GET /v3/{project_id}/ports/{id}", 200, v.showPort3},
		{"POST /v3/{project_id}/ports/{id}/tags/create", 204, v.tagPort},
		{"POST /v3/{project_id}/ports/{id}/tags/delete", 204, v.untagPort},
		{"POST /v1/{project_id}/privateips", 200, v.createPrivateIPs},
		{"GET /v1/{project_id}/privateips/{id}", 200, v.showPrivateIP},
		{"GET /v1/{project_id}/subnets/{id}/privateips", 200, v.listPrivateIPs},
		{"DELETE /v1/{project_id}/privateips/{id}", 204, v.deletePort},
	}
}

// portsOf are the ports of a subnet.
func (v *vpcService) portsOf(network string) []*port {
	return v.ports.where("", func(p *port) bool { return p.NetworkID == network })
}

// portsOfDevice are the ports of a server, in the order in which it got them.
func (v *vpcService) portsOfDevice(id string) []*port {
	return v.ports.where("", func(p *port) bool { return p.DeviceID == id })
}

// allocatePort makes a port for a server, or for whoever else needs an address. What p leaves out is chosen: the
// address (FixedIPs[0].IPAddress; set it to ask for one), the security groups (the project's default one). It refuses
// with 404 a subnet or group that does not exist, with 400 an address outside of the subnet, with 409 one in use.
func (v *vpcService) allocatePort(project string, p *port) (*port, error) {
	n := v.subnets.get(project, p.NetworkID)
	if n == nil {
		return nil, noSubnet(p.NetworkID)
	}
	if p.SecurityGroups == nil {
		p.SecurityGroups = []string{v.defaultGroup(project).ID}
	}
	if err := v.checkGroups(project, p.SecurityGroups); err != nil {
		return nil, err
	}
	if v.ports.full(project, 1) {
		return nil, refuse(http.StatusConflict, "VPC.2511", "Quota exceeded for resources: ['port'].")
	}
	address, err := v.chooseAddress(n, p.ip())
	if err != nil {
		return nil, err
	}
	p.FixedIPs = []fixedIP{{SubnetID: n.NeutronSubnetID, IPAddress: address}}
	v.setMac(p)
	p.Status = "DOWN"
	if p.DeviceID != "" {
		p.Status = "ACTIVE"
	}
	return v.ports.add(project, p), nil
}

// releasePort takes a port away, whoever uses it.
func (v *vpcService) releasePort(id string) { v.ports.remove(id) }

func (v *vpcService) setMac(p *port) {
	n := v.ids.number(1 << 24)
	p.MacAddress = fmt.Sprintf("fa:16:3e:%02x:%02x:%02x", n>>16, n>>8&0xff, n&0xff)
}

// addServicePorts makes a new subnet's own ports: the gateway's, and DHCP's at the end of the range.
func (v *vpcService) addServicePorts(n *subnet) {
	dhcp := lastAddr(n.prefix()).Prev()
	if dhcp.String() == n.GatewayIP {
		dhcp = dhcp.Prev()
	}
	for _, p := range []*port{
		{DeviceOwner: ownerGateway, FixedIPs: []fixedIP{{IPAddress: n.GatewayIP}}},
		{DeviceOwner: ownerDHCP, FixedIPs: []fixedIP{{IPAddress: dhcp.String()}}},
	} {
		p.NetworkID, p.FixedIPs[0].SubnetID, p.Status = n.ID, n.NeutronSubnetID, "ACTIVE"
		v.setMac(p)
		v.ports.add(n.ProjectID, p)
	}
}

// usedAddresses are those of a subnet's ports, and the ones that no port can have: the network's, the broadcast
// address, and the third from the end, which the cloud keeps for itself.
func (v *vpcService) usedAddresses(n *subnet) map[netip.Addr]bool {
	p := n.prefix()
	used := map[netip.Addr]bool{p.Addr(): true, lastAddr(p): true, lastAddr(p).Prev().Prev(): true}
	for _, x := range v.portsOf(n.ID) {
		if a, err := netip.ParseAddr(x.ip()); err == nil {
			used[a] = true
		}
	}
	return used
}

func (v *vpcService) freeAddresses(n *subnet) int {
	return 1<<(32-n.prefix().Bits()) - len(v.usedAddresses(n))
}

// chooseAddress is the address that is asked for, or the first free one if that is "".
func (v *vpcService) chooseAddress(n *subnet, asked string) (string, error) {
	p, used := n.prefix(), v.usedAddresses(n)
	if asked != "" {
		a, err := netip.ParseAddr(asked)
		switch {
		case err != nil || !p.Contains(a):
			return "", refuse(http.StatusBadRequest, "VPC.2500", "IP address %s is not a valid IP for the specified subnet.", asked)
		case used[a]:
			return "", refuse(http.StatusConflict, "VPC.0701", "IP %s is in use.", asked)
		}
		return a.String(), nil
	}
	for a := p.Addr(); p.Contains(a); a = a.Next() {
		if !used[a] {
			return a.String(), nil
		}
	}
	return "", refuse(http.StatusConflict, "VPC.2500", "No more IP addresses available on network %s.", n.ID)
}

// addIPv6 gives a port the first free address of its subnet's IPv6 range beside its IPv4 address.
func (v *vpcService) addIPv6(n *subnet, p *port) {
	used := map[string]bool{n.GatewayIPV6: true}
	for _, other := range v.portsOf(n.ID) {
		for _, f := range other.FixedIPs {
			used[f.IPAddress] = true
		}
	}
	a := netip.MustParsePrefix(n.CidrV6).Addr().Next()
	for used[a.String()] {
		a = a.Next()
	}
	p.FixedIPs = append(p.FixedIPs, fixedIP{SubnetID: n.NeutronSubnetIDV6, IPAddress: a.String()})
}

// ipv6 are the port's IPv6 addresses.
func (p *port) ipv6() []string {
	found := []string{}
	for _, f := range p.FixedIPs[min(1, len(p.FixedIPs)):] {
		found = append(found, f.IPAddress)
	}
	return found
}

func noPort(id string) error {
	return refuse(http.StatusNotFound, "VPC.2500", "Port %s could not be found.", id)
}

func badPort(format string, args ...any) error {
	return refuse(http.StatusBadRequest, "VPC.2500", format, args...)
}

func (p *port) view() any {
	return map[string]any{
		"id":                    p.ID,
		"name":                  p.Name,
		"network_id":            p.NetworkID,
		"admin_state_up":        true,
		"mac_address":           p.MacAddress,
		"fixed_ips":             p.FixedIPs,
		"device_id":             p.DeviceID,
		"device_owner":          p.DeviceOwner,
		"tenant_id":             p.ProjectID,
		"status":                p.Status,
		"security_groups":       append([]string{}, p.SecurityGroups...),
		"allowed_address_pairs": append([]addressPair{}, p.AllowedAddressPairs...),
		"extra_dhcp_opts":       append([]dhcpOption{}, p.ExtraDhcpOpts...),
		"binding:vnic_type":     "normal",
		"binding:vif_details":   map[string]any{},
		"binding:profile":       map[string]any{},
		"dns_assignment":        []any{},
		"dns_name":              "",
		"instance_id":           "",
		"instance_type":         "",
		"port_security_enabled": true,
		"zone_id":               "",
		"enable_efi":            false,
	}
}

// portInput is what create and update say of a port.
type portInput struct {
	Port struct {
		Name                *string        `json:"name"`
		NetworkID           string         `json:"network_id"`
		FixedIPs            []fixedIP      `json:"fixed_ips"`
		DeviceOwner         string         `json:"device_owner"`
		SecurityGroups      *[]string      `json:"security_groups"`
		AdminStateUp        *bool          `json:"admin_state_up"`
		AllowedAddressPairs *[]addressPair `json:"allowed_address_pairs"`
		ExtraDhcpOpts       *[]dhcpOption  `json:"extra_dhcp_opts"`
	} `json:"port"`
}

// applyPort takes over what create and update have in common.
func (v *vpcService) applyPort(p *port, in *portInput) error {
	asked := &in.Port
	if asked.Name != nil {
		if len([]rune(*asked.Name)) > 255 {
			return badPort("Port name is invalid.")
		}
		p.Name = *asked.Name
	}
	if asked.SecurityGroups != nil {
		p.SecurityGroups = *asked.SecurityGroups
	}
	if asked.AllowedAddressPairs != nil {
		for _, pair := range *asked.AllowedAddressPairs {
			_, errAddr := netip.ParseAddr(pair.IPAddress)
			_, errPrefix := netip.ParsePrefix(pair.IPAddress)
			if errAddr != nil && errPrefix != nil || pair.IPAddress == "0.0.0.0/0" {
				return badPort("allowed_address_pairs ip_address %s is invalid.", pair.IPAddress)
			}
		}
		p.AllowedAddressPairs = *asked.AllowedAddressPairs
	}
	if asked.ExtraDhcpOpts != nil {
		p.ExtraDhcpOpts = *asked.ExtraDhcpOpts
	}
	return nil
}

func (v *vpcService) createPort(r *request) (any, error) {
	var in portInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	asked := &in.Port
	n := v.subnets.get(r.project.ID, asked.NetworkID)
	if n == nil {
		return nil, noSubnet(asked.NetworkID)
	}
	switch {
	case asked.DeviceOwner != "" && asked.DeviceOwner != ownerVIP:
		return nil, badPort("device_owner %s is invalid.", asked.DeviceOwner)
	case asked.AdminStateUp != nil && !*asked.AdminStateUp:
		return nil, badPort("admin_state_up is invalid.")
	case len(asked.FixedIPs) > 1:
		return nil, badPort("fixed_ips takes one IPv4 address.")
	case len(asked.FixedIPs) == 1 && !matches(asked.FixedIPs[0].SubnetID, n.NeutronSubnetID):
		return nil, badPort("Subnet %s could not be found on network %s.", asked.FixedIPs[0].SubnetID, n.ID)
	}
	p := &port{NetworkID: n.ID, DeviceOwner: asked.DeviceOwner, FixedIPs: asked.FixedIPs}
	if err := v.applyPort(p, &in); err != nil {
		return nil, err
	}
	if _, err := v.allocatePort(r.project.ID, p); err != nil {
		return nil, err
	}
	return map[string]any{"port": p.view()}, nil
}

func (v *vpcService) showPort(r *request) (any, error) {
	p := v.ports.read(r.project.ID, r.PathValue("id"))
	if p == nil {
		return nil, noPort(r.PathValue("id"))
	}
	return map[string]any{"port": p.view()}, nil
}

func (v *vpcService) listPorts(r *request) (any, error) {
	q := r.query
	found := slices.DeleteFunc(v.ports.list(r.project.ID), func(p *port) bool {
		keep := among(r, "id", p.ID) && matches(q.Get("name"), p.Name) && matches(q.Get("admin_state_up"), "true") &&
			matches(q.Get("network_id"), p.NetworkID) && matches(q.Get("mac_address"), p.MacAddress) &&
			matches(q.Get("device_id"), p.DeviceID) && matches(q.Get("device_owner"), p.DeviceOwner) &&
			matches(q.Get("status"), p.Status)
		if q.Has("security_groups") {
			keep = keep && slices.ContainsFunc(p.SecurityGroups, func(id string) bool { return among(r, "security_groups", id) })
		}
		if q.Has("fixed_ips") {
			keep = keep && slices.ContainsFunc(p.FixedIPs, func(f fixedIP) bool {
				return among(r, "fixed_ips", "ip_address="+f.IPAddress) || among(r, "fixed_ips", "subnet_id="+f.SubnetID)
			})
		}
		return !keep
	})
	page, _, err := markerPage(r, found, vpcPage, vpcPage)
	if err != nil {
		return nil, err
	}
	return map[string]any{"ports": views(page, (*port).view)}, nil
}

func (v *vpcService) updatePort(r *request) (any, error) {
	p := v.ports.get(r.project.ID, r.PathValue("id"))
	if p == nil {
		return nil, noPort(r.PathValue("id"))
	}
	var in portInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	changed := *p
	if err := v.applyPort(&changed, &in); err != nil {
		return nil, err
	}
	if err := v.checkGroups(r.project.ID, changed.SecurityGroups); err != nil {
		return nil, err
	}
	*p = changed
	v.ports.touch(p)
	return map[string]any{"port": p.view()}, nil
}

// view3Port shows a port as v3 does: its subnet and addresses go by other names, and its tags are in it.
func (v *vpcService) view3Port(p *port) any {
	addresses := []any{}
	for _, f := range p.FixedIPs {
		addresses = append(addresses, map[string]any{"subnet_cidr_id": f.SubnetID, "ip_address": f.IPAddress})
	}
	vpc := ""
	if n := v.subnets.get("", p.NetworkID); n != nil {
		vpc = n.VpcID
	}
	out := p.view().(map[string]any)
	for _, name := range []string{"network_id", "fixed_ips", "dns_assignment", "dns_name"} {
		delete(out, name)
	}
	maps.Copy(out, map[string]any{
		"virsubnet_id":           p.NetworkID,
		"private_ips":            addresses,
		"vpc_id":                 vpc,
		"project_id":             p.ProjectID,
		"vpc_tenant_id":          p.ProjectID,
		"description":            "",
		"tags":                   tagList(p.Tags),
		"created_at":             p.CreatedAt.Format(vpcTime),
		"updated_at":             p.UpdatedAt.Format(vpcTime),
		"binding:host_id":        "",
		"binding:vif_type":       "ovs",
		"binding:migration_info": map[string]any{},
		"ecs_flavor":             "",
		"vtep_ip":                "",
		"scope":                  "center",
		"position_type":          "center",
		"instance_info":          map[string]any{},
	})
	return out
}

func (v *vpcService) showPort3(r *request) (any, error) {
	p := v.ports.read(r.project.ID, r.PathValue("id"))
	if p == nil {
		return nil, noPort(r.PathValue("id"))
	}
	return map[string]any{"port": v.view3Port(p), "request_id": r.id}, nil
}

func (v *vpcService) listPorts3(r *request) (any, error) {
	found := slices.DeleteFunc(v.ports.list(r.project.ID), func(p *port) bool {
		keep := among(r, "id", p.ID) && among(r, "name", p.Name) && among(r, "admin_state_up", "true") && among(r, "status", p.Status) &&
			among(r, "virsubnet_id", p.NetworkID) && among(r, "device_id", p.DeviceID) && among(r, "mac_address", p.MacAddress) &&
			among(r, "device_owner", p.DeviceOwner) && strings.HasPrefix(p.DeviceOwner, r.query.Get("device_owner_prefixlike"))
		if n := v.subnets.get("", p.NetworkID); n != nil {
			keep = keep && among(r, "vpc_id", n.VpcID)
		}
		if r.query.Has("security_groups") {
			keep = keep && slices.ContainsFunc(p.SecurityGroups, func(id string) bool { return among(r, "security_groups", id) })
		}
		if r.query.Has("private_ips") {
			keep = keep && slices.ContainsFunc(p.FixedIPs, func(f fixedIP) bool {
				return among(r, "private_ips", "ip_address="+f.IPAddress) || among(r, "private_ips", "subnet_cidr_id="+f.SubnetID)
			})
		}
		return !keep
	})
	page, next, err := markerPage(r, found, vpcPage, vpcPage)
	if err != nil {
		return nil, err
	}
	return map[string]any{"ports": views(page, v.view3Port), "page_info": pageInfo(page, next), "request_id": r.id}, nil
}

// portTag is what keys and values of a port's tags are made of.
var portTag = pattern.New(`^[0-9A-Za-z\p{Han}_.:+=-]*$`)

// portTags reads the tags that a request adds to a port or takes from it.
func (v *vpcService) portTags(r *request) (*port, []tag, error) {
	p := v.ports.get(r.project.ID, r.PathValue("id"))
	if p == nil {
		return nil, nil, noPort(r.PathValue("id"))
	}
	var in struct {
		Tags []tag `json:"tags"`
	}
	if err := r.decode(&in); err != nil {
		return nil, nil, err
	}
	if len(in.Tags) == 0 {
		return nil, nil, refuse(http.StatusBadRequest, "VPC.1801", "Tag can not be null")
	}
	for _, t := range in.Tags {
		if !portTag.MatchString(t.Key) || !portTag.MatchString(t.Value) {
			return nil, nil, refuse(http.StatusBadRequest, "VPC.1801", "Tag %s is invalid", t.Key)
		}
	}
	return p, in.Tags, nil
}

func (v *vpcService) tagPort(r *request) (any, error) {
	p, tags, err := v.portTags(r)
	if err != nil {
		return nil, err
	}
	g := tagged[port]{tags: func(p *port) *map[string]string { return &p.Tags }, code: "VPC.1801", atOnce: tagsPerObject}
	return nil, g.put(p, tags)
}

func (v *vpcService) untagPort(r *request) (any, error) {
	p, tags, err := v.portTags(r)
	if err != nil {
		return nil, err
	}
	for _, t := range tags {
		delete(p.Tags, t.Key)
	}
	return nil, nil
}

// deletePort deletes a port, or the private IP that it is, unless something owns it. A virtual IP owns itself.
func (v *vpcService) deletePort(r *request) (any, error) {
	p := v.ports.get(r.project.ID, r.PathValue("id"))
	if p == nil {
		return nil, noPort(r.PathValue("id"))
	}
	if p.DeviceOwner != "" && p.DeviceOwner != ownerVIP {
		return nil, refuse(http.StatusConflict, "VPC.2500", "Port %s cannot be deleted directly via the port API: has device owner %s.", p.ID, p.DeviceOwner)
	}
	v.ports.remove(p.ID)
	return nil, nil
}

func (p *port) privateIP() any {
	return map[string]any{
		"id":           p.ID,
		"status":       p.Status,
		"subnet_id":    p.NetworkID,
		"tenant_id":    p.ProjectID,
		"device_owner": p.DeviceOwner,
		"ip_address":   p.ip(),
	}
}

// createPrivateIPs makes all of the addresses that are asked for, or none.
func (v *vpcService) createPrivateIPs(r *request) (any, error) {
	var in struct {
		PrivateIPs []struct {
			SubnetID  string `json:"subnet_id"`
			IPAddress string `json:"ip_address"`
		} `json:"privateips"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if len(in.PrivateIPs) == 0 {
		return nil, badPort("privateips is empty.")
	}
	var made []*port
	for _, asked := range in.PrivateIPs {
		p, err := v.allocatePort(r.project.ID, &port{NetworkID: asked.SubnetID, FixedIPs: []fixedIP{{IPAddress: asked.IPAddress}}})
		if err != nil {
			for _, p := range made {
				v.releasePort(p.ID)
			}
			return nil, err
		}
		made = append(made, p)
	}
	return map[string]any{"privateips": views(made, (*port).privateIP)}, nil
}

func (v *vpcService) showPrivateIP(r *request) (any, error) {
	p := v.ports.read(r.project.ID, r.PathValue("id"))
	if p == nil {
		return nil, noPort(r.PathValue("id"))
	}
	return map[string]any{"privateip": p.privateIP()}, nil
}

func (v *vpcService) listPrivateIPs(r *request) (any, error) {
	n := v.subnets.get(r.project.ID, r.PathValue("id"))
	if n == nil {
		return nil, noSubnet(r.PathValue("id"))
	}
	found := slices.DeleteFunc(v.ports.list(r.project.ID), func(p *port) bool { return p.NetworkID != n.ID })
	page, _, err := markerPage(r, found, vpcPage, vpcPage)
	if err != nil {
		return nil, err
	}
	return map[string]any{"privateips": views(page, (*port).privateIP)}, nil
}
