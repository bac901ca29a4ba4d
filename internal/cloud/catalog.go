package cloud

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/auth"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// An OpenStack cloud tells where its services are: in the catalog that comes with a token. The addresses there end with the
// version of the API and often with the project, and the paths of requests begin with them; so that part is cut off.

var (
	afterHost = pattern.New(`^([a-z]+://[^/]*)(/.*)?$`)
	versioned = pattern.New(`^(.*?)/v\d+(\.\d+)?(/.*)?$`)
)

// Unversioned is an address up to the version of the API.
func Unversioned(address string) string {
	if parts := afterHost.FindStringSubmatch(address); parts != nil {
		if path := versioned.FindStringSubmatch(parts[2]); path != nil {
			return parts[1] + path[1]
		}
	}
	return strings.TrimRight(address, "/")
}

// reachable refuses the services of the other world.
func (c *Client) reachable(s *Service) error {
	switch {
	case c.config.OpenStack && !s.OpenStack():
		return fmt.Errorf("the service %s is one of Huawei Cloud, and this is an OpenStack cloud (platform = \"openstack\")", s.Name)
	case !c.config.OpenStack && s.OpenStack():
		return fmt.Errorf("the service %s is one of OpenStack clouds, and this is Huawei Cloud (platform = \"huaweicloud\")", s.Name)
	}
	return nil
}

// catalog is what came with the current token.
func (c *Client) catalog(ctx context.Context) (*auth.Catalog, error) {
	credentials, err := c.credentials.Credentials(ctx)
	if err != nil {
		return nil, err
	}
	if credentials.Catalog == nil {
		return nil, errors.New("the credentials are not those of an OpenStack cloud: no catalog came with them")
	}
	return credentials.Catalog, nil
}

// FindRegion settles the region of requests that name none: in an OpenStack cloud, it may be left away where there is one only.
// It is to be called before anything else when no region is given.
func (c *Client) FindRegion(ctx context.Context) error {
	if !c.config.OpenStack || c.config.Region != "" {
		return nil
	}
	catalog, err := c.catalog(ctx)
	if err != nil {
		return err
	}
	regions := catalog.Regions()
	if len(regions) != 1 {
		return fmt.Errorf("no region is given, and the cloud has %d: %s", len(regions), strings.Join(regions, ", "))
	}
	c.config.Region = regions[0]
	return nil
}

// located is where a service of an OpenStack cloud answers: where the configuration says, or else the catalog.
func (c *Client) located(ctx context.Context, s *Service, region string) (*url.URL, error) {
	if c.endpoint != nil || c.endpoints[s.Name] != nil {
		return c.base(s, region), nil
	}
	catalog, err := c.catalog(ctx)
	if err != nil {
		return nil, err
	}
	face := cmp.Or(c.config.Interface, "public")
	var regions, faces []string
	listed := false
	for _, of := range s.Types {
		for _, service := range catalog.Services {
			if service.Type != of {
				continue
			}
			listed = true
			for _, endpoint := range service.Endpoints {
				switch {
				case endpoint.Region != region && region != "":
					regions = append(regions, endpoint.Region)
				case endpoint.Interface != face:
					faces = append(faces, endpoint.Interface)
				default:
					return baseURL("catalog, "+of, Unversioned(endpoint.URL), c.config.Insecure)
				}
			}
		}
	}
	switch all := catalog.Regions(); {
	case !listed:
		return nil, fmt.Errorf("the cloud has no service %s in its catalog, which lists %s; if there is one all the same, give its address in endpoints",
			strings.Join(s.Types, " or "), strings.Join(catalog.Types(), ", "))
	case !slices.Contains(all, region):
		return nil, fmt.Errorf("the cloud has no region %q: there is %s", region, strings.Join(all, ", "))
	case len(faces) > 0:
		return nil, fmt.Errorf("the service %s has no %s address in the region %s, but: %s; set interface, or give its address in endpoints",
			s.Name, face, region, sortedWords(faces))
	}
	return nil, fmt.Errorf("the service %s is not in the region %s, but in %s", s.Name, region, sortedWords(regions))
}

func sortedWords(words []string) string {
	words = slices.Clone(words)
	slices.Sort(words)
	return strings.Join(slices.Compact(words), ", ")
}

// openStackProject is the project of the token, which is good in no other.
func (c *Client) openStackProject(ctx context.Context) (string, error) {
	catalog, err := c.catalog(ctx)
	if err != nil {
		return "", err
	}
	if !c.allowed(catalog.Project.ID) {
		return "", fmt.Errorf("project %s is not one of the allowed projects (%s)", catalog.Project, strings.Join(c.config.AllowedProjectIDs, ", "))
	}
	return catalog.Project.ID, nil
}
