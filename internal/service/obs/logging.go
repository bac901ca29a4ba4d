package obs

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// BucketLogging is where the log of the requests for a bucket is written to.
var BucketLogging = document(object.Kind{
	Name:   "bucket_logging",
	One:    "BucketLoggingStatus",
	Proof:  "LoggingEnabled.TargetBucket",
	Delete: object.Op{Method: "PUT", Body: object.Body{"BucketLoggingStatus": object.Body{}}},
	Fields: object.Fields{
		"agency":        {API: "Agency"},
		"target_bucket": {API: "LoggingEnabled.TargetBucket"},
		"target_prefix": {API: "LoggingEnabled.TargetPrefix"},
		"target_grants": {API: "LoggingEnabled.TargetGrants.Grant", As: object.Many, Of: object.Fields{
			"account_id": {API: "Grantee.ID"},
			"permission": {API: "Permission"},
		}},
	},
	Schema: schema.Schema{
		MarkdownDescription: "The log of the requests for a bucket (OBS), which is written to a bucket, in files of many requests. A bucket has one such resource.",
		Attributes: map[string]schema.Attribute{
			"agency": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.UTF8LengthBetween(1, 64)},
				MarkdownDescription: "Name of the agency (IAM) that the owner of the target has made for OBS: 1 to 64 characters. It has to permit `obs:object:PutObject` on the target, and the use of its key if the target is encrypted with KMS.",
			},
			"target_bucket": schema.StringAttribute{
				Required: true, Validators: bucketNames(),
				MarkdownDescription: "The bucket that the log is written to: one of the same owner in the same region, of class `STANDARD` or `INTELLIGENT_TIERING`. It may be the bucket itself.",
			},
			"target_prefix": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 1024)},
				MarkdownDescription: "What the keys of the files begin with, 1 to 1024 bytes: `logs/`. The time and some letters follow.",
			},
			"target_grants": schema.SetNestedAttribute{
				Optional: true, Validators: []validator.Set{setvalidator.SizeAtLeast(1)},
				MarkdownDescription: "Who else may do what with the files.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"account_id": schema.StringAttribute{
						Required: true, Validators: []validator.String{valid.Match(accountID, "the id of an account is expected: 32 hexadecimal digits")},
						MarkdownDescription: "Id of the account (its domain id): 32 hexadecimal digits.",
					},
					"permission": schema.StringAttribute{
						Required: true, Validators: []validator.String{stringvalidator.OneOf("READ", "WRITE", "FULL_CONTROL")},
						MarkdownDescription: "`READ`, `WRITE` or `FULL_CONTROL`.",
					},
				}},
			},
		},
	},
}, "logging")

var accountID = pattern.New(`^[0-9a-f]{32}$`)
