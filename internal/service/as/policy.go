package as

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// ScalingPolicy makes a group, or a bandwidth, larger or smaller. The second API generation has all of it, but for its
// deletion and its switch.
var ScalingPolicy = object.Kind{
	Name:    "scaling_policy",
	Plural:  "scaling_policies",
	Service: cloud.AS,
	Path:    "/autoscaling-api/v2/{project_id}/scaling_policy",
	One:     "scaling_policy",
	Many:    "scaling_policies",
	Paging:  cloud.OffsetBy("start_number", 100),
	Create:  object.Op{ID: "scaling_policy_id", Body: object.All{}},
	Delete:  object.Op{Path: "/autoscaling-api/v1/{project_id}/scaling_policy/{id}"},
	Missing: []string{noGroup, "400 AS.3020"},
	Busy:    append([]string{"400 AS.3038"}, underWay...),
	Fields: object.Fields{
		"id":                     {API: "scaling_policy_id"},
		"name":                   {API: "scaling_policy_name"},
		"resource_id":            {API: "scaling_resource_id"},
		"resource_type":          {API: "scaling_resource_type"},
		"type":                   {API: "scaling_policy_type"},
		"action":                 {API: "scaling_policy_action", Of: actionFields},
		"interval_alarm_actions": {Of: intervalFields},
		"scheduled_policy": {Of: object.Fields{
			"launch_time": {}, "recurrence_type": {}, "recurrence_value": {}, "start_time": {}, "end_time": {},
		}},
		"enabled":    {Write: object.Never, Read: "policy_status", As: enabling{}},
		"status":     {API: "policy_status"},
		"created_at": {API: "create_time"},
	},
	Changes: []object.Change{
		{
			Of: []string{"name", "description", "type", "alarm_id", "scheduled_policy", "action", "interval_alarm_actions", "cool_down_time"},
			Op: object.Op{Body: object.Changed{"type"}},
		},
		{
			Of: []string{"enabled"}, Follows: wantsDisabled,
			Op: object.Op{
				Method: "POST", Path: "/autoscaling-api/v1/{project_id}/scaling_policy/{id}/action", Idempotent: true,
				Body: object.Body{"action": object.Attr("enabled")},
			},
			Alters: []string{"status"},
		},
	},
	Checks: []object.Check{fitsType, scheduleComplete, actionsFit},
	Filters: map[string]string{
		"name": "scaling_policy_name", "resource_id": "scaling_resource_id", "resource_type": "scaling_resource_type", "alarm_id": "alarm_id",
	},
	Replaces: []string{
		"huaweicloud_as_policy", "huaweicloud_as_policy_v1", "huaweicloud_as_bandwidth_policy", "flexibleengine_as_policy_v1",
		"opentelekomcloud_as_policy_v1", "opentelekomcloud_as_policy_v2",
	},
	Schema: schema.Schema{
		MarkdownDescription: "A scaling policy (AS): makes a scaling group, or a bandwidth, larger or smaller when an alarm is raised, at a time, or again and again. A group has at most 10. Deleting one leaves the alarm rule.",
		Attributes:          policyAttributes,
	},
}

var (
	actionFields   = object.Fields{"operation": {}, "size": {}, "percentage": {}, "limits": {}}
	intervalFields = object.Fields{"operation": {}, "size": {}, "percentage": {}, "limits": {}, "lower_bound": {}, "upper_bound": {}}
)

var policyAttributes = map[string]schema.Attribute{
	"name": name(),
	"description": schema.StringAttribute{
		Optional: true, Validators: []validator.String{stringvalidator.UTF8LengthBetween(1, 256)},
		MarkdownDescription: "Description: 1 to 256 characters.",
	},
	"resource_id": schema.StringAttribute{
		Required: true, Validators: []validator.String{valid.UUID()},
		MarkdownDescription: "What it scales: a scaling group, or a bandwidth that is paid by use.",
	},
	"resource_type": schema.StringAttribute{
		Optional: true, Computed: true, Default: stringdefault.StaticString("SCALING_GROUP"),
		Validators:          []validator.String{stringvalidator.OneOf("SCALING_GROUP", "BANDWIDTH")},
		MarkdownDescription: "What that is: `SCALING_GROUP` or `BANDWIDTH`.",
	},
	"type": schema.StringAttribute{
		Required: true, Validators: []validator.String{stringvalidator.OneOf(policyTypes...)},
		MarkdownDescription: "When it acts: `ALARM`, when the alarm is raised; `INTERVAL_ALARM`, then too, and by how far the threshold is passed; `SCHEDULED`, once at a time; `RECURRENCE`, again and again.",
	},
	"alarm_id": schema.StringAttribute{
		Optional: true, Validators: []validator.String{valid.Match(alarmID, "the id of an alarm rule is expected: al and 22 letters and digits")},
		MarkdownDescription: "The alarm rule (CES). Needed by `ALARM` and `INTERVAL_ALARM`. The cloud adds the policy to the rule's actions.",
	},
	"scheduled_policy": schema.SingleNestedAttribute{
		Optional: true, MarkdownDescription: "The times, in UTC. Needed by `SCHEDULED` and `RECURRENCE`.",
		Attributes: map[string]schema.Attribute{
			"launch_time": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.Match(launchTime, "2027-01-31T08:00Z is expected, or 08:00 of a RECURRENCE")},
				MarkdownDescription: "When it acts: `2027-01-31T08:00Z` of `SCHEDULED`, `08:00` of `RECURRENCE`.",
			},
			"recurrence_type": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.OneOf("Daily", "Weekly", "Monthly")},
				MarkdownDescription: "`Daily`, `Weekly` or `Monthly`. Needed by `RECURRENCE`.",
			},
			"recurrence_value": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.Match(dayList, "days joined by commas are expected: 1,3,5")},
				MarkdownDescription: "Days, joined by commas: `1,3,5`. Of a week `1` (Sunday) to `7`, of a month `1` to `31`. Needed by `Weekly` and `Monthly`.",
			},
			"start_time": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.Match(minute, "2027-01-31T08:00Z is expected")},
				MarkdownDescription: "When a `RECURRENCE` begins: `2027-01-31T08:00Z`. Now, when it is left out.",
			},
			"end_time": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.Match(minute, "2027-01-31T08:00Z is expected")},
				MarkdownDescription: "When it ends: `2027-12-31T08:00Z`. Needed by `RECURRENCE`.",
			},
		},
	},
	"action": schema.SingleNestedAttribute{
		Optional: true, MarkdownDescription: "What it does. Needed by all but `INTERVAL_ALARM`.",
		Attributes: actionAttributes(map[string]schema.Attribute{}),
	},
	"interval_alarm_actions": schema.ListNestedAttribute{
		Optional: true, Validators: []validator.List{listvalidator.SizeBetween(1, 10)},
		MarkdownDescription: "What it does by how far the alarm's threshold is passed. Needed by `INTERVAL_ALARM`.",
		NestedObject: schema.NestedAttributeObject{Attributes: actionAttributes(map[string]schema.Attribute{
			"lower_bound": schema.Float64Attribute{Optional: true, MarkdownDescription: "From how far, above the threshold. No limit when it is left out."},
			"upper_bound": schema.Float64Attribute{Optional: true, MarkdownDescription: "To how far, above the threshold. No limit when it is left out."},
		})},
	},
	"cool_down_time": schema.Int64Attribute{
		Optional: true, Computed: true, Default: int64default.StaticInt64(300), Validators: []validator.Int64{int64validator.Between(0, 86400)},
		MarkdownDescription: "How long after it has acted it does not act again, in seconds: 0 to 86400.",
	},
	"enabled": schema.BoolAttribute{
		Optional: true, Computed: true, Default: booldefault.StaticBool(true),
		MarkdownDescription: "Whether it is in force.",
	},
	"status":     schema.StringAttribute{Computed: true, MarkdownDescription: "Status: `INSERVICE`, `PAUSED`, or `EXECUTING` while it acts."},
	"created_at": object.CreatedAt(),
}

// actionAttributes describe what a policy does.
func actionAttributes(more map[string]schema.Attribute) map[string]schema.Attribute {
	more["operation"] = schema.StringAttribute{
		Optional: true, Computed: true, Default: stringdefault.StaticString("ADD"),
		Validators:          []validator.String{stringvalidator.OneOf("ADD", "REMOVE", "REDUCE", "SET")},
		MarkdownDescription: "`ADD` adds, `REDUCE` takes away (as `REMOVE` does from groups), `SET` makes it so many. Default: `ADD`.",
	}
	more["size"] = schema.Int64Attribute{
		Optional: true, Validators: []validator.Int64{int64validator.Between(0, 300)},
		MarkdownDescription: "How many servers, 0 to 300; or Mbit/s, 1 to 300. Either this or `percentage`.",
	}
	more["percentage"] = schema.Int64Attribute{
		Optional: true, Validators: []validator.Int64{int64validator.Between(0, 20000)},
		MarkdownDescription: "How many percent of the group's servers, 0 to 20000.",
	}
	more["limits"] = schema.Int64Attribute{
		Optional: true, Validators: []validator.Int64{int64validator.Between(1, 2000)},
		MarkdownDescription: "How large or small a bandwidth may become by it, in Mbit/s. Not with `SET`.",
	}
	return more
}

var policyTypes = []string{"ALARM", "INTERVAL_ALARM", "SCHEDULED", "RECURRENCE"}

// needs are the attributes that only some types of policy have, and need.
var needs = map[string][]string{
	"ALARM":          {"alarm_id", "action"},
	"INTERVAL_ALARM": {"alarm_id", "interval_alarm_actions"},
	"SCHEDULED":      {"scheduled_policy", "action"},
	"RECURRENCE":     {"scheduled_policy", "action"},
}

var (
	alarmID    = pattern.New(`^al[0-9A-Za-z]{22}$`)
	minute     = pattern.New(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z$`)
	launchTime = pattern.New(`^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z|([01][0-9]|2[0-3]):[0-5][0-9])$`)
	dayList    = pattern.New(`^[1-9][0-9]?(,[1-9][0-9]?)*$`)
)

const minuteLayout = "2006-01-02T15:04Z"

func wantsDisabled(plan object.Values) bool { return !plan.Bool("enabled") }

// fitsType refuses a policy without what its type needs, and what belongs to another.
func fitsType(_, config object.Values, refuse func(string, string, ...any)) {
	needed, known := needs[config.String("type")]
	if !known {
		return
	}
	for _, name := range []string{"alarm_id", "scheduled_policy", "action", "interval_alarm_actions"} {
		switch wanted := slices.Contains(needed, name); {
		case wanted && config.Null(name):
			refuse("type", "A policy of type %s needs %s.", config.String("type"), name)
		case !wanted && config.Has(name):
			refuse(name, "A policy of type %s has no %s.", config.String("type"), name)
		}
	}
}

// scheduleComplete refuses times that do not fit the type, or each other.
func scheduleComplete(_, config object.Values, refuse func(string, string, ...any)) {
	kind := config.String("type")
	if config.Map("scheduled_policy") == nil || kind != "SCHEDULED" && kind != "RECURRENCE" {
		return
	}
	const at = "scheduled_policy."
	has := func(name string) bool { return config.Has(at + name) }
	launch, recurs := config.String(at+"launch_time"), kind == "RECURRENCE"
	if launch != "" && recurs == minute.MatchString(launch) {
		refuse(at+"launch_time", "It is %s, and must be like %s of type %s.", launch, map[bool]string{true: "08:00", false: "2027-01-31T08:00Z"}[recurs], kind)
	}
	if !recurs {
		for _, name := range []string{"recurrence_type", "recurrence_value", "start_time", "end_time"} {
			if has(name) {
				refuse(at+name, "Only a policy of type RECURRENCE has %s.", name)
			}
		}
		return
	}
	for _, name := range []string{"recurrence_type", "end_time"} {
		if !has(name) {
			refuse("scheduled_policy", "A policy of type RECURRENCE needs %s.", name)
		}
	}
	begins, beginsErr := time.Parse(minuteLayout, config.String(at+"start_time"))
	ends, endsErr := time.Parse(minuteLayout, config.String(at+"end_time"))
	if beginsErr == nil && endsErr == nil && !begins.Before(ends) {
		refuse(at+"end_time", "It must be after start_time.")
	}
	daysFit(config, refuse)
}

// daysFit refuses days that a week or a month does not have.
func daysFit(config object.Values, refuse func(string, string, ...any)) {
	const at = "scheduled_policy.recurrence_value"
	each := config.String("scheduled_policy.recurrence_type")
	last, has := map[string]int{"Weekly": 7, "Monthly": 31}[each]
	switch {
	case each == "":
	case !has && config.Has(at):
		refuse(at, "What recurs daily has no days.")
	case has && config.Null(at):
		refuse("scheduled_policy", "What recurs %s needs recurrence_value, its days.", strings.ToLower(each))
	case has:
		for day := range strings.SplitSeq(config.String(at), ",") {
			if n, err := strconv.Atoi(day); err == nil && n > last {
				refuse(at, "There is no day %d: %s has 1 to %d.", n, each, last)
			}
		}
	}
}

// actionsFit refuses actions that do not fit what is scaled.
func actionsFit(_, config object.Values, refuse func(string, string, ...any)) {
	bandwidth := config.String("resource_type") == "BANDWIDTH"
	if config.Has("resource_type") && config.String("resource_type") == "" {
		return // not known yet
	}
	var places []string
	if config.Map("action") != nil {
		places = append(places, "action")
	}
	for i := range config.List("interval_alarm_actions") {
		places = append(places, fmt.Sprintf("interval_alarm_actions.%d", i))
	}
	for _, at := range places {
		size, sized := config.Int(at + ".size")
		operation := config.String(at + ".operation")
		switch {
		case config.Has(at+".size") == config.Has(at+".percentage"):
			refuse(at, "Give either size or percentage.")
		case bandwidth && config.Has(at+".percentage"):
			refuse(at+".percentage", "A bandwidth is scaled by size.")
		case bandwidth && sized && size == 0:
			refuse(at+".size", "A bandwidth is scaled by at least 1 Mbit/s.")
		}
		switch {
		case bandwidth && operation == "REMOVE":
			refuse(at+".operation", "A bandwidth is made smaller with REDUCE.")
		case config.Has(at+".limits") && (!bandwidth || operation == "SET"):
			refuse(at+".limits", "Only adding to a bandwidth, or reducing it, has limits.")
		}
		lower, isLow := config.Get(at + ".lower_bound")
		upper, isHigh := config.Get(at + ".upper_bound")
		if isLow && isHigh && float(lower) >= float(upper) {
			refuse(at+".upper_bound", "It must be above lower_bound.")
		}
	}
}

func float(v any) float64 {
	f, _ := strconv.ParseFloat(fmt.Sprint(v), 64)
	return f
}
