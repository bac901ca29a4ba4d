package object

import (
	"reflect"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

var (
	port  = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"subnet": tftypes.String, "ip": tftypes.String, "mac": tftypes.String}}
	texts = tftypes.Set{ElementType: tftypes.String}
	thing = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"id": tftypes.String, "size": tftypes.Number, "ports": tftypes.List{ElementType: port}, "disk": port,
		"tags": tftypes.Map{ElementType: tftypes.String}, "groups": texts,
	}}
)

// value reads JSON as a thing; the text "?" is a value that is not known.
func value(t *testing.T, text string) tftypes.Value {
	t.Helper()
	v, err := convert.ToTerraform(thing, open(parse(t, text)))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func open(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name := range v {
			v[name] = open(v[name])
		}
	case []any:
		for i := range v {
			v[i] = open(v[i])
		}
	case string:
		if v == "?" {
			return convert.Unknown
		}
	}
	return v
}

func sameValue(t *testing.T, got tftypes.Value, want string) {
	t.Helper()
	if wanted := value(t, want); !got.Equal(wanted) {
		a, _ := convert.FromTerraform(got)
		b, _ := convert.FromTerraform(wanted)
		t.Errorf("\ngot  %v\nwant %v", a, b)
	}
}

// What was planned stays; what was open is filled from the answer, and is null where the answer has nothing.
func TestCompose(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ plan, read, want string }{
		"planned stays":      {`{"id":"a","size":1}`, `{"id":"b","size":2}`, `{"id":"a","size":1}`},
		"null stays":         {`{"id":"?","tags":null}`, `{"id":"b","tags":{"x":"y"}}`, `{"id":"b"}`},
		"open is filled":     {`{"id":"?","size":"?"}`, `{"id":"b","size":2}`, `{"id":"b","size":2}`},
		"open and absent":    {`{"id":"?"}`, `{}`, `{}`},
		"open map":           {`{"tags":"?"}`, `{"tags":{"x":"y"}}`, `{"tags":{"x":"y"}}`},
		"open in a map":      {`{"tags":{"a":"?","b":"2"}}`, `{"tags":{"a":"1","b":"3","c":"4"}}`, `{"tags":{"a":"1","b":"2"}}`},
		"nested":             {`{"disk":{"subnet":"s","mac":"?"}}`, `{"disk":{"subnet":"t","mac":"m"}}`, `{"disk":{"subnet":"s","mac":"m"}}`},
		"nested and absent":  {`{"disk":{"subnet":"s","mac":"?"}}`, `{}`, `{"disk":{"subnet":"s"}}`},
		"list":               {`{"ports":[{"subnet":"s","mac":"?"},{"subnet":"t","mac":"?"}]}`, `{"ports":[{"mac":"1"},{"mac":"2"},{"mac":"3"}]}`, `{"ports":[{"subnet":"s","mac":"1"},{"subnet":"t","mac":"2"}]}`},
		"answer too short":   {`{"ports":[{"subnet":"s","mac":"?"},{"subnet":"t","mac":"?"}]}`, `{"ports":[{"mac":"1"}]}`, `{"ports":[{"subnet":"s","mac":"1"},{"subnet":"t"}]}`},
		"set with open item": {`{"groups":["g","?"]}`, `{"groups":["g","h"]}`, `{"groups":["g","h"]}`},
		"open list":          {`{"ports":"?"}`, `{"ports":[]}`, `{"ports":[]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := compose(value(t, test.plan), value(t, test.read))
			sameValue(t, got, test.want)
			if !got.IsFullyKnown() {
				t.Error("something is not known after apply")
			}
		})
	}
}

func TestCertain(t *testing.T) {
	t.Parallel()
	sameValue(t, certain(value(t, `{"id":"?","size":1,"ports":[{"subnet":"s","mac":"?"}],"tags":"?"}`)), `{"size":1,"ports":[{"subnet":"s"}]}`)
}

// What is left open keeps what it was, where all that was given around it is as it was.
func TestKeep(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ plan, prior, config, want string }{
		"single":                {`{"id":"?","size":2}`, `{"id":"a","size":1}`, `{"size":2}`, `{"id":"a","size":2}`},
		"nothing before":        {`{"id":"?"}`, `null`, `{}`, `{"id":"?"}`},
		"config not known":      {`{"id":"?"}`, `{"id":"a"}`, `{"id":"?"}`, `{"id":"?"}`},
		"null before":           {`{"id":"?"}`, `{"id":null,"size":1}`, `{}`, `{}`},
		"nested":                {`{"disk":{"subnet":"s","mac":"?"}}`, `{"disk":{"subnet":"s","mac":"m"}}`, `{"disk":{"subnet":"s"}}`, `{"disk":{"subnet":"s","mac":"m"}}`},
		"same place":            {`{"ports":[{"subnet":"s","ip":"?","mac":"?"}]}`, `{"ports":[{"subnet":"s","ip":"1","mac":"m"}]}`, `{"ports":[{"subnet":"s"}]}`, `{"ports":[{"subnet":"s","ip":"1","mac":"m"}]}`},
		"another item":          {`{"ports":[{"subnet":"t","mac":"?"}]}`, `{"ports":[{"subnet":"s","mac":"m"}]}`, `{"ports":[{"subnet":"t"}]}`, `{"ports":[{"subnet":"t","mac":"?"}]}`},
		"item moved up":         {`{"ports":[{"subnet":"t","mac":"?"}]}`, `{"ports":[{"subnet":"s","mac":"m"},{"subnet":"t","mac":"n"}]}`, `{"ports":[{"subnet":"t"}]}`, `{"ports":[{"subnet":"t","mac":"n"}]}`},
		"item inserted":         {`{"ports":[{"subnet":"u","mac":"?"},{"subnet":"s","mac":"?"}]}`, `{"ports":[{"subnet":"s","mac":"m"}]}`, `{"ports":[{"subnet":"u"},{"subnet":"s"}]}`, `{"ports":[{"subnet":"u","mac":"?"},{"subnet":"s","mac":"m"}]}`},
		"each item once":        {`{"ports":[{"subnet":"s","mac":"?"},{"subnet":"s","mac":"?"}]}`, `{"ports":[{"subnet":"s","mac":"m"}]}`, `{"ports":[{"subnet":"s"},{"subnet":"s"}]}`, `{"ports":[{"subnet":"s","mac":"m"},{"subnet":"s","mac":"?"}]}`},
		"given decides":         {`{"ports":[{"subnet":"s","ip":"2","mac":"?"}]}`, `{"ports":[{"subnet":"s","ip":"1","mac":"m"}]}`, `{"ports":[{"subnet":"s","ip":"2"}]}`, `{"ports":[{"subnet":"s","ip":"2","mac":"?"}]}`},
		"item not known yet":    {`{"ports":[{"subnet":"?","mac":"?"}]}`, `{"ports":[{"subnet":"s","mac":"m"}]}`, `{"ports":[{"subnet":"?"}]}`, `{"ports":[{"subnet":"?","mac":"?"}]}`},
		"known in full":         {`{"ports":[{"subnet":"s","ip":"1","mac":"n"}]}`, `{"ports":[{"subnet":"s","ip":"1","mac":"m"}]}`, `{"ports":[{"subnet":"s","ip":"1","mac":"n"}]}`, `{"ports":[{"subnet":"s","ip":"1","mac":"n"}]}`},
		"removed from the plan": {`{"disk":null}`, `{"disk":{"subnet":"s"}}`, `{}`, `{"disk":null}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			planned, before, given := members(value(t, test.plan)), members(value(t, test.prior)), members(value(t, test.config))
			for name, value := range planned { // as planUpdate does
				if !value.IsFullyKnown() {
					planned[name] = keep(value, before[name], given[name])
				}
			}
			sameValue(t, tftypes.NewValue(thing, planned), test.want)
		})
	}
}

func TestUUID(t *testing.T) {
	t.Parallel()
	one, other := newUUID(), newUUID()
	if pattern := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`); !pattern.MatchString(one) {
		t.Errorf("%s is no UUID of version 4", one)
	}
	if reflect.DeepEqual(one, other) {
		t.Error("two are the same")
	}
}
