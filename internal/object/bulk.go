package object

import (
	"context"
	"errors"
	"maps"
	"sync"
)

// firstReads go out one by one before a listing is thought of: a configuration with a few objects of a Kind never lists.
const firstReads = 2

// listing serves the reads of one Kind in one scope from one listing, once as many reads were made as listing costs:
// where one listing is enough, refreshing costs no more than about twice the best possible. A list that turns out longer
// than the reads are worth is given up and begun anew later, which costs more where there are very many pages.
type listing struct {
	kind    *Kind
	session *Session
	scope   Values // the region, and what the list's path names

	mu     sync.Mutex
	reads  int                       // asked for so far
	cost   int                       // reads that must have been asked for before a listing is tried
	flight *flight                   // the listing under way
	found  map[string]map[string]any // the listing that stands, by id
}

type flight struct {
	done  chan struct{}
	stale bool // a write came between
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
	l.mu.Lock()
	l.reads++
	if l.found == nil && l.flight == nil {
		if l.reads <= max(firstReads, l.cost) {
			l.mu.Unlock()
			return nil, false
		}
		l.flight = &flight{done: make(chan struct{})}
		go l.fetch(context.WithoutCancel(ctx), l.flight)
	}
	under := l.flight
	l.mu.Unlock()

	if under != nil {
		select {
		case <-under.done:
		case <-ctx.Done():
			return nil, false
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	object, ok := l.found[id]
	return maps.Clone(object), ok
}

// fetch lists. It gives up when the list turns out longer than the reads that asked for it, and is tried again when
// there were twice as many.
func (l *listing) fetch(ctx context.Context, flight *flight) {
	pages := 0
	objects, err := l.session.list(ctx, l.kind, l.scope, func() error {
		if pages++; pages > l.wanted() {
			return errTooLong
		}
		return nil
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.flight == flight {
		l.flight = nil
	}
	close(flight.done)
	switch {
	case flight.stale:
	case err == nil:
		l.found = make(map[string]map[string]any, len(objects))
		for _, object := range objects {
			l.found[l.kind.idOf(object, l.scope)] = object
		}
	default: // the single reads go on, and tell why if they fail too
		l.cost = 2 * max(l.reads, pages)
	}
}

var errTooLong = errors.New("the list is longer than it is worth")

func (l *listing) wanted() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(l.reads, firstReads)
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
		l.flight = nil
	}
}
