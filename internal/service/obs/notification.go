package obs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// BucketNotification is which topics are told of what happens to a bucket's objects.
var BucketNotification = document(object.Kind{
	Name:   "bucket_notification",
	One:    "NotificationConfiguration",
	Proof:  "TopicConfiguration",
	Delete: object.Op{Method: "PUT", Body: object.Body{"NotificationConfiguration": object.Body{}}},
	Fields: object.Fields{"topics": {API: "TopicConfiguration", As: object.Many, Of: object.Fields{
		"id":        {API: "Id"},
		"topic_urn": {API: "Topic"},
		"events":    {API: "Event", As: object.Many},
		"filter":    {API: "Filter.Object.FilterRule", As: object.Named},
	}}},
	Checks: []object.Check{topicsFit},
	Schema: schema.Schema{
		MarkdownDescription: "The topics (SMN) that are told of what happens to the objects of a bucket (OBS). Each gets a message at once, as a test. A bucket has one such resource.",
		Attributes: map[string]schema.Attribute{
			"topics": schema.ListNestedAttribute{
				Required: true, Validators: []validator.List{listvalidator.SizeBetween(1, 100)},
				MarkdownDescription: "The topics, 1 to 100, which are written in 100 KB at most. No two are told of the same event of an object.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id": schema.StringAttribute{
						Required: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
						MarkdownDescription: "A name for it, which no other of the bucket has.",
					},
					"topic_urn": schema.StringAttribute{
						Required: true, Validators: []validator.String{valid.Match(topicURN, "a topic's URN is expected: urn:smn:REGION:PROJECT:NAME")},
						MarkdownDescription: "The topic, by its id (URN). It has to be in the bucket's region, and its policy has to let OBS publish.",
					},
					"events": schema.SetAttribute{
						Required: true, ElementType: types.StringType, Validators: texts(stringvalidator.OneOf(events...)),
						MarkdownDescription: "What it is told of: `ObjectCreated:Put`, `ObjectCreated:Post`, `ObjectCreated:Copy`, `ObjectCreated:CompleteMultipartUpload`, or `ObjectCreated:*` for all of these; " +
							"`ObjectRemoved:Delete`, `ObjectRemoved:DeleteMarkerCreated`, or `ObjectRemoved:*` for both.",
					},
					"filter": schema.MapAttribute{
						Optional: true, ElementType: types.StringType,
						Validators: []validator.Map{
							mapvalidator.SizeAtLeast(1),
							mapvalidator.KeysAre(stringvalidator.OneOf("prefix", "suffix")),
							mapvalidator.ValueStringsAre(stringvalidator.UTF8LengthBetween(1, 1024)),
							mapvalidator.NoNullValues(),
						},
						MarkdownDescription: "Of which objects: `prefix` and `suffix` are what their keys begin and end with, 1 to 1024 characters each. Default: of all.",
					},
				}},
			},
		},
	},
}, "notification")

var events = []string{
	"ObjectCreated:*", "ObjectCreated:Put", "ObjectCreated:Post", "ObjectCreated:Copy", "ObjectCreated:CompleteMultipartUpload",
	"ObjectRemoved:*", "ObjectRemoved:Delete", "ObjectRemoved:DeleteMarkerCreated",
}

var topicURN = pattern.New(`^urn:smn:[^:]+:[^:]+:[^:]+$`)

// topicsFit refuses ids that are used twice, and two topics for the same event of an object.
func topicsFit(_, config object.Values, refuse func(string, string, ...any)) {
	for i := range config.List("topics") {
		one := toldOf(config, i)
		for j := range i {
			two := toldOf(config, j)
			if one.id != "" && one.id == two.id {
				refuse(fmt.Sprintf("topics.%d.id", i), "Two topics have the id %q.", one.id)
			}
			if one.overlaps(two) {
				refuse(fmt.Sprintf("topics.%d", i), "Another one, topics.%d, is told of the same events of the same objects. Choose other events, or filters that exclude each other.", j)
			}
		}
	}
}

// told is what a topic is told of, as far as it is known.
type told struct {
	id             string
	events         []string
	prefix, suffix string
}

func toldOf(config object.Values, i int) told {
	at := fmt.Sprintf("topics.%d.", i)
	out := told{id: config.String(at + "id"), prefix: config.String(at + "filter.prefix"), suffix: config.String(at + "filter.suffix")}
	for _, path := range []string{"filter", "filter.prefix", "filter.suffix"} {
		if _, known := config.Get(at + path); !known && config.Has(at+path) {
			return out // for nobody knows which objects
		}
	}
	for _, event := range config.List(at + "events") {
		if text, known := event.(string); known {
			out.events = append(out.events, text)
		}
	}
	return out
}

func (t told) overlaps(other told) bool {
	return (strings.HasPrefix(t.prefix, other.prefix) || strings.HasPrefix(other.prefix, t.prefix)) &&
		(strings.HasSuffix(t.suffix, other.suffix) || strings.HasSuffix(other.suffix, t.suffix)) &&
		slices.ContainsFunc(t.events, func(one string) bool {
			return slices.ContainsFunc(other.events, func(two string) bool { return includes(one, two) || includes(two, one) })
		})
}

// includes tells that an event is another, or all of its sort.
func includes(event, other string) bool {
	sort, all := strings.CutSuffix(event, "*")
	return event == other || all && strings.HasPrefix(other, sort)
}
