package evs

import (
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// Actions are what the service can be told to do.
func Actions() []*object.Action { return []*object.Action{&Rollback} }

// Rollback gives a volume the data of a snapshot of it. The status of the volume tells when it is done.
var Rollback = object.Action{
	Name:    "volume_rollback",
	Service: cloud.EVS,
	Does: object.Op{
		Method: "POST", Path: "/v2/{project_id}/cloudsnapshots/{snapshot_id}/rollback",
		Body: object.Body{"rollback": object.Body{"volume_id": object.Attr("volume_id")}},
		Until: &object.Until{
			Op:   object.Op{Method: "GET", Path: "/v2/{project_id}/cloudvolumes/{volume_id}"},
			Path: "volume.status", Not: []string{"rollbacking"}, Bad: []string{"error_rollbacking"},
		},
	},
	Schema: schema.Schema{
		MarkdownDescription: "Rolls a volume back to one of its snapshots: what was written since is lost. The volume must not be attached.",
		Attributes: map[string]schema.Attribute{
			"snapshot_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()}, MarkdownDescription: "The snapshot.",
			},
			"volume_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()}, MarkdownDescription: "The volume that the snapshot was made of.",
			},
		},
	},
}
