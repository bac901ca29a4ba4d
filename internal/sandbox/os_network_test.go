package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const netRoot = "/network/v2.0"

// outside is the network that leads out of the cloud.
const outside = "05ac0000-0000-4000-8000-000000000201"

// nobody is an id that nothing has.
const nobody = "11111111-1111-1111-1111-111111111111"

// made makes an object of Neutron's and returns its id.
func (c *client) made(path, one, attributes string) string {
	c.t.Helper()
	return c.do(201, "POST", netRoot+path, fmt.Sprintf(`{%q:{%s}}`, one, attributes)).str(one, "id")
}

// netStranger is a member of another project.
func netStranger(t *testing.T, c *client) *client {
	t.Helper()
	admin := signIn(t, c.cloud, "admin", "admin")
	id := admin.do(201, "POST", "/identity/v3/projects", `{"project":{"name":"other"}}`).str("project", "id")
	c.control(200, "PATCH", "objects/os_user/"+nativeMember, fmt.Sprintf(`{"roles":{%q:["member"],%q:["member"]}}`, nativeProject, id))
	return signIn(t, c.cloud, "sandbox", "other")
}

func TestNativeNetwork(t *testing.T) {
	t.Parallel()
	c, admin := newNative(t, Options{})
	a := c.do(201, "POST", netRoot+"/networks", `{"network":{"name":"n","shared":false,"description":"d","mtu":1400,"dns_domain":"my.org.","port_security_enabled":false,"admin_state_up":false}}`)
	whole := map[string]any{
		"network.name": "n", "network.description": "d", "network.mtu": 1400, "network.dns_domain": "my.org.", "network.port_security_enabled": false,
		"network.admin_state_up": false, "network.status": "ACTIVE", "network.shared": false, "network.router:external": false, "network.subnets": []any{},
		"network.project_id": nativeProject, "network.tenant_id": nativeProject, "network.revision_number": 1, "network.tags": []any{},
		"network.provider:network_type": nil, "network.qos_policy_id": nil, "network.l2_adjacency": true,
	}
	c.want(a, whole)
	path := netRoot + "/networks/" + a.str("network", "id")
	c.want(c.do(200, "GET", path, ""), whole)
	admin.want(admin.do(200, "GET", path, ""), map[string]any{"network.provider:network_type": "vxlan", "network.provider:physical_network": nil})

	subnet := c.made("/subnets", "subnet", fmt.Sprintf(`"network_id":%q,"cidr":"10.0.0.9/24","ip_version":4`, a.str("network", "id")))
	c.want(c.do(200, "GET", path, ""), map[string]any{"network.subnets.0": subnet})
	c.want(c.do(200, "GET", netRoot+"/subnets/"+subnet, ""), map[string]any{
		"subnet.cidr": "10.0.0.0/24", "subnet.gateway_ip": "10.0.0.1", "subnet.enable_dhcp": true, "subnet.dns_nameservers": []any{},
		"subnet.allocation_pools": []any{map[string]any{"start": "10.0.0.2", "end": "10.0.0.254"}}, "subnet.ipv6_ra_mode": nil, "subnet.host_routes": []any{},
	})

	c.want(c.do(200, "PUT", path, `{"network":{"name":"m","description":"","mtu":0}}`), map[string]any{
		"network.name": "m", "network.description": "", "network.mtu": 1450, "network.dns_domain": "my.org.", "network.revision_number": 2,
	})
	old := c.request("PUT", path, `{"network":{"name":"l"}}`)
	old.Header.Set("If-Match", "revision_number=1")
	if a := c.send(old); a.status != 412 {
		t.Error(a.text)
	}
}

func TestNativeNetworkProvider(t *testing.T) {
	t.Parallel()
	_, c := newNative(t, Options{})
	for body, want := range map[string]map[string]any{
		`"provider:network_type":"vlan"`:                                   {"network.provider:physical_network": "physnet1", "network.mtu": 1500},
		`"provider:network_type":"vxlan","provider:segmentation_id":5000`:  {"network.provider:segmentation_id": 5000, "network.mtu": 1450},
		`"provider:network_type":"geneve"`:                                 {"network.mtu": 1442},
		`"provider:network_type":"local"`:                                  {"network.provider:segmentation_id": nil, "network.mtu": 1500},
		`"provider:network_type":"flat","provider:physical_network":"far"`: {"network.provider:physical_network": "far"},
		`"shared":true`: {"network.shared": true},
	} {
		c.want(c.do(201, "POST", netRoot+"/networks", `{"network":{`+body+`}}`), want)
	}
	refusedAll(t, c, []netRefusedCall{
		{"POST", "/networks", `{"network":{"provider:network_type":"vxlan","provider:segmentation_id":5000}}`, 409, "TunnelIdInUse"},
		{"POST", "/networks", `{"network":{"provider:network_type":"flat","provider:physical_network":"public"}}`, 409, "FlatNetworkInUse"},
		{"POST", "/networks", `{"network":{"provider:network_type":"flat"}}`, 400, "InvalidInput"},
		{"POST", "/networks", `{"network":{"provider:network_type":"tin"}}`, 400, "InvalidInput"},
		{"POST", "/networks", `{"network":{"provider:segmentation_id":7}}`, 400, "InvalidInput"},
		{"POST", "/networks", `{"network":{"provider:network_type":"vlan","provider:physical_network":"zz"}}`, 400, "InvalidInput"},
		{"POST", "/networks", `{"network":{"provider:network_type":"vlan","provider:segmentation_id":4095}}`, 400, "InvalidInput"},
	})
}

// netRefusedCall is a request and the refusal that Neutron has for it.
type netRefusedCall struct {
	method, path, body string
	status             int
	kind               string
}

func refusedAll(t *testing.T, c *client, calls []netRefusedCall) {
	t.Helper()
	for _, call := range calls {
		t.Run(call.kind, func(t *testing.T) {
			a := c.send(c.request(call.method, netRoot+call.path, call.body))
			if a.status != call.status || a.str("NeutronError", "type") != call.kind {
				t.Errorf("%s %s %s: %d %s instead of %d %s", call.method, call.path, call.body, a.status, a.text, call.status, call.kind)
			}
		})
	}
}

func TestNativeNetworkRefusals(t *testing.T) {
	t.Parallel()
	c, admin := newNative(t, Options{})
	n := c.made("/networks", "network", `"name":"n"`)
	s := c.made("/subnets", "subnet", `"network_id":"`+n+`","cidr":"10.0.0.0/24","ip_version":4`)
	p := c.made("/ports", "port", `"network_id":"`+n+`","fixed_ips":[{"ip_address":"10.0.0.7"}],"mac_address":"fa:16:3e:00:00:01"`)
	g := c.made("/security-groups", "security_group", `"name":"g"`)
	network := func(body string) string { return `{"network":{` + body + `}}` }
	subnet := func(body string) string {
		return `{"subnet":{"network_id":"` + n + `","ip_version":4,"cidr":"10.5.0.0/24",` + body + `}}`
	}
	port := func(body string) string { return `{"port":{"network_id":"` + n + `",` + body + `}}` }
	refusedAll(t, c, []netRefusedCall{
		{"POST", "/networks", "{", 400, "HTTPBadRequest"},
		{"POST", "/networks", "{}", 400, "HTTPBadRequest"},
		{"POST", "/networks", network(`"nam":"x"`), 400, "HTTPBadRequest"},
		{"POST", "/networks", network(`"name":5`), 400, "HTTPBadRequest"},
		{"POST", "/networks", network(`"name":"` + strings.Repeat("x", 256) + `"`), 400, "HTTPBadRequest"},
		{"POST", "/networks", network(`"tags":["a"]`), 400, "HTTPBadRequest"},
		{"POST", "/networks", network(`"dns_domain":"my.org"`), 400, "HTTPBadRequest"},
		{"POST", "/networks", network(`"tenant_id":"x"`), 400, "HTTPBadRequest"},
		{"POST", "/networks", network(`"admin_state_up":"maybe"`), 400, "InvalidInput"},
		{"POST", "/networks", network(`"mtu":9000`), 400, "InvalidInput"},
		{"POST", "/networks", network(`"availability_zone_hints":["z"]`), 404, "AvailabilityZoneNotFound"},
		{"POST", "/networks", network(`"qos_policy_id":"` + nobody + `"`), 404, "QosPolicyNotFound"},
		{"POST", "/networks", network(`"shared":true`), 403, "PolicyNotAuthorized"},
		{"POST", "/networks", network(`"router:external":true`), 403, "PolicyNotAuthorized"},
		{"POST", "/networks", network(`"provider:network_type":"vlan"`), 403, "PolicyNotAuthorized"},
		{"PUT", "/networks/" + n, network(`"shared":false`), 403, "PolicyNotAuthorized"},
		{"PUT", "/networks/" + n, network(`"id":"x"`), 400, "HTTPBadRequest"},
		{"PUT", "/networks/" + n, network(`"availability_zone_hints":[]`), 400, "HTTPBadRequest"},
		{"PUT", "/networks/" + outside, network(`"name":"mine"`), 403, "PolicyNotAuthorized"},
		{"DELETE", "/networks/" + outside, "", 403, "PolicyNotAuthorized"},
		{"DELETE", "/networks/" + n, "", 409, "NetworkInUse"},
		{"GET", "/networks/" + nobody, "", 404, "NetworkNotFound"},
		{"GET", "/networks?nope=1", "", 400, "HTTPBadRequest"},
		{"GET", "/networks?limit=x", "", 400, "BadRequest"},
		{"GET", "/networks?marker=" + nobody, "", 404, "NetworkNotFound"},
		{"GET", "/networks?sort_key=name", "", 400, "HTTPBadRequest"},
		{"GET", "/nothing", "", 404, "HTTPNotFound"},

		{"POST", "/subnets", `{"subnet":{"network_id":"` + n + `","cidr":"10.5.0.0/24"}}`, 400, "HTTPBadRequest"},
		{"POST", "/subnets", `{"subnet":{"network_id":"` + outside + `","cidr":"10.5.0.0/24","ip_version":4}}`, 403, "HTTPForbidden"},
		{"POST", "/subnets", `{"subnet":{"network_id":"` + nobody + `","cidr":"10.5.0.0/24","ip_version":4}}`, 404, "NetworkNotFound"},
		{"POST", "/subnets", `{"subnet":{"network_id":"` + n + `","cidr":"10.0.0.128/25","ip_version":4}}`, 400, "InvalidInput"},
		{"POST", "/subnets", `{"subnet":{"network_id":"` + n + `","cidr":"10.2.0.0/24","ip_version":6}}`, 400, "InvalidInput"},
		{"POST", "/subnets", `{"subnet":{"network_id":"` + n + `","cidr":"10.2.0.0/31","ip_version":4}}`, 400, "InvalidInput"},
		{"POST", "/subnets", `{"subnet":{"network_id":"` + n + `","cidr":"224.0.0.0/24","ip_version":4}}`, 400, "InvalidInput"},
		{"POST", "/subnets", `{"subnet":{"network_id":"` + n + `","cidr":"x","ip_version":4}}`, 400, "InvalidInput"},
		{"POST", "/subnets", `{"subnet":{"network_id":"` + n + `","cidr":"fd00::/80","ip_version":6,"ipv6_address_mode":"slaac"}}`, 400, "InvalidInput"},
		{"POST", "/subnets", subnet(`"gateway_ip":"10.5.0.0"`), 400, "InvalidInput"},
		{"POST", "/subnets", subnet(`"gateway_ip":"10.5.0.15","allocation_pools":[{"start":"10.5.0.10","end":"10.5.0.20"}]`), 409, "GatewayConflictWithAllocationPools"},
		{"POST", "/subnets", subnet(`"allocation_pools":[{"start":"10.5.0.20","end":"10.5.0.10"}]`), 400, "InvalidAllocationPool"},
		{"POST", "/subnets", subnet(`"allocation_pools":[{"start":"10.6.0.1","end":"10.6.0.9"}]`), 400, "OutOfBoundsAllocationPool"},
		{"POST", "/subnets", subnet(`"allocation_pools":[{"start":"10.5.0.9","end":"10.5.0.30"},{"start":"10.5.0.25","end":"10.5.0.40"}]`), 409, "OverlappingAllocationPools"},
		{"POST", "/subnets", subnet(`"dns_nameservers":["q"]`), 400, "HTTPBadRequest"},
		{"POST", "/subnets", subnet(`"dns_nameservers":["8.8.8.1","8.8.8.2","8.8.8.3","8.8.8.4","8.8.8.5","8.8.8.6"]`), 400, "DNSNameServersExhausted"},
		{"POST", "/subnets", subnet(`"dns_nameservers":["2001::1"]`), 400, "InvalidInput"},
		{"POST", "/subnets", subnet(`"host_routes":[{"destination":"q","nexthop":"10.5.0.9"}]`), 400, "HTTPBadRequest"},
		{"POST", "/subnets", subnet(`"ipv6_ra_mode":"slaac"`), 400, "InvalidInput"},
		{"POST", "/subnets", subnet(`"subnetpool_id":"` + nobody + `"`), 404, "SubnetPoolNotFound"},
		{"PUT", "/subnets/" + s, `{"subnet":{"cidr":"10.0.0.0/25"}}`, 400, "HTTPBadRequest"},
		{"PUT", "/subnets/" + s, `{"subnet":{"gateway_ip":"10.0.0.77"}}`, 409, "GatewayConflictWithAllocationPools"},
		{"DELETE", "/subnets/" + s, "", 409, "SubnetInUse"},

		{"POST", "/ports", `{"port":{}}`, 400, "HTTPBadRequest"},
		{"POST", "/ports", `{"port":{"network_id":"` + outside + `"}}`, 403, "HTTPForbidden"},
		{"POST", "/ports", port(`"fixed_ips":[{"ip_address":"10.0.0.7"}]`), 409, "IpAddressAlreadyAllocated"},
		{"POST", "/ports", port(`"fixed_ips":[{"ip_address":"10.9.0.7"}]`), 400, "InvalidIpForNetwork"},
		{"POST", "/ports", port(`"fixed_ips":[{"subnet_id":"` + s + `","ip_address":"10.0.0.255"}]`), 400, "InvalidIpForSubnet"},
		{"POST", "/ports", port(`"fixed_ips":[{"subnet_id":"` + nobody + `"}]`), 404, "SubnetNotFound"},
		{"POST", "/ports", port(`"fixed_ips":[{}]`), 400, "InvalidInput"},
		{"POST", "/ports", port(`"mac_address":"FA:16:3E:00:00:01"`), 409, "MacAddressInUse"},
		{"POST", "/ports", port(`"mac_address":"x"`), 400, "HTTPBadRequest"},
		{"POST", "/ports", port(`"security_groups":["` + nobody + `"]`), 404, "SecurityGroupNotFound"},
		{"POST", "/ports", port(`"security_groups":["` + g + `"],"port_security_enabled":false`), 400, "PortSecurityAndIPRequiredForSecurityGroups"},
		{"POST", "/ports", port(`"allowed_address_pairs":[{"ip_address":"1.1.1.1"}],"port_security_enabled":false`), 409, "AddressPairAndPortSecurityRequired"},
		{"POST", "/ports", port(`"allowed_address_pairs":[{"ip_address":"1.1.1.1"},{"ip_address":"1.1.1.1"}]`), 400, "DuplicateAddressPairInRequest"},
		{"POST", "/ports", port(`"dns_name":"a_b"`), 400, "HTTPBadRequest"},
		{"POST", "/ports", port(`"binding:host_id":"h"`), 403, "PolicyNotAuthorized"},
		{"POST", "/ports", port(`"binding:vnic_type":"x"`), 400, "HTTPBadRequest"},
		{"POST", "/ports", port(`"extra_dhcp_opts":[{"opt_name":"mtu"}]`), 400, "InvalidInput"},
		{"PUT", "/ports/" + p, `{"port":{"mac_address":"fa:16:3e:00:00:09"}}`, 403, "PolicyNotAuthorized"},
		{"PUT", "/ports/" + p, `{"port":{"port_security_enabled":false}}`, 409, "PortSecurityPortHasSecurityGroup"},
		{"PUT", "/ports/" + p, `{"port":{"network_id":"` + n + `"}}`, 400, "HTTPBadRequest"},

		{"PUT", "/networks/" + n + "/tags", `{"tags":["b","b"]}`, 400, "InvalidInput"},
		{"PUT", "/networks/" + n + "/tags", `{"tags":"b"}`, 400, "InvalidInput"},
		{"PUT", "/networks/" + n + "/tags", `{}`, 400, "InvalidInput"},
		{"DELETE", "/networks/" + n + "/tags/none", "", 404, "TagNotFound"},
		{"PUT", "/networks/" + outside + "/tags", `{"tags":[]}`, 403, "PolicyNotAuthorized"},

		{"PUT", "/quotas/" + nativeProject, `{"quota":{"network":1}}`, 403, "PolicyNotAuthorized"},
		{"GET", "/quotas/" + nativeAdmins, "", 403, "PolicyNotAuthorized"},
		{"GET", "/extensions/none", "", 404, "HTTPNotFound"},
	})

	admin.do(200, "PUT", netRoot+"/quotas/"+nativeProject, `{"quota":{"network":1,"subnet":1,"port":1,"router":0,"floatingip":0,"security_group":2,"security_group_rule":0}}`)
	refusedAll(t, c, []netRefusedCall{
		{"POST", "/networks", network(""), 409, "OverQuota"},
		{"POST", "/subnets", subnet(`"name":"s"`), 409, "OverQuota"},
		{"POST", "/ports", port(`"name":"p"`), 409, "OverQuota"},
		{"POST", "/routers", `{"router":{}}`, 409, "OverQuota"},
		{"POST", "/floatingips", `{"floatingip":{"floating_network_id":"` + outside + `"}}`, 409, "OverQuota"},
		{"POST", "/security-groups", `{"security_group":{}}`, 409, "OverQuota"},
		{"POST", "/security-group-rules", `{"security_group_rule":{"security_group_id":"` + g + `","direction":"ingress"}}`, 409, "OverQuota"},
	})
	c.want(c.do(200, "GET", netRoot+"/quotas/"+nativeProject+"/details", ""), map[string]any{"quota.network.limit": 1, "quota.network.used": 1, "quota.trunk.limit": -1})
	admin.do(204, "DELETE", netRoot+"/quotas/"+nativeProject, "")
	c.want(c.do(200, "GET", netRoot+"/quotas/"+nativeProject, ""), map[string]any{"quota.network": 100, "quota.port": 500})

	c.do(204, "DELETE", netRoot+"/ports/"+p, "")
	c.do(204, "DELETE", netRoot+"/networks/"+n, "") // with its subnet
	c.do(404, "GET", netRoot+"/subnets/"+s, "")
}

func TestNativePort(t *testing.T) {
	t.Parallel()
	c, admin := newNative(t, Options{})
	n := c.made("/networks", "network", "")
	s := c.made("/subnets", "subnet", `"network_id":"`+n+`","cidr":"10.0.0.0/24","ip_version":4`)
	six := c.made("/subnets", "subnet", `"network_id":"`+n+`","cidr":"fd00::/64","ip_version":6,"ipv6_ra_mode":"slaac","ipv6_address_mode":"slaac"`)
	a := c.do(201, "POST", netRoot+"/ports", `{"port":{"network_id":"`+n+`","mac_address":"fa:16:3e:00:00:01","fixed_ips":[{"subnet_id":"`+s+`","ip_address":"10.0.0.9"}],"allowed_address_pairs":[{"ip_address":"10.7.0.0/16"}],"extra_dhcp_opts":[{"opt_name":"mtu","opt_value":"1400"}],"dns_name":"web"}}`)
	standard := c.do(200, "GET", netRoot+"/security-groups?name=default", "").str("security_groups", 0, "id")
	c.want(a, map[string]any{
		"port.status": "DOWN", "port.security_groups": []any{standard}, "port.port_security_enabled": true, "port.binding:vnic_type": "normal",
		"port.binding:host_id": nil, "port.ip_allocation": "immediate", "port.dns_assignment.0.fqdn": "web.example.org.",
		"port.fixed_ips":             []any{map[string]any{"subnet_id": s, "ip_address": "10.0.0.9"}, map[string]any{"subnet_id": six, "ip_address": "fd00::f816:3eff:fe00:1"}},
		"port.allowed_address_pairs": []any{map[string]any{"ip_address": "10.7.0.0/16", "mac_address": "fa:16:3e:00:00:01"}},
		"port.extra_dhcp_opts":       []any{map[string]any{"opt_name": "mtu", "opt_value": "1400", "ip_version": 4}},
	})
	path := netRoot + "/ports/" + a.str("port", "id")
	c.want(c.do(200, "PUT", path, `{"port":{"fixed_ips":[{"ip_address":"10.0.0.200"}],"security_groups":[],"extra_dhcp_opts":[{"opt_name":"mtu","opt_value":null}],"device_owner":"me:x","device_id":"d"}}`), map[string]any{
		"port.fixed_ips.0.ip_address": "10.0.0.200", "port.fixed_ips.0.subnet_id": s, "port.security_groups": []any{}, "port.extra_dhcp_opts": []any{}, "port.device_id": "d", "port.revision_number": 2,
	})
	c.want(c.do(200, "PUT", path, `{"port":{"port_security_enabled":false,"allowed_address_pairs":[],"fixed_ips":[]}}`), map[string]any{"port.port_security_enabled": false, "port.fixed_ips": []any{}})
	c.want(c.do(201, "POST", netRoot+"/ports", `{"port":{"network_id":"`+n+`","fixed_ips":[]}}`), map[string]any{"port.fixed_ips": []any{}, "port.ip_allocation": "none"})

	admin.want(admin.do(200, "PUT", path, `{"port":{"binding:host_id":"sandbox"}}`), map[string]any{"port.binding:vif_type": "ovs", "port.status": "DOWN"})
	c.want(c.do(200, "GET", path, ""), map[string]any{"port.status": "ACTIVE"})
	admin.want(admin.do(200, "PUT", path, `{"port":{"binding:host_id":"elsewhere","mac_address":"fa:16:3e:00:00:0a"}}`), map[string]any{"port.binding:vif_type": "binding_failed", "port.mac_address": "fa:16:3e:00:00:0a"})
	c.want(c.do(200, "GET", path, ""), map[string]any{"port.status": "DOWN"})
	c.want(c.do(200, "GET", netRoot+"/ports?fixed_ips=subnet_id%3D"+s+"&fields=id", ""), map[string]any{"ports": []any{}})
}

func TestNativeRouter(t *testing.T) {
	t.Parallel()
	c, admin := newNative(t, Options{})
	n := c.made("/networks", "network", "")
	s := c.made("/subnets", "subnet", `"network_id":"`+n+`","cidr":"10.0.0.0/24","ip_version":4`)
	bare := c.made("/subnets", "subnet", `"network_id":"`+n+`","cidr":"10.0.2.0/24","ip_version":4,"gateway_ip":null`)
	over := c.made("/subnets", "subnet", `"network_id":"`+c.made("/networks", "network", "")+`","cidr":"10.0.0.0/25","ip_version":4`)
	port := c.made("/ports", "port", `"network_id":"`+n+`","fixed_ips":[{"subnet_id":"`+bare+`","ip_address":"10.0.2.7"}]`)
	o := c.made("/routers", "router", `"name":"r","external_gateway_info":{"network_id":"`+outside+`"}`)
	path := "/routers/" + o
	c.want(c.do(200, "GET", netRoot+path, ""), map[string]any{
		"router.external_gateway_info.network_id": outside, "router.external_gateway_info.enable_snat": true, "router.status": "ACTIVE", "router.routes": []any{}, "router.distributed": nil,
	})
	admin.want(admin.do(200, "GET", netRoot+path, ""), map[string]any{"router.distributed": false, "router.ha": false})
	added := c.do(200, "PUT", netRoot+path+"/add_router_interface", `{"subnet_id":"`+s+`"}`)
	c.want(added, map[string]any{"id": o, "subnet_id": s, "subnet_ids": []any{s}, "network_id": n})
	side := added.str("port_id")
	c.want(c.do(200, "GET", netRoot+"/ports/"+side, ""), map[string]any{"port.device_owner": netInterface, "port.device_id": o, "port.fixed_ips.0.ip_address": "10.0.0.1", "port.status": "ACTIVE", "port.security_groups": []any{}})
	c.want(c.do(200, "PUT", netRoot+path+"/add_router_interface", `{"port_id":"`+port+`"}`), map[string]any{"port_id": port, "subnet_id": bare})
	c.want(c.do(200, "PUT", netRoot+path, `{"router":{"routes":[{"destination":"10.9.0.0/16","nexthop":"10.0.0.9"},{"destination":"10.8.0.0/16","nexthop":"203.0.113.200"}]}}`), map[string]any{"router.routes.0.destination": "10.8.0.0/16"})
	vm := c.made("/ports", "port", `"network_id":"`+n+`","fixed_ips":[{"subnet_id":"`+s+`"}]`)
	far := c.made("/ports", "port", `"network_id":"`+n+`","fixed_ips":[{"subnet_id":"`+c.made("/subnets", "subnet", `"network_id":"`+n+`","cidr":"10.0.3.0/24","ip_version":4`)+`"}]`)
	f := c.made("/floatingips", "floatingip", `"floating_network_id":"`+outside+`","port_id":"`+vm+`"`)
	floating := func(body string) string {
		return `{"floatingip":{"floating_network_id":"` + outside + `",` + body + `}}`
	}
	refusedAll(t, c, []netRefusedCall{
		{"POST", "/routers", `{"router":{"distributed":false}}`, 403, "PolicyNotAuthorized"},
		{"POST", "/routers", `{"router":{"external_gateway_info":{"network_id":"` + outside + `","enable_snat":false}}}`, 403, "PolicyNotAuthorized"},
		{"POST", "/routers", `{"router":{"external_gateway_info":{"network_id":"` + n + `"}}}`, 400, "BadRequest"},
		{"POST", "/routers", `{"router":{"external_gateway_info":{"enable_snat":true}}}`, 400, "HTTPBadRequest"},
		{"POST", "/routers", `{"router":{"routes":[]}}`, 400, "HTTPBadRequest"},
		{"PUT", path + "/add_router_interface", `{}`, 400, "BadRequest"},
		{"PUT", path + "/add_router_interface", `{"subnet_id":"x"}`, 400, "BadRequest"},
		{"PUT", path + "/add_router_interface", `{"subnet_id":"` + s + `"}`, 400, "BadRequest"},
		{"PUT", path + "/add_router_interface", `{"subnet_id":"` + over + `"}`, 400, "BadRequest"},
		{"PUT", path + "/add_router_interface", `{"subnet_id":"` + nobody + `"}`, 404, "SubnetNotFound"},
		{"PUT", path + "/add_router_interface", `{"port_id":"` + nobody + `"}`, 404, "PortNotFound"},
		{"PUT", path + "/add_router_interface", `{"port_id":"` + port + `"}`, 409, "PortInUse"},
		{"PUT", path, `{"router":{"routes":[{"destination":"10.9.0.0/16","nexthop":"10.77.0.9"}]}}`, 400, "InvalidRoutes"},
		{"PUT", path, `{"router":{"routes":[{"destination":"10.9.0.0/16","nexthop":"10.0.0.1"}]}}`, 400, "InvalidRoutes"},
		{"PUT", path, `{"router":{"routes":[{"destination":"10.9.1.0/16","nexthop":"10.0.0.9"}]}}`, 400, "HTTPBadRequest"},
		{"PUT", path, `{"router":{"external_gateway_info":null}}`, 409, "RouterExternalGatewayInUseByFloatingIp"},
		{"PUT", path + "/remove_router_interface", `{"subnet_id":"` + s + `"}`, 409, "RouterInterfaceInUseByRoute"},
		{"PUT", path + "/remove_router_interface", `{"subnet_id":"` + over + `"}`, 404, "RouterInterfaceNotFoundForSubnet"},
		{"PUT", path + "/remove_router_interface", `{"port_id":"` + vm + `"}`, 404, "RouterInterfaceNotFound"},
		{"PUT", path + "/remove_router_interface", `{"port_id":"` + port + `","subnet_id":"` + s + `"}`, 400, "SubnetMismatchForPort"},
		{"DELETE", path, "", 409, "RouterInUse"},
		{"DELETE", "/ports/" + side, "", 409, "ServicePortInUse"},
		{"PUT", "/ports/" + side, `{"port":{"fixed_ips":[{"ip_address":"10.0.0.8"}]}}`, 400, "BadRequest"},
		{"PUT", "/subnets/" + s, `{"subnet":{"gateway_ip":null}}`, 409, "GatewayIpInUse"},

		{"POST", "/floatingips", `{"floatingip":{}}`, 400, "HTTPBadRequest"},
		{"POST", "/floatingips", `{"floatingip":{"floating_network_id":"` + n + `"}}`, 400, "BadRequest"},
		{"POST", "/floatingips", floating(`"floating_ip_address":"203.0.113.9"`), 403, "PolicyNotAuthorized"},
		{"POST", "/floatingips", floating(`"subnet_id":"` + s + `"`), 400, "InvalidInput"},
		{"POST", "/floatingips", floating(`"port_id":"` + nobody + `"`), 404, "PortNotFound"},
		{"POST", "/floatingips", floating(`"port_id":"` + far + `"`), 404, "ExternalGatewayForFloatingIPNotFound"},
		{"POST", "/floatingips", floating(`"port_id":"` + vm + `"`), 409, "FloatingIPPortAlreadyAssociated"},
		{"POST", "/floatingips", floating(`"port_id":"` + vm + `","fixed_ip_address":"10.0.0.250"`), 400, "BadRequest"},
		{"POST", "/floatingips", floating(`"fixed_ip_address":"10.0.0.250"`), 400, "BadRequest"},
		{"PUT", "/floatingips/" + f, `{"floatingip":{"floating_network_id":"` + outside + `"}}`, 400, "HTTPBadRequest"},
		{"GET", "/floatingips/" + nobody, "", 404, "FloatingIPNotFound"},
	})
	c.do(200, "PUT", netRoot+path, `{"router":{"routes":[]}}`)
	refusedAll(t, c, []netRefusedCall{{"PUT", path + "/remove_router_interface", `{"subnet_id":"` + s + `"}`, 409, "RouterInterfaceInUseByFloatingIP"}})
	c.do(204, "DELETE", netRoot+"/ports/"+vm, "")
	c.want(c.do(200, "GET", netRoot+"/floatingips/"+f, ""), map[string]any{"floatingip.port_id": nil, "floatingip.fixed_ip_address": nil, "floatingip.router_id": nil})
	c.do(200, "PUT", netRoot+path+"/remove_router_interface", `{"subnet_id":"`+s+`"}`)
	c.do(200, "PUT", netRoot+path+"/remove_router_interface", `{"port_id":"`+port+`"}`)
	c.do(404, "GET", netRoot+"/ports/"+port, "")
	for _, ip := range []string{"203.0.113.231", "203.0.113.232"} {
		moved := map[string]any{"router.external_gateway_info.external_fixed_ips.0.ip_address": ip, "router.external_gateway_info.enable_snat": true}
		admin.want(admin.do(200, "PUT", netRoot+path, `{"router":{"external_gateway_info":{"network_id":"`+outside+`","external_fixed_ips":[{"ip_address":"`+ip+`"}]}}}`), moved)
		c.want(c.do(200, "GET", netRoot+path, ""), moved)
	}
	c.want(c.do(200, "PUT", netRoot+path, `{"router":{"external_gateway_info":{}}}`), map[string]any{"router.external_gateway_info": nil})
	c.do(204, "DELETE", netRoot+path, "")
	admin.want(admin.do(200, "GET", netRoot+"/ports?device_id="+o, ""), map[string]any{"ports": []any{}})
}

// A floating IP, and whatever it stands for, is at work some time after it was told to be.
func TestNativeFloatingIPStatus(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := newNative(t, Options{JobMS: 2000})
		n := c.made("/networks", "network", "")
		s := c.made("/subnets", "subnet", `"network_id":"`+n+`","cidr":"10.0.0.0/24","ip_version":4`)
		o := c.made("/routers", "router", `"external_gateway_info":{"network_id":"`+outside+`"}`)
		c.do(200, "PUT", netRoot+"/routers/"+o+"/add_router_interface", `{"subnet_id":"`+s+`"}`)
		p := c.made("/ports", "port", `"network_id":"`+n+`"`)
		path := netRoot + "/floatingips/" + c.made("/floatingips", "floatingip", `"floating_network_id":"`+outside+`"`)
		for _, step := range []struct{ port, now, then string }{{`"` + p + `"`, "DOWN", "ACTIVE"}, {"null", "ACTIVE", "DOWN"}} {
			c.want(c.do(200, "PUT", path, `{"floatingip":{"port_id":`+step.port+`}}`), map[string]any{"floatingip.status": step.now})
			time.Sleep(3 * time.Second)
			c.want(c.do(200, "GET", path, ""), map[string]any{"floatingip.status": step.then})
		}
	})
}

// Whatever is changed of a floating IP, it is bound anew: of a port with several addresses it has to be told again to which.
// Its QoS policy has to be told again, too.
func TestNativeFloatingIPAnew(t *testing.T) {
	t.Parallel()
	c, admin := newNative(t, Options{})
	n := c.made("/networks", "network", "")
	s := c.made("/subnets", "subnet", `"network_id":"`+n+`","cidr":"10.0.0.0/24","ip_version":4`)
	o := c.made("/routers", "router", `"external_gateway_info":{"network_id":"`+outside+`"}`)
	c.do(200, "PUT", netRoot+"/routers/"+o+"/add_router_interface", `{"subnet_id":"`+s+`"}`)
	one := c.made("/ports", "port", `"network_id":"`+n+`","fixed_ips":[{"ip_address":"10.0.0.6"}]`)
	two := c.made("/ports", "port", `"network_id":"`+n+`","fixed_ips":[{"ip_address":"10.0.0.7"},{"ip_address":"10.0.0.8"}]`)
	path := "/floatingips/" + c.made("/floatingips", "floatingip", `"floating_network_id":"`+outside+`","port_id":"`+one+`"`)
	change := func(body string, address any) {
		t.Helper()
		c.want(c.do(200, "PUT", netRoot+path, `{"floatingip":{`+body+`}}`), map[string]any{"floatingip.fixed_ip_address": address})
	}
	change(`"description":"d"`, "10.0.0.6")
	change(`"port_id":"`+two+`","fixed_ip_address":"10.0.0.8"`, "10.0.0.8")
	refusedAll(t, c, []netRefusedCall{
		{"PUT", path, `{"floatingip":{"description":"d"}}`, 400, "BadRequest"},
		{"PUT", path, `{"floatingip":{"qos_policy_id":null}}`, 400, "BadRequest"},
		{"PUT", path, `{"floatingip":{"port_id":"` + two + `"}}`, 400, "BadRequest"},
		{"PUT", path, `{"floatingip":{"fixed_ip_address":"10.0.0.7"}}`, 400, "BadRequest"},
	})
	change(`"description":"e","port_id":"`+two+`","fixed_ip_address":"10.0.0.8"`, "10.0.0.8")
	change("", nil)
	gold := admin.made("/qos/policies", "policy", `"name":"gold","shared":true`)
	obeys := func(body string, policy any) {
		t.Helper()
		c.want(c.do(200, "PUT", netRoot+path, `{"floatingip":{`+body+`}}`), map[string]any{"floatingip.qos_policy_id": policy})
	}
	obeys(`"qos_policy_id":"`+gold+`"`, gold)
	obeys(`"qos_policy_id":"`+gold+`","port_id":"`+one+`"`, gold)
	obeys(`"description":"f"`, nil)
}

// Administrators make policies, and projects use those that they see.
func TestNativeQoSPolicy(t *testing.T) {
	t.Parallel()
	c, admin := newNative(t, Options{})
	gold := admin.made("/qos/policies", "policy", `"name":"gold","shared":true`)
	own := admin.made("/qos/policies", "policy", `"name":"own","project_id":"`+nativeAdmins+`"`)
	obeys := func(policy string) string { return `"qos_policy_id":"` + policy + `"` }
	n := c.made("/networks", "network", obeys(gold))
	c.want(c.do(200, "GET", netRoot+"/qos/policies", ""), map[string]any{"policies.0.name": "gold", "policies.0.rules": []any{}, "policies.1": nil})
	c.made("/subnets", "subnet", `"network_id":"`+n+`","cidr":"10.0.0.0/24","ip_version":4`)
	p := c.made("/ports", "port", `"network_id":"`+n+`"`)
	f := c.made("/floatingips", "floatingip", `"floating_network_id":"`+outside+`",`+obeys(gold))
	c.want(c.do(200, "GET", netRoot+"/ports/"+p, ""), map[string]any{"port.qos_policy_id": nil, "port.qos_network_policy_id": gold})
	c.want(c.do(200, "PUT", netRoot+"/ports/"+p, `{"port":{`+obeys(gold)+`}}`), map[string]any{"port.qos_policy_id": gold})
	refusedAll(t, c, []netRefusedCall{
		{"POST", "/qos/policies", `{"policy":{"name":"mine"}}`, 403, "PolicyNotAuthorized"},
		{"PUT", "/qos/policies/" + gold, `{"policy":{"name":"mine"}}`, 403, "PolicyNotAuthorized"},
		{"DELETE", "/qos/policies/" + gold, "", 403, "PolicyNotAuthorized"},
		{"GET", "/qos/policies/" + own, "", 404, "QosPolicyNotFound"},
		{"PUT", "/networks/" + n, `{"network":{` + obeys(own) + `}}`, 404, "QosPolicyNotFound"},
		{"PUT", "/ports/" + p, `{"port":{` + obeys(nobody) + `}}`, 404, "QosPolicyNotFound"},
	})
	o := c.made("/routers", "router", `"external_gateway_info":{"network_id":"`+outside+`",`+obeys(gold)+`}`)
	c.want(c.do(200, "PUT", netRoot+"/routers/"+o, `{"router":{"external_gateway_info":{"network_id":"`+outside+`"}}}`), map[string]any{"router.external_gateway_info.qos_policy_id": gold})
	for _, path := range []string{"/networks/" + n, "/ports/" + p, "/floatingips/" + f} {
		refusedAll(t, admin, []netRefusedCall{{"DELETE", "/qos/policies/" + gold, "", 409, "QosPolicyInUse"}})
		one := strings.TrimSuffix(strings.Split(path, "/")[1], "s")
		c.want(c.do(200, "PUT", netRoot+path, `{"`+one+`":{"qos_policy_id":null}}`), map[string]any{one + ".qos_policy_id": nil})
	}
	refusedAll(t, admin, []netRefusedCall{{"DELETE", "/qos/policies/" + gold, "", 409, "QosPolicyInUse"}})
	c.do(200, "PUT", netRoot+"/routers/"+o, `{"router":{"external_gateway_info":null}}`)
	admin.do(204, "DELETE", netRoot+"/qos/policies/"+gold, "")
}

func TestNativeSecurityGroup(t *testing.T) {
	t.Parallel()
	c, _ := newNative(t, Options{})
	g := c.do(201, "POST", netRoot+"/security-groups", `{"security_group":{"name":"g","stateful":false}}`)
	if g.len("security_group", "security_group_rules") != 2 {
		t.Error(g.text)
	}
	c.want(g, map[string]any{"security_group.stateful": false, "security_group.security_group_rules.0.direction": "egress", "security_group.shared": false})
	id := g.str("security_group", "id")
	standard := c.do(200, "GET", netRoot+"/security-groups?name=default", "")
	if standard.len("security_groups", 0, "security_group_rules") != 4 {
		t.Error(standard.text)
	}
	rule := func(body string) string {
		return `{"security_group_rule":{"security_group_id":"` + id + `","direction":"ingress",` + body + `}}`
	}
	for body, want := range map[string]map[string]any{
		`"protocol":"TCP","port_range_min":"81","port_range_max":82`: {"protocol": "tcp", "port_range_min": 81, "port_range_max": 82, "ethertype": "IPv4"},
		`"protocol":"tcp","port_range_min":1,"port_range_max":65535`: {"port_range_min": nil, "port_range_max": nil},
		`"protocol":"icmp","port_range_min":8,"port_range_max":0`:    {"port_range_min": 8, "port_range_max": 0},
		`"protocol":"icmp","ethertype":"ipv6"`:                       {"protocol": "ipv6-icmp", "ethertype": "IPv6"},
		`"remote_ip_prefix":"10.0.0.1"`:                              {"remote_ip_prefix": "10.0.0.1/32", "normalized_cidr": "10.0.0.1/32"},
		`"remote_ip_prefix":"10.0.0.1/8"`:                            {"remote_ip_prefix": "10.0.0.1/8", "normalized_cidr": "10.0.0.0/8"},
		`"remote_group_id":"` + id + `","description":"d"`:           {"remote_group_id": id, "description": "d"},
		`"protocol":"112"`: {"protocol": "112"},
		`"protocol":"udp","port_range_min":53,"port_range_max":53,"ethertype":"IPv6","remote_ip_prefix":"FD00::/8"`: {"remote_ip_prefix": "fd00::/8"},
	} {
		a := c.do(201, "POST", netRoot+"/security-group-rules", rule(body))
		for name, value := range want {
			c.want(a, map[string]any{"security_group_rule." + name: value})
		}
	}
	refusedAll(t, c, []netRefusedCall{
		{"POST", "/security-group-rules", rule(`"protocol":"6","port_range_min":81,"port_range_max":82`), 409, "SecurityGroupRuleExists"},
		{"POST", "/security-group-rules", rule(`"direction":"egress","remote_ip_prefix":"0.0.0.0/0"`), 409, "SecurityGroupRuleExists"},
		{"POST", "/security-group-rules", rule(`"direction":"in"`), 400, "HTTPBadRequest"},
		{"POST", "/security-group-rules", rule(`"ethertype":"IPv5"`), 400, "SecurityGroupRuleInvalidEtherType"},
		{"POST", "/security-group-rules", rule(`"protocol":"any"`), 400, "SecurityGroupRuleInvalidProtocol"},
		{"POST", "/security-group-rules", rule(`"protocol":"256"`), 400, "SecurityGroupRuleInvalidProtocol"},
		{"POST", "/security-group-rules", rule(`"protocol":"icmpv6"`), 400, "SecurityGroupEthertypeConflictWithProtocol"},
		{"POST", "/security-group-rules", rule(`"protocol":"tcp","port_range_min":80`), 400, "SecurityGroupInvalidPortRange"},
		{"POST", "/security-group-rules", rule(`"protocol":"tcp","port_range_min":0,"port_range_max":1`), 400, "SecurityGroupInvalidPortValue"},
		{"POST", "/security-group-rules", rule(`"port_range_min":1,"port_range_max":2`), 400, "SecurityGroupProtocolRequiredWithPorts"},
		{"POST", "/security-group-rules", rule(`"protocol":"gre","port_range_min":1,"port_range_max":2`), 400, "SecurityGroupInvalidProtocolForPort"},
		{"POST", "/security-group-rules", rule(`"protocol":"icmp","port_range_max":0`), 400, "SecurityGroupMissingIcmpType"},
		{"POST", "/security-group-rules", rule(`"protocol":"icmp","port_range_min":256`), 400, "SecurityGroupInvalidIcmpValue"},
		{"POST", "/security-group-rules", rule(`"remote_ip_prefix":"x"`), 400, "InvalidCIDR"},
		{"POST", "/security-group-rules", rule(`"remote_ip_prefix":"fd00::/8"`), 400, "SecurityGroupRuleParameterConflict"},
		{"POST", "/security-group-rules", rule(`"remote_ip_prefix":"10.0.0.0/8","remote_group_id":"` + id + `"`), 400, "SecurityGroupMultipleRemoteEntites"},
		{"POST", "/security-group-rules", rule(`"remote_group_id":"` + nobody + `"`), 404, "SecurityGroupNotFound"},
		{"POST", "/security-group-rules", rule(`"remote_address_group_id":"` + nobody + `"`), 404, "AddressGroupNotFound"},
		{"POST", "/security-groups", `{"security_group":{"name":"default"}}`, 409, "SecurityGroupDefaultAlreadyExists"},
		{"PUT", "/security-groups/" + standard.str("security_groups", 0, "id"), `{"security_group":{"name":"x"}}`, 409, "SecurityGroupCannotUpdateDefault"},
		{"DELETE", "/security-groups/" + standard.str("security_groups", 0, "id"), "", 409, "SecurityGroupCannotRemoveDefault"},
		{"DELETE", "/security-group-rules/" + nobody, "", 404, "SecurityGroupRuleNotFound"},
	})
	p := c.made("/ports", "port", `"network_id":"`+c.made("/networks", "network", "")+`","security_groups":["`+id+`"]`)
	refusedAll(t, c, []netRefusedCall{
		{"DELETE", "/security-groups/" + id, "", 409, "SecurityGroupInUse"},
		{"PUT", "/security-groups/" + id, `{"security_group":{"stateful":true}}`, 409, "SecurityGroupInUse"},
	})
	c.do(204, "DELETE", netRoot+"/ports/"+p, "")
	c.do(204, "DELETE", netRoot+"/security-groups/"+id, "")
	c.want(c.do(200, "GET", netRoot+"/security-group-rules?security_group_id="+id, ""), map[string]any{"security_group_rules": []any{}})
}

// What belongs to others is not there, unless they share it.
func TestNativeNetworkStrangers(t *testing.T) {
	t.Parallel()
	c, admin := newNative(t, Options{})
	n := c.made("/networks", "network", "")
	s := c.made("/subnets", "subnet", `"network_id":"`+n+`","cidr":"10.0.0.0/24","ip_version":4`)
	p := c.made("/ports", "port", `"network_id":"`+n+`"`)
	o := c.made("/routers", "router", "")
	g := c.made("/security-groups", "security_group", "")
	other := netStranger(t, c)
	refusedAll(t, other, []netRefusedCall{
		{"GET", "/networks/" + n, "", 404, "NetworkNotFound"},
		{"DELETE", "/networks/" + n, "", 404, "NetworkNotFound"},
		{"GET", "/subnets/" + s, "", 404, "SubnetNotFound"},
		{"GET", "/ports/" + p, "", 404, "PortNotFound"},
		{"GET", "/routers/" + o, "", 404, "RouterNotFound"},
		{"PUT", "/routers/" + o + "/add_router_interface", `{"subnet_id":"` + s + `"}`, 404, "RouterNotFound"},
		{"GET", "/security-groups/" + g, "", 404, "SecurityGroupNotFound"},
		{"POST", "/ports", `{"port":{"network_id":"` + n + `"}}`, 404, "NetworkNotFound"},
		{"POST", "/security-group-rules", `{"security_group_rule":{"security_group_id":"` + g + `","direction":"ingress"}}`, 404, "SecurityGroupNotFound"},
	})
	admin.do(200, "PUT", netRoot+"/networks/"+n, `{"network":{"shared":true}}`)
	refusedAll(t, other, []netRefusedCall{
		{"PUT", "/networks/" + n, `{"network":{"name":"x"}}`, 403, "PolicyNotAuthorized"},
		{"DELETE", "/subnets/" + s, "", 403, "PolicyNotAuthorized"},
		{"POST", "/ports", `{"port":{"network_id":"` + n + `","fixed_ips":[{"ip_address":"10.0.0.9"}]}}`, 403, "PolicyNotAuthorized"},
		{"POST", "/ports", `{"port":{"network_id":"` + n + `","port_security_enabled":false}}`, 403, "PolicyNotAuthorized"},
		{"POST", "/ports", `{"port":{"network_id":"` + n + `","device_owner":"network:dhcp"}}`, 403, "PolicyNotAuthorized"},
	})
	mine := other.made("/ports", "port", `"network_id":"`+n+`","fixed_ips":[{"subnet_id":"`+s+`"}]`)
	c.do(200, "GET", netRoot+"/ports/"+mine, "") // whose network it is sees it
	refusedAll(t, admin, []netRefusedCall{{"PUT", "/networks/" + n, `{"network":{"shared":false}}`, 409, "InvalidSharedSetting"}})
}

func TestNativeNetworkLists(t *testing.T) {
	t.Parallel()
	c, _ := newNative(t, Options{})
	for _, name := range []string{"a", "b", "c", "d"} {
		id := c.made("/networks", "network", `"name":"`+name+`"`)
		c.do(200, "PUT", netRoot+"/networks/"+id+"/tags", `{"tags":["`+name+`","all"]}`)
	}
	for query, want := range map[string]string{
		"sort_key=name&sort_dir=asc&fields=name":          "a b c d public",
		"sort_key=name&sort_dir=desc&fields=name&limit=2": "public d",
		"name=a&name=c&sort_key=name&sort_dir=asc":        "a c",
		"tags=all,b": "b",
		"tags-any=b,c&sort_key=name&sort_dir=asc": "b c",
		"not-tags=all": "public",
		"not-tags-any=a,b,c&sort_key=name&sort_dir=asc":     "d public",
		"router:external=True":                              "public",
		"shared=false&mtu=1450&sort_key=name&sort_dir=asc":  "a b c d",
		"project_id=" + nativeProject + "&name=b":           "b",
		"router:external=false&sort_key=name&sort_dir=desc": "d c b a",
		"admin_state_up=false":                              "",
	} {
		a := c.do(200, "GET", netRoot+"/networks?"+query, "")
		var names []string
		for i := range a.len("networks") {
			names = append(names, a.str("networks", i, "name"))
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: %s instead of %s", query, got, want)
		}
	}
	c.want(c.do(200, "GET", netRoot+"/networks?fields=name&name=a", ""), map[string]any{"networks.0": map[string]any{"name": "a"}})

	var seen []string
	next := "/network/v2.0/networks?limit=2&fields=id"
	for next != "" {
		a := c.do(200, "GET", next, "")
		for i := range a.len("networks") {
			seen = append(seen, a.str("networks", i, "id"))
		}
		next = ""
		if a.str("networks_links", 0, "rel") == "next" {
			next = a.str("networks_links", 0, "href")
			_, next, _ = strings.Cut(next, "/network/")
			next = "/network/" + next
		}
	}
	if len(seen) != 5 {
		t.Error(seen)
	}
	back := c.do(200, "GET", netRoot+"/networks?limit=2&page_reverse=True&marker="+seen[3]+"&fields=id", "")
	c.want(back, map[string]any{"networks.0.id": seen[1], "networks.1.id": seen[2]})
	c.want(c.do(200, "GET", netRoot+"/extensions/router", ""), map[string]any{"extension.alias": "router"})
}
