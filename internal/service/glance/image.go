package glance

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

const images = "/v2/images"

// Image is what disks of servers are made from. It gets its data once, after it was created.
var Image = object.Kind{
	Name:    "image",
	Service: cloud.Glance,
	Path:    images,
	Many:    "images",
	Paging:  cloud.Marker(1000, ""),
	Create: object.Op{Body: object.All{Plus: object.Body{ // of a volume, these follow
		"name": object.Attr("name"), "visibility": object.Attr("visibility"), "protected": object.Attr("protected"), "os_hidden": object.Attr("os_hidden"),
		"min_disk": object.Attr("min_disk"), "min_ram": object.Attr("min_ram"), "tags": object.Attr("tag_names"),
	}}},
	Creates: []object.Create{{When: ofVolume, Op: object.Op{
		Service: cloud.Cinder,
		Path:    "/v3/{project_id}/volumes/{volume_id}/action",
		Body: object.Body{"os-volume_upload_image": object.Body{
			"image_name": object.Attr("name"), "disk_format": object.Attr("disk_format"), "container_format": object.Attr("container_format"),
			"force": true, // of a volume that a server has attached as well
		}},
		ID:    "os-volume_upload_image.image_id",
		Until: &object.Until{Op: readOp, Path: "status", Not: []string{"queued", "saving"}, Bad: []string{"killed"}},
	}}},
	Ready: object.Ready{Path: "status", OK: []string{"active", "queued", "deactivated"}, Failed: []string{"killed"}},
	Gone:  []string{"deleted", "pending_delete"},
	Fields: object.Fields{
		"tag_names":  {API: "tags"},
		"properties": {Write: object.Never, Read: object.Never, System: addedProperties},
		"image_size": {API: "size"},
	},
	Silent: []string{"volume_id"},
	Encode: object.EncodeWith(func(plan ownProperties) (map[string]any, error) { return plan.Properties, nil }),
	Decode: object.DecodeWith(readProperties),
	Plans:  map[string]object.Planned{"checksum": {From: []string{"source"}, Make: checksum}},
	Changes: []object.Change{
		{
			Of: []string{"source", "checksum"}, Do: upload, Calls: []object.Op{uploadOp, readOp},
			Follows: func(plan object.Values) bool { return plan.Has("source") },
			Replace: func(prior, _ object.Values) bool { return prior.String("status") != "queued" },
			Alters:  []string{"status", "image_size", "virtual_size", "os_hash_algo", "os_hash_value"},
		},
		{
			Of: []string{"name", "visibility", "protected", "os_hidden", "min_disk", "min_ram", "tag_names", "properties"},
			Do: patch, Calls: []object.Op{patchOp}, Follows: ofVolume,
		},
	},
	Checks: []object.Check{oneSource},
	Filters: map[string]string{
		"name": "name", "visibility": "visibility", "os_hidden": "os_hidden", "protected": "protected", "status": "status", "owner": "owner",
		"disk_format": "disk_format", "container_format": "container_format", "checksum": "checksum",
	},
	Timeouts: object.Timeouts{Create: time.Hour, Update: time.Hour},
	Schema: schema.Schema{
		MarkdownDescription: "An image: what disks of servers are made from. Its content is that of a file, of which neither state nor plan hold more than the `checksum`, or that of a volume; it never changes, so another content is another image. Members of a project own its images.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.UTF8LengthBetween(1, 255)},
				MarkdownDescription: "Name: 1 to 255 characters. Several images can have the same.",
			},
			"source": schema.StringAttribute{
				Optional: true, WriteOnly: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: "Path of the file with the content. It is read when it is planned, to know its `checksum`, and again when it is uploaded; the image's own checksum is compared with that. At most one of `source` and `volume_id` is to be given; without either, the image is `queued` until it gets a content. Write-only: needs Terraform 1.11.",
			},
			"volume_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Volume with the content. While it is copied nothing else can be done with it; that no server has it attached is what most clouds ask for.",
			},
			"disk_format": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.Match(format, "a format such as raw or qcow2 is expected")},
				MarkdownDescription: "Format of the content: `raw`, `qcow2`, `vmdk`, `vdi`, `vhd`, `vhdx`, `iso`, `ploop`, `aki`, `ami`, `ari` or another that the cloud knows. A volume is converted to it.",
			},
			"container_format": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString("bare"), Validators: []validator.String{valid.Match(format, "a format such as bare or ova is expected")},
				MarkdownDescription: "Format of what the content is wrapped in: `bare`, `ovf`, `ova`, `docker`, `compressed`, `aki`, `ami`, `ari` or another that the cloud knows.",
			},
			"visibility": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString("shared"), Validators: []validator.String{stringvalidator.OneOf("private", "shared", "community", "public")},
				MarkdownDescription: "Who can use it: `private`, the project; `shared`, those with whom it is shared, too (`hwcloud_image_share`); `community`, everybody who knows it; `public`, everybody, in whose lists it is. Making an image public takes an administrator.",
			},
			"protected": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether it cannot be deleted: neither elsewhere nor by destroying it here, before it is unprotected.",
			},
			"os_hidden": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether lists leave it out, unless they are asked for such images.",
			},
			"min_disk": schema.Int64Attribute{
				Optional: true, Computed: true, Default: int64default.StaticInt64(0), Validators: []validator.Int64{int64validator.Between(0, 1<<31-1)},
				MarkdownDescription: "Least size of a disk made from it, in GiB: 0 to 2147483647.",
			},
			"min_ram": schema.Int64Attribute{
				Optional: true, Computed: true, Default: int64default.StaticInt64(0), Validators: []validator.Int64{int64validator.Between(0, 1<<31-1)},
				MarkdownDescription: "Least memory of a server, in MiB: 0 to 2147483647; 0 for any.",
			},
			"tag_names": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				Validators: []validator.Set{
					setvalidator.SizeBetween(1, 128),
					setvalidator.ValueStringsAre(stringvalidator.UTF8LengthBetween(1, 255)),
				},
				MarkdownDescription: "Tags, which are words here: 1 to 128, each of 1 to 255 characters.",
			},
			"properties": schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				Validators: []validator.Map{
					mapvalidator.SizeBetween(1, 128),
					mapvalidator.KeysAre(
						stringvalidator.UTF8LengthBetween(1, 255), valid.NotPrefixed("os_glance"), stringvalidator.NoneOf(fieldNames...),
					),
					mapvalidator.ValueStringsAre(stringvalidator.LengthAtMost(65535)),
				},
				MarkdownDescription: "Properties: keys (1 to 255 characters) and values (at most 65535 bytes) of your own, and what the compute service understands: `hw_disk_bus`, `os_distro`, `architecture` and others. At most 128. What services add is left alone.",
			},
			"checksum":      text("MD5 of the content, 32 hexadecimal digits; none of an image without content."),
			"os_hash_algo":  text("Algorithm of `os_hash_value`: `sha512`."),
			"os_hash_value": text("Sum of the content by that algorithm, in hexadecimal digits."),
			"image_size":    schema.Int64Attribute{Computed: true, MarkdownDescription: "Size of the content, in bytes."},
			"virtual_size":  schema.Int64Attribute{Computed: true, MarkdownDescription: "Size of a disk with the content unpacked, in bytes, where the cloud tells it."},
			"status":        text("Status: `active`, `queued`, `saving`, `uploading`, `importing`, `deactivated` or `killed`."),
			"owner":         text("Project that owns it."),
			"created_at":    object.CreatedAt(),
			"updated_at":    object.UpdatedAt(),
		},
	},
}

var format = pattern.New(`^[a-z0-9_.-]+$`)

func text(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func ofVolume(plan object.Values) bool { return plan.Has("volume_id") }

// oneSource refuses two contents.
func oneSource(_, config object.Values, refuse func(string, string, ...any)) {
	if config.Has("source") && config.Has("volume_id") {
		refuse("volume_id", "An image has one content. Give only one of source and volume_id.")
	}
}
