package sandbox

import (
	"fmt"
	"net/http"
	"slices"
)

// osImageMember is a project with which an image is shared; its id is image/project. It belongs to the image's owner, and
// the project says whether it wants to have the image in its lists.
type osImageMember struct {
	meta
	ImageID  string `json:"image_id"`
	MemberID string `json:"member_id"`
	Status   string `json:"status"` // pending, accepted, rejected
}

func (g *glanceService) membersOf(i *osImage) []*osImageMember {
	return g.members.where("", func(m *osImageMember) bool { return m.ImageID == i.ID })
}

// member is the sharing of an image with a project, or nil.
func (g *glanceService) member(i *osImage, project string) *osImageMember {
	return g.members.get("", i.ID+"/"+project)
}

func osMemberView(m *osImageMember) map[string]any {
	return map[string]any{
		"image_id": m.ImageID, "member_id": m.MemberID, "status": m.Status, "schema": "/v2/schemas/member",
		"created_at": m.CreatedAt.Format(glanceTime), "updated_at": m.UpdatedAt.Format(glanceTime),
	}
}

// ofMembers is the image that a call about its members names.
func (g *glanceService) ofMembers(r *request) (*osImage, error) {
	if i := g.image(r, r.PathValue("image_id")); i != nil {
		return i, nil
	}
	return nil, refuse(http.StatusNotFound, "", "Image %s not found.", r.PathValue("image_id"))
}

// sharing is the member that a call names, as far as the caller knows of it.
func (g *glanceService) sharing(r *request, i *osImage) (*osImageMember, error) {
	id := r.PathValue("member_id")
	m := g.member(i, id)
	if m == nil || !g.owns(r, i) && id != r.project.ID {
		return nil, refuse(http.StatusNotFound, "", "%s not found in the member list of the image %s.", id, i.ID)
	}
	return m, nil
}

func notMembers(word string, i *osImage) error {
	return refuse(http.StatusForbidden, "", "Not allowed to %s members for image %s.", word, i.ID)
}

// memberBody is the text of a call's only field.
func memberBody(r *request, field, form, absent string) (string, error) {
	body, err := jsonBody(r)
	if err != nil {
		return "", err
	}
	in, ok := body.(map[string]any)
	if !ok {
		return "", refuse(http.StatusBadRequest, "", "Expected a %s in the form: %s", field, form)
	}
	value, ok := in[field]
	if !ok {
		return "", refuse(http.StatusBadRequest, "", "%s", absent)
	}
	return fmt.Sprint(value), nil
}

func (g *glanceService) addMember(r *request) (any, error) {
	project, err := memberBody(r, "member", `{"member": "image_id"}`, "Member to be added not specified")
	if err != nil {
		return nil, err
	}
	if project == "" {
		return nil, refuse(http.StatusBadRequest, "", "Member can't be empty")
	}
	i, err := g.ofMembers(r)
	switch {
	case err != nil:
		return nil, err
	case i.Visibility != "shared" || !g.owns(r, i):
		return nil, notMembers("create", i)
	case len(project) > longestName:
		return nil, glanceBroke()
	case g.member(i, project) != nil:
		return nil, refuse(http.StatusConflict, "", "Member %s is duplicated for image %s", project, i.ID)
	}
	if n := len(g.membersOf(i)) + 1; g.exceeds("os_image_member", n) {
		return nil, refuse(http.StatusRequestEntityTooLarge, "",
			"Image member limit exceeded for image %s: The limit has been exceeded on the number of allowed image members for this image. Attempted: %d, Maximum: %d:", i.ID, n, g.quota("os_image_member"))
	}
	return osMemberView(g.members.add(i.ProjectID, &osImageMember{
		meta: meta{ID: i.ID + "/" + project}, ImageID: i.ID, MemberID: project, Status: memberPending,
	})), nil
}

func (g *glanceService) listMembers(r *request) (any, error) {
	i, err := g.ofMembers(r)
	if err != nil {
		return nil, err
	}
	if i.Visibility != "shared" {
		return nil, refuse(http.StatusForbidden, "", "Not allowed to list members for image %s: Only shared images have members.", i.ID)
	}
	found := slices.DeleteFunc(g.membersOf(i), func(m *osImageMember) bool {
		return !g.members.visible(m) || !g.owns(r, i) && m.MemberID != r.project.ID
	})
	return map[string]any{"members": views(found, osMemberView), "schema": "/v2/schemas/members"}, nil
}

func (g *glanceService) showMember(r *request) (any, error) {
	i, err := g.ofMembers(r)
	if err != nil {
		return nil, err
	}
	if i.Visibility != "shared" {
		return nil, refuse(http.StatusNotFound, "", "Only shared images have members.")
	}
	m, err := g.sharing(r, i)
	if err != nil {
		return nil, err
	}
	return osMemberView(m), nil
}

// answerMember is the receiver's: the owner cannot accept for it.
func (g *glanceService) answerMember(r *request) (any, error) {
	status, err := memberBody(r, "status", `{"status": "status"}`, "Status not specified")
	if err != nil {
		return nil, err
	}
	i, err := g.ofMembers(r)
	if err != nil {
		return nil, err
	}
	if i.Visibility != "shared" || i.ProjectID == r.project.ID && !r.admin() {
		return nil, notMembers("update", i)
	}
	m, err := g.sharing(r, i)
	if err != nil {
		return nil, err
	}
	if !slices.Contains([]string{memberPending, memberAccepted, memberRejected}, status) {
		return nil, refuse(http.StatusBadRequest, "", `Incorrect request: Status must be "pending", "accepted" or "rejected".`)
	}
	m.Status = status
	g.members.touch(m)
	return osMemberView(m), nil
}

// removeMember is the owner's.
func (g *glanceService) removeMember(r *request) (any, error) {
	i, err := g.ofMembers(r)
	if err != nil {
		return nil, err
	}
	if i.Visibility != "shared" || !g.owns(r, i) {
		return nil, notMembers("delete", i)
	}
	m, err := g.sharing(r, i)
	if err != nil {
		return nil, err
	}
	g.members.remove(m.ID)
	return nil, nil
}
