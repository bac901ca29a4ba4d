package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// meta is what every object of the cloud has. A kind of object is a struct that embeds it; the json names of its fields
// are what control calls show and change, and what the file keeps.
type meta struct {
	ID        string    `json:"id"`
	ProjectID string    `json:"project_id,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

func (m *meta) head() *meta { return m }

func head[T any](o *T) *meta { return any(o).(interface{ head() *meta }).head() }

// table holds the objects of one kind in the order of their creation. Objects are changed in place: what an operation
// leaves behind is what is saved.
type table[T any] struct {
	sandbox *Sandbox
	kind    string // as control calls name it: vpc, subnet, volume
	order   []*T
	byID    map[string]*T
	removed func(*T) // what else happens when an object goes; nil for nothing
}

// newTable makes the table of a kind and registers it for control calls, quotas and the file. T embeds meta.
func newTable[T any](s *Sandbox, kind string) *table[T] {
	head(new(T)) // a struct without meta shows here, not in a user's request
	t := &table[T]{sandbox: s, kind: kind}
	t.clear()
	s.tables = append(s.tables, t)
	return t
}

// add puts a new object into a project ("" for none). It gets a UUID unless it has an id already.
func (t *table[T]) add(project string, o *T) *T {
	m := head(o)
	for m.ID == "" || t.byID[m.ID] != nil { // a seed that is set twice makes the same ids again
		m.ID = t.sandbox.ids.uuid()
	}
	m.ProjectID = project
	m.CreatedAt = time.Now().UTC()
	m.UpdatedAt = m.CreatedAt
	t.insert(o)
	return o
}

func (t *table[T]) insert(o *T) {
	t.order = append(t.order, o)
	t.byID[head(o).ID] = o
}

// get is the object of a project ("" for any), nil if there is none. Operations that change or use an object look it up
// with get.
func (t *table[T]) get(project, id string) *T {
	o := t.byID[id]
	if o == nil || project != "" && head(o).ProjectID != project {
		return nil
	}
	return o
}

// read is get as an API's read sees it: blind to what was created within the consistency lag.
func (t *table[T]) read(project, id string) *T {
	if o := t.get(project, id); o != nil && t.visible(o) {
		return o
	}
	return nil
}

// all is every object of a project ("" for any), oldest first.
func (t *table[T]) all(project string) []*T {
	return t.where(project, func(*T) bool { return true })
}

// list is all as an API's list sees it: blind to what was created within the consistency lag.
func (t *table[T]) list(project string) []*T {
	return t.where(project, t.visible)
}

// where is every object of a project ("" for any) for which ok holds, oldest first.
func (t *table[T]) where(project string, ok func(*T) bool) []*T {
	var found []*T
	for _, o := range t.order {
		if (project == "" || head(o).ProjectID == project) && ok(o) {
			found = append(found, o)
		}
	}
	return found
}

// first is the oldest object of a project ("" for any) for which ok holds, or nil.
func (t *table[T]) first(project string, ok func(*T) bool) *T {
	for _, o := range t.order {
		if (project == "" || head(o).ProjectID == project) && ok(o) {
			return o
		}
	}
	return nil
}

// full says whether n more objects would exceed the project's quota for this kind.
func (t *table[T]) full(project string, n int) bool {
	quota, limited := t.sandbox.config.Quotas[t.kind]
	return limited && t.count(project)+n > quota
}

func (t *table[T]) count(project string) int { return len(t.all(project)) }

func (t *table[T]) visible(o *T) bool {
	lag := time.Duration(t.sandbox.config.ConsistencyLagMS) * time.Millisecond
	return time.Since(head(o).CreatedAt) >= lag
}

// touch notes that an object was updated now.
func (t *table[T]) touch(o *T) { head(o).UpdatedAt = time.Now().UTC() }

// remove takes an object out, whatever depends on it, and says whether there was one.
func (t *table[T]) remove(id string) bool {
	o := t.byID[id]
	if o == nil {
		return false
	}
	delete(t.byID, id)
	t.order = slices.DeleteFunc(t.order, func(x *T) bool { return x == o })
	if t.removed != nil {
		t.removed(o)
	}
	return true
}

// anyTable is a table to those who do not care what it holds: control calls and the file.
type anyTable interface {
	name() string
	clear()
	remove(id string) bool
	patch(id string, fields []byte) (found bool, err error)
	each(func(id string, o any))
	load(text []byte) error
	sort()
}

func (t *table[T]) name() string { return t.kind }

func (t *table[T]) clear() { t.order, t.byID = nil, map[string]*T{} }

func (t *table[T]) each(do func(id string, o any)) {
	for _, o := range t.order {
		do(head(o).ID, o)
	}
}

// patch replaces the named fields of an object, and only those. A field that the kind does not have is an error.
func (t *table[T]) patch(id string, fields []byte) (bool, error) {
	o := t.byID[id]
	if o == nil {
		return false, nil
	}
	old, err := json.Marshal(o)
	if err != nil {
		return true, err
	}
	var merged map[string]json.RawMessage
	if err := json.Unmarshal(old, &merged); err != nil {
		return true, err
	}
	if err := json.Unmarshal(fields, &merged); err != nil {
		return true, err
	}
	text, err := json.Marshal(merged)
	if err != nil {
		return true, err
	}
	changed := new(T)
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(changed); err != nil {
		return true, err
	}
	if head(changed).ID != id {
		return true, fmt.Errorf("the id of a %s cannot be changed", t.kind)
	}
	*o = *changed
	return true, nil
}

// load puts back an object as it was saved.
func (t *table[T]) load(text []byte) error {
	o := new(T)
	if err := json.Unmarshal(text, o); err != nil {
		return fmt.Errorf("%s: %w", t.kind, err)
	}
	t.insert(o)
	return nil
}

// sort puts loaded objects into the order of their creation.
func (t *table[T]) sort() {
	slices.SortStableFunc(t.order, func(a, b *T) int { return head(a).CreatedAt.Compare(head(b).CreatedAt) })
}
