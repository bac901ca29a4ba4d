package vpc

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// PeeringAccepter is the answer to another project's wish for a peering. It is there when the peering is answered, and cannot
// be taken back.
var PeeringAccepter = object.Kind{
	Name:    "vpc_peering_accepter",
	Service: cloud.VPC,
	ID:      "{vpc_peering_id}",
	Path:    "/v2.0/vpc/peerings",
	One:     "peering",
	Many:    "peerings",
	Paging:  cloud.Links("peerings_links", 2000),
	Create:  object.Op{Method: "PUT", Path: "/v2.0/vpc/peerings/{vpc_peering_id}/{accept}", Body: object.Body{}},
	Read:    object.Op{Path: "/v2.0/vpc/peerings/{vpc_peering_id}"},
	Ready:   object.Status("ACTIVE", "REJECTED"),
	Gone:    []string{"PENDING_ACCEPTANCE", "EXPIRED", "DELETED"},
	Remains: true,
	Fields: object.Fields{
		"vpc_peering_id": {API: "id"},
		"accept":         {Read: object.Never, Words: map[string]string{"true": "accept", "false": "reject"}},
		"vpc_id":         {API: "accept_vpc_info.vpc_id"},
		"peer_vpc_id":    {API: "request_vpc_info.vpc_id"},
		"peer_tenant_id": {API: "request_vpc_info.tenant_id"},
	},
	Decode: object.DecodeWith(func(answer peeringAnswer, _ accepterState) (accepterState, error) {
		answers := map[string]bool{"ACTIVE": true, "REJECTED": false}
		if accepted, answered := answers[answer.Status]; answered {
			return accepterState{&accepted}, nil
		}
		return accepterState{}, nil
	}),
	Filters: map[string]string{"name": "name", "status": "status"},
	Replaces: []string{
		"huaweicloud_vpc_peering_connection_accepter", "huaweicloud_vpc_peering_connection_accepter_v2", "opentelekomcloud_vpc_peering_connection_accepter_v2",
	},
	Schema: schema.Schema{
		MarkdownDescription: "The answer to a VPC peering that another project asks for: accepts or rejects it, once. Destroying it makes no call: what was accepted stays until either side deletes the peering.",
		Attributes: map[string]schema.Attribute{
			"vpc_peering_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The peering. It waits for an answer: its status is `PENDING_ACCEPTANCE`.",
			},
			"accept": schema.BoolAttribute{
				Required:            true,
				MarkdownDescription: "Whether it is accepted; else it is rejected. What was answered cannot be answered again: for another answer, the other project has to ask anew.",
			},
			"name":           schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the peering."},
			"description":    schema.StringAttribute{Computed: true, MarkdownDescription: "Description of the peering."},
			"vpc_id":         schema.StringAttribute{Computed: true, MarkdownDescription: "The VPC of this project."},
			"peer_vpc_id":    schema.StringAttribute{Computed: true, MarkdownDescription: "The other VPC, which asks."},
			"peer_tenant_id": schema.StringAttribute{Computed: true, MarkdownDescription: "Project of the other VPC."},
			"status":         schema.StringAttribute{Computed: true, MarkdownDescription: "Status: `ACTIVE` or `REJECTED`."},
		},
	},
}

type peeringAnswer struct {
	Status string `json:"status"`
}

type accepterState struct {
	Accept *bool `json:"accept"`
}
