// Package ces declares the objects of the service Cloud Eye.
package ces

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// Kinds are all objects of the service.
func Kinds() []*object.Kind { return []*object.Kind{&AlarmRule} }

const (
	alarms = "/v2/{project_id}/alarms"
	alarm  = alarms + "/{id}"
)

// What a rule watches.
const (
	chosenInstances = "MULTI_INSTANCE"
	allInstances    = "ALL_INSTANCE"
	resourceGroup   = "RESOURCE_GROUP"
)

var (
	eventTypes = []string{"EVENT.SYS", "EVENT.CUSTOM"}
	alarmTypes = append([]string{chosenInstances, allInstances, resourceGroup, "DNSHealthCheck"}, eventTypes...)
)

// AlarmRule watches metrics or events of resources, and says so when one of its policies holds.
var AlarmRule = object.Kind{
	Name:     "alarm_rule",
	Service:  cloud.CES,
	Path:     alarms,
	Many:     "alarms",
	Paging:   cloud.Offset(100),
	ListOnly: true,
	Create:   object.Op{ID: "alarm_id", Body: object.All{Plus: object.Body{"resources": []any{}}}},
	Read:     object.Op{Path: alarms, Query: map[string]string{"alarm_id": "{id}"}},
	Delete:   object.Op{Method: "POST", Path: alarms + "/batch-delete", Idempotent: true, Body: object.Body{"alarm_ids": []any{object.Attr("id")}}},
	Tags:     &object.Tags{Create: "tags", Write: object.Pairs, Read: "tags", As: object.Pairs},
	Fields: object.Fields{
		"id":                {API: "alarm_id"},
		"name":              {Update: "alarm_name"},
		"description":       {Update: "alarm_description"},
		"resources":         {As: object.Inner("dimensions"), Read: object.Never},
		"policies":          {Of: policyFields, Read: object.Never},
		"resource_group_id": {Read: "resources[0].resource_group_id"},
	},
	Sides: []object.Side{{ // the list has only the dimensions' names
		Into: "chosen", Many: "resources", Paging: cloud.Offset(100).OfLists("dimensions"), Apart: true,
		Op: object.Op{Method: "GET", Path: alarm + "/resources"},
		When: func(answer object.Values) bool {
			return !slices.Contains([]string{allInstances, resourceGroup}, answer.String("type"))
		},
	}},
	Decode: object.DecodeWith(decodeRule),
	Changes: []object.Change{
		{Of: []string{"name", "description"}, Op: object.Op{Path: "/V1.0/{project_id}/alarms/{id}"}},
		{Of: []string{"policies"}, Op: object.Op{Path: alarm + "/policies"}},
		{Of: []string{"resources"}, Do: exchange, Calls: []object.Op{addResources, removeResources}},
		{
			Of: []string{
				"notification_enabled", "alarm_notifications", "ok_notifications", "notification_begin_time", "notification_end_time", "effective_timezone",
			},
			Op: object.Op{Path: alarm + "/notifications", Body: object.Body{ // as a whole: what is left out is forgotten
				"notification_enabled":    object.Attr("notification_enabled"),
				"alarm_notifications":     object.Attr("alarm_notifications"),
				"ok_notifications":        object.Attr("ok_notifications"),
				"notification_begin_time": object.Attr("notification_begin_time"),
				"notification_end_time":   object.Attr("notification_end_time"),
				"effective_timezone":      object.Attr("effective_timezone"),
			}},
		},
		{Of: []string{"enabled"}, Op: object.Op{
			Method: "POST", Path: alarms + "/action", Idempotent: true,
			Body: object.Body{"alarm_ids": []any{object.Attr("id")}, "alarm_enabled": object.Attr("enabled")},
		}},
	},
	Checks:   []object.Check{watches, policiesFit, notifies, levelFits},
	Filters:  map[string]string{"name": "name", "namespace": "namespace", "enterprise_project_id": "enterprise_project_id", "product_name": "product_name", "resource_level": "resource_level"},
	Replaces: []string{"huaweicloud_ces_alarmrule", "opentelekomcloud_ces_alarmrule"},
	Schema: schema.Schema{
		MarkdownDescription: "An alarm rule (CES): what is watched, the policies of which any raises the alarm, and who is told when it is raised and when all is well again.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.Match(ruleName, "1 to 128 Chinese or Latin letters, digits, `_` and `-` are expected")},
				MarkdownDescription: "Name: 1 to 128 Chinese or Latin letters, digits, `_` and `-`. It need not be unique.",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.UTF8LengthAtMost(256)},
				MarkdownDescription: "Description: at most 256 characters.",
			},
			"namespace": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.LengthAtMost(32), valid.Match(namespaceForm, "a namespace such as SYS.ECS is expected")},
				MarkdownDescription: "Namespace of the metrics or events: `SYS.ECS`, `AGT.ECS`, `SYS.RDS`, `SYS.VPC` and others, or one of your own; at most 32 characters.",
			},
			"type": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.OneOf(alarmTypes...)},
				MarkdownDescription: "What is watched: `MULTI_INSTANCE`, the `resources`; `ALL_INSTANCE`, all that have the dimensions in `resources`; `RESOURCE_GROUP`, the group `resource_group_id`; " +
					"`EVENT.SYS` or `EVENT.CUSTOM`, events of the system or your own; `DNSHealthCheck`, a health check of DNS.",
			},
			"resources": schema.SetNestedAttribute{
				Optional: true, Computed: true, Validators: []validator.Set{setvalidator.SizeAtMost(1000)},
				MarkdownDescription: "What is watched, for `MULTI_INSTANCE` each resource with its values, for `ALL_INSTANCE` the names of dimensions alone: at most 1000.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"dimensions": schema.ListNestedAttribute{
						Required: true, Validators: []validator.List{listvalidator.SizeBetween(1, 4)},
						MarkdownDescription: "1 to 4 dimensions, the outermost first.",
						NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
							"name": schema.StringAttribute{
								Required: true, Validators: []validator.String{valid.Match(dimensionForm, "1 to 32 Latin letters, digits, `_` and `-` are expected, a letter first")},
								MarkdownDescription: "Name of the dimension: `instance_id` of a server, `vpc_id` and others.",
							},
							"value": schema.StringAttribute{
								Optional: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 256)},
								MarkdownDescription: "Its value, which is the id of a resource: at most 256 characters. Not for `ALL_INSTANCE`.",
							},
						}},
					},
				}},
			},
			"resource_group_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.Match(groupID, "an id such as rg1606377637506DmVOENVyL is expected")},
				MarkdownDescription: "The group of resources that is watched, for `RESOURCE_GROUP`: `rg` and 22 letters and digits.",
			},
			"policies": schema.ListNestedAttribute{
				Optional: true, Computed: true, Validators: []validator.List{listvalidator.SizeBetween(1, 50)},
				MarkdownDescription: "The conditions, of which any raises the alarm: 1 to 50. Either these or `alarm_template_id` must be given.",
				NestedObject:        schema.NestedAttributeObject{Attributes: policyAttributes},
			},
			"alarm_template_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.Match(templateID, "an id that begins with at is expected")},
				MarkdownDescription: "The template that the policies come from, and follow: `at` and at most 62 letters and digits.",
			},
			"enabled": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(true), MarkdownDescription: "Whether the rule watches at all.",
			},
			"notification_enabled": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(true),
				MarkdownDescription: "Whether anybody is told. It needs `alarm_notifications` or `ok_notifications`.",
			},
			"alarm_notifications": notifications("Who is told when the alarm is raised."),
			"ok_notifications":    notifications("Who is told when all is well again. If `alarm_notifications` are given too, both must have the same lists."),
			"notification_begin_time": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString("00:00"), Validators: []validator.String{valid.Match(clock, "a time such as 08:00 is expected")},
				MarkdownDescription: "From when on in a day anybody is told: `08:00`.",
			},
			"notification_end_time": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString("23:59"), Validators: []validator.String{valid.Match(clock, "a time such as 20:00 is expected")},
				MarkdownDescription: "Until when in a day anybody is told: `20:00`.",
			},
			"effective_timezone": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.Match(timezone, "a time zone such as GMT+08:00 is expected")},
				MarkdownDescription: "The time zone of these times: `GMT+08:00`. The cloud takes that of the region when it is left out.",
			},
			"resource_level": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf("product", "dimension")},
				MarkdownDescription: "Whether the rule is for a whole `product`, whose policies name their dimensions, or for one `dimension`. The cloud takes `dimension` when it is left out.",
			},
			"product_name": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthAtMost(128), valid.Match(productForm, "a namespace, a comma and a dimension are expected, such as SYS.ECS,instance_id")},
				MarkdownDescription: "The product of a rule for a whole product: its namespace and first dimension, `SYS.ECS,instance_id`; at most 128 characters.",
			},
			"enterprise_project_id": object.EnterpriseProject(),
		},
	},
}

var (
	addResources    = changeResources("batch-create")
	removeResources = changeResources("batch-delete")
)

func changeResources(verb string) object.Op {
	return object.Op{Method: "POST", Path: alarm + "/resources/" + verb, Body: object.Body{"resources": object.Attr("resources")}}
}

// exchange makes the resources of a rule those of the plan. New ones come first, so that it is never without any.
func exchange(ctx context.Context, call *object.Call) error {
	before, after := call.Prior.List("resources"), call.Plan.List("resources")
	for _, step := range []struct {
		op        object.Op
		of, among []any
	}{{addResources, after, before}, {removeResources, before, after}} {
		changed := slices.DeleteFunc(slices.Clone(step.of), func(one any) bool {
			return slices.ContainsFunc(step.among, func(other any) bool { return reflect.DeepEqual(one, other) })
		})
		if len(changed) == 0 {
			continue
		}
		if _, err := call.Do(ctx, step.op, object.Values{"resources": changed}); err != nil {
			return err
		}
	}
	return nil
}

// rule is what of a rule the cloud answers in other words than it is told in.
type rule struct {
	Policies  []policy   `json:"policies"`
	Resources []resource `json:"resources"`
}

type resource struct {
	Dimensions []struct {
		Name  string `json:"name"`
		Value string `json:"value,omitempty"` // none is answered as an empty one
	} `json:"dimensions"`
}

// policy leaves out what it does not have. Thresholds of 0 are none of that.
type policy struct {
	MetricName   string      `json:"metric_name"`
	Period       json.Number `json:"period"`
	Filter       string      `json:"filter"`
	Comparison   string      `json:"comparison_operator"`
	Value        json.Number `json:"value,omitempty"`
	Hierarchical thresholds  `json:"hierarchical_value,omitzero"`
	Unit         string      `json:"unit,omitempty"`
	Count        json.Number `json:"count"`
	Suppress     json.Number `json:"suppress_duration"`
	Level        json.Number `json:"level"`
	Namespace    string      `json:"namespace,omitempty"`
	Dimension    string      `json:"dimension_name,omitempty"`
}

type thresholds struct {
	Critical json.Number `json:"critical,omitempty"`
	Major    json.Number `json:"major,omitempty"`
	Minor    json.Number `json:"minor,omitempty"`
	Info     json.Number `json:"info,omitempty"`
}

// decodeRule completes the list's answer by the resources that were chosen, and puts policies into the order of the state:
// the cloud promises none.
func decodeRule(answer struct {
	rule
	Chosen []resource `json:"chosen"`
}, prior rule,
) (rule, error) {
	now := answer.rule
	if answer.Chosen != nil {
		now.Resources = answer.Chosen
	}
	for i := range now.Policies {
		if now.Policies[i].Hierarchical != (thresholds{}) {
			now.Policies[i].Value = "" // it counts for nothing then
		}
	}
	place := func(p policy) int {
		for _, like := range []func(policy) bool{
			func(before policy) bool { return before == p },
			func(before policy) bool { return before.MetricName == p.MetricName },
		} {
			if i := slices.IndexFunc(prior.Policies, like); i >= 0 {
				return i
			}
		}
		return len(prior.Policies)
	}
	slices.SortStableFunc(now.Policies, func(a, b policy) int { return place(a) - place(b) })
	return now, nil
}

var (
	ruleName      = pattern.New(`^[0-9A-Za-z_\p{Han}-]{1,128}$`)
	namespaceForm = pattern.New(`^[A-Za-z][0-9A-Za-z_]*\.[A-Za-z][0-9A-Za-z_]*$`)
	metricForm    = pattern.New(`^[A-Za-z][0-9A-Za-z_-]{0,95}$`)
	dimensionForm = pattern.New(`^[A-Za-z][0-9A-Za-z_-]{0,31}$`)
	dimensions    = pattern.New(`^[A-Za-z][0-9A-Za-z_-]{0,31}(,[A-Za-z][0-9A-Za-z_-]{0,31}){0,3}$`)
	productForm   = pattern.New(`^[A-Za-z][0-9A-Za-z_]*\.[A-Za-z][0-9A-Za-z_]*,[A-Za-z][0-9A-Za-z_-]{0,31}$`)
	groupID       = pattern.New(`^rg[0-9A-Za-z]{22}$`)
	templateID    = pattern.New(`^at[0-9A-Za-z]{0,62}$`)
	clock         = pattern.New(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
	timezone      = pattern.New(`^GMT[+-][0-9]{1,2}:[0-9]{2}$`)
)

func threshold(text string) schema.Float64Attribute {
	return schema.Float64Attribute{
		Optional: true, Validators: []validator.Float64{float64validator.Between(-1.7976931348623157e+108, 1.7976931348623157e+108)},
		MarkdownDescription: text,
	}
}

// policyFields names what requests leave out when it is not given.
var policyFields = object.Fields{
	"metric_name": {}, "period": {}, "filter": {}, "comparison_operator": {}, "value": {}, "unit": {}, "count": {},
	"suppress_duration": {}, "level": {}, "namespace": {}, "dimension_name": {},
	"hierarchical_value": {Of: object.Fields{"critical": {}, "major": {}, "minor": {}, "info": {}}},
}

var policyAttributes = map[string]schema.Attribute{
	"metric_name": schema.StringAttribute{
		Required: true, Validators: []validator.String{valid.Match(metricForm, "1 to 96 Latin letters, digits, `_` and `-` are expected, a letter first")},
		MarkdownDescription: "The metric, or the event: `cpu_util`, `mem_usedPercent`.",
	},
	"period": schema.Int64Attribute{
		Required: true, Validators: []validator.Int64{int64validator.OneOf(0, 1, 300, 1200, 3600, 14400, 86400)},
		MarkdownDescription: "Seconds of which values are rolled up: `1` (each value as it comes), `300`, `1200`, `3600`, `14400` or `86400`; `0` for an event that counts at once.",
	},
	"filter": schema.StringAttribute{
		Required: true, Validators: []validator.String{stringvalidator.OneOf("average", "max", "min", "sum", "variance")},
		MarkdownDescription: "How they are rolled up: `average`, `max`, `min`, `sum` or `variance`. With a period of `1` it says nothing.",
	},
	"comparison_operator": schema.StringAttribute{
		Required: true, Validators: []validator.String{stringvalidator.OneOf(append([]string{"cycle_decrease", "cycle_increase", "cycle_wave"}, eventOperators...)...)},
		MarkdownDescription: "How the value is compared with the threshold: `>`, `>=`, `<`, `<=`, `=`, `!=`, or `cycle_decrease`, `cycle_increase`, `cycle_wave`, its change against the period before, which events do not have.",
	},
	"value": threshold("The threshold; 0 is one. Either this or `hierarchical_value` must be given."),
	"hierarchical_value": schema.SingleNestedAttribute{
		Optional: true, MarkdownDescription: "A threshold for each level, of which at least one must be given.",
		Attributes: map[string]schema.Attribute{
			"critical": threshold("Threshold of level 1."), "major": threshold("Threshold of level 2."),
			"minor": threshold("Threshold of level 3."), "info": threshold("Threshold of level 4."),
		},
	},
	"unit": schema.StringAttribute{
		Optional: true, Validators: []validator.String{stringvalidator.UTF8LengthBetween(1, 32)},
		MarkdownDescription: "The unit of the threshold: `%`, `byte/s`; at most 32 characters.",
	},
	"count": schema.Int64Attribute{
		Required: true, Validators: []validator.Int64{int64validator.Between(1, 180)},
		MarkdownDescription: "How many times in a row the threshold must be met: `1`, `2`, `3`, `4`, `5`, `10`, `15`, `30`, `60`, `90`, `120` or `180`; of events 1 to 180.",
	},
	"suppress_duration": schema.Int64Attribute{
		Optional: true, Computed: true, Default: int64default.StaticInt64(0),
		Validators:          []validator.Int64{int64validator.OneOf(0, 300, 600, 900, 1800, 3600, 10800, 21600, 43200, 86400)},
		MarkdownDescription: "Seconds until it is said again that the alarm lasts: `300`, `600`, `900`, `1800`, `3600`, `10800`, `21600`, `43200` or `86400`; `0` for never, and of an event that counts at once, for each time. Default: `0`.",
	},
	"level": schema.Int64Attribute{
		Optional: true, Computed: true, Default: int64default.StaticInt64(2), Validators: []validator.Int64{int64validator.Between(1, 4)},
		MarkdownDescription: "Level of the alarm: `1` critical, `2` major, `3` minor, `4` informational. Default: `2`.",
	},
	"namespace": schema.StringAttribute{
		Optional: true, Validators: []validator.String{stringvalidator.LengthAtMost(32), valid.Match(namespaceForm, "a namespace such as SYS.ECS is expected")},
		MarkdownDescription: "Namespace of the metric, in a rule for a whole product.",
	},
	"dimension_name": schema.StringAttribute{
		Optional: true, Validators: []validator.String{valid.Match(dimensions, "1 to 4 names of dimensions, joined by commas, are expected")},
		MarkdownDescription: "Dimensions of the metric, in a rule for a whole product: `instance_id` or `instance_id,disk`; at most 4.",
	},
}

func notifications(text string) schema.SetNestedAttribute {
	of := map[string]attr.Type{"type": types.StringType, "notification_list": types.SetType{ElemType: types.StringType}}
	return schema.SetNestedAttribute{
		Optional: true, Computed: true, Default: setdefault.StaticValue(types.SetValueMust(types.ObjectType{AttrTypes: of}, nil)),
		Validators: []validator.Set{setvalidator.SizeAtMost(10)}, MarkdownDescription: text + " At most 10. Default: nobody.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"type": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.OneOf("notification", "contact", "contactGroup", "autoscaling", "groupwatch", "ecsRecovery", "iecAction")},
				MarkdownDescription: "How: `notification` (a topic, or a group of the notification service), `contact` (the account's contact) or `autoscaling`, which only namespace `SYS.AS` has. " +
					"`contactGroup`, `groupwatch`, `ecsRecovery` and `iecAction` are of former times.",
			},
			"notification_list": schema.SetAttribute{
				Required: true, ElementType: types.StringType,
				Validators:          []validator.Set{setvalidator.SizeAtMost(20), setvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1))},
				MarkdownDescription: "Who: the URNs of topics, or ids of groups; at most 20. For `autoscaling` none.",
			},
		}},
	}
}
