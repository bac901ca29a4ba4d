package object

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// What is not known yet may become a value or none: only what is wrong either way is refused.
func TestChecksOfWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	oneOf := func(_, config Values, refuse func(string, string, ...any)) {
		if config.Has("a") == config.Has("b") {
			refuse("a", "Give either a or b.")
		}
	}
	needs := func(_, config Values, refuse func(string, string, ...any)) {
		if config.Has("list.0.x") && config.Null("b") {
			refuse("list.0.x", "x needs b.")
		}
	}
	for name, test := range map[string]struct {
		config   Values
		problems int
	}{
		"one":                     {Values{"a": "1"}, 0},
		"both":                    {Values{"a": "1", "b": "2"}, 1},
		"neither":                 {Values{}, 1},
		"one of them, perhaps":    {Values{"a": convert.Unknown, "b": convert.Unknown}, 0},
		"perhaps both":            {Values{"a": "1", "b": convert.Unknown}, 0},
		"both, and another":       {Values{"a": "1", "b": "2", "list": []any{convert.Unknown}}, 1},
		"what is needed":          {Values{"a": "1", "list": []any{map[string]any{"x": "1"}}}, 1},
		"what is needed, perhaps": {Values{"a": "1", "list": []any{map[string]any{"x": convert.Unknown}}}, 0},
	} {
		var diags diag.Diagnostics
		runChecks([]Check{oneOf, needs}, test.config, &diags)
		if len(diags) != test.problems {
			t.Errorf("%s: %v", name, diags)
		}
	}
}

// What the cloud may choose may be said of an object that is so already. Whether there is one is not known before the plan.
func TestChecksOfWhatIsSo(t *testing.T) {
	t.Parallel()
	attributes := map[string]schema.Attribute{
		"a": schema.StringAttribute{Optional: true},
		"b": schema.StringAttribute{Optional: true, Computed: true},
		"c": schema.StringAttribute{Optional: true},
		"list": schema.ListNestedAttribute{Optional: true, NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"x": schema.StringAttribute{Optional: true}, "y": schema.StringAttribute{Optional: true, Computed: true},
		}}},
	}
	rivals := func(one, other string) Check {
		return func(_, config Values, refuse func(string, string, ...any)) {
			if config.Has(one) && config.Has(other) {
				refuse(other, "Not with %s.", one)
			}
		}
	}
	checks := []Check{rivals("a", "b"), rivals("a", "c"), rivals("list.0.x", "list.0.y")}
	both := func(x, y string) []any { return []any{map[string]any{"x": x, "y": y}} }
	for name, test := range map[string]struct {
		config, prior        Values
		valid, made, changed int
	}{
		"one":                        {Values{"a": "1"}, Values{"a": "1", "b": "2"}, 0, 0, 0},
		"both, as it is":             {Values{"a": "1", "b": "2"}, Values{"a": "1", "b": "2"}, 0, 1, 0},
		"both, and it has one":       {Values{"a": "1", "b": "2"}, Values{"b": "2"}, 0, 1, 1},
		"what the cloud never says":  {Values{"a": "1", "c": "3"}, Values{"a": "1"}, 1, 1, 1},
		"members, as they are":       {Values{"list": both("1", "2")}, Values{"list": both("1", "2")}, 0, 1, 0},
		"members, and there is none": {Values{"list": both("1", "2")}, Values{}, 0, 1, 1},
		"members, not known":         {Values{"list": []any{map[string]any{"x": "1", "y": convert.Unknown}}}, Values{}, 0, 0, 0},
	} {
		var valid, made, changed diag.Diagnostics
		runChecksOfAny(checks, attributes, test.config, &valid)
		runChecks(checks, test.config, &made)
		runChecksOf(checks, test.prior, test.config, &changed)
		if len(valid) != test.valid || len(made) != test.made || len(changed) != test.changed {
			t.Errorf("%s: to validate %v, to make %v, to change %v", name, valid, made, changed)
		}
	}
}
