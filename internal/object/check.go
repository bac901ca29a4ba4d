package object

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// problem is what a [Check] refuses.
type problem struct{ at, text string }

// runChecks refuses what is wrong whatever becomes of the values that are not known yet: each may turn out to be none. A
// problem is reported at the outermost attribute, for of one within another, Terraform would not show the line.
func runChecks(checks []Check, prior, config Values, diags *diag.Diagnostics) {
	problems := problemsOf(checks, prior, config)
	if len(problems) > 0 {
		for guess := range guesses(config) {
			still := problemsOf(checks, prior, guess)
			problems = slices.DeleteFunc(problems, func(p problem) bool { return !slices.Contains(still, p) })
		}
	}
	for _, p := range problems {
		name, _, _ := strings.Cut(p.at, ".")
		diags.AddAttributeError(path.Root(name), "Invalid "+p.at, p.text)
	}
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
