package eip_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

// What the cloud has frozen is no reason to plan anything, and nobody waits for it to thaw.
func TestFrozen(t *testing.T) {
	t.Parallel()
	box := acctest.Start(t)
	config := func(alias, size string) string {
		return `
resource "hwcloud_eip" "test" {
  type           = "5_bgp"
  alias          = "` + alias + `"
  bandwidth_name = "web"
  bandwidth_size = 5
}

resource "hwcloud_bandwidth" "test" {
  name = "all"
  size = ` + size + `
}
`
	}
	all := func(eip, bandwidth string) func() {
		return func() {
			for id := range box.Objects("eip") {
				box.Patch("eip", id, map[string]any{"status": eip})
			}
			box.Patch("bandwidth", box.ID("bandwidth", "all"), map[string]any{"status": bandwidth})
		}
	}
	box.Run(
		resource.TestStep{Config: config("web", "5")},
		resource.TestStep{PreConfig: all("FREEZED", "FREEZED"), Config: config("web", "5"), PlanOnly: true},
		resource.TestStep{Config: config("db", "5"), ExpectError: wanted("the object is in status FREEZED")},
		resource.TestStep{Config: config("db", "10"), ExpectError: wanted("the object is in status FREEZED")},
		resource.TestStep{PreConfig: all("DOWN", "NORMAL"), Config: config("db", "10")},
	)
}
