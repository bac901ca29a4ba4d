package nova

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

// Flavor is a size of server that the project may choose. Administrators make them.
var Flavor = object.Kind{
	Name:       "flavor",
	Service:    cloud.Nova,
	Path:       "/v2.1/flavors",
	One:        "flavor",
	Many:       "flavors",
	Paging:     cloud.Links("flavors_links", 1000),
	NoResource: true,
	Read:       object.Op{Version: "2.61"}, // it has the extra specs
	List:       object.Op{Path: "/v2.1/flavors/detail", Version: "2.61"},
	Fields: object.Fields{
		"ephemeral": {API: "OS-FLV-EXT-DATA:ephemeral"},
		"is_public": {API: "os-flavor-access:is_public"},
		"swap":      {API: "swap", As: noText},
	},
	Schema: schema.Schema{
		MarkdownDescription: "A flavor: a size of server that the project may choose. Those that are not public are shown to the projects that an administrator gave access to.",
		Attributes: map[string]schema.Attribute{
			"name":        text("Name: `m1.small`. Servers take the id."),
			"description": text("Description."),
			"vcpus":       number("Number of vCPUs."),
			"ram":         number("Memory in MB."),
			"disk":        number("Disk on the host in GB; 0 for one that is as large as the image."),
			"ephemeral":   number("Further, empty disk on the host in GB."),
			"swap":        number("Swap space in MB."),
			"rxtx_factor": schema.Float64Attribute{Computed: true, MarkdownDescription: "Factor of the network's bandwidth, where the cloud heeds it."},
			"is_public":   schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether all projects may choose it."},
			"extra_specs": schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Extra specs, such as `hw:cpu_policy`."},
		},
	},
}

// noText is a number that is an empty text where there is none.
var noText = emptyNumber{}

type emptyNumber struct{}

func (emptyNumber) Encode(v any) any { return v }

func (emptyNumber) Decode(v any) (any, error) {
	if v == "" {
		return 0, nil
	}
	return v, nil
}

// AvailabilityZone is a part of the cloud's hosts.
var AvailabilityZone = object.Kind{
	Name:       "availability_zone",
	Service:    cloud.Nova,
	Path:       "/v2.1/os-availability-zone",
	Many:       "availabilityZoneInfo",
	Paging:     cloud.Single(),
	ListOnly:   true,
	NoResource: true,
	Fields: object.Fields{
		"id":        {API: "zoneName"},
		"available": {API: "zoneState.available"},
	},
	Schema: schema.Schema{
		MarkdownDescription: "An availability zone: hosts that the cloud keeps apart from others. Its id is what `availability_zone` of servers takes: `nova`.",
		Attributes: map[string]schema.Attribute{
			"available": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether it takes servers."},
		},
	},
}
