package sandbox

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// snapshot is what a volume held at one time; volumes can be made of it.
type snapshot struct {
	meta
	Name        string            `json:"name"`
	Description string            `json:"description"`
	Status      string            `json:"status"` // creating, available, deleting, rollbacking, error
	VolumeID    string            `json:"volume_id"`
	Size        int               `json:"size"` // GB
	Metadata    map[string]string `json:"metadata"`
	Job         string            `json:"job,omitempty"`
}

// automaticSnapshot begins the names of the snapshots that backups make. They are not the user's to touch.
const automaticSnapshot = "autobk_snapshot_"

func (e *evsService) snapshotRoutes() []route {
	const path = "/v2/{project_id}/cloudsnapshots"
	return []route{
		{"POST " + path, 202, e.createSnapshot},
		{"GET " + path + "/detail", 200, e.listSnapshots},
		{"GET " + path + "/{id}", 200, e.showSnapshot},
		{"PUT " + path + "/{id}", 200, e.updateSnapshot},
		{"DELETE " + path + "/{id}", 202, e.deleteSnapshot},
		{"POST " + path + "/{id}/rollback", 202, e.rollback},
		{"GET /v2/{project_id}/snapshots/{id}/metadata", 200, e.showSnapshotMetadata},
		{"POST /v2/{project_id}/snapshots/{id}/metadata", 200, e.addSnapshotMetadata},
		{"DELETE /v2/{project_id}/snapshots/{id}/metadata/{key}", 200, e.removeSnapshotMetadatum},
	}
}

// snapshotsOf are the snapshots of a volume.
func (e *evsService) snapshotsOf(volume string) []*snapshot {
	return e.snapshots.where("", func(s *snapshot) bool { return s.VolumeID == volume })
}

func noSnapshot(id string) error {
	return refuse(http.StatusNotFound, "EVS.5404", "Snapshot %s could not be found.", id)
}

// findSnapshot is the snapshot in the request's path.
func (e *evsService) findSnapshot(r *request) (*snapshot, error) {
	s := e.snapshots.get(r.project.ID, r.PathValue("id"))
	if s == nil {
		return nil, noSnapshot(r.PathValue("id"))
	}
	return s, nil
}

type snapshotView struct {
	*snapshot
	ProjectID hidden `json:"project_id,omitempty"`
	Job       hidden `json:"job,omitempty"`
	CreatedAt string `json:"created_at"`
	UpdatedAt string `json:"updated_at"`
	TenantID  string `json:"os-extended-snapshot-attributes:project_id"`
	Progress  string `json:"os-extended-snapshot-attributes:progress"`
}

// listedSnapshotView has what only lists answer.
type listedSnapshotView struct {
	snapshotView
	StorageID   any    `json:"dedicated_storage_id"`
	StorageName any    `json:"dedicated_storage_name"`
	ServiceType string `json:"service_type"`
}

func listedSnapshot(s *snapshot) listedSnapshotView {
	return listedSnapshotView{snapshotView: snapshotAnswer(s), ServiceType: "EVS"}
}

func snapshotAnswer(s *snapshot) snapshotView {
	view := snapshotView{
		snapshot:  s,
		CreatedAt: s.CreatedAt.Format(evsTime),
		UpdatedAt: s.UpdatedAt.Format(evsTime),
		TenantID:  s.ProjectID,
		Progress:  "100%",
	}
	if s.Status == "creating" {
		view.Progress = "0%"
	}
	return view
}

// snapshotInput is what create and update say of a snapshot.
type snapshotInput struct {
	Snapshot *struct {
		VolumeID    string            `json:"volume_id"`
		Force       bool              `json:"force"`
		Name        *string           `json:"name"`
		Description *string           `json:"description"`
		Metadata    map[string]string `json:"metadata"`
	} `json:"snapshot"`
}

// apply takes over what create and update have in common.
func (s *snapshot) apply(in *snapshotInput) error {
	if in.Snapshot == nil {
		return badVolume("EVS.5400", "Malformed request body.")
	}
	if in.Snapshot.Name != nil {
		if strings.HasPrefix(*in.Snapshot.Name, automaticSnapshot) {
			return badVolume("EVS.5400", "The name of a snapshot must not begin with %s.", automaticSnapshot)
		}
		s.Name = *in.Snapshot.Name
	}
	if in.Snapshot.Description != nil {
		s.Description = *in.Snapshot.Description
	}
	return checkNames(s.Name, s.Description)
}

func (e *evsService) createSnapshot(r *request) (any, error) {
	var in snapshotInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	s := &snapshot{Status: "creating", Metadata: map[string]string{}}
	if err := s.apply(&in); err != nil {
		return nil, err
	}
	v := e.volumes.get(r.project.ID, in.Snapshot.VolumeID)
	if v == nil || !e.exists(v) {
		return nil, noVolume(in.Snapshot.VolumeID)
	}
	switch {
	case v.Status != "available" && (v.Status != "in-use" || !in.Snapshot.Force):
		return nil, badVolume("EVS.5400", "Invalid volume: Volume %s status must be available, but current status is: %s.", v.ID, v.Status)
	case slices.ContainsFunc(e.snapshotsOf(v.ID), func(s *snapshot) bool { return e.pending(s.Job) != nil }):
		return nil, refuse(http.StatusConflict, "EVS.2409", "Another snapshot operation of the volume is in progress.")
	case e.snapshots.full(r.project.ID, 1):
		return nil, refuse(http.StatusRequestEntityTooLarge, "EVS.5413", "Snapshot quota exceeded.")
	}
	s.VolumeID, s.Size = v.ID, v.Size
	if in.Snapshot.Metadata != nil {
		s.Metadata = in.Snapshot.Metadata
	}
	e.snapshots.add(r.project.ID, s)
	s.Job = e.startJob(r.project.ID, "createSnapshot", map[string]any{"snapshot_id": s.ID}).ID
	return map[string]any{"snapshot": snapshotAnswer(s)}, nil
}

func (e *evsService) endCreateSnapshot(j *job) error {
	s := e.snapshots.get("", j.text("snapshot_id"))
	if s == nil {
		return errGone
	}
	s.Job, s.Status = "", "available"
	if j.Fail != nil {
		s.Status = "error"
	}
	e.snapshots.touch(s)
	return nil
}

func (e *evsService) showSnapshot(r *request) (any, error) {
	s := e.snapshots.read(r.project.ID, r.PathValue("id"))
	if s == nil {
		return nil, noSnapshot(r.PathValue("id"))
	}
	return map[string]any{"snapshot": snapshotAnswer(s)}, nil
}

func (e *evsService) listSnapshots(r *request) (any, error) {
	q := r.query
	found := slices.DeleteFunc(e.snapshots.list(r.project.ID), func(s *snapshot) bool {
		v := e.volumes.get("", s.VolumeID)
		return !among(r, "id", s.ID) || !matches(q.Get("name"), s.Name) || !matches(q.Get("status"), s.Status) ||
			!matches(q.Get("volume_id"), s.VolumeID) || !matches(q.Get("service_type"), "EVS") ||
			q.Has("availability_zone") && (v == nil || v.AvailabilityZone != q.Get("availability_zone")) ||
			v != nil && !ofEnterprise(r, v.EnterpriseProjectID)
	})
	slices.Reverse(found)
	page, more, err := evsPage(r, found)
	if err != nil {
		return nil, err
	}
	out := map[string]any{"count": len(found), "snapshots": views(page, listedSnapshot)}
	if more {
		next := r.URL.Query()
		offset, _ := strconv.Atoi(q.Get("offset")) // it has been checked, or is absent
		next.Set("offset", strconv.Itoa(offset+len(page)))
		out["snapshots_links"] = []link{{"next", r.url("evs") + r.URL.Path + "?" + next.Encode()}}
	}
	return out, nil
}

func (e *evsService) updateSnapshot(r *request) (any, error) {
	s, err := e.findSnapshot(r)
	if err != nil {
		return nil, err
	}
	var in snapshotInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if strings.HasPrefix(s.Name, automaticSnapshot) {
		return nil, badVolume("EVS.5400", "A backup's snapshot cannot be changed.")
	}
	changed := *s
	if err := changed.apply(&in); err != nil {
		return nil, err
	}
	*s = changed
	e.snapshots.touch(s)
	return map[string]any{"snapshot": snapshotAnswer(s)}, nil
}

func (e *evsService) deleteSnapshot(r *request) (any, error) {
	s, err := e.findSnapshot(r)
	if err != nil {
		return nil, err
	}
	if s.Status != "available" && s.Status != "error" {
		return nil, badVolume("EVS.1047", "snapshot status must be available or error when delete snapshot!")
	}
	if strings.HasPrefix(s.Name, automaticSnapshot) {
		return nil, badVolume("EVS.5400", "A backup's snapshot cannot be deleted.")
	}
	s.Status = "deleting"
	s.Job = e.startJob(r.project.ID, "deleteSnapshot", map[string]any{"snapshot_id": s.ID}).ID
	return nil, nil
}

func (e *evsService) showSnapshotMetadata(r *request) (any, error) {
	s, err := e.findSnapshot(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"metadata": s.Metadata}, nil
}

func (e *evsService) addSnapshotMetadata(r *request) (any, error) {
	s, err := e.findSnapshot(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Metadata map[string]string `json:"metadata"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.Metadata == nil {
		return nil, badVolume("EVS.5400", "Malformed request body.")
	}
	if s.Metadata == nil {
		s.Metadata = map[string]string{}
	}
	maps.Copy(s.Metadata, in.Metadata)
	e.snapshots.touch(s)
	return map[string]any{"metadata": s.Metadata}, nil
}

func (e *evsService) removeSnapshotMetadatum(r *request) (any, error) {
	s, err := e.findSnapshot(r)
	if err != nil {
		return nil, err
	}
	key := r.PathValue("key")
	if _, ok := s.Metadata[key]; !ok {
		return nil, noMetadatum(key)
	}
	delete(s.Metadata, key)
	e.snapshots.touch(s)
	return nil, nil
}

func (e *evsService) endDeleteSnapshot(j *job) error {
	s := e.snapshots.get("", j.text("snapshot_id"))
	switch {
	case s == nil:
	case j.Fail != nil:
		s.Job, s.Status = "", "error_deleting"
	default:
		e.snapshots.remove(s.ID)
	}
	return nil
}

func (e *evsService) rollback(r *request) (any, error) {
	s, err := e.findSnapshot(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Rollback struct {
			VolumeID string `json:"volume_id"`
			Name     string `json:"name"`
		} `json:"rollback"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	v := e.volumes.get(r.project.ID, s.VolumeID)
	switch {
	case v == nil || in.Rollback.VolumeID != v.ID:
		return nil, badVolume("EVS.5400", "Snapshot %s can only be rolled back to its own volume.", s.ID)
	case s.Status != "available":
		return nil, badVolume("EVS.2043", "The status of snapshot is not available or backing-up.")
	case v.Status != "available" && v.Status != "error_rollbacking":
		return nil, badVolume("EVS.5400", "Invalid volume: Volume %s status must be available or error_rollbacking, but current status is: %s.", v.ID, v.Status)
	}
	s.Status, v.Status = "rollbacking", "rollbacking"
	s.Job = e.startJob(r.project.ID, "rollbackSnapshot", map[string]any{"snapshot_id": s.ID, "volume_id": v.ID}).ID
	v.Job = s.Job
	return map[string]any{"rollback": map[string]any{"volume_id": v.ID}}, nil
}

func (e *evsService) endRollback(j *job) error {
	if s := e.snapshots.get("", j.text("snapshot_id")); s != nil {
		s.Job, s.Status = "", "available"
	}
	v := e.subject(j)
	if v == nil {
		return errGone
	}
	if j.Fail != nil {
		v.Status = "error_rollbacking"
	}
	return nil
}
