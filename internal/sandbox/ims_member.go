package sandbox

import (
	"net/http"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// imageMember is a project with which an image is shared. It belongs to the image's owner.
type imageMember struct {
	meta
	ImageID  string `json:"image_id"`
	MemberID string `json:"member_id"`
	Status   string `json:"status"`
}

// What the receiver of an image says of it.
const (
	memberPending  = "pending"
	memberAccepted = "accepted"
	memberRejected = "rejected"
)

func (m *imsService) memberRoutes() []route {
	const glance, old = "/v2/images/{image_id}/members", "/v1/{project_id}/cloudimages/{image_id}/members"
	return []route{
		{"POST " + glance, 200, m.addMember},
		{"GET " + glance, 200, m.listMembers},
		{"GET " + glance + "/{member_id}", 200, m.showMember},
		{"PUT " + glance + "/{member_id}", 200, m.answerShare},
		{"DELETE " + glance + "/{member_id}", 204, m.removeMember},
		{"GET " + old, 200, m.listMembers},
		{"GET " + old + "/{member_id}", 200, m.showMember},
	}
}

func (m *imsService) membersOf(i *image) []*imageMember {
	return m.members.where("", func(o *imageMember) bool { return o.ImageID == i.ID })
}

// member is the sharing of an image with a project, or nil.
func (m *imsService) member(i *image, project string) *imageMember {
	return m.members.first("", func(o *imageMember) bool { return o.ImageID == i.ID && o.MemberID == project })
}

func memberView(o *imageMember) map[string]any {
	return map[string]any{
		"status":      o.Status,
		"created_at":  o.CreatedAt.Format(imsTime),
		"updated_at":  o.UpdatedAt.Format(imsTime),
		"image_id":    o.ImageID,
		"member_id":   o.MemberID,
		"schema":      "/v2/schemas/member",
		"member_type": "tenant",
		"urn":         "",
	}
}

var projectID = pattern.New(`^[0-9a-f]{32}$`)

// addMember shares an image. Who receives it has to agree.
func (m *imsService) addMember(r *request) (any, error) {
	i, err := m.own(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Member string `json:"member"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	switch {
	case !projectID.MatchString(in.Member) || in.Member == r.project.ID:
		return nil, badImage("IMG.0033", "The image cannot be shared with %q.", in.Member)
	case i.Status != "active" || m.pending(i.Job) != nil:
		return nil, badImage("IMG.0020", "The image %s is not active.", i.ID)
	case i.KeyID != "":
		return nil, badImage("IMG.0099", "An encrypted image cannot be shared.")
	case m.member(i, in.Member) != nil:
		return nil, refuse(http.StatusConflict, "IMG.0034", "The image is shared with %s already.", in.Member)
	case m.exceeds("image_member", len(m.membersOf(i))+1):
		return nil, refuse(http.StatusForbidden, "IMG.0066", "The number of those with whom the image is shared exceeds the quota.")
	}
	return memberView(m.members.add(r.project.ID, &imageMember{ImageID: i.ID, MemberID: in.Member, Status: memberPending})), nil
}

func noMember() error {
	return refuse(http.StatusNotFound, "IMG.0086", "The image is not shared with this project.")
}

// sharing is what the request's path names; its owner and its receiver know of it.
func (m *imsService) sharing(r *request) (*imageMember, error) {
	i := m.images.get("", r.PathValue("image_id"))
	if i == nil {
		return nil, noImage(r.PathValue("image_id"))
	}
	o := m.member(i, r.PathValue("member_id"))
	if o == nil || o.ProjectID != r.project.ID && o.MemberID != r.project.ID {
		return nil, noMember()
	}
	return o, nil
}

func (m *imsService) listMembers(r *request) (any, error) {
	i, err := m.own(r)
	if err != nil {
		return nil, err
	}
	page, next, err := markerPage(r, m.membersOf(i), 25, 100)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"members": views(page, memberView), "schema": "/v2/schemas/members",
		"page_info": map[string]any{"next_marker": next, "current_count": len(page)},
	}, nil
}

func (m *imsService) showMember(r *request) (any, error) {
	o, err := m.sharing(r)
	if err != nil {
		return nil, err
	}
	return memberView(o), nil
}

// answerShare is the receiver's.
func (m *imsService) answerShare(r *request) (any, error) {
	o, err := m.sharing(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Status string `json:"status"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	switch {
	case o.MemberID != r.project.ID:
		return nil, refuse(http.StatusForbidden, "IMG.0044", "Only the receiver accepts or rejects an image.")
	case in.Status != memberAccepted && in.Status != memberRejected:
		return nil, badImage("IMG.0001", "The status %q is invalid.", in.Status)
	}
	o.Status = in.Status
	m.members.touch(o)
	return memberView(o), nil
}

// removeMember is the owner's.
func (m *imsService) removeMember(r *request) (any, error) {
	i, err := m.own(r)
	if err != nil {
		return nil, err
	}
	o := m.member(i, r.PathValue("member_id"))
	if o == nil {
		return nil, noMember()
	}
	m.members.remove(o.ID)
	return nil, nil
}
