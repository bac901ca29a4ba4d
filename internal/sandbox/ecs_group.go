package sandbox

import (
	"net/http"
	"slices"
)

// serverGroup keeps its members on different hosts.
type serverGroup struct {
	meta
	Name     string   `json:"name"`
	Policies []string `json:"policies"`
	Members  []string `json:"members"` // ids of servers
}

func (e *ecsService) groupRoutes() []route {
	const path = "/v1/{project_id}/cloudservers/os-server-groups"
	return []route{
		{"POST " + path, 200, e.createGroup},
		{"GET " + path, 200, e.listGroups},
		{"GET " + path + "/{id}", 200, e.showGroup},
		{"DELETE " + path + "/{id}", 204, e.deleteGroup},
		{"POST " + path + "/{id}/action", 200, e.changeMember},
		{"POST " + path + "/{id}/add_members", 200, e.addMembers},
		{"POST " + path + "/{id}/remove_members", 200, e.removeMembers},
	}
}

func (e *ecsService) findGroup(r *request) (*serverGroup, error) {
	g := e.groups.get(r.project.ID, r.PathValue("id"))
	if g == nil {
		return nil, refuse(http.StatusNotFound, "Ecs.0313", "Instance group %s could not be found.", r.PathValue("id"))
	}
	return g, nil
}

func serverGroupView(g *serverGroup) any {
	return map[string]any{
		"id":       g.ID,
		"name":     g.Name,
		"policies": g.Policies,
		"members":  append([]string{}, g.Members...),
		"metadata": map[string]string{},
	}
}

func (e *ecsService) createGroup(r *request) (any, error) {
	var in struct {
		Group struct {
			Name     string   `json:"name"`
			Policies []string `json:"policies"`
		} `json:"server_group"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	switch {
	case len(in.Group.Name) < 1 || len(in.Group.Name) > 255:
		return nil, badServer("Ecs.0005", "The name of an ECS group has from 1 to 255 bytes.")
	case !slices.Equal(in.Group.Policies, []string{"anti-affinity"}):
		return nil, badServer("Ecs.0005", "The policies of an ECS group must be anti-affinity.")
	case e.groups.full(r.project.ID, 1):
		return nil, refuse(http.StatusForbidden, "Ecs.0022", "Insufficient ECS group quota. Contact customer service to increase quota.")
	}
	g := e.groups.add(r.project.ID, &serverGroup{Name: in.Group.Name, Policies: in.Group.Policies, Members: []string{}})
	return map[string]any{"server_group": serverGroupView(g)}, nil
}

func (e *ecsService) showGroup(r *request) (any, error) {
	g, err := e.findGroup(r)
	if err != nil {
		return nil, err
	}
	if !e.groups.visible(g) {
		return nil, refuse(http.StatusNotFound, "Ecs.0313", "Instance group %s could not be found.", g.ID)
	}
	return map[string]any{"server_group": serverGroupView(g)}, nil
}

func (e *ecsService) listGroups(r *request) (any, error) {
	page, next, err := markerPage(r, e.groups.list(r.project.ID), 1000, 1000)
	if err != nil {
		return nil, err
	}
	return map[string]any{"server_groups": views(page, serverGroupView), "page_info": map[string]any{"next_marker": orNull(next)}}, nil
}

func (e *ecsService) deleteGroup(r *request) (any, error) {
	g, err := e.findGroup(r)
	if err != nil {
		return nil, err
	}
	e.groups.remove(g.ID)
	return nil, nil
}

// disband leaves servers without their group.
func (e *ecsService) disband(g *serverGroup) {
	for _, id := range g.Members {
		if s := e.servers.get("", id); s != nil {
			s.Hints.Group = nil
		}
	}
}

// addMember refuses servers that are not there, that are in a group already, or that are too many.
func (e *ecsService) addMember(g *serverGroup, id string) error {
	s := e.servers.get(g.ProjectID, id)
	switch {
	case s == nil || !e.exists(s):
		return noServer(id)
	case len(s.Hints.Group) > 0 || slices.Contains(g.Members, id):
		return badServer("Ecs.0005", "The server %s is in an ECS group already.", id)
	case e.exceeds("server_group_member", len(g.Members)+1):
		return badServer("Ecs.0022", "Insufficient ECS group quota: the number of ECSs in the ECS group exceeded the upper limit.")
	}
	g.Members = append(g.Members, id)
	s.Hints.Group = []string{g.ID}
	return nil
}

func (e *ecsService) removeMember(g *serverGroup, id string) error {
	if !slices.Contains(g.Members, id) {
		return noServer(id)
	}
	g.Members = slices.DeleteFunc(g.Members, func(x string) bool { return x == id })
	if s := e.servers.get("", id); s != nil {
		s.Hints.Group = nil
	}
	return nil
}

func (e *ecsService) changeMember(r *request) (any, error) {
	g, err := e.findGroup(r)
	if err != nil {
		return nil, err
	}
	type member struct {
		ID string `json:"instance_uuid"`
	}
	var in struct {
		Add    *member `json:"add_member"`
		Remove *member `json:"remove_member"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	switch {
	case in.Add != nil && in.Remove == nil:
		return nil, e.addMember(g, in.Add.ID)
	case in.Remove != nil && in.Add == nil:
		return nil, e.removeMember(g, in.Remove.ID)
	}
	return nil, badServer("Ecs.0005", "The body must have one of add_member and remove_member.")
}

// changeMembers does what it can, and says server by server what it did.
func (e *ecsService) changeMembers(r *request, change func(*serverGroup, string) error) (any, error) {
	g, err := e.findGroup(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		IDs []string `json:"server_ids"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	results, status := []any{}, "SUCCESS"
	for _, id := range in.IDs {
		result := map[string]any{"server_id": id, "status": "SUCCESS"}
		if err := change(g, id); err != nil {
			status = "FAILED"
			result["status"], result["fail_reason"] = status, err.Error()
		}
		results = append(results, result)
	}
	return map[string]any{"status": status, "servers": results}, nil
}

func (e *ecsService) addMembers(r *request) (any, error) { return e.changeMembers(r, e.addMember) }

func (e *ecsService) removeMembers(r *request) (any, error) {
	return e.changeMembers(r, e.removeMember)
}
