package dns

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// ZoneAssociation lets one more VPC resolve a private zone. It is read from the zone, which tells all of its VPCs.
var ZoneAssociation = object.Kind{
	Name:     "dns_zone_association",
	Service:  cloud.DNS,
	ID:       "{zone_id}/{router_id}",
	Path:     "/v2/zones/{zone_id}",
	Many:     "routers",
	Paging:   cloud.Single(),
	ListOnly: true,
	Create:   object.Op{Path: "/v2/zones/{zone_id}/associaterouter", Body: object.Body{"router": object.All{}}},
	Delete:   object.Op{Method: "POST", Path: "/v2/zones/{zone_id}/disassociaterouter", Body: routerBody},
	Ready:    object.Ready{Path: "status", OK: []string{"ACTIVE"}, Failed: []string{"ERROR"}, Stays: []string{"ERROR"}},
	Busy:     busy,
	Fields:   object.Fields{"zone_id": {Write: object.Never, Read: object.Never}},
	Replaces: []string{"huaweicloud_dns_private_zone_associate"},
	Schema: schema.Schema{
		MarkdownDescription: "A zone association: lets one more VPC resolve a private zone. The zone has to be enabled when the association is made or ended, and keeps one VPC at least. " +
			"`routers` of `hwcloud_dns_zone` leaves alone what it does not name: a VPC belongs there or here, not in both.",
		Attributes: map[string]schema.Attribute{
			"zone_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.Match(zoneID, "the id of a zone is expected")},
				MarkdownDescription: "The zone, a private one.",
			},
			"router_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The VPC. It can resolve one zone of a name.",
			},
			"router_region": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: "The region of the VPC: `cn-north-4`. The cloud takes the region that is asked when it is left out.",
			},
			"status": schema.StringAttribute{Computed: true, MarkdownDescription: "Status: `ACTIVE`, `PENDING_CREATE`, `PENDING_DELETE` or `ERROR`."},
		},
	},
}

var zoneID = pattern.New(`^[0-9a-f-]{32,36}$`)
