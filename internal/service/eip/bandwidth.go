package eip

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// Bandwidth is a shared bandwidth: what its addresses may send and receive together.
var Bandwidth = object.Kind{
	Name:    "bandwidth",
	Service: cloud.VPC,
	Path:    "/v1/{project_id}/bandwidths",
	One:     "bandwidth",
	Many:    "bandwidths",
	Paging:  cloud.Marker(2000, ""),
	Create:  object.Op{Path: "/v2.0/{project_id}/bandwidths"},
	List:    object.Op{Query: map[string]string{"share_type": shared}},
	Delete:  object.Op{Path: "/v2.0/{project_id}/bandwidths/{id}"},
	Ready:   object.Ready{Path: "status", OK: []string{"NORMAL"}, Failed: []string{"FREEZED"}},
	Fields: object.Fields{"addresses": {API: "publicip_info", Of: object.Fields{
		"public_ip_address":   {API: "publicip_address"},
		"public_ipv6_address": {API: "publicipv6_address"},
		"type":                {API: "publicip_type"},
	}}},
	Changes: []object.Change{{
		Of: []string{"name", "size", "charge_mode"},
		Op: object.Op{Body: object.Body{"bandwidth": object.Changed{"name"}}}, // a name or a size is wanted in any case
	}},
	Filters:  map[string]string{"enterprise_project_id": "enterprise_project_id"},
	Replaces: []string{"huaweicloud_vpc_bandwidth", "huaweicloud_vpc_bandwidth_v2", "opentelekomcloud_vpc_bandwidth_v2"},
	Schema: schema.Schema{
		MarkdownDescription: "A shared bandwidth: what several EIPs may send and receive together. A `hwcloud_bandwidth_membership` moves an EIP into it. " +
			"It cannot be deleted while an EIP is in it. It is paid by use.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true, Validators: valid.Name(1, 64),
				MarkdownDescription: "Name: 1 to 64 Chinese or Latin letters, digits, and `_` `-` `.`.",
			},
			"size": schema.Int64Attribute{
				Required: true, Validators: []validator.Int64{size(5)},
				MarkdownDescription: "Size in Mbit/s: 5 to 2000, above 300 a multiple of 50, above 1000 of 500.",
			},
			"charge_mode": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf("bandwidth", "95peak_plus")},
				MarkdownDescription: "What is paid: the size of the `bandwidth`, or what is used but for the highest 5 % of the time (`95peak_plus`, at least 20 % of the size). The cloud takes `bandwidth` when it is left out.",
			},
			"bandwidth_type": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 64)},
				MarkdownDescription: "Type: `share`, or `edgeshare` at an edge site. The cloud chooses by the site when it is left out.",
			},
			"public_border_group": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 64)},
				MarkdownDescription: "The site that it is at: `center`, or the name of an edge site; only EIPs of this site can join. The cloud takes `center` when it is left out.",
			},
			"enterprise_project_id": object.EnterpriseProject(),
			"share_type":            schema.StringAttribute{Computed: true, MarkdownDescription: "`WHOLE`: it is shared."},
			"addresses": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The EIPs and ports that share it.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"publicip_id":         schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the EIP, or of the port with an address of IPv6."},
					"public_ip_address":   schema.StringAttribute{Computed: true, MarkdownDescription: "The address."},
					"public_ipv6_address": schema.StringAttribute{Computed: true, MarkdownDescription: "The address of IPv6, if it has one."},
					"type":                schema.StringAttribute{Computed: true, MarkdownDescription: "The pool that it is from: `5_bgp`."},
					"ip_version":          schema.Int64Attribute{Computed: true, MarkdownDescription: "`4` or `6`."},
				}},
			},
			"status":     schema.StringAttribute{Computed: true, MarkdownDescription: "Status: `NORMAL` or `FREEZED`."},
			"created_at": object.CreatedAt(),
			"updated_at": object.UpdatedAt(),
		},
	},
}

// size accepts what a bandwidth may have, from a least number of Mbit/s on.
type size int64

func (s size) Description(context.Context) string {
	return fmt.Sprintf("%d to 2000 Mbit/s, above 300 a multiple of 50, above 1000 of 500", int64(s))
}

func (s size) MarkdownDescription(ctx context.Context) string { return s.Description(ctx) }

func (s size) ValidateInt64(ctx context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	value, step := req.ConfigValue.ValueInt64(), int64(1)
	switch {
	case value > 1000:
		step = 500
	case value > 300:
		step = 50
	}
	if value < int64(s) || value > 2000 || value%step != 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+req.Path.String(), fmt.Sprintf("%d: a size is %s.", value, s.Description(ctx)))
	}
}
