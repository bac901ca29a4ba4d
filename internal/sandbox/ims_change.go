package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// own is the private image of the request's path that the project owns: nobody else changes an image.
func (m *imsService) own(r *request) (*image, error) {
	i := m.image(r.project.ID, r.PathValue("image_id"))
	switch {
	case i == nil:
		return nil, noImage(r.PathValue("image_id"))
	case i.ProjectID != r.project.ID:
		return nil, refuse(http.StatusForbidden, "IMG.0044", "The image %s is not yours to change.", i.ID)
	}
	return i, nil
}

// imagePatch is one operation on one property.
type imagePatch struct {
	Op    string          `json:"op"`
	Path  string          `json:"path"`
	Value json.RawMessage `json:"value"`
}

// text is the value, which may be a text or a number.
func (p imagePatch) text() string {
	var s string
	if json.Unmarshal(p.Value, &s) == nil {
		return s
	}
	return string(p.Value)
}

// property is where an image keeps a property that can be changed; needed ones are never removed.
func (i *image) property(name string) (at *string, needed bool) {
	switch name {
	case "name":
		return &i.Name, true
	case "__description":
		return &i.Description, false
	case "__os_version":
		return &i.OSVersion, true
	case "max_ram":
		return &i.MaxRAM, false
	case "hw_firmware_type":
		return &i.Firmware, true
	case "os_shutdown_timeout":
		return &i.Timeout, false
	}
	return nil, false
}

// updateImage changes properties one by one: all of them or none.
func (m *imsService) updateImage(r *request) (any, error) {
	i, err := m.own(r)
	if err != nil {
		return nil, err
	}
	var patches []imagePatch
	if err := r.decode(&patches); err != nil {
		return nil, err
	}
	if i.Status != "active" || m.pending(i.Job) != nil {
		return nil, badImage("IMG.0020", "The image %s is not active.", i.ID)
	}
	if len(patches) == 0 {
		return nil, badImage("IMG.0007", "The request body is empty.")
	}
	changed := *i
	for _, p := range patches {
		if err := p.apply(&changed); err != nil {
			return nil, err
		}
	}
	if err := checkImageTexts(changed.Name, changed.Description); err != nil {
		return nil, err
	}
	if changed.Firmware != "bios" && changed.Firmware != "uefi" {
		return nil, badImage("IMG.0001", "The firmware %s is invalid.", changed.Firmware)
	}
	*i = changed
	m.images.touch(i)
	return m.imageAnswer(r.project.ID, i), nil
}

func (p imagePatch) apply(i *image) error {
	name := strings.TrimPrefix(p.Path, "/")
	if name == "min_ram" || name == "min_disk" || name == "max_ram" {
		if n, err := strconv.Atoi(p.text()); p.Op != "remove" && (err != nil || n < 0) {
			return badImage("IMG.0001", "%s must be a number.", name)
		}
	}
	for number, at := range map[string]*int{"min_ram": &i.MinRAM, "min_disk": &i.MinDisk} {
		if name == number && (p.Op == "replace" || p.Op == "add") {
			_, err := fmt.Sscan(p.text(), at)
			return err
		}
	}
	at, needed := i.property(name)
	switch {
	case at == nil || needed && p.Op == "remove":
		return badImage("IMG.0001", "%s %s is not allowed.", p.Op, p.Path)
	case p.Op == "add":
		*at = p.text()
	case p.Op != "replace" && p.Op != "remove":
		return badImage("IMG.0001", "The operation %s is invalid.", p.Op)
	case *at == "":
		return badImage("IMG.0035", "The image has no property %s.", name)
	case p.Op == "replace":
		*at = p.text()
	default:
		*at = ""
	}
	return nil
}

const deleteImageJob = "deleteImage" // no job of the API: the image stays in the list for a while

func (m *imsService) deleteImage(r *request) (any, error) {
	i := m.image(r.project.ID, r.PathValue("image_id"))
	if i == nil || m.deleting(i) {
		return nil, noImage(r.PathValue("image_id"))
	}
	if i.Protected || i.ProjectID != r.project.ID {
		return nil, refuse(http.StatusForbidden, "IMG.0044", "The image %s is protected, or not yours to delete.", i.ID)
	}
	if m.pending(i.Job) != nil {
		return nil, refuse(http.StatusConflict, "IMG.0020", "The image %s is being made.", i.ID)
	}
	if len(r.body) > 0 {
		var in struct {
			DeleteBackup bool `json:"delete_backup"`
		}
		if err := r.decode(&in); err != nil {
			return nil, err
		}
	}
	i.Job = m.startJob(r.project.ID, deleteImageJob, map[string]any{"image_id": i.ID}).ID
	return nil, nil
}

func (m *imsService) deleting(i *image) bool {
	j := m.pending(i.Job)
	return j != nil && j.Type == deleteImageJob
}

func (m *imsService) endDelete(j *job) error {
	if j.Fail == nil {
		m.images.remove(j.text("image_id"))
	}
	return nil
}

func (m *imsService) changeImageTags(r *request) (any, error) {
	i, err := m.own(r)
	if err != nil {
		return nil, err
	}
	r.SetPathValue("id", i.ID)
	return tagged[image]{table: m.images, tags: func(i *image) *map[string]string { return &i.KeyValueTags }, missing: noImage, code: "IMG.0001", atOnce: tagsPerObject}.change(r)
}
