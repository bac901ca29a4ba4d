package object

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

const (
	describeID     = "The id that the cloud gave the object."
	describeRegion = "The region of the object: `cn-north-4`. Default: the provider's region. Changing it replaces the object."
	describeTags   = "Tags of the object: at most %d, keys of 1 to %d characters, values of at most %d. They win over the provider's `default_tags`. %s"
	describeAll    = "All tags of the object: `tags`, and the provider's `default_tags`; without those that `ignore_tags` names."
)

// describeID says what the id is.
func (k *Kind) describeID() string {
	if k.ID == "" {
		return describeID
	}
	return "The id, made of attributes: `" + k.idForm() + "`."
}

// ownSchema is the Kind's schema with what the engine adds, each description completed by its default and by
// what a change does.
func (k *Kind) ownSchema(ctx context.Context) schema.Schema {
	out := k.Schema
	out.MarkdownDescription += takes("Managing it", k.Role)
	out.Attributes = make(map[string]schema.Attribute, len(k.Schema.Attributes)+5)
	for name, a := range k.attributes() {
		if !a.settable && a.field.Read == Never && k.Filters[name] != "" {
			continue // a look-up asks by it, and no object has it
		}
		out.Attributes[name] = whole(describe(k.Schema.Attributes[name], k.consequences(a)))
	}
	for _, name := range k.Secrets {
		maps.Copy(out.Attributes, secretTwins(name, k.Schema.Attributes[name].(schema.StringAttribute), k.consequences(attribute{name: name, settable: true})))
		out.Attributes[name] = conflict(out.Attributes[name], name+suffixWriteOnly)
	}
	out.Attributes[attrID] = schema.StringAttribute{Computed: true, MarkdownDescription: k.describeID()}
	out.Attributes[attrRegion] = schema.StringAttribute{
		Optional: true, Computed: true, MarkdownDescription: describeRegion,
		Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	if k.Tags != nil {
		rules, change := k.Tags.rules(), "Changed in place, each tag by itself."
		if k.Tags.fixed() {
			change = "Changing them replaces the object."
		}
		out.Attributes[attrTags] = schema.MapAttribute{
			ElementType: types.StringType, Optional: true,
			MarkdownDescription: fmt.Sprintf(describeTags, rules.Most, rules.Key, rules.Value, change),
			Validators: []validator.Map{
				mapvalidator.SizeAtMost(rules.Most),
				mapvalidator.KeysAre(stringvalidator.UTF8LengthBetween(1, rules.Key), valid.Match(rules.Keys, rules.Text)),
				mapvalidator.ValueStringsAre(stringvalidator.UTF8LengthAtMost(rules.Value), valid.Match(rules.Values, rules.Text)),
			},
		}
		out.Attributes[attrTagsAll] = schema.MapAttribute{ElementType: types.StringType, Computed: true, MarkdownDescription: describeAll}
	}
	out.Blocks = maps.Clone(k.Schema.Blocks)
	if out.Blocks == nil {
		out.Blocks = map[string]schema.Block{}
	}
	limit := func(what string, standard time.Duration) string {
		return fmt.Sprintf("How long %s may take with all its retries and waiting: `30s`, `20m`, `1h30m`. Default: `%s`.", what, plainly.Replace(or(standard, standardTimeout).String()))
	}
	out.Blocks[attrTimeouts] = timeouts.Block(ctx, timeouts.Opts{
		Create: true, CreateDescription: limit("a creation", k.Timeouts.Create),
		Update: true, UpdateDescription: limit("a change", k.Timeouts.Update),
		Delete: true, DeleteDescription: limit("a deletion", k.Timeouts.Delete),
	})
	return out
}

// resourceSchema is the schema of the resource: that of both worlds, when the object exists in both.
func (k *Kind) resourceSchema(ctx context.Context, w *World) schema.Schema {
	out := k.ownSchema(ctx)
	if k.Native != nil {
		native := k.Native.ownSchema(ctx)
		out.Attributes = unite(w, out.Attributes, native.Attributes)
		out.MarkdownDescription = k.description() + takes("Managing it on OpenStack clouds", k.Native.Role)
	}
	return out
}

// takes says which role something takes.
func takes(what, role string) string {
	if role == "" {
		return ""
	}
	return fmt.Sprintf(" %s takes the role `%s` in the project, unless the cloud has policies of its own.", what, role)
}

// description is what the object is, in both worlds.
func (k *Kind) description() string {
	text := k.Schema.MarkdownDescription
	if k.Native != nil && k.Native.Schema.MarkdownDescription != text {
		text += "\n\nOn OpenStack clouds: " + k.Native.Schema.MarkdownDescription
	}
	return text
}

// lookedUp is what the object is, where it is only looked up.
func (k *Kind) lookedUp() string {
	text := k.description() + takes("Looking it up", or(k.List.Role, k.Read.Role))
	if k.Native != nil {
		text += takes("Looking it up on OpenStack clouds", or(k.Native.List.Role, k.Native.Read.Role))
	}
	return text
}

// bothDataAttributes are dataAttributes of both worlds, when the object exists in both.
func (k *Kind) bothDataAttributes(w *World, lookup, computed bool) map[string]datasource.Attribute {
	out := k.dataAttributes(lookup, computed)
	if k.Native != nil {
		out = unite(w, out, k.Native.dataAttributes(lookup, computed))
	}
	return out
}

// plainly writes a duration without its empty units.
var plainly = strings.NewReplacer("h0m0s", "h", "m0s", "m")

// standardTimeout is what an operation may take where a Kind says nothing else.
const standardTimeout = 10 * time.Minute

// consequences says what a change of an attribute does, and its default.
func (k *Kind) consequences(a attribute) string {
	var said []string
	if a.standard != nil {
		said = append(said, fmt.Sprintf("Default: `%v`.", a.standard))
	}
	change, changes := k.changeOf(a.name)
	switch {
	case !a.settable:
	case a.local:
		said = append(said, "An argument of this provider, not of the cloud: a change is only recorded.")
	case changes:
		said = append(said, "Changed in place.")
	default:
		said = append(said, "Changing it replaces the object.")
	}
	if a.settable && k.Role == "" {
		said = append(said, strings.TrimSpace(or(takes("Setting it", a.field.Role), takes("Changing it", change.role()))))
	}
	if a.silent && a.settable {
		said = append(said, "The cloud never answers it, so a change made elsewhere is not seen.")
	}
	return strings.Join(slices.DeleteFunc(said, func(s string) bool { return s == "" }), " ")
}

// role is the one that the change takes.
func (c Change) role() string {
	for _, op := range c.ops() {
		if op.Role != "" {
			return op.Role
		}
	}
	return ""
}

// secretTwins are the write-only form of a secret, which no state or plan ever holds, and its version.
func secretTwins(name string, secret schema.StringAttribute, consequences string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		name + suffixWriteOnly: schema.StringAttribute{
			Optional: true, Sensitive: true, WriteOnly: true,
			MarkdownDescription: secret.MarkdownDescription + " Write-only: it is never stored in state or plan. Needs Terraform 1.11. Sent again when `" + name + suffixVersion + "` changes.",
			Validators:          append(slices.Clone(secret.Validators), stringvalidator.AlsoRequires(path.MatchRoot(name+suffixVersion))),
		},
		name + suffixVersion: schema.Int64Attribute{
			Optional:            true,
			MarkdownDescription: "The version of `" + name + suffixWriteOnly + "`: raise it to send a new value. " + consequences,
			Validators:          []validator.Int64{int64validator.AtLeast(1), int64validator.AlsoRequires(path.MatchRoot(name + suffixWriteOnly))},
		},
	}
}

func conflict(a schema.Attribute, with string) schema.Attribute {
	s := a.(schema.StringAttribute)
	s.Validators = append(slices.Clone(s.Validators), stringvalidator.ConflictsWith(path.MatchRoot(with)))
	return s
}

// describe appends to an attribute's description.
func describe(a schema.Attribute, more string) schema.Attribute {
	text := strings.TrimSpace(a.GetMarkdownDescription() + " " + more)
	switch a := a.(type) {
	case schema.StringAttribute:
		a.MarkdownDescription = text
		return a
	case schema.BoolAttribute:
		a.MarkdownDescription = text
		return a
	case schema.Int64Attribute:
		a.MarkdownDescription = text
		return a
	case schema.Float64Attribute:
		a.MarkdownDescription = text
		return a
	case schema.ListAttribute:
		a.MarkdownDescription = text
		return a
	case schema.SetAttribute:
		a.MarkdownDescription = text
		return a
	case schema.MapAttribute:
		a.MarkdownDescription = text
		return a
	case schema.ListNestedAttribute:
		a.MarkdownDescription = text
		return a
	case schema.SetNestedAttribute:
		a.MarkdownDescription = text
		return a
	case schema.MapNestedAttribute:
		a.MarkdownDescription = text
		return a
	case schema.SingleNestedAttribute:
		a.MarkdownDescription = text
		return a
	}
	return a
}

// identitySchema is what finds an object again: where it is and its id.
func identitySchema() identityschema.Schema {
	return identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		attrRegion:   identityschema.StringAttribute{OptionalForImport: true, Description: "Region; default: the provider's."},
		"project_id": identityschema.StringAttribute{OptionalForImport: true, Description: "Project; default: the provider's in that region."},
		attrID:       identityschema.StringAttribute{RequiredForImport: true, Description: describeID},
	}}
}

// dataAttributes are the Kind's attributes as a data source answers them. Those that can be looked up by are optional.
func (k *Kind) dataAttributes(lookup, computed bool) map[string]datasource.Attribute {
	out := map[string]datasource.Attribute{
		attrID: datasource.StringAttribute{Optional: lookup, Computed: computed, MarkdownDescription: k.describeID()},
	}
	for name, a := range k.attributes() {
		if a.silent || a.local || a.once || a.writeOnly || a.sensitive {
			continue // never answered, or not for everybody who can read
		}
		out[name] = dataAttribute(k.Schema.Attributes[name], lookup, computed)
	}
	if k.Tags != nil {
		out[attrTags] = datasource.MapAttribute{ElementType: types.StringType, Optional: lookup, Computed: computed, MarkdownDescription: "Tags of the object. Given ones must all be there."}
	}
	return out
}

// dataAttribute is an attribute of a resource as one of a data source. Only what is a single value can be looked up by.
func dataAttribute(a schema.Attribute, lookup, computed bool) datasource.Attribute {
	text := a.GetMarkdownDescription()
	switch a := a.(type) {
	case schema.StringAttribute:
		return datasource.StringAttribute{Optional: lookup, Computed: computed, Sensitive: a.Sensitive, MarkdownDescription: text}
	case schema.BoolAttribute:
		return datasource.BoolAttribute{Optional: lookup, Computed: computed, MarkdownDescription: text}
	case schema.Int64Attribute:
		return datasource.Int64Attribute{Optional: lookup, Computed: computed, MarkdownDescription: text}
	case schema.Float64Attribute:
		return datasource.Float64Attribute{Optional: lookup, Computed: computed, MarkdownDescription: text}
	case schema.ListAttribute:
		return datasource.ListAttribute{ElementType: a.ElementType, Computed: true, MarkdownDescription: text}
	case schema.SetAttribute:
		return datasource.SetAttribute{ElementType: a.ElementType, Computed: true, MarkdownDescription: text}
	case schema.MapAttribute:
		return datasource.MapAttribute{ElementType: a.ElementType, Computed: true, MarkdownDescription: text}
	case schema.ListNestedAttribute:
		return datasource.ListNestedAttribute{NestedObject: dataObject(a.NestedObject), Computed: true, MarkdownDescription: text}
	case schema.SetNestedAttribute:
		return datasource.SetNestedAttribute{NestedObject: dataObject(a.NestedObject), Computed: true, MarkdownDescription: text}
	case schema.MapNestedAttribute:
		return datasource.MapNestedAttribute{NestedObject: dataObject(a.NestedObject), Computed: true, MarkdownDescription: text}
	case schema.SingleNestedAttribute:
		return datasource.SingleNestedAttribute{Attributes: dataMembers(a.Attributes), Computed: true, MarkdownDescription: text}
	}
	panic(fmt.Sprintf("object: no data source form of %T", a))
}

func dataObject(o schema.NestedAttributeObject) datasource.NestedAttributeObject {
	return datasource.NestedAttributeObject{Attributes: dataMembers(o.Attributes)}
}

func dataMembers(members map[string]schema.Attribute) map[string]datasource.Attribute {
	out := make(map[string]datasource.Attribute, len(members))
	for name, a := range members {
		out[name] = dataAttribute(a, false, true)
	}
	return out
}
