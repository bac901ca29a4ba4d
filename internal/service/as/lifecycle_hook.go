package as

import (
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// ScalingLifecycleHook holds up each server of a group that comes or goes, until somebody says to go on.
var ScalingLifecycleHook = object.Kind{
	Name:    "scaling_lifecycle_hook",
	Service: cloud.AS,
	ID:      "{scaling_group_id}/{name}",
	Path:    "/autoscaling-api/v1/{project_id}/scaling_lifecycle_hook/{scaling_group_id}",
	Many:    "lifecycle_hooks",
	Paging:  cloud.Single(),
	List:    object.Op{Path: "/autoscaling-api/v1/{project_id}/scaling_lifecycle_hook/{scaling_group_id}/list"},
	Read:    object.Op{Path: oneHook},
	Delete:  object.Op{Path: oneHook},
	Missing: []string{noGroup},
	Busy:    underWay,
	Fields: object.Fields{
		"scaling_group_id": {Write: object.Never, Read: object.Never},
		"name":             {API: "lifecycle_hook_name"},
		"type":             {API: "lifecycle_hook_type"},
		"created_at":       {API: "create_time"},
	},
	Changes: []object.Change{{
		Of:     []string{"type", "default_result", "default_timeout", "notification_topic_urn", "notification_metadata"},
		Op:     object.Op{Path: oneHook, Body: object.Changed{}},
		Alters: []string{"notification_topic_name"},
	}},
	Replaces: []string{"huaweicloud_as_lifecycle_hook", "huaweicloud_as_lifecycle_hook_v1", "flexibleengine_as_lifecycle_hook_v1", "opentelekomcloud_as_lifecycle_hook_v1"},
	Schema: schema.Schema{
		MarkdownDescription: "A lifecycle hook of a scaling group (AS): holds up each server that comes or goes, tells a topic of it, and waits until somebody says to go on, or until its time is over. A group has at most 5.",
		Attributes: map[string]schema.Attribute{
			"scaling_group_id": group(),
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.Match(hookName, "1 to 32 letters, digits, `_` and `-` are expected")},
				MarkdownDescription: "Name: 1 to 32 Latin letters, digits, `_` and `-`; unique in the group.",
			},
			"type": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.OneOf("INSTANCE_LAUNCHING", "INSTANCE_TERMINATING")},
				MarkdownDescription: "Which servers it holds up: `INSTANCE_LAUNCHING`, those that come, or `INSTANCE_TERMINATING`, those that go.",
			},
			"default_result": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString("ABANDON"),
				Validators:          []validator.String{stringvalidator.OneOf("ABANDON", "CONTINUE")},
				MarkdownDescription: "What happens when its time is over: `CONTINUE` goes on; `ABANDON` gives up a server that comes, and passes over the other hooks of one that goes.",
			},
			"default_timeout": schema.Int64Attribute{
				Optional: true, Computed: true, Default: int64default.StaticInt64(3600), Validators: []validator.Int64{int64validator.Between(60, 86400)},
				MarkdownDescription: "How long it waits, in seconds: 60 to 86400.",
			},
			"notification_topic_urn": topic("The topic (SMN) that is told of each server that is held up, by its id (URN)."),
			"notification_metadata": schema.StringAttribute{
				Optional: true,
				Validators: []validator.String{
					stringvalidator.UTF8LengthAtMost(256), valid.Match(hookText, "none of < > & ' ( ) is allowed"),
				},
				MarkdownDescription: "What the topic is told besides: at most 256 characters, without `<`, `>`, `&`, `'`, `(` and `)`.",
			},
			"notification_topic_name": schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the topic."},
			"created_at":              object.CreatedAt(),
		},
	},
}

const oneHook = "/autoscaling-api/v1/{project_id}/scaling_lifecycle_hook/{scaling_group_id}/{name}"

var (
	hookName = pattern.New(`^[A-Za-z0-9_-]{1,32}$`)
	topicURN = pattern.New(`^urn:smn:[^:]+:[^:]+:[A-Za-z0-9][A-Za-z0-9_-]{0,254}$`)
	hookText = pattern.New(`^[^<>&'()]*$`)
)

// topic is a topic of SMN.
func topic(text string) schema.StringAttribute {
	return schema.StringAttribute{
		Required: true, Validators: []validator.String{valid.Match(topicURN, "a topic's URN is expected: urn:smn:REGION:PROJECT:NAME")},
		MarkdownDescription: text,
	}
}

// group is the group that something belongs to.
func group() schema.StringAttribute {
	return schema.StringAttribute{
		Required: true, Validators: []validator.String{valid.UUID()},
		MarkdownDescription: "The scaling group.",
	}
}
