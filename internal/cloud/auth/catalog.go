package auth

import "slices"

// Catalog is what an OpenStack cloud tells beside a token: whose it is, of which project, and where the services of that
// project are.
type Catalog struct {
	User     Named    `json:"user"`
	Project  Named    `json:"project"` // no id: the token is of no project
	Roles    []Named  `json:"roles"`
	Services []Listed `json:"catalog"`
}

// Named is what Keystone knows by an id, and by a name that is clear within a domain.
type Named struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Domain struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"domain"`
}

// Listed is a service in a catalog.
type Listed struct {
	Type      string `json:"type"` // "block-storage"
	Name      string `json:"name"` // "cinder"
	Endpoints []struct {
		Interface string `json:"interface"` // "public", "internal" or "admin"
		Region    string `json:"region_id"`
		URL       string `json:"url"`
	} `json:"endpoints"`
}

// Regions are those of all services, sorted.
func (c *Catalog) Regions() []string {
	var regions []string
	for _, service := range c.Services {
		for _, endpoint := range service.Endpoints {
			if endpoint.Region != "" {
				regions = append(regions, endpoint.Region)
			}
		}
	}
	slices.Sort(regions)
	return slices.Compact(regions)
}

// Types are those of the services, sorted.
func (c *Catalog) Types() []string {
	var types []string
	for _, service := range c.Services {
		types = append(types, service.Type)
	}
	slices.Sort(types)
	return slices.Compact(types)
}
