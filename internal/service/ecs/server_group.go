package ecs

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// ServerGroup keeps its servers on different hosts.
var ServerGroup = object.Kind{
	Name:    "server_group",
	Service: cloud.ECS,
	Path:    "/v1/{project_id}/cloudservers/os-server-groups",
	One:     "server_group",
	Many:    "server_groups",
	Paging:  cloud.Marker(1000, "page_info.next_marker"),
	Changes: []object.Change{
		{Of: []string{"members"}, Follows: object.Always, Current: true, Add: addMember, Remove: removeMember},
	},
	Replaces: []string{"huaweicloud_compute_servergroup", "opentelekomcloud_compute_servergroup_v2", "openstack_compute_servergroup_v2"},
	Schema: schema.Schema{
		MarkdownDescription: "A server group: its servers run on different hosts, so that one host's failure stops only one of them.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 255)},
				MarkdownDescription: "Name: 1 to 255 bytes.",
			},
			"policies": schema.SetAttribute{
				Required: true, ElementType: types.StringType,
				Validators: []validator.Set{
					setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(stringvalidator.OneOf("anti-affinity")),
				},
				MarkdownDescription: "How the servers are placed: `anti-affinity`, each on a host of its own. The cloud takes no other.",
			},
			"members": schema.SetAttribute{
				Optional: true, Computed: true, ElementType: types.StringType,
				Validators: []validator.Set{setvalidator.ValueStringsAre(valid.UUID())},
				MarkdownDescription: "Ids of its servers, each of which is in no other group. Left out, they are not managed here: " +
					"a server that names the group in `server_group_id` joins it. Give one or the other, not both.",
			},
		},
	},
}

// A group takes one member with each call. A server that is deleted leaves it by itself.
var (
	addMember    = memberOp("add_member")
	removeMember = memberOp("remove_member")
)

func memberOp(action string) object.Op {
	return object.Op{
		Method: "POST", Path: "/v1/{project_id}/cloudservers/os-server-groups/{id}/action",
		Body: object.Body{action: object.Body{"instance_uuid": object.Attr(object.Item)}},
	}
}
