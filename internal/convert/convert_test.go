package convert

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var (
	texts  = tftypes.List{ElementType: tftypes.String}
	set    = tftypes.Set{ElementType: tftypes.String}
	counts = tftypes.Map{ElementType: tftypes.Number}
	object = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String, "sizes": tftypes.List{ElementType: tftypes.Number}}}
)

func parse(t *testing.T, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// What the cloud writes, and what comes back as Terraform has it.
func TestBothDirections(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		typ        tftypes.Type
		json, back string
	}{
		"text":                   {tftypes.String, `"a"`, `"a"`},
		"empty text":             {tftypes.String, `""`, `""`},
		"number as text":         {tftypes.String, `8`, `"8"`},
		"long number as text":    {tftypes.String, `12345678901234567890123`, `"12345678901234567890123"`},
		"truth as text":          {tftypes.String, `true`, `"true"`},
		"null text":              {tftypes.String, `null`, `null`},
		"number":                 {tftypes.Number, `8`, `8`},
		"zero":                   {tftypes.Number, `0`, `0`},
		"negative":               {tftypes.Number, `-1.5`, `-1.5`},
		"a third":                {tftypes.Number, `0.1`, `0.1`},
		"beyond float64":         {tftypes.Number, `9007199254740993`, `9007199254740993`},
		"exponent":               {tftypes.Number, `1e3`, `1000`},
		"text as number":         {tftypes.Number, `"8"`, `8`},
		"empty text as number":   {tftypes.Number, `""`, `null`},
		"truth":                  {tftypes.Bool, `false`, `false`},
		"text as truth":          {tftypes.Bool, `"True"`, `true`},
		"shouted truth":          {tftypes.Bool, `"FALSE"`, `false`},
		"number as truth":        {tftypes.Bool, `1`, `true`},
		"text 0 as truth":        {tftypes.Bool, `"0"`, `false`},
		"list":                   {texts, `["b","a","b"]`, `["b","a","b"]`},
		"list with null":         {texts, `["b",null]`, `["b",null]`},
		"list of odd forms":      {texts, `[1,true]`, `["1","true"]`},
		"empty list":             {texts, `[]`, `[]`},
		"set holds each once":    {set, `["b","a","b"]`, `["b","a"]`},
		"map":                    {counts, `{"a":"1","b":2}`, `{"a":1,"b":2}`},
		"empty map":              {counts, `{}`, `{}`},
		"object":                 {object, `{"id":7,"sizes":["1"],"more":{"not":"asked"}}`, `{"id":"7","sizes":[1]}`},
		"object without members": {object, `{}`, `{"id":null,"sizes":null}`},
		"list of objects":        {tftypes.List{ElementType: object}, `[{"id":"x"}]`, `[{"id":"x","sizes":null}]`},
		"null object":            {object, `null`, `null`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			value, err := ToTerraform(test.typ, parse(t, test.json))
			if err != nil {
				t.Fatal(err)
			}
			if !value.Type().Equal(test.typ) {
				t.Errorf("the type is %s", value.Type())
			}
			back, err := FromTerraform(value)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(back, parse(t, test.back)) {
				t.Errorf("got %#v, not %s", back, test.back)
			}
			again, err := ToTerraform(test.typ, back)
			if err != nil || !again.Equal(value) {
				t.Errorf("there and back again it is %s, not %s (%v)", again, value, err)
			}
		})
	}
}

// What Go code puts into an answer beside what JSON has.
func TestGoNumbers(t *testing.T) {
	t.Parallel()
	for _, v := range []any{8, int64(8), float64(8), json.Number("8")} {
		number, err := ToTerraform(tftypes.Number, v)
		text, textErr := ToTerraform(tftypes.String, v)
		if err != nil || textErr != nil {
			t.Errorf("%T: %v, %v", v, err, textErr)
			continue
		}
		if got, _ := FromTerraform(number); got != json.Number("8") {
			t.Errorf("%T became the number %#v", v, got)
		}
		if got, _ := FromTerraform(text); got != "8" {
			t.Errorf("%T became the text %#v", v, got)
		}
	}
	value, err := ToTerraform(tftypes.Number, float64(math.MaxInt32)*1000)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := FromTerraform(value); got != json.Number("2147483647000") {
		t.Errorf("a large number became %v", got)
	}
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	value, err := ToTerraform(object, map[string]any{"id": Unknown, "sizes": []any{json.Number("1"), Unknown}})
	if err != nil {
		t.Fatal(err)
	}
	if value.IsFullyKnown() {
		t.Error("it became known")
	}
	back, err := FromTerraform(value)
	if want := map[string]any{"id": Unknown, "sizes": []any{json.Number("1"), Unknown}}; err != nil || !reflect.DeepEqual(back, want) {
		t.Errorf("got %v, %v", back, err)
	}
	if whole, err := ToTerraform(texts, Unknown); err != nil || whole.IsKnown() {
		t.Errorf("got %v, %v", whole, err)
	}
}

// An error names the place and both sides.
func TestMismatch(t *testing.T) {
	t.Parallel()
	deep := tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"nics": tftypes.List{ElementType: tftypes.Object{AttributeTypes: map[string]tftypes.Type{"mtu": tftypes.Number}}},
		"tags": tftypes.Map{ElementType: tftypes.Bool},
	}}
	for name, test := range map[string]struct {
		typ  tftypes.Type
		json string
		want []string
	}{
		"object as text":   {object, `{"id":{}}`, []string{"id:", "JSON object", "String"}},
		"list as text":     {object, `{"id":[]}`, []string{"id:", "JSON list"}},
		"text as list":     {object, `{"sizes":"1"}`, []string{"sizes:", "JSON string"}},
		"number as object": {tftypes.List{ElementType: object}, `[1]`, []string{"[0]:", "JSON number"}},
		"list as map":      {deep, `{"tags":[]}`, []string{"tags:", "JSON list"}},
		"deep":             {deep, `{"nics":[{"mtu":1},{"mtu":"much"}]}`, []string{"nics[1].mtu:", "JSON string", "Number"}},
		"in a map":         {deep, `{"tags":{"a b":"maybe"}}`, []string{`tags["a b"]:`, "Bool"}},
		"truth as number":  {object, `{"sizes":[true]}`, []string{"sizes[0]:", "JSON boolean"}},
		"two as truth":     {tftypes.Bool, `2`, []string{"JSON number"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := ToTerraform(test.typ, parse(t, test.json))
			if err == nil {
				t.Fatal("it was taken")
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q lacks %q", err, part)
				}
			}
		})
	}
}
