package evs

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

// VolumeType is a sort of volume that the region offers.
var VolumeType = object.Kind{
	Name:       "volume_type",
	Service:    cloud.EVS,
	Path:       "/v2/{project_id}/types",
	Many:       "volume_types",
	Paging:     cloud.Single(),
	ListOnly:   true,
	NoResource: true,
	Fields: object.Fields{
		"availability_zones":          {Read: "extra_specs.RESKEY:availability_zones", As: object.Commas},
		"sold_out_availability_zones": {Read: "extra_specs.os-vendor-extended:sold_out_availability_zones", As: object.Commas},
	},
	Schema: schema.Schema{
		MarkdownDescription: "A volume type: a sort of volume that the region offers.",
		Attributes: map[string]schema.Attribute{
			"name":                        schema.StringAttribute{Computed: true, MarkdownDescription: "Name, as `hwcloud_volume` takes it: `SSD`."},
			"description":                 schema.StringAttribute{Computed: true, MarkdownDescription: "Description."},
			"availability_zones":          schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Availability zones that offer it."},
			"sold_out_availability_zones": schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Availability zones where it is sold out."},
		},
	},
}
