package object

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// disk is a Kind that departs from plain REST in every way that data can say.
func disk() *Kind {
	return &Kind{
		Name: "disk", Service: cloud.EVS, Path: "/v1/{project_id}/disks", One: "disk", Many: "disks", Paging: cloud.Marker(2, "next"),
		Ready: Ready{Path: "status", OK: []string{"ready"}, Failed: []string{"broken"}, Reason: "fault.message"},
		Gone:  []string{"deleted"},
		Tags:  &Tags{Create: "tags", Write: Stars, Read: "tags", As: Pairs, Action: "/v1/{project_id}/disks/{id}/tags"},
		Fields: Fields{
			"flavor":   {Write: "flavorRef", Read: "flavor.id", Update: "new_flavor"},
			"mode":     {API: "meta.mode", Words: map[string]string{"fast": "1", "slow": "0"}, Absent: "slow"},
			"never":    {Write: Never, Read: Never},
			"meta":     {System: []string{"__*", "mode"}},
			"script":   {As: Base64},
			"parts":    {API: "partitions", Of: Fields{"size": {API: "size_gb", As: Text}, "label": {Write: "name", Read: "info.name"}, "kept": {Write: Never, Read: Never}}},
			"boots":    {Absent: false},
			"password": {API: "adminPass"},
		},
		Silent: []string{"password", "source"}, Local: []string{"force"}, Secrets: []string{"password"},
		Changes: []Change{
			{Of: []string{"name", "description", "labels", "flavor"}},
			{Of: []string{"size"}, Op: Op{Method: "POST", Path: "/v1/{project_id}/disks/{id}/grow", Body: Body{"grow": Body{"to": Attr("size")}}}},
			{Of: []string{"late"}, Follows: Always},
			{Of: []string{"password"}},
		},
		Schema: schema.Schema{Attributes: map[string]schema.Attribute{
			"name":        schema.StringAttribute{Required: true},
			"description": schema.StringAttribute{Optional: true},
			"size":        schema.Int64Attribute{Optional: true, Computed: true},
			"flavor":      schema.StringAttribute{Optional: true},
			"mode":        schema.StringAttribute{Optional: true, Computed: true},
			"never":       schema.StringAttribute{Optional: true},
			"meta":        schema.MapAttribute{Optional: true, ElementType: types.StringType},
			"labels":      schema.ListAttribute{Optional: true, ElementType: types.StringType},
			"groups":      schema.SetAttribute{Optional: true, ElementType: types.StringType},
			"script":      schema.StringAttribute{Optional: true},
			"boots":       schema.BoolAttribute{Optional: true, Computed: true},
			"late":        schema.StringAttribute{Optional: true},
			"force":       schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(true)},
			"password":    schema.StringAttribute{Optional: true, Sensitive: true},
			"source":      schema.StringAttribute{Optional: true},
			"status":      schema.StringAttribute{Computed: true},
			"created_at":  schema.StringAttribute{Computed: true},
			"parts": schema.ListNestedAttribute{Optional: true, NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"size":  schema.Int64Attribute{Required: true},
				"label": schema.StringAttribute{Optional: true},
				"kept":  schema.StringAttribute{Optional: true},
				"uuid":  schema.StringAttribute{Computed: true},
			}}},
		}},
	}
}

func TestExpand(t *testing.T) {
	t.Parallel()
	escaped := func(_ string, value any) string { return url.PathEscape(fmt.Sprint(value)) }
	values := Values{"id": "a/b", "n": parse(t, "7"), "open": convert.Unknown, "nets": []any{map[string]any{"subnet": "s"}}}
	for text, want := range map[string]string{
		"/v1/{project_id}/x":            "/v1/{project_id}/x",
		"/v1/{project_id}/x/{id}/y":     "/v1/{project_id}/x/a%2Fb/y",
		"/x/{n}/{nets.0.subnet}":        "/x/7/s",
		"":                              "",
		"{id}":                          "a%2Fb",
		"/v1/{project_id}/{project_id}": "/v1/{project_id}/{project_id}",
	} {
		if got, err := expand(text, values, escaped); got != want || err != nil {
			t.Errorf("%s: %s, %v", text, got, err)
		}
	}
	for _, text := range []string{"/x/{none}", "/x/{open}", "/x/{nets.1.subnet}"} {
		if got, err := expand(text, values, escaped); err == nil || !strings.Contains(err.Error(), "is not known") {
			t.Errorf("%s: %s, %v", text, got, err)
		}
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	op := Op{Method: "GET", Path: "/v1/{project_id}/disks/{id}", Query: map[string]string{"server": "{id}", "fixed": "yes"}, Idempotent: true}
	request, err := disk().fill(op, Values{"id": "a b", "region": "r"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if request.Service != cloud.EVS || request.Region != "r" || request.Path != "/v1/{project_id}/disks/a%20b" || !request.Idempotent ||
		request.Query.Encode() != "fixed=yes&server=a+b" || request.Body != nil {
		t.Errorf("got %+v", request)
	}
	worded := Op{Query: map[string]string{"m": "{mode}", "n": "{name}"}}
	if request, _ = disk().fill(worded, Values{"id": "x", "mode": "fast", "name": "fast"}, nil); request.Query.Encode() != "m=1&n=fast" {
		t.Errorf("a parameter is not in the API's words: %s", request.Query.Encode())
	}
	op.Repeat = map[string][]string{"fields": {"id", "name"}}
	if request, _ = disk().fill(op, Values{"id": "x"}, nil); request.Query.Encode() != "fields=id&fields=name&fixed=yes&server=x" {
		t.Errorf("asked with %s", request.Query.Encode())
	}
	op.Service = cloud.VPC
	if request, _ = disk().fill(op, Values{"id": "x"}, nil); request.Service != cloud.VPC {
		t.Error("the operation's own service is not asked")
	}
	for _, values := range []Values{{}, {"id": convert.Unknown}} {
		if _, err := disk().fill(op, values, nil); err == nil {
			t.Errorf("%v was enough", values)
		}
	}
	if request, err = disk().fill(Op{Method: "PUT", Path: "/x/{mode}", Body: Body{}}, Values{"mode": "fast"}, nil); err != nil || request.Path != "/x/1" || request.Body != nil {
		t.Errorf("in the API's word and without a body: %+v, %v", request, err)
	}
	op.Path = "/x"
	if _, err := disk().fill(op, Values{}, nil); err == nil {
		t.Error("a parameter was not filled in, and nobody said so")
	}
}

func TestTemplate(t *testing.T) {
	t.Parallel()
	values := Values{
		"name": "d", "description": "", "size": parse(t, "10"), "flavor": "f", "mode": "fast", "never": "n", "meta": map[string]any{"own": "v"},
		"script": "#!", "late": "l", "force": true, "password": "p", "boots": false, "source": convert.Unknown, "status": "x", "labels": nil,
		"parts": []any{map[string]any{"size": parse(t, "5"), "label": "root", "kept": "k", "uuid": convert.Unknown}}, "tags_all": map[string]any{"t": "1"},
	}
	full := `{"adminPass":"p","boots":false,"description":"","flavorRef":"f","meta":{"mode":"1","own":"v"},"name":"d","partitions":[{"name":"root","size_gb":"5"}],"script":"IyE=","size":10,"tags":["t*1"]}`
	for name, test := range map[string]struct {
		template any
		changed  []string
		want     string
	}{
		"constant":               {Body{"a": "b", "n": 1}, nil, `{"a":"b","n":1}`},
		"attribute":              {Body{"a": Attr("name"), "b": Attr("labels"), "c": Attr("source")}, nil, `{"a":"d"}`},
		"falsehood is a value":   {Body{"a": Attr("boots")}, nil, `{"a":false}`},
		"in the API's words":     {Body{"a": Attr("mode"), "b": Attr("script")}, nil, `{"a":"1","b":"IyE="}`},
		"nothing given":          {Body{"a": Body{"b": Attr("labels")}}, nil, `null`},
		"null on purpose":        {Body{"a": Null, "b": nil}, nil, `{"a":null}`},
		"empty on purpose":       {Body{"os-start": Body{}}, nil, `{"os-start":{}}`},
		"list":                   {Body{"ids": []any{Body{"id": Attr("name")}}}, nil, `{"ids":[{"id":"d"}]}`},
		"all":                    {Body{"disk": All{}}, nil, `{"disk":` + full + `}`},
		"all with constants":     {All{Plus: Body{"meta": Body{"ask": "yes"}, "name": "overruled"}}, nil, strings.Replace(full, `{"mode"`, `{"ask":"yes","mode"`, 1)},
		"changed":                {Changed{}, []string{"description", "flavor"}, `{"description":"","new_flavor":"f"}`},
		"changed and always":     {Body{"disk": Changed{"name"}}, []string{"size"}, `{"disk":{"name":"d","size":10}}`},
		"always, changed anyway": {Changed{"name"}, []string{"name"}, `{"name":"d"}`},
		"removed":                {Changed{}, []string{"labels", "source"}, `{"labels":[],"source":""}`},
		"removed number":         {Changed{}, []string{"count"}, `{}`},
		"never sent":             {Changed{}, []string{"name"}, `{"name":"d"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := disk().template(test.template, values, test.changed)
			if err != nil || show(t, got) != test.want {
				t.Errorf("\ngot  %s, %v\nwant %s", show(t, got), err, test.want)
			}
		})
	}
}

// What a function contributes lies over what Fields have made, and its error stops the request.
func TestEncode(t *testing.T) {
	t.Parallel()
	type plan struct {
		Name string `json:"name"`
	}
	type request struct {
		Meta struct {
			Owner string `json:"owner"`
		} `json:"meta"`
		Name string `json:"name,omitempty"`
	}
	kind := disk()
	kind.Encode = EncodeWith(func(p plan) (r request, err error) {
		if p.Name == "bad" {
			return r, errors.New("told to fail")
		}
		r.Meta.Owner = "of " + p.Name
		return r, nil
	})
	got, err := kind.template(All{}, Values{"name": "d", "mode": "slow"}, nil)
	if want := `{"meta":{"mode":"0","owner":"of d"},"name":"d"}`; err != nil || show(t, got) != want {
		t.Errorf("got %s, %v", show(t, got), err)
	}
	if _, err := kind.template(Body{"a": []any{All{}}}, Values{"name": "bad"}, nil); err == nil {
		t.Error("its error was lost")
	}
	if _, err := kind.template(All{}, Values{"name": []any{}}, nil); err == nil {
		t.Error("a list became a text")
	}
}

func TestSent(t *testing.T) {
	t.Parallel()
	sent := disk().sent()
	for _, name := range []string{"late", "force", "status", "created_at"} {
		if slices.Contains(sent, name) {
			t.Errorf("create sends %s", name)
		}
	}
	for _, name := range []string{"name", "password", "source", "parts", "never"} {
		if !slices.Contains(sent, name) {
			t.Errorf("create does not send %s", name)
		}
	}
}
