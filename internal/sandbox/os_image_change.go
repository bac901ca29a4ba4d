package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// imageField is what a field of an image may be.
type imageField struct {
	types []string // as JSON Schema names them
	most  int      // characters
	words []string // "" stands for null
}

// imageFields are those that clients write. Any other name is a property, which is a text.
var imageFields = map[string]imageField{
	"id":               {types: []string{"string"}},
	"name":             {types: []string{"null", "string"}, most: 255},
	"owner":            {types: []string{"null", "string"}, most: 255},
	"visibility":       {types: []string{"string"}, words: []string{"community", "public", "private", "shared"}},
	"disk_format":      {types: []string{"null", "string"}, words: []string{"", "ami", "ari", "aki", "vhd", "vhdx", "vmdk", "raw", "qcow2", "vdi", "iso", "ploop"}},
	"container_format": {types: []string{"null", "string"}, words: []string{"", "ami", "ari", "aki", "bare", "ovf", "ova", "docker", "compressed"}},
	"min_disk":         {types: []string{"integer"}},
	"min_ram":          {types: []string{"integer"}},
	"protected":        {types: []string{"boolean"}},
	"os_hidden":        {types: []string{"boolean"}},
	"tags":             {types: []string{"array"}, most: 255},
}

var (
	readOnlyFields = []string{"created_at", "updated_at", "status", "checksum", "size", "virtual_size", "direct_url", "self", "file", "schema", "stores"}
	reservedFields = []string{"location", "locations", "deleted_at"}
	glanceID       = pattern.New(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)
)

// Longer ones make the real service fail.
const (
	longestName     = 255   // of a property, in characters
	longestProperty = 65535 // its value, in bytes
)

// jsonType is what JSON Schema calls the type of a value.
func jsonType(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "boolean"
	case []any:
		return "array"
	case float64:
		if value == float64(int64(value)) {
			return "integer"
		}
		return "number"
	}
	return "object"
}

// shown is a value as a message of the service has it.
func shown(value any) string {
	switch value := value.(type) {
	case nil:
		return "None"
	case string:
		return "'" + value + "'"
	case bool:
		return map[bool]string{true: "True", false: "False"}[value]
	}
	text, _ := json.Marshal(value) // it came as JSON
	return string(text)
}

func quoted(words []string) string {
	list := make([]string, len(words))
	for i, word := range words {
		list[i] = shown(word)
		if word == "" {
			list[i] = "None"
		}
	}
	return strings.Join(list, ", ")
}

func badSchema(format string, args ...any) error {
	return refuse(http.StatusBadRequest, "", "Provided object does not match schema 'image': "+format, args...)
}

// checkImageField refuses a value that a field, or a property, cannot have.
func checkImageField(name string, value any) error {
	field, known := imageFields[name]
	if !known {
		field = imageField{types: []string{"string"}}
	}
	if !slices.Contains(field.types, jsonType(value)) {
		return badSchema("%s is not of type %s", shown(value), quoted(field.types))
	}
	texts := []any{value}
	if list, ok := value.([]any); ok {
		texts = list
	}
	for _, item := range texts {
		text, isText := item.(string)
		switch {
		case name == "tags" && !isText:
			return badSchema("%s is not of type 'string'", shown(item))
		case field.most > 0 && utf8.RuneCountInString(text) > field.most:
			return badSchema("%s is too long", shown(item))
		case field.words != nil && (!slices.Contains(field.words, text) || isText && text == ""):
			return badSchema("%s is not one of [%s]", shown(item), quoted(field.words))
		case name == "id" && !glanceID.MatchString(text):
			return badSchema("%s does not match '^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$'", shown(item))
		}
	}
	return nil
}

// jsonBody is a request's body as JSON values.
func jsonBody(r *request) (body any, err error) {
	if len(r.body) == 0 {
		return nil, refuse(http.StatusBadRequest, "", "Body expected in request.")
	}
	if json.Unmarshal(r.body, &body) != nil {
		return nil, refuse(http.StatusBadRequest, "", "Malformed JSON in request body.")
	}
	if kind := jsonType(body); kind != "object" && kind != "array" {
		return nil, refuse(http.StatusBadRequest, "", "Unexpected body type. Expected list/dict.")
	}
	return body, nil
}

func (g *glanceService) create(r *request) (any, error) {
	body, err := jsonBody(r)
	if err != nil {
		return nil, err
	}
	in, ok := body.(map[string]any)
	if !ok {
		return nil, glanceBroke()
	}
	names := slices.Sorted(maps.Keys(in))
	for _, name := range names {
		if slices.Contains(readOnlyFields, name) {
			return nil, refuse(http.StatusForbidden, "", "Attribute '%s' is read-only.", name)
		}
	}
	for _, name := range names {
		if name == "locations" {
			return nil, refuse(http.StatusForbidden, "", "Attribute 'locations' is reserved.")
		}
		if err := checkImageField(name, in[name]); err != nil {
			return nil, err
		}
	}
	for _, name := range names {
		switch {
		case utf8.RuneCountInString(name) > longestName:
			return nil, refuse(http.StatusBadRequest, "", "Custom property should not be greater than 255 characters.")
		case isReserved(name):
			return nil, refuse(http.StatusForbidden, "", "Access was denied to this resource.\nAttribute '%s' is reserved.", name)
		}
	}
	i := &osImage{Status: statusQueued, Visibility: "shared", Properties: map[string]string{}}
	project := r.project.ID
	if owner, ok := in["owner"].(string); ok && owner != project {
		if !r.admin() {
			return nil, refuse(http.StatusForbidden, "", "You are not permitted to create images owned by '%s'.", owner)
		}
		project = owner
	}
	delete(in, "owner")
	if id, ok := in["id"].(string); ok {
		if g.images.get("", id) != nil {
			return nil, refuse(http.StatusConflict, "", "Image ID %s already exists!", id)
		}
		i.ID = id
	}
	delete(in, "id")
	delete(in, "os_hash_algo") // which is taken, and not kept
	delete(in, "os_hash_value")
	for _, name := range slices.Sorted(maps.Keys(in)) {
		if err := i.set(r, name, in[name]); err != nil {
			return nil, err
		}
	}
	if err := g.fits(i); err != nil {
		return nil, err
	}
	if n := len(g.images.all(project)); g.exceeds("os_image", n+1) {
		return nil, refuse(http.StatusRequestEntityTooLarge, "",
			"Project %s is over a limit for [Resource image_count_total is over limit of %d due to current usage %d and delta 1]", project, g.quota("os_image"), n)
	}
	g.images.add(project, i)
	r.header.Set("Location", r.url("image")+"/v2/images/"+i.ID)
	return i.view(), nil
}

func isReserved(name string) bool {
	return slices.Contains(reservedFields, name) || strings.HasPrefix(name, "os_glance")
}

// set writes a field, or a property, that has been checked.
func (i *osImage) set(r *request, name string, value any) error {
	text, _ := value.(string)
	switch name {
	case "name":
		i.Name = nil
		if value != nil {
			i.Name = &text
		}
	case "visibility":
		if text == "public" && !r.admin() {
			return refuse(http.StatusForbidden, "", "You are not authorized to complete publicize_image action.")
		}
		i.Visibility = text
	case "disk_format", "container_format":
		if i.Status != statusQueued {
			return refuse(http.StatusForbidden, "", "Attribute %s can be only replaced for a queued image.", name)
		}
		*map[string]*string{"disk_format": &i.DiskFormat, "container_format": &i.ContainerFormat}[name] = text
	case "min_disk", "min_ram":
		n := int(value.(float64))
		switch {
		case n < 0:
			return refuse(http.StatusBadRequest, "", "Invalid value '%d' for parameter '%s': Cannot be a negative value", n, name)
		case n > 1<<31-1:
			return refuse(http.StatusBadRequest, "", "'%s' value out of range, must not exceed 2147483647.", name)
		}
		*map[string]*int{"min_disk": &i.MinDisk, "min_ram": &i.MinRAM}[name] = n
	case "protected":
		i.Protected = value.(bool)
	case "os_hidden":
		i.Hidden = value.(bool)
	case "owner":
		i.ProjectID = text
	case "tags":
		i.Tags = nil
		for _, tag := range value.([]any) {
			i.Tags = append(i.Tags, tag.(string))
		}
		slices.Sort(i.Tags)
		i.Tags = slices.Compact(i.Tags)
	default:
		if utf8.RuneCountInString(name) > longestName || len(text) > longestProperty {
			return glanceBroke()
		}
		i.Properties[name] = text
	}
	return nil
}

// fits refuses an image that has more of something than it may.
func (g *glanceService) fits(i *osImage) error {
	for _, o := range []struct {
		name, quota string
		count       int
	}{{"properties", "os_image_property", len(i.Properties)}, {"tags", "os_image_tag", len(i.Tags)}} {
		if g.exceeds(o.quota, o.count) {
			return refuse(http.StatusRequestEntityTooLarge, "",
				"The limit has been exceeded on the number of allowed image %s. Attempted: %d, Maximum: %d", o.name, o.count, g.quota(o.quota))
		}
	}
	return nil
}

// imageChange is one operation of a patch.
type imageChange struct {
	op, name string
	value    any
	strict   bool // what exists is not added
}

// imagePatches are the content types of patches, and how the older one differs: {"replace": "/name", "value": "x"}.
var imagePatches = map[string]bool{
	"application/openstack-images-v2.0-json-patch": true,
	"application/openstack-images-v2.1-json-patch": false,
}

var patchOps = []string{"add", "remove", "replace"}

func (g *glanceService) update(r *request) (any, error) {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	old, known := imagePatches[kind]
	if !known {
		r.header.Set("Accept-Patch", strings.Join(slices.Sorted(maps.Keys(imagePatches)), ", "))
		return nil, wrongMedia(kind)
	}
	body, err := jsonBody(r)
	if err != nil {
		return nil, err
	}
	list, ok := body.([]any)
	if !ok {
		return nil, refuse(http.StatusBadRequest, "", "Request body must be a JSON array of operation objects.")
	}
	var changes []imageChange
	for _, item := range list {
		fields, ok := item.(map[string]any)
		if !ok {
			return nil, refuse(http.StatusBadRequest, "", "Operations must be JSON objects.")
		}
		c, err := readChange(fields, old)
		if err != nil {
			return nil, err
		}
		changes = append(changes, c)
	}
	i := g.image(r, r.PathValue("image_id"))
	if i == nil {
		return nil, noGlanceImage(r.PathValue("image_id"))
	}
	changed := *i
	changed.Properties = maps.Clone(i.Properties)
	for _, c := range changes {
		if err := g.apply(r, &changed, c); err != nil {
			return nil, err
		}
	}
	if len(changes) == 0 {
		return i.view(), nil
	}
	if err := g.fits(&changed); err != nil {
		return nil, err
	}
	*i = changed
	g.images.touch(i)
	return i.view(), nil
}

// readChange is an operation of a patch, if it can be understood.
func readChange(fields map[string]any, old bool) (imageChange, error) {
	c := imageChange{strict: old}
	path := fields["path"]
	if old {
		for _, op := range patchOps {
			if at, ok := fields[op]; ok && c.op != "" {
				return c, refuse(http.StatusBadRequest, "", `Operation objects must contain only one member named "add", "remove", or "replace".`)
			} else if ok {
				c.op, path = op, at
			}
		}
		if c.op == "" {
			return c, refuse(http.StatusBadRequest, "", `Operation objects must contain exactly one member named "add", "remove", or "replace".`)
		}
	} else {
		const among = "It must be one of the following: add, remove, replace."
		op, ok := fields["op"]
		if !ok {
			return c, refuse(http.StatusBadRequest, "", "Unable to find `op` in JSON Schema change. "+among)
		}
		if c.op, _ = op.(string); !slices.Contains(patchOps, c.op) {
			return c, refuse(http.StatusBadRequest, "", "Invalid operation: `%v`. "+among, op)
		}
		if path == nil {
			return c, refuse(http.StatusBadRequest, "", "Unable to find 'path' in JSON Schema change")
		}
	}
	steps, err := pointer(fmt.Sprint(path))
	if err != nil {
		return c, err
	}
	c.name = steps[0]
	if len(steps) > 1 && (c.name != "locations" || c.op == "replace") {
		return c, refuse(http.StatusBadRequest, "", "Invalid JSON pointer for this resource: '/%s'", strings.Join(steps, "/"))
	}
	value, ok := fields["value"]
	switch {
	case c.op != "remove" && !ok:
		return c, refuse(http.StatusBadRequest, "", `Operation "%s" requires a member named "value".`, c.op)
	case slices.Contains(readOnlyFields[:len(readOnlyFields)-1], c.name), c.name == "id", c.name == "os_hash_algo", c.name == "os_hash_value":
		return c, refuse(http.StatusForbidden, "", "Attribute '%s' is read-only.", c.name)
	case c.name != "locations" && isReserved(c.name):
		return c, refuse(http.StatusForbidden, "", "Attribute '%s' is reserved.", c.name)
	case c.op != "remove" && c.name != "locations":
		if err := checkImageField(c.name, value); err != nil {
			return c, err
		}
	}
	c.value = value
	return c, nil
}

var (
	twoSlashes = pattern.New(`/\s*/`)
	badTilde   = pattern.New(`~([^01]|$)`)
)

// pointer is the steps of a JSON pointer.
func pointer(text string) ([]string, error) {
	reason := ""
	switch {
	case !strings.HasPrefix(text, "/"):
		reason = `does not start with "/".`
	case twoSlashes.MatchString(text[1:]):
		reason = `contains adjacent "/".`
	case len(text) > 1 && strings.HasSuffix(text, "/"):
		reason = `end with "/".`
	case badTilde.MatchString(text):
		reason = `contains "~" not part of a recognized escape sequence.`
	}
	if reason != "" {
		return nil, refuse(http.StatusBadRequest, "", "Pointer `%s` %s", text, reason)
	}
	var steps []string
	for step := range strings.SplitSeq(text[1:], "/") {
		steps = append(steps, strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")))
	}
	return steps, nil
}

// apply carries out one operation of a patch.
func (g *glanceService) apply(r *request, i *osImage, c imageChange) error {
	_, own := i.Properties[c.name]
	_, field := imageFields[c.name]
	switch {
	case c.name == "locations" && c.op == "replace" && fmt.Sprint(c.value) == "[]":
		return refuse(http.StatusForbidden, "", "Access was denied to this resource.\nCannot set locations to empty list.")
	case c.name == "locations":
		return refuse(http.StatusForbidden, "", "It's not allowed to %s locations if locations are invisible.", c.op)
	case !g.owns(r, i):
		return notOwner()
	case c.name == "owner" && !r.admin() && c.op == "replace":
		return refuse(http.StatusForbidden, "", "Access was denied to this resource.\nOwner can't be updated by non admin.")
	case c.name == "owner" && !r.admin() && c.op == "add":
		return refuse(http.StatusForbidden, "", "Forbidding request, image %s not visible", i.ID)
	case c.op == "remove" && field:
		return refuse(http.StatusForbidden, "", "Access was denied to this resource.\nProperty %s may not be removed.", c.name)
	case c.op != "add" && !field && !own:
		return refuse(http.StatusConflict, "", "There was a conflict when trying to complete your request.\nProperty %s does not exist.", c.name)
	case c.op == "add" && c.strict && (field || own):
		return refuse(http.StatusConflict, "", "There was a conflict when trying to complete your request.\nProperty %s already present.", c.name)
	case c.op == "remove":
		delete(i.Properties, c.name)
		return nil
	}
	return i.set(r, c.name, c.value)
}
