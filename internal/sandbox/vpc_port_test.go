package sandbox

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// portPlace is a subnet with 11 free addresses: a /28 without the network's, the broadcast address, the reserved one,
// the gateway and DHCP.
func portPlace(t *testing.T) (c *client, vpc, subnet string) {
	t.Helper()
	c = newClient(t, Options{})
	vpc = c.vpc("10.0.0.0/16")
	return c, vpc, c.subnet(vpc, "10.0.1.0/28", "10.0.1.1")
}

func TestPort(t *testing.T) {
	t.Parallel()
	c, _, subnet := portPlace(t)
	neutron := c.do(200, "GET", "/vpc/v1/"+north+"/subnets/"+subnet, "").get("subnet", "neutron_subnet_id")
	group := c.do(200, "GET", "/vpc/v3/"+north+"/vpc/security-groups?name=default", "").get("security_groups", 0, "id")
	path := "/vpc/v1/" + north + "/ports"
	a := c.do(201, "POST", path, `{"port":{"name":"p","network_id":"`+subnet+`"}}`)
	id := a.str("port", "id")
	c.want(a, map[string]any{
		"port.name": "p", "port.status": "DOWN", "port.device_id": "", "port.device_owner": "", "port.tenant_id": north, "port.admin_state_up": true,
		"port.fixed_ips": []fixedIP{{fmt.Sprint(neutron), "10.0.1.2"}}, "port.security_groups": []any{group},
	})
	c.want(c.do(200, "PUT", path+"/"+id, `{"port":{"name":"q","security_groups":[],"allowed_address_pairs":[{"ip_address":"10.0.0.0/24"}]}}`), map[string]any{
		"port.name": "q", "port.security_groups": []any{}, "port.allowed_address_pairs": []addressPair{{"10.0.0.0/24", ""}},
	})
	c.want(c.do(200, "GET", path+"/"+id, ""), map[string]any{"port.name": "q", "port.mac_address": a.get("port", "mac_address")})
	c.do(404, "PUT", path+"/"+id, `{"port":{"security_groups":["x"]}}`)
	c.do(400, "PUT", path+"/"+id, `{"port":{"allowed_address_pairs":[{"ip_address":"0.0.0.0/0"}]}}`)
	c.do(204, "DELETE", path+"/"+id, "")
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		c.do(404, method, path+"/"+id, `{"port":{}}`)
	}
}

func TestPortRefusals(t *testing.T) {
	t.Parallel()
	for _, test := range []refusedRequest{
		{"no network", `"network_id":"x"`, 404, "VPC.0202"},
		{"address outside", `"fixed_ips":[{"ip_address":"10.0.2.2"}]`, 400, "VPC.2500"},
		{"no address", `"fixed_ips":[{"ip_address":"x"}]`, 400, "VPC.2500"},
		{"the gateway's", `"fixed_ips":[{"ip_address":"10.0.1.1"}]`, 409, "VPC.0701"},
		{"the network's", `"fixed_ips":[{"ip_address":"10.0.1.0"}]`, 409, "VPC.0701"},
		{"reserved", `"fixed_ips":[{"ip_address":"10.0.1.13"}]`, 409, "VPC.0701"},
		{"taken", `"fixed_ips":[{"ip_address":"10.0.1.5"}]`, 409, "VPC.0701"},
		{"two addresses", `"fixed_ips":[{"ip_address":"10.0.1.6"},{"ip_address":"10.0.1.7"}]`, 400, "VPC.2500"},
		{"another's subnet", `"fixed_ips":[{"subnet_id":"x"}]`, 400, "VPC.2500"},
		{"no group", `"security_groups":["x"]`, 404, "VPC.0602"},
		{"owner", `"device_owner":"compute:x"`, 400, "VPC.2500"},
		{"down", `"admin_state_up":false`, 400, "VPC.2500"},
		{"pair", `"allowed_address_pairs":[{"ip_address":"x"}]`, 400, "VPC.2500"},
		{"name", fmt.Sprintf(`"name":"%0256d"`, 1), 400, "VPC.2500"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, _, subnet := portPlace(t)
			c.do(201, "POST", "/vpc/v1/"+north+"/ports", `{"port":{"network_id":"`+subnet+`","fixed_ips":[{"ip_address":"10.0.1.5"}]}}`)
			a := c.do(test.status, "POST", "/vpc/v1/"+north+"/ports", `{"port":{"network_id":"`+subnet+`",`+test.body+`}}`)
			if a.str("code") != test.code {
				t.Errorf("%s", a.text)
			}
			if n := c.do(200, "GET", "/vpc/v1/"+north+"/ports", "").len("ports"); n != 3 {
				t.Errorf("%d ports", n)
			}
		})
	}
}

func TestSubnetRunsOutOfAddresses(t *testing.T) {
	t.Parallel()
	c, _, subnet := portPlace(t)
	for left := 11; left >= 0; left-- {
		c.want(c.do(200, "GET", "/vpc/v1/"+north+"/subnets/"+subnet, ""), map[string]any{"subnet.available_ip_address_count": left})
		status := 201
		if left == 0 {
			status = 409
		}
		c.do(status, "POST", "/vpc/v1/"+north+"/ports", `{"port":{"network_id":"`+subnet+`"}}`)
	}
}

func TestPortQuota(t *testing.T) {
	t.Parallel()
	c, _, subnet := portPlace(t)
	c.control(200, "PUT", "config", `{"quotas":{"port":2}}`)
	c.do(409, "POST", "/vpc/v1/"+north+"/ports", `{"port":{"network_id":"`+subnet+`"}}`)
}

func TestPortLists(t *testing.T) {
	t.Parallel()
	c, _, subnet := portPlace(t)
	var server *port
	under(c.cloud, func() {
		var err error
		if server, err = c.cloud.vpc.allocatePort(north, &port{Name: "nic", NetworkID: subnet, DeviceID: "s1", DeviceOwner: "compute:cn-north-4a", FixedIPs: []fixedIP{{IPAddress: "10.0.1.9"}}}); err != nil {
			t.Fatal(err)
		}
	})
	free := c.do(201, "POST", "/vpc/v1/"+north+"/ports", `{"port":{"network_id":"`+subnet+`","device_owner":"neutron:VIP_PORT"}}`).str("port", "id")
	for query, want := range map[string]int{
		"":                                 4,
		"network_id=" + subnet:             4,
		"network_id=x":                     0,
		"device_id=s1":                     1,
		"device_id=s1&network_id=x":        0,
		"device_owner=network:dhcp":        1,
		"device_owner=neutron:VIP_PORT":    1,
		"name=nic":                         1,
		"status=ACTIVE":                    3,
		"admin_state_up=false":             0,
		"mac_address=" + server.MacAddress: 1,
		"id=" + free + "&id=" + server.ID:  2,
		"security_groups=" + server.SecurityGroups[0]:        2,
		"fixed_ips=ip_address=10.0.1.9":                      1,
		"fixed_ips=subnet_id=" + server.FixedIPs[0].SubnetID: 4,
		"limit=3": 3,
	} {
		if n := c.do(200, "GET", "/vpc/v1/"+north+"/ports?"+query, "").len("ports"); n != want {
			t.Errorf("%s: %d instead of %d", query, n, want)
		}
	}
	c.do(409, "DELETE", "/vpc/v1/"+north+"/ports/"+server.ID, "")
	c.do(204, "DELETE", "/vpc/v1/"+north+"/ports/"+free, "")
	under(c.cloud, func() {
		if ports := c.cloud.vpc.portsOfDevice("s1"); len(ports) != 1 || ports[0] != server {
			t.Errorf("the server's ports are %v", ports)
		}
	})
}

func TestAllocatePort(t *testing.T) {
	t.Parallel()
	c, _, subnet := portPlace(t)
	for _, test := range []struct {
		name   string
		port   port
		status int
	}{
		{"any address", port{NetworkID: subnet}, 0},
		{"this address", port{NetworkID: subnet, FixedIPs: []fixedIP{{IPAddress: "10.0.1.9"}}}, 0},
		{"the same again", port{NetworkID: subnet, FixedIPs: []fixedIP{{IPAddress: "10.0.1.9"}}}, 409},
		{"outside", port{NetworkID: subnet, FixedIPs: []fixedIP{{IPAddress: "10.0.2.9"}}}, 400},
		{"no subnet", port{NetworkID: "x"}, 404},
		{"no group", port{NetworkID: subnet, SecurityGroups: []string{"x"}}, 404},
	} {
		under(c.cloud, func() {
			p, err := c.cloud.vpc.allocatePort(north, &test.port)
			f, refused := errors.AsType[*refusal](err)
			switch {
			case test.status == 0 && (err != nil || p.ip() == "" || len(p.SecurityGroups) != 1):
				t.Errorf("%s: %v %v", test.name, p, err)
			case test.status != 0 && (!refused || f.status != test.status):
				t.Errorf("%s: %v", test.name, err)
			}
		})
	}
}

func TestPrivateIPs(t *testing.T) {
	t.Parallel()
	c, vpc, subnet := portPlace(t)
	path := "/vpc/v1/" + north + "/privateips"
	a := c.do(200, "POST", path, `{"privateips":[{"subnet_id":"`+subnet+`"},{"subnet_id":"`+subnet+`","ip_address":"10.0.1.9"}]}`)
	c.want(a, map[string]any{"privateips.0.ip_address": "10.0.1.2", "privateips.1.ip_address": "10.0.1.9", "privateips.1.status": "DOWN", "privateips.1.subnet_id": subnet})
	id := a.str("privateips", 1, "id")
	c.want(c.do(200, "GET", path+"/"+id, ""), map[string]any{"privateip.ip_address": "10.0.1.9", "privateip.device_owner": "", "privateip.tenant_id": north})
	all := "/vpc/v1/" + north + "/subnets/" + subnet + "/privateips"
	if n := c.do(200, "GET", all, "").len("privateips"); n != 4 { // the gateway and DHCP too
		t.Errorf("%d private IPs", n)
	}
	c.do(409, "POST", path, `{"privateips":[{"subnet_id":"`+subnet+`"},{"subnet_id":"`+subnet+`","ip_address":"10.0.1.9"}]}`)
	if n := c.do(200, "GET", all, "").len("privateips"); n != 4 {
		t.Errorf("half of a refused request was carried out: %d private IPs", n)
	}
	c.do(400, "POST", path, `{"privateips":[]}`)
	c.do(404, "POST", path, `{"privateips":[{"subnet_id":"x"}]}`)
	c.do(409, "DELETE", "/vpc/v1/"+north+"/vpcs/"+vpc+"/subnets/"+subnet, "")
	for i := range 2 {
		c.do(204, "DELETE", path+"/"+a.str("privateips", i, "id"), "")
	}
	c.do(404, "GET", path+"/"+id, "")
	c.do(404, "GET", "/vpc/v1/"+north+"/subnets/x/privateips", "")
	c.do(204, "DELETE", "/vpc/v1/"+north+"/vpcs/"+vpc+"/subnets/"+subnet, "")
}

func TestPort3(t *testing.T) {
	t.Parallel()
	c, vpc, subnet := portPlace(t)
	neutron := c.do(200, "GET", "/vpc/v1/"+north+"/subnets/"+subnet, "").str("subnet", "neutron_subnet_id")
	id := c.do(201, "POST", "/vpc/v1/"+north+"/ports", `{"port":{"name":"p","network_id":"`+subnet+`","extra_dhcp_opts":[{"opt_name":"51","opt_value":"24h"}]}}`).str("port", "id")
	path := "/vpc/v3/" + north + "/ports"
	c.do(204, "POST", path+"/"+id+"/tags/create", `{"tags":[{"key":"a","value":"b"},{"key":"c","value":"x=y"}]}`)
	c.do(204, "POST", path+"/"+id+"/tags/delete", `{"tags":[{"key":"a"}]}`)
	c.want(c.do(200, "GET", path+"/"+id, ""), map[string]any{
		"port.virsubnet_id": subnet, "port.vpc_id": vpc, "port.project_id": north, "port.network_id": nil,
		"port.private_ips.0.subnet_cidr_id": neutron, "port.private_ips.0.ip_address": "10.0.1.2",
		"port.tags": []tag{{"c", "x=y"}}, "port.extra_dhcp_opts.0.opt_value": "24h", "port.status": "DOWN",
	})
	for query, want := range map[string]int{
		"?virsubnet_id=" + subnet: 3, "?name=p": 1, "?id=" + id: 1, "?device_owner=network:dhcp": 1, "?device_owner_prefixlike=network": 2,
		"?vpc_id=" + vpc: 3, "?vpc_id=x": 0, "?private_ips=ip_address=10.0.1.2": 1, "?private_ips=subnet_cidr_id=" + neutron: 3, "?limit=2": 2,
	} {
		if n := c.do(200, "GET", path+query, "").len("ports"); n != want {
			t.Errorf("%s: %d ports, want %d", query, n, want)
		}
	}
	for _, tags := range []string{``, `{"key":"a b","value":""}`, `{"key":"","value":""}`, `{"key":"a","value":"/"}`} {
		c.want(c.do(400, "POST", path+"/"+id+"/tags/create", `{"tags":[`+tags+`]}`), map[string]any{"error_code": "VPC.1801"})
	}
	many := ""
	for i := range tagsPerObject {
		many += fmt.Sprintf(`,{"key":"k%d","value":""}`, i)
	}
	c.do(400, "POST", path+"/"+id+"/tags/create", `{"tags":[`+many[1:]+`]}`) // one too many, with the one that is there
	c.do(204, "POST", path+"/"+id+"/tags/delete", `{"tags":[{"key":"c"}]}`)
	c.do(204, "POST", path+"/"+id+"/tags/create", `{"tags":[`+many[1:]+`]}`)
	for _, call := range []string{"GET " + path + "/x", "POST " + path + "/x/tags/create", "POST " + path + "/x/tags/delete"} {
		method, at, _ := strings.Cut(call, " ")
		c.want(c.do(404, method, at, `{"tags":[]}`), map[string]any{"error_code": "VPC.2500"})
	}
}
