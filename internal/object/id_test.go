package object

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// slot lies in a rack: the cloud names it, the answer does not tell the rack.
func slot() *Kind {
	return &Kind{
		Name: "slot", Service: cloud.EVS, ID: "{rack}/{number}", Path: "/v1/{project_id}/racks/{rack}/slots", One: "slot", Many: "slots",
		Read: Op{Path: "/v1/{project_id}/racks/{rack}/slots/{number}"}, Create: Op{ID: "slot.n"},
		Fields: Fields{"rack": {Write: Never, Read: Never}, "number": {API: "n"}, "labels": {System: []string{"sys"}}},
		Schema: schema.Schema{Attributes: map[string]schema.Attribute{
			"rack": schema.StringAttribute{Required: true}, "number": schema.StringAttribute{Computed: true},
			"color": schema.StringAttribute{Optional: true}, "labels": schema.MapAttribute{Optional: true},
		}},
	}
}

func TestComposedID(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		id     string
		values Values
		own    any
		want   string
	}{
		"the cloud's own":      {"", nil, 7, "7"},
		"none":                 {"", nil, nil, ""},
		"of what is known":     {"{a}/{b}", Values{"a": "x", "b": "y"}, "z", "x/y"},
		"with the cloud's own": {"{a}/{b}", Values{"a": "x", "b": convert.Unknown}, "z", "x/z"},
		"not yet":              {"{a}/{b}", Values{"a": "x", "b": nil}, nil, ""},
	} {
		if got := (&Kind{ID: test.id}).composed(test.values, test.own); got != test.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	for id, want := range map[string]string{
		"r1/3": "r1 3 r1/3", "r1/3/4": "r1 3/4 r1/3/4", // a number never has a slash, a name may
		"r1": "", "r1/": "", "/3": "", "": "",
	} {
		got := ""
		if parts, err := slot().apart(id); err == nil {
			got = fmt.Sprint(parts["rack"], " ", parts["number"], " ", parts["id"])
		} else if !strings.Contains(err.Error(), "not of the form rack/number") {
			t.Error(err)
		}
		if got != want {
			t.Errorf("%q: %q", id, got)
		}
	}
	if got := slot().idOf(map[string]any{"n": parse(t, "3")}, Values{"rack": "r1", "number": "9"}); got != "r1/3" {
		t.Errorf("what is answered counts: %s", got)
	}
}

// An object whose id is made of attributes is made, read and listed where those say.
func TestComposedIDFindsObject(t *testing.T) {
	t.Parallel()
	f := &fake{answer: func(method, path, _, _ string) (int, string) {
		var rack, number int
		switch n, _ := fmt.Sscanf(path, "/v1/p/racks/r%d/slots/%d", &rack, &number); {
		case method == http.MethodPost:
			return 201, `{"slot":{"n":3}}`
		case n == 2 && number < 9:
			return 200, fmt.Sprintf(`{"slot":{"n":%d,"color":"c%d","labels":{"mine":"1","sys":"2"}}}`, number, rack)
		case n == 1:
			return 200, fmt.Sprintf(`{"slots":[{"n":1,"color":"c%d"},{"n":2,"color":"c%d"}]}`, rack, rack)
		}
		return 404, ""
	}}
	s := serve(t, f)
	r := &managed{kind: slot(), session: s}
	made, err := r.make(t.Context(), Values{"region": "r1", "rack": "r7", "number": convert.Unknown})
	if err != nil || made.id != "r7/3" || f.count("POST /v1/p/racks/r7/slots {\"slot\":{}}") != 1 {
		t.Fatalf("made %+v, %v with %q", made, err, f.calls)
	}
	bond := slot()
	bond.ID, bond.Create.ID = "{rack}/{color}", ""
	made, err = (&managed{kind: bond, session: s}).make(t.Context(), Values{"region": "r1", "rack": "r7", "color": "red"})
	if err != nil || made.id != "r7/red" {
		t.Errorf("what is known needs no answer: %+v, %v", made, err)
	}
	imported := r.kind.located(Values{"id": "r7/3", "region": "r1"})
	object, err := s.listing(r.kind, imported).read(t.Context(), imported)
	if err != nil {
		t.Fatal(err)
	}
	values, err := s.present(r.kind, object, imported)
	if got := fmt.Sprint(values["id"], values["rack"], values["number"], values["color"], values["labels"]); err != nil || got != "r7/3r73c7map[mine:1]" {
		t.Errorf("imported %s, %v", got, err)
	}
	for wanted, want := range map[[2]string]string{
		{"rack", "r5"}: "r5/1=c5 r5/2=c5 ", {"id", "r6/4"}: "r6/4=c6 ", {"id", "r6/9"}: "",
		{"color", "red"}: "error: without an id, rack is needed to look one up", {"id", "r6"}: `error: "r6" is not of the form rack/number`,
	} {
		found, err := s.find(t.Context(), r.kind, Values{"region": "r1", wanted[0]: wanted[1]})
		got := ""
		for _, object := range found {
			got += object.String("id") + "=" + object.String("color") + " "
		}
		if err != nil {
			got = "error: " + err.Error()
		}
		if got != want {
			t.Errorf("%v: %s", wanted, got)
		}
	}
}

// What lies in different racks is not listed together.
func TestListingsByScope(t *testing.T) {
	t.Parallel()
	s := serve(t, always(404, ""))
	one := s.listing(slot(), Values{"rack": "r1", "number": "1"})
	if s.listing(slot(), Values{"rack": "r1", "number": "2"}) != one || s.listing(slot(), Values{"rack": "r2", "number": "1"}) == one {
		t.Error("a listing is of a rack")
	}
}

// A list may be asked with a body: that names the rack then.
func TestScopeInABody(t *testing.T) {
	t.Parallel()
	f := &fake{answer: func(_, path, _, body string) (int, string) {
		var rack int
		if _, err := fmt.Sscanf(body, `{"of":{"rack":"r%d"},"which":["all"]}`, &rack); err != nil || path != "/v1/p/list-slots" {
			return 404, ""
		}
		return 200, fmt.Sprintf(`{"slots":[{"n":1,"color":"c%d"}]}`, rack)
	}}
	k := slot()
	k.ListOnly, k.Read = true, Op{}
	k.List = Op{Method: "POST", Path: "/v1/{project_id}/list-slots", Body: Body{"of": Body{"rack": Attr("rack")}, "which": []any{"all"}}}
	if got := k.scope(); fmt.Sprint(got) != "[rack]" {
		t.Errorf("the scope is %v", got)
	}
	values := k.located(Values{"id": "r4/1", "region": "r1"})
	object, err := serve(t, f).listing(k, values).read(t.Context(), values)
	if err != nil || object["color"] != "c4" {
		t.Errorf("read %v, %v", object, err)
	}
}

// Whoever lists says of what; whoever imports says all.
func TestScopeIsRequired(t *testing.T) {
	t.Parallel()
	var many datasource.SchemaResponse
	slot().DataSources(nil)[1]().Schema(t.Context(), datasource.SchemaRequest{}, &many)
	if !many.Schema.Attributes["rack"].IsRequired() || many.Schema.Attributes["color"].IsRequired() {
		t.Error("the plural data source needs the rack and no more")
	}
	var one datasource.SchemaResponse
	slot().DataSources(nil)[0]().Schema(t.Context(), datasource.SchemaRequest{}, &one)
	if rack := one.Schema.Attributes["rack"].(dataschema.StringAttribute); rack.Required || !rack.Optional || !rack.Computed {
		t.Error("the singular data source can do with the id")
	}
	var query list.ListResourceSchemaResponse
	slot().ListResources(nil)[0]().ListResourceConfigSchema(t.Context(), list.ListResourceSchemaRequest{}, &query)
	if !query.Schema.Attributes["rack"].IsRequired() {
		t.Error("the list resource needs the rack")
	}
	if id := query.Schema.Attributes["id"]; id == nil || id.GetMarkdownDescription() != "The id, made of attributes: `rack/number`." {
		t.Errorf("the id is described as %v", id)
	}
	var resp resource.ImportStateResponse
	(&managed{kind: slot(), session: serve(t, always(404, ""))}).ImportState(t.Context(), resource.ImportStateRequest{ID: "3"}, &resp)
	if !resp.Diagnostics.HasError() || !strings.Contains(resp.Diagnostics[0].Detail(), `"3" is not of the form rack/number`) {
		t.Error(resp.Diagnostics)
	}
}

// The region of an import id is told from an id that holds an @.
func TestPlaced(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"d1":                          {"d1", ""},
		"d1@cn-north-4":               {"d1", "cn-north-4"},
		"d1@eu-de":                    {"d1", "eu-de"},
		"files/logo@2x.png":           {"files/logo@2x.png", ""},
		"files/logo@2x.png@cn-east-3": {"files/logo@2x.png", "cn-east-3"},
		"@cn-east-3":                  {"", "cn-east-3"},
	} {
		if id, region := placed(text); id != want[0] || region != want[1] {
			t.Errorf("%s is %q in %q", text, id, region)
		}
	}
}
