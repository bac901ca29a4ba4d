package acctest

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
)

// Attributes are the arguments of a resource as expressions: {"name": `"web"`}. Of a block: {"timeouts {}": `create = "1m"`}.
type Attributes map[string]string

// Whole is what every resource has to show: that it is created, changed, imported, that drift and disappearance are seen,
// and that bad values are refused. Each part is a test of its own, on a cloud of its own.
type Whole struct {
	Type    string     // "hwcloud_vpc"
	Kind    string     // the sandbox's name of it; default: Type without its prefix
	Name    string     // the object's name in the cloud
	Needs   string     // other configuration that it refers to
	Given   Attributes // a configuration with every attribute that can be set together
	Changes []Change
	Drift   []Drift
	Refused []Refusal
	// What an import cannot know, and a plan after it records without a call.
	Unknowable []string
}

// Change is a new configuration of some attributes.
type Change struct {
	To       Attributes // "" removes an attribute
	Replaces bool
	Calls    string   // what the change may call beside reads, as a regular expression on "METHOD /path"; "" is anything
	Check    []string // attribute=value pairs of the state afterwards
}

// Drift is a change behind Terraform's back, and the attributes in which the next plan shows it.
type Drift struct {
	Patch map[string]any
	Seen  string
}

// Refusal is a bad configuration and what is said about it, as a regular expression; At is the attribute named.
type Refusal struct {
	Set   Attributes
	At    string
	Error string
}

// Address is the resource in the configurations.
func (w Whole) Address() string { return w.Type + ".test" }

func (w Whole) config(over Attributes) string {
	given := maps.Clone(w.Given)
	maps.Copy(given, over)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nresource %q \"test\" {\n", w.Needs, w.Type)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		switch block, isBlock := strings.CutSuffix(name, " {}"); {
		case given[name] == "":
		case isBlock:
			fmt.Fprintf(&b, "  %s {\n    %s\n  }\n", block, given[name])
		default:
			fmt.Fprintf(&b, "  %s = %s\n", name, given[name])
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// Test runs everything.
func (w Whole) Test(t *testing.T) {
	if w.Kind == "" {
		w.Kind = strings.TrimPrefix(w.Type, "hwcloud_")
	}
	t.Run("life", w.life)
	t.Run("changes", w.changes)
	t.Run("drift", w.drift)
	t.Run("refused", w.refused)
}

// life creates the object, finds the plan empty, imports it with an empty plan, and notices that it is gone.
func (w Whole) life(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	id := ""
	imported := resource.TestStep{
		ResourceName: w.Address(), ImportState: true, ImportStateVerify: true,
		ImportStateVerifyIgnore: append(slices.Clone(w.Unknowable), "timeouts"),
	}
	blockImport := resource.TestStep{ResourceName: w.Address(), ImportState: true, ImportStateKind: resource.ImportBlockWithID}
	steps := []resource.TestStep{
		{
			Config: w.config(nil),
			Check: func(s *terraform.State) error {
				id = s.RootModule().Resources[w.Address()].Primary.ID
				if cloud.Objects(w.Kind)[id] == nil {
					return fmt.Errorf("%s %s is in the state and not in the cloud", w.Kind, id)
				}
				return nil
			},
		},
		imported,
	}
	if len(w.Unknowable) == 0 {
		steps = append(steps, blockImport)
	}
	steps = append(steps, resource.TestStep{
		PreConfig: func() { cloud.Delete(w.Kind, id) },
		Config:    w.config(nil),
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction(w.Address(), plancheck.ResourceActionCreate),
		}},
	})
	cloud.Run(steps...)
	if left := cloud.Objects(w.Kind); left[id] != nil {
		t.Errorf("%s %s is left after destroy", w.Kind, id)
	}
}

// changes carries out one change after the other, each on top of those before.
func (w Whole) changes(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	steps := []resource.TestStep{{Config: w.config(nil)}}
	over := Attributes{}
	for _, change := range w.Changes {
		maps.Copy(over, change.To)
		action := plancheck.ResourceActionUpdate
		if change.Replaces {
			action = plancheck.ResourceActionReplace
		}
		var checks []resource.TestCheckFunc
		for _, pair := range change.Check {
			name, value, _ := strings.Cut(pair, "=")
			checks = append(checks, resource.TestCheckResourceAttr(w.Address(), name, value))
		}
		checks = append(checks, func(*terraform.State) error {
			for _, call := range cloud.Calls("^(POST|PUT|PATCH|DELETE) ") {
				line := call.Method + " " + call.Path
				if change.Calls != "" && !regexp.MustCompile(change.Calls).MatchString(line) {
					return fmt.Errorf("the change %v calls %s", change.To, line)
				}
			}
			return nil
		})
		steps = append(steps, resource.TestStep{
			PreConfig:        cloud.Forget,
			Config:           w.config(over),
			Check:            resource.ComposeTestCheckFunc(checks...),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(w.Address(), action)}},
		})
	}
	cloud.Run(steps...)
}

// drift changes the object behind Terraform's back: the plan shows it, and the apply mends it.
func (w Whole) drift(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	var id string
	steps := []resource.TestStep{{
		Config: w.config(nil),
		Check: func(s *terraform.State) error {
			id = s.RootModule().Resources[w.Address()].Primary.ID
			return nil
		},
	}}
	for _, drift := range w.Drift {
		steps = append(steps, resource.TestStep{
			PreConfig:        func() { cloud.Patch(w.Kind, id, drift.Patch) },
			Config:           w.config(nil),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{changes{w.Address(), drift.Seen}}},
		})
	}
	cloud.Run(steps...)
}

// refused plans each bad configuration. The cloud is never asked to make anything.
func (w Whole) refused(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	var steps []resource.TestStep
	for _, refusal := range w.Refused {
		// Terraform points at the attribute by quoting its line.
		steps = append(steps, resource.TestStep{
			Config: w.config(refusal.Set), PlanOnly: true,
			ExpectError: regexp.MustCompile(`(?s)` + refusal.Error),
		})
	}
	cloud.Run(steps...)
	if calls := cloud.Calls("^(POST|PUT|PATCH|DELETE) "); len(calls) > 0 {
		t.Errorf("refused at plan time, and yet: %v", calls)
	}
}

// changes expects a plan to show a change of an attribute.
type changes struct{ address, attribute string }

func (c changes) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, rc := range req.Plan.ResourceChanges {
		if rc.Address != c.address {
			continue
		}
		before, _ := rc.Change.Before.(map[string]any)
		after, _ := rc.Change.After.(map[string]any)
		if fmt.Sprint(before[c.attribute]) == fmt.Sprint(after[c.attribute]) {
			resp.Error = fmt.Errorf("the plan shows no change of %s.%s (%v)", c.address, c.attribute, before[c.attribute])
		}
		return
	}
	resp.Error = fmt.Errorf("the plan does not have %s", c.address)
}
