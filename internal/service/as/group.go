package as

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// ScalingGroup is a number of servers that are alike. It is created disabled, and enabling it starts its servers.
var ScalingGroup = object.Kind{
	Name:    "scaling_group",
	Service: cloud.AS,
	Path:    "/autoscaling-api/v1/{project_id}/scaling_group",
	One:     "scaling_group",
	Many:    "scaling_groups",
	Paging:  cloud.OffsetBy("start_number", 100),
	Create:  object.Op{ID: "scaling_group_id", Body: object.All{}},
	Delete:  object.Op{Query: map[string]string{"force_delete": "{force_delete}"}},
	Ready: object.Ready{
		Path: "scaling_group_status", OK: []string{"INSERVICE", "PAUSED"}, Failed: []string{"ERROR"}, Reason: "detail", When: hasItsServers,
	},
	Missing: []string{noGroup},
	Busy:    underWay,
	Tags: &object.Tags{
		Create: "tags", Write: object.Pairs, Read: "tags", As: object.Pairs,
		Action: "/autoscaling-api/v1/{project_id}/scaling_group_tag/{id}/tags/action",
		Rules:  object.NarrowTags,
	},
	Fields: object.Fields{
		"id":                 {API: "scaling_group_id"},
		"name":               {API: "scaling_group_name"},
		"configuration_name": {API: "scaling_configuration_name"},
		"networks": {Of: object.Fields{
			"id": {}, "ipv6_enabled": {API: "ipv6_enable", Absent: false}, "ipv6_bandwidth_id": {API: "ipv6_bandwidth.id"},
			"source_dest_check": {API: "allowed_address_pairs", As: sourceCheck{}, Absent: true},
		}},
		"security_group_ids": {API: "security_groups", As: refs{}},
		"lbaas_listeners": {Of: object.Fields{
			"pool_id": {}, "protocol_port": {}, "weight": {}, "protocol_version": {Absent: "IPV4"}, "listener_id": {Write: object.Never},
		}},
		"agency_name":  {API: "iam_agency_name"},
		"enabled":      {Write: object.Never, Read: "scaling_group_status", As: enabling{}},
		"force_delete": {Words: map[string]string{"true": "yes", "false": "no"}},
		"status":       {API: "scaling_group_status"},
		"created_at":   {API: "create_time"},
	},
	Local: []string{"force_delete"},
	Changes: []object.Change{
		{Of: []string{"networks", "security_group_ids", "available_zones"}, Op: object.Op{Body: object.Changed{}}, Replace: hasServers},
		{
			Of: []string{
				"name", "description", "scaling_configuration_id", "desire_instance_number", "min_instance_number", "max_instance_number", "cool_down_time",
				"health_periodic_audit_time", "health_periodic_audit_grace_period", "instance_terminate_policy", "multi_az_priority_policy",
				"delete_publicip", "delete_volume", "agency_name", "enterprise_project_id",
			},
			Op:     object.Op{Body: object.Changed{}},
			Alters: []string{"current_instance_number", "is_scaling", "detail", "configuration_name"},
		},
		{
			Of: []string{"lbaas_listeners", "health_periodic_audit_method"}, Op: object.Op{Body: object.Changed{}},
			Alters: []string{"health_periodic_audit_method"},
		},
		{
			Of: []string{"enabled"}, Follows: wantsEnabled,
			Op: object.Op{
				Method: "POST", Path: "/autoscaling-api/v1/{project_id}/scaling_group/{id}/action", Idempotent: true,
				Body: object.Body{"action": object.Attr("enabled")},
			},
			Alters: []string{"status", "current_instance_number", "is_scaling", "detail"},
		},
	},
	Checks:   []object.Check{numbersInOrder, bandwidthNeedsIPv6, auditNeedsListeners},
	Filters:  map[string]string{"name": "scaling_group_name", "scaling_configuration_id": "scaling_configuration_id", "enterprise_project_id": "enterprise_project_id"},
	Timeouts: object.Timeouts{Create: 30 * time.Minute, Update: 30 * time.Minute, Delete: 30 * time.Minute},
	Replaces: []string{"huaweicloud_as_group", "huaweicloud_as_group_v1", "flexibleengine_as_group_v1", "opentelekomcloud_as_group_v1"},
	Schema: schema.Schema{
		MarkdownDescription: "A scaling group (AS): a number of servers that are alike, which policies make larger and smaller. When it is enabled, Terraform waits until the servers that it wants are in service.",
		Attributes:          groupAttributes,
	},
}

var groupAttributes = map[string]schema.Attribute{
	"name": name(),
	"description": schema.StringAttribute{
		Optional: true, Validators: []validator.String{stringvalidator.UTF8LengthAtMost(256)},
		MarkdownDescription: "Description: at most 256 characters.",
	},
	"scaling_configuration_id": schema.StringAttribute{
		Required: true, Validators: []validator.String{valid.UUID()},
		MarkdownDescription: "Scaling configuration that new servers are made from. Servers that exist keep theirs.",
	},
	"vpc_id": schema.StringAttribute{
		Required: true, Validators: []validator.String{valid.UUID()},
		MarkdownDescription: "VPC of its servers.",
	},
	"networks": schema.ListNestedAttribute{
		Required: true, Validators: []validator.List{listvalidator.SizeBetween(1, 5)},
		MarkdownDescription: "Network interfaces of each server, 1 to 5; the first is the primary one. A group that is enabled or has servers is replaced by a change.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Subnet of the interface.",
			},
			"ipv6_enabled": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether it has an IPv6 address too. Default: `false`.",
			},
			"ipv6_bandwidth_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Shared bandwidth of its IPv6 address. Needs `ipv6_enabled`.",
			},
			"source_dest_check": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(true),
				MarkdownDescription: "Whether it only sends from its own addresses. `false` for servers that forward or translate addresses. Default: `true`.",
			},
		}},
	},
	"security_group_ids": schema.SetAttribute{
		Optional: true, Computed: true, ElementType: types.StringType,
		Validators: []validator.Set{setvalidator.SizeBetween(1, 1), setvalidator.ValueStringsAre(valid.UUID())},
		MarkdownDescription: "Security group of the servers, exactly 1. Those of the configuration win; when neither has one, the project's group `default` is taken. " +
			"A group that is enabled or has servers is replaced by a change.",
	},
	"available_zones": schema.ListAttribute{
		Optional: true, Computed: true, ElementType: types.StringType,
		Validators:          []validator.List{listvalidator.SizeAtLeast(1), listvalidator.UniqueValues(), listvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1))},
		MarkdownDescription: "Availability zones for its servers: `cn-north-4a`. The cloud chooses when it is left out. A group that is enabled or has servers is replaced by a change.",
	},
	"multi_az_priority_policy": schema.StringAttribute{
		Optional: true, Computed: true, Default: stringdefault.StaticString("EQUILIBRIUM_DISTRIBUTE"),
		Validators:          []validator.String{stringvalidator.OneOf("EQUILIBRIUM_DISTRIBUTE", "PICK_FIRST")},
		MarkdownDescription: "Which zone a server is put into: `EQUILIBRIUM_DISTRIBUTE`, the one with the fewest, or `PICK_FIRST`, in their order.",
	},
	"desire_instance_number": schema.Int64Attribute{
		Optional: true, Computed: true, Validators: []validator.Int64{int64validator.AtLeast(0)},
		MarkdownDescription: "How many servers it wants, `min_instance_number` to `max_instance_number`. Policies change it: leave it out, and what they do is no difference. At first the least when it is left out.",
	},
	"min_instance_number": schema.Int64Attribute{
		Optional: true, Computed: true, Default: int64default.StaticInt64(0), Validators: []validator.Int64{int64validator.Between(0, 1000)},
		MarkdownDescription: "The least number of servers.",
	},
	"max_instance_number": schema.Int64Attribute{
		Optional: true, Computed: true, Default: int64default.StaticInt64(0), Validators: []validator.Int64{int64validator.Between(0, 1000)},
		MarkdownDescription: "The greatest number of servers.",
	},
	"cool_down_time": schema.Int64Attribute{
		Optional: true, Computed: true, Default: int64default.StaticInt64(300), Validators: []validator.Int64{int64validator.Between(0, 86400)},
		MarkdownDescription: "How long after it has scaled alarms make it scale again, in seconds: 0 to 86400.",
	},
	"lbaas_listeners": schema.ListNestedAttribute{
		Optional: true, Validators: []validator.List{listvalidator.SizeBetween(1, 6)},
		MarkdownDescription: "Backend groups of load balancers that its servers join, at most 6.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"pool_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The backend group.",
			},
			"protocol_port": schema.Int64Attribute{
				Required: true, Validators: []validator.Int64{int64validator.Between(1, 65535)},
				MarkdownDescription: "Port on which the servers listen.",
			},
			"weight": schema.Int64Attribute{
				Required: true, Validators: []validator.Int64{int64validator.Between(0, 100)},
				MarkdownDescription: "Share of the requests that a server gets, 0 to 100.",
			},
			"protocol_version": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString("IPV4"),
				Validators:          []validator.String{stringvalidator.OneOf("IPV4", "IPV6")},
				MarkdownDescription: "Family of the address under which a server joins: `IPV4` or `IPV6`. Default: `IPV4`.",
			},
			"listener_id": schema.StringAttribute{Computed: true, MarkdownDescription: "The listener of the backend group."},
		}},
	},
	"health_periodic_audit_method": schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf("ELB_AUDIT", "NOVA_AUDIT")},
		MarkdownDescription: "Who tells that a server is broken: `ELB_AUDIT`, the load balancer, which is so with `lbaas_listeners` when it is left out; or `NOVA_AUDIT`, the server's own state.",
	},
	"health_periodic_audit_time": schema.Int64Attribute{
		Optional: true, Computed: true, Default: int64default.StaticInt64(5), Validators: []validator.Int64{int64validator.OneOf(0, 1, 5, 15, 60, 180)},
		MarkdownDescription: "Minutes between two health checks: `1`, `5`, `15`, `60`, `180`, or `0` for 10 seconds.",
	},
	"health_periodic_audit_grace_period": schema.Int64Attribute{
		Optional: true, Computed: true, Default: int64default.StaticInt64(600), Validators: []validator.Int64{int64validator.Between(0, 86400)},
		MarkdownDescription: "How long a new server is not checked by `ELB_AUDIT`, in seconds: 0 to 86400.",
	},
	"instance_terminate_policy": schema.StringAttribute{
		Optional: true, Computed: true, Default: stringdefault.StaticString("OLD_CONFIG_OLD_INSTANCE"),
		Validators: []validator.String{stringvalidator.OneOf("OLD_CONFIG_OLD_INSTANCE", "OLD_CONFIG_NEW_INSTANCE", "OLD_INSTANCE", "NEW_INSTANCE")},
		MarkdownDescription: "Which server goes first: of those with the oldest configuration the oldest (`OLD_CONFIG_OLD_INSTANCE`) or the newest (`OLD_CONFIG_NEW_INSTANCE`), " +
			"or of all the oldest (`OLD_INSTANCE`) or the newest (`NEW_INSTANCE`).",
	},
	"delete_publicip": schema.BoolAttribute{
		Optional: true, Computed: true, Default: booldefault.StaticBool(false),
		MarkdownDescription: "Whether a server's elastic address is deleted with it.",
	},
	"delete_volume": schema.BoolAttribute{
		Optional: true, Computed: true, Default: booldefault.StaticBool(false),
		MarkdownDescription: "Whether a server's data disks are deleted with it.",
	},
	"agency_name": schema.StringAttribute{
		Optional: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 64)},
		MarkdownDescription: "Agency whose temporary keys its servers can ask for.",
	},
	"enterprise_project_id": object.EnterpriseProject(),
	"enabled": schema.BoolAttribute{
		Optional: true, Computed: true, Default: booldefault.StaticBool(true),
		MarkdownDescription: "Whether it makes and removes servers. One that is not keeps the servers that it has.",
	},
	"force_delete": schema.BoolAttribute{
		Optional: true, Computed: true, Default: booldefault.StaticBool(false),
		MarkdownDescription: "Whether a group that has servers may be destroyed. Those that it made are deleted with it, those that were added are released. " +
			"It has to be applied before the group is destroyed.",
	},
	"current_instance_number": schema.Int64Attribute{Computed: true, MarkdownDescription: "How many servers it has."},
	"configuration_name":      schema.StringAttribute{Computed: true, MarkdownDescription: "Name of its scaling configuration."},
	"status":                  schema.StringAttribute{Computed: true, MarkdownDescription: "Status: `INSERVICE`, `PAUSED`, `ERROR`, `DELETING` or `FREEZED`."},
	"is_scaling":              schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether servers are being made or removed."},
	"detail":                  schema.StringAttribute{Computed: true, MarkdownDescription: "Why it failed to scale; none when it did not."},
	"created_at":              object.CreatedAt(),
}

// everywhere is the range that, allowed to be sent from, ends the check of addresses.
const everywhere = "1.1.1.1/0"

// sourceCheck is whether the check is on, as the ranges that may be sent from.
type sourceCheck struct{}

// Encode makes the ranges.
func (sourceCheck) Encode(v any) any {
	if v == true {
		return []any{}
	}
	return []any{map[string]any{"ip_address": everywhere}}
}

// Decode tells whether the ranges end the check.
func (sourceCheck) Decode(v any) (any, error) {
	pairs, err := object.Into[[]struct {
		Address string `json:"ip_address"`
	}](v)
	for _, pair := range pairs {
		if pair.Address == everywhere {
			return false, err
		}
	}
	return true, err
}

// hasItsServers tells that a group has come to rest with as many servers as it wants. One that is disabled always has.
func hasItsServers(answer object.Values) bool {
	current, _ := answer.Int("current_instance_number")
	desire, _ := answer.Int("desire_instance_number")
	return answer.String("scaling_group_status") == "PAUSED" || !answer.Bool("is_scaling") && current >= desire
}

// hasServers tells that a group is too busy for the cloud to change its network.
func hasServers(prior, _ object.Values) bool {
	current, _ := prior.Int("current_instance_number")
	return prior.Bool("enabled") || current > 0
}

func wantsEnabled(plan object.Values) bool { return plan.Bool("enabled") }

// numbersInOrder refuses a least number above the greatest, and a wanted one that is not between them. Where none is
// given, it is the one that the group has by now.
func numbersInOrder(prior, config object.Values, refuse func(string, string, ...any)) {
	number := func(name string) (int64, bool) {
		n, known := config.Int(name)
		return n, known || config.Null(name)
	}
	least, leastKnown := number("min_instance_number")
	most, mostKnown := number("max_instance_number")
	if leastKnown && mostKnown && least > most {
		refuse("min_instance_number", "The least number of servers, %d, is above the greatest, max_instance_number = %d.", least, most)
		return
	}
	if wanted, known := config.Int("desire_instance_number"); known {
		switch {
		case leastKnown && wanted < least:
			refuse("desire_instance_number", "The group would want %d servers, fewer than min_instance_number = %d.", wanted, least)
		case mostKnown && wanted > most:
			refuse("desire_instance_number", "The group would want %d servers, more than max_instance_number = %d.", wanted, most)
		}
	}
	if now, has := prior.Int("desire_instance_number"); has && config.Null("desire_instance_number") {
		switch {
		case leastKnown && now < least:
			refuse("min_instance_number", "The group wants %d servers by now, fewer than %d. Set desire_instance_number too.", now, least)
		case mostKnown && now > most:
			refuse("max_instance_number", "The group wants %d servers by now, more than %d. Set desire_instance_number too.", now, most)
		}
	}
}

// bandwidthNeedsIPv6 refuses a bandwidth for addresses that are not there.
func bandwidthNeedsIPv6(_, config object.Values, refuse func(string, string, ...any)) {
	for i := range config.List("networks") {
		at := fmt.Sprintf("networks.%d.", i)
		_, known := config.Get(at + "ipv6_enabled")
		if config.Has(at+"ipv6_bandwidth_id") && (config.Null(at+"ipv6_enabled") || known && !config.Bool(at+"ipv6_enabled")) {
			refuse(at+"ipv6_bandwidth_id", "Only an interface with ipv6_enabled has it.")
		}
	}
}

// auditNeedsListeners refuses to ask a load balancer that is not there.
func auditNeedsListeners(_, config object.Values, refuse func(string, string, ...any)) {
	if config.String("health_periodic_audit_method") == "ELB_AUDIT" && config.Null("lbaas_listeners") {
		refuse("health_periodic_audit_method", "ELB_AUDIT asks the load balancer of lbaas_listeners, and there is none.")
	}
}
