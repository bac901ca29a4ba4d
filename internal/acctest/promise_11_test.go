package acctest

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/sandbox"
)

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
func (c *Cloud) interrupt(t *testing.T, cmd *Command, call string, args ...string) {
	t.Helper()
	c.Forget()
	interrupt(t, cmd, call, func() bool { return len(c.Calls(call)) > 0 }, args...)
}

func interrupt(t *testing.T, cmd *Command, what string, once func() bool, args ...string) {
	t.Helper()
	process, out := cmd.Start(args...)
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
	cmd := Terraform(t, cloud.Provider()+volume(`size = 10`))

	cloud.interrupt(t, cmd, "^GET .*/jobs/", "apply", "-auto-approve")
	id, err := cloud.one("volume")
	if err != nil || cmd.ID("hwcloud_volume.test") != id {
		t.Fatalf("the cloud has %q (%v), and the state %q", id, err, cmd.ID("hwcloud_volume.test"))
	}

	cloud.Configure(map[string]any{"job_ms": 0})
	cloud.Patch("volume", id, map[string]any{"status": "available", "job": ""})
	cmd.Run("untaint", "hwcloud_volume.test")
	cmd.Write(cloud.Provider() + volume(`size = 20`, `name = "renamed"`))
	cloud.Configure(map[string]any{"job_ms": 60_000})
	cloud.interrupt(t, cmd, "^GET .*/jobs/", "apply", "-auto-approve")
	if shown := cmd.Run("show"); cmd.ID("hwcloud_volume.test") != id || !strings.Contains(shown, `"renamed"`) || !strings.Contains(shown, "= 10") {
		t.Errorf("the change of the name was done, that of the size was not; the state is\n%s", shown)
	}

	cloud.Patch("volume", id, map[string]any{"status": "available", "job": ""})
	cloud.interrupt(t, cmd, "^GET .*/jobs/", "destroy", "-auto-approve")
	if cmd.ID("hwcloud_volume.test") != id {
		t.Error("what is not proven gone is not in the state")
	}
}

// An object that does not get ready is waited for without a job.
func TestPromise11CtrlCEndsWaitingForAStatus(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	cmd := Terraform(t, cloud.Provider()+vpcs("test"))
	cloud.Break(Fault{Method: "GET", Path: "/vpcs/", Action: map[string]any{"status": 200, "body": map[string]any{"vpc": map[string]any{"status": "PENDING"}}}})
	cloud.interrupt(t, cmd, "^GET .*/vpcs/", "apply", "-auto-approve")
	if id, err := cloud.one("vpc"); err != nil || cmd.ID("hwcloud_vpc.test") != id {
		t.Errorf("the cloud has %q (%v), and the state %q", id, err, cmd.ID("hwcloud_vpc.test"))
	}
}

// A cloud that answers nothing but "too many requests" cannot hold anybody up either.
func TestPromise11CtrlCEndsThrottling(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	cmd := Terraform(t, cloud.Provider()+vpcs("a", "b", "c", "d", "e", "f"))
	cmd.Run("apply", "-auto-approve")
	cloud.Break(Fault{Path: "/vpc/", Action: map[string]any{"status": 429, "headers": map[string]string{"Retry-After": "300"}}})
	cloud.interrupt(t, cmd, "^GET /vpc/", "plan")
	if cmd.ID("hwcloud_vpc.a") == "" || len(cloud.Writes()) > 0 {
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
			cmd := Terraform(t, cloud.Provider()+vpcs("test"))
			cloud.Break(Fault{Method: "POST", Path: "/vpcs$", Action: map[string]any{"delay_ms": delay}})
			interrupt(t, cmd, "the request arrives", func() bool { return cloud.struck() > 0 }, "apply", "-auto-approve")
			if got := cmd.ID("hwcloud_vpc.test"); (got != "") != kept {
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
