package sandbox

import (
	"slices"
	"time"
)

// attachmentsMax is how many volumes a server can have, the system disk included.
const attachmentsMax = 24

// attachedVolumes are those of a server, the system disk first.
func (e *evsService) attachedVolumes(server string) []*volume {
	found := e.volumes.where("", func(v *volume) bool { return v.attachedTo(server) != nil })
	slices.SortStableFunc(found, func(a, b *volume) int {
		return a.attachedTo(server).BootIndex - b.attachedTo(server).BootIndex
	})
	return found
}

// attach gives a volume to a server. One that machines can boot from becomes the system disk if there is none.
func (e *evsService) attach(v *volume, server, device string, deleteWithServer bool) {
	v.Attachments = append(v.Attachments, attachment{
		ServerID:            server,
		AttachmentID:        e.ids.uuid(),
		Device:              device,
		AttachedAt:          time.Now().UTC(),
		BootIndex:           e.nextBootIndex(server, v),
		DeleteOnTermination: deleteWithServer,
	})
	v.Status = v.idle()
	e.volumes.touch(v)
}

// lag leaves a volume in a status until the consistency lag is over: a server's job may end before EVS knows of it.
func (e *evsService) lag(v *volume, status string) {
	if lag := time.Duration(e.config.ConsistencyLagMS) * time.Millisecond; lag > 0 {
		j := e.startJob(v.ProjectID, "settleVolume", map[string]any{"volume_id": v.ID})
		j.End = j.Begin.Add(lag)
		v.Status, v.Job = status, j.ID
	}
}

func (e *evsService) endSettle(j *job) error {
	if v := e.subject(j); v != nil {
		v.Status = v.idle()
	}
	return nil
}

// firstPlace is where a volume may come among those of a server, at best: the very first is for system disks.
func (v *volume) firstPlace() int {
	if v.Bootable == "true" {
		return 0
	}
	return 1
}

// nextBootIndex is the first that no volume of the server has.
func (e *evsService) nextBootIndex(server string, v *volume) int {
	used := map[int]bool{}
	for _, other := range e.attachedVolumes(server) {
		used[other.attachedTo(server).BootIndex] = true
	}
	index := v.firstPlace()
	for used[index] {
		index++
	}
	return index
}

// nextDevice is the first name that no volume of the server has.
func (e *evsService) nextDevice(server string, v *volume) string {
	used := map[string]bool{}
	for _, other := range e.attachedVolumes(server) {
		if device := other.attachedTo(server).Device; device != "" {
			used[device[len(device)-1:]] = true
		}
	}
	prefix := "/dev/vd"
	if v.scsi() {
		prefix = "/dev/sd"
	}
	letter := 'a' + rune(v.firstPlace())
	for used[string(letter)] {
		letter++
	}
	return prefix + string(letter)
}

// detach takes a volume from a server.
func (e *evsService) detach(v *volume, server string) {
	kept := []attachment{}
	for _, a := range v.Attachments {
		if a.ServerID != server {
			kept = append(kept, a)
		}
	}
	v.Attachments = kept
	v.Status = v.idle()
	e.volumes.touch(v)
}
