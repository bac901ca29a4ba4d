package eip

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// BandwidthMembership is an address in a shared bandwidth. When it ends, the address gets a bandwidth of its own again.
var BandwidthMembership = object.Kind{
	Name:    "bandwidth_membership",
	Service: cloud.VPC,
	ID:      "{publicip_id}/{bandwidth_id}",
	Path:    addresses,
	One:     "publicip",
	Many:    "publicips",
	Paging:  cloud.Marker(2000, "page_info.next_marker"),
	Create:  object.Op{Path: addresses + "/{publicip_id}/attach-share-bandwidth"},
	Read:    object.Op{Path: addresses + "/{publicip_id}"},
	Delete: object.Op{Method: "POST", Path: addresses + "/{publicip_id}/detach-share-bandwidth", Body: object.Body{
		"publicip": object.Body{"bandwidth": object.Body{
			"name":        object.Attr("bandwidth_name_on_destroy"),
			"size":        object.Attr("bandwidth_size_on_destroy"),
			"charge_mode": object.Attr("bandwidth_charge_mode_on_destroy"),
		}},
	}},
	Ready:   object.Ready{Path: "bandwidth.share_type", OK: []string{shared}},
	Gone:    []string{dedicated}, // the address is there, and has a bandwidth of its own
	Missing: notBound,
	Fields: object.Fields{
		"publicip_id":    {Write: object.Never, Read: "id"},
		"bandwidth_id":   {Read: "bandwidth.id"},
		"bandwidth_name": {API: "bandwidth.name"},
		"bandwidth_size": {API: "bandwidth.size"},
	},
	Local:   []string{"bandwidth_name_on_destroy", "bandwidth_size_on_destroy", "bandwidth_charge_mode_on_destroy"},
	Filters: map[string]string{"publicip_id": "id", "bandwidth_id": "bandwidth.id", "public_ip_address": "public_ip_address"},
	// Its id is made in the same order.
	Replaces: []string{"huaweicloud_eip_bandwidth_associate"},
	Schema: schema.Schema{
		MarkdownDescription: "Moves an EIP into a shared bandwidth; the bandwidth that it had for itself is no more. Destroying it gives the EIP a new bandwidth of its own.",
		Attributes: map[string]schema.Attribute{
			"publicip_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The EIP.",
			},
			"bandwidth_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The shared bandwidth. At most 20 EIPs are in one, unless the account's quota says otherwise.",
			},
			"bandwidth_name_on_destroy": schema.StringAttribute{
				Optional: true, Validators: valid.Name(1, 64),
				MarkdownDescription: "Name of the bandwidth that the EIP gets when this is destroyed: 1 to 64 Chinese or Latin letters, digits, and `_` `-` `.`. The cloud chooses when it is left out.",
			},
			"bandwidth_size_on_destroy": schema.Int64Attribute{
				Optional: true, Computed: true, Default: int64default.StaticInt64(5), Validators: []validator.Int64{size(1)},
				MarkdownDescription: "Size of that bandwidth in Mbit/s: 1 to 2000, above 300 a multiple of 50, above 1000 of 500.",
			},
			"bandwidth_charge_mode_on_destroy": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString("bandwidth"), Validators: []validator.String{stringvalidator.OneOf("bandwidth", "traffic")},
				MarkdownDescription: "What is paid then: the size of the `bandwidth`, or the `traffic`.",
			},
			"public_ip_address": schema.StringAttribute{Computed: true, MarkdownDescription: "The address."},
			"bandwidth_name":    schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the shared bandwidth."},
			"bandwidth_size":    schema.Int64Attribute{Computed: true, MarkdownDescription: "Size of the shared bandwidth in Mbit/s."},
		},
	},
}
