package sandbox

import (
	"net/http"
	"slices"
	"unicode/utf8"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// asService makes and removes servers of ECS so that groups have as many as they want. Health is not checked here, hooks
// hold nobody up, and no clock starts policies: they are executed by a request.
type asService struct {
	*Sandbox
	configurations *table[scalingConfiguration]
	groups         *table[scalingGroup]
	instances      *table[scalingInstance]
	policies       *table[scalingPolicy]
	hooks          *table[lifecycleHook]
	notifications  *table[scalingNotification]
}

const asTime = "2006-01-02T15:04:05Z"

func newAS(s *Sandbox) *asService {
	a := &asService{
		Sandbox:        s,
		configurations: newTable[scalingConfiguration](s, "scaling_configuration"),
		groups:         newTable[scalingGroup](s, "scaling_group"),
		instances:      newTable[scalingInstance](s, "scaling_instance"),
		policies:       newTable[scalingPolicy](s, "scaling_policy"),
		hooks:          newTable[lifecycleHook](s, "scaling_lifecycle_hook"),
		notifications:  newTable[scalingNotification](s, "scaling_notification"),
	}
	a.groups.removed = a.disband
	release := s.ecs.servers.removed
	s.ecs.servers.removed = func(gone *server) {
		release(gone)
		a.instances.remove(gone.ID)
	}
	s.onJob("scaleGroup", a.endScaling)
	s.addService(&service{
		name:    "as",
		invalid: "AS.0022",
		shape:   errorObject,
		routes:  slices.Concat(a.configurationRoutes(), a.groupRoutes(), a.instanceRoutes(), a.policyRoutes(), a.hookRoutes()),
	})
	return a
}

const asPath = "/autoscaling-api/v1/{project_id}"

func badScaling(code, format string, args ...any) error {
	return refuse(http.StatusBadRequest, code, format, args...)
}

// notFound is the refusal for what has no code of its own.
func notFound(what string) error {
	return refuse(http.StatusNotFound, "AS.0007", "The requested resource [%s] could not be found.", what)
}

// scalingPage is a page of a list, with what is said beside it.
func scalingPage[T any](r *request, key string, found []*T, view func(*T) any) (any, error) {
	start, err := r.queryInt("start_number", 0, 0, 1<<31-1)
	if err != nil {
		return nil, err
	}
	limit, err := r.queryInt("limit", 20, 1, 100)
	if err != nil {
		return nil, err
	}
	begin := min(start, len(found))
	return map[string]any{
		"total_number": len(found), "start_number": start, "limit": limit,
		key: views(found[begin:min(begin+limit, len(found))], view),
	}, nil
}

var plainName = pattern.New(`^[\p{Han}A-Za-z0-9_-]+$`)

// checkScalingName refuses names: with one code an empty one, with others one that is too long or has other characters.
func checkScalingName(name, empty, long, other string) error {
	switch {
	case name == "":
		return badScaling(empty, "The name is null.")
	case utf8.RuneCountInString(name) > 64:
		return badScaling(long, "The name is too long.")
	case !plainName.MatchString(name):
		return badScaling(other, "The name contains invalid characters.")
	}
	return nil
}

// between says whether a number that is given is within limits.
func between(n *int, least, most int) bool { return n == nil || *n >= least && *n <= most }

// set puts what a request gives.
func set[T any](to *T, given *T) {
	if given != nil {
		*to = *given
	}
}
