package acctest

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"
)

// onlyChanges expects a plan to change these attributes of a resource, and no other that is known beforehand.
type onlyChanges struct {
	address    string
	attributes []string
}

func (c onlyChanges) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, rc := range req.Plan.ResourceChanges {
		if rc.Address != c.address {
			continue
		}
		before, _ := rc.Change.Before.(map[string]any)
		after, _ := rc.Change.After.(map[string]any)
		var differ []string
		for _, name := range slices.Sorted(maps.Keys(after)) {
			if !reflect.DeepEqual(before[name], after[name]) {
				differ = append(differ, name)
			}
		}
		want := slices.Sorted(slices.Values(c.attributes))
		if !slices.Equal(differ, want) {
			resp.Error = fmt.Errorf("the plan for %s changes %v, not %v", c.address, differ, want)
		}
		return
	}
	resp.Error = fmt.Errorf("the plan does not have %s", c.address)
}
