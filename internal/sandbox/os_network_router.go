package sandbox

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// netRouter leads from subnet to subnet, and by its gateway out of the cloud. Its interfaces and its gateway are ports.
type netRouter struct {
	netHead
	Name         string     `json:"name"`
	AdminStateUp bool       `json:"admin_state_up"`
	Distributed  bool       `json:"distributed"`
	HA           bool       `json:"ha"`
	Routes       []netRoute `json:"routes"`
	SNAT         bool       `json:"enable_snat"`   // what leaves by the gateway has its address
	QoSPolicyID  *string    `json:"qos_policy_id"` // which the gateway obeys
}

func (n *neutronService) routerKind() *netKind[netRouter] {
	return &netKind[netRouter]{
		neutronService: n, table: n.routers, one: "router", many: "routers",
		attributes: netStandard(map[string]netAttribute{
			"name":                    {check: netString(255), when: netBoth},
			"admin_state_up":          {check: netBool, when: netBoth, standard: true},
			"distributed":             {check: orNone(netBool), when: netBoth, admin: true, hidden: true},
			"ha":                      {check: orNone(netBool), when: netBoth, admin: true, hidden: true},
			"external_gateway_info":   {check: netGatewayInfo, when: netBoth},
			"routes":                  {check: orEmpty(netRoutes), when: netUpdate},
			"availability_zone_hints": {check: netZones, when: netCreate},
			"flavor_id":               {check: netFlavor, when: netCreate},
			"availability_zones":      {},
		}),
		missing: noRouter,
		create: func(r *request, o *netRouter, in given) error {
			o.Revision = 1
			return n.setGateway(r, "create", o, in)
		},
		update: n.updateRouter,
		remove: n.removeRouter,
		view: func(_ *request, o *netRouter, out map[string]any) {
			delete(out, "enable_snat")
			delete(out, "qos_policy_id")
			out["status"], out["flavor_id"] = "ACTIVE", nil
			out["availability_zones"], out["availability_zone_hints"] = []any{}, []any{}
			out["routes"] = append([]netRoute{}, o.Routes...)
			out["external_gateway_info"] = nil
			if p := n.gateway(o); p != nil {
				info := map[string]any{"network_id": p.NetworkID, "enable_snat": o.SNAT, "external_fixed_ips": append([]netFixedIP{}, p.FixedIPs...)}
				if o.QoSPolicyID != nil {
					info["qos_policy_id"] = *o.QoSPolicyID
				}
				out["external_gateway_info"] = info
			}
		},
	}
}

func noRouter(id string) error {
	return refuse(http.StatusNotFound, "RouterNotFound", "Router %s could not be found", id)
}

// netFlavor refuses every flavor but none: there are none.
func netFlavor(name string, v any) (any, error) {
	id, err := orNone(netUUID)(name, v)
	if err == nil && id != nil {
		return nil, refuse(http.StatusNotFound, "FlavorNotFound", "Flavor %s could not be found.", id)
	}
	return nil, err
}

// netGatewayInfo is null, {}, or the network outside and what else is said of the way there.
func netGatewayInfo(name string, v any) (any, error) {
	m, ok := v.(map[string]any)
	if v == nil || ok && len(m) == 0 {
		return nil, nil
	}
	if !ok {
		return nil, netRefused(name, "'%s' is not a dictionary", netText(v))
	}
	if !given(m).has("network_id") {
		return nil, netRefused(name, "Validation of dictionary's keys failed. Expected keys: {'network_id'} Provided keys: {'%s'}", strings.Join(sortedKeys(m), "', '"))
	}
	out := map[string]any{}
	for _, key := range sortedKeys(m) {
		var err error
		switch key {
		case "network_id":
			out[key], err = netUUID(name, m[key])
		case "enable_snat":
			out[key], err = netBool(name, m[key])
		case "external_fixed_ips":
			out[key], err = netFixedIPs(name, m[key])
		case "qos_policy_id":
			out[key], err = orNone(netUUID)(name, m[key])
		default:
			return nil, netRefused(name, "Unexpected keys supplied: %s", key)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func sortedKeys(m map[string]any) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// portsOf are a device's ports with one of these owners.
func (n *neutronService) portsOf(device string, owners ...string) []*netPort {
	return n.ports.where("", func(p *netPort) bool { return p.DeviceID == device && slices.Contains(owners, p.DeviceOwner) })
}

// gateway is the port by which a router leads out, nil if it has none.
func (n *neutronService) gateway(o *netRouter) *netPort {
	for _, p := range n.portsOf(o.ID, netGateway) {
		return p
	}
	return nil
}

// setGateway gives a router the way out that a request asks for, or takes it away.
func (n *neutronService) setGateway(r *request, verb string, o *netRouter, in given) error {
	if !in.has("external_gateway_info") {
		return nil
	}
	info, _ := in["external_gateway_info"].(map[string]any)
	for _, key := range []string{"enable_snat", "external_fixed_ips"} {
		if given(info).has(key) && !r.admin() {
			rule := "rule:" + verb + "_router"
			inner := rule + ":external_gateway_info"
			return netForbidden("(" + rule + " and (" + inner + " and (" + inner + ":network_id and " + inner + ":" + key + ")))")
		}
	}
	old := n.gateway(o)
	var w *netNetwork
	if info != nil {
		id, _ := info["network_id"].(string)
		w = n.networks.get("", id)
		switch {
		case w == nil || !r.admin() && w.ProjectID != r.project.ID && !w.Shared && !w.External:
			return noNetwork(id)
		case !w.External:
			return netBadRequest("router", "Network %s is not an external network", id)
		}
		snat, ok := info["enable_snat"].(bool)
		o.SNAT = snat || !ok
	}
	asked := struct {
		IPs    []netFixedIP `json:"external_fixed_ips"`
		Policy *string      `json:"qos_policy_id"`
	}{Policy: o.QoSPolicyID}
	if err := n.obeyed(r, info); err != nil {
		return err
	}
	if err := given(info).into(&asked); err != nil {
		return err
	}
	o.QoSPolicyID = asked.Policy
	if old != nil && w != nil && old.NetworkID == w.ID && len(asked.IPs) == 0 {
		return nil
	}
	if old != nil {
		if used := n.floating.first("", func(f *netFloating) bool { return f.RouterID != nil && *f.RouterID == o.ID }); used != nil {
			return refuse(http.StatusConflict, "RouterExternalGatewayInUseByFloatingIp", "Gateway cannot be updated for router %s, since a gateway to external network %s is required by one or more floating IPs.", o.ID, old.NetworkID)
		}
	}
	var made *netPort
	if w != nil {
		var err error
		if made, err = n.newPort("", &netPort{NetworkID: w.ID, DeviceID: o.ID, DeviceOwner: netGateway, HostID: netAgentHost, FixedIPs: asked.IPs}); err != nil {
			return err
		}
	}
	if old != nil {
		n.ports.remove(old.ID)
	}
	if made == nil {
		o.SNAT, o.QoSPolicyID = false, nil
	}
	o.Revision += 2
	return nil
}

func (n *neutronService) updateRouter(r *request, old, o *netRouter, in given) error {
	for name, changed := range map[string]bool{"distributed": in.has("distributed") && o.Distributed != old.Distributed, "ha": in.has("ha") && o.HA != old.HA} {
		if changed && old.AdminStateUp && o.AdminStateUp {
			return netBadRequest("router", "Cannot change the '%s' attribute of active routers. Please set router admin_state_up to False prior to upgrade", name)
		}
	}
	if err := n.setGateway(r, "update", o, in); err != nil {
		return err
	}
	if !in.has("routes") {
		return nil
	}
	if len(o.Routes) > 30 {
		return refuse(http.StatusBadRequest, "RoutesExhausted", "Unable to complete operation for %s. The number of routes exceeds the maximum 30.", o.ID)
	}
	for _, route := range o.Routes {
		if reason := n.unreachable(o, route.Nexthop); reason != "" {
			return refuse(http.StatusBadRequest, "InvalidRoutes", "Invalid format for routes: [{'destination': '%s', 'nexthop': '%s'}], %s", route.Destination, route.Nexthop, reason)
		}
	}
	slices.SortFunc(o.Routes, func(a, b netRoute) int { return strings.Compare(a.Destination+a.Nexthop, b.Destination+b.Nexthop) })
	return nil
}

// unreachable is why a router cannot send anything to an address, "" if it can.
func (n *neutronService) unreachable(o *netRouter, hop string) string {
	near := false
	for _, p := range n.portsOf(o.ID, netInterface, netGateway) {
		if p.has(hop) {
			return "the nexthop is used by router"
		}
		for _, ip := range p.FixedIPs {
			near = near || n.subnets.get("", ip.SubnetID).prefix().Contains(netip.MustParseAddr(hop))
		}
	}
	if !near {
		return "the nexthop is not connected with router"
	}
	return ""
}

func (n *neutronService) removeRouter(_ *request, o *netRouter) error {
	var ports []string
	for _, p := range n.portsOf(o.ID, netInterface) {
		ports = append(ports, p.ID)
	}
	slices.Sort(ports)
	if len(ports) > 0 {
		return refuse(http.StatusConflict, "RouterInUse", "Router %s has ports still attached: %s", o.ID, strings.Join(ports, ", "))
	}
	if p := n.gateway(o); p != nil {
		n.ports.remove(p.ID)
	}
	return nil
}

// interfaceInput names a port, or the subnet that is to be led to by its gateway's address.
type interfaceInput struct {
	SubnetID *string `json:"subnet_id"`
	PortID   *string `json:"port_id"`
}

// routerOf is the router of a request about its interfaces, and what the request says.
func (n *neutronService) routerOf(r *request, verb string) (*netRouter, *interfaceInput, error) {
	o := n.routers.get("", r.PathValue("id"))
	if o == nil || !r.admin() && o.ProjectID != r.project.ID {
		return nil, nil, noRouter(r.PathValue("id"))
	}
	in := new(interfaceInput)
	if json.Unmarshal(r.body, in) != nil || in.SubnetID == nil && in.PortID == nil {
		return nil, nil, netBadRequest("router", "Either subnet_id or port_id must be specified")
	}
	for _, id := range []*string{in.SubnetID, in.PortID} {
		if id != nil && !netUUIDText.MatchString(*id) {
			return nil, nil, netBadRequest("router", "'%s' is not a valid UUID", *id)
		}
	}
	if verb == "add" && in.SubnetID != nil && in.PortID != nil {
		return nil, nil, netBadRequest("router", "Cannot specify both subnet-id and port-id")
	}
	return o, in, nil
}

// interfaceAnswer is what both operations tell.
func interfaceAnswer(o *netRouter, p *netPort, subnet string) any {
	return map[string]any{"id": o.ID, "tenant_id": o.ProjectID, "port_id": p.ID, "network_id": p.NetworkID, "subnet_id": subnet, "subnet_ids": []string{subnet}}
}

func (n *neutronService) addInterface(r *request) (any, error) {
	o, in, err := n.routerOf(r, "add")
	if err != nil {
		return nil, err
	}
	if in.PortID != nil {
		return n.addPort(r, o, *in.PortID)
	}
	s := n.subnets.get("", *in.SubnetID)
	w := (*netNetwork)(nil)
	if s != nil {
		w = n.networks.get("", s.NetworkID)
	}
	switch {
	case s == nil || !r.admin() && s.ProjectID != r.project.ID && !w.Shared && w.ProjectID != r.project.ID:
		return nil, noNetSubnet(*in.SubnetID)
	case s.GatewayIP == nil:
		return nil, netBadRequest("router", "Subnet for router interface must have a gateway IP")
	}
	if err := n.apart(o, s); err != nil {
		return nil, err
	}
	p, err := n.newPort(o.ProjectID, &netPort{NetworkID: s.NetworkID, DeviceID: o.ID, DeviceOwner: netInterface, HostID: netAgentHost, FixedIPs: []netFixedIP{{s.ID, *s.GatewayIP}}})
	if err != nil {
		return nil, err
	}
	o.Revision++
	return interfaceAnswer(o, p, s.ID), nil
}

// apart refuses a subnet with addresses that the router has on another side.
func (n *neutronService) apart(o *netRouter, s *netSubnet) error {
	for _, p := range n.portsOf(o.ID, netInterface, netGateway) {
		for _, ip := range p.FixedIPs {
			other := n.subnets.get("", ip.SubnetID)
			if other.ID == s.ID {
				return netBadRequest("router", "Router already has a port on subnet %s", s.ID)
			}
			if other.prefix().Overlaps(s.prefix()) {
				return netBadRequest("router", "Cidr %s of subnet %s overlaps with cidr %s of subnet %s", s.Cidr, s.ID, other.Cidr, other.ID)
			}
		}
	}
	return nil
}

func (n *neutronService) addPort(r *request, o *netRouter, id string) (any, error) {
	p := n.ports.get("", id)
	switch {
	case p == nil || !r.admin() && p.ProjectID != r.project.ID:
		return nil, noNetPort(id)
	case p.DeviceID != "":
		return nil, refuse(http.StatusConflict, "PortInUse", "Unable to complete operation on port %s for network %s. Port already has an attached device %s.", p.ID, p.NetworkID, p.DeviceID)
	case len(p.FixedIPs) == 0:
		return nil, netBadRequest("router", "Router port must have at least one fixed IP")
	}
	for _, ip := range p.FixedIPs {
		if err := n.apart(o, n.subnets.get("", ip.SubnetID)); err != nil {
			return nil, err
		}
	}
	n.plug(p, o.ID, netInterface, netAgentHost)
	o.Revision++
	return interfaceAnswer(o, p, p.FixedIPs[0].SubnetID), nil
}

func (n *neutronService) removeInterface(r *request) (any, error) {
	o, in, err := n.routerOf(r, "remove")
	if err != nil {
		return nil, err
	}
	var found *netPort
	for _, p := range n.portsOf(o.ID, netInterface) {
		on := in.SubnetID != nil && slices.ContainsFunc(p.FixedIPs, func(ip netFixedIP) bool { return ip.SubnetID == *in.SubnetID })
		switch {
		case in.PortID != nil && p.ID == *in.PortID && in.SubnetID != nil && !on:
			return nil, refuse(http.StatusBadRequest, "SubnetMismatchForPort", "Subnet on port %s does not match the requested subnet %s.", p.ID, *in.SubnetID)
		case in.PortID != nil && p.ID == *in.PortID, in.PortID == nil && on:
			found = p
		}
	}
	switch {
	case found == nil && in.PortID != nil:
		return nil, refuse(http.StatusNotFound, "RouterInterfaceNotFound", "Router %s does not have an interface with id %s", o.ID, *in.PortID)
	case found == nil && n.subnets.get("", *in.SubnetID) == nil:
		return nil, noNetSubnet(*in.SubnetID)
	case found == nil:
		return nil, refuse(http.StatusNotFound, "RouterInterfaceNotFoundForSubnet", "Router %s has no interface on subnet %s", o.ID, *in.SubnetID)
	}
	subnet := found.FixedIPs[0].SubnetID
	prefix := n.subnets.get("", subnet).prefix()
	for _, route := range o.Routes {
		if prefix.Contains(netip.MustParseAddr(route.Nexthop)) {
			return nil, refuse(http.StatusConflict, "RouterInterfaceInUseByRoute", "Router interface for subnet %s on router %s cannot be deleted, as it is required by one or more routes.", subnet, o.ID)
		}
	}
	for _, f := range n.floating.all("") {
		if f.RouterID != nil && *f.RouterID == o.ID && f.FixedIP != nil && prefix.Contains(netip.MustParseAddr(*f.FixedIP)) {
			return nil, refuse(http.StatusConflict, "RouterInterfaceInUseByFloatingIP", "Router interface for subnet %s on router %s cannot be deleted, as it is required by one or more floating IPs.", subnet, o.ID)
		}
	}
	n.ports.remove(found.ID)
	o.Revision++
	return interfaceAnswer(o, found, subnet), nil
}

// netFloating is an address outside that stands for one of a port's.
type netFloating struct {
	netHead
	Address     string  `json:"floating_ip_address"`
	NetworkID   string  `json:"floating_network_id"`
	RouterID    *string `json:"router_id"`
	PortID      *string `json:"port_id"`
	FixedIP     *string `json:"fixed_ip_address"`
	Status      string  `json:"status"` // ACTIVE, DOWN, ERROR
	QoSPolicyID *string `json:"qos_policy_id"`
}

func (n *neutronService) floatingKind() *netKind[netFloating] {
	return &netKind[netFloating]{
		neutronService: n, table: n.floating, one: "floatingip", many: "floatingips",
		attributes: netStandard(map[string]netAttribute{
			"floating_network_id": {check: netUUID, when: netCreate, needed: true},
			"floating_ip_address": {check: orNone(netIP), when: netCreate, admin: true},
			"subnet_id":           {check: orNone(netUUID), when: netCreate},
			"port_id":             {check: orNone(netUUID), when: netBoth},
			"fixed_ip_address":    {check: orNone(netIP), when: netBoth},
			"qos_policy_id":       {check: orNone(netUUID), when: netBoth},
			"dns_name":            {check: netHost, when: netCreate},
			"dns_domain":          {check: netDomain, when: netCreate},
			"router_id":           {}, "port_details": {}, "port_forwardings": {},
		}),
		missing: noNetFloating,
		create:  n.createFloating,
		update:  n.updateFloating,
		remove: func(_ *request, f *netFloating) error {
			for _, p := range n.portsOf(f.ID, netFloats) {
				n.ports.remove(p.ID)
			}
			return nil
		},
		view: func(_ *request, f *netFloating, out map[string]any) {
			out["port_details"], out["port_forwardings"] = nil, []any{}
			out["dns_name"], out["dns_domain"] = "", "" // which are for a DNS outside, and there is none
			if f.PortID != nil {
				if p := n.ports.get("", *f.PortID); p != nil {
					out["port_details"] = map[string]any{"name": p.Name, "network_id": p.NetworkID, "mac_address": p.MAC, "admin_state_up": p.AdminStateUp, "status": p.Status, "device_id": p.DeviceID, "device_owner": p.DeviceOwner}
				}
			}
		},
	}
}

func noNetFloating(id string) error {
	return refuse(http.StatusNotFound, "FloatingIPNotFound", "Floating IP %s could not be found", id)
}

func (n *neutronService) createFloating(r *request, f *netFloating, in given) error {
	w := n.networks.get("", f.NetworkID)
	switch {
	case w == nil || !r.admin() && w.ProjectID != r.project.ID && !w.Shared && !w.External:
		return noNetwork(f.NetworkID)
	case !w.External:
		return netBadRequest("floatingip", "Network %s is not a valid external network", w.ID)
	}
	f.Status = "DOWN"
	var fixed []netFixedIP
	subnet, _ := in["subnet_id"].(string)
	if subnet != "" || f.Address != "" {
		fixed = []netFixedIP{{SubnetID: subnet, IPAddress: f.Address}}
	}
	p, err := n.newPort("", &netPort{NetworkID: w.ID, DeviceID: f.ID, DeviceOwner: netFloats, FixedIPs: fixed})
	if err != nil {
		return err
	}
	for _, ip := range p.FixedIPs {
		if netip.MustParseAddr(ip.IPAddress).Is4() {
			f.Address = ip.IPAddress
		}
	}
	switch f.Address {
	case "":
		err = refuse(http.StatusBadRequest, "ExternalNetworkSubnetNotFound", "External network %s has no IPv4 subnet.", w.ID)
	default:
		err = n.associate(r, f, in)
	}
	if err != nil {
		n.ports.remove(p.ID)
	}
	return err
}

// updateFloating binds a floating IP anew, whatever is changed of it: who does not say to which of a port's addresses lets
// Neutron choose, which it does where there is one. One of which nothing is changed is bound to nothing, and a QoS policy that
// is not said again is removed.
func (n *neutronService) updateFloating(r *request, _, f *netFloating, in given) error {
	if in["fixed_ip_address"] == nil {
		f.FixedIP = nil
	}
	if len(in) == 0 {
		f.PortID = nil
	}
	if !in.has("qos_policy_id") {
		f.QoSPolicyID = nil
	}
	return n.associate(r, f, in)
}

// associate checks which of a port's addresses a floating IP stands for, and by which router.
func (n *neutronService) associate(r *request, f *netFloating, in given) error {
	f.RouterID = nil
	n.wire()
	if in["fixed_ip_address"] != nil && in["port_id"] == nil {
		return netBadRequest("floatingip", "fixed_ip_address cannot be specified without a port_id")
	}
	if f.PortID == nil {
		f.FixedIP = nil
		return nil
	}
	p := n.ports.get("", *f.PortID)
	if p == nil || !r.admin() && p.ProjectID != r.project.ID {
		return noNetPort(*f.PortID)
	}
	if f.FixedIP == nil {
		var four []netFixedIP
		for _, ip := range p.FixedIPs {
			if netip.MustParseAddr(ip.IPAddress).Is4() {
				four = append(four, ip)
			}
		}
		switch len(four) {
		case 0:
			return netBadRequest("floatingip", "Cannot add floating IP to port %s that has no fixed IPv4 addresses", p.ID)
		case 1:
			f.FixedIP = &four[0].IPAddress
		default:
			return netBadRequest("floatingip", "Port %s has multiple fixed IPv4 addresses.  Must provide a specific IPv4 address when assigning a floating IP", p.ID)
		}
	}
	at := slices.IndexFunc(p.FixedIPs, func(ip netFixedIP) bool { return ip.IPAddress == *f.FixedIP })
	if at < 0 {
		return netBadRequest("floatingip", "Port %s does not have fixed ip %s", p.ID, *f.FixedIP)
	}
	if n.floating.first("", func(o *netFloating) bool {
		return o.ID != f.ID && o.NetworkID == f.NetworkID && o.PortID != nil && *o.PortID == p.ID && *o.FixedIP == *f.FixedIP
	}) != nil {
		return refuse(http.StatusConflict, "FloatingIPPortAlreadyAssociated", "Cannot associate floating IP %s (%s) with port %s using fixed IP %s, as that fixed IP already has a floating IP on external network %s.", f.Address, f.ID, p.ID, *f.FixedIP, f.NetworkID)
	}
	subnet := p.FixedIPs[at].SubnetID
	for _, o := range n.routers.all("") {
		g := n.gateway(o)
		leads := slices.ContainsFunc(n.portsOf(o.ID, netInterface), func(side *netPort) bool {
			return slices.ContainsFunc(side.FixedIPs, func(ip netFixedIP) bool { return ip.SubnetID == subnet })
		})
		if g != nil && g.NetworkID == f.NetworkID && leads {
			f.RouterID = &o.ID
			return nil
		}
	}
	return refuse(http.StatusNotFound, "ExternalGatewayForFloatingIPNotFound", "External network %s is not reachable from subnet %s.  Therefore, cannot associate Port %s with a Floating IP.", f.NetworkID, subnet, p.ID)
}

// unfloat takes floating IPs off the addresses that a port does not have any more.
func (n *neutronService) unfloat(p *netPort) {
	for _, f := range n.floating.all("") {
		if f.PortID != nil && *f.PortID == p.ID && !p.has(*f.FixedIP) {
			f.PortID, f.FixedIP, f.RouterID = nil, nil, nil
			f.Revision++
			n.wire()
		}
	}
}
