package transport

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// limited is a cloud that accepts so many requests in every second of the clock.
type limited struct {
	limit         int
	latency       time.Duration
	header        []string
	mu            sync.Mutex
	window        time.Time
	used, refused int
}

func (l *limited) RoundTrip(*http.Request) (*http.Response, error) {
	time.Sleep(l.latency)
	l.mu.Lock()
	defer l.mu.Unlock()
	if window := time.Now().Truncate(time.Second); window != l.window {
		l.window, l.used = window, 0
	}
	if l.used == l.limit {
		l.refused++
		return answer(429, l.header...), nil
	}
	l.used++
	return answer(200), nil
}

// A hundred objects, ten at a time, get through a cloud that allows five requests a second; the callers see nothing of it.
func TestThrottleSettles(t *testing.T) {
	t.Parallel()
	for name, cloud := range map[string]*limited{
		"answers at once":  {limit: 5},
		"takes its time":   {limit: 5, latency: 70 * time.Millisecond},
		"asks for a pause": {limit: 5, latency: 10 * time.Millisecond, header: []string{"Retry-After", "1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := Retry{Next: NewThrottle(cloud, 0)}
				started := time.Now()
				work := make(chan struct{}, 100)
				for range 100 {
					work <- struct{}{}
				}
				close(work)
				var callers sync.WaitGroup
				for range 10 {
					callers.Go(func() {
						for range work {
							response, err := client.RoundTrip(request(t, t.Context(), "POST", "body"))
							if err != nil || response.StatusCode != http.StatusOK {
								t.Errorf("got %v, %v", response, err)
							}
						}
					})
				}
				callers.Wait()
				t.Logf("%v, %d refused", time.Since(started), cloud.refused)
				// 20 s is what the limit allows; half of it is lost at worst, and few requests are wasted.
				if took := time.Since(started); took > 45*time.Second {
					t.Errorf("took %v", took)
				}
				if cloud.refused > 30 {
					t.Errorf("%d requests were refused", cloud.refused)
				}
			})
		})
	}
}

// Without a 429 the throttle costs nothing.
func TestThrottleOutOfTheWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(&limited{limit: 1000}, 0)
		started := time.Now()
		for range 500 {
			if _, err := throttle.RoundTrip(request(t, t.Context(), "GET", "")); err != nil {
				t.Fatal(err)
			}
		}
		if time.Since(started) != 0 {
			t.Errorf("took %v", time.Since(started))
		}
	})
}

func TestThrottleLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(&limited{limit: 1000}, 4)
		started := time.Now()
		for _, class := range []string{"vpc/cn-north-4", "ecs/cn-north-4"} { // each has its own limit
			for i := range 9 {
				if _, err := throttle.RoundTrip(request(t, WithCall(t.Context(), Call{Class: class}), "GET", "")); err != nil {
					t.Fatal(err)
				}
				if i == 0 && class == "ecs/cn-north-4" && time.Since(started) != 2*time.Second {
					t.Errorf("the other class waited until %v", time.Since(started))
				}
			}
		}
		if took := time.Since(started); took != 4*time.Second { // the first of each is free
			t.Errorf("18 requests took %v", took)
		}
	})
}

// The rate halves once for all that were under way together, and recovers slowly.
func TestThrottleRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := NewThrottle(nil, 0).bucket("x")
		started := time.Now()
		for range 10 {
			b.accepted()
		}
		time.Sleep(time.Millisecond)
		b.refused(started, 0)
		halved := b.rate
		if halved < 5 || halved > 6 {
			t.Errorf("ten were accepted in a second, and the rate is %v", halved)
		}
		b.refused(started, 0)
		if b.rate != halved {
			t.Errorf("a second refusal of the same burst made the rate %v", b.rate)
		}
		for range 5 {
			b.accepted()
		}
		if b.rate <= halved || b.rate > halved*1.2 {
			t.Errorf("the rate recovered from %v to %v in a second", halved, b.rate)
		}
		for range 50 {
			time.Sleep(time.Millisecond)
			b.refused(time.Now(), 0)
			time.Sleep(time.Millisecond)
		}
		if b.rate != minRate {
			t.Errorf("the rate fell to %v", b.rate)
		}
	})
}

// Retry-After holds back the whole class, not just the request that was told.
func TestThrottleRetryAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first := true
		throttle := NewThrottle(fake(func(*http.Request) (*http.Response, error) {
			if first {
				first = false
				return answer(429, "Retry-After", "40"), nil
			}
			return answer(200), nil
		}), 0)
		started := time.Now()
		for range 2 {
			if _, err := throttle.RoundTrip(request(t, t.Context(), "GET", "")); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(started); took != 40*time.Second {
			t.Errorf("the second request went after %v", took)
		}
	})
}

func TestThrottleOrderAndCancel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var order []int
		throttle := NewThrottle(fake(func(r *http.Request) (*http.Response, error) {
			order = append(order, int(r.ContentLength))
			return answer(200), nil
		}), 1)
		impatient, cancel := context.WithCancel(t.Context())
		started := time.Now()
		var callers sync.WaitGroup
		for i := range 6 {
			ctx := t.Context()
			if i == 3 {
				ctx = impatient
			}
			r := request(t, ctx, "GET", "123456"[:i])
			callers.Go(func() {
				_, err := throttle.RoundTrip(r)
				if i == 3 {
					if !errors.Is(err, context.Canceled) || time.Since(started) != 1500*time.Millisecond {
						t.Errorf("cancelled: %v after %v", err, time.Since(started))
					}
				} else if err != nil {
					t.Error(err)
				}
			})
			synctest.Wait() // it queues before the next one comes
		}
		time.Sleep(1500 * time.Millisecond)
		cancel()
		callers.Wait()
		if len(order) != 5 || order[0] != 0 || order[1] != 1 || order[2] != 2 || order[3] != 4 || order[4] != 5 {
			t.Errorf("they went in the order %v", order)
		}
		if took := time.Since(started); took != 4*time.Second {
			t.Errorf("took %v: who gives up takes no turn", took)
		}
	})
}
