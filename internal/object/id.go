package object

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// Some objects are not found by an id of the cloud's alone: those that lie in others, and those that are nothing but a
// bond between two. Their id is made of attributes, "{server_id}/{volume_id}", and taken apart again where only the id
// is known: at import, and when one is looked up.

// parts are the attributes that the id is made of; none when it is the cloud's own.
func (k *Kind) parts() []string { return names(k.ID) }

// names are those in braces, without the project, which the client knows.
func names(template string) (found []string) {
	for {
		_, rest, opens := strings.Cut(template, "{")
		if !opens {
			return found
		}
		name, after, _ := strings.Cut(rest, "}")
		if name != "project_id" {
			found = append(found, name)
		}
		template = after
	}
}

// composed is the id of an object: the cloud's own, or one that is made of attributes, of which the cloud's own is the
// one that is not known. It is "" while something of it is not known.
func (k *Kind) composed(values Values, own any) string {
	if k.ID == "" {
		if own == nil {
			return ""
		}
		return fmt.Sprint(own)
	}
	whole := values.with(nil)
	for _, name := range k.parts() {
		if _, known := values.Get(name); !known {
			whole[name] = own
		}
	}
	id, err := expand(k.ID, whole, func(s string) string { return s })
	if err != nil {
		return ""
	}
	return id
}

// idOf is the id of an object in an answer. What the answer does not tell of it is what was asked by.
func (k *Kind) idOf(object map[string]any, asked Values) string {
	if k.ID == "" {
		own, _ := at(object, or(k.Fields[attrID].API, attrID))
		return k.composed(nil, own)
	}
	values := Values{}
	for _, name := range k.parts() {
		value, err := k.Fields[name].decode(object, name, asked[name])
		if err != nil || value == nil {
			value = asked[name]
		}
		values[name] = value
	}
	return k.composed(values, nil)
}

// located are the values with all that their id tells.
func (k *Kind) located(values Values) Values {
	parts, err := k.apart(values.String(attrID))
	if err != nil {
		return values
	}
	return values.with(parts)
}

// apart takes an id apart into attributes, the id itself among them. The last part may hold the separator.
func (k *Kind) apart(id string) (map[string]any, error) {
	out := map[string]any{attrID: id}
	parts := k.parts()
	if len(parts) == 0 {
		return out, nil
	}
	texts := strings.SplitN(id, "/", len(parts))
	if len(texts) != len(parts) || slices.Contains(texts, "") {
		return nil, fmt.Errorf("%q is not of the form %s", id, k.idForm())
	}
	for i, name := range parts {
		out[name] = texts[i]
	}
	return out, nil
}

// idForm is how an id that is made of attributes looks: "server_id/volume_id".
func (k *Kind) idForm() string { return strings.NewReplacer("{", "", "}", "").Replace(k.ID) }

// scope are the attributes that the list is asked by, in its path or its body: what all listed objects lie in.
func (k *Kind) scope() []string {
	op := k.listOp()
	return append(names(op.Path), named(op.Body)...)
}

// named are the attributes that a template of constants and attributes names.
func named(template any) (found []string) {
	switch t := template.(type) {
	case Attr:
		return []string{string(t)}
	case Body:
		for _, key := range slices.Sorted(maps.Keys(t)) {
			found = append(found, named(t[key])...)
		}
	case []any:
		for _, inner := range t {
			found = append(found, named(inner)...)
		}
	}
	return found
}

// within are the values of the scope as one text.
func (k *Kind) within(values Values) string {
	text := ""
	for _, name := range k.scope() {
		text += "/" + url.PathEscape(fmt.Sprint(values[name]))
	}
	return text
}
