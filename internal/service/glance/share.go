package glance

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

const members = images + "/{image_id}/members"

// ImageShare is an image that another project may have.
var ImageShare = object.Kind{
	Name:    "image_share",
	Service: cloud.Glance,
	ID:      "{image_id}/{member_id}",
	Path:    members,
	Many:    "members",
	Create:  object.Op{Body: object.Body{"member": object.Attr("member_id")}},
	Read:    object.Op{Path: members + "/{member_id}"},
	Delete:  object.Op{Path: members + "/{member_id}"},
	Schema: schema.Schema{
		MarkdownDescription: "The sharing of an image with another project, in whose lists it is once that project has accepted it (`hwcloud_image_share_acceptance`); `status` tells. The image's visibility is `shared`. It is the image's owner who shares it.",
		Attributes: map[string]schema.Attribute{
			"image_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The image.",
			},
			"member_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 255)},
				MarkdownDescription: "Id of the project that may have it. Whether there is such a project is not looked at.",
			},
			"status":     text("What that project says: `pending`, `accepted` or `rejected`."),
			"created_at": text("When it was shared, in UTC."),
			"updated_at": text("When that project answered, in UTC."),
		},
	},
}

const own = members + "/{project_id}"

// ImageShareAcceptance is what this project says of an image that is shared with it.
var ImageShareAcceptance = object.Kind{
	Name:    "image_share_acceptance",
	Service: cloud.Glance,
	ID:      "{image_id}",
	Path:    own,
	Alone:   true,
	Create:  object.Op{Method: "PUT", Path: own, Body: answer, Overwrites: true},
	Read:    object.Op{Path: own},
	Delete:  object.Op{Method: "PUT", Path: own, Body: object.Body{"status": "pending"}},
	Ready:   object.Ready{Path: "status", OK: []string{"accepted", "rejected"}},
	Gone:    []string{"pending"},
	Changes: []object.Change{{Of: []string{"status"}, Op: object.Op{Path: own, Body: answer}}},
	Schema: schema.Schema{
		MarkdownDescription: "What this project says of an image that another one shares with it: one that it accepts is in its lists, and one that it rejects is not. It can be used all the same by who knows its id. Destroying it takes the answer back. The image's owner, unless an administrator, cannot answer.",
		Attributes: map[string]schema.Attribute{
			"image_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The image.",
			},
			"status": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString("accepted"), Validators: []validator.String{stringvalidator.OneOf("accepted", "rejected")},
				MarkdownDescription: "The answer: `accepted` or `rejected`.",
			},
			"member_id":  text("Id of this project."),
			"created_at": text("When it was shared, in UTC."),
			"updated_at": object.UpdatedAt(),
		},
	},
}

var answer = object.Body{"status": object.Attr("status")}
