package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// config is what PUT /_sandbox/config changes while the cloud runs. Fields that a request leaves out stay.
type config struct {
	LatencyMS         int            `json:"latency_ms"`
	JobMS             int            `json:"job_ms"`
	RequestsPerSecond int            `json:"requests_per_second"`
	ConsistencyLagMS  int            `json:"consistency_lag_ms"`
	Seed              int64          `json:"seed"`
	Quotas            map[string]int `json:"quotas"`    // objects per project, by kind; and what is summed: gigabytes, cores, ram
	FailJobs          []string       `json:"fail_jobs"` // the types of jobs that fail
}

var defaultQuotas = map[string]int{
	"vpc":            1000,
	"subnet":         2000,
	"port":           10000,
	"security_group": 1000,
	"route_table":    10,  // per VPC, with the default one
	"route":          200, // per table

	"eip":                  50,
	"shared_bandwidth":     10,
	"shared_bandwidth_eip": 20, // per bandwidth

	"volume":    400,
	"gigabytes": 102400,
	"snapshot":  400,

	"server":              100,
	"cores":               800,
	"ram":                 1638400, // MB
	"key_pair":            100,
	"server_group":        10,
	"server_group_member": 16, // per group

	"kms_key":       100,
	"grant_per_CMK": 100,

	"image":        100,
	"image_member": 128, // per image

	"os_image_property": 128, // per image, as the next two
	"os_image_tag":      128,
	"os_image_member":   128,

	"alarm_rule": 100,

	"topic":        3000,
	"subscription": 10000, // per topic

	"bucket":                 100, // per account
	"scaling_group":          10,
	"scaling_configuration":  100,
	"scaling_policy":         10, // per group, as the next two
	"scaling_lifecycle_hook": 5,
	"scaling_notification":   5,

	"dns_zone":       50,
	"dns_record_set": 500,
	"dns_ptr_record": 50,

	"os_server":              100,
	"os_cores":               800,
	"os_ram":                 1638400, // MB
	"os_keypair":             100,     // per user
	"os_server_group":        10,
	"os_server_group_member": 10, // per group

	"os_network":             100,
	"os_subnet":              100,
	"os_port":                500,
	"os_router":              10,
	"os_floating_ip":         50,
	"os_security_group":      10,
	"os_security_group_rule": 100,
}

func (c config) clone() config {
	c.Quotas, c.FailJobs = maps.Clone(c.Quotas), slices.Clone(c.FailJobs)
	return c
}

// logEntry is one served API request. The status is 0 if the connection was closed without an answer.
type logEntry struct {
	Method       string `json:"method"`
	Path         string `json:"path"` // with the service's prefix, whichever way it was sent
	Query        string `json:"query"`
	Status       int    `json:"status"`
	Milliseconds int64  `json:"milliseconds"`
}

func newLogEntry(r *request, status int, took time.Duration) logEntry {
	return logEntry{r.Method, r.route(), r.URL.RawQuery, status, took.Milliseconds()}
}

// logMax is how many requests the log keeps, at least; a sandbox may run for long.
const logMax = 100_000

func (s *Sandbox) record(e logEntry) {
	if len(s.log) >= 2*logMax {
		s.log = slices.Clone(s.log[logMax:])
	}
	s.log = append(s.log, e)
}

// control is one control call: what it answers, or an error that becomes a 400.
type control func(s *Sandbox, h *http.Request, body []byte) (any, error)

func (s *Sandbox) newControls() *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, do := range map[string]control{
		"GET /_sandbox/log":                       getLog,
		"DELETE /_sandbox/log":                    deleteLog,
		"GET /_sandbox/objects":                   getObjects,
		"PATCH /_sandbox/objects/{kind}/{id...}":  patchObject,
		"DELETE /_sandbox/objects/{kind}/{id...}": deleteObject,
		"GET /_sandbox/config":                    getConfig,
		"PUT /_sandbox/config":                    putConfig,
		"GET /_sandbox/faults":                    getFaults,
		"POST /_sandbox/faults":                   postFault,
		"DELETE /_sandbox/faults":                 deleteFaults,
		"POST /_sandbox/reset":                    postReset,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, h *http.Request) {
			body, err := io.ReadAll(h.Body)
			if err != nil {
				return
			}
			status, answer := s.control(do, h, body)
			w.Header().Set("Content-Type", "application/json;charset=utf-8")
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(answer)
		})
	}
	return mux
}

// serveControl answers a control call. They need no credentials, so a page in the user's browser must not make them.
func (s *Sandbox) serveControl(w http.ResponseWriter, h *http.Request) {
	if origin := h.Header.Get("Origin"); origin != "" {
		// The host is looked at too: a name of somebody else's may have been made to point here.
		u, err := url.Parse(origin)
		if err != nil || u.Host != h.Host || !loopback(u.Hostname()) {
			http.Error(w, "control calls from other sites are refused", http.StatusForbidden)
			return
		}
	}
	s.controls.ServeHTTP(w, h)
}

func (s *Sandbox) control(do control, h *http.Request, body []byte) (status int, answer any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	answer, err := do(s, h, body)
	if err == nil {
		err = s.save()
	}
	if _, ok := errors.AsType[notThere](err); ok {
		return http.StatusNotFound, map[string]string{"error": err.Error()}
	}
	if err != nil {
		return http.StatusBadRequest, map[string]string{"error": err.Error()}
	}
	if answer == nil {
		answer = struct{}{}
	}
	return http.StatusOK, answer
}

// notThere is the error for an object, or a kind, that does not exist.
type notThere struct{ kind, id string }

func (e notThere) Error() string { return fmt.Sprintf("there is no %s %s", e.kind, e.id) }

func getLog(s *Sandbox, _ *http.Request, _ []byte) (any, error) {
	return append([]logEntry{}, s.log...), nil
}

func deleteLog(s *Sandbox, _ *http.Request, _ []byte) (any, error) {
	s.log = nil
	return nil, nil
}

func getObjects(s *Sandbox, _ *http.Request, _ []byte) (any, error) {
	all := map[string]map[string]json.RawMessage{}
	for _, t := range s.tables {
		kind := map[string]json.RawMessage{}
		var failed error
		t.each(func(id string, o any) {
			text, err := json.Marshal(o)
			if err != nil {
				failed = err
			}
			kind[id] = text
		})
		if failed != nil {
			return nil, failed
		}
		all[t.name()] = kind
	}
	return all, nil
}

// table is the one of the kind in a control call's path, or nil.
func (s *Sandbox) table(kind string) anyTable {
	for _, t := range s.tables {
		if t.name() == kind {
			return t
		}
	}
	return nil
}

func patchObject(s *Sandbox, h *http.Request, body []byte) (any, error) {
	kind, id := h.PathValue("kind"), h.PathValue("id")
	if t := s.table(kind); t != nil {
		if found, err := t.patch(id, body); found {
			return nil, err
		}
	}
	return nil, notThere{kind, id}
}

func deleteObject(s *Sandbox, h *http.Request, _ []byte) (any, error) {
	kind, id := h.PathValue("kind"), h.PathValue("id")
	if t := s.table(kind); t != nil && t.remove(id) {
		return nil, nil
	}
	return nil, notThere{kind, id}
}

func getConfig(s *Sandbox, _ *http.Request, _ []byte) (any, error) { return s.config.clone(), nil }

func putConfig(s *Sandbox, _ *http.Request, body []byte) (any, error) {
	changed := s.config.clone()
	if err := unmarshalStrict(body, &changed); err != nil {
		return nil, err
	}
	if changed.Seed != s.config.Seed {
		s.ids = newIDSource(changed.Seed)
	}
	s.config = changed
	return s.config.clone(), nil
}

func getFaults(s *Sandbox, _ *http.Request, _ []byte) (any, error) {
	return append(faults{}, s.faults...), nil
}

func postFault(s *Sandbox, _ *http.Request, body []byte) (any, error) {
	f := new(fault)
	if err := unmarshalStrict(body, f); err != nil {
		return nil, err
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	s.faults = append(s.faults, f)
	return f, nil
}

func deleteFaults(s *Sandbox, _ *http.Request, _ []byte) (any, error) {
	s.faults = nil
	return nil, nil
}

func postReset(s *Sandbox, _ *http.Request, _ []byte) (any, error) {
	s.reset()
	return nil, nil
}

// unmarshalStrict refuses fields that are not known: a test that misspells one should hear of it.
func unmarshalStrict(text []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}
