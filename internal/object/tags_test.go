package object

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

func tagSession() *Session {
	return &Session{DefaultTags: map[string]string{"team": "x", "cost": "1", "sys:auto": "2"}, IgnoreTagKeys: []string{"owner"}, IgnoreTagPrefixes: []string{"sys:"}}
}

func TestTagsAll(t *testing.T) {
	t.Parallel()
	s := tagSession()
	for name, test := range map[string]struct{ own, want string }{
		"none":           {`null`, `{"cost":"1","team":"x"}`},
		"of its own":     {`{"a":"b"}`, `{"a":"b","cost":"1","team":"x"}`},
		"its own win":    {`{"team":"y"}`, `{"cost":"1","team":"y"}`},
		"the same twice": {`{"team":"x"}`, `{"cost":"1","team":"x"}`},
	} {
		if got := show(t, s.tagsAll(parse(t, test.own))); got != test.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := s.tagsAll(convert.Unknown); got != convert.Unknown {
		t.Errorf("got %v", got)
	}
	got := s.tagsAll(map[string]any{"a": convert.Unknown}).(map[string]any)
	if got["a"] != convert.Unknown || got["team"] != "x" {
		t.Errorf("got %v", got)
	}
}

// The word of the action is in the body, or in the path where that has a place for it.
func TestTagsAction(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/v2/disks/{id}/tags/action":   `POST /v2/disks/{id}/tags/action {"action":"delete","tags":[{"key":"a","value":"b"}]}`,
		"/v3/disks/{id}/tags/{action}": `POST /v3/disks/{id}/tags/delete {"tags":[{"key":"a","value":"b"}]}`,
	} {
		op := (&Tags{Action: path}).action("delete", Pairs.Encode(map[string]any{"a": "b"}))
		if got := op.Method + " " + op.Path + " " + show(t, map[string]any(op.Body.(Body))); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestDecodeTags(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ prior, answer, tags, all string }{
		"as planned":                     {`{"tags":{"a":"b"}}`, `{"a":"b","team":"x"}`, `{"a":"b"}`, `{"a":"b","team":"x"}`},
		"added elsewhere":                {`{"tags":{"a":"b"}}`, `{"a":"b","new":"n"}`, `{"a":"b","new":"n"}`, `{"a":"b","new":"n"}`},
		"changed elsewhere":              {`{"tags":{"a":"b"}}`, `{"a":"c"}`, `{"a":"c"}`, `{"a":"c"}`},
		"removed elsewhere":              {`{"tags":{"a":"b"}}`, `{}`, `{}`, `{}`},
		"added where there were none":    {`{}`, `{"new":"n"}`, `{"new":"n"}`, `{"new":"n"}`},
		"none":                           {`{}`, `{}`, `null`, `{}`},
		"none, and said so":              {`{"tags":{}}`, `{}`, `{}`, `{}`},
		"a default":                      {`{}`, `{"team":"x"}`, `null`, `{"team":"x"}`},
		"a default changed elsewhere":    {`{}`, `{"team":"y"}`, `{"team":"y"}`, `{"team":"y"}`},
		"a default that is its own, too": {`{"tags":{"team":"x"}}`, `{"team":"x"}`, `{"team":"x"}`, `{"team":"x"}`},
		"ignored":                        {`{"tags":{"a":"b"}}`, `{"a":"b","owner":"o","sys:x":"y"}`, `{"a":"b"}`, `{"a":"b"}`},
		"a value with a separator":       {`{"tags":{"a":"b*c=d"}}`, `{"a":"b*c=d"}`, `{"a":"b*c=d"}`, `{"a":"b*c=d"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := map[string]any{"tags": Pairs.Encode(parse(t, test.answer))}
			tags, all, err := tagSession().decodeTags(disk(), answer, parseObject(t, test.prior))
			if err != nil || show(t, tags) != test.tags || show(t, all) != test.all {
				t.Errorf("got %s and %s, %v", show(t, tags), show(t, all), err)
			}
		})
	}
	if _, _, err := tagSession().decodeTags(disk(), parseObject(t, `{"tags":"a"}`), nil); err == nil {
		t.Error("a text became tags")
	}
	kind := disk()
	kind.Tags = &Tags{Read: "meta.labels"} // a map as it is
	if tags, all, err := tagSession().decodeTags(kind, parseObject(t, `{"meta":{"labels":{"a":"b"}}}`), nil); show(t, tags) != `{"a":"b"}` || show(t, all) != `{"a":"b"}` || err != nil {
		t.Errorf("got %v, %v, %v", tags, all, err)
	}
	if tags, all, err := tagSession().decodeTags(kind, parseObject(t, `{}`), nil); tags != nil || show(t, all) != `{}` || err != nil {
		t.Errorf("got %v, %v, %v", tags, all, err)
	}
}

// Only what differs is sent: one call to remove, one to add.
func TestRetag(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before, after string
		calls         []string
	}{
		"nothing": {`{"a":"b"}`, `{"a":"b"}`, nil},
		"add":     {`null`, `{"a":"b","c":"d"}`, []string{`POST /v1/p/disks/d1/tags {"action":"create","tags":[{"key":"a","value":"b"},{"key":"c","value":"d"}]}`}},
		"change":  {`{"a":"b","c":"d"}`, `{"a":"x","c":"d"}`, []string{`POST /v1/p/disks/d1/tags {"action":"create","tags":[{"key":"a","value":"x"}]}`}},
		"remove":  {`{"a":"b","c":"d"}`, `null`, []string{`POST /v1/p/disks/d1/tags {"action":"delete","tags":[{"key":"a","value":"b"},{"key":"c","value":"d"}]}`}},
		"both": {`{"a":"b","c":"d"}`, `{"c":"e","f":"g"}`, []string{
			`POST /v1/p/disks/d1/tags {"action":"delete","tags":[{"key":"a","value":"b"}]}`,
			`POST /v1/p/disks/d1/tags {"action":"create","tags":[{"key":"c","value":"e"},{"key":"f","value":"g"}]}`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := always(204, "")
			before, _ := parse(t, test.before).(map[string]any)
			after, _ := parse(t, test.after).(map[string]any)
			if err := serve(t, f).retag(t.Context(), disk(), d1, before, after); err != nil {
				t.Error(err)
			}
			if !slices.Equal(f.calls, test.calls) {
				t.Errorf("called %q", f.calls)
			}
		})
	}
	if err := serve(t, always(403, "")).retag(t.Context(), disk(), d1, nil, map[string]any{"a": "b"}); err == nil {
		t.Error("its failure was lost")
	}
}

func TestBadTags(t *testing.T) {
	t.Parallel()
	if got := tagSession().badTags(Values{"tags": map[string]any{"a": "b", "sys:y": "", "owner": "o"}}); !slices.Equal(got, []string{"owner", "sys:y"}) {
		t.Errorf("got %q", got)
	}
}

// Default tags meet the rules of each service only with the object.
func TestTagRules(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 44)
	many := map[string]any{}
	for i := range 11 {
		many[fmt.Sprint(i)] = ""
	}
	for name, test := range map[string]struct {
		tags map[string]any
		want string
	}{
		"good":                {map[string]any{"env": "prod", "层": ""}, ""},
		"a long key":          {map[string]any{long: ""}, "more than 36 characters"},
		"a long value":        {map[string]any{"a": long}, "more than 43 characters"},
		"an odd key":          {map[string]any{"a=b": "c"}, "a key may hold"},
		"an odd value":        {map[string]any{"a": "b c"}, "a value . too"},
		"a value to come":     {map[string]any{"a": convert.Unknown}, ""},
		"more than there may": {many, "there are 11, and it can have 10"},
	} {
		if got := NarrowTags.wrong(test.tags); (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// One call takes ten tags.
func TestRetagInParts(t *testing.T) {
	t.Parallel()
	tags := map[string]any{}
	for i := range 23 {
		tags[fmt.Sprintf("k%02d", i)] = "v"
	}
	var sizes []int
	f := &fake{answer: func(_, _, _, body string) (int, string) {
		sizes = append(sizes, strings.Count(body, `"key"`))
		return 200, "{}"
	}}
	if err := serve(t, f).retag(t.Context(), disk(), Values{"id": "d1"}, nil, tags); err != nil || !slices.Equal(sizes, []int{10, 10, 3}) {
		t.Error(sizes, err)
	}
}
