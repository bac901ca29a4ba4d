package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestRouting(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, host, method, path string
		status                   int
		code                     string
	}{
		{"by path", "127.0.0.1:8750", "GET", "/vpc/v1/" + north + "/vpcs", 200, ""},
		{"by host", "vpc.cn-north-4.myhuaweicloud.com", "GET", "/v1/" + north + "/vpcs", 200, ""},
		{"by host without a region", "vpc.localhost:8750", "GET", "/v1/" + east + "/vpcs", 200, ""},
		{"the other region", "vpc.cn-east-3.myhuaweicloud.com", "GET", "/v1/" + east + "/vpcs", 200, ""},
		{"a region's host, another's project", "vpc.cn-east-3.myhuaweicloud.com", "GET", "/v1/" + north + "/vpcs", 403, "APIGW.0302"},
		{"IAM has no region", "iam.cn-east-3.myhuaweicloud.com", "GET", "/v3/projects/" + north, 200, ""},
		{"another account's project", "127.0.0.1:8750", "GET", "/vpc/v1/" + partner + "/vpcs", 403, "APIGW.0302"},
		{"no such project", "127.0.0.1:8750", "GET", "/vpc/v1/nothing/vpcs", 403, "APIGW.0302"},
		{"no such service", "127.0.0.1:8750", "GET", "/rds/v3/" + north + "/instances", 404, "APIGW.0101"},
		{"no service", "127.0.0.1:8750", "GET", "/", 404, "APIGW.0101"},
		{"no such operation", "127.0.0.1:8750", "GET", "/vpc/v1/" + north + "/nothing", 404, "APIGW.0101"},
		{"an empty id", "127.0.0.1:8750", "GET", "/vpc/v1/" + north + "/vpcs/", 404, "APIGW.0101"},
		{"a doubled slash", "127.0.0.1:8750", "GET", "/vpc/v1//vpcs", 404, "APIGW.0101"},
		{"another method", "127.0.0.1:8750", "PATCH", "/vpc/v1/" + north + "/vpcs", 405, "APIGW.0103"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, Options{})
			c.host = test.host
			a := c.do(test.status, test.method, test.path, "")
			if a.str("error_code") != test.code {
				t.Errorf("code %q instead of %q", a.str("error_code"), test.code)
			}
			if len(a.header.Get("X-Request-Id")) != 32 {
				t.Errorf("X-Request-Id is %q", a.header.Get("X-Request-Id"))
			}
		})
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	path := "/vpc/v1/" + north + "/vpcs"
	for _, test := range []struct {
		body   string
		status int
	}{
		{`{"vpc":{"name":"a","unknown":{"x":1}},"more":2}`, 200},
		{`{"vpc":{"name":null}}`, 200},
		{`{"vpc":{"name":5}}`, 400},
		{`{"vpc":[]}`, 400},
		{`{"vpc":{"tags":"a*b"}}`, 400},
		{`{"vpc":`, 400},
		{``, 400},
	} {
		t.Run(test.body, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, Options{})
			a := c.do(test.status, "POST", path, test.body)
			if test.status == 400 && (a.str("code") != "VPC.0101" || a.str("message") == "") {
				t.Errorf("%s", a.text)
			}
		})
	}
}

func TestThrottle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{RequestsPerSecond: 5})
		path := "/vpc/v1/" + north + "/vpcs"
		for range 5 {
			c.do(200, "GET", path, "")
		}
		a := c.do(429, "GET", path, "")
		c.want(a, map[string]any{
			"error_code": "APIGW.0308",
			"error_msg":  "The throttling threshold has been reached: policy ip over ratelimit,limit:5,time:1 second",
			"request_id": a.header.Get("X-Request-Id"),
		})
		if a.header.Get("Retry-After") != "" {
			t.Error("Retry-After is set")
		}
		c.do(200, "GET", "/iam/v3/regions", "") // another service has its own limit
		time.Sleep(time.Second)
		c.do(200, "GET", path, "")
	})
}

func TestLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{LatencyMS: 300})
		begin := time.Now()
		c.do(200, "GET", "/iam/v3/regions", "")
		if took := time.Since(begin); took != 300*time.Millisecond {
			t.Errorf("took %v", took)
		}
	})
}

func TestConsistencyLag(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{ConsistencyLagMS: 1500})
		id := c.vpc("10.0.0.0/8")
		paths := []string{"/vpc/v1/" + north + "/vpcs", "/vpc/v3/" + north + "/vpc/vpcs"}
		for _, path := range paths {
			c.do(404, "GET", path+"/"+id, "")
			if n := c.do(200, "GET", path, "").len("vpcs"); n != 0 {
				t.Errorf("%d VPCs are listed", n)
			}
		}
		c.subnet(id, "10.0.0.0/24", "10.0.0.1") // what uses the object finds it at once
		time.Sleep(1500 * time.Millisecond)
		for _, path := range paths {
			c.do(200, "GET", path+"/"+id, "")
			if n := c.do(200, "GET", path, "").len("vpcs"); n != 1 {
				t.Errorf("%d VPCs are listed", n)
			}
		}
		if n := c.do(200, "GET", "/vpc/v3/"+north+"/vpc/security-groups", "").len("security_groups"); n != 1 {
			t.Errorf("the default security group is hidden")
		}
	})
}

func TestQuota(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	c.control(200, "PUT", "config", `{"quotas":{"vpc":2}}`)
	c.vpc("10.0.0.0/8")
	c.vpc("10.0.0.0/8")
	a := c.do(409, "POST", "/vpc/v1/"+north+"/vpcs", `{"vpc":{}}`)
	c.want(a, map[string]any{"code": "VPC.0114", "message": "Quota exceeded for resources: ['router']."})
	c.do(200, "POST", "/vpc/v1/"+extra+"/vpcs", `{"vpc":{}}`) // each project has its own
	a = c.do(200, "GET", "/vpc/v1/"+north+"/quotas?type=vpc", "")
	c.want(a, map[string]any{"quotas.resources": []any{map[string]any{"type": "vpc", "used": 2, "quota": 2, "min": 0}}})
}

func TestMarkerPages(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	for range 7 {
		c.vpc("10.0.0.0/8")
	}
	path := "/vpc/v3/" + north + "/vpc/vpcs?limit=3"
	seen := map[string]bool{}
	marker, pages := "", 0
	for {
		a := c.do(200, "GET", path+marker, "")
		pages++
		for i := range a.len("vpcs") {
			seen[a.str("vpcs", i, "id")] = true
		}
		next := a.str("page_info", "next_marker")
		if next == "" {
			break
		}
		marker = "&marker=" + next
		if pages == 1 {
			c.do(204, "DELETE", "/vpc/v1/"+north+"/vpcs/"+next, "") // a page goes on although its marker is gone
		}
	}
	if len(seen) != 7 || pages != 3 {
		t.Errorf("%d VPCs on %d pages", len(seen), pages)
	}
	c.do(400, "GET", "/vpc/v3/"+north+"/vpc/vpcs?limit=2001", "")
	c.do(400, "GET", "/vpc/v1/"+north+"/vpcs?limit=many", "")
	if n := c.do(200, "GET", "/vpc/v3/"+north+"/vpc/vpcs?limit=0", "").len("vpcs"); n != 0 {
		t.Errorf("limit 0 answers %d", n)
	}
}

func TestOffsetPage(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		query string
		want  string
	}{
		{"", "[0 1 2 3 4]"},
		{"limit=2", "[0 1]"},
		{"limit=2&offset=4", "[4]"},
		{"limit=2&offset=9", "[]"},
		{"limit=6", "error"},
		{"offset=-1", "error"},
	} {
		h, err := http.NewRequestWithContext(t.Context(), "GET", "/?"+test.query, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		got, err := offsetPage(&request{Request: h, query: h.URL.Query(), service: &service{}}, []int{0, 1, 2, 3, 4}, 5, 5)
		text := fmt.Sprint(got)
		if err != nil {
			text = "error"
		}
		if text != test.want {
			t.Errorf("%s: %s instead of %s", test.query, text, test.want)
		}
	}
}

func TestSeed(t *testing.T) {
	t.Parallel()
	ids := func(seed int64) string {
		c := newClient(t, Options{Seed: seed})
		return c.vpc("10.0.0.0/8") + c.vpc("10.0.0.0/8")
	}
	first, again := ids(1), ids(1)
	if first != again {
		t.Error("the same seed makes other ids")
	}
	if first == ids(2) {
		t.Error("another seed makes the same ids")
	}
	if random, other := ids(0), ids(0); random == other {
		t.Error("without a seed, ids come again")
	}
	c := newClient(t, Options{Seed: 5})
	c.vpc("10.0.0.0/8")
	c.control(200, "PUT", "config", `{"seed":6}`)
	c.vpc("10.0.0.0/8")
	c.control(200, "PUT", "config", `{"seed":5}`)
	c.vpc("10.0.0.0/8")
	if n := c.do(200, "GET", "/vpc/v1/"+north+"/vpcs", "").len("vpcs"); n != 3 {
		t.Errorf("a seed set twice leaves %d of 3 VPCs", n)
	}
}

func TestConcurrentRequests(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	vpc := c.vpc("10.0.0.0/8")
	var done sync.WaitGroup
	for i := range 20 {
		h := c.request("POST", "/vpc/v1/"+north+"/subnets",
			fmt.Sprintf(`{"subnet":{"name":"s","vpc_id":%q,"cidr":"10.0.%d.0/24","gateway_ip":"10.0.%d.1"}}`, vpc, i/2, i/2))
		done.Go(func() { c.send(h) })
		done.Go(func() { c.control(200, "GET", "objects", "") })
	}
	done.Wait()
	if n := c.do(200, "GET", "/vpc/v1/"+north+"/subnets", "").len("subnets"); n != 10 {
		t.Errorf("%d subnets instead of 10", n)
	}
}

// Every operation that reads or changes something must ask for credentials and for a project.
func TestEveryRouteNeedsCredentials(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	c.key.ID = ""
	for name, v := range c.cloud.services {
		for _, route := range slices.Concat(v.first, v.routes) {
			if v.open[route.pattern] {
				continue
			}
			method, path, _ := strings.Cut(route.pattern, " ")
			path = strings.NewReplacer("{project_id}", north, "{", "", "}", "", "...", "").Replace(path)
			if a := c.send(c.request(method, "/"+name+path, "{}")); a.status != 401 {
				t.Errorf("%s %s: %d", name, route.pattern, a.status)
			}
		}
	}
}

func TestEmptyListsAreLists(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(views([]*vpc(nil), (*vpc).view1))
	if err != nil || string(text) != "[]" {
		t.Errorf("%s %v", text, err)
	}
}
