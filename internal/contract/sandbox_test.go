package contract

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/sandbox"
)

// The objects of every sandbox.
const (
	account = "5a0d80c0000000000000000000000001"
	userID  = "5a0d80c0000000000000000000000011"
	project = "5a0d80c0000000000000000000000101" // in cn-north-4
	extra   = "5a0d80c0000000000000000000000103" // in cn-north-4 too
)

// newSandbox is an empty cloud whose jobs end at once.
func newSandbox(t *testing.T) *sandbox.Sandbox {
	t.Helper()
	s, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// serve puts an empty cloud on a port.
func serve(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(newSandbox(t))
	t.Cleanup(server.Close)
	return server
}

// toServer connects to the server, whatever host a request is for.
func toServer(server *httptest.Server) *http.Transport {
	return &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
	}}
}

func control(t *testing.T, server *httptest.Server, method, path, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+"/_sandbox/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		t.Fatal(answer.Status)
	}
}
