package acctest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

// Ephemeral is what an ephemeral resource has to show: that it asks the cloud for what is wanted, that it tells what the
// cloud answers, and that bad values are refused.
type Ephemeral struct {
	Type    string                           // "hwcloud_kms_random"
	Before  func(c *Cloud) map[string]string // makes what no resource makes; the configuration has it as local.NAME
	Opened  []Opened
	Refused []Refusal // Set are all arguments
}

// Opened is one that is opened.
type Opened struct {
	With  Attributes
	Call  string   // the request, as a regular expression on "METHOD /path {body}"
	Check []string // attribute=value pairs of what it tells, the values as regular expressions
}

// Test opens everything in one configuration, and plans what is refused in another.
func (e Ephemeral) Test(t *testing.T) {
	t.Helper()
	c := Start(t)
	locals := ""
	if e.Before != nil {
		made := e.Before(c)
		for _, name := range slices.Sorted(maps.Keys(made)) {
			locals += fmt.Sprintf("locals { %s = %q }\n", name, made[name])
		}
	}
	c.Forget()
	// Another provider is told what is opened, and puts it into the state: for a test only.
	opened, told := c.Provider()+locals, ""
	var checks []statecheck.StateCheck
	for i, one := range e.Opened {
		name := fmt.Sprintf("opened_%d", i)
		opened += Block("ephemeral", e.Type, name, one.With)
		told += fmt.Sprintf("    %s = ephemeral.%s.%s\n", name, e.Type, name)
		for _, pair := range one.Check {
			attribute, value, _ := strings.Cut(pair, "=")
			checks = append(checks, statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey(name).AtMapKey(attribute),
				knownvalue.StringRegexp(regexp.MustCompile("^"+value+"$"))))
		}
	}
	opened += "provider \"echo\" {\n  data = {\n" + told + "  }\n}\nresource \"echo\" \"test\" {}\n"
	factories := c.Factories()
	factories["echo"] = echoprovider.NewProviderServer()
	resource.Test(t, resource.TestCase{IsUnitTest: true, ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		{Config: opened, ConfigStateChecks: checks},
	}})
	calls := c.Calls("^POST ")
	for _, one := range e.Opened {
		if pattern := regexp.MustCompile(one.Call); !slices.ContainsFunc(calls, func(call Call) bool { return pattern.MatchString(call.String()) }) {
			t.Errorf("no call %s among %v", one.Call, calls)
		}
	}
	c.Forget()
	if len(e.Refused) == 0 {
		return
	}
	refused := locals
	for i, refusal := range e.Refused {
		refused += Block("ephemeral", e.Type, fmt.Sprintf("refused_%d", i), refusal.Set)
	}
	said := c.refusal(nil, refused)
	for i, refusal := range e.Refused {
		if err := refusal.Among(said, fmt.Sprintf("ephemeral %q %q", e.Type, fmt.Sprintf("refused_%d", i))); err != nil {
			t.Error(err)
		}
	}
}
