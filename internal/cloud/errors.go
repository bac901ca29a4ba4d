package cloud

import (
	"cmp"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Error is a request that failed: an answer of the cloud with an error status, or no answer at all (then Err is why).
type Error struct {
	Status      int    // HTTP status; 0 when there was no answer
	Code        string // the cloud's own code: "VPC.0601"
	Message     string // the cloud's words, cut when they are long
	RequestID   string
	Method, URL string
	FateUnknown bool     // the request may have been carried out: look before sending it again
	Err         error    // what the connection or the context said
	Refusal     *Refusal // by a policy of an OpenStack cloud; nil: it was something else

	astray bool // a 404 of what stands before the services: the API is not there, which says nothing of the object
}

// Error is one readable line.
func (e *Error) Error() string {
	parts := []string{e.Method + " " + e.URL}
	if e.Status != 0 {
		parts = append(parts, strings.TrimSpace(strconv.Itoa(e.Status)+" "+http.StatusText(e.Status)))
	}
	if e.Code != "" {
		parts = append(parts, e.Code)
	}
	if e.Message != "" {
		parts = append(parts, e.Message)
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	line := strings.Join(parts, ": ")
	if e.RequestID != "" {
		line += " (request id " + e.RequestID + ")"
	}
	if e.FateUnknown {
		line += "; it is not known whether the cloud carried it out"
	}
	return line
}

// Unwrap returns what the connection or the context said.
func (e *Error) Unwrap() error { return e.Err }

// AsError finds the Error in err.
func AsError(err error) (*Error, bool) { return errors.AsType[*Error](err) }

// IsNotFound tells whether the service answered that the object does not exist: a 404 and nothing else. A 404 of the
// gateway before the services means that the API does not exist, which says nothing of the object.
func IsNotFound(err error) bool {
	e, ok := AsError(err)
	return ok && e.Status == http.StatusNotFound && !strings.HasPrefix(e.Code, "APIGW.") && !e.astray
}

// unrouted is what all services of OpenStack clouds say of an address that they do not know.
const unrouted = "The resource could not be found."

// isAstray tells whether a 404 of an OpenStack cloud is none of an object: the services name what they do not find. A page
// with a title and nothing else is that of a server before them.
func isAstray(code, message string, body []byte) bool {
	switch code {
	case "", "HTTPNotFound":
		return message == unrouted || htmlTitle.Match(body) && !htmlText.Match(body)
	}
	return false
}

const maxMessage = 500 // bytes of an answer that are shown

// Where services put what they have to say, by keys in lower case and without underscores; the first that is there counts.
var (
	codeKeys      = []string{"errorcode", "errcode", "code", "type"}
	messageKeys   = []string{"errormsg", "errmsg", "errormessage", "message", "msg", "errordescription", "description", "detail", "title", "reason"}
	requestIDKeys = []string{"requestid", "traceid"}
)

// explain reads an error answer in any of the shapes that services use:
//
//	{"error_code", "error_msg"}, {"errCode", "errMsg"}, {"code", "message"}, the same below one more key as in {"error": {...}},
//	{"badRequest": {...}}, {"NeutronError": {...}}, {"error": "text"}, XML, HTML, text, nothing
func explain(response *http.Response, body []byte) (code, message, id string) {
	s := shape{status: strconv.Itoa(response.StatusCode), requestID: requestID(response.Header)}
	var document struct { // <Error>
		Code      string `xml:"Code"`
		Message   string `xml:"Message"`
		RequestID string `xml:"RequestId"`
	}
	if answer, err := decode(body); err == nil {
		s.read(answer, "", 0)
	} else if xml.Unmarshal(body, &document) == nil && document.Code != "" {
		s.code, s.message, s.requestID = document.Code, document.Message, cmp.Or(s.requestID, document.RequestID)
	} else if text := htmlText.FindSubmatch(body); text != nil {
		s.message = html.UnescapeString(string(text[1]))
	} else if title := htmlTitle.FindSubmatch(body); title != nil {
		s.message = html.UnescapeString(string(title[1]))
	}
	if s.message == "" && s.code == "" { // the answer to HEAD has headers only
		s.code, s.message = response.Header.Get("X-Obs-Error-Code"), cmp.Or(response.Header.Get("X-Obs-Error-Message"), string(body))
	}
	return s.code, shorten(s.message), s.requestID
}

var (
	htmlTitle = regexp.MustCompile(`(?is)<title>(.*?)</title>`)
	htmlText  = regexp.MustCompile(`(?is)</h1>\s*([^<\s][^<]*?)<br`) // as OpenStack's image service tells what is wrong
)

// shape collects what an answer says.
type shape struct{ status, code, message, requestID string }

// read looks at one level of an answer, and at the next one for what is not there.
func (s *shape) read(v any, key string, depth int) {
	switch v := v.(type) {
	case []any: // {"errors": [{...}]}
		if len(v) > 0 {
			s.read(v[0], key, depth)
		}
	case string:
		if key == "error" || key == "NeutronError" {
			s.message = cmp.Or(s.message, v)
		}
	case map[string]any:
		here := map[string]string{}
		for name, member := range v {
			switch member.(type) {
			case string, json.Number:
				here[strings.ReplaceAll(strings.ToLower(name), "_", "")] = fmt.Sprint(member)
			}
		}
		code := pick(here, codeKeys)
		if code == s.status || strings.HasPrefix(code, s.status+" ") { // told already, as in "404 Not Found"; in {"itemNotFound": {"code": 404}} the key tells more
			if code = key; key == "error" {
				code = ""
			}
		}
		s.code = cmp.Or(s.code, code)
		s.message = cmp.Or(s.message, pick(here, messageKeys))
		s.requestID = cmp.Or(s.requestID, pick(here, requestIDKeys))
		if depth < 2 && (s.code == "" || s.message == "") {
			for _, name := range slices.Sorted(maps.Keys(v)) {
				s.read(v[name], name, depth+1)
			}
		}
	}
}

func pick(members map[string]string, keys []string) string {
	for _, key := range keys {
		if members[key] != "" {
			return members[key]
		}
	}
	return ""
}

func requestID(h http.Header) string {
	return cmp.Or(h.Get("X-Request-Id"), h.Get("X-Obs-Request-Id"), h.Get("X-Openstack-Request-Id"), h.Get("X-Iam-Trace-Id"), h.Get("X-Compute-Request-Id"))
}

// lineBreaks are those of messages that were made for pages.
var lineBreaks = strings.NewReplacer("<br />", " ", "<br>", " ", "<br/>", " ")

// shorten makes one line of a text, and ends it where it gets long.
func shorten(text string) string {
	text = strings.Join(strings.Fields(lineBreaks.Replace(strings.ToValidUTF8(text, "?"))), " ")
	if len(text) <= maxMessage {
		return text
	}
	return strings.ToValidUTF8(text[:maxMessage], "") + "..."
}
