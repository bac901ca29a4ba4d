package vpc

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// Port is a network interface. The first API generation writes it, the third reads it with its tags.
var Port = object.Kind{
	Name:    "port",
	Service: cloud.VPC,
	Path:    "/v3/{project_id}/ports",
	One:     "port",
	Many:    "ports",
	Paging:  cloud.Marker(2000, "page_info.next_marker"),
	Create:  object.Op{Path: "/v1/{project_id}/ports"},
	Delete:  object.Op{Path: "/v1/{project_id}/ports/{id}"},
	Ready:   object.Status("DOWN", "ACTIVE"), // nothing uses a new one, so it is down
	Tags: &object.Tags{
		Read: "tags", As: object.Pairs,
		Action: "/v3/{project_id}/ports/{id}/tags/{action}",
		Rules: object.TagRules{
			Most: 20, Key: 128, Value: 255, Keys: portTag, Values: portTag,
			Text: "a tag may hold Chinese and Latin letters, digits, and _ . : + - =",
		},
	},
	Fields: object.Fields{
		"network_id":         {Read: "virsubnet_id"},
		"security_group_ids": {API: "security_groups"},
		"dhcp_lease_time":    {API: "extra_dhcp_opts", As: leaseOption{}},
		"fixed_ips":          {Read: object.Never, Of: object.Fields{"subnet_id": {}, "ip_address": {}}},
		"allowed_address_pairs": {
			Read: object.Never, Of: object.Fields{"ip_address": {}, "mac_address": {}},
		},
	},
	Decode: object.DecodeWith(decodePort),
	Changes: []object.Change{{
		Of: []string{"name", "security_group_ids", "allowed_address_pairs", "dhcp_lease_time"},
		Op: object.Op{Path: "/v1/{project_id}/ports/{id}"},
	}},
	Checks: []object.Check{onePerFamily, pairsNameAddresses},
	Filters: map[string]string{
		"name": "name", "network_id": "virsubnet_id", "vpc_id": "vpc_id", "device_id": "device_id", "device_owner": "device_owner",
		"mac_address": "mac_address", "status": "status",
	},
	Releases: 30 * time.Second, // a server that is gone may still hold it for a moment
	Replaces: []string{
		"huaweicloud_vpc_network_interface", "huaweicloud_networking_port_v2",
		"opentelekomcloud_networking_port_v2", "openstack_networking_port_v2",
	},
	Schema: schema.Schema{
		MarkdownDescription: "A port: a network interface with its addresses in a subnet, which a server or another service can use.",
		Attributes: map[string]schema.Attribute{
			"network_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The subnet in which it lies: the `id` of a `hwcloud_subnet`, which is its `network_id` too.",
			},
			"name": schema.StringAttribute{
				Optional: true, Validators: valid.Name(1, 255),
				MarkdownDescription: "Name: 1 to 255 Chinese or Latin letters, digits, and `_` `-` `.`.",
			},
			"fixed_ips": schema.ListNestedAttribute{
				Optional: true, Computed: true, Validators: []validator.List{listvalidator.SizeBetween(1, 2)},
				MarkdownDescription: "Its addresses: one of IPv4, and in a subnet with IPv6 one of IPv6 after it. The cloud chooses what is left out.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"subnet_id": schema.StringAttribute{
						Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
						MarkdownDescription: "The range of which it is: `ipv4_subnet_id` or `ipv6_subnet_id` of the subnet.",
					},
					"ip_address": schema.StringAttribute{
						Optional: true, Computed: true, Validators: []validator.String{valid.IP()},
						MarkdownDescription: "The address: in the range, and free.",
					},
				}},
			},
			"security_group_ids": schema.SetAttribute{
				Optional: true, Computed: true, ElementType: types.StringType,
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(valid.UUID())},
				MarkdownDescription: "Its security groups, at least 1. The project's group `default` when it is left out.",
			},
			"allowed_address_pairs": schema.SetNestedAttribute{
				Optional: true, Validators: []validator.Set{setvalidator.SizeAtLeast(1)},
				MarkdownDescription: "What it may send from beside its own addresses: virtual addresses, and networks that it routes. Large ranges are better with a security group of their own.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"ip_address": schema.StringAttribute{
						Required:            true,
						MarkdownDescription: "An address or a range, not `0.0.0.0/0`. `1.1.1.1/0` lets it send from any address.",
					},
					"mac_address": schema.StringAttribute{
						Optional: true, Validators: []validator.String{valid.Match(macAddress, "six pairs of small hexadecimal digits are expected: fa:16:3e:01:02:03")},
						MarkdownDescription: "The MAC address from which it is sent: `fa:16:3e:01:02:03`. The port's own when it is left out.",
					},
				}},
			},
			"dhcp_lease_time": schema.StringAttribute{
				Optional: true, Computed: true,
				Validators:          []validator.String{valid.Match(leaseTime, "-1 (for ever) or 1h to 30000h is expected")},
				MarkdownDescription: "How long its address is leased by DHCP: `1h` to `30000h`, or `-1` for ever. The subnet's when it is left out.",
			},
			"vpc_id":                schema.StringAttribute{Computed: true, MarkdownDescription: "The VPC in which it lies."},
			"mac_address":           schema.StringAttribute{Computed: true, MarkdownDescription: "Its MAC address: `fa:16:3e:01:02:03`."},
			"device_id":             schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the server that uses it; empty when none does."},
			"device_owner":          schema.StringAttribute{Computed: true, MarkdownDescription: "What uses it: `compute:` and an availability zone for a server, `network:dhcp`, `neutron:VIP_PORT`; empty when nothing does."},
			"instance_id":           schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the instance of another service that uses it."},
			"instance_type":         schema.StringAttribute{Computed: true, MarkdownDescription: "That service: `RDS`."},
			"port_security_enabled": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether security groups, and the protection from forged addresses, are in force."},
			"status":                schema.StringAttribute{Computed: true, MarkdownDescription: "Status: `BUILD`, `ACTIVE`, or `DOWN` while nothing uses it."},
			"created_at":            object.CreatedAt(),
			"updated_at":            object.UpdatedAt(),
		},
	},
}

var (
	portTag    = pattern.New(`^[\p{Han}0-9A-Za-z_.:+=-]*$`)
	macAddress = pattern.New(`^([0-9a-f]{2}:){5}[0-9a-f]{2}$`)
)

// leaseOption is a text as DHCP's option 51 in a list of options.
type leaseOption struct{}

// Encode makes the list.
func (leaseOption) Encode(v any) any {
	return []any{map[string]any{"opt_name": "51", "opt_value": v}}
}

// Decode picks the option from the list; there may be none.
func (leaseOption) Decode(v any) (any, error) {
	options, err := object.Into[[]option](v)
	for _, o := range options {
		if o.Name == "51" && o.Value != nil {
			return *o.Value, nil
		}
	}
	return nil, err
}

type fixedIP struct {
	SubnetID  string `json:"subnet_id"`
	IPAddress string `json:"ip_address"`
}

type addressPair struct {
	IPAddress  string  `json:"ip_address"`
	MacAddress *string `json:"mac_address"`
}

type portAnswer struct {
	MacAddress string `json:"mac_address"`
	PrivateIPs []struct {
		SubnetCIDRID string `json:"subnet_cidr_id"`
		IPAddress    string `json:"ip_address"`
	} `json:"private_ips"`
	Pairs []addressPair `json:"allowed_address_pairs"`
}

type portState struct {
	FixedIPs []fixedIP     `json:"fixed_ips"`
	Pairs    []addressPair `json:"allowed_address_pairs"`
}

// decodePort puts the IPv4 address first, and leaves out of a pair the port's own MAC address, which the cloud may fill in.
func decodePort(answer portAnswer, prior portState) (state portState, err error) {
	for _, ip := range answer.PrivateIPs {
		state.FixedIPs = append(state.FixedIPs, fixedIP{ip.SubnetCIDRID, ip.IPAddress})
	}
	slices.SortStableFunc(state.FixedIPs, func(a, b fixedIP) int { return cmp.Compare(family(a.IPAddress), family(b.IPAddress)) })
	for _, pair := range answer.Pairs {
		said := slices.ContainsFunc(prior.Pairs, func(p addressPair) bool {
			return p.IPAddress == pair.IPAddress && p.MacAddress != nil && *p.MacAddress == answer.MacAddress
		})
		if pair.MacAddress != nil && (*pair.MacAddress == "" || *pair.MacAddress == answer.MacAddress && !said) {
			pair.MacAddress = nil
		}
		state.Pairs = append(state.Pairs, pair)
	}
	return state, nil
}

// family is 4 or 6, or 0 of what is no address.
func family(text string) int {
	address, err := netip.ParseAddr(text)
	switch {
	case err != nil:
		return 0
	case address.Is4():
		return 4
	}
	return 6
}

// onePerFamily refuses two addresses of one family, and IPv6 before IPv4.
func onePerFamily(_, config object.Values, refuse func(string, string, ...any)) {
	if first, second := family(config.String("fixed_ips.0.ip_address")), family(config.String("fixed_ips.1.ip_address")); first != 0 && second != 0 && first >= second {
		refuse("fixed_ips", "A port has one IPv4 address, and one IPv6 address after it.")
	}
}

// pairsNameAddresses refuses pairs of what is no address. A range may have host bits: 1.1.1.1/0 means any address.
func pairsNameAddresses(_, config object.Values, refuse func(string, string, ...any)) {
	pairs, err := object.Into[[]struct {
		IPAddress *string `json:"ip_address"`
	}](config.List("allowed_address_pairs"))
	if err != nil {
		return
	}
	for _, pair := range pairs {
		if pair.IPAddress == nil {
			continue // not known yet
		}
		_, errAddress := netip.ParseAddr(*pair.IPAddress)
		_, errRange := netip.ParsePrefix(*pair.IPAddress)
		switch {
		case errAddress != nil && errRange != nil:
			refuse("allowed_address_pairs", "%q is neither an address nor a range.", *pair.IPAddress)
		case *pair.IPAddress == "0.0.0.0/0":
			refuse("allowed_address_pairs", "0.0.0.0/0 is not allowed; 1.1.1.1/0 lets the port send from any address.")
		}
	}
}
