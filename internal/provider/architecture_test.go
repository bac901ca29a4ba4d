package provider

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/hwcloud/terraform-provider-hwcloud"

// rooms are the packages of the module and the rooms that each may import. Tests may import more: the sandbox and acctest.
var rooms = []struct {
	name string
	may  []string
}{
	{".", []string{"internal/provider", "internal/sandbox"}},
	{"internal/provider", []string{"internal/service/*", "internal/object", "internal/cloud", "internal/cloud/auth"}},
	{"internal/provider/schema", []string{"internal/provider"}},
	{"internal/service/ecs", []string{"internal/service/evs", "internal/object", "internal/object/valid", "internal/convert", "internal/cloud"}},  // a server's disks are volumes
	{"internal/service/as", []string{"internal/service/evs", "internal/object", "internal/object/valid", "internal/cloud"}},                       // so are those of a group's servers
	{"internal/service/nova", []string{"internal/service/ecs", "internal/object", "internal/object/valid", "internal/convert", "internal/cloud"}}, // the parts of a server are told apart in one way
	{"internal/service/*", []string{"internal/object", "internal/object/valid", "internal/convert", "internal/cloud"}},
	{"internal/object/valid", nil},
	{"internal/object", []string{"internal/object/valid", "internal/convert", "internal/cloud"}},
	{"internal/convert", nil},
	{"internal/pattern", nil},
	{"internal/cloud", []string{"internal/cloud/*"}},
	{"internal/cloud/auth", []string{"internal/cloud/sign", "internal/cloud/transport"}},
	{"internal/cloud/sign", nil},
	{"internal/cloud/transport", nil},
	{"internal/sandbox", nil},
	{"internal/acctest", []string{"internal/*", "internal/*/*"}},
	{"internal/acctest/bench", []string{"internal/*", "internal/*/*"}},
}

// terraform is where Terraform is spoken of. The client and the sandbox could serve any other program.
var terraform = []string{".", "internal/provider", "internal/provider/schema", "internal/service/*",
	"internal/object", "internal/object/*", "internal/convert", "internal/acctest", "internal/acctest/*"}

func TestImportsRunOneWay(t *testing.T) {
	t.Parallel()
	for file, imports := range sources(t) {
		name := path.Dir(file)
		may, ok := mayImport(name)
		if !ok {
			t.Errorf("%s is in no room: see the layout in CONTRIBUTING.md, or add a room to this test", file)
		}
		// What the sandbox believes of the cloud stays its own in its tests too. The others may run against it, and need
		// credentials for a client of their own.
		if strings.HasSuffix(file, "_test.go") && name != "internal/sandbox" {
			may = append([]string{"internal/sandbox", "internal/acctest", "internal/cloud/auth"}, may...)
		}
		may = append([]string{"internal/pattern"}, may...) // of use to all
		for _, i := range imports {
			other, inside := strings.CutPrefix(i, module+"/")
			if inside && other != name && !within(other, may) {
				t.Errorf("%s imports %s", file, other)
			}
			if strings.HasPrefix(i, "github.com/hashicorp/terraform-") && !within(name, terraform) {
				t.Errorf("%s speaks of Terraform: it imports %s", file, i)
			}
		}
	}
}

func mayImport(name string) (may []string, ok bool) {
	for _, room := range rooms {
		if within(name, []string{room.name}) {
			return room.may, true
		}
	}
	return nil, false
}

// A pattern is compiled only when it is first used, which may be in no test.
func TestPatternsCompile(t *testing.T) {
	t.Parallel()
	found := 0
	for name := range sources(t) {
		text, err := os.ReadFile(path.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, literal := range regexp.MustCompile("pattern\\.New\\(`([^`]*)`\\)").FindAllStringSubmatch(string(text), -1) {
			if _, err := regexp.Compile(literal[1]); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			found++
		}
	}
	if found < 30 {
		t.Errorf("only %d patterns found", found)
	}
}

func TestNoOtherRooms(t *testing.T) {
	t.Parallel()
	allowed := map[string][]string{
		".":        {"internal", "examples", "docs", "templates"},
		"internal": {"provider", "service", "object", "convert", "pattern", "cloud", "sandbox", "acctest", "contract", "openstack"},
	}
	for parent, names := range allowed {
		entries, err := os.ReadDir(path.Join("../..", parent))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && e.Name() != "dist" && !slices.Contains(names, e.Name()) {
				t.Errorf("%s is no room: there are %s", path.Join(parent, e.Name()), strings.Join(names, ", "))
			}
		}
	}
}

// sources returns what each Go file of the module imports, by its path below the module.
func sources(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (name == "internal/contract" || name == "internal/openstack" || strings.HasPrefix(entry.Name(), ".") && name != "."):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, i := range file.Imports {
			imported, _ := strconv.Unquote(i.Path.Value)
			all[name] = append(all[name], imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := all["main.go"]; !ok {
		t.Fatal("no sources found")
	}
	return all
}

func within(name string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, _ := path.Match(pattern, name)
		return ok
	})
}
