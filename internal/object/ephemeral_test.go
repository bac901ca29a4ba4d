package object

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// letter is opened by its name, and so many bytes of it are told.
func letter() *Ephemeral {
	return &Ephemeral{
		Name: "letter", Service: cloud.EVS,
		Open:   Op{Method: "POST", Path: "/v1/{project_id}/letters/{from}/open", Body: Body{"bytes": Attr("size"), "by": "us", "seal": Attr("seal")}},
		Fields: Fields{"size": {As: Text}, "text": {API: "letter.plain"}, "kind": {Read: "letter.kind", Absent: "plain"}},
		Schema: schema.Schema{MarkdownDescription: "A letter.", Attributes: map[string]schema.Attribute{
			"from": schema.StringAttribute{Required: true},
			"size": schema.Int64Attribute{Optional: true},
			"seal": schema.StringAttribute{Optional: true, Sensitive: true},
			"kind": schema.StringAttribute{Optional: true, Computed: true},
			"text": schema.StringAttribute{Computed: true, Sensitive: true},
		}},
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	f := &fake{answer: func(_, path, _, _ string) (int, string) {
		if path != "/v1/p/letters/a b/open" {
			return 404, `{"error_code":"L.404","error_msg":"no such letter"}`
		}
		return 200, `{"letter":{"plain":"hush","other":1}}`
	}}
	s := serve(t, f)
	for name, test := range map[string]struct {
		config Values
		call   string
		want   Values
	}{
		"what is left open": {
			Values{"from": "a b"}, `POST /v1/p/letters/a b/open {"by":"us"}`,
			Values{"from": "a b", "region": "r1", "text": "hush", "kind": "plain"},
		},
		"what is given": {
			Values{"from": "a b", "size": parse(t, "8"), "seal": "red", "kind": "long", "region": "r1"}, `POST /v1/p/letters/a b/open {"by":"us","bytes":"8","seal":"red"}`,
			Values{"from": "a b", "size": parse(t, "8"), "seal": "red", "kind": "long", "region": "r1", "text": "hush"},
		},
	} {
		got, err := s.open(t.Context(), letter(), test.config)
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		if f.count(test.call) != 1 {
			t.Errorf("%s: %q", name, f.calls)
		}
	}
	if _, err := s.open(t.Context(), letter(), Values{"from": "b"}); err == nil || !strings.Contains(letter().kind().failure("open", nil, err).Detail(), "404 L.404 no such letter") {
		t.Errorf("refused with %v", err)
	}
	if _, err := s.open(t.Context(), letter(), Values{}); err == nil {
		t.Error("without a name there is nothing to open")
	}
}

// What is opened and what opens it are in no log.
func TestOpenedIsNotLogged(t *testing.T) {
	t.Parallel()
	printed := ""
	s := serve(t, always(200, `{"letter":{"plain":"hush","kind":"long"}}`), func(_ context.Context, message string, fields map[string]any) {
		printed += fmt.Sprintln(message, fields)
	})
	opened, err := s.open(t.Context(), letter(), Values{"from": "a", "seal": "red"})
	if err != nil || opened["text"] != "hush" {
		t.Fatalf("%v, %v", opened, err)
	}
	if strings.Contains(printed, "hush") || strings.Contains(printed, "red") || !strings.Contains(printed, `{"letter":{"kind":"long","plain":"***"}}`) {
		t.Error(printed)
	}
}

func TestEphemeralOperations(t *testing.T) {
	t.Parallel()
	want := []Operation{{
		Purpose: "open", Service: cloud.EVS, Method: "POST", Path: "/v1/{project_id}/letters/{from}/open",
		Sends: []string{"by", "bytes", "seal"}, Answers: []string{"letter.kind", "letter.plain"},
	}}
	if got := letter().Operations(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestEphemeralSchema(t *testing.T) {
	t.Parallel()
	e := letter()
	var named ephemeral.MetadataResponse
	e.Resource().Metadata(t.Context(), ephemeral.MetadataRequest{}, &named)
	var resp ephemeral.SchemaResponse
	e.Resource().Schema(t.Context(), ephemeral.SchemaRequest{}, &resp)
	if diags := resp.Schema.ValidateImplementation(t.Context()); named.TypeName != "hwcloud_letter" || diags.HasError() {
		t.Errorf("%s: %v", named.TypeName, diags)
	}
	if resp.Schema.Attributes["region"] == nil || e.Schema.Attributes["region"] != nil {
		t.Error("the region belongs to what Terraform sees, and not to the declaration")
	}
}
