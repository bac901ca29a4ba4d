package ims

import (
	"context"
	"strings"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

var patchOp = object.Op{
	Method: "PATCH", Path: images + "/{id}", Body: []any{object.Body{"op": "", "path": "", "value": ""}},
}

// properties are the API's names of what can be changed.
var properties = map[string]string{
	"name": "name", "description": "__description", "min_ram": "min_ram", "max_ram": "max_ram", "firmware_type": "hw_firmware_type",
}

// patch changes an image property by property, in one call. A property that the image lacks is added, for to replace it is
// refused.
func patch(ctx context.Context, call *object.Call) error {
	now, err := call.Read(ctx)
	if err != nil {
		return err
	}
	var items []any
	for _, name := range call.Changed {
		property := properties[name]
		value, given := call.Plan.Get(name)
		there := now[property] != nil && now[property] != ""
		item := object.Body{"op": "replace", "path": "/" + property, "value": value}
		switch {
		case !given && !there:
			continue
		case !given:
			item["op"], item["value"] = "remove", ""
		case !there:
			item["op"] = "add"
		}
		items = append(items, item)
	}
	if len(items) == 0 {
		return nil
	}
	op := patchOp
	op.Body = items
	_, err = call.Do(ctx, op, nil)
	return err
}

// origin is what an image is made from.
type origin struct {
	InstanceID    string `json:"instance_id"`
	VolumeID      string `json:"volume_id"`
	ImageURL      string `json:"image_url"`
	BackupID      string `json:"backup_id"`
	SourceImageID string `json:"source_image_id"`
}

type made struct {
	origin
	Architecture string `json:"architecture"`
}

// decodeImage reads from where an image comes: "instance,ID". It never changes, so what the state has of it stays.
func decodeImage(answer struct {
	Origin string `json:"__data_origin"`
	ARM    string `json:"__support_arm"`
}, prior made,
) (made, error) {
	now := prior.origin
	if now == (origin{}) {
		sort, name, _ := strings.Cut(answer.Origin, ",")
		switch sort {
		case "instance":
			now.InstanceID = name
		case "volume":
			now.VolumeID = name
		case "file":
			now.ImageURL = name
		case "server_backup":
			now.BackupID = name
		case "image":
			_, now.SourceImageID, _ = strings.Cut(name, ",") // after the region
		}
	}
	architecture := "x86"
	if answer.ARM == "true" {
		architecture = "arm"
	}
	return made{now, architecture}, nil
}

var sources = []string{"instance_id", "volume_id", "image_url", "backup_id", "source_image_id"}

// oneSource refuses an image of nothing, or of several things.
func oneSource(_, config object.Values, refuse func(string, string, ...any)) {
	first := ""
	for _, name := range sources {
		switch {
		case config.Null(name):
		case first == "":
			first = name
		default:
			refuse(name, "%s is given already: an image is made of one thing.", first)
		}
	}
	if first == "" {
		refuse("instance_id", "One of %s must be given.", strings.Join(sources, ", "))
	}
	if config.Has("vault_id") && config.Null("instance_id") {
		refuse("vault_id", "It is for an image of all disks of a server: instance_id.")
	}
	if config.Has("delete_backup") && config.Null("vault_id") && config.Null("backup_id") {
		refuse("delete_backup", "Only an image of all disks of a server has a backup.")
	}
}

// fitsFile refuses what belongs to a file elsewhere, and a file without it.
func fitsFile(_, config object.Values, refuse func(string, string, ...any)) {
	if config.Has("image_url") {
		if config.Null("min_disk") {
			refuse("image_url", "It needs min_disk.")
		}
		if config.Bool("is_quick_import") && config.Null("os_version") {
			refuse("is_quick_import", "It needs os_version.")
		}
		return
	}
	for _, name := range []string{"min_disk", "is_config", "is_quick_import"} {
		if config.Has(name) {
			refuse(name, "It is for an image out of a file: image_url.")
		}
	}
}

// fitsDisk refuses what does not fit the kind of disks.
func fitsDisk(_, config object.Values, refuse func(string, string, ...any)) {
	sort, known := config.Get("type")
	if !known && config.Has("type") {
		return
	}
	data := sort == dataImage
	if size, ok := config.Int("min_disk"); ok && !data && size > 1024 {
		refuse("min_disk", "The system disk of a server has at most 1024 GB.")
	}
	switch {
	case data && config.Null("volume_id") && config.Null("image_url"):
		refuse("type", "A DataImage is made of a volume or a file.")
	case known && !data && config.Null("image_url") && sort != "ECS":
		refuse("type", "An image of type %s is made of a file.", sort)
	case !data && config.Has("volume_id") && config.Null("os_version"):
		refuse("volume_id", "An image for system disks out of a volume needs os_version.")
	}
	if system, ok := config.Get("os_type"); config.Has("os_type") && (!data || config.Null("image_url")) || ok && system == "Other" {
		refuse("os_type", "It is for a DataImage out of a file, Linux or Windows.")
	}
	if data {
		for _, name := range []string{"os_version", "architecture", "is_config", "is_quick_import"} {
			if config.Has(name) {
				refuse(name, "A DataImage has none.")
			}
		}
	}
}

// fitsSource refuses what an image has from its source.
func fitsSource(_, config object.Values, refuse func(string, string, ...any)) {
	if config.Has("kms_key_id") && config.Null("image_url") && config.Null("source_image_id") {
		refuse("kms_key_id", "It is for an image out of a file, or of another image.")
	}
	for _, name := range []string{"os_version", "architecture"} {
		if config.Has(name) && config.Null("image_url") && config.Null("volume_id") {
			refuse(name, "It is for an image out of a volume or a file.")
		}
	}
}
