package sandbox

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// signature is what an Authorization header says. Three forms are in use:
//
//	SDK-HMAC-SHA256 Access=AK, SignedHeaders=a;b, Signature=hex
//	SDK-HMAC-SHA256 Credential=AK/date/region/service/sdk_request, SignedHeaders=a;b, Signature=hex
//	V11-HMAC-SHA256 Credential=AK/date/region/service, SignedHeaders=a;b, Signature=hex
type signature struct {
	algorithm string
	accessKey string
	scope     string // date/region/service[/sdk_request]; "" in the first form
	headers   []string
	value     string
}

const (
	algorithmSDK = "SDK-HMAC-SHA256"
	algorithmV11 = "V11-HMAC-SHA256"
	dateFormat   = "20060102T150405Z"
	clockSkew    = 15 * time.Minute
)

func parseSignature(h http.Header) (signature, error) {
	text := h.Get("Authorization")
	if text == "" {
		return signature{}, errors.New("x-auth-token not found")
	}
	algorithm, rest, _ := strings.Cut(text, " ")
	sig := signature{algorithm: algorithm}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "Access":
			sig.accessKey = value
		case "Credential":
			sig.accessKey, sig.scope, _ = strings.Cut(value, "/")
		case "SignedHeaders":
			sig.headers = strings.Split(strings.ToLower(value), ";")
		case "Signature":
			sig.value = value
		}
	}
	known := algorithm == algorithmSDK || algorithm == algorithmV11 && sig.scope != ""
	if !known || sig.accessKey == "" || sig.value == "" || len(sig.headers) == 0 {
		return signature{}, errors.New("authorization header is malformed")
	}
	return sig, nil
}

// verify checks the signature over a request. The path is signed as it was sent, with the service's prefix if it has one.
func (sig signature) verify(r *request, secret string, now time.Time) error {
	date := r.Header.Get("X-Sdk-Date")
	at, err := time.Parse(dateFormat, date)
	if err != nil {
		return errors.New("X-Sdk-Date is missing or malformed")
	}
	if skew := now.Sub(at); skew > clockSkew || skew < -clockSkew {
		return errors.New("signature expired")
	}
	if !slices.Contains(sig.headers, "x-sdk-date") {
		return errors.New("X-Sdk-Date is not signed")
	}
	if sig.scope != "" && !strings.HasPrefix(sig.scope, date[:len("20060102")]+"/") {
		return errors.New("the credential's date is not that of X-Sdk-Date")
	}
	want, err := sig.sign(canonicalRequest(r, sig.headers), date, secret)
	if err != nil {
		return err
	}
	if !hmac.Equal([]byte(want), []byte(sig.value)) {
		return errors.New("verify aksk signature fail")
	}
	return nil
}

// sign is the signature that the holder of the secret would make.
func (sig signature) sign(canonical, date, secret string) (string, error) {
	lines := []string{sig.algorithm, date}
	if sig.scope != "" {
		lines = append(lines, sig.scope)
	}
	toSign := strings.Join(append(lines, sha256Hex([]byte(canonical))), "\n")

	key := []byte(secret)
	switch {
	case sig.algorithm == algorithmV11:
		derived, err := hkdf.Key(sha256.New, []byte(secret), []byte(sig.accessKey), sig.scope, sha256.Size)
		if err != nil {
			return "", err
		}
		key = []byte(hex.EncodeToString(derived)) // the key is the hexadecimal text, not the bytes
	case sig.scope != "":
		key = []byte("SDK" + secret)
		for part := range strings.SplitSeq(sig.scope, "/") {
			key = hmacSHA256(key, part)
		}
	}
	return hex.EncodeToString(hmacSHA256(key, toSign)), nil
}

func canonicalRequest(r *request, signed []string) string {
	var headers strings.Builder
	for _, name := range signed {
		values := slices.Clone(r.Header.Values(name))
		if name == "host" {
			values = []string{r.Host}
		}
		slices.Sort(values)
		for _, v := range values {
			headers.WriteString(name + ":" + strings.TrimSpace(v) + "\n")
		}
	}
	hash := r.Header.Get("X-Sdk-Content-Sha256")
	if hash != "UNSIGNED-PAYLOAD" {
		hash = sha256Hex(r.body)
	}
	return strings.Join([]string{
		r.Method,
		canonicalPath(r.path),
		canonicalQuery(r.URL.RawQuery),
		headers.String(),
		strings.Join(signed, ";"),
		hash,
	}, "\n")
}

func canonicalPath(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if plain, err := url.PathUnescape(s); err == nil {
			segments[i] = escape(plain)
		}
	}
	path = strings.Join(segments, "/")
	if !strings.HasSuffix(path, "/") {
		path += "/"
	}
	return path
}

func canonicalQuery(raw string) string {
	query, _ := url.ParseQuery(raw) // what cannot be parsed is left out, and the signatures will differ
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(query)) {
		for _, v := range slices.Sorted(slices.Values(query[name])) {
			pairs = append(pairs, escape(name)+"="+escape(v))
		}
	}
	return strings.Join(pairs, "&")
}

// escape leaves letters, digits and -_.~ as they are.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

func sha256Hex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func hmacSHA256(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
