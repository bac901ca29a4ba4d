package transport

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Log prints every request and every answer, without secrets: Mask says what is one. Bodies that are not JSON are only
// sized. It expects Whole below it.
type Log struct {
	Next  http.RoundTripper
	Print func(ctx context.Context, message string, fields map[string]any)
}

// RoundTrip implements http.RoundTripper.
func (l Log) RoundTrip(r *http.Request) (*http.Response, error) {
	mask := NewMask(callOf(r).Secrets, callOf(r).SecretKeys...)
	body, err := Body(r)
	if err != nil {
		return nil, err
	}
	fields := map[string]any{"method": r.Method, "url": mask.URL(r.URL), "headers": headers(mask, r.Header)}
	if callOf(r).Opaque {
		fields["body"] = fmt.Sprintf("(%d bytes)", r.ContentLength)
	} else {
		describe(mask, fields, body)
	}
	l.Print(r.Context(), "request", fields)

	started := time.Now()
	response, err := l.Next.RoundTrip(r)
	fields = map[string]any{"method": r.Method, "url": mask.URL(r.URL), "ms": time.Since(started).Milliseconds()}
	if err != nil {
		fields["error"] = mask.Text(err.Error())
		l.Print(r.Context(), "no answer", fields)
		return nil, err
	}
	body, err = io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	fields["status"], fields["headers"] = response.StatusCode, headers(mask, response.Header)
	describe(mask, fields, body)
	l.Print(r.Context(), "answer", fields)
	return response, nil
}

func headers(mask Mask, h http.Header) map[string]string {
	shown := make(map[string]string, len(h))
	for name, values := range h {
		shown[name] = mask.Header(name, strings.Join(values, ", "))
	}
	return shown
}

func describe(mask Mask, fields map[string]any, body []byte) {
	if len(body) == 0 {
		return
	}
	if shown, ok := mask.JSON(body); ok {
		fields["body"] = shown
	} else {
		fields["body"] = fmt.Sprintf("(%d bytes that are not JSON)", len(body))
	}
}
