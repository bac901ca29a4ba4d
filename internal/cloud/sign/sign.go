// Package sign writes the signatures that the cloud accepts on requests made with access keys.
//
// All forms sign the same canonical request: method, path, query, headers and the hash of the body. They differ in the
// key and in what they say of its scope.
package sign

import (
	"cmp"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Form is one of the signatures.
type Form string

// The forms of the signature.
const (
	Plain   Form = ""        // SDK-HMAC-SHA256 with the secret key itself
	Derived Form = "derived" // V11-HMAC-SHA256 with a key derived for a day, a region and a service
	Legacy  Form = "legacy"  // SDK-HMAC-SHA256 as older documents have it, with a key derived for a day, a region and a service
)

// Forms are the forms that a Signer knows.
var Forms = []Form{Plain, Derived, Legacy}

// Headers that signing reads or writes.
const (
	DateHeader    = "X-Sdk-Date"
	ContentHeader = "X-Sdk-Content-Sha256" // stands in for the hash of the body when it is there
)

const (
	longDate  = "20060102T150405Z"
	shortDate = "20060102"
)

// Signer holds a pair of keys and, for the forms with a scope, what they are to be used for.
type Signer struct {
	AccessKey, SecretKey string
	Form                 Form
	Region, Service      string // Derived and Legacy only
}

// Sign sets the date and the Authorization header of a request with this body. Every other header must be in place:
// all of r.Header is signed except Content-Type and names with an underscore. The host is signed when r.Header has a
// Host, with the host that net/http will send whatever that header's value is.
//
// A body that is neither JSON nor BSON by its Content-Type is not signed.
func (s Signer) Sign(r *http.Request, body []byte, at time.Time) error {
	if s.AccessKey == "" || s.SecretKey == "" {
		return errors.New("signing needs an access key and a secret key")
	}
	if s.Form != Plain && (s.Region == "" || s.Service == "") {
		return fmt.Errorf("the %s signature needs a region and a service", s.Form)
	}
	at = at.UTC()
	r.Header.Del("Authorization")
	r.Header.Set(DateHeader, at.Format(longDate))
	if kind := r.Header.Get("Content-Type"); kind != "" && !strings.Contains(kind, "application/json") && !strings.Contains(kind, "application/bson") {
		r.Header.Set(ContentHeader, "UNSIGNED-PAYLOAD")
	}

	names, headers := canonicalHeaders(r)
	hash := cmp.Or(r.Header.Get(ContentHeader), hexHash(body))
	request := hexHash([]byte(strings.Join([]string{
		r.Method, canonicalPath(r.URL), CanonicalQuery(r.URL.Query()), headers, strings.Join(names, ";"), hash,
	}, "\n")))

	algorithm, credential, signature := "SDK-HMAC-SHA256", "Access="+s.AccessKey, ""
	switch s.Form {
	case Plain:
		signature = hexMAC([]byte(s.SecretKey), algorithm, at.Format(longDate), request)
	case Derived:
		algorithm = "V11-HMAC-SHA256"
		scope := strings.Join([]string{at.Format(shortDate), s.Region, s.Service}, "/")
		key, err := hkdf.Key(sha256.New, []byte(s.SecretKey), []byte(s.AccessKey), scope, sha256.Size)
		if err != nil {
			return fmt.Errorf("deriving the signing key: %w", err)
		}
		credential = "Credential=" + s.AccessKey + "/" + scope
		signature = hexMAC([]byte(hex.EncodeToString(key)), algorithm, at.Format(longDate), scope, request)
	case Legacy:
		steps := []string{at.Format(shortDate), s.Region, s.Service, "sdk_request"}
		key := []byte("SDK" + s.SecretKey)
		for _, step := range steps {
			key = mac(key, step)
		}
		scope := strings.Join(steps, "/")
		credential = "Credential=" + s.AccessKey + "/" + scope
		signature = hexMAC(key, algorithm, at.Format(longDate), scope, request)
	default:
		return fmt.Errorf("unknown signature %q", s.Form)
	}
	r.Header.Set("Authorization", fmt.Sprintf("%s %s, SignedHeaders=%s, Signature=%s", algorithm, credential, strings.Join(names, ";"), signature))
	return nil
}

// canonicalHeaders returns the names of the headers that are signed, in order, and a line for each of their values.
func canonicalHeaders(r *http.Request) (names []string, lines string) {
	signed := map[string][]string{}
	for name, values := range r.Header {
		name = strings.ToLower(name)
		if !strings.HasPrefix(name, "content-type") && !strings.Contains(name, "_") {
			signed[name] = append(signed[name], values...)
		}
	}
	if _, ok := signed["host"]; ok {
		signed["host"] = []string{cmp.Or(r.Host, r.URL.Host)}
	}
	names = slices.Sorted(maps.Keys(signed))
	var b strings.Builder
	for _, name := range names {
		slices.Sort(signed[name])
		for _, value := range signed[name] {
			b.WriteString(name + ":" + strings.TrimSpace(value) + "\n")
		}
	}
	return names, b.String()
}

// canonicalPath escapes every segment of the path as it is meant, however it was escaped before, and ends with a slash.
func canonicalPath(u *url.URL) string {
	segments := strings.Split(u.EscapedPath(), "/")
	for i, segment := range segments {
		// EscapedPath is always well escaped.
		segments[i], _ = url.PathUnescape(segment)
		segments[i] = escape(segments[i])
	}
	path := strings.Join(segments, "/")
	if !strings.HasSuffix(path, "/") {
		path += "/"
	}
	return path
}

// CanonicalQuery writes a query as it is signed: sorted by key and then by value, blanks as %20. A request that is sent
// with this very query leaves the service nothing to interpret.
func CanonicalQuery(query url.Values) string {
	var pairs []string
	for _, key := range slices.Sorted(maps.Keys(query)) {
		for _, value := range slices.Sorted(slices.Values(query[key])) {
			pairs = append(pairs, escape(key)+"="+escape(value))
		}
	}
	return strings.Join(pairs, "&")
}

// escape percent-encodes every byte that RFC 3986 does not call unreserved.
func escape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', '0' <= c && c <= '9', strings.IndexByte("-_.~", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func mac(key []byte, message string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(message))
	return h.Sum(nil)
}

func hexMAC(key []byte, lines ...string) string {
	return hex.EncodeToString(mac(key, strings.Join(lines, "\n")))
}

func hexHash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
