package sign

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the object storage has no other in its own dialect
	"encoding/base64"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// OBS holds the keys that requests to the object storage are signed with. Its signature is older than the others': it
// covers the resource, the words of the query that choose a part of it, and the headers of the service's own.
type OBS struct{ AccessKey, SecretKey, SecurityToken string }

const obsHeaders = "x-obs-"

// obsWords are the words of a query that are part of the resource, in lower case.
var obsWords = strings.Fields(`
	acl append attname backtosource bucketstatus cdnnotifyconfiguration cors customdomain delete deletebucket
	directcoldaccess encryption ignore-sign-in-query inventory length lifecycle location logging metadata
	mirrorbacktosource modify name notification object-lock partnumber policy policystatus position publicaccessblock
	quota rename replication requestpayment response-cache-control response-content-disposition
	response-content-encoding response-content-language response-content-type response-expires restore retention
	storageclass storageinfo storagepolicy tagging torrent truncate uploadid uploads versionid versioning versions
	website x-image-process x-image-save-bucket x-image-save-object x-oss-process`)

// Sign sets the Date, the security token if there is one, and the Authorization header. Every other header must be in
// place. The path is that of the resource, escaped, with the bucket first whether or not the URL has it in its host.
func (s OBS) Sign(r *http.Request, path string, at time.Time) error {
	if s.AccessKey == "" || s.SecretKey == "" {
		return errors.New("signing needs an access key and a secret key")
	}
	r.Header.Set("Date", at.UTC().Format(http.TimeFormat))
	r.Header.Del(obsHeaders + "security-token")
	if s.SecurityToken != "" {
		r.Header.Set(obsHeaders+"security-token", s.SecurityToken)
	}
	h := hmac.New(sha1.New, []byte(s.SecretKey))
	h.Write([]byte(obsText(r, path)))
	r.Header.Set("Authorization", "OBS "+s.AccessKey+":"+base64.StdEncoding.EncodeToString(h.Sum(nil)))
	return nil
}

// obsText is what is signed.
func obsText(r *http.Request, path string) string {
	var b strings.Builder
	for _, line := range []string{r.Method, r.Header.Get("Content-Md5"), r.Header.Get("Content-Type"), r.Header.Get("Date")} {
		b.WriteString(line + "\n")
	}
	own := map[string]string{}
	for name, values := range r.Header {
		if name = strings.ToLower(name); strings.HasPrefix(name, obsHeaders) {
			own[name] = strings.Join(values, ",")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		b.WriteString(name + ":" + strings.TrimSpace(own[name]) + "\n")
	}
	b.WriteString(path)
	query, separator := r.URL.Query(), "?"
	for _, word := range slices.Sorted(maps.Keys(query)) {
		lower := strings.ToLower(word)
		if !slices.Contains(obsWords, lower) && !strings.HasPrefix(lower, obsHeaders) {
			continue
		}
		b.WriteString(separator + word)
		if value := query.Get(word); value != "" {
			b.WriteString("=" + value)
		}
		separator = "&"
	}
	return b.String()
}

// WordQuery writes a query sorted by key. A key without a value is a word by itself: "lifecycle", not "lifecycle=".
func WordQuery(query url.Values) string {
	var pairs []string
	for pair := range strings.SplitSeq(CanonicalQuery(query), "&") {
		pairs = append(pairs, strings.TrimSuffix(pair, "="))
	}
	return strings.Join(pairs, "&")
}

// EscapeKey escapes the key of an object for a path, in which its slashes stay.
func EscapeKey(key string) string { return strings.ReplaceAll(escape(key), "%2F", "/") }
