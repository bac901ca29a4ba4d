package sandbox

import (
	"net/http"
	"slices"
	"strings"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// kpsService is the newer face of key pairs, which ECS keeps. Its host is that of the encryption service, which it is a
// part of.
type kpsService struct{ *Sandbox }

func (s *Sandbox) kpsRoutes() []route {
	k := &kpsService{s}
	const path = "/v3/{project_id}/keypairs"
	return []route{
		{"POST " + path, 200, k.create},
		{"GET " + path, 200, k.list},
		{"GET " + path + "/{name}", 200, k.show},
		{"PUT " + path + "/{name}", 200, k.describe},
		{"DELETE " + path + "/{name}", 204, k.delete},
	}
}

func badPair(format string, args ...any) error {
	return refuse(http.StatusBadRequest, "KPS.0001", format, args...)
}

var kpsName = pattern.New(`^[0-9A-Za-z_-]{1,255}$`)

// find is the key pair in the request's path.
func (s *kpsService) find(r *request) (*keyPair, error) {
	k := s.ecs.findKeyPair(r, r.PathValue("name"))
	if k == nil {
		return nil, refuse(http.StatusNotFound, "KPS.0404", "The key pair %s does not exist.", r.PathValue("name"))
	}
	return k, nil
}

func (s *kpsService) create(r *request) (any, error) {
	var in struct {
		KeyPair struct {
			Name      string `json:"name"`
			Type      string `json:"type"`
			PublicKey string `json:"public_key"`
			Scope     string `json:"scope"`
		} `json:"keypair"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	k := &keyPair{Name: in.KeyPair.Name, Type: in.KeyPair.Type, UserID: r.caller.User.ID, PublicKey: strings.TrimSpace(in.KeyPair.PublicKey), Scope: in.KeyPair.Scope}
	if k.Type == "" {
		k.Type = "ssh"
	}
	if k.Scope == "" {
		k.Scope = "user"
	}
	switch {
	case !kpsName.MatchString(k.Name):
		return nil, badPair("The name of a key pair has 1 to 255 letters, digits, _ and -.")
	case k.Type != "ssh" && k.Type != "x509":
		return nil, badPair("The type %s is invalid.", k.Type)
	case k.Scope != "user" && k.Scope != "domain":
		return nil, badPair("The scope %s is invalid.", k.Scope)
	case s.ecs.findKeyPair(r, k.Name) != nil:
		return nil, refuse(http.StatusConflict, "KPS.0409", "The key pair %s exists already.", k.Name)
	case s.ecs.keyPairs.full(r.project.ID, 1):
		return nil, refuse(http.StatusForbidden, "KPS.0403", "The quota of key pairs is exceeded.")
	}
	private, err := s.ecs.addKeyPair(r, k)
	if err != nil {
		return nil, badPair("The public key is invalid.")
	}
	out := k.short()
	out["user_id"] = k.UserID
	if private != "" {
		out["private_key"] = private
	}
	return map[string]any{"keypair": out}, nil
}

func (s *kpsService) list(r *request) (any, error) {
	found := s.ecs.keyPairs.list(r.project.ID)
	slices.SortFunc(found, func(a, b *keyPair) int { return strings.Compare(a.Name, b.Name) })
	found, ok := after(found, func(k *keyPair) string { return k.Name }, r.query.Get("marker"))
	if !ok {
		return nil, badPair("The marker %s is invalid.", r.query.Get("marker"))
	}
	limit, err := r.queryInt("limit", 50, 1, 1000)
	if err != nil {
		return nil, err
	}
	page := found[:min(limit, len(found))]
	info := map[string]any{"next_marker": nil, "previous_marker": nil, "current_count": len(page)}
	if len(page) < len(found) {
		info["next_marker"] = page[len(page)-1].Name
	}
	return map[string]any{"page_info": info, "keypairs": views(page, func(k *keyPair) any {
		out := k.short()
		out["scope"], out["is_key_protection"], out["frozen_state"] = k.Scope, false, "0"
		return map[string]any{"keypair": out}
	})}, nil
}

func (s *kpsService) show(r *request) (any, error) {
	k, err := s.find(r)
	if err != nil {
		return nil, err
	}
	if !s.ecs.keyPairs.visible(k) {
		return nil, refuse(http.StatusNotFound, "KPS.0404", "The key pair %s does not exist.", k.Name)
	}
	out := k.short()
	out["id"], out["key_id"], out["user_id"], out["scope"], out["description"] = k.Number, k.ID, k.UserID, k.Scope, k.Description
	out["algorithm"], out["is_key_protection"], out["frozen_state"], out["deleted"] = strings.ToUpper(strings.Fields(k.PublicKey)[0]), false, 0, false
	out["create_time"], out["update_time"], out["delete_time"] = k.CreatedAt.Unix(), k.UpdatedAt.Unix(), nil
	return map[string]any{"keypair": out}, nil
}

func (s *kpsService) describe(r *request) (any, error) {
	k, err := s.find(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		KeyPair struct {
			Description *string `json:"description"`
		} `json:"keypair"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.KeyPair.Description == nil {
		return nil, badPair("The description is missing.")
	}
	k.Description = *in.KeyPair.Description
	s.ecs.keyPairs.touch(k)
	return nil, nil
}

func (s *kpsService) delete(r *request) (any, error) {
	k, err := s.find(r)
	if err != nil {
		return nil, err
	}
	s.ecs.keyPairs.remove(k.ID)
	return nil, nil
}
