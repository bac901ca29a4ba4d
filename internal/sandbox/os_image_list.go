package sandbox

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	imagesPerPage     = 25
	mostImagesPerPage = 1000
)

// notImageFilters are the parameters of a list that do not compare a field or a property.
var notImageFilters = []string{"limit", "marker", "sort", "sort_key", "sort_dir", "member_status", "visibility", "os_hidden", "tag"}

// glanceOrders are the keys that lists are sorted by.
var glanceOrders = map[string]func(a, b *osImage) int{
	"name":             func(a, b *osImage) int { return strings.Compare(a.named(), b.named()) },
	"status":           func(a, b *osImage) int { return strings.Compare(a.Status, b.Status) },
	"container_format": func(a, b *osImage) int { return strings.Compare(a.ContainerFormat, b.ContainerFormat) },
	"disk_format":      func(a, b *osImage) int { return strings.Compare(a.DiskFormat, b.DiskFormat) },
	"size":             func(a, b *osImage) int { return cmp.Compare(a.size(), b.size()) },
	"id":               func(a, b *osImage) int { return strings.Compare(a.ID, b.ID) },
	"created_at":       func(a, b *osImage) int { return a.CreatedAt.Compare(b.CreatedAt) },
	"updated_at":       func(a, b *osImage) int { return a.UpdatedAt.Compare(b.UpdatedAt) },
}

func (i *osImage) named() string {
	if i.Name == nil {
		return ""
	}
	return *i.Name
}

func (g *glanceService) list(r *request) (any, error) {
	q := r.query
	order, err := glanceOrder(q)
	if err != nil {
		return nil, err
	}
	limit := imagesPerPage
	if q.Has("limit") {
		if limit, err = strconv.Atoi(q.Get("limit")); err != nil {
			return nil, refuse(http.StatusBadRequest, "", "limit param must be an integer")
		}
		if limit < 0 {
			return nil, refuse(http.StatusBadRequest, "", "limit param must be positive")
		}
		limit = min(limit, mostImagesPerPage)
	}
	found, err := g.find(r)
	if err != nil {
		return nil, err
	}
	marker := g.image(r, q.Get("marker"))
	if q.Has("marker") && marker == nil {
		return nil, refuse(http.StatusBadRequest, "", "No image found with ID %s", q.Get("marker"))
	}
	if marker != nil { // which need not be in the list itself
		found = slices.DeleteFunc(found, func(i *osImage) bool { return order(i, marker) <= 0 })
	}
	slices.SortFunc(found, order)
	page := found[:min(limit, len(found))]
	q.Del("marker")
	out := map[string]any{"images": views(page, (*osImage).view), "schema": "/v2/schemas/images", "first": withQuery("/v2/images", q)}
	if len(page) > 0 && len(page) == limit { // also when nothing follows
		q.Set("marker", page[len(page)-1].ID)
		out["next"] = withQuery("/v2/images", q)
	}
	return out, nil
}

func withQuery(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// glanceOrder is the order that a list asks for: sort=name:asc,size:desc, or sort_key and sort_dir, which may repeat. What
// is alike by that goes by creation and id.
func glanceOrder(q url.Values) (func(a, b *osImage) int, error) {
	keys, dirs := q["sort_key"], q["sort_dir"]
	if q.Has("sort") {
		if len(keys)+len(dirs) > 0 {
			return nil, refuse(http.StatusBadRequest, "", "Old and new sorting syntax cannot be combined")
		}
		for part := range strings.SplitSeq(q.Get("sort"), ",") {
			key, dir, _ := strings.Cut(strings.TrimSpace(part), ":")
			keys, dirs = append(keys, key), append(dirs, cmp.Or(dir, "desc"))
		}
	}
	if len(dirs) > 1 && len(dirs) != max(len(keys), 1) {
		return nil, refuse(http.StatusBadRequest, "", "Number of sort dirs does not match the number of sort keys")
	}
	for _, key := range keys {
		if glanceOrders[key] == nil {
			return nil, refuse(http.StatusBadRequest, "", "Invalid sort key: %s. It must be one of the following: name, status, container_format, disk_format, size, id, created_at, updated_at.", key)
		}
	}
	for _, dir := range dirs {
		if dir != "asc" && dir != "desc" {
			return nil, refuse(http.StatusBadRequest, "", "Invalid sort direction: %s", dir)
		}
	}
	return func(a, b *osImage) int {
		last := "desc"
		for n, key := range append(slices.Clone(keys), "created_at", "id") {
			if len(dirs) == 1 {
				last = dirs[0]
			} else if n < len(dirs) {
				last = dirs[n]
			}
			if c := glanceOrders[key](a, b); c != 0 {
				return map[string]int{"asc": c, "desc": -c}[last]
			}
		}
		return 0
	}, nil
}

// find are the images that a list asks for, in no order.
func (g *glanceService) find(r *request) ([]*osImage, error) {
	q := r.query
	visibility, status, hidden := q.Get("visibility"), cmp.Or(q.Get("member_status"), memberAccepted), cmp.Or(strings.ToLower(q.Get("os_hidden")), "false")
	switch {
	case visibility != "" && !slices.Contains([]string{"community", "public", "private", "shared", "all"}, visibility):
		return nil, refuse(http.StatusBadRequest, "", "Invalid visibility value: %s", visibility)
	case q.Has("changes-since"):
		return nil, refuse(http.StatusBadRequest, "", `The "changes-since" filter is no longer available on v2.`)
	case !slices.Contains([]string{memberPending, memberAccepted, memberRejected, "all"}, status):
		return nil, refuse(http.StatusBadRequest, "", "Invalid status: %s", status)
	}
	for name, value := range map[string]string{"os_hidden": hidden, "protected": cmp.Or(q.Get("protected"), "false")} {
		if value != "true" && value != "false" {
			return nil, refuse(http.StatusBadRequest, "", "Invalid value '%s' for '%s' filter. Valid values are 'true' or 'false'.", value, name)
		}
	}
	var found []*osImage
	for _, i := range g.images.list("") {
		ok := g.listed(r, i, visibility, status) && fmt.Sprint(i.Hidden) == hidden
		for _, tag := range q["tag"] {
			ok = ok && slices.Contains(i.Tags, tag)
		}
		view := i.view()
		for _, name := range slices.Sorted(maps.Keys(q)) {
			if slices.Contains(notImageFilters, name) {
				continue
			}
			passes, err := i.passes(view, name, q.Get(name))
			if err != nil {
				return nil, err
			}
			ok = ok && passes
		}
		if ok {
			found = append(found, i)
		}
	}
	return found, nil
}

// listed says whether an image is in somebody's list: a shared one by what its receiver said of it, and one of the
// community only if it is asked for, unless it is the project's own.
func (g *glanceService) listed(r *request, i *osImage, visibility, status string) bool {
	own := i.ProjectID == r.project.ID
	switch {
	case visibility != "" && visibility != "all" && visibility != i.Visibility:
		return false
	case own, i.Visibility == "public":
		return true
	case i.Visibility == "community":
		return visibility != ""
	case r.admin():
		return true
	case i.Visibility == "shared":
		m := g.member(i, r.project.ID)
		return m != nil && (status == "all" || status == m.Status)
	}
	return false
}

// passes says whether an image passes a filter.
func (i *osImage) passes(view map[string]any, name, filter string) (bool, error) {
	least, isLeast := strings.CutSuffix(name, "_min")
	most, isMost := strings.CutSuffix(name, "_max")
	switch {
	case isLeast || isMost:
		limit, err := strconv.Atoi(filter)
		if err != nil {
			return false, refuse(http.StatusBadRequest, "", "Unable to filter on a range with a non-numeric value.")
		}
		n, known := view[map[bool]string{true: least, false: most}[isLeast]].(int)
		return known && (isLeast && n >= limit || isMost && n <= limit), nil
	case name == "created_at" || name == "updated_at":
		at := map[string]time.Time{"created_at": i.CreatedAt, "updated_at": i.UpdatedAt}[name]
		if word, _, ok := strings.Cut(filter, ":"); !ok || len(word) > 3 {
			filter = "eq:" + filter
		}
		passes, err := withinTime(filter, at)
		if err != nil {
			err = refuse(http.StatusBadRequest, "", `Bad "%s" query filter format. Use ISO 8601 DateTime notation.`, name)
		}
		return passes, err
	case slices.Contains([]string{"name", "id", "status", "container_format", "disk_format"}, name):
		value := fmt.Sprint(view[name])
		if name == "name" {
			value = i.named()
		}
		if list, ok := strings.CutPrefix(filter, "in:"); ok {
			return slices.Contains(strings.Split(list, ","), value), nil
		}
		return (name != "name" || i.Name != nil) && value == strings.TrimPrefix(filter, "eq:"), nil
	}
	return view[name] != nil && fmt.Sprint(view[name]) == filter, nil
}
