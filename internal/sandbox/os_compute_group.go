package sandbox

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
)

// osServerGroup keeps its members apart or together. Servers join it when they are made, and leave it when they go.
type osServerGroup struct {
	meta
	Name    string         `json:"name"`
	UserID  string         `json:"user_id"`
	Policy  string         `json:"policy"`
	Rules   map[string]int `json:"rules"`
	Members []string       `json:"members"` // ids of servers
}

var groupPolicies = []string{"anti-affinity", "affinity", "soft-anti-affinity", "soft-affinity"}

func (n *novaService) groupRoutes() []route {
	const path = "/v2.1/os-server-groups"
	return []route{
		{"POST " + path, 200, n.createGroup},
		{"GET " + path, 200, n.listGroups},
		{"GET " + path + "/{id}", 200, n.showGroup},
		{"DELETE " + path + "/{id}", 204, n.deleteGroup},
	}
}

func (n *novaService) pathGroup(r *request) (*osServerGroup, error) {
	project := r.project.ID
	if r.admin() {
		project = ""
	}
	if g := n.groups.get(project, r.PathValue("id")); g != nil {
		return g, nil
	}
	return nil, refuse(http.StatusNotFound, "", "Instance group %s could not be found.", r.PathValue("id"))
}

func (g *osServerGroup) view(r *request) any {
	view := map[string]any{"id": g.ID, "name": g.Name, "members": slices.Sorted(slices.Values(g.Members))}
	if len(g.Members) == 0 {
		view["members"] = []string{}
	}
	if r.since(13) {
		view["project_id"], view["user_id"] = g.ProjectID, g.UserID
	}
	if r.since(64) {
		view["policy"], view["rules"] = g.Policy, g.Rules
	} else {
		view["policies"], view["metadata"] = []string{g.Policy}, map[string]string{}
	}
	return view
}

func (n *novaService) createGroup(r *request) (any, error) {
	var in struct {
		Name     string   `json:"name"`
		Policies []string `json:"policies"`
		Policy   string   `json:"policy"`
		Rules    struct {
			PerHost *looseInt `json:"max_server_per_host"`
		} `json:"rules"`
	}
	known, required, policies := knownFields{"name": 1, "policies": 1}, []string{"name", "policies"}, groupPolicies
	if r.since(64) {
		known, required = knownFields{"name": 1, "policy": 64, "rules": 64}, []string{"name", "policy"}
	}
	if !r.since(15) {
		policies = groupPolicies[:2]
	}
	if err := r.object("server_group", known, &in, required...); err != nil {
		return nil, err
	}
	if err := checkName(in.Name); err != nil {
		return nil, err
	}
	field := "policy"
	if !r.since(64) {
		switch field = "0"; {
		case len(in.Policies) == 0:
			return nil, badField("policies", in.Policies, "[] is too short")
		case len(in.Policies) > 1:
			return nil, badField("policies", in.Policies, "%v is too long", in.Policies)
		}
		in.Policy = in.Policies[0]
	}
	if err := oneOf(field, in.Policy, policies...); err != nil {
		return nil, err
	}
	g := &osServerGroup{Name: in.Name, UserID: r.caller.User.ID, Policy: in.Policy, Rules: map[string]int{}, Members: []string{}}
	if most := in.Rules.PerHost; most != nil {
		switch {
		case *most < 1:
			return nil, badField("max_server_per_host", *most, "%d is less than the minimum of 1", *most)
		case in.Policy != "anti-affinity":
			return nil, badCompute("Only anti-affinity policy supports rules.")
		}
		g.Rules["max_server_per_host"] = int(*most)
	}
	if limit := n.limit(r.project.ID, "server_groups"); limit >= 0 && n.groups.count(r.project.ID) >= limit {
		return nil, refuse(http.StatusForbidden, "", "Quota exceeded, too many server groups.")
	}
	return map[string]any{"server_group": n.groups.add(r.project.ID, g).view(r)}, nil
}

func (n *novaService) showGroup(r *request) (any, error) {
	g, err := n.pathGroup(r)
	if err != nil {
		return nil, err
	}
	if !n.groups.visible(g) {
		return nil, refuse(http.StatusNotFound, "", "Instance group %s could not be found.", g.ID)
	}
	return map[string]any{"server_group": g.view(r)}, nil
}

// listGroups answers pages by number.
func (n *novaService) listGroups(r *request) (any, error) {
	limit, err := n.number(r, "limit", novaPageMax)
	if err != nil {
		return nil, err
	}
	offset, err := n.number(r, "offset", 0)
	if err != nil {
		return nil, err
	}
	project := r.project.ID
	if all, _ := strconv.ParseBool(r.query.Get("all_projects")); all && r.admin() {
		project = ""
	}
	found := n.groups.list(project)
	begin := min(offset, len(found))
	found = found[begin:min(begin+cmp.Or(limit, novaPageMax), len(found))]
	return map[string]any{"server_groups": views(found, func(g *osServerGroup) any { return g.view(r) })}, nil
}

func (n *novaService) deleteGroup(r *request) (any, error) {
	g, err := n.pathGroup(r)
	if err != nil {
		return nil, err
	}
	n.groups.remove(g.ID)
	return nil, nil
}

// crowded says whether the host, which is the only one, has as many of a group's servers as it may have.
func (g *osServerGroup) crowded() bool {
	return g.Policy == "anti-affinity" && len(g.Members) >= max(1, g.Rules["max_server_per_host"])
}
