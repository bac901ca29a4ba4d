package auth

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/sign"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/transport"
)

// object is a piece of a request's JSON.
type object map[string]any

// identity asks IAM, which is Keystone v3 with additions.
type identity struct {
	url  string
	http *http.Client
}

// answer is what IAM says to a request for a token or for temporary keys.
type answer struct {
	Token struct {
		ExpiresAt time.Time `json:"expires_at"`
		Catalog             // of an OpenStack cloud
	} `json:"token"`
	Credential struct {
		Access        string    `json:"access"`
		Secret        string    `json:"secret"`
		SecurityToken string    `json:"securitytoken"`
		ExpiresAt     time.Time `json:"expires_at"`
	} `json:"credential"`
}

// refusal is an answer of IAM that is no success.
type refusal struct {
	request string // "POST https://iam.example.com/v3/auth/tokens"
	status  int
	reason  string // in IAM's words, with a colon before them; may be empty
}

func (r *refusal) Error() string {
	return fmt.Sprintf("%s: %d %s%s", r.request, r.status, http.StatusText(r.status), r.reason)
}

// refused tells whether IAM answered with this status.
func refused(err error, status int) bool {
	r, ok := errors.AsType[*refusal](err)
	return ok && r.status == status
}

// post sends {"auth": ...} with credentials, if any.
func (i *identity) post(ctx context.Context, path string, auth object, c Credentials, secrets ...string) (answer, http.Header, error) {
	body, err := json.Marshal(object{"auth": auth})
	if err != nil {
		return answer{}, nil, err
	}
	// Asked twice, IAM gives two tokens; one is forgotten.
	ctx = transport.WithCall(ctx, transport.Call{Idempotent: true, Secrets: secrets})
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, i.url+path, bytes.NewReader(body))
	if err != nil {
		return answer{}, nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	if c.Token != "" {
		r.Header.Set("X-Auth-Token", c.Token)
	}
	if c.SecurityToken != "" {
		r.Header.Set("X-Security-Token", c.SecurityToken)
	}
	if c.AccessKey != "" {
		r.Header.Set("Host", r.URL.Host)
		if err := (sign.Signer{AccessKey: c.AccessKey, SecretKey: c.SecretKey}).Sign(r, body, time.Now()); err != nil {
			return answer{}, nil, err
		}
	}
	var a answer
	header, err := i.send(r, &a, append(secrets, c.SecretKey, c.SecurityToken, c.Token)...)
	return a, header, err
}

// get asks with a token, which may also be what is asked for.
func (i *identity) get(ctx context.Context, path, token string, into any) error {
	ctx = transport.WithCall(ctx, transport.Call{Secrets: []string{token}})
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, i.url+path, http.NoBody)
	if err != nil {
		return err
	}
	r.Header.Set("X-Auth-Token", token)
	r.Header.Set("X-Subject-Token", token)
	_, err = i.send(r, into, token)
	return err
}

// send reads the answer to a request. One that is no success is a *refusal.
func (i *identity) send(r *http.Request, into any, secrets ...string) (http.Header, error) {
	response, err := i.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	request := fmt.Sprintf("%s %s", r.Method, r.URL)
	if response.StatusCode >= http.StatusMultipleChoices {
		return nil, &refusal{request, response.StatusCode, transport.NewMask(secrets).Text(reason(data, response.Header))}
	}
	if err := json.Unmarshal(data, into); err != nil {
		return nil, fmt.Errorf("%s: the answer is not what IAM answers: %w", request, err)
	}
	return response.Header, nil
}

// reason is what IAM says of a failure, with a colon before it.
func reason(body []byte, header http.Header) string {
	var failure struct {
		Error struct{ Message string } `json:"error"`
		Code  string                   `json:"error_code"`
		Msg   string                   `json:"error_msg"`
	}
	var said string
	if json.Unmarshal(body, &failure) == nil {
		for _, part := range []string{failure.Code, cmp.Or(failure.Error.Message, failure.Msg)} {
			if part != "" {
				said += ": " + part
			}
		}
	}
	if id := cmp.Or(header.Get("X-Request-Id"), header.Get("X-Openstack-Request-Id"), header.Get("X-Iam-Trace-Id")); id != "" {
		said += " (request id " + id + ")"
	}
	return said
}

// token asks for a token.
func (i *identity) token(ctx context.Context, auth object, c Credentials, secrets ...string) (Credentials, error) {
	credentials, err := i.cataloged(ctx, auth, c, secrets...)
	credentials.Catalog = nil
	return credentials, err
}

// cataloged asks for a token, and keeps its catalog.
func (i *identity) cataloged(ctx context.Context, auth object, c Credentials, secrets ...string) (Credentials, error) {
	a, header, err := i.post(ctx, "/v3/auth/tokens", auth, c, secrets...)
	if err != nil {
		return Credentials{}, err
	}
	token := header.Get("X-Subject-Token")
	if token == "" {
		return Credentials{}, fmt.Errorf("POST %s/v3/auth/tokens: the answer has no X-Subject-Token", i.url)
	}
	return Credentials{Token: token, Expires: a.Token.ExpiresAt, Catalog: &a.Token.Catalog}, nil
}

// keys asks for temporary keys.
func (i *identity) keys(ctx context.Context, auth object, c Credentials) (Credentials, error) {
	a, _, err := i.post(ctx, "/v3.0/OS-CREDENTIAL/securitytokens", auth, c)
	got := a.Credential
	if err == nil && (got.Access == "" || got.Secret == "") {
		err = fmt.Errorf("POST %s/v3.0/OS-CREDENTIAL/securitytokens: the answer has no keys", i.url)
	}
	return Credentials{AccessKey: got.Access, SecretKey: got.Secret, SecurityToken: got.SecurityToken, Expires: got.ExpiresAt}, err
}

// named is {"id": id}, or {"name": name} when there is no id, or nil.
func named(id, name string) object {
	switch {
	case id != "":
		return object{"id": id}
	case name != "":
		return object{"name": name}
	}
	return nil
}

func domainScope(id, name string) *object {
	if domain := named(id, name); domain != nil {
		return &object{"domain": domain}
	}
	return nil
}

// projectScope names a project; a name is only clear within a domain, when that is known.
func projectScope(id, name string, domain object) *object {
	project := named(id, name)
	if project == nil {
		return nil
	}
	if id == "" && domain != nil {
		project["domain"] = domain
	}
	return &object{"project": project}
}

// password gets tokens for a user.
type password struct {
	Config
	iam *identity
}

func (p password) fetch(ctx context.Context) (Credentials, error) {
	domain := named(p.DomainID, p.DomainName)
	user := named(p.UserID, p.UserName)
	if p.UserID == "" {
		user["domain"] = domain
	}
	user["password"] = p.Password
	auth := object{"identity": object{"methods": []string{"password"}, "password": object{"user": user}}}
	scope := domainScope(p.DomainID, p.DomainName)
	if len(p.AssumeRole) == 0 { // who assumes a role does so as a member of the domain
		scope = cmp.Or(projectScope(p.ProjectID, cmp.Or(p.ProjectName, p.Region), domain), scope)
	}
	if scope != nil {
		auth["scope"] = *scope
	}
	credentials, err := p.iam.token(ctx, auth, Credentials{}, p.Password)
	if err != nil {
		return Credentials{}, fmt.Errorf("getting a token for user %s: %w", cmp.Or(p.UserName, p.UserID), err)
	}
	return credentials, nil
}

// assume gets the credentials of an agency with those of its source: keys for keys, a token for a token.
type assume struct {
	source Provider
	role   AssumeRole
	scope  *object // of a token
	iam    *identity
}

func (a assume) fetch(ctx context.Context) (assumed Credentials, err error) {
	role := object{"agency_name": a.role.AgencyName}
	if a.role.DomainID != "" {
		role["domain_id"] = a.role.DomainID
	} else {
		role["domain_name"] = a.role.DomainName
	}
	auth := object{"identity": object{"methods": []string{"assume_role"}, "assume_role": role}}
	err = Use(ctx, a.source, func(c Credentials) (bool, error) {
		var err error
		if c.Token != "" {
			auth["scope"] = a.scope
			assumed, err = a.iam.token(ctx, auth, c)
		} else {
			if a.role.DurationSeconds != 0 {
				role["duration_seconds"] = a.role.DurationSeconds
			}
			assumed, err = a.iam.keys(ctx, auth, c)
		}
		return refused(err, http.StatusUnauthorized), err
	})
	if err != nil {
		domain := strings.TrimSpace(cmp.Or(a.role.DomainName, a.role.DomainID))
		return Credentials{}, fmt.Errorf("assuming the agency %s of %s: %w", a.role.AgencyName, domain, err)
	}
	return assumed, nil
}
