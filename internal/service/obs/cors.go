package obs

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// BucketCORS is what web pages of other origins may do with a bucket.
var BucketCORS = document(object.Kind{
	Name: "bucket_cors",
	One:  "CORSConfiguration",
	Fields: object.Fields{"rules": {API: "CORSRule", As: object.Many, Of: object.Fields{
		"id":              {API: "ID"},
		"allowed_origins": {API: "AllowedOrigin", As: object.Many},
		"allowed_methods": {API: "AllowedMethod", As: object.Many},
		"allowed_headers": {API: "AllowedHeader", As: object.Many},
		"expose_headers":  {API: "ExposeHeader", As: object.Many},
		"max_age_seconds": {API: "MaxAgeSeconds"},
	}}},
	Schema: schema.Schema{
		MarkdownDescription: "The rules of a bucket for requests from web pages of other origins (CORS, OBS). A bucket has one such resource, with all its rules.",
		Attributes: map[string]schema.Attribute{
			"rules": schema.ListNestedAttribute{
				Required: true, Validators: []validator.List{listvalidator.SizeBetween(1, 100)},
				MarkdownDescription: "The rules, 1 to 100, which are 64 KB at most. The first that fits a request counts.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id": schema.StringAttribute{
						Optional: true, Validators: []validator.String{stringvalidator.UTF8LengthBetween(1, 255)},
						MarkdownDescription: "A name for the rule: 1 to 255 characters.",
					},
					"allowed_origins": schema.SetAttribute{
						Required: true, ElementType: types.StringType, Validators: texts(stringvalidator.LengthBetween(1, 20480), oneStar()),
						MarkdownDescription: "The origins that may ask: `https://www.example.com`, with one `*` at most (`https://*.example.com`); `*` is any. Domain names in Latin letters only, of at most 20480 characters.",
					},
					"allowed_methods": schema.SetAttribute{
						Required: true, ElementType: types.StringType, Validators: texts(stringvalidator.OneOf("GET", "PUT", "HEAD", "POST", "DELETE")),
						MarkdownDescription: "The methods that they may use: `GET`, `PUT`, `HEAD`, `POST`, `DELETE`.",
					},
					"allowed_headers": schema.SetAttribute{
						Optional: true, ElementType: types.StringType, Validators: texts(stringvalidator.LengthBetween(1, 20480), headerNames(), oneStar()),
						MarkdownDescription: "The headers that they may send, with one `*` at most, and no spaces, `&`, `:` and `<`.",
					},
					"expose_headers": schema.SetAttribute{
						Optional: true, ElementType: types.StringType, Validators: texts(headerNames(), noStar()),
						MarkdownDescription: "The headers of answers that they may read beside `Content-Length` and `Content-Type`. No `*`, spaces, `&`, `:` and `<`.",
					},
					"max_age_seconds": schema.Int64Attribute{
						Optional: true, Computed: true, Default: int64default.StaticInt64(3000), Validators: []validator.Int64{int64validator.AtLeast(0)},
						MarkdownDescription: "How long a browser may remember what it may do, in seconds.",
					},
				}},
			},
		},
	},
}, "cors")

var (
	headerName = pattern.New(`^[!-%'-9;=-~]*$`) // what can be seen of ASCII, but & : <
	atMostOne  = pattern.New(`^[^*]*\*?[^*]*$`)
	noneAtAll  = pattern.New(`^[^*]*$`)
)

func headerNames() validator.String {
	return valid.Match(headerName, "the name of a header is expected, without spaces, &, : and <")
}

func oneStar() validator.String { return valid.Match(atMostOne, "at most one * is allowed") }

func noStar() validator.String { return valid.Match(noneAtAll, "no * is allowed") }
