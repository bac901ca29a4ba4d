// Package ecs declares the objects of the service Elastic Cloud Server.
package ecs

import (
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
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/evs"
)

// Kinds are all objects of the service.
func Kinds() []*object.Kind {
	return []*object.Kind{&NetworkInterfaceAttachment, &Server, &ServerGroup, &VolumeAttachment, &Flavor, &AvailabilityZone}
}

// Server is a virtual machine.
var Server = object.Kind{
	Name:    "server",
	Service: cloud.ECS,
	Path:    "/v1/{project_id}/cloudservers",
	One:     "server",
	Many:    "servers",
	Paging:  cloud.Marker(1000, ""),
	Create: object.Op{
		Path: "/v1.1/{project_id}/cloudservers",
		ID:   "serverIds.0", Job: "job_id", JobID: []string{"entities.sub_jobs.0.entities.server_id", "entities.server_id"},
	},
	ClientToken: true,
	Busy:        []string{"409 Ecs.0100"}, // it does one thing at a time
	List:        object.Op{Path: "/v1/{project_id}/cloudservers/detail"},
	Delete: object.Op{
		Method: "POST", Path: "/v1/{project_id}/cloudservers/delete", Job: "job_id", Idempotent: true,
		Body: object.Body{
			"servers":         []any{object.Body{"id": object.Attr("id")}},
			"delete_publicip": object.Attr("delete_eip_on_destroy"),
			"delete_volume":   object.Attr("delete_volumes_on_destroy"),
		},
	},
	Ready: object.Ready{Path: "status", OK: []string{"ACTIVE", "SHUTOFF"}, Failed: []string{"ERROR"}, Reason: "fault.message"},
	Gone:  []string{"DELETED", "SOFT_DELETED"},
	Tags: &object.Tags{
		Create: "server_tags", Write: object.Pairs,
		Read: "tags", As: object.Equals,
		Action: "/v1/{project_id}/cloudservers/{id}/tags/action",
		Rules:  object.NarrowTags,
	},
	Fields: object.Fields{
		"flavor_id":             {Write: "flavorRef", Read: "flavor.id"},
		"image_id":              {Write: "imageRef", Read: "image.id"},
		"availability_zone":     {Read: "OS-EXT-AZ:availability_zone"},
		"vpc_id":                {Write: "vpcid", Read: "metadata.vpc_id"},
		"key_pair":              {API: "key_name"},
		"admin_password":        {API: "adminPass", Update: "new_password"},
		"user_data":             {Read: "OS-EXT-SRV-ATTR:user_data", As: object.Base64},
		"server_group_id":       {API: "os:scheduler_hints.group", As: object.First},
		"agency_name":           {API: "metadata.agency_name"},
		"enterprise_project_id": {Write: "extendparam.enterprise_project_id"},
		"metadata": {System: []string{
			"__*", "agency_name", "billing", "cascaded.*", "charging_mode", "EcmResStatus", "image_name", "lock*", "metering.*",
			"op_svc_userid", "os_bit", "os_type", "productId", "resourceSpecCode", "vpc_id", "virtual_env_type",
		}},
		"networks":    {Write: object.Never, Read: object.Never},
		"system_disk": {Write: object.Never, Read: object.Never},
		"data_disks":  {Write: object.Never, Read: object.Never},
		"eip":         {Write: object.Never},
		"power_state": {Write: object.Never, Read: "status", Words: map[string]string{"running": "ACTIVE", "stopped": "SHUTOFF"}},
		"public_ip":   {Read: object.Never},
		"hostname":    {Read: "OS-EXT-SRV-ATTR:hostname"},
		"created_at":  {Read: "created"},
		"updated_at":  {Read: "updated"},
	},
	Derived: map[string]object.Derived{
		"vpc_id": {Op: object.Op{Service: cloud.VPC, Method: "GET", Path: "/v1/{project_id}/subnets/{networks.0.subnet_id}"}, From: "subnet.vpc_id"},
	},
	Encode:  object.EncodeWith(encodeServer),
	Sides:   []object.Side{volumesSide, portsSide},
	Decode:  object.DecodeWith(decodeServer),
	Silent:  []string{"admin_password", "eip"},
	Secrets: []string{"admin_password"},
	Local:   []string{"allow_stop", "delete_eip_on_destroy", "delete_volumes_on_destroy"},
	Changes: []object.Change{
		{Of: []string{"name", "description"}},
		{Of: []string{"metadata", "agency_name"}, Do: changeMetadata, Calls: []object.Op{putMetadata, deleteMetadata}},
		{
			Of: []string{"networks"}, Follows: groupsDiffer, Do: changeNetworks, Replace: firstNetworkMoves,
			Calls: []object.Op{addNIC, removeNIC, setGroups}, Alters: []string{"public_ip"},
		},
		{Of: []string{"system_disk", "data_disks"}, Do: growDisks, Replace: disksBeyondGrowth, Calls: []object.Op{growVolume}},
		{
			Of: []string{"admin_password"},
			Op: object.Op{
				Path: "/v1/{project_id}/cloudservers/{id}/os-reset-password",
				Body: object.Body{"reset-password": object.Body{"new_password": object.Attr("admin_password")}},
			},
		},
		{
			Of: []string{"flavor_id"}, Do: resize, Calls: []object.Op{resizeServer}, Alters: []string{"power_state", "status"},
		},
		{
			Of: []string{"power_state"}, Follows: wantsStopped, Do: changePower, Calls: []object.Op{startServer, stopServer},
			Alters: []string{"status"},
		},
	},
	Checks:   []object.Check{signIn, firstPort, diskPerformance, eipComplete, stopAllowed, noDiskShrinking},
	Filters:  map[string]string{"enterprise_project_id": "enterprise_project_id"},
	Timeouts: object.Timeouts{Create: 30 * time.Minute, Update: 30 * time.Minute, Delete: 30 * time.Minute},
	Replaces: []string{
		"huaweicloud_compute_instance", "huaweicloud_compute_instance_v2", "huaweicloud_ecs_instance_v1", "flexibleengine_compute_instance_v2",
		"opentelekomcloud_ecs_instance_v1", "opentelekomcloud_compute_instance_v2", "openstack_compute_instance_v2",
	},
	Schema: schema.Schema{
		MarkdownDescription: "A server (ECS): a virtual machine with its network interfaces and the disks made with it.",
		Attributes:          serverAttributes,
	},
}

// A further read for disks and one for ports complete a server; each can be made for all servers at once.
var (
	volumesSide = object.Side{
		Into: "_volumes", Many: "volumes", Paging: cloud.Offset(1000), Owner: "attachments.server_id",
		Op: object.Op{Service: cloud.EVS, Method: "GET", Path: "/v2/{project_id}/cloudvolumes/detail", Query: map[string]string{"server_id": "{id}"}},
	}
	portsSide = object.Side{
		Into: "_ports", Many: "ports", Paging: cloud.Marker(2000, ""), Owner: "device_id",
		Op: object.Op{Service: cloud.VPC, Method: "GET", Path: "/v1/{project_id}/ports", Query: map[string]string{"device_id": "{id}"}},
	}
)

var serverAttributes = map[string]schema.Attribute{
	"name": schema.StringAttribute{
		Required: true, Validators: valid.Name(1, 64),
		MarkdownDescription: "Name: 1 to 64 Chinese or Latin letters, digits, and `_` `-` `.`. Need not be unique.",
	},
	"description": schema.StringAttribute{
		Optional: true, Validators: valid.Description(85),
		MarkdownDescription: "Description: at most 85 characters, without `<` and `>`.",
	},
	"flavor_id": schema.StringAttribute{
		Required: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		MarkdownDescription: "Flavor, the size of the server: `s6.large.2`. A running server is stopped for the change and started again, if `allow_stop` says so.",
	},
	"image_id": schema.StringAttribute{
		Required: true, Validators: []validator.String{valid.UUID()},
		MarkdownDescription: "Image that the system disk is made from.",
	},
	"availability_zone": schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		MarkdownDescription: "Availability zone: `cn-north-4a`. The cloud chooses when it is left out.",
	},
	"vpc_id": schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
		MarkdownDescription: "VPC of its subnets. Found out from the first subnet when it is left out.",
	},
	"networks": schema.ListNestedAttribute{
		Required: true, Validators: []validator.List{listvalidator.SizeBetween(1, 12)},
		MarkdownDescription: "Network interfaces, 1 to 12; the first is the primary one. All subnets are in one VPC. Another subnet or address of the first replaces the server; further ones are added and removed in place. Those that `hwcloud_network_interface_attachment` adds are not among them; an import takes all for the server's own.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"subnet_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Subnet of the interface.",
			},
			"fixed_ip": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.IPv4()},
				MarkdownDescription: "Its IPv4 address. The cloud chooses when it is left out.",
			},
			"security_group_ids": schema.SetAttribute{
				Optional: true, Computed: true, ElementType: types.StringType,
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(valid.UUID())},
				MarkdownDescription: "Security groups of the interface. The project's group `default` when it is left out. Changed in place.",
			},
			"ipv6_enabled": schema.BoolAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Whether it has an IPv6 address too. Not, when it is left out.",
			},
			"ipv6_address": schema.StringAttribute{Computed: true, MarkdownDescription: "Its IPv6 address."},
			"port_id":      schema.StringAttribute{Computed: true, MarkdownDescription: "Id of its port."},
			"mac_address":  schema.StringAttribute{Computed: true, MarkdownDescription: "Its MAC address."},
		}},
	},
	"system_disk": schema.SingleNestedAttribute{
		Required: true, MarkdownDescription: "The disk that it boots from, which dies with the server. It grows in place; other changes replace the server.",
		Attributes: diskAttributes(1, 1024, "1 to 1024, no less than the image asks for, which is also the default", map[string]schema.Attribute{}),
	},
	"data_disks": schema.ListNestedAttribute{
		Optional: true, Validators: []validator.List{listvalidator.SizeBetween(1, 23)},
		MarkdownDescription: "Further disks made with the server, at most 23. They grow in place; other changes replace the server. Disks that come and go are better `hwcloud_volume`.",
		NestedObject: schema.NestedAttributeObject{Attributes: diskAttributes(10, 32768, "10 to 32768", map[string]schema.Attribute{
			"multiattach": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether several servers can attach it. Default: `false`.",
			},
			"delete_on_termination": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(true),
				MarkdownDescription: "Whether it dies with the server. An import takes only such disks for the server's own. Default: `true`.",
			},
		})},
	},
	"key_pair": schema.StringAttribute{
		Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		MarkdownDescription: "Name of the key pair that signs in. Either this or a password, unless `user_data` sees to it.",
	},
	"admin_password": schema.StringAttribute{
		Optional: true, Sensitive: true, Validators: password(),
		MarkdownDescription: "Password of root or Administrator: 8 to 26 characters of at least three of upper case, lower case, digits and `!@$%^-_=+[{}]:,./?`. Linux images take none when `user_data` is given.",
	},
	"user_data": schema.StringAttribute{
		Optional: true, Sensitive: true, Validators: []validator.String{stringvalidator.LengthAtMost(32 << 10)},
		MarkdownDescription: "What cloud-init runs at the first start, at most 32 KB of plain text; the provider encodes it. It is kept in the state: no place for secrets.",
	},
	"metadata": schema.MapAttribute{
		Optional: true, ElementType: types.StringType,
		Validators: []validator.Map{
			mapvalidator.SizeBetween(1, 10),
			mapvalidator.KeysAre(valid.MetadataKey(), stringvalidator.NoneOf("agency_name", "vpc_id", "charging_mode", "op_svc_userid")),
			mapvalidator.ValueStringsAre(stringvalidator.LengthAtMost(255)),
		},
		MarkdownDescription: "At most 10 keys (1 to 255 Latin letters, digits, `_` `-` `.` `:`) and values (at most 255 characters) of your own, which the server can ask for. The cloud adds keys, which are not shown.",
	},
	"power_state": schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf("running", "stopped")},
		MarkdownDescription: "`running` or `stopped`. A server that is given neither runs at first and is then left as it is.",
	},
	"allow_stop": schema.BoolAttribute{
		Optional: true, Computed: true, Default: booldefault.StaticBool(false),
		MarkdownDescription: "Whether a running server may be stopped for a change of its flavor.",
	},
	"server_group_id": schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
		MarkdownDescription: "Server group, which keeps its servers on different hosts. Left out, it is the group that names the server among its members, if any.",
	},
	"agency_name": schema.StringAttribute{
		Optional: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 64)},
		MarkdownDescription: "Agency whose temporary keys the server can ask for.",
	},
	"eip": schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "Elastic address given at creation: an existing one by `id`, or a new one by `type` with its bandwidth.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "An existing address that is not bound. Either this or `type`.",
			},
			"type": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: "Type of a new address: `5_bgp` (dynamic BGP), `5_sbgp` (static BGP) and what the region offers.",
			},
			"bandwidth_size": schema.Int64Attribute{
				Optional: true, Validators: []validator.Int64{int64validator.Between(1, 2000)},
				MarkdownDescription: "Bandwidth of its own in Mbit/s, 1 to 2000. Either this or `bandwidth_id`.",
			},
			"bandwidth_charge_mode": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.OneOf("bandwidth", "traffic")},
				MarkdownDescription: "What is charged: `bandwidth` (when it is left out) or `traffic`.",
			},
			"bandwidth_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "A shared bandwidth that the new address joins.",
			},
		},
	},
	"enterprise_project_id": object.EnterpriseProject(),
	"delete_eip_on_destroy": schema.BoolAttribute{
		Optional: true, Computed: true, Default: booldefault.StaticBool(false),
		MarkdownDescription: "Whether the elastic address bound to the server is deleted with it.",
	},
	"delete_volumes_on_destroy": schema.BoolAttribute{
		Optional: true, Computed: true, Default: booldefault.StaticBool(false),
		MarkdownDescription: "Whether all data volumes that are attached are deleted with the server, those attached later included.",
	},
	"status":     schema.StringAttribute{Computed: true, MarkdownDescription: "Status: `ACTIVE`, `SHUTOFF`, `ERROR` and others."},
	"public_ip":  schema.StringAttribute{Computed: true, MarkdownDescription: "Elastic address bound to the primary interface; none when there is none."},
	"hostname":   schema.StringAttribute{Computed: true, MarkdownDescription: "Host name in the server."},
	"created_at": object.CreatedAt(),
	"updated_at": object.UpdatedAt(),
}

// diskAttributes describe a disk made with a server.
func diskAttributes(least, most int64, size string, more map[string]schema.Attribute) map[string]schema.Attribute {
	more["volume_type"] = schema.StringAttribute{
		Required: true, Validators: []validator.String{stringvalidator.OneOf(append([]string{"co-p1", "uh-l1"}, evs.VolumeTypes...)...)},
		MarkdownDescription: "Type: `SAS`, `GPSSD`, `SSD`, `ESSD`, `GPSSD2`, `ESSD2`, as for `hwcloud_volume`; `co-p1` and `uh-l1` for HANA and HL servers.",
	}
	more["size"] = schema.Int64Attribute{
		Optional: least < 10, Computed: least < 10, Required: least >= 10,
		Validators:          []validator.Int64{int64validator.Between(least, most)},
		MarkdownDescription: "Size in GB: " + size + ". It grows in place and never shrinks.",
	}
	more["iops"] = schema.Int64Attribute{
		Optional: true, Validators: []validator.Int64{int64validator.Between(100, 256000)},
		MarkdownDescription: "Operations per second: required for `GPSSD2` (3000 to 128000) and `ESSD2` (100 to 256000), not taken by other types.",
	}
	more["throughput"] = schema.Int64Attribute{
		Optional: true, Validators: []validator.Int64{int64validator.Between(125, 1000)},
		MarkdownDescription: "Throughput in MiB/s, 125 to 1000: required for `GPSSD2`, not taken by other types.",
	}
	more["kms_key_id"] = schema.StringAttribute{
		Optional: true, Validators: []validator.String{valid.UUID()},
		MarkdownDescription: "KMS key that encrypts it.",
	}
	more["id"] = schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the volume."}
	return more
}

var passwordText = pattern.New(`^[A-Za-z0-9!@$%^\-_=+\[{}\]:,./?]*$`)

// password are the rules of the cloud for a server's password that can be told without knowing its user.
func password() []validator.String {
	return []validator.String{
		stringvalidator.LengthBetween(8, 26),
		valid.Password(passwordText, "Latin letters, digits and !@$%^-_=+[{}]:,./?", 3),
	}
}
