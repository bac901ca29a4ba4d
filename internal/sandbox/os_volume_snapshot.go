package sandbox

import (
	"maps"
	"strings"
)

// osSnapshot is what a volume held at one time.
type osSnapshot struct {
	meta
	Name        *string           `json:"name"`
	Description *string           `json:"description"`
	Status      string            `json:"status"` // creating, available, backing-up, deleting, error, error_deleting
	VolumeID    string            `json:"volume_id"`
	Size        int               `json:"size"` // GB
	Metadata    map[string]string `json:"metadata"`
	UserID      string            `json:"user_id"`
}

func (c *cinderService) snapshotRoutes() []route {
	const all = "/v3/{project_id}/snapshots"
	return []route{
		{"POST " + all, 202, c.createSnapshot},
		{"GET " + all, 200, c.listSnapshots(snapshotSummary)},
		{"GET " + all + "/detail", 200, c.listSnapshots(snapshotDetail)},
		{"GET " + all + "/{id}", 200, c.showSnapshot},
		{"PUT " + all + "/{id}", 200, c.updateSnapshot},
		{"DELETE " + all + "/{id}", 202, c.deleteSnapshot},
		{"POST " + all + "/{id}/action", 202, c.snapshotAction},
		{"GET " + all + "/{id}/metadata", 200, c.metadata(c.snapshotMetadata).show},
		{"POST " + all + "/{id}/metadata", 200, c.metadata(c.snapshotMetadata).add},
		{"PUT " + all + "/{id}/metadata", 200, c.metadata(c.snapshotMetadata).replace},
		{"GET " + all + "/{id}/metadata/{key}", 200, c.metadata(c.snapshotMetadata).showOne},
		{"PUT " + all + "/{id}/metadata/{key}", 200, c.metadata(c.snapshotMetadata).putOne},
		{"DELETE " + all + "/{id}/metadata/{key}", 200, c.metadata(c.snapshotMetadata).removeOne},
	}
}

func (c *cinderService) snapshotsOf(volume string) []*osSnapshot {
	return c.snapshots.where("", func(s *osSnapshot) bool { return s.VolumeID == volume })
}

func (c *cinderService) snapshot(r *request) (*osSnapshot, error) {
	s := c.snapshots.get(reach(r), r.PathValue("id"))
	if s == nil {
		return nil, missingCinder("Snapshot", r.PathValue("id"))
	}
	return s, nil
}

func (c *cinderService) snapshotMetadata(r *request) (*map[string]string, func(), string, error) {
	s, err := c.snapshot(r)
	if err != nil {
		return nil, nil, "", err
	}
	return &s.Metadata, func() { c.snapshots.touch(s) }, "Snapshot", nil
}

func snapshotSummary(_ *request, s *osSnapshot) map[string]any {
	return map[string]any{
		"id":          s.ID,
		"created_at":  when(s.CreatedAt),
		"updated_at":  changed(&s.meta),
		"name":        s.Name,
		"description": s.Description,
		"volume_id":   s.VolumeID,
		"status":      s.Status,
		"size":        s.Size,
		"metadata":    s.Metadata,
	}
}

// viewSnapshot is the answer to create and update.
func viewSnapshot(r *request, s *osSnapshot) map[string]any {
	out := snapshotSummary(r, s)
	if r.since(14) {
		out["group_snapshot_id"] = nil
	}
	if r.since(41) {
		out["user_id"] = s.UserID
	}
	if r.since(65) {
		out["consumes_quota"] = true
	}
	return out
}

func snapshotDetail(r *request, s *osSnapshot) map[string]any {
	out := viewSnapshot(r, s)
	out["os-extended-snapshot-attributes:project_id"] = s.ProjectID
	out["os-extended-snapshot-attributes:progress"] = "100%"
	if s.Status == "creating" {
		out["os-extended-snapshot-attributes:progress"] = "0%"
	}
	return out
}

func (c *cinderService) createSnapshot(r *request) (any, error) {
	var in struct {
		Volume      string            `json:"volume_id"`
		Name        *string           `json:"name"`
		Description *string           `json:"description"`
		Metadata    map[string]string `json:"metadata"`
		Force       *yesNo            `json:"force"`
	}
	if _, err := read(r, "snapshot", &in, "volume_id"); err != nil {
		return nil, err
	}
	for name, text := range map[string]*string{"name": in.Name, "description": in.Description} {
		if err := checkText(name, text); err != nil {
			return nil, err
		}
	}
	if err := checkMetadata("metadata", in.Metadata); err != nil {
		return nil, err
	}
	if !cinderUUID.MatchString(in.Volume) {
		return nil, badCinderField("volume_id", in.Volume, "'%s' is not valid under any of the given schemas", in.Volume)
	}
	if r.since(66) && in.Force != nil && !bool(*in.Force) {
		return nil, badCinder("Since microversion 3.66 the 'force' flag is invalid for this request.  For backward compatability, however, when the 'force' flag is passed with a value evaluating to True, it is silently ignored.") //nolint:misspell // as the real one spells it
	}
	v, err := c.volume(r, in.Volume)
	if err != nil {
		return nil, err
	}
	force := r.since(66) || in.Force != nil && bool(*in.Force)
	switch {
	case v.Status == "available", v.Status == "in-use" && force:
	case r.since(66):
		return nil, badCinder("Invalid volume: Volume %s status must be available or in-use, but current status is: %s.", v.ID, v.Status)
	default:
		return nil, badCinder("Invalid volume: Volume %s status must be available, but current status is: %s.", v.ID, v.Status)
	}
	if err := c.room(v.ProjectID, demand{snapshots: 1, gigabytes: v.Size, kind: c.typeName(v)}); err != nil {
		return nil, err
	}
	s := &osSnapshot{Name: in.Name, Description: in.Description, Status: "creating", VolumeID: v.ID, Size: v.Size, Metadata: map[string]string{}, UserID: r.caller.User.ID}
	maps.Copy(s.Metadata, in.Metadata)
	c.snapshots.add(v.ProjectID, s)
	c.startJob(v.ProjectID, "os_createSnapshot", map[string]any{"snapshot": s.ID, "request": r.header.Get("X-Openstack-Request-Id")})
	return map[string]any{"snapshot": viewSnapshot(r, s)}, nil
}

func (c *cinderService) endCreateSnapshot(j *job) error {
	s := c.snapshots.get("", j.text("snapshot"))
	if s == nil || s.Status != "creating" {
		return nil
	}
	c.snapshots.touch(s)
	s.Status = "available"
	if j.Fail != nil {
		s.Status = "error"
		c.tell(s.ProjectID, "VOLUME_SNAPSHOT", s.ID, "009_001", "create snapshot:An unknown error occurred.", j.text("request"))
	}
	return nil
}

func (c *cinderService) listSnapshots(view func(*request, *osSnapshot) map[string]any) func(*request) (any, error) {
	return func(r *request) (any, error) {
		q := r.query
		if err := filters(r, "name", "status", "volume_id", "metadata", "availability_zone", "consumes_quota"); err != nil {
			return nil, err
		}
		metadata, err := asked(q.Get("metadata"))
		if err != nil {
			return nil, err
		}
		found := scoped(r, c.snapshots, func(s *osSnapshot) bool {
			return matches(q.Get("name"), text(s.Name)) && matches(q.Get("status"), s.Status) && matches(q.Get("volume_id"), s.VolumeID) && has(s.Metadata, metadata)
		})
		shown, next, err := page(r, found, map[string]func(a, b *osSnapshot) int{
			"id":   func(a, b *osSnapshot) int { return strings.Compare(a.ID, b.ID) },
			"name": func(a, b *osSnapshot) int { return strings.Compare(text(a.Name), text(b.Name)) },
		}, "Snapshot")
		if err != nil {
			return nil, err
		}
		out := paged("snapshots", views(shown, func(s *osSnapshot) any { return view(r, s) }), next)
		if r.since(45) && strings.EqualFold(q.Get("with_count"), "true") {
			out["count"] = len(found)
		}
		return out, nil
	}
}

func (c *cinderService) showSnapshot(r *request) (any, error) {
	s := c.snapshots.read(reach(r), r.PathValue("id"))
	if s == nil {
		return nil, missingCinder("Snapshot", r.PathValue("id"))
	}
	return map[string]any{"snapshot": snapshotDetail(r, s)}, nil
}

func (c *cinderService) updateSnapshot(r *request) (any, error) {
	s, err := c.snapshot(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Name        *string `json:"name"`
		Description *string `json:"description"`
	}
	fields, err := read(r, "snapshot", &in)
	if err != nil {
		return nil, err
	}
	if len(fields) == 0 {
		return nil, badCinderField("snapshot", "{}", "{} is not valid under any of the given schemas")
	}
	for name, text := range map[string]*string{"name": in.Name, "description": in.Description} {
		if err := checkText(name, text); err != nil {
			return nil, err
		}
	}
	if _, ok := fields["name"]; ok {
		s.Name = in.Name
	}
	if _, ok := fields["description"]; ok {
		s.Description = in.Description
	}
	c.snapshots.touch(s)
	return map[string]any{"snapshot": viewSnapshot(r, s)}, nil
}

func (c *cinderService) deleteSnapshot(r *request) (any, error) {
	s, err := c.snapshot(r)
	if err != nil {
		return nil, err
	}
	if s.Status != "available" && s.Status != "error" && s.Status != "error_deleting" {
		return nil, badCinder("Invalid snapshot: Snapshot status must be available or error and must not be part of a group.")
	}
	s.Status = "deleting"
	c.snapshots.touch(s)
	c.startJob(s.ProjectID, "os_deleteSnapshot", map[string]any{"snapshot": s.ID, "request": r.header.Get("X-Openstack-Request-Id")})
	return nil, nil
}

func (c *cinderService) endDeleteSnapshot(j *job) error {
	s := c.snapshots.get("", j.text("snapshot"))
	if s == nil {
		return nil
	}
	if j.Fail != nil {
		s.Status = "error_deleting"
		c.snapshots.touch(s)
		c.tell(s.ProjectID, "VOLUME_SNAPSHOT", s.ID, "010_016", "delete snapshot:Snapshot failed to delete.", j.text("request"))
		return nil
	}
	c.snapshots.remove(s.ID)
	return nil
}

func (c *cinderService) snapshotAction(r *request) (any, error) {
	s, err := c.snapshot(r)
	if err != nil {
		return nil, err
	}
	switch {
	case strings.Contains(string(r.body), "os-reset_status"):
		if !r.admin() {
			return nil, disallowed("volume_extension:snapshot_admin_actions:reset_status")
		}
		status, _, err := reset(r, "Snapshot", snapshotStatuses)
		if err != nil {
			return nil, err
		}
		s.Status = status
		c.snapshots.touch(s)
		return nil, nil
	case strings.Contains(string(r.body), "os-force_delete"):
		if !r.admin() {
			return nil, disallowed("volume_extension:snapshot_admin_actions:force_delete")
		}
		s.Status = "deleting"
		c.startJob(s.ProjectID, "os_deleteSnapshot", map[string]any{"snapshot": s.ID})
		return nil, nil
	}
	return nil, badCinder("There is no such action. Verify the request body and Content-Type header and try again.")
}
