package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const (
	eips1       = "/vpc/v1/" + north + "/publicips"
	eips3       = "/vpc/v3/" + north + "/eip/publicips"
	bandwidths1 = "/vpc/v1/" + north + "/bandwidths"
	bandwidths2 = "/vpc/v2.0/" + north + "/bandwidths"
)

// plainEIP is a request for an address.
const plainEIP = `{"publicip":{"type":"5_bgp"},"bandwidth":{"name":"b","size":5,"share_type":"PER"}}`

func (c *client) eip() string {
	c.t.Helper()
	return c.do(200, "POST", eips1, plainEIP).str("publicip", "id")
}

func (c *client) sharedBandwidth() string {
	c.t.Helper()
	return c.do(200, "POST", bandwidths2, `{"bandwidth":{"name":"all","size":50}}`).str("bandwidth", "id")
}

// bind binds an address to an instance.
func (c *client) bind(status int, id, kind, instance string) answer {
	c.t.Helper()
	return c.do(status, "POST", eips3+"/"+id+"/associate-instance",
		fmt.Sprintf(`{"publicip":{"associate_instance_type":%q,"associate_instance_id":%q}}`, kind, instance))
}

// port makes a port in a VPC of its own.
func (c *client) port() string {
	c.t.Helper()
	subnet := c.subnet(c.vpc("10.0.0.0/16"), "10.0.1.0/24", "10.0.1.1")
	return c.do(201, "POST", "/vpc/v1/"+north+"/ports", fmt.Sprintf(`{"port":{"network_id":%q}}`, subnet)).str("port", "id")
}

func TestEIP(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{JobMS: 1000})
		made := c.do(200, "POST", eips1, `{"publicip":{"type":"5_sbgp","alias":"web","ip_address":"203.0.113.9","ip_version":6},
			"bandwidth":{"name":"web","size":"10","share_type":"PER","charge_mode":"traffic"},"enterprise_project_id":"0"}`)
		id := made.str("publicip", "id")
		c.want(made, map[string]any{
			"publicip.status": "PENDING_CREATE", "publicip.public_ip_address": "203.0.113.9", "publicip.bandwidth_size": 0, "publicip.bandwidth_id": nil,
		})
		c.want(c.do(200, "GET", eips3+"/"+id, ""), map[string]any{"publicip.status": "PENDING_CREATE"})
		time.Sleep(time.Second)
		c.want(c.do(200, "GET", eips1+"/"+id, ""), map[string]any{
			"publicip.status": "DOWN", "publicip.type": "5_sbgp", "publicip.alias": "web", "publicip.bandwidth_name": "web", "publicip.bandwidth_size": 10,
			"publicip.bandwidth_share_type": "PER", "publicip.port_id": nil, "publicip.ip_version": 6, "publicip.public_ipv6_address": "2001:db8::9",
			"publicip.tags": []string{},
		})
		a := c.do(200, "GET", eips3+"/"+id, "")
		c.want(a, map[string]any{
			"publicip.status": "DOWN", "publicip.type": "EIP", "publicip.publicip_pool_name": "5_sbgp", "publicip.bandwidth.charge_mode": "traffic",
			"publicip.vnic": nil, "publicip.associate_instance_id": nil, "publicip.tags": nil, "publicip.profile.standalone": true,
		})
		own := a.str("publicip", "bandwidth", "id")

		// What is asked for by fields is all that is answered.
		c.do(204, "POST", "/vpc/v2.0/"+north+"/publicips/"+id+"/tags/action", `{"action":"create","tags":[{"key":"env","value":"prod"},{"key":"a","value":""}]}`)
		a = c.do(200, "GET", eips3+"/"+id+"?fields=id&fields=tags", "")
		c.want(a, map[string]any{"publicip.id": id, "publicip.tags": []string{"a=", "env=prod"}, "publicip.status": nil})
		c.want(c.do(200, "GET", "/vpc/v2.0/"+north+"/publicips/"+id+"/tags", ""), map[string]any{"tags.1.value": "prod"})

		c.want(c.do(200, "PUT", eips1+"/"+id, `{"publicip":{"alias":""}}`), map[string]any{"publicip.alias": ""})
		c.want(c.do(200, "PUT", eips1+"/"+id, `{"publicip":{"ip_version":4}}`), map[string]any{"publicip.ip_version": 4, "publicip.public_ipv6_address": nil})
		c.want(c.do(200, "PUT", eips3+"/"+id, `{"publicip":{"alias":"db","description":"of the shop"}}`), map[string]any{
			"publicip.alias": "db", "publicip.description": "of the shop", "publicip.status": "DOWN",
		})
		c.want(c.do(200, "PUT", bandwidths1+"/"+own, `{"bandwidth":{"name":"db","size":300,"charge_mode":"bandwidth"}}`), map[string]any{
			"bandwidth.size": 300, "bandwidth.charge_mode": "bandwidth", "bandwidth.bandwidth_type": "sbgp", "bandwidth.publicip_info.0.publicip_id": id,
		})
		for query, want := range map[string]int{
			"": 1, "?alias=db": 1, "?alias=web": 0, "?bandwidth.name=db": 1, "?status=DOWN&status=ACTIVE": 1, "?publicip_pool_name=5_bgp": 0,
			"?public_ip_address=203.0.113.9": 1, "?enterprise_project_id=0": 1, "?vnic.port_id=x": 0,
		} {
			if n := c.do(200, "GET", eips3+query, "").len("publicips"); n != want {
				t.Errorf("%s: %d addresses", query, n)
			}
		}
		for query, want := range map[string]int{"?limit=1": 1, "?id=x": 0, "?ip_version=6": 0, "?port_id=x": 0, "?enterprise_project_id=all_granted_eps": 1} {
			if n := c.do(200, "GET", eips1+query, "").len("publicips"); n != want {
				t.Errorf("v1 %s: %d addresses", query, n)
			}
		}
		c.do(204, "DELETE", eips1+"/"+id, "")
		for _, gone := range []string{eips1 + "/" + id, eips3 + "/" + id, bandwidths1 + "/" + own} {
			c.do(404, "GET", gone, "")
		}
		for _, path := range []string{eips1, eips3} {
			c.do(404, "PUT", path+"/"+id, `{"publicip":{"alias":"x"}}`)
		}
		c.do(404, "DELETE", eips1+"/"+id, "")
	})
}

func TestEIPRefusals(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	body := func(publicip, bandwidth string) string {
		return fmt.Sprintf(`{"publicip":{%s},"bandwidth":{%s}}`, publicip, bandwidth)
	}
	const bgp, per = `"type":"5_bgp"`, `"name":"b","size":5,"share_type":"PER"`
	c.do(200, "POST", eips1, body(bgp+`,"ip_address":"203.0.113.7"`, per))
	for _, test := range []refusedRequest{
		{"no type", body(``, per), 400, "VPC.0501"},
		{"unknown type", body(`"type":"6_bgp"`, per), 400, "VPC.0501"},
		{"unknown version", body(bgp+`,"ip_version":5`, per), 400, "VPC.0501"},
		{"bad alias", body(bgp+`,"alias":"a b"`, per), 400, "VPC.0501"},
		{"address of another pool", body(bgp+`,"ip_address":"198.51.100.1"`, per), 400, "VPC.0501"},
		{"address in use", body(bgp+`,"ip_address":"203.0.113.7"`, per), 409, "VPC.0519"},
		{"no port", body(bgp+`,"port_id":"x"`, per), 404, "VPC.2500"},
		{"no bandwidth", body(bgp, ``), 400, "VPC.0301"},
		{"no name", body(bgp, `"size":5,"share_type":"PER"`), 400, "VPC.0301"},
		{"bad name", body(bgp, `"name":"a b","size":5,"share_type":"PER"`), 400, "VPC.0301"},
		{"no size", body(bgp, `"name":"b","share_type":"PER"`), 400, "VPC.0301"},
		{"too small", body(bgp, `"name":"b","size":0,"share_type":"PER"`), 400, "VPC.0301"},
		{"too large", body(bgp, `"name":"b","size":2001,"share_type":"PER"`), 400, "VPC.0301"},
		{"between the steps", body(bgp, `"name":"b","size":310,"share_type":"PER"`), 400, "VPC.0301"},
		{"between the large steps", body(bgp, `"name":"b","size":1100,"share_type":"PER"`), 400, "VPC.0301"},
		{"unknown charge mode", body(bgp, per+`,"charge_mode":"95peak_plus"`), 400, "VPC.0301"},
		{"no shared bandwidth", body(bgp, `"id":"x","share_type":"WHOLE"`), 404, "VPC.0306"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if a := c.do(test.status, "POST", eips1, test.body); a.str("code") != test.code {
				t.Error(a.text)
			}
		})
	}
	id := c.eip()
	c.want(c.do(400, "PUT", eips3+"/"+id, `{"publicip":{"description":"<b>"}}`), map[string]any{"error_code": "EIP.7901"})
	c.want(c.do(400, "PUT", eips3+"/"+id, `{"publicip":{"description":"`+strings.Repeat("a", 257)+`"}}`), map[string]any{"error_code": "EIP.7901"})
	c.want(c.do(400, "PUT", eips1+"/"+id, `{"publicip":{"ip_version":5}}`), map[string]any{"code": "VPC.0501"})
	c.want(c.do(400, "PUT", eips1+"/"+id, `{"publicip":{"ip_version":6,"port_id":"x"}}`), map[string]any{"code": "VPC.0501"})
	c.control(200, "PUT", "config", `{"quotas":{"eip":2}}`)
	c.want(c.do(409, "POST", eips1, plainEIP), map[string]any{"code": "VPC.0521"})
	c.want(c.do(200, "GET", "/vpc/v1/"+north+"/quotas?type=publicIp", ""), map[string]any{"quotas.resources.0.used": 2, "quotas.resources.0.quota": 2})
}

func TestEIPBinding(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{JobMS: 1000})
		id, other, port := c.eip(), c.eip(), c.port()
		c.want(c.bind(409, id, "PORT", port), map[string]any{"error_code": "VPC.0512"})
		time.Sleep(time.Second)
		c.want(c.bind(200, id, "PORT", port), map[string]any{"publicip.status": "BINDING", "publicip.associate_instance_id": port})
		c.want(c.do(409, "POST", eips3+"/"+id+"/disassociate-instance", ""), map[string]any{"error_code": "VPC.0512"})
		time.Sleep(time.Second)
		c.want(c.do(200, "GET", eips3+"/"+id, ""), map[string]any{
			"publicip.status": "ACTIVE", "publicip.associate_instance_type": "PORT", "publicip.vnic.port_id": port, "publicip.vnic.private_ip_address": "10.0.1.2",
		})
		c.want(c.do(200, "GET", eips1+"/"+id, ""), map[string]any{"publicip.port_id": port, "publicip.private_ip_address": "10.0.1.2"})
		c.want(c.do(409, "DELETE", eips1+"/"+id, ""), map[string]any{"code": "VPC.0517"})
		c.want(c.bind(409, id, "PORT", port), map[string]any{"error_code": "VPC.0510"})
		c.want(c.bind(409, other, "PORT", port), map[string]any{"error_code": "VPC.0511"})
		c.want(c.bind(404, other, "PORT", "x"), map[string]any{"error_code": "VPC.2500"})
		c.want(c.bind(400, other, "SERVER", "x"), map[string]any{"error_code": "EIP.7901"})
		c.want(c.bind(400, other, "ELB", ""), map[string]any{"error_code": "EIP.7901"})
		gateway := c.do(200, "GET", "/vpc/v1/"+north+"/ports?device_owner="+ownerGateway, "").str("ports", 0, "id")
		c.want(c.bind(400, other, "PORT", gateway), map[string]any{"error_code": "VPC.0512"})
		for _, method := range []string{"associate-instance", "disassociate-instance", "attach-share-bandwidth", "detach-share-bandwidth"} {
			c.want(c.do(404, "POST", eips3+"/x/"+method, `{}`), map[string]any{"error_code": "VPC.0504"})
		}

		// v1 binds and unbinds too, and what is not said there unbinds.
		c.want(c.do(200, "PUT", eips1+"/"+id, `{"publicip":{}}`), map[string]any{"publicip.status": "PENDING_UPDATE"})
		time.Sleep(time.Second)
		c.want(c.do(409, "POST", eips3+"/"+id+"/disassociate-instance", ""), map[string]any{"error_code": "EIP.7902"})
		c.want(c.do(200, "PUT", eips1+"/"+id, fmt.Sprintf(`{"publicip":{"port_id":%q}}`, port)), map[string]any{"publicip.status": "BINDING"})
		time.Sleep(time.Second)
		c.want(c.do(200, "PUT", eips3+"/"+id, `{"publicip":{"associate_instance_type":null,"associate_instance_id":null}}`), map[string]any{"publicip.status": "PENDING_UPDATE"})
		time.Sleep(time.Second)
		c.want(c.do(200, "PUT", eips3+"/"+id, fmt.Sprintf(`{"publicip":{"associate_instance_type":"PORT","associate_instance_id":%q}}`, port)), map[string]any{"publicip.status": "BINDING"})
		time.Sleep(time.Second)

		// A port that goes leaves its address behind.
		c.do(204, "DELETE", "/vpc/v1/"+north+"/ports/"+port, "")
		c.want(c.do(200, "GET", eips3+"/"+id, ""), map[string]any{"publicip.status": "DOWN", "publicip.associate_instance_id": nil})
		for kind, status := range map[string]string{"ELB": "ELB", "VPN": "VPN", "NATGW": "ACTIVE"} {
			id := c.eip()
			time.Sleep(time.Second)
			c.bind(200, id, kind, "0b4c1a52-7d9e-4f63-8a1b-2c3d4e5f6071")
			time.Sleep(time.Second)
			c.want(c.do(200, "GET", eips3+"/"+id, ""), map[string]any{"publicip.status": status, "publicip.vnic": nil})
			c.want(c.do(409, "DELETE", eips1+"/"+id, ""), map[string]any{"code": "VPC.0517"})
		}

		// A new one can be bound at once; one whose job fails is broken.
		free := c.do(201, "POST", "/vpc/v1/"+north+"/ports", fmt.Sprintf(`{"port":{"network_id":%q}}`,
			c.do(200, "GET", "/vpc/v1/"+north+"/subnets", "").str("subnets", 0, "id"))).str("port", "id")
		bound := c.do(200, "POST", eips1, fmt.Sprintf(`{"publicip":{"type":"5_bgp","port_id":%q},"bandwidth":{"name":"b","size":5,"share_type":"PER"}}`, free)).str("publicip", "id")
		time.Sleep(time.Second)
		c.want(c.do(200, "GET", eips3+"/"+bound, ""), map[string]any{"publicip.status": "ACTIVE", "publicip.vnic.port_id": free})
		c.control(200, "PUT", "config", `{"fail_jobs":["settlePublicip"]}`)
		broken := c.eip()
		time.Sleep(time.Second)
		c.want(c.do(200, "GET", eips3+"/"+broken, ""), map[string]any{"publicip.status": "ERROR"})
		c.do(204, "DELETE", eips1+"/"+broken, "")
	})
}

func TestSharedBandwidth(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	made := c.do(200, "POST", bandwidths2, `{"bandwidth":{"name":"all","size":5,"charge_mode":"95peak_plus","enterprise_project_id":"0"}}`)
	c.want(made, map[string]any{
		"bandwidth.share_type": "WHOLE", "bandwidth.bandwidth_type": "share", "bandwidth.public_border_group": "center", "bandwidth.status": "NORMAL",
		"bandwidth.charge_mode": "95peak_plus", "bandwidth.publicip_info": []any{},
	})
	shared, id := made.str("bandwidth", "id"), c.eip()
	c.want(c.do(200, "PUT", bandwidths1+"/"+shared, `{"bandwidth":{"name":"","size":100,"charge_mode":"bandwidth"}}`), map[string]any{
		"bandwidth.name": "all", "bandwidth.size": 100, "bandwidth.charge_mode": "bandwidth",
	})
	for query, want := range map[string]int{"": 2, "?share_type=WHOLE": 1, "?share_type=PER": 1, "?enterprise_project_id=x": 0, "?limit=1": 1} {
		if n := c.do(200, "GET", bandwidths1+query, "").len("bandwidths"); n != want {
			t.Errorf("%s: %d bandwidths", query, n)
		}
	}
	own := c.do(200, "GET", eips3+"/"+id, "").str("publicip", "bandwidth", "id")
	attach, detach := eips3+"/"+id+"/attach-share-bandwidth", eips3+"/"+id+"/detach-share-bandwidth"
	into := func(bandwidth string) string { return fmt.Sprintf(`{"publicip":{"bandwidth_id":%q}}`, bandwidth) }
	c.want(c.do(400, "POST", detach, `{"publicip":{"bandwidth":{"size":5,"charge_mode":"traffic"}}}`), map[string]any{"error_code": "EIP.7902"})
	c.want(c.do(404, "POST", attach, into("x")), map[string]any{"error_code": "VPC.0306"})
	c.want(c.do(400, "POST", attach, into(own)), map[string]any{"error_code": "VPC.0301"})
	c.want(c.do(200, "POST", attach, into(shared)), map[string]any{"publicip.bandwidth.id": shared, "publicip.bandwidth.share_type": "WHOLE"})
	c.do(404, "GET", bandwidths1+"/"+own, "")
	c.want(c.do(200, "GET", bandwidths1+"/"+shared, ""), map[string]any{"bandwidth.publicip_info.0.publicip_id": id})
	c.want(c.do(409, "POST", attach, into(shared)), map[string]any{"error_code": "EIP.7904"})
	c.want(c.do(409, "DELETE", bandwidths2+"/"+shared, ""), map[string]any{"code": "VPC.0305"})
	for _, body := range []string{`{}`, `{"publicip":{"bandwidth":{"size":5}}}`} {
		c.want(c.do(400, "POST", detach, body), map[string]any{"error_code": "EIP.7901"})
	}
	c.want(c.do(400, "POST", detach, `{"publicip":{"bandwidth":{"size":0,"charge_mode":"traffic"}}}`), map[string]any{"error_code": "VPC.0301"})
	a := c.do(200, "POST", detach, `{"publicip":{"bandwidth":{"size":7,"charge_mode":"traffic"}}}`)
	c.want(a, map[string]any{"publicip.bandwidth.size": 7, "publicip.bandwidth.share_type": "PER"})
	if again := a.str("publicip", "bandwidth", "id"); again == own || !strings.HasPrefix(a.str("publicip", "bandwidth", "name"), "bandwidth-") {
		t.Errorf("the bandwidth is %s", a.text)
	}
	c.want(c.do(400, "DELETE", bandwidths2+"/"+a.str("publicip", "bandwidth", "id"), ""), map[string]any{"code": "VPC.0301"})

	// An address may be made in a shared bandwidth, and leaves it by going.
	whole := fmt.Sprintf(`{"publicip":{"type":"5_bgp"},"bandwidth":{"id":%q,"share_type":"WHOLE"}}`, shared)
	in := c.do(200, "POST", eips1, whole).str("publicip", "id")
	c.want(c.do(200, "GET", eips3+"/"+in, ""), map[string]any{"publicip.bandwidth.id": shared})
	c.control(200, "PUT", "config", `{"quotas":{"shared_bandwidth_eip":1,"shared_bandwidth":1}}`)
	c.want(c.do(409, "POST", eips1, whole), map[string]any{"code": "VPC.0304"})
	c.want(c.do(409, "POST", attach, into(shared)), map[string]any{"error_code": "VPC.0304"})
	c.want(c.do(409, "POST", bandwidths2, `{"bandwidth":{"name":"b","size":5}}`), map[string]any{"code": "VPC.0310"})
	c.do(204, "DELETE", eips1+"/"+in, "")
	c.do(204, "DELETE", bandwidths2+"/"+shared, "")
	for _, method := range []string{"GET", "PUT"} {
		c.want(c.do(404, method, bandwidths1+"/"+shared, `{}`), map[string]any{"code": "VPC.0306"})
	}
	c.do(404, "DELETE", bandwidths2+"/"+shared, "")

	for _, body := range []string{
		`{"bandwidth":{"size":5}}`, `{"bandwidth":{"name":"b"}}`, `{"bandwidth":{"name":"","size":5}}`, `{"bandwidth":{"name":"a b","size":5}}`,
		`{"bandwidth":{"name":"b","size":4}}`, `{"bandwidth":{"name":"b","size":2500}}`, `{"bandwidth":{"name":"b","size":5,"charge_mode":"traffic"}}`,
		`{"bandwidth":{"name":"b","size":5,"bandwidth_type":"edgeshare"}}`, `{"bandwidth":{"name":"b","size":5,"public_border_group":"edge"}}`,
	} {
		c.want(c.do(400, "POST", bandwidths2, body), map[string]any{"code": "VPC.0301"})
	}
	own = c.do(200, "GET", eips3+"/"+id, "").str("publicip", "bandwidth", "id")
	for _, body := range []string{`{}`, `{"name":""}`, `{"charge_mode":"traffic"}`, `{"name":"a b"}`, `{"size":0}`, `{"size":5,"charge_mode":"95peak_plus"}`} {
		c.want(c.do(400, "PUT", bandwidths1+"/"+own, `{"bandwidth":`+body+`}`), map[string]any{"code": "VPC.0301"})
	}
}

// A server may come with an address, and its end decides what becomes of it.
func TestServerWithEIP(t *testing.T) {
	t.Parallel()
	const fresh = `"eip":{"iptype":"5_bgp","bandwidth":{"size":5,"sharetype":"PER"}}`
	for name, test := range map[string]struct {
		publicip string // "" for the id of one that there is
		all      bool   // deletes its address with the server
		stays    bool
	}{
		"a new one stays":                 {fresh, false, true},
		"a new one goes":                  {fresh, true, false},
		"a new one goes with the server":  {fresh + `,"delete_on_termination":true`, false, false},
		"one that was there before":       {"", false, true},
		"one that was there before, goes": {"", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t, Options{})
			if test.publicip == "" {
				test.publicip = fmt.Sprintf(`"id":%q`, f.eip())
			}
			id := f.do(200, "POST", servers1, f.body(`{"publicip":{`+test.publicip+`}}`)).str("serverIds", 0)
			a := f.do(200, "GET", eips3+"?vnic.device_id="+id, "")
			f.want(a, map[string]any{"publicips.0.status": "ACTIVE", "publicips.0.associate_instance_type": "PORT"})
			eip := a.str("publicips", 0, "id")
			f.settled(id, map[string]any{"server.network_interfaces.0.association.public_ip_address": a.str("publicips", 0, "public_ip_address")})
			f.refused(400, "Ecs.0005", "POST", servers1, f.body(fmt.Sprintf(`{"publicip":{"id":%q}}`, eip)))
			f.do(200, "POST", servers+"/delete", fmt.Sprintf(`{"servers":[{"id":%q}],"delete_publicip":%t}`, id, test.all))
			if !test.stays {
				f.do(404, "GET", eips3+"/"+eip, "")
				return
			}
			f.want(f.do(200, "GET", eips3+"/"+eip, ""), map[string]any{"publicip.status": "DOWN", "publicip.vnic": nil})
		})
	}
}

// A server that was not made leaves no new address; one that there was before is free again.
func TestServerWithEIPFails(t *testing.T) {
	t.Parallel()
	f := newFleet(t, Options{})
	f.control(200, "PUT", "config", `{"fail_jobs":["createSingleServer"]}`)
	f.do(200, "POST", servers1, f.body(`{"publicip":{"eip":{"iptype":"5_bgp","bandwidth":{"size":5,"sharetype":"PER"}}}}`))
	if n := f.do(200, "GET", eips1, "").len("publicips"); n != 0 {
		t.Errorf("%d addresses are left", n)
	}
	old := f.eip()
	f.do(200, "POST", servers1, f.body(fmt.Sprintf(`{"publicip":{"id":%q}}`, old)))
	f.want(f.do(200, "GET", eips1+"/"+old, ""), map[string]any{"publicip.status": "DOWN"})

	// Several servers have an address each, in a bandwidth that they share, as far as there is room.
	f.control(200, "PUT", "config", `{"fail_jobs":[],"quotas":{"eip":3,"shared_bandwidth_eip":5,"shared_bandwidth":1,"server":9,"cores":99,"ram":99999}}`)
	shared := f.sharedBandwidth()
	several := func(n int) string {
		return f.body(fmt.Sprintf(`{"count":%d,"publicip":{"eip":{"iptype":"5_bgp","bandwidth":{"id":%q,"sharetype":"WHOLE"}}}}`, n, shared))
	}
	f.refused(400, "Ecs.0005", "POST", servers1, several(3))
	f.do(200, "POST", servers1, several(2))
	if n := f.do(200, "GET", bandwidths1+"/"+shared, "").len("bandwidth", "publicip_info"); n != 2 {
		t.Errorf("%d addresses share the bandwidth", n)
	}
	f.refused(400, "Ecs.0005", "POST", servers1, f.body(fmt.Sprintf(`{"count":2,"publicip":{"id":%q}}`, old)))
}
