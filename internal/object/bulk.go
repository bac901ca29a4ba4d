package object

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// firstReads go out one by one before a listing is thought of: a configuration with one or two objects of a Kind never lists.
const firstReads = 2

// listing serves the reads of one Kind in one scope from one listing. Each read pays for a page of it: the list pauses when
// it has had more pages than there were reads, and goes on with the next read. So refreshing costs about twice the best
// possible at most, be that to read one by one or to list.
type listing struct {
	kind    *Kind
	session *Session
	scope   Values // the region, and what the list's path names

	mu     sync.Mutex
	reads  int                       // asked for so far
	cost   int                       // reads that must have been asked for before a listing that failed is tried again
	flight *flight                   // the listing under way
	found  map[string]map[string]any // the listing that stands, by id
}

// flight is a listing under way. The listing's mutex guards it.
type flight struct {
	pages  int
	rests  bool          // it has paused, or ended: nobody waits for it
	rested chan struct{} // closed when it rests
	goOn   chan struct{} // another page is paid for
	stale  bool          // a write came between
	cancel context.CancelFunc
}

func (f *flight) rest() {
	if !f.rests {
		f.rests = true
		close(f.rested)
	}
}

// read answers one object, from the listing when there is one. What the listing lacks is read by itself, for only the
// answer of that very read proves that an object is gone.
func (l *listing) read(ctx context.Context, values Values) (map[string]any, error) {
	if object, ok := l.lookup(ctx, values.String(attrID)); ok {
		return object, l.session.completeListed(ctx, l.kind, values, object)
	}
	return l.session.read(ctx, l.kind, values)
}

func (l *listing) lookup(ctx context.Context, id string) (map[string]any, bool) {
	if l.kind.ThinList || l.kind.Alone || id == "" {
		return nil, false
	}
	if rested := l.pay(ctx); rested != nil {
		select {
		case <-rested:
		case <-ctx.Done():
			return nil, false
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	object, ok := l.found[id]
	return maps.Clone(object), ok
}

// pay counts a read, and lets the list go as far as the reads have paid for. What it returns tells when the list rests again.
func (l *listing) pay(ctx context.Context) (rested <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reads++
	switch {
	case l.found != nil || l.flight == nil && l.reads <= max(firstReads, l.cost):
		return nil
	case l.flight == nil:
		listed, cancel := context.WithCancel(context.WithoutCancel(ctx))
		l.flight = &flight{rested: make(chan struct{}), goOn: make(chan struct{}, 1), cancel: cancel}
		go l.fetch(listed, l.flight)
	case l.flight.rests:
		l.flight.rests, l.flight.rested = false, make(chan struct{})
		l.flight.goOn <- struct{}{}
	}
	return l.flight.rested
}

// fetch lists, page by page as it is paid for.
func (l *listing) fetch(ctx context.Context, flight *flight) {
	defer flight.cancel()
	objects, err := l.session.list(ctx, l.kind, l.scope, func() error {
		l.mu.Lock()
		flight.pages++
		unpaid := flight.pages > l.reads
		if unpaid {
			flight.rest()
		}
		l.mu.Unlock()
		if unpaid {
			select {
			case <-flight.goOn:
			case <-ctx.Done():
			}
		}
		return ctx.Err()
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	flight.rest()
	if flight.stale {
		return
	}
	l.flight = nil
	if err != nil { // the single reads go on, and tell why if they fail too
		l.cost = 2 * max(l.reads, flight.pages)
		return
	}
	l.found = make(map[string]map[string]any, len(objects))
	for _, object := range objects {
		l.found[l.kind.idOf(object, l.scope)] = object
	}
}

// forget is called around every write: what was listed before is not true any more. What was looked up of other Kinds may not be
// either: a server brings its ports.
func (l *listing) forget() {
	l.session.mu.Lock()
	l.session.lookups = nil
	l.session.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.found = nil
	l.reads = 0
	if l.flight != nil {
		l.flight.stale = true
		l.flight.rest()
		l.flight.cancel()
		l.flight = nil
	}
}

// forget is as if everything had been written.
func (s *Session) forget() {
	s.mu.Lock()
	s.lookups = nil
	listings := slices.Collect(maps.Values(s.listings))
	s.mu.Unlock()
	for _, l := range listings {
		l.forget()
	}
}
