package object

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// Session is what the configured provider hands to every object: one client, one set of defaults, one memory of listings.
type Session struct {
	Client              *cloud.Client
	DefaultTags         map[string]string // added to every object that has tags
	IgnoreTagKeys       []string          // tags that others manage
	IgnoreTagPrefixes   []string
	EnterpriseProjectID string // for new objects that do not name one

	mu       sync.Mutex
	listings map[string]*listing
	queues   map[string]chan struct{}
	lookups  map[string]*lookedUp
	stopping context.Context // ends when Terraform has asked one of the requests to stop
	stop     context.CancelFunc
}

// Ahead asks for the project while Terraform still looks at its configuration: every object will want it. What goes wrong
// is told to whoever asks next.
func (s *Session) Ahead(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	_, _ = s.Client.ProjectID(ctx, s.Client.Region())
}

// heed is the context of one request of Terraform's. When Terraform asks one to stop, all end: also one that comes a moment
// later, which nobody would ask any more.
func (s *Session) heed(ctx context.Context) (heeding context.Context, done func()) {
	s.mu.Lock()
	if s.stopping == nil {
		s.stopping, s.stop = context.WithCancel(context.Background())
	}
	stopping, stop := s.stopping, s.stop
	s.mu.Unlock()
	heeding, cancel := context.WithCancel(ctx)
	forAll := context.AfterFunc(ctx, stop) // a request that has been answered is not asked to stop: it is done by then
	forThis := context.AfterFunc(stopping, cancel)
	return heeding, func() {
		forAll()
		forThis()
		cancel()
	}
}

// ignores tells that a tag is none of Terraform's business.
func (s *Session) ignores(key string) bool {
	return slices.Contains(s.IgnoreTagKeys, key) ||
		slices.ContainsFunc(s.IgnoreTagPrefixes, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
}

// listing is the memory of one Kind in one region, and in what its objects lie.
func (s *Session) listing(k *Kind, values Values) *listing {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listings == nil {
		s.listings = map[string]*listing{}
	}
	scope := Values{attrRegion: or(values.String(attrRegion), s.Client.Region())}
	for _, name := range k.scope() {
		scope[name] = values[name]
	}
	key := k.Name + "@" + scope.String(attrRegion) + k.within(values)
	if s.listings[key] == nil {
		s.listings[key] = &listing{kind: k, session: s, scope: scope}
	}
	return s.listings[key]
}

// enter waits for an object's turn to be written, in the queue that its Kind names. What it returns ends the turn. An object
// of which nothing is known that could be waited for has its turn at once.
func (s *Session) enter(ctx context.Context, k *Kind, values Values) (leave func(), err error) {
	for _, name := range names(k.Queue) {
		if _, known := values.Get(name); !known {
			return func() {}, nil
		}
	}
	name, err := expand(k.Queue, values, plainText)
	if k.Queue == "" || err != nil {
		return func() {}, err
	}
	name += "@" + or(values.String(attrRegion), s.Client.Region())
	s.mu.Lock()
	if s.queues == nil {
		s.queues = map[string]chan struct{}{}
	}
	if s.queues[name] == nil {
		s.queues[name] = make(chan struct{}, 1)
	}
	queue := s.queues[name]
	s.mu.Unlock()
	select {
	case queue <- struct{}{}:
		return func() { <-queue }, nil
	case <-ctx.Done():
		return func() {}, fmt.Errorf("waiting for other writes: %w", ctx.Err())
	}
}

// do makes one call of an operation.
func (s *Session) do(ctx context.Context, k *Kind, op Op, values Values, changed []string) (any, error) {
	values, err := s.kept(ctx, k, op, values, nil)
	if err != nil {
		return nil, err
	}
	request, err := k.fill(op, values, changed)
	if err != nil {
		return nil, err
	}
	request.Secrets = k.secrets(values)
	answer, err := k.patiently(ctx, func(ctx context.Context) (any, error) { return s.Client.Do(ctx, request) })
	if op.Text != "" && err == nil {
		answer = map[string]any{op.Text: answer}
	}
	return answer, err
}

// kept are the values of an operation, with those that it keeps as they are now: in the object, which is read unless it was.
func (s *Session) kept(ctx context.Context, k *Kind, op Op, values Values, now map[string]any) (Values, error) {
	if len(op.Keeps) == 0 {
		return values, nil
	}
	if now == nil {
		var err error
		if now, err = s.lookUp(ctx, k, values); err != nil {
			return nil, err
		}
	}
	values = values.with(nil)
	for _, name := range op.Keeps {
		values[name], _ = at(now, or(k.Fields[name].Read, or(k.Fields[name].API, name)))
	}
	return values, nil
}

// patiently makes a call, and makes it again while the cloud refuses it because something else is under way.
func (k *Kind) patiently(ctx context.Context, call func(context.Context) (any, error)) (answer any, err error) {
	waited := cloud.AwaitNow(ctx, func(ctx context.Context) (bool, error) {
		answer, err = call(ctx)
		return !refusedWith(err, k.Busy), nil
	})
	if waited != nil {
		err = fmt.Errorf("%w; %w", err, waited)
	}
	return answer, err
}

// gone tells that a call's error proves that the object does not exist.
func (k *Kind) gone(err error) bool { return gone(err) || refusedWith(err, k.Missing) }

// refusedWith tells that a call was refused in one of some ways: "409 EVS.2409".
func refusedWith(err error, ways []string) bool {
	failure, ok := cloud.AsError(err)
	return ok && slices.Contains(ways, fmt.Sprintf("%d %s", failure.Status, failure.Code))
}

// read asks for one object by its path's values. The answer is unwrapped and completed by the Kind's sides, all asked
// side by side. Proven absence is an error for which [gone] holds.
func (s *Session) read(ctx context.Context, k *Kind, values Values) (map[string]any, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // when one fails, the others are of no use
	sides := s.sides(ctx, k, k.Sides, values)
	object, err := s.readOne(ctx, k, values)
	if err != nil {
		return nil, err
	}
	return object, sides(object)
}

// complete adds the sides to an answer.
func (s *Session) complete(ctx context.Context, k *Kind, values Values, object map[string]any) error {
	return s.sides(ctx, k, k.Sides, values)(object)
}

// completeListed adds to an object of a listing the sides that no list has.
func (s *Session) completeListed(ctx context.Context, k *Kind, values Values, object map[string]any) error {
	return s.sides(ctx, k, k.sidesApart(), values)(object)
}

// sides begins to ask for what completes an answer, and returns what adds it. A side that failed fails the whole: no
// attribute is ever made from half an answer.
func (s *Session) sides(ctx context.Context, k *Kind, asked []Side, values Values) func(object map[string]any) error {
	parts := make([]func() (any, error), len(asked))
	for i, side := range asked {
		if side.When != nil {
			continue
		}
		if known, ok := values.Get(side.Into); ok && side.Fixed {
			parts[i] = func() (any, error) { return known, nil }
		} else if k.rests(side, values) {
			parts[i] = func() (any, error) { return k.Fields[side.Lazy].encode(values[side.Lazy]), nil }
		} else if _, err := k.fill(side.Op, values, nil); err == nil {
			parts[i] = async(func() (any, error) { return s.side(ctx, k, side, values) })
		}
	}
	return func(object map[string]any) error {
		for i, side := range asked {
			if side.When != nil && !side.When(object) {
				continue
			}
			part := parts[i]
			if part == nil { // it needs what has been answered by now
				answered, err := k.decode(object, values)
				if err != nil {
					return err
				}
				known := values.with(object).with(answered)
				part = func() (any, error) { return s.side(ctx, k, side, known) }
			}
			value, err := part()
			if err != nil {
				return err
			}
			object[side.Into] = value
		}
		return nil
	}
}

// rests tells that a side is not asked: what it is for is not used.
func (k *Kind) rests(side Side, values Values) bool {
	a, ok := k.attributes()[side.Lazy]
	return ok && values.Has(side.Lazy) && k.same(side.Lazy, values[side.Lazy], a.standard)
}

// side is what completes the answer of one object; nil when the object has none of it.
func (s *Session) side(ctx context.Context, k *Kind, side Side, values Values) (any, error) {
	value, err := s.ask(ctx, k, side, values)
	if failure, ok := cloud.AsError(err); ok && cloud.IsNotFound(err) && slices.Contains(side.Lacks, failure.Code) {
		return nil, nil
	}
	return value, err
}

func (s *Session) ask(ctx context.Context, k *Kind, side Side, values Values) (any, error) {
	switch {
	case side.From != "":
		answer, err := s.do(ctx, k, side.Op, values, nil)
		value, _ := at(answer, side.From)
		return value, err
	case side.Many == Never:
		return s.do(ctx, k, side.Op, values, nil)
	}
	items, err := s.all(ctx, k, side.Op, side.Many, side.Paging, values)
	return anyList(items), err
}

// readOne is the read without its sides.
func (s *Session) readOne(ctx context.Context, k *Kind, values Values) (map[string]any, error) {
	object, err := s.lookUp(ctx, k, values)
	switch {
	case err == nil && k.isGone(object):
		err = errGone
	case refusedWith(err, k.Missing):
		err = fmt.Errorf("%w: %w", errGone, err)
	}
	return object, err
}

func (s *Session) lookUp(ctx context.Context, k *Kind, values Values) (map[string]any, error) {
	if k.ListOnly {
		op := k.Read
		if op.zero() {
			op = k.List
		}
		op.Method, op.Path = or(op.Method, "GET"), or(op.Path, k.Path)
		for page, err := range s.objects(ctx, k, op, values) {
			if err != nil {
				return nil, err
			}
			for _, item := range page {
				if k.idOf(item, values) == values.String(attrID) {
					return maps.Clone(item), nil
				}
			}
		}
		return nil, errGone
	}
	answer, err := s.do(ctx, k, k.readOp(), values, nil)
	if err != nil {
		return nil, err
	}
	inner, _ := at(answer, k.One)
	object, ok := inner.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("the cloud's answer has no %q", k.One)
	}
	return maps.Clone(object), nil
}

// isGone tells that an object is answered although it is gone.
func (k *Kind) isGone(object map[string]any) bool {
	if proof, _ := at(object, k.Proof); k.Proof != "" && proof == nil {
		return true
	}
	status, _ := at(object, k.Ready.Path)
	return slices.Contains(k.Gone, fmt.Sprint(status))
}

// items are the objects of the Kind's list, page by page.
func (s *Session) items(ctx context.Context, k *Kind, values Values) func(yield func(map[string]any, error) bool) {
	return func(yield func(map[string]any, error) bool) {
		for page, err := range s.objects(ctx, k, k.listOp(), values) {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, item := range page {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

// objects are the pages of the Kind's own list, part after part when it is split, each object without what wraps it.
func (s *Session) objects(ctx context.Context, k *Kind, op Op, values Values) func(yield func([]map[string]any, error) bool) {
	by, parts := k.Split.By, []string{""}
	if by != "" {
		parts = k.Split.Into
		if part := values.String(by); part != "" {
			parts = []string{part}
		}
	}
	return func(yield func([]map[string]any, error) bool) {
		for _, part := range parts {
			if by != "" {
				op.Query = maps.Clone(op.Query)
				if op.Query == nil {
					op.Query = map[string]string{}
				}
				op.Query[k.Filters[by]] = part
			}
			for page, err := range s.pages(ctx, k, op, k.Many, k.Paging, values) {
				if err == nil {
					err = k.unwrap(page, part)
					page = k.inRegion(page, or(values.String(attrRegion), s.Client.Region()))
				}
				if !yield(page, err) || err != nil {
					return
				}
			}
		}
	}
}

// inRegion are the items of a page that lie in a region, where they tell.
func (k *Kind) inRegion(page []map[string]any, region string) []map[string]any {
	if k.RegionAt == "" {
		return page
	}
	var here []map[string]any
	for _, item := range page {
		if where, _ := at(item, k.RegionAt); where == region {
			here = append(here, item)
		}
	}
	return here
}

// unwrap makes the items of a page objects that tell of which part of the list they are.
func (k *Kind) unwrap(page []map[string]any, part string) error {
	for i, item := range page {
		if k.Each != "" {
			object, ok := item[k.Each].(map[string]any)
			if !ok {
				return fmt.Errorf("item %d of the list has no %q", i, k.Each)
			}
			page[i] = object
		}
		if by := k.Split.By; by != "" && page[i][by] == nil {
			page[i][by] = part
		}
	}
	return nil
}

func (s *Session) pages(ctx context.Context, k *Kind, op Op, many string, paging cloud.Paging, values Values) func(yield func([]map[string]any, error) bool) {
	return func(yield func([]map[string]any, error) bool) {
		request, err := k.fill(op, values, nil)
		if err != nil {
			yield(nil, err)
			return
		}
		s.Client.Pages(ctx, request, many, paging)(yield)
	}
}

func (s *Session) all(ctx context.Context, k *Kind, op Op, many string, paging cloud.Paging, values Values) ([]map[string]any, error) {
	var items []map[string]any
	for page, err := range s.pages(ctx, k, op, many, paging, values) {
		if err != nil {
			return nil, err
		}
		items = append(items, page...)
	}
	return items, nil
}

// list answers all objects of a Kind, each completed by its sides, which are listed as a whole; not where the list is thin
// all the same, nor by sides that no list has. After each page, onPage may end it with an error.
func (s *Session) list(ctx context.Context, k *Kind, values Values, onPage func() error) ([]map[string]any, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var listed []Side
	for _, side := range k.Sides {
		if !k.ThinList && !side.Listed && !side.Apart {
			listed = append(listed, side)
		}
	}
	sides := make([]func() (any, error), len(listed))
	for i, side := range listed {
		side.Op = side.bulkOp()
		sides[i] = async(func() (any, error) { return s.side(ctx, k, side, values) })
	}
	op := k.listOp()
	op.Query = maps.Clone(op.Query)
	for name, parameter := range k.Filters {
		if _, given := values.Get(name); given {
			if op.Query == nil {
				op.Query = map[string]string{}
			}
			op.Query[parameter] = "{" + name + "}"
		}
	}
	var objects []map[string]any
	for page, err := range s.objects(ctx, k, op, values) {
		if err != nil {
			return nil, err
		}
		for _, item := range page {
			if !k.isGone(item) {
				objects = append(objects, maps.Clone(item))
			}
		}
		if err := onPage(); err != nil {
			return nil, err
		}
	}
	for i, side := range listed {
		value, err := sides[i]()
		if err != nil {
			return nil, err
		}
		if side.Owner == "" {
			for _, object := range objects {
				object[side.Into] = value
			}
			continue
		}
		items, _ := value.([]any)
		byOwner := map[string][]any{}
		for _, item := range items {
			for _, owner := range every(item, steps(side.Owner)) {
				byOwner[fmt.Sprint(owner)] = append(byOwner[fmt.Sprint(owner)], item)
			}
		}
		for _, object := range objects {
			object[side.Into] = append([]any{}, byOwner[k.idOf(object, values)]...)
		}
	}
	return objects, nil
}

// async starts a function at once and returns what waits for its result.
func async[T any](f func() (T, error)) func() (T, error) {
	var value T
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		value, err = f()
	}()
	return func() (T, error) {
		<-done
		return value, err
	}
}

func anyList(items []map[string]any) []any {
	list := make([]any, len(items))
	for i, item := range items {
		list[i] = item
	}
	return list
}
