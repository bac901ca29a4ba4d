package cinder

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

const oneType = "/v3/{project_id}/types/{id}"

// VolumeType is a sort of volumes that the cloud's administrators offer.
var VolumeType = object.Kind{
	Name:    "volume_type",
	Service: cloud.Cinder,
	Path:    "/v3/{project_id}/types",
	One:     "volume_type",
	Many:    "volume_types",
	Paging:  cloud.Links("volume_type_links", 1000),
	List:    object.Op{Query: map[string]string{"is_public": "None"}}, // public and private ones
	Role:    "admin",
	Fields: object.Fields{
		"public":       {Write: "os-volume-type-access:is_public", Update: "is_public", Read: "is_public"},
		"encryption":   {Write: object.Never},
		"qos_specs_id": {Write: object.Never},
	},
	Sides: []object.Side{{ // it tells those who may read it, by qos_specs_id, who they are
		Into: "encryption", Op: encryption("GET", "", nil), Many: object.Never, Apart: true,
		When: func(answer object.Values) bool { _, admin := answer["qos_specs_id"]; return admin },
	}},
	Changes: []object.Change{
		{Of: []string{"name", "description", "public"}},
		{Of: []string{"extra_specs"}, Do: inParts("extra_specs", putSpecs, removeSpecs), Calls: []object.Op{putSpecs, removeSpec}},
		{
			Of: []string{"encryption"}, Do: encrypt, Follows: func(plan object.Values) bool { return plan.Has("encryption") },
			Calls: []object.Op{encryption("POST", "", encryptionBody), encryption("PUT", "/{encryption_id}", encryptionBody), encryption("DELETE", "/{encryption_id}", nil)},
		},
	},
	Schema: schema.Schema{
		MarkdownDescription: "A volume type: a sort of volumes that the cloud offers. A type that has volumes is not deleted, and its encryption does not change.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.UTF8LengthBetween(1, 255), valid.Match(notBlank, "a name of more than spaces is expected")},
				MarkdownDescription: "Name, as `volume_type` of `hwcloud_volume` takes it: 1 to 255 characters. There is one type of a name.",
			},
			"description": nameOf("Description"),
			"public": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(true),
				MarkdownDescription: "Whether all projects can use it, or only those with a `hwcloud_volume_type_access`.",
			},
			"extra_specs": pairs("What the scheduler and the back ends are told of such volumes: `volume_backend_name = \"ssd\"` asks for a back end, `multiattach = \"<is> True\"` lets several servers attach a volume at once. Keys have 1 to 255 Latin letters, digits, spaces, and `-` `_` `:` `.` `/`; values at most 255 characters. Members of projects see only some of them."),
			"encryption": schema.SingleNestedAttribute{
				Optional: true, MarkdownDescription: "How such volumes are encrypted. Default: they are not. Only administrators see it. The cloud needs a key manager for it.",
				Attributes: map[string]schema.Attribute{
					"provider": schema.StringAttribute{
						Required: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 255)},
						MarkdownDescription: "Format: `luks`, `luks2`, `plain` or another that the cloud has. 1 to 255 characters.",
					},
					"control_location": schema.StringAttribute{
						Required: true, Validators: []validator.String{stringvalidator.OneOf("front-end", "back-end")},
						MarkdownDescription: "Where it is done: on the host of the server (`front-end`), or by the storage (`back-end`).",
					},
					"cipher": schema.StringAttribute{
						Optional: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 255)},
						MarkdownDescription: "Cipher: `aes-xts-plain64`. Default: that of the format. 1 to 255 characters.",
					},
					"key_size": schema.Int64Attribute{
						Optional: true, Validators: []validator.Int64{int64validator.Between(1, 1<<31-1)},
						MarkdownDescription: "Size of the key in bits, 1 to 2147483647: `256`. Default: that of the format.",
					},
				},
			},
			"qos_specs_id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the `hwcloud_volume_qos` that is associated with it. Only administrators see it."},
		},
	},
}

var notBlank = pattern.New(`\S`)

var (
	putSpecs   = object.Op{Method: "POST", Path: oneType + "/extra_specs", Body: object.Body{"extra_specs": object.Attr("added")}, Idempotent: true}
	removeSpec = object.Op{Method: "DELETE", Path: oneType + "/extra_specs/{key}"}
)

// removeSpecs takes extra specs away. One that is gone already is no problem.
func removeSpecs(ctx context.Context, call *object.Call, keys []string) error {
	for _, key := range keys {
		if _, err := call.Do(ctx, removeSpec, object.Values{"key": key}); err != nil && !cloud.IsNotFound(err) {
			return err
		}
	}
	return nil
}

var encryptionBody = object.Body{"encryption": object.Attr("encryption_sent")}

// encryption is a call about a type's encryption.
func encryption(method, more string, body object.Body) object.Op {
	op := object.Op{Method: method, Path: oneType + "/encryption" + more}
	if body != nil {
		op.Body = body
	}
	return op
}

// encrypt gives a type an encryption, changes the one that it has, or takes it away.
func encrypt(ctx context.Context, call *object.Call) error {
	answer, err := call.Read(ctx)
	if err != nil {
		return err
	}
	there, _ := answer["encryption"].(map[string]any)
	id, has := there["encryption_id"]
	wanted, _ := call.Plan["encryption"].(map[string]any)
	op := encryption("POST", "", encryptionBody)
	switch {
	case wanted == nil && !has:
		return nil
	case wanted == nil:
		op = encryption("DELETE", "/{encryption_id}", nil)
	case has:
		op = encryption("PUT", "/{encryption_id}", encryptionBody)
	default:
		wanted = given(wanted)
	}
	_, err = call.Do(ctx, op, object.Values{"encryption_id": id, "encryption_sent": wanted})
	return err
}

// given are the members of an object that have a value.
func given(all map[string]any) map[string]any {
	some := map[string]any{}
	for name, value := range all {
		if value != nil {
			some[name] = value
		}
	}
	return some
}

const access = "/v3/{project_id}/types/{volume_type_id}/os-volume-type-access"

// VolumeTypeAccess lets a project use a type that is not public.
var VolumeTypeAccess = object.Kind{
	Name:     "volume_type_access",
	Plural:   "volume_type_accesses",
	Service:  cloud.Cinder,
	ID:       "{volume_type_id}/{member_id}",
	Path:     access,
	Many:     "volume_type_access",
	ListOnly: true,
	Role:     "admin",
	Create:   typeAction("addProjectAccess"),
	Delete:   typeAction("removeProjectAccess"),
	Fields:   object.Fields{"member_id": {Read: "project_id"}},
	Schema: schema.Schema{
		MarkdownDescription: "What lets a project use a volume type that is not public. The project keeps the volumes that it has when the access ends.",
		Attributes: map[string]schema.Attribute{
			"volume_type_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The volume type, whose `public` is false.",
			},
			"member_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.Match(projectID, wantsProject)},
				MarkdownDescription: "Id of the project that may use it. Whether there is such a project is not looked at.",
			},
		},
	},
}

// projectID is that of a project of Keystone: a UUID, mostly without its dashes.
var projectID = pattern.New(`^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$`)

const wantsProject = "the id of a project is expected: 32 hexadecimal digits"

func typeAction(word string) object.Op {
	return object.Op{
		Method: "POST", Path: "/v3/{project_id}/types/{volume_type_id}/action",
		Body: object.Body{word: object.Body{"project": object.Attr("member_id")}},
	}
}
