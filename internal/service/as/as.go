// Package as declares the objects of the service Auto Scaling.
//
// A group that does not exist is a refusal of its own code, for the group and for everything in it; and while a group
// scales, it takes few other requests.
package as

import (
	"fmt"
	"slices"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// Kinds are all objects of the service.
func Kinds() []*object.Kind {
	return []*object.Kind{
		&ScalingConfiguration, &ScalingGroup, &ScalingPolicy, &ScalingLifecycleHook, &ScalingNotification, &ScalingInstanceAttachment,
	}
}

// noGroup is the refusal for a group that does not exist, and for everything in it.
const noGroup = "400 AS.2007"

// underWay are the refusals while a group scales, or while another request changes it.
var underWay = []string{"400 AS.0003", "400 AS.2033", "400 AS.2047", "400 AS.2054"}

var plainName = pattern.New(`^[\p{Han}A-Za-z0-9_-]*$`)

// name is what all objects of the service may be called but for hooks.
func name() schema.StringAttribute {
	return schema.StringAttribute{
		Required: true,
		Validators: []validator.String{
			stringvalidator.UTF8LengthBetween(1, 64), valid.Match(plainName, "only Chinese or Latin letters, digits, _ and - are allowed"),
		},
		MarkdownDescription: "Name: 1 to 64 Chinese or Latin letters, digits, `_` and `-`. Need not be unique.",
	}
}

// refs is a set of ids as [{"id":id}].
type refs struct{}

// Encode makes the list.
func (refs) Encode(v any) any {
	list := []any{}
	for _, id := range v.([]any) {
		list = append(list, map[string]any{"id": id})
	}
	return list
}

// Decode picks the ids; of no objects there are none.
func (refs) Decode(v any) (any, error) {
	list, err := object.Into[[]struct {
		ID string `json:"id"`
	}](v)
	if len(list) == 0 {
		return nil, err
	}
	ids := make([]any, len(list))
	for i, one := range list {
		ids[i] = one.ID
	}
	return ids, err
}

// enabling is whether something is in service: a word of an action when it is changed, a status when it is read.
type enabling struct{}

// Encode is the action.
func (enabling) Encode(v any) any {
	if v == true {
		return "resume"
	}
	return "pause"
}

// Decode reads the status. What has failed is not in service, and enabling it is how it is made to go on.
func (enabling) Decode(v any) (any, error) {
	return slices.Contains([]string{"INSERVICE", "EXECUTING"}, fmt.Sprint(v)), nil
}
