package sandbox

import (
	"fmt"
	"strings"
	"testing"
)

// Every kind of object with tags has them under the same paths.
func TestTags(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"vpcs", "subnets", "security-groups"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, Options{})
			vpc := c.vpc("10.0.0.0/16")
			id := map[string]string{
				"vpcs":            vpc,
				"subnets":         c.subnet(vpc, "10.0.0.0/24", "10.0.0.1"),
				"security-groups": c.do(200, "GET", "/vpc/v3/"+north+"/vpc/security-groups", "").str("security_groups", 0, "id"),
			}[kind]
			all := "/vpc/v2.0/" + north + "/" + kind
			tags := all + "/" + id + "/tags"
			want := func(list ...tag) {
				t.Helper()
				c.want(c.do(200, "GET", tags, ""), map[string]any{"tags": append([]tag{}, list...)})
			}
			want()
			c.do(204, "POST", tags, `{"tag":{"key":"a","value":"1=2"}}`)
			want(tag{"a", "1=2"})
			c.do(204, "POST", tags+"/action", `{"action":"create","tags":[{"key":"a","value":"2"},{"key":"b","value":""}]}`)
			want(tag{"a", "2"}, tag{"b", ""})
			c.want(c.do(200, "GET", all+"/tags", ""), map[string]any{"tags": []any{
				map[string]any{"key": "a", "values": []string{"2"}}, map[string]any{"key": "b", "values": []string{""}},
			}})
			c.do(204, "POST", tags+"/action", `{"action":"delete","tags":[{"key":"a"},{"key":"nothing"}]}`)
			want(tag{"b", ""})
			c.do(204, "DELETE", tags+"/b", "")
			want()
			c.do(404, "DELETE", tags+"/b", "")
			for method, path := range map[string]string{"GET": "/tags", "POST": "/tags", "DELETE": "/tags/k"} {
				c.do(404, method, all+"/x"+path, `{"tag":{"key":"k","value":"v"}}`)
			}
			c.do(404, "POST", all+"/x/tags/action", `{"action":"create","tags":[{"key":"k","value":"v"}]}`)
		})
	}
}

func TestTagRefusals(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	tags := "/vpc/v2.0/" + north + "/vpcs/" + c.vpc("10.0.0.0/16") + "/tags"
	long := func(n int) string { return strings.Repeat("标", n) }
	for body, status := range map[string]int{
		`{"action":"create","tags":[{"key":"` + long(128) + `","value":"` + long(255) + `"}]}`: 204,
		`{"action":"create","tags":[{"key":"` + long(129) + `"}]}`:                             400,
		`{"action":"create","tags":[{"key":"k","value":"` + long(256) + `"}]}`:                 400,
		`{"action":"create","tags":[{"key":"","value":"v"}]}`:                                  400,
		`{"action":"create","tags":[{"key":"a*b","value":"v"}]}`:                               400,
		`{"action":"create","tags":[{"key":"k","value":"<v>"}]}`:                               400,
		`{"action":"create","tags":[{"key":"k","value":"\u0007"}]}`:                            400,
		`{"action":"create","tags":[{"key":"k"},{"key":"k"}]}`:                                 400,
		`{"action":"create","tags":[]}`:                                                        400,
		`{"action":"update","tags":[{"key":"k"}]}`:                                             400,
		`{"action":"create","tags":[{"key":1}]}`:                                               400,
	} {
		c.do(status, "POST", tags+"/action", body)
	}
	c.want(c.do(200, "GET", tags, ""), map[string]any{"tags.0.key": long(128), "tags.1": nil})
}

func TestTagLimits(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	tags := "/vpc/v2.0/" + north + "/vpcs/" + c.vpc("10.0.0.0/16") + "/tags"
	batch := func(status, from, n int) {
		t.Helper()
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf(`{"key":"k%d","value":"v"}`, from+i))
		}
		c.do(status, "POST", tags+"/action", `{"action":"create","tags":[`+strings.Join(list, ",")+`]}`)
	}
	batch(400, 0, 11)
	batch(204, 0, 10)
	batch(204, 10, 10)
	batch(204, 5, 10) // they exist
	batch(400, 20, 1)
	if n := c.do(200, "GET", tags, "").len("tags"); n != 20 {
		t.Errorf("%d tags", n)
	}
}

func TestTagSearch(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	for _, v := range []string{
		`{"name":"web-1","tags":["env*prod","tier*web"]}`, `{"name":"web-2","tags":["env*test","tier*web"]}`, `{"name":"db","tags":["env*prod"]}`,
	} {
		c.do(200, "POST", "/vpc/v1/"+north+"/vpcs", `{"vpc":`+v+`}`)
	}
	path := "/vpc/v2.0/" + north + "/vpcs/resource_instances/action"
	for _, test := range []struct {
		conditions string
		names      string
		total      int
	}{
		{``, "web-1 web-2 db", 3},
		{`,"tags":[{"key":"env","values":["prod"]}]`, "web-1 db", 2},
		{`,"tags":[{"key":"env","values":["prod","test"]}]`, "web-1 web-2 db", 3},
		{`,"tags":[{"key":"tier","values":[]},{"key":"env","values":["prod"]}]`, "web-1", 1},
		{`,"tags":[{"key":"tier","values":["db"]}]`, "", 0},
		{`,"matches":[{"key":"resource_name","value":"web"}]`, "web-1 web-2", 2},
		{`,"limit":1,"offset":1`, "web-2", 3},
		{`,"limit":"1","offset":"9"`, "", 3},
	} {
		a := c.do(200, "POST", path, `{"action":"filter"`+test.conditions+`}`)
		var names []string
		for i := range a.len("resources") {
			names = append(names, a.str("resources", i, "resource_name"))
		}
		if strings.Join(names, " ") != test.names {
			t.Errorf("%s: %v", test.conditions, names)
		}
		c.want(a, map[string]any{"total_count": test.total})
		c.want(c.do(200, "POST", path, `{"action":"count"`+test.conditions+`}`), map[string]any{"total_count": test.total, "resources": nil})
	}
	for _, body := range []string{`{}`, `{"action":"x"}`, `{"action":"filter","limit":0}`, `{"action":"filter","limit":1001}`, `{"action":"filter","offset":-1}`,
		`{"action":"filter","matches":[{"key":"x","value":"y"}]}`, `{"action":"filter","limit":"x"}`} {
		c.do(400, "POST", path, body)
	}
}
