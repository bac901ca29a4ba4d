package object

import (
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// decode reads an answer into attributes. Prior is what the state held: it keeps what the API never answers, and
// decides between the ways to say "nothing".
func (k *Kind) decode(answer map[string]any, prior Values) (Values, error) {
	out := Values{}
	attributes := k.attributes()
	blank := k.blank(prior)
	for name, a := range attributes {
		switch {
		case a.writeOnly:
			out[name] = nil
		case a.silent || a.local || a.once:
			out[name] = known(prior[name])
			if out[name] == nil && a.standard != nil {
				out[name] = a.standard // an imported object: its arguments are at their defaults
			}
		default:
			value, err := a.field.decode(answer, name, prior[name])
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			out[name] = settle(a.field.mine(value, prior.Map(name), blank), prior[name], a)
		}
	}
	for name, field := range k.Fields {
		if given := known(prior[name]); field.Alias != "" && given != nil && given == out[field.Alias] {
			out[name] = given
		}
	}
	if k.Decode.apply != nil {
		decided, err := k.Decode.apply(answer, prior)
		if err != nil {
			return nil, err
		}
		for name, value := range decided {
			a := attributes[name]
			out[name] = settle(a.field.mine(value, prior.Map(name), blank), prior[name], a)
		}
	}
	return out, nil
}

// decode reads one attribute from the object that holds it.
func (f Field) decode(holder any, name string, prior any) (any, error) {
	place := or(f.Listed, or(f.Read, or(f.API, name)))
	if place == Never {
		return known(prior), nil
	}
	value, _ := at(holder, place)
	object, isObject := value.(map[string]any)
	switch {
	case value == nil && f.Listed != "":
		return known(prior), nil
	case value == nil || isObject && len(object) == 0 && f.Of != nil:
		return f.Absent, nil // an object without members is none
	}
	if f.As != nil {
		decoded, err := f.As.Decode(value)
		if err != nil || decoded == nil {
			return f.Absent, err
		}
		value = decoded
	}
	for word, api := range f.Words {
		if fmt.Sprint(value) == api {
			value = word
			break
		}
	}
	if f.Of != nil {
		return f.Of.decode(value, prior)
	}
	return f.Form.keep(value, prior), nil
}

// decode reads the members of an object, or of each object of a list.
func (f Fields) decode(v, prior any) (any, error) {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			before, _ := at(prior, fmt.Sprint(i))
			member, err := f.decode(item, before)
			if err != nil {
				return nil, err
			}
			list[i] = member
		}
		return list, nil
	case map[string]any:
		object := maps.Clone(v) // members that go by their own names stay
		for name, field := range f {
			before, _ := at(prior, name)
			member, err := field.decode(v, name, before)
			if err != nil {
				return nil, err
			}
			object[name] = member
		}
		return object, nil
	}
	return v, nil
}

// blank tells that the state knows nothing of the object but where it is, by its id: it is being imported, or looked up.
func (k *Kind) blank(prior Values) bool {
	for name, a := range k.Schema.Attributes {
		if (a.IsRequired() || a.IsOptional()) && prior.Has(name) && !slices.Contains(k.parts(), name) {
			return false
		}
	}
	return true
}

// mine is a value without what the service adds to it.
func (f Field) mine(value any, prior map[string]any, blank bool) any {
	if object, ok := value.(map[string]any); ok && f.System != nil {
		return f.own(object, prior, blank)
	}
	return value
}

// own are the keys of a map that are the user's: those the state has, or at import those that no pattern claims.
func (f Field) own(object, prior map[string]any, blank bool) map[string]any {
	own := map[string]any{}
	for key, value := range object {
		_, mine := prior[key]
		systems := slices.ContainsFunc(f.System, func(pattern string) bool {
			matches, _ := path.Match(pattern, key)
			return matches
		})
		if mine || (blank && !systems) {
			own[key] = value
		}
	}
	return own
}

// settle decides between the ways to say "nothing": a text, list or map that is empty is the same as none, so what the
// configuration said of it stands.
func settle(value, prior any, a attribute) any {
	prior = known(prior)
	if isEmpty(value) && isEmpty(prior) && a.settable && (prior != nil || !a.computed) {
		return prior
	}
	return value
}

func known(v any) any {
	if v == convert.Unknown {
		return nil
	}
	return v
}

func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// emptyOf is the empty value of an attribute's type; nil for numbers and truths, which have none.
func emptyOf(a attribute) any {
	switch a.typ.(type) {
	case tftypes.List, tftypes.Set:
		return []any{}
	case tftypes.Map:
		return map[string]any{}
	}
	if a.typ != nil && a.typ.Is(tftypes.String) {
		return ""
	}
	return nil
}
