package sandbox

import (
	"fmt"
	"maps"
	"strconv"
)

// The sizes of volumes, in GB.
const (
	dataVolumeMin   = 10
	dataVolumeMax   = 32768
	systemVolumeMin = 1
	systemVolumeMax = 1024
)

// prepaid is asked for as chargingMode.
const prepaid = "prePaid"

// volumeRequest is what EVS and ECS are asked for when they make a volume. Numbers may have decimals, which are cut off.
type volumeRequest struct {
	Name                string            `json:"name"`
	Description         string            `json:"description"`
	Size                float64           `json:"size"`
	VolumeType          string            `json:"volume_type"`
	AvailabilityZone    string            `json:"availability_zone"`
	Multiattach         bool              `json:"multiattach"`
	Metadata            map[string]string `json:"metadata"`
	Tags                map[string]string `json:"tags"`
	ImageRef            string            `json:"imageRef"`
	SnapshotID          string            `json:"snapshot_id"`
	BackupID            string            `json:"backup_id"`
	EnterpriseProjectID string            `json:"enterprise_project_id"`
	Iops                int               `json:"iops"`
	Throughput          int               `json:"throughput"`
	Count               *float64          `json:"count"`
}

// newVolume checks what is asked for, and makes a volume that is not yet in the table.
func (e *evsService) newVolume(r *request, in *volumeRequest) (*volume, error) {
	t, err := checkOffer(r.project.Region, in.AvailabilityZone, in.VolumeType)
	if err != nil {
		return nil, err
	}
	v := &volume{
		Name:                in.Name,
		Description:         in.Description,
		Status:              "creating",
		Size:                int(in.Size),
		VolumeType:          in.VolumeType,
		AvailabilityZone:    in.AvailabilityZone,
		Bootable:            "false",
		Multiattach:         in.Multiattach,
		Attachments:         []attachment{},
		Metadata:            map[string]string{},
		Tags:                map[string]string{},
		ImageMetadata:       map[string]string{},
		EnterpriseProjectID: in.EnterpriseProjectID,
		UserID:              r.caller.User.ID,
	}
	if v.EnterpriseProjectID == "" {
		v.EnterpriseProjectID = "0"
	}
	maps.Copy(v.Metadata, in.Metadata)
	maps.Copy(v.Tags, in.Tags)
	if err := checkNames(v.Name, v.Description); err != nil {
		return nil, err
	}
	if err := volumeTags.check(v.Tags); err != nil {
		return nil, err
	}
	if err := e.applySource(r, v, in); err != nil {
		return nil, err
	}
	if err := checkVolumeMetadata(v.Metadata); err != nil {
		return nil, err
	}
	smallest, largest := dataVolumeMin, dataVolumeMax
	if v.Bootable == "true" {
		smallest, largest = systemVolumeMin, systemVolumeMax
	}
	if v.Size < smallest || v.Size > largest {
		return nil, badVolume("EVS.1010", "invalid volume size! %d GB is not from %d to %d", v.Size, smallest, largest)
	}
	if err := t.checkPerformance(v.Size, in.Iops, in.Throughput); err != nil {
		return nil, err
	}
	e.setPerformance(v, in.Iops, in.Throughput)
	return v, nil
}

func (e *evsService) setPerformance(v *volume, iops, throughput int) {
	v.Iops, v.Throughput = nil, nil
	if iops != 0 {
		v.Iops = &performance{ID: e.ids.hex(), TotalVal: iops}
	}
	if throughput != 0 {
		v.Throughput = &performance{ID: e.ids.hex(), TotalVal: throughput}
	}
}

// applySource takes over what the volume is made of: an image or a snapshot.
func (e *evsService) applySource(r *request, v *volume, in *volumeRequest) error {
	sources := 0
	for _, id := range []string{in.ImageRef, in.SnapshotID, in.BackupID} {
		if id != "" {
			sources++
		}
	}
	if sources > 1 {
		return badVolume("EVS.1016", "Invalid input received: May specify only one of imageRef, snapshot_id, backup_id!")
	}
	if in.BackupID != "" {
		return badVolume("EVS.1006", "invalid backup id!")
	}
	if sources > 0 {
		for _, key := range []string{"__system__encrypted", "__system__cmkid", "hw:passthrough"} {
			if _, ok := v.Metadata[key]; ok {
				return badVolume("EVS.1043", "encrypt and cmk and passthrougth in metadata is not support when create volume from snapshot or image!")
			}
		}
	}
	switch {
	case in.ImageRef != "":
		return e.applyImage(r, v, in.ImageRef)
	case in.SnapshotID != "":
		return e.applySnapshot(r, v, in.SnapshotID)
	}
	return nil
}

func (e *evsService) applyImage(r *request, v *volume, id string) error {
	i := e.ims.image(r.project.ID, id)
	switch {
	case i == nil:
		return badVolume("EVS.2046", "invalid imageRef!")
	case i.Status != "active":
		return badVolume("EVS.5400", "Invalid imageRef provided.")
	case v.Multiattach:
		return badVolume("EVS.2094", "system image is not support to create Multiattach/shareable volume !")
	case v.Size < i.MinDisk:
		return badVolume("EVS.1010", "invalid volume size! The image needs %d GB", i.MinDisk)
	}
	v.Bootable = "true"
	v.ImageMetadata = imageMetadata(i)
	return nil
}

// imageMetadata is what a volume remembers of the image that it was made of.
func imageMetadata(i *image) map[string]string {
	return map[string]string{
		"image_id":         i.ID,
		"image_name":       i.Name,
		"min_disk":         strconv.Itoa(i.MinDisk),
		"min_ram":          strconv.Itoa(i.MinRAM),
		"disk_format":      i.DiskFormat,
		"container_format": i.ContainerFormat,
		"__os_type":        i.OSType,
		"__os_version":     i.OSVersion,
		"__os_bit":         i.OSBit,
		"__platform":       i.Platform,
		"__imagetype":      i.Type,
		"hw_firmware_type": i.Firmware,
	}
}

func (e *evsService) applySnapshot(r *request, v *volume, id string) error {
	s := e.snapshots.get(r.project.ID, id)
	if s == nil {
		return badVolume("EVS.2045", "invalid snapshot_id!")
	}
	source := e.volumes.get(r.project.ID, s.VolumeID)
	switch {
	case s.Status != "available":
		return badVolume("EVS.2043", "The status of snapshot is not available or backing-up.")
	case source == nil:
		return badVolume("EVS.2045", "invalid snapshot_id!")
	case source.AvailabilityZone != v.AvailabilityZone:
		return badVolume("EVS.2054", "Cannot create volume from snapshot as the az is invalid!")
	case source.VolumeType != v.VolumeType:
		return badVolume("EVS.2096", "Target volumeType[%s] is not matched with snapshot[%s] !", v.VolumeType, source.VolumeType)
	case v.Size < s.Size:
		return badVolume("EVS.1010", "invalid volume size! The snapshot has %d GB", s.Size)
	}
	v.SnapshotID = s.ID
	v.Bootable, v.ImageMetadata = source.Bootable, maps.Clone(source.ImageMetadata)
	for _, key := range []string{"__system__encrypted", "__system__cmkid", "hw:passthrough"} {
		if value, ok := source.Metadata[key]; ok {
			v.Metadata[key] = value
		}
	}
	return nil
}

// checkVolumeMetadata refuses values that the service cannot act on.
func checkVolumeMetadata(metadata map[string]string) error {
	one := func(key string, values ...string) bool {
		got, ok := metadata[key]
		for _, v := range values {
			ok = ok && got != v
		}
		return !ok
	}
	key, encrypted := metadata["__system__cmkid"], metadata["__system__encrypted"] == "1"
	switch {
	case !one("hw:passthrough", "true", "false"):
		return badVolume("EVS.1057", "invalid hw:passthrough in metadata!")
	case !one("full_clone", "0", "1"):
		return badVolume("EVS.1063", "invalid full_clone in metadata!")
	case !one("__system__encrypted", "0", "1"), encrypted && !uuidText.MatchString(key), !encrypted && key != "":
		return badVolume("EVS.2041", "The encrypt Param is invalid!")
	}
	return nil
}

// checkQuota refuses n more volumes that have so many GB in all.
func (e *evsService) checkQuota(project string, n, gigabytes int) error {
	if e.volumes.full(project, n) {
		return badVolume("EVS.1034", "volume count exceeded volume count quota!")
	}
	if e.exceeds("gigabytes", e.gigabytes(project)+gigabytes) {
		return badVolume("EVS.1042", "volume gigabytes exceeded volume gigabytes quota!")
	}
	return nil
}

func (e *evsService) createVolume(r *request) (any, error) {
	return e.once(r, "EVS.2218", "EVS.2219", e.createVolumes)
}

func (e *evsService) createVolumes(r *request) (any, error) {
	var in struct {
		Volume   *volumeRequest `json:"volume"`
		BssParam struct {
			ChargingMode string `json:"chargingMode"`
		} `json:"bssParam"`
		ServerID string `json:"server_id"`
		Hints    struct {
			StorageID string `json:"dedicated_storage_id"`
		} `json:"OS-SCH-HNT:scheduler_hints"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.Volume == nil {
		return nil, badVolume("EVS.1008", "null createVolumeReq!")
	}
	if in.BssParam.ChargingMode == prepaid {
		return nil, badVolume("EVS.1009", "invalid volumeForCreate! chargingMode prePaid is not supported: orders cannot be paid here")
	}
	if in.Hints.StorageID != "" {
		return nil, badVolume("EVS.2093", "dedicated storage %s does not exist", in.Hints.StorageID)
	}
	count := 1
	if in.Volume.Count != nil {
		count = int(*in.Volume.Count)
	}
	if count < 1 || count > 100 {
		return nil, badVolume("EVS.1021", "the quantity of volume is invalid!")
	}
	if count > 1 && len(in.Volume.Name) > 250 {
		return nil, badVolume("EVS.1003", "invalid volume name!")
	}
	wantsIDs := in.Volume.Metadata["create_for_volume_id"] == "true"
	delete(in.Volume.Metadata, "create_for_volume_id")

	var made []*volume
	for n := range count {
		v, err := e.newVolume(r, in.Volume)
		if err != nil {
			return nil, err
		}
		if count > 1 && v.Name != "" {
			v.Name = fmt.Sprintf("%s-%04d", v.Name, n+1)
		}
		made = append(made, v)
	}
	if err := e.checkQuota(r.project.ID, count, count*made[0].Size); err != nil {
		return nil, err
	}
	if in.ServerID != "" {
		if err := e.checkServer(r, in.ServerID, made); err != nil {
			return nil, err
		}
	}

	ids, parts := []string{}, []*job{}
	for _, v := range made {
		e.volumes.add(r.project.ID, v)
		j := e.startJob(r.project.ID, "createVolume", map[string]any{
			"volume_id": v.ID, "volume_type": v.VolumeType, "size": v.Size, "name": v.Name, "attach_to": in.ServerID,
		})
		v.Job = j.ID
		ids, parts = append(ids, v.ID), append(parts, j)
	}
	whole := parts[0]
	if count > 1 {
		whole = e.startBatch(r.project.ID, "batchCreateVolume", parts...)
	}
	out := map[string]any{"job_id": whole.ID}
	if wantsIDs {
		out["volume_ids"] = ids
	}
	return out, nil
}

// checkServer refuses a server that new volumes cannot be attached to.
func (e *evsService) checkServer(r *request, id string, made []*volume) error {
	s := e.ecs.servers.get(r.project.ID, id)
	if s == nil {
		return badVolume("EVS.2229", "input server id not found at ECS.")
	}
	if len(e.attachedVolumes(id))+len(made) > attachmentsMax {
		return badVolume("EVS.2134", "call ecs api - attach volume fail.")
	}
	if s.AvailabilityZone != made[0].AvailabilityZone {
		return badVolume("EVS.2053", "The az information from request is invalid!")
	}
	return nil
}

func (e *evsService) endCreate(j *job) error {
	v := e.volumes.get("", j.text("volume_id"))
	if v == nil {
		return errGone
	}
	if j.Fail != nil {
		e.volumes.remove(v.ID)
		return nil
	}
	v.Status = "available"
	if server := j.text("attach_to"); server != "" {
		if e.ecs.servers.get("", server) == nil {
			return badVolume("EVS.2134", "call ecs api - attach volume fail.")
		}
		e.attach(v, server, e.nextDevice(server, v), false)
	}
	return nil
}
