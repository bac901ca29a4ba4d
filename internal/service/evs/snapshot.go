package evs

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// VolumeSnapshot is what a volume held at one time; volumes can be made of it.
var VolumeSnapshot = object.Kind{
	Name:    "volume_snapshot",
	Service: cloud.EVS,
	Path:    "/v2/{project_id}/cloudsnapshots",
	One:     "snapshot",
	Many:    "snapshots",
	Paging:  cloud.Offset(1000),
	Create:  object.Op{Body: object.Body{"snapshot": object.All{Plus: object.Body{"force": object.Attr("force")}}}},
	List:    object.Op{Path: "/v2/{project_id}/cloudsnapshots/detail"},
	Busy:    []string{"409 EVS.2409", "400 EVS.2409"}, // of one volume, one snapshot is made at a time
	Ready: object.Ready{
		Path: "status", OK: []string{"available"}, Failed: []string{"error", "error_deleting"}, Stays: []string{"error_deleting"},
	},
	Fields: object.Fields{"metadata": {System: []string{"__*"}}},
	Local:  []string{"force"},
	Changes: []object.Change{
		{Of: []string{"name", "description"}},
		{
			Of: []string{"metadata"}, Do: changeMetadata(deleteSnapshotMetadata, putSnapshotMetadata),
			Calls: []object.Op{putSnapshotMetadata, deleteSnapshotMetadata},
		},
	},
	Filters:  map[string]string{"name": "name", "status": "status", "volume_id": "volume_id"},
	Timeouts: object.Timeouts{Create: 30 * time.Minute, Delete: 30 * time.Minute},
	Replaces: []string{"huaweicloud_evs_snapshot", "huaweicloud_evsv3_snapshot"},
	Schema: schema.Schema{
		MarkdownDescription: "A snapshot of a volume: what it held at one time. Volumes can be made of it. A volume is not deleted as long as it has snapshots.",
		Attributes: map[string]schema.Attribute{
			"volume_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The volume.",
			},
			"name": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthAtMost(255), valid.NotPrefixed("autobk_snapshot_")},
				MarkdownDescription: "Name: at most 255 bytes. It does not begin with `autobk_snapshot_`, as those of backups do.",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthAtMost(255)},
				MarkdownDescription: "Description: at most 255 bytes.",
			},
			"force": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether it is made although a server has the volume attached. What the server has not written yet is then missing.",
			},
			"metadata": schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				Validators: []validator.Map{
					mapvalidator.SizeAtLeast(1),
					mapvalidator.KeysAre(valid.MetadataKey(), valid.Match(notSystem, "keys that begin with __ are the cloud's own")),
					mapvalidator.ValueStringsAre(stringvalidator.LengthAtMost(255)),
				},
				MarkdownDescription: "Keys (1 to 255 Latin letters, digits, `_` `-` `.` `:`) and values (at most 255 characters) of your own. Keys of the cloud's are not shown.",
			},
			"size":       schema.Int64Attribute{Computed: true, MarkdownDescription: "Size of the volume in GB when it was made."},
			"status":     schema.StringAttribute{Computed: true, MarkdownDescription: "Status: `creating`, `available`, `rollbacking`, `backing-up`, `deleting`, `error` or `error_deleting`."},
			"created_at": schema.StringAttribute{Computed: true, MarkdownDescription: "When it was made, in UTC."},
			"updated_at": object.UpdatedAt(),
		},
	},
}

// The native API changes the metadata, which the vendor's SDK lacks.
var (
	putSnapshotMetadata = object.Op{
		Method: "POST", Path: "/v2/{project_id}/snapshots/{id}/metadata", Idempotent: true,
		Body:   object.Body{"metadata": object.Attr("added")},
		Source: "seeds/000, line 1479: add snapshot metadata",
	}
	deleteSnapshotMetadata = object.Op{
		Method: "DELETE", Path: "/v2/{project_id}/snapshots/{id}/metadata/{key}",
		Source: "seeds/000, line 1502: delete one item of snapshot metadata",
	}
)
