package nova

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// NetworkInterfaceAttachment gives a server a further network interface: an existing port, or a new one. Its security groups
// are the port's.
var NetworkInterfaceAttachment = object.Kind{
	Name:    "network_interface_attachment",
	Service: cloud.Nova,
	ID:      "{server_id}/{port_id}",
	Path:    "/v2.1/servers/{server_id}/os-interface",
	One:     "interfaceAttachment",
	Many:    "interfaceAttachments",
	Paging:  cloud.Single(),
	Alike:   true,
	Create:  object.Op{ID: "interfaceAttachment.port_id"},
	Read:    object.Op{Path: "/v2.1/servers/{server_id}/os-interface/{port_id}"},
	Delete:  object.Op{Path: "/v2.1/servers/{server_id}/os-interface/{port_id}"},
	Sides:   []object.Side{{Into: "_ports", Many: "ports", Paging: cloud.Links("ports_links", 1000), Op: portsOfServer, Bulk: portsOfServer}},
	Fields: object.Fields{
		"server_id":          {Write: object.Never, Read: object.Never}, // it is in the path
		"network_id":         {API: "net_id"},
		"fixed_ip":           {Write: object.Never, Read: object.Never},
		"ipv6_address":       {Read: object.Never},
		"security_group_ids": {Write: object.Never, Read: object.Never},
		"mac_address":        {Read: "mac_addr"},
		"status":             {Read: "port_state"},
	},
	Encode: object.EncodeWith(encodeInterface),
	Decode: object.DecodeWith(decodeInterface),
	Changes: []object.Change{{
		Of: []string{"security_group_ids"}, Calls: []object.Op{setGroups},
		Follows: func(plan object.Values) bool { return plan.Has("security_group_ids") },
		Do: func(ctx context.Context, call *object.Call) error {
			_, err := call.Do(ctx, setGroups, object.Values{"security_groups": call.Plan["security_group_ids"]})
			return err
		},
	}},
	Checks: []object.Check{portOrNetwork},
	Schema: schema.Schema{
		MarkdownDescription: "A network interface attachment: gives a server a further network interface, an existing port or a new one. For interfaces that are made with the server there is `networks` of `hwcloud_server`, which leaves these alone.",
		Attributes: map[string]schema.Attribute{
			"server_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The server.",
			},
			"port_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "An existing port that nothing uses: it stays when it is detached. Either this or `network_id`.",
			},
			"network_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The network of a new port, which goes when it is detached. Either this or `port_id`.",
			},
			"fixed_ip": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.IPv4()},
				MarkdownDescription: "IPv4 address of a new port. The cloud chooses when it is left out.",
			},
			"security_group_ids": schema.SetAttribute{
				Optional: true, Computed: true, ElementType: types.StringType,
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(valid.UUID())},
				MarkdownDescription: "Security groups of a new port, at least 1. The project's group `default` when it is left out. A port that exists has its own.",
			},
			"ipv6_address": text("Its IPv6 address."),
			"mac_address":  text("Its MAC address: `fa:16:3e:01:02:03`."),
			"status":       text("Status of the port: `ACTIVE`, `DOWN` or `BUILD`."),
		},
	},
}

var (
	portsOfServer = object.Op{Service: cloud.Neutron, Method: "GET", Path: "/v2.0/ports", Query: map[string]string{"device_id": "{server_id}"}}

	setGroups = object.Op{
		Service: cloud.Neutron, Method: "PUT", Path: "/v2.0/ports/{port_id}",
		Body: object.Body{"port": object.Body{"security_groups": object.Attr("security_groups")}},
	}
)

type address struct {
	IPAddress string `json:"ip_address"`
}

type interfacePlan struct {
	FixedIP *string `json:"fixed_ip"`
}

type interfaceRequest struct {
	FixedIPs []address `json:"fixed_ips,omitempty"`
}

func encodeInterface(plan interfacePlan) (request interfaceRequest, err error) {
	if plan.FixedIP != nil {
		request.FixedIPs = []address{{*plan.FixedIP}}
	}
	return request, nil
}

type interfaceAnswer struct {
	PortID    string       `json:"port_id"`
	Addresses []address    `json:"fixed_ips"`
	Ports     []portAnswer `json:"_ports"`
}

type portAnswer struct {
	ID             string    `json:"id"`
	NetworkID      string    `json:"network_id"`
	MAC            string    `json:"mac_address"`
	Addresses      []address `json:"fixed_ips"`
	SecurityGroups []string  `json:"security_groups"`
	CreatedAt      string    `json:"created_at"`
}

type interfaceState struct {
	FixedIP        *string  `json:"fixed_ip"`
	IPv6Address    *string  `json:"ipv6_address"`
	SecurityGroups []string `json:"security_group_ids"`
}

// decodeInterface tells its addresses apart, and finds the security groups, which the port has.
func decodeInterface(answer interfaceAnswer, _ interfaceState) (state interfaceState, err error) {
	state.FixedIP, state.IPv6Address = firstOfEach(answer.Addresses)
	if i := slices.IndexFunc(answer.Ports, func(p portAnswer) bool { return p.ID == answer.PortID }); i >= 0 {
		state.SecurityGroups = answer.Ports[i].SecurityGroups
	}
	return state, nil
}

// firstOfEach are the first IPv4 and the first IPv6 address.
func firstOfEach(addresses []address) (v4, v6 *string) {
	for _, a := range addresses {
		switch six := strings.Contains(a.IPAddress, ":"); {
		case six && v6 == nil:
			v6 = &a.IPAddress
		case !six && v4 == nil:
			v4 = &a.IPAddress
		}
	}
	return v4, v6
}

// Why an interface cannot be made.
const (
	bothSaid = "An existing port has its network. Give only one of port_id and network_id."
	noneSaid = "Give either the port_id of an existing port, or the network_id of a new one."
)

// portOrNetwork refuses an interface of neither, of both, and what an existing port has by itself.
func portOrNetwork(_, config object.Values, refuse func(string, string, ...any)) {
	switch port, network := config.Has("port_id"), config.Has("network_id"); {
	case port && network:
		refuse("port_id", bothSaid)
		return
	case !port && !network:
		refuse("port_id", noneSaid)
		return
	}
	for _, name := range []string{"fixed_ip", "security_group_ids"} {
		if config.Has("port_id") && config.Has(name) {
			refuse(name, "An existing port has its own. Leave %s out.", name)
		}
	}
}
