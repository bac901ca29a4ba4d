package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const (
	imsImages  = "/ims/v2/cloudimages"
	imsJobs    = "/ims/v1/" + north + "/jobs/"
	imsVault   = "8a9d7b6c-0000-4000-8000-000000000001"
	fileImage  = `{"name":"mine","image_url":"images:ubuntu.qcow2","min_disk":40,"os_version":"Ubuntu 22.04 server 64bit"}`
	glanceList = "/ims/v2/images"
)

// imageMade makes an image out of a file and returns its id.
func (c *client) imageMade(changes ...string) string {
	c.t.Helper()
	body := fileImage
	for _, change := range changes {
		body = merged(c.t, body, change)
	}
	job := c.do(200, "POST", imsImages+"/action", body).str("job_id")
	return c.do(200, "GET", imsJobs+job, "").str("entities", "image_id")
}

// An image is listed when it is made, and stays in the list for a moment when it is deleted.
func TestImageLifecycle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, Options{JobMS: 10_000})
		id := f.server()
		f.refused(400, "IMG.0008", "POST", imsImages+"/action", `{"name":"web","instance_id":"`+id+`"}`)
		time.Sleep(10 * time.Second)
		job := f.do(200, "POST", imsImages+"/action", `{"name":"web 1","description":"d","instance_id":"`+id+`","min_ram":1024,"max_ram":4096,"image_tags":[{"key":"env","value":"prod"}]}`).str("job_id")
		f.want(f.do(200, "GET", imsJobs+job, ""), map[string]any{"status": "INIT", "job_type": "createImageByInstance", "entities": map[string]any{}})
		f.want(f.show(id), map[string]any{"server.OS-EXT-STS:task_state": "image_snapshot"})
		f.refused(400, "IMG.0010", "POST", imsImages+"/action", `{"name":"web","instance_id":"`+id+`"}`)
		if n := f.do(200, "GET", imsImages+"?__imagetype=private", "").len("images"); n != 0 {
			t.Errorf("%d images are listed before they are made", n)
		}
		var image string
		for one := range f.cloud.ims.images.byID {
			if f.cloud.ims.images.byID[one].ProjectID == north {
				image = one
			}
		}
		f.want(f.do(200, "GET", glanceList+"/"+image, ""), map[string]any{"status": "queued"})
		time.Sleep(5 * time.Second)
		f.want(f.do(200, "GET", glanceList+"/"+image, ""), map[string]any{"status": "saving"})
		f.refused(400, "IMG.0020", "PATCH", imsImages+"/"+image, `[{"op":"replace","path":"/name","value":"a"}]`)
		f.refused(409, "IMG.0020", "DELETE", glanceList+"/"+image, "")
		time.Sleep(5 * time.Second)
		f.want(f.do(200, "GET", imsJobs+job, ""), map[string]any{"status": "SUCCESS", "entities.image_id": image, "entities.image_name": "web 1"})
		f.want(f.do(200, "GET", imsImages+"?id="+image, ""), map[string]any{
			"images.0.status": "active", "images.0.__data_origin": "instance," + id, "images.0.__imagetype": "private", "images.0.visibility": "private",
			"images.0.__os_version": "Ubuntu 22.04 server 64bit", "images.0.__originalimagename": ubuntu, "images.0.min_ram": 1024, "images.0.max_ram": "4096",
			"images.0.owner": north, "images.0.protected": false, "images.0.__isregistered": "true", "images.0.job": nil,
		})
		f.want(f.do(200, "GET", "/ims/v2/"+north+"/images/"+image+"/tags", ""), map[string]any{"tags": []tag{{"env", "prod"}}})

		f.do(204, "DELETE", glanceList+"/"+image, `{"delete_backup":false}`)
		if n := f.do(200, "GET", imsImages+"?id="+image, "").len("images"); n != 1 {
			t.Errorf("%d images are listed just after the deletion", n)
		}
		f.refused(404, "IMG.0086", "DELETE", glanceList+"/"+image, "")
		time.Sleep(10 * time.Second)
		f.want(f.do(200, "GET", imsImages+"?id="+image, ""), map[string]any{"images": []any{}})
	})
}

func TestImageSources(t *testing.T) {
	t.Parallel()
	f := newFleet(t, Options{})
	s := f.server()
	f.settled(s, map[string]any{"server.status": "ACTIVE"})
	volume := f.do(202, "POST", volumes1, volumeBody(t, `{"size":50}`)).str("volume_ids", 0)
	f.do(200, "GET", "/evs/v2/"+north+"/cloudvolumes/"+volume, "")
	made := func(path, body string) string {
		t.Helper()
		return f.do(200, "GET", imsJobs+f.do(200, "POST", path, body).str("job_id"), "").str("entities", "image_id")
	}
	file := f.imageMade(`{"cmk_id":"`+imsVault+`"}`, `{"architecture":"arm"}`, `{"type":"BMS"}`)
	data := f.do(200, "GET", imsJobs+f.do(200, "POST", imsImages+"/action", `{"data_images":[{"name":"data","volume_id":"`+volume+`","description":"d"}]}`).str("job_id"), "")
	for id, wants := range map[string]map[string]any{
		file: {
			"__data_origin": "file,images:ubuntu.qcow2", "__system__cmkid": imsVault, "__support_arm": "true", "hw_firmware_type": "uefi",
			"virtual_env_type": "Ironic", "min_disk": 40, "__platform": "Ubuntu",
		},
		made(imsImages+"/action", `{"name":"v","volume_id":"`+volume+`","os_version":"BeOS"}`): {"__data_origin": "volume," + volume, "min_disk": 50, "__platform": "Other"},
		data.str("entities", "sub_jobs_result", 0, "entities", "image_id"):                     {"virtual_env_type": "DataImage", "__description": "d", "name": "data"},
		made("/ims/v1/cloudimages/dataimages/action", `{"name":"d","image_url":"images:d.vhd","min_disk":2048,"os_type":"Windows"}`): {
			"virtual_env_type": "DataImage", "__os_type": "Windows", "min_disk": 2048,
		},
		made("/ims/v1/cloudimages/wholeimages/action", `{"name":"w","instance_id":"`+s+`","vault_id":"`+imsVault+`"}`):     {"__data_origin": "instance," + s},
		made("/ims/v1/cloudimages/wholeimages/action", `{"name":"b","backup_id":"`+imsVault+`","whole_image_type":"CBR"}`): {"__data_origin": "server_backup," + imsVault, "__backup_id": imsVault},
		made("/ims/v1/cloudimages/"+file+"/copy", `{"name":"c"}`): {
			"__data_origin": "image,cn-north-4," + file, "__originalimagename": file, "__system__cmkid": imsVault, "__support_arm": "true",
		},
	} {
		f.want(f.do(200, "GET", glanceList+"/"+id, ""), wants)
	}
	// What is one's own can be used as a public one.
	f.settled(f.server(fmt.Sprintf(`{"imageRef":%q}`, f.imageMade())), map[string]any{"server.status": "ACTIVE"})

	whole := f.do(200, "GET", imsImages+"?name=w", "").str("images", 0, "id")
	for _, refusal := range []struct{ code, path, body string }{
		{"IMG.0012", imsImages + "/action", `{"name":"a"}`},
		{"IMG.0005", imsImages + "/action", `{"name":"a","instance_id":"nowhere"}`},
		{"IMG.0006", imsImages + "/action", `{"name":"a","volume_id":"nowhere","os_version":"b"}`},
		{"IMG.0001", imsImages + "/action", `{"name":"a","volume_id":"` + volume + `"}`},
		{"IMG.0001", imsImages + "/action", `{"name":"a","volume_id":"` + volume + `","instance_id":"` + s + `"}`},
		{"IMG.0013", imsImages + "/action", merged(t, fileImage, `{"name":""}`)},
		{"IMG.0002", imsImages + "/action", merged(t, fileImage, `{"name":"`+strings.Repeat("a", 129)+`"}`)},
		{"IMG.0003", imsImages + "/action", merged(t, fileImage, `{"name":" a"}`)},
		{"IMG.0004", imsImages + "/action", merged(t, fileImage, `{"description":"<"}`)},
		{"IMG.0001", imsImages + "/action", merged(t, fileImage, `{"image_url":"ubuntu"}`)},
		{"IMG.0001", imsImages + "/action", merged(t, fileImage, `{"min_disk":39}`)},
		{"IMG.0001", imsImages + "/action", merged(t, fileImage, `{"type":"VM"}`)},
		{"IMG.0001", imsImages + "/action", merged(t, fileImage, `{"architecture":"mips"}`)},
		{"IMG.0001", imsImages + "/action", merged(t, fileImage, `{"hw_firmware_type":"efi"}`)},
		{"IMG.0001", imsImages + "/action", merged(t, fileImage, `{"cmk_id":"key"}`)},
		{"IMG.0001", imsImages + "/action", merged(t, fileImage, `{"is_quick_import":true,"os_version":""}`)},
		{"IMG.0001", imsImages + "/action", merged(t, fileImage, `{"image_tags":[{"key":""}]}`)},
		{"IMG.0001", "/ims/v1/cloudimages/dataimages/action", `{"name":"d","image_url":"images:d.vhd","min_disk":2049}`},
		{"IMG.0001", "/ims/v1/cloudimages/wholeimages/action", `{"name":"w","instance_id":"` + s + `"}`},
		{"IMG.0001", "/ims/v1/cloudimages/wholeimages/action", `{"name":"w","backup_id":"` + imsVault + `"}`},
		{"IMG.0052", "/ims/v1/cloudimages/" + ubuntu + "/copy", `{"name":"c"}`},
		{"IMG.0052", "/ims/v1/cloudimages/" + whole + "/copy", `{"name":"c"}`},
	} {
		f.refused(400, refusal.code, "POST", refusal.path, refusal.body)
	}
	f.refused(404, "IMG.0086", "POST", "/ims/v1/cloudimages/nowhere/copy", `{"name":"c"}`)

	used := f.do(200, "GET", "/ims/v1/cloudimages/quota", "")
	f.control(200, "PUT", "config", fmt.Sprintf(`{"quotas":{"image":%v}}`, used.get("quotas", "resources", 0, "used")))
	f.refused(403, "IMG.0065", "POST", imsImages+"/action", fileImage)
	f.control(200, "PUT", "config", `{"quotas":{"image":100},"fail_jobs":["createImageByFile"]}`)
	job := f.do(200, "POST", imsImages+"/action", merged(t, fileImage, `{"name":"lost"}`)).str("job_id")
	f.want(f.do(200, "GET", imsJobs+job, ""), map[string]any{"status": "FAIL", "entities": map[string]any{}})
	f.want(f.do(200, "GET", imsImages+"?name=lost", ""), map[string]any{"images": []any{}})
}

// To replace what is not there is refused, as it is by the real one; all is changed or nothing.
func TestImagePatch(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	id := c.imageMade()
	one := imsImages + "/" + id
	c.refused(400, "IMG.0035", "PATCH", one, `[{"op":"replace","path":"/name","value":"other"},{"op":"replace","path":"/__description","value":"d"}]`)
	c.want(c.do(200, "GET", glanceList+"/"+id, ""), map[string]any{"name": "mine"})
	c.want(c.do(200, "PATCH", one, `[{"op":"add","path":"/__description","value":"d"},{"op":"add","path":"/max_ram","value":4096},{"op":"replace","path":"/min_ram","value":"2048"}]`), map[string]any{
		"__description": "d", "max_ram": "4096", "min_ram": 2048, "id": id,
	})
	c.do(200, "PATCH", one, `[{"op":"remove","path":"/max_ram"},{"op":"replace","path":"/hw_firmware_type","value":"uefi"},{"op":"add","path":"/os_shutdown_timeout","value":"60"},{"op":"replace","path":"/__os_version","value":"x"}]`)
	c.want(c.do(200, "GET", glanceList+"/"+id, ""), map[string]any{"max_ram": nil, "hw_firmware_type": "uefi", "os_shutdown_timeout": "60", "__os_version": "x"})
	for _, body := range []string{
		`[{"op":"move","path":"/name","value":"a"}]`, `[{"op":"remove","path":"/name"}]`, `[{"op":"replace","path":"/owner","value":"a"}]`,
		`[{"op":"replace","path":"/min_ram","value":"a"}]`, `[{"op":"add","path":"/max_ram","value":-1}]`, `[{"op":"replace","path":"/hw_firmware_type","value":"efi"}]`, `{}`,
		`[{"op":"remove","path":"/min_ram"}]`,
	} {
		c.refused(400, "IMG.0001", "PATCH", one, body)
	}
	c.refused(400, "IMG.0007", "PATCH", one, `[]`)
	c.refused(400, "IMG.0003", "PATCH", one, `[{"op":"replace","path":"/name","value":"a/b"}]`)
	c.refused(403, "IMG.0044", "PATCH", imsImages+"/"+ubuntu, `[{"op":"replace","path":"/name","value":"a"}]`)
	c.refused(403, "IMG.0044", "DELETE", glanceList+"/"+ubuntu, "")
	c.refused(404, "IMG.0086", "PATCH", imsImages+"/nowhere", `[{"op":"replace","path":"/name","value":"a"}]`)

	tags := "/ims/v2/" + north + "/images/" + id + "/tags"
	c.do(204, "POST", tags+"/action", `{"action":"create","tags":[{"key":"env","value":"prod"},{"key":"by","value":""}]}`)
	c.do(204, "POST", tags+"/action", `{"action":"delete","tags":[{"key":"by","value":""}]}`)
	c.want(c.do(200, "GET", tags, ""), map[string]any{"tags": []tag{{"env", "prod"}}})
	c.refused(400, "IMG.0001", "POST", tags+"/action", `{"action":"create","tags":[]}`)
	c.refused(403, "IMG.0044", "POST", strings.Replace(tags, id, ubuntu, 1)+"/action", `{"action":"create","tags":[{"key":"a","value":"b"}]}`)
}

// An image is shared with a project, which accepts or rejects it.
func TestImageMembers(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	id := c.imageMade()
	members := glanceList + "/" + id + "/members"
	as := func(project string, status int, method, path, body string) answer {
		t.Helper()
		h := c.request(method, path, body)
		h.Header.Set("X-Project-Id", project)
		a := c.send(h)
		if a.status != status {
			t.Fatalf("%s %s: %d %s", method, path, a.status, a.text)
		}
		return a
	}
	c.want(c.do(200, "POST", members, `{"member":"`+extra+`"}`), map[string]any{"status": "pending", "image_id": id, "member_id": extra, "member_type": "tenant"})
	c.refused(409, "IMG.0034", "POST", members, `{"member":"`+extra+`"}`)
	as(extra, 404, "GET", glanceList+"/"+id, "")
	if n := as(extra, 200, "GET", imsImages+"?visibility=shared&member_status=pending", "").len("images"); n != 1 {
		t.Errorf("%d images wait for an answer", n)
	}
	c.refused(403, "IMG.0044", "PUT", members+"/"+extra, `{"status":"accepted"}`)
	if a := as(extra, 400, "PUT", members+"/"+extra, `{"status":"pending"}`); a.str("error", "code") != "IMG.0001" {
		t.Errorf("refused with %s", a.text)
	}
	c.want(as(extra, 200, "PUT", members+"/"+extra, `{"status":"accepted"}`), map[string]any{"status": "accepted"})
	c.want(as(extra, 200, "GET", imsImages+"?__imagetype=shared", ""), map[string]any{"images.0.id": id, "images.0.visibility": "shared", "images.0.owner": north})
	as(extra, 403, "DELETE", glanceList+"/"+id, "")
	as(extra, 200, "POST", "/ims/v1/cloudimages/"+id+"/copy", `{"name":"c"}`)
	as(extra, 200, "PUT", members+"/"+extra, `{"status":"rejected"}`)
	if n := as(extra, 200, "GET", imsImages+"?__imagetype=shared", "").len("images"); n != 0 {
		t.Errorf("%d images are listed that were rejected", n)
	}
	as(extra, 200, "GET", glanceList+"/"+id, "") // it can be used all the same

	other := strings.Repeat("0", 31)
	c.do(200, "POST", members, `{"member":"`+other+`1"}`)
	for _, list := range []string{members, "/ims/v1/" + north + "/cloudimages/" + id + "/members"} {
		c.want(c.do(200, "GET", list+"?limit=1", ""), map[string]any{"page_info.current_count": 1, "members.1": nil})
		if n := c.do(200, "GET", list, "").len("members"); n != 2 {
			t.Errorf("%d members", n)
		}
		c.want(c.do(200, "GET", list+"/"+extra, ""), map[string]any{"status": "rejected"})
	}
	c.refused(400, "IMG.0033", "POST", members, `{"member":"cn-north-4"}`)
	c.refused(400, "IMG.0033", "POST", members, `{"member":"`+north+`"}`)
	c.refused(400, "IMG.0099", "POST", glanceList+"/"+c.imageMade(`{"cmk_id":"`+imsVault+`"}`)+"/members", `{"member":"`+extra+`"}`)
	c.refused(403, "IMG.0044", "POST", glanceList+"/"+ubuntu+"/members", `{"member":"`+extra+`"}`)
	c.control(200, "PUT", "config", `{"quotas":{"image_member":2}}`)
	c.refused(403, "IMG.0066", "POST", members, `{"member":"`+other+`2"}`)
	c.do(204, "DELETE", members+"/"+extra, "")
	c.refused(404, "IMG.0086", "DELETE", members+"/"+extra, "")
	c.refused(404, "IMG.0086", "GET", members+"/"+extra, "")
	c.do(204, "DELETE", glanceList+"/"+id, "")
	c.refused(404, "IMG.0086", "GET", members+"/"+other+"1", "")
	if len(c.cloud.ims.members.order) != 0 {
		t.Error("what was shared with is left without an image")
	}
}
