package object

import (
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Notation is how an API writes a value that Terraform has in another form. Encode and Decode are never given nil.
type Notation interface {
	Encode(any) any
	Decode(any) (any, error)
}

// The notations of the APIs.
var (
	Pairs  Notation = pairs{"key", "value"}  // a map as [{"key":k,"value":v}]
	Nodes  Notation = pairs{"Key", "Value"}  // a map as XML has it: [{"Key":k,"Value":v}], or one such pair by itself
	Named  Notation = pairs{"Name", "Value"} // the same with names: [{"Name":k,"Value":v}]
	Many   Notation = many{}                 // a list as XML has it: one item is by itself
	Stars  Notation = joined{separator: "*"} // a map as ["k*v"]
	Equals Notation = joined{separator: "="} // a map as ["k=v"], or "k" where v is empty
	Base64 Notation = encoded{}              // a text in base 64; what is not base 64 is taken as it is
	Text   Notation = text{}                 // a number or a truth written as a string
	First  Notation = first{}                // one value, answered as a list of one
	Commas Notation = commas{}               // a list as "a,b"
	IDs    Notation = ids{}                  // a list of ids as [{"id":"a"}]
	Millis Notation = millis{}               // a time in milliseconds since 1970, as a string; in Terraform it is RFC 3339, in UTC
)

// Inner is a list of objects as an API writes it that has, instead of each object, its one member, a list: [[..],[..]].
func Inner(member string) Notation { return inner(member) }

// Flag is a truth written as a word, and left out when it is false.
type Flag string

// Encode implements [Notation].
func (f Flag) Encode(v any) any {
	if v == true {
		return string(f)
	}
	return nil
}

// Decode implements [Notation].
func (f Flag) Decode(v any) (any, error) { return v == string(f), nil }

type many struct{}

func (many) Encode(v any) any { return v }

func (many) Decode(v any) (any, error) {
	if list, ok := v.([]any); ok {
		return list, nil
	}
	return []any{v}, nil
}

type pairs struct{ key, value string }

func (p pairs) Encode(v any) any {
	m := v.(map[string]any)
	list := []any{}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		list = append(list, map[string]any{p.key: key, p.value: m[key]})
	}
	return list
}

func (p pairs) Decode(v any) (any, error) {
	if node, alone := v.(map[string]any); alone && node[p.key] != nil {
		v = []any{node}
	}
	list, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("the cloud answered %T where a list of keys and values belongs", v)
	}
	m := map[string]any{}
	for _, item := range list {
		key, _ := at(item, p.key)
		value, _ := at(item, p.value)
		if value == nil {
			value = ""
		}
		m[fmt.Sprint(key)] = value
	}
	return m, nil
}

type joined struct{ separator string }

func (j joined) Encode(v any) any {
	m := v.(map[string]any)
	list := []any{}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		list = append(list, key+j.separator+fmt.Sprint(m[key]))
	}
	return list
}

func (j joined) Decode(v any) (any, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("the cloud answered %T where a list of texts belongs", v)
	}
	m := map[string]any{}
	for _, item := range list {
		key, value, _ := strings.Cut(fmt.Sprint(item), j.separator) // at the first: a value may hold the separator too
		m[key] = value
	}
	return m, nil
}

type encoded struct{}

func (encoded) Encode(v any) any { return base64.StdEncoding.EncodeToString([]byte(v.(string))) }

func (encoded) Decode(v any) (any, error) {
	s, ok := v.(string)
	if !ok {
		return nil, fmt.Errorf("the cloud answered %T where a text in base 64 belongs", v)
	}
	plain, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return s, nil //nolint:nilerr // taken as it is
	}
	return string(plain), nil
}

type text struct{}

func (text) Encode(v any) any          { return fmt.Sprint(v) }
func (text) Decode(v any) (any, error) { return v, nil } // the schema's type decides

type first struct{}

func (first) Encode(v any) any { return v }

func (first) Decode(v any) (any, error) {
	list, ok := v.([]any)
	if !ok {
		return v, nil
	}
	if len(list) == 0 {
		return nil, nil
	}
	return list[0], nil
}

type millis struct{}

func (millis) Encode(v any) any {
	t, err := time.Parse(time.RFC3339, fmt.Sprint(v))
	if err != nil {
		return v // the cloud says what is wrong with it
	}
	return strconv.FormatInt(t.UnixMilli(), 10)
}

func (millis) Decode(v any) (any, error) {
	if v == "" {
		return nil, nil
	}
	n, err := strconv.ParseInt(fmt.Sprint(v), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("the cloud answered %v where milliseconds since 1970 belong", v)
	}
	return time.UnixMilli(n).UTC().Format(time.RFC3339), nil
}

type ids struct{}

func (ids) Encode(v any) any {
	list := []any{}
	for _, id := range v.([]any) {
		list = append(list, map[string]any{"id": id})
	}
	return list
}

func (ids) Decode(v any) (any, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("the cloud answered %T where a list of objects with an id belongs", v)
	}
	found := []any{}
	for _, item := range list {
		id, ok := at(item, "id")
		if !ok {
			return nil, fmt.Errorf("the cloud answered %v where an object with an id belongs", item)
		}
		found = append(found, id)
	}
	return found, nil
}

type commas struct{}

func (commas) Encode(v any) any {
	texts := []string{}
	for _, item := range v.([]any) {
		texts = append(texts, fmt.Sprint(item))
	}
	return strings.Join(texts, ",")
}

func (commas) Decode(v any) (any, error) {
	list := []any{}
	for item := range strings.SplitSeq(fmt.Sprint(v), ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list, nil
}

type inner string

func (n inner) Encode(v any) any {
	lists := []any{}
	for _, item := range v.([]any) {
		member, _ := at(item, string(n))
		lists = append(lists, Fields{}.encode(member))
	}
	return lists
}

func (n inner) Decode(v any) (any, error) {
	lists, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("the cloud answered %T where a list of lists belongs", v)
	}
	items := make([]any, len(lists))
	for i, list := range lists {
		items[i] = map[string]any{string(n): list}
	}
	return items, nil
}
