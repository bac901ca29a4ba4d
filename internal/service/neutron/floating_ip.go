package neutron

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

const floatingIPs = "/v2.0/floatingips"

// FloatingIP is an address outside of the cloud. What it stands for says its association.
var FloatingIP = object.Kind{
	Name:    "floating_ip",
	Service: cloud.Neutron,
	Path:    floatingIPs,
	One:     "floatingip",
	Many:    "floatingips",
	Paging:  cloud.Links("floatingips_links", 1000),
	Ready:   object.Ready{Path: "status", OK: []string{"ACTIVE", "DOWN"}, Failed: []string{"ERROR"}},
	Fields: object.Fields{
		"tag_names":           tagField,
		"project_id":          projectField,
		"floating_ip_address": {Role: admin},
	},
	Silent: []string{"subnet_id"},
	Changes: []object.Change{
		{Of: []string{"description"}, Op: bound(object.Attr("description"), object.Attr("qos_policy_id")), Unset: bound("", object.Attr("qos_policy_id"))},
		{Of: []string{"qos_policy_id"}, Op: bound(object.Attr("description"), object.Attr("qos_policy_id")), Unset: bound(object.Attr("description"), object.Null)},
		tags(floatingIPs),
	},
	Filters: map[string]string{
		"floating_network_id": "floating_network_id", "floating_ip_address": "floating_ip_address", "port_id": "port_id", "router_id": "router_id",
		"fixed_ip_address": "fixed_ip_address", "status": "status", "project_id": "project_id", "description": "description",
	},
	Replaces: []string{"openstack_networking_floatingip_v2", "openstack_compute_floatingip_v2", "opentelekomcloud_networking_floatingip_v2", "flexibleengine_networking_floatingip_v2"},
	Schema: schema.Schema{
		MarkdownDescription: "A floating IP: an address on an external network, which stands for that of a port (`hwcloud_floating_ip_association`). Members of a project own its floating IPs.",
		Attributes: map[string]schema.Attribute{
			"floating_network_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The external network of which the address is.",
			},
			"subnet_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The external network's subnet of which the address is. The cloud chooses when it is left out.",
			},
			"floating_ip_address": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.IPv4()},
				MarkdownDescription: "The address. The cloud chooses when it is left out.",
			},
			"description":      description(),
			"qos_policy_id":    qosPolicy(),
			"project_id":       projectID(),
			"tag_names":        tagNames(),
			"port_id":          text("The port that it stands for; nothing without an association."),
			"fixed_ip_address": text("The address of that port."),
			"router_id":        text("The router by which it leads there."),
			"status":           text("Status: `ACTIVE` when it leads somewhere, `DOWN` when it does not, or `ERROR`."),
			"created_at":       object.CreatedAt(),
			"updated_at":       object.UpdatedAt(),
		},
	},
}

// bound is a change of a floating IP. With any change Neutron binds it anew: what it is bound to, and to which address of a
// port that has several, is said again as it is now, since an association may just have changed it. A policy that is not said
// again is removed.
func bound(description, policy any) object.Op {
	return object.Op{
		Method: "PUT", Path: floatingIPs + "/{id}", Keeps: []string{"port_id", "fixed_ip_address"},
		Body: object.Body{"floatingip": object.Body{
			"description": description, "qos_policy_id": policy, "port_id": object.Attr("port_id"), "fixed_ip_address": object.Attr("fixed_ip_address"),
		}},
	}
}

const oneFloatingIP = floatingIPs + "/{floating_ip_id}"

// FloatingIPAssociation is the bond between a floating IP and a port. A floating IP has one at most, so the bond's id is the
// floating IP's.
var FloatingIPAssociation = object.Kind{
	Name:    "floating_ip_association",
	Service: cloud.Neutron,
	ID:      "{floating_ip_id}",
	Path:    floatingIPs,
	One:     "floatingip",
	Many:    "floatingips",
	Paging:  cloud.Links("floatingips_links", 1000),
	Create:  bond,
	Read:    object.Op{Path: oneFloatingIP},
	Delete:  noBond,
	Proof:   "port_id",
	Fields:  object.Fields{"floating_ip_id": {Read: "id"}},
	Changes: []object.Change{{Of: []string{"fixed_ip_address"}, Op: bond}},
	Filters: map[string]string{
		"floating_ip_id": "id", "port_id": "port_id", "fixed_ip_address": "fixed_ip_address", "router_id": "router_id", "floating_ip_address": "floating_ip_address",
	},
	Releases: 30 * time.Second,
	Replaces: []string{"openstack_networking_floatingip_associate_v2", "openstack_compute_floatingip_associate_v2", "flexibleengine_networking_floatingip_associate_v2"},
	Schema: schema.Schema{
		MarkdownDescription: "Lets a floating IP stand for a port. A router whose gateway is on the floating IP's network has to lead to the port's subnet: where the configuration does not say so by itself, `depends_on` names the `hwcloud_router_interface`. A floating IP stands for one port, and an address of a port has one floating IP of a network. Members of a project own the associations of its floating IPs.",
		Attributes: map[string]schema.Attribute{
			"floating_ip_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The floating IP.",
			},
			"port_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The port.",
			},
			"fixed_ip_address": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.IPv4()},
				MarkdownDescription: "The address of the port for which it stands. Needed of a port with several of IPv4.",
			},
			"floating_ip_address": text("The address outside."),
			"router_id":           text("The router by which it leads to the port."),
			"status":              text("Status of the floating IP: `ACTIVE`, `DOWN` or `ERROR`."),
		},
	},
}

// Neutron removes the QoS policy of a floating IP that is bound or let go without saying it again.
var (
	bond = object.Op{
		Method: "PUT", Path: oneFloatingIP, Overwrites: true, Keeps: []string{"qos_policy_id"},
		Body: object.Body{"floatingip": object.Body{
			"port_id": object.Attr("port_id"), "fixed_ip_address": object.Attr("fixed_ip_address"), "qos_policy_id": object.Attr("qos_policy_id"),
		}},
	}
	noBond = object.Op{
		Method: "PUT", Path: oneFloatingIP, Keeps: []string{"qos_policy_id"},
		Body: object.Body{"floatingip": object.Body{"port_id": object.Null, "qos_policy_id": object.Attr("qos_policy_id")}},
	}
)
