package object

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// Resources are the Kind's managed resources: one, or none when it can only be looked up.
func (k *Kind) Resources(w *World) []func() resource.Resource {
	if !k.manages() {
		return nil
	}
	return []func() resource.Resource{func() resource.Resource { return &managed{kind: k, declared: k, world: w} }}
}

// managed is a Kind as a Terraform resource.
type managed struct {
	kind     *Kind // that of the cloud, once that is known
	declared *Kind
	world    *World
	session  *Session
}

var (
	_ resource.ResourceWithConfigure      = &managed{}
	_ resource.ResourceWithIdentity       = &managed{}
	_ resource.ResourceWithImportState    = &managed{}
	_ resource.ResourceWithModifyPlan     = &managed{}
	_ resource.ResourceWithMoveState      = &managed{}
	_ resource.ResourceWithValidateConfig = &managed{}
)

// Keys of the private state.
const (
	privateJob      = "job"      // the job that will name the object, while only the job is known
	privateImported = "imported" // the object was not created here: what the cloud never answers is not known
)

func (r *managed) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.kind.TypeName()
}

func (r *managed) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.declared.resourceSchema(ctx, r.world)
}

func (r *managed) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identitySchema()
}

func (r *managed) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	if r.session, _ = req.ProviderData.(*Session); r.session == nil { // while Terraform only validates
		return
	}
	var diags diag.Diagnostics
	r.kind, diags = r.declared.managedIn(r.session)
	resp.Diagnostics.Append(diags...)
}

// limit bounds an operation by the timeouts block, else by the Kind's own limit.
func (r *managed) limit(ctx context.Context, from interface {
	GetAttribute(context.Context, path.Path, any) diag.Diagnostics
}, of func(timeouts.Value, context.Context, time.Duration) (time.Duration, diag.Diagnostics), standard time.Duration, diags *diag.Diagnostics) (context.Context, context.CancelFunc) {
	limit := or(standard, standardTimeout)
	var block timeouts.Value
	d := from.GetAttribute(ctx, path.Root(attrTimeouts), &block)
	diags.Append(d...)
	if !d.HasError() {
		limit, d = of(block, ctx, limit)
		diags.Append(d...)
	}
	return context.WithTimeout(ctx, limit)
}

// planned reads a plan: as Terraform has it, and with its secrets for requests.
func (r *managed) planned(from tfsdk.Plan, config tfsdk.Config, diags *diag.Diagnostics) (plan, values Values) {
	plan, err := valuesOf(from.Raw)
	configured, configErr := valuesOf(config.Raw)
	if err = errors.Join(err, configErr); err != nil {
		diags.AddError("Cannot read the plan of "+r.kind.TypeName(), err.Error())
		return nil, nil
	}
	values = r.kind.withSecrets(plan, configured)
	for name, a := range r.kind.attributes() {
		if a.writeOnly { // it is in no plan
			values[name] = configured[name]
		}
	}
	if r.kind.Tags != nil && plan[attrTagsAll] == convert.Unknown {
		values[attrTagsAll] = r.session.tagsAll(plan[attrTags]) // which was not known when the plan was made
	}
	return plan, values
}

// conclude writes the state after an apply: what was planned, and of what was left open what the cloud answers.
func (r *managed) conclude(ctx context.Context, state *tfsdk.State, plan tftypes.Value, values Values, object map[string]any, diags *diag.Diagnostics) {
	if raw := r.stateOf(ctx, *state, values, object, diags); !raw.IsNull() {
		state.Raw = compose(plan, raw)
	}
}

// stateOf is the state of an object as the cloud answers it.
func (r *managed) stateOf(ctx context.Context, state tfsdk.State, prior Values, object map[string]any, diags *diag.Diagnostics) tftypes.Value {
	values, err := r.session.present(r.kind, object, prior)
	if err != nil {
		diags.Append(r.kind.failure("understand the answer for", prior, err))
		return state.Raw
	}
	return r.raw(ctx, state, values, diags)
}

// present are all attributes of an object: the Kind's and the engine's.
func (s *Session) present(k *Kind, object map[string]any, prior Values) (Values, error) {
	values, err := k.decode(object, prior)
	if err != nil {
		return nil, err
	}
	values[attrID] = or(prior.String(attrID), k.idOf(object, prior))
	values[attrRegion] = or(prior.String(attrRegion), s.Client.Region())
	values[attrTimeouts] = prior[attrTimeouts]
	for _, name := range k.Secrets {
		values[name+suffixVersion] = prior[name+suffixVersion]
	}
	for name, template := range k.Made {
		made, err := expand(template, values.with(map[string]any{"cloud": s.Client.Domain()}), plainText)
		if err != nil {
			return nil, err
		}
		values[name] = made
	}
	if k.Tags != nil {
		values[attrTags], values[attrTagsAll], err = s.decodeTags(k, object, prior)
	}
	return values, err
}

func (r *managed) raw(ctx context.Context, state tfsdk.State, values Values, diags *diag.Diagnostics) tftypes.Value {
	raw, err := convert.ToTerraform(state.Schema.Type().TerraformType(ctx), map[string]any(values))
	if err != nil {
		diags.Append(r.kind.failure("understand the answer for", values, err))
		return state.Raw
	}
	return raw
}

// identify sets what finds the object again.
func (r *managed) identify(ctx context.Context, identity *tfsdk.ResourceIdentity, values Values, diags *diag.Diagnostics) {
	if identity == nil {
		return
	}
	region := or(values.String(attrRegion), r.session.Client.Region())
	var project any
	if r.kind.Service.Projects() {
		id, err := r.session.Client.ProjectID(ctx, region)
		if err != nil {
			diags.Append(r.kind.failure("identify", values, err))
			return
		}
		project = id
	}
	raw, err := convert.ToTerraform(identity.Schema.Type().TerraformType(ctx), map[string]any{
		attrID: known(values[attrID]), attrRegion: region, "project_id": project,
	})
	if err != nil {
		diags.Append(r.kind.failure("identify", values, err))
		return
	}
	identity.Raw = raw
}

func setPrivate(ctx context.Context, private interface {
	SetKey(context.Context, string, []byte) diag.Diagnostics
}, key string, value any) diag.Diagnostics {
	text, err := json.Marshal(value)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Cannot keep the "+key+" in the private state", err.Error())}
	}
	return private.SetKey(ctx, key, text)
}
