package object

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// wanted is the plan of a disk that create calls ask for.
func wanted() Values {
	return Values{"id": convert.Unknown, "region": "r1", "name": "web", "size": "10", "boots": nil, "mode": convert.Unknown}
}

// A create call whose fate is unknown is sent again only after its object was looked for in vain.
func TestMakeLooksFirstForWhatItTakesOverFirst(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC()
	item := func(id, name, size string, created time.Time) string {
		return fmt.Sprintf(`{"id":%q,"name":%q,"size":%s,"status":"making","created_at":%q}`, id, name, size, created.Format("2006-01-02T15:04:05"))
	}
	// Faked time begins in the year 2000.
	fresh, old := now.AddDate(1, 0, 0), time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		posts []string // what each POST answers
		items string   // what the list holds
		id    string
		err   string
		sent  int
	}{
		"plain":                  {[]string{`201 {"disk":{"id":"d1"}}`}, "", "d1", "", 1},
		"answered with an error": {[]string{`400 {"code":"D.400"}`}, "", "", "D.400", 1},
		"500 is an answer":       {[]string{`500 {"code":"D.500"}`}, "", "", "D.500", 1},
		"lost, but carried out":  {[]string{`0`}, item("d2", "web", `"10"`, fresh), "d2", "", 1},
		"502, but carried out":   {[]string{`502`}, item("d2", "web", "10", fresh), "d2", "", 1},
		"broken answer":          {[]string{`201 {"disk":`}, item("d2", "web", "10", fresh), "d2", "", 1},
		"busy":                   {[]string{`409 {"code":"D.7"}`, `201 {"disk":{"id":"d1"}}`}, "", "d1", "", 2},
		"lost":                   {[]string{`0`, `201 {"disk":{"id":"d3"}}`}, "", "d3", "", 2},
		"lost and lost again":    {[]string{`0`, `0`, `0`, `0`}, "", "", "not known whether", 3},
		"another name":           {[]string{`0`, `201 {"disk":{"id":"d3"}}`}, item("d2", "other", "10", fresh), "d3", "", 2},
		"another size":           {[]string{`0`, `201 {"disk":{"id":"d3"}}`}, item("d2", "web", "20", fresh), "d3", "", 2},
		"older than the call":    {[]string{`0`, `201 {"disk":{"id":"d3"}}`}, item("d2", "web", "10", old), "d3", "", 2},
		"two that fit":           {[]string{`0`}, item("d2", "web", "10", fresh) + "," + item("d4", "web", "10", fresh), "", "2 objects fit", 1},
		"names nothing":          {[]string{`201 {}`}, "", "", "names neither", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fake{}
			f.answer = func(method, _, _, _ string) (int, string) {
				if method == http.MethodGet {
					return 200, fmt.Sprintf(`{"disks":[%s]}`, test.items)
				}
				status, answer, _ := strings.Cut(test.posts[f.count("POST")-1], " ")
				code := 0
				_, _ = fmt.Sscan(status, &code)
				return code, answer
			}
			in(t, f, func(t *testing.T, s *Session) {
				// A decoder must not make the search blind for the rest.
				for _, decode := range []Decoder{{}, DecodeWith(func(struct{}, struct{}) (struct{}, error) { return struct{}{}, nil })} {
					f.mu.Lock()
					f.calls = nil
					f.mu.Unlock()
					kind := disk()
					kind.Decode, kind.Busy = decode, []string{"409 D.7"}
					made, err := (&managed{kind: kind, session: s}).make(t.Context(), wanted())
					if made.id != test.id || (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
						t.Errorf("made %q: %v", made.id, err)
					}
					if sent := f.count("POST"); sent != test.sent {
						t.Errorf("sent %d times", sent)
					}
				}
			})
		})
	}
}

// What a thin list does not tell of an object that may have been made is read.
func TestMakeLooksFirstForWhatItTakesOverBehindThinList(t *testing.T) {
	t.Parallel()
	for size, want := range map[string]string{"10": "d2", "20": ""} {
		f := &fake{}
		f.answer = func(method, path, _, _ string) (int, string) {
			switch {
			case method == http.MethodPost:
				return 0, ""
			case path == "/v1/p/disks":
				return 200, `{"disks":[{"id":"d1","name":"other"},{"id":"d2","name":"web"},{"id":"d3","name":"web"}]}`
			case path == "/v1/p/disks/d3":
				return 404, ""
			}
			return 200, `{"disk":{"id":"d2","name":"web","size":` + size + `}}`
		}
		in(t, f, func(t *testing.T, s *Session) {
			kind := disk()
			kind.ThinList = true
			made, _ := (&managed{kind: kind, session: s}).make(t.Context(), wanted())
			if made.id != want || f.count("GET /v1/p/disks/d1") > 0 {
				t.Errorf("size %s: made %q by %q", size, made.id, f.calls)
			}
		})
	}
}

// Where objects do not tell their age, those that were there before are known: what is made is told from them.
func TestMakeAmongAlike(t *testing.T) {
	t.Parallel()
	const old, made = `{"id":"d1","name":"web","size":10}`, `{"id":"d2","name":"web","size":10}`
	for name, test := range map[string]struct {
		alike  bool
		before string
		after  string
		id     string
		err    string
	}{
		"told apart":     {true, old, old + "," + made, "d2", ""},
		"nothing before": {true, "", made, "d2", ""},
		"not made":       {true, old, old, "d3", ""},
		"not asked for":  {false, old, old + "," + made, "", "2 objects fit"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind := disk()
			kind.Alike = test.alike
			f := &fake{}
			f.answer = func(method, _, _, _ string) (int, string) {
				switch posts := f.count("POST"); {
				case method == http.MethodPost && posts == 1:
					return 0, ""
				case method == http.MethodPost:
					return 201, `{"disk":{"id":"d3"}}`
				case posts == 0:
					return 200, fmt.Sprintf(`{"disks":[%s]}`, test.before)
				}
				return 200, fmt.Sprintf(`{"disks":[%s]}`, test.after)
			}
			in(t, f, func(t *testing.T, s *Session) {
				made, err := (&managed{kind: kind, session: s}).make(t.Context(), wanted())
				if made.id != test.id || (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
					t.Errorf("made %q: %v", made.id, err)
				}
			})
		})
	}
}

// What only a side tells, and the list does not, is no reason to take an object for another.
func TestAlike(t *testing.T) {
	t.Parallel()
	plan, object := Values{"name": "web", "flavor": "f1"}, Values{"name": "web"}
	side := Side{Into: "flavor", Op: Op{Method: "GET", Path: "/v1/{project_id}/flavors/{id}"}}
	listed := side
	listed.Listed = true
	for want, sides := range map[bool][][]Side{true: {{side}}, false: {nil, {listed}}} {
		for _, of := range sides {
			kind := disk()
			kind.Sides = of
			if kind.alike(object, plan) != want || kind.alike(object.with(map[string]any{"name": "other"}), plan) {
				t.Errorf("with the sides %v", of)
			}
		}
	}
}

// A request that is under way when the user wants to leave is worth a moment: its answer names an object.
func TestMakeInterrupted(t *testing.T) {
	t.Parallel()
	arrived, goOn := make(chan struct{}), make(chan struct{})
	f := &fake{answer: func(string, string, string, string) (int, string) {
		close(arrived)
		<-goOn
		return 201, `{"disk":{"id":"d1"}}`
	}}
	s := serve(t, f)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
		close(goOn)
	}()
	made, err := (&managed{kind: disk(), session: s}).make(ctx, wanted())
	if made.id != "d1" || err != nil {
		t.Errorf("made %q: %v", made.id, err)
	}
	if _, err = (&managed{kind: disk(), session: s}).make(ctx, wanted()); !errors.Is(err, context.Canceled) || f.count("POST") != 1 {
		t.Errorf("after the interrupt %d requests were sent: %v", f.count("POST"), err)
	}
}

// A create call that succeeds with what was there before is refused, with how to import it.
func TestMakeOnlyNew(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		only   bool
		status int
		id     string
	}{
		"new":             {true, 201, "d1"},
		"there before":    {true, 200, ""},
		"200 is success":  {false, 200, "d1"},
		"202 is new, too": {true, 202, "d1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind := disk()
			kind.Create.OnlyNew = test.only
			made, err := (&managed{kind: kind, session: serve(t, always(test.status, `{"disk":{"id":"d1"}}`))}).make(t.Context(), wanted())
			if made.id != test.id || (err == nil) != (test.id != "") {
				t.Errorf("made %q: %v", made.id, err)
			}
			if err != nil && (!strings.Contains(err.Error(), "exists already") || !strings.Contains(err.Error(), "terraform import hwcloud_disk.NAME d1")) {
				t.Error(err)
			}
		})
	}
}

// What a create call would take over is looked for first: only what is proven not to exist is made.
func TestMakeLooksFirstForWhatItTakesOver(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		read string
		err  string
	}{
		"new":          {`404 {}`, ""},
		"new in a way": {`400 {"code":"D.9"}`, ""},
		"there before": {`200 {"disk":{"id":"web"}}`, "terraform import hwcloud_disk.NAME web"},
		"not to read":  {`403 {"code":"D.403"}`, "D.403"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fake{}
			f.answer = func(method, _, _, _ string) (int, string) {
				if method != http.MethodGet {
					return 200, `{"disk":{}}`
				}
				status, answer, _ := strings.Cut(test.read, " ")
				code := 0
				_, _ = fmt.Sscan(status, &code)
				return code, answer
			}
			kind := disk()
			kind.ID, kind.Create, kind.Missing = "{name}", Op{Method: "PUT", Overwrites: true}, []string{"400 D.9"}
			made, err := (&managed{kind: kind, session: serve(t, f)}).make(t.Context(), wanted())
			if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) || (made.id == "web") != (err == nil) {
				t.Errorf("made %q: %v", made.id, err)
			}
			if sent := f.count("PUT"); (sent == 1) != (err == nil) {
				t.Errorf("sent %d times", sent)
			}
		})
	}
}

// A create call that would change what is there already is made only where there is nothing.
func TestMakeOverwrites(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		there   string
		id, err string
		calls   []string
	}{
		"nothing there": {`404 {}`, "d1", "", []string{"GET /v1/p/disks/of/web", `PUT /v1/p/disks/of/web`}},
		"there before":  {`200 {"disk":{"id":"d1"}}`, "", "terraform import hwcloud_disk.NAME d1", []string{"GET /v1/p/disks/of/web"}},
		"nobody knows":  {`403 {"error_code":"D.403"}`, "", "D.403", []string{"GET /v1/p/disks/of/web"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind := disk()
			kind.Create = Op{Method: "PUT", Path: "/v1/{project_id}/disks/of/{name}", ID: "disk.id", Overwrites: true, Body: Body{"size": 1}}
			f := &fake{answer: func(method, _, _, _ string) (int, string) {
				if method == "PUT" {
					return 200, `{"disk":{"id":"d1"}}`
				}
				status, answer, _ := strings.Cut(test.there, " ")
				code, err := strconv.Atoi(status)
				if err != nil {
					t.Error(err)
				}
				return code, answer
			}}
			made, err := (&managed{kind: kind, session: serve(t, f)}).make(t.Context(), wanted())
			if made.id != test.id || (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Errorf("made %q: %v", made.id, err)
			}
			var calls []string
			for _, call := range f.calls {
				calls = append(calls, strings.TrimSuffix(call, ` {"size":1}`))
			}
			if !slices.Equal(calls, test.calls) {
				t.Errorf("called %q", f.calls)
			}
			for _, o := range kind.Operations() {
				if o.Purpose == "read what is there" && o.Method == "GET" && o.Path == kind.Create.Path && slices.Equal(o.Answers, []string{"disk.id"}) {
					return
				}
			}
			t.Error("the read before the create is not declared")
		})
	}
}

// With a token the cloud itself knows that it is the same request: it is repeated as it is, and nothing is looked for.
func TestMakeWithToken(t *testing.T) {
	t.Parallel()
	kind := disk()
	kind.ClientToken = true
	kind.Create = Op{Job: "job_id"}
	f := &fake{retries: 1}
	f.answer = func(string, string, string, string) (int, string) {
		if f.count("POST") == 1 {
			return 0, ""
		}
		return 200, `{"job_id":7}`
	}
	in(t, f, func(t *testing.T, s *Session) {
		for range 2 {
			made, err := (&managed{kind: kind, session: s}).make(t.Context(), wanted())
			if err != nil || made.job != "7" || made.id != "" {
				t.Errorf("made %+v: %v", made, err)
			}
		}
	})
	if n := f.tokens; len(n) != 3 || len(n[0]) != 36 || n[0] != n[1] || n[1] == n[2] || f.count("GET") != 0 {
		t.Errorf("called %q with tokens %q", f.calls, n)
	}
}

// What is deleted is waited for until a read proves it gone; no other answer is taken for that.
func TestRemove(t *testing.T) {
	t.Parallel()
	const there, none = `200 {"disk":{"id":"d1","status":"ready"}}`, `404 {"code":"D.404"}`
	for name, test := range map[string]struct {
		releases time.Duration
		deletes  []string // what each DELETE answers; the last one goes on
		reads    []string // what each GET answers
		err      string
		calls    string
	}{
		"at once":               {0, []string{`204`}, []string{none}, "", "DG"},
		"takes its time":        {0, []string{`204`}, []string{there, there, none}, "", "DGGG"},
		"marked as gone":        {0, []string{`204`}, []string{there, `200 {"disk":{"id":"d1","status":"deleted"}}`}, "", "DGG"},
		"gone already":          {0, []string{none}, []string{none}, "", "DG"},
		"gone by its code":      {0, []string{`400 {"code":"D.9"}`}, []string{`400 {"code":"D.9"}`}, "", "DG"},
		"said gone, but there":  {0, []string{none}, []string{there}, "D.404", "DG"},
		"400":                   {0, []string{`400 {"code":"D.400"}`}, nil, "D.400", "D"},
		"403":                   {0, []string{`403 {"code":"D.403"}`}, nil, "D.403", "D"},
		"409":                   {0, []string{`409 {"code":"D.409"}`}, nil, "D.409", "D"},
		"unknown API":           {0, []string{`404 {"error_code":"APIGW.0101"}`}, nil, "APIGW.0101", "D"},
		"busy for a while":      {0, []string{`409 {"code":"D.7"}`, `409 {"code":"D.7"}`, `204`}, []string{none}, "", "DDDG"},
		"busy for ever":         {0, []string{`409 {"code":"D.7"}`}, nil, "D.7", ""},
		"not that busy":         {0, []string{`400 {"code":"D.7"}`}, nil, "D.7", "D"},
		"could not":             {0, []string{`204`}, []string{there, `200 {"disk":{"id":"d1","status":"stuck"}}`}, "in status stuck", "DGG"},
		"409 for a while":       {time.Minute, []string{`409 {}`, `409 {}`, `204`}, []string{none}, "", "DDDG"},
		"409 for too long":      {time.Second, []string{`409 {"code":"D.409"}`}, nil, "D.409", ""},
		"read fails":            {0, []string{`204`}, []string{there, `403 {"code":"D.403"}`}, "D.403", "DGG"},
		"unknown API when read": {0, []string{`204`}, []string{`404 {"error_code":"APIGW.0101"}`}, "APIGW.0101", "DG"},
		"never":                 {0, []string{`204`}, []string{there}, "deadline", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fake{}
			next := func(list []string, n int) (int, string) {
				status, answer, _ := strings.Cut(list[min(n, len(list))-1], " ")
				code := 0
				_, _ = fmt.Sscan(status, &code)
				return code, answer
			}
			f.answer = func(method, _, _, _ string) (int, string) {
				if method == http.MethodDelete {
					return next(test.deletes, f.count("DELETE"))
				}
				return next(test.reads, f.count("GET"))
			}
			kind := disk()
			kind.Releases, kind.Busy, kind.Ready.Stays, kind.Missing = test.releases, []string{"409 D.7"}, []string{"stuck"}, []string{"400 D.9"}
			took := in(t, f, func(t *testing.T, s *Session) {
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
				defer cancel()
				err := (&managed{kind: kind, session: s}).remove(ctx, d1)
				if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
					t.Errorf("got %v", err)
				}
			})
			if took > 2*time.Minute {
				t.Errorf("took %v", took)
			}
			calls := ""
			for _, call := range f.calls {
				calls += call[:1]
			}
			if test.calls != "" && calls != test.calls {
				t.Errorf("called %s", calls)
			}
		})
	}
}

// What another service is late to know is waited for, and no longer than it is there.
func TestUntil(t *testing.T) {
	t.Parallel()
	until := &Until{Op: Op{Method: "GET", Path: "/v1/{project_id}/racks/{source}"}, Path: "rack.status", Not: []string{"emptying"}, Bad: []string{"broken"}}
	for name, test := range map[string]struct {
		answers []string
		err     string
	}{
		"late":        {[]string{`200 {"rack":{"status":"emptying"}}`, `200 {"rack":{"status":"emptying"}}`, `200 {"rack":{"status":"empty"}}`}, ""},
		"at once":     {[]string{`200 {"rack":{"status":"empty"}}`}, ""},
		"gone itself": {[]string{`200 {"rack":{"status":"emptying"}}`, `404 {}`}, ""},
		"broken":      {[]string{`200 {"rack":{"status":"emptying"}}`, `200 {"rack":{"status":"broken"}}`}, "the status is broken"},
		"not to read": {[]string{`403 {"code":"D.403"}`}, "D.403"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fake{}
			f.answer = func(method, path, _, _ string) (int, string) {
				if path != "/v1/p/racks/s1" {
					return map[string]int{"DELETE": 204, "GET": 404}[method], ""
				}
				status, answer, _ := strings.Cut(test.answers[f.count("GET /v1/p/racks")-1], " ")
				code := 0
				_, _ = fmt.Sscan(status, &code)
				return code, answer
			}
			kind := disk()
			kind.Delete.Until = until
			in(t, f, func(t *testing.T, s *Session) {
				err := (&managed{kind: kind, session: s}).remove(t.Context(), d1.with(map[string]any{"source": "s1"}))
				if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
					t.Errorf("got %v", err)
				}
			})
			if n := f.count("GET /v1/p/racks"); n != len(test.answers) {
				t.Errorf("asked %d times", n)
			}
		})
	}
}

// A change whose fate is unknown is looked after: what is as planned is not done twice.
func TestInsist(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		size  string // what the cloud has when it is asked
		posts []int
		sent  int
		fails bool
	}{
		"done at once":              {"20", []int{200}, 1, false},
		"refused":                   {"10", []int{400}, 1, true},
		"lost, but carried out":     {`"20"`, []int{0}, 1, false},
		"lost":                      {"10", []int{0, 200}, 2, false},
		"lost again and again":      {"10", []int{0, 0, 0, 0}, 3, true},
		"gateway, but carried out":  {"20", []int{504}, 1, false},
		"gateway, not carried out":  {"10", []int{504, 200}, 2, false},
		"lost, and refused because": {"10", []int{0, 409}, 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fake{}
			f.answer = func(method, _, _, body string) (int, string) {
				if method == http.MethodGet {
					return 200, fmt.Sprintf(`{"disk":{"id":"d1","name":"web","status":"ready","size":%s}}`, test.size)
				}
				if body != `{"grow":{"to":20}}` {
					t.Errorf("sent %s", body)
				}
				return test.posts[f.count("POST")-1], ``
			}
			kind := disk()
			prior := Values{"id": "d1", "name": "web", "size": parse(t, "10")}
			in(t, f, func(t *testing.T, s *Session) {
				call := &Call{Prior: prior, Plan: prior.with(map[string]any{"size": parse(t, "20")}), Changed: []string{"size"}, kind: kind, session: s}
				err := (&managed{kind: kind, session: s}).insist(t.Context(), kind.Changes[1], call)
				if (err != nil) != test.fails {
					t.Errorf("got %v", err)
				}
			})
			if sent := f.count("POST"); sent != test.sent {
				t.Errorf("sent %d times", sent)
			}
		})
	}
}

// Changes are carried out in the order that the Kind has them, and what was done is told also when one fails.
func TestApply(t *testing.T) {
	t.Parallel()
	prior := Values{"id": "d1", "name": "a", "size": parse(t, "10"), "force": true, "tags_all": map[string]any{"t": "1"}, "password_wo_version": parse(t, "1")}
	plan := prior.with(map[string]any{"name": "b", "size": parse(t, "20"), "force": false, "tags_all": map[string]any{"t": "2"}})
	for name, test := range map[string]struct {
		fails string
		plan  Values
		calls []string
		done  []string
	}{
		"all": {"", plan, []string{
			`PUT /v1/p/disks/d1 {"disk":{"name":"b"}}`, `POST /v1/p/disks/d1/grow {"grow":{"to":20}}`,
			`POST /v1/p/disks/d1/tags {"action":"create","tags":[{"key":"t","value":"2"}]}`,
		}, []string{"force", "name", "size", "tags", "tags_all"}},
		"first fails":  {"PUT", plan, []string{`PUT /v1/p/disks/d1 {"disk":{"name":"b"}}`}, []string{"force"}},
		"second fails": {"POST /v1/p/disks/d1/grow", plan, []string{`PUT /v1/p/disks/d1 {"disk":{"name":"b"}}`, `POST /v1/p/disks/d1/grow {"grow":{"to":20}}`}, []string{"force", "name"}},
		"tags fail":    {"POST /v1/p/disks/d1/tags", plan.with(map[string]any{"size": parse(t, "10")}), nil, []string{"force", "name"}},
		"nothing":      {"", prior, nil, nil},
		"a secret by its version": {"", prior.with(map[string]any{"password": "new", "password_wo_version": parse(t, "2")}),
			[]string{`PUT /v1/p/disks/d1 {"disk":{"adminPass":"new"}}`}, []string{"password"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fake{answer: func(method, path, _, _ string) (int, string) {
				if test.fails != "" && strings.HasPrefix(method+" "+path, test.fails) {
					return 400, "{}"
				}
				return 200, "{}"
			}}
			out, err := (&managed{kind: disk(), session: serve(t, f)}).apply(t.Context(), prior, test.plan, false)
			if (err != nil) != (test.fails != "") || !slices.Equal(out.done, test.done) {
				t.Errorf("done %v, %v", out.done, err)
			}
			if test.calls != nil && !slices.Equal(f.calls, test.calls) {
				t.Errorf("called %q", f.calls)
			}
		})
	}
}

// What an imported object never answers is recorded without a call.
func TestApplyAfterImport(t *testing.T) {
	t.Parallel()
	f := always(200, "{}")
	r := &managed{kind: disk(), session: serve(t, f)}
	prior := Values{"id": "d1", "name": "a", "password": nil}
	out, err := r.apply(t.Context(), prior, prior.with(map[string]any{"password": "p", "source": "s"}), true)
	if err != nil || !slices.Equal(out.done, []string{"password", "source"}) || f.count("") != 0 {
		t.Errorf("done %v, %v, called %q", out, err, f.calls)
	}
	out, err = r.apply(t.Context(), prior, prior.with(map[string]any{"password": "p"}), false)
	if err != nil || !slices.Equal(out.done, []string{"password"}) || f.count("PUT") != 1 {
		t.Errorf("done %v, %v, called %q", out, err, f.calls)
	}
}

func TestDiffering(t *testing.T) {
	t.Parallel()
	prior := Values{"name": "a", "size": parse(t, "10"), "status": "x", "parts": []any{map[string]any{"size": parse(t, "1"), "uuid": "u"}}, "mode": "fast"}
	for name, test := range map[string]struct {
		plan Values
		want string
	}{
		"nothing":              {Values{}, `null`},
		"computed":             {Values{"status": "y"}, `null`},
		"left open":            {Values{"mode": convert.Unknown}, `null`},
		"a number written 10.": {Values{"size": parse(t, "10.0")}, `null`},
		"a value":              {Values{"size": parse(t, "20"), "name": "b"}, `["name","size"]`},
		"removed":              {Values{"mode": nil}, `["mode"]`},
		"open within":          {Values{"parts": []any{map[string]any{"size": parse(t, "1"), "uuid": convert.Unknown}}}, `null`},
		"changed within":       {Values{"parts": []any{map[string]any{"size": parse(t, "2"), "uuid": convert.Unknown}}}, `["parts"]`},
		"secret's version":     {Values{"password_wo_version": parse(t, "2")}, `["password"]`},
		"secret given up":      {Values{"password_wo_version": nil}, `null`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := show(t, disk().differing(prior, prior.with(test.plan))); got != test.want {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestParseTime(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"2024-01-02T03:04:05Z", "2024-01-02T03:04:05", "2024-01-02T03:04:05.000000", "2024-01-02 03:04:05", "2024-01-02T03:04:05.5Z"} {
		if got, err := parseTime(text); err != nil || got.Truncate(time.Second) != time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC) {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	if _, err := parseTime(""); err == nil {
		t.Error("nothing is a time")
	}
}

// Proven gone is only what a not-found answer says, however it is wrapped.
func TestGone(t *testing.T) {
	t.Parallel()
	if !gone(fmt.Errorf("while reading: %w", errGone)) || gone(errors.New("404")) || gone(nil) || gone(context.Canceled) {
		t.Error("gone")
	}
}

// What only the answer to create tells is taken from it, and from then on kept.
func TestToldOnce(t *testing.T) {
	t.Parallel()
	kind := disk()
	kind.Once = []string{"key"}
	kind.Fields["key"] = Field{API: "secret.key"}
	kind.Schema.Attributes["key"] = schema.StringAttribute{Computed: true, Sensitive: true}
	r := &managed{kind: kind, session: serve(t, always(201, `{"disk":{"id":"d1","secret":{"key":"k"}}}`))}
	made, err := r.make(t.Context(), wanted())
	if err != nil || made.id != "d1" || made.once["key"] != "k" {
		t.Errorf("made %+v, %v", made, err)
	}
	for name, prior := range map[string]Values{`"k"`: {"key": "k"}, `null`: {"key": convert.Unknown}} {
		got, err := kind.decode(parseObject(t, `{"id":"d1","secret":{"key":"another"}}`), prior)
		if err != nil || show(t, got["key"]) != name {
			t.Errorf("%v is read as %v, %v", prior, got["key"], err)
		}
	}
	if _, looked := kind.dataAttributes(true, true)["key"]; looked {
		t.Error("a data source cannot tell it")
	}
	for _, o := range kind.Operations() {
		if told := slices.Contains(o.Answers, "disk.secret.key"); told != (o.Purpose == "create") {
			t.Errorf("%s: told is %v", o, told)
		}
	}
	made, err = (&managed{kind: kind, session: serve(t, always(201, `{"disk":{"id":"d1"}}`))}).make(t.Context(), wanted())
	if err != nil || made.once["key"] != nil {
		t.Errorf("made %+v, %v", made, err)
	}
}

// An object that was busy when the state was read is waited for before anything is asked of it.
func TestSettled(t *testing.T) {
	t.Parallel()
	for status, calls := range map[string]int{"ready": 0, "broken": 0, "": 0, "growing": 1} {
		f := &fake{answer: disks(3)}
		if err := (&managed{kind: disk(), session: serve(t, f)}).settled(t.Context(), Values{"id": "d1", "status": status}); err != nil || f.count("GET") != calls {
			t.Errorf("%q: %d calls, %v", status, f.count("GET"), err)
		}
	}
}
