package object

import (
	"strings"
)

// Domain is the form of a domain name: lower case, with the dot of the root at its end.
func Domain(name string) string {
	if name == "" {
		return ""
	}
	return strings.ToLower(strings.TrimSuffix(name, ".")) + "."
}

// of is a value in its form: a text, or a list of texts.
func (f Form) of(v any) any {
	if f == nil {
		return v
	}
	switch v := v.(type) {
	case string:
		return f(v)
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = f.of(item)
		}
		return list
	}
	return v
}

// keep is an answered value in the spelling that the state has for it.
func (f Form) keep(v, prior any) any {
	if f == nil {
		return v
	}
	switch v := v.(type) {
	case string:
		if before, ok := prior.(string); ok && f(before) == f(v) {
			return before
		}
	case []any:
		spelled := map[any]any{}
		before, _ := prior.([]any)
		for _, item := range before {
			spelled[f.of(item)] = item
		}
		list := make([]any, len(v))
		for i, item := range v {
			if list[i] = item; spelled[f.of(item)] != nil {
				list[i] = spelled[f.of(item)]
			}
		}
		return list
	}
	return v
}
