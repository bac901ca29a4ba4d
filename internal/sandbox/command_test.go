package sandbox

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain lets a test run this program again as the command.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "sandbox-command" {
		os.Exit(Main(os.Args[2:], os.Stdout, os.Stderr))
	}
	if len(os.Args) > 1 && os.Args[1] == "wait-for-signal" {
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, syscall.SIGTERM)
		_, _ = os.Stdout.WriteString("ready\n")
		<-signals
		os.Exit(42)
	}
	// What a real account has left in the environment: no command in the sandbox may see it.
	for _, name := range []string{"HWCLOUD_TOKEN", "HW_SECURITY_TOKEN", "OS_PASSWORD"} {
		if err := os.Setenv(name, "real"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

func TestCommand(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name           string
		args           []string
		code           int
		stdout, stderr string // regular expressions
	}{
		{"help", []string{"-h"}, 0, `^$`, `-requests-per-second`},
		{"unknown flag", []string{"-nonsense"}, 2, `^$`, `-nonsense`},
		{"any address", []string{"-listen", "0.0.0.0:0"}, 2, `^$`, `other machines could reach it`},
		{"another address", []string{"-listen", "192.0.2.1:0"}, 2, `^$`, `other machines could reach it`},
		{"no address", []string{"-listen", "nonsense"}, 2, `^$`, `-listen`},
		{"no such command", []string{"-listen", ":0", "--", "/nothing/at/all"}, 127, `^$`, `/nothing/at/all`},
		{"bad data", []string{"-listen", ":0", "-data", "/"}, 1, `^$`, `open /`},
		{"exit code", []string{"-listen", ":0", "--", "sh", "-c", "exit 7"}, 7, `^$`, `^$`},
		{"killed", []string{"-listen", ":0", "--", "sh", "-c", "kill -9 $$"}, 137, `^$`, `^$`},
		{"output", []string{"-listen", "localhost:0", "--", "sh", "-c", "echo out; echo err >&2"}, 0, `^out\n$`, `^err\n$`},
		{"environment", []string{"-listen", ":0", "--", "sh", "-c", `echo "$HWCLOUD_ENDPOINT $HWCLOUD_ACCESS_KEY $HWCLOUD_SECRET_KEY $HWCLOUD_REGION$HWCLOUD_TOKEN$HW_SECURITY_TOKEN$OS_PASSWORD"`}, 0,
			`^http://127\.0\.0\.1:\d+ sandbox sandbox cn-north-4\n$`, `^$`},
		{"environment of the OpenStack cloud", []string{"-listen", ":0", "-openstack", "admin", "--", "sh", "-c", `echo "$OS_AUTH_URL $OS_USERNAME $OS_PASSWORD $HWCLOUD_PLATFORM$HWCLOUD_ACCESS_KEY"`}, 0,
			`^http://127\.0\.0\.1:\d+/identity/v3 admin sandbox openstack\n$`, `^$`},
		{"no such user", []string{"-openstack", "root"}, 2, `^$`, `the users are sandbox and admin`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			code := Main(test.args, &stdout, &stderr)
			if code != test.code || !regexp.MustCompile(test.stdout).Match(stdout.Bytes()) || !regexp.MustCompile(test.stderr).Match(stderr.Bytes()) {
				t.Errorf("code %d, stdout %q, stderr %q", code, stdout.String(), stderr.String())
			}
		})
	}
}

// lines passes what a process writes on, line by line.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	for line := range strings.Lines(string(p)) {
		l <- strings.TrimSuffix(line, "\n")
	}
	return len(p), nil
}

func (l lines) next(t *testing.T) string {
	t.Helper()
	select {
	case line := <-l:
		return line
	case <-time.After(30 * time.Second):
		t.Fatal("no more output")
		return ""
	}
}

func TestServeUntilInterrupted(t *testing.T) {
	t.Parallel()
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		out := make(lines, 10)
		cmd := exec.CommandContext(t.Context(), os.Args[0], "sandbox-command", "-listen", "127.0.0.1:0", "-data", filepath.Join(t.TempDir(), "state"))
		cmd.Stdout = out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		endpoint, ok := strings.CutPrefix(out.next(t), "export HWCLOUD_ENDPOINT=")
		if !ok {
			t.Fatalf("the first line is %s", endpoint)
		}
		for _, want := range []string{"export HWCLOUD_ACCESS_KEY=sandbox", "export HWCLOUD_SECRET_KEY=sandbox", "export HWCLOUD_REGION=cn-north-4"} {
			if line := out.next(t); line != want {
				t.Errorf("%q instead of %q", line, want)
			}
		}
		h, err := http.NewRequestWithContext(t.Context(), "GET", endpoint+"/_sandbox/config", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(h)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != 200 {
			t.Errorf("status %d", resp.StatusCode)
		}
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v: %v", sig, err)
		}
	}
}

func TestSignalsArePassedOn(t *testing.T) {
	t.Parallel()
	out := make(lines, 10)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "sandbox-command", "-listen", ":0", "--", os.Args[0], "wait-for-signal")
	cmd.Stdout = out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line := out.next(t); line != "ready" {
		t.Fatal(line)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // the exit code says how it ended
	if code := cmd.ProcessState.ExitCode(); code != 42 {
		t.Errorf("exit code %d", code)
	}
}
