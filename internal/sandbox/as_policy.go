package sandbox

import (
	"cmp"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// scalingPolicy changes how many servers a group wants. There are no bandwidths here to look one up in, or to change.
type scalingPolicy struct {
	meta
	Name         string           `json:"name"`
	ResourceID   string           `json:"scaling_resource_id"`
	ResourceType string           `json:"scaling_resource_type"`
	Type         string           `json:"scaling_policy_type"`
	Status       string           `json:"policy_status"` // INSERVICE or PAUSED
	AlarmID      string           `json:"alarm_id"`
	Schedule     *scalingSchedule `json:"scheduled_policy"`
	Action       *scalingAction   `json:"scaling_policy_action"`
	Intervals    []scalingAction  `json:"interval_alarm_actions"`
	CoolDown     int              `json:"cool_down_time"`
	Description  string           `json:"description"`
	Job          string           `json:"job,omitempty"` // the id of the scaling that it has begun
}

type scalingSchedule struct {
	Launch string `json:"launch_time"`
	Recurs string `json:"recurrence_type,omitempty"`
	Days   string `json:"recurrence_value,omitempty"`
	Start  string `json:"start_time,omitempty"`
	End    string `json:"end_time,omitempty"`
}

type scalingAction struct {
	Operation  string   `json:"operation"`
	Size       *int     `json:"size,omitempty"`
	Percentage *int     `json:"percentage,omitempty"`
	Limits     *int     `json:"limits,omitempty"`
	Lower      *float64 `json:"lower_bound,omitempty"` // only of an interval
	Upper      *float64 `json:"upper_bound,omitempty"`
}

const policyTime = "2006-01-02T15:04Z"

func (a *asService) policyRoutes() []route {
	const path, v1 = "/autoscaling-api/v2/{project_id}/scaling_policy", asPath + "/scaling_policy"
	return []route{
		{"POST " + path, 200, a.createPolicy},
		{"GET " + path, 200, a.listPolicies},
		{"GET " + path + "/{id}", 200, a.showPolicy},
		{"PUT " + path + "/{id}", 200, a.updatePolicy},
		{"DELETE " + v1 + "/{id}", 204, a.deletePolicy},
		{"POST " + v1 + "/{id}/action", 204, a.actPolicy},
	}
}

func (a *asService) policy(r *request) (*scalingPolicy, error) {
	if p := a.policies.get(r.project.ID, r.PathValue("id")); p != nil {
		return p, nil
	}
	return nil, noPolicy()
}

func noPolicy() error {
	return refuse(http.StatusNotFound, "AS.3020", "The AS policy does not exist.")
}

// policyInput is what a request says of a policy; nil is nothing.
type policyInput struct {
	Name         *string          `json:"scaling_policy_name"`
	ResourceID   *string          `json:"scaling_resource_id"`
	ResourceType *string          `json:"scaling_resource_type"`
	Type         *string          `json:"scaling_policy_type"`
	AlarmID      *string          `json:"alarm_id"`
	Schedule     *scalingSchedule `json:"scheduled_policy"`
	Action       *scalingAction   `json:"scaling_policy_action"`
	Intervals    *[]scalingAction `json:"interval_alarm_actions"`
	CoolDown     *int             `json:"cool_down_time"`
	Description  *string          `json:"description"`
}

// applyPolicy puts what is given into a policy, drops what its type has not, and refuses what it cannot be.
func (a *asService) applyPolicy(r *request, p *scalingPolicy, in *policyInput) error {
	set(&p.Name, in.Name)
	set(&p.ResourceID, in.ResourceID)
	set(&p.ResourceType, in.ResourceType)
	set(&p.Type, in.Type)
	set(&p.AlarmID, in.AlarmID)
	set(&p.Intervals, in.Intervals)
	set(&p.CoolDown, in.CoolDown)
	set(&p.Description, in.Description)
	if in.Schedule != nil {
		p.Schedule = in.Schedule
	}
	if in.Action != nil {
		p.Action = in.Action
	}
	if err := checkScalingName(p.Name, "AS.3013", "AS.3014", "AS.3031"); err != nil {
		return err
	}
	switch {
	case !between(&p.CoolDown, 0, 86400):
		return badScaling("AS.3012", "Invalid cooldown period in the AS policy.")
	case utf8.RuneCountInString(p.Description) > 256:
		return badScaling("AS.0022", "description is longer than 256 characters.")
	case p.ResourceID == "":
		return badScaling("AS.3041", "The scaling resource ID in the AS policy is null.")
	case p.ResourceType == "":
		return badScaling("AS.3054", "The scaling resource type in the AS policy is null.")
	case p.ResourceType != "SCALING_GROUP" && p.ResourceType != "BANDWIDTH":
		return badScaling("AS.3037", "The scaling resource type in the AS policy is invalid.")
	case p.ResourceType == "SCALING_GROUP" && a.groups.get(r.project.ID, p.ResourceID) == nil:
		return badScaling("AS.3042", "The scaling resource in the AS policy does not exist.")
	}
	return p.settle()
}

var (
	alarmIDText = pattern.New(`^al[0-9A-Za-z]{22}$`)
	clockTime   = pattern.New(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
)

// settle looks at what belongs to the type of a policy, and drops the rest.
func (p *scalingPolicy) settle() error {
	switch p.Type {
	case "ALARM", "INTERVAL_ALARM":
		p.Schedule = nil
		if p.AlarmID == "" {
			return badScaling("AS.3026", "The alarm ID in the AS policy is null.")
		}
		if !alarmIDText.MatchString(p.AlarmID) { // there are no alarm rules here to look it up in
			return badScaling("AS.3050", "The alarm ID in the AS policy is illegal.")
		}
	case "SCHEDULED", "RECURRENCE":
		p.AlarmID = ""
		if err := p.checkSchedule(); err != nil {
			return err
		}
	case "":
		return badScaling("AS.3011", "The AS policy type is null.")
	default:
		return badScaling("AS.3002", "Invalid AS policy type.")
	}
	if p.Type != "INTERVAL_ALARM" {
		p.Intervals = nil
		if p.Action == nil {
			one := 1
			p.Action = &scalingAction{Size: &one}
		}
		return p.checkAction(p.Action)
	}
	p.Action = nil
	if len(p.Intervals) == 0 {
		return badScaling("AS.3015", "The action in the AS policy is null.")
	}
	for i := range p.Intervals {
		if err := p.checkAction(&p.Intervals[i]); err != nil {
			return err
		}
	}
	return nil
}

func (p *scalingPolicy) checkAction(act *scalingAction) error {
	act.Operation = cmp.Or(act.Operation, "ADD")
	bandwidth, least := p.ResourceType == "BANDWIDTH", 0
	if bandwidth {
		least = 1
	}
	switch {
	case !slices.Contains([]string{"ADD", "REMOVE", "REDUCE", "SET"}, act.Operation) || bandwidth && act.Operation == "REMOVE":
		return badScaling("AS.3017", "The operation to perform the action in the AS policy action is invalid.")
	case act.Size != nil && act.Percentage != nil:
		return badScaling("AS.3036", "The action in the AS policy operates is not unique.")
	case !between(act.Size, least, 300):
		return badScaling("AS.3018", "The number of instances which action in the AS policy operates on is invalid.")
	case !between(act.Percentage, 0, 20000) || bandwidth && act.Percentage != nil:
		return badScaling("AS.3035", "The percentage of instances which action in the AS policy operates on is invalid.")
	case act.Limits != nil && (!bandwidth || act.Operation == "SET"):
		return badScaling("AS.3043", "The limit which action in the AS policy operates on is invalid.")
	}
	return nil
}

// checkSchedule refuses times that are over, or in no order, and days that there are none of.
func (p *scalingPolicy) checkSchedule() error {
	now, s := time.Now().UTC(), p.Schedule
	if s == nil || s.Launch == "" {
		return badScaling("AS.3008", "Parameter lanchTime in the AS policy is null.")
	}
	if p.Type == "SCHEDULED" {
		switch at, err := time.Parse(policyTime, s.Launch); {
		case err != nil:
			return badScaling("AS.3009", "The format of parameter lanchTime is incorrect.")
		case !at.After(now):
			return badScaling("AS.3010", "The triggering time of the scheduled policy must be later than the current time.")
		}
		*s = scalingSchedule{Launch: s.Launch}
		return nil
	}
	s.Start = cmp.Or(s.Start, now.Format(policyTime))
	start, startErr := time.Parse(policyTime, s.Start)
	end, endErr := time.Parse(policyTime, s.End)
	switch {
	case !clockTime.MatchString(s.Launch):
		return badScaling("AS.3009", "The format of parameter lanchTime is incorrect.")
	case startErr != nil:
		return badScaling("AS.3028", "The format of the start time for the scaling action triggered periodically is incorrect.")
	case s.End == "":
		return badScaling("AS.3005", "The end time of the scaling action triggered periodically is empty.")
	case endErr != nil:
		return badScaling("AS.3006", "The format of the end time for the scaling action triggered periodically is incorrect.")
	case !end.After(now):
		return badScaling("AS.3007", "The end time of the scaling action triggered periodically must be later than the current time.")
	case !start.Before(end):
		return badScaling("AS.3029", "The start time of the scaling action triggered periodically must be earlier than the end time.")
	}
	last, has := map[string]int{"Daily": 0, "Weekly": 7, "Monthly": 31}[s.Recurs]
	switch {
	case s.Recurs == "":
		return badScaling("AS.3023", "The period type of the AS policy is null.")
	case !has:
		return badScaling("AS.3004", "Invalid recurrence type in the AS policy.")
	case last == 0:
		s.Days = ""
		return nil
	case s.Days == "":
		return badScaling("AS.3024", "The value of the period type of the AS policy is null.")
	}
	for day := range strings.SplitSeq(s.Days, ",") {
		if n, err := strconv.Atoi(day); err != nil || !between(&n, 1, last) {
			return badScaling("AS.3025", "The value of period type of the AS policy is invalid.")
		}
	}
	return nil
}

func (a *asService) createPolicy(r *request) (any, error) {
	var in policyInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	p := &scalingPolicy{Status: "INSERVICE", CoolDown: 300}
	if err := a.applyPolicy(r, p, &in); err != nil {
		return nil, err
	}
	of := a.policies.where("", func(o *scalingPolicy) bool { return o.ResourceID == p.ResourceID })
	if a.exceeds("scaling_policy", len(of)+1) {
		return nil, badScaling("AS.3032", "The number of AS policies exceeds the upper limit.")
	}
	a.policies.add(r.project.ID, p)
	return map[string]any{"scaling_policy_id": p.ID}, nil
}

func (a *asService) policyView(p *scalingPolicy) any {
	schedule, action, intervals, status := any(struct{}{}), any(nil), any(nil), p.Status
	if p.Schedule != nil {
		schedule = p.Schedule
	}
	if p.Action != nil {
		action = p.Action
	}
	if p.Intervals != nil {
		intervals = p.Intervals
	}
	if a.pending(p.Job) != nil {
		status = "EXECUTING"
	}
	return map[string]any{
		"scaling_policy_id":      p.ID,
		"scaling_policy_name":    p.Name,
		"scaling_resource_id":    p.ResourceID,
		"scaling_resource_type":  p.ResourceType,
		"scaling_policy_type":    p.Type,
		"policy_status":          status,
		"alarm_id":               orNull(p.AlarmID),
		"scheduled_policy":       schedule,
		"scaling_policy_action":  action,
		"interval_alarm_actions": intervals,
		"cool_down_time":         p.CoolDown,
		"create_time":            p.CreatedAt.Format(asTime),
		"meta_data":              nil,
		"description":            orNull(p.Description),
	}
}

func (a *asService) showPolicy(r *request) (any, error) {
	p := a.policies.read(r.project.ID, r.PathValue("id"))
	if p == nil {
		return nil, noPolicy()
	}
	return map[string]any{"scaling_policy": a.policyView(p)}, nil
}

func (a *asService) listPolicies(r *request) (any, error) {
	q := r.query
	found := slices.DeleteFunc(a.policies.list(r.project.ID), func(p *scalingPolicy) bool {
		return !strings.Contains(p.Name, q.Get("scaling_policy_name")) || !matches(q.Get("scaling_resource_id"), p.ResourceID) ||
			!matches(q.Get("scaling_resource_type"), p.ResourceType) || !matches(q.Get("scaling_policy_type"), p.Type) ||
			!matches(q.Get("scaling_policy_id"), p.ID) || !matches(q.Get("alarm_id"), p.AlarmID)
	})
	return scalingPage(r, "scaling_policies", found, a.policyView)
}

func (a *asService) updatePolicy(r *request) (any, error) {
	p, err := a.policy(r)
	if err != nil {
		return nil, err
	}
	var in policyInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if a.pending(p.Job) != nil {
		return nil, badScaling("AS.3038", "The AS policy is in executing status.")
	}
	changed := *p
	if err := a.applyPolicy(r, &changed, &in); err != nil {
		return nil, err
	}
	*p = changed
	a.policies.touch(p)
	return map[string]any{"scaling_policy_id": p.ID}, nil
}

func (a *asService) deletePolicy(r *request) (any, error) {
	p, err := a.policy(r)
	if err != nil {
		return nil, err
	}
	a.policies.remove(p.ID)
	return nil, nil
}

func (a *asService) actPolicy(r *request) (any, error) {
	p, err := a.policy(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Action string `json:"action"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	switch in.Action {
	case "resume":
		p.Status = "INSERVICE"
	case "pause":
		p.Status = "PAUSED"
	case "execute":
		return nil, a.execute(p)
	default:
		return nil, badScaling("AS.3022", "The action of the AS policy request body is invalid.")
	}
	return nil, nil
}

// execute has a group want more or fewer servers.
func (a *asService) execute(p *scalingPolicy) error {
	g := a.groups.get("", p.ResourceID)
	switch {
	case p.Status != "INSERVICE":
		return badScaling("AS.3027", "The AS policy must be in the inservice status when the AS policy is performed.")
	case g == nil:
		return badScaling("AS.3042", "The scaling resource in the AS policy does not exist.")
	case g.Status != "INSERVICE":
		return notInStatus(g.Status)
	case a.pending(g.Job) != nil:
		return badScaling("AS.0034", "Failed to execute the policy because the AS group is in active state.")
	case p.Action == nil:
		return badScaling("AS.3015", "The action in the AS policy is null.")
	}
	wanted := min(g.Max, max(g.Min, p.Action.from(g.Desire)))
	if wanted == g.Desire {
		return badScaling("AS.3040", "The adjustment by policy reached the limit: %d", g.Desire)
	}
	g.Desire = wanted
	a.scale(g)
	p.Job = g.Job
	return nil
}

// from is what becomes of a number.
func (act *scalingAction) from(n int) int {
	size := 1
	switch {
	case act.Size != nil:
		size = *act.Size
	case act.Percentage != nil:
		size = int(math.Round(float64(n**act.Percentage) / 100))
	}
	switch act.Operation {
	case "SET":
		return size
	case "ADD":
		return n + size
	}
	return n - size
}
