package cinder

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

const transfers = "/v3/{project_id}/volume-transfers"

// VolumeTransfer offers a volume to whoever has its key, in any project.
var VolumeTransfer = object.Kind{
	Name:    "volume_transfer",
	Service: cloud.Cinder,
	Path:    transfers,
	One:     "transfer",
	Many:    "transfers",
	Paging:  cloud.Links("transfers_links", 1000),
	List:    object.Op{Path: transfers + "/detail"},
	Once:    []string{"auth_key"},
	Filters: map[string]string{"name": "name", "volume_id": "volume_id"},
	Schema: schema.Schema{
		MarkdownDescription: "The offer of a volume to another project, which takes it with id and key (`hwcloud_volume_transfer_acceptance`). Until then the volume cannot be used. " +
			"Once it is taken, transfer and volume are gone from this project: take both out of the configuration. Destroying the transfer before takes the offer back. The cloud must know microversion 3.55.",
		Attributes: map[string]schema.Attribute{
			"volume_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The volume, which no server has attached.",
			},
			"name": nameOf("Name"),
			"no_snapshots": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether the volume goes without its snapshots, which stay in this project.",
			},
			"auth_key": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "The key that takes the volume. The cloud tells it once: it is kept in the state, whose readers can take the volume with it, and is not known of an imported transfer.",
			},
			"created_at": object.CreatedAt(),
		},
	},
}

// VolumeTransferAcceptance takes a volume that another project offers. It is the volume from then on.
var VolumeTransferAcceptance = object.Kind{
	Name:    "volume_transfer_acceptance",
	Service: cloud.Cinder,
	ID:      "{volume_id}",
	Path:    "/v3/{project_id}/volumes/{volume_id}",
	One:     "volume",
	Alone:   true,
	Create: object.Op{
		Method: "POST", Path: transfers + "/{transfer_id}/accept", Body: object.Body{"accept": object.Body{"auth_key": object.Attr("auth_key")}}, ID: "transfer.volume_id",
	},
	Read:    object.Op{Path: "/v3/{project_id}/volumes/{volume_id}"},
	Remains: true,
	Fields:  object.Fields{"volume_id": {API: "id"}, "volume_name": {API: "name"}},
	Silent:  []string{"transfer_id", "auth_key"},
	Secrets: []string{"auth_key"},
	Ready:   object.Ready{Path: "status", OK: []string{"available", "in-use"}},
	Schema: schema.Schema{
		MarkdownDescription: "What takes a volume that another project offers (`hwcloud_volume_transfer`). The volume is this project's from then on, and counts to its quotas; to manage it, import it as a `hwcloud_volume`. Destroying the acceptance does nothing: the volume stays. The cloud must know microversion 3.55.",
		Attributes: map[string]schema.Attribute{
			"transfer_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Id of the transfer. It is not known of an imported acceptance.",
			},
			"auth_key": schema.StringAttribute{
				Optional: true, Sensitive: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 255)},
				MarkdownDescription: "Key of the transfer: 1 to 255 characters.",
			},
			"volume_id":   schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the volume, which is also the id of the acceptance."},
			"volume_name": schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the volume."},
			"size":        schema.Int64Attribute{Computed: true, MarkdownDescription: "Size of the volume in GiB."},
			"status":      schema.StringAttribute{Computed: true, MarkdownDescription: "Status of the volume: `available`, `in-use` and others."},
		},
	},
}
