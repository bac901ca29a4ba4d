package transport

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

const masked = "***"

// secretKeys name a secret when they are part of a key, and secretNames when they are the whole of it; both in lower
// case and without punctuation.
var (
	secretKeys = []string{
		"passw", "passphrase", "adminpass", "secret", "token", "userdata", "privatekey", "authkey", "accesskey",
		"authorization", "cookie",
	}
	secretNames = []string{"access", "pass", "pwd", "contents", "signature"} // contents: of the files in personality
)

var punctuation = strings.NewReplacer("_", "", "-", "", ".", "", ":", "", " ", "")

func isSecret(key string) bool {
	key = punctuation.Replace(strings.ToLower(key))
	return slices.Contains(secretNames, key) || slices.ContainsFunc(secretKeys, func(part string) bool { return strings.Contains(key, part) })
}

// Mask hides secrets: what stands under a key that names one, at any depth, and given values wherever they stand.
type Mask struct {
	values *strings.Replacer
	keys   []string
}

// NewMask hides these values, also in base64, escaped for JSON and escaped for URLs, and what stands under these keys,
// beside what keys betray.
func NewMask(secrets []string, keys ...string) Mask {
	var forms []string
	for _, secret := range secrets {
		quoted, _ := json.Marshal(secret) // a string always marshals
		unquoted := strings.Trim(encode(secret), `"`)
		for _, form := range []string{
			secret, string(quoted[1 : len(quoted)-1]), unquoted, url.QueryEscape(secret), url.PathEscape(secret),
			base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawStdEncoding.EncodeToString([]byte(secret)),
			base64.URLEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
		} {
			if form != "" {
				forms = append(forms, form)
			}
		}
	}
	// A replacer takes the first pattern that fits: the longest has to come first, lest a part of it stays.
	slices.SortFunc(forms, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) })
	var pairs []string
	for _, form := range slices.Compact(forms) {
		pairs = append(pairs, form, masked)
	}
	return Mask{strings.NewReplacer(pairs...), keys}
}

// Text hides the values in any text.
func (m Mask) Text(s string) string { return m.values.Replace(s) }

// Header hides the value of a header by its name, and the values in it.
func (m Mask) Header(name, value string) string {
	if isSecret(name) {
		return masked
	}
	return m.Text(value)
}

// URL writes a URL without the secrets in its path, its query and its user.
func (m Mask) URL(u *url.URL) string {
	shown := *u
	if shown.User != nil {
		shown.User = url.User(masked)
	}
	if path := m.Text(u.Path); path != u.Path {
		shown.Path, shown.RawPath = path, ""
	}
	query, changed := url.Values{}, false
	for key, values := range u.Query() {
		for _, value := range values {
			hidden := m.Text(value)
			if isSecret(key) {
				hidden = masked
			}
			query.Add(m.Text(key), hidden)
			changed = changed || hidden != value
		}
	}
	if changed {
		shown.RawQuery = query.Encode()
	}
	return m.Text(strings.ReplaceAll(shown.String(), url.QueryEscape(masked), masked))
}

// JSON writes a JSON document without its secrets; it reports false for anything else.
func (m Mask) JSON(body []byte) (string, bool) {
	v, ok := decode(body)
	if !ok {
		return "", false
	}
	return m.Text(encode(m.value(v))), true
}

func (m Mask) value(v any) any {
	switch v := v.(type) {
	case map[string]any:
		shown := make(map[string]any, len(v))
		for key, member := range v {
			if member != nil && (isSecret(key) || slices.Contains(m.keys, key) || key == "value" && namesSecret(v)) {
				member = masked
			}
			shown[m.Text(key)] = m.value(member)
		}
		return shown
	case []any:
		for i := range v {
			v[i] = m.value(v[i])
		}
	case string:
		// Documents travel inside documents: policies, templates, user data.
		if inner, ok := decode([]byte(v)); ok {
			switch inner.(type) {
			case map[string]any, []any:
				return encode(m.value(inner))
			}
		}
		return m.Text(v)
	}
	return v
}

// namesSecret tells whether a {"key": ..., "value": ...} pair is of a secret.
func namesSecret(pair map[string]any) bool {
	for _, name := range []string{"key", "name"} {
		if s, ok := pair[name].(string); ok && isSecret(s) {
			return true
		}
	}
	return false
}

func decode(body []byte) (v any, ok bool) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	return v, json.Valid(body) && d.Decode(&v) == nil
}

func encode(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // what was decoded encodes, and so does a string
	return strings.TrimSuffix(b.String(), "\n")
}
