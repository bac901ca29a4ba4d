package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// flavor is a size of server. Zones are named by their last letter, so that the table is good for every region.
type flavor struct {
	name    string
	vcpus   int
	ram     int    // MB
	kind    string // ecs:performancetype
	zones   string // where it is offered
	soldOut string // where it is offered, but all hosts are taken
}

var flavors = []flavor{
	{name: "s6.small.1", vcpus: 1, ram: 1 << 10, kind: "normal", zones: "abc"},
	{name: "s6.medium.2", vcpus: 1, ram: 2 << 10, kind: "normal", zones: "abc"},
	{name: "s6.large.2", vcpus: 2, ram: 4 << 10, kind: "normal", zones: "abc"},
	{name: "s6.xlarge.2", vcpus: 4, ram: 8 << 10, kind: "normal", zones: "abc"},
	{name: "c7.large.2", vcpus: 2, ram: 4 << 10, kind: "computingv3", zones: "abc"},
	{name: "c7.xlarge.2", vcpus: 4, ram: 8 << 10, kind: "computingv3", zones: "abc"},
	{name: "c7.2xlarge.4", vcpus: 8, ram: 32 << 10, kind: "computingv3", zones: "ab"},
	{name: "m7.large.8", vcpus: 2, ram: 16 << 10, kind: "highmem", zones: "abc", soldOut: "b"},
	{name: "kc1.small.1", vcpus: 1, ram: 1 << 10, kind: "kunpeng_computing", zones: "abc"},
	{name: "kc1.large.2", vcpus: 2, ram: 4 << 10, kind: "kunpeng_computing", zones: "abc"},
}

// findFlavor is the flavor of a name, which is also its id, or nil.
func findFlavor(name string) *flavor {
	i := slices.IndexFunc(flavors, func(f flavor) bool { return f.name == name })
	if i < 0 {
		return nil
	}
	return &flavors[i]
}

// arm says whether the flavor's processors are ARM.
func (f *flavor) arm() bool { return strings.HasPrefix(f.kind, "kunpeng_") }

// generation is the part of the name that says which series the flavor is of.
func (f *flavor) generation() string {
	series, _, _ := strings.Cut(f.name, ".")
	return series
}

// sold says whether a zone has servers of the flavor left.
func (f *flavor) sold(region, zone string) bool {
	return slices.Contains(inZones(region, f.zones), zone) && !slices.Contains(inZones(region, f.soldOut), zone)
}

// specs are the flavor's properties, among them where it can be had.
func (f *flavor) specs(region string) map[string]string {
	var where []string
	for _, z := range inZones(region, f.zones) {
		state := "normal"
		if !f.sold(region, z) {
			state = "sellout"
		}
		where = append(where, z+"("+state+")")
	}
	specs := map[string]string{
		"ecs:performancetype":                           f.kind,
		"ecs:generation":                                f.generation(),
		"ecs:virtualization_env_types":                  "CloudCompute",
		"resource_type":                                 "IOoptimized" + strings.ToUpper(f.generation()) + "_" + f.name[strings.LastIndex(f.name, ".")+1:],
		"hw:numa_nodes":                                 "1",
		"hpet_support":                                  "true",
		"instance_vnic:type":                            "enhanced",
		"instance_vnic:max_count":                       strconv.Itoa(nicsMax),
		"cond:operation:status":                         "abandon",
		"cond:operation:az":                             strings.Join(where, ","),
		"cond:compute":                                  "autorecovery",
		"quota:vif_max_num":                             strconv.Itoa(nicsMax),
		"quota:sub_network_interface_max_num":           "0",
		"info:cpu:name":                                 "Intel Xeon",
		"cond:storage":                                  "scsi",
		"security:enclave_supported":                    "false",
		"cond:operation:charge:stop":                    "free",
		"network_interface:traffic_mirroring_supported": "false",
	}
	if f.arm() {
		specs["ecs:instance_architecture"], specs["info:cpu:name"] = "arm64", "Huawei Kunpeng 920"
	}
	return specs
}

func (f *flavor) view(r *request) map[string]any {
	return map[string]any{
		"id":                         f.name,
		"name":                       f.name,
		"vcpus":                      strconv.Itoa(f.vcpus),
		"ram":                        f.ram,
		"disk":                       "0",
		"swap":                       "",
		"OS-FLV-EXT-DATA:ephemeral":  0,
		"OS-FLV-DISABLED:disabled":   false,
		"rxtx_factor":                1.0,
		"rxtx_quota":                 nil,
		"rxtx_cap":                   nil,
		"os-flavor-access:is_public": true,
		"links": []any{map[string]any{
			"rel": "self", "href": r.url("ecs") + "/v2.1/" + r.project.ID + "/flavors/" + f.name, "type": nil,
		}},
	}
}

func (e *ecsService) flavorRoutes() []route {
	return []route{
		{"GET /v1/{project_id}/cloudservers/flavors", 200, e.listFlavors},
		{"GET /v1/{project_id}/cloudservers/resize_flavors", 200, e.listResizeFlavors},
		{"GET /v2.1/{project_id}/flavors/{id}/os-extra_specs", 200, e.showSpecs},
		{"GET /v1/{project_id}/availability-zones", 200, e.listZones},
		{"GET /v2.1/{project_id}/os-availability-zone", 200, e.listNovaZones},
		{"GET /v1/{project_id}/cloudservers/limits", 200, e.showLimits},
	}
}

// flavorPage is the page that follows ?marker=, ?limit= long.
func flavorPage(r *request, found []flavor) ([]flavor, error) {
	found, ok := after(found, func(f flavor) string { return f.name }, r.query.Get("marker"))
	if !ok {
		return nil, badServer("Ecs.0029", "The flavor %s does not exist.", r.query.Get("marker"))
	}
	limit, err := r.queryInt("limit", 1000, 0, 1000)
	if err != nil {
		return nil, err
	}
	return found[:min(limit, len(found))], nil
}

// listFlavors answers, for a zone, what can be had there now.
func (e *ecsService) listFlavors(r *request) (any, error) {
	q := r.query
	page, err := flavorPage(r, slices.DeleteFunc(slices.Clone(flavors), func(f flavor) bool {
		zone := q.Get("availability_zone")
		return !matches(q.Get("flavor_id"), f.name) || zone != "" && !f.sold(r.project.Region, zone)
	}))
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, f := range page {
		view := f.view(r)
		view["os_extra_specs"] = f.specs(r.project.Region)
		view["attachableQuantity"] = map[string]int{"free_scsi": attachmentsMax, "free_blk": attachmentsMax, "free_disk": attachmentsMax, "free_nic": nicsMax}
		list = append(list, view)
	}
	return map[string]any{"flavors": list}, nil
}

// listResizeFlavors answers what a server, or servers of a flavor, can be turned into.
func (e *ecsService) listResizeFlavors(r *request) (any, error) {
	q := r.query
	name, zone := q.Get("source_flavor_id"), ""
	if name == "" {
		name = q.Get("source_flavor_name")
	}
	if id := q.Get("instance_uuid"); id != "" {
		s := e.servers.get(r.project.ID, id)
		if s == nil {
			return nil, noServer(id)
		}
		name, zone = s.Flavor.ID, s.AvailabilityZone
	}
	source := findFlavor(name)
	if source == nil {
		return nil, badServer("Ecs.0029", "instance_uuid, source_flavor_id or source_flavor_name must name a flavor that exists.")
	}
	found := slices.DeleteFunc(slices.Clone(flavors), func(f flavor) bool {
		return f.name == source.name || f.arm() != source.arm() || zone != "" && !f.sold(r.project.Region, zone)
	})
	orders := map[string]func(a, b flavor) int{
		"":          func(a, b flavor) int { return strings.Compare(a.name, b.name) },
		"flavorid":  func(a, b flavor) int { return strings.Compare(a.name, b.name) },
		"name":      func(a, b flavor) int { return strings.Compare(a.name, b.name) },
		"memory_mb": func(a, b flavor) int { return a.ram - b.ram },
		"vcpus":     func(a, b flavor) int { return a.vcpus - b.vcpus },
		"root_gb":   func(flavor, flavor) int { return 0 },
	}
	order := orders[q.Get("sort_key")]
	if order == nil {
		return nil, badServer("Ecs.0005", "sort_key %s is invalid.", q.Get("sort_key"))
	}
	slices.SortStableFunc(found, order)
	if q.Get("sort_dir") == "desc" {
		slices.Reverse(found)
	}
	page, err := flavorPage(r, found)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, f := range page {
		view := f.view(r)
		view["extra_specs"] = f.specs(r.project.Region)
		view["instance_quota"] = map[string]any{}
		list = append(list, view)
	}
	return map[string]any{"flavors": list}, nil
}

func (e *ecsService) showSpecs(r *request) (any, error) {
	f := findFlavor(r.PathValue("id"))
	if f == nil {
		return nil, refuse(http.StatusNotFound, "Ecs.0029", "Flavor %s could not be found.", r.PathValue("id"))
	}
	return map[string]any{"extra_specs": f.specs(r.project.Region)}, nil
}

func (e *ecsService) listZones(r *request) (any, error) {
	list := []any{}
	for i, z := range regions[r.project.Region].Zones {
		list = append(list, map[string]any{
			"availability_zone_id": z,
			"type":                 "Core",
			"mode":                 "shared",
			"public_border_group":  "center",
			"alias":                "AZ" + strconv.Itoa(i+1),
			"az_group_ids":         []string{},
			"category":             0,
		})
	}
	return map[string]any{"availability_zones": list}, nil
}

func (e *ecsService) listNovaZones(r *request) (any, error) { return zoneInfo(r), nil }

// used sums up what a project's servers take.
func (e *ecsService) used(project string) (cores, ram int) {
	for _, s := range e.servers.all(project) {
		if f := findFlavor(s.Flavor.ID); f != nil {
			cores, ram = cores+f.vcpus, ram+f.ram
		}
	}
	return cores, ram
}

// checkQuota refuses n more servers with so many cores and MB more.
func (e *ecsService) checkQuota(project string, n, cores, ram int) error {
	usedCores, usedRAM := e.used(project)
	if e.servers.full(project, n) || e.exceeds("cores", usedCores+cores) || e.exceeds("ram", usedRAM+ram) {
		return refuse(http.StatusForbidden, "Ecs.0001", "Insufficient ECS quota. Contact customer service to increase quota.")
	}
	return nil
}

func (e *ecsService) showLimits(r *request) (any, error) {
	project := r.project.ID
	cores, ram := e.used(project)
	return map[string]any{"absolute": map[string]any{
		"maxTotalInstances":       e.quota("server"),
		"totalInstancesUsed":      e.servers.count(project),
		"maxTotalCores":           e.quota("cores"),
		"totalCoresUsed":          cores,
		"maxTotalRAMSize":         e.quota("ram"),
		"totalRAMUsed":            ram,
		"maxTotalKeypairs":        e.quota("key_pair"),
		"maxServerGroups":         e.quota("server_group"),
		"totalServerGroupsUsed":   e.groups.count(project),
		"maxServerGroupMembers":   e.quota("server_group_member"),
		"maxSecurityGroups":       e.quota("security_group"),
		"totalSecurityGroupsUsed": e.vpc.groups.count(project),
		"maxSecurityGroupRules":   5000,
		"maxTotalFloatingIps":     e.quota("eip"),
		"totalFloatingIpsUsed":    e.eip.eips.count(project),
		"maxServerMeta":           128,
		"maxImageMeta":            128,
		"maxPersonality":          5,
		"maxPersonalitySize":      10240,
		"maxTotalSpotInstances":   0,
		"maxTotalSpotCores":       0,
		"maxTotalSpotRAMSize":     0,
		"totalSpotInstancesUsed":  0,
		"totalSpotCoresUsed":      0,
		"totalSpotRAMUsed":        0,
		"limit_by_flavor":         []any{},
	}}, nil
}
