package sandbox

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// sharedMax is how many servers can have one volume that may be shared.
const sharedMax = 16

func (e *ecsService) volumeRoutes() []route {
	const path = "/v1/{project_id}/cloudservers/{id}"
	return []route{
		{"POST " + path + "/attachvolume", 200, e.attachVolume},
		{"DELETE " + path + "/detachvolume/{volume_id}", 200, e.detachVolume},
		{"GET " + path + "/block_device", 200, e.listBlockDevices},
		{"GET " + path + "/block_device/{volume_id}", 200, e.showBlockDevice},
		{"PUT " + path + "/block_device/{volume_id}", 204, e.updateBlockDevice},
	}
}

var deviceName = pattern.New(`^/dev/[sv]d[a-z]$`)

func (e *ecsService) attachVolume(r *request) (any, error) {
	s, err := e.free(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Attachment *struct {
			VolumeID string `json:"volumeId"`
			Device   string `json:"device"`
		} `json:"volumeAttachment"`
		DryRun bool `json:"dry_run"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.Attachment == nil {
		return nil, badServer("Ecs.0005", "volumeAttachment is missing.")
	}
	v := e.evs.volumes.get(r.project.ID, in.Attachment.VolumeID)
	attached := e.evs.attachedVolumes(s.ID)
	switch {
	case v == nil || !e.evs.exists(v):
		return nil, badServer("Ecs.0103", "The disk %s does not exist.", in.Attachment.VolumeID)
	case s.Status != "ACTIVE" && s.Status != "SHUTOFF" && s.Status != "PAUSED":
		return nil, badServer("Ecs.0100", "The ECS status does not meet requirements: server %s is %s.", s.ID, s.Status)
	case v.attachedTo(s.ID) != nil:
		return nil, badServer("Ecs.0057", "The disk has already been attached to the ECS and you cannot repeatedly attach it.")
	case v.AvailabilityZone != s.AvailabilityZone:
		return nil, badServer("Ecs.0121", "The disk cannot be attached to the ECS because the disk and the ECS are in different failure domains.")
	case v.Status != "available" && (v.Status != "in-use" || !v.Multiattach || len(v.Attachments) >= sharedMax):
		return nil, badServer("Ecs.0103", "The disk can be attached to a server only when it exists and is in the Available state. It is %s.", v.Status)
	case len(attached) >= attachmentsMax:
		return nil, badServer("Ecs.0104", "The number of EVS disks that can be attached to the ECS has reached the maximum number allowed.")
	}
	device, err := chooseDevice(in.Attachment.Device, e.evs.nextDevice(s.ID, v), s.ID, attached)
	if err != nil {
		return nil, err
	}
	if in.DryRun {
		return map[string]any{}, nil
	}
	j := e.startJob(r.project.ID, "attachVolume", map[string]any{"server_id": s.ID, "volume_id": v.ID, "device": device})
	s.Job, v.Job, v.Status = j.ID, j.ID, "attaching"
	return map[string]any{"job_id": j.ID}, nil
}

// chooseDevice is the device that is asked for, or else the next. The bus is the volume's, whatever is asked for.
func chooseDevice(asked, next, server string, attached []*volume) (string, error) {
	if asked == "" {
		return next, nil
	}
	if !deviceName.MatchString(asked) {
		return "", badServer("Ecs.0005", "The device %s is invalid.", asked)
	}
	letter := asked[len(asked)-1:]
	device := next[:len(next)-1] + letter
	if slices.ContainsFunc(attached, func(v *volume) bool {
		d := v.attachedTo(server).Device
		return d != "" && d[len(d)-1:] == letter
	}) {
		return "", badServer("Ecs.0005", "The device %s is in use.", device)
	}
	return device, nil
}

func (e *ecsService) endAttach(j *job) error {
	s, v := e.subject(j), e.evs.subject(j)
	if s == nil || v == nil {
		return errGone
	}
	if j.Fail == nil {
		e.evs.attach(v, s.ID, j.text("device"), false)
		e.evs.lag(v, "attaching")
	}
	return nil
}

// notAttached is OpenStack's refusal, wrapped up in one of this service.
func notAttached(volume string) error {
	return badServer("Ecs.1000", `{"itemNotFound": {"message": "volume_id not found: %s", "code": 404}}`, volume)
}

// attachedVolume is a volume of the server, both out of the request's path.
func (e *ecsService) attachedVolume(r *request, s *server) (*volume, error) {
	v := e.evs.volumes.get(r.project.ID, r.PathValue("volume_id"))
	if v == nil || v.attachedTo(s.ID) == nil {
		return nil, notAttached(r.PathValue("volume_id"))
	}
	return v, nil
}

func (e *ecsService) detachVolume(r *request) (any, error) {
	s, err := e.free(r)
	if err != nil {
		return nil, err
	}
	v, err := e.attachedVolume(r, s)
	if err != nil {
		return nil, err
	}
	force := r.query.Get("delete_flag") == "1"
	switch system := v.attachedTo(s.ID).BootIndex == 0; {
	case system && s.Status != "SHUTOFF":
		return nil, badServer("Ecs.0100", "The system disk can be detached only from a stopped ECS.")
	case s.Status != "ACTIVE" && s.Status != "SHUTOFF" && s.Status != "PAUSED" && !force:
		return nil, badServer("Ecs.0100", "The ECS status does not meet requirements: server %s is %s.", s.ID, s.Status)
	case v.Status != "in-use" && !force:
		return nil, badServer("Ecs.0102", "The disk cannot be detached while it is %s.", v.Status)
	}
	j := e.startJob(r.project.ID, "detachVolume", map[string]any{"server_id": s.ID, "volume_id": v.ID})
	s.Job, v.Job, v.Status = j.ID, j.ID, "detaching"
	return map[string]any{"job_id": j.ID}, nil
}

func (e *ecsService) endDetach(j *job) error {
	s, v := e.subject(j), e.evs.subject(j)
	if s == nil || v == nil {
		return errGone
	}
	if j.Fail == nil {
		e.evs.detach(v, s.ID)
		e.evs.lag(v, "detaching")
	}
	return nil
}

func blockDevice(s *server, v *volume) any {
	a, bus := v.attachedTo(s.ID), "virtio"
	if v.scsi() {
		bus = "scsi"
	}
	return map[string]any{
		"id":         v.ID,
		"volumeId":   v.ID,
		"serverId":   s.ID,
		"device":     a.Device,
		"bootIndex":  a.BootIndex,
		"size":       v.Size,
		"bus":        bus,
		"pciAddress": fmt.Sprintf("0000:02:%02x.0", 1+a.BootIndex),
	}
}

func (e *ecsService) listBlockDevices(r *request) (any, error) {
	s, err := e.find(r)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, v := range e.evs.attachedVolumes(s.ID) {
		if v.Status != "creating" {
			list = append(list, blockDevice(s, v))
		}
	}
	free := attachmentsMax - len(list)
	return map[string]any{
		"volumeAttachments":  list,
		"attachableQuantity": map[string]int{"free_disk": free, "free_blk": free, "free_scsi": free},
	}, nil
}

func (e *ecsService) showBlockDevice(r *request) (any, error) {
	s, err := e.find(r)
	if err != nil {
		return nil, err
	}
	v, err := e.attachedVolume(r, s)
	if err != nil {
		return nil, err
	}
	return map[string]any{"volumeAttachment": blockDevice(s, v)}, nil
}

func (e *ecsService) updateBlockDevice(r *request) (any, error) {
	s, err := e.find(r)
	if err != nil {
		return nil, err
	}
	v, err := e.attachedVolume(r, s)
	if err != nil {
		return nil, err
	}
	var in struct {
		Device *struct {
			DeleteOnTermination *bool `json:"delete_on_termination"`
		} `json:"block_device"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.Device == nil || in.Device.DeleteOnTermination == nil {
		return nil, badServer("Ecs.0005", "block_device.delete_on_termination is missing.")
	}
	if v.Multiattach {
		return nil, refuse(http.StatusBadRequest, "Ecs.0617", "delete_on_termination cannot be changed for shared disks.")
	}
	v.attachedTo(s.ID).DeleteOnTermination = *in.Device.DeleteOnTermination
	return nil, nil
}
