package neutron

import (
	"context"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

const routers = "/v2.0/routers"

// Router leads from subnet to subnet, and by its gateway out of the cloud.
var Router = object.Kind{
	Name:    "router",
	Service: cloud.Neutron,
	Path:    routers,
	One:     "router",
	Many:    "routers",
	Paging:  cloud.Links("routers_links", 1000),
	Ready:   object.Ready{Path: "status", OK: []string{"ACTIVE", "DOWN"}, Failed: []string{"ERROR"}},
	Fields: object.Fields{
		"tag_names":           tagField,
		"project_id":          projectField,
		"external_network_id": {API: "external_gateway_info.network_id"},
		"snat_enabled":        {API: "external_gateway_info.enable_snat", Role: admin},
		"external_fixed_ips":  {API: "external_gateway_info.external_fixed_ips", Role: admin, Of: object.Fields{"subnet_id": {}, "ip_address": {}}},
		"distributed":         {Role: admin},
		"ha":                  {Role: admin},
	},
	Changes: []object.Change{
		{Of: []string{"name", "description", "admin_state_up"}},
		{
			Of: []string{"external_network_id", "snat_enabled", "external_fixed_ips"}, Do: changeGateway, Calls: []object.Op{putGateway},
			Alters: []string{"snat_enabled", "external_fixed_ips"},
		},
		tags(routers),
	},
	Checks: []object.Check{gatewayNeedsNetwork},
	Filters: map[string]string{
		"name": "name", "description": "description", "admin_state_up": "admin_state_up", "project_id": "project_id",
	},
	Releases: 30 * time.Second,
	Replaces: []string{"openstack_networking_router_v2", "opentelekomcloud_networking_router_v2", "flexibleengine_networking_router_v2"},
	Schema: schema.Schema{
		MarkdownDescription: "A router: leads from subnet to subnet (`hwcloud_router_interface`), and by its gateway on an external network out of the cloud. Members of a project own its routers. While floating IPs go by it, its gateway can neither be changed nor removed.",
		Attributes: map[string]schema.Attribute{
			"name":           name(),
			"description":    description(),
			"admin_state_up": adminStateUp("Without it, it leads nowhere."),
			"external_network_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "External network on which it has its gateway. It leads out of the cloud by nothing when it is left out.",
			},
			"snat_enabled": schema.BoolAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Whether what leaves by the gateway has the gateway's address. Default: what the cloud is set up for, as a rule `true`.",
			},
			"external_fixed_ips": schema.ListNestedAttribute{
				Optional: true, Computed: true, Validators: []validator.List{listvalidator.SizeAtLeast(1)},
				MarkdownDescription: "Addresses of the gateway. The cloud chooses when it is left out.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"subnet_id": schema.StringAttribute{
						Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
						MarkdownDescription: "The subnet of which it is, on the external network.",
					},
					"ip_address": schema.StringAttribute{
						Optional: true, Computed: true, Validators: []validator.String{valid.IP()},
						MarkdownDescription: "The address: in the subnet, and free. The cloud chooses when it is left out.",
					},
				}},
			},
			"distributed": schema.BoolAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Whether it is on every host. Default: what the cloud is set up for. Members do not see it.",
			},
			"ha": schema.BoolAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Whether it is on several hosts, of which one takes over from another. Default: what the cloud is set up for. Members do not see it.",
			},
			"availability_zone_hints": zoneHints(),
			"project_id":              projectID(),
			"tag_names":               tagNames(),
			"status":                  text("Status: `ACTIVE`, `ALLOCATING` or `ERROR`."),
			"created_at":              object.CreatedAt(),
			"updated_at":              object.UpdatedAt(),
		},
	},
}

var putGateway = object.Op{Method: "PUT", Path: routers + "/{id}", Body: object.Body{"router": object.Body{
	"external_gateway_info": object.Body{
		"network_id": object.Attr("network"), "enable_snat": object.Attr("snat"), "external_fixed_ips": object.Attr("ips"),
	},
}}}

// changeGateway sends the network, and of the rest what differs alone, for members may not say it.
func changeGateway(ctx context.Context, call *object.Call) error {
	op := putGateway
	if !call.Plan.Has("external_network_id") {
		op.Body = object.Body{"router": object.Body{"external_gateway_info": object.Null}}
		_, err := call.Do(ctx, op, nil)
		return err
	}
	values := object.Values{"network": call.Plan["external_network_id"]}
	if snat, ok := call.Plan.Get("snat_enabled"); ok && slices.Contains(call.Changed, "snat_enabled") {
		values["snat"] = snat
	}
	if slices.Contains(call.Changed, "external_fixed_ips") {
		var ips []any
		for _, ip := range call.Plan.List("external_fixed_ips") {
			one := object.Values{}
			for _, key := range []string{"subnet_id", "ip_address"} {
				if text := (object.Values{"ip": ip}).String("ip." + key); text != "" {
					one[key] = text
				}
			}
			ips = append(ips, one)
		}
		values["ips"] = ips
	}
	_, err := call.Do(ctx, op, values)
	return err
}

// gatewayNeedsNetwork refuses what is said of a gateway that there is not.
func gatewayNeedsNetwork(_, config object.Values, refuse func(string, string, ...any)) {
	for _, name := range []string{"snat_enabled", "external_fixed_ips"} {
		if config.Has(name) && config.Null("external_network_id") {
			refuse(name, "Without external_network_id there is no gateway.")
		}
	}
}

const interfaces = routers + "/{router_id}/"

// RouterInterface is a router's port on a subnet. Its id is the port's.
var RouterInterface = object.Kind{
	Name:    "router_interface",
	Service: cloud.Neutron,
	ID:      "{port_id}",
	Path:    ports,
	One:     "port",
	Many:    "ports",
	Paging:  cloud.Links("ports_links", 1000),
	Create: object.Op{
		Method: "PUT", Path: interfaces + "add_router_interface", ID: "port_id",
		Body: object.Body{"subnet_id": object.Attr("subnet_id"), "port_id": object.Attr("port_id")},
	},
	Read: object.Op{Path: ports + "/{port_id}"},
	List: object.Op{Repeat: map[string][]string{"device_owner": {"network:router_interface", "network:router_interface_distributed", "network:ha_router_replicated_interface"}}},
	Delete: object.Op{
		Method: "PUT", Path: interfaces + "remove_router_interface", Body: object.Body{"port_id": object.Attr("port_id")},
	},
	Fields: object.Fields{
		"port_id":    {Read: "id"},
		"router_id":  {Read: "device_id"},
		"subnet_id":  {Read: "fixed_ips.0.subnet_id"},
		"ip_address": {Read: "fixed_ips.0.ip_address"},
	},
	Checks:   []object.Check{subnetOrPort},
	Filters:  map[string]string{"router_id": "device_id", "network_id": "network_id"},
	Releases: 30 * time.Second, // a floating IP that goes by it may be let go late
	Replaces: []string{"openstack_networking_router_interface_v2", "opentelekomcloud_networking_router_interface_v2", "flexibleengine_networking_router_interface_v2"},
	Schema: schema.Schema{
		MarkdownDescription: "A router interface: leads a router to a subnet, by the address of its gateway, or by a port. It cannot be removed while routes of the router or floating IPs need it. Members of a project own the interfaces of its routers.",
		Attributes: map[string]schema.Attribute{
			"router_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The router.",
			},
			"subnet_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The subnet, which has a gateway: the interface gets its address. Either this or `port_id`.",
			},
			"port_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "A port that nothing uses. It goes with the interface: the cloud deletes it when this is destroyed. Either this or `subnet_id`.",
			},
			"network_id":  text("The network of the subnet."),
			"ip_address":  text("Address of the interface."),
			"mac_address": text("MAC address of the interface: `fa:16:3e:01:02:03`."),
			"status":      text("Status of the port: `ACTIVE`, `DOWN` or `BUILD`."),
			"created_at":  object.CreatedAt(),
			"updated_at":  object.UpdatedAt(),
		},
	},
}

// subnetOrPort refuses an interface to both, or to nothing.
func subnetOrPort(prior, config object.Values, refuse func(string, string, ...any)) {
	switch subnet, port := config.Has("subnet_id"), config.Has("port_id"); {
	case subnet && port:
		refuse("port_id", "An interface is made of a subnet or of a port. Give only one of subnet_id and port_id.")
	case !subnet && !port && prior == nil:
		refuse("subnet_id", "An interface is made of a subnet or of a port. Give one of subnet_id and port_id.")
	}
}
