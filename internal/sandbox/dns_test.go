package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const dnsZones = "/dns/v2/zones"

// zone makes a zone and returns its id.
func (c *client) zone(body string) string {
	c.t.Helper()
	return c.do(202, "POST", dnsZones, body).str("id")
}

// recordSet makes a record set and returns its path.
func (c *client) recordSet(zone, body string) string {
	c.t.Helper()
	sets := "/dns/v2.1/zones/" + zone + "/recordsets"
	return sets + "/" + c.do(202, "POST", sets, body).str("id")
}

func TestDNSZone(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	a := c.do(202, "POST", dnsZones, `{"name":"Example.com","description":"d","email":"a@example.com","ttl":60,"enterprise_project_id":"e1","tags":[{"key":"k","value":"v"}]}`)
	c.want(a, map[string]any{
		"name": "example.com.", "zone_type": "public", "status": "PENDING_CREATE", "email": "a@example.com", "ttl": 60, "description": "d",
		"record_num": 2, "enterprise_project_id": "e1", "project_id": north, "tags": nil, "routers": nil,
	})
	path := dnsZones + "/" + a.str("id")
	c.want(c.do(200, "GET", path, ""), map[string]any{"status": "ACTIVE", "tags": nil})
	c.want(c.do(200, "GET", dnsZones, ""), map[string]any{"zones.0.tags": []tag{{"k", "v"}}, "metadata.total_count": 1})
	c.want(c.do(200, "GET", dnsZones+"?type=private", ""), map[string]any{"zones": []any{}})
	c.want(c.do(202, "PATCH", path, `{"description":"","ttl":1}`), map[string]any{"status": "PENDING_UPDATE", "description": "", "ttl": 1, "email": "a@example.com"})
	c.want(c.do(202, "PUT", path+"/statuses", `{"status":"DISABLE"}`), map[string]any{"status": "PENDING_DISABLE"})
	c.want(c.do(400, "PUT", path+"/statuses", `{"status":"DISABLE"}`), map[string]any{"code": "DNS.0315"})
	c.want(c.do(202, "PUT", path+"/statuses", `{"status":"ENABLE"}`), map[string]any{"status": "PENDING_UPDATE"})
	c.want(c.do(400, "POST", path+"/associaterouter", `{"router":{"router_id":"x"}}`), map[string]any{"code": "DNS.0204"})
	set := c.recordSet(a.str("id"), `{"name":"www.example.com.","type":"A","records":["192.0.2.1"]}`)
	tags := "/dns/v2/" + north + "/DNS-public_zone/" + a.str("id") + "/tags"
	c.do(204, "POST", tags+"/action", `{"action":"create","tags":[{"key":"n","value":""}]}`)
	c.want(c.do(200, "GET", tags, ""), map[string]any{"tags": []tag{{"k", "v"}, {"n", ""}}})
	c.want(c.do(404, "GET", strings.Replace(tags, "public", "private", 1), ""), map[string]any{"code": "DNS.0302"})
	c.want(c.do(202, "DELETE", path, ""), map[string]any{"status": "PENDING_DELETE"})
	c.want(c.do(404, "GET", path, ""), map[string]any{"code": "DNS.0302"})
	c.want(c.do(404, "GET", set, ""), map[string]any{"code": "DNS.0302"})
	if n := len(c.cloud.dns.recordSets.all("")); n != 0 {
		t.Errorf("%d record sets are left", n)
	}
}

// A zone that is on its way takes no further change.
func TestDNSZoneTakesTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{JobMS: 1000})
		one, two := c.vpc("10.1.0.0/16"), c.vpc("10.2.0.0/16")
		private := dnsZones + "/" + c.zone(fmt.Sprintf(`{"name":"internal","zone_type":"private","router":{"router_id":%q}}`, one))
		path := dnsZones + "/" + c.zone(`{"name":"example.com"}`)
		for _, change := range [][3]string{{"PATCH", path, `{"ttl":1}`}, {"DELETE", path, ``}, {"PUT", path + "/statuses", `{"status":"DISABLE"}`}} {
			c.want(c.do(409, change[0], change[1], change[2]), map[string]any{"code": "DNS.0209"})
		}
		sets := strings.Replace(path, "v2", "v2.1", 1) + "/recordsets"
		c.want(c.do(409, "POST", sets, `{"name":"example.com","type":"A","records":["192.0.2.1"]}`), map[string]any{"code": "DNS.0209"})
		time.Sleep(time.Second)
		c.do(202, "POST", private+"/associaterouter", fmt.Sprintf(`{"router":{"router_id":%q}}`, two))
		c.want(c.do(400, "POST", private+"/disassociaterouter", fmt.Sprintf(`{"router":{"router_id":%q}}`, two)), map[string]any{"code": "DNS.0708"})
		c.do(202, "POST", private+"/associaterouter", fmt.Sprintf(`{"router":{"router_id":%q}}`, c.vpc("10.3.0.0/16")))
		c.do(202, "POST", private+"/disassociaterouter", fmt.Sprintf(`{"router":{"router_id":%q}}`, one))
		c.want(c.do(400, "POST", private+"/disassociaterouter", fmt.Sprintf(`{"router":{"router_id":%q}}`, one)), map[string]any{"code": "DNS.0704"})
		c.want(c.do(200, "GET", path, ""), map[string]any{"status": "ACTIVE"})
		set := sets + "/" + c.do(202, "POST", sets, `{"name":"example.com","type":"A","records":["192.0.2.1"],"status":"DISABLE"}`).str("id")
		c.want(c.do(409, "PUT", set, `{"name":"example.com","type":"A"}`), map[string]any{"code": "DNS.0314"})
		time.Sleep(time.Second)
		c.want(c.do(200, "GET", set, ""), map[string]any{"status": "DISABLE"})
		c.control(200, "PUT", "config", `{"fail_jobs":["settleZone","deleteRecordSet"]}`)
		c.do(202, "PATCH", path, `{"ttl":1}`)
		c.do(202, "DELETE", set, ``)
		c.want(c.do(200, "GET", path, ""), map[string]any{"status": "PENDING_UPDATE"})
		c.want(c.do(200, "GET", set, ""), map[string]any{"status": "PENDING_DELETE"})
		time.Sleep(time.Second)
		c.want(c.do(200, "GET", path, ""), map[string]any{"status": "ERROR"})
		c.want(c.do(200, "GET", set, ""), map[string]any{"status": "ERROR"})
	})
}

func TestDNSPrivateZone(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	one, two := c.vpc("10.1.0.0/16"), c.vpc("10.2.0.0/16")
	router := func(id string) string {
		return fmt.Sprintf(`{"router":{"router_id":%q,"router_region":"cn-north-4"}}`, id)
	}
	body := fmt.Sprintf(`{"name":"internal","zone_type":"private","router":{"router_id":%q}}`, one)
	a := c.do(202, "POST", dnsZones, body)
	c.want(a, map[string]any{"router.status": "PENDING_CREATE", "router.router_region": "cn-north-4", "proxy_pattern": "AUTHORITY", "routers": nil})
	path := dnsZones + "/" + a.str("id")
	c.want(c.do(400, "POST", dnsZones, body), map[string]any{"code": "DNS.0208"})
	c.do(202, "POST", dnsZones, strings.Replace(body, one, two, 1)) // the same name for another VPC
	c.want(c.do(400, "POST", path+"/associaterouter", router(two)), map[string]any{"code": "DNS.0208"})
	c.want(c.do(409, "POST", path+"/associaterouter", router(one)), map[string]any{"code": "DNS.0212"})
	c.want(c.do(404, "POST", path+"/associaterouter", router("none")), map[string]any{"code": "DNS.0711"})
	c.want(c.do(400, "POST", path+"/disassociaterouter", router(two)), map[string]any{"code": "DNS.0707"})
	c.want(c.do(403, "POST", path+"/disassociaterouter", router(one)), map[string]any{"code": "DNS.0706"})
	three := c.vpc("10.3.0.0/16")
	c.want(c.do(202, "POST", path+"/associaterouter", router(three)), map[string]any{"status": "PENDING_CREATE", "router_id": three})
	c.want(c.do(202, "POST", path+"/disassociaterouter", router(one)), map[string]any{"status": "PENDING_DELETE"})
	c.want(c.do(200, "GET", path, ""), map[string]any{"routers": []zoneRouter{{three, "cn-north-4", "ACTIVE"}}})
	if n := c.do(200, "GET", dnsZones+"?type=private&router_id="+three, "").len("zones"); n != 1 {
		t.Errorf("%d zones of the VPC", n)
	}
	c.do(204, "POST", path+"/actions/set-proxy-pattern", `{"proxy_pattern":"RECURSIVE"}`)
	c.want(c.do(200, "GET", path, ""), map[string]any{"proxy_pattern": "RECURSIVE"})
	c.want(c.do(400, "POST", path+"/actions/set-proxy-pattern", `{"proxy_pattern":"NONE"}`), map[string]any{"code": "DNS.0603"})
	c.do(202, "PUT", path+"/statuses", `{"status":"DISABLE"}`)
	c.want(c.do(400, "POST", path+"/associaterouter", router(one)), map[string]any{"code": "DNS.0213"})
}

func TestDNSZoneRefusals(t *testing.T) {
	t.Parallel()
	for _, test := range []refusedRequest{
		{"no name", `{}`, 400, "DNS.0202"},
		{"name with a blank", `{"name":"exa mple.com"}`, 400, "DNS.0202"},
		{"name with _", `{"name":"_a.example.com"}`, 400, "DNS.0202"},
		{"label too long", fmt.Sprintf(`{"name":"%064d.com"}`, 1), 400, "DNS.0202"},
		{"top-level domain", `{"name":"com."}`, 400, "DNS.0202"},
		{"name taken", `{"name":"TAKEN.com"}`, 400, "DNS.0208"},
		{"name of another tenant", `{"name":"foreign.com"}`, 400, "DNS.0211"},
		{"type", `{"name":"a.com","zone_type":"secret"}`, 400, "DNS.0204"},
		{"private without a VPC", `{"name":"a.com","zone_type":"private"}`, 400, "DNS.0603"},
		{"private with no VPC of the cloud", `{"name":"a.com","zone_type":"private","router":{"router_id":"none"}}`, 404, "DNS.0711"},
		{"email", `{"name":"a.com","email":"a"}`, 400, "DNS.0201"},
		{"ttl", `{"name":"a.com","ttl":0}`, 400, "DNS.0203"},
		{"description", fmt.Sprintf(`{"name":"a.com","description":"%0256d"}`, 1), 400, "DNS.0206"},
		{"tags", `{"name":"a.com","tags":[{"key":""}]}`, 400, "DNS.1003"},
		{"no JSON", `{`, 400, "DNS.0001"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, Options{})
			c.zone(`{"name":"taken.com"}`)
			foreign := *c.cloud.dns.zones.all("")[0]
			foreign.ID, foreign.Name = "", "foreign.com."
			c.cloud.dns.zones.add(partner, &foreign)
			c.want(c.do(test.status, "POST", dnsZones, test.body), map[string]any{"code": test.code})
		})
	}
}

func TestDNSRecordSet(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	zone := c.zone(`{"name":"example.com"}`)
	for value, want := range map[[2]string]string{
		{"A", "192.0.2.1"}: "192.0.2.1", {"AAAA", "2001:DB8:0::1"}: "2001:db8::1", {"MX", "10 Mail.example.com"}: "10 mail.example.com.",
		{"SRV", "1 2 3 sip.example.com"}: "1 2 3 sip.example.com.", {"NS", "ns1.example.net."}: "ns1.example.net.",
		{"TXT", `\"Text\" \"more\"`}: `"Text" "more"`, {"CAA", `0 issue \"CA.example.com\"`}: `0 issue "CA.example.com"`,
	} {
		path := c.recordSet(zone, fmt.Sprintf(`{"name":"Sub.example.com","type":%q,"records":["%s"]}`, value[0], value[1]))
		c.want(c.do(200, "GET", path, ""), map[string]any{"name": "sub.example.com.", "records.0": want, "status": "ACTIVE", "ttl": 300, "line": "default_view", "default": false, "zone_name": "example.com.", "tags": nil})
	}
	path := c.recordSet(zone, `{"name":"*.example.com","type":"CNAME","records":["a.example.com"],"line":"Dianxin_Beijing","weight":0,"tags":[{"key":"k","value":"v"}]}`)
	c.want(c.do(202, "PUT", path, `{"name":"*.example.com","type":"CNAME","description":"d","ttl":1,"weight":5}`), map[string]any{
		"status": "PENDING_UPDATE", "description": "d", "ttl": 1, "weight": 5, "records.0": "a.example.com.",
	})
	state := "/dns/v2.1/recordsets/" + path[strings.LastIndex(path, "/")+1:] + "/statuses/set"
	c.want(c.do(202, "PUT", state, `{"status":"DISABLE"}`), map[string]any{"status": "PENDING_DISABLE"})
	c.want(c.do(400, "PUT", state, `{"status":"DISABLE"}`), map[string]any{"code": "DNS.0315"})
	c.want(c.do(200, "GET", "/dns/v2.1/recordsets?type=CNAME&line_id=Dianxin_Beijing&tags=k,v&status=DISABLE&name=.example", ""), map[string]any{
		"recordsets.0.tags": []tag{{"k", "v"}}, "recordsets.0.line_name": "Dianxin_Beijing", "metadata.total_count": 1,
	})
	for query, want := range map[string]int{
		"": 10, "?zone_id=" + zone: 10, "?zone_id=none": 0, "?zone_type=private": 0, "?name=example.com.&search_mode=equal": 2, "?tags=k,w": 0, "?limit=3": 3,
	} {
		if n := c.do(200, "GET", "/dns/v2.1/recordsets"+query, "").len("recordsets"); n != want {
			t.Errorf("%q lists %d instead of %d", query, n, want)
		}
	}
	system := c.do(200, "GET", "/dns/v2.1/zones/"+zone+"/recordsets?type=NS&name=example.com.&search_mode=equal", "")
	c.want(system, map[string]any{"recordsets.0.default": true, "recordsets.0.ttl": 172800, "recordsets.0.tags": nil})
	c.want(c.do(400, "DELETE", "/dns/v2.1/zones/"+zone+"/recordsets/"+system.str("recordsets", 0, "id"), ""), map[string]any{"code": "DNS.0317"})
	c.want(c.do(400, "PUT", "/dns/v2.1/zones/"+zone+"/recordsets/"+system.str("recordsets", 0, "id"), `{"name":"example.com","type":"NS"}`), map[string]any{"code": "DNS.0318"})
	c.want(c.do(202, "DELETE", path, ""), map[string]any{"status": "PENDING_DELETE"})
	c.want(c.do(404, "GET", path, ""), map[string]any{"code": "DNS.0313"})
}

func TestDNSRecordSetRefusals(t *testing.T) {
	t.Parallel()
	for _, test := range []refusedRequest{
		{"outside the zone", `{"name":"www.example.org","type":"A","records":["192.0.2.1"]}`, 400, "DNS.0304"},
		{"only ends like the zone", `{"name":"myexample.com","type":"A","records":["192.0.2.1"]}`, 400, "DNS.0304"},
		{"wildcard within", `{"name":"a.*.example.com","type":"A","records":["192.0.2.1"]}`, 400, "DNS.0304"},
		{"wildcard of a type without", `{"name":"*.example.com","type":"SRV","records":["1 2 3 a.example.com"]}`, 400, "DNS.0304"},
		{"type", `{"name":"example.com","type":"HINFO","records":["a"]}`, 400, "DNS.0307"},
		{"type of the system", `{"name":"example.com","type":"SOA","records":["a"]}`, 400, "DNS.0307"},
		{"type of private zones", `{"name":"example.com","type":"PTR","records":["a.example.com"]}`, 400, "DNS.0307"},
		{"no records", `{"name":"example.com","type":"A"}`, 400, "DNS.0308"},
		{"no address", `{"name":"example.com","type":"A","records":["2001:db8::1"]}`, 400, "DNS.0308"},
		{"no IPv6 address", `{"name":"example.com","type":"AAAA","records":["192.0.2.1"]}`, 400, "DNS.0308"},
		{"no priority", `{"name":"example.com","type":"MX","records":["mail.example.com"]}`, 400, "DNS.0308"},
		{"no quotes", `{"name":"example.com","type":"TXT","records":["v=spf1"]}`, 400, "DNS.0308"},
		{"no port", `{"name":"example.com","type":"SRV","records":["1 2 sip.example.com"]}`, 400, "DNS.0308"},
		{"no flag", `{"name":"example.com","type":"CAA","records":["issue \"a\""]}`, 400, "DNS.0308"},
		{"record twice", `{"name":"x.example.com","type":"NS","records":["a.com","A.com."]}`, 400, "DNS.0308"},
		{"two CNAMEs", `{"name":"x.example.com","type":"CNAME","records":["a.com","b.com"]}`, 400, "DNS.0308"},
		{"description", fmt.Sprintf(`{"name":"x.example.com","type":"A","records":["192.0.2.1"],"description":"%0256d"}`, 1), 400, "DNS.0305"},
		{"ttl", `{"name":"x.example.com","type":"A","records":["192.0.2.1"],"ttl":0}`, 400, "DNS.0319"},
		{"weight", `{"name":"x.example.com","type":"A","records":["192.0.2.1"],"weight":1001}`, 400, "DNS.0323"},
		{"weight of MX", `{"name":"x.example.com","type":"MX","records":["1 a.com"],"weight":1}`, 400, "DNS.0323"},
		{"line", `{"name":"x.example.com","type":"A","records":["192.0.2.1"],"line":"none"}`, 400, "DNS.1604"},
		{"alias and records", `{"name":"x.example.com","type":"A","records":["192.0.2.1"],"alias_target":{"resource_type":"waf","resource_domain_name":"a.com"}}`, 400, "DNS.0308"},
		{"alias of nothing", `{"name":"x.example.com","type":"A","alias_target":{"resource_type":"cdn","resource_domain_name":"a.com"}}`, 400, "DNS.0308"},
		{"status", `{"name":"x.example.com","type":"A","records":["192.0.2.1"],"status":"OFF"}`, 400, "DNS.0315"},
		{"the same records", `{"name":"www.example.com","type":"A","records":["192.0.2.1"]}`, 400, "DNS.0335"},
		{"too many with weights", `{"name":"www.example.com","type":"A","records":["192.0.2.99"]}`, 400, "DNS.0324"},
		{"a second MX", `{"name":"www.example.com","type":"MX","records":["2 b.com"]}`, 400, "DNS.0312"},
		{"CNAME beside others", `{"name":"www.example.com","type":"CNAME","records":["b.com"]}`, 400, "DNS.0312"},
		{"tags", `{"name":"x.example.com","type":"A","records":["192.0.2.1"],"tags":[{"key":""}]}`, 400, "DNS.1003"},
		{"quota", `{"name":"x.example.com","type":"A","records":["192.0.2.1"]}`, 403, "DNS.0403"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, Options{})
			zone := c.zone(`{"name":"example.com"}`)
			c.recordSet(zone, `{"name":"www.example.com","type":"A","records":["192.0.2.1"]}`)
			c.recordSet(zone, `{"name":"www.example.com","type":"A","records":["192.0.2.2"]}`) // weights allow several
			c.recordSet(zone, `{"name":"www.example.com","type":"MX","records":["1 a.com"]}`)
			for i := 3; test.name == "too many with weights" && i <= 20; i++ {
				c.recordSet(zone, fmt.Sprintf(`{"name":"www.example.com","type":"A","records":["192.0.2.%d"]}`, i))
			}
			if test.name == "quota" {
				c.control(200, "PUT", "config", `{"quotas":{"dns_record_set":5}}`)
			}
			c.want(c.do(test.status, "POST", "/dns/v2.1/zones/"+zone+"/recordsets", test.body), map[string]any{"code": test.code})
		})
	}
}

// Private zones have their own types and no lines; a second record set of a name conflicts, for it has no weight.
func TestDNSPrivateRecordSet(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	zone := c.zone(fmt.Sprintf(`{"name":"internal","zone_type":"private","router":{"router_id":%q}}`, c.vpc("10.1.0.0/16")))
	path := c.recordSet(zone, `{"name":"1.internal","type":"PTR","records":["a.internal"]}`)
	c.want(c.do(200, "GET", path, ""), map[string]any{"line": nil, "weight": nil, "records.0": "a.internal."})
	sets := path[:strings.LastIndex(path, "/")]
	for body, code := range map[string]string{
		`{"name":"1.internal","type":"PTR","records":["b.internal"]}`:                      "DNS.0312",
		`{"name":"2.internal","type":"A","records":["10.1.1.1"],"line":"Dianxin"}`:         "DNS.0806",
		`{"name":"2.internal","type":"CAA","records":["0 issue \"a\""]}`:                   "DNS.0307",
		`{"name":"2.internal","type":"NS","records":["ns1.internal"]}`:                     "DNS.0307",
		`{"name":"2.internal","type":"A","alias_target":{"resource_type":"waf"}}`:          "DNS.0806",
		`{"name":"1.internal","type":"CNAME","records":["b.internal"],"ttl":1,"weight":1}`: "DNS.0312",
	} {
		c.want(c.do(400, "POST", sets, body), map[string]any{"code": code})
	}
	if n := c.do(200, "GET", "/dns/v2.1/recordsets?zone_type=private", "").len("recordsets"); n != 3 {
		t.Errorf("%d record sets", n)
	}
	tags := "/dns/v2/" + north + "/DNS-private_recordset/" + path[strings.LastIndex(path, "/")+1:] + "/tags"
	c.do(204, "POST", tags, `{"tag":{"key":"k","value":"v"}}`)
	c.want(c.do(200, "GET", tags, ""), map[string]any{"tags": []tag{{"k", "v"}}})
	c.do(404, "GET", strings.Replace(tags, "private", "public", 1), "")
}
