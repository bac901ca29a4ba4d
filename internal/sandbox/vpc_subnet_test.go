package sandbox

import (
	"fmt"
	"testing"
)

func TestSubnet(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	vpc := c.vpc("10.0.0.0/16")
	a := c.do(200, "POST", "/vpc/v1/"+north+"/subnets", `{"subnet":{"name":"s","vpc_id":"`+vpc+`","cidr":"10.0.1.0/24","gateway_ip":"10.0.1.1",
		"description":"d","availability_zone":"cn-north-4b","dhcp_enable":"true","primary_dns":"10.0.0.2","secondary_dns":"10.0.0.3","tags":["k*v"],
		"extra_dhcp_opts":[{"opt_name":"ntp","opt_value":"10.0.0.4,10.0.0.5"},{"opt_name":"addresstime","opt_value":"24h"}]}}`)
	id := a.str("subnet", "id")
	c.want(a, map[string]any{"subnet.status": "UNKNOWN", "subnet.cidr_v6": nil, "subnet.ipv6_enable": false, "subnet.tags": nil})
	a = c.do(200, "GET", "/vpc/v1/"+north+"/subnets/"+id, "")
	c.want(a, map[string]any{
		"subnet.status": "ACTIVE", "subnet.cidr": "10.0.1.0/24", "subnet.gateway_ip": "10.0.1.1", "subnet.dhcp_enable": true, "subnet.vpc_id": vpc,
		"subnet.primary_dns": "10.0.0.2", "subnet.secondary_dns": "10.0.0.3", "subnet.dnsList": []string{"10.0.0.2", "10.0.0.3"},
		"subnet.availability_zone": "cn-north-4b", "subnet.neutron_network_id": id, "subnet.available_ip_address_count": 251, "subnet.tenant_id": north,
		"subnet.extra_dhcp_opts": []any{map[string]any{"opt_name": "ntp", "opt_value": "10.0.0.4,10.0.0.5"}, map[string]any{"opt_name": "addresstime", "opt_value": "24h"}},
	})
	neutron := a.str("subnet", "neutron_subnet_id")
	if neutron == "" || neutron == id {
		t.Errorf("neutron_subnet_id is %q", neutron)
	}
	a = c.do(200, "GET", "/vpc/v3/"+north+"/vpc/virsubnets/"+id, "")
	c.want(a, map[string]any{
		"virsubnet.status": "ACTIVE", "virsubnet.zone_id": "cn-north-4b", "virsubnet.dns_nameservers": []string{"10.0.0.2", "10.0.0.3"}, "virsubnet.tags": []tag{{"k", "v"}},
		"virsubnet.subnet_cidrs": []any{map[string]any{"id": neutron, "ip_version": "4", "cidr": "10.0.1.0/24", "gateway_ip": "10.0.1.1", "enable_dhcp": true}},
		"virsubnet.extra_dhcp_opts": []any{map[string]any{"opt_name": "42", "opt_value": "10.0.0.4,10.0.0.5", "ip_version": 4},
			map[string]any{"opt_name": "51", "opt_value": "24h", "ip_version": 4}},
	})
	ports := c.do(200, "GET", "/vpc/v1/"+north+"/ports?network_id="+id, "")
	owners := map[string]string{}
	for i := range ports.len("ports") {
		owners[ports.str("ports", i, "device_owner")] = ports.str("ports", i, "fixed_ips", 0, "ip_address")
	}
	if len(owners) != 2 || owners["network:dhcp"] != "10.0.1.254" || owners["network:router_interface_distributed"] != "10.0.1.1" {
		t.Errorf("the subnet's own ports are %v", owners)
	}
	c.do(204, "DELETE", "/vpc/v1/"+north+"/vpcs/"+vpc+"/subnets/"+id, "")
	c.want(c.do(404, "GET", "/vpc/v1/"+north+"/subnets/"+id, ""), map[string]any{
		"code": "VPC.0202", "message": "Query resource by id " + id + " fail.the subnet could not be found.",
	})
	c.want(c.do(404, "GET", "/vpc/v3/"+north+"/vpc/virsubnets/"+id, ""), map[string]any{"error_code": "VPC.0202"})
	if n := c.do(200, "GET", "/vpc/v1/"+north+"/ports", "").len("ports"); n != 0 {
		t.Errorf("%d ports are left", n)
	}
}

func TestSubnetRefusals(t *testing.T) {
	t.Parallel()
	for _, test := range []refusedRequest{
		{"no name", `"name":""`, 400, "VPC.0201"},
		{"name with a slash", `"name":"a/b"`, 400, "VPC.0201"},
		{"description", `"description":"<"`, 400, "VPC.0201"},
		{"no VPC", `"vpc_id":"x"`, 404, "VPC.0003"},
		{"outside of the VPC", `"cidr":"10.1.0.0/24","gateway_ip":"10.1.0.1"`, 400, "VPC.0203"},
		{"wider than the VPC", `"cidr":"10.0.0.0/15"`, 400, "VPC.0203"},
		{"taken", `"cidr":"10.0.9.0/24","gateway_ip":"10.0.9.1"`, 400, "VPC.0204"},
		{"around another", `"cidr":"10.0.8.0/22","gateway_ip":"10.0.8.1"`, 400, "VPC.0204"},
		{"within another", `"cidr":"10.0.9.16/28","gateway_ip":"10.0.9.17"`, 400, "VPC.0204"},
		{"too small", `"cidr":"10.0.1.0/29"`, 400, "VPC.0212"},
		{"not aligned", `"cidr":"10.0.1.1/24"`, 400, "VPC.0212"},
		{"no cidr", `"cidr":"10.0.1.0"`, 400, "VPC.0212"},
		{"gateway outside", `"gateway_ip":"10.0.2.1"`, 400, "VPC.0201"},
		{"gateway is the network", `"gateway_ip":"10.0.1.0"`, 400, "VPC.0201"},
		{"gateway is the broadcast address", `"gateway_ip":"10.0.1.255"`, 400, "VPC.0201"},
		{"no gateway", `"gateway_ip":""`, 400, "VPC.0201"},
		{"unknown zone", `"availability_zone":"cn-north-4z"`, 400, "VPC.0002"},
		{"another region's zone", `"availability_zone":"cn-east-3a"`, 400, "VPC.0002"},
		{"dns by name", `"primary_dns":"dns.example.com"`, 400, "VPC.0201"},
		{"dns of IPv6", `"dnsList":["fd00::1"]`, 400, "VPC.0201"},
		{"list without the primary", `"primary_dns":"10.0.0.2","dnsList":["10.0.0.3"]`, 400, "VPC.0201"},
		{"dhcp option", `"extra_dhcp_opts":[{"opt_name":"x","opt_value":"1"}]`, 400, "VPC.0201"},
		{"ntp empty", `"extra_dhcp_opts":[{"opt_name":"ntp","opt_value":""}]`, 400, "VPC.0201"},
		{"ntp five", `"extra_dhcp_opts":[{"opt_name":"ntp","opt_value":"1.1.1.1,1.1.1.2,1.1.1.3,1.1.1.4,1.1.1.5"}]`, 400, "VPC.0201"},
		{"ntp twice", `"extra_dhcp_opts":[{"opt_name":"ntp","opt_value":"1.1.1.1,1.1.1.1"}]`, 400, "VPC.0201"},
		{"ntp of IPv6", `"extra_dhcp_opts":[{"opt_name":"ntp","opt_value":"fd00::1"}]`, 400, "VPC.0201"},
		{"lease too long", `"extra_dhcp_opts":[{"opt_name":"addresstime","opt_value":"30001h"}]`, 400, "VPC.0201"},
		{"lease of nothing", `"extra_dhcp_opts":[{"opt_name":"addresstime","opt_value":"0h"}]`, 400, "VPC.0201"},
		{"lease in days", `"extra_dhcp_opts":[{"opt_name":"addresstime","opt_value":"5d"}]`, 400, "VPC.0201"},
		{"tag", `"tags":["*"]`, 400, "VPC.1801"},
		{"dhcp_enable", `"dhcp_enable":"maybe"`, 400, "VPC.0101"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, Options{})
			vpc := c.vpc("10.0.0.0/16")
			c.subnet(vpc, "10.0.9.0/24", "10.0.9.1")
			// The last of two values of a key counts.
			body := fmt.Sprintf(`{"subnet":{"name":"s","vpc_id":%q,"cidr":"10.0.1.0/24","gateway_ip":"10.0.1.1",%s}}`, vpc, test.body)
			a := c.do(test.status, "POST", "/vpc/v1/"+north+"/subnets", body)
			if a.str("code") != test.code || a.str("message") == "" {
				t.Errorf("%s", a.text)
			}
			if n := c.do(200, "GET", "/vpc/v1/"+north+"/subnets", "").len("subnets"); n != 1 {
				t.Errorf("%d subnets", n)
			}
		})
	}
}

func TestSubnetQuota(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	c.control(200, "PUT", "config", `{"quotas":{"subnet":1}}`)
	vpc := c.vpc("10.0.0.0/16")
	c.subnet(vpc, "10.0.0.0/24", "10.0.0.1")
	c.do(409, "POST", "/vpc/v1/"+north+"/subnets", `{"subnet":{"name":"s","vpc_id":"`+vpc+`","cidr":"10.0.1.0/24","gateway_ip":"10.0.1.1"}}`)
}

func TestSubnetUpdate(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	vpc := c.vpc("10.0.0.0/16")
	id := c.subnet(vpc, "10.0.1.0/24", "10.0.1.1")
	one := "/vpc/v1/" + north + "/vpcs/" + vpc + "/subnets/" + id
	// Each step is what a request says besides the name, and what is read then.
	for _, step := range []struct {
		body string
		want map[string]any
	}{
		{`"description":"d"`, map[string]any{"subnet.description": "d", "subnet.name": "n", "subnet.dhcp_enable": true}},
		{`"dhcp_enable":false`, map[string]any{"subnet.description": "d", "subnet.dhcp_enable": false}},
		{`"primary_dns":"10.0.0.2"`, map[string]any{"subnet.primary_dns": "10.0.0.2", "subnet.secondary_dns": "", "subnet.dnsList": []string{"10.0.0.2"}}},
		{`"secondary_dns":"10.0.0.3"`, map[string]any{"subnet.primary_dns": "10.0.0.2", "subnet.secondary_dns": "10.0.0.3"}},
		{`"dnsList":["10.0.0.7","10.0.0.8","10.0.0.9"]`, map[string]any{"subnet.primary_dns": "10.0.0.7", "subnet.secondary_dns": "10.0.0.8", "subnet.dnsList": []string{"10.0.0.7", "10.0.0.8", "10.0.0.9"}}},
		{`"dnsList":[]`, map[string]any{"subnet.primary_dns": "", "subnet.dnsList": []any{}}},
		{`"extra_dhcp_opts":[{"opt_name":"ntp","opt_value":"10.0.0.4"}]`, map[string]any{"subnet.extra_dhcp_opts": []any{map[string]any{"opt_name": "ntp", "opt_value": "10.0.0.4"}}}},
		{`"extra_dhcp_opts":[{"opt_name":"addresstime","opt_value":"-1"}]`, map[string]any{"subnet.extra_dhcp_opts.1.opt_value": "-1"}},
		{`"extra_dhcp_opts":[{"opt_name":"ntp","opt_value":null}]`, map[string]any{"subnet.extra_dhcp_opts": []any{map[string]any{"opt_name": "addresstime", "opt_value": "-1"}}}},
		{`"cidr":"10.0.3.0/24"`, map[string]any{"subnet.cidr": "10.0.1.0/24"}},
	} {
		a := c.do(200, "PUT", one, `{"subnet":{"name":"n",`+step.body+`}}`)
		c.want(a, map[string]any{"subnet": map[string]any{"id": id, "status": "ACTIVE"}})
		c.want(c.do(200, "GET", "/vpc/v1/"+north+"/subnets/"+id, ""), step.want)
	}
	c.want(c.do(400, "PUT", one, `{"subnet":{"description":"without a name"}}`), map[string]any{"code": "VPC.0201"})
	c.want(c.do(200, "GET", "/vpc/v1/"+north+"/subnets/"+id, ""), map[string]any{"subnet.description": "d"})
	other := c.vpc("10.0.0.0/16")
	for _, method := range []string{"PUT", "DELETE"} {
		c.want(c.do(400, method, "/vpc/v1/"+north+"/vpcs/"+other+"/subnets/"+id, `{"subnet":{"name":"n"}}`), map[string]any{"code": "VPC.0207"})
		c.want(c.do(404, method, "/vpc/v1/"+north+"/vpcs/"+vpc+"/subnets/x", `{"subnet":{"name":"n"}}`), map[string]any{"code": "VPC.0202"})
	}
}

func TestSubnetIPv6(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	vpc := c.vpc("10.0.0.0/16")
	id := c.subnet(vpc, "10.0.1.0/24", "10.0.1.1")
	change := func(on bool) answer {
		c.do(200, "PUT", "/vpc/v1/"+north+"/vpcs/"+vpc+"/subnets/"+id, fmt.Sprintf(`{"subnet":{"name":"n","ipv6_enable":%v}}`, on))
		return c.do(200, "GET", "/vpc/v1/"+north+"/subnets/"+id, "")
	}
	a := change(true)
	var x, y int
	if n, err := fmt.Sscanf(a.str("subnet", "cidr_v6"), "2407:c080:%x:%x::/64", &x, &y); n != 2 || err != nil {
		t.Errorf("cidr_v6 is %s", a.str("subnet", "cidr_v6"))
	}
	c.want(a, map[string]any{"subnet.ipv6_enable": true, "subnet.gateway_ip_v6": fmt.Sprintf("2407:c080:%x:%x::1", x, y)})
	c.want(change(true), map[string]any{"subnet.cidr_v6": a.get("subnet", "cidr_v6")}) // it keeps what it has
	c.want(c.do(200, "GET", "/vpc/v3/"+north+"/vpc/virsubnets/"+id, ""), map[string]any{"virsubnet.subnet_cidrs.1.ip_version": "6"})
	c.want(change(false), map[string]any{"subnet.ipv6_enable": false, "subnet.cidr_v6": nil})
}

func TestSubnetLists(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	one, two := c.vpc("10.0.0.0/16"), c.vpc("10.0.0.0/16")
	a, b := c.subnet(one, "10.0.1.0/24", "10.0.1.1"), c.subnet(one, "10.0.2.0/24", "10.0.2.1")
	c.subnet(two, "10.0.1.0/24", "10.0.1.1") // VPCs may have the same ranges
	for query, want := range map[string]int{
		"":                      3,
		"vpc_id=" + one:         2,
		"vpc_id=x":              0,
		"limit=1":               1,
		"limit=2&vpc_id=" + two: 1,
		"marker=ffffffff":       0,
	} {
		if n := c.do(200, "GET", "/vpc/v1/"+north+"/subnets?"+query, "").len("subnets"); n != want {
			t.Errorf("v1 %s: %d instead of %d", query, n, want)
		}
	}
	for query, want := range map[string]int{
		"":                                 3,
		"vpc_id=" + one + "&vpc_id=" + two: 3,
		"vpc_id=" + two:                    1,
		"id=" + a + "&id=" + b:             2,
		"name=s":                           3,
		"name=x":                           0,
		"status=ACTIVE":                    3,
		"status=ERROR":                     0,
		"zone_id=cn-north-4a":              0,
		"scope=center":                     3,
		"limit=2":                          2,
	} {
		got := c.do(200, "GET", "/vpc/v3/"+north+"/vpc/virsubnets?"+query, "")
		if got.len("virsubnets") != want {
			t.Errorf("v3 %s: %d instead of %d", query, got.len("virsubnets"), want)
		}
		c.want(got, map[string]any{"page_info.current_count": want})
	}
}

func TestSubnetInUse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		port *port
		code string
	}{
		"by a server":     {&port{DeviceID: "s1", DeviceOwner: "compute:cn-north-4a"}, "VPC.0209"},
		"by a private IP": {&port{}, "VPC.0208"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, Options{})
			vpc := c.vpc("10.0.0.0/16")
			id := c.subnet(vpc, "10.0.1.0/24", "10.0.1.1")
			one := "/vpc/v1/" + north + "/vpcs/" + vpc + "/subnets/" + id
			test.port.NetworkID = id
			under(c.cloud, func() {
				if _, err := c.cloud.vpc.allocatePort(north, test.port); err != nil {
					t.Fatal(err)
				}
			})
			c.want(c.do(409, "DELETE", one, ""), map[string]any{"code": test.code})
			under(c.cloud, func() { c.cloud.vpc.releasePort(test.port.ID) })
			c.do(204, "DELETE", one, "")
		})
	}
}
