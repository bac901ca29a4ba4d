package object

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// What Terraform has, how the API writes it, and what is read back.
func TestNotations(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		notation      Notation
		plain, writes string
	}{
		"pairs":              {Pairs, `{"b":"2","a":"1"}`, `[{"key":"a","value":"1"},{"key":"b","value":"2"}]`},
		"nodes":              {Nodes, `{"b":"2","a":"1"}`, `[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]`},
		"named":              {Named, `{"b":"2","a":"1"}`, `[{"Name":"a","Value":"1"},{"Name":"b","Value":"2"}]`},
		"many":               {Many, `["a","b"]`, `["a","b"]`},
		"no pairs":           {Pairs, `{}`, `[]`},
		"stars":              {Stars, `{"b":"2","a":""}`, `["a*","b*2"]`},
		"stars in the value": {Stars, `{"a":"1*2"}`, `["a*1*2"]`},
		"equals":             {Equals, `{"a":"1=2"}`, `["a=1=2"]`},
		"base 64":            {Base64, `"#!/bin/sh\n"`, `"IyEvYmluL3NoCg=="`},
		"nothing in base 64": {Base64, `""`, `""`},
		"commas":             {Commas, `["a","b"]`, `"a,b"`},
		"no commas":          {Commas, `[]`, `""`},
		"inner":              {Inner("of"), `[{"of":[{"a":1}]},{"of":[]}]`, `[[{"a":1}],[]]`},
		"nothing inner":      {Inner("of"), `[]`, `[]`},
		"ids":                {IDs, `["a","b"]`, `[{"id":"a"},{"id":"b"}]`},
		"no ids":             {IDs, `[]`, `[]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			written := test.notation.Encode(parse(t, test.plain))
			if got := show(t, written); got != test.writes {
				t.Errorf("wrote %s", got)
			}
			read, err := test.notation.Decode(parse(t, test.writes))
			if got := show(t, read); err != nil || got != show(t, parse(t, test.plain)) {
				t.Errorf("read %s, %v", got, err)
			}
		})
	}
}

// What the clouds write beside what they are sent.
func TestNotationsReadOddForms(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		notation     Notation
		answer, want string
	}{
		"pair without value":    {Pairs, `[{"key":"a"},{"key":"b","value":null}]`, `{"a":"","b":""}`},
		"pair of number":        {Pairs, `[{"key":1,"value":2}]`, `{"1":2}`},
		"key without separator": {Equals, `["a","b="]`, `{"a":"","b":""}`},
		"not base 64":           {Base64, `"plain text"`, `"plain text"`},
		"one of a list":         {First, `["a","b"]`, `"a"`},
		"none of a list":        {First, `[]`, `null`},
		"no list at all":        {First, `"a"`, `"a"`},
		"spaces and holes":      {Commas, `" a, ,b,"`, `["a","b"]`},
		"number in commas":      {Commas, `7`, `["7"]`},
		"node by itself":        {Nodes, `{"Key":"a","Value":"1"}`, `{"a":"1"}`},
		"one of many":           {Many, `"a"`, `["a"]`},
		"one object of many":    {Many, `{"a":"b"}`, `[{"a":"b"}]`},
		"text stays":            {Text, `"8"`, `"8"`},
		"ids among others":      {IDs, `[{"id":"a","name":"b"}]`, `["a"]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := test.notation.Decode(parse(t, test.answer)); err != nil || show(t, got) != test.want {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
	if got := show(t, Inner("of").Encode(parse(t, `[{"of":[{"a":1,"b":null}]}]`))); got != `[[{"a":1}]]` {
		t.Errorf("Inner wrote %s", got)
	}
	if got := Text.Encode(parse(t, `8`)); got != "8" {
		t.Errorf("Text wrote %#v", got)
	}
	if got := Text.Encode(true); got != "true" {
		t.Errorf("Text wrote %#v", got)
	}
	if got := First.Encode("a"); got != "a" {
		t.Errorf("First wrote %#v", got)
	}
}

func TestNotationsRefuse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		notation Notation
		answer   string
	}{
		"pairs":   {Pairs, `{"a":"b"}`},
		"stars":   {Stars, `"a*b"`},
		"base 64": {Base64, `7`},
		"inner":   {Inner("of"), `{"of":[]}`},
		"ids":     {IDs, `{"id":"a"}`},
		"no id":   {IDs, `[{"name":"a"}]`},
	} {
		if got, err := test.notation.Decode(parse(t, test.answer)); err == nil || !strings.Contains(err.Error(), "the cloud answered") {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// A flag that is not set is left out.
func TestFlag(t *testing.T) {
	t.Parallel()
	for word, want := range map[any]bool{"3az": true, "1az": false} {
		if got, err := Flag("3az").Decode(word); got != want || err != nil {
			t.Errorf("%v is read as %v, %v", word, got, err)
		}
	}
	if on, off := Flag("3az").Encode(true), Flag("3az").Encode(false); on != "3az" || off != nil {
		t.Errorf("wrote %v and %v", on, off)
	}
}

// A time in milliseconds is read as RFC 3339, and written back the same.
func TestMillis(t *testing.T) {
	t.Parallel()
	for api, want := range map[any]any{"1723272402000": "2024-08-10T06:46:42Z", json.Number("0"): "1970-01-01T00:00:00Z", "": nil} {
		got, err := Millis.Decode(api)
		if got != want || err != nil {
			t.Errorf("%v: %v, %v", api, got, err)
		}
		if want != nil && Millis.Encode(got) != fmt.Sprint(api) {
			t.Errorf("%v is written as %v", got, Millis.Encode(got))
		}
	}
	if got, err := Millis.Decode("yesterday"); err == nil {
		t.Errorf("got %v", got)
	}
}
