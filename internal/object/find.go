package object

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// DataSources are the Kind's data sources: one object, and all that fit, where there can be several.
func (k *Kind) DataSources(w *World) []func() datasource.DataSource {
	one := func() datasource.DataSource { return &lookup{kind: k, declared: k, world: w} }
	many := func() datasource.DataSource { return &lookup{kind: k, declared: k, world: w, many: true} }
	if k.Alone {
		return []func() datasource.DataSource{one}
	}
	return []func() datasource.DataSource{one, many}
}

// lookup is a Kind as a data source.
type lookup struct {
	kind     *Kind // that of the cloud, once that is known
	declared *Kind
	world    *World
	many     bool
	session  *Session
}

var _ datasource.DataSourceWithConfigure = &lookup{}

// Arguments of a lookup beside the attributes themselves.
const (
	attrNameRegex  = "name_regex"
	attrMostRecent = "most_recent"
)

func (l *lookup) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = l.kind.TypeName()
	if l.many {
		resp.TypeName = "hwcloud_" + l.kind.plural()
	}
}

func (l *lookup) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	if l.session, _ = req.ProviderData.(*Session); l.session == nil {
		return
	}
	var diags diag.Diagnostics
	l.kind, diags = l.declared.in(l.session)
	resp.Diagnostics.Append(diags...)
}

func (l *lookup) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	k := l.declared
	attributes := k.bothDataAttributes(l.world, true, !l.many)
	attributes[attrRegion] = schema.StringAttribute{Optional: true, Computed: true, MarkdownDescription: "The region to look in: `cn-north-4`. Default: the provider's region."}
	if _, named := k.Schema.Attributes["name"]; named {
		attributes[attrNameRegex] = schema.StringAttribute{
			Optional: true, MarkdownDescription: "A regular expression (RE2) that the name must match.",
			Validators: []validator.String{regexValidator{}},
		}
	}
	if !l.many {
		if k.dated() {
			attributes[attrMostRecent] = schema.BoolAttribute{Optional: true, MarkdownDescription: "Take the youngest when several fit. Default: `false`, which makes that an error."}
		}
		resp.Schema = schema.Schema{
			MarkdownDescription: k.lookedUp() + "\n\nLooks up one by its id or by any other attributes, all of which must fit.",
			Attributes:          attributes,
		}
		return
	}
	attributes[k.plural()] = schema.ListNestedAttribute{
		Computed: true, MarkdownDescription: "All that fit, ordered by name and id.",
		NestedObject: schema.NestedAttributeObject{Attributes: k.bothDataAttributes(l.world, false, true)},
	}
	for _, name := range k.scope() {
		attributes[name] = required(attributes[name])
	}
	// Only what a list is asked by stands beside it.
	for name, a := range attributes {
		if name != k.plural() && !a.IsOptional() && !a.IsRequired() {
			delete(attributes, name)
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: k.lookedUp() + "\n\nLists all that fit the given attributes.",
		Attributes:          attributes,
	}
}

// required is an attribute without which nothing can be listed.
func required(a schema.Attribute) schema.StringAttribute {
	return schema.StringAttribute{Required: true, MarkdownDescription: a.GetMarkdownDescription()}
}

// dated tells that objects say when they were made.
func (k *Kind) dated() bool { _, ok := k.Schema.Attributes["created_at"]; return ok }

func (l *lookup) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, done := l.session.heed(ctx)
	defer done()
	k := l.kind
	wanted, err := valuesOf(req.Config.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Cannot read the configuration of data "+k.TypeName(), err.Error())
		return
	}
	found, err := l.session.find(ctx, k, wanted)
	if err != nil {
		resp.Diagnostics.Append(k.failure("look up", wanted, err))
		return
	}
	region := or(wanted.String(attrRegion), l.session.Client.Region())
	result := wanted.with(map[string]any{attrRegion: region})
	if l.many {
		list := make([]any, len(found))
		for i, object := range found {
			list[i] = map[string]any(object)
		}
		result[k.plural()] = list
	} else {
		if len(found) > 1 && wanted.Bool(attrMostRecent) {
			slices.SortStableFunc(found, func(a, b Values) int { return cmp.Compare(b.String("created_at"), a.String("created_at")) })
			found = found[:1]
		}
		switch len(found) {
		case 0:
			resp.Diagnostics.AddError("Cannot find "+k.TypeName(), "Nothing in region "+region+" fits "+asked(wanted)+". Check the values, the region and the project.")
			return
		case 1:
			result = found[0].with(map[string]any{attrRegion: region, attrNameRegex: wanted[attrNameRegex], attrMostRecent: wanted[attrMostRecent]})
		default:
			var ids []string
			for _, object := range found[:min(5, len(found))] {
				ids = append(ids, object.String(attrID))
			}
			if len(found) > len(ids) {
				ids = append(ids, "and others")
			}
			resp.Diagnostics.AddError(fmt.Sprintf("Found %d of %s", len(found), k.TypeName()),
				fmt.Sprintf("They all fit %s: %s. Give more attributes, or use the data source hwcloud_%s for all of them.", asked(wanted), strings.Join(ids, ", "), k.plural()))
			return
		}
	}
	setData(ctx, &resp.State, result, resp.Diagnostics.AddError)
}

func setData(ctx context.Context, state *tfsdk.State, result Values, fail func(summary, detail string)) {
	raw, err := convert.ToTerraform(state.Schema.Type().TerraformType(ctx), map[string]any(result))
	if err != nil {
		fail("Cannot understand the cloud's answer", err.Error())
		return
	}
	state.Raw = raw
}

// asked names what was looked for.
func asked(wanted Values) string {
	text := ""
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if value, ok := wanted.Get(name); ok && name != attrRegion && name != attrMostRecent {
			text += fmt.Sprintf(", %s = %v", name, value)
		}
	}
	if text == "" {
		return "(no attributes were given)"
	}
	return text[2:]
}

// find answers the objects that have all the wanted attributes, ordered by name and id.
func (s *Session) find(ctx context.Context, k *Kind, wanted Values) ([]Values, error) {
	if name := k.unknownHere(wanted); name != "" {
		return nil, fmt.Errorf("on %s it has no %s", worldName(k.Service.OpenStack()), name)
	}
	var objects []map[string]any
	id := wanted.String(attrID)
	if k.Alone && id == "" {
		id = k.composed(wanted, nil)
	}
	if id != "" {
		parts, err := k.apart(id)
		if err != nil {
			return nil, err
		}
		wanted = wanted.with(parts)
		object, err := s.listing(k, wanted).read(ctx, wanted)
		if err != nil && !gone(err) {
			return nil, err
		}
		if err == nil {
			objects = append(objects, object)
		}
	} else {
		for _, name := range k.scope() {
			if wanted.Null(name) {
				return nil, fmt.Errorf("without an id, %s is needed to look one up", name)
			}
		}
		var err error
		if objects, err = s.lookUpAll(ctx, k, wanted); err != nil {
			return nil, err
		}
	}
	var pattern *regexp.Regexp
	if text := wanted.String(attrNameRegex); text != "" {
		var err error
		if pattern, err = regexp.Compile(text); err != nil {
			return nil, err
		}
	}
	var found []Values
	for _, object := range objects {
		values, err := s.view(k, object, wanted)
		if err != nil {
			return nil, err
		}
		fits := func(wanted Values) bool {
			return k.matches(values, wanted) && (pattern == nil || pattern.MatchString(values.String("name")))
		}
		if k.listsLess() && wanted.String(attrID) == "" && fits(k.thin(values, wanted)) {
			parts, err := k.apart(values.String(attrID))
			if err != nil {
				return nil, err
			}
			if object, err = s.whole(ctx, k, values.with(map[string]any{attrRegion: wanted[attrRegion]}), object); err != nil {
				return nil, err
			}
			if values, err = s.view(k, object, wanted.with(parts)); err != nil {
				return nil, err
			}
		}
		if fits(wanted) {
			found = append(found, values)
		}
	}
	slices.SortFunc(found, func(a, b Values) int {
		return cmp.Or(cmp.Compare(a.String("name"), b.String("name")), cmp.Compare(a.String(attrID), b.String(attrID)))
	})
	return found, nil
}

// lookedUp is a list that look-ups have asked for.
type lookedUp struct {
	done    chan struct{}
	objects []map[string]any
	err     error
}

// lookUpAll lists what has the wanted attributes as far as the list can tell by itself. Look-ups that ask the same share one
// list, until something is written: a module that is used ten times looks up its image once.
func (s *Session) lookUpAll(ctx context.Context, k *Kind, wanted Values) ([]map[string]any, error) {
	key := k.Name + "@" + or(wanted.String(attrRegion), s.Client.Region()) + k.within(wanted)
	for _, name := range append(slices.Sorted(maps.Keys(k.Filters)), k.Split.By) {
		key += fmt.Sprintf(" %v", wanted[name])
	}
	s.mu.Lock()
	shared, asked := s.lookups[key]
	if !asked {
		shared = &lookedUp{done: make(chan struct{})}
		if s.lookups == nil {
			s.lookups = map[string]*lookedUp{}
		}
		s.lookups[key] = shared
	}
	s.mu.Unlock()
	if !asked {
		shared.objects, shared.err = s.list(ctx, k, wanted, func() error { return nil })
		close(shared.done)
	}
	select {
	case <-shared.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if shared.err != nil { // it is told to who asked; the others ask themselves
		s.mu.Lock()
		if s.lookups[key] == shared {
			delete(s.lookups, key)
		}
		s.mu.Unlock()
		if asked {
			return s.list(ctx, k, wanted, func() error { return nil })
		}
		return nil, shared.err
	}
	objects := make([]map[string]any, len(shared.objects))
	for i, object := range shared.objects {
		objects[i] = maps.Clone(object)
	}
	return objects, nil
}

// whole is an object of which a list did not tell all.
func (s *Session) whole(ctx context.Context, k *Kind, values Values, listed map[string]any) (map[string]any, error) {
	if k.ThinList {
		return s.read(ctx, k, values)
	}
	return listed, s.completeListed(ctx, k, values, listed)
}

// thin is what of the wanted an object of a thin list can be compared with: what the list does not answer says nothing.
func (k *Kind) thin(object, wanted Values) Values {
	out := maps.Clone(wanted)
	maps.DeleteFunc(out, func(name string, _ any) bool { return name == attrTags || object.Null(name) })
	return out
}

// view is an object as a data source shows it: with every tag but the ignored.
func (s *Session) view(k *Kind, object map[string]any, wanted Values) (Values, error) {
	prior := Values{attrRegion: wanted[attrRegion]}
	for name, field := range k.Fields {
		if field.Read == Never || field.Listed != "" { // what is asked by and not answered
			prior[name] = wanted[name]
		}
	}
	values, err := s.present(k, object, prior)
	if err == nil && k.Tags != nil {
		values[attrTags] = values[attrTagsAll]
	}
	return values, err
}

// matches tells that an object has all the wanted attributes. Of tags, the wanted must be among the object's.
func (k *Kind) matches(object, wanted Values) bool {
	for name := range wanted {
		want, ok := wanted.Get(name)
		if _, own := k.Schema.Attributes[name]; !ok || !own && name != attrTags && name != attrID {
			continue
		}
		if name == attrTags {
			for key, value := range want.(map[string]any) {
				if got, has := object.Map(attrTags)[key]; !has || got != value {
					return false
				}
			}
			continue
		}
		if !k.same(name, object[name], want) {
			return false
		}
	}
	return true
}

// regexValidator refuses what is no regular expression.
type regexValidator struct{}

func (regexValidator) Description(context.Context) string { return "a regular expression (RE2)" }
func (regexValidator) MarkdownDescription(context.Context) string {
	return "a regular expression (RE2)"
}

func (regexValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if _, err := regexp.Compile(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid regular expression", err.Error())
	}
}
