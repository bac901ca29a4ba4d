package object

import (
	"crypto/rand"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// compose is a plan whose open places are filled from what was read. What was planned stays, even where the cloud holds
// something else: Terraform accepts no other answer, and the next refresh tells the truth.
func compose(plan, read tftypes.Value) tftypes.Value {
	if !plan.IsKnown() {
		return certain(read)
	}
	if plan.IsNull() || read.IsNull() || plan.IsFullyKnown() {
		return certain(plan)
	}
	switch plan.Type().(type) {
	case tftypes.Object, tftypes.Map:
		planned, answered := members(plan), members(read)
		for name, value := range planned {
			planned[name] = certain(value)
			if answer, ok := answered[name]; ok {
				planned[name] = compose(value, answer)
			}
		}
		return tftypes.NewValue(plan.Type(), planned)
	case tftypes.List:
		planned, answered := items(plan), items(read)
		for i, value := range planned {
			planned[i] = certain(value)
			if i < len(answered) {
				planned[i] = compose(value, answered[i])
			}
		}
		return tftypes.NewValue(plan.Type(), planned)
	}
	return certain(read) // a set with open places has no order to fill them by
}

// certain is a value in which what is not known is null.
func certain(v tftypes.Value) tftypes.Value {
	known, err := tftypes.Transform(v, func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if !v.IsKnown() {
			return tftypes.NewValue(v.Type(), nil), nil
		}
		return v, nil
	})
	if err != nil {
		return v
	}
	return known
}

// keep is a plan in which computed values that are left open stay as they were, where everything that was given around
// them is as it was. List items are matched with the item at the same place, else with the first that fits. What is open
// because the configuration itself is not known yet stays open.
func keep(plan, prior, config tftypes.Value) tftypes.Value {
	if prior.Type() == nil || !prior.IsKnown() || !config.IsKnown() {
		return plan
	}
	if !plan.IsKnown() {
		return prior // also when it is null: a server without a public address does not get one by being renamed
	}
	if plan.IsNull() || prior.IsNull() || plan.IsFullyKnown() {
		return plan
	}
	switch plan.Type().(type) {
	case tftypes.Object:
		planned, before, given := members(plan), members(prior), members(config)
		for name, value := range planned {
			planned[name] = keep(value, before[name], given[name])
		}
		return tftypes.NewValue(plan.Type(), planned)
	case tftypes.List:
		planned, before, given := items(plan), items(prior), items(config)
		used := make([]bool, len(before))
		adopt := func(i, j int) bool {
			if j >= len(before) || used[j] || planned[i].IsFullyKnown() || !fits(planned[i], before[j], item(given, i)) {
				return false
			}
			planned[i], used[j] = keep(planned[i], before[j], item(given, i)), true
			return true
		}
		for i := range planned {
			adopt(i, i)
		}
		for i := range planned {
			for j := range before {
				if adopt(i, j) {
					break
				}
			}
		}
		return tftypes.NewValue(plan.Type(), planned)
	}
	return plan
}

// fits tells that a planned value agrees with another in all that was given.
func fits(plan, with, config tftypes.Value) bool {
	if !plan.IsKnown() {
		return config.IsKnown()
	}
	if plan.IsNull() || with.IsNull() || plan.IsFullyKnown() {
		return plan.Equal(with)
	}
	switch plan.Type().(type) {
	case tftypes.Object:
		other, given := members(with), members(config)
		for name, member := range members(plan) {
			if !fits(member, other[name], given[name]) {
				return false
			}
		}
		return true
	case tftypes.List:
		own, other, given := items(plan), items(with), items(config)
		if len(own) != len(other) {
			return false
		}
		for i := range own {
			if !fits(own[i], other[i], item(given, i)) {
				return false
			}
		}
		return true
	}
	return false
}

// members are the attributes of an object or the entries of a map; none of what is null.
func members(v tftypes.Value) map[string]tftypes.Value {
	var out map[string]tftypes.Value
	_ = v.As(&out) // of another type, or not known: none
	return out
}

// items are the elements of a list; none of what is null.
func items(v tftypes.Value) []tftypes.Value {
	var out []tftypes.Value
	_ = v.As(&out)
	return out
}

func item(list []tftypes.Value, i int) tftypes.Value {
	if i < len(list) {
		return list[i]
	}
	return tftypes.Value{}
}

// newUUID is a random UUID, version 4.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
