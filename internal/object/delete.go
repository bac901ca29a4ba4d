package object

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// Delete removes the object and waits until it is proven gone.
func (r *managed) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	if r.kind.Remains {
		return
	}
	ctx, done := r.session.heed(ctx)
	defer done()
	ctx, cancel := r.limit(ctx, req.State, timeouts.Value.Delete, r.kind.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	state, err := valuesOf(req.State.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Cannot read the state of "+r.kind.TypeName(), err.Error())
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if state.String(attrID) == "" {
		id, diags := r.recover(ctx, state, req.Private)
		resp.Diagnostics.Append(diags...)
		if id == "" {
			return
		}
		state[attrID] = id
	}
	state = r.kind.located(state)
	listing := r.session.listing(r.kind, state)
	listing.forget()
	defer listing.forget()
	leave, err := r.session.enter(ctx, r.kind, state)
	defer leave()
	if err == nil {
		err = r.free(ctx, state)
	}
	if err == nil {
		err = r.remove(ctx, state)
	}
	if err != nil {
		resp.Diagnostics.Append(r.kind.failure("delete", state, err))
	}
}

// free removes the members without which only the object can be deleted.
func (r *managed) free(ctx context.Context, state Values) error {
	for _, change := range r.kind.Changes {
		if !change.Frees {
			continue
		}
		bare := state.with(nil)
		for _, name := range change.Of {
			bare[name] = nil
		}
		call := &Call{Prior: state, Plan: bare, Changed: change.Of, kind: r.kind, session: r.session}
		if err := r.insist(ctx, change, call); err != nil && !gone(err) {
			return err
		}
	}
	return nil
}

func (r *managed) remove(ctx context.Context, state Values) error {
	if clears := r.kind.Clears; clears.Follows != nil && clears.Follows(state) {
		err := r.perform(ctx, clears, &Call{Prior: state, Plan: state, kind: r.kind, session: r.session})
		if err != nil && !gone(err) {
			return err
		}
	}
	begun := time.Now()
	err := cloud.AwaitNow(ctx, func(ctx context.Context) (bool, error) {
		_, err := r.session.run(ctx, r.kind, r.kind.deleteOp(), state, nil)
		failure, refused := cloud.AsError(err)
		if refused && failure.Status == http.StatusConflict && time.Since(begun) < r.kind.Releases {
			return false, nil
		}
		return true, err
	})
	if r.kind.Resets {
		return err // there is nothing that goes
	}
	if failure, ok := cloud.AsError(err); ok && failure.FateUnknown {
		err = nil // the question below answers it
	}
	if err != nil {
		_, failed := errors.AsType[*cloud.JobError](err)
		if (failed || r.kind.gone(err)) && r.absent(ctx, state) {
			return nil
		}
		return err
	}
	return cloud.AwaitNow(ctx, func(ctx context.Context) (bool, error) {
		object, err := r.session.readOne(ctx, r.kind, state)
		switch {
		case err == nil:
			return false, r.kind.Ready.stays(object)
		case gone(err):
			return true, nil
		}
		return false, err
	})
}
