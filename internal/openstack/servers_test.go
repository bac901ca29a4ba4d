package openstack

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

// What goes wrong with servers is said clearly, loses nothing, and the next apply brings what was wanted.

// machines are servers without networks.
func machines(name string, n int, flavor, more string) string {
	return cirros + fmt.Sprintf(`
resource "hwcloud_server" %q {
  count      = %d
  name       = "%s-${count.index}"
  flavor_id  = %q
  image_id   = data.hwcloud_image.cirros.id
  networks   = []
  allow_stop = true
  %s
}
`, name, n, name, flavor, more)
}

// The only host has one of a group's servers already: the other one ends in error, which tells why.
func TestNoHostForServer(t *testing.T) {
	c := start(t)
	const apart = "resource \"hwcloud_server_group\" \"apart\" {\n  name = \"apart\"\n  policies = [\"anti-affinity\"]\n}\n"
	cmd := acctest.Terraform(t, c.providers+apart+machines("twin", 2, "1", "server_group_id = hwcloud_server_group.apart.id"), c.env...)
	defer c.empty(cmd)
	out := cmd.Fail("apply", "-auto-approve", "-parallelism=1") // two at once may both be given the host, and the later one fails there
	c.says(out, "Cannot create hwcloud_server", "status ERROR", "No valid host was found")
	servers := 0
	for address := range cmd.IDs() {
		if strings.HasPrefix(address, "hwcloud_server.twin") {
			servers++
		}
	}
	if servers != 2 {
		t.Errorf("%d servers are in the state", servers)
	}
	c.converges(cmd, machines("twin", 2, "1", ""))
}

// flavor makes a flavor that a test removes, and returns its id.
func (c *Cloud) flavor(ram int) string {
	c.t.Helper()
	id := fmt.Sprintf("flavor-%s-%d", c.member.project[:8], ram)
	c.call(Call{As: "admin", Service: "compute", Do: "POST /v2.1/flavors", Body: fmt.Sprintf(`{"flavor": {"name": %q, "id": %q, "ram": %d, "vcpus": 1, "disk": 1}}`, id, id, ram)}, nil)
	c.t.Cleanup(func() { c.ask(Call{As: "admin", Service: "compute", Do: "DELETE /v2.1/flavors/" + id}, nil) })
	return id
}

// A server that no host has room for in another size keeps the one that it has, and runs.
func TestNoHostForFlavor(t *testing.T) {
	c := start(t)
	cmd := acctest.Terraform(t, c.providers+machines("one", 1, "1", ""), c.env...)
	defer c.empty(cmd)
	cmd.Run("apply", "-auto-approve")
	before := cmd.IDs()["hwcloud_server.one[0]"]
	cmd.Write(c.providers + machines("one", 1, c.flavor(900_000), ""))
	out := cmd.Fail("apply", "-auto-approve")
	c.says(out, `Cannot change hwcloud_server "one-0"`, "did not carry it out", "the flavor is still 1")
	state := cmd.State()["hwcloud_server.one[0]"]
	if state["id"] != before || state["flavor_id"] != "1" || state["status"] != "ACTIVE" {
		t.Errorf("the state has %v, %v and %v", state["id"], state["flavor_id"], state["status"])
	}
	c.converges(cmd, machines("one", 1, c.flavor(64), ""))
}

// A quota that is used up is said to be so; what could be made is in the state.
func TestServersBeyondQuota(t *testing.T) {
	c := start(t)
	quota := func(instances int) {
		c.call(Call{As: "admin", Service: "compute", Do: "PUT /v2.1/os-quota-sets/{project}", Body: fmt.Sprintf(`{"quota_set": {"instances": %d}}`, instances)}, map[string]any{"project": c.member.project})
	}
	quota(1)
	cmd := acctest.Terraform(t, c.providers+machines("many", 2, "1", ""), c.env...)
	defer c.empty(cmd)
	out := cmd.Fail("apply", "-auto-approve", "-parallelism=1") // of two at once, both are taken, and one ends in error
	c.says(out, "Cannot create hwcloud_server", "403", "Quota exceeded for instances", "administrator")
	if len(cmd.IDs()) != 1 {
		t.Errorf("the state has %v", cmd.IDs())
	}
	quota(10)
	c.converges(cmd, machines("many", 2, "1", ""))
}

// One volume serves two servers, one of which boots from a volume of its own.
func TestSharedVolume(t *testing.T) {
	c := start(t)
	name, _ := c.volumeType(true, `{"multiattach": "<is> True"}`)
	config := func(grown int) string {
		return machines("plain", 1, "1", "") + fmt.Sprintf(`
resource "hwcloud_volume" "boot" {
  name     = "boot"
  size     = 1
  image_id = data.hwcloud_image.cirros.id
}

resource "hwcloud_server" "own" {
  name      = "own"
  flavor_id = "1"
  networks  = []

  system_disk = {
    volume_id = hwcloud_volume.boot.id
  }
  data_disks = [{ size = %d }]
}

resource "hwcloud_volume" "shared" {
  name        = "shared"
  size        = 1
  volume_type = %q
}

resource "hwcloud_volume_attachment" "shared" {
  for_each  = { plain = hwcloud_server.plain[0].id, own = hwcloud_server.own.id }
  server_id = each.value
  volume_id = hwcloud_volume.shared.id
}
`, grown, name)
	}
	cmd := acctest.Terraform(t, c.providers+config(1), c.env...)
	defer c.empty(cmd)
	cmd.Run("apply", "-auto-approve")
	cmd.Run("plan", "-detailed-exitcode")
	cmd.Run("apply", "-refresh-only", "-auto-approve")
	if users := cmd.State()["hwcloud_volume.shared"]["attachments"]; len(users.([]any)) != 2 {
		t.Errorf("the volume is attached to %v", users)
	}
	own := cmd.State()["hwcloud_server.own"]
	if disk := own["system_disk"].(map[string]any); disk["id"] != cmd.IDs()["hwcloud_volume.boot"] || disk["delete_on_termination"] != false {
		t.Errorf("it boots from %v", disk)
	}
	grown := 1
	if !c.real() { // the file systems of volumes there do not grow while they are attached
		grown = 2
		cmd.Write(c.providers + config(grown))
		c.expect(cmd, "a disk grows", map[string]string{"hwcloud_server.own": "update"})
	}
	c.converges(cmd, config(grown))
}
