package sandbox

import (
	"net/http"
	"slices"
)

// securityGroup says which traffic may reach the ports that have it. Each project has one named default.
type securityGroup struct {
	meta
	Name                string            `json:"name"`
	Description         string            `json:"description"`
	EnterpriseProjectID string            `json:"enterprise_project_id"`
	Tags                map[string]string `json:"tags"`
}

func (v *vpcService) groupRoutes() []route {
	return slices.Concat([]route{
		{"POST /v3/{project_id}/vpc/security-groups", 201, v.createGroup},
		{"GET /v3/{project_id}/vpc/security-groups", 200, v.listGroups},
		{"GET /v3/{project_id}/vpc/security-groups/{id}", 200, v.showGroup},
		{"PUT /v3/{project_id}/vpc/security-groups/{id}", 200, v.updateGroup},
		{"DELETE /v3/{project_id}/vpc/security-groups/{id}", 204, v.deleteGroup},
	}, tagged[securityGroup]{
		table:   v.groups,
		path:    "/v2.0/{project_id}/security-groups",
		tags:    func(g *securityGroup) *map[string]string { return &g.Tags },
		name:    func(g *securityGroup) string { return g.Name },
		missing: noGroup,
		code:    "VPC.1801",
	}.routes())
}

// seedGroups makes each project's default group, with the same id in every sandbox.
func (v *vpcService) seedGroups() {
	for _, p := range v.iam.projects.all("") {
		id := hexOf("security group of " + p.ID)
		v.addGroup(p.ID, &securityGroup{
			meta:        meta{ID: id[:8] + "-" + id[8:12] + "-4" + id[13:16] + "-8" + id[17:20] + "-" + id[20:]},
			Name:        "default",
			Description: "Default security group",
		})
	}
}

func (v *vpcService) addGroup(project string, g *securityGroup) *securityGroup {
	if g.EnterpriseProjectID == "" {
		g.EnterpriseProjectID = "0"
	}
	v.groups.add(project, g)
	v.addDefaultRules(g)
	return g
}

// defaultGroup is what a port gets that asks for no group. It is made again if it was removed behind the API's back.
func (v *vpcService) defaultGroup(project string) *securityGroup {
	if g := v.groups.first(project, func(g *securityGroup) bool { return g.Name == "default" }); g != nil {
		return g
	}
	return v.addGroup(project, &securityGroup{Name: "default", Description: "Default security group"})
}

func noGroup(id string) error {
	return refuse(http.StatusNotFound, "VPC.0602", "Security group %s does not exist", id)
}

// checkGroups refuses ids that are no groups of the project.
func (v *vpcService) checkGroups(project string, ids []string) error {
	for _, id := range ids {
		if v.groups.get(project, id) == nil {
			return noGroup(id)
		}
	}
	return nil
}

// groupView shows a group; only single reads answer its rules.
func groupView(g *securityGroup) map[string]any {
	return map[string]any{
		"id":                    g.ID,
		"name":                  g.Name,
		"description":           g.Description,
		"project_id":            g.ProjectID,
		"enterprise_project_id": g.EnterpriseProjectID,
		"tags":                  tagList(g.Tags),
		"created_at":            g.CreatedAt.Format(vpcTime),
		"updated_at":            g.UpdatedAt.Format(vpcTime),
	}
}

func (v *vpcService) answerGroup(r *request, g *securityGroup) any {
	out := groupView(g)
	out["security_group_rules"] = views(v.rulesOf(g.ID), (*groupRule).view)
	return map[string]any{"security_group": out, "request_id": r.id}
}

// groupInput is what create and update say of a group.
type groupInput struct {
	Group struct {
		Name                *string `json:"name"`
		Description         *string `json:"description"`
		EnterpriseProjectID string  `json:"enterprise_project_id"`
		Tags                []tag   `json:"tags"`
	} `json:"security_group"`
	DryRun bool `json:"dry_run"`
}

// applyGroup takes over what create and update have in common.
func applyGroup(g *securityGroup, in *groupInput) error {
	if in.Group.Name != nil {
		g.Name = *in.Group.Name
	}
	if in.Group.Description != nil {
		g.Description = *in.Group.Description
	}
	if g.Name == "" || !vpcName.MatchString(g.Name) {
		return refuse(http.StatusBadRequest, "VPC.0601", "Security group name is invalid.")
	}
	if !checkDescription(g.Description) {
		return refuse(http.StatusBadRequest, "VPC.0601", "Security group description is invalid.")
	}
	return nil
}

func (v *vpcService) createGroup(r *request) (any, error) {
	var in groupInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	g := &securityGroup{EnterpriseProjectID: in.Group.EnterpriseProjectID}
	if err := applyGroup(g, &in); err != nil {
		return nil, err
	}
	var err error
	if g.Tags, err = newTags(in.Group.Tags); err != nil {
		return nil, err
	}
	if v.groups.full(r.project.ID, 1) {
		return nil, refuse(http.StatusConflict, "VPC.0604", "Quota exceeded for resources: ['security_group'].")
	}
	if in.DryRun {
		return dryRun(r), nil
	}
	return v.answerGroup(r, v.addGroup(r.project.ID, g)), nil
}

func (v *vpcService) showGroup(r *request) (any, error) {
	g := v.groups.read(r.project.ID, r.PathValue("id"))
	if g == nil {
		return nil, noGroup(r.PathValue("id"))
	}
	return v.answerGroup(r, g), nil
}

func (v *vpcService) listGroups(r *request) (any, error) {
	found := slices.DeleteFunc(v.groups.list(r.project.ID), func(g *securityGroup) bool {
		return !among(r, "id", g.ID) || !among(r, "name", g.Name) || !among(r, "description", g.Description) ||
			!ofEnterprise(r, g.EnterpriseProjectID)
	})
	page, next, err := markerPage(r, found, vpcPage, vpcPage)
	if err != nil {
		return nil, err
	}
	return map[string]any{"security_groups": views(page, groupView), "page_info": pageInfo(page, next), "request_id": r.id}, nil
}

func (v *vpcService) updateGroup(r *request) (any, error) {
	g := v.groups.get(r.project.ID, r.PathValue("id"))
	if g == nil {
		return nil, noGroup(r.PathValue("id"))
	}
	var in groupInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	changed := *g
	if err := applyGroup(&changed, &in); err != nil {
		return nil, err
	}
	if in.DryRun {
		return dryRun(r), nil
	}
	*g = changed
	v.groups.touch(g)
	return v.answerGroup(r, g), nil
}

func (v *vpcService) deleteGroup(r *request) (any, error) {
	g := v.groups.get(r.project.ID, r.PathValue("id"))
	if g == nil {
		return nil, noGroup(r.PathValue("id"))
	}
	used := v.ports.first("", func(p *port) bool { return slices.Contains(p.SecurityGroups, g.ID) }) != nil
	meant := v.rules.first("", func(r *groupRule) bool { return r.RemoteGroupID == g.ID && r.GroupID != g.ID }) != nil
	if used || meant {
		return nil, refuse(http.StatusConflict, "VPC.0602", "Security Group %s in use.", g.ID)
	}
	v.groups.remove(g.ID)
	return nil, nil
}
