package ecs

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

// NetworkInterfaceAttachment gives a server a further network interface: an existing port, or a new one. It is read from the
// server's list, for the read of a single one says less.
var NetworkInterfaceAttachment = object.Kind{
	Name:     "network_interface_attachment",
	Service:  cloud.ECS,
	ID:       "{server_id}/{port_id}",
	Path:     "/v1/{project_id}/cloudservers/{server_id}/os-interface",
	Many:     "interfaceAttachments",
	Paging:   cloud.Single(),
	ListOnly: true,
	Alike:    true,
	Create: object.Op{
		Path: "/v1/{project_id}/cloudservers/{server_id}/nics", Body: object.Body{"nics": []any{object.All{}}},
		Job: "job_id", JobID: []string{"entities.sub_jobs.0.entities.nic_id", "entities.nic_id"},
	},
	Delete: object.Op{
		Method: "POST", Path: "/v1/{project_id}/cloudservers/{server_id}/nics/delete", Job: "job_id",
		Body: object.Body{"nics": []any{object.Body{"id": object.Attr("port_id")}}},
	},
	Missing: []string{"400 Ecs.0307"}, // the server is gone
	Busy:    []string{"409 Ecs.0100"}, // a server does one thing at a time
	Sides:   []object.Side{{Into: "_ports", Many: "ports", Paging: cloud.Marker(2000, ""), Op: portsOfServer, Bulk: portsOfServer}},
	Fields: object.Fields{
		"server_id":          {Write: object.Never, Read: object.Never}, // it is in the path
		"subnet_id":          {Read: "net_id"},
		"fixed_ip":           {Write: "ip_address", Read: object.Never},
		"ipv6_enabled":       {Write: "ipv6_enable", Read: object.Never},
		"ipv6_address":       {Read: object.Never},
		"security_group_ids": {Write: "security_groups", Read: object.Never, As: object.IDs},
		"mac_address":        {Read: "mac_addr"},
		"status":             {Read: "port_state"},
	},
	Decode: object.DecodeWith(decodeInterface),
	Changes: []object.Change{
		{
			Of: []string{"security_group_ids"}, Calls: []object.Op{setGroups},
			Do: func(ctx context.Context, call *object.Call) error {
				_, err := call.Do(ctx, setGroups, object.Values{"security_groups": call.Plan["security_group_ids"]})
				return err
			},
		},
		{
			Of: []string{"delete_on_termination"}, Follows: object.Always,
			Op: object.Op{
				Path: "/v1/{project_id}/cloudservers/{server_id}/os-interface/{port_id}",
				Body: object.Body{"interface_attachment": object.Changed{}},
			},
		},
	},
	Checks: []object.Check{portOrSubnet},
	Replaces: []string{
		"huaweicloud_compute_interface_attach", "huaweicloud_compute_interface_attach_v2",
		"flexibleengine_compute_interface_attach_v2", "openstack_compute_interface_attach_v2",
	},
	Schema: schema.Schema{
		MarkdownDescription: "A network interface attachment: gives a server a further network interface, an existing port or a new one. For interfaces that are made with the server there is `networks` of `hwcloud_server`, which leaves these alone.",
		Attributes: map[string]schema.Attribute{
			"server_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The server. It has at most 12 interfaces, fewer of some flavors.",
			},
			"port_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "An existing port of the server's VPC that nothing uses. Either this or `subnet_id`.",
			},
			"subnet_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The subnet, of the server's VPC, of a new interface. Either this or `port_id`.",
			},
			"fixed_ip": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.IPv4()},
				MarkdownDescription: "IPv4 address of a new interface. The cloud chooses when it is left out.",
			},
			"ipv6_enabled": schema.BoolAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Whether a new interface has an IPv6 address too, which a subnet with IPv6 can give. Not, when it is left out.",
			},
			"security_group_ids": schema.SetAttribute{
				Optional: true, Computed: true, ElementType: types.StringType,
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(valid.UUID())},
				MarkdownDescription: "Security groups of a new interface, at least 1. The project's group `default` when it is left out. A port that exists has its own.",
			},
			"delete_on_termination": schema.BoolAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Whether the port is deleted when it is detached, or the server is deleted. The cloud takes `true` for a new interface and `false` for an existing port.",
			},
			"ipv6_address": text("Its IPv6 address."),
			"mac_address":  text("Its MAC address: `fa:16:3e:01:02:03`."),
			"status":       text("Status of the port: `ACTIVE` or `DOWN`."),
			"driver_mode":  text("Driver in the server: `virtio` or `hinic`."),
			"pci_address":  text("Address on the PCI bus of a Linux server."),
		},
	},
}

var portsOfServer = object.Op{
	Service: cloud.VPC, Method: "GET", Path: "/v1/{project_id}/ports", Query: map[string]string{"device_id": "{server_id}"},
}

type interfaceAnswer struct {
	PortID    string `json:"port_id"`
	Addresses []struct {
		IPAddress string `json:"ip_address"`
	} `json:"fixed_ips"`
	Ports []portAnswer `json:"_ports"`
}

type interfaceState struct {
	FixedIP        *string  `json:"fixed_ip"`
	IPv6           bool     `json:"ipv6_enabled"`
	IPv6Address    *string  `json:"ipv6_address"`
	SecurityGroups []string `json:"security_group_ids"`
}

// decodeInterface tells its addresses apart, and finds the security groups, which the port has.
func decodeInterface(answer interfaceAnswer, _ interfaceState) (state interfaceState, err error) {
	for _, address := range answer.Addresses {
		if strings.Contains(address.IPAddress, ":") {
			state.IPv6, state.IPv6Address = true, &address.IPAddress
		} else {
			state.FixedIP = &address.IPAddress
		}
	}
	if i := slices.IndexFunc(answer.Ports, func(p portAnswer) bool { return p.ID == answer.PortID }); i >= 0 {
		state.SecurityGroups = answer.Ports[i].SecurityGroups
	}
	return state, nil
}

// portOrSubnet refuses an interface of neither, of both, and what an existing port has by itself.
func portOrSubnet(_, config object.Values, refuse func(string, string, ...any)) {
	if config.Has("port_id") == config.Has("subnet_id") {
		refuse("port_id", "Give either the port_id of an existing port, or the subnet_id of a new one.")
		return
	}
	for _, name := range []string{"fixed_ip", "ipv6_enabled", "security_group_ids"} {
		if config.Has("port_id") && config.Has(name) {
			refuse(name, "An existing port has its own. Leave %s out.", name)
		}
	}
}
