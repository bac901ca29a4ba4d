package sandbox

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// cesService keeps alarm rules; nothing is measured here, so no alarm is ever raised.
type cesService struct {
	*Sandbox
	rules *table[alarmRule]
}

// alarmRule watches resources. Its id is al and 22 letters and digits. The fields are named as in the list's answer.
type alarmRule struct {
	meta
	Name                string             `json:"name"`
	Description         string             `json:"description"`
	Namespace           string             `json:"namespace"`
	Type                string             `json:"type"`
	Resources           [][]alarmDimension `json:"resources"`
	GroupID             string             `json:"resource_group_id,omitempty"`
	Policies            []alarmPolicy      `json:"policies"`
	TemplateID          string             `json:"alarm_template_id,omitempty"`
	Enabled             bool               `json:"enabled"`
	Level               string             `json:"resource_level"`
	Product             string             `json:"product_name,omitempty"`
	EnterpriseProjectID string             `json:"enterprise_project_id"`
	Tags                map[string]string  `json:"tags"`
	Notification        alarmNotifications `json:"notification"`
}

// alarmDimension tells resources apart; without a value it means all that have the dimension.
type alarmDimension struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// alarmPolicy is a condition. A threshold may be 0, so it is a pointer.
type alarmPolicy struct {
	MetricName    string              `json:"metric_name"`
	Period        *int                `json:"period"`
	Filter        string              `json:"filter"`
	Comparison    string              `json:"comparison_operator"`
	Value         *float64            `json:"value,omitempty"`
	Hierarchical  map[string]*float64 `json:"hierarchical_value,omitempty"`
	Unit          string              `json:"unit"`
	Count         int                 `json:"count"`
	Suppress      int                 `json:"suppress_duration"`
	Level         int                 `json:"level"`
	Namespace     string              `json:"namespace,omitempty"`
	DimensionName string              `json:"dimension_name,omitempty"`
}

// alarmNotifications say who is told, and when in a day.
type alarmNotifications struct {
	Enabled  *bool         `json:"notification_enabled"`
	Alarm    []alarmNotice `json:"alarm_notifications"`
	OK       []alarmNotice `json:"ok_notifications"`
	Begin    string        `json:"notification_begin_time"`
	End      string        `json:"notification_end_time"`
	Timezone string        `json:"effective_timezone"`
}

type alarmNotice struct {
	Type string   `json:"type"`
	List []string `json:"notification_list"`
}

const (
	alarmPage      = 100  // the greatest length of a page
	alarmResources = 1000 // of a rule
	alarmPolicies  = 50
	alarmDeletions = 10 // at once
)

func newCES(s *Sandbox) *cesService {
	c := &cesService{Sandbox: s, rules: newTable[alarmRule](s, "alarm_rule")}
	const rules, rule, old = "/v2/{project_id}/alarms", "/v2/{project_id}/alarms/{alarm_id}", "/V1.0/{project_id}"
	s.addService(&service{
		name:    "ces",
		invalid: "ces.0014",
		shape: func(r *request, f *refusal) any {
			if strings.HasPrefix(r.URL.Path, "/V1.0/") {
				return map[string]any{"http_code": fmt.Sprint(f.status), "message": map[string]any{"details": f.message, "code": f.code}}
			}
			return errorCodeMsg(r, f)
		},
		routes: []route{
			{"POST " + rules, 201, c.createRule},
			{"GET " + rules, 200, c.listRules},
			{"POST " + rules + "/batch-delete", 200, c.deleteRules},
			{"POST " + rules + "/action", 200, c.enableRules},
			{"GET " + rule + "/resources", 200, c.listResources},
			{"POST " + rule + "/resources/batch-create", 200, c.addResources},
			{"POST " + rule + "/resources/batch-delete", 200, c.removeResources},
			{"GET " + rule + "/policies", 200, c.listPolicies},
			{"PUT " + rule + "/policies", 200, c.updatePolicies},
			{"PUT " + rule + "/notifications", 200, c.updateNotifications},
			{"PUT " + old + "/alarms/{alarm_id}", 204, c.renameRule},
			{"GET " + old + "/quotas", 200, c.showQuotas},
		},
	})
	return c
}

func badAlarm(format string, args ...any) error {
	return refuse(http.StatusBadRequest, "ces.0014", "Some content in message body is not correct: "+format, args...)
}

func noAlarm() error {
	return refuse(http.StatusNotFound, "ces.0016", "The requested resource does not exist.")
}

// rule is the one in the request's path.
func (c *cesService) rule(r *request) (*alarmRule, error) {
	id := r.PathValue("alarm_id")
	if !alarmID.MatchString(id) {
		return nil, refuse(http.StatusBadRequest, "ces.0013", "The URL parameter is invalid or does not exist.")
	}
	if a := c.rules.get(r.project.ID, id); a != nil {
		return a, nil
	}
	return nil, noAlarm()
}

var (
	alarmID        = pattern.New(`^al[0-9A-Za-z]{22}$`)
	alarmName      = pattern.New(`^[0-9A-Za-z_\x{4e00}-\x{9fff}-]{1,128}$`)
	alarmNamespace = pattern.New(`^[A-Za-z][0-9A-Za-z_]*\.[A-Za-z][0-9A-Za-z_]*$`)
	alarmMetric    = pattern.New(`^[A-Za-z][0-9A-Za-z_-]{0,95}$`)
	alarmDim       = pattern.New(`^[A-Za-z][0-9A-Za-z_-]{0,31}$`)
	alarmGroup     = pattern.New(`^rg[0-9A-Za-z]{22}$`)
	alarmTemplate  = pattern.New(`^at[0-9A-Za-z]{0,62}$`)
	alarmClock     = pattern.New(`^[0-9:]{1,64}$`)
)

// The words of a rule.
var (
	alarmTypes     = []string{"EVENT.SYS", "EVENT.CUSTOM", "DNSHealthCheck", "RESOURCE_GROUP", "MULTI_INSTANCE", "ALL_INSTANCE"}
	alarmPeriods   = []int{0, 1, 300, 1200, 3600, 14400, 86400}
	alarmFilters   = []string{"average", "variance", "min", "max", "sum"}
	alarmEvents    = []string{">", ">=", "<", "<=", "=", "!="}
	alarmCycles    = []string{"cycle_decrease", "cycle_increase", "cycle_wave"}
	alarmCounts    = []int{1, 2, 3, 4, 5, 10, 15, 30, 60, 90, 120, 180}
	alarmSuppress  = []int{0, 300, 600, 900, 1800, 3600, 10800, 21600, 43200, 86400}
	alarmThreshold = []string{"critical", "major", "minor", "info"}
	alarmNoticed   = []string{"notification", "autoscaling", "groupwatch", "ecsRecovery", "contact", "contactGroup", "iecAction"}
)

const greatestThreshold = 1.7976931348623157e+108

func checkAlarmName(name, description string) error {
	switch {
	case !alarmName.MatchString(name):
		return badAlarm("name %q.", name)
	case utf8.RuneCountInString(description) > 256:
		return badAlarm("description is longer than 256 characters.")
	}
	return nil
}

// checkNamespace takes a service and an item: SYS.ECS.
func checkNamespace(namespace string) error {
	if len(namespace) > 32 || !alarmNamespace.MatchString(namespace) {
		return badAlarm("namespace %q.", namespace)
	}
	return nil
}

// checkResources refuses resources that the type of a rule cannot have.
func checkResources(kind string, resources [][]alarmDimension) error {
	if len(resources) > alarmResources {
		return badAlarm("there are more than %d resources.", alarmResources)
	}
	for _, one := range resources {
		if len(one) < 1 || len(one) > 4 {
			return badAlarm("a resource has 1 to 4 dimensions.")
		}
		for _, d := range one {
			switch {
			case !alarmDim.MatchString(d.Name) || len(d.Value) > 256:
				return badAlarm("dimension %q.", d.Name)
			case d.Value == "" && kind == "MULTI_INSTANCE":
				return badAlarm("dimension %s has no value.", d.Name)
			case d.Value != "" && kind == "ALL_INSTANCE":
				return badAlarm("dimension %s has a value.", d.Name)
			}
		}
	}
	return nil
}

// check refuses a bad policy and fills in what it leaves open.
func (p *alarmPolicy) check(kind string) error {
	event := strings.HasPrefix(kind, "EVENT.")
	if p.Level == 0 {
		p.Level = 2
	}
	thresholds := []*float64{p.Value}
	for name, value := range p.Hierarchical {
		if !slices.Contains(alarmThreshold, name) {
			return badAlarm("hierarchical_value has no %s.", name)
		}
		thresholds = append(thresholds, value)
	}
	for _, threshold := range thresholds {
		if threshold != nil && math.Abs(*threshold) > greatestThreshold {
			return badAlarm("value %g.", *threshold)
		}
	}
	switch {
	case !alarmMetric.MatchString(p.MetricName):
		return badAlarm("metric_name %q.", p.MetricName)
	case p.Period == nil || !slices.Contains(alarmPeriods, *p.Period) || *p.Period == 0 && !event:
		return badAlarm("period of %s.", p.MetricName)
	case !slices.Contains(alarmFilters, p.Filter):
		return badAlarm("filter %q.", p.Filter)
	case !slices.Contains(alarmEvents, p.Comparison) && (event || !slices.Contains(alarmCycles, p.Comparison)):
		return badAlarm("comparison_operator %q.", p.Comparison)
	case p.Value == nil && len(p.Hierarchical) == 0:
		return badAlarm("%s has no threshold.", p.MetricName)
	case utf8.RuneCountInString(p.Unit) > 32:
		return badAlarm("unit %q.", p.Unit)
	case event && (p.Count < 1 || p.Count > 180) || !event && !slices.Contains(alarmCounts, p.Count):
		return badAlarm("count %d.", p.Count)
	case !slices.Contains(alarmSuppress, p.Suppress):
		return badAlarm("suppress_duration %d.", p.Suppress)
	case p.Level < 1 || p.Level > 4:
		return badAlarm("level %d.", p.Level)
	case p.Namespace != "":
		return checkNamespace(p.Namespace)
	}
	return nil
}

func checkPolicies(kind string, policies []alarmPolicy) error {
	if len(policies) < 1 || len(policies) > alarmPolicies {
		return badAlarm("there are %d policies.", len(policies))
	}
	for i := range policies {
		if err := policies[i].check(kind); err != nil {
			return err
		}
	}
	return nil
}

// check refuses notifications that nobody gets, and fills in what they leave open.
func (n *alarmNotifications) check(namespace string) error {
	if n.Enabled == nil {
		return badAlarm("notification_enabled is missing.")
	}
	if *n.Enabled && len(n.Alarm) == 0 && len(n.OK) == 0 {
		return badAlarm("there is neither alarm_notifications nor ok_notifications.")
	}
	told := func(notices []alarmNotice) (who []string) {
		for _, one := range notices {
			who = append(who, one.List...)
		}
		slices.Sort(who)
		return slices.Compact(who)
	}
	if len(n.Alarm) > 0 && len(n.OK) > 0 && !slices.Equal(told(n.Alarm), told(n.OK)) {
		return badAlarm("the lists of alarm_notifications and ok_notifications differ.")
	}
	for _, notices := range [][]alarmNotice{n.Alarm, n.OK} {
		if len(notices) > 10 {
			return badAlarm("there are more than 10 notifications.")
		}
		for _, one := range notices {
			topics := slices.ContainsFunc(one.List, func(urn string) bool { return strings.HasPrefix(urn, "urn:") && !strings.HasPrefix(urn, "urn:smn:") })
			switch {
			case !slices.Contains(alarmNoticed, one.Type), one.List == nil, len(one.List) > 20, topics,
				one.Type == "notification" && len(one.List) == 0,
				one.Type == "autoscaling" && (len(one.List) > 0 || namespace != "SYS.AS"):
				return badAlarm("notification %q to %v.", one.Type, one.List)
			}
		}
	}
	for at, standard := range map[*string]string{&n.Begin: "00:00", &n.End: "23:59"} {
		if *at == "" {
			*at = standard
		}
		if !alarmClock.MatchString(*at) {
			return badAlarm("notification time %q.", *at)
		}
	}
	if n.Timezone == "" {
		n.Timezone = "GMT+08:00"
	}
	if !strings.HasPrefix(n.Timezone, "GMT") || len(n.Timezone) > 16 {
		return badAlarm("effective_timezone %q.", n.Timezone)
	}
	return nil
}

func (c *cesService) createRule(r *request) (any, error) {
	in := struct {
		Name                string             `json:"name"`
		Description         string             `json:"description"`
		Namespace           string             `json:"namespace"`
		Type                string             `json:"type"`
		GroupID             string             `json:"resource_group_id"`
		Resources           [][]alarmDimension `json:"resources"`
		Policies            []alarmPolicy      `json:"policies"`
		TemplateID          string             `json:"alarm_template_id"`
		Enabled             *bool              `json:"enabled"`
		Level               string             `json:"resource_level"`
		Product             string             `json:"product_name"`
		EnterpriseProjectID string             `json:"enterprise_project_id"`
		Tags                []tag              `json:"tags"`
		alarmNotifications
	}{Level: "dimension", EnterpriseProjectID: "0"}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if err := checkAlarmName(in.Name, in.Description); err != nil {
		return nil, err
	}
	if err := checkNamespace(in.Namespace); err != nil {
		return nil, err
	}
	if err := checkResources(in.Type, in.Resources); err != nil {
		return nil, err
	}
	if in.TemplateID == "" || in.Policies != nil {
		if err := checkPolicies(in.Type, in.Policies); err != nil {
			return nil, err
		}
	}
	if err := in.check(in.Namespace); err != nil {
		return nil, err
	}
	if err := checkTags("ces.0014", in.Tags, tagsPerObject); err != nil {
		return nil, err
	}
	switch {
	case !slices.Contains(alarmTypes, in.Type):
		return nil, badAlarm("type %q.", in.Type)
	case in.Resources == nil || in.Enabled == nil:
		return nil, badAlarm("resources and enabled must be given.")
	case in.Type == "MULTI_INSTANCE" && len(in.Resources) == 0:
		return nil, badAlarm("there are no resources.")
	case (in.Type == "RESOURCE_GROUP") != alarmGroup.MatchString(in.GroupID):
		return nil, badAlarm("resource_group_id %q.", in.GroupID)
	case in.TemplateID != "" && (in.Policies != nil || !alarmTemplate.MatchString(in.TemplateID)):
		return nil, badAlarm("alarm_template_id %q.", in.TemplateID)
	case in.Level != "product" && in.Level != "dimension" || (in.Level == "product") != (in.Product != ""):
		return nil, badAlarm("resource_level %q of product %q.", in.Level, in.Product)
	case c.rules.full(r.project.ID, 1):
		return nil, refuse(http.StatusForbidden, "ces.0011", "The number of alarm rules exceeds the quota.")
	}
	if in.TemplateID != "" { // no templates are kept here: what one says is made up
		once, none := 1, 0.0
		in.Policies = []alarmPolicy{{MetricName: "cpu_util", Period: &once, Filter: "average", Comparison: ">", Value: &none, Count: 1, Level: 2}}
	}
	a := c.rules.add(r.project.ID, &alarmRule{
		meta: meta{ID: "al" + c.ids.hex()[:22]},
		Name: in.Name, Description: in.Description, Namespace: in.Namespace, Type: in.Type, GroupID: in.GroupID, Resources: in.Resources,
		Policies: in.Policies, TemplateID: in.TemplateID, Enabled: *in.Enabled, Level: in.Level, Product: in.Product,
		EnterpriseProjectID: in.EnterpriseProjectID, Notification: in.alarmNotifications, Tags: map[string]string{},
	})
	for _, t := range in.Tags {
		a.Tags[t.Key] = t.Value
	}
	return map[string]any{"alarm_id": a.ID}, nil
}

// watched is what the list tells of a rule's resources: the group, or the dimensions by name alone.
func (a *alarmRule) watched() []any {
	if a.Type == "RESOURCE_GROUP" {
		return []any{map[string]any{"resource_group_id": a.GroupID, "resource_group_name": "group", "dimensions": []any{}}}
	}
	out := []any{}
	var seen []string
	for _, one := range a.Resources {
		var names []string
		dimensions := []alarmDimension{}
		for _, d := range one {
			names = append(names, d.Name)
			dimensions = append(dimensions, alarmDimension{Name: d.Name})
		}
		if key := strings.Join(names, ","); !slices.Contains(seen, key) {
			seen = append(seen, key)
			out = append(out, map[string]any{"dimensions": dimensions})
		}
	}
	return out
}

func alarmView(a *alarmRule) any {
	return map[string]any{
		"alarm_id":                a.ID,
		"name":                    a.Name,
		"description":             a.Description,
		"namespace":               a.Namespace,
		"type":                    a.Type,
		"resources":               a.watched(),
		"policies":                a.Policies,
		"alarm_template_id":       a.TemplateID,
		"enabled":                 a.Enabled,
		"resource_level":          a.Level,
		"product_name":            a.Product,
		"enterprise_project_id":   a.EnterpriseProjectID,
		"tags":                    tagList(a.Tags),
		"notification_enabled":    a.Notification.Enabled,
		"alarm_notifications":     noticesView(a.Notification.Alarm),
		"ok_notifications":        noticesView(a.Notification.OK),
		"notification_begin_time": a.Notification.Begin,
		"notification_end_time":   a.Notification.End,
		"effective_timezone":      a.Notification.Timezone,
	}
}

func noticesView(notices []alarmNotice) []alarmNotice {
	return append([]alarmNotice{}, notices...)
}

// listRules lists newest first. An id that does not exist makes an empty list.
func (c *cesService) listRules(r *request) (any, error) {
	q := r.query
	found := slices.DeleteFunc(c.rules.list(r.project.ID), func(a *alarmRule) bool {
		watches := q.Get("resource_id") == "" || slices.ContainsFunc(a.Resources, func(one []alarmDimension) bool {
			var ids []string
			for _, d := range one {
				ids = append(ids, d.Value)
			}
			slices.Sort(ids)
			return strings.Join(ids, ",") == q.Get("resource_id")
		})
		return !matches(q.Get("alarm_id"), a.ID) || !strings.Contains(a.Name, q.Get("name")) || !matches(q.Get("namespace"), a.Namespace) ||
			!matches(q.Get("product_name"), a.Product) || !matches(q.Get("resource_level"), a.Level) || !ofEnterprise(r, a.EnterpriseProjectID) || !watches
	})
	slices.Reverse(found)
	page, err := alarmPageOf(r, found)
	if err != nil {
		return nil, err
	}
	return map[string]any{"alarms": views(page, alarmView), "count": len(found)}, nil
}

// alarmPageOf is a page of 1 to 100, 10 by default.
func alarmPageOf[T any](r *request, list []T) ([]T, error) {
	if _, err := r.queryInt("limit", 10, 1, alarmPage); err != nil {
		return nil, err
	}
	if _, err := r.queryInt("offset", 0, 0, 10000); err != nil {
		return nil, err
	}
	return offsetPage(r, list, 10, alarmPage)
}

// batch are the rules that a request names, at most so many.
func (c *cesService) batch(r *request, ids []string, most int) ([]*alarmRule, error) {
	if len(ids) < 1 || len(ids) > most {
		return nil, badAlarm("1 to %d alarm_ids are expected.", most)
	}
	var rules []*alarmRule
	for _, id := range ids {
		if a := c.rules.get(r.project.ID, id); a != nil {
			rules = append(rules, a)
		}
	}
	if rules == nil {
		return nil, noAlarm()
	}
	return rules, nil
}

func idsOf(rules []*alarmRule) []string {
	return views(rules, func(a *alarmRule) string { return a.ID })
}

// deleteRules deletes those that exist, and answers which.
func (c *cesService) deleteRules(r *request) (any, error) {
	var in struct {
		IDs []string `json:"alarm_ids"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	rules, err := c.batch(r, in.IDs, alarmDeletions)
	if err != nil {
		return nil, err
	}
	for _, a := range rules {
		c.rules.remove(a.ID)
	}
	return map[string]any{"alarm_ids": idsOf(rules)}, nil
}

func (c *cesService) enableRules(r *request) (any, error) {
	var in struct {
		IDs     []string `json:"alarm_ids"`
		Enabled *bool    `json:"alarm_enabled"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	rules, err := c.batch(r, in.IDs, 100)
	if err != nil {
		return nil, err
	}
	if in.Enabled == nil {
		return nil, badAlarm("alarm_enabled is missing.")
	}
	for _, a := range rules {
		a.Enabled = *in.Enabled
		c.rules.touch(a)
	}
	return map[string]any{"alarm_ids": idsOf(rules)}, nil
}

func (c *cesService) listResources(r *request) (any, error) {
	a, err := c.rule(r)
	if err != nil {
		return nil, err
	}
	page, err := alarmPageOf(r, a.Resources)
	if err != nil {
		return nil, err
	}
	return map[string]any{"resources": append([][]alarmDimension{}, page...), "count": len(a.Resources)}, nil
}

// resources are those of a request, for a rule that watches chosen ones.
func (c *cesService) resources(r *request) (*alarmRule, [][]alarmDimension, error) {
	a, err := c.rule(r)
	if err != nil {
		return nil, nil, err
	}
	var in struct {
		Resources [][]alarmDimension `json:"resources"`
	}
	if err := r.decode(&in); err != nil {
		return nil, nil, err
	}
	if a.Type == "RESOURCE_GROUP" || in.Resources == nil {
		return nil, nil, badAlarm("resources of a rule of type %s.", a.Type)
	}
	return a, in.Resources, checkResources(a.Type, in.Resources)
}

// addResources adds those that are not there yet.
func (c *cesService) addResources(r *request) (any, error) {
	a, resources, err := c.resources(r)
	if err != nil {
		return nil, err
	}
	all := slices.Clone(a.Resources)
	for _, one := range resources {
		if !hasResource(all, one) {
			all = append(all, one)
		}
	}
	if len(all) > alarmResources {
		return nil, badAlarm("there are more than %d resources.", alarmResources)
	}
	a.Resources = all
	c.rules.touch(a)
	return nil, nil
}

func (c *cesService) removeResources(r *request) (any, error) {
	a, resources, err := c.resources(r)
	if err != nil {
		return nil, err
	}
	a.Resources = slices.DeleteFunc(slices.Clone(a.Resources), func(one []alarmDimension) bool { return hasResource(resources, one) })
	c.rules.touch(a)
	return nil, nil
}

func hasResource(list [][]alarmDimension, one []alarmDimension) bool {
	return slices.ContainsFunc(list, func(other []alarmDimension) bool { return slices.Equal(one, other) })
}

func (c *cesService) listPolicies(r *request) (any, error) {
	a, err := c.rule(r)
	if err != nil {
		return nil, err
	}
	page, err := alarmPageOf(r, a.Policies)
	if err != nil {
		return nil, err
	}
	return map[string]any{"policies": append([]alarmPolicy{}, page...), "count": len(a.Policies)}, nil
}

func (c *cesService) updatePolicies(r *request) (any, error) {
	a, err := c.rule(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Policies []alarmPolicy `json:"policies"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if err := checkPolicies(a.Type, in.Policies); err != nil {
		return nil, err
	}
	if a.TemplateID != "" {
		return nil, badAlarm("the policies are those of template %s.", a.TemplateID)
	}
	a.Policies = in.Policies
	c.rules.touch(a)
	return map[string]any{"policies": a.Policies}, nil
}

// updateNotifications replaces all of them.
func (c *cesService) updateNotifications(r *request) (any, error) {
	a, err := c.rule(r)
	if err != nil {
		return nil, err
	}
	var in alarmNotifications
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if err := in.check(a.Namespace); err != nil {
		return nil, err
	}
	a.Notification = in
	c.rules.touch(a)
	return in, nil
}

// renameRule is of the old API, which alone changes names and descriptions.
func (c *cesService) renameRule(r *request) (any, error) {
	a, err := c.rule(r)
	if err != nil {
		return nil, err
	}
	in := struct {
		Name        string `json:"alarm_name"`
		Description string `json:"alarm_description"`
	}{a.Name, a.Description}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if err := checkAlarmName(in.Name, in.Description); err != nil {
		return nil, err
	}
	a.Name, a.Description = in.Name, in.Description
	c.rules.touch(a)
	return nil, nil
}

func (c *cesService) showQuotas(r *request) (any, error) {
	return map[string]any{"quotas": map[string]any{"resources": []any{
		map[string]any{"type": "alarm", "used": c.rules.count(r.project.ID), "unit": "", "quota": c.quota("alarm_rule")},
	}}}, nil
}
