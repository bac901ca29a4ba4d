package obs

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// BucketWebsite makes a bucket a website.
var BucketWebsite = document(object.Kind{
	Name: "bucket_website",
	One:  "WebsiteConfiguration",
	Fields: object.Fields{
		"index_document": {API: "IndexDocument.Suffix"},
		"error_document": {API: "ErrorDocument.Key"},
		"redirect_all_requests_to": {API: "RedirectAllRequestsTo", Of: object.Fields{
			"host_name": {API: "HostName"},
			"protocol":  {API: "Protocol"},
		}},
		"routing_rules": {API: "RoutingRules.RoutingRule", As: object.Many, Of: object.Fields{
			"condition": {API: "Condition", Of: object.Fields{
				"key_prefix_equals":               {API: "KeyPrefixEquals"},
				"http_error_code_returned_equals": {API: "HttpErrorCodeReturnedEquals"},
			}},
			"redirect": {API: "Redirect", Of: object.Fields{
				"protocol":                {API: "Protocol"},
				"host_name":               {API: "HostName"},
				"replace_key_prefix_with": {API: "ReplaceKeyPrefixWith"},
				"replace_key_with":        {API: "ReplaceKeyWith"},
				"http_redirect_code":      {API: "HttpRedirectCode"},
			}},
		}},
	},
	Made:   map[string]string{"endpoint": "{bucket}.obs-website.{region}.{cloud}"},
	Checks: []object.Check{websiteFits},
	Schema: schema.Schema{
		MarkdownDescription: "A bucket as a website (OBS): it answers web browsers with pages, or sends them elsewhere. Who may read the objects is the policy's to say. A bucket has one such resource.",
		Attributes: map[string]schema.Attribute{
			"index_document": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 1024), valid.Match(noSlash, "no / is allowed")},
				MarkdownDescription: "The object that is answered where a directory is asked for, 1 to 1024 bytes without `/`: `index.html`, which in `images/` is `images/index.html`. Needed unless all requests are redirected.",
			},
			"error_document": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 1024)},
				MarkdownDescription: "The object that is answered with an error 4xx: 1 to 1024 bytes.",
			},
			"redirect_all_requests_to": schema.SingleNestedAttribute{
				Optional: true, MarkdownDescription: "Where all requests are sent. Instead of everything else.",
				Attributes: map[string]schema.Attribute{
					"host_name": schema.StringAttribute{
						Required: true, Validators: hosts(),
						MarkdownDescription: "The host: `www.example.com`.",
					},
					"protocol": schema.StringAttribute{
						Optional: true, Computed: true, Default: stringdefault.StaticString("http"), Validators: webProtocols(),
						MarkdownDescription: "`http` or `https`.",
					},
				},
			},
			"routing_rules": schema.ListNestedAttribute{
				Optional: true, Validators: []validator.List{listvalidator.SizeAtLeast(1)},
				MarkdownDescription: "Which requests are sent elsewhere. The whole website is written in 10 KB at most.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"condition": schema.SingleNestedAttribute{
						Optional: true, MarkdownDescription: "For which requests: at least one of these, and if both then both. Default: for all.",
						Attributes: map[string]schema.Attribute{
							"key_prefix_equals": schema.StringAttribute{
								Optional: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 1024)},
								MarkdownDescription: "What the object's key begins with: 1 to 1024 bytes.",
							},
							"http_error_code_returned_equals": schema.Int64Attribute{
								Optional: true, Validators: []validator.Int64{int64validator.Between(400, 599)},
								MarkdownDescription: "The error that would be answered: 400 to 599.",
							},
						},
					},
					"redirect": schema.SingleNestedAttribute{
						Required: true, MarkdownDescription: "Where to: at least one of these. What is not said stays as it was asked for.",
						Attributes: map[string]schema.Attribute{
							"protocol": schema.StringAttribute{
								Optional: true, Validators: webProtocols(),
								MarkdownDescription: "`http` or `https`.",
							},
							"host_name": schema.StringAttribute{
								Optional: true, Validators: hosts(),
								MarkdownDescription: "The host: `www.example.com`.",
							},
							"replace_key_prefix_with": schema.StringAttribute{
								Optional: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 1024)},
								MarkdownDescription: "What the prefix of the condition is replaced with: 1 to 1024 bytes. Not with `replace_key_with`.",
							},
							"replace_key_with": schema.StringAttribute{
								Optional: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 1024)},
								MarkdownDescription: "What the whole key is replaced with: 1 to 1024 bytes. Not with `replace_key_prefix_with`.",
							},
							"http_redirect_code": schema.Int64Attribute{
								Optional: true, Validators: []validator.Int64{int64validator.Between(301, 399)},
								MarkdownDescription: "The status of the answer: 301 to 399.",
							},
						},
					},
				}},
			},
			"endpoint": schema.StringAttribute{Computed: true, MarkdownDescription: "The website's host: `BUCKET.obs-website.REGION.myhuaweicloud.com`."},
		},
	},
}, "website")

var (
	noSlash = pattern.New(`^[^/]*$`)
	host    = pattern.New(`^[^/\s]+$`)
)

func hosts() []validator.String {
	return []validator.String{valid.Match(host, "a host is expected, without https:// and a path")}
}

func webProtocols() []validator.String {
	return []validator.String{stringvalidator.OneOf("http", "https")}
}

// websiteFits refuses what excludes each other, and rules that say nothing.
func websiteFits(_, config object.Values, refuse func(string, string, ...any)) {
	all := config.Has("redirect_all_requests_to")
	if !all && config.Null("index_document") {
		refuse("index_document", "Either index_document or redirect_all_requests_to is needed.")
	}
	for _, name := range []string{"index_document", "error_document", "routing_rules"} {
		if all && config.Has(name) {
			refuse(name, "With redirect_all_requests_to there is nothing else to be said.")
		}
	}
	for i := range config.List("routing_rules") {
		at := func(name string) string { return fmt.Sprintf("routing_rules.%d.%s", i, name) }
		for _, part := range []string{"condition", "redirect"} {
			if members := config.Map(at(part)); members != nil && !some(members) {
				refuse(at(part), "It says nothing: at least one of its attributes is needed.")
			}
		}
		if config.Has(at("redirect.replace_key_prefix_with")) && config.Has(at("redirect.replace_key_with")) {
			refuse(at("redirect"), "Either the prefix or the whole key is replaced: choose one of replace_key_prefix_with and replace_key_with.")
		}
	}
}

// some tells that an object has a member with a value, known or not.
func some(members map[string]any) bool {
	for _, member := range members {
		if member != nil {
			return true
		}
	}
	return false
}
