// Package sandbox is an embedded cloud: a stateful HTTP server that behaves as the real one does, for tests, for
// trying a module out, and for people without an account.
//
// One request passes through: fault, latency, throttle, authentication, routing, operation. Operations run one at a
// time, with the whole state locked, so no service needs a lock of its own. A service is one file: its objects as
// structs that embed meta, a table per kind of object, and a list of routes. See service.go, table.go and job.go for
// what a service is written with.
package sandbox

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options say how the cloud behaves. The zero value is a quick cloud in memory, with jobs that end at once.
type Options struct {
	Data              string // file that keeps the state; "" keeps it in memory
	LatencyMS         int    // added to every answer
	JobMS             int    // how long a job takes
	RequestsPerSecond int    // per service; 0 is unlimited
	ConsistencyLagMS  int    // for how long reads do not see a new object
	Seed              int64  // the same seed makes the same ids; 0 makes random ones
}

// DefaultJobMS is how long a job takes unless the command is told otherwise.
const DefaultJobMS = 2000

// Sandbox is the cloud. It is an http.Handler; serve it on a loopback address.
type Sandbox struct {
	started config // as the process was started: reset goes back to it

	mu       sync.Mutex // guards everything below, and is held by operations
	config   config
	ids      *idSource
	tables   []anyTable // in order of registration
	jobs     *table[job]
	finish   map[string]func(*job) error
	services map[string]*service
	seeds    []func() // make what an empty cloud holds
	faults   faults
	throttle throttle
	log      []logEntry
	file     *file

	iam *iamService
	eip *eipService
	vpc *vpcService
	ims *imsService
	evs *evsService
	ecs *ecsService
	smn *smnService
	kms *kmsService
	dns *dnsService
	obs *obsService
	ces *cesService
	as  *asService

	identity *identityService // of the OpenStack cloud, as those below
	nova     *novaService
	glance   *glanceService
	cinder   *cinderService
	neutron  *neutronService

	clientTokens *table[clientToken]

	controls *http.ServeMux
}

// New makes a cloud, with the state of opts.Data if that file exists.
func New(opts Options) (*Sandbox, error) {
	s := &Sandbox{
		started: config{
			LatencyMS:         opts.LatencyMS,
			JobMS:             opts.JobMS,
			RequestsPerSecond: opts.RequestsPerSecond,
			ConsistencyLagMS:  opts.ConsistencyLagMS,
			Seed:              opts.Seed,
			Quotas:            defaultQuotas,
		},
		finish:   map[string]func(*job) error{},
		services: map[string]*service{},
	}
	s.jobs = newTable[job](s, "job")
	s.iam = newIAM(s)
	s.eip = newEIP(s)
	s.vpc = newVPC(s)
	s.ims = newIMS(s)
	s.evs = newEVS(s)
	s.ecs = newECS(s)
	s.smn = newSMN(s)
	s.kms = newKMS(s)
	s.dns = newDNS(s)
	s.obs = newOBS(s)
	s.ces = newCES(s)
	s.as = newAS(s)
	s.identity = newIdentity(s)
	s.nova = newNova(s)
	s.glance = newGlance(s)
	s.cinder = newCinder(s)
	s.neutron = newNeutron(s)
	s.clientTokens = newTable[clientToken](s, "client_token")
	s.controls = s.newControls()
	s.reset()
	if opts.Data != "" {
		if err := s.open(opts.Data); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Close saves the state and releases the file.
func (s *Sandbox) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		return nil
	}
	err := errors.Join(s.save(), s.file.close())
	s.file = nil
	return err
}

// reset empties the cloud and puts back what it was started with.
func (s *Sandbox) reset() {
	s.config = s.started.clone()
	s.ids = newIDSource(s.config.Seed)
	s.faults, s.throttle, s.log = faults{}, throttle{}, nil
	for _, t := range s.tables {
		t.clear()
	}
	for _, seed := range s.seeds {
		seed()
	}
	lastYear := time.Now().AddDate(-1, 0, 0).UTC() // so that no consistency lag hides them
	for _, t := range s.tables {
		t.each(func(_ string, o any) {
			m := o.(interface{ head() *meta }).head()
			m.CreatedAt, m.UpdatedAt = lastYear, lastYear
		})
	}
}

// ServeHTTP answers one API request or, under /_sandbox/, one control call.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, h *http.Request) {
	if strings.HasPrefix(h.URL.Path, "/_sandbox/") {
		s.serveControl(w, h)
		return
	}
	begin := time.Now()
	r, err := s.newRequest(h)
	if err != nil {
		// The client went away while it was sending.
		panic(http.ErrAbortHandler)
	}

	s.mu.Lock()
	f := s.faults.match(r)
	latency := time.Duration(s.config.LatencyMS+f.DelayMS) * time.Millisecond
	s.mu.Unlock()
	wait(h.Context(), latency)

	var a reply
	switch {
	case f.DropBefore:
		a = reply{cut: cutAll}
	case f.Status != 0:
		a = f.reply(r)
	default:
		a = s.serve(r)
	}
	if f.DropAfter {
		a = reply{cut: cutAll}
	}
	if f.Truncate {
		a.cut = cutHalf
	}

	s.mu.Lock()
	s.record(newLogEntry(r, a.status, time.Since(begin)))
	s.mu.Unlock()
	a.write(w)
}

// serve carries out one request and brings the state on disk up to date.
func (s *Sandbox) serve(r *request) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	settled := s.settle()
	status, body, err := s.carryOut(r)
	if settled || r.Method != http.MethodGet {
		err = errors.Join(err, s.save())
	}
	if err != nil {
		return refused(r, err)
	}
	return answered(r, status, body)
}

func (s *Sandbox) carryOut(r *request) (status int, body any, err error) {
	if r.service == nil {
		return 0, nil, noSuchAPI()
	}
	if r.service.serve != nil {
		return r.service.serve(r)
	}
	if limit := s.config.RequestsPerSecond; !s.throttle.allow(r.service.name, limit, time.Now()) {
		return 0, nil, throttled(limit)
	}
	route, err := r.service.find(r)
	if r.service.native != nil {
		err = r.service.native.admit(s.identity, r, route.pattern, err)
	} else if err == nil {
		err = s.admit(r, route.pattern)
	}
	if err != nil {
		return 0, nil, err
	}
	body, err = route.do(r)
	if other, ok := body.(withStatus); ok {
		return other.status, other.body, err
	}
	return route.status, body, err
}

// wait lasts for d, or until the client goes away.
func wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
