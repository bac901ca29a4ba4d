package sandbox

import (
	"errors"
	"net/http"
)

func (e *evsService) changeRoutes() []route {
	return []route{
		{"POST /v2.1/{project_id}/cloudvolumes/{id}/action", 202, e.extendVolume},
		{"POST /v2/{project_id}/cloudvolumes/{id}/action", 202, e.extendVolume},
		{"POST /v2/{project_id}/volumes/{id}/retype", 202, e.retypeVolume},
		{"PUT /v5/{project_id}/cloudvolumes/{id}/qos", 202, e.modifyQoS},
	}
}

// errGone is why a job fails whose object was removed meanwhile.
var errGone = errors.New("the resource could not be found")

// begin starts a job that changes a volume, which has the status meanwhile.
func (e *evsService) begin(v *volume, kind, status string, entities map[string]any) any {
	entities["volume_id"] = v.ID
	j := e.startJob(v.ProjectID, kind, entities)
	v.Job, v.Status = j.ID, status
	return map[string]any{"job_id": j.ID}
}

// subject is the volume that a job changes. It is idle again, and stays so if the job fails.
func (e *evsService) subject(j *job) *volume {
	v := e.volumes.get("", j.text("volume_id"))
	if v == nil {
		return nil
	}
	v.Job, v.Status = "", v.idle()
	e.volumes.touch(v)
	return v
}

func (e *evsService) extendVolume(r *request) (any, error) {
	v, err := e.find(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Extend *struct {
			NewSize int `json:"new_size"`
		} `json:"os-extend"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.Extend == nil {
		return nil, badVolume("EVS.1011", "null extendVolumeReq!")
	}
	largest := dataVolumeMax
	if v.Bootable == "true" {
		largest = systemVolumeMax
	}
	size := in.Extend.NewSize
	switch {
	case v.Status != "available" && v.Status != "in-use":
		return nil, badVolume("EVS.1064", "volume status must be available or in-use when extending!")
	case v.Multiattach && v.Status != "available":
		return nil, badVolume("EVS.1065", "multiattach volume status must be available when extending!")
	case size <= v.Size:
		return nil, badVolume("EVS.1015", "new volume Size must be greater than old Size!")
	case size > largest:
		return nil, badVolume("EVS.1010", "invalid volume size! %d GB is more than %d", size, largest)
	}
	for _, a := range v.Attachments {
		if s := e.ecs.servers.get("", a.ServerID); s != nil {
			switch s.Status {
			case "ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED":
			default:
				return nil, badVolume("EVS.1066", "status of ECS or BMS does not support volume online extension!")
			}
		}
	}
	if err := e.checkQuota(r.project.ID, 0, size-v.Size); err != nil {
		return nil, err
	}
	return e.begin(v, "extendVolume", "extending", map[string]any{"new_size": float64(size)}), nil
}

func (e *evsService) endExtend(j *job) error {
	v := e.subject(j)
	if v == nil {
		return errGone
	}
	if j.Fail != nil {
		v.Status = "error_extending"
		return nil
	}
	v.Size = j.number("new_size")
	return nil
}

// number is an entity of the job that is a number, which a restart turns into a float64.
func (j *job) number(name string) int {
	n, _ := j.Entities[name].(float64)
	return int(n)
}

func (e *evsService) retypeVolume(r *request) (any, error) {
	v, err := e.find(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Retype *struct {
			NewType    string `json:"new_type"`
			Iops       int    `json:"iops"`
			Throughput int    `json:"throughput"`
		} `json:"os-retype"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.Retype == nil {
		return nil, badVolume("EVS.5400", "Malformed request body.")
	}
	t, err := checkOffer(r.project.Region, v.AvailabilityZone, in.Retype.NewType)
	switch {
	case err != nil || t.name == v.VolumeType || t.name == "ESSD2":
		return nil, badVolume("EVS.2087", "retype failed. please make sure that type is supported and the new one is higher than origin")
	case v.Status != "available" && v.Status != "in-use":
		return nil, badVolume("EVS.5400", "Must specify a valid status. The volume is %s", v.Status)
	}
	if err := t.checkPerformance(v.Size, in.Retype.Iops, in.Retype.Throughput); err != nil {
		return nil, err
	}
	return e.begin(v, "retypeVolume", "retyping", map[string]any{
		"volume_type": t.name, "iops": float64(in.Retype.Iops), "throughput": float64(in.Retype.Throughput),
	}), nil
}

func (e *evsService) endRetype(j *job) error {
	v := e.subject(j)
	if v == nil {
		return errGone
	}
	if j.Fail == nil {
		v.VolumeType = j.text("volume_type")
		e.setPerformance(v, j.number("iops"), j.number("throughput"))
	}
	return nil
}

func (e *evsService) modifyQoS(r *request) (any, error) {
	v, err := e.find(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Modify *struct {
			Iops       int `json:"iops"`
			Throughput int `json:"throughput"`
		} `json:"qos_modify"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	t := findVolumeType(v.VolumeType)
	switch {
	case in.Modify == nil:
		return nil, badVolume("EVS.5400", "Malformed request body.")
	case t == nil || t.maxIops == 0:
		return nil, badVolume("EVS.2070", "VolumeTypes are not supported !")
	case v.Status != "available" && v.Status != "in-use":
		return nil, badVolume("EVS.5400", "Must specify a valid status. The volume is %s", v.Status)
	}
	if err := t.checkPerformance(v.Size, in.Modify.Iops, in.Modify.Throughput); err != nil {
		return nil, err
	}
	return e.begin(v, "modifyVolumeQoS", "retyping", map[string]any{
		"iops": float64(in.Modify.Iops), "throughput": float64(in.Modify.Throughput),
	}), nil
}

func (e *evsService) endModifyQoS(j *job) error {
	v := e.subject(j)
	if v == nil {
		return errGone
	}
	if j.Fail == nil {
		e.setPerformance(v, j.number("iops"), j.number("throughput"))
	}
	return nil
}

// deleteVolume takes the snapshots along if ?cascade=true says so, and is refused if there are any and it does not.
func (e *evsService) deleteVolume(r *request) (any, error) {
	v, err := e.find(r)
	if err != nil {
		return nil, err
	}
	switch v.Status {
	case "available", "error", "error_deleting", "error_extending", "error_restoring", "error_rollbacking":
	default:
		return nil, badVolume("EVS.1046", "volume status must be available, error, error_extending, error_restoring, error_rollbacking when delete volume! It is %s", v.Status)
	}
	snapshots := e.snapshotsOf(v.ID)
	if len(snapshots) > 0 && r.query.Get("cascade") != "true" {
		return nil, badVolume("EVS.5400", "Invalid volume: Volume still has %d dependent snapshots.", len(snapshots))
	}
	for _, s := range snapshots {
		if e.pending(s.Job) != nil {
			return nil, refuse(http.StatusConflict, "EVS.2409", "Another snapshot operation of the volume is in progress.")
		}
	}
	return e.begin(v, "deleteVolume", "deleting", map[string]any{}), nil
}

func (e *evsService) endDelete(j *job) error {
	v := e.subject(j)
	if v == nil {
		return nil
	}
	if j.Fail != nil {
		v.Status = "error_deleting"
		return nil
	}
	for _, s := range e.snapshotsOf(v.ID) {
		e.snapshots.remove(s.ID)
	}
	e.volumes.remove(v.ID)
	return nil
}
