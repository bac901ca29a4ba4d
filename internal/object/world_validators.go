package object

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// A worldly validator in the form of every type that the framework has validators for.

// Description implements [validator.Describer].
func (v worldly) Description(ctx context.Context) string {
	if inner, ok := v.inner.(validator.Describer); ok {
		return inner.Description(ctx)
	}
	return "an argument of " + worldName(v.openstack)
}

// MarkdownDescription implements [validator.Describer].
func (v worldly) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements [validator.String].
func (v worldly) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	switch inner, ok := v.inner.(validator.String); {
	case !v.speaks():
	case ok:
		inner.ValidateString(ctx, req, resp)
	default:
		v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
	}
}

// ValidateBool implements [validator.Bool].
func (v worldly) ValidateBool(ctx context.Context, req validator.BoolRequest, resp *validator.BoolResponse) {
	switch inner, ok := v.inner.(validator.Bool); {
	case !v.speaks():
	case ok:
		inner.ValidateBool(ctx, req, resp)
	default:
		v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
	}
}

// ValidateInt64 implements [validator.Int64].
func (v worldly) ValidateInt64(ctx context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	switch inner, ok := v.inner.(validator.Int64); {
	case !v.speaks():
	case ok:
		inner.ValidateInt64(ctx, req, resp)
	default:
		v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
	}
}

// ValidateFloat64 implements [validator.Float64].
func (v worldly) ValidateFloat64(ctx context.Context, req validator.Float64Request, resp *validator.Float64Response) {
	switch inner, ok := v.inner.(validator.Float64); {
	case !v.speaks():
	case ok:
		inner.ValidateFloat64(ctx, req, resp)
	default:
		v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
	}
}

// ValidateList implements [validator.List].
func (v worldly) ValidateList(ctx context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	switch inner, ok := v.inner.(validator.List); {
	case !v.speaks():
	case ok:
		inner.ValidateList(ctx, req, resp)
	default:
		v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
	}
}

// ValidateSet implements [validator.Set].
func (v worldly) ValidateSet(ctx context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	switch inner, ok := v.inner.(validator.Set); {
	case !v.speaks():
	case ok:
		inner.ValidateSet(ctx, req, resp)
	default:
		v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
	}
}

// ValidateMap implements [validator.Map].
func (v worldly) ValidateMap(ctx context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	switch inner, ok := v.inner.(validator.Map); {
	case !v.speaks():
	case ok:
		inner.ValidateMap(ctx, req, resp)
	default:
		v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
	}
}

// ValidateObject implements [validator.Object].
func (v worldly) ValidateObject(ctx context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	switch inner, ok := v.inner.(validator.Object); {
	case !v.speaks():
	case ok:
		inner.ValidateObject(ctx, req, resp)
	default:
		v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
	}
}
