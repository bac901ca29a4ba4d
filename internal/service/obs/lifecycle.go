package obs

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// BucketLifecycle says when objects change their storage class, and when they are deleted.
var BucketLifecycle = document(object.Kind{
	Name: "bucket_lifecycle",
	One:  "LifecycleConfiguration",
	Fields: object.Fields{"rules": {API: "Rule", As: filtered{}, Of: object.Fields{
		"id":      {API: "ID"},
		"enabled": {API: "Status", Words: map[string]string{"true": "Enabled", "false": "Disabled"}},
		"prefix":  {API: "Prefix"},
		"tags":    {API: "Filter.And.Tag", As: object.Nodes},
		"transitions": {API: "Transition", As: object.Many, Of: object.Fields{
			"days": {API: "Days"}, "date": midnights, "storage_class": {API: "StorageClass"},
		}},
		"expiration": {API: "Expiration", Of: object.Fields{
			"days": {API: "Days"}, "date": midnights, "expired_object_delete_marker": {API: "ExpiredObjectDeleteMarker"},
		}},
		"noncurrent_version_transitions": {API: "NoncurrentVersionTransition", As: object.Many, Of: object.Fields{
			"days": {API: "NoncurrentDays"}, "storage_class": {API: "StorageClass"},
		}},
		"noncurrent_version_expiration_days": {API: "NoncurrentVersionExpiration.NoncurrentDays"},
		"abort_incomplete_upload_days":       {API: "AbortIncompleteMultipartUpload.DaysAfterInitiation"},
	}}},
	Checks: []object.Check{rulesFit},
	Schema: schema.Schema{
		MarkdownDescription: "The lifecycle of the objects of a bucket (OBS): when they change their storage class, and when they are deleted. It works once a day, up to 48 hours late.",
		Attributes: map[string]schema.Attribute{
			"rules": schema.ListNestedAttribute{
				Required: true, Validators: []validator.List{listvalidator.SizeAtLeast(1)},
				MarkdownDescription: "The rules, each with one action at least, of at most 20 KB together.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id": schema.StringAttribute{
						Required: true, Validators: []validator.String{stringvalidator.UTF8LengthBetween(1, 255)},
						MarkdownDescription: "Name of the rule, which no other rule has: 1 to 255 characters.",
					},
					"enabled": schema.BoolAttribute{
						Optional: true, Computed: true, Default: booldefault.StaticBool(true),
						MarkdownDescription: "Whether the rule is in force. Default: `true`.",
					},
					"prefix": schema.StringAttribute{
						Optional: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 1024), valid.Match(notRooted, "a prefix does not begin with /, nor does it have // in it")},
						MarkdownDescription: "Beginning of the names of the objects that it is for: `logs/`. Default: all objects. That of a rule without tags does not begin with that of another.",
					},
					"tags": schema.MapAttribute{
						Optional: true, ElementType: types.StringType,
						Validators: []validator.Map{
							mapvalidator.SizeBetween(1, 10),
							mapvalidator.KeysAre(stringvalidator.UTF8LengthBetween(1, 36), valid.Match(tagText, "none of ,/|<>=*\\ is allowed"), valid.Match(trimmed, "no blank is allowed at either end")),
							mapvalidator.ValueStringsAre(stringvalidator.UTF8LengthAtMost(43), valid.Match(tagText, "none of ,/|<>=*\\ is allowed")),
						},
						MarkdownDescription: "Tags that the objects must have, all of them: 1 to 10, keys of 1 to 36 and values of at most 43 characters. Default: with and without tags.",
					},
					"transitions": schema.ListNestedAttribute{
						Optional: true, Validators: []validator.List{listvalidator.SizeAtLeast(1)},
						MarkdownDescription: "When objects change their storage class: to each class once, to `WARM` before `COLD` before `DEEP_ARCHIVE`. Each has `days` or `date`.",
						NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
							"days":          days(),
							"date":          date(),
							"storage_class": lowerClass(),
						}},
					},
					"expiration": schema.SingleNestedAttribute{
						Optional:            true,
						MarkdownDescription: "When objects are deleted: after all transitions. With versioning, they get a delete marker. One of its members is given.",
						Attributes: map[string]schema.Attribute{
							"days": days(),
							"date": date(),
							"expired_object_delete_marker": schema.BoolAttribute{
								Optional:            true,
								MarkdownDescription: "`true`: delete markers go when there is no version any more.",
							},
						},
					},
					"noncurrent_version_transitions": schema.ListNestedAttribute{
						Optional: true, Validators: []validator.List{listvalidator.SizeAtLeast(1)},
						MarkdownDescription: "When versions that were replaced change their storage class, as in `transitions`. It needs versioning.",
						NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
							"days":          schema.Int64Attribute{Required: true, Validators: daysValid(), MarkdownDescription: "Days after the version was replaced: 1 at least."},
							"storage_class": lowerClass(),
						}},
					},
					"noncurrent_version_expiration_days": schema.Int64Attribute{
						Optional: true, Validators: daysValid(),
						MarkdownDescription: "Days after which versions that were replaced are deleted: 1 at least, and after their transitions. It needs versioning.",
					},
					"abort_incomplete_upload_days": schema.Int64Attribute{
						Optional: true, Validators: daysValid(),
						MarkdownDescription: "Days after their begin in which uploads of several parts are aborted that were not completed: 1 at least. Not with `tags`.",
					},
				}},
			},
		},
	},
}, "lifecycle")

const maxDays = 1<<31 - 1

func daysValid() []validator.Int64 { return []validator.Int64{int64validator.Between(1, maxDays)} }

func days() schema.Attribute {
	return schema.Int64Attribute{Optional: true, Validators: daysValid(), MarkdownDescription: "Days after an object was last changed: 1 at least."}
}

func date() schema.Attribute {
	return schema.StringAttribute{
		Optional: true, Validators: []validator.String{valid.Match(dates, "a day such as 2030-01-31 is expected")},
		MarkdownDescription: "Instead of days: the day, in UTC, from which on it is done with objects that were last changed before it: `2030-01-31`.",
	}
}

func lowerClass() schema.Attribute {
	return schema.StringAttribute{
		Required: true, Validators: []validator.String{stringvalidator.OneOf(lowerClasses...)},
		MarkdownDescription: "The class: `WARM`, `COLD` or `DEEP_ARCHIVE`.",
	}
}

// lowerClasses are the classes to which objects can change, in this order.
var lowerClasses = []string{"WARM", "COLD", "DEEP_ARCHIVE"}

var (
	dates     = pattern.New(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)
	notRooted = pattern.New(`^[^/]+(/[^/]+)*/?$`)
	tagText   = pattern.New(`^[^,/|<>=*\\]*$`)
	trimmed   = pattern.New(`^\S(.*\S)?$`)
	midnights = object.Field{API: "Date", As: midnight{}}
)

// midnight is the notation of a day as the time at which it begins.
type midnight struct{}

// Encode appends the time.
func (midnight) Encode(v any) any { return fmt.Sprint(v) + "T00:00:00Z" }

// Decode leaves it out.
func (midnight) Decode(v any) (any, error) {
	at, err := time.Parse(time.RFC3339, fmt.Sprint(v))
	if err != nil {
		return nil, fmt.Errorf("the cloud answered %v where a time belongs", v)
	}
	return at.UTC().Format(time.DateOnly), nil
}

// filtered is the notation of rules: a prefix stands by itself, but beside tags in their filter.
type filtered struct{}

// Encode puts the prefix where it belongs. It has to be somewhere, also when it is that of all objects.
func (filtered) Encode(v any) any {
	for _, item := range v.([]any) {
		rule := item.(map[string]any)
		prefix, some := rule["Prefix"]
		filter, tagged := rule["Filter"].(map[string]any)
		switch {
		case tagged && some:
			filter["And"].(map[string]any)["Prefix"] = prefix
			delete(rule, "Prefix")
		case !tagged && !some:
			rule["Prefix"] = ""
		}
	}
	return v
}

// Decode takes it from there.
func (filtered) Decode(v any) (any, error) {
	list, err := object.Many.Decode(v)
	if err != nil {
		return nil, err
	}
	rules, err := object.Into[[]map[string]any](list)
	if err != nil {
		return nil, err
	}
	out := make([]any, len(rules))
	for i, rule := range rules {
		if filter, some := rule["Filter"].(map[string]any); some {
			if _, joined := filter["And"]; !joined { // what is alone may stand without it
				filter = map[string]any{"And": filter}
				rule["Filter"] = filter
			}
			if and, some := filter["And"].(map[string]any); some {
				rule["Prefix"] = and["Prefix"]
			}
		}
		if rule["Prefix"] == "" {
			delete(rule, "Prefix")
		}
		out[i] = rule
	}
	return out, nil
}

// rulesFit refuses rules that do nothing, contradict themselves or one another.
func rulesFit(_, config object.Values, refuse func(string, string, ...any)) {
	var names []string
	prefixes := map[string]string{} // whose objects a rule is for, by its name
	for i := range config.List("rules") {
		rule := lifecycleRule{config, fmt.Sprintf("rules.%d.", i)}
		name := config.String(rule.at + "id")
		if name != "" && slices.Contains(names, name) {
			refuse(rule.at+"id", "There is more than one rule %s.", name)
		}
		names = append(names, name)
		for _, wrong := range rule.wrong() {
			refuse(rule.at+"id", "The rule %s: %s", name, wrong)
		}
		prefix := config.String(rule.at + "prefix")
		if rule.has("tags") || prefix == "" && rule.has("prefix") {
			continue // its tags choose among the objects, or it is not known whose it is
		}
		for other, taken := range prefixes {
			if other != name && (strings.HasPrefix(prefix, taken) || strings.HasPrefix(taken, prefix)) {
				refuse(rule.at+"prefix", "The rules %s and %s are for the same objects: %q and %q overlap.", other, name, taken, prefix)
			}
		}
		prefixes[name] = prefix
	}
}

// lifecycleRule is a rule of a configuration.
type lifecycleRule struct {
	config object.Values
	at     string // the path of the rule, with a dot at its end
}

func (r lifecycleRule) has(name string) bool { return r.config.Has(r.at + name) }

var lifecycleActions = []string{
	"transitions", "expiration", "noncurrent_version_transitions", "noncurrent_version_expiration_days", "abort_incomplete_upload_days",
}

// wrong is all that is wrong with a rule by itself.
func (r lifecycleRule) wrong() (all []string) {
	if !slices.ContainsFunc(lifecycleActions, r.has) {
		all = append(all, "It needs one of "+strings.Join(lifecycleActions, ", ")+".")
	}
	if r.has("tags") && r.has("abort_incomplete_upload_days") {
		all = append(all, "Uploads have no tags: abort them by a rule without.")
	}
	if r.has("expiration") && r.given("expiration.", "days", "date", "expired_object_delete_marker") != 1 {
		all = append(all, "An expiration needs one of days, date and expired_object_delete_marker.")
	}
	if marker, known := r.config.Get(r.at + "expiration.expired_object_delete_marker"); known && marker == false {
		all = append(all, "expired_object_delete_marker is true, or left out.")
	}
	for i := range r.config.List(r.at + "transitions") {
		if r.given(fmt.Sprintf("transitions.%d.", i), "days", "date") != 1 {
			all = append(all, "A transition needs one of days and date.")
		}
	}
	end := moment{Date: r.config.String(r.at + "expiration.date")}
	end.Days, _ = r.config.Int(r.at + "expiration.days")
	noncurrentEnd := moment{}
	noncurrentEnd.Days, _ = r.config.Int(r.at + "noncurrent_version_expiration_days")
	return slices.Concat(all, r.outOfOrder("transitions", end), r.outOfOrder("noncurrent_version_transitions", noncurrentEnd))
}

// given counts the members that an object has.
func (r lifecycleRule) given(of string, names ...string) (n int) {
	for _, name := range names {
		if r.has(of + name) {
			n++
		}
	}
	return n
}

// moment is when an action takes place: after some days, or on a date; neither when it is not known.
type moment struct {
	Days int64  `json:"days"`
	Date string `json:"date"`
}

// late tells that a moment is known not to be before another.
func (m moment) late(next moment) bool {
	return m.Days > 0 && next.Days > 0 && m.Days >= next.Days || m.Date != "" && next.Date != "" && m.Date >= next.Date
}

// outOfOrder is what is wrong with the order of transitions: one to each class, the lower the later, and all before the end.
func (r lifecycleRule) outOfOrder(transitions string, end moment) (all []string) {
	steps, err := object.Into[[]struct {
		moment
		Class string `json:"storage_class"`
	}](r.config.List(r.at + transitions))
	if err != nil {
		return []string{err.Error()}
	}
	for i, step := range steps {
		if step.late(end) {
			all = append(all, "The expiration is not later than the transition to "+step.Class+".")
		}
		for _, other := range steps[:i] {
			first, second := other, step
			if slices.Index(lowerClasses, first.Class) > slices.Index(lowerClasses, second.Class) {
				first, second = second, first
			}
			switch {
			case first.Class == "": // it is not known
			case first.Class == second.Class:
				all = append(all, "There is more than one transition to "+step.Class+".")
			case first.late(second.moment):
				all = append(all, "The transition to "+second.Class+" is not later than that to "+first.Class+".")
			}
		}
	}
	return all
}
