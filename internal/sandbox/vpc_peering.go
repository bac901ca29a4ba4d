package sandbox

import (
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"unicode/utf8"
)

// peering joins two VPCs. Both their projects see it; that of the second has to accept it, if it is another.
type peering struct {
	meta
	Name        string      `json:"name"`
	Description string      `json:"description"`
	Status      string      `json:"status"` // PENDING_ACCEPTANCE, ACTIVE, REJECTED
	Request     peeringSide `json:"request_vpc_info"`
	Accept      peeringSide `json:"accept_vpc_info"`
}

type peeringSide struct {
	VpcID    string `json:"vpc_id"`
	TenantID string `json:"tenant_id"` // the project
}

func (v *vpcService) peeringRoutes() []route {
	const path = "/v2.0/vpc/peerings"
	return []route{
		{"POST " + path, 201, v.createPeering},
		{"GET " + path, 200, v.listPeerings},
		{"GET " + path + "/{id}", 200, v.showPeering},
		{"PUT " + path + "/{id}", 200, v.updatePeering},
		{"DELETE " + path + "/{id}", 204, v.deletePeering},
		{"PUT " + path + "/{id}/accept", 200, v.answerPeering("ACTIVE")},
		{"PUT " + path + "/{id}/reject", 200, v.answerPeering("REJECTED")},
	}
}

func (p *peering) view() any {
	return map[string]any{
		"id":               p.ID,
		"name":             p.Name,
		"description":      p.Description,
		"status":           p.Status,
		"request_vpc_info": p.Request,
		"accept_vpc_info":  p.Accept,
		"created_at":       p.CreatedAt.Format(vpcTime),
		"updated_at":       p.UpdatedAt.Format(vpcTime),
	}
}

// concerns says whether a project is on either side.
func (p *peering) concerns(project string) bool {
	return p.Request.TenantID == project || p.Accept.TenantID == project
}

// joins says whether a VPC is on either side.
func (p *peering) joins(vpc string) bool { return p.Request.VpcID == vpc || p.Accept.VpcID == vpc }

func badPeering(why string) error { return refuse(http.StatusBadRequest, "HTTPBadRequest", "%s", why) }

// findPeering is one that the caller's project may see.
func (v *vpcService) findPeering(r *request) (*peering, error) {
	id := r.PathValue("id")
	if p := v.peerings.get("", id); p != nil && p.concerns(r.project.ID) {
		return p, nil
	}
	return nil, refuse(http.StatusNotFound, "VpcPeeringNotFound", "VPC peering %s could not be found.", id)
}

// peeringInput is what create and update say of a peering.
type peeringInput struct {
	Peering struct {
		Name        *string     `json:"name"`
		Description *string     `json:"description"`
		Request     peeringSide `json:"request_vpc_info"`
		Accept      peeringSide `json:"accept_vpc_info"`
	} `json:"peering"`
}

// applyPeering takes over what create and update have in common.
func applyPeering(p *peering, in *peeringInput) error {
	if in.Peering.Name != nil {
		p.Name = *in.Peering.Name
	}
	if in.Peering.Description != nil {
		p.Description = *in.Peering.Description
	}
	if n := utf8.RuneCountInString(p.Name); n < 1 || n > 64 {
		return badPeering("Invalid input for name.")
	}
	if !checkDescription(p.Description) {
		return badPeering("Invalid input for description.")
	}
	return nil
}

func (v *vpcService) createPeering(r *request) (any, error) {
	var in peeringInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	p := &peering{Request: in.Peering.Request, Accept: in.Peering.Accept, Status: "PENDING_ACCEPTANCE"}
	if err := applyPeering(p, &in); err != nil {
		return nil, err
	}
	p.Request.TenantID = r.project.ID
	if p.Accept.TenantID == "" {
		p.Accept.TenantID = r.project.ID
	}
	if p.Accept.TenantID == r.project.ID {
		p.Status = "ACTIVE"
	}
	sides := []*vpc{}
	for _, side := range []peeringSide{p.Request, p.Accept} {
		o := v.vpcs.get(side.TenantID, side.VpcID)
		if o == nil {
			return nil, refuse(http.StatusNotFound, "RouterNotFound", "Router %s could not be found", side.VpcID)
		}
		sides = append(sides, o)
	}
	switch {
	case p.Request.VpcID == p.Accept.VpcID:
		return nil, badPeering("A VPC cannot be its own peer.")
	case slices.ContainsFunc(sides[0].ranges(), func(a netip.Prefix) bool { return slices.ContainsFunc(sides[1].ranges(), a.Overlaps) }):
		return nil, badPeering("The ranges of the VPCs overlap.")
	case v.peerings.first("", func(o *peering) bool {
		return o.joins(p.Request.VpcID) && o.joins(p.Accept.VpcID) && o.Status != "REJECTED"
	}) != nil:
		return nil, refuse(http.StatusConflict, "VpcPeeringExists", "A VPC peering of these VPCs exists already.")
	case v.peerings.full(r.project.ID, 1):
		return nil, refuse(http.StatusConflict, "OverQuota", "Quota exceeded for resources: ['vpc_peering'].")
	}
	return map[string]any{"peering": v.peerings.add(r.project.ID, p).view()}, nil
}

func (v *vpcService) showPeering(r *request) (any, error) {
	p, err := v.findPeering(r)
	if err == nil && !v.peerings.visible(p) {
		err = refuse(http.StatusNotFound, "VpcPeeringNotFound", "VPC peering %s could not be found.", p.ID)
	}
	if err != nil {
		return nil, err
	}
	return map[string]any{"peering": p.view()}, nil
}

func (v *vpcService) listPeerings(r *request) (any, error) {
	q := r.query
	found := slices.DeleteFunc(v.peerings.list(""), func(p *peering) bool {
		return !p.concerns(r.project.ID) || !matches(q.Get("id"), p.ID) || !matches(q.Get("name"), p.Name) || !matches(q.Get("status"), p.Status) ||
			q.Has("vpc_id") && !p.joins(q.Get("vpc_id")) || q.Has("tenant_id") && !p.concerns(q.Get("tenant_id"))
	})
	page, next, err := markerPage(r, found, vpcPage, vpcPage)
	if err != nil {
		return nil, err
	}
	out := map[string]any{"peerings": views(page, (*peering).view)}
	if next != "" {
		query := url.Values{}
		maps.Copy(query, q)
		query.Set("marker", next)
		out["peerings_links"] = []link{{"next", r.url("vpc") + r.URL.Path + "?" + query.Encode()}}
	}
	return out, nil
}

func (v *vpcService) updatePeering(r *request) (any, error) {
	p, err := v.findPeering(r)
	if err != nil {
		return nil, err
	}
	var in peeringInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	changed := *p
	if err := applyPeering(&changed, &in); err != nil {
		return nil, err
	}
	*p = changed
	v.peerings.touch(p)
	return map[string]any{"peering": p.view()}, nil
}

func (v *vpcService) deletePeering(r *request) (any, error) {
	p, err := v.findPeering(r)
	if err != nil {
		return nil, err
	}
	v.peerings.remove(p.ID)
	return nil, nil
}

// answerPeering accepts or rejects. Only the second side can, and only while it is asked.
func (v *vpcService) answerPeering(status string) func(*request) (any, error) {
	return func(r *request) (any, error) {
		p, err := v.findPeering(r)
		switch {
		case err != nil:
			return nil, err
		case p.Accept.TenantID != r.project.ID:
			return nil, refuse(http.StatusForbidden, "PolicyNotAuthorized", "Only the project of the other VPC can answer.")
		case p.Status != "PENDING_ACCEPTANCE":
			return nil, refuse(http.StatusConflict, "VpcPeeringStatusConflict", "VPC peering %s is in status %s.", p.ID, p.Status)
		}
		p.Status = status
		v.peerings.touch(p)
		return p.view(), nil
	}
}
