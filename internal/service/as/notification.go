package as

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

// ScalingNotification tells a topic what becomes of a group. One call makes and changes it.
var ScalingNotification = object.Kind{
	Name:     "scaling_notification",
	Service:  cloud.AS,
	ID:       "{scaling_group_id}/{topic_urn}",
	Path:     groupNotifications,
	Many:     "topics",
	Paging:   cloud.Single(),
	ListOnly: true,
	Create:   object.Op{Method: "PUT", Overwrites: true},
	Delete:   object.Op{Path: groupNotifications + "/{topic_urn}"},
	Missing:  []string{noGroup},
	Busy:     underWay,
	Fields:   object.Fields{"scaling_group_id": {Write: object.Never, Read: object.Never}},
	Changes: []object.Change{{
		Of: []string{"topic_scene"},
		Op: object.Op{Path: groupNotifications, Body: object.Changed{"topic_urn"}},
	}},
	Replaces: []string{"huaweicloud_as_notification"},
	Schema: schema.Schema{
		MarkdownDescription: "A notification of a scaling group (AS): tells a topic when the group scales, or cannot. A group has at most 5, each with a topic of its own.",
		Attributes: map[string]schema.Attribute{
			"scaling_group_id": group(),
			"topic_urn":        topic("The topic (SMN), by its id (URN)."),
			"topic_scene": schema.SetAttribute{
				Required: true, ElementType: types.StringType,
				Validators: []validator.Set{
					setvalidator.SizeAtLeast(1),
					setvalidator.ValueStringsAre(stringvalidator.OneOf("SCALING_UP", "SCALING_UP_FAIL", "SCALING_DOWN", "SCALING_DOWN_FAIL", "SCALING_GROUP_ABNORMAL")),
				},
				MarkdownDescription: "What it is told: that the group has grown (`SCALING_UP`) or could not (`SCALING_UP_FAIL`), has shrunk (`SCALING_DOWN`) or could not " +
					"(`SCALING_DOWN_FAIL`), or has failed itself (`SCALING_GROUP_ABNORMAL`).",
			},
			"topic_name": schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the topic."},
		},
	},
}

const groupNotifications = "/autoscaling-api/v1/{project_id}/scaling_notification/{scaling_group_id}"
