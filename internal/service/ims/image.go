// Package ims declares the objects of the service Image Management Service.
package ims

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

// Kinds are all objects of the service.
func Kinds() []*object.Kind { return []*object.Kind{&Image} }

// Image is what a server's system disk is made from.
var Image = object.Kind{
	Name:       "image",
	Service:    cloud.IMS,
	Path:       "/v2/cloudimages",
	Many:       "images",
	Paging:     cloud.Marker(500, ""),
	Read:       object.Op{Path: "/v2/cloudimages", Query: map[string]string{"id": "{id}"}},
	ListOnly:   true,
	NoResource: true,
	Fields: object.Fields{
		"description":   {Read: "__description"},
		"image_type":    {Read: "__imagetype"},
		"os_type":       {Read: "__os_type"},
		"os_version":    {Read: "__os_version"},
		"platform":      {Read: "__platform"},
		"architecture":  {Read: "__support_arm", Words: map[string]string{"arm": "true", "x86": "false"}, Absent: "x86"},
		"flavor_id":     {Read: object.Never},
		"image_size":    {Read: "__image_size"},
		"kms_key_id":    {Read: "__system__cmkid"},
		"firmware_type": {Read: "hw_firmware_type"},
	},
	Filters: map[string]string{
		"name": "name", "image_type": "__imagetype", "os_type": "__os_type", "platform": "__platform", "architecture": "architecture",
		"flavor_id": "flavor_id", "visibility": "visibility", "status": "status", "owner": "owner",
		"enterprise_project_id": "enterprise_project_id",
	},
	Schema: schema.Schema{
		MarkdownDescription: "An image: what the system disk of a server is made from.",
		Attributes: map[string]schema.Attribute{
			"name":                  text("Name: `Ubuntu 22.04 server 64bit`."),
			"description":           text("Description."),
			"image_type":            text("Sort of image: `gold` (public), `private`, `shared` or `market`."),
			"os_type":               text("Operating system: `Linux`, `Windows` or `Other`."),
			"os_version":            text("Version of the operating system."),
			"platform":              text("Platform: `Ubuntu`, `CentOS`, `Debian`, `Huawei Cloud EulerOS`, `Windows` and others."),
			"architecture":          text("Processor architecture: `x86` or `arm`."),
			"flavor_id":             text("Only public images that servers of this flavor can use. It is asked by and not answered."),
			"visibility":            text("Who sees it: `public`, `private` or `shared`."),
			"status":                text("Status: `active`, `queued`, `saving`, `killed` or `deleted`."),
			"owner":                 text("Project that owns it."),
			"disk_format":           text("Format: `zvhd2`, `qcow2`, `vhd`, `raw` and others."),
			"firmware_type":         text("How servers boot from it: `bios` or `uefi`."),
			"kms_key_id":            text("KMS key that encrypts it."),
			"enterprise_project_id": text("Enterprise project: a UUID, or `0` for the default one."),
			"min_disk":              schema.Int64Attribute{Computed: true, MarkdownDescription: "Least size of a disk made from it, in GB."},
			"min_ram":               schema.Int64Attribute{Computed: true, MarkdownDescription: "Least memory of a server, in MB; 0 for any."},
			"image_size":            schema.Int64Attribute{Computed: true, MarkdownDescription: "Size of the image file, in bytes."},
			"protected":             schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether it cannot be deleted."},
			"created_at":            text("When it was created, in UTC."),
			"updated_at":            text("When it was last changed, in UTC."),
		},
	},
}

func text(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}
