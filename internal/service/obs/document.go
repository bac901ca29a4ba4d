package obs

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

// document completes the declaration of a bucket's document, which a word of the query names: PUT writes the whole, GET
// reads it, DELETE removes it, and its id is the bucket's. What the declaration says itself stays: One is the root of the
// XML, Delete another way to remove it, Proof what an answer has only when there is a document.
func document(k object.Kind, word string) *object.Kind {
	on := func(method string, body any) object.Op {
		return object.Op{Method: method, Path: "/{bucket}", Query: map[string]string{word: ""}, Body: body}
	}
	var content any = object.All{}
	if k.One != "" {
		content = object.Body{k.One: content}
	}
	if k.Create.Body != nil {
		content = k.Create.Body
	}
	k.Service, k.ID, k.Path, k.Alone = cloud.OBS, "{bucket}", "/{bucket}", true
	k.Busy = []string{"409 OperationAborted"} // another document of the bucket is being written
	k.Create = on("PUT", content)
	k.Create.Overwrites = true
	text := k.Read.Text
	k.Read = on("GET", nil)
	k.Read.Text = text
	k.Delete = on(or(k.Delete.Method, "DELETE"), k.Delete.Body)

	fields := object.Fields{"bucket": {Read: object.Never, Write: object.Never}}
	var names []string
	for name, a := range k.Schema.Attributes {
		if a.IsRequired() || a.IsOptional() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	maps.Copy(fields, k.Fields)
	k.Fields = fields
	k.Changes = append(k.Changes, object.Change{Of: names, Op: on("PUT", content)})
	attributes := map[string]schema.Attribute{"bucket": schema.StringAttribute{
		Required: true, Validators: bucketNames(),
		MarkdownDescription: "Name of the bucket: its id. The document is the bucket's only one of its sort.",
	}}
	maps.Copy(attributes, k.Schema.Attributes)
	k.Schema.Attributes = attributes
	return &k
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}
