package sandbox

import (
	"net/http"
	"time"
)

// throttle counts the requests of the current second, by service.
type throttle map[string]*window

type window struct {
	begin time.Time
	count int
}

// allow says whether a service takes one more request. A limit of 0 is none.
func (t throttle) allow(service string, limit int, now time.Time) bool {
	if limit <= 0 {
		return true
	}
	w := t[service]
	if w == nil || now.Sub(w.begin) >= time.Second {
		w = &window{begin: now}
		t[service] = w
	}
	w.count++
	return w.count <= limit
}

// throttled is the gateway's answer to a request too many. Like the real one, it does not say when to come back.
func throttled(limit int) error {
	return refuseGateway(http.StatusTooManyRequests, "APIGW.0308",
		"The throttling threshold has been reached: policy ip over ratelimit,limit:%d,time:1 second", limit)
}
