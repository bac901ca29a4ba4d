package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// cinderService holds the block storage of the OpenStack cloud. How volumes are made and shown is here, what they are told
// to do in os_volume_action.go; each of the other objects has a file. Sources: the answers of a Cinder of the Zed release
// (API 3.70) to an administrator and to a member, and https://docs.openstack.org/api-ref/block-storage/v3/.
type cinderService struct {
	*Sandbox
	volumes     *table[osVolume]
	attachments *table[cinderAttachment]
	snapshots   *table[osSnapshot]
	backups     *table[osBackup]
	types       *table[cinderType]
	specs       *table[cinderQoS]
	quotas      *table[cinderQuotas] // by project; those of the class default have its name
	transfers   *table[cinderTransfer]
	messages    *table[cinderMessage]
}

// osVolume is a disk.
type osVolume struct {
	meta
	Name          *string           `json:"name"`
	Description   *string           `json:"description"`
	Status        string            `json:"status"` // creating, available, in-use, extending, deleting, error, ...
	Before        string            `json:"previous_status,omitempty"`
	Size          int               `json:"size"` // GB
	TypeID        string            `json:"volume_type_id"`
	Zone          string            `json:"availability_zone"`
	Host          string            `json:"host"` // the back end
	Bootable      bool              `json:"bootable"`
	Multiattach   bool              `json:"multiattach"`
	Encrypted     bool              `json:"encrypted"`
	Metadata      map[string]string `json:"metadata"`
	ImageMetadata map[string]string `json:"volume_image_metadata,omitempty"`
	SnapshotID    string            `json:"snapshot_id,omitempty"`
	SourceID      string            `json:"source_volid,omitempty"`
	UserID        string            `json:"user_id"`
}

// The back ends, by the name in the extra spec volume_backend_name.
var cinderBackends = []string{"nfs-a", "nfs-b"}

const (
	cinderTime = "2006-01-02T15:04:05.000000" // UTC, and whole seconds
	cinderZone = "nova"
	cinderMost = 1000 // objects of a page
)

func newCinder(s *Sandbox) *cinderService {
	c := &cinderService{
		Sandbox:     s,
		volumes:     newTable[osVolume](s, "os_volume"),
		attachments: newTable[cinderAttachment](s, "os_volume_attachment"),
		snapshots:   newTable[osSnapshot](s, "os_snapshot"),
		backups:     newTable[osBackup](s, "os_backup"),
		types:       newTable[cinderType](s, "os_volume_type"),
		specs:       newTable[cinderQoS](s, "os_qos_spec"),
		quotas:      newTable[cinderQuotas](s, "os_volume_quota_set"),
		transfers:   newTable[cinderTransfer](s, "os_volume_transfer"),
		messages:    newTable[cinderMessage](s, "os_volume_message"),
	}
	s.seeds = append(s.seeds, c.seed)
	s.onJobs(jobTypes{
		"os_createVolume":   c.endCreateVolume,
		"os_extendVolume":   c.endExtend,
		"os_retypeVolume":   c.endRetype,
		"os_uploadVolume":   c.endUpload,
		"os_deleteVolume":   c.endDeleteVolume,
		"os_createSnapshot": c.endCreateSnapshot,
		"os_deleteSnapshot": c.endDeleteSnapshot,
		"os_createBackup":   c.endCreateBackup,
		"os_restoreBackup":  c.endRestore,
		"os_deleteBackup":   c.endDeleteBackup,
	})
	s.addService(&service{
		name:   "block-storage",
		native: &native{name: "cinder", types: []string{"block-storage", "volumev3"}, root: "/v3/{project_id}", micro: "volume", major: 3, most: 70},
		shape:  c.shape,
		open:   map[string]bool{"GET /{$}": true},
		routes: slices.Concat(c.volumeRoutes(), c.attachmentRoutes(), c.snapshotRoutes(), c.backupRoutes(), c.typeRoutes(), c.qosRoutes(),
			c.quotaRoutes(), c.transferRoutes(), c.messageRoutes()),
	})
	return c
}

// cinderDefaultType is the type of volumes for which none is asked.
const cinderDefaultType = "5a0d80c0-3333-4333-8333-000000000001"

func (c *cinderService) seed() {
	text := "Default Volume Type"
	c.types.add("", &cinderType{meta: meta{ID: cinderDefaultType}, Name: "__DEFAULT__", Description: &text, Public: true, ExtraSpecs: map[string]string{}})
}

// shape is OpenStack's. A quota that is exceeded is told with a time after which to try again.
func (c *cinderService) shape(r *request, f *refusal) any {
	if f.status == http.StatusRequestEntityTooLarge {
		return map[string]any{"overLimit": map[string]any{"code": f.status, "message": f.message, "retryAfter": "0"}}
	}
	return openStack(r, f)
}

func (c *cinderService) volumeRoutes() []route {
	const all = "/v3/{project_id}/volumes"
	return []route{
		{"GET /{$}", 300, c.versions},
		{"GET /v3/{$}", 200, c.versions},
		{"POST " + all, 202, c.createVolume},
		{"GET " + all, 200, c.listVolumes(volumeSummary)},
		{"GET " + all + "/detail", 200, c.listVolumes(c.volumeView)},
		{"GET " + all + "/summary", 200, c.summary},
		{"GET " + all + "/{id}", 200, c.showVolume},
		{"PUT " + all + "/{id}", 200, c.updateVolume},
		{"DELETE " + all + "/{id}", 202, c.deleteVolume},
		{"POST " + all + "/{id}/action", 202, c.volumeAction},
		{"GET " + all + "/{id}/metadata", 200, c.metadata(c.volumeMetadata).show},
		{"POST " + all + "/{id}/metadata", 200, c.metadata(c.volumeMetadata).add},
		{"PUT " + all + "/{id}/metadata", 200, c.metadata(c.volumeMetadata).replace},
		{"GET " + all + "/{id}/metadata/{key}", 200, c.metadata(c.volumeMetadata).showOne},
		{"PUT " + all + "/{id}/metadata/{key}", 200, c.metadata(c.volumeMetadata).putOne},
		{"DELETE " + all + "/{id}/metadata/{key}", 200, c.metadata(c.volumeMetadata).removeOne},
		{"GET /v3/{project_id}/os-availability-zone", 200, c.zones},
		{"GET /v3/{project_id}/os-services", 200, byAdmin("volume_extension:services:index", c.services)},
		{"GET /v3/{project_id}/scheduler-stats/get_pools", 200, byAdmin("scheduler_extension:scheduler_stats:get_pools", c.pools)},
	}
}

func (c *cinderService) versions(r *request) (any, error) {
	return map[string]any{"versions": []any{map[string]any{
		"id":          "v3.0",
		"status":      "CURRENT",
		"version":     "3.70",
		"min_version": "3.0",
		"updated":     "2022-08-31T00:00:00Z",
		"links":       []any{map[string]any{"rel": "self", "href": r.url("block-storage") + "/v3/"}},
		"media-types": []any{map[string]any{"base": "application/json", "type": "application/vnd.openstack.volume+json;version=3"}},
	}}}, nil
}

// badCinder refuses what a request asks for.
func badCinder(format string, args ...any) error {
	return refuse(http.StatusBadRequest, "", format, args...)
}

func missingCinder(what, id string) error {
	return refuse(http.StatusNotFound, "", "%s %s could not be found.", what, id)
}

// badCinderField refuses a value of a field.
func badCinderField(name string, value any, format string, args ...any) error {
	return badCinder("Invalid input for field/attribute %s. Value: %v. %s", name, value, fmt.Sprintf(format, args...))
}

// read takes over what the body has under a name, and tells which fields that are. What into does not know is refused,
// and so is a body without one of the fields that are required.
func read(r *request, name string, into any, required ...string) (map[string]json.RawMessage, error) {
	var body map[string]json.RawMessage
	if json.Unmarshal(r.body, &body) != nil {
		return nil, badCinder("The server could not comply with the request since it is either malformed or otherwise incorrect.")
	}
	text, ok := body[name]
	if !ok {
		return nil, badCinder("'%s' is a required property", name)
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(text, &fields) != nil || fields == nil {
		return nil, badCinderField(name, string(text), "%s is not of type 'object'", text)
	}
	err := unmarshalStrict(text, into)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		field := wrong.Field[strings.LastIndex(wrong.Field, ".")+1:]
		return nil, badCinderField(field, wrong.Value, "%s is not of type '%s'", wrong.Value, wrong.Type)
	}
	if err != nil {
		unknown := strings.Trim(strings.TrimPrefix(err.Error(), "json: unknown field "), `"`)
		return nil, badCinderField(name, string(text), "Additional properties are not allowed ('%s' was unexpected)", unknown)
	}
	for _, field := range required {
		if _, ok := fields[field]; !ok {
			return nil, badCinderField(name, string(text), "'%s' is a required property", field)
		}
	}
	return fields, nil
}

// whole is a number as requests spell it: 1 or "1".
type whole int

func (w *whole) UnmarshalJSON(text []byte) error {
	n, err := strconv.Atoi(strings.Trim(string(text), `"`))
	if err != nil {
		return &json.UnmarshalTypeError{Value: strings.Trim(string(text), `"`), Type: reflect.TypeFor[int]()}
	}
	*w = whole(n)
	return nil
}

// yesNo is a truth as requests spell it.
type yesNo bool

func (y *yesNo) UnmarshalJSON(text []byte) error {
	switch strings.ToLower(strings.Trim(string(text), `"`)) {
	case "true", "1", "on", "yes", "y", "t":
		*y = true
	case "false", "0", "off", "no", "n", "f":
		*y = false
	default:
		return &json.UnmarshalTypeError{Value: strings.Trim(string(text), `"`), Type: reflect.TypeFor[bool]()}
	}
	return nil
}

var (
	cinderKey  = pattern.New(`^[a-zA-Z0-9-_:. /]{1,255}$`)
	cinderUUID = pattern.New(`^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$`)
)

// checkMetadata refuses keys and values that cannot be kept.
func checkMetadata(name string, metadata map[string]string) error {
	for key, value := range metadata {
		if !cinderKey.MatchString(key) {
			return badCinderField(name, metadata, "'%s' does not match any of the regexes: '^[a-zA-Z0-9-_:. /]{1,255}$'", key)
		}
		if utf8.RuneCountInString(value) > 255 {
			return badCinderField(key, value, "'%s' is too long", value)
		}
	}
	return nil
}

// checkText refuses a text that is longer than 255.
func checkText(name string, text *string) error {
	if text != nil && utf8.RuneCountInString(*text) > 255 {
		return badCinderField(name, *text, "'%s' is too long", *text)
	}
	return nil
}

// checkCinderUUID refuses what cannot be an id, where one is given.
func checkCinderUUID(name, id string) error {
	if id != "" && !cinderUUID.MatchString(id) {
		return badCinderField(name, id, "'%s' is not a 'uuid'", id)
	}
	return nil
}

// when is a time as answers have it.
func when(t time.Time) string { return t.Truncate(time.Second).Format(cinderTime) }

// changed is the time of an object's last change, null if it never was changed.
func changed(m *meta) any {
	if m.UpdatedAt.Equal(m.CreatedAt) {
		return nil
	}
	return when(m.UpdatedAt)
}

// links are those that most objects have.
func (c *cinderService) links(r *request, path string) any {
	base := r.url("block-storage")
	return []any{
		map[string]any{"rel": "self", "href": base + "/v3/" + r.project.ID + path},
		map[string]any{"rel": "bookmark", "href": base + "/" + r.project.ID + path},
	}
}

// reach is the project in which a request finds objects: administrators find those of all.
func reach(r *request) string {
	if r.admin() {
		return ""
	}
	return r.project.ID
}

// page is the part of a list that a request asks for, newest first unless it names another order, with the address of the
// next page.
func page[T any](r *request, objects []*T, keys map[string]func(a, b *T) int, missing string) ([]*T, string, error) {
	objects = slices.Clone(objects)
	slices.Reverse(objects) // tables have the oldest first
	asked := r.query.Get("sort")
	if key := r.query.Get("sort_key"); key != "" {
		asked = key + ":" + r.query.Get("sort_dir")
	}
	for _, part := range slices.Backward(strings.Split(asked, ",")) {
		key, dir, _ := strings.Cut(part, ":")
		by, ok := keys[key]
		switch {
		case key == "":
			continue
		case key == "created_at" && dir == "asc":
			slices.Reverse(objects)
			continue
		case key == "created_at":
			continue
		case !ok:
			return nil, "", badCinder("Invalid input received: Invalid sort key")
		case dir == "asc":
			slices.SortStableFunc(objects, by)
		default:
			slices.SortStableFunc(objects, func(a, b *T) int { return by(b, a) })
		}
	}
	if text := r.query.Get("offset"); text != "" {
		offset, err := strconv.Atoi(text)
		if err != nil || offset < 0 {
			return nil, "", badCinder("offset param must be an integer")
		}
		objects = objects[min(offset, len(objects)):]
	}
	return linkPage(r, objects, cinderMost, func(marker string) error { return missingCinder(missing, marker) })
}

var paging = []string{"limit", "marker", "offset", "sort", "sort_key", "sort_dir", "with_count", "all_tenants"}

// filters refuses what a list cannot be asked by. Administrators may ask by anything.
func filters(r *request, known ...string) error {
	for name := range r.query {
		if !r.admin() && !slices.Contains(paging, name) && !slices.Contains(known, name) {
			return badCinder("Invalid filters %s are found in query options.", name)
		}
	}
	return nil
}

// scoped are the objects of a table that a list is of: those of the project, or of all if an administrator asks so.
func scoped[T any](r *request, t *table[T], ok func(*T) bool) []*T {
	project := r.project.ID
	if r.admin() && (r.query.Get("all_tenants") == "1" || strings.EqualFold(r.query.Get("all_tenants"), "true")) {
		project = ""
	}
	return slices.DeleteFunc(t.list(project), func(o *T) bool { return !ok(o) })
}

// text is what a pointer points to.
func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

func noCinderVolume(id string) error { return missingCinder("Volume", id) }

// volume is the one of an id that a request may know of.
func (c *cinderService) volume(r *request, id string) (*osVolume, error) {
	v := c.volumes.get(reach(r), id)
	if v == nil {
		return nil, noCinderVolume(id)
	}
	return v, nil
}

func volumeSummary(_ *request, v *osVolume) map[string]any {
	return map[string]any{"id": v.ID, "name": v.Name}
}

func (c *cinderService) volumeView(r *request, v *osVolume) map[string]any {
	attached := []any{}
	for _, a := range c.attachmentsOf(v) {
		if a.Status != "attached" {
			continue
		}
		attached = append(attached, map[string]any{
			"id":            v.ID,
			"attachment_id": a.ID,
			"volume_id":     v.ID,
			"server_id":     orNull(a.ServerID),
			"host_name":     nil,
			"device":        a.Device,
			"attached_at":   when(a.AttachedAt),
		})
	}
	out := map[string]any{
		"id":                           v.ID,
		"status":                       v.Status,
		"size":                         v.Size,
		"availability_zone":            v.Zone,
		"created_at":                   when(v.CreatedAt),
		"updated_at":                   changed(&v.meta),
		"name":                         v.Name,
		"description":                  v.Description,
		"volume_type":                  nil,
		"snapshot_id":                  orNull(v.SnapshotID),
		"source_volid":                 orNull(v.SourceID),
		"metadata":                     v.Metadata,
		"links":                        c.links(r, "/volumes/"+v.ID),
		"user_id":                      v.UserID,
		"bootable":                     strconv.FormatBool(v.Bootable),
		"encrypted":                    v.Encrypted,
		"replication_status":           nil,
		"consistencygroup_id":          nil,
		"multiattach":                  v.Multiattach,
		"attachments":                  attached,
		"os-vol-tenant-attr:tenant_id": v.ProjectID,
	}
	if t := c.types.get("", v.TypeID); t != nil {
		out["volume_type"] = t.Name
	}
	if v.ImageMetadata != nil {
		out["volume_image_metadata"] = v.ImageMetadata
	}
	if r.admin() {
		out["migration_status"] = nil
		out["os-vol-host-attr:host"] = orNull(v.Host)
		out["os-vol-mig-status-attr:migstat"] = nil
		out["os-vol-mig-status-attr:name_id"] = nil
	}
	if r.since(13) {
		out["group_id"] = nil
	}
	if r.since(48) {
		out["shared_targets"] = v.Host == ""
		out["service_uuid"] = nil
		if v.Host != "" {
			out["service_uuid"] = hexOf(v.Host)
		}
	}
	if r.since(63) {
		out["volume_type_id"] = v.TypeID
	}
	if r.since(65) {
		out["consumes_quota"] = true
	}
	return out
}

func (c *cinderService) showVolume(r *request) (any, error) {
	v := c.volumes.read(reach(r), r.PathValue("id"))
	if v == nil {
		return nil, noCinderVolume(r.PathValue("id"))
	}
	return map[string]any{"volume": c.volumeView(r, v)}, nil
}

func (c *cinderService) listVolumes(view func(*request, *osVolume) map[string]any) func(*request) (any, error) {
	return func(r *request) (any, error) {
		q := r.query
		if err := filters(r, "name", "status", "metadata", "bootable", "migration_status", "availability_zone", "group_id", "size", "created_at", "updated_at", "consumes_quota"); err != nil {
			return nil, err
		}
		metadata, err := asked(q.Get("metadata"))
		if err != nil {
			return nil, err
		}
		found := scoped(r, c.volumes, func(v *osVolume) bool {
			return matches(q.Get("name"), text(v.Name)) && matches(q.Get("status"), v.Status) && matches(q.Get("availability_zone"), v.Zone) &&
				matches(strings.ToLower(q.Get("bootable")), strconv.FormatBool(v.Bootable)) && matches(q.Get("size"), strconv.Itoa(v.Size)) &&
				has(v.Metadata, metadata)
		})
		shown, next, err := page(r, found, map[string]func(a, b *osVolume) int{
			"id":     func(a, b *osVolume) int { return strings.Compare(a.ID, b.ID) },
			"name":   func(a, b *osVolume) int { return strings.Compare(text(a.Name), text(b.Name)) },
			"status": func(a, b *osVolume) int { return strings.Compare(a.Status, b.Status) },
			"size":   func(a, b *osVolume) int { return a.Size - b.Size },
		}, "Volume")
		if err != nil {
			return nil, err
		}
		out := paged("volumes", views(shown, func(v *osVolume) any {
			o := view(r, v)
			o["links"] = c.links(r, "/volumes/"+v.ID)
			return o
		}), next)
		if r.since(45) && strings.EqualFold(q.Get("with_count"), "true") {
			out["count"] = len(found)
		}
		return out, nil
	}
}

// asked is a filter by keys and values, which are given as one text.
func asked(filter string) (pairs map[string]string, err error) {
	if filter != "" && json.Unmarshal([]byte(strings.ReplaceAll(filter, "'", `"`)), &pairs) != nil {
		return nil, badCinder("Could not evaluate value %s, assuming string", filter)
	}
	return pairs, nil
}

// has says whether all pairs are among those of a map.
func has(in, pairs map[string]string) bool {
	for key, value := range pairs {
		if found, ok := in[key]; !ok || found != value {
			return false
		}
	}
	return true
}

func (c *cinderService) summary(r *request) (any, error) {
	count, size := 0, 0
	for _, v := range scoped(r, c.volumes, func(*osVolume) bool { return true }) {
		count, size = count+1, size+v.Size
	}
	return map[string]any{"volume-summary": map[string]any{"total_count": count, "total_size": size, "metadata": map[string]any{}}}, nil
}

// volumeInput is what create says of a volume.
type volumeInput struct {
	Size        *whole            `json:"size"`
	Name        *string           `json:"name"`
	Description *string           `json:"description"`
	Type        *string           `json:"volume_type"`
	Zone        *string           `json:"availability_zone"`
	Metadata    map[string]string `json:"metadata"`
	Image       *string           `json:"imageRef"`
	ImageID     *string           `json:"image_id"`
	Snapshot    *string           `json:"snapshot_id"`
	Source      *string           `json:"source_volid"`
	Backup      *string           `json:"backup_id"`
	Multiattach *yesNo            `json:"multiattach"`
	Group       *string           `json:"consistencygroup_id"`
	Hints       map[string]ofMany `json:"OS-SCH-HNT:scheduler_hints"`
}

// ofMany is a list of texts; one may stand by itself.
type ofMany []string

func (o *ofMany) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*o = ofMany{one}
		return nil
	}
	var many []string
	err := json.Unmarshal(text, &many)
	*o = many
	return err
}

func (c *cinderService) createVolume(r *request) (any, error) {
	var in volumeInput
	if _, err := read(r, "volume", &in); err != nil {
		return nil, err
	}
	var beside struct {
		Hints map[string]ofMany `json:"OS-SCH-HNT:scheduler_hints"`
	}
	if json.Unmarshal(r.body, &beside) == nil && beside.Hints != nil {
		in.Hints = beside.Hints
	}
	if err := c.checkInput(&in); err != nil {
		return nil, err
	}
	v := &osVolume{Name: in.Name, Description: in.Description, Status: "creating", Zone: cinderZone, Metadata: map[string]string{}, UserID: r.caller.User.ID}
	maps.Copy(v.Metadata, in.Metadata)
	if in.Size != nil {
		v.Size = int(*in.Size)
	}
	var typeID string
	if text(in.Type) != "" {
		t, err := c.findType(r, *in.Type)
		if err != nil {
			return nil, err
		}
		typeID = t.ID
	}
	backup := ""
	var err error
	switch {
	case text(in.Snapshot) != "":
		err = c.fromSnapshot(r, v, *in.Snapshot, &typeID)
	case text(in.Source) != "":
		err = c.fromVolume(r, v, *in.Source, &typeID)
	case r.since(47) && text(in.Backup) != "":
		backup = *in.Backup
		err = c.fromBackup(r, v, backup)
	case text(in.Image) != "" || text(in.ImageID) != "":
		err = c.fromImage(r, v, text(in.Image)+text(in.ImageID))
	case in.Size == nil:
		err = badCinder("The server could not comply with the request since it is either malformed or otherwise incorrect.")
	}
	if err != nil {
		return nil, err
	}
	if zone := text(in.Zone); zone != "" && zone != cinderZone {
		return nil, badCinder("Availability zone '%s' is invalid.", zone)
	}
	if typeID == "" {
		typeID = cinderDefaultType
	}
	t := c.types.get("", typeID)
	v.TypeID, v.Multiattach, v.Encrypted = t.ID, isTrue(t.ExtraSpecs["multiattach"]), t.Encryption != nil
	if err := c.room(r.project.ID, demand{volumes: 1, gigabytes: v.Size, size: v.Size, kind: t.Name}); err != nil {
		return nil, err
	}
	host := c.place(t, in.Hints)
	c.volumes.add(r.project.ID, v)
	c.startJob(r.project.ID, "os_createVolume", map[string]any{"volume": v.ID, "host": host, "backup": backup, "request": r.header.Get("X-Openstack-Request-Id")})
	return map[string]any{"volume": c.createdView(r, v)}, nil
}

// createdView is the answer to create: it does not tell whose the volume is.
func (c *cinderService) createdView(r *request, v *osVolume) any {
	out := c.volumeView(r, v)
	out["created_at"] = v.CreatedAt.Format(cinderTime)
	delete(out, "os-vol-tenant-attr:tenant_id")
	return out
}

// checkInput refuses what a volume cannot be.
func (c *cinderService) checkInput(in *volumeInput) error {
	for name, text := range map[string]*string{"name": in.Name, "description": in.Description} {
		if text != nil && utf8.RuneCountInString(*text) > 255 {
			return badCinder("Invalid input received: %s has %d characters, more than 255.", name, utf8.RuneCountInString(*text))
		}
	}
	switch {
	case in.Size != nil && *in.Size < 1:
		return badCinderField("size", *in.Size, "%d is less than the minimum of 1", *in.Size)
	case in.Multiattach != nil && bool(*in.Multiattach):
		return badCinder("multiattach parameter has been removed. The default behavior is to use multiattach enabled volume types. Contact your administrator to create a multiattach enabled volume type and use it to create multiattach volumes.")
	}
	for name, id := range map[string]*string{"snapshot_id": in.Snapshot, "source_volid": in.Source, "backup_id": in.Backup} {
		if id != nil && *id != "" && !cinderUUID.MatchString(*id) {
			return badCinderField(name, *id, "'%s' is not valid under any of the given schemas", *id)
		}
	}
	for name, ids := range in.Hints {
		for _, id := range ids {
			if (name == "same_host" || name == "different_host") && !cinderUUID.MatchString(id) {
				return badCinderField(name, id, "'%s' is not valid under any of the given schemas", id)
			}
		}
	}
	return checkMetadata("metadata", in.Metadata)
}

func isTrue(spec string) bool { return strings.EqualFold(strings.TrimSpace(spec), "<is> true") }

// serves says whether a back end is one that a type's volumes can be on.
func serves(backend string, t *cinderType) bool {
	return matches(t.ExtraSpecs["volume_backend_name"], backend)
}

// place is the back end for a volume of a type, "" if there is none.
func (c *cinderService) place(t *cinderType, hints map[string]ofMany) string {
	for _, backend := range cinderBackends {
		host := hostOf(backend)
		on := func(id string) bool { v := c.volumes.get("", id); return v != nil && v.Host == host }
		not := func(id string) bool { return !on(id) }
		if serves(backend, t) && !slices.ContainsFunc(hints["same_host"], not) && !slices.ContainsFunc(hints["different_host"], on) {
			return host
		}
	}
	return ""
}

func hostOf(backend string) string { return "sandbox@" + backend + "#" + backend }

func (c *cinderService) fromSnapshot(r *request, v *osVolume, id string, typeID *string) error {
	s := c.snapshots.get(reach(r), id)
	switch {
	case s == nil:
		return missingCinder("Snapshot", id)
	case s.Status != "available":
		return badCinder("Invalid snapshot: Originating snapshot status must be one of 'available' values")
	case v.Size == 0:
		v.Size = s.Size
	case v.Size < s.Size:
		return badCinder("Invalid input received: Volume size '%d'GB cannot be smaller than the snapshot size %dGB. They must be >= original snapshot size.", v.Size, s.Size)
	}
	v.SnapshotID = s.ID
	c.inherit(v, c.volumes.get("", s.VolumeID), typeID)
	return nil
}

func (c *cinderService) fromVolume(r *request, v *osVolume, id string, typeID *string) error {
	source := c.volumes.get(reach(r), id)
	switch {
	case source == nil:
		return noCinderVolume(id)
	case source.Status != "available" && source.Status != "in-use":
		return badCinder("Invalid volume: Originating volume status must be one of 'available, in-use' values")
	case v.Size == 0:
		v.Size = source.Size
	case v.Size < source.Size:
		return badCinder("Invalid input received: Volume size '%d'GB cannot be smaller than original volume size  %dGB. They must be >= original volume size.", v.Size, source.Size)
	}
	v.SourceID = source.ID
	c.inherit(v, source, typeID)
	return nil
}

// inherit gives a new volume what it has from the one whose data it gets.
func (c *cinderService) inherit(v, from *osVolume, typeID *string) {
	if from == nil {
		return
	}
	v.Bootable, v.ImageMetadata = from.Bootable, maps.Clone(from.ImageMetadata)
	if *typeID == "" {
		*typeID = from.TypeID
	}
}

func (c *cinderService) fromBackup(r *request, v *osVolume, id string) error {
	b := c.backups.get(reach(r), id)
	switch {
	case b == nil:
		return missingCinder("Backup", id)
	case b.Status != "available":
		return badCinder("Invalid backup: Originating backup status must be one of 'available' values")
	case v.Size == 0:
		v.Size = b.Size
	case v.Size < b.Size:
		return badCinder("Invalid input received: Volume size %dGB cannot be smaller than the backup size %dGB. It must be >= backup size.", v.Size, b.Size)
	}
	return nil
}

func (c *cinderService) fromImage(r *request, v *osVolume, id string) error {
	i := c.glance.image(r, id)
	switch {
	case i == nil:
		return badCinder("Invalid image identifier or unable to access requested image.")
	case i.Status != statusActive:
		return badCinder("Invalid image %s is not active.", i.ID)
	case v.Size == 0:
		return badCinder("The server could not comply with the request since it is either malformed or otherwise incorrect.")
	case v.Size < i.MinDisk:
		return badCinder("Invalid input received: Volume size %dGB cannot be smaller than the image minDisk size %dGB.", v.Size, i.MinDisk)
	}
	v.Bootable = true
	v.ImageMetadata = maps.Clone(i.Properties)
	if v.ImageMetadata == nil {
		v.ImageMetadata = map[string]string{}
	}
	maps.Copy(v.ImageMetadata, map[string]string{
		"image_id": i.ID, "image_name": text(i.Name), "checksum": i.checksum(), "container_format": i.ContainerFormat, "disk_format": i.DiskFormat,
		"min_disk": strconv.Itoa(i.MinDisk), "min_ram": strconv.Itoa(i.MinRAM), "size": strconv.Itoa(i.size()),
	})
	return nil
}

func (c *cinderService) endCreateVolume(j *job) error {
	v := c.volumes.get("", j.text("volume"))
	if v == nil || v.Status != "creating" {
		return nil
	}
	c.volumes.touch(v)
	if v.Host = j.text("host"); v.Host == "" || j.Fail != nil {
		v.Status, v.Host = "error", ""
		c.tell(v.ProjectID, "VOLUME", v.ID, "001_003", "schedule allocate volume:Could not find any available weighted backend.", j.text("request"))
		return nil
	}
	if v.SnapshotID != "" && c.snapshots.get("", v.SnapshotID) == nil {
		v.Status = "error" // it went while the volume was made of it
		return nil
	}
	if backup := j.text("backup"); backup != "" {
		v.Metadata["src_backup_id"] = backup
	}
	v.Status = "available"
	return nil
}

func (c *cinderService) updateVolume(r *request) (any, error) {
	v, err := c.volume(r, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	var in struct {
		Name        *string           `json:"name"`
		Description *string           `json:"description"`
		Metadata    map[string]string `json:"metadata"`
	}
	fields, err := read(r, "volume", &in)
	if err != nil {
		return nil, err
	}
	if len(fields) == 0 {
		return nil, badCinderField("volume", "{}", "{} is not valid under any of the given schemas")
	}
	if err := c.checkInput(&volumeInput{Name: in.Name, Description: in.Description, Metadata: in.Metadata}); err != nil {
		return nil, err
	}
	if _, ok := fields["name"]; ok {
		v.Name = in.Name
	}
	if _, ok := fields["description"]; ok {
		v.Description = in.Description
	}
	if in.Metadata != nil {
		v.Metadata = in.Metadata
	}
	c.volumes.touch(v)
	return map[string]any{"volume": c.volumeView(r, v)}, nil
}

const undeletable = "Invalid volume: Volume%s must not be migrating, attached, belong to a group, have snapshots, awaiting a transfer, or be disassociated from snapshots after volume transfer."

func (c *cinderService) deleteVolume(r *request) (any, error) {
	v, err := c.volume(r, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	cascade := yesNo(false)
	if text := r.query.Get("cascade"); text != "" && cascade.UnmarshalJSON([]byte(text)) != nil {
		return nil, badCinder("Value '%s' for 'cascade' is not a boolean.", text)
	}
	if r.query.Get("force") == "true" && !r.admin() {
		return nil, disallowed("volume:force_delete")
	}
	return nil, c.remove(v, bool(cascade), r.query.Get("force") == "true", r.header.Get("X-Openstack-Request-Id"))
}

// remove begins to delete a volume, if nothing is in the way.
func (c *cinderService) remove(v *osVolume, cascade, force bool, request string) error {
	snapshots := c.snapshotsOf(v.ID)
	usable := slices.Contains([]string{"available", "error", "error_restoring", "error_extending", "error_managing"}, v.Status)
	switch {
	case !force && !usable, len(c.attachmentsOf(v)) > 0, v.Status == "awaiting-transfer", len(snapshots) > 0 && !cascade:
		words := " status must be available or error or error_restoring or error_extending or error_managing and"
		if force {
			words = " "
		}
		return badCinder(undeletable, words)
	}
	for _, s := range snapshots {
		s.Status = "deleting"
		c.startJob(s.ProjectID, "os_deleteSnapshot", map[string]any{"snapshot": s.ID})
	}
	v.Status = "deleting"
	c.volumes.touch(v)
	c.startJob(v.ProjectID, "os_deleteVolume", map[string]any{"volume": v.ID, "request": request})
	return nil
}

func (c *cinderService) endDeleteVolume(j *job) error {
	v := c.volumes.get("", j.text("volume"))
	if v == nil {
		return nil
	}
	if j.Fail != nil {
		v.Status = "error_deleting"
		c.volumes.touch(v)
		c.tell(v.ProjectID, "VOLUME", v.ID, "012_001", "delete volume:An unknown error occurred.", j.text("request"))
		return nil
	}
	c.volumes.remove(v.ID)
	return nil
}

func (c *cinderService) volumeMetadata(r *request) (*map[string]string, func(), string, error) {
	v, err := c.volume(r, r.PathValue("id"))
	if err != nil {
		return nil, nil, "", err
	}
	return &v.Metadata, func() { c.volumes.touch(v) }, "Volume", nil
}

// metadata serves the keys and values of an object under the paths that volumes and snapshots share.
func (c *cinderService) metadata(of func(*request) (pairs *map[string]string, touch func(), what string, err error)) cinderMetadata {
	return cinderMetadata{of}
}

type cinderMetadata struct {
	of func(*request) (*map[string]string, func(), string, error)
}

func (m cinderMetadata) show(r *request) (any, error) {
	pairs, _, _, err := m.of(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"metadata": *pairs}, nil
}

func (m cinderMetadata) add(r *request) (any, error) { return m.write(r, false) }

func (m cinderMetadata) replace(r *request) (any, error) { return m.write(r, true) }

func (m cinderMetadata) write(r *request, whole bool) (any, error) {
	pairs, touch, _, err := m.of(r)
	if err != nil {
		return nil, err
	}
	in := map[string]string{}
	if _, err := read(r, "metadata", &in); err != nil {
		return nil, err
	}
	if err := checkMetadata("metadata", in); err != nil {
		return nil, err
	}
	if whole || *pairs == nil {
		*pairs = map[string]string{}
	}
	maps.Copy(*pairs, in)
	touch()
	return map[string]any{"metadata": *pairs}, nil
}

func (m cinderMetadata) one(r *request) (*map[string]string, func(), error) {
	pairs, touch, what, err := m.of(r)
	if err != nil {
		return nil, nil, err
	}
	if _, ok := (*pairs)[r.PathValue("key")]; !ok {
		return nil, nil, refuse(http.StatusNotFound, "", "%s %s has no metadata with key %s.", what, r.PathValue("id"), r.PathValue("key"))
	}
	return pairs, touch, nil
}

func (m cinderMetadata) showOne(r *request) (any, error) {
	pairs, _, err := m.one(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"meta": map[string]string{r.PathValue("key"): (*pairs)[r.PathValue("key")]}}, nil
}

func (m cinderMetadata) putOne(r *request) (any, error) {
	pairs, touch, _, err := m.of(r)
	if err != nil {
		return nil, err
	}
	in := map[string]string{}
	if _, err := read(r, "meta", &in, r.PathValue("key")); err != nil {
		return nil, err
	}
	if err := checkMetadata("meta", in); err != nil {
		return nil, err
	}
	(*pairs)[r.PathValue("key")] = in[r.PathValue("key")]
	touch()
	return map[string]any{"meta": in}, nil
}

func (m cinderMetadata) removeOne(r *request) (any, error) {
	pairs, touch, err := m.one(r)
	if err != nil {
		return nil, err
	}
	delete(*pairs, r.PathValue("key"))
	touch()
	return nil, nil
}

func (c *cinderService) zones(*request) (any, error) {
	return map[string]any{"availabilityZoneInfo": []any{map[string]any{"zoneName": cinderZone, "zoneState": map[string]any{"available": true}}}}, nil
}

func (c *cinderService) services(*request) (any, error) {
	hosts := map[string][]string{"cinder-scheduler": {"sandbox"}, "cinder-backup": {"sandbox"}}
	for _, backend := range cinderBackends {
		hosts["cinder-volume"] = append(hosts["cinder-volume"], "sandbox@"+backend)
	}
	out := []any{}
	for _, binary := range slices.Sorted(maps.Keys(hosts)) {
		for _, host := range hosts[binary] {
			out = append(out, map[string]any{"binary": binary, "host": host, "zone": cinderZone, "status": "enabled", "state": "up", "updated_at": when(time.Now().UTC()), "disabled_reason": nil})
		}
	}
	return map[string]any{"services": out}, nil
}

func (c *cinderService) pools(r *request) (any, error) {
	out := []any{}
	for _, backend := range cinderBackends {
		pool := map[string]any{"name": hostOf(backend)}
		if r.query.Get("detail") == "true" {
			pool["capabilities"] = map[string]any{"volume_backend_name": backend, "storage_protocol": "NFS", "total_capacity_gb": 100000.0, "free_capacity_gb": 100000.0}
		}
		out = append(out, pool)
	}
	return map[string]any{"pools": out}, nil
}
