package sandbox

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// cinderType is a sort of volumes that administrators offer.
type cinderType struct {
	meta
	Name        string            `json:"name"`
	Description *string           `json:"description"`
	Public      bool              `json:"is_public"`
	Projects    []string          `json:"projects"` // those that may use it if it is not public
	ExtraSpecs  map[string]string `json:"extra_specs"`
	QoSID       string            `json:"qos_specs_id,omitempty"`
	Encryption  *osEncryption     `json:"encryption,omitempty"`
}

// osEncryption says how the volumes of a type are encrypted.
type osEncryption struct {
	ID       string  `json:"encryption_id"`
	Provider string  `json:"provider"`
	Cipher   *string `json:"cipher"`
	KeySize  *int    `json:"key_size"`
	Control  string  `json:"control_location"`
}

func (c *cinderService) typeRoutes() []route {
	const all = "/v3/{project_id}/types"
	const one = all + "/{id}"
	const specs = "volume_extension:types_extra_specs:"
	const secret = "volume_extension:volume_type_encryption:"
	return []route{
		{"POST " + all, 200, byAdmin("volume_extension:type_create", c.createType)},
		{"GET " + all, 200, c.listTypes},
		{"GET " + all + "/default", 200, c.showDefaultType},
		{"GET " + one, 200, c.showType},
		{"PUT " + one, 200, byAdmin("volume_extension:type_update", c.updateType)},
		{"DELETE " + one, 202, byAdmin("volume_extension:type_delete", c.deleteType)},
		{"POST " + one + "/action", 202, c.typeAction},
		{"GET " + one + "/os-volume-type-access", 200, byAdmin("volume_extension:volume_type_access:get_all_for_type", c.listAccess)},
		{"GET " + one + "/extra_specs", 200, c.showExtraSpecs},
		{"POST " + one + "/extra_specs", 200, byAdmin(specs+"create", c.addExtraSpecs)},
		{"GET " + one + "/extra_specs/{key}", 200, byAdmin(specs+"show", c.showExtraSpec)},
		{"PUT " + one + "/extra_specs/{key}", 200, byAdmin(specs+"update", c.putExtraSpec)},
		{"DELETE " + one + "/extra_specs/{key}", 202, byAdmin(specs+"delete", c.removeExtraSpec)},
		{"GET " + one + "/encryption", 200, byAdmin(secret+"get", c.showEncryption)},
		{"POST " + one + "/encryption", 200, byAdmin(secret+"create", c.createEncryption)},
		{"PUT " + one + "/encryption/{encryption}", 200, byAdmin(secret+"update", c.updateEncryption)},
		{"DELETE " + one + "/encryption/{encryption}", 202, byAdmin(secret+"delete", c.deleteEncryption)},
	}
}

// sees says whether a project may use a type.
func (t *cinderType) sees(r *request) bool {
	return t.Public || r.admin() || slices.Contains(t.Projects, r.project.ID)
}

// findType is the type that a request names by id or name. Administrators too can use only what their project may.
func (c *cinderService) findType(r *request, named string) (*cinderType, error) {
	t := c.types.get("", named)
	if t == nil {
		t = c.types.first("", func(t *cinderType) bool { return t.Name == named })
	}
	switch {
	case t == nil && cinderUUID.MatchString(named):
		return nil, missingCinder("Volume type", named)
	case t == nil:
		return nil, missingCinder("Volume type with name", named)
	case !t.sees(r):
		return nil, missingCinder("Volume type", t.ID)
	}
	return t, nil
}

func (c *cinderService) typeName(v *osVolume) string {
	if t := c.types.get("", v.TypeID); t != nil {
		return t.Name
	}
	return ""
}

// pathType is the type of the request's path.
func (c *cinderService) pathType(r *request) (*cinderType, error) {
	t := c.types.get("", r.PathValue("id"))
	if t == nil || !t.sees(r) {
		return nil, missingCinder("Volume type", r.PathValue("id"))
	}
	return t, nil
}

// specsFor are the extra specs that who asks may see.
func (t *cinderType) specsFor(r *request) map[string]string {
	if r.admin() {
		return t.ExtraSpecs
	}
	out := map[string]string{}
	for _, key := range []string{"RESKEY:availability_zones", "multiattach", "replication_enabled"} {
		if value, ok := t.ExtraSpecs[key]; ok {
			out[key] = value
		}
	}
	return out
}

func typeView(r *request) func(*cinderType) map[string]any {
	return func(t *cinderType) map[string]any {
		out := map[string]any{
			"id":                              t.ID,
			"name":                            t.Name,
			"is_public":                       t.Public,
			"description":                     t.Description,
			"extra_specs":                     t.specsFor(r),
			"os-volume-type-access:is_public": t.Public,
		}
		if r.admin() {
			out["qos_specs_id"] = orNull(t.QoSID)
		}
		return out
	}
}

// typeInput is what create and update say of a type.
type typeInput struct {
	Name        *string           `json:"name"`
	Description *string           `json:"description"`
	Public      *yesNo            `json:"os-volume-type-access:is_public"`
	IsPublic    *yesNo            `json:"is_public"`
	ExtraSpecs  map[string]string `json:"extra_specs"`
}

// check refuses what a type cannot be.
func (in *typeInput) check() error {
	if in.Name != nil && strings.TrimSpace(*in.Name) == "" {
		return badCinderField("name", *in.Name, "'%s' is too short", *in.Name)
	}
	for _, err := range []error{checkText("name", in.Name), checkText("description", in.Description), checkMetadata("extra_specs", in.ExtraSpecs)} {
		if err != nil {
			return err
		}
	}
	return nil
}

func typeExists(name string) error {
	return refuse(http.StatusConflict, "", "Volume Type %s already exists.", name)
}

func (c *cinderService) typeNamed(name string) *cinderType {
	return c.types.first("", func(t *cinderType) bool { return t.Name == name })
}

func (c *cinderService) createType(r *request) (any, error) {
	var in typeInput
	if _, err := read(r, "volume_type", &in, "name"); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	if c.typeNamed(text(in.Name)) != nil {
		return nil, typeExists(*in.Name)
	}
	t := &cinderType{Name: text(in.Name), Description: in.Description, Public: in.Public == nil || bool(*in.Public), ExtraSpecs: map[string]string{}}
	maps.Copy(t.ExtraSpecs, in.ExtraSpecs)
	c.types.add("", t)
	out := typeView(r)(t)
	delete(out, "qos_specs_id")
	return map[string]any{"volume_type": out}, nil
}

func (c *cinderService) updateType(r *request) (any, error) {
	var in typeInput
	if _, err := read(r, "volume_type", &in); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	if in.Name == nil && in.Description == nil && in.IsPublic == nil {
		return nil, badCinder("Specify volume type name, description, is_public or a combination thereof.")
	}
	t, err := c.pathType(r)
	if err != nil {
		return nil, err
	}
	if other := c.typeNamed(text(in.Name)); other != nil && other != t {
		return nil, typeExists(*in.Name)
	}
	if in.Name != nil {
		t.Name = *in.Name
	}
	if in.Description != nil {
		t.Description = in.Description
	}
	if in.IsPublic != nil {
		t.Public = bool(*in.IsPublic)
	}
	c.types.touch(t)
	out := typeView(r)(t)
	delete(out, "qos_specs_id")
	delete(out, "os-volume-type-access:is_public")
	return map[string]any{"volume_type": out}, nil
}

func (c *cinderService) listTypes(r *request) (any, error) {
	if err := filters(r, "is_public", "extra_specs"); err != nil {
		return nil, err
	}
	specs, err := asked(r.query.Get("extra_specs"))
	if err != nil {
		return nil, err
	}
	public := strings.ToLower(r.query.Get("is_public"))
	found := slices.DeleteFunc(c.types.list(""), func(t *cinderType) bool {
		if !has(t.ExtraSpecs, specs) {
			return true
		}
		if !r.admin() { // what a member asks by is passed over
			return !t.sees(r)
		}
		switch public {
		case "none":
			return false
		case "false", "0":
			return t.Public
		}
		return !t.Public
	})
	shown, next, err := page(r, found, map[string]func(a, b *cinderType) int{
		"id":   func(a, b *cinderType) int { return strings.Compare(a.ID, b.ID) },
		"name": func(a, b *cinderType) int { return strings.Compare(a.Name, b.Name) },
	}, "Volume type")
	if err != nil {
		return nil, err
	}
	out := map[string]any{"volume_types": views(shown, typeView(r))}
	if next != "" {
		out["volume_type_links"] = []any{map[string]any{"rel": "next", "href": next}}
	}
	return out, nil
}

func (c *cinderService) showType(r *request) (any, error) {
	t, err := c.pathType(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"volume_type": typeView(r)(t)}, nil
}

func (c *cinderService) showDefaultType(r *request) (any, error) {
	out := typeView(r)(c.types.get("", cinderDefaultType))
	delete(out, "os-volume-type-access:is_public")
	return map[string]any{"volume_type": out}, nil
}

func (c *cinderService) deleteType(r *request) (any, error) {
	t, err := c.pathType(r)
	if err != nil {
		return nil, err
	}
	switch {
	case t.ID == cinderDefaultType:
		return nil, badCinder("Volume type %s is default volume type and cannot be deleted.", t.ID)
	case c.volumes.first("", func(v *osVolume) bool { return v.TypeID == t.ID }) != nil:
		return nil, badCinder("Target volume type is still in use.")
	}
	c.types.remove(t.ID)
	return nil, nil
}

// typeAction gives a project access to a type, or takes it away.
func (c *cinderService) typeAction(r *request) (any, error) {
	var body map[string]json.RawMessage
	if json.Unmarshal(r.body, &body) != nil || len(body) != 1 {
		return nil, badCinder("The server could not comply with the request since it is either malformed or otherwise incorrect.")
	}
	word := ""
	for word = range body {
		break
	}
	if word != "addProjectAccess" && word != "removeProjectAccess" {
		return nil, badCinder("There is no such action: %s. Verify the request body and Content-Type header and try again.", word)
	}
	if !r.admin() {
		return nil, disallowed("volume_extension:volume_type_access:" + word)
	}
	var in struct {
		Project string `json:"project"`
	}
	if _, err := read(r, word, &in, "project"); err != nil {
		return nil, err
	}
	if !cinderUUID.MatchString(in.Project) {
		return nil, badCinderField("project", in.Project, "'%s' is not a 'uuid'", in.Project)
	}
	t, err := c.pathType(r)
	if err != nil {
		return nil, err
	}
	at := slices.Index(t.Projects, in.Project)
	switch {
	case t.Public:
		return nil, badCinder("Invalid volume type: Type access modification is not applicable to public volume type.")
	case word == "addProjectAccess" && at >= 0:
		return nil, refuse(http.StatusConflict, "", "Volume type access for %s / %s combination already exists.", t.ID, in.Project)
	case word == "removeProjectAccess" && at < 0:
		return nil, refuse(http.StatusNotFound, "", "Volume type access not found for %s / %s combination.", t.ID, in.Project)
	case word == "addProjectAccess":
		t.Projects = append(t.Projects, in.Project)
	default:
		t.Projects = slices.Delete(t.Projects, at, at+1)
	}
	return nil, nil
}

func (c *cinderService) listAccess(r *request) (any, error) {
	t, err := c.pathType(r)
	if err != nil {
		return nil, err
	}
	if t.Public {
		return nil, refuse(http.StatusNotFound, "", "Access list not available for public volume types.")
	}
	list := []any{}
	for _, project := range t.Projects {
		list = append(list, map[string]any{"volume_type_id": t.ID, "project_id": project})
	}
	return map[string]any{"volume_type_access": list}, nil
}

func (c *cinderService) showExtraSpecs(r *request) (any, error) {
	t, err := c.pathType(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"extra_specs": t.specsFor(r)}, nil
}

func (c *cinderService) addExtraSpecs(r *request) (any, error) {
	t, err := c.pathType(r)
	if err != nil {
		return nil, err
	}
	in := map[string]string{}
	if _, err := read(r, "extra_specs", &in); err != nil {
		return nil, err
	}
	if err := checkMetadata("extra_specs", in); err != nil {
		return nil, err
	}
	maps.Copy(t.ExtraSpecs, in)
	return map[string]any{"extra_specs": in}, nil
}

func (c *cinderService) extraSpec(r *request) (*cinderType, string, error) {
	t, err := c.pathType(r)
	if err != nil {
		return nil, "", err
	}
	key := r.PathValue("key")
	if _, ok := t.ExtraSpecs[key]; !ok {
		return nil, "", refuse(http.StatusNotFound, "", "Volume Type %s has no extra specs with key %s.", t.ID, key)
	}
	return t, key, nil
}

func (c *cinderService) showExtraSpec(r *request) (any, error) {
	t, key, err := c.extraSpec(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{key: t.ExtraSpecs[key]}, nil
}

func (c *cinderService) putExtraSpec(r *request) (any, error) {
	t, err := c.pathType(r)
	if err != nil {
		return nil, err
	}
	in := map[string]string{}
	if json.Unmarshal(r.body, &in) != nil {
		return nil, badCinder("The server could not comply with the request since it is either malformed or otherwise incorrect.")
	}
	key := r.PathValue("key")
	if _, ok := in[key]; !ok || len(in) != 1 {
		return nil, badCinder("Request body and URI mismatch")
	}
	if err := checkMetadata("extra_specs", in); err != nil {
		return nil, err
	}
	t.ExtraSpecs[key] = in[key]
	return in, nil
}

func (c *cinderService) removeExtraSpec(r *request) (any, error) {
	t, key, err := c.extraSpec(r)
	if err != nil {
		return nil, err
	}
	delete(t.ExtraSpecs, key)
	return nil, nil
}

func (c *cinderService) showEncryption(r *request) (any, error) {
	t, err := c.pathType(r)
	if err != nil || t.Encryption == nil {
		return map[string]any{}, err
	}
	return map[string]any{
		"created_at":       when(t.CreatedAt),
		"updated_at":       changed(&t.meta),
		"deleted_at":       nil,
		"deleted":          false,
		"encryption_id":    t.Encryption.ID,
		"cipher":           t.Encryption.Cipher,
		"key_size":         t.Encryption.KeySize,
		"provider":         t.Encryption.Provider,
		"control_location": t.Encryption.Control,
		"volume_type_id":   t.ID,
	}, nil
}

// encryptionInput is what create and update say of an encryption.
type encryptionInput struct {
	Provider *string `json:"provider"`
	Cipher   *string `json:"cipher"`
	KeySize  *whole  `json:"key_size"`
	Control  *string `json:"control_location"`
}

func (in *encryptionInput) check() error {
	switch {
	case in.Control != nil && *in.Control != "front-end" && *in.Control != "back-end":
		return badCinderField("control_location", *in.Control, "'%s' is not one of ['front-end', 'back-end']", *in.Control)
	case in.KeySize != nil && *in.KeySize < 0:
		return badCinderField("key_size", *in.KeySize, "%d is less than the minimum of 0", *in.KeySize)
	case in.Provider != nil && *in.Provider == "":
		return badCinderField("provider", "", "'' is too short")
	}
	return checkText("cipher", in.Cipher)
}

func (c *cinderService) createEncryption(r *request) (any, error) {
	t, err := c.pathType(r)
	if err != nil {
		return nil, err
	}
	var in encryptionInput
	fields, err := read(r, "encryption", &in, "provider", "control_location")
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	if t.Encryption != nil {
		return nil, badCinder("Volume type encryption for type %s already exists.", t.ID)
	}
	if c.inUse(t) {
		return nil, badCinder("Cannot create encryption specs. Volume type in use.")
	}
	t.Encryption = &osEncryption{ID: c.ids.uuid(), Provider: text(in.Provider), Cipher: in.Cipher, Control: text(in.Control)}
	if in.KeySize != nil {
		size := int(*in.KeySize)
		t.Encryption.KeySize = &size
	}
	out := map[string]any{"volume_type_id": t.ID, "encryption_id": t.Encryption.ID}
	for name, value := range fields {
		out[name] = value
	}
	return map[string]any{"encryption": out}, nil
}

// inUse says whether a type has volumes: its encryption cannot change then.
func (c *cinderService) inUse(t *cinderType) bool {
	return c.volumes.first("", func(v *osVolume) bool { return v.TypeID == t.ID }) != nil
}

// encrypted is the type of the path, which has an encryption; its id is not looked at.
func (c *cinderService) encrypted(r *request) (*cinderType, error) {
	t, err := c.pathType(r)
	if err != nil {
		return nil, err
	}
	if t.Encryption == nil {
		return nil, refuse(http.StatusNotFound, "", "Volume type encryption for type %s does not exist.", t.ID)
	}
	return t, nil
}

func (c *cinderService) updateEncryption(r *request) (any, error) {
	var in encryptionInput
	fields, err := read(r, "encryption", &in)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	t, err := c.encrypted(r)
	if err != nil {
		return nil, err
	}
	if c.inUse(t) {
		return nil, badCinder("Cannot update encryption specs. Volume type in use.")
	}
	e := t.Encryption
	for name := range fields {
		switch name {
		case "provider":
			e.Provider = text(in.Provider)
		case "cipher":
			e.Cipher = in.Cipher
		case "control_location":
			e.Control = text(in.Control)
		case "key_size":
			e.KeySize = nil
			if in.KeySize != nil {
				size := int(*in.KeySize)
				e.KeySize = &size
			}
		}
	}
	return map[string]any{"encryption": fields}, nil
}

func (c *cinderService) deleteEncryption(r *request) (any, error) {
	t, err := c.encrypted(r)
	if err != nil {
		return nil, err
	}
	if c.inUse(t) {
		return nil, badCinder("Cannot delete encryption specs. Volume type in use.")
	}
	t.Encryption = nil
	return nil, nil
}
