package sandbox

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// netPort is a place on a network that something is plugged into.
type netPort struct {
	netHead
	Name         string         `json:"name"`
	NetworkID    string         `json:"network_id"`
	MAC          string         `json:"mac_address"`
	AdminStateUp bool           `json:"admin_state_up"`
	Status       string         `json:"status"` // ACTIVE, DOWN
	DeviceID     string         `json:"device_id"`
	DeviceOwner  string         `json:"device_owner"`
	FixedIPs     []netFixedIP   `json:"fixed_ips"`
	Groups       []string       `json:"security_groups"`
	PortSecurity bool           `json:"port_security_enabled"`
	Pairs        []netPair      `json:"allowed_address_pairs"`
	DHCPOptions  []netOption    `json:"extra_dhcp_opts"`
	DNSName      string         `json:"dns_name"`
	DNSDomain    string         `json:"dns_domain"`
	Allocation   string         `json:"ip_allocation"` // immediate, none
	VNICType     string         `json:"binding:vnic_type"`
	HostID       string         `json:"binding:host_id"`
	VIFType      string         `json:"binding:vif_type"` // unbound, ovs, binding_failed
	Profile      map[string]any `json:"binding:profile"`
	QoSPolicyID  *string        `json:"qos_policy_id"`
}

// netFixedIP is an address of a port.
type netFixedIP struct {
	SubnetID  string `json:"subnet_id"`
	IPAddress string `json:"ip_address"`
}

// netPair is an address, or a range, that a port may send from beside its own.
type netPair struct {
	MAC       string `json:"mac_address"`
	IPAddress string `json:"ip_address"`
}

// netOption is told to what is plugged in, by DHCP. A null value removes one.
type netOption struct {
	Name      string  `json:"opt_name"`
	Value     *string `json:"opt_value"`
	IPVersion int     `json:"ip_version"`
}

// The owners of ports that belong to routers and floating IPs.
const (
	netInterface = "network:router_interface"
	netGateway   = "network:router_gateway"
	netFloats    = "network:floatingip"
)

// netAgentHost is the host on which the agents are.
const netAgentHost = "sandbox"

var netVNICTypes = []any{"normal", "direct", "macvtap", "baremetal", "direct-physical", "virtio-forwarder", "smart-nic", "vdpa", "accelerator-direct", "accelerator-direct-physical", "remote-managed"}

func (n *neutronService) portKind() *netKind[netPort] {
	ofNetwork := func(r *request, p *netPort) bool {
		w := n.networks.get("", p.NetworkID)
		return w != nil && w.ProjectID == r.project.ID
	}
	return &netKind[netPort]{
		neutronService: n, table: n.ports, one: "port", many: "ports",
		attributes: netStandard(map[string]netAttribute{
			"name":                  {check: netString(255), when: netBoth},
			"network_id":            {check: netUUID, when: netCreate, needed: true},
			"admin_state_up":        {check: netBool, when: netBoth, standard: true},
			"mac_address":           {check: netMAC, when: netBoth, owner: true},
			"fixed_ips":             {check: netFixedIPs, when: netBoth},
			"device_id":             {check: netString(255), when: netBoth},
			"device_owner":          {check: netString(255), when: netBoth},
			"security_groups":       {check: orEmpty(netUUIDs), when: netBoth},
			"port_security_enabled": {check: netBool, when: netBoth, owner: true},
			"allowed_address_pairs": {check: orEmpty(netPairs), when: netBoth, owner: true},
			"extra_dhcp_opts":       {check: netDHCPOptions, when: netBoth},
			"dns_name":              {check: netHost, when: netBoth},
			"dns_domain":            {check: netDomain, when: netBoth},
			"qos_policy_id":         {check: orNone(netUUID), when: netBoth},
			"binding:vnic_type":     {check: netOneOf(netVNICTypes...), when: netBoth, standard: "normal"},
			"binding:host_id":       {check: orNone(netString(255)), when: netBoth, admin: true, hidden: true},
			"binding:profile":       {check: netAny, when: netBoth, admin: true, hidden: true},
			"binding:vif_type":      {hidden: true}, "binding:vif_details": {hidden: true}, "resource_request": {hidden: true},
			"tags": {check: netTags, when: netCreate}, "ip_allocation": {}, "dns_assignment": {}, "qos_network_policy_id": {},
		}),
		missing: noNetPort,
		sees:    ofNetwork,
		create:  n.createPort,
		made:    func(*request, *netPort, given) error { n.wire(); return nil },
		update:  n.updatePort,
		remove:  n.removePort,
		view: func(_ *request, p *netPort, out map[string]any) {
			out["qos_network_policy_id"], out["resource_request"] = nil, nil
			if w := n.networks.get("", p.NetworkID); w != nil {
				out["qos_network_policy_id"] = w.QoSPolicyID
			}
			out["fixed_ips"] = toList(p.FixedIPs)
			out["security_groups"] = toList(p.Groups)
			out["allowed_address_pairs"] = append([]netPair{}, p.Pairs...)
			out["extra_dhcp_opts"] = append([]netOption{}, p.DHCPOptions...)
			out["dns_assignment"] = p.dns()
			out["binding:vif_details"] = map[string]any{}
			if p.Profile == nil {
				out["binding:profile"] = map[string]any{}
			}
		},
	}
}

func netAny(_ string, v any) (any, error) { return v, nil }

// toList is a list of an answer as filters read it.
func toList[V any](list []V) []any {
	out := []any{}
	for _, v := range list {
		switch v := any(v).(type) {
		case netFixedIP:
			out = append(out, map[string]any{"subnet_id": v.SubnetID, "ip_address": v.IPAddress})
		default:
			out = append(out, v)
		}
	}
	return out
}

func noNetPort(id string) error {
	return refuse(http.StatusNotFound, "PortNotFound", "Port %s could not be found.", id)
}

func (p *netPort) has(address string) bool {
	return slices.ContainsFunc(p.FixedIPs, func(ip netFixedIP) bool { return ip.IPAddress == address })
}

// dns are the names under which the cloud's own DNS knows the port.
func (p *netPort) dns() []any {
	out := []any{}
	for _, ip := range p.FixedIPs {
		host := p.DNSName
		if host == "" {
			host = "host-" + strings.NewReplacer(".", "-", ":", "-").Replace(ip.IPAddress)
		}
		name := host
		if !strings.HasSuffix(name, ".") {
			name += ".example.org."
		}
		out = append(out, map[string]any{"ip_address": ip.IPAddress, "hostname": host, "fqdn": name})
	}
	return out
}

func (n *neutronService) createPort(r *request, p *netPort, in given) error {
	w, err := n.usable(r, p.NetworkID, "port")
	if err != nil {
		return err
	}
	if err := n.portPolicy(r, w, "create", p, in); err != nil {
		return err
	}
	p.Tags = nil // Neutron takes tags here, and forgets them unless several ports are made at once
	p.Status, p.VIFType, p.Revision = "DOWN", "unbound", 1
	if err := n.checkMAC(p, in); err != nil {
		return err
	}
	p.Allocation = "immediate"
	switch asked, ok := in["fixed_ips"].([]any); {
	case ok && len(asked) == 0:
		p.Allocation = "none"
	default:
		if err := n.allocate(p, nil, ok); err != nil {
			return err
		}
	}
	if !in.has("port_security_enabled") {
		p.PortSecurity = w.PortSecurity && !strings.HasPrefix(p.DeviceOwner, "network:")
	}
	if !in.has("security_groups") && p.PortSecurity {
		p.Groups = []string{n.defaultGroup(p.ProjectID).ID}
	}
	p.mergeOptions(nil)
	n.bind(p)
	return n.checkPort(r, p, in)
}

// portPolicy refuses what only who owns the network may ask of a port.
func (n *neutronService) portPolicy(r *request, w *netNetwork, verb string, p *netPort, in given) error {
	if r.admin() || w != nil && w.ProjectID == r.project.ID {
		return nil
	}
	if in.has("device_owner") && strings.HasPrefix(p.DeviceOwner, "network:") {
		return netForbiddenOf(verb, "port", "device_owner")
	}
	for _, ip := range p.FixedIPs {
		if in.has("fixed_ips") && ip.IPAddress != "" {
			rule := "rule:" + verb + "_port"
			return netForbidden("(" + rule + " and (" + rule + ":fixed_ips and (" + rule + ":fixed_ips:ip_address)))")
		}
	}
	return nil
}

func (n *neutronService) checkMAC(p *netPort, in given) error {
	taken := func() bool {
		return slices.ContainsFunc(n.portsOn(p.NetworkID), func(o *netPort) bool { return o.ID != p.ID && strings.EqualFold(o.MAC, p.MAC) })
	}
	if in.has("mac_address") {
		if taken() {
			return refuse(http.StatusConflict, "MacAddressInUse", "Unable to complete operation for network %s. The mac address %s is in use.", p.NetworkID, p.MAC)
		}
		return nil
	}
	for p.MAC == "" || taken() {
		number := n.ids.number(1 << 24)
		p.MAC = fmt.Sprintf("fa:16:3e:%02x:%02x:%02x", number>>16, number>>8&0xff, number&0xff)
	}
	return nil
}

// allocate completes the addresses of a port: p has those that are asked for, and old are those that it has already.
// If none are asked for, it gets one of each version, and always those that follow from its MAC address.
func (n *neutronService) allocate(p *netPort, old []netFixedIP, asked bool) error {
	subnets := n.subnetsOn(p.NetworkID)
	wanted := p.FixedIPs
	p.FixedIPs = nil
	if !asked {
		for _, version := range []int{4, 6} {
			var of []*netSubnet
			for _, s := range subnets {
				if s.IPVersion == version && !s.auto() && s.serves(p.DeviceOwner) {
					of = append(of, s)
				}
			}
			if len(of) == 0 {
				continue
			}
			free := slices.IndexFunc(of, func(s *netSubnet) bool { return n.free(s, p) != "" })
			if free < 0 {
				return refuse(http.StatusConflict, "IpAddressGenerationFailure", "No more IP addresses available on network %s.", p.NetworkID)
			}
			wanted = append(wanted, netFixedIP{SubnetID: of[free].ID})
		}
	}
	for _, ip := range wanted {
		s, err := n.subnetFor(p.NetworkID, ip)
		if err != nil {
			return err
		}
		switch {
		case s.auto() && ip.IPAddress == "":
			continue // below
		case ip.IPAddress == "":
			kept := slices.IndexFunc(old, func(o netFixedIP) bool { return o.SubnetID == s.ID && !p.has(o.IPAddress) })
			if kept >= 0 {
				ip.IPAddress = old[kept].IPAddress
			} else if ip.IPAddress = n.free(s, p); ip.IPAddress == "" {
				return refuse(http.StatusConflict, "IpAddressGenerationFailure", "No more IP addresses available on network %s.", p.NetworkID)
			}
		case n.taken(s, ip.IPAddress, p):
			return refuse(http.StatusConflict, "IpAddressAlreadyAllocated", "IP address %s already allocated in subnet %s", ip.IPAddress, s.ID)
		}
		p.FixedIPs = append(p.FixedIPs, netFixedIP{s.ID, ip.IPAddress})
	}
	for _, s := range subnets {
		if a := s.fromMAC(p.MAC); s.auto() && !p.has(a) && p.DeviceOwner != netGateway && p.DeviceOwner != netFloats {
			p.FixedIPs = append(p.FixedIPs, netFixedIP{s.ID, a})
		}
	}
	slices.SortFunc(p.FixedIPs, func(a, b netFixedIP) int { return strings.Compare(a.IPAddress, b.IPAddress) })
	return nil
}

// serves says whether ports of an owner get addresses in the subnet.
func (s *netSubnet) serves(owner string) bool {
	return len(s.ServiceTypes) == 0 || slices.ContainsFunc(s.ServiceTypes, func(t string) bool { return strings.HasPrefix(owner, t) })
}

// subnetFor is the subnet of an address that is asked for.
func (n *neutronService) subnetFor(network string, ip netFixedIP) (*netSubnet, error) {
	if ip.SubnetID == "" && ip.IPAddress == "" {
		return nil, netInvalid("IP allocation requires subnet_id or ip_address")
	}
	fits := func(s *netSubnet) bool {
		first, last := s.ends()
		a := netip.MustParseAddr(ip.IPAddress)
		return s.prefix().Contains(a) && !a.Less(first) && !last.Less(a) || a == s.prefix().Addr() && a.Is6()
	}
	if ip.SubnetID == "" {
		for _, s := range n.subnetsOn(network) {
			if fits(s) {
				return s, nil
			}
		}
		return nil, refuse(http.StatusBadRequest, "InvalidIpForNetwork", "IP address %s is not a valid IP for any of the subnets on the specified network.", ip.IPAddress)
	}
	s := n.subnets.get("", ip.SubnetID)
	switch {
	case s == nil:
		return nil, noNetSubnet(ip.SubnetID)
	case s.NetworkID != network:
		return nil, netInvalid("Failed to create port on network %s, because fixed_ips included invalid subnet %s", network, s.ID)
	case ip.IPAddress != "" && !fits(s):
		return nil, refuse(http.StatusBadRequest, "InvalidIpForSubnet", "IP address %s is not a valid IP for the specified subnet.", ip.IPAddress)
	}
	return s, nil
}

// taken says whether another port has an address.
func (n *neutronService) taken(s *netSubnet, address string, p *netPort) bool {
	return p.has(address) || slices.ContainsFunc(n.portsOn(s.NetworkID), func(o *netPort) bool { return o.ID != p.ID && o.has(address) })
}

// free is an address of the subnet's pools that no port has, "" if there is none.
func (n *neutronService) free(s *netSubnet, p *netPort) string {
	for _, pool := range s.Pools {
		var some []string
		end := netip.MustParseAddr(pool.End)
		for a := netip.MustParseAddr(pool.Start); !end.Less(a) && len(some) < 256; a = a.Next() {
			if !n.taken(s, a.String(), p) {
				some = append(some, a.String())
			}
		}
		if len(some) > 0 {
			return some[n.ids.number(len(some))]
		}
	}
	return ""
}

// fromMAC is the address in a subnet of 64 bits that follows from a MAC address.
func (s *netSubnet) fromMAC(mac string) string {
	a := s.prefix().Addr()
	if !a.Is6() {
		return ""
	}
	var m [6]byte
	_, _ = fmt.Sscanf(strings.ReplaceAll(strings.ToLower(mac), "-", ":"), "%02x:%02x:%02x:%02x:%02x:%02x", &m[0], &m[1], &m[2], &m[3], &m[4], &m[5])
	b := a.As16()
	copy(b[8:], []byte{m[0] ^ 2, m[1], m[2], 0xff, 0xfe, m[3], m[4], m[5]})
	return netip.AddrFrom16(b).String()
}

// mergeOptions changes the options that a port had by those that are asked for.
func (p *netPort) mergeOptions(old []netOption) {
	asked := p.DHCPOptions
	p.DHCPOptions = slices.Clone(old)
	for _, o := range asked {
		if o.IPVersion == 0 {
			o.IPVersion = 4
		}
		p.DHCPOptions = slices.DeleteFunc(p.DHCPOptions, func(x netOption) bool { return x.Name == o.Name && x.IPVersion == o.IPVersion })
		if o.Value != nil {
			p.DHCPOptions = append(p.DHCPOptions, o)
		}
	}
}

// bind says how a port is plugged in on its host.
func (n *neutronService) bind(p *netPort) {
	switch {
	case p.HostID == "":
		p.VIFType = "unbound"
	case p.HostID == netAgentHost && p.VNICType == "normal":
		p.VIFType = "ovs"
	default:
		p.VIFType = "binding_failed"
	}
}

// checkPort refuses what goes together with nothing else, once the port is complete.
func (n *neutronService) checkPort(r *request, p *netPort, in given) error {
	for i := range p.Pairs {
		if p.Pairs[i].MAC == "" {
			p.Pairs[i].MAC = p.MAC
		}
	}
	for _, id := range p.Groups {
		if g := n.groups.get("", id); g == nil || !r.admin() && g.ProjectID != r.project.ID {
			return noNetGroup(id)
		}
	}
	switch {
	case !p.PortSecurity && len(p.Groups) > 0 && in.has("security_groups"):
		return refuse(http.StatusBadRequest, "PortSecurityAndIPRequiredForSecurityGroups", "Port security must be enabled and port must have an IP address in order to use security groups.")
	case !p.PortSecurity && len(p.Groups) > 0:
		return refuse(http.StatusConflict, "PortSecurityPortHasSecurityGroup", "Port has security group associated. Cannot disable port security or IP address until security group is removed.")
	case !p.PortSecurity && len(p.Pairs) > 0:
		return refuse(http.StatusConflict, "AddressPairAndPortSecurityRequired", "Port Security must be enabled in order to have allowed address pairs on a port.")
	}
	slices.SortFunc(p.Pairs, func(a, b netPair) int { return strings.Compare(a.MAC+a.IPAddress, b.MAC+b.IPAddress) })
	return nil
}

func (n *neutronService) updatePort(r *request, old, p *netPort, in given) error {
	if in.has("mac_address") && !r.admin() {
		return netForbiddenOf("update", "port", "mac_address")
	}
	if err := n.portPolicy(r, n.networks.get("", p.NetworkID), "update", p, in); err != nil {
		return err
	}
	if in.has("mac_address") {
		if err := n.checkMAC(p, in); err != nil {
			return err
		}
	}
	if in.has("fixed_ips") {
		if old.DeviceOwner == netInterface || old.DeviceOwner == netGateway || old.DeviceOwner == netFloats {
			return netBadRequest("ports", "IP updates for port %s are not allowed", p.ID)
		}
		if asked, _ := in["fixed_ips"].([]any); len(asked) > 0 {
			if err := n.allocate(p, old.FixedIPs, true); err != nil {
				return err
			}
			p.Allocation = "immediate"
		}
		n.unfloat(p)
	}
	if in.has("extra_dhcp_opts") {
		p.mergeOptions(old.DHCPOptions)
	}
	n.bind(p)
	n.wire()
	return n.checkPort(r, p, in)
}

func (n *neutronService) removePort(_ *request, p *netPort) error {
	switch p.DeviceOwner {
	case netInterface, netGateway, netFloats:
		return refuse(http.StatusConflict, "ServicePortInUse", "Port %s cannot be deleted directly via the port API: has device owner %s.", p.ID, p.DeviceOwner)
	}
	p.FixedIPs = nil
	n.unfloat(p)
	return nil
}

// newPort makes a port for another service, a router or a floating IP; it belongs to no project if there is none.
func (n *neutronService) newPort(project string, p *netPort) (*netPort, error) {
	p.ID, p.ProjectID = n.ids.uuid(), project
	p.AdminStateUp, p.Status, p.VIFType, p.VNICType, p.Allocation, p.Revision = true, "DOWN", "unbound", "normal", "immediate", 1
	if err := n.checkMAC(p, nil); err != nil {
		return nil, err
	}
	if err := n.allocate(p, nil, len(p.FixedIPs) > 0); err != nil {
		return nil, err
	}
	if w := n.networks.get("", p.NetworkID); !strings.HasPrefix(p.DeviceOwner, "network:") && w != nil && w.PortSecurity {
		p.PortSecurity = true
		if p.Groups == nil {
			p.Groups = []string{n.defaultGroup(project).ID}
		}
	}
	n.bind(p)
	n.wire()
	return n.ports.add(project, p), nil
}

// plug gives a port to a device on a host, and with "" as the device takes it back.
func (n *neutronService) plug(p *netPort, device, owner, host string) {
	p.DeviceID, p.DeviceOwner, p.HostID = device, owner, host
	n.bind(p)
	p.Revision++
	n.ports.touch(p)
	n.wire()
}
