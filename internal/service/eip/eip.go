// Package eip declares addresses of the internet (EIPs), what they are bound to, and the bandwidths that they share.
//
// They are served at the network's host. The first API generation makes and deletes; the third reads completely in one call,
// and binds to anything that can have an address.
package eip

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// Kinds are all objects of the service.
func Kinds() []*object.Kind {
	return []*object.Kind{&Association, &Bandwidth, &BandwidthMembership, &EIP}
}

// EIP is an address of the internet with a bandwidth of its own.
var EIP = object.Kind{
	Name:    "eip",
	Service: cloud.VPC,
	Path:    addresses,
	One:     "publicip",
	Many:    "publicips",
	Paging:  cloud.Marker(2000, "page_info.next_marker"),
	Create: object.Op{
		Path: "/v1/{project_id}/publicips",
		Body: object.All{Plus: object.Body{"bandwidth": object.Body{"share_type": dedicated}}},
	},
	Read:   object.Op{Repeat: wholeAddress},
	List:   object.Op{Repeat: wholeAddress},
	Delete: object.Op{Path: "/v1/{project_id}/publicips/{id}"},
	Ready:  object.Ready{Path: "status", OK: []string{"DOWN", "ACTIVE", "ELB", "VPN"}, Failed: []string{"ERROR", "BIND_ERROR", "FREEZED"}},
	Tags: &object.Tags{
		Read: "tags", As: object.Equals,
		Action: "/v2.0/{project_id}/publicips/{id}/tags/action", Rules: object.NarrowTags,
	},
	Fields: object.Fields{
		"type":                  {Write: "publicip.type", Read: "publicip_pool_name"},
		"alias":                 {Write: "publicip.alias"},
		"ip_version":            {Write: "publicip.ip_version"},
		"public_ip_address":     {Write: "publicip.ip_address"},
		"bandwidth_id":          {API: "bandwidth.id"},
		"bandwidth_name":        {API: "bandwidth.name", Update: "name"},
		"bandwidth_size":        {API: "bandwidth.size", Update: "size"},
		"bandwidth_charge_mode": {API: "bandwidth.charge_mode", Update: "charge_mode"},
		"bandwidth_share_type":  {API: "bandwidth.share_type"},
		"port_id":               {API: "vnic.port_id"},
		"vpc_id":                {API: "vnic.vpc_id"},
		"private_ip_address":    {API: "vnic.private_ip_address"},
	},
	Decode: object.DecodeWith(decodeEIP),
	Changes: []object.Change{
		{Of: []string{"alias"}},
		{Of: []string{"description"}, Follows: object.Always},
		{Of: []string{"ip_version"}, Op: object.Op{Path: "/v1/{project_id}/publicips/{id}"}, Alters: []string{"public_ipv6_address"}},
		{
			Of: []string{"bandwidth_name", "bandwidth_size", "bandwidth_charge_mode"}, Do: changeBandwidth,
			Calls: []object.Op{updateOwnBandwidth}, Alters: []string{"bandwidth_id", "bandwidth_share_type"},
		},
	},
	Filters: map[string]string{
		"alias": "alias", "type": "publicip_pool_name", "public_ip_address": "public_ip_address", "bandwidth_id": "bandwidth.id",
		"bandwidth_share_type": "bandwidth.share_type", "port_id": "vnic.port_id", "vpc_id": "vnic.vpc_id",
		"associate_instance_type": "associate_instance_type", "associate_instance_id": "associate_instance_id",
		"enterprise_project_id": "enterprise_project_id",
	},
	Replaces: []string{
		"huaweicloud_vpc_eip", "huaweicloud_vpc_eip_v1", "flexibleengine_vpc_eip", "flexibleengine_vpc_eip_v1", "opentelekomcloud_vpc_eip_v1",
		"opentelekomcloud_networking_floatingip_v2", "openstack_networking_floatingip_v2",
	},
	Schema: schema.Schema{
		MarkdownDescription: "An EIP (elastic IP): an address of the internet, paid by use, with a bandwidth of its own. " +
			"A `hwcloud_eip_association` binds it to a server's port, a gateway or a load balancer; a `hwcloud_bandwidth_membership` moves it into a shared bandwidth. " +
			"It cannot be deleted while it is bound.",
		Attributes: map[string]schema.Attribute{
			"type": schema.StringAttribute{
				Required: true, Validators: valid.Name(1, 64),
				MarkdownDescription: "The pool that it is from, by region: `5_bgp` (dynamic BGP), `5_sbgp` (static BGP), `5_telcom`, `5_union`, or the name of a pool of one's own.",
			},
			"bandwidth_name": schema.StringAttribute{
				Required: true, Validators: valid.Name(1, 64),
				MarkdownDescription: "Name of its bandwidth: 1 to 64 Chinese or Latin letters, digits, and `_` `-` `.`.",
			},
			"bandwidth_size": schema.Int64Attribute{
				Required: true, Validators: []validator.Int64{size(1)},
				MarkdownDescription: "Size of its bandwidth in Mbit/s: 1 to 2000, above 300 a multiple of 50, above 1000 of 500. " +
					"While the address is in a shared bandwidth, this and the name and charge mode are kept, and set again once it has left.",
			},
			"bandwidth_charge_mode": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf("bandwidth", "traffic")},
				MarkdownDescription: "What is paid: the size of the `bandwidth`, or the `traffic`. The cloud chooses when it is left out, mostly `bandwidth`.",
			},
			"alias": schema.StringAttribute{
				Optional: true, Validators: valid.Name(1, 64),
				MarkdownDescription: "Name of the address: 1 to 64 Chinese or Latin letters, digits, and `_` `-` `.`.",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: valid.Description(256),
				MarkdownDescription: "Description: at most 256 characters, without `<` and `>`.",
			},
			"ip_version": schema.Int64Attribute{
				Optional: true, Computed: true, Validators: []validator.Int64{int64validator.OneOf(4, 6)},
				MarkdownDescription: "`4`, or `6` for an address of IPv6 in addition, where the region has it. `4` when it is left out.",
			},
			"public_ip_address": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.IPv4()},
				MarkdownDescription: "The address: free and in the pool. The cloud chooses when it is left out.",
			},
			"enterprise_project_id":   object.EnterpriseProject(),
			"public_ipv6_address":     schema.StringAttribute{Computed: true, MarkdownDescription: "The address of IPv6, when `ip_version` is `6`."},
			"bandwidth_id":            schema.StringAttribute{Computed: true, MarkdownDescription: "The bandwidth that it has, its own or a shared one."},
			"bandwidth_share_type":    schema.StringAttribute{Computed: true, MarkdownDescription: "`PER` when that is its own, `WHOLE` when it is shared."},
			"associate_instance_type": schema.StringAttribute{Computed: true, MarkdownDescription: "What it is bound to: `PORT`, `NATGW`, `ELB`, `ELBV1` or `VPN`."},
			"associate_instance_id":   schema.StringAttribute{Computed: true, MarkdownDescription: "Id of what it is bound to."},
			"port_id":                 schema.StringAttribute{Computed: true, MarkdownDescription: "The port that it is bound to."},
			"vpc_id":                  schema.StringAttribute{Computed: true, MarkdownDescription: "The VPC of that port."},
			"private_ip_address":      schema.StringAttribute{Computed: true, MarkdownDescription: "The address of that port in its subnet."},
			"public_border_group":     schema.StringAttribute{Computed: true, MarkdownDescription: "The site that it is at: `center`, or the name of an edge site."},
			"allow_share_bandwidth_types": schema.ListAttribute{
				Computed: true, ElementType: types.StringType, MarkdownDescription: "The types of shared bandwidths that it can join: `share`.",
			},
			"status": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Status: `DOWN` while it is not bound; `ACTIVE`, or `ELB` and `VPN` for what it is bound to; `FREEZED`; `ERROR` and `BIND_ERROR`; others while something is under way.",
			},
			"lock_status": schema.StringAttribute{Computed: true, MarkdownDescription: "Why it is frozen: `police`, `locked`."},
			"created_at":  object.CreatedAt(),
			"updated_at":  object.UpdatedAt(),
		},
	},
}

const (
	addresses = "/v3/{project_id}/eip/publicips"
	dedicated = "PER"
	shared    = "WHOLE"
)

// wholeAddress asks for all that is told of an address: tags are only told when they are asked for.
var wholeAddress = map[string][]string{"fields": {
	"id", "alias", "description", "publicip_pool_name", "ip_version", "public_ip_address", "public_ipv6_address", "bandwidth", "vnic",
	"associate_instance_type", "associate_instance_id", "status", "lock_status", "enterprise_project_id", "public_border_group",
	"allow_share_bandwidth_types", "tags", "created_at", "updated_at",
}}

// bandwidthAnswer is the bandwidth that an address has.
type bandwidthAnswer struct {
	Bandwidth struct {
		ID         string `json:"id"`
		Name       string `json:"name"`
		Size       int64  `json:"size"`
		ChargeMode string `json:"charge_mode"`
		ShareType  string `json:"share_type"`
	} `json:"bandwidth"`
}

// ownBandwidth is the bandwidth that an address has for itself.
type ownBandwidth struct {
	Name       *string `json:"bandwidth_name"`
	Size       *int64  `json:"bandwidth_size"`
	ChargeMode *string `json:"bandwidth_charge_mode"`
}

// decodeEIP keeps the bandwidth of an address that has none of its own for the time being: it will have one again.
func decodeEIP(answer bandwidthAnswer, prior ownBandwidth) (ownBandwidth, error) {
	if answer.Bandwidth.ShareType == shared && prior.Size != nil {
		return prior, nil
	}
	return ownBandwidth{&answer.Bandwidth.Name, &answer.Bandwidth.Size, &answer.Bandwidth.ChargeMode}, nil
}

// updateOwnBandwidth wants a name or a size in any case.
var updateOwnBandwidth = object.Op{
	Method: "PUT", Path: "/v1/{project_id}/bandwidths/{bandwidth_id}", Body: object.Body{"bandwidth": object.Changed{"bandwidth_name"}},
}

// changeBandwidth changes the address's own bandwidth, which it gets anew whenever it leaves a shared one. A shared one is
// not the address's to change.
func changeBandwidth(ctx context.Context, call *object.Call) error {
	answer, err := call.Read(ctx)
	if err != nil {
		return err
	}
	now, err := object.Into[bandwidthAnswer](answer)
	if err != nil || now.Bandwidth.ShareType == shared {
		return err
	}
	_, err = call.Do(ctx, updateOwnBandwidth, object.Values{"bandwidth_id": now.Bandwidth.ID})
	return err
}
