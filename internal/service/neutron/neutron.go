// Package neutron declares the objects of OpenStack's networking service.
package neutron

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// Kinds are all objects of the service.
func Kinds() []*object.Kind {
	return []*object.Kind{
		&Network, &Subnet, &Port, &Router, &RouterInterface, &SecurityGroup, &SecurityGroupRule, &FloatingIP, &FloatingIPAssociation,
	}
}

const admin = "admin"

// tags is the change of an object's tags, which are words here and no part of the object when it is written.
func tags(path string) object.Change {
	return object.Change{
		Of:      []string{"tag_names"},
		Op:      object.Op{Method: "PUT", Path: path + "/{id}/tags", Body: object.Body{"tags": object.Attr("tag_names")}},
		Unset:   object.Op{Method: "DELETE", Path: path + "/{id}/tags"},
		Follows: func(plan object.Values) bool { return plan.Has("tag_names") },
	}
}

// nullable is the change of an attribute that is taken away with null.
func nullable(path, one, name string) object.Change {
	return object.Change{
		Of:    []string{name},
		Unset: object.Op{Method: "PUT", Path: path + "/{id}", Body: object.Body{one: object.Body{name: object.Null}}},
	}
}

// The fields of what all have.
var (
	tagField     = object.Field{API: "tags", Write: object.Never}
	projectField = object.Field{Role: admin}
)

func tagNames() schema.Attribute {
	return schema.SetAttribute{
		Optional: true, ElementType: types.StringType,
		Validators: []validator.Set{
			setvalidator.SizeBetween(1, 50),
			setvalidator.ValueStringsAre(
				stringvalidator.UTF8LengthBetween(1, 255),
				valid.Match(tagName, "a tag without commas and slashes is expected"),
			),
		},
		MarkdownDescription: "Tags, which are words here: 1 to 50, each of 1 to 255 characters, without `,` and `/`.",
	}
}

var tagName = pattern.New(`^[^,/]*$`)

func projectID() schema.Attribute {
	return schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 255)},
		MarkdownDescription: "Id of the project that owns it. Default: the one that the provider is signed in to.",
	}
}

func name() schema.Attribute {
	return schema.StringAttribute{
		Optional: true, Validators: []validator.String{stringvalidator.UTF8LengthAtMost(255)},
		MarkdownDescription: "Name: at most 255 characters. Several can have the same.",
	}
}

func description() schema.Attribute {
	return schema.StringAttribute{
		Optional: true, Validators: []validator.String{stringvalidator.UTF8LengthAtMost(255)},
		MarkdownDescription: "Description: at most 255 characters.",
	}
}

func adminStateUp(what string) schema.Attribute {
	return schema.BoolAttribute{
		Optional: true, Computed: true, Default: booldefault.StaticBool(true),
		MarkdownDescription: "Whether it is switched on. " + what,
	}
}

func qosPolicy() schema.Attribute {
	return schema.StringAttribute{
		Optional: true, Validators: []validator.String{valid.UUID()},
		MarkdownDescription: "QoS policy that it obeys, where the cloud has such policies.",
	}
}

func zoneHints() schema.Attribute {
	return schema.SetAttribute{
		Optional: true, ElementType: types.StringType,
		Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(stringvalidator.LengthBetween(1, 255))},
		MarkdownDescription: "Availability zones of the networking service in which it is to be, where the cloud has such zones.",
	}
}

// text is an attribute that the cloud alone sets.
func text(description string) schema.Attribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}
