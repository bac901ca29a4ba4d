// Package auth finds the credentials that requests are made with, and renews those that expire.
package auth

import (
	"context"
	"net/http"
	"time"
)

// Credentials are either an access key pair (temporary when it has a security token) or a token.
type Credentials struct {
	AccessKey, SecretKey string
	SecurityToken        string    // goes with a temporary key pair
	Token                string    // instead of a key pair
	Expires              time.Time // zero: they do not expire, or nobody knows when
}

// Provider gives credentials that are valid now. It is safe for concurrent use.
type Provider interface {
	Credentials(ctx context.Context) (Credentials, error)
}

// AssumeRole is one agency to act through.
type AssumeRole struct {
	AgencyName           string
	DomainName, DomainID string // the account that created the agency; one is enough
	DurationSeconds      int    // 0: the cloud's default
}

// Config holds all that is known of the credentials, as plain values.
type Config struct {
	AccessKey, SecretKey, SecurityToken string

	Token string

	UserName, UserID, Password string
	DomainName, DomainID       string // of the user
	ProjectName, ProjectID     string // scope of the token
	Region                     string // its name is the name of the project, when none is given

	SharedConfigFile string // of the vendor's command line; "" is ~/.hcloud/config.json
	Profile          string // a profile in it; "" is the current one

	Metadata    bool   // take the keys of the server's agency from the metadata service
	MetadataURL string // "" is http://169.254.169.254

	AssumeRole []AssumeRole // taken one after the other

	AuthURL string       // base URL of IAM (Keystone), with or without /v3
	HTTP    *http.Client // how IAM and metadata are asked; nil: a plain client
}
