package object

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// problem is what a [Check] refuses.
type problem struct{ at, text string }

// runChecks refuses what is wrong of a new object, whatever becomes of the values that are not known yet: each may turn out to
// be none.
func runChecks(checks []Check, config Values, diags *diag.Diagnostics) {
	report(sure(checks, nil, config, guesses(config)), diags)
}

// runChecksOfAny refuses what is wrong of any object, there or not. What the cloud may choose may be said of an object as it
// is, and contradicts nothing then: configurations that are written by an import say all of it.
func runChecksOfAny(checks []Check, attributes map[string]schema.Attribute, config Values, diags *diag.Diagnostics) {
	report(sure(checks, nil, config, func(yield func(Values) bool) {
		if yield(withoutChoices(attributes, config)) {
			guesses(config)(yield)
		}
	}), diags)
}

// runChecksOf refuses what is wrong of an object that is there. What is so already cannot be wrong.
func runChecksOf(checks []Check, prior, config Values, diags *diag.Diagnostics) {
	problems := sure(checks, prior, config, guesses(config))
	if len(problems) > 0 {
		had := problemsOf(checks, prior, prior)
		problems = slices.DeleteFunc(problems, func(p problem) bool { return slices.Contains(had, p) })
	}
	report(problems, diags)
}

// sure are the problems that all guesses have.
func sure(checks []Check, prior, config Values, guesses iter.Seq[Values]) []problem {
	problems := problemsOf(checks, prior, config)
	if len(problems) > 0 {
		for guess := range guesses {
			still := problemsOf(checks, prior, guess)
			problems = slices.DeleteFunc(problems, func(p problem) bool { return !slices.Contains(still, p) })
		}
	}
	return problems
}

// report tells of problems at the outermost attribute, for of one within another, Terraform would not show the line.
func report(problems []problem, diags *diag.Diagnostics) {
	for _, p := range problems {
		name, _, _ := strings.Cut(p.at, ".")
		diags.AddAttributeError(path.Root(name), "Invalid "+p.at, p.text)
	}
}

// withoutChoices is a configuration without what the cloud may choose.
func withoutChoices(attributes map[string]schema.Attribute, config map[string]any) map[string]any {
	out := maps.Clone(config)
	for name, value := range config {
		switch a := attributes[name]; {
		case a == nil:
		case a.IsComputed():
			out[name] = nil
		default:
			switch value := value.(type) {
			case map[string]any:
				out[name] = withoutChoices(membersOf(a), value)
			case []any:
				items := slices.Clone(value)
				for i, item := range items {
					if item, object := item.(map[string]any); object {
						items[i] = withoutChoices(membersOf(a), item)
					}
				}
				out[name] = items
			}
		}
	}
	return out
}

// membersOf are the attributes of an object, or of a list's or set's objects.
func membersOf(a schema.Attribute) map[string]schema.Attribute {
	switch a := a.(type) {
	case schema.SingleNestedAttribute:
		return a.Attributes
	case schema.ListNestedAttribute:
		return a.NestedObject.Attributes
	case schema.SetNestedAttribute:
		return a.NestedObject.Attributes
	}
	return nil
}

func problemsOf(checks []Check, prior, config Values) (problems []problem) {
	refuse := func(at, format string, args ...any) {
		problems = append(problems, problem{at, fmt.Sprintf(format, args...)})
	}
	for _, check := range checks {
		check(prior, config, refuse)
	}
	return problems
}

// guesses are what a configuration may become when of the values that are not known yet all are none, all but one, or only
// one: enough to tell apart what excludes or needs another.
func guesses(config Values) func(yield func(Values) bool) {
	return func(yield func(Values) bool) {
		unknown := unknownIn(map[string]any(config), "")
		guess := func(isNone func(at string) bool) bool {
			return yield(without(map[string]any(config), "", isNone).(map[string]any))
		}
		if len(unknown) == 0 || !guess(func(string) bool { return true }) {
			return
		}
		for _, one := range unknown {
			if !guess(func(at string) bool { return at == one }) || !guess(func(at string) bool { return at != one }) {
				return
			}
		}
	}
}

// unknownIn are the places of the values that are not known yet.
func unknownIn(v any, at string) (places []string) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			places = append(places, unknownIn(v[key], dotted(at, key))...)
		}
	case []any:
		for i, item := range v {
			places = append(places, unknownIn(item, dotted(at, fmt.Sprint(i)))...)
		}
	default:
		if v == convert.Unknown {
			places = []string{at}
		}
	}
	return places
}

// without is a value in which some of what is not known yet is none.
func without(v any, at string, isNone func(at string) bool) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, inner := range v {
			out[key] = without(inner, dotted(at, key), isNone)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, inner := range v {
			out[i] = without(inner, dotted(at, fmt.Sprint(i)), isNone)
		}
		return out
	}
	if v == convert.Unknown && isNone(at) {
		return nil
	}
	return v
}
