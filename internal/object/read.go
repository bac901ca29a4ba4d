package object

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// Read refreshes the state. Only proven absence removes the object from it; a read that failed changes nothing.
func (r *managed) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	ctx, done := r.session.heed(ctx)
	defer done()
	state, err := valuesOf(req.State.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Cannot read the state of "+r.kind.TypeName(), err.Error())
		return
	}
	if state.String(attrID) == "" {
		id, diags := r.recover(ctx, state, req.Private)
		resp.Diagnostics.Append(diags...)
		if diags.HasError() {
			return
		}
		if id == "" {
			resp.State.RemoveResource(ctx)
			r.identify(ctx, resp.Identity, state, &resp.Diagnostics)
			return
		}
		state[attrID] = id
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateJob, nil)...)
	}
	state = r.kind.located(state)
	r.identify(ctx, resp.Identity, state, &resp.Diagnostics)
	object, err := r.session.listing(r.kind, state).read(ctx, state)
	if err != nil {
		if gone(err) {
			resp.State.RemoveResource(ctx)
			return
		}
		resp.Diagnostics.Append(r.kind.failure("read", state, err))
		return
	}
	resp.State.Raw = r.stateOf(ctx, resp.State, state, object, &resp.Diagnostics)
}

// recover asks the job of an interrupted creation for the object. An empty id without an error means that the job
// failed, and nothing was made.
func (r *managed) recover(ctx context.Context, state Values, private interface {
	GetKey(context.Context, string) ([]byte, diag.Diagnostics)
}) (string, diag.Diagnostics) {
	var diags diag.Diagnostics
	raw, d := private.GetKey(ctx, privateJob)
	diags.Append(d...)
	var job string
	if len(raw) == 0 || json.Unmarshal(raw, &job) != nil {
		diags.AddError("Cannot read "+r.kind.label(state), "The state holds neither its id nor the job that creates it. Remove it from the state and import the object.")
		return "", diags
	}
	ctx, cancel := context.WithTimeout(ctx, or(r.kind.Timeouts.Create, standardTimeout))
	defer cancel()
	op := r.kind.createOp(state)
	m := made{job: job, service: or(op.Service, r.kind.Service), region: state.String(attrRegion), idPaths: op.JobID}
	err := r.awaitCreation(ctx, state, &m)
	if _, failed := errors.AsType[*cloud.JobError](err); failed {
		summary, detail := r.kind.explain("find", state, err)
		diags.AddWarning(summary, detail+"\n\nNothing was created, so it is removed from the state.")
		return "", diags
	}
	if err != nil {
		diags.Append(r.kind.failure("find", state, err))
	}
	return m.id, diags
}
