// Package vpc declares the objects of the service Virtual Private Cloud.
//
// Both of its API generations are in use: the first creates with tags and changes everything in one call, the third reads
// completely in one call, tags and further ranges included.
package vpc

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// Kinds are all objects of the service.
func Kinds() []*object.Kind {
	return []*object.Kind{
		&Peering, &PeeringAccepter, &Port, &PrivateIP, &Route, &RouteTable, &SecurityGroup, &SecurityGroupRule, &Subnet, &VPC,
	}
}

// VPC is an isolated network; subnets divide it.
var VPC = object.Kind{
	Name:    "vpc",
	Service: cloud.VPC,
	Path:    "/v3/{project_id}/vpc/vpcs",
	One:     "vpc",
	Many:    "vpcs",
	Paging:  cloud.Marker(2000, "page_info.next_marker"),
	Create:  object.Op{Path: "/v1/{project_id}/vpcs"},
	Ready:   object.Status("ACTIVE"),
	Tags: &object.Tags{
		Create: "tags", Write: object.Stars,
		Read: "tags", As: object.Pairs,
		Action: "/v2.0/{project_id}/vpcs/{id}/tags/action",
	},
	Fields: object.Fields{"secondary_cidrs": {API: "extend_cidrs"}},
	Changes: []object.Change{
		{Of: []string{"name", "description", "cidr"}, Op: object.Op{Path: "/v1/{project_id}/vpcs/{id}"}},
		{Of: []string{"secondary_cidrs"}, Follows: object.Always, Add: addSecondary, Remove: removeSecondary},
	},
	Filters:  map[string]string{"name": "name", "enterprise_project_id": "enterprise_project_id"},
	Replaces: []string{"huaweicloud_vpc", "huaweicloud_vpc_v1", "flexibleengine_vpc_v1", "opentelekomcloud_vpc_v1"},
	Schema: schema.Schema{
		MarkdownDescription: "A VPC (virtual private cloud): an isolated network in which subnets, servers and load balancers live.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true, Validators: valid.Name(1, 64),
				MarkdownDescription: "Name: 1 to 64 Chinese or Latin letters, digits, and `_` `-` `.`; unique in the project.",
			},
			"cidr": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.CIDR(8, 28, privateRanges...)},
				MarkdownDescription: "Range of the addresses, an IPv4 range with a mask of 8 to 28 bits within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16. A new range must still hold all subnets.",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: valid.Description(255),
				MarkdownDescription: "Description: at most 255 characters, without `<` and `>`.",
			},
			"secondary_cidrs": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(valid.CIDR(3, 28))},
				MarkdownDescription: "Further ranges for subnets, each an IPv4 range with a mask of 3 to 28 bits that overlaps no other. A range with subnets in it cannot be removed.",
			},
			"enterprise_project_id": object.EnterpriseProject(),
			"status":                schema.StringAttribute{Computed: true, MarkdownDescription: "Status: `PENDING` or `ACTIVE`."},
			"created_at":            object.CreatedAt(),
			"updated_at":            object.UpdatedAt(),
		},
	},
	Checks: []object.Check{apart},
}

var privateRanges = []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"}

var (
	addSecondary = object.Op{
		Method: "PUT", Path: "/v3/{project_id}/vpc/vpcs/{id}/add-extend-cidr",
		Body: object.Body{"vpc": object.Body{"extend_cidrs": []any{object.Attr(object.Item)}}},
	}
	removeSecondary = object.Op{
		Method: "PUT", Path: "/v3/{project_id}/vpc/vpcs/{id}/remove-extend-cidr",
		Body: object.Body{"vpc": object.Body{"extend_cidrs": []any{object.Attr(object.Item)}}},
	}
)

// apart refuses ranges of one VPC that overlap.
func apart(_, plan object.Values, refuse func(string, string, ...any)) {
	ranges := append([]any{plan.String("cidr")}, plan.List("secondary_cidrs")...)
	for i, a := range ranges {
		for _, b := range ranges[:i] {
			first, errA := valid.ParseCIDR(text(a))
			second, errB := valid.ParseCIDR(text(b))
			if errA == nil && errB == nil && first.Overlaps(second) {
				refuse("secondary_cidrs", "%s overlaps %s. Ranges of one VPC must not overlap.", first, second)
			}
		}
	}
}

// text is a value that may be not known yet.
func text(v any) string { s, _ := v.(string); return s }
