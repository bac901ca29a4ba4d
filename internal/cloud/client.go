// Package cloud is the shared client of the cloud's APIs: endpoints, signed requests, paging, jobs and one error type. It
// knows nothing of Terraform.
//
// A request is built, waits for its turn, is signed, logged and sent; what fails for a passing reason is repeated from
// there. The answer is decoded, or becomes an Error.
package cloud

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/auth"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/sign"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/transport"
)

// Config says where the cloud is, who asks, and how hard to try.
type Config struct {
	Region    string            // "": that of the profile that the credentials come from
	Cloud     string            // domain of the endpoints; "" is myhuaweicloud.com
	Endpoint  string            // one base URL for every service: {Endpoint}/{service}/...
	Endpoints map[string]string // base URL by service name; wins over Endpoint, and the service's name is not appended

	ProjectID, ProjectName string   // of Region; the projects of other regions are looked up by the region's name
	AllowedProjectIDs      []string // empty: any
	DomainID               string   // the account, sent to global services when known; "": that of Auth

	Credentials auth.Provider
	Auth        auth.Config // where to find credentials when Credentials is nil; the client fills in AuthURL and HTTP

	OpenStack bool   // the cloud speaks OpenStack's own APIs, and the catalog of the token tells where they are
	Interface string // which of the catalog's addresses: "public" (also when it is ""), "internal" or "admin"

	Signature string // "": SDK-HMAC-SHA256; "derived": V11-HMAC-SHA256; "legacy": the form of the older documents

	MaxRetries           int     // failed attempts that are repeated; throttled ones (429) are bounded by the context only
	MaxRequestsPerSecond float64 // of a service in a region; 0: no cap
	Insecure             bool    // any certificate, and plain http to hosts other than this one
	CACertFile           string  // PEM, beside the system's
	UserAgent            string

	Log func(ctx context.Context, message string, fields map[string]any) // wire log; nil: silent
}

// Client speaks to all services of one cloud. It is safe for concurrent use.
type Client struct {
	config      Config
	endpoints   map[string]*url.URL // those that are given, by service name
	endpoint    *url.URL            // of every other service, before its name; nil: the cloud's own hosts
	credentials auth.Provider
	send        http.RoundTripper

	projects answers // ids by region
	newest   answers // microversions by service and region
}

// New checks the configuration; it makes no request. The error names everything that is wrong.
func New(c Config) (*Client, error) {
	var err error
	if c.Credentials == nil {
		c.Auth.OpenStack = c.OpenStack
		if c.Auth, err = c.Auth.WithProfile(); err != nil {
			return nil, err
		}
		c.Region = cmp.Or(c.Region, c.Auth.Region)
		c.ProjectID = cmp.Or(c.ProjectID, c.Auth.ProjectID)
		c.ProjectName = cmp.Or(c.ProjectName, c.Auth.ProjectName)
		c.DomainID = cmp.Or(c.DomainID, c.Auth.DomainID)
		if n := len(c.Auth.AssumeRole); n > 0 {
			c.DomainID = c.Auth.AssumeRole[n-1].DomainID // who acts for an account acts in it
		}
	}
	c.Cloud = cmp.Or(c.Cloud, "myhuaweicloud.com")
	client := &Client{config: c, credentials: c.Credentials, endpoints: map[string]*url.URL{}}
	if err := client.check(); err != nil {
		return nil, err
	}
	connections, err := transport.Connections(c.CACertFile, c.Insecure)
	if err != nil {
		return nil, err
	}
	var wire http.RoundTripper = transport.Whole{Next: connections}
	if c.Log != nil {
		wire = transport.Log{Next: wire, Print: c.Log}
	}
	stack := func(next http.RoundTripper) http.RoundTripper {
		return transport.Retry{Next: transport.NewThrottle(next, c.MaxRequestsPerSecond), Max: c.MaxRetries}
	}
	client.send = stack(authorize{wire, client})
	if client.credentials == nil {
		if identity := client.identity(); identity != nil {
			c.Auth.AuthURL = cmp.Or(c.Auth.AuthURL, identity.String())
		}
		c.Auth.Region = cmp.Or(c.Auth.Region, c.Region)
		c.Auth.ProjectID = cmp.Or(c.Auth.ProjectID, c.ProjectID)
		c.Auth.ProjectName = cmp.Or(c.Auth.ProjectName, c.ProjectName)
		c.Auth.HTTP = cmp.Or(c.Auth.HTTP, &http.Client{Transport: stack(wire)})
		if client.credentials, err = auth.New(c.Auth); err != nil {
			return nil, err
		}
	}
	return client, nil
}

// Region is the region of requests that name none.
func (c *Client) Region() string { return c.config.Region }

// Request is one call of a service's API.
type Request struct {
	Service    *Service
	Region     string // "": the client's
	Method     string // "GET"
	Path       string // {project_id} is filled in by the client; everything else stands there already, escaped
	Query      url.Values
	Header     http.Header
	Body       any      // a [Content] is sent as it is; else it becomes JSON, or XML in the object storage, which also takes a text or bytes as they are; nil: none
	Idempotent bool     // a POST or PATCH that may be sent twice without harm, as GET, HEAD, PUT and DELETE always may
	Once       bool     // a PUT that must not be sent twice, for it adds
	OnlyNew    bool     // a create to which 201 is success, and 200 is [ErrExists]
	Text       bool     // the answer is a text, and not to be understood
	Version    string   // the microversion that it needs; "": the service's own
	Role       string   // that the usual policies of an OpenStack cloud ask for, to explain a refusal; "": any member's
	Secrets    []string // values that the wire log masks wherever they stand, beside its masking by key
	SecretKeys []string // further keys whose values it masks: of answers that are secret

	plain bool // without a microversion, which is what it asks for
}

// Content is a body that is sent as it is, and opened for each attempt to send it: of a file, no more is in memory than is
// being sent.
type Content struct {
	Open func() (io.ReadCloser, error)
	Size int64
}

// ErrExists is the error of a create that made nothing, for the object was there before. The answer comes with it.
var ErrExists = errors.New("the object was there before")

// Do sends a request and returns the answer's JSON with numbers as json.Number, nil when the body is empty. An answer in XML
// has the same shape; one of the object storage without a body is its headers. What goes wrong between here and the cloud, and what the cloud refuses, is
// an *Error.
func (c *Client) Do(ctx context.Context, r Request) (any, error) {
	request, err := c.build(ctx, r)
	if err != nil {
		return nil, err
	}
	mask := transport.NewMask(r.Secrets)
	failure := &Error{Method: request.Method, URL: mask.URL(request.URL)}

	response, err := c.send.RoundTrip(request)
	if err != nil {
		_, failure.FateUnknown = errors.AsType[*transport.FateUnknownError](err)
		failure.Err = err
		return nil, failure
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err // it is in memory already
	}
	failure.Status = response.StatusCode
	if response.StatusCode >= http.StatusMultipleChoices {
		failure.Code, failure.Message, failure.RequestID = explain(response, body)
		failure.Message = mask.Text(failure.Message)
		switch response.StatusCode {
		case http.StatusForbidden:
			failure.Refusal = c.refusal(ctx, r, failure.Message)
		case http.StatusNotFound:
			if failure.astray = r.Service.OpenStack() && isAstray(failure.Code, failure.Message, body); failure.astray {
				failure.Message = "the service has no such API at this address: " + failure.Message
			}
		case http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
			if r.Service.Buckets {
				failure.Message = elsewhere(response.Header, failure.Message)
			}
		case http.StatusBadGateway, http.StatusGatewayTimeout: // said by a gateway that does not know
			failure.FateUnknown = !transport.Repeatable(request)
		}
		return nil, failure
	}
	answer, err := r.understand(response, body)
	if err != nil {
		failure.RequestID = requestID(response.Header)
		failure.FateUnknown = !transport.Repeatable(request)
		failure.Err = err
		return nil, failure
	}
	if r.OnlyNew && response.StatusCode == http.StatusOK {
		return answer, ErrExists
	}
	return answer, nil
}

// understand reads the answer to a request.
func (r Request) understand(response *http.Response, body []byte) (any, error) {
	switch {
	case r.Text:
		return string(body), nil
	case r.Service.Buckets && len(body) == 0:
		return headersOf(response.Header), nil
	case len(bytes.TrimSpace(body)) == 0:
		return nil, nil
	case r.Service.Buckets && body[0] == '<':
		answer, err := decodeXML(body)
		if err != nil {
			return nil, fmt.Errorf("the answer is not XML: %w", err)
		}
		return answer, nil
	}
	answer, err := decode(body)
	if err != nil {
		return nil, fmt.Errorf("the answer is not JSON: %w", err)
	}
	return answer, nil
}

// decode reads one JSON value, with numbers as they stand there.
func decode(body []byte) (v any, err error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON")
	}
	return v, nil
}

// target is what signing has to know of a request.
type target struct {
	service         *Service
	region, project string
	path            string // that the object storage has signed
}

type targetKey struct{}

func targetOf(r *http.Request) target { return r.Context().Value(targetKey{}).(target) } // build puts it there

// build makes the request that is sent, up to its credentials.
func (c *Client) build(ctx context.Context, r Request) (*http.Request, error) {
	if err := c.reachable(r.Service); err != nil {
		return nil, err
	}
	to := target{service: r.Service, region: cmp.Or(r.Region, c.config.Region)}
	if r.Service.Projects() {
		var err error
		if to.project, err = c.ProjectID(ctx, to.region); err != nil {
			return nil, err
		}
	}
	path := r.Path
	if to.project != "" {
		path = strings.ReplaceAll(path, "{project_id}", url.PathEscape(to.project))
	}
	if strings.ContainsAny(path, "{}") {
		return nil, fmt.Errorf("%s %s: not all of the path is filled in", r.Method, path)
	}
	base := c.base(r.Service, to.region)
	var microversion string
	var u *url.URL
	var err error
	if c.config.OpenStack {
		if base, err = c.located(ctx, r.Service, to.region); err != nil {
			return nil, err
		}
		if microversion, err = c.microversion(ctx, r, to.region); err != nil {
			return nil, err
		}
	}
	if r.Service.Buckets {
		u, to.path, err = c.place(base, path, r.Query)
	} else if u, err = url.Parse(strings.TrimRight(base.String(), "/") + path); err == nil {
		u.RawQuery = sign.CanonicalQuery(r.Query)
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.Method, r.Path, err)
	}
	var body []byte
	var kind string
	content, streamed := r.Body.(Content)
	switch {
	case r.Body == nil:
	case r.Service.Buckets:
		body, kind, err = document(r.Body)
	case streamed:
		kind = "application/octet-stream"
	default:
		body, kind, err = jsonOf(r.Body)
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.Method, r.Path, err)
	}

	ctx = context.WithValue(ctx, targetKey{}, to)
	_, opaque := r.Body.([]byte)
	ctx = transport.WithCall(ctx, transport.Call{Class: c.class(to), Idempotent: r.Idempotent, Once: r.Once, Secrets: r.Secrets, SecretKeys: r.SecretKeys, Opaque: opaque || streamed, Streamed: streamed})
	request, err := http.NewRequestWithContext(ctx, r.Method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.Method, r.Path, err)
	}
	if streamed {
		request.GetBody, request.ContentLength = content.Open, content.Size
	}
	for name, values := range r.Header {
		request.Header[http.CanonicalHeaderKey(name)] = values
	}
	if kind != "" && request.Header.Get("Content-Type") == "" {
		request.Header.Set("Content-Type", kind)
	}
	if body != nil && r.Service.Buckets {
		request.Header.Set("Content-Md5", contentMD5(body))
	}
	if r.Service.OpenStack() {
		request.Header.Set("Accept", "application/json") // else some refuse in HTML
	}
	if microversion != "" {
		request.Header.Set("Openstack-Api-Version", r.Service.Microtype+" "+microversion)
	}
	if c.config.UserAgent != "" {
		request.Header.Set("User-Agent", c.config.UserAgent)
	}
	return request, nil
}

// jsonOf is a body as all other services take it, and its type.
func jsonOf(body any) (content []byte, kind string, err error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err = encoder.Encode(body)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), "application/json", err
}

// OpenStack tells that the cloud speaks OpenStack's own APIs.
func (c *Client) OpenStack() bool { return c.config.OpenStack }

// Domain is the cloud's: what the names of its hosts end with.
func (c *Client) Domain() string { return c.config.Cloud }

// class names what shares a limit: a service in a region.
func (c *Client) class(to target) string {
	if to.service.Global {
		return to.service.Name
	}
	return to.service.Name + "/" + to.region
}
