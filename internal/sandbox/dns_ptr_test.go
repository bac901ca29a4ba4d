package sandbox

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const dnsPtrs = "/dns/v2/reverse/floatingips"

func TestPTRRecord(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{JobMS: 1000})
		eip := c.eip()
		path := dnsPtrs + "/cn-north-4:" + eip
		c.do(404, "GET", path, "")
		a := c.do(202, "PATCH", path, `{"ptrdname":"WWW.example.com","description":"d","tags":[{"key":"k","value":"v"}],"enterprise_project_id":"0"}`)
		c.want(a, map[string]any{
			"id": "cn-north-4:" + eip, "ptrdname": "www.example.com.", "description": "d", "ttl": 300, "status": "PENDING_CREATE", "action": "CREATE",
			"address": c.do(200, "GET", eips1+"/"+eip, "").str("publicip", "public_ip_address"), "tags": nil, "enterprise_project_id": "0",
		})
		c.want(c.do(409, "PATCH", path, `{"ptrdname":"a.example.com"}`), map[string]any{"code": "DNS.0314"})
		time.Sleep(time.Second)
		c.want(c.do(200, "GET", path, ""), map[string]any{"status": "ACTIVE", "action": "NONE", "tags": nil})
		c.want(c.do(200, "GET", dnsPtrs, ""), map[string]any{"floatingips.0.tags": []tag{{"k", "v"}}, "metadata.total_count": 1})
		for query, want := range map[string]int{"?status=ERROR": 0, "?tags=k,v": 1, "?tags=k,w": 0, "?enterprise_project_id=x": 0, "?limit=1": 1} {
			if n := c.do(200, "GET", dnsPtrs+query, "").len("floatingips"); n != want {
				t.Errorf("%s: %d records", query, n)
			}
		}

		// What is not said stays.
		c.want(c.do(202, "PATCH", path, `{"ptrdname":"mail.example.com.","ttl":60}`), map[string]any{
			"ptrdname": "mail.example.com.", "description": "d", "ttl": 60, "status": "PENDING_UPDATE",
		})
		time.Sleep(time.Second)
		tags := "/dns/v2/" + north + "/DNS-ptr_record/cn-north-4:" + eip + "/tags"
		c.do(204, "POST", tags+"/action", `{"action":"delete","tags":[{"key":"k"}]}`)
		c.want(c.do(200, "GET", tags, ""), map[string]any{"tags": []tag{}})

		c.do(202, "PATCH", path, `{"ptrdname":null}`)
		c.want(c.do(200, "GET", path, ""), map[string]any{"status": "PENDING_DELETE"})
		time.Sleep(time.Second)
		c.do(404, "GET", path, "")
		c.do(404, "PATCH", path, `{"ptrdname":null}`)

		// A record goes with its address; one that failed can be taken away.
		c.do(202, "PATCH", path, `{"ptrdname":"www.example.com"}`)
		c.do(204, "DELETE", eips1+"/"+eip, "")
		c.do(404, "GET", path, "")
		path = dnsPtrs + "/cn-north-4:" + c.eip()
		time.Sleep(time.Second)
		c.control(200, "PUT", "config", `{"fail_jobs":["settlePtr"]}`)
		c.do(202, "PATCH", path, `{"ptrdname":"www.example.com"}`)
		time.Sleep(time.Second)
		c.want(c.do(200, "GET", path, ""), map[string]any{"status": "ERROR"})
		c.control(200, "PUT", "config", `{"fail_jobs":[]}`)
		c.do(202, "PATCH", path, `{"ptrdname":null}`)
		time.Sleep(time.Second)
		c.do(404, "GET", path, "")
	})
}

func TestPTRRecordRefusals(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	eip := c.eip()
	path := dnsPtrs + "/cn-north-4:" + eip
	for _, test := range []refusedRequest{
		{"no name", `{}`, 400, "DNS.0308"},
		{"empty name", `{"ptrdname":""}`, 400, "DNS.0308"},
		{"bad name", `{"ptrdname":"a..b"}`, 400, "DNS.0308"},
		{"no domain", `{"ptrdname":"localhost"}`, 400, "DNS.0308"},
		{"long description", `{"ptrdname":"a.b","description":"` + strings.Repeat("d", 256) + `"}`, 400, "DNS.0306"},
		{"no time", `{"ptrdname":"a.b","ttl":0}`, 400, "DNS.0319"},
		{"bad tag", `{"ptrdname":"a.b","tags":[{"key":"","value":"v"}]}`, 400, "DNS.1003"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if a := c.do(test.status, "PATCH", path, test.body); a.str("code") != test.code {
				t.Error(a.text)
			}
		})
	}
	c.want(c.do(404, "PATCH", dnsPtrs+"/cn-north-4:x", `{"ptrdname":"a.b"}`), map[string]any{"code": "DNS.0322"})
	c.want(c.do(404, "PATCH", dnsPtrs+"/cn-east-3:"+eip, `{"ptrdname":"a.b"}`), map[string]any{"code": "DNS.0322"})
	c.control(200, "PUT", "config", `{"quotas":{"dns_ptr_record":0}}`)
	c.want(c.do(403, "PATCH", path, `{"ptrdname":"a.b"}`), map[string]any{"code": "DNS.0404"})
}
