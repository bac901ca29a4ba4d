// Package kms declares the objects of the key management in the service Data Encryption Workshop.
//
// Nearly all its operations are POST, reads too, and name their object in the body.
package kms

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object/valid"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// Kinds are all objects of the service.
func Kinds() []*object.Kind { return []*object.Kind{&Key, &Grant} }

const path = "/v1.0/{project_id}/kms"

// on is an operation of one key, which may need more than its id.
func on(verb string, more ...string) object.Op {
	body := object.Body{"key_id": object.Attr("id")}
	for _, name := range more {
		body[name] = object.Attr(name)
	}
	return object.Op{Method: "POST", Path: path + "/" + verb, Body: body}
}

// ask is one that changes nothing.
func ask(verb string) object.Op {
	op := on(verb)
	op.Idempotent = true
	return op
}

// set is one that changes one attribute.
func set(verb string) object.Op {
	return object.Op{Method: "POST", Path: path + "/" + verb, Body: object.Changed{"id"}}
}

// Key is a key that never leaves the service: what is encrypted with it is sent there.
var Key = object.Kind{
	Name:    "kms_key",
	Service: cloud.KMS,
	Path:    path,
	One:     "key_info",
	Many:    "key_details",
	Paging:  cloud.Marker(100, "next_marker").InBody(),
	Create:  object.Op{Path: path + "/create-key", Body: object.All{}, ID: "key_info.key_id"},
	Read:    ask("describe-key"),
	List:    object.Op{Method: "POST", Path: path + "/list-keys", Body: object.Body{"key_spec": "ALL"}, Idempotent: true},
	Delete:  on("schedule-key-deletion", "pending_days"),
	Ready:   object.Ready{Path: "key_state", OK: []string{enabled, disabled, importing}, Failed: []string{frozen}},
	Gone:    []string{deleting},
	Tags: &object.Tags{
		Read: "tags.tags", As: object.Pairs,
		Action: path + "/{id}/tags/action",
		Rules:  object.TagRules{Most: 10, Key: 36, Value: 43, Keys: tagText, Values: tagText, Text: `a tag may not hold control characters, *, <, >, \ or =`},
	},
	Fields: object.Fields{
		"id":                    {API: "key_id"},
		"enterprise_project_id": {Read: "sys_enterprise_project_id"},
		"enabled":               {Read: object.Never},
		"rotation_enabled":      {Read: "key_rotation_enabled", Absent: false},
		"rotation_interval":     {Read: "rotation.rotation_interval"},
		"number_of_rotations":   {Read: "rotation.number_of_rotations"},
		"pending_days":          {As: object.Text},
		"created_at":            {API: "creation_date", As: object.Millis},
	},
	Local:   []string{"pending_days", "adopt_pending_deletion"},
	Revives: &object.Revival{If: "adopt_pending_deletion", By: []string{"key_alias"}, Op: on("cancel-key-deletion")},
	Sides: []object.Side{
		{Into: "tags", Many: object.Never, Apart: true, Op: object.Op{Method: "GET", Path: path + "/{id}/tags"}},
		{Into: "rotation", Many: object.Never, Apart: true, Op: ask("get-key-rotation-status"), When: rotates},
	},
	Decode: object.DecodeWith(decodeKey),
	Changes: []object.Change{
		{Of: []string{"key_alias"}, Op: set("update-key-alias")},
		{Of: []string{"key_description"}, Op: set("update-key-description")},
		{
			Of: []string{"enabled", "rotation_enabled", "rotation_interval"}, Do: changeUse,
			Calls:   []object.Op{enable, disable, enableRotation, disableRotation, changeInterval},
			Alters:  []string{"key_state", "rotation_interval", "number_of_rotations"},
			Follows: func(plan object.Values) bool { return plan.Bool("rotation_enabled") || !plan.Bool("enabled") },
		},
	},
	Checks:   []object.Check{aliasFits, usageFits, rotationFits, importedFits},
	Replaces: []string{"huaweicloud_kms_key", "huaweicloud_kms_key_v1", "flexibleengine_kms_key_v1", "opentelekomcloud_kms_key_v1"},
	Schema: schema.Schema{
		MarkdownDescription: "A key (KMS) that never leaves the service. Destroying it only schedules its deletion: after `pending_days` it is gone for ever, with all that was encrypted with it; until then its alias stays taken, and `adopt_pending_deletion` takes it back.",
		Attributes: map[string]schema.Attribute{
			"key_alias": schema.StringAttribute{
				Required:            true,
				Validators:          []validator.String{valid.Match(aliasText, "1 to 255 letters, digits, and : / _ - are expected")},
				MarkdownDescription: "Alias: 1 to 255 Latin letters, digits, and `:` `/` `_` `-`, not ending in `/default`; unique in the project, keys that await deletion included: what replaces a key needs an alias of its own.",
			},
			"key_description": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.UTF8LengthAtMost(255)},
				MarkdownDescription: "Description: at most 255 characters.",
			},
			"key_spec": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf(specs...)},
				MarkdownDescription: "Algorithm: `AES_256` or `SM4` (symmetric), `RSA_2048`, `RSA_3072`, `RSA_4096`, `EC_P256`, `EC_P384`, `SECP256K1` or `SM2`. The cloud takes `AES_256` when it is left out.",
			},
			"key_usage": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf(encrypts, signs)},
				MarkdownDescription: "Use: `ENCRYPT_DECRYPT` or `SIGN_VERIFY`. Symmetric keys encrypt, EC keys sign; of the others the cloud takes `SIGN_VERIFY` when it is left out.",
			},
			"origin": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf("kms", "external")},
				MarkdownDescription: "Where the key comes from: `kms`, the service makes it, or `external`, it is imported afterwards. The cloud takes `kms` when it is left out.",
			},
			"keystore_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: "Where the key is kept: `0` for the default store, `1` or `2` for shared clusters, or the id of a store of your own. The cloud takes `0` when it is left out.",
			},
			"enterprise_project_id": object.EnterpriseProject(),
			"enabled": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(true),
				MarkdownDescription: "Whether the key can be used. Of an `external` key that waits for its import it says nothing.",
			},
			"rotation_enabled": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether the service makes the key anew from time to time: for symmetric keys of its own, while they are enabled.",
			},
			"rotation_interval": schema.Int64Attribute{
				Optional: true, Computed: true, Validators: []validator.Int64{int64validator.Between(30, 365)},
				MarkdownDescription: "Days between rotations, 30 to 365, for keys that rotate. The cloud takes 365 when it is left out.",
			},
			"pending_days": schema.Int64Attribute{
				Optional: true, Computed: true, Default: int64default.StaticInt64(7), Validators: []validator.Int64{int64validator.Between(7, 1096)},
				MarkdownDescription: "Days from the destruction of the resource to the deletion of the key, 7 to 1096.",
			},
			"adopt_pending_deletion": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether a key of this alias that awaits deletion is taken back when the resource is created: its deletion is cancelled, and it is made as configured. Its algorithm, use and origin must be those asked for. Else the alias is taken, and the creation fails.",
			},
			"key_state":           schema.StringAttribute{Computed: true, MarkdownDescription: "State: `1` being made, `2` enabled, `3` disabled, `5` waits for its import, `7` frozen."},
			"default_key_flag":    schema.StringAttribute{Computed: true, MarkdownDescription: "`1` for a key that another service made for itself, else `0`."},
			"realm":               schema.StringAttribute{Computed: true, MarkdownDescription: "The region that the key was made in."},
			"domain_id":           schema.StringAttribute{Computed: true, MarkdownDescription: "The account that the key is of."},
			"number_of_rotations": schema.Int64Attribute{Computed: true, MarkdownDescription: "How often the key was made anew."},
			"created_at":          object.CreatedAt(),
		},
	},
}

// The states of a key.
const (
	enabled   = "2"
	disabled  = "3"
	deleting  = "4"
	importing = "5"
	frozen    = "7"
)

const (
	encrypts = "ENCRYPT_DECRYPT"
	signs    = "SIGN_VERIFY"
)

var (
	specs     = []string{"AES_256", "SM4", "RSA_2048", "RSA_3072", "RSA_4096", "EC_P256", "EC_P384", "SECP256K1", "SM2"}
	aliasText = pattern.New(`^[a-zA-Z0-9:/_-]{1,255}$`)
	tagText   = pattern.New(`^[^\x00-\x1f*<>\\=]*$`)
)

func symmetric(spec string) bool { return slices.Contains([]string{"", "AES_256", "SM4"}, spec) }

// rotates tells which keys can rotate at all: the service refuses to say of others how often they do.
func rotates(answer object.Values) bool {
	return symmetric(answer.String("key_spec")) && answer.String("origin") != "external" && answer.String("default_key_flag") != "1"
}

type keyAnswer struct {
	State string `json:"key_state"`
}

type keyState struct {
	Enabled bool `json:"enabled"`
}

// decodeKey takes every key but a disabled one for enabled: what waits for its import cannot be told apart otherwise.
func decodeKey(answer keyAnswer, _ keyState) (keyState, error) {
	return keyState{Enabled: answer.State != disabled}, nil
}

var (
	enable          = on("enable-key")
	disable         = on("disable-key")
	enableRotation  = on("enable-key-rotation")
	disableRotation = on("disable-key-rotation")
	changeInterval  = on("update-key-rotation-interval", "rotation_interval")
)

// changeUse enables a key before its rotation is changed, and disables it afterwards: only an enabled key takes a change of
// its rotation.
func changeUse(ctx context.Context, call *object.Call) error {
	was := call.Prior
	if !was.Has("enabled") { // it has just been made
		was = object.Values{"enabled": true, "rotation_enabled": false}
	}
	plan := call.Plan
	changes := func(name string) bool {
		return slices.Contains(call.Changed, name) && was.Bool(name) != plan.Bool(name)
	}
	steps := []struct {
		due bool
		op  object.Op
	}{
		{changes("enabled") && plan.Bool("enabled"), enable},
		{changes("rotation_enabled") && plan.Bool("rotation_enabled"), enableRotation},
		{plan.Bool("rotation_enabled") && plan.Has("rotation_interval") && slices.Contains(call.Changed, "rotation_interval"), changeInterval},
		{changes("rotation_enabled") && !plan.Bool("rotation_enabled"), disableRotation},
		{changes("enabled") && !plan.Bool("enabled"), disable},
	}
	for _, step := range steps {
		if !step.due {
			continue
		}
		if _, err := call.Do(ctx, step.op, nil); err != nil {
			return err
		}
	}
	return nil
}

// aliasFits refuses the aliases of the keys that services make for themselves.
func aliasFits(_, config object.Values, refuse func(string, string, ...any)) {
	if strings.HasSuffix(config.String("key_alias"), "/default") {
		refuse("key_alias", "Aliases that end in /default are those of the keys that services make for themselves.")
	}
}

// usageFits refuses a use that the algorithm does not have.
func usageFits(_, config object.Values, refuse func(string, string, ...any)) {
	spec, usage := config.String("key_spec"), config.String("key_usage")
	switch {
	case !config.Null("key_spec") && spec == "": // not known yet
	case symmetric(spec) && usage == signs:
		refuse("key_usage", "A symmetric key cannot sign. Choose an asymmetric key_spec, or ENCRYPT_DECRYPT.")
	case slices.Contains([]string{"EC_P256", "EC_P384", "SECP256K1"}, spec) && usage == encrypts:
		refuse("key_usage", "A key %s can only sign.", spec)
	}
}

// rotationFits refuses the rotation of keys that cannot rotate, and an interval of those that do not.
func rotationFits(_, config object.Values, refuse func(string, string, ...any)) {
	if config.Bool("rotation_enabled") && (!symmetric(config.String("key_spec")) || config.String("origin") == "external") {
		refuse("rotation_enabled", "Only a symmetric key that the service makes can rotate.")
	}
	if on, known := config.Get("rotation_enabled"); config.Has("rotation_interval") && (config.Null("rotation_enabled") || known && on == false) {
		refuse("rotation_interval", "A key that does not rotate has no interval. Set rotation_enabled, too.")
	}
}

// importedFits refuses to disable what waits for its import when it is made.
func importedFits(prior, config object.Values, refuse func(string, string, ...any)) {
	if on, known := config.Get("enabled"); prior == nil && known && on == false && config.String("origin") == "external" {
		refuse("enabled", "An external key cannot be disabled before it is imported.")
	}
}
