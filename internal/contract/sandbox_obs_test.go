package contract

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/huaweicloud/huaweicloud-sdk-go-obs/obs"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// buckets is the SDK of the object storage as a client of the sandbox.
type buckets struct {
	*testing.T
	*obs.ObsClient
}

func newBuckets(t *testing.T, server *httptest.Server, signature obs.SignatureType) buckets {
	client, err := obs.New("sandbox", "sandbox", "http://obs.cn-north-4.sandbox.test", obs.WithSignature(signature), obs.WithRegion("cn-north-4"),
		obs.WithMaxRetryCount(0), obs.WithHttpClient(&http.Client{Transport: toServer(server)}))
	if err != nil {
		t.Fatal(err)
	}
	return buckets{t, client}
}

// fine fails the test when a call was refused.
func fine[A any](b buckets, answer A, err error) A {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
	return answer
}

func (b buckets) same(what string, got, want any) {
	b.Helper()
	if !reflect.DeepEqual(got, want) {
		b.Errorf("%s: %+v instead of %+v", what, got, want)
	}
}

func (b buckets) refusedOBS(err error, status, code string) {
	b.Helper()
	var refusal obs.ObsError
	if !errors.As(err, &refusal) || !strings.HasPrefix(refusal.Status, status) || refusal.Code != code {
		b.Errorf("%v instead of %s %s", err, status, code)
	}
}

// A bucket from its creation to its deletion, in each dialect.
func TestOBS(t *testing.T) {
	t.Parallel()
	for _, signature := range []obs.SignatureType{obs.SignatureObs, obs.SignatureV2, obs.SignatureV4} {
		t.Run(string(signature), func(t *testing.T) {
			t.Parallel()
			b := newBuckets(t, serve(t), signature)
			answer, err := b.CreateBucket(&obs.CreateBucketInput{
				Bucket: "web", BucketLocation: obs.BucketLocation{Location: "cn-north-4"}, StorageClass: obs.StorageClassWarm, AvailableZone: "3az", Epid: "e1",
			})
			fine(b, answer, err)
			meta, err := b.GetBucketMetadata(&obs.GetBucketMetadataInput{Bucket: "web"})
			fine(b, meta, err)
			b.same("bucket", []any{meta.StorageClass, meta.Location, meta.AZRedundancy, meta.Epid}, []any{obs.StorageClassWarm, "cn-north-4", obs.AvailableZoneMultiAz, "e1"})
			list, err := b.ListBuckets(nil)
			b.same("list", fine(b, list, err).Buckets[0].Name, "web")
			_, err = b.HeadBucket("none")
			if signature == obs.SignatureObs {
				b.refusedOBS(err, "404", "NoSuchBucket")
			} else if err == nil {
				t.Error("there is a bucket that nobody made")
			}
			_, err = b.GetBucketPolicy("none")
			b.refusedOBS(err, "404", "NoSuchBucket")

			object := obs.PutObjectInput{Body: strings.NewReader("hello world")}
			object.Bucket, object.Key, object.Metadata, object.ContentType = "web", "a/b c+ü.txt", map[string]string{"owner": "me"}, "text/plain"
			put, err := b.PutObject(&object)
			b.same("ETag", fine(b, put, err).ETag, `"5eb63bbbe01eeed093cb22bb8f5acdc3"`)
			get := obs.GetObjectInput{RangeStart: 6, RangeEnd: 10}
			get.Bucket, get.Key = "web", object.Key
			got, err := b.GetObject(&get)
			text, readErr := io.ReadAll(fine(b, got, err).Body)
			b.same("content", []any{string(text), readErr, got.Metadata["owner"], got.ContentType}, []any{"world", nil, "me", "text/plain"})
			objects, err := b.ListObjects(&obs.ListObjectsInput{Bucket: "web", ListObjsInput: obs.ListObjsInput{Prefix: "a/", MaxKeys: 5}})
			b.same("objects", []any{fine(b, objects, err).Contents[0].Key, objects.Contents[0].Size}, []any{object.Key, int64(11)})
			copied := obs.CopyObjectInput{CopySourceBucket: "web", CopySourceKey: object.Key}
			copied.Bucket, copied.Key = "web", "copy"
			twin, err := b.CopyObject(&copied)
			b.same("copy", fine(b, twin, err).ETag, put.ETag)
			_, err = b.DeleteBucket("web")
			b.refusedOBS(err, "409", "BucketNotEmpty")
			deleted, err := b.DeleteObjects(&obs.DeleteObjectsInput{Bucket: "web", Objects: []obs.ObjectToDelete{{Key: object.Key}, {Key: "copy"}}})
			b.same("deleted", len(fine(b, deleted, err).Deleteds), 2)
			gone, err := b.DeleteBucket("web")
			fine(b, gone, err)
		})
	}
}

// Each document is read as it was written.
func TestOBSDocuments(t *testing.T) {
	t.Parallel()
	server := serve(t)
	b := newBuckets(t, server, obs.SignatureObs)
	for _, name := range []string{"web", "logs"} {
		answer, err := b.CreateBucket(&obs.CreateBucketInput{Bucket: name})
		fine(b, answer, err)
	}
	ok := func(answer *obs.BaseModel, err error) {
		t.Helper()
		fine(b, answer, err)
	}

	ok(b.SetBucketStoragePolicy(&obs.SetBucketStoragePolicyInput{Bucket: "web", BucketStoragePolicy: obs.BucketStoragePolicy{StorageClass: obs.StorageClassCold}}))
	class, err := b.GetBucketStoragePolicy("web")
	b.same("class", fine(b, class, err).StorageClass, string(obs.StorageClassCold))
	ok(b.SetBucketVersioning(&obs.SetBucketVersioningInput{Bucket: "web", BucketVersioningConfiguration: obs.BucketVersioningConfiguration{Status: obs.VersioningStatusEnabled}}))
	versioning, err := b.GetBucketVersioning("web")
	b.same("versioning", fine(b, versioning, err).Status, obs.VersioningStatusEnabled)
	ok(b.SetBucketQuota(&obs.SetBucketQuotaInput{Bucket: "web", BucketQuota: obs.BucketQuota{Quota: 5000}}))
	quota, err := b.GetBucketQuota("web")
	b.same("quota", fine(b, quota, err).Quota, int64(5000))
	location, err := b.GetBucketLocation("web")
	b.same("location", fine(b, location, err).Location, "cn-north-4")
	storage, err := b.GetBucketStorageInfo("web")
	b.same("storage", fine(b, storage, err).ObjectNumber, 0)

	_, err = b.GetBucketEncryption("web")
	b.refusedOBS(err, "404", "NoSuchEncryptionConfiguration")
	ok(b.SetBucketEncryption(&obs.SetBucketEncryptionInput{Bucket: "web", BucketEncryptionConfiguration: obs.BucketEncryptionConfiguration{SSEAlgorithm: "kms", KMSMasterKeyID: "k"}}))
	encryption, err := b.GetBucketEncryption("web")
	b.same("encryption", []string{fine(b, encryption, err).SSEAlgorithm, encryption.KMSMasterKeyID, encryption.ProjectID}, []string{"kms", "k", project})
	ok(b.DeleteBucketEncryption("web"))

	_, err = b.GetBucketTagging("web")
	b.refusedOBS(err, "404", "NoSuchTagSet")
	ok(b.SetBucketTagging(&obs.SetBucketTaggingInput{Bucket: "web", BucketTagging: obs.BucketTagging{Tags: []obs.Tag{{Key: "a", Value: "b"}, {Key: "c"}}}}))
	tags, err := b.GetBucketTagging("web")
	b.same("tags", len(fine(b, tags, err).Tags), 2)
	ok(b.DeleteBucketTagging("web"))

	_, err = b.GetBucketPolicy("web")
	b.refusedOBS(err, "404", "NoSuchBucketPolicy")
	ok(b.SetBucketPolicy(&obs.SetBucketPolicyInput{Bucket: "web", Policy: `{"Statement":[{"Sid":"a","Effect":"Allow","Principal":{"ID":"*"},"Action":["GetObject"],"Resource":["web/*"]}]}`}))
	policy, err := b.GetBucketPolicy("web")
	b.same("policy", fine(b, policy, err).Policy, `{"Statement":[{"Sid":"a","Effect":"Allow","Principal":{"ID":"*"},"Action":["GetObject"],"Resource":["web/*"]}]}`)
	ok(b.DeleteBucketPolicy("web"))

	acl := obs.AccessControlPolicy{Owner: obs.Owner{ID: account}, Grants: []obs.Grant{
		{Grantee: obs.Grantee{ID: "other"}, Permission: obs.PermissionRead}, {Grantee: obs.Grantee{URI: obs.GroupAllUsers}, Permission: obs.PermissionRead, Delivered: true},
	}}
	ok(b.SetBucketAcl(&obs.SetBucketAclInput{Bucket: "web", AccessControlPolicy: acl}))
	rights, err := b.GetBucketAcl("web")
	fine(b, rights, err)
	b.same("rights", []any{len(rights.Grants), rights.Grants[0].Grantee.ID, rights.Grants[1].Grantee.URI, rights.Grants[1].Delivered}, []any{2, "other", obs.GroupAllUsers, true})
	ok(b.SetBucketAcl(&obs.SetBucketAclInput{Bucket: "web", ACL: obs.AclPrivate}))

	_, err = b.GetBucketLifecycleConfiguration("web")
	b.refusedOBS(err, "404", "NoSuchLifecycleConfiguration")
	rules := []obs.LifecycleRule{
		{ID: "days", Prefix: "logs/", Status: obs.RuleStatusEnabled, Transitions: []obs.Transition{{Days: 30, StorageClass: obs.StorageClassWarm}},
			Expiration: obs.Expiration{Days: 60}, NoncurrentVersionExpiration: obs.NoncurrentVersionExpiration{NoncurrentDays: 5},
			NoncurrentVersionTransitions:   []obs.NoncurrentVersionTransition{{NoncurrentDays: 3, StorageClass: obs.StorageClassCold}},
			AbortIncompleteMultipartUpload: obs.AbortIncompleteMultipartUpload{DaysAfterInitiation: 7}},
		{ID: "date", Status: obs.RuleStatusDisabled, Filter: obs.LifecycleFilter{Prefix: "tmp/", Tags: []obs.Tag{{Key: "k", Value: "v"}}},
			Expiration: obs.Expiration{Date: time.Date(2030, 1, 2, 0, 0, 0, 0, time.UTC)}},
	}
	ok(b.SetBucketLifecycleConfiguration(&obs.SetBucketLifecycleConfigurationInput{Bucket: "web", BucketLifecycleConfiguration: obs.BucketLifecycleConfiguration{LifecycleRules: rules}}))
	lifecycle, err := b.GetBucketLifecycleConfiguration("web")
	first, second := fine(b, lifecycle, err).LifecycleRules[0], lifecycle.LifecycleRules[1]
	b.same("rules", []any{first.Prefix, first.Transitions[0].Days, first.Expiration.Days, first.NoncurrentVersionTransitions[0].StorageClass, first.AbortIncompleteMultipartUpload.DaysAfterInitiation},
		[]any{"logs/", 30, 60, obs.StorageClassCold, 7})
	b.same("rule with a filter", []any{second.Filter.Prefix, second.Filter.Tags[0].Key, second.Expiration.Date.Year()}, []any{"tmp/", "k", 2030})
	ok(b.DeleteBucketLifecycleConfiguration("web"))

	_, err = b.GetBucketCors("web")
	b.refusedOBS(err, "404", "NoSuchCORSConfiguration")
	ok(b.SetBucketCors(&obs.SetBucketCorsInput{Bucket: "web", BucketCors: obs.BucketCors{CorsRules: []obs.CorsRule{
		{ID: "a", AllowedOrigin: []string{"https://a.com", "https://b.com"}, AllowedMethod: []string{"GET"}, MaxAgeSeconds: 60, ExposeHeader: []string{"ETag"}},
	}}}))
	cors, err := b.GetBucketCors("web")
	b.same("CORS", []any{fine(b, cors, err).CorsRules[0].AllowedOrigin, cors.CorsRules[0].MaxAgeSeconds}, []any{[]string{"https://a.com", "https://b.com"}, 60})
	ok(b.DeleteBucketCors("web"))

	_, err = b.GetBucketWebsiteConfiguration("web")
	b.refusedOBS(err, "404", "NoSuchWebsiteConfiguration")
	ok(b.SetBucketWebsiteConfiguration(&obs.SetBucketWebsiteConfigurationInput{Bucket: "web", BucketWebsiteConfiguration: obs.BucketWebsiteConfiguration{
		IndexDocument: obs.IndexDocument{Suffix: "index.html"}, ErrorDocument: obs.ErrorDocument{Key: "error.html"},
		RoutingRules: []obs.RoutingRule{{Condition: obs.Condition{KeyPrefixEquals: "old/"}, Redirect: obs.Redirect{ReplaceKeyPrefixWith: "new/"}}},
	}}))
	website, err := b.GetBucketWebsiteConfiguration("web")
	b.same("website", []string{fine(b, website, err).IndexDocument.Suffix, website.ErrorDocument.Key, website.RoutingRules[0].Redirect.ReplaceKeyPrefixWith}, []string{"index.html", "error.html", "new/"})
	ok(b.DeleteBucketWebsiteConfiguration("web"))

	ok(b.SetBucketLoggingConfiguration(&obs.SetBucketLoggingConfigurationInput{Bucket: "web", BucketLoggingStatus: obs.BucketLoggingStatus{Agency: "logger", TargetBucket: "logs", TargetPrefix: "web/"}}))
	logging, err := b.GetBucketLoggingConfiguration("web")
	b.same("logging", []string{fine(b, logging, err).Agency, logging.TargetBucket, logging.TargetPrefix}, []string{"logger", "logs", "web/"})
	ok(b.SetBucketLoggingConfiguration(&obs.SetBucketLoggingConfigurationInput{Bucket: "web"}))
	logging, err = b.GetBucketLoggingConfiguration("web")
	b.same("logging that ended", fine(b, logging, err).TargetBucket, "")

	_, err = b.SetBucketNotification(&obs.SetBucketNotificationInput{Bucket: "web", BucketNotification: obs.BucketNotification{TopicConfigurations: []obs.TopicConfiguration{
		{Topic: "urn:none", Events: []obs.EventType{obs.ObjectCreatedAll}},
	}}})
	b.refusedOBS(err, "400", "InvalidArgument")
	notification, err := b.GetBucketNotification("web")
	b.same("notification", len(fine(b, notification, err).TopicConfigurations), 0)

	ok(b.SetBucketRequestPayment(&obs.SetBucketRequestPaymentInput{Bucket: "web", BucketPayer: obs.BucketPayer{Payer: obs.RequesterPayer}}))
	payment, err := b.GetBucketRequestPayment("web")
	b.same("payer", fine(b, payment, err).Payer, obs.RequesterPayer)
}

// Versions, and objects that come in parts.
func TestOBSVersionsAndParts(t *testing.T) {
	t.Parallel()
	b := newBuckets(t, serve(t), obs.SignatureObs)
	made, err := b.CreateBucket(&obs.CreateBucketInput{Bucket: "web"})
	fine(b, made, err)
	made, err = b.SetBucketVersioning(&obs.SetBucketVersioningInput{Bucket: "web", BucketVersioningConfiguration: obs.BucketVersioningConfiguration{Status: obs.VersioningStatusEnabled}})
	fine(b, made, err)
	for i := range 3 {
		object := obs.PutObjectInput{Body: strings.NewReader(fmt.Sprint(i))}
		object.Bucket, object.Key = "web", "a"
		put, err := b.PutObject(&object)
		fine(b, put, err)
	}
	marker, err := b.DeleteObject(&obs.DeleteObjectInput{Bucket: "web", Key: "a"})
	b.same("marker", fine(b, marker, err).DeleteMarker, true)
	page, err := b.ListVersions(&obs.ListVersionsInput{Bucket: "web", ListObjsInput: obs.ListObjsInput{MaxKeys: 2}})
	fine(b, page, err)
	b.same("page", []any{len(page.Versions), len(page.DeleteMarkers), page.IsTruncated}, []any{1, 1, true})
	rest, err := b.ListVersions(&obs.ListVersionsInput{Bucket: "web", KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker})
	b.same("rest", []any{len(fine(b, rest, err).Versions), rest.IsTruncated}, []any{2, false})

	begin := obs.InitiateMultipartUploadInput{}
	begin.Bucket, begin.Key = "web", "big"
	upload, err := b.InitiateMultipartUpload(&begin)
	fine(b, upload, err)
	var parts []obs.Part
	for i, content := range []string{strings.Repeat("x", 100<<10), "tail"} {
		part, err := b.UploadPart(&obs.UploadPartInput{Bucket: "web", Key: "big", UploadId: upload.UploadId, PartNumber: i + 1, Body: strings.NewReader(content)})
		parts = append(parts, obs.Part{PartNumber: i + 1, ETag: fine(b, part, err).ETag})
	}
	listed, err := b.ListParts(&obs.ListPartsInput{Bucket: "web", Key: "big", UploadId: upload.UploadId})
	b.same("parts", len(fine(b, listed, err).Parts), 2)
	uploads, err := b.ListMultipartUploads(&obs.ListMultipartUploadsInput{Bucket: "web"})
	b.same("uploads", fine(b, uploads, err).Uploads[0].UploadId, upload.UploadId)
	done, err := b.CompleteMultipartUpload(&obs.CompleteMultipartUploadInput{Bucket: "web", Key: "big", UploadId: upload.UploadId, Parts: parts})
	b.same("ETag", strings.HasSuffix(fine(b, done, err).ETag, `-2"`), true)
	head, err := b.GetObjectMetadata(&obs.GetObjectMetadataInput{Bucket: "web", Key: "big"})
	b.same("size", fine(b, head, err).ContentLength, int64(100<<10+4))
	upload, err = b.InitiateMultipartUpload(&begin)
	fine(b, upload, err)
	aborted, err := b.AbortMultipartUpload(&obs.AbortMultipartUploadInput{Bucket: "web", Key: "big", UploadId: upload.UploadId})
	fine(b, aborted, err)
}

// A client that knows only S3 lists and reads what was stored in the service's own dialect, in the path and in the host.
func TestS3Client(t *testing.T) {
	t.Parallel()
	server := serve(t)
	b := newBuckets(t, server, obs.SignatureObs)
	made, err := b.CreateBucket(&obs.CreateBucketInput{Bucket: "web"})
	fine(b, made, err)
	object := obs.PutObjectInput{Body: strings.NewReader("hello world")}
	object.Bucket, object.Key, object.Metadata = "web", "a/b c.txt", map[string]string{"owner": "me"}
	put, err := b.PutObject(&object)
	fine(b, put, err)
	for name, lookup := range map[string]minio.BucketLookupType{"path": minio.BucketLookupPath, "host": minio.BucketLookupDNS} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := minio.New("obs.cn-north-4.sandbox.test", &minio.Options{
				Creds: credentials.NewStaticV4("sandbox", "sandbox", ""), Transport: toServer(server), BucketLookup: lookup,
			})
			if err != nil {
				t.Fatal(err)
			}
			var keys []string
			for found := range client.ListObjects(t.Context(), "web", minio.ListObjectsOptions{Prefix: "a/", Recursive: true, UseV1: true}) {
				if found.Err != nil {
					t.Fatal(found.Err)
				}
				keys = append(keys, found.Key)
			}
			if !reflect.DeepEqual(keys, []string{"a/b c.txt"}) {
				t.Errorf("lists %v", keys)
			}
			got, err := client.GetObject(t.Context(), "web", "a/b c.txt", minio.GetObjectOptions{})
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(got)
			if err != nil || string(text) != "hello world" {
				t.Errorf("reads %q, %v", text, err)
			}
			if info, err := got.Stat(); err != nil || info.UserMetadata["Owner"] != "me" {
				t.Errorf("knows %v, %v", info.UserMetadata, err)
			}
			if _, err := client.StatObject(t.Context(), "web", "none", minio.StatObjectOptions{}); minio.ToErrorResponse(err).StatusCode != http.StatusNotFound {
				t.Errorf("what is not there: %v", err)
			}
		})
	}
}
