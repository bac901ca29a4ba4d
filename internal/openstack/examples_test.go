package openstack

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/provider"
)

// The example of each object is applied, with those of its data sources, and planned empty.
func TestExamples(t *testing.T) {
	public, made := map[string]bool{}, map[string]bool{}
	for _, kind := range provider.Public() {
		public[kind.Name], made[kind.Name] = true, !kind.NoResource
	}
	for _, kind := range provider.Native() {
		t.Run(kind.Name, func(t *testing.T) {
			c := start(t)
			config := ""
			if !kind.NoResource {
				file := "resource.tf"
				if made[kind.Name] {
					file = "resource_openstack.tf"
				}
				config = read(t, "resources/"+kind.TypeName()+"/"+file)
			}
			if !public[kind.Name] {
				for _, name := range dataSources(t, kind) {
					for block := range strings.SplitSeq(read(t, "data-sources/"+name+"/data-source.tf"), "\n\n") {
						if !strings.Contains(config, block) { // both examples may begin with the same look-up
							config += "\n" + block + "\n"
						}
					}
				}
			}
			if config == "" {
				t.Skip("it is looked up as in the public cloud")
			}
			config = strings.ReplaceAll(config, "${path.module}", files(t, map[string]string{"debian-12.qcow2": "no disk"}))
			if strings.Contains(config, `variable "transfer_id"`) {
				transfer, key := c.offered()
				c.env = append(c.env, "TF_VAR_transfer_id="+transfer, "TF_VAR_transfer_key="+key)
			}
			cmd := acctest.Terraform(t, c.providerOf(c.admin)+config, c.env...)
			defer c.empty(cmd)
			cmd.Run("apply", "-auto-approve")
			cmd.Run("plan", "-detailed-exitcode")
			cmd.Run("destroy", "-auto-approve")
		})
	}
}

// files makes a directory with files.
func files(t *testing.T, contents map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, content := range contents {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../examples", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
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
