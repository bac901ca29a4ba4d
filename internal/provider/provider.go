// Package provider is the provider block: what can be said in it and in the environment, how it becomes a client of the
// cloud, and the list of the services. Its heart is the table in settings.go.
package provider

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

type hwcloud struct {
	version    string
	kinds      []*object.Kind
	ephemerals []*object.Ephemeral
	actions    []*object.Action
	getenv     func(string) string
	world      *object.World
}

var (
	_ provider.ProviderWithValidateConfig     = (*hwcloud)(nil)
	_ provider.ProviderWithListResources      = (*hwcloud)(nil)
	_ provider.ProviderWithEphemeralResources = (*hwcloud)(nil)
	_ provider.ProviderWithActions            = (*hwcloud)(nil)
)

// New returns what the plugin server starts a provider with, one for each of its configurations.
func New(version string, kinds []*object.Kind, ephemerals []*object.Ephemeral, actions []*object.Action) func() provider.Provider {
	return func() provider.Provider {
		return &hwcloud{version, kinds, ephemerals, actions, os.Getenv, &object.World{}}
	}
}

func (p *hwcloud) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "hwcloud"
	resp.Version = p.version
}

func (p *hwcloud) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages objects in Huawei Cloud, in clouds with the same APIs, and in OpenStack clouds. " +
			"Whatever can be said here can also be said in the environment. The provider block counts first, " +
			"then `HWCLOUD_*`, then the variables of the older providers, `HW_*` and `OS_*`, and last a profile of the vendor's command line or a cloud of the OpenStack client's `clouds.yaml`.",
		Attributes: attributes(""),
	}
}

// ValidateConfig applies the checks of the settings to what is known of the provider block.
func (p *hwcloud) ValidateConfig(_ context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	block, err := readBlock(req.Config.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Unreadable provider block", err.Error())
	}
	r := reader{block: block, diags: &resp.Diagnostics}
	for name, all := range block {
		for _, one := range all {
			if err := named(name).wrong(one); err != nil {
				r.wrong(one, err)
			}
		}
	}
	p.foresee(block)
}

// foresee finds out from what is known of the provider block which sort of cloud it will be: the resources are validated before
// the provider is configured. What is wrong with the block is said then.
func (p *hwcloud) foresee(block map[string][]said) {
	for _, all := range block {
		for _, one := range all {
			if one.unknown {
				return
			}
		}
	}
	unheard := &reader{block: block, getenv: p.getenv, diags: &diag.Diagnostics{}}
	p.world.Enter(unheard.credentials().OpenStack)
}

// Configure makes the client that everything else works with. It waits for no request, unless it needs the region of an
// OpenStack cloud.
func (p *hwcloud) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	block, err := readBlock(req.Config.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Unreadable provider block", err.Error())
	}
	refuseUnknown(block, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	r := &reader{block: block, getenv: p.getenv, diags: &resp.Diagnostics}

	credentials, err := r.credentials().WithProfile()
	if err != nil {
		resp.Diagnostics.AddError("The profile cannot be used", err.Error())
		return
	}
	config := cloud.Config{
		Region:               credentials.Region,
		Cloud:                r.text("cloud"),
		Endpoint:             r.text("endpoint"),
		Endpoints:            r.pairs("endpoints"),
		ProjectID:            credentials.ProjectID,
		ProjectName:          credentials.ProjectName,
		DomainID:             credentials.DomainID,
		AllowedProjectIDs:    r.list("allowed_project_ids"),
		Auth:                 credentials,
		OpenStack:            credentials.OpenStack,
		Interface:            interfaceOf(r.text("interface")),
		Signature:            r.text("signature"),
		MaxRetries:           int(r.number("max_retries", defaultRetries)),
		MaxRequestsPerSecond: r.number("max_requests_per_second", 0),
		Insecure:             r.flag("insecure"),
		CACertFile:           r.text("cacert_file"),
		UserAgent:            fmt.Sprintf("Terraform/%s terraform-provider-hwcloud/%s", req.TerraformVersion, p.version),
		Log: func(ctx context.Context, message string, fields map[string]any) {
			tflog.Debug(ctx, message, fields)
		},
	}
	session := &object.Session{
		DefaultTags:         r.pairs("default_tags"),
		IgnoreTagKeys:       r.list("ignore_tags.keys"),
		IgnoreTagPrefixes:   r.list("ignore_tags.key_prefixes"),
		EnterpriseProjectID: r.text("enterprise_project_id"),
	}
	if config.Region == "" && !config.OpenStack {
		resp.Diagnostics.AddAttributeError(path.Root("region"), "No region",
			"The provider needs a region, such as cn-north-4. It looked at "+places([]string{"region"})+
				", and in the profile when the credentials come from one.")
	}
	r.refusePlain(config.Insecure)
	if resp.Diagnostics.HasError() {
		return
	}

	session.Client, err = cloud.New(config)
	if err != nil {
		resp.Diagnostics.AddError("The client cannot be made", err.Error())
		return
	}
	if err := session.Client.FindRegion(ctx); err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("region"), "No region",
			fmt.Sprintf("The provider asked the cloud for its regions, for none is given: %v. It looked at %s.", err, places([]string{"region"})))
		return
	}
	p.world.Enter(session.Client.OpenStack())
	go session.Ahead(context.WithoutCancel(ctx))
	resp.ResourceData = session
	resp.DataSourceData = session
	resp.ListResourceData = session
	resp.EphemeralResourceData = session
	resp.ActionData = session
}

// refuseUnknown refuses values that Terraform learns only while it applies: the plan itself needs the client.
func refuseUnknown(block map[string][]said, diags *diag.Diagnostics) {
	for _, all := range block {
		for _, one := range all {
			if one.unknown {
				diags.AddAttributeError(one.path, "Unknown value in the provider block", fmt.Sprintf(
					"The value of %s depends on something that does not exist yet, but the provider needs it to make a plan. "+
						"Give it a value that is known beforehand, or apply what it depends on first, with -target.", one.place))
			}
		}
	}
}

// refusePlain refuses addresses where everybody on the way can read what is sent.
func (r *reader) refusePlain(insecure bool) {
	if insecure {
		return
	}
	for _, name := range []string{"endpoint", "endpoints", "auth_url"} {
		for _, one := range r.all(name) {
			if isPlain(one.text) {
				r.wrong(one, fmt.Errorf("%s is not encrypted and not on this machine; "+
					"use https, or set insecure = true if everybody on the way may read and change everything", one.text))
			}
		}
	}
}

func (p *hwcloud) Resources(context.Context) []func() resource.Resource {
	return collect(p, (*object.Kind).Resources)
}

func (p *hwcloud) DataSources(context.Context) []func() datasource.DataSource {
	return collect(p, (*object.Kind).DataSources)
}

func (p *hwcloud) ListResources(context.Context) []func() list.ListResource {
	return collect(p, (*object.Kind).ListResources)
}

func (p *hwcloud) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	var all []func() ephemeral.EphemeralResource
	for _, declared := range p.ephemerals {
		all = append(all, declared.Resource)
	}
	return all
}

// Actions are what the cloud can be told to do.
func (p *hwcloud) Actions(context.Context) []func() action.Action {
	var all []func() action.Action
	for _, declared := range p.actions {
		all = append(all, declared.Action)
	}
	return all
}

func collect[T any](p *hwcloud, of func(*object.Kind, *object.World) []T) []T {
	var all []T
	for _, kind := range p.kinds {
		all = append(all, of(kind, p.world)...)
	}
	return all
}
