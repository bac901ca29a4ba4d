package sandbox

import (
	"net/url"
	"slices"
	"testing"
	"time"
)

func TestImages(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	list := func(query string) []string {
		t.Helper()
		a := c.do(200, "GET", "/ims/v2/cloudimages?"+query, "")
		names := []string{}
		for i := range a.len("images") {
			names = append(names, a.str("images", i, "name"))
		}
		slices.Sort(names)
		return names
	}
	arm := []string{"Huawei Cloud EulerOS 2.0 64bit with ARM", "Ubuntu 22.04 server 64bit with ARM"}
	for query, want := range map[string][]string{
		"name=" + url.QueryEscape("Ubuntu 22.04 server 64bit"): {"Ubuntu 22.04 server 64bit"},
		"id=" + centos:                        {"CentOS 7.9 64bit"},
		"id=nowhere":                          {},
		"__os_type=Windows":                   {"Windows Server 2019 Standard 64bit English"},
		"__platform=CentOS&visibility=public": {"CentOS 7.9 64bit"},
		"architecture=arm":                    arm,
		"__support_arm=true":                  arm,
		"flavor_id=kc1.large.2":               arm,
		"flavor_id=nothing":                   {},
		"__imagetype=private":                 {},
		"__imagetype=gold&protected=True&min_disk=40&architecture=arm": arm,
		"created_at=gt:2999-01-01T00:00:00Z":                           {},
		"created_at=lt:2999-01-01T00:00:00Z&__os_type=Windows":         {"Windows Server 2019 Standard 64bit English"},
		"tag=mine": {},
	} {
		if got := list(query); !slices.Equal(got, want) {
			t.Errorf("%s: %v instead of %v", query, got, want)
		}
	}
	if got := list("architecture=x86&__isregistered=true&status=active&enterprise_project_id=all_granted_eps"); len(got) != 6 {
		t.Errorf("for x86 there are %v", got)
	}
	for _, query := range []string{"sort_key=x", "marker=nowhere", "limit=x", "created_at=soon"} {
		c.refused(400, map[bool]string{true: "IMG.0027", false: "IMG.0001"}[query == "marker=nowhere"], "GET", "/ims/v2/cloudimages?"+query, "")
	}

	c.want(c.do(200, "GET", "/ims/v2/images/"+ubuntu, ""), map[string]any{
		"name": "Ubuntu 22.04 server 64bit", "status": "active", "protected": true, "visibility": "public", "__imagetype": "gold", "min_disk": 40,
		"__os_version": "Ubuntu 22.04 server 64bit", "hw_firmware_type": "bios", "__support_arm": nil, "project_id": nil,
		"self": "/v2/images/" + ubuntu,
	})
	c.want(c.do(200, "GET", "/ims/v2/images/"+ubuntuA, ""), map[string]any{"hw_firmware_type": "uefi", "__support_arm": "true"})
	c.refused(404, "IMG.0086", "GET", "/ims/v2/images/nowhere", "")
	c.want(c.do(200, "GET", "/ims/v2/"+north+"/images/"+ubuntu+"/tags", ""), map[string]any{"tags": []any{}})
	c.refused(400, "Common.0011", "GET", "/ims/v1/"+north+"/jobs/nowhere", "")
}

func TestImagePages(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	var names []string
	path := "/v2/images?sort_key=name&sort_dir=asc&limit=3"
	for range publicImages {
		a := c.do(200, "GET", "/ims"+path, "")
		for i := range a.len("images") {
			names = append(names, a.str("images", i, "name"))
		}
		if path = a.str("next"); path == "" {
			break
		}
	}
	if len(names) != len(publicImages) || !slices.IsSorted(names) {
		t.Errorf("the pages have %v", names)
	}
	a := c.do(200, "GET", "/ims/v2/cloudimages?limit=3&sort_key=name&sort_dir=asc&marker="+centos, "")
	c.want(a, map[string]any{"images.0.name": names[1], "images.3": nil})
}

// Images that are somebody's own are for nobody else.
func TestPrivateImages(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	mine := image{meta: meta{CreatedAt: time.Now()}, Name: "mine", Status: "active", Type: "private", Tags: []string{}}
	id := c.cloud.ims.images.add(north, &mine).ID
	c.do(200, "GET", "/ims/v2/images/"+id, "")
	c.want(c.do(200, "GET", "/ims/v2/cloudimages?__imagetype=private", ""), map[string]any{"images.0.id": id})
	h := c.request("GET", "/ims/v2/images/"+id, "")
	h.Header.Set("X-Project-Id", extra)
	if a := c.send(h); a.status != 404 {
		t.Errorf("another project sees it: %d %s", a.status, a.text)
	}
}
