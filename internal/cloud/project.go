package cloud

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// project is the id of a region's project, once it is known.
type project struct {
	turn chan struct{} // who holds it asks; a channel, so that waiting for it ends with the context
	id   string
}

// ProjectID is the project of a region ("": the client's): the given one, or the one that IAM knows by the name of the
// region (or by Config.ProjectName). IAM is asked once in a process; a failure is not remembered. A project that is not
// allowed is an error.
func (c *Client) ProjectID(ctx context.Context, region string) (string, error) {
	region = cmp.Or(region, c.config.Region)
	name := region
	if region == c.config.Region {
		if c.config.ProjectID != "" {
			return c.config.ProjectID, nil // New has checked that it is allowed
		}
		name = cmp.Or(c.config.ProjectName, region)
	}
	c.mu.Lock()
	p, ok := c.projects[region]
	if !ok {
		p = &project{turn: make(chan struct{}, 1)}
		c.projects[region] = p
	}
	c.mu.Unlock()

	select {
	case p.turn <- struct{}{}:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	defer func() { <-p.turn }()
	if p.id == "" {
		id, err := c.findProject(ctx, name)
		if err != nil {
			return "", fmt.Errorf("looking up the project %s: %w", name, err)
		}
		p.id = id
	}
	if !c.allowed(p.id) {
		return "", fmt.Errorf("project %s (%s) is not one of the allowed projects (%s)", p.id, name, strings.Join(c.config.AllowedProjectIDs, ", "))
	}
	return p.id, nil
}

func (c *Client) allowed(id string) bool {
	return len(c.config.AllowedProjectIDs) == 0 || slices.Contains(c.config.AllowedProjectIDs, id)
}

func (c *Client) findProject(ctx context.Context, name string) (string, error) {
	answer, err := c.Do(ctx, Request{Service: IAM, Method: http.MethodGet, Path: "/v3/projects", Query: url.Values{"name": {name}}})
	if e, ok := AsError(err); ok && e.Status == http.StatusForbidden {
		// Who may not list the account's projects may still list those that are their own.
		answer, err = c.Do(ctx, Request{Service: IAM, Method: http.MethodGet, Path: "/v3/auth/projects"})
	}
	if err != nil {
		return "", err
	}
	list, err := Single().page(answer, "projects")
	if err != nil {
		return "", err
	}
	var ids []string
	for _, found := range list {
		if id, _ := found["id"].(string); id != "" && found["name"] == name {
			ids = append(ids, id)
		}
	}
	switch len(ids) {
	case 0:
		return "", fmt.Errorf("there is none of that name in the account; give the project's id, or check the region")
	case 1:
		return ids[0], nil
	}
	return "", fmt.Errorf("there are several: %s; give the project's id", strings.Join(ids, ", "))
}
