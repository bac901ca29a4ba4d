package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// block makes a call to the block storage with a microversion, in the client's project.
func (c *client) block(status int, method, path, body, version string) answer {
	c.t.Helper()
	h := c.request(method, "/block-storage/v3/"+c.project()+path, body)
	if version != "" {
		h.Header.Set("OpenStack-API-Version", "volume "+version)
	}
	a := c.send(h)
	if a.status != status {
		c.t.Fatalf("%s %s %s: %d instead of %d: %s", method, path, body, a.status, status, a.text)
	}
	return a
}

// project is that of the client's token.
func (c *client) project() string {
	if t := c.cloud.identity.tokens.get("", c.token); t != nil {
		return t.ProjectID
	}
	return nativeProject
}

// cinder makes a call with the newest microversion.
func (c *client) cinder(status int, method, path, body string) answer {
	c.t.Helper()
	return c.block(status, method, path, body, "3.70")
}

func (c *client) newVolume(fields string) string {
	c.t.Helper()
	return c.cinder(202, "POST", "/volumes", `{"volume":{`+fields+`}}`).str("volume", "id")
}

// told expects a refusal with a text in it.
func (c *client) told(status int, method, path, body, text string) {
	c.t.Helper()
	if a := c.cinder(status, method, path, body); !strings.Contains(a.text, text) {
		c.t.Errorf("%s %s %s: %s", method, path, body, a.text)
	}
}

func TestCinderVolumes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, admin := newNative(t, Options{JobMS: 1000})
		a := c.cinder(202, "POST", "/volumes", `{"volume":{"size":1,"name":"a","metadata":{"k":"v"}}}`)
		id := a.str("volume", "id")
		c.want(a, map[string]any{
			"volume.status": "creating", "volume.volume_type": "__DEFAULT__", "volume.volume_type_id": cinderDefaultType, "volume.updated_at": nil,
			"volume.bootable": "false", "volume.os-vol-tenant-attr:tenant_id": nil,
		})
		c.told(400, "DELETE", "/volumes/"+id, "", "Volume status must be available or error")
		time.Sleep(time.Second)
		c.want(c.cinder(200, "GET", "/volumes/"+id, ""), map[string]any{
			"volume.status": "available", "volume.metadata": map[string]any{"k": "v"}, "volume.os-vol-tenant-attr:tenant_id": nativeProject, "volume.os-vol-host-attr:host": nil,
			"volume.shared_targets": false, "volume.consumes_quota": true,
		})
		c.want(c.block(200, "GET", "/volumes/"+id, "", ""), map[string]any{"volume.volume_type_id": nil, "volume.group_id": nil})
		c.want(admin.cinder(200, "GET", "/volumes/"+id, ""), map[string]any{"volume.os-vol-host-attr:host": "sandbox@nfs-a#nfs-a"})

		c.want(c.cinder(200, "PUT", "/volumes/"+id, `{"volume":{"name":"b","description":null}}`), map[string]any{"volume.name": "b", "volume.description": nil})
		c.told(400, "PUT", "/volumes/"+id, `{"volume":{"size":2}}`, "'size' was unexpected")
		c.told(400, "PUT", "/volumes/"+id, `{"volume":{}}`, "is not valid under any")

		act := func(status int, body string) { t.Helper(); c.cinder(status, "POST", "/volumes/"+id+"/action", body) }
		act(400, `{"os-extend":{"new_size":1}}`)
		act(400, `{"os-extend":{"new_size":"x"}}`)
		act(202, `{"os-extend":{"new_size":"3"}}`)
		c.want(c.cinder(200, "GET", "/volumes/"+id, ""), map[string]any{"volume.status": "extending", "volume.size": 1})
		act(400, `{"os-extend":{"new_size":4}}`)
		time.Sleep(time.Second)
		c.want(c.cinder(200, "GET", "/volumes/"+id, ""), map[string]any{"volume.status": "available", "volume.size": 3})
		act(200, `{"os-set_bootable":{"bootable":true}}`)
		act(202, `{"os-update_readonly_flag":{"readonly":true}}`)
		act(400, `{"os-nothing":{}}`)
		act(403, `{"os-force_delete":{}}`)
		act(403, `{"os-reset_status":{"status":"error"}}`)
		c.want(c.cinder(200, "GET", "/volumes/"+id, ""), map[string]any{"volume.bootable": "true", "volume.metadata": map[string]any{"k": "v", "readonly": "True"}})

		copied := c.newVolume(`"source_volid":"` + id + `"`)
		time.Sleep(time.Second)
		c.want(c.cinder(200, "GET", "/volumes/"+copied, ""), map[string]any{"volume.status": "available", "volume.size": 3, "volume.bootable": "true", "volume.source_volid": id})

		c.cinder(202, "DELETE", "/volumes/"+id, "")
		c.want(c.cinder(200, "GET", "/volumes/"+id, ""), map[string]any{"volume.status": "deleting"})
		time.Sleep(time.Second)
		c.told(404, "GET", "/volumes/"+id, "", "Volume "+id+" could not be found.")
	})
}

func TestCinderVolumesRefused(t *testing.T) {
	t.Parallel()
	c, _ := newNative(t, Options{})
	none := "7db73fe7-000c-4385-b901-05944ac3b5d0"
	big := c.newVolume(`"size":2`)
	for _, refused := range []struct {
		status int
		fields string
		text   string
	}{
		{400, ``, "malformed"},
		{400, `"size":0`, "less than the minimum of 1"},
		{400, `"size":"x"`, "attribute size"},
		{400, `"size":1,"name":"` + strings.Repeat("x", 256) + `"`, "name has 256 characters, more than 255"},
		{400, `"size":1,"metadata":{"":"v"}`, "does not match any of the regexes"},
		{400, `"size":1,"metadata":{"k":1}`, "is not of type 'string'"},
		{400, `"size":1,"nothing":1`, "'nothing' was unexpected"},
		{400, `"size":1,"availability_zone":"x"`, "Availability zone 'x' is invalid."},
		{400, `"size":1,"snapshot_id":"x"`, "not valid under any"},
		{400, `"size":1,"imageRef":"` + none + `"`, "Invalid image identifier"},
		{400, `"size":1,"multiattach":true`, "multiattach parameter has been removed"},
		{400, `"size":1,"source_volid":"` + big + `"`, "cannot be smaller than original volume size"},
		{404, `"size":1,"volume_type":"none"`, "Volume type with name none could not be found."},
		{404, `"size":1,"snapshot_id":"` + none + `"`, "Snapshot " + none},
		{404, `"size":1,"source_volid":"` + none + `"`, "Volume " + none},
		{404, `"size":1,"backup_id":"` + none + `"`, "Backup " + none},
	} {
		c.told(refused.status, "POST", "/volumes", `{"volume":{`+refused.fields+`}}`, refused.text)
	}
	c.told(400, "POST", "/volumes", `{}`, "'volume' is a required property")
	c.told(404, "GET", "/volumes/none", "", "Volume none could not be found.")
}

func TestCinderLists(t *testing.T) {
	t.Parallel()
	c, admin := newNative(t, Options{})
	for i := range 4 {
		c.newVolume(fmt.Sprintf(`"size":1,"name":"v%d"`, i))
	}
	names := func(query string) string {
		a := c.cinder(200, "GET", "/volumes/detail?"+query, "")
		var all []string
		for i := range a.len("volumes") {
			all = append(all, a.str("volumes", i, "name"))
		}
		return strings.Join(all, " ")
	}
	for query, want := range map[string]string{
		"": "v3 v2 v1 v0", "limit=2": "v3 v2", "sort=name:asc": "v0 v1 v2 v3", "sort_key=name&sort_dir=asc&limit=1": "v0", "name=v2": "v2",
		"status=error": "", "offset=3": "v0", "bootable=false&limit=1": "v3", "all_tenants=1": "v3 v2 v1 v0", `metadata={"a":"b"}`: "", "sort=created_at:asc": "v0 v1 v2 v3",
	} {
		if got := names(query); got != want {
			t.Errorf("%s: %s", query, got)
		}
	}
	first := c.cinder(200, "GET", "/volumes?limit=2&with_count=true", "")
	c.want(first, map[string]any{"count": 4, "volumes_links.0.rel": "next"})
	_, rest, _ := strings.Cut(first.str("volumes_links", 0, "href"), nativeProject)
	second := c.cinder(200, "GET", rest, "")
	c.want(second, map[string]any{"volumes.0.name": "v1", "volumes.1.name": "v0", "volumes_links.0.rel": "next"}) // as long as the limit
	_, rest, _ = strings.Cut(second.str("volumes_links", 0, "href"), nativeProject)
	c.want(c.cinder(200, "GET", rest, ""), map[string]any{"volumes": []any{}, "volumes_links": nil})
	for query, text := range map[string]string{"limit=-1": "limit param must be positive", "limit=x": "limit param must be an integer", "sort=x:asc": "Invalid sort key", "x=1": "Invalid filters x"} {
		c.told(400, "GET", "/volumes?"+query, "", text)
	}
	c.told(404, "GET", "/volumes?marker=none", "", "Volume none could not be found.")
	admin.cinder(200, "GET", "/volumes?x=1", "")

	id := second.str("volumes", 0, "id")
	c.want(c.cinder(200, "POST", "/volumes/"+id+"/metadata", `{"metadata":{"a":"1"}}`), map[string]any{"metadata": map[string]any{"a": "1"}})
	c.want(c.cinder(200, "PUT", "/volumes/"+id+"/metadata", `{"metadata":{"b":"2"}}`), map[string]any{"metadata": map[string]any{"b": "2"}})
	c.want(c.cinder(200, "PUT", "/volumes/"+id+"/metadata/c", `{"meta":{"c":"3"}}`), map[string]any{"meta.c": "3"})
	c.cinder(200, "DELETE", "/volumes/"+id+"/metadata/b", "")
	c.told(404, "DELETE", "/volumes/"+id+"/metadata/b", "", "has no metadata with key b")
	if got := names(`metadata={"c":"3"}`); got != "v1" {
		t.Error(got)
	}
}

func TestCinderSnapshots(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, admin := newNative(t, Options{JobMS: 1000})
		id := c.newVolume(`"size":1`)
		time.Sleep(time.Second)
		a := c.cinder(202, "POST", "/snapshots", `{"snapshot":{"volume_id":"`+id+`","name":"s"}}`)
		s := a.str("snapshot", "id")
		c.want(a, map[string]any{"snapshot.status": "creating", "snapshot.os-extended-snapshot-attributes:progress": nil})
		c.told(400, "DELETE", "/snapshots/"+s, "", "Snapshot status must be available or error")
		time.Sleep(time.Second)
		c.want(c.cinder(200, "GET", "/snapshots/"+s, ""), map[string]any{"snapshot.status": "available", "snapshot.os-extended-snapshot-attributes:progress": "100%"})
		c.want(c.cinder(200, "GET", "/snapshots/detail?volume_id="+id, ""), map[string]any{"snapshots.0.id": s})
		c.told(400, "DELETE", "/volumes/"+id, "", "have snapshots")
		c.cinder(200, "PUT", "/snapshots/"+s, `{"snapshot":{"name":"t"}}`)
		c.cinder(200, "PUT", "/snapshots/"+s+"/metadata", `{"metadata":{"k":"v"}}`)
		c.told(400, "POST", "/snapshots", `{"snapshot":{"volume_id":"`+id+`","force":false}}`, "Since microversion 3.66")
		c.told(400, "POST", "/snapshots", `{"snapshot":{}}`, "'volume_id' is a required property")

		admin.cinder(202, "POST", "/snapshots/"+s+"/action", `{"os-reset_status":{"status":"error"}}`)
		c.told(400, "POST", "/volumes", `{"volume":{"snapshot_id":"`+s+`"}}`, "Originating snapshot status")
		admin.cinder(202, "POST", "/snapshots/"+s+"/action", `{"os-reset_status":{"status":"available"}}`)
		// The snapshot goes while the volume is made of it.
		v := c.newVolume(`"snapshot_id":"` + s + `"`)
		c.cinder(202, "DELETE", "/snapshots/"+s, "")
		time.Sleep(time.Second)
		c.want(c.cinder(200, "GET", "/volumes/"+v, ""), map[string]any{"volume.size": 1})
		c.told(404, "GET", "/snapshots/"+s, "", "Snapshot "+s)

		c.cinder(202, "POST", "/snapshots", `{"snapshot":{"volume_id":"`+id+`"}}`)
		time.Sleep(time.Second)
		c.told(400, "DELETE", "/volumes/"+id+"?cascade=x", "", "is not a boolean")
		c.cinder(202, "DELETE", "/volumes/"+id+"?cascade=true", "")
		time.Sleep(time.Second)
		c.cinder(404, "GET", "/volumes/"+id, "")
		c.want(c.cinder(200, "GET", "/snapshots", ""), map[string]any{"snapshots": []any{}})
	})
}

func TestCinderBackups(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := newNative(t, Options{JobMS: 1000})
		id := c.newVolume(`"size":2`)
		time.Sleep(time.Second)
		c.told(400, "POST", "/backups", `{"backup":{"volume_id":"`+id+`","incremental":true}}`, "No backups available")
		full := c.cinder(202, "POST", "/backups", `{"backup":{"volume_id":"`+id+`","name":"full","metadata":{"k":"v"}}}`).str("backup", "id")
		c.want(c.cinder(200, "GET", "/volumes/"+id, ""), map[string]any{"volume.status": "backing-up"})
		c.told(400, "DELETE", "/backups/"+full, "", "Backup status must be available or error")
		time.Sleep(time.Second)
		c.want(c.cinder(200, "GET", "/volumes/"+id, ""), map[string]any{"volume.status": "available"})
		inc := c.cinder(202, "POST", "/backups", `{"backup":{"volume_id":"`+id+`","incremental":true}}`).str("backup", "id")
		time.Sleep(time.Second)
		c.want(c.cinder(200, "GET", "/backups/"+inc, ""), map[string]any{"backup.is_incremental": true, "backup.status": "available", "backup.size": 2})
		c.want(c.cinder(200, "GET", "/backups/"+full, ""), map[string]any{"backup.has_dependent_backups": true, "backup.metadata.k": "v"})
		c.want(c.block(200, "GET", "/backups/"+full, "", ""), map[string]any{"backup.metadata": nil})
		c.told(400, "DELETE", "/backups/"+full, "", "Incremental backups exist")
		c.cinder(200, "PUT", "/backups/"+full, `{"backup":{"name":null,"description":"d"}}`)
		c.block(404, "PUT", "/backups/"+full, `{"backup":{"name":"x"}}`, "3.8")

		s := c.cinder(202, "POST", "/snapshots", `{"snapshot":{"volume_id":"`+id+`"}}`).str("snapshot", "id")
		time.Sleep(time.Second)
		of := c.cinder(202, "POST", "/backups", `{"backup":{"volume_id":"`+id+`","snapshot_id":"`+s+`"}}`).str("backup", "id")
		c.want(c.cinder(200, "GET", "/snapshots/"+s, ""), map[string]any{"snapshot.status": "backing-up"})
		c.want(c.cinder(200, "GET", "/volumes/"+id, ""), map[string]any{"volume.status": "available"})
		time.Sleep(time.Second)
		c.want(c.cinder(200, "GET", "/backups/"+of, ""), map[string]any{"backup.snapshot_id": s, "backup.status": "available"})

		c.want(c.cinder(202, "POST", "/backups/"+full+"/restore", `{"restore":{"volume_id":"`+id+`"}}`), map[string]any{"restore.volume_id": id})
		c.want(c.cinder(200, "GET", "/backups/"+full, ""), map[string]any{"backup.status": "restoring"})
		c.want(c.cinder(200, "GET", "/volumes/"+id, ""), map[string]any{"volume.status": "restoring-backup"})
		c.told(400, "POST", "/backups/"+full+"/restore", `{"restore":{"volume_id":"`+id+`"}}`, "Backup status must be available")
		time.Sleep(time.Second)
		small := c.newVolume(`"size":1`)
		time.Sleep(time.Second)
		c.told(400, "POST", "/backups/"+full+"/restore", `{"restore":{"volume_id":"`+small+`"}}`, "too small to restore")
		made := c.cinder(202, "POST", "/backups/"+full+"/restore", `{"restore":{"name":"r"}}`).str("restore", "volume_id")
		v := c.newVolume(`"backup_id":"` + inc + `"`)
		time.Sleep(time.Second)
		c.want(c.cinder(200, "GET", "/volumes/"+made, ""), map[string]any{"volume.status": "available", "volume.metadata.src_backup_id": full})
		c.want(c.cinder(200, "GET", "/volumes/"+v, ""), map[string]any{"volume.status": "available", "volume.size": 2, "volume.metadata.src_backup_id": inc})
		c.told(400, "POST", "/volumes", `{"volume":{"size":1,"backup_id":"`+inc+`"}}`, "cannot be smaller than the backup size")

		c.cinder(202, "DELETE", "/backups/"+inc, "")
		time.Sleep(time.Second)
		c.want(c.cinder(200, "GET", "/backups/"+full, ""), map[string]any{"backup.has_dependent_backups": false})
		c.cinder(202, "DELETE", "/backups/"+full, "")
	})
}

func TestCinderAttachments(t *testing.T) {
	t.Parallel()
	c, _ := newNative(t, Options{})
	id := c.newVolume(`"size":1`)
	const server, other = "7db73fe7-000c-4385-b901-05944ac3b5d1", "7db73fe7-000c-4385-b901-05944ac3b5d2"
	reserve := func(status int, server string) answer {
		t.Helper()
		return c.cinder(status, "POST", "/attachments", `{"attachment":{"volume_uuid":"`+id+`","instance_uuid":"`+server+`"}}`)
	}
	is := func(status string) {
		t.Helper()
		c.want(c.cinder(200, "GET", "/volumes/"+id, ""), map[string]any{"volume.status": status})
	}
	c.block(404, "POST", "/attachments", `{"attachment":{"volume_uuid":"`+id+`"}}`, "3.26")
	a := reserve(200, server).str("attachment", "id")
	is("reserved")
	reserve(400, other)
	c.cinder(200, "PUT", "/attachments/"+a, `{"attachment":{"connector":{"host":"h","mountpoint":"/dev/vdb"}}}`)
	is("attaching")
	c.cinder(204, "POST", "/attachments/"+a+"/action", `{"os-complete":{}}`)
	is("in-use")
	c.want(c.cinder(200, "GET", "/volumes/"+id, ""), map[string]any{"volume.attachments.0.server_id": server, "volume.attachments.0.device": "/dev/vdb", "volume.attachments.0.attachment_id": a})
	c.told(400, "DELETE", "/volumes/"+id, "", "attached")
	c.block(400, "POST", "/volumes/"+id+"/action", `{"os-extend":{"new_size":2}}`, "3.41")
	c.block(202, "POST", "/volumes/"+id+"/action", `{"os-extend":{"new_size":2}}`, "3.42")
	is("in-use")
	c.block(400, "POST", "/snapshots", `{"snapshot":{"volume_id":"`+id+`"}}`, "3.65")
	c.block(202, "POST", "/snapshots", `{"snapshot":{"volume_id":"`+id+`","force":true}}`, "3.65")
	c.cinder(202, "POST", "/snapshots", `{"snapshot":{"volume_id":"`+id+`"}}`)
	c.told(400, "POST", "/backups", `{"backup":{"volume_id":"`+id+`"}}`, "must use the force flag")
	c.cinder(202, "POST", "/backups", `{"backup":{"volume_id":"`+id+`","force":true}}`)
	is("in-use")
	c.told(400, "POST", "/volumes/"+id+"/action", `{"os-update_readonly_flag":{"readonly":true}}`, "must be available to update readonly flag")
	c.told(400, "POST", "/volume-transfers", `{"transfer":{"volume_id":"`+id+`"}}`, "status must be available")
	c.want(c.cinder(200, "DELETE", "/attachments/"+a, ""), map[string]any{"attachments": []any{}})
	is("available")
	c.told(404, "DELETE", "/attachments/"+a, "", "attachment_id = "+a)
}

func TestCinderTypes(t *testing.T) {
	t.Parallel()
	c, admin := newNative(t, Options{})
	c.told(403, "POST", "/types", `{"volume_type":{"name":"x"}}`, "volume_extension:type_create")
	made := func(fields string) string {
		t.Helper()
		return admin.cinder(200, "POST", "/types", `{"volume_type":{`+fields+`}}`).str("volume_type", "id")
	}
	open := made(`"name":"open","extra_specs":{"volume_backend_name":"nfs-b","multiattach":"<is> True"}`)
	closed := made(`"name":"closed","os-volume-type-access:is_public":false`)
	nowhere := made(`"name":"nowhere","extra_specs":{"volume_backend_name":"none"}`)
	admin.told(409, "POST", "/types", `{"volume_type":{"name":"open"}}`, "Volume Type open already exists.")
	admin.told(400, "POST", "/types", `{"volume_type":{"name":""}}`, "is too short")
	admin.told(400, "POST", "/types", `{"volume_type":{"name":"x","extra_specs":{"a!":"1"}}}`, "does not match any")

	c.want(c.cinder(200, "GET", "/types/"+open, ""), map[string]any{"volume_type.extra_specs": map[string]any{"multiattach": "<is> True"}, "volume_type.qos_specs_id": nil})
	c.told(404, "GET", "/types/"+closed, "", "Volume type "+closed)
	c.told(404, "POST", "/volumes", `{"volume":{"size":1,"volume_type":"closed"}}`, "Volume type "+closed)
	if n := admin.cinder(200, "GET", "/types?is_public=None", "").len("volume_types"); n != 4 {
		t.Error(n)
	}
	if n := c.cinder(200, "GET", "/types?is_public=None", "").len("volume_types"); n != 3 {
		t.Error(n)
	}
	c.want(admin.cinder(200, "GET", "/types?is_public=false&limit=1", ""), map[string]any{"volume_types.0.id": closed, "volume_type_links.0.rel": "next"})

	access := "/types/" + closed + "/os-volume-type-access"
	act := func(status int, who *client, id, word, project string) {
		t.Helper()
		who.cinder(status, "POST", "/types/"+id+"/action", `{"`+word+`":{"project":"`+project+`"}}`)
	}
	act(403, c, closed, "addProjectAccess", nativeProject)
	act(202, admin, closed, "addProjectAccess", nativeProject)
	act(409, admin, closed, "addProjectAccess", nativeProject)
	act(400, admin, closed, "addProjectAccess", "none")
	act(400, admin, open, "addProjectAccess", nativeProject)
	admin.want(admin.cinder(200, "GET", access, ""), map[string]any{"volume_type_access.0.project_id": nativeProject})
	v := c.newVolume(`"size":1,"volume_type":"closed"`)
	admin.told(400, "DELETE", "/types/"+closed, "", "still in use")
	act(202, admin, closed, "removeProjectAccess", nativeProject)
	act(404, admin, closed, "removeProjectAccess", nativeProject)
	admin.told(404, "GET", "/types/"+open+"/os-volume-type-access", "", "not available for public")

	admin.cinder(200, "PUT", "/types/"+open, `{"volume_type":{"name":"wide","description":"","is_public":false}}`)
	admin.cinder(200, "PUT", "/types/"+open, `{"volume_type":{"is_public":true}}`)
	admin.told(400, "PUT", "/types/"+open, `{"volume_type":{"description":null}}`, "Specify volume type name")
	admin.told(409, "PUT", "/types/"+open, `{"volume_type":{"name":"closed"}}`, "already exists")
	specs := "/types/" + open + "/extra_specs"
	admin.cinder(200, "POST", specs, `{"extra_specs":{"a":"1"}}`)
	admin.cinder(200, "PUT", specs+"/a", `{"a":"2"}`)
	admin.told(400, "PUT", specs+"/a", `{"b":"2"}`, "mismatch")
	admin.cinder(202, "DELETE", specs+"/a", "")
	admin.told(404, "DELETE", specs+"/a", "", "has no extra specs with key a")

	secret := "/types/" + nowhere + "/encryption"
	admin.told(400, "POST", secret, `{"encryption":{"provider":"luks"}}`, "'control_location' is a required property")
	e := admin.cinder(200, "POST", secret, `{"encryption":{"provider":"luks","control_location":"front-end","key_size":256}}`).str("encryption", "encryption_id")
	admin.told(400, "POST", secret, `{"encryption":{"provider":"luks","control_location":"front-end"}}`, "already exists")
	admin.cinder(200, "PUT", secret+"/"+e, `{"encryption":{"key_size":512,"cipher":null}}`)
	admin.want(admin.cinder(200, "GET", secret, ""), map[string]any{"key_size": 512, "cipher": nil, "provider": "luks"})
	c.cinder(403, "GET", secret, "")
	admin.cinder(202, "DELETE", secret+"/"+e, "")
	admin.told(404, "DELETE", secret+"/"+e, "", "does not exist")
	if a := admin.cinder(200, "GET", secret, ""); a.text != "{}" {
		t.Error(a.text)
	}

	// A volume whose type no back end serves fails, and a message tells why.
	lost := c.newVolume(`"size":1,"volume_type":"nowhere"`)
	c.want(c.cinder(200, "GET", "/volumes/"+lost, ""), map[string]any{"volume.status": "error"})
	told := c.cinder(200, "GET", "/messages?resource_uuid="+lost+"&sort=created_at:desc&limit=1", "")
	c.want(told, map[string]any{"messages.0.user_message": "schedule allocate volume:Could not find any available weighted backend.", "messages.0.resource_type": "VOLUME"})
	c.cinder(204, "DELETE", "/messages/"+told.str("messages", 0, "id"), "")
	c.block(404, "GET", "/messages", "", "3.2")

	retype := func(status int, fields string) {
		t.Helper()
		c.cinder(status, "POST", "/volumes/"+v+"/action", `{"os-retype":{`+fields+`}}`)
	}
	retype(404, `"new_type":"none"`)
	retype(400, `"new_type":"wide","migration_policy":"always"`)
	retype(202, `"new_type":"wide"`) // it may not move there
	c.want(c.cinder(200, "GET", "/volumes/"+v, ""), map[string]any{"volume.status": "available", "volume.volume_type": "closed", "volume.multiattach": false})
	retype(202, `"new_type":"wide","migration_policy":"on-demand"`)
	c.want(admin.cinder(200, "GET", "/volumes/"+v, ""), map[string]any{"volume.volume_type": "wide", "volume.multiattach": true, "volume.os-vol-host-attr:host": "sandbox@nfs-b#nfs-b"})
	retype(400, `"new_type":"wide"`)
	admin.cinder(202, "DELETE", "/types/"+closed, "")
	admin.told(400, "DELETE", "/types/"+cinderDefaultType, "", "default")
}

func TestCinderQoS(t *testing.T) {
	t.Parallel()
	c, admin := newNative(t, Options{})
	c.told(403, "GET", "/qos-specs", "", "volume_extension:qos_specs_manage:get_all")
	a := admin.cinder(200, "POST", "/qos-specs", `{"qos_specs":{"name":"q","consumer":"front-end","total_iops_sec":"100"}}`)
	id := a.str("qos_specs", "id")
	admin.want(a, map[string]any{"qos_specs.consumer": "front-end", "qos_specs.specs": map[string]any{"total_iops_sec": "100"}})
	admin.told(409, "POST", "/qos-specs", `{"qos_specs":{"name":"q"}}`, "already exists")
	admin.told(400, "POST", "/qos-specs", `{"qos_specs":{"name":"r","consumer":"x"}}`, "Valid consumer")
	admin.told(400, "POST", "/qos-specs", `{"qos_specs":{"name":"r","a":1}}`, "is not a string")
	other := admin.cinder(200, "POST", "/qos-specs", `{"qos_specs":{"name":"r"}}`).str("qos_specs", "id")
	admin.cinder(200, "PUT", "/qos-specs/"+id, `{"qos_specs":{"consumer":"both","a":"1"}}`)
	admin.cinder(202, "PUT", "/qos-specs/"+id+"/delete_keys", `{"keys":["a"]}`)
	admin.told(404, "PUT", "/qos-specs/"+id+"/delete_keys", `{"keys":["a"]}`, "has no spec with key a")
	admin.want(admin.cinder(200, "GET", "/qos-specs/"+id, ""), map[string]any{"qos_specs.consumer": "both", "qos_specs.specs": map[string]any{"total_iops_sec": "100"}})

	admin.told(400, "GET", "/qos-specs/"+id+"/associate?vol_type_id="+cinderDefaultType, "{}", "malformed")
	admin.cinder(202, "GET", "/qos-specs/"+id+"/associate?vol_type_id="+cinderDefaultType, "")
	admin.told(400, "GET", "/qos-specs/"+other+"/associate?vol_type_id="+cinderDefaultType, "", "already associated")
	admin.told(404, "GET", "/qos-specs/"+id+"/associate?vol_type_id=none", "", "Volume type none")
	admin.want(admin.cinder(200, "GET", "/qos-specs/"+id+"/associations", ""), map[string]any{"qos_associations.0.id": cinderDefaultType})
	admin.want(admin.cinder(200, "GET", "/types/"+cinderDefaultType, ""), map[string]any{"volume_type.qos_specs_id": id})
	admin.told(400, "DELETE", "/qos-specs/"+id, "", "still in use")
	admin.cinder(202, "GET", "/qos-specs/"+id+"/disassociate?vol_type_id="+cinderDefaultType, "")
	admin.cinder(202, "DELETE", "/qos-specs/"+id, "")
	admin.told(404, "DELETE", "/qos-specs/"+id, "", "No such QoS spec "+id)
}

func TestCinderQuotas(t *testing.T) {
	t.Parallel()
	c, admin := newNative(t, Options{})
	set := "/os-quota-sets/" + nativeProject
	c.want(c.cinder(200, "GET", set, ""), map[string]any{"quota_set.volumes": 1000, "quota_set.volumes___DEFAULT__": -1, "quota_set.id": nativeProject})
	c.told(403, "GET", "/os-quota-sets/"+nativeAdmins, "", "volume_extension:quotas:show")
	c.told(403, "PUT", set, `{"quota_set":{"volumes":1}}`, "volume_extension:quotas:update")
	for body, text := range map[string]string{`{"x":1}`: "Bad key(s) in quota set: x", `{"volumes":-2}`: "volumes must be >= -1", `{"volumes":"x"}`: "volumes must be an integer", `{"volumes":3000000000}`: "volumes must be <= 2147483647", `{}`: "enough properties"} {
		admin.told(400, "PUT", set, `{"quota_set":`+body+`}`, text)
	}
	put := func(limits string) { t.Helper(); admin.cinder(200, "PUT", set, `{"quota_set":{`+limits+`}}`) }
	put(`"volumes":2,"gigabytes":4,"per_volume_gigabytes":3,"snapshots":1,"backups":0`)
	c.told(413, "POST", "/volumes", `{"volume":{"size":5}}`, "VolumeSizeExceedsLimit: Requested volume size 5G is larger than maximum allowed limit 3G.")
	id := c.newVolume(`"size":3`)
	c.told(413, "POST", "/volumes", `{"volume":{"size":2}}`, "Requested 2G, quota is 4G and 3G has been consumed.")
	put(`"gigabytes":100,"volumes___DEFAULT__":1`)
	c.told(413, "POST", "/volumes", `{"volume":{"size":1}}`, "Maximum number of volumes allowed (1) exceeded for quota 'volumes___DEFAULT__'.")
	put(`"volumes___DEFAULT__":-1,"volumes":1`)
	a := c.cinder(413, "POST", "/volumes", `{"volume":{"size":1}}`)
	c.want(a, map[string]any{"overLimit.code": 413, "overLimit.retryAfter": "0"})
	c.cinder(202, "POST", "/snapshots", `{"snapshot":{"volume_id":"`+id+`"}}`)
	c.told(413, "POST", "/snapshots", `{"snapshot":{"volume_id":"`+id+`"}}`, "SnapshotLimitExceeded")
	c.told(413, "POST", "/backups", `{"backup":{"volume_id":"`+id+`"}}`, "BackupLimitExceeded")
	c.cinder(413, "POST", "/volumes/"+id+"/action", `{"os-extend":{"new_size":4}}`)
	admin.told(400, "PUT", set, `{"quota_set":{"volumes":0}}`, "Current usage is 1 and the requested limit is 0.")
	c.want(c.cinder(200, "GET", set+"?usage=true", ""), map[string]any{"quota_set.gigabytes": map[string]any{"limit": 100, "in_use": 6, "reserved": 0}, "quota_set.gigabytes___DEFAULT__.in_use": 6})
	c.want(c.cinder(200, "GET", "/limits", ""), map[string]any{"limits.absolute.totalVolumesUsed": 1, "limits.absolute.maxTotalVolumes": 1})
	c.cinder(403, "DELETE", set, "")
	admin.cinder(200, "DELETE", set, "")
	admin.cinder(200, "PUT", "/os-quota-class-sets/default", `{"quota_class_set":{"volumes":7}}`)
	c.cinder(403, "GET", "/os-quota-class-sets/default", "")
	c.want(c.cinder(200, "GET", set, ""), map[string]any{"quota_set.volumes": 7, "quota_set.gigabytes": 100000})
}

func TestCinderTransfers(t *testing.T) {
	t.Parallel()
	c, _ := newNative(t, Options{})
	there := signIn(t, c.cloud, "admin", "admin")
	id := c.newVolume(`"size":1`)
	c.told(400, "POST", "/volume-transfers", `{"transfer":{"volume_id":"x"}}`, "is not a 'uuid'")
	a := c.cinder(202, "POST", "/volume-transfers", `{"transfer":{"volume_id":"`+id+`","name":"t"}}`)
	transfer := a.str("transfer", "id")
	c.want(c.cinder(200, "GET", "/volumes/"+id, ""), map[string]any{"volume.status": "awaiting-transfer"})
	c.want(c.cinder(200, "GET", "/volume-transfers/"+transfer, ""), map[string]any{"transfer.auth_key": nil, "transfer.source_project_id": nativeProject})
	c.want(c.block(200, "GET", "/os-volume-transfer/detail", "", "3.0"), map[string]any{"transfers.0.id": transfer, "transfers.0.no_snapshots": nil})
	c.block(404, "GET", "/volume-transfers", "", "3.54")
	c.told(400, "DELETE", "/volumes/"+id, "", "awaiting a transfer")
	c.cinder(202, "DELETE", "/volume-transfers/"+transfer, "")
	c.want(c.cinder(200, "GET", "/volumes/"+id, ""), map[string]any{"volume.status": "available"})
	c.told(404, "GET", "/volume-transfers/"+transfer, "", "Transfer "+transfer)

	a = c.cinder(202, "POST", "/volume-transfers", `{"transfer":{"volume_id":"`+id+`"}}`)
	transfer = a.str("transfer", "id")
	key := a.str("transfer", "auth_key")
	there.told(400, "POST", "/volume-transfers/"+transfer+"/accept", `{"accept":{"auth_key":"x"}}`, "invalid auth key")
	there.told(404, "POST", "/volume-transfers/x/accept", `{"accept":{"auth_key":"x"}}`, "Transfer x")
	there.want(there.cinder(202, "POST", "/volume-transfers/"+transfer+"/accept", `{"accept":{"auth_key":"`+key+`"}}`), map[string]any{"transfer.volume_id": id})
	c.cinder(404, "GET", "/volumes/"+id, "")
	there.want(there.cinder(200, "GET", "/volumes/"+id, ""), map[string]any{"volume.status": "available", "volume.os-vol-tenant-attr:tenant_id": nativeAdmins})
}

// What cannot be carried out ends in an error that a message explains.
func TestCinderFailures(t *testing.T) {
	t.Parallel()
	c, _ := newNative(t, Options{})
	id := c.newVolume(`"size":1`)
	c.control(200, "PUT", "config", `{"fail_jobs":["os_createVolume","os_extendVolume","os_deleteVolume","os_createSnapshot","os_createBackup"]}`)
	fails := func(path, status string) {
		t.Helper()
		word, _, _ := strings.Cut(path[1:], "s/")
		c.want(c.cinder(200, "GET", path, ""), map[string]any{word + ".status": status})
	}
	fails("/volumes/"+c.newVolume(`"size":1`), "error")
	fails("/snapshots/"+c.cinder(202, "POST", "/snapshots", `{"snapshot":{"volume_id":"`+id+`"}}`).str("snapshot", "id"), "error")
	fails("/backups/"+c.cinder(202, "POST", "/backups", `{"backup":{"volume_id":"`+id+`"}}`).str("backup", "id"), "error")
	c.cinder(202, "POST", "/volumes/"+id+"/action", `{"os-extend":{"new_size":2}}`)
	fails("/volumes/"+id, "error_extending")
	c.cinder(202, "DELETE", "/volumes/"+id+"?cascade=true", "")
	fails("/volumes/"+id, "error_deleting")
	c.want(c.cinder(200, "GET", "/messages?resource_uuid="+id, ""), map[string]any{"messages.0.user_message": "delete volume:An unknown error occurred."})
}

// A volume becomes an image, and is busy meanwhile.
func TestCinderUpload(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, admin := newNative(t, Options{JobMS: 1000})
		id := c.newVolume(`"size":2`)
		upload := func(fields string) string { return `{"os-volume_upload_image":{` + fields + `}}` }
		path := "/volumes/" + id + "/action"
		c.told(400, "POST", path, upload(`"image_name":"golden"`), "status must be available")
		time.Sleep(time.Second)
		for fields, want := range map[string]string{
			``:                                       "'image_name' is a required property",
			`"image_name":""`:                        "'' is too short",
			`"image_name":"` + long(256) + `"`:       "is too long",
			`"image_name":"x","disk_format":"zip"`:   "'zip' is not one of ['raw', 'vmdk', 'vdi', 'qcow2', 'vhd', 'vhdx', 'ploop']",
			`"image_name":"x","visibility":"nobody"`: "'nobody' is not one of ['community', 'public', 'private', 'shared']",
			`"image_name":"x","colour":"red"`:        "'colour' was unexpected",
		} {
			c.told(400, "POST", path, upload(fields), want)
		}
		c.told(403, "POST", path, upload(`"image_name":"x","visibility":"public"`), "volume_extension:volume_actions:upload_public")
		a := c.cinder(202, "POST", path, upload(`"image_name":"golden","force":true,"disk_format":"qcow2"`))
		image := a.str("os-volume_upload_image", "image_id")
		c.want(c.cinder(200, "GET", "/volumes/"+id, ""), map[string]any{"volume.status": "uploading"})
		c.want(c.do(200, "GET", glanceImages+"/"+image, ""), map[string]any{"name": "golden", "status": "queued", "disk_format": "qcow2", "owner": nativeProject})
		c.told(400, "POST", path, upload(`"image_name":"again"`), "status must be available")
		time.Sleep(time.Second)
		c.want(c.cinder(200, "GET", "/volumes/"+id, ""), map[string]any{"volume.status": "available"})
		c.want(c.do(200, "GET", glanceImages+"/"+image, ""), map[string]any{"status": "active", "size": 2 << 30, "virtual_size": nil})
		admin.cinder(202, "POST", path, upload(`"image_name":"everybody's","visibility":"public"`))
	})
}
