package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// cinderQoS is a set of limits for the volumes of the types that it is associated with.
type cinderQoS struct {
	meta
	Name     string            `json:"name"`
	Consumer string            `json:"consumer"` // front-end, back-end, both
	Specs    map[string]string `json:"specs"`
}

func (c *cinderService) qosRoutes() []route {
	const all = "/v3/{project_id}/qos-specs"
	const policy = "volume_extension:qos_specs_manage:"
	return []route{
		{"POST " + all, 200, byAdmin(policy+"create", c.createQoS)},
		{"GET " + all, 200, byAdmin(policy+"get_all", c.listQoS)},
		{"GET " + all + "/{id}", 200, byAdmin(policy+"get", c.showQoS)},
		{"PUT " + all + "/{id}", 200, byAdmin(policy+"update", c.updateQoS)},
		{"DELETE " + all + "/{id}", 202, byAdmin(policy+"delete", c.deleteQoS)},
		{"PUT " + all + "/{id}/delete_keys", 202, byAdmin(policy+"update", c.deleteQoSKeys)},
		{"GET " + all + "/{id}/associations", 200, byAdmin(policy+"get_all", c.qosAssociations)},
		{"GET " + all + "/{id}/associate", 202, byAdmin(policy+"update", c.associateQoS)},
		{"GET " + all + "/{id}/disassociate", 202, byAdmin(policy+"update", c.disassociateQoS)},
		{"GET " + all + "/{id}/disassociate_all", 202, byAdmin(policy+"update", c.disassociateAll)},
	}
}

func (c *cinderService) qos(r *request) (*cinderQoS, error) {
	q := c.specs.get("", r.PathValue("id"))
	if q == nil {
		return nil, refuse(http.StatusNotFound, "", "No such QoS spec %s.", r.PathValue("id"))
	}
	return q, nil
}

func qosView(q *cinderQoS) any {
	return map[string]any{"id": q.ID, "name": q.Name, "consumer": q.Consumer, "specs": q.Specs}
}

func (c *cinderService) oneQoS(r *request, q *cinderQoS) any {
	return map[string]any{"qos_specs": qosView(q), "links": c.links(r, "/qos-specs/"+q.ID)}
}

// readQoS are the keys and values that a request has for a set of limits. All values are texts.
func readQoS(r *request, required ...string) (map[string]string, error) {
	raw := map[string]any{}
	if _, err := read(r, "qos_specs", &raw, required...); err != nil {
		return nil, err
	}
	in := map[string]string{}
	for key, value := range raw {
		text, ok := value.(string)
		if !ok {
			return nil, badCinder("Invalid input received: Value for key \"%s\" is not a string or unicode", key)
		}
		in[key] = text
	}
	if consumer, ok := in["consumer"]; ok && !slices.Contains([]string{"front-end", "back-end", "both"}, consumer) {
		return nil, badCinder("Invalid qos specs: Valid consumer of QoS specs are: ('back-end', 'front-end', 'both')")
	}
	return in, checkMetadata("qos_specs", in)
}

func (c *cinderService) createQoS(r *request) (any, error) {
	in, err := readQoS(r, "name")
	if err != nil {
		return nil, err
	}
	name := strings.TrimSpace(in["name"])
	switch {
	case name == "":
		return nil, badCinder("An invalid 'name' value was provided. The 'name' can not be None.")
	case c.specs.first("", func(q *cinderQoS) bool { return q.Name == name }) != nil:
		return nil, refuse(http.StatusConflict, "", "QoS Specs %s already exists.", name)
	}
	q := &cinderQoS{Name: name, Consumer: "back-end", Specs: in}
	if in["consumer"] != "" {
		q.Consumer = in["consumer"]
	}
	delete(in, "name")
	delete(in, "consumer")
	return c.oneQoS(r, c.specs.add("", q)), nil
}

func (c *cinderService) listQoS(r *request) (any, error) {
	shown, next, err := page(r, c.specs.list(""), map[string]func(a, b *cinderQoS) int{
		"id":   func(a, b *cinderQoS) int { return strings.Compare(a.ID, b.ID) },
		"name": func(a, b *cinderQoS) int { return strings.Compare(a.Name, b.Name) },
	}, "Qos specs")
	if err != nil {
		return nil, err
	}
	return paged("qos_specs", views(shown, qosView), next), nil
}

func (c *cinderService) showQoS(r *request) (any, error) {
	q, err := c.qos(r)
	if err != nil {
		return nil, err
	}
	return c.oneQoS(r, q), nil
}

func (c *cinderService) updateQoS(r *request) (any, error) {
	in, err := readQoS(r)
	if err != nil {
		return nil, err
	}
	q, err := c.qos(r)
	if err != nil {
		return nil, err
	}
	for key, value := range in { // a name is a key like others here
		if key == "consumer" {
			q.Consumer = value
		} else {
			q.Specs[key] = value
		}
	}
	c.specs.touch(q)
	return map[string]any{"qos_specs": in}, nil
}

func (c *cinderService) deleteQoSKeys(r *request) (any, error) {
	var in struct {
		Keys []string `json:"keys"`
	}
	if json.Unmarshal(r.body, &in) != nil || in.Keys == nil {
		return nil, badCinder("'keys' is a required property")
	}
	q, err := c.qos(r)
	if err != nil {
		return nil, err
	}
	for _, key := range in.Keys {
		if _, ok := q.Specs[key]; !ok {
			return nil, refuse(http.StatusNotFound, "", "QoS spec %s has no spec with key %s.", q.ID, key)
		}
		delete(q.Specs, key)
	}
	return nil, nil
}

// associated are the types of a set of limits.
func (c *cinderService) associated(q *cinderQoS) []*cinderType {
	return c.types.where("", func(t *cinderType) bool { return t.QoSID == q.ID })
}

func (c *cinderService) deleteQoS(r *request) (any, error) {
	q, err := c.qos(r)
	if err != nil {
		return nil, err
	}
	types := c.associated(q)
	if len(types) > 0 && !strings.EqualFold(r.query.Get("force"), "true") {
		return nil, badCinder("Qos specs still in use.")
	}
	for _, t := range types {
		t.QoSID = ""
	}
	c.specs.remove(q.ID)
	return nil, nil
}

func (c *cinderService) qosAssociations(r *request) (any, error) {
	q, err := c.qos(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"qos_associations": views(c.associated(q), func(t *cinderType) any {
		return map[string]any{"association_type": "volume_type", "name": t.Name, "id": t.ID}
	})}, nil
}

// qosAndType are what a request associates.
func (c *cinderService) qosAndType(r *request) (*cinderQoS, *cinderType, error) {
	id := r.query.Get("vol_type_id")
	if len(r.body) > 0 { // a GET takes none
		return nil, nil, badCinder("The server could not comply with the request since it is either malformed or otherwise incorrect.")
	}
	if id == "" {
		return nil, nil, badCinder("Volume Type id must not be None.")
	}
	q, err := c.qos(r)
	if err != nil {
		return nil, nil, err
	}
	t := c.types.get("", id)
	if t == nil {
		return nil, nil, missingCinder("Volume type", id)
	}
	return q, t, nil
}

func (c *cinderService) associateQoS(r *request) (any, error) {
	q, t, err := c.qosAndType(r)
	if err != nil {
		return nil, err
	}
	if t.QoSID != "" && t.QoSID != q.ID {
		return nil, badCinder("Invalid volume type: Type %s is already associated with another qos specs: %s", t.ID, t.QoSID)
	}
	t.QoSID = q.ID
	return nil, nil
}

func (c *cinderService) disassociateQoS(r *request) (any, error) {
	_, t, err := c.qosAndType(r)
	if err != nil {
		return nil, err
	}
	t.QoSID = ""
	return nil, nil
}

func (c *cinderService) disassociateAll(r *request) (any, error) {
	q, err := c.qos(r)
	if err != nil {
		return nil, err
	}
	for _, t := range c.associated(q) {
		t.QoSID = ""
	}
	return nil, nil
}
