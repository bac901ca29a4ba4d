package sandbox

import (
	"os"
	"path/filepath"
	"testing"
)

func TestStateOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state")
	open := func() *client {
		t.Helper()
		s, err := New(Options{Data: file, Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		return &client{t: t, cloud: s, host: "127.0.0.1:8750", key: accessKey{meta: meta{ID: "sandbox"}, Secret: "sandbox"}}
	}
	closed := func(c *client) {
		t.Helper()
		if err := c.cloud.Close(); err != nil {
			t.Fatal(err)
		}
	}

	c := open()
	kept, gone := c.vpc("10.0.0.0/8"), c.vpc("10.0.0.0/8")
	c.do(204, "POST", "/vpc/v2.0/"+north+"/vpcs/"+kept+"/tags", `{"tag":{"key":"k","value":"v"}}`)
	c.do(204, "DELETE", "/vpc/v1/"+north+"/vpcs/"+gone, "")
	before := c.do(200, "GET", "/vpc/v3/"+north+"/vpc/vpcs/"+kept, "").get("vpc")
	token := c.login(`"project":{"name":"cn-north-4"}`)
	closed(c)

	c = open()
	c.want(c.do(200, "GET", "/vpc/v3/"+north+"/vpc/vpcs/"+kept, ""), map[string]any{"vpc": before})
	c.do(404, "GET", "/vpc/v1/"+north+"/vpcs/"+gone, "")
	if id := c.vpc("10.0.0.0/8"); id == kept || id == gone {
		t.Errorf("the seed has begun again: %s", id)
	}
	if n := c.do(200, "GET", "/vpc/v3/"+north+"/vpc/security-groups", "").len("security_groups"); n != 1 {
		t.Errorf("%d security groups", n)
	}
	c.token = token
	c.do(200, "GET", "/vpc/v1/"+north+"/vpcs", "")
	c.control(200, "POST", "reset", "")
	closed(c)

	c = open()
	if n := c.do(200, "GET", "/vpc/v1/"+north+"/vpcs", "").len("vpcs"); n != 0 {
		t.Errorf("%d VPCs after a reset", n)
	}
	closed(c)
}

// A process that is killed has no time for Close.
func TestStateIsSavedAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := newClient(t, Options{Data: filepath.Join(dir, "state")})
	id := c.vpc("10.0.0.0/8")
	c.control(200, "PATCH", "objects/vpc/"+id, `{"name":"x"}`)
	text, err := os.ReadFile(filepath.Join(dir, "state"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "copy"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	other := newClient(t, Options{Data: filepath.Join(dir, "copy")})
	other.want(other.do(200, "GET", "/vpc/v1/"+north+"/vpcs/"+id, ""), map[string]any{"vpc.name": "x"})
}

func TestBadFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := New(Options{Data: dir}); err == nil {
		t.Error("a directory was opened")
	}
	file := filepath.Join(dir, "text")
	if err := os.WriteFile(file, []byte("this is no state"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Options{Data: file}); err == nil {
		t.Error("a text was opened")
	}
}
