package auth

import (
	"context"
	"time"
)

const (
	renewBefore = 5 * time.Minute  // the end; but no more than a quarter of their time
	renewAgain  = 30 * time.Second // after a failure, while the credentials are still good
)

// renewing keeps credentials and fetches others before they expire, one caller at a time.
type renewing struct {
	fetch func(context.Context) (Credentials, error)
	turn  chan struct{} // guards what follows; a channel, so that waiting for it ends with the context

	current Credentials
	due     time.Time // when to fetch others; zero while nothing was fetched
}

func renew(fetch func(context.Context) (Credentials, error)) *renewing {
	return &renewing{fetch: fetch, turn: make(chan struct{}, 1)}
}

// Credentials implements Provider.
func (r *renewing) Credentials(ctx context.Context) (Credentials, error) {
	return r.unless(ctx, func() bool {
		return !r.due.IsZero() && (r.current.Expires.IsZero() || time.Now().Before(r.due))
	})
}

// Renew implements Renewer.
func (r *renewing) Renew(ctx context.Context, stale Credentials) (Credentials, error) {
	return r.unless(ctx, func() bool {
		if r.current != stale {
			return true // somebody else renewed them meanwhile
		}
		r.current, r.due = Credentials{}, time.Time{}
		return false
	})
}

// unless fetches credentials unless the current ones are good.
func (r *renewing) unless(ctx context.Context, good func() bool) (Credentials, error) {
	select {
	case r.turn <- struct{}{}:
	case <-ctx.Done():
		return Credentials{}, ctx.Err()
	}
	defer func() { <-r.turn }()
	if good() {
		return r.current, nil
	}
	now := time.Now()
	fetched, err := r.fetch(ctx)
	switch {
	case err == nil:
		r.current = fetched
		r.due = fetched.Expires.Add(-min(renewBefore, fetched.Expires.Sub(now)/4))
		return fetched, nil
	case time.Now().Before(r.current.Expires):
		r.due = now.Add(renewAgain)
		return r.current, nil
	}
	return Credentials{}, err
}
