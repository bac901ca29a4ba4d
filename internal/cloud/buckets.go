package cloud

import (
	"cmp"
	"crypto/md5" //nolint:gosec // the object storage checks bodies by it
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/sign"
)

// The object storage speaks another dialect than all other services: XML, a signature of its own, no projects, and a host
// for each bucket. A request's path is "/", "/{bucket}" or "/{bucket}/{key}", whichever host it goes to.

// place is where a request goes: its URL, and the path that is signed.
func (c *Client) place(base *url.URL, path string, query url.Values) (u *url.URL, signed string, err error) {
	bucket, key, isObject := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if key, err = url.PathUnescape(key); err != nil {
		return nil, "", err
	}
	signed = "/" + bucket
	if isObject {
		signed += "/" + sign.EscapeKey(key)
	}
	address, rest := strings.TrimRight(base.String(), "/"), signed
	// A certificate for all buckets' hosts has no second dot, and the user's own endpoint is one host.
	if c.endpoint == nil && c.endpoints[OBS.Name] == nil && bucket != "" && !strings.Contains(bucket, ".") {
		address = base.Scheme + "://" + bucket + "." + base.Host
		rest = "/" + sign.EscapeKey(key)
		signed = "/" + bucket + rest
	}
	if u, err = url.Parse(address + rest); err != nil {
		return nil, "", err
	}
	u.RawQuery = sign.WordQuery(query)
	return u, signed, nil
}

// document is a body as the object storage takes it, and its type: XML, or as it is where it is a text (JSON, for policies)
// or bytes.
func document(body any) (content []byte, kind string, err error) {
	switch body := body.(type) {
	case map[string]any:
		content, err = encodeXML(body)
		return content, "application/xml", err
	case string:
		return []byte(body), "application/json", nil
	case []byte:
		return body, "", nil
	}
	return nil, "", fmt.Errorf("a %T is no body for the object storage", body)
}

func contentMD5(body []byte) string {
	sum := md5.Sum(body) //nolint:gosec // see above
	return base64.StdEncoding.EncodeToString(sum[:])
}

// metadata is where the headers that users make up begin.
const metadata = "x-obs-meta-"

// headersOf are the headers of an answer by their names in lower case, those of the user's own under "x-obs-meta-". They
// are all that an answer without a body has.
func headersOf(h http.Header) map[string]any {
	own := map[string]any{}
	headers := map[string]any{metadata: own}
	for name := range h {
		lower := strings.ToLower(name)
		if key, isOwn := strings.CutPrefix(lower, metadata); isOwn {
			own[key] = h.Get(name)
		} else {
			headers[lower] = h.Get(name)
		}
	}
	return headers
}

// elsewhere says of a redirection what it means: buckets are asked for in their own region.
func elsewhere(h http.Header, message string) string {
	where := cmp.Or(h.Get("X-Obs-Bucket-Region"), h.Get("X-Obs-Bucket-Location"), h.Get("Location"))
	if where != "" {
		where = " (" + where + ")"
	}
	return strings.TrimSpace("the bucket is in another region" + where + ": ask for it there. " + message)
}
