package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// netAttribute says what a body may hold under a name.
type netAttribute struct {
	check    netCheck
	when     netWhen
	needed   bool // by create
	standard any  // what a new object has otherwise; nil for nothing
	admin    bool // only administrators may give it
	owner    bool // only they and who owns the network may
	hidden   bool // only administrators see it
}

// netWhen says which requests may give an attribute.
type netWhen int

const (
	netNever netWhen = iota
	netCreate
	netUpdate
	netBoth
)

// netCheck converts a value, or refuses it.
type netCheck func(name string, v any) (any, error)

// netStandard adds to a kind's attributes those that all have.
func netStandard(attributes map[string]netAttribute) map[string]netAttribute {
	for name, a := range map[string]netAttribute{
		"id": {}, "created_at": {}, "updated_at": {}, "revision_number": {}, "tags": {}, "status": {},
		"description": {check: netString(255), when: netBoth},
		"project_id":  {check: netString(255), when: netCreate}, "tenant_id": {check: netString(255), when: netCreate},
	} {
		if _, ok := attributes[name]; !ok {
			attributes[name] = a
		}
	}
	return attributes
}

// input reads a body: what it gives and what a new object has otherwise. The verb is create or update.
func (k *netKind[T]) input(r *request, verb string) (given, error) {
	var body map[string]json.RawMessage
	if json.Unmarshal(r.body, &body) != nil {
		return nil, netBad("Body contains invalid data")
	}
	var raw map[string]any
	if body[k.one] == nil || json.Unmarshal(body[k.one], &raw) != nil {
		return nil, netBad("Unable to find '%s' in request body", k.one)
	}
	in := given{}
	names := slices.Sorted(maps.Keys(raw))
	for _, name := range names {
		if _, ok := k.attributes[name]; !ok {
			return nil, netBad("Unrecognized attribute(s) '%s'", name)
		}
	}
	if verb == "create" {
		for _, name := range slices.Sorted(maps.Keys(k.attributes)) {
			a := k.attributes[name]
			if !given(raw).has(name) && a.needed {
				return nil, netBad("Failed to parse request. Required attribute '%s' not specified", name)
			}
			if a.standard != nil {
				in[name] = a.standard
			}
		}
	}
	for _, name := range names {
		a := k.attributes[name]
		switch {
		case verb == "create" && a.when != netCreate && a.when != netBoth:
			return nil, netBad("Attribute '%s' not allowed in POST", name)
		case verb == "update" && a.when != netUpdate && a.when != netBoth:
			return nil, netBad("Cannot update read-only attribute %s", name)
		}
		v, err := a.check(name, raw[name])
		if err != nil {
			return nil, err
		}
		in[name] = v
	}
	for _, name := range names {
		a := k.attributes[name]
		if verb == "create" && a.standard != nil && in[name] == a.standard {
			continue // what a new object has anyhow may be said by anybody
		}
		if a.admin && !r.admin() || a.owner && !k.ownsNetwork(r, in) {
			return nil, netForbiddenOf(verb, k.one, name)
		}
	}
	return in, nil
}

// ownsNetwork says whether the caller may do with the network of a body, or with that of the port in the path, what only
// its owner may.
func (n *neutronService) ownsNetwork(r *request, in given) bool {
	id, _ := in["network_id"].(string)
	if p := n.ports.get("", r.PathValue("id")); id == "" && p != nil {
		id = p.NetworkID
	}
	w := n.networks.get("", id)
	return w == nil || r.admin() || w.ProjectID == r.project.ID // what does not exist is refused later
}

// netText is a value as Neutron tells it.
func netText(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		return map[bool]string{true: "True", false: "False"}[v]
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// netRefused is how the API refuses a value.
func netRefused(name, format string, args ...any) error {
	return netBad("Invalid input for %s. Reason: %s.", name, fmt.Sprintf(format, args...))
}

func netString(most int) netCheck {
	return func(name string, v any) (any, error) {
		text, ok := v.(string)
		if !ok {
			return nil, netRefused(name, "'%s' is not a valid string", netText(v))
		}
		if len([]rune(text)) > most {
			return nil, netRefused(name, "'%s' exceeds maximum length of %d", text, most)
		}
		return text, nil
	}
}

func netBool(_ string, v any) (any, error) {
	switch strings.ToLower(netText(v)) {
	case "true", "1":
		return true, nil
	case "false", "0":
		return false, nil
	}
	return nil, netInvalid("'%s' cannot be converted to boolean", netText(v))
}

func netInt(_ string, v any) (any, error) {
	n, err := strconv.Atoi(netText(v))
	if err != nil {
		return nil, netInvalid("'%s' is not an integer", netText(v))
	}
	return n, nil
}

func netNotNegative(name string, v any) (any, error) {
	n, err := netInt(name, v)
	if err == nil && n.(int) < 0 {
		return nil, netRefused(name, "'%s' should be non-negative", netText(v))
	}
	return n, err
}

var netUUIDText = pattern.New(`^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$`)

func netUUID(name string, v any) (any, error) {
	if text, ok := v.(string); ok && netUUIDText.MatchString(text) {
		return text, nil
	}
	return nil, netRefused(name, "'%s' is not a valid UUID", netText(v))
}

// orNone lets a value be null.
func orNone(check netCheck) netCheck {
	return func(name string, v any) (any, error) {
		if v == nil {
			return nil, nil
		}
		return check(name, v)
	}
}

// orEmpty takes null for an empty list.
func orEmpty(check netCheck) netCheck {
	return func(name string, v any) (any, error) {
		if v == nil {
			return []any{}, nil
		}
		return check(name, v)
	}
}

func netOneOf(values ...any) netCheck {
	return func(name string, v any) (any, error) {
		for _, one := range values {
			if netText(one) == netText(v) {
				return one, nil
			}
		}
		return nil, netRefused(name, "%s is not in valid_values", netText(v))
	}
}

func netIP(name string, v any) (any, error) {
	text, _ := v.(string)
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" {
		return nil, netRefused(name, "'%s' is not a valid IP address", netText(v))
	}
	return a.String(), nil
}

// netCidr reads a range, or one address.
func netCidr(_ string, v any) (any, error) {
	text, _ := v.(string)
	if !strings.Contains(text, "/") {
		if a, err := netip.ParseAddr(text); err == nil {
			return netip.PrefixFrom(a, a.BitLen()).String(), nil
		}
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return nil, netInvalid("%s is not in a CIDR format", netText(v))
	}
	return p.Masked().String(), nil
}

var netMACText = pattern.New(`^[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}$`)

func netMAC(name string, v any) (any, error) {
	text, _ := v.(string)
	if !netMACText.MatchString(text) {
		return nil, netRefused(name, "'%s' is not a valid MAC address", netText(v))
	}
	return text, nil
}

// netList is a list whose items are all different and pass a check.
func netList(name string, v any, item func(v any) (any, error), duplicate func(v any) error) ([]any, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, netRefused(name, "'%s' is not a list", netText(v))
	}
	out, seen := []any{}, map[string]bool{}
	for _, v := range list {
		converted, err := item(v)
		if err != nil {
			return nil, err
		}
		text, err := json.Marshal(converted)
		if err != nil {
			return nil, err
		}
		if seen[string(text)] {
			return nil, duplicate(v)
		}
		seen[string(text)] = true
		out = append(out, converted)
	}
	return out, nil
}

func netUUIDs(name string, v any) (any, error) {
	return netList(name, v, func(v any) (any, error) { return netUUID(name, v) }, func(v any) error {
		return netRefused(name, "Duplicate items in the list: '%s'", netText(v))
	})
}

// netTags are words of at most 255 characters.
func netTags(_ string, v any) (any, error) {
	if _, ok := v.([]any); !ok {
		return nil, netInvalid("'%s' is not a list", netText(v))
	}
	return netList("tags", v, func(v any) (any, error) {
		text, ok := v.(string)
		switch {
		case !ok:
			return nil, netInvalid("'%s' is not a valid string", netText(v))
		case len([]rune(text)) > 255:
			return nil, netInvalid("'%s' exceeds maximum length of 255", text)
		}
		return text, nil
	}, func(v any) error { return netInvalid("Duplicate items in the list: '%s'", netText(v)) })
}

// netTexts are words, which nothing else is asked of.
func netTexts(name string, v any) (any, error) {
	return netList(name, v, func(v any) (any, error) { return netString(255)(name, v) }, func(v any) error {
		return netRefused(name, "Duplicate items in the list: '%s'", netText(v))
	})
}

func netServers(name string, v any) (any, error) {
	return netList(name, v, func(v any) (any, error) {
		a, err := netIP(name, v)
		if err != nil {
			return nil, netRefused(name, "'%s' is not a valid nameserver. '%[1]s' is not a valid IP address", netText(v))
		}
		return a, nil
	}, func(v any) error { return netRefused(name, "Duplicate nameserver '%s'", netText(v)) })
}

// netKeys are the values of a dictionary that has certain keys and no others.
func netKeys(name string, v any, keys ...string) (map[string]any, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, netRefused(name, "'%s' is not a dictionary", netText(v))
	}
	for _, key := range keys {
		if _, ok := m[key]; !ok || len(m) != len(keys) {
			quote := func(keys []string) string { return "{'" + strings.Join(keys, "', '") + "'}" }
			return nil, netRefused(name, "Validation of dictionary's keys failed. Expected keys: %s Provided keys: %s", quote(keys), quote(slices.Sorted(maps.Keys(m))))
		}
	}
	return m, nil
}

func netPools(name string, v any) (any, error) {
	return netList(name, v, func(v any) (any, error) {
		m, err := netKeys(name, v, "start", "end")
		if err != nil {
			return nil, err
		}
		out := map[string]any{}
		for key, v := range m {
			if out[key], err = netIP(name, v); err != nil {
				return nil, err
			}
		}
		return out, nil
	}, func(v any) error { return netRefused(name, "Duplicate items in the list: '%v'", v) })
}

func netRoutes(name string, v any) (any, error) {
	return netList(name, v, func(v any) (any, error) {
		m, err := netKeys(name, v, "destination", "nexthop")
		if err != nil {
			return nil, err
		}
		text, _ := m["destination"].(string)
		p, perr := netip.ParsePrefix(text)
		switch {
		case perr != nil:
			return nil, netRefused(name, "'%s' is not a valid CIDR", netText(m["destination"]))
		case p.Masked() != p:
			return nil, netRefused(name, "'%s' is not a recognized CIDR, '%s' is recommended", text, p.Masked())
		}
		hop, err := netIP(name, m["nexthop"])
		if err != nil {
			return nil, err
		}
		return map[string]any{"destination": p.String(), "nexthop": hop}, nil
	}, func(v any) error {
		m := v.(map[string]any)
		return netRefused(name, "Duplicate hostroute '{'destination': '%s', 'nexthop': '%s'}'", m["destination"], m["nexthop"])
	})
}

func netFixedIPs(name string, v any) (any, error) {
	addresses := map[any]bool{}
	list, ok := v.([]any)
	if !ok {
		return nil, netRefused(name, "Invalid data format for fixed IP: '%s'", netText(v))
	}
	out := []any{}
	for _, v := range list {
		m, ok := v.(map[string]any)
		if !ok {
			return nil, netRefused(name, "Invalid data format for fixed IP: '%s'", netText(v))
		}
		fixed := map[string]any{}
		if m["ip_address"] != nil {
			a, err := netIP(name, m["ip_address"])
			if err != nil {
				return nil, err
			}
			if addresses[a] {
				return nil, netRefused(name, "Duplicate IP address '%s'", a)
			}
			addresses[a], fixed["ip_address"] = true, a
		}
		if m["subnet_id"] != nil {
			id, err := netUUID(name, m["subnet_id"])
			if err != nil {
				return nil, err
			}
			fixed["subnet_id"] = id
		}
		out = append(out, fixed)
	}
	return out, nil
}

func netPairs(name string, v any) (any, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, netBad("Allowed address pairs must be a list.")
	}
	if len(list) > 10 {
		return nil, refuse(http.StatusBadRequest, "AllowedAddressPairExhausted", "The number of allowed address pair exceeds the maximum 10.")
	}
	out, seen := []any{}, map[string]bool{}
	for _, v := range list {
		m, _ := v.(map[string]any)
		text, ok := m["ip_address"].(string)
		if !ok {
			return nil, refuse(http.StatusBadRequest, "AllowedAddressPairsMissingIP", "AllowedAddressPair must contain ip_address")
		}
		if _, err := netip.ParseAddr(text); err != nil {
			if _, err := netip.ParsePrefix(text); err != nil {
				return nil, netBad("'%s' is not a valid IP address", text)
			}
		}
		pair := map[string]any{"ip_address": text}
		if m["mac_address"] != nil {
			if _, err := netMAC(name, m["mac_address"]); err != nil {
				return nil, netBad("'%s' is not a valid MAC address", netText(m["mac_address"]))
			}
			pair["mac_address"] = m["mac_address"]
		}
		if seen[fmt.Sprint(pair)] {
			return nil, refuse(http.StatusBadRequest, "DuplicateAddressPairInRequest", "Request contains duplicate address pair: mac_address %s ip_address %s.", netText(m["mac_address"]), text)
		}
		seen[fmt.Sprint(pair)] = true
		for key := range m {
			if key != "ip_address" && key != "mac_address" {
				return nil, netBad("Unrecognized attribute(s) '%s'", key)
			}
		}
		out = append(out, pair)
	}
	return out, nil
}

func netDHCPOptions(_ string, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	list, ok := v.([]any)
	if !ok {
		return nil, netInvalid("'%s' is not a list", netText(v))
	}
	for _, v := range list {
		m, _ := v.(map[string]any)
		name, named := m["opt_name"].(string)
		value, has := m["opt_value"]
		text, isText := value.(string)
		version := netText(m["ip_version"])
		good := named && name != "" && len(name) <= 64 && has && (value == nil || isText && text != "" && len(text) <= 255)
		if !good || m["ip_version"] != nil && version != "4" && version != "6" {
			return nil, netInvalid("No valid key specs matched for: %s", strings.TrimPrefix(fmt.Sprint(v), "map"))
		}
	}
	return list, nil
}

var netLabel = pattern.New(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)

// netDomain is "" or a name with all its parts and a dot at the end.
func netDomain(name string, v any) (any, error) {
	text, ok := v.(string)
	if !ok || text == "" {
		if ok {
			return "", nil
		}
		return nil, netRefused(name, "'%s' is not a valid string", netText(v))
	}
	labels := strings.Split(strings.TrimSuffix(text, "."), ".")
	bad := slices.ContainsFunc(labels, func(l string) bool { return !netLabel.MatchString(l) })
	if bad || !strings.HasSuffix(text, ".") || len(labels) < 2 {
		return nil, netRefused(name, "'%s' is not a FQDN", text)
	}
	return strings.ToLower(text), nil
}

// netHost is "", the name of a host, or one with all its parts.
func netHost(name string, v any) (any, error) {
	text, ok := v.(string)
	if !ok {
		return nil, netRefused(name, "'%s' is not a valid string", netText(v))
	}
	if text == "" {
		return "", nil
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(text, "."), ".") {
		if !netLabel.MatchString(label) {
			return nil, netRefused(name, "'%s' not a valid PQDN or FQDN. Reason: Name '%s' must be 1-63 characters long, each of which can only be alphanumeric or a hyphen", text, label)
		}
	}
	return strings.ToLower(text), nil
}

// netZones refuses every hint at an availability zone: the cloud has no agents in any.
func netZones(name string, v any) (any, error) {
	list, err := netTexts(name, v)
	if err == nil && len(list.([]any)) > 0 {
		return nil, refuse(http.StatusNotFound, "AvailabilityZoneNotFound", "AvailabilityZone %s could not be found.", list.([]any)[0])
	}
	return list, err
}
