package vpc

import (
	"net/netip"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// Route sends what goes to a range to a next hop. The API has it as an item of its table: all writes are changes of the table,
// and one read of the table is enough for all its routes.
var Route = object.Kind{
	Name:     "route",
	Service:  cloud.VPC,
	ID:       "{route_table_id}/{destination}",
	Path:     routeTablePath,
	Many:     "routetable.routes",
	Paging:   cloud.Single(),
	ListOnly: true,
	Create:   changeRoutes("add", object.All{}),
	Delete:   changeRoutes("del", object.Body{"destination": object.Attr("destination")}),
	Queue:    "routes of {route_table_id}",
	Fields: object.Fields{
		"route_table_id": {Write: object.Never, Read: object.Never}, // it is in the path
		"vpc_id":         {Write: object.Never},
	},
	Derived: map[string]object.Derived{
		"route_table_id": {
			Op: object.Op{
				Method: "GET", Path: "/v1/{project_id}/routetables", Query: map[string]string{"vpc_id": "{vpc_id}"},
			},
			From: "routetables[default=true].id",
		},
	},
	Sides: []object.Side{
		{Into: "vpc_id", From: "routetable.vpc_id", Fixed: true, Op: object.Op{Method: "GET", Path: routeTablePath}},
	},
	Changes: []object.Change{{
		Of: []string{"type", "nexthop", "description"},
		Op: changeRoutes("mod", object.Changed{"destination", "type", "nexthop", "description"}),
	}},
	Checks:   []object.Check{tableOrVPC, addressOrID},
	Replaces: []string{"huaweicloud_vpc_route", "flexibleengine_vpc_route"},
	Schema: schema.Schema{
		MarkdownDescription: "A route: sends what the subnets of a route table have for a range of addresses to a next hop. A table has one route to each destination, besides the local ones that the cloud makes.",
		Attributes: map[string]schema.Attribute{
			"route_table_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The route table. Either this or `vpc_id`.",
			},
			"vpc_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The VPC whose default route table it is for. Either this or `route_table_id`.",
			},
			"destination": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.Range()},
				MarkdownDescription: "Where the traffic goes: a range, `0.0.0.0/0`, `10.2.0.0/16` or `fd00::/8`, that lies in no subnet of the VPC, nor in 100.64.0.0/10 or 127.0.0.0/8.",
			},
			"type": schema.StringAttribute{
				Required: true,
				Validators: []validator.String{
					stringvalidator.OneOf("ecs", "eni", "vip", "nat", "peering", "vpn", "dc", "cc", "egw", "er", "subeni"),
				},
				MarkdownDescription: "What the next hop is: `ecs` (a server), `eni` (a network interface), `vip` (a virtual address), `nat` (a NAT gateway), `peering`, `vpn`, `dc` (Direct Connect), " +
					"`cc` (Cloud Connect), `egw` (a VPC endpoint), `er` (an enterprise router) or `subeni` (a supplementary network interface).",
			},
			"nexthop": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: "The next hop: its id, or the address of a `vip`.",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: valid.Description(255),
				MarkdownDescription: "Description: at most 255 characters, without `<` and `>`.",
			},
		},
	},
}

const routeTablePath = "/v1/{project_id}/routetables/{route_table_id}"

// changeRoutes adds a route to its table, modifies or deletes it.
func changeRoutes(action string, one any) object.Op {
	return object.Op{
		Method: "PUT", Path: routeTablePath,
		Body: object.Body{"routetable": object.Body{"routes": object.Body{action: []any{one}}}},
	}
}

// tableOrVPC refuses a route of no table, or of two.
func tableOrVPC(_, config object.Values, refuse func(string, string, ...any)) {
	if config.Has("route_table_id") == config.Has("vpc_id") {
		refuse("route_table_id", "Give either a route_table_id, or a vpc_id for its default table.")
	}
}

// addressOrID refuses the id of a virtual address, and the address of anything else.
func addressOrID(_, config object.Values, refuse func(string, string, ...any)) {
	kind, nexthop := config.String("type"), config.String("nexthop")
	if kind == "" || nexthop == "" {
		return // not known yet
	}
	switch _, err := netip.ParseAddr(nexthop); {
	case kind == "vip" && err != nil:
		refuse("nexthop", "A route of type vip has an address as its next hop.")
	case kind != "vip" && err == nil:
		refuse("nexthop", "A route of type %s has an id as its next hop. Only type vip has an address.", kind)
	}
}
