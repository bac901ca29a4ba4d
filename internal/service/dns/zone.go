// Package dns declares the objects of the service Domain Name Service.
//
// It has public zones, which everybody resolves, and private ones, which VPCs resolve, behind the same paths. A list answers
// those of one sort at a time. Whatever is written is carried out after the answer: the status says when.
package dns

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// Kinds are all objects of the service.
func Kinds() []*object.Kind { return []*object.Kind{&Zone, &ZoneAssociation, &RecordSet, &PTRRecord} }

// Zone is a domain with all names below it; record sets say what they stand for.
var Zone = object.Kind{
	Name:    "dns_zone",
	Service: cloud.DNS,
	Path:    "/v2/zones",
	Many:    "zones",
	Paging:  cloud.Marker(500, ""),
	Split:   object.Split{By: "zone_type", Into: []string{public, private}},
	Ready:   steady,
	Busy:    busy,
	Tags: &object.Tags{
		Create: "tags", Write: object.Pairs,
		Read: "tags", As: object.Pairs,
		Action: "/v2/{project_id}/DNS-{zone_type}_zone/{id}/tags/action", Rules: tagRules,
	},
	Sides: []object.Side{{
		Into: "tags", Many: "tags", Listed: true,
		Op: object.Op{Service: cloud.DNS, Method: "GET", Path: "/v2/{project_id}/DNS-{zone_type}_zone/{id}/tags"},
	}},
	Fields: object.Fields{
		"name":    {Form: object.Domain},
		"enabled": {Read: object.Never, Words: enabling},
		"routers": {Read: object.Never},
	},
	Encode: object.EncodeWith(func(plan zoneRouters) (firstRouter, error) { return plan.first(), nil }),
	Decode: object.DecodeWith(decodeZone),
	Changes: []object.Change{
		{Of: []string{"proxy_pattern"}, Op: object.Op{Method: "POST", Path: "/v2/zones/{id}/actions/set-proxy-pattern", Idempotent: true}},
		{
			Of: []string{"routers", "enabled"}, Follows: exceedsCreate, Do: changeUse, Alters: []string{"status"},
			Calls: []object.Op{showZone, setZoneStatus, associateRouter, disassociateRouter},
		},
		{Of: []string{"description", "email", "ttl"}, Op: object.Op{Method: "PATCH", Idempotent: true}},
	},
	Checks:   []object.Check{checkZoneType, checkRoutersOfDisabled},
	Filters:  map[string]string{"zone_type": "type", "enterprise_project_id": "enterprise_project_id"},
	Replaces: []string{"huaweicloud_dns_zone", "huaweicloud_dns_zone_v2", "opentelekomcloud_dns_zone_v2", "openstack_dns_zone_v2"},
	Schema: schema.Schema{
		MarkdownDescription: "A DNS zone: a domain with all names below it, public for everybody or private for VPCs. Deleting it deletes its record sets.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.Domain()},
				MarkdownDescription: "Domain name, with or without the final dot: `example.com`. Labels of at most 63 letters, digits, Chinese characters, and `-` within; at most 254 characters. " +
					"That of a public zone has two labels at least and is nobody else's; of a private zone it is once in each VPC.",
			},
			"zone_type": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(public), Validators: []validator.String{stringvalidator.OneOf(public, private)},
				MarkdownDescription: "Who resolves it: `public` for everybody, or `private` for the VPCs of `routers`.",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.UTF8LengthAtMost(255)},
				MarkdownDescription: "Description: at most 255 characters.",
			},
			"email": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.Match(mailAddress, "a mail address is expected")},
				MarkdownDescription: "Mail address of the administrator, for the SOA record. The cloud chooses when it is left out.",
			},
			"ttl": schema.Int64Attribute{
				Optional: true, Computed: true, Default: int64default.StaticInt64(300), Validators: []validator.Int64{int64validator.Between(1, maxTTL)},
				MarkdownDescription: "How long resolvers may keep the SOA record, in seconds: 1 to 2147483647.",
			},
			"routers": schema.SetNestedAttribute{
				Optional: true, Validators: []validator.Set{setvalidator.SizeAtLeast(1)},
				MarkdownDescription: "VPCs that resolve a private zone, one at least. A public zone has none. They can be changed while the zone is enabled. " +
					"VPCs that are not named here are left alone: `hwcloud_dns_zone_association` may add them. An import takes all that there are for named.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"router_id": schema.StringAttribute{
						Required: true, Validators: []validator.String{valid.UUID()}, MarkdownDescription: "The VPC.",
					},
					"router_region": schema.StringAttribute{
						Required: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)}, MarkdownDescription: "The region of the VPC: `cn-north-4`.",
					},
				}},
			},
			"proxy_pattern": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf("AUTHORITY", "RECURSIVE")},
				MarkdownDescription: "What a private zone answers for names below it that it does not have: that they do not exist (`AUTHORITY`), or what the rest of the DNS says (`RECURSIVE`). The cloud takes `AUTHORITY` when it is left out.",
			},
			"enabled": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(true),
				MarkdownDescription: "Whether the zone is resolved.",
			},
			"enterprise_project_id": object.EnterpriseProject(),
			"status":                schema.StringAttribute{Computed: true, MarkdownDescription: "Status: `ACTIVE`, `DISABLE`, one that begins with `PENDING_`, `ERROR`; `FREEZE`, `ILLEGAL` and `POLICE` when the cloud has frozen it."},
			"created_at":            object.CreatedAt(),
			"updated_at":            object.UpdatedAt(),
		},
	},
}

const (
	public  = "public"
	private = "private"
	maxTTL  = 1<<31 - 1
)

// steady are the statuses of zones and record sets.
var steady = object.Ready{
	Path: "status", OK: []string{"ACTIVE", "DISABLE"}, Failed: []string{"ERROR", "FREEZE", "ILLEGAL", "POLICE"}, Stays: []string{"ERROR"},
}

// busy are the refusals of a write while the one before it is carried out: of a zone, a record set, a VPC of a zone.
var busy = []string{"400 DNS.0209", "409 DNS.0209", "400 DNS.0314", "409 DNS.0314", "400 DNS.0704", "400 DNS.0708"}

// enabling are the API's words for whether something is resolved.
var enabling = map[string]string{"true": "ENABLE", "false": "DISABLE"}

// disabled tells by a status that something is not resolved because its owner wants it so.
func disabled(status string) bool { return status == "DISABLE" || status == "PENDING_DISABLE" }

var tagRules = object.TagRules{
	Most: 20, Key: 128, Value: 255,
	Keys:   pattern.New(`^[\p{L}\p{N}_.:=+@-]([\p{L}\p{N} _.:=+@-]*[\p{L}\p{N}_.:=+@-])?$`),
	Values: pattern.New(`^[\p{L}\p{N} _.:/=+@-]*$`),
	Text:   "a key may hold letters, digits, _ . : = + - @ and blanks within, a value / too",
}

var mailAddress = pattern.New(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)

var (
	showZone           = object.Op{Method: "GET", Path: "/v2/zones/{id}"}
	setZoneStatus      = object.Op{Method: "PUT", Path: "/v2/zones/{id}/statuses", Body: object.Body{"status": object.Attr("enabled")}}
	associateRouter    = object.Op{Method: "POST", Path: "/v2/zones/{id}/associaterouter", Body: routerBody}
	disassociateRouter = object.Op{Method: "POST", Path: "/v2/zones/{id}/disassociaterouter", Body: routerBody}

	routerBody = object.Body{"router": object.Body{"router_id": object.Attr("router_id"), "router_region": object.Attr("router_region")}}
)

type router struct {
	ID     string `json:"router_id"`
	Region string `json:"router_region"`
}

type zoneRouters struct {
	Routers []router `json:"routers"`
}

type firstRouter struct {
	Router *router `json:"router,omitempty"`
}

// first is what a create request takes of the VPCs: one.
func (z zoneRouters) first() firstRouter {
	if len(z.Routers) == 0 {
		return firstRouter{}
	}
	return firstRouter{&z.Routers[0]}
}

// exceedsCreate tells that a create request cannot carry the VPCs, or that the zone shall not be resolved.
func exceedsCreate(plan object.Values) bool {
	return len(plan.List("routers")) > 1 || !plan.Bool("enabled")
}

type zoneAnswer struct {
	Status  string `json:"status"`
	Routers []struct {
		router
		Status string `json:"status"`
	} `json:"routers"`
}

type zoneState struct {
	Enabled bool     `json:"enabled"`
	Routers []router `json:"routers"`
}

// decodeZone tells which of the VPCs that the state names are there. Others may be associated elsewhere, and only a state
// that names none takes them all: that of an import.
func decodeZone(answer zoneAnswer, prior zoneState) (zoneState, error) {
	state := zoneState{!disabled(answer.Status), answer.routers()}
	if prior.Routers != nil {
		state.Routers = both(prior.Routers, state.Routers)
	}
	return state, nil
}

// both are the VPCs of one list that are in another, too.
func both(some, others []router) []router {
	found := []router{}
	for _, r := range some {
		if slices.Contains(others, r) {
			found = append(found, r)
		}
	}
	return found
}

// routers are the VPCs of a zone, without those that are on their way out.
func (z zoneAnswer) routers() (staying []router) {
	for _, r := range z.Routers {
		if r.Status != "PENDING_DELETE" {
			staying = append(staying, r.router)
		}
	}
	return staying
}

// changeUse sets which VPCs resolve a zone and whether it is resolved at all. VPCs can be changed while it is, and the last
// one never goes: so it is enabled first and disabled last, and VPCs come before others go. Only those go that were named.
func changeUse(ctx context.Context, call *object.Call) error {
	wanted, err := object.Into[zoneState](call.Plan)
	if err != nil {
		return err
	}
	named, err := object.Into[zoneRouters](call.Prior)
	if err != nil {
		return err
	}
	zone, err := settled(ctx, call)
	if err != nil {
		return err
	}
	if wanted.Enabled && disabled(zone.Status) {
		if zone, err = do(ctx, call, setZoneStatus); err != nil {
			return err
		}
	}
	for _, step := range []struct {
		op       object.Op
		of, less []router
	}{{associateRouter, wanted.Routers, zone.routers()}, {disassociateRouter, both(named.Routers, zone.routers()), wanted.Routers}} {
		for _, r := range step.of {
			if slices.Contains(step.less, r) {
				continue
			}
			if zone, err = do(ctx, call, step.op, r); err != nil {
				return err
			}
		}
	}
	if !wanted.Enabled && !disabled(zone.Status) {
		_, err = do(ctx, call, setZoneStatus)
	}
	return err
}

// do carries out one step and waits until the zone has settled.
func do(ctx context.Context, call *object.Call, op object.Op, routers ...router) (zoneAnswer, error) {
	extra := object.Values{}
	for _, r := range routers {
		extra["router_id"], extra["router_region"] = r.ID, r.Region
	}
	if _, err := call.Do(ctx, op, extra); err != nil {
		return zoneAnswer{}, err
	}
	return settled(ctx, call)
}

// settled waits until neither the zone nor one of its VPCs is on its way.
func settled(ctx context.Context, call *object.Call) (zone zoneAnswer, err error) {
	err = cloud.AwaitNow(ctx, func(ctx context.Context) (bool, error) {
		if err := call.Ready(ctx); err != nil {
			return false, err
		}
		answer, err := call.Do(ctx, showZone, nil)
		if err != nil {
			return false, err
		}
		if zone, err = object.Into[zoneAnswer](answer); err != nil {
			return false, err
		}
		for _, r := range zone.Routers {
			switch {
			case r.Status == "ERROR":
				return false, fmt.Errorf("the cloud could not associate the VPC %s in %s, or not end its association", r.ID, r.Region)
			case strings.HasPrefix(r.Status, "PENDING_"):
				return false, nil
			}
		}
		return true, nil
	})
	return zone, err
}

// checkZoneType refuses what zones of the other type have.
func checkZoneType(_, config object.Values, refuse func(string, string, ...any)) {
	zoneType := config.String("zone_type")
	switch {
	case zoneType == private:
		if config.Null("routers") {
			refuse("routers", "A private zone needs one VPC at least.")
		}
	case config.Null("zone_type") || zoneType == public:
		for _, name := range []string{"routers", "proxy_pattern"} {
			if config.Has(name) {
				refuse(name, "A public zone has no %s. Is zone_type to be %q?", name, private)
			}
		}
		if name := config.String("name"); name != "" && !strings.Contains(strings.TrimSuffix(name, "."), ".") {
			refuse("name", "A public zone cannot be a top-level domain such as %q.", name)
		}
	}
}

// checkRoutersOfDisabled refuses a change of VPCs that would need the zone to be resolved for a moment.
func checkRoutersOfDisabled(prior, config object.Values, refuse func(string, string, ...any)) {
	enabled, given := config.Get("enabled")
	if prior == nil || prior.Bool("enabled") || !given || enabled == true {
		return
	}
	before, errBefore := object.Into[zoneRouters](prior)
	after, errAfter := object.Into[zoneRouters](config)
	if errBefore != nil || errAfter != nil {
		return
	}
	differ := func(a, b []router) bool {
		return slices.ContainsFunc(a, func(r router) bool { return !slices.Contains(b, r) })
	}
	if differ(before.Routers, after.Routers) || differ(after.Routers, before.Routers) {
		refuse("routers", "The VPCs of a disabled zone cannot be changed. Enable it, in the same change if you like.")
	}
}
