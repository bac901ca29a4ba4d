package obs

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

// A document is declared by its word, its root and its attributes.
func TestDocument(t *testing.T) {
	t.Parallel()
	lines := object.Kind{
		Name: "bucket_lines", One: "Lines", Proof: "Line",
		Fields: object.Fields{"lines": {API: "Line", As: object.Many}},
		Schema: schema.Schema{Attributes: map[string]schema.Attribute{
			"lines": schema.StringAttribute{Required: true}, "host": schema.StringAttribute{Computed: true},
		}},
		Made: map[string]string{"host": "{bucket}.lines.{region}.{cloud}"},
	}
	text := object.Kind{
		Name: "bucket_text", Create: object.Op{Body: object.Attr("text")}, Read: object.Op{Text: "text"},
		Delete: object.Op{Method: "PUT", Body: object.Body{"Text": object.Body{}}},
		Schema: schema.Schema{Attributes: map[string]schema.Attribute{"text": schema.StringAttribute{Required: true}}},
	}
	for word, test := range map[string]struct {
		kind object.Kind
		want map[string]string // by purpose: the call, what it sends, and what it answers
	}{
		"lines": {lines, map[string]string{
			"create": "PUT /{bucket}?lines Lines.Line", "change lines": "PUT /{bucket}?lines Lines.Line",
			"read": "GET /{bucket}?lines Lines.Line", "delete": "DELETE /{bucket}?lines",
		}},
		"text": {text, map[string]string{
			"create": "PUT /{bucket}?text", "change text": "PUT /{bucket}?text", "read": "GET /{bucket}?text text", "delete": "PUT /{bucket}?text",
		}},
	} {
		kind := document(test.kind, word)
		got := map[string]string{}
		for _, op := range kind.Operations() {
			got[op.Purpose] = strings.TrimSpace(op.Method + " " + op.Path + "?" + strings.Join(op.Query, "&") + " " + strings.Join(append(op.Sends, op.Answers...), " "))
		}
		for purpose, want := range test.want {
			if got[purpose] != want {
				t.Errorf("%s: %s instead of %s", purpose, got[purpose], want)
			}
		}
		if len(got) != len(test.want) || !kind.Create.Overwrites || !kind.Alone || kind.ID != "{bucket}" {
			t.Errorf("%s has %v", word, got)
		}
	}
}
