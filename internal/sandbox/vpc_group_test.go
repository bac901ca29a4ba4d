package sandbox

import (
	"fmt"
	"testing"
)

func TestSecurityGroup(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	path := "/vpc/v3/" + north + "/vpc/security-groups"
	a := c.do(201, "POST", path, `{"security_group":{"name":"g","description":"d","tags":[{"key":"k","value":"v"}]}}`)
	id := a.str("security_group", "id")
	c.want(a, map[string]any{
		"security_group.name": "g", "security_group.project_id": north, "security_group.enterprise_project_id": "0", "security_group.tags": []tag{{"k", "v"}},
		"security_group.security_group_rules.0.direction": "egress", "security_group.security_group_rules.1.remote_group_id": id,
	})
	if n := a.len("security_group", "security_group_rules"); n != 4 {
		t.Errorf("%d rules", n)
	}
	c.want(c.do(200, "GET", path+"?name=g", ""), map[string]any{"security_groups.0.id": id, "security_groups.0.security_group_rules": nil, "page_info.current_count": 1})
	c.want(c.do(200, "PUT", path+"/"+id, `{"security_group":{"description":""}}`), map[string]any{"security_group.name": "g", "security_group.description": ""})
	c.do(202, "PUT", path+"/"+id, `{"dry_run":true,"security_group":{"name":"x"}}`)
	c.do(202, "POST", path, `{"dry_run":true,"security_group":{"name":"x"}}`)
	c.want(c.do(200, "GET", path+"/"+id, ""), map[string]any{"security_group.name": "g", "security_group.description": ""})
	for _, body := range []string{`{"name":""}`, `{"name":"a b"}`, `{"description":"<"}`, fmt.Sprintf(`{"name":"%065d"}`, 1)} {
		c.want(c.do(400, "PUT", path+"/"+id, `{"security_group":`+body+`}`), map[string]any{"error_code": "VPC.0601"})
	}
	c.want(c.do(400, "POST", path, `{"security_group":{}}`), map[string]any{"error_code": "VPC.0601"})

	subnet := c.subnet(c.vpc("10.0.0.0/16"), "10.0.0.0/24", "10.0.0.1")
	port := c.do(201, "POST", "/vpc/v1/"+north+"/ports", `{"port":{"network_id":"`+subnet+`","security_groups":["`+id+`"]}}`).str("port", "id")
	c.want(c.do(409, "DELETE", path+"/"+id, ""), map[string]any{"error_code": "VPC.0602", "error_msg": "Security Group " + id + " in use."})
	c.do(204, "DELETE", "/vpc/v1/"+north+"/ports/"+port, "")
	other := c.do(201, "POST", path, `{"security_group":{"name":"other"}}`).str("security_group", "id")
	rules := "/vpc/v3/" + north + "/vpc/security-group-rules"
	c.do(201, "POST", rules, `{"security_group_rule":{"security_group_id":"`+other+`","direction":"ingress","remote_group_id":"`+id+`"}}`)
	c.want(c.do(409, "DELETE", path+"/"+id, ""), map[string]any{"error_code": "VPC.0602"})
	c.do(204, "DELETE", path+"/"+other, "")
	c.do(204, "DELETE", path+"/"+id, "")
	if n := c.do(200, "GET", rules+"?security_group_id="+id+"&security_group_id="+other, "").len("security_group_rules"); n != 0 {
		t.Errorf("%d rules are left of groups that are gone", n)
	}
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		c.want(c.do(404, method, path+"/"+id, `{}`), map[string]any{"error_code": "VPC.0602"})
	}
}

func TestSecurityGroupQuota(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	c.control(200, "PUT", "config", `{"quotas":{"security_group":1}}`)
	c.do(409, "POST", "/vpc/v3/"+north+"/vpc/security-groups", `{"security_group":{"name":"g"}}`)
}

func TestDefaultGroups(t *testing.T) {
	t.Parallel()
	one, two := newClient(t, Options{}), newClient(t, Options{Seed: 7})
	seen := map[string]bool{}
	for _, project := range []string{north, east, extra} {
		path := "/vpc/v3/" + project + "/vpc/security-groups"
		a, b := one.do(200, "GET", path, ""), two.do(200, "GET", path, "")
		id := a.str("security_groups", 0, "id")
		if a.len("security_groups") != 1 || a.str("security_groups", 0, "name") != "default" || id != b.str("security_groups", 0, "id") || seen[id] || !uuidLike(id) {
			t.Errorf("%s\n%s", a.text, b.text)
		}
		seen[id] = true
	}
	under(one.cloud, func() {
		id := one.cloud.vpc.defaultGroup(north).ID
		one.cloud.vpc.groups.remove(id)
		if g := one.cloud.vpc.defaultGroup(north); g == nil || g.ID == id || g.Name != "default" {
			t.Errorf("a removed default group is replaced by %v", g)
		}
	})
}

func uuidLike(id string) bool {
	var a, b, c, d, e uint64
	n, err := fmt.Sscanf(id, "%8x-%4x-%4x-%4x-%12x", &a, &b, &c, &d, &e)
	return n == 5 && err == nil && len(id) == 36
}
