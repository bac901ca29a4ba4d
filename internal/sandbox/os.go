package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// Beside the public cloud the sandbox is an OpenStack cloud, with accounts, projects and objects of its own: whoever
// signs in at /identity gets a token, and the catalog in the answer names the others. What the servers have in common is
// here. Sources: the servers' own answers (Keystone 3.14, Cinder 3.70, Nova 2.93, Neutron, Glance 2.15, the Zed release),
// and https://docs.openstack.org/api-guide/compute/microversions.html.

// native is the mark of a service of the OpenStack cloud, and what the frame has to know of it.
type native struct {
	name  string   // of the server: cinder
	types []string // in the catalog: block-storage, volumev3
	root  string   // of its address there: /v3/{project_id}

	micro    string // the service's word in OpenStack-API-Version, "" if it has no microversions
	major    int    // 3 of 3.70
	least    int    // the least minor version, which is that of requests that name none
	most     int    // 70 of 3.70
	own      string // an older header that holds a version alone, "" for none
	lenient  bool   // another service's version in the header is passed over
	pages    bool   // 401 and unknown paths are told in HTML
	accepts  bool   // 401 and unknown paths are told in the form that the request accepts
	notFound any    // what is told of unknown paths, nil for what most servers tell
}

// admit finds out who sends a request and in which project, and which microversion is meant. An unknown path (missing)
// is told only to those who may ask.
func (n *native) admit(i *identityService, r *request, pattern string, missing error) error {
	r.header.Set("X-Openstack-Request-Id", "req-"+newIDSource(0).uuid())
	if missing == nil && r.service.open[pattern] {
		return n.negotiate(r)
	}
	c, p := i.caller(r.Header.Get("X-Auth-Token"))
	if c == nil {
		return unauthenticated(r)
	}
	r.caller, r.project = c, p
	if missing != nil {
		return missing
	}
	if err := n.negotiate(r); err != nil {
		return err
	}
	if id := r.PathValue("project_id"); id != "" && id != p.ID {
		return refuse(http.StatusBadRequest, "", "Malformed request url")
	}
	return nil
}

// unauthenticated is the answer to a request without a valid token, to wrong credentials, and to those who have no role
// in the project that they name.
func unauthenticated(r *request) error {
	r.header.Set("WWW-Authenticate", fmt.Sprintf("Keystone uri=%q", r.url("identity")+"/v3"))
	return refuseGateway(http.StatusUnauthorized, "", "The request you have made requires authentication.")
}

// noSuchPath is what a server answers before its API is reached.
func noSuchPath() error {
	return refuseGateway(http.StatusNotFound, "", "The resource could not be found.")
}

// shape is the body of a refusal by what stands before the API: the check of tokens, and the routes.
func (n *native) shape(r *request, f *refusal) any {
	title := http.StatusText(f.status)
	switch {
	case n.accepts:
		return webPage(r, f)
	case f.status == http.StatusNotFound && n.notFound != nil:
		return n.notFound
	case n.pages, f.status == http.StatusNotFound:
		head := fmt.Sprintf("%d %s", f.status, title)
		return raw{kind: "text/html; charset=UTF-8", text: []byte("<html>\n <head>\n  <title>" + head + "</title>\n </head>\n <body>\n  <h1>" + head + "</h1>\n  " + f.message + "\n </body>\n</html>")}
	}
	return map[string]any{"error": map[string]any{"code": f.status, "title": title, "message": f.message}}
}

var versionText = pattern.New(`^([1-9]\d*)\.(0|[1-9]\d*)$`)

// negotiate reads the microversion that a request asks for, and answers it in the header.
func (n *native) negotiate(r *request) error {
	if n.micro == "" {
		return nil
	}
	r.minor = n.least
	asked := ""
	if n.own != "" {
		asked = r.Header.Get(n.own)
	}
	for part := range strings.SplitSeq(r.Header.Get("OpenStack-API-Version"), ",") {
		fields := strings.Fields(part)
		switch {
		case len(fields) == 2 && fields[0] == n.micro:
			asked = fields[1]
		case len(fields) > 0 && !n.lenient:
			return refuse(http.StatusBadRequest, "", "The server could not comply with the request since it is either malformed or otherwise incorrect.")
		}
	}
	found := versionText.FindStringSubmatch(asked)
	switch {
	case asked == "":
	case asked == "latest":
		r.minor = n.most
	case found == nil:
		return refuse(http.StatusBadRequest, "", "API Version String %s is of invalid format. Must be of format MajorNum.MinorNum.", asked)
	default:
		major, _ := strconv.Atoi(found[1])
		minor, _ := strconv.Atoi(found[2])
		if major != n.major || minor < n.least || minor > n.most {
			n.tell(r, asked)
			return refuse(http.StatusNotAcceptable, "", "Version %s is not supported by the API. Minimum is %d.%d and maximum is %d.%d.", asked, n.major, n.least, n.major, n.most)
		}
		r.minor = minor
	}
	n.tell(r, fmt.Sprintf("%d.%d", n.major, r.minor))
	return nil
}

// tell puts a version into the header of the answer.
func (n *native) tell(r *request, version string) {
	r.header.Set("OpenStack-API-Version", n.micro+" "+version)
	r.header.Set("Vary", "OpenStack-API-Version")
	if n.own != "" {
		r.header.Set(n.own, version)
		r.header.Add("Vary", n.own)
	}
}

// since says whether the request's microversion is one that has what came with minor version n.
func (r *request) since(n int) bool { return r.minor >= n }

// admin says whether who sends the request is an administrator.
func (r *request) admin() bool { return slices.Contains(r.caller.Roles, "admin") }

// byAdmin is an operation that a policy leaves to administrators.
func byAdmin(policy string, do func(*request) (any, error)) func(*request) (any, error) {
	return func(r *request) (any, error) {
		if !r.admin() {
			return nil, disallowed(policy)
		}
		return do(r)
	}
}

// disallowed is how most servers tell that a policy does not let the caller do something.
func disallowed(policy string) error {
	return refuse(http.StatusForbidden, "", "Policy doesn't allow %s to be performed.", policy)
}

// linkPage is the page of objects, which are in order, that follows ?marker=, ?limit= long (most, if it says nothing or
// more), and the address of the next page. As the servers do, a page that is as long as ?limit= has a next one, be it
// empty. A marker that is not among the objects is told to unknown.
func linkPage[T any](r *request, objects []*T, most int, unknown func(marker string) error) (page []*T, next string, err error) {
	limit := most
	if text := r.query.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil {
			return nil, "", refuse(http.StatusBadRequest, "", "limit param must be an integer")
		}
		if limit < 0 {
			return nil, "", refuse(http.StatusBadRequest, "", "limit param must be positive")
		}
		limit = min(limit, most)
	}
	marker := r.query.Get("marker")
	rest, ok := after(objects, func(o *T) string { return head(o).ID }, marker)
	if !ok {
		return nil, "", unknown(marker)
	}
	page = rest[:min(limit, len(rest))]
	if len(page) > 0 && len(page) == limit {
		query := r.URL.Query()
		query.Set("marker", head(page[len(page)-1]).ID)
		next = r.url(r.service.name) + r.URL.EscapedPath() + "?" + query.Encode()
	}
	return page, next, nil
}

// paged is a list's answer, with the link to the next page if there is one: {"volumes": [...], "volumes_links": [...]}.
func paged(name string, list any, next string) map[string]any {
	out := map[string]any{name: list}
	if next != "" {
		out[name+"_links"] = []any{map[string]any{"rel": "next", "href": next}}
	}
	return out
}
