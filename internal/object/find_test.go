package object

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
)

func TestFind(t *testing.T) {
	t.Parallel()
	items := `{"id":"d3","name":"b","size":"10","tags":[{"key":"env","value":"prod"},{"key":"a","value":"b"}],"boots":true},
		{"id":"d2","name":"a","size":20,"tags":[]},{"id":"d1","name":"b","size":20,"tags":[{"key":"env","value":"test"}]}`
	f := &fake{answer: func(_, path, _, _ string) (int, string) {
		switch path {
		case "/v1/p/disks":
			return 200, `{"disks":[` + items + `]}`
		case "/v1/p/disks/d2":
			return 200, `{"disk":{"id":"d2","name":"a","size":20}}`
		}
		return 404, "{}"
	}}
	s := serve(t, f)
	for name, test := range map[string]struct {
		wanted Values
		want   string
	}{
		"all, by name and id":   {Values{}, "d2 d1 d3"},
		"by name":               {Values{"name": "b"}, "d1 d3"},
		"by number in any form": {Values{"size": parse(t, "10")}, "d3"},
		"by truth":              {Values{"boots": true}, "d3"},
		"by absence":            {Values{"boots": false}, "d2 d1"},
		"by a tag":              {Values{"tags": map[string]any{"env": "prod"}}, "d3"},
		"by its value":          {Values{"tags": map[string]any{"env": "dev"}}, ""},
		"by two":                {Values{"name": "b", "size": parse(t, "20")}, "d1"},
		"by pattern":            {Values{"name_regex": "^[ac]$"}, "d2"},
		"by pattern and more":   {Values{"name_regex": "b", "size": parse(t, "20")}, "d1"},
		"by id":                 {Values{"id": "d2"}, "d2"},
		"by id and more":        {Values{"id": "d2", "name": "b"}, ""},
		"by no one's id":        {Values{"id": "d9"}, ""},
		"null is not asked":     {Values{"name": nil, "id": nil}, "d2 d1 d3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, err := s.find(t.Context(), disk(), test.wanted)
			var ids []string
			for _, object := range found {
				ids = append(ids, object.String("id"))
			}
			if err != nil || strings.Join(ids, " ") != test.want {
				t.Errorf("found %v, %v", ids, err)
			}
		})
	}
	if _, err := s.find(t.Context(), disk(), Values{"name_regex": "("}); err == nil {
		t.Error("a pattern that is none found something")
	}
}

// A list that answers less than the read is completed by reads, of those that fit.
func TestFindInThinList(t *testing.T) {
	t.Parallel()
	f := &fake{answer: func(_, path, _, _ string) (int, string) {
		if path == "/v1/p/disks" {
			return 200, `{"disks":[{"id":"d1","name":"a"},{"id":"d2","name":"b"}]}`
		}
		return 200, `{"disk":{"id":"d2","name":"b","size":20}}`
	}}
	kind := disk()
	kind.ThinList = true
	found, err := serve(t, f).find(t.Context(), kind, Values{"name": "b"})
	if err != nil || len(found) != 1 || show(t, found[0]["size"]) != "20" || f.count("GET /v1/p/disks/") != 1 {
		t.Errorf("found %v, %v, called %q", found, err, f.calls)
	}
}

// What a thin list does not answer is asked of the reads.
func TestFindByWhatAThinListLacks(t *testing.T) {
	t.Parallel()
	f := &fake{answer: func(_, path, _, _ string) (int, string) {
		switch path {
		case "/v1/p/disks":
			return 200, `{"disks":[{"id":"d1","name":"a"},{"id":"d2","name":"a"},{"id":"d3","name":"b"}]}`
		case "/v1/p/disks/d1":
			return 200, `{"disk":{"id":"d1","name":"a","size":10,"tags":[{"key":"env","value":"prod"}]}}`
		}
		return 200, `{"disk":{"id":"d2","name":"a","size":20}}`
	}}
	kind := disk()
	kind.ThinList = true
	for _, wanted := range []Values{{"name": "a", "size": json.Number("10")}, {"name": "a", "tags": map[string]any{"env": "prod"}}} {
		found, err := serve(t, f).find(t.Context(), kind, wanted)
		if err != nil || len(found) != 1 || found[0]["id"] != "d1" {
			t.Errorf("%v: found %v, %v", wanted, found, err)
		}
	}
	if f.count("GET /v1/p/disks/d3") > 0 {
		t.Errorf("called %q", f.calls)
	}
}

func TestFindFails(t *testing.T) {
	t.Parallel()
	for _, wanted := range []Values{{}, {"id": "d1"}} {
		if found, err := serve(t, always(403, "")).find(t.Context(), disk(), wanted); err == nil {
			t.Errorf("found %v", found)
		}
	}
}

func TestSame(t *testing.T) {
	t.Parallel()
	kind := disk()
	for _, test := range []struct {
		name, a, b string
		want       bool
	}{
		{"size", `8`, `"8"`, true},
		{"size", `8`, `9`, false},
		{"size", `"large"`, `8`, false},
		{"boots", `true`, `"True"`, true},
		{"name", `7`, `"7"`, true},
		{"name", `""`, `null`, false},
		{"labels", `["a","b"]`, `["b","a"]`, false},
		{"meta", `{"a":1}`, `{"a":"1"}`, true},
		{"groups", `["a","b"]`, `["b","a"]`, true},
		{"size", `1`, `1.0`, true},
		{"size", `null`, `0`, false},
		{"of no attribute", `"a"`, `"a"`, true},
	} {
		if got := kind.same(test.name, parse(t, test.a), parse(t, test.b)); got != test.want {
			t.Errorf("%s: %s and %s: %v", test.name, test.a, test.b, got)
		}
	}
}

// Look-ups that ask the same share one list, at once or one after the other, until something is written. One that failed is
// not kept.
func TestLookUpsShare(t *testing.T) {
	t.Parallel()
	fails := true
	all := disks(2)
	f := &fake{}
	f.answer = func(method, path, query, body string) (int, string) {
		if fails {
			fails = false
			return 403, `{"error_code":"D.403"}`
		}
		return all(method, path, query, body)
	}
	s := serve(t, f)
	look := func(wanted Values) (int, error) {
		found, err := s.find(t.Context(), disk(), wanted)
		return len(found), err
	}
	if _, err := look(Values{}); err == nil {
		t.Error("a failure is not told")
	}
	var lookers sync.WaitGroup
	for range 10 {
		lookers.Go(func() {
			if n, err := look(Values{"name": "disk 1"}); n != 1 || err != nil {
				t.Errorf("found %d, %v", n, err)
			}
		})
	}
	lookers.Wait()
	if calls := f.count("GET"); calls != 2 {
		t.Errorf("%d calls", calls)
	}
	s.listing(&Kind{Name: "other"}, Values{}).forget()
	if n, err := look(Values{}); n != 2 || err != nil || f.count("GET") != 3 {
		t.Errorf("after a write: %d, %v, %v", n, err, f.calls)
	}
}
