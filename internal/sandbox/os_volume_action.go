package sandbox

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// volumeAction is what a volume is told to do: the body has one word, and what goes with it.
func (c *cinderService) volumeAction(r *request) (any, error) {
	var body map[string]json.RawMessage
	if json.Unmarshal(r.body, &body) != nil || len(body) != 1 {
		return nil, badCinder("The server could not comply with the request since it is either malformed or otherwise incorrect.")
	}
	word := ""
	for word = range body {
		break
	}
	do, ok := map[string]func(*request, *osVolume) (any, error){
		"os-extend":               c.extend,
		"os-retype":               c.retype,
		"os-set_bootable":         c.setBootable,
		"os-update_readonly_flag": c.setReadOnly,
		"os-reset_status":         c.resetVolume,
		"os-force_delete":         c.forceDelete,
		"os-attach":               c.attachByHand,
		"os-detach":               c.detachByHand,
		"os-set_image_metadata":   c.setImageMetadata,
		"os-unset_image_metadata": c.unsetImageMetadatum,
		"os-volume_upload_image":  c.uploadImage,
	}[word]
	if !ok {
		return nil, badCinder("There is no such action: %s. Verify the request body and Content-Type header and try again.", word)
	}
	v, err := c.volume(r, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return do(r, v)
}

func (c *cinderService) extend(r *request, v *osVolume) (any, error) {
	var in struct {
		Size whole `json:"new_size"`
	}
	if _, err := read(r, "os-extend", &in, "new_size"); err != nil {
		return nil, err
	}
	size := int(in.Size)
	switch {
	case size < 1:
		return nil, badCinderField("new_size", size, "%d is less than the minimum of 1", size)
	case size <= v.Size:
		return nil, badCinder("Invalid input received: New size for extend must be greater than current size. (current: %d, extended: %d).", v.Size, size)
	case v.Status != "available" && (v.Status != "in-use" || !r.since(42)):
		return nil, badCinder("Invalid volume: Volume %s status must be '{'status': 'available'}' to extend, currently %s.", v.ID, v.Status)
	}
	if err := c.room(v.ProjectID, demand{gigabytes: size - v.Size, size: size, kind: c.typeName(v)}); err != nil {
		return nil, err
	}
	c.busy(v, "extending")
	c.startJob(v.ProjectID, "os_extendVolume", map[string]any{"volume": v.ID, "size": float64(size), "request": r.header.Get("X-Openstack-Request-Id")})
	return nil, nil
}

// busy puts a volume into the status of what is done to it, and remembers that to which it goes back.
func (c *cinderService) busy(v *osVolume, status string) {
	v.Before, v.Status = v.Status, status
	c.volumes.touch(v)
}

// idle takes a volume out of the status of what was done to it, unless somebody has done so by hand.
func (c *cinderService) idle(v *osVolume, status string) bool {
	if v == nil || v.Status != status {
		return false
	}
	v.Status, v.Before = v.Before, ""
	c.volumes.touch(v)
	return true
}

func (c *cinderService) endExtend(j *job) error {
	v := c.volumes.get("", j.text("volume"))
	if !c.idle(v, "extending") {
		return nil
	}
	if j.Fail != nil {
		v.Status = "error_extending"
		c.tell(v.ProjectID, "VOLUME", v.ID, "008_001", "extend volume:An unknown error occurred.", j.text("request"))
		return nil
	}
	size, _ := j.Entities["size"].(float64)
	v.Size = int(size)
	return nil
}

func (c *cinderService) retype(r *request, v *osVolume) (any, error) {
	var in struct {
		Type   string `json:"new_type"`
		Policy string `json:"migration_policy"`
	}
	if _, err := read(r, "os-retype", &in, "new_type"); err != nil {
		return nil, err
	}
	if !slices.Contains([]string{"", "on-demand", "never"}, in.Policy) {
		return nil, badCinderField("migration_policy", in.Policy, "'%s' is not one of ['on-demand', 'never']", in.Policy)
	}
	t, err := c.findType(r, in.Type)
	if err != nil {
		return nil, err
	}
	if v.Status != "available" && v.Status != "in-use" || t.ID == v.TypeID {
		return nil, badCinder("Invalid volume: Retype needs volume to be in available or in-use state, not be part of an active migration or a consistency group, requested type has to be different that the one from the volume, and for in-use volumes front-end qos specs cannot change.")
	}
	old := c.types.get("", v.TypeID)
	if v.Status == "in-use" && isTrue(t.ExtraSpecs["multiattach"]) != v.Multiattach {
		return nil, badCinder("Invalid input received: Retyping an attached volume between types with and without multiattach is not allowed.")
	}
	if old != nil && (old.Encryption == nil) != (t.Encryption == nil) && v.Status == "in-use" {
		return nil, badCinder("Invalid input received: Retyping in-use volume between encrypted and not encrypted types is not allowed.")
	}
	if err := c.room(v.ProjectID, demand{only: true, volumes: 1, gigabytes: v.Size, kind: t.Name}); err != nil {
		return nil, err
	}
	c.busy(v, "retyping")
	c.startJob(v.ProjectID, "os_retypeVolume", map[string]any{"volume": v.ID, "type": t.ID, "move": in.Policy == "on-demand"})
	return nil, nil
}

// endRetype leaves the volume as it was where its back end does not serve the type and it may not move.
func (c *cinderService) endRetype(j *job) error {
	v, t := c.volumes.get("", j.text("volume")), c.types.get("", j.text("type"))
	if !c.idle(v, "retyping") || t == nil || j.Fail != nil {
		return nil
	}
	backend := v.Host[strings.LastIndex(v.Host, "#")+1:]
	if move, _ := j.Entities["move"].(bool); !serves(backend, t) {
		host := c.place(t, nil)
		if host == "" || !move || v.Status == "in-use" || len(c.snapshotsOf(v.ID)) > 0 {
			return nil
		}
		v.Host = host
	}
	v.TypeID, v.Multiattach, v.Encrypted = t.ID, isTrue(t.ExtraSpecs["multiattach"]), t.Encryption != nil
	return nil
}

func (c *cinderService) setBootable(r *request, v *osVolume) (any, error) {
	var in struct {
		Bootable yesNo `json:"bootable"`
	}
	if _, err := read(r, "os-set_bootable", &in, "bootable"); err != nil {
		return nil, err
	}
	v.Bootable = bool(in.Bootable)
	c.volumes.touch(v)
	return withStatus{http.StatusOK, nil}, nil
}

func (c *cinderService) setReadOnly(r *request, v *osVolume) (any, error) {
	var in struct {
		ReadOnly yesNo `json:"readonly"`
	}
	if _, err := read(r, "os-update_readonly_flag", &in, "readonly"); err != nil {
		return nil, err
	}
	if v.Status != "available" {
		return nil, badCinder("Invalid volume: Volume %s status must be available to update readonly flag, but current status is: %s.", v.ID, v.Status)
	}
	v.Metadata["readonly"] = "False"
	if in.ReadOnly {
		v.Metadata["readonly"] = "True"
	}
	c.volumes.touch(v)
	return nil, nil
}

// The statuses to which an administrator can set an object.
var (
	volumeStatuses   = []string{"creating", "available", "deleting", "error", "error_deleting", "error_managing", "managing", "attaching", "in-use", "detaching", "maintenance", "restoring-backup", "error_restoring", "reserved", "awaiting-transfer", "backing-up", "error_backing-up", "error_extending", "downloading", "uploading", "retyping", "extending"}
	snapshotStatuses = []string{"error", "available", "creating", "deleting", "deleted", "updating", "error_deleting", "unmanaging", "backing-up", "restoring"}
	backupStatuses   = []string{"available", "error"}
)

// reset is the status that an administrator gives an object.
func reset(r *request, what string, statuses []string) (status, attached string, err error) {
	var in struct {
		Status    string  `json:"status"`
		Attached  string  `json:"attach_status"`
		Migration *string `json:"migration_status"`
	}
	if _, err := read(r, "os-reset_status", &in); err != nil {
		return "", "", err
	}
	if in.Status != "" && !slices.Contains(statuses, in.Status) {
		return "", "", badCinder("%s status: %s is invalid, valid statuses are: ('%s').", what, in.Status, strings.Join(statuses, "', '"))
	}
	return in.Status, in.Attached, nil
}

func (c *cinderService) resetVolume(r *request, v *osVolume) (any, error) {
	if !r.admin() {
		return nil, disallowed("volume_extension:volume_admin_actions:reset_status")
	}
	status, attached, err := reset(r, "Volume", volumeStatuses)
	if err != nil {
		return nil, err
	}
	if status == "in-use" && len(c.attachmentsOf(v)) == 0 {
		return nil, badCinder("Cannot reset-state to in-use because volume does not have any attachments.")
	}
	if attached == "detached" {
		for _, a := range c.attachmentsOf(v) {
			c.attachments.remove(a.ID)
		}
	}
	if status != "" {
		v.Status, v.Before = status, ""
	}
	c.volumes.touch(v)
	return nil, nil
}

func (c *cinderService) forceDelete(r *request, v *osVolume) (any, error) {
	if !r.admin() {
		return nil, disallowed("volume_extension:volume_admin_actions:force_delete")
	}
	return nil, c.remove(v, false, true, r.header.Get("X-Openstack-Request-Id"))
}

func (c *cinderService) setImageMetadata(r *request, v *osVolume) (any, error) {
	var in struct {
		Metadata map[string]string `json:"metadata"`
	}
	if _, err := read(r, "os-set_image_metadata", &in, "metadata"); err != nil {
		return nil, err
	}
	if v.ImageMetadata == nil {
		v.ImageMetadata = map[string]string{}
	}
	maps.Copy(v.ImageMetadata, in.Metadata)
	return withStatus{http.StatusOK, map[string]any{"metadata": v.ImageMetadata}}, nil
}

func (c *cinderService) unsetImageMetadatum(r *request, v *osVolume) (any, error) {
	var in struct {
		Key string `json:"key"`
	}
	if _, err := read(r, "os-unset_image_metadata", &in, "key"); err != nil {
		return nil, err
	}
	if _, ok := v.ImageMetadata[in.Key]; !ok {
		return nil, refuse(http.StatusNotFound, "", "Metadata item was not found.")
	}
	delete(v.ImageMetadata, in.Key)
	return withStatus{http.StatusOK, nil}, nil
}

// cinderAttachment is a server's use of a volume, from its reservation to its end.
type cinderAttachment struct {
	meta
	VolumeID   string    `json:"volume_id"`
	ServerID   string    `json:"instance"`
	Status     string    `json:"status"` // reserved, attaching, attached
	Device     string    `json:"device"`
	Mode       string    `json:"attach_mode"`
	AttachedAt time.Time `json:"attached_at"`
	Connector  bool      `json:"connector"` // whether it is known where the server runs
}

func (c *cinderService) attachmentRoutes() []route {
	const all = "/v3/{project_id}/attachments"
	return []route{
		{"POST " + all, 200, from(27, c.createAttachment)},
		{"GET " + all, 200, from(27, c.listAttachments(attachmentSummary))},
		{"GET " + all + "/detail", 200, from(27, c.listAttachments(viewAttachment))},
		{"GET " + all + "/{id}", 200, from(27, c.showAttachment)},
		{"PUT " + all + "/{id}", 200, from(27, c.updateAttachment)},
		{"DELETE " + all + "/{id}", 200, from(27, c.deleteAttachment)},
		{"POST " + all + "/{id}/action", 204, from(44, c.completeAttachment)},
	}
}

// from is an operation that came with a microversion.
func from(minor int, do func(*request) (any, error)) func(*request) (any, error) {
	return func(r *request) (any, error) {
		if !r.since(minor) {
			return nil, tooOld()
		}
		return do(r)
	}
}

// attachmentsOf are all uses of a volume, also those that have not begun.
func (c *cinderService) attachmentsOf(v *osVolume) []*cinderAttachment {
	return c.attachments.where("", func(a *cinderAttachment) bool { return a.VolumeID == v.ID })
}

func attachmentSummary(a *cinderAttachment) map[string]any {
	return map[string]any{"id": a.ID, "status": a.Status, "instance": orNull(a.ServerID), "volume_id": a.VolumeID}
}

func viewAttachment(a *cinderAttachment) map[string]any {
	out := attachmentSummary(a)
	out["attached_at"], out["detached_at"], out["attach_mode"], out["connection_info"] = "", "", "null", map[string]any{}
	if !a.AttachedAt.IsZero() {
		out["attached_at"], out["attach_mode"] = when(a.AttachedAt), a.Mode
	}
	if a.Connector {
		out["connection_info"] = map[string]any{"driver_volume_type": "nfs", "attachment_id": a.ID, "access_mode": "rw", "encrypted": false}
	}
	return out
}

// settleAttached gives a volume the status that its attachments make.
func (c *cinderService) settleAttached(v *osVolume) {
	status := "available"
	for _, a := range c.attachmentsOf(v) {
		next := map[string]string{"attached": "in-use", "attaching": "attaching", "reserved": "reserved"}[a.Status]
		if ranks := []string{"available", "reserved", "attaching", "in-use"}; slices.Index(ranks, next) > slices.Index(ranks, status) {
			status = next
		}
	}
	if slices.Contains([]string{"available", "reserved", "attaching", "detaching", "in-use"}, v.Status) {
		v.Status = status
	} else {
		v.Before = status
	}
	if status == "available" {
		delete(v.Metadata, "attached_mode")
	}
	c.volumes.touch(v)
}

func noAttachment(id string) error {
	return refuse(http.StatusNotFound, "", "Volume attachment could not be found with filter: attachment_id = %s.", id)
}

func (c *cinderService) findAttachment(r *request) (*cinderAttachment, *osVolume, error) {
	a := c.attachments.get(reach(r), r.PathValue("id"))
	if a == nil {
		return nil, nil, noAttachment(r.PathValue("id"))
	}
	v, err := c.volume(r, a.VolumeID)
	return a, v, err
}

func (c *cinderService) createAttachment(r *request) (any, error) {
	var in struct {
		Volume    string         `json:"volume_uuid"`
		Server    string         `json:"instance_uuid"`
		Connector map[string]any `json:"connector"`
		Mode      string         `json:"mode"`
	}
	if _, err := read(r, "attachment", &in, "volume_uuid"); err != nil {
		return nil, err
	}
	if err := checkCinderUUID("volume_uuid", in.Volume); err != nil {
		return nil, err
	}
	v, err := c.volume(r, in.Volume)
	if err != nil {
		return nil, err
	}
	again := slices.ContainsFunc(c.attachmentsOf(v), func(a *cinderAttachment) bool { return a.ServerID == in.Server && a.ServerID != "" })
	switch {
	case v.Status == "available", v.Multiattach && (v.Status == "in-use" || v.Status == "attaching" || v.Status == "reserved"), v.Status == "reserved" && again:
	default:
		return nil, badCinder("Invalid volume: Volume %s status must be available or downloading to reserve, but the current status is %s.", v.ID, v.Status)
	}
	mode := "rw"
	if in.Mode == "ro" || v.Metadata["readonly"] == "True" {
		mode = "ro"
	}
	a := c.attachments.add(v.ProjectID, &cinderAttachment{VolumeID: v.ID, ServerID: in.Server, Status: "reserved", Mode: mode})
	if in.Connector != nil {
		a.connect(in.Connector)
	}
	c.settleAttached(v)
	return map[string]any{"attachment": viewAttachment(a)}, nil
}

// connect notes where the server runs, and as what it sees the volume.
func (a *cinderAttachment) connect(connector map[string]any) {
	a.Connector, a.Status = true, "attaching"
	if device, ok := connector["mountpoint"].(string); ok {
		a.Device = device
	}
}

func (c *cinderService) listAttachments(view func(*cinderAttachment) map[string]any) func(*request) (any, error) {
	return func(r *request) (any, error) {
		q := r.query
		if err := filters(r, "volume_id", "status", "instance_id", "attach_status"); err != nil {
			return nil, err
		}
		found := scoped(r, c.attachments, func(a *cinderAttachment) bool {
			return matches(q.Get("volume_id"), a.VolumeID) && matches(q.Get("instance_id"), a.ServerID) && matches(q.Get("status"), a.Status)
		})
		shown, next, err := page(r, found, nil, "Attachment")
		if err != nil {
			return nil, err
		}
		return paged("attachments", views(shown, func(a *cinderAttachment) any { return view(a) }), next), nil
	}
}

func (c *cinderService) showAttachment(r *request) (any, error) {
	a, _, err := c.findAttachment(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"attachment": viewAttachment(a)}, nil
}

func (c *cinderService) updateAttachment(r *request) (any, error) {
	a, v, err := c.findAttachment(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Connector map[string]any `json:"connector"`
	}
	if _, err := read(r, "attachment", &in, "connector"); err != nil {
		return nil, err
	}
	a.connect(in.Connector)
	if !r.since(44) {
		a.complete()
	}
	c.settleAttached(v)
	return map[string]any{"attachment": viewAttachment(a)}, nil
}

func (a *cinderAttachment) complete() { a.Status, a.AttachedAt = "attached", time.Now().UTC() }

func (c *cinderService) completeAttachment(r *request) (any, error) {
	a, v, err := c.findAttachment(r)
	if err != nil {
		return nil, err
	}
	a.complete()
	c.settleAttached(v)
	return nil, nil
}

func (c *cinderService) deleteAttachment(r *request) (any, error) {
	a, v, err := c.findAttachment(r)
	if err != nil {
		return nil, err
	}
	c.attachments.remove(a.ID)
	c.settleAttached(v)
	return map[string]any{"attachments": views(c.attachmentsOf(v), func(a *cinderAttachment) any { return attachmentSummary(a) })}, nil
}

func (c *cinderService) attachByHand(r *request, v *osVolume) (any, error) {
	var in struct {
		Server string `json:"instance_uuid"`
		Device string `json:"mountpoint"`
		Mode   string `json:"mode"`
		Host   string `json:"host_name"`
	}
	if _, err := read(r, "os-attach", &in, "mountpoint"); err != nil {
		return nil, err
	}
	if v.Status != "available" && v.Status != "attaching" && (v.Status != "in-use" || !v.Multiattach) {
		return nil, badCinder("Invalid volume: volume must be available, downloading or attaching.")
	}
	a := &cinderAttachment{VolumeID: v.ID, ServerID: in.Server, Device: in.Device, Mode: "rw"}
	if in.Mode == "ro" {
		a.Mode = "ro"
	}
	a.complete()
	v.Metadata["attached_mode"] = a.Mode
	c.attachments.add(v.ProjectID, a)
	c.settleAttached(v)
	return nil, nil
}

func (c *cinderService) detachByHand(r *request, v *osVolume) (any, error) {
	var in struct {
		Attachment string `json:"attachment_id"`
	}
	if _, err := read(r, "os-detach", &in); err != nil {
		return nil, err
	}
	all := c.attachmentsOf(v)
	if in.Attachment == "" && len(all) > 1 {
		return nil, badCinder("Invalid volume: Detach volume failed: More than one attachment, but no attachment_id provided.")
	}
	for _, a := range all {
		if matches(in.Attachment, a.ID) {
			c.attachments.remove(a.ID)
		}
	}
	c.settleAttached(v)
	return nil, nil
}
