package openstack

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

// What goes wrong in block storage is said clearly, loses nothing, and the next apply brings what was wanted.

func volumes(name string, n int, more string) string {
	return fmt.Sprintf("resource \"hwcloud_volume\" %q {\n  count = %d\n  name  = \"%s-${count.index}\"\n  size  = 1\n  %s\n}\n", name, n, name, more)
}

// converges applies a configuration, after which nothing may be left to do, and destroys what there is.
func (c *Cloud) converges(cmd *acctest.Command, config string) {
	c.t.Helper()
	cmd.Write(c.providers + config)
	cmd.Run("apply", "-auto-approve")
	cmd.Run("plan", "-detailed-exitcode")
	cmd.Run("destroy", "-auto-approve")
	if left := c.volumes(); len(left) > 0 {
		c.t.Errorf("volumes are left: %v", left)
	}
}

// says fails unless words stand in this order in what Terraform printed.
func (c *Cloud) says(out string, words ...string) {
	c.t.Helper()
	if !acctest.Says(words...).MatchString(out) {
		c.t.Errorf("Terraform does not say %q:\n%s", words, out)
	}
}

func (c *Cloud) volumes() (ids []string) {
	c.t.Helper()
	answer := c.call(Call{Service: "block-storage", Do: "GET /v3/{project_id}/volumes"}, nil)
	for _, volume := range answer["volumes"].([]any) {
		ids = append(ids, volume.(map[string]any)["id"].(string))
	}
	return ids
}

// admin makes a call as an administrator.
func (c *Cloud) asAdmin(do, body string, attributes map[string]any) map[string]any {
	c.t.Helper()
	return c.call(Call{As: "admin", Service: "block-storage", Do: do, Body: body}, attributes)
}

// volumeType makes a type that a test removes, and returns its name.
func (c *Cloud) volumeType(public bool, specs string) (name string, attributes map[string]any) {
	c.t.Helper()
	c.types++
	name = fmt.Sprintf("type-%s-%d", c.member.project[:8], c.types)
	answer := c.asAdmin("POST /v3/{project_id}/types", fmt.Sprintf(`{"volume_type": {"name": %q, "os-volume-type-access:is_public": %v, "extra_specs": %s}}`, name, public, specs), nil)
	attributes = map[string]any{"id": answer["volume_type"].(map[string]any)["id"], "project": c.member.project}
	c.t.Cleanup(func() {
		c.ask(Call{As: "admin", Service: "block-storage", Do: "DELETE /v3/{project_id}/types/{id}"}, attributes)
	})
	return name, attributes
}

// No back end fits the type: the volume ends in error. The diagnostic says why; with another type, it is made anew.
func TestVolumeInError(t *testing.T) {
	c := start(t)
	name, _ := c.volumeType(true, `{"volume_backend_name": "nowhere"}`)
	cmd := acctest.Terraform(t, c.providers+volumes("broken", 1, fmt.Sprintf("volume_type = %q", name)), c.env...)
	defer c.empty(cmd)
	out := cmd.Fail("apply", "-auto-approve")
	c.says(out, `Cannot create hwcloud_volume "broken-0"`, "status error", "Could not find any available weighted backend")
	if id := cmd.IDs()["hwcloud_volume.broken[0]"]; len(c.volumes()) != 1 || id != c.volumes()[0] {
		t.Errorf("the volume %v in error is not in the state, which has %q", c.volumes(), id)
	}
	c.converges(cmd, volumes("broken", 1, ""))
}

// A volume that could not be deleted is said to be so, by its status, and stays in the state until it is gone.
func TestVolumeInErrorDeleting(t *testing.T) {
	c := start(t)
	cmd := acctest.Terraform(t, c.providers+volumes("stuck", 1, ""), c.env...)
	defer c.empty(cmd)
	cmd.Run("apply", "-auto-approve")
	stuck := map[string]any{"id": cmd.IDs()["hwcloud_volume.stuck[0]"]}
	reset := func(status string) {
		c.asAdmin(volumeAction, fmt.Sprintf(`{"os-reset_status": {"status": %q}}`, status), stuck)
	}
	reset("error_deleting")
	out := cmd.Fail("destroy", "-auto-approve")
	c.says(out, `Cannot delete hwcloud_volume "stuck-0"`, "in status error_deleting", "400", "status must be", "administrator")
	if len(cmd.IDs()) != 1 {
		t.Error("the volume is not in the state any more")
	}
	reset("available")
	c.converges(cmd, volumes("stuck", 1, ""))
}

// A quota that is used up is said to be so; what could be made is in the state.
func TestQuotaExceeded(t *testing.T) {
	c := start(t)
	quota := func(volumes int) {
		c.asAdmin("PUT /v3/{project_id}/os-quota-sets/{project}", fmt.Sprintf(`{"quota_set": {"volumes": %d}}`, volumes), map[string]any{"project": c.member.project})
	}
	quota(2)
	cmd := acctest.Terraform(t, c.providers+volumes("many", 3, ""), c.env...)
	defer c.empty(cmd)
	out := cmd.Fail("apply", "-auto-approve")
	c.says(out, "Cannot create hwcloud_volume", "413", "exceeded", "administrator")
	if len(cmd.IDs()) != 2 || len(c.volumes()) != 2 {
		t.Errorf("the state has %v, the cloud %v", cmd.IDs(), c.volumes())
	}
	quota(10)
	c.converges(cmd, volumes("many", 3, ""))
}

// A type that the project does not see is said not to be found; once it sees it, the volume is made.
func TestTypeNotVisible(t *testing.T) {
	c := start(t)
	name, kind := c.volumeType(false, `{}`)
	config := volumes("private", 1, fmt.Sprintf("volume_type = %q", name))
	cmd := acctest.Terraform(t, c.providers+config, c.env...)
	defer c.empty(cmd)
	out := cmd.Fail("apply", "-auto-approve")
	c.says(out, `Cannot create hwcloud_volume "private-0"`, "404", "Volume type", "could not be found", "administrator")
	c.asAdmin("POST /v3/{project_id}/types/{id}/action", `{"addProjectAccess": {"project": "{project}"}}`, kind)
	c.converges(cmd, config)
}

// A snapshot that Terraform does not know blocks the deletion of its volume. Nothing is lost: without it, the destruction goes on.
func TestSnapshotBlocksDelete(t *testing.T) {
	c := start(t)
	cmd := acctest.Terraform(t, c.providers+volumes("kept", 1, ""), c.env...)
	defer c.empty(cmd)
	cmd.Run("apply", "-auto-approve")
	made := c.call(Call{Service: "block-storage", Do: "POST /v3/{project_id}/snapshots", Body: `{"snapshot": {"volume_id": "{id}"}}`},
		map[string]any{"id": cmd.IDs()["hwcloud_volume.kept[0]"]})
	snapshot := map[string]any{"id": made["snapshot"].(map[string]any)["id"]}
	ask := func(method string) (status int, answer map[string]any) {
		return c.ask(Call{Service: "block-storage", Do: method + " /v3/{project_id}/snapshots/{id}"}, snapshot)
	}
	c.await("the snapshot", func() bool {
		_, answer := ask("GET")
		return answer["snapshot"].(map[string]any)["status"] == "available"
	})
	out := cmd.Fail("destroy", "-auto-approve")
	c.says(out, `Cannot delete hwcloud_volume "kept-0"`, "400", "snapshot")
	if len(cmd.IDs()) != 1 {
		t.Error("the volume is not in the state any more")
	}
	ask("DELETE")
	c.await("the snapshot is gone", func() bool { status, _ := ask("GET"); return status == http.StatusNotFound })
	c.converges(cmd, volumes("kept", 1, ""))
}

// The daemon that makes volumes is away when an apply begins, and comes back while it waits. No other test runs beside it:
// a daemon that is stopped loses what it has just taken up, and such a volume stays in "creating" for good.
func TestServiceComesBack(t *testing.T) {
	if os.Getenv("HWCLOUD_OPENSTACK_DATA") == "" {
		t.Skip("only cloud.sh can stop a daemon, and it has not started the cloud")
	}
	c := alone(t)
	daemon := func(does string) {
		t.Helper()
		if out, err := exec.Command("./cloud.sh", does, "cinder-volume").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	cmd := acctest.Terraform(t, c.providers+volumes("late", 2, ""), c.env...)
	defer c.empty(cmd)
	daemon("stop")
	defer daemon("start")
	process, out := cmd.Start("apply", "-auto-approve")
	c.await("the volumes are asked for", func() bool { return len(c.volumes()) == 2 })
	daemon("start")
	if err := process.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	c.converges(cmd, volumes("late", 2, ""))
}

// Two hundred volumes are refreshed by at most one call for each hundred, and five more.
func TestTwoHundredVolumes(t *testing.T) {
	const n = 200
	const most = n/100 + 5
	c := start(t)
	log := filepath.Join(t.TempDir(), "log")
	cmd := acctest.Terraform(t, c.providers+volumes("many", n, ""), append(c.env, "TF_LOG_PROVIDER=DEBUG", "TF_LOG_PATH="+log)...)
	defer c.empty(cmd)
	cmd.Run("apply", "-auto-approve", "-parallelism=20")
	if err := os.Remove(log); err != nil {
		t.Fatal(err)
	}
	cmd.Run("plan", "-detailed-exitcode")
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	for line := range bytes.Lines(text) {
		if strings.Contains(string(line), "provider.terraform-provider-hwcloud: request") {
			calls++
			t.Logf("%.200s", line)
		}
	}
	if calls == 0 || calls > most {
		t.Errorf("%d calls refresh %d volumes, at most %d may", calls, n, most)
	}
	cmd.Run("destroy", "-auto-approve", "-parallelism=20")
}
