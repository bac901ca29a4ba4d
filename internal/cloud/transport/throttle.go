package transport

import (
	"context"
	"net/http"
	"sync"
	"time"
)

const (
	minRate = 0.2 // requests per second that are always allowed, however often the cloud says no
	// In a second of use, the rate recovers by this many requests per second and by this part of itself.
	recoveryStep, recoveryPart = 0.25, 0.03
)

// Throttle keeps the requests of each class below the limit that the cloud shows. It is out of the way until the first
// 429; then it lets pass half of what the cloud has just accepted in a second, and a little more with every request that
// goes well. Several processes that share an account settle in this way without talking to each other.
type Throttle struct {
	next    http.RoundTripper
	limit   float64
	mu      sync.Mutex
	buckets map[string]*bucket
}

// NewThrottle caps every class at limit requests per second from the start; 0 is no cap.
func NewThrottle(next http.RoundTripper, limit float64) *Throttle {
	return &Throttle{next: next, limit: limit, buckets: map[string]*bucket{}}
}

// RoundTrip implements http.RoundTripper.
func (t *Throttle) RoundTrip(r *http.Request) (*http.Response, error) {
	b := t.bucket(callOf(r).Class)
	if err := b.wait(r.Context()); err != nil {
		return nil, err
	}
	started := time.Now()
	response, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if response.StatusCode == http.StatusTooManyRequests {
		b.refused(started, retryAfter(response, 0))
	} else {
		b.accepted()
	}
	return response, nil
}

func (t *Throttle) bucket(class string) *bucket {
	t.mu.Lock()
	defer t.mu.Unlock()
	b, ok := t.buckets[class]
	if !ok {
		b = &bucket{rate: t.limit, limit: t.limit, turn: make(chan struct{}, 1)}
		t.buckets[class] = b
	}
	return b
}

// bucket holds one token, and fills at its rate.
type bucket struct {
	turn chan struct{} // who holds it is the next to go; the others queue for it

	mu     sync.Mutex
	limit  float64     // cap of the rate; 0: none
	rate   float64     // requests per second; 0: unlimited
	free   time.Time   // when the next request may go
	halved time.Time   // when the rate was last reduced
	recent []time.Time // when requests were accepted, for a second
}

// wait blocks until the caller may send a request, or the context ends.
func (b *bucket) wait(ctx context.Context) error {
	select {
	case b.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-b.turn }()
	for {
		// The rate may change during the sleep: ask again afterwards.
		pause := b.take(time.Now())
		if pause <= 0 {
			return ctx.Err()
		}
		if err := Sleep(ctx, pause); err != nil {
			return err
		}
	}
}

// take takes the token, or says when to come back for it.
func (b *bucket) take(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if pause := b.free.Sub(now); pause > 0 {
		return pause
	}
	if b.rate > 0 {
		b.free = now.Add(time.Duration(float64(time.Second) / b.rate))
	}
	return 0
}

func (b *bucket) accepted() {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.forget(now)
	b.recent = append(b.recent, now)
	if b.rate > 0 {
		b.rate += recoveryStep/b.rate + recoveryPart
	}
	if b.limit > 0 {
		b.rate = min(b.rate, b.limit)
	}
}

// refused halves the rate, once for all requests that were under way together, and closes the bucket for as long as the
// cloud asks.
func (b *bucket) refused(started time.Time, pause time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if until := now.Add(pause); until.After(b.free) {
		b.free = until
	}
	if !started.After(b.halved) {
		return
	}
	b.forget(now)
	observed := max(float64(len(b.recent)+1), 2) // answers of the same burst may still be on their way
	if b.rate > 0 {
		observed = min(observed, b.rate)
	}
	b.rate = max(observed/2, minRate)
	b.halved = now
	if until := now.Add(time.Duration(float64(time.Second) / b.rate)); until.After(b.free) {
		b.free = until
	}
}

// forget drops what was accepted more than a second ago.
func (b *bucket) forget(now time.Time) {
	for len(b.recent) > 0 && now.Sub(b.recent[0]) > time.Second {
		b.recent = b.recent[1:]
	}
}
