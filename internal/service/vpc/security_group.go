package vpc

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// SecurityGroup is a set of rules for the traffic of the ports that have it.
var SecurityGroup = object.Kind{
	Name:    "security_group",
	Service: cloud.VPC,
	Path:    "/v3/{project_id}/vpc/security-groups",
	One:     "security_group",
	Many:    "security_groups",
	Paging:  cloud.Marker(2000, "page_info.next_marker"),
	Tags: &object.Tags{
		Create: "tags", Write: object.Pairs,
		Read: "tags", As: object.Pairs,
		Action: "/v2.0/{project_id}/security-groups/{id}/tags/action",
	},
	Local: []string{"delete_default_rules"},
	Changes: []object.Change{
		{Of: []string{"name", "description"}},
		{
			Of:      []string{"delete_default_rules"},
			Follows: func(plan object.Values) bool { return plan.Bool("delete_default_rules") },
			Do:      deleteRules, Calls: []object.Op{deleteRule},
		},
	},
	Filters:  map[string]string{"name": "name", "enterprise_project_id": "enterprise_project_id"},
	Releases: 5 * time.Minute, // servers, and services that make ports of their own, release them late
	Replaces: []string{
		"huaweicloud_networking_secgroup", "huaweicloud_networking_secgroup_v2",
		"opentelekomcloud_networking_secgroup_v2", "openstack_networking_secgroup_v2",
	},
	Schema: schema.Schema{
		MarkdownDescription: "A security group: rules for the traffic from and to the network interfaces that have it. What no rule allows is refused.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true, Validators: valid.Name(1, 64),
				MarkdownDescription: "Name: 1 to 64 Chinese or Latin letters, digits, and `_` `-` `.`. Several groups may have the same.",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: valid.Description(255),
				MarkdownDescription: "Description: at most 255 characters, without `<` and `>`.",
			},
			"enterprise_project_id": object.EnterpriseProject(),
			"delete_default_rules": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether a new group loses the rules that the cloud gives it: everything may go out, and come in from its own members. Only asked when the group is created.",
			},
			"created_at": object.CreatedAt(),
			"updated_at": object.UpdatedAt(),
		},
	},
}

var deleteRule = object.Op{Method: "DELETE", Path: "/v3/{project_id}/vpc/security-group-rules/{rule_id}"}

// deleteRules removes all rules of a group. Of a new one these are the cloud's.
func deleteRules(ctx context.Context, call *object.Call) error {
	answer, err := call.Read(ctx)
	if err != nil {
		return err
	}
	group, err := object.Into[struct {
		Rules []struct {
			ID string `json:"id"`
		} `json:"security_group_rules"`
	}](answer)
	if err != nil {
		return err
	}
	for _, rule := range group.Rules {
		if _, err := call.Do(ctx, deleteRule, object.Values{"rule_id": rule.ID}); err != nil {
			return err
		}
	}
	return nil
}
