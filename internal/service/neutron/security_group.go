package neutron

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

const (
	groups = "/v2.0/security-groups"
	rules  = "/v2.0/security-group-rules"
)

// SecurityGroup is a set of rules for the traffic of the ports that have it.
var SecurityGroup = object.Kind{
	Name:    "security_group",
	Service: cloud.Neutron,
	Path:    groups,
	One:     "security_group",
	Many:    "security_groups",
	Paging:  cloud.Links("security_groups_links", 1000),
	Fields:  object.Fields{"tag_names": tagField, "project_id": projectField},
	Local:   []string{"delete_default_rules"},
	Changes: []object.Change{
		{Of: []string{"name", "description", "stateful"}},
		{
			Of:      []string{"delete_default_rules"},
			Follows: func(plan object.Values) bool { return plan.Bool("delete_default_rules") },
			Do:      deleteRules, Calls: []object.Op{deleteRule},
		},
		tags(groups),
	},
	Checks: []object.Check{notDefault},
	Filters: map[string]string{
		"name": "name", "description": "description", "stateful": "stateful", "project_id": "project_id",
	},
	Releases: 30 * time.Second, // a server that is gone may still hold a port for a moment
	Schema: schema.Schema{
		MarkdownDescription: "A security group: rules for the traffic from and to the ports that have it. What no rule allows is refused. Members of a project own its security groups.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.UTF8LengthBetween(1, 255)},
				MarkdownDescription: "Name: 1 to 255 characters. Several groups may have the same; `default` is the one that every project has.",
			},
			"description": description(),
			"stateful": schema.BoolAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Whether answers to what is allowed are allowed by themselves. Changes while no port has the group. Default: `true`.",
			},
			"delete_default_rules": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether a new group loses the rules that the cloud gives it: everything may go out. Only asked when the group is created.",
			},
			"project_id": projectID(),
			"tag_names":  tagNames(),
			"created_at": object.CreatedAt(),
			"updated_at": object.UpdatedAt(),
		},
	},
}

var deleteRule = object.Op{Method: "DELETE", Path: rules + "/{rule_id}"}

// deleteRules removes all rules of a group. Of a new one these are the cloud's.
func deleteRules(ctx context.Context, call *object.Call) error {
	answer, err := call.Read(ctx)
	if err != nil {
		return err
	}
	group, err := object.Into[struct {
		Rules []struct {
			ID string `json:"id"`
		} `json:"security_group_rules"`
	}](answer)
	if err != nil {
		return err
	}
	for _, rule := range group.Rules {
		if _, err := call.Do(ctx, deleteRule, object.Values{"rule_id": rule.ID}); err != nil {
			return err
		}
	}
	return nil
}

// notDefault refuses the name that the cloud keeps for the group of its own.
func notDefault(_, config object.Values, refuse func(string, string, ...any)) {
	if config.String("name") == "default" {
		refuse("name", "Every project has one group of this name already. Look it up with a data source.")
	}
}

// SecurityGroupRule allows some traffic of a security group. The API cannot change it.
var SecurityGroupRule = object.Kind{
	Name:    "security_group_rule",
	Service: cloud.Neutron,
	Path:    rules,
	One:     "security_group_rule",
	Many:    "security_group_rules",
	Paging:  cloud.Links("security_group_rules_links", 1000),
	Fields: object.Fields{
		"protocol":         {Form: protocolName},
		"remote_ip_prefix": {Form: remoteRange},
		"project_id":       projectField,
	},
	Checks: []object.Check{portsNeedProtocol, bothPorts, protocolHasFamily, oneRemote, remoteHasFamily},
	Filters: map[string]string{
		"security_group_id": "security_group_id", "direction": "direction", "ethertype": "ethertype", "protocol": "protocol",
		"remote_group_id": "remote_group_id", "remote_ip_prefix": "remote_ip_prefix", "project_id": "project_id", "description": "description",
	},
	Schema: schema.Schema{
		MarkdownDescription: "A rule of a security group: it allows some traffic. The cloud refuses a second rule that does the same. Members of a project own the rules of its security groups.",
		Attributes: map[string]schema.Attribute{
			"security_group_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The security group to which it belongs.",
			},
			"direction": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.OneOf("ingress", "egress")},
				MarkdownDescription: "`ingress` for traffic to the group's members, `egress` for traffic from them.",
			},
			"ethertype": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString("IPv4"),
				Validators:          []validator.String{stringvalidator.OneOf("IPv4", "IPv6")},
				MarkdownDescription: "Family of the addresses: `IPv4` or `IPv6`.",
			},
			"protocol": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.Match(protocols, "a protocol such as tcp, or a number from 0 to 255, is expected")},
				MarkdownDescription: "Protocol: `tcp`, `udp`, `icmp` (with IPv4), `icmpv6` (with IPv6), `ah`, `dccp`, `egp`, `esp`, `gre`, `hopopt`, `igmp`, `ipip`, `ipv6-encap`, `ipv6-frag`, `ipv6-nonxt`, `ipv6-opts`, `ipv6-route`, `ospf`, `pgm`, `rsvp`, `sctp`, `udplite`, `vrrp`, or the number of one, 0 to 255. Any when it is left out.",
			},
			"port_range_min": schema.Int64Attribute{
				Optional: true, Validators: []validator.Int64{int64validator.Between(0, 65535)},
				MarkdownDescription: "First port, 1 to 65535, of `tcp`, `udp`, `dccp`, `sctp` and `udplite`; of ICMP, the type, 0 to 255. All when it is left out.",
			},
			"port_range_max": schema.Int64Attribute{
				Optional: true, Validators: []validator.Int64{int64validator.Between(0, 65535)},
				MarkdownDescription: "Last port, 1 to 65535; of ICMP, the code, 0 to 255.",
			},
			"remote_ip_prefix": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.Remote()},
				MarkdownDescription: "The other side: an address or a range, of the family that `ethertype` says. Anything when no remote is given.",
			},
			"remote_group_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The other side: the members of this security group. Not with another remote.",
			},
			"remote_address_group_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The other side: the addresses of this address group. Not with another remote.",
			},
			"description": description(),
			"project_id":  projectID(),
			"created_at":  object.CreatedAt(),
			"updated_at":  object.UpdatedAt(),
		},
	},
}

var protocols = pattern.New(`^(tcp|udp|icmp|icmpv6|ipv6-icmp|ah|dccp|egp|esp|gre|hopopt|igmp|ipip|ipv6-encap|ipv6-frag|ipv6-nonxt|ipv6-opts|ipv6-route|ospf|pgm|rsvp|sctp|udplite|vrrp|[0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])$`)

// protocolName is the cloud's name of a protocol that has two.
func protocolName(protocol string) string {
	if protocol == "icmpv6" {
		return "ipv6-icmp"
	}
	return protocol
}

// remoteRange is the range that an address stands for.
func remoteRange(remote string) string {
	if prefix, err := valid.ParseRemote(remote); err == nil {
		return prefix.String()
	}
	return remote
}

// The protocols that have ports, and those that have types and codes instead.
var (
	havePorts = []string{"tcp", "6", "udp", "17", "dccp", "33", "sctp", "132", "udplite", "136"}
	haveTypes = []string{"icmp", "1", "icmpv6", "ipv6-icmp", "58"}
)

// portsNeedProtocol refuses ports of protocols that have none.
func portsNeedProtocol(_, config object.Values, refuse func(string, string, ...any)) {
	protocol := config.String("protocol")
	if protocol == "" && config.Has("protocol") || slices.Contains(havePorts, protocol) || slices.Contains(haveTypes, protocol) {
		return
	}
	for _, name := range []string{"port_range_min", "port_range_max"} {
		if config.Has(name) {
			refuse(name, "Only the protocols tcp, udp, dccp, sctp and udplite have ports, and ICMP has types and codes.")
		}
	}
}

// bothPorts refuses half a range, one that is backwards, and one that is no restriction, which the cloud forgets.
func bothPorts(_, config object.Values, refuse func(string, string, ...any)) {
	first, hasFirst := config.Int("port_range_min")
	last, hasLast := config.Int("port_range_max")
	switch protocol := config.String("protocol"); {
	case slices.Contains(haveTypes, protocol):
		if config.Has("port_range_max") && config.Null("port_range_min") {
			refuse("port_range_max", "A code of ICMP needs its type, port_range_min.")
		}
		for name, value := range map[string]int64{"port_range_min": first, "port_range_max": last} {
			if value > 255 {
				refuse(name, "Types and codes of ICMP are 0 to 255.")
			}
		}
	case !slices.Contains(havePorts, protocol):
	case config.Has("port_range_min") != config.Has("port_range_max"):
		refuse("port_range_min", "A range has two ends: port_range_min and port_range_max, which may be the same.")
	case hasFirst && first == 0, hasLast && last == 0:
		refuse("port_range_min", "Ports are 1 to 65535.")
	case hasFirst && hasLast && first > last:
		refuse("port_range_max", "%d is less than port_range_min, %d.", last, first)
	case first == 1 && last == 65535:
		refuse("port_range_min", "All ports are meant when both ends are left out.")
	}
}

// protocolHasFamily refuses protocols of the other family.
func protocolHasFamily(_, config object.Values, refuse func(string, string, ...any)) {
	family, known := ruleFamily(config)
	needs := map[string]string{
		"icmp": "IPv4", "icmpv6": "IPv6", "ipv6-icmp": "IPv6", "ipv6-encap": "IPv6", "ipv6-frag": "IPv6", "ipv6-nonxt": "IPv6",
		"ipv6-opts": "IPv6", "ipv6-route": "IPv6", "41": "IPv6", "43": "IPv6", "44": "IPv6", "58": "IPv6", "59": "IPv6", "60": "IPv6",
	}[config.String("protocol")]
	if known && needs != "" && family != needs {
		refuse("protocol", "The protocol %s needs ethertype %s.", config.String("protocol"), needs)
	}
}

// oneRemote refuses more than one other side.
func oneRemote(_, config object.Values, refuse func(string, string, ...any)) {
	first := ""
	for _, name := range []string{"remote_ip_prefix", "remote_group_id", "remote_address_group_id"} {
		switch {
		case !config.Has(name):
		case first == "":
			first = name
		default:
			refuse(name, "A rule has one remote, and %s is given too.", first)
		}
	}
}

// remoteHasFamily refuses a range of the other family.
func remoteHasFamily(_, config object.Values, refuse func(string, string, ...any)) {
	family, known := ruleFamily(config)
	var remote netip.Prefix
	remote, err := valid.ParseRemote(config.String("remote_ip_prefix"))
	if known && err == nil && remote.Addr().Is4() != (family == "IPv4") {
		refuse("remote_ip_prefix", "%s is not of ethertype %s.", remote, family)
	}
}

// ruleFamily is the family of a rule's addresses, and whether it is known yet.
func ruleFamily(config object.Values) (family string, known bool) {
	if !config.Has("ethertype") {
		return "IPv4", true
	}
	family = config.String("ethertype")
	return family, family != ""
}
