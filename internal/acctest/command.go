package acctest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
)

// Some promises are about processes: the built provider under Terraform, as its users have them.

// built is a directory for the provider and a configuration of Terraform's command line that finds it there. Main makes and
// removes it; the first test that asks fills it.
var built string

var build = sync.OnceValue(func() error {
	build := exec.Command("go", "build", "-o", filepath.Join(built, "terraform-provider-hwcloud"), "github.com/hwcloud/terraform-provider-hwcloud")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w: %s", err, out)
	}
	rc := fmt.Sprintf("provider_installation {\n  dev_overrides { \"hwcloud/hwcloud\" = %q }\n  direct {}\n}\n", built)
	return os.WriteFile(filepath.Join(built, "terraformrc"), []byte(rc), 0o600)
})

// Main runs the tests of a package that uses [Terraform]: it is for TestMain, and returns the exit code.
func Main(m *testing.M) int {
	var err error
	if built, err = os.MkdirTemp("", "acctest"); err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(built) }()
	return m.Run()
}

// Command is terraform as a process, in a directory with a configuration.
type Command struct {
	t   testing.TB
	dir string
	env []string
}

// Terraform prepares a directory for a configuration. The environment is the test's own, without TF_* and what tells of a cloud, and what is given.
func Terraform(t testing.TB, config string, env ...string) *Command {
	t.Helper()
	if err := build(); err != nil {
		t.Fatal(err)
	}
	cmd := &Command{t: t, dir: t.TempDir(), env: append([]string{"CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_CLI_CONFIG_FILE=" + filepath.Join(built, "terraformrc")}, env...)}
	for _, inherited := range os.Environ() {
		if name, _, _ := strings.Cut(inherited, "="); !foreign(name) {
			cmd.env = append(cmd.env, inherited)
		}
	}
	cmd.Write(config)
	return cmd
}

// foreign tells that a variable says something of Terraform or of a cloud, which is another one than the test's.
func foreign(name string) bool {
	return slices.ContainsFunc([]string{"TF_", "HWCLOUD_", "HW_", "OS_"}, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// Write is another configuration.
func (c *Command) Write(config string) {
	c.t.Helper()
	const required = "terraform {\n  required_providers {\n    hwcloud = { source = \"hwcloud/hwcloud\" }\n  }\n}\n"
	if err := os.WriteFile(filepath.Join(c.dir, "main.tf"), []byte(required+config), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// Start starts a command. What it prints is in the buffer when it has ended.
func (c *Command) Start(args ...string) (*exec.Cmd, *bytes.Buffer) {
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

// Run carries out a command that must succeed, and returns what it printed.
func (c *Command) Run(args ...string) string {
	c.t.Helper()
	cmd, out := c.Start(args...)
	if err := cmd.Wait(); err != nil {
		c.t.Fatalf("terraform %v: %v\n%s", args, err, out)
	}
	return out.String()
}

// Fail carries out a command that must fail, and returns what it printed.
func (c *Command) Fail(args ...string) string {
	c.t.Helper()
	cmd, out := c.Start(args...)
	err := cmd.Wait()
	if _, failed := errors.AsType[*exec.ExitError](err); !failed {
		c.t.Fatalf("terraform %v does not fail: %v\n%s", args, err, out)
	}
	return out.String()
}

// Forget removes the state.
func (c *Command) Forget() {
	c.t.Helper()
	if err := os.Remove(filepath.Join(c.dir, "terraform.tfstate")); err != nil {
		c.t.Fatal(err)
	}
}

// Plan is what a plan would do.
func (c *Command) Plan(args ...string) (changes []*tfjson.ResourceChange) {
	c.t.Helper()
	c.Run(append([]string{"plan", "-out=plan"}, args...)...)
	var plan tfjson.Plan
	if err := json.Unmarshal([]byte(c.Run("show", "-json", "plan")), &plan); err != nil {
		c.t.Fatal(err)
	}
	return plan.ResourceChanges
}

// State are the attributes of all resources in the state, by address.
func (c *Command) State() map[string]map[string]any {
	c.t.Helper()
	return c.state(tfjson.ManagedResourceMode)
}

// Data are the attributes of all that was looked up, by address: "data.hwcloud_vpc.web".
func (c *Command) Data() map[string]map[string]any {
	c.t.Helper()
	return c.state(tfjson.DataResourceMode)
}

func (c *Command) state(mode tfjson.ResourceMode) map[string]map[string]any {
	c.t.Helper()
	var state tfjson.State
	if err := json.Unmarshal([]byte(c.Run("show", "-json")), &state); err != nil {
		c.t.Fatal(err)
	}
	all := map[string]map[string]any{}
	if state.Values == nil { // nothing is left
		return all
	}
	for _, r := range state.Values.RootModule.Resources {
		if r.Mode == mode {
			all[r.Address] = r.AttributeValues
		}
	}
	return all
}

// IDs are those of all resources in the state, by address.
func (c *Command) IDs() map[string]string {
	c.t.Helper()
	ids := map[string]string{}
	for address, attributes := range c.State() {
		ids[address] = attributes["id"].(string)
	}
	return ids
}

// ID is the id of a resource in the state file; "" when the state does not have it.
func (c *Command) ID(address string) string {
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
