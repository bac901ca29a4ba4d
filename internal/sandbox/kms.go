package sandbox

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// kmsService keeps keys. What is done with them is in kms_crypto.go, and who else may do it in kms_grant.go.
type kmsService struct {
	*Sandbox
	keys   *table[kmsKey]
	grants *table[kmsGrant]
}

// kmsKey is a key that never leaves the service. The fields are named as in the API's answer, numbers as strings.
type kmsKey struct {
	meta
	Alias               string            `json:"key_alias"`
	Description         string            `json:"key_description"`
	Spec                string            `json:"key_spec"`
	Usage               string            `json:"key_usage"`
	Origin              string            `json:"origin"`
	State               string            `json:"key_state"`
	DefaultFlag         string            `json:"default_key_flag"` // "1": made by another service for itself
	KeystoreID          string            `json:"keystore_id"`
	EnterpriseProjectID string            `json:"sys_enterprise_project_id"`
	Deletion            time.Time         `json:"scheduled_deletion"`
	Rotates             bool              `json:"rotation_enabled"`
	Interval            int               `json:"rotation_interval"` // days
	Tags                map[string]string `json:"tags"`
	Material            string            `json:"material"` // in hexadecimal digits
}

// The states of a key.
const (
	keyActivating = "1"
	keyEnabled    = "2"
	keyDisabled   = "3"
	keyDeleting   = "4"
	keyImporting  = "5"
)

// keyUsages are the kinds of keys, and what each is for.
var keyUsages = map[string][]string{
	"AES_256":   {"ENCRYPT_DECRYPT"},
	"SM4":       {"ENCRYPT_DECRYPT"},
	"RSA_2048":  {"SIGN_VERIFY", "ENCRYPT_DECRYPT"},
	"RSA_3072":  {"SIGN_VERIFY", "ENCRYPT_DECRYPT"},
	"RSA_4096":  {"SIGN_VERIFY", "ENCRYPT_DECRYPT"},
	"EC_P256":   {"SIGN_VERIFY"},
	"EC_P384":   {"SIGN_VERIFY"},
	"SECP256K1": {"SIGN_VERIFY"},
	"SM2":       {"SIGN_VERIFY", "ENCRYPT_DECRYPT"},
}

func (k *kmsKey) symmetric() bool { return k.Spec == "AES_256" || k.Spec == "SM4" }

func newKMS(s *Sandbox) *kmsService {
	k := &kmsService{Sandbox: s, keys: newTable[kmsKey](s, "kms_key"), grants: newTable[kmsGrant](s, "kms_grant")}
	k.keys.removed = k.removeGrants
	s.onJobs(jobTypes{ // these have no job in the API: clients watch the state
		"activateKey": k.endActivate,
		"deleteKey":   k.endDelete,
	})
	const path = "/v1.0/{project_id}/kms"
	s.addService(&service{
		name:    "kms",
		invalid: "KMS.0202",
		shape: func(r *request, f *refusal) any {
			if strings.HasPrefix(f.code, "KPS.") { // key pairs have the same host, and another dialect
				return errorCodeMsg(r, f)
			}
			return map[string]any{"error": map[string]any{"error_code": f.code, "error_msg": f.message}}
		},
		routes: slices.Concat([]route{
			{"POST " + path + "/create-key", 200, k.createKey},
			{"POST " + path + "/describe-key", 200, k.describeKey},
			{"POST " + path + "/list-keys", 200, k.listKeys},
			{"POST " + path + "/update-key-alias", 200, k.updateAlias},
			{"POST " + path + "/update-key-description", 200, k.updateDescription},
			{"POST " + path + "/enable-key", 200, k.moveKey(keyDisabled, keyEnabled, "KMS.1201")},
			{"POST " + path + "/disable-key", 200, k.moveKey(keyEnabled, keyDisabled, "KMS.1301")},
			{"POST " + path + "/schedule-key-deletion", 200, k.scheduleDeletion},
			{"POST " + path + "/cancel-key-deletion", 200, k.cancelDeletion},
			{"POST " + path + "/enable-key-rotation", 200, k.rotate(true)},
			{"POST " + path + "/disable-key-rotation", 200, k.rotate(false)},
			{"POST " + path + "/update-key-rotation-interval", 200, k.updateInterval},
			{"POST " + path + "/get-key-rotation-status", 200, k.showRotation},
			{"GET " + path + "/{key_id}/tags", 200, k.showKeyTags},
			{"POST " + path + "/{key_id}/tags/action", 204, k.changeKeyTags},
			{"GET " + path + "/user-instances", 200, k.countKeys},
		}, k.cryptoRoutes(path), k.grantRoutes(path), s.kpsRoutes()),
	})
	return k
}

func badKey(code, format string, args ...any) error {
	return refuse(http.StatusBadRequest, code, format, args...)
}

var keyID = pattern.New(`^[0-9a-z]{8}(-[0-9a-z]{4}){3}-[0-9a-z]{12}$`)

// find is a key by its id.
func (k *kmsService) find(r *request, id string) (*kmsKey, error) {
	if !keyID.MatchString(id) {
		return nil, badKey("KMS.0205", "Invalid key ID %q.", id)
	}
	o := k.keys.get(r.project.ID, id)
	if o == nil {
		return nil, refuse(http.StatusNotFound, "KMS.0405", "The key %s does not exist.", id)
	}
	return o, nil
}

// key is the one that the body names.
func (k *kmsService) key(r *request) (*kmsKey, error) {
	var in struct {
		KeyID string `json:"key_id"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	return k.find(r, in.KeyID)
}

// changeable is the key that the body names, if its owner may change it now.
func (k *kmsService) changeable(r *request) (*kmsKey, error) {
	o, err := k.key(r)
	switch {
	case err != nil:
		return nil, err
	case o.DefaultFlag == "1":
		return nil, badKey("KMS.0211", "The default master key cannot be changed.")
	case o.State == keyDeleting:
		return nil, badKey("KMS.0210", "The key is scheduled to be deleted and cannot be used.")
	}
	return o, nil
}

var keyAlias = pattern.New(`^[a-zA-Z0-9:/_-]{1,255}$`)

// checkAlias refuses an alias of another form, of the service's own, and of another key, also of one awaiting deletion.
func (k *kmsService) checkAlias(r *request, id, alias string) error {
	if !keyAlias.MatchString(alias) || strings.HasSuffix(alias, "/default") {
		return badKey("KMS.1101", "Invalid key_alias %q.", alias)
	}
	if k.keys.first(r.project.ID, func(o *kmsKey) bool { return o.Alias == alias && o.ID != id }) != nil {
		return badKey("KMS.1104", "The key_alias %s already exists.", alias)
	}
	return nil
}

func checkKeyDescription(text string) error {
	if utf8.RuneCountInString(text) > 255 {
		return badKey("KMS.1103", "Invalid key_description: it has more than 255 characters.")
	}
	return nil
}

func (k *kmsService) createKey(r *request) (any, error) {
	var in struct {
		Alias               string `json:"key_alias"`
		Spec                string `json:"key_spec"`
		Usage               string `json:"key_usage"`
		Description         string `json:"key_description"`
		Origin              string `json:"origin"`
		EnterpriseProjectID string `json:"enterprise_project_id"`
		KeystoreID          string `json:"keystore_id"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	o := &kmsKey{
		Alias: in.Alias, Spec: cmp.Or(in.Spec, "AES_256"), Description: in.Description, Origin: cmp.Or(in.Origin, "kms"), DefaultFlag: "0",
		KeystoreID: cmp.Or(in.KeystoreID, "0"), EnterpriseProjectID: cmp.Or(in.EnterpriseProjectID, "0"), State: keyActivating, Interval: 365,
	}
	usages, known := keyUsages[o.Spec]
	if !known {
		return nil, badKey("KMS.1106", "Invalid key_spec %q.", in.Spec)
	}
	if o.Usage = cmp.Or(in.Usage, usages[0]); !slices.Contains(usages, o.Usage) {
		return nil, badKey("KMS.1107", "key_usage %q does not fit key_spec %s.", in.Usage, o.Spec)
	}
	if o.Origin != "kms" && o.Origin != "external" {
		return nil, badKey("KMS.1108", "Invalid origin %q.", in.Origin)
	}
	if err := k.checkAlias(r, "", in.Alias); err != nil {
		return nil, err
	}
	if err := checkKeyDescription(in.Description); err != nil {
		return nil, err
	}
	if k.keys.full(r.project.ID, 1) {
		return nil, badKey("KMS.1105", "The number of keys exceeds the quota.")
	}
	if o.Origin == "external" {
		o.State = keyImporting
	} else {
		o.Material = randomHex(32)
	}
	k.keys.add(r.project.ID, o)
	if o.State == keyActivating {
		k.startJob(r.project.ID, "activateKey", map[string]any{"key_id": o.ID})
	}
	return map[string]any{"key_info": map[string]any{"key_id": o.ID, "domain_id": r.project.DomainID}}, nil
}

func (k *kmsService) endActivate(j *job) error {
	if o := k.keys.get("", j.text("key_id")); o != nil && o.State == keyActivating {
		o.State = keyEnabled
	}
	return nil
}

// endDelete removes a key whose day has come, unless it was given up meanwhile.
func (k *kmsService) endDelete(j *job) error {
	if o := k.keys.get("", j.text("key_id")); o != nil && o.State == keyDeleting && !o.Deletion.After(time.Now()) {
		k.keys.remove(o.ID)
	}
	return nil
}

// millis is a time as the service writes it.
func millis(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.UnixMilli(), 10)
}

func (k *kmsService) view(r *request) func(*kmsKey) any {
	return func(o *kmsKey) any {
		return map[string]any{
			"key_id":                    o.ID,
			"domain_id":                 r.project.DomainID,
			"key_alias":                 o.Alias,
			"realm":                     r.project.Region,
			"key_spec":                  o.Spec,
			"key_usage":                 o.Usage,
			"key_description":           o.Description,
			"creation_date":             millis(o.CreatedAt),
			"scheduled_deletion_date":   millis(o.Deletion),
			"key_state":                 o.State,
			"default_key_flag":          o.DefaultFlag,
			"key_type":                  "1",
			"expiration_time":           "",
			"origin":                    o.Origin,
			"key_rotation_enabled":      strconv.FormatBool(o.Rotates),
			"sys_enterprise_project_id": o.EnterpriseProjectID,
			"keystore_id":               o.KeystoreID,
		}
	}
}

func (k *kmsService) describeKey(r *request) (any, error) {
	o, err := k.key(r)
	if err == nil && !k.keys.visible(o) {
		err = refuse(http.StatusNotFound, "KMS.0405", "The key %s does not exist.", o.ID)
	}
	if err != nil {
		return nil, err
	}
	return map[string]any{"key_info": k.view(r)(o)}, nil
}

// listKeys answers a page of the keys, of AES alone unless it is told otherwise.
func (k *kmsService) listKeys(r *request) (any, error) {
	var in struct {
		Limit               string `json:"limit"`
		Marker              string `json:"marker"`
		State               string `json:"key_state"`
		Spec                string `json:"key_spec"`
		EnterpriseProjectID string `json:"enterprise_project_id"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if spec := cmp.Or(in.Spec, "AES_256"); spec != "ALL" && keyUsages[spec] == nil {
		return nil, badKey("KMS.1106", "Invalid key_spec %q.", in.Spec)
	}
	found := slices.DeleteFunc(k.keys.list(r.project.ID), func(o *kmsKey) bool {
		return in.Spec != "ALL" && o.Spec != cmp.Or(in.Spec, "AES_256") || !matches(in.State, o.State) ||
			in.EnterpriseProjectID != "all" && !matches(in.EnterpriseProjectID, o.EnterpriseProjectID)
	})
	page, out, err := kmsPage(found, in.Limit, in.Marker, 1000)
	if err != nil {
		return nil, err
	}
	out["keys"], out["key_details"] = views(page, func(o *kmsKey) string { return o.ID }), views(page, k.view(r))
	return out, nil
}

// kmsPage is a page of a list, and what the answer says of how it goes on. The marker counts what went before.
func kmsPage[T any](found []T, asked, marker string, most int) (page []T, out map[string]any, err error) {
	limit, limitErr := strconv.Atoi(cmp.Or(asked, strconv.Itoa(most)))
	begin, markerErr := strconv.Atoi(cmp.Or(marker, "0"))
	switch {
	case limitErr != nil || limit < 1 || limit > most:
		return nil, nil, badKey("KMS.1601", "Invalid limit %q.", asked)
	case markerErr != nil || begin < 0:
		return nil, nil, badKey("KMS.1602", "Invalid marker %q.", marker)
	}
	page = found[min(begin, len(found)):]
	page = page[:min(limit, len(page))]
	next, truncated := "", begin+len(page) < len(found)
	if truncated {
		next = strconv.Itoa(begin + len(page))
	}
	return page, map[string]any{"next_marker": next, "truncated": strconv.FormatBool(truncated), "total": len(found)}, nil
}

func (k *kmsService) updateAlias(r *request) (any, error) {
	o, err := k.changeable(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Alias string `json:"key_alias"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if err := k.checkAlias(r, o.ID, in.Alias); err != nil {
		return nil, err
	}
	o.Alias = in.Alias
	return map[string]any{"key_info": map[string]any{"key_id": o.ID, "key_alias": o.Alias}}, nil
}

func (k *kmsService) updateDescription(r *request) (any, error) {
	o, err := k.changeable(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Description *string `json:"key_description"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.Description == nil {
		return nil, badKey("KMS.0204", "Parameter key_description is missing.")
	}
	if err := checkKeyDescription(*in.Description); err != nil {
		return nil, err
	}
	o.Description = *in.Description
	return map[string]any{"key_info": map[string]any{"key_id": o.ID, "key_description": o.Description}}, nil
}

// moveKey enables or disables a key, which must be in the other state.
func (k *kmsService) moveKey(from, to, code string) func(*request) (any, error) {
	return func(r *request) (any, error) {
		o, err := k.changeable(r)
		if err != nil {
			return nil, err
		}
		if o.State != from {
			return nil, badKey(code, "The key is in state %s and not in %s.", o.State, from)
		}
		o.State = to
		return map[string]any{"key_info": map[string]any{"key_id": o.ID, "key_state": o.State}}, nil
	}
}

func (k *kmsService) scheduleDeletion(r *request) (any, error) {
	o, err := k.changeable(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Days string `json:"pending_days"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	days, err := strconv.Atoi(in.Days)
	if err != nil || days < 7 || days > 1096 {
		return nil, badKey("KMS.1401", "Invalid pending_days %q: 7 to 1096 is expected.", in.Days)
	}
	o.State, o.Deletion = keyDeleting, time.Now().UTC().AddDate(0, 0, days)
	k.startJob(r.project.ID, "deleteKey", map[string]any{"key_id": o.ID}).End = o.Deletion
	return map[string]any{"key_id": o.ID, "key_state": o.State}, nil
}

// cancelDeletion leaves the key disabled.
func (k *kmsService) cancelDeletion(r *request) (any, error) {
	o, err := k.key(r)
	if err != nil {
		return nil, err
	}
	if o.State != keyDeleting {
		return nil, badKey("KMS.1501", "The key is not scheduled to be deleted.")
	}
	o.State, o.Deletion = keyDisabled, time.Time{}
	return map[string]any{"key_id": o.ID, "key_state": o.State}, nil
}

// rotating is the key that the body names, if it is one that can rotate.
func (k *kmsService) rotating(r *request, find func(*request) (*kmsKey, error)) (*kmsKey, error) {
	o, err := find(r)
	if err == nil && (!o.symmetric() || o.Origin != "kms" || o.DefaultFlag == "1") {
		err = badKey("KMS.2602", "Rotation is for symmetric keys that the service made.")
	}
	return o, err
}

func (k *kmsService) rotate(on bool) func(*request) (any, error) {
	return func(r *request) (any, error) {
		o, err := k.rotating(r, k.changeable)
		if err != nil {
			return nil, err
		}
		if o.State != keyEnabled {
			return nil, badKey("KMS.0209", "The key is disabled.")
		}
		if o.Rotates = on; !on {
			o.Interval = 365
		}
		return struct{}{}, nil
	}
}

func (k *kmsService) updateInterval(r *request) (any, error) {
	o, err := k.rotating(r, k.changeable)
	if err != nil {
		return nil, err
	}
	var in struct {
		Interval int `json:"rotation_interval"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	switch {
	case in.Interval < 30 || in.Interval > 365:
		return nil, badKey("KMS.2603", "Invalid rotation_interval %d: 30 to 365 is expected.", in.Interval)
	case o.State != keyEnabled:
		return nil, badKey("KMS.0209", "The key is disabled.")
	case !o.Rotates:
		return nil, badKey("KMS.2604", "The key does not rotate.")
	}
	o.Interval = in.Interval
	return struct{}{}, nil
}

func (k *kmsService) showRotation(r *request) (any, error) {
	o, err := k.rotating(r, k.key)
	if err != nil {
		return nil, err
	}
	return map[string]any{"key_rotation_enabled": o.Rotates, "rotation_interval": o.Interval, "last_rotation_time": "", "number_of_rotations": 0}, nil
}

// The limits of a key's tags.
const (
	keyTagsMax     = 10
	keyTagKeyMax   = 36
	keyTagValueMax = 43
)

var keyTagText = pattern.New(`^[^\x00-\x1f*<>\\=]*$`)

func (k *kmsService) showKeyTags(r *request) (any, error) {
	o, err := k.find(r, r.PathValue("key_id"))
	if err != nil {
		return nil, err
	}
	return map[string]any{"tags": tagList(o.Tags), "existTagsNum": len(o.Tags)}, nil
}

func (k *kmsService) changeKeyTags(r *request) (any, error) {
	o, err := k.find(r, r.PathValue("key_id"))
	if err != nil {
		return nil, err
	}
	var in struct {
		Action string `json:"action"`
		Tags   []tag  `json:"tags"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.Action != "create" && in.Action != "delete" || len(in.Tags) == 0 {
		return nil, badKey("KMS.2401", "action is create or delete, with one tag or more.")
	}
	tags := maps.Clone(o.Tags)
	if tags == nil {
		tags = map[string]string{}
	}
	for _, t := range in.Tags {
		if n := utf8.RuneCountInString(t.Key); n < 1 || n > keyTagKeyMax || utf8.RuneCountInString(t.Value) > keyTagValueMax || !keyTagText.MatchString(t.Key+t.Value) {
			return nil, badKey("KMS.2402", "Invalid tag %q.", t.Key)
		}
		if in.Action == "delete" {
			delete(tags, t.Key)
		} else {
			tags[t.Key] = t.Value
		}
	}
	if len(tags) > keyTagsMax {
		return nil, badKey("KMS.2403", "The number of tags exceeds %d.", keyTagsMax)
	}
	o.Tags = tags
	return nil, nil
}

// countKeys counts those that the user made.
func (k *kmsService) countKeys(r *request) (any, error) {
	own := k.keys.where(r.project.ID, func(o *kmsKey) bool { return o.DefaultFlag != "1" })
	return map[string]any{"instance_num": len(own)}, nil
}
