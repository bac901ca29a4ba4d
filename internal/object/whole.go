package object

import (
	"context"
	"fmt"
	"maps"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// whole gives the whole numbers of an attribute, at any depth, a type that refuses a fraction. The framework's own calls one
// an error in the provider.
func whole(a schema.Attribute) schema.Attribute {
	switch a := a.(type) {
	case schema.Int64Attribute:
		a.CustomType = wholeType{}
		return a
	case schema.ListNestedAttribute:
		a.NestedObject.Attributes = wholes(a.NestedObject.Attributes)
		return a
	case schema.SetNestedAttribute:
		a.NestedObject.Attributes = wholes(a.NestedObject.Attributes)
		return a
	case schema.MapNestedAttribute:
		a.NestedObject.Attributes = wholes(a.NestedObject.Attributes)
		return a
	case schema.SingleNestedAttribute:
		a.Attributes = wholes(a.Attributes)
		return a
	}
	return a
}

func wholes(members map[string]schema.Attribute) map[string]schema.Attribute {
	out := maps.Clone(members)
	for name, a := range members {
		out[name] = whole(a)
	}
	return out
}

// wholeType is the type of a whole number.
type wholeType struct{ basetypes.Int64Type }

// wholeValue is a whole number, or a fraction where one was expected: that counts as not known until it is refused.
type wholeValue struct {
	basetypes.Int64Value
	fraction *big.Float
}

var (
	_ basetypes.Int64Typable      = wholeType{}
	_ basetypes.Int64Valuable     = wholeValue{}
	_ xattr.ValidateableAttribute = wholeValue{}
	_ fmt.Stringer                = wholeType{}
)

func (wholeType) String() string { return "whole number" }

func (wholeType) Equal(other attr.Type) bool {
	_, same := other.(wholeType)
	return same
}

func (wholeType) ValueType(context.Context) attr.Value { return wholeValue{} }

func (wholeType) ValueFromInt64(_ context.Context, in basetypes.Int64Value) (basetypes.Int64Valuable, diag.Diagnostics) {
	return wholeValue{Int64Value: in}, nil
}

// ValueFromTerraform takes fractions, too.
func (t wholeType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.Int64Type.ValueFromTerraform(ctx, in)
	if err == nil {
		return wholeValue{Int64Value: value.(basetypes.Int64Value)}, nil
	}
	fraction := new(big.Float)
	if in.As(&fraction) != nil {
		return nil, err
	}
	return wholeValue{basetypes.NewInt64Unknown(), fraction}, nil
}

func (wholeValue) Type(context.Context) attr.Type { return wholeType{} }

func (v wholeValue) Equal(other attr.Value) bool {
	o, same := other.(wholeValue)
	return same && v.Int64Value.Equal(o.Int64Value) && (v.fraction == nil) == (o.fraction == nil)
}

// ValidateAttribute refuses a fraction. It is reported at the outermost attribute: of one within another, Terraform would not
// show the line.
func (v wholeValue) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	if v.fraction != nil {
		at := req.Path
		for len(at.Steps()) > 1 {
			at = at.ParentPath()
		}
		resp.Diagnostics.AddAttributeError(at, "Invalid "+req.Path.String(),
			fmt.Sprintf("%s is no whole number. One of at most 18 digits is expected.", v.fraction.Text('g', 30)))
	}
}
