package acctest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
)

// changedInConsole is what somebody does to ten objects of the example behind Terraform's back: where the plan must show it,
// the object in the sandbox, and what is changed of it.
var changedInConsole = []struct {
	address, kind, name string
	fields              map[string]any
}{
	{"hwcloud_vpc.shop", "vpc", "shop-three-tier", map[string]any{"description": "mine"}},
	{`hwcloud_subnet.tier["app"]`, "subnet", "shop-three-tier-app", map[string]any{"name": "other"}},
	{`hwcloud_security_group.tier["entry"]`, "security_group", "shop-three-tier-entry", map[string]any{"description": "open"}},
	{"hwcloud_server.entry", "server", "shop-three-tier-entry", map[string]any{"status": "SHUTOFF"}},
	{`hwcloud_volume.store["orders"]`, "volume", "shop-three-tier-orders", map[string]any{"tags": map[string]any{}}},
	{"hwcloud_topic.ops", "topic", "shop-three-tier-ops", map[string]any{"display_name": "Somebody"}},
	{"hwcloud_scaling_group.app", "scaling_group", "shop-three-tier-app", map[string]any{"max_instance_number": 9}},
	{"hwcloud_alarm_rule.store", "alarm_rule", "shop-three-tier-store", map[string]any{"enabled": false}},
	{"hwcloud_dns_zone.inside", "dns_zone", "shop-three-tier.internal.", map[string]any{"ttl": 60}},
	{"hwcloud_bucket.pictures", "bucket", "shop-three-tier", map[string]any{"versioning": "Suspended"}},
}

// written imports objects of which Terraform writes the configuration itself, but for some, and returns what it plans then.
func (c *Cloud) written(ids map[string]string, but ...string) []*tfjson.ResourceChange {
	c.t.Helper()
	config := c.Provider()
	for address, id := range ids {
		if !slices.Contains(but, address) {
			kind, name, _ := strings.Cut(address, ".") // one of several becomes one alone: Terraform writes no others
			config += Import(kind+"."+regexp.MustCompile(`\W`).ReplaceAllString(name, "_"), id, "")
		}
	}
	return Terraform(c.t, config).Plan("-generate-config-out=written.tf")
}

// The example of three tiers is applied, planned empty, changed in ten ways behind Terraform's back, each of which is seen
// and put right, imported whole into an empty state without a single write, and destroyed.
func TestThreeTier(t *testing.T) {
	t.Parallel()
	c := Start(t)
	config := c.example("three-tier")
	cmd := Terraform(t, config)
	cmd.Run("apply", "-auto-approve")
	const empty = "-detailed-exitcode" // a difference is a failure
	cmd.Run("plan", empty)

	for _, change := range changedInConsole {
		id := change.name
		if c.Objects(change.kind)[id] == nil { // a bucket's name is its id
			id = c.ID(change.kind, change.name)
		}
		c.Patch(change.kind, id, change.fields)
	}
	var updated []string
	for _, change := range cmd.Plan() {
		if !change.Change.Actions.NoOp() {
			updated = append(updated, fmt.Sprint(change.Address, change.Change.Actions))
		}
	}
	var expected []string
	for _, change := range changedInConsole {
		expected = append(expected, change.address+"[update]")
	}
	slices.Sort(expected)
	if slices.Sort(updated); !slices.Equal(updated, expected) {
		t.Errorf("seen is %q, changed was %q", updated, expected)
	}
	cmd.Run("apply", "-auto-approve")
	cmd.Run("plan", empty)

	ids := cmd.IDs()
	if len(ids) < 40 {
		t.Fatalf("the example has only %d objects", len(ids))
	}
	var imports strings.Builder
	for _, address := range slices.Sorted(maps.Keys(ids)) {
		imports.WriteString(Import(address, ids[address], ""))
	}
	written := c.written(ids, "hwcloud_server.entry") // whose user_data is a secret
	for _, change := range written {
		if !change.Change.Actions.NoOp() {
			t.Errorf("of %s a configuration is written, and the plan is to %s", change.Address, change.Change.Actions)
		}
	}
	if len(written) != len(ids)-1 {
		t.Errorf("configurations are written of %d objects", len(written))
	}
	cmd.Forget()
	cmd.Write(config + imports.String())
	imported := 0
	for _, change := range cmd.Plan() {
		if change.Change.Importing != nil {
			imported++
		}
		if actions := change.Change.Actions; !actions.NoOp() && !actions.Update() { // what no API answers is recorded
			t.Errorf("%s of %s", actions, change.Address)
		}
	}
	if imported != len(ids) {
		t.Errorf("%d of %d objects are imported", imported, len(ids))
	}
	c.Forget()
	cmd.Run("apply", "-auto-approve")
	if writes := c.Writes(); len(writes) > 0 {
		t.Errorf("the import wrote %v", writes)
	}
	cmd.Run("plan", empty)

	cmd.Run("destroy", "-auto-approve")
	for _, kind := range []string{
		"vpc", "subnet", "server", "volume", "eip", "scaling_group", "scaling_configuration", "alarm_rule", "topic", "dns_zone", "bucket", "port",
	} {
		if left := c.Objects(kind); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	}
}
