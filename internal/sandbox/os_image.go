package sandbox

import (
	"crypto/md5" //nolint:gosec // the service's own sums are MD5 and SHA-512
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"html"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// glanceService holds the images of the OpenStack cloud. How they are written is in os_image_change.go, how they are listed
// in os_image_list.go, and with whom they are shared in os_image_member.go. Sources: the answers of a Glance of the Zed
// release (API 2.15) to an administrator, an owner and a stranger, and https://docs.openstack.org/api-ref/image/v2/.
type glanceService struct {
	*Sandbox
	images  *table[osImage]
	members *table[osImageMember]
}

// osImage is a disk to start from; its project is its owner.
type osImage struct {
	meta
	Name            *string           `json:"name"`
	Status          string            `json:"status"`     // queued, until it has data; active, deactivated
	Visibility      string            `json:"visibility"` // private, shared, community, public
	Protected       bool              `json:"protected"`
	Hidden          bool              `json:"os_hidden"`
	MinDisk         int               `json:"min_disk"` // GB
	MinRAM          int               `json:"min_ram"`  // MB
	DiskFormat      string            `json:"disk_format"`
	ContainerFormat string            `json:"container_format"`
	Tags            []string          `json:"tags"`
	Properties      map[string]string `json:"properties"` // what the API has beside the fields
	Data            []byte            `json:"data"`
	Size            int               `json:"size"` // bytes, of what Data only stands for
}

const (
	glanceTime   = "2006-01-02T15:04:05Z"
	cirrosID     = "5a0d80c0-2222-4222-8222-00000000c177"
	statusQueued = "queued"
	statusActive = "active"
	statusOff    = "deactivated"
)

func newGlance(s *Sandbox) *glanceService {
	g := &glanceService{Sandbox: s, images: newTable[osImage](s, "os_image"), members: newTable[osImageMember](s, "os_image_member")}
	g.images.removed = func(i *osImage) {
		for _, m := range g.membersOf(i) {
			g.members.remove(m.ID)
		}
	}
	s.seeds = append(s.seeds, g.seed)
	const one = "/v2/images/{image_id}"
	routes := []route{
		{"GET /{$}", 300, g.versions},
		{"GET /versions", 200, g.versions},
		{"GET /v2/images", 200, g.list},
		{"POST /v2/images", 201, g.create},
		{"GET " + one, 200, g.show},
		{"PATCH " + one, 200, g.update},
		{"DELETE " + one, 204, g.remove},
		{"GET " + one + "/file", 200, g.download},
		{"PUT " + one + "/file", 204, g.upload},
		{"PUT " + one + "/tags/{tag}", 204, g.tag},
		{"DELETE " + one + "/tags/{tag}", 204, g.untag},
		{"POST " + one + "/actions/deactivate", 204, g.switching(statusActive, statusOff, "deactivate")},
		{"POST " + one + "/actions/reactivate", 204, g.switching(statusOff, statusActive, "reactivate")},
		{"GET " + one + "/members", 200, g.listMembers},
		{"POST " + one + "/members", 200, g.addMember},
		{"GET " + one + "/members/{member_id}", 200, g.showMember},
		{"PUT " + one + "/members/{member_id}", 200, g.answerMember},
		{"DELETE " + one + "/members/{member_id}", 204, g.removeMember},
	}
	s.addService(&service{
		name:   "image",
		shape:  webPage,
		open:   map[string]bool{"GET /{$}": true, "GET /versions": true},
		routes: append(routes, otherMethods(routes)...),
		native: &native{name: "glance", types: []string{"image"}, accepts: true},
	})
	return g
}

// otherMethods refuses on each path the methods that it does not have.
func otherMethods(routes []route) []route {
	allowed := map[string][]string{}
	for _, t := range routes {
		method, path, _ := strings.Cut(t.pattern, " ")
		allowed[path] = append(allowed[path], method)
	}
	var others []route
	for path, methods := range allowed {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			if slices.Contains(methods, method) {
				continue
			}
			others = append(others, route{method + " " + path, 0, func(r *request) (any, error) {
				r.header.Set("Allow", strings.Join(methods, ", "))
				return nil, refuse(http.StatusMethodNotAllowed, "", "The method %s is not allowed for this resource. ", r.Method)
			}})
		}
	}
	return others
}

// seed makes the image that every project can see.
func (g *glanceService) seed() {
	name := "cirros"
	g.images.add(nativeAdmins, &osImage{
		meta: meta{ID: cirrosID}, Name: &name, Status: statusActive, Visibility: "public", DiskFormat: "raw", ContainerFormat: "bare",
		Properties: map[string]string{}, Data: slices.Repeat([]byte("not a real disk"), 4096),
	})
}

// webPage is a refusal as the request accepts it: as a page, as JSON, or as plain text. A message may have two lines: what
// its status says in general, and the reason.
func webPage(r *request, f *refusal) any {
	title := http.StatusText(f.status)
	head, message := fmt.Sprintf("%d %s", f.status, title), f.message
	if f.gateway && f.status == http.StatusUnauthorized {
		message = "This server could not verify that you are authorized to access the document you requested. Either you supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required."
	}
	message, reason, _ := strings.Cut(message, "\n")
	accept := r.Header.Get("Accept")
	switch {
	case strings.Contains(accept, "text/html") || strings.Contains(accept, "*/*"):
		text := "<html>\n <head>\n  <title>" + head + "</title>\n </head>\n <body>\n  <h1>" + head + "</h1>\n  " +
			html.EscapeString(message) + "<br /><br />\n" + html.EscapeString(reason) + "\n\n\n </body>\n</html>"
		return raw{kind: "text/html; charset=UTF-8", text: []byte(text)}
	case strings.Contains(accept, "application/json"):
		return map[string]any{"message": message + "<br /><br />\n" + reason + "\n\n", "code": head, "title": title}
	}
	return raw{kind: "text/plain; charset=UTF-8", text: []byte(head + "\n\n" + message + "\n\n " + reason + "  ")}
}

func noGlanceImage(id string) error {
	return refuse(http.StatusNotFound, "", "No image found with ID %s", id)
}

func notOwner() error { return refuse(http.StatusForbidden, "", "You do not own this image") }

// glanceBroke is the answer where the real service fails over what it does not check.
func glanceBroke() error {
	return refuse(http.StatusInternalServerError, "", "The server has either erred or is incapable of performing the requested operation.")
}

func (g *glanceService) versions(r *request) (any, error) {
	list := []any{}
	for _, minor := range []int{15, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0} {
		status := "SUPPORTED"
		if minor == 15 {
			status = "CURRENT"
		}
		list = append(list, map[string]any{
			"id": fmt.Sprintf("v2.%d", minor), "status": status, "links": []any{map[string]any{"rel": "self", "href": r.url("image") + "/v2/"}},
		})
	}
	return map[string]any{"versions": list}, nil
}

// image is the one of an id if the caller may see it, else nil.
func (g *glanceService) image(r *request, id string) *osImage {
	if i := g.images.get("", id); i != nil && g.sees(r, i) {
		return i
	}
	return nil
}

func (g *glanceService) sees(r *request, i *osImage) bool {
	return g.owns(r, i) || i.Visibility == "public" || i.Visibility == "community" ||
		i.Visibility == "shared" && g.member(i, r.project.ID) != nil
}

// owns says whether the caller may do with an image what its owner may.
func (g *glanceService) owns(r *request, i *osImage) bool {
	return r.admin() || i.ProjectID == r.project.ID
}

// view is an image as the API answers it.
func (i *osImage) view() map[string]any {
	out := map[string]any{}
	for name, value := range i.Properties {
		out[name] = value
	}
	maps.Copy(out, map[string]any{
		"id": i.ID, "name": i.Name, "status": i.Status, "visibility": i.Visibility, "owner": i.ProjectID,
		"protected": i.Protected, "os_hidden": i.Hidden, "min_disk": i.MinDisk, "min_ram": i.MinRAM,
		"disk_format": orNull(i.DiskFormat), "container_format": orNull(i.ContainerFormat), "tags": append([]string{}, i.Tags...),
		"size": nil, "virtual_size": nil, "checksum": nil, "os_hash_algo": nil, "os_hash_value": nil,
		"created_at": i.CreatedAt.Format(glanceTime), "updated_at": i.UpdatedAt.Format(glanceTime),
		"self": "/v2/images/" + i.ID, "file": "/v2/images/" + i.ID + "/file", "schema": "/v2/schemas/image",
	})
	if i.Status == statusQueued {
		return out
	}
	sum := sha512.Sum512(i.Data)
	out["size"], out["checksum"], out["stores"] = i.size(), i.checksum(), "file"
	out["os_hash_algo"], out["os_hash_value"] = "sha512", hex.EncodeToString(sum[:])
	if i.DiskFormat == "raw" && i.size() > 0 {
		out["virtual_size"] = i.size()
	}
	return out
}

func (i *osImage) size() int { return max(len(i.Data), i.Size) }

func (i *osImage) checksum() string {
	sum := md5.Sum(i.Data) //nolint:gosec // see above
	return hex.EncodeToString(sum[:])
}

func (g *glanceService) show(r *request) (any, error) {
	i := g.image(r, r.PathValue("image_id"))
	if i == nil || !g.images.visible(i) {
		return nil, noGlanceImage(r.PathValue("image_id"))
	}
	return i.view(), nil
}

// remove deletes an image. Volumes and servers that were made from it have copies of their own.
func (g *glanceService) remove(r *request) (any, error) {
	id := r.PathValue("image_id")
	i := g.image(r, id)
	switch {
	case i == nil:
		return nil, refuse(http.StatusNotFound, "", "Failed to find image %s to delete", id)
	case !g.owns(r, i):
		return nil, notOwner()
	case i.Protected:
		return nil, refuse(http.StatusForbidden, "", "Image %s is protected and cannot be deleted.", id)
	}
	g.images.remove(id)
	return nil, nil
}

// upload gives a queued image its data, once.
func (g *glanceService) upload(r *request) (any, error) {
	if kind := r.Header.Get("Content-Type"); kind != "application/octet-stream" {
		return nil, wrongMedia(kind)
	}
	id := r.PathValue("image_id")
	i := g.image(r, id)
	var missing []string
	if i != nil && i.DiskFormat == "" {
		missing = append(missing, "disk_format")
	}
	if i != nil && i.ContainerFormat == "" {
		missing = append(missing, "container_format")
	}
	switch {
	case i == nil:
		return nil, noGlanceImage(id)
	case !g.owns(r, i):
		return nil, refuse(http.StatusForbidden, "", "Not allowed to upload image data for image %s", id)
	case i.Status != statusQueued:
		return nil, refuse(http.StatusConflict, "", "Image status transition from %s to saving is not allowed", i.Status)
	case len(missing) == 1:
		return nil, refuse(http.StatusBadRequest, "", "Property %s must be set prior to saving data.", missing[0])
	case len(missing) > 1:
		return nil, refuse(http.StatusBadRequest, "", "Properties %s must be set prior to saving data.", strings.Join(missing, ", "))
	}
	i.Data, i.Status = r.body, statusActive
	g.images.touch(i)
	return nil, nil
}

func (g *glanceService) download(r *request) (any, error) {
	id := r.PathValue("image_id")
	i := g.image(r, id)
	switch {
	case i == nil:
		return nil, noGlanceImage(id)
	case i.Status == statusQueued:
		return withStatus{status: http.StatusNoContent}, nil
	case i.Status == statusOff && !r.admin():
		return nil, refuse(http.StatusForbidden, "", "The requested image has been deactivated. Image data download is forbidden.")
	}
	r.header.Set("Content-Md5", i.checksum())
	return raw{kind: "application/octet-stream", text: i.Data}, nil
}

func wrongMedia(kind string) error {
	return refuse(http.StatusUnsupportedMediaType, "", "The request media type %s is not supported by this server.", kind)
}

// switching turns an image off or on. What is so already stays so.
func (g *glanceService) switching(from, to, word string) func(*request) (any, error) {
	return func(r *request) (any, error) {
		i := g.image(r, r.PathValue("image_id"))
		switch {
		case i == nil:
			return nil, noGlanceImage(r.PathValue("image_id"))
		case !g.owns(r, i):
			return nil, notOwner()
		case i.Status != from && i.Status != to:
			return nil, refuse(http.StatusForbidden, "", "Not allowed to %s image in status '%s'", word, i.Status)
		}
		i.Status = to
		g.images.touch(i)
		return nil, nil
	}
}

// tagged is the image of a call about one of its tags.
func (g *glanceService) tagged(r *request, word string) (*osImage, error) {
	id := r.PathValue("image_id")
	switch i := g.image(r, id); {
	case strings.Contains(r.PathValue("tag"), "/"):
		return nil, noSuchPath()
	case i == nil:
		return nil, refuse(http.StatusNotFound, "", "Image %s not found.", id)
	case !g.owns(r, i):
		return nil, refuse(http.StatusForbidden, "", "Not allowed to %s tags for image %s.", word, id)
	default:
		return i, nil
	}
}

func (g *glanceService) tag(r *request) (any, error) {
	tag := r.PathValue("tag")
	if err := checkImageField("tags", []any{tag}); err != nil {
		return nil, err
	}
	if len(r.body) > 0 {
		return nil, refuse(http.StatusBadRequest, "", "A body is not expected with this request.")
	}
	i, err := g.tagged(r, "update")
	if err != nil {
		return nil, err
	}
	if slices.Contains(i.Tags, tag) {
		return nil, nil
	}
	if n := len(i.Tags) + 1; g.exceeds("os_image_tag", n) {
		return nil, refuse(http.StatusRequestEntityTooLarge, "",
			"Image tag limit exceeded for image %s: The limit has been exceeded on the number of allowed image tags. Attempted: %d, Maximum: %d:", i.ID, n, g.quota("os_image_tag"))
	}
	i.Tags = append(i.Tags, tag)
	g.images.touch(i)
	return nil, nil
}

func (g *glanceService) untag(r *request) (any, error) {
	i, err := g.tagged(r, "delete")
	if err != nil {
		return nil, err
	}
	at := slices.Index(i.Tags, r.PathValue("tag"))
	if at < 0 {
		return nil, refuse(http.StatusNotFound, "", "The resource could not be found.")
	}
	i.Tags = slices.Delete(i.Tags, at, at+1)
	g.images.touch(i)
	return nil, nil
}
