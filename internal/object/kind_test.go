package object

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// What is not declared is plain REST; what is declared wins, one field at a time.
func TestDerivedOperations(t *testing.T) {
	t.Parallel()
	plain := &Kind{Name: "box", Path: "/v1/{project_id}/boxes", One: "box"}
	bare := &Kind{Name: "box", Path: "/v1/{project_id}/boxes"}
	own := &Kind{
		Name: "box", Plural: "boxes", Path: "/v1/{project_id}/boxes", One: "box",
		Create: Op{Method: "PUT", ID: "made.0"}, Read: Op{Path: "/v2/boxes/{id}"}, List: Op{Path: "/v2/all"}, Delete: Op{Method: "POST", Path: "/v2/delete"},
	}
	other := &Kind{Name: "box", Path: "/v1/{project_id}/boxes", One: "box", Creates: []Create{{
		When: func(plan Values) bool { return plan.String("from") == "copy" }, Op: Op{Path: "/v1/{project_id}/copies"},
	}}}
	change := Change{Of: []string{"name"}}
	for name, test := range map[string]struct {
		op   Op
		want string
	}{
		"create":       {plain.createOp(nil), "POST /v1/{project_id}/boxes box.id"},
		"read":         {plain.readOp(), "GET /v1/{project_id}/boxes/{id} "},
		"list":         {plain.listOp(), "GET /v1/{project_id}/boxes "},
		"delete":       {plain.deleteOp(), "DELETE /v1/{project_id}/boxes/{id} "},
		"change":       {plain.changeOp(change), "PUT /v1/{project_id}/boxes/{id} "},
		"other create": {other.createOp(Values{"from": "copy"}), "POST /v1/{project_id}/copies box.id"},
		"no other":     {other.createOp(Values{"from": "file"}), "POST /v1/{project_id}/boxes box.id"},
		"bare create":  {bare.createOp(nil), "POST /v1/{project_id}/boxes id"},
		"own create":   {own.createOp(nil), "PUT /v1/{project_id}/boxes made.0"},
		"own read":     {own.readOp(), "GET /v2/boxes/{id} "},
		"own list":     {own.listOp(), "GET /v2/all "},
		"own delete":   {own.deleteOp(), "POST /v2/delete "},
	} {
		if got := test.op.Method + " " + test.op.Path + " " + test.op.ID; got != test.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if plain.plural() != "boxs" || own.plural() != "boxes" || plain.TypeName() != "hwcloud_box" {
		t.Error("names")
	}
	if got := (Side{Op: Op{Method: "GET", Path: "/p", Query: map[string]string{"of": "{id}"}}}).bulkOp(); got.Query != nil || got.Path != "/p" {
		t.Errorf("got %+v", got)
	}
	if got := (Side{Bulk: Op{Path: "/all"}}).bulkOp(); got.Path != "/all" {
		t.Errorf("got %+v", got)
	}
}

// Everything that a Kind can call is told, with the fields that it believes in.
func TestOperations(t *testing.T) {
	t.Parallel()
	kind := disk()
	kind.Create.Job = "job_id"
	kind.Create.JobID = []string{"entities.disk_id"}
	kind.Filters = map[string]string{"name": "disk_name"}
	kind.Sides = []Side{
		{Into: "_parts", Many: "parts", Owner: "disk_id", Op: Op{Method: "GET", Path: "/v1/{project_id}/parts"}},
		{Into: "_lists", Many: "lists", Paging: cloud.Offset(10).OfLists("names"), Op: Op{Method: "GET", Path: "/v1/{project_id}/lists/{id}"}},
		{Into: "_use", Many: Never, Op: Op{Method: "GET", Path: "/v1/{project_id}/use/{id}"}},
	}
	kind.Fields["boots"] = Field{Read: "_use.boots"}
	kind.Fields["status"] = Field{Read: "_lists.names.first"}
	told := map[string]Operation{}
	for _, o := range kind.Operations() {
		if told[o.Purpose].Purpose != "" {
			t.Errorf("%s is told twice", o.Purpose)
		}
		told[o.Purpose] = o
		if !strings.Contains(o.String(), o.Method+" "+o.Path) || o.Service != cloud.EVS {
			t.Errorf("%s", o)
		}
	}
	for purpose, want := range map[string]struct{ sends, answers []string }{
		"create":      {[]string{"disk.adminPass", "disk.flavorRef", "disk.meta.mode", "disk.partitions.name", "disk.partitions.size_gb", "disk.tags"}, []string{"disk.id", "job_id"}},
		"create: job": {nil, []string{"entities.disk_id", "status"}},
		"read":        {nil, []string{"disk.id", "disk.flavor.id", "disk.status", "disk.tags", "disk.meta.mode"}},
		"list":        {nil, []string{"disks.id", "disks.flavor.id"}},
		"change name, description, labels, flavor": {[]string{"disk.new_flavor", "disk.name", "disk.labels"}, nil},
		"change size": {[]string{"grow.to"}, nil},
		"read _parts": {nil, []string{"parts.disk_id"}},
		"read _lists": {nil, []string{"lists.first"}},
		"read _use":   {nil, []string{"boots"}},
		"add tags":    {[]string{"action", "tags.key", "tags.value"}, nil},
		"remove tags": {nil, nil},
		"delete":      {nil, nil},
	} {
		o, ok := told[purpose]
		if !ok {
			t.Errorf("%s is not told", purpose)
		}
		for _, field := range want.sends {
			if !slices.Contains(o.Sends, field) {
				t.Errorf("%s does not send %s but %v", purpose, field, o.Sends)
			}
		}
		for _, field := range want.answers {
			if !slices.Contains(o.Answers, field) {
				t.Errorf("%s is not answered %s but %v", purpose, field, o.Answers)
			}
		}
	}
	for _, never := range []string{"disk.adminPass", "disk.never", "disk.force", "disk.late", "disk._use.boots"} {
		if slices.Contains(told["read"].Answers, never) && never != "disk.late" || slices.Contains(told["create"].Sends, never) && never != "disk.adminPass" {
			t.Errorf("%s has no place there", never)
		}
	}
	kind.Creates = []Create{{Op: Op{Path: "/v1/{project_id}/copies", Body: Body{"name": Attr("name")}}}}
	if !slices.ContainsFunc(kind.Operations(), func(o Operation) bool {
		return o.Purpose == "create" && o.Method+" "+o.Path == "POST /v1/{project_id}/copies" && slices.Equal(o.Sends, []string{"name"})
	}) {
		t.Error("another way to create is not told")
	}
	kind.Tags = &Tags{Create: "tags", Read: "tags"}
	for _, o := range kind.Operations() {
		if strings.HasSuffix(o.Purpose, "tags") {
			t.Errorf("tags that only a new object gets have %s", o)
		}
	}
	kind.NoResource = true
	for _, o := range kind.Operations() {
		if o.Method != http.MethodGet {
			t.Errorf("what can only be looked up has %s", o)
		}
	}
}

// The schema is complete and says by itself what a change does.
func TestSchema(t *testing.T) {
	t.Parallel()
	kind := disk()
	r := kind.Resources(nil)[0]()
	var resp resource.SchemaResponse
	r.Schema(t.Context(), resource.SchemaRequest{}, &resp)
	if diags := resp.Schema.ValidateImplementation(t.Context()); diags.HasError() {
		t.Fatal(diags)
	}
	for name, want := range map[string]string{
		"id": "gave the object", "region": "replaces the object", "tags": "Changed in place", "tags_all": "default_tags",
		"name": "Changed in place.", "source": "replaces the object. The cloud never answers it", "force": "Default: `true`. An argument of this provider",
		"password_wo": "never stored", "password_wo_version": "raise it", "status": "",
	} {
		a, ok := resp.Schema.Attributes[name]
		if !ok || !strings.Contains(a.GetMarkdownDescription(), want) {
			t.Errorf("%s: %v", name, a)
		}
	}
	if wo := resp.Schema.Attributes["password_wo"].(schema.StringAttribute); !wo.WriteOnly || !wo.Sensitive {
		t.Error("the write-only twin is neither")
	}
	if _, ok := resp.Schema.Blocks["timeouts"]; !ok {
		t.Error("no timeouts")
	}
	if len(kind.Schema.Attributes) != len(disk().Schema.Attributes) {
		t.Error("the declaration itself was changed")
	}
	asked := disk()
	asked.Filters, asked.Fields["status"] = map[string]string{"status": "status"}, Field{Read: Never}
	if _, ok := asked.resourceSchema(t.Context(), nil).Attributes["status"]; ok {
		t.Error("the resource has what is only asked by")
	}
	kind.Tags = &Tags{Create: "tags", Read: "tags"}
	if tags := kind.resourceSchema(t.Context(), nil).Attributes["tags"]; !strings.Contains(tags.GetMarkdownDescription(), "Changing them replaces the object.") {
		t.Errorf("of tags that only a new object gets it says %q", tags.GetMarkdownDescription())
	}
	kind.NoResource = true
	if kind.Resources(nil) != nil || kind.ListResources(nil) != nil || len(kind.DataSources(nil)) != 2 {
		t.Error("what can only be looked up is more than two data sources")
	}
}
