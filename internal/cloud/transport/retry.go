package transport

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	firstBackoff  = 500 * time.Millisecond
	lastBackoff   = 30 * time.Second
	maxRetryAfter = 5 * time.Minute // whoever asks for more is asked again by then
)

// Retry repeats requests that failed for a reason that may pass: 429, 502, 503, 504, broken connections, and 500 for
// reads. In between it waits as long as Retry-After asks, or else a random time below a bound that doubles from half a
// second to thirty.
//
// A POST or PATCH whose fate is unknown is not repeated: one that was answered with 502 or 504 is returned as it is, one
// whose connection broke after it was sent is a *FateUnknownError.
type Retry struct {
	Next http.RoundTripper
	Max  int // repeats of one request; those after a 429 do not count, only the context ends them
}

// FateUnknownError is a request that may or may not have been carried out.
type FateUnknownError struct{ Err error }

func (e *FateUnknownError) Error() string { return e.Err.Error() }

// Unwrap returns what broke the connection.
func (e *FateUnknownError) Unwrap() error { return e.Err }

// RoundTrip implements http.RoundTripper.
func (t Retry) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil && !callOf(r).Streamed {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		if err = r.Body.Close(); err != nil {
			return nil, err
		}
	}
	failed, throttled := 0, 0
	for {
		response, sent, err := t.attempt(r, body)
		last := err
		if err == nil {
			last = errors.New(response.Status)
		}
		var pause time.Duration
		switch {
		case err != nil && permanent(err):
			return nil, err
		case err != nil && sent && !Repeatable(r):
			return nil, &FateUnknownError{err}
		case err != nil:
			if failed >= t.Max || r.Context().Err() != nil {
				return nil, err
			}
			pause = backoff(failed)
			failed++
		case response.StatusCode == http.StatusTooManyRequests:
			pause = retryAfter(response, backoff(throttled))
			throttled++
		case failed < t.Max && passing(r, response.StatusCode):
			pause = retryAfter(response, backoff(failed))
			failed++
		default:
			return response, nil
		}
		if err := Sleep(r.Context(), pause); err != nil {
			return nil, interrupted(err, last)
		}
	}
}

// attempt sends the request once and reports whether any of it may have reached the other side.
func (t Retry) attempt(r *http.Request, body []byte) (response *http.Response, sent bool, err error) {
	var wrote atomic.Bool
	ctx := httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		// net/http takes another connection by itself when it knows that the first one carried nothing.
		GetConn:      func(string) { wrote.Store(false) },
		WroteHeaders: func() { wrote.Store(true) },
	})
	attempt := r.Clone(ctx)
	attempt.Body, attempt.GetBody = http.NoBody, nil
	if callOf(r).Streamed {
		if attempt.Body, err = r.GetBody(); err != nil {
			return nil, false, &PermanentError{err}
		}
		attempt.GetBody = r.GetBody
	} else if len(body) > 0 {
		attempt.Body = io.NopCloser(bytes.NewReader(body))
		attempt.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		attempt.ContentLength = int64(len(body))
	}
	response, err = t.Next.RoundTrip(attempt)
	return response, wrote.Load(), err
}

// passing tells whether an answer with this status may be another one soon, and the request may be sent again.
func passing(r *http.Request, status int) bool {
	switch status {
	case http.StatusServiceUnavailable:
		return true
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return Repeatable(r)
	case http.StatusInternalServerError:
		return r.Method == http.MethodGet || r.Method == http.MethodHead
	}
	return false
}

// PermanentError is an error that will come again however often the request is repeated.
type PermanentError struct{ Err error }

func (e *PermanentError) Error() string { return e.Err.Error() }

// Unwrap returns the error.
func (e *PermanentError) Unwrap() error { return e.Err }

func permanent(err error) bool {
	if _, ok := errors.AsType[*PermanentError](err); ok {
		return true
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return dns.IsNotFound
	}
	_, ok := errors.AsType[*tls.CertificateVerificationError](err)
	return ok || errors.Is(err, http.ErrSchemeMismatch)
}

// backoff is the random time to wait after the nth failure, counted from 0.
func backoff(n int) time.Duration {
	bound := lastBackoff
	if n < 6 { // 0.5 s * 2^6 is beyond 30 s
		bound = firstBackoff << n
	}
	return rand.N(bound) + 1
}

// retryAfter is the time that the answer asks to wait: seconds or a date. Without one, or with one that is not in the
// future, it is the fallback.
func retryAfter(response *http.Response, fallback time.Duration) time.Duration {
	header := strings.TrimSpace(response.Header.Get("Retry-After"))
	wait := time.Duration(0)
	if seconds, err := strconv.ParseFloat(header, 64); err == nil {
		wait = time.Duration(min(seconds, maxRetryAfter.Seconds()) * float64(time.Second))
	} else if date, err := http.ParseTime(header); err == nil {
		wait = min(time.Until(date), maxRetryAfter)
	}
	if wait <= 0 {
		return fallback
	}
	return wait
}

// interrupted says what the wait was for that the context ended.
func interrupted(err, last error) error {
	if errors.Is(err, context.Canceled) {
		return err // who cancels knows
	}
	return fmt.Errorf("%w; the last attempt: %w", err, last)
}
