package obs

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

// BucketACL says what other accounts, and everybody, may do with a bucket. There is always one: where nobody but the owner
// has a grant, it counts as none.
var BucketACL = document(object.Kind{
	Name:  "bucket_acl",
	One:   "AccessControlPolicy",
	Proof: "AccessControlList.Grant[1]", // the first is the owner's
	Derived: map[string]object.Derived{"owner_id": {
		Op:   object.Op{Method: "GET", Path: "/{bucket}", Query: map[string]string{"acl": ""}},
		From: "AccessControlPolicy.Owner.ID",
	}},
	Delete: object.Op{Method: "PUT", Body: object.Body{"AccessControlPolicy": object.Body{
		"Owner": object.Body{"ID": object.Attr("owner_id")},
		"AccessControlList": object.Body{"Grant": object.Body{
			"Grantee": object.Body{"ID": object.Attr("owner_id")}, "Permission": fullControl, "Delivered": false,
		}},
	}}},
	Fields: object.Fields{
		"owner_id":          {API: "Owner.ID"},
		"owner_permissions": {Read: object.Never, Write: object.Never},
		"grants":            {Read: object.Never, Write: object.Never},
	},
	Encode:   object.EncodeWith(encodeACL),
	Decode:   object.DecodeWith(decodeACL),
	Checks:   []object.Check{grantsFit},
	Replaces: []string{"huaweicloud_obs_bucket_acl"},
	Schema: schema.Schema{
		MarkdownDescription: "The access control list of a bucket (OBS): what other accounts, and everybody, may do with it. It only allows; to deny, or to allow users and actions one by one, there is `hwcloud_bucket_policy`. Destroying it leaves all permissions to the owner alone.",
		Attributes: map[string]schema.Attribute{
			"owner_id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the account that owns the bucket."},
			"owner_permissions": schema.SetAttribute{
				Optional: true, Computed: true, ElementType: types.StringType, Validators: permissionSets(),
				MarkdownDescription: "What the owner may do, as in `grants`. Default: what it may already, which is all.",
			},
			"grants": schema.SetNestedAttribute{
				Required: true, Validators: []validator.Set{setvalidator.SizeAtLeast(1)},
				MarkdownDescription: "What others may do, each of them once. `READ`: list the objects. `WRITE`: create, overwrite and delete objects. `READ_ACP`: read the access control list. `WRITE_ACP`: change it. All four are full control. There are at most 100 permissions, full control being one.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"account_id": schema.StringAttribute{
						Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
						MarkdownDescription: "Id of another account (domain). Users have no grants of their own.",
					},
					"canned": schema.StringAttribute{
						Optional: true, Validators: []validator.String{stringvalidator.OneOf(everyone)},
						MarkdownDescription: "Instead of an account: `Everyone`, with and without an account.",
					},
					"permissions": schema.SetAttribute{
						Optional: true, ElementType: types.StringType, Validators: permissionSets(),
						MarkdownDescription: "What they may do with the bucket: `READ`, `WRITE`, `READ_ACP`, `WRITE_ACP`.",
					},
					"delivered_permissions": schema.SetAttribute{
						Optional: true, ElementType: types.StringType, Validators: permissionSets(),
						MarkdownDescription: "What they may do with the bucket and each object in it.",
					},
				}},
			},
		},
	},
}, "acl")

const (
	fullControl = "FULL_CONTROL" // all permissions
	everyone    = "Everyone"
	maxGrants   = 100
)

var permissions = []string{"READ", "READ_ACP", "WRITE", "WRITE_ACP"}

func permissionSets() []validator.Set {
	return []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(stringvalidator.OneOf(permissions...))}
}

// aclPlan is the list as attributes have it: by those who have permissions.
type aclPlan struct {
	OwnerID          string   `json:"owner_id"`
	OwnerPermissions []string `json:"owner_permissions"`
	Grants           []grant  `json:"grants"`
}

type grant struct {
	AccountID string   `json:"account_id,omitempty"`
	Canned    string   `json:"canned,omitempty"`
	Plain     []string `json:"permissions,omitempty"`
	Delivered []string `json:"delivered_permissions,omitempty"`
}

// aclDocument is the list as the service has it: by permissions.
type aclDocument struct {
	Owner struct {
		ID string `json:"ID"`
	} `json:"Owner"`
	AccessControlList struct {
		Grant nodes[permission] `json:"Grant"`
	} `json:"AccessControlList"`
}

type grantee struct {
	ID     string `json:"ID,omitempty"`
	Canned string `json:"Canned,omitempty"`
}

type permission struct {
	Grantee    grantee `json:"Grantee"`
	Permission string  `json:"Permission"`
	Delivered  string  `json:"Delivered"`
}

// give adds the permissions of one; all of them as full control.
func (d *aclDocument) give(to grantee, words []string, delivered bool) {
	if len(words) == len(permissions) {
		words = []string{fullControl}
	}
	for _, word := range words {
		d.AccessControlList.Grant = append(d.AccessControlList.Grant, permission{to, word, fmt.Sprint(delivered)})
	}
}

// encodeACL writes the owner's permissions first. One of which nothing is known yet has them all.
func encodeACL(plan aclPlan) (aclDocument, error) {
	var document aclDocument
	document.Owner.ID = plan.OwnerID
	if plan.OwnerPermissions == nil {
		plan.OwnerPermissions = permissions
	}
	document.give(grantee{ID: plan.OwnerID}, plan.OwnerPermissions, false)
	for _, g := range plan.Grants {
		if g.AccountID == plan.OwnerID {
			return document, fmt.Errorf("the account %s owns the bucket: what it may do are owner_permissions, and no grant", plan.OwnerID)
		}
		document.give(grantee{g.AccountID, g.Canned}, g.Plain, false)
		document.give(grantee{g.AccountID, g.Canned}, g.Delivered, true)
	}
	return document, nil
}

type aclState struct {
	OwnerPermissions []string `json:"owner_permissions"`
	Grants           []grant  `json:"grants"`
}

// decodeACL tells the owner's permissions from those of the others.
func decodeACL(answer aclDocument, _ aclState) (aclState, error) {
	state := aclState{OwnerPermissions: []string{}}
	for _, p := range answer.AccessControlList.Grant {
		words := []string{p.Permission}
		if p.Permission == fullControl {
			words = permissions
		}
		if p.Grantee.ID == answer.Owner.ID {
			state.OwnerPermissions = append(state.OwnerPermissions, words...)
			continue
		}
		i := slices.IndexFunc(state.Grants, func(g grant) bool { return g.AccountID == p.Grantee.ID && g.Canned == p.Grantee.Canned })
		if i < 0 {
			i = len(state.Grants)
			state.Grants = append(state.Grants, grant{AccountID: p.Grantee.ID, Canned: p.Grantee.Canned})
		}
		if g := &state.Grants[i]; p.Delivered == "true" {
			g.Delivered = append(g.Delivered, words...)
		} else {
			g.Plain = append(g.Plain, words...)
		}
	}
	return state, nil
}

// grantsFit refuses grants to nobody, of nothing, twice to the same, and too many.
func grantsFit(_, config object.Values, refuse func(string, string, ...any)) {
	seen, count := map[string]bool{}, 1
	for i := range config.List("grants") {
		at := func(name string) string { return fmt.Sprintf("grants.%d.%s", i, name) }
		if config.Has(at("account_id")) == config.Has(at("canned")) {
			refuse("grants", "A grant is either to an account_id or to a canned group.")
		}
		if config.Null(at("permissions")) && config.Null(at("delivered_permissions")) {
			refuse("grants", "A grant needs permissions or delivered_permissions.")
		}
		for _, name := range []string{"account_id", "canned"} {
			if to := config.String(at(name)); to != "" && seen[to] {
				refuse("grants", "There is more than one grant to %s.", to)
			} else if to != "" {
				seen[to] = true
			}
		}
		for _, name := range []string{"permissions", "delivered_permissions"} {
			if n := len(config.List(at(name))); n == len(permissions) {
				count++
			} else {
				count += n
			}
		}
	}
	if count > maxGrants {
		refuse("grants", "There are %d permissions with the owner's; %d is the most.", count, maxGrants)
	}
}
