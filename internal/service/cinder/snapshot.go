package cinder

import (
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

const snapshots = "/v3/{project_id}/snapshots"

// VolumeSnapshot is what a volume held at one time; volumes can be made of it.
var VolumeSnapshot = object.Kind{
	Name:    "volume_snapshot",
	Service: cloud.Cinder,
	Path:    snapshots,
	One:     "snapshot",
	Many:    "snapshots",
	Paging:  cloud.Links("snapshots_links", 1000),
	Creates: []object.Create{{ // a force that is false is refused by clouds that need none
		When: func(plan object.Values) bool { return plan.Bool("force") },
		Op:   object.Op{Body: object.Body{"snapshot": object.All{Plus: object.Body{"force": true}}}},
	}},
	List: object.Op{Path: snapshots + "/detail"},
	Ready: object.Ready{
		Path: "status", OK: []string{"available"}, Failed: []string{"error", "error_deleting"}, Stays: []string{"error_deleting"},
	},
	Why:   why,
	Queue: writing,
	Local: []string{"force"},
	Changes: []object.Change{
		{Of: []string{"name", "description"}},
		{
			Of:    []string{"metadata"}, // replaced as a whole
			Op:    object.Op{Path: snapshots + "/{id}/metadata", Body: object.Body{"metadata": object.Attr("metadata")}},
			Unset: object.Op{Method: "PUT", Path: snapshots + "/{id}/metadata", Body: object.Body{"metadata": json.RawMessage("{}")}},
		},
	},
	Filters:  map[string]string{"name": "name", "status": "status", "volume_id": "volume_id"},
	Timeouts: object.Timeouts{Create: 30 * time.Minute, Delete: 30 * time.Minute},
	Schema: schema.Schema{
		MarkdownDescription: "A snapshot of a volume: what it held at one time. Volumes can be made of it. A volume is not deleted as long as it has snapshots. Members of a project own its snapshots.",
		Attributes: map[string]schema.Attribute{
			"volume_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The volume.",
			},
			"name":        nameOf("Name"),
			"description": nameOf("Description"),
			"force": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether it is made although a server has the volume attached. What the server has not written yet is then missing. Clouds that know microversion 3.66 make it in any case.",
			},
			"metadata":   metadata(),
			"size":       schema.Int64Attribute{Computed: true, MarkdownDescription: "Size of the volume in GiB when it was made."},
			"status":     schema.StringAttribute{Computed: true, MarkdownDescription: "Status: `creating`, `available`, `backing-up`, `restoring`, `deleting`, `error` or `error_deleting`."},
			"created_at": schema.StringAttribute{Computed: true, MarkdownDescription: "When it was made, in UTC."},
			"updated_at": object.UpdatedAt(),
		},
	},
}

// writing is the queue of what a volume takes one at a time: a backup keeps it from being read by another, or by a snapshot.
const writing = "volume {volume_id}"

// nameOf is an optional text of at most 255 characters.
func nameOf(what string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true, Validators: []validator.String{stringvalidator.UTF8LengthAtMost(255)},
		MarkdownDescription: what + ": at most 255 characters.",
	}
}
