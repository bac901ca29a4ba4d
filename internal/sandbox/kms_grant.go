package sandbox

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// kmsGrant lets somebody else use a key. The fields are named as in the API's answer.
type kmsGrant struct {
	meta
	KeyID      string   `json:"key_id"`
	Grantee    string   `json:"grantee_principal"`
	Type       string   `json:"grantee_principal_type"`
	Operations []string `json:"operations"`
	Issuer     string   `json:"issuing_principal"`
	Name       string   `json:"name"`
	Retirer    string   `json:"retiring_principal"`
}

func (k *kmsService) grantRoutes(path string) []route {
	return []route{
		{"POST " + path + "/create-grant", 200, k.createGrant},
		{"POST " + path + "/list-grants", 200, k.listGrants},
		{"POST " + path + "/revoke-grant", 200, k.revokeGrant},
	}
}

// grantOperations are what can be granted.
var grantOperations = []string{
	"create-datakey", "create-datakey-without-plaintext", "encrypt-datakey", "decrypt-datakey", "describe-key", "create-grant",
	"retire-grant", "encrypt-data", "decrypt-data",
}

var kmsPrincipal = pattern.New(`^[a-zA-Z0-9]{1,64}$`)

// grantInput is what asks for a grant.
type grantInput struct {
	Grantee    string   `json:"grantee_principal"`
	Type       string   `json:"grantee_principal_type"`
	Operations []string `json:"operations"`
	Name       string   `json:"name"`
	Retirer    string   `json:"retiring_principal"`
}

func (in *grantInput) check() error {
	foreign := slices.ContainsFunc(in.Operations, func(name string) bool { return !slices.Contains(grantOperations, name) })
	switch {
	case !kmsPrincipal.MatchString(in.Grantee):
		return badKey("KMS.2201", "Invalid grantee_principal %q.", in.Grantee)
	case !slices.Contains([]string{"", "user", "domain"}, in.Type):
		return badKey("KMS.2202", "Invalid grantee_principal_type %q.", in.Type)
	case foreign || len(slices.DeleteFunc(slices.Clone(in.Operations), func(name string) bool { return name == "create-grant" })) == 0:
		return badKey("KMS.2203", "Invalid operations %q.", in.Operations)
	case in.Name != "" && !keyAlias.MatchString(in.Name):
		return badKey("KMS.2204", "Invalid name %q.", in.Name)
	case in.Retirer != "" && !kmsPrincipal.MatchString(in.Retirer):
		return badKey("KMS.2205", "Invalid retiring_principal %q.", in.Retirer)
	}
	return nil
}

func (k *kmsService) createGrant(r *request) (any, error) {
	o, err := k.changeable(r)
	if err != nil {
		return nil, err
	}
	if o.State != keyEnabled {
		return nil, badKey("KMS.0209", "The key is not enabled.")
	}
	var in grantInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	if k.exceeds("grant_per_CMK", len(k.grantsOf(o))+1) {
		return nil, badKey("KMS.2206", "The number of grants of the key exceeds the quota.")
	}
	g := k.grants.add(r.project.ID, &kmsGrant{
		meta: meta{ID: randomHex(32)}, KeyID: o.ID, Grantee: in.Grantee, Type: cmp.Or(in.Type, "user"), Operations: in.Operations,
		Issuer: r.caller.User.ID, Name: in.Name, Retirer: in.Retirer,
	})
	return map[string]any{"grant_id": g.ID}, nil
}

func (k *kmsService) grantsOf(o *kmsKey) []*kmsGrant {
	return k.grants.where("", func(g *kmsGrant) bool { return g.KeyID == o.ID })
}

func (k *kmsService) removeGrants(o *kmsKey) {
	for _, g := range k.grantsOf(o) {
		k.grants.remove(g.ID)
	}
}

func (g *kmsGrant) view() any {
	return map[string]any{
		"key_id": g.KeyID, "grant_id": g.ID, "grantee_principal": g.Grantee, "grantee_principal_type": g.Type, "operations": g.Operations,
		"issuing_principal": g.Issuer, "creation_date": millis(g.CreatedAt), "name": g.Name, "retiring_principal": g.Retirer,
	}
}

func (k *kmsService) listGrants(r *request) (any, error) {
	o, err := k.key(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Limit  string `json:"limit"`
		Marker string `json:"marker"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	page, out, err := kmsPage(slices.DeleteFunc(k.grantsOf(o), func(g *kmsGrant) bool { return !k.grants.visible(g) }), in.Limit, in.Marker, 100)
	if err != nil {
		return nil, err
	}
	out["grants"] = views(page, (*kmsGrant).view)
	return out, nil
}

func (k *kmsService) revokeGrant(r *request) (any, error) {
	o, err := k.key(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		ID string `json:"grant_id"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if g := k.grants.get(r.project.ID, in.ID); g == nil || g.KeyID != o.ID {
		return nil, refuse(http.StatusNotFound, "KMS.2301", "The grant %s does not exist.", in.ID)
	}
	k.grants.remove(in.ID)
	return struct{}{}, nil
}
