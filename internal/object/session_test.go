package object

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

var d1 = Values{"id": "d1", "region": "r1", "name": "disk 1"}

// always answers everything alike.
func always(status int, answer string) *fake {
	return &fake{answer: func(string, string, string, string) (int, string) { return status, answer }}
}

func TestReadOne(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		answer string
		gone   bool
		want   string // in the error; "" for none
	}{
		"there":               {200, `{"disk":{"id":"d1"}}`, false, ""},
		"gone":                {404, `{"error_code":"D.1","error_msg":"no such disk"}`, true, "no such disk"},
		"gone without a word": {404, ``, true, "404"},
		"another way to say":  {400, `{"error_code":"D.8","error_msg":"no such rack"}`, true, "does not exist"},
		"marked as gone":      {200, `{"disk":{"id":"d1","status":"deleted"}}`, true, "does not exist"},
		"unknown API":         {404, `{"error_code":"APIGW.0101","error_msg":"The API does not exist"}`, false, "APIGW.0101"},
		"bad request":         {400, `{"error_code":"D.2","error_msg":"no such disk"}`, false, "D.2"},
		"gone by its code":    {400, `{"error_code":"D.9","error_msg":"no such rack"}`, true, "no such rack"},
		"another status":      {403, `{"error_code":"D.9","error_msg":"no such rack"}`, false, "D.9"},
		"forbidden":           {403, ``, false, "403"},
		"another shape":       {200, `{"disks":[]}`, false, `no "disk"`},
		"nothing":             {204, ``, false, `no "disk"`},
		"no JSON":             {200, `<html>`, false, "not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind := disk()
			kind.Missing = []string{"400 D.8", "400 D.9"}
			object, err := serve(t, always(test.status, test.answer)).readOne(t.Context(), kind, d1)
			switch {
			case (err == nil) != (test.want == ""):
				t.Errorf("got %v, %v", object, err)
			case err == nil && object["id"] != "d1":
				t.Errorf("got %v", object)
			case err != nil && (!strings.Contains(err.Error(), test.want) || gone(err) != test.gone):
				t.Errorf("got %v, which proves that it is gone: %v", err, gone(err))
			}
		})
	}
}

// Where there is no single read, the object is looked for on every page, and an end without it proves that it is gone.
func TestReadFromList(t *testing.T) {
	t.Parallel()
	kind := disk()
	kind.ListOnly = true
	f := &fake{answer: disks(5)}
	s := serve(t, f)
	for i, exists := range []bool{0: true, 4: true, 5: false} {
		object, err := s.readOne(t.Context(), kind, Values{"id": fmt.Sprintf("d%d", i)})
		if i < 4 && i > 0 {
			continue
		}
		if (err == nil) != exists || !exists && !gone(err) || exists && object["id"] != fmt.Sprintf("d%d", i) {
			t.Errorf("d%d: %v, %v", i, object, err)
		}
	}
	broken := &fake{answer: func(method, path, query, body string) (int, string) {
		if strings.Contains(query, "marker") {
			return 403, ""
		}
		return disks(5)(method, path, query, body)
	}}
	if _, err := serve(t, broken).readOne(t.Context(), kind, Values{"id": "d4"}); err == nil || gone(err) {
		t.Errorf("half a list proves nothing: %v", err)
	}
}

// withSides is a disk with a list of its parts, which all disks' parts can be listed for.
func withSides() *Kind {
	kind := disk()
	kind.Sides = []Side{{
		Into: "_parts", Many: "parts", Owner: "links.disk",
		Op: Op{Method: "GET", Path: "/v1/{project_id}/parts", Query: map[string]string{"disk": "{id}"}},
	}}
	return kind
}

func TestSides(t *testing.T) {
	t.Parallel()
	all := disks(3)
	f := &fake{}
	f.answer = func(method, path, query, body string) (int, string) {
		switch {
		case path != "/v1/p/parts":
			return all(method, path, query, body)
		case query == "disk=d1":
			return 200, `{"parts":[{"id":"p1"}]}`
		case query == "":
			return 200, `{"parts":[{"id":"p0","links":[{"disk":"d0"}]},{"id":"shared","links":[{"disk":"d0"},{"disk":"d1"}]},{"id":"loose","links":[]}]}`
		}
		return 403, ""
	}
	s := serve(t, f)
	object, err := s.read(t.Context(), withSides(), d1)
	if err != nil || show(t, object["_parts"]) != `[{"id":"p1"}]` {
		t.Errorf("read %v, %v", object, err)
	}
	object = map[string]any{"id": "d1"}
	if err := s.complete(t.Context(), withSides(), d1, object); err != nil || show(t, object["_parts"]) != `[{"id":"p1"}]` {
		t.Errorf("completed to %v, %v", object, err)
	}
	list, err := s.list(t.Context(), withSides(), Values{}, func() error { return nil })
	if err != nil || len(list) != 3 {
		t.Fatalf("listed %v, %v", list, err)
	}
	for i, want := range []string{
		`[{"id":"p0","links":[{"disk":"d0"}]},{"id":"shared","links":[{"disk":"d0"},{"disk":"d1"}]}]`,
		`[{"id":"shared","links":[{"disk":"d0"},{"disk":"d1"}]}]`,
		`[]`,
	} {
		if got := show(t, list[i]["_parts"]); got != want {
			t.Errorf("d%d has %s", i, got)
		}
	}
}

// A side may be one object instead of a list, may be had by some objects only, and may be asked by what the object answered.
func TestSidesOfSome(t *testing.T) {
	t.Parallel()
	kind := disk()
	kind.ThinList = true
	kind.Sides = []Side{{
		Into: "_use", Many: Never, Op: Op{Method: "GET", Path: "/v1/{project_id}/use/{name}"},
		When: func(answer Values) bool { return answer.String("id") != "d2" },
	}}
	all := disks(3)
	f := &fake{answer: func(method, path, query, body string) (int, string) {
		if path == "/v1/p/use/disk 1" {
			return 200, `{"used":true}`
		}
		return all(method, path, query, body)
	}}
	s := serve(t, f)
	for id, want := range map[string]string{"d1": `{"used":true}`, "d2": "null"} {
		object, err := s.read(t.Context(), kind, Values{"id": id, "name": nil}) // as at import, when no more is known
		if err != nil || show(t, object["_use"]) != want {
			t.Errorf("%s: read %v, %v", id, object, err)
		}
	}
	if f.count("GET /v1/p/use") != 1 {
		t.Errorf("called %q", f.calls)
	}
	list, err := s.list(t.Context(), kind, Values{}, func() error { return nil })
	if err != nil || len(list) != 3 || f.count("GET /v1/p/use") != 1 {
		t.Errorf("listed %v, %v", list, err)
	}
}

// A side that no list has is asked for each object by itself: of a listing only for those that are wanted.
func TestSidesApart(t *testing.T) {
	t.Parallel()
	kind := disk()
	kind.Sides = []Side{{
		Into: "labels", Many: "labels", Apart: true, Op: Op{Method: "GET", Path: "/v1/{project_id}/disks/{id}/labels"},
		When: func(answer Values) bool { return answer.String("id") != "d2" },
	}}
	all := disks(6)
	f := &fake{answer: func(method, path, query, body string) (int, string) {
		if id, ok := strings.CutSuffix(path, "/labels"); ok {
			return 200, `{"labels":[{"of":"` + id[len("/v1/p/disks/"):] + `"}]}`
		}
		return all(method, path, query, body)
	}}
	s := serve(t, f)
	for i := range 6 {
		id := fmt.Sprintf("d%d", i)
		object, err := s.listing(kind, Values{"region": "r1"}).read(t.Context(), Values{"id": id})
		want := `[{"of":"` + id + `"}]`
		if id == "d2" {
			want = "null"
		}
		if err != nil || show(t, object["labels"]) != want {
			t.Errorf("%s: read %v, %v", id, object, err)
		}
	}
	if asked := f.count("GET /v1/p/disks/"); asked != firstReads+5 {
		t.Errorf("called %q", f.calls)
	}
	before := f.count("GET /v1/p/disks/")
	found, err := s.find(t.Context(), kind, Values{"name": "disk 4"})
	if err != nil || len(found) != 1 || show(t, found[0]["labels"]) != `[{"of":"d4"}]` {
		t.Errorf("found %v, %v", found, err)
	}
	if asked := f.count("GET /v1/p/disks/") - before; asked != 1 {
		t.Errorf("called %q", f.calls)
	}
}

// A side may need what the object's answer tells, or a side before it. What the list tells, and what never changes and is
// known, is not asked again.
func TestSidesInTurn(t *testing.T) {
	t.Parallel()
	kind := disk()
	kind.Sides = []Side{
		{Into: "mode", From: "rack.mode", Fixed: true, Listed: true, Op: Op{Method: "GET", Path: "/v1/{project_id}/racks/{flavor}"}},
		{Into: "labels", Many: "labels", Listed: true, Op: Op{Method: "GET", Path: "/v1/{project_id}/{mode}/labels"}},
	}
	f := &fake{answer: func(_, path, _, _ string) (int, string) {
		switch path {
		case "/v1/p/disks/d1":
			return 200, `{"disk":{"id":"d1","flavor":{"id":"f1"}}}`
		case "/v1/p/disks":
			return 200, `{"disks":[{"id":"d1","mode":"fast","labels":[]}]}`
		case "/v1/p/racks/f1":
			return 200, `{"rack":{"mode":"fast"}}`
		case "/v1/p/fast/labels":
			return 200, `{"labels":[{"of":"fast"}]}`
		}
		return 403, ""
	}}
	kind.Fields = Fields{"flavor": {Read: "flavor.id"}}
	s := serve(t, f)
	for want, known := range map[int]Values{1: d1, 0: d1.with(map[string]any{"mode": "fast"})} {
		before := f.count("GET /v1/p/racks")
		object, err := s.read(t.Context(), kind, known)
		if err != nil || object["mode"] != "fast" || show(t, object["labels"]) != `[{"of":"fast"}]` {
			t.Errorf("read %v, %v", object, err)
		}
		if asked := f.count("GET /v1/p/racks") - before; asked != want {
			t.Errorf("the rack of %v was asked for %d times", known, asked)
		}
	}
	before := f.count("GET")
	if list, err := s.list(t.Context(), kind, Values{}, func() error { return nil }); err != nil || len(list) != 1 || f.count("GET") != before+1 {
		t.Errorf("listed %v, %v with %q", list, err, f.calls)
	}
}

// One value may be of all objects in a list.
func TestSideOfAll(t *testing.T) {
	t.Parallel()
	kind := disk()
	kind.Sides = []Side{{Into: "mode", From: "rack.mode", Fixed: true, Op: Op{Method: "GET", Path: "/v1/{project_id}/racks/r1"}}}
	f := &fake{answer: func(_, path, _, _ string) (int, string) {
		if path == "/v1/p/racks/r1" {
			return 200, `{"rack":{"mode":"fast"}}`
		}
		return 200, `{"disks":[{"id":"d1"},{"id":"d2"}]}`
	}}
	list, err := serve(t, f).list(t.Context(), kind, Values{}, func() error { return nil })
	if err != nil || len(list) != 2 || list[0]["mode"] != "fast" || list[1]["mode"] != "fast" || f.count("GET /v1/p/racks") != 1 {
		t.Errorf("listed %v, %v with %q", list, err, f.calls)
	}
}

// Half an answer is none: a side that fails fails the read and the list.
func TestSideFails(t *testing.T) {
	t.Parallel()
	all := disks(3)
	for _, status := range []int{400, 403, 404, 500, 0} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			s := serve(t, &fake{answer: func(method, path, query, body string) (int, string) {
				if path == "/v1/p/parts" {
					return status, ""
				}
				return all(method, path, query, body)
			}})
			if object, err := s.read(t.Context(), withSides(), d1); err == nil {
				t.Errorf("read %v", object)
			}
			if list, err := s.list(t.Context(), withSides(), Values{}, func() error { return nil }); err == nil {
				t.Errorf("listed %v", list)
			}
		})
	}
}

// A list that answers a part at a time is asked for each, and for no more than is wanted. Its items are told their part.
func TestSplitList(t *testing.T) {
	t.Parallel()
	kind := disk()
	kind.Filters = map[string]string{"mode": "type"}
	kind.Split = Split{By: "mode", Into: []string{"fast", "slow"}}
	f := &fake{}
	f.answer = func(_, _, query, _ string) (int, string) {
		for _, mode := range kind.Split.Into {
			switch query {
			case "limit=2&type=" + mode:
				return 200, fmt.Sprintf(`{"disks":[{"id":"%[1]s1"},{"id":"%[1]s2"}],"next":"2"}`, mode)
			case "limit=2&marker=2&type=" + mode:
				return 200, fmt.Sprintf(`{"disks":[{"id":"%[1]s3","mode":"own"}]}`, mode)
			}
		}
		return 400, ""
	}
	s := serve(t, f)
	for wanted, want := range map[string]string{
		"": "fast1 fast, fast2 fast, fast3 own, slow1 slow, slow2 slow, slow3 own, ", "slow": "slow1 slow, slow2 slow, slow3 own, ", "none": "400",
	} {
		values := Values{}
		if wanted != "" {
			values["mode"] = wanted
		}
		listed, err := s.list(t.Context(), kind, values, func() error { return nil })
		got, walked := "", ""
		for _, item := range listed {
			got += fmt.Sprintf("%v %v, ", item["id"], item["mode"])
		}
		for item, itemErr := range s.items(t.Context(), kind, values) {
			walked += fmt.Sprintf("%v %v, ", item["id"], item["mode"])
			err = errors.Join(err, itemErr)
		}
		if err != nil {
			if want != "400" {
				t.Error(err)
			}
			continue
		}
		if got != want || walked != want {
			t.Errorf("%q lists %s and walks %s", wanted, got, walked)
		}
	}
	if kind.List.Query != nil {
		t.Error("a listing changed the Kind")
	}
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	kind := disk()
	kind.Filters = map[string]string{"name": "disk_name", "flavor": "flavor"}
	kind.List = Op{Path: "/v1/{project_id}/disks/detail", Query: map[string]string{"all": "yes"}}
	asked := ""
	s := serve(t, &fake{answer: func(_, path, query, _ string) (int, string) {
		asked = path + "?" + query
		return 200, `{"disks":[{"id":"d1"},{"id":"d2","status":"deleted"}]}`
	}})
	list, err := s.list(t.Context(), kind, Values{"name": "disk 1", "flavor": nil}, func() error { return nil })
	if err != nil || len(list) != 1 || asked != "/v1/p/disks/detail?all=yes&disk_name=disk%201&limit=2" {
		t.Errorf("asked %s, got %v, %v", asked, list, err)
	}
	enough := errors.New("enough")
	if _, err := s.list(t.Context(), kind, Values{}, func() error { return enough }); !errors.Is(err, enough) {
		t.Errorf("got %v", err)
	}
	if len(kind.List.Query) != 1 {
		t.Error("the Kind was changed")
	}
}

// in runs a test with a session of a fake cloud in faked time, and tells how long it took.
func in(t *testing.T, f *fake, test func(t *testing.T, s *Session)) (took time.Duration) {
	t.Helper()
	s := serve(t, f) // the server's own connections are outside, and no time passes while they are at work
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		test(t, s)
		took = time.Since(begun)
	})
	return took
}

// after answers differently once something has been called so often.
func after(n int, first, then string) *fake {
	f := &fake{}
	f.answer = func(method, path, _, _ string) (int, string) {
		text := first
		if f.count(method+" "+path) > n {
			text = then
		}
		status, answer, _ := strings.Cut(text, " ")
		code := 0
		_, _ = fmt.Sscan(status, &code)
		return code, answer
	}
	return f
}

// An object that was just made may be answered with 404 for a while; afterwards that is the truth.
func TestAwaitLag(t *testing.T) {
	t.Parallel()
	const none, ready = `404 {}`, `200 {"disk":{"id":"d1","status":"ready"}}`
	late := after(4, none, ready)
	took := in(t, late, func(t *testing.T, s *Session) {
		if object, err := s.await(t.Context(), disk(), d1, 30*time.Second); err != nil || object["id"] != "d1" {
			t.Errorf("got %v, %v", object, err)
		}
	})
	if took < time.Second || took > 5*time.Second || late.count("GET") != 5 {
		t.Errorf("%v and %d calls", took, late.count("GET"))
	}

	never := always(404, "{}")
	if took := in(t, never, func(t *testing.T, s *Session) {
		if _, err := s.await(t.Context(), disk(), d1, 30*time.Second); !gone(err) {
			t.Errorf("got %v", err)
		}
	}); took < 30*time.Second || took > 40*time.Second {
		t.Errorf("gave up after %v", took)
	}
	if took := in(t, never, func(t *testing.T, s *Session) {
		if _, err := s.await(t.Context(), disk(), d1, 0); !gone(err) {
			t.Errorf("got %v", err)
		}
	}); took != 0 {
		t.Errorf("without lag it waited %v", took)
	}
}

func TestAwaitReady(t *testing.T) {
	t.Parallel()
	const busy, ready, broken = `200 {"disk":{"id":"d1","status":"making"}}`, `200 {"disk":{"id":"d1","status":"ready"}}`,
		`200 {"disk":{"id":"d1","status":"broken","fault":{"message":"no room"}}}`
	for name, test := range map[string]struct {
		f     *fake
		want  string
		calls int
	}{
		"at once":             {after(0, "", ready), "", 1},
		"later":               {after(3, busy, ready), "", 4},
		"never":               {after(3, busy, broken), "status broken: no room", 4},
		"an error on the way": {after(2, busy, `403 {"code":"D.403"}`), "D.403", 3},
		"gone on the way":     {after(2, busy, `404 {}`), "404", 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in(t, test.f, func(t *testing.T, s *Session) {
				_, err := s.await(t.Context(), disk(), d1, 0)
				if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
					t.Errorf("got %v", err)
				}
			})
			if calls := test.f.count("GET"); calls != test.calls {
				t.Errorf("%d calls", calls)
			}
		})
	}
}

// The pauses grow from half a second to ten, so that short waits end soon and long ones ask seldom.
func TestAwaitIsAdaptive(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ asks, least, most int }{{4, 1, 3}, {20, 15, 90}, {60, 300, 500}} {
		t.Run(fmt.Sprint(test.asks), func(t *testing.T) {
			t.Parallel()
			busy := after(test.asks, `200 {"disk":{"status":"making"}}`, `200 {"disk":{"status":"ready"}}`)
			took := in(t, busy, func(t *testing.T, s *Session) {
				if _, err := s.await(t.Context(), disk(), d1, 0); err != nil {
					t.Error(err)
				}
			})
			if took < time.Duration(test.least)*time.Second || took > time.Duration(test.most)*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// Beside the word for usable, the answer may have to tell more.
func TestAwaitWhen(t *testing.T) {
	t.Parallel()
	const filling, full = `200 {"disk":{"id":"d1","status":"ready","filled":7,"size":10}}`, `200 {"disk":{"id":"d1","status":"ready","filled":10,"size":10}}`
	kind := disk()
	kind.Ready.When = func(answer Values) bool {
		filled, _ := answer.Int("filled")
		size, _ := answer.Int("size")
		return filled == size
	}
	f := after(3, filling, full)
	in(t, f, func(t *testing.T, s *Session) {
		if _, err := s.await(t.Context(), kind, d1, 0); err != nil {
			t.Errorf("got %v", err)
		}
	})
	if calls := f.count("GET"); calls != 4 {
		t.Errorf("%d calls", calls)
	}
}

func TestAwaitInterrupted(t *testing.T) {
	t.Parallel()
	took := in(t, always(200, `{"disk":{"id":"d1","status":"making"}}`), func(t *testing.T, s *Session) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := s.await(ctx, disk(), d1, 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
	if took != time.Minute {
		t.Errorf("ended after %v", took)
	}
}

func TestRunWaitsForItsJob(t *testing.T) {
	t.Parallel()
	jobs := map[string]string{"ends": `{"status":"SUCCESS"}`, "fails": `{"status":"FAIL","error_code":"J.1","fail_reason":"no room"}`}
	f := &fake{answer: func(method, path, _, _ string) (int, string) {
		if job, ok := strings.CutPrefix(path, "/v1/p/jobs/"); ok {
			return 200, jobs[job]
		}
		if method == http.MethodPut {
			return 200, `{}`
		}
		return 200, fmt.Sprintf(`{"job_id":%q}`, strings.TrimPrefix(path, "/v1/p/disks/d1/"))
	}}
	op := Op{Method: "POST", Path: "/v1/{project_id}/disks/{id}/ends", Job: "job_id"}
	in(t, f, func(t *testing.T, s *Session) {
		if answer, err := s.run(t.Context(), disk(), op, d1, nil); err != nil || show(t, answer) != `{"job_id":"ends"}` {
			t.Errorf("got %v, %v", answer, err)
		}
		op.Path = "/v1/{project_id}/disks/{id}/fails"
		_, err := s.run(t.Context(), disk(), op, d1, nil)
		if job, ok := errors.AsType[*cloud.JobError](err); !ok || job.Code != "J.1" || job.Reason != "no room" {
			t.Errorf("got %v", err)
		}
		op.Method = http.MethodPut // the answer names no job: nothing to wait for
		if _, err := s.run(t.Context(), disk(), op, d1, nil); err != nil {
			t.Error(err)
		}
	})
}

func TestDerive(t *testing.T) {
	t.Parallel()
	kind := disk()
	kind.Derived = map[string]Derived{"flavor": {Op: Op{Method: "GET", Path: "/v1/{project_id}/flavors/{name}"}, From: "flavor.id"}}
	f := always(200, `{"flavor":{"id":"f9"}}`)
	s := serve(t, f)
	values := Values{"name": "n"}
	if err := s.derive(t.Context(), kind, values); err != nil || values["flavor"] != "f9" {
		t.Errorf("got %v, %v", values, err)
	}
	if err := s.derive(t.Context(), kind, values); err != nil || f.count("GET") != 1 {
		t.Error("what is given was asked for")
	}
	if err := serve(t, always(404, "{}")).derive(t.Context(), kind, Values{"name": "n"}); err == nil {
		t.Error("its failure was lost")
	}
	if err := serve(t, always(200, "{}")).derive(t.Context(), kind, Values{"name": "n"}); err == nil || !strings.Contains(err.Error(), "flavor is left out and cannot be found out") {
		t.Errorf("what is not told: %v", err)
	}
}

// A list may wrap each of its objects.
func TestListOfWrappers(t *testing.T) {
	t.Parallel()
	kind := disk()
	kind.Each, kind.ListOnly = "disk", true
	s := serve(t, always(200, `{"disks":[{"disk":{"id":"d0"}},{"disk":{"id":"d1","name":"one"}}],"next":""}`))
	object, err := s.readOne(t.Context(), kind, d1)
	if err != nil || object["name"] != "one" {
		t.Errorf("read %v, %v", object, err)
	}
	found, err := s.find(t.Context(), kind, Values{"name": "one"})
	if err != nil || len(found) != 1 || found[0].String("id") != "d1" {
		t.Errorf("found %v, %v", found, err)
	}
	if _, err := serve(t, always(200, `{"disks":[{"id":"d1"}]}`)).readOne(t.Context(), kind, d1); err == nil || !strings.Contains(err.Error(), `item 0 of the list has no "disk"`) {
		t.Errorf("got %v", err)
	}
	for _, o := range kind.Operations() {
		if o.Purpose == "list" && !slices.Contains(o.Answers, "disks.disk.name") {
			t.Errorf("%s is answered %v", o, o.Answers)
		}
	}
}

// When Terraform asks one request to stop, all end: also one that comes a moment later. One that has been answered is not
// asked to stop when its context ends.
func TestHeed(t *testing.T) {
	t.Parallel()
	s := &Session{}
	answered, end := context.WithCancel(t.Context())
	_, done := s.heed(answered)
	done()
	end()
	waiting, done := s.heed(t.Context())
	defer done()
	if waiting.Err() != nil {
		t.Error("a request that was answered stops the others")
	}
	asked, stop := context.WithCancel(t.Context())
	_, done = s.heed(asked)
	defer done()
	stop()
	late, done := s.heed(t.Context())
	defer done()
	for name, ctx := range map[string]context.Context{"one that waits": waiting, "one that comes later": late} {
		select {
		case <-ctx.Done():
		case <-time.After(5 * time.Second):
			t.Errorf("%s goes on", name)
		}
	}
}
