package nova

import (
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// Server is a virtual machine.
var Server = object.Kind{
	Name:    "server",
	Service: cloud.Nova,
	Path:    "/v2.1/servers",
	One:     "server",
	Many:    "servers",
	Paging:  cloud.Links("servers_links", 1000),
	Create:  object.Op{Body: createServer},
	Creates: []object.Create{
		{When: typedDisks, Op: object.Op{Body: createServer, Version: "2.67"}},
		{When: tagged, Op: object.Op{Body: createServer, Version: "2.52"}},
	},
	List: object.Op{Path: "/v2.1/servers/detail"},
	Ready: object.Ready{
		Path:   "status",
		OK:     []string{"ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED", "SHELVED", "SHELVED_OFFLOADED", "RESCUE", "VERIFY_RESIZE"},
		Failed: []string{"ERROR"}, Reason: "fault.message",
		When: func(answer object.Values) bool { return answer.Null("OS-EXT-STS:task_state") },
	},
	Gone: []string{"DELETED", "SOFT_DELETED"},
	Fields: object.Fields{
		"flavor_id":         {Write: "flavorRef", Read: "flavor.id"},
		"image_id":          {Write: object.Never, Read: object.Never},
		"availability_zone": {Read: "OS-EXT-AZ:availability_zone"},
		"key_pair":          {API: "key_name"},
		"admin_password":    {API: "adminPass"},
		"user_data":         {As: object.Base64},
		"config_drive":      {Read: object.Never},
		"server_group_id":   {Write: object.Never, Read: object.Never},
		"tag_names":         {API: "tags"},
		"networks":          {Write: object.Never, Read: object.Never},
		"system_disk":       {Write: object.Never, Read: object.Never},
		"data_disks":        {Write: object.Never, Read: object.Never},
		"power_state":       {Write: object.Never, Read: "status", Words: map[string]string{"running": "ACTIVE", "stopped": "SHUTOFF"}},
		"public_ip":         {Read: object.Never},
		"created_at":        {Read: "created"},
		"updated_at":        {Read: "updated"},
	},
	Encode:  object.EncodeWith(encodeServer),
	Sides:   []object.Side{portsSide, volumesSide, groupsSide},
	Decode:  object.DecodeWith(decodeServer),
	Silent:  []string{"admin_password", "user_data"},
	Secrets: []string{"admin_password"},
	Local:   []string{"allow_stop", "allow_rebuild"},
	Changes: []object.Change{
		{Of: []string{"name", "description"}},
		{
			Of:    []string{"metadata"}, // replaced as a whole
			Op:    object.Op{Path: "/v2.1/servers/{id}/metadata", Body: object.Body{"metadata": object.Attr("metadata")}},
			Unset: object.Op{Method: "PUT", Path: "/v2.1/servers/{id}/metadata", Body: object.Body{"metadata": json.RawMessage("{}")}},
		},
		{
			Of:    []string{"tag_names"},
			Op:    object.Op{Path: "/v2.1/servers/{id}/tags", Body: object.Body{"tags": object.Attr("tag_names")}},
			Unset: object.Op{Method: "DELETE", Path: "/v2.1/servers/{id}/tags"},
		},
		{
			Of: []string{"networks"}, Follows: groupsDiffer, Do: changeNetworks,
			Calls: []object.Op{addInterface, removeInterface, setGroups}, Alters: []string{"public_ip"},
		},
		{Of: []string{"system_disk", "data_disks"}, Do: changeDisks, Replace: disksBeyondChange, Calls: []object.Op{growVolume, keepVolume}},
		{Of: []string{"admin_password"}, Op: action("changePassword", object.Body{"adminPass": object.Attr("admin_password")})},
		{Of: []string{"flavor_id"}, Do: resize, Calls: []object.Op{resizeServer, confirmResize}, Alters: []string{"power_state", "status"}},
		{
			Of: []string{"image_id", "key_pair", "user_data"}, Do: rebuild, Replace: rebuildForbidden, Calls: []object.Op{rebuildServer},
			Alters: []string{"status"},
		},
		{
			Of: []string{"power_state"}, Follows: wantsStopped, Do: changePower, Calls: []object.Op{startServer, stopServer},
			Alters: []string{"status"},
		},
	},
	Checks:   []object.Check{somethingToBoot, ownOfPorts, oneAddressOnce, stopAllowed, noDiskShrinking},
	Timeouts: object.Timeouts{Create: 30 * time.Minute, Update: 30 * time.Minute, Delete: 30 * time.Minute},
	Schema: schema.Schema{
		MarkdownDescription: "A server: a virtual machine with its network interfaces and the disks made with it. Members of a project own its servers.",
		Attributes:          serverAttributes,
	},
}

var createServer = object.Body{
	"server":             object.All{},
	"os:scheduler_hints": object.Body{"group": object.Attr("server_group_id")},
}

// Further reads complete a server; each can be made for all servers at once.
var (
	portsSide = object.Side{
		Into: "_ports", Many: "ports", Paging: cloud.Links("ports_links", 1000), Owner: "device_id",
		Op: object.Op{Service: cloud.Neutron, Method: "GET", Path: "/v2.0/ports", Query: map[string]string{"device_id": "{id}"}},
	}
	volumesSide = object.Side{
		Into: "_volumes", Many: "volumes", Paging: cloud.Links("volumes_links", 1000), Owner: "attachments.server_id",
		Op:   object.Op{Service: cloud.Cinder, Method: "GET", Path: "/v3/{project_id}/volumes/detail"},
		When: func(answer object.Values) bool { return len(answer.List("os-extended-volumes:volumes_attached")) > 0 },
	}
	groupsSide = object.Side{
		Into: "_groups", Many: "server_groups", Paging: cloud.Offset(1000), Owner: "members", Lazy: "server_group_id",
		Op: object.Op{Method: "GET", Path: "/v2.1/os-server-groups"},
	}
)

var serverAttributes = map[string]schema.Attribute{
	"name": schema.StringAttribute{
		Required: true, Validators: []validator.String{valid.Match(serverName, "1 to 255 characters are expected, without spaces at the ends")},
		MarkdownDescription: "Name: 1 to 255 characters, without spaces at the ends. Need not be unique.",
	},
	"description": schema.StringAttribute{
		Optional: true, Validators: []validator.String{stringvalidator.UTF8LengthAtMost(255)},
		MarkdownDescription: "Description: at most 255 characters.",
	},
	"flavor_id": schema.StringAttribute{
		Required: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 255)},
		MarkdownDescription: "Flavor, the size of the server, by its id: see the data source `hwcloud_flavor`. A running server is stopped for the change and started again, if `allow_stop` says so; the change is confirmed at once.",
	},
	"image_id": schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
		MarkdownDescription: "Image that it is made from. Not needed when `system_disk` names a volume or a snapshot. Another image replaces the server, or rebuilds it, if `allow_rebuild` says so.",
	},
	"availability_zone": schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{valid.Match(zoneName, "the name of a zone is expected, without a host")},
		MarkdownDescription: "Availability zone: `nova`. The cloud chooses when it is left out. A host in it cannot be named.",
	},
	"networks": schema.ListNestedAttribute{
		Optional: true, Computed: true, Validators: []validator.List{listvalidator.SizeAtMost(100)},
		MarkdownDescription: "Network interfaces. When it is left out, the cloud takes the only network that the project has, or makes one where it can; `[]` is none. They are added and removed in place. Those that `hwcloud_network_interface_attachment` adds are not among them; an import takes all for the server's own.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"network_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Network of a new port, which lives and dies with the interface. Either this or `port_id`.",
			},
			"port_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "An existing port, which stays when the server goes; else the id of the new one.",
			},
			"fixed_ip": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.IPv4()},
				MarkdownDescription: "IPv4 address of a new port. The cloud chooses when it is left out.",
			},
			"security_group_ids": schema.SetAttribute{
				Optional: true, Computed: true, ElementType: types.StringType,
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(valid.UUID())},
				MarkdownDescription: "Security groups of a new port. The project's group `default` when it is left out. Changed in place. A port that exists has its own.",
			},
			"ipv6_address": text("Its IPv6 address."),
			"mac_address":  text("Its MAC address."),
		}},
	},
	"system_disk": schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "The volume that it boots from: a new one of the image or of a snapshot, or an existing one. It grows in place; other changes replace the server. When it is left out, the server boots from a disk of its host, as large as the flavor says.",
		Attributes: map[string]schema.Attribute{
			"size": schema.Int64Attribute{
				Optional: true, Computed: true, Validators: []validator.Int64{int64validator.AtLeast(1)},
				MarkdownDescription: "Size in GiB: at least 1 and no less than its source has. Needed for a volume of the image. It grows in place, where the cloud's block storage knows microversion 3.42, and never shrinks.",
			},
			"volume_type": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 255)},
				MarkdownDescription: "Name or id of the type of a new volume, where the cloud knows microversion 2.67. The cloud chooses when it is left out.",
			},
			"volume_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "An existing, bootable volume that nothing uses; else the id of the new one.",
			},
			"snapshot_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Snapshot of a bootable volume that a new volume is made from.",
			},
			"delete_on_termination": dies("Whether it is deleted with the server: `true` for a new volume and `false` for an existing one, when it is left out. Changed in place, where the cloud knows microversion 2.85."),
			"id":                    text("Id of the volume."),
		},
	},
	"data_disks": schema.ListNestedAttribute{
		Optional: true, Validators: []validator.List{listvalidator.SizeBetween(1, 25)},
		MarkdownDescription: "Further, empty volumes made with the server, at most 25. They grow in place; other changes replace the server. Disks that come and go are better `hwcloud_volume` with `hwcloud_volume_attachment`.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"size": schema.Int64Attribute{
				Required: true, Validators: []validator.Int64{int64validator.AtLeast(1)},
				MarkdownDescription: "Size in GiB: at least 1. It grows in place, where the cloud's block storage knows microversion 3.42, and never shrinks.",
			},
			"volume_type": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 255)},
				MarkdownDescription: "Name or id of the type, where the cloud knows microversion 2.67. The cloud chooses when it is left out.",
			},
			"delete_on_termination": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(true),
				MarkdownDescription: "Whether it dies with the server. Changed in place, where the cloud knows microversion 2.85. An import takes only such disks for the server's own. Default: `true`.",
			},
			"id": text("Id of the volume."),
		}},
	},
	"key_pair": schema.StringAttribute{
		Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		MarkdownDescription: "Name of the key pair that signs in. Another one replaces the server, or rebuilds it, if `allow_rebuild` says so.",
	},
	"admin_password": schema.StringAttribute{
		Optional: true, Sensitive: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 255)},
		MarkdownDescription: "Password of the administrator, which the image has to heed. Of a server that exists it is changed in place, while it runs, where the hypervisor can do so. The cloud makes one up when it is left out, which is not kept.",
	},
	"user_data": schema.StringAttribute{
		Optional: true, Sensitive: true, Validators: []validator.String{stringvalidator.LengthAtMost(49149)},
		MarkdownDescription: "What cloud-init runs at the first start, at most 49149 bytes of plain text; the provider encodes it. It is kept in the state: no place for secrets. The cloud shows it to administrators only, so a change by hand does not show. Another one replaces the server, or rebuilds it, if `allow_rebuild` says so.",
	},
	"config_drive": schema.BoolAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Whether the server finds its metadata on a disk too. The cloud decides when it is left out.",
	},
	"metadata": schema.MapAttribute{
		Optional: true, ElementType: types.StringType,
		Validators: []validator.Map{
			mapvalidator.SizeBetween(1, 128),
			mapvalidator.KeysAre(valid.Match(metadataKey, "1 to 255 Latin letters, digits, spaces, - _ : and . are expected")),
			mapvalidator.ValueStringsAre(stringvalidator.UTF8LengthAtMost(255)),
		},
		MarkdownDescription: "At most 128 keys (1 to 255 Latin letters, digits, spaces, `-` `_` `:` `.`) and values (at most 255 characters) of your own, which the server can ask for.",
	},
	"tag_names": schema.SetAttribute{
		Optional: true, ElementType: types.StringType,
		Validators: []validator.Set{
			setvalidator.SizeBetween(1, 50),
			setvalidator.ValueStringsAre(valid.Match(tagName, "1 to 60 characters are expected, without , and /")),
		},
		MarkdownDescription: "Tags, which are words: at most 50, each of 1 to 60 characters without `,` and `/`. New servers get them where the cloud knows microversion 2.52.",
	},
	"power_state": schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf("running", "stopped")},
		MarkdownDescription: "`running` or `stopped`. A server that is given neither runs at first and is then left as it is. One that was paused, suspended or shelved is brought back to either.",
	},
	"allow_stop": schema.BoolAttribute{
		Optional: true, Computed: true, Default: booldefault.StaticBool(false),
		MarkdownDescription: "Whether a running server may be stopped for a change of its flavor.",
	},
	"allow_rebuild": schema.BoolAttribute{
		Optional: true, Computed: true, Default: booldefault.StaticBool(false),
		MarkdownDescription: "Whether another `image_id`, `key_pair` or `user_data` is given to the server by rebuilding it: it keeps its id, addresses and further volumes, and all that is on its system disk is lost. Otherwise the server is replaced. Key pairs and user data need a cloud that knows microversion 2.57; servers that boot from a volume, 2.93. Default: `false`.",
	},
	"server_group_id": schema.StringAttribute{
		Optional: true, Validators: []validator.String{valid.UUID()},
		MarkdownDescription: "Server group, which keeps its servers apart or together.",
	},
	"status":     text("Status: `ACTIVE`, `SHUTOFF`, `ERROR` and others."),
	"public_ip":  text("Floating address of the first interface that has one; none when there is none."),
	"created_at": object.CreatedAt(),
	"updated_at": object.UpdatedAt(),
}

func dies(description string) schema.BoolAttribute {
	return schema.BoolAttribute{Optional: true, Computed: true, MarkdownDescription: description}
}

var (
	serverName  = pattern.New(`^\S(?:.{0,253}\S)?$`)
	zoneName    = pattern.New(`^[^:]{1,255}$`)
	tagName     = pattern.New(`^[^,/]{1,60}$`)
	metadataKey = pattern.New(`^[a-zA-Z0-9_:. -]{1,255}$`)
)
