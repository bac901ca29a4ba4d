package as

import (
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// ScalingInstanceAttachment puts a server that exists into a group. The lists have the servers that groups made, too.
var ScalingInstanceAttachment = object.Kind{
	Name:     "scaling_instance_attachment",
	Service:  cloud.AS,
	ID:       "{scaling_group_id}/{instance_id}",
	Path:     "/autoscaling-api/v1/{project_id}/scaling_group_instance/{scaling_group_id}",
	Many:     "scaling_group_instances",
	Paging:   cloud.OffsetBy("start_number", 100),
	ListOnly: true,
	List:     object.Op{Path: "/autoscaling-api/v1/{project_id}/scaling_group_instance/{scaling_group_id}/list"},
	Create:   object.Op{Path: instanceAction, Body: object.Body{"action": "ADD", "instances_id": theInstance}},
	Delete: object.Op{
		Method: "POST", Path: instanceAction, Idempotent: true,
		Body: object.Body{"action": "REMOVE", "instances_id": theInstance, "instance_delete": "no"},
	},
	Ready:   object.Ready{Path: "life_cycle_state", OK: []string{"INSERVICE", "STANDBY"}},
	Missing: []string{noGroup},
	Busy:    underWay,
	Fields: object.Fields{
		"protect_from_scaling_down": {Write: object.Never, Words: map[string]string{"true": "PROTECT", "false": "UNPROTECT"}},
		"standby":                   {Write: object.Never, Read: "life_cycle_state", As: standby{}},
		"created_at":                {API: "create_time"},
	},
	Changes: []object.Change{
		{
			Of: []string{"protect_from_scaling_down"}, Follows: wantsProtection,
			Op: object.Op{
				Method: "POST", Path: instanceAction, Idempotent: true,
				Body: object.Body{"action": object.Attr("protect_from_scaling_down"), "instances_id": theInstance},
			},
		},
		{
			Of: []string{"standby"}, Follows: wantsStandby, Alters: []string{"life_cycle_state"},
			Op: object.Op{
				Method: "POST", Path: instanceAction, Idempotent: true,
				Body: object.Body{"action": object.Attr("standby"), "instances_id": theInstance},
			},
		},
	},
	Filters:  map[string]string{"life_cycle_state": "life_cycle_state", "health_status": "health_status"},
	Timeouts: object.Timeouts{Create: 30 * time.Minute, Update: 30 * time.Minute, Delete: 30 * time.Minute},
	Replaces: []string{"huaweicloud_as_instance_attach"},
	Schema: schema.Schema{
		MarkdownDescription: "Puts a server that exists into a scaling group (AS), which is enabled, is not full, and has the server's VPC and availability zone. It makes " +
			"the group want one server more: leave out the group's `desire_instance_number`. Destroying it takes the server out and leaves it as it is, unless the group would have fewer than its least number. " +
			"The data sources have the servers that the group made, too.",
		Attributes: map[string]schema.Attribute{
			"scaling_group_id": group(),
			"instance_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The server, which runs and is in no group.",
			},
			"protect_from_scaling_down": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether it stays when the group shrinks. Only changed while it is in service.",
			},
			"standby": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether it stands by: the group neither checks nor uses it.",
			},
			"instance_name":              schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the server."},
			"life_cycle_state":           schema.StringAttribute{Computed: true, MarkdownDescription: "Where it stands: `PENDING`, `PENDING_WAIT`, `INSERVICE`, `ENTERING_STANDBY`, `STANDBY`, `REMOVING` or `REMOVING_WAIT`."},
			"health_status":              schema.StringAttribute{Computed: true, MarkdownDescription: "Health: `INITIALIZING`, `NORMAL` or `ERROR`."},
			"scaling_configuration_id":   schema.StringAttribute{Computed: true, MarkdownDescription: "Scaling configuration that it was made from; none of one that was added."},
			"scaling_configuration_name": schema.StringAttribute{Computed: true, MarkdownDescription: "Name of that; `MANNUAL_ADD` of one that was added."},
			"created_at":                 schema.StringAttribute{Computed: true, MarkdownDescription: "When it joined the group, in UTC."},
		},
	},
}

const instanceAction = "/autoscaling-api/v1/{project_id}/scaling_group_instance/{scaling_group_id}/action"

var theInstance = []any{object.Attr("instance_id")}

func wantsProtection(plan object.Values) bool { return plan.Bool("protect_from_scaling_down") }

func wantsStandby(plan object.Values) bool { return plan.Bool("standby") }

// standby is whether a server stands by: a word of an action when it is changed, a state when it is read.
type standby struct{}

// Encode is the action.
func (standby) Encode(v any) any {
	if v == true {
		return "ENTER_STANDBY"
	}
	return "EXIT_STANDBY"
}

// Decode reads the state.
func (standby) Decode(v any) (any, error) {
	return slices.Contains([]string{"STANDBY", "ENTERING_STANDBY"}, fmt.Sprint(v)), nil
}
