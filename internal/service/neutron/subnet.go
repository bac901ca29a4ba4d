package neutron

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

const subnets = "/v2.0/subnets"

// Subnet is a range of a network's addresses.
var Subnet = object.Kind{
	Name:    "subnet",
	Service: cloud.Neutron,
	Path:    subnets,
	One:     "subnet",
	Many:    "subnets",
	Paging:  cloud.Links("subnets_links", 1000),
	Fields: object.Fields{
		"tag_names":       tagField,
		"project_id":      projectField,
		"dhcp_enabled":    {API: "enable_dhcp"},
		"dns_servers":     {API: "dns_nameservers"},
		"gateway_enabled": {Write: object.Never, Read: object.Never},
		"segment_id":      {Role: admin},
	},
	Encode: object.EncodeWith(encodeSubnet),
	Decode: object.DecodeWith(func(answer subnetAnswer, _ subnetState) (subnetState, error) {
		return subnetState{Gateway: answer.GatewayIP != ""}, nil
	}),
	Changes: []object.Change{
		{Of: []string{"name", "description", "dhcp_enabled", "dns_servers", "host_routes", "service_types"}},
		{
			Of: []string{"allocation_pools", "gateway_ip", "gateway_enabled"}, Do: changeRange, Calls: []object.Op{putSubnet},
			Alters: []string{"gateway_ip"},
		},
		tags(subnets),
	},
	Checks: []object.Check{gatewayOrNone, insideSubnet, oneFamily, modesOfIPv6},
	Filters: map[string]string{
		"name": "name", "description": "description", "network_id": "network_id", "cidr": "cidr", "gateway_ip": "gateway_ip",
		"ip_version": "ip_version", "dhcp_enabled": "enable_dhcp", "project_id": "project_id", "ipv6_ra_mode": "ipv6_ra_mode",
		"ipv6_address_mode": "ipv6_address_mode",
	},
	Releases: 30 * time.Second,
	Schema: schema.Schema{
		MarkdownDescription: "A subnet: a range of a network's addresses, with its gateway, DHCP and DNS servers. Members of a project own the subnets of its networks.",
		Attributes: map[string]schema.Attribute{
			"network_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The network whose addresses they are.",
			},
			"cidr": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.Range()},
				MarkdownDescription: "Range of the addresses, of IPv4 or IPv6, apart from the network's other subnets. With DHCP, a mask of at most 30 bits, and of 126 for IPv6.",
			},
			"name":        name(),
			"description": description(),
			"gateway_ip": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.IP()},
				MarkdownDescription: "Address of the gateway, not in `allocation_pools`. Default: the first address of the range.",
			},
			"gateway_enabled": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(true),
				MarkdownDescription: "Whether it has a gateway. Only such a subnet can be led to by a router without a port of its own.",
			},
			"dhcp_enabled": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(true),
				MarkdownDescription: "Whether ports get their addresses by DHCP.",
			},
			"dns_servers": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				Validators: []validator.List{
					listvalidator.SizeBetween(1, 5), listvalidator.UniqueValues(), listvalidator.ValueStringsAre(valid.IP()),
				},
				MarkdownDescription: "Addresses of 1 to 5 DNS servers, in the order of asking. Default: the cloud's own.",
			},
			"allocation_pools": schema.SetNestedAttribute{
				Optional: true, Computed: true, Validators: []validator.Set{setvalidator.SizeAtLeast(1)},
				MarkdownDescription: "The addresses that ports get, apart from each other. Default: all but the gateway's.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"start": schema.StringAttribute{Required: true, Validators: []validator.String{valid.IP()}, MarkdownDescription: "The first address, in the range."},
					"end":   schema.StringAttribute{Required: true, Validators: []validator.String{valid.IP()}, MarkdownDescription: "The last address, in the range."},
				}},
			},
			"host_routes": schema.SetNestedAttribute{
				Optional: true, Validators: []validator.Set{setvalidator.SizeBetween(1, 20)},
				MarkdownDescription: "Routes that servers are told: at most 20.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"destination": schema.StringAttribute{Required: true, Validators: []validator.String{valid.Range()}, MarkdownDescription: "Range of the addresses to which it leads."},
					"nexthop":     schema.StringAttribute{Required: true, Validators: []validator.String{valid.IP()}, MarkdownDescription: "Address by which it leads there."},
				}},
			},
			"ipv6_ra_mode": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.OneOf(ipv6Modes...)},
				MarkdownDescription: "How the router advertises a range of IPv6: `slaac`, `dhcpv6-stateful` or `dhcpv6-stateless`. Not at all when it is left out.",
			},
			"ipv6_address_mode": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.OneOf(ipv6Modes...)},
				MarkdownDescription: "How ports get addresses of IPv6: `slaac`, `dhcpv6-stateful` or `dhcpv6-stateless`. The same as `ipv6_ra_mode` if both are given. With `slaac` and `dhcpv6-stateless` the range has a mask of 64 bits, and every port of the network gets an address that follows from its MAC address.",
			},
			"service_types": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(stringvalidator.LengthBetween(1, 255))},
				MarkdownDescription: "Owners of ports for which alone it is: `compute:nova`, `network:floatingip`, `network:router_gateway`. For all when it is left out.",
			},
			"segment_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Segment of the network on which it is, where the cloud routes between segments. Members do not see it.",
			},
			"project_id": projectID(),
			"tag_names":  tagNames(),
			"ip_version": schema.Int64Attribute{Computed: true, MarkdownDescription: "4 or 6."},
			"created_at": object.CreatedAt(),
			"updated_at": object.UpdatedAt(),
		},
	},
}

var (
	ipv6Modes = []string{"slaac", "dhcpv6-stateful", "dhcpv6-stateless"}
	putSubnet = object.Op{Method: "PUT", Path: subnets + "/{id}", Body: object.Body{"subnet": object.Body{
		"gateway_ip": object.Attr("gateway"), "allocation_pools": object.Attr("pools"),
	}}}
)

type subnetPlan struct {
	CIDR    string `json:"cidr"`
	Gateway *bool  `json:"gateway_enabled"`
}

// subnetRequest has what follows from the range, and null for no gateway.
type subnetRequest struct {
	IPVersion int      `json:"ip_version"`
	Gateway   **string `json:"gateway_ip,omitempty"`
}

func encodeSubnet(plan subnetPlan) (subnetRequest, error) {
	request := subnetRequest{IPVersion: 4}
	if p, err := netip.ParsePrefix(plan.CIDR); err == nil && p.Addr().Is6() {
		request.IPVersion = 6
	}
	if plan.Gateway != nil && !*plan.Gateway {
		request.Gateway = new(*string)
	}
	return request, nil
}

type subnetAnswer struct {
	GatewayIP string `json:"gateway_ip"`
}

type subnetState struct {
	Gateway bool `json:"gateway_enabled"`
}

// changeRange changes gateway and pools in one call, for each has to stay clear of the other. A gateway that was not there
// and that nothing names is the first address.
func changeRange(ctx context.Context, call *object.Call) error {
	gateway := any(object.Null)
	if call.Plan.Bool("gateway_enabled") {
		address, ok := call.Plan.Get("gateway_ip")
		if !ok || address == "" {
			p, err := netip.ParsePrefix(call.Plan.String("cidr"))
			if err != nil {
				return err
			}
			address = p.Addr().Next().String()
		}
		gateway = address
	}
	content := object.Body{"gateway_ip": gateway}
	if slices.Contains(call.Changed, "allocation_pools") {
		content["allocation_pools"] = call.Plan.List("allocation_pools")
	}
	op := putSubnet
	op.Body = object.Body{"subnet": content}
	_, err := call.Do(ctx, op, nil)
	return err
}

// gatewayOrNone refuses the address of a gateway that there is not to be.
func gatewayOrNone(_, config object.Values, refuse func(string, string, ...any)) {
	if enabled, known := config.Get("gateway_enabled"); known && enabled == false && config.Has("gateway_ip") {
		refuse("gateway_ip", "Without a gateway there is no address of one: remove it, or gateway_enabled.")
	}
}

// insideSubnet refuses pools that are outside of the range or have the gateway in them.
func insideSubnet(_, config object.Values, refuse func(string, string, ...any)) {
	cidr, err := netip.ParsePrefix(config.String("cidr"))
	if err != nil {
		return
	}
	gateway, _ := netip.ParseAddr(config.String("gateway_ip"))
	pools, err := object.Into[[]struct {
		Start string `json:"start"`
		End   string `json:"end"`
	}](config.List("allocation_pools"))
	if err != nil {
		return
	}
	for _, pool := range pools {
		start, errStart := netip.ParseAddr(pool.Start)
		end, errEnd := netip.ParseAddr(pool.End)
		switch {
		case errStart != nil || errEnd != nil: // not known yet, or refused already
		case !cidr.Contains(start) || !cidr.Contains(end):
			refuse("allocation_pools", "%s to %s is not within %s.", start, end, cidr)
		case end.Less(start):
			refuse("allocation_pools", "%s comes after %s.", start, end)
		case gateway.IsValid() && !gateway.Less(start) && !end.Less(gateway):
			refuse("allocation_pools", "%s to %s holds the gateway %s, which no port may have.", start, end, gateway)
		}
	}
}

// oneFamily refuses addresses of the family that the range is not of.
func oneFamily(_, config object.Values, refuse func(string, string, ...any)) {
	cidr, err := netip.ParsePrefix(config.String("cidr"))
	if err != nil {
		return
	}
	other := func(text string) bool {
		a, err := netip.ParseAddr(text)
		return err == nil && a.Is4() != cidr.Addr().Is4()
	}
	if other(config.String("gateway_ip")) {
		refuse("gateway_ip", "%s is not of the family of %s.", config.String("gateway_ip"), cidr)
	}
	for _, server := range config.List("dns_servers") {
		if text, ok := server.(string); ok && other(text) {
			refuse("dns_servers", "%s is not of the family of %s.", text, cidr)
		}
	}
}

// modesOfIPv6 refuses modes of what is no IPv6, or that contradict each other.
func modesOfIPv6(_, config object.Values, refuse func(string, string, ...any)) {
	cidr, err := netip.ParsePrefix(config.String("cidr"))
	ra, mode := config.String("ipv6_ra_mode"), config.String("ipv6_address_mode")
	dhcp, given := config.Get("dhcp_enabled")
	for _, name := range []string{"ipv6_ra_mode", "ipv6_address_mode"} {
		switch {
		case !config.Has(name):
		case err == nil && cidr.Addr().Is4():
			refuse(name, "%s is a range of IPv4.", cidr)
		case given && dhcp == false:
			refuse(name, "It needs dhcp_enabled.")
		}
	}
	switch {
	case ra != "" && mode != "" && ra != mode:
		refuse("ipv6_address_mode", "It is the same as ipv6_ra_mode, %s, if both are given.", ra)
	case err == nil && (mode == "slaac" || mode == "dhcpv6-stateless") && cidr.Bits() != 64:
		refuse("cidr", "With the mode %s a range has a mask of 64 bits.", mode)
	}
}
