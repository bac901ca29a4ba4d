package obs

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

// BucketPolicy says who may do what with a bucket and its objects. It is compared by what it means.
var BucketPolicy = document(object.Kind{
	Name:     "bucket_policy",
	Create:   object.Op{Body: object.Attr("policy")},
	Read:     object.Op{Text: "policy"},
	Fields:   object.Fields{"policy": {Form: meaning}},
	Decode:   object.DecodeWith(readPolicy),
	Checks:   []object.Check{policyFits},
	Replaces: []string{"huaweicloud_obs_bucket_policy", "opentelekomcloud_obs_bucket_policy", "opentelekomcloud_s3_bucket_policy"},
	Schema: schema.Schema{
		MarkdownDescription: "The policy of a bucket (OBS): who may do what with it and its objects. What it denies is denied; else what it or the access control list allows is allowed; all else is the owner's alone.",
		Attributes: map[string]schema.Attribute{
			"policy": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: "The policy as JSON, best made by `jsonencode`: a `Statement` or several, of at most 20 KB together. Each has an `Effect`, `Allow` or `Deny`; one of `Principal` and `NotPrincipal`: `{ ID = [\"domain/ACCOUNT_ID:user/USER_ID\"] }`; one of `Action` and `NotAction`: `GetObject`, without a prefix; and one of `Resource` and `NotResource`: the bucket's name, or that with `/*` or the beginning of objects' names; and it may have a `Sid` and a `Condition`. " +
					"The order of statements and of values does not count, nor does a list of one value differ from that value.",
			},
		},
	},
}, "policy")

// meaning is a policy in the one form that all policies of its meaning have: lists of values even where there is one, and
// all in order. What is no policy is left as it is.
func meaning(text string) string {
	policy, statements, err := parsePolicy(text)
	if err != nil {
		return text
	}
	list := make([]any, len(statements))
	for i, s := range statements {
		list[i] = s
	}
	policy["Statement"] = list
	return written(policy)
}

type policyStatement map[string]any

// parsePolicy takes the statements of a policy out of it, each in its one form, in order.
func parsePolicy(text string) (policy map[string]any, statements []policyStatement, err error) {
	if err = json.Unmarshal([]byte(text), new(any)); err != nil {
		return nil, nil, fmt.Errorf("it is no JSON: %w", err)
	}
	if policy, err = object.Into[map[string]any](json.RawMessage(text)); err != nil || policy == nil {
		return nil, nil, errors.New("it is no object")
	}
	if one, alone := policy["Statement"].(map[string]any); alone {
		policy["Statement"] = []any{one}
	}
	if statements, err = object.Into[[]policyStatement](policy["Statement"]); err != nil {
		return nil, nil, errors.New("its Statement is neither an object nor a list of objects")
	}
	delete(policy, "Statement")
	for _, s := range statements {
		for name, value := range s {
			switch _, isText := value.(string); {
			case value == nil:
				delete(s, name)
			case name == "Sid", name == "Effect", isText && strings.HasSuffix(name, "Principal"): // everybody is "*" and no list
			default:
				s[name] = listed(value)
			}
		}
	}
	slices.SortFunc(statements, func(a, b policyStatement) int { return cmp.Compare(written(a), written(b)) })
	return policy, statements, nil
}

// listed is a value as a list, or an object whose members are.
func listed(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, member := range v {
			out[name] = listed(member)
		}
		return out
	case []any:
		v = slices.Clone(v)
		slices.SortFunc(v, func(a, b any) int { return cmp.Compare(written(a), written(b)) })
		return slices.CompactFunc(v, func(a, b any) bool { return written(a) == written(b) })
	}
	return []any{v}
}

func written(v any) string {
	text, _ := json.Marshal(v) // it was read from such a text
	return string(text)
}

type policyText struct {
	Policy string `json:"policy"`
}

// readPolicy keeps the spelling of a policy that means what is answered.
func readPolicy(answer, prior policyText) (policyText, error) {
	if means(answer.Policy, prior.Policy) {
		return prior, nil
	}
	return policyText{meaning(answer.Policy)}, nil
}

// means tells that an answered policy is another. The cloud may have given names to statements that had none.
func means(answer, prior string) bool {
	policy, statements, err := parsePolicy(answer)
	before, left, priorErr := parsePolicy(prior)
	if err != nil || priorErr != nil || written(policy) != written(before) || len(statements) != len(left) {
		return false
	}
	for _, s := range statements {
		unnamed := maps.Clone(s)
		delete(unnamed, "Sid")
		i := slices.IndexFunc(left, func(l policyStatement) bool { return written(l) == written(s) })
		if i < 0 {
			i = slices.IndexFunc(left, func(l policyStatement) bool { return written(l) == written(unnamed) })
		}
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return true
}

// What a policy and its statements are made of.
var (
	policyMembers    = []string{"Id", "Statement", "Version"}
	statementMembers = []string{"Action", "Condition", "Effect", "NotAction", "NotPrincipal", "NotResource", "Principal", "Resource", "Sid"}
)

const maxPolicy = 20 << 10

// policyFits refuses what the cloud would call malformed.
func policyFits(_, config object.Values, refuse func(string, string, ...any)) {
	text := config.String("policy")
	if text == "" {
		return
	}
	policy, statements, err := parsePolicy(text)
	if err != nil {
		refuse("policy", "The policy cannot be read: %v.", err)
		return
	}
	if size := len(meaning(text)); size > maxPolicy {
		refuse("policy", "It has %d bytes; %d is the most.", size, maxPolicy)
	}
	if len(statements) == 0 {
		refuse("policy", "It has no Statement.")
	}
	for name := range policy {
		if !slices.Contains(policyMembers, name) {
			refuse("policy", "A policy has no %s. It may have: %s.", name, strings.Join(policyMembers, ", "))
		}
	}
	for _, s := range statements {
		for _, wrong := range s.wrong(config.String("bucket")) {
			refuse("policy", "The statement %s: %s", written(s), wrong)
		}
	}
}

// wrong is all that is wrong with a statement of a bucket's policy; the bucket may be unknown.
func (s policyStatement) wrong(bucket string) (all []string) {
	for _, name := range slices.Sorted(maps.Keys(s)) {
		if !slices.Contains(statementMembers, name) {
			all = append(all, "A statement has no "+name+". It may have: "+strings.Join(statementMembers, ", ")+".")
		}
	}
	if s["Effect"] != "Allow" && s["Effect"] != "Deny" {
		all = append(all, "Its Effect must be Allow or Deny.")
	}
	for _, name := range []string{"Principal", "Action", "Resource"} {
		if (s[name] == nil) == (s["Not"+name] == nil) {
			all = append(all, "It needs one of "+name+" and Not"+name+".")
		}
	}
	for _, name := range []string{"Action", "NotAction"} {
		for _, action := range s.texts(name) {
			if strings.Contains(action, ":") {
				all = append(all, "The action "+action+" stands without a prefix here, such as GetObject.")
			}
		}
	}
	for _, name := range []string{"Resource", "NotResource"} {
		for _, resource := range s.texts(name) {
			if bucket != "" && resource != bucket && !strings.HasPrefix(resource, bucket+"/") {
				all = append(all, "The "+name+" "+resource+" is not the bucket "+bucket+", nor does it begin with "+bucket+"/.")
			}
		}
	}
	return all
}

// texts are the values of a member.
func (s policyStatement) texts(name string) []string {
	texts, _ := object.Into[[]string](s[name]) // what is no text is the cloud's to refuse
	return texts
}
