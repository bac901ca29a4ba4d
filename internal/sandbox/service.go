package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// service is one API of the cloud: a name, its routes, and the dialect of its refusals.
type service struct {
	name    string // vpc: the first segment of the path, or the first label of the host
	global  bool   // bound to no region and no project
	routes  []route
	first   []route                      // routes that win where http.ServeMux could not tell which of two is meant
	open    map[string]bool              // patterns that need no credentials
	invalid string                       // the code for a body or a query that cannot be understood
	shape   func(*request, *refusal) any // the body of a refusal
	muxes   []*http.ServeMux             // of first, and of routes

	native *native // nil for a service of the public cloud

	// serve carries out a request in place of routes, and sees to who sends it.
	serve func(*request) (status int, body any, err error)
}

// route is one operation of a service.
type route struct {
	pattern string                      // "POST /v1/{project_id}/vpcs", as http.ServeMux has it
	status  int                         // of the answer when nothing is refused
	do      func(*request) (any, error) // the answer's body, nil for none, or a *refusal
}

// withStatus is an operation's answer that does not have its route's status.
type withStatus struct {
	status int
	body   any
}

// request is one call of an operation by somebody who may call it.
type request struct {
	*http.Request        // PathValue and URL.Query are what operations use; the path has no service prefix
	id            string // the answer's X-Request-Id
	path          string // as it was sent, escaped: this is what is signed
	hosted        bool   // the host names a bucket, which is in the path now
	query         url.Values
	body          []byte
	header        http.Header // of the answer, for what is not in its body
	service       *service    // nil if there is none of that name
	region        string      // by the host name; "" if that does not tell
	caller        *caller     // nil only for open operations
	project       *project    // nil only in global services; on OpenStack the token's, without an ID if it is for none
	minor         int         // of the microversion, where a service has them
}

// refusal is an operation's "no". Its body is in the service's dialect, or the gateway's.
type refusal struct {
	status  int
	code    string
	message string
	gateway bool
}

func (f *refusal) Error() string { return fmt.Sprintf("%d %s: %s", f.status, f.code, f.message) }

// refuse makes a refusal in the dialect of the request's service.
func refuse(status int, code, format string, args ...any) error {
	return &refusal{status: status, code: code, message: fmt.Sprintf(format, args...)}
}

// refuseGateway makes a refusal by the gateway that stands in front of all services.
func refuseGateway(status int, code, format string, args ...any) error {
	return &refusal{status: status, code: code, message: fmt.Sprintf(format, args...), gateway: true}
}

func noSuchAPI() error {
	return refuseGateway(http.StatusNotFound, "APIGW.0101", "The API does not exist or has not been published in the environment")
}

// The dialects that more than one service speaks.

// codeMessage is {"code","message"}.
func codeMessage(_ *request, f *refusal) any {
	return map[string]any{"code": f.code, "message": f.message}
}

// errorCodeMsg is {"error_code","error_msg","request_id"}.
func errorCodeMsg(r *request, f *refusal) any {
	return map[string]any{"error_code": f.code, "error_msg": f.message, "request_id": r.id}
}

// errorObject is {"error":{"code","message"}}.
func errorObject(_ *request, f *refusal) any {
	return map[string]any{"error": map[string]any{"code": f.code, "message": f.message}}
}

// addService makes a service answer. Conflicting routes panic.
func (s *Sandbox) addService(v *service) {
	for _, routes := range [][]route{v.first, v.routes} {
		mux := http.NewServeMux()
		for _, t := range routes {
			mux.Handle(t.pattern, routeHandler{t})
		}
		v.muxes = append(v.muxes, mux)
	}
	s.services[v.name] = v
}

// routeHandler lets a ServeMux find routes: it is looked up, and served only so that the path's values are filled in.
type routeHandler struct{ route }

func (routeHandler) ServeHTTP(http.ResponseWriter, *http.Request) {}

// match is the operation that a request means, and the mux that knows it; nil if there is none.
func (v *service) match(h *http.Request) (*http.ServeMux, routeHandler) {
	for _, mux := range v.muxes {
		if found, _ := mux.Handler(h); found != nil {
			if t, ok := found.(routeHandler); ok {
				return mux, t
			}
		}
	}
	return nil, routeHandler{}
}

// find looks up the operation and fills in the path's values. A path that exists under another method is a 405.
func (v *service) find(r *request) (route, error) {
	if mux, found := v.match(r.Request); mux != nil {
		mux.ServeHTTP(nil, r.Request)
		return found.route, nil
	}
	if v.native != nil {
		return route{}, noSuchPath()
	}
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		other := r.Clone(r.Context())
		other.Method = method
		if mux, _ := v.match(other); mux != nil {
			return route{}, refuseGateway(http.StatusMethodNotAllowed, "APIGW.0103", "The requested method %s is not supported by the API", r.Method)
		}
	}
	return route{}, noSuchAPI()
}

// newRequest reads the body and finds out which service and region are meant: by the host (vpc.cn-north-4.example.com)
// or else by the first segment of the path (/vpc/v1/...).
func (s *Sandbox) newRequest(h *http.Request) (*request, error) {
	body, err := io.ReadAll(h.Body)
	if err != nil {
		return nil, err
	}
	r := &request{
		Request: h.Clone(h.Context()),
		id:      randomHex(16),
		path:    h.URL.EscapedPath(),
		query:   h.URL.Query(),
		body:    body,
		header:  http.Header{},
	}
	if bucket, host, ok := strings.Cut(h.Host, ".obs."); ok {
		r.service, r.hosted = s.services["obs"], true
		r.URL.RawPath = "/" + bucket + r.path
		r.URL.Path = "/" + bucket + r.URL.Path
		region, _, _ := strings.Cut(host, ".")
		if _, ok := regions[region]; ok {
			r.region = region
		}
		return r, nil
	}
	labels := strings.Split(h.Host, ".")
	if len(labels) > 1 {
		if r.service = s.services[labels[0]]; r.service != nil {
			if _, ok := regions[labels[1]]; ok {
				r.region = labels[1]
			}
			return r, nil
		}
	}
	first, rest, _ := strings.Cut(strings.TrimPrefix(r.path, "/"), "/")
	if signsAsOBS(h.Header) && first != "obs" { // its path begins with the bucket
		r.service = s.services["obs"]
		return r, nil
	}
	if r.service = s.services[first]; r.service != nil {
		r.URL.RawPath = "/" + rest
		if r.URL.Path, err = url.PathUnescape(r.URL.RawPath); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// url is the address of a service as this client sees it: by host if that is how it called, else by path.
func (r *request) url(service string) string {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	if r.service != nil && r.path == r.URL.EscapedPath() {
		return scheme + service + strings.TrimPrefix(r.Host, r.service.name)
	}
	return scheme + r.Host + "/" + service
}

// route names the request as the log and faults do: with the service's prefix whichever way it was sent.
func (r *request) route() string {
	if r.service == nil {
		return r.path
	}
	return "/" + r.service.name + r.URL.EscapedPath()
}

// decode reads the body into a struct. What the struct does not know is ignored, as the real cloud does; what has the
// wrong type is refused.
func (r *request) decode(into any) error {
	err := json.Unmarshal(r.body, into)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return refuse(http.StatusBadRequest, r.service.invalid, "Invalid input for field/attribute %s: %s is not of type %s", wrong.Field, wrong.Value, wrong.Type)
	}
	if err != nil {
		return refuse(http.StatusBadRequest, r.service.invalid, "The request body is invalid: %v", err)
	}
	return nil
}

// queryInt is a query parameter as a number from least to most; def if it is absent.
func (r *request) queryInt(name string, def, least, most int) (int, error) {
	text := r.query.Get(name)
	if text == "" {
		return def, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, refuse(http.StatusBadRequest, r.service.invalid, "Invalid query parameter %s=%s: an integer from %d to %d is expected", name, text, least, most)
	}
	return n, nil
}

// markerPage is the page that follows ?marker= in the order of ids, ?limit= long, and the marker of the next page ("" if
// this is the last). A page is stable while others create and delete.
func markerPage[T any](r *request, objects []*T, def, most int) (page []*T, next string, err error) {
	limit, err := r.queryInt("limit", def, 0, most)
	if err != nil {
		return nil, "", err
	}
	objects = slices.Clone(objects)
	slices.SortFunc(objects, func(a, b *T) int { return strings.Compare(head(a).ID, head(b).ID) })
	if marker := r.query.Get("marker"); marker != "" {
		objects = slices.DeleteFunc(objects, func(o *T) bool { return head(o).ID <= marker })
	}
	if len(objects) > limit {
		objects = objects[:limit]
		if limit > 0 {
			next = head(objects[limit-1]).ID
		}
	}
	return objects, next, nil
}

// offsetPage is the page that starts at ?offset=, ?limit= long, in the order given.
func offsetPage[T any](r *request, objects []T, def, most int) ([]T, error) {
	limit, err := r.queryInt("limit", def, 0, most)
	if err != nil {
		return nil, err
	}
	offset, err := r.queryInt("offset", 0, 0, 1<<31-1)
	if err != nil {
		return nil, err
	}
	begin := min(offset, len(objects))
	return objects[begin:min(begin+limit, len(objects))], nil
}

// views turns objects into the form in which an answer shows them; never nil, so that an empty list is [].
func views[T, V any](objects []*T, view func(*T) V) []V {
	out := make([]V, 0, len(objects))
	for _, o := range objects {
		out = append(out, view(o))
	}
	return out
}

// reply is what goes back to the client.
type reply struct {
	status int
	header http.Header
	body   []byte
	cut    cut
}

// cut says how much of an answer gets lost on its way.
type cut int

const (
	cutNothing cut = iota
	cutHalf
	cutAll
)

func answered(r *request, status int, body any) reply {
	a := reply{status: status, header: r.header}
	a.header.Set("X-Request-Id", r.id)
	if body == nil {
		return a
	}
	if text, ok := body.(raw); ok {
		a.body = text.text
		a.header.Set("Content-Type", text.kind)
		return a
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		panic(err) // a body is made of the package's own types
	}
	a.body = bytes.TrimSuffix(text.Bytes(), []byte("\n"))
	a.header.Set("Content-Type", "application/json;charset=utf-8")
	return a
}

func refused(r *request, err error) reply {
	f, ok := errors.AsType[*refusal](err)
	if !ok {
		f = &refusal{status: http.StatusInternalServerError, code: "APIGW.0201", message: err.Error(), gateway: true}
	}
	shape := errorCodeMsg
	switch {
	case r.service == nil:
	case !f.gateway:
		shape = r.service.shape
	case r.service.native != nil:
		shape = r.service.native.shape
	}
	return answered(r, f.status, shape(r, f))
}

// write sends the answer, or as much of it as the cut leaves.
func (a reply) write(w http.ResponseWriter) {
	if a.cut == cutAll {
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), a.header)
	if w.Header().Get("Content-Length") == "" { // an answer to HEAD says what GET would bring
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	if a.cut == cutHalf {
		_, _ = w.Write(a.body[:len(a.body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(a.body) // a client that has gone away misses nothing
}
