// Package ims declares the objects of the service Image Management Service.
package ims

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// Kinds are all objects of the service.
func Kinds() []*object.Kind { return []*object.Kind{&Image, &ImageShare} }

const (
	images = "/v2/cloudimages"
	tags   = "/v2/{project_id}/images/{id}/tags"
)

// Image is what disks of servers are made from. What it is made from itself decides which call creates it.
var Image = object.Kind{
	Name:     "image",
	Service:  cloud.IMS,
	Path:     images,
	Many:     "images",
	Paging:   cloud.Marker(500, ""),
	ListOnly: true,
	Create: making(images+"/action", object.Body{
		"instance_id": object.Attr("instance_id"), "volume_id": object.Attr("volume_id"), "image_url": object.Attr("image_url"),
		"min_disk": object.Attr("min_disk"), "min_ram": object.Attr("min_ram"), "max_ram": object.Attr("max_ram"),
		"os_version": object.Attr("os_version"), "type": object.Attr("type"), "architecture": object.Attr("architecture"),
		"hw_firmware_type": object.Attr("firmware_type"), "cmk_id": object.Attr("kms_key_id"),
		"is_config": object.Attr("is_config"), "is_quick_import": object.Attr("is_quick_import"),
	}),
	Creates: []object.Create{
		{When: given("source_image_id"), Op: making("/v1/cloudimages/{source_image_id}/copy", object.Body{"cmk_id": object.Attr("kms_key_id")})},
		{When: isWhole, Op: making("/v1/cloudimages/wholeimages/action", object.Body{
			"instance_id": object.Attr("instance_id"), "vault_id": object.Attr("vault_id"), "min_ram": object.Attr("min_ram"), "max_ram": object.Attr("max_ram"),
		})},
		{When: given("backup_id"), Op: making("/v1/cloudimages/wholeimages/action", object.Body{
			"backup_id": object.Attr("backup_id"), "whole_image_type": "CBR", "min_ram": object.Attr("min_ram"), "max_ram": object.Attr("max_ram"),
		})},
		{When: isData("image_url"), Op: making("/v1/cloudimages/dataimages/action", object.Body{
			"image_url": object.Attr("image_url"), "min_disk": object.Attr("min_disk"), "os_type": object.Attr("os_type"), "cmk_id": object.Attr("kms_key_id"),
		})},
		{When: isData("volume_id"), Op: object.Op{
			Method: "POST", Path: images + "/action", ID: object.Never, Job: "job_id", JobID: []string{"entities.sub_jobs_result.0.entities.image_id"},
			Body: object.Body{
				"data_images": []any{object.Body{
					"name": object.Attr("name"), "volume_id": object.Attr("volume_id"), "description": object.Attr("description"),
				}},
				"enterprise_project_id": object.Attr("enterprise_project_id"),
			},
		}},
	},
	Read:   object.Op{Path: images, Query: map[string]string{"id": "{id}"}},
	Delete: object.Op{Path: "/v2/images/{id}", Body: object.Body{"delete_backup": object.Attr("delete_backup")}},
	Ready:  object.Ready{Path: "status", OK: []string{"active"}, Failed: []string{"killed"}},
	Gone:   []string{"deleted"},
	Tags:   &object.Tags{Read: "key_values", As: object.Pairs, Action: tags + "/action"},
	Fields: object.Fields{
		"description":     {Read: "__description"},
		"instance_id":     {Read: "__data_origin"},
		"volume_id":       {Read: "__data_origin"},
		"image_url":       {Read: "__data_origin"},
		"backup_id":       {Read: "__data_origin"},
		"source_image_id": {Read: "__data_origin"},
		"type":            {Read: "virtual_env_type", Words: map[string]string{"ECS": "FusionCompute", "BMS": "Ironic"}},
		"image_type":      {Read: "__imagetype"},
		"os_type":         {Read: "__os_type"},
		"os_version":      {Read: "__os_version"},
		"platform":        {Read: "__platform"},
		"architecture":    {Read: "__support_arm"},
		"flavor_id":       {Read: object.Never},
		"image_size":      {Read: "__image_size"},
		"kms_key_id":      {Read: "__system__cmkid"},
		"firmware_type":   {Read: "hw_firmware_type"},
	},
	Sides: []object.Side{{ // public images have none, and those of others are not told
		Into: "key_values", Many: "tags", Apart: true, Op: object.Op{Method: "GET", Path: tags},
		When: func(answer object.Values) bool { return answer.String("__imagetype") == "private" },
	}},
	Decode: object.DecodeWith(decodeImage),
	Silent: []string{"vault_id", "is_config", "is_quick_import"},
	Local:  []string{"delete_backup"},
	Changes: []object.Change{
		{Of: []string{"name", "description"}, Do: patch, Calls: []object.Op{patchOp}},
		{
			Of: []string{"min_ram", "max_ram", "firmware_type"}, Do: patch, Calls: []object.Op{patchOp},
			Follows: func(plan object.Values) bool {
				return plan.Has("source_image_id") || plan.Has("vault_id") || plan.Has("backup_id") || plan.String("type") == dataImage
			},
		},
	},
	Checks: []object.Check{oneSource, fitsFile, fitsDisk, fitsSource},
	Filters: map[string]string{
		"name": "name", "image_type": "__imagetype", "os_type": "__os_type", "platform": "__platform", "architecture": "architecture",
		"flavor_id": "flavor_id", "visibility": "visibility", "status": "status", "owner": "owner",
		"enterprise_project_id": "enterprise_project_id",
	},
	Timeouts: object.Timeouts{Create: time.Hour, Update: 10 * time.Minute, Delete: 10 * time.Minute},
	Replaces: []string{
		"huaweicloud_images_image", "huaweicloud_images_image_v2", "huaweicloud_images_image_copy", "huaweicloud_ims_ecs_system_image",
		"huaweicloud_ims_ecs_whole_image", "huaweicloud_ims_cbr_whole_image", "huaweicloud_ims_evs_data_image", "huaweicloud_ims_evs_system_image",
		"huaweicloud_ims_obs_system_image", "huaweicloud_ims_obs_data_image", "huaweicloud_ims_obs_iso_image",
		"huaweicloud_ims_quickimport_system_image", "huaweicloud_ims_quickimport_data_image",
		"opentelekomcloud_ims_image_v2", "opentelekomcloud_ims_data_image_v2", "opentelekomcloud_images_image_v2", "openstack_images_image_v2",
	},
	Schema: schema.Schema{
		MarkdownDescription: "An image (IMS): what the disks of servers are made from. One of `instance_id`, `volume_id`, `image_url`, `backup_id` and `source_image_id` says what the image itself is made from.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				Validators:          []validator.String{stringvalidator.UTF8LengthBetween(1, 128), valid.Match(imageName, "Chinese or Latin letters, digits, blanks, and `_` - . are allowed, no blank first or last")},
				MarkdownDescription: "Name: 1 to 128 Chinese or Latin letters, digits, blanks, and `_` `-` `.`, no blank first or last.",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.UTF8LengthAtMost(1024), valid.Match(oneLine, "< and > and line breaks are not allowed")},
				MarkdownDescription: "Description: at most 1024 characters, without `<`, `>` and line breaks.",
			},
			"instance_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Server of whose system disk the image is made; with `vault_id`, of all its disks.",
			},
			"volume_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Volume of which the image is made: one for system disks, which needs `os_version`, or with type `DataImage` one for data disks.",
			},
			"image_url": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.Match(bucketFile, "a bucket and a file are expected, such as images:ubuntu.qcow2")},
				MarkdownDescription: "File of which the image is made: `BUCKET:FILE`, both in this region, of standard storage. It needs `min_disk`.",
			},
			"backup_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Backup of a server (CBR) of which the image is made, with all the server's disks.",
			},
			"source_image_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Private image of this region that is copied: to encrypt it, or with another key, or for another enterprise project.",
			},
			"vault_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Vault (CBR) that takes the backup by which the image of all disks of a server is made.",
			},
			"type": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf("ECS", "BMS", dataImage, "IsoImage")},
				MarkdownDescription: "For what it is: `ECS`, system disks of servers; `BMS`, those of bare metal servers; `DataImage`, data disks; `IsoImage`, installing a system. The cloud takes `ECS` when it is left out.",
			},
			"os_type": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf("Linux", "Windows", "Other")},
				MarkdownDescription: "Operating system: `Linux`, `Windows` or `Other`. It is to be given only for a `DataImage` out of a file, `Linux` or `Windows`.",
			},
			"os_version": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: "Version of the operating system: `Ubuntu 22.04 server 64bit`. It is to be given for an image out of a volume, or a file.",
			},
			"architecture": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf("x86", "arm")},
				MarkdownDescription: "Processor architecture: `x86` or `arm`. It is to be given only for an image out of a volume or a file, of which the cloud takes `x86` when it is left out.",
			},
			"firmware_type": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf("bios", "uefi")},
				MarkdownDescription: "How servers boot from it: `bios` or `uefi`.",
			},
			"min_disk": schema.Int64Attribute{
				Optional: true, Computed: true, Validators: []validator.Int64{int64validator.Between(40, 2048)},
				MarkdownDescription: "Least size of a disk made from it, in GB: 40 to 1024, of a `DataImage` to 2048. It is to be given only for an image out of a file; others have that of their source.",
			},
			"min_ram": schema.Int64Attribute{
				Optional: true, Computed: true, Validators: []validator.Int64{int64validator.AtLeast(0)},
				MarkdownDescription: "Least memory of a server, in MB; 0 for any.",
			},
			"max_ram": schema.Int64Attribute{
				Optional: true, Computed: true, Validators: []validator.Int64{int64validator.AtLeast(1)},
				MarkdownDescription: "Most memory of a server, in MB. Left out, it stays as it is.",
			},
			"kms_key_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "KMS key that encrypts it. It is to be given only for an image out of a file, or of another image; others are encrypted as their source is. An encrypted image cannot be shared.",
			},
			"is_config": schema.BoolAttribute{
				Optional: true, MarkdownDescription: "Whether the cloud prepares a system out of a file for its servers.",
			},
			"is_quick_import": schema.BoolAttribute{
				Optional: true, MarkdownDescription: "Whether a file is taken over quickly: up to 1 TB, of format `raw` or `zvhd2`, and as it is. It needs `os_version`.",
			},
			"delete_backup": schema.BoolAttribute{
				Optional: true, MarkdownDescription: "Whether destroying an image of all disks of a server deletes its backup too.",
			},
			"enterprise_project_id": object.EnterpriseProject(),
			"image_type":            text("Sort of image: `gold` (public), `private`, `shared` or `market`."),
			"platform":              text("Platform: `Ubuntu`, `CentOS`, `Debian`, `Huawei Cloud EulerOS`, `Windows` and others."),
			"flavor_id":             text("Only public images that servers of this flavor can use. It is asked by and not answered."),
			"visibility":            text("Who sees it: `public`, `private` or `shared`."),
			"status":                text("Status: `active`, `queued`, `saving`, `killed` or `deleted`."),
			"owner":                 text("Project that owns it."),
			"disk_format":           text("Format: `zvhd2`, `qcow2`, `vhd`, `raw` and others."),
			"image_size":            schema.Int64Attribute{Computed: true, MarkdownDescription: "Size of the image file, in bytes."},
			"protected":             schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether it cannot be deleted."},
			"created_at":            text("When it was created, in UTC."),
			"updated_at":            text("When it was last changed, in UTC."),
		},
	},
}

const dataImage = "DataImage"

var (
	imageName  = pattern.New(`^[0-9A-Za-z\p{Han}_.-]([0-9A-Za-z\p{Han}_. -]*[0-9A-Za-z\p{Han}_.-])?$`)
	oneLine    = pattern.New(`^[^<>\r\n]*$`)
	bucketFile = pattern.New(`^[0-9a-z][0-9a-z.-]{1,61}[0-9a-z]:.+$`)
)

func text(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

// making is a call whose job names the new image, with what all such calls take.
func making(path string, body object.Body) object.Op {
	body["name"], body["description"], body["enterprise_project_id"] = object.Attr("name"), object.Attr("description"), object.Attr("enterprise_project_id")
	return object.Op{Method: "POST", Path: path, ID: object.Never, Job: "job_id", JobID: []string{"entities.image_id"}, Body: body}
}

func given(name string) func(object.Values) bool {
	return func(plan object.Values) bool { return plan.Has(name) }
}

// isWhole tells that an image is of all disks of a server.
func isWhole(plan object.Values) bool { return plan.Has("vault_id") }

// isData tells that an image is for data disks, and made of what a source names.
func isData(source string) func(object.Values) bool {
	return func(plan object.Values) bool { return plan.String("type") == dataImage && plan.Has(source) }
}
