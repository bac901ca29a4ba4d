package cloud

import (
	"errors"
	"net/http"
	"time"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/auth"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/sign"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/transport"
)

// globalRegion stands for the region in the signature of a service that has none.
const globalRegion = "globe"

// authorize adds the credentials to a request: a token, or a signature as of now.
type authorize struct {
	next   http.RoundTripper
	client *Client
}

// RoundTrip implements http.RoundTripper. An error that is not of the connection is permanent: credentials were asked for
// with retries of their own.
func (a authorize) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := transport.Body(r)
	if err != nil {
		return nil, err
	}
	ctx := r.Context()
	if to := targetOf(r); to.project != "" && to.region != a.client.config.Region && !a.client.config.OpenStack {
		ctx = auth.InProject(ctx, to.project)
	}
	var response *http.Response
	var broken error
	err = auth.Use(ctx, a.client.credentials, func(credentials auth.Credentials) (rejected bool, err error) {
		attempt := r.Clone(r.Context())
		if r.GetBody != nil { // it may be sent twice
			if attempt.Body, err = r.GetBody(); err != nil {
				return false, err
			}
		}
		if err := a.client.sign(attempt, body, credentials); err != nil {
			return false, err
		}
		if response, broken = a.next.RoundTrip(attempt); broken != nil {
			return false, broken
		}
		return response.StatusCode == http.StatusUnauthorized, nil
	})
	switch {
	case broken != nil:
		return nil, broken
	case err != nil:
		return nil, &transport.PermanentError{Err: err}
	}
	return response, nil
}

func (c *Client) sign(r *http.Request, body []byte, credentials auth.Credentials) error {
	if to := targetOf(r); to.service.Buckets {
		if credentials.AccessKey == "" {
			return errors.New("the object storage takes no token: give an access key, or a way to get one, such as an agency to assume")
		}
		return sign.OBS{
			AccessKey: credentials.AccessKey, SecretKey: credentials.SecretKey, SecurityToken: credentials.SecurityToken,
		}.Sign(r, to.path, time.Now())
	}
	if credentials.Token != "" {
		r.Header.Set("X-Auth-Token", credentials.Token)
		return nil
	}
	to := targetOf(r)
	signer := sign.Signer{
		AccessKey: credentials.AccessKey, SecretKey: credentials.SecretKey,
		Form: sign.Form(c.config.Signature), Region: to.region, Service: to.service.Name,
	}
	switch {
	case !to.service.Global:
		r.Header.Set("X-Project-Id", to.project)
	case c.config.DomainID != "":
		r.Header.Set("X-Domain-Id", c.config.DomainID)
	}
	if to.service.Global && signer.Form == sign.Derived {
		signer.Region = globalRegion
	}
	if credentials.SecurityToken != "" {
		r.Header.Set("X-Security-Token", credentials.SecurityToken)
	}
	r.Header.Set("Host", r.URL.Host)
	return signer.Sign(r, body, time.Now())
}
