package sandbox

import (
	"bytes"
	"crypto/md5" // it is what fingerprints are made with
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strings"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// keyPair lets its owner into servers. It is known by its name; the private key is answered once and not kept.
type keyPair struct {
	meta
	Name        string `json:"name"`
	Type        string `json:"type"`
	UserID      string `json:"user_id"`
	PublicKey   string `json:"public_key"`
	Fingerprint string `json:"fingerprint"`
	Number      int    `json:"number"` // what the API calls its id
	Scope       string `json:"scope"`  // user or domain
	Description string `json:"description"`
}

const keyPairTime = "2006-01-02T15:04:05.000000"

func (e *ecsService) keyPairRoutes() []route {
	const path = "/v2.1/{project_id}/os-keypairs"
	return []route{
		{"POST " + path, 200, e.createKeyPair},
		{"GET " + path, 200, e.listKeyPairs},
		{"GET " + path + "/{name}", 200, e.showKeyPair},
		{"DELETE " + path + "/{name}", 202, e.deleteKeyPair},
	}
}

// findKeyPair is the key pair of a name in the request's project, or nil.
func (e *ecsService) findKeyPair(r *request, name string) *keyPair {
	return e.keyPairs.first(r.project.ID, func(k *keyPair) bool { return k.Name == name })
}

func noKeyPair(name string) error {
	return refuse(http.StatusNotFound, "Ecs.0314", "Keypair %s not found.", name)
}

var keyPairName = pattern.New(`^[0-9A-Za-z_ -]{1,255}$`)

func (e *ecsService) createKeyPair(r *request) (any, error) {
	var in struct {
		KeyPair struct {
			Name      string `json:"name"`
			Type      string `json:"type"`
			PublicKey string `json:"public_key"`
		} `json:"keypair"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	k := &keyPair{Name: in.KeyPair.Name, Type: "ssh", Scope: "user", UserID: r.caller.User.ID, PublicKey: in.KeyPair.PublicKey}
	switch {
	case !keyPairName.MatchString(k.Name):
		return nil, badServer("Ecs.0005", "Keypair data is invalid: Keypair name contains unsafe characters or has not from 1 to 255 of them")
	case in.KeyPair.Type != "" && in.KeyPair.Type != "ssh":
		return nil, badServer("Ecs.0005", "Keypair type %s is not supported", in.KeyPair.Type)
	case e.findKeyPair(r, k.Name) != nil:
		return nil, refuse(http.StatusConflict, "Ecs.0005", "Key pair '%s' already exists.", k.Name)
	case e.keyPairs.full(r.project.ID, 1):
		return nil, refuse(http.StatusForbidden, "Ecs.0005", "Quota exceeded, too many key pairs.")
	}
	private, err := e.addKeyPair(r, k)
	if err != nil {
		return nil, badServer("Ecs.0005", "Keypair data is invalid: failed to generate fingerprint")
	}
	out := k.short()
	out["user_id"] = k.UserID
	if private != "" {
		out["private_key"] = private
	}
	return map[string]any{"keypair": out}, nil
}

// addKeyPair keeps a key pair. One without a public key is generated, and its private key returned.
func (e *ecsService) addKeyPair(r *request, k *keyPair) (private string, err error) {
	if k.PublicKey == "" {
		if k.PublicKey, private, err = generateKeyPair(); err != nil {
			return "", err
		}
	}
	blob, err := parsePublicKey(k.PublicKey)
	if err != nil {
		return "", err
	}
	k.Fingerprint = fingerprint(blob)
	k.Number = 1 + e.ids.number(1<<30)
	k.ID = r.project.ID + "/" + k.Name
	e.keyPairs.add(r.project.ID, k)
	return private, nil
}

// short is how lists and creates show a key pair.
func (k *keyPair) short() map[string]any {
	return map[string]any{"name": k.Name, "type": k.Type, "public_key": k.PublicKey, "fingerprint": k.Fingerprint}
}

func (e *ecsService) listKeyPairs(r *request) (any, error) {
	found := e.keyPairs.list(r.project.ID)
	slices.SortFunc(found, func(a, b *keyPair) int { return strings.Compare(a.Name, b.Name) })
	found, ok := after(found, func(k *keyPair) string { return k.Name }, r.query.Get("marker"))
	if !ok {
		return nil, badServer("Ecs.0005", "marker [%s] not found", r.query.Get("marker"))
	}
	limit, err := r.queryInt("limit", 1000, 0, 1000)
	if err != nil {
		return nil, err
	}
	return map[string]any{"keypairs": views(found[:min(limit, len(found))], func(k *keyPair) any {
		return map[string]any{"keypair": k.short()}
	})}, nil
}

func (e *ecsService) showKeyPair(r *request) (any, error) {
	k := e.findKeyPair(r, r.PathValue("name"))
	if k == nil || !e.keyPairs.visible(k) {
		return nil, noKeyPair(r.PathValue("name"))
	}
	out := k.short()
	out["id"], out["user_id"] = k.Number, k.UserID
	out["created_at"], out["updated_at"] = k.CreatedAt.Format(keyPairTime), nil
	out["deleted"], out["deleted_at"] = false, nil
	return map[string]any{"keypair": out}, nil
}

func (e *ecsService) deleteKeyPair(r *request) (any, error) {
	k := e.findKeyPair(r, r.PathValue("name"))
	if k == nil {
		return nil, noKeyPair(r.PathValue("name"))
	}
	e.keyPairs.remove(k.ID)
	return nil, nil
}

// generateKeyPair makes an RSA key: the public half in the form of authorized_keys, the private one in PEM.
func generateKeyPair() (public, private string, err error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return "", "", err
	}
	var blob bytes.Buffer
	for _, field := range [][]byte{[]byte("ssh-rsa"), mpint(big.NewInt(int64(key.E))), mpint(key.N)} {
		blob.Write(binary.BigEndian.AppendUint32(nil, uint32(len(field))))
		blob.Write(field)
	}
	public = "ssh-rsa " + base64.StdEncoding.EncodeToString(blob.Bytes()) + " Generated-by-Nova\n"
	block := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	return public, string(block), nil
}

// mpint is a number as SSH writes it: with a zero in front if it would look negative.
func mpint(n *big.Int) []byte {
	b := n.Bytes()
	if len(b) > 0 && b[0]&0x80 != 0 {
		return append([]byte{0}, b...)
	}
	return b
}

// parsePublicKey reads the key out of a line of authorized_keys.
func parsePublicKey(line string) ([]byte, error) {
	fields := strings.Fields(line)
	if len(fields) < 2 {
		return nil, fmt.Errorf("a public key is a type and a text")
	}
	blob, err := base64.StdEncoding.DecodeString(fields[1])
	if err != nil {
		return nil, err
	}
	kind := []byte(fields[0])
	if !bytes.HasPrefix(blob, append(binary.BigEndian.AppendUint32(nil, uint32(len(kind))), kind...)) {
		return nil, fmt.Errorf("the key is not of type %s", kind)
	}
	return blob, nil
}

// fingerprint is a key's MD5 hash as pairs of digits.
func fingerprint(blob []byte) string {
	sum := md5.Sum(blob)
	pairs := make([]string, 0, len(sum))
	for _, b := range sum {
		pairs = append(pairs, fmt.Sprintf("%02x", b))
	}
	return strings.Join(pairs, ":")
}
