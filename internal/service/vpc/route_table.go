package vpc

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// RouteTable says where the traffic of its subnets goes. Tables of one VPC take subnets from each other, so they are written
// one after the other.
var RouteTable = object.Kind{
	Name:    "route_table",
	Service: cloud.VPC,
	Path:    "/v1/{project_id}/routetables",
	One:     "routetable",
	Many:    "routetables",
	Paging:  cloud.Marker(2000, ""),
	Queue:   "route tables of {vpc_id}",
	Fields:  object.Fields{"subnet_ids": {Read: "subnets", As: object.IDs}},
	Changes: []object.Change{
		{Of: []string{"name", "description"}},
		{
			Of: []string{"subnet_ids"}, Follows: object.Always, Frees: true,
			Add: moveSubnet("associate"), Remove: moveSubnet("disassociate"),
		},
	},
	Filters:  map[string]string{"vpc_id": "vpc_id"},
	Replaces: []string{"huaweicloud_vpc_route_table", "flexibleengine_vpc_route_table", "opentelekomcloud_vpc_route_table_v1"},
	Schema: schema.Schema{
		MarkdownDescription: "A route table: where the traffic of its subnets goes. Its routes are `hwcloud_route`. Each VPC has a default table, which is made with it and cannot be deleted; subnets that are in no other are in that.",
		Attributes: map[string]schema.Attribute{
			"vpc_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The VPC. It has at most 10 tables, the default one among them, unless its quota says otherwise.",
			},
			"name": schema.StringAttribute{
				Optional: true, Validators: valid.Name(1, 64),
				MarkdownDescription: "Name: 1 to 64 Chinese or Latin letters, digits, and `_` `-` `.`.",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: valid.Description(255),
				MarkdownDescription: "Description: at most 255 characters, without `<` and `>`.",
			},
			"subnet_ids": schema.SetAttribute{
				Optional: true, Computed: true, ElementType: types.StringType,
				Validators: []validator.Set{setvalidator.ValueStringsAre(valid.UUID())},
				MarkdownDescription: "Its subnets, of the same VPC. A subnet is in one table: it is taken from the one it was in, and goes back to the default table when it leaves. " +
					"Left out, they are not managed here.",
			},
			"default":    schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether it is the VPC's default table."},
			"created_at": object.CreatedAt(),
			"updated_at": object.UpdatedAt(),
		},
	},
}

// moveSubnet associates one subnet with a table, or ends that.
func moveSubnet(action string) object.Op {
	return object.Op{
		Method: "POST", Path: "/v1/{project_id}/routetables/{id}/action",
		Body: object.Body{"routetable": object.Body{"subnets": object.Body{action: []any{object.Attr(object.Item)}}}},
	}
}
