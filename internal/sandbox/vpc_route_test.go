package sandbox

import (
	"fmt"
	"slices"
	"testing"
)

const tablePath = "/vpc/v1/" + north + "/routetables"

// table makes a route table and returns its path.
func (c *client) table(vpc string) string {
	c.t.Helper()
	return tablePath + "/" + c.do(200, "POST", tablePath, fmt.Sprintf(`{"routetable":{"vpc_id":%q}}`, vpc)).str("routetable", "id")
}

// destinations are those of a table's own routes.
func (c *client) destinations(path string) (found []string) {
	c.t.Helper()
	a := c.do(200, "GET", path, "")
	for i := range a.len("routetable", "routes") {
		if a.str("routetable", "routes", i, "type") != "local" {
			found = append(found, a.str("routetable", "routes", i, "destination"))
		}
	}
	return found
}

// within are how many subnets a table has.
func (c *client) within(path string, want int) {
	c.t.Helper()
	if n := c.do(200, "GET", path, "").len("routetable", "subnets"); n != want {
		c.t.Errorf("%s has %d subnets instead of %d", path, n, want)
	}
}

func TestDefaultRouteTable(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	id := c.vpc("10.0.0.0/16")
	subnet := c.subnet(id, "10.0.1.0/24", "10.0.1.1")
	c.vpc("10.1.0.0/16")
	list := c.do(200, "GET", tablePath+"?vpc_id="+id, "")
	c.want(list, map[string]any{
		"routetables.0.default": true, "routetables.0.vpc_id": id, "routetables.0.name": "rtb-", "routetables.0.subnets": []any{map[string]any{"id": subnet}},
		"routetables.0.routes": nil, "routetables.1": nil,
	})
	path := tablePath + "/" + list.str("routetables", 0, "id")
	read := c.do(200, "GET", path, "")
	for i, local := range []string{"100.64.0.0/10", "127.0.0.0/8", "10.0.1.0/24"} {
		c.want(read, map[string]any{fmt.Sprintf("routetable.routes.%d", i): map[string]any{"type": "local", "destination": local, "nexthop": nil, "description": nil}})
	}
	c.want(c.do(200, "PUT", path, `{"routetable":{"name":"main","description":"d"}}`), map[string]any{"routetable.name": "main", "routetable.description": "d"})
	c.want(c.do(409, "DELETE", path, ""), map[string]any{"code": "VPC.2804"})
	c.want(c.do(400, "POST", path+"/action", fmt.Sprintf(`{"routetable":{"subnets":{"disassociate":[%q]}}}`, subnet)), map[string]any{"code": "VPC.2801"})
	c.do(204, "DELETE", "/vpc/v1/"+north+"/vpcs/"+id+"/subnets/"+subnet, "")
	c.within(path, 0)
	c.do(204, "DELETE", "/vpc/v1/"+north+"/vpcs/"+id, "")
	c.want(c.do(404, "GET", path, ""), map[string]any{"code": "VPC.2808"})
}

func TestRouteTable(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	id := c.vpc("10.0.0.0/16")
	made := c.do(200, "POST", tablePath, fmt.Sprintf(`{"routetable":{"name":"表","description":"d","vpc_id":%q,"routes":[{"type":"nat","destination":"0.0.0.0/0","nexthop":"n","description":"out"}]}}`, id))
	c.want(made, map[string]any{
		"routetable.name": "表", "routetable.description": "d", "routetable.default": false, "routetable.vpc_id": id, "routetable.subnets": []any{},
		"routetable.routes.2": map[string]any{"type": "nat", "destination": "0.0.0.0/0", "nexthop": "n", "description": "out"},
	})
	path := tablePath + "/" + made.str("routetable", "id")
	for query, want := range map[string]int{"": 2, "?vpc_id=" + id: 2, "?vpc_id=x": 0, "?id=" + made.str("routetable", "id"): 1, "?limit=1": 1} {
		if n := c.do(200, "GET", tablePath+query, "").len("routetables"); n != want {
			t.Errorf("%s: %d tables", query, n)
		}
	}
	c.want(c.do(409, "DELETE", "/vpc/v1/"+north+"/vpcs/"+id, ""), map[string]any{"code": "VPC.0104"})
	c.do(404, "GET", "/vpc/v1/"+extra+"/routetables/"+made.str("routetable", "id"), "")
	c.do(204, "DELETE", path, "")
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		c.want(c.do(404, method, path, `{}`), map[string]any{"code": "VPC.2808"})
	}
	c.do(404, "POST", path+"/action", `{}`)
	c.do(204, "DELETE", "/vpc/v1/"+north+"/vpcs/"+id, "")
}

// A subnet is in one table: to associate it moves it there, and a table with subnets stays.
func TestRouteTableSubnets(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	id := c.vpc("10.0.0.0/16")
	subnet := c.subnet(id, "10.0.1.0/24", "10.0.1.1")
	foreign := c.subnet(c.vpc("10.1.0.0/16"), "10.1.1.0/24", "10.1.1.1")
	one, other := c.table(id), c.table(id)
	main := tablePath + "/" + c.do(200, "GET", tablePath+"?subnet_id="+subnet, "").str("routetables", 0, "id")
	act := func(status int, path, action, id string) answer {
		t.Helper()
		return c.do(status, "POST", path+"/action", fmt.Sprintf(`{"routetable":{"subnets":{%q:[%q]}}}`, action, id))
	}
	c.want(act(200, one, "associate", subnet), map[string]any{"routetable.subnets": []any{map[string]any{"id": subnet}}})
	c.within(main, 0)
	act(200, other, "associate", subnet)
	c.within(one, 0)
	c.within(other, 1)
	c.want(c.do(409, "DELETE", other, ""), map[string]any{"code": "VPC.2805"})
	for _, refused := range []answer{
		act(400, one, "disassociate", subnet), act(400, one, "associate", foreign), act(400, one, "associate", "nowhere"),
		c.do(400, "POST", one+"/action", `{"routetable":{"subnets":{}}}`),
	} {
		c.want(refused, map[string]any{"code": "VPC.2801"})
	}
	act(200, other, "disassociate", subnet)
	c.within(main, 1)
	act(200, other, "associate", subnet)
	act(200, main, "associate", subnet)
	c.within(other, 0)
	act(200, other, "associate", subnet)
	c.do(204, "DELETE", "/vpc/v1/"+north+"/vpcs/"+id+"/subnets/"+subnet, "")
	c.do(204, "DELETE", other, "")
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	path := c.table(c.vpc("10.0.0.0/16"))
	put := func(status int, routes string) answer {
		t.Helper()
		return c.do(status, "PUT", path, `{"routetable":{"routes":`+routes+`}}`)
	}
	put(200, `{"add":[{"type":"nat","destination":"0.0.0.0/0","nexthop":"n"},{"type":"er","destination":"fd00::/8","nexthop":"e"}]}`)
	put(200, `{"mod":[{"type":"er","destination":"0.0.0.0/0","nexthop":"e","description":"d"}],"del":[{"destination":"fd00::/8"}],"add":[{"type":"vpn","destination":"192.168.0.0/16","nexthop":"v"}]}`)
	if found := c.destinations(path); !slices.Equal(found, []string{"0.0.0.0/0", "192.168.0.0/16"}) {
		t.Errorf("routes to %v", found)
	}
	// One that is refused takes the others of its request with it.
	c.want(put(400, `{"del":[{"destination":"0.0.0.0/0"}],"add":[{"type":"vpn","destination":"192.168.0.0/16","nexthop":"v"}]}`), map[string]any{"code": "VPC.2812"})
	c.want(put(404, `{"mod":[{"type":"er","destination":"1.0.0.0/8","nexthop":"e"}]}`), map[string]any{"code": "VPC.2813"})
	c.want(put(404, `{"del":[{"destination":"1.0.0.0/8"}]}`), map[string]any{"code": "VPC.2813"})
	if found := c.destinations(path); len(found) != 2 {
		t.Errorf("routes to %v", found)
	}
}

func TestRouteRefusals(t *testing.T) {
	t.Parallel()
	f := newFleet(t, Options{})
	refused := func(status int, code, method, path, body string) {
		t.Helper()
		f.want(f.do(status, method, path, body), map[string]any{"code": code})
	}
	id := f.do(200, "GET", "/vpc/v1/"+north+"/subnets/"+f.subnetID, "").str("subnet", "vpc_id")
	path, elsewhere := f.table(id), f.table(f.vpc("192.168.0.0/16"))
	server := f.server()
	port := func(owner string) answer {
		return f.do(201, "POST", "/vpc/v1/"+north+"/ports", fmt.Sprintf(`{"port":{"network_id":%q,"device_owner":%q}}`, f.subnetID, owner))
	}
	own, virtual := port("").str("port", "id"), port(ownerVIP).str("port", "fixed_ips", 0, "ip_address")
	peer := f.do(201, "POST", peeringPath, peeringBody("p", id, f.vpc("172.16.0.0/16"), "")).str("peering", "id")
	local := f.do(200, "GET", "/vpc/v1/"+north+"/subnets/"+f.subnetID, "").str("subnet", "cidr")
	for kind, nexthop := range map[string]string{"ecs": server, "eni": own, "vip": virtual, "peering": peer} {
		add := fmt.Sprintf(`{"routetable":{"routes":{"add":[{"type":%q,"destination":"1.0.0.0/8","nexthop":%q}]}}}`, kind, nexthop)
		f.do(200, "PUT", path, add)
		f.do(200, "PUT", path, `{"routetable":{"routes":{"del":[{"destination":"1.0.0.0/8"}]}}}`)
		refused(400, "VPC.2801", "PUT", elsewhere, add)
	}
	for name, test := range map[string]struct{ kind, destination, nexthop, more, code string }{
		"no range":               {"nat", "1.0.0.0", "n", "", "VPC.2801"},
		"host bits":              {"nat", "1.0.0.1/8", "n", "", "VPC.2801"},
		"no type":                {"", "1.0.0.0/8", "n", "", "VPC.2801"},
		"local":                  {"local", "1.0.0.0/8", "n", "", "VPC.2801"},
		"no next hop":            {"nat", "1.0.0.0/8", "", "", "VPC.2801"},
		"no server":              {"ecs", "1.0.0.0/8", "nowhere", "", "VPC.2801"},
		"no port":                {"eni", "1.0.0.0/8", "nowhere", "", "VPC.2801"},
		"no virtual address":     {"vip", "1.0.0.0/8", "10.1.0.1", "", "VPC.2801"},
		"no peering":             {"peering", "1.0.0.0/8", "nowhere", "", "VPC.2801"},
		"description":            {"nat", "1.0.0.0/8", "n", `,"description":"<"`, "VPC.2801"},
		"range of a subnet":      {"nat", local, "n", "", "VPC.2809"},
		"range of the system":    {"nat", "127.0.0.0/16", "n", "", "VPC.2809"},
		"longer than the subnet": {"nat", "100.64.1.0/24", "n", "", "VPC.2809"},
	} {
		t.Run(name, func(*testing.T) {
			refused(400, test.code, "PUT", path, fmt.Sprintf(`{"routetable":{"routes":{"add":[{"type":%q,"destination":%q,"nexthop":%q%s}]}}}`,
				test.kind, test.destination, test.nexthop, test.more))
		})
	}
	refused(400, "VPC.2801", "PUT", path, `{"routetable":{"name":"a b"}}`)
	refused(400, "VPC.2801", "PUT", path, `{"routetable":{"description":"<"}}`)
	refused(404, "VPC.0003", "POST", tablePath, `{"routetable":{"vpc_id":"nowhere"}}`)
	refused(400, "VPC.2801", "POST", tablePath, fmt.Sprintf(`{"routetable":{"vpc_id":%q,"name":"%065d"}}`, id, 1))
	six := ""
	for i := range 6 {
		six += fmt.Sprintf(`,{"type":"nat","destination":"%d.0.0.0/8","nexthop":"n"}`, i+1)
	}
	refused(400, "VPC.2801", "POST", tablePath, fmt.Sprintf(`{"routetable":{"vpc_id":%q,"routes":[%s]}}`, id, six[1:]))
	refused(400, "VPC.2812", "POST", tablePath, fmt.Sprintf(`{"routetable":{"vpc_id":%q,"routes":[{"type":"nat","destination":"1.0.0.0/8","nexthop":"n"},{"type":"nat","destination":"1.0.0.0/8","nexthop":"n"}]}}`, id))
	f.control(200, "PUT", "config", `{"quotas":{"route_table":2,"route":1}}`)
	refused(409, "VPC.2802", "POST", tablePath, fmt.Sprintf(`{"routetable":{"vpc_id":%q}}`, id))
	refused(409, "VPC.2803", "PUT", path, `{"routetable":{"routes":{"add":[{"type":"nat","destination":"1.0.0.0/8","nexthop":"n"},{"type":"nat","destination":"2.0.0.0/8","nexthop":"n"}]}}}`)
}
