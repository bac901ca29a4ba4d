// Package openstack is the suite of OpenStack's objects. It runs on the sandbox, and on real servers when
// HWCLOUD_TEST_OPENSTACK names a clouds.yaml with the entries admin and demo: the same tables, so that the sandbox is put right
// by the real servers.
package openstack

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

func TestMain(m *testing.M) { os.Exit(acctest.Main(m)) }

// Attributes are the arguments of a resource as expressions: {"name": `"web"`}.
type Attributes = acctest.Attributes

// Object is a resource, and all that it has to show. What it needs are other objects of its group, or the group's Needs.
type Object struct {
	Type    string // "hwcloud_volume"
	Name    string // of the resource; default: test
	Given   Attributes
	Changes []Change          // in this order, each on top of those before; all objects of a group have their n-th change at once
	Drift   []Drift           // all at once
	Vanish  []Call            // takes it away behind Terraform's back; nil: it stays, for others need it
	Refused []acctest.Refusal // each a resource of its own, all in one plan
	Kept    []Kept            // changes that are refused when they are planned, of the object as it is
	Asks    string            // the path of its own read, which answers 404 when it is gone: "compute /servers/{id}"; "" when nothing else than Vanish knows
	Version string            // the microversion of that read: "compute 2.10"
	Remains bool              // it cannot be deleted
	Ignored []string          // attributes that an import does not know
	Secret  bool              // Terraform cannot write its configuration, for it needs a secret, or what no API answers
}

// Change is a new configuration of some attributes.
type Change struct {
	To       Attributes // "" removes an attribute
	Replaces bool
	Check    Attributes // attributes of the state afterwards, as texts
}

// Kept is a configuration that an object which exists cannot get.
type Kept struct {
	To    Attributes
	At    string
	Error string
}

// Drift is a change behind Terraform's back, and the attribute in which the next plan shows it.
type Drift struct {
	Do   Call
	Seen string
}

// Call is a request of a service: {id} and any other attribute of the object in braces is filled in, {project_id} too. It is made by
// an administrator when As says so.
type Call struct {
	As      string // "admin"; default: the user of the objects
	Service string // "block-storage"
	Do      string // "PUT /v3/{project_id}/volumes/{id}"
	Body    string // JSON
	Version string // the microversion that it needs: "volume 3.55"
}

// Lookup is a data source, asked for when all objects are there.
type Lookup struct {
	Type  string // "hwcloud_volume", or "hwcloud_volumes"
	Given Attributes
	Check Attributes // attributes of the result as texts; those of the first of several as "volumes.0.name"
}

// Group are objects that are made together: for all of them Terraform runs as often as for one.
type Group struct {
	Needs   string // what they need beside each other
	Objects []Object
	Lookups []Lookup
	Before  func(c *Cloud) map[string]string // makes what no resource makes; the configuration has it as local.NAME
}

func (o Object) name() string    { return cmp.Or(o.Name, "test") }
func (o Object) address() string { return o.Type + "." + o.name() }

// at is the object's configuration after so many of its changes.
func (o Object) at(changes int) Attributes {
	given := maps.Clone(o.Given)
	for _, change := range o.Changes[:min(changes, len(o.Changes))] {
		maps.Copy(given, change.To)
	}
	return given
}

func (g Group) config(changes int) string {
	var b strings.Builder
	b.WriteString(g.Needs)
	for _, o := range g.Objects {
		b.WriteString(acctest.Block("resource", o.Type, o.name(), o.at(changes)))
	}
	return b.String()
}

// Test shows it all, one part after the other in one directory: each goes on from the state that the last has left.
func (g Group) Test(t *testing.T) {
	c := start(t)
	if g.Before != nil {
		for name, value := range g.Before(c) {
			g.Needs += fmt.Sprintf("locals { %s = %q }\n", name, value)
		}
	}
	cmd := acctest.Terraform(t, c.providers+g.config(0), c.env...)
	defer c.empty(cmd)
	g.refused(c)
	cmd.Run("apply", "-auto-approve")
	const empty = "-detailed-exitcode" // a difference is a failure
	cmd.Run("plan", empty)
	cmd.Run("apply", "-refresh-only", "-auto-approve") // some objects have changed others by now
	state := cmd.State()
	for _, o := range g.Objects {
		if problems := c.opinion(o, state[o.address()]); problems != nil {
			t.Errorf("%s: another client reads %v", o.address(), problems)
		}
	}
	g.lookups(c, cmd)
	g.imported(c, state)
	g.generated(c, state)
	g.changes(c, cmd)
	g.kept(c, cmd)
	g.drift(c, cmd)
	g.gone(c, cmd)
	state = cmd.State()
	cmd.Run("destroy", "-auto-approve")
	for _, o := range g.Objects {
		if status := c.status(o, state[o.address()]); o.Asks != "" && (status == http.StatusNotFound) == o.Remains {
			t.Errorf("%s: a read after it was destroyed answers %d", o.address(), status)
		}
	}
}

// lookups looks everything up, all in one configuration.
func (g Group) lookups(c *Cloud, cmd *acctest.Command) {
	c.t.Helper()
	if len(g.Lookups) == 0 {
		return
	}
	config := c.providers + g.config(0)
	address := func(i int) string { return fmt.Sprintf("%s.found_%d", g.Lookups[i].Type, i) }
	for i, lookup := range g.Lookups {
		config += acctest.Block("data", lookup.Type, fmt.Sprintf("found_%d", i), lookup.Given)
	}
	cmd.Write(config)
	cmd.Run("apply", "-auto-approve")
	found := cmd.Data()
	for i, lookup := range g.Lookups {
		for name, want := range lookup.Check {
			var value any = found["data."+address(i)]
			for key := range strings.SplitSeq(name, ".") {
				value = member(value, key)
			}
			if got := fmt.Sprint(value); got != want {
				c.t.Errorf("%s.%s is %s, and not %s", address(i), name, got, want)
			}
		}
	}
	cmd.Write(c.providers + g.config(0))
}

// member is a member of an object or a list, and nil of anything else.
func member(v any, key string) any {
	switch v := v.(type) {
	case map[string]any:
		return v[key]
	case []any:
		if i, err := strconv.Atoi(key); err == nil && i < len(v) {
			return v[i]
		}
	}
	return nil
}

// imported plans an import of every object into an empty state: nothing may be left to do.
func (g Group) imported(c *Cloud, state map[string]map[string]any) {
	c.t.Helper()
	config := c.providers + g.config(0)
	for _, address := range slices.Sorted(maps.Keys(state)) {
		config += acctest.Import(address, state[address]["id"], "")
	}
	ignored := map[string][]string{}
	for _, o := range g.Objects {
		ignored[o.address()] = o.Ignored
	}
	imported := 0
	for _, change := range acctest.Terraform(c.t, config, c.env...).Plan() {
		if change.Change.Importing != nil {
			imported++
		}
		if left := differences(change.Change, ignored[change.Address]); len(left) > 0 {
			c.t.Errorf("%s is imported, and the plan is to %s: %v", change.Address, change.Change.Actions, left)
		}
	}
	if imported != len(state) {
		c.t.Errorf("%d of %d objects are imported", imported, len(state))
	}
}

// generated plans an import of every object whose configuration Terraform itself writes: that it is whole, and no other.
func (g Group) generated(c *Cloud, state map[string]map[string]any) {
	c.t.Helper()
	config := c.providers
	written := map[string]Object{}
	for _, o := range g.Objects {
		if !o.Secret {
			config += acctest.Import(o.address(), state[o.address()]["id"], o.Given["provider"])
			written[o.address()] = o
		}
	}
	for _, change := range acctest.Terraform(c.t, config, c.env...).Plan("-generate-config-out=written.tf") {
		if left := differences(change.Change, written[change.Address].Ignored); len(left) > 0 {
			c.t.Errorf("of %s a configuration is written, and the plan is to %s: %v", change.Address, change.Change.Actions, left)
		}
		delete(written, change.Address)
	}
	if len(written) > 0 {
		c.t.Errorf("no configuration is written of %v", slices.Sorted(maps.Keys(written)))
	}
}

// differences are the attributes that a plan changes.
func differences(change *tfjson.Change, ignored []string) (all []string) {
	before, _ := change.Before.(map[string]any)
	after, _ := change.After.(map[string]any)
	unknown, _ := change.AfterUnknown.(map[string]any)
	for name := range after {
		if fmt.Sprint(before[name]) != fmt.Sprint(after[name]) && !slices.Contains(ignored, name) {
			all = append(all, fmt.Sprintf("%s: %v -> %v", name, before[name], after[name]))
		}
	}
	for name, open := range unknown {
		if open == true && !slices.Contains(ignored, name) {
			all = append(all, name+" is open")
		}
	}
	slices.Sort(all)
	return all
}

// changes carries out the changes, those of one rank together.
func (g Group) changes(c *Cloud, cmd *acctest.Command) {
	c.t.Helper()
	for n := 1; ; n++ {
		expected := map[string]string{}
		checks := map[string]Attributes{}
		for _, o := range g.Objects {
			if n > len(o.Changes) {
				continue
			}
			expected[o.address()] = "update"
			if o.Changes[n-1].Replaces {
				expected[o.address()] = "replace"
			}
			checks[o.address()] = o.Changes[n-1].Check
		}
		if len(expected) == 0 {
			return
		}
		cmd.Write(c.providers + g.config(n))
		c.expect(cmd, fmt.Sprintf("change %d", n), expected)
		cmd.Run("apply", "-auto-approve")
		cmd.Run("plan", "-detailed-exitcode")
		state := cmd.State()
		for address, check := range checks {
			for name, want := range check {
				if got := fmt.Sprint(state[address][name]); got != want {
					c.t.Errorf("%s.%s is %s after change %d, not %s", address, name, got, n, want)
				}
			}
		}
	}
}

// expect compares what a plan does with what it should do, by address.
func (c *Cloud) expect(cmd *acctest.Command, when string, expected map[string]string) {
	c.t.Helper()
	for _, change := range cmd.Plan() {
		action := ""
		switch actions := change.Change.Actions; {
		case actions.NoOp() || actions.Read():
		case actions.Update():
			action = "update"
		case actions.Replace():
			action = "replace"
		default:
			action = string(actions[0])
		}
		if want := expected[change.Address]; action != want {
			c.t.Errorf("%s: the plan for %s is %q and not %q: %v", when, change.Address, action, want, differences(change.Change, nil))
		}
		delete(expected, change.Address)
	}
	for address := range expected {
		c.t.Errorf("%s: the plan does not have %s", when, address)
	}
}

// kept plans what cannot become of an object that exists.
func (g Group) kept(c *Cloud, cmd *acctest.Command) {
	c.t.Helper()
	rounds := 0
	for _, o := range g.Objects {
		rounds = max(rounds, len(o.Changes))
	}
	for i, o := range g.Objects {
		for _, kept := range o.Kept {
			one := g
			one.Objects = slices.Clone(g.Objects)
			one.Objects[i].Changes = append(slices.Clone(o.Changes), Change{To: kept.To})
			cmd.Write(c.providers + one.config(rounds+1))
			said := errorsIn(cmd.Fail("plan"))
			refusal := acctest.Refusal{Set: kept.To, At: kept.At, Error: kept.Error}
			if err := refusal.Among(said, fmt.Sprintf("resource %q %q", o.Type, o.name())); err != nil {
				c.t.Error(err)
			}
		}
	}
	cmd.Write(c.providers + g.config(rounds))
}

// drift changes objects behind Terraform's back. The plan shows each change, and the apply mends it.
func (g Group) drift(c *Cloud, cmd *acctest.Command) {
	c.t.Helper()
	state := cmd.State()
	seen := map[string][]string{}
	for _, o := range g.Objects {
		for _, drift := range o.Drift {
			c.call(drift.Do, state[o.address()])
			seen[o.address()] = append(seen[o.address()], drift.Seen)
		}
	}
	if len(seen) == 0 {
		return
	}
	for _, change := range cmd.Plan() {
		before, _ := change.Change.Before.(map[string]any)
		after, _ := change.Change.After.(map[string]any)
		for _, name := range seen[change.Address] {
			if fmt.Sprint(before[name]) == fmt.Sprint(after[name]) {
				c.t.Errorf("the plan shows no change of %s.%s (%v)", change.Address, name, before[name])
			}
		}
		if left := differences(change.Change, nil); len(left) > 0 && seen[change.Address] == nil {
			c.t.Errorf("nothing was done to %s, and the plan is to change %v", change.Address, left)
		}
	}
	cmd.Run("apply", "-auto-approve")
	cmd.Run("plan", "-detailed-exitcode")
}

// gone takes objects away behind Terraform's back, the last first. The plan is to make them again, and the apply does.
func (g Group) gone(c *Cloud, cmd *acctest.Command) {
	c.t.Helper()
	state := cmd.State()
	vanished := map[string]bool{}
	for _, o := range slices.Backward(g.Objects) {
		if o.Vanish == nil {
			continue
		}
		for _, call := range o.Vanish {
			c.call(call, state[o.address()])
		}
		if o.Asks != "" {
			c.await(o.address()+" is gone", func() bool { return c.status(o, state[o.address()]) == http.StatusNotFound })
		}
		vanished[o.address()] = true
	}
	for _, change := range cmd.Plan() {
		if vanished[change.Address] && !change.Change.Actions.Create() {
			c.t.Errorf("%s was taken away, and the plan is to %v: %v", change.Address, change.Change.Actions, differences(change.Change, nil))
		}
	}
	cmd.Run("apply", "-auto-approve")
	cmd.Run("plan", "-detailed-exitcode")
}

// refused plans each bad configuration as a resource of its own. Terraform asks for what needs no cloud first, and says nothing
// of the rest when something is wrong: what has been refused is left out the next time.
func (g Group) refused(c *Cloud) {
	c.t.Helper()
	type row struct {
		object  Object
		name    string
		refusal acctest.Refusal
	}
	var rows []row
	for _, o := range g.Objects {
		for i, refusal := range o.Refused {
			rows = append(rows, row{o, fmt.Sprintf("refused_%s_%d", o.name(), i), refusal})
		}
	}
	for len(rows) > 0 {
		config := c.providers + g.config(0)
		for _, row := range rows {
			given := maps.Clone(row.object.Given)
			maps.Copy(given, row.refusal.Set)
			config += acctest.Block("resource", row.object.Type, row.name, given)
		}
		said := errorsIn(acctest.Terraform(c.t, config, c.env...).Fail("plan"))
		var left []row
		var problems []error
		for _, row := range rows {
			if err := row.refusal.Among(said, fmt.Sprintf("resource %q %q", row.object.Type, row.name)); err != nil {
				left, problems = append(left, row), append(problems, err)
			}
		}
		if len(left) == len(rows) {
			c.t.Error(errors.Join(problems...))
			return
		}
		rows = left
	}
}

var frame = regexp.MustCompile(`(?m)^[│╷╵] ?`)

// errorsIn are the errors that Terraform prints, each without its frame.
func errorsIn(out string) []string {
	return strings.Split(frame.ReplaceAllString(out, ""), "\nError: ")[1:]
}

// await waits until something has come true in the cloud.
func (c *Cloud) await(what string, done func() bool) {
	c.t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			c.t.Fatalf("%s: not in a minute", what)
		}
	}
}

// empty destroys what a test has left, so that the cloud's next user finds it as it was.
func (c *Cloud) empty(cmd *acctest.Command) {
	if c.t.Failed() {
		process, out := cmd.Start("destroy", "-auto-approve")
		if err := process.Wait(); err != nil {
			c.t.Logf("left behind: %v\n%s", err, out)
		}
	}
}

// status is that of an object's own read.
func (c *Cloud) status(o Object, attributes map[string]any) int {
	if o.Asks == "" || attributes == nil {
		return 0
	}
	service, path, _ := strings.Cut(o.Asks, " ")
	status, _ := c.ask(Call{As: "admin", Service: service, Do: "GET " + path, Version: o.Version}, attributes)
	return status
}

// call makes a call that must succeed.
func (c *Cloud) call(call Call, attributes map[string]any) map[string]any {
	c.t.Helper()
	status, answer := c.ask(call, attributes)
	if status >= 300 {
		c.t.Fatalf("%s: %d %v", call.Do, status, answer)
	}
	return answer
}

// fill replaces the names in braces. The braces of JSON hold no bare word.
func fill(text string, attributes map[string]any) string {
	return regexp.MustCompile(`\{(\w+)\}`).ReplaceAllStringFunc(text, func(name string) string {
		return fmt.Sprint(attributes[strings.Trim(name, "{}")])
	})
}

func decode(text []byte) (answer map[string]any) {
	_ = json.Unmarshal(text, &answer) // what is no object is not asked for
	return answer
}
