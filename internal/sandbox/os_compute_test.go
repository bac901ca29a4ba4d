package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// computer is a client that asks Nova for a microversion.
type computer struct {
	*client
	minor int
}

func newComputer(t *testing.T, opts Options) (member, admin *computer) {
	t.Helper()
	c, a := newNative(t, opts)
	return &computer{c, 46}, &computer{a, 46}
}

// do sends a request below /compute/v2.1 and expects a status.
func (c *computer) do(status int, method, path, body string) answer {
	c.t.Helper()
	h := c.request(method, "/compute/v2.1"+path, body)
	h.Header.Set("OpenStack-API-Version", fmt.Sprintf("compute 2.%d", c.minor))
	a := c.send(h)
	if a.status != status {
		c.t.Fatalf("%s %s %s: %d instead of %d: %s", method, path, body, a.status, status, a.text)
	}
	return a
}

// at is the client with another microversion.
func (c *computer) at(minor int) *computer { return &computer{c.client, minor} }

// refused expects a refusal with a status and a text.
func (c *computer) refused(status int, text, method, path, body string) {
	c.t.Helper()
	word := map[int]string{400: "badRequest", 403: "forbidden", 404: "itemNotFound", 409: "conflictingRequest", 500: "computeFault"}[status]
	if a := c.do(status, method, path, body); !strings.Contains(a.str(word, "message"), text) {
		c.t.Errorf("%s %s %s: %s has no %q", method, path, body, a.text, text)
	}
}

// body is a request for a server without networks, with changes to it.
func (c *computer) body(changes ...string) string {
	c.t.Helper()
	s := fmt.Sprintf(`{"name":"web","imageRef":%q,"flavorRef":"1","networks":"none"}`, cirrosID)
	for _, change := range changes {
		s = merged(c.t, s, change)
	}
	return `{"server":` + s + `}`
}

// server makes a server and returns its path.
func (c *computer) server(changes ...string) string {
	c.t.Helper()
	return "/servers/" + c.do(202, "POST", "/servers", c.body(changes...)).str("server", "id")
}

// is expects of a server what its jobs have left.
func (c *computer) is(path string, wants map[string]any) {
	c.t.Helper()
	c.want(c.do(200, "GET", path, ""), wants)
}

const nothingThere = "00000000-0000-4000-8000-000000000000"

func TestNovaVersions(t *testing.T) {
	t.Parallel()
	c, _ := newComputer(t, Options{})
	a := c.client.do(200, "GET", "/compute/v2.1", "")
	c.want(a, map[string]any{"version.id": "v2.1", "version.version": "2.93", "version.min_version": "2.1"})
	c.want(c.client.do(200, "GET", "/compute/", ""), map[string]any{"versions.0.id": "v2.1"})

	a = c.do(200, "GET", "/flavors", "")
	if got := a.header.Get("OpenStack-API-Version"); got != "compute 2.46" {
		t.Errorf("the version is %q", got)
	}
	c.at(99).refused0(t, 406)
	c.do(404, "GET", "/nothing", "")
	nobody := &computer{&client{t: t, cloud: c.cloud, host: c.host}, 46}
	nobody.do(401, "GET", "/servers", "")
}

// refused0 expects that a version is not spoken.
func (c *computer) refused0(t *testing.T, status int) {
	t.Helper()
	c.want(c.do(status, "GET", "/flavors", ""), map[string]any{"computeFault.message": "Version 2.99 is not supported by the API. Minimum is 2.1 and maximum is 2.93."})
}

func TestNovaFlavors(t *testing.T) {
	t.Parallel()
	c, admin := newComputer(t, Options{})
	c.want(c.do(200, "GET", "/flavors/1", ""), map[string]any{
		"flavor.id": "1", "flavor.name": "m1.tiny", "flavor.ram": 512, "flavor.disk": 1, "flavor.vcpus": 1, "flavor.swap": "",
		"flavor.OS-FLV-EXT-DATA:ephemeral": 0, "flavor.os-flavor-access:is_public": true, "flavor.rxtx_factor": 1, "flavor.extra_specs": nil,
		"flavor.links.0.href": "http://127.0.0.1:8750/compute/v2.1/flavors/1",
	})
	c.want(c.at(75).do(200, "GET", "/flavors/1", ""), map[string]any{"flavor.swap": 0, "flavor.extra_specs": map[string]any{}, "flavor.description": nil})
	a := c.do(200, "GET", "/flavors/detail?limit=2&sort_key=memory_mb&sort_dir=desc", "")
	c.want(a, map[string]any{"flavors.0.id": "4", "flavors.1.id": "3", "flavors.2": nil, "flavors_links.0.rel": "next"})
	a = c.do(200, "GET", "/flavors/detail?limit=2&sort_key=memory_mb&sort_dir=desc&marker=3", "")
	c.want(a, map[string]any{"flavors.0.id": "2", "flavors.1.id": "1"})
	c.want(c.do(200, "GET", "/flavors/detail?minRam=3000&minDisk=40", ""), map[string]any{"flavors.0.id": "3"})

	c.refused(404, "Flavor nope could not be found.", "GET", "/flavors/nope", "")
	c.refused(400, "marker [nope] not found", "GET", "/flavors/detail?marker=nope", "")
	c.refused(400, "'-1' does not match '^[0-9]*$'", "GET", "/flavors/detail?limit=-1", "")
	c.refused(400, "'bogus' is not one of ['created_at', 'description'", "GET", "/flavors/detail?sort_key=bogus", "")
	c.refused(400, "Invalid minRam filter [x]", "GET", "/flavors/detail?minRam=x", "")

	const own = `{"flavor":{"name":"own","ram":64,"vcpus":1,"disk":0,"id":"auto","os-flavor-access:is_public":false,"swap":1}}`
	c.refused(403, "Policy doesn't allow os_compute_api:os-flavor-manage:create to be performed.", "POST", "/flavors", own)
	f := "/flavors/" + admin.do(200, "POST", "/flavors", own).str("flavor", "id")
	admin.refused(409, "Flavor with name own already exists.", "POST", "/flavors", own)
	admin.refused(409, "Flavor with ID 1 already exists.", "POST", "/flavors", `{"flavor":{"name":"x","ram":64,"vcpus":1,"disk":0,"id":"1"}}`)
	admin.refused(400, "0 is less than the minimum of 1", "POST", "/flavors", `{"flavor":{"name":"x","ram":0,"vcpus":1,"disk":0}}`)
	admin.refused(400, "'ram' is a required property", "POST", "/flavors", `{"flavor":{"name":"x"}}`)

	c.refused(403, "os-flavor-extra-specs:create", "POST", f+"/os-extra_specs", `{"extra_specs":{"a":"b"}}`)
	admin.do(200, "POST", f+"/os-extra_specs", `{"extra_specs":{"a":"b"}}`)
	admin.do(200, "PUT", f+"/os-extra_specs/a", `{"a":"c"}`)
	c.want(c.do(200, "GET", f+"/os-extra_specs", ""), map[string]any{"extra_specs": map[string]string{"a": "c"}})
	admin.do(200, "DELETE", f+"/os-extra_specs/a", "")
	admin.refused(404, "has no extra specs with key a", "GET", f+"/os-extra_specs/a", "")

	stranger, project := newStranger(t, c.cloud)
	s := &computer{stranger, 46}
	s.do(404, "GET", f, "")
	admin.do(200, "POST", f+"/action", fmt.Sprintf(`{"addTenantAccess":{"tenant":%q}}`, project))
	s.do(200, "GET", f, "")
	admin.refused(409, "Flavor access already exists", "POST", f+"/action", fmt.Sprintf(`{"addTenantAccess":{"tenant":%q}}`, project))
	admin.want(admin.do(200, "GET", f+"/os-flavor-access", ""), map[string]any{"flavor_access.1.tenant_id": project})
	admin.do(202, "DELETE", f, "")
	admin.do(404, "DELETE", f, "")
}

const ed25519Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKUIw20f6bX6FJqJmT9yXzEiOl482QQX4Dr/cqqwUJl+ me"

func TestNovaKeyPairs(t *testing.T) {
	t.Parallel()
	c, admin := newComputer(t, Options{})
	a := c.do(201, "POST", "/os-keypairs", `{"keypair":{"name":"made","type":"ssh"}}`)
	if !strings.HasPrefix(a.str("keypair", "private_key"), "-----BEGIN RSA PRIVATE KEY-----\n") {
		t.Error("no private key")
	}
	a = c.do(201, "POST", "/os-keypairs", fmt.Sprintf(`{"keypair":{"name":"given","public_key":%q}}`, ed25519Key))
	c.want(a, map[string]any{
		"keypair.type": "ssh", "keypair.private_key": nil, "keypair.user_id": nativeMember, "keypair.public_key": ed25519Key,
		"keypair.fingerprint": "5a:bb:14:db:53:37:26:5d:6b:e6:8f:18:d5:eb:e3:af",
	})
	c.at(1).do(200, "POST", "/os-keypairs", fmt.Sprintf(`{"keypair":{"name":"old","public_key":%q}}`, ed25519Key))
	c.want(c.do(200, "GET", "/os-keypairs/given", ""), map[string]any{"keypair.name": "given", "keypair.deleted": false, "keypair.updated_at": nil})
	a = c.do(200, "GET", "/os-keypairs?limit=1&marker=given", "")
	c.want(a, map[string]any{"keypairs.0.keypair.name": "made", "keypairs.1": nil, "keypairs_links.0.rel": "next"})
	c.refused(400, "Marker zz could not be found.", "GET", "/os-keypairs?marker=zz", "")

	for body, text := range map[string]string{
		`{"name":""}`:      "'' is too short",
		`{"name":"a/b"}`:   "Only expected characters: [_- 0123456789",
		`{"name":" lead"}`: "Can not start or end with whitespace.",
		`{"name":"` + strings.Repeat("x", 256) + `"}`: "is too long",
		`{"name":"bad","public_key":"nokey"}`:         "Keypair data is invalid: failed to generate fingerprint",
		`{"name":"bad","type":"foo"}`:                 "'foo' is not one of ['ssh', 'x509']",
		`{"name":"bad","bogus":1}`:                    "Additional properties are not allowed ('bogus' was unexpected)",
		`{"public_key":"x"}`:                          "'name' is a required property",
	} {
		c.refused(400, text, "POST", "/os-keypairs", `{"keypair":`+body+`}`)
	}
	c.refused(409, "Key pair 'given' already exists.", "POST", "/os-keypairs", `{"keypair":{"name":"given"}}`)
	c.at(92).refused(400, "'public_key' is a required property", "POST", "/os-keypairs", `{"keypair":{"name":"none"}}`)
	c.at(92).do(201, "POST", "/os-keypairs", fmt.Sprintf(`{"keypair":{"name":"me@home.org","public_key":%q}}`, ed25519Key))
	c.refused(403, "os_compute_api:os-keypairs:index", "GET", "/os-keypairs?user_id="+nativeAdmin, "")
	c.refused(404, "Keypair nope not found for user "+nativeMember, "GET", "/os-keypairs/nope", "")

	admin.refused(404, "Keypair given not found for user "+nativeAdmin, "GET", "/os-keypairs/given", "")
	admin.do(200, "GET", "/os-keypairs/given?user_id="+nativeMember, "")
	c.do(204, "DELETE", "/os-keypairs/given", "")
	c.do(404, "DELETE", "/os-keypairs/given", "")
	admin.do(200, "PUT", "/os-quota-sets/"+nativeProject, `{"quota_set":{"key_pairs":2}}`)
	c.refused(403, "Quota exceeded, too many key pairs.", "POST", "/os-keypairs", `{"keypair":{"name":"over"}}`)
}

func TestNovaServerGroups(t *testing.T) {
	t.Parallel()
	c, admin := newComputer(t, Options{})
	newer := c.at(64)
	a := newer.do(200, "POST", "/os-server-groups", `{"server_group":{"name":"g","policy":"anti-affinity","rules":{"max_server_per_host":2}}}`)
	c.want(a, map[string]any{
		"server_group.name": "g", "server_group.policy": "anti-affinity", "server_group.rules.max_server_per_host": 2, "server_group.members": []any{},
		"server_group.project_id": nativeProject, "server_group.policies": nil,
	})
	g := "/os-server-groups/" + a.str("server_group", "id")
	c.want(c.do(200, "GET", g, ""), map[string]any{"server_group.policies": []string{"anti-affinity"}, "server_group.policy": nil, "server_group.metadata": map[string]any{}})
	c.do(200, "POST", "/os-server-groups", `{"server_group":{"name":"g","policies":["soft-affinity"]}}`)
	c.want(c.do(200, "GET", "/os-server-groups?limit=1&offset=1", ""), map[string]any{"server_groups.0.policies.0": "soft-affinity", "server_groups.1": nil})
	for body, text := range map[string]string{
		`{"name":"g","policy":"bogus"}`:        "'bogus' is not one of ['anti-affinity', 'affinity', 'soft-anti-affinity', 'soft-affinity']",
		`{"name":"g"}`:                         "'policy' is a required property",
		`{"name":"g","policies":["affinity"]}`: "'policy' is a required property",
		`{"name":"g","policy":"affinity","rules":{"max_server_per_host":2}}`:      "Only anti-affinity policy supports rules.",
		`{"name":"g","policy":"anti-affinity","rules":{"max_server_per_host":0}}`: "0 is less than the minimum of 1",
		`{"name":"` + strings.Repeat("x", 256) + `","policy":"affinity"}`:         "is too long",
	} {
		newer.refused(400, text, "POST", "/os-server-groups", `{"server_group":`+body+`}`)
	}
	c.refused(400, "is too long", "POST", "/os-server-groups", `{"server_group":{"name":"g","policies":["affinity","anti-affinity"]}}`)
	c.at(1).refused(400, "'soft-affinity' is not one of ['anti-affinity', 'affinity']", "POST", "/os-server-groups", `{"server_group":{"name":"g","policies":["soft-affinity"]}}`)

	stranger, _ := newStranger(t, c.cloud)
	(&computer{stranger, 46}).refused(404, "could not be found.", "GET", g, "")
	admin.do(200, "PUT", "/os-quota-sets/"+nativeProject, `{"quota_set":{"server_groups":2}}`)
	c.refused(403, "Quota exceeded, too many server groups.", "POST", "/os-server-groups", `{"server_group":{"name":"g","policies":["affinity"]}}`)
	c.do(204, "DELETE", g, "")
	c.refused(404, "Instance group", "DELETE", g, "")
}

func TestNovaServerGroupMembers(t *testing.T) {
	t.Parallel()
	c, admin := newComputer(t, Options{})
	id := c.do(200, "POST", "/os-server-groups", `{"server_group":{"name":"g","policies":["anti-affinity"]}}`).str("server_group", "id")
	in := func() string {
		return strings.TrimSuffix(c.body(), "}") + fmt.Sprintf(`,"os:scheduler_hints":{"group":%q}}`, id)
	}
	first := "/servers/" + c.do(202, "POST", "/servers", in()).str("server", "id")
	second := "/servers/" + c.do(202, "POST", "/servers", in()).str("server", "id")
	c.is(first, map[string]any{"server.status": "ACTIVE"})
	c.is(second, map[string]any{
		"server.status": "ERROR", "server.fault.code": 500, "server.fault.message": "No valid host was found. There are not enough hosts available.", "server.hostId": "",
	})
	if a := c.do(200, "GET", "/os-server-groups/"+id, ""); a.len("server_group", "members") != 2 {
		t.Errorf("the members are %s", a.text)
	}
	c.at(71).is(first, map[string]any{"server.server_groups": []string{id}})
	c.do(204, "DELETE", second, "")
	c.want(c.do(200, "GET", "/os-server-groups/"+id, ""), map[string]any{"server_group.members": []string{strings.TrimPrefix(first, "/servers/")}})
	admin.do(200, "PUT", "/os-quota-sets/"+nativeProject, `{"quota_set":{"server_group_members":1}}`)
	c.refused(403, "Quota exceeded, too many servers in group", "POST", "/servers", in())
	id = nothingThere
	c.refused(400, "Instance group "+nothingThere+" could not be found.", "POST", "/servers", in())
	id = "nope"
	c.refused(400, "'nope' is not a 'uuid'", "POST", "/servers", in())
}

func TestNovaServerLifecycle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, admin := newComputer(t, Options{JobMS: 10_000})
		// Tokens last for an hour, and all this is over in minutes.
		c.do(201, "POST", "/os-keypairs", fmt.Sprintf(`{"keypair":{"name":"mine","public_key":%q}}`, ed25519Key))
		a := c.at(52).do(202, "POST", "/servers", c.body(`{"key_name":"mine","user_data":"Zm9v","description":"d","metadata":{"a":"b"},"config_drive":true,"tags":["t2","t1"]}`))
		s := "/servers/" + a.str("server", "id")
		c.want(a, map[string]any{"server.OS-DCF:diskConfig": "MANUAL", "server.security_groups.0.name": "default", "server.links.0.rel": "self", "server.name": nil})
		if a.str("server", "adminPass") == "" || !strings.HasSuffix(a.header.Get("Location"), s) {
			t.Error("no password, or no location")
		}
		c.is(s, map[string]any{"server.status": "BUILD", "server.OS-EXT-STS:task_state": "scheduling", "server.OS-EXT-STS:power_state": 0, "server.hostId": ""})
		c.refused(409, "Cannot 'stop' instance", "POST", s+"/action", `{"os-stop":null}`)
		after := func(seconds int, wants map[string]any) {
			t.Helper()
			time.Sleep(time.Duration(seconds) * time.Second)
			c.is(s, wants)
		}
		after(10, map[string]any{
			"server.status": "ACTIVE", "server.name": "web", "server.description": "d", "server.tenant_id": nativeProject, "server.user_id": nativeMember,
			"server.metadata": map[string]string{"a": "b"}, "server.image.id": cirrosID, "server.flavor.id": "1", "server.key_name": "mine",
			"server.config_drive": "True", "server.OS-EXT-STS:task_state": nil, "server.OS-EXT-STS:vm_state": "active", "server.OS-EXT-STS:power_state": 1,
			"server.OS-EXT-AZ:availability_zone": "nova", "server.tags": []string{"t1", "t2"}, "server.locked": false, "server.addresses": map[string]any{},
			"server.os-extended-volumes:volumes_attached": []any{}, "server.progress": 0, "server.OS-EXT-SRV-ATTR:user_data": nil, "server.security_groups": nil,
		})
		admin.is(s, map[string]any{"server.OS-EXT-SRV-ATTR:user_data": "Zm9v", "server.OS-EXT-SRV-ATTR:hostname": "web", "server.host_status": "UP"})
		c.at(47).is(s, map[string]any{"server.flavor.original_name": "m1.tiny", "server.flavor.id": nil})

		// Power.
		c.refused(409, "Cannot 'start' instance "+s[9:]+" while it is in vm_state active", "POST", s+"/action", `{"os-start":null}`)
		c.do(202, "POST", s+"/action", `{"os-stop":null}`)
		c.refused(409, "while it is in task_state powering-off", "POST", s+"/action", `{"os-stop":null}`)
		after(0, map[string]any{"server.status": "ACTIVE", "server.OS-EXT-STS:task_state": "powering-off"})
		after(10, map[string]any{"server.status": "SHUTOFF", "server.OS-EXT-STS:power_state": 4})
		c.refused(409, "Cannot 'reboot'", "POST", s+"/action", `{"reboot":{"type":"SOFT"}}`)
		c.do(202, "POST", s+"/action", `{"os-start":null}`)
		after(10, map[string]any{"server.status": "ACTIVE"})
		c.do(202, "POST", s+"/action", `{"reboot":{"type":"HARD"}}`)
		after(1, map[string]any{"server.status": "HARD_REBOOT"})
		after(9, map[string]any{"server.status": "ACTIVE"})
		for word, status := range map[string]string{"suspend": "SUSPENDED", "pause": "PAUSED", "shelve": "SHELVED_OFFLOADED"} {
			back := map[string]string{"suspend": "resume", "pause": "unpause", "shelve": "unshelve"}[word]
			c.do(202, "POST", s+"/action", `{"`+word+`":null}`)
			after(10, map[string]any{"server.status": status})
			c.do(202, "POST", s+"/action", `{"`+back+`":null}`)
			after(10, map[string]any{"server.status": "ACTIVE"})
		}

		// Another flavor.
		c.refused(400, "When resizing, instances must change flavor!", "POST", s+"/action", `{"resize":{"flavorRef":"1"}}`)
		c.refused(400, "Flavor 99 could not be found.", "POST", s+"/action", `{"resize":{"flavorRef":"99"}}`)
		c.refused(409, "Cannot 'confirmResize'", "POST", s+"/action", `{"confirmResize":null}`)
		c.do(202, "POST", s+"/action", `{"resize":{"flavorRef":"2"}}`)
		after(1, map[string]any{"server.status": "RESIZE", "server.OS-EXT-STS:task_state": "resize_prep", "server.flavor.id": "1"})
		after(9, map[string]any{"server.status": "VERIFY_RESIZE", "server.flavor.id": "2"})
		c.refused(409, "Cannot 'stop'", "POST", s+"/action", `{"os-stop":null}`)
		c.do(202, "POST", s+"/action", `{"revertResize":null}`)
		after(1, map[string]any{"server.status": "REVERT_RESIZE"})
		after(9, map[string]any{"server.status": "ACTIVE", "server.flavor.id": "1"})
		c.do(202, "POST", s+"/action", `{"resize":{"flavorRef":"2"}}`)
		after(10, map[string]any{"server.status": "VERIFY_RESIZE"})
		c.do(204, "POST", s+"/action", `{"confirmResize":null}`)
		after(1, map[string]any{"server.status": "VERIFY_RESIZE", "server.OS-EXT-STS:task_state": nil})
		after(9, map[string]any{"server.status": "ACTIVE", "server.flavor.id": "2"})
		c.do(202, "POST", s+"/action", `{"resize":{"flavorRef":"4"}}`) // no host has room for it
		after(10, map[string]any{"server.status": "ACTIVE", "server.flavor.id": "2"})

		// Another content.
		c.refused(400, "Cannot find image for rebuild", "POST", s+"/action", fmt.Sprintf(`{"rebuild":{"imageRef":%q}}`, nothingThere))
		c.at(57).refused(400, "Invalid key_name provided.", "POST", s+"/action", fmt.Sprintf(`{"rebuild":{"imageRef":%q,"key_name":"nope"}}`, cirrosID))
		c.refused(400, "('user_data' was unexpected)", "POST", s+"/action", fmt.Sprintf(`{"rebuild":{"imageRef":%q,"user_data":"YmFy"}}`, cirrosID))
		c.at(57).do(202, "POST", s+"/action", fmt.Sprintf(`{"rebuild":{"imageRef":%q,"user_data":"YmFy","key_name":null,"metadata":{"m":"n"},"name":"again"}}`, cirrosID))
		after(1, map[string]any{"server.status": "REBUILD", "server.name": "again"})
		after(9, map[string]any{"server.status": "ACTIVE", "server.metadata": map[string]string{"m": "n"}, "server.key_name": nil})
		admin.is(s, map[string]any{"server.OS-EXT-SRV-ATTR:user_data": "YmFy"})

		c.do(202, "POST", s+"/action", `{"changePassword":{"adminPass":"x"}}`)
		after(10, map[string]any{"server.status": "ACTIVE"})
		image := c.do(202, "POST", s+"/action", `{"createImage":{"name":"snap","metadata":{"a":"b"}}}`).str("image_id")
		c.want(c.client.do(200, "GET", glanceImages+"/"+image, ""), map[string]any{"status": "queued"})
		after(10, map[string]any{"server.OS-EXT-STS:task_state": nil})
		c.want(c.client.do(200, "GET", glanceImages+"/"+image, ""), map[string]any{"status": "active", "name": "snap", "instance_uuid": s[9:], "a": "b"})

		c.do(204, "DELETE", s, "")
		after(1, map[string]any{"server.OS-EXT-STS:task_state": "deleting"})
		time.Sleep(9 * time.Second)
		c.refused(404, "Instance "+s[9:]+" could not be found.", "GET", s, "")
		c.refused(404, "could not be found.", "DELETE", s, "")
	})
}

func TestNovaServerRefusals(t *testing.T) {
	t.Parallel()
	c, admin := newComputer(t, Options{})
	long := strings.Repeat("x", 256)
	for _, x := range []struct {
		minor        int
		change, text string
	}{
		{46, `{"name":""}`, "'' is too short"},
		{46, `{"name":" lead"}`, "Can not start or end with whitespace."},
		{46, `{"name":"` + long + `"}`, "is too long"},
		{46, `{"imageRef":"` + nothingThere + `"}`, "Can not find requested image"},
		{46, `{"imageRef":"nope"}`, "'nope' is not valid under any of the given schemas"},
		{46, `{"imageRef":""}`, "Missing imageRef attribute"},
		{46, `{"flavorRef":"99"}`, "Flavor 99 could not be found."},
		{46, `{"networks":"bogus"}`, "'bogus' is not valid under any of the given schemas"},
		{46, `{"networks":[{"uuid":"nope"}]}`, "is not valid under any of the given schemas"},
		{46, `{"networks":[{"uuid":"` + nothingThere + `","bogus":1}]}`, "is not valid under any of the given schemas"},
		{46, `{"networks":[{"uuid":"` + nothingThere + `"}]}`, "Network " + nothingThere + " could not be found."},
		{46, `{"networks":[{"port":"` + nothingThere + `"}]}`, "Port id " + nothingThere + " could not be found."},
		{46, `{"networks":"auto"}`, "Unable to automatically allocate a network for project " + nativeProject},
		{46, `{"key_name":"nokey"}`, "Invalid key_name provided."},
		{46, `{"security_groups":[{"name":"nogroup"}]}`, "Unable to find security_group with name or id 'nogroup'"},
		{46, `{"availability_zone":"nozone"}`, "The requested availability zone is not available"},
		{46, `{"availability_zone":""}`, "'' is too short"},
		{46, `{"user_data":"` + strings.Repeat("A", 65536) + `"}`, "is too long"},
		{46, `{"user_data":"ä"}`, "is not a 'base64'"},
		{46, `{"metadata":{"a":1}}`, "is not of type 'string'"},
		{46, `{"metadata":{"a/b":"x"}}`, "does not match any of the regexes"},
		{46, `{"metadata":{"a":"` + long + `"}}`, "is too long"},
		{46, `{"tags":["a"]}`, "Additional properties are not allowed ('tags' was unexpected)"},
		{52, `{"tags":["a,b"]}`, "'a,b' does not match '^[^,/]*$'"},
		{52, `{"tags":["` + long[:61] + `"]}`, "is too long"},
		{46, `{"description":"` + long + `"}`, "is too long"},
		{90, `{"hostname":"h"}`, "'h' is too short"},
		{46, `{"min_count":2,"max_count":1}`, "min_count must be <= max_count"},
		{46, `{"bogus":1}`, "Additional properties are not allowed ('bogus' was unexpected)"},
		{46, `{"block_device_mapping_v2":[{"boot_index":0,"uuid":"` + nothingThere + `","source_type":"volume"}]}`, "failed to get volume " + nothingThere},
		{46, `{"block_device_mapping_v2":[{"boot_index":0,"uuid":"` + nothingThere + `","source_type":"image","destination_type":"volume","volume_size":1}]}`, "failed to get image " + nothingThere},
		{46, `{"block_device_mapping_v2":[{"boot_index":0,"uuid":"` + nothingThere + `","source_type":"snapshot"}]}`, "Snapshot " + nothingThere + " could not be found."},
		{46, `{"block_device_mapping_v2":[{"boot_index":0,"uuid":"` + cirrosID + `","source_type":"image","destination_type":"volume"}]}`, "need to have a non-zero size specified"},
		{46, `{"block_device_mapping_v2":[{"boot_index":1,"source_type":"blank","destination_type":"volume","volume_size":1}]}`, "Boot sequence for the instance"},
		{46, `{"block_device_mapping_v2":[{"boot_index":0,"source_type":"bogus"}]}`, "'bogus' is not one of ['volume', 'image', 'snapshot', 'blank']"},
		{46, `{"block_device_mapping_v2":[{"boot_index":0,"source_type":"blank","volume_type":"x"}]}`, "('volume_type' was unexpected)"},
		{67, `{"block_device_mapping_v2":[{"boot_index":0,"uuid":"` + cirrosID + `","source_type":"image","destination_type":"volume","volume_size":1,"volume_type":"nosuch"}]}`, "Volume type nosuch could not be found."},
	} {
		c.at(x.minor).refused(400, x.text, "POST", "/servers", c.body(x.change))
	}
	c.refused(400, "'networks' is a required property", "POST", "/servers", strings.Replace(c.body(), `"networks"`, `"metadata"`, 1))
	c.refused(400, "'server' is a required property", "POST", "/servers", `{}`)
	c.refused(400, "Malformed request body", "POST", "/servers", `nojson`)
	c.refused(403, "os_compute_api:servers:create:forced_host", "POST", "/servers", c.body(`{"availability_zone":"nova:sandbox"}`))

	s := c.server()
	c.refused(400, "There is no such action: bogus", "POST", s+"/action", `{"bogus":null}`)
	c.refused(400, "There is no such action: hard", "POST", s+"/action", `{"hard":null}`)
	c.refused(400, "Malformed request body", "POST", s+"/action", `{"os-stop":null,"os-start":null}`)
	c.refused(400, "'X' is not one of ['HARD', 'Hard'", "POST", s+"/action", `{"reboot":{"type":"X"}}`)
	c.refused(400, "'type' is a required property", "POST", s+"/action", `{"reboot":{}}`)
	c.refused(404, "Instance nope could not be found.", "GET", "/servers/nope", "")
	c.refused(403, "os-admin-actions:reset_state", "POST", s+"/action", `{"os-resetState":{"state":"error"}}`)
	admin.refused(400, "'bogus' is not one of ['active', 'error']", "POST", s+"/action", `{"os-resetState":{"state":"bogus"}}`)
	admin.do(202, "POST", s+"/action", `{"os-resetState":{"state":"error"}}`)
	c.is(s, map[string]any{"server.status": "ERROR"})
	c.do(202, "POST", s+"/action", `{"os-stop":null}`)
	c.is(s, map[string]any{"server.status": "SHUTOFF"})

	stranger, _ := newStranger(t, c.cloud)
	other := &computer{stranger, 46}
	other.refused(404, "Instance "+s[9:]+" could not be found.", "GET", s, "")
	other.refused(404, "could not be found.", "DELETE", s, "")
	other.want(other.do(200, "GET", "/servers/detail", ""), map[string]any{"servers": []any{}})
	other.refused(403, "os_compute_api:servers:detail:get_all_tenants", "GET", "/servers/detail?all_tenants=1", "")
	admin.want(admin.do(200, "GET", "/servers/detail?all_tenants=1", ""), map[string]any{"servers.0.id": s[9:]})

	big := c.server(`{"flavorRef":"4"}`)
	c.is(big, map[string]any{"server.status": "ERROR", "server.fault.message": "No valid host was found. There are not enough hosts available."})
	admin.refused(400, "Quota limit 1 for instances must be greater than or equal to already used and reserved 2.", "PUT", "/os-quota-sets/"+nativeProject, `{"quota_set":{"instances":1}}`)
	admin.do(200, "PUT", "/os-quota-sets/"+nativeProject, `{"quota_set":{"instances":2}}`)
	c.refused(403, "Quota exceeded for instances: Requested 1, but already used 2 of 2 instances", "POST", "/servers", c.body())
	c.refused(403, "os_compute_api:os-quota-sets:update", "PUT", "/os-quota-sets/"+nativeProject, `{"quota_set":{"instances":9}}`)
	c.want(c.do(200, "GET", "/os-quota-sets/"+nativeProject+"/detail", ""), map[string]any{"quota_set.instances": map[string]int{"limit": 2, "in_use": 2, "reserved": 0}})
	c.want(c.do(200, "GET", "/limits", ""), map[string]any{"limits.absolute.maxTotalInstances": 2, "limits.absolute.totalInstancesUsed": 2})
	admin.do(202, "DELETE", "/os-quota-sets/"+nativeProject, "")
	other.refused(403, "os_compute_api:os-quota-sets:show", "GET", "/os-quota-sets/"+nativeProject, "")
}

func TestNovaServerFails(t *testing.T) {
	t.Parallel()
	c, _ := newComputer(t, Options{})
	c.control(200, "PUT", "config", `{"fail_jobs":["os_server_build"]}`)
	s := c.server()
	c.is(s, map[string]any{"server.status": "ERROR", "server.fault.message": "Build of instance " + s[9:] + " aborted: The job was told to fail."})
	c.refused(409, "while it is in launched_at None", "POST", s+"/action", `{"os-stop":null}`)
	c.do(204, "DELETE", s, "")
	c.do(404, "GET", s, "")
}

func TestNovaServerChanges(t *testing.T) {
	t.Parallel()
	c, admin := newComputer(t, Options{})
	s := c.server(`{"metadata":{"a":"b"}}`)
	c.is(s, map[string]any{"server.description": nil})
	c.want(c.do(200, "PUT", s, `{"server":{"name":"other","description":"d"}}`), map[string]any{"server.name": "other", "server.description": "d"})
	c.want(c.do(200, "PUT", s, `{"server":{"description":null}}`), map[string]any{"server.name": "other", "server.description": nil})
	c.refused(400, "'' is too short", "PUT", s, `{"server":{"name":""}}`)
	c.refused(400, "'x' is not a 'ipv6'", "PUT", s, `{"server":{"accessIPv6":"x"}}`)
	c.refused(400, "('hostname' was unexpected)", "PUT", s, `{"server":{"hostname":"hh"}}`)
	c.want(c.at(90).do(200, "PUT", s, `{"server":{"hostname":"hh"}}`), map[string]any{"server.OS-EXT-SRV-ATTR:hostname": "hh"})

	c.want(c.do(200, "POST", s+"/metadata", `{"metadata":{"c":"d"}}`), map[string]any{"metadata": map[string]string{"a": "b", "c": "d"}})
	c.want(c.do(200, "PUT", s+"/metadata", `{"metadata":{"e":"f"}}`), map[string]any{"metadata": map[string]string{"e": "f"}})
	c.do(200, "PUT", s+"/metadata/e", `{"meta":{"e":"g"}}`)
	c.want(c.do(200, "GET", s+"/metadata/e", ""), map[string]any{"meta": map[string]string{"e": "g"}})
	c.refused(400, "Request body and URI mismatch", "PUT", s+"/metadata/e", `{"meta":{"z":"g"}}`)
	c.refused(400, "is not of type 'string'", "POST", s+"/metadata", `{"metadata":{"c":1}}`)
	c.do(204, "DELETE", s+"/metadata/e", "")
	c.refused(404, "Metadata item was not found", "DELETE", s+"/metadata/e", "")

	c.want(c.do(200, "PUT", s+"/tags", `{"tags":["b","a"]}`), map[string]any{"tags": []string{"a", "b"}})
	c.do(201, "PUT", s+"/tags/c", "")
	c.do(204, "PUT", s+"/tags/c", "")
	c.do(204, "GET", s+"/tags/c", "")
	c.want(c.do(200, "GET", "/servers/detail?tags=a,c&name=oth&status=active", ""), map[string]any{"servers.0.id": s[9:]})
	c.want(c.do(200, "GET", "/servers/detail?tags=a,zz", ""), map[string]any{"servers": []any{}})
	c.do(204, "DELETE", s+"/tags/c", "")
	c.refused(404, "has no tag 'c'", "DELETE", s+"/tags/c", "")
	c.refused(404, "has no tag 'zz'", "GET", s+"/tags/zz", "")
	c.refused(400, "'a,b' does not match '^[^,/]*$'", "PUT", s+"/tags", `{"tags":["a,b"]}`)
	c.do(204, "DELETE", s+"/tags", "")
	c.is(s, map[string]any{"server.tags": []any{}})
	c.at(25).do(404, "GET", s+"/tags", "")

	c.at(73).do(202, "POST", s+"/action", `{"lock":{"locked_reason":"because"}}`)
	c.at(73).is(s, map[string]any{"server.locked": true, "server.locked_reason": "because"})
	c.refused(409, "Instance "+s[9:]+" is locked", "POST", s+"/action", `{"os-stop":null}`)
	c.refused(409, "is locked", "DELETE", s, "")
	c.refused(409, "is locked", "POST", s+"/metadata", `{"metadata":{"c":"d"}}`)
	c.do(200, "PUT", s, `{"server":{"name":"still"}}`)
	c.do(202, "POST", s+"/action", `{"unlock":null}`)
	admin.do(202, "POST", s+"/action", `{"lock":null}`)
	c.refused(403, "unlock_override", "POST", s+"/action", `{"unlock":null}`)
	admin.do(202, "POST", s+"/action", `{"os-stop":null}`)
	c.is(s, map[string]any{"server.status": "SHUTOFF", "server.name": "still"})
}

func TestNovaServerPages(t *testing.T) {
	t.Parallel()
	c, _ := newComputer(t, Options{})
	first, second := c.server(), c.server(`{"name":"db"}`)
	a := c.do(200, "GET", "/servers/detail?limit=1", "")
	c.want(a, map[string]any{"servers.0.id": second[9:], "servers.1": nil, "servers_links.0.href": "http://127.0.0.1:8750/compute/v2.1/servers/detail?limit=1&marker=" + second[9:]})
	a = c.do(200, "GET", "/servers?limit=1&marker="+second[9:], "")
	c.want(a, map[string]any{"servers.0.id": first[9:], "servers.0.status": nil, "servers_links.0.rel": "next"})
	c.want(c.do(200, "GET", "/servers?limit=1&marker="+first[9:], ""), map[string]any{"servers": []any{}, "servers_links": nil})
	c.refused(400, "marker [nope] not found", "GET", "/servers/detail?marker=nope", "")
	c.refused(400, "'x' does not match '^[0-9]*$'", "GET", "/servers/detail?limit=x", "")

	c.control(200, "PATCH", "objects/os_server/"+first[9:], `{"name":"drifted"}`)
	c.is(first, map[string]any{"server.name": "drifted"})
	c.control(200, "DELETE", "objects/os_server/"+first[9:], "")
	c.do(404, "GET", first, "")
}

// volume makes a volume of the member's project and returns its id.
func (c *computer) volume(change string) string {
	c.t.Helper()
	body := merged(c.t, `{"size":1}`, change)
	return c.client.do(202, "POST", "/block-storage/v3/"+nativeProject+"/volumes", `{"volume":`+body+`}`).str("volume", "id")
}

// volumeIs expects of a volume what the servers make of it.
func (c *computer) volumeIs(id string, wants map[string]any) {
	c.t.Helper()
	c.want(c.client.do(200, "GET", "/block-storage/v3/"+nativeProject+"/volumes/"+id, ""), wants)
}

func TestNovaAttachments(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := newComputer(t, Options{JobMS: 10_000})
		v, s := c.volume(`{}`), c.server()
		time.Sleep(11 * time.Second)
		at := s + "/os-volume_attachments"
		attach := func(volume string) string { return fmt.Sprintf(`{"volumeAttachment":{"volumeId":%q}}`, volume) }
		c.refused(404, "Volume "+nothingThere+" could not be found.", "POST", at, attach(nothingThere))
		c.refused(400, "'x' is not a 'uuid'", "POST", at, attach("x"))
		c.refused(400, "'volumeId' is a required property", "POST", at, `{"volumeAttachment":{}}`)
		c.refused(400, "('tag' was unexpected)", "POST", at, fmt.Sprintf(`{"volumeAttachment":{"volumeId":%q,"tag":"a"}}`, v))
		c.refused(400, "'bogus' does not match", "POST", at, fmt.Sprintf(`{"volumeAttachment":{"volumeId":%q,"device":"bogus"}}`, v))
		c.refused(404, "Instance "+nothingThere+" could not be found.", "POST", "/servers/"+nothingThere+"/os-volume_attachments", attach(v))

		a := c.do(200, "POST", at, fmt.Sprintf(`{"volumeAttachment":{"volumeId":%q,"device":"/dev/vdz"}}`, v))
		c.want(a, map[string]any{"volumeAttachment.id": v, "volumeAttachment.serverId": s[9:], "volumeAttachment.device": "/dev/sdz", "volumeAttachment.tag": nil})
		c.volumeIs(v, map[string]any{"volume.status": "reserved"})
		c.refused(400, "Invalid volume: volume "+v+" is already attached to instances: "+s[9:], "POST", at, attach(v))
		time.Sleep(10 * time.Second)
		c.volumeIs(v, map[string]any{"volume.status": "in-use", "volume.attachments.0.server_id": s[9:], "volume.attachments.0.device": "/dev/sdz"})
		c.is(s, map[string]any{"server.os-extended-volumes:volumes_attached": []any{map[string]any{"id": v, "delete_on_termination": false}}})
		c.want(c.do(200, "GET", at+"/"+v, ""), map[string]any{"volumeAttachment": map[string]any{"id": v, "volumeId": v, "serverId": s[9:], "device": "/dev/sdz"}})
		c.want(c.at(89).do(200, "GET", at, ""), map[string]any{"volumeAttachments.0.id": nil, "volumeAttachments.0.delete_on_termination": false, "volumeAttachments.0.tag": nil})
		c.refused(404, "Instance "+s[9:]+" is not attached to volume "+nothingThere, "GET", at+"/"+nothingThere, "")
		c.at(85).do(202, "PUT", at+"/"+v, fmt.Sprintf(`{"volumeAttachment":{"volumeId":%q,"delete_on_termination":true}}`, v))
		c.want(c.at(79).do(200, "GET", at+"/"+v, ""), map[string]any{"volumeAttachment.delete_on_termination": true})
		c.refused(403, "os-volumes-attachments:swap", "PUT", at+"/"+v, attach(nothingThere))

		c.refused(404, "Volume "+nothingThere+" could not be found.", "DELETE", at+"/"+nothingThere, "")
		c.do(202, "DELETE", at+"/"+v, "")
		c.volumeIs(v, map[string]any{"volume.status": "detaching"})
		c.do(200, "GET", at+"/"+v, "")
		c.refused(400, "Invalid volume", "DELETE", at+"/"+v, "")
		time.Sleep(10 * time.Second)
		c.volumeIs(v, map[string]any{"volume.status": "available", "volume.attachments": []any{}})
		c.refused(404, "is not attached to volume", "DELETE", at+"/"+v, "")
	})
}

func TestNovaSharedVolumes(t *testing.T) {
	t.Parallel()
	c, admin := newComputer(t, Options{})
	types := "/block-storage/v3/" + nativeProject + "/types"
	admin.client.do(200, "POST", types, `{"volume_type":{"name":"shared","extra_specs":{"multiattach":"<is> True"}}}`)
	v, one, two := c.volume(`{"volume_type":"shared"}`), c.server(), c.server()
	attach := fmt.Sprintf(`{"volumeAttachment":{"volumeId":%q}}`, v)
	c.refused(400, "Multiattach volumes are only supported starting with compute API version 2.60.", "POST", one+"/os-volume_attachments", attach)
	c.at(60).do(200, "POST", one+"/os-volume_attachments", attach)
	c.at(60).do(200, "POST", two+"/os-volume_attachments", attach)
	c.volumeIs(v, map[string]any{"volume.status": "in-use", "volume.attachments.1.server_id": two[9:]})
	c.do(204, "DELETE", one, "")
	c.do(404, "GET", one, "")
	c.volumeIs(v, map[string]any{"volume.status": "in-use", "volume.attachments.0.server_id": two[9:], "volume.attachments.1": nil})
}

func TestNovaDisks(t *testing.T) {
	t.Parallel()
	c, admin := newComputer(t, Options{})
	s := c.server(fmt.Sprintf(`{"imageRef":"","block_device_mapping_v2":[
		{"boot_index":0,"uuid":%q,"source_type":"image","destination_type":"volume","volume_size":1,"delete_on_termination":true},
		{"boot_index":-1,"source_type":"blank","destination_type":"volume","volume_size":2}]}`, cirrosID))
	a := c.do(200, "GET", s, "")
	c.want(a, map[string]any{"server.status": "ACTIVE", "server.image": "", "server.os-extended-volumes:volumes_attached.0.delete_on_termination": true})
	root, data := a.str("server", "os-extended-volumes:volumes_attached", 0, "id"), a.str("server", "os-extended-volumes:volumes_attached", 1, "id")
	c.volumeIs(root, map[string]any{"volume.status": "in-use", "volume.bootable": "true", "volume.attachments.0.device": "/dev/sda", "volume.volume_image_metadata.image_id": cirrosID})
	c.volumeIs(data, map[string]any{"volume.size": 2, "volume.attachments.0.device": "/dev/sdb"})
	c.refused(400, "Cannot detach a root device volume", "DELETE", s+"/os-volume_attachments/"+root, "")
	c.do(202, "POST", s+"/action", fmt.Sprintf(`{"rebuild":{"imageRef":%q}}`, cirrosID))
	c.do(204, "DELETE", s, "")
	c.do(404, "GET", s, "")
	c.client.do(404, "GET", "/block-storage/v3/"+nativeProject+"/volumes/"+root, "")
	c.volumeIs(data, map[string]any{"volume.status": "available"})

	c.refused(400, "Volume "+data+" is not bootable.", "POST", "/servers", c.body(fmt.Sprintf(`{"imageRef":"","block_device_mapping_v2":[{"boot_index":0,"uuid":%q,"source_type":"volume"}]}`, data)))
	boot := c.volume(fmt.Sprintf(`{"imageRef":%q}`, cirrosID))
	s = c.server(fmt.Sprintf(`{"imageRef":"","block_device_mapping_v2":[{"boot_index":0,"uuid":%q,"source_type":"volume"}]}`, boot))
	c.is(s, map[string]any{"server.status": "ACTIVE", "server.os-extended-volumes:volumes_attached.0.id": boot})
	c.refused(400, "is not available", "POST", "/servers", c.body(fmt.Sprintf(`{"imageRef":"","block_device_mapping_v2":[{"boot_index":0,"uuid":%q,"source_type":"volume"}]}`, boot)))
	c.do(204, "DELETE", s, "")
	c.do(404, "GET", s, "")
	c.volumeIs(boot, map[string]any{"volume.status": "available"})

	// What Cinder refuses, a server fails of.
	admin.client.do(200, "PUT", "/block-storage/v3/"+nativeProject+"/os-quota-sets/"+nativeProject, `{"quota_set":{"volumes":2}}`)
	s = c.server(fmt.Sprintf(`{"imageRef":"","block_device_mapping_v2":[{"boot_index":0,"uuid":%q,"source_type":"image","destination_type":"volume","volume_size":1}]}`, cirrosID))
	c.is(s, map[string]any{"server.status": "ERROR"})
}

func TestNovaNetworks(t *testing.T) {
	t.Parallel()
	c, _ := newComputer(t, Options{})
	const v2 = "/network/v2.0"
	network := func(name, cidr string) (network, subnet string) {
		network = c.client.do(201, "POST", v2+"/networks", fmt.Sprintf(`{"network":{"name":%q}}`, name)).str("network", "id")
		subnet = c.client.do(201, "POST", v2+"/subnets", fmt.Sprintf(`{"subnet":{"network_id":%q,"ip_version":4,"cidr":%q}}`, network, cidr)).str("subnet", "id")
		return network, subnet
	}
	net, sub := network("front", "10.11.0.0/24")
	port := c.client.do(201, "POST", v2+"/ports", fmt.Sprintf(`{"port":{"network_id":%q,"name":"mine"}}`, net)).str("port", "id")
	group := c.client.do(201, "POST", v2+"/security-groups", `{"security_group":{"name":"web"}}`).str("security_group", "id")
	s := c.server(fmt.Sprintf(`{"networks":[{"port":%q},{"uuid":%q,"fixed_ip":"10.11.0.77"}],"security_groups":[{"name":"web"}]}`, port, net))
	a := c.do(200, "GET", s, "")
	c.want(a, map[string]any{
		"server.status": "ACTIVE", "server.addresses.front.1.addr": "10.11.0.77", "server.addresses.front.1.OS-EXT-IPS:type": "fixed",
		"server.addresses.front.1.version": 4, "server.security_groups": []ref{{Name: "default"}, {Name: "web"}},
	})
	c.want(c.client.do(200, "GET", v2+"/ports/"+port, ""), map[string]any{"port.device_id": s[9:], "port.device_owner": "compute:nova", "port.status": "ACTIVE"})
	made := c.do(200, "GET", s+"/os-interface", "").str("interfaceAttachments", 1, "port_id")
	c.want(c.client.do(200, "GET", v2+"/ports/"+made, ""), map[string]any{"port.security_groups": []string{group}, "port.device_id": s[9:]})

	c.refused(409, "Port "+port+" is still in use.", "POST", "/servers", c.body(fmt.Sprintf(`{"networks":[{"port":%q}]}`, port)))
	c.refused(400, "the two cannot be specified together.", "POST", "/servers", c.body(fmt.Sprintf(`{"networks":[{"port":%q,"fixed_ip":"10.11.0.9"}]}`, port)))
	c.refused(400, "Fixed IP address 10.11.0.77 is already in use on instance "+s[9:]+".", "POST", "/servers", c.body(fmt.Sprintf(`{"networks":[{"uuid":%q,"fixed_ip":"10.11.0.77"}]}`, net)))
	lost := c.server(fmt.Sprintf(`{"networks":[{"uuid":%q,"fixed_ip":"10.99.0.1"}]}`, net))
	c.is(lost, map[string]any{"server.status": "ERROR"})
	// A port gets the name of its server. One that has another cannot be the server's.
	named := func(port string, name any) {
		t.Helper()
		c.want(c.client.do(200, "GET", v2+"/ports/"+port, ""), map[string]any{"port.dns_name": name})
	}
	named(port, "web")
	named(made, "web")
	given := c.client.do(201, "POST", v2+"/ports", fmt.Sprintf(`{"port":{"network_id":%q,"dns_name":"own"}}`, net)).str("port", "id")
	c.refused(500, "PortNotUsableDNS", "POST", s+"/os-interface", fmt.Sprintf(`{"interfaceAttachment":{"port_id":%q}}`, given))
	named(given, "own")
	c.is(c.server(fmt.Sprintf(`{"networks":[{"port":%q}]}`, given)), map[string]any{"server.status": "ERROR"})
	named(given, "")
	c.do(200, "POST", s+"/os-interface", fmt.Sprintf(`{"interfaceAttachment":{"port_id":%q}}`, given))
	named(given, "web")
	c.do(202, "DELETE", s+"/os-interface/"+given, "")
	named(given, "")
	c.client.do(204, "DELETE", v2+"/ports/"+given, "")
	stranger, _ := newStranger(t, c.cloud)
	other := &computer{stranger, 46}
	other.refused(400, "Network "+net+" could not be found.", "POST", "/servers", c.body(fmt.Sprintf(`{"networks":[{"uuid":%q}]}`, net)))

	auto := c.server(`{"networks":"auto"}`)
	c.is(auto, map[string]any{"server.status": "ACTIVE", "server.addresses.front.0.version": 4})
	back, _ := network("back", "10.12.0.0/24")
	c.refused(409, "Multiple possible networks found, use a Network ID to be more specific.", "POST", "/servers", c.body(`{"networks":"auto"}`))

	// Interfaces of a server that exists.
	at := s + "/os-interface"
	ask := func(text string) string { return `{"interfaceAttachment":` + text + `}` }
	a = c.do(200, "POST", at, ask(fmt.Sprintf(`{"net_id":%q,"fixed_ips":[{"ip_address":"10.12.0.9"}]}`, back)))
	c.want(a, map[string]any{"interfaceAttachment.net_id": back, "interfaceAttachment.fixed_ips.0.ip_address": "10.12.0.9", "interfaceAttachment.tag": nil})
	further := a.str("interfaceAttachment", "port_id")
	c.is(s, map[string]any{"server.addresses.back.0.addr": "10.12.0.9"})
	spare := c.client.do(201, "POST", v2+"/ports", fmt.Sprintf(`{"port":{"network_id":%q}}`, back)).str("port", "id")
	c.do(200, "POST", at, ask(fmt.Sprintf(`{"port_id":%q}`, spare)))
	c.refused(409, "Port "+spare+" is still in use.", "POST", at, ask(fmt.Sprintf(`{"port_id":%q}`, spare)))
	c.refused(409, "Fixed IP 10.12.0.9 is already in use.", "POST", at, ask(fmt.Sprintf(`{"net_id":%q,"fixed_ips":[{"ip_address":"10.12.0.9"}]}`, back)))
	c.refused(400, "Must not input both network_id and port_id", "POST", at, ask(fmt.Sprintf(`{"net_id":%q,"port_id":%q}`, back, spare)))
	c.refused(400, "Must input network_id when request IP address", "POST", at, ask(`{"fixed_ips":[{"ip_address":"10.12.0.9"}]}`))
	c.refused(404, "Port id "+nothingThere+" could not be found.", "POST", at, ask(fmt.Sprintf(`{"port_id":%q}`, nothingThere)))
	c.refused(500, "Unexpected API Error.", "POST", at, ask(fmt.Sprintf(`{"net_id":%q}`, nothingThere)))
	c.refused(400, "'x' is not a 'uuid'", "POST", at, ask(`{"net_id":"x"}`))

	c.do(202, "DELETE", at+"/"+nothingThere, "")
	c.do(202, "DELETE", at+"/"+spare, "")
	c.do(202, "DELETE", at+"/"+further, "")
	c.refused(404, "Instance "+s[9:]+" does not have a port with id "+spare, "GET", at+"/"+spare, "")
	c.refused(404, "Port id "+further+" could not be found.", "GET", at+"/"+further, "")
	c.want(c.client.do(200, "GET", v2+"/ports/"+spare, ""), map[string]any{"port.device_id": "", "port.device_owner": "", "port.status": "DOWN"})

	// Security groups of all ports.
	groups := func(word, name string) string { return fmt.Sprintf(`{%q:{"name":%q}}`, word, name) }
	c.refused(404, "Security group nope is not found for project "+nativeProject, "POST", s+"/action", groups("addSecurityGroup", "nope"))
	c.do(202, "POST", s+"/action", groups("removeSecurityGroup", "web"))
	c.refused(404, "Security group web not associated with the instance "+s[9:], "POST", s+"/action", groups("removeSecurityGroup", "web"))
	c.do(202, "POST", s+"/action", groups("addSecurityGroup", "web"))
	c.refused(400, "Duplicate items in the list: '"+group+"'", "POST", s+"/action", groups("addSecurityGroup", "web"))
	c.want(c.do(200, "GET", s+"/os-security-groups", ""), map[string]any{"security_groups.1.name": "web"})

	c.client.do(409, "DELETE", v2+"/networks/"+net, "")
	for _, path := range []string{s, lost, auto} {
		c.do(204, "DELETE", path, "")
		c.do(404, "GET", path, "")
	}
	c.client.do(404, "GET", v2+"/ports/"+made, "")
	c.want(c.client.do(200, "GET", v2+"/ports/"+port, ""), map[string]any{"port.device_id": ""})
	c.client.do(204, "DELETE", v2+"/ports/"+port, "")
	c.client.do(204, "DELETE", v2+"/subnets/"+sub, "")
}

// Names are those that Nova gave to servers of these names, in Zed.
func TestNovaHostname(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Web 1_x.y": "web-1-x-y", "a..b-.": "a--b", "é ü-Z": "é-ü-z", "日本": "Server-7", "-x-": "x", "q!w$e": "qwe", "12.34": "12-34", "_._": "Server-7",
		strings.Repeat("x", 70): strings.Repeat("x", 63),
	} {
		if got := novaHostname(name, "7"); got != want {
			t.Errorf("%q is called %q and not %q", name, got, want)
		}
	}
}
