package nova

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// VolumeAttachment gives a volume to a server. Whether the volume dies with the server, all versions tell at the server only.
var VolumeAttachment = object.Kind{
	Name:    "volume_attachment",
	Service: cloud.Nova,
	ID:      "{server_id}/{volume_id}",
	Path:    "/v2.1/servers/{server_id}/os-volume_attachments",
	One:     "volumeAttachment",
	Many:    "volumeAttachments",
	Paging:  cloud.Offset(1000),
	Create:  object.Op{Version: "2.60", Until: volumeKnows}, // the first that takes volumes for several servers
	Creates: []object.Create{{When: diesWithServer, Op: object.Op{Version: "2.79", Until: volumeKnows}}},
	Read:    object.Op{Path: "/v2.1/servers/{server_id}/os-volume_attachments/{volume_id}"},
	Delete:  object.Op{Path: "/v2.1/servers/{server_id}/os-volume_attachments/{volume_id}", Until: volumeKnows},
	Sides: []object.Side{{
		Into: "_volumes", From: "server.os-extended-volumes:volumes_attached",
		Op: object.Op{Method: "GET", Path: "/v2.1/servers/{server_id}"},
	}},
	Fields: object.Fields{
		"server_id":             {Write: object.Never, Read: "serverId"},
		"volume_id":             {API: "volumeId"},
		"device":                {Read: object.Never},
		"delete_on_termination": {Read: object.Never},
	},
	Queue:  "volume {volume_id}", // of several servers, one gives it up at a time
	Decode: object.DecodeWith(decodeAttachment),
	Changes: []object.Change{{
		Of: []string{"delete_on_termination"},
		Op: object.Op{
			Path: "/v2.1/servers/{server_id}/os-volume_attachments/{volume_id}", Version: "2.85",
			Body: object.Body{"volumeAttachment": object.Changed{"volume_id"}},
		},
	}},
	Schema: schema.Schema{
		MarkdownDescription: "A volume attachment: gives a volume to a server. For disks that live and die with the server there is `data_disks` of `hwcloud_server`.",
		Attributes: map[string]schema.Attribute{
			"server_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The server.",
			},
			"volume_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The volume. One whose type does not let several servers attach it is attached to one at a time.",
			},
			"device": schema.StringAttribute{
				Optional: true, Computed: true,
				Validators:          []validator.String{valid.Match(deviceName, "a device such as /dev/vdb is expected")},
				MarkdownDescription: "Device name: `/dev/vdb`. The cloud chooses when it is left out, and takes the bus that its servers have: only what follows `/dev/vd`, `/dev/sd` or `/dev/xvd` counts. Many clouds do not heed it.",
			},
			"delete_on_termination": schema.BoolAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Whether the volume is deleted with the server: `true` needs a cloud that knows microversion 2.79, a change one that knows 2.85. Default: `false`.",
			},
		},
	},
}

// volumeKnows waits for the volume, which may be later than the server: before, it can neither be deleted nor attached elsewhere.
var volumeKnows = &object.Until{
	Op:   object.Op{Service: cloud.Cinder, Method: "GET", Path: "/v3/{project_id}/volumes/{volume_id}"},
	Path: "volume.status", Not: []string{"reserved", "attaching", "detaching"}, Bad: []string{"error_attaching", "error_detaching"},
}

var deviceName = pattern.New(`^/dev/(?:vd|sd|xvd|hd)([a-z]+)$`)

func diesWithServer(plan object.Values) bool { return plan.Bool("delete_on_termination") }

type attachedVolume struct {
	ID       string `json:"id"`
	DiesWith bool   `json:"delete_on_termination"`
}

type attachmentAnswer struct {
	VolumeID string           `json:"volumeId"`
	Device   *string          `json:"device"`
	Volumes  []attachedVolume `json:"_volumes"`
}

type attachmentState struct {
	Device   *string `json:"device"`
	DiesWith bool    `json:"delete_on_termination"`
}

// decodeAttachment keeps the device that was asked for, when the cloud's differs only in the bus.
func decodeAttachment(answer attachmentAnswer, prior attachmentState) (attachmentState, error) {
	state := attachmentState{Device: answer.Device}
	if asked := prior.Device; asked != nil && answer.Device != nil && letters(*asked) == letters(*answer.Device) {
		state.Device = asked
	}
	for _, v := range answer.Volumes {
		if v.ID == answer.VolumeID {
			state.DiesWith = v.DiesWith
		}
	}
	return state, nil
}

// letters are those of a device's name that follow the bus.
func letters(device string) string {
	if found := deviceName.FindStringSubmatch(device); found != nil {
		return found[1]
	}
	return device
}
