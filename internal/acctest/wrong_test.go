package acctest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/provider"
)

// The wrong values are in the services' tests, each with the attribute at which it is reported: they are the rows of
// Refused and Kept of a Whole or an Ephemeral, and Terraform plans them there. This test reads the rows, and asks whether
// they are enough: so many of all and of each type, and one at least of every argument that has validators. With -v it
// prints them.
const (
	wrongValues       = 150
	wrongValuesOfEach = 8
)

func TestWrongValues(t *testing.T) {
	t.Parallel()
	refused := readRefusals(t)
	total := 0
	for name, checked := range checkedArguments() {
		rows := refused[name]
		total += len(rows)
		for _, row := range rows {
			t.Logf("%s: %v is refused at %q", name, row.Set, row.At)
		}
		if len(rows) < wrongValuesOfEach {
			t.Errorf("%s: only %d wrong values are refused in a test", name, len(rows))
		}
		for _, argument := range checked {
			if !slices.ContainsFunc(rows, func(row Refusal) bool { return row.At == argument || row.At == "" && hasKey(row.Set, argument) }) {
				t.Errorf("%s: no wrong value of %s is refused in a test", name, argument)
			}
		}
	}
	if total < wrongValues {
		t.Errorf("only %d wrong values are refused in a test", total)
	}
	t.Logf("%d wrong values", total)
}

func hasKey(set Attributes, name string) bool {
	_, ok := set[name]
	return ok
}

// checkedArguments are those with validators, by the type of each resource and ephemeral resource.
func checkedArguments() map[string][]string {
	all := map[string][]string{}
	check := func(kind, name string, attribute any) {
		if validators := reflect.ValueOf(attribute).FieldByName("Validators"); validators.IsValid() && validators.Len() > 0 {
			all[kind] = append(all[kind], name)
		}
	}
	for _, kind := range provider.Public() {
		if kind.NoResource {
			continue
		}
		all[kind.TypeName()] = nil
		for name, attribute := range kind.Schema.Attributes {
			check(kind.TypeName(), name, attribute)
		}
		if kind.Tags != nil {
			all[kind.TypeName()] = append(all[kind.TypeName()], "tags")
		}
	}
	for _, declared := range provider.Ephemerals() {
		all[declared.TypeName()] = nil
		for name, attribute := range declared.Schema.Attributes {
			check(declared.TypeName(), name, attribute)
		}
	}
	return all
}

// readRefusals reads the rows out of the services' tests. A row that is not written in a Whole, an Ephemeral or an Action belongs to
// the one type that its file is about.
func readRefusals(t *testing.T) map[string][]Refusal {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "internal/service/*/*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]Refusal{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		var tests, rows []*ast.CompositeLit
		ast.Inspect(file, func(node ast.Node) bool {
			if literal, ok := node.(*ast.CompositeLit); ok {
				if members := membersOf(literal); members["Error"] != nil && (members["Set"] != nil || members["At"] != nil) {
					rows = append(rows, literal)
				} else if kind, ok := literal.Type.(*ast.SelectorExpr); ok && slices.Contains([]string{"Whole", "Ephemeral", "Action", "Lookup"}, kind.Sel.Name) {
					tests = append(tests, literal)
				}
			}
			return true
		})
		for _, row := range rows {
			kind, err := testOf(row, tests)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			all[kind] = append(all[kind], refusalOf(row))
		}
	}
	return all
}

// testOf is the type of resource that a row is of; "data " and a type for that of a data source.
func testOf(row *ast.CompositeLit, tests []*ast.CompositeLit) (string, error) {
	var types []string
	for _, test := range tests {
		kind, lookup := textOf(membersOf(test)["Type"]), test.Type.(*ast.SelectorExpr).Sel.Name == "Lookup"
		if lookup {
			kind = "data " + kind
		}
		if test.Pos() < row.Pos() && row.End() < test.End() {
			return kind, nil
		}
		if !lookup {
			types = append(types, kind)
		}
	}
	slices.Sort(types)
	if types = slices.Compact(types); len(types) != 1 {
		return "", fmt.Errorf("of which type are the rows that no test holds: %q?", types)
	}
	return types[0], nil
}

// refusalOf is a row as far as it is written down.
func refusalOf(row *ast.CompositeLit) Refusal {
	members := membersOf(row)
	refusal := Refusal{Set: Attributes{}, At: textOf(members["At"]), Error: textOf(members["Error"])}
	for name, value := range membersOf(members["Set"]) {
		refusal.Set[strings.TrimSuffix(name, " {}")] = textOf(value)
	}
	return refusal
}

// membersOf are the values of a struct or a map that is written down, by their keys.
func membersOf(e ast.Expr) map[string]ast.Expr {
	members := map[string]ast.Expr{}
	literal, ok := e.(*ast.CompositeLit)
	if !ok {
		return members
	}
	for _, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if field, ok := pair.Key.(*ast.Ident); ok {
				members[field.Name] = pair.Value
			} else {
				members[textOf(pair.Key)] = pair.Value
			}
		}
	}
	return members
}

func textOf(e ast.Expr) string {
	literal, ok := e.(*ast.BasicLit)
	if !ok {
		return ""
	}
	text, _ := strconv.Unquote(literal.Value)
	return text
}
