package neutron

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
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

const networks = "/v2.0/networks"

// Network is a segment that ports are on. Its subnets say with which addresses.
var Network = object.Kind{
	Name:    "network",
	Service: cloud.Neutron,
	Path:    networks,
	One:     "network",
	Many:    "networks",
	Paging:  cloud.Links("networks_links", 1000),
	Ready:   object.Ready{Path: "status", OK: []string{"ACTIVE", "DOWN"}, Failed: []string{"ERROR"}},
	Fields: object.Fields{
		"tag_names":                 tagField,
		"project_id":                projectField,
		"shared":                    {Role: admin},
		"external":                  {API: "router:external", Role: admin},
		"is_default":                {Absent: false, Role: admin},
		"provider_network_type":     {API: "provider:network_type", Role: admin},
		"provider_physical_network": {API: "provider:physical_network", Role: admin},
		"provider_segmentation_id":  {API: "provider:segmentation_id", Role: admin},
		"subnet_ids":                {API: "subnets"},
	},
	Changes: []object.Change{
		{Of: []string{
			"name", "description", "admin_state_up", "mtu", "port_security_enabled", "dns_domain", "shared", "external", "is_default", "provider_segmentation_id",
		}},
		nullable(networks, "network", "qos_policy_id"),
		tags(networks),
	},
	Checks: []object.Check{wholeProvider, defaultIsExternal},
	Filters: map[string]string{
		"name": "name", "description": "description", "admin_state_up": "admin_state_up", "shared": "shared", "external": "router:external",
		"mtu": "mtu", "project_id": "project_id", "status": "status", "provider_network_type": "provider:network_type",
		"provider_physical_network": "provider:physical_network", "provider_segmentation_id": "provider:segmentation_id",
	},
	Releases: 30 * time.Second, // a server that is gone may still hold a port for a moment
	Replaces: []string{"openstack_networking_network_v2", "opentelekomcloud_networking_network_v2", "flexibleengine_networking_network_v2"},
	Schema: schema.Schema{
		MarkdownDescription: "A network: a segment that ports are on, with the addresses of its subnets. Members of a project own its networks, and see those that are shared or lead out of the cloud. A network that has ports cannot be deleted.",
		Attributes: map[string]schema.Attribute{
			"name":           name(),
			"description":    description(),
			"admin_state_up": adminStateUp("Without it, nothing is sent or received on it."),
			"mtu": schema.Int64Attribute{
				Optional: true, Computed: true, Validators: []validator.Int64{int64validator.Between(68, 65535)},
				MarkdownDescription: "Size of the largest packet in bytes: 68 to 65535, and 1280 at least for IPv6. Default, and at most: what the cloud's segments carry.",
			},
			"port_security_enabled": schema.BoolAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Whether new ports have security groups, and send from their own addresses only. Default: `true`.",
			},
			"dns_domain": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthAtMost(255), valid.Match(fullDomain, "a domain name with the final dot is expected: example.org.")},
				MarkdownDescription: "Domain of the names of its ports, with the final dot: `example.org.`.",
			},
			"qos_policy_id":           qosPolicy(),
			"availability_zone_hints": zoneHints(),
			"shared": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether all projects can use it.",
			},
			"external": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether it leads out of the cloud: routers have their gateway on it, and floating IPs their addresses.",
			},
			"is_default": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether it is the network by which the cloud's automatic topologies lead out. Only of one that is `external`.",
			},
			"provider_network_type": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf("flat", "vlan", "vxlan", "gre", "geneve", "local")},
				MarkdownDescription: "Kind of segment: `flat`, `vlan`, `vxlan`, `gre`, `geneve` or `local`. Default: that of the cloud's tenant networks. Members do not see it.",
			},
			"provider_physical_network": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 64)},
				MarkdownDescription: "Physical network of a `flat` or `vlan` segment: 1 to 64 characters. Members do not see it.",
			},
			"provider_segmentation_id": schema.Int64Attribute{
				Optional: true, Computed: true, Validators: []validator.Int64{int64validator.Between(1, 1<<32-1)},
				MarkdownDescription: "Number of the segment: 1 to 4094 of a `vlan`, at most 16777215 of `vxlan` and `geneve`, at most 4294967295 of `gre`. That of a `vlan` changes. Members do not see it.",
			},
			"project_id": projectID(),
			"tag_names":  tagNames(),
			"subnet_ids": schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Its subnets that the project sees."},
			"status":     text("Status: `ACTIVE`, `DOWN`, `BUILD` or `ERROR`."),
			"created_at": object.CreatedAt(),
			"updated_at": object.UpdatedAt(),
		},
	},
}

var fullDomain = pattern.New(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){2,}$`)

// segments are the last numbers of the kinds of segments that have one, 0 where they have none.
var segments = map[string]int64{"flat": 0, "local": 0, "vlan": 4094, "vxlan": 1<<24 - 1, "geneve": 1<<24 - 1, "gre": 1<<32 - 1}

// wholeProvider refuses a segment of which a part is missing or too much.
func wholeProvider(prior, config object.Values, refuse func(string, string, ...any)) {
	physical, number := config.Has("provider_physical_network"), config.Has("provider_segmentation_id")
	if !config.Has("provider_network_type") {
		for name, given := range map[string]bool{"provider_physical_network": physical, "provider_segmentation_id": number} {
			if given && prior == nil {
				refuse(name, "The cloud takes it together with provider_network_type only.")
			}
		}
		return
	}
	kind := config.String("provider_network_type")
	last, known := segments[kind]
	given, _ := config.Int("provider_segmentation_id")
	switch {
	case !known: // not yet, or its validator has said so
	case kind == "flat" && !physical:
		refuse("provider_network_type", "A flat network needs provider_physical_network.")
	case physical && kind != "flat" && kind != "vlan":
		refuse("provider_physical_network", "A network of kind %s is on no physical network.", kind)
	case number && last == 0:
		refuse("provider_segmentation_id", "A network of kind %s has no number.", kind)
	case given > last:
		refuse("provider_segmentation_id", "%d is more than %d, which is the most of kind %s.", given, last, kind)
	}
}

// defaultIsExternal refuses a default way out that does not lead out.
func defaultIsExternal(_, config object.Values, refuse func(string, string, ...any)) {
	external, known := config.Get("external")
	if config.Bool("is_default") && (config.Null("external") || known && external == false) {
		refuse("is_default", "Only a network that is external leads out by default.")
	}
}
