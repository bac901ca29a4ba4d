package object

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// ListResources are what `terraform query` lists: the Kind's managed objects.
func (k *Kind) ListResources(w *World) []func() list.ListResource {
	if !k.manages() || k.Alone {
		return nil
	}
	return []func() list.ListResource{func() list.ListResource { return &query{kind: k, declared: k, world: w} }}
}

// query is a Kind as a list resource.
type query struct {
	kind     *Kind // that of the cloud, once that is known
	declared *Kind
	world    *World
	session  *Session
}

var _ list.ListResourceWithConfigure = &query{}

func (q *query) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = q.kind.TypeName()
}

func (q *query) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	if q.session, _ = req.ProviderData.(*Session); q.session == nil {
		return
	}
	var diags diag.Diagnostics
	q.kind, diags = q.declared.managedIn(q.session)
	resp.Diagnostics.Append(diags...)
}

// ListResourceConfigSchema takes the region, tags, and every attribute that is a single text, as a filter.
func (q *query) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	attributes := map[string]schema.Attribute{
		attrRegion: schema.StringAttribute{Optional: true, MarkdownDescription: "The region to list. Default: the provider's region."},
	}
	if q.kind.Tags != nil {
		attributes[attrTags] = schema.MapAttribute{ElementType: types.StringType, Optional: true, MarkdownDescription: "Tags that must all be there."}
	}
	for name, a := range q.declared.bothDataAttributes(q.world, true, false) {
		if a.IsOptional() && a.GetType().Equal(types.StringType) {
			attributes[name] = schema.StringAttribute{Optional: true, MarkdownDescription: a.GetMarkdownDescription()}
		}
	}
	for _, name := range q.kind.scope() {
		attributes[name] = schema.StringAttribute{Required: true, MarkdownDescription: attributes[name].GetMarkdownDescription()}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: q.declared.lookedUp() + "\n\nLists those that fit the given attributes.",
		Attributes:          attributes,
	}
}

func (q *query) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	wanted, err := valuesOf(req.Config.Raw)
	var found []Values
	if err == nil {
		q.session.forget() // who lists wants to know what is there now
		found, err = q.session.find(ctx, q.kind, wanted)
	}
	if err != nil {
		stream.Results = list.ListResultsStreamDiagnostics(diag.Diagnostics{q.kind.failure("list", wanted, err)})
		return
	}
	managed := &managed{kind: q.kind, declared: q.declared, world: q.world, session: q.session}
	stream.Results = func(push func(list.ListResult) bool) {
		for i, object := range found {
			if req.Limit > 0 && int64(i) >= req.Limit {
				return
			}
			result := req.NewListResult(ctx)
			result.DisplayName = or(object.String("name"), object.String(attrID))
			managed.identify(ctx, result.Identity, object, &result.Diagnostics)
			if req.IncludeResource {
				raw, err := convert.ToTerraform(req.ResourceSchema.Type().TerraformType(ctx), map[string]any(object))
				if err != nil {
					result.Diagnostics.AddAttributeError(path.Empty(), "Cannot understand the cloud's answer", fmt.Sprint(err))
				} else {
					result.Resource.Raw = raw
				}
			}
			if !push(result) {
				return
			}
		}
	}
}
