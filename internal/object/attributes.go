package object

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/defaults"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// attribute is what the engine knows of one top-level attribute of a Kind.
type attribute struct {
	name      string
	typ       tftypes.Type
	settable  bool // required or optional
	computed  bool
	sensitive bool
	writeOnly bool
	standard  any // the default, in Terraform's shape
	silent    bool
	local     bool
	once      bool
	field     Field
}

// The attributes that the engine adds to a Kind and handles by itself.
const (
	attrID       = "id"
	attrRegion   = "region"
	attrTags     = "tags"
	attrTagsAll  = "tags_all"
	attrTimeouts = "timeouts"
	attrUpdated  = "updated_at" // any change may alter it
	attrEPS      = "enterprise_project_id"

	suffixWriteOnly = "_wo"
	suffixVersion   = "_wo_version"
)

// compiled are the attributes of each Kind, found out once: every refresh of every object asks for them.
var compiled sync.Map // of map[string]attribute, by *Kind

// attributes are the Kind's own, by name.
func (k *Kind) attributes() map[string]attribute {
	if known, ok := compiled.Load(k); ok {
		return known.(map[string]attribute)
	}
	known, _ := compiled.LoadOrStore(k, k.compile())
	return known.(map[string]attribute)
}

func (k *Kind) compile() map[string]attribute {
	out := make(map[string]attribute, len(k.Schema.Attributes))
	for name, a := range k.Schema.Attributes {
		out[name] = attribute{
			name:      name,
			typ:       a.GetType().TerraformType(context.Background()),
			settable:  a.IsRequired() || a.IsOptional(),
			computed:  a.IsComputed(),
			sensitive: a.IsSensitive(),
			writeOnly: a.IsWriteOnly(),
			standard:  standardOf(a),
			silent:    slices.Contains(k.Silent, name),
			local:     slices.Contains(k.Local, name),
			once:      slices.Contains(k.Once, name),
			field:     k.Fields[name],
		}
	}
	return out
}

// same compares two values of an attribute as Terraform does: a set has no order, and "8" is the number 8. Spellings of one
// form are the same.
func (k *Kind) same(name string, a, b any) bool {
	form := k.Fields[name].Form
	a, b = form.of(a), form.of(b)
	typ := k.attributes()[name].typ
	if typ == nil {
		return reflect.DeepEqual(a, b)
	}
	one, errOne := convert.ToTerraform(typ, a)
	other, errOther := convert.ToTerraform(typ, b)
	return errOne == nil && errOther == nil && one.Equal(other)
}

// sent are the attributes that a create request carries.
func (k *Kind) sent() []string {
	var names []string
	for name, a := range k.attributes() {
		follows := slices.ContainsFunc(k.Changes, func(c Change) bool { return c.Follows != nil && slices.Contains(c.Of, name) })
		if a.settable && !a.local && !a.writeOnly && !follows {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// changeOf is the Change that covers an attribute.
func (k *Kind) changeOf(name string) (Change, bool) {
	name = strings.TrimSuffix(name, suffixVersion)
	i := slices.IndexFunc(k.Changes, func(c Change) bool { return slices.Contains(c.Of, name) })
	if i < 0 {
		return Change{}, false
	}
	return k.Changes[i], true
}

// standardOf is the default of an attribute in Terraform's shape; nil when there is none.
func standardOf(a schema.Attribute) any {
	ctx := context.Background()
	var value attr.Value
	switch a := a.(type) {
	case schema.StringAttribute:
		if a.Default != nil {
			var resp defaults.StringResponse
			a.Default.DefaultString(ctx, defaults.StringRequest{}, &resp)
			value = resp.PlanValue
		}
	case schema.BoolAttribute:
		if a.Default != nil {
			var resp defaults.BoolResponse
			a.Default.DefaultBool(ctx, defaults.BoolRequest{}, &resp)
			value = resp.PlanValue
		}
	case schema.Int64Attribute:
		if a.Default != nil {
			var resp defaults.Int64Response
			a.Default.DefaultInt64(ctx, defaults.Int64Request{}, &resp)
			value = resp.PlanValue
		}
	}
	if value == nil {
		return nil
	}
	raw, err := value.ToTerraformValue(ctx)
	if err != nil {
		return nil
	}
	standard, _ := convert.FromTerraform(raw)
	return standard
}

// secrets are the values of sensitive attributes, which no log may show.
func (k *Kind) secrets(values ...Values) []string {
	var found []string
	for name, a := range k.attributes() {
		if !a.sensitive {
			continue
		}
		for _, v := range values {
			for _, place := range []string{name, name + suffixWriteOnly} {
				if s := v.String(place); s != "" {
					found = append(found, s)
				}
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// withSecrets is a plan in which each secret has the value of its write-only twin, where that is the one configured.
func (k *Kind) withSecrets(plan, config Values) Values {
	out := maps.Clone(plan)
	for _, name := range k.Secrets {
		if secret := config.String(name + suffixWriteOnly); secret != "" {
			out[name] = secret
		}
	}
	return out
}
