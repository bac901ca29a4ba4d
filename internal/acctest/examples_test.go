package acctest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/provider"
)

const root = "../.."

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// startExamples serves a cloud with what the examples take for granted.
func startExamples(t *testing.T) *Cloud {
	c := Start(t)
	c.Ask(cloud.ECS, "POST", "/v2.1/{project_id}/os-keypairs", map[string]any{"keypair": map[string]any{"name": "deploy"}})
	const own, partner = "5a0d80c0000000000000000000000101", "5a0d80c0000000000000000000000103"
	vpc := func(project, cidr string) any {
		answer := c.AskIn(project, cloud.VPC, "POST", "/v1/{project_id}/vpcs", map[string]any{"vpc": map[string]any{"name": "partner", "cidr": cidr}})
		return answer["vpc"].(map[string]any)["id"]
	}
	c.AskIn(partner, cloud.VPC, "POST", "/v2.0/vpc/peerings", map[string]any{"peering": map[string]any{
		"name":             "partner",
		"request_vpc_info": map[string]any{"vpc_id": vpc(partner, "172.16.0.0/16")},
		"accept_vpc_info":  map[string]any{"vpc_id": vpc(own, "192.168.0.0/16"), "tenant_id": own},
	}})
	return c
}

// dataSources are the names of a Kind's data sources.
func dataSources(t *testing.T, kind *object.Kind) (names []string) {
	for _, make := range kind.DataSources() {
		var resp datasource.MetadataResponse
		make().Metadata(t.Context(), datasource.MetadataRequest{}, &resp)
		names = append(names, resp.TypeName)
	}
	return names
}

// The example of a resource is applied, planned, imported by its id, and destroyed.
func TestResourceExamples(t *testing.T) {
	t.Parallel()
	for _, kind := range provider.Kinds() {
		if kind.NoResource {
			continue
		}
		name := kind.TypeName()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := name + ".example"
			if text := read(t, "examples/resources/"+name+"/import.sh"); !regexp.MustCompile(`^terraform import ` + address + ` \S+\n$`).MatchString(text) {
				t.Errorf("import.sh does not import %s: %s", address, text)
			}
			startExamples(t).Run(
				resource.TestStep{Config: read(t, "examples/resources/"+name+"/resource.tf")},
				resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID},
			)
		})
	}
}

// The example of a data source finds what the example of the resource has made.
func TestDataSourceExamples(t *testing.T) {
	t.Parallel()
	for _, kind := range provider.Kinds() {
		for _, name := range dataSources(t, kind) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				config := read(t, "examples/data-sources/"+name+"/data-source.tf")
				var steps []resource.TestStep
				if !kind.NoResource {
					made := read(t, "examples/resources/"+kind.TypeName()+"/resource.tf")
					steps = append(steps, resource.TestStep{Config: made})
					config = made + config
				}
				startExamples(t).Run(append(steps, resource.TestStep{Config: config})...)
			})
		}
	}
}

// The quickstart is applied, planned empty, put right after somebody's change, and destroyed.
func TestQuickstart(t *testing.T) {
	t.Parallel()
	c := Start(t)
	const empty = "provider \"hwcloud\" {}\n"
	config := read(t, "examples/quickstart/main.tf")
	if !strings.Contains(config, empty) {
		t.Fatal("the provider block of the quickstart is not empty")
	}
	config = regexp.MustCompile(`(?s)\nterraform {.*?\n}\n`).ReplaceAllString(config, "")
	config = strings.Replace(config, empty, c.Provider(), 1)
	updated := func(name string) plancheck.PlanCheck {
		return plancheck.ExpectResourceAction("hwcloud_"+name+".demo", plancheck.ResourceActionUpdate)
	}
	c.Run(
		resource.TestStep{Config: config, Check: resource.ComposeTestCheckFunc(
			resource.TestCheckResourceAttr("hwcloud_server.demo", "power_state", "running"),
			resource.TestMatchOutput("server_id", regexp.MustCompile(`^[0-9a-f-]{36}$`)),
			resource.TestMatchOutput("server_ip", regexp.MustCompile(`^10\.1\.1\.\d+$`)),
		)},
		resource.TestStep{
			PreConfig: func() {
				c.Patch("server", c.ID("server", "demo"), map[string]any{"name": "renamed-by-hand", "tags": map[string]any{"env": "demo", "added": "by-hand"}})
				c.Patch("volume", c.ID("volume", "demo"), map[string]any{"tags": map[string]any{}})
			},
			Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{updated("server"), updated("volume")}},
		},
	)
	for _, kind := range []string{"server", "volume", "subnet", "vpc"} {
		if left := c.Objects(kind); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	}
}

// Every Kind has its examples, its pages, and the tests of its service.
func TestEveryKindIsShown(t *testing.T) {
	t.Parallel()
	tests := ""
	files, err := filepath.Glob(filepath.Join(root, "internal/service/*/*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tests += string(text)
	}
	tested := func(how, name string) {
		if !regexp.MustCompile(fmt.Sprintf(`acctest\.%s{\s+Type:\s+%q`, how, name)).MatchString(tests) {
			t.Errorf("no acctest.%s of %s in internal/service", how, name)
		}
	}
	wanted := map[string]bool{}
	for _, kind := range provider.Kinds() {
		if !kind.NoResource {
			tested("Whole", kind.TypeName())
			wanted["examples/resources/"+kind.TypeName()+"/resource.tf"] = true
			wanted["examples/resources/"+kind.TypeName()+"/import.sh"] = true
			wanted["docs/resources/"+kind.Name+".md"] = true
		}
		for _, name := range dataSources(t, kind) {
			tested("Lookup", name)
			wanted["examples/data-sources/"+name+"/data-source.tf"] = true
			wanted["docs/data-sources/"+strings.TrimPrefix(name, "hwcloud_")+".md"] = true
		}
	}
	for _, place := range []string{"examples/resources/*/*", "examples/data-sources/*/*", "docs/resources/*", "docs/data-sources/*"} {
		found, err := filepath.Glob(filepath.Join(root, place))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range found {
			name := filepath.ToSlash(strings.TrimPrefix(file, filepath.FromSlash(root+"/")))
			if !wanted[name] {
				t.Errorf("%s belongs to no Kind", name)
			}
			delete(wanted, name)
		}
	}
	for name := range wanted {
		t.Errorf("%s is missing (make docs writes docs/)", name)
	}
}
