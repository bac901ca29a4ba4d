// Package evs declares the objects of the service Elastic Volume Service.
package evs

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// Kinds are all objects of the service.
func Kinds() []*object.Kind { return []*object.Kind{&Volume, &VolumeSnapshot, &VolumeType} }

// VolumeTypes are the types that the cloud sells; SATA is sold out and still in use.
var VolumeTypes = []string{"SATA", "SAS", "GPSSD", "SSD", "ESSD", "GPSSD2", "ESSD2"}

// bought is the performance that is chosen with a volume type, of those where it can be: bounds of operations per second,
// and whether there is a throughput too.
var bought = map[string]struct {
	least, most, perGB int64
	throughput         bool
}{
	"GPSSD2": {3000, 128000, 500, true},
	"ESSD2":  {100, 256000, 1000, false},
}

// Volume is a disk that servers attach.
var Volume = object.Kind{
	Name:    "volume",
	Service: cloud.EVS,
	Path:    "/v2/{project_id}/cloudvolumes",
	One:     "volume",
	Many:    "volumes",
	Paging:  cloud.Offset(1000),
	Create: object.Op{
		Path: "/v2.1/{project_id}/cloudvolumes",
		Body: object.Body{
			// Asks for the id at once, while the volume is still being made.
			"volume":                     object.All{Plus: object.Body{"metadata": object.Body{"create_for_volume_id": "true"}}},
			"OS-SCH-HNT:scheduler_hints": object.Body{"dedicated_storage_id": object.Attr("dedicated_storage_id")},
		},
		ID: "volume_ids.0", Job: "job_id", JobID: []string{"entities.volume_id", "entities.sub_jobs.0.entities.volume_id"},
	},
	ClientToken: true,
	List:        object.Op{Path: "/v2/{project_id}/cloudvolumes/detail"},
	Delete:      object.Op{Job: "job_id"},
	Ready: object.Ready{
		Path:   "status",
		OK:     []string{"available", "in-use"},
		Failed: []string{"error", "error_restoring", "error_extending", "error_deleting", "error_rollbacking"},
	},
	Tags: &object.Tags{Create: "tags", Read: "tags", Action: "/v2/{project_id}/cloudvolumes/{id}/tags/action", Rules: object.NarrowTags},
	Fields: object.Fields{
		"image_id":             {Write: "imageRef", Read: "volume_image_metadata.image_id"},
		"device_type":          {Write: object.Never, Read: "metadata.hw:passthrough", Words: map[string]string{"SCSI": "true", "VBD": "false"}, Absent: "VBD"},
		"kms_key_id":           {API: "metadata.__system__cmkid"},
		"dedicated_storage_id": {Write: object.Never},
		"iops":                 {Read: "iops.total_val"},
		"throughput":           {Read: "throughput.total_val"},
		"metadata": {System: []string{
			"__*", "hw:passthrough", "full_clone", "create_for_volume_id", "orderID", "policy", "attached_mode", "readonly",
			"quantityGB", "volInfoUrl", "resourceSpecCode", "resourceType", "productID", "billing", "shareable",
		}},
	},
	Encode: object.EncodeWith(encodeFlags),
	Silent: []string{"backup_id"},
	Changes: []object.Change{
		{Of: []string{"name", "description"}},
		{Of: []string{"metadata"}, Do: changeMetadata(deleteMetadata, putMetadata), Calls: []object.Op{putMetadata, deleteMetadata}},
		{
			Of: []string{"size"},
			Op: object.Op{
				Method: "POST", Path: "/v2.1/{project_id}/cloudvolumes/{id}/action", Job: "job_id",
				Body: object.Body{"os-extend": object.Body{"new_size": object.Attr("size")}},
			},
		},
		{Of: []string{"volume_type", "iops", "throughput"}, Do: changeType, Calls: []object.Op{retype, setPerformance}},
	},
	Checks:   []object.Check{oneSource, sizes, performance, noShrinking},
	Filters:  map[string]string{"name": "name", "status": "status", "availability_zone": "availability_zone"},
	Timeouts: object.Timeouts{Create: 15 * time.Minute, Update: time.Hour, Delete: 15 * time.Minute},
	Replaces: []string{
		"huaweicloud_evs_volume", "huaweicloud_evsv3_volume", "huaweicloud_blockstorage_volume_v2", "flexibleengine_blockstorage_volume_v2",
		"opentelekomcloud_evs_volume_v3", "opentelekomcloud_blockstorage_volume_v2",
		"openstack_blockstorage_volume_v2", "openstack_blockstorage_volume_v3",
	},
	Schema: schema.Schema{
		MarkdownDescription: "A volume: a disk that servers of its availability zone attach.",
		Attributes: map[string]schema.Attribute{
			"availability_zone": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: "Availability zone: `cn-north-4a`.",
			},
			"volume_type": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.OneOf(VolumeTypes...)},
				MarkdownDescription: "Type: `SAS` (high I/O), `GPSSD` (general purpose SSD), `SSD` (ultra-high I/O), `ESSD` (extreme SSD), `GPSSD2` or `ESSD2` (their second generation, with `iops`); `SATA` is sold out. Of a volume from a snapshot: that of the snapshot's volume.",
			},
			"size": schema.Int64Attribute{
				Optional: true, Computed: true, Validators: []validator.Int64{int64validator.Between(1, 32768)},
				MarkdownDescription: "Size in GB: 10 to 32768, from an image 1 to 1024; no less than its source has. It grows and never shrinks. Can be left out for a volume from a backup, which then decides.",
			},
			"name": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthAtMost(255)},
				MarkdownDescription: "Name: at most 255 bytes.",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthAtMost(255)},
				MarkdownDescription: "Description: at most 255 bytes.",
			},
			"image_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Image that the volume is made from, also by way of a snapshot or backup. At most one of `image_id`, `snapshot_id` and `backup_id` is to be given.",
			},
			"snapshot_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Snapshot that the volume is made from.",
			},
			"backup_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Backup that the volume is made from.",
			},
			"multiattach": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether several servers (at most 16) can attach it at once.",
			},
			"device_type": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf("VBD", "SCSI")},
				MarkdownDescription: "How servers see it: `VBD`, which an empty volume is, or `SCSI` for full SCSI commands. Inherited from a snapshot or image, so not to be given with one.",
			},
			"kms_key_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "KMS key that encrypts the volume. Inherited from a snapshot or image, so not to be given with one.",
			},
			"iops": schema.Int64Attribute{
				Optional: true, Validators: []validator.Int64{int64validator.Between(100, 256000)},
				MarkdownDescription: "Operations per second: required for `GPSSD2` (3000 to 128000) and `ESSD2` (100 to 256000), not taken by other types.",
			},
			"throughput": schema.Int64Attribute{
				Optional: true, Validators: []validator.Int64{int64validator.Between(125, 1000)},
				MarkdownDescription: "Throughput in MiB/s, 125 to 1000: required for `GPSSD2`, not taken by other types.",
			},
			"metadata": schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				Validators: []validator.Map{
					mapvalidator.SizeAtLeast(1),
					mapvalidator.KeysAre(valid.MetadataKey(), stringvalidator.NoneOf("hw:passthrough", "full_clone", "create_for_volume_id"), valid.Match(notSystem, "keys that begin with __ are the cloud's own")),
					mapvalidator.ValueStringsAre(stringvalidator.LengthAtMost(255)),
				},
				MarkdownDescription: "Keys (1 to 255 Latin letters, digits, `_` `-` `.` `:`) and values (at most 255 characters) of your own. The cloud adds keys, which are not shown.",
			},
			"dedicated_storage_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Dedicated storage pool that holds the volume.",
			},
			"enterprise_project_id": object.EnterpriseProject(),
			"status":                schema.StringAttribute{Computed: true, MarkdownDescription: "Status: `available`, `in-use`, `creating`, `extending`, `error` and others."},
			"bootable":              schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether a server can boot from it."},
			"wwn":                   schema.StringAttribute{Computed: true, MarkdownDescription: "World wide name, by which a server finds it."},
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

// The keys of a volume's metadata are changed by the native API, which the vendor's SDK lacks.
var (
	putMetadata = object.Op{
		Method: "POST", Path: "/v2/{project_id}/volumes/{id}/metadata", Idempotent: true,
		Body:   object.Body{"metadata": object.Attr("added")},
		Source: "seeds/000, line 1532: add or update volume metadata",
	}
	deleteMetadata = object.Op{
		Method: "DELETE", Path: "/v2/{project_id}/volumes/{id}/metadata/{key}",
		Source: "seeds/000, line 1434: delete one metadata item",
	}
	retype = object.Op{
		Method: "POST", Path: "/v2/{project_id}/volumes/{id}/retype", Job: "job_id",
		Body: object.Body{"os-retype": object.Body{
			"new_type": object.Attr("volume_type"), "iops": object.Attr("iops"), "throughput": object.Attr("throughput"),
		}},
	}
	setPerformance = object.Op{
		Method: "PUT", Path: "/v5/{project_id}/cloudvolumes/{id}/qos", Job: "job_id",
		Body: object.Body{"qos_modify": object.Body{"iops": object.Attr("iops"), "throughput": object.Attr("throughput")}},
	}
)

// changeMetadata removes what is not wanted any more key by key, and then adds what is new.
func changeMetadata(remove, put object.Op) func(context.Context, *object.Call) error {
	return func(ctx context.Context, call *object.Call) error {
		before, after := call.Prior.Map("metadata"), call.Plan.Map("metadata")
		added := maps.Clone(after)
		maps.DeleteFunc(added, func(key string, value any) bool { return before[key] == value })
		for _, key := range slices.Sorted(maps.Keys(before)) {
			if _, stays := after[key]; !stays {
				if _, err := call.Do(ctx, remove, object.Values{"key": key}); err != nil {
					return err
				}
			}
		}
		if len(added) == 0 {
			return nil
		}
		_, err := call.Do(ctx, put, object.Values{"added": added})
		return err
	}
}

// changeType changes the type, which takes the performance along, or the performance alone.
func changeType(ctx context.Context, call *object.Call) error {
	op := setPerformance
	if slices.Contains(call.Changed, "volume_type") {
		op = retype
	}
	if _, err := call.Do(ctx, op, nil); err != nil {
		return err
	}
	return call.Ready(ctx)
}

var notSystem = pattern.New(`^([^_]|_[^_]|_$)`)

// flags are the arguments that the API has as metadata. They are sent only where they say something, for a volume from
// an image or snapshot is refused with them.
type flags struct {
	KeyID      string `json:"kms_key_id"`
	DeviceType string `json:"device_type"`
}

type flagsRequest struct {
	Metadata struct {
		Encrypted   string `json:"__system__encrypted,omitempty"`
		Passthrough string `json:"hw:passthrough,omitempty"`
	} `json:"metadata"`
}

func encodeFlags(plan flags) (request flagsRequest, err error) {
	if plan.KeyID != "" {
		request.Metadata.Encrypted = "1" // naming the key is not enough
	}
	if plan.DeviceType == "SCSI" {
		request.Metadata.Passthrough = "true"
	}
	return request, nil
}

// oneSource refuses two sources, and what a source decides.
func oneSource(_, plan object.Values, refuse func(string, string, ...any)) {
	sources := slices.DeleteFunc([]string{"image_id", "snapshot_id", "backup_id"}, plan.Null)
	if len(sources) > 1 {
		refuse(sources[1], "A volume has one source. Give only one of %s.", strings.Join(sources, " and "))
	}
	if len(sources) == 0 || sources[0] == "backup_id" {
		return
	}
	if plan.Has("kms_key_id") {
		refuse("kms_key_id", "The volume inherits its encryption from %s. Leave kms_key_id out.", sources[0])
	}
	if plan.String("device_type") == "SCSI" {
		refuse("device_type", "The volume inherits its device type from %s. Leave device_type out.", sources[0])
	}
}

// sizes refuses what no volume of its sort can have.
func sizes(_, plan object.Values, refuse func(string, string, ...any)) {
	size, given := plan.Int("size")
	switch {
	case plan.Null("size") && plan.Null("backup_id"):
		refuse("size", "A size in GB is needed; only a volume from a backup can do without.")
	case given && size > 1024 && plan.Has("image_id"):
		refuse("size", "A volume from an image has at most 1024 GB, not %d.", size)
	case given && size < 10 && plan.Null("image_id"):
		refuse("size", "A volume has at least 10 GB, not %d; only one from an image may be smaller.", size)
	}
}

// performance refuses iops and throughput where the type does not take them, and their lack where it does.
func performance(_, plan object.Values, refuse func(string, string, ...any)) {
	Performance(plan, "", plan.String("volume_type"), refuse)
}

// Performance checks iops and throughput of a volume of some type; at is the path of the object that holds them.
func Performance(plan object.Values, at, volumeType string, refuse func(string, string, ...any)) {
	if volumeType == "" {
		return
	}
	place := func(name string) string { return strings.TrimPrefix(at+"."+name, ".") }
	iops, throughput := place("iops"), place("throughput")
	operations, given := plan.Int(iops)
	switch takes, ok := bought[volumeType]; {
	case ok && plan.Null(iops):
		refuse(iops, "A volume of type %s needs iops.", volumeType)
	case !ok && plan.Has(iops):
		refuse(iops, "A volume of type %s takes no iops; %s do.", volumeType, strings.Join(slices.Sorted(maps.Keys(bought)), " and "))
	case given && (operations < takes.least || operations > takes.most):
		refuse(iops, "A volume of type %s has %d to %d iops, not %d.", volumeType, takes.least, takes.most, operations)
	case given:
		size, sized := plan.Int(place("size"))
		if most := max(takes.least, takes.perGB*size); sized && operations > most {
			refuse(iops, "A volume of type %s has at most %d iops for each GB: %d for %d GB, not %d.", volumeType, takes.perGB, most, size, operations)
		}
	}
	mib, asked := plan.Int(throughput)
	switch takes := bought[volumeType].throughput; {
	case takes && plan.Null(throughput):
		refuse(throughput, "A volume of type %s needs a throughput.", volumeType)
	case !takes && plan.Has(throughput):
		refuse(throughput, "A volume of type %s takes no throughput; GPSSD2 does.", volumeType)
	case asked && given && mib > operations/4:
		refuse(throughput, "The throughput of a volume in MiB/s is at most a quarter of its iops: %d, not %d.", operations/4, mib)
	}
}

// noShrinking refuses what the cloud cannot do and a replacement would lose the data for.
func noShrinking(prior, plan object.Values, refuse func(string, string, ...any)) {
	before, had := prior.Int("size")
	if after, given := plan.Int("size"); had && given && after < before {
		refuse("size", "A volume cannot shrink: it has %d GB, and %d GB are asked for. Make a new volume and copy the data.", before, after)
	}
}
