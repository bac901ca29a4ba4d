package sandbox

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// imsService holds the images that servers and disks are made from. How they are made is in ims_create.go, how they change
// in ims_change.go, and who else has them in ims_member.go.
type imsService struct {
	*Sandbox
	images  *table[image]
	members *table[imageMember]
	jobs    jobTypes
}

// image is a disk to start from. Public ones belong to no project. The fields are those of the API's answer.
type image struct {
	meta
	Name            string            `json:"name"`
	Status          string            `json:"status"` // queued, saving, active, killed, deleted
	Visibility      string            `json:"visibility"`
	Protected       bool              `json:"protected"`
	Owner           string            `json:"owner"`
	MinDisk         int               `json:"min_disk"` // GB
	MinRAM          int               `json:"min_ram"`  // MB
	DiskFormat      string            `json:"disk_format"`
	ContainerFormat string            `json:"container_format"`
	VirtualEnvType  string            `json:"virtual_env_type"`
	Type            string            `json:"__imagetype"` // gold is public
	OSType          string            `json:"__os_type"`
	OSVersion       string            `json:"__os_version"`
	OSBit           string            `json:"__os_bit"`
	Platform        string            `json:"__platform"`
	Description     string            `json:"__description,omitempty"`
	Size            string            `json:"__image_size"` // bytes
	SourceType      string            `json:"__image_source_type"`
	Registered      string            `json:"__isregistered"`
	SupportKVM      string            `json:"__support_kvm,omitempty"`
	SupportARM      string            `json:"__support_arm,omitempty"` // "true" for ARM
	SupportAgents   string            `json:"__support_agent_list,omitempty"`
	Firmware        string            `json:"hw_firmware_type"`
	Multiqueue      string            `json:"hw_vif_multiqueue_enabled"`
	Enterprise      string            `json:"enterprise_project_id,omitempty"`
	DataOrigin      string            `json:"__data_origin,omitempty"`       // instance,{id} or volume,{id} or file,{bucket}:{object} ...
	OriginalImage   string            `json:"__originalimagename,omitempty"` // the id of the image that it comes from
	BackupID        string            `json:"__backup_id,omitempty"`         // of a whole image
	KeyID           string            `json:"__system__cmkid,omitempty"`     // encrypts it
	MaxRAM          string            `json:"max_ram,omitempty"`             // MB
	Timeout         string            `json:"os_shutdown_timeout,omitempty"` // seconds
	Job             string            `json:"job,omitempty"`                 // the id of the job that makes or deletes it
	KeyValueTags    map[string]string `json:"image_tags,omitempty"`
	Tags            []string          `json:"tags"`
}

// arm says whether the image is for ARM processors.
func (i *image) arm() bool { return i.SupportARM == "true" }

const (
	imsTime  = "2006-01-02T15:04:05Z"
	imsOwner = "5a0d80c0000000000000000000000999" // of the public images
)

// publicImages are what every project can choose from, under the ids that they have in every sandbox.
var publicImages = []image{
	{meta: meta{ID: "5a0d80c0-1111-4111-8111-000000002204"}, Name: "Ubuntu 22.04 server 64bit", Platform: "Ubuntu", OSVersion: "Ubuntu 22.04 server 64bit"},
	{meta: meta{ID: "5a0d80c0-1111-4111-8111-000000002004"}, Name: "Ubuntu 20.04 server 64bit", Platform: "Ubuntu", OSVersion: "Ubuntu 20.04 server 64bit"},
	{meta: meta{ID: "5a0d80c0-1111-4111-8111-000000000079"}, Name: "CentOS 7.9 64bit", Platform: "CentOS", OSVersion: "CentOS 7.9 64bit"},
	{meta: meta{ID: "5a0d80c0-1111-4111-8111-000000000020"}, Name: "Huawei Cloud EulerOS 2.0 64bit", Platform: "Huawei Cloud EulerOS", OSVersion: "Huawei Cloud EulerOS 2.0 64bit"},
	{meta: meta{ID: "5a0d80c0-1111-4111-8111-000000001200"}, Name: "Debian 12.0.0 64bit", Platform: "Debian", OSVersion: "Debian GNU/Linux 12.0.0 64bit"},
	{meta: meta{ID: "5a0d80c0-1111-4111-8111-000000002019"}, Name: "Windows Server 2019 Standard 64bit English", Platform: "Windows", OSVersion: "Windows Server 2019 Standard 64bit", OSType: "Windows", MinRAM: 2048},
	{meta: meta{ID: "5a0d80c0-1111-4111-8111-0000000a2204"}, Name: "Ubuntu 22.04 server 64bit with ARM", Platform: "Ubuntu", OSVersion: "Ubuntu 22.04 server 64bit with ARM", SupportARM: "true"},
	{meta: meta{ID: "5a0d80c0-1111-4111-8111-0000000a0020"}, Name: "Huawei Cloud EulerOS 2.0 64bit with ARM", Platform: "Huawei Cloud EulerOS", OSVersion: "Huawei Cloud EulerOS 2.0 64bit with ARM", SupportARM: "true"},
}

func newIMS(s *Sandbox) *imsService {
	m := &imsService{Sandbox: s, images: newTable[image](s, "image"), members: newTable[imageMember](s, "image_member")}
	m.images.removed = func(i *image) {
		for _, o := range m.membersOf(i) {
			m.members.remove(o.ID)
		}
	}
	m.jobs = jobTypes{deleteImageJob: m.endDelete}
	for _, kind := range []string{imageOfServer, imageOfVolume, imageOfFile, dataImageOfVolume, dataImageOfFile, wholeImage, copyOfImage} {
		m.jobs[kind] = m.endImage
	}
	s.onJobs(m.jobs)
	s.seeds = append(s.seeds, m.seed)
	s.addService(&service{
		name:    "ims",
		invalid: "IMG.0001",
		shape:   errorObject,
		first:   m.memberRoutes(), // /v2/images/{image_id}/members/tags may be /v2/{project_id}/images/{image_id}/tags to a mux
		routes: []route{
			{"GET /v2/cloudimages", 200, m.listImages},
			{"GET /v2/images", 200, m.listGlance},
			{"GET /v2/images/{image_id}", 200, m.showImage},
			{"GET /v2/{project_id}/images/{image_id}/tags", 200, m.showImageTags},
			{"POST /v2/{project_id}/images/{image_id}/tags/action", 204, m.changeImageTags},
			{"GET /v1/{project_id}/jobs/{job_id}", 200, m.showImageJob},
			{"POST /v2/cloudimages/action", 200, m.createImage},
			{"POST /v1/cloudimages/dataimages/action", 200, m.createDataImage},
			{"POST /v1/cloudimages/wholeimages/action", 200, m.createWholeImage},
			{"POST /v1/cloudimages/{image_id}/copy", 200, m.copyImage},
			{"GET /v1/cloudimages/quota", 200, m.showImageQuota},
			{"PATCH /v2/cloudimages/{image_id}", 200, m.updateImage},
			{"DELETE /v2/images/{image_id}", 204, m.deleteImage},
		},
	})
	return m
}

func (m *imsService) seed() {
	for _, i := range publicImages {
		i.Status, i.Visibility, i.Protected, i.Type = "active", "public", true, "gold"
		i.Owner, i.Registered, i.SourceType = imsOwner, "true", "uds"
		i.OSType = cmp.Or(i.OSType, "Linux")
		i.OSBit, i.MinDisk, i.Size = "64", 40, "1276968960"
		i.DiskFormat, i.ContainerFormat, i.VirtualEnvType = "zvhd2", "bare", "FusionCompute"
		i.Firmware, i.SupportKVM, i.Multiqueue = "bios", "true", "true"
		if i.arm() {
			i.Firmware = "uefi"
		}
		i.SupportAgents = "hss,ces"
		i.Tags = []string{}
		m.images.add("", &i)
	}
}

// image is one that a project may use, or nil: a public one, its own, or one that is shared with it. Who rejects an image
// may use it all the same.
func (m *imsService) image(project, id string) *image {
	i := m.images.get("", id)
	if i == nil || i.ProjectID == "" || i.ProjectID == project {
		return i
	}
	if o := m.member(i, project); o == nil || o.Status == memberPending {
		return nil
	}
	return i
}

// listed says whether an image is in a project's list: not before it is made, and a shared one by what its receiver said.
func (m *imsService) listed(project string, i *image, status string) bool {
	if j := m.pending(i.Job); j != nil && j.Type != deleteImageJob {
		return false
	}
	if i.ProjectID == "" || i.ProjectID == project {
		return status == ""
	}
	o := m.member(i, project)
	return o != nil && o.Status == cmp.Or(status, memberAccepted)
}

type imageView struct {
	*image
	ProjectID    hidden `json:"project_id,omitempty"`
	KeyValueTags hidden `json:"image_tags,omitempty"`
	Job          hidden `json:"job,omitempty"`
	CreatedAt    string `json:"created_at"`
	UpdatedAt    string `json:"updated_at"`
	ActiveAt     string `json:"active_at"`
	File         string `json:"file"`
	Self         string `json:"self"`
	Schema       string `json:"schema"`
}

// imageAnswer is an image as a project sees it: to others than its owner it is a shared one.
func (m *imsService) imageAnswer(project string, i *image) imageView {
	if i.ProjectID != "" && i.ProjectID != project {
		seen := *i
		seen.Type, seen.Visibility = "shared", "shared"
		i = &seen
	}
	if j := m.pending(i.Job); j != nil && j.Type != deleteImageJob {
		seen := *i
		seen.Status = map[bool]string{true: "queued", false: "saving"}[j.status() == "INIT"]
		i = &seen
	}
	return imageView{
		image:     i,
		CreatedAt: i.CreatedAt.Format(imsTime),
		UpdatedAt: i.UpdatedAt.Format(imsTime),
		ActiveAt:  i.CreatedAt.Format(imsTime),
		File:      "/v2/images/" + i.ID + "/file",
		Self:      "/v2/images/" + i.ID,
		Schema:    "/v2/schemas/image",
	}
}

func noImage(id string) error {
	return refuse(http.StatusNotFound, "IMG.0086", "No image was found with ID %s", id)
}

func (m *imsService) showImage(r *request) (any, error) {
	i := m.image(r.project.ID, r.PathValue("image_id"))
	if i == nil || !m.images.visible(i) {
		return nil, noImage(r.PathValue("image_id"))
	}
	return m.imageAnswer(r.project.ID, i), nil
}

func (m *imsService) showImageTags(r *request) (any, error) {
	i := m.image(r.project.ID, r.PathValue("image_id"))
	if i == nil {
		return nil, noImage(r.PathValue("image_id"))
	}
	return map[string]any{"tags": tagList(i.KeyValueTags)}, nil
}

// notFilters are the parameters of a list that do not compare a field.
var notFilters = []string{"limit", "marker", "sort_key", "sort_dir", "member_status", "flavor_id", "architecture",
	"enterprise_project_id", "created_at", "updated_at", "tag"}

// find is what a list of images asks for: any parameter that is a field's name is compared with that field.
func (m *imsService) find(r *request) ([]*image, error) {
	q := r.query
	var found []*image
	for _, i := range m.images.list("") {
		if !m.listed(r.project.ID, i, q.Get("member_status")) {
			continue
		}
		ok := ofEnterprise(r, cmp.Or(i.Enterprise, "0")) &&
			(!q.Has("tag") || slices.Contains(i.Tags, q.Get("tag"))) &&
			(!q.Has("architecture") || (q.Get("architecture") == "arm") == i.arm())
		if f := findFlavor(q.Get("flavor_id")); q.Has("flavor_id") {
			ok = ok && f != nil && f.arm() == i.arm()
		}
		for name, at := range map[string]time.Time{"created_at": i.CreatedAt, "updated_at": i.UpdatedAt} {
			within, err := withinTime(q.Get(name), at)
			if err != nil {
				return nil, err
			}
			ok = ok && within
		}
		fields, err := fieldsOf(m.imageAnswer(r.project.ID, i))
		if err != nil {
			return nil, err
		}
		for name, values := range q {
			if !slices.Contains(notFilters, name) {
				ok = ok && strings.EqualFold(fmt.Sprint(fields[name]), values[0])
			}
		}
		if ok {
			found = append(found, i)
		}
	}
	return found, nil
}

// fieldsOf is an answer as its JSON has it.
func fieldsOf(answer any) (fields map[string]any, err error) {
	text, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	return fields, json.Unmarshal(text, &fields)
}

// withinTime says whether a time passes a filter like gte:2024-01-01T00:00:00Z; no filter passes everything.
func withinTime(filter string, at time.Time) (bool, error) {
	if filter == "" {
		return true, nil
	}
	word, text, _ := strings.Cut(filter, ":")
	limit, err := time.Parse(imsTime, text)
	if err != nil {
		if limit, err = time.Parse(time.DateTime, text); err != nil {
			return false, refuse(http.StatusBadRequest, "IMG.0001", "The time filter %s is invalid.", filter)
		}
	}
	order := at.Truncate(time.Second).Compare(limit)
	passes, ok := map[string]bool{"gt": order > 0, "gte": order >= 0, "lt": order < 0, "lte": order <= 0, "eq": order == 0, "neq": order != 0}[word]
	if !ok {
		return false, refuse(http.StatusBadRequest, "IMG.0001", "The time filter %s is invalid.", filter)
	}
	return passes, nil
}

// imageOrders are the keys that lists can be sorted by.
var imageOrders = map[string]func(a, b *image) int{
	"created_at":       func(a, b *image) int { return a.CreatedAt.Compare(b.CreatedAt) },
	"name":             func(a, b *image) int { return strings.Compare(a.Name, b.Name) },
	"container_format": func(a, b *image) int { return strings.Compare(a.ContainerFormat, b.ContainerFormat) },
	"disk_format":      func(a, b *image) int { return strings.Compare(a.DiskFormat, b.DiskFormat) },
	"status":           func(a, b *image) int { return strings.Compare(a.Status, b.Status) },
	"id":               func(a, b *image) int { return strings.Compare(a.ID, b.ID) },
	"size":             func(a, b *image) int { return strings.Compare(a.Size, b.Size) },
}

// page is the page of a list that a request asks for; more says that it is not the last.
func (m *imsService) page(r *request, def int) (page []*image, more bool, err error) {
	found, err := m.find(r)
	if err != nil {
		return nil, false, err
	}
	order := imageOrders[cmp.Or(r.query.Get("sort_key"), "created_at")]
	if order == nil {
		return nil, false, refuse(http.StatusBadRequest, "IMG.0001", "The sort_key %s is invalid.", r.query.Get("sort_key"))
	}
	slices.SortStableFunc(found, order)
	if r.query.Get("sort_dir") != "asc" {
		slices.Reverse(found)
	}
	found, ok := after(found, func(i *image) string { return i.ID }, r.query.Get("marker"))
	if !ok {
		return nil, false, refuse(http.StatusBadRequest, "IMG.0027", "The marker %s does not exist.", r.query.Get("marker"))
	}
	limit, err := r.queryInt("limit", def, 0, 1000)
	if err != nil {
		return nil, false, err
	}
	page = found[:min(limit, len(found))]
	return page, len(page) < len(found), nil
}

func (m *imsService) listImages(r *request) (any, error) {
	page, _, err := m.page(r, 500)
	if err != nil {
		return nil, err
	}
	return map[string]any{"images": views(page, func(i *image) imageView { return m.imageAnswer(r.project.ID, i) })}, nil
}

func (m *imsService) listGlance(r *request) (any, error) {
	page, more, err := m.page(r, 25)
	if err != nil {
		return nil, err
	}
	out := map[string]any{"images": views(page, func(i *image) imageView { return m.imageAnswer(r.project.ID, i) }), "schema": "/v2/schemas/images", "first": "/v2/images"}
	if more && len(page) > 0 {
		q := r.query
		q.Set("marker", page[len(page)-1].ID)
		out["next"] = "/v2/images?" + q.Encode()
	}
	return out, nil
}
