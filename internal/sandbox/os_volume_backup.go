package sandbox

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// osBackup is a copy of a volume's data, whole or of what changed since another one.
type osBackup struct {
	meta
	Name          *string           `json:"name"`
	Description   *string           `json:"description"`
	Status        string            `json:"status"` // creating, available, restoring, deleting, error, error_deleting
	VolumeID      string            `json:"volume_id"`
	SnapshotID    string            `json:"snapshot_id,omitempty"`
	ParentID      string            `json:"parent_id,omitempty"` // of an incremental one
	Container     string            `json:"container"`
	Zone          string            `json:"availability_zone,omitempty"`
	Size          int               `json:"size"` // GB
	Metadata      map[string]string `json:"metadata"`
	FailReason    string            `json:"fail_reason,omitempty"`
	DataTimestamp time.Time         `json:"data_timestamp"`
	UserID        string            `json:"user_id"`
}

func (c *cinderService) backupRoutes() []route {
	const all = "/v3/{project_id}/backups"
	return []route{
		{"POST " + all, 202, c.createBackup},
		{"GET " + all, 200, c.listBackups(c.backupSummary)},
		{"GET " + all + "/detail", 200, c.listBackups(c.backupView)},
		{"GET " + all + "/{id}", 200, c.showBackup},
		{"PUT " + all + "/{id}", 200, from(9, c.updateBackup)},
		{"DELETE " + all + "/{id}", 202, c.deleteBackup},
		{"POST " + all + "/{id}/restore", 202, c.restoreBackup},
		{"POST " + all + "/{id}/action", 202, c.backupAction},
	}
}

func (c *cinderService) backup(r *request) (*osBackup, error) {
	b := c.backups.get(reach(r), r.PathValue("id"))
	if b == nil {
		return nil, missingCinder("Backup", r.PathValue("id"))
	}
	return b, nil
}

// incrementsOf are the backups that cannot be restored without this one.
func (c *cinderService) incrementsOf(b *osBackup) []*osBackup {
	return c.backups.where("", func(o *osBackup) bool { return o.ParentID == b.ID })
}

func (c *cinderService) backupSummary(r *request, b *osBackup) map[string]any {
	return map[string]any{"id": b.ID, "name": b.Name, "links": c.links(r, "/backups/"+b.ID)}
}

func (c *cinderService) backupView(r *request, b *osBackup) map[string]any {
	out := c.backupSummary(r, b)
	maps.Copy(out, map[string]any{
		"status":                b.Status,
		"size":                  b.Size,
		"object_count":          20 * b.Size,
		"availability_zone":     orNull(b.Zone),
		"container":             orNull(b.Container),
		"created_at":            when(b.CreatedAt),
		"updated_at":            changed(&b.meta),
		"description":           b.Description,
		"fail_reason":           orNull(b.FailReason),
		"volume_id":             b.VolumeID,
		"is_incremental":        b.ParentID != "",
		"has_dependent_backups": len(c.incrementsOf(b)) > 0,
		"snapshot_id":           orNull(b.SnapshotID),
		"data_timestamp":        when(b.DataTimestamp),
	})
	if r.since(43) {
		out["metadata"] = b.Metadata
	}
	if r.admin() && r.since(18) {
		out["os-backup-project-attr:project_id"] = b.ProjectID
	}
	if r.admin() && r.since(56) {
		out["user_id"] = b.UserID
	}
	return out
}

func (c *cinderService) createBackup(r *request) (any, error) {
	var in struct {
		Volume      string            `json:"volume_id"`
		Name        *string           `json:"name"`
		Description *string           `json:"description"`
		Container   *string           `json:"container"`
		Zone        *string           `json:"availability_zone"`
		Incremental yesNo             `json:"incremental"`
		Force       yesNo             `json:"force"`
		Snapshot    *string           `json:"snapshot_id"`
		Metadata    map[string]string `json:"metadata"`
	}
	fields, err := read(r, "backup", &in, "volume_id")
	if err != nil {
		return nil, err
	}
	for field, since := range map[string]int{"metadata": 43, "availability_zone": 51} {
		if _, ok := fields[field]; ok && !r.since(since) {
			return nil, badCinderField("backup", string(r.body), "Additional properties are not allowed ('%s' was unexpected)", field)
		}
	}
	for name, text := range map[string]*string{"name": in.Name, "description": in.Description, "container": in.Container} {
		if err := checkText(name, text); err != nil {
			return nil, err
		}
	}
	if !cinderUUID.MatchString(in.Volume) {
		return nil, badCinderField("volume_id", in.Volume, "'%s' is not a 'uuid'", in.Volume)
	}
	for _, err := range []error{checkCinderUUID("snapshot_id", text(in.Snapshot)), checkMetadata("metadata", in.Metadata)} {
		if err != nil {
			return nil, err
		}
	}
	v, err := c.volume(r, in.Volume)
	if err != nil {
		return nil, err
	}
	b := &osBackup{
		meta: meta{ID: c.ids.uuid()}, Name: in.Name, Description: in.Description, Status: "creating", VolumeID: v.ID, Container: text(in.Container), Zone: text(in.Zone),
		Size: v.Size, Metadata: map[string]string{}, DataTimestamp: time.Now().UTC(), UserID: r.caller.User.ID,
	}
	maps.Copy(b.Metadata, in.Metadata)
	b.Container = cmp.Or(b.Container, b.ID[:2]+"/"+b.ID[2:4]+"/"+b.ID)
	s, err := c.backupSource(r, v, text(in.Snapshot), bool(in.Force))
	if err != nil {
		return nil, err
	}
	if err := c.room(v.ProjectID, demand{backups: 1, backupGigabytes: b.Size}); err != nil {
		return nil, err
	}
	if s != nil {
		b.SnapshotID, b.DataTimestamp = s.ID, s.CreatedAt
	}
	if in.Incremental {
		parent := c.latestBackup(v)
		if parent == nil {
			return nil, badCinder("Invalid backup: No backups available to do an incremental backup.")
		}
		b.ParentID = parent.ID
	}
	entities := map[string]any{"backup": b.ID, "request": r.header.Get("X-Openstack-Request-Id")}
	if s != nil {
		s.Status = "backing-up"
	} else {
		c.busy(v, "backing-up")
	}
	c.backups.add(v.ProjectID, b)
	c.startJob(v.ProjectID, "os_createBackup", entities)
	return map[string]any{"backup": c.backupSummary(r, b)}, nil
}

// backupSource is the snapshot that a backup is to be made of, nil for the volume itself.
func (c *cinderService) backupSource(r *request, v *osVolume, snapshot string, force bool) (*osSnapshot, error) {
	if snapshot == "" {
		switch {
		case v.Status == "in-use" && !force:
			return nil, badCinder("Invalid volume: Backing up an in-use volume must use the force flag.")
		case v.Status != "available" && v.Status != "in-use":
			return nil, badCinder("Invalid volume: Volume to be backed up must be available or in-use, but the current status is \"%s\".", v.Status)
		}
		return nil, nil
	}
	s := c.snapshots.get(reach(r), snapshot)
	switch {
	case s == nil:
		return nil, missingCinder("Snapshot", snapshot)
	case s.VolumeID != v.ID:
		return nil, badCinder("Invalid volume: Volume %s does not match with %s.", v.ID, s.VolumeID)
	case s.Status != "available":
		return nil, badCinder("Invalid snapshot: Snapshot to be backed up must be available, but the current status is \"%s\".", s.Status)
	}
	return s, nil
}

// latestBackup is the one that the next incremental backup of a volume goes on from.
func (c *cinderService) latestBackup(v *osVolume) *osBackup {
	usable := c.backups.where("", func(b *osBackup) bool { return b.VolumeID == v.ID && b.Status == "available" })
	if len(usable) == 0 {
		return nil
	}
	return slices.MaxFunc(usable, func(a, b *osBackup) int { return a.DataTimestamp.Compare(b.DataTimestamp) })
}

func (c *cinderService) endCreateBackup(j *job) error {
	b := c.backups.get("", j.text("backup"))
	if b == nil {
		return nil
	}
	if s := c.snapshots.get("", b.SnapshotID); s != nil && s.Status == "backing-up" {
		s.Status = "available"
	} else if b.SnapshotID == "" {
		c.idle(c.volumes.get("", b.VolumeID), "backing-up")
	}
	if b.Status != "creating" {
		return nil
	}
	c.backups.touch(b)
	b.Status = "available"
	if j.Fail != nil {
		b.Status, b.FailReason = "error", j.Fail.Reason
		c.tell(b.ProjectID, "VOLUME_BACKUP", b.ID, "013_017", "create backup:Backup driver failed to create backup.", j.text("request"))
	}
	return nil
}

func (c *cinderService) listBackups(view func(*request, *osBackup) map[string]any) func(*request) (any, error) {
	return func(r *request) (any, error) {
		q := r.query
		if err := filters(r, "name", "status", "volume_id"); err != nil {
			return nil, err
		}
		found := scoped(r, c.backups, func(b *osBackup) bool {
			return matches(q.Get("name"), text(b.Name)) && matches(q.Get("status"), b.Status) && matches(q.Get("volume_id"), b.VolumeID)
		})
		shown, next, err := page(r, found, map[string]func(a, b *osBackup) int{
			"id":   func(a, b *osBackup) int { return strings.Compare(a.ID, b.ID) },
			"name": func(a, b *osBackup) int { return strings.Compare(text(a.Name), text(b.Name)) },
		}, "Backup")
		if err != nil {
			return nil, err
		}
		out := paged("backups", views(shown, func(b *osBackup) any { return view(r, b) }), next)
		if r.since(45) && strings.EqualFold(q.Get("with_count"), "true") {
			out["count"] = len(found)
		}
		return out, nil
	}
}

func (c *cinderService) showBackup(r *request) (any, error) {
	b := c.backups.read(reach(r), r.PathValue("id"))
	if b == nil {
		return nil, missingCinder("Backup", r.PathValue("id"))
	}
	return map[string]any{"backup": c.backupView(r, b)}, nil
}

func (c *cinderService) updateBackup(r *request) (any, error) {
	b, err := c.backup(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Name        *string           `json:"name"`
		Description *string           `json:"description"`
		Metadata    map[string]string `json:"metadata"`
	}
	fields, err := read(r, "backup", &in)
	if err != nil {
		return nil, err
	}
	for _, err := range []error{checkText("name", in.Name), checkText("description", in.Description), checkMetadata("metadata", in.Metadata)} {
		if err != nil {
			return nil, err
		}
	}
	if _, ok := fields["name"]; ok {
		b.Name = in.Name
	}
	if _, ok := fields["description"]; ok {
		b.Description = in.Description
	}
	if in.Metadata != nil {
		b.Metadata = in.Metadata
	}
	c.backups.touch(b)
	return map[string]any{"backup": c.backupSummary(r, b)}, nil
}

func (c *cinderService) deleteBackup(r *request) (any, error) {
	b, err := c.backup(r)
	if err != nil {
		return nil, err
	}
	switch {
	case b.Status != "available" && b.Status != "error" && b.Status != "error_deleting":
		return nil, badCinder("Invalid backup: Backup status must be available or error")
	case len(c.incrementsOf(b)) > 0:
		return nil, badCinder("Invalid backup: Incremental backups exist for this backup.")
	}
	c.removeBackup(b)
	return nil, nil
}

func (c *cinderService) removeBackup(b *osBackup) {
	b.Status = "deleting"
	c.backups.touch(b)
	c.startJob(b.ProjectID, "os_deleteBackup", map[string]any{"backup": b.ID})
}

func (c *cinderService) endDeleteBackup(j *job) error {
	b := c.backups.get("", j.text("backup"))
	switch {
	case b == nil:
	case j.Fail != nil:
		b.Status, b.FailReason = "error_deleting", j.Fail.Reason
		c.backups.touch(b)
	default:
		c.backups.remove(b.ID)
	}
	return nil
}

func (c *cinderService) backupAction(r *request) (any, error) {
	b, err := c.backup(r)
	if err != nil {
		return nil, err
	}
	switch {
	case strings.Contains(string(r.body), "os-reset_status"):
		if !r.admin() {
			return nil, disallowed("volume_extension:backup_admin_actions:reset_status")
		}
		status, _, err := reset(r, "Backup", backupStatuses)
		if err != nil {
			return nil, err
		}
		b.Status = status
		c.backups.touch(b)
		return nil, nil
	case strings.Contains(string(r.body), "os-force_delete"):
		if !r.admin() {
			return nil, disallowed("volume_extension:backup_admin_actions:force_delete")
		}
		c.removeBackup(b)
		return nil, nil
	}
	return nil, badCinder("There is no such action. Verify the request body and Content-Type header and try again.")
}

// restoreBackup writes a backup to a volume, which is made for it unless one is named.
func (c *cinderService) restoreBackup(r *request) (any, error) {
	b, err := c.backup(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Volume *string `json:"volume_id"`
		Name   *string `json:"name"`
	}
	if _, err := read(r, "restore", &in); err != nil {
		return nil, err
	}
	if b.Status != "available" {
		return nil, badCinder("Invalid backup: Backup status must be available")
	}
	var v *osVolume
	if text(in.Volume) != "" {
		if v, err = c.volume(r, *in.Volume); err != nil {
			return nil, err
		}
		switch {
		case v.Status != "available":
			return nil, badCinder("Invalid volume: Volume to be restored to must be available")
		case v.Size < b.Size:
			return nil, badCinder("Invalid volume: volume size %d is too small to restore backup of size %d.", v.Size, b.Size)
		}
	} else {
		t := c.types.get("", cinderDefaultType)
		if err := c.room(r.project.ID, demand{volumes: 1, gigabytes: b.Size, size: b.Size, kind: t.Name}); err != nil {
			return nil, err
		}
		name, description := "restore_backup_"+b.ID, "auto-created_from_restore_from_backup"
		if in.Name != nil {
			name = *in.Name
		}
		v = c.volumes.add(r.project.ID, &osVolume{
			Name: &name, Description: &description, Status: "available", Size: b.Size, TypeID: t.ID, Zone: cinderZone, Host: c.place(t, nil),
			Metadata: map[string]string{"src_backup_id": b.ID}, UserID: r.caller.User.ID,
		})
	}
	b.Status = "restoring"
	c.backups.touch(b)
	c.busy(v, "restoring-backup")
	c.startJob(b.ProjectID, "os_restoreBackup", map[string]any{"backup": b.ID, "volume": v.ID})
	return map[string]any{"restore": map[string]any{"backup_id": b.ID, "volume_id": v.ID, "volume_name": v.Name}}, nil
}

func (c *cinderService) endRestore(j *job) error {
	if b := c.backups.get("", j.text("backup")); b != nil && b.Status == "restoring" {
		b.Status = "available"
		c.backups.touch(b)
	}
	v := c.volumes.get("", j.text("volume"))
	if c.idle(v, "restoring-backup") && j.Fail != nil {
		v.Status = "error_restoring"
	}
	return nil
}
