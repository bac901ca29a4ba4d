package cinder

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

const quotas = "/v3/{project_id}/os-quota-sets/{member_id}"

// limited are the quotas of a project, with what each counts.
var limited = map[string]string{
	"volumes":              "Number of volumes",
	"gigabytes":            "Size of all volumes and snapshots in GiB",
	"per_volume_gigabytes": "Size of one volume in GiB",
	"snapshots":            "Number of snapshots",
	"backups":              "Number of backups",
	"backup_gigabytes":     "Size of all backups in GiB",
	"groups":               "Number of volume groups",
}

var byType = pattern.New(`^(volumes|gigabytes|snapshots)_.`)

// VolumeQuotaSet are the quotas of a project. What it does not set is the cloud's default, also after it is destroyed.
var VolumeQuotaSet = quotaSet()

func quotaSet() object.Kind {
	k := object.Kind{
		Name:    "volume_quota_set",
		Service: cloud.Cinder,
		ID:      "{member_id}",
		Path:    quotas,
		One:     "quota_set",
		Alone:   true,
		Resets:  true,
		Role:    "admin",
		Create:  object.Op{Method: "PUT", Path: quotas},
		Read:    object.Op{Path: quotas, Query: map[string]string{"usage": "true"}},
		Delete:  object.Op{Path: quotas},
		Fields: object.Fields{
			"member_id": {Write: object.Never, Read: "id"},
			"by_type":   {Write: object.Never, Read: object.Never, System: []string{}}, // the user's own, and at import those that limit something
			"in_use":    {Read: object.Never},
		},
		Encode: object.EncodeWith(func(plan struct {
			ByType map[string]int64 `json:"by_type"`
		}) (map[string]int64, error) {
			return plan.ByType, nil
		}),
		Decode: object.DecodeWith(readQuotas),
		Schema: schema.Schema{
			MarkdownDescription: "The quotas of a project for block storage. What is left out stays as it is. Destroying it gives the project the cloud's default quotas. Members of a project can look its quotas up.",
			Attributes: map[string]schema.Attribute{
				"member_id": schema.StringAttribute{
					Required: true, Validators: []validator.String{valid.Match(projectID, wantsProject)},
					MarkdownDescription: "Id of the project, which is also the id of the quotas.",
				},
				"by_type": schema.MapAttribute{
					Optional: true, ElementType: types.Int64Type,
					Validators: []validator.Map{
						mapvalidator.SizeAtLeast(1),
						mapvalidator.KeysAre(valid.Match(byType, "volumes_, gigabytes_ or snapshots_ and the name of a type are expected"), stringvalidator.LengthAtMost(266)),
						mapvalidator.ValueInt64sAre(int64validator.Between(-1, 1<<31-1)),
					},
					MarkdownDescription: "Quotas for single volume types: `volumes_`, `gigabytes_` or `snapshots_` and the name of the type, `{ volumes_ssd = 5 }`. 0 to 2147483647, or -1 for no limit, which a type has by default.",
				},
				"in_use": schema.MapAttribute{Computed: true, ElementType: types.Int64Type, MarkdownDescription: "How much of each quota is used."},
			},
		},
	}
	own := object.Change{Op: object.Op{Path: quotas}}
	for name, what := range limited {
		k.Schema.Attributes[name] = schema.Int64Attribute{
			Optional: true, Computed: true, Validators: []validator.Int64{int64validator.Between(-1, 1<<31-1)},
			MarkdownDescription: what + ": 0 to 2147483647, or -1 for no limit. It cannot be less than what is used.",
		}
		k.Fields[name] = object.Field{Write: name, Update: name, Read: name + ".limit"}
		own.Of = append(own.Of, name)
	}
	k.Changes = []object.Change{own, {Of: []string{"by_type"}, Do: inParts("by_type", putQuotas, unlimit), Calls: []object.Op{putQuotas}}}
	return k
}

var putQuotas = object.Op{Method: "PUT", Path: quotas, Body: object.Body{"quota_set": object.Attr("added")}}

// unlimit takes the quotas of single types away. A type that is gone has none.
func unlimit(ctx context.Context, call *object.Call, keys []string) error {
	answer, err := call.Read(ctx)
	if err != nil {
		return err
	}
	free := map[string]any{}
	for _, key := range keys {
		if _, there := answer[key]; there {
			free[key] = -1
		}
	}
	if len(free) == 0 {
		return nil
	}
	_, err = call.Do(ctx, putQuotas, object.Values{"added": free})
	return err
}

// quotaState are the attributes that are made of the quotas of all names.
type quotaState struct {
	ByType map[string]int64 `json:"by_type"`
	InUse  map[string]int64 `json:"in_use"`
}

// readQuotas sorts the quotas of an answer: those of single types, and what is used of each.
func readQuotas(answer map[string]any, prior quotaState) (quotaState, error) {
	out := quotaState{ByType: map[string]int64{}, InUse: map[string]int64{}}
	for name, value := range answer {
		quota, ok := value.(map[string]any)
		if !ok { // the id
			continue
		}
		each, err := object.Into[struct {
			Limit int64 `json:"limit"`
			InUse int64 `json:"in_use"`
		}](quota)
		if err != nil {
			return out, fmt.Errorf("%s: %w", name, err)
		}
		out.InUse[name] = each.InUse
		_, forAll := limited[name]
		if _, own := prior.ByType[name]; own || !forAll && each.Limit >= 0 {
			out.ByType[name] = each.Limit
		}
	}
	return out, nil
}
