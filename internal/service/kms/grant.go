package kms

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// Grant lets somebody else use a key. There is no read of a single one, only the list of a key's.
var Grant = object.Kind{
	Name:     "kms_grant",
	Service:  cloud.KMS,
	ID:       "{key_id}/{grant_id}",
	Path:     path,
	Many:     "grants",
	Paging:   cloud.Marker(100, "next_marker").InBody(),
	ListOnly: true,
	Create:   object.Op{Path: path + "/create-grant", ID: "grant_id"},
	List:     object.Op{Method: "POST", Path: path + "/list-grants", Body: object.Body{"key_id": object.Attr("key_id")}, Idempotent: true},
	Delete:   object.Op{Method: "POST", Path: path + "/revoke-grant", Body: object.Body{"key_id": object.Attr("key_id"), "grant_id": object.Attr("grant_id")}},
	Fields:   object.Fields{"created_at": {API: "creation_date", As: object.Millis}},
	Checks:   []object.Check{grantsSomething},
	Replaces: []string{"huaweicloud_kms_grant", "flexibleengine_kms_grant_v1", "opentelekomcloud_kms_grant_v1"},
	Schema: schema.Schema{
		MarkdownDescription: "A grant (KMS): lets a user or an account do some things with a key. The keys that services make for themselves cannot be granted.",
		Attributes: map[string]schema.Attribute{
			"key_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.UUID()},
				MarkdownDescription: "The key.",
			},
			"grantee_principal": schema.StringAttribute{
				Required: true, Validators: []validator.String{valid.Match(principal, wantsPrincipal)},
				MarkdownDescription: "Who may use the key: the id of a user or of an account, 1 to 64 letters and digits.",
			},
			"grantee_principal_type": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf("user", "domain")},
				MarkdownDescription: "What `grantee_principal` is: a `user`, or an account (`domain`). The cloud takes `user` when it is left out.",
			},
			"operations": schema.SetAttribute{
				ElementType: types.StringType, Required: true,
				Validators: []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(stringvalidator.OneOf(grantable...))},
				MarkdownDescription: "What may be done: `create-datakey`, `create-datakey-without-plaintext`, `encrypt-datakey`, `decrypt-datakey`, `describe-key`, `create-grant`, `retire-grant`, `encrypt-data`, `decrypt-data`. " +
					"Not `create-grant` alone.",
			},
			"name": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.Match(aliasText, "1 to 255 letters, digits, and : / _ - are expected")},
				MarkdownDescription: "Name: 1 to 255 Latin letters, digits, and `:` `/` `_` `-`.",
			},
			"retiring_principal": schema.StringAttribute{
				Optional: true, Validators: []validator.String{valid.Match(principal, wantsPrincipal)},
				MarkdownDescription: "Who may give the grant back besides its owner: the id of a user, 1 to 64 letters and digits.",
			},
			"grant_id":          schema.StringAttribute{Computed: true, MarkdownDescription: "The id that the cloud gave the grant: 64 hexadecimal digits."},
			"issuing_principal": schema.StringAttribute{Computed: true, MarkdownDescription: "The user who made the grant."},
			"created_at":        object.CreatedAt(),
		},
	},
}

// createGrant is of no use without a second operation.
const createGrant = "create-grant"

var grantable = []string{
	"create-datakey", "create-datakey-without-plaintext", "encrypt-datakey", "decrypt-datakey", "describe-key", createGrant, "retire-grant",
	"encrypt-data", "decrypt-data",
}

const wantsPrincipal = "an id is expected: 1 to 64 letters and digits"

var principal = pattern.New(`^[a-zA-Z0-9]{1,64}$`)

// grantsSomething refuses a grant to grant and nothing else.
func grantsSomething(_, config object.Values, refuse func(string, string, ...any)) {
	if list := config.List("operations"); len(list) == 1 && list[0] == createGrant {
		refuse("operations", "A grant cannot be of create-grant alone: name what may be done with the key, too.")
	}
}
