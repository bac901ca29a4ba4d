package auth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// openStack signs in to an OpenStack cloud, for a token of one project. The first of these that is given is taken: a token, an
// application credential, a user and a password.
type openStack struct {
	Config
	at      *identity
	refused error // by Keystone: it is not asked again, for users are locked out after some attempts
}

// checkOpenStack refuses what is given by half, and what only the public cloud takes.
func (c Config) checkOpenStack() error {
	var problems []error
	problem := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }

	switch credential := c.ApplicationCredentialID != "" || c.ApplicationCredentialName != ""; {
	case c.AccessKey != "" || c.SecretKey != "" || c.Metadata:
		problem("an OpenStack cloud takes no access keys: give a user with a password, an application credential or a token")
	case c.Token != "":
	case credential && c.ApplicationCredentialSecret == "":
		problem("an application credential is given without its secret")
	case !credential && c.ApplicationCredentialSecret != "":
		problem("the secret of an application credential is given without its id or name")
	case credential && c.ApplicationCredentialID == "" && c.UserID == "" && c.UserName == "":
		problem("the application credential %q is given by name: it also needs the name or id of its user", c.ApplicationCredentialName)
	case credential:
	case c.UserName == "" && c.UserID == "" && c.Password == "":
		problem("no credentials for the OpenStack cloud: give a user with a password, an application credential or a token")
	case c.Password == "":
		problem("a user is given without a password")
	case c.UserName == "" && c.UserID == "":
		problem("a password is given without a user name or user id")
	}
	switch {
	case c.AuthURL == "":
		problem("the address of the OpenStack cloud's identity service (Keystone) is needed")
	case strings.HasSuffix(strings.TrimRight(c.AuthURL, "/"), "/v2.0"):
		problem("%s is version 2.0 of the identity API, which no longer exists: give the address with /v3 or without a version", c.AuthURL)
	}
	if len(c.AssumeRole) > 0 {
		problem("an OpenStack cloud has no agencies to assume")
	}
	return errors.Join(problems...)
}

func (k *openStack) fetch(ctx context.Context) (credentials Credentials, err error) {
	switch {
	case k.refused != nil:
		return Credentials{}, k.refused
	case k.Token != "":
		credentials, err = k.byToken(ctx)
	case k.ApplicationCredentialSecret != "":
		credentials, err = k.byApplicationCredential(ctx)
	default:
		credentials, err = k.byPassword(ctx)
	}
	final := refused(err, http.StatusUnauthorized) || refused(err, http.StatusNotFound)
	if err == nil && credentials.Catalog.Project.ID == "" {
		err = fmt.Errorf("no project is given: name one with project_name or project_id; %s", k.projects(ctx, credentials.Token))
		final = true
	}
	switch {
	case err != nil && ctx.Err() != nil: // nothing is known for sure
		return Credentials{}, ctx.Err()
	case final:
		k.refused = err
	}
	return credentials, err
}

// user is how Keystone is told of a user.
func (k *openStack) user() object {
	user := named(k.UserID, k.UserName)
	if k.UserID == "" {
		user["domain"] = domainOf(k.DomainID, k.DomainName)
	}
	return user
}

// domainOf is the domain that is given, or Keystone's first one.
func domainOf(id, name string) object {
	if domain := named(id, name); domain != nil {
		return domain
	}
	return object{"id": "default"}
}

// scope is the project that is asked for; nil: none is.
func (k *openStack) scope() *object {
	return projectScope(k.ProjectID, k.ProjectName, domainOf(k.ProjectDomainID, k.ProjectDomainName))
}

func (k *openStack) byPassword(ctx context.Context) (Credentials, error) {
	user := k.user()
	user["password"] = k.Password
	auth := object{"identity": object{"methods": []string{"password"}, "password": object{"user": user}}}
	who := "user " + cmp.Or(k.UserName, k.UserID)
	scope := k.scope()
	if scope != nil {
		auth["scope"] = *scope
	}
	credentials, err := k.at.cataloged(ctx, auth, Credentials{}, k.Password)
	if !refused(err, http.StatusUnauthorized) {
		return credentials, saying(err, "signing in as %s", who)
	}
	// Keystone says the same of a wrong password and of a project that the user is not in. Without a project it tells.
	if scope != nil {
		auth["scope"] = "unscoped"
		unscoped, again := k.at.cataloged(ctx, auth, Credentials{}, k.Password)
		switch {
		case again == nil:
			return Credentials{}, fmt.Errorf("%s signed in, but not to the project %s, which does not exist or where the user has no role: %s (%w)",
				who, k.projectWords(), k.projects(ctx, unscoped.Token), err)
		case !refused(again, http.StatusUnauthorized): // which of them it is stays open
			return Credentials{}, saying(again, "signing in as %s", who)
		}
	}
	domain := ""
	if k.UserID == "" {
		domain = fmt.Sprintf(" of the domain %s", cmp.Or(k.DomainName, k.DomainID, "default"))
	}
	return Credentials{}, fmt.Errorf("%s%s could not sign in: the user, its domain or the password is wrong, or the user is disabled: %w", who, domain, err)
}

func (k *openStack) byApplicationCredential(ctx context.Context) (Credentials, error) {
	credential := object{"secret": k.ApplicationCredentialSecret}
	if k.ApplicationCredentialID != "" {
		credential["id"] = k.ApplicationCredentialID
	} else {
		credential["name"], credential["user"] = k.ApplicationCredentialName, k.user()
	}
	auth := object{"identity": object{"methods": []string{"application_credential"}, "application_credential": credential}}
	who := "the application credential " + cmp.Or(k.ApplicationCredentialID, k.ApplicationCredentialName)
	credentials, err := k.at.cataloged(ctx, auth, Credentials{}, k.ApplicationCredentialSecret)
	switch {
	case refused(err, http.StatusUnauthorized) || refused(err, http.StatusNotFound):
		return Credentials{}, fmt.Errorf("%s was not accepted: it has expired, was deleted, or its secret is wrong; "+
			"\"openstack application credential list\" shows those there are, and when they expire: %w", who, err)
	case err != nil:
		return Credentials{}, saying(err, "signing in with %s", who)
	case !k.is(credentials.Catalog.Project):
		return Credentials{}, fmt.Errorf("%s is of the project %s and good in no other, so not in %s: leave the project away, or use another credential",
			who, credentials.Catalog.Project, k.projectWords())
	}
	return credentials, nil
}

// byToken asks what a token is good for, and for a token of another project when it is not the right one.
func (k *openStack) byToken(ctx context.Context) (Credentials, error) {
	var a answer
	err := k.at.get(ctx, "/v3/auth/tokens", k.Token, &a)
	switch {
	case refused(err, http.StatusUnauthorized) || refused(err, http.StatusNotFound):
		return Credentials{}, fmt.Errorf("the token is not valid, or not any more: get another one, or use an application credential, which can be renewed: %w", err)
	case err != nil:
		return Credentials{}, saying(err, "asking what the token is good for")
	case k.is(a.Token.Project):
		return Credentials{Token: k.Token, Expires: a.Token.ExpiresAt, Catalog: &a.Token.Catalog}, nil
	}
	auth := object{"identity": object{"methods": []string{"token"}, "token": object{"id": k.Token}}, "scope": *k.scope()}
	credentials, err := k.at.cataloged(ctx, auth, Credentials{}, k.Token)
	if err != nil {
		return Credentials{}, fmt.Errorf("the token was not exchanged for one of the project %s: %s (%w)", k.projectWords(), k.projects(ctx, k.Token), err)
	}
	return credentials, nil
}

// is tells whether a project is the one that is asked for, if any is.
func (k *openStack) is(project Named) bool {
	switch {
	case k.ProjectID != "":
		return k.ProjectID == project.ID
	case k.ProjectName == "":
		return true
	case k.ProjectDomainID != "" || k.ProjectDomainName == "":
		return k.ProjectName == project.Name && cmp.Or(k.ProjectDomainID, "default") == project.Domain.ID
	}
	return k.ProjectName == project.Name && k.ProjectDomainName == project.Domain.Name
}

// String is a project in the words of an error.
func (n Named) String() string {
	if n.Domain.Name == "" {
		return cmp.Or(n.Name, n.ID, "(none)")
	}
	return fmt.Sprintf("%s (id %s, domain %s)", n.Name, n.ID, n.Domain.Name)
}

func (k *openStack) projectWords() string {
	if k.ProjectID != "" {
		return k.ProjectID
	}
	return fmt.Sprintf("%s (domain %s)", k.ProjectName, cmp.Or(k.ProjectDomainName, k.ProjectDomainID, "default"))
}

// projects says in which projects the user of a token has a role.
func (k *openStack) projects(ctx context.Context, token string) string {
	var answer struct {
		Projects []struct {
			ID, Name string
			DomainID string `json:"domain_id"`
		}
	}
	if err := k.at.get(ctx, "/v3/auth/projects", token, &answer); err != nil {
		return "the projects of the user could not be listed"
	}
	var names []string
	for _, project := range answer.Projects {
		names = append(names, fmt.Sprintf("%s (id %s, domain %s)", project.Name, project.ID, project.DomainID))
	}
	slices.Sort(names)
	if len(names) == 0 {
		return "the user has a role in no project; an administrator gives one with \"openstack role add\""
	}
	return "the user has a role in " + strings.Join(names, ", ")
}

func saying(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}
