package sandbox

import (
	"encoding/json"
	"errors"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"
)

// cinderQuotas are the limits of a project, or of the class default for all that have none of their own.
type cinderQuotas struct {
	meta
	Limits map[string]int `json:"limits"` // -1 is none
}

// quotaClass has the limits of those projects that have none of their own.
const quotaClass = "default"

// cinderLimits are those of the class default, until they are changed.
var cinderLimits = []struct {
	name  string
	limit int
}{
	{"volumes", 1000}, {"per_volume_gigabytes", -1}, {"snapshots", 1000}, {"gigabytes", 100000}, {"backups", 1000}, {"backup_gigabytes", 100000}, {"groups", 10},
}

// typeLimits have a limit for each type beside the one for all.
var typeLimits = []string{"volumes", "gigabytes", "snapshots"}

func (c *cinderService) quotaRoutes() []route {
	const sets, classes = "/v3/{project_id}/os-quota-sets/{id}", "/v3/{project_id}/os-quota-class-sets/{id}"
	return []route{
		{"GET " + sets, 200, c.showQuotas},
		{"GET " + sets + "/defaults", 200, c.showDefaultQuotas},
		{"PUT " + sets, 200, byAdmin("volume_extension:quotas:update", c.updateQuotas("quota_set"))},
		{"DELETE " + sets, 200, byAdmin("volume_extension:quotas:delete", c.deleteQuotas)},
		{"GET " + classes, 200, byAdmin("volume_extension:quota_classes:get", c.showQuotaClass)},
		{"PUT " + classes, 200, byAdmin("volume_extension:quota_classes:update", c.updateQuotas("quota_class_set"))},
		{"GET /v3/{project_id}/limits", 200, c.limits},
	}
}

// quotaNames are all that has a limit.
func (c *cinderService) quotaNames() (names []string) {
	for _, l := range cinderLimits {
		names = append(names, l.name)
	}
	for _, t := range c.types.all("") {
		for _, name := range typeLimits {
			names = append(names, name+"_"+t.Name)
		}
	}
	return names
}

// limit is that of a project for something.
func (c *cinderService) limit(project, name string) int {
	for _, of := range []string{project, quotaClass} {
		if q := c.quotas.get("", of); q != nil {
			if limit, ok := q.Limits[name]; ok {
				return limit
			}
		}
	}
	for _, l := range cinderLimits {
		if l.name == name {
			return l.limit
		}
	}
	return -1
}

// used is how much of something a project has.
func (c *cinderService) used(project, name string) (n int) {
	name, kind, _ := strings.Cut(name, "_")
	if name == "backup" || name == "per" { // backup_gigabytes, per_volume_gigabytes
		name, kind = name+"_"+kind, ""
	}
	of := func(volume *osVolume) bool { return volume != nil && matches(kind, c.typeName(volume)) }
	for _, v := range c.volumes.all(project) {
		switch {
		case !of(v):
		case name == "volumes":
			n++
		case name == "gigabytes":
			n += v.Size
		}
	}
	for _, s := range c.snapshots.all(project) {
		switch {
		case kind != "" && !of(c.volumes.get("", s.VolumeID)):
		case name == "snapshots":
			n++
		case name == "gigabytes":
			n += s.Size
		}
	}
	for _, b := range c.backups.all(project) {
		switch name {
		case "backups":
			n++
		case "backup_gigabytes":
			n += b.Size
		}
	}
	return n
}

// demand is what an operation would add to what a project has.
type demand struct {
	volumes, gigabytes, snapshots, backups, backupGigabytes int

	kind string // the type's name
	size int    // of one volume
	only bool   // count the type's limits alone
}

// room refuses what would exceed a limit of a project.
func (c *cinderService) room(project string, d demand) error {
	over := func(name string, n int) (limit, used int, yes bool) {
		if n == 0 {
			return 0, 0, false
		}
		limit, used = c.limit(project, name), c.used(project, name)
		return limit, used, limit >= 0 && used+n > limit
	}
	exceeded := func(format string, args ...any) error {
		return refuse(http.StatusRequestEntityTooLarge, "", format, args...)
	}
	if limit := c.limit(project, "per_volume_gigabytes"); limit >= 0 && d.size > limit {
		return exceeded("VolumeSizeExceedsLimit: Requested volume size %dG is larger than maximum allowed limit %dG.", d.size, limit)
	}
	suffixes := []string{"", "_" + d.kind}
	if d.only {
		suffixes = suffixes[1:]
	}
	if d.kind == "" {
		suffixes = suffixes[:1]
	}
	for _, suffix := range suffixes {
		if limit, used, yes := over("gigabytes"+suffix, d.gigabytes); yes {
			return exceeded("VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes%s quota. Requested %dG, quota is %dG and %dG has been consumed.", suffix, d.gigabytes, limit, used)
		}
	}
	for _, suffix := range suffixes {
		if limit, _, yes := over("volumes"+suffix, d.volumes); yes {
			return exceeded("VolumeLimitExceeded: Maximum number of volumes allowed (%d) exceeded for quota 'volumes%s'.", limit, suffix)
		}
		if limit, _, yes := over("snapshots"+suffix, d.snapshots); yes {
			return exceeded("SnapshotLimitExceeded: Maximum number of snapshots allowed (%d) exceeded", limit)
		}
	}
	if limit, used, yes := over("backup_gigabytes", d.backupGigabytes); yes {
		return exceeded("VolumeBackupSizeExceedsAvailableQuota: Requested backup exceeds allowed Backup gigabytes quota. Requested %dG, quota is %dG and %dG has been consumed.", d.backupGigabytes, limit, used)
	}
	if limit, _, yes := over("backups", d.backups); yes {
		return exceeded("BackupLimitExceeded: Maximum number of backups allowed (%d) exceeded", limit)
	}
	return nil
}

func (c *cinderService) showQuotas(r *request) (any, error) {
	id := r.PathValue("id")
	if !r.admin() && id != r.project.ID {
		return nil, disallowed("volume_extension:quotas:show")
	}
	out := map[string]any{"id": id}
	for _, name := range c.quotaNames() {
		if strings.EqualFold(r.query.Get("usage"), "true") {
			out[name] = map[string]any{"limit": c.limit(id, name), "in_use": c.used(id, name), "reserved": 0}
		} else {
			out[name] = c.limit(id, name)
		}
	}
	return map[string]any{"quota_set": out}, nil
}

func (c *cinderService) showDefaultQuotas(r *request) (any, error) {
	id := r.PathValue("id")
	if !r.admin() && id != r.project.ID {
		return nil, disallowed("volume_extension:quotas:show")
	}
	out := c.limitsOf(quotaClass)
	out["id"] = id
	return map[string]any{"quota_set": out}, nil
}

func (c *cinderService) showQuotaClass(r *request) (any, error) {
	out := c.limitsOf(quotaClass)
	out["id"] = r.PathValue("id")
	return map[string]any{"quota_class_set": out}, nil
}

func (c *cinderService) limitsOf(project string) map[string]any {
	out := map[string]any{}
	for _, name := range c.quotaNames() {
		out[name] = c.limit(project, name)
	}
	return out
}

// updateQuotas sets limits of a project, or of the class default.
func (c *cinderService) updateQuotas(word string) func(*request) (any, error) {
	return func(r *request) (any, error) {
		id := r.PathValue("id")
		in := map[string]json.RawMessage{}
		if _, err := read(r, word, &in); err != nil {
			return nil, err
		}
		if len(in) == 0 {
			return nil, badCinderField(word, "{}", "{} does not have enough properties")
		}
		limits := map[string]int{}
		for name, text := range in {
			if !slices.Contains(c.quotaNames(), name) {
				return nil, badCinder("Invalid input received: Bad key(s) in quota set: %s", name)
			}
			var limit whole
			err := json.Unmarshal(text, &limit)
			_, wrong := errors.AsType[*json.UnmarshalTypeError](err)
			switch {
			case wrong || err != nil:
				return nil, badCinder("%s must be an integer", name)
			case limit < -1:
				return nil, badCinder("%s must be >= -1", name)
			case limit > math.MaxInt32:
				return nil, badCinder("%s must be <= 2147483647", name)
			case word == "quota_set" && limit >= 0 && int(limit) < c.used(id, name):
				return nil, badCinder("Quota %s limit must be equal or greater than existing resources. Current usage is %d and the requested limit is %d.", name, c.used(id, name), limit)
			}
			limits[name] = int(limit)
		}
		q := c.quotas.get("", id)
		if q == nil {
			q = c.quotas.add("", &cinderQuotas{meta: meta{ID: id}, Limits: map[string]int{}})
		}
		maps.Copy(q.Limits, limits)
		return map[string]any{word: c.limitsOf(id)}, nil
	}
}

func (c *cinderService) deleteQuotas(r *request) (any, error) {
	c.quotas.remove(r.PathValue("id"))
	return nil, nil
}

func (c *cinderService) limits(r *request) (any, error) {
	absolute := map[string]any{}
	for name, of := range map[string][2]string{
		"volumes": {"maxTotalVolumes", "totalVolumesUsed"}, "snapshots": {"maxTotalSnapshots", "totalSnapshotsUsed"}, "gigabytes": {"maxTotalVolumeGigabytes", "totalGigabytesUsed"},
		"backups": {"maxTotalBackups", "totalBackupsUsed"}, "backup_gigabytes": {"maxTotalBackupGigabytes", "totalBackupGigabytesUsed"},
	} {
		absolute[of[0]], absolute[of[1]] = c.limit(r.project.ID, name), c.used(r.project.ID, name)
	}
	return map[string]any{"limits": map[string]any{"rate": []any{}, "absolute": absolute}}, nil
}
