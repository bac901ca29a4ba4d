package sandbox

import (
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// groupRule allows or denies traffic of a security group. It never changes. A new group has four: everything out, and in
// from its own members, both in IPv4 and IPv6.
type groupRule struct {
	meta
	GroupID              string `json:"security_group_id"`
	Description          string `json:"description"`
	Direction            string `json:"direction"` // ingress, egress
	Ethertype            string `json:"ethertype"` // IPv4, IPv6
	Protocol             string `json:"protocol"`  // "" for any
	Multiport            string `json:"multiport"` // "" for any
	Action               string `json:"action"`    // allow, deny
	Priority             int    `json:"priority"`
	Enabled              bool   `json:"enabled"`
	RemoteGroupID        string `json:"remote_group_id"`
	RemoteIPPrefix       string `json:"remote_ip_prefix"`
	RemoteAddressGroupID string `json:"remote_address_group_id"`
}

func (v *vpcService) groupRuleRoutes() []route {
	const path = "/v3/{project_id}/vpc/security-group-rules"
	return []route{
		{"POST " + path, 201, v.createGroupRule},
		{"GET " + path, 200, v.listGroupRules},
		{"GET " + path + "/{id}", 200, v.showGroupRule},
		{"DELETE " + path + "/{id}", 204, v.deleteGroupRule},
	}
}

// rulesOf are the rules of a group.
func (v *vpcService) rulesOf(group string) []*groupRule {
	return v.rules.where("", func(r *groupRule) bool { return r.GroupID == group })
}

// addDefaultRules gives a new group its rules.
func (v *vpcService) addDefaultRules(g *securityGroup) {
	for _, family := range []string{"IPv4", "IPv6"} {
		for _, rule := range []groupRule{{Direction: "egress"}, {Direction: "ingress", RemoteGroupID: g.ID}} {
			rule.GroupID, rule.Ethertype, rule.Action, rule.Priority, rule.Enabled = g.ID, family, "allow", 100, true
			v.rules.add(g.ProjectID, &rule)
		}
	}
}

// view shows a rule; what it leaves open is null.
func (g *groupRule) view() any {
	orNull := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	return map[string]any{
		"id":                      g.ID,
		"description":             g.Description,
		"security_group_id":       g.GroupID,
		"direction":               g.Direction,
		"protocol":                orNull(g.Protocol),
		"ethertype":               g.Ethertype,
		"multiport":               orNull(g.Multiport),
		"action":                  g.Action,
		"priority":                g.Priority,
		"remote_group_id":         orNull(g.RemoteGroupID),
		"remote_ip_prefix":        orNull(g.RemoteIPPrefix),
		"remote_address_group_id": orNull(g.RemoteAddressGroupID),
		"enabled":                 g.Enabled,
		"project_id":              g.ProjectID,
		"created_at":              g.CreatedAt.Format(vpcTime),
		"updated_at":              g.UpdatedAt.Format(vpcTime),
	}
}

func noGroupRule(id string) error {
	return refuse(http.StatusNotFound, "VPC.0602", "Security group rule %s does not exist", id)
}

func badGroupRule(format string, args ...any) error {
	return refuse(http.StatusBadRequest, "VPC.0606", format, args...)
}

// ruleInput is what create says of a rule. The priority is a text, though answers have a number.
type ruleInput struct {
	Rule struct {
		GroupID              string  `json:"security_group_id"`
		Description          string  `json:"description"`
		Direction            string  `json:"direction"`
		Ethertype            *string `json:"ethertype"`
		Protocol             string  `json:"protocol"`
		Multiport            string  `json:"multiport"`
		Action               *string `json:"action"`
		Priority             *string `json:"priority"`
		Enabled              *bool   `json:"enabled"`
		RemoteGroupID        string  `json:"remote_group_id"`
		RemoteIPPrefix       string  `json:"remote_ip_prefix"`
		RemoteAddressGroupID string  `json:"remote_address_group_id"`
	} `json:"security_group_rule"`
	DryRun bool `json:"dry_run"`
}

// newRule checks what create asks for, and makes a rule that is not yet in the table. Address groups are not served
// here: a rule may name any.
func (v *vpcService) newRule(project string, in *ruleInput) (*groupRule, error) {
	asked := &in.Rule
	given := func(p *string, otherwise string) string {
		if p == nil {
			return otherwise
		}
		return *p
	}
	priority, err := strconv.Atoi(given(asked.Priority, "100"))
	rule := &groupRule{
		GroupID: asked.GroupID, Description: asked.Description, Direction: asked.Direction,
		Ethertype: given(asked.Ethertype, "IPv4"), Protocol: asked.Protocol, Multiport: asked.Multiport,
		Action: given(asked.Action, "allow"), Priority: priority, Enabled: asked.Enabled == nil || *asked.Enabled,
		RemoteGroupID: asked.RemoteGroupID, RemoteIPPrefix: asked.RemoteIPPrefix, RemoteAddressGroupID: asked.RemoteAddressGroupID,
	}
	remotes := slices.DeleteFunc([]string{rule.RemoteGroupID, rule.RemoteIPPrefix, rule.RemoteAddressGroupID}, func(s string) bool { return s == "" })
	switch {
	case rule.Direction != "ingress" && rule.Direction != "egress":
		return nil, badGroupRule("direction %s is invalid.", rule.Direction)
	case rule.Ethertype != "IPv4" && rule.Ethertype != "IPv6":
		return nil, badGroupRule("ethertype %s is invalid.", rule.Ethertype)
	case rule.Action != "allow" && rule.Action != "deny":
		return nil, badGroupRule("action %s is invalid.", rule.Action)
	case err != nil || priority < 1 || priority > 100:
		return nil, badGroupRule("priority is invalid.")
	case !checkDescription(rule.Description):
		return nil, badGroupRule("description is invalid.")
	case !checkProtocol(rule.Protocol):
		return nil, badGroupRule("protocol %s is invalid.", rule.Protocol)
	case rule.Protocol == "icmp" && rule.Ethertype != "IPv4", rule.Protocol == "icmpv6" && rule.Ethertype != "IPv6":
		return nil, badGroupRule("protocol %s does not go with ethertype %s.", rule.Protocol, rule.Ethertype)
	case rule.Multiport != "" && !slices.Contains([]string{"tcp", "udp", "6", "17"}, rule.Protocol):
		return nil, badGroupRule("multiport needs protocol tcp or udp.")
	case rule.Multiport != "" && !checkPorts(rule.Multiport):
		return nil, badGroupRule("multiport %s is invalid.", rule.Multiport)
	case len(remotes) > 1:
		return nil, badGroupRule("Only one of remote_ip_prefix, remote_group_id and remote_address_group_id may be given.")
	case rule.RemoteIPPrefix != "" && !checkRemote(rule.RemoteIPPrefix, rule.Ethertype):
		return nil, badGroupRule("remote_ip_prefix %s is invalid for ethertype %s.", rule.RemoteIPPrefix, rule.Ethertype)
	case v.groups.get(project, rule.GroupID) == nil:
		return nil, noGroup(rule.GroupID)
	case rule.RemoteGroupID != "" && v.groups.get(project, rule.RemoteGroupID) == nil:
		return nil, noGroup(rule.RemoteGroupID)
	}
	for _, other := range v.rulesOf(rule.GroupID) {
		if other.same(rule) {
			return nil, refuse(http.StatusConflict, "VPC.0602", "Security group rule already exists. Rule id is %s.", other.ID)
		}
	}
	if v.rules.full(project, 1) {
		return nil, refuse(http.StatusConflict, "VPC.0604", "Quota exceeded for resources: ['security_group_rule'].")
	}
	return rule, nil
}

// same says whether two rules of a group do the same to the same traffic, whatever is said of them.
func (g *groupRule) same(other *groupRule) bool {
	key := func(r *groupRule) groupRule {
		anywhere := r.RemoteIPPrefix == "0.0.0.0/0" || r.RemoteIPPrefix == "::/0"
		k := *r
		k.meta, k.Description, k.Enabled = meta{}, "", false
		if anywhere {
			k.RemoteIPPrefix = ""
		}
		return k
	}
	return key(g) == key(other)
}

// checkProtocol says whether a text names a protocol, or none.
func checkProtocol(text string) bool {
	if slices.Contains([]string{"", "tcp", "udp", "icmp", "icmpv6"}, text) {
		return true
	}
	n, err := strconv.Atoi(text)
	return err == nil && n >= 0 && n <= 255 && strconv.Itoa(n) == text
}

var portRange = pattern.New(`^([0-9]{1,5})(-([0-9]{1,5}))?$`)

// checkPorts says whether a text is a list of ports and ranges: 80, 1-30, 22,3389,80.
func checkPorts(text string) bool {
	for part := range strings.SplitSeq(text, ",") {
		found := portRange.FindStringSubmatch(part)
		if found == nil {
			return false
		}
		from, _ := strconv.Atoi(found[1])
		to := from
		if found[3] != "" {
			to, _ = strconv.Atoi(found[3])
		}
		if from < 1 || from > to || to > 65535 {
			return false
		}
	}
	return true
}

// checkRemote says whether a text is an address or a range of the family.
func checkRemote(text, ethertype string) bool {
	address, err := netip.ParseAddr(text)
	if err != nil {
		prefix, err := netip.ParsePrefix(text)
		if err != nil || prefix.Masked() != prefix {
			return false
		}
		address = prefix.Addr()
	}
	return address.Is4() == (ethertype == "IPv4")
}

func (v *vpcService) createGroupRule(r *request) (any, error) {
	var in ruleInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	rule, err := v.newRule(r.project.ID, &in)
	if err != nil {
		return nil, err
	}
	if in.DryRun {
		return dryRun(r), nil
	}
	return map[string]any{"security_group_rule": v.rules.add(r.project.ID, rule).view(), "request_id": r.id}, nil
}

func (v *vpcService) showGroupRule(r *request) (any, error) {
	rule := v.rules.read(r.project.ID, r.PathValue("id"))
	if rule == nil {
		return nil, noGroupRule(r.PathValue("id"))
	}
	return map[string]any{"security_group_rule": rule.view(), "request_id": r.id}, nil
}

func (v *vpcService) listGroupRules(r *request) (any, error) {
	found := slices.DeleteFunc(v.rules.list(r.project.ID), func(g *groupRule) bool {
		for name, value := range map[string]string{
			"id": g.ID, "security_group_id": g.GroupID, "description": g.Description, "direction": g.Direction,
			"ethertype": g.Ethertype, "protocol": g.Protocol, "action": g.Action, "priority": strconv.Itoa(g.Priority),
			"enabled": strconv.FormatBool(g.Enabled), "remote_group_id": g.RemoteGroupID,
			"remote_ip_prefix": g.RemoteIPPrefix, "remote_address_group_id": g.RemoteAddressGroupID,
		} {
			if !among(r, name, value) {
				return true
			}
		}
		return false
	})
	page, next, err := markerPage(r, found, vpcPage, vpcPage)
	if err != nil {
		return nil, err
	}
	return map[string]any{"security_group_rules": views(page, (*groupRule).view), "page_info": pageInfo(page, next), "request_id": r.id}, nil
}

func (v *vpcService) deleteGroupRule(r *request) (any, error) {
	rule := v.rules.get(r.project.ID, r.PathValue("id"))
	if rule == nil {
		return nil, noGroupRule(r.PathValue("id"))
	}
	v.rules.remove(rule.ID)
	return nil, nil
}
