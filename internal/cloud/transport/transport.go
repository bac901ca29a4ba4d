// Package transport holds the http.RoundTrippers under the client: connections, retry, throttle and wire log. They know
// nothing of any service. The client stacks them so:
//
//	Retry -> Throttle -> (signing) -> Log -> Whole -> connections
//
// The throttle is inside the retry because a repeated request counts against the cloud's limit like any other, and before
// the signing because a signature carries the time.
package transport

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/hashicorp/go-cleanhttp"
)

// Connections returns the pool of connections for everything one client asks. caCertFile is a PEM file of authorities to
// trust beside the system's, "" for none; insecure trusts everybody.
func Connections(caCertFile string, insecure bool) (*http.Transport, error) {
	t := cleanhttp.DefaultPooledTransport() // brings the timeouts of dialling and TLS, and HTTP/2
	t.MaxIdleConnsPerHost = 32
	t.ResponseHeaderTimeout = time.Minute
	t.HTTP2 = &http.HTTP2Config{SendPingTimeout: 30 * time.Second, PingTimeout: 15 * time.Second}
	t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: insecure} //nolint:gosec // the user asks for it
	if caCertFile == "" {
		return t, nil
	}
	pem, err := os.ReadFile(caCertFile)
	if err != nil {
		return nil, fmt.Errorf("reading the CA certificates: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("no PEM certificate in the CA file %s", caCertFile)
	}
	t.TLSClientConfig.RootCAs = pool
	return t, nil
}

// Call is what the round trippers have to know of a request beyond HTTP.
type Call struct {
	Class      string   // requests of one class share a limit; "" is the host
	Idempotent bool     // may be sent twice though it is a POST or PATCH
	Once       bool     // must not be sent twice though it is a PUT
	Secrets    []string // values to mask in the wire log wherever they stand
	SecretKeys []string // keys whose values the wire log masks, beside those that betray themselves
	Opaque     bool     // the body is the user's own: the wire log tells its size only
	Streamed   bool     // the body is only read while it is sent: it may be larger than memory
}

type callKey struct{}

// WithCall attaches c to the requests made with the context.
func WithCall(ctx context.Context, c Call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

func callOf(r *http.Request) Call {
	c, _ := r.Context().Value(callKey{}).(Call)
	c.Class = cmp.Or(c.Class, r.URL.Host)
	return c
}

// Repeatable tells whether a request may be sent again when it is not known whether it was carried out.
func Repeatable(r *http.Request) bool {
	switch r.Method {
	case http.MethodPost, http.MethodPatch:
		return callOf(r).Idempotent || r.Header.Get("X-Client-Token") != ""
	case http.MethodPut:
		return !callOf(r).Once
	}
	return true
}

// Whole reads every answer to its end, so that a body that breaks off is an error like any other broken connection.
type Whole struct{ Next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (w Whole) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := w.Next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close() // all that it could report is known
	if err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

// Body returns the body of a request without consuming it: what its GetBody gives. That of one that is streamed is not told.
func Body(r *http.Request) ([]byte, error) {
	if r.GetBody == nil || callOf(r).Streamed {
		return nil, nil
	}
	body, err := r.GetBody()
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(body)
	return data, errors.Join(err, body.Close())
}
