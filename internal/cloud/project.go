package cloud

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// answers are what is asked for once in a process. A failure is not remembered.
type answers struct {
	mu  sync.Mutex
	all map[string]*answered
}

type answered struct {
	turn chan struct{} // who holds it asks; a channel, so that waiting for it ends with the context
	text string
	ok   bool
}

// of is the answer to the question of that key.
func (a *answers) of(ctx context.Context, key string, ask func() (string, error)) (string, error) {
	a.mu.Lock()
	if a.all == nil {
		a.all = map[string]*answered{}
	}
	one, ok := a.all[key]
	if !ok {
		one = &answered{turn: make(chan struct{}, 1)}
		a.all[key] = one
	}
	a.mu.Unlock()

	select {
	case one.turn <- struct{}{}:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	defer func() { <-one.turn }()
	if !one.ok {
		text, err := ask()
		if err != nil {
			return "", err
		}
		one.text, one.ok = text, true
	}
	return one.text, nil
}

// ProjectID is the project of a region ("": the client's): the given one, or the one that IAM knows by the name of the
// region (or by Config.ProjectName). IAM is asked once in a process. A project that is not allowed is an error. In an
// OpenStack cloud, it is the project of the token, in all regions.
func (c *Client) ProjectID(ctx context.Context, region string) (string, error) {
	if c.config.OpenStack {
		return c.openStackProject(ctx)
	}
	region = cmp.Or(region, c.config.Region)
	name := region
	if region == c.config.Region {
		if c.config.ProjectID != "" {
			return c.config.ProjectID, nil // New has checked that it is allowed
		}
		name = cmp.Or(c.config.ProjectName, region)
	}
	id, err := c.projects.of(ctx, region, func() (string, error) {
		id, err := c.findProject(ctx, name)
		if err != nil {
			return "", fmt.Errorf("looking up the project %s: %w", name, err)
		}
		return id, nil
	})
	if err != nil {
		return "", err
	}
	if !c.allowed(id) {
		return "", fmt.Errorf("project %s (%s) is not one of the allowed projects (%s)", id, name, strings.Join(c.config.AllowedProjectIDs, ", "))
	}
	return id, nil
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
