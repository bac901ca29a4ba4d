package sandbox

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// bucketObject is a version of an object. Without versioning there is one, "null", whose id is bucket/key; the others' has
// ?versionId=.
type bucketObject struct {
	meta
	Bucket       string            `json:"bucket"`
	Key          string            `json:"key"`
	VersionID    string            `json:"version_id"`
	DeleteMarker bool              `json:"delete_marker"`
	Data         []byte            `json:"data"`
	ETag         string            `json:"etag"`
	StorageClass string            `json:"storage_class"`
	ACL          string            `json:"acl"`
	Headers      map[string]string `json:"headers"`  // Content-Type and others that the owner chooses
	Metadata     map[string]string `json:"metadata"` // the owner's own
	Encryption   *bucketEncryption `json:"encryption"`
}

const nullVersion = "null"

// keptHeaders are those that are answered as they were sent.
var keptHeaders = []string{"Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires"}

// versions are all versions of a bucket's objects in the order of lists: by key, the newest first.
func (o *obsService) versions(bucket string) []*bucketObject {
	found := o.objects.where("", func(v *bucketObject) bool { return v.Bucket == bucket })
	slices.Reverse(found)
	slices.SortStableFunc(found, func(a, b *bucketObject) int { return strings.Compare(a.Key, b.Key) })
	return found
}

// current are the objects that are not deleted, in order.
func (o *obsService) current(bucket string) []*bucketObject {
	newest := slices.CompactFunc(o.versions(bucket), func(a, b *bucketObject) bool { return a.Key == b.Key })
	return slices.DeleteFunc(newest, func(v *bucketObject) bool { return v.DeleteMarker })
}

// version is one of an object's; the newest if none is named. It is nil if there is none.
func (o *obsService) version(bucket, key, id string) *bucketObject {
	var found *bucketObject
	for _, v := range o.objects.order {
		if v.Bucket == bucket && v.Key == key && (id == "" || v.VersionID == id) {
			found = v
		}
	}
	return found
}

// store adds a version. Where versioning is not on, it takes the place of the version "null".
func (o *obsService) store(r *obsRequest, b *bucket, v *bucketObject) {
	v.Bucket, v.VersionID, v.ID = b.ID, nullVersion, b.ID+"/"+v.Key
	if b.Versioning == "Enabled" {
		v.VersionID = "G001" + strings.ToUpper(o.ids.hex())
		v.ID += "?versionId=" + v.VersionID
	} else if old := o.version(b.ID, v.Key, nullVersion); old != nil {
		o.objects.remove(old.ID)
	}
	o.objects.add("", v)
	if b.Versioning != "" {
		r.answer("Version-Id", v.VersionID)
	}
}

// room refuses what would exceed the bucket's quota.
func (o *obsService) room(b *bucket, size int) error {
	used := int64(size)
	for _, v := range o.versions(b.ID) {
		used += int64(len(v.Data))
	}
	for _, u := range o.uploadsOf(b.ID) {
		for _, p := range u.Parts {
			used += int64(len(p.Data))
		}
	}
	if b.Quota > 0 && used > b.Quota {
		return refuseOBS(http.StatusForbidden, "InsufficientStorageSpace", "Insufficient storage space.")
	}
	return nil
}

// described is an object with all that the headers of a request say of it.
func (r *obsRequest) described(b *bucket) (*bucketObject, error) {
	v := &bucketObject{Key: r.key, StorageClass: b.StorageClass, ACL: "private", Headers: map[string]string{}, Metadata: map[string]string{}, Encryption: b.Encryption}
	for _, name := range keptHeaders {
		if value := r.Header.Get(name); value != "" {
			v.Headers[name] = value
		}
	}
	if v.Headers["Content-Type"] == "" {
		v.Headers["Content-Type"] = "binary/octet-stream"
	}
	size := 0
	for name := range r.Header {
		if key, own := strings.CutPrefix(name, r.dialect.prefix+"Meta-"); own {
			v.Metadata[strings.ToLower(key)] = r.Header.Get(name)
			size += len(key) + len(r.Header.Get(name))
		}
	}
	if size > 2048 {
		return nil, refuseOBS(http.StatusBadRequest, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size.")
	}
	if class := r.own("Storage-Class"); class != "" {
		v.StorageClass = r.dialect.class(class)
	}
	if err := checkClass(v.StorageClass); err != nil {
		return nil, err
	}
	if acl := r.own("Acl"); acl != "" {
		if _, err := cannedACL(r.owner, acl); err != nil {
			return nil, err
		}
		v.ACL = acl
	}
	if algorithm := strings.TrimPrefix(r.own("Server-Side-Encryption"), "aws:"); algorithm != "" {
		v.Encryption = &bucketEncryption{Algorithm: algorithm, KeyID: r.own("Server-Side-Encryption-Kms-Key-Id")}
		if algorithm != "kms" && algorithm != "AES256" || algorithm == "AES256" && v.Encryption.KeyID != "" {
			return nil, badArgument("The encryption %q is not supported.", algorithm)
		}
	}
	return v, nil
}

// hashed is the ETag of an object of one piece: of what is encrypted with a key it is no MD5 of the content.
func (v *bucketObject) hashed(content []byte) string {
	if v.Encryption != nil && v.Encryption.Algorithm == "kms" {
		return etag(slices.Concat([]byte(v.Bucket+"/"+v.Key), content))
	}
	return etag(content)
}

func (o *obsService) putObject(r *obsRequest, b *bucket) (obsAnswer, error) {
	if r.own("Copy-Source") != "" {
		return o.copyObject(r, b)
	}
	v, err := r.described(b)
	if err != nil {
		return obsAnswer{}, err
	}
	if err := o.room(b, len(r.body)); err != nil {
		return obsAnswer{}, err
	}
	v.Data, v.ETag = r.body, v.hashed(r.body)
	o.store(r, b, v)
	r.header.Set("Etag", v.ETag)
	r.tellEncryption(v.Encryption)
	return obsAnswer{}, nil
}

func (r *obsRequest) tellEncryption(e *bucketEncryption) {
	if e == nil {
		return
	}
	algorithm := e.Algorithm
	if r.dialect.s3() && algorithm == "kms" {
		algorithm = "aws:kms"
	}
	r.answer("Server-Side-Encryption", algorithm)
	r.answer("Server-Side-Encryption-Kms-Key-Id", e.KeyID)
}

// copyObject makes an object of another. Its access rights are not copied.
func (o *obsService) copyObject(r *obsRequest, b *bucket) (obsAnswer, error) {
	source, err := url.QueryUnescape(strings.TrimPrefix(r.own("Copy-Source"), "/"))
	if err != nil {
		return obsAnswer{}, badArgument("Copy source cannot be read.")
	}
	source, id, _ := strings.Cut(source, "?versionId=")
	bucket, key, _ := strings.Cut(source, "/")
	if from := o.buckets.get("", bucket); from == nil || from.DomainID != r.owner {
		return obsAnswer{}, errNoBucket
	}
	old := o.version(bucket, key, id)
	if old == nil || old.DeleteMarker {
		return obsAnswer{}, errNoKey
	}
	if old.StorageClass == "COLD" || old.StorageClass == "DEEP_ARCHIVE" {
		return obsAnswer{}, errArchived
	}
	v, err := r.described(b)
	if err != nil {
		return obsAnswer{}, err
	}
	if r.own("Metadata-Directive") != "REPLACE" {
		v.Headers, v.Metadata = old.Headers, old.Metadata
		if old == o.version(b.ID, r.key, "") && v.StorageClass == old.StorageClass {
			return obsAnswer{}, refuseOBS(http.StatusBadRequest, "InvalidRequest", "This copy request is illegal because it is trying to copy an object to itself without changing anything.")
		}
	}
	v.Data, v.ETag = old.Data, v.hashed(old.Data)
	if err := o.room(b, len(v.Data)); err != nil {
		return obsAnswer{}, err
	}
	o.store(r, b, v)
	return obsAnswer{document: struct {
		XMLName      xml.Name `xml:"CopyObjectResult"`
		LastModified obsTime
		ETag         string
	}{LastModified: obsTime(v.UpdatedAt), ETag: v.ETag}}, nil
}

var errArchived = refuseOBS(http.StatusForbidden, "InvalidObjectState", "The operation is not valid for the object's storage class")

// found is the version that a request is about, with its headers in the answer.
func (o *obsService) found(r *obsRequest, b *bucket) (*bucketObject, error) {
	v := o.version(b.ID, r.key, r.query.Get("versionId"))
	if v == nil || !o.objects.visible(v) {
		return nil, errNoKey
	}
	if v.DeleteMarker {
		r.answer("Delete-Marker", "true")
		if r.query.Has("versionId") {
			return nil, refuseOBS(http.StatusMethodNotAllowed, "MethodNotAllowed", "The specified method is not allowed against this resource.")
		}
		return nil, errNoKey
	}
	for name, value := range v.Headers {
		r.header.Set(name, value)
	}
	for key, value := range v.Metadata {
		r.header.Set(r.dialect.prefix+"Meta-"+key, value)
	}
	r.header.Set("Etag", v.ETag)
	r.header.Set("Last-Modified", v.UpdatedAt.UTC().Format(http.TimeFormat))
	if v.StorageClass != "STANDARD" {
		r.answer("Storage-Class", r.dialect.word(v.StorageClass))
	}
	if b.Versioning != "" {
		r.answer("Version-Id", v.VersionID)
	}
	r.tellEncryption(v.Encryption)
	return v, nil
}

func (o *obsService) headObject(r *obsRequest, b *bucket) (obsAnswer, error) {
	v, err := o.found(r, b)
	if err != nil {
		return obsAnswer{}, err
	}
	r.header.Set("Content-Length", strconv.Itoa(len(v.Data)))
	return obsAnswer{}, nil
}

func (o *obsService) getObject(r *obsRequest, b *bucket) (obsAnswer, error) {
	v, err := o.found(r, b)
	if err != nil {
		return obsAnswer{}, err
	}
	if v.StorageClass == "COLD" || v.StorageClass == "DEEP_ARCHIVE" {
		return obsAnswer{}, errArchived
	}
	a := obsAnswer{kind: v.Headers["Content-Type"], text: slices.Concat([]byte{}, v.Data)}
	first, last, partly, err := ranged(r.Header.Get("Range"), len(v.Data))
	if err != nil {
		return obsAnswer{}, err
	}
	if partly {
		r.header.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, last, len(v.Data)))
		a.status, a.text = http.StatusPartialContent, v.Data[first:last+1]
	}
	return a, nil
}

// ranged reads "bytes=2-5", "bytes=2-" and "bytes=-3".
func ranged(text string, size int) (first, last int, partly bool, err error) {
	span, ok := strings.CutPrefix(text, "bytes=")
	if !ok {
		return 0, 0, false, nil
	}
	from, to, _ := strings.Cut(span, "-")
	first, _ = strconv.Atoi(from) // what is no number is 0
	last, _ = strconv.Atoi(to)
	switch {
	case from == "":
		first, last = max(0, size-last), size-1
	case to == "":
		last = size - 1
	}
	last = min(last, size-1)
	if first > last {
		return 0, 0, false, refuseOBS(http.StatusRequestedRangeNotSatisfiable, "InvalidRange", "The requested range cannot be satisfied.")
	}
	return first, last, true, nil
}

// deleted is what became of an object that was to be deleted.
type deleted struct {
	Key                   string
	VersionID             string `xml:"VersionId,omitempty"`
	DeleteMarker          bool   `xml:",omitempty"`
	DeleteMarkerVersionID string `xml:"DeleteMarkerVersionId,omitempty"`
}

// remove deletes an object: a version for good, or the object, of which versioning leaves a marker. What is not there is no
// reason to refuse.
func (o *obsService) remove(r *obsRequest, b *bucket, key, id string) deleted {
	out := deleted{Key: key, VersionID: id}
	if id != "" || b.Versioning == "" {
		if v := o.version(b.ID, key, id); v != nil {
			out.DeleteMarker = v.DeleteMarker
			if v.DeleteMarker {
				out.DeleteMarkerVersionID = v.VersionID
			}
			o.objects.remove(v.ID)
		}
		return out
	}
	marker := &bucketObject{Key: key, DeleteMarker: true}
	o.store(r, b, marker)
	out.DeleteMarker, out.DeleteMarkerVersionID = true, marker.VersionID
	return out
}

func (o *obsService) deleteObject(r *obsRequest, b *bucket) (obsAnswer, error) {
	gone := o.remove(r, b, r.key, r.query.Get("versionId"))
	if gone.DeleteMarker {
		r.answer("Delete-Marker", "true")
	}
	r.answer("Version-Id", gone.VersionID+gone.DeleteMarkerVersionID)
	return obsAnswer{status: http.StatusNoContent}, nil
}

// deleteObjects deletes up to 1000 objects.
func (o *obsService) deleteObjects(r *obsRequest, b *bucket) (obsAnswer, error) {
	if err := r.needsMD5(); err != nil {
		return obsAnswer{}, err
	}
	in, err := unmarshalXML[struct {
		XMLName xml.Name `xml:"Delete"`
		Quiet   bool
		Objects []struct {
			Key       string
			VersionID string `xml:"VersionId"`
		} `xml:"Object"`
	}](r.body)
	if err != nil {
		return obsAnswer{}, err
	}
	if len(in.Objects) == 0 || len(in.Objects) > 1000 {
		return obsAnswer{}, errMalformedXML
	}
	answer := struct {
		XMLName xml.Name `xml:"DeleteResult"`
		Deleted []deleted
	}{}
	for _, object := range in.Objects {
		gone := o.remove(r, b, object.Key, object.VersionID)
		if !in.Quiet {
			answer.Deleted = append(answer.Deleted, gone)
		}
	}
	return obsAnswer{document: answer}, nil
}

type listedObject struct {
	Key          string
	LastModified obsTime
	ETag         string
	Size         int
	Owner        ownerView
	StorageClass string
}

type listedVersion struct {
	XMLName      xml.Name
	Key          string
	VersionID    string `xml:"VersionId"`
	IsLatest     bool
	LastModified obsTime
	ETag         string `xml:",omitempty"`
	Size         *int
	Owner        ownerView
	StorageClass string `xml:",omitempty"`
}

type commonPrefix struct{ Prefix string }

// listing picks what a list answers: of the entries in order, those with the prefix that follow the marker, and for those
// that have the delimiter after it, what comes before.
type listing struct {
	prefix, delimiter string
	limit             int
	prefixes          []commonPrefix
	count             int
	last              string // the last key or prefix that was taken
	full              bool
}

// take says whether an entry is to be answered.
func (l *listing) take(key string) bool {
	rest, fits := strings.CutPrefix(key, l.prefix)
	if !fits || l.full {
		return false
	}
	if before, _, folded := strings.Cut(rest, l.delimiter); folded && l.delimiter != "" {
		prefix := l.prefix + before + l.delimiter
		if l.last == prefix || len(l.prefixes) > 0 && l.prefixes[len(l.prefixes)-1].Prefix == prefix {
			return false
		}
		if l.full = l.count == l.limit; l.full {
			return false
		}
		l.prefixes = append(l.prefixes, commonPrefix{prefix})
		l.count++
		l.last = prefix
		return false
	}
	if l.full = l.count == l.limit; l.full {
		return false
	}
	l.count++
	l.last = key
	return true
}

func (o *obsService) listing(r *obsRequest) (*listing, error) {
	limit, err := r.number("max-keys", 0, 1000)
	return &listing{prefix: r.query.Get("prefix"), delimiter: r.query.Get("delimiter"), limit: limit}, err
}

// encoded is a key as the list is asked to write it.
func (r *obsRequest) encoded(key string) string {
	if r.query.Get("encoding-type") == "url" {
		return escape(key)
	}
	return key
}

func (o *obsService) listObjects(r *obsRequest, b *bucket) (obsAnswer, error) {
	l, err := o.listing(r)
	if err != nil {
		return obsAnswer{}, err
	}
	answer := struct {
		XMLName        xml.Name `xml:"ListBucketResult"`
		Name           string
		Prefix         string
		Marker         string
		NextMarker     string `xml:",omitempty"`
		MaxKeys        int
		Delimiter      string `xml:",omitempty"`
		IsTruncated    bool
		EncodingType   string `xml:",omitempty"`
		Contents       []listedObject
		CommonPrefixes []commonPrefix
	}{Name: b.ID, Prefix: r.encoded(l.prefix), Marker: r.encoded(r.query.Get("marker")), MaxKeys: l.limit, Delimiter: r.encoded(l.delimiter), EncodingType: r.query.Get("encoding-type")}
	marker := r.query.Get("marker")
	for _, v := range o.current(b.ID) {
		beyond := v.Key > marker && (l.delimiter == "" || !strings.HasSuffix(marker, l.delimiter) || !strings.HasPrefix(v.Key, marker))
		if beyond && o.objects.visible(v) && l.take(v.Key) {
			answer.Contents = append(answer.Contents, listedObject{
				r.encoded(v.Key), obsTime(v.UpdatedAt), v.ETag, len(v.Data), ownerView{ID: b.DomainID}, r.dialect.word(v.StorageClass),
			})
		}
	}
	if answer.IsTruncated = l.full; l.full {
		answer.NextMarker = r.encoded(l.last)
	}
	for _, p := range l.prefixes {
		answer.CommonPrefixes = append(answer.CommonPrefixes, commonPrefix{r.encoded(p.Prefix)})
	}
	r.answer("Bucket-Location", b.Region)
	return obsAnswer{document: answer}, nil
}

func (o *obsService) listVersions(r *obsRequest, b *bucket) (obsAnswer, error) {
	l, err := o.listing(r)
	if err != nil {
		return obsAnswer{}, err
	}
	answer := struct {
		XMLName             xml.Name `xml:"ListVersionsResult"`
		Name                string
		Prefix              string
		KeyMarker           string
		VersionIDMarker     string `xml:"VersionIdMarker"`
		NextKeyMarker       string `xml:",omitempty"`
		NextVersionIDMarker string `xml:"NextVersionIdMarker,omitempty"`
		MaxKeys             int
		Delimiter           string `xml:",omitempty"`
		IsTruncated         bool
		Versions            []listedVersion
		CommonPrefixes      []commonPrefix
	}{Name: b.ID, Prefix: l.prefix, KeyMarker: r.query.Get("key-marker"), VersionIDMarker: r.query.Get("version-id-marker"), MaxKeys: l.limit, Delimiter: l.delimiter}
	newest, passed := "", answer.KeyMarker == ""
	for _, v := range o.versions(b.ID) {
		latest := v.Key != newest
		newest = v.Key
		switch { // up to the marker, and with no version all of its key
		case passed:
		case v.Key > answer.KeyMarker:
			passed = true
		case v.Key == answer.KeyMarker && v.VersionID == answer.VersionIDMarker:
			passed = true
			continue
		default:
			continue
		}
		if !l.take(v.Key) {
			continue
		}
		item := listedVersion{xml.Name{Local: "DeleteMarker"}, v.Key, v.VersionID, latest, obsTime(v.UpdatedAt), "", nil, ownerView{ID: b.DomainID}, ""}
		if !v.DeleteMarker {
			size := len(v.Data)
			item.XMLName.Local, item.ETag, item.Size, item.StorageClass = "Version", v.ETag, &size, r.dialect.word(v.StorageClass)
		}
		answer.Versions = append(answer.Versions, item)
		answer.NextVersionIDMarker = v.VersionID
	}
	if answer.IsTruncated = l.full; l.full {
		answer.NextKeyMarker = l.last
	} else {
		answer.NextVersionIDMarker = ""
	}
	answer.CommonPrefixes = l.prefixes
	return obsAnswer{document: answer}, nil
}

// upload is an object that comes in parts.
type upload struct {
	meta
	Bucket string               `json:"bucket"`
	Object bucketObject         `json:"object"`
	Parts  map[int]uploadedPart `json:"parts"`
}

type uploadedPart struct {
	Data       []byte    `json:"data"`
	ETag       string    `json:"etag"`
	ModifiedAt time.Time `json:"modified_at"`
}

const leastPart = 100 << 10 // bytes, of all parts but the last

func (o *obsService) uploadsOf(bucket string) []*upload {
	found := o.uploads.where("", func(u *upload) bool { return u.Bucket == bucket })
	slices.SortStableFunc(found, func(a, b *upload) int { return strings.Compare(a.Object.Key, b.Object.Key) })
	return found
}

// uploadOf is the upload that a request is about.
func (o *obsService) uploadOf(r *obsRequest) (*upload, error) {
	u := o.uploads.get("", r.query.Get("uploadId"))
	if u == nil || u.Bucket != r.bucket || u.Object.Key != r.key {
		return nil, refuseOBS(http.StatusNotFound, "NoSuchUpload", "The specified multipart upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.")
	}
	return u, nil
}

func (o *obsService) initiateUpload(r *obsRequest, b *bucket) (obsAnswer, error) {
	v, err := r.described(b)
	if err != nil {
		return obsAnswer{}, err
	}
	u := o.uploads.add("", &upload{meta: meta{ID: strings.ToUpper(o.ids.hex())}, Bucket: b.ID, Object: *v, Parts: map[int]uploadedPart{}})
	r.tellEncryption(v.Encryption)
	return obsAnswer{document: struct {
		XMLName  xml.Name `xml:"InitiateMultipartUploadResult"`
		Bucket   string
		Key      string
		UploadID string `xml:"UploadId"`
	}{Bucket: b.ID, Key: r.key, UploadID: u.ID}}, nil
}

func (o *obsService) uploadPart(r *obsRequest, b *bucket) (obsAnswer, error) {
	u, err := o.uploadOf(r)
	if err != nil {
		return obsAnswer{}, err
	}
	n, err := strconv.Atoi(r.query.Get("partNumber"))
	if err != nil || n < 1 || n > 10000 {
		return obsAnswer{}, badArgument("Part number must be an integer between 1 and 10000, inclusive")
	}
	if err := o.room(b, len(r.body)); err != nil {
		return obsAnswer{}, err
	}
	u.Parts[n] = uploadedPart{r.body, etag(r.body), time.Now().UTC()}
	r.header.Set("Etag", u.Parts[n].ETag)
	return obsAnswer{}, nil
}

func (o *obsService) listParts(r *obsRequest, b *bucket) (obsAnswer, error) {
	u, err := o.uploadOf(r)
	if err != nil {
		return obsAnswer{}, err
	}
	type part struct {
		PartNumber   int
		LastModified obsTime
		ETag         string
		Size         int
	}
	answer := struct {
		XMLName      xml.Name `xml:"ListPartsResult"`
		Bucket       string
		Key          string
		UploadID     string `xml:"UploadId"`
		Initiator    ownerView
		Owner        ownerView
		StorageClass string
		MaxParts     int
		IsTruncated  bool
		Part         []part
	}{Bucket: b.ID, Key: r.key, UploadID: u.ID, Initiator: ownerView{ID: r.owner}, Owner: ownerView{ID: b.DomainID}, StorageClass: r.dialect.word(u.Object.StorageClass), MaxParts: 1000}
	for n, p := range u.Parts {
		answer.Part = append(answer.Part, part{n, obsTime(p.ModifiedAt), p.ETag, len(p.Data)})
	}
	slices.SortFunc(answer.Part, func(a, b part) int { return a.PartNumber - b.PartNumber })
	return obsAnswer{document: answer}, nil
}

// completeUpload makes the object of the parts that are named, in the order of their numbers.
func (o *obsService) completeUpload(r *obsRequest, b *bucket) (obsAnswer, error) {
	u, err := o.uploadOf(r)
	if err != nil {
		return obsAnswer{}, err
	}
	in, err := unmarshalXML[struct {
		XMLName xml.Name `xml:"CompleteMultipartUpload"`
		Parts   []struct {
			PartNumber int
			ETag       string
		} `xml:"Part"`
	}](r.body)
	if err != nil {
		return obsAnswer{}, err
	}
	if len(in.Parts) == 0 {
		return obsAnswer{}, errMalformedXML
	}
	v := u.Object
	var sums []byte
	for i, named := range in.Parts[1:] {
		if named.PartNumber <= in.Parts[i].PartNumber {
			return obsAnswer{}, refuseOBS(http.StatusBadRequest, "InvalidPartOrder", "The list of parts was not in ascending order.")
		}
	}
	for i, named := range in.Parts {
		p, ok := u.Parts[named.PartNumber]
		switch {
		case !ok || strings.Trim(named.ETag, `"`) != strings.Trim(p.ETag, `"`):
			return obsAnswer{}, refuseOBS(http.StatusBadRequest, "InvalidPart", "One or more of the specified parts could not be found.")
		case i < len(in.Parts)-1 && len(p.Data) < leastPart:
			return obsAnswer{}, refuseOBS(http.StatusBadRequest, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed object size.")
		}
		v.Data = append(v.Data, p.Data...)
		sums = append(sums, strings.Trim(p.ETag, `"`)...)
	}
	v.ETag = strings.TrimSuffix(etag(sums), `"`) + fmt.Sprintf(`-%d"`, len(in.Parts))
	o.uploads.remove(u.ID)
	o.store(r, b, &v)
	return obsAnswer{document: struct {
		XMLName  xml.Name `xml:"CompleteMultipartUploadResult"`
		Location string
		Bucket   string
		Key      string
		ETag     string
	}{Location: "/" + b.ID + "/" + r.key, Bucket: b.ID, Key: r.key, ETag: v.ETag}}, nil
}

func (o *obsService) abortUpload(r *obsRequest, _ *bucket) (obsAnswer, error) {
	u, err := o.uploadOf(r)
	if err != nil {
		return obsAnswer{}, err
	}
	o.uploads.remove(u.ID)
	return obsAnswer{status: http.StatusNoContent}, nil
}

func (o *obsService) listUploads(r *obsRequest, b *bucket) (obsAnswer, error) {
	type item struct {
		Key          string
		UploadID     string `xml:"UploadId"`
		Initiator    ownerView
		Owner        ownerView
		StorageClass string
		Initiated    obsTime
	}
	limit, err := r.number("max-uploads", 1, 1000)
	if err != nil {
		return obsAnswer{}, err
	}
	answer := struct {
		XMLName            xml.Name `xml:"ListMultipartUploadsResult"`
		Bucket             string
		KeyMarker          string
		UploadIDMarker     string `xml:"UploadIdMarker"`
		NextKeyMarker      string `xml:",omitempty"`
		NextUploadIDMarker string `xml:"NextUploadIdMarker,omitempty"`
		MaxUploads         int
		IsTruncated        bool
		Upload             []item
	}{Bucket: b.ID, KeyMarker: r.query.Get("key-marker"), UploadIDMarker: r.query.Get("upload-id-marker"), MaxUploads: limit}
	for _, u := range o.uploadsOf(b.ID) {
		if u.Object.Key <= answer.KeyMarker && answer.KeyMarker != "" || !strings.HasPrefix(u.Object.Key, r.query.Get("prefix")) {
			continue
		}
		if answer.IsTruncated = len(answer.Upload) == limit; answer.IsTruncated {
			last := answer.Upload[limit-1]
			answer.NextKeyMarker, answer.NextUploadIDMarker = last.Key, last.UploadID
			break
		}
		answer.Upload = append(answer.Upload, item{
			u.Object.Key, u.ID, ownerView{ID: r.owner}, ownerView{ID: b.DomainID}, r.dialect.word(u.Object.StorageClass), obsTime(u.CreatedAt),
		})
	}
	return obsAnswer{document: answer}, nil
}
