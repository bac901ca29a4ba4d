package sandbox

import (
	"net/http"
	"slices"
	"strings"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// osKeyPair lets its owner into servers. It belongs to a user and not to a project, and is known by its name; the private
// key is answered once and not kept.
type osKeyPair struct {
	meta
	Name        string `json:"name"`
	Type        string `json:"type"`
	UserID      string `json:"user_id"`
	PublicKey   string `json:"public_key"`
	Fingerprint string `json:"fingerprint"`
	Number      int    `json:"number"` // what the API calls its id
}

func (n *novaService) keyPairRoutes() []route {
	const path = "/v2.1/os-keypairs"
	return []route{
		{"POST " + path, 201, n.createKeyPair},
		{"GET " + path, 200, n.listKeyPairs},
		{"GET " + path + "/{name}", 200, n.showKeyPair},
		{"DELETE " + path + "/{name}", 204, n.deleteKeyPair},
	}
}

// keyPair is one of a user's, nil if there is none of that name.
func (n *novaService) keyPair(user, name string) *osKeyPair { return n.keyPairs.get("", user+"/"+name) }

// userOf is whose key pairs a request is about. Others than one's own are the administrators'.
func (n *novaService) userOf(r *request, asked, operation string) (string, error) {
	if asked == "" || asked == r.caller.User.ID {
		return r.caller.User.ID, nil
	}
	if !r.admin() {
		return "", disallowed("os_compute_api:os-keypairs:" + operation)
	}
	return asked, nil
}

func (n *novaService) pathKeyPair(r *request, operation string) (*osKeyPair, error) {
	user, err := n.userOf(r, r.query.Get("user_id"), operation)
	if err != nil {
		return nil, err
	}
	name := r.PathValue("name")
	if k := n.keyPair(user, name); k != nil {
		return k, nil
	}
	return nil, refuse(http.StatusNotFound, "", "Keypair %s not found for user %s", name, user)
}

var (
	osKeyPairName  = pattern.New(`^[0-9A-Za-z_ -]*$`)
	osKeyPairNameB = pattern.New(`^[0-9A-Za-z_ @.-]*$`) // since 2.92
)

func (n *novaService) createKeyPair(r *request) (any, error) {
	var in struct {
		Name      string  `json:"name"`
		Type      string  `json:"type"`
		PublicKey *string `json:"public_key"`
		UserID    string  `json:"user_id"`
	}
	in.Type = "ssh"
	required, characters, allowed := []string{"name"}, osKeyPairName, "[_- 0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ]"
	if r.since(92) {
		required, characters, allowed = []string{"name", "public_key"}, osKeyPairNameB, "[@._- 0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ]"
	}
	if err := r.object("keypair", knownFields{"name": 1, "public_key": 1, "type": 2, "user_id": 10}, &in, required...); err != nil {
		return nil, err
	}
	if err := checkName(in.Name); err != nil {
		return nil, err
	}
	if !characters.MatchString(in.Name) {
		return nil, badCompute("An invalid 'name' value was provided. The name must be: Only expected characters: %s", allowed)
	}
	if err := oneOf("type", in.Type, "ssh", "x509"); err != nil {
		return nil, err
	}
	user, err := n.userOf(r, in.UserID, "create")
	if err != nil {
		return nil, err
	}
	limit := n.limit(r.project.ID, "key_pairs")
	has := len(n.keyPairs.where("", func(k *osKeyPair) bool { return k.UserID == user }))
	switch {
	case in.Type == "x509":
		return nil, badCompute("Keypair data is invalid: the sandbox has no certificates")
	case limit >= 0 && has >= limit:
		return nil, refuse(http.StatusForbidden, "", "Quota exceeded, too many key pairs.")
	case n.keyPair(user, in.Name) != nil:
		return nil, refuse(http.StatusConflict, "", "Key pair '%s' already exists.", in.Name)
	}
	k := &osKeyPair{meta: meta{ID: user + "/" + in.Name}, Name: in.Name, Type: in.Type, UserID: user, Number: 1 + n.ids.number(1<<30)}
	private := ""
	if in.PublicKey != nil {
		k.PublicKey = *in.PublicKey
	} else if k.PublicKey, private, err = generateKeyPair(); err != nil {
		return nil, err
	}
	blob, err := parsePublicKey(k.PublicKey)
	if err != nil {
		return nil, badCompute("Keypair data is invalid: failed to generate fingerprint")
	}
	k.Fingerprint = fingerprint(blob)
	out := n.keyPairs.add("", k).view(r)
	out["user_id"] = k.UserID
	if private != "" {
		out["private_key"] = private
	}
	status := http.StatusCreated
	if !r.since(2) {
		status = http.StatusOK
	}
	return withStatus{status, map[string]any{"keypair": out}}, nil
}

func (k *osKeyPair) view(r *request) map[string]any {
	view := map[string]any{"name": k.Name, "public_key": k.PublicKey, "fingerprint": k.Fingerprint}
	if r.since(2) {
		view["type"] = k.Type
	}
	return view
}

func (n *novaService) listKeyPairs(r *request) (any, error) {
	user, err := n.userOf(r, r.query.Get("user_id"), "index")
	if err != nil {
		return nil, err
	}
	found := n.keyPairs.where("", func(k *osKeyPair) bool { return k.UserID == user && n.keyPairs.visible(k) })
	slices.SortFunc(found, func(a, b *osKeyPair) int { return strings.Compare(a.Name, b.Name) })
	view := func(k *osKeyPair) any { return map[string]any{"keypair": k.view(r)} }
	if !r.since(35) { // it had no pages
		return map[string]any{"keypairs": views(found, view)}, nil
	}
	return novaPage(n, r, "keypairs", found, func(k *osKeyPair) string { return k.Name }, view, "Marker %s could not be found.")
}

func (n *novaService) showKeyPair(r *request) (any, error) {
	k, err := n.pathKeyPair(r, "show")
	if err != nil {
		return nil, err
	}
	if !n.keyPairs.visible(k) {
		return nil, refuse(http.StatusNotFound, "", "Keypair %s not found for user %s", k.Name, k.UserID)
	}
	out := k.view(r)
	out["id"], out["user_id"], out["created_at"], out["updated_at"] = k.Number, k.UserID, k.CreatedAt.Format(keyPairTime), nil
	out["deleted"], out["deleted_at"] = false, nil
	return map[string]any{"keypair": out}, nil
}

func (n *novaService) deleteKeyPair(r *request) (any, error) {
	k, err := n.pathKeyPair(r, "delete")
	if err != nil {
		return nil, err
	}
	n.keyPairs.remove(k.ID)
	if !r.since(2) {
		return withStatus{status: http.StatusAccepted}, nil
	}
	return nil, nil
}
