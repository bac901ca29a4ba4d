package ces

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

var (
	eventOperators = []string{">", ">=", "<", "<=", "=", "!="}
	metricCounts   = []int64{1, 2, 3, 4, 5, 10, 15, 30, 60, 90, 120, 180}
)

// watches refuses what does not fit the type of a rule.
func watches(_, config object.Values, refuse func(string, string, ...any)) {
	sort := config.String("type")
	if sort == "" {
		return
	}
	switch {
	case sort == resourceGroup && config.Null("resource_group_id"):
		refuse("resource_group_id", "Type %s needs the group.", sort)
	case sort != resourceGroup && config.Has("resource_group_id"):
		refuse("resource_group_id", "Only type %s has a group.", resourceGroup)
	}
	resources, known := config.Get("resources")
	if sort == chosenInstances && (config.Null("resources") || known && len(resources.([]any)) == 0) {
		refuse("resources", "Type %s needs the resources.", sort)
	}
	for i := range config.List("resources") {
		for j := range config.List(fmt.Sprintf("resources.%d.dimensions", i)) {
			value := fmt.Sprintf("resources.%d.dimensions.%d.value", i, j)
			switch {
			case sort == chosenInstances && config.Null(value):
				refuse("resources", "Type %s needs the value of each dimension.", sort)
			case sort == allInstances && config.Has(value):
				refuse("resources", "Type %s takes the names of dimensions alone.", sort)
			}
		}
	}
}

// policiesFit refuses policies that contradict themselves or the type of the rule.
func policiesFit(_, config object.Values, refuse func(string, string, ...any)) {
	if config.Null("policies") == config.Null("alarm_template_id") {
		refuse("policies", "Either policies or alarm_template_id must be given.")
	}
	sort := config.String("type")
	event := slices.Contains(eventTypes, sort)
	for i := range config.List("policies") {
		at := func(member string) string { return fmt.Sprintf("policies.%d.%s", i, member) }
		if config.Null(at("value")) == config.Null(at("hierarchical_value")) {
			refuse(at("value"), "Either value or hierarchical_value must be given.")
		}
		if levels := config.Map(at("hierarchical_value")); levels != nil && len(levels) == countNull(levels) {
			refuse(at("hierarchical_value"), "At least one threshold must be given.")
		}
		if sort == "" {
			continue
		}
		if period, ok := config.Int(at("period")); ok && period == 0 && !event {
			refuse(at("period"), "A period of 0 is for events.")
		}
		if operator := config.String(at("comparison_operator")); event && operator != "" && !slices.Contains(eventOperators, operator) {
			refuse(at("comparison_operator"), "An event has no %s.", operator)
		}
		if count, ok := config.Int(at("count")); ok && !event && !slices.Contains(metricCounts, count) {
			refuse(at("count"), "A metric's threshold is met one of %v times.", metricCounts)
		}
	}
}

func countNull(members map[string]any) (n int) {
	for _, member := range members {
		if member == nil {
			n++
		}
	}
	return n
}

// notifies refuses notifications that reach nobody.
func notifies(_, config object.Values, refuse func(string, string, ...any)) {
	none := func(name string) bool {
		list, known := config.Get(name)
		return config.Null(name) || known && len(list.([]any)) == 0
	}
	wanted, known := config.Get("notification_enabled")
	if (config.Null("notification_enabled") || known && wanted == true) && none("alarm_notifications") && none("ok_notifications") {
		refuse("notification_enabled", "It needs alarm_notifications or ok_notifications: who is to be told.")
	}
	for _, name := range []string{"alarm_notifications", "ok_notifications"} {
		for i := range config.List(name) {
			sort := config.String(fmt.Sprintf("%s.%d.type", name, i))
			list, known := config.Get(fmt.Sprintf("%s.%d.notification_list", name, i))
			if !known {
				continue
			}
			empty := len(list.([]any)) == 0
			switch {
			case sort == "autoscaling" && !empty:
				refuse(name, "Of autoscaling, notification_list must be empty.")
			case sort == "autoscaling" && config.String("namespace") != "" && config.String("namespace") != "SYS.AS":
				refuse(name, "Only namespace SYS.AS has autoscaling.")
			case sort == "notification" && empty:
				refuse(name, "Of notification, notification_list must name somebody.")
			}
		}
	}
	raised, well := lists(config, "alarm_notifications"), lists(config, "ok_notifications")
	if raised != nil && well != nil && !reflect.DeepEqual(raised, well) {
		refuse("ok_notifications", "They must have the same lists as alarm_notifications.")
	}
}

// lists are those who are told, in the order of their names; nil when not all of them are known.
func lists(config object.Values, name string) (all []string) {
	for i := range config.List(name) {
		at := fmt.Sprintf("%s.%d.notification_list", name, i)
		if _, known := config.Get(at); !known {
			return nil
		}
		for j := range config.List(at) {
			who := config.String(fmt.Sprintf("%s.%d", at, j))
			if who == "" {
				return nil
			}
			all = append(all, who)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// levelFits refuses what belongs to a rule for a whole product in another, and one without it.
func levelFits(_, config object.Values, refuse func(string, string, ...any)) {
	level, known := config.Get("resource_level")
	if !known && config.Has("resource_level") {
		return
	}
	product := level == "product"
	switch {
	case product && config.Null("product_name"):
		refuse("product_name", "A rule for a whole product needs its name.")
	case !product && config.Has("product_name"):
		refuse("product_name", "Only with resource_level = \"product\" a rule is for a whole product.")
	}
	for i := range config.List("policies") {
		for _, member := range []string{"namespace", "dimension_name"} {
			at := fmt.Sprintf("policies.%d.%s", i, member)
			if product && config.Null(at) {
				refuse(at, "In a rule for a whole product each policy needs its %s.", member)
			} else if !product && config.Has(at) {
				refuse(at, "Only a rule for a whole product has it.")
			}
		}
	}
}
