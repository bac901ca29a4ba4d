// Package cloud is the shared client of the cloud's APIs: endpoints, signed requests, paging, jobs and one error type. It
// knows nothing of Terraform.
package cloud

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/auth"
)

// Config says where the cloud is, who asks, and how hard to try.
type Config struct {
	Region    string
	Cloud     string            // domain of the endpoints; "" is myhuaweicloud.com
	Endpoint  string            // one base URL for every service: {Endpoint}/{service}/...
	Endpoints map[string]string // base URL by service name; wins over Endpoint, and the service's name is not appended

	ProjectID, ProjectName string   // of Region; the projects of other regions are looked up by the region's name
	AllowedProjectIDs      []string // empty: any
	DomainID               string   // the account, sent to global services when known

	Credentials auth.Provider
	Auth        auth.Config // where to find credentials when Credentials is nil; IAM and HTTP are filled in by the client

	Signature string // "": SDK-HMAC-SHA256; "derived": V11-HMAC-SHA256; "legacy": the form of the older documents

	MaxRetries           int     // failed attempts that are repeated; throttled ones (429) are bounded by the context only
	MaxRequestsPerSecond float64 // of a service in a region; 0: no cap
	Insecure             bool    // any certificate, and plain http to hosts other than this one
	CACertFile           string  // PEM, beside the system's
	UserAgent            string

	Log func(ctx context.Context, message string, fields map[string]any) // wire log; nil: silent
}

// Client speaks to all services of one cloud. It is safe for concurrent use.
type Client struct{ config Config }

// New checks the configuration; it makes no request.
func New(c Config) (*Client, error) { return &Client{config: c}, nil }

// Region is the region of requests that name none.
func (c *Client) Region() string { return c.config.Region }

// ProjectID is the project of a region ("": the client's).
func (c *Client) ProjectID(_ context.Context, _ string) (string, error) {
	return c.config.ProjectID, nil
}

// Request is one call of a service's API.
type Request struct {
	Service    *Service
	Region     string      // "": the client's
	Method     string      // "GET"
	Path       string      // {project_id} is filled in by the client; everything else stands there already, escaped
	Query      url.Values  //
	Header     http.Header //
	Body       any         // becomes JSON; nil: none
	Idempotent bool        // a POST or PATCH that may be sent twice without harm, as GET, HEAD, PUT and DELETE always may
	Secrets    []string    // values that the wire log masks wherever they stand, beside its masking by key
}

// Do sends a request and returns the answer's JSON with numbers as json.Number, nil when the body is empty.
func (c *Client) Do(_ context.Context, _ Request) (any, error) {
	return nil, errors.ErrUnsupported
}

// AwaitJob waits until a job has ended and returns its last answer. A job that failed is a *JobError.
func (c *Client) AwaitJob(_ context.Context, _ *Service, _, _ string) (map[string]any, error) {
	return nil, errors.ErrUnsupported
}

// Paging is how a list is walked.
type Paging struct{}

func Marker(limit int, next string) Paging           { return Paging{} }
func Offset(limit int) Paging                        { return Paging{} }
func PageNumber(page, size string, limit int) Paging { return Paging{} }
func Links(key string, limit int) Paging             { return Paging{} }
func Single() Paging                                 { return Paging{} }

// Pages walks a list.
func (c *Client) Pages(_ context.Context, _ Request, _ string, _ Paging) iter.Seq2[[]map[string]any, error] {
	return func(func([]map[string]any, error) bool) {}
}
