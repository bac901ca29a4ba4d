package ecs

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

// Flavor is a size of server that the region offers.
var Flavor = object.Kind{
	Name:       "flavor",
	Service:    cloud.ECS,
	Path:       "/v1/{project_id}/cloudservers/flavors",
	Many:       "flavors",
	Paging:     cloud.Single(),
	ListOnly:   true,
	NoResource: true,
	Read:       object.Op{Path: "/v1/{project_id}/cloudservers/flavors", Query: map[string]string{"flavor_id": "{id}"}},
	Fields: object.Fields{
		"availability_zone": {Read: object.Never},
		"generation":        {Read: "os_extra_specs.ecs:generation"},
		"performance_type":  {Read: "os_extra_specs.ecs:performancetype"},
		"architecture":      {Read: "os_extra_specs.ecs:instance_architecture", Words: map[string]string{"arm": "arm64"}, Absent: "x86"},
		"max_nics":          {Read: "os_extra_specs.quota:vif_max_num"},
		"max_bandwidth":     {Read: "os_extra_specs.quota:max_rate"},
		"status":            {Read: "os_extra_specs.cond:operation:status", Absent: "normal"},
	},
	Filters: map[string]string{"availability_zone": "availability_zone"},
	Schema: schema.Schema{
		MarkdownDescription: "A flavor: a size of server that the region offers.",
		Attributes: map[string]schema.Attribute{
			"name":              text("Name: `s6.large.2`. It is also the id, as `hwcloud_server` takes it."),
			"availability_zone": text("Only flavors that this zone offers. It is asked by and not answered."),
			"generation":        text("Series: `s6`, `c7` and others."),
			"performance_type":  text("Sort of series: `normal`, `computingv3`, `highmem` and others."),
			"architecture":      text("Processor architecture: `x86` or `arm`."),
			"status":            text("State of sale in the region: `normal`, `sellout`, `abandon` and others; zones may differ."),
			"vcpus":             schema.Int64Attribute{Computed: true, MarkdownDescription: "Number of vCPUs."},
			"ram":               schema.Int64Attribute{Computed: true, MarkdownDescription: "Memory in MB."},
			"max_nics":          schema.Int64Attribute{Computed: true, MarkdownDescription: "Greatest number of network interfaces."},
			"max_bandwidth":     schema.Int64Attribute{Computed: true, MarkdownDescription: "Greatest bandwidth in Mbit/s."},
		},
	},
}

// AvailabilityZone is a part of the region with power and network of its own.
var AvailabilityZone = object.Kind{
	Name:       "availability_zone",
	Service:    cloud.ECS,
	Path:       "/v1/{project_id}/availability-zones",
	Many:       "availability_zones",
	Paging:     cloud.Single(),
	ListOnly:   true,
	NoResource: true,
	Fields:     object.Fields{"id": {API: "availability_zone_id"}},
	Schema: schema.Schema{
		MarkdownDescription: "An availability zone: a part of the region with power and network of its own. Its id is what `availability_zone` takes everywhere: `cn-north-4a`.",
		Attributes: map[string]schema.Attribute{
			"alias":               text("Name for people."),
			"type":                text("Type: `Core` for zones of the cloud's own."),
			"mode":                text("Mode: `shared`, or `dedicated` to an account."),
			"public_border_group": text("Border group, which decides the pool of elastic addresses: `center`."),
			"category":            schema.Int64Attribute{Computed: true, MarkdownDescription: "Subtype, a number."},
		},
	},
}

func text(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}
