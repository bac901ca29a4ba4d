package vpc

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// PrivateIP is an address of a subnet that is kept from use. The list of a subnet has all addresses in use.
var PrivateIP = object.Kind{
	Name:     "private_ip",
	Service:  cloud.VPC,
	Path:     "/v1/{project_id}/privateips",
	One:      "privateip",
	Many:     "privateips",
	Paging:   cloud.Marker(2000, ""),
	Create:   object.Op{Body: object.Body{"privateips": []any{object.All{}}}, ID: "privateips.0.id"},
	List:     object.Op{Path: "/v1/{project_id}/subnets/{subnet_id}/privateips"},
	Alike:    true,
	Replaces: []string{"huaweicloud_vpc_subnet_private_ip"},
	Schema: schema.Schema{
		MarkdownDescription: "A reserved private address: the cloud gives it to nothing else. What uses it, a virtual machine of one's own for example, is not the cloud's business.",
		Attributes: map[string]schema.Attribute{
			"subnet_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The subnet.",
			},
			"ip_address": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.IPv4()},
				MarkdownDescription: "The IPv4 address: of the subnet, and free. The cloud chooses when it is left out.",
			},
			"device_owner": schema.StringAttribute{Computed: true, MarkdownDescription: "What uses it: empty for a reserved one; `network:dhcp`, `network:router_interface_distributed`, or `compute:` and an availability zone for those that a data source lists beside."},
			"status":       schema.StringAttribute{Computed: true, MarkdownDescription: "Status: `ACTIVE`, or `DOWN` while nothing uses it."},
		},
	},
}
