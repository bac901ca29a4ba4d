package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

const glanceImages = "/image/v2/images"

// newStranger adds a member of another project to the OpenStack cloud, and signs in as that.
func newStranger(t *testing.T, s *Sandbox) (c *client, id string) {
	t.Helper()
	id = "05ac0000000000000000000000000199"
	s.identity.projects.add("", &project{meta: meta{ID: id}, Name: "other", DomainID: nativeDomain, ParentID: nativeDomain})
	s.identity.members.add("", &member{
		user: user{meta: meta{ID: id + "0"}, Name: "stranger", Password: "sandbox", DomainID: nativeDomain}, Roles: map[string][]string{id: {"member"}},
	})
	return signIn(t, s, "stranger", "other"), id
}

// tells sends a request and expects a status, and a text in the refusal.
func (c *client) tells(status int, text, method, path, body string) {
	c.t.Helper()
	if a := c.do(status, method, path, body); !strings.Contains(a.text, text) {
		c.t.Errorf("%s %s %s: %q has no %q", method, path, body, a.text, text)
	}
}

// typed sends a request with a content type.
func (c *client) typed(status int, kind, method, path, body string) answer {
	c.t.Helper()
	h := c.request(method, path, body)
	h.Header.Set("Content-Type", kind)
	a := c.send(h)
	if a.status != status {
		c.t.Fatalf("%s %s %s: %d instead of %d: %s", method, path, body, a.status, status, a.text)
	}
	return a
}

// patch changes an image by operations, and expects a status and a text.
func (c *client) patch(status int, text, id, operations string) {
	c.t.Helper()
	a := c.typed(status, "application/openstack-images-v2.1-json-patch", "PATCH", glanceImages+"/"+id, operations)
	if !strings.Contains(a.text, text) {
		c.t.Errorf("%s: %q has no %q", operations, a.text, text)
	}
}

// newImage makes an image and tells its id.
func (c *client) newImage(body string) string {
	c.t.Helper()
	return c.do(201, "POST", glanceImages, body).str("id")
}

const plainImage = `{"name":"plain","disk_format":"raw","container_format":"bare"}`

func TestGlanceVersions(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	c.key.ID = ""
	c.want(c.do(300, "GET", "/image/", ""), map[string]any{
		"versions.0.id": "v2.15", "versions.0.status": "CURRENT", "versions.0.links.0.href": "http://127.0.0.1:8750/image/v2/", "versions.14.id": "v2.0",
	})
	c.do(200, "GET", "/image/versions", "")
}

// Refusals come in the form that a request accepts.
func TestGlanceForms(t *testing.T) {
	t.Parallel()
	c, _ := newNative(t, Options{})
	for accept, want := range map[string][2]string{
		"application/json": {"application/json", `{"code":"404 Not Found","message":"No image found with ID no&pe<br /><br />\n\n\n","title":"Not Found"}`},
		"*/*":              {"text/html", "<title>404 Not Found</title>"},
		"":                 {"text/plain", "404 Not Found\n\nNo image found with ID no&pe\n\n   "},
	} {
		h := c.request("GET", glanceImages+"/no&pe", "")
		h.Header.Set("Accept", accept)
		a := c.send(h)
		if a.status != 404 || !strings.HasPrefix(a.header.Get("Content-Type"), want[0]) || !strings.Contains(a.text, want[1]) {
			t.Errorf("%q: %d %s %q", accept, a.status, a.header.Get("Content-Type"), a.text)
		}
	}
	nobody := &client{t: t, cloud: c.cloud, host: c.host}
	nobody.tells(401, "This server could not verify", "GET", glanceImages, "")
	c.tells(404, "The resource could not be found.", "GET", "/image/v2/nothing", "")
	if a := c.do(405, "PUT", glanceImages, "{}"); a.header.Get("Allow") != "GET, POST" {
		t.Errorf("allowed are %q", a.header.Get("Allow"))
	}
	c.tells(405, "The method GET is not allowed", "GET", glanceImages+"/x/tags/y", "")
}

func TestGlanceCreate(t *testing.T) {
	t.Parallel()
	c, admin := newNative(t, Options{})
	a := c.do(201, "POST", glanceImages, `{}`)
	id := a.str("id")
	c.want(a, map[string]any{
		"name": nil, "status": "queued", "visibility": "shared", "disk_format": nil, "container_format": nil, "protected": false, "os_hidden": false,
		"min_disk": 0, "min_ram": 0, "size": nil, "virtual_size": nil, "checksum": nil, "os_hash_algo": nil, "os_hash_value": nil, "tags": []any{},
		"owner": nativeProject, "self": "/v2/images/" + id, "file": "/v2/images/" + id + "/file", "schema": "/v2/schemas/image", "stores": nil,
	})
	if got := a.header.Get("Location"); got != "http://127.0.0.1:8750/image/v2/images/"+id {
		t.Errorf("it is at %s", got)
	}
	c.want(c.do(201, "POST", glanceImages, `{"name":"a","disk_format":"raw","container_format":"bare","min_disk":1,"min_ram":64,"visibility":"private","protected":true,"tags":["x","y","x"],"hw_disk_bus":"virtio","a b":""}`), map[string]any{
		"name": "a", "min_disk": 1, "min_ram": 64, "visibility": "private", "protected": true, "tags": []any{"x", "y"}, "hw_disk_bus": "virtio", "a b": "",
	})
	const fixed = "aaaaaaaa-0000-4000-8000-00000000aaaa"
	c.newImage(`{"id":"` + fixed + `"}`)
	for body, want := range map[string]struct {
		status int
		text   string
	}{
		``:                                      {400, "Body expected in request."},
		`x`:                                     {400, "Malformed JSON in request body."},
		`"a"`:                                   {400, "Unexpected body type. Expected list/dict."},
		`[]`:                                    {500, "has either erred"},
		`{"id":"` + fixed + `"}`:                {409, "Image ID " + fixed + " already exists!"},
		`{"id":"zz"}`:                           {400, "'zz' does not match"},
		`{"name":1}`:                            {400, "Provided object does not match schema 'image': 1 is not of type 'null', 'string'"},
		fmt.Sprintf(`{"name":%q}`, long(256)):   {400, "is too long"},
		`{"min_disk":-1}`:                       {400, "Invalid value '-1' for parameter 'min_disk': Cannot be a negative value"},
		`{"min_ram":-1}`:                        {400, "for parameter 'min_ram'"},
		`{"min_disk":"1"}`:                      {400, "'1' is not of type 'integer'"},
		`{"min_disk":1.5}`:                      {400, "1.5 is not of type 'integer'"},
		`{"min_disk":null}`:                     {400, "None is not of type 'integer'"},
		`{"min_ram":2147483648}`:                {400, "'min_ram' value out of range, must not exceed 2147483647."},
		`{"disk_format":"zip"}`:                 {400, "'zip' is not one of [None, 'ami', 'ari', 'aki', 'vhd', 'vhdx', 'vmdk', 'raw', 'qcow2', 'vdi', 'iso', 'ploop']"},
		`{"container_format":"zip"}`:            {400, "'zip' is not one of [None, 'ami', 'ari', 'aki', 'bare', 'ovf', 'ova', 'docker', 'compressed']"},
		`{"visibility":"any"}`:                  {400, "'any' is not one of ['community', 'public', 'private', 'shared']"},
		`{"visibility":null}`:                   {400, "None is not of type 'string'"},
		`{"visibility":"public"}`:               {403, "You are not authorized to complete publicize_image action."},
		`{"protected":"yes"}`:                   {400, "'yes' is not of type 'boolean'"},
		`{"os_hidden":1}`:                       {400, "1 is not of type 'boolean'"},
		`{"tags":"a"}`:                          {400, "'a' is not of type 'array'"},
		`{"tags":[1]}`:                          {400, "1 is not of type 'string'"},
		fmt.Sprintf(`{"tags":[%q]}`, long(256)): {400, "is too long"},
		`{"owner":"other"}`:                     {403, "You are not permitted to create images owned by 'other'."},
		`{"status":"active"}`:                   {403, "Attribute 'status' is read-only."},
		`{"size":3}`:                            {403, "Attribute 'size' is read-only."},
		`{"stores":"x"}`:                        {403, "Attribute 'stores' is read-only."},
		`{"locations":[]}`:                      {403, "Attribute 'locations' is reserved."},
		`{"location":"a"}`:                      {403, "Attribute 'location' is reserved."},
		`{"os_glance_x":"a"}`:                   {403, "Attribute 'os_glance_x' is reserved."},
		`{"foo":3}`:                             {400, "3 is not of type 'string'"},
		`{"foo":null}`:                          {400, "None is not of type 'string'"},
		fmt.Sprintf(`{%q:"x"}`, long(256)):      {400, "Custom property should not be greater than 255 characters."},
		fmt.Sprintf(`{"foo":%q}`, long(65536)):  {500, "has either erred"},
		`{"tags":[` + numbered(129, `"t%d"`) + `]}`: {413, "allowed image tags. Attempted: 129, Maximum: 128"},
		`{` + numbered(129, `"p%d":"x"`) + `}`:      {413, "allowed image properties. Attempted: 129, Maximum: 128"},
	} {
		c.tells(want.status, want.text, "POST", glanceImages, body)
	}
	admin.want(admin.do(201, "POST", glanceImages, `{"owner":"other","visibility":"public"}`), map[string]any{"owner": "other", "visibility": "public"})
	c.control(200, "PUT", "config", `{"quotas":{"os_image":3}}`)
	c.tells(413, "is over a limit for [Resource image_count_total is over limit of 3 due to current usage 3 and delta 1]", "POST", glanceImages, `{}`)
}

func long(n int) string { return strings.Repeat("n", n) }

func numbered(n int, format string) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(format, i))
	}
	return strings.Join(list, ",")
}

func TestGlancePatch(t *testing.T) {
	t.Parallel()
	c, admin := newNative(t, Options{})
	other, _ := newStranger(t, c.cloud)
	id := c.newImage(plainImage)
	for _, step := range []struct {
		status     int
		text       string
		operations string
	}{
		{200, `"name":"q"`, `[{"op":"replace","path":"/name","value":"q"}]`},
		{200, `"name":"q"`, `[]`},
		{200, `"name":null`, `[{"op":"add","path":"/name","value":null}]`},
		{200, `"a/b~c":"x"`, `[{"op":"add","path":"/a~1b~0c","value":"x"}]`},
		{200, `"foo":"2"`, `[{"op":"add","path":"/foo","value":"1"},{"op":"add","path":"/foo","value":"2"}]`},
		{200, `"foo":"3"`, `[{"op":"replace","path":"/foo","value":"3"}]`},
		{200, ``, `[{"op":"remove","path":"/foo"}]`},
		{200, `"tags":["a","b"]`, `[{"op":"replace","path":"/tags","value":["b","a","a"]}]`},
		{200, `"min_disk":2`, `[{"op":"replace","path":"/min_disk","value":2}]`},
		{200, `"disk_format":"qcow2"`, `[{"op":"replace","path":"/disk_format","value":"qcow2"}]`},
		{200, `"visibility":"private"`, `[{"op":"replace","path":"/visibility","value":"private"}]`},
		{200, `"os_hidden":true`, `[{"op":"replace","path":"/os_hidden","value":true}]`},
		{400, "Request body must be a JSON array of operation objects.", `{"op":"replace"}`},
		{400, "Operations must be JSON objects.", `["a"]`},
		{400, "Unable to find `op` in JSON Schema change.", `[{"path":"/name"}]`},
		{400, "Invalid operation: `test`.", `[{"op":"test","path":"/name"}]`},
		{400, "Unable to find 'path' in JSON Schema change", `[{"op":"add"}]`},
		{400, "Pointer `name` does not start with \"/\".", `[{"op":"add","path":"name","value":"x"}]`},
		{400, "Invalid JSON pointer for this resource: '/name/x'", `[{"op":"add","path":"/name/x","value":"x"}]`},
		{400, "Invalid JSON pointer for this resource: '/tags/-'", `[{"op":"add","path":"/tags/-","value":"x"}]`},
		{400, `contains adjacent "/".`, `[{"op":"add","path":"/a//b","value":"x"}]`},
		{400, `end with "/".`, `[{"op":"add","path":"/a/","value":"x"}]`},
		{400, `contains "~" not part of a recognized escape sequence.`, `[{"op":"add","path":"/a~2","value":"x"}]`},
		{400, `Operation "add" requires a member named "value".`, `[{"op":"add","path":"/a"}]`},
		{400, "3 is not of type 'string'", `[{"op":"add","path":"/foo","value":3}]`},
		{400, "Cannot be a negative value", `[{"op":"replace","path":"/min_disk","value":-1}]`},
		{403, "Attribute 'status' is read-only.", `[{"op":"replace","path":"/status","value":"active"}]`},
		{403, "Attribute 'id' is read-only.", `[{"op":"remove","path":"/id"}]`},
		{403, "Attribute 'os_hash_algo' is read-only.", `[{"op":"add","path":"/os_hash_algo","value":"x"}]`},
		{403, "Attribute 'os_glance_x' is reserved.", `[{"op":"add","path":"/os_glance_x","value":"x"}]`},
		{403, "Cannot set locations to empty list.", `[{"op":"replace","path":"/locations","value":[]}]`},
		{403, "It's not allowed to add locations if locations are invisible.", `[{"op":"add","path":"/locations/-","value":{}}]`},
		{403, "Owner can't be updated by non admin.", `[{"op":"replace","path":"/owner","value":"x"}]`},
		{403, "Forbidding request, image " + id + " not visible", `[{"op":"add","path":"/owner","value":"x"}]`},
		{403, "Property name may not be removed.", `[{"op":"remove","path":"/name"}]`},
		{403, "publicize_image", `[{"op":"replace","path":"/visibility","value":"public"}]`},
		{409, "Property nope does not exist.", `[{"op":"replace","path":"/nope","value":"x"}]`},
		{409, "Property nope does not exist.", `[{"op":"replace","path":"/name","value":"half"},{"op":"remove","path":"/nope"}]`},
		{413, "allowed image tags. Attempted: 129", `[{"op":"replace","path":"/tags","value":[` + numbered(129, `"t%d"`) + `]}]`},
		{500, "has either erred", `[{"op":"add","path":"/` + long(256) + `","value":"x"}]`},
	} {
		c.patch(step.status, step.text, id, step.operations)
	}
	c.want(c.do(200, "GET", glanceImages+"/"+id, ""), map[string]any{"name": nil, "foo": nil, "min_disk": 2, "os_hidden": true})

	const old = "application/openstack-images-v2.0-json-patch"
	c.want(c.typed(200, old, "PATCH", glanceImages+"/"+id, `[{"replace":"/name","value":"old"}]`), map[string]any{"name": "old"})
	c.typed(400, old, "PATCH", glanceImages+"/"+id, `[{"replace":"/name","add":"/name","value":"old"}]`)
	c.typed(400, old, "PATCH", glanceImages+"/"+id, `[{}]`)
	c.typed(409, old, "PATCH", glanceImages+"/"+id, `[{"add":"/name","value":"old"}]`)
	if a := c.typed(415, "application/json", "PATCH", glanceImages+"/"+id, `[]`); a.header.Get("Accept-Patch") != old+", application/openstack-images-v2.1-json-patch" {
		t.Errorf("%q is accepted", a.header.Get("Accept-Patch"))
	}

	name := `[{"op":"replace","path":"/name","value":"z"}]`
	other.patch(404, "No image found with ID "+id, id, name)
	other.tells(404, "Failed to find image "+id+" to delete", "DELETE", glanceImages+"/"+id, "")
	admin.patch(200, `"visibility":"public"`, id, `[{"op":"replace","path":"/visibility","value":"public"}]`)
	other.patch(403, "You do not own this image", id, name)
	other.patch(200, ``, id, `[]`)
	other.tells(403, "You do not own this image", "DELETE", glanceImages+"/"+id, "")
	c.patch(200, `"name":"z"`, id, name)
	c.patch(200, "", id, `[{"op":"replace","path":"/visibility","value":"private"},{"op":"replace","path":"/protected","value":true}]`)
	c.tells(403, "Image "+id+" is protected and cannot be deleted.", "DELETE", glanceImages+"/"+id, "")
	admin.patch(200, `"owner":"other"`, id, `[{"op":"replace","path":"/owner","value":"other"},{"op":"replace","path":"/protected","value":false}]`)
	c.tells(404, "No image found", "GET", glanceImages+"/"+id, "")
	admin.do(204, "DELETE", glanceImages+"/"+id, "")
	admin.tells(404, "Failed to find image "+id+" to delete", "DELETE", glanceImages+"/"+id, "")
}

func TestGlanceData(t *testing.T) {
	t.Parallel()
	c, admin := newNative(t, Options{})
	other, _ := newStranger(t, c.cloud)
	const octets = "application/octet-stream"
	id := c.newImage(plainImage)
	file := glanceImages + "/" + id + "/file"
	c.do(204, "GET", file, "")
	c.tells(415, "is not supported by this server.", "PUT", glanceImages+"/"+c.newImage(`{}`)+"/file", "")
	bare := c.newImage(`{"name":"bare"}`)
	if a := c.typed(400, octets, "PUT", glanceImages+"/"+bare+"/file", "x"); !strings.Contains(a.text, "Properties disk_format, container_format must be set prior to saving data.") {
		t.Error(a.text)
	}
	other.typed(404, octets, "PUT", file, "x")
	c.typed(204, octets, "PUT", file, "hello world")
	c.want(c.do(200, "GET", glanceImages+"/"+id, ""), map[string]any{
		"status": "active", "size": 11, "virtual_size": 11, "checksum": "5eb63bbbe01eeed093cb22bb8f5acdc3", "os_hash_algo": "sha512", "stores": "file",
		"os_hash_value": "309ecc489c12d6eb4cc40f50c902f2b4d0ed77ee511a7c7a9bcd3ca86d4cd86f989dd35bc5ff499670da34255b45b0cfd830e81f605dcf7dc5542e93ae9cd76f",
	})
	a := c.do(200, "GET", file, "")
	if a.text != "hello world" || a.header.Get("Content-Md5") != "5eb63bbbe01eeed093cb22bb8f5acdc3" {
		t.Errorf("the file is %q %v", a.text, a.header)
	}
	if a := c.typed(409, octets, "PUT", file, "again"); !strings.Contains(a.text, "Image status transition from active to saving is not allowed") {
		t.Error(a.text)
	}
	c.patch(403, "Attribute disk_format can be only replaced for a queued image.", id, `[{"op":"replace","path":"/disk_format","value":"raw"}]`)
	empty := c.newImage(plainImage)
	c.typed(204, octets, "PUT", glanceImages+"/"+empty+"/file", "")
	c.want(c.do(200, "GET", glanceImages+"/"+empty, ""), map[string]any{"status": "active", "size": 0, "virtual_size": nil, "checksum": "d41d8cd98f00b204e9800998ecf8427e"})

	actions := glanceImages + "/" + id + "/actions/"
	c.tells(403, "Not allowed to deactivate image in status 'queued'", "POST", glanceImages+"/"+bare+"/actions/deactivate", "")
	c.do(204, "POST", actions+"deactivate", "")
	c.do(204, "POST", actions+"deactivate", "")
	c.want(c.do(200, "GET", glanceImages+"/"+id, ""), map[string]any{"status": "deactivated", "size": 11})
	c.tells(403, "The requested image has been deactivated.", "GET", file, "")
	admin.do(200, "GET", file, "")
	c.do(204, "POST", actions+"reactivate", "")
	c.want(c.do(200, "GET", glanceImages+"/"+id, ""), map[string]any{"status": "active"})
	c.tells(404, "The resource could not be found.", "POST", actions+"boom", "")
	admin.patch(200, "", id, `[{"op":"replace","path":"/visibility","value":"community"}]`)
	other.tells(403, "You do not own this image", "POST", actions+"deactivate", "")
	if a := other.typed(403, octets, "PUT", file, "x"); !strings.Contains(a.text, "Not allowed to upload image data for image "+id) {
		t.Error(a.text)
	}
	other.do(200, "GET", file, "")

	tags := glanceImages + "/" + id + "/tags/"
	c.do(204, "PUT", tags+"new", "")
	c.do(204, "PUT", tags+"new", "")
	c.do(204, "PUT", tags+"a%20b", "")
	c.want(c.do(200, "GET", glanceImages+"/"+id, ""), map[string]any{"tags": []any{"new", "a b"}})
	c.do(204, "DELETE", tags+"new", "")
	c.do(404, "DELETE", tags+"new", "")
	c.do(404, "PUT", tags+"a%2Fb", "")
	c.tells(400, "is too long", "PUT", tags+long(256), "")
	c.tells(400, "A body is not expected with this request.", "PUT", tags+"x", "x")
	c.tells(404, "Image nope not found.", "PUT", glanceImages+"/nope/tags/x", "")
	other.tells(403, "Not allowed to update tags for image "+id+".", "PUT", tags+"x", "")
	c.control(200, "PUT", "config", `{"quotas":{"os_image_tag":1}}`)
	c.tells(413, "Image tag limit exceeded for image "+id, "PUT", tags+"third", "")
}

func TestGlanceMembers(t *testing.T) {
	t.Parallel()
	c, admin := newNative(t, Options{})
	other, project := newStranger(t, c.cloud)
	id := c.newImage(plainImage)
	private := c.newImage(`{"visibility":"private"}`)
	members := glanceImages + "/" + id + "/members"
	one := members + "/" + project
	body := `{"member":"` + project + `"}`

	c.want(c.do(200, "GET", members, ""), map[string]any{"members": []any{}, "schema": "/v2/schemas/members"})
	c.tells(403, "Only shared images have members.", "GET", glanceImages+"/"+private+"/members", "")
	c.tells(403, "Not allowed to create members for image "+private+".", "POST", glanceImages+"/"+private+"/members", body)
	other.tells(404, "Image "+id+" not found.", "POST", members, body)
	c.want(c.do(200, "POST", members, body), map[string]any{"image_id": id, "member_id": project, "status": "pending", "schema": "/v2/schemas/member"})
	c.tells(409, "Member "+project+" is duplicated for image "+id, "POST", members, body)
	c.tells(400, "Member can't be empty", "POST", members, `{"member":""}`)
	c.tells(400, "Member to be added not specified", "POST", members, `{}`)
	c.tells(400, "Expected a member in the form", "POST", members, `["x"]`)
	c.tells(400, "Body expected in request.", "POST", members, ``)
	c.tells(500, "has either erred", "POST", members, `{"member":"`+long(256)+`"}`)
	c.do(200, "POST", members, `{"member":"whoever"}`)
	c.control(200, "PUT", "config", `{"quotas":{"os_image_member":2}}`)
	c.tells(413, "Attempted: 3, Maximum: 2:", "POST", members, `{"member":"third"}`)
	c.want(c.do(200, "GET", members, ""), map[string]any{"members.0.member_id": project, "members.1.member_id": "whoever"})
	c.tells(404, "x not found in the member list of the image "+id+".", "GET", members+"/x", "")

	// The receiver sees the image and its own part, and nothing else.
	other.do(200, "GET", glanceImages+"/"+id, "")
	other.want(other.do(200, "GET", members, ""), map[string]any{"members.0.member_id": project, "members.1": nil})
	other.do(200, "GET", one, "")
	other.do(404, "GET", members+"/whoever", "")
	other.tells(403, "Not allowed to create members", "POST", members, `{"member":"x"}`)
	other.tells(403, "Not allowed to delete members", "DELETE", one, "")
	other.tells(400, `Status must be "pending", "accepted" or "rejected".`, "PUT", one, `{"status":"maybe"}`)
	other.tells(400, "Status not specified", "PUT", one, `{}`)
	c.tells(403, "Not allowed to update members", "PUT", one, `{"status":"accepted"}`)
	listed := func(query string, want bool) {
		t.Helper()
		if got := slices.Contains(other.imageNames(query), "plain"); got != want {
			t.Errorf("?%s lists it: %v", query, got)
		}
	}
	listed("", false)
	listed("member_status=pending", true)
	listed("member_status=all", true)
	other.want(other.do(200, "PUT", one, `{"status":"accepted"}`), map[string]any{"status": "accepted"})
	listed("", true)
	listed("visibility=shared", true)
	listed("visibility=private", false)
	other.do(200, "PUT", one, `{"status":"rejected"}`)
	listed("", false)
	listed("member_status=rejected", true)
	other.do(200, "GET", glanceImages+"/"+id, "")
	admin.do(200, "PUT", one, `{"status":"pending"}`)

	// What is private is shared again with the same projects later.
	c.patch(200, "", id, `[{"op":"replace","path":"/visibility","value":"private"}]`)
	other.do(404, "GET", glanceImages+"/"+id, "")
	c.tells(404, "Only shared images have members.", "GET", one, "")
	c.tells(403, "Not allowed to delete members", "DELETE", one, "")
	c.patch(200, "", id, `[{"op":"replace","path":"/visibility","value":"shared"}]`)
	c.do(200, "GET", one, "")
	c.control(200, "DELETE", "objects/os_image_member/"+id+"/whoever", "")
	c.do(404, "GET", members+"/whoever", "")

	if a := c.do(204, "DELETE", one, ""); a.text != "" {
		t.Error(a.text)
	}
	c.tells(404, "not found in the member list", "DELETE", one, "")
	other.do(404, "GET", glanceImages+"/"+id, "")
	c.do(200, "POST", members, body)
	c.do(204, "DELETE", glanceImages+"/"+id, "")
	if left := c.cloud.glance.members.all(""); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

// imageNames are the names of a list's images.
func (c *client) imageNames(query string) []string {
	c.t.Helper()
	a := c.do(http.StatusOK, "GET", glanceImages+"?"+query, "")
	names := []string{}
	for n := range a.len("images") {
		names = append(names, a.str("images", n, "name"))
	}
	return names
}

func TestGlanceLists(t *testing.T) {
	t.Parallel()
	c, admin := newNative(t, Options{})
	other, _ := newStranger(t, c.cloud)
	a := c.newImage(`{"name":"a","tags":["x","y"],"visibility":"private","protected":true,"min_disk":1,"foo":"bar"}`)
	b := c.newImage(plainImage)
	c.newImage(`{"name":"comm","visibility":"community"}`)
	hidden := c.newImage(`{"name":"hid","os_hidden":true}`)
	c.typed(204, "application/octet-stream", "PUT", glanceImages+"/"+b+"/file", "hello")

	for query, want := range map[string][]string{
		"":                           {"comm", "plain", "a", "cirros"},
		"limit=2":                    {"comm", "plain"},
		"limit=0":                    {},
		"limit=2000":                 {"comm", "plain", "a", "cirros"},
		"limit=2&marker=" + b:        {"a", "cirros"},
		"marker=" + hidden:           {"comm", "plain", "a", "cirros"},
		"name=plain":                 {"plain"},
		"name=in:plain,a":            {"plain", "a"},
		"name=":                      {},
		"id=in:" + a + "," + b:       {"plain", "a"},
		"sort_key=name&sort_dir=asc": {"a", "cirros", "comm", "plain"},
		"sort=name":                  {"plain", "comm", "cirros", "a"},
		"sort=status:asc,name:asc":   {"cirros", "plain", "a", "comm"},
		"sort_key=status&sort_key=name&sort_dir=asc": {"cirros", "plain", "a", "comm"},
		"os_hidden=true":                     {"hid"},
		"protected=true":                     {"a"},
		"status=active":                      {"plain", "cirros"},
		"status=in:queued,active":            {"comm", "plain", "a", "cirros"},
		"owner=" + nativeProject:             {"comm", "plain", "a"},
		"tag=x&tag=y":                        {"a"},
		"tag=x&tag=z":                        {},
		"foo=bar":                            {"a"},
		"unknown=1":                          {},
		"container_format=bare":              {"plain", "cirros"},
		"size_min=5":                         {"plain", "cirros"},
		"size_max=5":                         {"plain"},
		"min_disk=1":                         {"a"},
		"min_disk_min=1":                     {"a"},
		"created_at=gt:2999-01-01T00:00:00Z": {},
		"created_at=lt:2999-01-01T00:00:00Z&name=a": {"a"},
		"checksum=5d41402abc4b2a76b9719d911017c592": {"plain"},
		"visibility=private":                        {"a"},
		"visibility=public":                         {"cirros"},
		"visibility=community":                      {"comm"},
		"visibility=shared":                         {"plain"},
		"visibility=all":                            {"comm", "plain", "a", "cirros"},
	} {
		if got := c.imageNames(query); !slices.Equal(got, want) {
			t.Errorf("?%s: %v instead of %v", query, got, want)
		}
	}
	if got := other.imageNames(""); !slices.Equal(got, []string{"cirros"}) {
		t.Errorf("a stranger sees %v", got)
	}
	if got := other.imageNames("visibility=all"); !slices.Equal(got, []string{"comm", "cirros"}) {
		t.Errorf("a stranger sees %v of all", got)
	}
	if got := signIn(t, c.cloud, "admin", "admin").imageNames("sort=name"); !slices.Equal(got, []string{"plain", "cirros", "a"}) {
		t.Errorf("an administrator elsewhere sees %v", got)
	}
	if got := admin.imageNames("visibility=private"); !slices.Equal(got, []string{"a"}) {
		t.Errorf("an administrator sees %v", got)
	}
	for query, text := range map[string]string{
		"limit=-1":                    "limit param must be positive",
		"limit=x":                     "limit param must be an integer",
		"marker=nope":                 "No image found with ID nope",
		"sort_key=bad":                "Invalid sort key: bad. It must be one of the following: name, status,",
		"sort_dir=bad":                "Invalid sort direction: bad",
		"sort=name:asc&sort_key=name": "Old and new sorting syntax cannot be combined",
		"sort_key=name&sort_dir=asc&sort_dir=desc": "Number of sort dirs does not match the number of sort keys",
		"visibility=bad":     "Invalid visibility value: bad",
		"os_hidden=x":        "Invalid value 'x' for 'os_hidden' filter.",
		"protected=x":        "Invalid value 'x' for 'protected' filter.",
		"size_min=x":         "Unable to filter on a range with a non-numeric value.",
		"created_at=bad":     `Bad "created_at" query filter format.`,
		"member_status=bad":  "Invalid status: bad",
		"changes-since=2020": `The "changes-since" filter is no longer available on v2.`,
	} {
		c.tells(400, text, "GET", glanceImages+"?"+query, "")
	}
	page := c.do(200, "GET", glanceImages+"?limit=2&name=in:a,plain", "")
	c.want(page, map[string]any{
		"first": "/v2/images?limit=2&name=in%3Aa%2Cplain", "next": "/v2/images?limit=2&marker=" + a + "&name=in%3Aa%2Cplain", "schema": "/v2/schemas/images",
	})
	c.want(c.do(200, "GET", "/image"+page.str("next"), ""), map[string]any{"images": []any{}, "next": nil})
}
