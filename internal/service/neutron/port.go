package neutron

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

const ports = "/v2.0/ports"

// Port is a network interface.
var Port = object.Kind{
	Name:    "port",
	Service: cloud.Neutron,
	Path:    ports,
	One:     "port",
	Many:    "ports",
	Paging:  cloud.Links("ports_links", 1000),
	Fields: object.Fields{
		"tag_names":             tagField,
		"project_id":            projectField,
		"security_group_ids":    {API: "security_groups"},
		"fixed_ips":             {Read: object.Never, Of: object.Fields{"subnet_id": {}, "ip_address": {}}},
		"all_fixed_ips":         {Read: object.Never},
		"allowed_address_pairs": {Read: object.Never, Of: object.Fields{"ip_address": {}, "mac_address": {}}},
		"extra_dhcp_options": {API: "extra_dhcp_opts", Of: object.Fields{
			"name": {API: "opt_name"}, "value": {API: "opt_value"}, "ip_version": {},
		}},
		"vnic_type": {API: "binding:vnic_type"},
		"host_id":   {API: "binding:host_id", Role: admin},
	},
	Decode: object.DecodeWith(decodePort),
	Changes: []object.Change{
		{Of: []string{
			"name", "description", "admin_state_up", "fixed_ips", "security_group_ids", "allowed_address_pairs", "port_security_enabled",
			"device_id", "device_owner", "dns_name", "vnic_type", "host_id",
		}, Alters: []string{"all_fixed_ips"}},
		{Of: []string{"mac_address"}, Op: object.Op{Role: admin}, Alters: []string{"all_fixed_ips"}},
		{Of: []string{"extra_dhcp_options"}, Do: changeOptions, Calls: []object.Op{putOptions}},
		nullable(ports, "port", "qos_policy_id"),
		tags(ports),
	},
	Checks: []object.Check{openPort, pairsNameAddresses},
	Filters: map[string]string{
		"name": "name", "description": "description", "network_id": "network_id", "device_id": "device_id", "device_owner": "device_owner",
		"mac_address": "mac_address", "status": "status", "admin_state_up": "admin_state_up", "project_id": "project_id", "host_id": "binding:host_id",
	},
	Releases: 30 * time.Second, // a server that is gone may still hold it for a moment
	Schema: schema.Schema{
		MarkdownDescription: "A port: a network interface with its addresses on a network, which a server or a router can use. Members of a project own the ports that they make on its networks and on shared ones; what is left to the owner of a network on those is said below.",
		Attributes: map[string]schema.Attribute{
			"network_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The network on which it is: the `id` of a `hwcloud_network`.",
			},
			"name":           name(),
			"description":    description(),
			"admin_state_up": adminStateUp("Without it, nothing is sent or received by it."),
			"fixed_ips": schema.ListNestedAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "Its addresses. Default: one of IPv4 and one of IPv6, as far as the network has such subnets; `[]` for none. An address of its own is left to the owner of the network. What the cloud adds in subnets whose addresses follow from MAC addresses is in `all_fixed_ips`.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"subnet_id": schema.StringAttribute{
						Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
						MarkdownDescription: "The subnet of which it is. Default: that of the address.",
					},
					"ip_address": schema.StringAttribute{
						Optional: true, Computed: true, Validators: []validator.String{valid.IP()},
						MarkdownDescription: "The address: in the subnet, and free. The cloud chooses when it is left out.",
					},
				}},
			},
			"security_group_ids": schema.SetAttribute{
				Optional: true, Computed: true, ElementType: types.StringType,
				Validators:          []validator.Set{setvalidator.ValueStringsAre(valid.UUID())},
				MarkdownDescription: "Its security groups; `[]` for none, which lets nothing through. Default: the project's group `default`.",
			},
			"port_security_enabled": schema.BoolAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Whether it has security groups, and sends from its own addresses only. Without it, it has no `security_group_ids`. Default: what the network says. Left to the owner of the network.",
			},
			"allowed_address_pairs": schema.SetNestedAttribute{
				Optional: true, Validators: []validator.Set{setvalidator.SizeBetween(1, 10)},
				MarkdownDescription: "What it may send from beside its own addresses: virtual addresses, and networks that it routes; at most 10. Left to the owner of the network.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"ip_address": schema.StringAttribute{
						Required:            true,
						MarkdownDescription: "An address or a range.",
					},
					"mac_address": schema.StringAttribute{
						Optional: true, Validators: []validator.String{valid.Match(macAddress, "six pairs of small hexadecimal digits are expected: fa:16:3e:01:02:03")},
						MarkdownDescription: "MAC address from which it is sent. Default: the port's own.",
					},
				}},
			},
			"mac_address": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.Match(macAddress, "six pairs of small hexadecimal digits are expected: fa:16:3e:01:02:03")},
				MarkdownDescription: "MAC address: `fa:16:3e:01:02:03`, free on the network. Default: the cloud chooses. Left to the owner of the network.",
			},
			"device_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtMost(255)},
				MarkdownDescription: "Id of what uses it. Services that do so set it.",
			},
			"device_owner": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtMost(255)},
				MarkdownDescription: "Sort of what uses it: `compute:nova`, `network:router_interface`. Services that do so set it. One that begins with `network:` is left to the owner of the network.",
			},
			"dns_name": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtMost(255), valid.Match(hostName, "a host name of lower case letters, digits and - is expected")},
				MarkdownDescription: "Name by which the cloud's own DNS knows it: lower case letters, digits and `-`, at most 63. A server that takes the port gives it its own name, and cannot take one that has another. An empty text takes the name away.",
			},
			"extra_dhcp_options": schema.SetNestedAttribute{
				Optional: true, Validators: []validator.Set{setvalidator.SizeAtLeast(1)},
				MarkdownDescription: "What DHCP tells what uses it beside the rest.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name":       schema.StringAttribute{Required: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 64)}, MarkdownDescription: "Name of the option, as DHCP servers have it: `mtu`, `ntp-server`."},
					"value":      schema.StringAttribute{Required: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 255)}, MarkdownDescription: "Its value."},
					"ip_version": schema.Int64Attribute{Required: true, Validators: []validator.Int64{int64validator.OneOf(4, 6)}, MarkdownDescription: "Which DHCP tells it: 4 or 6."},
				}},
			},
			"vnic_type": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString("normal"),
				Validators: []validator.String{stringvalidator.OneOf(
					"normal", "direct", "macvtap", "baremetal", "direct-physical", "virtio-forwarder", "smart-nic", "vdpa", "accelerator-direct",
					"accelerator-direct-physical", "remote-managed",
				)},
				MarkdownDescription: "How it is plugged in: `normal`, `direct`, `macvtap`, `baremetal`, `direct-physical`, `virtio-forwarder`, `smart-nic`, `vdpa`, `accelerator-direct`, `accelerator-direct-physical` or `remote-managed`.",
			},
			"host_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtMost(255)},
				MarkdownDescription: "Host on which it is. The compute service sets it. Members do not see it.",
			},
			"qos_policy_id": qosPolicy(),
			"project_id":    projectID(),
			"tag_names":     tagNames(),
			"all_fixed_ips": schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "All its addresses."},
			"status":        text("Status: `ACTIVE`, `DOWN` while nothing uses it, `BUILD` or `ERROR`."),
			"created_at":    object.CreatedAt(),
			"updated_at":    object.UpdatedAt(),
		},
	},
}

var (
	macAddress = pattern.New(`^([0-9a-f]{2}:){5}[0-9a-f]{2}$`)
	hostName   = pattern.New(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)?$`)
)

type fixedIP struct {
	SubnetID  string `json:"subnet_id"`
	IPAddress string `json:"ip_address"`
}

type addressPair struct {
	IPAddress  string  `json:"ip_address"`
	MacAddress *string `json:"mac_address"`
}

type portAnswer struct {
	MacAddress string        `json:"mac_address"`
	FixedIPs   []fixedIP     `json:"fixed_ips"`
	Pairs      []addressPair `json:"allowed_address_pairs"`
}

type portState struct {
	FixedIPs []fixedIP     `json:"fixed_ips"`
	All      []string      `json:"all_fixed_ips"`
	Pairs    []addressPair `json:"allowed_address_pairs"`
}

// decodePort puts the addresses into the order that they had, for the cloud has one of its own; leaves out what it added
// without being asked; and leaves out of a pair the port's own MAC address, which the cloud fills in.
func decodePort(answer portAnswer, prior portState) (portState, error) {
	state := portState{FixedIPs: []fixedIP{}}
	left := slices.Clone(answer.FixedIPs)
	for _, ip := range left {
		state.All = append(state.All, ip.IPAddress)
	}
	take := func(fits func(fixedIP) bool) {
		if i := slices.IndexFunc(left, fits); i >= 0 {
			state.FixedIPs = append(state.FixedIPs, left[i])
			left = slices.Delete(left, i, i+1)
		}
	}
	for _, asked := range prior.FixedIPs {
		take(func(ip fixedIP) bool {
			return (asked.IPAddress == "" || sameAddress(asked.IPAddress, ip.IPAddress)) && (asked.SubnetID == "" || asked.SubnetID == ip.SubnetID)
		})
	}
	for _, ip := range left {
		if !fromMAC(ip.IPAddress, answer.MacAddress) {
			state.FixedIPs = append(state.FixedIPs, ip)
		}
	}
	for _, pair := range answer.Pairs {
		said := slices.ContainsFunc(prior.Pairs, func(p addressPair) bool {
			return p.IPAddress == pair.IPAddress && p.MacAddress != nil && *p.MacAddress == answer.MacAddress
		})
		if pair.MacAddress != nil && *pair.MacAddress == answer.MacAddress && !said {
			pair.MacAddress = nil
		}
		state.Pairs = append(state.Pairs, pair)
	}
	return state, nil
}

func sameAddress(a, b string) bool {
	first, errFirst := netip.ParseAddr(a)
	second, errSecond := netip.ParseAddr(b)
	return a == b || errFirst == nil && errSecond == nil && first == second
}

// fromMAC tells that an address of IPv6 follows from a MAC address.
func fromMAC(address, mac string) bool {
	a, err := netip.ParseAddr(address)
	digits := strings.ReplaceAll(strings.ToLower(mac), ":", "")
	if err != nil || !a.Is6() || len(digits) != 12 {
		return false
	}
	b := a.As16()
	b[8] ^= 2
	const hex = "0123456789abcdef"
	text := ""
	for _, octet := range b[8:] {
		text += string([]byte{hex[octet>>4], hex[octet&15]})
	}
	return text == digits[:6]+"fffe"+digits[6:]
}

// openPort refuses what a port without security has not.
func openPort(_, config object.Values, refuse func(string, string, ...any)) {
	secure, known := config.Get("port_security_enabled")
	if !known || secure != false {
		return
	}
	if len(config.List("security_group_ids")) > 0 {
		refuse("security_group_ids", "Without port_security_enabled a port has no security groups.")
	}
	if config.Has("allowed_address_pairs") {
		refuse("allowed_address_pairs", "Without port_security_enabled a port sends from any address.")
	}
}

// pairsNameAddresses refuses pairs of what is no address.
func pairsNameAddresses(_, config object.Values, refuse func(string, string, ...any)) {
	pairs, err := object.Into[[]struct {
		IPAddress *string `json:"ip_address"`
	}](config.List("allowed_address_pairs"))
	if err != nil {
		return
	}
	for _, pair := range pairs {
		if pair.IPAddress == nil {
			continue // not known yet
		}
		_, errAddress := netip.ParseAddr(*pair.IPAddress)
		_, errRange := netip.ParsePrefix(*pair.IPAddress)
		if errAddress != nil && errRange != nil {
			refuse("allowed_address_pairs", "%q is neither an address nor a range.", *pair.IPAddress)
		}
	}
}
