// Package auth finds the credentials that requests are made with, and renews those that expire.
//
// The first of these that is given is taken; one that is given by half is an error, not a reason to look further:
//
//  1. a token
//  2. an access key and a secret key, with a security token when they are temporary
//  3. a user (name or id) and a password
//  4. a profile of the vendor's command line, KooCLI: the one that is named, or the current one of ~/.hcloud/config.json
//  5. the agency of the server that this runs on, from its metadata service: when asked for, or as the last resort
//
// With them, the agencies of AssumeRole are taken one after the other.
//
// An OpenStack cloud takes tokens alone: see openstack.go.
package auth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/go-cleanhttp"
)

// Credentials are either an access key pair (temporary when it has a security token) or a token.
type Credentials struct {
	AccessKey, SecretKey string
	SecurityToken        string    // goes with a temporary key pair
	Token                string    // instead of a key pair
	Catalog              *Catalog  // of an OpenStack cloud: what the token is good for
	Expires              time.Time // zero: they do not expire, or nobody knows when
}

// Provider gives credentials that are valid now. It is safe for concurrent use.
type Provider interface {
	Credentials(ctx context.Context) (Credentials, error)
}

// Renewer is a Provider that can replace credentials before their time.
type Renewer interface {
	Provider
	// Renew returns other credentials than the stale ones.
	Renew(ctx context.Context, stale Credentials) (Credentials, error)
}

// Use calls with the credentials of p. When the cloud rejects them though they can be renewed, it calls once more with new
// ones.
func Use(ctx context.Context, p Provider, call func(Credentials) (rejected bool, err error)) error {
	credentials, err := p.Credentials(ctx)
	if err != nil {
		return err
	}
	rejected, err := call(credentials)
	renewer, ok := p.(Renewer)
	if !rejected || !ok || credentials.Expires.IsZero() {
		return err
	}
	if credentials, err = renewer.Renew(ctx, credentials); err != nil {
		return err
	}
	_, err = call(credentials)
	return err
}

// AssumeRole is one agency to act through.
type AssumeRole struct {
	AgencyName           string
	DomainName, DomainID string // the account that created the agency; one is enough
	DurationSeconds      int    // of temporary keys, 900 to 86400; 0: the cloud's default
}

// Config holds all that is known of the credentials, as plain values.
type Config struct {
	Token string

	AccessKey, SecretKey, SecurityToken string

	UserName, UserID, Password string
	DomainName, DomainID       string // of the user
	ProjectName, ProjectID     string // scope of the token
	Region                     string // its name is the name of the project, when none is given

	OpenStack                          bool   // an OpenStack cloud: Keystone v3 and nothing else
	ProjectDomainName, ProjectDomainID string // there, users and projects may be of different domains
	ApplicationCredentialID            string
	ApplicationCredentialName          string // of the user
	ApplicationCredentialSecret        string

	SharedConfigFile string // of the vendor's command line; "" is ~/.hcloud/config.json
	Profile          string // a profile in it; "" is the current one

	Metadata    bool   // take the keys of the server's agency from the metadata service
	MetadataURL string // "" is http://169.254.169.254

	AssumeRole []AssumeRole // taken one after the other

	AuthURL string       // base URL of IAM (Keystone), with or without /v3
	HTTP    *http.Client // how IAM is asked; nil: a plain client
}

// New finds out what the configuration gives; it makes no request. What is given by half is an error. When nothing is given
// at all, that is found out by the first call of Credentials, whose error says where it looked.
func New(c Config) (Provider, error) {
	c, err := c.WithProfile()
	if err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	c.AuthURL = strings.TrimSuffix(strings.TrimRight(c.AuthURL, "/"), "/v3")
	if c.HTTP == nil {
		c.HTTP = cleanhttp.DefaultPooledClient()
	}
	if c.OpenStack {
		return renew((&openStack{Config: c, at: &identity{url: c.AuthURL, http: c.HTTP}}).fetch), nil
	}
	if c.byPassword() || c.Token != "" && len(c.AssumeRole) > 0 {
		return &byProject{config: c, made: map[string]Renewer{}}, nil
	}
	return c.provider(), nil
}

// provider chains where the credentials come from and the roles that are assumed with them.
func (c Config) provider() Provider {
	iam := &identity{url: c.AuthURL, http: c.HTTP}
	source := c.source(iam)
	for i, role := range c.AssumeRole {
		scope := domainScope(role.DomainID, role.DomainName)
		if i == len(c.AssumeRole)-1 {
			scope = cmp.Or(projectScope(c.ProjectID, cmp.Or(c.ProjectName, c.Region), nil), scope)
		}
		source = renew(assume{source, role, scope, iam}.fetch)
	}
	return source
}

// check refuses what is given by half.
func (c Config) check() error {
	if c.OpenStack {
		return c.checkOpenStack()
	}
	var problems []error
	problem := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }

	switch {
	case c.Token != "":
	case c.AccessKey != "" && c.SecretKey == "":
		problem("an access key is given without its secret key")
	case c.AccessKey == "" && c.SecretKey != "":
		problem("a secret key is given without its access key")
	case c.AccessKey == "" && c.SecurityToken != "":
		problem("a security token is given without the temporary access key and secret key that it belongs to")
	case c.AccessKey != "":
	case c.Password != "" && c.UserName == "" && c.UserID == "":
		problem("a password is given without a user name or user id")
	case c.Password == "" && (c.UserName != "" || c.UserID != "") && !c.Metadata:
		problem("a user is given without a password")
	case c.Password != "" && c.UserID == "" && c.DomainName == "" && c.DomainID == "":
		problem("user %q needs the name or id of its domain (the account)", c.UserName)
	}
	if c.AuthURL == "" && (c.byPassword() || len(c.AssumeRole) > 0) {
		problem("the URL of IAM is needed to get a token or assume a role")
	}
	for i, role := range c.AssumeRole {
		if role.AgencyName == "" || role.DomainName == "" && role.DomainID == "" {
			problem("assumed role %d needs the name of an agency and the name or id of the domain (the account) that created it", i+1)
		}
	}
	return errors.Join(problems...)
}

func (c Config) byPassword() bool {
	return c.Token == "" && c.AccessKey == "" && c.Password != ""
}

// source is where the credentials come from before any role is assumed.
func (c Config) source(iam *identity) Provider {
	switch {
	case c.Token != "":
		return static{Token: c.Token}
	case c.AccessKey != "":
		return static{AccessKey: c.AccessKey, SecretKey: c.SecretKey, SecurityToken: c.SecurityToken}
	case c.Password != "":
		return renew(password{c, iam}.fetch)
	}
	server := &metadata{url: cmp.Or(strings.TrimRight(c.MetadataURL, "/"), "http://169.254.169.254")}
	if c.Metadata {
		server.timeout = 5 * time.Second
		return renew(server.fetch)
	}
	server.timeout = time.Second
	return renew((&lastResort{metadata: server, profile: c.sharedConfigFile()}).fetch)
}

// static are credentials that stay as they are.
type static Credentials

func (s static) Credentials(context.Context) (Credentials, error) { return Credentials(s), nil }
