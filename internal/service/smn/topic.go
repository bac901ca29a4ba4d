// Package smn declares the objects of the service Simple Message Notification.
//
// Its objects are known by URNs, and making one that exists already succeeds and changes nothing.
package smn

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// Kinds are all objects of the service.
func Kinds() []*object.Kind { return []*object.Kind{&Topic, &Subscription} }

// Topic is what messages are sent to; its subscriptions say who gets them.
var Topic = object.Kind{
	Name:    "topic",
	Service: cloud.SMN,
	Path:    "/v2/{project_id}/notifications/topics",
	Many:    "topics",
	Paging:  cloud.Offset(100),
	List:    object.Op{Path: wholeTopics},
	Create:  object.Op{ID: "topic_urn", OnlyNew: true, Body: object.All{Plus: object.Body{"display_name": ""}}},
	Tags: &object.Tags{
		Read: "tags", As: object.Pairs,
		Action: "/v2/{project_id}/smn_topic/{topic_id}/tags/action",
		Rules:  object.TagRules{Most: 20, Key: 127, Value: 255, Keys: tagText, Values: tagText, Text: `a tag may not hold control characters, *, <, > or \`},
	},
	Fields: object.Fields{
		"id":         {API: "topic_urn"},
		"created_at": {API: "create_time"},
		"updated_at": {API: "update_time"},
	},
	Sides: []object.Side{{ // the list has tags, and the single read has none
		Into: "tags", From: "topics[0].tags", Listed: true, When: object.Always,
		Op: object.Op{Method: "GET", Path: wholeTopics, Query: map[string]string{"name": "{name}"}},
	}},
	Changes:  []object.Change{{Of: []string{"display_name"}}},
	Filters:  map[string]string{"name": "name", "topic_id": "topic_id", "enterprise_project_id": "enterprise_project_id"},
	Replaces: []string{"huaweicloud_smn_topic", "huaweicloud_smn_topic_v2", "flexibleengine_smn_topic_v2", "opentelekomcloud_smn_topic_v2"},
	Schema: schema.Schema{
		MarkdownDescription: "A topic (SMN): what messages are sent to. Its id is its URN, which other services ask for. Deleting it deletes its subscriptions.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				Validators:          []validator.String{valid.Match(topicName, "1 to 255 letters, digits, `_` and `-` are expected, a letter or digit first")},
				MarkdownDescription: "Name: 1 to 255 Latin letters, digits, `_` and `-`, a letter or digit first; unique in the project.",
			},
			"display_name": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthAtMost(192)},
				MarkdownDescription: "The sender that mails show: at most 192 bytes, which are 64 Chinese letters.",
			},
			"enterprise_project_id": object.EnterpriseProject(),
			"topic_id":              schema.StringAttribute{Computed: true, MarkdownDescription: "The id by which tags know the topic, 32 hexadecimal digits."},
			"push_policy":           schema.Int64Attribute{Computed: true, MarkdownDescription: "What becomes of a message that cannot be delivered: `0`, it is kept and sent again; `1`, it is dropped."},
			"created_at":            object.CreatedAt(),
			"updated_at":            object.UpdatedAt(),
		},
	},
}

const wholeTopics = "/v2/{project_id}/notifications/topics-with-associated-resources"

var (
	topicName = pattern.New(`^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$`)
	tagText   = pattern.New(`^[^\x00-\x1f*<>\\]*$`)
)
