package object

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// Action declares what the cloud is told to do once, and what is no object: no state holds it. It is all data.
type Action struct {
	Name    string         // "volume_rollback" is hwcloud_volume_rollback
	Service *cloud.Service // endpoint, job API, throttle class
	Does    Op             // the call; its Job and its Until are waited for
	Busy    []string       // refusals, "409 EVS.2409", that mean that something else is under way: the call is made again
	Schema  schema.Schema  // in Terraform's shape; the engine adds region
	Fields  Fields         // the attributes whose API name is not their own
	Checks  []Check        // what can be refused beyond one attribute's validators; there is no prior
}

const describeActionRegion = "The region to work in: `cn-north-4`. Default: the provider's region."

// TypeName is the type of the action: "hwcloud_volume_rollback".
func (a *Action) TypeName() string { return a.kind().TypeName() }

// Action is what the provider offers.
func (a *Action) Action() action.Action { return &deed{declared: a} }

// kind is as much of a [Kind] as a single call needs.
func (a *Action) kind() *Kind {
	return &Kind{Name: a.Name, Service: a.Service, Fields: a.Fields, Busy: a.Busy}
}

// Operations are the calls that it can make, as [Kind.Operations] tells a Kind's.
func (a *Action) Operations() []Operation {
	return a.kind().calls("invoke", a.Does, nil)
}

// deed is an Action as a Terraform action.
type deed struct {
	declared *Action
	session  *Session
}

var (
	_ action.ActionWithConfigure      = &deed{}
	_ action.ActionWithValidateConfig = &deed{}
)

func (d *deed) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = d.declared.TypeName()
}

func (d *deed) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = d.declared.Schema
	resp.Schema.MarkdownDescription += " Needs Terraform 1.14."
	resp.Schema.Attributes = maps.Clone(d.declared.Schema.Attributes)
	resp.Schema.Attributes[attrRegion] = schema.StringAttribute{
		Optional: true, MarkdownDescription: describeActionRegion, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}
}

func (d *deed) Configure(_ context.Context, req action.ConfigureRequest, _ *action.ConfigureResponse) {
	d.session, _ = req.ProviderData.(*Session) // nil while Terraform only validates
}

// ValidateConfig refuses what no cloud is needed to refuse.
func (d *deed) ValidateConfig(_ context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	config, err := valuesOf(req.Config.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Cannot read the configuration of "+d.declared.TypeName(), err.Error())
		return
	}
	runChecks(d.declared.Checks, config, &resp.Diagnostics)
}

// Invoke makes the call, and waits until it has been carried out. What was listed before is not believed any more.
func (d *deed) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	ctx, done := d.session.heed(ctx)
	defer done()
	ctx, cancel := context.WithTimeout(ctx, standardTimeout)
	defer cancel()
	config, err := valuesOf(req.Config.Raw)
	if err == nil {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf("Waiting for %s of %s", d.declared.Name, d.declared.Service.Name)})
		d.session.forget()
		_, err = d.session.run(ctx, d.declared.kind(), d.declared.Does, config, nil)
		d.session.forget()
	}
	if err != nil {
		resp.Diagnostics.Append(d.declared.kind().failure("invoke", config, err))
	}
}
