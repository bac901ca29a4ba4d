package object

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// ImportState takes an id, an id and its region ("ID@REGION"), or an identity. The read that follows fills in the rest.
func (r *managed) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	ctx, done := r.session.heed(ctx)
	defer done()
	id, region := placed(req.ID)
	if req.ID == "" && req.Identity != nil {
		var project types.String
		var identityID, identityRegion types.String
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root(attrID), &identityID)...)
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root(attrRegion), &identityRegion)...)
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("project_id"), &project)...)
		if resp.Diagnostics.HasError() {
			return
		}
		id, region = identityID.ValueString(), identityRegion.ValueString()
		if wanted := project.ValueString(); wanted != "" && r.kind.Service.Projects() {
			own, err := r.session.Client.ProjectID(ctx, region)
			if err != nil {
				resp.Diagnostics.Append(r.kind.failure("import", Values{attrID: id}, err))
				return
			}
			if wanted != own {
				resp.Diagnostics.AddError(fmt.Sprintf("Cannot import %s", r.kind.label(Values{attrID: id})),
					fmt.Sprintf("It is in project %s, and the provider works in %s. Import it with a provider whose project_id is that project.", wanted, own))
				return
			}
		}
	}
	if strings.TrimSpace(id) == "" {
		resp.Diagnostics.AddError("Cannot import "+r.kind.TypeName(), "The import id is empty. It is the object's id, or ID@REGION for another region than the provider's.")
		return
	}
	if _, err := r.kind.apart(id); err != nil {
		resp.Diagnostics.AddError("Cannot import "+r.kind.TypeName(), "The import id "+err.Error()+".")
		return
	}
	region = or(region, r.session.Client.Region())
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(attrID), id)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(attrRegion), region)...)
	resp.Diagnostics.Append(setPrivate(ctx, resp.Private, privateImported, true)...)
	r.identify(ctx, resp.Identity, Values{attrID: id, attrRegion: region}, &resp.Diagnostics)
}

var regionName = pattern.New(`^[a-z]+(-[a-z0-9]+)+$`)

// placed parts an import id from its region: what follows the last @ and looks like one, for an id may hold an @, too.
func placed(text string) (id, region string) {
	if i := strings.LastIndex(text, "@"); i >= 0 && regionName.MatchString(text[i+1:]) {
		return text[:i], text[i+1:]
	}
	return text, ""
}

// MoveState takes over the state of an older provider's type: its id and region, nothing else. The next read fills in
// the rest, so that no old notion of an attribute survives.
func (r *managed) MoveState(context.Context) []resource.StateMover {
	if len(r.kind.Replaces) == 0 {
		return nil
	}
	return []resource.StateMover{{StateMover: func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
		if !slices.Contains(r.kind.Replaces, req.SourceTypeName) {
			return // not ours: Terraform says so
		}
		var old struct {
			ID     string `json:"id"`
			Region string `json:"region"`
		}
		if err := json.Unmarshal(req.SourceRawState.JSON, &old); err != nil || old.ID == "" {
			resp.Diagnostics.AddError(fmt.Sprintf("Cannot move %s to %s", req.SourceTypeName, r.kind.TypeName()),
				"The state of the old resource has no id. Remove it from the state and import the object.")
			return
		}
		if _, err := r.kind.apart(old.ID); err != nil {
			resp.Diagnostics.AddError(fmt.Sprintf("Cannot move %s to %s", req.SourceTypeName, r.kind.TypeName()),
				"The id of the old resource "+err.Error()+". Remove it from the state and import the object.")
			return
		}
		resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root(attrID), old.ID)...)
		if old.Region != "" {
			resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root(attrRegion), old.Region)...)
		}
		resp.Diagnostics.Append(setPrivate(ctx, resp.TargetPrivate, privateImported, true)...)
	}}}
}
