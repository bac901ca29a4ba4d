package sandbox

import (
	"net/http"
	"time"
)

// caller is who sends a request, as its access key or token says.
type caller struct {
	User   *user   // who logged in
	Agency *agency // as whom the user acts, nil for himself
	Token  *token  // if a token was sent
	Grant  grant
	Roles  []string // in the token's project; on OpenStack only
}

// may says whether the caller may use a project.
func (c *caller) may(p *project) bool {
	return p.DomainID == c.Grant.DomainID && (c.Grant.Every || c.Grant.ProjectID == p.ID)
}

// unauthorized is the gateway's answer to credentials that it does not accept.
func unauthorized(reason string) error {
	return refuseGateway(http.StatusUnauthorized, "APIGW.0301", "Incorrect IAM authentication information: %s", reason)
}

// admit finds out who sends a request to the public cloud, and for which project.
func (s *Sandbox) admit(r *request, pattern string) (err error) {
	if !r.service.open[pattern] {
		if r.caller, err = s.authenticate(r); err != nil {
			return err
		}
	}
	if !r.service.global {
		r.project, err = s.authorize(r)
	}
	return err
}

// authenticate finds out who sends a request: by token, else by signature.
func (s *Sandbox) authenticate(r *request) (*caller, error) {
	if id := r.Header.Get("X-Auth-Token"); id != "" {
		if t := s.iam.validToken(id); t != nil {
			if c := t.Grant.caller(s.iam); c != nil {
				c.Token = t
				return c, nil
			}
		}
		if r.service.global {
			return nil, needsAuthentication() // IAM sees to its own tokens
		}
		return nil, unauthorized("decrypt token fail")
	}
	sig, err := parseSignature(r.Header)
	if err != nil {
		return nil, unauthorized(err.Error())
	}
	key := s.iam.keys.get("", sig.accessKey)
	if key == nil {
		return nil, unauthorized("Get secretKey failed,ak:" + sig.accessKey + ",err:ak not exist")
	}
	if key.SecurityToken != r.Header.Get("X-Security-Token") {
		return nil, unauthorized("verify securityToken failed")
	}
	now := time.Now()
	if !key.ExpiresAt.IsZero() && !key.ExpiresAt.After(now) {
		return nil, unauthorized("securityToken expired")
	}
	if err := sig.verify(r, key.Secret, now); err != nil {
		return nil, unauthorized(err.Error())
	}
	c := key.Grant.caller(s.iam)
	if c == nil {
		return nil, unauthorized("Get secretKey failed,ak:" + sig.accessKey + ",err:user not exist")
	}
	return c, nil
}

// authorize finds the project that a request is about: the one in its path, or where the path has none the one in
// X-Project-Id, the token's, or the region's. Its caller must be allowed to use it, in the region of the host.
func (s *Sandbox) authorize(r *request) (*project, error) {
	id := r.PathValue("project_id")
	if id == "" {
		id = r.Header.Get("X-Project-Id")
	}
	if id == "" {
		id = r.caller.Grant.ProjectID
	}
	p := s.iam.projects.first("", func(p *project) bool {
		if id != "" {
			return p.ID == id
		}
		return p.DomainID == r.caller.Grant.DomainID && matches(r.region, p.Region)
	})
	if p == nil || !r.caller.may(p) || !matches(r.region, p.Region) {
		return nil, refuseGateway(http.StatusForbidden, "APIGW.0302", "The IAM user is not authorized to access the API")
	}
	return p, nil
}
