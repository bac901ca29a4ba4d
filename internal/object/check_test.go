package object

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

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
		runChecks([]Check{oneOf, needs}, nil, test.config, &diags)
		if len(diags) != test.problems {
			t.Errorf("%s: %v", name, diags)
		}
	}
}
