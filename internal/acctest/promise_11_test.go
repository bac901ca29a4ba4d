package acctest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/sandbox"
)

// Some promises are about processes: the built provider under Terraform, as its users have them.

// built is a directory for the provider and a configuration of Terraform's command line that finds it there. TestMain
// makes and removes it; the first test that asks fills it.
var built string

var build = sync.OnceValue(func() error {
	build := exec.Command("go", "build", "-o", filepath.Join(built, "terraform-provider-hwcloud"), "github.com/hwcloud/terraform-provider-hwcloud")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w: %s", err, out)
	}
	rc := fmt.Sprintf("provider_installation {\n  dev_overrides { \"hwcloud/hwcloud\" = %q }\n  direct {}\n}\n", built)
	return os.WriteFile(filepath.Join(built, "terraformrc"), []byte(rc), 0o600)
})

// command is terraform as a process, in a directory with a configuration.
type command struct {
	t   *testing.T
	dir string
	env []string
}

// terraform prepares a directory for a configuration.
func (c *Cloud) terraform(t *testing.T, config string, env ...string) *command {
	t.Helper()
	if err := build(); err != nil {
		t.Fatal(err)
	}
	cmd := &command{t: t, dir: t.TempDir(), env: append([]string{"CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_CLI_CONFIG_FILE=" + filepath.Join(built, "terraformrc")}, env...)}
	for _, inherited := range os.Environ() {
		if name, _, _ := strings.Cut(inherited, "="); !strings.HasPrefix(name, "TF_") {
			cmd.env = append(cmd.env, inherited)
		}
	}
	cmd.write(config)
	return cmd
}

func (c *command) write(config string) {
	c.t.Helper()
	const required = "terraform {\n  required_providers {\n    hwcloud = { source = \"hwcloud/hwcloud\" }\n  }\n}\n"
	if err := os.WriteFile(filepath.Join(c.dir, "main.tf"), []byte(required+config), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// start starts a command. What it prints is in the buffer when it has ended.
func (c *command) start(args ...string) (*exec.Cmd, *bytes.Buffer) {
	c.t.Helper()
	cmd := exec.Command("terraform", args...)
	cmd.Dir, cmd.Env = c.dir, c.env
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, &out
}

// run carries out a command that must succeed.
func (c *command) run(args ...string) string {
	c.t.Helper()
	cmd, out := c.start(args...)
	if err := cmd.Wait(); err != nil {
		c.t.Fatalf("terraform %v: %v\n%s", args, err, out)
	}
	return out.String()
}

// id is the id of a resource in the state file; "" when the state does not have it.
func (c *command) id(address string) string {
	c.t.Helper()
	raw, err := os.ReadFile(filepath.Join(c.dir, "terraform.tfstate"))
	if err != nil {
		c.t.Fatal(err)
	}
	var state struct {
		Resources []struct {
			Type, Name string
			Instances  []struct{ Attributes struct{ ID string } }
		}
	}
	if err := json.Unmarshal(raw, &state); err != nil {
		c.t.Fatal(err)
	}
	for _, r := range state.Resources {
		if r.Type+"."+r.Name == address {
			return r.Instances[0].Attributes.ID
		}
	}
	return ""
}

// await waits until something has come true in another process.
func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not in 20 s", what)
		}
	}
}

// Promise 11: Ctrl-C ends every wait within a second, and what was created by then is in the state.

// interruption is long enough for Terraform to stop its provider, write the state and end, on a busy machine.
const interruption = 5 * time.Second

// interrupt starts a command, sends SIGINT once the cloud has been called so, and expects it to end soon.
func (c *Cloud) interrupt(t *testing.T, cmd *command, call string, args ...string) {
	t.Helper()
	c.Forget()
	interrupt(t, cmd, call, func() bool { return len(c.Calls(call)) > 0 }, args...)
}

func interrupt(t *testing.T, cmd *command, what string, once func() bool, args ...string) {
	t.Helper()
	process, out := cmd.start(args...)
	await(t, what, once)
	begun := time.Now()
	if err := process.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- process.Wait() }()
	select {
	case err := <-ended:
		if err == nil {
			t.Errorf("terraform %v was interrupted and says it succeeded:\n%s", args, out)
		}
	case <-time.After(interruption):
		_ = process.Process.Kill()
		t.Fatalf("terraform %v did not end before it was killed (%v):\n%s", args, <-ended, out)
	}
	t.Logf("terraform %v ended %v after the interrupt", args, time.Since(begun))
}

func TestPromise11CtrlCEndsEveryWait(t *testing.T) {
	t.Parallel()
	cloud := Start(t, sandbox.Options{JobMS: 60_000})
	cmd := cloud.terraform(t, cloud.Provider()+volume(`size = 10`))

	cloud.interrupt(t, cmd, "^GET .*/jobs/", "apply", "-auto-approve")
	id, err := cloud.one("volume")
	if err != nil || cmd.id("hwcloud_volume.test") != id {
		t.Fatalf("the cloud has %q (%v), and the state %q", id, err, cmd.id("hwcloud_volume.test"))
	}

	cloud.Configure(map[string]any{"job_ms": 0})
	cloud.Patch("volume", id, map[string]any{"status": "available", "job": ""})
	cmd.run("untaint", "hwcloud_volume.test")
	cmd.write(cloud.Provider() + volume(`size = 20`, `name = "renamed"`))
	cloud.Configure(map[string]any{"job_ms": 60_000})
	cloud.interrupt(t, cmd, "^GET .*/jobs/", "apply", "-auto-approve")
	if shown := cmd.run("show"); cmd.id("hwcloud_volume.test") != id || !strings.Contains(shown, `"renamed"`) || !strings.Contains(shown, "= 10") {
		t.Errorf("the change of the name was done, that of the size was not; the state is\n%s", shown)
	}

	cloud.Patch("volume", id, map[string]any{"status": "available", "job": ""})
	cloud.interrupt(t, cmd, "^GET .*/jobs/", "destroy", "-auto-approve")
	if cmd.id("hwcloud_volume.test") != id {
		t.Error("what is not proven gone is not in the state")
	}
}

// An object that does not get ready is waited for without a job.
func TestPromise11CtrlCEndsWaitingForAStatus(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	cmd := cloud.terraform(t, cloud.Provider()+vpcs("test"))
	cloud.Break(Fault{Method: "GET", Path: "/vpcs/", Action: map[string]any{"status": 200, "body": map[string]any{"vpc": map[string]any{"status": "PENDING"}}}})
	cloud.interrupt(t, cmd, "^GET .*/vpcs/", "apply", "-auto-approve")
	if id, err := cloud.one("vpc"); err != nil || cmd.id("hwcloud_vpc.test") != id {
		t.Errorf("the cloud has %q (%v), and the state %q", id, err, cmd.id("hwcloud_vpc.test"))
	}
}

// A cloud that answers nothing but "too many requests" cannot hold anybody up either.
func TestPromise11CtrlCEndsThrottling(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	cmd := cloud.terraform(t, cloud.Provider()+vpcs("a", "b", "c", "d", "e", "f"))
	cmd.run("apply", "-auto-approve")
	cloud.Break(Fault{Path: "/vpc/", Action: map[string]any{"status": 429, "headers": map[string]string{"Retry-After": "300"}}})
	cloud.interrupt(t, cmd, "^GET /vpc/", "plan")
	if cmd.id("hwcloud_vpc.a") == "" || len(cloud.Writes()) > 0 {
		t.Error("something was changed")
	}
}

// A create request that is under way is worth a moment, for its answer names an object; and no more than that.
func TestPromise11CtrlCWhileARequestIsUnderWay(t *testing.T) {
	t.Parallel()
	for delay, kept := range map[int]bool{300: true, 60_000: false} {
		t.Run(fmt.Sprintf("%d ms", delay), func(t *testing.T) {
			t.Parallel()
			cloud := Start(t)
			cmd := cloud.terraform(t, cloud.Provider()+vpcs("test"))
			cloud.Break(Fault{Method: "POST", Path: "/vpcs$", Action: map[string]any{"delay_ms": delay}})
			interrupt(t, cmd, "the request arrives", func() bool { return cloud.struck() > 0 }, "apply", "-auto-approve")
			if got := cmd.id("hwcloud_vpc.test"); (got != "") != kept {
				t.Errorf("the state has the id %q", got)
			}
		})
	}
}

// struck is how many requests were struck by faults.
func (c *Cloud) struck() (n int) {
	c.t.Helper()
	var faults []struct{ Hits int }
	c.control("GET", "/faults", nil, &faults)
	for _, fault := range faults {
		n += fault.Hits
	}
	return n
}
