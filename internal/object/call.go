package object

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// Call is what a [Change]'s function works with: the object, what is to become of it, and the means.
type Call struct {
	Prior, Plan Values // what was, and what shall be; Prior is empty when the object was just created
	Changed     []string

	told    Values
	kind    *Kind
	session *Session
}

// Do carries out one operation and waits for its job. Names in the operation are the plan's attributes, those of the
// object as it was, and extra's.
func (c *Call) Do(ctx context.Context, op Op, extra Values) (any, error) {
	values := c.Plan.upon(c.Prior).with(extra)
	return c.session.run(ctx, c.kind, op, values, c.Changed)
}

// Read answers the object as the cloud has it now, with its sides.
func (c *Call) Read(ctx context.Context) (map[string]any, error) {
	return c.session.read(ctx, c.kind, c.Plan.upon(c.Prior))
}

// Ready waits until the object is usable, for what allows one change at a time.
func (c *Call) Ready(ctx context.Context) error {
	_, err := c.session.await(ctx, c.kind, c.Plan.upon(c.Prior), 0)
	return err
}

// Because adds to an error why the cloud says that it came to it, where the Kind knows how to ask.
func (c *Call) Because(ctx context.Context, err error) error {
	return c.session.because(ctx, c.kind, c.Plan.upon(c.Prior), err)
}

// unset tells that none of some attributes has a value any more.
func (c *Call) unset(names []string) bool {
	return !slices.ContainsFunc(names, c.Plan.Has)
}

// Tell says what an attribute is by now, where no answer could tell it alone: answers are read as if the state had held that.
// It counts also when the change fails afterwards.
func (c *Call) Tell(name string, value any) {
	c.Prior, c.told = c.Prior.with(map[string]any{name: value}), c.told.with(map[string]any{name: value})
}

// oneByOne removes and adds the members of a set or a map. It starts from what the cloud has now: a member may have left by
// itself when it was deleted, or have come with an attempt that failed later.
func (c *Call) oneByOne(ctx context.Context, change Change) error {
	for _, name := range c.Changed {
		_, isMap := c.kind.attributes()[name].typ.(tftypes.Map)
		present := c.Prior
		if _, changes := present[name]; changes {
			answer, err := c.Read(ctx)
			if err != nil {
				return err
			}
			if present, err = c.kind.decode(answer, c.Prior); err != nil {
				return err
			}
		}
		before, err := c.itemsOf(name, present)
		if err != nil {
			return err
		}
		after, err := c.itemsOf(name, c.Plan)
		if err != nil {
			return err
		}
		for _, step := range []struct {
			op       Op
			of       map[string]any
			settled  map[string]any
			anyValue bool // a key is enough: its value does not matter
		}{{change.Remove, before, after, true}, {change.Add, after, before, false}} {
			for _, key := range slices.Sorted(maps.Keys(step.of)) {
				value := step.of[key]
				if there, ok := step.settled[key]; ok && (step.anyValue || reflect.DeepEqual(there, value)) {
					continue
				}
				item := Values{Item: key, ItemValue: value}
				if !isMap {
					item = Values{Item: value}
				}
				if _, err := c.Do(ctx, step.op, item); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// itemsOf are the members of a set or a map, as requests have them, by what tells them apart.
func (c *Call) itemsOf(name string, values Values) (map[string]any, error) {
	a := c.kind.attributes()[name]
	typed, err := convert.ToTerraform(a.typ, values[name]) // an answer may have more to a member than the attribute has
	if err != nil {
		return nil, err
	}
	plain, err := convert.FromTerraform(typed)
	items := map[string]any{}
	switch v := plain.(type) {
	case []any:
		for _, item := range v {
			item = a.field.Of.encode(item)
			items[fmt.Sprint(item)] = item
		}
	case map[string]any:
		items = v
	}
	return items, err
}

// run carries out an operation and waits for its job.
func (s *Session) run(ctx context.Context, k *Kind, op Op, values Values, changed []string) (answer any, err error) {
	answer, err = s.do(ctx, k, op, values, changed)
	if err != nil {
		return answer, err
	}
	if id, _ := at(answer, op.Job); op.Job != "" && id != nil {
		_, err = s.Client.AwaitJob(ctx, or(op.Service, k.Service), values.String(attrRegion), fmt.Sprint(id))
	}
	if err == nil {
		err = s.until(ctx, k, op.Until, values)
	}
	return answer, err
}

// until waits for what has to come true elsewhere.
func (s *Session) until(ctx context.Context, k *Kind, until *Until, values Values) error {
	if until == nil {
		return nil
	}
	return cloud.AwaitNow(ctx, func(ctx context.Context) (bool, error) {
		answer, err := s.do(ctx, k, until.Op, values, nil)
		if err != nil {
			if gone(err) {
				err = nil
			}
			return true, err
		}
		status, _ := at(answer, until.Path)
		if slices.Contains(until.Bad, fmt.Sprint(status)) {
			return true, fmt.Errorf("the cloud accepted the request and could not carry it out: the status is %v", status)
		}
		return !slices.Contains(until.Not, fmt.Sprint(status)), nil
	})
}

// derive finds out the attributes that the plan leaves open and the create call needs.
func (s *Session) derive(ctx context.Context, k *Kind, values Values) error {
	for name, derived := range k.Derived {
		if _, given := values.Get(name); given {
			continue
		}
		answer, err := s.do(ctx, k, derived.Op, values, nil)
		if err != nil {
			return err
		}
		value, _ := at(answer, derived.From)
		if value == nil {
			return fmt.Errorf("%s is left out and cannot be found out: the cloud's answer has no %s", name, derived.From)
		}
		values[name] = value
	}
	return nil
}

// await waits until an object is usable. For lag after its creation it may be answered with 404.
func (s *Session) await(ctx context.Context, k *Kind, values Values, lag time.Duration) (object map[string]any, err error) {
	begun := time.Now()
	err = cloud.AwaitNow(ctx, func(ctx context.Context) (bool, error) {
		object, err = s.readOne(ctx, k, values)
		if err != nil {
			if gone(err) && time.Since(begun) < lag {
				return false, nil
			}
			return false, err
		}
		usable, err := k.Ready.reached(object)
		if err != nil {
			err = s.because(ctx, k, values, err)
		}
		return usable, err
	})
	return object, err
}

// because adds to an error why the cloud says that it came to it. When the cloud does not tell, nothing is added.
func (s *Session) because(ctx context.Context, k *Kind, values Values, err error) error {
	if k.Why.From == "" {
		return err
	}
	answer, failure := s.do(ctx, k, k.Why.Op, values, nil)
	if why, ok := at(answer, k.Why.From); ok && failure == nil {
		return fmt.Errorf("%w: %v", err, why)
	}
	return err
}

// reached tells that a status says "usable"; one that says "broken" is an error.
func (r Ready) reached(object map[string]any) (bool, error) {
	if r.Path == "" {
		return true, nil
	}
	value, _ := at(object, r.Path)
	status := fmt.Sprint(value)
	if slices.Contains(r.Failed, status) {
		err := fmt.Errorf("the object is in status %s", status)
		if why, ok := at(object, r.Reason); ok && r.Reason != "" {
			err = fmt.Errorf("%w: %v", err, why)
		}
		return false, err
	}
	return slices.Contains(r.OK, status) && (r.When == nil || r.When(object)), nil
}

// linger is a context that goes on for a moment when another ends: a request under way whose answer names an object is
// worth it, for else nobody would know of the object.
func linger(ctx context.Context) (context.Context, context.CancelFunc) {
	const moment = 700 * time.Millisecond
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(moment, cancel) })
	return longer, func() { stop(); cancel() }
}

// stays is an error when a status says that the object could not be deleted.
func (r Ready) stays(object map[string]any) error {
	status, _ := at(object, r.Path)
	if !slices.Contains(r.Stays, fmt.Sprint(status)) {
		return nil
	}
	return fmt.Errorf("the cloud accepted the request and could not carry it out: the object is in status %v", status)
}

// overlay is a plan in which what is not known yet is as it was, at every depth.
func overlay(plan, prior any) any {
	switch p := plan.(type) {
	case map[string]any:
		out := make(map[string]any, len(p))
		for key, value := range p {
			before, _ := at(prior, key)
			out[key] = overlay(value, before)
		}
		return out
	case []any:
		out := make([]any, len(p))
		for i, value := range p {
			before, _ := at(prior, fmt.Sprint(i))
			out[i] = overlay(value, before)
		}
		return out
	}
	if plan == convert.Unknown {
		return prior
	}
	return plan
}

// upon is the object as it will be: the plan, and what it leaves open as it was.
func (v Values) upon(prior Values) Values {
	whole := overlay(map[string]any(v), map[string]any(prior)).(map[string]any)
	return prior.with(whole)
}
