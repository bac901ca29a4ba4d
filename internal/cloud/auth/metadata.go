package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/hashicorp/go-cleanhttp"
)

// metadata takes the temporary keys of the agency of the server that this runs on.
type metadata struct {
	url     string
	timeout time.Duration
}

func (m *metadata) fetch(ctx context.Context) (Credentials, error) {
	ctx, cancel := context.WithTimeout(ctx, m.timeout)
	defer cancel()
	// The address is of this machine alone: no proxy, and no connection worth keeping.
	direct := cleanhttp.DefaultTransport()
	direct.Proxy = nil
	client := &http.Client{Transport: direct}

	// Servers may insist on a session token. Those that know none answer 404 or 405 and want none.
	token, err := m.ask(ctx, client, http.MethodPut, "/meta-data/latest/api/token", "X-Metadata-Token-Ttl-Seconds", "21600")
	if err != nil {
		if _, answered := errors.AsType[statusError](err); !answered {
			return Credentials{}, fmt.Errorf("metadata service %s: %w", m.url, err)
		}
	}
	body, err := m.ask(ctx, client, http.MethodGet, "/openstack/latest/securitykey", "X-Metadata-Token", string(token))
	if err != nil {
		return Credentials{}, fmt.Errorf("metadata service %s: %w", m.url, err)
	}
	var a answer
	if err := json.Unmarshal(body, &a); err != nil || a.Credential.Access == "" || a.Credential.Secret == "" {
		return Credentials{}, fmt.Errorf("metadata service %s: the answer has no keys; does the server have an agency?", m.url)
	}
	got := a.Credential
	return Credentials{AccessKey: got.Access, SecretKey: got.Secret, SecurityToken: got.SecurityToken, Expires: got.ExpiresAt}, nil
}

// statusError is an answer that is not a success.
type statusError string

func (e statusError) Error() string { return string(e) }

func (m *metadata) ask(ctx context.Context, client *http.Client, method, path, header, value string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, m.url+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	if value != "" {
		r.Header.Set(header, value)
	}
	response, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err == nil && response.StatusCode != http.StatusOK {
		return nil, statusError(fmt.Sprintf("%s %s: %s", method, path, response.Status))
	}
	return body, err
}

// lastResort asks the metadata service when nothing else is given, and once only: where there is none, there will be none.
type lastResort struct {
	*metadata
	profile string
	failure error
}

func (l *lastResort) fetch(ctx context.Context) (Credentials, error) {
	if l.failure != nil {
		return Credentials{}, l.failure
	}
	credentials, err := l.metadata.fetch(ctx)
	if err != nil && ctx.Err() == nil {
		l.failure = fmt.Errorf("no credentials: looked for a token, for an access key with its secret key, for a user with a password, "+
			"for the file %s of the vendor's command line, and for the agency of this server (%w)", l.profile, err)
		return Credentials{}, l.failure
	}
	return credentials, err
}
