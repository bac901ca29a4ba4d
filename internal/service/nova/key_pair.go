package nova

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// KeyPair lets its owner into servers. It belongs to a user, in all projects alike. Its name is its id.
var KeyPair = object.Kind{
	Name:     "key_pair",
	Service:  cloud.Nova,
	Path:     "/v2.1/os-keypairs",
	One:      "keypair",
	Many:     "keypairs",
	Each:     "keypair",
	Paging:   cloud.Links("keypairs_links", 1000),
	ThinList: true,
	Create:   object.Op{ID: "keypair.name"},
	Once:     []string{"private_key"},
	Fields:   object.Fields{"id": {API: "name"}},
	Schema: schema.Schema{
		MarkdownDescription: "A key pair, with which one signs in to servers: an imported public key, or a pair that the cloud generates. It belongs to the user, in all projects alike.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{
					valid.Match(keyPairName, "1 to 255 Latin letters, digits, spaces, _ and - are expected, without spaces at the ends"),
				},
				MarkdownDescription: "Name, which is also the id: 1 to 255 Latin letters, digits, spaces, `_` and `-`, without spaces at the ends. It is what `key_pair` of `hwcloud_server` takes.",
			},
			"public_key": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{
					valid.Match(publicKey, "a public key in the form of authorized_keys is expected: ssh-ed25519 AAAA... comment"),
				},
				MarkdownDescription: "Public key to import, in the form of `authorized_keys`. Left out, the cloud generates a pair of RSA.",
			},
			"type": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf("ssh", "x509")},
				MarkdownDescription: "Type: `ssh`, which it is when it is left out, or `x509`.",
			},
			"private_key": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "The private key in PEM, when the cloud generated the pair. The cloud tells it once: it is kept in the state, whose readers can sign in with it, and is not known of an imported object. Import a public key to keep the private one to yourself.",
			},
			"fingerprint": text("Fingerprint of the public key."),
			"user_id":     text("The user it belongs to."),
			"created_at":  object.CreatedAt(),
		},
	},
}

var (
	keyPairName = pattern.New(`^[0-9A-Za-z_-]([0-9A-Za-z_ -]{0,253}[0-9A-Za-z_-])?$`)
	publicKey   = pattern.New(`^\s*((ssh|ecdsa|sk)-[0-9a-z@.-]+ [0-9A-Za-z+/]+=*( [^\n]*)?|-----BEGIN CERTIFICATE-----[\s\S]*)\s*$`)
)
