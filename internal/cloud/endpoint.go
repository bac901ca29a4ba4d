package cloud

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/sign"
)

// check refuses a configuration that cannot work, and takes over its URLs.
func (c *Client) check() error {
	var problems []error
	problem := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }

	if c.config.Region == "" && !c.config.OpenStack {
		problem("no region is given")
	}
	if !slices.Contains(sign.Forms, sign.Form(c.config.Signature)) {
		problem("unknown signature %q: it is derived, legacy or nothing", c.config.Signature)
	}
	if c.config.MaxRetries < 0 {
		problem("the number of retries is negative")
	}
	if c.config.MaxRequestsPerSecond < 0 {
		problem("the number of requests per second is negative")
	}
	if allowed := c.config.AllowedProjectIDs; c.config.ProjectID != "" && !c.allowed(c.config.ProjectID) {
		problem("project %s is not one of the allowed projects (%s)", c.config.ProjectID, strings.Join(allowed, ", "))
	}
	var err error
	if c.config.Endpoint != "" {
		if c.endpoint, err = baseURL("endpoint", c.config.Endpoint, c.config.Insecure); err != nil {
			problems = append(problems, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.config.Endpoints)) {
		if !slices.ContainsFunc(services, func(s *Service) bool { return s.Name == name }) {
			problem("endpoint of an unknown service %q: the services are %s", name, serviceNames())
			continue
		}
		address := c.config.Endpoints[name]
		if c.config.OpenStack {
			address = Unversioned(address)
		}
		if c.endpoints[name], err = baseURL("endpoint of "+name, address, c.config.Insecure); err != nil {
			problems = append(problems, err)
		}
	}
	if !slices.Contains([]string{"", "public", "internal", "admin"}, c.config.Interface) {
		problem("unknown interface %q: it is public, internal or admin", c.config.Interface)
	}
	if c.config.Auth.AuthURL != "" {
		iam, err := baseURL("URL of IAM", strings.TrimSuffix(strings.TrimRight(c.config.Auth.AuthURL, "/"), "/v3"), c.config.Insecure)
		if err != nil {
			problems = append(problems, err)
		} else if c.endpoint == nil && c.endpoints[IAM.Name] == nil && !c.config.OpenStack {
			c.endpoints[IAM.Name] = iam
		}
	}
	return errors.Join(problems...)
}

func serviceNames() string {
	var names []string
	for _, s := range services {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// baseURL parses a URL that credentials will be sent to: they must not travel in clear, except within this machine or when
// the user insists.
func baseURL(what, raw string, insecure bool) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	switch {
	case u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%s: %q is not an http or https URL", what, raw)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("%s: a base URL has no user, query or fragment", what)
	case u.Scheme == "http" && !insecure && !loopback(u.Hostname()):
		return nil, fmt.Errorf("%s: %s would send credentials in clear; use https, or allow it with insecure", what, raw)
	}
	return u, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback() || host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// base is where a service answers.
func (c *Client) base(s *Service, region string) *url.URL {
	if u, ok := c.endpoints[s.Name]; ok {
		return u
	}
	if c.endpoint != nil {
		return c.endpoint.JoinPath(s.Name)
	}
	host := s.Name + "." + region + "." + c.config.Cloud
	if s.Global {
		host = s.Name + "." + c.config.Cloud
	}
	return &url.URL{Scheme: "https", Host: host}
}

// identity is where tokens are asked for when no URL is given for that; nil: nobody knows.
func (c *Client) identity() *url.URL {
	switch {
	case !c.config.OpenStack:
		return c.base(IAM, c.config.Region)
	case c.endpoint != nil || c.endpoints[Keystone.Name] != nil:
		return c.base(Keystone, c.config.Region)
	}
	return nil
}
