package acctest

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
)

// openStack is the provider block of a member of a project of the OpenStack cloud.
func (c *Cloud) openStack() string {
	return fmt.Sprintf(`
provider "hwcloud" {
  platform     = "openstack"
  auth_url     = "%s/identity/v3"
  user_name    = "sandbox"
  password     = "sandbox"
  project_name = "sandbox"
}
`, c.URL)
}

// A cloud is asked for what it knows and for no more; what it is too old for is refused before anything is made.
func TestOlderOpenStack(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	cloud.Break(Fault{Method: "GET", Path: "^/block-storage/v3/$", Action: map[string]any{
		"status": 200, "body": `{"versions": [{"id": "v3.0", "status": "CURRENT", "version": "3.46", "min_version": "3.0"}]}`,
	}})
	config := func(more string) string {
		return cloud.openStack() + "resource \"hwcloud_volume\" \"test\" {\n  name = \"test\"\n  size = 1\n  " + more + "\n}\n"
	}
	cloud.Run(
		resource.TestStep{
			Config:      config(`backup_id = "9a2b3c4d-0000-4000-8000-000000000001"`),
			PlanOnly:    true,
			ExpectError: Says("cloud is too old for this hwcloud_volume", "takes microversion 3.47 of the service block-storage", "newest that the cloud has is 3.46"),
		},
		resource.TestStep{
			Config: config(""),
			Check:  resource.TestCheckResourceAttr("hwcloud_volume.test", "region", "RegionOne"),
		},
		resource.TestStep{
			Config:             config(`backup_id = "9a2b3c4d-0000-4000-8000-000000000001"`), // replaces
			PlanOnly:           true,
			ExpectError:        Says("takes microversion 3.47"),
			ExpectNonEmptyPlan: true,
		},
	)
}

// What the policies of a cloud refuse is said with the policy, the role that it takes, and those that the user has.
func TestRefusalOfOpenStack(t *testing.T) {
	t.Parallel()
	cloud := Start(t)
	cloud.Break(Fault{Method: "POST", Path: "/volumes$", Action: map[string]any{
		"status": 403, "body": `{"forbidden": {"code": 403, "message": "Policy doesn't allow volume:create to be performed."}}`,
	}})
	cloud.Run(resource.TestStep{
		Config: cloud.openStack() + `
resource "hwcloud_volume" "test" {
  name = "test"
  size = 1
}
`,
		ExpectError: Says("The cloud answered 403 forbidden", "policy volume:create does not allow it", "takes the role admin in the project sandbox", "user sandbox has the roles member, reader"),
	})
}
