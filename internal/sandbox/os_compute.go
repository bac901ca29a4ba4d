package sandbox

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// novaService runs the servers of the OpenStack cloud. Their images are Glance's, their volumes Cinder's and their ports
// Neutron's; what is asked of those is in os_compute_neighbours.go. Sources: the answers of Nova 2.93 (Zed, with the fake
// driver) to an administrator, a member and a stranger, and https://docs.openstack.org/api-ref/compute/.
type novaService struct {
	*Sandbox
	servers  *table[osServer]
	flavors  *table[osFlavor]
	keyPairs *table[osKeyPair]
	groups   *table[osServerGroup]
	limits   *table[osLimits]
}

func newNova(s *Sandbox) *novaService {
	n := &novaService{
		Sandbox:  s,
		servers:  newTable[osServer](s, "os_server"),
		flavors:  newTable[osFlavor](s, "os_flavor"),
		keyPairs: newTable[osKeyPair](s, "os_keypair"),
		groups:   newTable[osServerGroup](s, "os_server_group"),
		limits:   newTable[osLimits](s, "os_compute_limits"),
	}
	n.servers.removed = n.release
	s.seeds = append(s.seeds, n.seedFlavors)
	s.onJobs(jobTypes{
		"os_server_build":     n.endBuild,
		"os_server_delete":    n.endDelete,
		"os_server_action":    n.endAction,
		"os_server_resize":    n.endResize,
		"os_server_confirm":   n.endConfirm,
		"os_server_revert":    n.endRevert,
		"os_server_rebuild":   n.endRebuild,
		"os_server_image":     n.endImage,
		"os_server_attach":    n.endAttach,
		"os_server_detach":    n.endDetach,
		"os_server_interface": n.endDetachInterface,
	})
	s.addService(&service{
		name:  "compute",
		shape: openStack,
		open:  map[string]bool{"GET /{$}": true, "GET /v2.1": true, "GET /v2.1/{$}": true},
		routes: slices.Concat([]route{
			{"GET /{$}", 200, n.versions},
			{"GET /v2.1", 200, n.version},
			{"GET /v2.1/{$}", 200, n.version},
			{"GET /v2.1/os-availability-zone", 200, n.listZones},
			{"GET /v2.1/os-availability-zone/detail", 200, byAdmin("os_compute_api:os-availability-zone:detail", n.listZones)},
		}, n.flavorRoutes(), n.keyPairRoutes(), n.groupRoutes(), n.limitRoutes(), n.serverRoutes(), n.attachRoutes()),
		native: &native{
			name: "nova", types: []string{"compute"}, root: "/v2.1",
			micro: "compute", major: 2, least: 1, most: 93, own: "X-OpenStack-Nova-API-Version", lenient: true,
		},
	})
	return n
}

// novaZone is the only one, of the only host.
const (
	novaZone = "nova"
	novaHost = "sandbox"
)

func (n *novaService) document(r *request) map[string]any {
	return map[string]any{
		"id": "v2.1", "status": "CURRENT", "version": "2.93", "min_version": "2.1", "updated": "2013-07-23T11:33:21Z",
		"links": []link{{"self", r.url("compute") + "/v2.1/"}},
	}
}

func (n *novaService) versions(r *request) (any, error) {
	return map[string]any{"versions": []any{n.document(r)}}, nil
}

func (n *novaService) version(r *request) (any, error) {
	return map[string]any{"version": n.document(r)}, nil
}

func (n *novaService) listZones(r *request) (any, error) {
	var hosts any
	if strings.HasSuffix(r.URL.Path, "/detail") {
		hosts = map[string]any{novaHost: map[string]any{"nova-compute": map[string]any{"active": true, "available": true, "updated_at": time.Now().UTC().Format(launchTime)}}}
	}
	return map[string]any{"availabilityZoneInfo": []any{map[string]any{"zoneName": novaZone, "zoneState": map[string]bool{"available": true}, "hosts": hosts}}}, nil
}

// What the API says of values that it does not take. A value is shown as it was sent.

func badCompute(format string, args ...any) error {
	return refuse(http.StatusBadRequest, "", format, args...)
}

func badField(field string, value any, format string, args ...any) error {
	if text, ok := value.(string); ok {
		return badCompute("Invalid input for field/attribute %s. Value: %s. "+format, append([]any{field, text}, args...)...)
	}
	text, _ := json.Marshal(value)
	return badCompute("Invalid input for field/attribute %s. Value: %s. "+format, append([]any{field, text}, args...)...)
}

// knownFields are those that an object in a request may have, with the minor version since which it may; nil if they are the
// user's.
type knownFields map[string]int

// object reads the one object that a request's body holds under a key. Unlike the public cloud, the API refuses fields
// that it does not know.
func (r *request) object(key string, known knownFields, into any, required ...string) error {
	var body map[string]json.RawMessage
	if json.Unmarshal(r.body, &body) != nil {
		return badCompute("Malformed request body")
	}
	raw, ok := body[key]
	if !ok {
		return badCompute("'%s' is a required property", key)
	}
	return r.fields(key, raw, known, into, required...)
}

// fields is object for one that has been found.
func (r *request) fields(key string, raw json.RawMessage, known knownFields, into any, required ...string) error {
	var all map[string]json.RawMessage
	if json.Unmarshal(raw, &all) != nil || all == nil {
		return badField(key, raw, "%s is not of type 'object'", raw)
	}
	for _, name := range required {
		if _, ok := all[name]; !ok {
			return badField(key, raw, "'%s' is a required property", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if since, ok := known[name]; known != nil && (!ok || !r.since(since)) {
			return badField(key, raw, "Additional properties are not allowed ('%s' was unexpected)", name)
		}
	}
	err := json.Unmarshal(raw, into)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return badField(cmp.Or(wrong.Field, key), raw, "%s is not of type '%s'", wrong.Value, wrong.Type)
	}
	if err != nil {
		return badField(key, raw, "%v", err)
	}
	return nil
}

// checkLength refuses texts that are shorter or longer than the API takes.
func checkLength(field, text string, least, most int) error {
	switch n := len([]rune(text)); {
	case n < least:
		return badField(field, text, "'%s' is too short", text)
	case n > most:
		return badField(field, text, "'%s' is too long", text)
	}
	return nil
}

// checkName refuses what no object of Nova may be called.
func checkName(text string) error {
	if err := checkLength("name", text, 1, 255); err != nil {
		return err
	}
	if strings.TrimSpace(text) != text || strings.ContainsFunc(text, func(c rune) bool { return c < ' ' }) {
		return badCompute("An invalid 'name' value was provided. The name must be: printable characters. Can not start or end with whitespace.")
	}
	return nil
}

// oneOf refuses a word that is not among those that the API knows.
func oneOf(field, word string, words ...string) error {
	if slices.Contains(words, word) {
		return nil
	}
	return badField(field, word, "'%s' is not one of ['%s']", word, strings.Join(words, "', '"))
}

// checkUUID refuses what is no id of an object.
func checkUUID(field, text string) error {
	if !uuidText.MatchString(text) {
		return badField(field, text, "'%s' is not a 'uuid'", text)
	}
	return nil
}

var digits = pattern.New(`^[0-9]*$`)

// number is a query parameter that is a number; def if it is absent.
func (n *novaService) number(r *request, name string, def int) (int, error) {
	text := r.query.Get(name)
	if !digits.MatchString(text) {
		return 0, badCompute("Invalid input for query parameters %s. Value: %s. '%s' does not match '^[0-9]*$'", name, text, text)
	}
	if text == "" {
		return def, nil
	}
	value, err := strconv.Atoi(text)
	if err != nil {
		return 0, badCompute("%s is too big", name)
	}
	return value, nil
}

// novaPageMax is how many objects a list answers at most.
const novaPageMax = 1000

// novaPage answers the part of a list that follows ?marker=, with the link to what follows. A page that is as long as it may
// be has a next one, even if that is empty.
func novaPage[T any](n *novaService, r *request, name string, found []*T, id func(*T) string, view func(*T) any, unknown string) (any, error) {
	limit, err := n.number(r, "limit", novaPageMax)
	if err != nil {
		return nil, err
	}
	limit = min(limit, novaPageMax)
	marker := r.query.Get("marker")
	found, ok := after(found, id, marker)
	if !ok {
		return nil, badCompute(unknown, marker)
	}
	found = found[:min(limit, len(found))]
	out := map[string]any{name: views(found, view)}
	if len(found) > 0 && len(found) == limit {
		q := url.Values{}
		maps.Copy(q, r.query)
		q.Set("marker", id(found[len(found)-1]))
		out[name+"_links"] = []link{{"next", r.url("compute") + r.URL.Path + "?" + q.Encode()}}
	}
	return out, nil
}

// links are those of an object of a collection.
func (r *request) links(collection, id string) []link {
	root := r.url("compute")
	return []link{{"self", root + "/v2.1/" + collection + "/" + id}, {"bookmark", root + "/" + collection + "/" + id}}
}

// osLimits are a project's own limits; what they leave out is as it is for all.
type osLimits struct {
	meta
	Limits map[string]int `json:"limits"` // by the API's names: instances, cores, ram, ...
}

// quotaNames are the limits that the API has, and what is configured of them. Those without a name never change.
var quotaNames = map[string]struct {
	configured string
	fixed      int
}{
	"instances":                   {configured: "os_server"},
	"cores":                       {configured: "os_cores"},
	"ram":                         {configured: "os_ram"},
	"key_pairs":                   {configured: "os_keypair"},
	"server_groups":               {configured: "os_server_group"},
	"server_group_members":        {configured: "os_server_group_member"},
	"metadata_items":              {fixed: 128},
	"injected_files":              {fixed: 5},
	"injected_file_content_bytes": {fixed: 10240},
	"injected_file_path_bytes":    {fixed: 255},
}

func (n *novaService) limitRoutes() []route {
	const path = "/v2.1/os-quota-sets/{project}"
	return []route{
		{"GET /v2.1/limits", 200, n.showLimits},
		{"GET " + path, 200, n.showQuotas},
		{"GET " + path + "/detail", 200, n.showQuotas},
		{"GET " + path + "/defaults", 200, n.showQuotas},
		{"PUT " + path, 200, byAdmin("os_compute_api:os-quota-sets:update", n.updateQuotas)},
		{"DELETE " + path, 202, byAdmin("os_compute_api:os-quota-sets:delete", n.deleteQuotas)},
	}
}

// limit is how much of something a project may have, -1 for any.
func (n *novaService) limit(project, name string) int {
	if own := n.limits.get("", project); own != nil {
		if limit, ok := own.Limits[name]; ok {
			return limit
		}
	}
	q := quotaNames[name]
	if q.configured != "" {
		return n.quota(q.configured)
	}
	return q.fixed
}

// usage is how much a project has of what its limits are about.
func (n *novaService) usage(project string) map[string]int {
	used := map[string]int{"instances": n.servers.count(project), "server_groups": n.groups.count(project)}
	for _, s := range n.servers.all(project) {
		if f := n.flavors.get("", s.FlavorID); f != nil {
			used["cores"] += f.VCPUs
			used["ram"] += f.RAM
		}
	}
	return used
}

// admits refuses more than a project may have. What is asked is by the API's names.
func (n *novaService) admits(project string, asked map[string]int) error {
	used := n.usage(project)
	var over, wants, has, limits []string
	for _, name := range []string{"instances", "cores", "ram"} {
		limit := n.limit(project, name)
		if limit >= 0 && asked[name] > 0 && used[name]+asked[name] > limit {
			over, wants = append(over, name), append(wants, strconv.Itoa(asked[name]))
			has, limits = append(has, strconv.Itoa(used[name])), append(limits, strconv.Itoa(limit))
		}
	}
	if over == nil {
		return nil
	}
	list := func(words []string) string { return strings.Join(words, ", ") }
	return refuse(http.StatusForbidden, "", "Quota exceeded for %s: Requested %s, but already used %s of %s %s", list(over), list(wants), list(has), list(limits), list(over))
}

func (n *novaService) showLimits(r *request) (any, error) {
	project := r.project.ID
	used, limit := n.usage(project), func(name string) int { return n.limit(project, name) }
	absolute := map[string]int{
		"maxTotalInstances": limit("instances"), "totalInstancesUsed": used["instances"],
		"maxTotalCores": limit("cores"), "totalCoresUsed": used["cores"],
		"maxTotalRAMSize": limit("ram"), "totalRAMUsed": used["ram"],
		"maxTotalKeypairs":   limit("key_pairs"),
		"maxServerMeta":      limit("metadata_items"),
		"maxPersonality":     limit("injected_files"),
		"maxPersonalitySize": limit("injected_file_content_bytes"),
		"maxServerGroups":    limit("server_groups"), "totalServerGroupsUsed": used["server_groups"],
		"maxServerGroupMembers": limit("server_group_members"),
	}
	if r.since(57) {
		delete(absolute, "maxPersonality")
		delete(absolute, "maxPersonalitySize")
	}
	return map[string]any{"limits": map[string]any{"rate": []any{}, "absolute": absolute}}, nil
}

func (n *novaService) showQuotas(r *request) (any, error) {
	project := r.PathValue("project")
	defaults := strings.HasSuffix(r.URL.Path, "/defaults")
	if project != r.project.ID && !r.admin() && !defaults {
		return nil, disallowed("os_compute_api:os-quota-sets:show")
	}
	if defaults {
		project = ""
	}
	set, used := map[string]any{"id": r.PathValue("project")}, n.usage(project)
	for name := range quotaNames {
		if r.since(57) && strings.HasPrefix(name, "injected_") {
			continue
		}
		set[name] = n.limit(project, name)
		if strings.HasSuffix(r.URL.Path, "/detail") {
			set[name] = map[string]int{"limit": n.limit(project, name), "in_use": used[name], "reserved": 0}
		}
	}
	return map[string]any{"quota_set": set}, nil
}

func (n *novaService) updateQuotas(r *request) (any, error) {
	known, asked := knownFields{"force": 1}, map[string]any{}
	for name := range quotaNames {
		known[name] = 1
	}
	if err := r.object("quota_set", known, &asked); err != nil {
		return nil, err
	}
	project := r.PathValue("project")
	limits, used := map[string]int{}, n.usage(project)
	force, _ := asked["force"].(bool)
	delete(asked, "force")
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		number, err := strconv.Atoi(fmt.Sprint(asked[name]))
		switch {
		case err != nil || number < -1:
			return nil, badField(name, asked[name], "%v is less than the minimum of -1", asked[name])
		case number >= 0 && number < used[name] && !force:
			return nil, badCompute("Quota limit %d for %s must be greater than or equal to already used and reserved %d.", number, name, used[name])
		}
		limits[name] = number
	}
	own := n.limits.get("", project)
	if own == nil {
		own = n.limits.add("", &osLimits{meta: meta{ID: project}, Limits: map[string]int{}})
	}
	maps.Copy(own.Limits, limits)
	n.limits.touch(own)
	set := map[string]any{}
	for name := range quotaNames {
		set[name] = n.limit(project, name)
	}
	return map[string]any{"quota_set": set}, nil
}

func (n *novaService) deleteQuotas(r *request) (any, error) {
	n.limits.remove(r.PathValue("project"))
	return nil, nil
}
