package sandbox

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestLog(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	c.do(200, "GET", "/vpc/v1/"+north+"/vpcs?limit=1", "")
	c.host = "vpc.cn-north-4.myhuaweicloud.com"
	c.do(404, "GET", "/v1/"+north+"/vpcs/x", "")
	var log []logEntry
	if err := json.Unmarshal([]byte(c.control(200, "GET", "log", "").text), &log); err != nil {
		t.Fatal(err)
	}
	for i := range log {
		log[i].Milliseconds = 0
	}
	want := []logEntry{
		{"GET", "/vpc/v1/" + north + "/vpcs", "limit=1", 200, 0},
		{"GET", "/vpc/v1/" + north + "/vpcs/x", "", 404, 0},
	}
	if len(log) != 2 || log[0] != want[0] || log[1] != want[1] {
		t.Errorf("the log is %v", log)
	}
	c.control(200, "DELETE", "log", "")
	if text := c.control(200, "GET", "log", "").text; strings.TrimSpace(text) != "[]" {
		t.Errorf("the log is %s", text)
	}
}

func TestObjects(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	id := c.vpc("10.0.0.0/8")
	one := "/vpc/v1/" + north + "/vpcs/" + id
	c.want(c.control(200, "GET", "objects", ""), map[string]any{
		"vpc." + id + ".cidr":        "10.0.0.0/8",
		"project." + north + ".name": "cn-north-4",
	})
	c.control(200, "PATCH", "objects/vpc/"+id, `{"name":"renamed","tags":{"a":"b"}}`)
	c.want(c.do(200, "GET", one, ""), map[string]any{"vpc.name": "renamed", "vpc.cidr": "10.0.0.0/8"})
	c.control(200, "PATCH", "objects/vpc/"+id, `{"tags":{"c":"d"},"status":"ERROR"}`)
	c.want(c.do(200, "GET", "/vpc/v3/"+north+"/vpc/vpcs/"+id, ""), map[string]any{
		"vpc.tags": []tag{{"c", "d"}}, "vpc.status": "ERROR", "vpc.name": "renamed",
	})
	c.control(200, "PATCH", "objects/vpc/"+id, `{"name":null}`)
	c.want(c.do(200, "GET", one, ""), map[string]any{"vpc.name": ""})

	c.control(400, "PATCH", "objects/vpc/"+id, `{"no_such_field":"x"}`)
	c.control(400, "PATCH", "objects/vpc/"+id, `{"name":5}`)
	c.control(400, "PATCH", "objects/vpc/"+id, `{"id":"x"}`)
	c.control(400, "PATCH", "objects/vpc/"+id, `nonsense`)
	c.control(404, "PATCH", "objects/vpc/nothing", `{}`)
	c.control(404, "PATCH", "objects/nothing/"+id, `{}`)
	c.control(404, "DELETE", "objects/vpc/nothing", "")

	c.subnet(id, "10.0.0.0/24", "10.0.0.1")
	c.control(200, "DELETE", "objects/vpc/"+id, "") // although it has a subnet
	c.do(404, "GET", one, "")
}

func TestConfig(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{JobMS: 5})
	c.want(c.control(200, "PUT", "config", `{"consistency_lag_ms":7,"quotas":{"vpc":1}}`), map[string]any{
		"job_ms": 5, "consistency_lag_ms": 7, "quotas.vpc": 1, "quotas.subnet": 2000,
	})
	c.control(400, "PUT", "config", `{"job_sm":1}`)
	c.control(400, "PUT", "config", `{"job_ms":"1"}`)
	c.want(c.control(200, "GET", "config", ""), map[string]any{"job_ms": 5, "quotas.vpc": 1})
	c.control(200, "POST", "reset", "")
	c.want(c.control(200, "GET", "config", ""), map[string]any{"job_ms": 5, "consistency_lag_ms": 0, "quotas.vpc": 1000})
	other := newClient(t, Options{})
	other.want(other.control(200, "GET", "config", ""), map[string]any{"quotas.vpc": 1000})
}

func TestReset(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	empty := c.control(200, "GET", "objects", "").len("vpc")
	c.vpc("10.0.0.0/8")
	c.control(200, "POST", "faults", `{"action":{"status":500}}`)
	c.control(200, "POST", "reset", "")
	if n := c.do(200, "GET", "/vpc/v1/"+north+"/vpcs", "").len("vpcs"); n != empty {
		t.Errorf("%d VPCs", n)
	}
	if n := c.do(200, "GET", "/vpc/v3/"+north+"/vpc/security-groups", "").len("security_groups"); n != 1 {
		t.Errorf("%d security groups", n)
	}
	if n := strings.Count(c.control(200, "GET", "log", "").text, "method"); n != 2 {
		t.Errorf("%d requests are logged", n)
	}
}

func TestControlFromBrowsers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		host, origin string
		status       int
	}{
		{"127.0.0.1:8750", "", 200},
		{"127.0.0.1:8750", "http://127.0.0.1:8750", 200},
		{"127.0.0.1:8750", "http://evil.example.com", 403},
		{"127.0.0.1:8750", "http://127.0.0.1:9999", 403},
		{"127.0.0.1:8750", "null", 403},
		{"evil.example.com:8750", "http://evil.example.com:8750", 403},
	} {
		c := newClient(t, Options{})
		h := httptest.NewRequest("POST", "/_sandbox/reset", nil)
		h.Host = test.host
		if test.origin != "" {
			h.Header.Set("Origin", test.origin)
		}
		if a := c.send(h); a.status != test.status {
			t.Errorf("%+v: %d", test, a.status)
		}
	}
}

func TestUnknownControl(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	c.control(404, "GET", "nothing", "")
	c.control(405, "PUT", "log", "")
}
