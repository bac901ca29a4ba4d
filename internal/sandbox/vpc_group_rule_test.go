package sandbox

import (
	"testing"
)

const rulePath = "/vpc/v3/" + north + "/vpc/security-group-rules"

// ruleBody is a request for an ingress rule of a group.
func ruleBody(group, more string) string {
	return `{"security_group_rule":{"security_group_id":"` + group + `","direction":"ingress"` + more + `}}`
}

func (c *client) group() string {
	return c.do(201, "POST", "/vpc/v3/"+north+"/vpc/security-groups", `{"security_group":{"name":"g"}}`).str("security_group", "id")
}

func TestSecurityGroupRule(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	group := c.group()
	made := c.do(201, "POST", rulePath, ruleBody(group, `,"protocol":"tcp","multiport":"22,3389,8000-8080","remote_ip_prefix":"10.0.0.0/8","action":"deny","priority":"5","enabled":false,"description":"d"`))
	id := made.str("security_group_rule", "id")
	whole := map[string]any{
		"security_group_rule.security_group_id": group, "security_group_rule.direction": "ingress", "security_group_rule.ethertype": "IPv4",
		"security_group_rule.protocol": "tcp", "security_group_rule.multiport": "22,3389,8000-8080", "security_group_rule.priority": 5,
		"security_group_rule.remote_ip_prefix": "10.0.0.0/8", "security_group_rule.remote_group_id": nil, "security_group_rule.action": "deny",
		"security_group_rule.enabled": false, "security_group_rule.description": "d", "security_group_rule.project_id": north,
	}
	c.want(made, whole)
	c.want(c.do(200, "GET", rulePath+"/"+id, ""), whole)
	c.want(c.do(201, "POST", rulePath, ruleBody(group, `,"ethertype":"IPv6"`)), map[string]any{
		"security_group_rule.protocol": nil, "security_group_rule.multiport": nil, "security_group_rule.priority": 100,
		"security_group_rule.action": "allow", "security_group_rule.enabled": true, "security_group_rule.remote_ip_prefix": nil,
	})
	c.do(202, "POST", rulePath, `{"dry_run":true,`+ruleBody(group, `,"protocol":"udp"`)[1:])
	for query, want := range map[string]int{
		"": 6, "&direction=egress": 2, "&ethertype=IPv6": 3, "&protocol=tcp": 1, "&priority=5": 1, "&enabled=false": 1, "&action=allow": 5,
		"&remote_group_id=" + group: 2, "&remote_ip_prefix=10.0.0.0/8": 1, "&id=" + id: 1, "&limit=4": 4,
	} {
		if n := c.do(200, "GET", rulePath+"?security_group_id="+group+query, "").len("security_group_rules"); n != want {
			t.Errorf("%s: %d rules, want %d", query, n, want)
		}
	}
	c.do(204, "DELETE", rulePath+"/"+id, "")
	for _, method := range []string{"GET", "DELETE"} {
		c.want(c.do(404, method, rulePath+"/"+id, ""), map[string]any{"error_code": "VPC.0602"})
	}
}

func TestSecurityGroupRuleRefusals(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	group := c.group()
	first := c.do(201, "POST", rulePath, ruleBody(group, `,"protocol":"tcp","multiport":"80","description":"one"`)).str("security_group_rule", "id")
	for _, test := range []refusedRequest{
		{"no group", `"security_group_id":"x"`, 404, "VPC.0602"},
		{"no remote group", `"remote_group_id":"x"`, 404, "VPC.0602"},
		{"direction", `"direction":"in"`, 400, "VPC.0606"},
		{"ethertype", `"ethertype":"IPv5"`, 400, "VPC.0606"},
		{"action", `"action":"drop"`, 400, "VPC.0606"},
		{"priority 0", `"priority":"0"`, 400, "VPC.0606"},
		{"priority 101", `"priority":"101"`, 400, "VPC.0606"},
		{"priority as a number", `"priority":5`, 400, "VPC.0101"},
		{"description", `"description":"<"`, 400, "VPC.0606"},
		{"protocol", `"protocol":"TCP"`, 400, "VPC.0606"},
		{"protocol 256", `"protocol":"256"`, 400, "VPC.0606"},
		{"icmp in IPv6", `"protocol":"icmp","ethertype":"IPv6"`, 400, "VPC.0606"},
		{"icmpv6 in IPv4", `"protocol":"icmpv6"`, 400, "VPC.0606"},
		{"ports of any protocol", `"multiport":"80"`, 400, "VPC.0606"},
		{"port 0", `"protocol":"tcp","multiport":"0"`, 400, "VPC.0606"},
		{"port 65536", `"protocol":"tcp","multiport":"1-65536"`, 400, "VPC.0606"},
		{"ports backwards", `"protocol":"tcp","multiport":"80-22"`, 400, "VPC.0606"},
		{"ports with a blank", `"protocol":"tcp","multiport":"22, 80"`, 400, "VPC.0606"},
		{"two remotes", `"remote_ip_prefix":"10.0.0.0/8","remote_group_id":"` + group + `"`, 400, "VPC.0606"},
		{"no range", `"remote_ip_prefix":"x"`, 400, "VPC.0606"},
		{"host bits", `"remote_ip_prefix":"10.0.0.1/8"`, 400, "VPC.0606"},
		{"another family", `"remote_ip_prefix":"fd00::/8"`, 400, "VPC.0606"},
		{"the same again", `"protocol":"tcp","multiport":"80","description":"two","enabled":false`, 409, "VPC.0602"},
		{"a default rule", `"direction":"egress","remote_ip_prefix":"0.0.0.0/0"`, 409, "VPC.0602"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if a := c.do(test.status, "POST", rulePath, ruleBody(group, ","+test.body)); a.str("error_code") != test.code {
				t.Error(a.text)
			}
		})
	}
	again := c.do(409, "POST", rulePath, ruleBody(group, `,"protocol":"tcp","multiport":"80"`))
	c.want(again, map[string]any{"error_msg": "Security group rule already exists. Rule id is " + first + "."})
	c.do(201, "POST", rulePath, ruleBody(group, `,"protocol":"tcp","multiport":"80","priority":"1"`))
	c.do(201, "POST", rulePath, ruleBody(group, `,"protocol":"tcp","multiport":"80","action":"deny"`))
	c.control(200, "PUT", "config", `{"quotas":{"security_group_rule":1}}`)
	c.want(c.do(409, "POST", rulePath, ruleBody(group, "")), map[string]any{"error_code": "VPC.0604"})
}
