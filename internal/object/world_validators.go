package object

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// The validators of world.go in the form of every type that the framework has validators for.

func (refuse) Description(context.Context) string               { return "a part of one world" }
func (v refuse) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }
func (demand) Description(context.Context) string               { return "needed in one world" }
func (v demand) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }
func (v within) Description(ctx context.Context) string {
	return v.inner.(validator.Describer).Description(ctx)
}
func (v within) MarkdownDescription(ctx context.Context) string {
	return v.inner.(validator.Describer).MarkdownDescription(ctx)
}

// ValidateString implements [validator.String].
func (v refuse) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
}

// ValidateString implements [validator.String].
func (v demand) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
}

// ValidateString implements [validator.String].
func (v within) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if v.speaks() {
		v.inner.(validator.String).ValidateString(ctx, req, resp)
	}
}

// ValidateBool implements [validator.Bool].
func (v refuse) ValidateBool(_ context.Context, req validator.BoolRequest, resp *validator.BoolResponse) {
	v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
}

// ValidateBool implements [validator.Bool].
func (v demand) ValidateBool(_ context.Context, req validator.BoolRequest, resp *validator.BoolResponse) {
	v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
}

// ValidateBool implements [validator.Bool].
func (v within) ValidateBool(ctx context.Context, req validator.BoolRequest, resp *validator.BoolResponse) {
	if v.speaks() {
		v.inner.(validator.Bool).ValidateBool(ctx, req, resp)
	}
}

// ValidateInt64 implements [validator.Int64].
func (v refuse) ValidateInt64(_ context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
}

// ValidateInt64 implements [validator.Int64].
func (v demand) ValidateInt64(_ context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
}

// ValidateInt64 implements [validator.Int64].
func (v within) ValidateInt64(ctx context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	if v.speaks() {
		v.inner.(validator.Int64).ValidateInt64(ctx, req, resp)
	}
}

// ValidateFloat64 implements [validator.Float64].
func (v refuse) ValidateFloat64(_ context.Context, req validator.Float64Request, resp *validator.Float64Response) {
	v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
}

// ValidateFloat64 implements [validator.Float64].
func (v demand) ValidateFloat64(_ context.Context, req validator.Float64Request, resp *validator.Float64Response) {
	v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
}

// ValidateFloat64 implements [validator.Float64].
func (v within) ValidateFloat64(ctx context.Context, req validator.Float64Request, resp *validator.Float64Response) {
	if v.speaks() {
		v.inner.(validator.Float64).ValidateFloat64(ctx, req, resp)
	}
}

// ValidateList implements [validator.List].
func (v refuse) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
}

// ValidateList implements [validator.List].
func (v demand) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
}

// ValidateList implements [validator.List].
func (v within) ValidateList(ctx context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	if v.speaks() {
		v.inner.(validator.List).ValidateList(ctx, req, resp)
	}
}

// ValidateSet implements [validator.Set].
func (v refuse) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
}

// ValidateSet implements [validator.Set].
func (v demand) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
}

// ValidateSet implements [validator.Set].
func (v within) ValidateSet(ctx context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	if v.speaks() {
		v.inner.(validator.Set).ValidateSet(ctx, req, resp)
	}
}

// ValidateMap implements [validator.Map].
func (v refuse) ValidateMap(_ context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
}

// ValidateMap implements [validator.Map].
func (v demand) ValidateMap(_ context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
}

// ValidateMap implements [validator.Map].
func (v within) ValidateMap(ctx context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	if v.speaks() {
		v.inner.(validator.Map).ValidateMap(ctx, req, resp)
	}
}

// ValidateObject implements [validator.Object].
func (v refuse) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
}

// ValidateObject implements [validator.Object].
func (v demand) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	v.check(req.Path, req.ConfigValue, &resp.Diagnostics)
}

// ValidateObject implements [validator.Object].
func (v within) ValidateObject(ctx context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	if v.speaks() {
		v.inner.(validator.Object).ValidateObject(ctx, req, resp)
	}
}
