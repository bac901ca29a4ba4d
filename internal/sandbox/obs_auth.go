package sandbox

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the dialects sign with it
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// dialect is how a client of the object storage speaks: which headers are the service's own, and what classes are called.
type dialect struct {
	prefix  string            // of headers: "X-Obs-" or "X-Amz-"
	classes map[string]string // the service's words for storage classes by the dialect's; nil where they are the same
}

var (
	dialectOBS = dialect{prefix: "X-Obs-"}
	dialectS3  = dialect{prefix: "X-Amz-", classes: map[string]string{"STANDARD_IA": "WARM", "GLACIER": "COLD"}}
)

// dialectOf is told by the name of the signature.
func dialectOf(h http.Header) dialect {
	if strings.HasPrefix(h.Get("Authorization"), "AWS") {
		return dialectS3
	}
	return dialectOBS
}

func (d dialect) s3() bool { return d.classes != nil }

// space is the namespace of documents.
func (d dialect) space() string {
	if d.s3() {
		return "http://s3.amazonaws.com/doc/2006-03-01/"
	}
	return "http://obs.myhwclouds.com/doc/2015-06-30/"
}

// class is a storage class in the service's words.
func (d dialect) class(word string) string {
	if class, ok := d.classes[word]; ok {
		return class
	}
	return word
}

// word is a storage class in the dialect's words.
func (d dialect) word(class string) string {
	for word, known := range d.classes {
		if known == class {
			return word
		}
	}
	return class
}

// signsAsOBS tells that a request is for the object storage, for no other service has its signatures.
func signsAsOBS(h http.Header) bool {
	scheme, _, _ := strings.Cut(h.Get("Authorization"), " ")
	return scheme == "OBS" || scheme == "AWS" || scheme == algorithmV4
}

const algorithmV4 = "AWS4-HMAC-SHA256"

// identify finds out who sends a request.
func (o *obsService) identify(r *obsRequest) (*caller, error) {
	scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	var id string
	var verify func(secret string) error
	switch scheme {
	case "OBS", "AWS":
		var signature string
		id, signature, _ = strings.Cut(rest, ":")
		verify = func(secret string) error { return r.verifyV2(secret, signature) }
	case algorithmV4:
		sig, err := parseSignature(http.Header{"Authorization": {strings.Replace(r.Header.Get("Authorization"), algorithmV4, algorithmSDK, 1)}})
		if err != nil {
			return nil, refuseOBS(http.StatusBadRequest, "AuthorizationHeaderMalformed", "The authorization header you provided is invalid: %v", err)
		}
		id = sig.accessKey
		verify = func(secret string) error { return r.verifyV4(secret, sig) }
	default:
		return nil, errDenied // nobody may do anything
	}
	key := o.iam.keys.get("", id)
	now := time.Now()
	switch {
	case key == nil:
		return nil, refuseOBS(http.StatusForbidden, "InvalidAccessKeyId", "The access key Id you provided does not exist in our records.")
	case key.SecurityToken != r.own("Security-Token"), !key.ExpiresAt.IsZero() && !key.ExpiresAt.After(now):
		return nil, refuseOBS(http.StatusForbidden, "InvalidAccessKeyId", "The security token is invalid or has expired.")
	}
	if err := verify(key.Secret); err != nil {
		return nil, err
	}
	c := key.Grant.caller(o.iam)
	if c == nil {
		return nil, errDenied
	}
	return c, nil
}

var errWrongSignature = refuseOBS(http.StatusForbidden, "SignatureDoesNotMatch",
	"The request signature we calculated does not match the signature you provided. Check your key and signing method.")

// signedWords are the parameters that are part of what the second version of the signature covers.
var signedWords = slices.Concat(obsWords, strings.Fields(`
	versionId partNumber torrent backtosource name rename truncate length position attname retention metadata deletebucket
	response-content-type response-content-language response-expires response-cache-control response-content-disposition
	response-content-encoding x-image-process policyStatus bucketStatus`))

// verifyV2 checks the signature of the second version, which both dialects have.
func (r *obsRequest) verifyV2(secret, signature string) error {
	prefix := strings.ToLower(r.dialect.prefix)
	date, at := r.Header.Get("Date"), r.Header.Get("Date")
	if own := r.own("Date"); own != "" {
		date, at = "", own
	}
	if err := fresh(at, http.TimeFormat); err != nil {
		return err
	}
	var text strings.Builder
	for _, line := range []string{r.Method, r.Header.Get("Content-Md5"), r.Header.Get("Content-Type"), date} {
		text.WriteString(line + "\n")
	}
	own := map[string]string{}
	for name, values := range r.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, prefix) {
			own[lower] = strings.TrimSpace(strings.Join(values, ","))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		text.WriteString(name + ":" + own[name] + "\n")
	}
	text.WriteString(r.resource())
	separator := "?"
	for _, name := range slices.Sorted(maps.Keys(r.query)) {
		if !slices.Contains(signedWords, name) && !strings.HasPrefix(strings.ToLower(name), prefix) {
			continue
		}
		text.WriteString(separator + name)
		if value := r.query.Get(name); value != "" {
			text.WriteString("=" + value)
		}
		separator = "&"
	}
	h := hmac.New(sha1.New, []byte(secret))
	h.Write([]byte(text.String()))
	if !hmac.Equal([]byte(base64.StdEncoding.EncodeToString(h.Sum(nil))), []byte(signature)) {
		return errWrongSignature
	}
	return nil
}

// resource is the path that is signed: with the bucket, whether it came in the host or in the path, and a slash after the
// one that came in the host.
func (r *obsRequest) resource() string {
	path := "/" + r.bucket
	if r.key != "" || r.hosted {
		path += "/"
	}
	return path + strings.ReplaceAll(escape(r.key), "%2F", "/")
}

// verifyV4 checks the signature of the fourth version.
func (r *obsRequest) verifyV4(secret string, sig signature) error {
	date := r.own("Date")
	if at, err := http.ParseTime(r.Header.Get("Date")); date == "" && err == nil {
		date = at.UTC().Format(dateFormat)
	}
	if err := fresh(date, dateFormat); err != nil {
		return err
	}
	hash := r.own("Content-Sha256")
	switch {
	case strings.HasPrefix(hash, "STREAMING-"):
		return refuseOBS(http.StatusNotImplemented, "NotImplemented", "A header you provided implies functionality that is not implemented.")
	case hash != "UNSIGNED-PAYLOAD" && hash != sha256Hex(r.body):
		return refuseOBS(http.StatusBadRequest, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.")
	}
	var headers strings.Builder
	for _, name := range sig.headers {
		value := strings.Join(r.Header.Values(name), ",")
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = strconv.Itoa(len(r.body))
		}
		headers.WriteString(name + ":" + strings.TrimSpace(value) + "\n")
	}
	canonical := strings.Join([]string{
		r.Method, r.path, canonicalQuery(r.URL.RawQuery), headers.String(), strings.Join(sig.headers, ";"), hash,
	}, "\n")
	toSign := strings.Join([]string{algorithmV4, date, sig.scope, sha256Hex([]byte(canonical))}, "\n")
	key := []byte("AWS4" + secret)
	for part := range strings.SplitSeq(sig.scope, "/") {
		key = hmacSHA256(key, part)
	}
	if !strings.HasPrefix(sig.scope, date[:len("20060102")]+"/") || !hmac.Equal([]byte(hex.EncodeToString(hmacSHA256(key, toSign))), []byte(sig.value)) {
		return errWrongSignature
	}
	return nil
}

// fresh refuses what was signed long ago.
func fresh(date, layout string) error {
	at, err := time.Parse(layout, date)
	if err != nil {
		return refuseOBS(http.StatusForbidden, "AccessDenied", "The request has no valid date.")
	}
	if skew := time.Since(at); skew > clockSkew || skew < -clockSkew {
		return refuseOBS(http.StatusForbidden, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.")
	}
	return nil
}
