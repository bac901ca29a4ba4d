package object

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// host has a name of one form, and aliases of it.
func host() *Kind {
	return &Kind{
		Name: "host",
		Fields: Fields{
			"name": {Form: Domain}, "aliases": {Form: Domain},
			"target": {Of: Fields{"name": {Form: Domain}}},
		},
		Changes: []Change{{Of: []string{"aliases"}}},
		Schema: schema.Schema{Attributes: map[string]schema.Attribute{
			"name":    schema.StringAttribute{Required: true},
			"aliases": schema.SetAttribute{Optional: true, ElementType: types.StringType},
			"target": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
				"name": schema.StringAttribute{Required: true},
			}},
		}},
	}
}

func TestDomain(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "", "a.b": "a.b.", "A.b.": "a.b.", "例子.cn": "例子.cn.", ".": "."} {
		if got := Domain(text); got != want || Domain(got) != got {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// Whatever the spelling, the form is sent, the state keeps what the configuration says, and nothing differs.
func TestForm(t *testing.T) {
	t.Parallel()
	given := Values{"name": "A.example", "aliases": []any{"b.example.", "C.example"}, "target": map[string]any{"name": "T.example"}}
	body, err := host().all(All{}, given)
	if got := show(t, body); err != nil || got != `{"aliases":["b.example.","c.example."],"name":"a.example.","target":{"name":"t.example."}}` {
		t.Errorf("sent %s, %v", got, err)
	}
	answer := parseObject(t, `{"name":"a.example.","aliases":["d.example.","c.example.","b.example."],"target":{"name":"t.example."}}`)
	for want, prior := range map[string]Values{
		`{"aliases":["d.example.","C.example","b.example."],"name":"A.example","target":{"name":"T.example"}}`:    given,
		`{"aliases":["d.example.","c.example.","b.example."],"name":"a.example.","target":{"name":"t.example."}}`: {"name": convert.Unknown},
	} {
		got, err := host().decode(answer, prior)
		if err != nil || show(t, map[string]any(got)) != want {
			t.Errorf("read %s instead of %s, %v", show(t, map[string]any(got)), want, err)
		}
	}
	respelled := Values{"name": "a.EXAMPLE.", "aliases": []any{"c.example.", "B.example"}, "target": given["target"]}
	if differs := host().differing(given, respelled); len(differs) > 0 {
		t.Errorf("differs in %v", differs)
	}
	other := Values{"name": "b.example", "aliases": []any{"b.example"}, "target": given["target"]}
	if differs := strings.Join(host().differing(given, other), " "); differs != "aliases name" {
		t.Errorf("differs in %s", differs)
	}
	if !host().matches(given, Values{"name": "a.example."}) || host().matches(given, Values{"name": "b.example."}) {
		t.Error("a look-up by any spelling, and by no other name")
	}
	if host().same("name", convert.Unknown, "a.example") {
		t.Error("what is not known is not the same")
	}
}
