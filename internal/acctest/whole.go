package acctest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

// Attributes are the arguments of a resource as expressions: {"name": `"web"`}. Of a block: {"timeouts {}": `create = "1m"`}.
type Attributes map[string]string

// Whole is what every resource has to show: that it is created, changed, imported, that drift and disappearance are seen,
// and that bad values are refused. Each part is a test of its own, on a cloud of its own.
type Whole struct {
	Type    string                           // "hwcloud_vpc"
	Kind    string                           // the sandbox's name of it; default: Type without its prefix
	ID      func(string) string              // the sandbox's id of it, by the resource's; default: the same
	There   func(c *Cloud, id string) bool   // whether the sandbox has it, when it is no object of the sandbox's
	Vanish  func(c *Cloud, id string)        // takes it away then
	Before  func(c *Cloud) map[string]string // makes what no resource makes; the configuration has it as local.NAME
	Needs   string                           // other configuration that it refers to
	Given   Attributes                       // a configuration with every attribute that can be set together
	Changes []Change                         // in this order, each on top of those before
	Drift   []Drift                          // all at once
	Refused []Refusal                        // each a resource of its own, all in one plan
	Kept    []Refusal                        // what an object that exists cannot become; all at once, so At differs
}

// Change is a new configuration of some attributes.
type Change struct {
	To       Attributes // "" removes an attribute
	Replaces bool
	Calls    []string // all requests beside reads, in order, as regular expressions on "METHOD /path {body}"; nil is any
	Check    []string // attribute=value pairs of the state afterwards
}

// Drift is a change behind Terraform's back, and the attribute in which the next plan shows it.
type Drift struct {
	Patch map[string]any
	Do    func(c *Cloud, id string) // what patching the object itself cannot do
	Seen  string
}

// Refusal is a bad configuration. At is the attribute at which the error stands, "" when that is the whole resource;
// Error is a regular expression on its text, in which any white space is one blank.
type Refusal struct {
	Set   Attributes
	At    string
	Error string
}

// Address is the resource in the configurations.
func (w Whole) Address() string { return w.Type + ".test" }

func (w Whole) config(over Attributes) string { return w.Needs + w.resource("test", over) }

func (w Whole) resource(name string, over Attributes) string {
	given := maps.Clone(w.Given)
	maps.Copy(given, over)
	return Block("resource", w.Type, name, given)
}

// Import is a block that imports an object, by a provider of its own if there is one: "hwcloud.admin".
func Import(address string, id any, provider string) string {
	if provider != "" {
		provider = "  provider = " + provider + "\n"
	}
	return fmt.Sprintf("import {\n  to = %s\n  id = %q\n%s}\n", address, id, provider)
}

// Block is a block of a configuration: of the sort resource or data, or a provider without a name.
func Block(sort, kind, name string, given Attributes) string {
	var b strings.Builder
	if name != "" {
		name = fmt.Sprintf(" %q", name)
	}
	fmt.Fprintf(&b, "\n%s %q%s {\n", sort, kind, name)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		switch inner, isBlock := strings.CutSuffix(name, " {}"); {
		case given[name] == "":
		case isBlock:
			fmt.Fprintf(&b, "  %s {\n    %s\n  }\n", inner, given[name])
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
	if w.ID == nil {
		w.ID = func(id string) string { return id }
	}
	if w.There == nil {
		w.There = func(c *Cloud, id string) bool { return c.Objects(w.Kind)[id] != nil }
		w.Vanish = func(c *Cloud, id string) { c.Delete(w.Kind, id) }
	}
	t.Run("life", w.life)
	t.Run("changes", w.changes)
	t.Run("drift", w.drift)
	t.Run("refused", w.refused)
}

func (w *Whole) start(t *testing.T) *Cloud {
	t.Parallel()
	cloud := Start(t)
	if w.Before != nil {
		w.Needs += locals(w.Before(cloud))
		cloud.Forget()
	}
	return cloud
}

// locals are values as a configuration has them.
func locals(values map[string]string) (config string) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		config += fmt.Sprintf("locals { %s = %q }\n", name, values[name])
	}
	return config
}

// life creates the object, finds the plan empty, imports it with an empty plan, and notices that it is gone.
func (w Whole) life(t *testing.T) {
	cloud := w.start(t)
	id := ""
	steps := []resource.TestStep{
		{
			Config: w.config(nil),
			Check: func(s *terraform.State) error {
				id = w.ID(s.RootModule().Resources[w.Address()].Primary.ID)
				if !w.There(cloud, id) {
					return fmt.Errorf("%s %s is in the state and not in the cloud", w.Kind, id)
				}
				return nil
			},
		},
		{ResourceName: w.Address(), ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"timeouts"}},
		{ResourceName: w.Address(), ImportState: true, ImportStateKind: resource.ImportBlockWithID},
		{
			PreConfig: func() { w.Vanish(cloud, id) },
			Config:    w.config(nil),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(w.Address(), plancheck.ResourceActionCreate),
			}},
		},
	}
	cloud.Run(steps...)
	remains := slices.ContainsFunc(cloud.Kinds, func(k *object.Kind) bool { return k.TypeName() == w.Type && k.Remains })
	if w.There(cloud, id) != remains {
		t.Errorf("%s %s is there after destroy: %v", w.Kind, id, !remains)
	}
}

// changes carries out one change after the other, each on top of those before.
func (w Whole) changes(t *testing.T) {
	cloud := w.start(t)
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
			if err := same(cloud.Writes(), change.Calls); err != nil {
				return fmt.Errorf("the change %v: %w", change.To, err)
			}
			return nil
		})
		steps = append(steps, resource.TestStep{
			PreConfig:        cloud.Forget,
			Config:           w.config(over),
			Check:            resource.ComposeAggregateTestCheckFunc(checks...),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(w.Address(), action)}},
		})
	}
	cloud.Run(steps...)
}

// same compares calls with what is expected of each, in order.
func same(calls []Call, patterns []string) error {
	if patterns == nil {
		return nil
	}
	for i, call := range calls {
		if i >= len(patterns) {
			return fmt.Errorf("one call too many: %s", call)
		}
		if !regexp.MustCompile(patterns[i]).MatchString(call.String()) {
			return fmt.Errorf("the call %s is not %s", call, patterns[i])
		}
	}
	if len(calls) < len(patterns) {
		return fmt.Errorf("no call %s", patterns[len(calls)])
	}
	return nil
}

// drift changes the object behind Terraform's back: the plan shows it, and the apply mends it.
func (w Whole) drift(t *testing.T) {
	cloud := w.start(t)
	var id string
	var seen []plancheck.PlanCheck
	for _, drift := range w.Drift {
		seen = append(seen, changes{w.Address(), drift.Seen})
	}
	cloud.Run(
		resource.TestStep{
			Config: w.config(nil),
			Check: func(s *terraform.State) error {
				id = w.ID(s.RootModule().Resources[w.Address()].Primary.ID)
				return nil
			},
		},
		resource.TestStep{
			PreConfig: func() {
				for _, drift := range w.Drift {
					if drift.Do != nil {
						drift.Do(cloud, id)
					}
					if drift.Patch != nil {
						cloud.Patch(w.Kind, id, drift.Patch)
					}
				}
			},
			Config:           w.config(nil),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: seen},
		},
	)
}

// refused plans each bad configuration as a resource of its own. The cloud is never asked to make anything. Terraform says what
// needs no cloud first, and nothing of the rest when something is wrong: what has been refused is left out the next time.
func (w Whole) refused(t *testing.T) {
	cloud := w.start(t)
	left := slices.Clone(w.Refused)
	for len(left) > 0 {
		config := w.Needs
		for i, refusal := range left {
			config += w.resource(fmt.Sprintf("refused_%d", i), refusal.Set)
		}
		said := cloud.refusal(nil, config)
		var next []Refusal
		var problems []error
		for i, refusal := range left {
			if err := refusal.Among(said, fmt.Sprintf("resource %q %q", w.Type, fmt.Sprintf("refused_%d", i))); err != nil {
				next, problems = append(next, refusal), append(problems, err)
			}
		}
		if len(next) == len(left) {
			t.Error(errors.Join(problems...))
			break
		}
		left = next
	}
	if len(w.Kept) > 0 {
		w.kept(t, cloud)
	}
}

// kept plans all that cannot become of an object that exists.
func (w Whole) kept(t *testing.T, cloud *Cloud) {
	over := Attributes{}
	for _, refusal := range w.Kept {
		maps.Copy(over, refusal.Set)
	}
	said := cloud.refusal([]resource.TestStep{
		{Config: w.config(nil)},
		{PreConfig: cloud.Forget, Config: w.config(nil), PlanOnly: true},
	}, w.config(over))
	for _, refusal := range w.Kept {
		if err := refusal.Among(said, fmt.Sprintf("resource %q %q", w.Type, "test")); err != nil {
			t.Error(err)
		}
	}
}

// refusal is what Terraform says of a configuration that it does not plan, in the state that steps have led to.
func (c *Cloud) refusal(steps []resource.TestStep, config string) (said []string) {
	c.t.Helper()
	last, writes := false, []Call(nil)
	steps = append(steps, resource.TestStep{PreConfig: func() { last = true }, Config: config, PlanOnly: true})
	for i := range steps {
		steps[i].Config = c.Provider() + steps[i].Config
	}
	resource.Test(c.t.(*testing.T), resource.TestCase{
		IsUnitTest: true, ProtoV6ProviderFactories: c.Factories(), Steps: steps,
		ErrorCheck: func(err error) error {
			if !last {
				return err
			}
			said, writes = strings.Split(err.Error(), "\nError: "), c.Writes()
			return nil
		},
	})
	if said == nil {
		c.t.Error("nothing is refused")
	}
	for _, call := range writes {
		c.t.Errorf("refused at plan time, and yet: %s", call)
	}
	return said
}

// Among looks for a refusal in the errors of one resource, `resource "hwcloud_vpc" "test"`. Terraform quotes the line at which an error stands:
//
//	  with hwcloud_vpc.test,
//	  on main.tf line 12, in resource "hwcloud_vpc" "test":
//	  12:   cidr = "ten"
//
//	Attribute cidr ...
func (r Refusal) Among(said []string, resource string) error {
	at := regexp.MustCompile(`line \d+, in ` + regexp.QuoteMeta(resource) + `: \d+: (\w*)`)
	want := regexp.MustCompile(r.Error)
	var others []string
	for _, message := range said {
		message = strings.Join(strings.Fields(message), " ")
		place := at.FindStringSubmatch(message)
		if place == nil {
			continue
		}
		if (place[1] == r.At || r.At == "" && slices.Contains([]string{"resource", "data", "ephemeral"}, place[1])) && want.MatchString(message) {
			return nil
		}
		others = append(others, message)
	}
	if others == nil {
		others = said
	}
	return fmt.Errorf("%v is not refused at %q with %q, but %q", r.Set, r.At, r.Error, others)
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
