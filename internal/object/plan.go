package object

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// ValidateConfig refuses what no cloud is needed to refuse.
func (r *managed) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	config, err := valuesOf(req.Config.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Cannot read the configuration of "+r.kind.TypeName(), err.Error())
		return
	}
	kind := r.declared
	if native := r.declared.Native; native != nil {
		switch {
		case r.world.is(true):
			kind = native
		case !r.world.is(false):
			return // whose rules count is not known yet; Terraform asks again when it is
		}
	}
	runChecksOfAny(kind.Checks, kind.ownAttributes(ctx), config, &resp.Diagnostics)
}

// ModifyPlan completes a plan: the region, all tags, computed values that stay as they are, and what replaces the object.
func (r *managed) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.session == nil {
		return // it is to be destroyed, which needs no plan
	}
	planned, config, prior := members(req.Plan.Raw), members(req.Config.Raw), members(req.State.Raw)
	creating := req.State.Raw.IsNull()
	r.settle(ctx, planned, config, prior, &resp.Diagnostics)

	standard := func(name, value string) {
		if v, ok := planned[name]; ok && value != "" && creating && config[name].IsNull() {
			planned[name] = tftypes.NewValue(v.Type(), value)
		}
	}
	standard(attrRegion, r.session.Client.Region())
	standard(attrEPS, r.session.EnterpriseProjectID)

	if tags, ok := planned[attrTags]; ok && r.kind.Tags != nil {
		own, err := convert.FromTerraform(tags)
		all, allErr := convert.ToTerraform(planned[attrTagsAll].Type(), r.session.tagsAll(own))
		if err != nil || allErr != nil {
			resp.Diagnostics.AddError("Cannot plan the tags of "+r.kind.TypeName(), fmt.Sprint(err, allErr))
			return
		}
		planned[attrTagsAll] = all
		r.checkDefaultTags(own, &resp.Diagnostics)
		if own, isMap := own.(map[string]any); isMap {
			for _, key := range r.session.badTags(Values{attrTags: own}) {
				resp.Diagnostics.AddAttributeError(path.Root(attrTags).AtMapKey(key), "Tag is ignored",
					fmt.Sprintf("The provider's ignore_tags names %q, so it would never be set. Remove it here or there.", key))
			}
		}
	}
	made := r.planMade(req.Config.Raw, planned, &resp.Diagnostics)
	if creating {
		if wanted, err := valuesOf(req.Config.Raw); err == nil {
			runChecks(r.kind.Checks, wanted, &resp.Diagnostics)
		}
	} else {
		r.planUpdate(ctx, req, resp, planned, prior, config, made)
	}
	r.checkVersions(ctx, req, resp, planned)
	resp.Plan.Raw = tftypes.NewValue(req.Plan.Raw.Type(), planned)
}

// checkVersions refuses what the cloud is too old for.
func (r *managed) checkVersions(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, planned map[string]tftypes.Value) {
	if !r.kind.Service.OpenStack() {
		return
	}
	before, err := valuesOf(req.State.Raw)
	after, planErr := valuesOf(tftypes.NewValue(req.Plan.Raw.Type(), planned))
	if errors.Join(err, planErr) != nil {
		return // said already
	}
	var ops []Op
	if before == nil || len(resp.RequiresReplace) > 0 {
		ops = append(ops, r.kind.createOp(after))
	} else {
		for _, name := range r.kind.differing(before, after) {
			change, _ := r.kind.changeOf(name)
			ops = append(ops, change.ops()...)
		}
	}
	r.session.refuseNewer(ctx, r.kind, ops, after.String(attrRegion), &resp.Diagnostics)
}

// checkDefaultTags refuses default tags that this sort of object cannot have. Its own tags were checked by the schema.
func (r *managed) checkDefaultTags(own any, diags *diag.Diagnostics) {
	all, known := r.session.tagsAll(own).(map[string]any)
	if len(r.session.DefaultTags) == 0 || !known {
		return
	}
	if wrong := r.kind.Tags.rules().wrong(all); wrong != "" {
		diags.AddAttributeError(path.Root(attrTags), "Tags of "+r.kind.TypeName()+" with the default tags", fmt.Sprintf(
			"With the provider's default_tags the object would have tags that the service refuses: %s. "+
				"Change default_tags, give this object a value of its own for the key in tags, or name the key in ignore_tags.", wrong))
	}
}

// planMade plans what is made of the configuration, and tells what that is. It is open as long as something of that is.
func (r *managed) planMade(raw tftypes.Value, planned map[string]tftypes.Value, diags *diag.Diagnostics) (made map[string]bool) {
	if len(r.kind.Plans) == 0 {
		return nil
	}
	config, err := valuesOf(raw)
	if err != nil {
		diags.AddError("Cannot read the configuration of "+r.kind.TypeName(), err.Error())
		return nil
	}
	made = map[string]bool{}
	for name, plan := range r.kind.Plans {
		var value any = convert.Unknown
		if !slices.ContainsFunc(plan.From, func(name string) bool { return config[name] == convert.Unknown }) {
			if value, err = plan.Make(config); err != nil {
				at := plan.From[max(0, slices.IndexFunc(plan.From, config.Has))]
				diags.AddAttributeError(path.Root(at), "Invalid "+at, err.Error())
				continue
			}
		}
		if value == nil {
			continue // made of nothing: it is the cloud's
		}
		plannedValue, err := convert.ToTerraform(planned[name].Type(), value)
		if err != nil {
			diags.AddError("Cannot plan "+r.kind.TypeName(), err.Error())
			continue
		}
		planned[name], made[name] = plannedValue, true
	}
	return made
}

// planUpdate settles which computed values stay, and whether the change needs a new object.
func (r *managed) planUpdate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, planned, prior, config map[string]tftypes.Value, plans map[string]bool) {
	open := map[string]tftypes.Value{} // computed values that the changes may alter, as they were left open
	for name, value := range planned {
		if !plans[name] && !value.IsFullyKnown() {
			open[name] = value
			planned[name] = keep(value, prior[name], config[name])
		}
	}
	before, err := valuesOf(req.State.Raw)
	after, planErr := valuesOf(tftypes.NewValue(req.Plan.Raw.Type(), planned))
	wanted, configErr := valuesOf(req.Config.Raw)
	if err = errors.Join(err, planErr, configErr); err != nil {
		resp.Diagnostics.AddError("Cannot plan "+r.kind.TypeName(), err.Error())
		return
	}
	for name, field := range r.kind.Fields {
		if field.Alias != "" && !after.Null(name) && after[name] == before[field.Alias] {
			planned[name], after[name] = prior[name], before[name] // the same in the other word
		}
		if field.Form != nil && prior[name].IsFullyKnown() && !prior[name].IsNull() && r.kind.same(name, before[name], after[name]) {
			planned[name], after[name] = prior[name], before[name] // spelled in another way is not another value
		}
	}
	imported, _ := req.Private.GetKey(ctx, privateImported)
	differs := r.kind.differing(before, after)
	for name, a := range r.kind.attributes() {
		made := plans[name]
		unknown := after[name] == convert.Unknown && (made || !config[name].IsNull())
		if !unknown && !slices.Contains(differs, name) || a.local || len(imported) > 0 && a.silent && before.Null(name) {
			continue
		}
		change, covered := r.kind.changeOf(name)
		if !covered || change.Replace != nil && change.Replace(before, after) {
			resp.RequiresReplace = append(resp.RequiresReplace, path.Root(name))
			if slices.Contains(r.kind.Secrets, name) {
				resp.RequiresReplace = append(resp.RequiresReplace, path.Root(name+suffixVersion)) // the one that shows the change
			}
		}
		for _, altered := range append(slices.Clone(change.Alters), attrUpdated) {
			value, ok := open[altered]
			if before, has := planned[altered]; !ok && made && has && config[altered].IsNull() {
				value, ok = tftypes.NewValue(before.Type(), tftypes.UnknownValue), true // Terraform saw no change that opens it
			}
			if ok {
				planned[altered] = value
			}
		}
	}
	if !planned[attrRegion].Equal(prior[attrRegion]) {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root(attrRegion))
	}
	if t := r.kind.Tags; t != nil && t.fixed() && !planned[attrTagsAll].Equal(prior[attrTagsAll]) {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root(attrTagsAll))
	}
	if len(resp.RequiresReplace) == 0 { // else nothing is asked of the object that is
		runChecksOf(r.kind.Checks, before, wanted, &resp.Diagnostics)
	}
}
