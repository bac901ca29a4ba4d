package cinder

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

const backups = "/v3/{project_id}/backups"

// VolumeBackup is a copy of a volume's data, kept apart from it: whole, or what changed since another one.
var VolumeBackup = object.Kind{
	Name:    "volume_backup",
	Service: cloud.Cinder,
	Path:    backups,
	One:     "backup",
	Many:    "backups",
	Paging:  cloud.Links("backups_links", 1000),
	Create:  object.Op{Body: object.Body{"backup": object.All{Plus: object.Body{"force": object.Attr("force")}}}},
	List:    object.Op{Path: backups + "/detail"},
	Ready: object.Ready{
		Path: "status", OK: []string{"available", "restoring"}, Failed: []string{"error", "error_deleting"}, Stays: []string{"error_deleting"}, Reason: "fail_reason",
	},
	Why:   why,
	Queue: writing,
	Fields: object.Fields{
		"incremental": {Write: "incremental", Read: "is_incremental"},
	},
	Local:    []string{"force"},
	Changes:  []object.Change{{Of: []string{"name", "description", "metadata"}}},
	Filters:  map[string]string{"name": "name", "status": "status", "volume_id": "volume_id"},
	Timeouts: object.Timeouts{Create: 2 * time.Hour, Delete: time.Hour},
	Schema: schema.Schema{
		MarkdownDescription: "A backup of a volume: a copy of its data, kept apart from it. Volumes are made of it (`backup_id` of `hwcloud_volume`), and it can be written back to one (the action `hwcloud_volume_restore`). Members of a project own its backups.",
		Attributes: map[string]schema.Attribute{
			"volume_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The volume. It can be deleted when the backup is made.",
			},
			"snapshot_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Snapshot of the volume to back up instead of what the volume holds now.",
			},
			"incremental": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether it is only what changed since the volume's last backup, of which there must be one. That one can be deleted only after this: declare it in `depends_on`.",
			},
			"force": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether it is made although a server has the volume attached. What the server has not written yet is then missing.",
			},
			"name":        nameOf("Name"),
			"description": nameOf("Description"),
			"container": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.UTF8LengthBetween(1, 255)},
				MarkdownDescription: "Container that keeps it, where the back end has such: 1 to 255 characters. Default: one that the cloud chooses.",
			},
			"metadata":              metadata(),
			"size":                  schema.Int64Attribute{Computed: true, MarkdownDescription: "Size of the volume in GiB."},
			"status":                schema.StringAttribute{Computed: true, MarkdownDescription: "Status: `creating`, `available`, `restoring`, `deleting`, `error` or `error_deleting`."},
			"object_count":          schema.Int64Attribute{Computed: true, MarkdownDescription: "Number of objects that it is kept in."},
			"has_dependent_backups": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether incremental backups need it: it cannot be deleted then."},
			"data_timestamp":        schema.StringAttribute{Computed: true, MarkdownDescription: "When its data were those of the volume, in UTC."},
			"created_at":            object.CreatedAt(),
			"updated_at":            object.UpdatedAt(),
		},
	},
}

// Actions are what the service can be told to do.
func Actions() []*object.Action { return []*object.Action{&Restore} }

// Restore writes a backup to a volume. The status of the volume tells when it is done.
var Restore = object.Action{
	Name:    "volume_restore",
	Service: cloud.Cinder,
	Does: object.Op{
		Method: "POST", Path: backups + "/{backup_id}/restore",
		Body: object.Body{"restore": object.Body{"volume_id": object.Attr("volume_id")}},
		Until: &object.Until{
			Op:   object.Op{Method: "GET", Path: "/v3/{project_id}/volumes/{volume_id}"},
			Path: "volume.status", Not: []string{"restoring-backup"}, Bad: []string{"error_restoring", "error"},
		},
	},
	Schema: actionschema.Schema{
		MarkdownDescription: "Writes a backup back to a volume: what the volume holds is lost. The volume must not be attached, and have the size of the backup at least. To make a volume of a backup, name the backup in `backup_id` of `hwcloud_volume`.",
		Attributes: map[string]actionschema.Attribute{
			"backup_id": actionschema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()}, MarkdownDescription: "The backup.",
			},
			"volume_id": actionschema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()}, MarkdownDescription: "The volume that is written to: the one that the backup was made of, or another.",
			},
		},
	},
}
