package as

import (
	"cmp"
	"fmt"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/service/evs"
)

// ScalingConfiguration is what a group makes its servers from.
var ScalingConfiguration = object.Kind{
	Name:    "scaling_configuration",
	Service: cloud.AS,
	Path:    "/autoscaling-api/v1/{project_id}/scaling_configuration",
	One:     "scaling_configuration",
	Many:    "scaling_configurations",
	Paging:  cloud.OffsetBy("start_number", 100),
	Create:  object.Op{ID: "scaling_configuration_id", Body: object.All{}},
	Missing: []string{"400 AS.1004"},
	Fields: object.Fields{
		"id":                           {API: "scaling_configuration_id"},
		"name":                         {API: "scaling_configuration_name"},
		"instance_id":                  {API: "instance_config.instance_id"},
		"flavor_ids":                   {API: "instance_config.flavorRef", As: object.Commas},
		"multi_flavor_priority_policy": {API: "instance_config.multi_flavor_priority_policy", Absent: "PICK_FIRST"},
		"image_id":                     {API: "instance_config.imageRef"},
		"disks": {API: "instance_config.disk", Of: object.Fields{
			"disk_type": {}, "size": {}, "volume_type": {}, "iops": {}, "throughput": {}, "dedicated_storage_id": {}, "data_disk_image_id": {},
			"snapshot_id": {}, "kms_key_id": {API: "metadata", As: encryption{}},
		}},
		"key_pair":           {API: "instance_config.key_name"},
		"admin_password":     {API: "instance_config.metadata.admin_pass"},
		"user_data":          {API: "instance_config.user_data", As: object.Base64},
		"metadata":           {API: "instance_config.metadata", System: []string{"admin_pass"}},
		"personality":        {API: "instance_config.personality", Of: object.Fields{"path": {}, "content": {As: object.Base64}}},
		"security_group_ids": {API: "instance_config.security_groups", As: refs{}},
		"eip": {API: "instance_config.public_ip.eip", Of: object.Fields{
			"type": {API: "ip_type"}, "bandwidth_share_type": {API: "bandwidth.share_type"}, "bandwidth_size": {API: "bandwidth.size"},
			"bandwidth_charging_mode": {API: "bandwidth.charging_mode"}, "bandwidth_id": {API: "bandwidth.id"},
		}},
		"server_group_id":   {API: "instance_config.server_group_id"},
		"tenancy":           {API: "instance_config.tenancy"},
		"dedicated_host_id": {API: "instance_config.dedicated_host_id"},
		"market_type":       {API: "instance_config.market_type"},
		"cpu_threads":       {API: "instance_config.cpu_options.hw_cpu_threads"},
		"created_at":        {API: "create_time"},
	},
	Silent:  []string{"instance_id", "admin_password"},
	Secrets: []string{"admin_password"},
	Changes: []object.Change{{
		Of: []string{"image_id"},
		Op: object.Op{Body: object.Body{"instance_config": object.Body{"imageRef": object.Attr("image_id")}}},
	}},
	Checks:  []object.Check{wholeOrFromInstance, signIn, disksFit, addressComplete, hostNeedsTenancy},
	Filters: map[string]string{"name": "scaling_configuration_name", "image_id": "image_id"},
	Replaces: []string{
		"huaweicloud_as_configuration", "huaweicloud_as_configuration_v1", "flexibleengine_as_configuration_v1", "opentelekomcloud_as_configuration_v1",
	},
	Schema: schema.Schema{
		MarkdownDescription: "A scaling configuration (AS): what a scaling group makes its servers from. Nearly every change makes a new one, and one that a group uses " +
			"cannot be deleted: give it `lifecycle { create_before_destroy = true }`.",
		Attributes: configurationAttributes,
	},
}

var configurationAttributes = map[string]schema.Attribute{
	"name": name(),
	"instance_id": schema.StringAttribute{
		Optional: true, Validators: []validator.String{valid.UUID()},
		MarkdownDescription: "A server from which flavor, image, disks and security groups are taken. Either this, or `flavor_ids`, `image_id` and `disks`.",
	},
	"flavor_ids": schema.ListAttribute{
		Optional: true, Computed: true, ElementType: types.StringType,
		Validators: []validator.List{
			listvalidator.SizeBetween(1, 10), listvalidator.UniqueValues(),
			listvalidator.ValueStringsAre(valid.Match(flavorID, "a flavor such as s6.large.2 is expected")),
		},
		MarkdownDescription: "Flavors, 1 to 10: `s6.large.2`. Which is tried first, `multi_flavor_priority_policy` says.",
	},
	"multi_flavor_priority_policy": schema.StringAttribute{
		Optional: true, Computed: true, Default: stringdefault.StaticString("PICK_FIRST"),
		Validators:          []validator.String{stringvalidator.OneOf("PICK_FIRST", "COST_FIRST")},
		MarkdownDescription: "Which flavor is tried first: `PICK_FIRST`, in their order, or `COST_FIRST`, the cheapest.",
	},
	"image_id": schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
		MarkdownDescription: "Image of the servers. Servers that exist keep theirs.",
	},
	"disks": schema.ListNestedAttribute{
		Optional: true, Computed: true, Validators: []validator.List{listvalidator.SizeBetween(1, 24)},
		MarkdownDescription: "Disks of each server, 1 to 24, exactly one of them the system disk.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"disk_type": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.OneOf("SYS", "DATA")},
				MarkdownDescription: "`SYS` for the system disk, `DATA` for others.",
			},
			"size": schema.Int64Attribute{
				Required: true, Validators: []validator.Int64{int64validator.Between(1, 32768)},
				MarkdownDescription: "Size in GB: 1 to 1024 of a system disk, no less than the image asks for; 10 to 32768 of others.",
			},
			"volume_type": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.OneOf("SATA", "SAS", "SSD", "GPSSD", "GPSSD2", "ESSD2", "co-p1", "uh-l1")},
				MarkdownDescription: "Type: `SAS`, `GPSSD`, `SSD`, `GPSSD2`, `ESSD2`, `SATA`; `co-p1` and `uh-l1` for HANA and HL servers.",
			},
			"iops": schema.Int64Attribute{
				Optional: true, Validators: []validator.Int64{int64validator.Between(100, 256000)},
				MarkdownDescription: "Operations per second: required for `GPSSD2` (3000 to 128000) and `ESSD2` (100 to 256000), not taken by other types.",
			},
			"throughput": schema.Int64Attribute{
				Optional: true, Validators: []validator.Int64{int64validator.Between(125, 1000)},
				MarkdownDescription: "Throughput in MiB/s, 125 to 1000: required for `GPSSD2`, not taken by other types.",
			},
			"dedicated_storage_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Dedicated storage that holds it. Either all disks name one, or none does.",
			},
			"data_disk_image_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Image of a data disk from which it is made. Not of the system disk.",
			},
			"snapshot_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: "Snapshot of the disk's backup, when the image is one of a whole server. Then every disk needs its own.",
			},
			"kms_key_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "KMS key that encrypts it. Not of the system disk.",
			},
		}},
	},
	"key_pair": schema.StringAttribute{
		Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		MarkdownDescription: "Name of the key pair that signs in. Either this or a password, unless `user_data` sees to it.",
	},
	"admin_password": schema.StringAttribute{
		Optional: true, Sensitive: true,
		Validators: []validator.String{
			stringvalidator.LengthBetween(8, 26), valid.Password(passwordText, "Latin letters, digits and !@$%^-_=+[{}]:,./?", 3),
		},
		MarkdownDescription: "Password of root or Administrator: 8 to 26 characters of at least three of upper case, lower case, digits and `!@$%^-_=+[{}]:,./?`.",
	},
	"user_data": schema.StringAttribute{
		Optional: true, Sensitive: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 32<<10)},
		MarkdownDescription: "What cloud-init runs at a server's first start, at most 32 KB of plain text; the provider encodes it. It is kept in the state: no place for secrets.",
	},
	"metadata": schema.MapAttribute{
		Optional: true, ElementType: types.StringType,
		Validators: []validator.Map{
			mapvalidator.SizeBetween(1, 20),
			mapvalidator.KeysAre(valid.Match(metadataKey, "a key may not hold blanks, $ or ."), stringvalidator.NoneOf("admin_pass", "adminPass")),
		},
		MarkdownDescription: "Keys (without blanks, `$` and `.`) and values of your own, 512 bytes in all, which each server can ask for.",
	},
	"personality": schema.ListNestedAttribute{
		Optional: true, Validators: []validator.List{listvalidator.SizeBetween(1, 5)},
		MarkdownDescription: "Text files that are put on each server, at most 5.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"path": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 255)},
				MarkdownDescription: "Where: `/etc/motd` on Linux; on Windows a name of letters and digits, in the root of C:.",
			},
			"content": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 1024)},
				MarkdownDescription: "What: at most 1 KB of plain text; the provider encodes it.",
			},
		}},
	},
	"security_group_ids": schema.SetAttribute{
		Optional: true, Computed: true, ElementType: types.StringType,
		Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(valid.UUID())},
		MarkdownDescription: "Security groups of the servers. The scaling group's when it is left out, and the project's group `default` when that has none either.",
	},
	"eip": schema.SingleNestedAttribute{
		Optional: true, MarkdownDescription: "A new elastic address for each server.",
		Attributes: map[string]schema.Attribute{
			"type": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.OneOf("5_bgp", "5_sbgp", "5_telcom", "5_union")},
				MarkdownDescription: "Type: `5_bgp` (dynamic BGP), `5_sbgp` (static BGP), `5_telcom` (China Telecom), `5_union` (China Unicom).",
			},
			"bandwidth_share_type": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString("PER"),
				Validators:          []validator.String{stringvalidator.OneOf("PER", "WHOLE")},
				MarkdownDescription: "`PER` for a bandwidth of its own, `WHOLE` for a shared one. Default: `PER`.",
			},
			"bandwidth_size": schema.Int64Attribute{
				Optional: true, Validators: []validator.Int64{int64validator.Between(1, 2000)},
				MarkdownDescription: "Its own bandwidth in Mbit/s: 1 to 2000, or to 300 when traffic is charged. Needed with `PER`.",
			},
			"bandwidth_charging_mode": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.OneOf("bandwidth", "traffic")},
				MarkdownDescription: "What is charged: `bandwidth` or `traffic`. Needed with `PER`.",
			},
			"bandwidth_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The shared bandwidth. Needed with `WHOLE`.",
			},
		},
	},
	"server_group_id": schema.StringAttribute{
		Optional: true, Validators: []validator.String{valid.UUID()},
		MarkdownDescription: "Server group, which keeps its servers on different hosts.",
	},
	"tenancy": schema.StringAttribute{
		Optional: true, Validators: []validator.String{stringvalidator.OneOf("dedicated")},
		MarkdownDescription: "`dedicated` for servers on dedicated hosts.",
	},
	"dedicated_host_id": schema.StringAttribute{
		Optional: true, Validators: []validator.String{valid.UUID()},
		MarkdownDescription: "The dedicated host. The cloud chooses one when it is left out. Needs `tenancy`.",
	},
	"market_type": schema.StringAttribute{
		Optional: true, Validators: []validator.String{stringvalidator.OneOf("spot")},
		MarkdownDescription: "`spot` for servers at the market's price. Paid by use when it is left out.",
	},
	"cpu_threads": schema.Int64Attribute{
		Optional: true, Validators: []validator.Int64{int64validator.Between(1, 2)},
		MarkdownDescription: "Threads of a core: `1` without hyper-threading, `2` with it. The flavor's when it is left out.",
	},
	"scaling_group_id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the group that uses it; none when there is none."},
	"created_at":       object.CreatedAt(),
}

var (
	flavorID     = pattern.New(`^[^,\s]+$`)
	metadataKey  = pattern.New(`^[^\s$.]{1,255}$`)
	passwordText = pattern.New(`^[A-Za-z0-9!@$%^\-_=+\[{}\]:,./?]*$`)
)

// encryption is a key as the metadata that encrypt a disk with it.
type encryption struct{}

// Encode makes the metadata.
func (encryption) Encode(v any) any {
	return map[string]any{"__system__encrypted": "1", "__system__cmkid": v}
}

// Decode picks the key; there may be none.
func (encryption) Decode(v any) (any, error) {
	metadata, err := object.Into[struct {
		Key *string `json:"__system__cmkid"`
	}](v)
	if err != nil || metadata.Key == nil || *metadata.Key == "" {
		return nil, err
	}
	return *metadata.Key, nil
}

// wholeOrFromInstance refuses what a server to copy has already, and lacks where there is none.
func wholeOrFromInstance(_, config object.Values, refuse func(string, string, ...any)) {
	for _, name := range []string{"flavor_ids", "image_id", "disks", "security_group_ids", "tenancy", "dedicated_host_id"} {
		if config.Has("instance_id") && config.Has(name) {
			refuse(name, "It is taken from the server that instance_id names. Leave out one of the two.")
		}
	}
	for _, name := range []string{"flavor_ids", "image_id", "disks"} {
		if config.Null("instance_id") && config.Null(name) {
			refuse(name, "It is needed, unless instance_id names a server to take it from.")
		}
	}
}

// signIn refuses two ways to sign in, and none.
func signIn(_, config object.Values, refuse func(string, string, ...any)) {
	password := ""
	for _, name := range []string{"admin_password", "admin_password_wo"} {
		if config.Has(name) {
			password = name
		}
	}
	switch {
	case password != "" && config.Has("key_pair"):
		refuse(password, "A server is signed in to by key_pair or by a password, not by both. Leave one out.")
	case password == "" && config.Null("key_pair") && config.Null("user_data"):
		refuse("key_pair", "Nobody could sign in to a server: give key_pair, a password, or user_data that sees to it.")
	}
}

// disksFit refuses disks that their place does not allow.
func disksFit(_, config object.Values, refuse func(string, string, ...any)) {
	disks, systems, stored := config.List("disks"), 0, 0
	for i := range disks {
		at := fmt.Sprintf("disks.%d", i)
		size, sized := config.Int(at + ".size")
		switch place := config.String(at + ".disk_type"); {
		case place == "SYS":
			systems++
			if sized && size > 1024 {
				refuse(at+".size", "A system disk has at most 1024 GB.")
			}
			for _, name := range []string{"kms_key_id", "data_disk_image_id"} {
				if config.Has(at + "." + name) {
					refuse(at+"."+name, "A system disk has no %s.", name)
				}
			}
		case place == "DATA" && sized && size < 10:
			refuse(at+".size", "A data disk has at least 10 GB.")
		case place == "":
			systems = -len(disks) // one that is not known yet may be the system disk
		}
		if config.Has(at + ".dedicated_storage_id") {
			stored++
		}
		evs.Performance(config, at, config.String(at+".volume_type"), refuse)
	}
	if len(disks) > 0 && (systems == 0 || systems > 1) {
		refuse("disks", "Exactly one disk is of disk_type SYS; here are %d.", systems)
	}
	if stored > 0 && stored < len(disks) {
		refuse("disks", "Either all disks have a dedicated_storage_id, or none has.")
	}
}

// addressComplete refuses an address whose bandwidth is not told, or told twice.
func addressComplete(_, config object.Values, refuse func(string, string, ...any)) {
	if config.Map("eip") == nil {
		return
	}
	own, shared := []string{"bandwidth_size", "bandwidth_charging_mode"}, []string{"bandwidth_id"}
	needs, not := own, shared
	share := config.String("eip.bandwidth_share_type")
	switch {
	case share == "WHOLE":
		needs, not = shared, own
	case share == "" && config.Has("eip.bandwidth_share_type"):
		return // not known yet
	}
	for _, name := range needs {
		if config.Null("eip." + name) {
			refuse("eip", "A bandwidth_share_type %s needs %s.", cmp.Or(share, "PER"), name)
		}
	}
	for _, name := range not {
		if config.Has("eip." + name) {
			refuse("eip."+name, "A bandwidth_share_type %s has no %s.", cmp.Or(share, "PER"), name)
		}
	}
	if size, ok := config.Int("eip.bandwidth_size"); ok && size > 300 && config.String("eip.bandwidth_charging_mode") == "traffic" {
		refuse("eip.bandwidth_size", "A bandwidth whose traffic is charged has at most 300 Mbit/s.")
	}
}

// hostNeedsTenancy refuses a host where servers are on none.
func hostNeedsTenancy(_, config object.Values, refuse func(string, string, ...any)) {
	if config.Has("dedicated_host_id") && config.Null("tenancy") {
		refuse("dedicated_host_id", "Only tenancy = \"dedicated\" has a host.")
	}
}
