package sandbox

import (
	"fmt"
	"testing"
)

// refusedRequest is what is wrong with a request, and how it is refused.
type refusedRequest struct {
	name   string
	body   string
	status int
	code   string
}

func TestVPC(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	path := "/vpc/v1/" + north + "/vpcs"
	a := c.do(200, "POST", path, `{"vpc":{"name":"网络_1-a.b","cidr":"10.0.0.0/16","description":"d","tags":["k*v","e*"],"enterprise_project_id":"e1"}}`)
	id := a.str("vpc", "id")
	c.want(a, map[string]any{
		"vpc.name": "网络_1-a.b", "vpc.cidr": "10.0.0.0/16", "vpc.description": "d", "vpc.status": "CREATING", "vpc.routes": []any{},
		"vpc.enterprise_project_id": "e1", "vpc.tenant_id": north, "vpc.tags": nil,
	})
	c.want(c.do(200, "GET", path+"/"+id, ""), map[string]any{"vpc.status": "OK", "vpc.name": "网络_1-a.b"})
	c.want(c.do(200, "GET", "/vpc/v3/"+north+"/vpc/vpcs/"+id, ""), map[string]any{
		"vpc.status": "ACTIVE", "vpc.extend_cidrs": []any{}, "vpc.project_id": north,
		"vpc.tags":            []tag{{"e", ""}, {"k", "v"}},
		"vpc.cloud_resources": []any{map[string]any{"resource_type": "routetable", "resource_count": 1}},
	})
	c.want(c.do(200, "PUT", path+"/"+id, `{"vpc":{"name":"","description":""}}`), map[string]any{"vpc.name": "", "vpc.description": "", "vpc.cidr": "10.0.0.0/16", "vpc.status": "OK"})
	c.want(c.do(200, "PUT", path+"/"+id, `{"vpc":{"cidr":"10.0.0.0/8"}}`), map[string]any{"vpc.cidr": "10.0.0.0/8"})
	c.do(404, "GET", "/vpc/v1/"+extra+"/vpcs/"+id, "") // it is another project's
	c.do(204, "DELETE", path+"/"+id, "")
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		c.want(c.do(404, method, path+"/"+id, `{"vpc":{}}`), map[string]any{"code": "VPC.0105"})
	}
	if n := len(c.cloud.vpc.routeTables.all("")); n != 0 {
		t.Errorf("%d route tables are left", n)
	}
}

func TestVPCRefusals(t *testing.T) {
	t.Parallel()
	for _, test := range []refusedRequest{
		{"name with a blank", `{"name":"a b"}`, 400, "VPC.0101"},
		{"name too long", fmt.Sprintf(`{"name":"%065d"}`, 1), 400, "VPC.0101"},
		{"name taken", `{"name":"taken"}`, 400, "VPC.0115"},
		{"description with brackets", `{"description":"<b>"}`, 400, "VPC.0101"},
		{"description too long", fmt.Sprintf(`{"description":"%0256d"}`, 1), 400, "VPC.0101"},
		{"cidr is none", `{"cidr":"10.0.0.0"}`, 400, "VPC.0101"},
		{"cidr is public", `{"cidr":"8.8.8.0/24"}`, 400, "VPC.0101"},
		{"cidr wider than private", `{"cidr":"172.0.0.0/8"}`, 400, "VPC.0101"},
		{"cidr not aligned", `{"cidr":"10.0.0.1/16"}`, 400, "VPC.0101"},
		{"cidr too small", `{"cidr":"10.0.0.0/29"}`, 400, "VPC.0101"},
		{"cidr of IPv6", `{"cidr":"fd00::/16"}`, 400, "VPC.0101"},
		{"eleven tags", `{"tags":["1*","2*","3*","4*","5*","6*","7*","8*","9*","10*","11*"]}`, 400, "VPC.1801"},
		{"tag with two stars", `{"tags":["a*b*c"]}`, 400, "VPC.1801"},
		{"tag twice", `{"tags":["a*1","a*2"]}`, 400, "VPC.1801"},
		{"tag without a key", `{"tags":["*1"]}`, 400, "VPC.1801"},
		{"endpoints neither on nor off", `{"block_service_endpoint_states":"x"}`, 400, "VPC.0101"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, Options{})
			path := "/vpc/v1/" + north + "/vpcs"
			c.do(200, "POST", path, `{"vpc":{"name":"taken"}}`)
			a := c.do(test.status, "POST", path, `{"vpc":`+test.body+`}`)
			if a.str("code") != test.code || a.str("message") == "" {
				t.Errorf("%s", a.text)
			}
			if n := c.do(200, "GET", path, "").len("vpcs"); n != 1 {
				t.Errorf("%d VPCs", n)
			}
		})
	}
}

func TestVPCNamesAndQuotasArePerProject(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	for _, project := range []string{north, extra, east} {
		c.do(200, "POST", "/vpc/v1/"+project+"/vpcs", `{"vpc":{"name":"same"}}`)
	}
	for range 2 { // no name is no conflict
		c.do(200, "POST", "/vpc/v1/"+north+"/vpcs", `{"vpc":{"name":""}}`)
	}
	other := c.do(200, "POST", "/vpc/v1/"+north+"/vpcs", `{"vpc":{"name":"other"}}`).str("vpc", "id")
	c.want(c.do(400, "PUT", "/vpc/v1/"+north+"/vpcs/"+other, `{"vpc":{"name":"same"}}`), map[string]any{"code": "VPC.0115"})
	c.do(200, "PUT", "/vpc/v1/"+north+"/vpcs/"+other, `{"vpc":{"name":"other"}}`) // its own name
}

func TestVPCWithSubnets(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	id := c.vpc("10.0.0.0/16")
	subnet := c.subnet(id, "10.0.200.0/24", "10.0.200.1")
	one := "/vpc/v1/" + north + "/vpcs/" + id
	c.want(c.do(400, "PUT", one, `{"vpc":{"cidr":"10.0.0.0/17"}}`), map[string]any{"code": "VPC.0117"})
	c.do(200, "PUT", one, `{"vpc":{"cidr":"10.0.128.0/17"}}`)
	c.want(c.do(409, "DELETE", one, ""), map[string]any{"code": "VPC.0104"})
	c.want(c.do(409, "DELETE", "/vpc/v3/"+north+"/vpc/vpcs/"+id, ""), map[string]any{"error_code": "VPC.0104"})
	c.want(c.do(200, "GET", "/vpc/v3/"+north+"/vpc/vpcs/"+id, ""), map[string]any{"vpc.cloud_resources.1": map[string]any{"resource_type": "virsubnet", "resource_count": 1}})
	c.do(204, "DELETE", one+"/subnets/"+subnet, "")
	c.do(204, "DELETE", "/vpc/v3/"+north+"/vpc/vpcs/"+id, "")
}

func TestVPC3(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	path := "/vpc/v3/" + north + "/vpc/vpcs"
	c.want(c.do(202, "POST", path, `{"dry_run":true,"vpc":{"name":"a","cidr":"10.0.0.0/8"}}`), map[string]any{"vpc": nil})
	if n := c.do(200, "GET", path, "").len("vpcs"); n != 0 {
		t.Errorf("a dry run makes %d VPCs", n)
	}
	a := c.do(201, "POST", path, `{"vpc":{"name":"a","cidr":"10.0.0.0/8","tags":[{"key":"k","value":"v"}]}}`)
	id := a.str("vpc", "id")
	c.want(a, map[string]any{"vpc.status": "PENDING", "vpc.tags": []tag{{"k", "v"}}, "request_id": a.header.Get("X-Request-Id")})
	for _, body := range []string{`{}`, `{"vpc":{"name":""}}`, `{"vpc":{"name":"<"}}`, `{"vpc":{"description":">"}}`} {
		c.want(c.do(400, "PUT", path+"/"+id, body), map[string]any{"error_code": "VPC.0101"})
	}
	for _, body := range []string{`{"vpc":{"cidr":"10.0.0.0/8"}}`, `{"vpc":{"name":"b"}}`, `{"dry_run":true,"vpc":{"name":"b","cidr":"x"}}`} {
		c.want(c.do(400, "POST", path, body), map[string]any{"error_code": "VPC.0101"})
	}
	c.do(202, "PUT", path+"/"+id, `{"dry_run":true,"vpc":{"name":"b"}}`)
	c.want(c.do(200, "GET", path+"/"+id, ""), map[string]any{"vpc.name": "a", "vpc.status": "ACTIVE"})
	c.want(c.do(200, "PUT", path+"/"+id, `{"vpc":{"name":"b"}}`), map[string]any{"vpc.name": "b"})
	c.want(c.do(404, "GET", path+"/x", ""), map[string]any{"error_code": "VPC.0105"})
}

func TestVPCLists(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	ids := map[string]string{}
	for i, name := range []string{"a", "b", "c"} {
		ids[name] = c.do(200, "POST", "/vpc/v1/"+north+"/vpcs",
			fmt.Sprintf(`{"vpc":{"name":%q,"cidr":"10.%d.0.0/16","description":"about %s","enterprise_project_id":"%d"}}`, name, i, name, i%2)).str("vpc", "id")
	}
	for query, want := range map[string]int{
		"v1/" + north + "/vpcs":                                        3,
		"v1/" + extra + "/vpcs":                                        0,
		"v1/" + north + "/vpcs?id=" + ids["a"]:                         1,
		"v1/" + north + "/vpcs?id=x":                                   0,
		"v1/" + north + "/vpcs?enterprise_project_id=1":                1,
		"v1/" + north + "/vpcs?enterprise_project_id=all_granted_eps":  3,
		"v1/" + north + "/vpcs?limit=2":                                2,
		"v3/" + north + "/vpc/vpcs":                                    3,
		"v3/" + north + "/vpc/vpcs?id=" + ids["a"] + "&id=" + ids["b"]: 2,
		"v3/" + north + "/vpc/vpcs?name=a&name=c":                      2,
		"v3/" + north + "/vpc/vpcs?name=a&id=" + ids["b"]:              0,
		"v3/" + north + "/vpc/vpcs?cidr=10.1.0.0/16":                   1,
		"v3/" + north + "/vpc/vpcs?description=about+c":                1,
		"v3/" + north + "/vpc/vpcs?enterprise_project_id=0":            2,
	} {
		a := c.do(200, "GET", "/vpc/"+query, "")
		if a.len("vpcs") != want {
			t.Errorf("%s: %d instead of %d", query, a.len("vpcs"), want)
		}
	}
	a := c.do(200, "GET", "/vpc/v3/"+north+"/vpc/vpcs?limit=2", "")
	c.want(a, map[string]any{
		"page_info.current_count": 2, "page_info.previous_marker": a.get("vpcs", 0, "id"), "page_info.next_marker": a.get("vpcs", 1, "id"),
	})
}

func TestExtendCidr(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	id := c.vpc("10.0.0.0/16")
	one := "/vpc/v3/" + north + "/vpc/vpcs/" + id
	extend := func(status int, action, list string) answer {
		t.Helper()
		return c.do(status, "PUT", one+"/"+action+"-extend-cidr", `{"vpc":{"extend_cidrs":`+list+`}}`)
	}
	c.want(extend(200, "add", `["172.16.0.0/16"]`), map[string]any{"vpc.extend_cidrs": []string{"172.16.0.0/16"}})
	for name, list := range map[string]string{
		"none":                     `[]`,
		"two at a time":            `["10.1.0.0/16","10.2.0.0/16"]`,
		"the VPC's own":            `["10.0.0.0/16"]`,
		"around the VPC's own":     `["10.0.0.0/8"]`,
		"in another extension":     `["172.16.8.0/24"]`,
		"forbidden":                `["100.64.0.0/16"]`,
		"partly forbidden":         `["192.168.0.0/15"]`,
		"partly forbidden private": `["172.31.0.0/24"]`,
		"not aligned":              `["10.1.0.1/16"]`,
		"too small":                `["10.1.0.0/29"]`,
		"nonsense":                 `["x"]`,
	} {
		t.Run(name, func(*testing.T) { c.want(extend(400, "add", list), map[string]any{"error_code": "VPC.0101"}) })
	}
	subnet := c.subnet(id, "172.16.1.0/24", "172.16.1.1")
	c.want(extend(400, "remove", `["172.16.0.0/16"]`), map[string]any{"error_code": "VPC.0602"})
	c.do(204, "DELETE", "/vpc/v1/"+north+"/vpcs/"+id+"/subnets/"+subnet, "")
	extend(400, "remove", `["10.9.0.0/16"]`)
	c.want(extend(200, "remove", `["172.16.0.0/16"]`), map[string]any{"vpc.extend_cidrs": []any{}})
	c.do(404, "PUT", "/vpc/v3/"+north+"/vpc/vpcs/x/add-extend-cidr", `{}`)
}

func TestQuotas(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	c.subnet(c.vpc("10.0.0.0/16"), "10.0.0.0/24", "10.0.0.1")
	a := c.do(200, "GET", "/vpc/v1/"+north+"/quotas", "")
	c.want(a, map[string]any{"quotas.resources": []any{
		map[string]any{"type": "vpc", "used": 1, "quota": 1000, "min": 0},
		map[string]any{"type": "subnet", "used": 1, "quota": 2000, "min": 0},
		map[string]any{"type": "securityGroup", "used": 1, "quota": 1000, "min": 0},
		map[string]any{"type": "publicIp", "used": 0, "quota": 50, "min": 0},
		map[string]any{"type": "shareBandwidth", "used": 0, "quota": 10, "min": 0},
	}})
}
