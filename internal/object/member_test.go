package object

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// grouped is a disk whose groups are joined and left one by one.
func grouped() *Kind {
	kind := disk()
	step := func(method string) Op { return Op{Method: method, Path: "/v1/{project_id}/disks/{id}/groups/{item}"} }
	kind.Changes = []Change{{Of: []string{"groups"}, Add: step("PUT"), Remove: step("DELETE")}}
	return kind
}

// Members may come and go by themselves: those that the object has now count.
func TestMembers(t *testing.T) {
	t.Parallel()
	const path = "/v1/p/disks/d1/groups/"
	for name, test := range map[string]struct {
		now   string
		calls []string
	}{
		"as they are":    {`["a","b"]`, []string{"GET /v1/p/disks/d1", "DELETE " + path + "a", "PUT " + path + "c"}},
		"left by itself": {`["b"]`, []string{"GET /v1/p/disks/d1", "PUT " + path + "c"}},
		"came by itself": {`["a","b","c","d"]`, []string{"GET /v1/p/disks/d1", "DELETE " + path + "a", "DELETE " + path + "d"}},
		"all left":       {`null`, []string{"GET /v1/p/disks/d1", "PUT " + path + "b", "PUT " + path + "c"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind := grouped()
			f := always(200, fmt.Sprintf(`{"disk":{"id":"d1","groups":%s}}`, test.now))
			prior := d1.with(map[string]any{"groups": []any{"a", "b"}})
			_, err := (&managed{kind: kind, session: serve(t, f)}).apply(t.Context(), prior, prior.with(map[string]any{"groups": []any{"c", "b"}}), false)
			if err != nil || !slices.Equal(f.calls, test.calls) {
				t.Errorf("called %q, %v", f.calls, err)
			}
		})
	}
}

// Members that keep an object from being deleted leave before. When the object is gone already, nothing has to.
func TestFree(t *testing.T) {
	t.Parallel()
	kind := grouped()
	state := d1.with(map[string]any{"groups": []any{"a"}})
	for name, test := range map[string]struct {
		frees  bool
		status int
		calls  int
		err    bool
	}{
		"freed":        {true, 200, 1, false},
		"needs not be": {false, 200, 0, false},
		"gone":         {true, 404, 0, false},
		"refused":      {true, 403, 0, true},
	} {
		kind.Changes[0].Frees = test.frees
		f := always(test.status, `{"disk":{"id":"d1","groups":["a"]}}`)
		err := (&managed{kind: kind, session: serve(t, f)}).free(t.Context(), state)
		if (err != nil) != test.err || f.count("DELETE /v1/p/disks/d1/groups/a") != test.calls {
			t.Errorf("%s: called %q, %v", name, f.calls, err)
		}
	}
}

// What a change finds out is told, also when it fails afterwards, and is what was from then on.
func TestTell(t *testing.T) {
	t.Parallel()
	kind := disk()
	failure := errors.New("no more")
	kind.Changes[0].Do = func(_ context.Context, call *Call) error {
		call.Tell("flavor", "f1")
		if call.Prior.String("flavor") != "f1" {
			t.Error("it is not what was")
		}
		return failure
	}
	prior := d1.with(map[string]any{"flavor": "f0"})
	out, err := (&managed{kind: kind, session: serve(t, always(200, "{}"))}).apply(t.Context(), prior, prior.with(map[string]any{"name": "b"}), false)
	if !errors.Is(err, failure) || out.told.String("flavor") != "f1" || len(out.done) > 0 || prior.String("flavor") != "f0" {
		t.Errorf("told %v, %v", out, err)
	}
}

// Writes of one queue are made one after the other, others side by side. Waiting ends with the context.
func TestQueue(t *testing.T) {
	t.Parallel()
	kind := disk()
	kind.Queue = "rack {flavor}"
	in(t, always(200, ""), func(t *testing.T, s *Session) {
		var mu sync.Mutex
		within, most := map[string]int{}, map[string]int{}
		write := func(values Values) {
			leave, err := s.enter(t.Context(), kind, values)
			if err != nil {
				t.Error(err)
			}
			defer leave()
			rack := fmt.Sprint(values["flavor"])
			count := func(n int) {
				mu.Lock()
				defer mu.Unlock()
				within[rack] += n
				within["all"] += n
				most[rack], most["all"] = max(most[rack], within[rack]), max(most["all"], within["all"])
			}
			count(1)
			time.Sleep(time.Second)
			count(-1)
		}
		begun := time.Now()
		var all sync.WaitGroup
		for _, rack := range []any{"a", "a", "a", "b", nil, nil} {
			all.Go(func() { write(Values{"flavor": rack}) })
		}
		all.Wait()
		if took := time.Since(begun); took != 3*time.Second || most["a"] != 1 || most["<nil>"] != 2 || most["all"] != 4 {
			t.Errorf("took %v, side by side %v", took, most)
		}
		leave, err := s.enter(t.Context(), kind, Values{"flavor": "a"})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := s.enter(ctx, kind, Values{"flavor": "a"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		leave()
	})
}

// An attribute that the API has other words for stands for each of them in a path.
func TestSpelledPaths(t *testing.T) {
	t.Parallel()
	kind := disk()
	kind.Create = Op{Method: http.MethodPut, Path: "/v1/{project_id}/disks/{mode}"}
	var told []string
	for _, o := range kind.Operations() {
		if o.Purpose == "create" {
			told = append(told, o.Path)
		}
	}
	if want := []string{"/v1/{project_id}/disks/0", "/v1/{project_id}/disks/1"}; !slices.Equal(told, want) {
		t.Errorf("told %q", told)
	}
	f := &fake{answer: func(method, _, _, _ string) (int, string) {
		if method == http.MethodPut {
			return 0, "" // lost: a create is not sent again before the object was looked for
		}
		return 200, `{"disks":[{"id":"d2","name":"web","size":10,"meta":{"mode":"1"},"status":"ready"}],"next":""}`
	}, retries: 3}
	made, err := (&managed{kind: kind, session: serve(t, f)}).make(t.Context(), wanted().with(map[string]any{"mode": "fast"}))
	if err != nil || made.id != "d2" || f.count("PUT /v1/p/disks/1") != 1 {
		t.Errorf("made %v, %v, called %s", made, err, strings.Join(f.calls, "; "))
	}
}
