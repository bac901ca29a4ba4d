package sandbox

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// osFlavor is a size of server. It belongs to no project.
type osFlavor struct {
	meta
	Name       string            `json:"name"`
	VCPUs      int               `json:"vcpus"`
	RAM        int               `json:"ram"`       // MB
	Disk       int               `json:"disk"`      // GB
	Ephemeral  int               `json:"ephemeral"` // GB
	Swap       int               `json:"swap"`      // MB
	RxtxFactor float64           `json:"rxtx_factor"`
	Public     bool              `json:"is_public"`
	Projects   []string          `json:"projects"` // that see it although it is not public
	Desc       *string           `json:"description"`
	Specs      map[string]string `json:"extra_specs"`
}

// What the one host has.
const (
	hostCores = 1000
	hostRAM   = 800_000 // MB
	hostDisk  = 600_000 // GB
)

// seedFlavors makes those of an empty cloud. The last one is too big for the host.
func (n *novaService) seedFlavors() {
	for _, f := range []osFlavor{
		{meta: meta{ID: "1"}, Name: "m1.tiny", VCPUs: 1, RAM: 512, Disk: 1},
		{meta: meta{ID: "2"}, Name: "m1.small", VCPUs: 1, RAM: 2048, Disk: 20},
		{meta: meta{ID: "3"}, Name: "m1.medium", VCPUs: 2, RAM: 4096, Disk: 40},
		{meta: meta{ID: "4"}, Name: "m1.colossal", VCPUs: 2, RAM: hostRAM + 1, Disk: 40},
	} {
		f.RxtxFactor, f.Public, f.Specs = 1, true, map[string]string{}
		n.flavors.add("", &f)
	}
}

func (n *novaService) flavorRoutes() []route {
	const path, specs = "/v2.1/flavors", "/v2.1/flavors/{id}/os-extra_specs"
	manage := func(what string, do func(*request) (any, error)) func(*request) (any, error) {
		return byAdmin("os_compute_api:os-flavor-"+what, do)
	}
	return []route{
		{"GET " + path, 200, n.listFlavors},
		{"GET " + path + "/detail", 200, n.listFlavors},
		{"GET " + path + "/{id}", 200, n.showFlavor},
		{"POST " + path, 200, manage("manage:create", n.createFlavor)},
		{"PUT " + path + "/{id}", 200, manage("manage:update", n.updateFlavor)},
		{"DELETE " + path + "/{id}", 202, manage("manage:delete", n.deleteFlavor)},
		{"GET " + path + "/{id}/os-flavor-access", 200, manage("access", n.listFlavorAccess)},
		{"POST " + path + "/{id}/action", 200, manage("access:add_tenant_access", n.changeFlavorAccess)},
		{"GET " + specs, 200, n.listFlavorSpecs},
		{"GET " + specs + "/{key}", 200, n.showFlavorSpec},
		{"POST " + specs, 200, manage("extra-specs:create", n.createFlavorSpecs)},
		{"PUT " + specs + "/{key}", 200, manage("extra-specs:update", n.updateFlavorSpec)},
		{"DELETE " + specs + "/{key}", 200, manage("extra-specs:delete", n.deleteFlavorSpec)},
	}
}

// sees says whether the caller's project has a flavor to choose.
func (f *osFlavor) sees(r *request) bool {
	return f.Public || r.admin() || slices.Contains(f.Projects, r.project.ID)
}

// flavor is one that the caller may use, nil if there is none.
func (n *novaService) flavor(r *request, id string) *osFlavor {
	if f := n.flavors.get("", id); f != nil && f.sees(r) {
		return f
	}
	return nil
}

func (n *novaService) pathFlavor(r *request) (*osFlavor, error) {
	if f := n.flavor(r, r.PathValue("id")); f != nil {
		return f, nil
	}
	return nil, refuse(http.StatusNotFound, "", "Flavor %s could not be found.", r.PathValue("id"))
}

func (f *osFlavor) view(r *request) map[string]any {
	view := map[string]any{
		"id":                         f.ID,
		"name":                       f.Name,
		"ram":                        f.RAM,
		"disk":                       f.Disk,
		"vcpus":                      f.VCPUs,
		"swap":                       f.swap(r),
		"OS-FLV-EXT-DATA:ephemeral":  f.Ephemeral,
		"OS-FLV-DISABLED:disabled":   false,
		"os-flavor-access:is_public": f.Public,
		"rxtx_factor":                f.RxtxFactor,
		"links":                      r.links("flavors", f.ID),
	}
	if r.since(55) {
		view["description"] = f.Desc
	}
	if r.since(61) {
		view["extra_specs"] = f.Specs
	}
	return view
}

// swap is a text where there is none, in older versions.
func (f *osFlavor) swap(r *request) any {
	if f.Swap == 0 && !r.since(75) {
		return ""
	}
	return f.Swap
}

// flavorOrders are what lists can be sorted by.
var flavorOrders = map[string]func(a, b *osFlavor) int{
	"created_at":   func(a, b *osFlavor) int { return a.CreatedAt.Compare(b.CreatedAt) },
	"disabled":     func(_, _ *osFlavor) int { return 0 },
	"description":  func(_, _ *osFlavor) int { return 0 },
	"ephemeral_gb": func(a, b *osFlavor) int { return a.Ephemeral - b.Ephemeral },
	"flavorid":     func(a, b *osFlavor) int { return strings.Compare(a.ID, b.ID) },
	"id":           func(a, b *osFlavor) int { return a.CreatedAt.Compare(b.CreatedAt) },
	"is_public":    func(_, _ *osFlavor) int { return 0 },
	"memory_mb":    func(a, b *osFlavor) int { return a.RAM - b.RAM },
	"name":         func(a, b *osFlavor) int { return strings.Compare(a.Name, b.Name) },
	"root_gb":      func(a, b *osFlavor) int { return a.Disk - b.Disk },
	"rxtx_factor":  func(a, b *osFlavor) int { return cmp.Compare(a.RxtxFactor, b.RxtxFactor) },
	"swap":         func(a, b *osFlavor) int { return a.Swap - b.Swap },
	"updated_at":   func(a, b *osFlavor) int { return a.UpdatedAt.Compare(b.UpdatedAt) },
	"vcpu_weight":  func(_, _ *osFlavor) int { return 0 },
	"vcpus":        func(a, b *osFlavor) int { return a.VCPUs - b.VCPUs },
}

func (n *novaService) listFlavors(r *request) (any, error) {
	q := r.query
	least := func(name string) (int, error) {
		text := q.Get(name)
		if text == "" {
			return 0, nil
		}
		number, err := strconv.Atoi(text)
		if err != nil {
			return 0, badCompute("Invalid %s filter [%s]", name, text)
		}
		return number, nil
	}
	minRAM, err := least("minRam")
	if err != nil {
		return nil, err
	}
	minDisk, err := least("minDisk")
	if err != nil {
		return nil, err
	}
	key := cmp.Or(q.Get("sort_key"), "flavorid")
	order := flavorOrders[key]
	if order == nil {
		words := strings.Join(slices.Sorted(maps.Keys(flavorOrders)), "', '")
		return nil, badCompute("Invalid input for query parameters sort_key. Value: %s. '%s' is not one of ['%s']", key, key, words)
	}
	// Only administrators choose between public flavors and others.
	public := func(*osFlavor) bool { return true }
	if r.admin() {
		public = func(f *osFlavor) bool { return f.Public }
		switch text := strings.ToLower(q.Get("is_public")); text {
		case "":
		case "none":
			public = func(*osFlavor) bool { return true }
		default:
			wanted, err := strconv.ParseBool(text)
			if err != nil {
				return nil, badCompute("Invalid is_public filter [%s]", q.Get("is_public"))
			}
			public = func(f *osFlavor) bool { return f.Public == wanted }
		}
	}
	found := n.flavors.where("", func(f *osFlavor) bool {
		return f.sees(r) && public(f) && f.RAM >= minRAM && f.Disk >= minDisk && n.flavors.visible(f)
	})
	slices.SortStableFunc(found, order)
	if q.Get("sort_dir") == "desc" {
		slices.Reverse(found)
	}
	view := func(f *osFlavor) any { return f.view(r) }
	if !strings.HasSuffix(r.URL.Path, "/detail") {
		view = func(f *osFlavor) any {
			out := map[string]any{"id": f.ID, "name": f.Name, "links": r.links("flavors", f.ID)}
			if r.since(55) {
				out["description"] = f.Desc
			}
			return out
		}
	}
	return novaPage(n, r, "flavors", found, func(f *osFlavor) string { return f.ID }, view, "marker [%s] not found")
}

func (n *novaService) showFlavor(r *request) (any, error) {
	f, err := n.pathFlavor(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"flavor": f.view(r)}, nil
}

func (n *novaService) createFlavor(r *request) (any, error) {
	in := struct {
		Name      string    `json:"name"`
		ID        string    `json:"id"`
		RAM       looseInt  `json:"ram"`
		VCPUs     looseInt  `json:"vcpus"`
		Disk      looseInt  `json:"disk"`
		Swap      looseInt  `json:"swap"`
		Ephemeral looseInt  `json:"OS-FLV-EXT-DATA:ephemeral"`
		Factor    float64   `json:"rxtx_factor"`
		Public    looseBool `json:"os-flavor-access:is_public"`
		Desc      *string   `json:"description"`
	}{Factor: 1, Public: true}
	known := knownFields{
		"name": 1, "id": 1, "ram": 1, "vcpus": 1, "disk": 1, "swap": 1, "OS-FLV-EXT-DATA:ephemeral": 1, "rxtx_factor": 1,
		"os-flavor-access:is_public": 1, "description": 55,
	}
	if err := r.object("flavor", known, &in, "name", "ram", "vcpus", "disk"); err != nil {
		return nil, err
	}
	if err := checkName(in.Name); err != nil {
		return nil, err
	}
	for name, value := range map[string]looseInt{"ram": in.RAM, "vcpus": in.VCPUs} {
		if value < 1 {
			return nil, badField(name, value, "%d is less than the minimum of 1", value)
		}
	}
	if in.ID == "auto" {
		in.ID = ""
	}
	switch {
	case n.flavors.get("", in.ID) != nil:
		return nil, refuse(http.StatusConflict, "", "Flavor with ID %s already exists.", in.ID)
	case n.flavors.first("", func(f *osFlavor) bool { return f.Name == in.Name }) != nil:
		return nil, refuse(http.StatusConflict, "", "Flavor with name %s already exists.", in.Name)
	}
	f := n.flavors.add("", &osFlavor{
		meta: meta{ID: in.ID}, Name: in.Name, RAM: int(in.RAM), VCPUs: int(in.VCPUs), Disk: int(in.Disk), Swap: int(in.Swap),
		Ephemeral: int(in.Ephemeral), RxtxFactor: in.Factor, Public: bool(in.Public), Desc: in.Desc, Specs: map[string]string{},
	})
	if !f.Public {
		f.Projects = []string{r.project.ID}
	}
	return map[string]any{"flavor": f.view(r)}, nil
}

func (n *novaService) updateFlavor(r *request) (any, error) {
	if !r.since(55) {
		return nil, noSuchPath()
	}
	var in struct {
		Desc *string `json:"description"`
	}
	if err := r.object("flavor", knownFields{"description": 55}, &in, "description"); err != nil {
		return nil, err
	}
	f, err := n.pathFlavor(r)
	if err != nil {
		return nil, err
	}
	f.Desc = in.Desc
	n.flavors.touch(f)
	return map[string]any{"flavor": f.view(r)}, nil
}

func (n *novaService) deleteFlavor(r *request) (any, error) {
	f, err := n.pathFlavor(r)
	if err != nil {
		return nil, err
	}
	n.flavors.remove(f.ID)
	return nil, nil
}

func (n *novaService) flavorAccess(f *osFlavor) any {
	list := []any{}
	for _, project := range f.Projects {
		list = append(list, map[string]any{"flavor_id": f.ID, "tenant_id": project})
	}
	return map[string]any{"flavor_access": list}
}

func (n *novaService) listFlavorAccess(r *request) (any, error) {
	f, err := n.pathFlavor(r)
	if err != nil {
		return nil, err
	}
	if f.Public {
		return nil, refuse(http.StatusNotFound, "", "Access list not available for public flavors.")
	}
	return n.flavorAccess(f), nil
}

func (n *novaService) changeFlavorAccess(r *request) (any, error) {
	f, err := n.pathFlavor(r)
	if err != nil {
		return nil, err
	}
	type tenant struct {
		Tenant string `json:"tenant"`
	}
	var in struct {
		Add    *tenant `json:"addTenantAccess"`
		Remove *tenant `json:"removeTenantAccess"`
	}
	if json.Unmarshal(r.body, &in) != nil || (in.Add == nil) == (in.Remove == nil) {
		return nil, badCompute("Malformed request body")
	}
	switch {
	case in.Add != nil && f.Public:
		return nil, refuse(http.StatusConflict, "", "Can not add access to a public flavor.")
	case in.Add != nil && slices.Contains(f.Projects, in.Add.Tenant):
		return nil, refuse(http.StatusConflict, "", "Flavor access already exists for flavor %s and project %s combination.", f.ID, in.Add.Tenant)
	case in.Add != nil:
		f.Projects = append(f.Projects, in.Add.Tenant)
	case !slices.Contains(f.Projects, in.Remove.Tenant):
		return nil, refuse(http.StatusNotFound, "", "Flavor access not found for %s / %s combination.", f.ID, in.Remove.Tenant)
	default:
		f.Projects = slices.DeleteFunc(f.Projects, func(p string) bool { return p == in.Remove.Tenant })
	}
	return n.flavorAccess(f), nil
}

func (n *novaService) listFlavorSpecs(r *request) (any, error) {
	f, err := n.pathFlavor(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"extra_specs": f.Specs}, nil
}

// pathSpec is the extra spec of a request's path.
func (n *novaService) pathSpec(r *request) (f *osFlavor, key string, err error) {
	if f, err = n.pathFlavor(r); err != nil {
		return nil, "", err
	}
	key = r.PathValue("key")
	if _, ok := f.Specs[key]; !ok {
		return nil, "", refuse(http.StatusNotFound, "", "Flavor %s has no extra specs with key %s.", f.ID, key)
	}
	return f, key, nil
}

func (n *novaService) showFlavorSpec(r *request) (any, error) {
	f, key, err := n.pathSpec(r)
	if err != nil {
		return nil, err
	}
	return map[string]string{key: f.Specs[key]}, nil
}

func (n *novaService) createFlavorSpecs(r *request) (any, error) {
	f, err := n.pathFlavor(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Specs map[string]string `json:"extra_specs"`
	}
	if json.Unmarshal(r.body, &in) != nil || len(in.Specs) == 0 {
		return nil, badCompute("'extra_specs' is a required property")
	}
	maps.Copy(f.Specs, in.Specs)
	n.flavors.touch(f)
	return map[string]any{"extra_specs": in.Specs}, nil
}

func (n *novaService) updateFlavorSpec(r *request) (any, error) {
	f, err := n.pathFlavor(r)
	if err != nil {
		return nil, err
	}
	key, in := r.PathValue("key"), map[string]string{}
	if json.Unmarshal(r.body, &in) != nil || len(in) != 1 {
		return nil, badCompute("Malformed request body")
	}
	if _, ok := in[key]; !ok {
		return nil, badCompute("Request body and URI mismatch")
	}
	maps.Copy(f.Specs, in)
	n.flavors.touch(f)
	return in, nil
}

func (n *novaService) deleteFlavorSpec(r *request) (any, error) {
	f, key, err := n.pathSpec(r)
	if err != nil {
		return nil, err
	}
	delete(f.Specs, key)
	n.flavors.touch(f)
	return nil, nil
}
