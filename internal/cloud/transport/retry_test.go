package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// fake is a wire that does what the function says.
type fake func(*http.Request) (*http.Response, error)

func (f fake) RoundTrip(r *http.Request) (*http.Response, error) {
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil {
		trace.GetConn(r.URL.Host)
	}
	return f(r)
}

// sent reports to the trace that the request went out.
func sent(r *http.Request) {
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil {
		trace.WroteHeaders()
	}
}

func answer(status int, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{
		StatusCode: status, Status: strconv.Itoa(status) + " " + http.StatusText(status), Header: h, Body: io.NopCloser(strings.NewReader("")),
	}
}

func request(t *testing.T, ctx context.Context, method, body string) *http.Request { //nolint:revive // t comes first
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, "http://vpc.example.com/v1", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var errReset = &net.OpError{Op: "read", Err: errors.New("connection reset by peer")}

func TestRetry(t *testing.T) {
	t.Parallel()
	type attempt struct {
		status int
		err    error
		sent   bool
	}
	status := func(code int) attempt { return attempt{status: code, sent: true} }
	lost := attempt{err: errReset, sent: true}
	undialled := attempt{err: &net.OpError{Op: "dial", Err: errors.New("connection refused")}}
	for name, test := range map[string]struct {
		method   string
		call     Call
		header   string
		attempts []attempt // all of them are made, and no more
		fate     bool
	}{
		"success":                      {method: "GET", attempts: []attempt{status(200)}},
		"not found":                    {method: "GET", attempts: []attempt{status(404)}},
		"unavailable":                  {method: "GET", attempts: []attempt{status(503), status(502), status(504), status(200)}},
		"at most so many":              {method: "GET", attempts: []attempt{status(503), status(503), status(503), status(503)}},
		"throttled does not count":     {method: "POST", attempts: []attempt{status(429), status(429), status(429), status(429), status(429), status(200)}},
		"throttled, then unavailable":  {method: "GET", attempts: []attempt{status(429), status(429), status(429), status(503), status(503), status(503), status(200)}},
		"500 of a read":                {method: "GET", attempts: []attempt{status(500), status(200)}},
		"500 of a HEAD":                {method: "HEAD", attempts: []attempt{status(500), status(200)}},
		"500 of a PUT":                 {method: "PUT", attempts: []attempt{status(500)}},
		"500 of a POST":                {method: "POST", attempts: []attempt{status(500)}},
		"503 of a POST":                {method: "POST", attempts: []attempt{status(503), status(200)}},
		"502 of a POST":                {method: "POST", attempts: []attempt{status(502)}},
		"504 of a PATCH":               {method: "PATCH", attempts: []attempt{status(504)}},
		"504 of a DELETE":              {method: "DELETE", attempts: []attempt{status(504), status(200)}},
		"502 of an idempotent POST":    {method: "POST", call: Call{Idempotent: true}, attempts: []attempt{status(502), status(200)}},
		"504 of a POST with a token":   {method: "POST", header: "X-Client-Token", attempts: []attempt{status(504), status(200)}},
		"lost GET":                     {method: "GET", attempts: []attempt{lost, status(200)}},
		"lost PUT":                     {method: "PUT", attempts: []attempt{lost, lost, status(200)}},
		"lost PUT that adds":           {method: "PUT", call: Call{Once: true}, attempts: []attempt{lost}, fate: true},
		"lost POST":                    {method: "POST", attempts: []attempt{lost}, fate: true},
		"lost PATCH":                   {method: "PATCH", attempts: []attempt{lost}, fate: true},
		"lost idempotent POST":         {method: "POST", call: Call{Idempotent: true}, attempts: []attempt{lost, status(200)}},
		"POST that did not go out":     {method: "POST", attempts: []attempt{undialled, undialled, status(200)}},
		"POST out in the second place": {method: "POST", attempts: []attempt{undialled, lost}, fate: true},
		"GET that never goes out":      {method: "GET", attempts: []attempt{undialled, undialled, undialled, undialled}},
		"no such host":                 {method: "GET", attempts: []attempt{{err: &net.DNSError{IsNotFound: true}}}},
		"bad certificate":              {method: "GET", attempts: []attempt{{err: &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}}}},
		"permanent":                    {method: "POST", attempts: []attempt{{err: &PermanentError{errors.New("no credentials")}, sent: true}}},
		"permanent, of a name server":  {method: "GET", attempts: []attempt{{err: &PermanentError{&net.DNSError{IsTemporary: true}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				made := 0
				retry := Retry{Max: 3, Next: fake(func(r *http.Request) (*http.Response, error) {
					if made == len(test.attempts) {
						t.Fatal("one attempt too many")
					}
					body, err := io.ReadAll(r.Body)
					if string(body) != "body" || err != nil {
						t.Errorf("attempt %d has the body %q (%v)", made, body, err)
					}
					now := test.attempts[made]
					made++
					if now.sent {
						sent(r)
					}
					if now.err != nil {
						return nil, now.err
					}
					return answer(now.status), nil
				})}
				r := request(t, WithCall(t.Context(), test.call), test.method, "body")
				if test.header != "" {
					r.Header.Set(test.header, "x")
				}
				response, err := retry.RoundTrip(r)
				if made != len(test.attempts) {
					t.Fatalf("made %d attempts, want %d", made, len(test.attempts))
				}
				last := test.attempts[made-1]
				if last.err == nil && (err != nil || response.StatusCode != last.status) {
					t.Fatalf("got %v, %v", response, err)
				}
				if !errors.Is(err, last.err) {
					t.Fatalf("got %v, want %v", err, last.err)
				}
				if _, fate := errors.AsType[*FateUnknownError](err); fate != test.fate {
					t.Errorf("fate unknown is %v", fate)
				}
			})
		})
	}
}

// Full jitter below a bound that doubles from half a second to thirty.
func TestRetrySchedule(t *testing.T) {
	t.Parallel()
	bounds := []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 30 * time.Second, 30 * time.Second}
	longest := make([]time.Duration, len(bounds))
	for range 200 {
		synctest.Test(t, func(t *testing.T) {
			attempt, last := 0, time.Now()
			retry := Retry{Max: len(bounds), Next: fake(func(*http.Request) (*http.Response, error) {
				if attempt > 0 {
					pause := time.Since(last)
					if bound := bounds[attempt-1]; pause <= 0 || pause > bound {
						t.Errorf("pause %d was %v, the bound is %v", attempt, pause, bound)
					}
					longest[attempt-1] = max(longest[attempt-1], pause)
				}
				attempt, last = attempt+1, time.Now()
				return answer(503), nil
			})}
			if _, err := retry.RoundTrip(request(t, t.Context(), "GET", "")); err != nil {
				t.Fatal(err)
			}
		})
	}
	for i, bound := range bounds {
		if longest[i] < bound/2 {
			t.Errorf("pause %d never was more than %v of %v", i+1, longest[i], bound)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		header   func() string
		from, to time.Duration
	}{
		"none":        {func() string { return "" }, 1, firstBackoff},
		"seconds":     {func() string { return "7" }, 7 * time.Second, 7 * time.Second},
		"blanks":      {func() string { return " 1 " }, time.Second, time.Second},
		"zero":        {func() string { return "0" }, 1, firstBackoff},
		"negative":    {func() string { return "-3" }, 1, firstBackoff},
		"absurd":      {func() string { return "99999999999999" }, maxRetryAfter, maxRetryAfter},
		"not a value": {func() string { return "soon" }, 1, firstBackoff},
		"NaN":         {func() string { return "NaN" }, 1, firstBackoff},
		"date":        {func() string { return time.Now().Add(20 * time.Second).UTC().Format(http.TimeFormat) }, 19 * time.Second, 20 * time.Second},
		"past":        {func() string { return time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat) }, 1, firstBackoff},
		"far future":  {func() string { return time.Now().AddDate(1, 0, 0).UTC().Format(http.TimeFormat) }, maxRetryAfter, maxRetryAfter},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, status := range []int{429, 503} {
				synctest.Test(t, func(t *testing.T) {
					started, asked := time.Now(), false
					retry := Retry{Max: 1, Next: fake(func(*http.Request) (*http.Response, error) {
						if !asked {
							asked = true
							return answer(status, "Retry-After", test.header()), nil
						}
						return answer(200), nil
					})}
					if _, err := retry.RoundTrip(request(t, t.Context(), "GET", "")); err != nil {
						t.Fatal(err)
					}
					if waited := time.Since(started); waited < test.from || waited > test.to {
						t.Errorf("%d: waited %v, want %v to %v", status, waited, test.from, test.to)
					}
				})
			}
		})
	}
}

// Ctrl-C ends the wait at once, however long the cloud asks to wait.
func TestRetryCancel(t *testing.T) {
	t.Parallel()
	for name, wire := range map[string]fake{
		"throttled": func(*http.Request) (*http.Response, error) { return answer(429, "Retry-After", "200"), nil },
		"broken":    func(*http.Request) (*http.Response, error) { return nil, errReset },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				// Not a round number, lest it meets the end of a wait.
				time.AfterFunc(123456789, cancel)
				started := time.Now()
				_, err := Retry{Next: wire, Max: 1 << 30}.RoundTrip(request(t, ctx, "GET", ""))
				if !errors.Is(err, context.Canceled) || time.Since(started) != 123456789 {
					t.Errorf("ended with %v after %v", err, time.Since(started))
				}
			})
		})
	}
}

// A timeout tells what it was that took so long.
func TestRetryDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := Retry{Max: 1 << 30, Next: fake(func(*http.Request) (*http.Response, error) { return answer(503), nil })}.
			RoundTrip(request(t, ctx, "GET", ""))
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "503 Service Unavailable") {
			t.Errorf("ended with %v", err)
		}
	})
}

// What httptrace says of a real connection: a request that reached the other side and was lost is not sent again when it
// must not be; one that could not be sent is.
func TestRetryRealConnection(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method   string
		requests int32 // that arrive
		fate     bool
		broken   func(net.Conn)
	}{
		"POST dropped":    {"POST", 1, true, func(c net.Conn) { _ = c.Close() }},
		"GET dropped":     {"GET", 2, false, func(c net.Conn) { _ = c.Close() }},
		"POST truncated":  {"POST", 1, true, truncate},
		"PUT truncated":   {"PUT", 2, false, truncate},
		"DELETE no HTTP":  {"DELETE", 2, false, func(c net.Conn) { _, _ = fmt.Fprint(c, "?\r\n\r\n"); _ = c.Close() }},
		"PATCH no answer": {"PATCH", 1, true, func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0); _ = c.Close() }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var arrived atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if body, err := io.ReadAll(r.Body); string(body) != "body" || err != nil {
					t.Errorf("body %q, %v", body, err)
				}
				if arrived.Add(1) > 1 {
					return
				}
				connection, _, err := w.(http.Hijacker).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				test.broken(connection)
			}))
			defer server.Close()
			connections, err := Connections("", false)
			if err != nil {
				t.Fatal(err)
			}
			defer connections.CloseIdleConnections()
			r, err := http.NewRequestWithContext(t.Context(), test.method, server.URL, strings.NewReader("body"))
			if err != nil {
				t.Fatal(err)
			}
			_, err = Retry{Next: Whole{connections}, Max: 1}.RoundTrip(r)
			if _, fate := errors.AsType[*FateUnknownError](err); fate != test.fate || !fate && err != nil {
				t.Errorf("got %v", err)
			}
			if n := arrived.Load(); n != test.requests {
				t.Errorf("%d requests arrived, want %d", n, test.requests)
			}
		})
	}
}

func truncate(c net.Conn) {
	_, _ = fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"vpc\":")
	_ = c.Close()
}

// A POST that nobody listened to may be sent again.
func TestRetryDialFailure(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	connections, err := Connections("", false)
	if err != nil {
		t.Fatal(err)
	}
	attempts := 0
	count := fake(func(r *http.Request) (*http.Response, error) {
		attempts++
		return connections.RoundTrip(r)
	})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address, strings.NewReader("body"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Retry{Next: count, Max: 1}.RoundTrip(r)
	if _, fate := errors.AsType[*FateUnknownError](err); fate || err == nil || attempts != 2 {
		t.Errorf("%d attempts, then %v", attempts, err)
	}
}

func TestConnections(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	get := func(caFile string, insecure bool) error {
		connections, err := Connections(caFile, insecure)
		if err != nil {
			return err
		}
		defer connections.CloseIdleConnections()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
		if err != nil {
			return err
		}
		response, err := Retry{Next: Whole{connections}, Max: 3}.RoundTrip(r)
		if err == nil && response.ProtoMajor != 2 {
			t.Errorf("spoke %s", response.Proto)
		}
		return err
	}
	if err := get("", false); err == nil {
		t.Error("an unknown certificate was accepted")
	}
	if err := get("", true); err != nil {
		t.Errorf("insecure: %v", err)
	}
	if err := get("testdata/none.pem", false); err == nil {
		t.Error("a file that does not exist was read")
	}
	if err := get("retry_test.go", false); err == nil || !strings.Contains(err.Error(), "no PEM certificate") {
		t.Errorf("a file without a certificate: %v", err)
	}
	file := t.TempDir() + "/ca.pem"
	writePEM(t, file, server.Certificate())
	if err := get(file, false); err != nil {
		t.Errorf("with its CA: %v", err)
	}
}

func writePEM(t *testing.T, file string, certificate *x509.Certificate) {
	t.Helper()
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
}
