package sandbox

import (
	"slices"
	"strings"
)

// volumeType is a kind of disk. Zones are named by their last letter, so that the table is good for every region.
type volumeType struct {
	name    string
	zones   string // where it is offered
	soldOut string // where it is offered, but all of it is in use
	// The figures that can be chosen beside the type, none if maxIops is 0.
	minIops, maxIops, iopsPerGB  int
	minThroughput, maxThroughput int // MiB/s; none if maxThroughput is 0
}

var volumeTypes = []volumeType{
	{name: "SATA", zones: "abc", soldOut: "abc"},
	{name: "SAS", zones: "abc"},
	{name: "GPSSD", zones: "abc"},
	{name: "SSD", zones: "abc", soldOut: "c"},
	{name: "ESSD", zones: "ab"},
	{name: "GPSSD2", zones: "ab", minIops: 3000, maxIops: 128000, iopsPerGB: 500, minThroughput: 125, maxThroughput: 1000},
	{name: "ESSD2", zones: "a", minIops: 100, maxIops: 256000, iopsPerGB: 1000},
}

// findVolumeType is the type of a name, or nil.
func findVolumeType(name string) *volumeType {
	i := slices.IndexFunc(volumeTypes, func(t volumeType) bool { return t.name == name })
	if i < 0 {
		return nil
	}
	return &volumeTypes[i]
}

// volumeTypeID is the same in every sandbox.
func volumeTypeID(name string) string {
	h := hexOf("volume type " + name)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-8" + h[17:20] + "-" + h[20:]
}

// inZones are the region's zones whose last letters are given.
func inZones(region, letters string) []string {
	var zones []string
	for _, z := range regions[region].Zones {
		if strings.Contains(letters, z[len(z)-1:]) {
			zones = append(zones, z)
		}
	}
	return zones
}

// checkOffer refuses a type that does not exist, or that the zone has not or has no more.
func checkOffer(region, zone, name string) (*volumeType, error) {
	t := findVolumeType(name)
	switch {
	case !slices.Contains(regions[region].Zones, zone):
		return nil, badVolume("EVS.1036", "invalid availability zone!")
	case t == nil:
		return nil, badVolume("EVS.1020", "invalid volume type!")
	case !slices.Contains(inZones(region, t.zones), zone):
		return nil, badVolume("EVS.2071", "Invalid input received: Availability zone [%s] do not have volume type [%s]", zone, name)
	case slices.Contains(inZones(region, t.soldOut), zone):
		return nil, badVolume("EVS.2072", "Volume type [%s] in availability zone [%s] is sold out !", name, zone)
	}
	return t, nil
}

// checkPerformance refuses figures that the type has not, lacks, or cannot reach at a size. 0 is none.
func (t *volumeType) checkPerformance(size, iops, throughput int) error {
	switch {
	case t.maxIops == 0 && iops != 0:
		return badVolume("EVS.1009", "iops cannot be set for volume type [%s]", t.name)
	case t.maxThroughput == 0 && throughput != 0:
		return badVolume("EVS.1009", "throughput cannot be set for volume type [%s]", t.name)
	case t.maxIops != 0 && (iops < t.minIops || iops > min(t.maxIops, max(t.minIops, t.iopsPerGB*size))):
		return badVolume("EVS.1009", "iops of volume type [%s] must be from %d to %d for %d GB", t.name, t.minIops, min(t.maxIops, max(t.minIops, t.iopsPerGB*size)), size)
	case t.maxThroughput != 0 && (throughput < t.minThroughput || throughput > min(t.maxThroughput, iops/4)):
		return badVolume("EVS.1009", "throughput of volume type [%s] must be from %d to %d at %d iops", t.name, t.minThroughput, min(t.maxThroughput, iops/4), iops)
	}
	return nil
}

func (e *evsService) typeRoutes() []route {
	return []route{
		{"GET /v2/{project_id}/types", 200, e.listTypes},
		{"GET /v2/{project_id}/os-availability-zone", 200, e.listZones},
		{"GET /v2/{project_id}/os-quota-sets/{target_id}", 200, e.showQuotas},
	}
}

func (e *evsService) listTypes(r *request) (any, error) {
	list := []any{}
	for _, t := range volumeTypes {
		specs := map[string]string{
			"volume_backend_name":                            t.name,
			"availability-zone":                              regions[r.project.Region].Zones[0],
			"RESKEY:availability_zones":                      strings.Join(inZones(r.project.Region, t.zones), ","),
			"HW:availability_zone":                           regions[r.project.Region].Zones[0],
			"os-vendor-extended:sold_out_availability_zones": strings.Join(inZones(r.project.Region, t.soldOut), ","),
		}
		list = append(list, map[string]any{
			"id":           volumeTypeID(t.name),
			"name":         t.name,
			"description":  nil,
			"is_public":    true,
			"qos_specs_id": nil,
			"extra_specs":  specs,
		})
	}
	return map[string]any{"volume_types": list}, nil
}

func (e *evsService) listZones(r *request) (any, error) { return zoneInfo(r), nil }

// zoneInfo is how EVS and ECS answer the zones in OpenStack's form, in ECS with the hosts, which nobody may see.
func zoneInfo(r *request) any {
	list := []any{}
	for _, z := range regions[r.project.Region].Zones {
		info := map[string]any{"zoneName": z, "zoneState": map[string]bool{"available": true}}
		if r.service.name == "ecs" {
			info["hosts"] = nil
		}
		list = append(list, info)
	}
	return map[string]any{"availabilityZoneInfo": list}
}

func (e *evsService) showQuotas(r *request) (any, error) {
	if r.PathValue("target_id") != r.project.ID {
		return nil, refuse(403, "EVS.5403", "Policy check failed.")
	}
	if u := r.query.Get("usage"); u != "True" && u != "true" {
		return nil, badVolume("EVS.5400", "usage must be True.")
	}
	set := map[string]any{"id": r.project.ID}
	put := func(name string, limit, used int) {
		set[name] = map[string]int{"limit": limit, "in_use": used, "reserved": 0}
	}
	put("volumes", e.quota("volume"), e.volumes.count(r.project.ID))
	put("gigabytes", e.quota("gigabytes"), e.gigabytes(r.project.ID))
	put("snapshots", e.quota("snapshot"), e.snapshots.count(r.project.ID))
	put("per_volume_gigabytes", dataVolumeMax, 0)
	put("backups", 100, 0)
	put("backup_gigabytes", 5120, 0)
	for _, t := range volumeTypes {
		ofType := func(v *volume) bool { return v.VolumeType == t.name }
		gigabytes, snapshots := 0, 0
		for _, v := range e.volumes.where(r.project.ID, ofType) {
			gigabytes += v.Size
			snapshots += len(e.snapshotsOf(v.ID))
		}
		put("volumes_"+t.name, -1, len(e.volumes.where(r.project.ID, ofType)))
		put("gigabytes_"+t.name, -1, gigabytes)
		put("snapshots_"+t.name, -1, snapshots)
	}
	return map[string]any{"quota_set": set}, nil
}

// gigabytes is what a project's volumes take.
func (e *evsService) gigabytes(project string) int {
	sum := 0
	for _, v := range e.volumes.all(project) {
		sum += v.Size
	}
	return sum
}
