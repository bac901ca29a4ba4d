package object

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// Ephemeral declares what the cloud makes or opens for one run of Terraform: no state and no plan ever holds it. It is all
// data.
type Ephemeral struct {
	Name    string         // "kms_random" is hwcloud_kms_random
	Service *cloud.Service // endpoint, throttle class
	Open    Op             // the call; its Body is a template of constants and [Attr]
	Schema  schema.Schema  // in Terraform's shape; the engine adds region. Of an answer, no log shows what is sensitive
	Fields  Fields         // the attributes whose API name is not their own
	Checks  []Check        // what can be refused beyond one attribute's validators; there is no prior
}

const describeEphemeralRegion = "The region to ask: `cn-north-4`. Default: the provider's region."

// TypeName is the type of the ephemeral resource: "hwcloud_kms_random".
func (e *Ephemeral) TypeName() string { return e.kind().TypeName() }

// Resource is what the provider offers.
func (e *Ephemeral) Resource() ephemeral.EphemeralResource { return &momentary{declared: e} }

// kind is as much of a [Kind] as a single call needs.
func (e *Ephemeral) kind() *Kind {
	return &Kind{Name: e.Name, Service: e.Service, Fields: e.Fields}
}

// answered are the attributes that an answer tells, with their places in it.
func (e *Ephemeral) answered() map[string]string {
	places := map[string]string{}
	for name, a := range e.Schema.Attributes {
		if a.IsComputed() {
			places[name] = or(e.Fields[name].Read, or(e.Fields[name].API, name))
		}
	}
	return places
}

// Operations are the calls that it can make, as [Kind.Operations] tells a Kind's.
func (e *Ephemeral) Operations() []Operation {
	open := Operation{
		Purpose: "open", Service: e.Service, Method: e.Open.Method, Path: e.Open.Path, Source: e.Open.Source,
		Sends: e.kind().sendsOf(e.Open.Body, "", nil),
	}
	for name, place := range e.answered() {
		typ := e.Schema.Attributes[name].GetType().TerraformType(context.Background())
		open.Answers = append(open.Answers, e.Fields[name].answered(plain(place), typ)...)
	}
	open.Sends, open.Answers = distinct(open.Sends), distinct(open.Answers)
	return []Operation{open}
}

// momentary is an Ephemeral as a Terraform ephemeral resource.
type momentary struct {
	declared *Ephemeral
	session  *Session
}

var (
	_ ephemeral.EphemeralResourceWithConfigure      = &momentary{}
	_ ephemeral.EphemeralResourceWithValidateConfig = &momentary{}
)

func (m *momentary) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = m.declared.TypeName()
}

func (m *momentary) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = m.declared.Schema
	resp.Schema.MarkdownDescription += " Needs Terraform 1.10; a write-only argument, which can take it, needs 1.11."
	resp.Schema.Attributes = maps.Clone(m.declared.Schema.Attributes)
	for name, a := range resp.Schema.Attributes {
		if number, ok := a.(schema.Int64Attribute); ok {
			number.CustomType = wholeType{}
			resp.Schema.Attributes[name] = number
		}
	}
	resp.Schema.Attributes[attrRegion] = schema.StringAttribute{
		Optional: true, Computed: true, MarkdownDescription: describeEphemeralRegion,
		Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}
}

func (m *momentary) Configure(_ context.Context, req ephemeral.ConfigureRequest, _ *ephemeral.ConfigureResponse) {
	m.session, _ = req.ProviderData.(*Session) // nil while Terraform only validates
}

// ValidateConfig refuses what no cloud is needed to refuse.
func (m *momentary) ValidateConfig(_ context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse) {
	config, err := valuesOf(req.Config.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Cannot read the configuration of "+m.declared.TypeName(), err.Error())
		return
	}
	runChecks(m.declared.Checks, config, &resp.Diagnostics)
}

// Open makes the call. Terraform does so whenever it plans and whenever it applies.
func (m *momentary) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	ctx, done := m.session.heed(ctx)
	defer done()
	ctx, cancel := context.WithTimeout(ctx, standardTimeout)
	defer cancel()
	config, err := valuesOf(req.Config.Raw)
	if err == nil {
		var opened Values
		if opened, err = m.session.open(ctx, m.declared, config); err == nil {
			resp.Result.Raw, err = convert.ToTerraform(resp.Result.Schema.Type().TerraformType(ctx), map[string]any(opened))
		}
	}
	if err != nil {
		resp.Diagnostics.Append(m.declared.kind().failure("open", config, err))
	}
}

// open makes the call, and hides from the log what of it is sensitive. What is configured stays as it is.
func (s *Session) open(ctx context.Context, e *Ephemeral, config Values) (Values, error) {
	request, err := e.kind().fill(e.Open, config, nil)
	if err != nil {
		return nil, err
	}
	answered := e.answered()
	for name, a := range e.Schema.Attributes {
		if !a.IsSensitive() {
			continue
		}
		if secret := config.String(name); secret != "" {
			request.Secrets = append(request.Secrets, secret)
		}
		if place := plain(answered[name]); place != "" {
			request.SecretKeys = append(request.SecretKeys, place[strings.LastIndex(place, ".")+1:])
		}
	}
	answer, err := s.Client.Do(ctx, request)
	if err != nil {
		return nil, err
	}
	opened := config.with(map[string]any{attrRegion: or(config.String(attrRegion), s.Client.Region())})
	for name := range answered {
		if config.Null(name) {
			if opened[name], err = e.Fields[name].decode(answer, name, nil); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return opened, nil
}
