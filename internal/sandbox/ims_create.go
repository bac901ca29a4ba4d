package sandbox

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// The jobs that make images.
const (
	imageOfServer     = "createImageByInstance"
	imageOfVolume     = "createImageByVolume"
	imageOfFile       = "createImageByFile"
	dataImageOfVolume = "createDataImageByVolume"
	dataImageOfFile   = "createDataImageByFile"
	wholeImage        = "createWholeImage"
	copyOfImage       = "copyImage"
)

func badImage(code, format string, args ...any) error {
	return refuse(http.StatusBadRequest, code, format, args...)
}

var (
	imageName = pattern.New(`^[0-9A-Za-z\x{4e00}-\x{9fff}_.-]([0-9A-Za-z\x{4e00}-\x{9fff}_. -]*[0-9A-Za-z\x{4e00}-\x{9fff}_.-])?$`)
	imageText = pattern.New(`^[^<>\r\n]*$`)
	imageFile = pattern.New(`^[0-9a-z][0-9a-z.-]{1,61}[0-9a-z]:.+$`)
	imageKey  = pattern.New(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
)

// imageRequest is what the requests for images have in common.
type imageRequest struct {
	Name                string `json:"name"`
	Description         string `json:"description"`
	EnterpriseProjectID string `json:"enterprise_project_id"`
	MinRAM              int    `json:"min_ram"`
	MaxRAM              int    `json:"max_ram"`
	KeyID               string `json:"cmk_id"`
	Tags                []tag  `json:"image_tags"`
}

func checkImageTexts(name, description string) error {
	switch {
	case name == "":
		return badImage("IMG.0013", "The image name is not specified.")
	case utf8.RuneCountInString(name) > 128:
		return badImage("IMG.0002", "The image name contains more than 128 characters.")
	case !imageName.MatchString(name):
		return badImage("IMG.0003", "The image name format is invalid.")
	case utf8.RuneCountInString(description) > 1024 || !imageText.MatchString(description):
		return badImage("IMG.0004", "The description contains more than 1024 characters.")
	}
	return nil
}

// begin makes an image that a job will finish.
func (m *imsService) begin(r *request, kind string, in imageRequest, i image) (any, error) {
	if err := checkImageTexts(in.Name, in.Description); err != nil {
		return nil, err
	}
	if err := checkTags("IMG.0001", in.Tags, tagsPerObject); err != nil {
		return nil, err
	}
	if in.KeyID != "" && !imageKey.MatchString(in.KeyID) || in.MinRAM < 0 || in.MaxRAM < 0 {
		return nil, badImage("IMG.0001", "The request message format is invalid.")
	}
	if m.images.full(r.project.ID, 1) {
		return nil, refuse(http.StatusForbidden, "IMG.0065", "The number of private images exceeds the quota.")
	}
	i.Name, i.Description, i.MinRAM, i.KeyID = in.Name, in.Description, max(in.MinRAM, i.MinRAM), cmp.Or(in.KeyID, i.KeyID)
	if in.MaxRAM > 0 {
		i.MaxRAM = strconv.Itoa(in.MaxRAM)
	}
	i.Enterprise = cmp.Or(in.EnterpriseProjectID, "0")
	i.Status, i.Visibility, i.Type, i.Owner, i.Registered = "saving", "private", "private", r.project.ID, "false"
	i.SourceType, i.ContainerFormat, i.DiskFormat, i.Multiqueue, i.SupportKVM = "uds", "bare", "zvhd2", "true", "true"
	i.OSType, i.OSBit, i.Platform = cmp.Or(i.OSType, "Linux"), "64", platformOf(i.OSVersion)
	i.VirtualEnvType, i.Firmware = cmp.Or(i.VirtualEnvType, "FusionCompute"), cmp.Or(i.Firmware, "bios")
	if i.arm() {
		i.Firmware = "uefi"
	}
	i.Tags, i.KeyValueTags = []string{}, map[string]string{}
	for _, t := range in.Tags {
		i.KeyValueTags[t.Key] = t.Value
	}
	made := m.images.add(r.project.ID, &i)
	j := m.startJob(r.project.ID, kind, map[string]any{"image_id": made.ID, "image_name": made.Name})
	made.Job = j.ID
	return map[string]any{"job_id": j.ID}, nil
}

// platformOf is the family of an operating system's version.
func platformOf(version string) string {
	for _, i := range publicImages {
		if strings.HasPrefix(version, i.Platform) {
			return i.Platform
		}
	}
	return "Other"
}

// endImage makes an image usable, or takes it away when its job fails.
func (m *imsService) endImage(j *job) error {
	i := m.images.get("", j.text("image_id"))
	switch {
	case i == nil:
	case j.Fail != nil:
		m.images.remove(i.ID)
	default:
		i.Status, i.Registered, i.Size = "active", "true", "1276968960"
		m.images.touch(i)
	}
	return nil
}

// createImage makes an image for system disks out of a server, a volume or a file, or one for data disks out of a volume.
func (m *imsService) createImage(r *request) (any, error) {
	var in struct {
		imageRequest
		InstanceID string `json:"instance_id"`
		VolumeID   string `json:"volume_id"`
		ImageURL   string `json:"image_url"`
		DataImages []struct {
			Name        string `json:"name"`
			VolumeID    string `json:"volume_id"`
			Description string `json:"description"`
		} `json:"data_images"`
		OSVersion    string `json:"os_version"`
		MinDisk      int    `json:"min_disk"`
		Type         string `json:"type"`
		Quick        bool   `json:"is_quick_import"`
		Architecture string `json:"architecture"`
		Firmware     string `json:"hw_firmware_type"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	environment, known := map[string]string{"": "", "ECS": "FusionCompute", "FusionCompute": "FusionCompute", "BMS": "Ironic", "Ironic": "Ironic", "IsoImage": "IsoImage"}[in.Type]
	i := image{OSVersion: in.OSVersion, Firmware: in.Firmware, VirtualEnvType: environment}
	switch in.Architecture {
	case "arm":
		i.SupportARM = "true"
	case "", "x86":
	default:
		known = false
	}
	if !known || in.Firmware != "" && in.Firmware != "bios" && in.Firmware != "uefi" {
		return nil, badImage("IMG.0001", "The request message format is invalid.")
	}
	sources := 0
	for _, given := range []bool{in.InstanceID != "", in.VolumeID != "", in.ImageURL != "", len(in.DataImages) > 0} {
		if given {
			sources++
		}
	}
	switch {
	case sources == 0:
		return nil, badImage("IMG.0012", "The ECS ID is not specified.")
	case sources > 1 || len(in.DataImages) > 1:
		return nil, badImage("IMG.0001", "The request message format is invalid.")
	case in.InstanceID != "":
		return m.ofServer(r, imageOfServer, in.imageRequest, in.InstanceID, i)
	case in.ImageURL != "":
		if in.MinDisk < 40 || in.MinDisk > 1024 || !imageFile.MatchString(in.ImageURL) || in.Quick && in.OSVersion == "" {
			return nil, badImage("IMG.0001", "The request message format is invalid.")
		}
		i.MinDisk, i.DataOrigin = in.MinDisk, "file,"+in.ImageURL
		i.OSVersion = cmp.Or(i.OSVersion, "Other Linux(64 bit)")
		return m.begin(r, imageOfFile, in.imageRequest, i)
	case in.VolumeID != "":
		if in.OSVersion == "" {
			return nil, badImage("IMG.0001", "The request message format is invalid.")
		}
		return m.ofVolume(r, imageOfVolume, in.imageRequest, in.VolumeID, i)
	}
	data := in.DataImages[0]
	in.Name, in.Description, i.VirtualEnvType = data.Name, data.Description, "DataImage"
	return m.ofVolume(r, dataImageOfVolume, in.imageRequest, data.VolumeID, i)
}

// ofServer makes an image of a server's system disk. The server can do nothing else meanwhile.
func (m *imsService) ofServer(r *request, kind string, in imageRequest, id string, i image) (any, error) {
	s := m.ecs.servers.get(r.project.ID, id)
	if s == nil {
		return nil, badImage("IMG.0005", "The ECS does not exist.")
	}
	if s.Status != "ACTIVE" && s.Status != "SHUTOFF" {
		return nil, badImage("IMG.0008", "The ECS cannot be used to create images because it is not in stopped state.")
	}
	if m.pending(s.Job) != nil {
		return nil, badImage("IMG.0010", "The ECS cannot be used to create an image because it has in-progress tasks.")
	}
	root := m.evs.volumes.first(r.project.ID, func(v *volume) bool { a := v.attachedTo(s.ID); return a != nil && a.BootIndex == 0 })
	if root == nil {
		return nil, badImage("IMG.0006", "The ECS system disk cannot be used to create an image.")
	}
	i.DataOrigin = cmp.Or(i.DataOrigin, "instance,"+id)
	i.MinDisk, i.KeyID = root.Size, root.Metadata["__system__cmkid"]
	if of := m.images.get("", s.Image.ID); of != nil {
		i.OriginalImage, i.OSType, i.OSVersion, i.SupportARM, i.Firmware = of.ID, of.OSType, of.OSVersion, of.SupportARM, of.Firmware
	}
	answer, err := m.begin(r, kind, in, i)
	if err == nil && kind == imageOfServer {
		s.Job = answer.(map[string]any)["job_id"].(string)
	}
	return answer, err
}

// ofVolume makes an image of a data disk.
func (m *imsService) ofVolume(r *request, kind string, in imageRequest, id string, i image) (any, error) {
	v := m.evs.volumes.get(r.project.ID, id)
	if v == nil || v.Status != "available" && v.Status != "in-use" || m.pending(v.Job) != nil {
		return nil, badImage("IMG.0006", "The volume %s cannot be used to create an image.", id)
	}
	i.MinDisk, i.KeyID, i.DataOrigin = v.Size, v.Metadata["__system__cmkid"], "volume,"+id
	return m.begin(r, kind, in, i)
}

// createDataImage makes an image for data disks out of a file.
func (m *imsService) createDataImage(r *request) (any, error) {
	var in struct {
		imageRequest
		ImageURL string `json:"image_url"`
		MinDisk  int    `json:"min_disk"`
		OSType   string `json:"os_type"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.MinDisk < 40 || in.MinDisk > 2048 || !imageFile.MatchString(in.ImageURL) || in.OSType != "" && in.OSType != "Linux" && in.OSType != "Windows" {
		return nil, badImage("IMG.0001", "The request message format is invalid.")
	}
	return m.begin(r, dataImageOfFile, in.imageRequest, image{
		MinDisk: in.MinDisk, OSType: in.OSType, VirtualEnvType: "DataImage", DataOrigin: "file," + in.ImageURL,
	})
}

// createWholeImage makes an image of all disks of a server, by way of a backup. Vaults and backups are not kept here: their
// ids are taken as they are.
func (m *imsService) createWholeImage(r *request) (any, error) {
	var in struct {
		imageRequest
		InstanceID string `json:"instance_id"`
		BackupID   string `json:"backup_id"`
		Sort       string `json:"whole_image_type"`
		VaultID    string `json:"vault_id"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	switch {
	case (in.InstanceID == "") == (in.BackupID == ""), in.BackupID != "" && in.Sort != "CBR" && in.Sort != "CSBS", in.InstanceID != "" && in.VaultID == "":
		return nil, badImage("IMG.0001", "The request message format is invalid.")
	case in.BackupID != "":
		return m.begin(r, wholeImage, in.imageRequest, image{MinDisk: 40, BackupID: in.BackupID, DataOrigin: "server_backup," + in.BackupID})
	}
	return m.ofServer(r, wholeImage, in.imageRequest, in.InstanceID, image{BackupID: m.ids.uuid()})
}

// copyImage makes another image of one in the same region.
func (m *imsService) copyImage(r *request) (any, error) {
	var in imageRequest
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	of := m.image(r.project.ID, r.PathValue("image_id"))
	switch {
	case of == nil:
		return nil, noImage(r.PathValue("image_id"))
	case of.ProjectID == "" || of.Status != "active" || of.BackupID != "":
		return nil, badImage("IMG.0052", "The image %s cannot be copied.", of.ID)
	}
	in.MinRAM, in.MaxRAM = of.MinRAM, 0
	return m.begin(r, copyOfImage, in, image{
		MinDisk: of.MinDisk, MaxRAM: of.MaxRAM, KeyID: of.KeyID, OSType: of.OSType, OSVersion: of.OSVersion, SupportARM: of.SupportARM, Firmware: of.Firmware,
		VirtualEnvType: of.VirtualEnvType, OriginalImage: of.ID, DataOrigin: "image," + r.project.Region + "," + of.ID,
	})
}

// showImageJob answers what a job has made; of a data disk's image below its part.
func (m *imsService) showImageJob(r *request) (any, error) {
	answer, err := m.showJob(m.jobs)(r)
	if err != nil {
		return nil, err
	}
	view, j := answer.(map[string]any), m.Sandbox.jobs.get(r.project.ID, r.PathValue("job_id"))
	if !j.Done || j.Fail != nil {
		return view, nil
	}
	made := map[string]any{"image_id": j.text("image_id"), "image_name": j.text("image_name")}
	view["entities"] = made
	if j.Type == dataImageOfVolume {
		part := j.ID[:31] + "0"
		view["entities"] = map[string]any{
			"sub_jobs_list": []any{part},
			"sub_jobs_result": []any{map[string]any{
				"status": "SUCCESS", "job_id": part, "job_type": j.Type, "begin_time": view["begin_time"], "end_time": view["end_time"],
				"error_code": nil, "fail_reason": nil, "entities": made,
			}},
		}
	}
	return view, nil
}

func (m *imsService) showImageQuota(r *request) (any, error) {
	return map[string]any{"quotas": map[string]any{"resources": []any{map[string]any{
		"type": "image", "used": m.images.count(r.project.ID), "quota": m.quota("image"), "min": 0, "max": 1000,
	}}}}, nil
}
