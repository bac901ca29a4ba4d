package sandbox

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
)

// fault makes requests go wrong, so that clients can be tested against it.
type fault struct {
	Method      string      `json:"method,omitempty"`      // "" is any
	Path        string      `json:"path,omitempty"`        // regular expression on /service/path?query; "" is any
	Times       int         `json:"times,omitempty"`       // for how many requests; 0 is all
	Probability float64     `json:"probability,omitempty"` // 0 is always
	Action      faultAction `json:"action"`
	Hits        int         `json:"hits"`

	path *regexp.Regexp
}

// faultAction is what goes wrong. DelayMS goes with any of the others.
type faultAction struct {
	Status     int               `json:"status,omitempty"` // answer this, without carrying out the operation
	Headers    map[string]string `json:"headers,omitempty"`
	Body       json.RawMessage   `json:"body,omitempty"`        // a string is sent as it is, anything else as JSON
	DropBefore bool              `json:"drop_before,omitempty"` // close the connection, the operation is not carried out
	DropAfter  bool              `json:"drop_after,omitempty"`  // carry out the operation, then close the connection
	DelayMS    int               `json:"delay_ms,omitempty"`
	Truncate   bool              `json:"truncate,omitempty"` // carry out the operation, send half of the answer
}

// check refuses a fault that would do nothing or cannot be matched.
func (f *fault) check() (err error) {
	if f.path, err = regexp.Compile(f.Path); err != nil {
		return err
	}
	a := f.Action
	if a.Status == 0 && !a.DropBefore && !a.DropAfter && a.DelayMS == 0 && !a.Truncate {
		return fmt.Errorf("the action is one of status, drop_before, drop_after, delay_ms, truncate")
	}
	if a.Status != 0 && (a.Status < 100 || a.Status > 999) {
		return fmt.Errorf("%d is not an HTTP status", a.Status)
	}
	if f.Times < 0 || f.Probability < 0 || f.Probability > 1 {
		return fmt.Errorf("times is not negative, and probability is from 0 to 1")
	}
	return nil
}

// faults are tried in the order in which they were made; the first that matches a request strikes.
type faults []*fault

func (fs faults) match(r *request) faultAction {
	target := r.route()
	if r.URL.RawQuery != "" {
		target += "?" + r.URL.RawQuery
	}
	for _, f := range fs {
		switch {
		case f.Times > 0 && f.Hits >= f.Times,
			f.Method != "" && f.Method != r.Method,
			!f.path.MatchString(target),
			f.Probability > 0 && rand.Float64() >= f.Probability:
			continue
		}
		f.Hits++
		return f.Action
	}
	return faultAction{}
}

func (a faultAction) reply(r *request) reply {
	header := http.Header{"X-Request-Id": {r.id}}
	body := []byte(a.Body)
	var text string
	if json.Unmarshal(body, &text) == nil {
		body = []byte(text)
	} else if len(body) > 0 {
		header.Set("Content-Type", "application/json;charset=utf-8")
	}
	for name, value := range a.Headers {
		header.Set(name, value)
	}
	return reply{status: a.Status, header: header, body: body}
}
