package object

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// Operation is one call of an API as a Kind declares it, with everything that is believed of it: so that others can check
// the belief. Fields are dotted paths of JSON keys; a list on the way leaves no trace.
type Operation struct {
	Purpose string // "create", "read", "list", "change name, description", ...
	Service *cloud.Service
	Method  string
	Path    string
	Query   []string
	Headers []string
	Sends   []string // fields of the request
	Answers []string // fields of the answer
	Source  string   // where it is documented, when the vendor's SDK lacks it
}

// Operations are all calls that a Kind can make.
func (k *Kind) Operations() []Operation {
	var all []Operation
	add := func(purpose string, op Op, change *Change, answers ...string) {
		all = append(all, k.calls(purpose, op, change, answers...)...)
	}
	fields := k.answered()
	// under are the fields that an answer's object has by itself, without what such sides bring.
	under := func(wrapper string, brings func(Side) bool) (out []string) {
		for _, field := range fields {
			if !slices.ContainsFunc(k.Sides, func(s Side) bool { return brings(s) && s.has(field) }) {
				out = append(out, dotted(wrapper, field))
			}
		}
		return out
	}
	alone := func(Side) bool { return true }
	if !k.ListOnly {
		add("read", k.readOp(), nil, under(k.One, alone)...)
	} else if !k.Read.zero() {
		op := k.Read
		op.Method, op.Path = or(op.Method, "GET"), or(op.Path, k.Path)
		add("read", op, nil, under(dotted(k.Many, k.Each), alone)...)
	}
	list := k.listOp()
	list.Query = maps.Clone(list.Query)
	for _, parameter := range k.Filters {
		if list.Query == nil {
			list.Query = map[string]string{}
		}
		list.Query[parameter] = ""
	}
	listed := under(dotted(k.Many, k.Each), func(s Side) bool { return !s.Listed || s.Into == k.Split.By })
	if k.ThinList {
		listed = nil
	}
	for _, place := range k.listed() {
		listed = append(listed, dotted(dotted(k.Many, k.Each), place))
	}
	if !k.Alone {
		add("list", list, nil, listed...)
	}
	for _, side := range k.Sides {
		wrapper := plain(or(side.From, side.Many))
		if wrapper == Never {
			wrapper = ""
		}
		answers := []string{dotted(wrapper, side.Owner)}
		for _, field := range fields {
			if side.has(field) {
				inner := strings.TrimPrefix(field+".", side.Into+".")
				if key := side.Paging.Key(); key != "" {
					inner = strings.TrimPrefix(inner, key+".")
				}
				answers = append(answers, dotted(wrapper, inner))
			}
		}
		add("read "+side.Into, side.Op, nil, answers...)
		if !side.Bulk.zero() {
			add("list "+side.Into, side.Bulk, nil, answers...)
		}
	}
	if k.NoResource {
		return all
	}
	for _, create := range append([]Create{{Op: k.Create}}, k.Creates...) {
		op := k.creating(create.Op)
		var names []string
		if !strings.HasPrefix(op.ID, "-") {
			names = append(names, strings.TrimSuffix(op.ID, ".0"))
		}
		for _, name := range k.Once {
			names = append(names, dotted(beside(op.ID), plain(or(k.Fields[name].API, name))))
		}
		if k.CreateBy.Do == nil {
			add("create", op, nil, names...)
		}
		if op.Overwrites && k.ID == "" {
			add("read what is there", op.look(), nil, names...)
		}
	}
	for _, op := range k.CreateBy.Calls {
		add("create", op, nil)
	}
	if k.Revives != nil {
		add("revive", k.Revives.Op, nil)
	}
	for name, derived := range k.Derived {
		add("find "+name, derived.Op, nil, plain(derived.From))
	}
	for _, change := range k.Changes {
		purpose := "change " + strings.Join(change.Of, ", ")
		for _, op := range k.ops(change) {
			add(purpose, op, &change)
		}
	}
	switch {
	case k.Tags == nil:
	case !k.Tags.Set.zero():
		add("replace tags", k.Tags.Set, nil)
		add("remove tags", k.Tags.Unset, nil)
	case k.Tags.Action != "":
		one := []any{Body{"key": "", "value": ""}}
		add("add tags", k.Tags.action("create", one), nil)
		add("remove tags", k.Tags.action("delete", one), nil)
	}
	for _, op := range k.Clears.Calls {
		add("clear", op, nil)
	}
	if !k.Remains {
		add("delete", k.deleteOp(), nil)
	}
	return all
}

// calls are an operation, with its job and what it is waited for.
func (k *Kind) calls(purpose string, op Op, change *Change, answers ...string) (all []Operation) {
	service := or(op.Service, k.Service)
	o := Operation{
		Purpose: purpose, Service: service, Method: op.Method, Path: op.Path, Source: op.Source,
		Query: slices.Concat(slices.Sorted(maps.Keys(op.Query)), slices.Sorted(maps.Keys(op.Repeat))), Headers: slices.Sorted(maps.Keys(op.Headers)),
		Sends: k.sendsOf(op.Body, "", change), Answers: answers,
	}
	if op.Job != "" {
		o.Answers = append(o.Answers, op.Job)
		job := service.Job
		j := Operation{Purpose: purpose + ": job", Service: service, Method: "GET", Path: job.Path, Answers: slices.Concat([]string{job.Status}, job.Code, job.Reason, op.JobID)}
		j.Answers = distinct(j.Answers)
		all = append(all, j)
	}
	if u := op.Until; u != nil {
		all = append(all, Operation{
			Purpose: purpose + ": until", Service: or(u.Op.Service, k.Service), Method: u.Op.Method, Path: u.Op.Path,
			Answers: []string{u.Path}, Source: u.Op.Source,
		})
	}
	o.Sends, o.Answers = distinct(o.Sends), distinct(o.Answers)
	for _, o.Path = range k.spelled(op.Path) {
		all = append(all, o)
	}
	return all
}

// spelled are the paths that one path stands for: with each of the API's words for an attribute in it that has such.
func (k *Kind) spelled(path string) []string {
	paths := []string{path}
	for _, name := range names(path) {
		words := slices.Sorted(maps.Values(k.Fields[name].Words))
		if len(words) == 0 {
			continue
		}
		var each []string
		for _, path := range paths {
			for _, word := range words {
				each = append(each, strings.ReplaceAll(path, "{"+name+"}", word))
			}
		}
		paths = each
	}
	return paths
}

// sendsOf are the fields of a request's template.
func (k *Kind) sendsOf(t any, at string, change *Change) (out []string) {
	switch t := t.(type) {
	case nil:
	case Body:
		for key, inner := range t {
			out = append(out, k.sendsOf(inner, dotted(at, key), change)...)
		}
	case []any:
		for _, inner := range t {
			out = append(out, k.sendsOf(inner, at, change)...)
		}
	case All:
		out = k.sendsOf(t.Plus, at, change)
		for _, name := range k.sent() {
			field := k.Fields[name]
			if place := or(field.Write, or(field.API, name)); place != Never {
				out = append(out, field.places(dotted(at, place))...)
			}
		}
		if k.Tags != nil && k.Tags.Create != "" {
			out = append(out, dotted(at, k.Tags.Create))
		}
		out = append(out, structFields(k.Encode.body, at)...)
	case Attr:
		out = k.Fields[string(t)].places(at)
	case Changed:
		for _, name := range slices.Concat(change.Of, t) {
			field := k.Fields[name]
			if place := or(field.Update, or(field.API, name)); place != Never {
				out = append(out, field.places(dotted(at, place))...)
			}
		}
	default:
		out = append(out, at)
	}
	return out
}

// places are where a field and its members go in a request.
func (f Field) places(at string) []string {
	if f.Of == nil {
		return []string{at}
	}
	var out []string
	for name, member := range f.Of {
		if place := or(member.Write, or(member.API, name)); place != Never {
			out = append(out, member.places(dotted(at, place))...)
		}
	}
	return out
}

// answered are the fields that are read from an answer's object, completed by its sides.
func (k *Kind) answered() []string {
	var out []string
	if k.ID == "" {
		out = append(out, or(k.Fields[attrID].API, attrID))
	}
	for name, a := range k.attributes() {
		place := or(a.field.Read, or(a.field.API, name))
		if a.silent || a.local || a.once || a.writeOnly || place == Never || a.field.Listed != "" || k.Made[name] != "" {
			continue
		}
		out = append(out, a.field.answered(plain(place), a.typ)...)
	}
	if k.Ready.Path != "" {
		out = append(out, k.Ready.Path)
	}
	if k.Tags != nil {
		out = append(out, plain(k.Tags.Read))
	}
	return append(out, structFields(k.Decode.answer, "")...)
}

// listed are the fields that an item of the list has by itself: what tells the objects apart, and where they lie.
func (k *Kind) listed() []string {
	places := []string{k.RegionAt}
	for _, field := range k.Fields {
		places = append(places, field.Listed)
	}
	return slices.DeleteFunc(places, func(place string) bool { return place == "" })
}

// has tells that a field of a completed answer is the side's, or within it.
func (s Side) has(field string) bool { return strings.HasPrefix(field+".", s.Into+".") }

// answered are the places of a field and its members in an answer, as its type has them.
func (f Field) answered(at string, typ tftypes.Type) (out []string) {
	switch t := typ.(type) {
	case tftypes.List:
		return f.answered(at, t.ElementType)
	case tftypes.Set:
		return f.answered(at, t.ElementType)
	case tftypes.Object:
		for name, member := range t.AttributeTypes {
			field := f.Of[name]
			if place := or(field.Read, or(field.API, name)); place != Never {
				out = append(out, field.answered(dotted(at, plain(place)), member)...)
			}
		}
		return out
	}
	return []string{at}
}

// plain is a path without what it picks from lists by.
func plain(path string) string {
	var keys []string
	for key := range strings.SplitSeq(path, ".") {
		name, _, _ := strings.Cut(key, "[")
		keys = append(keys, name)
	}
	return strings.Join(keys, ".")
}

// structFields are the leaves of a struct by its json tags.
func structFields(t reflect.Type, at string) (out []string) {
	if t == nil {
		return nil
	}
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return []string{at}
	}
	for field := range t.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		out = append(out, structFields(field.Type, dotted(at, name))...)
	}
	return out
}

func distinct(list []string) []string {
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(s string) bool { return s == "" })
}

// String names an operation for people.
func (o Operation) String() string {
	return fmt.Sprintf("%s: %s %s %s", o.Purpose, o.Service.Name, o.Method, o.Path)
}
