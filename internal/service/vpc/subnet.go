package vpc

import (
	"context"
	"net/netip"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// Subnet is a range of addresses in a VPC. Its id is also that of its network, which other services ask for.
var Subnet = object.Kind{
	Name:    "subnet",
	Service: cloud.VPC,
	Path:    "/v3/{project_id}/vpc/virsubnets",
	One:     "virsubnet",
	Many:    "virsubnets",
	Paging:  cloud.Marker(2000, "page_info.next_marker"),
	Create:  object.Op{Path: "/v1/{project_id}/subnets", Body: object.Body{"subnet": object.All{}}, ID: "subnet.id"},
	Delete:  object.Op{Path: subnetPath},
	Ready:   object.Status("ACTIVE"),
	Tags: &object.Tags{
		Create: "tags", Write: object.Stars,
		Read: "tags", As: object.Pairs,
		Action: "/v2.0/{project_id}/subnets/{id}/tags/action",
	},
	Fields: object.Fields{
		"cidr":              {Read: "subnet_cidrs[ip_version=4].cidr"},
		"gateway_ip":        {Read: "subnet_cidrs[ip_version=4].gateway_ip"},
		"dhcp_enabled":      {API: "dhcp_enable", Read: "subnet_cidrs[ip_version=4].enable_dhcp"},
		"ipv6_enabled":      {API: "ipv6_enable", Read: object.Never},
		"network_id":        {Read: object.Never},
		"dns_servers":       {API: "dnsList", Read: "dns_nameservers"},
		"availability_zone": {Read: "zone_id"},
		"ntp_servers":       {Write: object.Never, Read: "extra_dhcp_opts[opt_name=42].opt_value", As: object.Commas},
		"dhcp_lease_time":   {Write: object.Never, Read: "extra_dhcp_opts[opt_name=51].opt_value"},
		"ipv4_subnet_id":    {Read: "subnet_cidrs[ip_version=4].id"},
		"ipv6_subnet_id":    {Read: "subnet_cidrs[ip_version=6].id"},
		"ipv6_cidr":         {Read: "subnet_cidrs[ip_version=6].cidr"},
		"ipv6_gateway_ip":   {Read: "subnet_cidrs[ip_version=6].gateway_ip"},
	},
	Encode: object.EncodeWith(func(plan dhcpOptions) (optionsRequest, error) { return plan.request(), nil }),
	Decode: object.DecodeWith(decodeSubnet),
	Changes: []object.Change{
		{
			Of:     []string{"name", "description", "dhcp_enabled", "ipv6_enabled", "dns_servers"},
			Op:     object.Op{Path: subnetPath, Body: object.Body{"subnet": object.Changed{"name"}}},
			Alters: []string{"ipv6_subnet_id", "ipv6_cidr", "ipv6_gateway_ip"},
		},
		{Of: []string{"ntp_servers", "dhcp_lease_time"}, Do: changeOptions, Calls: []object.Op{putOptions}},
	},
	Checks:   []object.Check{gatewayInside},
	Filters:  map[string]string{"vpc_id": "vpc_id", "name": "name"},
	Releases: 30 * time.Second,
	Replaces: []string{"huaweicloud_vpc_subnet", "huaweicloud_vpc_subnet_v1", "flexibleengine_vpc_subnet_v1", "opentelekomcloud_vpc_subnet_v1"},
	Schema: schema.Schema{
		MarkdownDescription: "A subnet: a range of addresses of a VPC, with its gateway, DHCP and DNS servers.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true, Validators: valid.Name(1, 64),
				MarkdownDescription: "Name: 1 to 64 Chinese or Latin letters, digits, and `_` `-` `.`.",
			},
			"vpc_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The VPC in which it lies.",
			},
			"cidr": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.CIDR(3, 28)},
				MarkdownDescription: "Range of the addresses, an IPv4 range with a mask of at most 28 bits, within a range of the VPC and apart from its other subnets.",
			},
			"gateway_ip": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.IPv4()},
				MarkdownDescription: "Address of the gateway: in the range, neither its first nor its last address.",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: valid.Description(255),
				MarkdownDescription: "Description: at most 255 characters, without `<` and `>`.",
			},
			"dhcp_enabled": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(true),
				MarkdownDescription: "Whether servers get their addresses by DHCP. Without it new servers get none, nor their password.",
			},
			"ipv6_enabled": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether the subnet has an IPv6 range too, which the cloud chooses.",
			},
			"dns_servers": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				Validators: []validator.List{
					listvalidator.SizeBetween(1, 5), listvalidator.UniqueValues(), listvalidator.ValueStringsAre(valid.IPv4()),
				},
				MarkdownDescription: "IPv4 addresses of 1 to 5 DNS servers, in the order of asking. Without any, names of the cloud's own services do not resolve.",
			},
			"ntp_servers": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				Validators: []validator.List{
					listvalidator.SizeBetween(1, 4), listvalidator.UniqueValues(), listvalidator.ValueStringsAre(valid.IPv4()),
				},
				MarkdownDescription: "IPv4 addresses of 1 to 4 NTP servers that DHCP tells.",
			},
			"dhcp_lease_time": schema.StringAttribute{
				Optional: true, Computed: true,
				Validators:          []validator.String{valid.Match(leaseTime, "-1 (for ever) or 1h to 30000h is expected")},
				MarkdownDescription: "How long an address is leased by DHCP: `1h` to `30000h`, or `-1` for ever. The cloud chooses when it is left out.",
			},
			"availability_zone": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Availability zone: `cn-north-4a`. The cloud chooses when it is left out; servers of all zones can use the subnet.",
			},
			"ipv4_subnet_id":  schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the IPv4 range as load balancers and private addresses ask for it (Neutron's subnet)."},
			"ipv6_subnet_id":  schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the IPv6 range (Neutron's subnet)."},
			"ipv6_cidr":       schema.StringAttribute{Computed: true, MarkdownDescription: "The IPv6 range."},
			"ipv6_gateway_ip": schema.StringAttribute{Computed: true, MarkdownDescription: "Address of the IPv6 gateway."},
			"network_id":      schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the network as servers and ports ask for it (Neutron's network). It is the subnet's own id."},
			"status":          schema.StringAttribute{Computed: true, MarkdownDescription: "Status: `UNKNOWN` (not attached to the VPC yet), `ACTIVE` or `ERROR`."},
			"created_at":      object.CreatedAt(),
			"updated_at":      object.UpdatedAt(),
		},
	},
}

// The first API generation, which changes and deletes, has a subnet below its VPC.
const subnetPath = "/v1/{project_id}/vpcs/{vpc_id}/subnets/{id}"

var leaseTime = pattern.New(`^(-1|([1-9][0-9]{0,3}|[12][0-9]{4}|30000)h)$`)

// dhcpOptions are the attributes that the API has as a list of named options.
type dhcpOptions struct {
	NTPServers []string `json:"ntp_servers"`
	LeaseTime  *string  `json:"dhcp_lease_time"`
}

type optionsRequest struct {
	Options []option `json:"extra_dhcp_opts,omitempty"`
}

// option without a value takes a setting back.
type option struct {
	Name  string  `json:"opt_name"`
	Value *string `json:"opt_value"`
}

func (d dhcpOptions) request() (request optionsRequest) {
	if len(d.NTPServers) > 0 {
		servers := ""
		for _, server := range d.NTPServers {
			servers += "," + server
		}
		servers = servers[1:]
		request.Options = append(request.Options, option{"ntp", &servers})
	}
	if d.LeaseTime != nil {
		request.Options = append(request.Options, option{"addresstime", d.LeaseTime})
	}
	return request
}

var putOptions = object.Op{
	Method: "PUT", Path: subnetPath,
	Body: object.Body{"subnet": object.Body{
		"name":            object.Attr("name"),
		"extra_dhcp_opts": object.Attr("options"),
	}},
}

func changeOptions(ctx context.Context, call *object.Call) error {
	wanted, err := object.Into[dhcpOptions](call.Plan)
	if err != nil {
		return err
	}
	request := wanted.request()
	if len(wanted.NTPServers) == 0 {
		request.Options = append(request.Options, option{Name: "ntp"})
	}
	_, err = call.Do(ctx, putOptions, object.Values{"options": request.Options})
	return err
}

type subnetAnswer struct {
	ID    string `json:"id"`
	CIDRs []struct {
		IPVersion object.Loose `json:"ip_version"`
	} `json:"subnet_cidrs"`
}

type subnetState struct {
	NetworkID string `json:"network_id"`
	IPv6      bool   `json:"ipv6_enabled"`
}

func decodeSubnet(answer subnetAnswer, _ subnetState) (subnetState, error) {
	state := subnetState{NetworkID: answer.ID}
	for _, cidr := range answer.CIDRs {
		state.IPv6 = state.IPv6 || cidr.IPVersion == "6"
	}
	return state, nil
}

// gatewayInside refuses a gateway that the range cannot have.
func gatewayInside(_, plan object.Values, refuse func(string, string, ...any)) {
	cidr, errCIDR := valid.ParseCIDR(plan.String("cidr"))
	gateway, errIP := netip.ParseAddr(plan.String("gateway_ip"))
	if errCIDR != nil || errIP != nil || !gateway.Is4() {
		return // its validator has said so, or it is not known yet
	}
	switch {
	case !cidr.Contains(gateway):
		refuse("gateway_ip", "%s is outside the subnet's range %s.", gateway, cidr)
	case gateway == cidr.Addr() || !cidr.Contains(gateway.Next()):
		refuse("gateway_ip", "%s is the first or the last address of %s, which no host can have.", gateway, cidr)
	}
}
