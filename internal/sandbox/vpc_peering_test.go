package sandbox

import (
	"fmt"
	"testing"
)

const peeringPath = "/vpc/v2.0/vpc/peerings"

func peeringBody(name, mine, peer, peerProject string) string {
	return fmt.Sprintf(`{"peering":{"name":%q,"request_vpc_info":{"vpc_id":%q},"accept_vpc_info":{"vpc_id":%q,"tenant_id":%q}}}`, name, mine, peer, peerProject)
}

// as sends a request for another project.
func (c *client) as(project string, status int, method, path string) answer {
	c.t.Helper()
	h := c.request(method, path, "")
	h.Header.Set("X-Project-Id", project)
	a := c.send(h)
	if a.status != status {
		c.t.Errorf("%s %s for %s: %d %s", method, path, project, a.status, a.text)
	}
	return a
}

func TestPeering(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	a, b := c.vpc("10.0.0.0/16"), c.vpc("10.1.0.0/16")
	made := c.do(201, "POST", peeringPath, peeringBody("p", a, b, north))
	id := made.str("peering", "id")
	c.want(made, map[string]any{
		"peering.status": "ACTIVE", "peering.name": "p", "peering.description": "",
		"peering.request_vpc_info.vpc_id": a, "peering.request_vpc_info.tenant_id": north, "peering.accept_vpc_info.vpc_id": b,
	})
	c.want(c.do(200, "PUT", peeringPath+"/"+id, `{"peering":{"description":"d"}}`), map[string]any{"peering.name": "p", "peering.description": "d"})
	c.want(c.do(200, "GET", peeringPath+"/"+id, ""), map[string]any{"peering.description": "d"})
	for query, want := range map[string]int{"": 1, "?vpc_id=" + b: 1, "?vpc_id=x": 0, "?name=p": 1, "?status=REJECTED": 0, "?tenant_id=" + north: 1} {
		if n := c.do(200, "GET", peeringPath+query, "").len("peerings"); n != want {
			t.Errorf("%s: %d peerings, want %d", query, n, want)
		}
	}
	c.do(201, "POST", peeringPath, peeringBody("q", b, c.vpc("10.2.0.0/16"), ""))
	c.want(c.do(200, "GET", peeringPath+"?limit=1", ""), map[string]any{"peerings_links.0.rel": "next"})
	c.want(c.do(409, "DELETE", "/vpc/v1/"+north+"/vpcs/"+a, ""), map[string]any{"code": "VPC.0104"})
	c.want(c.do(409, "PUT", peeringPath+"/"+id+"/accept", ""), map[string]any{"NeutronError.type": "VpcPeeringStatusConflict"})
	c.do(204, "DELETE", peeringPath+"/"+id, "")
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		c.want(c.do(404, method, peeringPath+"/"+id, "{}"), map[string]any{"NeutronError.type": "VpcPeeringNotFound"})
	}
	c.do(204, "DELETE", "/vpc/v1/"+north+"/vpcs/"+a, "")
}

func TestPeeringOfProjects(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	a, b := c.vpc("10.0.0.0/16"), ""
	under(c.cloud, func() {
		other := &vpc{Name: "other", Cidr: "10.1.0.0/16", Status: "OK"}
		c.cloud.vpc.addVPC(extra, other)
		b = other.ID
	})
	for verb, status := range map[string]string{"reject": "REJECTED", "accept": "ACTIVE"} {
		made := c.do(201, "POST", peeringPath, peeringBody("p", a, b, extra))
		c.want(made, map[string]any{"peering.status": "PENDING_ACCEPTANCE"})
		path := peeringPath + "/" + made.str("peering", "id")
		c.do(403, "PUT", path+"/"+verb, "")
		c.as(east, 404, "GET", path)
		c.want(c.as(extra, 200, "PUT", path+"/"+verb), map[string]any{"status": status})
		c.want(c.do(200, "GET", path, ""), map[string]any{"peering.status": status})
		c.as(extra, 204, "DELETE", path)
	}
}

func TestPeeringRefusals(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	a, b, overlaps := c.vpc("10.0.0.0/16"), c.vpc("10.1.0.0/16"), c.vpc("10.0.128.0/17")
	c.do(201, "POST", peeringPath, peeringBody("p", a, b, ""))
	for _, test := range []refusedRequest{
		{"no name", peeringBody("", a, b, ""), 400, "HTTPBadRequest"},
		{"long name", peeringBody(fmt.Sprintf("%065d", 1), a, b, ""), 400, "HTTPBadRequest"},
		{"itself", peeringBody("p", a, a, ""), 400, "HTTPBadRequest"},
		{"overlap", peeringBody("p", a, overlaps, ""), 400, "HTTPBadRequest"},
		{"no VPC", peeringBody("p", "x", b, ""), 404, "RouterNotFound"},
		{"no peer", peeringBody("p", a, "x", ""), 404, "RouterNotFound"},
		{"another project's peer", peeringBody("p", a, b, extra), 404, "RouterNotFound"},
		{"the same again", peeringBody("p", b, a, ""), 409, "VpcPeeringExists"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if a := c.do(test.status, "POST", peeringPath, test.body); a.str("NeutronError", "type") != test.code {
				t.Error(a.text)
			}
		})
	}
}
