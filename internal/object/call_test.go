package object

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// The members of a set and of a map are removed and added one by one, from what the cloud has now: those that stay are left
// alone, and those that have left or come by themselves are no concern.
func TestOneByOne(t *testing.T) {
	t.Parallel()
	kind := &Kind{
		Name: "disk", Service: cloud.EVS, Path: "/v1/{project_id}/disks",
		Fields: Fields{"hosts": {Of: Fields{"name": {API: "host_name"}}}},
		Changes: []Change{
			{
				Of:     []string{"labels"},
				Add:    Op{Method: "PUT", Path: "/v1/{project_id}/disks/{id}/labels/{item}", Body: Body{"value": Attr(ItemValue)}},
				Remove: Op{Method: "DELETE", Path: "/v1/{project_id}/disks/{id}/labels/{item}"},
			},
			{
				Of:     []string{"hosts"},
				Add:    Op{Method: "POST", Path: "/v1/{project_id}/disks/{id}/hosts", Body: Attr(Item)},
				Remove: Op{Method: "POST", Path: "/v1/{project_id}/disks/{id}/remove", Body: Attr(Item)},
			},
		},
		Schema: schema.Schema{Attributes: map[string]schema.Attribute{
			"labels": schema.MapAttribute{Optional: true, ElementType: types.StringType},
			"hosts": schema.SetNestedAttribute{Optional: true, NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"name": schema.StringAttribute{Required: true},
			}}},
		}},
	}
	host := func(name string) any { return map[string]any{"name": name} }
	f := &fake{answer: func(string, string, string, string) (int, string) {
		return 200, `{"id":"d1","labels":{"a":"1","b":"2","c":"3"},"hosts":[{"host_name":"h1"},{"host_name":"h2"}]}`
	}}
	r := &managed{kind: kind, session: serve(t, f)}
	prior := Values{"id": "d1", "labels": map[string]any{"a": "1", "b": "2", "c": "3", "gone": "4"}, "hosts": []any{host("h0"), host("h1"), host("h2")}}
	plan := Values{"id": "d1", "labels": map[string]any{"b": "2", "c": "4", "d": "5"}, "hosts": []any{host("h2"), host("h3")}}
	out, err := r.apply(t.Context(), prior, plan, false)
	if err != nil || !slices.Equal(out.done, []string{"labels", "hosts"}) {
		t.Fatal(out, err)
	}
	want := []string{
		"GET /v1/p/disks/d1",
		"DELETE /v1/p/disks/d1/labels/a",
		`PUT /v1/p/disks/d1/labels/c {"value":"4"}`,
		`PUT /v1/p/disks/d1/labels/d {"value":"5"}`,
		"GET /v1/p/disks/d1",
		`POST /v1/p/disks/d1/remove {"host_name":"h1"}`,
		`POST /v1/p/disks/d1/hosts {"host_name":"h3"}`,
	}
	if !slices.Equal(f.calls, want) {
		t.Errorf("got %q", f.calls)
	}
	var purposes []string
	for _, op := range kind.Operations() {
		purposes = append(purposes, op.Method+" "+op.Path)
	}
	for _, op := range []string{"POST /v1/{project_id}/disks/{id}/hosts", "DELETE /v1/{project_id}/disks/{id}/labels/{item}"} {
		if !slices.Contains(purposes, op) {
			t.Errorf("%s is not among the operations", op)
		}
	}
}

// What is always there is not waited for to go. A refusal is one all the same.
func TestResets(t *testing.T) {
	t.Parallel()
	kind := &Kind{Name: "limit", Service: cloud.EVS, ID: "{of}", Path: "/v1/{project_id}/limits/{of}", Alone: true, Resets: true, Delete: Op{Path: "/v1/{project_id}/limits/{of}"}, Schema: schema.Schema{Attributes: map[string]schema.Attribute{
		"of": schema.StringAttribute{Required: true},
	}}}
	for status, fails := range map[int]bool{200: false, 403: true} {
		f := &fake{answer: func(string, string, string, string) (int, string) { return status, `{}` }}
		err := (&managed{kind: kind, session: serve(t, f)}).remove(t.Context(), Values{"id": "p1", "of": "p1"})
		if (err != nil) != fails || len(f.calls) != 1 {
			t.Errorf("%d: %v after %v", status, err, f.calls)
		}
	}
}

// An object that cannot be deleted is only forgotten, and nothing is believed of a delete.
func TestRemains(t *testing.T) {
	t.Parallel()
	kind := &Kind{Name: "vote", Service: cloud.EVS, Path: "/v1/{project_id}/votes", Remains: true, Schema: schema.Schema{Attributes: map[string]schema.Attribute{}}}
	for _, op := range kind.Operations() {
		if op.Method == "DELETE" {
			t.Error(op)
		}
	}
}

// What an operation resets unless it is said again is said as it is now, by changes and by creates, and null stays unsaid.
func TestKeeps(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ now, said string }{
		"has both": {`{"id":"d1","owner":"them","host_name":"h1"}`, `"host":"h1","name":"web","owner":"them"`},
		"has none": {`{"id":"d1","owner":null}`, `"name":"web"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keeping := Op{
				Method: "PUT", Path: "/v1/{project_id}/disks/{name}", Keeps: []string{"owner", "host"},
				Body: Body{"name": Attr("name"), "owner": Attr("owner"), "host": Attr("host")},
			}
			kind := &Kind{
				Name: "disk", Service: cloud.EVS, ID: "{name}", Create: keeping, Read: Op{Path: "/v1/{project_id}/disks/{name}"},
				Fields: Fields{"host": {Read: "host_name"}}, Changes: []Change{{Of: []string{"size"}, Op: keeping}},
				Schema: schema.Schema{Attributes: map[string]schema.Attribute{
					"name": schema.StringAttribute{Required: true}, "host": schema.StringAttribute{Computed: true}, "size": schema.Int64Attribute{Optional: true},
				}},
			}
			f := &fake{answer: func(string, string, string, string) (int, string) { return 200, test.now }}
			r := &managed{kind: kind, session: serve(t, f)}
			prior := Values{"id": "web", "name": "web", "host": "h0", "size": 1}
			if _, err := r.apply(t.Context(), prior, prior.with(Values{"size": 2}), false); err != nil {
				t.Fatal(err)
			}
			if _, err := r.make(t.Context(), Values{"name": "web"}); err != nil {
				t.Fatal(err)
			}
			kind.Create.Overwrites, kind.Proof = true, "proof" // it is read once for both
			if _, err := r.make(t.Context(), Values{"name": "web"}); err != nil {
				t.Fatal(err)
			}
			once := []string{"GET /v1/p/disks/web", "PUT /v1/p/disks/web {" + test.said + "}"}
			if want := slices.Concat(once, once, once); !slices.Equal(f.calls, want) {
				t.Errorf("got %q", f.calls)
			}
		})
	}
}
