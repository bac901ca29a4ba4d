// Package valid holds the validators that the cloud's own rules ask for and no library has: names, addresses, ports, tags' texts.
package valid

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// text is a validator of a text by a function that says what is wrong with it.
type text struct {
	wants  string
	wrong  func(string) error
	secret bool // what is wrong is said without showing the value
}

func (t text) Description(context.Context) string         { return t.wants }
func (t text) MarkdownDescription(context.Context) string { return t.wants }

func (t text) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	value := req.ConfigValue.ValueString()
	if err := t.wrong(value); err != nil {
		shown := fmt.Sprintf("%q", value)
		if t.secret {
			shown = "The value"
		}
		// Terraform shows the line of an attribute only when it is not within another.
		detail := fmt.Sprintf("%s: %s.", shown, err)
		if err.Error() != t.wants {
			detail += fmt.Sprintf(" It must be %s.", t.wants)
		}
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+req.Path.String(), detail)
	}
}

// CIDR accepts an address range whose host bits are zero, with a mask of at least and at most so many bits. Ranges in
// which it must lie may be given: "10.0.0.0/8".
func CIDR(minBits, maxBits int, within ...string) validator.String {
	wants := fmt.Sprintf("an IPv4 range such as 10.1.0.0/16 with a mask of %d to %d bits", minBits, maxBits)
	if len(within) > 0 {
		wants += fmt.Sprintf(", within %v", within)
	}
	return text{wants: wants, wrong: func(s string) error {
		prefix, err := ParseCIDR(s)
		if err != nil {
			return err
		}
		if prefix.Bits() < minBits || prefix.Bits() > maxBits {
			return fmt.Errorf("its mask has %d bits", prefix.Bits())
		}
		if len(within) > 0 && !slices.ContainsFunc(within, func(outer string) bool { return Inside(prefix, netip.MustParsePrefix(outer)) }) {
			return fmt.Errorf("it lies outside")
		}
		return nil
	}}
}

// ParseCIDR reads an IPv4 range whose host bits are zero.
func ParseCIDR(s string) (netip.Prefix, error) {
	prefix, err := netip.ParsePrefix(s)
	switch {
	case err != nil:
		return prefix, fmt.Errorf("it is no address range")
	case !prefix.Addr().Is4():
		return prefix, fmt.Errorf("it is no IPv4 range")
	case prefix.Masked() != prefix:
		return prefix, fmt.Errorf("it has host bits set; the range is %s", prefix.Masked())
	}
	return prefix, nil
}

// Range accepts an address range of IPv4 or IPv6 whose host bits are zero, as it is commonly written.
func Range() validator.String {
	return text{wants: "a range such as 10.1.0.0/16 or fd00::/8", wrong: func(s string) error {
		prefix, err := netip.ParsePrefix(s)
		switch {
		case err != nil:
			return fmt.Errorf("it is no address range")
		case prefix.Masked() != prefix:
			return fmt.Errorf("it has host bits set; the range is %s", prefix.Masked())
		case prefix.String() != s:
			return fmt.Errorf("it is commonly written %s", prefix)
		}
		return nil
	}}
}

// Inside tells that a range lies in another.
func Inside(inner, outer netip.Prefix) bool {
	return inner.Bits() >= outer.Bits() && outer.Contains(inner.Addr())
}

// NotPrefixed refuses what begins as the cloud's own names do.
func NotPrefixed(prefix string) validator.String {
	return text{wants: "a text that does not begin with " + prefix, wrong: func(s string) error {
		if strings.HasPrefix(s, prefix) {
			return fmt.Errorf("the cloud's own names begin with %s", prefix)
		}
		return nil
	}}
}

// IPv4 accepts an address.
func IPv4() validator.String {
	return text{wants: "an IPv4 address such as 10.1.0.1", wrong: func(s string) error {
		if address, err := netip.ParseAddr(s); err != nil || !address.Is4() {
			return fmt.Errorf("it is no IPv4 address")
		}
		return nil
	}}
}

// IP accepts an address of IPv4 or IPv6.
func IP() validator.String {
	return text{wants: "an address such as 10.1.0.1 or fd00::1", wrong: func(s string) error {
		if address, err := netip.ParseAddr(s); err != nil || address.Zone() != "" || address.Is4In6() {
			return fmt.Errorf("it is no address")
		}
		return nil
	}}
}

// Remote accepts an address, or a range whose host bits are zero, of IPv4 or IPv6.
func Remote() validator.String {
	return text{wants: "an address or a range such as 10.1.0.1, 10.1.0.0/16 or fd00::/8", wrong: func(s string) error {
		_, err := ParseRemote(s)
		return err
	}}
}

// ParseRemote reads an address, which is a range of one, or a range whose host bits are zero.
func ParseRemote(s string) (netip.Prefix, error) {
	if address, err := netip.ParseAddr(s); err == nil && address.Zone() == "" {
		return netip.PrefixFrom(address, address.BitLen()), nil
	}
	prefix, err := netip.ParsePrefix(s)
	switch {
	case err != nil:
		return prefix, fmt.Errorf("it is neither an address nor a range")
	case prefix.Masked() != prefix:
		return prefix, fmt.Errorf("it has host bits set; the range is %s", prefix.Masked())
	}
	return prefix, nil
}

// Ports accepts ports from 1 to 65535 and ranges of them, joined by commas.
func Ports() validator.String {
	return text{wants: "ports from 1 to 65535 such as 80, 1-30 or 22,3389,8000-8080", wrong: func(s string) error {
		for part := range strings.SplitSeq(s, ",") {
			first, last, isRange := strings.Cut(part, "-")
			if !isRange {
				last = first
			}
			from, errFrom := strconv.ParseUint(first, 10, 16)
			to, errTo := strconv.ParseUint(last, 10, 16)
			switch {
			case errFrom != nil || errTo != nil || from == 0:
				return fmt.Errorf("%q is neither a port nor a range of ports", part)
			case from > to:
				return fmt.Errorf("the range %s ends before it begins", part)
			}
		}
		return nil
	}}
}

// Domain accepts a domain name of letters, digits, Chinese characters, and - within its labels, with or without the final dot.
func Domain() validator.String {
	return text{wants: "a domain name such as example.com", wrong: func(s string) error { return domain(s, label) }}
}

// RecordName accepts the name of a record set: labels may hold _ too, and the first may be *.
func RecordName() validator.String {
	return text{wants: "a domain name such as www.example.com or *.example.com", wrong: func(s string) error {
		return domain(strings.TrimPrefix(s, "*."), hostLabel)
	}}
}

// IsHost tells that a text is a domain name, whose labels may hold _ too.
func IsHost(s string) bool { return domain(s, hostLabel) == nil }

func domain(s string, label *pattern.Pattern) error {
	if utf8.RuneCountInString(s) > 254 {
		return fmt.Errorf("it is longer than 254 characters")
	}
	for part := range strings.SplitSeq(strings.TrimSuffix(s, "."), ".") {
		if !label.MatchString(part) {
			return fmt.Errorf("%q is no label of a domain name", part)
		}
	}
	return nil
}

var (
	label       = pattern.New(`^[A-Za-z0-9\p{Han}]([A-Za-z0-9\p{Han}-]{0,61}[A-Za-z0-9\p{Han}])?$`)
	hostLabel   = pattern.New(`^[A-Za-z0-9_\p{Han}]([A-Za-z0-9_\p{Han}-]{0,61}[A-Za-z0-9_\p{Han}])?$`)
	named       = pattern.New(`^[\p{Han}A-Za-z0-9_.-]*$`)
	noBrackets  = pattern.New(`^[^<>]*$`)
	uuid        = pattern.New(`^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$`)
	uuidOrZero  = pattern.New(`^(0|[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})$`)
	metadataKey = pattern.New(`^[A-Za-z0-9_.:-]{1,255}$`)
)

// Match accepts what a pattern matches. What it wants is a sentence: "a mail address is expected".
func Match(p *pattern.Pattern, wants string) validator.String {
	return text{wants: wants, wrong: func(s string) error {
		if !p.MatchString(s) {
			return errors.New(wants)
		}
		return nil
	}}
}

// Name accepts Chinese and Latin letters, digits, and _ - . up to a number of characters.
func Name(from, to int) []validator.String {
	return []validator.String{
		stringvalidator.UTF8LengthBetween(from, to),
		Match(named, "only Chinese or Latin letters, digits, and _ - . are allowed"),
	}
}

// Description accepts any text without < and > up to a number of characters.
func Description(to int) []validator.String {
	return []validator.String{
		stringvalidator.UTF8LengthAtMost(to),
		Match(noBrackets, "< and > are not allowed"),
	}
}

// UUID accepts an id with dashes.
func UUID() validator.String { return Match(uuid, "an id (UUID) is expected") }

// EnterpriseProject accepts an enterprise project: a UUID, or "0" for the default one.
func EnterpriseProject() validator.String {
	return Match(uuidOrZero, `an id (UUID) is expected, or "0" for the default enterprise project`)
}

// MetadataKey accepts a key of metadata.
func MetadataKey() validator.String {
	return Match(metadataKey, "a key has 1 to 255 Latin letters, digits, and _ - . :")
}

var classes = []*pattern.Pattern{
	pattern.New(`[A-Z]`), pattern.New(`[a-z]`), pattern.New(`[0-9]`), pattern.New(`[^A-Za-z0-9]`),
}

// Password accepts a text of some characters, among them at least so many of four classes: upper case, lower case, digits,
// others. What is wrong is said without showing the value.
func Password(characters *pattern.Pattern, rule string, least int) validator.String {
	wants := fmt.Sprintf("made of %s, with at least %d of: upper case, lower case, digits, others", rule, least)
	return text{wants: wants, secret: true, wrong: func(s string) error {
		if !characters.MatchString(s) {
			return fmt.Errorf("it has a character that is not allowed")
		}
		found := 0
		for _, class := range classes {
			if class.MatchString(s) {
				found++
			}
		}
		if found < least {
			return fmt.Errorf("it has characters of %d classes", found)
		}
		return nil
	}}
}

// Secret accepts what a pattern matches. What is wrong is said without showing the value.
func Secret(p *pattern.Pattern, wants string) validator.String {
	return text{wants: wants, secret: true, wrong: func(s string) error {
		if !p.MatchString(s) {
			return fmt.Errorf("it has another form")
		}
		return nil
	}}
}
