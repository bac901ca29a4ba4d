package obs

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
)

// on is an operation of a bucket, on the part of it that a word names.
func on(method, word string, body any) object.Op {
	return object.Op{Method: method, Path: "/{name}", Query: map[string]string{word: ""}, Body: body}
}

// Bucket is what objects are stored in.
var Bucket = object.Kind{
	Name:     "bucket",
	Service:  cloud.OBS,
	ID:       "{name}",
	Path:     "/",
	Many:     "ListAllMyBucketsResult.Buckets.Bucket",
	Paging:   cloud.MaxKeys(1000, "ListAllMyBucketsResult"),
	RegionAt: "Location",
	ThinList: true, // it tells little more than names
	Create: object.Op{
		Method: "PUT", Path: "/{name}", Overwrites: true, // one's own bucket is made again without a word
		Body: object.Body{"CreateBucketConfiguration": object.Body{"Location": object.Attr("region")}},
		Headers: map[string]any{
			"x-obs-storage-class": object.Attr("storage_class"),
			"x-obs-az-redundancy": object.Attr("multi_az"),
			"x-obs-epid":          object.Attr("enterprise_project_id"),
		},
	},
	Read:   object.Op{Method: "HEAD", Path: "/{name}"},
	Delete: object.Op{Path: "/{name}"},
	Clears: object.Change{
		Follows: func(state object.Values) bool { return state.Bool("force_destroy") },
		Do:      empty, Calls: []object.Op{listVersions, deleteObjects, listUploads, abortUpload},
	},
	Tags: &object.Tags{
		Read: "tagging", As: object.Nodes, Write: object.Nodes,
		Set:   on("PUT", "tagging", object.Body{"Tagging": object.Body{"TagSet": object.Body{"Tag": object.Attr("tags_all")}}}),
		Unset: on("DELETE", "tagging", nil),
	},
	Fields: object.Fields{
		"name":                  {Write: object.Never, Listed: "Name"},
		"storage_class":         {API: "x-obs-storage-class"},
		"multi_az":              {API: "x-obs-az-redundancy", As: object.Flag("3az"), Absent: false},
		"enterprise_project_id": {API: "x-obs-epid"},
		"versioning":            {Words: map[string]string{"true": "Enabled", "false": "Suspended"}, Absent: false},
		"encryption": {As: keyed{}, Of: object.Fields{
			"algorithm":          {API: "SSEAlgorithm"},
			"kms_key_id":         {API: "KMSMasterKeyID"},
			"kms_key_project_id": {API: "ProjectID"},
		}},
	},
	Made: map[string]string{"domain_name": "{name}.obs.{region}.{cloud}"},
	Sides: []object.Side{
		{Into: "versioning", From: "VersioningConfiguration.Status", Op: on("GET", "versioning", nil)},
		{Into: "quota", From: "Quota.StorageQuota", Lazy: "quota", Op: on("GET", "quota", nil)},
		{
			Into: "encryption", From: "ServerSideEncryptionConfiguration.Rule.ApplyServerSideEncryptionByDefault",
			Lacks: []string{"NoSuchEncryptionConfiguration"}, Op: on("GET", "encryption", nil),
		},
		{Into: "tagging", From: "Tagging.TagSet.Tag", Lacks: []string{"NoSuchTagSet"}, Op: on("GET", "tagging", nil)},
	},
	Changes: []object.Change{
		{Of: []string{"storage_class"}, Op: on("PUT", "storageClass", object.Body{"StorageClass": object.Attr("storage_class")})},
		{
			Of: []string{"versioning"}, Follows: func(plan object.Values) bool { return plan.Bool("versioning") },
			Op: on("PUT", "versioning", object.Body{"VersioningConfiguration": object.Body{"Status": object.Attr("versioning")}}),
		},
		{
			Of: []string{"quota"}, Follows: func(plan object.Values) bool { n, _ := plan.Int("quota"); return n > 0 },
			Op: on("PUT", "quota", object.Body{"Quota": object.Body{"StorageQuota": object.Attr("quota")}}),
		},
		{
			Of: []string{"encryption"}, Alters: []string{"encryption"}, // what is left open of it is the cloud's to choose anew
			Follows: func(plan object.Values) bool { return plan.Has("encryption") },
			Op: on("PUT", "encryption", object.Body{"ServerSideEncryptionConfiguration": object.Body{
				"Rule": object.Body{"ApplyServerSideEncryptionByDefault": object.Attr("encryption")},
			}}),
			Unset: on("DELETE", "encryption", nil),
		},
	},
	Local:    []string{"force_destroy"},
	Busy:     busy,
	Checks:   []object.Check{nameFits, encryptionFits},
	Timeouts: object.Timeouts{Delete: time.Hour},
	Replaces: []string{
		"huaweicloud_obs_bucket", "opentelekomcloud_obs_bucket", "opentelekomcloud_s3_bucket", "flexibleengine_obs_bucket", "flexibleengine_s3_bucket",
	},
	Schema: schema.Schema{
		MarkdownDescription: "A bucket (OBS): what objects are stored in. Its id is its name. Its policy, access control list, lifecycle and other longer documents are resources of their own.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true, Validators: bucketNames(),
				MarkdownDescription: "Name: 3 to 63 lower-case letters, digits, `-` and `.`, a letter or digit at both ends, no address, and none of `..` `.-` `-.`. Nobody else in the cloud may have it; after a deletion, others and other regions can have it half an hour later. With a `.` the host of the bucket has no valid certificate.",
			},
			"storage_class": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString("STANDARD"), Validators: storageClasses(),
				MarkdownDescription: "What new objects are stored as: `STANDARD`, `WARM` (seldom read), `COLD` (restored before it is read), `DEEP_ARCHIVE` or `INTELLIGENT_TIERING`. Those that are there stay what they are.",
			},
			"multi_az": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether objects are kept in several availability zones.",
			},
			"versioning": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether overwritten and deleted objects are kept as versions. Once it was on, it can only be suspended: the versions stay.",
			},
			"quota": schema.Int64Attribute{
				Optional: true, Computed: true, Default: int64default.StaticInt64(0), Validators: []validator.Int64{int64validator.AtLeast(0)},
				MarkdownDescription: "How much the bucket may hold, in bytes: `0` is no limit. While it is `0`, a limit that was set elsewhere is not seen.",
			},
			"encryption": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "How new objects are encrypted by the service. Those that are there stay what they are.",
				Attributes: map[string]schema.Attribute{
					"algorithm": schema.StringAttribute{
						Required: true, Validators: []validator.String{stringvalidator.OneOf("kms", "AES256")},
						MarkdownDescription: "`kms`, with a key of KMS, or `AES256`, with a key of OBS.",
					},
					"kms_key_id": schema.StringAttribute{
						Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
						MarkdownDescription: "Id of the key, for `kms`. Default: the account's own for OBS.",
					},
					"kms_key_project_id": schema.StringAttribute{
						Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
						MarkdownDescription: "Project of the key, when it is not the region's own.",
					},
				},
			},
			"enterprise_project_id": object.EnterpriseProject(),
			"force_destroy": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether destroying the bucket deletes all that it holds: objects, their versions, and unfinished uploads. Else a bucket that is not empty is not destroyed.",
			},
			"domain_name": schema.StringAttribute{Computed: true, MarkdownDescription: "The bucket's host: `NAME.obs.REGION.myhuaweicloud.com`."},
		},
	},
}

// keyed is the notation of an encryption: with AES256 goes no key, not even one that was there before.
type keyed struct{}

func (keyed) Encode(v any) any {
	if e := v.(map[string]any); e["SSEAlgorithm"] == "AES256" {
		return map[string]any{"SSEAlgorithm": "AES256"}
	}
	return v
}

func (keyed) Decode(v any) (any, error) { return v, nil }

// encryptionFits refuses a key where none is used.
func encryptionFits(_, config object.Values, refuse func(string, string, ...any)) {
	switch {
	case config.String("encryption.algorithm") == "AES256" && (config.Has("encryption.kms_key_id") || config.Has("encryption.kms_key_project_id")):
		refuse("encryption.kms_key_id", "AES256 is with a key of OBS. Choose kms, or leave the key out.")
	case config.Has("encryption.kms_key_project_id") && config.Null("encryption.kms_key_id"):
		refuse("encryption.kms_key_project_id", "The project is that of a key: name the key, too.")
	}
}

// What empties a bucket. A thousand is the most that one call lists or deletes.
var (
	listVersions = object.Op{Method: "GET", Path: "/{name}", Query: map[string]string{"versions": "", "max-keys": "1000"}}
	listUploads  = object.Op{Method: "GET", Path: "/{name}", Query: map[string]string{"uploads": "", "max-uploads": "1000"}}
	abortUpload  = object.Op{Method: "DELETE", Path: "/{name}/{key}", Query: map[string]string{"uploadId": "{upload_id}"}}

	deleteObjects = object.Op{
		Method: "POST", Path: "/{name}", Query: map[string]string{"delete": ""}, Idempotent: true,
		Body: object.Body{"Delete": object.Body{"Quiet": true, "Object": object.Attr("objects")}},
	}
)

// nodes are the elements of one name: one of them is by itself.
type nodes[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (n *nodes[T]) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '[' {
		return json.Unmarshal(raw, (*[]T)(n))
	}
	var one T
	err := json.Unmarshal(raw, &one)
	*n = nodes[T]{one}
	return err
}

type stored struct {
	Key       string `json:"Key"`
	VersionID string `json:"VersionId"`
	UploadID  string `json:"UploadId,omitempty"`
}

// empty deletes all versions, the markers of deletions, and unfinished uploads.
func empty(ctx context.Context, call *object.Call) error {
	for {
		answer, err := call.Do(ctx, listVersions, nil)
		if err != nil {
			return err
		}
		page, err := object.Into[struct {
			List struct{ Version, DeleteMarker nodes[stored] } `json:"ListVersionsResult"`
		}](answer)
		if err != nil {
			return err
		}
		list := slices.Concat(page.List.Version, page.List.DeleteMarker)
		if len(list) == 0 {
			return abortUploads(ctx, call)
		}
		if err := deleteAll(ctx, call, list); err != nil {
			return err
		}
	}
}

func deleteAll(ctx context.Context, call *object.Call, list []stored) error {
	objects := []any{}
	for _, item := range list {
		objects = append(objects, map[string]any{"Key": item.Key, "VersionId": item.VersionID})
	}
	answer, err := call.Do(ctx, deleteObjects, object.Values{"objects": objects})
	if err != nil {
		return err
	}
	result, err := object.Into[struct {
		DeleteResult struct {
			Error nodes[struct{ Key, Code, Message string }]
		}
	}](answer)
	if err == nil && len(result.DeleteResult.Error) > 0 {
		first := result.DeleteResult.Error[0]
		err = fmt.Errorf("%d of %d objects could not be deleted. %s: %s %s", len(result.DeleteResult.Error), len(list), first.Key, first.Code, first.Message)
	}
	return err
}

func abortUploads(ctx context.Context, call *object.Call) error {
	for {
		answer, err := call.Do(ctx, listUploads, nil)
		if err != nil {
			return err
		}
		page, err := object.Into[struct {
			List struct{ Upload nodes[stored] } `json:"ListMultipartUploadsResult"`
		}](answer)
		if err != nil || len(page.List.Upload) == 0 {
			return err
		}
		for _, upload := range page.List.Upload {
			if _, err := call.Do(ctx, abortUpload, object.Values{"key": upload.Key, "upload_id": upload.UploadID}); err != nil {
				return err
			}
		}
	}
}
