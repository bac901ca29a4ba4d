package vpc

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// SecurityGroupRule allows or denies some traffic of a security group. The API cannot change it.
var SecurityGroupRule = object.Kind{
	Name:    "security_group_rule",
	Service: cloud.VPC,
	Path:    "/v3/{project_id}/vpc/security-group-rules",
	One:     "security_group_rule",
	Many:    "security_group_rules",
	Paging:  cloud.Marker(2000, "page_info.next_marker"),
	Fields:  object.Fields{"priority": {As: object.Text}}, // answered as a number
	Decode:  object.DecodeWith(decodeRule),
	Checks:  []object.Check{portsNeedProtocol, protocolHasFamily, oneRemote, remoteHasFamily},
	Filters: map[string]string{
		"security_group_id": "security_group_id", "direction": "direction", "protocol": "protocol", "action": "action",
		"remote_group_id": "remote_group_id", "remote_address_group_id": "remote_address_group_id",
	},
	Replaces: []string{
		"huaweicloud_networking_secgroup_rule", "huaweicloud_networking_secgroup_rule_v2",
		"opentelekomcloud_networking_secgroup_rule_v2", "openstack_networking_secgroup_rule_v2",
	},
	Schema: schema.Schema{
		MarkdownDescription: "A rule of a security group: it allows or denies some traffic. The cloud refuses a second rule that does the same.",
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
				Optional: true, Validators: []validator.String{valid.Match(protocols, "tcp, udp, icmp, icmpv6 or a number from 0 to 255 is expected")},
				MarkdownDescription: "Protocol: `tcp`, `udp`, `icmp` (with IPv4), `icmpv6` (with IPv6), or the number of one, 0 to 255. Any when it is left out.",
			},
			"multiport": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.Ports()},
				MarkdownDescription: "Ports, each 1 to 65535: one, `80`; a range, `1-30`; or several of both, `22,3389,8000-8080`. Only with `tcp` and `udp`. All when it is left out.",
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
			"action": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString("allow"),
				Validators:          []validator.String{stringvalidator.OneOf("allow", "deny")},
				MarkdownDescription: "What happens to the traffic: `allow` or `deny`.",
			},
			"priority": schema.Int64Attribute{
				Optional: true, Computed: true, Default: int64default.StaticInt64(100),
				Validators:          []validator.Int64{int64validator.Between(1, 100)},
				MarkdownDescription: "Priority, 1 to 100; 1 is the highest. Among rules of the same, `deny` wins.",
			},
			"enabled": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(true),
				MarkdownDescription: "Whether it is in force.",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: valid.Description(255),
				MarkdownDescription: "Description: at most 255 characters, without `<` and `>`.",
			},
			"created_at": object.CreatedAt(),
			"updated_at": object.UpdatedAt(),
		},
	},
}

var protocols = pattern.New(`^(tcp|udp|icmp|icmpv6|[0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])$`)

// ruleRemote is the other side of a rule. Every rule has a direction: where there is none, nothing is known before.
type ruleRemote struct {
	Direction string  `json:"direction"`
	Remote    *string `json:"remote_ip_prefix"`
}

// decodeRule keeps the notation of the other side where the cloud has another for the same: no remote is 0.0.0.0/0, and an
// address is a range of one.
func decodeRule(answer, prior ruleRemote) (ruleRemote, error) {
	if prior.Direction != "" && remoteRange(answer.Remote) == remoteRange(prior.Remote) {
		answer.Remote = prior.Remote
	}
	return answer, nil
}

// remoteRange is one notation for all that mean the same; "" is everything.
func remoteRange(remote *string) string {
	if remote == nil {
		return ""
	}
	prefix, err := valid.ParseRemote(*remote)
	switch {
	case err != nil:
		return *remote
	case prefix.Bits() == 0:
		return ""
	}
	return prefix.String()
}

// portsNeedProtocol refuses ports of protocols that have none.
func portsNeedProtocol(_, config object.Values, refuse func(string, string, ...any)) {
	protocol := config.String("protocol")
	if !config.Has("multiport") || protocol == "" && config.Has("protocol") {
		return
	}
	if !slices.Contains([]string{"tcp", "udp", "6", "17"}, protocol) {
		refuse("multiport", "Only the protocols tcp and udp have ports.")
	}
}

// protocolHasFamily refuses ICMP of the other family.
func protocolHasFamily(_, config object.Values, refuse func(string, string, ...any)) {
	family, known := ruleFamily(config)
	for protocol, needs := range map[string]string{"icmp": "IPv4", "icmpv6": "IPv6"} {
		if known && config.String("protocol") == protocol && family != needs {
			refuse("protocol", "The protocol %s needs ethertype %s.", protocol, needs)
		}
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
