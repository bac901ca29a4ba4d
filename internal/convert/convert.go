// Package convert turns JSON into Terraform values and back, guided by the Terraform type.
//
// The cloud writes the same thing in many ways: a number as "8", a boolean as "true", an id as a number. The type that the
// schema asks for decides what is meant, so that no object has to care.
package convert

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Unknown stands for a value that Terraform will know only after apply. It appears in what [FromTerraform] returns and
// is accepted by [ToTerraform].
var Unknown = unknown{}

type unknown struct{}

// String says what a person reads in a plan.
func (unknown) String() string { return "(known after apply)" }

// ToTerraform converts JSON (nil, bool, string, [json.Number], []any, map[string]any) to a value of type typ.
// What is absent or null becomes null. Errors name the place: "network_interfaces[0].mtu".
func ToTerraform(typ tftypes.Type, v any) (tftypes.Value, error) {
	return toTerraform(typ, v, "")
}

func toTerraform(typ tftypes.Type, v any, at string) (tftypes.Value, error) {
	if v == nil {
		return tftypes.NewValue(typ, nil), nil
	}
	if v == Unknown {
		return tftypes.NewValue(typ, tftypes.UnknownValue), nil
	}
	switch t := typ.(type) {
	case tftypes.List:
		return sequence(typ, t.ElementType, v, at)
	case tftypes.Set:
		return sequence(typ, t.ElementType, v, at)
	case tftypes.Map:
		object, ok := v.(map[string]any)
		if !ok {
			return mismatch(typ, v, at)
		}
		elements := make(map[string]tftypes.Value, len(object))
		for key, element := range object {
			value, err := toTerraform(t.ElementType, element, at+"["+strconv.Quote(key)+"]")
			if err != nil {
				return tftypes.Value{}, err
			}
			elements[key] = value
		}
		return tftypes.NewValue(typ, elements), nil
	case tftypes.Object:
		object, ok := v.(map[string]any)
		if !ok {
			return mismatch(typ, v, at)
		}
		attributes := make(map[string]tftypes.Value, len(t.AttributeTypes))
		for name, attribute := range t.AttributeTypes {
			value, err := toTerraform(attribute, object[name], strings.TrimPrefix(at+"."+name, "."))
			if err != nil {
				return tftypes.Value{}, err
			}
			attributes[name] = value
		}
		return tftypes.NewValue(typ, attributes), nil
	}
	switch {
	case typ.Is(tftypes.String):
		if text, ok := text(v); ok {
			return tftypes.NewValue(typ, text), nil
		}
	case typ.Is(tftypes.Bool):
		if truth, ok := truth(v); ok {
			return tftypes.NewValue(typ, truth), nil
		}
	case typ.Is(tftypes.Number):
		if s, ok := v.(string); ok && s == "" { // the cloud's way to say "none"
			return tftypes.NewValue(typ, nil), nil
		}
		if number, ok := number(v); ok {
			return tftypes.NewValue(typ, number), nil
		}
	}
	return mismatch(typ, v, at)
}

func sequence(typ, element tftypes.Type, v any, at string) (tftypes.Value, error) {
	list, ok := v.([]any)
	if !ok {
		return mismatch(typ, v, at)
	}
	elements := make([]tftypes.Value, 0, len(list))
	for i, item := range list {
		value, err := toTerraform(element, item, fmt.Sprintf("%s[%d]", at, i))
		if err != nil {
			return tftypes.Value{}, err
		}
		// A set holds each value once, however often the cloud lists it.
		if typ.Is(tftypes.Set{}) && slices.ContainsFunc(elements, value.Equal) {
			continue
		}
		elements = append(elements, value)
	}
	return tftypes.NewValue(typ, elements), nil
}

func mismatch(typ tftypes.Type, v any, at string) (tftypes.Value, error) {
	return tftypes.Value{}, fmt.Errorf("%s: the cloud answered a %s where a %s belongs", at, kindOf(v), typ)
}

func kindOf(v any) string {
	switch v.(type) {
	case map[string]any:
		return "JSON object"
	case []any:
		return "JSON list"
	case string:
		return "JSON string"
	case bool:
		return "JSON boolean"
	default:
		return "JSON number"
	}
}

func text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	case int, int64, float64:
		return fmt.Sprint(v), true
	}
	return "", false
}

func truth(v any) (truth, ok bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case string:
		truth, err := strconv.ParseBool(strings.ToLower(v))
		return truth, err == nil
	case json.Number:
		truth, err := strconv.ParseBool(v.String())
		return truth, err == nil
	}
	return false, false
}

func number(v any) (*big.Float, bool) {
	digits, ok := text(v)
	if _, isBool := v.(bool); !ok || isBool {
		return nil, false
	}
	// The precision that Terraform itself parses numbers with.
	f, _, err := big.ParseFloat(digits, 10, 512, big.ToNearestEven)
	return f, err == nil
}

// FromTerraform converts a Terraform value to JSON; null becomes nil, unknown becomes [Unknown].
func FromTerraform(v tftypes.Value) (any, error) {
	if !v.IsKnown() {
		return Unknown, nil
	}
	if v.IsNull() {
		return nil, nil
	}
	typ := v.Type()
	switch typ.(type) {
	case tftypes.List, tftypes.Set, tftypes.Tuple:
		var elements []tftypes.Value
		if err := v.As(&elements); err != nil {
			return nil, err
		}
		list := make([]any, len(elements))
		for i, element := range elements {
			item, err := FromTerraform(element)
			if err != nil {
				return nil, err
			}
			list[i] = item
		}
		return list, nil
	case tftypes.Map, tftypes.Object:
		var elements map[string]tftypes.Value
		if err := v.As(&elements); err != nil {
			return nil, err
		}
		object := make(map[string]any, len(elements))
		for key, element := range elements {
			item, err := FromTerraform(element)
			if err != nil {
				return nil, err
			}
			object[key] = item
		}
		return object, nil
	}
	switch {
	case typ.Is(tftypes.String):
		var s string
		err := v.As(&s)
		return s, err
	case typ.Is(tftypes.Bool):
		var b bool
		err := v.As(&b)
		return b, err
	case typ.Is(tftypes.Number):
		f := new(big.Float)
		if err := v.As(&f); err != nil {
			return nil, err
		}
		return json.Number(f.Text('f', -1)), nil
	}
	return nil, fmt.Errorf("a value of type %s has no JSON form", typ)
}
