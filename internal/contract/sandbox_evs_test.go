package contract

import (
	"testing"

	evs2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/evs/v2"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/evs/v2/model"
)

func TestEVS(t *testing.T) {
	t.Parallel()
	v := newVendor(t)
	c := client(v, "evs", evs2.NewEvsClient)
	v.volumes(c)
	v.volumeTags(c)
	v.snapshots(c)
	v.volumeOffers(c)
	v.covers("evs")
}

// volumeJob expects a job to have succeeded, and returns the volume that it names.
func (v *vendor) volumeJob(c *evs2.EvsClient, id string) string {
	v.Helper()
	job := do(v, c.ShowJob, `{"job_id":%q}`, id)
	want(v, "status of the job", job.Status.Value(), "SUCCESS")
	if job.Entities.VolumeId == nil {
		return ""
	}
	return *job.Entities.VolumeId
}

// newVolume makes a volume and returns its id.
func (v *vendor) newVolume(c *evs2.EvsClient, name, volumeType string, size int, more string) string {
	v.Helper()
	made := do(v, c.CreateVolume, `{"body":{"volume":{"name":%q,"volume_type":%q,"size":%d,"availability_zone":"cn-north-4a"%s}}}`, name, volumeType, size, more)
	return v.volumeJob(c, *made.JobId)
}

func (v *vendor) volumes(c *evs2.EvsClient) {
	const request = `{"X-Client-Token":"9b2fd5a4-5d5b-4a1e-9d0c-2f6a1f0b7c11","body":{"volume":{"name":"one","description":"d","volume_type":"GPSSD2","size":40,"iops":3500,"throughput":130,
		"availability_zone":"cn-north-4a","multiattach":true,"metadata":{"create_for_volume_id":"true","mine":"1","hw:passthrough":"true"},"tags":{"a":"b"}}}}`
	made := do(v, c.CreateVolume, request)
	id := (*made.VolumeIds)[0]
	want(v, "volume of the job", v.volumeJob(c, *made.JobId), id)
	want(v, "volume of the same token", (*do(v, c.CreateVolume, request).VolumeIds)[0], id)
	read := do(v, c.ShowVolume, `{"volume_id":%q}`, id).Volume
	want(v, "name and status", read.Name+" "+read.Status, "one available")
	want(v, "sharing", read.Multiattach, true)
	want(v, "performance", read.Iops.TotalVal*1000+read.Throughput.TotalVal, 3_500_130)
	want(v, "tag", read.Tags["a"], "b")
	want(v, "own metadata", read.Metadata["mine"], any("1"))
	want(v, "link", *read.Links[0].Rel, "self")

	renamed := do(v, c.UpdateVolume, `{"volume_id":%q,"body":{"volume":{"name":"two","description":""}}}`, id)
	want(v, "name", *renamed.Name, "two")
	v.volumeJob(c, *do(v, c.ResizeVolume, `{"volume_id":%q,"body":{"os-extend":{"new_size":50}}}`, id).JobId)
	v.volumeJob(c, *do(v, c.ModifyVolumeQoS, `{"volume_id":%q,"body":{"qos_modify":{"iops":4000,"throughput":140}}}`, id).JobId)
	v.volumeJob(c, *do(v, c.RetypeVolume, `{"volume_id":%q,"body":{"os-retype":{"new_type":"ESSD"}}}`, id).JobId)
	read = do(v, c.ShowVolume, `{"volume_id":%q}`, id).Volume
	want(v, "size and type", read.VolumeType, "ESSD")
	want(v, "size", read.Size, 50)

	image := v.newVolume(c, "system", "SSD", 40, `,"imageRef":"5a0d80c0-1111-4111-8111-000000002204"`)
	read = do(v, c.ShowVolume, `{"volume_id":%q}`, image).Volume
	want(v, "bootable", read.Bootable, "true")
	want(v, "image", read.VolumeImageMetadata["image_id"], any("5a0d80c0-1111-4111-8111-000000002204"))
	three := do(v, c.CreateVolume, `{"body":{"volume":{"name":"many","volume_type":"SAS","size":10,"count":3,"availability_zone":"cn-north-4b"}}}`)
	job := do(v, c.ShowJob, `{"job_id":%q}`, *three.JobId)
	want(v, "parts of the job", len(*job.Entities.SubJobs), 3)

	listed := walk(v, func(marker string) []model.VolumeDetail {
		return *do(v, c.ListVolumes, `{"limit":2%s}`, from(marker)).Volumes
	}, 2, func(o model.VolumeDetail) string { return o.Id })
	want(v, "volumes", len(listed), 5)
	var byOffset []string
	for offset := 0; offset < 6; offset += 2 {
		page := do(v, c.ListVolumes, `{"limit":2,"offset":%d}`, offset)
		want(v, "count", *page.Count, 5)
		want(v, "there is a next page", page.VolumesLinks != nil, offset < 4)
		for _, o := range *page.Volumes {
			byOffset = append(byOffset, o.Id)
		}
	}
	want(v, "volumes by offset", len(byOffset), 5)
	want(v, "those of a name and zone", len(*do(v, c.ListVolumes, `{"name":"two","status":"available","availability_zone":"cn-north-4a"}`).Volumes), 1)
	want(v, "those with metadata", len(*do(v, c.ListVolumes, `{"metadata":"{\"mine\":\"1\"}"}`).Volumes), 1)
	want(v, "those of a server", len(*do(v, c.ListVolumes, `{"server_id":"none"}`).Volumes), 0)

	refused(v, 404, "EVS.5404", c.ShowVolume, `{"volume_id":"none"}`)
	refused(v, 400, "EVS.1015", c.ResizeVolume, `{"volume_id":%q,"body":{"os-extend":{"new_size":10}}}`, id)
	refused(v, 400, "EVS.2046", c.CreateVolume, `{"body":{"volume":{"volume_type":"SAS","size":40,"imageRef":"none","availability_zone":"cn-north-4a"}}}`)
	refused(v, 400, "EVS.2142", c.ListVolumes, `{"limit":1001}`)
	refused(v, 400, "Common.0011", c.ShowJob, `{"job_id":"none"}`)
	for _, id := range listed {
		want(v, "volume of the job", v.volumeJob(c, *do(v, c.DeleteVolume, `{"volume_id":%q}`, id).JobId), id)
	}
	want(v, "volumes that are left", *do(v, c.ListVolumes, `{}`).Count, 0)

	control(v.T, v.server, "PUT", "config", `{"fail_jobs":["createVolume"]}`)
	failed := do(v, c.ShowJob, `{"job_id":%q}`, *do(v, c.CreateVolume, `{"body":{"volume":{"volume_type":"SAS","size":10,"availability_zone":"cn-north-4a"}}}`).JobId)
	want(v, "failure", failed.Status.Value()+" "+*failed.ErrorCode, "FAIL Common.0021")
	control(v.T, v.server, "PUT", "config", `{"fail_jobs":[]}`)
}

func (v *vendor) volumeTags(c *evs2.EvsClient) {
	id := v.newVolume(c, "tagged", "SAS", 10, `,"tags":{"a":"b"}`)
	do(v, c.BatchCreateVolumeTags, `{"volume_id":%q,"body":{"action":"create","tags":[{"key":"c","value":"d"},{"key":"e","value":""}]}}`, id)
	do(v, c.BatchDeleteVolumeTags, `{"volume_id":%q,"body":{"action":"delete","tags":[{"key":"a"}]}}`, id)
	tags := *do(v, c.ShowVolumeTags, `{"volume_id":%q}`, id).Tags
	want(v, "tags", len(tags), 2)
	want(v, "tag", tags[0].Key+tags[0].Value, "cd")
	do(v, c.ListVolumeTags, `{}`)
	found := do(v, c.ListVolumesByTags, `{"body":{"action":"filter","limit":10,"offset":0,"tags":[{"key":"c","values":["d"]}]}}`)
	want(v, "volume with the tag", (*found.Resources)[0].ResourceId, id)
	want(v, "volumes with the tag", *do(v, c.ListVolumesByTags, `{"body":{"action":"count","tags":[{"key":"c","values":["d"]}]}}`).TotalCount, 1)
	refused(v, 400, "EVS.1062", c.BatchCreateVolumeTags, `{"volume_id":%q,"body":{"action":"create","tags":[{"key":"","value":""}]}}`, id)
	do(v, c.DeleteVolume, `{"volume_id":%q}`, id)
}

func (v *vendor) snapshots(c *evs2.EvsClient) {
	id := v.newVolume(c, "source", "SAS", 10, "")
	made := do(v, c.CreateSnapshot, `{"body":{"snapshot":{"volume_id":%q,"name":"one","description":"d","force":true}}}`, id).Snapshot
	want(v, "volume", *made.VolumeId, id)
	read := do(v, c.ShowSnapshot, `{"snapshot_id":%q}`, *made.Id).Snapshot
	want(v, "name and status", *read.Name+" "+*read.Status, "one available")
	want(v, "name", *do(v, c.UpdateSnapshot, `{"snapshot_id":%q,"body":{"snapshot":{"name":"two"}}}`, *made.Id).Snapshot.Name, "two")
	do(v, c.CreateSnapshot, `{"body":{"snapshot":{"volume_id":%q,"name":"three"}}}`, id)
	first := do(v, c.ListSnapshots, `{"volume_id":%q,"limit":1}`, id)
	second := do(v, c.ListSnapshots, `{"volume_id":%q,"limit":1,"offset":1}`, id)
	want(v, "snapshots", *first.Count, 2)
	want(v, "two pages differ", (*first.Snapshots)[0].Id != (*second.Snapshots)[0].Id, true)
	want(v, "volume", do(v, c.RollbackSnapshot, `{"snapshot_id":%q,"body":{"rollback":{"name":"source","volume_id":%q}}}`, *made.Id, id).Rollback.VolumeId, id)
	refused(v, 400, "EVS.5400", c.DeleteVolume, `{"volume_id":%q}`, id)
	for _, s := range *do(v, c.ListSnapshots, `{}`).Snapshots {
		do(v, c.DeleteSnapshot, `{"snapshot_id":%q}`, s.Id)
	}
	refused(v, 404, "EVS.5404", c.ShowSnapshot, `{"snapshot_id":%q}`, *made.Id)
	do(v, c.DeleteVolume, `{"volume_id":%q}`, id)
}

func (v *vendor) volumeOffers(c *evs2.EvsClient) {
	names := map[string]bool{}
	for _, t := range *do(v, c.CinderListVolumeTypes, `{}`).VolumeTypes {
		names[t.Name] = true
	}
	want(v, "types are offered", names["SSD"] && names["GPSSD2"], true)
	want(v, "zones", len(*do(v, c.CinderListAvailabilityZones, `{}`).AvailabilityZoneInfo), 3)
	want(v, "volumes in use", do(v, c.CinderListQuotas, `{"target_project_id":%q,"usage":"True"}`, project).QuotaSet.Volumes.InUse, 0)
}
