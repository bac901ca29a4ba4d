package acctest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/provider"
)

const root = "../.."

func read(t testing.TB, name string) string {
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
	for _, make := range kind.DataSources(nil) {
		var resp datasource.MetadataResponse
		make().Metadata(t.Context(), datasource.MetadataRequest{}, &resp)
		names = append(names, resp.TypeName)
	}
	return names
}

// The example of a resource is applied, planned, and imported by its id; those of the data sources find what it has made.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, kind := range provider.Public() {
		name := kind.TypeName()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var steps []resource.TestStep
			config := ""
			if !kind.NoResource {
				address := name + ".example"
				config = read(t, "examples/resources/"+name+"/resource.tf")
				if text := read(t, "examples/resources/"+name+"/import.sh"); !regexp.MustCompile(`^terraform import ` + address + ` \S+\n$`).MatchString(text) {
					t.Errorf("import.sh does not import %s: %s", address, text)
				}
				steps = append(steps, resource.TestStep{Config: config},
					resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID})
			}
			for _, name := range dataSources(t, kind) {
				for block := range strings.SplitSeq(read(t, "examples/data-sources/"+name+"/data-source.tf"), "\n\n") {
					if !strings.Contains(config, block) { // both examples may begin with the same look-up
						config += "\n" + block + "\n"
					}
				}
			}
			startExamples(t).Run(append(steps, resource.TestStep{Config: config})...)
		})
	}
}

// The example of an ephemeral resource is applied, with what it takes from outside.
func TestEphemeralExamples(t *testing.T) {
	t.Parallel()
	for _, declared := range provider.Ephemerals() {
		name := declared.TypeName()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startExamples(t)
			text, variables := read(t, "examples/ephemeral-resources/"+name+"/ephemeral-resource.tf"), config.Variables{}
			if strings.Contains(text, `variable "cipher_text"`) {
				variables["cipher_text"] = config.StringVariable(c.encrypt("orders", "hush"))
			}
			c.Run(resource.TestStep{Config: text, ConfigVariables: variables})
			if len(c.Calls("^"+declared.Open.Method+" /"+declared.Service.Name)) == 0 {
				t.Errorf("nothing in %s opens it", text)
			}
		})
	}
}

// encrypt makes a key, and encrypts a text with it.
func (c *Cloud) encrypt(alias, text string) string {
	c.t.Helper()
	const path = "/v1.0/{project_id}/kms/"
	c.Configure(map[string]any{"job_ms": 0}) // so that the key can be used at once
	made := c.Ask(cloud.KMS, "POST", path+"create-key", map[string]any{"key_alias": alias})
	c.Configure(map[string]any{"job_ms": 100})
	id := made["key_info"].(map[string]any)["key_id"]
	return c.Ask(cloud.KMS, "POST", path+"encrypt-data", map[string]any{"key_id": id, "plain_text": text})["cipher_text"].(string)
}

// example is the configuration of an example, with the provider block of this cloud.
func (c *Cloud) example(name string) string {
	c.t.Helper()
	const empty = "provider \"hwcloud\" {}\n"
	config := read(c.t, "examples/"+name+"/main.tf")
	if !strings.Contains(config, empty) {
		c.t.Fatalf("the provider block of the example %s is not empty", name)
	}
	config = regexp.MustCompile(`(?s)\nterraform {.*?\n}\n`).ReplaceAllString(config, "")
	return strings.Replace(config, empty, c.Provider(), 1)
}

// The quickstart is applied, planned empty, put right after somebody's change, and destroyed.
func TestQuickstart(t *testing.T) {
	t.Parallel()
	c := Start(t)
	config := c.example("quickstart")
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

// Every Kind, and every ephemeral resource, has its examples, its pages, and the tests of its service. What OpenStack clouds
// have is tested by internal/openstack.
func TestEveryKindIsShown(t *testing.T) {
	t.Parallel()
	tests := ""
	suite := ""
	for place, into := range map[string]*string{"internal/service/*/*_test.go": &tests, "internal/openstack/*_test.go": &suite} {
		files, err := filepath.Glob(filepath.Join(root, place))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			*into += string(text)
		}
	}
	inSuite := func(name string) {
		if !regexp.MustCompile(fmt.Sprintf(`Type:\s+%q`, name)).MatchString(suite) {
			t.Errorf("no object %s in internal/openstack", name)
		}
	}
	tested := func(how, name string) {
		if !regexp.MustCompile(fmt.Sprintf(`acctest\.%s{\s+Type:\s+%q`, how, name)).MatchString(tests) {
			t.Errorf("no acctest.%s of %s in internal/service", how, name)
		}
	}
	wanted := map[string]bool{}
	for _, kind := range provider.Kinds() {
		tested := tested
		if kind.Service.OpenStack() {
			tested = func(_, name string) { inSuite(name) }
		}
		if !kind.NoResource {
			tested("Whole", kind.TypeName())
			wanted["examples/resources/"+kind.TypeName()+"/resource.tf"] = true
			wanted["examples/resources/"+kind.TypeName()+"/import.sh"] = true
			wanted["docs/resources/"+kind.Name+".md"] = true
			if kind.Native != nil {
				inSuite(kind.TypeName())
				wanted["examples/resources/"+kind.TypeName()+"/resource_openstack.tf"] = true
			}
		} else if kind.Native != nil && !kind.Native.NoResource { // it is made on OpenStack clouds only
			inSuite(kind.TypeName())
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
	for _, declared := range provider.Ephemerals() {
		tested("Ephemeral", declared.TypeName())
		wanted["examples/ephemeral-resources/"+declared.TypeName()+"/ephemeral-resource.tf"] = true
		wanted["docs/ephemeral-resources/"+declared.Name+".md"] = true
	}
	for _, declared := range provider.Actions() {
		if !declared.Service.OpenStack() {
			tested("Action", declared.TypeName())
		} else if !strings.Contains(suite, fmt.Sprintf("acctest.NewInvoker(t, %q", declared.TypeName())) {
			t.Errorf("no test of %s in internal/openstack", declared.TypeName())
		}
		wanted["examples/actions/"+declared.TypeName()+"/action.tf"] = true
		wanted["docs/actions/"+declared.Name+".md"] = true
	}
	for _, place := range []string{
		"examples/resources/*/*", "examples/data-sources/*/*", "examples/ephemeral-resources/*/*", "examples/actions/*/*",
		"docs/resources/*", "docs/data-sources/*", "docs/ephemeral-resources/*", "docs/actions/*",
	} {
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
