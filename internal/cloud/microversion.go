package cloud

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Microversion is the newest microversion of a service's API that the cloud knows in a region; "" where the API has none. The
// cloud is asked once in a process.
func (c *Client) Microversion(ctx context.Context, s *Service, region string) (string, error) {
	if s.Microtype == "" {
		return "", nil
	}
	to := target{service: s, region: cmp.Or(region, c.config.Region)}
	return c.newest.of(ctx, c.class(to), func() (string, error) {
		answer, err := c.Do(ctx, Request{Service: s, Region: region, Method: http.MethodGet, Path: s.Root, plain: true})
		if err != nil {
			return "", fmt.Errorf("asking the service %s for its versions: %w", s.Name, err)
		}
		// {"version": {...}} of one API, {"versions": [...]} of several
		return first(answer, "version.version", "versions.0.version"), nil
	})
}

// microversion is the microversion that a request asks for: what it needs, which the cloud has to know, or else its service's
// or the newest that the cloud knows, if that is older.
func (c *Client) microversion(ctx context.Context, r Request, region string) (string, error) {
	if r.Service.Microtype == "" || r.plain {
		return "", nil
	}
	newest, err := c.Microversion(ctx, r.Service, region)
	switch {
	case err != nil:
		return "", err
	case r.Version != "" && CompareVersions(newest, r.Version) < 0:
		return "", fmt.Errorf("%s %s needs microversion %s of the service %s, and the newest that the cloud has is %s",
			r.Method, r.Path, r.Version, r.Service.Name, cmp.Or(newest, "none"))
	case r.Version != "":
		return r.Version, nil
	case CompareVersions(newest, r.Service.Version) < 0:
		return newest, nil
	}
	return r.Service.Version, nil
}

// CompareVersions tells which of two microversions is older: "2.9" is older than "2.10", and "" than any.
func CompareVersions(a, b string) int {
	aMajor, aMinor := versionNumbers(a)
	bMajor, bMinor := versionNumbers(b)
	return cmp.Or(cmp.Compare(aMajor, bMajor), cmp.Compare(aMinor, bMinor))
}

func versionNumbers(version string) (major, minor int) {
	before, after, _ := strings.Cut(version, ".")
	major, _ = strconv.Atoi(before) // what is no number is older than any
	minor, _ = strconv.Atoi(after)
	return major, minor
}
