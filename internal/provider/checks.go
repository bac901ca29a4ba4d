package provider

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// A check says what is wrong with one text. The key is that of the map in which the text stands.
type check = func(key, text string) error

var (
	isRegion = matches(`^[A-Za-z0-9][A-Za-z0-9._-]*$`, "the name of a region, such as cn-north-4")
	isDomain = matches(`^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$`, "a domain, such as myhuaweicloud.com, without scheme and path")
	isID     = matches(`^(`+hexID+`)$`, "an id, which has 32 hexadecimal digits")
	// Those of users from a directory are longer, or what the directory calls them.
	isUserID = matches(`^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$`, "an id, which has letters and digits")
	// OpenStack's first domain and the account's first enterprise project have short ids.
	isDomainID            = matches(`^(default|`+hexID+`)$`, "an id, which has 32 hexadecimal digits")
	isEnterpriseProjectID = matches(`^(0|`+hexID+`)$`, "an id, which has 32 hexadecimal digits in five groups, or 0")
)

const hexID = `[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}`

func matches(expression, want string) check {
	compiled := regexp.MustCompile(expression)
	return func(_, text string) error {
		if !compiled.MatchString(text) {
			return fmt.Errorf("%q is not %s", text, want)
		}
		return nil
	}
}

func isOneOf(words ...string) check {
	return func(_, text string) error {
		if !slices.Contains(words, text) {
			return fmt.Errorf("%q is none of %s", text, strings.Join(words, ", "))
		}
		return nil
	}
}

// isInterface takes also the names that older clients have for the same: publicURL.
func isInterface(key, text string) error {
	return isOneOf("public", "internal", "admin")(key, interfaceOf(text))
}

func interfaceOf(text string) string { return strings.TrimSuffix(strings.ToLower(text), "url") }

func isWithin(least, most int64) check {
	return func(_, text string) error {
		if n, err := strconv.ParseInt(text, 10, 64); err != nil || n < least || n > most {
			return fmt.Errorf("%s is not a whole number from %d to %d", text, least, most)
		}
		return nil
	}
}

func isPositive(_, text string) error {
	if n, err := strconv.ParseFloat(text, 64); err != nil || !(n > 0) {
		return fmt.Errorf("%s is not a number above 0", text)
	}
	return nil
}

func isFlag(_, text string) error {
	if _, err := strconv.ParseBool(text); err != nil {
		return fmt.Errorf("%q is neither true nor false", text)
	}
	return nil
}

func isAddress(_, text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		// The error itself repeats the text, which may hold a password.
		return fmt.Errorf("it is not an address, such as https://example.com: %w", errors.Unwrap(err))
	case u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return fmt.Errorf("%q is not an address, such as https://example.com", text)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("%s has more than scheme, host, port and path", u.Redacted())
	}
	return nil
}

func isServiceAddress(service, text string) error {
	if !slices.Contains(serviceNames(), service) {
		return fmt.Errorf("%q is not a service; there are %s", service, strings.Join(serviceNames(), ", "))
	}
	return isAddress(service, text)
}

func serviceNames() []string {
	var names []string
	for _, s := range cloud.Services() {
		names = append(names, s.Name)
	}
	slices.Sort(names)
	return names
}

// isPlain tells whether what is sent to an address can be read on the way: it has no TLS and leaves this machine.
func isPlain(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback())
}
