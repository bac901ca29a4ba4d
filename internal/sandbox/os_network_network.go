package sandbox

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// netNetwork is a segment that ports are on; the subnets on it say with which addresses.
type netNetwork struct {
	netHead
	Name            string  `json:"name"`
	AdminStateUp    bool    `json:"admin_state_up"`
	Shared          bool    `json:"shared"`
	External        bool    `json:"router:external"`
	Default         bool    `json:"is_default"`
	MTU             int     `json:"mtu"`
	PortSecurity    bool    `json:"port_security_enabled"`
	DNSDomain       string  `json:"dns_domain"`
	NetworkType     string  `json:"provider:network_type"`
	PhysicalNetwork *string `json:"provider:physical_network"`
	SegmentationID  *int    `json:"provider:segmentation_id"`
	QoSPolicyID     *string `json:"qos_policy_id"`
}

// netTypes are the kinds of segments: the largest MTU, and the last number that a segment can have (0 for none).
var netTypes = map[string]struct{ mtu, last int }{
	"flat": {1500, 0}, "local": {1500, 0}, "vlan": {1500, 4094}, "vxlan": {1450, 1<<24 - 1}, "gre": {1458, 1<<32 - 1}, "geneve": {1442, 1<<24 - 1},
}

func (n *neutronService) networkKind() *netKind[netNetwork] {
	return &netKind[netNetwork]{
		neutronService: n, table: n.networks, one: "network", many: "networks",
		attributes: netStandard(map[string]netAttribute{
			"name":                      {check: netString(255), when: netBoth},
			"admin_state_up":            {check: netBool, when: netBoth, standard: true},
			"shared":                    {check: netBool, when: netBoth, standard: false, admin: true},
			"router:external":           {check: netBool, when: netBoth, standard: false, admin: true},
			"is_default":                {check: netBool, when: netBoth, standard: false, admin: true},
			"mtu":                       {check: netNotNegative, when: netBoth},
			"port_security_enabled":     {check: netBool, when: netBoth, standard: true},
			"dns_domain":                {check: netDomain, when: netBoth},
			"qos_policy_id":             {check: orNone(netUUID), when: netBoth},
			"availability_zone_hints":   {check: netZones, when: netCreate},
			"provider:network_type":     {check: netString(32), when: netBoth, admin: true, hidden: true},
			"provider:physical_network": {check: netString(64), when: netBoth, admin: true, hidden: true},
			"provider:segmentation_id":  {check: netInt, when: netBoth, admin: true, hidden: true},
			"subnets":                   {}, "availability_zones": {}, "ipv4_address_scope": {}, "ipv6_address_scope": {}, "l2_adjacency": {},
		}),
		missing: noNetwork,
		sees:    func(_ *request, w *netNetwork) bool { return w.Shared || w.External },
		create:  n.createNetwork,
		update:  n.updateNetwork,
		remove:  n.removeNetwork,
		view: func(r *request, w *netNetwork, out map[string]any) {
			subnets := []string{}
			for _, s := range n.subnetsOn(w.ID) {
				subnets = append(subnets, s.ID)
			}
			slices.Sort(subnets)
			out["subnets"], out["status"], out["l2_adjacency"] = subnets, "ACTIVE", true
			out["ipv4_address_scope"], out["ipv6_address_scope"] = nil, nil
			out["availability_zones"], out["availability_zone_hints"] = []any{}, []any{}
			if !w.External && r.Method != http.MethodPost {
				delete(out, "is_default")
			}
		},
	}
}

func noNetwork(id string) error {
	return refuse(http.StatusNotFound, "NetworkNotFound", "Network %s could not be found.", id)
}

func (n *neutronService) subnetsOn(id string) []*netSubnet {
	return n.subnets.where("", func(s *netSubnet) bool { return s.NetworkID == id })
}

func (n *neutronService) portsOn(id string) []*netPort {
	return n.ports.where("", func(p *netPort) bool { return p.NetworkID == id })
}

func (n *neutronService) createNetwork(_ *request, w *netNetwork, in given) error {
	kind, physical := w.NetworkType, ""
	if w.PhysicalNetwork != nil {
		physical = *w.PhysicalNetwork
	}
	t, ok := netTypes[kind]
	switch {
	case kind == "" && (physical != "" || w.SegmentationID != nil):
		return netInvalid("network_type required")
	case kind == "":
		kind = "vxlan"
		t = netTypes[kind]
	case !ok:
		return netInvalid("network_type value '%s' not supported", kind)
	}
	w.NetworkType = kind
	if err := n.segment(w, kind, physical, t.last); err != nil {
		return err
	}
	w.Revision = 1
	return w.checkMTU(in)
}

// segment finds a place for a network, or refuses the one that is asked for.
func (n *neutronService) segment(w *netNetwork, kind, physical string, last int) error {
	taken := func(number int) bool {
		return n.networks.first("", func(o *netNetwork) bool {
			same := o.PhysicalNetwork == nil || kind != "vlan" || *o.PhysicalNetwork == physical
			return o.ID != w.ID && o.NetworkType == kind && same && o.SegmentationID != nil && *o.SegmentationID == number
		}) != nil
	}
	switch kind {
	case "flat":
		if physical == "" {
			return netInvalid("physical_network required for flat provider network")
		}
		if n.networks.first("", func(o *netNetwork) bool {
			return o.NetworkType == "flat" && o.PhysicalNetwork != nil && *o.PhysicalNetwork == physical
		}) != nil {
			return refuse(http.StatusConflict, "FlatNetworkInUse", "Unable to create the flat network. Physical network %s is in use.", physical)
		}
	case "vlan":
		if physical == "" {
			physical = "physnet1"
			w.PhysicalNetwork = &physical
		}
		if physical != "physnet1" {
			return netInvalid("physical_network '%s' unknown for VLAN provider network", physical)
		}
	default:
		if physical != "" {
			return netInvalid("provider:physical_network specified for %s network", kind)
		}
	}
	switch {
	case last == 0 && w.SegmentationID != nil:
		return netInvalid("provider:segmentation_id specified for %s network", kind)
	case last == 0:
		return nil
	case w.SegmentationID == nil:
		number := 1 + n.ids.number(min(last, 100000))
		for taken(number) {
			number = 1 + number%min(last, 100000)
		}
		w.SegmentationID = &number
		return nil
	case *w.SegmentationID < 1 || *w.SegmentationID > last:
		return netInvalid("segmentation_id out of range (1 through %d)", last)
	case !taken(*w.SegmentationID):
		return nil
	case kind == "vlan":
		return refuse(http.StatusConflict, "VlanIdInUse", "Unable to create the network. The VLAN %d on physical network %s is in use.", *w.SegmentationID, physical)
	}
	return refuse(http.StatusConflict, "TunnelIdInUse", "Unable to create the network. The tunnel ID %d is in use.", *w.SegmentationID)
}

func (w *netNetwork) checkMTU(in given) error {
	most := netTypes[w.NetworkType].mtu
	if !in.has("mtu") && w.MTU > 0 {
		return nil
	}
	if w.MTU > most {
		return netInvalid("Requested MTU is too big, maximum is %d", most)
	}
	if w.MTU == 0 {
		w.MTU = most
	}
	return nil
}

func (n *neutronService) updateNetwork(_ *request, old, w *netNetwork, in given) error {
	for _, name := range []string{"provider:network_type", "provider:physical_network", "provider:segmentation_id"} {
		if in.has(name) && (old.NetworkType != "vlan" || name != "provider:segmentation_id") {
			return netInvalid("Only VLAN type networks can be updated.")
		}
	}
	if in.has("provider:segmentation_id") {
		if err := n.segment(w, w.NetworkType, *w.PhysicalNetwork, netTypes[w.NetworkType].last); err != nil {
			return err
		}
	}
	if old.Shared && !w.Shared {
		others := slices.ContainsFunc(n.portsOn(w.ID), func(p *netPort) bool { return p.ProjectID != w.ProjectID && p.ProjectID != "" }) ||
			slices.ContainsFunc(n.subnetsOn(w.ID), func(s *netSubnet) bool { return s.ProjectID != w.ProjectID })
		if others {
			return refuse(http.StatusConflict, "InvalidSharedSetting", "Unable to reconfigure sharing settings for network %s. Multiple tenants are using it.", w.Name)
		}
	}
	if old.External && !w.External && slices.ContainsFunc(n.portsOn(w.ID), func(p *netPort) bool { return p.ProjectID == "" }) {
		return refuse(http.StatusConflict, "ExternalNetworkInUse", "External network %s cannot be updated to be made non-external, since it has existing gateway ports.", w.ID)
	}
	return w.checkMTU(in)
}

// removeNetwork takes the subnets with it, but no ports.
func (n *neutronService) removeNetwork(_ *request, w *netNetwork) error {
	var ports []string
	for _, p := range n.portsOn(w.ID) {
		if p.DeviceOwner != "network:dhcp" {
			ports = append(ports, p.ID)
		}
	}
	slices.Sort(ports)
	if len(ports) > 0 {
		return refuse(http.StatusConflict, "NetworkInUse", "Unable to complete operation on network %s. There are one or more ports still in use on the network, id for these ports is: %s.", w.ID, strings.Join(ports, ","))
	}
	for _, p := range n.portsOn(w.ID) {
		n.ports.remove(p.ID)
	}
	for _, s := range n.subnetsOn(w.ID) {
		n.subnets.remove(s.ID)
	}
	return nil
}

// netSubnet is a range of a network's addresses.
type netSubnet struct {
	netHead
	Name         string     `json:"name"`
	NetworkID    string     `json:"network_id"`
	IPVersion    int        `json:"ip_version"`
	Cidr         string     `json:"cidr"`
	GatewayIP    *string    `json:"gateway_ip"`
	Pools        []netPool  `json:"allocation_pools"`
	DNS          []string   `json:"dns_nameservers"`
	Routes       []netRoute `json:"host_routes"`
	DHCP         bool       `json:"enable_dhcp"`
	RAMode       *string    `json:"ipv6_ra_mode"`
	AddressMode  *string    `json:"ipv6_address_mode"`
	ServiceTypes []string   `json:"service_types"`
}

// netPool are addresses that ports get.
type netPool struct {
	Start string `json:"start"`
	End   string `json:"end"`
}

// netRoute is a way to a destination.
type netRoute struct {
	Destination string `json:"destination"`
	Nexthop     string `json:"nexthop"`
}

func (s *netSubnet) prefix() netip.Prefix { return netip.MustParsePrefix(s.Cidr) }

// auto says whether ports get addresses in the subnet that follow from their MAC addresses.
func (s *netSubnet) auto() bool { return s.AddressMode != nil && *s.AddressMode != "dhcpv6-stateful" }

func (n *neutronService) subnetKind() *netKind[netSubnet] {
	modes := netOneOf("dhcpv6-stateful", "dhcpv6-stateless", "slaac")
	ofNetwork := func(r *request, s *netSubnet) bool {
		w := n.networks.get("", s.NetworkID)
		return w != nil && w.ProjectID == r.project.ID
	}
	return &netKind[netSubnet]{
		neutronService: n, table: n.subnets, one: "subnet", many: "subnets",
		attributes: netStandard(map[string]netAttribute{
			"name":              {check: netString(255), when: netBoth},
			"network_id":        {check: netUUID, when: netCreate, needed: true},
			"ip_version":        {check: netOneOf(4, 6), when: netCreate, needed: true},
			"cidr":              {check: orNone(netCidr), when: netCreate},
			"prefixlen":         {check: netNotNegative, when: netCreate},
			"subnetpool_id":     {check: orNone(netUUID), when: netCreate},
			"segment_id":        {check: orNone(netUUID), when: netCreate, admin: true, hidden: true},
			"gateway_ip":        {check: orNone(netIP), when: netBoth},
			"allocation_pools":  {check: netPools, when: netBoth},
			"dns_nameservers":   {check: orEmpty(netServers), when: netBoth},
			"host_routes":       {check: orEmpty(netRoutes), when: netBoth},
			"enable_dhcp":       {check: netBool, when: netBoth, standard: true},
			"ipv6_ra_mode":      {check: modes, when: netCreate},
			"ipv6_address_mode": {check: modes, when: netCreate},
			"service_types":     {check: netTexts, when: netBoth},
		}),
		missing: noNetSubnet,
		sees: func(r *request, s *netSubnet) bool {
			w := n.networks.get("", s.NetworkID)
			return w != nil && w.Shared || ofNetwork(r, s)
		},
		owns:   ofNetwork,
		create: n.createSubnet,
		update: n.updateSubnet,
		remove: n.removeSubnet,
		view: func(_ *request, s *netSubnet, out map[string]any) {
			out["subnetpool_id"], out["segment_id"] = nil, nil
			out["allocation_pools"] = append([]netPool{}, s.Pools...)
			out["dns_nameservers"] = append([]string{}, s.DNS...)
			out["host_routes"] = append([]netRoute{}, s.Routes...)
			out["service_types"] = append([]string{}, s.ServiceTypes...)
		},
	}
}

func noNetSubnet(id string) error {
	return refuse(http.StatusNotFound, "SubnetNotFound", "Subnet %s could not be found.", id)
}

// usable is the network that a new subnet or port is to be on, if the caller may put one there.
func (n *neutronService) usable(r *request, id, what string) (*netNetwork, error) {
	w := n.networks.get("", id)
	switch {
	case w == nil || !r.admin() && w.ProjectID != r.project.ID && !w.Shared && !w.External:
		return nil, noNetwork(id)
	case !r.admin() && w.ProjectID != r.project.ID && !w.Shared:
		return nil, refuse(http.StatusForbidden, "HTTPForbidden", "Tenant %s not allowed to create %s on this network", r.project.ID, what)
	}
	return w, nil
}

func (n *neutronService) createSubnet(r *request, s *netSubnet, in given) error {
	w, err := n.usable(r, s.NetworkID, "subnet")
	if err != nil {
		return err
	}
	switch {
	case in["subnetpool_id"] != nil:
		return refuse(http.StatusNotFound, "SubnetPoolNotFound", "Subnet pool %s could not be found.", in["subnetpool_id"])
	case in["cidr"] == nil:
		return netBadRequest("subnets", "a subnetpool must be specified in the absence of a cidr")
	case in.has("prefixlen"):
		return netBadRequest("subnets", "cidr and prefixlen must not be supplied together")
	}
	p := s.prefix()
	if p.Addr().Is4() != (s.IPVersion == 4) {
		return netInvalid("cidr '%s' does not match the ip_version '%d'", s.Cidr, s.IPVersion)
	}
	if err := s.checkDHCP(p); err != nil {
		return err
	}
	if err := s.checkModes(in); err != nil {
		return err
	}
	for _, other := range n.subnetsOn(w.ID) {
		if p.Overlaps(other.prefix()) {
			return netInvalid("Requested subnet with cidr: %s for network: %s overlaps with another subnet", s.Cidr, w.ID)
		}
	}
	if !in.has("gateway_ip") {
		gateway := p.Addr()
		if s.IPVersion == 4 {
			gateway = gateway.Next()
		}
		s.GatewayIP = new(gateway.String())
	}
	if s.Pools == nil {
		s.Pools = s.rest()
	}
	return s.check(in)
}

// checkDHCP refuses ranges in which no DHCP server can be.
func (s *netSubnet) checkDHCP(p netip.Prefix) error {
	switch {
	case !s.DHCP:
		return nil
	case p.Addr().IsMulticast():
		return netInvalid("Multicast IP subnet is not supported if enable_dhcp is True")
	case p.Addr().IsLoopback():
		return netInvalid("Loopback IP subnet is not supported if enable_dhcp is True")
	case p.Addr().IsUnspecified():
		return netInvalid("First IP '%s' of network is not supported if enable_dhcp is True.", p.Addr())
	case p.Addr().BitLen()-p.Bits() < 2:
		return netInvalid("Subnet has a prefix length that is incompatible with DHCP service enabled")
	}
	return nil
}

// checkModes refuses modes of IPv6 that contradict each other or the rest.
func (s *netSubnet) checkModes(in given) error {
	for _, name := range []string{"ipv6_ra_mode", "ipv6_address_mode"} {
		switch {
		case in[name] == nil:
		case s.IPVersion == 4:
			return netInvalid("%s is not valid when ip_version is 4", name)
		case !s.DHCP:
			return netInvalid("ipv6_ra_mode or ipv6_address_mode cannot be set when enable_dhcp is set to False")
		case s.RAMode != nil && s.AddressMode != nil && *s.RAMode != *s.AddressMode:
			return netInvalid("ipv6_ra_mode set to '%s' with ipv6_address_mode set to '%s' is not valid. If both attributes are set, they must be the same value", *s.RAMode, *s.AddressMode)
		case s.auto() && s.prefix().Bits() != 64:
			return netInvalid("Invalid CIDR %s for IPv6 address mode. OpenStack uses the EUI-64 address format, which requires the prefix to be /64", s.Cidr)
		}
	}
	return nil
}

// netLast is the last address of a range.
func netLast(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 1 << (7 - i%8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

// ends are the first and the last address that a port can have.
func (s *netSubnet) ends() (first, last netip.Addr) {
	p := s.prefix()
	first, last = p.Addr(), netLast(p)
	if p.Addr().BitLen()-p.Bits() < 2 {
		return first, last
	}
	if first.Is4() {
		return first.Next(), last.Prev()
	}
	return first.Next(), last
}

// rest are the pools of a subnet that names none: everything but the gateway.
func (s *netSubnet) rest() []netPool {
	first, last := s.ends()
	if s.GatewayIP == nil {
		return []netPool{{first.String(), last.String()}}
	}
	gateway := netip.MustParseAddr(*s.GatewayIP)
	if gateway.Less(first) || last.Less(gateway) || gateway.BitLen() != first.BitLen() {
		return []netPool{{first.String(), last.String()}}
	}
	var out []netPool
	if first.Less(gateway) {
		out = append(out, netPool{first.String(), gateway.Prev().String()})
	}
	if gateway.Less(last) {
		out = append(out, netPool{gateway.Next().String(), last.String()})
	}
	return out
}

// holds says whether an address is in the pool.
func (p netPool) holds(a netip.Addr) bool {
	start, end := netip.MustParseAddr(p.Start), netip.MustParseAddr(p.End)
	return !a.Less(start) && !end.Less(a)
}

// check is what create and update ask for alike, of what is given.
func (s *netSubnet) check(in given) error {
	p := s.prefix()
	is4 := p.Addr().Is4()
	if s.GatewayIP != nil && (in.has("gateway_ip") || in.has("allocation_pools")) {
		gateway := netip.MustParseAddr(*s.GatewayIP)
		if gateway.Is4() != is4 {
			return netInvalid("gateway_ip '%s' does not match the ip_version '%d'", gateway, s.IPVersion)
		}
		if is4 && p.Bits() < 31 && (gateway == p.Addr() || gateway == netLast(p)) {
			return netInvalid("Gateway is not valid on subnet")
		}
	}
	if err := s.checkPools(in); err != nil {
		return err
	}
	if len(s.DNS) > 5 {
		return refuse(http.StatusBadRequest, "DNSNameServersExhausted", "Unable to complete operation for %s. The number of DNS nameservers exceeds the limit 5.", map[bool]string{true: "new subnet", false: s.ID}[in.has("cidr")])
	}
	for _, server := range s.DNS {
		if netip.MustParseAddr(server).Is4() != is4 {
			return netInvalid("dns_nameserver '%s' does not match the ip_version '%d'", server, s.IPVersion)
		}
	}
	if len(s.Routes) > 20 {
		return refuse(http.StatusBadRequest, "HostRoutesExhausted", "Unable to complete operation for %s. The number of host routes exceeds the limit 20.", map[bool]string{true: "new subnet", false: s.ID}[in.has("cidr")])
	}
	for _, route := range s.Routes {
		if netip.MustParseAddr(route.Nexthop).Is4() != is4 {
			return netInvalid("nexthop '%s' does not match the ip_version '%d'", route.Nexthop, s.IPVersion)
		}
		if netip.MustParsePrefix(route.Destination).Addr().Is4() != is4 {
			return netInvalid("destination '%s' does not match the ip_version '%d'", route.Destination, s.IPVersion)
		}
	}
	slices.SortFunc(s.Routes, func(a, b netRoute) int { return strings.Compare(a.Destination+a.Nexthop, b.Destination+b.Nexthop) })
	return nil
}

func (s *netSubnet) checkPools(in given) error {
	first, last := s.ends()
	for i, pool := range s.Pools {
		start, end := netip.MustParseAddr(pool.Start), netip.MustParseAddr(pool.End)
		switch {
		case end.Less(start) || start.Is4() != end.Is4() || start.Is4() != first.Is4():
			return refuse(http.StatusBadRequest, "InvalidAllocationPool", "The allocation pool {'start': '%s', 'end': '%s'} is not valid.", pool.Start, pool.End)
		case start.Less(first) || last.Less(end):
			return refuse(http.StatusBadRequest, "OutOfBoundsAllocationPool", "The allocation pool %s-%s spans beyond the subnet cidr %s.", pool.Start, pool.End, s.Cidr)
		}
		for _, other := range s.Pools[:i] {
			if pool.holds(netip.MustParseAddr(other.Start)) || other.holds(start) {
				return refuse(http.StatusConflict, "OverlappingAllocationPools", "Found overlapping allocation pools: %s-%s %s-%s for subnet %s.", other.Start, other.End, pool.Start, pool.End, s.Cidr)
			}
		}
	}
	if s.GatewayIP == nil || !in.has("gateway_ip") && !in.has("allocation_pools") {
		return nil
	}
	for _, pool := range s.Pools {
		if pool.holds(netip.MustParseAddr(*s.GatewayIP)) {
			return refuse(http.StatusConflict, "GatewayConflictWithAllocationPools", "Gateway ip %s conflicts with allocation pool %s-%s.", *s.GatewayIP, pool.Start, pool.End)
		}
	}
	return nil
}

func (n *neutronService) updateSubnet(_ *request, old, s *netSubnet, in given) error {
	if in.has("gateway_ip") && old.GatewayIP != nil {
		for _, p := range n.portsOn(s.NetworkID) {
			if p.DeviceOwner == netInterface && p.has(*old.GatewayIP) && (s.GatewayIP == nil || *s.GatewayIP != *old.GatewayIP) {
				return refuse(http.StatusConflict, "GatewayIpInUse", "Current gateway ip %s already in use by port %s. Unable to update.", *old.GatewayIP, p.ID)
			}
		}
	}
	if err := s.checkDHCP(s.prefix()); err != nil {
		return err
	}
	return s.check(in)
}

func (n *neutronService) removeSubnet(_ *request, s *netSubnet) error {
	for _, p := range n.portsOn(s.NetworkID) {
		used := slices.ContainsFunc(p.FixedIPs, func(ip netFixedIP) bool { return ip.SubnetID == s.ID })
		if used && p.DeviceOwner != "network:dhcp" && (!s.auto() || p.DeviceOwner == netInterface) {
			return refuse(http.StatusConflict, "SubnetInUse", "Unable to complete operation on subnet %s: One or more ports have an IP allocation from this subnet.", s.ID)
		}
	}
	for _, p := range n.portsOn(s.NetworkID) {
		p.FixedIPs = slices.DeleteFunc(p.FixedIPs, func(ip netFixedIP) bool { return ip.SubnetID == s.ID })
	}
	return nil
}
