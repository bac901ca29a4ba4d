package object

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// perform carries out one change. One that is a job leaves the object busy for a moment: the next has to wait.
func (r *managed) perform(ctx context.Context, change Change, call *Call) error {
	switch {
	case change.Do != nil:
		return change.Do(ctx, call)
	case !change.Add.zero():
		return call.oneByOne(ctx, change)
	case !change.Unset.zero() && call.unset(change.Of):
		_, err := call.Do(ctx, change.Unset, nil)
		return err
	}
	op := r.kind.changeOp(change)
	_, err := call.Do(ctx, op, nil)
	if err == nil && op.Job != "" {
		err = call.Ready(ctx)
	}
	return err
}

// Update carries out the changes that the plan asks for, one operation after the other. When one fails, the object is
// read again: the state then holds what was done, and nothing else.
func (r *managed) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	ctx, done := r.session.heed(ctx)
	defer done()
	ctx, cancel := r.limit(ctx, req.Plan, timeouts.Value.Update, r.kind.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	plan, values := r.planned(req.Plan, req.Config, &resp.Diagnostics)
	prior, err := valuesOf(req.State.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Cannot read the state of "+r.kind.TypeName(), err.Error())
	}
	if resp.Diagnostics.HasError() {
		return
	}
	imported, _ := req.Private.GetKey(ctx, privateImported)
	listing := r.session.listing(r.kind, prior)
	listing.forget()
	defer listing.forget()

	leave, err := r.session.enter(ctx, r.kind, values.upon(prior))
	defer leave()
	if err == nil {
		err = r.settled(ctx, prior)
	}
	var out outcome
	if err == nil {
		out, err = r.apply(ctx, prior, values, len(imported) > 0)
	}
	whole := values.upon(prior).with(out.told)
	var object map[string]any
	if err == nil {
		object, err = r.session.await(ctx, r.kind, whole, 0)
	}
	if err == nil {
		err = r.session.complete(ctx, r.kind, whole, object)
	}
	if err != nil {
		resp.Diagnostics.Append(r.kind.failure("change", prior, err))
		r.salvage(ctx, &resp.State, prior, plan, out)
		return
	}
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateImported, nil)...)
	r.conclude(ctx, &resp.State, req.Plan.Raw, whole, object, &resp.Diagnostics)
	r.identify(ctx, resp.Identity, whole, &resp.Diagnostics)
}

// settled waits for an object that was still busy when the state was read: with a change that was interrupted, perhaps.
func (r *managed) settled(ctx context.Context, prior Values) error {
	status := prior.String(r.kind.Ready.Path)
	if status == "" || slices.Contains(r.kind.Ready.OK, status) || slices.Contains(r.kind.Ready.Failed, status) {
		return nil
	}
	_, err := r.session.await(ctx, r.kind, prior, 0)
	return err
}

// outcome is what changes have come to, also when one of them failed.
type outcome struct {
	done []string // the attributes that are settled
	told Values   // what the changes have found out
}

// apply performs the changes.
func (r *managed) apply(ctx context.Context, prior, plan Values, imported bool) (out outcome, err error) {
	differs := r.kind.differing(prior, plan)
	for _, name := range differs {
		if a := r.kind.attributes()[name]; a.local || imported && a.silent && prior.Null(name) {
			out.done = append(out.done, name) // nothing to send: it is only recorded
		}
	}
	for _, change := range r.kind.Changes {
		call := &Call{Prior: prior, Plan: plan, kind: r.kind, session: r.session}
		for _, name := range change.Of {
			if slices.Contains(differs, name) && !slices.Contains(out.done, name) {
				call.Changed = append(call.Changed, name)
			}
		}
		if len(call.Changed) == 0 {
			continue
		}
		err := r.insist(ctx, change, call)
		out.told = out.told.with(call.told)
		if err != nil {
			return out, err
		}
		out.done = append(out.done, call.Changed...)
	}
	if before, after := prior.Map(attrTagsAll), plan.Map(attrTagsAll); r.kind.Tags != nil && !reflect.DeepEqual(before, after) {
		if err := r.session.retag(ctx, r.kind, prior, before, after); err != nil {
			return out, err
		}
		out.done = append(out.done, attrTags, attrTagsAll)
	}
	return out, nil
}

// insist performs a change. When its fate is unknown, the object is read: what already is as planned is not done twice.
func (r *managed) insist(ctx context.Context, change Change, call *Call) error {
	for attempt := 1; ; attempt++ {
		err := r.perform(ctx, change, call)
		failure, ok := cloud.AsError(err)
		if !ok || !failure.FateUnknown || attempt == 3 {
			return err
		}
		object, readErr := r.session.await(ctx, r.kind, call.Plan.upon(call.Prior), 0)
		if readErr != nil {
			return errors.Join(err, readErr)
		}
		if readErr = r.session.complete(ctx, r.kind, call.Plan.upon(call.Prior), object); readErr != nil {
			return errors.Join(err, readErr)
		}
		now, readErr := r.kind.decode(object, call.Prior)
		if readErr != nil {
			return errors.Join(err, readErr)
		}
		call.Changed = slices.DeleteFunc(call.Changed, func(name string) bool {
			return !r.kind.attributes()[name].silent && r.kind.same(name, now[name], overlay(call.Plan[name], now[name]))
		})
		if len(call.Changed) == 0 {
			return nil
		}
	}
}

// differing are the attributes that a plan changes, secrets by their version.
func (k *Kind) differing(prior, plan Values) []string {
	var names []string
	for name, a := range k.attributes() {
		_, made := k.Plans[name]
		if (a.settable && !a.writeOnly || made) && plan[name] != convert.Unknown && !k.same(name, overlay(plan[name], prior[name]), prior[name]) {
			names = append(names, name)
		}
	}
	for _, name := range k.Secrets {
		if version := name + suffixVersion; !reflect.DeepEqual(plan[version], prior[version]) && plan[version] != nil && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// salvage writes into the state what is true after a failed update: what the cloud answers, and of the rest what was done.
func (r *managed) salvage(ctx context.Context, state *tfsdk.State, prior, plan Values, out outcome) {
	truth := prior.with(nil)
	for _, name := range out.done {
		truth[name] = plan[name]
		if slices.Contains(r.kind.Secrets, name) {
			truth[name+suffixVersion] = plan[name+suffixVersion]
		}
	}
	maps.Copy(truth, out.told)
	patience := 30 * time.Second
	if errors.Is(ctx.Err(), context.Canceled) {
		patience = time.Second / 2 // the user wants to leave
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	var diags diag.Diagnostics
	raw := certain(r.raw(ctx, *state, truth, &diags))
	if object, err := r.session.read(ctx, r.kind, truth); err == nil {
		raw = r.stateOf(ctx, *state, truth, object, &diags)
	}
	if !diags.HasError() {
		state.Raw = raw
	}
}
