package ecs

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// VolumeAttachment gives a volume to a server. It is read from the server's list, for the read of a single one says in no
// clear way that there is none.
var VolumeAttachment = object.Kind{
	Name:     "volume_attachment",
	Service:  cloud.ECS,
	ID:       "{server_id}/{volume_id}",
	Path:     "/v1/{project_id}/cloudservers/{server_id}",
	Many:     "server.os-extended-volumes:volumes_attached",
	Paging:   cloud.Single(),
	ListOnly: true,
	Create: object.Op{
		Path: "/v1/{project_id}/cloudservers/{server_id}/attachvolume", Job: "job_id", Until: volumeKnows,
		Body: object.Body{"volumeAttachment": object.All{}},
	},
	Delete: object.Op{Path: "/v1/{project_id}/cloudservers/{server_id}/detachvolume/{volume_id}", Job: "job_id", Until: volumeKnows},
	Busy:   []string{"409 Ecs.0100"}, // a server does one thing at a time
	Fields: object.Fields{
		"server_id":             {Write: object.Never, Read: object.Never},
		"volume_id":             {API: "volumeId", Read: "id"},
		"device":                {Write: "device", Read: object.Never},
		"delete_on_termination": {Update: "delete_on_termination", Read: object.Never},
	},
	Decode: object.DecodeWith(decodeAttachment),
	Changes: []object.Change{{
		Of: []string{"delete_on_termination"}, Follows: diesWithServer,
		Op: object.Op{
			Path: "/v1/{project_id}/cloudservers/{server_id}/block_device/{volume_id}",
			Body: object.Body{"block_device": object.Changed{}},
		},
	}},
	Replaces: []string{
		"huaweicloud_compute_volume_attach", "huaweicloud_compute_volume_attach_v2", "flexibleengine_compute_volume_attach_v2",
		"opentelekomcloud_compute_volume_attach_v2", "openstack_compute_volume_attach_v2",
	},
	Schema: schema.Schema{
		MarkdownDescription: "A volume attachment: gives a volume to a server of its availability zone. For disks that live and die with the server there is `data_disks` of `hwcloud_server`.",
		Attributes: map[string]schema.Attribute{
			"server_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The server.",
			},
			"volume_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The volume. One that is not for several servers is attached to one at a time.",
			},
			"device": schema.StringAttribute{
				Optional: true, Computed: true,
				Validators:          []validator.String{valid.Match(deviceName, "a device such as /dev/vdb is expected")},
				MarkdownDescription: "Device name: `/dev/vdb`, or `/dev/sdb` for SCSI. The cloud chooses when it is left out, and may take `vd` for `sd` and the other way round; only the last letter counts.",
			},
			"delete_on_termination": schema.BoolAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Whether the volume is deleted with the server. The cloud attaches it with `false`. Not for volumes that several servers can attach.",
			},
		},
	},
}

// volumeKnows waits for EVS, which may be later than the server's job. Before, the volume can neither be deleted nor
// attached elsewhere.
var volumeKnows = &object.Until{
	Op:   object.Op{Service: cloud.EVS, Method: "GET", Path: "/v2/{project_id}/cloudvolumes/{volume_id}"},
	Path: "volume.status", Not: []string{"attaching", "detaching"},
}

var deviceName = pattern.New(`^/dev/[sv]d[a-z]$`)

func diesWithServer(plan object.Values) bool { return plan.Bool("delete_on_termination") }

type attachmentAnswer struct {
	Device   string       `json:"device"`
	DiesWith object.Loose `json:"delete_on_termination"`
}

type attachmentState struct {
	Device   *string `json:"device"`
	DiesWith *bool   `json:"delete_on_termination"`
}

// decodeAttachment keeps the device that was asked for, when the cloud's differs only in how the bus is written.
func decodeAttachment(answer attachmentAnswer, prior attachmentState) (attachmentState, error) {
	diesWith := answer.DiesWith == "true"
	state := attachmentState{Device: &answer.Device, DiesWith: &diesWith}
	if asked := prior.Device; asked != nil && letter(*asked) == letter(answer.Device) {
		state.Device = asked
	}
	return state, nil
}

// letter is the last of a device's name.
func letter(device string) string { return device[max(0, len(device)-1):] }
