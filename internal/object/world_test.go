package object

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/auth"
)

// pair is an object of both worlds.
func pair() *Kind {
	rules := func(members map[string]schema.Attribute) schema.Attribute {
		return schema.ListNestedAttribute{Optional: true, NestedObject: schema.NestedAttributeObject{Attributes: members}}
	}
	public := Kind{Name: "thing", Service: cloud.EVS, Tags: &Tags{Create: "tags"}, Schema: schema.Schema{Attributes: map[string]schema.Attribute{
		"name":   schema.StringAttribute{Optional: true, Validators: []validator.String{stringvalidator.LengthAtMost(3)}},
		"zone":   schema.StringAttribute{Required: true, MarkdownDescription: "Zone of the region."},
		"mode":   schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString("fast")},
		"level":  schema.StringAttribute{Optional: true},
		"both":   schema.StringAttribute{Required: true},
		"iops":   schema.StringAttribute{Required: true},
		"shared": schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(true)},
		"rules": rules(map[string]schema.Attribute{
			"port":   schema.StringAttribute{Required: true},
			"action": schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString("allow")},
			"target": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
				"weight": schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString("heavy")},
			}},
		}),
	}}}
	native := Kind{Name: "thing", Service: cloud.Cinder, Schema: schema.Schema{Attributes: map[string]schema.Attribute{
		"name":      schema.StringAttribute{Optional: true, Validators: []validator.String{stringvalidator.LengthAtMost(5)}},
		"zone":      schema.StringAttribute{Optional: true, Computed: true, MarkdownDescription: "Zone of the block storage."},
		"mode":      schema.StringAttribute{Optional: true},
		"level":     schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString("low")},
		"both":      schema.StringAttribute{Required: true},
		"read_only": schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(false)},
		"shared":    schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(true)},
		"rules": rules(map[string]schema.Attribute{
			"port":   schema.StringAttribute{Optional: true},
			"label":  schema.StringAttribute{Optional: true, Computed: true},
			"action": schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString("deny")},
			"target": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
				"weight": schema.StringAttribute{Optional: true},
			}},
		}),
	}}}
	return Join([]*Kind{&public, {Name: "other"}}, []*Kind{&native, {Name: "third"}})[0]
}

// inWorld is a session of one of the worlds, which a World has been entered by.
func inWorld(t *testing.T, openstack bool) (*World, *Session) {
	t.Helper()
	client, err := cloud.New(cloud.Config{Region: "r1", OpenStack: openstack, Auth: auth.Config{OpenStack: openstack, Token: "t", AuthURL: "https://keystone.example.com"}})
	if err != nil {
		t.Fatal(err)
	}
	w, s := &World{}, &Session{Client: client}
	w.Enter(openstack)
	return w, s
}

func TestJoin(t *testing.T) {
	t.Parallel()
	public, native := &Kind{Name: "a"}, &Kind{Name: "a"}
	all := Join([]*Kind{public, {Name: "b"}}, []*Kind{native, {Name: "c"}})
	if len(all) != 3 || all[0].Native != native || all[1].Native != nil || all[2].Name != "c" || public.Native != nil {
		t.Errorf("joined: %v", all)
	}
}

// Each world refuses what only the other has, and demands what it demands itself; before it is known which it is, neither speaks.
func TestWorldsRefuse(t *testing.T) {
	t.Parallel()
	text := types.StringValue
	for name, test := range map[string]struct {
		attribute      string
		value          types.String
		public, native string
	}{
		"only public, given":         {"iops", text("x"), "", "Only Huawei Cloud"},
		"only public, left out":      {"iops", types.StringNull(), "is required", ""},
		"only public, not known":     {"iops", types.StringUnknown(), "", ""},
		"rules of one":               {"name", text("four"), "at most 3", ""},
		"rules of both":              {"name", text("sixsix"), "at most 3", "at most 5"},
		"needed in one, left out":    {"zone", types.StringNull(), "is required", ""},
		"needed in one, given":       {"zone", text("a"), "", ""},
		"in both without a rule":     {"level", types.StringNull(), "", ""},
		"in both with other default": {"mode", text("slow"), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said := func(w *World) (text string) {
				attribute := pair().resourceSchema(t.Context(), w).Attributes[test.attribute].(schema.StringAttribute)
				for _, v := range attribute.Validators {
					var resp validator.StringResponse
					v.ValidateString(t.Context(), validator.StringRequest{Path: path.Root(test.attribute), ConfigValue: test.value}, &resp)
					for _, d := range resp.Diagnostics {
						text += d.Summary() + " " + d.Detail()
					}
				}
				return text
			}
			if early := said(&World{}); early != "" {
				t.Errorf("before it is known: %s", early)
			}
			for openstack, want := range map[bool]string{false: test.public, true: test.native} {
				w, _ := inWorld(t, openstack)
				if got := said(w); want == "" && got != "" || !strings.Contains(got, want) {
					t.Errorf("openstack %v: %q, and not %q", openstack, got, want)
				}
			}
		})
	}
}

func TestWorldsSchema(t *testing.T) {
	t.Parallel()
	s := pair().resourceSchema(t.Context(), nil)
	if diags := s.ValidateImplementation(t.Context()); diags.HasError() {
		t.Fatal(diags)
	}
	for name, want := range map[string]string{ // Required, Optional, Computed
		"both": "R", "name": "O", "zone": "OC", "mode": "OC", "level": "OC", "iops": "O", "read_only": "OC", "tags": "O", "tags_all": "C", "shared": "OC",
	} {
		a, got := s.Attributes[name], ""
		for letter, is := range map[string]bool{"R": a.IsRequired(), "O": a.IsOptional()} {
			if is {
				got += letter
			}
		}
		if a.IsComputed() {
			got += "C"
		}
		if got != want {
			t.Errorf("%s is %s and not %s", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"iops": "Only on Huawei Cloud", "read_only": "Only on OpenStack clouds", "zone": "Zone of the region. Changing it replaces the object. On OpenStack: Zone of the block storage.",
	} {
		if text := s.Attributes[name].GetMarkdownDescription(); !strings.HasPrefix(text, want) {
			t.Errorf("%s: %s", name, text)
		}
	}
	if s.Attributes["shared"].(schema.BoolAttribute).Default == nil || s.Attributes["mode"].(schema.StringAttribute).Default != nil {
		t.Error("a default stays where both worlds have the same, and nowhere else")
	}
	members := s.Attributes["rules"].(schema.ListNestedAttribute).NestedObject.Attributes
	if members["port"].IsRequired() || !strings.HasPrefix(members["label"].GetMarkdownDescription(), "Only on OpenStack") {
		t.Errorf("members: %v", members)
	}
	if len(pair().bothDataAttributes(nil, true, true)) < 9 {
		t.Error("the data source lacks attributes")
	}
}

// In each world, a plan has that world's defaults, and nothing of the other's.
func TestWorldsSettle(t *testing.T) {
	t.Parallel()
	text := func(v any) tftypes.Value { return tftypes.NewValue(tftypes.String, v) }
	truth := func(v any) tftypes.Value { return tftypes.NewValue(tftypes.Bool, v) }
	for openstack, want := range map[bool]map[string]any{
		false: {"zone": nil, "mode": "fast", "level": nil, "read_only": nil, "tags_all": tftypes.UnknownValue, "name": "web"},
		true:  {"zone": tftypes.UnknownValue, "mode": nil, "level": "low", "read_only": false, "tags_all": nil, "name": "web"},
	} {
		_, session := inWorld(t, openstack)
		declared := pair()
		kind, diags := declared.in(session)
		if diags.HasError() {
			t.Fatal(diags)
		}
		planned := map[string]tftypes.Value{
			"zone": text(tftypes.UnknownValue), "mode": text(tftypes.UnknownValue), "level": text(tftypes.UnknownValue),
			"read_only": truth(tftypes.UnknownValue), "tags_all": text(tftypes.UnknownValue), "name": text("web"), "timeouts": text("kept"),
		}
		config := map[string]tftypes.Value{
			"zone": text(nil), "mode": text(nil), "level": text(nil), "read_only": truth(nil), "tags_all": text(nil), "name": text("web"), "timeouts": text("kept"),
		}
		(&managed{kind: kind, declared: declared, session: session}).settle(t.Context(), planned, config, nil, &diags)
		for name, value := range want {
			if expected := tftypes.NewValue(planned[name].Type(), value); !planned[name].Equal(expected) {
				t.Errorf("openstack %v: %s is %s, and not %s", openstack, name, planned[name], expected)
			}
		}
		if planned["timeouts"].IsNull() {
			t.Error("the timeouts are lost")
		}
	}
}

// So do the objects within a plan's lists and objects.
func TestWorldsSettleMembers(t *testing.T) {
	t.Parallel()
	text := func(v any) tftypes.Value { return tftypes.NewValue(tftypes.String, v) }
	target := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"weight": tftypes.String}}
	rule := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"port": tftypes.String, "label": tftypes.String, "action": tftypes.String, "target": target}}
	rules := tftypes.List{ElementType: rule}
	one := func(port, label, action, weight any) tftypes.Value {
		return tftypes.NewValue(rule, map[string]tftypes.Value{
			"port": text(port), "label": text(label), "action": text(action), "target": tftypes.NewValue(target, map[string]tftypes.Value{"weight": text(weight)}),
		})
	}
	list := func(items ...tftypes.Value) tftypes.Value { return tftypes.NewValue(rules, items) }
	const open = tftypes.UnknownValue
	for openstack, want := range map[bool]tftypes.Value{
		false: list(one("80", nil, "allow", "heavy"), one("443", nil, "deny", "light")),
		true:  list(one("80", open, "deny", nil), one("443", open, "deny", "light")),
	} {
		_, session := inWorld(t, openstack)
		declared := pair()
		kind, diags := declared.in(session)
		if diags.HasError() {
			t.Fatal(diags)
		}
		r := &managed{kind: kind, declared: declared, session: session}
		for name, test := range map[string]struct{ planned, config, want tftypes.Value }{
			"members": {
				list(one("80", open, open, open), one("443", open, "deny", "light")),
				list(one("80", nil, nil, nil), one("443", nil, "deny", "light")), want,
			},
			"none":           {tftypes.NewValue(rules, nil), tftypes.NewValue(rules, nil), tftypes.NewValue(rules, nil)},
			"an unknown one": {list(tftypes.NewValue(rule, open)), list(tftypes.NewValue(rule, open)), list(tftypes.NewValue(rule, open))},
			"unknown":        {tftypes.NewValue(rules, open), tftypes.NewValue(rules, open), tftypes.NewValue(rules, open)},
		} {
			planned := map[string]tftypes.Value{"rules": test.planned}
			r.settle(t.Context(), planned, map[string]tftypes.Value{"rules": test.config}, nil, &diags)
			if !planned["rules"].Equal(test.want) {
				t.Errorf("openstack %v, %s: %s, and not %s", openstack, name, planned["rules"], test.want)
			}
		}
	}
}

// What the cloud alone says in a world may be said there, too, as long as it is so.
func TestWorldsSay(t *testing.T) {
	t.Parallel()
	text := func(v any) tftypes.Value { return tftypes.NewValue(tftypes.String, v) }
	rule := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"port": tftypes.String, "label": tftypes.String}}
	rules := func(label any) tftypes.Value {
		return tftypes.NewValue(tftypes.List{ElementType: rule}, []tftypes.Value{tftypes.NewValue(rule, map[string]tftypes.Value{"port": text("80"), "label": text(label)})})
	}
	_, session := inWorld(t, true)
	declared := pair()
	native := declared.Native.Schema.Attributes
	native["iops"] = schema.StringAttribute{Computed: true}
	native["rules"].(schema.ListNestedAttribute).NestedObject.Attributes["label"] = schema.StringAttribute{Computed: true}
	for name, test := range map[string]struct {
		attribute     string
		config, prior tftypes.Value
		at            string
	}{
		"nothing said":         {"iops", text(nil), text("1"), ""},
		"as it is":             {"iops", text("1"), text("1"), ""},
		"something else":       {"iops", text("2"), text("1"), "iops"},
		"of a new object":      {"iops", text("1"), tftypes.Value{}, "iops"},
		"not known":            {"iops", text(tftypes.UnknownValue), text("1"), "iops"},
		"a member as it is":    {"rules", rules("l"), rules("l"), ""},
		"a member, else":       {"rules", rules("m"), rules("l"), "rules.label"},
		"a member of none":     {"rules", rules("l"), tftypes.Value{}, "rules.label"},
		"a member not said":    {"rules", rules(nil), rules("l"), ""},
		"a rival for nothing":  {"name", text("a"), text("b"), ""},
		"of the other's alone": {"nowhere", text("a"), text(nil), ""},
	} {
		var diags diag.Diagnostics
		one := func(v tftypes.Value) map[string]tftypes.Value { return map[string]tftypes.Value{test.attribute: v} }
		(&managed{kind: declared.Native, declared: declared, session: session}).settle(t.Context(), one(test.config), one(test.config), one(test.prior), &diags)
		if (len(diags) > 0) != (test.at != "") || len(diags) > 0 && diags[0].Summary() != "Invalid "+test.at {
			t.Errorf("%s: %v", name, diags)
		}
	}
}

// What one world only looks up and the other makes has a resource, which is refused where it cannot be made.
func TestMadeInOneWorld(t *testing.T) {
	t.Parallel()
	declared := pair()
	declared.NoResource = true
	if len(declared.Resources(nil)) != 1 || len(declared.ListResources(nil)) != 1 {
		t.Error("there is no resource")
	}
	for openstack, fails := range map[bool]bool{false: true, true: false} {
		_, session := inWorld(t, openstack)
		if _, diags := declared.managedIn(session); diags.HasError() != fails {
			t.Errorf("openstack %v: %v", openstack, diags)
		}
		if _, diags := declared.in(session); diags.HasError() {
			t.Errorf("it cannot be looked up: %v", diags)
		}
	}
	declared.Native.NoResource = true
	if len(declared.Resources(nil)) != 0 {
		t.Error("what nobody makes has a resource")
	}
}

// What exists in one world only is refused in the other, and a look-up by what a world's objects do not have fails.
func TestOtherWorld(t *testing.T) {
	t.Parallel()
	for openstack, service := range map[bool]*cloud.Service{true: cloud.EVS, false: cloud.Nova} {
		_, session := inWorld(t, openstack)
		kind := &Kind{Name: "thing", Service: service}
		if _, diags := kind.in(session); !diags.HasError() || !strings.Contains(diags[0].Detail(), "platform") {
			t.Errorf("%s: %v", service.Name, diags)
		}
	}
	_, session := inWorld(t, true)
	if _, err := session.find(t.Context(), pair().Native, Values{"iops": "x"}); err == nil || !strings.Contains(err.Error(), "no iops") {
		t.Error(err)
	}
}
