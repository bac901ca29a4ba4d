package acctest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
)

// Lookup is what a data source has to show: that it finds what fits, and says clearly when nothing or too much does.
type Lookup struct {
	Type    string                           // "hwcloud_vpc", or "hwcloud_vpcs"
	Needs   string                           // what there is to be found; applied before anything is looked up
	Before  func(c *Cloud) map[string]string // makes what no resource makes; the configuration has it as local.NAME
	Found   []Found
	Refused []Refusal // Set are all arguments; with Needs only what is refused when it is looked up, for the rest forbids to destroy
}

// Found is one look-up that succeeds, with attribute=value pairs of its result.
type Found struct {
	By    Attributes
	Check []string
}

// Test looks everything up in one configuration, and what is refused in another.
func (l Lookup) Test(t *testing.T) {
	t.Helper()
	cloud := Start(t)
	if l.Before != nil {
		l.Needs += locals(l.Before(cloud))
	}
	found, refused := l.Needs, l.Needs
	var checks []resource.TestCheckFunc
	for i, one := range l.Found {
		found += Block("data", l.Type, fmt.Sprintf("found_%d", i), one.By)
		for _, pair := range one.Check {
			name, value, _ := strings.Cut(pair, "=")
			checks = append(checks, resource.TestCheckResourceAttr(fmt.Sprintf("data.%s.found_%d", l.Type, i), name, value))
		}
	}
	for i, refusal := range l.Refused {
		refused += Block("data", l.Type, fmt.Sprintf("refused_%d", i), refusal.Set)
	}
	steps := []resource.TestStep{
		{Config: l.Needs}, // what has to be found must exist when the rest is planned
		{Config: found, Check: func(s *terraform.State) error {
			cloud.Forget()
			return resource.ComposeAggregateTestCheckFunc(checks...)(s)
		}},
	}
	if l.Needs == "" {
		steps = steps[1:]
	}
	if len(l.Refused) == 0 {
		cloud.Run(steps...)
		return
	}
	said := cloud.refusal(steps, refused)
	for i, refusal := range l.Refused {
		if err := refusal.Among(said, fmt.Sprintf("data %q %q", l.Type, fmt.Sprintf("refused_%d", i))); err != nil {
			t.Error(err)
		}
	}
}
