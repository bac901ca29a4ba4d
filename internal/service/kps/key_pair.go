// Package kps declares the objects of the service Key Pair Service, a part of Data Encryption Workshop.
package kps

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// Kinds are all objects of the service.
func Kinds() []*object.Kind { return []*object.Kind{&KeyPair} }

// KeyPair lets its owner into servers. Its name is its id.
var KeyPair = object.Kind{
	Name:     "key_pair",
	Service:  cloud.KMS,
	Path:     "/v3/{project_id}/keypairs",
	One:      "keypair",
	Many:     "keypairs",
	Each:     "keypair",
	Paging:   cloud.Marker(50, "page_info.next_marker"),
	ThinList: true,
	Create:   object.Op{ID: "keypair.name"},
	Once:     []string{"private_key"},
	Fields: object.Fields{
		"id":            {API: "name"},
		"key_protected": {Read: "is_key_protection"},
		"public_key":    {Write: "public_key", Read: object.Never},
		"created_at":    {Read: object.Never},
	},
	Decode: object.DecodeWith(decodeKeyPair),
	Changes: []object.Change{
		{Of: []string{"description"}, Follows: object.Always},
	},
	Replaces: []string{
		"huaweicloud_kps_keypair", "huaweicloud_compute_keypair", "huaweicloud_compute_keypair_v2", "flexibleengine_compute_keypair_v2",
		"opentelekomcloud_compute_keypair_v2", "openstack_compute_keypair_v2",
	},
	Schema: schema.Schema{
		MarkdownDescription: "A key pair, with which one signs in to servers: an imported public key, or a pair that the cloud generates.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{
					valid.Match(keyPairName, "1 to 255 Latin letters, digits, _ and - are expected"),
				},
				MarkdownDescription: "Name, which is also the id: 1 to 255 Latin letters, digits, `_` and `-`. It is what `key_pair` of `hwcloud_server` takes.",
			},
			"public_key": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{
					valid.Match(publicKey, "a public key in the form of authorized_keys is expected: ssh-ed25519 AAAA... comment"),
				},
				MarkdownDescription: "Public key to import, in the form of `authorized_keys`. At most 1024 bytes, or servers do not take it. White space around it does not count. Left out, the cloud generates a pair.",
			},
			"type": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf("ssh", "x509")},
				MarkdownDescription: "Type: `ssh`, which it is when it is left out, or `x509`.",
			},
			"scope": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf("user", "domain")},
				MarkdownDescription: "Who can use it: its `user`, which it is when it is left out, or all users of the account (`domain`).",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.UTF8LengthAtMost(255)},
				MarkdownDescription: "Description: at most 255 characters.",
			},
			"private_key": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "The private key in PEM, when the cloud generated the pair. The cloud tells it once: it is kept in the state, whose readers can sign in with it, and is not known of an imported object. Import a public key to keep the private one to yourself.",
			},
			"fingerprint":   schema.StringAttribute{Computed: true, MarkdownDescription: "Fingerprint of the public key."},
			"algorithm":     schema.StringAttribute{Computed: true, MarkdownDescription: "Algorithm of the key."},
			"user_id":       schema.StringAttribute{Computed: true, MarkdownDescription: "The user it belongs to."},
			"key_protected": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the cloud keeps the private key too."},
			"frozen_state":  schema.Int64Attribute{Computed: true, MarkdownDescription: "Whether it is frozen: 0 is no, every other number a reason."},
			"created_at":    object.CreatedAt(),
		},
	},
}

var (
	keyPairName = pattern.New(`^[0-9A-Za-z_-]{1,255}$`)
	publicKey   = pattern.New(`^\s*(ssh|ecdsa|sk)-[0-9a-z@.-]+ [0-9A-Za-z+/]+=*( [^\n]*)?\s*$`)
)

type keyPairAnswer struct {
	PublicKey  *string     `json:"public_key"`
	CreateTime json.Number `json:"create_time"`
}

type keyPairState struct {
	PublicKey *string `json:"public_key"`
	CreatedAt *string `json:"created_at"`
}

// decodeKeyPair keeps the white space around a public key as it was given.
func decodeKeyPair(answer keyPairAnswer, prior keyPairState) (state keyPairState, err error) {
	state.PublicKey = answer.PublicKey
	if given := prior.PublicKey; given != nil && answer.PublicKey != nil && strings.TrimSpace(*given) == strings.TrimSpace(*answer.PublicKey) {
		state.PublicKey = given
	}
	if answer.CreateTime == "" {
		return state, nil
	}
	n, err := answer.CreateTime.Int64()
	created := time.Unix(n, 0)
	if n > farFuture {
		created = time.UnixMilli(n)
	}
	text := created.UTC().Format(time.RFC3339)
	state.CreatedAt = &text
	return state, err
}

// farFuture is a second of the year 5138: what is greater counts milliseconds, which some regions answer.
const farFuture = 100_000_000_000
