package sandbox

import (
	"cmp"
	"net/http"
	"slices"
	"unicode/utf8"
)

// imageFromVolume is how a volume becomes an image.
type imageFromVolume struct {
	Name            string `json:"image_name"`
	DiskFormat      string `json:"disk_format"`
	ContainerFormat string `json:"container_format"`
	Visibility      string `json:"visibility"`
	Protected       yesNo  `json:"protected"`
	Force           yesNo  `json:"force"` // ignored, unless the operator allows it
}

// uploadImage makes an image of a volume, which is busy meanwhile.
func (c *cinderService) uploadImage(r *request, v *osVolume) (any, error) {
	in := imageFromVolume{DiskFormat: "raw", ContainerFormat: "bare"}
	if _, err := read(r, "os-volume_upload_image", &in, "image_name"); err != nil {
		return nil, err
	}
	formats, visibilities := []string{"raw", "vmdk", "vdi", "qcow2", "vhd", "vhdx", "ploop"}, imageFields["visibility"].words
	switch {
	case in.Name == "":
		return nil, badCinderField("image_name", in.Name, "'' is too short")
	case utf8.RuneCountInString(in.Name) > 255:
		return nil, badCinderField("image_name", in.Name, "'%s' is too long", in.Name)
	case !slices.Contains(formats, in.DiskFormat):
		return nil, badCinderField("disk_format", in.DiskFormat, "'%s' is not one of [%s]", in.DiskFormat, quoted(formats))
	case in.Visibility != "" && !slices.Contains(visibilities, in.Visibility):
		return nil, badCinderField("visibility", in.Visibility, "'%s' is not one of [%s]", in.Visibility, quoted(visibilities))
	case in.Visibility == "public" && !r.admin():
		return nil, disallowed("volume_extension:volume_actions:upload_public")
	case v.Status != "available":
		return nil, badCinder("Invalid volume: Volume %s status must be available", v.ID)
	}
	standard := "shared"
	if r.since(1) {
		standard = "private"
	}
	i := c.glance.images.add(v.ProjectID, &osImage{
		Name: &in.Name, Status: statusQueued, Visibility: cmp.Or(in.Visibility, standard), Protected: bool(in.Protected),
		DiskFormat: in.DiskFormat, ContainerFormat: in.ContainerFormat, Properties: map[string]string{},
	})
	c.busy(v, "uploading")
	c.startJob(v.ProjectID, "os_uploadVolume", map[string]any{"volume": v.ID, "image": i.ID})
	return withStatus{http.StatusAccepted, map[string]any{"os-volume_upload_image": map[string]any{
		"id": v.ID, "status": v.Status, "size": v.Size, "updated_at": v.UpdatedAt.Format(cinderTime), "display_description": v.Description,
		"volume_type": map[string]any{"id": v.TypeID, "name": c.typeName(v)},
		"image_id":    i.ID, "image_name": in.Name, "disk_format": i.DiskFormat, "container_format": i.ContainerFormat,
		"visibility": i.Visibility, "protected": i.Protected,
	}}}, nil
}

// endUpload gives the image a content that is as large as the volume's, of which there is none here.
func (c *cinderService) endUpload(j *job) error {
	v, i := c.volumes.get("", j.text("volume")), c.glance.images.get("", j.text("image"))
	if c.idle(v, "uploading") && i != nil && j.Fail == nil {
		i.Data, i.Size, i.Status = []byte("volume "+v.ID), v.Size<<30, statusActive
		c.glance.images.touch(i)
	}
	return nil
}
