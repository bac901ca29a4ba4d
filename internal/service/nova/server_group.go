package nova

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

// ServerGroup keeps its servers apart or together. Servers join it when they are made.
var ServerGroup = object.Kind{
	Name:    "server_group",
	Service: cloud.Nova,
	Path:    "/v2.1/os-server-groups",
	One:     "server_group",
	Many:    "server_groups",
	Paging:  cloud.Offset(1000),
	Schema: schema.Schema{
		MarkdownDescription: "A server group: its servers run on different hosts, or on the same one.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.UTF8LengthBetween(1, 255)},
				MarkdownDescription: "Name: 1 to 255 characters.",
			},
			"policies": schema.SetAttribute{
				Required: true, ElementType: types.StringType,
				Validators: []validator.Set{
					setvalidator.SizeBetween(1, 1),
					setvalidator.ValueStringsAre(stringvalidator.OneOf("anti-affinity", "affinity", "soft-anti-affinity", "soft-affinity")),
				},
				MarkdownDescription: "How the servers are placed, one of: `anti-affinity`, each on a host of its own; `affinity`, all on one; `soft-anti-affinity` and `soft-affinity`, the same as far as it can be had.",
			},
			"members": schema.SetAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "Ids of its servers: those that name it in `server_group_id`.",
			},
		},
	},
}
