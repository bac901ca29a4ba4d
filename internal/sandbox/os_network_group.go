package sandbox

import (
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// netGroup is a set of rules that say what reaches the ports in it and what leaves them.
type netGroup struct {
	netHead
	Name     string `json:"name"`
	Stateful bool   `json:"stateful"`
	Standard bool   `json:"standard"` // the project's group named default
}

// netRule lets through what it describes.
type netRule struct {
	netHead
	GroupID      string  `json:"security_group_id"`
	Direction    string  `json:"direction"`
	Ethertype    string  `json:"ethertype"`
	Protocol     *string `json:"protocol"`
	PortMin      *int    `json:"port_range_min"` // the type of ICMP
	PortMax      *int    `json:"port_range_max"` // the code of ICMP
	RemotePrefix *string `json:"remote_ip_prefix"`
	RemoteGroup  *string `json:"remote_group_id"`
	Told         bool    `json:"told"` // by a request, and not made with its group: its description is not null
}

func (n *neutronService) groupKind() *netKind[netGroup] {
	return &netKind[netGroup]{
		neutronService: n, table: n.groups, one: "security_group", many: "security_groups",
		attributes: netStandard(map[string]netAttribute{
			"name":                 {check: netString(255), when: netBoth},
			"stateful":             {check: netBool, when: netBoth, standard: true},
			"shared":               {},
			"security_group_rules": {},
		}),
		missing: noNetGroup,
		prepare: func(r *request) { n.defaultGroup(r.project.ID) },
		create: func(_ *request, g *netGroup, _ given) error {
			if g.Name == "default" {
				return refuse(http.StatusConflict, "SecurityGroupDefaultAlreadyExists", "Default security group already exists.")
			}
			g.Revision = 1
			return nil
		},
		made: func(_ *request, g *netGroup, _ given) error {
			n.letOut(g)
			return nil
		},
		update: func(_ *request, old, g *netGroup, in given) error {
			switch {
			case old.Standard && in.has("name") && g.Name != old.Name:
				return refuse(http.StatusConflict, "SecurityGroupCannotUpdateDefault", "Updating default security group not allowed.")
			case in.has("name") && g.Name == "default" && !old.Standard:
				return refuse(http.StatusConflict, "SecurityGroupDefaultAlreadyExists", "Default security group already exists.")
			case in.has("stateful") && g.Stateful != old.Stateful && n.guards(g):
				return netGroupInUse(g)
			}
			return nil
		},
		remove: n.removeGroup,
		view: func(_ *request, g *netGroup, out map[string]any) {
			delete(out, "standard")
			out["shared"] = false
			rules := []any{}
			for _, rule := range n.rulesOf(g.ID) {
				rules = append(rules, n.ruleView(rule))
			}
			out["security_group_rules"] = rules
		},
	}
}

func noNetGroup(id string) error {
	return refuse(http.StatusNotFound, "SecurityGroupNotFound", "Security group %s does not exist", id)
}

func netGroupInUse(g *netGroup) error {
	return refuse(http.StatusConflict, "SecurityGroupInUse", "Security Group %s in use.", g.ID)
}

func (n *neutronService) rulesOf(group string) []*netRule {
	return n.rules.where("", func(rule *netRule) bool { return rule.GroupID == group })
}

// guards says whether a group has ports.
func (n *neutronService) guards(g *netGroup) bool {
	return n.ports.first("", func(p *netPort) bool { return slices.Contains(p.Groups, g.ID) }) != nil
}

// defaultGroup is the group of ports for which none is asked for. A project has it from when it is first looked for.
func (n *neutronService) defaultGroup(project string) *netGroup {
	if g := n.groups.first(project, func(g *netGroup) bool { return g.Standard }); g != nil || project == "" {
		return g
	}
	g := n.groups.add(project, &netGroup{netHead: netHead{Description: "Default security group", Revision: 1}, Name: "default", Stateful: true, Standard: true})
	for _, family := range []string{"IPv4", "IPv6"} {
		n.rules.add(project, &netRule{GroupID: g.ID, Direction: "ingress", Ethertype: family, RemoteGroup: new(g.ID)})
	}
	n.letOut(g)
	return g
}

// letOut gives a new group the rules by which everything may leave.
func (n *neutronService) letOut(g *netGroup) {
	for _, family := range []string{"IPv4", "IPv6"} {
		n.rules.add(g.ProjectID, &netRule{GroupID: g.ID, Direction: "egress", Ethertype: family})
	}
}

func (n *neutronService) removeGroup(r *request, g *netGroup) error {
	switch {
	case g.Standard && !r.admin():
		return refuse(http.StatusConflict, "SecurityGroupCannotRemoveDefault", "Insufficient rights for removing default security group.")
	case n.guards(g):
		return netGroupInUse(g)
	}
	for _, rule := range n.rules.all("") {
		if rule.GroupID == g.ID || rule.RemoteGroup != nil && *rule.RemoteGroup == g.ID {
			n.rules.remove(rule.ID)
		}
	}
	return nil
}

// netProtocols are the names of protocols and their numbers.
var netProtocols = map[string]int{
	"ah": 51, "dccp": 33, "egp": 8, "esp": 50, "gre": 47, "hopopt": 0, "icmp": 1, "igmp": 2, "ip": 0, "ipip": 4, "ipv6-encap": 41, "ipv6-frag": 44,
	"ipv6-icmp": 58, "icmpv6": 58, "ipv6-nonxt": 59, "ipv6-opts": 60, "ipv6-route": 43, "ospf": 89, "pgm": 113, "rsvp": 46, "sctp": 132, "tcp": 6,
	"udp": 17, "udplite": 136, "vrrp": 112,
}

// number is that of a protocol, -1 for any.
func (rule *netRule) number() int {
	if rule.Protocol == nil {
		return -1
	}
	if number, ok := netProtocols[*rule.Protocol]; ok {
		return number
	}
	number, _ := strconv.Atoi(*rule.Protocol)
	return number
}

// netProtocol is a name in lower case, or a number from 0 to 255.
func netProtocol(_ string, v any) (any, error) {
	text := strings.ToLower(netText(v))
	if _, ok := netProtocols[text]; ok {
		return text, nil
	}
	if number, err := strconv.Atoi(text); err == nil && number >= 0 && number <= 255 {
		return text, nil
	}
	return nil, refuse(http.StatusBadRequest, "SecurityGroupRuleInvalidProtocol", "Security group rule protocol %s not supported. Only protocol values [None, 'ah', 'dccp', 'egp', 'esp', 'gre', 'hopopt', 'icmp', 'igmp', 'ip', 'ipip', 'ipv6-encap', 'ipv6-frag', 'ipv6-icmp', 'icmpv6', 'ipv6-nonxt', 'ipv6-opts', 'ipv6-route', 'ospf', 'pgm', 'rsvp', 'sctp', 'tcp', 'udp', 'udplite', 'vrrp'] and integer representations [0 to 255] are supported.", netText(v))
}

func netFamily(_ string, v any) (any, error) {
	for _, family := range []string{"IPv4", "IPv6"} {
		if strings.EqualFold(netText(v), family) {
			return family, nil
		}
	}
	return nil, refuse(http.StatusBadRequest, "SecurityGroupRuleInvalidEtherType", "Security group rule for ethertype '%s' not supported. Allowed values are ['IPv4', 'IPv6'].", netText(v))
}

// netRemote is a range of addresses, in which an address may stand for its range.
func netRemote(_ string, v any) (any, error) {
	text, _ := v.(string)
	if a, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(a, a.BitLen()).String(), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "InvalidCIDR", "Invalid CIDR %s given as IP prefix.", netText(v))
	}
	return p.String(), nil
}

func netPortNumber(_ string, v any) (any, error) {
	number, err := strconv.Atoi(netText(v))
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "SecurityGroupInvalidPortValue", "Invalid value for port %s", netText(v))
	}
	return number, nil
}

func (n *neutronService) ruleKind() *netKind[netRule] {
	return &netKind[netRule]{
		neutronService: n, table: n.rules, one: "security_group_rule", many: "security_group_rules",
		attributes: netStandard(map[string]netAttribute{
			"security_group_id":       {check: netString(255), when: netCreate, needed: true},
			"direction":               {check: netOneOf("ingress", "egress"), when: netCreate, needed: true},
			"ethertype":               {check: netFamily, when: netCreate, standard: "IPv4"},
			"protocol":                {check: orNone(netProtocol), when: netCreate},
			"port_range_min":          {check: orNone(netPortNumber), when: netCreate},
			"port_range_max":          {check: orNone(netPortNumber), when: netCreate},
			"remote_ip_prefix":        {check: orNone(netRemote), when: netCreate},
			"remote_group_id":         {check: orNone(netString(255)), when: netCreate},
			"remote_address_group_id": {check: netAddressGroup, when: netCreate},
			"description":             {check: netString(255), when: netCreate},
			"normalized_cidr":         {},
		}),
		missing: func(id string) error {
			return refuse(http.StatusNotFound, "SecurityGroupRuleNotFound", "Security group rule %s does not exist", id)
		},
		prepare: func(r *request) { n.defaultGroup(r.project.ID) },
		create:  n.createRule,
		made: func(_ *request, rule *netRule, _ given) error {
			n.groups.get("", rule.GroupID).Revision++
			return nil
		},
		remove: func(_ *request, rule *netRule) error {
			n.groups.get("", rule.GroupID).Revision++
			return nil
		},
		view: func(_ *request, rule *netRule, out map[string]any) {
			clear(out)
			maps.Copy(out, n.ruleView(rule))
			delete(out, "tags")
		},
	}
}

// netAddressGroup refuses every group of addresses but none: there are none.
func netAddressGroup(_ string, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	return nil, refuse(http.StatusNotFound, "AddressGroupNotFound", "Address group %s could not be found.", netText(v))
}

// ruleView is a rule as it is shown alone and in its group.
func (n *neutronService) ruleView(rule *netRule) map[string]any {
	var cidr, description any
	if rule.Told {
		description = rule.Description
	}
	if rule.RemotePrefix != nil {
		cidr = netip.MustParsePrefix(*rule.RemotePrefix).Masked().String()
	}
	return map[string]any{
		"id": rule.ID, "project_id": rule.ProjectID, "tenant_id": rule.ProjectID, "security_group_id": rule.GroupID,
		"direction": rule.Direction, "ethertype": rule.Ethertype, "protocol": rule.Protocol, "port_range_min": rule.PortMin, "port_range_max": rule.PortMax,
		"remote_ip_prefix": rule.RemotePrefix, "remote_group_id": rule.RemoteGroup, "remote_address_group_id": nil, "normalized_cidr": cidr,
		"description": description, "tags": []any{}, "revision_number": rule.Revision,
		"created_at": rule.CreatedAt.Format(netTime), "updated_at": rule.UpdatedAt.Format(netTime),
	}
}

func (n *neutronService) createRule(r *request, rule *netRule, _ given) error {
	rule.Told = true
	group := func(id string) error {
		if g := n.groups.get("", id); g == nil || !r.admin() && g.ProjectID != r.project.ID {
			return noNetGroup(id)
		}
		return nil
	}
	if err := rule.check(); err != nil {
		return err
	}
	if err := group(rule.GroupID); err != nil {
		return err
	}
	if rule.RemoteGroup != nil {
		if err := group(*rule.RemoteGroup); err != nil {
			return err
		}
	}
	for _, other := range n.rulesOf(rule.GroupID) {
		if rule.same(other) {
			return refuse(http.StatusConflict, "SecurityGroupRuleExists", "Security group rule already exists. Rule id is %s.", other.ID)
		}
	}
	return nil
}

func equal[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

// same says whether two rules let the same through, however it is written.
func (rule *netRule) same(other *netRule) bool {
	anywhere := func(o *netRule) string {
		if o.RemotePrefix == nil {
			return ""
		}
		if p := netip.MustParsePrefix(*o.RemotePrefix).Masked(); p.Bits() > 0 {
			return p.String()
		}
		return ""
	}
	return rule.Direction == other.Direction && rule.Ethertype == other.Ethertype && rule.number() == other.number() &&
		equal(rule.PortMin, other.PortMin) && equal(rule.PortMax, other.PortMax) && equal(rule.RemoteGroup, other.RemoteGroup) &&
		anywhere(rule) == anywhere(other)
}

// check refuses what contradicts itself, and brings ports and protocols into their usual form.
func (rule *netRule) check() error {
	bad := func(code, format string, args ...any) error {
		return refuse(http.StatusBadRequest, code, format, args...)
	}
	if rule.RemotePrefix != nil && rule.RemoteGroup != nil {
		return bad("SecurityGroupMultipleRemoteEntites", "Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.")
	}
	if rule.RemotePrefix != nil && netip.MustParsePrefix(*rule.RemotePrefix).Addr().Is4() != (rule.Ethertype == "IPv4") {
		return bad("SecurityGroupRuleParameterConflict", "Conflicting value ethertype %s for CIDR %s", rule.Ethertype, *rule.RemotePrefix)
	}
	if rule.Protocol == nil {
		if rule.PortMin != nil || rule.PortMax != nil {
			return bad("SecurityGroupProtocolRequiredWithPorts", "Must also specify protocol if port range is given.")
		}
		return nil
	}
	six := rule.Ethertype == "IPv6"
	if number := rule.number(); !six && slices.Contains([]int{41, 43, 44, 58, 59, 60}, number) {
		return bad("SecurityGroupEthertypeConflictWithProtocol", "Invalid ethertype %s for protocol %s.", rule.Ethertype, *rule.Protocol)
	}
	if six && (*rule.Protocol == "icmp" || *rule.Protocol == "icmpv6") {
		*rule.Protocol = "ipv6-icmp"
	}
	if *rule.Protocol == "ip" {
		rule.Protocol = nil
	}
	switch number := rule.number(); {
	case rule.PortMin == nil && rule.PortMax == nil:
	case slices.Contains([]int{6, 17, 33, 132, 136}, number):
		for _, port := range []*int{rule.PortMin, rule.PortMax} {
			if port != nil && (*port < 1 || *port > 65535) {
				return bad("SecurityGroupInvalidPortValue", "Invalid value for port %d", *port)
			}
		}
		if rule.PortMin == nil || rule.PortMax == nil || *rule.PortMin > *rule.PortMax {
			return bad("SecurityGroupInvalidPortRange", "For TCP/UDP protocols, port_range_min must be <= port_range_max")
		}
		if *rule.PortMin == 1 && *rule.PortMax == 65535 {
			rule.PortMin, rule.PortMax = nil, nil
		}
	case number == 1 || number == 58:
		for i, value := range []*int{rule.PortMin, rule.PortMax} {
			if value != nil && (*value < 0 || *value > 255) {
				return bad("SecurityGroupInvalidIcmpValue", "Invalid value for ICMP %s %d. It must be 0 to 255.", []string{"type (port_range_min)", "code (port_range_max)"}[i], *value)
			}
		}
		if rule.PortMin == nil {
			return bad("SecurityGroupMissingIcmpType", "ICMP code (port-range-max) %d is provided but ICMP type (port-range-min) is missing.", *rule.PortMax)
		}
	default:
		return bad("SecurityGroupInvalidProtocolForPort", "Ports cannot be specified for protocol %d. Ports are only supported for DCCP, SCTP, TCP, UDP, UDPLITE.", number)
	}
	return nil
}
