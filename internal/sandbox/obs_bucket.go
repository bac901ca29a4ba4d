package sandbox

import (
	"encoding/xml"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// bucket holds objects. Its id is its name, which no other account may have either.
type bucket struct {
	meta
	DomainID            string            `json:"domain_id"`
	Region              string            `json:"region"`
	StorageClass        string            `json:"storage_class"`
	AZRedundancy        string            `json:"az_redundancy"` // "3az", or ""
	Redundancy          string            `json:"redundancy"`
	FileInterface       bool              `json:"file_interface"` // a parallel file system
	EnterpriseProjectID string            `json:"enterprise_project_id"`
	Versioning          string            `json:"versioning"` // "" until it is first set
	Quota               int64             `json:"quota"`      // bytes; 0 is none
	Encryption          *bucketEncryption `json:"encryption"`
	Tags                map[string]string `json:"tags"`
	Documents           map[string]string `json:"documents"` // as they are answered, by their words
}

type bucketEncryption struct {
	Algorithm string `json:"algorithm"`
	KeyID     string `json:"key_id"`
	ProjectID string `json:"project_id"`
}

var (
	bucketName   = pattern.New(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	storageClass = []string{"STANDARD", "WARM", "COLD", "DEEP_ARCHIVE", "INTELLIGENT_TIERING"}
)

func checkBucketName(name string) error {
	if !bucketName.MatchString(name) || strings.Contains(name, "..") || strings.Contains(name, ".-") || strings.Contains(name, "-.") || net.ParseIP(name) != nil {
		return refuseOBS(http.StatusBadRequest, "InvalidBucketName", "The specified bucket is not valid.")
	}
	return nil
}

func checkClass(class string) error {
	if !slices.Contains(storageClass, class) {
		return refuseOBS(http.StatusBadRequest, "InvalidStorageClass", "The storage class you specified is not valid.")
	}
	return nil
}

// bucketOf is the bucket of a request. Somebody else's is nobody's business, and one of another region is asked for there.
func (o *obsService) bucketOf(r *obsRequest) (*bucket, error) {
	b := o.buckets.get("", r.bucket)
	switch {
	case b == nil:
		return nil, errNoBucket
	case b.DomainID != r.owner:
		return nil, errDenied
	case !matches(r.region, b.Region):
		r.answer("Bucket-Region", b.Region)
		return nil, refuseOBS(http.StatusTemporaryRedirect, "TemporaryRedirect", "Please re-send this request to the specified temporary endpoint.")
	}
	return b, nil
}

// onBucket is an operation of a bucket that exists.
func (o *obsService) onBucket(do func(*obsRequest, *bucket) (obsAnswer, error)) obsOperation {
	return func(r *obsRequest) (obsAnswer, error) {
		b, err := o.bucketOf(r)
		if err != nil {
			return obsAnswer{}, err
		}
		return do(r, b)
	}
}

func (o *obsService) listBuckets(r *obsRequest) (obsAnswer, error) {
	type item struct {
		Name         string
		CreationDate obsTime
		Location     string
		BucketType   string
	}
	var answer struct {
		XMLName     xml.Name `xml:"ListAllMyBucketsResult"`
		IsTruncated bool
		Marker      string
		NextMarker  string `xml:",omitempty"`
		MaxKeys     int
		Owner       ownerView
		Buckets     []item `xml:"Buckets>Bucket"`
	}
	limit, err := r.number("max-keys", 1, 1000)
	if err != nil {
		return obsAnswer{}, err
	}
	mine := o.buckets.where("", func(b *bucket) bool {
		return b.DomainID == r.owner && b.ID > r.query.Get("marker") && o.buckets.visible(b)
	})
	slices.SortFunc(mine, func(a, b *bucket) int { return strings.Compare(a.ID, b.ID) })
	if answer.IsTruncated = len(mine) > limit; answer.IsTruncated {
		mine = mine[:limit]
		answer.NextMarker = mine[limit-1].ID
	}
	answer.Marker, answer.MaxKeys, answer.Owner = r.query.Get("marker"), limit, ownerView{ID: r.owner}
	for _, b := range mine {
		kind := "OBJECT"
		if b.FileInterface {
			kind = "POSIX"
		}
		answer.Buckets = append(answer.Buckets, item{b.ID, obsTime(b.CreatedAt), b.Region, kind})
	}
	return obsAnswer{document: answer}, nil
}

// createBucket makes a bucket. Making one's own again in the same region succeeds, and changes nothing.
func (o *obsService) createBucket(r *obsRequest) (obsAnswer, error) {
	if err := checkBucketName(r.bucket); err != nil {
		return obsAnswer{}, err
	}
	location := r.region
	if len(r.body) > 0 {
		in, err := unmarshalXML[struct {
			XMLName            xml.Name `xml:"CreateBucketConfiguration"`
			Location           string
			LocationConstraint string
		}](r.body)
		if err != nil {
			return obsAnswer{}, err
		}
		if in.Location += in.LocationConstraint; in.Location != "" {
			if _, ok := regions[in.Location]; !ok || !matches(r.region, in.Location) {
				return obsAnswer{}, refuseOBS(http.StatusBadRequest, "InvalidLocationConstraint", "The specified location-constraint is not valid.")
			}
			location = in.Location
		}
	}
	if location == "" {
		location = "cn-north-4"
	}
	b := &bucket{
		meta: meta{ID: r.bucket}, DomainID: r.owner, Region: location, StorageClass: "STANDARD", Redundancy: "CLASSIC",
		EnterpriseProjectID: "0", AZRedundancy: r.own("Az-Redundancy"), FileInterface: r.own("Fs-File-Interface") == "Enabled",
		Tags: map[string]string{}, Documents: map[string]string{},
	}
	for _, name := range []string{r.Header.Get("X-Default-Storage-Class"), r.own("Storage-Class")} {
		if name != "" {
			b.StorageClass = r.dialect.class(name)
		}
	}
	if epid := r.own("Epid"); epid != "" {
		b.EnterpriseProjectID = epid
	}
	if redundancy := r.own("Bucket-Redundancy"); redundancy != "" {
		b.Redundancy = redundancy
	}
	if err := checkClass(b.StorageClass); err != nil {
		return obsAnswer{}, err
	}
	if b.AZRedundancy != "" && b.AZRedundancy != "3az" {
		return obsAnswer{}, badArgument("x-obs-az-redundancy %q is not 3az", b.AZRedundancy)
	}
	if canned := r.own("Acl"); canned != "" {
		acl, err := cannedACL(r.owner, canned)
		if err != nil {
			return obsAnswer{}, err
		}
		b.Documents["acl"] = acl
	}
	if there := o.buckets.get("", r.bucket); there != nil {
		switch {
		case there.DomainID != r.owner:
			return obsAnswer{}, refuseOBS(http.StatusConflict, "BucketAlreadyExists", "The requested bucket name is not available.")
		case there.Region != location:
			return obsAnswer{}, refuseOBS(http.StatusConflict, "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.")
		}
		return obsAnswer{}, nil
	}
	mine := o.buckets.where("", func(b *bucket) bool { return b.DomainID == r.owner })
	if o.exceeds("bucket", len(mine)+1) {
		return obsAnswer{}, refuseOBS(http.StatusBadRequest, "TooManyBuckets", "You have attempted to create more buckets than allowed.")
	}
	o.buckets.add("", b)
	r.header.Set("Location", "/"+b.ID)
	return obsAnswer{}, nil
}

func (o *obsService) headBucket(r *obsRequest, b *bucket) (obsAnswer, error) {
	if !o.buckets.visible(b) {
		return obsAnswer{}, errNoBucket
	}
	if r.dialect.s3() {
		r.header.Set("X-Default-Storage-Class", r.dialect.word(b.StorageClass))
	} else {
		r.answer("Storage-Class", b.StorageClass)
	}
	r.answer("Version", "3.0")
	r.answer("Bucket-Location", b.Region)
	r.answer("Epid", b.EnterpriseProjectID)
	r.answer("Az-Redundancy", b.AZRedundancy)
	r.answer("Bucket-Redundancy", b.Redundancy)
	if b.FileInterface {
		r.answer("Fs-File-Interface", "Enabled")
	}
	return obsAnswer{}, nil
}

func (o *obsService) deleteBucket(_ *obsRequest, b *bucket) (obsAnswer, error) {
	if len(o.versions(b.ID)) > 0 || len(o.uploadsOf(b.ID)) > 0 {
		return obsAnswer{}, refuseOBS(http.StatusConflict, "BucketNotEmpty", "The bucket you tried to delete is not empty")
	}
	o.buckets.remove(b.ID)
	return obsAnswer{status: http.StatusNoContent}, nil
}

func (o *obsService) showLocation(r *obsRequest, b *bucket) (obsAnswer, error) {
	if r.dialect.s3() {
		return textDocument("LocationConstraint", b.Region), nil
	}
	return textDocument("Location", b.Region), nil
}

// textDocument is an answer whose root holds nothing but a text.
func textDocument(root, text string) obsAnswer {
	return obsAnswer{document: struct {
		XMLName xml.Name
		Text    string `xml:",chardata"`
	}{xml.Name{Local: root}, text}}
}

func (o *obsService) showStorageInfo(_ *obsRequest, b *bucket) (obsAnswer, error) {
	var answer struct {
		XMLName      xml.Name `xml:"GetBucketStorageInfoResult"`
		Size         int64
		ObjectNumber int
	}
	for _, v := range o.versions(b.ID) {
		answer.Size += int64(len(v.Data))
		answer.ObjectNumber++
	}
	return obsAnswer{document: answer}, nil
}

func (o *obsService) showStorageClass(_ *obsRequest, b *bucket) (obsAnswer, error) {
	return textDocument("StorageClass", b.StorageClass), nil
}

// setStorageClass changes what new objects are stored as; those that are there stay what they are.
func (o *obsService) setStorageClass(r *obsRequest, b *bucket) (obsAnswer, error) {
	in, err := unmarshalXML[struct {
		XMLName xml.Name `xml:"StorageClass"`
		Class   string   `xml:",chardata"`
	}](r.body)
	if err != nil {
		return obsAnswer{}, err
	}
	if err := checkClass(in.Class); err != nil {
		return obsAnswer{}, err
	}
	b.StorageClass = in.Class
	o.buckets.touch(b)
	return obsAnswer{}, nil
}

type versioningDocument struct {
	XMLName xml.Name `xml:"VersioningConfiguration"`
	Status  string   `xml:",omitempty"`
}

func (o *obsService) showVersioning(_ *obsRequest, b *bucket) (obsAnswer, error) {
	return obsAnswer{document: versioningDocument{Status: b.Versioning}}, nil
}

func (o *obsService) setVersioning(r *obsRequest, b *bucket) (obsAnswer, error) {
	in, err := unmarshalXML[versioningDocument](r.body)
	if err != nil {
		return obsAnswer{}, err
	}
	if in.Status != "Enabled" && in.Status != "Suspended" {
		return obsAnswer{}, errMalformedXML
	}
	b.Versioning = in.Status
	o.buckets.touch(b)
	return obsAnswer{}, nil
}

type quotaDocument struct {
	XMLName      xml.Name `xml:"Quota"`
	StorageQuota int64
}

func (o *obsService) showQuota(_ *obsRequest, b *bucket) (obsAnswer, error) {
	return obsAnswer{document: quotaDocument{StorageQuota: b.Quota}}, nil
}

func (o *obsService) setQuota(r *obsRequest, b *bucket) (obsAnswer, error) {
	in, err := unmarshalXML[quotaDocument](r.body)
	if err != nil {
		return obsAnswer{}, err
	}
	if in.StorageQuota < 0 {
		return obsAnswer{}, badArgument("The quota is negative.")
	}
	b.Quota = in.StorageQuota
	o.buckets.touch(b)
	return obsAnswer{}, nil
}

type encryptionDocument struct {
	XMLName   xml.Name `xml:"ServerSideEncryptionConfiguration"`
	Algorithm string   `xml:"Rule>ApplyServerSideEncryptionByDefault>SSEAlgorithm"`
	KeyID     string   `xml:"Rule>ApplyServerSideEncryptionByDefault>KMSMasterKeyID,omitempty"`
	ProjectID string   `xml:"Rule>ApplyServerSideEncryptionByDefault>ProjectID,omitempty"`
}

func (o *obsService) showEncryption(r *obsRequest, b *bucket) (obsAnswer, error) {
	e := b.Encryption
	if e == nil {
		return obsAnswer{}, refuseOBS(http.StatusNotFound, "NoSuchEncryptionConfiguration", "The bucket encryption configuration does not exist.")
	}
	algorithm := e.Algorithm
	if r.dialect.s3() && algorithm == "kms" {
		algorithm = "aws:kms"
	}
	return obsAnswer{document: encryptionDocument{Algorithm: algorithm, KeyID: e.KeyID, ProjectID: e.ProjectID}}, nil
}

// setEncryption says how new objects are encrypted. A key belongs to a project: that of the region, unless another is named.
func (o *obsService) setEncryption(r *obsRequest, b *bucket) (obsAnswer, error) {
	in, err := unmarshalXML[encryptionDocument](r.body)
	if err != nil {
		return obsAnswer{}, err
	}
	e := &bucketEncryption{strings.TrimPrefix(in.Algorithm, "aws:"), in.KeyID, in.ProjectID}
	switch {
	case e.Algorithm != "kms" && e.Algorithm != "AES256":
		return obsAnswer{}, badArgument("The algorithm %q is not supported.", in.Algorithm)
	case e.Algorithm == "AES256" && (e.KeyID != "" || e.ProjectID != ""):
		return obsAnswer{}, badArgument("A key goes with kms only.")
	case e.KeyID == "" && e.ProjectID != "":
		return obsAnswer{}, badArgument("A project goes with a key only.")
	}
	if e.KeyID != "" && e.ProjectID == "" {
		e.ProjectID = o.projectOf(b)
	}
	b.Encryption = e
	o.buckets.touch(b)
	return obsAnswer{}, nil
}

// projectOf is the project that is named as the bucket's region.
func (o *obsService) projectOf(b *bucket) string {
	p := o.iam.projects.first("", func(p *project) bool { return p.DomainID == b.DomainID && p.Name == b.Region })
	if p == nil {
		return ""
	}
	return p.ID
}

func (o *obsService) removeEncryption(_ *obsRequest, b *bucket) (obsAnswer, error) {
	b.Encryption = nil
	o.buckets.touch(b)
	return obsAnswer{status: http.StatusNoContent}, nil
}

type obsTag struct{ Key, Value string }

type tagDocument struct {
	XMLName xml.Name `xml:"Tagging"`
	Tags    []obsTag `xml:"TagSet>Tag"`
}

func (o *obsService) showTags(_ *obsRequest, b *bucket) (obsAnswer, error) {
	if len(b.Tags) == 0 {
		return obsAnswer{}, refuseOBS(http.StatusNotFound, "NoSuchTagSet", "The TagSet does not exist")
	}
	return obsAnswer{document: tagDocument{Tags: obsTags(b.Tags)}}, nil
}

func obsTags(tags map[string]string) (list []obsTag) {
	for key, value := range tags {
		list = append(list, obsTag{key, value})
	}
	slices.SortFunc(list, func(a, b obsTag) int { return strings.Compare(a.Key, b.Key) })
	return list
}

// setTags replaces all tags.
func (o *obsService) setTags(r *obsRequest, b *bucket) (obsAnswer, error) {
	if err := r.needsMD5(); err != nil {
		return obsAnswer{}, err
	}
	tags, err := readTags(r.body)
	if err != nil {
		return obsAnswer{}, err
	}
	b.Tags = tags
	o.buckets.touch(b)
	return obsAnswer{status: http.StatusNoContent}, nil
}

func readTags(body []byte) (map[string]string, error) {
	in, err := unmarshalXML[tagDocument](body)
	if err != nil {
		return nil, err
	}
	tags := map[string]string{}
	for _, tag := range in.Tags {
		if _, twice := tags[tag.Key]; twice || tag.Key == "" || len([]rune(tag.Key)) > 128 || len([]rune(tag.Value)) > 255 {
			return nil, refuseOBS(http.StatusBadRequest, "InvalidTag", "The tag %q is invalid.", tag.Key)
		}
		tags[tag.Key] = tag.Value
	}
	if len(tags) == 0 || len(tags) > 20 {
		return nil, errMalformedXML
	}
	return tags, nil
}

func (o *obsService) removeTags(_ *obsRequest, b *bucket) (obsAnswer, error) {
	b.Tags = map[string]string{}
	o.buckets.touch(b)
	return obsAnswer{status: http.StatusNoContent}, nil
}
