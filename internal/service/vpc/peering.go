package vpc

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// Peering joins two VPCs. Routes of both make use of it.
var Peering = object.Kind{
	Name:    "vpc_peering",
	Service: cloud.VPC,
	Path:    "/v2.0/vpc/peerings",
	One:     "peering",
	Many:    "peerings",
	Paging:  cloud.Links("peerings_links", 2000),
	// One that waits for the other project, or is refused by it, is as ready as it gets here.
	Ready: object.Status("ACTIVE", "PENDING_ACCEPTANCE", "REJECTED", "EXPIRED"),
	Gone:  []string{"DELETED"},
	Fields: object.Fields{
		"vpc_id":         {API: "request_vpc_info.vpc_id"},
		"peer_vpc_id":    {API: "accept_vpc_info.vpc_id"},
		"peer_tenant_id": {API: "accept_vpc_info.tenant_id"},
	},
	Changes: []object.Change{{Of: []string{"name", "description"}}},
	Checks:  []object.Check{twoVPCs},
	Filters: map[string]string{"name": "name", "status": "status"},
	Replaces: []string{
		"huaweicloud_vpc_peering_connection", "huaweicloud_vpc_peering_connection_v2", "opentelekomcloud_vpc_peering_connection_v2",
	},
	Schema: schema.Schema{
		MarkdownDescription: "A VPC peering: it joins two VPCs whose ranges do not overlap, in one region. Traffic takes it where routes of both VPCs lead to it. Between VPCs of one project it is active at once; another project has to accept it.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.UTF8LengthBetween(1, 64)},
				MarkdownDescription: "Name: 1 to 64 characters.",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: valid.Description(255),
				MarkdownDescription: "Description: at most 255 characters, without `<` and `>`.",
			},
			"vpc_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The VPC that asks for it, of this project.",
			},
			"peer_vpc_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The other VPC.",
			},
			"peer_tenant_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 64)},
				MarkdownDescription: "Project of the other VPC. This project when it is left out.",
			},
			"status":     schema.StringAttribute{Computed: true, MarkdownDescription: "Status: `ACTIVE`, `PENDING_ACCEPTANCE` until the other project accepts it, `REJECTED` or `EXPIRED`."},
			"created_at": object.CreatedAt(),
			"updated_at": object.UpdatedAt(),
		},
	},
}

// twoVPCs refuses a VPC as its own peer.
func twoVPCs(_, config object.Values, refuse func(string, string, ...any)) {
	if vpc := config.String("vpc_id"); vpc != "" && vpc == config.String("peer_vpc_id") {
		refuse("peer_vpc_id", "A VPC cannot be its own peer.")
	}
}
