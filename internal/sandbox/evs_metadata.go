package sandbox

import (
	"maps"
	"net/http"
	"strconv"
	"strings"
)

func (e *evsService) metadataRoutes() []route {
	return []route{
		{"GET /v2/{project_id}/volumes/{id}/metadata", 200, e.showMetadata},
		{"POST /v2/{project_id}/volumes/{id}/metadata", 200, e.addMetadata},
		{"PUT /v2/{project_id}/volumes/{id}/metadata", 200, e.replaceMetadata},
		{"GET /v2/{project_id}/volumes/{id}/metadata/{key}", 200, e.showMetadatum},
		{"PUT /v2/{project_id}/volumes/{id}/metadata/{key}", 200, e.replaceMetadatum},
		{"DELETE /v2/{project_id}/volumes/{id}/metadata/{key}", 200, e.removeMetadatum},
	}
}

// serverMetadata is a volume's metadata with the keys that the service adds.
func serverMetadata(r *request, v *volume) map[string]string {
	all := map[string]string{
		"__openstack_region_name": r.project.Region,
		"quantityGB":              strconv.Itoa(v.Size),
		"resourceSpecCode":        v.VolumeType,
		"resourceType":            "hws.resource.type.volume",
		"hw:passthrough":          "false",
	}
	if len(v.Attachments) > 0 {
		all["attached_mode"], all["readonly"] = "rw", "False"
	}
	maps.Copy(all, v.Metadata)
	return all
}

// reservedMetadata says whether a key is one that users cannot change.
func reservedMetadata(key string) bool {
	return strings.HasPrefix(key, "__system__") || key == "hw:passthrough" || key == "orderID"
}

func (e *evsService) showMetadata(r *request) (any, error) {
	v, err := e.find(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"metadata": serverMetadata(r, v)}, nil
}

// changeMetadata is what adding and replacing have in common.
func (e *evsService) changeMetadata(r *request, replace bool) (any, error) {
	v, err := e.find(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Metadata map[string]string `json:"metadata"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.Metadata == nil {
		return nil, badVolume("EVS.5400", "Malformed request body.")
	}
	changed := maps.Clone(v.Metadata)
	if changed == nil {
		changed = map[string]string{}
	}
	if replace {
		maps.DeleteFunc(changed, func(key, _ string) bool { return !reservedMetadata(key) })
	}
	for key, value := range in.Metadata {
		if reservedMetadata(key) && changed[key] != value {
			return nil, badVolume("EVS.2047", "the metadata Param is not allowed to be updated!")
		}
		changed[key] = value
	}
	v.Metadata = changed
	e.volumes.touch(v)
	return map[string]any{"metadata": serverMetadata(r, v)}, nil
}

func (e *evsService) addMetadata(r *request) (any, error) { return e.changeMetadata(r, false) }

func (e *evsService) replaceMetadata(r *request) (any, error) { return e.changeMetadata(r, true) }

func noMetadatum(key string) error {
	return refuse(http.StatusNotFound, "EVS.5404", "Metadata item %s was not found.", key)
}

func (e *evsService) showMetadatum(r *request) (any, error) {
	v, err := e.find(r)
	if err != nil {
		return nil, err
	}
	key := r.PathValue("key")
	value, ok := serverMetadata(r, v)[key]
	if !ok {
		return nil, noMetadatum(key)
	}
	return map[string]any{"meta": map[string]string{key: value}}, nil
}

func (e *evsService) replaceMetadatum(r *request) (any, error) {
	v, err := e.find(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Meta map[string]string `json:"meta"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	key := r.PathValue("key")
	value, ok := in.Meta[key]
	if !ok || len(in.Meta) != 1 {
		return nil, badVolume("EVS.5400", "Request body and URI mismatch.")
	}
	if reservedMetadata(key) {
		return nil, badVolume("EVS.2047", "the metadata Param is not allowed to be updated!")
	}
	if v.Metadata == nil {
		v.Metadata = map[string]string{}
	}
	v.Metadata[key] = value
	e.volumes.touch(v)
	return map[string]any{"meta": in.Meta}, nil
}

func (e *evsService) removeMetadatum(r *request) (any, error) {
	v, err := e.find(r)
	if err != nil {
		return nil, err
	}
	key := r.PathValue("key")
	if _, ok := v.Metadata[key]; !ok {
		return nil, noMetadatum(key)
	}
	if reservedMetadata(key) {
		return nil, refuse(http.StatusForbidden, "EVS.5403", "metadata can not be operated.")
	}
	delete(v.Metadata, key)
	e.volumes.touch(v)
	return nil, nil
}
