package eip

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// Association is the bond between an address and what it leads to. An address has one at most, so the bond's id is the
// address's.
var Association = object.Kind{
	Name:    "eip_association",
	Service: cloud.VPC,
	ID:      "{publicip_id}",
	Path:    addresses,
	One:     "publicip",
	Many:    "publicips",
	Paging:  cloud.Marker(2000, "page_info.next_marker"),
	Create:  object.Op{Path: addresses + "/{publicip_id}/associate-instance"},
	Delete:  object.Op{Method: "POST", Path: addresses + "/{publicip_id}/disassociate-instance"},
	Ready:   object.Ready{Path: "status", OK: []string{"ACTIVE", "ELB", "VPN"}, Failed: []string{"ERROR", "BIND_ERROR", "FREEZED"}},
	Gone:    []string{"DOWN"}, // the address is there, and not bound
	Missing: notBound,
	Fields: object.Fields{
		"publicip_id":             {Write: object.Never, Read: "id"},
		"associate_instance_type": {Form: anyBalancer},
		"port_id":                 {API: "vnic.port_id"},
		"vpc_id":                  {API: "vnic.vpc_id"},
		"private_ip_address":      {API: "vnic.private_ip_address"},
	},
	Filters: map[string]string{
		"publicip_id": "id", "associate_instance_type": "associate_instance_type", "associate_instance_id": "associate_instance_id",
		"public_ip_address": "public_ip_address", "vpc_id": "vnic.vpc_id",
	},
	Replaces: []string{
		"huaweicloud_vpc_eip_associate", "huaweicloud_vpc_eipv3_associate", "huaweicloud_networking_eip_associate",
		"opentelekomcloud_networking_floatingip_associate_v2", "openstack_networking_floatingip_associate_v2",
	},
	Schema: schema.Schema{
		MarkdownDescription: "Binds an EIP to what it leads to: the port of a server, a gateway or a load balancer. An EIP is bound to one thing, and a port has one EIP.",
		Attributes: map[string]schema.Attribute{
			"publicip_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The EIP.",
			},
			"associate_instance_type": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.OneOf("PORT", "NATGW", "VPN", "ELB")},
				MarkdownDescription: "What it is bound to: a `PORT` of a server or a virtual address, a NAT gateway (`NATGW`), a `VPN` gateway, or a load balancer (`ELB`).",
			},
			"associate_instance_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Id of that port, gateway or load balancer.",
			},
			"public_ip_address":  schema.StringAttribute{Computed: true, MarkdownDescription: "The address."},
			"port_id":            schema.StringAttribute{Computed: true, MarkdownDescription: "The port that it leads to, also where that is a load balancer's."},
			"vpc_id":             schema.StringAttribute{Computed: true, MarkdownDescription: "The VPC of that port."},
			"private_ip_address": schema.StringAttribute{Computed: true, MarkdownDescription: "The address of that port in its subnet."},
			"status":             schema.StringAttribute{Computed: true, MarkdownDescription: "Status of the EIP: `ACTIVE`, `ELB`, `VPN`; `BINDING` while it is bound, `FREEZED`."},
		},
	},
}

// notBound are the refusals to undo what is not: an address that is not bound, or not in a shared bandwidth.
var notBound = []string{"409 EIP.7902", "400 EIP.7902"}

// anyBalancer takes the classic load balancers, which are told apart in answers only, for what they are bound as.
func anyBalancer(kind string) string {
	if kind == "ELBV1" {
		return "ELB"
	}
	return kind
}
