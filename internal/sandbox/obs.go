package sandbox

import (
	"crypto/md5" //nolint:gosec // bodies are checked by it
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// obsService stores objects in buckets. It speaks XML, and two dialects: its own, and that of S3. A bucket is in the path
// or in the host, and sub-resources are words of the query.
type obsService struct {
	*Sandbox
	buckets *table[bucket]
	objects *table[bucketObject]
	uploads *table[upload]
}

// obsRequest is a request of the object storage.
type obsRequest struct {
	*request
	dialect     dialect
	owner       string // the account that asks
	bucket, key string // "" for the service, or for the bucket itself
}

// obsAnswer is what an operation answers: a document, a text, or nothing.
type obsAnswer struct {
	status   int
	document any
	kind     string // of the text
	text     []byte
}

type obsOperation func(*obsRequest) (obsAnswer, error)

func newOBS(s *Sandbox) *obsService {
	o := &obsService{
		Sandbox: s,
		buckets: newTable[bucket](s, "bucket"),
		objects: newTable[bucketObject](s, "bucket_object"),
		uploads: newTable[upload](s, "upload"),
	}
	o.buckets.removed = func(b *bucket) {
		for _, v := range o.versions(b.ID) {
			o.objects.remove(v.ID)
		}
		for _, u := range o.uploadsOf(b.ID) {
			o.uploads.remove(u.ID)
		}
	}
	s.addService(&service{name: "obs", global: true, shape: obsError, serve: o.serve})
	return o
}

// raw is an answer's body that is no JSON.
type raw struct {
	kind string
	text []byte
}

// refuseOBS makes a refusal of the object storage.
func refuseOBS(status int, code, format string, args ...any) error {
	return refuse(status, code, format, args...)
}

var (
	errDenied       = refuseOBS(http.StatusForbidden, "AccessDenied", "Access Denied")
	errMalformedXML = refuseOBS(http.StatusBadRequest, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
	errNoBucket     = refuseOBS(http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist")
	errNoKey        = refuseOBS(http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
)

func badArgument(format string, args ...any) error {
	return refuseOBS(http.StatusBadRequest, "InvalidArgument", format, args...)
}

// obsError is the body of a refusal. Of HEAD, headers are all there is.
func obsError(r *request, f *refusal) any {
	if r.Method == http.MethodHead {
		r.header.Set("X-Obs-Error-Code", f.code)
		r.header.Set("X-Obs-Error-Message", f.message)
		return nil
	}
	return raw{"application/xml", marshalXML(struct {
		XMLName   xml.Name `xml:"Error"`
		Code      string
		Message   string
		Resource  string
		RequestID string `xml:"RequestId"`
		HostID    string `xml:"HostId"`
	}{Code: f.code, Message: f.message, Resource: r.URL.Path, RequestID: r.id, HostID: "sandbox"}, "")}
}

// marshalXML writes a document, in a namespace if one is given.
func marshalXML(document any, space string) []byte {
	text, err := xml.Marshal(document)
	if err != nil {
		panic(err) // it is one of the package's own types
	}
	if space != "" {
		end := strings.IndexAny(string(text), " />")
		text = slices.Concat(text[:end], []byte(` xmlns="`+space+`"`), text[end:])
	}
	return slices.Concat([]byte(xml.Header), text)
}

// unmarshalXML reads a document with the root that its type names.
func unmarshalXML[T any](body []byte) (*T, error) {
	document := new(T)
	if err := xml.Unmarshal(body, document); err != nil {
		return nil, errMalformedXML
	}
	return document, nil
}

// obsWords are the sub-resources. Each makes another operation of a method; the first that is there counts.
var obsWords = []string{
	"uploadId", "uploads", "versions", "delete", "versioning", "quota", "storageClass", "storagePolicy", "storageinfo", "location",
	"encryption", "tagging", "policy", "acl", "lifecycle", "cors", "website", "logging", "notification", "requestPayment",
	"restore", "replication", "inventory", "object-lock", "customdomain", "mirrorBackToSource", "publicAccessBlock", "append", "modify",
}

// operation is what a request asks for; nil if that is not served.
func (o *obsService) operation(r *obsRequest) obsOperation {
	word := ""
	if i := slices.IndexFunc(obsWords, r.query.Has); i >= 0 {
		word = "?" + obsWords[i]
	}
	level := "service"
	switch {
	case r.key != "":
		level = "object"
	case r.bucket != "":
		level = "bucket"
	}
	if d, ok := documents[strings.TrimPrefix(word, "?")]; ok && level == "bucket" {
		return o.documentOperation(d, r.Method)
	}
	return map[string]obsOperation{
		"GET service": o.listBuckets,

		"PUT bucket": o.createBucket, "HEAD bucket": o.onBucket(o.headBucket), "DELETE bucket": o.onBucket(o.deleteBucket),
		"GET bucket": o.onBucket(o.listObjects), "GET bucket?versions": o.onBucket(o.listVersions), "GET bucket?uploads": o.onBucket(o.listUploads),
		"POST bucket?delete":  o.onBucket(o.deleteObjects),
		"GET bucket?location": o.onBucket(o.showLocation), "GET bucket?storageinfo": o.onBucket(o.showStorageInfo),
		"GET bucket?storageClass": o.onBucket(o.showStorageClass), "PUT bucket?storageClass": o.onBucket(o.setStorageClass),
		"GET bucket?versioning": o.onBucket(o.showVersioning), "PUT bucket?versioning": o.onBucket(o.setVersioning),
		"GET bucket?quota": o.onBucket(o.showQuota), "PUT bucket?quota": o.onBucket(o.setQuota),
		"GET bucket?encryption": o.onBucket(o.showEncryption), "PUT bucket?encryption": o.onBucket(o.setEncryption), "DELETE bucket?encryption": o.onBucket(o.removeEncryption),
		"GET bucket?tagging": o.onBucket(o.showTags), "PUT bucket?tagging": o.onBucket(o.setTags), "DELETE bucket?tagging": o.onBucket(o.removeTags),

		"PUT object": o.onBucket(o.putObject), "GET object": o.onBucket(o.getObject), "HEAD object": o.onBucket(o.headObject), "DELETE object": o.onBucket(o.deleteObject),
		"POST object?uploads": o.onBucket(o.initiateUpload), "PUT object?uploadId": o.onBucket(o.uploadPart), "GET object?uploadId": o.onBucket(o.listParts),
		"POST object?uploadId": o.onBucket(o.completeUpload), "DELETE object?uploadId": o.onBucket(o.abortUpload),
	}[r.Method+" "+level+word]
}

// serve carries out one request.
func (o *obsService) serve(h *request) (status int, body any, err error) {
	r := &obsRequest{request: h, dialect: dialectOf(h.Header)}
	r.header.Set(r.dialect.prefix+"Request-Id", r.id)
	r.header.Set(r.dialect.prefix+"Id-2", "sandbox")
	if limit := o.config.RequestsPerSecond; !o.throttle.allow("obs", limit, time.Now()) {
		return 0, nil, refuseOBS(http.StatusServiceUnavailable, "SlowDown", "Please reduce your request rate.")
	}
	path := strings.TrimPrefix(r.URL.EscapedPath(), "/")
	r.bucket, r.key, _ = strings.Cut(path, "/")
	if r.bucket, err = url.PathUnescape(r.bucket); err != nil {
		return 0, nil, badArgument("The path cannot be read.")
	}
	if r.key, err = url.PathUnescape(r.key); err != nil || len(r.key) > 1024 {
		return 0, nil, refuseOBS(http.StatusBadRequest, "KeyTooLongError", "Your key is too long")
	}
	if r.caller, err = o.identify(r); err != nil {
		return 0, nil, err
	}
	r.owner = r.caller.Grant.DomainID
	if err := r.checkBody(); err != nil {
		return 0, nil, err
	}
	do := o.operation(r)
	if do == nil {
		return 0, nil, refuseOBS(http.StatusMethodNotAllowed, "MethodNotAllowed", "The specified method is not allowed against this resource.")
	}
	a, err := do(r)
	if err != nil {
		return 0, nil, err
	}
	switch {
	case a.document != nil:
		body = raw{"application/xml", marshalXML(a.document, r.dialect.space())}
	case a.text != nil:
		body = raw{a.kind, a.text}
	}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.status, body, nil
}

// checkBody compares the body with its MD5, where that is sent.
func (r *obsRequest) checkBody() error {
	text := r.Header.Get("Content-Md5")
	if text == "" {
		return nil
	}
	sum, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(sum) != md5.Size {
		return refuseOBS(http.StatusBadRequest, "InvalidDigest", "The Content-MD5 you specified was an invalid.")
	}
	if actual := md5.Sum(r.body); !slices.Equal(sum, actual[:]) { //nolint:gosec // see above
		return refuseOBS(http.StatusBadRequest, "BadDigest", "The Content-MD5 you specified did not match what we received.")
	}
	return nil
}

// needsMD5 refuses a body that nobody can be sure of.
func (r *obsRequest) needsMD5() error {
	if r.Header.Get("Content-Md5") == "" {
		return refuseOBS(http.StatusBadRequest, "InvalidRequest", "Missing required header for this request: Content-MD5")
	}
	return nil
}

// own is a header of the service's own, in the request's dialect.
func (r *obsRequest) own(name string) string { return r.Header.Get(r.dialect.prefix + name) }

// answer sets one in the answer, unless it has no value.
func (r *obsRequest) answer(name, value string) {
	if value != "" {
		r.header.Set(r.dialect.prefix+name, value)
	}
}

// number is a parameter as a number from least to most; most if it is absent.
func (r *obsRequest) number(name string, least, most int) (int, error) {
	text := r.query.Get(name)
	if text == "" {
		return most, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least {
		return 0, badArgument("Argument %s must be an integer not below %d", name, least)
	}
	return min(n, most), nil
}

// ownerView is who something belongs to.
type ownerView struct {
	ID          string
	DisplayName string `xml:",omitempty"`
}

// obsTime is a time as documents have it.
type obsTime time.Time

// MarshalText implements encoding.TextMarshaler.
func (t obsTime) MarshalText() ([]byte, error) {
	return []byte(time.Time(t).UTC().Format("2006-01-02T15:04:05.000Z")), nil
}

// etag is the hash of a content in quotation marks.
func etag(content []byte) string { return fmt.Sprintf(`"%x"`, md5.Sum(content)) } //nolint:gosec // see above
