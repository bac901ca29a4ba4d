package sandbox

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// evsService holds block volumes and their snapshots. How volumes are made is in evs_create.go, how they change in
// evs_change.go.
type evsService struct {
	*Sandbox
	volumes   *table[volume]
	snapshots *table[snapshot]
	jobs      jobTypes
}

// volume is a block device of one zone. The fields are named as in the API's answer.
type volume struct {
	meta
	Name                string            `json:"name"`
	Description         string            `json:"description"`
	Status              string            `json:"status"` // creating, available, in-use, extending, deleting, ...
	Size                int               `json:"size"`   // GB
	VolumeType          string            `json:"volume_type"`
	AvailabilityZone    string            `json:"availability_zone"`
	Bootable            string            `json:"bootable"` // "true" or "false"
	Multiattach         bool              `json:"multiattach"`
	Attachments         []attachment      `json:"attachments"`
	Metadata            map[string]string `json:"metadata"`
	Tags                map[string]string `json:"tags"`
	ImageMetadata       map[string]string `json:"volume_image_metadata"`
	SnapshotID          string            `json:"snapshot_id"`
	EnterpriseProjectID string            `json:"enterprise_project_id"`
	UserID              string            `json:"user_id"`
	Iops                *performance      `json:"iops,omitempty"`       // only of types that let it be chosen
	Throughput          *performance      `json:"throughput,omitempty"` // MiB/s
	Job                 string            `json:"job,omitempty"`        // the id of the job under way
}

// attachment is a server's use of a volume. The last two fields are the server's to know, not in the volume's answer.
type attachment struct {
	ServerID            string    `json:"server_id"`
	AttachmentID        string    `json:"attachment_id"`
	Device              string    `json:"device"`
	AttachedAt          time.Time `json:"attached_at"`
	BootIndex           int       `json:"boot_index"` // 0 is the system disk
	DeleteOnTermination bool      `json:"delete_on_termination"`
}

// performance is a figure that is chosen beside the type.
type performance struct {
	ID       string `json:"id"`
	TotalVal int    `json:"total_val"`
	Frozened bool   `json:"frozened"`
}

// attachedTo is the server's attachment of the volume, or nil.
func (v *volume) attachedTo(server string) *attachment {
	for i := range v.Attachments {
		if v.Attachments[i].ServerID == server {
			return &v.Attachments[i]
		}
	}
	return nil
}

// idle is the volume's status while nothing happens to it.
func (v *volume) idle() string {
	if len(v.Attachments) > 0 {
		return "in-use"
	}
	return "available"
}

// scsi says whether servers see the volume as a SCSI device.
func (v *volume) scsi() bool { return v.Metadata["hw:passthrough"] == "true" }

const evsTime = "2006-01-02T15:04:05.000000" // UTC

func newEVS(s *Sandbox) *evsService {
	e := &evsService{
		Sandbox:   s,
		volumes:   newTable[volume](s, "volume"),
		snapshots: newTable[snapshot](s, "snapshot"),
	}
	e.jobs = jobTypes{
		"createVolume":      e.endCreate,
		"batchCreateVolume": s.endBatch,
		"extendVolume":      e.endExtend,
		"retypeVolume":      e.endRetype,
		"modifyVolumeQoS":   e.endModifyQoS,
		"deleteVolume":      e.endDelete,
	}
	s.onJobs(e.jobs)
	s.onJobs(jobTypes{ // these have no job in the API: clients watch the status
		"createSnapshot":   e.endCreateSnapshot,
		"deleteSnapshot":   e.endDeleteSnapshot,
		"rollbackSnapshot": e.endRollback,
		"settleVolume":     e.endSettle,
	})
	s.addService(&service{
		name:    "evs",
		invalid: "EVS.5400",
		shape:   e.shape,
		routes:  slices.Concat(e.volumeRoutes(), e.metadataRoutes(), e.changeRoutes(), e.snapshotRoutes(), e.typeRoutes()),
	})
	return e
}

// nativePath is that of the operations that come from OpenStack.
var nativePath = pattern.New(`^/v2/[^/]+/((volumes|snapshots)/[^/]+/metadata|types|os-)`)

// shape is the vendor's, and OpenStack's where the operation is.
func (e *evsService) shape(r *request, f *refusal) any {
	if nativePath.MatchString(r.URL.Path) {
		return openStack(r, f)
	}
	return errorObject(r, f)
}

// openStack is {"itemNotFound":{"message","code"}}; the word goes with the status.
func openStack(_ *request, f *refusal) any {
	word, ok := map[int]string{400: "badRequest", 403: "forbidden", 404: "itemNotFound", 409: "conflictingRequest", 413: "overLimit"}[f.status]
	if !ok {
		word = "computeFault"
	}
	return map[string]any{word: map[string]any{"message": f.message, "code": f.status}}
}

func (e *evsService) volumeRoutes() []route {
	tags := tagged[volume]{
		table:   e.volumes,
		tags:    func(v *volume) *map[string]string { return &v.Tags },
		name:    func(v *volume) string { return v.Name },
		missing: noVolume,
		code:    volumeTags.invalid,
	}
	const path = "/v2/{project_id}/cloudvolumes"
	return []route{
		{"POST /v2.1/{project_id}/cloudvolumes", 202, e.createVolume},
		{"POST " + path, 202, e.createVolume},
		{"GET " + path + "/detail", 200, e.listVolumes},
		{"GET " + path + "/{id}", 200, e.showVolume},
		{"PUT " + path + "/{id}", 200, e.updateVolume},
		{"DELETE " + path + "/{id}", 200, e.deleteVolume},
		{"GET /v1/{project_id}/jobs/{job_id}", 200, e.showJob(e.jobs)},

		{"GET " + path + "/{id}/tags", 200, tags.show},
		{"POST " + path + "/{id}/tags/action", 204, changeTags(tags, volumeTags)},
		{"GET " + path + "/tags", 200, e.listVolumeTags},
		{"POST " + path + "/resource_instances/action", 200, e.searchByTags(tags)},
	}
}

func noVolume(id string) error {
	return refuse(http.StatusNotFound, "EVS.5404", "Volume %s could not be found.", id)
}

func badVolume(code, format string, args ...any) error {
	return refuse(http.StatusBadRequest, code, format, args...)
}

// find is the volume in the request's path. It is not there before its job has begun.
func (e *evsService) find(r *request) (*volume, error) {
	v := e.volumes.get(r.project.ID, r.PathValue("id"))
	if v == nil || !e.exists(v) {
		return nil, noVolume(r.PathValue("id"))
	}
	return v, nil
}

// exists says whether the job that makes a volume has got that far.
func (e *evsService) exists(v *volume) bool { return v.Status != "creating" || e.begun(v.Job) }

type volumeView struct {
	*volume
	ProjectID         hidden            `json:"project_id,omitempty"`
	Job               hidden            `json:"job,omitempty"`
	CreatedAt         string            `json:"created_at"`
	UpdatedAt         string            `json:"updated_at"`
	Attachments       []attachmentView  `json:"attachments"`
	Metadata          map[string]string `json:"metadata"`
	SnapshotID        any               `json:"snapshot_id"`
	Links             []link            `json:"links"`
	TenantID          string            `json:"os-vol-tenant-attr:tenant_id"`
	Host              string            `json:"os-vol-host-attr:host"`
	MigrationStatus   any               `json:"os-vol-mig-status-attr:migstat"`
	MigrationName     any               `json:"os-vol-mig-status-attr:name_id"`
	Replication       any               `json:"replication_status"`
	ReplicationStatus any               `json:"os-volume-replication:extended_status"`
	SourceVolume      any               `json:"source_volid"`
	ConsistencyGroup  any               `json:"consistencygroup_id"`
	Encrypted         bool              `json:"encrypted"`
	Shareable         string            `json:"shareable"`
	ServiceType       string            `json:"service_type"`
	StorageID         any               `json:"dedicated_storage_id"`
	StorageName       any               `json:"dedicated_storage_name"`
	WWN               string            `json:"wwn"`
	SerialNumber      string            `json:"serial_number,omitempty"` // of SCSI volumes
}

type attachmentView struct {
	ID           string `json:"id"`
	VolumeID     string `json:"volume_id"`
	ServerID     string `json:"server_id"`
	AttachmentID string `json:"attachment_id"`
	Device       string `json:"device"`
	AttachedAt   string `json:"attached_at"`
	HostName     any    `json:"host_name"`
}

type link struct {
	Rel  string `json:"rel"`
	Href string `json:"href"`
}

func (e *evsService) volumeView(r *request) func(*volume) volumeView {
	return func(v *volume) volumeView {
		path := "/" + v.ProjectID + "/volumes/" + v.ID
		view := volumeView{
			volume:      v,
			CreatedAt:   v.CreatedAt.Format(evsTime),
			UpdatedAt:   v.UpdatedAt.Format(evsTime),
			Attachments: []attachmentView{},
			Metadata:    serverMetadata(r, v),
			SnapshotID:  orNull(v.SnapshotID),
			Links:       []link{{"self", r.url("evs") + "/v2" + path}, {"bookmark", r.url("evs") + path}},
			TenantID:    v.ProjectID,
			Host:        "pod01." + v.AvailabilityZone + "#" + v.VolumeType,
			Shareable:   strconv.FormatBool(v.Multiattach),
			ServiceType: "EVS",
			WWN:         "688860300000" + hexOf(v.ID)[:20],
		}
		if v.scsi() {
			view.SerialNumber = v.ID
		}
		for _, a := range v.Attachments {
			view.Attachments = append(view.Attachments, attachmentView{
				ID: v.ID, VolumeID: v.ID, ServerID: a.ServerID, AttachmentID: a.AttachmentID, Device: a.Device,
				AttachedAt: a.AttachedAt.Format(evsTime),
			})
		}
		return view
	}
}

func (e *evsService) showVolume(r *request) (any, error) {
	v, err := e.find(r)
	if err != nil {
		return nil, err
	}
	if !e.volumes.visible(v) {
		return nil, noVolume(v.ID)
	}
	return map[string]any{"volume": e.volumeView(r)(v)}, nil
}

// volumeOrders are the keys that lists can be sorted by.
var volumeOrders = map[string]func(a, b *volume) int{
	"created_at":        func(a, b *volume) int { return a.CreatedAt.Compare(b.CreatedAt) },
	"updated_at":        func(a, b *volume) int { return a.UpdatedAt.Compare(b.UpdatedAt) },
	"id":                func(a, b *volume) int { return strings.Compare(a.ID, b.ID) },
	"name":              func(a, b *volume) int { return strings.Compare(a.Name, b.Name) },
	"status":            func(a, b *volume) int { return strings.Compare(a.Status, b.Status) },
	"size":              func(a, b *volume) int { return a.Size - b.Size },
	"availability_zone": func(a, b *volume) int { return strings.Compare(a.AvailabilityZone, b.AvailabilityZone) },
	"volume_type":       func(a, b *volume) int { return strings.Compare(a.VolumeType, b.VolumeType) },
}

// idList reads ['id1','id2'].
func idList(text string) []string {
	return strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(`[]'", `, c) })
}

func (e *evsService) listVolumes(r *request) (any, error) {
	q := r.query
	ids := idList(q.Get("ids"))
	if len(ids) > 60 {
		return nil, badVolume("EVS.2228", "input volume ids must not be over 60.")
	}
	if len(ids) == 0 && q.Has("id") {
		ids = []string{q.Get("id")}
	}
	metadata, err := metadataFilter(q.Get("metadata"))
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(e.volumes.list(r.project.ID), func(v *volume) bool {
		return !e.exists(v) || len(ids) > 0 && !slices.Contains(ids, v.ID) ||
			!matches(q.Get("name"), v.Name) || !matches(q.Get("status"), v.Status) ||
			!matches(q.Get("availability_zone"), v.AvailabilityZone) ||
			!matches(strings.ToLower(q.Get("multiattach")), strconv.FormatBool(v.Multiattach)) ||
			!matches(q.Get("service_type"), "EVS") || q.Get("dedicated_storage_id") != "" || q.Get("dedicated_storage_name") != "" ||
			!matches(q.Get("volume_type_id"), volumeTypeID(v.VolumeType)) || !ofEnterprise(r, v.EnterpriseProjectID) ||
			q.Has("server_id") && v.attachedTo(q.Get("server_id")) == nil || !includes(v.Metadata, metadata)
	})
	order := volumeOrders["created_at"]
	if key := q.Get("sort_key"); key != "" {
		if order = volumeOrders[key]; order == nil {
			return nil, badVolume("EVS.1039", "invalid sort_key!")
		}
	}
	slices.SortStableFunc(found, order)
	switch q.Get("sort_dir") {
	case "", "desc":
		slices.Reverse(found)
	case "asc":
	default:
		return nil, badVolume("EVS.1040", "invalid sort_dir!")
	}
	count := len(found)
	found, ok := after(found, func(v *volume) string { return v.ID }, q.Get("marker"))
	if !ok {
		return nil, badVolume("EVS.1024", "invalid filter marker!")
	}
	page, more, err := evsPage(r, found)
	if err != nil {
		return nil, err
	}
	out := map[string]any{"count": count, "volumes": views(page, e.volumeView(r))}
	if more {
		next := r.URL.Query()
		next.Set("marker", page[len(page)-1].ID)
		next.Del("offset")
		out["volumes_links"] = []link{{"next", r.url("evs") + r.URL.Path + "?" + next.Encode()}}
	}
	return out, nil
}

// evsPage is the page at ?offset=, and whether something follows it.
func evsPage[T any](r *request, found []T) (page []T, more bool, err error) {
	limit, err := r.queryInt("limit", 1000, 1, 1<<31-1)
	if err != nil {
		return nil, false, badVolume("EVS.1023", "invalid filter limit!")
	}
	if limit > 1000 {
		return nil, false, badVolume("EVS.2142", "invalid filter limit, can not greater than 1000.")
	}
	offset, err := r.queryInt("offset", 0, 0, 1<<31-1)
	if err != nil {
		return nil, false, badVolume("EVS.5400", "offset param must be an integer.")
	}
	found = found[min(offset, len(found)):]
	page = found[:min(limit, len(found))]
	return page, len(page) < len(found), nil
}

// metadataFilter reads {'key':'value'}, which clients also write as JSON.
func metadataFilter(text string) (filter map[string]string, err error) {
	if text != "" && json.Unmarshal([]byte(strings.ReplaceAll(text, "'", `"`)), &filter) != nil {
		return nil, badVolume("EVS.1058", "invalid metadata filter!")
	}
	return filter, nil
}

// includes says whether a map has all of the other's pairs.
func includes(all, some map[string]string) bool {
	for key, value := range some {
		if got, ok := all[key]; !ok || got != value {
			return false
		}
	}
	return true
}

func (e *evsService) updateVolume(r *request) (any, error) {
	v, err := e.find(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Volume *struct {
			Name        *string `json:"name"`
			Description *string `json:"description"`
		} `json:"volume"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.Volume == nil {
		return nil, badVolume("EVS.1001", "null volume!")
	}
	if in.Volume.Name == nil && in.Volume.Description == nil {
		return nil, badVolume("EVS.1007", "volume name and description can not both be empty!")
	}
	changed := *v
	if in.Volume.Name != nil {
		changed.Name = *in.Volume.Name
	}
	if in.Volume.Description != nil {
		changed.Description = *in.Volume.Description
	}
	if err := checkNames(changed.Name, changed.Description); err != nil {
		return nil, err
	}
	*v = changed
	e.volumes.touch(v)
	return e.volumeView(r)(v), nil // without a wrapper
}

// checkNames refuses names and descriptions that are too long for volumes and snapshots.
func checkNames(name, description string) error {
	if len(name) > 255 {
		return badVolume("EVS.1003", "invalid volume name!")
	}
	if len(description) > 255 {
		return badVolume("EVS.1004", "invalid volume description!")
	}
	return nil
}

// tagRules are what tags may be where the limits are narrower than others'.
type tagRules struct {
	key, value *pattern.Pattern
	invalid    string // the code for one that breaks them
	tooMany    string // the code for more than shortTagsMax on one object
}

const shortTagsMax = 10

var volumeTags = tagRules{
	key:     pattern.New(`^[0-9A-Za-z_\p{Han}-]{1,36}$`),
	value:   pattern.New(`^[0-9A-Za-z_.\p{Han}-]{0,43}$`),
	invalid: "EVS.1062",
	tooMany: "EVS.1061",
}

// check refuses tags that an object cannot have.
func (t tagRules) check(tags map[string]string) error {
	if len(tags) > shortTagsMax {
		return refuse(http.StatusBadRequest, t.tooMany, "The number of tags exceeds the limit of %d.", shortTagsMax)
	}
	for key, value := range tags {
		if !t.key.MatchString(key) || !t.value.MatchString(value) {
			return refuse(http.StatusBadRequest, t.invalid, "The tag %s=%s is invalid.", key, value)
		}
	}
	return nil
}

// changeTags changes the tags of an object within the rules.
func changeTags[T any](tags tagged[T], rules tagRules) func(*request) (any, error) {
	return func(r *request) (any, error) {
		var in struct {
			Action string `json:"action"`
			Tags   []tag  `json:"tags"`
		}
		if err := r.decode(&in); err != nil {
			return nil, err
		}
		o, err := tags.object(r)
		if err != nil {
			return nil, err
		}
		if in.Action == "create" {
			after := maps.Clone(*tags.tags(o))
			if after == nil {
				after = map[string]string{}
			}
			for _, t := range in.Tags {
				after[t.Key] = t.Value
			}
			if err := rules.check(after); err != nil {
				return nil, err
			}
		}
		return tags.change(r)
	}
}

// listVolumeTags answers every key with its values, as a map.
func (e *evsService) listVolumeTags(r *request) (any, error) {
	tags := map[string][]string{}
	for _, v := range e.volumes.list(r.project.ID) {
		for key, value := range v.Tags {
			if !slices.Contains(tags[key], value) {
				tags[key] = append(tags[key], value)
			}
		}
	}
	for _, values := range tags {
		slices.Sort(values)
	}
	return map[string]any{"tags": tags}, nil
}

// foundVolumeView is a volume in the answer to a search, where one field has another type.
type foundVolumeView struct {
	volumeView
	Shareable bool `json:"shareable"`
}

// searchByTags finds volumes by their tags, and shows them in full.
func (e *evsService) searchByTags(tags tagged[volume]) func(*request) (any, error) {
	return func(r *request) (any, error) {
		body, err := tags.search(r)
		if err != nil {
			return nil, err
		}
		resources, _ := body.(map[string]any)["resources"].([]any)
		for _, o := range resources {
			found := o.(map[string]any)
			v := e.volumes.get("", found["resource_id"].(string))
			found["resource_detail"] = foundVolumeView{e.volumeView(r)(v), v.Multiattach}
		}
		return body, nil
	}
}
