package object

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// rules are a document that a box has or has not: written as a whole, and found by its box alone.
func rules() *Kind {
	whole := Op{Method: "PUT", Path: "/{box}", Query: map[string]string{"rules": ""}, Body: Body{"rules": All{}}}
	first := whole
	first.Overwrites = true
	return &Kind{
		Name: "box_rules", Service: cloud.EVS, ID: "{box}", Path: "/{box}", One: "rules",
		Alone: true, Proof: "rule",
		Create:  first,
		Read:    Op{Path: "/{box}", Query: map[string]string{"rules": ""}},
		Delete:  Op{Path: "/{box}", Query: map[string]string{"rules": ""}},
		Changes: []Change{{Of: []string{"rule"}, Op: whole}},
		Fields: Fields{
			"box":  {Read: Never, Write: Never},
			"rule": {As: Many, Of: Fields{"days": {API: "Days"}}},
		},
		Schema: schema.Schema{Attributes: map[string]schema.Attribute{
			"box": schema.StringAttribute{Required: true},
			"rule": schema.ListNestedAttribute{Required: true, NestedObject: schema.NestedAttributeObject{
				Attributes: map[string]schema.Attribute{"days": schema.Int64Attribute{Required: true}},
			}},
		}},
	}
}

// A document that exists already is not overwritten; one whose box is gone is not there; and one without its proof is none.
func TestMakeLooksFirstWhereItWouldOverwrite(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status     int
		there, err string
		sent       int
	}{
		"none":          {404, `{"code":"NoSuchRules"}`, "", 1},
		"an empty one":  {200, `{"rules":{}}`, "", 1},
		"there":         {200, `{"rules":{"rule":{"Days":"1"}}}`, "terraform import hwcloud_box_rules.NAME b", 0},
		"not to be had": {403, `{"code":"AccessDenied"}`, "AccessDenied", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fake{answer: func(method, _, _, _ string) (int, string) {
				if method == http.MethodPut {
					return 200, ""
				}
				return test.status, test.there
			}}
			plan := Values{"box": "b", "region": "r1", "id": convert.Unknown, "rule": []any{map[string]any{"days": "5"}}}
			made, err := (&managed{kind: rules(), session: serve(t, f)}).make(t.Context(), plan)
			if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) || err == nil && made.id != "b" {
				t.Errorf("made %q: %v", made.id, err)
			}
			if sent := f.count(`PUT /b {"rules":{"rule":[{"Days":"5"}]}}`); sent != test.sent {
				t.Errorf("sent %v", f.calls)
			}
		})
	}
}

// What is alone is looked up by what it lies in, and has neither a plural nor a list.
func TestAlone(t *testing.T) {
	t.Parallel()
	f := &fake{answer: func(_, path, _, _ string) (int, string) {
		if path == "/none" {
			return 404, `{}`
		}
		return 200, `{"rules":{"rule":{"Days":"5"}}}`
	}}
	k, s := rules(), serve(t, f)
	for box, want := range map[string]int{"b": 1, "none": 0} {
		found, err := s.find(t.Context(), k, Values{"box": box})
		if err != nil || len(found) != want {
			t.Fatalf("found %v, %v", found, err)
		}
		if want == 1 && show(t, map[string]any{"id": found[0]["id"], "rule": found[0]["rule"]}) != `{"id":"b","rule":[{"Days":"5","days":"5"}]}` {
			t.Errorf("found %v", found[0])
		}
	}
	if _, err := s.find(t.Context(), k, Values{}); err == nil || !strings.Contains(err.Error(), "box is needed") {
		t.Error(err)
	}
	if len(k.DataSources(nil)) != 1 || k.ListResources(nil) != nil {
		t.Error("it has a plural or a list")
	}
	for _, op := range k.Operations() {
		if op.Purpose == "list" {
			t.Errorf("it is listed: %v", op)
		}
	}
}

// box is an object with documents of its own.
func box() *Kind {
	document := func(method string) Op {
		return Op{Method: method, Path: "/{name}", Query: map[string]string{"tags": ""}}
	}
	set := document("PUT")
	set.Body = Body{"TagSet": Attr("tags_all")}
	return &Kind{
		Name: "box", Plural: "boxes", Service: cloud.EVS, ID: "{name}", Many: "boxes.box", ThinList: true, RegionAt: "at",
		Create: Op{Method: "PUT", Path: "/{name}", Body: Body{"in": Attr("region")}, Headers: map[string]any{
			"x-class": Attr("class"), "x-zones": Attr("wide"), "x-meta-": Attr("meta"), "x-fixed": "yes",
		}},
		List: Op{Path: "/"},
		Fields: Fields{
			"name": {Write: Never, Listed: "Name"},
			"wide": {As: Flag("3az"), Absent: false},
		},
		Made: map[string]string{"host": "{name}.box.{region}.{cloud}"},
		Sides: []Side{
			{Into: "limit", From: "limit", Lazy: "limit", Op: Op{Method: "GET", Path: "/{name}", Query: map[string]string{"limit": ""}}},
			{Into: "tags", From: "TagSet", Lacks: []string{"NoSuchTags"}, Op: document("GET")},
			{Into: "policy", From: "text", Op: Op{Method: "GET", Path: "/{name}", Query: map[string]string{"policy": ""}, Text: "text"}},
		},
		Tags: &Tags{Read: "tags", As: Nodes, Write: Nodes, Set: set, Unset: document("DELETE")},
		Changes: []Change{
			{Of: []string{"limit"}, Op: Op{Path: "/{name}", Body: Body{"limit": Attr("limit")}}},
			{Of: []string{"key", "alias"}, Op: Op{Path: "/{name}", Body: Body{"key": Attr("key"), "alias": Attr("alias")}}, Unset: Op{Method: "DELETE", Path: "/{name}", Query: map[string]string{"key": ""}}},
		},
		Local: []string{"force"},
		Clears: Change{Follows: func(state Values) bool { return state.Bool("force") }, Do: func(ctx context.Context, call *Call) error {
			_, err := call.Do(ctx, emptyBox, nil)
			return err
		}, Calls: []Op{emptyBox}},
		Schema: schema.Schema{Attributes: map[string]schema.Attribute{
			"name":   schema.StringAttribute{Required: true},
			"class":  schema.StringAttribute{Optional: true},
			"wide":   schema.BoolAttribute{Optional: true},
			"meta":   schema.MapAttribute{Optional: true, ElementType: types.StringType},
			"limit":  schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString("0")},
			"policy": schema.StringAttribute{Computed: true},
			"key":    schema.StringAttribute{Optional: true},
			"alias":  schema.StringAttribute{Optional: true},
			"force":  schema.BoolAttribute{Optional: true},
			"host":   schema.StringAttribute{Computed: true},
		}},
	}
}

var emptyBox = Op{Method: "POST", Path: "/{name}", Query: map[string]string{"empty": ""}}

func boxes(status int) *fake {
	return &fake{answer: func(method, path, query, _ string) (int, string) {
		switch {
		case method == http.MethodDelete:
			return 204, ""
		case path == "/":
			return 200, `{"boxes":{"box":[{"Name":"here","at":"r1"},{"Name":"there","at":"r2"}]}}`
		case query == "limit=":
			return 200, `{"limit":"7"}`
		case query == "tags=" && method == http.MethodGet:
			return status, map[int]string{200: `{"TagSet":{"Key":"own","Value":"1"}}`, 404: `{"code":"NoSuchTags"}`, 403: `{"code":"Denied"}`}[status]
		case query == "policy=":
			return 200, `not "JSON`
		}
		return 200, `{"class":"WARM"}`
	}}
}

// Headers carry what a body does not.
func TestHeaders(t *testing.T) {
	t.Parallel()
	for want, plan := range map[string]Values{
		`{"X-Fixed":["yes"],"X-Zones":["3az"]}`:                        {"name": "b", "wide": true, "region": "r1"},
		`{"X-Class":["WARM"],"X-Fixed":["yes"],"X-Meta-Owner":["me"]}`: {"name": "b", "class": "WARM", "wide": false, "meta": map[string]any{"owner": "me"}, "region": "r1"},
	} {
		k := box()
		request, err := k.fill(k.createOp(nil), plan, nil)
		if got := show(t, request.Header); err != nil || got != want {
			t.Errorf("sends %s, %v", got, err)
		}
	}
}

// A side rests while its attribute is at its default; one that the object lacks is nothing, and any other refusal an error.
func TestSidesOfDocuments(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status      int
		prior, want string
		asked       int
	}{
		"unknown yet": {200, `{}`, `{"class":"WARM","limit":"7","policy":"not \"JSON","tags":{"Key":"own","Value":"1"}}`, 4},
		"at rest":     {404, `{"limit":"0"}`, `{"class":"WARM","limit":"0","policy":"not \"JSON","tags":null}`, 3},
		"in use":      {404, `{"limit":"5"}`, `{"class":"WARM","limit":"7","policy":"not \"JSON","tags":null}`, 4},
		"refused":     {403, `{"limit":"5"}`, ``, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := boxes(test.status)
			prior := Values{"id": "b", "name": "b"}.with(parse(t, test.prior).(map[string]any))
			object, err := serve(t, f).read(t.Context(), box(), prior)
			if (err == nil) != (test.want != "") {
				t.Fatal(err)
			}
			if err == nil && (show(t, object) != test.want || len(f.calls) != test.asked) {
				t.Errorf("read %s by %v", show(t, object), f.calls)
			}
		})
	}
}

// A list of all regions serves one; its items are completed by what they are asked by, and what nobody answers is made.
func TestFindInOneRegion(t *testing.T) {
	t.Parallel()
	found, err := serve(t, boxes(200)).find(t.Context(), box(), Values{"class": "WARM"})
	if err != nil || len(found) != 1 {
		t.Fatalf("found %v, %v", found, err)
	}
	want := map[string]any{"id": "here", "name": "here", "limit": "7", "host": "here.box.r1.myhuaweicloud.com", "tags": map[string]any{"own": "1"}}
	got := map[string]any{}
	for name := range want {
		got[name] = found[0][name]
	}
	if show(t, got) != show(t, want) {
		t.Errorf("found %s", show(t, got))
	}
}

// All tags are replaced at once, and those that the provider ignores stay.
func TestReplaceTags(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ignored []string
		tags    map[string]any
		want    string
	}{
		"set":        {nil, map[string]any{"a": "b"}, `PUT /b {"TagSet":[{"Key":"a","Value":"b"}]}`},
		"none":       {nil, nil, `DELETE /b`},
		"others'":    {[]string{"own"}, map[string]any{"a": "b"}, `PUT /b {"TagSet":[{"Key":"a","Value":"b"},{"Key":"own","Value":"1"}]}`},
		"only those": {[]string{"own"}, nil, `PUT /b {"TagSet":[{"Key":"own","Value":"1"}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := boxes(200)
			s := serve(t, f)
			s.IgnoreTagKeys = test.ignored
			err := s.retag(t.Context(), box(), Values{"id": "b", "name": "b"}, map[string]any{"old": "1"}, test.tags)
			if writes := slices.DeleteFunc(f.calls, func(call string) bool { return strings.HasPrefix(call, "GET") }); err != nil || strings.Join(writes, ", ") != test.want {
				t.Errorf("sent %v, %v", writes, err)
			}
		})
	}
}

// What a change leaves without a value is removed by an operation of its own.
func TestUnset(t *testing.T) {
	t.Parallel()
	for want, plan := range map[string]Values{
		`PUT /b {"key":"new"}`:   {"key": "new"},
		`PUT /b {"alias":"one"}`: {"key": nil, "alias": "one"},
		`DELETE /b`:              {"key": nil},
	} {
		f := boxes(200)
		where := map[string]any{"id": "b", "name": "b"}
		prior := Values{"key": "old", "alias": plan["alias"]}
		maps.Copy(prior, where)
		if _, err := (&managed{kind: box(), session: serve(t, f)}).apply(t.Context(), prior, plan.with(where), false); err != nil || strings.Join(f.calls, ", ") != want {
			t.Errorf("sent %v, %v", f.calls, err)
		}
	}
}

// Before the deletion comes what clears the way for it, when the state asks for it.
func TestClears(t *testing.T) {
	t.Parallel()
	for force, want := range map[bool]string{true: "POST /b, DELETE /b, GET /b", false: "DELETE /b, GET /b"} {
		f := boxes(200)
		deleted, answer := false, f.answer
		f.answer = func(method, path, query, body string) (int, string) {
			deleted = deleted || method == http.MethodDelete
			if deleted && method == http.MethodGet {
				return 404, `{}`
			}
			return answer(method, path, query, body)
		}
		k := box()
		k.Read = Op{Path: "/{name}"}
		err := (&managed{kind: k, session: serve(t, f)}).remove(t.Context(), Values{"id": "b", "name": "b", "force": force})
		if got := strings.Join(f.calls, ", "); err != nil || got != want {
			t.Errorf("%v: %s, %v", force, got, err)
		}
	}
}

func TestOperationsOfDocuments(t *testing.T) {
	t.Parallel()
	got := map[string]Operation{}
	for _, op := range box().Operations() {
		got[op.Purpose] = op
	}
	for purpose, want := range map[string]string{
		"list": "boxes.box.Name boxes.box.at", "create": "", "replace tags": "", "remove tags": "", "clear": "",
	} {
		if op, ok := got[purpose]; !ok || strings.Join(op.Answers, " ") != want {
			t.Errorf("%s: %v", purpose, op)
		}
	}
	if headers := strings.Join(got["create"].Headers, " "); headers != "x-class x-fixed x-meta- x-zones" {
		t.Errorf("create sends the headers %s", headers)
	}
	if sends := strings.Join(got["replace tags"].Sends, " "); sends != "TagSet" {
		t.Errorf("the tags are sent as %s", sends)
	}
	for _, field := range got["read"].Answers {
		if field == "host" || field == "Name" {
			t.Errorf("the read answers %s", field)
		}
	}
}

// note is an object whose content is in no state: what it is known by is planned.
func note() *Kind {
	put := Op{Method: "PUT", Path: "/{name}", Body: Body{"content": Attr("content"), "sum": Attr("sum")}}
	write := func(ctx context.Context, call *Call) error {
		_, err := call.Do(ctx, put, nil)
		return err
	}
	return &Kind{
		Name: "note", Service: cloud.EVS, ID: "{name}", Path: "/", Read: Op{Path: "/{name}"}, Create: Op{Overwrites: true},
		CreateBy: Change{Do: write, Calls: []Op{put}},
		Changes:  []Change{{Of: []string{"content", "sum"}, Do: write, Calls: []Op{put}}},
		Plans: map[string]Planned{"sum": {From: []string{"file", "content"}, Make: func(config Values) (any, error) {
			if config.Has("file") {
				return nil, errors.New("no such file")
			}
			return "sum of " + config.String("content"), nil
		}}},
		Schema: schema.Schema{Attributes: map[string]schema.Attribute{
			"name":    schema.StringAttribute{Required: true},
			"content": schema.StringAttribute{Optional: true, WriteOnly: true},
			"file":    schema.StringAttribute{Optional: true, WriteOnly: true},
			"sum":     schema.StringAttribute{Computed: true},
		}},
	}
}

// What is made of the configuration is planned, as far as that is known; what is wrong with it is told where it is given.
func TestPlanned(t *testing.T) {
	t.Parallel()
	typ := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"content": tftypes.String, "file": tftypes.String}}
	for name, test := range map[string]struct {
		config     map[string]any
		want, said string
	}{
		"known":       {map[string]any{"content": "a"}, "sum of a", ""},
		"not yet":     {map[string]any{"content": convert.Unknown}, "", ""},
		"a bad file":  {map[string]any{"file": "f"}, "", "file"},
		"both, a bad": {map[string]any{"file": "f", "content": "a"}, "", "file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, err := convert.ToTerraform(typ, test.config)
			if err != nil {
				t.Fatal(err)
			}
			planned := map[string]tftypes.Value{"sum": tftypes.NewValue(tftypes.String, tftypes.UnknownValue)}
			var diags diag.Diagnostics
			(&managed{kind: note()}).planMade(config, planned, &diags)
			if got, err := convert.FromTerraform(planned["sum"]); err != nil || test.want != "" && got != test.want || test.want == "" && got != convert.Unknown {
				t.Errorf("planned %v, %v", got, err)
			}
			if diags.HasError() != (test.said != "") || test.said != "" && diags[0].(diag.DiagnosticWithPath).Path().String() != test.said {
				t.Errorf("said %v", diags)
			}
		})
	}
}

// A difference in what was planned is a change; the content by itself, which no state has, is none.
func TestPlannedDiffers(t *testing.T) {
	t.Parallel()
	prior := Values{"name": "n", "sum": "old"}
	for want, plan := range map[string]Values{
		"":    {"name": "n", "sum": "old", "content": "a"},
		"sum": {"name": "n", "sum": "new", "content": "a"},
	} {
		if got := strings.Join(note().differing(prior, plan), " "); got != want {
			t.Errorf("%v: %s", plan, got)
		}
	}
}

// What one call cannot create is created by a function, after it was looked for.
func TestCreateBy(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{404: `GET /n, PUT /n {"content":"a","sum":"s"}`, 200: `GET /n`} {
		f := &fake{answer: func(method, _, _, _ string) (int, string) {
			if method == http.MethodGet {
				return status, `{}`
			}
			return 200, ""
		}}
		made, err := (&managed{kind: note(), session: serve(t, f)}).make(t.Context(), Values{"name": "n", "content": "a", "sum": "s"})
		if got := strings.Join(f.calls, ", "); got != want || (err == nil) != (status == 404) || err == nil && made.id != "n" {
			t.Errorf("made %q by %s: %v", made.id, got, err)
		}
	}
	creates := 0
	for _, op := range note().Operations() {
		if op.Purpose == "create" {
			creates++
			if op.Method != "PUT" {
				t.Errorf("created by %v", op)
			}
		}
	}
	if creates != 1 {
		t.Errorf("%d operations create it", creates)
	}
}
