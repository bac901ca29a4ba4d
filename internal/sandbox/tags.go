package sandbox

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// tag is a tag as requests and answers have it; objects keep a map.
type tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// tagList is a map of tags as a list, in the order of the keys; never nil.
func tagList(tags map[string]string) []tag {
	list := make([]tag, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, tag{key, tags[key]})
	}
	return list
}

// The limits of tags: how many in one request and on one object, and how long.
const (
	tagsAtOnce    = 10
	tagsPerObject = 20
	tagKeyMax     = 128
	tagValueMax   = 255
)

var tagText = pattern.New(`^[^\x00-\x1f*<>\\]*$`)

// checkTags refuses tags that no service takes.
func checkTags(code string, tags []tag, atOnce int) error {
	if len(tags) > atOnce {
		return refuse(http.StatusBadRequest, code, "number of tags exceeds max num of %d", atOnce)
	}
	seen := map[string]bool{}
	for _, t := range tags {
		switch n := utf8.RuneCountInString(t.Key); {
		case n < 1 || n > tagKeyMax || utf8.RuneCountInString(t.Value) > tagValueMax:
			return refuse(http.StatusBadRequest, code, "Tag length is invalid. The key length must be in range [1,%d] and value in range [0,%d]", tagKeyMax, tagValueMax)
		case !tagText.MatchString(t.Key):
			return refuse(http.StatusBadRequest, code, "Tag key %s is invalid", t.Key)
		case !tagText.MatchString(t.Value):
			return refuse(http.StatusBadRequest, code, "Tag value %s is invalid", t.Value)
		case seen[t.Key]:
			return refuse(http.StatusBadRequest, code, "Tag key %s is repeated", t.Key)
		}
		seen[t.Key] = true
	}
	return nil
}

// newTags is the map of the tags of a request that creates an object of a network.
func newTags(list []tag) (map[string]string, error) {
	if err := checkTags("VPC.1801", list, tagsAtOnce); err != nil {
		return nil, err
	}
	tags := map[string]string{}
	for _, t := range list {
		tags[t.Key] = t.Value
	}
	return tags, nil
}

// starTags reads tags in the notation key*value.
func starTags(list []string) []tag {
	tags := make([]tag, 0, len(list))
	for _, text := range list {
		key, value, _ := strings.Cut(text, "*")
		tags = append(tags, tag{key, value})
	}
	return tags
}

// tagged serves the tags of one kind of object, under the paths that all services share.
type tagged[T any] struct {
	table   *table[T]
	of      func(*T) bool               // which objects of the table are meant; nil for all
	path    string                      // of the collection: /v2.0/{project_id}/vpcs
	tags    func(*T) *map[string]string // where the object keeps them
	name    func(*T) string             // of the object, for searching
	missing func(id string) error       // the refusal for an object that does not exist
	code    string                      // the refusal's code for bad tags
	atOnce  int                         // how many one request may hold; default tagsAtOnce
}

func (g tagged[T]) routes() []route {
	return []route{
		{"GET " + g.path + "/{id}/tags", 200, g.show},
		{"POST " + g.path + "/{id}/tags", 204, g.create},
		{"DELETE " + g.path + "/{id}/tags/{key}", 204, g.remove},
		{"POST " + g.path + "/{id}/tags/action", 204, g.change},
		{"GET " + g.path + "/tags", 200, g.list},
		{"POST " + g.path + "/resource_instances/action", 200, g.search},
	}
}

func (g tagged[T]) means(o *T) bool { return g.of == nil || g.of(o) }

// all are the objects of a list.
func (g tagged[T]) all(r *request) []*T {
	return slices.DeleteFunc(g.table.list(r.project.ID), func(o *T) bool { return !g.means(o) })
}

func (g tagged[T]) object(r *request) (*T, error) {
	if o := g.table.get(r.project.ID, r.PathValue("id")); o != nil && g.means(o) {
		return o, nil
	}
	return nil, g.missing(r.PathValue("id"))
}

func (g tagged[T]) show(r *request) (any, error) {
	o := g.table.read(r.project.ID, r.PathValue("id"))
	if o == nil || !g.means(o) {
		return nil, g.missing(r.PathValue("id"))
	}
	return map[string]any{"tags": tagList(*g.tags(o))}, nil
}

// put sets tags on an object; a key that exists gets the new value.
func (g tagged[T]) put(o *T, list []tag) error {
	if err := checkTags(g.code, list, cmp.Or(g.atOnce, tagsAtOnce)); err != nil {
		return err
	}
	tags := maps.Clone(*g.tags(o))
	if tags == nil {
		tags = map[string]string{}
	}
	for _, t := range list {
		tags[t.Key] = t.Value
	}
	if len(tags) > tagsPerObject {
		return refuse(http.StatusBadRequest, g.code, "number of tags exceeds max num of %d", tagsPerObject)
	}
	*g.tags(o) = tags
	return nil
}

func (g tagged[T]) create(r *request) (any, error) {
	o, err := g.object(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Tag tag `json:"tag"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	return nil, g.put(o, []tag{in.Tag})
}

func (g tagged[T]) remove(r *request) (any, error) {
	o, err := g.object(r)
	if err != nil {
		return nil, err
	}
	key := r.PathValue("key")
	if _, ok := (*g.tags(o))[key]; !ok {
		return nil, refuse(http.StatusNotFound, g.code, "Tag %s could not be found", key)
	}
	delete(*g.tags(o), key)
	return nil, nil
}

func (g tagged[T]) change(r *request) (any, error) {
	o, err := g.object(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Action string `json:"action"`
		Tags   []tag  `json:"tags"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if len(in.Tags) == 0 {
		return nil, refuse(http.StatusBadRequest, g.code, "Tag can not be null")
	}
	switch in.Action {
	case "create":
		return nil, g.put(o, in.Tags)
	case "delete":
		for _, t := range in.Tags {
			delete(*g.tags(o), t.Key)
		}
		return nil, nil
	}
	return nil, refuse(http.StatusBadRequest, g.code, "action is invalid")
}

func (g tagged[T]) list(r *request) (any, error) {
	values := map[string]map[string]bool{}
	for _, o := range g.all(r) {
		for key, value := range *g.tags(o) {
			if values[key] == nil {
				values[key] = map[string]bool{}
			}
			values[key][value] = true
		}
	}
	list := []any{}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		list = append(list, map[string]any{"key": key, "values": slices.Sorted(maps.Keys(values[key]))})
	}
	return map[string]any{"tags": list}, nil
}

func (g tagged[T]) search(r *request) (any, error) {
	var in struct {
		Action  string         `json:"action"`
		Limit   *looseInt      `json:"limit"`
		Offset  looseInt       `json:"offset"`
		Matches []tag          `json:"matches"`
		Tags    []tagCondition `json:"tags"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	limit := 1000
	if in.Limit != nil {
		limit = int(*in.Limit)
	}
	if in.Action != "filter" && in.Action != "count" || limit < 1 || limit > 1000 || in.Offset < 0 {
		return nil, refuse(http.StatusBadRequest, g.code, "action, limit or offset is invalid")
	}
	var found []*T
	for _, o := range g.all(r) {
		ok := true
		for _, c := range in.Tags {
			ok = ok && c.holds(*g.tags(o))
		}
		for _, m := range in.Matches {
			if m.Key != "resource_name" {
				return nil, refuse(http.StatusBadRequest, g.code, "matches takes resource_name only")
			}
			ok = ok && strings.Contains(g.name(o), m.Value)
		}
		if ok {
			found = append(found, o)
		}
	}
	if in.Action == "count" {
		return map[string]any{"total_count": len(found)}, nil
	}
	begin := min(int(in.Offset), len(found))
	return map[string]any{
		"total_count": len(found),
		"resources": views(found[begin:min(begin+limit, len(found))], func(o *T) any {
			return map[string]any{
				"resource_id":     head(o).ID,
				"resource_name":   g.name(o),
				"resource_detail": nil,
				"tags":            tagList(*g.tags(o)),
			}
		}),
	}, nil
}

// tagCondition holds for tags with the key and one of the values, or any value if it names none.
type tagCondition struct {
	Key    string   `json:"key"`
	Values []string `json:"values"`
}

func (c tagCondition) holds(tags map[string]string) bool {
	value, ok := tags[c.Key]
	return ok && (len(c.Values) == 0 || slices.Contains(c.Values, value))
}

// looseInt reads a number that may be written as a string, as several operations take it.
type looseInt int

// UnmarshalJSON accepts 5 and "5".
func (n *looseInt) UnmarshalJSON(text []byte) error {
	var i int
	if _, err := fmt.Sscanf(strings.Trim(string(text), `"`), "%d", &i); err != nil {
		return fmt.Errorf("%s is not a number", text)
	}
	*n = looseInt(i)
	return nil
}
