package sandbox

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// bucketDocument is a part of a bucket's configuration that is written as a whole.
type bucketDocument struct {
	word    string
	absent  string // the code of the 404 when there is none; "" when Empty is answered
	message string
	empty   func(o *obsService, b *bucket) string
	md5     bool // it is not taken without its MD5
	stays   bool // it cannot be deleted, only written anew
	most    int  // how long it may be, in KB; 0 is any length
	// read checks a document and answers what is kept of it, "" for nothing.
	read func(o *obsService, r *obsRequest, b *bucket) (string, error)
}

// documents are those that buckets have, by their words.
var documents = func() map[string]bucketDocument {
	byWord := map[string]bucketDocument{}
	for _, d := range []bucketDocument{
		{word: "policy", absent: "NoSuchBucketPolicy", message: "The bucket policy does not exist", read: readPolicy},
		{word: "lifecycle", absent: "NoSuchLifecycleConfiguration", message: "The lifecycle configuration does not exist", md5: true, read: readLifecycle},
		{word: "cors", absent: "NoSuchCORSConfiguration", message: "The CORS configuration does not exist", md5: true, most: 64, read: readCORS},
		{word: "website", absent: "NoSuchWebsiteConfiguration", message: "The specified bucket does not have a website configuration", most: 10, read: readWebsite},
		{word: "acl", stays: true, empty: ownersACL, read: readACL},
		{word: "logging", stays: true, empty: root("BucketLoggingStatus"), read: readLogging},
		{word: "notification", stays: true, empty: root("NotificationConfiguration"), most: 100, read: readNotification},
		{word: "requestPayment", stays: true, empty: payer, read: readPayer},
	} {
		byWord[d.word] = d
	}
	return byWord
}()

func root(name string) func(*obsService, *bucket) string {
	return func(*obsService, *bucket) string { return "<" + name + "></" + name + ">" }
}

func payer(*obsService, *bucket) string {
	return "<RequestPaymentConfiguration><Payer>BucketOwner</Payer></RequestPaymentConfiguration>"
}

// documentOperation is what a method does with a document; nil if nothing.
func (o *obsService) documentOperation(d bucketDocument, method string) obsOperation {
	switch method {
	case http.MethodGet:
		return o.onBucket(func(r *obsRequest, b *bucket) (obsAnswer, error) {
			text := b.Documents[d.word]
			switch {
			case text == "" && d.absent != "":
				return obsAnswer{}, refuseOBS(http.StatusNotFound, d.absent, "%s", d.message)
			case text == "":
				text = d.empty(o, b)
			}
			if d.word == "policy" {
				return obsAnswer{kind: "application/json", text: []byte(text)}, nil
			}
			end := strings.IndexAny(text, " />")
			text = text[:end] + ` xmlns="` + r.dialect.space() + `"` + text[end:]
			return obsAnswer{kind: "application/xml", text: []byte(xml.Header + text)}, nil
		})
	case http.MethodPut:
		return o.onBucket(func(r *obsRequest, b *bucket) (obsAnswer, error) {
			if d.md5 {
				if err := r.needsMD5(); err != nil {
					return obsAnswer{}, err
				}
			}
			if d.most > 0 && len(r.body) > d.most<<10 {
				return obsAnswer{}, refuseOBS(http.StatusBadRequest, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size.")
			}
			text, err := d.read(o, r, b)
			if err != nil {
				return obsAnswer{}, err
			}
			if b.Documents == nil {
				b.Documents = map[string]string{}
			}
			if b.Documents[d.word] = text; text == "" {
				delete(b.Documents, d.word)
			}
			o.buckets.touch(b)
			if d.word == "policy" {
				return obsAnswer{status: http.StatusNoContent}, nil
			}
			return obsAnswer{}, nil
		})
	case http.MethodDelete:
		if d.stays {
			return nil
		}
		return o.onBucket(func(_ *obsRequest, b *bucket) (obsAnswer, error) {
			delete(b.Documents, d.word)
			o.buckets.touch(b)
			return obsAnswer{status: http.StatusNoContent}, nil
		})
	}
	return nil
}

// kept is a document as it is answered.
func kept(document any) string {
	return strings.TrimPrefix(string(marshalXML(document, "")), xml.Header)
}

// Policies

type statement struct {
	Sid          string          `json:"Sid,omitempty"`
	Effect       string          `json:"Effect"`
	Principal    json.RawMessage `json:"Principal,omitempty"`
	NotPrincipal json.RawMessage `json:"NotPrincipal,omitempty"`
	Action       texts           `json:"Action,omitempty"`
	NotAction    texts           `json:"NotAction,omitempty"`
	Resource     texts           `json:"Resource,omitempty"`
	NotResource  texts           `json:"NotResource,omitempty"`
	Condition    json.RawMessage `json:"Condition,omitempty"`
}

// texts are one text, or a list of them.
type texts []string

// UnmarshalJSON implements json.Unmarshaler.
func (t *texts) UnmarshalJSON(raw []byte) error {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		*t = texts{one}
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(t))
}

// isPrincipal tells that a value is everybody, or names by their sort.
func isPrincipal(raw json.RawMessage) bool {
	var names map[string]texts
	return string(raw) == `"*"` || json.Unmarshal(raw, &names) == nil && len(names) > 0
}

// The actions on buckets and on objects; a statement with one needs a resource that is such.
var (
	bucketActions = strings.Fields(`createbucket deletebucket listbucket listbucketversions listbucketmultipartuploads
		getbucketacl putbucketacl getbucketcors putbucketcors getbucketversioning putbucketversioning getbucketlocation
		getbucketpolicy deletebucketpolicy putbucketpolicy getbucketlogging putbucketlogging getbucketwebsite putbucketwebsite
		deletebucketwebsite getlifecycleconfiguration putlifecycleconfiguration`)
	objectActions = strings.Fields(`getobject getobjectversion putobject getobjectacl getobjectversionacl putobjectacl
		putobjectversionacl deleteobject deleteobjectversion listmultipartuploadparts abortmultipartupload restoreobject`)
)

// applies tells that an action can be done with one of the resources. Of those that are not known, it can.
func applies(action string, resources []string) bool {
	action = strings.ToLower(strings.TrimPrefix(action, "s3:"))
	onBucket, onObject := slices.Contains(bucketActions, action), slices.Contains(objectActions, action)
	return !onBucket && !onObject || slices.ContainsFunc(resources, func(resource string) bool { return strings.Contains(resource, "/") == onObject })
}

func malformedPolicy(format string, args ...any) error {
	return refuseOBS(http.StatusBadRequest, "MalformedPolicy", "Policy is malformed: "+format, args...)
}

// readPolicy keeps a policy with its lists as lists.
func readPolicy(_ *obsService, r *obsRequest, b *bucket) (string, error) {
	var in struct {
		Version   string      `json:"Version,omitempty"`
		ID        string      `json:"Id,omitempty"`
		Statement []statement `json:"Statement"`
	}
	if len(r.body) > 20<<10 {
		return "", malformedPolicy("it is longer than 20 KB")
	}
	if err := unmarshalStrict(r.body, &in); err != nil {
		return "", malformedPolicy("%v", err)
	}
	if len(in.Statement) == 0 {
		return "", malformedPolicy("it has no statement")
	}
	for _, s := range in.Statement {
		switch {
		case s.Effect != "Allow" && s.Effect != "Deny":
			return "", malformedPolicy("effect %q", s.Effect)
		case (s.Principal == nil) == (s.NotPrincipal == nil), (s.Action == nil) == (s.NotAction == nil), (s.Resource == nil) == (s.NotResource == nil):
			return "", malformedPolicy("a statement has one of Principal and NotPrincipal, of Action and NotAction, and of Resource and NotResource")
		case !isPrincipal(slices.Concat(s.Principal, s.NotPrincipal)): // one of them
			return "", malformedPolicy("invalid principal")
		}
		for _, resource := range slices.Concat(s.Resource, s.NotResource) {
			name := strings.TrimPrefix(resource, "arn:aws:s3:::")
			if name != b.ID && !strings.HasPrefix(name, b.ID+"/") {
				return "", malformedPolicy("resource %q is not the bucket's", resource)
			}
		}
		for _, action := range s.Action {
			if s.Resource != nil && !applies(action, s.Resource) {
				return "", refuseOBS(http.StatusBadRequest, "MalformedPolicy", "Action does not apply to any resource(s) in statement.")
			}
		}
	}
	text, err := json.Marshal(in)
	return string(text), err
}

// Access control lists

type granteeDocument struct {
	ID     string `xml:",omitempty"`
	Canned string `xml:",omitempty"`
}

type grantDocument struct {
	Grantee    granteeDocument
	Permission string
	Delivered  bool
}

type aclDocument struct {
	XMLName xml.Name `xml:"AccessControlPolicy"`
	Owner   ownerView
	Grants  []grantDocument `xml:"AccessControlList>Grant"`
}

var permissions = []string{"READ", "WRITE", "READ_ACP", "WRITE_ACP"}

const fullControl = "FULL_CONTROL"

var errMalformedACL = refuseOBS(http.StatusBadRequest, "MalformedACLError", "The XML you provided was not well-formed or did not validate against our published schema")

func ownersACL(_ *obsService, b *bucket) string {
	text, _ := cannedACL(b.DomainID, "private") // which is known
	return text
}

// cannedACL is the list that a word stands for.
func cannedACL(owner, word string) (string, error) {
	everyone := map[string][]string{
		"private": {}, "public-read": {"READ"}, "public-read-write": {"READ", "WRITE"},
		"public-read-delivered": {"READ"}, "public-read-write-delivered": {"READ", "WRITE"},
	}
	rights, ok := everyone[word]
	if !ok {
		return "", badArgument("The canned ACL %q is unknown.", word)
	}
	acl := aclDocument{Owner: ownerView{ID: owner}, Grants: []grantDocument{{granteeDocument{ID: owner}, fullControl, false}}}
	for _, right := range rights {
		acl.Grants = append(acl.Grants, grantDocument{granteeDocument{Canned: "Everyone"}, right, strings.HasSuffix(word, "-delivered")})
	}
	return kept(acl), nil
}

// readACL keeps the grants. Somebody with all permissions has full control.
func readACL(_ *obsService, r *obsRequest, b *bucket) (string, error) {
	if r.dialect.s3() {
		return "", refuseOBS(http.StatusNotImplemented, "NotImplemented", "A header you provided implies functionality that is not implemented.")
	}
	if word := r.own("Acl"); word != "" {
		return cannedACL(r.owner, word)
	}
	in, err := unmarshalXML[aclDocument](r.body)
	if err != nil {
		return "", errMalformedACL
	}
	if in.Owner.ID != b.DomainID {
		return "", errDenied
	}
	if len(in.Grants) > 100 {
		return "", errMalformedACL
	}
	type who struct {
		grantee   granteeDocument
		delivered bool
	}
	rights := map[who][]string{}
	var order []who
	for _, grant := range in.Grants {
		g := grant.Grantee
		if (g.ID == "") == (g.Canned == "") || g.Canned != "" && g.Canned != "Everyone" || grant.Permission != fullControl && !slices.Contains(permissions, grant.Permission) {
			return "", errMalformedACL
		}
		key := who{g, grant.Delivered}
		if rights[key] == nil {
			order = append(order, key)
		}
		if !slices.Contains(rights[key], grant.Permission) {
			rights[key] = append(rights[key], grant.Permission)
		}
	}
	out := aclDocument{Owner: in.Owner}
	for _, key := range order {
		if slices.Contains(rights[key], fullControl) || len(rights[key]) == len(permissions) {
			rights[key] = []string{fullControl}
		}
		for _, right := range rights[key] {
			out.Grants = append(out.Grants, grantDocument{key.grantee, right, key.delivered})
		}
	}
	return kept(out), nil
}

// Lifecycles

type lifecycleDocument struct {
	XMLName xml.Name        `xml:"LifecycleConfiguration"`
	Rules   []lifecycleRule `xml:"Rule"`
}

type lifecycleRule struct {
	ID                    string
	Prefix                *string           `xml:",omitempty"`
	Filter                *lifecycleFilter  `xml:",omitempty"`
	Status                string            `xml:"Status"`
	Transitions           []lifecycleAction `xml:"Transition"`
	Expiration            *lifecycleAction  `xml:",omitempty"`
	NoncurrentTransitions []lifecycleAction `xml:"NoncurrentVersionTransition"`
	NoncurrentExpiration  *lifecycleAction  `xml:"NoncurrentVersionExpiration,omitempty"`
	Abort                 *abortAction      `xml:"AbortIncompleteMultipartUpload,omitempty"`
}

// lifecycleFilter chooses objects by one of its members.
type lifecycleFilter struct {
	Prefix *string       `xml:",omitempty"`
	Tag    *obsTag       `xml:",omitempty"`
	And    *lifecycleAnd `xml:",omitempty"`
}

type lifecycleAnd struct {
	Prefix string `xml:",omitempty"`
	Tag    []obsTag
}

type lifecycleAction struct {
	Date                      string `xml:",omitempty"`
	Days                      int    `xml:",omitempty"`
	NoncurrentDays            int    `xml:",omitempty"`
	StorageClass              string `xml:",omitempty"`
	ExpiredObjectDeleteMarker string `xml:",omitempty"`
}

type abortAction struct{ DaysAfterInitiation int }

// readLifecycle keeps the rules, each with an id.
func readLifecycle(o *obsService, r *obsRequest, _ *bucket) (string, error) {
	in, err := unmarshalXML[lifecycleDocument](r.body)
	if err != nil {
		return "", err
	}
	if len(in.Rules) == 0 || len(in.Rules) > 1000 {
		return "", errMalformedXML
	}
	ids := map[string]bool{}
	for i := range in.Rules {
		rule := &in.Rules[i]
		if rule.ID == "" {
			rule.ID = o.ids.hex()
		}
		if ids[rule.ID] || len(rule.ID) > 255 {
			return "", badArgument("RuleId must be unique, and have at most 255 characters.")
		}
		ids[rule.ID] = true
		if err := rule.check(r.dialect); err != nil {
			return "", err
		}
		for _, other := range in.Rules[:i] {
			if one, two, both := rule.prefix(), other.prefix(), rule.tags() == nil && other.tags() == nil; both && (strings.HasPrefix(one, two) || strings.HasPrefix(two, one)) {
				return "", refuseOBS(http.StatusBadRequest, "InvalidRequest", "Found overlapping prefixes %q and %q for same action type", two, one)
			}
		}
	}
	return kept(in), nil
}

func (r *lifecycleRule) prefix() string {
	switch f := r.Filter; {
	case r.Prefix != nil:
		return *r.Prefix
	case f.Prefix != nil:
		return *f.Prefix
	case f.And != nil:
		return f.And.Prefix
	}
	return ""
}

// tags are those that objects must have; nil when they need none.
func (r *lifecycleRule) tags() []obsTag {
	switch f := r.Filter; {
	case f == nil:
	case f.Tag != nil:
		return []obsTag{*f.Tag}
	case f.And != nil:
		return f.And.Tag
	}
	return nil
}

// checkFilter refuses filters that are no objects' and tags that no object has.
func (r *lifecycleRule) checkFilter() error {
	if f := r.Filter; f != nil {
		if f.And != nil && (f.Prefix != nil || f.Tag != nil || f.And.Prefix == "" && f.And.Tag == nil) || f.Prefix != nil && f.Tag != nil {
			return errMalformedXML
		}
	}
	if len(r.tags()) > 10 {
		return errMalformedXML
	}
	keys := map[string]bool{}
	for _, tag := range r.tags() {
		if n := utf8.RuneCountInString(tag.Key); n == 0 || n > 36 || utf8.RuneCountInString(tag.Value) > 43 || keys[tag.Key] ||
			strings.TrimSpace(tag.Key) != tag.Key || strings.ContainsAny(tag.Key+tag.Value, `,/|<>=*\`) {
			return refuseOBS(http.StatusBadRequest, "InvalidTag", "The tag %q of a rule is invalid", tag.Key)
		}
		keys[tag.Key] = true
	}
	if r.tags() != nil && r.Abort != nil {
		return badArgument("'AbortIncompleteMultipartUpload' cannot be specified with tags")
	}
	return nil
}

func (r *lifecycleRule) check(d dialect) error {
	if r.Status != "Enabled" && r.Status != "Disabled" || (r.Prefix == nil) == (r.Filter == nil) {
		return errMalformedXML
	}
	if err := r.checkFilter(); err != nil {
		return err
	}
	if r.Expiration == nil && r.Transitions == nil && r.NoncurrentExpiration == nil && r.NoncurrentTransitions == nil && r.Abort == nil {
		return badArgument("At least one action needs to be specified in a rule")
	}
	if r.Abort != nil && r.Abort.DaysAfterInitiation < 1 {
		return badArgument("'DaysAfterInitiation' must be a positive integer")
	}
	for _, action := range slices.Concat(r.Transitions, r.NoncurrentTransitions) {
		if class := d.class(action.StorageClass); !slices.Contains([]string{"WARM", "COLD", "DEEP_ARCHIVE"}, class) {
			return badArgument("'StorageClass' %q is not one to change to", action.StorageClass)
		}
	}
	for _, action := range r.NoncurrentTransitions {
		if action.NoncurrentDays < 1 || r.NoncurrentExpiration != nil && r.NoncurrentExpiration.NoncurrentDays <= action.NoncurrentDays {
			return badArgument("'NoncurrentDays' in the NoncurrentVersionExpiration action must be greater than in the NoncurrentVersionTransition action")
		}
	}
	for i, action := range r.Transitions {
		if !action.once() {
			return errMalformedXML
		}
		if r.Expiration != nil && r.Expiration.Days > 0 && r.Expiration.Days <= action.Days {
			return badArgument("'Days' in the Expiration action must be greater than in the Transition action")
		}
		if slices.ContainsFunc(r.Transitions[:i], func(other lifecycleAction) bool { return other.StorageClass == action.StorageClass }) {
			return badArgument("'StorageClass' must be different for 'Transition' actions in same 'Rule'")
		}
	}
	if e := r.Expiration; e != nil && !e.once() && e.ExpiredObjectDeleteMarker != "true" {
		return errMalformedXML
	}
	if e := r.NoncurrentExpiration; e != nil && e.NoncurrentDays < 1 {
		return badArgument("'NoncurrentDays' must be a positive integer")
	}
	return nil
}

// once tells that an action has one time at which it happens.
func (a lifecycleAction) once() bool {
	if a.Date == "" {
		return a.Days > 0
	}
	at, err := time.Parse(time.RFC3339, a.Date)
	return err == nil && a.Days == 0 && at.UTC().Equal(at.UTC().Truncate(24*time.Hour))
}

// Cross-origin requests

type corsDocument struct {
	XMLName xml.Name   `xml:"CORSConfiguration"`
	Rules   []corsRule `xml:"CORSRule"`
}

type corsRule struct {
	ID            string   `xml:",omitempty"`
	AllowedMethod []string `xml:"AllowedMethod"`
	AllowedOrigin []string `xml:"AllowedOrigin"`
	AllowedHeader []string `xml:"AllowedHeader"`
	MaxAgeSeconds *int     `xml:",omitempty"`
	ExposeHeader  []string `xml:"ExposeHeader"`
}

var corsHeader = pattern.New(`^[^\s&:<\x{80}-\x{10FFFF}]+$`)

func readCORS(_ *obsService, r *obsRequest, _ *bucket) (string, error) {
	in, err := unmarshalXML[corsDocument](r.body)
	if err != nil {
		return "", err
	}
	if len(in.Rules) == 0 || len(in.Rules) > 100 {
		return "", errMalformedXML
	}
	for _, rule := range in.Rules {
		if len(rule.AllowedMethod) == 0 || len(rule.AllowedOrigin) == 0 || len(rule.ID) > 255 || rule.MaxAgeSeconds != nil && *rule.MaxAgeSeconds < 0 {
			return "", errMalformedXML
		}
		for _, method := range rule.AllowedMethod {
			if !slices.Contains([]string{"GET", "PUT", "POST", "DELETE", "HEAD"}, method) {
				return "", refuseOBS(http.StatusBadRequest, "InvalidRequest", "Found unsupported HTTP method in CORS config. Unsupported method is %s", method)
			}
		}
		for _, text := range slices.Concat(rule.AllowedOrigin, rule.AllowedHeader) {
			if strings.Count(text, "*") > 1 || len(text) > 20480 {
				return "", refuseOBS(http.StatusBadRequest, "InvalidRequest", "%q can not have more than one wildcard, nor more than 20480 characters.", text)
			}
		}
		for _, text := range rule.ExposeHeader {
			if strings.Contains(text, "*") {
				return "", refuseOBS(http.StatusBadRequest, "InvalidRequest", "ExposeHeader %q contains wildcard. We currently do not support wildcard for ExposeHeader.", text)
			}
		}
		for _, text := range slices.Concat(rule.AllowedHeader, rule.ExposeHeader) {
			if !corsHeader.MatchString(text) {
				return "", refuseOBS(http.StatusBadRequest, "InvalidRequest", "The header %q has a space, an &, a :, a < or a full-width character.", text)
			}
		}
	}
	return kept(in), nil
}

// Websites

type websiteDocument struct {
	XMLName               xml.Name          `xml:"WebsiteConfiguration"`
	RedirectAllRequestsTo *redirectDocument `xml:",omitempty"`
	IndexDocument         *struct{ Suffix string }
	ErrorDocument         *struct{ Key string }
	RoutingRules          *struct{ RoutingRule []routingRule }
}

type routingRule struct {
	Condition *struct {
		KeyPrefixEquals             string `xml:",omitempty"`
		HTTPErrorCodeReturnedEquals string `xml:"HttpErrorCodeReturnedEquals,omitempty"`
	}
	Redirect redirectDocument
}

type redirectDocument struct {
	Protocol             string  `xml:",omitempty"`
	HostName             string  `xml:",omitempty"`
	ReplaceKeyPrefixWith *string `xml:",omitempty"`
	ReplaceKeyWith       *string `xml:",omitempty"`
	HTTPRedirectCode     string  `xml:"HttpRedirectCode,omitempty"`
}

func readWebsite(_ *obsService, r *obsRequest, _ *bucket) (string, error) {
	in, err := unmarshalXML[websiteDocument](r.body)
	if err != nil {
		return "", err
	}
	redirects := []redirectDocument{}
	if all := in.RedirectAllRequestsTo; all != nil {
		if all.HostName == "" || in.IndexDocument != nil || in.ErrorDocument != nil || in.RoutingRules != nil {
			return "", errMalformedXML
		}
		redirects = append(redirects, *all)
	} else if in.IndexDocument == nil {
		return "", badArgument("A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty")
	} else if suffix := in.IndexDocument.Suffix; suffix == "" || strings.Contains(suffix, "/") {
		return "", badArgument("The IndexDocument Suffix is not well formed")
	}
	if in.ErrorDocument != nil && in.ErrorDocument.Key == "" {
		return "", badArgument("The ErrorDocument Key is not well formed")
	}
	if in.RoutingRules != nil {
		if len(in.RoutingRules.RoutingRule) == 0 {
			return "", errMalformedXML
		}
		for _, rule := range in.RoutingRules.RoutingRule {
			if rule.Redirect == (redirectDocument{}) || rule.Condition != nil && rule.Condition.KeyPrefixEquals+rule.Condition.HTTPErrorCodeReturnedEquals == "" {
				return "", errMalformedXML
			}
			redirects = append(redirects, rule.Redirect)
		}
	}
	for _, redirect := range redirects {
		if redirect.ReplaceKeyWith != nil && redirect.ReplaceKeyPrefixWith != nil || !slices.Contains([]string{"", "http", "https"}, redirect.Protocol) {
			return "", errMalformedXML
		}
	}
	return kept(in), nil
}

// Logs

type loggingDocument struct {
	XMLName        xml.Name `xml:"BucketLoggingStatus"`
	Agency         string   `xml:",omitempty"`
	LoggingEnabled *struct {
		TargetBucket string
		TargetPrefix string
		TargetGrants *struct{ Grant []logGrant }
	}
}

type logGrant struct {
	Grantee    granteeDocument
	Permission string
}

var errMalformedLogging = refuseOBS(http.StatusBadRequest, "MalformedLoggingStatus", "The XML you provided was not well-formed or did not validate against our published schema")

// readLogging checks that the logs can be written: to a bucket of the same owner in the same region, by an agency.
func readLogging(o *obsService, r *obsRequest, b *bucket) (string, error) {
	in, err := unmarshalXML[loggingDocument](r.body)
	if err != nil {
		return "", errMalformedLogging
	}
	if in.LoggingEnabled == nil {
		return "", nil
	}
	target := o.buckets.get("", in.LoggingEnabled.TargetBucket)
	switch {
	case target == nil:
		return "", refuseOBS(http.StatusBadRequest, "InvalidTargetBucketForLogging", "The target bucket for logging does not exist")
	case target.DomainID != b.DomainID || target.Region != b.Region:
		return "", refuseOBS(http.StatusBadRequest, "InvalidTargetBucketForLogging", "The target bucket for logging is not owned by you or is in another region")
	case target.StorageClass == "COLD" || target.StorageClass == "DEEP_ARCHIVE" || target.StorageClass == "WARM":
		return "", refuseOBS(http.StatusBadRequest, "InvalidTargetBucketForLogging", "The storage class of the target bucket takes no logs")
	case in.Agency == "" && !r.dialect.s3():
		return "", badArgument("The agency is missing.")
	}
	if grants := in.LoggingEnabled.TargetGrants; grants != nil {
		for _, grant := range grants.Grant {
			if (grant.Grantee.ID == "") == (grant.Grantee.Canned == "") || !slices.Contains([]string{fullControl, "READ", "WRITE"}, grant.Permission) {
				return "", errMalformedLogging
			}
		}
	}
	return kept(in), nil
}

// Notifications

type notificationDocument struct {
	XMLName xml.Name             `xml:"NotificationConfiguration"`
	Topics  []topicConfiguration `xml:"TopicConfiguration"`
}

type topicConfiguration struct {
	ID     string `xml:"Id"`
	Topic  string
	Events []string `xml:"Event"`
	Filter *topicFilter
}

type topicFilter struct {
	Rules []filterRule `xml:"Object>FilterRule"`
}

type filterRule struct{ Name, Value string }

func (t topicConfiguration) rules() []filterRule {
	if t.Filter == nil {
		return nil
	}
	return t.Filter.Rules
}

// value is what the keys of objects begin or end with; "" when that is open.
func (t topicConfiguration) value(name string) string {
	for _, rule := range t.rules() {
		if rule.Name == name {
			return rule.Value
		}
	}
	return ""
}

// overlaps tells that there can be an event that two configurations are for.
func (t topicConfiguration) overlaps(other topicConfiguration) bool {
	prefix, prefix2 := t.value("prefix"), other.value("prefix")
	suffix, suffix2 := t.value("suffix"), other.value("suffix")
	return (strings.HasPrefix(prefix, prefix2) || strings.HasPrefix(prefix2, prefix)) &&
		(strings.HasSuffix(suffix, suffix2) || strings.HasSuffix(suffix2, suffix)) &&
		slices.ContainsFunc(t.Events, func(event string) bool {
			return slices.ContainsFunc(other.Events, func(event2 string) bool { return covers(event, event2) || covers(event2, event) })
		})
}

// covers tells that an event is another, or a wildcard for it.
func covers(event, other string) bool {
	sort, all := strings.CutSuffix(event, "*")
	return event == other || all && strings.HasPrefix(other, sort)
}

var notificationEvents = []string{
	"ObjectCreated:*", "ObjectCreated:Put", "ObjectCreated:Post", "ObjectCreated:Copy", "ObjectCreated:CompleteMultipartUpload",
	"ObjectRemoved:*", "ObjectRemoved:Delete", "ObjectRemoved:DeleteMarkerCreated",
}

// readNotification checks that there are such topics: a message is sent to each at once.
func readNotification(o *obsService, r *obsRequest, b *bucket) (string, error) {
	if r.dialect.s3() {
		return "", refuseOBS(http.StatusNotImplemented, "NotImplemented", "A header you provided implies functionality that is not implemented.")
	}
	in, err := unmarshalXML[notificationDocument](r.body)
	if err != nil {
		return "", err
	}
	switch {
	case len(in.Topics) == 0:
		return "", nil
	case len(in.Topics) > 100:
		return "", errMalformedXML
	}
	ids := map[string]bool{}
	for i := range in.Topics {
		topic := &in.Topics[i]
		if topic.ID == "" {
			topic.ID = o.ids.hex()
		}
		if o.smn.topics.get("", topic.Topic) == nil {
			return "", badArgument("Unable to validate the following destination configurations: %s", topic.Topic)
		}
		if !strings.HasPrefix(topic.Topic, "urn:smn:"+b.Region+":") {
			return "", badArgument("The notification destination service region is not valid for the bucket location constraint")
		}
		if ids[topic.ID] || len(topic.Events) == 0 {
			return "", badArgument("Configurations have unique ids and at least one event.")
		}
		ids[topic.ID] = true
		for _, event := range topic.Events {
			if !slices.Contains(notificationEvents, event) {
				return "", badArgument("The event %q is not supported for notifications", event)
			}
		}
		names := map[string]bool{}
		for _, rule := range topic.rules() {
			if rule.Name != "prefix" && rule.Name != "suffix" || names[rule.Name] || rule.Value == "" || len(rule.Value) > 1024 {
				return "", badArgument("A filter has one prefix and one suffix at most, of 1 to 1024 characters")
			}
			names[rule.Name] = true
		}
		if slices.ContainsFunc(in.Topics[:i], topic.overlaps) {
			return "", badArgument("Configurations overlap. Configurations on the same bucket cannot share a common event type.")
		}
	}
	return kept(in), nil
}

// Who pays

func readPayer(_ *obsService, r *obsRequest, _ *bucket) (string, error) {
	in, err := unmarshalXML[struct {
		XMLName xml.Name `xml:"RequestPaymentConfiguration"`
		Payer   string
	}](r.body)
	if err != nil {
		return "", err
	}
	if in.Payer != "BucketOwner" && in.Payer != "Requester" {
		return "", errMalformedXML
	}
	return kept(in), nil
}
