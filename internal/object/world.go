package object

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// World is the sort of clouds that a provider speaks to, once that is known: the public cloud and those with its APIs, or
// OpenStack's. Terraform asks for the schemas before that, so they are made for both, and what only one has is refused in the
// other as soon as it is known which it is.
type World struct{ openstack atomic.Pointer[bool] }

// Enter says which world it is.
func (w *World) Enter(openstack bool) { w.openstack.Store(&openstack) }

// is tells that it is known to be this world.
func (w *World) is(openstack bool) bool {
	if w == nil {
		return false
	}
	known := w.openstack.Load()
	return known != nil && *known == openstack
}

// worldName is how users call a world.
func worldName(openstack bool) string {
	if openstack {
		return "OpenStack clouds"
	}
	return "Huawei Cloud and the clouds with its APIs"
}

// Join pairs the declarations of one object in both worlds, by their names. The rest exist in one world only.
func Join(public, native []*Kind) []*Kind {
	all := slices.Clone(public)
	for _, there := range native {
		i := slices.IndexFunc(public, func(here *Kind) bool { return here.Name == there.Name })
		if i < 0 {
			all = append(all, there)
			continue
		}
		both := *public[i]
		both.Native = there
		all[i] = &both
	}
	return all
}

// in is the Kind's declaration for the cloud of a session.
func (k *Kind) in(s *Session) (*Kind, diag.Diagnostics) {
	var diags diag.Diagnostics
	switch openstack := s.Client.OpenStack(); {
	case openstack == k.Service.OpenStack():
	case openstack && k.Native != nil:
		return k.Native, nil
	default:
		diags.AddError(k.TypeName()+" does not exist here", fmt.Sprintf(
			"It is an object of %s, and this provider is configured for %s. Use a provider block whose platform is the other one, or the object that this cloud has instead.",
			worldName(!openstack), worldName(openstack)))
	}
	return k, diags
}

// manages tells that there is a world in which such objects are made, and not only looked up.
func (k *Kind) manages() bool { return !k.NoResource || k.Native != nil && !k.Native.NoResource }

// managedIn is in for what is to be made or listed as managed: one world may have such objects to be looked up only.
func (k *Kind) managedIn(s *Session) (*Kind, diag.Diagnostics) {
	here, diags := k.in(s)
	if !diags.HasError() && here.NoResource {
		diags.AddError(k.TypeName()+" cannot be managed here", fmt.Sprintf(
			"On %s such objects are the cloud's: use the data source %s. Only on %s are they made.",
			worldName(here.Service.OpenStack()), k.TypeName(), worldName(!here.Service.OpenStack())))
	}
	return here, diags
}

// The schemas of a pair are those of both worlds in one. Of each attribute it is enough that one world has it; what each
// demands is seen to by validators that are silent in the other, and by settle.

// unite makes one of both worlds' attributes, which are of the framework's schemas for resources or for data sources.
func unite[A any](w *World, public, native map[string]A) map[string]A {
	out := make(map[string]A, len(public)+len(native))
	for name, a := range public {
		if there, both := native[name]; both {
			out[name] = united(w, a, there)
		} else {
			out[name] = only(w, a, false)
		}
	}
	for name, a := range native {
		if _, both := public[name]; !both {
			out[name] = only(w, a, true)
		}
	}
	return out
}

// editable is a copy of an attribute whose fields can be set.
func editable(a any) reflect.Value {
	v := reflect.New(reflect.TypeOf(a)).Elem()
	v.Set(reflect.ValueOf(a))
	return v
}

// only is an attribute that one world has.
func only[A any](w *World, a A, openstack bool) A {
	v := editable(a)
	required := v.FieldByName("Required").Bool()
	settable := required || v.FieldByName("Optional").Bool()
	text := v.FieldByName("MarkdownDescription")
	text.SetString("Only on " + worldName(openstack) + ": " + text.String())
	v.FieldByName("Required").SetBool(false)
	v.FieldByName("Optional").SetBool(settable)
	forget(v, "Default")
	if settable {
		guards := []worldly{refuse(w, openstack)}
		if required {
			guards = append(guards, demand(w, openstack))
		}
		guard(v, guards)
	}
	return v.Interface().(A)
}

// united is an attribute that both worlds have.
func united[A any](w *World, public, native A) A {
	v, there := editable(public), editable(native)
	if v.Type() != there.Type() {
		panic(fmt.Sprintf("object: an attribute is %T in one world and %T in the other", public, native))
	}
	if text := there.FieldByName("MarkdownDescription").String(); text != v.FieldByName("MarkdownDescription").String() {
		v.FieldByName("MarkdownDescription").SetString(v.FieldByName("MarkdownDescription").String() + " On OpenStack: " + text)
	}
	here, other := v.FieldByName("Required").Bool(), there.FieldByName("Required").Bool()
	takes, otherTakes := here || v.FieldByName("Optional").Bool(), other || there.FieldByName("Optional").Bool()
	settable := takes || otherTakes
	either := func(name string) {
		if field := v.FieldByName(name); field.IsValid() {
			field.SetBool(field.Bool() || there.FieldByName(name).Bool())
		}
	}
	either("Computed")
	either("Sensitive")
	either("WriteOnly")
	v.FieldByName("Required").SetBool(here && other)
	v.FieldByName("Optional").SetBool(settable && (!here || !other))
	if v.FieldByName("Required").Bool() {
		v.FieldByName("Computed").SetBool(false)
	}
	if field := v.FieldByName("Default"); field.IsValid() && !reflect.DeepEqual(field.Interface(), there.FieldByName("Default").Interface()) {
		forget(v, "Default")
	}
	for _, name := range []string{"Attributes", "NestedObject"} {
		if field := v.FieldByName(name); field.IsValid() {
			members, others := field, there.FieldByName(name)
			if name == "NestedObject" {
				members, others = members.FieldByName("Attributes"), others.FieldByName("Attributes")
			}
			members.Set(uniteMembers(w, members, others))
		}
	}
	if validators := v.FieldByName("Validators"); validators.IsValid() {
		own, others := validators, there.FieldByName("Validators")
		if !reflect.DeepEqual(own.Interface(), others.Interface()) || here != other {
			guards := append(during(w, own, false), during(w, others, true)...)
			if here && !other {
				guards = append(guards, demand(w, false))
			}
			if other && !here {
				guards = append(guards, demand(w, true))
			}
			forget(v, "Validators")
			guard(v, guards)
		}
	}
	return v.Interface().(A)
}

// uniteMembers is unite where the type of the members is not known: map[string]schema.Attribute of either package.
func uniteMembers(w *World, public, native reflect.Value) reflect.Value {
	plain := func(members reflect.Value) map[string]any {
		out := map[string]any{}
		for _, key := range members.MapKeys() {
			out[key.String()] = members.MapIndex(key).Interface()
		}
		return out
	}
	out := reflect.MakeMap(public.Type())
	for name, a := range unite(w, plain(public), plain(native)) {
		out.SetMapIndex(reflect.ValueOf(name), reflect.ValueOf(a))
	}
	return out
}

func forget(v reflect.Value, name string) {
	if field := v.FieldByName(name); field.IsValid() {
		field.SetZero()
	}
}

// guard adds validators to an attribute, each in the form that its type asks for.
func guard(v reflect.Value, guards []worldly) {
	field := v.FieldByName("Validators")
	if !field.IsValid() {
		return
	}
	list := reflect.MakeSlice(field.Type(), 0, field.Len()+len(guards))
	for _, one := range guards {
		list = reflect.Append(list, reflect.ValueOf(one))
	}
	field.Set(reflect.AppendSlice(list, field))
}

// during are validators that speak in one world.
func during(w *World, validators reflect.Value, openstack bool) (all []worldly) {
	for i := range validators.Len() {
		all = append(all, worldly{world: w, openstack: openstack, inner: validators.Index(i).Interface()})
	}
	return all
}

// settle makes of a plan for both worlds one for this: what the other has is nothing, what this one does not choose is as it
// is configured, and what is left open has this one's default; at every depth. What the cloud alone says here is refused,
// unless it is so already: configurations that are written by an import say it.
func (r *managed) settle(ctx context.Context, planned, config, prior map[string]tftypes.Value, diags *diag.Diagnostics) {
	if r.declared.Native == nil {
		return
	}
	own := r.kind.ownAttributes(ctx)
	for name := range planned {
		if _, block := r.kind.Schema.Blocks[name]; !block && name != attrTimeouts {
			planned[name] = settleOne(own[name], planned[name], config[name])
			if at := theirs(own[name], name, config[name], []tftypes.Value{prior[name]}); at != "" {
				openstack := r.kind.Service.OpenStack()
				diags.AddAttributeError(path.Root(name), "Invalid "+at, fmt.Sprintf(
					"Here the cloud alone says it. Only %s take it, and this provider is configured for %s. Remove it.", worldName(!openstack), worldName(openstack)))
			}
		}
	}
}

// theirs is the place of something that a configuration gives and the cloud alone says, where that is none of what the cloud
// has said already; "" when there is nothing.
func theirs(own schema.Attribute, at string, config tftypes.Value, said []tftypes.Value) string {
	if own == nil || config.IsNull() {
		return ""
	}
	if !own.IsRequired() && !own.IsOptional() {
		if slices.ContainsFunc(said, config.Equal) {
			return ""
		}
		return at
	}
	within := func(values []tftypes.Value, name string) (all []tftypes.Value) {
		for _, value := range values {
			for _, object := range append(items(value), value) {
				if member, ok := members(object)[name]; ok {
					all = append(all, member)
				}
			}
		}
		return all
	}
	inner := membersOf(own)
	for _, name := range slices.Sorted(maps.Keys(inner)) {
		for _, given := range within([]tftypes.Value{config}, name) {
			if found := theirs(inner[name], at+"."+name, given, within(said, name)); found != "" {
				return found
			}
		}
	}
	return ""
}

// settleOne settles a value of an attribute; of none, when this world does not have it.
func settleOne(own schema.Attribute, planned, config tftypes.Value) tftypes.Value {
	switch {
	case !config.IsKnown():
		return planned
	case own == nil:
		return tftypes.NewValue(planned.Type(), nil)
	case config.IsNull():
		if standard := standardOf(own); standard != nil {
			if value, err := convert.ToTerraform(planned.Type(), standard); err == nil {
				return value
			}
		}
		if !own.IsComputed() {
			return tftypes.NewValue(planned.Type(), nil)
		}
		return planned
	}
	switch own := own.(type) {
	case schema.SingleNestedAttribute:
		return settleMembers(own.Attributes, planned, config)
	case schema.ListNestedAttribute, schema.SetNestedAttribute:
		return settleItems(membersOf(own), planned, config)
	}
	return planned
}

// settleMembers settles the members of an object.
func settleMembers(own map[string]schema.Attribute, planned, config tftypes.Value) tftypes.Value {
	var plans, configs map[string]tftypes.Value
	if !planned.IsKnown() || planned.IsNull() || planned.As(&plans) != nil || config.As(&configs) != nil {
		return planned
	}
	plans = maps.Clone(plans)
	for name := range plans {
		plans[name] = settleOne(own[name], plans[name], configs[name])
	}
	return tftypes.NewValue(planned.Type(), plans)
}

// settleItems settles the objects of a list or a set, which the plan has in the order of the configuration.
func settleItems(own map[string]schema.Attribute, planned, config tftypes.Value) tftypes.Value {
	var plans, configs []tftypes.Value
	if !planned.IsKnown() || planned.IsNull() || planned.As(&plans) != nil || config.As(&configs) != nil || len(plans) != len(configs) {
		return planned
	}
	plans = slices.Clone(plans)
	for i := range plans {
		if configs[i].IsKnown() && !configs[i].IsNull() {
			plans[i] = settleMembers(own, plans[i], configs[i])
		}
	}
	return tftypes.NewValue(planned.Type(), plans)
}

// owned are the attributes of a Kind's own schema, with what the engine adds.
var owned sync.Map // of map[string]schema.Attribute, by *Kind

func (k *Kind) ownAttributes(ctx context.Context) map[string]schema.Attribute {
	if known, ok := owned.Load(k); ok {
		return known.(map[string]schema.Attribute)
	}
	known, _ := owned.LoadOrStore(k, k.ownSchema(ctx).Attributes)
	return known.(map[string]schema.Attribute)
}

// unknownHere is what a look-up asks for and this world's objects do not have; "" when there is nothing.
func (k *Kind) unknownHere(wanted Values) string {
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		_, own := k.Schema.Attributes[name]
		if !own && !wanted.Null(name) && !slices.Contains([]string{attrID, attrRegion, attrNameRegex, attrMostRecent, k.plural()}, name) && (name != attrTags || k.Tags == nil) {
			return name
		}
	}
	return ""
}

// worldly is a validator that speaks in one world: another validator, or a check of its own.
type worldly struct {
	world     *World
	openstack bool
	inner     any // a validator of the framework's, of any type
	check     func(at path.Path, value attr.Value, diags *diag.Diagnostics)
}

func (v worldly) speaks() bool { return v.world.is(v.openstack) }

// refuse speaks in the other world than that which has the attribute.
func refuse(w *World, openstack bool) worldly {
	return worldly{world: w, openstack: !openstack, check: func(at path.Path, value attr.Value, diags *diag.Diagnostics) {
		if !value.IsNull() && !value.IsUnknown() {
			diags.AddAttributeError(outermost(at), "Invalid "+at.String(), fmt.Sprintf(
				"Only %s take it, and this provider is configured for %s. Remove it.", worldName(openstack), worldName(!openstack)))
		}
	}}
}

// demand speaks in the world that needs the attribute.
func demand(w *World, openstack bool) worldly {
	return worldly{world: w, openstack: openstack, check: func(at path.Path, value attr.Value, diags *diag.Diagnostics) {
		if value.IsNull() {
			diags.AddAttributeError(outermost(at), "Missing "+at.String(), fmt.Sprintf("On %s the argument %q is required.", worldName(openstack), at.String()))
		}
	}}
}

// outermost is the attribute at the root: of one within another, Terraform would not show the line.
func outermost(at path.Path) path.Path {
	for len(at.Steps()) > 1 {
		at = at.ParentPath()
	}
	return at
}
