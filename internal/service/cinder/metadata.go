package cinder

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// key is what the service takes as a key of a map.
var key = pattern.New(`^[a-zA-Z0-9_:. /-]{1,255}$`)

const wantsKey = "1 to 255 Latin letters, digits, spaces, and - _ : . / are expected"

// pairs is a map of the user's own, with some keys that he cannot have.
func pairs(description string, none ...string) schema.MapAttribute {
	keys := []validator.String{valid.Match(key, wantsKey)}
	if len(none) > 0 {
		keys = append(keys, stringvalidator.NoneOf(none...))
	}
	return schema.MapAttribute{
		Optional: true, ElementType: types.StringType,
		Validators: []validator.Map{
			mapvalidator.SizeAtLeast(1),
			mapvalidator.KeysAre(keys...),
			mapvalidator.ValueStringsAre(stringvalidator.UTF8LengthAtMost(255)),
		},
		MarkdownDescription: description,
	}
}

func metadata() schema.MapAttribute {
	return pairs("Keys (1 to 255 Latin letters, digits, spaces, and `-` `_` `:` `.` `/`) and values (at most 255 characters) of your own.")
}

// difference is what a change of a map removes, by key, and what it adds or gives another value.
func difference(call *object.Call, name string) (removed []string, added map[string]any) {
	before, after := call.Prior.Map(name), call.Plan.Map(name)
	added = maps.Clone(after)
	maps.DeleteFunc(added, func(key string, value any) bool { return before[key] == value })
	for _, key := range slices.Sorted(maps.Keys(before)) {
		if _, stays := after[key]; !stays {
			removed = append(removed, key)
		}
	}
	return removed, added
}

// inParts changes a map: what is not wanted any more is removed, and then what is new is put there.
func inParts(name string, put object.Op, remove func(ctx context.Context, call *object.Call, keys []string) error) func(context.Context, *object.Call) error {
	return func(ctx context.Context, call *object.Call) error {
		removed, added := difference(call, name)
		if len(removed) > 0 {
			if err := remove(ctx, call, removed); err != nil {
				return err
			}
		}
		if len(added) == 0 {
			return nil
		}
		_, err := call.Do(ctx, put, object.Values{"added": added})
		return err
	}
}
