package obs

import (
	"context"
	"maps"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

const objectPath = "/{bucket}/{key}"

// Object is a content under a key in a bucket. It is always written as a whole. Its content is in no state: a sum of it is.
var Object = object.Kind{
	Name:     "bucket_object",
	Service:  cloud.OBS,
	ID:       "{bucket}/{key}",
	Path:     "/{bucket}",
	Many:     "ListBucketResult.Contents",
	Paging:   cloud.MaxKeys(1000, "ListBucketResult"),
	ThinList: true, // it tells no types, and no metadata
	Create:   object.Op{LookFirst: true},
	CreateBy: object.Change{Do: write, Calls: writes},
	Read:     object.Op{Method: "HEAD", Path: objectPath},
	Delete:   object.Op{Path: objectPath},
	Changes: []object.Change{{
		Of: []string{"content", "source", "checksum", "content_type", "cache_control", "content_disposition", "content_encoding", "metadata", "storage_class", "encryption", "kms_key_id"},
		Do: write, Calls: writes, Alters: []string{"etag", "version_id", "size", "encryption", "kms_key_id"},
	}},
	Plans: map[string]object.Planned{"checksum": {From: []string{"source", "content"}, Make: checksum}},
	Fields: object.Fields{
		"bucket":              {Read: object.Never},
		"key":                 {Listed: "Key"},
		"content_type":        {API: "content-type"},
		"cache_control":       {API: "cache-control"},
		"content_disposition": {API: "content-disposition"},
		"content_encoding":    {API: "content-encoding"},
		"metadata":            {API: "x-obs-meta-"},
		"storage_class":       {API: "x-obs-storage-class", Absent: "STANDARD"},
		"encryption":          {API: "x-obs-server-side-encryption"},
		"kms_key_id":          {API: "x-obs-server-side-encryption-kms-key-id"},
		"checksum":            {Read: object.Never},
		"etag":                {Read: object.Never},
		"version_id":          {API: "x-obs-version-id"},
		"size":                {API: "content-length"},
	},
	Decode:   object.DecodeWith(recognize),
	Checks:   []object.Check{metadataFits, keyFits},
	Timeouts: object.Timeouts{Create: time.Hour, Update: time.Hour},
	Replaces: []string{"huaweicloud_obs_bucket_object", "opentelekomcloud_obs_bucket_object", "opentelekomcloud_s3_bucket_object", "flexibleengine_obs_bucket_object"},
	Schema: schema.Schema{
		MarkdownDescription: "An object in a bucket (OBS): a content under a key. Its content is stored in neither state nor plan, which know it by its `checksum`. It is written as a whole, whatever changes; above 100 MB in parts. In a bucket with versions, what is overwritten or destroyed stays as an older version. Needs Terraform 1.11.",
		Attributes: map[string]schema.Attribute{
			"bucket": schema.StringAttribute{Required: true, Validators: bucketNames(), MarkdownDescription: "Name of the bucket."},
			"key": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 1024)},
				MarkdownDescription: "Key: 1 to 1024 bytes, unique in the bucket: `img/logo.png`. Slashes make no folders, but lists can be cut at them.",
			},
			"content": schema.StringAttribute{
				Optional: true, WriteOnly: true, Validators: []validator.String{stringvalidator.ExactlyOneOf(path.MatchRoot("source"))},
				MarkdownDescription: "The content as a text: this or `source`. Write-only.",
			},
			"source": schema.StringAttribute{
				Optional: true, WriteOnly: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: "Path of a file with the content: this or `content`, which is for what Terraform itself makes: the file is read when it is planned, and again when it is written. Write-only.",
			},
			"content_type": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.Match(mediaType, "a type such as text/html; charset=utf-8 is expected")},
				MarkdownDescription: "Type of the content: `text/html; charset=utf-8`. The cloud takes `binary/octet-stream` when it is left out.",
			},
			"cache_control":       schema.StringAttribute{Optional: true, Validators: headerTexts(), MarkdownDescription: "How long the content may be cached, as in HTTP: `max-age=3600`."},
			"content_disposition": schema.StringAttribute{Optional: true, Validators: headerTexts(), MarkdownDescription: "How browsers present it, as in HTTP: `attachment; filename=a.pdf`."},
			"content_encoding":    schema.StringAttribute{Optional: true, Validators: headerTexts(), MarkdownDescription: "How the content is encoded, as in HTTP: `gzip`."},
			"metadata": schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				Validators: []validator.Map{
					mapvalidator.KeysAre(valid.Match(metadataKey, "lower-case letters, digits and `-` are expected")),
					mapvalidator.ValueStringsAre(headerTexts()...),
				},
				MarkdownDescription: "Metadata of your own: keys of lower-case letters, digits and `-`, values of printable ASCII characters, at most 2048 bytes in all.",
			},
			"storage_class": schema.StringAttribute{
				Optional: true, Computed: true, Validators: storageClasses(),
				MarkdownDescription: "What it is stored as: `STANDARD`, `WARM`, `COLD`, `DEEP_ARCHIVE` or `INTELLIGENT_TIERING`. The cloud takes the bucket's when it is left out.",
			},
			"encryption": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf("kms", "AES256")},
				MarkdownDescription: "How the service encrypts it: `kms`, with a key of KMS, or `AES256`, with a key of OBS. The cloud does as the bucket says when it is left out.",
			},
			"kms_key_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "Id of the key, for `kms`. Default: the account's own for OBS, or the bucket's.",
			},
			"checksum": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "MD5 of the content, 32 hexadecimal digits. A content that was changed elsewhere has another one, or none when the cloud does not tell it: of what is encrypted with `kms` or came in parts. That is also so right after the import of such an object, which is then written once more.",
			},
			"etag":       schema.StringAttribute{Computed: true, MarkdownDescription: "The cloud's own sum of this version: mostly the MD5 of the content, but not of what is encrypted with `kms` or came in parts."},
			"version_id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the version, in a bucket with versions."},
			"size":       schema.Int64Attribute{Computed: true, MarkdownDescription: "Size in bytes."},
		},
	},
}

var (
	mediaType   = pattern.New(`^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+( *;[ -~]*)?$`)
	metadataKey = pattern.New(`^[a-z0-9-]+$`)
	headerText  = pattern.New(`^[!-~]([ -~]*[!-~])?$`)
	plainSum    = pattern.New(`^[0-9a-f]{32}$`)
)

func headerTexts() []validator.String {
	return []validator.String{valid.Match(headerText, "printable ASCII characters are expected, without blanks at the ends")}
}

type answered struct {
	ETag       string `json:"etag"`
	Encryption string `json:"x-obs-server-side-encryption"`
}

type recognized struct {
	ETag     string  `json:"etag"`
	Checksum *string `json:"checksum"`
}

// recognize tells by its ETag whether the content is still the one whose sum the state has. Else the ETag is the sum, if it
// can be.
func recognize(answer answered, prior recognized) (recognized, error) {
	now := recognized{ETag: strings.Trim(answer.ETag, `"`)}
	switch {
	case prior.Checksum != nil && (prior.ETag == "" || prior.ETag == now.ETag):
		now.Checksum = prior.Checksum
	case plainSum.MatchString(now.ETag) && answer.Encryption != "kms":
		now.Checksum = &now.ETag
	}
	return now, nil
}

func metadataFits(_, config object.Values, refuse func(string, string, ...any)) {
	size := 0
	for key, value := range config.Map("metadata") {
		text, _ := value.(string)
		size += len(key) + len(text)
	}
	if size > 2048 {
		refuse("metadata", "It has %d bytes, keys and values together. At most 2048 can be stored.", size)
	}
}

func keyFits(_, config object.Values, refuse func(string, string, ...any)) {
	if config.Has("kms_key_id") && (config.Null("encryption") || config.String("encryption") == "AES256") {
		refuse("kms_key_id", `A key goes with encryption = "kms".`)
	}
}

// headers are those that describe an object when it is written.
func headers() map[string]any {
	sent := map[string]any{}
	for _, name := range []string{"content_type", "cache_control", "content_disposition", "content_encoding"} {
		sent[strings.ReplaceAll(name, "_", "-")] = object.Attr(name)
	}
	sent["x-obs-meta-"] = object.Attr("metadata")
	sent["x-obs-storage-class"] = object.Attr("storage_class")
	sent["x-obs-server-side-encryption"] = object.Attr("encryption")
	sent["x-obs-server-side-encryption-kms-key-id"] = object.Attr("kms_key_id")
	return sent
}

// What writes an object: one call, or one for each part between two others.
var (
	putWhole = object.Op{Method: "PUT", Path: objectPath, Headers: headers(), Body: object.Attr("bytes")}
	begin    = object.Op{Method: "POST", Path: objectPath, Query: map[string]string{"uploads": ""}, Headers: headers()}
	putPart  = object.Op{Method: "PUT", Path: objectPath, Query: map[string]string{"uploadId": "{upload}", "partNumber": "{part}"}, Body: object.Attr("bytes")}
	complete = object.Op{
		Method: "POST", Path: objectPath, Query: map[string]string{"uploadId": "{upload}"},
		Body: object.Body{"CompleteMultipartUpload": object.Body{"Part": object.Attr("parts")}},
	}
	abort = object.Op{Method: "DELETE", Path: objectPath, Query: map[string]string{"uploadId": "{upload}"}}

	writes = []object.Op{putWhole, begin, putPart, complete, abort}
)

// write stores the content of the plan. What the plan leaves open is the cloud's to choose, also where it chose before.
func write(ctx context.Context, call *object.Call) error {
	source, err := contentOf(call.Plan)
	if err != nil {
		return err
	}
	defer source.close()
	send := func(ctx context.Context, op object.Op, more object.Values) (any, error) {
		values := object.Values{}
		for _, name := range []string{"content_type", "storage_class", "encryption", "kms_key_id"} {
			values[name] = call.Plan[name]
		}
		maps.Copy(values, more)
		return call.Do(ctx, op, values)
	}
	return uploader{send, call.Plan.String("checksum"), partsAbove, partSize}.write(ctx, source)
}
