package sandbox

import (
	"encoding/json"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

const (
	volumes1  = "/evs/v2.1/" + north + "/cloudvolumes"
	volumes   = "/evs/v2/" + north + "/cloudvolumes"
	snapshots = "/evs/v2/" + north + "/cloudsnapshots"
	zoneA     = "cn-north-4a"
)

// merged is a JSON object with the fields of another; null takes a field away.
func merged(t *testing.T, base, change string) string {
	t.Helper()
	var all, some map[string]any
	if err := json.Unmarshal([]byte(base), &all); err != nil {
		t.Fatalf("%v: %s", err, base)
	}
	if change != "" {
		if err := json.Unmarshal([]byte(change), &some); err != nil {
			t.Fatalf("%v: %s", err, change)
		}
	}
	for key, value := range some {
		if all[key] = value; value == nil {
			delete(all, key)
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// volumeBody is a request for a volume whose id the answer tells.
func volumeBody(t *testing.T, change string) string {
	t.Helper()
	v := merged(t, `{"name":"data","availability_zone":"cn-north-4a","volume_type":"SSD","size":40}`, change)
	var fields map[string]any
	if err := json.Unmarshal([]byte(v), &fields); err != nil {
		t.Fatal(err)
	}
	metadata, _ := fields["metadata"].(map[string]any)
	if metadata == nil {
		metadata = map[string]any{}
	}
	metadata["create_for_volume_id"] = "true"
	fields["metadata"] = metadata
	text, err := json.Marshal(map[string]any{"volume": fields})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// volume makes a volume and returns its id.
func (c *client) volume(change string) string {
	c.t.Helper()
	return c.do(202, "POST", volumes1, volumeBody(c.t, change)).str("volume_ids", 0)
}

// refused expects an answer's status and code, in the vendor's form.
func (c *client) refused(status int, code, method, path, body string) {
	c.t.Helper()
	a := c.send(c.request(method, path, body))
	if a.status != status || a.str("error", "code") != code || a.str("error", "message") == "" {
		c.t.Errorf("%s %s %s: %d %s instead of %d %s", method, path, body, a.status, a.text, status, code)
	}
}

func TestVolumeLifecycle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{JobMS: 10_000})
		made := c.do(202, "POST", volumes1, volumeBody(t, `{"description":"d","tags":{"env":"test"},"metadata":{"mine":"1"}}`))
		path, job := volumes+"/"+made.str("volume_ids", 0), "/evs/v1/"+north+"/jobs/"+made.str("job_id")

		c.want(c.do(200, "GET", job, ""), map[string]any{"status": "INIT", "end_time": "", "error_code": nil, "job_type": "createVolume"})
		c.refused(404, "EVS.5404", "GET", path, "")
		c.want(c.do(200, "GET", volumes+"/detail", ""), map[string]any{"count": 0})

		time.Sleep(2 * time.Second)
		c.want(c.do(200, "GET", job, ""), map[string]any{"status": "RUNNING"})
		c.want(c.do(200, "GET", path, ""), map[string]any{"volume.status": "creating"})
		c.refused(400, "EVS.1046", "DELETE", path, "")
		c.refused(400, "EVS.1064", "POST", volumes1+"/"+made.str("volume_ids", 0)+"/action", `{"os-extend":{"new_size":50}}`)

		time.Sleep(8 * time.Second)
		c.want(c.do(200, "GET", job, ""), map[string]any{"status": "SUCCESS", "entities.volume_id": made.str("volume_ids", 0)})
		a := c.do(200, "GET", path, "")
		c.want(a, map[string]any{
			"volume.status": "available", "volume.size": 40, "volume.name": "data", "volume.description": "d",
			"volume.bootable": "false", "volume.shareable": "false", "volume.multiattach": false, "volume.volume_type": "SSD",
			"volume.availability_zone": zoneA, "volume.tags": map[string]string{"env": "test"}, "volume.attachments": []any{},
			"volume.metadata.mine": "1", "volume.metadata.quantityGB": "40", "volume.metadata.create_for_volume_id": nil,
			"volume.snapshot_id": nil, "volume.enterprise_project_id": "0", "volume.service_type": "EVS",
			"volume.created_at": "2000-01-01T00:00:00.000000", "volume.job": nil, "volume.project_id": nil,
		})

		extend := c.do(202, "POST", volumes1+"/"+made.str("volume_ids", 0)+"/action", `{"os-extend":{"new_size":50}}`)
		c.want(c.do(200, "GET", path, ""), map[string]any{"volume.status": "extending", "volume.size": 40})
		c.refused(400, "EVS.1064", "POST", volumes1+"/"+made.str("volume_ids", 0)+"/action", `{"os-extend":{"new_size":60}}`)
		time.Sleep(10 * time.Second)
		c.want(c.do(200, "GET", path, ""), map[string]any{"volume.status": "available", "volume.size": 50})
		c.want(c.do(200, "GET", "/evs/v1/"+north+"/jobs/"+extend.str("job_id"), ""), map[string]any{"status": "SUCCESS", "job_type": "extendVolume"})

		c.do(202, "POST", "/evs/v2/"+north+"/volumes/"+made.str("volume_ids", 0)+"/retype", `{"os-retype":{"new_type":"GPSSD2","iops":3000,"throughput":125}}`)
		c.want(c.do(200, "GET", path, ""), map[string]any{"volume.status": "retyping", "volume.volume_type": "SSD"})
		time.Sleep(10 * time.Second)
		c.want(c.do(200, "GET", path, ""), map[string]any{
			"volume.status": "available", "volume.volume_type": "GPSSD2", "volume.iops.total_val": 3000, "volume.throughput.total_val": 125,
		})
		c.do(202, "PUT", "/evs/v5/"+north+"/cloudvolumes/"+made.str("volume_ids", 0)+"/qos", `{"qos_modify":{"iops":4000,"throughput":200}}`)
		time.Sleep(10 * time.Second)
		c.want(c.do(200, "GET", path, ""), map[string]any{"volume.iops.total_val": 4000, "volume.throughput.total_val": 200})

		c.want(c.do(200, "PUT", path, `{"volume":{"name":"new"}}`), map[string]any{"name": "new", "description": "d"})
		c.want(c.do(200, "PUT", path, `{"volume":{"description":""}}`), map[string]any{"name": "new", "description": ""})

		gone := c.do(200, "DELETE", path, "")
		c.want(c.do(200, "GET", path, ""), map[string]any{"volume.status": "deleting"})
		time.Sleep(10 * time.Second)
		c.refused(404, "EVS.5404", "GET", path, "")
		c.want(c.do(200, "GET", "/evs/v1/"+north+"/jobs/"+gone.str("job_id"), ""), map[string]any{"status": "SUCCESS", "job_type": "deleteVolume"})
	})
}

func TestVolumeCreateRefusals(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	const image = "5a0d80c0-1111-4111-8111-000000002204"
	for _, x := range []struct{ change, code string }{
		{`{"availability_zone":"cn-north-4z"}`, "EVS.1036"},
		{`{"availability_zone":"cn-east-3a"}`, "EVS.1036"},
		{`{"volume_type":"FAST"}`, "EVS.1020"},
		{`{"volume_type":"ESSD","availability_zone":"cn-north-4c"}`, "EVS.2071"},
		{`{"volume_type":"SATA"}`, "EVS.2072"},
		{`{"size":9}`, "EVS.1010"},
		{`{"size":32769}`, "EVS.1010"},
		{`{"size":-1}`, "EVS.1010"},
		{`{"size":"40"}`, "EVS.5400"},
		{`{"imageRef":"5a0d80c0-1111-4111-8111-000000002204","size":39}`, "EVS.1010"},
		{`{"imageRef":"5a0d80c0-1111-4111-8111-000000002204","size":1025}`, "EVS.1010"},
		{`{"imageRef":"nowhere"}`, "EVS.2046"},
		{`{"imageRef":"` + image + `","multiattach":true}`, "EVS.2094"},
		{`{"imageRef":"` + image + `","snapshot_id":"x"}`, "EVS.1016"},
		{`{"imageRef":"` + image + `","metadata":{"hw:passthrough":"true"}}`, "EVS.1043"},
		{`{"snapshot_id":"nowhere"}`, "EVS.2045"},
		{`{"backup_id":"nowhere"}`, "EVS.1006"},
		{`{"iops":3000}`, "EVS.1009"},
		{`{"throughput":125}`, "EVS.1009"},
		{`{"volume_type":"GPSSD2"}`, "EVS.1009"},
		{`{"volume_type":"GPSSD2","iops":3000}`, "EVS.1009"},
		{`{"volume_type":"GPSSD2","iops":3000,"throughput":751}`, "EVS.1009"},
		{`{"volume_type":"GPSSD2","iops":20001,"throughput":125}`, "EVS.1009"},
		{`{"volume_type":"ESSD2","iops":100,"throughput":125}`, "EVS.1009"},
		{`{"metadata":{"hw:passthrough":"yes"}}`, "EVS.1057"},
		{`{"metadata":{"full_clone":"2"}}`, "EVS.1063"},
		{`{"metadata":{"__system__encrypted":"1"}}`, "EVS.2041"},
		{`{"metadata":{"__system__encrypted":"1","__system__cmkid":"short"}}`, "EVS.2041"},
		{`{"count":0}`, "EVS.1021"},
		{`{"count":101}`, "EVS.1021"},
		{`{"tags":{"a b":"c"}}`, "EVS.1062"},
		{`{"tags":{"1":"","2":"","3":"","4":"","5":"","6":"","7":"","8":"","9":"","10":"","11":""}}`, "EVS.1061"},
		{fmt.Sprintf(`{"name":"%0256d"}`, 0), "EVS.1003"},
		{fmt.Sprintf(`{"description":"%0256d"}`, 0), "EVS.1004"},
	} {
		c.refused(400, x.code, "POST", volumes1, volumeBody(t, x.change))
	}
	c.refused(400, "EVS.1008", "POST", volumes1, `{}`)
	c.refused(400, "EVS.1009", "POST", volumes1, `{"volume":{"name":"x"},"bssParam":{"chargingMode":"prePaid"}}`)
	c.refused(400, "EVS.2093", "POST", volumes1, `{"volume":{"name":"x"},"OS-SCH-HNT:scheduler_hints":{"dedicated_storage_id":"x"}}`)
	c.want(c.do(200, "GET", volumes+"/detail", ""), map[string]any{"count": 0})

	// What is just inside the limits is made.
	for _, change := range []string{
		`{"size":10}`, `{"size":32768}`, `{"size":10.9}`,
		`{"imageRef":"` + image + `","size":40}`, `{"imageRef":"` + image + `","size":1024}`,
		`{"volume_type":"GPSSD2","iops":20000,"throughput":1000}`, `{"volume_type":"ESSD2","iops":100}`,
		`{"metadata":{"__system__encrypted":"1","__system__cmkid":"5a0d80c0-1111-4111-8111-000000002204"}}`,
	} {
		c.volume(change)
	}
}

func TestVolumeSources(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	boot := c.volume(`{"imageRef":"5a0d80c0-1111-4111-8111-000000002204"}`)
	c.want(c.do(200, "GET", volumes+"/"+boot, ""), map[string]any{
		"volume.bootable": "true", "volume.volume_image_metadata.image_name": "Ubuntu 22.04 server 64bit",
		"volume.volume_image_metadata.image_id": "5a0d80c0-1111-4111-8111-000000002204",
	})

	made := c.do(202, "POST", snapshots, fmt.Sprintf(`{"snapshot":{"volume_id":%q,"name":"s","metadata":{"a":"b"}}}`, boot))
	c.want(made, map[string]any{"snapshot.status": "creating", "snapshot.size": 40, "snapshot.volume_id": boot})
	id := made.str("snapshot", "id")
	c.want(c.do(200, "GET", snapshots+"/"+id, ""), map[string]any{"snapshot.status": "available", "snapshot.metadata.a": "b"})
	from := fmt.Sprintf(`{"snapshot_id":%q}`, id)
	for change, code := range map[string]string{
		`{"size":39}`:                                         "EVS.1010",
		`{"volume_type":"SAS"}`:                               "EVS.2096",
		`{"availability_zone":"cn-north-4b"}`:                 "EVS.2054",
		`{"metadata":{"__system__encrypted":"0"}}`:            "EVS.1043",
		`{"imageRef":"5a0d80c0-1111-4111-8111-000000002204"}`: "EVS.1016",
	} {
		c.refused(400, code, "POST", volumes1, volumeBody(t, merged(t, from, change)))
	}
	copied := c.volume(merged(t, from, `{"size":50}`))
	c.want(c.do(200, "GET", volumes+"/"+copied, ""), map[string]any{"volume.bootable": "true", "volume.snapshot_id": id, "volume.size": 50})

	c.refused(400, "EVS.5400", "DELETE", volumes+"/"+boot, "")
	c.do(200, "DELETE", volumes+"/"+boot+"?cascade=true", "")
	c.refused(404, "EVS.5404", "GET", volumes+"/"+boot, "")
	c.refused(404, "EVS.5404", "GET", snapshots+"/"+id, "")
}

func TestSnapshots(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{})
		v := c.volume("")
		c.do(200, "GET", volumes+"/"+v, "")
		c.control(200, "PUT", "config", `{"job_ms":10000}`)
		body := fmt.Sprintf(`{"snapshot":{"volume_id":%q,"name":"s"}}`, v)
		s := c.do(202, "POST", snapshots, body).str("snapshot", "id")
		c.refused(409, "EVS.2409", "POST", snapshots, body)
		c.refused(400, "EVS.1047", "DELETE", snapshots+"/"+s, "")
		c.refused(409, "EVS.2409", "DELETE", volumes+"/"+v+"?cascade=true", "")
		time.Sleep(10 * time.Second)
		c.want(c.do(200, "PUT", snapshots+"/"+s, `{"snapshot":{"name":"new","description":"d"}}`), map[string]any{"snapshot.name": "new", "snapshot.description": "d"})
		c.refused(400, "EVS.5400", "PUT", snapshots+"/"+s, `{"snapshot":{"name":"autobk_snapshot_1"}}`)
		c.refused(400, "EVS.5400", "POST", snapshots, fmt.Sprintf(`{"snapshot":{"volume_id":%q,"name":"autobk_snapshot_1"}}`, v))
		c.refused(404, "EVS.5404", "POST", snapshots, `{"snapshot":{"volume_id":"nowhere"}}`)
		native := "/evs/v2/" + north + "/snapshots/" + s + "/metadata"
		c.do(200, "POST", native, `{"metadata":{"a":"1","b":"2"}}`)
		c.do(200, "POST", native, `{"metadata":{"b":"3"}}`)
		c.do(200, "DELETE", native+"/a", "")
		c.want(c.do(200, "GET", native, ""), map[string]any{"metadata.a": nil, "metadata.b": "3"})
		c.want(c.do(404, "DELETE", native+"/a", ""), map[string]any{"itemNotFound.code": 404})
		c.want(c.do(400, "POST", native, `{}`), map[string]any{"badRequest.code": 400})

		c.want(c.do(202, "POST", snapshots+"/"+s+"/rollback", fmt.Sprintf(`{"rollback":{"volume_id":%q}}`, v)), map[string]any{"rollback.volume_id": v})
		c.want(c.do(200, "GET", volumes+"/"+v, ""), map[string]any{"volume.status": "rollbacking"})
		time.Sleep(10 * time.Second)
		c.want(c.do(200, "GET", volumes+"/"+v, ""), map[string]any{"volume.status": "available"})
		c.refused(400, "EVS.5400", "POST", snapshots+"/"+s+"/rollback", `{"rollback":{"volume_id":"other"}}`)

		c.control(200, "PATCH", "objects/volume/"+v, `{"status":"in-use","attachments":[{"server_id":"x","device":"/dev/vdb"}]}`)
		c.refused(400, "EVS.5400", "POST", snapshots, body)
		second := c.do(202, "POST", snapshots, fmt.Sprintf(`{"snapshot":{"volume_id":%q,"name":"t","force":true}}`, v)).str("snapshot", "id")
		time.Sleep(10 * time.Second)
		c.want(c.do(200, "GET", snapshots+"/detail?limit=1", ""), map[string]any{"count": 2, "snapshots.0.id": second, "snapshots.0.service_type": "EVS"})
		c.want(c.do(200, "GET", snapshots+"/detail?limit=1&offset=1", ""), map[string]any{"snapshots.0.id": s, "snapshots_links": nil})
		c.want(c.do(200, "GET", snapshots+"/detail?id="+s+"&id="+second+"&name=new", ""), map[string]any{"count": 1})

		c.do(202, "DELETE", snapshots+"/"+s, "")
		c.want(c.do(200, "GET", snapshots+"/"+s, ""), map[string]any{"snapshot.status": "deleting"})
		time.Sleep(10 * time.Second)
		c.refused(404, "EVS.5404", "GET", snapshots+"/"+s, "")
	})
}

func TestVolumeChangeRefusals(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	id := c.volume("")
	action, retype := volumes1+"/"+id+"/action", "/evs/v2/"+north+"/volumes/"+id+"/retype"
	qos := "/evs/v5/" + north + "/cloudvolumes/" + id + "/qos"
	c.refused(400, "EVS.1015", "POST", action, `{"os-extend":{"new_size":40}}`)
	c.refused(400, "EVS.1015", "POST", action, `{"os-extend":{"new_size":39}}`)
	c.refused(400, "EVS.1010", "POST", action, `{"os-extend":{"new_size":32769}}`)
	c.refused(400, "EVS.1011", "POST", action, `{}`)
	c.refused(404, "EVS.5404", "POST", volumes1+"/nowhere/action", `{"os-extend":{"new_size":50}}`)
	for _, name := range []string{"SSD", "NONE", "SATA", "ESSD2"} {
		c.refused(400, "EVS.2087", "POST", retype, fmt.Sprintf(`{"os-retype":{"new_type":%q}}`, name))
	}
	c.refused(400, "EVS.1009", "POST", retype, `{"os-retype":{"new_type":"GPSSD2"}}`)
	c.refused(400, "EVS.2070", "PUT", qos, `{"qos_modify":{"iops":3000}}`)
	c.refused(400, "EVS.1007", "PUT", volumes+"/"+id, `{"volume":{}}`)
	c.refused(400, "EVS.1001", "PUT", volumes+"/"+id, `{}`)
	c.refused(404, "EVS.5404", "PUT", volumes+"/nowhere", `{"volume":{"name":"x"}}`)
	c.refused(400, "Common.0011", "GET", "/evs/v1/"+north+"/jobs/nowhere", "")

	shared := c.volume(`{"multiattach":true}`)
	c.control(200, "PATCH", "objects/volume/"+shared, `{"status":"in-use","attachments":[{"server_id":"x"}]}`)
	c.refused(400, "EVS.1065", "POST", volumes1+"/"+shared+"/action", `{"os-extend":{"new_size":50}}`)
	c.refused(400, "EVS.1046", "DELETE", volumes+"/"+shared, "")

	boot := c.volume(`{"imageRef":"5a0d80c0-1111-4111-8111-000000002204"}`)
	c.refused(400, "EVS.1010", "POST", volumes1+"/"+boot+"/action", `{"os-extend":{"new_size":1025}}`)
}

func TestVolumeBatchAndTokens(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	body := volumeBody(t, `{"count":3}`)
	send := func(token, body string) answer {
		h := c.request("POST", volumes1, body)
		h.Header.Set("X-Client-Token", token)
		return c.send(h)
	}
	const token = "5a0d80c0-2222-4222-8222-000000000001"
	first := send(token, body)
	if first.status != 202 || first.len("volume_ids") != 3 {
		t.Fatalf("%d %s", first.status, first.text)
	}
	c.want(c.do(200, "GET", volumes+"/"+first.str("volume_ids", 1), ""), map[string]any{"volume.name": "data-0002"})
	c.want(c.do(200, "GET", "/evs/v1/"+north+"/jobs/"+first.str("job_id"), ""), map[string]any{
		"job_type": "batchCreateVolume", "status": "SUCCESS", "entities.sub_jobs.2.entities.volume_id": first.str("volume_ids", 2),
	})
	if again := send(token, body); again.status != 202 || again.text != first.text {
		t.Errorf("the same request again: %d %s", again.status, again.text)
	}
	c.want(c.do(200, "GET", volumes+"/detail", ""), map[string]any{"count": 3})
	if other := send(token, volumeBody(t, "")); other.status != 400 || other.str("error", "code") != "EVS.2219" {
		t.Errorf("another request with the token: %d %s", other.status, other.text)
	}
	if bad := send("token", body); bad.status != 400 || bad.str("error", "code") != "EVS.2218" {
		t.Errorf("a token that is no UUID: %d %s", bad.status, bad.text)
	}

	// Without being asked for, ids are not told; the job knows them.
	quiet := c.do(202, "POST", volumes1, `{"volume":{"availability_zone":"cn-north-4a","volume_type":"SAS","size":10}}`)
	c.want(quiet, map[string]any{"volume_ids": nil})
	id := c.do(200, "GET", "/evs/v1/"+north+"/jobs/"+quiet.str("job_id"), "").str("entities", "volume_id")
	c.do(200, "GET", volumes+"/"+id, "")
}

func TestVolumeQuotas(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	c.control(200, "PUT", "config", `{"quotas":{"volume":2,"gigabytes":100,"snapshot":1}}`)
	id := c.volume("")
	c.refused(400, "EVS.1034", "POST", volumes1, volumeBody(t, `{"count":2,"size":10}`))
	c.refused(400, "EVS.1042", "POST", volumes1, volumeBody(t, `{"size":61}`))
	c.refused(400, "EVS.1042", "POST", volumes1+"/"+id+"/action", `{"os-extend":{"new_size":101}}`)
	c.do(202, "POST", snapshots, fmt.Sprintf(`{"snapshot":{"volume_id":%q}}`, id))
	c.refused(413, "EVS.5413", "POST", snapshots, fmt.Sprintf(`{"snapshot":{"volume_id":%q}}`, id))
	quotas := "/evs/v2/" + north + "/os-quota-sets/"
	c.want(c.do(200, "GET", quotas+north+"?usage=True", ""), map[string]any{
		"quota_set.volumes": map[string]int{"limit": 2, "in_use": 1, "reserved": 0}, "quota_set.gigabytes.in_use": 40,
		"quota_set.snapshots.in_use": 1, "quota_set.volumes_SSD.in_use": 1, "quota_set.gigabytes_SSD.limit": -1,
	})
	c.do(400, "GET", quotas+north, "")
	c.do(403, "GET", quotas+extra+"?usage=True", "")
}

func TestVolumeList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{})
		var ids []string
		for i := range 5 {
			time.Sleep(time.Second)
			ids = append(ids, c.volume(fmt.Sprintf(`{"name":"v%d","size":%d,"metadata":{"n":"%d"}}`, i, 100-i, i)))
		}
		c.do(202, "POST", "/evs/v2.1/"+extra+"/cloudvolumes", volumeBody(t, ""))
		time.Sleep(time.Second)

		count := func(query string, want int) {
			t.Helper()
			if a := c.do(200, "GET", volumes+"/detail?"+query, ""); a.len("volumes") != want {
				t.Errorf("%s: %d volumes instead of %d", query, a.len("volumes"), want)
			}
		}
		count("", 5)
		count("name=v3", 1)
		count("id="+ids[0], 1)
		count("ids=['"+ids[0]+"','"+ids[1]+"','nowhere']", 2)
		count("status=available&availability_zone=cn-north-4a&multiattach=false&service_type=EVS", 5)
		count("status=error", 0)
		count("server_id=x", 0)
		count("metadata={%27n%27:%272%27}", 1)
		count("volume_type_id="+volumeTypeID("SSD"), 5)
		count("enterprise_project_id=all_granted_eps", 5)
		count("enterprise_project_id=other", 0)
		count("offset=3", 2)
		count("limit=2&offset=1", 2)

		// The youngest comes first; a page leads to the next.
		first := c.do(200, "GET", volumes+"/detail?limit=3", "")
		c.want(first, map[string]any{"count": 5, "volumes.0.id": ids[4], "volumes_links.0.rel": "next"})
		rest := c.do(200, "GET", volumes+"/detail?limit=3&marker="+first.str("volumes", 2, "id"), "")
		c.want(rest, map[string]any{"count": 5, "volumes.0.id": ids[1], "volumes.1.id": ids[0], "volumes_links": nil})
		c.want(c.do(200, "GET", volumes+"/detail?sort_key=size&sort_dir=asc", ""), map[string]any{"volumes.0.id": ids[4], "volumes.4.id": ids[0]})
		for query, code := range map[string]string{
			"limit=0": "EVS.1023", "limit=x": "EVS.1023", "limit=1001": "EVS.2142", "marker=nowhere": "EVS.1024",
			"sort_key=x": "EVS.1039", "sort_dir=x": "EVS.1040", "metadata=x": "EVS.1058",
		} {
			c.refused(400, code, "GET", volumes+"/detail?"+query, "")
		}
		time.Sleep(5 * time.Second)
		c.control(200, "PUT", "config", `{"consistency_lag_ms":5000}`)
		late := c.volume("")
		c.refused(404, "EVS.5404", "GET", volumes+"/"+late, "")
		count("", 5)
		time.Sleep(5 * time.Second)
		c.do(200, "GET", volumes+"/"+late, "")
		count("", 6)
	})
}

func TestVolumeTags(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	id := c.volume(`{"tags":{"a":"1"}}`)
	other := c.volume(`{"tags":{"a":"2"}}`)
	path := volumes + "/" + id + "/tags"
	c.do(204, "POST", path+"/action", `{"action":"create","tags":[{"key":"a","value":"3"},{"key":"b","value":""}]}`)
	c.want(c.do(200, "GET", path, ""), map[string]any{"tags": []tag{{"a", "3"}, {"b", ""}}})
	c.want(c.do(200, "GET", volumes+"/"+id, ""), map[string]any{"volume.tags": map[string]string{"a": "3", "b": ""}})
	c.do(204, "POST", path+"/action", `{"action":"delete","tags":[{"key":"b"}]}`)
	c.want(c.do(200, "GET", volumes+"/tags", ""), map[string]any{"tags": map[string][]string{"a": {"2", "3"}}})
	c.refused(400, "EVS.1062", "POST", path+"/action", `{"action":"create","tags":[{"key":"x=y","value":""}]}`)
	c.refused(400, "EVS.1062", "POST", path+"/action", fmt.Sprintf(`{"action":"create","tags":[{"key":"x","value":"%044d"}]}`, 0))
	c.refused(404, "EVS.5404", "POST", volumes+"/nowhere/tags/action", `{"action":"create","tags":[{"key":"x","value":""}]}`)
	c.want(c.do(200, "POST", volumes+"/resource_instances/action", `{"action":"filter","tags":[{"key":"a","values":["2"]}]}`), map[string]any{
		"total_count": 1, "resources.0.resource_id": other, "resources.0.resource_detail.size": 40, "resources.0.resource_detail.shareable": false,
	})
}

func TestVolumeMetadata(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	id := c.volume(`{"metadata":{"a":"1","hw:passthrough":"true"}}`)
	path := "/evs/v2/" + north + "/volumes/" + id + "/metadata"
	c.want(c.do(200, "POST", path, `{"metadata":{"b":"2"}}`), map[string]any{"metadata.a": "1", "metadata.b": "2"})
	c.want(c.do(200, "PUT", path+"/b", `{"meta":{"b":"3"}}`), map[string]any{"meta.b": "3"})
	c.want(c.do(200, "GET", path+"/b", ""), map[string]any{"meta": map[string]string{"b": "3"}})
	c.do(200, "DELETE", path+"/b", "")
	c.want(c.do(404, "DELETE", path+"/b", ""), map[string]any{"itemNotFound.code": 404})
	c.want(c.do(200, "PUT", path, `{"metadata":{"c":"4"}}`), map[string]any{"metadata.a": nil, "metadata.c": "4", "metadata.hw:passthrough": "true"})
	c.want(c.do(400, "POST", path, `{"metadata":{"hw:passthrough":"false"}}`), map[string]any{"badRequest.code": 400})
	c.do(403, "DELETE", path+"/hw:passthrough", "")
	c.do(400, "PUT", path+"/x", `{"meta":{"y":"3"}}`)
	c.want(c.do(200, "GET", volumes+"/"+id, ""), map[string]any{"volume.metadata.c": "4", "volume.serial_number": id})
}

func TestVolumeTypesAndZones(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	a := c.do(200, "GET", "/evs/v2/"+north+"/types", "")
	for i := range a.len("volume_types") {
		specs, _ := a.get("volume_types", i, "extra_specs").(map[string]any)
		if a.str("volume_types", i, "name") == "SSD" && (specs["RESKEY:availability_zones"] != "cn-north-4a,cn-north-4b,cn-north-4c" ||
			specs["os-vendor-extended:sold_out_availability_zones"] != "cn-north-4c") {
			t.Errorf("SSD is offered in %v", specs)
		}
	}
	if a.len("volume_types") != 7 {
		t.Errorf("%d types", a.len("volume_types"))
	}
	c.want(c.do(200, "GET", "/evs/v2/"+east+"/os-availability-zone", ""), map[string]any{
		"availabilityZoneInfo.2.zoneName": "cn-east-3c", "availabilityZoneInfo.2.zoneState.available": true,
	})
}

func TestFailedVolumeJobs(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	id := c.volume("")
	c.control(200, "PUT", "config", `{"fail_jobs":["createVolume","extendVolume","retypeVolume","deleteVolume"]}`)
	failed := c.do(202, "POST", volumes1, volumeBody(t, ""))
	job := c.do(200, "GET", "/evs/v1/"+north+"/jobs/"+failed.str("job_id"), "")
	c.want(job, map[string]any{"status": "FAIL", "error_code": "Common.0021"})
	if job.str("fail_reason") == "" {
		t.Error("no reason is told")
	}
	c.refused(404, "EVS.5404", "GET", volumes+"/"+failed.str("volume_ids", 0), "")
	c.do(202, "POST", "/evs/v2/"+north+"/volumes/"+id+"/retype", `{"os-retype":{"new_type":"SAS"}}`)
	c.want(c.do(200, "GET", volumes+"/"+id, ""), map[string]any{"volume.status": "available", "volume.volume_type": "SSD"})
	c.do(202, "POST", volumes1+"/"+id+"/action", `{"os-extend":{"new_size":50}}`)
	c.want(c.do(200, "GET", volumes+"/"+id, ""), map[string]any{"volume.status": "error_extending", "volume.size": 40})
	c.do(200, "DELETE", volumes+"/"+id, "")
	c.want(c.do(200, "GET", volumes+"/"+id, ""), map[string]any{"volume.status": "error_deleting"})
}

// What a test changes behind the API's back is what the API answers.
func TestVolumeDrift(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	id := c.volume("")
	c.do(200, "GET", volumes+"/"+id, "")
	c.control(200, "PATCH", "objects/volume/"+id, `{"name":"drifted","size":77,"tags":{"x":"y"},"status":"error","volume_type":"SAS"}`)
	c.want(c.do(200, "GET", volumes+"/"+id, ""), map[string]any{
		"volume.name": "drifted", "volume.size": 77, "volume.tags": map[string]string{"x": "y"}, "volume.status": "error", "volume.volume_type": "SAS",
	})
	c.control(200, "DELETE", "objects/volume/"+id, "")
	c.refused(404, "EVS.5404", "GET", volumes+"/"+id, "")
}
