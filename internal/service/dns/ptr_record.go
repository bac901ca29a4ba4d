package dns

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// PTRRecord is the name that an EIP stands for. It is written at the EIP's own place, where there is one or none.
var PTRRecord = object.Kind{
	Name:    "dns_ptr_record",
	Service: cloud.DNS,
	Path:    reverse,
	Many:    "floatingips",
	Paging:  cloud.Marker(500, ""),
	Create:  object.Op{Method: "PATCH", Path: reverse + "/{region}:{publicip_id}", ID: "id", Overwrites: true},
	Delete:  object.Op{Method: "PATCH", Body: object.Body{"ptrdname": object.Null}, Idempotent: true},
	Ready:   steady,
	Busy:    busy,
	Tags: &object.Tags{
		Create: "tags", Write: object.Pairs,
		Read: "tags", As: object.Pairs,
		Action: "/v2/{project_id}/DNS-ptr_record/{id}/tags/action", Rules: tagRules,
	},
	Sides: []object.Side{{
		Into: "tags", Many: "tags", Listed: true,
		Op: object.Op{Method: "GET", Path: "/v2/{project_id}/DNS-ptr_record/{id}/tags"},
	}},
	Fields: object.Fields{
		"publicip_id": {Write: object.Never, Read: "id", As: inRegion{}},
		"ptrdname":    {Form: object.Domain},
	},
	Changes: []object.Change{{
		Of: []string{"ptrdname", "description", "ttl"}, Op: object.Op{Method: "PATCH", Body: object.Changed{"ptrdname"}, Idempotent: true},
		Alters: []string{"status"},
	}},
	Filters:  map[string]string{"enterprise_project_id": "enterprise_project_id"},
	Replaces: []string{"huaweicloud_dns_ptrrecord", "huaweicloud_dns_ptrrecord_v2", "flexibleengine_dns_ptrrecord_v2", "opentelekomcloud_dns_ptrrecord_v2"},
	Schema: schema.Schema{
		MarkdownDescription: "A PTR record (DNS): the name that an EIP stands for when its address is looked up. An EIP has one at most, and it goes with the EIP.",
		Attributes: map[string]schema.Attribute{
			"publicip_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The EIP.",
			},
			"ptrdname": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.Domain()},
				MarkdownDescription: "Domain name, with or without the final dot: `www.example.com`. Labels of at most 63 letters, digits, Chinese characters, and `-` within; at most 254 characters.",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.UTF8LengthAtMost(255)},
				MarkdownDescription: "Description: at most 255 characters.",
			},
			"ttl": schema.Int64Attribute{
				Optional: true, Computed: true, Default: int64default.StaticInt64(300), Validators: []validator.Int64{int64validator.Between(1, maxTTL)},
				MarkdownDescription: "How long resolvers may keep it, in seconds: 1 to 2147483647.",
			},
			"enterprise_project_id": object.EnterpriseProject(),
			"address":               schema.StringAttribute{Computed: true, MarkdownDescription: "The address of the EIP."},
			"status":                schema.StringAttribute{Computed: true, MarkdownDescription: "Status: `ACTIVE`, one that begins with `PENDING_`, `ERROR`; `FREEZE`, `ILLEGAL` and `POLICE` when the cloud has frozen it."},
		},
	},
}

const reverse = "/v2/reverse/floatingips"

// inRegion is an id that is answered with its region before it: "cn-north-4:5d0e".
type inRegion struct{}

// Encode leaves it as it is.
func (inRegion) Encode(v any) any { return v }

// Decode takes the region away.
func (inRegion) Decode(v any) (any, error) {
	_, id, found := strings.Cut(fmt.Sprint(v), ":")
	if !found {
		return nil, fmt.Errorf("the cloud answered %v where an id with its region belongs", v)
	}
	return id, nil
}
