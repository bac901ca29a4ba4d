package cinder

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// Volume is a disk that servers attach.
var Volume = object.Kind{
	Name:    "volume",
	Service: cloud.Cinder,
	Path:    "/v3/{project_id}/volumes",
	One:     "volume",
	Many:    "volumes",
	Paging:  cloud.Links("volumes_links", 1000),
	Create:  object.Op{Body: createVolume},
	Creates: []object.Create{{
		When: func(plan object.Values) bool { return !plan.Null("backup_id") },
		Op:   object.Op{Body: createVolume, Version: "3.47"},
	}},
	List: object.Op{Path: "/v3/{project_id}/volumes/detail"},
	Ready: object.Ready{
		Path:   "status",
		OK:     []string{"available", "in-use"},
		Failed: []string{"error", "error_deleting", "error_extending", "error_restoring", "error_backing-up", "error_managing"},
		Stays:  []string{"error_deleting"},
	},
	Why: why,
	Fields: object.Fields{
		"image_id":         {Write: "imageRef", Read: "volume_image_metadata.image_id"},
		"source_volume_id": {API: "source_volid"},
		"volume_type":      {Alias: "volume_type_id"},
		"read_only":        {Read: "metadata.readonly", Absent: false},
		"metadata":         {System: []string{"readonly", "attached_mode", "src_backup_id"}},
		"same_host":        {Write: object.Never},
		"different_host":   {Write: object.Never},
	},
	Silent: []string{"backup_id", "same_host", "different_host"},
	Local:  []string{"migration_policy"},
	Changes: []object.Change{
		{Of: []string{"name", "description"}},
		{
			Of:    []string{"metadata"}, // replaced as a whole
			Op:    object.Op{Path: "/v3/{project_id}/volumes/{id}/metadata", Body: object.Body{"metadata": object.Attr("metadata")}},
			Unset: object.Op{Method: "PUT", Path: "/v3/{project_id}/volumes/{id}/metadata", Body: object.Body{"metadata": json.RawMessage("{}")}},
		},
		{Of: []string{"size"}, Do: extend, Calls: []object.Op{extendVolume}},
		{Of: []string{"volume_type"}, Do: changeType, Calls: []object.Op{retype}, Alters: []string{"volume_type_id", "multiattach", "encrypted"}},
		{
			Of: []string{"bootable"}, Follows: func(plan object.Values) bool { return plan.Has("bootable") },
			Op: action("os-set_bootable", object.Body{"bootable": object.Attr("bootable")}),
		},
		{
			Of: []string{"read_only"}, Follows: func(plan object.Values) bool { return plan.Bool("read_only") },
			Op: action("os-update_readonly_flag", object.Body{"readonly": object.Attr("read_only")}),
		},
	},
	Checks:  []object.Check{oneSource, sizes, noShrinking},
	Filters: map[string]string{"name": "name", "status": "status", "availability_zone": "availability_zone"},
	Schema: schema.Schema{
		MarkdownDescription: "A volume: a disk that servers attach. Members of a project own its volumes.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.UTF8LengthAtMost(255)},
				MarkdownDescription: "Name: at most 255 characters.",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.UTF8LengthAtMost(255)},
				MarkdownDescription: "Description: at most 255 characters.",
			},
			"size": schema.Int64Attribute{
				Optional: true, Computed: true, Validators: []validator.Int64{int64validator.AtLeast(1)},
				MarkdownDescription: "Size in GiB: at least 1, and no less than its source has. It grows and never shrinks; while servers have it attached, it grows where the cloud knows microversion 3.42. Can be left out for a volume from a snapshot, a volume or a backup, which then decides.",
			},
			"volume_type": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 255)},
				MarkdownDescription: "Name or id of the type. Default: that of the source, else the project's, else the cloud's. Another type is given to the volume as it is; whether it may move to another back end for that is said by `migration_policy`.",
			},
			"migration_policy": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString("never"), Validators: []validator.String{stringvalidator.OneOf("never", "on-demand")},
				MarkdownDescription: "Whether a change of the type may move the volume to another back end: `never` or `on-demand`.",
			},
			"availability_zone": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 255)},
				MarkdownDescription: "Availability zone of the block storage: `nova`. Default: that of the source, else the cloud's.",
			},
			"image_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Image that the volume is made from, also by way of a snapshot or volume. At most one of `image_id`, `snapshot_id`, `source_volume_id` and `backup_id` is to be given.",
			},
			"snapshot_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Snapshot that the volume is made from.",
			},
			"source_volume_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Volume that the volume is a copy of.",
			},
			"backup_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Backup that the volume is made from, where the cloud knows microversion 3.47.",
			},
			"bootable": schema.BoolAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Whether a server can boot from it. Default: `true` for a volume from an image or from a bootable one, else `false`.",
			},
			"read_only": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether servers that attach it can only read it. Changes while no server has it attached.",
			},
			"metadata": schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				Validators: []validator.Map{
					mapvalidator.SizeAtLeast(1),
					mapvalidator.KeysAre(stringvalidator.LengthBetween(1, 255), stringvalidator.NoneOf("readonly", "attached_mode")),
					mapvalidator.ValueStringsAre(stringvalidator.LengthAtMost(255)),
				},
				MarkdownDescription: "Keys (1 to 255 characters) and values (at most 255 characters) of your own.",
			},
			"same_host": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Ids of volumes on whose back end it is to be made.",
			},
			"different_host": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Ids of volumes on whose back end it is not to be made.",
			},
			"volume_type_id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the type, where the cloud knows microversion 3.63."},
			"multiattach":    schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether several servers can attach it at once. Its type says so, by the extra spec `multiattach = \"<is> True\"`."},
			"encrypted":      schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether it is encrypted. Its type says so."},
			"status":         schema.StringAttribute{Computed: true, MarkdownDescription: "Status: `available`, `in-use`, `creating`, `extending`, `retyping`, `error` and others."},
			"attachments": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The servers that have it attached.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"attachment_id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the attachment."},
					"server_id":     schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the server."},
					"device":        schema.StringAttribute{Computed: true, MarkdownDescription: "Device name: `/dev/vdb`."},
					"attached_at":   schema.StringAttribute{Computed: true, MarkdownDescription: "When it was attached, in UTC."},
				}},
			},
			"created_at": object.CreatedAt(),
			"updated_at": object.UpdatedAt(),
		},
	},
}

var createVolume = object.Body{
	"volume": object.All{},
	"OS-SCH-HNT:scheduler_hints": object.Body{
		"same_host": object.Attr("same_host"), "different_host": object.Attr("different_host"),
	},
}

// action is what a volume is told to do.
func action(name string, arguments object.Body) object.Op {
	return object.Op{Method: "POST", Path: "/v3/{project_id}/volumes/{id}/action", Body: object.Body{name: arguments}}
}

var (
	extendVolume = action("os-extend", object.Body{"new_size": object.Attr("size")})
	retype       = action("os-retype", object.Body{"new_type": object.Attr("volume_type"), "migration_policy": object.Attr("migration_policy")})
)

// extend makes a volume larger. One that is attached needs a cloud that can do so.
func extend(ctx context.Context, call *object.Call) error {
	op := extendVolume
	if call.Prior.String("status") == "in-use" {
		op.Version = "3.42"
	}
	return carriedOut(ctx, call, op, "size")
}

func changeType(ctx context.Context, call *object.Call) error {
	return carriedOut(ctx, call, retype, "volume_type", "volume_type_id")
}

// carriedOut does what the cloud accepts at once and carries out later. A volume for which it could not is usable again, and
// as it was: whether one of the places of the answer has the new value tells.
func carriedOut(ctx context.Context, call *object.Call, op object.Op, places ...string) error {
	if _, err := call.Do(ctx, op, nil); err != nil {
		return err
	}
	if err := call.Ready(ctx); err != nil {
		return err
	}
	answer, err := call.Read(ctx)
	if err != nil {
		return err
	}
	wanted := fmt.Sprint(call.Plan[places[0]])
	if slices.ContainsFunc(places, func(place string) bool { return fmt.Sprint(answer[place]) == wanted }) {
		return nil
	}
	return call.Because(ctx, fmt.Errorf("the cloud accepted the request and did not carry it out: the %s is %v and not %s", places[0], answer[places[0]], wanted))
}

// oneSource refuses two sources.
func oneSource(_, plan object.Values, refuse func(string, string, ...any)) {
	sources := slices.DeleteFunc([]string{"image_id", "snapshot_id", "source_volume_id", "backup_id"}, plan.Null)
	if len(sources) > 1 {
		refuse(sources[1], "A volume has one source. Give only one of %s and %s.", sources[0], sources[1])
	}
}

// sizes refuses a volume of which nothing says how large it is.
func sizes(_, plan object.Values, refuse func(string, string, ...any)) {
	if plan.Null("size") && plan.Null("snapshot_id") && plan.Null("source_volume_id") && plan.Null("backup_id") {
		refuse("size", "A size in GiB is needed; only a volume from a snapshot, a volume or a backup can do without.")
	}
}

// noShrinking refuses what the cloud cannot do and a replacement would lose the data for.
func noShrinking(prior, plan object.Values, refuse func(string, string, ...any)) {
	before, had := prior.Int("size")
	if after, given := plan.Int("size"); had && given && after < before {
		refuse("size", "A volume cannot shrink: it has %d GiB, and %d GiB are asked for. Make a new volume and copy the data.", before, after)
	}
}
