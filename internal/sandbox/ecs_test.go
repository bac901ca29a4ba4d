package sandbox

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const (
	servers1 = "/ecs/v1.1/" + north + "/cloudservers"
	servers  = "/ecs/v1/" + north + "/cloudservers"
	nova     = "/ecs/v2.1/" + north
	ubuntu   = "5a0d80c0-1111-4111-8111-000000002204"
	centos   = "5a0d80c0-1111-4111-8111-000000000079"
	ubuntuA  = "5a0d80c0-1111-4111-8111-0000000a2204"
)

// fleet is a client with a network to put servers in.
type fleet struct {
	*client
	vpcID, subnetID string
}

func newFleet(t *testing.T, opts Options) *fleet {
	t.Helper()
	c := newClient(t, opts)
	v := c.vpc("10.0.0.0/8")
	return &fleet{c, v, c.subnet(v, "10.1.0.0/16", "10.1.0.1")}
}

// body is a request for a server, with changes to it.
func (f *fleet) body(changes ...string) string {
	f.t.Helper()
	s := fmt.Sprintf(`{"name":"web","imageRef":%q,"flavorRef":"s6.small.1","vpcid":%q,"nics":[{"subnet_id":%q}],"root_volume":{"volumetype":"SSD"}}`,
		ubuntu, f.vpcID, f.subnetID)
	for _, change := range changes {
		s = merged(f.t, s, change)
	}
	return `{"server":` + s + `}`
}

// server makes a server and returns its id.
func (f *fleet) server(changes ...string) string {
	f.t.Helper()
	return f.do(200, "POST", servers1, f.body(changes...)).str("serverIds", 0)
}

// show reads a server.
func (f *fleet) show(id string) answer {
	f.t.Helper()
	return f.do(200, "GET", servers+"/"+id, "")
}

// settled expects what a server is once its jobs have ended.
func (f *fleet) settled(id string, wants map[string]any) {
	f.t.Helper()
	f.want(f.show(id), wants)
}

func (f *fleet) job(a answer) answer {
	f.t.Helper()
	return f.do(200, "GET", "/ecs/v1/"+north+"/jobs/"+a.str("job_id"), "")
}

func TestServerLifecycle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, Options{JobMS: 10_000})
		userData := base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\n"))
		made := f.do(200, "POST", servers1, f.body(fmt.Sprintf(`{
			"description":"d","availability_zone":"cn-north-4b","adminPass":"Secret-123","user_data":%q,
			"metadata":{"mine":"1","agency_name":"a"},"server_tags":[{"key":"env","value":"test"},{"key":"bare","value":""}],"tags":["old.style.1"],
			"data_volumes":[{"volumetype":"SAS","size":20,"delete_on_termination":true},{"volumetype":"SSD","size":30,"hw:passthrough":"true"}],
			"publicip":{"eip":{"iptype":"5_bgp","bandwidth":{"size":5,"sharetype":"PER","chargemode":"traffic"}}}}`, userData)))
		id := made.str("serverIds", 0)
		f.want(f.job(made), map[string]any{"status": "INIT", "job_type": "createServer", "entities.sub_jobs_total": 1})
		f.refused(404, "Ecs.0114", "GET", servers+"/"+id, "")
		f.want(f.do(200, "GET", volumes+"/detail", ""), map[string]any{"count": 0})

		time.Sleep(2 * time.Second)
		f.want(f.job(made), map[string]any{"status": "RUNNING", "entities.sub_jobs.0.entities.server_id": id})
		f.want(f.show(id), map[string]any{
			"server.status": "BUILD", "server.OS-EXT-STS:task_state": "spawning", "server.addresses": map[string]any{},
			"server.os-extended-volumes:volumes_attached": []any{},
		})
		f.refused(409, "Ecs.0100", "POST", servers+"/delete", fmt.Sprintf(`{"servers":[{"id":%q}]}`, id))

		time.Sleep(8 * time.Second)
		f.want(f.job(made), map[string]any{"status": "SUCCESS", "entities.sub_jobs.0.status": "SUCCESS", "error_code": nil})
		a := f.show(id)
		group := f.cloud.vpc.defaultGroup(north).ID
		f.want(a, map[string]any{
			"server.status": "ACTIVE", "server.name": "web", "server.description": "d", "server.id": id, "server.tenant_id": north,
			"server.OS-EXT-STS:task_state": nil, "server.OS-EXT-STS:vm_state": "active", "server.OS-EXT-STS:power_state": 1,
			"server.OS-EXT-AZ:availability_zone": "cn-north-4b", "server.image.id": ubuntu, "server.key_name": nil,
			"server.flavor.id": "s6.small.1", "server.flavor.vcpus": "1", "server.flavor.ram": "1024", "server.flavor.disk": "0",
			"server.OS-EXT-SRV-ATTR:user_data": userData, "server.OS-EXT-SRV-ATTR:hostname": "web",
			"server.OS-EXT-SRV-ATTR:root_device_name": "/dev/vda", "server.tags": []string{"bare", "env=test", "old=style.1"},
			"server.enterprise_project_id": "0", "server.security_groups": []ref{{group, "default"}},
			"server.metadata.mine": "1", "server.metadata.agency_name": "a", "server.metadata.charging_mode": "0",
			"server.metadata.vpc_id": f.vpcID, "server.metadata.image_name": "Ubuntu 22.04 server 64bit", "server.metadata.os_type": "Linux",
			"server.network_interfaces.0.primary": true, "server.network_interfaces.0.subnet_id": f.subnetID,
			"server.network_interfaces.0.ip_addresses": []string{"10.1.0.2"},
			"server.addresses." + f.vpcID + ".0.addr":  "10.1.0.2", "server.addresses." + f.vpcID + ".0.version": "4",
			"server.addresses." + f.vpcID + ".0.OS-EXT-IPS:type": "fixed", "server.addresses." + f.vpcID + ".1.OS-EXT-IPS:type": "floating",
			"server.os-extended-volumes:volumes_attached.0.bootIndex": "0", "server.os-extended-volumes:volumes_attached.0.device": "/dev/vda",
			"server.os-extended-volumes:volumes_attached.1.bootIndex": "-1", "server.os-extended-volumes:volumes_attached.1.device": "/dev/vdb",
			"server.os-extended-volumes:volumes_attached.1.delete_on_termination": "true",
			"server.os-extended-volumes:volumes_attached.2.delete_on_termination": "false",
			"server.os-extended-volumes:volumes_attached.2.device":                "/dev/sdc",
			"server.admin_pass": nil, "server.adminPass": nil, "server.job": nil, "server.nics": nil, "server.vpc_id": nil, "server.project_id": nil,
		})
		if ip := a.str("server", "network_interfaces", 0, "association", "public_ip_address"); ip == "" || ip != a.str("server", "addresses", f.vpcID, 1, "addr") {
			t.Errorf("the public address is %q", ip)
		}
		f.want(f.do(200, "GET", "/vpc/v1/"+north+"/ports/"+a.str("server", "network_interfaces", 0, "port_id"), ""), map[string]any{
			"port.device_id": id, "port.device_owner": "compute:cn-north-4b", "port.status": "ACTIVE",
		})
		root, first, second := a.str("server", "os-extended-volumes:volumes_attached", 0, "id"), a.str("server", "os-extended-volumes:volumes_attached", 1, "id"), a.str("server", "os-extended-volumes:volumes_attached", 2, "id")
		f.want(f.do(200, "GET", volumes+"/"+root, ""), map[string]any{
			"volume.status": "in-use", "volume.size": 40, "volume.bootable": "true", "volume.name": "web-volume-0000",
			"volume.attachments.0.server_id": id, "volume.attachments.0.device": "/dev/vda", "volume.attachments.0.boot_index": nil,
		})

		del := f.do(200, "POST", servers+"/delete", fmt.Sprintf(`{"servers":[{"id":%q}]}`, id))
		f.want(f.show(id), map[string]any{"server.OS-EXT-STS:task_state": "deleting", "server.status": "ACTIVE"})
		time.Sleep(10 * time.Second)
		f.want(f.job(del), map[string]any{"status": "SUCCESS", "job_type": "deleteServer"})
		f.refused(404, "Ecs.0114", "GET", servers+"/"+id, "")
		f.refused(404, "EVS.5404", "GET", volumes+"/"+root, "")
		f.refused(404, "EVS.5404", "GET", volumes+"/"+first, "")
		f.want(f.do(200, "GET", volumes+"/"+second, ""), map[string]any{"volume.status": "available", "volume.attachments": []any{}})
		f.do(404, "GET", "/vpc/v1/"+north+"/ports/"+a.str("server", "network_interfaces", 0, "port_id"), "")
	})
}

func TestServerCreateRefusals(t *testing.T) {
	t.Parallel()
	f := newFleet(t, Options{})
	other := f.subnet(f.vpc("192.168.0.0/16"), "192.168.0.0/24", "192.168.0.1")
	nics := func(text string) string { return fmt.Sprintf(`{"nics":[%s]}`, text) }
	many := func(one string, n int) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }
	own := fmt.Sprintf(`{"subnet_id":%q}`, f.subnetID)
	for _, x := range []struct{ change, code string }{
		{`{"name":""}`, "Ecs.0914"},
		{fmt.Sprintf(`{"name":"%065d"}`, 0), "Ecs.0914"},
		{fmt.Sprintf(`{"name":"%060d","count":2}`, 0), "Ecs.0914"},
		{`{"name":"a b"}`, "Ecs.0915"},
		{`{"description":"<b>"}`, "Ecs.0041"},
		{fmt.Sprintf(`{"description":"%086d"}`, 0), "Ecs.0041"},
		{`{"count":0}`, "Ecs.0913"},
		{`{"count":101}`, "Ecs.0913"},
		{`{"imageRef":"nowhere"}`, "Ecs.0031"},
		{fmt.Sprintf(`{"imageRef":%q}`, ubuntuA), "Ecs.0007"},
		{`{"imageRef":"5a0d80c0-1111-4111-8111-000000002019"}`, "Ecs.0007"}, // Windows needs more memory
		{`{"flavorRef":"s6.huge.9"}`, "Ecs.0029"},
		{`{"flavorRef":"kc1.large.2"}`, "Ecs.0007"},
		{`{"flavorRef":"m7.large.8","availability_zone":"cn-north-4b"}`, "Ecs.0319"},
		{`{"flavorRef":"c7.2xlarge.4","availability_zone":"cn-north-4c"}`, "Ecs.0029"},
		{`{"availability_zone":"cn-east-3a"}`, "Ecs.0005"},
		{`{"vpcid":"nowhere"}`, "Ecs.0014"},
		{`{"nics":[]}`, "Ecs.0050"},
		{nics(many(own, 13)), "Ecs.0050"},
		{nics(`{"subnet_id":"nowhere"}`), "Ecs.0038"},
		{nics(fmt.Sprintf(`{"subnet_id":%q}`, other)), "Ecs.0064"},
		{nics(fmt.Sprintf(`{"subnet_id":%q,"ip_address":"10.2.0.5"}`, f.subnetID)), "Ecs.0039"},
		{nics(fmt.Sprintf(`{"subnet_id":%q,"ip_address":"10.1.0.1"}`, f.subnetID)), "Ecs.0010"},
		{nics(own + `,{"port_id":"nowhere"}`), "Ecs.0307"},
		{`{"security_groups":[{"id":"nowhere"}]}`, "Ecs.0014"},
		{`{"root_volume":null}`, "Ecs.0005"},
		{`{"root_volume":{"volumetype":"NONE"}}`, "Ecs.0043"},
		{`{"root_volume":{"volumetype":"SATA"}}`, "Ecs.0044"},
		{`{"root_volume":{"volumetype":"SSD","size":39}}`, "Ecs.0005"},
		{`{"root_volume":{"volumetype":"SSD","size":1025}}`, "Ecs.0005"},
		{`{"root_volume":{"volumetype":"SSD","iops":100}}`, "Ecs.0005"},
		{`{"root_volume":{"volumetype":"SSD","cluster_id":"x"}}`, "Ecs.0911"},
		{`{"root_volume":{"volumetype":"SSD","metadata":{"__system__encrypted":"1"}}}`, "Ecs.0912"},
		{`{"data_volumes":[{"volumetype":"SSD","size":9}]}`, "Ecs.0005"},
		{`{"data_volumes":[` + many(`{"volumetype":"SSD","size":10}`, 24) + `]}`, "Ecs.0042"},
		{`{"data_volumes":[{"volumetype":"SSD","size":10,"data_image_id":"x"}]}`, "Ecs.0031"},
		{`{"key_name":"nobody"}`, "Ecs.0314"},
		{`{"adminPass":"simple"}`, "Ecs.0011"},
		{`{"adminPass":"alllowercase"}`, "Ecs.0011"},
		{`{"adminPass":"Root-12345"}`, "Ecs.0011"},
		{`{"user_data":"not base64!"}`, "Ecs.0005"},
		{fmt.Sprintf(`{"user_data":%q}`, base64.StdEncoding.EncodeToString(make([]byte, userDataMax+1))), "Ecs.0005"},
		{`{"metadata":{"a b":"c"}}`, "Ecs.0005"},
		{`{"metadata":{"0":"","1":"","2":"","3":"","4":"","5":"","6":"","7":"","8":"","9":"","10":""}}`, "Ecs.0005"},
		{`{"server_tags":[{"key":"","value":""}]}`, "Ecs.0906"},
		{`{"server_tags":[{"key":"a","value":"1"},{"key":"a","value":"2"}]}`, "Ecs.0908"},
		{`{"tags":["0.","1.","2.","3.","4.","5.","6.","7.","8.","9.","10."]}`, "Ecs.0905"},
		{`{"publicip":{"id":"nowhere"}}`, "Ecs.0005"},
		{`{"publicip":{"eip":{"iptype":"bgp","bandwidth":{"size":5,"sharetype":"PER"}}}}`, "Ecs.0005"},
		{`{"publicip":{"eip":{"iptype":"5_bgp","bandwidth":{"size":2001,"sharetype":"PER"}}}}`, "Ecs.0045"},
		{`{"publicip":{"eip":{"iptype":"5_bgp","bandwidth":{"id":"x","sharetype":"WHOLE"}}}}`, "Ecs.0005"},
		{`{"publicip":{"eip":{"iptype":"5_bgp","bandwidth":{"size":5,"sharetype":"PER","chargemode":"free"}}}}`, "Ecs.0045"},
		{`{"os:scheduler_hints":{"group":"nowhere"}}`, "Ecs.0313"},
		{`{"os:scheduler_hints":{"tenancy":"dedicated"}}`, "Ecs.0005"},
		{`{"extendparam":{"chargingMode":"prePaid"}}`, "Ecs.0005"},
		{`{"auto_terminate_time":"tomorrow"}`, "Ecs.0005"},
	} {
		f.refused(400, x.code, "POST", servers1, f.body(x.change))
	}
	f.refused(400, "Ecs.0005", "POST", servers1, `{}`)
	f.want(f.do(200, "GET", servers+"/detail", ""), map[string]any{"count": 0})
	f.want(f.do(200, "GET", volumes+"/detail", ""), map[string]any{"count": 0})
	if left := f.cloud.vpc.portsOf(f.subnetID); len(left) != 2 {
		t.Errorf("%d ports are left behind", len(left)-2)
	}
}

func TestServerCreateChoices(t *testing.T) {
	t.Parallel()
	f := newFleet(t, Options{})

	// A dry run takes nothing.
	dry := fmt.Sprintf(`{"dry_run":true,%s`, strings.TrimPrefix(f.body(), "{"))
	if a := f.do(202, "POST", servers1, dry); a.text != "" {
		t.Errorf("a dry run answers %s", a.text)
	}
	f.refused(400, "Ecs.0038", "POST", servers1, strings.Replace(dry, f.subnetID, "nowhere", 1))
	if left := f.cloud.vpc.portsOf(f.subnetID); len(left) != 2 {
		t.Errorf("a dry run leaves %d ports", len(left)-2)
	}

	// A flavor that is sold out in one zone goes to another; ARM takes an image for ARM.
	f.settled(f.server(`{"flavorRef":"m7.large.8"}`), map[string]any{"server.OS-EXT-AZ:availability_zone": "cn-north-4a"})
	f.settled(f.server(fmt.Sprintf(`{"flavorRef":"kc1.large.2","imageRef":%q,"root_volume":{"volumetype":"SSD","size":1024}}`, ubuntuA)),
		map[string]any{"server.status": "ACTIVE"})

	// Fixed addresses, further NICs, a port of one's own, groups.
	group := f.do(201, "POST", "/vpc/v3/"+north+"/vpc/security-groups", `{"security_group":{"name":"g"}}`).str("security_group", "id")
	port := f.do(201, "POST", "/vpc/v1/"+north+"/ports", fmt.Sprintf(`{"port":{"network_id":%q}}`, f.subnetID))
	nics := fmt.Sprintf(`{"nics":[{"subnet_id":%q,"ip_address":"10.1.7.7"},{"port_id":%q}],"security_groups":[{"id":%q}]}`, f.subnetID, port.str("port", "id"), group)
	id := f.server(nics)
	f.settled(id, map[string]any{
		"server.network_interfaces.0.ip_addresses": []string{"10.1.7.7"}, "server.network_interfaces.1.port_id": port.str("port", "id"),
		"server.network_interfaces.1.primary": false, "server.security_groups.0.id": group, "server.security_groups.1.name": "default",
	})
	f.refused(400, "Ecs.0010", "POST", servers1, f.body(fmt.Sprintf(`{"nics":[{"subnet_id":%q,"ip_address":"10.1.7.7"}]}`, f.subnetID)))
	f.refused(400, "Ecs.0919", "POST", servers1, f.body(fmt.Sprintf(`{"nics":[{"port_id":%q}]}`, port.str("port", "id"))))
	f.do(200, "POST", servers+"/delete", fmt.Sprintf(`{"servers":[{"id":%q}],"delete_volume":true}`, id))
	f.refused(404, "Ecs.0114", "GET", servers+"/"+id, "")
	f.want(f.do(200, "GET", "/vpc/v1/"+north+"/ports/"+port.str("port", "id"), ""), map[string]any{"port.status": "DOWN", "port.device_id": "", "port.device_owner": ""})

	// Encrypted disks, a key pair.
	f.do(200, "POST", nova+"/os-keypairs", `{"keypair":{"name":"k"}}`)
	id = f.server(`{"key_name":"k","root_volume":{"volumetype":"SSD","metadata":{"__system__encrypted":"1","__system__cmkid":"5a0d80c0-1111-4111-8111-000000002204"}}}`)
	a := f.show(id)
	f.want(a, map[string]any{"server.key_name": "k"})
	f.want(f.do(200, "GET", volumes+"/"+a.str("server", "os-extended-volumes:volumes_attached", 0, "id"), ""), map[string]any{"volume.metadata.__system__encrypted": "1"})

	// v1 counts the charging mode, and a spot server says so.
	spot := f.do(200, "POST", servers, f.body(`{"extendparam":{"chargingMode":0,"marketType":"spot","enterprise_project_id":"e"}}`)).str("serverIds", 0)
	f.settled(spot, map[string]any{"server.metadata.charging_mode": "2", "server.enterprise_project_id": "e"})
}

func TestServerBatchAndTokens(t *testing.T) {
	t.Parallel()
	f := newFleet(t, Options{})
	body := f.body(`{"count":2,"data_volumes":[{"volumetype":"SAS","size":10}]}`)
	send := func(body string) answer {
		h := f.request("POST", servers1, body)
		h.Header.Set("X-Client-Token", "5a0d80c0-3333-4333-8333-000000000001")
		return f.send(h)
	}
	first := send(body)
	if first.status != 200 || first.len("serverIds") != 2 {
		t.Fatalf("%d %s", first.status, first.text)
	}
	if again := send(body); again.text != first.text {
		t.Errorf("the same request again: %s", again.text)
	}
	if other := send(f.body()); other.status != 400 {
		t.Errorf("another request with the token: %d %s", other.status, other.text)
	}
	f.settled(first.str("serverIds", 0), map[string]any{"server.name": "web-0001", "server.OS-EXT-SRV-ATTR:launch_index": 0})
	f.settled(first.str("serverIds", 1), map[string]any{"server.name": "web-0002", "server.OS-EXT-SRV-ATTR:launch_index": 1})
	f.want(f.do(200, "GET", volumes+"/detail", ""), map[string]any{"count": 4})
	f.want(f.job(first), map[string]any{"entities.sub_jobs_total": 2, "status": "SUCCESS"})
	f.do(200, "POST", servers+"/delete", fmt.Sprintf(`{"servers":[{"id":%q},{"id":%q}],"delete_volume":true}`, first.str("serverIds", 0), first.str("serverIds", 1)))
	f.want(f.do(200, "GET", volumes+"/detail", ""), map[string]any{"count": 0})
	f.want(f.do(200, "GET", servers+"/detail", ""), map[string]any{"count": 0})
}

func TestServerQuotas(t *testing.T) {
	t.Parallel()
	f := newFleet(t, Options{})
	for _, x := range []struct {
		quotas, code string
		status       int
	}{
		{`{"volume":1}`, "Ecs.0021", 400},
		{`{"gigabytes":79}`, "Ecs.0021", 400},
		{`{"server":1}`, "Ecs.0001", 403},
		{`{"ram":2047}`, "Ecs.0001", 403},
		{`{"cores":1}`, "Ecs.0001", 403},
	} {
		f.control(200, "POST", "reset", "")
		f.vpcID = f.vpc("10.0.0.0/8")
		f.subnetID = f.subnet(f.vpcID, "10.1.0.0/16", "10.1.0.1")
		f.control(200, "PUT", "config", `{"quotas":`+x.quotas+`}`)
		f.refused(x.status, x.code, "POST", servers1, f.body(`{"count":2}`))
		f.server()
	}
	f.refused(403, "Ecs.0001", "POST", servers1, f.body())
	f.refused(403, "Ecs.0001", "POST", servers1+"/"+f.cloud.ecs.servers.all("")[0].ID+"/resize", `{"resize":{"flavorRef":"s6.large.2","mode":"withStopServer"}}`)
	limits := f.do(200, "GET", servers+"/limits", "")
	f.want(limits, map[string]any{
		"absolute.maxTotalCores": 1, "absolute.totalCoresUsed": 1, "absolute.totalRAMUsed": 1024, "absolute.totalInstancesUsed": 1, "absolute.maxTotalInstances": 100,
	})
}

func TestServerPower(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, Options{JobMS: 10_000})
		id := f.server()
		time.Sleep(10 * time.Second)
		act := func(status int, what string) answer {
			t.Helper()
			return f.do(status, "POST", servers+"/action", fmt.Sprintf(`{%s"servers":[{"id":%q}]}}`, what, id))
		}
		steps := []struct {
			action                  string
			during, task, vm, after string
			power                   int
		}{
			{`"os-stop":{"type":"HARD",`, "ACTIVE", "powering-off", "active", "SHUTOFF", 4},
			{`"os-start":{`, "SHUTOFF", "powering-on", "stopped", "ACTIVE", 1},
			{`"reboot":{"type":"SOFT",`, "REBOOT", "rebooting", "active", "ACTIVE", 1},
			{`"reboot":{"type":"HARD",`, "HARD_REBOOT", "rebooting", "active", "ACTIVE", 1},
		}
		for _, step := range steps {
			job := act(200, step.action)
			f.want(f.show(id), map[string]any{"server.status": step.during, "server.OS-EXT-STS:task_state": step.task, "server.OS-EXT-STS:vm_state": step.vm})
			act(409, step.action) // one at a time
			time.Sleep(10 * time.Second)
			f.want(f.show(id), map[string]any{"server.status": step.after, "server.OS-EXT-STS:power_state": step.power, "server.OS-EXT-STS:task_state": nil})
			f.want(f.job(job), map[string]any{"status": "SUCCESS", "entities.sub_jobs.0.entities.server_id": id})
		}
		act(400, `"os-start":{`)
		act(400, `"reboot":{`) // without a type
		act(400, `"os-stop":{"type":"GENTLE",`)
		act(400, `"dance":{`)
		f.refused(404, "Ecs.0114", "POST", servers+"/action", `{"os-stop":{"servers":[{"id":"nowhere"}]}}`)
		f.refused(400, "Ecs.0118", "POST", servers+"/action", `{"os-stop":{"servers":[]}}`)

		f.control(200, "PUT", "config", `{"fail_jobs":["stopSingleServer"]}`)
		job := act(200, `"os-stop":{`)
		time.Sleep(10 * time.Second)
		f.want(f.job(job), map[string]any{"status": "FAIL", "error_code": "Common.0021", "entities.sub_jobs.0.status": "FAIL"})
		f.settled(id, map[string]any{"server.status": "ACTIVE"})
	})
}

func TestServerResize(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, Options{JobMS: 10_000})
		id := f.server(`{"availability_zone":"cn-north-4b"}`)
		time.Sleep(10 * time.Second)
		path := servers1 + "/" + id + "/resize"
		for change, code := range map[string]string{
			`{"flavorRef":"s6.large.2"}`:                                                 "Ecs.0100", // it runs
			`{"flavorRef":"nothing","mode":"withStopServer"}`:                            "Ecs.0029",
			`{"flavorRef":"m7.large.8","mode":"withStopServer"}`:                         "Ecs.0319",
			`{"flavorRef":"s6.small.1","mode":"withStopServer"}`:                         "Ecs.0810",
			`{"flavorRef":"kc1.large.2","mode":"withStopServer"}`:                        "Ecs.0007",
			`{"flavorRef":"s6.large.2","dedicated_host_id":"x","mode":"withStopServer"}`: "Ecs.0005",
		} {
			f.refused(400, code, "POST", path, `{"resize":`+change+`}`)
		}
		f.do(202, "POST", path, `{"dry_run":true,"resize":{"flavorRef":"s6.large.2","mode":"withStopServer"}}`)
		job := f.do(200, "POST", path, `{"resize":{"flavorRef":"s6.large.2","mode":"withStopServer"}}`)
		f.want(f.show(id), map[string]any{"server.status": "RESIZE", "server.flavor.id": "s6.small.1"})
		f.refused(409, "Ecs.0100", "POST", path, `{"resize":{"flavorRef":"s6.xlarge.2","mode":"withStopServer"}}`)
		time.Sleep(10 * time.Second)
		f.want(f.show(id), map[string]any{"server.status": "ACTIVE", "server.flavor.id": "s6.large.2", "server.flavor.ram": "4096"})
		f.want(f.job(job), map[string]any{"status": "SUCCESS", "entities.server_id": id})

		f.control(200, "PATCH", "objects/server/"+id, `{"status":"SHUTOFF"}`)
		f.do(200, "POST", servers+"/"+id+"/resize", `{"resize":{"flavorRef":"s6.xlarge.2"}}`)
		time.Sleep(10 * time.Second)
		f.settled(id, map[string]any{"server.status": "SHUTOFF", "server.flavor.id": "s6.xlarge.2"})
		f.control(200, "PUT", "config", `{"fail_jobs":["resizeServer"]}`)
		f.do(200, "POST", path, `{"resize":{"flavorRef":"s6.large.2"}}`)
		time.Sleep(10 * time.Second)
		f.settled(id, map[string]any{"server.status": "SHUTOFF", "server.flavor.id": "s6.xlarge.2"})
	})
}

func TestServerChangeOS(t *testing.T) {
	t.Parallel()
	f := newFleet(t, Options{})
	id := f.server(`{"root_volume":{"volumetype":"SSD","size":60},"data_volumes":[{"volumetype":"SAS","size":10}]}`)
	path := "/ecs/v2/" + north + "/cloudservers/" + id + "/changeos"
	old := f.show(id)
	f.refused(400, "Ecs.0100", "POST", path, fmt.Sprintf(`{"os-change":{"imageid":%q}}`, centos))
	f.refused(400, "Ecs.0031", "POST", path, `{"os-change":{"imageid":"nowhere","mode":"withStopServer"}}`)
	f.refused(400, "Ecs.0007", "POST", path, fmt.Sprintf(`{"os-change":{"imageid":%q,"mode":"withStopServer"}}`, ubuntuA))
	f.do(200, "POST", path, fmt.Sprintf(`{"os-change":{"imageid":%q,"mode":"withStopServer","adminpass":"Secret-123","metadata":{"user_data":"eA=="}}}`, centos))
	a := f.show(id)
	f.want(a, map[string]any{
		"server.status": "ACTIVE", "server.image.id": centos, "server.metadata.image_name": "CentOS 7.9 64bit", "server.OS-EXT-SRV-ATTR:user_data": "eA==",
		"server.os-extended-volumes:volumes_attached.0.bootIndex": "0", "server.os-extended-volumes:volumes_attached.0.device": "/dev/vda",
	})
	before, now := old.str("server", "os-extended-volumes:volumes_attached", 0, "id"), a.str("server", "os-extended-volumes:volumes_attached", 0, "id")
	if before == now || a.len("server", "os-extended-volumes:volumes_attached") != 2 {
		t.Errorf("the system disk was %s and is %s", before, now)
	}
	f.refused(404, "EVS.5404", "GET", volumes+"/"+before, "")
	f.want(f.do(200, "GET", volumes+"/"+now, ""), map[string]any{"volume.status": "in-use", "volume.size": 60, "volume.volume_image_metadata.image_id": centos})
}

func TestServerVolumes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, Options{})
		id, other := f.server(), f.server()
		v, far := f.volume(""), f.volume(`{"availability_zone":"cn-north-4b"}`)
		shared := f.volume(`{"multiattach":true,"metadata":{"hw:passthrough":"true"}}`)
		f.do(200, "GET", volumes+"/"+v, "")
		f.control(200, "PUT", "config", `{"job_ms":10000}`)
		attach := func(status int, server, volume, device string) answer {
			t.Helper()
			return f.do(status, "POST", servers+"/"+server+"/attachvolume", fmt.Sprintf(`{"volumeAttachment":{"volumeId":%q,"device":%q}}`, volume, device))
		}
		path := servers + "/" + id + "/block_device"

		f.refused(400, "Ecs.1000", "GET", path+"/"+v, "")
		job := attach(200, id, v, "")
		f.want(f.do(200, "GET", volumes+"/"+v, ""), map[string]any{"volume.status": "attaching"})
		f.want(attach(409, id, shared, ""), map[string]any{"error.code": "Ecs.0100"})
		f.want(attach(400, other, v, ""), map[string]any{"error.code": "Ecs.0103"})
		time.Sleep(10 * time.Second)
		f.want(f.job(job), map[string]any{"status": "SUCCESS", "entities.server_id": id})
		f.want(f.do(200, "GET", volumes+"/"+v, ""), map[string]any{"volume.status": "in-use", "volume.attachments.0.server_id": id, "volume.attachments.0.device": "/dev/vdb"})
		f.want(f.do(200, "GET", path+"/"+v, ""), map[string]any{
			"volumeAttachment.volumeId": v, "volumeAttachment.serverId": id, "volumeAttachment.device": "/dev/vdb", "volumeAttachment.bus": "virtio",
			"volumeAttachment.size": 40, "volumeAttachment.bootIndex": 1,
		})
		f.refused(400, "EVS.1046", "DELETE", volumes+"/"+v, "")

		for _, x := range []struct{ server, volume, device, code string }{
			{id, "nowhere", "", "Ecs.0103"}, {id, far, "", "Ecs.0121"}, {id, v, "", "Ecs.0057"}, {other, v, "", "Ecs.0103"},
			{id, shared, "/dev/vda", "Ecs.0005"}, {id, shared, "sdb", "Ecs.0005"},
		} {
			f.want(attach(400, x.server, x.volume, x.device), map[string]any{"error.code": x.code})
		}
		f.refused(404, "Ecs.0114", "POST", servers+"/nowhere/attachvolume", fmt.Sprintf(`{"volumeAttachment":{"volumeId":%q}}`, v))

		// One that may be shared can be had twice; its bus is its own.
		attach(200, id, shared, "/dev/vdf")
		time.Sleep(10 * time.Second)
		attach(200, other, shared, "")
		time.Sleep(10 * time.Second)
		f.want(f.do(200, "GET", path+"/"+shared, ""), map[string]any{"volumeAttachment.device": "/dev/sdf", "volumeAttachment.bus": "scsi"})
		f.want(f.do(200, "GET", path, ""), map[string]any{"volumeAttachments.0.bootIndex": 0, "volumeAttachments.2.volumeId": shared, "attachableQuantity.free_disk": 21})
		f.refused(400, "Ecs.0617", "PUT", path+"/"+shared, `{"block_device":{"delete_on_termination":true}}`)
		f.do(204, "PUT", path+"/"+v, `{"block_device":{"delete_on_termination":true}}`)
		f.want(f.show(id), map[string]any{"server.os-extended-volumes:volumes_attached.1.delete_on_termination": "true"})

		root := f.show(id).str("server", "os-extended-volumes:volumes_attached", 0, "id")
		f.refused(400, "Ecs.0100", "DELETE", servers+"/"+id+"/detachvolume/"+root, "")
		f.refused(400, "Ecs.1000", "DELETE", servers+"/"+id+"/detachvolume/"+far, "")
		f.do(200, "DELETE", servers+"/"+id+"/detachvolume/"+v+"?delete_flag=0", "")
		f.want(f.do(200, "GET", volumes+"/"+v, ""), map[string]any{"volume.status": "detaching"})
		time.Sleep(10 * time.Second)
		f.want(f.do(200, "GET", volumes+"/"+v, ""), map[string]any{"volume.status": "available", "volume.attachments": []any{}})
		f.refused(400, "Ecs.1000", "GET", path+"/"+v, "")
		f.control(200, "PATCH", "objects/server/"+id, `{"status":"SHUTOFF"}`)
		f.do(200, "DELETE", servers+"/"+id+"/detachvolume/"+root, "")
		time.Sleep(10 * time.Second)
		f.want(f.do(200, "GET", volumes+"/"+root, ""), map[string]any{"volume.status": "available", "volume.bootable": "true"})

		// EVS may know of it later than the server.
		f.control(200, "PUT", "config", `{"job_ms":10000,"consistency_lag_ms":5000}`)
		attach(200, id, v, "")
		time.Sleep(11 * time.Second)
		f.want(f.do(200, "GET", path+"/"+v, ""), map[string]any{"volumeAttachment.volumeId": v})
		f.want(f.do(200, "GET", volumes+"/"+v, ""), map[string]any{"volume.status": "attaching"})
		time.Sleep(5 * time.Second)
		f.want(f.do(200, "GET", volumes+"/"+v, ""), map[string]any{"volume.status": "in-use"})
		f.do(200, "DELETE", servers+"/"+id+"/detachvolume/"+v, "")
		time.Sleep(11 * time.Second)
		f.refused(400, "EVS.1046", "DELETE", volumes+"/"+v, "")
		time.Sleep(5 * time.Second)
		f.want(f.do(200, "GET", volumes+"/"+v, ""), map[string]any{"volume.status": "available"})
		f.control(200, "PUT", "config", `{"job_ms":10000,"consistency_lag_ms":0}`)

		// Without its system disk a server does not take a data disk for one, but takes back what can be one.
		attach(200, id, v, "")
		time.Sleep(10 * time.Second)
		f.want(f.do(200, "GET", path+"/"+v, ""), map[string]any{"volumeAttachment.bootIndex": 1, "volumeAttachment.device": "/dev/vdb"})
		attach(200, id, root, "")
		time.Sleep(10 * time.Second)
		f.want(f.do(200, "GET", path+"/"+root, ""), map[string]any{"volumeAttachment.bootIndex": 0, "volumeAttachment.device": "/dev/vda"})

		// A new volume can be attached as it is made.
		born := f.do(202, "POST", volumes1, strings.Replace(volumeBody(t, ""), "{", fmt.Sprintf(`{"server_id":%q,`, other), 1)).str("volume_ids", 0)
		time.Sleep(10 * time.Second)
		f.want(f.do(200, "GET", volumes+"/"+born, ""), map[string]any{"volume.status": "in-use", "volume.attachments.0.server_id": other})
		f.want(f.do(200, "GET", volumes+"/detail?server_id="+other, ""), map[string]any{"count": 3})
		f.refused(400, "EVS.2229", "POST", volumes1, strings.Replace(volumeBody(t, ""), "{", `{"server_id":"nowhere",`, 1))
		f.refused(400, "EVS.2053", "POST", volumes1, strings.Replace(volumeBody(t, `{"availability_zone":"cn-north-4b"}`), "{", fmt.Sprintf(`{"server_id":%q,`, other), 1))

		// A volume grows while it is in use, unless its server is in the middle of something.
		f.control(200, "PATCH", "objects/server/"+other, `{"status":"REBUILD"}`)
		f.refused(400, "EVS.1066", "POST", volumes1+"/"+born+"/action", `{"os-extend":{"new_size":50}}`)
		f.control(200, "PATCH", "objects/server/"+other, `{"status":"ACTIVE"}`)
		f.do(202, "POST", volumes1+"/"+born+"/action", `{"os-extend":{"new_size":50}}`)
		time.Sleep(10 * time.Second)
		f.want(f.do(200, "GET", volumes+"/"+born, ""), map[string]any{"volume.status": "in-use", "volume.size": 50})
	})
}

func TestServerNics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, Options{})
		id := f.server()
		other := f.subnet(f.vpc("192.168.0.0/16"), "192.168.0.0/24", "192.168.0.1")
		port := f.do(201, "POST", "/vpc/v1/"+north+"/ports", fmt.Sprintf(`{"port":{"network_id":%q}}`, f.subnetID)).str("port", "id")
		f.show(id)
		f.control(200, "PUT", "config", `{"job_ms":10000}`)
		path := servers + "/" + id
		f.refused(400, "Ecs.0005", "POST", path+"/nics", `{"nics":[]}`)
		f.refused(400, "Ecs.0064", "POST", path+"/nics", fmt.Sprintf(`{"nics":[{"subnet_id":%q}]}`, other))
		f.refused(400, "Ecs.0010", "POST", path+"/nics", fmt.Sprintf(`{"nics":[{"subnet_id":%q},{"subnet_id":%q,"ip_address":"10.1.0.1"}]}`, f.subnetID, f.subnetID))
		f.refused(400, "Ecs.0050", "POST", path+"/nics", `{"nics":[{},{},{},{},{},{},{},{},{},{},{},{}]}`)
		group := f.do(201, "POST", "/vpc/v3/"+north+"/vpc/security-groups", `{"security_group":{"name":"g"}}`).str("security_group", "id")

		job := f.do(200, "POST", path+"/nics", fmt.Sprintf(`{"nics":[{"subnet_id":%q,"ip_address":"10.1.3.3","security_groups":[{"id":%q}]},{"port_id":%q}]}`, f.subnetID, group, port))
		f.want(f.do(200, "GET", path+"/os-interface", ""), map[string]any{"interfaceAttachments.1": nil})
		f.refused(409, "Ecs.0100", "POST", path+"/nics", fmt.Sprintf(`{"nics":[{"subnet_id":%q}]}`, f.subnetID))
		time.Sleep(10 * time.Second)
		done := f.job(job)
		added := done.str("entities", "sub_jobs", 0, "entities", "nic_id")
		f.want(done, map[string]any{"status": "SUCCESS", "entities.sub_jobs.1.entities.nic_id": port})
		list := f.do(200, "GET", path+"/os-interface", "")
		f.want(list, map[string]any{
			"interfaceAttachments.1.port_id": added, "interfaceAttachments.1.fixed_ips.0.ip_address": "10.1.3.3", "interfaceAttachments.1.net_id": f.subnetID,
			"interfaceAttachments.1.delete_on_termination": true, "interfaceAttachments.2.port_id": port, "interfaceAttachments.2.delete_on_termination": false,
			"attachableQuantity.free_nic": 9,
		})
		f.want(f.do(200, "GET", nova+"/servers/"+id+"/os-interface/"+added, ""), map[string]any{"interfaceAttachment.port_state": "ACTIVE"})
		f.want(f.show(id), map[string]any{"server.network_interfaces.1.ip_addresses": []string{"10.1.3.3"}, "server.security_groups.1.id": group})

		six := f.do(200, "POST", "/vpc/v1/"+north+"/subnets",
			fmt.Sprintf(`{"subnet":{"name":"six","vpc_id":%q,"cidr":"10.2.0.0/16","gateway_ip":"10.2.0.1","ipv6_enable":true}}`, f.vpcID)).str("subnet", "id")
		f.refused(400, "Ecs.0039", "POST", path+"/nics", fmt.Sprintf(`{"nics":[{"subnet_id":%q,"ipv6_enable":true}]}`, f.subnetID))
		job = f.do(200, "POST", path+"/nics", fmt.Sprintf(`{"nics":[{"subnet_id":%q,"ipv6_enable":true}]}`, six))
		time.Sleep(10 * time.Second)
		own := f.do(200, "GET", "/vpc/v1/"+north+"/subnets/"+six, "").str("subnet", "cidr_v6")
		address := strings.TrimSuffix(own, "/64") + "2"
		f.want(f.show(id), map[string]any{"server.network_interfaces.3.ipv6_addresses": []string{address}, "server.addresses." + f.vpcID + ".4.version": "6"})
		f.do(200, "POST", path+"/nics/delete", fmt.Sprintf(`{"nics":[{"id":%q}]}`, f.job(job).str("entities", "sub_jobs", 0, "entities", "nic_id")))
		time.Sleep(10 * time.Second)

		primary := list.str("interfaceAttachments", 0, "port_id")
		f.refused(400, "Ecs.0507", "POST", path+"/nics/delete", fmt.Sprintf(`{"nics":[{"id":%q}]}`, primary))
		f.refused(400, "Ecs.0085", "POST", path+"/nics/delete", `{"nics":[{"id":"nowhere"}]}`)
		f.do(204, "PUT", path+"/os-interface/"+added, `{"interface_attachment":{"delete_on_termination":true}}`)
		f.do(200, "POST", path+"/nics/delete", fmt.Sprintf(`{"nics":[{"id":%q},{"id":%q}]}`, added, port))
		time.Sleep(10 * time.Second)
		if n := f.do(200, "GET", path+"/os-interface", "").len("interfaceAttachments"); n != 1 {
			t.Errorf("%d NICs are left", n)
		}
		f.do(404, "GET", "/vpc/v1/"+north+"/ports/"+added, "")
		f.want(f.do(200, "GET", "/vpc/v1/"+north+"/ports/"+port, ""), map[string]any{"port.device_id": "", "port.status": "DOWN"})
		f.refused(400, "Ecs.0307", "GET", servers+"/nowhere/os-interface", "")

		// Security groups by name, on all NICs at once.
		action := nova + "/servers/" + id + "/action"
		f.do(202, "POST", action, `{"addSecurityGroup":{"name":"g"}}`)
		f.want(f.do(400, "POST", action, `{"addSecurityGroup":{"name":"g"}}`), map[string]any{"badRequest.code": 400})
		f.want(f.show(id), map[string]any{"server.security_groups.1.name": "g"})
		f.do(202, "POST", action, fmt.Sprintf(`{"removeSecurityGroup":{"name":%q}}`, group))
		f.want(f.do(404, "POST", action, `{"removeSecurityGroup":{"name":"g"}}`), map[string]any{"itemNotFound.code": 404})
		f.do(404, "POST", action, `{"addSecurityGroup":{"name":"nowhere"}}`)
		f.do(400, "POST", action, `{}`)
	})
}

func TestServerList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, Options{})
		var ids []string
		for i := range 5 {
			time.Sleep(time.Second)
			ids = append(ids, f.server(fmt.Sprintf(`{"name":"web%d","server_tags":[{"key":"n","value":"%d"},{"key":"all","value":""}]}`, i, i)))
		}
		page := func(query string) []string {
			t.Helper()
			a := f.do(200, "GET", servers+"/detail?"+query, "")
			found := []string{}
			for i := range a.len("servers") {
				found = append(found, a.str("servers", i, "id"))
			}
			return found
		}
		youngest := slices.Clone(ids)
		slices.Reverse(youngest)
		for query, want := range map[string][]string{
			"":                              youngest,
			"limit=2":                       youngest[:2],
			"limit=2&offset=1":              youngest[:2],
			"limit=2&offset=2":              youngest[2:4],
			"limit=2&offset=3":              youngest[4:],
			"limit=2&offset=4":              {},
			"limit=2&marker=" + youngest[1]: youngest[2:4],
			"name=web3":                     {ids[3]},
			"name=web":                      youngest,
			"flavor=s6.large.2":             {},
			"status=ACTIVE":                 youngest,
			"status=SHUTOFF":                {},
			"ip=10.1.0":                     youngest,
			"ip_eq=10.1.0.3":                {ids[1]},
			"tags=n=2":                      {ids[2]},
			"tags=n=2,all":                  {ids[2]},
			"tags=all":                      youngest,
			"not-tags=n=2":                  slices.Concat(youngest[:2], youngest[3:]),
			"enterprise_project_id=0":       youngest,
			"enterprise_project_id=x":       {},
		} {
			if got := page(query); !slices.Equal(got, want) {
				t.Errorf("%q: %v instead of %v", query, got, want)
			}
		}
		f.want(f.do(200, "GET", servers+"/detail?limit=2", ""), map[string]any{"count": 5})
		chosen := f.do(200, "GET", servers+"/detail?name=ignored&server_id=nowhere,"+ids[1], "")
		f.want(chosen, map[string]any{"servers.0.id": "nowhere", "servers.0.name": nil, "servers.0.fault.code": 404, "servers.1.name": "web1", "count": 2})
		f.refused(400, "Ecs.0005", "GET", servers+"/detail?limit=1001", "")
		f.refused(400, "Ecs.0005", "GET", servers+"/detail?marker=nowhere", "")

		time.Sleep(5 * time.Second)
		f.control(200, "PUT", "config", `{"consistency_lag_ms":5000}`)
		late := f.server()
		f.refused(404, "Ecs.0114", "GET", servers+"/"+late, "")
		f.want(f.do(200, "GET", servers+"/detail", ""), map[string]any{"count": 5})
		time.Sleep(5 * time.Second)
		f.show(late)
	})
}

func TestServerUpdate(t *testing.T) {
	t.Parallel()
	f := newFleet(t, Options{})
	id := f.server(`{"metadata":{"a":"1"},"server_tags":[{"key":"env","value":"x=y"}]}`)
	path := servers + "/" + id
	f.settled(id, map[string]any{"server.tags": []string{"env=x=y"}})
	f.refused(400, "Ecs.0906", "POST", servers1, f.body(`{"server_tags":[{"key":"env","value":"x*y"}]}`))
	f.want(f.do(200, "PUT", path, `{"server":{"name":"new","description":"d","hostname":"host-1.example","user_data":"eA=="}}`), map[string]any{
		"server.name": "new", "server.image": ubuntu, "server.addresses." + f.vpcID + ".0.version": 4, "server.OS-EXT-SRV-ATTR:hostname": "host-1.example",
	})
	f.settled(id, map[string]any{"server.name": "new", "server.description": "d", "server.OS-EXT-SRV-ATTR:user_data": "eA=="})
	for change, code := range map[string]string{
		`{"name":""}`: "Ecs.0914", `{"name":"a b"}`: "Ecs.0915", `{"description":"<"}`: "Ecs.0041",
		`{"hostname":"-x"}`: "Ecs.0005", `{"hostname":"a..b"}`: "Ecs.0005", `{"user_data":"!"}`: "Ecs.0005",
	} {
		f.refused(400, code, "PUT", path, `{"server":`+change+`}`)
	}
	f.settled(id, map[string]any{"server.name": "new"})

	f.want(f.do(200, "POST", path+"/metadata", `{"metadata":{"b":"2"}}`), map[string]any{"metadata.a": "1", "metadata.b": "2", "metadata.vpc_id": f.vpcID})
	f.do(204, "DELETE", path+"/metadata/a", "")
	f.refused(404, "Ecs.1000", "DELETE", path+"/metadata/a", "")
	f.settled(id, map[string]any{"server.metadata.a": nil, "server.metadata.b": "2"})

	f.do(204, "POST", path+"/tags/action", `{"action":"create","tags":[{"key":"n","value":""}]}`)
	f.do(204, "POST", path+"/tags/action", `{"action":"delete","tags":[{"key":"env"}]}`)
	f.want(f.do(200, "GET", path+"/tags", ""), map[string]any{"tags": []tag{{"n", ""}}})
	f.settled(id, map[string]any{"server.tags": []string{"n"}})
	f.want(f.do(200, "GET", servers+"/tags", ""), map[string]any{"tags.0.key": "n"})
	f.want(f.do(200, "POST", servers+"/resource_instances/action", `{"action":"filter","limit":"10","offset":"0","tags":[{"key":"n","values":[]}]}`), map[string]any{
		"total_count": 1, "resources.0.resource_id": id, "resources.0.resource_name": "new",
	})

	password := path + "/os-reset-password"
	f.refused(400, "Ecs.0011", "PUT", password, `{"reset-password":{"new_password":"weak","is_check_password":true}}`)
	f.do(204, "PUT", password, `{"reset-password":{"new_password":"weak"}}`)
	f.do(204, "PUT", password, `{"reset-password":{"new_password":"Secret-123","is_check_password":true}}`)
	if got := f.cloud.ecs.servers.get("", id).AdminPass; got != "Secret-123" {
		t.Errorf("the password is %q", got)
	}
}

func TestServerOptions(t *testing.T) {
	t.Parallel()
	f := newFleet(t, Options{})
	id := f.server(`{"metadata_options":{"http_tokens":"required"},"extendparam":{"support_auto_recovery":true},"auto_terminate_time":"2999-01-01T00:00:00Z"}`)
	path := servers + "/" + id
	f.settled(id, map[string]any{"server.auto_terminate_time": "2999-01-01T00:00:00Z", "server.metadata_options": nil, "server.support_auto_recovery": nil})
	f.want(f.do(200, "GET", path+"/metadata-options", ""), map[string]any{"http_endpoint": "enabled", "http_tokens": "required"})
	f.do(200, "PUT", path+"/metadata-options", `{"http_endpoint":"disabled"}`)
	f.want(f.do(200, "GET", path+"/metadata-options", ""), map[string]any{"http_endpoint": "disabled", "http_tokens": "required"})
	f.refused(400, "Ecs.0005", "PUT", path+"/metadata-options", `{"http_tokens":"maybe"}`)
	f.want(f.do(200, "GET", path+"/autorecovery", ""), map[string]any{"support_auto_recovery": "true"})
	f.do(204, "PUT", path+"/autorecovery", `{"support_auto_recovery":"false"}`)
	f.want(f.do(200, "GET", path+"/autorecovery", ""), map[string]any{"support_auto_recovery": "false"})
	f.refused(400, "Ecs.0005", "PUT", path+"/autorecovery", `{"support_auto_recovery":"maybe"}`)
	f.do(204, "POST", path+"/actions/update-auto-terminate-time", `{"auto_terminate_time":""}`)
	f.settled(id, map[string]any{"server.auto_terminate_time": ""})
	f.refused(400, "Ecs.0005", "POST", path+"/actions/update-auto-terminate-time", `{"auto_terminate_time":"2000-01-01T00:00:00Z"}`)
	spot := f.server(`{"extendparam":{"marketType":"spot","support_auto_recovery":true}}`)
	f.want(f.do(200, "GET", servers+"/"+spot+"/autorecovery", ""), map[string]any{"support_auto_recovery": "false"})
	f.refused(400, "Ecs.0036", "PUT", servers+"/"+spot+"/autorecovery", `{"support_auto_recovery":"true"}`)
}

func TestServerGroups(t *testing.T) {
	t.Parallel()
	f := newFleet(t, Options{})
	f.control(200, "PUT", "config", `{"quotas":{"server_group":2,"server_group_member":2}}`)
	groups := servers + "/os-server-groups"
	create := `{"server_group":{"name":"g","policies":["anti-affinity"]}}`
	g := f.do(200, "POST", groups, create).str("server_group", "id")
	h := f.do(200, "POST", groups, create).str("server_group", "id")
	f.refused(403, "Ecs.0022", "POST", groups, create)
	f.refused(400, "Ecs.0005", "POST", groups, `{"server_group":{"name":"g","policies":["affinity"]}}`)
	f.refused(400, "Ecs.0005", "POST", groups, `{"server_group":{"name":"","policies":["anti-affinity"]}}`)
	f.refused(404, "Ecs.0313", "GET", groups+"/nowhere", "")

	in := fmt.Sprintf(`{"os:scheduler_hints":{"group":%q}}`, g)
	first, loner := f.server(in), f.server()
	f.settled(first, map[string]any{"server.os:scheduler_hints.group": []string{g}})
	f.do(200, "POST", groups+"/"+g+"/action", fmt.Sprintf(`{"add_member":{"instance_uuid":%q}}`, loner))
	f.want(f.do(200, "GET", groups+"/"+g, ""), map[string]any{"server_group.members": []string{first, loner}})
	f.refused(400, "Ecs.0005", "POST", groups+"/"+h+"/action", fmt.Sprintf(`{"add_member":{"instance_uuid":%q}}`, loner))

	// A group that is full makes the job fail, and the server vanishes with all that it had.
	failed := f.do(200, "POST", servers1, f.body(in))
	f.want(f.job(failed), map[string]any{
		"status": "FAIL", "error_code": "Common.0021", "entities.sub_jobs.0.error_code": "Ecs.0219", "entities.sub_jobs.0.entities.server_id": failed.str("serverIds", 0),
	})
	if f.job(failed).str("entities", "sub_jobs", 0, "fail_reason") == "" {
		t.Error("no reason is told")
	}
	f.refused(404, "Ecs.0114", "GET", servers+"/"+failed.str("serverIds", 0), "")
	f.want(f.do(200, "GET", volumes+"/detail", ""), map[string]any{"count": 2})
	if n := len(f.cloud.vpc.portsOf(f.subnetID)); n != 4 {
		t.Errorf("%d ports are left behind", n-4)
	}

	f.want(f.do(200, "POST", groups+"/"+h+"/add_members", fmt.Sprintf(`{"server_ids":[%q,"nowhere"]}`, first)), map[string]any{
		"status": "FAILED", "servers.0.status": "FAILED", "servers.1.status": "FAILED",
	})
	f.do(200, "POST", groups+"/"+g+"/action", fmt.Sprintf(`{"remove_member":{"instance_uuid":%q}}`, loner))
	f.do(200, "POST", groups+"/"+h+"/action", fmt.Sprintf(`{"add_member":{"instance_uuid":%q}}`, loner))
	f.do(204, "DELETE", groups+"/"+h, "") // its members are in no group then
	f.want(f.show(loner), map[string]any{"server.os:scheduler_hints.group": nil})
	f.refused(404, "Ecs.0114", "POST", groups+"/"+g+"/action", fmt.Sprintf(`{"remove_member":{"instance_uuid":%q}}`, loner))
	f.do(200, "POST", servers+"/delete", fmt.Sprintf(`{"servers":[{"id":%q}]}`, first))
	f.want(f.do(200, "GET", groups+"/"+g, ""), map[string]any{"server_group.members": []string{}})
	list := f.do(200, "GET", groups+"?limit=1", "")
	f.want(list, map[string]any{"server_groups.0.id": g, "server_groups.1": nil, "page_info.next_marker": nil})
}

func TestKeyPairs(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	path := nova + "/os-keypairs"
	made := c.do(200, "POST", path, `{"keypair":{"name":"k"}}`)
	if private, public := made.str("keypair", "private_key"), made.str("keypair", "public_key"); !strings.HasPrefix(private, "-----BEGIN RSA PRIVATE KEY-----") ||
		!strings.HasPrefix(public, "ssh-rsa ") || !strings.HasSuffix(public, "\n") {
		t.Errorf("the key pair is %q and %q", private, public)
	}
	if f := made.str("keypair", "fingerprint"); len(f) != 47 {
		t.Errorf("the fingerprint is %q", f)
	}
	c.want(c.do(409, "POST", path, `{"keypair":{"name":"k"}}`), map[string]any{"conflictingRequest.code": 409})
	line, err := json.Marshal(made.str("keypair", "public_key"))
	if err != nil {
		t.Fatal(err)
	}
	imported := c.do(200, "POST", path, fmt.Sprintf(`{"keypair":{"name":"mine","public_key":%s}}`, line))
	c.want(imported, map[string]any{"keypair.private_key": nil, "keypair.fingerprint": made.str("keypair", "fingerprint"), "keypair.type": "ssh"})
	for _, bad := range []string{`{"name":""}`, `{"name":"a/b"}`, `{"name":"x","type":"x509"}`, `{"name":"x","public_key":"ssh-rsa"}`, `{"name":"x","public_key":"ssh-rsa !"}`, `{"name":"x","public_key":"ssh-rsa AAAA"}`} {
		c.want(c.do(400, "POST", path, `{"keypair":`+bad+`}`), map[string]any{"badRequest.code": 400})
	}
	c.want(c.do(200, "GET", path+"/k", ""), map[string]any{"keypair.private_key": nil, "keypair.deleted": false, "keypair.public_key": made.str("keypair", "public_key")})
	c.want(c.do(200, "GET", path+"?limit=1&marker=k", ""), map[string]any{"keypairs.0.keypair.name": "mine", "keypairs.1": nil})
	c.do(404, "GET", "/ecs/v2.1/"+extra+"/os-keypairs/k", "")
	c.do(202, "DELETE", path+"/k", "")
	c.want(c.do(404, "DELETE", path+"/k", ""), map[string]any{"itemNotFound.code": 404})
}

func TestFlavors(t *testing.T) {
	t.Parallel()
	f := newFleet(t, Options{})
	names := func(a answer) []string {
		found := []string{}
		for i := range a.len("flavors") {
			found = append(found, a.str("flavors", i, "id"))
		}
		return found
	}
	all := f.do(200, "GET", servers+"/flavors", "")
	if n := all.len("flavors"); n != len(flavors) {
		t.Errorf("%d flavors", n)
	}
	f.want(f.do(200, "GET", servers+"/flavors?flavor_id=m7.large.8", ""), map[string]any{
		"flavors.0.vcpus": "2", "flavors.0.ram": 16384, "flavors.0.disk": "0", "flavors.0.os_extra_specs.ecs:performancetype": "highmem",
		"flavors.0.os_extra_specs.ecs:generation":    "m7",
		"flavors.0.os_extra_specs.cond:operation:az": "cn-north-4a(normal),cn-north-4b(sellout),cn-north-4c(normal)",
	})
	f.want(f.do(200, "GET", servers+"/flavors?flavor_id=kc1.large.2", ""), map[string]any{"flavors.0.os_extra_specs.ecs:instance_architecture": "arm64"})
	if got := names(f.do(200, "GET", servers+"/flavors?availability_zone=cn-north-4b", "")); slices.Contains(got, "m7.large.8") || !slices.Contains(got, "c7.2xlarge.4") {
		t.Errorf("in zone b there are %v", got)
	}
	if got := names(f.do(200, "GET", servers+"/flavors?limit=2&marker=s6.small.1", "")); !slices.Equal(got, []string{"s6.medium.2", "s6.large.2"}) {
		t.Errorf("after s6.small.1 come %v", got)
	}
	f.refused(400, "Ecs.0029", "GET", servers+"/flavors?marker=nothing", "")

	id := f.server(`{"availability_zone":"cn-north-4b"}`)
	got := names(f.do(200, "GET", servers+"/resize_flavors?sort_key=vcpus&sort_dir=desc&instance_uuid="+id, ""))
	if got[0] != "c7.2xlarge.4" || slices.Contains(got, "s6.small.1") || slices.Contains(got, "kc1.large.2") || slices.Contains(got, "m7.large.8") {
		t.Errorf("the server can become %v", got)
	}
	if got := names(f.do(200, "GET", servers+"/resize_flavors?source_flavor_id=kc1.small.1", "")); !slices.Equal(got, []string{"kc1.large.2"}) {
		t.Errorf("kc1.small.1 can become %v", got)
	}
	f.refused(400, "Ecs.0029", "GET", servers+"/resize_flavors", "")
	f.want(f.do(200, "GET", nova+"/flavors/s6.small.1/os-extra_specs", ""), map[string]any{"extra_specs.resource_type": "IOoptimizedS6_1"})
	f.want(f.do(200, "GET", "/ecs/v1/"+north+"/availability-zones", ""), map[string]any{"availability_zones.1.availability_zone_id": "cn-north-4b"})
	f.want(f.do(200, "GET", nova+"/os-availability-zone", ""), map[string]any{"availabilityZoneInfo.0.zoneName": zoneA})
}

// What a test changes behind the API's back is what the API answers; what it takes away leaves nothing behind.
func TestServerDrift(t *testing.T) {
	t.Parallel()
	f := newFleet(t, Options{})
	id := f.server(`{"data_volumes":[{"volumetype":"SAS","size":10}]}`)
	a := f.show(id)
	f.control(200, "PATCH", "objects/server/"+id, `{"name":"drifted","status":"SHUTOFF","flavor":{"id":"c7.large.2"},"tags":{"x":"y"},"metadata":{"m":"n"}}`)
	f.settled(id, map[string]any{
		"server.name": "drifted", "server.status": "SHUTOFF", "server.OS-EXT-STS:power_state": 4, "server.OS-EXT-STS:vm_state": "stopped",
		"server.flavor.id": "c7.large.2", "server.flavor.vcpus": "2", "server.tags": []string{"x=y"}, "server.metadata.m": "n",
	})
	data := a.str("server", "os-extended-volumes:volumes_attached", 1, "id")
	f.control(200, "PATCH", "objects/volume/"+data, `{"status":"available","attachments":[]}`)
	f.want(f.show(id), map[string]any{"server.os-extended-volumes:volumes_attached.1": nil})
	f.control(200, "DELETE", "objects/server/"+id, "")
	f.refused(404, "Ecs.0114", "GET", servers+"/"+id, "")
	f.want(f.do(200, "GET", volumes+"/detail", ""), map[string]any{"count": 1, "volumes.0.id": data})
	f.do(204, "DELETE", "/vpc/v1/"+north+"/vpcs/"+f.vpcID+"/subnets/"+f.subnetID, "")
}

func TestFailedServerJobs(t *testing.T) {
	t.Parallel()
	f := newFleet(t, Options{})
	id, v := f.server(), f.volume("")
	f.show(id)
	f.control(200, "PUT", "config", `{"fail_jobs":["createSingleServer","deleteSingleServer","attachVolume","addSingleNic"]}`)
	made := f.do(200, "POST", servers1, f.body())
	f.want(f.job(made), map[string]any{"status": "FAIL", "entities.sub_jobs.0.status": "FAIL", "entities.sub_jobs.0.entities.errorcode_message": "The job was told to fail."})
	f.refused(404, "Ecs.0114", "GET", servers+"/"+made.str("serverIds", 0), "")
	f.do(200, "POST", servers+"/"+id+"/attachvolume", fmt.Sprintf(`{"volumeAttachment":{"volumeId":%q}}`, v))
	f.want(f.do(200, "GET", volumes+"/"+v, ""), map[string]any{"volume.status": "available"})
	f.do(200, "POST", servers+"/"+id+"/nics", fmt.Sprintf(`{"nics":[{"subnet_id":%q}]}`, f.subnetID))
	f.want(f.show(id), map[string]any{"server.network_interfaces.1": nil})
	f.do(200, "POST", servers+"/delete", fmt.Sprintf(`{"servers":[{"id":%q}]}`, id))
	f.settled(id, map[string]any{"server.status": "ACTIVE"})
	if n := len(f.cloud.vpc.portsOf(f.subnetID)); n != 3 {
		t.Errorf("%d ports are left behind", n-3)
	}
}

// A cloud with servers and volumes comes back as it was.
func TestServersSurviveRestart(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/cloud.db"
	f := newFleet(t, Options{Data: file, JobMS: 60_000})
	id := f.server(`{"data_volumes":[{"volumetype":"SAS","size":10}]}`)
	if err := f.cloud.Close(); err != nil {
		t.Fatal(err)
	}
	again := &fleet{newClient(t, Options{Data: file, JobMS: 60_000}), f.vpcID, f.subnetID}
	s := again.cloud.ecs.servers.get("", id)
	if s == nil || s.Status != "BUILD" || again.cloud.pending(s.Job) == nil {
		t.Fatalf("the server is %+v", s)
	}
	again.cloud.jobs.each(func(_ string, o any) { j := o.(*job); j.End = j.Begin })
	again.settled(id, map[string]any{"server.status": "ACTIVE", "server.os-extended-volumes:volumes_attached.1.device": "/dev/vdb"})
}
