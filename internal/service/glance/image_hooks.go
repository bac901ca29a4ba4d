package glance

import (
	"context"
	"crypto/md5" //nolint:gosec // the cloud's own sums of contents are MD5
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

var (
	readOp   = object.Op{Method: "GET", Path: images + "/{id}"}
	uploadOp = object.Op{Method: "PUT", Path: images + "/{id}/file", Body: object.Attr("content")}
	patchOp  = object.Op{
		Method: "PATCH", Path: images + "/{id}", Headers: map[string]any{"Content-Type": "application/openstack-images-v2.1-json-patch"},
		Body: []any{object.Body{"op": "", "path": "", "value": ""}},
	}
)

// checksum is the MD5 of the file that a configuration names, none where it names none.
func checksum(config object.Values) (any, error) {
	if config.Null("source") {
		return nil, nil
	}
	sum, _, err := sumOf(config.String("source"))
	return sum, err
}

// sumOf is the MD5 of a file, and its size.
func sumOf(name string) (sum string, size int64, err error) {
	file, err := os.Open(name) //nolint:gosec // the user names it
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = file.Close() }() // it was only read
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return "", 0, errors.Join(err, fmt.Errorf("%s is no file", name))
	}
	hash := md5.New() //nolint:gosec // see above
	size, err = io.Copy(hash, file)
	return hex.EncodeToString(hash.Sum(nil)), size, err
}

// upload gives an image its content, and sees to it that it is the one that was planned. What the cloud has counts, and not
// how the call ended.
func upload(ctx context.Context, call *object.Call) error {
	name := call.Plan.String("source")
	sum, size, err := sumOf(name)
	if err != nil {
		return err
	}
	if planned := call.Plan.String("checksum"); planned != "" && planned != sum {
		return errors.New("the content has changed since it was planned: plan again")
	}
	content := cloud.Content{Size: size, Open: func() (io.ReadCloser, error) { return os.Open(name) }} //nolint:gosec // see above
	_, failure := call.Do(ctx, uploadOp, object.Values{"content": content})
	answer, err := call.Read(ctx)
	if err != nil {
		return errors.Join(failure, err)
	}
	switch there := answer["checksum"]; {
	case there == sum:
		return nil
	case failure != nil:
		return failure
	default:
		return fmt.Errorf("what arrived is not what was sent: its checksum is %v and not %s", there, sum)
	}
}

// patched are the API's names of what a patch changes, but for the properties.
var patched = map[string]string{
	"name": "name", "visibility": "visibility", "protected": "protected", "os_hidden": "os_hidden",
	"min_disk": "min_disk", "min_ram": "min_ram", "tag_names": "tags",
}

// patch changes an image in one call.
func patch(ctx context.Context, call *object.Call) error {
	now, err := call.Read(ctx)
	if err != nil {
		return err
	}
	var items []any
	for _, name := range call.Changed {
		if field, ok := patched[name]; ok {
			value, given := call.Plan.Get(name)
			if !given {
				value = []any{} // only tags have no default
			}
			items = append(items, object.Body{"op": "replace", "path": "/" + field, "value": value})
			continue
		}
		before, after := call.Prior.Map(name), call.Plan.Map(name)
		for _, key := range slices.Sorted(maps.Keys(before)) {
			if _, stays := after[key]; !stays && now[key] != nil {
				items = append(items, object.Body{"op": "remove", "path": pointer(key)})
			}
		}
		for _, key := range slices.Sorted(maps.Keys(after)) {
			if now[key] != after[key] {
				items = append(items, object.Body{"op": "add", "path": pointer(key), "value": after[key]})
			}
		}
	}
	if len(items) == 0 {
		return nil
	}
	op := patchOp
	op.Body = items
	_, err = call.Do(ctx, op, nil)
	return err
}

// pointer is the JSON pointer to a property.
func pointer(key string) string {
	return "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}

// fieldNames are the API's own keys of an image. Every other is a property.
var fieldNames = []string{
	"id", "name", "status", "visibility", "owner", "protected", "os_hidden", "min_disk", "min_ram", "disk_format", "container_format", "tags",
	"size", "virtual_size", "checksum", "os_hash_algo", "os_hash_value", "created_at", "updated_at", "self", "file", "schema", "stores",
	"direct_url", "locations", "location", "deleted", "deleted_at",
}

// addedProperties are those that services set by themselves: this one, the compute and the block storage when an image is made
// of a server or a volume, and clients.
var addedProperties = []string{
	"os_glance_*", "owner_specified.*", "base_image_ref", "bdm_v2", "block_device_mapping", "boot_roles", "image_location", "image_state", "image_type",
	"instance_uuid", "mappings", "owner_id", "owner_project_name", "owner_user_name", "root_device_name", "user_id", "signature_verified",
	"cinder_encryption_key_id", "cinder_encryption_key_deletion_policy",
}

type ownProperties struct {
	Properties map[string]any `json:"properties"`
}

// readProperties picks the properties from among the fields.
func readProperties(answer map[string]any, _ ownProperties) (ownProperties, error) {
	properties := map[string]any{}
	for key, value := range answer {
		if text, ok := value.(string); ok && !slices.Contains(fieldNames, key) {
			properties[key] = text
		}
	}
	return ownProperties{properties}, nil
}
