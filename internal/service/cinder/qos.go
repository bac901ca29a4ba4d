package cinder

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

const qos = "/v3/{project_id}/qos-specs"

// VolumeQoS is a set of limits for the volumes of the types that it is associated with. Requests have the limits beside its
// own attributes, and answers in an object of their own.
var VolumeQoS = object.Kind{
	Name:    "volume_qos",
	Plural:  "volume_qoses",
	Service: cloud.Cinder,
	Path:    qos,
	One:     "qos_specs",
	Many:    "qos_specs",
	Paging:  cloud.Links("qos_specs_links", 1000),
	Role:    "admin",
	Fields:  object.Fields{"specs": {Write: object.Never}},
	Encode: object.EncodeWith(func(plan struct {
		Specs map[string]string `json:"specs"`
	}) (map[string]string, error) {
		return plan.Specs, nil
	}),
	Changes: []object.Change{
		{Of: []string{"consumer"}},
		{Of: []string{"specs"}, Do: inParts("specs", putLimits, removeLimits), Calls: []object.Op{putLimits, removeKeys}},
	},
	Schema: schema.Schema{
		MarkdownDescription: "Limits for volumes (QoS specs). They hold for the volumes of those types with which they are associated (`hwcloud_volume_qos_association`).",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.UTF8LengthBetween(1, 255), valid.Match(notBlank, "a name of more than spaces is expected")},
				MarkdownDescription: "Name: 1 to 255 characters. There is one set of limits of a name.",
			},
			"consumer": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString("back-end"), Validators: []validator.String{stringvalidator.OneOf("front-end", "back-end", "both")},
				MarkdownDescription: "Who sees to the limits: the host of the server (`front-end`), the storage (`back-end`), or `both`.",
			},
			"specs": pairs("The limits: `total_iops_sec = \"500\"`, `write_bytes_sec = \"1048576\"`. Which there are depends on who sees to them. Keys have 1 to 255 Latin letters, digits, spaces, and `-` `_` `:` `.` `/`, and are not `name` or `consumer`; values have at most 255 characters.", "name", "consumer"),
		},
	},
}

var (
	putLimits  = object.Op{Method: "PUT", Path: qos + "/{id}", Body: object.Body{"qos_specs": object.Attr("added")}}
	removeKeys = object.Op{Method: "PUT", Path: qos + "/{id}/delete_keys", Body: object.Body{"keys": object.Attr("keys")}}
)

// removeLimits takes limits away: those that are still there, for one that is not fails the request.
func removeLimits(ctx context.Context, call *object.Call, keys []string) error {
	answer, err := call.Read(ctx)
	if err != nil {
		return err
	}
	there, _ := answer["specs"].(map[string]any)
	var left []any
	for _, key := range keys {
		if _, ok := there[key]; ok {
			left = append(left, key)
		}
	}
	if left == nil {
		return nil
	}
	_, err = call.Do(ctx, removeKeys, object.Values{"keys": left})
	return err
}

// VolumeQoSAssociation puts the volumes of a type under limits.
var VolumeQoSAssociation = object.Kind{
	Name:     "volume_qos_association",
	Service:  cloud.Cinder,
	ID:       "{volume_qos_id}/{volume_type_id}",
	Path:     qos + "/{volume_qos_id}/associations",
	Many:     "qos_associations",
	ListOnly: true,
	Role:     "admin",
	Create:   associate("associate"),
	Delete:   associate("disassociate"),
	Fields:   object.Fields{"volume_qos_id": {Read: object.Never}, "volume_type_id": {Read: "id"}},
	Schema: schema.Schema{
		MarkdownDescription: "What puts the volumes of a type under limits. A type has one set of limits at most; a server that has such a volume attached is under them once it is attached again.",
		Attributes: map[string]schema.Attribute{
			"volume_qos_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The limits: a `hwcloud_volume_qos`.",
			},
			"volume_type_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The volume type.",
			},
		},
	},
}

func associate(word string) object.Op {
	return object.Op{Method: "GET", Path: qos + "/{volume_qos_id}/" + word, Query: map[string]string{"vol_type_id": "{volume_type_id}"}, Body: object.Body{}}
}
