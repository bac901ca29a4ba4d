package sandbox

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestFaultAnswers(t *testing.T) {
	t.Parallel()
	vpcs := "/vpc/v1/" + north + "/vpcs"
	for _, test := range []struct {
		name     string
		fault    string
		statuses []int // of GET vpcs?limit=1, again and again
	}{
		{"for ever", `{"action":{"status":503}}`, []int{503, 503, 503}},
		{"twice", `{"times":2,"action":{"status":503}}`, []int{503, 503, 200}},
		{"the method", `{"method":"GET","action":{"status":503}}`, []int{503}},
		{"another method", `{"method":"POST","action":{"status":503}}`, []int{200}},
		{"the path", `{"path":"^/vpc/v1/[0-9a-f]+/vpcs","action":{"status":503}}`, []int{503}},
		{"the query", `{"path":"/vpcs\\?limit=1$","action":{"status":503}}`, []int{503}},
		{"another path", `{"path":"/subnets","action":{"status":503}}`, []int{200}},
		{"always", `{"probability":1,"action":{"status":503}}`, []int{503}},
		{"never", `{"probability":1e-300,"action":{"status":503}}`, []int{200, 200}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, Options{})
			c.control(200, "POST", "faults", test.fault)
			for _, status := range test.statuses {
				c.do(status, "GET", vpcs+"?limit=1", "")
			}
			c.control(200, "DELETE", "faults", "")
			c.do(200, "GET", vpcs, "")
		})
	}
}

func TestFaultBodyAndHeaders(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	c.control(200, "POST", "faults", `{"times":1,"action":{"status":429,"headers":{"Retry-After":"3"},"body":{"error_code":"APIGW.0308"}}}`)
	c.control(200, "POST", "faults", `{"times":1,"action":{"status":502,"body":"<html>Bad gateway</html>","headers":{"Content-Type":"text/html"}}}`)
	a := c.do(429, "GET", "/iam/v3/regions", "")
	if a.str("error_code") != "APIGW.0308" || a.header.Get("Retry-After") != "3" || a.header.Get("X-Request-Id") == "" {
		t.Errorf("%v %s", a.header, a.text)
	}
	a = c.do(502, "GET", "/iam/v3/regions", "")
	if a.text != "<html>Bad gateway</html>" || a.header.Get("Content-Type") != "text/html" {
		t.Errorf("%v %s", a.header, a.text)
	}
	list := c.control(200, "GET", "faults", "").text
	if strings.Count(list, `"hits":1`) != 2 {
		t.Errorf("faults are %s", list)
	}
}

func TestFaultDelay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{})
		c.control(200, "POST", "faults", `{"times":1,"action":{"delay_ms":700}}`)
		begin := time.Now()
		c.do(200, "GET", "/iam/v3/regions", "")
		if took := time.Since(begin); took != 700*time.Millisecond {
			t.Errorf("took %v", took)
		}
	})
}

func TestFaultsOnTheConnection(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		action  string
		created int
		check   func(status int, err error) bool
	}{
		{"drop_before", 0, func(_ int, err error) bool { return err != nil }},
		{"drop_after", 1, func(_ int, err error) bool { return err != nil }},
		{"truncate", 1, func(status int, err error) bool { return status == 200 && errors.Is(err, io.ErrUnexpectedEOF) }},
	} {
		t.Run(test.action, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, Options{})
			server := c.serve()
			c.control(200, "POST", "faults", fmt.Sprintf(`{"method":"POST","action":{%q:true}}`, test.action))
			resp, _, err := c.over(server, "POST", "/vpc/v1/"+north+"/vpcs", `{"vpc":{}}`)
			status := 0
			if resp != nil {
				status = resp.StatusCode
			}
			if !test.check(status, err) {
				t.Errorf("status %d, error %v", status, err)
			}
			if n := c.do(200, "GET", "/vpc/v1/"+north+"/vpcs", "").len("vpcs"); n != test.created {
				t.Errorf("%d VPCs instead of %d", n, test.created)
			}
		})
	}
}

func TestBadFaults(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	for _, body := range []string{
		`{}`, `{"action":{}}`, `{"action":{"status":5}}`, `{"path":"(","action":{"status":500}}`, `{"times":-1,"action":{"status":500}}`,
		`{"probability":2,"action":{"status":500}}`, `{"actions":{"status":500}}`, `{"action":{"drop":true}}`, `nonsense`,
	} {
		if a := c.control(400, "POST", "faults", body); a.str("error") == "" {
			t.Errorf("%s: %s", body, a.text)
		}
	}
	c.do(200, "GET", "/iam/v3/regions", "")
}
