package dns

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// RecordSet is what a name stands for: its records of one type, on one line.
var RecordSet = object.Kind{
	Name:    "dns_record_set",
	Service: cloud.DNS,
	ID:      "{zone_id}/{record_set_id}",
	Path:    "/v2.1/zones/{zone_id}/recordsets",
	Many:    "recordsets",
	Paging:  cloud.Marker(500, ""),
	Create:  object.Op{ID: "id"},
	Read:    object.Op{Path: recordSetPath},
	List:    object.Op{Path: "/v2.1/recordsets"},
	Delete:  object.Op{Path: recordSetPath},
	Split:   object.Split{By: "zone_type", Into: []string{public, private}},
	Ready:   steady,
	Busy:    busy,
	Tags: &object.Tags{
		Create: "tags", Write: object.Pairs,
		Read: "tags", As: object.Pairs,
		Action: "/v2/{project_id}/DNS-{zone_type}_recordset/{record_set_id}/tags/action", Rules: tagRules,
	},
	Sides: []object.Side{
		{
			Into: "zone_type", From: "zone_type", Fixed: true, Listed: true,
			Op: object.Op{Service: cloud.DNS, Method: "GET", Path: "/v2/zones/{zone_id}"},
		},
		{
			Into: "tags", Many: "tags", Listed: true,
			Op: object.Op{Service: cloud.DNS, Method: "GET", Path: "/v2/{project_id}/DNS-{zone_type}_recordset/{record_set_id}/tags"},
		},
	},
	Fields: object.Fields{
		"zone_id":       {Write: object.Never}, // it is in the path
		"record_set_id": {API: "id"},
		"name":          {Form: object.Domain},
		"records":       {Form: spelling},
		"enabled":       {Write: "status", Read: object.Never, Words: enabling},
		"alias_target":  {Of: object.Fields{"resource_type": {}, "resource_domain_name": {Form: object.Domain}}},
	},
	Decode: object.DecodeWith(func(answer recordSetAnswer, _ recordSetState) (recordSetState, error) {
		return recordSetState{!disabled(answer.Status)}, nil
	}),
	Changes: []object.Change{
		{
			Of:     []string{"name", "description", "ttl", "records", "weight"},
			Op:     object.Op{Path: recordSetPath, Body: object.Changed{"name", "type"}},
			Alters: []string{"status"},
		},
		{
			Of: []string{"enabled"}, Alters: []string{"status"}, Calls: []object.Op{setRecordSetStatus},
			Do: func(ctx context.Context, call *object.Call) error {
				if err := call.Ready(ctx); err != nil { // the change before may be on its way
					return err
				}
				_, err := call.Do(ctx, setRecordSetStatus, nil)
				return err
			},
		},
	},
	Checks:   []object.Check{checkRecords, checkName, checkWeight},
	Filters:  map[string]string{"zone_type": "zone_type", "zone_id": "zone_id", "type": "type", "line": "line_id"},
	Replaces: []string{"huaweicloud_dns_recordset", "huaweicloud_dns_recordset_v2", "opentelekomcloud_dns_recordset_v2", "openstack_dns_recordset_v2"},
	Schema: schema.Schema{
		MarkdownDescription: "A DNS record set: the records of one type that a name has in a zone. Those that the cloud makes with each zone, SOA and NS, are neither made nor changed nor deleted.",
		Attributes: map[string]schema.Attribute{
			"zone_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: "The zone.",
			},
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.RecordName()},
				MarkdownDescription: "Domain name, with or without the final dot: the zone's or one below it, `www.example.com`. The first label may be `*` for A, AAAA, CNAME, MX and TXT.",
			},
			"type": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.OneOf(recordTypes...)},
				MarkdownDescription: "Type: `A`, `AAAA`, `CNAME`, `MX`, `SRV` or `TXT`; in public zones also `CAA` and `NS`, in private ones `PTR`.",
			},
			"records": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				Validators: []validator.Set{setvalidator.SizeBetween(1, 50)},
				MarkdownDescription: "The values, 1 to 50, one of a CNAME: an IPv4 or IPv6 address (A, AAAA), a domain name with or without the final dot (CNAME, NS, PTR), " +
					"`10 mail.example.com` (MX), `1 10 5060 sip.example.com` (SRV), texts in double quotes of at most 255 characters (TXT), `0 issue \"ca.example.com\"` (CAA). Needed unless there is an `alias_target`.",
			},
			"ttl": schema.Int64Attribute{
				Optional: true, Computed: true, Default: int64default.StaticInt64(300), Validators: []validator.Int64{int64validator.Between(1, maxTTL)},
				MarkdownDescription: "How long resolvers may keep the records, in seconds: 1 to 2147483647.",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.UTF8LengthAtMost(255)},
				MarkdownDescription: "Description: at most 255 characters.",
			},
			"line": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: "Id of the line, in public zones: who gets this answer, as `default_view`, `Dianxin`, `Abroad` or one of your own. The cloud takes `default_view` when it is left out.",
			},
			"weight": schema.Int64Attribute{
				Optional: true, Computed: true, Validators: []validator.Int64{int64validator.Between(0, 1000)},
				MarkdownDescription: "How often this record set is answered among those of the same name, type and line: 0 (when no other can be) to 1000. MX and aliases have none. The cloud takes 1 in public zones when it is left out.",
			},
			"alias_target": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "A service of the cloud that the name stands for, instead of `records`. In public zones.",
				Attributes: map[string]schema.Attribute{
					"resource_type": schema.StringAttribute{
						Required: true, Validators: []validator.String{stringvalidator.OneOf("cloudsite", "waf")},
						MarkdownDescription: "The service: `cloudsite` or `waf`.",
					},
					"resource_domain_name": schema.StringAttribute{
						Required: true, Validators: []validator.String{valid.Domain()},
						MarkdownDescription: "The domain name that the service gave.",
					},
				},
			},
			"enabled": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(true),
				MarkdownDescription: "Whether the record set is resolved.",
			},
			"record_set_id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the record set within the cloud."},
			"zone_name":     schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the zone."},
			"zone_type":     schema.StringAttribute{Computed: true, MarkdownDescription: "Type of the zone: `public` or `private`."},
			"default":       schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the cloud made it with the zone."},
			"status":        schema.StringAttribute{Computed: true, MarkdownDescription: "Status: `ACTIVE`, `DISABLE`, one that begins with `PENDING_`, `ERROR`; `FREEZE`, `ILLEGAL` and `POLICE` when the cloud has frozen it."},
			"created_at":    object.CreatedAt(),
			"updated_at":    object.UpdatedAt(),
		},
	},
}

var setRecordSetStatus = object.Op{Method: "PUT", Path: "/v2.1/recordsets/{record_set_id}/statuses/set", Body: object.Body{"status": object.Attr("enabled")}}

const recordSetPath = "/v2.1/zones/{zone_id}/recordsets/{record_set_id}"

type recordSetAnswer struct {
	Status string `json:"status"`
}

type recordSetState struct {
	Enabled bool `json:"enabled"`
}

// recordTypes are the types whose record sets are the user's.
var recordTypes = []string{"A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SRV", "TXT"}

// wildcards are the types whose names may begin with *.
var wildcards = []string{"A", "AAAA", "CNAME", "MX", "TXT"}

// recordRules say of each type what its records are.
var recordRules = map[string]struct {
	fits  func(string) bool
	wants string
}{
	"A":     {func(s string) bool { a, err := netip.ParseAddr(s); return err == nil && a.Is4() }, "an IPv4 address: 192.0.2.1"},
	"AAAA":  {func(s string) bool { a, err := netip.ParseAddr(s); return err == nil && a.Is6() && a.Zone() == "" }, "an IPv6 address: 2001:db8::1"},
	"CAA":   {pattern.New(`^(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5]) (issue|issuewild|iodef) "[^"]*"$`).MatchString, `a flag of 0 to 255, issue, issuewild or iodef, and a text in double quotes: 0 issue "ca.example.com"`},
	"CNAME": {hostAfter(0), "a domain name: www.example.com"},
	"MX":    {hostAfter(1), "a priority of 0 to 65535 and a domain name: 10 mail.example.com"},
	"NS":    {hostAfter(0), "a domain name: ns1.example.com"},
	"PTR":   {hostAfter(0), "a domain name: host.example.com"},
	"SRV":   {hostAfter(3), "priority, weight and port, each 0 to 65535, and a domain name: 1 10 5060 sip.example.com"},
	"TXT":   {pattern.New(`^` + quoted + `( ` + quoted + `)*$`).MatchString, `texts in double quotes, each of at most 255 characters: "\"v=spf1 -all\"" in HCL`},
}

const quoted = `"([^"\\]|\\.){0,255}"`

// hostAfter accepts so many numbers of 16 bits and a domain name, parted by single blanks.
func hostAfter(numbers int) func(string) bool {
	return func(s string) bool {
		fields := strings.Split(s, " ")
		if len(fields) != numbers+1 {
			return false
		}
		for _, field := range fields[:numbers] {
			if _, err := strconv.ParseUint(field, 10, 16); err != nil {
				return false
			}
		}
		return valid.IsHost(fields[numbers])
	}
}

// spelling is the form of a record of any type: addresses at their shortest, domain names in lower case with the final dot,
// quoted texts as they are.
func spelling(record string) string {
	if address, err := netip.ParseAddr(record); err == nil {
		return address.String()
	}
	fields := strings.Fields(record)
	if len(fields) == 0 || strings.Contains(record, `"`) {
		return record
	}
	fields[len(fields)-1] = object.Domain(fields[len(fields)-1])
	return strings.Join(fields, " ")
}

// checkRecords refuses records that are none of the type, and such beside an alias.
func checkRecords(_, config object.Values, refuse func(string, string, ...any)) {
	recordType := config.String("type")
	switch {
	case config.Null("records") && config.Null("alias_target"):
		refuse("records", "A record set needs records, or an alias_target.")
	case config.Has("records") && config.Has("alias_target"):
		refuse("alias_target", "A record set has either records or an alias_target.")
	}
	records := config.List("records")
	if recordType == "CNAME" && len(records) > 1 {
		refuse("records", "A CNAME has one record, not %d.", len(records))
	}
	seen := map[string]bool{}
	for _, record := range records {
		text, known := record.(string)
		if !known {
			continue
		}
		if rule, ok := recordRules[recordType]; ok && !rule.fits(text) {
			refuse("records", "%s is no record of type %s, which is %s.", text, recordType, rule.wants)
		}
		if seen[spelling(text)] {
			refuse("records", "%s stands there twice.", text)
		}
		seen[spelling(text)] = true
	}
}

// checkName refuses a wildcard of a type that has none.
func checkName(_, config object.Values, refuse func(string, string, ...any)) {
	recordType := config.String("type")
	if strings.HasPrefix(config.String("name"), "*") && recordType != "" && !slices.Contains(wildcards, recordType) {
		refuse("name", "A name with * has no record set of type %s.", recordType)
	}
}

// checkWeight refuses a weight where there is none.
func checkWeight(_, config object.Values, refuse func(string, string, ...any)) {
	switch {
	case config.Null("weight"):
	case config.String("type") == "MX":
		refuse("weight", "A record set of type MX has no weight: its records have priorities.")
	case config.Has("alias_target"):
		refuse("weight", "An alias has no weight.")
	}
}
