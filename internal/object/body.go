package object

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// fill makes a request of an operation: the path's names and the template's leaves get their values.
func (k *Kind) fill(op Op, values Values, changed []string) (cloud.Request, error) {
	request := cloud.Request{
		Service:    or(op.Service, k.Service),
		Region:     values.String(attrRegion),
		Method:     op.Method,
		Idempotent: op.Idempotent,
		OnlyNew:    op.OnlyNew,
		Version:    op.Version,
		Role:       or(op.Role, k.Role),
	}
	var err error
	write := func(escape func(string) string) func(string, any) string {
		return func(name string, value any) string { return escape(k.word(name, value)) }
	}
	if request.Path, err = expand(op.Path, values, write(url.PathEscape)); err != nil {
		return request, err
	}
	if len(op.Query)+len(op.Repeat) > 0 {
		request.Query = url.Values{}
		for name, constants := range op.Repeat {
			request.Query[name] = slices.Clone(constants)
		}
		for name, value := range op.Query {
			value, err = expand(value, values, write(func(s string) string { return s }))
			if err != nil {
				return request, err
			}
			request.Query.Set(name, value)
		}
	}
	if body, plain := op.Body.(Body); op.Body != nil && (!plain || len(body) > 0) {
		if request.Body, err = k.template(op.Body, values, changed); err != nil {
			return request, err
		}
	}
	request.Text = op.Text != ""
	request.Header, err = k.headers(op, values)
	return request, err
}

// word is an attribute's value in the API's words.
func (k *Kind) word(name string, value any) string {
	return or(k.Fields[name].Words[fmt.Sprint(value)], fmt.Sprint(value))
}

// headers are those that an operation sends.
func (k *Kind) headers(op Op, values Values) (http.Header, error) {
	var headers http.Header
	for name, content := range op.Headers {
		value, err := k.template(content, values, nil)
		if err != nil {
			return nil, err
		}
		if headers == nil {
			headers = http.Header{}
		}
		switch value := value.(type) {
		case nil:
		case map[string]any:
			for key, member := range value {
				headers.Set(name+key, fmt.Sprint(member))
			}
		default:
			headers.Set(name, fmt.Sprint(value))
		}
	}
	return headers, nil
}

// expand replaces each {name} by the attribute's value as it is written there; {project_id} is left to the client.
func expand(text string, values Values, write func(name string, value any) string) (string, error) {
	var out strings.Builder
	for {
		before, rest, opens := strings.Cut(text, "{")
		out.WriteString(before)
		if !opens {
			return out.String(), nil
		}
		name, after, _ := strings.Cut(rest, "}")
		if name == "project_id" {
			out.WriteString("{project_id}")
		} else {
			value, ok := values.Get(name)
			if !ok {
				return "", fmt.Errorf("%s is not known, and %q needs it", name, text)
			}
			out.WriteString(write(name, value))
		}
		text = after
	}
}

// plainText writes a value where no words and no escapes are wanted.
func plainText(_ string, value any) string { return fmt.Sprint(value) }

func (k *Kind) template(t any, values Values, changed []string) (any, error) {
	switch t := t.(type) {
	case Body:
		object := map[string]any{}
		for key, inner := range t {
			value, err := k.template(inner, values, changed)
			if err != nil {
				return nil, err
			}
			if value != nil {
				object[key] = value
			}
		}
		if len(object) == 0 && len(t) > 0 {
			return nil, nil // nothing of it was given
		}
		return object, nil
	case []any:
		list := make([]any, 0, len(t))
		for _, inner := range t {
			value, err := k.template(inner, values, changed)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		return list, nil
	case Attr:
		value, ok := values.Get(string(t))
		if !ok {
			return nil, nil
		}
		return k.Fields[string(t)].encode(value), nil
	case All:
		return k.all(t, values)
	case Changed:
		return k.changed(t, values, changed), nil
	}
	return t, nil
}

// all is the content of a create request.
func (k *Kind) all(t All, values Values) (map[string]any, error) {
	body := map[string]any{}
	if t.Plus != nil {
		constants, err := k.template(t.Plus, values, nil)
		if err != nil {
			return nil, err
		}
		if object, some := constants.(map[string]any); some {
			body = object
		}
	}
	for _, name := range k.sent() {
		field := k.Fields[name]
		place := or(field.Write, or(field.API, name))
		value, ok := values.Get(name)
		if !ok || place == Never {
			continue
		}
		encoded := field.encode(value)
		if object, isObject := encoded.(map[string]any); isObject {
			merge(body, nest(place, object))
		} else {
			put(body, place, encoded)
		}
	}
	if k.Tags != nil && k.Tags.Create != "" {
		if tags := values.Map(attrTagsAll); len(tags) > 0 {
			put(body, k.Tags.Create, encodeTags(k.Tags.Write, tags))
		}
	}
	if k.Encode.apply != nil {
		more, err := k.Encode.apply(values)
		if err != nil {
			return nil, err
		}
		merge(body, more)
	}
	return body, nil
}

// nest puts an object under a path.
func nest(path string, object map[string]any) map[string]any {
	outer := map[string]any{}
	put(outer, path, object)
	return outer
}

// changed is the content of an update request: what differs, and always the named. What was removed from the
// configuration is sent as empty, for leaving it out would keep it.
func (k *Kind) changed(always Changed, values Values, changed []string) map[string]any {
	body := map[string]any{}
	attributes := k.attributes()
	for _, name := range slices.Concat(changed, always) {
		field := k.Fields[name]
		place := or(field.Update, or(field.API, name))
		if place == Never {
			continue
		}
		if value, ok := values.Get(name); ok {
			put(body, place, field.encode(value))
		} else if empty := emptyOf(attributes[name]); empty != nil {
			put(body, place, empty)
		}
	}
	return body
}

// encode writes a value as the API has it.
func (f Field) encode(v any) any {
	if v == nil || v == convert.Unknown {
		return nil
	}
	if f.Words != nil {
		if word, ok := f.Words[fmt.Sprint(v)]; ok {
			v = word
		}
	}
	v = f.Form.of(v)
	if f.Of != nil {
		v = f.Of.encode(v)
	}
	if f.As != nil {
		v = f.As.Encode(v)
	}
	return v
}

// encode writes the members of an object, or of each object of a list.
func (f Fields) encode(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = f.encode(item)
		}
		return list
	case map[string]any:
		object := map[string]any{}
		for name, member := range v {
			field := f[name]
			place := or(field.Write, or(field.API, name))
			if member == nil || member == convert.Unknown || place == Never {
				continue
			}
			put(object, place, field.encode(member))
		}
		return object
	}
	return v
}
