package object

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// Values are the attributes of an object in Terraform's shape: nil, string, bool, [json.Number], []any, map[string]any,
// or [convert.Unknown]. The getters take a path ("networks.0.subnet_id") and answer only what is known and not null.
type Values map[string]any

// valuesOf reads the attributes of a configuration, plan or state; nil when there is no object.
func valuesOf(v tftypes.Value) (Values, error) {
	if v.IsNull() || !v.IsKnown() {
		return nil, nil
	}
	object, err := convert.FromTerraform(v)
	if err != nil {
		return nil, err
	}
	return object.(map[string]any), nil
}

// Get answers the value at a path when it is known and not null.
func (v Values) Get(path string) (any, bool) {
	value, ok := at(map[string]any(v), path)
	return value, ok && value != nil && value != convert.Unknown
}

// String is the text at a path; "" when there is none.
func (v Values) String(path string) string {
	value, _ := v.Get(path)
	s, _ := value.(string)
	return s
}

// Int is the whole number at a path, and whether there is one.
func (v Values) Int(path string) (int64, bool) {
	value, _ := v.Get(path)
	n, ok := value.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := n.Int64()
	return i, err == nil
}

// Bool is the truth at a path; false when there is none.
func (v Values) Bool(path string) bool {
	value, _ := v.Get(path)
	b, _ := value.(bool)
	return b
}

// List is the list or set at a path; nil when there is none.
func (v Values) List(path string) []any {
	value, _ := v.Get(path)
	list, _ := value.([]any)
	return list
}

// Map is the map at a path; nil when there is none.
func (v Values) Map(path string) map[string]any {
	value, _ := v.Get(path)
	m, _ := value.(map[string]any)
	return m
}

// Null tells that the attribute is known to have no value.
func (v Values) Null(path string) bool {
	value, _ := at(map[string]any(v), path)
	return value == nil
}

// Has tells that the attribute has a value, known or not.
func (v Values) Has(path string) bool { return !v.Null(path) }

// with is a copy in which others take precedence.
func (v Values) with(others map[string]any) Values {
	both := maps.Clone(v)
	if both == nil {
		both = Values{}
	}
	maps.Copy(both, others)
	return both
}

// Into carries a value from one Go shape to another by way of JSON. What is unknown is left out.
func Into[T any](v any) (T, error) {
	var out T
	text, err := json.Marshal(withoutUnknown(v))
	if err != nil {
		return out, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	err = decoder.Decode(&out)
	return out, err
}

func withoutUnknown(v any) any {
	switch v := v.(type) {
	case Values:
		return withoutUnknown(map[string]any(v))
	case map[string]any:
		known := make(map[string]any, len(v))
		for key, element := range v {
			if element != convert.Unknown {
				known[key] = withoutUnknown(element)
			}
		}
		return known
	case []any:
		known := make([]any, len(v))
		for i, element := range v {
			if element != convert.Unknown {
				known[i] = withoutUnknown(element)
			}
		}
		return known
	}
	return v
}

// at walks a path: keys joined by dots, [2] or a bare number to pick from a list, [name=value] to pick the first with that member.
func at(v any, path string) (any, bool) {
	if path == "" {
		return v, v != nil
	}
	for _, step := range steps(path) {
		switch container := v.(type) {
		case map[string]any:
			element, ok := container[step]
			if !ok {
				return nil, false
			}
			v = element
		case []any:
			element, ok := pick(container, step)
			if !ok {
				return nil, false
			}
			v = element
		default:
			return nil, false
		}
	}
	return v, true
}

// every walks a path into each item of the lists on the way.
func every(v any, path []string) []any {
	switch container := v.(type) {
	case []any:
		var found []any
		for _, item := range container {
			found = append(found, every(item, path)...)
		}
		return found
	case map[string]any:
		if len(path) == 0 {
			return nil
		}
		return every(container[path[0]], path[1:])
	case nil:
		return nil
	}
	return []any{v}
}

func pick(list []any, step string) (any, bool) {
	if name, want, ok := strings.Cut(step, "="); ok {
		i := slices.IndexFunc(list, func(item any) bool {
			member, found := at(item, name)
			return found && fmt.Sprint(member) == want
		})
		if i < 0 {
			return nil, false
		}
		return list[i], true
	}
	i, err := strconv.Atoi(step)
	if err != nil || i < 0 || i >= len(list) {
		return nil, false
	}
	return list[i], true
}

// steps splits "a[b=c].d[0]" into a, b=c, d, 0.
func steps(path string) []string {
	var out []string
	for key := range strings.SplitSeq(path, ".") {
		name, rest, picks := strings.Cut(key, "[")
		if name != "" {
			out = append(out, name)
		}
		if picks {
			for pick := range strings.SplitSeq(strings.TrimSuffix(rest, "]"), "][") {
				out = append(out, pick)
			}
		}
	}
	return out
}

// put stores a value under a path of keys, making the objects on the way.
func put(object map[string]any, path string, value any) {
	keys := strings.Split(path, ".")
	for _, key := range keys[:len(keys)-1] {
		inner, ok := object[key].(map[string]any)
		if !ok {
			inner = map[string]any{}
			object[key] = inner
		}
		object = inner
	}
	object[keys[len(keys)-1]] = value
}

// merge adds one JSON object to another, at every depth.
func merge(object, more map[string]any) {
	for key, value := range more {
		inner, isObject := value.(map[string]any)
		existing, ok := object[key].(map[string]any)
		if isObject && ok {
			merge(existing, inner)
			continue
		}
		object[key] = value
	}
}

// dotted joins two paths, either of which may be empty.
func dotted(a, b string) string {
	return strings.Trim(a+"."+b, ".")
}

// Loose is a text in an answer that the cloud may write as a number or a truth.
type Loose string

// UnmarshalJSON takes any single value as text.
func (l *Loose) UnmarshalJSON(raw []byte) error {
	var s string
	if err := json.Unmarshal(raw, &s); err == nil {
		*l = Loose(s)
		return nil
	}
	*l = Loose(strings.Trim(string(raw), `"`))
	return nil
}
