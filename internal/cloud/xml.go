package cloud

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// XML has the shape of JSON here: {"Tagging": {"TagSet": {"Tag": [{"Key": "env", "Value": "prod"}]}}} is a document whose
// root is Tagging. A list is an element that is repeated, so an answer has a list only of two or more; one is itself.
// Everything else is text. Namespaces and attributes are left out.

// encodeXML writes a document. The members of an object are in order of their names; what is nil is left out.
func encodeXML(document map[string]any) ([]byte, error) {
	if len(document) != 1 {
		return nil, fmt.Errorf("an XML document has one root, not %d", len(document))
	}
	var b bytes.Buffer
	err := writeXML(&b, document)
	return b.Bytes(), err
}

func writeXML(b *bytes.Buffer, members map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		list, isList := members[name].([]any)
		if !isList {
			list = []any{members[name]}
		}
		for _, item := range list {
			if item == nil {
				continue
			}
			b.WriteString("<" + name + ">")
			if inner, isObject := item.(map[string]any); isObject {
				if err := writeXML(b, inner); err != nil {
					return err
				}
			} else if err := xml.EscapeText(b, fmt.Append(nil, item)); err != nil {
				return err
			}
			b.WriteString("</" + name + ">")
		}
	}
	return nil
}

// decodeXML reads a document. Its root is an object unless it holds nothing but text.
func decodeXML(body []byte) (map[string]any, error) {
	decoder := xml.NewDecoder(bytes.NewReader(body))
	var document map[string]any
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) && document != nil {
			return document, nil
		}
		if err != nil {
			return nil, err
		}
		start, begins := token.(xml.StartElement)
		if !begins {
			continue
		}
		if document != nil {
			return nil, errors.New("it has two roots")
		}
		value, err := readXML(decoder)
		if err != nil {
			return nil, err
		}
		if value == "" {
			value = map[string]any{}
		}
		document = map[string]any{start.Name.Local: value}
	}
}

// readXML reads the rest of an element that has begun.
func readXML(decoder *xml.Decoder) (any, error) {
	var text strings.Builder
	var members map[string]any
	for {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.CharData:
			text.Write(token)
		case xml.StartElement:
			value, err := readXML(decoder)
			if err != nil {
				return nil, err
			}
			if members == nil {
				members = map[string]any{}
			}
			switch before := members[token.Name.Local].(type) {
			case nil:
				members[token.Name.Local] = value
			case []any:
				members[token.Name.Local] = append(before, value)
			default:
				members[token.Name.Local] = []any{before, value}
			}
		case xml.EndElement:
			if members != nil {
				return members, nil
			}
			return text.String(), nil
		}
	}
}

// oneOrMany is the list under a path of an answer: what is not there is empty, and one item is a list of one.
func oneOrMany(answer any, path string) []any {
	found, _ := Lookup(answer, path)
	switch found := found.(type) {
	case nil:
		return []any{}
	case []any:
		return found
	}
	return []any{found}
}
