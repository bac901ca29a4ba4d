package opinion

import (
	"context"
	"strings"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/dns"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/external"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/extradhcpopts"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/layer3/floatingips"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/layer3/routers"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/mtu"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/portsbinding"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/portsecurity"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/provider"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/qos/policies"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/security/groups"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/security/rules"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/networks"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/ports"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/subnets"
)

func ofNetwork(read func(context.Context, *gophercloud.ServiceClient, State) (Fields, error)) Reader {
	return reader(openstack.NewNetworkV2, "", read)
}

// A network, and a port, with what each extension says of it: the client reads them one by one.
type (
	networkPart struct {
		networks.Network
		external.NetworkExternalExt
		mtu.NetworkMTUExt
		portsecurity.PortSecurityExt
		dns.NetworkDNSExt
		policies.QoSPolicyExt
	}
	portPart struct {
		ports.Port
		portsbinding.PortsBindingExt
		portsecurity.PortSecurityExt
		extradhcpopts.ExtraDHCPOptsExt
		dns.PortDNSExt
		policies.QoSPolicyExt
	}
)

var network = map[string]Reader{
	"hwcloud_network": ofNetwork(func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		var v networkPart
		result := networks.Get(ctx, c, s.text("id"))
		if err := result.ExtractInto(&v); err != nil {
			return nil, err
		}
		var p provider.NetworkProviderExt
		if err := result.ExtractInto(&p); err != nil {
			return nil, err
		}
		there := Fields{
			"name": v.Name, "description": v.Description, "admin_state_up": v.AdminStateUp, "status": v.Status, "shared": v.Shared, "external": v.External,
			"mtu": v.MTU, "port_security_enabled": v.PortSecurityEnabled, "dns_domain": v.DNSDomain, "qos_policy_id": v.QoSPolicyID,
			"availability_zone_hints": v.AvailabilityZoneHints, "project_id": v.ProjectID, "tag_names": v.Tags, "subnet_ids": v.Subnets,
			"created_at": second(v.CreatedAt), "updated_at": second(v.UpdatedAt),
		}
		if p.NetworkType != "" { // administrators see it
			there["provider_network_type"], there["provider_physical_network"] = p.NetworkType, p.PhysicalNetwork
		}
		return there, nil
	}),
	"hwcloud_subnet": ofNetwork(func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := subnets.Get(ctx, c, s.text("id")).Extract()
		if err != nil {
			return nil, err
		}
		return Fields{
			"network_id": v.NetworkID, "name": v.Name, "description": v.Description, "cidr": v.CIDR, "ip_version": v.IPVersion,
			"gateway_ip": v.GatewayIP, "gateway_enabled": v.GatewayIP != "", "dhcp_enabled": v.EnableDHCP, "dns_servers": v.DNSNameservers,
			"allocation_pools": v.AllocationPools, "host_routes": v.HostRoutes, "service_types": v.ServiceTypes,
			"ipv6_ra_mode": v.IPv6RAMode, "ipv6_address_mode": v.IPv6AddressMode, "segment_id": v.SegmentID,
			"project_id": v.ProjectID, "tag_names": v.Tags, "created_at": second(v.CreatedAt), "updated_at": second(v.UpdatedAt),
		}, nil
	}),
	"hwcloud_port": ofNetwork(func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		var v portPart
		if err := ports.Get(ctx, c, s.text("id")).ExtractInto(&v); err != nil {
			return nil, err
		}
		options := []Fields{}
		for _, o := range v.ExtraDHCPOpts {
			options = append(options, Fields{"name": o.OptName, "value": o.OptValue, "ip_version": o.IPVersion})
		}
		addresses := []string{}
		for _, ip := range v.FixedIPs {
			addresses = append(addresses, ip.IPAddress)
		}
		return Fields{
			"network_id": v.NetworkID, "name": v.Name, "description": v.Description, "admin_state_up": v.AdminStateUp, "status": v.Status,
			"mac_address": v.MACAddress, "all_fixed_ips": addresses, "security_group_ids": v.SecurityGroups, "port_security_enabled": v.PortSecurityEnabled,
			"device_id": v.DeviceID, "device_owner": v.DeviceOwner, "dns_name": v.DNSName, "extra_dhcp_options": options, "vnic_type": v.VNICType,
			"host_id": v.HostID, "qos_policy_id": v.QoSPolicyID, "project_id": v.ProjectID, "tag_names": v.Tags,
			"created_at": second(v.CreatedAt), "updated_at": second(v.UpdatedAt),
		}, nil
	}),
	"hwcloud_router": ofNetwork(func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := routers.Get(ctx, c, s.text("id")).Extract()
		if err != nil {
			return nil, err
		}
		there := Fields{
			"name": v.Name, "description": v.Description, "admin_state_up": v.AdminStateUp, "status": v.Status,
			"external_network_id": v.GatewayInfo.NetworkID, "snat_enabled": v.GatewayInfo.EnableSNAT, "external_fixed_ips": v.GatewayInfo.ExternalFixedIPs,
			"availability_zone_hints": v.AvailabilityZoneHints, "project_id": v.ProjectID, "tag_names": v.Tags,
			"created_at": second(v.CreatedAt), "updated_at": second(v.UpdatedAt),
		}
		if v.Distributed { // administrators see it
			there["distributed"] = true
		}
		return there, nil
	}),
	"hwcloud_router_interface": ofNetwork(func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := ports.Get(ctx, c, s.text("port_id")).Extract()
		if err != nil {
			return nil, err
		}
		there := Fields{
			"port_id": v.ID, "router_id": v.DeviceID, "network_id": v.NetworkID, "mac_address": v.MACAddress, "status": v.Status,
			"created_at": second(v.CreatedAt), "updated_at": second(v.UpdatedAt),
		}
		if len(v.FixedIPs) > 0 {
			there["subnet_id"], there["ip_address"] = v.FixedIPs[0].SubnetID, v.FixedIPs[0].IPAddress
		}
		return there, nil
	}),
	"hwcloud_floating_ip": ofNetwork(func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := floatingips.Get(ctx, c, s.text("id")).Extract()
		if err != nil {
			return nil, err
		}
		return Fields{
			"floating_network_id": v.FloatingNetworkID, "floating_ip_address": v.FloatingIP, "description": v.Description, "project_id": v.ProjectID, "tag_names": v.Tags,
			"port_id": v.PortID, "fixed_ip_address": v.FixedIP, "router_id": v.RouterID, "status": v.Status,
			"created_at": second(v.CreatedAt), "updated_at": second(v.UpdatedAt),
		}, nil
	}),
	"hwcloud_floating_ip_association": ofNetwork(func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := floatingips.Get(ctx, c, s.text("floating_ip_id")).Extract()
		if err != nil {
			return nil, err
		}
		return Fields{
			"floating_ip_id": v.ID, "port_id": v.PortID, "fixed_ip_address": v.FixedIP, "floating_ip_address": v.FloatingIP, "router_id": v.RouterID, "status": v.Status,
		}, nil
	}),
	"hwcloud_security_group": ofNetwork(func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := groups.Get(ctx, c, s.text("id")).Extract()
		if err != nil {
			return nil, err
		}
		return Fields{
			"name": v.Name, "description": v.Description, "stateful": v.Stateful, "project_id": v.ProjectID, "tag_names": v.Tags,
			"created_at": second(v.CreatedAt), "updated_at": second(v.UpdatedAt),
		}, nil
	}),
	"hwcloud_security_group_rule": ofNetwork(func(ctx context.Context, c *gophercloud.ServiceClient, s State) (Fields, error) {
		v, err := rules.Get(ctx, c, s.text("id")).Extract()
		if err != nil {
			return nil, err
		}
		return Fields{
			"security_group_id": v.SecGroupID, "direction": v.Direction, "ethertype": v.EtherType, "protocol": s.spelled("protocol", v.Protocol, "icmpv6", "ipv6-icmp"),
			"port_range_min": s.orNone("port_range_min", v.PortRangeMin), "port_range_max": s.orNone("port_range_max", v.PortRangeMax),
			"remote_ip_prefix": s.spelled("remote_ip_prefix", v.RemoteIPPrefix, address(v.RemoteIPPrefix), v.RemoteIPPrefix),
			"remote_group_id":  v.RemoteGroupID, "remote_address_group_id": v.RemoteAddressGroupID, "description": v.Description, "project_id": v.ProjectID,
			"created_at": second(v.CreatedAt), "updated_at": second(v.UpdatedAt),
		}, nil
	}),
}

// address is a range of one address without its length.
func address(prefix string) string {
	return strings.TrimSuffix(strings.TrimSuffix(prefix, "/32"), "/128")
}
