package ims

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

const (
	members = "/v2/images/{image_id}/members"
	member  = members + "/{member_id}"
)

// ImageShare is an image that another project may have, which has to agree.
var ImageShare = object.Kind{
	Name:     "image_share",
	Service:  cloud.IMS,
	ID:       "{image_id}/{member_id}",
	Path:     members,
	Many:     "members",
	Paging:   cloud.Marker(0, "page_info.next_marker"),
	Create:   object.Op{Body: object.Body{"member": object.Attr("member_id")}},
	Read:     object.Op{Path: member},
	Delete:   object.Op{Path: member},
	Replaces: []string{"huaweicloud_images_image_share", "opentelekomcloud_images_image_access_v2", "openstack_images_image_access_v2"},
	Schema: schema.Schema{
		MarkdownDescription: "The sharing of a private image (IMS) with another project of the region, which has to accept it; that is not waited for, `status` tells. An encrypted image cannot be shared.",
		Attributes: map[string]schema.Attribute{
			"image_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The image.",
			},
			"member_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.Match(projectID, "the id of a project is expected: 32 hexadecimal digits")},
				MarkdownDescription: "The project that may have it: its id, 32 hexadecimal digits.",
			},
			"status":      text("What that project says: `pending` until it has answered, `accepted` or `rejected`. Who rejected it is asked again only when it is shared anew."),
			"member_type": text("What it is shared with: `tenant`, a project."),
			"created_at":  text("When it was shared, in UTC."),
			"updated_at":  text("When that project answered, in UTC."),
		},
	},
}

var projectID = pattern.New(`^[0-9a-f]{32}$`)
